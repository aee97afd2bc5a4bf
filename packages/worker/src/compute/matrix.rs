//! Blocked multiplication of two square matrices modulo p. One step is one tile of the product.

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

use super::program::Program;
use crate::{Error, Result};

const MAX_SIZE: u32 = 2_048;

/// Below it, a product of two entries and a running remainder fit 64 bits.
const MAX_MODULUS: u32 = 1 << 31;

/// Two matrices, row by row, derived from a seed.
pub struct Matrix {
    size: usize,
    tile: usize,
    modulus: u64,
    a: Vec<u32>,
    /// Transposed, so that both factors are read along rows.
    b_transposed: Vec<u32>,
}

impl Matrix {
    /// Draws both factors: ChaCha20 keyed with `SHA-256(seed)`, entries A then Bᵀ, row by row, each the next 64-bit word modulo p.
    ///
    /// # Errors
    /// [`Error::Job`] when a number is out of bounds.
    pub fn new(size: u32, tile: u32, modulus: u32, seed: &str) -> Result<Self> {
        if !(1..=MAX_SIZE).contains(&size) || tile == 0 || size % tile != 0 {
            return Err(Error::Job(format!(
                "size {size} is not 1 to {MAX_SIZE} and a multiple of tile {tile}"
            )));
        }
        if !(2..=MAX_MODULUS).contains(&modulus) {
            return Err(Error::Job(format!("modulus {modulus} is not 2 to {MAX_MODULUS}")));
        }
        let mut rng = ChaCha20Rng::from_seed(Sha256::digest(seed).into());
        let (size, tile) = (to_usize(size), to_usize(tile));
        let mut draw = || {
            (0..size.saturating_mul(size))
                .map(|_| entry(&mut rng, modulus))
                .collect()
        };
        Ok(Self {
            size,
            tile,
            modulus: modulus.into(),
            a: draw(),
            b_transposed: draw(),
        })
    }

    fn tiles_per_row(&self) -> usize {
        self.size / self.tile
    }

    /// Σ a[k]·b[k] mod p over a row of each factor.
    fn entry(&self, row: usize, column: usize) -> u32 {
        let line = |matrix: &'_ [u32], index: usize| -> std::ops::Range<usize> {
            let start = index.saturating_mul(self.size);
            start..start.saturating_add(self.size).min(matrix.len())
        };
        let a = self.a.get(line(&self.a, row)).unwrap_or_default();
        let b = self
            .b_transposed
            .get(line(&self.b_transposed, column))
            .unwrap_or_default();
        let sum = a
            .iter()
            .zip(b)
            .fold(0, |sum, (a, b)| (sum + u64::from(*a) * u64::from(*b)) % self.modulus);
        u32::try_from(sum).unwrap_or_default()
    }
}

impl Program for Matrix {
    fn steps(&self) -> u64 {
        let tiles = u64::try_from(self.tiles_per_row()).unwrap_or(u64::MAX);
        tiles.saturating_mul(tiles)
    }

    /// The tile's entries row by row, four bytes each, big-endian. Tiles are numbered row by row.
    fn step(&self, index: u64) -> Vec<u8> {
        let index = usize::try_from(index).unwrap_or_default();
        let (tile_row, tile_column) = (index / self.tiles_per_row(), index % self.tiles_per_row());
        let span = |tile: usize| tile.saturating_mul(self.tile)..tile.saturating_add(1).saturating_mul(self.tile);
        let mut out = Vec::with_capacity(self.tile.saturating_mul(self.tile).saturating_mul(4));
        for row in span(tile_row) {
            for column in span(tile_column) {
                out.extend_from_slice(&self.entry(row, column).to_be_bytes());
            }
        }
        out
    }
}

fn to_usize(value: u32) -> usize {
    usize::try_from(value).unwrap_or_default()
}

fn entry(rng: &mut ChaCha20Rng, modulus: u32) -> u32 {
    u32::try_from(rng.next_u64() % u64::from(modulus)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;

    use super::*;

    #[test]
    fn the_product_is_the_product() {
        let matrix = Matrix::new(12, 4, MAX_MODULUS, "seed").unwrap();
        for (index, step) in (0..matrix.steps()).enumerate() {
            let tile = matrix.step(step);
            for (at, bytes) in tile.chunks(4).enumerate() {
                let row = (index / 3) * 4 + at / 4;
                let column = (index % 3) * 4 + at % 4;
                let exact: BigUint = (0..12)
                    .map(|k| BigUint::from(matrix.a[row * 12 + k]) * matrix.b_transposed[column * 12 + k])
                    .sum();
                assert_eq!(BigUint::from_bytes_be(bytes), exact % MAX_MODULUS);
            }
        }
    }
}
