//! Contracts to measure beside the suite's, built by the same compiler: `cw20-base` from the versions in the workspace's lock file, DAO DAO's from those in a lock file of
//! their own, which they need because they are made for the CosmWasm before this one.

use std::collections::BTreeMap;
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

const PUBLISHED_LOCK: &str = include_str!("peers/published.lock");
const PUBLISHED_TOML: &str = include_str!("peers/published.toml");
const PUBLISHED_RS: &str = include_str!("peers/published.rs");
const PUBLISHED_REPLY: &str = include_str!("peers/published_reply.rs");

/// A contract crate of DAO DAO 2.6.
struct Published {
    name: &'static str,
    /// Where its messages are.
    messages: &'static str,
    replies: bool,
}

const fn published(name: &'static str, messages: &'static str, replies: bool) -> Published {
    Published {
        name,
        messages,
        replies,
    }
}

const PUBLISHED: [Published; 7] = [
    published("cw20-stake", "published::msg", false),
    published("cw-vesting", "published::msg", false),
    published("dao-dao-core", "dao_interface::msg", true),
    published("dao-pre-propose-single", "published::contract", false),
    published("dao-proposal-single", "published::msg", true),
    published("dao-rewards-distributor", "published::msg", false),
    published("dao-voting-cw20-staked", "published::msg", true),
];

/// Wasm of the peers.
#[derive(Clone)]
pub struct Peers {
    /// `cw20-base` as published.
    pub cw20: Vec<u8>,
    /// Takes whatever it is sent, and asks a query if told to.
    pub sink: Vec<u8>,
    /// DAO DAO's, by crate name.
    pub published: BTreeMap<&'static str, Vec<u8>>,
}

impl Peers {
    /// Builds them, or reads them if nothing they are made of has changed.
    ///
    /// # Errors
    /// When one does not build or breaks a rule of the chain.
    pub fn build(root: &Path, toolchain: &Toolchain, say: &dyn Fn(&str)) -> Result<Self> {
        let lock = std::fs::read(root.join("Cargo.lock"))?;
        let home = root.join("target/peers");
        write(&home, &owned(&FILES), &lock)?;
        prune(&home)?;
        let ours = Workshop {
            made_of: made_of(toolchain, &owned(&FILES), &lock),
            target: home.join("target"),
            home: home.clone(),
            toolchain,
            say,
        };
        let files = published_files();
        let lock = PUBLISHED_LOCK.as_bytes();
        let theirs = Workshop {
            made_of: made_of(toolchain, &files, lock),
            home: home.join("published"),
            // Flags name the workspace: in one folder each of the two would have everything compiled anew for it.
            target: home.join("published/target"),
            toolchain,
            say,
        };
        write(&theirs.home, &files, lock)?;
        let one = |peer: &Published| Ok((peer.name, theirs.wasm(peer.name)?));
        Ok(Self {
            cw20: ours.wasm("cw20")?,
            sink: ours.wasm("sink")?,
            published: PUBLISHED.iter().map(one).collect::<Result<_>>()?,
        })
    }

    /// Wasm of a peer by its name.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn wasm(&self, name: &str) -> Result<&[u8]> {
        match name {
            "cw20-base" => Ok(&self.cw20),
            "sink" => Ok(&self.sink),
            _ => Ok(self
                .published
                .get(name)
                .with_context(|| format!("no peer is called {name}"))?),
        }
    }

    /// Writes DAO DAO's contracts to files named after their crates; answers the folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn keep(&self, root: &Path) -> Result<PathBuf> {
        let folder = root.join("target/peers/wasm");
        std::fs::create_dir_all(&folder)?;
        for (name, wasm) in &self.published {
            std::fs::write(folder.join(format!("{name}.wasm")), wasm)?;
        }
        Ok(folder)
    }
}

/// A workspace in which peers are built.
struct Workshop<'a> {
    home: PathBuf,
    target: PathBuf,
    made_of: String,
    toolchain: &'a Toolchain,
    say: &'a dyn Fn(&str),
}

impl Workshop<'_> {
    fn wasm(&self, name: &str) -> Result<Vec<u8>> {
        let package = format!("peer-{name}");
        let wasm = self.home.join(format!("{package}-{}.wasm", self.made_of));
        if !wasm.exists() {
            (self.say)(&format!("compiling {package}"));
            self.make(&package, &wasm)?;
        }
        std::fs::read(&wasm).with_context(|| wasm.display().to_string())
    }

    fn make(&self, package: &str, to: &Path) -> Result<()> {
        let compiled: PathBuf = self.toolchain.compile(&self.home, &self.target, package)?;
        let draft = to.with_extension("draft.wasm");
        self.toolchain.optimise(&compiled, &draft)?;
        inspect(&std::fs::read(&draft)?).with_context(|| package.to_owned())?;
        self.toolchain.check(&draft)?;
        Ok(std::fs::rename(&draft, to)?)
    }
}

/// Paths and texts.
type Files = Vec<(String, String)>;

fn owned(files: &[(&str, &str)]) -> Files {
    let one = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    files.iter().map(one).collect()
}

fn published_files() -> Files {
    let workspace = include_str!("peers/published_workspace.toml");
    let mut files = owned(&[("Cargo.toml", workspace)]);
    for peer in &PUBLISHED {
        let code = PUBLISHED_RS.replace("published::msg", peer.messages);
        let reply = if peer.replies { PUBLISHED_REPLY } else { "" };
        let manifest = PUBLISHED_TOML.replace("PUBLISHED", peer.name);
        files.push((format!("{}/Cargo.toml", peer.name), manifest));
        files.push((format!("{}/src/lib.rs", peer.name), code + reply));
    }
    files
}

/// Hash of everything that shapes the bytes.
fn made_of(toolchain: &Toolchain, files: &Files, lock: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(toolchain.fingerprint());
    hash.update(lock);
    for (name, text) in files {
        hash.update(format!("{name}\0{}\0{text}", text.len()));
    }
    hex::encode(hash.finalize()).chars().take(16).collect()
}

/// A workspace of its own with a lock file of this one: the lock files that published crates carry are old ones.
fn write(home: &Path, files: &Files, lock: &[u8]) -> Result<()> {
    for (name, text) in files {
        let path = home.join(name);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        if std::fs::read_to_string(&path).ok().as_ref() != Some(text) {
            std::fs::write(&path, text)?;
        }
    }
    Ok(std::fs::write(home.join("Cargo.lock"), lock)?)
}

/// Leaves out of the workspace's lock file what the peers do not use.
fn prune(home: &Path) -> Result<()> {
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
