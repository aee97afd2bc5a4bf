//! One call.

use alloc::string::String;
use alloc::vec::Vec;

use crate::merkle::{Content, MerkleSum, Sums};
use crate::wire::{put_amount, put_name, Reader};
use crate::WireError;

/// One call of one account to one SKU. In the tree it counts as one call. Encoding:
///
/// | width | field |
/// |---|---|
/// | 1 + n | `call_id`, length and text |
/// | 1 + n | `account` |
/// | 1 + n | `sku` |
/// | 8 | `units` |
/// | 8 | `list` |
/// | 8 | `cost` |
/// | 8 | `time` |
///
/// Amounts travel as 64 bits (18.4 · 10¹² Credits) and are widened for arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The gateway's id of the call; (call id, SKU) is unique in its logs.
    pub call_id: String,
    /// Who pays: an address as text.
    pub account: String,
    /// What was used.
    pub sku: String,
    /// How much, in the SKU's units.
    pub units: u128,
    /// List price, µCredit, rounded down.
    pub list: u128,
    /// Attested cost, µCredit, rounded down.
    pub cost: u128,
    /// When, Unix seconds.
    pub time: u64,
}

impl Leaf {
    /// The encoding.
    ///
    /// # Errors
    /// [`WireError::Name`] or [`WireError::TooLarge`].
    pub fn encode(&self) -> Result<Vec<u8>, WireError> {
        let mut out = Vec::new();
        for name in [&self.call_id, &self.account, &self.sku] {
            put_name(&mut out, name)?;
        }
        for amount in [self.units, self.list, self.cost] {
            put_amount(&mut out, amount)?;
        }
        out.extend_from_slice(&self.time.to_be_bytes());
        Ok(out)
    }

    /// Reads an encoding.
    ///
    /// # Errors
    /// [`WireError::Name`], [`WireError::Truncated`] or [`WireError::Trailing`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let leaf = Self {
            call_id: reader.name()?,
            account: reader.name()?,
            sku: reader.name()?,
            units: reader.amount()?,
            list: reader.amount()?,
            cost: reader.amount()?,
            time: reader.u64()?,
        };
        reader.finish()?;
        Ok(leaf)
    }

    /// Its node in the tree of its entry.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn node(&self) -> Result<MerkleSum, WireError> {
        let sums = Sums {
            calls: 1,
            units: self.units,
            list: self.list,
            cost: self.cost,
        };
        Ok(MerkleSum::leaf(Content::Call, &self.encode()?, sums))
    }
}
