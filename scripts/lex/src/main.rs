//! `lex`: builds, deploys and runs the suite.

mod artifacts;
mod commands;
mod ui;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{artifacts as artifacts_command, chain, deploy, schema};
use ui::{Answer, Ui};

/// Builds, deploys and runs the suite.
#[derive(Parser)]
#[command(
    name = "lex",
    version,
    after_help = "Examples:\n  lex artifacts                 build every contract\n  lex chain start               start a local chain\n  \
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
    /// Build, shrink and check the contracts' Wasm
    Artifacts(artifacts_command::Args),
    /// Start, stop and move in time a local chain
    #[command(subcommand)]
    Chain(chain::Command),
    /// Deploy the suite, or bring a deployed one up to date
    Deploy(deploy::Args),
    /// Generate JSON schemas, the TypeScript client and the access matrix
    Schema(schema::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ui = Ui::new(cli.json);
    ui.finish(run(cli.command, &ui))
}

fn run(command: Command, ui: &Ui) -> anyhow::Result<Answer> {
    match command {
        Command::Artifacts(args) => artifacts_command::run(&args, ui),
        Command::Chain(command) => chain::run(&command, ui),
        Command::Deploy(args) => deploy::run(&args, ui),
        Command::Schema(args) => schema::run(&args, ui),
    }
}
