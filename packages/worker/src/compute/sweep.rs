//! Sweep over nonces for the least hash. One step is one range of nonces.

use sha2::{Digest, Sha256};

use super::program::Program;
use crate::{Error, Result};

/// Ranges of nonces under a seed.
pub struct Sweep {
    seed: Vec<u8>,
    from: u64,
    range: u64,
    steps: u64,
}

impl Sweep {
    /// `steps` ranges of `range` nonces from `from` on.
    ///
    /// # Errors
    /// [`Error::Job`] when a range is empty or leaves 64 bits.
    pub fn new(seed: &str, from: u64, range: u64, steps: u64) -> Result<Self> {
        let end = range.checked_mul(steps).and_then(|length| from.checked_add(length));
        if range == 0 || end.is_none() {
            return Err(Error::Job(format!(
                "{steps} ranges of {range} nonces from {from} are none or too many"
            )));
        }
        Ok(Self {
            seed: seed.as_bytes().to_vec(),
            from,
            range,
            steps,
        })
    }

    fn hash(&self, nonce: u64) -> [u8; 32] {
        Sha256::new()
            .chain_update(&self.seed)
            .chain_update(nonce.to_be_bytes())
            .finalize()
            .into()
    }
}

impl Program for Sweep {
    fn steps(&self) -> u64 {
        self.steps
    }

    /// `nonce 8 ‖ hash 32` of the least hash; the first of equals.
    fn step(&self, index: u64) -> Vec<u8> {
        let start = self.from.saturating_add(index.saturating_mul(self.range));
        let nonces = start..start.saturating_add(self.range);
        let least = nonces.map(|nonce| (self.hash(nonce), nonce)).min().unwrap_or_default();
        [&least.1.to_be_bytes()[..], &least.0].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_hash_of_a_range_is_found() {
        let sweep = Sweep::new("seed", 10, 50, 3).unwrap();
        for index in 0..3 {
            let result = sweep.step(index);
            let nonce = u64::from_be_bytes(result[..8].try_into().unwrap());
            let hashes: Vec<_> = (10 + index * 50..60 + index * 50)
                .map(|nonce| sweep.hash(nonce))
                .collect();
            assert_eq!(&result[8..], hashes.iter().min().unwrap());
            assert_eq!(sweep.hash(nonce), result[8..]);
        }
    }
}
