//! The worked example of the contract's page, run; every number it shows must stand on the page.

use interfaces::exchange::*;

use crate::world::*;

const PAGE: &str = include_str!("../../../../docs/src/contracts/exchange.md");

/// 1234567 as 1,234,567.
fn grouped(value: u128) -> String {
    let digits = value.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    groups.join(",")
}

fn shows(value: u128) {
    assert!(
        PAGE.contains(&grouped(value)),
        "the page does not show {}",
        grouped(value)
    );
}

/// Millionths of a quote unit for one base unit, rounded down.
fn millionths(price: QuotePerBase) -> u128 {
    price.quote_floor(1_000_000).unwrap()
}

#[test]
fn worked_example_is_what_happens() {
    let mut world = World::new([Kind::Token, Kind::Token], true);
    let shares = world.provide("alice", [40_000 * ONE, 10_000 * ONE]).unwrap();
    shows(shares);
    world.wait(HOUR);

    let sell = world.swap("bob", Side::Base, 400 * ONE).unwrap();
    shows(sell);
    let [base, quote] = world.reserves();
    shows(base);
    shows(quote);
    let paid = world.buy("carol", Side::Base, 400 * ONE).unwrap();
    shows(paid);
    shows(world.reserves()[1]);
    let end: OverviewResponse = world.query(&QueryMsg::Overview {});
    shows(millionths(end.price.unwrap()));

    // a push at the end of a block, a minute before the question
    world.wait(5);
    world.swap("dave", Side::Quote, 10_000 * ONE).unwrap();
    world.wait(60);
    let market = world.market();
    let mark = market.mark.unwrap();
    for price in [
        market.previous_close.unwrap(),
        market.twap_5m.unwrap().arithmetic,
        market.twap_30m.unwrap().arithmetic,
        mark.short,
        mark.long,
    ] {
        shows(millionths(price));
    }

    world.announce("alice", shares / 2).unwrap();
    shows(shares / 2);
    for lowest in world.market().lowest_reserves_24h {
        shows(lowest.u128());
    }
    world.wait(DAY);
    for received in world.withdraw("alice", shares / 2).unwrap() {
        shows(received);
    }
}

/// Every refusal's code stands in the page's table.
#[test]
fn page_lists_every_code() {
    for code in 1..=25 {
        assert!(PAGE.contains(&format!("\n| {code} |")), "{code}");
    }
    assert!(!PAGE.contains("\n| 26 |"));
}
