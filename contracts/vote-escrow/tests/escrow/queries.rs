//! Pages and views.

use cosmwasm_std::Addr;
use interfaces::common::OwnershipResponse;
use interfaces::vote_escrow::*;

use crate::bench::*;

#[test]
fn overview_shows_peers_parameters_and_sums() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.lock(&alice, 4 * MIN, NOW + YEAR);
    bench.lock(&bob, MIN, NOW + 10 * DAY);
    let view = bench.overview();
    assert_eq!(view.vcai, bench.user("vcai").as_str());
    assert_eq!(view.token_allocation, bench.user("allocation").as_str());
    assert_eq!(view.params, params());
    assert_eq!(
        (view.locked, view.held, view.lockers),
        (amount(5 * MIN), amount(5 * MIN), 2)
    );
    assert_eq!(view.slope, amount(300_000_000_000));
    let sum = |read: fn(&LockResponse) -> u128| read(&bench.view(&alice)) + read(&bench.view(&bob));
    assert_eq!(view.power.weight.u128(), sum(|lock| lock.power.weight.u128()));
    assert_eq!(view.power.linear.u128(), sum(|lock| lock.power.linear.u128()));
    bench.wait(20 * DAY);
    let view = bench.overview();
    assert_eq!(
        (view.locked, view.held, view.lockers),
        (amount(4 * MIN), amount(5 * MIN), 2),
        "bob's has ended"
    );
    bench.withdraw(&bob).unwrap();
    let view = bench.overview();
    assert_eq!(
        (view.locked, view.held, view.lockers),
        (amount(4 * MIN), amount(4 * MIN), 1)
    );
    let owner: OwnershipResponse = bench.ask(QueryMsg::Ownership {});
    assert_eq!(owner.owner, bench.user("owner").as_str());
}

#[test]
fn locks_are_paged_and_withdrawn_ones_are_left_out() {
    let mut bench = Bench::new();
    let users: Vec<Addr> = (0..25).map(|index| bench.user(&format!("user{index}"))).collect();
    for user in &users {
        bench.lock(user, MIN, NOW + 8 * DAY);
    }
    bench.wait(30 * DAY);
    bench.withdraw(&users[3]).unwrap();
    let (mut found, mut start_after, mut pages) = (vec![], None, 0);
    loop {
        let page: LocksResponse = bench.ask(QueryMsg::Locks {
            start_after,
            limit: Some(10),
        });
        assert!(page.locks.len() <= 10);
        found.extend(page.locks.into_iter().map(|row| row.address));
        (start_after, pages) = (page.next, pages + 1);
        if start_after.is_none() {
            break;
        }
    }
    assert_eq!((found.len(), pages), (24, 3));
    let mut expected: Vec<String> = users.iter().map(Addr::to_string).collect();
    expected.remove(3);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn histories_are_newest_first_and_paged() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    let address = alice.to_string();
    let rows = |bench: &Bench, start_before, limit| -> Vec<HistoryRow> {
        bench.ask(QueryMsg::History {
            address: address.clone(),
            start_before,
            limit,
        })
    };
    assert_eq!(rows(&bench, None, None), []);
    assert_eq!(
        bench.ask::<Vec<TotalRow>>(QueryMsg::TotalHistory {
            start_before: None,
            limit: None
        }),
        []
    );
    let mut blocks = vec![];
    for value in 0..5 {
        match value {
            0 => bench.lock(&alice, MIN, NOW + 8 * DAY),
            _ => bench.try_increase(&alice, MIN).unwrap(),
        };
        blocks.push(bench.moment());
        bench.wait(600);
    }
    bench.wait(30 * DAY);
    bench.withdraw(&alice).unwrap();
    let all = rows(&bench, None, None);
    assert_eq!(
        (all.len(), all[0].amount, all[4].amount),
        (5, amount(5 * MIN), amount(MIN))
    );
    assert_eq!(all[4].since, blocks[0]);
    assert_eq!(rows(&bench, Some(all[2].since.height), Some(2)), all[3..5]);
    let totals: Vec<TotalRow> = bench.ask(QueryMsg::TotalHistory {
        start_before: None,
        limit: None,
    });
    assert_eq!(
        totals.iter().map(|row| row.at).collect::<Vec<_>>(),
        blocks.into_iter().rev().collect::<Vec<_>>()
    );
    assert_eq!(totals[0].locked, amount(5 * MIN));
    let page: Vec<TotalRow> = bench.ask(QueryMsg::TotalHistory {
        start_before: Some(totals[0].at.height),
        limit: Some(1),
    });
    assert_eq!(page, totals[1..2]);
}

#[test]
fn expiries_show_what_ends_on_which_day_to_come() {
    let mut bench = Bench::new();
    let users = ["alice", "bob", "carol"].map(|name| bench.user(name));
    for (user, days) in users.iter().zip([10, 10, 20]) {
        bench.lock(user, MIN, MIDNIGHT + days * DAY);
    }
    let rows = |bench: &Bench, start_after| -> Vec<(u64, u128)> {
        let rows: Vec<ExpiryRow> = bench.ask(QueryMsg::Expiries {
            start_after,
            limit: None,
        });
        rows.iter().map(|row| (row.end, row.amount.u128())).collect()
    };
    let (first, second) = ((MIDNIGHT + 10 * DAY, 2 * MIN), (MIDNIGHT + 20 * DAY, MIN));
    assert_eq!(rows(&bench, None), [first, second]);
    assert_eq!(rows(&bench, Some(first.0)), [second]);
    // extended: nothing is left behind on its old day
    bench.extend(&users[2], MIDNIGHT + 30 * DAY).unwrap();
    assert_eq!(rows(&bench, None), [first, (MIDNIGHT + 30 * DAY, MIN)]);
    bench.wait(12 * DAY);
    assert_eq!(rows(&bench, None), [(MIDNIGHT + 30 * DAY, MIN)]);
}

#[test]
fn an_account_without_a_lock_is_all_zero() {
    let bench = Bench::new();
    let view = bench.view(&bench.user("nobody"));
    assert_eq!(
        (view.amount, view.end, view.slope, view.withdrawable),
        (amount(0), 0, amount(0), amount(0))
    );
    let address = bench.user("nobody").as_str().to_uppercase();
    let refusal = bench.try_ask::<LockResponse>(QueryMsg::Lock { address }).unwrap_err();
    assert_eq!(refusal.code(), 900, "an address in another form");
}
