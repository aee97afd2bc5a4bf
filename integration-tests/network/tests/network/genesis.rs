//! Tokens are sold, the market opens with all proceeds, and what was granted begins to vest.

use anyhow::Result;
use interfaces::genesis_nft as genesis;
use interfaces::incentive_controller as incentives;
use interfaces::token_allocation as allocation;
use network::book::{Line, MONTH};
use network::world::{same, units, with, Person, World, DAY, ONE, TOKEN_PRICE, VCAI_PRICE};
use replay::books::root;
use suite::laws;

use crate::Cast;

/// Whole VCAI granted of the private and the public round.
pub const ANN: u128 = 1_000_000_000;
pub const BOB: u128 = 900_000_000;
pub const DORA: u128 = 500_000_000;
/// Tokens sold: six and four purchases of fifty.
const SOLD: [u128; 2] = [300, 200];
const PER_TOKEN: u128 = 10_000 * ONE;
pub const AIRDROP: u128 = (SOLD[0] + SOLD[1]) * PER_TOKEN;

/// What the rest is counted from.
pub struct Begun {
    /// First day of the first epoch.
    pub first_day: u64,
    /// Dora's grant.
    pub dora: Line,
}

/// What a round vests: parts of ten thousand at once, the rest over months.
fn round(whole: u128, first_bps: u128, months: u64, tge: u64) -> Line {
    Line {
        amount: whole * ONE,
        first_bps,
        start: tge,
        cliff: 0,
        duration: months * MONTH,
    }
}

fn sell(world: &mut World, cast: &Cast) -> Result<()> {
    let at = world.at.genesis_nft.clone();
    let buy = genesis::ExecuteMsg::Buy { quantity: 50 };
    world.refused(&cast.thief, with(&at, &buy, 50 * TOKEN_PRICE - 1)?, "genesis:7")?;
    for (buyer, sold) in [&cast.nora, &cast.otto].into_iter().zip(SOLD) {
        let msgs = vec![with(&at, &buy, 50 * TOKEN_PRICE)?; (sold / 50) as usize];
        world.all(buyer, &msgs)?;
    }
    // 300 for a wallet.
    world.refused(&cast.nora, with(&at, &buy, 50 * TOKEN_PRICE)?, "genesis:6")?;
    same("proceeds held", world.usdt(&at)?, (SOLD[0] + SOLD[1]) * TOKEN_PRICE)
}

fn open(world: &mut World, cast: &Cast) -> Result<u64> {
    let at = world.at.token_allocation.clone();
    let tge = allocation::ExecuteMsg::Tge {};
    world.refused(&cast.keeper, with(&at, &tge, 0)?, "allocation:6")?;
    let plan: allocation::TgeResponse = world.query(&at, &allocation::QueryMsg::Tge {})?;
    world.until(plan.plan.time)?;
    let opened = world.execute(&cast.keeper, &at, &tge)?;
    let time = world.time_of(&opened)?;
    world.refused(&cast.keeper, with(&at, &tge, 0)?, "allocation:4")?;
    let proceeds = (SOLD[0] + SOLD[1]) * TOKEN_PRICE;
    let paired = proceeds * ONE / VCAI_PRICE;
    let pool = laws::pool(world.chain(), &world.at.vcai_exchange)?;
    same("VCAI of the pool", pool.reserves[0], paired)?;
    same("USDT of the pool", pool.reserves[1], proceeds)?;
    same("shares of the pool", pool.total_shares, root(paired * proceeds))?;
    same("the airdrop", world.vcai(&world.at.genesis_nft)?, AIRDROP)?;
    same(
        "the incentives",
        world.vcai(&world.at.incentive_controller)?,
        2_000_000_000 * ONE,
    )?;
    world.say(format!(
        "the market opens with {} VCAI and {} USDT",
        units(paired),
        units(proceeds)
    ));
    Ok(time)
}

/// Takes what has vested by the block of the claim.
fn claim(world: &mut World, by: &Person, grant: u64, line: &Line) -> Result<()> {
    let at = world.at.token_allocation.clone();
    let claimed = world.execute(by, &at, &allocation::ExecuteMsg::Claim { grant })?;
    let vested = line.vested(world.time_of(&claimed)?);
    same(by.name, world.vcai(by.address())?, vested)
}

/// Everything up to the first claims.
pub fn begin(world: &mut World, cast: &Cast) -> Result<Begun> {
    sell(world, cast)?;
    let tge = open(world, cast)?;
    let at = world.at.incentive_controller.clone();
    let started = world.execute(&cast.keeper, &at, &incentives::ExecuteMsg::Start {})?;
    let first_day = world.time_of(&started)? / DAY + 1;
    claim(world, &cast.ann, 1, &round(ANN, 2_191, 18, tge))?;
    claim(world, &cast.bob, 2, &round(BOB, 2_191, 18, tge))?;
    let tokens: Vec<String> = (1..=50).map(|id| id.to_string()).collect();
    let at = world.at.genesis_nft.clone();
    let msg = with(&at, &genesis::ExecuteMsg::Claim { tokens }, 0)?;
    world.refused(&cast.otto, msg.clone(), "genesis:11")?;
    world.all(&cast.nora, std::slice::from_ref(&msg))?;
    same(
        "a quarter of fifty tokens",
        world.vcai(cast.nora.address())?,
        50 * PER_TOKEN / 4,
    )?;
    world.refused(&cast.nora, msg, "genesis:12")?;
    Ok(Begun {
        first_day,
        dora: round(DORA, 3_091, 12, tge),
    })
}
