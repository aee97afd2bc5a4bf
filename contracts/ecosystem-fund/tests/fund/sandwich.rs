//! Somebody trades around a slice, in its block, in the block before and in the block after, and holds 0, 50 or 90 % of the pool.
//!
//! Worth is counted at the price p before anybody did anything: Credits + p · LCO + share of the pool · (y + p · x). All of it together changes hands only, so
//! what the attacker gains is what the fund and the other LPs lose against the same slice undisturbed. See the page of the contract for the bound:
//!
//! ```text
//! gain ≤ slice · (t + g + (1 − s) · (f + slice / y))        t slippage, f pool fee, s share of the pool,
//!                                                            g deviation allowed and what one block moves the mark; 0 if only the slice's own block is touched
//! ```

use cosmwasm_std::Addr;
use interfaces::ecosystem_fund::ExecuteMsg;
use interfaces::exchange;

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
    /// How much of what he has or owes he unwinds: per cent of what he bought.
    unwind: u128,
}

const MONEY: u128 = 100_000 * ONE;

/// A pool of which the attacker owns `share` per cent, a pot, Friday morning.
fn world(share: u128) -> World {
    let mut world = World::empty(|_| {});
    world.provide("lp", BASE * (100 - share) / 100, QUOTE * (100 - share) / 100);
    if share > 0 {
        world.provide("attacker", BASE * share / 100, QUOTE * share / 100);
    }
    let mut world = world.with_pot(1_000 * ONE);
    let attacker = world.user("attacker");
    world.credits(&attacker, MONEY);
    world.mint(&attacker, 2 * MONEY);
    world.at(FRIDAY + 3_600);
    world
}

/// µCredit at p = 1/2.
fn worth(world: &World, attacker: &Addr) -> i128 {
    let shares = |address: &Addr| -> u128 {
        let query = exchange::QueryMsg::Balance {
            address: address.to_string(),
        };
        let answer: cw20::BalanceResponse = world.app.wrap().query_wasm_smart(&world.pool, &query).unwrap();
        answer.balance.u128()
    };
    let market = world.market();
    let [x, y] = market.reserves.map(|reserve| reserve.u128());
    let pooled = (y + x / 2) * shares(attacker) / market.total_shares.u128();
    (world.free(attacker) + world.lco(attacker) / 2 + pooled) as i128
}

/// Credits that lift the price by so many tenths of a basis point: y(√(1+b) − 1) ≈ y·b/2.
fn push(world: &mut World, attacker: &Addr, tenths: u128) -> u128 {
    if tenths == 0 {
        return 0;
    }
    let before = world.lco(attacker);
    let [_, y] = world.market().reserves.map(|reserve| reserve.u128());
    world.buy(attacker, y * tenths / 200_000);
    world.lco(attacker) - before
}

/// Gain in µCredit over the same with an undisturbed slice, and the size of the slice; none if the slice was refused.
fn attack(share: u128, plan: Plan) -> Option<(i128, u128)> {
    let undisturbed = {
        let mut world = world(share);
        world.buyback();
        worth(&world, &world.user("attacker"))
    };
    let mut world = world(share);
    let attacker = world.user("attacker");
    let mut bought = push(&mut world, &attacker, plan.before);
    world.next_block();
    bought += push(&mut world, &attacker, plan.same);
    let (anyone, fund) = (world.anyone(), world.fund.clone());
    world.send(&anyone, &fund, &ExecuteMsg::Buyback {}).ok()?;
    world.check_laws();
    if plan.later {
        world.next_block();
    }
    if bought * plan.unwind / 100 > 0 {
        world.sell(&attacker, bought * plan.unwind / 100);
    }
    let slice = world.newest().credits_spent.u128();
    Some((worth(&world, &attacker) - undisturbed, slice))
}

/// The bound of the page in µCredit.
fn bound(share: u128, slice: u128, before: bool) -> i128 {
    // tenths of a basis point: slippage; deviation, and what one block of BLOCK seconds moves the 5 minute mean at 0.8 % a second
    let slippage = 300;
    let deviation = if before {
        500 + 80_000 * u128::from(BLOCK * BLOCK) / 300 / 100
    } else {
        0
    };
    let others = (100 - share) * (300 + 150) / 100;
    (slice * (slippage + deviation + others) / 100_000) as i128
}

fn plans() -> Vec<Plan> {
    let mut plans = vec![];
    for before in [0, 250, 500, 560] {
        for same in [0, 100, 200, 295] {
            for later in [false, true] {
                for unwind in [0, 50, 100, 120] {
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

fn strongest(share: u128, wanted: impl Fn(&Plan) -> bool) -> (i128, i128) {
    let (mut best, mut limit, mut bought) = (i128::MIN, 0, 0);
    for plan in plans().into_iter().filter(wanted) {
        let Some((gain, slice)) = attack(share, plan) else {
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
    assert!(bought >= 8, "attacks that let the slice through: {bought}");
    (best, limit)
}

#[test]
fn sandwich_without_liquidity_gains_nothing_at_all() {
    let (gain, _) = strongest(0, |_| true);
    assert!(gain <= 0, "{gain}");
}

#[test]
fn sandwich_with_half_the_liquidity_in_the_same_block_stays_within_the_bound() {
    let (gain, _) = strongest(50, |plan| plan.before == 0);
    assert!(
        gain <= 0,
        "half of what the fee takes comes back, which is not enough: {gain}"
    );
}

#[test]
fn sandwich_with_half_the_liquidity_in_the_next_block_stays_within_the_bound() {
    let (gain, _) = strongest(50, |plan| plan.before > 0);
    assert!(gain <= 0, "{gain}");
}

#[test]
fn sandwich_with_nine_tenths_of_the_liquidity_in_the_same_block_stays_within_the_bound() {
    let (gain, bound) = strongest(90, |plan| plan.before == 0);
    println!("90 %, same block: {gain} of {bound}");
    assert!(gain > 0, "the bound is not empty: with 90 % there is something to gain");
}

#[test]
fn sandwich_with_nine_tenths_of_the_liquidity_in_the_next_block_stays_within_the_bound() {
    let (gain, bound) = strongest(90, |plan| plan.before > 0);
    println!("90 %, next block: {gain} of {bound}");
    assert!(
        gain > 0,
        "the bound is not empty: with 90 % there is something to gain, {gain}"
    );
}
