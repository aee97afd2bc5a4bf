//! What comes out of a settled market.

use interfaces::prediction_market::*;
use proptest::prelude::*;

use crate::world::*;

/// 100 LCO of ante, 50 on outcome 0 by bob, 30 on outcome 1 by carol, 20 million shares sold by bob: the example of the documentation.
fn example(world: &mut World) -> u64 {
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 50 * ONE);
    world.buy("carol", market, 1, 30 * ONE);
    world.wait(1);
    world.sell("bob", market, 0, 20 * ONE);
    market
}

#[test]
fn worked_example_of_the_documentation() {
    let mut world = World::new();
    let market = example(&mut world);
    assert_eq!(world.view(market).pool, amount(165_856_859));
    world.resolve(market, 1);
    let result = world.view(market).result.unwrap();
    // 5 % of the 85.856859 that lost
    assert_eq!((result.fee, result.weight), (amount(4_292_842), amount(122_065_554)));
    assert_eq!(world.claim("carol", market, false).unwrap(), 67_972_493);
    assert_eq!(world.view(market).result.unwrap().burnable, amount(1_806_065));
    assert_eq!(world.claim("bob", market, false).unwrap_err(), 22);
    // the last one takes the dust: 161.564017 − 67.972493
    assert_eq!(world.claim("alice", market, false).unwrap(), 93_591_524);
    assert_eq!(world.burned(), 4_292_842);
    assert_eq!(world.balance_of(&world.market.clone()), 0);
}

#[test]
fn waiver_keeps_the_share_of_the_fee_and_changes_nobody_elses_payout() {
    let mut world = World::new();
    world.stake("carol", 50_000);
    let market = example(&mut world);
    world.resolve(market, 1);
    let position = world.position("carol", market);
    assert_eq!(
        (position.claimable, position.waivable),
        (Some(amount(67_972_493)), Some(amount(1_806_065)))
    );
    assert_eq!(world.claim("carol", market, true).unwrap(), 67_972_493 + 1_806_065);
    assert_eq!(world.claim("alice", market, false).unwrap(), 93_591_524);
    assert_eq!(world.burned(), 4_292_842 - 1_806_065);
}

#[test]
fn waiver_needs_the_tier_when_the_market_was_settled() {
    let mut world = World::new();
    world.stake("carol", 49_999);
    let market = example(&mut world);
    world.at(RESOLVE);
    world.answer("dave", market, 1).unwrap();
    world.wait(DAY);
    // in the very block in which it is settled is too late
    world.stake("carol", 1);
    world.settle(market).unwrap();
    world.wait(DAY);
    assert_eq!(world.claim("carol", market, true).unwrap_err(), 23);
    // nothing changed, and the plain claim is open
    assert_eq!(world.claim("carol", market, false).unwrap(), 67_972_493);
}

#[test]
fn waiver_stays_with_who_had_the_tier_then() {
    let mut world = World::new();
    world.stake("carol", 50_000);
    let market = example(&mut world);
    world.resolve(market, 1);
    let (carol, staking) = (world.user("carol"), world.staking.clone());
    let unstake = interfaces::lco_staking::ExecuteMsg::Unstake { amount: lco(50_000) };
    world.exec(&carol, &staking, &unstake);
    world.wait(DAY);
    assert_eq!(world.claim("carol", market, true).unwrap(), 67_972_493 + 1_806_065);
}

#[test]
fn waiver_can_be_asked_for_by_the_claim_that_settles() {
    let mut world = World::new();
    world.stake("carol", 50_000);
    let market = example(&mut world);
    world.at(RESOLVE);
    world.answer("dave", market, 1).unwrap();
    world.wait(DAY);
    assert_eq!(world.claim("carol", market, true).unwrap(), 67_972_493 + 1_806_065);
}

#[test]
fn waiver_without_staking_is_refused_and_the_plain_claim_is_not() {
    let mut world = World::alone();
    let market = example(&mut world);
    world.resolve(market, 1);
    assert_eq!(world.claim("carol", market, true).unwrap_err(), 25);
    assert_eq!(world.claim("carol", market, false).unwrap(), 67_972_493);
}

#[test]
fn waiver_of_no_fee_asks_nobody() {
    let mut world = World::alone();
    let market = example(&mut world);
    world.at(RESOLVE + 30 * DAY);
    // void: no fee
    world.claim("carol", market, true).unwrap();
}

#[test]
fn duplicate_claims_are_refused() {
    let mut world = World::new();
    let market = example(&mut world);
    world.resolve(market, 1);
    world.claim("carol", market, false).unwrap();
    for waiver in [false, true] {
        assert_eq!(world.claim("carol", market, waiver).unwrap_err(), 22);
    }
    world.claim("alice", market, false).unwrap();
    assert_eq!(world.claim("alice", market, false).unwrap_err(), 22);
}

#[test]
fn duplicate_refunds_are_refused() {
    let mut world = World::new();
    let market = example(&mut world);
    world.at(RESOLVE + 30 * DAY);
    world.claim("carol", market, false).unwrap();
    assert_eq!(world.claim("carol", market, false).unwrap_err(), 22);
}

#[test]
fn strangers_and_losers_claim_nothing() {
    let mut world = World::new();
    let market = example(&mut world);
    world.resolve(market, 1);
    for name in ["bob", "erin"] {
        assert_eq!(world.claim(name, market, false).unwrap_err(), 22, "{name}");
    }
    assert_eq!(world.claim("carol", 2, false).unwrap_err(), 6);
}

#[test]
fn void_refunds_net_costs() {
    let mut world = World::new();
    let market = example(&mut world);
    world.resolve(market, VOID);
    assert_eq!(world.view(market).result.unwrap().fee, amount(0));
    assert_eq!(world.claim("alice", market, false).unwrap(), 100 * ONE);
    assert_eq!(world.claim("bob", market, false).unwrap(), 50 * ONE - 14_143_141);
    assert_eq!(world.claim("carol", market, false).unwrap(), 30 * ONE);
}

#[test]
fn void_refunds_are_scaled_to_the_pool_when_somebody_left_with_a_gain() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let shares = world.buy("bob", market, 0, 50 * ONE);
    world.buy("carol", market, 0, 400 * ONE);
    world.wait(1);
    // bob sells at the price that carol made: 50 in, more out
    let refund = world.sell("bob", market, 0, shares);
    assert!(refund > 50 * ONE);
    let pool = 550 * ONE - refund;
    let view = world.view(market);
    assert_eq!((view.pool, view.net_costs), (amount(pool), lco(500)));
    world.resolve(market, VOID);
    assert_eq!(
        world.claim("bob", market, false).unwrap_err(),
        22,
        "his net cost is below zero"
    );
    assert_eq!(world.claim("carol", market, false).unwrap(), pool * 400 / 500);
    assert_eq!(world.claim("alice", market, false).unwrap(), pool - pool * 400 / 500);
}

/// What the documentation says plainly under its limits: net costs are counted by account, and one person can have two.
#[test]
fn known_limit_who_trades_with_himself_dilutes_void_refunds() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 50 * ONE);
    let before = world.balance("erin") + world.balance("mallory");
    let early = world.buy("erin", market, 1, 300 * ONE);
    let late = world.buy("mallory", market, 1, 600 * ONE);
    world.wait(1);
    world.sell("erin", market, 1, early);
    world.sell("mallory", market, 1, late);
    // together they spent four units of rounding, but one has a gain and the other a loss
    assert_eq!(before - world.balance("erin") - world.balance("mallory"), 4);
    let view = world.view(market);
    assert_eq!((view.pool, view.net_costs), (amount(150_000_004), amount(205_064_969)));
    world.resolve(market, VOID);
    assert_eq!(world.claim("mallory", market, false).unwrap(), 40_278_676);
    assert_eq!(world.claim("alice", market, false).unwrap(), 73_147_551);
    assert_eq!(world.claim("bob", market, false).unwrap(), 36_573_777);
}

#[test]
fn last_claimant_takes_the_dust() {
    let mut world = World::new();
    let market = world.open("alice", 3, 100);
    for name in ["bob", "carol", "dave"] {
        world.buy(name, market, 2, 10 * ONE + 1);
    }
    world.buy("erin", market, 0, 77_777_777);
    world.resolve(market, 2);
    let result = world.view(market).result.unwrap();
    let mut left = result.left - result.fee;
    for name in ["carol", "alice", "dave"] {
        let (shares, weight) = (world.shares(name, market, 2), result.weight.u128());
        let exact = (result.left - result.fee).u128() * shares / weight;
        assert_eq!(world.claim(name, market, false).unwrap(), exact);
        left -= amount(exact);
    }
    let (shares, weight) = (world.shares("bob", market, 2), result.weight.u128());
    assert_eq!(world.claim("bob", market, false).unwrap(), left.u128());
    assert!(
        left.u128() > (result.left - result.fee).u128() * shares / weight,
        "there was dust"
    );
    assert_eq!(world.burned(), result.fee.u128());
}

#[test]
fn fees_of_who_claimed_can_be_burned_at_any_time() {
    let mut world = World::new();
    let market = example(&mut world);
    assert_eq!(world.tell("erin", ExecuteMsg::BurnFees { market }).unwrap_err(), 24);
    world.resolve(market, 1);
    assert_eq!(world.tell("erin", ExecuteMsg::BurnFees { market }).unwrap_err(), 24);
    world.claim("carol", market, false).unwrap();
    world.tell("erin", ExecuteMsg::BurnFees { market }).unwrap();
    assert_eq!(world.burned(), 1_806_065);
    assert_eq!(world.tell("erin", ExecuteMsg::BurnFees { market }).unwrap_err(), 24);
    world.claim("alice", market, false).unwrap();
    assert_eq!(world.burned(), 4_292_842, "the last claim burns the rest");
}

#[test]
fn fee_never_makes_a_winner_lose() {
    let mut world = World::with(|msg| msg.params.terms.fee_bps = 1_000);
    let market = world.open("alice", 2, 100);
    // everybody bets on the winner, up to 99 %
    let mut bets = Vec::new();
    for (name, value) in [
        ("bob", 400 * ONE),
        ("carol", 150 * ONE),
        ("dave", 57 * ONE),
        ("erin", 100_000),
    ] {
        let shares = world.buy(name, market, 0, value);
        assert!(shares >= value, "a share costs at most 1");
        bets.push((name, shares));
    }
    world.resolve(market, 0);
    for (name, shares) in bets {
        let paid = world.claim(name, market, false).unwrap();
        assert!(paid >= shares, "{name}: a share pays at least 1");
    }
}

#[test]
fn fee_is_cut_where_the_winners_shares_need_the_pool() {
    let mut world = World::with(|msg| msg.params.terms.fee_bps = 1_000);
    let market = world.open("alice", 2, 100);
    let shares = world.buy("bob", market, 0, 607 * ONE);
    world.resolve(market, 0);
    let view = world.view(market);
    let room = view.pool - view.outcomes[0].shares;
    // 10 % of the 50 LCO that lost would be 5
    assert!(room < lco(5));
    assert_eq!(view.result.unwrap().fee, room);
    assert_eq!(
        world.claim("bob", market, false).unwrap(),
        shares,
        "a share pays exactly 1"
    );
}

#[derive(Clone, Debug)]
struct Bet {
    name: usize,
    outcome: u8,
    value: u128,
}

fn bets() -> impl Strategy<Value = Vec<Bet>> {
    let bet = (0..5usize, 0..3u8, 100_000..200 * ONE);
    prop::collection::vec(
        bet.prop_map(|(name, outcome, value)| Bet { name, outcome, value }),
        1..8,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Everybody claims in some order, some with a waiver; burning fees in between changes nothing.
    #[test]
    fn claims_and_burns_are_the_pool_in_any_order(
        bets in bets(), order in Just([0usize, 1, 2, 3, 4, 5]).prop_shuffle(), tiers in prop::array::uniform6(any::<bool>()), answer in 0..4u8, burn: bool,
    ) {
        let mut world = World::new();
        for (name, _) in USERS.iter().zip(tiers).filter(|(_, tier)| *tier) {
            world.stake(name, 50_000);
        }
        let market = world.open("alice", 3, 100);
        for Bet { name, outcome, value } in bets {
            // a bet may be refused by the 99 % guard
            let _ = world.try_buy(USERS[name], market, outcome, value);
        }
        let pool = world.view(market).pool.u128();
        let before = world.burned();
        world.resolve(market, if answer == 3 { VOID } else { answer });
        let mut paid = 0;
        for index in order {
            let position = world.position(USERS[index], market);
            let Ok(claimed) = world.claim(USERS[index], market, tiers[index]) else { continue };
            let waived = if tiers[index] { position.waivable.unwrap().u128() } else { 0 };
            prop_assert_eq!(claimed, position.claimable.unwrap().u128() + waived);
            paid += claimed;
            if burn {
                let _ = world.tell("erin", ExecuteMsg::BurnFees { market });
            }
        }
        prop_assert_eq!(paid + world.burned() - before, pool);
        prop_assert_eq!(world.overview().unclaimed.u128(), 0);
    }
}
