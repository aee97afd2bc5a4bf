//! Reports: what an enclave or a trust domain says of itself.

use cosmwasm_std::HexBinary;
use interfaces::tee_verifier::{Measurement, TdxMeasurement};

/// Vendor id of Intel's quoting enclaves.
pub const INTEL_VENDOR: [u8; 16] = *b"\x93\x9a\x72\x33\xf7\x9c\x4c\xa9\x94\x0a\x0d\xb3\x95\x7f\x06\x07";
/// Who signs the synthetic quoting enclaves; the QE identities name it.
pub const QE_SIGNER: [u8; 32] = [0x51; 32];

/// Quote header: ECDSA P-256, Intel's vendor id.
pub fn header(version: u16, tee_type: u32) -> Vec<u8> {
    [
        &version.to_le_bytes()[..],
        &2u16.to_le_bytes(),
        &tee_type.to_le_bytes(),
        &[0; 4],
        &INTEL_VENDOR,
        &[0x11; 20],
    ]
    .concat()
}

/// Body header of a quote v5.
pub fn body(kind: u16, body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len()).expect("small body");
    [&kind.to_le_bytes()[..], &size.to_le_bytes()].concat()
}

/// A TD report. The default is a production TD that the verifier accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TdReport {
    /// Module ISVSVN and version, then the platform's TDX components.
    pub tee_tcb_svn: [u8; 16],
    pub mr_seam: [u8; 48],
    pub mr_signer_seam: [u8; 48],
    pub seam_attributes: [u8; 8],
    /// Bit 0 debug, bit 28 SEPT_VE_DISABLE (must be set), bit 29 migratable. Little-endian.
    pub td_attributes: u64,
    pub xfam: u64,
    pub mr_td: [u8; 48],
    pub mr_config_id: [u8; 48],
    pub mr_owner: [u8; 48],
    pub mr_owner_config: [u8; 48],
    pub rt_mr: [[u8; 48]; 4],
    pub report_data: [u8; 64],
    /// 1.5 only: the TCB the TD runs on now.
    pub tee_tcb_svn2: [u8; 16],
    /// 1.5 only: must be zero.
    pub mr_service_td: [u8; 48],
}

/// SEPT_VE_DISABLE.
pub const TD_SEPT_VE_DISABLE: u64 = 1 << 28;
/// DEBUG.
pub const TD_DEBUG: u64 = 1;
/// MIGRATABLE.
pub const TD_MIGRATABLE: u64 = 1 << 29;

impl Default for TdReport {
    fn default() -> Self {
        let tee_tcb_svn = [5, 1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Self {
            tee_tcb_svn,
            mr_seam: [0x5e; 48],
            mr_signer_seam: [0; 48],
            seam_attributes: [0; 8],
            td_attributes: TD_SEPT_VE_DISABLE,
            xfam: 0xe7,
            mr_td: [0xd0; 48],
            mr_config_id: [0; 48],
            mr_owner: [0; 48],
            mr_owner_config: [0; 48],
            rt_mr: [[0xa0; 48], [0xa1; 48], [0xa2; 48], [0xa3; 48]],
            report_data: [0; 64],
            tee_tcb_svn2: tee_tcb_svn,
            mr_service_td: [0; 48],
        }
    }
}

impl TdReport {
    /// The default TD with this report data.
    pub fn with_data(report_data: [u8; 64]) -> Self {
        Self {
            report_data,
            ..Self::default()
        }
    }

    /// What the verifier will read in a quote over this report.
    pub fn measurement(&self) -> Measurement {
        let register = |bytes: &[u8]| HexBinary::from(bytes);
        let [rt_mr0, rt_mr1, rt_mr2, rt_mr3] = self.rt_mr.map(|bytes| register(&bytes));
        Measurement::Tdx(TdxMeasurement {
            mr_td: register(&self.mr_td),
            mr_config_id: register(&self.mr_config_id),
            mr_owner: register(&self.mr_owner),
            mr_owner_config: register(&self.mr_owner_config),
            rt_mr0,
            rt_mr1,
            rt_mr2,
            rt_mr3,
            td_attributes: register(&self.td_attributes.to_le_bytes()),
            xfam: register(&self.xfam.to_le_bytes()),
            mr_seam: register(&self.mr_seam),
            mr_signer_seam: register(&self.mr_signer_seam),
            tee_tcb_svn: register(&self.tee_tcb_svn),
        })
    }

    pub(crate) fn encode10(&self) -> Vec<u8> {
        let bytes = [
            &self.tee_tcb_svn[..],
            &self.mr_seam,
            &self.mr_signer_seam,
            &self.seam_attributes,
            &self.td_attributes.to_le_bytes(),
            &self.xfam.to_le_bytes(),
            &self.mr_td,
            &self.mr_config_id,
            &self.mr_owner,
            &self.mr_owner_config,
            &self.rt_mr.concat(),
            &self.report_data,
        ]
        .concat();
        assert_eq!(bytes.len(), 584);
        bytes
    }

    pub(crate) fn encode15(&self) -> Vec<u8> {
        [&self.encode10()[..], &self.tee_tcb_svn2, &self.mr_service_td].concat()
    }
}

/// An SGX enclave report. The default is a production enclave that the verifier accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SgxReport {
    pub cpu_svn: [u8; 16],
    pub misc_select: u32,
    pub isv_ext_prod_id: [u8; 16],
    /// Flags (bit 0 INIT, bit 1 DEBUG, bit 2 MODE64BIT) and XFRM, little-endian.
    pub attributes: [u8; 16],
    pub mr_enclave: [u8; 32],
    pub mr_signer: [u8; 32],
    pub config_id: [u8; 64],
    pub isv_prod_id: u16,
    pub isv_svn: u16,
    pub config_svn: u16,
    pub isv_family_id: [u8; 16],
    pub report_data: [u8; 64],
}

/// INIT | MODE64BIT, and x87, SSE, AVX.
pub const SGX_PRODUCTION: [u8; 16] = [5, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0];
/// The same with DEBUG.
pub const SGX_DEBUG: [u8; 16] = [7, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0];

impl Default for SgxReport {
    fn default() -> Self {
        Self {
            cpu_svn: [8; 16],
            misc_select: 0,
            isv_ext_prod_id: [0; 16],
            attributes: SGX_PRODUCTION,
            mr_enclave: [0xe0; 32],
            mr_signer: [0xe1; 32],
            config_id: [0; 64],
            isv_prod_id: 1,
            isv_svn: 2,
            config_svn: 0,
            isv_family_id: [0; 16],
            report_data: [0; 64],
        }
    }
}

impl SgxReport {
    /// The default enclave with this report data.
    pub fn with_data(report_data: [u8; 64]) -> Self {
        Self {
            report_data,
            ..Self::default()
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let bytes = [
            &self.cpu_svn[..],
            &self.misc_select.to_le_bytes(),
            &[0; 12],
            &self.isv_ext_prod_id,
            &self.attributes,
            &self.mr_enclave,
            &[0; 32],
            &self.mr_signer,
            &[0; 32],
            &self.config_id,
            &self.isv_prod_id.to_le_bytes(),
            &self.isv_svn.to_le_bytes(),
            &self.config_svn.to_le_bytes(),
            &[0; 42],
            &self.isv_family_id,
            &self.report_data,
        ]
        .concat();
        assert_eq!(bytes.len(), 384);
        bytes
    }
}

/// What a quoting enclave reports of itself. The default is the one that the QE identities name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QeReport {
    pub mr_signer: [u8; 32],
    /// 2, for SGX and TDX alike.
    pub isv_prod_id: u16,
    pub isv_svn: u16,
    pub misc_select: u32,
    pub attributes: [u8; 16],
}

impl Default for QeReport {
    fn default() -> Self {
        Self {
            mr_signer: QE_SIGNER,
            isv_prod_id: 2,
            isv_svn: 8,
            misc_select: 0,
            attributes: [0x11, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0],
        }
    }
}

impl QeReport {
    pub(crate) fn encode(&self, key_hash: &[u8]) -> Vec<u8> {
        let mut report_data = [0; 64];
        report_data[..32].copy_from_slice(key_hash);
        SgxReport {
            mr_enclave: [0x5a; 32],
            mr_signer: self.mr_signer,
            isv_prod_id: self.isv_prod_id,
            isv_svn: self.isv_svn,
            misc_select: self.misc_select,
            attributes: self.attributes,
            ..SgxReport::with_data(report_data)
        }
        .encode()
    }
}
