//! What is revenue and what is not.

use cosmwasm_std::{coin, coins};
use interfaces::treasury::*;

use crate::world::*;

fn deposit(world: &mut World, name: &str, source: &str, funds: &[cosmwasm_std::Coin]) -> u16 {
    let treasury = world.treasury.clone();
    let user = world.user(name);
    for coin in funds {
        world.give(&user, coin.amount.u128(), &coin.denom);
    }
    let msg = ExecuteMsg::Deposit { source: source.into() };
    let error = world.try_with(name, &treasury, &msg, funds).expect_err("not refused");
    code(&error).1
}

#[test]
fn deposits_are_counted_by_source_and_only_some_as_net_fees() {
    let mut world = World::new();
    world.deposit("market", 300);
    world.deposit("paas", 50);
    world.deposit("market", 7);
    let revenue: RevenueResponse = world.query(&QueryMsg::Revenue {});
    assert_eq!((revenue.net_fees.u128(), revenue.total.u128()), (307, 357));
    let source: Option<SourceResponse> = world.query(&QueryMsg::Source { name: "paas".into() });
    let source = source.unwrap();
    assert_eq!((source.deposited.u128(), source.counts), (50, false));
    assert_eq!(source.address, Some(world.user("paas").into()));
}

#[test]
fn deposit_under_another_sources_name_is_refused() {
    let mut world = World::new();
    let funds = coins(5, DENOM);
    assert_eq!(deposit(&mut world, "mallory", "market", &funds), 911);
    assert_eq!(deposit(&mut world, "paas", "market", &funds), 911);
    assert_eq!(deposit(&mut world, "market", "nobody", &funds), 5);
    assert_eq!(world.overview().revenue.total.u128(), 0);
}

#[test]
fn deposit_of_nothing_or_of_another_coin_is_refused() {
    let mut world = World::new();
    assert_eq!(deposit(&mut world, "market", "market", &[]), 930);
    assert_eq!(deposit(&mut world, "market", "market", &coins(5, "ufake")), 931);
    let mix = [coin(5, "ufake"), coin(5, DENOM)];
    assert_eq!(deposit(&mut world, "market", "market", &mix), 931);
}

#[test]
fn donation_is_no_revenue_buys_no_quota_and_enlarges_no_slice() {
    let mut world = World::new().with_day(100);
    let treasury = world.treasury.clone();
    world.give(&treasury, 1_000_000 * ONE, DENOM);
    world.extra = 1_000_000 * ONE;
    world.vcai_to(&treasury, 5_000);
    world.check_laws();
    let shown = world.overview();
    assert_eq!((shown.revenue.total.u128(), shown.pot.u128()), (100, 100));
    world.buyback();
    let receipt = world.newest();
    assert_eq!(receipt.spent.u128(), 100);
    assert_eq!(world.vcai(&treasury), 5_000, "what lay here is not passed on as bought");
}

#[test]
fn ended_source_deposits_no_more_and_stays_counted() {
    let mut world = World::new();
    world.deposit("market", 300);
    let end = ExecuteMsg::SetSource {
        name: "market".into(),
        address: None,
        counts: true,
    };
    world.ok("owner", end);
    assert_eq!(deposit(&mut world, "market", "market", &coins(5, DENOM)), 5);
    assert_eq!(world.overview().revenue.net_fees.u128(), 300);
    let again = ExecuteMsg::SetSource {
        name: "market".into(),
        address: Some(world.user("market").into()),
        counts: false,
    };
    world.ok("owner", again);
    world.deposit("market", 2);
    let revenue: RevenueResponse = world.query(&QueryMsg::Revenue {});
    assert_eq!(
        (revenue.net_fees.u128(), revenue.total.u128()),
        (300, 302),
        "net fees never fall"
    );
}

#[test]
fn names_of_sources_are_plain() {
    let mut world = World::new();
    let named = |name: &str| ExecuteMsg::SetSource {
        name: name.into(),
        address: None,
        counts: false,
    };
    for name in ["", "Market", "a b", "ä", &"x".repeat(33)] {
        assert_eq!(world.refused("owner", named(name)), 4, "{name:?}");
    }
    world.ok("owner", named(&"x".repeat(32)));
    world.ok("owner", named("gpu-2"));
    let page: Vec<SourceResponse> = world.query(&QueryMsg::Sources {
        start_after: Some("gpu-2".into()),
        limit: Some(2),
    });
    let names: Vec<_> = page.into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["market", "paas"]);
}

#[test]
fn coins_with_any_other_message_are_refused() {
    let mut world = World::new();
    let (user, treasury) = (world.user("owner"), world.treasury.clone());
    world.give(&user, 5, DENOM);
    let msg = ExecuteMsg::PauseBuyback { paused: true };
    let error = world
        .try_with("owner", &treasury, &msg, &coins(5, DENOM))
        .expect_err("taken");
    assert_eq!(code(&error).1, 932);
}

#[test]
fn parameters_out_of_bounds_are_refused_at_both_doors() {
    type Change = fn(&mut Params);
    let cases: [(&str, Change); 8] = [
        ("interval", |p| p.slice_interval = 599),
        ("interval", |p| p.slice_interval = 7_201),
        ("part", |p| p.slice_of_fee_bps = 499),
        ("part", |p| p.slice_of_fee_bps = 5_001),
        ("slippage", |p| p.slippage_bps = 0),
        ("slippage", |p| p.slippage_bps = 101),
        ("premium", |p| p.max_premium_bps = 9),
        ("premium", |p| p.max_premium_bps = 501),
    ];
    let mut world = World::new();
    for (name, change) in cases {
        let mut params = Params::default();
        change(&mut params);
        assert_eq!(
            world.refused("owner", ExecuteMsg::SetParams { params: params.clone() }),
            3,
            "{name}"
        );
        let outcome = std::panic::catch_unwind(|| World::empty(move |msg| msg.params = params.clone()));
        assert!(outcome.is_err(), "{name} at instantiate");
    }
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!(config.params, Params::default());
    for (slice_interval, slice_of_fee_bps, slippage_bps, max_premium_bps) in
        [(600, 500, 1, 10), (7_200, 5_000, 100, 500)]
    {
        let params = Params {
            slice_interval,
            slice_of_fee_bps,
            slippage_bps,
            max_premium_bps,
        };
        world.ok("owner", ExecuteMsg::SetParams { params });
    }
}
