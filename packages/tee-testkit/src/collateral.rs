//! TCB info, QE identity and revocation lists.

use cosmwasm_std::{Binary, HexBinary};
use dcap_qvl::QuoteCollateralV3;
use interfaces::tee_verifier::{ExecuteMsg, PckCa, TeeFamily};
use serde_json::{json, Value};

use crate::der::format_time;
use crate::pki::{Pki, Validity};
use crate::platform::Platform;
use crate::report::QE_SIGNER;

/// One level of a TCB info: met by a platform whose components are all at least these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcbLevel {
    /// Every SGX component.
    pub sgx_svn: u8,
    pub pce_svn: u16,
    /// TDX components; 0 and 1 are judged by the module identity.
    pub tdx_svn: u8,
    /// As Intel spells it, e.g. `UpToDate`.
    pub status: String,
    pub advisories: Vec<String>,
}

impl TcbLevel {
    /// A level that any platform meets.
    pub fn any(status: &str, advisories: &[&str]) -> Self {
        Self {
            sgx_svn: 0,
            pce_svn: 0,
            tdx_svn: 0,
            status: status.to_owned(),
            advisories: advisories.iter().map(|text| (*text).to_owned()).collect(),
        }
    }
}

/// What a set of collateral says. Times are unix seconds.
#[derive(Clone, Debug)]
pub struct CollateralSpec {
    pub family: TeeFamily,
    pub fmspc: [u8; 6],
    pub pce_id: [u8; 2],
    pub ca: PckCa,
    /// `tcbEvaluationDataNumber` of TCB info and QE identity.
    pub evaluation: u32,
    pub tcb_info: Validity,
    pub qe_identity: Validity,
    pub pck_crl: Validity,
    pub root_crl: Validity,
    /// Highest first.
    pub tcb_levels: Vec<TcbLevel>,
    /// Status of the TDX module.
    pub module_status: String,
    /// Least ISVSVN of the TDX module.
    pub module_svn: u8,
    /// Status of the quoting enclave.
    pub qe_status: String,
    /// Least ISVSVN of the quoting enclave.
    pub qe_svn: u16,
    /// Serials on the PCK CRL.
    pub revoked_pck: Vec<[u8; 20]>,
    /// Serials on the root CRL.
    pub revoked_by_root: Vec<[u8; 20]>,
}

/// Number of the data set unless chosen otherwise.
pub const EVALUATION: u32 = 17;
/// How long collateral is valid unless chosen otherwise, seconds: Intel's 30 days.
pub const VALIDITY: u64 = 30 * 86_400;

impl CollateralSpec {
    /// Collateral for a platform, issued at `issued` and valid 30 days, under which it is up to date.
    pub fn new(platform: &Platform, family: TeeFamily, issued: u64) -> Self {
        let validity = Validity::new(issued, issued + VALIDITY);
        Self {
            family,
            fmspc: platform.spec.fmspc,
            pce_id: platform.spec.pce_id,
            ca: platform.spec.ca,
            evaluation: EVALUATION,
            tcb_info: validity,
            qe_identity: validity,
            pck_crl: validity,
            root_crl: validity,
            tcb_levels: vec![TcbLevel::any("UpToDate", &[])],
            module_status: "UpToDate".to_owned(),
            module_svn: 5,
            qe_status: "UpToDate".to_owned(),
            qe_svn: 8,
            revoked_pck: vec![],
            revoked_by_root: vec![],
        }
    }
}

/// A JSON document with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub document: String,
    /// r ‖ s.
    pub signature: [u8; 64],
}

/// A complete set for one platform family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collateral {
    pub tcb_info: Signed,
    pub qe_identity: Signed,
    pub pck_crl: Vec<u8>,
    pub root_crl: Vec<u8>,
    pub signer_chain: String,
    pub ca_chain: String,
}

impl Pki {
    /// Collateral valid for 30 days from `now`, under which the platform is up to date.
    pub fn collateral(&self, platform: &Platform, family: TeeFamily, now: u64) -> Collateral {
        self.collateral_of(&CollateralSpec::new(platform, family, now))
    }

    /// Collateral as specified.
    pub fn collateral_of(&self, spec: &CollateralSpec) -> Collateral {
        let sign = |document: Value| {
            let document = document.to_string();
            Signed {
                signature: self.signer.key.sign(document.as_bytes()),
                document,
            }
        };
        Collateral {
            tcb_info: sign(tcb_info(spec)),
            qe_identity: sign(qe_identity(spec)),
            pck_crl: self.crl(self.ca(spec.ca), spec.pck_crl, &spec.revoked_pck),
            root_crl: self.crl(&self.root, spec.root_crl, &spec.revoked_by_root),
            signer_chain: self.signer_chain(),
            ca_chain: self.ca_chain(spec.ca),
        }
    }
}

impl Collateral {
    /// The four uploads, in an order in which each is checked against the one before.
    pub fn upserts(&self) -> Vec<ExecuteMsg> {
        vec![
            self.upsert_root_crl(),
            self.upsert_pck_crl(),
            self.upsert_qe_identity(),
            self.upsert_tcb_info(),
        ]
    }

    pub fn upsert_root_crl(&self) -> ExecuteMsg {
        ExecuteMsg::UpsertRootCrl {
            crl: Binary::from(self.root_crl.clone()),
        }
    }

    pub fn upsert_pck_crl(&self) -> ExecuteMsg {
        ExecuteMsg::UpsertPckCrl {
            crl: Binary::from(self.pck_crl.clone()),
            issuer_chain: self.ca_chain.clone(),
        }
    }

    pub fn upsert_qe_identity(&self) -> ExecuteMsg {
        ExecuteMsg::UpsertQeIdentity {
            qe_identity: self.qe_identity.document.clone(),
            signature: HexBinary::from(self.qe_identity.signature),
            issuer_chain: self.signer_chain.clone(),
        }
    }

    pub fn upsert_tcb_info(&self) -> ExecuteMsg {
        ExecuteMsg::UpsertTcbInfo {
            tcb_info: self.tcb_info.document.clone(),
            signature: HexBinary::from(self.tcb_info.signature),
            issuer_chain: self.signer_chain.clone(),
        }
    }

    /// As Intel's library takes it.
    pub fn to_library(&self) -> QuoteCollateralV3 {
        QuoteCollateralV3 {
            pck_crl_issuer_chain: self.ca_chain.clone(),
            root_ca_crl: self.root_crl.clone(),
            pck_crl: self.pck_crl.clone(),
            tcb_info_issuer_chain: self.signer_chain.clone(),
            tcb_info: self.tcb_info.document.clone(),
            tcb_info_signature: self.tcb_info.signature.to_vec(),
            qe_identity_issuer_chain: self.signer_chain.clone(),
            qe_identity: self.qe_identity.document.clone(),
            qe_identity_signature: self.qe_identity.signature.to_vec(),
            pck_certificate_chain: None,
        }
    }

    /// From the library's form, e.g. of a sample.
    pub fn from_library(collateral: &QuoteCollateralV3) -> Option<Self> {
        Some(Self {
            tcb_info: Signed {
                document: collateral.tcb_info.clone(),
                signature: collateral.tcb_info_signature.clone().try_into().ok()?,
            },
            qe_identity: Signed {
                document: collateral.qe_identity.clone(),
                signature: collateral.qe_identity_signature.clone().try_into().ok()?,
            },
            pck_crl: collateral.pck_crl.clone(),
            root_crl: collateral.root_ca_crl.clone(),
            signer_chain: collateral.tcb_info_issuer_chain.clone(),
            ca_chain: collateral.pck_crl_issuer_chain.clone(),
        })
    }
}

fn date(seconds: u64) -> String {
    format_time(seconds, "%Y-%m-%dT%H:%M:%SZ")
}

fn upper(bytes: &[u8]) -> String {
    hex::encode_upper(bytes)
}

fn tcb_info(spec: &CollateralSpec) -> Value {
    let is_tdx = spec.family == TeeFamily::Tdx;
    let issued = date(spec.tcb_info.from);
    let levels: Vec<_> = spec
        .tcb_levels
        .iter()
        .map(|level| tcb_level(level, is_tdx, &issued))
        .collect();
    let mut info = json!({
        "id": if is_tdx { "TDX" } else { "SGX" },
        "version": 3,
        "issueDate": issued,
        "nextUpdate": date(spec.tcb_info.until),
        "fmspc": upper(&spec.fmspc),
        "pceId": upper(&spec.pce_id),
        "tcbType": 0,
        "tcbEvaluationDataNumber": spec.evaluation,
        "tcbLevels": levels,
    });
    if is_tdx {
        info["tdxModule"] = module();
        info["tdxModuleIdentities"] = json!([module_identity(spec, &issued)]);
    }
    info
}

fn tcb_level(level: &TcbLevel, is_tdx: bool, issued: &str) -> Value {
    let components = |svn| vec![json!({ "svn": svn }); 16];
    let mut tcb = json!({ "sgxtcbcomponents": components(level.sgx_svn), "pcesvn": level.pce_svn });
    if is_tdx {
        tcb["tdxtcbcomponents"] = json!(components(level.tdx_svn));
    }
    json!({ "tcb": tcb, "tcbDate": issued, "tcbStatus": level.status, "advisoryIDs": level.advisories })
}

fn module() -> Value {
    json!({ "mrsigner": upper(&[0; 48]), "attributes": upper(&[0; 8]), "attributesMask": upper(&[0xff; 8]) })
}

fn module_identity(spec: &CollateralSpec, issued: &str) -> Value {
    let mut identity = module();
    identity["id"] = json!("TDX_01");
    identity["tcbLevels"] =
        json!([{ "tcb": { "isvsvn": spec.module_svn }, "tcbDate": issued, "tcbStatus": spec.module_status }]);
    identity
}

fn qe_identity(spec: &CollateralSpec) -> Value {
    let is_tdx = spec.family == TeeFamily::Tdx;
    let issued = date(spec.qe_identity.from);
    json!({
        "id": if is_tdx { "TD_QE" } else { "QE" },
        "version": 2,
        "issueDate": issued,
        "nextUpdate": date(spec.qe_identity.until),
        "tcbEvaluationDataNumber": spec.evaluation,
        "miscselect": "00000000",
        "miscselectMask": "FFFFFFFF",
        "attributes": "11000000000000000000000000000000",
        "attributesMask": "FBFFFFFFFFFFFFFF0000000000000000",
        "mrsigner": upper(&QE_SIGNER),
        "isvprodid": 2,
        "tcbLevels": [{ "tcb": { "isvsvn": spec.qe_svn }, "tcbDate": issued, "tcbStatus": spec.qe_status }],
    })
}
