//! Where the repository is.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Root of the workspace around the current directory, else of the one this program was built in.
///
/// # Errors
/// When neither exists any more.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = here.ancestors().chain(built_in).find(|dir| is_root(dir));
    found.map(Path::to_owned).context("run this inside the repository")
}

/// Home of the default local chain.
///
/// # Errors
/// Outside the repository.
pub fn localnet_home() -> Result<PathBuf> {
    Ok(root()?.join(".lex/localnet"))
}

fn is_root(dir: &Path) -> bool {
    dir.join("chain/go.mod").exists() && dir.join("contracts").is_dir() && dir.join("Cargo.toml").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_from_below() {
        assert!(root().unwrap().join("scripts/lex").is_dir());
    }
}
