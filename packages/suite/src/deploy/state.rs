//! What was deployed where, kept per chain id.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{bail, Context, Result};
use serde::{Deserialize, Serialize};

use super::part::Part;

/// What a file remembers. The chain is asked about everything in it: a file of another or a reset chain does no harm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub chain_id: String,
    /// Addresses; they depend on the code of the first deployment and cannot be computed from a later one.
    pub contracts: BTreeMap<Part, String>,
    /// Uploaded code: checksum in hex → id.
    pub codes: BTreeMap<String, u64>,
}

/// A record and the file it is kept in.
pub struct State {
    path: Option<PathBuf>,
    pub record: Record,
}

impl State {
    /// Opens a file, or starts one.
    ///
    /// # Errors
    /// When it is damaged or belongs to another chain.
    pub fn open(path: &Path, chain_id: &str) -> Result<Self> {
        let record = match std::fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Record {
                chain_id: chain_id.to_owned(),
                ..Record::default()
            },
            text => serde_json::from_slice(&text?).with_context(|| format!("{} is damaged", path.display()))?,
        };
        if record.chain_id != chain_id {
            bail!("{} is about {}, not {chain_id}", path.display(), record.chain_id);
        }
        Ok(Self {
            path: Some(path.to_owned()),
            record,
        })
    }

    /// A record without a file.
    #[must_use]
    pub fn in_memory(chain_id: &str) -> Self {
        Self {
            path: None,
            record: Record {
                chain_id: chain_id.to_owned(),
                ..Record::default()
            },
        }
    }

    /// Writes the file, all or nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        let draft = path.with_extension("draft");
        std::fs::write(&draft, serde_json::to_vec_pretty(&self.record)?)?;
        std::fs::rename(&draft, path).with_context(|| path.display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_and_belongs_to_one_chain() {
        let path = std::env::temp_dir().join(format!("lex-state-{}/a.json", std::process::id()));
        let mut state = State::open(&path, "a").unwrap();
        state.record.contracts.insert(Part::Timelock, "wasm1x".into());
        state.record.codes.insert("00ff".into(), 7);
        state.save().unwrap();
        assert_eq!(State::open(&path, "a").unwrap().record, state.record);
        assert!(State::open(&path, "b").is_err());
        std::fs::write(&path, "{").unwrap();
        assert!(State::open(&path, "a").is_err());
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
}
