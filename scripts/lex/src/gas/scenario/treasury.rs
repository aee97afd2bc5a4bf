//! The treasury.

use anyhow::Result;
use cosmwasm_std::{coins, Uint128};
use cw20::Cw20ExecuteMsg;
use interfaces::exchange::{self, Asset, MarketResponse};
use interfaces::treasury::{ConfigResponse, ExecuteMsg, QueryMsg};
use suite::deploy::{Addresses, Part};
use suite::localnet::USDT_DENOM;
use suite::population::network::SOURCE;
use suite::population::user;
use suite::Msg;

use super::network::{Twin, ONE};
use super::vault::ownership;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const TREASURY: &str = "treasury";
const BUYBACK: u64 = 600_000;

fn row(handler: &str, case: &str) -> Row {
    Row::new(TREASURY, handler, case)
}

/// Revenue, buyback, and what owner and operator may do.
pub fn run(bench: &mut Bench) -> Result<()> {
    let (to, council, operator, anyone) = (
        bench.at.treasury.clone(),
        bench.by("council")?,
        bench.by("operator")?,
        bench.by("relayer")?,
    );
    let deposit = ExecuteMsg::Deposit {
        source: SOURCE.to_owned(),
    };
    let funds = coins(1_000 * ONE, USDT_DENOM);
    bench.measure(row("Deposit", "").hops(1), &council, &to, &deposit, &funds)?;
    trade(bench)?;
    bench.pass(1_900)?;
    trade(bench)?;
    for case in ["first of its day", "next"] {
        bench.pass(601)?;
        let row = row("Buyback", case).at_most(BUYBACK);
        bench.measure(row, &anyone, &to, &ExecuteMsg::Buyback { min_out: None }, &[])?;
    }
    for (case, paused) in [("pause", true), ("resume", false)] {
        let pause = ExecuteMsg::PauseBuyback { paused };
        bench.measure(row("PauseBuyback", case).hops(1), &operator, &to, &pause, &[])?;
    }
    let source = ExecuteMsg::SetSource {
        name: "platform-fees".to_owned(),
        address: Some(anyone.address().to_owned()),
        counts: true,
    };
    bench.measure(row("SetSource", "").hops(1), &council, &to, &source, &[])?;
    let config: ConfigResponse = bench.query(&to, &QueryMsg::Config {})?;
    let set = ExecuteMsg::SetParams { params: config.params };
    bench.measure(row("SetParams", "").hops(1), &council, &to, &set, &[])?;
    let name = ExecuteMsg::SetOperator {
        operator: Some(operator.address().to_owned()),
    };
    bench.measure(row("SetOperator", "").hops(1), &council, &to, &name, &[])?;
    ownership(bench, TREASURY, &to, ExecuteMsg::Ownership)
}

/// So that the pool knows prices of half an hour.
fn trade(bench: &mut Bench) -> Result<()> {
    let swap = exchange::ExecuteMsg::Swap {
        min_out: Uint128::one(),
        deadline: None,
        to: None,
    };
    let pool = bench.at.vcai_exchange.clone();
    bench.run(&user(0)?, &pool, &swap, &coins(100 * ONE, USDT_DENOM))?;
    Ok(())
}

/// What governance may do, which at the twin is an account, and the opening of a pool by one.
pub fn govern(bench: &mut Bench, twin: &Twin) -> Result<()> {
    let (to, council) = (&twin.at.treasury, bench.by("council")?);
    let pool: MarketResponse = bench.query(&twin.at.vcai_exchange, &exchange::QueryMsg::Market {})?;
    let remove = ExecuteMsg::RemoveLiquidity {
        shares: Uint128::new(pool.total_shares.u128() / 4),
        min_amounts: [Uint128::zero(); 2],
    };
    bench.measure(row("RemoveLiquidity", "").hops(3), &council, to, &remove, &[])?;
    let assets = [
        (
            "VCAI",
            Asset::Cw20 {
                address: twin.at.vcai.clone(),
            },
        ),
        (
            "USDT",
            Asset::Native {
                denom: USDT_DENOM.to_owned(),
            },
        ),
    ];
    for (case, asset) in assets {
        let spend = ExecuteMsg::Spend {
            asset,
            to: user(8)?.address().to_owned(),
            amount: ONE.into(),
        };
        bench.measure(row("Spend", case).hops(2), &council, to, &spend, &[])?;
    }
    open(bench, twin)
}

fn open(bench: &mut Bench, twin: &Twin) -> Result<()> {
    let council = bench.by("council")?;
    let at = Addresses {
        token_allocation: council.address().to_owned(),
        treasury: bench.place(Part::Treasury, "opened")?,
        vcai_exchange: bench.place(Part::VcaiExchange, "opened")?,
        ..twin.at.clone()
    };
    for part in [Part::VcaiExchange, Part::Treasury] {
        twin.part(bench, part, &at, "opened")?;
    }
    let vcai = Uint128::new(1_000 * ONE);
    let bring = Cw20ExecuteMsg::Transfer {
        recipient: at.treasury.clone(),
        amount: vcai,
    };
    let msgs = [
        Msg::execute(&at.vcai, &bring, &[])?,
        Msg::execute(
            &at.treasury,
            &ExecuteMsg::OpenPool { vcai },
            &coins(50 * ONE, USDT_DENOM),
        )?,
    ];
    let row = row("OpenPool", "with the transfer before it").hops(3);
    bench.measure_all(row, &council, &msgs)?;
    Ok(())
}
