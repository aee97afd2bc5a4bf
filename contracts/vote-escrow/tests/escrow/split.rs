//! What splitting a lock over accounts gains. The contract cannot prevent it, so it says so, exactly.

use interfaces::vote_escrow::{AccountFee, Params, QueryMsg, SplitAdvantageResponse};
use proptest::prelude::*;

use crate::bench::*;

fn with_fee(fee: u128) -> Bench {
    let mut bench = Bench::new();
    let to = bench.user("treasury").into_string();
    bench.set_params(Params {
        account_fee: (fee > 0).then(|| AccountFee {
            amount: amount(fee),
            to,
        }),
        ..params()
    });
    bench
}

fn advantage(bench: &Bench, value: u128, accounts: Option<u64>) -> SplitAdvantageResponse {
    bench.ask(QueryMsg::SplitAdvantage {
        amount: amount(value),
        accounts,
    })
}

/// Locks the value in new accounts, evenly, and answers what they weigh together over what they would weigh a second.
fn really_locked(bench: &mut Bench, value: u128, accounts: u64, group: &str) -> u128 {
    let (until, count) = (NOW + YEAR, u128::from(accounts));
    let mut weight = 0;
    for index in 0..count {
        let user = bench.user(&format!("{group}{index}"));
        bench.lock(&user, value / count + u128::from(index < value % count), until);
        weight += bench.view(&user).power.weight.u128();
    }
    let left = u128::from((until.div_ceil(DAY) * DAY) - bench.now());
    assert_eq!(weight % left, 0);
    weight / left
}

#[test]
fn split_advantage_equals_what_a_split_really_gains() {
    for fee in [0, 50 * VCAI] {
        for (value, accounts) in [
            (100 * MIN + 17, 1),
            (100 * MIN + 17, 2),
            (100 * MIN + 17, 7),
            (73 * MIN + 5, 64),
        ] {
            let mut bench = with_fee(fee);
            let answer = advantage(&bench, value, Some(accounts));
            let whole = really_locked(&mut bench, value, 1, "whole");
            let split = really_locked(&mut bench, value, accounts, "part");
            assert_eq!(
                (answer.whole.u128(), answer.split.u128()),
                (whole, split),
                "{fee} {value} {accounts}"
            );
            assert_eq!(answer.gain_bps.u128(), split * 10_000 / whole);
            assert_eq!(answer.fees.u128(), fee * u128::from(accounts));
        }
    }
}

#[test]
fn without_a_fee_k_accounts_weigh_root_k_times_as_much() {
    let bench = with_fee(0);
    for (accounts, gain) in [(1, 10_000), (4, 20_000), (25, 50_000), (100, 100_000)] {
        assert_eq!(advantage(&bench, 100 * MIN, Some(accounts)).gain_bps, amount(gain));
    }
}

#[test]
fn split_table_of_the_docs() {
    let gains = |bench: &Bench| [1, 4, 25, 90].map(|count| advantage(bench, 100 * MIN, Some(count)).gain_bps.u128());
    assert_eq!(gains(&with_fee(0)), [10_000, 20_000, 50_000, 94_868]);
    let dear = with_fee(1_000 * VCAI);
    assert_eq!(gains(&dear), [10_000, 19_969, 49_395, 90_543]);
    assert_eq!(advantage(&dear, 100 * MIN, None).accounts, 90);
}

#[test]
fn splits_below_the_smallest_lock_are_refused() {
    let bench = with_fee(0);
    let ask = |value, accounts| {
        let msg = QueryMsg::SplitAdvantage {
            amount: amount(value),
            accounts,
        };
        bench
            .try_ask::<SplitAdvantageResponse>(msg)
            .map_err(|error| error.code())
    };
    assert_eq!(ask(MIN - 1, None), Err(2));
    assert_eq!(ask(3 * MIN, Some(0)), Err(15));
    assert_eq!(ask(3 * MIN, Some(4)), Err(15));
    assert_eq!(ask(3 * MIN, Some(3)).unwrap().accounts, 3);
    assert_eq!(ask(3 * MIN, None).unwrap().accounts, 3);
    // the whole supply
    assert_eq!(ask(10_000_000_000 * VCAI, None).unwrap().accounts, 1_000_000);
}

proptest! {
    #[test]
    fn the_named_number_is_the_most_profitable(value in 1u128..60, fee in 0u128..1_000) {
        let bench = with_fee(fee * VCAI);
        let value = value * MIN + 1_000 * VCAI;
        let best = advantage(&bench, value, None);
        for accounts in 1..=best.accounts {
            prop_assert!(advantage(&bench, value, Some(accounts)).split <= best.split);
        }
    }
}
