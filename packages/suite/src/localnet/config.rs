//! The nodes' own configuration files.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use cosmwasm_std::Binary;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::{Table, Value};

/// Loopback ports of one node. A node that finds its old ones taken gets others.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Ports {
    pub rpc: u16,
    pub p2p: u16,
    /// Not used by us, but a node without it does not simulate transactions.
    pub grpc: u16,
    /// Where the node waits for its signer.
    pub signer: u16,
}

impl Ports {
    /// Ports nobody listens on now.
    ///
    /// # Errors
    /// When the machine has none left.
    pub fn free() -> Result<Self> {
        // All are held until the last is known, so they differ.
        let held = [hold()?, hold()?, hold()?, hold()?];
        let [rpc, p2p, grpc, signer] = held.each_ref().map(|(port, _)| *port);
        Ok(Self { rpc, p2p, grpc, signer })
    }

    /// These if they are still free, others if not.
    ///
    /// # Errors
    /// When the machine has none left.
    pub fn or_free(self) -> Result<Self> {
        let held: Vec<_> = [self.rpc, self.p2p, self.grpc, self.signer]
            .into_iter()
            .map(listen)
            .collect();
        if held.iter().all(Result::is_ok) {
            return Ok(self);
        }
        Self::free()
    }
}

/// Where ports are looked for: below those that systems give to outgoing connections, one of which could take a port before its server does.
const PORTS: std::ops::Range<u64> = 16_384..32_768;
/// How many are tried.
const PORT_TRIES: u32 = 64;

/// A free port, `wanted` if it is (0 is never). Chosen at random, so that several chains can start at once.
///
/// # Errors
/// When the machine has none left.
pub fn free_port(wanted: u16) -> Result<u16> {
    match wanted != 0 && listen(wanted).is_ok() {
        true => Ok(wanted),
        false => hold().map(|(port, _)| port),
    }
}

fn hold() -> Result<(u16, TcpListener)> {
    let any = || {
        let number = RandomState::new().build_hasher().finish() % (PORTS.end - PORTS.start);
        u16::try_from(PORTS.start + number).unwrap_or_default()
    };
    let tries = (0..PORT_TRIES).map(|_| any());
    let mut held = tries.filter_map(|port| Some((port, listen(port).ok()?)));
    held.next().context("no free port")
}

fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).with_context(|| format!("port {port}"))
}

/// What a node is told besides its ports.
#[derive(Clone, Debug)]
pub struct NodeSettings<'a> {
    pub ports: Ports,
    /// `id@host:port` of every other node.
    pub peers: &'a [String],
    pub block_time: Duration,
    /// Gas price below which the mempool refuses.
    pub gas_price: &'a str,
}

/// Rewrites `config.toml` and `app.toml` in `dir`: loopback only, nothing listening that is not needed.
///
/// # Errors
/// When a setting is not where this release has it: a renamed one must not be lost silently.
pub fn write_node(dir: &Path, node: &NodeSettings) -> Result<()> {
    let local = |port: u16| Value::from(format!("tcp://127.0.0.1:{port}"));
    edit(
        &dir.join("config.toml"),
        &[
            ("log_level", "warn".into()),
            ("priv_validator_laddr", local(node.ports.signer)),
            ("rpc.laddr", local(node.ports.rpc)),
            ("rpc.pprof_laddr", "".into()),
            // Web dApps run elsewhere; any origin may talk to a development chain.
            ("rpc.cors_allowed_origins", Value::Array(vec!["*".into()])),
            // Code of 800 KiB in base64 must pass.
            ("rpc.max_body_bytes", 5_000_000.into()),
            ("p2p.laddr", local(node.ports.p2p)),
            ("p2p.external_address", "".into()),
            ("p2p.persistent_peers", node.peers.join(",").into()),
            ("p2p.seeds", "".into()),
            ("p2p.allow_duplicate_ip", true.into()),
            ("p2p.addr_book_strict", false.into()),
            ("p2p.pex", false.into()),
            (
                "consensus.timeout_commit",
                format!("{}ms", node.block_time.as_millis()).into(),
            ),
        ],
    )?;
    edit(
        &dir.join("app.toml"),
        &[
            ("minimum-gas-prices", node.gas_price.into()),
            ("api.enable", false.into()),
            ("grpc.enable", true.into()),
            ("grpc.address", format!("127.0.0.1:{}", node.ports.grpc).into()),
            ("grpc-web.enable", false.into()),
            ("telemetry.enabled", false.into()),
        ],
    )
}

/// CometBFT's id of a node: the first 20 bytes of its key's SHA-256.
///
/// # Errors
/// When the key file is not one.
pub fn node_id(key_file: &Path) -> Result<String> {
    #[derive(Deserialize)]
    struct Key {
        priv_key: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        value: Binary,
    }
    let key: Key = serde_json::from_slice(&std::fs::read(key_file)?).context("node key")?;
    let public = key.priv_key.value.get(32..64).context("a node key has 64 bytes")?;
    Ok(hex::encode(&Sha256::digest(public)[..20]))
}

fn edit(path: &Path, settings: &[(&str, Value)]) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut table: Table = text.parse()?;
    for (key, value) in settings {
        set(&mut table, key, value.clone()).with_context(|| path.display().to_string())?;
    }
    std::fs::write(path, table.to_string())?;
    Ok(())
}

fn set(table: &mut Table, key: &str, value: Value) -> Result<()> {
    let missing = || format!("no setting `{key}`");
    let slot = match key.split_once('.') {
        Some((section, name)) => table
            .get_mut(section)
            .and_then(Value::as_table_mut)
            .and_then(|t| t.get_mut(name)),
        None => table.get_mut(key),
    };
    *slot.with_context(missing)? = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_replaced_where_they_are_and_nowhere_else() {
        let mut table: Table = "laddr = 1\n[p2p]\nladdr = 3\n[rpc]\nladdr = 2\n".parse().unwrap();
        set(&mut table, "rpc.laddr", 9.into()).unwrap();
        assert_eq!(table.to_string(), "laddr = 1\n\n[p2p]\nladdr = 3\n\n[rpc]\nladdr = 9\n");
        for missing in ["rpc.port", "grpc.laddr", "port"] {
            assert!(set(&mut table, missing, 1.into()).is_err(), "{missing}");
        }
    }

    #[test]
    fn ports_taken_meanwhile_are_replaced() {
        let ports = Ports::free().unwrap();
        assert_eq!(ports.or_free().unwrap(), ports);
        let _taken = listen(ports.p2p).unwrap();
        assert_ne!(ports.or_free().unwrap().p2p, ports.p2p);
        assert_ne!(free_port(ports.p2p).unwrap(), ports.p2p);
    }
}
