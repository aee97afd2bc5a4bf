//! `status`, `requeue`, `failpoints`, `config print-default`.

use anyhow::{bail, Context};
use clap::Args;
use serde_json::json;

use super::ConfigArg;
use crate::config::Config;
use crate::failpoint;
use crate::outbox::{Outbox, Record};
use crate::outcome::{code_name, State};

/// Failures shown by `status`.
const SHOWN: u32 = 20;
/// Statements revived by one `requeue`.
const REQUEUED_AT_ONCE: u32 = 100_000;

/// Which statements to try again.
#[derive(Args)]
pub struct Requeue {
    #[command(flatten)]
    config: ConfigArg,
    /// Digests, hexadecimal.
    #[arg(value_name = "DIGEST")]
    digests: Vec<String>,
    /// Everything that was given up.
    #[arg(long)]
    dead: bool,
    /// Everything that the contract refused.
    #[arg(long)]
    rejected: bool,
    /// Every report whose receiver failed: its delivery starts over.
    #[arg(long)]
    undelivered: bool,
}

/// Prints the example configuration.
pub fn print_default() -> anyhow::Result<()> {
    println!("# Every field with its default; the address and chain id are examples.");
    println!("# See docs/src/operations/relayer.md for what each one does.\n");
    print!("{}", toml::to_string(&Config::example())?);
    Ok(())
}

fn open(config: &Config) -> anyhow::Result<Outbox> {
    let path = &config.outbox.path;
    if !path.exists() {
        bail!("there is no outbox at {}; `relayer run` makes it", path.display());
    }
    Ok(Outbox::open(path)?)
}

/// Shows counts and the newest failures.
pub fn status(config: &Config, as_json: bool) -> anyhow::Result<()> {
    let outbox = open(config)?;
    let counts = outbox.counts()?;
    let transactions = outbox.tx_counts()?;
    let deliveries = outbox.delivery_counts()?;
    let dead = outbox.in_state(State::Dead, SHOWN)?;
    let rejected = outbox.in_state(State::Rejected, SHOWN)?;
    if as_json {
        let counts: serde_json::Map<_, _> = counts.iter().map(|(s, n)| (s.name().into(), json!(n))).collect();
        let transactions: serde_json::Map<_, _> = transactions.into_iter().map(|(s, n)| (s, json!(n))).collect();
        let list = |records: &[Record]| records.iter().map(view).collect::<Vec<_>>();
        let deliveries: serde_json::Map<_, _> = deliveries.iter().map(|(s, n)| (s.name().into(), json!(n))).collect();
        let all = json!({
            "statements": counts,
            "transactions": transactions,
            "deliveries": deliveries,
            "dead": list(&dead),
            "rejected": list(&rejected),
        });
        println!("{all}");
        return Ok(());
    }
    for (state, count) in counts {
        println!("{:<12}{count:>10}", state.name());
    }
    for (state, count) in transactions {
        println!("tx {state:<9}{count:>10}");
    }
    for (state, count) in deliveries.into_iter().filter(|(_, count)| *count > 0) {
        println!("delivery {:<9}{count:>4}", state.name());
    }
    dead.iter().chain(&rejected).for_each(print_failure);
    Ok(())
}

fn view(record: &Record) -> serde_json::Value {
    json!({
        "digest": hex::encode(record.statement.digest),
        "chain": record.statement.chain,
        "seq": record.statement.seq,
        "code": record.code,
        "outcome": record.code.map(code_name),
        "note": record.note,
    })
}

fn print_failure(record: &Record) {
    let outcome = record.code.map_or("", code_name);
    println!(
        "{} {} {outcome} {}",
        record.state,
        hex::encode(record.statement.digest),
        record.note
    );
}

/// Revives statements; a running relayer sees them in its next round.
pub fn requeue(args: &Requeue) -> anyhow::Result<()> {
    let outbox = open(&args.config.load()?)?;
    let mut records = Vec::new();
    for digest in &args.digests {
        records.push(find(&outbox, digest)?);
    }
    for (wanted, state) in [(args.dead, State::Dead), (args.rejected, State::Rejected)] {
        if wanted {
            records.extend(outbox.in_state(state, REQUEUED_AT_ONCE)?);
        }
    }
    let named = !args.digests.is_empty() || args.dead || args.rejected;
    if !named && !args.undelivered {
        bail!("name digests, or say --dead, --rejected or --undelivered; `relayer status` shows what there is");
    }
    if args.undelivered {
        println!("{} reports will be delivered again", outbox.retry_deliveries()?);
    }
    if !named {
        return Ok(());
    }
    let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
    let now = records.iter().map(|record| record.updated_at).max().unwrap_or(0);
    outbox.requeue(&ids, now)?;
    println!("{} statements will be tried again", ids.len());
    Ok(())
}

fn find(outbox: &Outbox, digest: &str) -> anyhow::Result<Record> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(digest, &mut bytes)
        .with_context(|| format!("{digest} is no digest of 64 hexadecimal digits"))?;
    outbox
        .get(&bytes)?
        .with_context(|| format!("{digest} is not in the outbox"))
}

/// Lists failpoints.
pub fn failpoints(as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let list: Vec<_> = failpoint::ALL
            .iter()
            .map(|point| json!({ "name": point.name, "place": point.place, "outcome": point.outcome }))
            .collect();
        println!("{}", serde_json::Value::from(list));
        return Ok(());
    }
    println!(
        "{}=<name>[:n] kills the process by SIGKILL at the n-th pass of a place:\n",
        failpoint::ENV
    );
    for point in failpoint::ALL {
        println!(
            "{}\n  where:   {}\n  restart: {}",
            point.name, point.place, point.outcome
        );
    }
    Ok(())
}
