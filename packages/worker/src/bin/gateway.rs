//! `gateway`: serves calls, or takes in the call log of an API, makes signed usage reports of them and answers for them.

use std::net::SocketAddr;
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
use worker::gateway::serve::client::{KeyClient, Wish};
use worker::gateway::serve::http::KeyAnswer;
use worker::gateway::serve::tokens::ApiKey;
use worker::gateway::serve::{Server, Serving, Setup};
use worker::gateway::{expected, prove, rates};
use worker::sdk::config::{seconds, Tools};
use worker::sdk::{store, Account, ChainClient, ChainClock, Enrolment, RpcClient};
use worker::{Error, Result};

/// Serves an OpenAI-compatible API for accounts that pay by the chain, and reports usage to it: every call becomes a leaf of a signed, provable report.
///
/// `serve` stands in front of a model server and writes the log itself; `ingest` takes in the log of an API that exists. Calls of accounts without an open spending account at this gateway are left out, as the chain would not charge them. Keys come and go by themselves: every
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
  gateway --config gw/gateway.toml serve --upstream http://127.0.0.1:8000/v1
  gateway key new --account-key user.key --chain-id lex-local-1  # as an account with a spending account here
  gateway --config gw/gateway.toml ingest --log calls.jsonl      # a complete log
  gateway --config gw/gateway.toml ingest --log api.log --follow # a growing one, until SIGTERM
  gateway --config gw/gateway.toml prove --call-id chatcmpl-1 --side out --check
  gateway --config gw/gateway.toml --json - status | jq .statements

Exit status: 0 if everything asked for was done, 1 if not, 2 if the command line is wrong. RUST_LOG=debug says more.";

const SERVE: &str = "\
Served are POST /v1/chat/completions, /v1/completions and /v1/embeddings, GET /v1/models and /v1/account, and for operations /livez, /readyz and /metrics.

An account opens a spending account at this gateway, gets an API key with `gateway key new`, and then calls as it would call OpenAI:
  curl http://127.0.0.1:8787/v1/chat/completions -H \"Authorization: Bearer $GATEWAY_API_KEY\" -H 'Content-Type: application/json' \\
    -d '{\"model\":\"gpt-4o\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}'

What a call can cost at most is reserved before it is sent on, what it did cost is on the disk before its answer ends, and windows are reported as their time
comes. Limits are under [serve] in the configuration; the upstream's key comes from [serve.upstream] key_env or key_file. One process serves or ingests at a
time. SIGTERM ends it after the calls under way.

For a first try there is a model server without a model: `model-server --listen 127.0.0.1:8000`.";

const KEY: &str = "\
Examples:
  gateway key new --account-key user.key --chain-id lex-local-1 --url http://127.0.0.1:8787
  export GATEWAY_API_KEY=gk_…
  gateway key list
  gateway key revoke --id 3

`new` signs a challenge off chain, as a wallet's signArbitrary does; it sends no transaction. The key is shown once.";

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
    /// Serve an OpenAI-compatible API in front of a model server, and report the calls, until SIGTERM
    #[command(after_help = SERVE)]
    Serve(ServeArgs),
    /// Get, list or revoke API keys of a serving gateway, as an account
    #[command(subcommand, after_help = KEY)]
    Key(KeyCommand),
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
struct ServeArgs {
    /// Loopback address to listen on; default as configured
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Base URL of the model server; default as configured
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Get a key for an account that has a spending account at the gateway
    New(NewKeyArgs),
    /// List the account's live keys
    List(KeyAccess),
    /// Revoke one of them
    Revoke {
        #[command(flatten)]
        access: KeyAccess,
        /// Number of the key, as `list` shows it
        #[arg(long)]
        id: u64,
    },
}

#[derive(Args)]
struct NewKeyArgs {
    /// The serving gateway
    #[arg(
        long,
        value_name = "URL",
        env = "GATEWAY_URL",
        default_value = "http://127.0.0.1:8787"
    )]
    url: String,
    /// File with the account's key: 64 hexadecimal digits, or a BIP-39 phrase with an optional `/index`
    #[arg(long, value_name = "FILE")]
    account_key: PathBuf,
    /// Chain the account is on; a challenge for another one is not signed
    #[arg(long, value_name = "ID")]
    chain_id: String,
    /// The gateway's number; a challenge of another one is not signed
    #[arg(long)]
    gateway: Option<u64>,
    /// Bech32 prefix of accounts
    #[arg(long, default_value = "wasm")]
    prefix: String,
    /// Name by which you will know the key
    #[arg(long, default_value = "")]
    label: String,
    /// Life of the key; the gateway's longest if not given or longer
    #[arg(long, value_name = "DURATION", value_parser = parse_seconds)]
    expires_in: Option<u64>,
    /// End every older key of the account
    #[arg(long)]
    replace: bool,
}

#[derive(Args)]
struct KeyAccess {
    /// The serving gateway
    #[arg(
        long,
        value_name = "URL",
        env = "GATEWAY_URL",
        default_value = "http://127.0.0.1:8787"
    )]
    url: String,
    /// A live key of the account
    #[arg(long, value_name = "KEY", env = "GATEWAY_API_KEY", hide_env_values = true)]
    api_key: String,
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
        Command::Serve(args) => serve(output, config, args).await,
        Command::Key(command) => key(output, command).await,
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

async fn serve(output: &Output, config: &Path, args: ServeArgs) -> Result<()> {
    let mut gateway = Gateway::open(config)?;
    let serve = &mut gateway.config.serve;
    serve.listen = args.listen.unwrap_or(serve.listen);
    serve.upstream.url = args.upstream.unwrap_or_else(|| serve.upstream.url.clone());
    let grace = Duration::from_secs(serve.shutdown_grace);
    let _lock = gateway.lock()?;
    let enrolment = gateway.enroller().ensure().await?;
    let serving = start(&gateway, config, enrolment).await?;
    let listening = Listening {
        url: format!("http://{}/v1", serving.address),
        gateway: enrolment.subject.id,
        upstream: gateway.config.serve.upstream.url.clone(),
    };
    output.emit(&listening, |at| {
        format!("gateway {} serves {} in front of {}", at.gateway, at.url, at.upstream)
    })?;
    let server = serving.server.clone();
    let reported = gateway
        .report(
            enrolment,
            &Silent,
            |enrolment| server.enrolled(enrolment),
            cli::stopped(),
        )
        .await;
    serving.stop(grace).await;
    reported
}

#[derive(Serialize)]
struct Listening {
    url: String,
    gateway: u64,
    upstream: String,
}

/// The server has a connection to the book and a client of the chain of its own.
async fn start(gateway: &Gateway, config: &Path, enrolment: Enrolment) -> Result<Serving<RpcClient>> {
    let base = config.parent().unwrap_or_else(|| Path::new("."));
    let settings = &gateway.config;
    let tools = Tools::new(
        base,
        &settings.chain,
        &settings.keys,
        &settings.relayer,
        &settings.quote,
    )?;
    let setup = Setup {
        config: settings.serve.clone(),
        home: tools.home.clone(),
        prefix: settings.chain.prefix.clone(),
        vault: settings.vault()?.to_owned(),
        window: settings.window,
        conn: store::open(&base.join(&settings.book), &tools.home)?,
        client: tools.client,
        enrolment,
        base,
    };
    Server::new(setup)?.start().await
}

async fn key(output: &Output, command: KeyCommand) -> Result<()> {
    match command {
        KeyCommand::New(args) => {
            let account = Account::load(&args.account_key, &args.prefix)?;
            let wish = Wish {
                chain_id: args.chain_id,
                gateway: args.gateway,
                label: args.label,
                expires_in: args.expires_in,
                replace: args.replace,
            };
            let answer = KeyClient::new(&args.url)?.create(&account, &wish).await?;
            output.emit(&answer, describe_key)
        }
        KeyCommand::List(access) => {
            let keys = KeyClient::new(&access.url)?.list(&access.api_key).await?;
            output.emit(&keys, |keys| {
                keys.iter().map(describe_listed).collect::<Vec<_>>().join("\n")
            })
        }
        KeyCommand::Revoke { access, id } => {
            KeyClient::new(&access.url)?.revoke(&access.api_key, id).await?;
            output.emit(&id, |id| format!("key {id} is revoked"))
        }
    }
}

fn describe_key(answer: &KeyAnswer) -> String {
    format!(
        "{}\nkey {} lasts until {}; it is not shown again\nnext: export GATEWAY_API_KEY={0}",
        answer.key,
        answer.about.id,
        cli::moment(answer.about.expires)
    )
}

fn describe_listed(key: &ApiKey) -> String {
    let (created, expires) = (cli::moment(key.created), cli::moment(key.expires));
    format!("{} from {created} until {expires} {}", key.id, key.label)
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
