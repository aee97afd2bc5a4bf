//! Compact storage.
//!
//! A storage write costs 30 gas a byte of key and value, a read 3. A market's row with eight outcomes is about 120 bytes here and 600 in JSON.
//! So keys are one byte of table id and fixed-width big-endian numbers, and values are sequences of variable-length integers (LEB128, 7 bits a byte, at most
//! 19 bytes for 128 bits) without names. Each row type writes and reads its own fields in one place, [`Row`], and each table is named in [`crate::state`].
//!
//! Table ids lie in 0x80 ..= 0xfe. Keys of cw-storage-plus begin with an ASCII letter (items) or 0x00 (maps), so the two never meet.

use std::marker::PhantomData;

use cosmwasm_std::{Api, CanonicalAddr, Order, StdError, StdResult, Storage, Uint128};

/// An address in canonical bytes: 20 for a key's account, 32 for a contract's, against 43 and 63 in text. The conversion costs about 5 gas, the 23 or 31 bytes
/// it saves about 700 to 900 in every row written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account(Vec<u8>);

impl Account {
    /// Parses a bech32 text; refuses what is not in normal form.
    pub fn parse(api: &dyn Api, text: &str) -> StdResult<Self> {
        api.addr_validate(text)?;
        Self::trusted(api, text)
    }

    /// Converts a text that the chain or an earlier check vouches for.
    pub fn trusted(api: &dyn Api, text: &str) -> StdResult<Self> {
        Ok(Self(api.addr_canonicalize(text)?.into()))
    }

    /// The bech32 text.
    pub fn text(&self, api: &dyn Api) -> StdResult<String> {
        Ok(api.addr_humanize(&CanonicalAddr::from(self.bytes()))?.into_string())
    }

    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Writes one row.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An unsigned integer, 1 to 19 bytes.
    pub fn int(&mut self, value: impl Into<u128>) {
        let mut rest: u128 = value.into();
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                return self.0.push(low & 0x7f);
            }
            self.0.push(low | 0x80);
        }
    }

    /// A signed integer: its size, doubled, and one more if it is below zero.
    pub fn signed(&mut self, value: i128) {
        self.int(value.unsigned_abs().wrapping_shl(1) | u128::from(value < 0));
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// The row.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// An address.
    pub fn account(&mut self, account: &Account) {
        self.bytes(account.bytes());
    }

    /// A value that may be missing.
    pub fn option<T>(&mut self, value: &Option<T>, write: impl FnOnce(&mut Self, &T)) {
        self.int(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// Values behind their number.
    pub fn list<T>(&mut self, values: &[T], write: impl Fn(&mut Self, &T)) {
        self.int(values.len() as u64);
        values.iter().for_each(|value| write(self, value));
    }
}

/// Reads one row.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next integer; refuses one that does not fit `T`.
    pub fn int<T: TryFrom<u128>>(&mut self) -> StdResult<T> {
        let mut value = 0u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            value |= u128::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            if byte & 0x80 == 0 {
                return T::try_from(value).map_err(|_| corrupt("integer out of range"));
            }
        }
        Err(corrupt("integer too long"))
    }

    /// The next amount.
    pub fn amount(&mut self) -> StdResult<Uint128> {
        self.int::<u128>().map(Uint128::new)
    }

    /// The next signed integer.
    pub fn signed(&mut self) -> StdResult<i128> {
        let value: u128 = self.int()?;
        let size = i128::try_from(value >> 1).map_err(|_| corrupt("integer out of range"))?;
        Ok(if value & 1 == 0 { size } else { size.wrapping_neg() })
    }

    /// The next text with its length before it.
    pub fn text(&mut self) -> StdResult<String> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| corrupt("text is not UTF-8"))
    }

    /// Something the row's writer chose to leave out, or not.
    pub fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> StdResult<T>) -> StdResult<Option<T>> {
        Ok(if self.flag()? { Some(read(self)?) } else { None })
    }

    /// As many as the writer counted.
    pub fn list<T>(&mut self, read: impl Fn(&mut Self) -> StdResult<T>) -> StdResult<Vec<T>> {
        let length: usize = self.int()?;
        (0..length).map(|_| read(self)).collect()
    }

    /// The next flag.
    pub fn flag(&mut self) -> StdResult<bool> {
        Ok(self.int::<u8>()? != 0)
    }

    /// The next bytes with their length before them.
    pub fn bytes(&mut self) -> StdResult<&'a [u8]> {
        let length: usize = self.int()?;
        let (head, tail) = self
            .0
            .split_at_checked(length)
            .ok_or_else(|| corrupt("bytes missing"))?;
        self.0 = tail;
        Ok(head)
    }

    /// The next address.
    pub fn account(&mut self) -> StdResult<Account> {
        Ok(Account(self.bytes()?.into()))
    }

    /// Whether everything is read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> StdResult<u8> {
        let (first, rest) = self.0.split_first().ok_or_else(|| corrupt("row too short"))?;
        self.0 = rest;
        Ok(*first)
    }
}

fn corrupt(what: &str) -> StdError {
    StdError::parse_err("row", what)
}

/// A value that is stored in compact form.
pub trait Row: Sized {
    /// Writes every field, in order.
    fn write(&self, to: &mut Writer);
    /// Reads what `write` wrote.
    fn read(from: &mut Reader) -> StdResult<Self>;
}

/// A key whose byte order is its order.
pub trait Key: Sized {
    /// Appends the key's bytes.
    fn push(&self, to: &mut Vec<u8>);
    /// Reads them back.
    fn pull(from: &[u8]) -> StdResult<Self>;
}

impl Key for () {
    fn push(&self, _: &mut Vec<u8>) {}

    fn pull(_: &[u8]) -> StdResult<Self> {
        Ok(())
    }
}

impl Key for u64 {
    fn push(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_be_bytes());
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        Ok(Self::from_be_bytes(fixed(from)?))
    }
}

impl Key for Account {
    fn push(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self.bytes());
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        Ok(Self(from.into()))
    }
}

/// The account stands first, behind its length, so that no account's rows lie among those of another whose bytes begin alike.
impl<K: Key> Key for (Account, K) {
    fn push(&self, to: &mut Vec<u8>) {
        push_short(self.0.bytes(), to);
        self.1.push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (length, rest) = from.split_first().ok_or_else(|| corrupt("key too short"))?;
        let (account, rest) = rest
            .split_at_checked(usize::from(*length))
            .ok_or_else(|| corrupt("key too short"))?;
        Ok((Account(account.into()), K::pull(rest)?))
    }
}

impl Key for (u64, u64) {
    fn push(&self, to: &mut Vec<u8>) {
        self.0.push(to);
        self.1.push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (first, second) = from.split_at_checked(8).ok_or_else(|| corrupt("key too short"))?;
        Ok((u64::pull(first)?, u64::pull(second)?))
    }
}

/// The leading part of `(account, _)` keys.
pub fn account_prefix(account: &Account) -> Vec<u8> {
    let mut prefix = Vec::new();
    push_short(account.bytes(), &mut prefix);
    prefix
}

/// Reads a fixed-width number.
pub fn fixed<const N: usize>(from: &[u8]) -> StdResult<[u8; N]> {
    from.try_into().map_err(|_| corrupt("number of another width"))
}

/// Appends at most 255 bytes behind one byte of length. Canonical addresses are at most 255 bytes on any chain of the Cosmos SDK.
fn push_short(bytes: &[u8], to: &mut Vec<u8>) {
    to.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
    to.extend_from_slice(bytes);
}

/// Rows of one type by keys of one type.
pub struct Table<K, V> {
    id: u8,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K: Key, V: Row> Table<K, V> {
    /// Names a table; the id is its alone.
    pub const fn new(id: u8) -> Self {
        Self { id, types: PhantomData }
    }

    fn key(&self, key: &K) -> Vec<u8> {
        let mut bytes = vec![self.id];
        key.push(&mut bytes);
        bytes
    }

    /// The row, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, key: &K) -> StdResult<Option<V>> {
        storage.get(&self.key(key)).map(|bytes| decode(&bytes)).transpose()
    }

    /// Writes the row.
    pub fn save(&self, storage: &mut dyn Storage, key: &K, value: &V) {
        let mut writer = Writer::default();
        value.write(&mut writer);
        storage.set(&self.key(key), &writer.into_bytes());
    }

    /// Removes the row.
    pub fn remove(&self, storage: &mut dyn Storage, key: &K) {
        storage.remove(&self.key(key));
    }

    /// The rows whose keys begin with `prefix`, on the far side of `after` in the given order.
    pub fn range<'a>(
        &self,
        storage: &'a dyn Storage,
        prefix: &[u8],
        after: Option<&K>,
        order: Order,
    ) -> Box<dyn Iterator<Item = StdResult<(K, V)>> + 'a>
    where
        K: 'a,
        V: 'a,
    {
        let mut first = vec![self.id];
        first.extend_from_slice(prefix);
        let mut end = successor(&first);
        match (after.map(|key| self.key(key)), order) {
            (Some(mut key), Order::Ascending) => {
                key.push(0);
                first = key;
            }
            (Some(key), Order::Descending) => end = Some(key),
            (None, _) => {}
        }
        let rows = storage.range(Some(&first), end.as_deref(), order);
        Box::new(rows.map(|(key, value)| {
            let key = key.get(1..).unwrap_or_default();
            Ok((K::pull(key)?, decode(&value)?))
        }))
    }
}

fn decode<V: Row>(bytes: &[u8]) -> StdResult<V> {
    let mut reader = Reader(bytes);
    let row = V::read(&mut reader)?;
    match reader.is_empty() {
        true => Ok(row),
        false => Err(corrupt("bytes left over")),
    }
}

/// The least byte string above everything that begins with `prefix`; none if there is none.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = prefix.to_vec();
    while let Some(last) = bytes.pop() {
        if let Some(next) = last.checked_add(1) {
            bytes.push(next);
            return Some(bytes);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockStorage};
    use proptest::prelude::*;

    use super::*;

    impl Row for u128 {
        fn write(&self, to: &mut Writer) {
            to.int(*self);
        }

        fn read(from: &mut Reader) -> StdResult<Self> {
            from.int()
        }
    }

    #[test]
    fn damaged_rows_are_refused() {
        let cases: [&[u8]; 4] = [&[], &[0x80], &[0xff; 20], &[1, 1]];
        for bytes in cases {
            decode::<u128>(bytes).unwrap_err();
        }
        Reader(&[5, 1, 2]).bytes().unwrap_err();
        Reader(&[1, 0xff]).text().unwrap_err();
        Reader(&[3, 1, 2]).list(Reader::int::<u8>).unwrap_err();
    }

    #[test]
    fn ranges_stay_inside_their_prefix_and_pages_join() {
        let api = MockApi::default();
        let mut storage = MockStorage::new();
        let table: Table<(Account, u64), u128> = Table::new(0xfe);
        let other: Table<(Account, u64), u128> = Table::new(0xfd);
        let [one, two] = ["one", "two"].map(|name| Account::parse(&api, api.addr_make(name).as_str()).unwrap());
        for market in [1, 255, 256, u64::MAX] {
            table.save(&mut storage, &(one.clone(), market), &market.into());
            table.save(&mut storage, &(two.clone(), market), &0);
            other.save(&mut storage, &(one.clone(), market), &0);
        }
        let page = |after: Option<u64>, order| -> Vec<u64> {
            let after = after.map(|market| (one.clone(), market));
            let rows = table.range(&storage, &account_prefix(&one), after.as_ref(), order);
            rows.map(|row| row.unwrap().0 .1).collect()
        };
        assert_eq!(page(None, Order::Ascending), [1, 255, 256, u64::MAX]);
        assert_eq!(page(Some(255), Order::Ascending), [256, u64::MAX]);
        assert_eq!(page(None, Order::Descending), [u64::MAX, 256, 255, 1]);
        assert_eq!(page(Some(256), Order::Descending), [255, 1]);
    }

    proptest! {
        #[test]
        fn everything_written_comes_back(ints: Vec<u128>, signed in prop::collection::vec(-(1i128 << 126)..1 << 126, 0..9), text: Option<String>) {
            let mut writer = Writer::default();
            writer.list(&ints, |to, int| to.int(*int));
            writer.list(&signed, |to, int| to.signed(*int));
            writer.option(&text, |to, text| to.bytes(text.as_bytes()));
            let mut reader = Reader(&writer.0);
            prop_assert_eq!(reader.list(Reader::int::<u128>).unwrap(), ints);
            prop_assert_eq!(reader.list(Reader::signed).unwrap(), signed);
            prop_assert_eq!(reader.option(Reader::text).unwrap(), text);
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn key_order_is_number_order(a: (u64, u64), b: (u64, u64)) {
            let bytes = |key: (u64, u64)| { let mut to = vec![]; key.push(&mut to); to };
            prop_assert_eq!(a.cmp(&b), bytes(a).cmp(&bytes(b)));
            prop_assert_eq!(<(u64, u64)>::pull(&bytes(a)).unwrap(), a);
        }
    }
}
