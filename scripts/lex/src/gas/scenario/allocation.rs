//! The allocation of VCAI.

use anyhow::Result;
use cosmwasm_std::Uint128;
use interfaces::incentive_controller;
use interfaces::token_allocation::{Bucket, Cw20Hook, ExecuteMsg, NewGrant, TgePlan, VestingSchedule, MAX_BATCH};
use suite::population::network::{ids, people};
use suite::population::{stranger, user};

use super::network::{send, Twin, ONE};
use super::vault::ownership;
use super::DAY;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const ALLOCATION: &str = "token-allocation";
const CLAIM: u64 = 210_000;

fn row(handler: &str, case: &str) -> Row {
    Row::new(ALLOCATION, handler, case)
}

fn grants(count: usize, schedule: Option<VestingSchedule>) -> Result<Vec<NewGrant>> {
    let one = |index: usize| {
        Ok(NewGrant {
            beneficiary: stranger(9_000_000 + u32::try_from(index)?)?,
            amount: Uint128::new(1_000 * ONE),
            schedule,
        })
    };
    (0..count).map(one).collect()
}

/// Before the TGE, which is a day away from now on.
pub fn plan(bench: &mut Bench, twin: &Twin) -> Result<()> {
    let tge = TgePlan {
        time: bench.now()? + DAY + 600,
        price: Uint128::new(50_000),
    };
    let council = bench.by("council")?;
    let set = ExecuteMsg::SetTge { tge };
    let to = &twin.at.token_allocation;
    bench.measure(row("SetTge", "").hops(1), &council, to, &set, &[])?;
    Ok(())
}

/// Beneficiaries and owner, beside as many grants as there are rows.
pub fn run(bench: &mut Bench) -> Result<()> {
    let (to, council) = (bench.at.token_allocation.clone(), bench.by("council")?);
    for (case, count) in [("1 grant", 1), ("50 grants", MAX_BATCH)] {
        let add = ExecuteMsg::AddGrants {
            bucket: Bucket::Advisors,
            grants: grants(count, None)?,
        };
        let row = match count {
            1 => row("AddGrants", case).hops(1),
            _ => row("AddGrants", case),
        };
        bench.measure(row, &council, &to, &add, &[])?;
    }
    let [first, second] = people::BENEFICIARIES;
    let [grant, other] = ids::GRANTS;
    for case in ["first", "again"] {
        let claim = row("Claim", case).hops(2).at_most(CLAIM);
        bench.measure(claim, &user(first)?, &to, &ExecuteMsg::Claim { grant }, &[])?;
        bench.pass(60)?;
    }
    let lock = ExecuteMsg::LockVested {
        grant: other,
        amount: Some(Uint128::new(20_000 * ONE)),
        until: bench.now()? + 365 * DAY,
    };
    for case in ["a new lock", "more of it"] {
        bench.measure(row("LockVested", case).hops(3), &user(second)?, &to, &lock, &[])?;
    }
    let propose = ExecuteMsg::ProposeBeneficiary {
        grant,
        to: Some(user(second)?.address().to_owned()),
    };
    bench.measure(row("ProposeBeneficiary", "").hops(1), &user(first)?, &to, &propose, &[])?;
    let accept = ExecuteMsg::AcceptBeneficiary { grant };
    bench.measure(row("AcceptBeneficiary", "").hops(1), &user(second)?, &to, &accept, &[])?;
    let amend = ExecuteMsg::Amend {
        grant,
        schedule: VestingSchedule::monthly(2_191, 0, 24)?,
    };
    bench.measure(row("Amend", "").hops(1), &council, &to, &amend, &[])?;
    ownership(bench, ALLOCATION, &to, ExecuteMsg::Ownership)
}

/// The market of the twin opens; its clock starts, and its governance pays and issues.
pub fn tge(bench: &mut Bench, twin: &Twin) -> Result<()> {
    let (to, anyone, council) = (&twin.at.token_allocation, bench.by("relayer")?, bench.by("council")?);
    // Allocation, genesis tokens, VCAI, treasury and exchange.
    bench.measure(row("Tge", "").hops(5), &anyone, to, &ExecuteMsg::Tge {}, &[])?;
    let start = Row::new("incentive-controller", "Start", "").hops(2);
    let msg = incentive_controller::ExecuteMsg::Start {};
    bench.measure(start, &anyone, &twin.at.incentive_controller, &msg, &[])?;
    let spend = ExecuteMsg::Spend {
        bucket: Bucket::Reserve,
        to: council.address().to_owned(),
        amount: Uint128::new(1_000_000 * ONE),
    };
    for case in ["first", "next"] {
        bench.measure(row("Spend", case).hops(2), &council, to, &spend, &[])?;
    }
    let schedule = Some(VestingSchedule::monthly(0, 0, 12)?);
    let hook = Cw20Hook::Vest {
        proposal: 1,
        grants: grants(1, schedule)?,
    };
    let row = row("Receive", "Vest, 1 grant").hops(2);
    send(bench, Some(row), &council, (&twin.at.vcai, 1_000 * ONE), to, &hook)?;
    Ok(())
}
