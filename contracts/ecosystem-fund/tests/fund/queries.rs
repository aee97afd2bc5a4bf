//! Pages.

use interfaces::ecosystem_fund::*;

use crate::world::*;

#[test]
fn pages_of_receipts_join() {
    let mut world = World::new().with_pot(5_000 * ONE);
    for slice in 0..6 {
        world.at(FRIDAY + slice * 600);
        world.buyback();
    }
    let page = |start_before, limit| -> Vec<u64> {
        let rows: Vec<Receipt> = world.query(&QueryMsg::Receipts { start_before, limit });
        rows.into_iter().map(|row| row.n).collect()
    };
    assert_eq!(page(None, Some(4)), [6, 5, 4, 3]);
    assert_eq!(page(Some(3), Some(4)), [2, 1]);
    assert_eq!(page(None, None), [6, 5, 4, 3, 2, 1]);
    let one: Option<Receipt> = world.query(&QueryMsg::Receipt { n: 3 });
    assert_eq!(one.unwrap().time, MONDAY + FRIDAY + 1_200);
    assert_eq!(world.query::<Option<Receipt>>(&QueryMsg::Receipt { n: 7 }), None);
}

#[test]
fn pages_of_weeks_and_reports_join() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 1_000 * ONE);
    let first = world.first();
    for week in 0..5u64 {
        world.at(week * WEEK);
        world.settle(&alice, 1, ONE + u128::from(week), 0);
    }
    world.at(8 * WEEK);
    for week in first..first + 5 {
        world.report(1, week, 0);
    }
    let reports = |start_before, limit| -> Vec<u64> {
        let rows: Vec<ReportResponse> = world.query(&QueryMsg::Reports {
            gateway: 1,
            start_before,
            limit,
        });
        rows.into_iter().map(|row| row.week).collect()
    };
    assert_eq!(reports(None, Some(2)), [first + 4, first + 3]);
    assert_eq!(reports(Some(first + 3), None), [first + 2, first + 1, first]);
    let weeks = |start_before, limit| -> Vec<u64> {
        let rows: Vec<WeekResponse> = world.query(&QueryMsg::Weeks { start_before, limit });
        rows.into_iter().map(|row| row.week).collect()
    };
    assert_eq!(weeks(None, Some(2)), [first + 4, first + 3]);
    assert_eq!(weeks(Some(first + 3), Some(100)), [first + 2, first + 1, first]);
    let none: Option<ReportResponse> = world.query(&QueryMsg::Report {
        gateway: 2,
        week: first,
    });
    assert_eq!(none, None);
}
