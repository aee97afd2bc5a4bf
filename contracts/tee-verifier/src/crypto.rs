//! ECDSA P-256 by the chain's host function, and the bundle that makes `dcap-qvl` use it.
//!
//! A full check verifies nine signatures. In Wasm they would cost four times everything else; the host verifies them natively with the same semantics: 32-byte hash,
//! r ‖ s of 64 bytes with high s allowed, SEC1 key.

use dcap_qvl::config::{Config, CryptoProvider, EcdsaSigEncoder};
use dcap_qvl::signature::DerSigEncoder;
use dcap_qvl::x509::X509CertBackend;
use der::asn1::UintRef;
use der::{Reader, SliceReader};
use rustls_pki_types::{alg_id, AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm};
use sha2::{Digest, Sha256, Sha384};

/// ECDSA over P-256 with SHA-256, the only algorithm Intel's PKI uses and the only one accepted.
#[derive(Debug)]
pub struct HostP256;

/// For callers that need `&dyn`.
pub static P256: HostP256 = HostP256;

impl SignatureVerificationAlgorithm for HostP256 {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        let raw = raw_signature(signature).ok_or(InvalidSignature)?;
        let hash = Sha256::digest(message);
        secp256r1_verify(&hash, &raw, public_key)
            .then_some(())
            .ok_or(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}

#[cfg(target_arch = "wasm32")]
fn secp256r1_verify(hash: &[u8], signature: &[u8], public_key: &[u8]) -> bool {
    use cosmwasm_std::Api;
    cosmwasm_std::ExternalApi::new()
        .secp256r1_verify(hash, signature, public_key)
        .unwrap_or(false)
}

#[cfg(not(target_arch = "wasm32"))]
fn secp256r1_verify(hash: &[u8], signature: &[u8], public_key: &[u8]) -> bool {
    cosmwasm_crypto::secp256r1_verify(hash, signature, public_key).unwrap_or(false)
}

/// `Ecdsa-Sig-Value` (strict DER) to r ‖ s, left-padded; `None` if it is anything else.
fn raw_signature(der: &[u8]) -> Option<[u8; 64]> {
    let mut reader = SliceReader::new(der).ok()?;
    let (r, s) = reader
        .sequence(|seq| Ok::<_, der::Error>((seq.decode::<UintRef>()?, seq.decode::<UintRef>()?)))
        .ok()?;
    reader.finish().ok()?;
    let mut raw = [0; 64];
    let (left, right) = raw.split_at_mut(32);
    pad(left, r.as_bytes())?;
    pad(right, s.as_bytes())?;
    Some(raw)
}

fn pad(field: &mut [u8], magnitude: &[u8]) -> Option<()> {
    let at = field.len().checked_sub(magnitude.len())?;
    field.get_mut(at..)?.copy_from_slice(magnitude);
    Some(())
}

/// r ‖ s to `Ecdsa-Sig-Value`, as certificates and the library want it; `None` unless 64 bytes.
pub fn der_signature(raw: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = (raw.len() == 64).then(|| raw.split_at(32))?;
    DerSigEncoder::encode_ecdsa_sig(r, s).ok()
}

/// SHA-2 for the library.
pub struct HostCrypto;

impl CryptoProvider for HostCrypto {
    fn sig_algo() -> &'static dyn SignatureVerificationAlgorithm {
        &P256
    }

    fn sha256(data: &[u8]) -> [u8; 32] {
        Sha256::digest(data).into()
    }

    fn sha384(data: &[u8]) -> [u8; 48] {
        Sha384::digest(data).into()
    }
}

/// `dcap-qvl` with its own audited parsers and the host's P-256.
pub struct HostConfig;

impl Config for HostConfig {
    type X509 = X509CertBackend;
    type SigEncoder = DerSigEncoder;
    type Crypto = HostCrypto;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_survive_the_round_trip() {
        for (r, s) in [(1, 1), (0x7f, 0x80), (0xff, 0xff), (0x80, 1)] {
            let mut raw = [0; 64];
            raw[0] = r;
            raw[31] = 9;
            raw[32] = s;
            raw[63] = 7;
            assert_eq!(raw_signature(&der_signature(&raw).unwrap()), Some(raw));
        }
        let mut small = [0; 64];
        small[31] = 1;
        small[63] = 2;
        assert_eq!(raw_signature(&der_signature(&small).unwrap()), Some(small));
    }

    #[test]
    fn other_encodings_are_refused() {
        let good = der_signature(&[0x11; 64]).unwrap();
        let cases: [(&str, Vec<u8>); 7] = [
            ("empty", vec![]),
            ("truncated", good[..good.len() - 1].to_vec()),
            ("trailing byte", [&good[..], &[0]].concat()),
            ("not a sequence", [&[0x31], &good[1..]].concat()),
            ("one integer", vec![0x30, 3, 2, 1, 1]),
            ("negative", vec![0x30, 6, 2, 1, 0x80, 2, 1, 1]),
            (
                "33 significant bytes",
                [&[0x30, 38, 2, 33][..], &[0x11; 33], &[2, 1, 1]].concat(),
            ),
        ];
        for (name, der) in cases {
            assert_eq!(raw_signature(&der), None, "{name}");
        }
        assert_eq!(der_signature(&[1; 63]), None);
        assert_eq!(der_signature(&[1; 65]), None);
    }

    #[test]
    fn known_answer() {
        // FIPS 186-4 SigGen, P-256 with SHA-256.
        let unhex = |text| hex::decode(text).unwrap();
        let key = unhex("041ccbe91c075fc7f4f033bfa248db8fccd3565de94bbfb12f3c59ff46c271bf83ce4014c68811f9a21a1fdb2c0e6113e06db7ca93b7404e78dc7ccd5ca89a4ca9");
        let message = unhex("5905238877c77421f73e43ee3da6f2d9e2ccad5fc942dcec0cbd25482935faaf416983fe165b1a045ee2bcd2e6dca3bdf46c4310a7461f9a37960ca672d3feb5473e253605fb1ddfd28065b53cb5858a8ad28175bf9bd386a5e471ea7a65c17cc934a9d791e91491eb3754d03799790fe2d308d16146d5c9b0d0debd97d79ce8");
        let raw = unhex("f3ac8061b514795b8843e3d6629527ed2afd6b1f6a555a7acabb5e6f79c8c2ac8bf77819ca05a6b2786c76262bf7371cef97b218e96f175a3ccdda2acc058903");
        let signature = der_signature(&raw).unwrap();
        assert!(P256.verify_signature(&key, &message, &signature).is_ok());
        assert!(P256.verify_signature(&key, &message[1..], &signature).is_err());
        assert!(P256.verify_signature(&key[1..], &message, &signature).is_err());
    }
}
