//! The command line.

mod collateral;
mod evidence;
mod keys;
mod run;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogConfig};

const ABOUT: &str = "Carries signed statements of enclaves to the chain, exactly once in effect";

const EXAMPLES: &str = "\
First steps:
  relayer config print-default > relayer.toml     a configuration to edit
  relayer keys add relayer --dir keys             an encrypted key; fund the address it prints
  relayer config check                            tells what is missing, and what to do about it
  relayer run                                     serves http://127.0.0.1:8650

Then:
  relayer status                                  what is in the outbox
  relayer requeue --dead                          try again what was given up
  curl localhost:8650/readyz                      whether it works, and why not

Every value of the configuration can be overridden by RELAYER__SECTION__FIELD in the environment,
for example RELAYER__GAS__PRICE_MICRO=50000.";

#[derive(Parser)]
#[command(name = "relayer", version, about = ABOUT, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the configuration is.
#[derive(Args, Clone, Debug)]
pub struct ConfigArg {
    /// Configuration file.
    #[arg(
        long,
        short,
        env = "RELAYER_CONFIG",
        default_value = "relayer.toml",
        value_name = "FILE"
    )]
    config: PathBuf,
}

impl ConfigArg {
    fn load(&self) -> anyhow::Result<Config> {
        Ok(Config::load(&self.config)?)
    }
}

#[derive(Subcommand)]
enum Command {
    /// Serve: take statements in and carry them to the chain. SIGTERM ends it in order within ten seconds.
    Run(ConfigArg),
    /// Print or check a configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Show what is in the outbox. Works whether or not the relayer runs.
    Status {
        #[command(flatten)]
        config: ConfigArg,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
    },
    /// Try statements again that were given up (dead) or refused (rejected), or deliveries to a receiver that failed.
    Requeue(show::Requeue),
    /// Make and list encrypted keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Serve one key to relayers over a Unix socket. Signs only executions of the named contracts, without funds.
    Signer(keys::SignerArgs),
    /// Intel's collateral on the chain.
    #[command(subcommand)]
    Collateral(collateral::CollateralCommand),
    /// Write contradicting statements of one signer as JSON: proof of equivocation that anybody can check and submit.
    ExportEvidence {
        #[command(flatten)]
        config: ConfigArg,
        /// File to write; standard output without it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// List the named places at which RELAYER_FAILPOINT=<name>[:n] kills the process, and what each costs.
    Failpoints {
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print a complete configuration for a local chain, to start from.
    PrintDefault,
    /// Read the configuration, open the key, and ask every endpoint and the contract. Changes nothing.
    Check(ConfigArg),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run(config) => block_on(run::run(config.load()?)),
        Command::Config(ConfigCommand::PrintDefault) => show::print_default(),
        Command::Config(ConfigCommand::Check(config)) => block_on(run::check(config.load()?)),
        Command::Status { config, json } => show::status(&config.load()?, json),
        Command::Requeue(requeue) => show::requeue(&requeue),
        Command::Keys(command) => keys::keys(command),
        Command::Signer(args) => keys::signer(&args),
        Command::Collateral(command) => block_on(collateral::collateral(command)),
        Command::ExportEvidence { config, out } => evidence::export(&config.load()?, out.as_deref()),
        Command::Failpoints { json } => show::failpoints(json),
    }
}

fn block_on<T>(work: impl std::future::Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// Logs to standard error, so that standard output stays for answers. `RUST_LOG` overrides the filter.
fn init_logging(config: &LogConfig) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(&config.filter));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second initialisation, as in tests, is no error.
    let _ = match config.json {
        true => logs.json().flatten_event(true).try_init(),
        false => logs.try_init(),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_explains_itself() {
        fn check(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{} has no help", command.get_name());
            command
                .get_subcommands()
                .filter(|sub| sub.get_name() != "help")
                .for_each(check);
        }
        check(&Cli::command());
    }
}
