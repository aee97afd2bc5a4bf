//! Why the library refused. Reached only after it did, so nothing here can accept a quote.
//!
//! Revocations are looked up, because the library tells all failures of a chain alike. The rest it tells by distinct texts; its version is pinned exactly, and a test
//! makes every row of [`by_text`] happen.

use interfaces::tee_verifier::{CertificateKind, Refusal, Root};
use rustls_pki_types::CertificateDer;

use super::evidence::Evidence;
use super::verify::Set;
use crate::certificate::Certificate;
use crate::collateral::{is_revoked, revoked};

pub fn diagnose(
    error: &anyhow::Error,
    evidence: &Evidence,
    root: Root,
    root_certificate: &Certificate,
    set: &Set,
) -> Refusal {
    revocation(evidence, root_certificate, set).unwrap_or_else(|| by_text(error, root))
}

/// The revoked certificate closest to the root, if any.
fn revocation(evidence: &Evidence, root: &Certificate, set: &Set) -> Option<Refusal> {
    let (root_crl, pck_crl) = (&set.root_crl.1.document, &set.pck_crl.1.document);
    if is_revoked(root_crl, root) {
        return Some(revoked(CertificateKind::Root, root));
    }
    for (_, record) in [&set.tcb_info, &set.qe_identity] {
        let signer = Certificate::parse(CertificateDer::from(record.signer.clone())).ok()?;
        if is_revoked(root_crl, &signer) {
            return Some(revoked(CertificateKind::TcbSigner, &signer));
        }
    }
    if let Some(ca) = evidence
        .above
        .iter()
        .find(|certificate| is_revoked(root_crl, certificate))
    {
        return Some(revoked(CertificateKind::PckCa, ca));
    }
    is_revoked(pck_crl, &evidence.leaf).then(|| revoked(CertificateKind::Pck, &evidence.leaf))
}

/// Beginnings of the library's messages, outermost first, by cause.
const CHAIN: &str = "Failed to verify certificate chain";
const QE_SIGNATURE: &str = "Signature is invalid for qe_report in quote";
const QE_KEY: [&str; 2] = ["QE report hash mismatch", "Invalid QE auth data length"];
const QUOTE_SIGNATURE: &str = "ISV enclave report signature is invalid";
const QE_IDENTITY: [&str; 7] = [
    "QE MRSIGNER",
    "QE ISVPRODID",
    "QE MISCSELECT",
    "QE ATTRIBUTES",
    "QE ISVSVN",
    "QE report validation failed",
    "Unknown QE vendor ID",
];
const COLLATERAL: [&str; 3] = [
    "Signature is invalid for tcb_info",
    "Signature is invalid for qe_identity",
    "Failed to parse root CA CRL",
];
const TCB_LEVEL: [&str; 3] = [
    "No matching TCB level",
    "TDX module",
    "Failed to evaluate the current TDX TCB",
];
const REVOKED: &str = "TCB status is invalid: Revoked";
const DEBUG: &str = "Debug mode is enabled";
const ATTRIBUTES: [&str; 6] = [
    "TD profiling is enabled",
    "Reserved bits in TD attributes are set",
    "TD migration is enabled",
    "SERVTD_EXT is enabled",
    "SEPT_VE_DISABLE is not enabled",
    "Invalid MR service TD",
];

fn by_text(error: &anyhow::Error, root: Root) -> Refusal {
    let outermost = error.to_string();
    let reason = format!("{error:#}");
    let is = |text: &str| outermost.starts_with(text);
    let any = |texts: &[&str]| texts.iter().any(|text| is(text));
    match () {
        _ if is(CHAIN) => Refusal::UntrustedChain { root, reason },
        _ if is(QE_SIGNATURE) => Refusal::BadQeSignature,
        _ if any(&QE_KEY) => Refusal::QeKeyMismatch,
        _ if is(QUOTE_SIGNATURE) => Refusal::BadQuoteSignature,
        _ if any(&QE_IDENTITY) => Refusal::QeIdentityMismatch { reason },
        _ if any(&COLLATERAL) => Refusal::BadCollateral { reason },
        _ if any(&TCB_LEVEL) => Refusal::NoTcbLevel { reason },
        _ if is(REVOKED) => Refusal::TcbRevoked,
        _ if is(DEBUG) => Refusal::Debug,
        _ if any(&ATTRIBUTES) => Refusal::UnsafeAttributes { reason },
        _ => Refusal::Other { reason },
    }
}
