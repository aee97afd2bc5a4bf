//! X.509 certificates of Intel's PKI.

use cosmwasm_std::HexBinary;
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use rustls_pki_types::CertificateDer;
use webpki::EndEntityCert;
use x509_cert::ext::pkix::BasicConstraints;

use crate::crypto::P256;
use crate::window::Window;

/// Common names by which Intel tells the roles of its certificates apart.
pub const PROCESSOR_CA: &str = "Intel SGX PCK Processor CA";
pub const PLATFORM_CA: &str = "Intel SGX PCK Platform CA";
pub const TCB_SIGNER: &str = "Intel SGX TCB Signing";

/// Leaf, intermediate and root; the library allows four above the leaf.
const MAX_CHAIN: usize = 5;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// A parsed certificate that keeps its bytes. Nothing about it is trusted until a signature is checked.
pub struct Certificate {
    der: CertificateDer<'static>,
    parsed: x509_cert::Certificate,
}

impl Certificate {
    /// Fails with a reason unless `der` is one DER certificate that both parsers in use understand.
    pub fn parse(der: CertificateDer<'static>) -> Result<Self, String> {
        let parsed = x509_cert::Certificate::from_der(&der).map_err(|error| error.to_string())?;
        EndEntityCert::try_from(&der).map_err(|error| error.to_string())?;
        Ok(Self { der, parsed })
    }

    /// Splits a PEM chain of 1 ..= 5 certificates, without parsing them.
    pub fn split_chain(chain: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
        let blocks = pem::parse_many(chain).map_err(|error| error.to_string())?;
        if blocks.is_empty() || blocks.len() > MAX_CHAIN {
            return Err(format!("{} certificates, expected 1 to {MAX_CHAIN}", blocks.len()));
        }
        Ok(blocks
            .into_iter()
            .map(|block| CertificateDer::from(block.into_contents()))
            .collect())
    }

    /// Parses every certificate of a split chain.
    pub fn parse_all(chain: Vec<CertificateDer<'static>>) -> Result<Vec<Self>, String> {
        chain.into_iter().map(Self::parse).collect()
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// As one PEM block.
    pub fn pem(der: &[u8]) -> String {
        pem::encode(&pem::Pem::new("CERTIFICATE", der))
    }

    /// `[notBefore, notAfter)`.
    pub fn window(&self) -> Window {
        let validity = self.parsed.tbs_certificate().validity();
        Window {
            from: validity.not_before.to_unix_duration().as_secs(),
            until: validity.not_after.to_unix_duration().as_secs(),
        }
    }

    /// Empty if there is none.
    pub fn common_name(&self) -> String {
        name(self.parsed.tbs_certificate().subject())
    }

    /// Empty if there is none.
    pub fn issuer_common_name(&self) -> String {
        name(self.parsed.tbs_certificate().issuer())
    }

    pub fn is_ca(&self) -> bool {
        let constraints = self.parsed.tbs_certificate().get_extension::<BasicConstraints>();
        matches!(constraints, Ok(Some((_, constraints))) if constraints.ca)
    }

    /// Raw serial number.
    pub fn serial(&self) -> HexBinary {
        self.with_webpki(|cert| HexBinary::from(cert.serial()))
            .unwrap_or_default()
    }

    /// Raw subject, as CRLs and issued certificates repeat it.
    pub fn subject(&self) -> Vec<u8> {
        self.with_webpki(|cert| cert.subject().to_vec()).unwrap_or_default()
    }

    /// Whether `self` names `issuer` as its issuer and carries its valid signature.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        let named = self.with_webpki(|cert| cert.issuer().to_vec()) == Some(issuer.subject());
        let Ok(tbs) = self.parsed.tbs_certificate().to_der() else {
            return false;
        };
        named && issuer.has_signed(&tbs, self.parsed.signature().raw_bytes())
    }

    /// Whether `signature` (DER) over `message` is by this certificate's key.
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.with_webpki(|cert| cert.verify_signature(&P256, message, signature).is_ok())
            .unwrap_or(false)
    }

    fn with_webpki<T>(&self, read: impl FnOnce(&EndEntityCert) -> T) -> Option<T> {
        EndEntityCert::try_from(&self.der).ok().map(|cert| read(&cert))
    }
}

fn name(name: &x509_cert::name::Name) -> String {
    let attribute = name.iter().find(|attribute| attribute.oid == COMMON_NAME);
    let text = attribute.and_then(|attribute| core::str::from_utf8(attribute.value.value()).ok());
    text.unwrap_or_default().to_owned()
}
