//! A machine: PCK certificate, quoting enclaves, and the quotes they sign.

use interfaces::tee_verifier::PckCa;
use sha2::{Digest, Sha256};

use crate::der;
use crate::pki::{Identity, Key, Pki, Validity};
use crate::report::{self, QeReport, SgxReport, TdReport};

/// What is in a platform's PCK certificate.
#[derive(Clone, Debug)]
pub struct PlatformSpec {
    /// Family of the processor; collateral must name the same.
    pub fmspc: [u8; 6],
    /// Unique to the machine.
    pub ppid: [u8; 16],
    /// TCB of processor and provisioning enclave.
    pub cpu_svn: [u8; 16],
    pub pce_svn: u16,
    pub pce_id: [u8; 2],
    pub ca: PckCa,
    /// Validity of the PCK certificate; the PKI's CA validity if `None`.
    pub validity: Option<Validity>,
    /// What the quoting enclave reports of itself.
    pub qe: QeReport,
}

impl Default for PlatformSpec {
    fn default() -> Self {
        Self {
            fmspc: *b"\x90\xc0\x6f\0\0\0",
            ppid: [7; 16],
            cpu_svn: [8; 16],
            pce_svn: 13,
            pce_id: [0; 2],
            ca: PckCa::Platform,
            validity: None,
            qe: QeReport::default(),
        }
    }
}

impl PlatformSpec {
    /// A platform of the default family with a PPID of its own.
    pub fn numbered(number: u64) -> Self {
        let mut ppid = [0; 16];
        ppid[8..].copy_from_slice(&number.to_be_bytes());
        Self {
            ppid,
            ..Self::default()
        }
    }
}

/// Signatures a forger might get wrong, one per layer, for negative tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tamper {
    /// The attestation key's signature over the report.
    QuoteSignature,
    /// The PCK key's signature over the QE report.
    QeSignature,
    /// The QE report vouches for another attestation key.
    AttestationKey,
    /// The QE authentication data are one byte short.
    AuthenticationLength,
    /// The PCK certificate's signature by its CA.
    PckSignature,
    /// The CA certificate's signature by the root.
    CaSignature,
}

/// A minted platform.
#[derive(Clone)]
pub struct Platform {
    pub spec: PlatformSpec,
    pub pck: Identity,
    attestation: Key,
    ca: Identity,
    root: Identity,
    tamper: Option<Tamper>,
}

impl Platform {
    pub(crate) fn mint(pki: &Pki, spec: PlatformSpec) -> Self {
        let label = format!("pck {} {}", hex::encode(spec.ppid), hex::encode(spec.cpu_svn));
        let validity = spec.validity.unwrap_or(pki.spec.ca);
        Self {
            pck: pki.issue_pck(spec.ca, &label, validity, sgx_extension(&spec)),
            attestation: Key::derive(&pki.spec.seed, &format!("attestation {label}")),
            ca: pki.ca(spec.ca).clone(),
            root: pki.root.clone(),
            spec,
            tamper: None,
        }
    }

    /// Breaks one signature in the quotes to come.
    pub fn tampered(&self, tamper: Tamper) -> Self {
        Self {
            tamper: Some(tamper),
            ..self.clone()
        }
    }

    /// PCK chain in PEM, leaf first.
    pub fn pck_chain(&self) -> String {
        let break_if = |tamper, identity: &Identity| {
            let mut identity = identity.clone();
            if self.tamper == Some(tamper) {
                // The last byte of a certificate belongs to s of its signature.
                let last = identity.der.len() - 1;
                identity.der[last] ^= 1;
            }
            identity.pem()
        };
        break_if(Tamper::PckSignature, &self.pck) + &break_if(Tamper::CaSignature, &self.ca) + &self.root.pem()
    }

    /// Quote v4 over a TD report 1.0.
    pub fn tdx_quote(&self, td: &TdReport) -> Vec<u8> {
        self.quote(
            &[report::header(4, 0x81), td.encode10()].concat(),
            Format::V4,
            &self.pck_chain(),
            5,
        )
    }

    /// Quote v5 over a TD report 1.5.
    pub fn tdx15_quote(&self, td: &TdReport) -> Vec<u8> {
        let body = td.encode15();
        self.quote(
            &[report::header(5, 0x81), report::body(3, &body), body].concat(),
            Format::V4,
            &self.pck_chain(),
            5,
        )
    }

    /// Quote v5 over a TD report 1.0.
    pub fn tdx10_v5_quote(&self, td: &TdReport) -> Vec<u8> {
        let body = td.encode10();
        self.quote(
            &[report::header(5, 0x81), report::body(2, &body), body].concat(),
            Format::V4,
            &self.pck_chain(),
            5,
        )
    }

    /// Quote v3 over an SGX enclave report.
    pub fn sgx_quote(&self, enclave: &SgxReport) -> Vec<u8> {
        self.quote(
            &[report::header(3, 0), enclave.encode()].concat(),
            Format::V3,
            &self.pck_chain(),
            5,
        )
    }

    /// Quote v4 that names its platform by encrypted PPID (type 3) instead of carrying the chain.
    pub fn tdx_quote_without_chain(&self, td: &TdReport) -> Vec<u8> {
        self.quote(
            &[report::header(4, 0x81), td.encode10()].concat(),
            Format::V4,
            &"\0".repeat(404),
            3,
        )
    }

    /// A quote over any signed part (header and body), for malformed ones.
    pub fn quote(&self, signed: &[u8], format: Format, certification: &str, kind: u16) -> Vec<u8> {
        let mut signature = self.attestation.sign(signed);
        if self.tamper == Some(Tamper::QuoteSignature) {
            signature[63] ^= 1;
        }
        let qe = self.qe_certification(certification, kind);
        let tail = match format {
            Format::V3 => qe,
            Format::V4 => [&6u16.to_le_bytes()[..], &length(&qe), &qe].concat(),
        };
        let auth = [&signature[..], &self.attestation.public(), &tail].concat();
        [signed, &length(&auth), &auth].concat()
    }

    /// QE report, its signature, QE authentication data, certification data.
    fn qe_certification(&self, certification: &str, kind: u16) -> Vec<u8> {
        let length_of_data = if self.tamper == Some(Tamper::AuthenticationLength) {
            31
        } else {
            32
        };
        let authentication = vec![0x5a; length_of_data.into()];
        let mut hash = Sha256::new()
            .chain_update(self.attestation.public())
            .chain_update(&authentication)
            .finalize();
        if self.tamper == Some(Tamper::AttestationKey) {
            hash[0] ^= 1;
        }
        let report = self.spec.qe.encode(&hash);
        let mut signature = self.pck.key.sign(&report);
        if self.tamper == Some(Tamper::QeSignature) {
            signature[63] ^= 1;
        }
        [
            &report[..],
            &signature,
            &u16::to_le_bytes(length_of_data),
            &authentication,
            &kind.to_le_bytes(),
            &length(certification.as_bytes()),
            certification.as_bytes(),
        ]
        .concat()
    }
}

/// Layout of the authentication data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Version 3.
    V3,
    /// Versions 4 and 5.
    V4,
}

fn length(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).expect("quote below 4 GiB").to_le_bytes()
}

/// Intel's SGX extension of a PCK certificate.
fn sgx_extension(spec: &PlatformSpec) -> Vec<u8> {
    const BASE: &str = "1.2.840.113741.1.13.1";
    let entry = |suffix: &str, value: Vec<u8>| der::seq(&[der::oid(&format!("{BASE}.{suffix}")), value]);
    let mut tcb: Vec<_> = spec
        .cpu_svn
        .iter()
        .zip(1..)
        .map(|(svn, i)| entry(&format!("2.{i}"), der::integer(&[*svn])))
        .collect();
    tcb.push(entry("2.17", der::integer(&spec.pce_svn.to_be_bytes())));
    tcb.push(entry("2.18", der::octets(&spec.cpu_svn)));
    let mut entries = vec![
        entry("1", der::octets(&spec.ppid)),
        entry("2", der::seq(&tcb)),
        entry("3", der::octets(&spec.pce_id)),
        entry("4", der::octets(&spec.fmspc)),
        entry("5", der::enumerated(u8::from(spec.ca == PckCa::Platform))),
    ];
    if spec.ca == PckCa::Platform {
        let flag = |i, value| entry(&format!("7.{i}"), der::boolean(value));
        entries.push(entry("6", der::octets(&Sha256::digest(spec.ppid)[..16])));
        entries.push(entry("7", der::seq(&[flag(1, true), flag(2, true), flag(3, true)])));
    }
    der::seq(&entries)
}
