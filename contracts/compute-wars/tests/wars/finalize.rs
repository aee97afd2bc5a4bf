//! Fixing a week.

use interfaces::compute_wars::*;

use crate::world::*;

fn result(world: &World, week: u64) -> Option<WeekResult> {
    world.query::<WeekResponse>(&QueryMsg::Week { week }).result
}

#[test]
fn ten_best_and_table_are_fixed() {
    let mut world = World::new();
    let week = world.week();
    let names: Vec<String> = (0..12).map(|i| format!("user{i}")).collect();
    let scores: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (name.as_str(), 100 + i as u128))
        .collect();
    world.record(week, &scores);
    world.next_week();
    let response = world.finalize(week);
    assert_eq!(
        attribute(&response, "finalized", "shares").unwrap(),
        "3000,2000,1200,800,600,600,500,500,400,400"
    );
    let rows: Vec<PrizeResponse> = world.query(&QueryMsg::Prizes { week });
    let winners: Vec<_> = rows.iter().map(|row| row.account.clone().unwrap()).collect();
    let expected: Vec<_> = (2..12)
        .rev()
        .map(|i| world.user(&format!("user{i}")).into_string())
        .collect();
    assert_eq!(winners, expected);
    assert_eq!(
        rows.iter().map(|row| row.rank).collect::<Vec<_>>(),
        (1..=10).collect::<Vec<_>>()
    );
    // a table changed later is for later weeks
    let params = Params {
        prizes_bps: vec![10_000],
        free_call_bps: 0,
    };
    let owner = world.user("owner");
    world.ok(&owner, ExecuteMsg::SetParams { params });
    let rows: Vec<PrizeResponse> = world.query(&QueryMsg::Prizes { week });
    assert_eq!(rows.len(), 10);
    assert_eq!(result(&world, week).unwrap().pool, None);
}

#[test]
fn once_not_early_and_not_from_before_the_first_week() {
    let mut world = World::new();
    let (week, anyone) = (world.week(), world.user("mallory"));
    assert_eq!(world.refused(&anyone, ExecuteMsg::Finalize { week }), 6);
    assert_eq!(world.refused(&anyone, ExecuteMsg::Finalize { week: u64::MAX }), 6);
    let first = world.overview().first_week;
    assert_eq!(first, week - 1);
    assert_eq!(world.refused(&anyone, ExecuteMsg::Finalize { week: first - 1 }), 7);
    world.finalize(first);
    assert_eq!(world.refused(&anyone, ExecuteMsg::Finalize { week: first }), 8);
}

#[test]
fn week_without_scores_is_fixed_empty() {
    let mut world = World::new();
    let first = world.overview().first_week;
    world.finalize(first);
    let rows: Vec<PrizeResponse> = world.query(&QueryMsg::Prizes { week: first });
    assert!(rows.iter().all(|row| row.account.is_none()));
    assert_eq!(result(&world, first).unwrap().finalized_at, world.now());
    let weeks: Vec<WeekResponse> = world.query(&QueryMsg::Weeks {
        start_before: None,
        limit: None,
    });
    assert_eq!(weeks.len(), 1, "it stands in the list");
}

/// The mean is over who is there; the bound over everything charged. 1 % binds when few were charged much.
#[test]
fn allowance_is_the_mean_of_the_top_hundred_and_at_most_a_hundredth_of_all_charges() {
    let mut world = World::new();
    let week = world.week();
    world.record(week, &[("alice", 900), ("bob", 101)]);
    world.next_week();
    let response = world.finalize(week);
    // mean ⌊1,001 / 2⌋ = 500, bound ⌊1,001 / 100⌋ = 10
    assert_eq!(attribute(&response, "finalized", "allowance").unwrap(), "10");

    let week = world.week();
    let names: Vec<String> = (0..200).map(|i| format!("user{i}")).collect();
    let scores: Vec<_> = names.iter().map(|name| (name.as_str(), 7)).collect();
    world.record(week, &scores);
    world.record(week, &[("user0", 50)]);
    world.next_week();
    let response = world.finalize(week);
    // top 100: 57 + 99 · 7 = 750, mean 7; all: 1,450, bound 14
    assert_eq!(attribute(&response, "finalized", "top_charged").unwrap(), "750");
    assert_eq!(attribute(&response, "finalized", "allowance").unwrap(), "7");
}
