//! Daily slices.

use cosmwasm_std::{from_json, Uint128};
use interfaces::treasury::*;
use interfaces::ve_rewards;
use math::amm::Curve;
use math::Bps;

use crate::stand_in::StandInMsg;
use crate::world::*;

/// What the formulas say of a slice on untouched reserves: paid, bought, least.
fn expected(left: u128, [base, quote]: [u128; 2]) -> (u128, u128, u128) {
    let pay = left.min(quote * 30 / 10_000 / 2);
    let curve = Curve {
        paid: quote,
        received: base,
        fee: Bps::new(30).unwrap(),
    };
    let out = curve.exact_in(pay).unwrap().amount_out;
    (pay, out, (out * 9_970).div_ceil(10_000))
}

fn reserves(world: &World) -> [u128; 2] {
    world.market().reserves.map(|reserve| reserve.u128())
}

#[test]
fn worked_example_of_the_page() {
    let mut world = World::new().with_day(3_000 * ONE);
    let shown = world.slice();
    let response = world.buyback();
    let receipt = world.newest();
    assert_eq!(receipt.spent.u128(), 2_250 * ONE);
    assert_eq!(receipt.bought.u128(), 44_798_004_584);
    assert_eq!(shown.min_out.u128(), 44_663_610_571);
    assert_eq!((receipt.n, receipt.day), (1, world.now() / DAY));
    assert_eq!(
        (receipt.time, receipt.height),
        (world.now(), world.app.block_info().height)
    );
    let said = |key| attribute(&response, "buyback", key).unwrap();
    assert_eq!(said("spent"), receipt.spent.to_string());
    assert_eq!(said("bought"), receipt.bought.to_string());
    assert_eq!(world.overview().day_left.u128(), 750 * ONE);
}

#[test]
fn bought_vcai_reaches_the_rewards_in_the_same_transaction() {
    let mut world = World::new().with_day(3_000 * ONE);
    world.buyback();
    let hooks = world.received();
    assert_eq!(hooks.len(), 1);
    assert_eq!(hooks[0].sender, world.treasury.to_string());
    assert_eq!(hooks[0].amount, world.newest().bought);
    let hook: ve_rewards::Cw20Hook = from_json(&hooks[0].msg).unwrap();
    assert_eq!(hook, ve_rewards::Cw20Hook::Fund {});
    assert_eq!(world.vcai(&world.treasury.clone()), 0);
}

#[test]
fn broken_rewards_leave_the_revenue_intact() {
    let mut world = World::new().with_day(3_000 * ONE);
    let rewards = world.rewards.clone();
    world.exec("mallory", &rewards, &StandInMsg::React(None));
    let before = world.overview();
    world
        .send("mallory", &ExecuteMsg::Buyback { min_out: None })
        .expect_err("nobody to pay");
    assert_eq!(world.overview(), before);
    world.check_laws();
    world.exec("mallory", &rewards, &StandInMsg::React(Some(vec![])));
    world.buyback();
}

#[test]
fn deposits_of_a_day_become_the_next_days_amount() {
    let mut world = World::new();
    world.deposit("market", 100);
    assert_eq!(world.overview().day_left.u128(), 0);
    assert_eq!(world.buyback_refused(), 7, "nothing today");
    let rest = DAY - world.now() % DAY - 1;
    world.wait(rest);
    assert_eq!(world.buyback_refused(), 7, "23:59:59");
    world.wait(1);
    assert_eq!(world.overview().day_left.u128(), 100, "00:00:00");
    world.deposit("market", 1_000);
    assert_eq!(world.overview().day_left.u128(), 100, "what comes today joins tomorrow");
    world.buyback();
    assert_eq!(world.newest().spent.u128(), 100);
    world.next_day();
    assert_eq!(world.overview().day_left.u128(), 1_000);
}

/// The day turns when somebody comes: whether a deposit or a buyback is first makes no difference, nor do days without anybody.
#[test]
fn day_without_anybody_loses_nothing() {
    let mut world = World::new();
    world.deposit("market", 100);
    world.wait(10 * DAY);
    world.deposit("market", 7);
    assert_eq!(
        world.overview().day_left.u128(),
        100,
        "the deposit of the tenth day is not in it"
    );
    world.wait(3 * DAY);
    world.buyback();
    assert_eq!(world.newest().spent.u128(), 107);
}

#[test]
fn rest_of_a_day_joins_the_next_one() {
    let mut world = World::new().with_day(SLICE + 100);
    world.buyback();
    world.deposit("market", 40);
    assert_eq!(world.overview().day_left.u128(), 100);
    world.next_day();
    assert_eq!(world.overview().day_left.u128(), 140);
}

#[test]
fn slice_is_half_the_pool_fee_of_the_reserve_until_the_day_is_spent() {
    let mut world = World::new().with_day(10_000 * ONE);
    let (mut slices, mut spent) = (0, 0);
    while world.overview().day_left.u128() > 0 {
        let (pay, out, least) = expected(world.overview().day_left.u128(), reserves(&world));
        let shown = world.slice();
        assert_eq!(shown.obstacle, None);
        assert_eq!((shown.amount.u128(), shown.min_out.u128()), (pay, least));
        world.buyback();
        let receipt = world.newest();
        assert_eq!((receipt.spent.u128(), receipt.bought.u128()), (pay, out));
        slices += 1;
        spent += pay;
        world.wait(600);
    }
    assert_eq!(
        (slices, spent),
        (5, 10_000 * ONE),
        "four whole slices of about 2,250 and a rest"
    );
    assert_eq!(world.buyback_refused(), 7);
}

#[test]
fn two_slices_in_ten_minutes_are_refused() {
    let mut world = World::new().with_day(10_000 * ONE);
    world.buyback();
    assert_eq!(world.buyback_refused(), 6, "in the same block");
    world.wait(599);
    assert_eq!(world.buyback_refused(), 6);
    assert_eq!(world.slice().obstacle, Some(Obstacle::TooSoon));
    world.wait(1);
    world.buyback();
}

#[test]
fn price_history_too_short_stops_the_first_slice() {
    let mut world = World::empty(|_| {});
    world.deposit("market", 3_000 * ONE);
    world.wait(DAY);
    assert_eq!(world.buyback_refused(), 8, "an empty pool");
    world.open(BASE, QUOTE);
    assert_eq!(world.buyback_refused(), 8, "in the block of the first LP");
    world.wait(1_799);
    assert_eq!(world.buyback_refused(), 8);
    assert_eq!(world.slice().obstacle, Some(Obstacle::NoPrice));
    world.wait(1);
    world.buyback();
}

/// A price pushed in the slice's own block by more than the slippage: the swap fails, the revenue stays, the failure is recorded, the transaction succeeds, and
/// whoever pushed has not even delayed the next slice.
#[test]
fn failed_swap_leaves_revenue_intact_and_is_recorded() {
    let mut world = World::new().with_day(10_000 * ONE);
    world.buyback();
    world.wait(600);
    let attacker = world.user("attacker");
    world.give(&attacker, 100_000 * ONE, DENOM);
    // 0.4 % dearer
    world.buy("attacker", 3_000 * ONE);
    let (before, shown) = (world.overview(), world.slice());
    let response = world.buyback();
    let after = world.overview();
    let failure = after.last_failure.clone().expect("recorded");
    assert_eq!((after.failures, failure.n), (1, 1));
    assert_eq!((failure.amount, failure.min_out), (shown.amount, shown.min_out));
    assert!(!failure.reason.is_empty() && failure.reason.chars().count() <= 200);
    assert_eq!(
        (failure.time, failure.height),
        (world.now(), world.app.block_info().height)
    );
    assert_eq!(attribute(&response, "buyback_failed", "n").unwrap(), "1");
    let unchanged = OverviewResponse {
        failures: before.failures,
        last_failure: before.last_failure.clone(),
        ..after
    };
    assert_eq!(unchanged, before, "nothing else moved: money, interval, numbering");
    world.buyback();
    assert_eq!(world.overview().failures, 2, "as often as somebody pays for it");
    // the same in the next block: what happened is the previous close now
    world.next_block();
    world.buyback();
    assert_eq!(world.overview().receipts, 2);
}

#[test]
fn caller_may_only_tighten() {
    let mut world = World::new().with_day(10_000 * ONE);
    let least = world.slice().min_out;
    let ask = |min_out: Uint128| ExecuteMsg::Buyback { min_out: Some(min_out) };
    let undisturbed = expected(10_000 * ONE, reserves(&world)).1;
    // more than the pool gives: refused, and no failure of the pool's
    assert_eq!(world.refused("mallory", ask(Uint128::new(undisturbed + 1))), 11);
    assert_eq!(world.overview().failures, 0);
    world.ok("mallory", ask(Uint128::new(undisturbed)));
    assert_eq!(world.overview().receipts, 1);
    // less than the contract asks is as good as nothing
    world.wait(600);
    let attacker = world.user("attacker");
    world.give(&attacker, 100_000 * ONE, DENOM);
    world.buy("attacker", 3_000 * ONE);
    world.ok("mallory", ask(Uint128::zero()));
    let failure = world.overview().last_failure.unwrap();
    assert!(failure.min_out < least && failure.min_out > Uint128::zero());
    assert_eq!(world.overview().receipts, 1);
}

#[test]
fn close_more_than_five_per_cent_above_the_mean_stops_the_slice() {
    let mut world = World::new().with_day(3_000 * ONE);
    let attacker = world.user("attacker");
    world.give(&attacker, 100_000 * ONE, DENOM);
    // 5.7 % dearer
    world.buy("attacker", 42_000 * ONE);
    world.next_block();
    assert_eq!(world.buyback_refused(), 9);
    assert_eq!(world.slice().obstacle, Some(Obstacle::PriceMoved));
    assert_eq!(world.overview().failures, 0, "nothing was tried");
    // a price that stays becomes the mean
    world.wait(1_800);
    world.buyback();
}

/// Between the premium on the close and the premium on what is paid lies the fee and the slice's own way: the second is asked for by the least yield.
#[test]
fn price_paid_never_exceeds_the_mean_by_more_than_the_premium() {
    for push in [20_000u128, 30_000, 36_000, 36_500, 37_000, 37_500] {
        let mut world = World::new().with_day(3_000 * ONE);
        let attacker = world.user("attacker");
        world.give(&attacker, 100_000 * ONE, DENOM);
        world.buy("attacker", push * ONE);
        world.next_block();
        let mean = world.market().twap_30m.unwrap().harmonic;
        if world.send("mallory", &ExecuteMsg::Buyback { min_out: None }).is_err() {
            continue;
        }
        world.check_laws();
        for receipt in world.receipts() {
            let allowed = mean.quote_ceil(receipt.bought.u128()).unwrap() * 10_500 / 10_000;
            assert!(receipt.spent.u128() <= allowed, "push of {push}");
        }
    }
}

#[test]
fn fall_of_the_price_stops_nothing() {
    let mut world = World::new().with_day(1_000 * ONE);
    let attacker = world.user("attacker");
    world.vcai_to(&attacker, 3_000_000 * ONE);
    world.sell("attacker", 3_000_000 * ONE);
    let out = expected(1_000 * ONE, [BASE, QUOTE]).1;
    world.buyback();
    assert!(world.newest().bought.u128() > out, "cheaper");
}

/// The size is that of the smaller reserve, now or at the close: nobody makes a slice larger by putting money in for a block.
#[test]
fn liquidity_of_one_block_does_not_enlarge_a_slice() {
    let mut world = World::new().with_day(10_000 * ONE);
    world.provide("flash", BASE, QUOTE);
    world.buyback();
    assert_eq!(world.newest().spent.u128(), SLICE);
}

/// A single unit buys 19 of the 19.94 that the quote is worth: more than 5 % above the mean, and so nothing. A hundred lose less by rounding.
#[test]
fn dust_buys_as_soon_as_its_roundings_stay_within_the_premium() {
    let mut world = World::new().with_day(1);
    world.buyback();
    assert_eq!((world.overview().receipts, world.overview().failures), (0, 1));
    assert_eq!(world.overview().day_left.u128(), 1, "it waits");
    let mut world = World::new().with_day(100);
    world.buyback();
    assert_eq!(
        (world.newest().spent.u128(), world.newest().bought.u128()),
        (100, 1_993)
    );
}

#[test]
fn pause_stops_the_buyback_and_nothing_else() {
    let mut world = World::new().with_day(1_000 * ONE);
    world.ok("operator", ExecuteMsg::PauseBuyback { paused: true });
    assert_eq!(world.buyback_refused(), 920);
    assert!(world.overview().buyback_paused);
    assert_eq!(world.slice().obstacle, Some(Obstacle::Paused));
    world.deposit("market", 5);
    world.ok("operator", ExecuteMsg::PauseBuyback { paused: false });
    world.buyback();
}

#[test]
fn pages_of_receipts_join() {
    let mut world = World::new().with_day(20_000 * ONE);
    for _ in 0..6 {
        world.buyback();
        world.wait(600);
    }
    let page = |start_before, limit| -> Vec<u64> {
        let rows: Vec<Receipt> = world.query(&QueryMsg::Receipts { start_before, limit });
        rows.into_iter().map(|row| row.n).collect()
    };
    assert_eq!(page(None, Some(4)), [6, 5, 4, 3]);
    assert_eq!(page(Some(3), Some(4)), [2, 1]);
    let one: Option<Receipt> = world.query(&QueryMsg::Receipt { n: 3 });
    assert_eq!(one.unwrap().n, 3);
    assert_eq!(world.query::<Option<Receipt>>(&QueryMsg::Receipt { n: 7 }), None);
}
