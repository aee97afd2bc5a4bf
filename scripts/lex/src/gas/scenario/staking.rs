//! Staking.

use anyhow::Result;
use interfaces::lco_staking::{Cw20Hook, ExecuteMsg, OverviewResponse, QueryMsg};
use suite::population::markets::{PATRON, TRADERS};
use suite::population::{stranger, user, CAST};

use super::tokens::{send, Token};
use super::vault::ownership;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const STAKING: &str = "lco-staking";
/// What `cw20-stake` itself takes.
const STAKE: u64 = 214_000;
const ONE: u128 = 1_000_000;
/// Changes of one second are one row: each that is measured has a second of its own.
const SECOND: u64 = 2;

fn row(handler: &str, case: &str) -> Row {
    Row::new(STAKING, handler, case).hops(1)
}

pub fn run(bench: &mut Bench) -> Result<()> {
    let (to, anyone, council) = (bench.at.lco_staking.clone(), user(0)?, bench.by("council")?);
    let stake = Cw20Hook::Stake { r#for: None };
    for case in ["first stake", "more stake"] {
        let row = row("Receive", case).at_most(STAKE);
        bench.pass(SECOND)?;
        send(bench, Some(row), &anyone, (Token::Lco, 10 * ONE), &to, &stake)?;
    }
    let patron = user(PATRON)?;
    let other = Cw20Hook::Stake {
        r#for: Some(anyone.address().to_owned()),
    };
    bench.pass(SECOND)?;
    let row_for = row("Receive", "for somebody else").at_most(STAKE);
    send(bench, Some(row_for), &patron, (Token::Lco, ONE), &to, &other)?;
    for case in ["first", "more on the same day"] {
        bench.pass(SECOND)?;
        let unstake = ExecuteMsg::Unstake { amount: ONE.into() };
        bench.measure(row("Unstake", case), &anyone, &to, &unstake, &[])?;
    }
    bench.pass(SECOND)?;
    bench.measure(row("Mark", ""), &anyone, &to, &ExecuteMsg::Mark {}, &[])?;

    // The thresholds move below the trader's stake, and back: two accounts whose tier is due, then a hundred of whom nobody's is.
    let overview: OverviewResponse = bench.query(&to, &QueryMsg::Overview {})?;
    let trader = user(TRADERS.start)?;
    send(bench, None, &trader, (Token::Lco, 200 * ONE), &to, &stake)?;
    let mut params = overview.params;
    params.lv2 = (100 * ONE).into();
    bench.measure(
        row("SetParams", ""),
        &council,
        &to,
        &ExecuteMsg::SetParams { params },
        &[],
    )?;
    bench.pass(SECOND)?;
    let refresh = |accounts| ExecuteMsg::Refresh { accounts };
    let one = refresh(vec![trader.address().to_owned()]);
    bench.measure(row("Refresh", "1 account, another tier"), &anyone, &to, &one, &[])?;
    bench.measure(row("Refresh", "1 account, the same tier"), &anyone, &to, &one, &[])?;
    let many = (0..100).map(|i| stranger(CAST - 1 - i)).collect::<Result<_>>()?;
    let row = Row::new(STAKING, "Refresh", "100 accounts, the same tiers");
    bench.measure(row, &anyone, &to, &refresh(many), &[])?;
    let params = overview.params;
    bench.run(&council, &to, &ExecuteMsg::SetParams { params }, &[])?;
    ownership(bench, STAKING, &to, ExecuteMsg::Ownership)
}

/// More than a week later.
pub fn claim(bench: &mut Bench) -> Result<()> {
    let to = bench.at.lco_staking.clone();
    let row = row("Claim", "").hops(2);
    bench.measure(row, &user(0)?, &to, &ExecuteMsg::Claim {}, &[])?;
    Ok(())
}
