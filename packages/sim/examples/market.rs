//! Runs one scenario and prints its report: `market [calm|crash] [weeks] [agents] [seed]`.

use std::time::Instant;

use anyhow::Result;
use sim::{report, run, Scenario, Story};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut scenario = Scenario::default();
    let number = |place: usize| args.get(place).and_then(|text| text.parse::<u64>().ok());
    if args.first().map(String::as_str) == Some("calm") {
        scenario.story = Story::Calm;
    }
    scenario.weeks = number(1).unwrap_or(scenario.weeks);
    scenario.agents = usize::try_from(number(2).unwrap_or(500))?;
    scenario.seed = number(3).unwrap_or(scenario.seed);
    let start = Instant::now();
    let progress =
        |week: u64, day: &sim::run::Day| eprintln!("week {week}: {} messages, {:?}", day.executed, start.elapsed());
    let outcome = run(&scenario, &progress)?;
    println!("{}", report::text(&outcome)?);
    println!("in {:?}", start.elapsed());
    Ok(())
}
