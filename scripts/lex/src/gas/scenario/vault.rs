//! The credit vault, besides settlement.

use anyhow::{Context, Result};
use cosmwasm_std::{coins, Uint128};
use interfaces::common::OwnershipMsg;
use interfaces::credit_vault::{
    ChargeAction, ChargeRef, ConfigResponse, ExecuteMsg, GatewayAdmission, OverviewResponse, Peers, QueryMsg, Rate,
    ReportRef, SettleEntry, SettleReport, WeekResponse,
};
use suite::localnet::USDT_DENOM;
use suite::population::{stranger, user, DEPOSIT, SKU};
use suite::Account;

use super::oracle::Reports;
use super::DAY;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const VAULT: &str = "credit-vault";
/// The target of what leads in and out.
const IN_AND_OUT: u64 = 150_000;
/// Allowed for each settled entry, with the vault alone and with tiers and contest.
const ENTRY: u64 = 25_000;
pub const CONNECTED: u64 = 45_000;
const AMOUNT: Uint128 = Uint128::new(1_000_000);

fn row(handler: &str, case: &str) -> Row {
    Row::new(VAULT, handler, case).hops(1)
}

/// Money in, promises, transfers.
pub fn accounts(bench: &mut Bench) -> Result<()> {
    let (alice, bob) = (user(0)?, user(1)?);
    in_and_out(bench, &alice)?;
    spending(bench, &alice)?;
    transfers(bench, &alice, &bob)?;
    for index in 1..10 {
        let account = user(index)?;
        enter(bench, &account)?;
    }
    // Calls before an account was opened are not charged, and a report covers 100 seconds.
    bench.pass(300)
}

/// Deposits and promises half to gateway 1, unmeasured.
fn enter(bench: &mut Bench, account: &Account) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    bench.run(
        account,
        &vault,
        &ExecuteMsg::Deposit { to: None },
        &coins(DEPOSIT, USDT_DENOM),
    )?;
    let open = ExecuteMsg::OpenSpending {
        gateway: 1,
        amount: (DEPOSIT / 2).into(),
        max_per_day: (DEPOSIT / 2).into(),
    };
    bench.run(account, &vault, &open, &[])?;
    Ok(())
}

fn in_and_out(bench: &mut Bench, alice: &Account) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    let deposit = |to| ExecuteMsg::Deposit { to };
    let usdt = coins(DEPOSIT, USDT_DENOM);
    let row = |handler, case| row(handler, case).at_most(IN_AND_OUT);
    bench.measure(row("Deposit", "new holder"), alice, &vault, &deposit(None), &usdt)?;
    bench.measure(row("Deposit", "again"), alice, &vault, &deposit(None), &usdt)?;
    bench.measure(
        row("Deposit", "for a new holder"),
        alice,
        &vault,
        &deposit(Some(stranger(9_000_000)?)),
        &usdt,
    )?;
    let redeem = |to| ExecuteMsg::Redeem { amount: AMOUNT, to };
    bench.measure(row("Redeem", "part"), alice, &vault, &redeem(None), &[])?;
    bench.measure(
        row("Redeem", "to a new address"),
        alice,
        &vault,
        &redeem(Some(stranger(9_000_001)?)),
        &[],
    )?;
    let leaver = user(20)?;
    bench.run(&leaver, &vault, &deposit(None), &coins(AMOUNT.u128(), USDT_DENOM))?;
    bench.measure(row("Redeem", "all"), &leaver, &vault, &redeem(None), &[])?;
    Ok(())
}

fn spending(bench: &mut Bench, alice: &Account) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    let open = ExecuteMsg::OpenSpending {
        gateway: 1,
        amount: (DEPOSIT / 2).into(),
        max_per_day: (DEPOSIT / 2).into(),
    };
    bench.measure(row("OpenSpending", ""), alice, &vault, &open, &[])?;
    let top_up = ExecuteMsg::TopUpSpending {
        gateway: 1,
        amount: AMOUNT,
    };
    bench.measure(row("TopUpSpending", ""), alice, &vault, &top_up, &[])?;
    let limit = ExecuteMsg::SetDailyLimit {
        gateway: 1,
        max_per_day: DEPOSIT.into(),
    };
    bench.measure(row("SetDailyLimit", ""), alice, &vault, &limit, &[])?;
    // Another account starts its way out.
    let leaver = user(21)?;
    enter(bench, &leaver)?;
    bench.measure(
        row("CloseSpending", ""),
        &leaver,
        &vault,
        &ExecuteMsg::CloseSpending { gateway: 1 },
        &[],
    )?;
    Ok(())
}

fn transfers(bench: &mut Bench, alice: &Account, bob: &Account) -> Result<()> {
    let (vault, sink) = (bench.at.credit_vault.clone(), bench.sink.clone());
    let transfer = ExecuteMsg::Transfer {
        recipient: sink.clone(),
        amount: AMOUNT,
    };
    bench.measure(
        row("Transfer", "to a registered contract"),
        alice,
        &vault,
        &transfer,
        &[],
    )?;
    let send = ExecuteMsg::Send {
        contract: sink.clone(),
        amount: AMOUNT,
        msg: b"{}".into(),
    };
    bench.measure(row("Send", "").hops(2), alice, &vault, &send, &[])?;
    let allow = ExecuteMsg::IncreaseAllowance {
        spender: bob.address().into(),
        amount: Uint128::new(20_000_000),
        expires: None,
    };
    bench.measure(row("IncreaseAllowance", "first"), alice, &vault, &allow, &[])?;
    bench.measure(row("IncreaseAllowance", "again"), alice, &vault, &allow, &[])?;
    let less = ExecuteMsg::DecreaseAllowance {
        spender: bob.address().into(),
        amount: AMOUNT,
        expires: None,
    };
    bench.measure(row("DecreaseAllowance", ""), alice, &vault, &less, &[])?;
    let from = ExecuteMsg::TransferFrom {
        owner: alice.address().into(),
        recipient: sink.clone(),
        amount: AMOUNT,
    };
    bench.measure(row("TransferFrom", ""), bob, &vault, &from, &[])?;
    let send_from = ExecuteMsg::SendFrom {
        owner: alice.address().into(),
        contract: sink,
        amount: AMOUNT,
        msg: b"{}".into(),
    };
    bench.measure(row("SendFrom", "").hops(2), bob, &vault, &send_from, &[])?;
    Ok(())
}

/// LCO that settlement booked.
pub fn mined(bench: &mut Bench) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    let (alice, anyone) = (user(0)?, bench.by("relayer")?);
    bench.measure(
        row("ClaimLco", "").hops(2),
        &alice,
        &vault,
        &ExecuteMsg::ClaimLco {},
        &[],
    )?;
    let pay = |from: u32, count: u32| {
        let accounts = (from..from + count).map(stranger).collect::<Result<_>>()?;
        anyhow::Ok(ExecuteMsg::PayLco { accounts })
    };
    bench.measure(row("PayLco", "1 account").hops(2), &anyone, &vault, &pay(0, 1)?, &[])?;
    bench.measure(
        Row::new(VAULT, "PayLco", "100 accounts"),
        &anyone,
        &vault,
        &pay(1, 100)?,
        &[],
    )?;
    Ok(())
}

/// What owner, operator and payout address may do, and what only the queue may.
pub fn govern(bench: &mut Bench) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    let (council, operator, gateway) = (bench.by("council")?, bench.by("operator")?, bench.by("gateway")?);
    let rate = |i: usize| Rate {
        sku: format!("measured-model/{i}"),
        gateway: 2,
        list: 150_000u128.into(),
        cost: 90_000u128.into(),
    };
    let propose = |count: usize| ExecuteMsg::ProposeRates {
        rates: (0..count).map(rate).collect(),
    };
    let admission = GatewayAdmission {
        gateway: 3,
        payout: gateway.address().into(),
    };
    let config: ConfigResponse = bench.query(&vault, &QueryMsg::Config {})?;
    let messages = [
        (
            &council,
            row("AdmitGateway", ""),
            ExecuteMsg::AdmitGateway { admission },
        ),
        (
            &operator,
            row("SuspendGateway", ""),
            ExecuteMsg::SuspendGateway { gateway: 3 },
        ),
        (
            &gateway,
            row("SetPayout", ""),
            ExecuteMsg::SetPayout {
                gateway: 3,
                payout: council.address().into(),
            },
        ),
        (&operator, row("ProposeRates", "1"), propose(1)),
        (&operator, Row::new(VAULT, "ProposeRates", "64"), propose(64)),
        (
            &operator,
            row("PauseDeposits", "pause"),
            ExecuteMsg::PauseDeposits { paused: true },
        ),
        (
            &operator,
            row("PauseDeposits", "resume"),
            ExecuteMsg::PauseDeposits { paused: false },
        ),
        (
            &council,
            row("SetParams", ""),
            ExecuteMsg::SetParams { params: config.params },
        ),
        (
            &council,
            row("SetOperator", ""),
            ExecuteMsg::SetOperator {
                operator: Some(operator.address().into()),
            },
        ),
        (
            &council,
            row("RegisterContract", ""),
            ExecuteMsg::RegisterContract {
                address: bench.peer.clone(),
            },
        ),
    ];
    for (by, row, msg) in messages {
        bench.measure(row, by, &vault, &msg, &[])?;
    }
    let wrap = ExecuteMsg::Ownership;
    ownership(bench, VAULT, &vault, wrap)
}

/// Proposed, taken back, proposed again and accepted; then back to the council.
pub fn ownership<M: serde::Serialize>(
    bench: &mut Bench,
    name: &str,
    contract: &str,
    wrap: impl Fn(OwnershipMsg) -> M,
) -> Result<()> {
    let (council, operator) = (bench.by("council")?, bench.by("operator")?);
    let propose = |to: &Account| {
        wrap(OwnershipMsg::Propose {
            new_owner: to.address().into(),
        })
    };
    let row = |case: &str| Row::new(name, "Ownership", case).hops(1);
    bench.measure(row("propose"), &council, contract, &propose(&operator), &[])?;
    bench.measure(row("cancel"), &council, contract, &wrap(OwnershipMsg::Cancel {}), &[])?;
    bench.run(&council, contract, &propose(&operator), &[])?;
    bench.measure(row("accept"), &operator, contract, &wrap(OwnershipMsg::Accept {}), &[])?;
    bench.run(&operator, contract, &propose(&council), &[])?;
    bench.run(&council, contract, &wrap(OwnershipMsg::Accept {}), &[])?;
    Ok(())
}

/// What peers of later stages may do; accounts with keys stand in for them, except for the contest, which is asked to accept only after it has failed.
pub fn peers(bench: &mut Bench, reports: &mut Reports) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    let (council, anyone, peer) = (bench.by("council")?, bench.by("relayer")?, user(7)?);
    let contest = |wars: Option<String>| ExecuteMsg::SetPeers {
        peers: Peers {
            wars,
            ..Peers::default()
        },
    };
    bench.measure(
        row("SetPeers", ""),
        &council,
        &vault,
        &contest(Some(peer.address().into())),
        &[],
    )?;
    let report = reports.scored(bench, "scores refused")?;
    bench.run(&council, &vault, &contest(Some(bench.sink.clone())), &[])?;
    let deliver = ExecuteMsg::DeliverScores { report };
    bench.measure(
        row("DeliverScores", "1 account").hops(2),
        &anyone,
        &vault,
        &deliver,
        &[],
    )?;
    reports.scored(bench, "scores heard")?;

    let stands_in = Some(peer.address().to_owned());
    let all = ExecuteMsg::SetPeers {
        peers: Peers {
            tiers: None,
            fund: stands_in.clone(),
            wars: stands_in.clone(),
            launchpad: stands_in,
        },
    };
    bench.run(&council, &vault, &all, &[])?;
    let overview: OverviewResponse = bench.query(&vault, &QueryMsg::Overview {})?;
    let free = ExecuteMsg::SetFreeCalls {
        account: stranger(5)?,
        // A week in which no champion chooses.
        week: overview.week + 8,
        allowance: AMOUNT,
    };
    bench.measure(row("SetFreeCalls", ""), &peer, &vault, &free, &[])?;
    let grant = ExecuteMsg::Grant {
        account: stranger(5)?,
        sku: SKU.to_owned(),
        units: AMOUNT,
        price: AMOUNT,
        exclusive_until: 0,
    };
    bench.measure(row("Grant", "first"), &peer, &vault, &grant, &[])?;
    bench.measure(row("Grant", "again"), &peer, &vault, &grant, &[])?;
    oracle(bench)?;
    connect(bench)?;
    reports.connected(bench)?;
    connected(bench)
}

/// The vault knows the markets.
fn connect(bench: &mut Bench) -> Result<()> {
    let (vault, council) = (bench.at.credit_vault.clone(), bench.by("council")?);
    let peers = Peers {
        tiers: Some(bench.at.lco_staking.clone()),
        fund: Some(bench.at.ecosystem_fund.clone()),
        wars: Some(bench.at.compute_wars.clone()),
        launchpad: Some(bench.at.imo_launchpad.clone()),
    };
    bench.run(&council, &vault, &ExecuteMsg::SetPeers { peers }, &[])?;
    Ok(())
}

/// Settlement at the vault with tiers and contest, entries of accounts that stake.
fn connected(bench: &mut Bench) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    let (council, oracle) = (bench.by("council")?, user(8)?);
    let set = |oracle: &str| ExecuteMsg::SetOracle { oracle: oracle.into() };
    bench.run(&council, &vault, &set(oracle.address()), &[])?;
    for (seq, count) in [(4u64, 1u32), (5, 10), (6, 50)] {
        let accounts = (0..count).map(stranger).collect::<Result<Vec<_>>>()?;
        let msg = charges(bench, seq, &accounts, 1)?;
        let row = row("SettleUsage", &format!("with tiers and contest, entries: {count}"));
        bench.measure(row.hops(3).and(count as usize, CONNECTED), &oracle, &vault, &msg, &[])?;
    }
    bench.run(&council, &vault, &set(&bench.at.attestation_oracle.clone()), &[])?;
    Ok(())
}

/// A report of thousands of calls by each account.
fn charges(bench: &Bench, seq: u64, accounts: &[String], thousands: u64) -> Result<ExecuteMsg> {
    let now = bench.now()?;
    let report = ReportRef {
        gateway: 1,
        key_epoch: 9,
        seq,
    };
    let calls = 1_000 * thousands;
    let entry = |account: &String| SettleEntry {
        account: account.clone(),
        sku: SKU.to_owned(),
        calls,
        units: (u128::from(calls) * 1_000).into(),
        list: (u128::from(calls) * 150).into(),
        cost: (u128::from(calls) * 90).into(),
        last: now - 1,
    };
    let mut entries: Vec<_> = accounts.iter().map(entry).collect();
    entries.sort_by(|a, b| a.account.cmp(&b.account));
    let reports = vec![SettleReport {
        report,
        window_start: now - 100,
        window_end: now,
        entries,
    }];
    Ok(ExecuteMsg::SettleUsage { reports })
}

/// Charges that a week needs; an account stands in for the oracle for as long.
pub fn charge(bench: &mut Bench, seq: u64, accounts: &[u32], thousands: u64) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    let (council, oracle) = (bench.by("council")?, user(8)?);
    let set = |oracle: &str| ExecuteMsg::SetOracle { oracle: oracle.into() };
    bench.run(&council, &vault, &set(oracle.address()), &[])?;
    let accounts = accounts.iter().map(|index| Ok(user(*index)?.address().to_owned()));
    let msg = charges(bench, seq, &accounts.collect::<Result<Vec<_>>>()?, thousands)?;
    bench.run(&oracle, &vault, &msg, &[])?;
    bench.run(&council, &vault, &set(&bench.at.attestation_oracle.clone()), &[])?;
    Ok(())
}

/// What only the oracle may do, by itself: an account stands in for it.
fn oracle(bench: &mut Bench) -> Result<()> {
    let vault = bench.at.credit_vault.clone();
    let (council, oracle) = (bench.by("council")?, user(8)?);
    let set = |oracle: &str| ExecuteMsg::SetOracle { oracle: oracle.into() };
    bench.measure(row("SetOracle", ""), &council, &vault, &set(oracle.address()), &[])?;
    let now = bench.now()?;
    let mut reference = None;
    for (seq, count) in [(1u64, 1u32), (2, 50), (3, 200)] {
        let report = ReportRef {
            gateway: 1,
            key_epoch: 9,
            seq,
        };
        let entry = |index| {
            Ok(SettleEntry {
                account: stranger(index)?,
                sku: "example-small:out".to_owned(),
                calls: 1,
                units: 1_000u128.into(),
                list: 150u128.into(),
                cost: 90u128.into(),
                last: now - 1,
            })
        };
        let mut entries = (0..count).map(entry).collect::<Result<Vec<_>>>()?;
        entries.sort_by(|a, b| a.account.cmp(&b.account));
        let reports = vec![SettleReport {
            report,
            window_start: now - 100,
            window_end: now,
            entries,
        }];
        let row = row("SettleUsage", &format!("entries: {count}")).and(count as usize, ENTRY);
        bench.measure(row, &oracle, &vault, &ExecuteMsg::SettleUsage { reports }, &[])?;
        reference.get_or_insert(report);
    }
    let report = reference.context("nothing was settled")?;
    let charge = ChargeRef { report, entry: 0 };
    let actions = [
        ("hold", ChargeAction::Hold),
        ("release", ChargeAction::Release),
        ("hold again", ChargeAction::Hold),
        ("return", ChargeAction::Return),
    ];
    for (case, action) in actions {
        let resolve = ExecuteMsg::ResolveCharge { charge, action };
        bench.measure(row("ResolveCharge", case), &oracle, &vault, &resolve, &[])?;
    }
    let back = set(&bench.at.attestation_oracle.clone());
    bench.run(&council, &vault, &back, &[])?;
    bench.measure(
        row("OpenTransfers", ""),
        &council,
        &vault,
        &ExecuteMsg::OpenTransfers {},
        &[],
    )?;
    Ok(())
}

/// A spending account that was closed a day ago.
pub fn leave(bench: &mut Bench) -> Result<()> {
    let (vault, leaver) = (bench.at.credit_vault.clone(), user(21)?);
    bench.pass(DAY)?;
    let withdraw = ExecuteMsg::WithdrawSpending { gateway: 1 };
    bench.measure(row("WithdrawSpending", ""), &leaver, &vault, &withdraw, &[])?;
    Ok(())
}

/// The last week in which anything was settled, more than nine days after its end. An account stands in for the fund.
pub fn release(bench: &mut Bench) -> Result<()> {
    let (vault, fund, council) = (bench.at.credit_vault.clone(), user(7)?, bench.by("council")?);
    let peers = Peers {
        fund: Some(fund.address().to_owned()),
        ..Peers::default()
    };
    bench.run(&council, &vault, &ExecuteMsg::SetPeers { peers }, &[])?;
    let overview: OverviewResponse = bench.query(&vault, &QueryMsg::Overview {})?;
    let mut week = overview.week;
    loop {
        let found: WeekResponse = bench.query(&vault, &QueryMsg::Week { gateway: 1, week })?;
        if !found.revenue.is_zero() {
            let msg = ExecuteMsg::ReleaseWeek {
                gateway: 1,
                week,
                fund_share: found.revenue,
            };
            bench.measure(row("ReleaseWeek", ""), &fund, &vault, &msg, &[])?;
            return Ok(());
        }
        week = week.checked_sub(1).context("no week has revenue")?;
    }
}
