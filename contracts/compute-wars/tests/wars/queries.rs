//! Pages.

use interfaces::compute_wars::*;

use crate::world::*;

fn crowd() -> (World, u64) {
    let mut world = World::new();
    let week = world.week();
    let names: Vec<String> = (0..150).map(|i| format!("user{i}")).collect();
    let scores: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (name.as_str(), 1_000 - i as u128))
        .collect();
    world.record(week, &scores);
    (world, week)
}

fn top(world: &World, week: u64, start_after: Option<u32>, limit: Option<u32>) -> Vec<RankResponse> {
    world.query(&QueryMsg::Top {
        week,
        start_after,
        limit,
    })
}

#[test]
fn pages_of_the_top_list_join() {
    let (world, week) = crowd();
    let whole = top(&world, week, None, Some(1_000));
    assert_eq!(whole.len(), 100);
    let mut joined = vec![];
    loop {
        let page = top(&world, week, Some(joined.len() as u32), Some(37));
        if page.is_empty() {
            break;
        }
        joined.extend(page);
    }
    assert_eq!(joined, whole);
    assert_eq!(top(&world, week, None, None).len(), 30);
    assert_eq!(top(&world, week, Some(u32::MAX), None), []);
    for (place, row) in whole.iter().enumerate() {
        assert_eq!(row.rank, Some(place as u32 + 1));
        assert_eq!(row.account, world.user(&format!("user{place}")).into_string());
        let asked: RankResponse = world.query(&QueryMsg::Rank {
            account: row.account.clone(),
            week,
        });
        assert_eq!(asked, *row);
    }
    assert_eq!(world.rank("user100", week), (900, None));
}

#[test]
fn pages_of_weeks_and_scores_join() {
    let mut world = World::new();
    let first = world.week();
    for _ in 0..5 {
        let week = world.week();
        world.record(week, &[("alice", u128::from(week - first) + 1), ("bob", 1)]);
        world.next_week();
    }
    let account = world.user("alice").into_string();
    let scores = |start_before, limit| -> Vec<(u64, u128)> {
        let account = account.clone();
        let page: Vec<ScoreResponse> = world.query(&QueryMsg::Scores {
            account,
            start_before,
            limit,
        });
        page.into_iter().map(|row| (row.week, row.score.u128())).collect()
    };
    assert_eq!(scores(None, Some(2)), [(first + 4, 5), (first + 3, 4)]);
    assert_eq!(
        scores(Some(first + 3), None),
        [(first + 2, 3), (first + 1, 2), (first, 1)]
    );
    let weeks = |start_before, limit| -> Vec<u64> {
        let page: Vec<WeekResponse> = world.query(&QueryMsg::Weeks { start_before, limit });
        page.into_iter().map(|row| row.week).collect()
    };
    assert_eq!(weeks(None, Some(2)), [first + 4, first + 3]);
    assert_eq!(weeks(Some(first + 3), Some(100)), [first + 2, first + 1, first]);
}

#[test]
fn overview_shows_the_running_week() {
    let (mut world, week) = crowd();
    let answer = world.overview();
    assert_eq!(
        (answer.week.week, answer.week.leaders, answer.first_week),
        (week, 100, week - 1)
    );
    assert_eq!(answer.week.minimum.u128(), 901);
    world.next_week();
    let answer = world.overview();
    assert_eq!(
        (answer.week.week, answer.week.leaders, answer.week.minimum.u128()),
        (week + 1, 0, 0)
    );
}

#[test]
fn weeks_that_will_never_be_are_refused_not_mistaken() {
    let (world, week) = crowd();
    let far = week + (1 << 32);
    let outcome = world
        .app
        .wrap()
        .query_wasm_smart::<WeekResponse>(&world.wars, &QueryMsg::Week { week: far });
    outcome.unwrap_err();
    assert_eq!(world.query::<Vec<PrizeResponse>>(&QueryMsg::Prizes { week: far }), []);
}
