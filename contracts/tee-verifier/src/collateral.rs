//! Pieces of collateral: parsed, verified to a root, ready to store.

use cosmwasm_std::{HexBinary, Storage};
use dcap_qvl::{QeIdentity, TcbInfo};
use der::Decode;
use interfaces::tee_verifier::{CertificateKind, CollateralId, PckCa, Refusal, Root, TeeFamily, MAX_DOCUMENT};
use webpki::{BorrowedCertRevocationList, CertRevocationList, OwnedCertRevocationList};
use x509_cert::crl::CertificateList;

use crate::anchor::{Anchor, Trust};
use crate::certificate::{Certificate, PLATFORM_CA, PROCESSOR_CA, TCB_SIGNER};
use crate::crypto::{der_signature, P256};
use crate::error::ContractError;
use crate::state::{self, Record};
use crate::window::{Outside, Window};

/// A verified piece and the slot it belongs to.
pub type Verified = (CollateralId, Record);

/// A JSON document as Intel's service answers it.
pub struct SignedJson<'a> {
    pub document: &'a str,
    pub signature: &'a [u8],
    pub issuer_chain: &'a str,
}

/// Verifies a TCB info at time `now`.
pub fn tcb_info(storage: &dyn Storage, trust: &Trust, now: u64, json: SignedJson) -> Result<Verified, ContractError> {
    let info: TcbInfo = parse_json(json.document)?;
    let family = match (info.id.as_str(), info.version) {
        ("SGX", 2..) => TeeFamily::Sgx,
        ("TDX", 3..) => TeeFamily::Tdx,
        (id, version) => return Err(malformed(format!("TCB info {id} version {version}"))),
    };
    let fmspc = HexBinary::from_hex(&info.fmspc).map_err(malformed)?;
    if fmspc.len() != 6 {
        return Err(malformed(format!("FMSPC {fmspc}")));
    }
    let window = json_window(&info.issue_date, &info.next_update)?;
    let evaluation = info.tcb_evaluation_data_number;
    verify_json(storage, trust, now, json, window, |root| CollateralId::TcbInfo {
        root,
        family,
        fmspc,
        evaluation,
    })
}

/// Verifies the identity of a quoting enclave at time `now`.
pub fn qe_identity(
    storage: &dyn Storage,
    trust: &Trust,
    now: u64,
    json: SignedJson,
) -> Result<Verified, ContractError> {
    let identity: QeIdentity = parse_json(json.document)?;
    let family = match (identity.id.as_str(), identity.version) {
        ("QE", 2) => TeeFamily::Sgx,
        ("TD_QE", 2 | 3) => TeeFamily::Tdx,
        (id, version) => return Err(malformed(format!("identity {id} version {version}"))),
    };
    let window = json_window(&identity.issue_date, &identity.next_update)?;
    let evaluation = identity.tcb_evaluation_data_number;
    verify_json(storage, trust, now, json, window, |root| CollateralId::QeIdentity {
        root,
        family,
        evaluation,
    })
}

/// Verifies the CRL of a processor or platform CA at time `now`.
pub fn pck_crl(
    storage: &dyn Storage,
    trust: &Trust,
    now: u64,
    crl: &[u8],
    issuer_chain: &str,
) -> Result<Verified, ContractError> {
    let (anchor, issuer) = read_chain(trust, issuer_chain)?;
    let ca = pck_ca(&issuer.common_name()).ok_or_else(|| ContractError::WrongSigner {
        expected: "Intel SGX PCK Processor CA or Platform CA",
        found: issuer.common_name(),
    })?;
    let id = CollateralId::PckCrl { root: anchor.root, ca };
    check_issuer(storage, &anchor, &issuer, CertificateKind::PckCa, now)?;
    let window = crl_window(crl)?;
    check_window(&id, window, now)?;
    if !crl_is_signed_by(crl, &issuer)? {
        return Err(ContractError::BadSignature { id });
    }
    Ok((id, crl_record(crl, window, &issuer)))
}

/// Verifies a root's own CRL at time `now`. Whose it is, its signature decides.
pub fn root_crl(trust: &Trust, now: u64, crl: &[u8]) -> Result<Verified, ContractError> {
    let window = crl_window(crl)?;
    for anchor in trust.anchors() {
        let issuer = anchor.certificate()?;
        if crl_is_signed_by(crl, &issuer)? {
            let id = CollateralId::RootCrl { root: anchor.root };
            check_window(&id, window, now)?;
            return Ok((id, crl_record(crl, window, &issuer)));
        }
    }
    Err(ContractError::UnknownCrlIssuer)
}

fn verify_json(
    storage: &dyn Storage,
    trust: &Trust,
    now: u64,
    json: SignedJson,
    window: Window,
    id: impl FnOnce(Root) -> CollateralId,
) -> Result<Verified, ContractError> {
    let (anchor, signer) = read_chain(trust, json.issuer_chain)?;
    let id = id(anchor.root);
    if signer.common_name() != TCB_SIGNER {
        return Err(ContractError::WrongSigner {
            expected: TCB_SIGNER,
            found: signer.common_name(),
        });
    }
    check_issuer(storage, &anchor, &signer, CertificateKind::TcbSigner, now)?;
    check_window(&id, window, now)?;
    let signature = der_signature(json.signature).ok_or_else(|| malformed("signature is not 64 bytes"))?;
    if !signer.has_signed(json.document.as_bytes(), &signature) {
        return Err(ContractError::BadSignature { id });
    }
    let record = Record {
        window,
        signer_until: signer.window().until,
        signer: signer.der().to_vec(),
        signature: json.signature.to_vec(),
        document: json.document.as_bytes().to_vec(),
    };
    Ok((id, record))
}

fn crl_record(crl: &[u8], window: Window, issuer: &Certificate) -> Record {
    Record {
        window,
        signer_until: issuer.window().until,
        signer: vec![],
        signature: vec![],
        document: crl.to_vec(),
    }
}

/// First certificate of a PEM chain, and the root the chain claims.
fn read_chain<'a>(trust: &'a Trust, chain: &str) -> Result<(Anchor<'a>, Certificate), ContractError> {
    check_length("certificate chain", chain.as_bytes())?;
    let malformed_chain = |reason| ContractError::MalformedChain { reason };
    let chain = Certificate::parse_chain(chain.as_bytes()).map_err(malformed_chain)?;
    let anchor = trust.anchor_of(&chain);
    let first = chain.into_iter().next();
    Ok((anchor, first.ok_or_else(|| malformed_chain(String::new()))?))
}

/// A signer must be issued by the root itself, be valid, be a CA or not as its kind demands, and not be on the root's CRL, if one is stored. The CRL's own age does
/// not matter here: a revocation does not lapse, and verification of quotes insists on a current one anyway.
fn check_issuer(
    storage: &dyn Storage,
    anchor: &Anchor,
    issuer: &Certificate,
    which: CertificateKind,
    now: u64,
) -> Result<(), ContractError> {
    let issued = issuer.is_issued_by(&anchor.certificate()?);
    if !issued || issuer.is_ca() != (which == CertificateKind::PckCa) {
        return Err(ContractError::WrongRoot {
            root: anchor.root,
            subject: issuer.common_name(),
        });
    }
    check_certificate(issuer, which, now)?;
    let crl = state::load(storage, &CollateralId::RootCrl { root: anchor.root })?;
    if crl.is_some_and(|crl| is_revoked(&crl.document, issuer)) {
        return Err(revoked(which, issuer).into());
    }
    Ok(())
}

/// Refuses a certificate outside its validity.
pub fn check_certificate(certificate: &Certificate, which: CertificateKind, now: u64) -> Result<(), Refusal> {
    certificate.window().check(now).map_err(|outside| match outside {
        Outside::Before { from } => Refusal::CertificateNotYetValid { which, from, now },
        Outside::After { until } => Refusal::CertificateExpired { which, until, now },
    })
}

/// Refuses collateral outside its validity.
pub fn check_window(id: &CollateralId, window: Window, now: u64) -> Result<(), Refusal> {
    let id = || id.clone();
    window.check(now).map_err(|outside| match outside {
        Outside::Before { from } => Refusal::CollateralNotYetValid { id: id(), from, now },
        Outside::After { until } => Refusal::CollateralExpired { id: id(), until, now },
    })
}

/// The refusal that tells of a revoked certificate.
pub fn revoked(which: CertificateKind, certificate: &Certificate) -> Refusal {
    let serial = HexBinary::from(certificate.serial());
    match which {
        CertificateKind::Pck => Refusal::RevokedPck { serial },
        CertificateKind::PckCa => Refusal::RevokedCa { serial },
        CertificateKind::TcbSigner => Refusal::RevokedSigner { serial },
        CertificateKind::Root => Refusal::RevokedRoot { serial },
    }
}

/// Whether a stored CRL lists the certificate. An unreadable CRL, which cannot be stored, lists everything.
pub fn is_revoked(crl: &[u8], certificate: &Certificate) -> bool {
    BorrowedCertRevocationList::from_der(crl)
        .map(CertRevocationList::from)
        .and_then(|crl| crl.find_serial(certificate.serial()).map(|found| found.is_some()))
        .unwrap_or(true)
}

/// Which PCK CA a common name means.
pub fn pck_ca(common_name: &str) -> Option<PckCa> {
    match common_name {
        PROCESSOR_CA => Some(PckCa::Processor),
        PLATFORM_CA => Some(PckCa::Platform),
        _ => None,
    }
}

/// Name and signature of the issuer, and every entry readable.
fn crl_is_signed_by(crl: &[u8], issuer: &Certificate) -> Result<bool, ContractError> {
    let named = CertRevocationList::from(BorrowedCertRevocationList::from_der(crl).map_err(malformed)?);
    if named.issuer() != issuer.subject() {
        return Ok(false);
    }
    let der = issuer.der().into();
    let key = webpki::anchor_from_trusted_cert(&der)
        .map_err(malformed)?
        .subject_public_key_info;
    match OwnedCertRevocationList::from_der_verified(crl, &key, &[&P256]) {
        Ok(_) => Ok(true),
        Err(webpki::Error::InvalidCrlSignatureForPublicKey) => Ok(false),
        Err(error) => Err(malformed(error)),
    }
}

fn crl_window(crl: &[u8]) -> Result<Window, ContractError> {
    check_length("CRL", crl)?;
    let list: CertificateList = CertificateList::from_der(crl).map_err(malformed)?;
    let until = list
        .tbs_cert_list
        .next_update
        .ok_or_else(|| malformed("CRL without nextUpdate"))?;
    Ok(Window {
        from: list.tbs_cert_list.this_update.to_unix_duration().as_secs(),
        until: until.to_unix_duration().as_secs(),
    })
}

fn json_window(issued: &str, next_update: &str) -> Result<Window, ContractError> {
    Ok(Window {
        from: rfc3339(issued)?,
        until: rfc3339(next_update)?,
    })
}

/// RFC 3339 to unix seconds, by the function the library uses.
fn rfc3339(text: &str) -> Result<u64, ContractError> {
    let time = chrono::DateTime::parse_from_rfc3339(text).map_err(malformed)?;
    u64::try_from(time.timestamp()).map_err(malformed)
}

fn parse_json<'a, T: serde::Deserialize<'a>>(document: &'a str) -> Result<T, ContractError> {
    check_length("document", document.as_bytes())?;
    serde_json::from_str(document).map_err(malformed)
}

fn check_length(what: &'static str, bytes: &[u8]) -> Result<(), ContractError> {
    if bytes.len() > MAX_DOCUMENT {
        return Err(ContractError::TooLong {
            what,
            limit: MAX_DOCUMENT,
            found: bytes.len(),
        });
    }
    Ok(())
}

fn malformed(reason: impl ToString) -> ContractError {
    ContractError::MalformedDocument {
        reason: reason.to_string(),
    }
}
