//! Measures every handler on a real chain that starts with many rows.

pub mod bench;
pub mod peers;
pub mod report;
mod scenario;
pub mod table;

use std::path::Path;

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};
use suite::deploy::{Artifacts, Part};
use suite::population::Tables;

use bench::{Bench, Note, Setup};
use peers::Peers;
use table::{Figure, Table};

/// Rows of each table, fewest first.
pub const SIZES: [u32; 3] = [1, 1_000, 100_000];
/// Rows with which the figures of pinned code are measured; they differ by what loading costs only.
pub const PINNED: u32 = 1_000;

/// A chain of its own: which tables are full, and what is done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Stage {
    /// Vault, oracle and markets.
    Suite,
    /// The network's token, and DAO DAO's contracts.
    Network,
}

impl Stage {
    const ALL: [Self; 2] = [Self::Suite, Self::Network];

    fn tables(self) -> Tables {
        match self {
            Self::Suite => Tables::Suite,
            Self::Network => Tables::Network,
        }
    }
}

/// What is asked for.
pub struct Plan<'a> {
    pub root: &'a Path,
    pub peers: &'a Peers,
    pub sizes: &'a [u32],
    /// Once more with pinned code.
    pub pinned: bool,
    /// One stage instead of all.
    pub only: Option<Stage>,
}

/// Measures at every size, and with pinned code if asked to.
///
/// # Errors
/// When a chain does not start, or refuses what it must not.
pub fn measure(plan: &Plan, say: &dyn Fn(&str)) -> Result<(Table, Vec<Note>)> {
    let artifacts = Artifacts::read(&plan.root.join("artifacts"))?;
    let stages = plan.only.map_or(Stage::ALL.to_vec(), |only| vec![only]);
    let run = |rows, pinned| -> Result<(Vec<Figure>, Vec<Note>)> {
        let (mut figures, mut notes) = (Vec::new(), Vec::new());
        for stage in &stages {
            let setup = Setup {
                root: plan.root,
                artifacts: &artifacts,
                peers: plan.peers,
                stage: *stage,
                rows,
                pinned,
            };
            let measured = one(&setup, say)?;
            figures.extend(measured.0);
            notes.extend(measured.1);
        }
        Ok((figures, notes))
    };
    let mut table = Table::default();
    let mut notes = Vec::new();
    for rows in plan.sizes {
        let (figures, more) = run(*rows, false)?;
        table.add(*rows, figures);
        notes.extend(more);
    }
    if plan.pinned {
        say("and with all code pinned");
        table.pin(run(PINNED, true)?.0);
    }
    if plan.only.is_none() {
        complete(plan.root, &table)?;
    }
    Ok((table, notes))
}

fn one(setup: &Setup, say: &dyn Fn(&str)) -> Result<(Vec<Figure>, Vec<Note>)> {
    let mut bench = Bench::start(setup, say)?;
    match setup.stage {
        Stage::Suite => scenario::run(&mut bench)?,
        Stage::Network => scenario::network(&mut bench)?,
    }
    bench.finish()
}

/// Refuses a table in which a handler of a contract's schema is missing.
fn complete(root: &Path, table: &Table) -> Result<()> {
    for part in Part::ALL {
        for handler in handlers(root, part.code())? {
            let found = table
                .lines
                .iter()
                .any(|line| line.row.contract == part.code() && line.row.handler == handler);
            ensure!(found, "{} {handler} is not measured", part.code());
        }
    }
    Ok(())
}

/// Variants of a contract's `ExecuteMsg`, from its committed schema.
fn handlers(root: &Path, contract: &str) -> Result<Vec<String>> {
    let path = root.join(format!("schema/{contract}/{contract}.json"));
    let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
    let schema: Value = serde_json::from_slice(&text)?;
    let Some(variants) = schema["execute"]["oneOf"].as_array() else {
        // A contract that takes no messages has an enum without members instead.
        ensure!(
            schema["execute"]["enum"] == json!([]),
            "{contract} has no execute messages"
        );
        return Ok(Vec::new());
    };
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
