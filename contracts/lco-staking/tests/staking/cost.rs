//! What messages and questions read and write. Gas is deterministic, so a row more is a defect.

use interfaces::lco_staking::{Tier, MAX_LOWEST_TIERS};

use crate::bench::*;

/// Gas of the writes: 2,000 and 30 a byte, with the 33 bytes that the chain adds to every key.
fn write_gas(writes: &[usize]) -> usize {
    writes.iter().map(|bytes| 2_000 + 30 * (bytes + 33)).sum()
}

#[test]
fn a_stake_writes_account_history_sums_their_history_and_a_mark() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, 50_000 * LCO);
    bench.wait(DAY);
    bench.storage.take_counts();
    bench.stake(&alice, 10_000 * LCO);
    let (reads, writes) = bench.storage.take_counts();
    assert_eq!((reads, writes.len()), (3, 5));
    assert!(write_gas(&writes) <= 25_000, "{} for {writes:?}", write_gas(&writes));
    // again in the same second: no history, no mark
    bench.block();
    bench.stake(&alice, 10_000 * LCO);
    assert_eq!(bench.storage.take_counts().1.len(), 2);
}

#[test]
fn cost_does_not_grow_with_history_or_accounts() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, 100_000 * LCO);
    bench.wait(WEEK);
    let mut counts = vec![];
    for index in 0..300 {
        let other = bench.user(&format!("other{index}"));
        bench.stake(&other, 1_000 * LCO);
        bench.wait(600);
        bench.storage.take_counts();
        bench.stake(&alice, 200 * LCO);
        counts.push(bench.storage.take_counts());
    }
    let (reads, writes) = &counts[10];
    for (later_reads, later_writes) in &counts[10..] {
        assert_eq!((later_reads, later_writes.len()), (reads, writes.len()));
        // the numbers themselves grow a byte now and then
        assert!(write_gas(later_writes) <= write_gas(writes) + 600);
    }
}

#[test]
fn lowest_tiers_reads_at_most_twice_an_account() {
    let mut bench = Bench::new();
    let users: Vec<_> = (0..MAX_LOWEST_TIERS)
        .map(|index| bench.user(&format!("user{index}")))
        .collect();
    for _ in 0..5 {
        users.iter().for_each(|user| {
            bench.stake(user, 2_500 * LCO);
        });
        bench.wait(60);
    }
    let asked: Vec<_> = users.iter().collect();
    bench.storage.take_counts();
    assert_eq!(bench.lowest(&asked, bench.now()), [Tier::Lv3; MAX_LOWEST_TIERS]);
    assert_eq!(bench.storage.take_counts().0, MAX_LOWEST_TIERS, "no change since");
    assert_eq!(bench.lowest(&asked, MONDAY + 90), [Tier::Lv2; MAX_LOWEST_TIERS]);
    assert_eq!(bench.storage.take_counts().0, 2 * MAX_LOWEST_TIERS);
}

#[test]
fn refresh_of_accounts_in_line_writes_nothing() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, 50_000 * LCO);
    bench.wait(10);
    bench.storage.take_counts();
    bench.refresh(&[&alice]);
    assert!(bench.storage.take_counts().1.is_empty());
}
