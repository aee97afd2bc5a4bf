//! `lex chain`: a local chain whose clock we hold.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{bail, Result};
use clap::{Args, Subcommand};
use serde_json::json;
use suite::account::{dev_index, dev_names, Account, DEV_MNEMONIC};
use suite::localnet::{Localnet, Options, Status};

use crate::ui::{fields, Answer, Ui};
use crate::workspace;

#[derive(Subcommand)]
pub enum Command {
    /// Start a chain, or again the one that was stopped
    #[command(
        after_help = "Examples:\n  lex chain start\n  lex chain start --validators 4 --block-time 200ms\n  \
                            lex chain start --at 2025-07-01T00:00:00Z --reset"
    )]
    Start(Start),
    /// End the processes of the chain; its blocks stay
    Stop(Home),
    /// Move the chain's clock forward and wait for a block that shows it
    #[command(after_help = "Examples:\n  lex chain advance 7d\n  lex chain advance 1y6h\n  \
                            lex chain advance --to 2030-01-01T00:00:00Z")]
    Advance(Advance),
    /// Show height, time and validators
    Status(Home),
    /// List the funded development accounts
    Accounts,
}

#[derive(Args)]
pub struct Home {
    /// Directory of the chain [default: .lex/localnet in the repository]
    #[arg(long, env = "LEX_HOME")]
    home: Option<PathBuf>,
}

impl Home {
    fn path(&self) -> Result<PathBuf> {
        let path = self.home.clone().map_or_else(workspace::localnet_home, Ok)?;
        Ok(std::path::absolute(path)?)
    }
}

#[derive(Args)]
pub struct Start {
    #[command(flatten)]
    home: Home,
    /// How many validators
    #[arg(long, default_value = "1", value_parser = ["1", "4"])]
    validators: String,
    /// Chain id
    #[arg(long, default_value = "lex-local-1")]
    chain_id: String,
    /// Time of the first blocks, RFC 3339 [default: now]
    #[arg(long)]
    at: Option<humantime::Timestamp>,
    /// Pause between blocks
    #[arg(long, default_value = "500ms")]
    block_time: humantime::Duration,
    /// Remove the chain that is there first
    #[arg(long)]
    reset: bool,
}

#[derive(Args)]
pub struct Advance {
    #[command(flatten)]
    home: Home,
    /// How far, e.g. 90s, 7d, 1y
    #[arg(required_unless_present = "to")]
    by: Option<humantime::Duration>,
    /// To this time, RFC 3339
    #[arg(long, conflicts_with = "by")]
    to: Option<humantime::Timestamp>,
}

pub fn run(command: &Command, ui: &Ui) -> Result<Answer> {
    match command {
        Command::Start(args) => start(args, ui),
        Command::Stop(home) => stop(&home.path()?, ui),
        Command::Advance(args) => advance(args, ui),
        Command::Status(home) => status(&home.path()?),
        Command::Accounts => accounts(),
    }
}

fn start(args: &Start, ui: &Ui) -> Result<Answer> {
    let block_time = Duration::from(args.block_time);
    if !(Duration::from_millis(20)..=Duration::from_secs(60)).contains(&block_time) {
        bail!("--block-time must be between 20ms and 60s");
    }
    let home = args.home.path()?;
    let step = ui.step("preparing");
    if args.reset {
        step.say("removing the chain that was there");
        Localnet::remove(&home)?;
    }
    let options = Options {
        chain_id: args.chain_id.clone(),
        validators: args.validators.parse()?,
        block_time,
        at: args.at.map(SystemTime::from),
        ..Options::new(home)
    };
    let chain = Localnet::start(&options, |_| Ok(()), &|message| step.say(message))?;
    drop(step);
    describe(
        &chain.status()?,
        "Next: `lex chain accounts`, `lex chain advance 7d`, `lex chain stop`",
    )
}

fn stop(home: &std::path::Path, ui: &Ui) -> Result<Answer> {
    let step = ui.step("stopping");
    let stopped = Localnet::load(home)?.map_or(Ok(false), |mut chain| chain.stop())?;
    drop(step);
    let text = if stopped {
        "stopped; `lex chain start` resumes it"
    } else {
        "no chain was running"
    };
    Answer::new(text, &json!({ "stopped": stopped }))
}

fn advance(args: &Advance, ui: &Ui) -> Result<Answer> {
    let chain = Localnet::require(&args.home.path()?)?;
    let step = ui.step("moving the clock");
    match (args.by, args.to) {
        (_, Some(to)) => chain.advance_to(to.into())?,
        (Some(by), None) => chain.advance(by.into())?,
        (None, None) => bail!("say how far, e.g. `lex chain advance 7d`"),
    };
    drop(step);
    describe(&chain.status()?, "")
}

fn status(home: &std::path::Path) -> Result<Answer> {
    describe(&Localnet::require(home)?.status()?, "")
}

fn describe(status: &Status, next: &str) -> Result<Answer> {
    let up = status.validators.iter().filter(|up| **up).count();
    let offset = Duration::from_secs(status.offset_seconds.unsigned_abs());
    let direction = if status.offset_seconds < 0 {
        "behind"
    } else {
        "ahead of"
    };
    let text = fields(&[
        ("chain", status.chain_id.clone()),
        ("rpc", status.rpc.clone()),
        ("height", status.height.to_string()),
        ("time", status.time.clone()),
        (
            "clock",
            format!("{} {direction} the machine", humantime::format_duration(offset)),
        ),
        ("validators", format!("{up} of {} running", status.validators.len())),
    ]);
    Answer::new(format!("{text}{next}"), status)
}

fn accounts() -> Result<Answer> {
    let listed = dev_names().map(|name| {
        let address = Account::dev(&name)?.address().to_owned();
        Ok(json!({ "name": name, "address": address, "path": format!("m/44'/118'/0'/0/{}", dev_index(&name)?) }))
    });
    let listed: Vec<_> = listed.collect::<Result<_>>()?;
    let lines = listed.iter().map(|a| {
        let part = |key: &str| a[key].as_str().unwrap_or_default();
        format!("{:9} {} {}", part("name"), part("address"), part("path"))
    });
    let lines: Vec<_> = lines.collect();
    let text = format!(
        "mnemonic (known to everybody, local chains only): {DEV_MNEMONIC}\n{}",
        lines.join("\n")
    );
    Answer::new(text, &json!({ "mnemonic": DEV_MNEMONIC, "accounts": listed }))
}
