//! `lex deploy`: the suite on any CosmWasm chain.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use suite::deploy::{deploy, Artifacts, Config, Migration, Part, Report, State};
use suite::live::Live;
use suite::localnet::Localnet;

use crate::ui::{fields, Answer, Ui};
use crate::workspace;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  lex deploy                          on the chain of `lex chain start`\n  \
                        lex deploy --config mainnet.toml\n\n\
                        Run again, it does only what is missing. Contracts that run older code are migrated through the\n\
                        timelock: the first run queues that, a run after the delay executes it.\n\
                        Addresses are kept in deployments/<chain-id>.json, those of a local chain beside it."
)]
pub struct Args {
    /// Chain, signer and parameters [default: the built-in ones of a local chain]
    #[arg(long)]
    config: Option<PathBuf>,
    /// RPC endpoint, instead of the configuration's
    #[arg(long)]
    rpc: Option<String>,
    /// Directory of the local chain [default: .lex/localnet in the repository]
    #[arg(long, env = "LEX_HOME")]
    home: Option<PathBuf>,
}

pub fn run(args: &Args, ui: &Ui) -> Result<Answer> {
    let step = ui.step("connecting");
    let root = workspace::root()?;
    let config = args.config.as_deref().map_or_else(Config::local, Config::read)?;
    let artifacts = Artifacts::read(&root.join("artifacts"))?;
    let home = args.home.clone().unwrap_or(workspace::localnet_home()?);
    let (mut chain, record) = connect(args, &config, &root, &home)?;
    let mut state = State::open(&record, &config.chain_id)?;
    let report = deploy(&mut chain, &config, &artifacts, &mut state, &|what| step.say(what))?;
    drop(step);
    Answer::new(describe(&report), &report)
}

/// A client of the chain and the file its addresses are kept in.
fn connect(args: &Args, config: &Config, root: &Path, home: &Path) -> Result<(Live, PathBuf)> {
    if let Some(rpc) = args.rpc.as_ref().or(config.rpc.as_ref()) {
        let record = root.join("deployments").join(format!("{}.json", config.chain_id));
        return Ok((Live::connect(rpc, config.gas_price.parse()?)?, record));
    }
    let local = Localnet::require(home).context("the configuration names no rpc, so a local chain is meant")?;
    Ok((local.live()?, home.join("deployment.json")))
}

fn describe(report: &Report) -> String {
    let state = |part: Part| match () {
        () if report.created.contains(&part) => "created",
        () if report.stale.contains(&part) => match report.migration {
            Some(Migration::Executed { .. }) => "migrated",
            _ => "older code",
        },
        () => "up to date",
    };
    let row = |part: Part| (part.name(), format!("{}  {}", report.addresses.of(part), state(part)));
    let rows: Vec<_> = Part::ALL.into_iter().map(row).collect();
    format!(
        "{}{}",
        fields(&rows),
        report.migration.as_ref().map(next).unwrap_or_default()
    )
}

fn next(migration: &Migration) -> String {
    match migration {
        Migration::Queued { entry, ready_at } => {
            let time = SystemTime::UNIX_EPOCH + Duration::from_nanos(ready_at.nanos());
            let time = humantime::format_rfc3339_seconds(time);
            format!("migration queued as entry {entry} of the timelock; run this again from {time} on")
        }
        Migration::Executed { entry } => format!("migrated by entry {entry} of the timelock"),
        Migration::Proposed { timelock, queue } => {
            let message = serde_json::to_string_pretty(queue).unwrap_or_default();
            format!("the council must queue this at {timelock}:\n{message}")
        }
    }
}
