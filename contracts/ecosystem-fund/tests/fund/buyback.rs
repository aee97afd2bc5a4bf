//! Friday slices.

use interfaces::ecosystem_fund::*;
use math::amm::Curve;
use math::Bps;

use crate::world::*;

/// What the formulas say of a slice on untouched reserves.
fn expected(pot: u128, [base, quote]: [u128; 2]) -> (u128, u128) {
    let credits = pot.min(quote * 30 / 10_000 / 2);
    let curve = Curve {
        paid: quote,
        received: base,
        fee: Bps::new(30).unwrap(),
    };
    (credits, curve.exact_in(credits).unwrap().amount_out)
}

#[test]
fn worked_example_of_the_page() {
    let mut world = World::new().with_pot(1_000 * ONE);
    let response = world.buyback();
    let receipt = world.newest();
    // half of 0.3 % of 500,000 Credits
    assert_eq!(receipt.credits_spent.u128(), 750 * ONE);
    assert_eq!(receipt.lco_bought.u128(), 1_493_266_819);
    assert_eq!(receipt.lco_to_prizes.u128(), 149_326_681);
    assert_eq!(receipt.lco_burned.u128(), 1_343_940_138);
    assert_eq!(receipt.price.u128(), 502_254);
    assert_eq!((receipt.n, receipt.week), (1, world.week() - 1));
    assert_eq!(
        (receipt.time, receipt.height),
        (world.now(), world.app.block_info().height)
    );
    let said = |key| attribute(&response, "burn", key).unwrap();
    let keys = [
        "n",
        "week",
        "credits_spent",
        "lco_bought",
        "lco_burned",
        "lco_to_prizes",
        "price",
        "height",
        "time",
    ];
    let fields = [
        receipt.n.to_string(),
        receipt.week.to_string(),
        receipt.credits_spent.to_string(),
        receipt.lco_bought.to_string(),
        receipt.lco_burned.to_string(),
        receipt.lco_to_prizes.to_string(),
        receipt.price.to_string(),
        receipt.height.to_string(),
        receipt.time.to_string(),
    ];
    assert_eq!(keys.map(said), fields, "the event says what the receipt says");
    assert_eq!(world.overview().pot.u128(), 250 * ONE);
}

/// Every boundary of the Friday, to the second.
#[test]
fn buyback_not_on_a_friday_is_refused() {
    for (name, time, works) in [
        ("Thursday 23:59:59", FRIDAY - 1, false),
        ("Friday 00:00:00", FRIDAY, true),
        ("Friday 23:59:59", FRIDAY + DAY - 1, true),
        ("Saturday 00:00:00", FRIDAY + DAY, false),
        ("Sunday 23:59:59", FRIDAY + 3 * DAY - 1, false),
        ("Monday 00:00:00", FRIDAY + 3 * DAY, false),
        ("Wednesday noon", FRIDAY + 5 * DAY + DAY / 2, false),
        ("the next Thursday 23:59:59", FRIDAY + WEEK - 1, false),
        ("the next Friday 00:00:00", FRIDAY + WEEK, true),
    ] {
        let mut world = World::new();
        let alice = world.spender("alice", 1, 5_000 * ONE);
        world.settle(&alice, 1, 5_000 * ONE, 0);
        world.at(FRIDAY - DAY);
        let first = world.first();
        world.report(1, first, 0);
        world.at(time);
        assert_eq!((world.now() / 86_400) % 7 == 1, works, "{name}");
        match works {
            true => drop(world.buyback()),
            false => assert_eq!(world.buyback_refused(), 11, "{name}"),
        }
    }
}

#[test]
fn two_slices_in_ten_minutes_are_refused() {
    let mut world = World::new().with_pot(10_000 * ONE);
    world.buyback();
    assert_eq!(world.buyback_refused(), 12, "in the same block");
    world.wait(599);
    assert_eq!(world.buyback_refused(), 12);
    world.wait(1);
    world.buyback();
    assert_eq!(world.overview().receipts, 2);
}

#[test]
fn slice_is_half_the_pool_fee_of_the_reserve_and_the_rest_waits_for_the_next_one() {
    let mut world = World::new().with_pot(10_000 * ONE);
    let mut slices = 0;
    let mut spent = 0;
    while world.now() < MONDAY + FRIDAY + DAY {
        let pot = world.overview().pot.u128();
        if pot == 0 {
            assert_eq!(world.buyback_refused(), 13, "nothing to spend");
            break;
        }
        let reserves = world.market().reserves.map(|reserve| reserve.u128());
        let (credits, out) = expected(pot, reserves);
        world.buyback();
        let receipt = world.newest();
        assert_eq!(
            (receipt.credits_spent.u128(), receipt.lco_bought.u128()),
            (credits, out)
        );
        slices += 1;
        spent += credits;
        world.wait(600);
    }
    assert_eq!(
        (slices, spent),
        (14, 10_000 * ONE),
        "13 whole slices of about 750 and a rest"
    );
}

#[test]
fn left_over_rolls_over_to_the_next_friday() {
    let mut world = World::new().with_pot(1_000 * ONE);
    world.at(FRIDAY + DAY - 1);
    world.buyback();
    world.wait(600);
    assert_eq!(world.buyback_refused(), 11);
    world.at(FRIDAY + WEEK);
    let before = world.newest().week;
    world.buyback();
    assert_eq!(world.newest().credits_spent.u128(), 250 * ONE);
    assert_eq!(world.newest().week, before + 1);
    assert_eq!(world.overview().pot.u128(), 0);
}

#[test]
fn price_history_too_short_stops_the_first_slice() {
    let mut world = World::empty(|_| {});
    let alice = world.spender("alice", 1, 5_000 * ONE);
    world.settle(&alice, 1, 5_000 * ONE, 0);
    world.at(FRIDAY);
    let first = world.first();
    world.report(1, first, 0);
    assert_eq!(world.buyback_refused(), 14, "an empty pool");
    world.provide("lp", BASE, QUOTE);
    assert_eq!(world.buyback_refused(), 14, "in the block of the first LP");
    world.next_block();
    assert_eq!(world.buyback_refused(), 14, "a close, and no mean");
    world.at(FRIDAY + 1_799);
    assert_eq!(world.buyback_refused(), 14);
    world.at(FRIDAY + 1_800);
    world.buyback();
}

/// The pool answers `Market` from its first second, empty or not. A slice waits for a price, with the fund's own refusal; what is released and asked for does
/// not.
#[test]
fn pool_that_is_empty_or_just_opened_stops_slices_alone() {
    let mut world = World::empty(|_| {});
    let alice = world.spender("alice", 1, 5_000 * ONE);
    world.settle(&alice, 1, 5_000 * ONE, 0);
    world.at(FRIDAY);
    let obstacle = |world: &World| world.query::<SliceResponse>(&QueryMsg::Slice {}).obstacle;
    let stopped = |world: &mut World, what: &str| {
        assert_eq!(world.market().mark, None, "{what}");
        let before = (world.overview(), world.free(&world.fund.clone()));
        assert_eq!(
            (world.buyback_refused(), obstacle(world)),
            (14, Some(Obstacle::NoPrice)),
            "{what}"
        );
        assert_eq!((world.overview(), world.free(&world.fund.clone())), before, "{what}");
    };
    assert!(world.market().reserves.iter().all(|reserve| reserve.is_zero()));
    let first = world.first();
    world.report(1, first, 0);
    let pot = world.overview().pot;
    assert_eq!(pot.u128(), 1_000 * ONE, "released while the pool is empty");
    stopped(&mut world, "never touched");
    world.wait(3_600);
    stopped(&mut world, "empty for an hour");
    world.provide("lp", BASE, QUOTE);
    stopped(&mut world, "in the block of the first LP");
    world.next_block();
    stopped(&mut world, "a block after it");
    world.wait(1_800);
    assert_eq!(obstacle(&world), None);
    world.buyback();
    assert!(world.overview().pot < pot);
}

/// The price is pushed in the block of the slice: by more than the slippage the slice is refused and leaves everything as it was; by less it is bought.
#[test]
fn push_in_the_same_block_beyond_the_slippage_stops_the_slice_and_leaves_the_money() {
    let mut world = World::new().with_pot(1_000 * ONE);
    let attacker = world.user("attacker");
    world.credits(&attacker, 10_000 * ONE);
    // 0.4 % dearer
    world.buy(&attacker, 1_000 * ONE);
    let before = (world.overview(), world.free(&world.fund.clone()));
    let anyone = world.anyone();
    let refused = world.refused_by(&anyone, ExecuteMsg::Buyback {});
    assert_eq!(refused, ("exchange".to_owned(), 16));
    assert_eq!((world.overview(), world.free(&world.fund.clone())), before);
    // the same in the next block: what happened is the previous close now, and within the deviation allowed
    world.next_block();
    world.buyback();
}

#[test]
fn push_in_the_block_before_beyond_the_deviation_stops_the_slice() {
    let mut world = World::new().with_pot(1_000 * ONE);
    let attacker = world.user("attacker");
    world.credits(&attacker, 10_000 * ONE);
    // 1.2 % dearer
    world.buy(&attacker, 3_000 * ONE);
    world.next_block();
    assert_eq!(world.buyback_refused(), 15);
    let slice: SliceResponse = world.query(&QueryMsg::Slice {});
    assert_eq!(slice.obstacle, Some(Obstacle::PriceMoved));
    // a price that stays becomes the mark
    world.wait(600);
    world.buyback();
}

#[test]
fn fall_of_the_price_stops_nothing() {
    let mut world = World::new().with_pot(1_000 * ONE);
    let attacker = world.user("attacker");
    world.mint(&attacker, 100_000 * ONE);
    world.sell(&attacker, 100_000 * ONE);
    let out = expected(1_000 * ONE, [BASE, QUOTE]).1;
    world.buyback();
    assert!(world.newest().lco_bought.u128() > out, "cheaper for the fund");
}

/// Dust around, before and inside: donations of both tokens to fund and pool, swaps of one unit, a skim. None of it stops the slice or changes what is booked.
#[test]
fn dust_to_revert_a_slice_changes_nothing() {
    let undisturbed = {
        let mut world = World::new().with_pot(1_000 * ONE);
        world.buyback();
        world.newest()
    };
    let mut world = World::new().with_pot(1_000 * ONE);
    let attacker = world.user("attacker");
    world.credits(&attacker, 1_000 * ONE);
    world.mint(&attacker, 1_000 * ONE);
    for to in [world.fund.clone(), world.pool.clone()] {
        let (l_coin, vault) = (world.l_coin.clone(), world.vault.clone());
        let lco = interfaces::l_coin::ExecuteMsg::Transfer {
            recipient: to.to_string(),
            amount: 1u128.into(),
        };
        world.exec(&attacker, &l_coin, &lco);
        let credits = interfaces::credit_vault::ExecuteMsg::Transfer {
            recipient: to.to_string(),
            amount: 1u128.into(),
        };
        world.exec(&attacker, &vault, &credits);
    }
    let pool = world.pool.clone();
    world.exec(&attacker, &pool, &interfaces::exchange::ExecuteMsg::Skim {});
    world.buy(&attacker, 3);
    world.sell(&attacker, 30);
    world.buyback();
    let receipt = world.newest();
    // the few units that the swaps moved are all that can be seen of them
    let credits = receipt.credits_spent.u128().abs_diff(undisturbed.credits_spent.u128());
    let lco = receipt.lco_bought.u128().abs_diff(undisturbed.lco_bought.u128());
    assert!(credits <= 1 && lco <= 4, "{receipt:?} {undisturbed:?}");
    let fund = world.fund.clone();
    let held = world.overview().prizes_held.u128();
    assert_eq!(world.lco(&fund), held + 1, "the gift lies there and is counted nowhere");
}

#[test]
fn pot_of_dust_buys_when_it_buys_a_unit() {
    let mut world = World::new().with_pot(1);
    world.buyback();
    let receipt = world.newest();
    assert_eq!((receipt.credits_spent.u128(), receipt.lco_bought.u128()), (1, 1));
    assert_eq!(
        (receipt.lco_burned.u128(), receipt.lco_to_prizes.u128()),
        (1, 0),
        "dust is burned"
    );
}

#[test]
fn pause_stops_the_buyback_and_nothing_else() {
    let mut world = World::new().with_pot(1_000 * ONE);
    let operator = world.user("operator");
    world.ok(&operator, ExecuteMsg::PauseBuyback { paused: true });
    assert_eq!(world.buyback_refused(), 920);
    assert!(world.overview().buyback_paused);
    let slice: SliceResponse = world.query(&QueryMsg::Slice {});
    assert_eq!(slice.obstacle, Some(Obstacle::Paused));
    let alice = world.user("alice");
    world.credits(&alice, 100);
    let bob = world.spender("bob", 2, 1_000);
    world.settle(&bob, 2, 1_000, 0);
    world.at(8 * WEEK);
    let week = world.first() + 2;
    world.close(2, week);
    world.ok(&operator, ExecuteMsg::PauseBuyback { paused: false });
    world.at(7 * WEEK + FRIDAY);
    world.buyback();
}

/// Many slices over three Fridays: receipts have no gaps and add up to what the token says was burned (`check_laws` after every message).
#[test]
fn sum_of_burn_receipts_is_what_the_coin_says_was_burned() {
    let mut world = World::new().with_pot(9_000 * ONE);
    for friday in 0..3 {
        for slice in 0..4 {
            world.at(FRIDAY + friday * WEEK + slice * 600);
            world.buyback();
        }
    }
    let burned: u128 = world.receipts().iter().map(|row| row.lco_burned.u128()).sum();
    assert_eq!(burned, world.burned());
    assert_eq!(world.receipts().len(), 12);
    assert!(burned > 0);
}

/// The size is that of the smaller reserve, now or at the close: nobody makes a slice larger by putting money in for a block.
#[test]
fn liquidity_of_one_block_does_not_enlarge_a_slice() {
    let mut world = World::new().with_pot(10_000 * ONE);
    world.provide("flash", BASE, QUOTE);
    world.buyback();
    assert_eq!(world.newest().credits_spent.u128(), 750 * ONE);
}

#[test]
fn page_shows_what_the_next_slice_will_do() {
    let mut world = World::new();
    let slice = |world: &World| world.query::<SliceResponse>(&QueryMsg::Slice {});
    let empty = slice(&world);
    assert_eq!(empty.obstacle, Some(Obstacle::NotFriday), "a Monday");
    assert_eq!(empty.from, MONDAY + 4 * DAY);
    world.at(4 * DAY);
    assert_eq!(slice(&world).obstacle, Some(Obstacle::NothingToSpend));
    world.at(5 * DAY);
    assert_eq!(slice(&world).from, MONDAY + 4 * DAY + WEEK);

    let mut world = World::new().with_pot(1_000 * ONE);
    let shown = slice(&world);
    assert_eq!((shown.obstacle, shown.from), (None, world.now()));
    world.buyback();
    let receipt = world.newest();
    assert_eq!(receipt.credits_spent, shown.credits);
    assert!(receipt.lco_bought >= shown.min_out);
    assert_eq!(
        shown.min_out.u128(),
        (receipt.lco_bought.u128() * 9_970).div_ceil(10_000)
    );
    let next = slice(&world);
    assert_eq!((next.obstacle, next.from), (Some(Obstacle::TooSoon), world.now() + 600));
    world.at(FRIDAY + DAY - 100);
    world.buyback();
    assert_eq!(
        slice(&world).from,
        MONDAY + FRIDAY + WEEK,
        "ten minutes later it is Saturday"
    );
}
