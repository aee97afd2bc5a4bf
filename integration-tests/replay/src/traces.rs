//! Traces kept in `integration-tests/traces`, and those drawn from fixed seeds.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::op::{self, Op, Statement};

/// Kept traces by name, in order.
///
/// # Errors
/// When one is no trace.
pub fn kept() -> Result<Vec<(String, Vec<Op>)>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../traces");
    let mut traces = Vec::new();
    for entry in std::fs::read_dir(&dir)? {
        let path = entry?.path();
        let name = path.file_name().context("name")?.to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".json") {
            let ops = serde_json::from_slice(&std::fs::read(&path)?).with_context(|| name.to_owned())?;
            traces.push((name.to_owned(), ops));
        }
    }
    traces.sort_by(|a: &(String, Vec<Op>), b| a.0.cmp(&b.0));
    Ok(traces)
}

/// The trace of a seed, without thefts: they end everything.
///
/// # Errors
/// Never in practice.
pub fn seeded(seed: u8, length: usize) -> Result<Vec<Op>> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let drawn = op::trace(length..length + 1)
        .new_tree(&mut runner)
        .map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(drawn
        .current()
        .into_iter()
        .filter(|op| !matches!(op, Op::Steal { .. }))
        .collect())
}

/// What a trace holds: the kinds of its operations, statements, faults and claims.
#[must_use]
pub fn kinds(ops: &[Op]) -> BTreeSet<String> {
    let name = |debug: String| debug.split([' ', '{', '(']).next().unwrap_or_default().to_owned();
    let mut kinds = BTreeSet::new();
    for op in ops {
        kinds.insert(name(format!("{op:?}")));
        if let Op::Deal(deal) = op {
            kinds.insert(format!("deal {}", name(format!("{deal:?}"))));
        }
        if let Op::Net(net) = op {
            kinds.insert(format!("net {}", name(format!("{net:?}"))));
        }
        let Op::Submit { statements } = op else { continue };
        for statement in statements {
            kinds.insert(name(format!("{statement:?}")));
            if let Statement::Report { usage, fault, .. } = statement {
                kinds.insert(format!("fault {fault:?}"));
                kinds.extend(usage.iter().map(|usage| format!("claim {:?}", usage.claim)));
            }
        }
    }
    kinds
}
