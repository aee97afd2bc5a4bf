//! Margin.

use anyhow::{ensure, Context, Result};
use cosmwasm_std::{Isqrt, Uint128};
use interfaces::margin::{
    ConfigResponse, Cw20Hook, ExecuteMsg, LenderResponse, OverviewResponse, Pausable, PositionResponse, QueryMsg, Side,
    Token as Lent,
};
use suite::population::markets::{MAKER, TRADERS};
use suite::population::user;
use suite::{Account, TxOutcome};

use super::tokens::{new_minute, send, swap, Token};
use super::vault::ownership;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const MARGIN: &str = "margin";
const OPEN: u64 = 450_000;
const LIQUIDATE: u64 = 600_000;
const ONE: u128 = 1_000_000;
/// A half of an hour, after which every mean over that time has followed the price.
const SETTLED: u64 = 1_860;

fn row(handler: &str, case: &str) -> Row {
    Row::new(MARGIN, handler, case)
}

/// Positions at nearly five times, for the day on which the price falls.
pub struct Positions {
    /// Longs of some size, by owner.
    longs: Vec<u64>,
    /// A long just above the least size.
    small: u64,
    /// Longs too large for the pool that is left a day later.
    large: [u64; 2],
    short: u64,
}

/// Everything in quiet times.
pub fn run(bench: &mut Bench) -> Result<Positions> {
    lend(bench)?;
    let trader = trader(0)?;
    let positions = open(bench)?;
    hold(bench, &trader)?;
    govern(bench)?;
    Ok(positions)
}

fn trader(index: u32) -> Result<Account> {
    user(TRADERS.start + index)
}

fn lend(bench: &mut Bench) -> Result<()> {
    let (to, lender) = (bench.at.margin.clone(), trader(5)?);
    let supply = Cw20Hook::Supply {
        min_shares: Uint128::one(),
    };
    let two = |case: &str| Some(row("Receive", case).hops(2));
    send(
        bench,
        two("Supply of Credits, first"),
        &lender,
        (Token::Credit, 1_000 * ONE),
        &to,
        &supply,
    )?;
    send(
        bench,
        two("Supply of Credits, again"),
        &lender,
        (Token::Credit, 1_000 * ONE),
        &to,
        &supply,
    )?;
    send(
        bench,
        two("Supply of LCO, first"),
        &lender,
        (Token::Lco, 100 * ONE),
        &to,
        &supply,
    )?;
    withdraw(bench, row("Withdraw", "Credits").hops(3), Lent::Credit)?;
    withdraw(bench, row("Withdraw", "LCO").hops(3), Lent::Lco)?;
    Ok(())
}

fn withdraw(bench: &mut Bench, row: Row, token: Lent) -> Result<TxOutcome> {
    let (to, lender) = (bench.at.margin.clone(), trader(5)?);
    let msg = ExecuteMsg::Withdraw {
        token,
        shares: shares(bench, &lender, token)?,
    };
    bench.measure(row, &lender, &to, &msg, &[])
}

/// A tenth of what somebody lent.
fn shares(bench: &Bench, lender: &Account, token: Lent) -> Result<Uint128> {
    let address = lender.address().to_owned();
    let lent: LenderResponse = bench.query(&bench.at.margin, &QueryMsg::Lender { address })?;
    let all = match token {
        Lent::Credit => lent.credit_shares,
        Lent::Lco => lent.lco_shares,
    };
    Ok((all.u128() / 10).into())
}

fn opening(side: Side, borrow: u128, position: Option<u64>) -> Cw20Hook {
    Cw20Hook::Open {
        side,
        borrow: borrow.into(),
        min_out: Uint128::one(),
        deadline: None,
        position,
    }
}

/// µLCO that `credits` are worth now.
fn worth(bench: &Bench, credits: u128) -> Result<u128> {
    let market: interfaces::exchange::MarketResponse =
        bench.query(&bench.at.exchange, &interfaces::exchange::QueryMsg::Market {})?;
    let [lco, quote] = market.reserves.map(|reserve| reserve.u128());
    Ok(credits * (lco / ONE) / (quote / ONE))
}

fn open(bench: &mut Bench) -> Result<Positions> {
    let collateral = 1_000 * ONE;
    // 4.5 times, besides what the fee takes
    let long = |credits: u128| opening(Side::Long, credits * 7 / 2, None);
    let first = Some(row("Receive", "Open a long").at_most(OPEN));
    let mut longs = vec![place(bench, first, &trader(0)?, collateral, &long(collateral))?];
    for index in 1..5 {
        longs.push(place(bench, None, &trader(index)?, collateral, &long(collateral))?);
    }
    let small = place(bench, None, &trader(5)?, 2_600_000, &long(2_600_000))?;
    // Less of a risk, so that they outlive the first fall.
    let size = 10_000 * ONE;
    let hook = opening(Side::Long, size * 29 / 10, None);
    let large = [
        place(bench, None, &trader(0)?, size, &hook)?,
        place(bench, None, &trader(1)?, size, &hook)?,
    ];
    let borrow = worth(bench, collateral * 4)?;
    let first = Some(row("Receive", "Open a short").at_most(OPEN));
    let short = place(
        bench,
        first,
        &trader(2)?,
        collateral,
        &opening(Side::Short, borrow, None),
    )?;
    Ok(Positions {
        longs,
        small,
        large,
        short,
    })
}

fn place(bench: &mut Bench, row: Option<Row>, by: &Account, collateral: u128, hook: &Cw20Hook) -> Result<u64> {
    let to = bench.at.margin.clone();
    let before: OverviewResponse = bench.query(&to, &QueryMsg::Overview {})?;
    if row.is_some() {
        new_minute(bench)?;
    }
    send(bench, row, by, (Token::Credit, collateral), &to, hook)?;
    Ok(before.next_position)
}

/// What owners do.
fn hold(bench: &mut Bench, owner: &Account) -> Result<()> {
    let to = bench.at.margin.clone();
    let collateral = 1_000 * ONE;
    let long = place(bench, None, owner, collateral, &opening(Side::Long, collateral, None))?;
    let lent = worth(bench, collateral)?;
    let short = place(bench, None, owner, collateral, &opening(Side::Short, lent, None))?;
    let two = |case: &str| Some(row("Receive", case).hops(2));
    let more = |position| opening(Side::Long, 10 * ONE, Some(position));
    new_minute(bench)?;
    let enlarge = Some(row("Receive", "Open, more of a long").at_most(OPEN));
    send(bench, enlarge, owner, (Token::Credit, 10 * ONE), &to, &more(long))?;
    for (side, position) in [("long", long), ("short", short)] {
        let add = Cw20Hook::AddCollateral { position };
        send(
            bench,
            two(&format!("AddCollateral to a {side}")),
            owner,
            (Token::Credit, 10 * ONE),
            &to,
            &add,
        )?;
        let take = ExecuteMsg::TakeCollateral {
            position,
            amount: (5 * ONE).into(),
        };
        bench.measure(row("TakeCollateral", side).hops(3), owner, &to, &take, &[])?;
        let repay = Cw20Hook::Repay { position };
        let paid = match side {
            "long" => (Token::Credit, 10 * ONE),
            _ => (Token::Lco, ONE),
        };
        send(
            bench,
            two(&format!("Repay a part of a {side}")),
            owner,
            paid,
            &to,
            &repay,
        )?;
    }
    for (side, position) in [("long", long), ("short", short)] {
        let close = ExecuteMsg::Close {
            position,
            min_payout: Uint128::zero(),
            deadline: None,
        };
        new_minute(bench)?;
        bench.measure(row("Close", side).hops(4), owner, &to, &close, &[])?;
    }
    let whole = place(bench, None, owner, collateral, &opening(Side::Long, 500 * ONE, None))?;
    let repay = Cw20Hook::Repay { position: whole };
    let row = row("Receive", "Repay all of a long").hops(3);
    send(bench, Some(row), owner, (Token::Credit, 510 * ONE), &to, &repay)?;
    Ok(())
}

fn govern(bench: &mut Bench) -> Result<()> {
    let (to, council, operator, trader) = (
        bench.at.margin.clone(),
        bench.by("council")?,
        bench.by("operator")?,
        trader(5)?,
    );
    let fund = Some(row("Receive", "FundReserve").hops(2));
    // Also what pays for an advance to a short, if one is needed.
    send(
        bench,
        fund,
        &trader,
        (Token::Credit, 1_000 * ONE),
        &to,
        &Cw20Hook::FundReserve {},
    )?;
    let pause = |paused| ExecuteMsg::Pause {
        feature: Pausable::Borrow,
        paused,
    };
    bench.measure(row("Pause", "pause").hops(1), &operator, &to, &pause(true), &[])?;
    bench.measure(row("Pause", "resume").hops(1), &operator, &to, &pause(false), &[])?;
    let config: ConfigResponse = bench.query(&to, &QueryMsg::Config {})?;
    let set = ExecuteMsg::SetParams { params: config.params };
    bench.measure(row("SetParams", "").hops(1), &council, &to, &set, &[])?;
    let name = ExecuteMsg::SetOperator {
        operator: Some(operator.address().to_owned()),
    };
    bench.measure(row("SetOperator", "").hops(1), &council, &to, &name, &[])?;
    ownership(bench, MARGIN, &to, ExecuteMsg::Ownership)
}

/// Trades until the price has moved to `percent` of what it is, and waits until the mark has followed.
fn move_price(bench: &mut Bench, percent: u128) -> Result<()> {
    let maker = user(MAKER)?;
    let market: interfaces::exchange::MarketResponse =
        bench.query(&bench.at.exchange, &interfaces::exchange::QueryMsg::Market {})?;
    let [lco, credits] = market.reserves.map(|reserve| reserve.u128());
    // Price ∝ 1/x² on the curve: x' = x · √(100/percent), and the same of y for a rise.
    let root = |value: u128| Uint128::new(value).isqrt().u128();
    let scale = ONE * ONE;
    match percent < 100 {
        true => {
            let grown = lco * root(scale * 100 / percent) / ONE;
            swap(bench, &maker, (Token::Lco, grown - lco))?;
        }
        false => {
            let grown = credits * root(scale * percent / 100) / ONE;
            swap(bench, &maker, (Token::Credit, grown - credits))?;
        }
    }
    bench.pass(SETTLED)?;
    // The next touch counts the price for that time.
    swap(bench, &maker, (Token::Credit, ONE))?;
    new_minute(bench)
}

/// The price falls by a seventh: most longs lie below maintenance.
pub fn fall(bench: &mut Bench, positions: &Positions) -> Result<()> {
    let (to, keeper) = (bench.at.margin.clone(), bench.by("relayer")?);
    move_price(bench, 85)?;
    let [first, ..] = positions.longs.as_slice() else {
        anyhow::bail!("no long was opened")
    };
    expect(bench, *first, |position| position.liquidatable)?;
    let liquidate = |position| ExecuteMsg::Liquidate { position };
    let part = row("Liquidate", "a long, in part").at_most(LIQUIDATE);
    bench.measure(part, &keeper, &to, &liquidate(*first), &[])?;
    let whole = row("Liquidate", "a small long, whole").at_most(LIQUIDATE);
    new_minute(bench)?;
    bench.measure(whole, &keeper, &to, &liquidate(positions.small), &[])?;
    Ok(())
}

/// Lenders liquidate what is bad before they are paid.
pub fn lenders(bench: &mut Bench) -> Result<()> {
    let bad: Vec<PositionResponse> = bench.query(&bench.at.margin, &QueryMsg::Liquidatable { limit: Some(10) })?;
    ensure!(bad.len() >= 4, "{} positions can be liquidated, not 4", bad.len());
    new_minute(bench)?;
    let outcome = withdraw(
        bench,
        row("FinishWithdraw", "after 3 liquidations, through Withdraw"),
        Lent::Credit,
    )?;
    ensure!(
        liquidations(&outcome) == 3,
        "{} liquidations, not 3",
        liquidations(&outcome)
    );
    let left: Vec<PositionResponse> = bench.query(&bench.at.margin, &QueryMsg::Liquidatable { limit: Some(10) })?;
    ensure!(left.len() == 1, "{} positions are left, not 1", left.len());
    let row = row("LiquidateFor", "one, through Withdraw").at_most(LIQUIDATE);
    new_minute(bench)?;
    let outcome = withdraw(bench, row, Lent::Credit)?;
    ensure!(
        liquidations(&outcome) == 1,
        "{} liquidations, not 1",
        liquidations(&outcome)
    );
    Ok(())
}

fn liquidations(outcome: &TxOutcome) -> usize {
    let of = |event: &&cosmwasm_std::Event| event.ty.starts_with("wasm-liquidated");
    outcome.events.iter().filter(of).count()
}

fn expect(bench: &Bench, position: u64, holds: impl Fn(&PositionResponse) -> bool) -> Result<PositionResponse> {
    let found: PositionResponse = bench.query(&bench.at.margin, &QueryMsg::Position { position })?;
    ensure!(
        holds(&found),
        "position {position} is another than it must be: {found:?}"
    );
    Ok(found)
}

/// Liquidity has left: large positions go on offer. One is taken, one is filled at any price.
pub fn offers(bench: &mut Bench, positions: &Positions) -> Result<()> {
    let (to, keeper) = (bench.at.margin.clone(), bench.by("relayer")?);
    let liquidate = |position| ExecuteMsg::Liquidate { position };
    let [taken, filled] = positions.large;
    move_price(bench, 95)?;
    expect(bench, taken, |position| position.liquidatable)?;
    let offered = row("Liquidate", "put on offer").hops(2);
    bench.measure(offered, &keeper, &to, &liquidate(taken), &[])?;
    bench.run(&keeper, &to, &liquidate(filled), &[])?;
    bench.pass(300)?;
    let state = expect(bench, taken, |position| position.offer.is_some())?;
    let offer = state.offer.context("no offer")?;
    let take = Cw20Hook::TakeOffer {
        position: taken,
        min_out: Uint128::one(),
    };
    let taker = user(MAKER)?;
    let row_taken = row("Receive", "TakeOffer of a long").hops(4);
    send(
        bench,
        Some(row_taken),
        &taker,
        (Token::Credit, offer.pays.u128() + ONE),
        &to,
        &take,
    )?;
    bench.pass(310)?;
    let open = row("Liquidate", "a long after its offer, at any price").at_most(LIQUIDATE);
    new_minute(bench)?;
    bench.measure(open, &keeper, &to, &liquidate(filled), &[])?;
    let interest = ExecuteMsg::CollectInterest { token: Lent::Credit };
    bench.measure(row("CollectInterest", "").hops(1), &keeper, &to, &interest, &[])?;
    Ok(())
}

/// The price rises by a third: the short lies below maintenance.
pub fn rise(bench: &mut Bench, positions: &Positions) -> Result<()> {
    let (to, keeper) = (bench.at.margin.clone(), bench.by("relayer")?);
    let mut percent = 135;
    while !expect(bench, positions.short, |position| position.held > Uint128::zero())?.liquidatable {
        move_price(bench, percent)?;
        // In small steps, so that it is not past the part where a part helps.
        percent = 103;
    }
    let msg = ExecuteMsg::Liquidate {
        position: positions.short,
    };
    let row = row("Liquidate", "a short, in part").at_most(LIQUIDATE);
    let outcome = bench.measure(row, &keeper, &to, &msg, &[])?;
    ensure!(
        outcome.attribute("wasm-liquidated_in_part", "position").is_some(),
        "the short was not liquidated in part"
    );
    Ok(())
}
