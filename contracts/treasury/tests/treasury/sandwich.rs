//! Somebody trades around a slice, in its block, in the block before and in the block after, and holds 0, 50 or 90 % of the pool.
//!
//! Worth is counted at the price p before anybody did anything: stablecoin + p · VCAI + share of the pool · (y + p · x). All of it together changes hands only, so
//! what the attacker gains is what the treasury and the other LPs lose against the same slice undisturbed. See the page of the contract for the bound:
//!
//! ```text
//! gain ≤ slice · (t + g + (1 − s) · (f + slice / y))        t slippage, f pool fee, s share of the pool,
//!                                                            g premium allowed and what one block moves the mean; 0 if only the slice's own block is touched
//! ```

use interfaces::treasury::ExecuteMsg;

use crate::world::*;

/// How the attacker goes about it; pushes in tenths of a basis point of the price.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// Push in the block before the slice.
    before: u128,
    /// Push in the block of the slice, before it.
    same: u128,
    /// Unwinds in the block after, not in that of the slice.
    later: bool,
    /// How much he unwinds: per cent of what he bought.
    unwind: u128,
}

const MONEY: u128 = 300_000 * ONE;

/// A pool of which the attacker owns `share` per cent, and a day's amount of one whole slice and more.
fn world(share: u128) -> World {
    let mut world = World::empty(|_| {});
    world.open(BASE * (100 - share) / 100, QUOTE * (100 - share) / 100);
    if share > 0 {
        world.provide("attacker", BASE * share / 100, QUOTE * share / 100);
    }
    let mut world = world.with_day(3_000 * ONE);
    let attacker = world.user("attacker");
    world.give(&attacker, MONEY, DENOM);
    world.vcai_to(&attacker, 20 * MONEY);
    world.wait(3_600);
    world
}

/// Stablecoin at p = 1/20.
fn worth(world: &World) -> i128 {
    let attacker = world.user("attacker");
    let market = world.market();
    let [x, y] = market.reserves.map(|reserve| reserve.u128());
    let pooled = (y + x / 20) * world.shares(&attacker) / market.total_shares.u128();
    (world.usdt(&attacker) + world.vcai(&attacker) / 20 + pooled) as i128
}

/// Stablecoin that lifts the price by so many tenths of a basis point: y(√(1+b) − 1) ≈ y·b/2.
fn push(world: &mut World, tenths: u128) -> u128 {
    if tenths == 0 {
        return 0;
    }
    let attacker = world.user("attacker");
    let before = world.vcai(&attacker);
    let [_, y] = world.market().reserves.map(|reserve| reserve.u128());
    world.buy("attacker", y * tenths / 200_000);
    world.vcai(&attacker) - before
}

fn undisturbed(share: u128) -> i128 {
    let mut world = world(share);
    world.buyback();
    worth(&world)
}

/// Gain over the same with an undisturbed slice, and the size of the slice; none if the slice was not bought.
fn attack(share: u128, undisturbed: i128, plan: Plan) -> Option<(i128, u128)> {
    let mut world = world(share);
    let mut bought = push(&mut world, plan.before);
    world.next_block();
    bought += push(&mut world, plan.same);
    world.send("mallory", &ExecuteMsg::Buyback { min_out: None }).ok()?;
    world.check_laws();
    let slice = world.receipts().first()?.spent.u128();
    if plan.later {
        world.next_block();
    }
    if bought * plan.unwind / 100 > 0 {
        world.sell("attacker", bought * plan.unwind / 100);
    }
    Some((worth(&world) - undisturbed, slice))
}

/// The bound of the page.
fn bound(share: u128, slice: u128, before: bool) -> i128 {
    // tenths of a basis point: slippage; premium, and what one block of BLOCK seconds moves the 30 minute mean at 0.8 % a second
    let slippage = 300;
    let premium = if before {
        5_000 + 80_000 * u128::from(BLOCK * BLOCK) / 1_800 / 100 + 1
    } else {
        0
    };
    let others = (100 - share) * (300 + 150) / 100;
    (slice * (slippage + premium + others) / 100_000) as i128
}

fn plans(before: &[u128]) -> Vec<Plan> {
    let mut plans = vec![];
    for before in before.iter().copied() {
        for same in [0, 150, 295] {
            for later in [false, true] {
                for unwind in [0, 100, 120] {
                    plans.push(Plan {
                        before,
                        same,
                        later,
                        unwind,
                    });
                }
            }
        }
    }
    plans
}

const SAME_BLOCK: [u128; 1] = [0];
const BLOCK_BEFORE: [u128; 3] = [560, 2_500, 4_900];

fn strongest(share: u128, before: &[u128]) -> (i128, i128) {
    let undisturbed = undisturbed(share);
    let (mut best, mut limit, mut bought) = (i128::MIN, 0, 0);
    for plan in plans(before) {
        let Some((gain, slice)) = attack(share, undisturbed, plan) else {
            continue;
        };
        bought += 1;
        let bound = bound(share, slice, plan.before > 0);
        assert!(
            gain <= bound,
            "{share} % of the pool, {plan:?}: {gain} of at most {bound}"
        );
        if gain > best {
            (best, limit) = (gain, bound);
        }
    }
    assert!(bought >= 6, "attacks that let the slice through: {bought}");
    (best, limit)
}

#[test]
fn sandwich_without_liquidity_gains_nothing_at_all() {
    let (gain, _) = strongest(0, &SAME_BLOCK);
    assert!(gain <= 0, "{gain}");
    let (gain, _) = strongest(0, &BLOCK_BEFORE);
    assert!(gain <= 0, "{gain}");
}

#[test]
fn sandwich_with_half_the_liquidity_in_the_same_block_gains_nothing() {
    let (gain, _) = strongest(50, &SAME_BLOCK);
    assert!(
        gain <= 0,
        "half of what the fee takes comes back, which is not enough: {gain}"
    );
}

#[test]
fn sandwich_with_half_the_liquidity_in_the_next_block_stays_within_the_bound() {
    let (gain, bound) = strongest(50, &BLOCK_BEFORE);
    println!("50 %, next block: {gain} of {bound}");
}

#[test]
fn sandwich_with_nine_tenths_of_the_liquidity_stays_within_the_bound() {
    let (gain, bound) = strongest(90, &SAME_BLOCK);
    println!("90 %, same block: {gain} of {bound}");
    assert!(gain > 0, "the bound is not empty: with 90 % there is something to gain");
    let (gain, bound) = strongest(90, &BLOCK_BEFORE);
    println!("90 %, next block: {gain} of {bound}");
    assert!(gain > 0, "the bound is not empty: with 90 % there is something to gain");
}
