//! Pages and views.

use interfaces::ve_rewards::*;

use crate::bench::*;

#[test]
fn overview_shows_what_flows_and_what_waits() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, decay(10_000, NOW + DAY));
    bench.wait(DAY / 2);
    bench.fund(900);
    let view = bench.overview();
    assert_eq!(
        (view.funded, view.paid, view.streaming, view.daily),
        (amount(900), amount(0), amount(899), amount(599))
    );
    assert_eq!(view.slope, amount(100_000_000_000));
    assert_eq!(view.weight, amount(100_000_000_000 * u128::from(DAY / 2)));
    assert_eq!(
        [view.vcai, view.vote_escrow, view.treasury],
        ["vcai", "escrow", "treasury"].map(|name| bench.user(name).into_string())
    );
    bench.wait(DAY);
    let view = bench.overview();
    assert_eq!(
        (view.slope, view.weight, view.waiting, view.streaming),
        (amount(0), amount(0), amount(300), amount(299))
    );
    assert_eq!(view.synced, NOW + DAY / 2, "asking writes nothing");
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
    for index in 1..=5 {
        let user = bench.user(&format!("user{index}"));
        bench.lock(&user, decay(10_000, NOW + index * DAY));
    }
    bench.fund(1_000_000);
    bench.wait(10 * DAY);
    bench.sync(None).unwrap();
    // the stream ended with the second day: later ends share its row
    let rows: Vec<CheckpointRow> = bench.ask(QueryMsg::Checkpoints {
        start_before: None,
        limit: None,
    });
    assert_eq!(
        rows.iter().map(|row| (row.time - NOW) / DAY).collect::<Vec<_>>(),
        [2, 1]
    );
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
