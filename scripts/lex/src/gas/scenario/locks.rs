//! Locks and what they earn.

use anyhow::Result;
use interfaces::ve_rewards;
use interfaces::vote_escrow::{Cw20Hook, ExecuteMsg, OverviewResponse, QueryMsg, MIN_LOCK_SECONDS};
use suite::deploy::{Addresses, Part};
use suite::population::network::people;
use suite::population::user;

use super::network::{send, Twin, ONE};
use super::vault::ownership;
use super::DAY;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const ESCROW: &str = "vote-escrow";
const REWARDS: &str = "ve-rewards";
const LOCK: u64 = 270_000;
const CLAIM: u64 = 210_000;
/// The user who leaves in the end.
const LEAVER: u32 = 9;

fn row(handler: &str, case: &str) -> Row {
    Row::new(ESCROW, handler, case)
}

/// Answers from when on the shortest lock can be withdrawn.
pub fn run(bench: &mut Bench) -> Result<u64> {
    let (to, council, token) = (
        bench.at.vote_escrow.clone(),
        bench.by("council")?,
        bench.at.vcai.clone(),
    );
    let now = bench.now()?;
    let changer = user(people::CHANGER)?;
    for (case, account, hook) in [
        ("Lock", user(3)?, Cw20Hook::Lock { until: now + 200 * DAY }),
        (
            "Lock, four years",
            user(8)?,
            Cw20Hook::Lock {
                until: now + 1_460 * DAY,
            },
        ),
        ("IncreaseAmount", changer.clone(), Cw20Hook::IncreaseAmount {}),
    ] {
        let row = row("Receive", case).at_most(LOCK);
        send(bench, Some(row), &account, (&token, 20_000 * ONE), &to, &hook)?;
    }
    let extend = ExecuteMsg::ExtendTo { until: now + 500 * DAY };
    bench.measure(row("ExtendTo", "").hops(1), &changer, &to, &extend, &[])?;
    bench.measure(row("Mark", "").hops(1), &user(0)?, &to, &ExecuteMsg::Mark {}, &[])?;
    let shortest = now + MIN_LOCK_SECONDS + DAY;
    let hook = Cw20Hook::Lock { until: shortest };
    send(bench, None, &user(LEAVER)?, (&token, 20_000 * ONE), &to, &hook)?;
    let overview: OverviewResponse = bench.query(&to, &QueryMsg::Overview {})?;
    let set = ExecuteMsg::SetParams {
        params: overview.params,
    };
    bench.measure(row("SetParams", "").hops(1), &council, &to, &set, &[])?;
    ownership(bench, ESCROW, &to, ExecuteMsg::Ownership)?;
    Ok(shortest + DAY)
}

/// On the day after revenue bought VCAI.
pub fn rewards(bench: &mut Bench) -> Result<()> {
    let (to, locker) = (bench.at.ve_rewards.clone(), user(people::LOCKER)?);
    for case in ["first of the day", "again"] {
        let row = Row::new(REWARDS, "Claim", case).at_most(CLAIM);
        bench.measure(row, &locker, &to, &ve_rewards::ExecuteMsg::Claim {}, &[])?;
        bench.pass(600)?;
    }
    Ok(())
}

/// Rewards for the same locks, whose treasury is an account.
pub fn fund(bench: &mut Bench, twin: &Twin) -> Result<String> {
    let council = bench.by("council")?;
    let at = Addresses {
        vote_escrow: bench.at.vote_escrow.clone(),
        treasury: council.address().to_owned(),
        ..twin.at.clone()
    };
    let to = twin.part(bench, Part::VeRewards, &at, "funded")?;
    for case in ["Fund, first", "Fund, again"] {
        let row = Row::new(REWARDS, "Receive", case).hops(2);
        let hook = ve_rewards::Cw20Hook::Fund {};
        send(bench, Some(row), &council, (&twin.at.vcai, 100 * ONE), &to, &hook)?;
    }
    Ok(to)
}

/// When the shortest lock has ended, and days have passed for rewards.
pub fn leave(bench: &mut Bench, funded: &str) -> Result<()> {
    let (to, rewards) = (bench.at.vote_escrow.clone(), bench.at.ve_rewards.clone());
    let leaver = user(LEAVER)?;
    bench.measure(row("Withdraw", "").hops(2), &leaver, &to, &ExecuteMsg::Withdraw {}, &[])?;
    let late = Row::new(REWARDS, "Claim", "of a lock that ended, days later").at_most(CLAIM);
    bench.measure(late, &leaver, &rewards, &ve_rewards::ExecuteMsg::Claim {}, &[])?;
    let sync = Row::new(REWARDS, "Sync", "days later").hops(1);
    bench.measure(sync, &leaver, funded, &ve_rewards::ExecuteMsg::Sync {}, &[])?;
    Ok(())
}
