//! From the contracts' sources to checked, reproducible Wasm.

pub mod inputs;
pub mod inspect;
pub mod toolchain;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use inputs::Contract;
use toolchain::Toolchain;

/// One built contract.
#[derive(Clone, Debug, Serialize)]
pub struct Built {
    pub name: String,
    pub file: String,
    pub sha256: String,
    pub bytes: usize,
    /// Locals of the function with the most.
    pub locals: u32,
    /// Nothing it is made of had changed.
    pub unchanged: bool,
}

/// What was built from what, kept beside the compiler's files so that unchanged contracts are not built again.
#[derive(Default, Serialize, Deserialize)]
struct Record(BTreeMap<String, Entry>);

#[derive(Serialize, Deserialize)]
struct Entry {
    inputs: String,
    sha256: String,
}

/// Directories of a build.
pub struct Places {
    pub root: PathBuf,
    pub target: PathBuf,
    pub artifacts: PathBuf,
}

impl Places {
    /// Those of a workspace.
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            target: root.join("target/wasm"),
            artifacts: root.join("artifacts"),
        }
    }

    fn record(&self) -> PathBuf {
        self.target.join("artifacts.json")
    }

    /// The committed list of checksums.
    pub fn checksums(&self) -> PathBuf {
        self.artifacts.join("checksums.txt")
    }
}

/// Builds what changed of these contracts. `say` hears what is being done.
///
/// # Errors
/// When one does not build or breaks a rule of the chain.
pub fn build(places: &Places, toolchain: &Toolchain, contracts: &[Contract], say: &dyn Fn(&str)) -> Result<Vec<Built>> {
    std::fs::create_dir_all(&places.artifacts)?;
    std::fs::create_dir_all(&places.target)?;
    // Two builds at once would take each other's drafts; the lock ends with this function.
    let lock = std::fs::File::create(places.target.join("artifacts.lock"))?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive)?;
    let mut record = read_record(&places.record());
    let mut built = Vec::new();
    for (i, contract) in contracts.iter().enumerate() {
        let counted = format!("{} ({} of {})", contract.name, i + 1, contracts.len());
        let inputs = hex::encode(
            Sha256::new()
                .chain_update(toolchain.fingerprint())
                .chain_update(contract.inputs)
                .finalize(),
        );
        let path = places.artifacts.join(contract.file());
        let known = record.0.get(&contract.name).filter(|e| e.inputs == inputs);
        let unchanged = known.is_some_and(|e| sum(&path).is_ok_and(|s| s == e.sha256));
        if !unchanged {
            make(places, toolchain, contract, &path, &|what| {
                say(&format!("{what} {counted}"))
            })?;
        }
        let one = describe(contract, &path, unchanged)?;
        record.0.insert(
            one.name.clone(),
            Entry {
                inputs,
                sha256: one.sha256.clone(),
            },
        );
        std::fs::write(places.record(), serde_json::to_vec_pretty(&record)?)?;
        built.push(one);
    }
    Ok(built)
}

/// The list as it is committed; `sha256sum -c` reads it. Its second line tells directories apart without naming them.
pub fn checksum_list(toolchain: &Toolchain, places: &Places, built: &[Built]) -> String {
    let directory = hex::encode(Sha256::digest(places.root.as_os_str().as_encoded_bytes()));
    let lines = built.iter().map(|b| format!("{}  {}\n", b.sha256, b.file));
    format!(
        "# {}\n# in directory {directory:.16}\n{}",
        toolchain.version,
        lines.collect::<String>()
    )
}

fn make(places: &Places, toolchain: &Toolchain, contract: &Contract, to: &Path, say: &dyn Fn(&str)) -> Result<()> {
    say("compiling");
    let compiled = toolchain.compile(&places.root, &places.target, &contract.name)?;
    say("shrinking");
    // Only a module that passed every check gets its name.
    let draft = to.with_extension("draft.wasm");
    toolchain.optimise(&compiled, &draft)?;
    say("checking");
    inspect::inspect(&std::fs::read(&draft)?).with_context(|| contract.name.clone())?;
    toolchain.check(&draft).with_context(|| contract.name.clone())?;
    Ok(std::fs::rename(&draft, to)?)
}

fn describe(contract: &Contract, path: &Path, unchanged: bool) -> Result<Built> {
    let figures = inspect::inspect(&std::fs::read(path)?)?;
    Ok(Built {
        name: contract.name.clone(),
        file: contract.file(),
        sha256: sum(path)?,
        bytes: figures.bytes,
        locals: figures.locals,
        unchanged,
    })
}

fn sum(path: &Path) -> Result<String> {
    Ok(hex::encode(Sha256::digest(std::fs::read(path)?)))
}

/// A record that is missing or damaged only costs a build.
fn read_record(path: &Path) -> Record {
    std::fs::read(path)
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default()
}
