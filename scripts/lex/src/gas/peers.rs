//! Contracts to measure beside the suite's, built by the same compiler from the versions in the workspace's lock file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Context, Result};
use sha2::{Digest, Sha256};

use crate::artifacts::inspect::inspect;
use crate::artifacts::toolchain::Toolchain;

const FILES: [(&str, &str); 5] = [
    ("Cargo.toml", include_str!("peers/workspace.toml")),
    ("cw20/Cargo.toml", include_str!("peers/cw20.toml")),
    ("cw20/src/lib.rs", include_str!("peers/cw20.rs")),
    ("sink/Cargo.toml", include_str!("peers/sink.toml")),
    ("sink/src/lib.rs", include_str!("peers/sink.rs")),
];

/// Wasm of the peers.
#[derive(Clone)]
pub struct Peers {
    /// `cw20-base` as published.
    pub cw20: Vec<u8>,
    /// Takes whatever it is sent, and asks a query if told to.
    pub sink: Vec<u8>,
}

impl Peers {
    /// Builds them, or reads them if nothing they are made of has changed.
    ///
    /// # Errors
    /// When one does not build or breaks a rule of the chain.
    pub fn build(root: &Path, toolchain: &Toolchain, say: &dyn Fn(&str)) -> Result<Self> {
        let lock = std::fs::read(root.join("Cargo.lock"))?;
        let made_of = made_of(toolchain, &lock);
        let home = root.join("target/peers");
        write(&home, &lock)?;
        let one = |package: &str| {
            let wasm = home.join(format!("{package}-{made_of}.wasm"));
            if !wasm.exists() {
                say(&format!("compiling {package}"));
                make(&home, toolchain, package, &wasm)?;
            }
            std::fs::read(&wasm).with_context(|| wasm.display().to_string())
        };
        Ok(Self {
            cw20: one("peer-cw20")?,
            sink: one("peer-sink")?,
        })
    }
}

/// Hash of everything that shapes the bytes.
fn made_of(toolchain: &Toolchain, lock: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(toolchain.fingerprint());
    hash.update(lock);
    for (name, text) in FILES {
        hash.update(format!("{name}\0{}\0{text}", text.len()));
    }
    hex::encode(hash.finalize()).chars().take(16).collect()
}

/// A workspace of its own with the lock file of this one: the lock file that a published crate carries is an old one.
fn write(home: &Path, lock: &[u8]) -> Result<()> {
    for (name, text) in FILES {
        let path = home.join(name);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
            std::fs::write(&path, text)?;
        }
    }
    std::fs::write(home.join("Cargo.lock"), lock)?;
    // Leaves out of it what the peers do not use.
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1"])
        .current_dir(home)
        .output()
        .context("cannot run cargo")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn make(home: &Path, toolchain: &Toolchain, package: &str, to: &Path) -> Result<()> {
    let compiled: PathBuf = toolchain.compile(home, &home.join("target"), package)?;
    let draft = to.with_extension("draft.wasm");
    toolchain.optimise(&compiled, &draft)?;
    inspect(&std::fs::read(&draft)?).with_context(|| package.to_owned())?;
    toolchain.check(&draft)?;
    Ok(std::fs::rename(&draft, to)?)
}
