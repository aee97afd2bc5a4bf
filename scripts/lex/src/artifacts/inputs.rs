//! What a contract is made of: its own files, those of the workspace crates it uses, and the versions of all others.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Context, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// A contract of the workspace.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Package name, e.g. `credit-vault`.
    pub name: String,
    /// Hash of everything its Wasm depends on besides the compiler.
    pub inputs: [u8; 32],
}

impl Contract {
    /// File name of its Wasm.
    pub fn file(&self) -> String {
        format!("{}.wasm", self.name.replace('-', "_"))
    }
}

/// All contracts, by name.
///
/// # Errors
/// When cargo cannot describe the workspace.
pub fn contracts(root: &Path) -> Result<Vec<Contract>> {
    let metadata = metadata(root)?;
    let under = root.join("contracts");
    let packages = metadata.packages.iter().filter(|p| p.manifest_path.starts_with(&under));
    let mut found: Vec<_> = packages.map(|p| contract(root, &metadata, p)).collect::<Result<_>>()?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    if found.is_empty() {
        bail!("no contracts under {}", under.display());
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    source: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dep>,
}

#[derive(Deserialize)]
struct Dep {
    pkg: String,
    dep_kinds: Vec<DepKind>,
}

#[derive(Deserialize)]
struct DepKind {
    kind: Option<String>,
}

fn metadata(root: &Path) -> Result<Metadata> {
    let output = Command::new("cargo")
        .args([
            "metadata",
            "--format-version",
            "1",
            "--filter-platform",
            "wasm32-unknown-unknown",
        ])
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn contract(root: &Path, metadata: &Metadata, package: &Package) -> Result<Contract> {
    let packages: HashMap<_, _> = metadata.packages.iter().map(|p| (p.id.as_str(), p)).collect();
    let mut hash = Sha256::new();
    // Profile, lints and shared features.
    file(&mut hash, root, &root.join("Cargo.toml"))?;
    for id in closure(metadata, &package.id) {
        let used = packages
            .get(id)
            .with_context(|| format!("cargo does not describe {id}"))?;
        match used.source {
            // Name, version and source; a published version never changes.
            Some(_) => hash.update(id.as_bytes()),
            None => directory(&mut hash, root, used.manifest_path.parent().context("manifest")?)?,
        }
    }
    Ok(Contract {
        name: package.name.clone(),
        inputs: hash.finalize().into(),
    })
}

/// Everything linked into or run for a package; its tests' crates left out.
fn closure<'a>(metadata: &'a Metadata, id: &'a str) -> BTreeSet<&'a str> {
    let nodes: HashMap<_, _> = metadata.resolve.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let deps = nodes.get(id).into_iter().flat_map(|n| &n.deps);
            let linked = deps.filter(|d| d.dep_kinds.iter().any(|k| k.kind.as_deref() != Some("dev")));
            open.extend(linked.map(|d| d.pkg.as_str()));
        }
    }
    seen
}

fn directory(hash: &mut Sha256, root: &Path, dir: &Path) -> Result<()> {
    let entries = std::fs::read_dir(dir).with_context(|| dir.display().to_string())?;
    let mut paths: Vec<_> = entries.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        match (path.is_dir(), path.file_name().and_then(|n| n.to_str())) {
            (true, Some("tests" | "testdata" | "target" | "proptest-regressions" | "benches" | "examples")) => {}
            (true, _) => directory(hash, root, &path)?,
            (false, _) => file(hash, root, &path)?,
        }
    }
    Ok(())
}

/// Name, length and content, so that no two trees hash alike.
fn file(hash: &mut Sha256, root: &Path, path: &Path) -> Result<()> {
    let content = std::fs::read(path).with_context(|| path.display().to_string())?;
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    hash.update(format!("{name}\0{}\0", content.len()));
    hash.update(content);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_of(dir: &Path) -> [u8; 32] {
        let mut hash = Sha256::new();
        directory(&mut hash, dir, dir).unwrap();
        hash.finalize().into()
    }

    #[test]
    fn a_changed_or_moved_byte_changes_the_inputs_and_a_test_does_not() {
        let dir = std::env::temp_dir().join(format!("lex-inputs-{}", std::process::id()));
        let write = |name: &str, text: &str| {
            let path = dir.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("src/a.rs", "12");
        write("src/b.rs", "3");
        let first = hash_of(&dir);
        write("tests/t.rs", "anything");
        assert_eq!(hash_of(&dir), first);
        write("src/a.rs", "1");
        write("src/b.rs", "23");
        assert_ne!(hash_of(&dir), first);
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
