//! `worker`: the reference worker. Runs deterministic jobs and states what it did.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use attestation::Digest;
use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use worker::cli::{self, init::InitArgs, Output};
use worker::compute::config::{self, JobSpec, Worker};
use worker::compute::heartbeat::Heart;
use worker::compute::job::{Outcome, Runner};
use worker::sdk::config::seconds;
use worker::sdk::courier::Courier;
use worker::sdk::statements::{counts, outcomes, Counts};
use worker::sdk::{ChainClient, ChainClock, Enrolment};
use worker::{Error, Result};

/// Runs jobs inside a trusted environment and states every step to the chain.
///
/// First steps: `worker init`, fund the operator it prints, `worker enroll`, `worker run --job job.toml`.
#[derive(Parser)]
#[command(name = "worker", version)]
struct Cli {
    /// Configuration file
    #[arg(long, global = true, env = "WORKER_CONFIG", default_value = config::FILE)]
    config: PathBuf,
    #[command(flatten)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a configuration file and keys
    Init(Box<WorkerInitArgs>),
    /// Enrol this worker's key, if it is not enrolled
    Enroll {
        /// Enrol even though the enrolment still lasts
        #[arg(long)]
        force: bool,
    },
    /// Run a job, go on with it after a crash, and state it from Start to Complete
    Run {
        /// TOML: job, assignment, slots, report_every, checkpoint_every, and a [program] of kind matrix or sweep
        #[arg(long)]
        job: PathBuf,
        /// Give up following statements after so long without progress; a later run goes on
        #[arg(long, default_value = "2m", value_parser = parse_seconds)]
        patience: u64,
    },
    /// State on the idle chain that the worker is up
    Heartbeat {
        /// One heartbeat, then end
        #[arg(long)]
        once: bool,
        /// Time between two heartbeats
        #[arg(long, default_value = "1h", value_parser = parse_seconds)]
        every: u64,
        /// Give up following a statement after so long without progress
        #[arg(long, default_value = "2m", value_parser = parse_seconds)]
        patience: u64,
    },
    /// Compute a job again and compare its output; needs no chain
    Verify {
        #[arg(long)]
        job: PathBuf,
        /// Output root of the Complete statement, hexadecimal; printed if not given
        #[arg(long, value_parser = parse_digest)]
        output_root: Option<Digest>,
    },
    /// Show enrolment, statements and outcomes
    Status,
}

#[derive(Args)]
struct WorkerInitArgs {
    #[command(flatten)]
    shared: InitArgs,
    /// GPU slots, 1 to 64
    #[arg(long, default_value_t = 1)]
    slots: u8,
    /// Units per second and slot
    #[arg(long, default_value_t = 1)]
    rate: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    cli::init_logging();
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("worker: {error}");
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
            "wrote {}\nstatement key {}\nfund the operator {} with gas and the bond, then run: worker --config {} enroll",
            written.config.display(),
            written.statement_key,
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
    output.emit(&enrolment, describe_enrolment)
}

fn describe_enrolment(enrolment: &Enrolment) -> String {
    format!(
        "worker {}, key epoch {}, level {:?}, valid until {}",
        enrolment.subject.id, enrolment.key_epoch, enrolment.level, enrolment.valid_until
    )
}

#[derive(Serialize)]
struct Done {
    #[serde(flatten)]
    outcome: Outcome,
    /// Statements of this store that are not settled.
    open: u64,
    outcomes: std::collections::BTreeMap<String, u64>,
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
    let enrolment = worker.enroller().ensure().await?;
    let clock = ChainClock::read(&worker.tools.client).await?;
    let bar = cli::bar(spec.program.build()?.steps(), "computing", false);
    let mut runner = Runner {
        conn: &mut worker.conn,
        home: &worker.tools.home,
        key: &worker.tools.key,
        enrolment,
        rate: worker.config.rate,
        statement_ttl: worker.config.statement_ttl,
    };
    let outcome = runner
        .run(&spec, || clock.now(), |steps| bar.set_position(steps))
        .await?;
    bar.finish_and_clear();
    let open = courier(&worker).deliver(patience, |_| {}).await?;
    let done = Done {
        outcome,
        open,
        outcomes: outcomes(&worker.conn)?,
    };
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
    })
}

fn courier(worker: &Worker) -> Courier<'_, impl ChainClient> {
    Courier {
        conn: &worker.conn,
        home: &worker.tools.home,
        client: &worker.tools.client,
        relayer: &worker.tools.relayer,
    }
}

async fn heartbeat(output: &Output, config: &Path, once: bool, every: u64, patience: Duration) -> Result<()> {
    let worker = Worker::open(config)?;
    let stop = cli::stopped();
    tokio::pin!(stop);
    loop {
        let beaten = beat(&worker, every, patience).await;
        if once {
            return output.emit(&beaten?, |(from, until)| format!("up from {from} to {until}"));
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

/// One heartbeat, followed to the chain. Enrols again first if the enrolment ended.
async fn beat(worker: &Worker, longest: u64, patience: Duration) -> Result<(u64, u64)> {
    let enrolment = worker.enroller().ensure().await?;
    let heart = Heart {
        conn: &worker.conn,
        home: &worker.tools.home,
        key: &worker.tools.key,
        slots: worker.config.slots,
        longest,
        ttl: worker.config.statement_ttl,
    };
    let window = loop {
        let now = ChainClock::read(&worker.tools.client).await?.now();
        match heart.beat(&enrolment, now)? {
            Some(window) => break window,
            None => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    };
    courier(worker).deliver(patience, |_| {}).await?;
    Ok((window.start(), window.end()))
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

#[derive(Serialize)]
struct Status {
    operator: String,
    chain_time: u64,
    enrolment: Option<Enrolment>,
    statements: Counts,
    outcomes: std::collections::BTreeMap<String, u64>,
}

async fn status(output: &Output, config: &Path) -> Result<()> {
    let worker = Worker::open(config)?;
    let status = Status {
        operator: worker.tools.client.sender().to_owned(),
        chain_time: ChainClock::read(&worker.tools.client).await?.block().time,
        enrolment: worker.enroller().current().await?,
        statements: counts(&worker.conn)?,
        outcomes: outcomes(&worker.conn)?,
    };
    output.emit(&status, |status| {
        format!(
            "chain time {}\noperator {}\n{}\nstatements {:?}\noutcomes {:?}",
            status.chain_time,
            status.operator,
            status
                .enrolment
                .as_ref()
                .map_or_else(|| "not enrolled".into(), describe_enrolment),
            status.statements,
            status.outcomes
        )
    })
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
