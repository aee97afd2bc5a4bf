//! The roots of trust.

use cosmwasm_std::{Binary, HexBinary};
use interfaces::tee_verifier::{Environment, InstantiateMsg, Root};
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};

use crate::certificate::Certificate;
use crate::error::ContractError;

/// Intel SGX Root CA, valid 2018-05-21 to 2049-12-31, as published at
/// <https://certificates.trustedservices.intel.com/Intel_SGX_Provisioning_Certification_RootCA.cer>.
pub const INTEL_ROOT_CA: &[u8] = include_bytes!("intel_root_ca.der");

/// A trusted root certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor<'a> {
    pub root: Root,
    pub der: &'a [u8],
}

impl Anchor<'_> {
    pub const INTEL: Anchor<'static> = Anchor {
        root: Root::Intel,
        der: INTEL_ROOT_CA,
    };

    pub fn certificate(&self) -> Result<Certificate, ContractError> {
        Certificate::parse(CertificateDer::from(self.der.to_vec()))
            .map_err(|reason| ContractError::MalformedChain { reason })
    }

    /// SHA-256 of the certificate.
    pub fn fingerprint(&self) -> HexBinary {
        HexBinary::from(<[u8; 32]>::from(Sha256::digest(self.der)))
    }
}

/// Environment and roots, fixed at instantiation. A test root exists on a test network only.
#[cosmwasm_schema::cw_serde]
pub struct Trust {
    environment: Environment,
    test_root: Option<Binary>,
}

impl Trust {
    /// Refuses a test root on mainnet, and one that is not a self-signed P-256 CA certificate different from Intel's.
    pub fn new(msg: InstantiateMsg) -> Result<Self, ContractError> {
        let trust = Self {
            environment: msg.environment,
            test_root: msg.test_root,
        };
        let Some(anchor) = trust.test_anchor() else {
            return Ok(trust);
        };
        if trust.environment == Environment::Mainnet {
            return Err(ContractError::TestRootOnMainnet);
        }
        check_test_root(&anchor)?;
        Ok(trust)
    }

    pub fn environment(&self) -> Environment {
        self.environment
    }

    pub fn test_anchor(&self) -> Option<Anchor<'_>> {
        self.test_root.as_ref().map(|der| Anchor { root: Root::Test, der })
    }

    /// The root a chain claims to lead to: the test root if the chain includes it, else Intel's. Only a claim: the chain is verified against it.
    pub fn anchor_of<'a>(&self, chain: impl IntoIterator<Item = &'a Certificate>) -> Anchor<'_> {
        let mut chain = chain.into_iter();
        self.test_anchor()
            .filter(|anchor| chain.any(|certificate| certificate.der() == anchor.der))
            .unwrap_or(Anchor::INTEL)
    }

    /// Every trusted root, Intel's first.
    pub fn anchors(&self) -> impl Iterator<Item = Anchor<'_>> {
        std::iter::once(Anchor::INTEL).chain(self.test_anchor())
    }
}

fn check_test_root(anchor: &Anchor) -> Result<(), ContractError> {
    let bad = |reason: &str| ContractError::BadTestRoot {
        reason: reason.to_owned(),
    };
    if anchor.der == INTEL_ROOT_CA {
        return Err(bad("it is Intel's"));
    }
    let certificate = anchor.certificate().map_err(|error| bad(&error.to_string()))?;
    if !certificate.is_ca() {
        return Err(bad("it is no CA"));
    }
    if !certificate.is_issued_by(&certificate) {
        return Err(bad("it is not self-signed with P-256 and SHA-256"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_root_is_intels() {
        // Published by Intel and bundled with dcap-qvl.
        assert_eq!(
            Anchor::INTEL.fingerprint().to_hex(),
            "44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3"
        );
        let bundled = tee_testkit::samples::bundled_root().unwrap();
        assert_eq!(bundled, INTEL_ROOT_CA);
        let root = Anchor::INTEL.certificate().unwrap();
        assert!(root.is_ca() && root.is_issued_by(&root));
        assert_eq!(root.common_name(), "Intel SGX Root CA");
    }
}
