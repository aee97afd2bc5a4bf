//! From the library's report to the answer.

use cosmwasm_std::HexBinary;
use dcap_qvl::quote::{EnclaveReport, Report, TDReport10};
use interfaces::tee_verifier::{Measurement, SgxMeasurement, TcbStatus, TdxMeasurement, Tee};

/// Kind of report, what is measured, and the report data.
pub fn read(report: &Report) -> (Tee, Measurement, HexBinary) {
    match report {
        Report::SgxEnclave(sgx) => (Tee::Sgx, Measurement::Sgx(sgx_measurement(sgx)), hex(&sgx.report_data)),
        Report::TD10(td) => (Tee::Tdx10, Measurement::Tdx(tdx_measurement(td)), hex(&td.report_data)),
        Report::TD15(td) => tdx15(&td.base),
        Report::TD15Ex(td) => tdx15(&td.base.base),
    }
}

fn tdx15(td: &TDReport10) -> (Tee, Measurement, HexBinary) {
    (Tee::Tdx15, Measurement::Tdx(tdx_measurement(td)), hex(&td.report_data))
}

/// Offsets within the fields the library calls reserved are from Intel's `sgx_report_body_t`.
fn sgx_measurement(report: &EnclaveReport) -> SgxMeasurement {
    let [low, high, ..] = report.reserved4;
    SgxMeasurement {
        mr_enclave: hex(&report.mr_enclave),
        mr_signer: hex(&report.mr_signer),
        isv_prod_id: report.isv_prod_id,
        isv_svn: report.isv_svn,
        misc_select: report.misc_select,
        attributes: hex(&report.attributes),
        config_id: part(&report.reserved3, 32, 64),
        config_svn: u16::from_le_bytes([low, high]),
        isv_ext_prod_id: part(&report.reserved1, 12, 16),
        isv_family_id: part(&report.reserved4, 44, 16),
    }
}

fn tdx_measurement(td: &TDReport10) -> TdxMeasurement {
    TdxMeasurement {
        mr_td: hex(&td.mr_td),
        mr_config_id: hex(&td.mr_config_id),
        mr_owner: hex(&td.mr_owner),
        mr_owner_config: hex(&td.mr_owner_config),
        rt_mr0: hex(&td.rt_mr0),
        rt_mr1: hex(&td.rt_mr1),
        rt_mr2: hex(&td.rt_mr2),
        rt_mr3: hex(&td.rt_mr3),
        td_attributes: hex(&td.td_attributes),
        xfam: hex(&td.xfam),
        mr_seam: hex(&td.mr_seam),
        mr_signer_seam: hex(&td.mr_signer_seam),
        tee_tcb_svn: hex(&td.tee_tcb_svn),
    }
}

/// Status by the name Intel gives it; `None` for one the library cannot answer for an accepted quote.
pub fn tcb_status(name: &str) -> Option<TcbStatus> {
    match name {
        "UpToDate" => Some(TcbStatus::UpToDate),
        "SWHardeningNeeded" => Some(TcbStatus::SwHardeningNeeded),
        "ConfigurationNeeded" => Some(TcbStatus::ConfigurationNeeded),
        "ConfigurationAndSWHardeningNeeded" => Some(TcbStatus::ConfigurationAndSwHardeningNeeded),
        "OutOfDate" => Some(TcbStatus::OutOfDate),
        "OutOfDateConfigurationNeeded" => Some(TcbStatus::OutOfDateConfigurationNeeded),
        "TDRelaunchAdvised" => Some(TcbStatus::TdRelaunchAdvised),
        "TDRelaunchAdvisedConfigurationNeeded" => Some(TcbStatus::TdRelaunchAdvisedConfigurationNeeded),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> HexBinary {
    HexBinary::from(bytes)
}

fn part(bytes: &[u8], at: usize, length: usize) -> HexBinary {
    bytes.iter().copied().skip(at).take(length).collect::<Vec<u8>>().into()
}
