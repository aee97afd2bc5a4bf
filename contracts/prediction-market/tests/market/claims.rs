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

/// bob sells at the price that carol made: 50 in, more out. Answers the market, the refund and what of it was paid.
fn sale_with_a_gain(world: &mut World) -> (u64, u128, u128) {
    let market = world.open("alice", 2, 100);
    let shares = world.buy("bob", market, 0, 50 * ONE);
    world.buy("carol", market, 0, 400 * ONE);
    world.wait(1);
    let before = world.balance("bob");
    let refund = world.sell("bob", market, 0, shares);
    (market, refund, world.balance("bob") - before)
}

#[test]
fn gain_of_a_sale_is_held_back_and_paid_with_the_claim_whoever_wins() {
    for answer in [0, 1] {
        let mut world = World::new();
        let (market, refund, paid) = sale_with_a_gain(&mut world);
        assert!(refund > 50 * ONE);
        assert_eq!(paid, 50 * ONE, "what he put in comes back at once");
        let view = world.view(market);
        assert_eq!(
            (view.pool, view.held),
            (amount(550 * ONE - refund), amount(refund - paid))
        );
        let position = world.position("bob", market);
        assert_eq!((position.net_cost, position.held), (amount(0), amount(refund - paid)));
        assert_eq!(
            world.overview().open_interest,
            lco(500),
            "what came in and did not go out"
        );
        world.resolve(market, answer);
        assert_eq!(world.position("bob", market).claimable, Some(amount(refund - paid)));
        // in any order: here after everybody else, when nothing is left of the pool
        for name in ["alice", "carol"] {
            let _ = world.claim(name, market, false);
        }
        assert_eq!(world.view(market).result.unwrap().left, amount(refund - paid));
        assert_eq!(world.claim("bob", market, false).unwrap(), refund - paid);
        assert_eq!(world.claim("bob", market, false).unwrap_err(), 22);
        assert_eq!(world.balance_of(&world.market.clone()), 0);
    }
}

/// Fee, weight and money of a result are those of P, s and M as the formulas leave them after the sale, as if the gain had been paid.
#[test]
fn gain_held_back_changes_nobody_elses_claim() {
    for answer in [0u8, 1] {
        let mut world = World::new();
        let (market, ..) = sale_with_a_gain(&mut world);
        let view = world.view(market);
        let winner = &view.outcomes[usize::from(answer)];
        let losers = (i128::try_from(view.pool.u128()).unwrap() - winner.money.i128()).max(0);
        let fee = (losers.unsigned_abs() * 5 / 100).min((view.pool - winner.shares).u128());
        world.resolve(market, answer);
        let result = world.view(market).result.unwrap();
        assert_eq!((result.fee.u128(), result.weight), (fee, winner.shares));
        assert_eq!(result.left - world.position("bob", market).held, view.pool);
        // neither is what anybody else is paid
        let money = (view.pool.u128() - fee) * world.shares("alice", market, answer) / winner.shares.u128();
        assert_eq!(world.claim("alice", market, false).unwrap(), money);
    }
}

#[test]
fn gain_of_a_sale_is_not_paid_on_void_and_everybody_is_whole() {
    let mut world = World::new();
    let (market, _, paid) = sale_with_a_gain(&mut world);
    assert_eq!(paid, 50 * ONE);
    world.resolve(market, VOID);
    assert_eq!(
        world.claim("bob", market, false).unwrap_err(),
        22,
        "he has what he put in"
    );
    assert_eq!(world.claim("carol", market, false).unwrap(), 400 * ONE);
    assert_eq!(world.claim("alice", market, false).unwrap(), 100 * ONE);
    assert_eq!(world.balance_of(&world.market.clone()), 0);
}

#[test]
fn gain_is_measured_over_all_that_an_account_put_into_the_market() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let first = world.buy("bob", market, 0, 50 * ONE);
    world.buy("bob", market, 1, 30 * ONE);
    world.buy("carol", market, 0, 400 * ONE);
    world.wait(1);
    let before = world.balance("bob");
    let refund = world.sell("bob", market, 0, first);
    // a gain on one outcome is his own money as long as more is in the other
    assert!(refund > 50 * ONE && refund < 80 * ONE, "{refund}");
    assert_eq!(world.balance("bob") - before, refund);
    assert_eq!(world.position("bob", market).net_cost, amount(80 * ONE - refund));
    // and money put in later can be taken out later, while the gain stays held back
    let rest = world.shares("bob", market, 1);
    world.buy("carol", market, 1, 900 * ONE);
    world.wait(1);
    let refund = world.sell("bob", market, 1, rest);
    let held = world.position("bob", market).held;
    assert!(!held.is_zero() && world.balance("bob") == before + 80 * ONE, "{refund}");
    let again = world.buy("bob", market, 0, 10 * ONE);
    world.wait(1);
    world.sell("bob", market, 0, again);
    assert_eq!(world.position("bob", market).held, held);
}

/// One person, two accounts: one buys, the other buys dearer, then both sell. One has a gain, the other a loss, together they are where they were. If the gain were
/// paid out, a void would refund the loss out of what others put in.
#[test]
fn colluding_accounts_get_no_more_out_of_a_void_than_they_put_in() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 50 * ONE);
    let together = |world: &World| world.balance("erin") + world.balance("mallory");
    let before = together(&world);
    for _ in 0..3 {
        let early = world.buy("erin", market, 1, 300 * ONE);
        let late = world.buy("mallory", market, 1, 600 * ONE);
        world.wait(1);
        world.sell("erin", market, 1, early);
        world.sell("mallory", market, 1, late);
    }
    let view = world.view(market);
    assert!(view.held > lco(100), "three rounds of gains");
    assert_eq!(
        before - together(&world),
        (view.pool + view.held - lco(150)).u128(),
        "they stay in the market"
    );
    world.resolve(market, VOID);
    assert_eq!(world.claim("erin", market, false).unwrap_err(), 22);
    world.claim("mallory", market, false).unwrap();
    assert_eq!(together(&world), before, "to the unit what they had");
    assert_eq!(world.claim("alice", market, false).unwrap(), 100 * ONE);
    assert_eq!(world.claim("bob", market, false).unwrap(), 50 * ONE);
    assert_eq!(world.balance_of(&world.market.clone()), 0);
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

    /// Colluding or not: a void gives every account what it put in less what it took out, to the unit, in any order; and if an outcome wins, claims and burns are
    /// pool and gains.
    #[test]
    fn void_refunds_are_the_net_payments_in_any_order(
        trades in prop::collection::vec((0..5usize, 0..3u8, 100_000..300 * ONE, prop::option::of(1..=4u128)), 4..24),
        order in Just([0usize, 1, 2, 3, 4, 5]).prop_shuffle(), answer in prop::sample::select(vec![0, 1, VOID, VOID, VOID]),
    ) {
        let mut world = World::new();
        let before = USERS.map(|name| world.balance(name));
        let market = world.open("alice", 3, 100);
        for (name, outcome, value, quarters) in trades {
            let name = USERS[name];
            match quarters {
                None => { let _ = world.try_buy(name, market, outcome, value); }
                Some(quarters) => {
                    world.wait(1);
                    let locked = world.position(name, market).locked.u128();
                    let shares = (world.shares(name, market, outcome) - locked.min(world.shares(name, market, outcome))) * quarters / 4;
                    let _ = world.try_sell(name, market, outcome, shares);
                }
            }
        }
        let view = world.view(market);
        let put_in: Vec<u128> = USERS.iter().zip(before).map(|(name, before)| before - world.balance(name)).collect();
        let there = (view.pool + view.held).u128();
        prop_assert_eq!(put_in.iter().sum::<u128>(), there, "nobody took out more than he put in");
        let burned = world.burned();
        world.resolve(market, answer);
        let mut paid = 0;
        for index in order {
            let claimed = world.claim(USERS[index], market, false).unwrap_or_default();
            if answer == VOID {
                prop_assert_eq!(claimed, put_in[index]);
            }
            paid += claimed;
        }
        prop_assert_eq!(paid + world.burned() - burned, there);
        prop_assert_eq!(world.balance_of(&world.market), 0);
    }
}
