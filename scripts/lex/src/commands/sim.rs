//! `lex sim`: economies of many agents against the real contracts.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{ensure, Context, Result};
use clap::ValueEnum;
use sim::{network, report, Scenario, Story};

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
    args_conflicts_with_subcommands = true,
    after_help = "Without a command it is the L-Exchange that is simulated; `lex sim network` is the economy of the network's token.\n\
                  Runs the contracts in this process; the same seed gives the same run. The first law that breaks ends it.\n\n\
                  Examples:\n  lex sim\n  lex sim --story calm --weeks 4 --agents 100\n  \
                  lex sim --seed 7 --csv market.csv --json > market.json\n  lex sim network --utilisation 95"
)]
pub struct Args {
    #[command(subcommand)]
    economy: Option<Economy>,
    #[command(flatten)]
    market: MarketArgs,
}

#[derive(clap::Subcommand)]
enum Economy {
    /// The network's token: revenue, buyback, lockers, nodes, renters, wash renters, and the dashboard that steers rewards
    #[command(
        after_help = "Every given utilisation is a run of its own. A run begins where nodes break even at that utilisation and P_supply = 50 %; then capacity follows what \
                      nodes earn, demand follows rebates, and once a week the dashboard moves P_supply by a tenth of the distance from 80 % utilisation. At the end all locks \
                      run out and everybody leaves.\n\nThe same seed gives the same run. The first law that breaks ends it.\n\n\
                      Examples:\n  lex sim network\n  lex sim network --utilisation 95 --weeks 104\n  \
                      lex sim network --lockers 400 --seed 7 --csv network.csv --json > network.json"
    )]
    Network(NetworkArgs),
}

#[derive(clap::Args)]
struct MarketArgs {
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

#[derive(clap::Args)]
struct NetworkArgs {
    /// Utilisation of nodes to begin with, per cent; several by commas
    #[arg(long, value_delimiter = ',', default_value = "60,95", value_parser = clap::value_parser!(u32).range(40..=100))]
    utilisation: Vec<u32>,
    /// Simulated weeks, each an epoch; at least 2
    #[arg(long, default_value_t = network::Scenario::default().weeks)]
    weeks: u64,
    /// Accounts that lock VCAI, 10 to 1,000
    #[arg(long, default_value_t = network::Scenario::default().lockers)]
    lockers: usize,
    /// Lockers that act in each six hours
    #[arg(long, default_value_t = network::Scenario::default().activity)]
    activity: u64,
    #[arg(long, default_value_t = network::Scenario::default().seed)]
    seed: u64,
    /// Also write a row a day of every run into this file
    #[arg(long)]
    csv: Option<PathBuf>,
}

pub fn run(args: &Args, ui: &Ui) -> Result<Answer> {
    match &args.economy {
        Some(Economy::Network(args)) => simulate_network(args, ui),
        None => simulate_market(&args.market, ui),
    }
}

fn simulate_market(args: &MarketArgs, ui: &Ui) -> Result<Answer> {
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
    write_csv(args.csv.as_deref(), || report::csv(&outcome))?;
    answer(&report::text(&outcome)?, &report::json(&outcome)?, start)
}

fn simulate_network(args: &NetworkArgs, ui: &Ui) -> Result<Answer> {
    let start = Instant::now();
    let mut outcomes = Vec::new();
    for utilisation in &args.utilisation {
        let scenario = network::Scenario {
            utilisation_percent: *utilisation,
            seed: args.seed,
            weeks: args.weeks,
            lockers: args.lockers,
            activity: args.activity,
        };
        let step = ui.step(&format!("from {utilisation} % utilisation: genesis"));
        let progress = |week: u64, day: &network::Day| {
            step.say(&format!(
                "from {utilisation} % utilisation: week {week} of {}, P_supply {:.2} %, utilisation {:.2} %, {} messages so far",
                args.weeks,
                f64::from(day.supply_ppm) / 1e4,
                f64::from(day.utilisation_ppm) / 1e4,
                day.executed
            ));
        };
        outcomes.push(network::run(&scenario, &progress)?);
    }
    write_csv(args.csv.as_deref(), || network::report::csv(&outcomes))?;
    answer(
        &network::report::text(&outcomes)?,
        &network::report::json(&outcomes)?,
        start,
    )
}

fn write_csv(path: Option<&Path>, csv: impl FnOnce() -> Result<String>) -> Result<()> {
    if let Some(path) = path {
        std::fs::write(path, csv()?).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn answer(text: &str, json: &str, start: Instant) -> Result<Answer> {
    let text = format!("{}\n\nsimulated in {} s", text.trim_end(), start.elapsed().as_secs());
    Answer::new(text, &serde_json::from_str::<serde_json::Value>(json)?)
}
