//! `lex up`: the main job, from a call log to redeemed Credits.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::ui::{Answer, Ui};
use crate::up::{run_main_job, Plan, Running};
use crate::workspace;

#[derive(clap::Args)]
#[command(
    after_help = "Starts a chain, deploys the suite, starts the relayer, enrols a gateway, lets accounts deposit and promise Credits,\n\
                        reports a seeded log of API calls, pays out the mined L-Coin and redeems what is left.\n\n\
                        Examples:\n  lex up                             and stay up\n  lex up --once --summary out.json   once, for scripts\n  \
                        lex up --calls 300000 --accounts 64"
)]
pub struct Args {
    /// Stop everything at the end
    #[arg(long)]
    once: bool,
    /// Write the summary to this file, too
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// API calls in the log
    #[arg(long, default_value_t = 120_000)]
    calls: u64,
    /// Accounts in the log, at most the 64 funded development users
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=64))]
    accounts: u32,
    /// Credits that the log comes to; the first halving is at 100,000
    #[arg(long, default_value_t = 130_000)]
    credits: u64,
    /// Seed of the log
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Directory of chain, relayer and gateway; whatever `lex up` left there is removed first [default: .lex/up in the repository]
    #[arg(long, env = "LEX_UP_HOME")]
    home: Option<PathBuf>,
}

pub fn run(args: &Args, ui: &Ui) -> Result<Answer> {
    let home = home(args.home.as_deref())?;
    let plan = Plan {
        home,
        calls: args.calls,
        accounts: args.accounts,
        credits: args.credits,
        seed: args.seed,
    };
    let step = ui.step("looking at what is there");
    let outcome = run_main_job(&plan, &|what| step.say(what));
    drop(step);
    let (summary, mut running) = match outcome {
        Ok(done) => done,
        Err(error) => {
            Running::stop_all(&plan.home)?;
            return Err(error.context(format!("logs are under {}", plan.home.display())));
        }
    };
    if args.once {
        running.stop()?;
    }
    if let Some(path) = &args.summary {
        std::fs::write(path, serde_json::to_vec_pretty(&summary)?).with_context(|| path.display().to_string())?;
    }
    let next = if args.once {
        String::new()
    } else {
        running.what_to_try()
    };
    let answer = Answer::new(format!("{}{next}", summary.describe()), &summary)?;
    Ok(if summary.holds() { answer } else { answer.failed() })
}

/// Where `lex up` keeps everything.
pub fn home(given: Option<&std::path::Path>) -> Result<PathBuf> {
    let home = given.map_or_else(
        || Ok(workspace::root()?.join(".lex/up")),
        |path| Ok::<_, anyhow::Error>(path.to_owned()),
    )?;
    Ok(std::path::absolute(home)?)
}
