//! Lists and views.

use cosmwasm_std::Addr;
use interfaces::lco_staking::*;

use crate::bench::*;

#[test]
fn overview_shows_the_sums_and_the_rules() {
    let mut bench = Bench::new();
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| bench.user(name));
    bench.stake(&alice, 100_000 * LCO);
    bench.stake(&bob, 10_000 * LCO);
    bench.stake(&carol, 5);
    bench.unstake(&carol, 5);
    let expected = OverviewResponse {
        l_coin: bench.user("l-coin").to_string(),
        params: Params::default(),
        unbonding_seconds: 604_800,
        bonded: amount(110_000 * LCO),
        weighted: amount(310_000 * LCO),
        whale: amount(100_000 * LCO),
        unbonding: amount(5),
        stakers: 2,
    };
    assert_eq!(bench.overview(), expected);
}

#[test]
fn account_without_a_stake_is_an_answer() {
    let bench = Bench::new();
    let nobody = bench.account(&bench.user("nobody"));
    let expected = AccountResponse {
        stake: amount(0),
        tier: Tier::Lv1,
        due: Tier::Lv1,
        from: 0,
        unbonding: vec![],
        claimable: amount(0),
    };
    assert_eq!(nobody, expected);
    let address = bench.user("nobody").to_string().to_uppercase();
    let wrong = bench.try_ask::<AccountResponse>(QueryMsg::Account { address });
    assert_eq!(wrong.unwrap_err().code(), 900, "not in normal form");
}

#[test]
fn accounts_are_listed_in_pages() {
    let mut bench = Bench::new();
    let users: Vec<Addr> = (0..7).map(|index| bench.user(&format!("user{index}"))).collect();
    for (index, user) in users.iter().enumerate() {
        bench.stake(user, 1_000 * LCO + index as u128);
    }
    let (mut seen, mut start_after) = (vec![], None);
    loop {
        let limit = Some(3);
        let page: Vec<AccountRow> = bench.ask(QueryMsg::Accounts { start_after, limit });
        assert!(page.len() <= 3);
        start_after = page.last().map(|row| row.address.clone());
        seen.extend(page);
        if start_after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 7, "each once");
    for (index, user) in users.iter().enumerate() {
        let row = seen.iter().find(|row| row.address == user.as_str()).unwrap();
        assert_eq!((row.stake, row.tier), (amount(1_000 * LCO + index as u128), Tier::Lv2));
    }
    assert_eq!(
        bench
            .ask::<Vec<AccountRow>>(QueryMsg::Accounts {
                start_after: None,
                limit: None
            })
            .len(),
        7
    );
}

#[test]
fn histories_are_listed_newest_first_with_one_row_a_second() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    for _ in 0..5 {
        // two changes in two blocks of one second
        bench.stake(&alice, 10_000 * LCO);
        bench.block();
        bench.stake(&alice, 1);
        bench.block();
        bench.wait(9);
    }
    let page = |start_before, limit| {
        let address = alice.to_string();
        bench.ask::<Vec<HistoryRow>>(QueryMsg::History {
            address,
            start_before,
            limit,
        })
    };
    let all = page(None, None);
    let begins: Vec<_> = all.iter().map(|row| row.from - MONDAY).collect();
    assert_eq!(begins, [41, 31, 21, 11, 1]);
    assert_eq!(all[4].stake, amount(10_000 * LCO + 1));
    assert_eq!((all[0].tier, all[4].tier), (Tier::Lv4, Tier::Lv3));
    assert_eq!(
        (all[4].stake_seconds, all[3].stake_seconds),
        (amount(0), amount(10 * (10_000 * LCO + 1)))
    );
    assert_eq!([page(None, Some(2)), page(Some(all[1].from), Some(10))].concat(), all);

    let page = |start_before, limit| bench.ask::<Vec<TotalRow>>(QueryMsg::TotalHistory { start_before, limit });
    let totals = page(None, None);
    assert_eq!([page(None, Some(3)), page(Some(totals[2].from), None)].concat(), totals);
    for (row, total) in all.iter().zip(&totals) {
        assert_eq!(
            (row.from, row.stake, row.stake_seconds),
            (total.from, total.stake, total.stake_seconds)
        );
        assert_eq!(row.weight_seconds, total.weight_seconds);
    }
    let nobody = bench.user("nobody").to_string();
    let none = QueryMsg::History {
        address: nobody,
        start_before: None,
        limit: None,
    };
    assert_eq!(bench.ask::<Vec<HistoryRow>>(none), []);
}
