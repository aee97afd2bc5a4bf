//! Token buckets in integers.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A token in the unit the bucket counts in: one second's worth of a rate of 1 is `TOKEN`.
const TOKEN: u128 = 1_000_000_000;
/// Subjects remembered; when there are more, full buckets are forgotten.
const SWEEP_AT: usize = 10_000;

/// Tokens of one subject, as of an instant.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    nanotokens: u128,
    at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub fn full(burst: u32, now: Instant) -> Self {
        Self {
            nanotokens: u128::from(burst).saturating_mul(TOKEN),
            at: now,
        }
    }

    /// Adds `rate` tokens per second since the last time, up to `burst`.
    fn refill(&mut self, rate: u32, burst: u32, now: Instant) {
        let elapsed = now.saturating_duration_since(self.at).as_nanos();
        let gained = elapsed.saturating_mul(u128::from(rate));
        let most = u128::from(burst).saturating_mul(TOKEN);
        self.nanotokens = self.nanotokens.saturating_add(gained).min(most);
        self.at = now;
    }

    /// Takes a token, or says in how many seconds (rounded up, at least 1) there will be one.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn take(&mut self, rate: u32, burst: u32, now: Instant) -> Result<(), u64> {
        self.refill(rate, burst, now);
        if let Some(left) = self.nanotokens.checked_sub(TOKEN) {
            self.nanotokens = left;
            return Ok(());
        }
        let missing = TOKEN.saturating_sub(self.nanotokens);
        let seconds = missing.div_ceil(u128::from(rate.max(1)).saturating_mul(TOKEN)).max(1);
        Err(u64::try_from(seconds).unwrap_or(u64::MAX))
    }

    fn is_full(&self, rate: u32, burst: u32, now: Instant) -> bool {
        let mut copy = *self;
        copy.refill(rate, burst, now);
        copy.nanotokens >= u128::from(burst).saturating_mul(TOKEN)
    }
}

/// A bucket per subject.
pub struct Limiter<K> {
    rate: u32,
    burst: u32,
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: Eq + Hash> Limiter<K> {
    /// `rate` tokens per second, at most `burst` at once.
    pub fn new(rate: u32, burst: u32) -> Self {
        Self {
            rate,
            burst,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token of `subject`, or says in how many seconds to try again.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn take(&self, subject: K) -> Result<(), u64> {
        self.take_at(subject, Instant::now())
    }

    fn take_at(&self, subject: K, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= SWEEP_AT {
            buckets.retain(|_, bucket| !bucket.is_full(self.rate, self.burst, now));
        }
        let fresh = Bucket::full(self.burst, now);
        buckets.entry(subject).or_insert(fresh).take(self.rate, self.burst, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use proptest::prelude::*;

    fn after(start: Instant, millis: u64) -> Instant {
        start + Duration::from_millis(millis)
    }

    #[test]
    fn a_burst_passes_and_then_the_rate_rules() {
        let (limiter, start) = (Limiter::new(2, 3), Instant::now());
        for _ in 0..3 {
            limiter.take_at("w", start).unwrap();
        }
        assert_eq!(limiter.take_at("w", start), Err(1));
        assert_eq!(limiter.take_at("w", after(start, 499)), Err(1));
        limiter.take_at("w", after(start, 500)).unwrap();
        assert_eq!(limiter.take_at("w", after(start, 500)), Err(1));
    }

    #[test]
    fn one_subject_cannot_spend_anothers_tokens() {
        let (limiter, start) = (Limiter::new(1, 1), Instant::now());
        limiter.take_at("a", start).unwrap();
        assert!(limiter.take_at("a", start).is_err());
        limiter.take_at("b", start).unwrap();
    }

    #[test]
    fn idle_subjects_are_forgotten() {
        let (limiter, start) = (Limiter::new(1, 1), Instant::now());
        for subject in 0..SWEEP_AT {
            limiter.take_at(subject, start).unwrap();
        }
        limiter.take_at(SWEEP_AT, after(start, 5_000)).unwrap();
        assert_eq!(limiter.buckets.lock().unwrap().len(), 1);
    }

    proptest! {
        #[test]
        fn never_more_than_burst_plus_rate_times_time(rate in 1u32..9, burst in 1u32..9, steps in prop::collection::vec(0u64..700, 1..60)) {
            let (limiter, start) = (Limiter::new(rate, burst), Instant::now());
            let (mut millis, mut passed) = (0, 0u64);
            for step in steps {
                millis += step;
                passed += u64::from(limiter.take_at((), after(start, millis)).is_ok());
            }
            prop_assert!(passed * 1_000 <= u64::from(burst) * 1_000 + u64::from(rate) * millis);
        }
    }
}
