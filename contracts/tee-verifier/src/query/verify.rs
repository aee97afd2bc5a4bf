//! The full check of a quote.
//!
//! Acceptance is decided by `dcap-qvl` alone, over the quote and the stored collateral, at block time. Around it: what to load is read from the (untrusted) quote, the
//! end of validity is computed, and windows are checked half-open. Only after a refusal is its cause looked for, so telling causes apart costs an accepted quote nothing.

use cosmwasm_std::{HexBinary, StdResult, Storage};
use dcap_qvl::verify::{QuoteVerifier, VerifiedReport};
use dcap_qvl::QuoteCollateralV3;
use interfaces::tee_verifier::{
    CertificateKind, CollateralId, Refusal, Root, Verdict, VerifiedQuote, VerifyQuoteResponse,
};
use sha2::{Digest, Sha256};

use super::evidence::Evidence;
use super::{diagnosis, report};
use crate::anchor::Anchor;
use crate::certificate::Certificate;
use crate::collateral::{check_certificate, check_window};
use crate::crypto::HostConfig;
use crate::error::ContractError;
use crate::pem;
use crate::state::{self, Record, TRUST};

/// Bytes of a platform's provisioning id, on which quotas per platform rest.
const PPID_LENGTH: usize = 16;

pub fn verify_quote(
    storage: &dyn Storage,
    now: u64,
    quote: &[u8],
    evaluation: u32,
    pck_chain: Option<&str>,
) -> StdResult<VerifyQuoteResponse> {
    let trust = TRUST.load(storage)?;
    let environment = trust.environment();
    let judge = || {
        let evidence = Evidence::parse(quote, pck_chain)?;
        let anchor = trust.anchor_of(&evidence.above);
        let set = Set::load(storage, anchor.root, &evidence, evaluation)?;
        verdict(&evidence, &anchor, &set, evaluation, now)
    };
    match judge() {
        Ok(verified) => Ok(Verdict::Verified(Box::new(verified))),
        Err(ContractError::Refused(refusal)) => Ok(Verdict::Refused(refusal)),
        Err(ContractError::Std(error)) => Err(error),
        Err(error) => Ok(Verdict::Refused(Refusal::Other {
            reason: error.to_string(),
        })),
    }
    .map(|verdict| VerifyQuoteResponse { environment, verdict })
}

fn verdict(
    evidence: &Evidence,
    anchor: &Anchor,
    set: &Set,
    evaluation: u32,
    now: u64,
) -> Result<VerifiedQuote, ContractError> {
    set.check_windows(now)?;
    let root = anchor.certificate()?;
    check_certificates(evidence, &root, now)?;
    let verified = authority(evidence, anchor, set, now)
        .map_err(|error| diagnosis::diagnose(&error, evidence, anchor.root, &root, set))?;
    let tcb_status = report::tcb_status(&verified.status).ok_or_else(|| Refusal::Other {
        reason: format!("status {}", verified.status),
    })?;
    if verified.ppid.len() != PPID_LENGTH {
        let reason = format!("PPID of {} bytes", verified.ppid.len());
        return Err(Refusal::MalformedPck { reason }.into());
    }
    let (tee, measurement, report_data) = report::read(&verified.report);
    Ok(VerifiedQuote {
        root: anchor.root,
        tee,
        measurement_id: measurement.id(),
        measurement,
        report_data,
        ppid_hash: HexBinary::from(<[u8; 32]>::from(Sha256::digest(&verified.ppid))),
        // The library has found it equal to the certificate's.
        fmspc: evidence.fmspc.clone(),
        tcb_status,
        advisories: verified.advisory_ids,
        evaluation,
        valid_until: set.valid_until().min(certificates_until(evidence, &root)),
    })
}

/// The library's whole verification. Service TDs and debug mode stay forbidden, its defaults.
fn authority(evidence: &Evidence, anchor: &Anchor, set: &Set, now: u64) -> Result<VerifiedReport, anyhow::Error> {
    let collateral = set.for_library(evidence.chain_below(anchor))?;
    QuoteVerifier::<HostConfig>::new_with_config(anchor.der.to_vec()).verify(evidence.raw, &collateral, now)
}

/// Every certificate that comes with the quote must be valid, also one that is not on the path: a decoy could otherwise lengthen `valid_until`.
fn check_certificates(evidence: &Evidence, root: &Certificate, now: u64) -> Result<(), Refusal> {
    check_certificate(root, CertificateKind::Root, now)?;
    check_certificate(&evidence.leaf, CertificateKind::Pck, now)?;
    evidence
        .above
        .iter()
        .try_for_each(|certificate| check_certificate(certificate, CertificateKind::PckCa, now))
}

fn certificates_until(evidence: &Evidence, root: &Certificate) -> u64 {
    evidence
        .above
        .iter()
        .chain([&evidence.leaf])
        .map(|certificate| certificate.window().until)
        .fold(root.window().until, u64::min)
}

/// The four pieces of collateral a quote needs.
pub struct Set {
    pub root_crl: (CollateralId, Record),
    pub pck_crl: (CollateralId, Record),
    pub qe_identity: (CollateralId, Record),
    pub tcb_info: (CollateralId, Record),
}

impl Set {
    fn load(storage: &dyn Storage, root: Root, evidence: &Evidence, evaluation: u32) -> Result<Self, ContractError> {
        let family = evidence.family;
        let fmspc = evidence.fmspc.clone();
        Ok(Self {
            root_crl: required(storage, CollateralId::RootCrl { root })?,
            pck_crl: required(storage, CollateralId::PckCrl { root, ca: evidence.ca })?,
            qe_identity: required(
                storage,
                CollateralId::QeIdentity {
                    root,
                    family,
                    evaluation,
                },
            )?,
            tcb_info: required(
                storage,
                CollateralId::TcbInfo {
                    root,
                    family,
                    fmspc,
                    evaluation,
                },
            )?,
        })
    }

    fn all(&self) -> [&(CollateralId, Record); 4] {
        [&self.root_crl, &self.pck_crl, &self.qe_identity, &self.tcb_info]
    }

    fn check_windows(&self, now: u64) -> Result<(), Refusal> {
        self.all().into_iter().try_for_each(|(id, record)| {
            check_window(id, record.window, now)?;
            // Start and role of the signer were checked at upload; only its end can have passed since.
            if now >= record.signer_until {
                let (which, until) = (signer_kind(id), record.signer_until);
                return Err(Refusal::CertificateExpired { which, until, now });
            }
            Ok(())
        })
    }

    fn valid_until(&self) -> u64 {
        let ends = self
            .all()
            .map(|(_, record)| record.window.until.min(record.signer_until));
        ends.into_iter().min().unwrap_or_default()
    }

    fn for_library(&self, pck_chain: String) -> Result<QuoteCollateralV3, anyhow::Error> {
        let ((_, tcb), (_, qe)) = (&self.tcb_info, &self.qe_identity);
        Ok(QuoteCollateralV3 {
            // The library takes the CA from the PCK chain.
            pck_crl_issuer_chain: String::new(),
            root_ca_crl: self.root_crl.1.document.clone(),
            pck_crl: self.pck_crl.1.document.clone(),
            tcb_info_issuer_chain: pem::encode(&tcb.signer),
            tcb_info: String::from_utf8(tcb.document.clone())?,
            tcb_info_signature: tcb.signature.clone(),
            qe_identity_issuer_chain: pem::encode(&qe.signer),
            qe_identity: String::from_utf8(qe.document.clone())?,
            qe_identity_signature: qe.signature.clone(),
            pck_certificate_chain: Some(pck_chain),
        })
    }
}

fn signer_kind(id: &CollateralId) -> CertificateKind {
    match id {
        CollateralId::RootCrl { .. } => CertificateKind::Root,
        CollateralId::PckCrl { .. } => CertificateKind::PckCa,
        CollateralId::QeIdentity { .. } | CollateralId::TcbInfo { .. } => CertificateKind::TcbSigner,
    }
}

fn required(storage: &dyn Storage, id: CollateralId) -> Result<(CollateralId, Record), ContractError> {
    match state::load(storage, &id)? {
        Some(record) => Ok((id, record)),
        None => Err(Refusal::MissingCollateral { id }.into()),
    }
}
