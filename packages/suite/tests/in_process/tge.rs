//! The TGE as a step: not before its time, once, and together with the clock of the incentives.

use interfaces::exchange::MarketResponse;
use interfaces::token_allocation::{TgePlan, TgeResponse};
use interfaces::{exchange, genesis_nft, incentive_controller, token_allocation};
use suite::chain::Chain;
use suite::deploy::tge::Done;
use suite::deploy::{Artifacts, TgeError};

use crate::world::{dev, World, DAY, MILLION};

#[test]
fn it_waits_for_its_time_and_says_how_long() {
    let mut world = World::new();
    let report = world.deploy(&Artifacts::native());
    world.buy_tokens("user9", &report.addresses, 1);
    let TgeResponse { plan, done: None } = report.tge else {
        panic!("{:?}", report.tge)
    };
    assert!(plan.time.abs_diff(world.now() + 7 * 86_400) < 60);
    let Err(TgeError::TooEarly { from, now }) = world.tge(false) else {
        panic!("not refused")
    };
    assert_eq!((from, now), (plan.time, world.now()));
    // One block short of it.
    let left = std::time::Duration::from_secs(plan.time - world.now() - 1);
    world.chain.advance(left).unwrap();
    assert!(matches!(world.tge(false), Err(TgeError::TooEarly { .. })));
    world.chain.advance(std::time::Duration::from_secs(1)).unwrap();
    assert_eq!(world.tge(false).unwrap().market, Done::Now);
}

#[test]
fn it_opens_the_market_and_starts_the_clock_once() {
    let mut world = World::new();
    let at = world.deploy(&Artifacts::native()).addresses;
    world.buy_tokens("user9", &at, 10);
    world.chain.advance(7 * DAY).unwrap();
    let first = world.tge(false).unwrap();
    assert_eq!((first.market, first.clock), (Done::Now, Done::Now));
    // 5,000 USDT at 0.05 are 100,000 VCAI; ten tokens claim 10,000 each.
    assert_eq!(first.tge.proceeds.u128(), 5_000_000_000);
    assert_eq!(first.tge.paired.u128(), 100_000_000_000);
    assert_eq!(first.tge.airdrop.u128(), 100_000_000_000);
    let market: MarketResponse = world.query(&at.vcai_exchange, &exchange::QueryMsg::Market {});
    assert_eq!(market.reserves, [first.tge.paired, first.tge.proceeds]);
    assert_eq!(world.vcai(&at, &at.incentive_controller), 2_000 * MILLION);
    assert_eq!(world.vcai(&at, &at.genesis_nft), first.tge.airdrop.u128());
    let tomorrow = world.now() / 86_400 + 1;
    assert_eq!(
        (first.epoch.index, first.epoch.start, first.epoch.days),
        (0, tomorrow, 7)
    );

    world.chain.advance(DAY).unwrap();
    let second = world.tge(false).unwrap();
    assert_eq!((second.market, second.clock), (Done::Earlier, Done::Earlier));
    assert_eq!((second.tge, second.epoch), (first.tge, first.epoch));
    assert_eq!(world.deploy(&Artifacts::native()).tge.done, Some(second.tge));
}

#[test]
fn what_somebody_else_did_is_left_alone() {
    let mut world = World::new();
    let at = world.deploy(&Artifacts::native()).addresses;
    world.buy_tokens("user9", &at, 1);
    world.chain.advance(7 * DAY).unwrap();
    world.act("user5", &at.token_allocation, &token_allocation::ExecuteMsg::Tge {});
    let report = world.tge(false).unwrap();
    assert_eq!((report.market, report.clock), (Done::Earlier, Done::Now));

    let mut world = World::new();
    let at = world.deploy(&Artifacts::native()).addresses;
    world.chain.advance(7 * DAY).unwrap();
    world.act("user5", &at.token_allocation, &token_allocation::ExecuteMsg::Tge {});
    world.act(
        "user5",
        &at.incentive_controller,
        &incentive_controller::ExecuteMsg::Start {},
    );
    let report = world.tge(false).unwrap();
    assert_eq!((report.market, report.clock), (Done::Earlier, Done::Earlier));
}

#[test]
fn without_a_sale_it_asks_first() {
    let mut world = World::new();
    let at = world.deploy(&Artifacts::native()).addresses;
    world.chain.advance(7 * DAY).unwrap();
    assert!(matches!(world.tge(false), Err(TgeError::NothingSold)));
    let report = world.tge(true).unwrap();
    assert_eq!((report.market, report.clock), (Done::Now, Done::Now));
    assert!(report.tge.paired.is_zero() && report.tge.proceeds.is_zero());
    let market: MarketResponse = world.query(&at.vcai_exchange, &exchange::QueryMsg::Market {});
    assert!(market.total_shares.is_zero());
    assert_eq!(world.tge(false).unwrap().market, Done::Earlier);
}

#[test]
fn a_suite_that_is_not_there_has_none() {
    let mut world = World::new();
    assert!(matches!(
        world.tge(true),
        Err(TgeError::NotDeployed {
            contract: "token-allocation"
        })
    ));
}

#[test]
fn the_councils_new_time_counts() {
    let mut world = World::new();
    let at = world.deploy(&Artifacts::native()).addresses;
    world.buy_tokens("user9", &at, 1);
    world.chain.advance(6 * DAY).unwrap();
    let tge = TgePlan {
        time: world.now() + 30 * 86_400,
        price: 100_000u128.into(),
    };
    world.act(
        "council",
        &at.token_allocation,
        &token_allocation::ExecuteMsg::SetTge { tge },
    );
    world.chain.advance(2 * DAY).unwrap();
    let Err(TgeError::TooEarly { from, .. }) = world.tge(false) else {
        panic!("not refused")
    };
    assert_eq!(from, tge.time);
    world.chain.advance(28 * DAY).unwrap();
    // 500 USDT at 0.1.
    assert_eq!(world.tge(false).unwrap().tge.paired.u128(), 5_000_000_000);
}

#[test]
fn after_it_nobody_is_refunded_and_holders_claim() {
    let (mut world, at) = World::open();
    let claim = genesis_nft::ExecuteMsg::Claim {
        tokens: vec!["1".into(), "2".into()],
    };
    world.act("user9", &at.genesis_nft, &claim);
    assert_eq!(world.vcai(&at, &dev("user9")), 5_000_000_000);
}
