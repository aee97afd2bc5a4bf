//! Pages and views.

use interfaces::ve_rewards::*;

use crate::bench::*;

#[test]
fn overview_shows_what_flows_and_what_waits() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, 10_000, NOW + 2 * DAY);
    bench.fund(901);
    bench.wait(DAY + DAY / 2);
    bench.fund(50);
    let view = bench.overview();
    let [funded, paid, daily, streaming, waiting] = [951, 0, 901, 451, 50].map(amount);
    assert_eq!([view.funded, view.paid, view.daily], [funded, paid, daily]);
    assert_eq!([view.streaming, view.waiting], [streaming, waiting]);
    assert_eq!(bench.account(&alice).daily, amount(900), "rounded down");
    assert_eq!(
        [view.vcai, view.vote_escrow, view.treasury],
        ["vcai", "escrow", "treasury"].map(|name| bench.user(name).into_string())
    );
    bench.wait(DAY);
    let view = bench.overview();
    assert_eq!([view.daily, view.streaming, view.waiting], [0, 0, 50].map(amount));
    assert_eq!(view.synced, NOW + DAY, "asking writes nothing");
}

#[test]
fn fundings_are_summed_by_day() {
    let mut bench = Bench::new();
    for (wait, value) in [(5, 1), (10, 2), (DAY, 4), (3 * DAY, 8)] {
        bench.wait(wait);
        bench.fund(value);
    }
    let rows = |start_before, limit| -> Vec<(u64, u128)> {
        let rows: Vec<FundingRow> = bench.ask(QueryMsg::Fundings { start_before, limit });
        rows.iter()
            .map(|row| ((row.day - NOW) / DAY, row.amount.u128()))
            .collect()
    };
    assert_eq!(rows(None, None), [(4, 8), (1, 4), (0, 3)]);
    assert_eq!(rows(Some(NOW + 4 * DAY), Some(1)), [(1, 4)]);
}

#[test]
fn accounts_and_checkpoints_are_paged() {
    let mut bench = Bench::new();
    let users: Vec<_> = (0..5).map(|index| bench.user(&format!("user{index}"))).collect();
    for user in &users {
        bench.lock(user, 10_000, NOW + 9 * DAY);
    }
    for _ in 0..2 {
        bench.fund(1_000_000);
        bench.wait(DAY);
    }
    bench.wait(DAY);
    for user in &users {
        bench.claim(user);
    }
    let rows: Vec<CheckpointRow> = bench.ask(QueryMsg::Checkpoints {
        start_before: None,
        limit: None,
    });
    let days: Vec<_> = rows.iter().map(|row| (row.time - NOW) / DAY).collect();
    assert_eq!(days, [3, 2], "the ends of the days on which something flowed");
    assert!(rows[0].per_weight > rows[1].per_weight && rows[0].per_moment > rows[1].per_moment);
    let page: Vec<CheckpointRow> = bench.ask(QueryMsg::Checkpoints {
        start_before: Some(rows[0].time),
        limit: None,
    });
    assert_eq!(page, rows[1..]);

    let all: Vec<AccountRow> = bench.ask(QueryMsg::Accounts {
        start_after: None,
        limit: None,
    });
    assert_eq!(all.len(), 5);
    assert_eq!((all[0].claimed, all[0].paid), (NOW + 3 * DAY, amount(399_999)));
    let start_after = Some(all[1].address.clone());
    let page: Vec<AccountRow> = bench.ask(QueryMsg::Accounts {
        start_after,
        limit: Some(2),
    });
    assert_eq!(page, all[2..4]);
}

#[test]
fn an_account_that_never_locked_is_all_zero() {
    let bench = Bench::new();
    assert_eq!(bench.account(&bench.user("nobody")), AccountResponse::default());
}
