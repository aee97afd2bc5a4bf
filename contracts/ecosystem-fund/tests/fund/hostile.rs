//! A pool that is not what it says.

use cosmwasm_std::{CosmosMsg, Uint128, Uint256};
use interfaces::ecosystem_fund::*;
use interfaces::exchange::{MarkPair, MarketResponse, QuotePerBase};
use interfaces::l_coin;

use crate::stand_in::StandInMsg;
use crate::world::*;

fn market() -> MarketResponse {
    let reserves = [Uint128::new(BASE), Uint128::new(QUOTE)];
    let price = QuotePerBase::of_reserves(BASE, QUOTE).unwrap();
    MarketResponse {
        reserves,
        fee_bps: 30,
        total_shares: Uint128::one(),
        announced_shares: Uint128::zero(),
        previous_close: Some(price),
        previous_close_reserves: reserves,
        twap_5m: None,
        twap_30m: None,
        mark: Some(MarkPair {
            long: price,
            short: price,
        }),
        lowest_reserves_24h: reserves,
    }
}

/// A fund with 1,000 Credits in front of a pool that has LCO and does as it is told.
fn world() -> World {
    let hostile = World::empty(|_| {}).hostile.to_string();
    let mut world = World::empty(|msg| msg.exchange.clone_from(&hostile));
    assert_eq!(world.pool, world.hostile);
    let pool = world.pool.clone();
    world.mint(&pool, BASE);
    tell(&mut world, StandInMsg::SetMarket(Box::new(market())));
    world.with_pot(1_000 * ONE)
}

fn tell(world: &mut World, msg: StandInMsg) {
    let (anyone, pool) = (world.anyone(), world.pool.clone());
    world.exec(&anyone, &pool, &msg);
}

fn pays(world: &World, amount: u128) -> CosmosMsg {
    let transfer = l_coin::ExecuteMsg::Transfer {
        recipient: world.fund.to_string(),
        amount: Uint128::new(amount),
    };
    wrap(&world.l_coin, &transfer)
}

const MIN_OUT: u128 = 1_488_787_019;

#[test]
fn pool_that_yields_less_than_asked_is_not_believed() {
    for amount in [0, 1, MIN_OUT - 1] {
        let mut world = world();
        let slice: SliceResponse = world.query(&QueryMsg::Slice {});
        assert_eq!(slice.min_out.u128(), MIN_OUT);
        let reaction = if amount == 0 {
            vec![]
        } else {
            vec![pays(&world, amount)]
        };
        tell(&mut world, StandInMsg::React(reaction));
        // LCO that lie here already are no excuse
        let fund = world.fund.clone();
        world.mint(&fund, 10 * MIN_OUT);
        assert_eq!(world.buyback_refused(), 16);
        assert_eq!(
            world.overview().pot.u128(),
            1_000 * ONE,
            "a slice that fails leaves the money"
        );
    }
    let mut world = world();
    let reaction = vec![pays(&world, MIN_OUT)];
    tell(&mut world, StandInMsg::React(reaction));
    world.buyback();
    assert_eq!(world.newest().lco_bought.u128(), MIN_OUT);
}

#[test]
fn pool_that_fails_leaves_the_money() {
    let mut world = world();
    let (anyone, fund) = (world.anyone(), world.fund.clone());
    world.send(&anyone, &fund, &ExecuteMsg::Buyback {}).unwrap_err();
    assert_eq!(world.overview().pot.u128(), 1_000 * ONE);
    assert_eq!(world.free(&fund), 1_000 * ONE);
    assert_eq!(world.overview().receipts, 0);
    // and the interval does not count from what failed
    let reaction = vec![pays(&world, MIN_OUT)];
    tell(&mut world, StandInMsg::React(reaction));
    world.buyback();
}

/// The pool calls back while it has the Credits: for a second slice, and for prizes that are not there yet.
#[test]
fn pool_that_re_enters_gets_no_second_slice() {
    let mut world = world();
    let again = wrap(&world.fund, &ExecuteMsg::Buyback {});
    let reaction = vec![pays(&world, MIN_OUT), again];
    tell(&mut world, StandInMsg::React(reaction));
    assert_eq!(world.buyback_refused(), 12);
    assert_eq!(world.overview().receipts, 0);
}

#[test]
fn pool_without_prices_or_with_a_mad_one_stops_the_slice() {
    type Change = fn(&mut MarketResponse);
    let cases: [(&str, Change, u16); 5] = [
        ("no close", |market| market.previous_close = None, 14),
        ("no mark", |market| market.mark = None, 14),
        (
            "a close beyond measure",
            |market| market.previous_close = Some(QuotePerBase::from_raw(Uint256::MAX)),
            15,
        ),
        (
            "empty reserves",
            |market| market.previous_close_reserves = [Uint128::zero(); 2],
            2,
        ),
        ("a fee above the whole", |market| market.fee_bps = 10_001, 1),
    ];
    for (name, change, code) in cases {
        let mut world = world();
        let mut market = market();
        change(&mut market);
        tell(&mut world, StandInMsg::SetMarket(Box::new(market)));
        assert_eq!(world.buyback_refused(), code, "{name}");
    }
}

/// Exactly at the bound is allowed, a hair above is not.
#[test]
fn deviation_is_bounded_exactly() {
    for (above, refused) in [(0u128, false), (1, true)] {
        let mut world = world();
        let reaction = vec![pays(&world, MIN_OUT)];
        tell(&mut world, StandInMsg::React(reaction));
        let mut market = market();
        let mark = Uint256::from(10_000u128 << 64);
        market.mark = Some(MarkPair {
            long: QuotePerBase::from_raw(mark),
            short: QuotePerBase::from_raw(mark),
        });
        let close = Uint256::from((10_050u128 << 64) + above);
        market.previous_close = Some(QuotePerBase::from_raw(close));
        tell(&mut world, StandInMsg::SetMarket(Box::new(market)));
        match refused {
            true => assert_eq!(world.buyback_refused(), 15),
            false => drop(world.buyback()),
        }
    }
}
