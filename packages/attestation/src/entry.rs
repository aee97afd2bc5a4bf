//! The calls of one account to one SKU, and the list of them a report settles.

use alloc::string::String;
use alloc::vec::Vec;

use crate::merkle::{Content, LogError, MerkleBuilder, MerkleSum, Sums};
use crate::wire::{put_amount, put_name, Reader};
use crate::{Digest, Leaf, WireError};

/// Most entries of one report.
pub const MAX_ENTRIES: usize = 200;

/// All calls of one account to one SKU in one report. Encoding:
///
/// | width | field |
/// |---|---|
/// | 1 + n | `account`, length and text |
/// | 1 + n | `sku` |
/// | 8 | `calls` |
/// | 8 | `units` |
/// | 8 | `list` |
/// | 8 | `cost` |
/// | 8 | `last` |
/// | 32 | `leaves_root` |
///
/// Why 64 bits for amounts: in µCredit they reach 18.4 · 10¹² Credits, 10⁵ times what mines the whole supply, and every
/// byte of an entry is paid for in each settlement. Sums in the tree have 128 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who pays: an address as text.
    pub account: String,
    /// What was used.
    pub sku: String,
    /// Calls, at least 1.
    pub calls: u64,
    /// Units of all calls.
    pub units: u128,
    /// List price of all calls, µCredit.
    pub list: u128,
    /// Attested cost of all calls, µCredit.
    pub cost: u128,
    /// Time of the newest call, Unix seconds.
    pub last: u64,
    /// Hash of the root over the calls.
    pub leaves_root: Digest,
}

impl Entry {
    /// The entry of these calls, in this order.
    ///
    /// # Errors
    /// As [`EntryBuilder`].
    pub fn from_leaves(leaves: &[Leaf]) -> Result<Self, LogError> {
        let first = leaves.first().ok_or(LogError::Empty)?;
        let mut builder = EntryBuilder::new(&first.account, &first.sku);
        leaves.iter().try_for_each(|leaf| builder.push(leaf))?;
        builder.finish()
    }

    /// The encoding that is hashed into `log_root`.
    ///
    /// # Errors
    /// [`WireError::Name`], [`WireError::TooLarge`] or [`WireError::NoCalls`].
    pub fn encode(&self) -> Result<Vec<u8>, WireError> {
        let mut out = Vec::new();
        put_name(&mut out, &self.account)?;
        self.put_rest(&mut out)?;
        Ok(out)
    }

    /// Reads an encoding.
    ///
    /// # Errors
    /// [`WireError::Name`], [`WireError::NoCalls`], [`WireError::Truncated`] or [`WireError::Trailing`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let account = reader.name()?;
        let entry = Self::read_rest(account, &mut reader)?;
        reader.finish()?;
        Ok(entry)
    }

    /// What its calls must add up to.
    pub fn sums(&self) -> Sums {
        Sums {
            calls: self.calls,
            units: self.units,
            list: self.list,
            cost: self.cost,
        }
    }

    /// Its node in the tree of its report.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub fn node(&self) -> Result<MerkleSum, WireError> {
        Ok(MerkleSum::leaf(Content::Entry, &self.encode()?, self.sums()))
    }

    fn key(&self) -> (&str, &str) {
        (&self.account, &self.sku)
    }

    /// Everything after the account.
    fn put_rest(&self, out: &mut Vec<u8>) -> Result<(), WireError> {
        if self.calls == 0 {
            return Err(WireError::NoCalls);
        }
        put_name(out, &self.sku)?;
        out.extend_from_slice(&self.calls.to_be_bytes());
        for amount in [self.units, self.list, self.cost] {
            put_amount(out, amount)?;
        }
        out.extend_from_slice(&self.last.to_be_bytes());
        out.extend_from_slice(&self.leaves_root);
        Ok(())
    }

    fn read_rest(account: String, reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let entry = Self {
            account,
            sku: reader.name()?,
            calls: reader.u64()?,
            units: reader.amount()?,
            list: reader.amount()?,
            cost: reader.amount()?,
            last: reader.u64()?,
            leaves_root: reader.array()?,
        };
        if entry.calls == 0 {
            return Err(WireError::NoCalls);
        }
        Ok(entry)
    }
}

/// Builds an entry call by call in O(log n) memory.
#[derive(Clone, Debug)]
pub struct EntryBuilder {
    account: String,
    sku: String,
    last: u64,
    tree: MerkleBuilder,
}

impl EntryBuilder {
    /// An entry without calls.
    pub fn new(account: &str, sku: &str) -> Self {
        Self {
            account: account.into(),
            sku: sku.into(),
            last: 0,
            tree: MerkleBuilder::new(),
        }
    }

    /// Adds the next call.
    ///
    /// # Errors
    /// [`LogError::Foreign`] for another account or SKU, [`LogError::Wire`] for a leaf without encoding; nothing
    /// changes then. [`LogError::TooManyLeaves`], [`LogError::SumOverflow`].
    pub fn push(&mut self, leaf: &Leaf) -> Result<(), LogError> {
        if leaf.account != self.account || leaf.sku != self.sku {
            return Err(LogError::Foreign);
        }
        self.tree.push(leaf.node()?)?;
        self.last = self.last.max(leaf.time);
        Ok(())
    }

    /// The entry of the calls so far.
    ///
    /// # Errors
    /// [`LogError::Empty`] without calls, [`LogError::Wire`] when their sums do not fit an entry.
    pub fn finish(&self) -> Result<Entry, LogError> {
        let MerkleSum { hash, sums } = self.tree.root()?;
        let entry = Entry {
            account: self.account.clone(),
            sku: self.sku.clone(),
            calls: sums.calls,
            units: sums.units,
            list: sums.list,
            cost: sums.cost,
            last: self.last,
            leaves_root: hash,
        };
        entry.encode()?;
        Ok(entry)
    }
}

/// The entries of one report as they travel in a transaction: `u16 count`, then each entry, its account replaced by a
/// single zero byte when it is that of the entry before it (no account is empty). A repeated account must be replaced,
/// so a list has one encoding; four SKUs per account make it a third shorter.
///
/// # Errors
/// [`WireError`] unless there are 1 to [`MAX_ENTRIES`] entries, each with an encoding, strictly rising by
/// (account, SKU).
pub fn encode_entries(entries: &[Entry]) -> Result<Vec<u8>, WireError> {
    let mut out = check_list(entries)?.to_be_bytes().to_vec();
    let mut account = "";
    for entry in entries {
        if entry.account == account {
            out.push(0);
        } else {
            put_name(&mut out, &entry.account)?;
        }
        entry.put_rest(&mut out)?;
        account = &entry.account;
    }
    Ok(out)
}

/// Reads what [`encode_entries`] writes.
///
/// # Errors
/// [`WireError`] for anything else, in particular lists that are empty, too long, unsorted, with a duplicate, with an
/// account written out twice in a row, or with trailing bytes.
pub fn decode_entries(bytes: &[u8]) -> Result<Vec<Entry>, WireError> {
    let mut reader = Reader::new(bytes);
    let count = reader.u16()?;
    check_count(usize::from(count))?;
    let mut entries: Vec<Entry> = Vec::new();
    for index in 0..usize::from(count) {
        let account = read_account(&mut reader, entries.last(), index)?;
        entries.push(Entry::read_rest(account, &mut reader)?);
    }
    reader.finish()?;
    check_order(&entries)?;
    Ok(entries)
}

fn read_account(reader: &mut Reader<'_>, before: Option<&Entry>, index: usize) -> Result<String, WireError> {
    match before {
        Some(before) if reader.skip_zero() => Ok(before.account.clone()),
        Some(before) => {
            let account = reader.name()?;
            if account == before.account {
                return Err(WireError::RepeatedAccount { index });
            }
            Ok(account)
        }
        None => reader.name(),
    }
}

/// The Merkle-sum root over the entries of one report: its hash is the report's `log_root`, `sums.calls` its `calls`.
///
/// # Errors
/// [`LogError::Wire`] unless [`encode_entries`] accepts the list, [`LogError::SumOverflow`].
pub fn log_root(entries: &[Entry]) -> Result<MerkleSum, LogError> {
    check_list(entries)?;
    let mut tree = MerkleBuilder::new();
    entries.iter().try_for_each(|entry| tree.push(entry.node()?))?;
    tree.root()
}

fn check_list(entries: &[Entry]) -> Result<u16, WireError> {
    check_order(entries)?;
    check_count(entries.len())
}

fn check_count(actual: usize) -> Result<u16, WireError> {
    match u16::try_from(actual) {
        Ok(count) if (1..=MAX_ENTRIES).contains(&actual) => Ok(count),
        _ => Err(WireError::EntryCount { actual }),
    }
}

fn check_order(entries: &[Entry]) -> Result<(), WireError> {
    let mut before: Option<&Entry> = None;
    for (index, entry) in entries.iter().enumerate() {
        if before.is_some_and(|before| before.key() >= entry.key()) {
            return Err(WireError::Unsorted { index });
        }
        before = Some(entry);
    }
    Ok(())
}
