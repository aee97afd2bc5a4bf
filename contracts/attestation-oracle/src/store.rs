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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cosmwasm_std::testing::MockStorage;
    use proptest::prelude::*;

    use super::*;

    const TABLE: Table<(u8, u8), u64> = Table::new(0x1f);

    #[test]
    fn row_is_absent_until_saved_and_after_removal() {
        let mut storage = MockStorage::new();
        assert_eq!(TABLE.may_load(&storage, &(1, 2)), Ok(None));
        assert!(TABLE.load(&storage, &(1, 2)).is_err());
        TABLE.save(&mut storage, &(1, 2), &3);
        assert_eq!(TABLE.load(&storage, &(1, 2)), Ok(3));
        assert!(TABLE.has(&storage, &(1, 2)) && !TABLE.has(&storage, &(2, 1)));
        TABLE.remove(&mut storage, &(1, 2));
        assert_eq!(TABLE.may_load(&storage, &(1, 2)), Ok(None));
    }

    #[test]
    fn unreadable_row_is_an_error_not_a_default() {
        let mut storage = MockStorage::new();
        storage.set(&[0x1f, 1, 2], &[1, 2, 3]);
        assert!(TABLE.may_load(&storage, &(1, 2)).is_err());
        assert!(TABLE.page(&storage, &1_u8, None, 9).is_err());
    }

    #[test]
    fn pages_end_where_the_group_and_the_table_end() {
        let mut storage = MockStorage::new();
        storage.set(&[0x1e, 255, 255], &[0; 8]);
        storage.set(&[0x20, 0, 0], &[0; 8]);
        for key in [(254, 255), (255, 0), (255, 255)] {
            TABLE.save(&mut storage, &key, &0);
        }
        let keys = |within: u8, after: Option<(u8, u8)>| -> Vec<_> {
            let page = TABLE.page(&storage, &within, after.as_ref(), 9).unwrap();
            page.into_iter().map(|(key, _)| key).collect()
        };
        assert_eq!(keys(255, None), [(255, 0), (255, 255)]);
        assert_eq!(keys(254, None), [(254, 255)]);
        assert_eq!(keys(255, Some((255, 0))), [(255, 255)]);
        assert_eq!(keys(255, Some((255, 255))), []);
        assert_eq!(TABLE.page(&storage, &(), None, 9).unwrap().len(), 3);
        assert_eq!(successor(&[255, 255]), None);
        assert_eq!(successor(&[1, 255]), Some(vec![2]));
    }

    proptest! {
        #[test]
        fn table_is_an_ordered_map(
            rows in prop::collection::vec((any::<(u8, u8)>(), any::<u64>()), 0..40),
            group in any::<u8>(), after in any::<Option<u8>>(), limit in 0..10usize,
        ) {
            let mut storage = MockStorage::new();
            let map: BTreeMap<_, _> = rows.into_iter().collect();
            map.iter().for_each(|(key, value)| TABLE.save(&mut storage, key, value));
            let after = after.map(|low| (group, low));
            let expected: Vec<_> = map.into_iter()
                .filter(|(key, _)| key.0 == group && after.is_none_or(|after| *key > after))
                .take(limit)
                .collect();
            prop_assert_eq!(TABLE.page(&storage, &group, after.as_ref(), limit).unwrap(), expected);
        }
    }
}
