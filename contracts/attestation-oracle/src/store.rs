//! Tables of compact rows. A write costs 2,000 gas and 30 a byte of key and value, a read 1,000 and 3 a byte.

use std::marker::PhantomData;

use cosmwasm_std::{Order, StdError, StdResult, Storage};

use crate::codec::{decode, encode, Bytes};

/// Rows of one kind under one byte. The bytes are below 0x20, so no row meets a named item of another module.
pub struct Table<K, V> {
    prefix: u8,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K: Bytes, V: Bytes> Table<K, V> {
    /// Binds the table to its byte.
    pub const fn new(prefix: u8) -> Self {
        Self {
            prefix,
            types: PhantomData,
        }
    }

    /// The row, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, key: &K) -> StdResult<Option<V>> {
        match storage.get(&self.path(key)) {
            Some(bytes) => self.parse(&bytes).map(Some),
            None => Ok(None),
        }
    }

    /// The row; an error where it must exist and does not.
    pub fn load(&self, storage: &dyn Storage, key: &K) -> StdResult<V> {
        let missing = || StdError::not_found(format!("row of table {}", self.prefix));
        self.may_load(storage, key)?.ok_or_else(missing)
    }

    /// Whether there is a row.
    pub fn has(&self, storage: &dyn Storage, key: &K) -> bool {
        storage.get(&self.path(key)).is_some()
    }

    /// Writes the row.
    pub fn save(&self, storage: &mut dyn Storage, key: &K, value: &V) {
        storage.set(&self.path(key), &encode(value));
    }

    /// Removes the row.
    pub fn remove(&self, storage: &mut dyn Storage, key: &K) {
        storage.remove(&self.path(key));
    }

    /// At most `limit` rows in the order of their keys, of those whose key begins with `within`, after `after`.
    pub fn page(
        &self,
        storage: &dyn Storage,
        within: &impl Bytes,
        after: Option<&K>,
        limit: usize,
    ) -> StdResult<Vec<(K, V)>> {
        let within = self.path(within);
        let start = after.map_or_else(|| within.clone(), |key| [self.path(key), vec![0]].concat());
        let rows = storage.range(Some(&start), successor(&within).as_deref(), Order::Ascending);
        rows.take(limit)
            .map(|(path, value)| Ok((self.key_of(&path)?, self.parse(&value)?)))
            .collect()
    }

    fn path(&self, key: &impl Bytes) -> Vec<u8> {
        let mut path = vec![self.prefix];
        key.put(&mut path);
        path
    }

    fn key_of(&self, path: &[u8]) -> StdResult<K> {
        let key = path.split_first().and_then(|(_, key)| decode(key));
        key.ok_or_else(|| self.unreadable())
    }

    fn parse(&self, bytes: &[u8]) -> StdResult<V> {
        decode(bytes).ok_or_else(|| self.unreadable())
    }

    fn unreadable(&self) -> StdError {
        StdError::parse_err(format!("row of table {}", self.prefix), "not its byte form")
    }
}

/// The first key after all that begin with `prefix`; `None` if there is none.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let kept = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let (head, _) = prefix.split_at_checked(kept.checked_add(1)?)?;
    let mut next = head.to_vec();
    let last = next.last_mut()?;
    *last = last.checked_add(1)?;
    Some(next)
}
