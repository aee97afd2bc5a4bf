//! A pool that is not what it says.

use cosmwasm_std::{to_json_binary, CosmosMsg, Uint128, Uint256, WasmMsg};
use interfaces::exchange::{MarketResponse, QuotePerBase, TwapPair};
use interfaces::treasury::*;
use interfaces::vcai;

use crate::stand_in::StandInMsg;
use crate::world::*;

const POT: u128 = 3_000 * ONE;
/// What a whole slice must yield on these reserves.
const MIN_OUT: u128 = 44_663_610_571;

/// Of a price that moved: the other mean is higher, and is not asked.
fn mean(harmonic: QuotePerBase) -> TwapPair {
    let arithmetic = QuotePerBase::from_raw(harmonic.raw() * Uint256::from(2u8));
    TwapPair { arithmetic, harmonic }
}

fn market() -> MarketResponse {
    let reserves = [Uint128::new(BASE), Uint128::new(QUOTE)];
    let price = QuotePerBase::of_reserves(BASE, QUOTE).unwrap();
    let mean = mean(price);
    MarketResponse {
        reserves,
        fee_bps: 30,
        total_shares: Uint128::one(),
        announced_shares: Uint128::zero(),
        previous_close: Some(price),
        previous_close_reserves: reserves,
        twap_5m: Some(mean),
        twap_30m: Some(mean),
        mark: None,
        lowest_reserves_24h: reserves,
    }
}

/// A day's amount in front of a pool that has VCAI and does as it is told.
fn world(market: &MarketResponse) -> World {
    let mut world = World::hostile(market);
    let pool = world.pool.clone();
    world.vcai_to(&pool, BASE);
    world.with_day(POT)
}

fn tell(world: &mut World, reaction: Option<Vec<CosmosMsg>>) {
    let pool = world.pool.clone();
    world.exec("mallory", &pool, &StandInMsg::React(reaction));
}

fn pays(world: &World, amount: u128) -> CosmosMsg {
    let transfer = vcai::ExecuteMsg::Transfer {
        recipient: world.treasury.to_string(),
        amount: Uint128::new(amount),
    };
    let msg = WasmMsg::Execute {
        contract_addr: world.vcai.to_string(),
        msg: to_json_binary(&transfer).unwrap(),
        funds: vec![],
    };
    msg.into()
}

#[test]
fn pool_that_yields_less_than_asked_is_not_believed() {
    for amount in [1, MIN_OUT - 1] {
        let mut world = world(&market());
        assert_eq!(world.slice().min_out.u128(), MIN_OUT);
        let reaction = vec![pays(&world, amount)];
        tell(&mut world, Some(reaction));
        // VCAI that lies here already is no excuse
        let treasury = world.treasury.clone();
        world.vcai_to(&treasury, 10 * MIN_OUT);
        assert_eq!(world.buyback_refused(), 10);
        assert_eq!(world.overview().pot.u128(), POT);
        assert_eq!(world.overview().day_left.u128(), POT);
    }
    let mut world = world(&market());
    let reaction = vec![pays(&world, MIN_OUT)];
    tell(&mut world, Some(reaction));
    world.buyback();
    assert_eq!(world.newest().bought.u128(), MIN_OUT);
}

#[test]
fn pool_that_yields_nothing_is_not_believed() {
    let mut world = world(&market());
    assert_eq!(world.buyback_refused(), 10);
}

#[test]
fn pool_that_fails_is_recorded_and_leaves_the_money() {
    let mut world = world(&market());
    tell(&mut world, None);
    for n in 1..=3 {
        world.buyback();
        let shown = world.overview();
        assert_eq!((shown.failures, shown.receipts), (n, 0));
        assert_eq!((shown.pot.u128(), shown.day_left.u128()), (POT, POT));
        assert_eq!(shown.last_slice, 0, "the interval does not count from what failed");
    }
    // who asks for what is asked anyway has not tightened
    let min_out = Some(MIN_OUT.into());
    world.ok("mallory", ExecuteMsg::Buyback { min_out });
    assert_eq!(world.overview().failures, 4);
    let reaction = vec![pays(&world, MIN_OUT)];
    tell(&mut world, Some(reaction));
    world.buyback();
    assert_eq!(world.newest().n, 1, "no number is lost");
}

/// The pool calls back while it has the money: for a second slice. Its whole swap is undone, and that is a failed swap like any other.
#[test]
fn pool_that_re_enters_gets_no_second_slice() {
    let mut world = world(&market());
    let again = WasmMsg::Execute {
        contract_addr: world.treasury.to_string(),
        msg: to_json_binary(&ExecuteMsg::Buyback { min_out: None }).unwrap(),
        funds: vec![],
    };
    let reaction = vec![pays(&world, MIN_OUT), again.into()];
    tell(&mut world, Some(reaction));
    world.buyback();
    let shown = world.overview();
    assert_eq!((shown.receipts, shown.failures), (0, 1));
    assert_eq!(shown.pot.u128(), POT);
    let treasury = world.treasury.clone();
    assert_eq!(
        world.vcai(&treasury),
        0,
        "what it paid on the way is undone with the rest"
    );
}

#[test]
fn pool_without_prices_or_with_a_mad_one_stops_the_slice() {
    type Change = fn(&mut MarketResponse);
    let cases: [(&str, Change, u16); 5] = [
        ("no close", |market| market.previous_close = None, 8),
        ("no mean", |market| market.twap_30m = None, 8),
        (
            "a close beyond measure",
            |market| market.previous_close = Some(QuotePerBase::from_raw(Uint256::MAX)),
            9,
        ),
        (
            "empty reserves",
            |market| market.previous_close_reserves = [Uint128::zero(); 2],
            2,
        ),
        ("a fee above the whole", |market| market.fee_bps = 10_001, 1),
    ];
    for (name, change, code) in cases {
        let mut market = market();
        change(&mut market);
        let mut world = world(&market);
        assert_eq!(world.buyback_refused(), code, "{name}");
    }
}

/// Exactly at the bound the slice starts, a hair above it does not.
#[test]
fn premium_of_the_close_is_bounded_exactly() {
    for (above, refused) in [(0u128, false), (1, true)] {
        let mut market = market();
        let mean = QuotePerBase::from_raw(Uint256::from(10_000u128 << 64));
        market.twap_30m = Some(self::mean(mean));
        market.previous_close = Some(QuotePerBase::from_raw(Uint256::from((10_500u128 << 64) + above)));
        let mut world = world(&market);
        tell(&mut world, None);
        match refused {
            true => assert_eq!(world.buyback_refused(), 9),
            false => drop(world.buyback()),
        }
    }
}

/// Reserves at the close that say less than the mean allows: the least yield is that of the mean.
#[test]
fn least_yield_is_at_least_that_of_the_mean_and_its_premium() {
    let mut market = market();
    let mean = QuotePerBase::of_reserves(BASE * 104 / 100, QUOTE).unwrap();
    market.twap_30m = Some(self::mean(mean));
    let world = world(&market);
    let shown = world.slice();
    // 2,250 USDT at 1.04 · 30,000,000 / 1,500,000 VCAI each, less five per cent
    let wanted = (SLICE * 20 * 104 / 100 * 10_000).div_ceil(10_500);
    assert_eq!(shown.min_out.u128().abs_diff(wanted.max(MIN_OUT)), 0);
    assert!(wanted < MIN_OUT, "the quote asks for more here");
    let mut market = market.clone();
    let mean = QuotePerBase::of_reserves(BASE * 1_049 / 1_000, QUOTE).unwrap();
    market.twap_30m = Some(self::mean(mean));
    let world = self::world(&market);
    let wanted = (SLICE * 20 * 1_049 / 1_000 * 10_000).div_ceil(10_500);
    assert!(wanted > MIN_OUT, "the mean asks for more here");
    assert!(world.slice().min_out.u128().abs_diff(wanted) <= 1);
}

/// Whoever takes liquidity out in the slice's own block makes it smaller, not dearer.
#[test]
fn slice_is_of_the_smaller_reserve_now_or_at_the_close() {
    for (now, close) in [(QUOTE / 2, QUOTE), (QUOTE, QUOTE / 2)] {
        let mut market = market();
        market.reserves[1] = now.into();
        market.previous_close_reserves[1] = close.into();
        assert_eq!(world(&market).slice().amount.u128(), SLICE / 2);
    }
}
