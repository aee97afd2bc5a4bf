//! Incentives.

use anyhow::Result;
use cosmwasm_std::{HexBinary, Uint128};
use interfaces::incentive_controller::{
    Bucket, ConfigResponse, EpochsResponse, ExecuteMsg, Gpu, Level, NodeDay, QueryMsg, Rental, MAX_ROWS,
};
use suite::population::network::people;
use suite::population::{stranger, user, CAST};

use super::network::ONE;
use super::vault::ownership;
use super::DAY;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const INCENTIVES: &str = "incentive-controller";
const CLAIM: u64 = 210_000;
const ADVANCE: u64 = 250_000;

fn row(handler: &str, case: &str) -> Row {
    Row::new(INCENTIVES, handler, case)
}

fn node(node: String) -> NodeDay {
    NodeDay {
        node,
        stake: Uint128::new(10_000 * ONE),
        online: 3_000,
        stability_bps: 9_900,
        vram_gb: 96,
        level: Level::A2,
        available: 1_000u128.into(),
        decile: Some(5),
    }
}

fn rental(renter: String, node: String) -> Rental {
    Rental {
        renter,
        node,
        units: 800u128.into(),
        quality_bps: 9_900,
        spend: Uint128::new(100 * ONE),
        fee: Uint128::new(10 * ONE),
    }
}

/// Reports of today, and what accounts and owner may do. Answers the epoch's first day.
pub fn run(bench: &mut Bench) -> Result<u64> {
    let (to, council, reporter) = (
        bench.at.incentive_controller.clone(),
        bench.by("council")?,
        bench.by("operator")?,
    );
    let [host, other] = people::NODES;
    let (host, other, renter) = (user(host)?, user(other)?, user(7)?);
    let day = bench.now()? / DAY;
    let report = |rentals: Vec<Rental>, nodes: Vec<NodeDay>, gpus: Vec<Gpu>| ExecuteMsg::Report {
        day,
        rentals,
        nodes,
        gpus,
    };
    let capacity = vec![node(host.address().to_owned())];
    let rented = vec![rental(renter.address().to_owned(), host.address().to_owned())];
    let gpu = vec![Gpu {
        gpu: HexBinary::from([7; 32]),
        node: host.address().to_owned(),
    }];
    let few = [
        ("1 node", 1, report(Vec::new(), capacity.clone(), Vec::new())),
        ("1 node, again", 1, report(Vec::new(), capacity, Vec::new())),
        ("1 rental", 2, report(rented.clone(), Vec::new(), Vec::new())),
        ("1 rental, again", 2, report(rented, Vec::new(), Vec::new())),
        ("1 GPU", 1, report(Vec::new(), Vec::new(), gpu)),
    ];
    for (case, hops, msg) in few {
        bench.measure(row("Report", case).hops(hops), &reporter, &to, &msg, &[])?;
    }
    let count = u32::try_from(MAX_ROWS)?;
    let strangers = (0..count).map(|index| stranger(CAST - 1 - index));
    let strangers = strangers.collect::<Result<Vec<_>>>()?;
    let nodes = strangers.iter().cloned().map(node).collect();
    let msg = report(Vec::new(), nodes, Vec::new());
    bench.measure(row("Report", "50 nodes"), &reporter, &to, &msg, &[])?;
    let rentals = strangers
        .iter()
        .map(|stranger| rental(stranger.clone(), host.address().to_owned()));
    let msg = report(rentals.collect(), Vec::new(), Vec::new());
    bench.measure(row("Report", "50 rentals"), &reporter, &to, &msg, &[])?;

    let allow = ExecuteMsg::AllowKeepers { allowed: true };
    bench.measure(row("AllowKeepers", "").hops(1), &other, &to, &allow, &[])?;
    let refer = ExecuteMsg::NameReferrer {
        referrer: renter.address().to_owned(),
    };
    bench.measure(row("NameReferrer", "").hops(1), &host, &to, &refer, &[])?;
    let config: ConfigResponse = bench.query(&to, &QueryMsg::Config {})?;
    let name = ExecuteMsg::SetReporter {
        reporter: config.reporter,
    };
    bench.measure(row("SetReporter", "").hops(1), &council, &to, &name, &[])?;
    let set = ExecuteMsg::SetParams { params: config.params };
    bench.measure(row("SetParams", "").hops(1), &council, &to, &set, &[])?;
    ownership(bench, INCENTIVES, &to, ExecuteMsg::Ownership)?;
    first_day(bench)
}

/// Of the only epoch.
fn first_day(bench: &Bench) -> Result<u64> {
    let question = QueryMsg::Epochs {
        start_before: None,
        limit: None,
    };
    let found: EpochsResponse = bench.query(&bench.at.incentive_controller, &question)?;
    Ok(found.epochs.first().map_or(0, |epoch| epoch.start))
}

/// When a week that begins on that day can be closed.
pub fn epoch_closes(first: u64) -> u64 {
    (first + 8) * DAY + 60
}

/// When the days that were reported have closed, and the epoch has not.
pub fn claim(bench: &mut Bench) -> Result<()> {
    let (to, first) = (bench.at.incentive_controller.clone(), first_day(bench)?);
    let [host, other] = people::NODES;
    let claim = |from, to| ExecuteMsg::Claim { from, to };
    let last = bench.now()? / DAY - 2;
    let one = row("Claim", "1 day, with a referrer").at_most(CLAIM);
    bench.measure(one, &user(host)?, &to, &claim(first, first), &[])?;
    let rest = row("Claim", "the days after it").at_most(CLAIM);
    bench.measure(rest, &user(host)?, &to, &claim(first + 1, last), &[])?;
    let rebate = row("Claim", "rebate and referrals").at_most(CLAIM);
    bench.measure(rebate, &user(7)?, &to, &claim(first, last), &[])?;
    let pay = ExecuteMsg::PayOut {
        account: user(other)?.address().to_owned(),
        from: first,
        to: last,
    };
    let row = row("PayOut", "").hops(2);
    bench.measure(row, &bench.by("relayer")?, &to, &pay, &[])?;
    Ok(())
}

/// When the first epoch can be closed.
pub fn epoch(bench: &mut Bench) -> Result<()> {
    let (to, council) = (bench.at.incentive_controller.clone(), bench.by("council")?);
    let advance = row("Advance", "an epoch of 7 days").at_most(ADVANCE);
    bench.measure(advance, &bench.by("relayer")?, &to, &ExecuteMsg::Advance {}, &[])?;
    let again = ExecuteMsg::ReRelease {
        bucket: Bucket::LeftOver,
        amount: ONE.into(),
    };
    bench.measure(row("ReRelease", "").hops(1), &council, &to, &again, &[])?;
    // The pool knows its price of a week by now.
    let host = user(people::NODES[0])?.address().to_owned();
    let priced = ExecuteMsg::Report {
        day: bench.now()? / DAY,
        rentals: vec![rental(user(7)?.address().to_owned(), host)],
        nodes: Vec::new(),
        gpus: Vec::new(),
    };
    let row = row("Report", "1 rental, at a price").hops(2);
    bench.measure(row, &bench.by("operator")?, &to, &priced, &[])?;
    Ok(())
}
