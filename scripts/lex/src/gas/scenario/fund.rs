//! The ecosystem fund.

use anyhow::Result;
use cosmwasm_std::{HexBinary, Uint128};
use interfaces::credit_vault::{self, WeekResponse};
use interfaces::ecosystem_fund::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg};
use suite::deploy::Part;
use suite::population::user;

use super::tokens::new_minute;
use super::vault::ownership;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const FUND: &str = "ecosystem-fund";

fn row(handler: &str, case: &str) -> Row {
    Row::new(FUND, handler, case).hops(1)
}

/// A second fund whose contest is an account.
pub struct Twin(String);

/// What owner and operator may do.
pub fn govern(bench: &mut Bench) -> Result<Twin> {
    let (to, council, operator) = (
        bench.at.ecosystem_fund.clone(),
        bench.by("council")?,
        bench.by("operator")?,
    );
    let config: ConfigResponse = bench.query(&to, &QueryMsg::Config {})?;
    for (case, paused) in [("pause", true), ("resume", false)] {
        let pause = ExecuteMsg::PauseBuyback { paused };
        bench.measure(row("PauseBuyback", case), &operator, &to, &pause, &[])?;
    }
    let set = ExecuteMsg::SetParams {
        params: config.params.clone(),
    };
    bench.measure(row("SetParams", ""), &council, &to, &set, &[])?;
    let name = ExecuteMsg::SetOperator {
        operator: Some(operator.address().to_owned()),
    };
    bench.measure(row("SetOperator", ""), &council, &to, &name, &[])?;
    ownership(bench, FUND, &to, ExecuteMsg::Ownership)?;
    let twin = InstantiateMsg {
        owner: council.address().to_owned(),
        operator: None,
        vault: config.vault,
        l_coin: config.l_coin,
        exchange: config.exchange,
        wars: None,
        params: config.params,
    };
    let twin = bench.create(Part::EcosystemFund, "alone", &twin)?;
    let set = ExecuteMsg::SetWars {
        wars: user(7)?.address().to_owned(),
    };
    bench.measure(row("SetWars", ""), &council, &twin, &set, &[])?;
    Ok(Twin(twin))
}

fn report(bench: &mut Bench, week: u64, case: &str) -> Result<()> {
    let (to, gateway) = (bench.at.ecosystem_fund.clone(), bench.by("gateway")?);
    let question = credit_vault::QueryMsg::Week { gateway: 1, week };
    let found: WeekResponse = bench.query(&bench.at.credit_vault, &question)?;
    let msg = ExecuteMsg::ReportProfit {
        week,
        gateway: 1,
        cost: (found.cost.u128() / 2).into(),
        evidence_hash: HexBinary::from([7; 32]),
    };
    bench.measure(row("ReportProfit", case).hops(2), &gateway, &to, &msg, &[])?;
    Ok(())
}

/// The week of the champion's free calls first, so that there is no budget for them yet; then the week before, and then they can be paid.
pub fn reports(bench: &mut Bench, week: u64) -> Result<()> {
    report(bench, week, "free calls without a budget")?;
    report(bench, week - 1, "first of its week")?;
    let (to, anyone) = (bench.at.ecosystem_fund.clone(), bench.by("relayer")?);
    let pay = ExecuteMsg::PayFreeCalls { week, gateway: 1 };
    bench.measure(row("PayFreeCalls", "").hops(2), &anyone, &to, &pay, &[])?;
    Ok(())
}

/// On a Friday.
pub fn buy(bench: &mut Bench) -> Result<()> {
    let (to, anyone) = (bench.at.ecosystem_fund.clone(), bench.by("relayer")?);
    for case in ["first of its day", "next"] {
        // Fund, vault, exchange and token.
        let row = row("Buyback", case).hops(4);
        new_minute(bench)?;
        bench.measure(row, &anyone, &to, &ExecuteMsg::Buyback {}, &[])?;
        bench.pass(601)?;
        if pot(bench)?.is_zero() {
            break;
        }
    }
    Ok(())
}

fn pot(bench: &Bench) -> Result<Uint128> {
    let overview: interfaces::ecosystem_fund::OverviewResponse =
        bench.query(&bench.at.ecosystem_fund, &QueryMsg::Overview {})?;
    Ok(overview.pot)
}

/// On the Saturday after a week.
pub fn prizes(bench: &mut Bench, twin: &Twin, week: u64) -> Result<()> {
    let msg = ExecuteMsg::ReleasePrizes { week };
    let row = row("ReleasePrizes", "none; with some it is in CollectPrizes");
    bench.measure(row, &user(7)?, &twin.0, &msg, &[])?;
    Ok(())
}

/// Four weeks after its end, a week that nobody reported.
pub fn close(bench: &mut Bench, week: u64) -> Result<()> {
    let (to, anyone) = (bench.at.ecosystem_fund.clone(), bench.by("relayer")?);
    let msg = ExecuteMsg::CloseWeek { week, gateway: 1 };
    bench.measure(row("CloseWeek", "").hops(2), &anyone, &to, &msg, &[])?;
    Ok(())
}
