//! Bets and sales.

use interfaces::prediction_market::*;

use crate::world::*;

#[test]
fn shares_bought_and_sold_are_those_of_the_formulas() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    // c₀ = 100 LCO, s = 70.710678 each: √(150² − 70.710678²) = 132.287564
    assert_eq!(world.buy("bob", market, 0, 50 * ONE), 61_576_886);
    assert_eq!(world.buy("carol", market, 1, 30 * ONE), 51_354_876);
    world.wait(1);
    assert_eq!(world.sell("bob", market, 0, 20 * ONE), 14_143_141);
    let view = world.view(market);
    assert_eq!(view.pool, amount(165_856_859));
    let outcomes: Vec<_> = view
        .outcomes
        .iter()
        .map(|row| (row.shares.u128(), row.money.i128()))
        .collect();
    assert_eq!(outcomes, [(112_287_564, 85_856_859), (122_065_554, 80_000_000)]);
    let bob = world.position("bob", market);
    assert_eq!(
        (bob.holdings[0].shares, bob.holdings[0].money.i128()),
        (amount(41_576_886), 35_856_859)
    );
}

#[test]
fn quotes_are_what_the_trade_gives() {
    let mut world = World::new();
    let market = world.open("alice", 4, 100);
    for (outcome, value) in [(0, 50 * ONE), (2, 7 * ONE), (0, 123_456), (3, 1_000 * ONE)] {
        let quote: QuoteBuyResponse = world.query(&QueryMsg::QuoteBuy {
            market,
            outcome,
            amount: amount(value),
        });
        assert_eq!(
            quote.before_ppm,
            world.view(market).outcomes[usize::from(outcome)].probability_ppm
        );
        let shares = world.buy("bob", market, outcome, value);
        assert_eq!(quote.shares, amount(shares));
        let after = &world.view(market).outcomes[usize::from(outcome)];
        assert_eq!(quote.after_ppm, after.probability_ppm);
        world.wait(1);
        let part = shares / 3;
        let quote: QuoteSellResponse = world.query(&QueryMsg::QuoteSell {
            market,
            outcome,
            shares: amount(part),
        });
        assert_eq!(quote.refund, amount(world.sell("bob", market, outcome, part)));
        assert_eq!(
            quote.after_ppm,
            world.view(market).outcomes[usize::from(outcome)].probability_ppm
        );
    }
    let payout = |world: &World| -> u128 {
        let quote: QuoteBuyResponse = world.query(&QueryMsg::QuoteBuy {
            market,
            outcome: 1,
            amount: lco(10),
        });
        quote.payout.u128()
    };
    let quoted = payout(&world);
    let shares = world.buy("carol", market, 1, 10 * ONE);
    assert_eq!(world.shares("carol", market, 1), shares);
    world.resolve(market, 1);
    assert_eq!(world.claim("carol", market, false).unwrap(), quoted);
}

#[test]
fn quotes_refuse_what_the_trade_refuses() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let ask = |world: &World, outcome, value| -> String {
        let quote = QueryMsg::QuoteBuy {
            market,
            outcome,
            amount: amount(value),
        };
        world.try_query::<QuoteBuyResponse>(&quote).unwrap_err()
    };
    assert!(ask(&world, 0, 99_999).contains("[market:10]"));
    assert!(ask(&world, 2, ONE).contains("[market:7]"));
    assert!(ask(&world, 0, 100_000 * ONE).contains("[market:13]"));
    let quote = QueryMsg::QuoteSell {
        market,
        outcome: 0,
        shares: amount(1),
    };
    assert!(world
        .try_query::<QuoteSellResponse>(&quote)
        .unwrap_err()
        .contains("[market:11]"));
    world.at(CLOSE);
    assert!(ask(&world, 0, ONE).contains("[market:9]"));
}

#[test]
fn fewer_bets_on_an_outcome_mean_a_higher_payout() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 500 * ONE);
    world.buy("carol", market, 1, 50 * ONE);
    let outcomes = world.view(market).outcomes;
    assert!(outcomes[1].probability_ppm < outcomes[0].probability_ppm);
    assert!(outcomes[1].payout > outcomes[0].payout);
}

#[test]
fn round_trip_gains_nothing() {
    let mut world = World::new();
    let market = world.open("alice", 3, 100);
    world.buy("bob", market, 0, 333 * ONE + 1);
    for (outcome, value) in [(0, ONE), (1, 12_345_678), (2, 777 * ONE), (1, 100_000)] {
        let before = world.balance("mallory");
        let shares = world.buy("mallory", market, outcome, value);
        world.wait(1);
        world.sell("mallory", market, outcome, shares);
        assert!(world.balance("mallory") <= before, "{outcome} {value}");
    }
}

#[test]
fn sale_in_the_block_of_a_purchase_is_refused() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let other = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 10 * ONE);
    world.buy("bob", other, 1, 10 * ONE);
    world.wait(1);
    // a purchase of any outcome counts
    world.buy("bob", market, 1, ONE);
    assert_eq!(world.try_sell("bob", market, 0, ONE).unwrap_err(), 14);
    assert_eq!(world.try_sell("bob", market, 1, ONE / 2).unwrap_err(), 14);
    // another market, and another account, are free
    world.sell("bob", other, 1, ONE);
    world.wait(1);
    world.sell("bob", market, 0, ONE);
    // and one may buy after a sale in the same block
    world.buy("bob", market, 0, ONE);
}

#[test]
fn no_bet_lifts_its_own_outcome_above_99_percent() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    // the others hold 5,000 LCO²: 99 % is s² = 99 · 5,000, so C = √(100 · 5,000) = 707.106…, a bet of 607.106…
    assert_eq!(world.try_buy("bob", market, 0, 607_106_800).unwrap_err(), 13);
    world.buy("bob", market, 0, 607_106_700);
    let ppm = world.view(market).outcomes[0].probability_ppm;
    assert!((989_999..=990_000).contains(&ppm), "{ppm}");
    assert_eq!(world.try_buy("bob", market, 0, ONE).unwrap_err(), 13);
    // the guard is about the own outcome: bets against it stay possible
    world.buy("carol", market, 1, ONE);
}

#[test]
fn another_bound_on_probability_counts_at_once() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.set_params(|params| params.max_probability_bps = 9_000);
    // 90 %: C = √(10 · 5,000) = 223.606…
    assert_eq!(world.try_buy("bob", market, 0, 123_607_000).unwrap_err(), 13);
    world.buy("bob", market, 0, 123_606_000);
}

#[test]
fn sale_that_lifts_the_others_above_99_percent_is_a_way_out() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let shares = world.buy("bob", market, 1, 300 * ONE);
    world.buy("carol", market, 0, 3_000 * ONE);
    world.wait(1);
    world.sell("bob", market, 1, shares);
    assert!(world.view(market).outcomes[0].probability_ppm > 990_000);
}

#[test]
fn zero_output_trades_are_refused() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 10 * ONE);
    world.wait(1);
    assert_eq!(world.try_sell("bob", market, 0, 0).unwrap_err(), 11);
    assert_eq!(world.try_sell("bob", market, 0, 1).unwrap_err(), 11);
    assert_eq!(world.try_buy("bob", market, 0, 0).unwrap_err(), 10);
}

#[test]
fn bets_below_the_minimum_are_refused() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    assert_eq!(world.try_buy("bob", market, 0, 99_999).unwrap_err(), 10);
    world.buy("bob", market, 0, 100_000);
}

#[test]
fn slippage_bounds_are_kept_to_the_unit() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let with = |min_shares| Cw20Hook::Buy {
        market,
        outcome: 0,
        min_shares: amount(min_shares),
    };
    assert_eq!(world.send("bob", lco(50), &with(61_576_887)).unwrap_err(), 12);
    world.send("bob", lco(50), &with(61_576_886)).unwrap();
    world.wait(1);
    let refund: QuoteSellResponse = world.query(&QueryMsg::QuoteSell {
        market,
        outcome: 0,
        shares: lco(20),
    });
    let with = |more| ExecuteMsg::Sell {
        market,
        outcome: 0,
        shares: lco(20),
        min_refund: refund.refund + amount(more),
    };
    assert_eq!(world.tell("bob", with(1)).unwrap_err(), 12);
    world.tell("bob", with(0)).unwrap();
}

#[test]
fn shares_one_does_not_have_cannot_be_sold() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let shares = world.buy("bob", market, 0, 10 * ONE);
    world.wait(1);
    assert_eq!(world.try_sell("bob", market, 1, ONE).unwrap_err(), 15);
    assert_eq!(world.try_sell("carol", market, 0, ONE).unwrap_err(), 15);
    assert_eq!(world.try_sell("bob", market, 0, shares + 1).unwrap_err(), 15);
    assert_eq!(world.try_sell("bob", market, 0, u128::MAX).unwrap_err(), 15);
    world.sell("bob", market, 0, shares);
    assert_eq!(world.try_sell("bob", market, 0, ONE).unwrap_err(), 15);
}

#[test]
fn unknown_markets_and_outcomes_are_refused() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    assert_eq!(world.try_buy("bob", market + 1, 0, ONE).unwrap_err(), 6);
    assert_eq!(world.try_buy("bob", market, 2, ONE).unwrap_err(), 7);
    assert_eq!(world.try_sell("bob", 0, 0, ONE).unwrap_err(), 6);
    assert_eq!(world.try_sell("bob", market, VOID, ONE).unwrap_err(), 7);
}

#[test]
fn trading_around_resolution_ends_at_close() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let shares = world.buy("bob", market, 0, 100 * ONE);
    world.at(CLOSE - 1);
    world.buy("carol", market, 1, ONE);
    world.sell("bob", market, 0, shares / 4);
    world.at(CLOSE);
    let closed = |world: &mut World| {
        assert_eq!(world.try_buy("carol", market, 1, ONE).unwrap_err(), 9);
        assert_eq!(world.try_sell("bob", market, 0, shares / 4).unwrap_err(), 9);
    };
    closed(&mut world);
    world.at(RESOLVE);
    closed(&mut world);
    // whoever sees the answer coming cannot trade on it, nor on its dispute, nor afterwards
    world.answer("dave", market, 0).unwrap();
    closed(&mut world);
    world.dispute("carol", market, 1).unwrap();
    closed(&mut world);
    world.wait(DAY);
    closed(&mut world);
    world.settle(market).unwrap();
    closed(&mut world);
}

#[test]
fn open_interest_is_capped_by_what_is_bonded() {
    let mut world = World::with(|msg| msg.params.interest_floor = lco(200));
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 100 * ONE);
    // at the floor, nothing bonded
    assert_eq!(world.try_buy("bob", market, 0, 100_000).unwrap_err(), 16);
    world.stake("carol", 5_000);
    assert_eq!(world.overview().interest_cap, lco(500));
    world.buy("bob", market, 1, 300 * ONE);
    assert_eq!(world.try_buy("bob", market, 1, 100_000).unwrap_err(), 16);
    let (staking, carol) = (world.staking.clone(), world.user("carol"));
    let unstake = interfaces::lco_staking::ExecuteMsg::Unstake { amount: lco(5_000) };
    world.exec(&carol, &staking, &unstake);
    // the cap bounds what comes in; what is there stays, and can leave
    assert_eq!(world.overview().interest_cap, lco(200));
    world.wait(CAP_AGE);
    let shares = world.shares("bob", market, 1);
    world.sell("bob", market, 1, shares / 2);
    assert_eq!(world.try_buy("bob", market, 1, 100_000).unwrap_err(), 16);
    world.sell("bob", market, 1, shares - shares / 2);
    // the pool keeps what rounding left, so there is room for a bet only when a little more has left
    assert_eq!(world.try_buy("bob", market, 1, 100_000).unwrap_err(), 16);
    world.sell("bob", market, 0, ONE);
    world.buy("bob", market, 1, 100_000);
}

#[test]
fn open_interest_counts_all_markets_and_ends_with_them() {
    let mut world = World::with(|msg| {
        msg.params.interest_floor = lco(400);
        msg.peers.staking = None;
    });
    let first = world.open("alice", 2, 100);
    let second = world.open("alice", 2, 100);
    world.buy("bob", first, 0, 150 * ONE);
    assert_eq!(world.try_buy("bob", second, 0, 51 * ONE).unwrap_err(), 16);
    world.buy("bob", second, 0, 50 * ONE);
    assert_eq!(world.overview().open_interest, lco(400));
    world.resolve(first, 0);
    assert_eq!(world.overview().open_interest, lco(150));
    assert_eq!(world.overview().unclaimed, lco(250));
}

#[test]
fn cap_that_staking_named_is_believed_for_ten_minutes() {
    let mut world = World::with(|msg| msg.params.interest_floor = lco(100));
    let market = world.open("alice", 2, 100);
    world.stake("carol", 5_000);
    world.buy("bob", market, 0, ONE);
    let (staking, carol) = (world.staking.clone(), world.user("carol"));
    let unstake = interfaces::lco_staking::ExecuteMsg::Unstake { amount: lco(5_000) };
    world.exec(&carol, &staking, &unstake);
    world.wait(CAP_AGE - 1);
    world.buy("bob", market, 0, ONE);
    world.wait(1);
    assert_eq!(world.try_buy("bob", market, 0, ONE).unwrap_err(), 16);
}

#[test]
fn pauses_stop_what_comes_in_and_nothing_that_leads_out() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let shares = world.buy("bob", market, 0, 100 * ONE);
    for feature in [Pausable::Propose, Pausable::Buy] {
        world
            .tell("operator", ExecuteMsg::Pause { feature, paused: true })
            .unwrap();
        world
            .tell("operator", ExecuteMsg::Pause { feature, paused: true })
            .unwrap();
    }
    assert_eq!(world.overview().paused, [Pausable::Propose, Pausable::Buy]);
    let hook = proposal(2, world.now() + DAY, world.now() + DAY);
    assert_eq!(world.send("alice", lco(100), &hook).unwrap_err(), 920);
    assert_eq!(world.try_buy("bob", market, 0, ONE).unwrap_err(), 920);
    world.wait(1);
    world.sell("bob", market, 0, shares / 2);
    world.at(RESOLVE);
    world.answer("dave", market, 0).unwrap();
    world.dispute("carol", market, 1).unwrap();
    world.wait(DAY);
    world.settle(market).unwrap();
    world.claim("alice", market, false).unwrap();
}

#[test]
fn resumed_features_run() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    for paused in [true, false] {
        world
            .tell(
                "owner",
                ExecuteMsg::Pause {
                    feature: Pausable::Buy,
                    paused,
                },
            )
            .unwrap();
    }
    world.buy("bob", market, 0, ONE);
    assert!(world.overview().paused.is_empty());
}
