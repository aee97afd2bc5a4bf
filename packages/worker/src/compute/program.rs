//! Programs a job may run. Each is a fixed number of steps whose results depend on the description alone.

use attestation::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::matrix::Matrix;
use super::sweep::Sweep;
use super::tree::Tree;
use crate::{Error, Result};

/// Most steps of one job.
const MAX_STEPS: u64 = 1 << 24;

/// What to compute, as a job file says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum ProgramSpec {
    /// C = A·B mod p, tile by tile.
    Matrix {
        /// Rows and columns, 1 to 2,048; a multiple of `tile`.
        size: u32,
        /// Rows and columns of a tile.
        tile: u32,
        /// p, 2 to 2³¹.
        modulus: u32,
        /// Fixes A and B.
        seed: String,
    },
    /// The least SHA-256(seed ‖ nonce) of each range of nonces.
    Sweep {
        seed: String,
        /// First nonce.
        from: u64,
        /// Nonces per step.
        range: u64,
        steps: u64,
    },
}

/// A program that is ready to run.
pub trait Program {
    /// How many steps it has.
    fn steps(&self) -> u64;

    /// The result of one step, `index < steps()`.
    fn step(&self, index: u64) -> Vec<u8>;
}

impl ProgramSpec {
    /// Makes the program.
    ///
    /// # Errors
    /// [`Error::Job`] when a number is out of bounds.
    pub fn build(&self) -> Result<Box<dyn Program>> {
        let program: Box<dyn Program> = match self {
            Self::Matrix {
                size,
                tile,
                modulus,
                seed,
            } => Box::new(Matrix::new(*size, *tile, *modulus, seed)?),
            Self::Sweep {
                seed,
                from,
                range,
                steps,
            } => Box::new(Sweep::new(seed, *from, *range, *steps)?),
        };
        match program.steps() {
            1..=MAX_STEPS => Ok(program),
            steps => Err(Error::Job(format!("{steps} steps, not 1 to {MAX_STEPS}"))),
        }
    }

    /// Commits to the description: `SHA-256(tag ‖ JSON)`, the JSON with fields in the order above and no spaces.
    ///
    /// # Errors
    /// [`Error::Json`], never in practice.
    pub fn input_root(&self) -> Result<Digest> {
        let json = serde_json::to_vec(self)?;
        Ok(Sha256::new()
            .chain_update(b"VCITY-JOB-INPUT\0\x01")
            .chain_update(json)
            .finalize()
            .into())
    }

    /// Names the program: `SHA-256(name ‖ \0 ‖ version)`.
    pub fn model_id(&self) -> Digest {
        let name: &[u8] = match self {
            Self::Matrix { .. } => b"vcity-matrix\0\x01",
            Self::Sweep { .. } => b"vcity-sweep\0\x01",
        };
        Sha256::digest(name).into()
    }

    /// Computes the whole job and returns its output root. Calls `progress` with the steps done.
    ///
    /// # Errors
    /// [`Error::Job`] when a number is out of bounds.
    pub fn compute(&self, mut progress: impl FnMut(u64)) -> Result<Digest> {
        let program = self.build()?;
        let mut tree = Tree::default();
        for index in 0..program.steps() {
            tree.push(&program.step(index));
            progress(tree.steps());
        }
        Ok(tree.root())
    }

    /// Whether the job's output is this: computes it again.
    ///
    /// # Errors
    /// As [`Self::compute`].
    pub fn verify(&self, output_root: &Digest, progress: impl FnMut(u64)) -> Result<bool> {
        Ok(self.compute(progress)? == *output_root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(seed: &str) -> ProgramSpec {
        ProgramSpec::Matrix {
            size: 48,
            tile: 16,
            modulus: 2_147_483_647,
            seed: seed.into(),
        }
    }

    fn sweep(from: u64) -> ProgramSpec {
        ProgramSpec::Sweep {
            seed: "s".into(),
            from,
            range: 100,
            steps: 7,
        }
    }

    /// Golden, from a separate program in another language that follows the documentation: a worker and its checker may run different builds.
    #[test]
    fn outputs_are_the_same_everywhere() {
        assert_eq!(hex::encode(matrix("a").compute(|_| {}).unwrap()), GOLDEN_MATRIX);
        assert_eq!(hex::encode(sweep(0).compute(|_| {}).unwrap()), GOLDEN_SWEEP);
        assert_eq!(hex::encode(matrix("a").input_root().unwrap()), GOLDEN_INPUT);
    }

    const GOLDEN_MATRIX: &str = "73908668f5ec7cbfb5abc559d83b3c99d832e4e5b48f88e933b830e681d15feb";
    const GOLDEN_SWEEP: &str = "1a096cd72e693819a27f1c3fe4556db74038ba7f501e852c3e34b8ff2f479dbd";
    const GOLDEN_INPUT: &str = "013739fb120ac3179fa8bde11b7fd3b713b0648a1c18a0ee3d4accbc92a6181d";

    #[test]
    fn a_false_output_is_found() {
        for spec in [matrix("a"), sweep(0)] {
            let mut root = spec.compute(|_| {}).unwrap();
            assert!(spec.verify(&root, |_| {}).unwrap());
            root[0] ^= 1;
            assert!(!spec.verify(&root, |_| {}).unwrap());
        }
    }

    #[test]
    fn other_inputs_have_other_roots() {
        assert_ne!(
            matrix("a").compute(|_| {}).unwrap(),
            matrix("b").compute(|_| {}).unwrap()
        );
        assert_ne!(sweep(0).compute(|_| {}).unwrap(), sweep(700).compute(|_| {}).unwrap());
        assert_ne!(matrix("a").input_root().unwrap(), matrix("b").input_root().unwrap());
        assert_ne!(matrix("a").model_id(), sweep(0).model_id());
    }

    #[test]
    fn descriptions_out_of_bounds_are_refused() {
        let matrix = |size, tile, modulus| ProgramSpec::Matrix {
            size,
            tile,
            modulus,
            seed: String::new(),
        };
        let sweep = |from, range, steps| ProgramSpec::Sweep {
            seed: String::new(),
            from,
            range,
            steps,
        };
        for spec in [
            matrix(0, 1, 7),
            matrix(2_049, 1, 7),
            matrix(10, 3, 7),
            matrix(10, 0, 7),
            matrix(10, 5, 1),
            matrix(10, 5, (1 << 31) + 1),
            sweep(0, 0, 1),
            sweep(0, 1, 0),
            sweep(0, 1, MAX_STEPS + 1),
            sweep(u64::MAX, 2, 2),
        ] {
            assert!(matches!(spec.build().err(), Some(Error::Job(_))), "{spec:?}");
        }
    }
}
