//! `export-evidence`.

use std::path::Path;

use serde_json::{json, Value};

use crate::config::Config;
use crate::outbox::{Outbox, Record};

/// Writes every pair of contradicting statements, each with what anybody needs to check both signatures.
pub fn export(config: &Config, out: Option<&Path>) -> anyhow::Result<()> {
    let outbox = Outbox::open(&config.outbox.path)?;
    let pairs: Vec<Value> = outbox
        .conflicts()?
        .iter()
        .map(|(first, second)| pair(first, second))
        .collect();
    let count = pairs.len();
    let evidence = json!({
        "chain_id": config.chain.chain_id,
        "contract": config.chain.contract,
        "equivocations": pairs,
    });
    let text = serde_json::to_string_pretty(&evidence)?;
    match out {
        Some(path) => {
            std::fs::write(path, text)?;
            println!("{count} equivocations written to {}", path.display());
        }
        None => println!("{text}"),
    }
    Ok(())
}

fn pair(first: &Record, second: &Record) -> Value {
    json!({
        "chain": first.statement.chain,
        "seq": first.statement.seq,
        "statements": [view(first), view(second)],
    })
}

fn view(record: &Record) -> Value {
    json!({
        "digest": hex::encode(record.statement.digest),
        "state": record.state,
        "code": record.code,
        "statement": record.statement.message(),
    })
}
