//! `gateway`: turns the call log of an API into signed usage reports and answers for them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use cosmwasm_std::Uint128;
use indicatif::ProgressBar;
use interfaces::attestation_oracle::{QueryMsg, VerifyCallResponse};
use serde::Serialize;
use worker::cli::status::{describe, Status};
use worker::cli::{self, init::InitArgs, Output};
use worker::gateway::book::{Batch, Side};
use worker::gateway::close::Closed;
use worker::gateway::config;
use worker::gateway::generate::{generate, Generated, LogSpec};
use worker::gateway::reveal::{Answer, Revealer};
use worker::gateway::run::{Gateway, Ingest, Progress, Summary};
use worker::gateway::{expected, prove, rates};
use worker::sdk::config::seconds;
use worker::sdk::{Account, ChainClient, ChainClock};
use worker::{Error, Result};

/// Reports API usage to the chain: every call of a log becomes a leaf of a signed, provable report.
///
/// Calls of accounts without an open spending account at this gateway are left out, as the chain would not charge them. Keys come and go by themselves: every
/// enrolment makes a fresh one, and it is renewed 15 minutes before it ends or when the chain's clock has passed its end.
#[derive(Parser)]
#[command(name = "gateway", version, after_help = EXAMPLES)]
struct Cli {
    /// Configuration file, as `gateway init` writes it
    #[arg(long, global = true, value_name = "FILE", env = "GATEWAY_CONFIG", default_value = config::FILE)]
    config: PathBuf,
    #[command(flatten)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  gateway init --dir gw --chain-id lex-local-1 --oracle wasm1… --vault wasm1… --gas-price 0.025stake --quote testkit
  gateway --config gw/gateway.toml enroll                        # after funding the operator that init prints
  gateway --config gw/gateway.toml ingest --log calls.jsonl      # a complete log
  gateway --config gw/gateway.toml ingest --log api.log --follow # a growing one, until SIGTERM
  gateway --config gw/gateway.toml prove --call-id chatcmpl-1 --side out --check
  gateway --config gw/gateway.toml --json - status | jq .statements

Exit status: 0 if everything asked for was done, 1 if not, 2 if the command line is wrong. RUST_LOG=debug says more.";

const LINE: &str = "\
A line of the log, in either shape (other fields are ignored; `user` is the paying account's address):
  {\"id\":\"chatcmpl-1\",\"created\":1753000000,\"model\":\"gpt-4o\",\"user\":\"wasm1…\",\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":34}}
  {\"id\":7,\"created_at\":1753000001,\"model_name\":\"gpt-4o\",\"username\":\"wasm1…\",\"prompt_tokens\":12,\"completion_tokens\":34}

The same command goes on after a crash: no call is reported twice and none is lost.";

#[derive(Subcommand)]
enum Command {
    /// Write a configuration file and the operator's key
    #[command(
        after_help = "Nothing that exists is replaced. Next: fund the operator it prints with gas and the bond, then `gateway enroll`."
    )]
    Init(InitArgs),
    /// Enrol a fresh key with hardware evidence, if none is enrolled that lasts another 15 minutes
    #[command(after_help = "`ingest` enrols by itself; this shows whether it works. The bond is paid once.")]
    Enroll {
        /// Enrol a fresh key even though the enrolment still lasts
        #[arg(long)]
        force: bool,
    },
    /// Take in a call log, report it, and follow the reports until they are settled
    #[command(after_help = LINE)]
    Ingest(IngestArgs),
    /// Print the query that proves one call against its posted report
    Prove(ProveArgs),
    /// Answer challenges: reveal the calls that accounts ask for
    Reveal {
        /// Answer what is open now and end, instead of watching
        #[arg(long)]
        once: bool,
        /// Time between two looks
        #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_seconds)]
        every: u64,
    },
    /// Show enrolment, keys, statements and outcomes, and what to do next
    Status,
    /// Print the rate cards in force, as `expected` and `generate-log` read them
    Rates,
    /// Make a call log from a seed: the same bytes on every machine
    GenerateLog(GenerateArgs),
    /// Work out what a log must come to on the chain, the slow way; needs no chain
    Expected {
        /// The log
        #[arg(long, value_name = "FILE")]
        log: PathBuf,
        /// Rate cards, as `gateway --json FILE rates` writes them
        #[arg(long, value_name = "FILE")]
        rates: PathBuf,
        /// Length of a reporting window
        #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = parse_seconds)]
        window: u64,
    },
}

#[derive(Args)]
struct IngestArgs {
    /// The log: one JSON object per line, in OpenAI's or NewAPI's usage shape
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// Length of a reporting window; default as configured
    #[arg(long, value_name = "DURATION", value_parser = parse_seconds)]
    window: Option<u64>,
    /// Go on as the log grows, until SIGTERM
    #[arg(long)]
    follow: bool,
    /// Give up following a report after so long without progress; a later run goes on
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = parse_seconds)]
    patience: u64,
}

#[derive(Args)]
struct ProveArgs {
    /// Id of the call, as in the log
    #[arg(long, value_name = "ID")]
    call_id: String,
    /// Prove the call's input or output tokens
    #[arg(long, value_enum, default_value_t = CallSide::In)]
    side: CallSide,
    /// Ask the chain as well
    #[arg(long)]
    check: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum CallSide {
    In,
    Out,
}

#[derive(Args)]
struct GenerateArgs {
    /// How many calls
    #[arg(long, default_value_t = 120_000)]
    calls: u64,
    /// How many accounts, derived from `--phrase`
    #[arg(long, default_value_t = 60)]
    accounts: u32,
    /// Accounts from a file instead, one address a line, the busiest first
    #[arg(long, conflicts_with = "accounts")]
    accounts_file: Option<PathBuf>,
    /// BIP-39 phrase of the derived accounts; the default is publicly known, for local chains only
    #[arg(long, default_value = "test test test test test test test test test test test junk")]
    phrase: String,
    /// Index of the first derived account
    #[arg(long, default_value_t = 100)]
    first_index: u32,
    /// Bech32 prefix of the accounts
    #[arg(long, default_value = "wasm")]
    prefix: String,
    /// The same seed, accounts and rates make the same bytes
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Time of the first call, Unix seconds
    #[arg(long)]
    start: u64,
    /// Time from the first call to the last
    #[arg(long, default_value = "1h", value_parser = parse_seconds)]
    duration: u64,
    /// Models, the most popular first; default those of `--rates`
    #[arg(long = "model")]
    models: Vec<String>,
    /// Rate cards, as `gateway rates` prints them
    #[arg(long)]
    rates: Option<PathBuf>,
    /// Scale the calls until the log comes to so many Credits at the given rates
    #[arg(long, requires = "rates")]
    credits_target: Option<u64>,
    /// The log to write
    #[arg(long)]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    cli::init_logging();
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain("gateway", &error);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let (output, config) = (&cli.output, &cli.config);
    match cli.command {
        Command::Init(args) => init(output, &args),
        Command::Enroll { force } => enroll(output, config, force).await,
        Command::Ingest(args) => ingest(output, config, args).await,
        Command::Prove(args) => prove_call(output, config, &args).await,
        Command::Reveal { once, every } => reveal(output, config, once, Duration::from_secs(every)).await,
        Command::Status => status(output, config).await,
        Command::Rates => print_rates(output, config).await,
        Command::GenerateLog(args) => generate_log(output, &args),
        Command::Expected { log, rates, window } => {
            output.emit(&expected::expected(&log, &rates, window)?, |expected| {
                format!(
                    "{} calls in {} windows, {} entries, {} lines skipped\n{} Credits consumed, {} LCO mined, {} halvings",
                    expected.calls,
                    expected.windows,
                    expected.entries,
                    expected.skipped,
                    cli::units(expected.credits_consumed.u128()),
                    cli::units(expected.lco_expected.u128()),
                    expected.halvings
                )
            })
        }
    }
}

fn init(output: &Output, args: &InitArgs) -> Result<()> {
    if args.vault.is_none() {
        return Err(Error::Config("a gateway needs --vault".into()));
    }
    let head = "# Calls and statements; leaves of posted reports are read from here, so keep it.
book = \"gateway.db\"
# Length of a reporting window.
window = \"10m\"
# While a log is followed: wait so long after a window's end for lines that are still being written.
settle_delay = \"30s\"
# A report that is not on the chain after so long moves no money.
report_ttl = \"7d\"
";
    output.emit(&cli::init::init(args, config::FILE, head)?, |written| {
        format!(
            "wrote {}\nkeys in {}\nnext: fund the operator {} with gas and the bond, then run\n  gateway --config {} enroll",
            written.config.display(),
            written.statement_keys.display(),
            written.operator,
            written.config.display()
        )
    })
}

async fn enroll(output: &Output, config: &Path, force: bool) -> Result<()> {
    let gateway = Gateway::open(config)?;
    let enroller = gateway.enroller();
    let enrolment = if force {
        enroller.enrol().await?
    } else {
        enroller.ensure().await?
    };
    let now = ChainClock::read(&gateway.tools.client).await?.now();
    output.emit(&enrolment, |enrolment| describe(enrolment, now))
}

async fn ingest(output: &Output, config: &Path, args: IngestArgs) -> Result<()> {
    let mut gateway = Gateway::open(config)?;
    let job = Ingest {
        window: args.window.unwrap_or(gateway.config.window),
        patience: Duration::from_secs(args.patience),
        log: args.log,
    };
    let length = std::fs::metadata(&job.log).map_err(Error::file(&job.log))?.len();
    let summary = if args.follow {
        gateway.follow(&job, &Silent, cli::stopped()).await?
    } else {
        gateway.ingest_once(&job, &Bars::new(length)).await?
    };
    output.emit(&summary, describe_summary)?;
    match summary.statements.signed.saturating_add(summary.statements.posted) {
        0 => Ok(()),
        open if args.follow => {
            tracing::info!(open, "reports on their way; the next run follows them");
            Ok(())
        }
        open => Err(Error::Unreachable {
            url: gateway.config.relayer.url.clone(),
            reason: format!("{open} reports are not settled yet; run the same command again to go on"),
        }),
    }
}

fn describe_summary(summary: &Summary) -> String {
    let (tally, closed) = (&summary.tally, &summary.closed);
    let mut text = format!(
        "{} lines: {} calls, {} duplicates, {} malformed, {} without price, {} too late\n\
         {} windows: {} reports, {} entries, {} leaves, {} Credits; {} calls left out, {} windows pending\n\
         settled {:?} in {} s",
        tally.lines,
        tally.calls,
        tally.duplicates,
        tally.malformed,
        tally.unpriced,
        tally.late,
        closed.windows,
        closed.reports,
        closed.entries,
        closed.leaves,
        cli::units(closed.list.u128()),
        closed.left_out,
        summary.pending_windows,
        summary.outcomes,
        summary.seconds
    );
    for refused in &tally.refused {
        text.push_str(&format!("\n  line {}: {}", refused.line, refused.reason));
    }
    text
}

/// Progress for a person.
struct Bars {
    read: ProgressBar,
    settled: ProgressBar,
}

impl Bars {
    fn new(bytes: u64) -> Self {
        Self {
            read: cli::bar(bytes, "reading", true),
            settled: ProgressBar::new_spinner(),
        }
    }
}

impl Progress for Bars {
    fn read(&self, bytes: u64) {
        self.read.set_position(bytes);
    }

    fn closed(&self, batch: &Batch, closed: &Closed) {
        self.read.finish_and_clear();
        tracing::info!(
            window = batch.window_start,
            reports = closed.reports,
            entries = closed.entries,
            "window closed"
        );
    }

    fn settled(&self, statements: u64) {
        self.settled.set_message(format!("{statements} reports settled"));
        self.settled.tick();
    }
}

/// Progress of a service: its log.
struct Silent;

impl Progress for Silent {
    fn read(&self, _bytes: u64) {}

    fn closed(&self, batch: &Batch, closed: &Closed) {
        tracing::info!(
            window = batch.window_start,
            reports = closed.reports,
            entries = closed.entries,
            "window closed"
        );
    }

    fn settled(&self, statements: u64) {
        tracing::info!(statements, "settled");
    }
}

#[derive(Serialize)]
struct Proven {
    /// Query for the oracle.
    query: QueryMsg,
    /// What the chain says.
    answer: VerifyCallResponse,
}

async fn prove_call(output: &Output, config: &Path, args: &ProveArgs) -> Result<()> {
    let gateway = Gateway::open(config)?;
    let side = match args.side {
        CallSide::In => Side::In,
        CallSide::Out => Side::Out,
    };
    let query = QueryMsg::VerifyCall {
        call: prove::prove_call(&gateway.conn, &args.call_id, side)?,
    };
    if !args.check {
        // The bare query, ready for any client.
        return output.emit(&query, |query| serde_json::to_string(query).unwrap_or_default());
    }
    let answer: VerifyCallResponse = gateway
        .tools
        .client
        .query(gateway.tools.home.contract(), &query)
        .await?;
    output.emit(&Proven { query, answer }, |proven| {
        serde_json::to_string(&proven.answer).unwrap_or_default()
    })
}

async fn reveal(output: &Output, config: &Path, once: bool, every: Duration) -> Result<()> {
    let gateway = Gateway::open(config)?;
    let id = gateway
        .enroller()
        .known_id()?
        .ok_or_else(|| Error::Config("not enrolled; run gateway enroll".into()))?;
    let mut revealer = Revealer {
        conn: &gateway.conn,
        client: &gateway.tools.client,
        oracle: gateway.tools.home.contract(),
        gateway: id,
        settled: None,
    };
    if once {
        return output.emit(&revealer.answer_all().await?, |answers| describe_answers(answers));
    }
    let stop = cli::stopped();
    tokio::pin!(stop);
    loop {
        match revealer.answer_all().await {
            Ok(answers) => answers
                .iter()
                .for_each(|answer| tracing::info!("{}", describe_answer(answer))),
            Err(error) if error.is_transient() => tracing::warn!(%error, "trying again"),
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = tokio::time::sleep(every) => {}
        }
    }
}

fn describe_answers(answers: &[Answer]) -> String {
    match answers {
        [] => "no open challenges".into(),
        answers => answers.iter().map(describe_answer).collect::<Vec<_>>().join("\n"),
    }
}

fn describe_answer(answer: &Answer) -> String {
    let what = format!(
        "challenge {} of {} for {} calls",
        answer.challenge, answer.account, answer.calls
    );
    match &answer.result {
        Ok(hash) => format!("{what}: revealed in {hash}"),
        Err(error) => format!("{what}: {error}"),
    }
}

async fn status(output: &Output, config: &Path) -> Result<()> {
    let gateway = Gateway::open(config)?;
    let status = Status::read(&gateway.enroller()).await?;
    output.emit(&status, |status| status.describe("gateway"))
}

async fn print_rates(output: &Output, config: &Path) -> Result<()> {
    let gateway = Gateway::open(config)?;
    let rates = rates::fetch_rates(&gateway.tools.client, gateway.config.vault()?).await?;
    output.emit(&rates, |rates| serde_json::to_string_pretty(rates).unwrap_or_default())
}

fn generate_log(output: &Output, args: &GenerateArgs) -> Result<()> {
    let rates = args
        .rates
        .as_deref()
        .map(rates::read_rates)
        .transpose()?
        .unwrap_or_default();
    let target = args
        .credits_target
        .map(|credits| (Uint128::new(u128::from(credits) * 1_000_000), rates.clone()));
    let spec = LogSpec {
        seed: args.seed,
        calls: args.calls,
        accounts: accounts(args)?,
        models: models(args, &rates),
        start: args.start,
        duration: args.duration,
        target,
    };
    let file = std::fs::File::create(&args.out).map_err(Error::file(&args.out))?;
    let mut out = std::io::BufWriter::new(file);
    let bar = cli::bar(args.calls, "generating", false);
    let generated = generate(&spec, &mut out, |calls| bar.set_position(calls))?;
    std::io::Write::flush(&mut out).map_err(Error::file(&args.out))?;
    bar.finish_and_clear();
    output.emit(&generated, |generated: &Generated| {
        format!(
            "{} calls of {} accounts from {} to {}\nSHA-256 {}",
            generated.calls, generated.accounts, generated.first, generated.last, generated.sha256
        )
    })
}

fn accounts(args: &GenerateArgs) -> Result<Vec<String>> {
    if let Some(path) = &args.accounts_file {
        let text = std::fs::read_to_string(path).map_err(Error::file(path))?;
        return Ok(text.split_whitespace().map(str::to_owned).collect());
    }
    let derive = |index| Account::from_phrase(&args.phrase, args.first_index.saturating_add(index), &args.prefix);
    (0..args.accounts)
        .map(|index| Ok(derive(index)?.address().to_owned()))
        .collect()
}

fn models(args: &GenerateArgs, rates: &[interfaces::credit_vault::RateResponse]) -> Vec<String> {
    if !args.models.is_empty() {
        return args.models.clone();
    }
    let mut models: Vec<String> = rates
        .iter()
        .filter_map(|rate| rate.sku.strip_suffix(":in").map(str::to_owned))
        .collect();
    if models.is_empty() {
        models = vec!["gpt-4o".into(), "gpt-4o-mini".into()];
    }
    models
}

fn parse_seconds(text: &str) -> std::result::Result<u64, String> {
    seconds(text).map_err(|e| e.to_string())
}
