//! Chance that is the same everywhere for the same seed. Integers only.

use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of choices.
pub struct Rng(ChaCha8Rng);

impl Rng {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 0 ..< n; 0 for n = 0. The bias of the remainder is below 2⁻³² for every n used here.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0.next_u64().checked_rem(n).unwrap_or_default()
    }

    /// from ..= to.
    pub fn between(&mut self, from: u128, to: u128) -> u128 {
        let width = u64::try_from(to.saturating_sub(from)).unwrap_or(u64::MAX - 1);
        from + u128::from(self.below(width + 1))
    }

    /// True in `per_mille` of 1,000 cases.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// An index of a list that is not empty.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or_default()
    }

    /// About normal with this standard deviation in parts per million: the sum of twelve uniform numbers.
    pub fn normal_ppm(&mut self, deviation: i64) -> i64 {
        let sum: i64 = (0..12).map(|_| self.below(1_000_001) as i64 - 500_000).sum();
        sum * deviation / 1_000_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_is_one_stream() {
        let draw = |seed| {
            (0..50)
                .scan(Rng::new(seed), |rng, _| Some(rng.below(1_000)))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn normal_numbers_have_their_deviation() {
        let mut rng = Rng::new(3);
        let draws: Vec<i64> = (0..10_000).map(|_| rng.normal_ppm(10_000)).collect();
        let mean = draws.iter().sum::<i64>() / 10_000;
        let variance = draws.iter().map(|x| (x - mean).pow(2)).sum::<i64>() / 10_000;
        assert!(mean.abs() < 400, "{mean}");
        assert!((90_000_000..110_000_000).contains(&variance), "{variance}");
    }
}
