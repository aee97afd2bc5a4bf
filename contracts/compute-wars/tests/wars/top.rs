//! The exact top hundred against a full sort, and what a score costs.

use std::collections::BTreeMap;

use compute_wars::execute::record::Board;
use compute_wars::state::{leaders, Round, WeekKey};
use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Order, Record, Storage};
use kit::compact::{Account, Key};
use proptest::prelude::*;

fn account(index: usize) -> Account {
    let mut bytes = vec![7u8; 20];
    bytes[12..].copy_from_slice(&(index as u64).to_be_bytes());
    Account::pull(&bytes).unwrap()
}

fn week() -> WeekKey {
    WeekKey::new(2_924).unwrap()
}

/// Every account with its score and the number of the record that reached it; sorted whole for every look.
#[derive(Default)]
struct Slow {
    scores: BTreeMap<usize, (u128, usize)>,
    records: usize,
}

impl Slow {
    fn add(&mut self, account: usize, charged: u128) {
        self.records += 1;
        let row = self.scores.entry(account).or_default();
        *row = (row.0 + charged, self.records);
    }

    /// The best hundred: higher first, of equal ones the earlier.
    fn top(&self) -> Vec<(usize, u128)> {
        let mut all: Vec<_> = self.scores.iter().map(|(account, row)| (*account, *row)).collect();
        all.sort_by(|(_, a), (_, b)| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        all.into_iter()
            .take(100)
            .map(|(account, row)| (account, row.0))
            .collect()
    }
}

fn check(storage: &dyn Storage, slow: &Slow) -> Result<(), TestCaseError> {
    let listed: Vec<_> = leaders(storage, week(), Order::Descending)
        .map(|row| row.unwrap())
        .map(|(place, account)| (account, place.score))
        .collect();
    let expected: Vec<_> = slow
        .top()
        .into_iter()
        .map(|(index, score)| (account(index), score))
        .collect();
    prop_assert_eq!(&listed, &expected);
    let round = Round::load(storage, week()).unwrap();
    prop_assert_eq!(round.leaders as usize, expected.len());
    prop_assert_eq!(round.top_charged, expected.iter().map(|(_, score)| score).sum::<u128>());
    prop_assert_eq!(
        round.charged,
        slow.scores.values().map(|(score, _)| score).sum::<u128>()
    );
    Ok(())
}

/// Reports of up to 200 scores; the seed makes the accounts, so that shrinking has few things to try.
fn run(mut seed: u64, accounts: usize, reports: usize, charges: u64, every: usize) -> Result<(), TestCaseError> {
    let mut next = move || {
        // xorshift64
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let (mut storage, mut slow) = (MockStorage::new(), Slow::default());
    for report in 0..reports {
        let mut board = Board::load(&mut storage, week()).unwrap();
        for _ in 0..=next() % 200 {
            let (index, charged) = (next() as usize % accounts, u128::from(next() % charges) + 1);
            board.add(&account(index), charged).unwrap();
            slow.add(index, charged);
        }
        board.save();
        if report % every == 0 {
            check(&storage, &slow)?;
        }
    }
    check(&storage, &slow)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn top_hundred_of_ten_thousand_accounts_is_that_of_a_full_sort(seed in 1u64.., charges in prop_oneof![Just(3u64), Just(1_000), Just(1 << 40)]) {
        run(seed, 10_000, 150, charges, 50)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Few accounts and small charges: most of them lie around the end of the list, and ties are the rule.
    #[test]
    fn top_hundred_is_exact_where_the_list_fills_and_ties_abound(seed in 1u64.., accounts in 1usize..140, charges in 1u64..4) {
        run(seed, accounts, 12, charges, 1)?;
    }
}

/// Storage that counts what the chain would charge for it: 2,000 + 30 a byte written, 1,000 + 3 a byte read, 1,000 a removal, 30 + 3 a byte for each row of a
/// range; the chain's own 33 bytes of every key included.
struct Metered {
    inner: MockStorage,
    gas: std::cell::Cell<u64>,
}

const CHAIN_KEY: usize = 33;

impl Metered {
    fn spend(&self, gas: usize) {
        self.gas.set(self.gas.get() + gas as u64);
    }
}

impl Storage for Metered {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        let bytes = key.len() + CHAIN_KEY + value.as_ref().map_or(0, Vec::len);
        self.spend(1_000 + 3 * bytes);
        value
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let rows = self.inner.range(start, end, order);
        Box::new(rows.inspect(|(key, value)| self.spend(30 + 3 * (key.len() + CHAIN_KEY + value.len()))))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.spend(2_000 + 30 * (key.len() + CHAIN_KEY + value.len()));
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.spend(1_000);
        self.inner.remove(key);
    }
}

/// Storage gas of one report of 100 scores among so many accounts, each one of the best.
fn cost(accounts: usize, charge: impl Fn(usize) -> u128) -> u64 {
    let mut storage = Metered {
        inner: MockStorage::new(),
        gas: Default::default(),
    };
    let mut board = Board::load(&mut storage, week()).unwrap();
    for index in 0..accounts {
        board
            .add(&account(index), 1_000_000_000 + index as u128 * 1_000)
            .unwrap();
    }
    board.save();
    storage.gas.set(0);
    let mut board = Board::load(&mut storage, week()).unwrap();
    for index in 0..100 {
        board.add(&account(index), charge(index)).unwrap();
    }
    board.save();
    storage.gas.get() / 100
}

#[test]
fn score_costs_the_same_among_a_hundred_and_a_hundred_thousand_accounts() {
    // enters the list: the dearest case once the list is full, because somebody leaves it
    let entering = |accounts| cost(accounts, |_| 1 << 45);
    let (few, many) = (entering(1_000), entering(100_000));
    assert!(many.abs_diff(few) * 100 <= few * 3, "{few} {many}");
    assert!(many <= 13_000, "{many} gas of storage a score that enters");
    // stays below the list
    let staying = |accounts| cost(accounts, |_| 1);
    let (few, many) = (staying(1_000), staying(100_000));
    assert!(many.abs_diff(few) * 100 <= few * 3, "{few} {many}");
    assert!(many <= 6_000, "{many} gas of storage a score below the list");
}
