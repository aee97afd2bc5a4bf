//! Verification of Intel SGX and TDX DCAP quotes against collateral kept on chain.
//!
//! Nobody owns the contract and nothing in it is configured after instantiation: collateral is uploaded by anyone, verified to the pinned root, and only ever
//! replaced by newer collateral. All times are unix seconds; windows are half-open: something valid "until t" is refused at t.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, HexBinary};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Longest accepted quote, bytes. Real ones are about 5,000.
pub const MAX_QUOTE: usize = 16_384;
/// Longest accepted signed document, CRL or certificate chain, bytes. Real ones are below 8,000.
pub const MAX_DOCUMENT: usize = 65_536;
/// Default and greatest page of `Collateral`.
pub const DEFAULT_LIMIT: u32 = 30;
pub const MAX_LIMIT: u32 = 100;
/// Prefix of the canonical encoding that `Measurement::id` hashes.
pub const MEASUREMENT_TAG: &[u8] = b"VCITY-TEE-MEASUREMENT\0\x01";

/// Which network the contract serves. Shown in every answer.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Environment {
    /// Intel's root only.
    Mainnet,
    /// Intel's root, and a test root if one was given at instantiation.
    Testnet,
}

/// Trust anchor that a quote or a piece of collateral leads to. Each has its own collateral; neither's can serve the other's quotes.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Root {
    /// Intel SGX Provisioning Certification Root CA, pinned in the code.
    Intel,
    /// The test root given at instantiation; exists on `Testnet` only.
    Test,
}

/// Kind of hardware protection, as Intel separates TCB infos and quoting enclave identities.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum TeeFamily {
    Sgx,
    Tdx,
}

/// Kind of report in a verified quote.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Tee {
    /// SGX enclave, quote v3.
    Sgx,
    /// TD report 1.0, quote v4 or v5.
    Tdx10,
    /// TD report 1.5 (also with the 1.5ex fields), quote v5.
    Tdx15,
}

/// Intel's intermediate authority over PCK certificates.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum PckCa {
    Processor,
    Platform,
}

/// Names one slot of collateral.
#[cw_serde]
#[derive(Eq, PartialOrd, Ord)]
pub enum CollateralId {
    RootCrl {
        root: Root,
    },
    PckCrl {
        root: Root,
        ca: PckCa,
    },
    QeIdentity {
        root: Root,
        family: TeeFamily,
        /// `tcbEvaluationDataNumber`.
        evaluation: u32,
    },
    TcbInfo {
        root: Root,
        family: TeeFamily,
        /// 6 bytes.
        fmspc: HexBinary,
        /// `tcbEvaluationDataNumber`.
        evaluation: u32,
    },
}

impl std::fmt::Display for CollateralId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::RootCrl { root } => write!(f, "root CRL of {root:?}"),
            Self::PckCrl { root, ca } => write!(f, "PCK CRL of {root:?} {ca:?} CA"),
            Self::QeIdentity {
                root,
                family,
                evaluation,
            } => {
                write!(f, "QE identity of {root:?} {family:?} evaluation {evaluation}")
            }
            Self::TcbInfo {
                root,
                family,
                fmspc,
                evaluation,
            } => {
                write!(
                    f,
                    "TCB info of {root:?} {family:?} FMSPC {fmspc} evaluation {evaluation}"
                )
            }
        }
    }
}

/// Names one certificate of a chain, for refusals.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum CertificateKind {
    /// The platform's own certificate.
    Pck,
    /// Processor or platform CA that issued it.
    PckCa,
    /// Signs TCB infos and QE identities.
    TcbSigner,
    Root,
}

/// Status of a platform's trusted computing base, spelled as Intel spells it. `Revoked` is not among them: such a quote is always refused.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum TcbStatus {
    #[serde(rename = "UpToDate")]
    UpToDate,
    #[serde(rename = "SWHardeningNeeded")]
    SwHardeningNeeded,
    #[serde(rename = "ConfigurationNeeded")]
    ConfigurationNeeded,
    #[serde(rename = "ConfigurationAndSWHardeningNeeded")]
    ConfigurationAndSwHardeningNeeded,
    #[serde(rename = "OutOfDate")]
    OutOfDate,
    #[serde(rename = "OutOfDateConfigurationNeeded")]
    OutOfDateConfigurationNeeded,
    /// TDX 1.5: launched on an old TCB, now running on a newer one.
    #[serde(rename = "TDRelaunchAdvised")]
    TdRelaunchAdvised,
    #[serde(rename = "TDRelaunchAdvisedConfigurationNeeded")]
    TdRelaunchAdvisedConfigurationNeeded,
}

/// What runs inside: every register that software, its configuration or its owner decides.
#[cw_serde]
#[derive(Eq)]
pub enum Measurement {
    Sgx(SgxMeasurement),
    Tdx(TdxMeasurement),
}

/// From the SGX enclave report.
#[cw_serde]
#[derive(Eq)]
pub struct SgxMeasurement {
    /// 32 bytes.
    pub mr_enclave: HexBinary,
    /// 32 bytes.
    pub mr_signer: HexBinary,
    pub isv_prod_id: u16,
    pub isv_svn: u16,
    pub misc_select: u32,
    /// 16 bytes: flags and XFRM.
    pub attributes: HexBinary,
    /// 64 bytes, zero without key separation and sharing (KSS).
    pub config_id: HexBinary,
    pub config_svn: u16,
    /// 16 bytes (KSS).
    pub isv_ext_prod_id: HexBinary,
    /// 16 bytes (KSS).
    pub isv_family_id: HexBinary,
}

/// From the TD report. Registers are 48 bytes.
#[cw_serde]
#[derive(Eq)]
pub struct TdxMeasurement {
    /// The TD's initial memory: the virtual firmware.
    pub mr_td: HexBinary,
    /// Configuration id given by the host at launch.
    pub mr_config_id: HexBinary,
    pub mr_owner: HexBinary,
    pub mr_owner_config: HexBinary,
    /// Firmware configuration and virtual hardware.
    pub rt_mr0: HexBinary,
    /// Boot loader and kernel.
    pub rt_mr1: HexBinary,
    /// Command line and initial file system.
    pub rt_mr2: HexBinary,
    /// What the system extends at run time.
    pub rt_mr3: HexBinary,
    /// 8 bytes.
    pub td_attributes: HexBinary,
    /// 8 bytes: extended CPU features the TD may use.
    pub xfam: HexBinary,
    /// The TDX module itself. Not in the id: TCB info judges it.
    pub mr_seam: HexBinary,
    /// Not in the id: TCB info judges it.
    pub mr_signer_seam: HexBinary,
    /// 16 bytes. Not in the id: TCB info judges it.
    pub tee_tcb_svn: HexBinary,
}

impl Measurement {
    /// What allow-lists key on: SHA-256 over the canonical encoding.
    ///
    /// In the id is everything that decides *what code runs with what configuration*, run-time registers and attributes included: leaving RTMR3 out would let any
    /// program loaded after boot pass for the listed one; leaving attributes, XFAM or CONFIGID out would let the host weaken or reconfigure a listed image. Not in
    /// it is what Intel's TCB info judges and Intel's updates change under the same software: CPUSVN, TEE_TCB_SVN, MRSEAM, MRSIGNERSEAM, SEAMATTRIBUTES; nor
    /// MRSERVICETD, which must be zero. Report data binds a key, not software. TDX 1.0 and 1.5 share one kind, so an id survives a change of quote format.
    pub fn id(&self) -> HexBinary {
        HexBinary::from(<[u8; 32]>::from(Sha256::digest(self.canonical())))
    }

    /// `tag ‖ kind u8 ‖ fields` in the order of the structs, integers big-endian. Kind 1 (SGX): all fields. Kind 2 (TDX): `mr_td` to `xfam`. All fields have a
    /// fixed width, so the encoding is injective.
    pub fn canonical(&self) -> Vec<u8> {
        match self {
            Self::Sgx(sgx) => sgx.canonical(),
            Self::Tdx(tdx) => tdx.canonical(),
        }
    }
}

impl SgxMeasurement {
    fn canonical(&self) -> Vec<u8> {
        [
            MEASUREMENT_TAG,
            &[1],
            &self.mr_enclave,
            &self.mr_signer,
            &self.isv_prod_id.to_be_bytes(),
            &self.isv_svn.to_be_bytes(),
            &self.misc_select.to_be_bytes(),
            &self.attributes,
            &self.config_id,
            &self.config_svn.to_be_bytes(),
            &self.isv_ext_prod_id,
            &self.isv_family_id,
        ]
        .concat()
    }
}

impl TdxMeasurement {
    fn canonical(&self) -> Vec<u8> {
        [
            MEASUREMENT_TAG,
            &[2],
            &self.mr_td,
            &self.mr_config_id,
            &self.mr_owner,
            &self.mr_owner_config,
            &self.rt_mr0,
            &self.rt_mr1,
            &self.rt_mr2,
            &self.rt_mr3,
            &self.td_attributes,
            &self.xfam,
        ]
        .concat()
    }
}

#[cw_serde]
pub struct InstantiateMsg {
    pub environment: Environment,
    /// DER of a self-signed P-256 root certificate that is trusted beside Intel's. Refused on `Mainnet`. Never changes.
    pub test_root: Option<Binary>,
}

/// Every upload is verified to its root before it is stored: signature, validity at block time, signer's role, and the root CRL if one is stored. It must be newer
/// (`issueDate`, `thisUpdate`) than what its slot holds; the same document again succeeds with `outcome = "unchanged"` and changes nothing. Chains may include the
/// root certificate; a chain that includes the test root belongs to it, any other to Intel's.
#[cw_serde]
pub enum ExecuteMsg {
    /// Stores a TCB info under (root, family, FMSPC, evaluation number).
    ///
    /// Permission: Anyone
    UpsertTcbInfo {
        /// The value of `tcbInfo` in Intel's answer, byte for byte as signed. At most `MAX_DOCUMENT` bytes.
        tcb_info: String,
        /// r ‖ s, 64 bytes.
        signature: HexBinary,
        /// PEM, signer first: Intel's `TCB-Info-Issuer-Chain` header, URL-decoded.
        issuer_chain: String,
    },
    /// Stores the identity of the SGX or TDX quoting enclave under (root, family, evaluation number).
    ///
    /// Permission: Anyone
    UpsertQeIdentity {
        /// The value of `enclaveIdentity` in Intel's answer, byte for byte as signed. At most `MAX_DOCUMENT` bytes.
        qe_identity: String,
        /// r ‖ s, 64 bytes.
        signature: HexBinary,
        /// PEM, signer first.
        issuer_chain: String,
    },
    /// Stores the list of revoked PCK certificates of the processor or platform CA under (root, CA).
    ///
    /// Permission: Anyone
    UpsertPckCrl {
        /// DER. At most `MAX_DOCUMENT` bytes.
        crl: Binary,
        /// PEM, the CA first.
        issuer_chain: String,
    },
    /// Stores the list of what a root itself revoked. Its root is the one whose key signed it.
    ///
    /// Permission: Anyone
    UpsertRootCrl {
        /// DER. At most `MAX_DOCUMENT` bytes.
        crl: Binary,
    },
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Checks a quote in full at block time. A refusal is an answer, not an error, because a chain hides the text of a failed query from the calling contract.
    #[returns(VerifyQuoteResponse)]
    VerifyQuote {
        /// SGX v3, TDX v4 or v5; at most `MAX_QUOTE` bytes.
        quote: Binary,
        /// TCB evaluation data number in force; TCB info and QE identity of exactly this number are used.
        evaluation: u32,
        /// PEM of the PCK chain, leaf first: for quotes with an encrypted PPID instead of the chain, and only for those.
        pck_chain: Option<String>,
    },
    /// What is stored, in key order: root CRLs, PCK CRLs, QE identities, TCB infos.
    #[returns(CollateralResponse)]
    Collateral {
        start_after: Option<CollateralId>,
        /// Default 30, at most 100.
        limit: Option<u32>,
    },
    /// One stored piece with its signed bytes, so that anyone can repeat a verification.
    #[returns(DocumentResponse)]
    Document { id: CollateralId },
    /// The contract at a glance.
    #[returns(OverviewResponse)]
    Overview {},
}

#[cw_serde]
pub struct VerifyQuoteResponse {
    pub environment: Environment,
    pub verdict: Verdict,
}

impl VerifyQuoteResponse {
    /// The verified quote, or why it was refused.
    pub fn into_result(self) -> Result<VerifiedQuote, Refusal> {
        match self.verdict {
            Verdict::Verified(quote) => Ok(*quote),
            Verdict::Refused(refusal) => Err(refusal),
        }
    }
}

#[cw_serde]
pub enum Verdict {
    Verified(Box<VerifiedQuote>),
    Refused(Refusal),
}

/// What a quote proves. Policy (measurement allow-list, accepted statuses and advisories, quota per platform) is the caller's.
#[cw_serde]
pub struct VerifiedQuote {
    pub root: Root,
    pub tee: Tee,
    pub measurement: Measurement,
    /// `Measurement::id`, 32 bytes.
    pub measurement_id: HexBinary,
    /// 64 bytes chosen by the software inside.
    pub report_data: HexBinary,
    /// SHA-256 of the platform's provisioning id, 32 bytes: one per physical platform.
    pub ppid_hash: HexBinary,
    /// Platform family, 6 bytes.
    pub fmspc: HexBinary,
    pub tcb_status: TcbStatus,
    /// Intel security advisories that concern the platform, e.g. `INTEL-SA-00837`.
    pub advisories: Vec<String>,
    /// Number of TCB info and QE identity, as asked for.
    pub evaluation: u32,
    /// First second at which this verification no longer holds: the earliest `nextUpdate` and `notAfter` of all that was used.
    pub valid_until: u64,
}

/// Why a quote is not accepted. The numeric code never changes.
#[cw_serde]
#[derive(Eq, Error)]
pub enum Refusal {
    #[error("[tee-verifier:10] malformed quote: {reason}")]
    MalformedQuote { reason: String },
    #[error("[tee-verifier:11] unsupported quote: version {version}, TEE type {tee_type:#x}, key type {key_type}")]
    UnsupportedQuote { version: u16, tee_type: u32, key_type: u16 },
    #[error("[tee-verifier:12] certification data of type {found} without a PCK chain beside it, or type 5 with one")]
    UnsupportedCertification { found: u16 },
    #[error("[tee-verifier:13] malformed PCK certificate: {reason}")]
    MalformedPck { reason: String },
    #[error("[tee-verifier:20] missing: {id}")]
    MissingCollateral { id: CollateralId },
    #[error("[tee-verifier:21] {id} is valid from {from}, now is {now}")]
    CollateralNotYetValid { id: CollateralId, from: u64, now: u64 },
    #[error("[tee-verifier:22] {id} expired at {until}, now is {now}")]
    CollateralExpired { id: CollateralId, until: u64, now: u64 },
    #[error("[tee-verifier:23] {which:?} certificate is valid from {from}, now is {now}")]
    CertificateNotYetValid {
        which: CertificateKind,
        from: u64,
        now: u64,
    },
    #[error("[tee-verifier:24] {which:?} certificate expired at {until}, now is {now}")]
    CertificateExpired {
        which: CertificateKind,
        until: u64,
        now: u64,
    },
    #[error("[tee-verifier:30] PCK certificate {serial} is revoked")]
    RevokedPck { serial: HexBinary },
    #[error("[tee-verifier:31] PCK CA certificate {serial} is revoked")]
    RevokedCa { serial: HexBinary },
    #[error("[tee-verifier:32] TCB signing certificate {serial} is revoked")]
    RevokedSigner { serial: HexBinary },
    #[error("[tee-verifier:33] root certificate {serial} is revoked")]
    RevokedRoot { serial: HexBinary },
    #[error("[tee-verifier:40] the PCK chain does not lead to the {root:?} root: {reason}")]
    UntrustedChain { root: Root, reason: String },
    #[error("[tee-verifier:41] the QE report is not signed by the PCK certificate")]
    BadQeSignature,
    #[error("[tee-verifier:42] the QE report does not vouch for the attestation key")]
    QeKeyMismatch,
    #[error("[tee-verifier:43] the quote is not signed by the attestation key")]
    BadQuoteSignature,
    #[error("[tee-verifier:44] not Intel's quoting enclave: {reason}")]
    QeIdentityMismatch { reason: String },
    #[error("[tee-verifier:45] stored collateral does not verify: {reason}")]
    BadCollateral { reason: String },
    #[error("[tee-verifier:50] debug mode is on")]
    Debug,
    #[error("[tee-verifier:51] unsafe attributes: {reason}")]
    UnsafeAttributes { reason: String },
    #[error("[tee-verifier:52] the platform's TCB is revoked")]
    TcbRevoked,
    #[error("[tee-verifier:53] the platform matches no TCB level: {reason}")]
    NoTcbLevel { reason: String },
    #[error("[tee-verifier:59] refused: {reason}")]
    Other { reason: String },
}

impl Refusal {
    /// Stable numeric code, as in the message.
    pub fn code(&self) -> u16 {
        match self {
            Self::MalformedQuote { .. } => 10,
            Self::UnsupportedQuote { .. } => 11,
            Self::UnsupportedCertification { .. } => 12,
            Self::MalformedPck { .. } => 13,
            Self::MissingCollateral { .. } => 20,
            Self::CollateralNotYetValid { .. } => 21,
            Self::CollateralExpired { .. } => 22,
            Self::CertificateNotYetValid { .. } => 23,
            Self::CertificateExpired { .. } => 24,
            Self::RevokedPck { .. } => 30,
            Self::RevokedCa { .. } => 31,
            Self::RevokedSigner { .. } => 32,
            Self::RevokedRoot { .. } => 33,
            Self::UntrustedChain { .. } => 40,
            Self::BadQeSignature => 41,
            Self::QeKeyMismatch => 42,
            Self::BadQuoteSignature => 43,
            Self::QeIdentityMismatch { .. } => 44,
            Self::BadCollateral { .. } => 45,
            Self::Debug => 50,
            Self::UnsafeAttributes { .. } => 51,
            Self::TcbRevoked => 52,
            Self::NoTcbLevel { .. } => 53,
            Self::Other { .. } => 59,
        }
    }
}

#[cw_serde]
pub struct CollateralResponse {
    pub environment: Environment,
    pub items: Vec<CollateralInfo>,
}

/// One stored piece of collateral, without its bytes.
#[cw_serde]
pub struct CollateralInfo {
    pub id: CollateralId,
    /// `issueDate` or `thisUpdate`.
    pub issued: u64,
    /// `nextUpdate`.
    pub next_update: u64,
    /// `notAfter` of the certificate that signed it.
    pub signer_until: u64,
    /// Length of the signed document, bytes.
    pub size: u32,
}

#[cw_serde]
pub struct DocumentResponse {
    pub environment: Environment,
    pub info: CollateralInfo,
    /// Signed JSON, or DER of a CRL.
    pub document: Binary,
    /// r ‖ s over a JSON document; empty for a CRL, which carries its own.
    pub signature: HexBinary,
    /// DER of the certificate that signed a JSON document; empty for a CRL.
    pub signer: Binary,
}

#[cw_serde]
pub struct OverviewResponse {
    pub environment: Environment,
    /// Block time at which the answer was made.
    pub now: u64,
    /// SHA-256 of the pinned root certificate.
    pub intel_root: HexBinary,
    /// SHA-256 of the test root certificate, if there is one.
    pub test_root: Option<HexBinary>,
    /// How many pieces of collateral are stored.
    pub collateral: u32,
}

#[cw_serde]
pub struct MigrateMsg {}

/// Events the contract writes; attribute names are stable. All values are text.
pub mod events {
    /// `wasm-tee_verifier/collateral`: `id`, `outcome` (`stored` or `unchanged`), `issued`, `next_update`.
    pub const COLLATERAL: &str = "tee_verifier/collateral";
    /// `wasm-tee_verifier/instantiate`: `environment`, `intel_root`, `test_root` (hex SHA-256, or empty).
    pub const INSTANTIATE: &str = "tee_verifier/instantiate";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_message_agree() {
        let all = [
            Refusal::MalformedQuote { reason: String::new() },
            Refusal::UnsupportedQuote {
                version: 0,
                tee_type: 0,
                key_type: 0,
            },
            Refusal::UnsupportedCertification { found: 0 },
            Refusal::MalformedPck { reason: String::new() },
            Refusal::MissingCollateral {
                id: CollateralId::RootCrl { root: Root::Intel },
            },
            Refusal::CollateralNotYetValid {
                id: CollateralId::RootCrl { root: Root::Intel },
                from: 0,
                now: 0,
            },
            Refusal::CollateralExpired {
                id: CollateralId::RootCrl { root: Root::Intel },
                until: 0,
                now: 0,
            },
            Refusal::CertificateNotYetValid {
                which: CertificateKind::Pck,
                from: 0,
                now: 0,
            },
            Refusal::CertificateExpired {
                which: CertificateKind::Pck,
                until: 0,
                now: 0,
            },
            Refusal::RevokedPck {
                serial: HexBinary::default(),
            },
            Refusal::RevokedCa {
                serial: HexBinary::default(),
            },
            Refusal::RevokedSigner {
                serial: HexBinary::default(),
            },
            Refusal::RevokedRoot {
                serial: HexBinary::default(),
            },
            Refusal::UntrustedChain {
                root: Root::Intel,
                reason: String::new(),
            },
            Refusal::BadQeSignature,
            Refusal::QeKeyMismatch,
            Refusal::BadQuoteSignature,
            Refusal::QeIdentityMismatch { reason: String::new() },
            Refusal::BadCollateral { reason: String::new() },
            Refusal::Debug,
            Refusal::UnsafeAttributes { reason: String::new() },
            Refusal::TcbRevoked,
            Refusal::NoTcbLevel { reason: String::new() },
            Refusal::Other { reason: String::new() },
        ];
        let mut codes: Vec<u16> = all.iter().map(Refusal::code).collect();
        for refusal in &all {
            assert!(
                refusal
                    .to_string()
                    .starts_with(&format!("[tee-verifier:{}]", refusal.code())),
                "{refusal}"
            );
        }
        codes.dedup();
        assert_eq!(codes.len(), all.len());
    }

    fn tdx(byte: u8) -> TdxMeasurement {
        let register = HexBinary::from(vec![byte; 48]);
        TdxMeasurement {
            mr_td: register.clone(),
            mr_config_id: register.clone(),
            mr_owner: register.clone(),
            mr_owner_config: register.clone(),
            rt_mr0: register.clone(),
            rt_mr1: register.clone(),
            rt_mr2: register.clone(),
            rt_mr3: register.clone(),
            td_attributes: HexBinary::from(vec![byte; 8]),
            xfam: HexBinary::from(vec![byte; 8]),
            mr_seam: register.clone(),
            mr_signer_seam: register,
            tee_tcb_svn: HexBinary::from(vec![byte; 16]),
        }
    }

    #[test]
    fn a_host_that_changes_one_register_changes_the_id() {
        let listed = Measurement::Tdx(tdx(0)).id();
        let other = HexBinary::from(vec![1; 48]);
        let short = HexBinary::from(vec![1; 8]);
        for changed in [
            TdxMeasurement {
                mr_td: other.clone(),
                ..tdx(0)
            },
            TdxMeasurement {
                mr_config_id: other.clone(),
                ..tdx(0)
            },
            TdxMeasurement {
                mr_owner: other.clone(),
                ..tdx(0)
            },
            TdxMeasurement {
                mr_owner_config: other.clone(),
                ..tdx(0)
            },
            TdxMeasurement {
                rt_mr0: other.clone(),
                ..tdx(0)
            },
            TdxMeasurement {
                rt_mr1: other.clone(),
                ..tdx(0)
            },
            TdxMeasurement {
                rt_mr2: other.clone(),
                ..tdx(0)
            },
            TdxMeasurement {
                rt_mr3: other.clone(),
                ..tdx(0)
            },
            TdxMeasurement {
                td_attributes: short.clone(),
                ..tdx(0)
            },
            TdxMeasurement { xfam: short, ..tdx(0) },
        ] {
            assert_ne!(Measurement::Tdx(changed).id(), listed);
        }
    }

    #[test]
    fn an_update_by_intel_keeps_the_id() {
        let updated = TdxMeasurement {
            mr_seam: HexBinary::from(vec![1; 48]),
            mr_signer_seam: HexBinary::from(vec![2; 48]),
            tee_tcb_svn: HexBinary::from(vec![3; 16]),
            ..tdx(0)
        };
        assert_eq!(Measurement::Tdx(updated).id(), Measurement::Tdx(tdx(0)).id());
    }

    #[test]
    fn statuses_are_spelled_as_intel_spells_them() {
        let text = serde_json::to_string(&TcbStatus::ConfigurationAndSwHardeningNeeded).unwrap();
        assert_eq!(text, "\"ConfigurationAndSWHardeningNeeded\"");
    }
}
