//! ProposeRates and the versions it makes.

use interfaces::credit_vault::EntryOutcome::*;
use interfaces::credit_vault::*;

use crate::world::*;

const NOTICE: u64 = 2 * DAY;

fn rate(sku: &str, gateway: u64, list: u128, cost: u128) -> Rate {
    Rate {
        sku: sku.into(),
        gateway,
        list: amount(list),
        cost: amount(cost),
    }
}

fn propose(rates: Vec<Rate>) -> ExecuteMsg {
    ExecuteMsg::ProposeRates { rates }
}

fn versions(world: &World, sku: &str) -> Vec<(u64, u128)> {
    let answer: RateResponse = world.query(&QueryMsg::Rate { sku: sku.into() });
    answer
        .versions
        .into_iter()
        .map(|version| (version.from, version.list.u128()))
        .collect()
}

/// An entry of IN at a list price of `list` for one million units.
fn claim(world: &World, list: u128) -> SettleEntry {
    let alice = world.user("alice");
    SettleEntry {
        list: amount(list),
        cost: amount(0),
        units: amount(ONE),
        ..world.usage(&alice, IN, 1)
    }
}

#[test]
fn rates_given_at_the_start_are_in_force_at_once() {
    let world = World::new();
    assert_eq!(versions(&world, IN), [(MONDAY, 3_000_000)]);
}

#[test]
fn rate_is_in_force_after_its_notice_and_not_a_second_before() {
    let mut world = World::new();
    world.spender("alice", 1, 1_000 * ONE);
    let operator = world.user("operator");
    let response = world.ok(&operator, propose(vec![rate(IN, 1, 4_000_000, 0)]));
    assert_eq!(
        attribute(&response, "rate", "from").unwrap(),
        (MONDAY + NOTICE).to_string()
    );
    for (window_end, outcome) in [(NOTICE, AboveRateCard), (NOTICE + 1, Charged)] {
        world.at(NOTICE + HOUR);
        let entries = vec![claim(&world, 4_000_000)];
        let report = world.report(1, entries);
        let report = SettleReport {
            window_start: MONDAY,
            window_end: MONDAY + window_end,
            ..report
        };
        assert_eq!(
            world.settle_report(report).entries[0].outcome,
            outcome,
            "window to {window_end}"
        );
    }
}

/// A lowered price bounds calls from its second on, not those before.
#[test]
fn highest_version_in_the_window_bounds_an_entry() {
    let mut world = World::new();
    world.spender("alice", 1, 1_000 * ONE);
    world.ok(&world.user("owner"), propose(vec![rate(IN, 1, 1_000_000, 0)]));
    let change = MONDAY + NOTICE;
    for (window_start, outcome) in [(change - 1, Charged), (change, AboveRateCard)] {
        world.at(NOTICE + HOUR);
        let entries = vec![claim(&world, 3_000_000)];
        let report = world.report(1, entries);
        let report = SettleReport {
            window_start,
            window_end: change + 10,
            ..report
        };
        assert_eq!(
            world.settle_report(report).entries[0].outcome,
            outcome,
            "window from {window_start}"
        );
    }
}

#[test]
fn window_before_the_first_version_has_no_price() {
    let mut world = World::new();
    world.spender("alice", 1, 1_000);
    let entries = vec![claim(&world, 3)];
    let report = world.report(1, entries);
    let report = SettleReport {
        window_start: MONDAY - 10,
        window_end: MONDAY,
        ..report
    };
    assert_eq!(world.settle_report(report).entries[0].outcome, UnknownSku);
}

#[test]
fn sku_belongs_to_its_first_gateway_for_ever() {
    let mut world = World::new();
    let operator = world.user("operator");
    assert_eq!(world.refused(&operator, propose(vec![rate(IN, 2, 1, 0)])), 27);
    world.ok(&operator, propose(vec![rate("new", 2, 5, 0)]));
    assert_eq!(
        world.refused(&operator, propose(vec![rate("new", 1, 5, 0)])),
        27,
        "also before it is in force"
    );
    assert_eq!(world.refused(&operator, propose(vec![rate("newer", 9, 5, 0)])), 7);
}

/// A mistake, or an operator gone bad, is corrected before it counts.
#[test]
fn rate_that_is_not_in_force_is_replaced() {
    let mut world = World::new();
    world.ok(&world.user("operator"), propose(vec![rate(IN, 1, 10u128.pow(15), 0)]));
    world.wait(NOTICE - 1);
    world.ok(&world.user("owner"), propose(vec![rate(IN, 1, 2_000_000, 0)]));
    assert_eq!(
        versions(&world, IN),
        [(MONDAY, 3_000_000), (MONDAY + 2 * NOTICE - 1, 2_000_000)]
    );
}

#[test]
fn versions_are_bounded_and_forgotten_after_two_weeks() {
    let mut world = World::new();
    let operator = world.user("operator");
    // every 48 hours a new one comes into force; 14 days later it is forgotten
    for number in 1..=7 {
        world.ok(&operator, propose(vec![rate(IN, 1, number, 0)]));
        world.wait(NOTICE);
        assert_eq!(versions(&world, IN).len() as u128, number + 1);
    }
    assert_eq!(world.refused(&operator, propose(vec![rate(IN, 1, 8, 0)])), 30);
    world.wait(2 * DAY);
    // the first was superseded 14 days ago
    world.ok(&operator, propose(vec![rate(IN, 1, 8, 0)]));
    let alive = versions(&world, IN);
    assert_eq!((alive.len(), alive[0].1), (8, 1));
    world.wait(60 * DAY);
    world.ok(&operator, propose(vec![rate(IN, 1, 9, 0)]));
    assert_eq!(versions(&world, IN).iter().map(|row| row.1).collect::<Vec<_>>(), [8, 9]);
}

#[test]
fn bad_rates_are_refused_whole() {
    let mut world = World::new();
    let operator = world.user("operator");
    let long = "x".repeat(65);
    let good = rate("good", 1, 5, 5);
    let cases = [
        ("no name", rate("", 1, 1, 0), 28),
        ("too long", rate(&long, 1, 1, 0), 28),
        ("a space", rate("a b", 1, 1, 0), 28),
        ("not ASCII", rate("é", 1, 1, 0), 28),
        ("a control character", rate("a\n", 1, 1, 0), 28),
        ("list too high", rate("a", 1, 10u128.pow(15) + 1, 0), 29),
        ("cost above list", rate("a", 1, 5, 6), 29),
        ("twice", good.clone(), 14),
    ];
    for (name, bad, code) in cases {
        assert_eq!(
            world.refused(&operator, propose(vec![good.clone(), bad])),
            code,
            "{name}"
        );
    }
    let many = |count: u64| {
        (0..count)
            .map(|number| rate(&format!("sku{number}"), 1, 1, 0))
            .collect()
    };
    assert_eq!(world.refused(&operator, propose(many(65))), 13);
    world.ok(&operator, propose(many(64)));
    world.ok(
        &operator,
        propose(vec![rate(&long[1..], 1, 10u128.pow(15), 10u128.pow(15))]),
    );
}

#[test]
fn rate_cards_are_paged_by_name() {
    let mut world = World::new();
    let many = (0..40)
        .map(|number| rate(&format!("sku{number:02}"), 1, 1, 0))
        .collect();
    world.ok(&world.user("operator"), propose(many));
    let page = |start_after: Option<&str>, limit| {
        let msg = QueryMsg::Rates {
            start_after: start_after.map(Into::into),
            limit,
        };
        let rows: Vec<RateResponse> = world.query(&msg);
        rows.into_iter().map(|row| row.sku).collect::<Vec<_>>()
    };
    assert_eq!(page(None, None).len(), 30);
    assert_eq!(page(Some(OUT), Some(2)), ["sku00", "sku01"]);
    assert_eq!(page(Some("sku38"), None), ["sku39", OTHER]);
}
