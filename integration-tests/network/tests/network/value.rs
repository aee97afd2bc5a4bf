//! Locks, thirty days of revenue and buybacks, and what the locks earn.

use anyhow::{ensure, Context, Result};
use interfaces::token_allocation as allocation;
use interfaces::voting::{Moment, Power};
use interfaces::{treasury, vcai, ve_rewards as rewards, vote_escrow as escrow};
use network::book::{earned, swap, Funding, Lock};
use network::world::{same, units, with, Person, World, DAY, HOUR, ONE};
use suite::{laws, Chain};

use crate::genesis::Begun;
use crate::Cast;

const CARL: u128 = 1_000_000 * ONE;
const DAYS: u64 = 30;

/// The four locks: Ann's, Bob's, Dora's, Carl's.
pub type Locks = [Lock; 4];

fn lock_all(world: &mut World, by: &Person, days: u64) -> Result<Lock> {
    let (amount, until) = (world.vcai(by.address())?, world.now()? + days * DAY);
    let at = world.at.vote_escrow.clone();
    let early = world.now()? + 5 * DAY;
    let msg = world.send(&at, amount, &escrow::Cw20Hook::Lock { until: early })?;
    world.refused(by, msg, "escrow:3")?;
    let msg = world.send(&at, amount, &escrow::Cw20Hook::Lock { until })?;
    let locked = world.all(by, &[msg])?;
    world.refused(by, with(&at, &escrow::ExecuteMsg::Withdraw {}, 0)?, "escrow:8")?;
    Ok(Lock::new(amount, world.time_of(&locked)?, until))
}

/// Dora's goes straight from her grant.
fn lock_vested(world: &mut World, cast: &Cast, begun: &Begun) -> Result<Lock> {
    let until = world.now()? + 500 * DAY;
    let at = world.at.token_allocation.clone();
    let msg = allocation::ExecuteMsg::LockVested {
        grant: 3,
        amount: None,
        until,
    };
    world.refused(&cast.thief, with(&at, &msg, 0)?, "allocation:911")?;
    let locked = world.execute(&cast.dora, &at, &msg)?;
    let time = world.time_of(&locked)?;
    Ok(Lock::new(begun.dora.vested(time), time, until))
}

/// What each weighs at a block of the past, to the unit, and all together.
fn weigh(world: &World, cast: &Cast, locks: &Locks) -> Result<()> {
    let block = world.chain().block()?;
    let at = Moment {
        height: block.height,
        time: block.time.seconds(),
    };
    let (mut weight, mut linear) = (0, 0);
    for (who, lock) in [&cast.ann, &cast.bob, &cast.dora, &cast.carl].into_iter().zip(locks) {
        let address = who.address().to_owned();
        let query = escrow::QueryMsg::Lock {
            address: address.clone(),
        };
        let row: escrow::LockResponse = world.query(&world.at.vote_escrow, &query)?;
        same("locked", row.amount, lock.amount)?;
        same("slope", row.slope, lock.slope())?;
        ensure!(
            row.end == lock.end,
            "{}'s lock ends at {}, not {}",
            who.name,
            row.end,
            lock.end
        );
        let power: Power = world.query(&world.at.vote_escrow, &escrow::QueryMsg::Power { address, at })?;
        let (w, l) = lock.power(at.time);
        same("weight", power.weight, w)?;
        same("linear weight", power.linear, l)?;
        (weight, linear) = (weight + w, linear + l);
    }
    let total: Power = world.query(&world.at.vote_escrow, &escrow::QueryMsg::TotalPower { at })?;
    same("total weight", total.weight, weight)?;
    same("total linear weight", total.linear, linear)
}

/// For four years, two years, five hundred days, and two weeks.
pub fn lock(world: &mut World, cast: &Cast, begun: &Begun) -> Result<Locks> {
    let at = world.at.vote_escrow.clone();
    let dust = world.send(
        &at,
        10_000 * ONE - 1,
        &escrow::Cw20Hook::Lock {
            until: world.now()? + 9 * DAY,
        },
    )?;
    world.refused(&cast.ann, dust, "escrow:2")?;
    let transfer = vcai::ExecuteMsg::Transfer {
        recipient: cast.carl.address().to_owned(),
        amount: CARL.into(),
    };
    let token = world.at.vcai.clone();
    world.execute(&cast.ann, &token, &transfer)?;
    let ann = lock_all(world, &cast.ann, 1_461)?;
    let bob = lock_all(world, &cast.bob, 730)?;
    let dora = lock_vested(world, cast, begun)?;
    let carl = lock_all(world, &cast.carl, 14)?;
    let locks = [ann, bob, dora, carl];
    // What is locked in a block counts from the next one on.
    let later = world.now()? + 60;
    world.until(later)?;
    weigh(world, cast, &locks)?;
    let all: u128 = locks.iter().map(|lock| lock.amount).sum();
    world.say(format!("{} VCAI are locked", units(all)));
    Ok(locks)
}

/// µUSDT that come in on a day: at first less than a slice may be, at the end more.
fn revenue(day: u64) -> u128 {
    (250 + 11 * u128::from(day)) * ONE
}

/// What the treasury is worked out to hold and to buy.
struct Model {
    pool: [u128; 2],
    pot: u128,
    bought: u128,
    fundings: Vec<Funding>,
}

impl Model {
    /// At most half the fee of 0.3 % on the reserve; what the day leaves waits for the next.
    fn slice(&mut self, time: u64) -> (u128, u128) {
        let spent = self.pot.min(self.pool[1] * 30 * 5_000 / 100_000_000);
        let bought = swap(spent, [self.pool[1], self.pool[0]]);
        self.pool = [self.pool[0] - bought, self.pool[1] + spent];
        self.pot -= spent;
        self.bought += bought;
        self.fundings.push((time, bought));
        (spent, bought)
    }
}

/// Every day the desk deposits what came in, and somebody has the day before's spent.
pub fn thirty_days(world: &mut World, cast: &Cast, locks: &Locks) -> Result<()> {
    let at = world.at.treasury.clone();
    let buy = || with(&at, &treasury::ExecuteMsg::Buyback { min_out: None }, 0);
    let deposit = |usdt| {
        let msg = treasury::ExecuteMsg::Deposit {
            source: "desk".to_owned(),
        };
        with(&at, &msg, usdt)
    };
    world.refused(&cast.thief, deposit(ONE)?, "treasury:911")?;
    world.refused(&cast.keeper, buy()?, "treasury:7")?;
    let mut model = Model {
        pool: laws::pool(world.chain(), &world.at.vcai_exchange)?
            .reserves
            .map(|amount| amount.u128()),
        pot: revenue(0),
        bought: 0,
        fundings: Vec::new(),
    };
    world.all(&cast.desk, &[deposit(revenue(0))?])?;
    let today = world.now()? / DAY;
    for day in 1..=DAYS {
        world.until((today + day) * DAY + 10 * HOUR)?;
        let sent = world.all(&cast.desk, &[buy()?, deposit(revenue(day))?])?;
        let (spent, bought) = model.slice(world.time_of(&sent)?);
        model.pot += revenue(day);
        for (key, amount) in [("spent", spent), ("bought", bought)] {
            let said = sent
                .attribute("wasm-buyback", key)
                .with_context(|| format!("no {key} on day {day}"))?;
            same(key, said.parse::<u128>()?, amount)?;
        }
        if day == 1 {
            world.refused(&cast.keeper, buy()?, "treasury:6")?;
        }
    }
    let pool = laws::pool(world.chain(), &world.at.vcai_exchange)?.reserves;
    same("VCAI left in the pool", pool[0], model.pool[0])?;
    same("USDT in the pool", pool[1], model.pool[1])?;
    let row: treasury::OverviewResponse = world.query(&at, &treasury::QueryMsg::Overview {})?;
    same("pot", row.pot, model.pot)?;
    same("funded", world.vcai(&world.at.ve_rewards)?, model.bought)?;
    ensure!(row.receipts == DAYS && row.failures == 0, "{row:?}");
    world.say(format!("thirty buybacks bought {} VCAI", units(model.bought)));
    rewarded(world, cast, locks, &model)
}

/// Everybody claims what his lock earned day by day; Carl's ended after two weeks and is paid out.
fn rewarded(world: &mut World, cast: &Cast, locks: &Locks, model: &Model) -> Result<()> {
    let (at, escrow) = (world.at.ve_rewards.clone(), world.at.vote_escrow.clone());
    world.execute(&cast.carl, &escrow, &escrow::ExecuteMsg::Withdraw {})?;
    same("Carl's lock", world.vcai(cast.carl.address())?, CARL)?;
    let mut all = 0;
    for (mine, who) in [&cast.ann, &cast.bob, &cast.dora, &cast.carl].into_iter().enumerate() {
        let before = world.vcai(who.address())?;
        let claimed = world.execute(who, &at, &rewards::ExecuteMsg::Claim {})?;
        let paid = world.vcai(who.address())? - before;
        let due = earned(mine, locks, &model.fundings, world.time_of(&claimed)?);
        let off = (paid as f64 - due).abs();
        ensure!(off <= 1.0 + due * 1e-9, "{} was paid {paid}, earned {due}", who.name);
        all += paid;
        world.say(format!("{} earned {}", who.name, units(paid)));
    }
    ensure!(all <= model.bought, "paid {all} of {}", model.bought);
    world.refused(&cast.carl, with(&at, &rewards::ExecuteMsg::Claim {}, 0)?, "rewards:2")?;
    world.refused(&cast.thief, with(&at, &rewards::ExecuteMsg::Claim {}, 0)?, "rewards:2")
}
