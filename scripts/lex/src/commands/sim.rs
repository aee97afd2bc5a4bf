//! `lex sim`: a market of many agents against the whole suite.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{ensure, Context, Result};
use clap::ValueEnum;
use sim::{report, Scenario, Story};

use crate::ui::{Answer, Ui};

#[derive(Clone, Copy, ValueEnum)]
enum StoryArg {
    /// The price wanders
    Calm,
    /// A panic after a quarter; halfway half of the liquidity leaves, the largest holders sell, and the value does not come back
    Crash,
}

impl From<StoryArg> for Story {
    fn from(story: StoryArg) -> Self {
        match story {
            StoryArg::Calm => Self::Calm,
            StoryArg::Crash => Self::Crash,
        }
    }
}

#[derive(clap::Args)]
#[command(
    after_help = "Runs the contracts in this process; the same seed gives the same run. The first law that breaks ends it.\n\n\
                        Examples:\n  lex sim\n  lex sim --story calm --weeks 4 --agents 100\n  \
                        lex sim --seed 7 --csv market.csv --json > market.json"
)]
pub struct Args {
    /// What happens to the market
    #[arg(long, value_enum, default_value = "crash")]
    story: StoryArg,
    /// Simulated weeks, at least 2
    #[arg(long, default_value_t = Scenario::default().weeks)]
    weeks: u64,
    /// Agents of all kinds, at least 50
    #[arg(long, default_value_t = Scenario::default().agents)]
    agents: usize,
    /// Agents that act in each ten minutes
    #[arg(long, default_value_t = Scenario::default().activity)]
    activity: u64,
    #[arg(long, default_value_t = Scenario::default().seed)]
    seed: u64,
    /// Also write a row a day into this file
    #[arg(long)]
    csv: Option<PathBuf>,
}

pub fn run(args: &Args, ui: &Ui) -> Result<Answer> {
    ensure!(args.weeks >= 2, "a run takes at least 2 weeks");
    ensure!(args.agents >= 50, "a market needs at least 50 agents");
    let scenario = Scenario {
        story: args.story.into(),
        seed: args.seed,
        weeks: args.weeks,
        agents: args.agents,
        activity: args.activity,
    };
    let step = ui.step("opening the market");
    let start = Instant::now();
    let progress = |week: u64, day: &sim::run::Day| {
        step.say(&format!(
            "week {week} of {}, {} messages so far",
            args.weeks, day.executed
        ));
    };
    let outcome = sim::run(&scenario, &progress)?;
    drop(step);
    if let Some(path) = &args.csv {
        std::fs::write(path, report::csv(&outcome)?).with_context(|| path.display().to_string())?;
    }
    let text = format!(
        "{}\nsimulated in {} s",
        report::text(&outcome)?,
        start.elapsed().as_secs()
    );
    Answer::new(
        text,
        &serde_json::from_str::<serde_json::Value>(&report::json(&outcome)?)?,
    )
}
