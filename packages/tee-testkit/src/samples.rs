//! Real Intel-signed quotes with their collateral, from the `sample/` folder of the `dcap-qvl` crate that this build uses.
//!
//! The crate is found by asking `cargo metadata`, so it works wherever the workspace builds, and only there: for tests and demonstrations.

use std::path::PathBuf;
use std::process::Command;

use dcap_qvl::QuoteCollateralV3;
use serde_json::Value;

use crate::collateral::Collateral;

/// The samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// SGX v3, Processor CA, evaluation 17, July 2025.
    Sgx,
    /// TDX v4, Platform CA, evaluation 17, July 2025.
    Tdx,
    /// TDX v5 with a TD report 1.5 of a platform below every TCB level of its collateral (refused), evaluation 18, March 2026.
    TdxOutdated,
    /// TDX v5 with a TD report 1.5ex, evaluation 20, November 2026.
    Tdx15Ex,
}

impl Sample {
    pub const ALL: [Self; 4] = [Self::Sgx, Self::Tdx, Self::TdxOutdated, Self::Tdx15Ex];

    fn file(self) -> &'static str {
        match self {
            Self::Sgx => "sgx_quote",
            Self::Tdx => "tdx_quote",
            Self::TdxOutdated => "tdx_quote_outdated",
            Self::Tdx15Ex => "tdx_quote_td15ex",
        }
    }

    /// Reads the sample.
    pub fn load(self) -> Result<RealQuote, String> {
        let folder = crate_folder()?.join("sample");
        let read = |name: String| std::fs::read(folder.join(&name)).map_err(|error| format!("{name}: {error}"));
        let quote = read(self.file().to_owned())?;
        let json = read(format!("{}_collateral.json", self.file()))?;
        let library: QuoteCollateralV3 = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
        let collateral = Collateral::from_library(&library).ok_or("a signature is not 64 bytes")?;
        let info: Value = serde_json::from_str(&library.tcb_info).map_err(|error| error.to_string())?;
        let evaluation = info["tcbEvaluationDataNumber"]
            .as_u64()
            .and_then(|number| number.try_into().ok());
        Ok(RealQuote {
            quote,
            collateral,
            evaluation: evaluation.ok_or("no evaluation number")?,
            window: window(&library)?,
            library,
        })
    }
}

/// A real quote and what verifies it.
#[derive(Clone, Debug)]
pub struct RealQuote {
    pub quote: Vec<u8>,
    pub collateral: Collateral,
    /// `tcbEvaluationDataNumber` of the collateral.
    pub evaluation: u32,
    /// Latest issue date and earliest next update of the two JSON documents, unix seconds. The CRLs of the samples are valid throughout.
    pub window: (u64, u64),
    pub library: QuoteCollateralV3,
}

impl RealQuote {
    /// A moment within the window.
    pub fn valid_at(&self) -> u64 {
        self.window.0 + (self.window.1 - self.window.0) / 2
    }
}

/// Intel's root certificate as the crate bundles it, DER.
pub fn bundled_root() -> Result<Vec<u8>, String> {
    std::fs::read(crate_folder()?.join("src/TrustedRootCA.der")).map_err(|error| error.to_string())
}

fn window(collateral: &QuoteCollateralV3) -> Result<(u64, u64), String> {
    let documents = [&collateral.tcb_info, &collateral.qe_identity];
    let mut span = (0, u64::MAX);
    for document in documents {
        let json: Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
        span = (
            span.0.max(moment(&json["issueDate"])?),
            span.1.min(moment(&json["nextUpdate"])?),
        );
    }
    Ok(span)
}

fn moment(date: &Value) -> Result<u64, String> {
    let text = date.as_str().ok_or("no date")?;
    let time = chrono::DateTime::parse_from_rfc3339(text).map_err(|error| error.to_string())?;
    u64::try_from(time.timestamp()).map_err(|error| error.to_string())
}

/// Where cargo keeps the source of the `dcap-qvl` in use.
fn crate_folder() -> Result<PathBuf, String> {
    let metadata = metadata(&["--offline"]).or_else(|_| metadata(&[]))?;
    let packages = metadata["packages"].as_array().ok_or("no packages")?;
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "dcap-qvl")
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or("dcap-qvl is not among the packages")?;
    PathBuf::from(manifest)
        .parent()
        .map(PathBuf::from)
        .ok_or_else(|| "manifest without a folder".to_owned())
}

/// Offline, cargo answers only if every package of the workspace is on the machine.
fn metadata(options: &[&str]) -> Result<Value, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version=1",
            "--filter-platform",
            env!("TARGET"),
            "--manifest-path",
        ])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .args(options)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}
