//! `lex`: builds, deploys and runs the suite.

mod artifacts;
mod commands;
mod gas;
mod ui;
mod up;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{
    artifacts as artifacts_command, chain, deploy, down, gas as gas_command, schema, sim as sim_command,
    up as up_command,
};
use ui::{Answer, Ui};

/// Builds, deploys and runs the suite.
#[derive(Parser)]
#[command(
    name = "lex",
    version,
    after_help = "Examples:\n  lex up                        the whole thing, and what to try next\n  lex artifacts                 build every contract\n  lex chain start               start a local chain\n  \
                  lex chain advance 7d          a week passes on it\n  lex chain status --json       for scripts\n\n\
                  What is missing on this machine, `scripts/setup` installs."
)]
struct Cli {
    /// Print one JSON document instead of text, progress goes to stderr
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the main job: chain, relayer, gateway and a log of API calls, down to the redeemed USDT
    Up(up_command::Args),
    /// Stop what `lex up` left running
    Down(down::Args),
    /// Show what `lex up` left running
    Status(down::Args),
    /// Build, shrink and check the contracts' Wasm
    Artifacts(artifacts_command::Args),
    /// Start, stop and move in time a local chain
    #[command(subcommand)]
    Chain(chain::Command),
    /// Deploy the suite, or bring a deployed one up to date
    Deploy(deploy::Args),
    /// Measure what every handler costs on a real chain
    Gas(gas_command::Args),
    /// Generate JSON schemas, the TypeScript client and the access matrix
    Schema(schema::Args),
    /// Simulate the exchange for weeks, or with `network` the GPU network for years, with many agents and every conservation law after each step
    Sim(sim_command::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ui = Ui::new(cli.json);
    ui.finish(run(cli.command, &ui))
}

fn run(command: Command, ui: &Ui) -> anyhow::Result<Answer> {
    match command {
        Command::Up(args) => up_command::run(&args, ui),
        Command::Down(args) => down::down(&args, ui),
        Command::Status(args) => down::status(&args),
        Command::Artifacts(args) => artifacts_command::run(&args, ui),
        Command::Chain(command) => chain::run(&command, ui),
        Command::Deploy(args) => deploy::run(&args, ui),
        Command::Gas(args) => gas_command::run(&args, ui),
        Command::Schema(args) => schema::run(&args, ui),
        Command::Sim(args) => sim_command::run(&args, ui),
    }
}
