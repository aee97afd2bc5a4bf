//! The pool's opening, its liquidity, and what governance disposes of.

use cosmwasm_std::{coins, Uint128};
use interfaces::exchange::Asset;
use interfaces::treasury::*;

use crate::world::*;

#[test]
fn pool_opens_with_everything_given_and_its_shares_belong_to_the_treasury() {
    let mut world = World::empty(|_| {});
    world.open(BASE, QUOTE);
    let market = world.market();
    assert_eq!(market.reserves.map(|reserve| reserve.u128()), [BASE, QUOTE]);
    let treasury = world.treasury.clone();
    assert_eq!(
        world.shares(&treasury),
        market.total_shares.u128() - 1_000,
        "all but the locked ones"
    );
    let shown = world.overview();
    assert_eq!(shown.pool_opened_at, Some(MIDNIGHT));
    assert_eq!(shown.revenue.total.u128(), 0, "sale proceeds are no revenue");
}

#[test]
fn pool_opens_once() {
    let mut world = World::empty(|_| {});
    world.open(BASE, QUOTE);
    let error = world.try_open(BASE, QUOTE).expect_err("twice");
    assert_eq!(code(&error), ("treasury".into(), 12));
}

/// Who adds first sets the price. Nobody has VCAI before the event; if somebody had, the opening would not follow his price.
#[test]
fn pool_that_somebody_opened_before_is_not_joined() {
    let mut world = World::empty(|_| {});
    world.provide("mallory", 1_000 * ONE, 1_000_000 * ONE);
    let error = world.try_open(BASE, QUOTE).expect_err("joined");
    assert_eq!(code(&error), ("treasury".into(), 12));
}

#[test]
fn opening_takes_exactly_one_coin() {
    let mut world = World::empty(|_| {});
    let (user, treasury) = (world.user("allocation"), world.treasury.clone());
    world.give(&user, 5, "ufake");
    let msg = ExecuteMsg::OpenPool { vcai: 5u128.into() };
    let error = world
        .try_with("allocation", &treasury, &msg, &coins(5, "ufake"))
        .expect_err("taken");
    assert_eq!(code(&error).1, 931);
    let error = world.try_with("allocation", &treasury, &msg, &[]).expect_err("taken");
    assert_eq!(code(&error).1, 930);
}

fn spend(asset: Asset, to: String, amount: u128) -> ExecuteMsg {
    ExecuteMsg::Spend {
        asset,
        to,
        amount: amount.into(),
    }
}

#[test]
fn governance_spends_what_is_not_revenue_and_never_a_unit_of_what_is() {
    let mut world = World::new();
    world.deposit("market", 1_000);
    let (bob, treasury) = (world.user("bob"), world.treasury.clone());
    let usdt = || Asset::Native { denom: DENOM.into() };
    let to = bob.to_string();
    assert_eq!(world.refused("governance", spend(usdt(), to.clone(), 1)), 13);
    world.give(&treasury, 50, DENOM);
    world.extra = 50;
    assert_eq!(world.refused("governance", spend(usdt(), to.clone(), 51)), 13);
    assert_eq!(world.refused("governance", spend(usdt(), to.clone(), 0)), 14);
    world.extra = 0;
    world.ok("governance", spend(usdt(), to.clone(), 50));
    assert_eq!(world.usdt(&bob), 50);

    // forfeited VCAI
    let vcai = Asset::Cw20 {
        address: world.vcai.to_string(),
    };
    world.vcai_to(&treasury, 70);
    assert_eq!(world.refused("governance", spend(vcai.clone(), to.clone(), 71)), 13);
    world.ok("governance", spend(vcai, to.clone(), 70));
    assert_eq!(world.vcai(&bob), 70);

    // any other coin that ends up here
    world.give(&treasury, 9, "ufake");
    let fake = Asset::Native { denom: "ufake".into() };
    world.ok("governance", spend(fake, to, 9));
}

#[test]
fn removed_liquidity_is_no_revenue() {
    let mut world = World::new();
    world.deposit("market", 1_000);
    let treasury = world.treasury.clone();
    let shares = Uint128::new(world.shares(&treasury) / 4);
    world.extra = QUOTE / 4 - 1;
    let remove = |min: u128| ExecuteMsg::RemoveLiquidity {
        shares,
        min_amounts: [min.into(), Uint128::zero()],
    };
    world
        .send("governance", &remove(BASE))
        .expect_err("the pool keeps to the least amounts");
    let before = world.usdt(&treasury);
    world.send("governance", &remove(0)).unwrap();
    world.extra = world.usdt(&treasury) - before;
    world.check_laws();
    assert!(world.extra.abs_diff(QUOTE / 4) < 1_000 && world.vcai(&treasury).abs_diff(BASE / 4) < 20_000);
    assert_eq!(world.overview().revenue.total.u128(), 1_000);
    // and buys nothing
    world.next_day();
    world.wait(1_800);
    assert_eq!(world.overview().day_left.u128(), 1_000);
}

#[test]
fn owner_moves_no_money() {
    let mut world = World::new();
    let treasury = world.treasury.clone();
    world.give(&treasury, 50, DENOM);
    let to = world.user("owner").to_string();
    let usdt = Asset::Native { denom: DENOM.into() };
    assert_eq!(world.refused("owner", spend(usdt, to, 1)), 911);
    let remove = ExecuteMsg::RemoveLiquidity {
        shares: 1u128.into(),
        min_amounts: [Uint128::zero(); 2],
    };
    assert_eq!(world.refused("owner", remove), 911);
}
