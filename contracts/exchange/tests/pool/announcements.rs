//! Withdrawals that are announced, and what others see of them.

use interfaces::exchange::*;

use crate::world::*;

fn announced() -> World {
    World::new([Kind::Token, Kind::Token], true).filled()
}

const HALF: u128 = 10_000 * ONE;

#[test]
fn announced_shares_leave_from_24_to_48_hours_after() {
    let cases = [
        ("at once", 0, Err(21)),
        ("a second early", DAY - 1, Err(21)),
        ("first second", DAY, Ok([20_000 * ONE, 5_000 * ONE])),
        ("last second", 2 * DAY - 1, Ok([20_000 * ONE, 5_000 * ONE])),
        ("a second late", 2 * DAY, Err(21)),
    ];
    for (name, pause, expected) in cases {
        let mut world = announced();
        world.announce("alice", HALF).unwrap();
        world.wait(pause);
        assert_eq!(world.withdraw("alice", HALF), expected, "{name}");
    }
}

#[test]
fn shares_not_announced_stay() {
    let mut world = announced();
    assert_eq!(world.withdraw("alice", 1), Err(20));
    world.announce("alice", HALF).unwrap();
    world.wait(DAY);
    assert_eq!(world.withdraw("alice", HALF + 1), Err(22));
    world.withdraw("alice", HALF - 1).unwrap();
    assert_eq!(world.withdraw("alice", 2), Err(22));
    world.withdraw("alice", 1).unwrap();
    assert_eq!(world.withdraw("alice", 1), Err(20));
    assert_eq!(
        world.announce("alice", HALF).unwrap_err(),
        18,
        "nothing is left to announce"
    );
}

/// Trading, a stranger's messages, the owner's: none of them can stand in the way of an announced withdrawal.
#[test]
fn announced_withdrawal_is_never_refused() {
    let mut world = announced();
    world.announce("alice", HALF).unwrap();
    world.wait(DAY);
    world.swap("mallory", Side::Base, 500_000 * ONE).unwrap();
    world.donate("mallory", Side::Quote, ONE);
    world.provide("mallory", [100_000 * ONE, 100_000 * ONE]).unwrap();
    let params = Params {
        fee_bps: 100,
        skim_recipient: world.user("owner").into_string(),
    };
    world.send("owner", &ExecuteMsg::SetParams { params }, &[]).unwrap();
    world.swap("mallory", Side::Quote, ONE).unwrap();
    world.withdraw("alice", HALF).unwrap();
}

#[test]
fn new_announcement_replaces_the_old_one() {
    let mut world = announced();
    world.announce("alice", HALF).unwrap();
    world.wait(DAY);
    world.announce("alice", 5).unwrap();
    assert_eq!(world.market().announced_shares, amount(5));
    assert_eq!(world.withdraw("alice", 5), Err(21), "24 hours from the new one");
    world.announce("alice", 0).unwrap();
    assert_eq!(world.market().announced_shares, amount(0));
    let account: AccountResponse = world.query(&QueryMsg::Account {
        address: world.user("alice").into(),
    });
    assert_eq!(account.announcement, None);
}

#[test]
fn account_shows_its_announcement_until_it_expires() {
    let mut world = announced();
    world.announce("alice", HALF).unwrap();
    let now = world.now();
    let shown = |world: &World| -> Option<Announcement> {
        let question = QueryMsg::Account {
            address: world.user("alice").into(),
        };
        world.query::<AccountResponse>(&question).announcement
    };
    let expected = Announcement {
        shares: amount(HALF),
        from: now + DAY,
        until: now + 2 * DAY,
    };
    assert_eq!(shown(&world), Some(expected));
    world.wait(2 * DAY);
    assert_eq!(shown(&world), None);
}

/// What caps are measured by: announced shares are gone from the announcement on.
#[test]
fn announced_shares_count_as_gone() {
    let mut world = announced();
    assert_eq!(
        world.market().lowest_reserves_24h,
        amounts([40_000 * ONE, 10_000 * ONE])
    );
    world.announce("alice", HALF).unwrap();
    let market = world.market();
    assert_eq!(market.announced_shares, amount(HALF));
    assert_eq!(market.lowest_reserves_24h, amounts([20_000 * ONE, 5_000 * ONE]));
    assert_eq!(
        market.reserves,
        amounts([40_000 * ONE, 10_000 * ONE]),
        "what trades are made on"
    );
    world.wait(DAY);
    world.withdraw("alice", HALF).unwrap();
    let market = world.market();
    assert_eq!(market.announced_shares, amount(0));
    assert_eq!(market.lowest_reserves_24h, amounts([20_000 * ONE, 5_000 * ONE]));
}

/// An announcement that nobody uses stops counting by itself, within an hour of its end, without any message.
#[test]
fn expired_announcements_stop_counting_without_a_message() {
    let mut world = announced();
    world.announce("alice", HALF).unwrap();
    for (pause, counted) in [(2 * DAY - 1, HALF), (HOUR + 1, 0)] {
        world.wait(pause);
        assert_eq!(world.market().announced_shares, amount(counted));
    }
    world.announce("alice", 7).unwrap();
    assert_eq!(
        world.market().announced_shares,
        amount(7),
        "the expired one is replaced without harm"
    );
}

/// Whoever announces again and again only counts once, however often.
#[test]
fn announcing_again_and_again_counts_once() {
    let mut world = announced();
    world.provide("bob", [4_000 * ONE, 1_000 * ONE]).unwrap();
    world.announce("bob", 3).unwrap();
    for _ in 0..60 {
        world.announce("alice", HALF).unwrap();
        world.wait(HOUR / 2);
    }
    assert_eq!(world.market().announced_shares, amount(HALF + 3));
}
