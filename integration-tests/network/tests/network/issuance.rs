//! A strategic issuance, from the revenue that opens it to what vests of it.

use anyhow::{bail, ensure, Context, Result};
use cosmwasm_std::{coins, Uint128};
use interfaces::governance::{self, Action, Choice, Recipient, StrategicIssuance, Subject};
use interfaces::token_allocation::{self as allocation, VestingKind, VestingSchedule};
use interfaces::{treasury, vcai};
use network::book::{Line, MONTH};
use network::world::{same, units, with, Person, World, DAY, ONE};
use suite::localnet::USDT_DENOM;
use suite::Msg;

use crate::value::Locks;
use crate::Cast;

/// Of revenue, µUSDT, for each issuance.
const STEP: u128 = 2_000_000 * ONE;
const AMOUNTS: [u128; 2] = [24_000_000 * ONE, 16_000_000 * ONE];
const SUPPLY: u128 = 10_000_000_000 * ONE;
/// Of 10,000, at once; then nothing for three months and a year's straight line.
const AT_ONCE: u16 = 1_000;
const CLIFF: u64 = 3 * MONTH;
const LINE: u64 = 12 * MONTH;
/// Discussion, voting and timelock of the deployment.
const PHASES: [u64; 3] = [7 * DAY, 7 * DAY, DAY];
const DEPOSIT: u128 = 100 * ONE;

/// A grant of issued VCAI.
pub struct Vested {
    grant: u64,
    line: Line,
}

fn quota(world: &World) -> Result<governance::QuotaResponse> {
    world.query(&world.at.vcai_governance, &governance::QueryMsg::Quota {})
}

fn proposal(world: &World, cast: &Cast) -> Result<Msg> {
    let recipients = [&cast.pia, &cast.quin].into_iter().zip(AMOUNTS);
    let recipients = recipients.map(|(who, amount)| Recipient {
        address: who.address().to_owned(),
        amount: amount.into(),
    });
    let issuance = StrategicIssuance {
        purpose: "Machines for the north".to_owned(),
        partners: vec!["A data centre".to_owned()],
        amount: AMOUNTS.iter().sum::<u128>().into(),
        recipients: recipients.collect(),
        vesting: VestingSchedule::new(AT_ONCE, CLIFF, VestingKind::Linear { duration: LINE })?,
        terms: "Ten thousand units a day for three years.".to_owned(),
        uses_quota: true,
    };
    let hook = governance::Cw20Hook::Propose {
        title: "Machines for the north".to_owned(),
        description: String::new(),
        action: Action::StrategicIssuance(issuance),
    };
    world.send(&world.at.vcai_governance, DEPOSIT, &hook)
}

/// Donations and revenue that does not count open nothing; the last unit of two million does.
fn earn(world: &mut World, cast: &Cast) -> Result<()> {
    let at = world.at.treasury.clone();
    for payer in &cast.payers {
        let to = cast.desk.address().to_owned();
        let coins = coins(600_000 * ONE, USDT_DENOM);
        world.all(payer, &[Msg::Send { to, coins }])?;
    }
    let deposit = |source: &str| treasury::ExecuteMsg::Deposit {
        source: source.to_owned(),
    };
    world.pay(&cast.donor, &at, &deposit("donor"), 900_000 * ONE)?;
    let row: treasury::RevenueResponse = world.query(&at, &treasury::QueryMsg::Revenue {})?;
    let missing = STEP - row.net_fees.u128();
    world.pay(&cast.desk, &at, &deposit("desk"), missing - 1)?;
    let before = quota(world)?;
    same("steps of locks", before.locked_steps, 1u128)?;
    same("steps a unit before two million", before.revenue_steps, 0u128)?;
    let msg = proposal(world, cast)?;
    world.refused(&cast.ann, msg, "governance:26")?;
    world.pay(&cast.desk, &at, &deposit("desk"), 1)?;
    same("issuances left", quota(world)?.left, 1u128)
}

/// Ann and Bob say yes, Dora no: more than half of all weight, and of all linear weight.
fn vote(world: &mut World, cast: &Cast, locks: &Locks, proposed: u64) -> Result<()> {
    let at = world.at.vcai_governance.clone();
    let ballot = |choice| with(&at, &governance::ExecuteMsg::Vote { proposal: 1, choice }, 0);
    world.refused(&cast.ann, ballot(Choice::Yes)?, "governance:7")?;
    world.until(proposed + PHASES[0] + 60)?;
    world.all(&cast.ann, &[ballot(Choice::Yes)?])?;
    world.all(&cast.bob, &[ballot(Choice::Yes)?])?;
    world.all(&cast.dora, &[ballot(Choice::No)?])?;
    // His lock had ended.
    world.refused(&cast.carl, ballot(Choice::Yes)?, "governance:9")?;
    let powers = locks.map(|lock| lock.power(proposed));
    let query = governance::QueryMsg::Proposal { proposal: 1 };
    let row: governance::ProposalResponse = world.query(&at, &query)?;
    let Subject::Motion {
        total,
        yes,
        no,
        weight_majority,
        linear_majority,
        ..
    } = row.subject
    else {
        bail!("no motion");
    };
    let sum = |of: &[usize]| {
        of.iter()
            .fold((0, 0), |sum, i| (sum.0 + powers[*i].0, sum.1 + powers[*i].1))
    };
    for (what, power, of) in [
        ("all", total, sum(&[0, 1, 2])),
        ("yes", yes, sum(&[0, 1])),
        ("no", no, sum(&[2])),
    ] {
        same(&format!("weight of {what}"), power.weight, of.0)?;
        same(&format!("linear weight of {what}"), power.linear, of.1)?;
    }
    let (all, yes) = (sum(&[0, 1, 2]), sum(&[0, 1]));
    ensure!(2 * yes.0 > all.0 && 2 * yes.1 > all.1, "worked out not to pass");
    ensure!(weight_majority && linear_majority, "said not to pass");
    Ok(())
}

fn execute(world: &mut World, cast: &Cast, proposed: u64) -> Result<u64> {
    let at = world.at.vcai_governance.clone();
    let msg = with(&at, &governance::ExecuteMsg::Execute { proposal: 1 }, 0)?;
    world.until(proposed + PHASES[0] + PHASES[1] + 60)?;
    world.refused(&cast.keeper, msg.clone(), "governance:7")?;
    world.until(proposed + PHASES.iter().sum::<u64>() + 60)?;
    let done = world.all(&cast.keeper, std::slice::from_ref(&msg))?;
    world.refused(&cast.keeper, msg, "governance:7")?;
    let before = world.vcai(cast.ann.address())?;
    world.execute(
        &cast.keeper,
        &at,
        &governance::ExecuteMsg::SettleDeposit { proposal: 1 },
    )?;
    same("Ann's deposit", world.vcai(cast.ann.address())? - before, DEPOSIT)?;
    world.time_of(&done)
}

/// The second of the two grants, to be claimed later.
pub fn issue(world: &mut World, cast: &Cast, locks: &Locks) -> Result<Vested> {
    earn(world, cast)?;
    let msg = proposal(world, cast)?;
    let sent = world.all(&cast.ann, &[msg])?;
    let proposed = world.time_of(&sent)?;
    vote(world, cast, locks, proposed)?;
    let start = execute(world, cast, proposed)?;
    let amount: u128 = AMOUNTS.iter().sum();
    let token: vcai::OverviewResponse = world.query(&world.at.vcai, &vcai::QueryMsg::Overview {})?;
    same("supply", token.supply, SUPPLY + amount)?;
    same("what the year has left", token.issuable.left, SUPPLY / 20 - amount)?;
    let left = quota(world)?;
    ensure!(left.executed == 1 && left.left == Uint128::zero(), "{left:?}");
    let msg = proposal(world, cast)?;
    world.refused(&cast.ann, msg, "governance:26")?;
    let vested = |grant, amount| Vested {
        grant,
        line: Line {
            amount,
            first_bps: AT_ONCE.into(),
            start,
            cliff: CLIFF,
            duration: LINE,
        },
    };
    claim(world, &cast.pia, &vested(4, AMOUNTS[0]))?;
    world.say(format!("{} VCAI are issued and vest", units(amount)));
    Ok(vested(5, AMOUNTS[1]))
}

/// Somebody's first claim pays what has vested by its block, to the unit; the same moment nobody else has it.
pub fn claim(world: &mut World, by: &Person, vested: &Vested) -> Result<()> {
    let at = world.at.token_allocation.clone();
    let msg = allocation::ExecuteMsg::Claim { grant: vested.grant };
    let claimed = world.execute(by, &at, &msg)?;
    let due = vested.line.vested(world.time_of(&claimed)?);
    same(by.name, world.vcai(by.address())?, due)?;
    let query = allocation::QueryMsg::Grant { grant: vested.grant };
    let row: Option<allocation::GrantResponse> = world.query(&at, &query)?;
    let row = row.context("no grant")?;
    same("said to be claimed", row.claimed, due)?;
    world.say(format!(
        "{} of {} VCAI have vested with {}",
        units(due),
        units(row.amount.u128()),
        by.name
    ));
    Ok(())
}
