//! `lex deploy`: the suite on any CosmWasm chain.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use interfaces::incentive_controller::EpochInfo;
use interfaces::token_allocation::{TgeRecord, TgeResponse};
use suite::deploy::tge::{date, Done};
use suite::deploy::{deploy, tge, Artifacts, Config, Grants, Migration, Part, Report, State, TgeError, TgeReport};
use suite::live::Live;
use suite::localnet::Localnet;

use crate::ui::{fields, Answer, Ui};
use crate::up::units;
use crate::workspace;

/// A day's seconds.
const DAY: u64 = 86_400;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  lex deploy                          on the chain of `lex chain start`\n  \
                        lex deploy --config mainnet.toml\n  \
                        lex deploy tge                      once its time has come\n\n\
                        Run again, it does only what is missing. Contracts that run older code are migrated through the\n\
                        timelock: the first run queues that, a run after the delay executes it.\n\
                        Addresses are kept in deployments/<chain-id>.json, those of a local chain beside it."
)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    step: Option<Step>,
}

/// Which deployment is meant.
#[derive(clap::Args)]
struct Place {
    /// Chain, signer and parameters [default: the built-in ones of a local chain]
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// RPC endpoint, instead of the configuration's
    #[arg(long, global = true)]
    rpc: Option<String>,
    /// Directory of the local chain [default: .lex/localnet in the repository]
    #[arg(long, global = true, env = "LEX_HOME")]
    home: Option<PathBuf>,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Open VCAI's market and start the incentives, once the set time has come
    #[command(
        after_help = "The token generation event: the sale's proceeds and VCAI open the pool, genesis tokens and grants begin to vest,\n\
                            and the incentives' pool leaves for its 522 weekly releases. Anybody may send it; it happens once.\n\
                            Before its time this says how long is left. Run again, it does only what is missing.\n\n\
                            Examples:\n  lex deploy tge\n  lex deploy tge --config mainnet.toml\n  \
                            lex chain advance 7d && lex deploy tge --without-pool      a local chain on which nothing was sold"
    )]
    Tge(Tge),
}

#[derive(clap::Args)]
struct Tge {
    /// Go ahead although no genesis token was sold: there is nothing to open the pool with then
    #[arg(long)]
    without_pool: bool,
}

pub fn run(args: &Args, ui: &Ui) -> Result<Answer> {
    let step = ui.step("connecting");
    let say = |what: &str| step.say(what);
    let root = workspace::root()?;
    let place = &args.place;
    let config = place.config.as_deref().map_or_else(Config::local, Config::read)?;
    let artifacts = Artifacts::read(&root.join("artifacts"))?;
    let home = place.home.clone().unwrap_or(workspace::localnet_home()?);
    let (mut chain, record) = connect(place, &config, &root, &home)?;
    let mut state = State::open(&record, &config.chain_id)?;
    match &args.step {
        None => {
            let report = deploy(&mut chain, &config, &artifacts, &mut state, &say)?;
            drop(step);
            Answer::new(describe(&report), &report)
        }
        Some(Step::Tge(asked)) => {
            let done = tge(&mut chain, &config, &artifacts, &mut state, asked.without_pool, &say);
            drop(step);
            let report = done.map_err(|error| hint(error, &config))?;
            Answer::new(describe_tge(&report), &report)
        }
    }
}

/// A client of the chain and the file its addresses are kept in.
fn connect(place: &Place, config: &Config, root: &Path, home: &Path) -> Result<(Live, PathBuf)> {
    if let Some(rpc) = place.rpc.as_ref().or(config.rpc.as_ref()) {
        let record = root.join("deployments").join(format!("{}.json", config.chain_id));
        return Ok((Live::connect(rpc, config.gas_price.parse()?)?, record));
    }
    let local = Localnet::require(home).context("the configuration names no rpc, so a local chain is meant")?;
    Ok((local.live()?, home.join("deployment.json")))
}

/// On a chain whose clock we hold nobody has to wait.
fn hint(error: TgeError, config: &Config) -> anyhow::Error {
    match error {
        TgeError::TooEarly { from, .. } if config.is_local() => {
            let advance = format!("`lex chain advance --to {}` brings it", date(from));
            anyhow::anyhow!("{error}; {advance}")
        }
        other => other.into(),
    }
}

fn describe(report: &Report) -> String {
    let executed = |m: &Migration| matches!(m, Migration::Executed { .. });
    let state = |part: Part| match () {
        () if report.created.contains(&part) => "created",
        () if report.stale.contains(&part) => match report.migrations.iter().all(executed) {
            true => "migrated",
            false => "older code",
        },
        () => "up to date",
    };
    let row = |part: Part| (part.name(), format!("{}  {}", report.addresses.of(part), state(part)));
    let rows: Vec<_> = Part::ALL.into_iter().map(row).collect();
    let mut lines: Vec<_> = report.migrations.iter().map(next).collect();
    lines.extend(report.grants.as_ref().map(granted));
    lines.extend(to_come(&report.tge));
    format!("{}{}", fields(&rows), lines.join("\n"))
}

fn next(migration: &Migration) -> String {
    match migration {
        Migration::Queued { entry, ready_at } => {
            let time = date(ready_at.seconds());
            format!("migration queued as entry {entry} of the timelock; run this again from {time} on")
        }
        Migration::Executed { entry } => format!("migrated by entry {entry} of the timelock"),
        Migration::Proposed { timelock, queue } => {
            let message = serde_json::to_string_pretty(queue).unwrap_or_default();
            format!("the council must queue this at {timelock}:\n{message}")
        }
    }
}

fn granted(grants: &Grants) -> String {
    match grants {
        Grants::Given { number } => format!("{number} grants of VCAI given"),
        Grants::Proposed { contract, messages } => {
            let messages = serde_json::to_string_pretty(messages).unwrap_or_default();
            format!("the council must send these to {contract}, in one transaction:\n{messages}")
        }
    }
}

fn to_come(tge: &TgeResponse) -> Option<String> {
    let time = date(tge.plan.time);
    tge.done
        .is_none()
        .then(|| format!("VCAI's market opens from {time} on: `lex deploy tge`"))
}

fn describe_tge(report: &TgeReport) -> String {
    let when = |done: Done| match done {
        Done::Now => "now",
        Done::Earlier => "earlier",
    };
    let market = format!("{}, {}", date(report.tge.time), when(report.market));
    let rows = [
        ("TGE", market),
        ("pool", pool(&report.tge)),
        (
            "airdrop",
            format!("{} VCAI to the genesis tokens", units(report.tge.airdrop)),
        ),
        (
            "incentives",
            format!("{}, clock started {}", epoch(&report.epoch), when(report.clock)),
        ),
    ];
    fields(&rows)
}

fn pool(tge: &TgeRecord) -> String {
    let [usdt, vcai] = [tge.proceeds, tge.paired].map(units);
    match tge.paired.is_zero() {
        true => "none: nothing was sold".to_owned(),
        false => format!("{usdt} USDT and {vcai} VCAI"),
    }
}

fn epoch(epoch: &EpochInfo) -> String {
    let begin = date(epoch.start.saturating_mul(DAY));
    format!("epoch {} of {} days from {begin}", epoch.index, epoch.days)
}
