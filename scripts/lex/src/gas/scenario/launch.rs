//! Launches of scarce quota.

use anyhow::{Context, Result};
use cosmwasm_std::Uint128;
use interfaces::imo_launchpad::{AllotmentResponse, Cw20Hook, ExecuteMsg, NewLaunch, QueryMsg};
use suite::population::markets::{ids, PATRON, QUOTA, WHALE};
use suite::population::{user, SKU};

use super::tokens::{send, Token};
use super::vault::ownership;
use super::DAY;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const LAUNCHPAD: &str = "imo-launchpad";

fn row(handler: &str, case: &str) -> Row {
    Row::new(LAUNCHPAD, handler, case)
}

/// Announcing and subscribing.
pub fn run(bench: &mut Bench) -> Result<()> {
    let (to, council) = (bench.at.imo_launchpad.clone(), bench.by("council")?);
    let now = bench.now()?;
    let new = ExecuteMsg::CreateLaunch(NewLaunch {
        sku: SKU.to_owned(),
        quota: QUOTA.into(),
        price_per_unit: 3_000_000u128.into(),
        snapshot: now - DAY,
        subscribe_until: now + DAY,
        claim_until: now + 10 * DAY,
        exclusive_until: 0,
    });
    let outcome = bench.measure(row("CreateLaunch", "").hops(3), &council, &to, &new, &[])?;
    let id = outcome.attribute("wasm-launch", "launch").context("no launch")?;
    let cancel = ExecuteMsg::CancelLaunch { launch: id.parse()? };
    bench.measure(row("CancelLaunch", "").hops(1), &council, &to, &cancel, &[])?;
    for (case, account, launch) in [
        (Some("to a launch of many"), PATRON, ids::LAUNCH),
        (None, WHALE, ids::LAUNCH),
        (None, PATRON, ids::FREE),
    ] {
        let (account, msg) = (user(account)?, ExecuteMsg::Subscribe { launch });
        match case {
            Some(case) => bench.measure(row("Subscribe", case).hops(2), &account, &to, &msg, &[])?,
            None => bench.run(&account, &to, &msg, &[])?,
        };
    }
    ownership(bench, LAUNCHPAD, &to, ExecuteMsg::Ownership)
}

/// When subscriptions are over.
pub fn claim(bench: &mut Bench) -> Result<()> {
    let (to, account) = (bench.at.imo_launchpad.clone(), user(PATRON)?);
    let question = QueryMsg::Allotment {
        launch: ids::LAUNCH,
        address: account.address().to_owned(),
    };
    let found: AllotmentResponse = bench.query(&to, &question)?;
    let units = Uint128::new((found.claimable.u128() / 4).min(1_000_000_000));
    let question = QueryMsg::Price {
        launch: ids::LAUNCH,
        units,
    };
    let price: Uint128 = bench.query(&to, &question)?;
    let hook = Cw20Hook::Claim {
        launch: ids::LAUNCH,
        units,
    };
    for case in ["Claim, first", "Claim, more"] {
        let row = row("Receive", case).hops(2);
        send(bench, Some(row), &account, (Token::Credit, price.u128()), &to, &hook)?;
    }
    let free = ExecuteMsg::Claim {
        launch: ids::FREE,
        units: 1_000u128.into(),
    };
    bench.measure(row("Claim", "free").hops(2), &account, &to, &free, &[])?;
    Ok(())
}

/// When a launch is over.
pub fn close(bench: &mut Bench) -> Result<()> {
    let (to, anyone) = (bench.at.imo_launchpad.clone(), bench.by("relayer")?);
    let msg = ExecuteMsg::CloseLaunch { launch: ids::LAUNCH };
    bench.measure(row("CloseLaunch", "").hops(1), &anyone, &to, &msg, &[])?;
    Ok(())
}
