//! The book's formulas, worked out here by plain arithmetic and asked of no contract.

use replay::books::root;

/// A year is 365.25 days, a month a twelfth of it.
pub const MONTH: u64 = 2_629_800;
/// Longest lock, four years.
pub const LONGEST: u64 = 126_230_400;
const DAY: u64 = 86_400;

/// What has vested of a straight line.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub amount: u128,
    /// Of ten thousand, from the start on.
    pub first_bps: u128,
    pub start: u64,
    pub cliff: u64,
    pub duration: u64,
}

impl Line {
    #[must_use]
    pub fn vested(&self, now: u64) -> u128 {
        let first = self.amount * self.first_bps / 10_000;
        let past = now.saturating_sub(self.start + self.cliff).min(self.duration);
        first + (self.amount - first) * u128::from(past) / u128::from(self.duration)
    }
}

/// A lock.
#[derive(Clone, Copy, Debug)]
pub struct Lock {
    pub amount: u128,
    pub from: u64,
    pub end: u64,
}

impl Lock {
    /// Until a time: the midnight after it, or the last one within four years.
    #[must_use]
    pub fn new(amount: u128, from: u64, until: u64) -> Self {
        let end = (until.div_ceil(DAY) * DAY).min((from + LONGEST) / DAY * DAY);
        Self { amount, from, end }
    }

    /// s = ⌊√(n · 10¹²)⌋
    #[must_use]
    pub fn slope(&self) -> u128 {
        root(self.amount * 1_000_000_000_000)
    }

    /// s · (e − t) and n · (e − t)
    #[must_use]
    pub fn power(&self, now: u64) -> (u128, u128) {
        let left = u128::from(self.end.saturating_sub(now));
        (self.slope() * left, self.amount * left)
    }
}

/// What a pool with a fee of 0.3 % gives.
#[must_use]
pub fn swap(paid: u128, [from, to]: [u128; 2]) -> u128 {
    let net = paid * 9_970;
    to * net / (from * 10_000 + net)
}

/// Something that came in to be streamed: so much, then.
pub type Funding = (u64, u128);

/// What a lock earns of the streams until a time: each funding flows evenly over the day after it arrived, to the locks there are when that day begins.
#[must_use]
pub fn earned(mine: usize, locks: &[Lock], fundings: &[Funding], until: u64) -> f64 {
    let part = |(time, amount): &Funding| {
        let day = time / DAY + 1;
        let flowed = until.saturating_sub(day * DAY).min(DAY);
        *amount as f64 * share(mine, locks, day) * flowed as f64 / DAY as f64
    };
    fundings.iter().map(part).sum()
}

/// A lock's part of a day: s ∫ (e − t) / W dt over the day, which is s/S (Δt + (e − B/S) ln(W₁/W₂)).
fn share(mine: usize, locks: &[Lock], day: u64) -> f64 {
    let midnight = day * DAY;
    let live = |lock: &&Lock| lock.from < midnight && lock.end > midnight;
    let my = &locks[mine];
    if !live(&my) {
        return 0.0;
    }
    // Seconds from midnight, so that nothing is lost to large numbers.
    let left = |lock: &Lock| (lock.end - midnight) as f64;
    let (mut slopes, mut bias) = (0.0, 0.0);
    for lock in locks.iter().filter(live) {
        slopes += lock.slope() as f64;
        bias += lock.slope() as f64 * left(lock);
    }
    let length = DAY as f64;
    let after = bias - slopes * length;
    let log = if after > 0.0 {
        (slopes * length / after).ln_1p()
    } else {
        0.0
    };
    my.slope() as f64 / slopes * (1.0 + (left(my) - bias / slopes) * log / length)
}

/// Released before an epoch: ⌊2·10¹⁵ · i / 522⌋
#[must_use]
pub fn released(epoch: u64) -> u128 {
    2_000_000_000_000_000 * u128::from(epoch) / 522
}

/// A day's part of an epoch's pool.
#[must_use]
pub fn of_day(pool: u128, day: u128, days: u128) -> u128 {
    pool * (day + 1) / days - pool * day / days
}

/// The split after an epoch of that utilisation, both ppm.
#[must_use]
pub fn next_split(split: u128, used: u128) -> u128 {
    if used < 800_000 {
        split - (800_000 - used) / 10
    } else {
        (split + (used - 800_000) / 10).min(1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_examples() {
        let midnight = 1_767_657_600;
        let lock = Lock::new(40_000_000_000, midnight, midnight + 730 * DAY);
        assert_eq!(lock.power(midnight).0, 12_614_400_000_000_000_000);
        // 10,000, 40,000 and 90,000 VCAI until tomorrow's end; 600 arrive today and flow tomorrow, as 1 : 2 : 3.
        let locks = [10u128, 40, 90].map(|n| Lock {
            amount: n * 1_000_000_000,
            from: midnight,
            end: midnight + 2 * DAY,
        });
        for (mine, share) in [100.0, 200.0, 300.0].into_iter().enumerate() {
            let earned = earned(mine, &locks, &[(midnight + 5, 600_000_000)], midnight + 9 * DAY);
            assert!((earned / 1e6 - share).abs() < 1e-6, "{earned}");
        }
        assert_eq!(
            (next_split(500_000, 600_000), next_split(500_000, 950_000)),
            (480_000, 515_000)
        );
        assert_eq!(released(522), 2_000_000_000_000_000);
        assert_eq!(
            swap(2_250_000_000, [1_500_000_000_000, 30_000_000_000_000]),
            44_798_004_584
        );
    }
}
