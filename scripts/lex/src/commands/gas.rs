//! `lex gas`: what every handler costs on a real chain.

use std::path::Path;
use std::process::Command;

use anyhow::{bail, Context, Result};
use serde_json::json;
use suite::localnet::bin_dir;

use crate::artifacts::inputs::contracts;
use crate::artifacts::toolchain::Toolchain;
use crate::artifacts::{build, Places};
use crate::gas::peers::Peers;
use crate::gas::report::{findings, markdown, regressions};
use crate::gas::table::Table;
use crate::gas::{measure, Plan, Stage, SIZES};
use crate::ui::{Answer, Ui};
use crate::workspace;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  lex gas                   measure everything, write artifacts/gas.md and gas.json\n  \
                        lex gas --check           at 1 and 1,000 rows; fails on a regression\n  \
                        lex gas --rows 1 --json   a quick look, nothing is written\n  \
                        lex gas --only network    the network's token and DAO DAO's contracts alone\n\n\
                        It starts chains of its own under target/gas and leaves others alone. docs/src/operations/gas.md\n\
                        tells how the rows come into being and how to read the table."
)]
pub struct Args {
    /// Measure at 1 and 1,000 rows and fail where gas is over 1 % above artifacts/gas.json
    #[arg(long, conflicts_with = "rows")]
    check: bool,
    /// Measure at these numbers of rows only, write nothing
    #[arg(long, value_delimiter = ',')]
    rows: Vec<u32>,
    /// Measure one chain's rows only, write nothing
    #[arg(long, value_enum, conflicts_with = "check")]
    only: Option<Stage>,
    /// Measure the artifacts as they are instead of building what changed
    #[arg(long)]
    as_built: bool,
    /// Build DAO DAO's contracts, which are measured beside the suite's, and nothing else
    #[arg(long)]
    peers: bool,
}

pub fn run(args: &Args, ui: &Ui) -> Result<Answer> {
    let step = ui.step("building the contracts");
    let root = workspace::root()?;
    let toolchain = Toolchain::find()?;
    if args.peers {
        let folder = Peers::build(&root, &toolchain, &|what| step.say(what))?.keep(&root)?;
        drop(step);
        return Answer::new(folder.display().to_string(), &json!({ "peers": folder }));
    }
    if !args.as_built {
        build(&Places::of(&root), &toolchain, &contracts(&root)?, &|what| {
            step.say(what)
        })?;
    }
    let peers = Peers::build(&root, &toolchain, &|what| step.say(what))?;
    let partial = args.check || args.only.is_some() || !args.rows.is_empty();
    let sizes = match (args.check, args.rows.as_slice()) {
        (true, _) => &[1, 1_000],
        (false, []) => SIZES.as_slice(),
        (false, rows) => rows,
    };
    let plan = Plan {
        root: &root,
        peers: &peers,
        sizes,
        pinned: !partial,
        only: args.only,
    };
    let (mut table, notes) = measure(&plan, &|what| step.say(what))?;
    drop(step);
    table.chain = chain()?;
    table.toolchain.clone_from(&toolchain.version);
    table.findings = findings(&table, &notes);
    if args.check {
        return check(&root, &table);
    }
    if !partial {
        write(&root, &table)?;
    }
    Answer::new(markdown(&table), &table)
}

fn check(root: &Path, table: &Table) -> Result<Answer> {
    let path = root.join("artifacts/gas.json");
    let committed = std::fs::read(&path).with_context(|| format!("{}; write it with `lex gas`", path.display()))?;
    let found = regressions(&serde_json::from_slice(&committed)?, table);
    let text = match found.len() {
        0 => format!(
            "{} handlers and cases use no more gas than committed",
            table.lines.len()
        ),
        n => format!(
            "{n} regressions:\n{}\nIf they are meant, run `lex gas` and commit what it writes",
            found.join("\n")
        ),
    };
    let answer = Answer::new(text, &json!({ "lines": table.lines.len(), "regressions": found }))?;
    Ok(if found.is_empty() { answer } else { answer.failed() })
}

fn write(root: &Path, table: &Table) -> Result<()> {
    std::fs::write(root.join("artifacts/gas.md"), markdown(table))?;
    let json = serde_json::to_string_pretty(table)?;
    Ok(std::fs::write(root.join("artifacts/gas.json"), json + "\n")?)
}

/// Name and version of the chain's program.
fn chain() -> Result<String> {
    let output = Command::new(bin_dir().join("wasmd"))
        .arg("version")
        .output()
        .context("wasmd")?;
    if !output.status.success() {
        bail!("wasmd version: {}", String::from_utf8_lossy(&output.stderr));
    }
    // Some versions answer on stderr.
    let said = [output.stdout, output.stderr].concat();
    Ok(format!("wasmd {}", String::from_utf8_lossy(&said).trim()))
}
