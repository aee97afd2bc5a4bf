//! `worker`: the reference worker. Runs deterministic jobs and states what it did.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use attestation::Digest;
use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use worker::cli::status::{describe, Status};
use worker::cli::{self, init::InitArgs, Output};
use worker::compute::config::{self, JobSpec, Worker};
use worker::sdk::config::seconds;
use worker::sdk::ChainClock;
use worker::{Error, Result};

/// Runs jobs inside a trusted environment and states every step to the chain.
///
/// Keys come and go by themselves: every enrolment makes a fresh one, it is renewed 15 minutes before it ends or when the chain's clock has passed its end, and
/// a running job goes on under the next key in the same chain.
#[derive(Parser)]
#[command(name = "worker", version, after_help = EXAMPLES)]
struct Cli {
    /// Configuration file, as `worker init` writes it
    #[arg(long, global = true, value_name = "FILE", env = "WORKER_CONFIG", default_value = config::FILE)]
    config: PathBuf,
    #[command(flatten)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  worker init --dir w --chain-id lex-local-1 --oracle wasm1… --gas-price 0.025stake --quote testkit
  worker --config w/worker.toml enroll              # after funding the operator that init prints
  worker --config w/worker.toml run --job job.toml  # `worker run --help` shows a job file
  worker --config w/worker.toml heartbeat           # runs until SIGTERM
  worker --config w/worker.toml --json - status | jq .enrolment.valid_until

Exit status: 0 if everything asked for was done, 1 if not, 2 if the command line is wrong. RUST_LOG=debug says more.";

const JOB: &str = "\
A job file:
  job = 42                 # id, at least 1
  assignment = 0           # which assignment of the job
  slots = 1                # of the worker's slots, from the first on
  report_every = \"10s\"     # time between two statements
  checkpoint_every = 5     # every so many statements is a checkpoint
  [program]
  kind = \"matrix\"          # C = A·B mod p; or kind = \"sweep\" with seed, from, range, steps
  size = 512
  tile = 64
  modulus = 2147483647
  seed = \"any text\"

The same command goes on with the job after a crash, and does nothing more once it is done.";

#[derive(Subcommand)]
enum Command {
    /// Write a configuration file and the operator's key
    #[command(
        after_help = "Nothing that exists is replaced. Next: fund the operator it prints with gas and the bond, then `worker enroll`."
    )]
    Init(Box<WorkerInitArgs>),
    /// Enrol a fresh key, if none is enrolled that lasts another 15 minutes
    #[command(
        after_help = "`run` and `heartbeat` enrol by themselves; this shows whether it works. The bond is paid once."
    )]
    Enroll {
        /// Enrol a fresh key even though the enrolment still lasts; open jobs go on under it
        #[arg(long)]
        force: bool,
    },
    /// Run a job, go on with it after a crash, and state it from Start to Complete
    #[command(after_help = JOB)]
    Run {
        /// The job, TOML
        #[arg(long, value_name = "FILE")]
        job: PathBuf,
        /// Give up waiting for chain or relayer after so long without progress; a later run goes on
        #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = parse_seconds)]
        patience: u64,
    },
    /// State on the idle chain that the worker is up, until SIGTERM
    Heartbeat {
        /// One heartbeat, then end
        #[arg(long)]
        once: bool,
        /// Time between two heartbeats
        #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_seconds)]
        every: u64,
        /// Give up following a statement after so long without progress
        #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = parse_seconds)]
        patience: u64,
    },
    /// Compute a job again and compare its output; needs no chain
    #[command(
        after_help = "Example: worker verify --job job.toml --output-root 5f0c…  (exit status 1 if the output is another)"
    )]
    Verify {
        /// The job, TOML
        #[arg(long, value_name = "FILE")]
        job: PathBuf,
        /// Output root of the Complete statement, hexadecimal; printed if not given
        #[arg(long, value_name = "HEX", value_parser = parse_digest)]
        output_root: Option<Digest>,
    },
    /// Show enrolment, keys, statements and outcomes, and what to do next
    Status,
}

#[derive(Args)]
struct WorkerInitArgs {
    #[command(flatten)]
    shared: InitArgs,
    /// GPU slots this machine offers, 1 to 64
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    slots: u8,
    /// Units per second and slot that it reaches at most; statements may claim no more
    #[arg(long, value_name = "UNITS", default_value_t = 1)]
    rate: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    cli::init_logging();
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain("worker", &error);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let (output, config) = (&cli.output, &cli.config);
    match cli.command {
        Command::Init(args) => init(output, &args),
        Command::Enroll { force } => enroll(output, config, force).await,
        Command::Run { job, patience } => run_job(output, config, &job, Duration::from_secs(patience)).await,
        Command::Heartbeat { once, every, patience } => {
            heartbeat(output, config, once, every, Duration::from_secs(patience)).await
        }
        Command::Verify { job, output_root } => verify(output, &job, output_root),
        Command::Status => status(output, config).await,
    }
}

fn init(output: &Output, args: &WorkerInitArgs) -> Result<()> {
    let WorkerInitArgs { shared, slots, rate } = args;
    let head = format!(
        "# Statements and the state of running jobs.
store = \"worker.db\"
# What the hardware has: slots, and units per second and slot. Statements may claim no more.
slots = {slots}
rate = {rate}
# A statement that is not on the chain after so long is void.
statement_ttl = \"2h\"
"
    );
    output.emit(&cli::init::init(shared, config::FILE, &head)?, |written| {
        format!(
            "wrote {}\nkeys in {}\nnext: fund the operator {} with gas and the bond, then run\n  worker --config {} enroll",
            written.config.display(),
            written.statement_keys.display(),
            written.operator,
            written.config.display()
        )
    })
}

async fn enroll(output: &Output, config: &Path, force: bool) -> Result<()> {
    let worker = Worker::open(config)?;
    let enroller = worker.enroller();
    let enrolment = if force {
        enroller.enrol().await?
    } else {
        enroller.ensure().await?
    };
    let now = ChainClock::read(&worker.tools.client).await?.now();
    output.emit(&enrolment, |enrolment| describe(enrolment, now))
}

async fn run_job(output: &Output, config: &Path, job: &Path, patience: Duration) -> Result<()> {
    let mut worker = Worker::open(config)?;
    let spec = JobSpec::load(job)?;
    if spec.slots > worker.config.slots {
        return Err(Error::Job(format!(
            "{} slots, this worker has {}",
            spec.slots, worker.config.slots
        )));
    }
    let bar = cli::bar(spec.program.build()?.steps(), "computing", false);
    let done = worker.run_job(&spec, patience, |steps| bar.set_position(steps)).await?;
    bar.finish_and_clear();
    output.emit(&done, |done| {
        format!(
            "{}: {} steps, {} statements, {} units\noutput root {}\nsettled {:?}, {} open",
            done.outcome.chain,
            done.outcome.steps,
            done.outcome.statements,
            done.outcome.units,
            done.outcome.output_root,
            done.outcomes,
            done.open
        )
    })?;
    match done.open {
        0 => Ok(()),
        open => Err(Error::Unreachable {
            url: worker.config.relayer.url.clone(),
            reason: format!("the job is done, but {open} statements are not settled yet"),
        }),
    }
}

async fn heartbeat(output: &Output, config: &Path, once: bool, every: u64, patience: Duration) -> Result<()> {
    let worker = Worker::open(config)?;
    let stop = cli::stopped();
    tokio::pin!(stop);
    loop {
        let beaten = worker.beat(every, patience).await;
        if once {
            return output.emit(&Beaten::from(beaten?), |beaten| {
                format!("up from {} to {}", beaten.from, beaten.until)
            });
        }
        match beaten {
            Ok((from, until)) => tracing::info!(from, until, "heartbeat"),
            Err(error) if error.is_transient() => tracing::warn!(%error, "trying again"),
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = tokio::time::sleep(Duration::from_secs(every)) => {}
        }
    }
}

#[derive(Serialize)]
struct Beaten {
    /// Unix seconds, half-open.
    from: u64,
    until: u64,
}

impl From<(u64, u64)> for Beaten {
    fn from((from, until): (u64, u64)) -> Self {
        Self { from, until }
    }
}

#[derive(Serialize)]
struct Verified {
    output_root: String,
    /// Whether it is the one asked about.
    matches: Option<bool>,
}

fn verify(output: &Output, job: &Path, claimed: Option<Digest>) -> Result<()> {
    let program = JobSpec::load(job)?.program;
    let bar = cli::bar(program.build()?.steps(), "computing", false);
    let root = program.compute(|steps| bar.set_position(steps))?;
    bar.finish_and_clear();
    let verified = Verified {
        output_root: hex::encode(root),
        matches: claimed.map(|claimed| claimed == root),
    };
    output.emit(&verified, |verified| match verified.matches {
        None => verified.output_root.clone(),
        Some(true) => "the output is right".into(),
        Some(false) => format!("the output is wrong; it is {}", verified.output_root),
    })?;
    match verified.matches {
        Some(false) => Err(Error::Job("the claimed output is wrong".into())),
        _ => Ok(()),
    }
}

async fn status(output: &Output, config: &Path) -> Result<()> {
    let worker = Worker::open(config)?;
    let status = Status::read(&worker.enroller()).await?;
    output.emit(&status, |status| status.describe("worker"))
}

fn parse_seconds(text: &str) -> std::result::Result<u64, String> {
    seconds(text).map_err(|e| e.to_string())
}

fn parse_digest(text: &str) -> std::result::Result<Digest, String> {
    let mut digest = Digest::default();
    hex::decode_to_slice(text, &mut digest)
        .map(|()| digest)
        .map_err(|_| "expected 64 hexadecimal digits".into())
}
