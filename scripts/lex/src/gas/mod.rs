//! Measures every handler on a real chain that starts with many rows.

pub mod bench;
pub mod peers;
pub mod report;
mod scenario;
pub mod table;

use std::path::Path;

use anyhow::{ensure, Context, Result};
use serde_json::Value;
use suite::deploy::{Artifacts, Part};

use bench::{Bench, Note, Setup};
use peers::Peers;
use table::{Figure, Table};

/// Rows of each table, fewest first.
pub const SIZES: [u32; 3] = [1, 1_000, 100_000];
/// Rows with which the figures of pinned code are measured; they differ by what loading costs only.
pub const PINNED: u32 = 1_000;

/// Measures at every size, and with pinned code if asked to.
///
/// # Errors
/// When a chain does not start, or refuses what it must not.
pub fn measure(
    root: &Path,
    peers: &Peers,
    sizes: &[u32],
    pinned: bool,
    say: &dyn Fn(&str),
) -> Result<(Table, Vec<Note>)> {
    let artifacts = Artifacts::read(&root.join("artifacts"))?;
    let setup = |rows, pinned| Setup {
        root,
        artifacts: &artifacts,
        peers,
        rows,
        pinned,
    };
    let mut table = Table::default();
    let mut notes = Vec::new();
    for rows in sizes {
        let (figures, more) = one(&setup(*rows, false), say)?;
        table.add(*rows, figures);
        notes.extend(more);
    }
    if pinned {
        say("and with all code pinned");
        table.pin(one(&setup(PINNED, true), say)?.0);
    }
    complete(root, &table)?;
    Ok((table, notes))
}

fn one(setup: &Setup, say: &dyn Fn(&str)) -> Result<(Vec<Figure>, Vec<Note>)> {
    let mut bench = Bench::start(setup, say)?;
    scenario::run(&mut bench)?;
    bench.finish()
}

/// Refuses a table in which a handler of a contract's schema is missing.
fn complete(root: &Path, table: &Table) -> Result<()> {
    for part in Part::ALL {
        for handler in handlers(root, part.name())? {
            let found = table
                .lines
                .iter()
                .any(|line| line.row.contract == part.name() && line.row.handler == handler);
            ensure!(found, "{} {handler} is not measured", part.name());
        }
    }
    Ok(())
}

/// Variants of a contract's `ExecuteMsg`, from its committed schema.
fn handlers(root: &Path, contract: &str) -> Result<Vec<String>> {
    let path = root.join(format!("schema/{contract}/{contract}.json"));
    let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
    let schema: Value = serde_json::from_slice(&text)?;
    let variants = schema["execute"]["oneOf"]
        .as_array()
        .context("the schema has no execute messages")?;
    let name = |variant: &Value| {
        let snake = variant["required"][0].as_str().context("a variant without a name")?;
        Ok(snake.split('_').map(capital).collect::<String>())
    };
    variants.iter().map(name).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}
