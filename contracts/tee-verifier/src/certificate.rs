//! X.509 certificates of Intel's PKI.

use cosmwasm_std::HexBinary;
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};
use rustls_pki_types::CertificateDer;
use webpki::EndEntityCert;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::time::Validity;

use crate::crypto::P256;
use crate::pem;
use crate::window::Window;

/// Common names by which Intel tells the roles of its certificates apart.
pub const PROCESSOR_CA: &str = "Intel SGX PCK Processor CA";
pub const PLATFORM_CA: &str = "Intel SGX PCK Platform CA";
pub const TCB_SIGNER: &str = "Intel SGX TCB Signing";

/// Leaf, intermediate and root; the library allows four above the leaf.
const MAX_CHAIN: usize = 5;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
/// Intel's extension of PCK certificates, and the platform family in it.
const SGX_EXTENSION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113741.1.13.1");
const FMSPC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113741.1.13.1.4");

/// A certificate taken apart as far as needed. Nothing about it is trusted until a signature is checked.
///
/// A check reads five certificates that the library parses in full again, so only the fields used are read, in one pass.
pub struct Certificate {
    der: CertificateDer<'static>,
    window: Window,
    serial: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
}

impl Certificate {
    /// Fails with a reason unless `der` is one X.509 v3 certificate in DER.
    pub fn parse(der: CertificateDer<'static>) -> Result<Self, String> {
        let parts = Parts::read(&der).map_err(|error| error.to_string())?;
        let window = Window {
            from: parts.validity.not_before.to_unix_duration().as_secs(),
            until: parts.validity.not_after.to_unix_duration().as_secs(),
        };
        let [serial, issuer, subject] = [parts.serial, parts.issuer, parts.subject].map(<[u8]>::to_vec);
        Ok(Self {
            der,
            window,
            serial,
            issuer,
            subject,
        })
    }

    /// Parses a PEM chain of 1 ..= 5 certificates.
    pub fn parse_chain(chain: &[u8]) -> Result<Vec<Self>, String> {
        let ders = pem::decode(chain)?;
        if ders.is_empty() || ders.len() > MAX_CHAIN {
            return Err(format!("{} certificates, expected 1 to {MAX_CHAIN}", ders.len()));
        }
        ders.into_iter()
            .map(|der| Self::parse(CertificateDer::from(der)))
            .collect()
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// `[notBefore, notAfter)`.
    pub fn window(&self) -> Window {
        self.window
    }

    /// Raw serial number.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Raw subject, as CRLs and issued certificates repeat it.
    pub fn subject(&self) -> &[u8] {
        &self.subject
    }

    /// Empty if there is none.
    pub fn common_name(&self) -> String {
        common_name(&self.subject)
    }

    /// Empty if there is none.
    pub fn issuer_common_name(&self) -> String {
        common_name(&self.issuer)
    }

    pub fn is_ca(&self) -> bool {
        let constraints = self
            .extension(BASIC_CONSTRAINTS)
            .and_then(|value| BasicConstraints::from_der(value).ok());
        constraints.is_some_and(|constraints| constraints.ca)
    }

    /// Platform family (FMSPC) of a PCK certificate.
    pub fn fmspc(&self) -> Option<HexBinary> {
        let extension = AnyRef::from_der(self.extension(SGX_EXTENSION)?).ok()?;
        let fmspc: [u8; 6] = find(extension.value(), FMSPC)?.value().try_into().ok()?;
        Some(HexBinary::from(fmspc))
    }

    /// Whether `self` names `issuer` as its issuer and carries its valid signature.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        let signed = Parts::read(&self.der).is_ok_and(|parts| issuer.has_signed(parts.tbs, parts.signature));
        signed && self.issuer == issuer.subject
    }

    /// Whether `signature` (DER) over `message` is by this certificate's key.
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        EndEntityCert::try_from(&self.der).is_ok_and(|cert| cert.verify_signature(&P256, message, signature).is_ok())
    }

    /// Content of an extension.
    fn extension(&self, oid: ObjectIdentifier) -> Option<&[u8]> {
        let extensions = AnyRef::from_der(Parts::read(&self.der).ok()?.extensions).ok()?;
        find(extensions.value(), oid).map(|value| value.value())
    }
}

/// Fields of a certificate in place. `issuer` and `subject` without their outer header, `tbs` with it, `extensions` from the header of their list on.
struct Parts<'a> {
    tbs: &'a [u8],
    signature: &'a [u8],
    serial: &'a [u8],
    issuer: &'a [u8],
    validity: Validity,
    subject: &'a [u8],
    extensions: &'a [u8],
}

impl<'a> Parts<'a> {
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let (tbs, signature) = reader.sequence(|certificate| {
            let tbs = certificate.tlv_bytes()?;
            certificate.decode::<AnyRef>()?;
            Ok::<_, der::Error>((tbs, certificate.decode::<BitStringRef>()?.raw_bytes()))
        })?;
        reader.finish()?;
        SliceReader::new(tbs)?.sequence(|fields| Self::read_tbs(fields, tbs, signature))
    }

    fn read_tbs(fields: &mut SliceReader<'a>, tbs: &'a [u8], signature: &'a [u8]) -> der::Result<Self> {
        explicit(fields.decode()?, 0)?;
        let serial = fields.decode::<AnyRef>()?.value();
        let _algorithm = fields.decode::<AnyRef>()?;
        let issuer = fields.decode::<AnyRef>()?.value();
        let validity = fields.decode()?;
        let subject = fields.decode::<AnyRef>()?.value();
        let _key = fields.decode::<AnyRef>()?;
        let extensions = explicit(fields.decode()?, 3)?;
        Ok(Self {
            tbs,
            signature,
            serial,
            issuer,
            validity,
            subject,
            extensions,
        })
    }
}

/// Content of an explicit context tag.
fn explicit(any: AnyRef<'_>, number: u32) -> der::Result<&[u8]> {
    let expected = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    };
    any.tag().assert_eq(expected)?;
    Ok(any.value())
}

/// Last element of the entry `SEQUENCE { OID, …, last }` that begins with `oid`, in a list of such entries.
fn find(entries: &[u8], oid: ObjectIdentifier) -> Option<AnyRef<'_>> {
    let mut reader = SliceReader::new(entries).ok()?;
    while !reader.is_finished() {
        let (found, last) = reader.sequence(entry).ok()?;
        if found == oid {
            return Some(last);
        }
    }
    None
}

fn entry<'a>(fields: &mut SliceReader<'a>) -> der::Result<(ObjectIdentifier, AnyRef<'a>)> {
    let oid = fields.decode()?;
    let mut last = fields.decode()?;
    while !fields.is_finished() {
        last = fields.decode()?;
    }
    Ok((oid, last))
}

/// Common name in the content of a distinguished name: a list of sets of one attribute each.
fn common_name(name: &[u8]) -> String {
    let read = || {
        let mut reader = SliceReader::new(name).ok()?;
        while !reader.is_finished() {
            let set = reader.decode::<AnyRef>().ok()?;
            if let Some(text) = find(set.value(), COMMON_NAME) {
                return core::str::from_utf8(text.value()).ok();
            }
        }
        None
    };
    read().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use interfaces::tee_verifier::PckCa;
    use tee_testkit::{Pki, PlatformSpec, Sample};

    use super::*;

    fn certificates() -> Vec<CertificateDer<'static>> {
        let mut chains = vec![];
        for sample in Sample::ALL {
            let real = sample.load().unwrap();
            let quote = dcap_qvl::quote::Quote::parse(&real.quote).unwrap();
            chains.push(quote.inner_cert_data().to_vec());
            chains.push(real.collateral.signer_chain.into_bytes());
            chains.push(real.collateral.ca_chain.into_bytes());
        }
        let pki = Pki::new("certificates", 1_500_000_000, 2_600_000_000);
        for ca in [PckCa::Processor, PckCa::Platform] {
            chains.push(
                pki.platform(PlatformSpec {
                    ca,
                    ..PlatformSpec::default()
                })
                .pck_chain()
                .into_bytes(),
            );
            chains.push(pki.ca_chain(ca).into_bytes());
        }
        chains.push(pki.signer_chain().into_bytes());
        chains
            .iter()
            .flat_map(|chain| Certificate::parse_chain(chain).unwrap())
            .map(|certificate| certificate.der)
            .collect()
    }

    #[test]
    fn fields_are_those_full_parsers_read() {
        for der in certificates() {
            let read = Certificate::parse(der.clone()).unwrap();
            let full = x509_cert::Certificate::from_der(&der).unwrap();
            let tbs = full.tbs_certificate();
            let webpki = EndEntityCert::try_from(&der).unwrap();
            assert_eq!(read.window.from, tbs.validity().not_before.to_unix_duration().as_secs());
            assert_eq!(read.window.until, tbs.validity().not_after.to_unix_duration().as_secs());
            assert_eq!((read.serial(), read.subject()), (webpki.serial(), webpki.subject()));
            assert_eq!(read.issuer, webpki.issuer());
            assert!(tbs
                .subject()
                .to_string()
                .contains(&format!("CN={}", read.common_name())));
            assert!(tbs
                .issuer()
                .to_string()
                .contains(&format!("CN={}", read.issuer_common_name())));
            let constraints = tbs.get_extension::<BasicConstraints>().unwrap();
            assert_eq!(read.is_ca(), constraints.is_some_and(|(_, constraints)| constraints.ca));
            let pck = dcap_qvl::intel::parse_pck_extension_with::<crate::crypto::HostConfig>(&der);
            assert_eq!(read.fmspc(), pck.ok().map(|pck| HexBinary::from(pck.fmspc)));
        }
    }

    #[test]
    fn truncated_and_extended_certificates_are_refused() {
        let der = certificates().remove(0).to_vec();
        for length in 0..der.len() {
            assert!(
                Certificate::parse(CertificateDer::from(der[..length].to_vec())).is_err(),
                "{length}"
            );
        }
        assert!(Certificate::parse(CertificateDer::from([&der[..], &[0]].concat())).is_err());
    }
}
