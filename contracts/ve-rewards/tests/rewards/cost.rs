//! What messages read and write. Gas is deterministic, so a row more is a defect.

use crate::bench::*;

/// Gas of the writes: 2,000 and 30 a byte, with the 33 bytes that the chain adds to every key.
fn write_gas(writes: &[usize]) -> usize {
    writes.iter().map(|bytes| 2_000 + 30 * (bytes + 33)).sum()
}

#[test]
fn a_claim_writes_the_account_and_the_book() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, 10_000, NOW + 1_000 * DAY);
    bench.fund(1_000_000_000_000);
    bench.wait(DAY + 3_600);
    bench.sync();
    bench.storage.take_counts();
    bench.take_asked();
    bench.claim(&alice);
    let (reads, writes) = bench.storage.take_counts();
    assert_eq!((bench.take_asked(), writes.len()), (1, 2), "asks for the lock alone");
    assert!(reads <= 9, "{reads}");
    assert!(write_gas(&writes) <= 14_000, "{} for {writes:?}", write_gas(&writes));
}

#[test]
fn the_first_of_a_day_reads_the_sums_and_one_day_of_ends() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.lock(&alice, 10_000, NOW + 1_000 * DAY);
    for _ in 0..200 {
        // nobody locks for months: what ended until yesterday is known
        bench.fund(1_000_000_000);
        bench.wait(DAY);
        bench.take_asked();
        bench.sync();
        assert!(bench.take_asked() <= 2);
    }
    // somebody locked today already: the state before it
    bench.fund(1_000_000_000);
    bench.wait(DAY);
    bench.lock(&bob, 10_000, NOW + 900 * DAY);
    bench.take_asked();
    bench.sync();
    assert!(bench.take_asked() <= 3);
}

#[test]
fn a_claim_costs_the_same_after_any_absence_and_with_any_number_of_locks() {
    let mut counts = vec![];
    for others in [1, 300] {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        bench.lock(&alice, 10_000, NOW + 10 * DAY);
        for index in 0..others {
            let other = bench.user(&format!("other{index}"));
            bench.lock(&other, 10_000, NOW + (5 + index) * DAY);
        }
        // years of daily funds: hundreds of rows of accumulators
        for _ in 0..others + 10 {
            bench.fund(1_000_000_000);
            bench.wait(DAY);
        }
        bench.sync();
        bench.storage.take_counts();
        bench.take_asked();
        assert!(bench.claim(&alice) > 0);
        let (reads, writes) = bench.storage.take_counts();
        counts.push((reads, writes.len(), bench.take_asked()));
    }
    assert_eq!(counts[0], counts[1]);
}
