//! What messages and questions read and write. Gas is deterministic, so a row more is a defect.

use crate::bench::*;

/// Gas of the writes: 2,000 and 30 a byte, with the 33 bytes that the chain adds to every key.
fn write_gas(writes: &[usize]) -> usize {
    writes.iter().map(|bytes| 2_000 + 30 * (bytes + 33)).sum()
}

#[test]
fn a_lock_writes_lock_ending_totals_and_their_history() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.lock(&alice, MIN, NOW + YEAR);
    bench.wait(DAY);
    bench.storage.take_counts();
    bench.lock(&bob, MIN, NOW + 2 * YEAR);
    let (_, writes) = bench.storage.take_counts();
    assert_eq!(writes.len(), 4);
    assert!(write_gas(&writes) <= 20_000, "{} for {writes:?}", write_gas(&writes));
    // an extension: its history, and another day's ending
    bench.wait(DAY);
    bench.storage.take_counts();
    bench.extend(&bob, NOW + 3 * YEAR).unwrap();
    assert_eq!(bench.storage.take_counts().1.len(), 6);
}

#[test]
fn cost_does_not_grow_with_locks_or_history() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + 4 * YEAR);
    let past = {
        bench.wait(60);
        bench.moment()
    };
    let mut counts = vec![];
    for index in 0..400 {
        let other = bench.user(&format!("other{index}"));
        bench.lock(&other, MIN, NOW + 3 * YEAR + index % 300 * DAY);
        bench.wait(600);
        bench.storage.take_counts();
        bench.try_increase(&alice, 1).unwrap();
        let increase = bench.storage.take_counts();
        bench.wait(6);
        bench.storage.take_counts();
        let power = bench.power(&alice, past);
        let asked = bench.storage.take_counts().0;
        assert!(power.0 > 0);
        bench.total(past);
        counts.push((increase.0, increase.1.len(), asked, bench.storage.take_counts().0));
    }
    let (reads, writes, power, total) = counts[10];
    for count in &counts[10..] {
        // a new day is looked up once, whatever ended on it
        assert!(count.0 <= reads + 2 && count.1 == writes, "{counts:?}");
        assert_eq!((count.2, count.3), (power, total), "{counts:?}");
    }
    assert!(power <= 9 && total <= 6, "{power} {total}");
}

#[test]
fn a_question_after_four_idle_years_reads_a_row_a_day_at_most() {
    let mut bench = Bench::new();
    for day in 0..1_400 {
        let user = bench.user(&format!("user{}", day % 700));
        if day < 700 {
            bench.lock(&user, MIN, NOW + (8 + 2 * day) * DAY);
        }
    }
    bench.wait(4 * YEAR);
    bench.storage.take_counts();
    assert_eq!(bench.total(bench.moment()), (0, 0));
    let (reads, _) = bench.storage.take_counts();
    assert!(reads <= 1_470, "{reads}");
    // one mark, and it is cheap again
    bench.mark();
    bench.wait(60);
    bench.storage.take_counts();
    bench.total(bench.moment());
    assert!(bench.storage.take_counts().0 <= 2);
}

#[test]
fn rows_and_range_bounds_hold_on_the_day_of_a_change() {
    // `Counted` refuses ranges that end before they begin, which a chain's store may not
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + YEAR);
    bench.block();
    bench.total(bench.moment());
    bench.try_increase(&alice, 1).unwrap();
    bench.wait_until(MIDNIGHT + DAY);
    bench.total(bench.moment());
}
