//! Scores: who may report them, what they change, and when they come too late.

use cosmwasm_std::Uint128;
use interfaces::compute_wars::*;
use interfaces::credit_vault;

use crate::world::*;

#[test]
fn charges_add_up_to_scores_and_ranks() {
    let mut world = World::new();
    let week = world.week();
    let response = world.record(week, &[("alice", 50), ("bob", 70)]);
    assert_eq!(attribute(&response, "scores", "charged").unwrap(), "120");
    assert_eq!(count(&response, "score"), 2);
    world.record(week, &[("alice", 30), ("carol", 10)]);
    assert_eq!(world.rank("alice", week), (80, Some(1)));
    assert_eq!(world.rank("bob", week), (70, Some(2)));
    assert_eq!(world.rank("carol", week), (10, Some(3)));
    assert_eq!(world.rank("dave", week), (0, None));
    let row: WeekResponse = world.query(&QueryMsg::Week { week });
    assert_eq!(
        (
            row.leaders,
            row.charged.u128(),
            row.top_charged.u128(),
            row.minimum.u128()
        ),
        (3, 160, 160, 10)
    );
}

#[test]
fn event_of_a_score_says_what_it_is_now() {
    let mut world = World::new();
    let week = world.week();
    world.record(week, &[("alice", 50)]);
    let response = world.record(week, &[("alice", 30)]);
    let alice = world.user("alice").into_string();
    let said = ["account", "charged", "score"].map(|key| attribute(&response, "score", key).unwrap());
    assert_eq!(said, [alice, "30".into(), "80".into()]);
}

/// Wash record: nobody but the vault raises a score, whoever he is to the contest.
#[test]
fn score_by_anybody_but_the_vault_is_refused() {
    let mut world = World::new();
    let week = world.week();
    for sender in [
        world.user("owner"),
        world.user("mallory"),
        world.fund.clone(),
        world.wars.clone(),
    ] {
        let msg = world.record_msg(week, &[("mallory", 1)]);
        assert_eq!(world.refused(&sender, msg), 911);
    }
    assert_eq!(world.rank("mallory", week), (0, None));
}

#[test]
fn ties_go_to_whoever_reached_the_score_first() {
    let mut world = World::new();
    let week = world.week();
    world.record(week, &[("late", 10), ("early", 40)]);
    world.record(week, &[("late", 30)]);
    assert_eq!(world.rank("early", week), (40, Some(1)), "reached 40 before");
    assert_eq!(world.rank("late", week), (40, Some(2)));
    // within one report the order of the list decides
    world.record(week, &[("second", 40), ("third", 40)]);
    assert_eq!(world.rank("second", week), (40, Some(3)));
    assert_eq!(world.rank("third", week), (40, Some(4)));
}

#[test]
fn weeks_are_apart() {
    let mut world = World::new();
    let first = world.week();
    world.record(first, &[("alice", 50)]);
    world.next_week();
    let second = world.week();
    world.record(second, &[("bob", 5)]);
    assert_eq!(world.rank("alice", second), (0, None));
    assert_eq!(world.rank("bob", second), (5, Some(1)));
    world.record(first, &[("bob", 60)]);
    assert_eq!(
        world.rank("bob", first),
        (60, Some(1)),
        "late, but before the week is finalized"
    );
    assert_eq!(world.rank("bob", second), (5, Some(1)));
}

#[test]
fn full_list_takes_only_who_passes_its_last() {
    let mut world = World::new();
    let week = world.week();
    let names: Vec<String> = (0..100).map(|i| format!("user{i}")).collect();
    let scores: Vec<(&str, u128)> = names.iter().map(|name| (name.as_str(), 10)).collect();
    world.record(week, &scores);
    world.record(week, &[("outside", 10)]);
    assert_eq!(world.rank("outside", week), (10, None), "a tie goes to the earlier");
    assert_eq!(world.rank("user99", week), (10, Some(100)));
    world.record(week, &[("outside", 1)]);
    assert_eq!(world.rank("outside", week), (11, Some(1)));
    assert_eq!(
        world.rank("user99", week),
        (10, None),
        "the latest of the equal ones leaves"
    );
    world.record(week, &[("user99", 1)]);
    assert_eq!(world.rank("user99", week), (11, Some(2)), "and returns");
    assert_eq!(world.rank("user98", week), (10, None));
    let row: WeekResponse = world.query(&QueryMsg::Week { week });
    assert_eq!(
        (
            row.leaders,
            row.charged.u128(),
            row.top_charged.u128(),
            row.minimum.u128()
        ),
        (100, 1_012, 1_002, 10)
    );
}

#[test]
fn list_of_two_hundred_is_the_longest_and_zero_is_no_score() {
    let mut world = World::new();
    let (week, vault) = (world.week(), world.vault.clone());
    let names: Vec<String> = (0..201).map(|i| format!("user{i}")).collect();
    let scores: Vec<(&str, u128)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    let long = world.record_msg(week, &scores);
    assert_eq!(world.refused(&vault, long), 2);
    world.record(week, &scores[..200]);
    let zero = world.record_msg(week, &[("alice", 0)]);
    assert_eq!(world.refused(&vault, zero), 4);
    world.record(week, &[]);
}

#[test]
fn week_boundary_to_the_second() {
    let mut world = World::new();
    let (week, vault, anyone) = (world.week(), world.vault.clone(), world.user("mallory"));
    let ahead = world.record_msg(week + 1, &[("alice", 1)]);
    world.at(WEEK - 1);
    assert_eq!(world.refused(&vault, ahead.clone()), 5, "23:59:59 on Sunday");
    assert_eq!(world.refused(&anyone, ExecuteMsg::Finalize { week }), 6);
    world.record(week, &[("alice", 1)]);
    world.at(WEEK);
    world.ok(&vault, ahead);
    world.ok(&anyone, ExecuteMsg::Finalize { week });
}

#[test]
fn late_scores_of_a_finalized_week_change_nothing_and_do_not_fail() {
    let mut world = World::new();
    let week = world.week();
    world.record(week, &[("alice", 10)]);
    world.next_week();
    world.finalize(week);
    let response = world.record(week, &[("bob", 90)]);
    assert_eq!(attribute(&response, "scores_late", "accounts").unwrap(), "1");
    assert_eq!(world.rank("bob", week), (0, None));
    let ancient = world.overview().first_week - 1;
    let response = world.record(ancient, &[("bob", 90)]);
    assert_eq!(count(&response, "scores_late"), 1);
    assert_eq!(world.rank("bob", ancient), (0, None));
}

#[test]
fn text_that_is_no_address_is_refused_whole() {
    let mut world = World::new();
    let (week, vault) = (world.week(), world.vault.clone());
    let mut msg = world.record_msg(week, &[("alice", 1)]);
    if let ExecuteMsg::Record { scores, .. } = &mut msg {
        scores.push(Score {
            account: "nobody".into(),
            charged: Uint128::one(),
        });
    }
    assert_eq!(world.refused(&vault, msg), 900);
    assert_eq!(world.rank("alice", week), (0, None));
}

#[test]
fn settlement_reaches_the_contest_through_the_vault() {
    let mut world = World::new();
    let week = world.week();
    let (alice, bob) = (world.spender("alice", 1_000), world.spender("bob", 1_000));
    let response = world.settle(&[(&alice, 100), (&bob, 300)]);
    assert_eq!(count(&response, "scores"), 1);
    assert_eq!(count(&response, "scores_undelivered"), 0);
    assert_eq!(world.rank("bob", week), (300, Some(1)));
    world.settle(&[(&alice, 250)]);
    assert_eq!(world.rank("alice", week), (350, Some(1)));
    // what is not paid is no score
    world.settle(&[(&alice, 5_000)]);
    assert_eq!(world.rank("alice", week), (1_000, Some(1)));
}

/// A list that waited in the vault while the week was finalized leaves the vault, though it counts no more: it does not wait for ever.
#[test]
fn list_delivered_too_late_leaves_the_vault() {
    let mut world = World::new();
    let week = world.week();
    let alice = world.spender("alice", 1_000);
    // the contest is unreachable while the report settles
    let (timelock, vault) = (world.user("timelock"), world.vault.clone());
    let set = |world: &mut World, wars: String| {
        let peers = credit_vault::Peers {
            wars: Some(wars),
            ..Default::default()
        };
        let msg = credit_vault::ExecuteMsg::SetPeers { peers };
        world.exec(&timelock, &vault, &msg);
    };
    let (wars, nowhere) = (world.wars.to_string(), world.l_coin.to_string());
    set(&mut world, nowhere);
    let response = world.settle(&[(&alice, 100)]);
    assert_eq!(count(&response, "scores_undelivered"), 1);
    set(&mut world, wars);
    world.next_week();
    world.finalize(week);
    let report = world.newest_report();
    let (anyone, vault) = (world.user("mallory"), world.vault.clone());
    let response = world.exec(&anyone, &vault, &credit_vault::ExecuteMsg::DeliverScores { report });
    assert_eq!(
        (count(&response, "scores_delivered"), count(&response, "scores_late")),
        (1, 1)
    );
}
