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
    bench.lock(&alice, decay(10_000, NOW + 1_000 * DAY));
    bench.fund(1_000_000_000_000);
    bench.wait(3_600);
    bench.storage.take_counts();
    bench.claim(&alice);
    let (reads, writes) = bench.storage.take_counts();
    assert_eq!((reads <= 5, writes.len()), (true, 2), "{reads}");
    assert!(write_gas(&writes) <= 16_000, "{} for {writes:?}", write_gas(&writes));
}

#[test]
fn a_new_lock_writes_account_ending_and_book() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.lock(&alice, decay(10_000, NOW + 1_000 * DAY));
    bench.fund(1_000_000_000_000);
    bench.wait(3_600);
    bench.storage.take_counts();
    bench.lock(&bob, decay(10_000, NOW + 900 * DAY));
    let writes = bench.storage.take_counts().1;
    assert_eq!(writes.len(), 3);
    assert!(write_gas(&writes) <= 20_000, "{} for {writes:?}", write_gas(&writes));
}

#[test]
fn a_claim_reads_the_same_after_any_absence_and_with_any_number_of_locks() {
    let mut counts = vec![];
    for others in [1, 300] {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        bench.lock(&alice, decay(10_000, NOW + 10 * DAY));
        for index in 0..others {
            let other = bench.user(&format!("other{index}"));
            bench.lock(&other, decay(10_000, NOW + (5 + index) * DAY));
        }
        // years of daily funds: hundreds of rows at ends of locks
        for _ in 0..others + 10 {
            bench.fund(1_000_000_000);
            bench.wait(DAY);
        }
        bench.sync(None).unwrap();
        bench.storage.take_counts();
        assert!(bench.claim(&alice) > 0);
        let (reads, writes) = bench.storage.take_counts();
        counts.push((reads, writes.len()));
    }
    assert_eq!(counts[0], counts[1]);
}
