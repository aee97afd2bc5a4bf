//! Compact rows.
//!
//! A storage write costs 30 gas a byte of key and value, a read 3. A JSON row of seven named fields is about 150 bytes; the same row written here is about 25. So
//! keys are one byte of table id, canonical addresses and fixed-width big-endian numbers, and values are sequences of variable-length integers (LEB128, 7 bits a
//! byte, at most 19 bytes for 128 bits) without names. Each row type writes and reads its own fields in one place, [`Row`]; each contract names its tables in its
//! `state` module.
//!
//! Table ids lie in 0x80 ..= 0xfe. Keys of cw-storage-plus begin with an ASCII letter (items) or 0x00 (maps), so the two never meet.

use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds, RangeInclusive};

use cosmwasm_std::{Addr, Api, CanonicalAddr, Order, QuerierWrapper, StdError, StdResult, Storage, Uint128, Uint256};

/// An address in canonical bytes: 20 for a key's account, 32 for a contract's, against 43 and 63 in text. The conversion costs about 5 gas, the 23 or 31 bytes
/// it saves about 700 to 900 in every row written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account(Vec<u8>);

impl Account {
    /// Stands before every address: where the rows of a group begin, and those of the group before it end.
    pub const LEAST: Self = Self(Vec::new());

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
        let canonical = CanonicalAddr::from(self.0.as_slice());
        Ok(api.addr_humanize(&canonical)?.into_string())
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

    /// Several.
    pub fn ints<T: Into<u128>, const N: usize>(&mut self, values: [T; N]) {
        values.into_iter().for_each(|value| self.int(value));
    }

    /// A signed integer: its size, doubled, and one more if it is below zero. At most 127 bits of size.
    pub fn signed(&mut self, value: i128) {
        self.int(value.unsigned_abs().wrapping_shl(1) | u128::from(value < 0));
    }

    /// An integer that may need 256 bits: its significant bytes behind their number.
    pub fn wide(&mut self, value: Uint256) {
        let bytes = value.to_be_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        self.bytes(bytes.get(zeros..).unwrap_or_default());
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// A text behind its length.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// An address behind its length.
    pub fn account(&mut self, account: &Account) {
        self.bytes(&account.0);
    }

    /// A value that may be missing, behind a flag.
    pub fn option<T>(&mut self, value: &Option<T>, write: impl FnOnce(&mut Self, &T)) {
        self.int(value.is_some());
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

    /// The next two.
    pub fn pair<T: TryFrom<u128>>(&mut self) -> StdResult<[T; 2]> {
        Ok([self.int()?, self.int()?])
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

    /// The next integer of up to 256 bits.
    pub fn wide(&mut self) -> StdResult<Uint256> {
        let significant = self.bytes()?;
        let mut bytes = [0; 32];
        let zeros = bytes.len().checked_sub(significant.len());
        let target = zeros.and_then(|zeros| bytes.get_mut(zeros..));
        target
            .ok_or_else(|| corrupt("integer too long"))?
            .copy_from_slice(significant);
        Ok(Uint256::from_be_bytes(bytes))
    }

    /// The next flag.
    pub fn flag(&mut self) -> StdResult<bool> {
        Ok(self.int::<u8>()? != 0)
    }

    /// The next bytes with their length before them.
    pub fn bytes(&mut self) -> StdResult<&'a [u8]> {
        let length: usize = self.int()?;
        let parts = self.0.split_at_checked(length);
        let (head, tail) = parts.ok_or_else(|| corrupt("bytes missing"))?;
        self.0 = tail;
        Ok(head)
    }

    /// The next text.
    pub fn text(&mut self) -> StdResult<String> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| corrupt("text is not UTF-8"))
    }

    /// The next address.
    pub fn account(&mut self) -> StdResult<Account> {
        Ok(Account(self.bytes()?.into()))
    }

    /// What the writer had, or had not.
    pub fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> StdResult<T>) -> StdResult<Option<T>> {
        Ok(if self.flag()? { Some(read(self)?) } else { None })
    }

    /// As many as the writer counted.
    pub fn list<T>(&mut self, read: impl Fn(&mut Self) -> StdResult<T>) -> StdResult<Vec<T>> {
        let length: usize = self.int()?;
        (0..length).map(|_| read(self)).collect()
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

/// The error of a row or key that its reader does not understand.
pub fn corrupt(what: &str) -> StdError {
    StdError::parse_err("row", what)
}

/// A value that is stored in compact form.
pub trait Row: Sized {
    /// Writes every field, in order.
    fn write(&self, to: &mut Writer);
    /// Reads what `write` wrote.
    fn read(from: &mut Reader) -> StdResult<Self>;
}

impl Row for u64 {
    fn write(&self, to: &mut Writer) {
        to.int(*self);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        from.int()
    }
}

impl Row for Uint128 {
    fn write(&self, to: &mut Writer) {
        to.int(*self);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        from.amount()
    }
}

impl Row for Account {
    fn write(&self, to: &mut Writer) {
        to.account(self);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        from.account()
    }
}

/// A mark without content.
impl Row for () {
    fn write(&self, to: &mut Writer) {
        // the chain's store refuses empty values
        to.int(1u8);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        from.int::<u8>().map(|_| ())
    }
}

impl<R: Row> Row for Vec<R> {
    fn write(&self, to: &mut Writer) {
        to.list(self, |to, row| row.write(to));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        from.list(R::read)
    }
}

/// The bytes of a row.
pub fn encode(row: &impl Row) -> Vec<u8> {
    let mut writer = Writer::default();
    row.write(&mut writer);
    writer.0
}

/// The row of these bytes, and nothing after it.
pub fn decode<R: Row>(bytes: &[u8]) -> StdResult<R> {
    let mut reader = Reader(bytes);
    let row = R::read(&mut reader)?;
    match reader.is_empty() {
        true => Ok(row),
        false => Err(corrupt("bytes left over")),
    }
}

/// The row that these bytes begin with; others may have more fields behind it.
pub fn head<R: Row>(bytes: &[u8]) -> StdResult<R> {
    R::read(&mut Reader(bytes))
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

/// A key of one width, so that another may stand behind it.
pub trait Fixed: Key {
    /// Bytes.
    const WIDTH: usize;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Key for $number {
            fn push(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_be_bytes());
            }

            fn pull(from: &[u8]) -> StdResult<Self> {
                let bytes = from.try_into().map_err(|_| corrupt("number of another width"))?;
                Ok(Self::from_be_bytes(bytes))
            }
        }

        impl Fixed for $number {
            const WIDTH: usize = size_of::<Self>();
        }
    )*};
}
numbers!(u16, u32, u64);

impl Key for Account {
    fn push(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.0);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        Ok(Self(from.into()))
    }
}

impl Key for String {
    fn push(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self.as_bytes());
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        Self::from_utf8(from.to_vec()).map_err(|_| corrupt("key is not text"))
    }
}

/// The account stands first, behind its length, so that no account's rows lie among those of another whose bytes begin alike.
impl<K: Key> Key for (Account, K) {
    fn push(&self, to: &mut Vec<u8>) {
        let account = &self.0 .0;
        // canonical addresses are at most 255 bytes on any chain of the Cosmos SDK
        to.push(u8::try_from(account.len()).unwrap_or(u8::MAX));
        to.extend_from_slice(account);
        self.1.push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (length, rest) = from.split_first().ok_or_else(|| corrupt("key too short"))?;
        let (account, rest) = split(rest, usize::from(*length))?;
        Ok((Account(account.into()), K::pull(rest)?))
    }
}

impl<F: Fixed, K: Key> Key for (F, K) {
    fn push(&self, to: &mut Vec<u8>) {
        self.0.push(to);
        self.1.push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (first, rest) = split(from, F::WIDTH)?;
        Ok((F::pull(first)?, K::pull(rest)?))
    }
}

/// Splits the first part of a key off the rest.
pub fn split(key: &[u8], at: usize) -> StdResult<(&[u8], &[u8])> {
    key.split_at_checked(at).ok_or_else(|| corrupt("key too short"))
}

/// The keys of a page: those above the last one of the page before, or all.
pub fn above<K>(last: Option<K>) -> (Bound<K>, Bound<K>) {
    (last.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded)
}

/// The keys of a page within a group of neighbouring keys.
pub fn above_within<K>(last: Option<K>, group: RangeInclusive<K>) -> (Bound<K>, Bound<K>) {
    let (first, end) = group.into_inner();
    (
        last.map_or(Bound::Included(first), Bound::Excluded),
        Bound::Included(end),
    )
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

    /// Where a row stands in the storage.
    pub fn path(&self, key: &K) -> Vec<u8> {
        let mut path = vec![self.id];
        key.push(&mut path);
        path
    }

    /// The row, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, key: &K) -> StdResult<Option<V>> {
        storage.get(&self.path(key)).map(|bytes| decode(&bytes)).transpose()
    }

    /// The row as another contract stores it, if there is one. Loads none of its code, which is most of what a query costs; so it fits only tables that are an interface.
    pub fn query(&self, querier: QuerierWrapper, contract: &Addr, key: &K) -> StdResult<Option<V>> {
        let bytes = querier.query_wasm_raw(contract, self.path(key))?;
        bytes.map(|bytes| decode(&bytes)).transpose()
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

    /// The rows whose keys lie in `keys`, in the given order. A step of it costs a few hundred gas where a read costs a thousand.
    pub fn range<'a>(
        &self,
        storage: &'a dyn Storage,
        keys: impl RangeBounds<K>,
        order: Order,
    ) -> Box<dyn Iterator<Item = StdResult<(K, V)>> + 'a>
    where
        K: 'a,
        V: 'a,
    {
        let first = match keys.start_bound() {
            Bound::Unbounded => vec![self.id],
            Bound::Included(key) => self.path(key),
            Bound::Excluded(key) => next(self.path(key)),
        };
        let end = match keys.end_bound() {
            Bound::Unbounded => vec![self.id.saturating_add(1)],
            Bound::Included(key) => next(self.path(key)),
            Bound::Excluded(key) => self.path(key),
        };
        let rows = storage.range(Some(&first), Some(&end), order);
        Box::new(rows.map(|(path, value)| {
            let key = path.get(1..).unwrap_or_default();
            Ok((K::pull(key)?, decode(&value)?))
        }))
    }

    /// The last row whose key lies in `keys`. One range-read.
    pub fn last(&self, storage: &dyn Storage, keys: impl RangeBounds<K>) -> StdResult<Option<(K, V)>> {
        self.range(storage, keys, Order::Descending).next().transpose()
    }
}

/// The least byte string above `path`.
fn next(mut path: Vec<u8>) -> Vec<u8> {
    path.push(0);
    path
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cosmwasm_std::testing::{MockApi, MockStorage};
    use proptest::prelude::*;

    use super::*;

    fn accounts() -> [Account; 2] {
        let api = MockApi::default();
        ["one", "two"].map(|name| Account::parse(&api, api.addr_make(name).as_str()).unwrap())
    }

    #[test]
    fn integers_take_a_byte_per_seven_bits() {
        for (value, length) in [
            (0, 1),
            (127, 1),
            (128, 2),
            (16_383, 2),
            (16_384, 3),
            (10u128.pow(13), 7),
            (u128::MAX, 19),
        ] {
            assert_eq!(encode(&Uint128::new(value)).len(), length, "{value}");
        }
    }

    #[test]
    fn damaged_rows_are_refused() {
        let cases: [(&str, &[u8]); 4] = [
            ("nothing", &[]),
            ("cut within an integer", &[0x80]),
            ("an endless integer", &[0xff; 30]),
            ("bytes left over", &[1, 1]),
        ];
        for (name, bytes) in cases {
            decode::<Uint128>(bytes).expect_err(name);
        }
        Reader(&[0x80, 2]).int::<u8>().expect_err("256 in a byte");
        Reader(&[5, 1, 2]).bytes().expect_err("three bytes missing");
        Reader(&[1, 0xff]).text().expect_err("not a text");
        Reader(&[3, 1, 2]).list(Reader::int::<u8>).expect_err("one missing");
        Reader(&[33; 34]).wide().expect_err("264 bits");
    }

    #[test]
    fn damaged_keys_are_refused() {
        u64::pull(&[1; 7]).unwrap_err();
        <(u64, u64)>::pull(&[1; 15]).unwrap_err();
        <(Account, u64)>::pull(&[]).unwrap_err();
        <(Account, u64)>::pull(&[20, 1]).unwrap_err();
        String::pull(&[0xff]).unwrap_err();
    }

    #[test]
    fn addresses_are_checked_and_come_back() {
        let api = MockApi::default();
        let text = api.addr_make("one");
        let account = Account::parse(&api, text.as_str()).unwrap();
        assert_eq!(account.text(&api).unwrap(), text.as_str());
        Account::parse(&api, &text.as_str().to_uppercase()).unwrap_err();
        assert_eq!(decode::<Account>(&encode(&account)).unwrap(), account);
    }

    #[test]
    fn ranges_stay_inside_their_bounds_and_table() {
        let mut storage = MockStorage::new();
        let table: Table<(Account, u64), Uint128> = Table::new(0x90);
        let neighbours = [0x8f, 0x91].map(Table::<(Account, u64), Uint128>::new);
        let [one, two] = accounts();
        for number in [1, 255, 256, u64::MAX] {
            table.save(&mut storage, &(one.clone(), number), &number.into());
            table.save(&mut storage, &(two.clone(), number), &Uint128::zero());
            neighbours
                .iter()
                .for_each(|other| other.save(&mut storage, &(one.clone(), number), &Uint128::zero()));
        }
        let of = |number| (one.clone(), number);
        let page = |first, end, order| -> Vec<u64> {
            let rows = table.range(&storage, (first, end), order);
            rows.map(|row| row.unwrap().0 .1).collect()
        };
        use Bound::{Excluded, Included};
        let (ascending, descending) = (Order::Ascending, Order::Descending);
        let last = || Included(of(u64::MAX));
        assert_eq!(page(Included(of(0)), last(), ascending), [1, 255, 256, u64::MAX]);
        assert_eq!(page(Excluded(of(255)), last(), ascending), [256, u64::MAX]);
        assert_eq!(page(Included(of(0)), Excluded(of(256)), descending), [255, 1]);
        assert_eq!(page(Included(of(2)), Included(of(255)), ascending), [255]);
        assert_eq!(page(Included(of(2)), Excluded(of(255)), ascending), [0; 0]);
        assert_eq!(table.range(&storage, .., ascending).count(), 8);
        assert_eq!(table.last(&storage, of(0)..=of(300)).unwrap().unwrap().0, of(256));
        assert_eq!(table.last(&storage, of(0)..of(1)).unwrap(), None);
    }

    #[test]
    fn short_address_is_never_the_beginning_of_a_long_one() {
        let mut storage = MockStorage::new();
        let table: Table<(Account, u64), Uint128> = Table::new(0x90);
        let (short, long) = (Account(vec![7; 20]), Account(vec![7; 32]));
        table.save(&mut storage, &(long, 1), &Uint128::zero());
        assert_eq!(
            table.last(&storage, (short.clone(), 0)..=(short, u64::MAX)).unwrap(),
            None
        );
    }

    proptest! {
        #[test]
        fn everything_written_comes_back(
            ints: Vec<u128>, signed in prop::collection::vec(-(1i128 << 126)..1 << 126, 0..9), wide: (u128, u128), text: Option<String>, rows: Vec<u64>,
        ) {
            let wide = Uint128::new(wide.0).full_mul(wide.1);
            let mut writer = Writer::default();
            writer.list(&ints, |to, int| to.int(*int));
            writer.list(&signed, |to, int| to.signed(*int));
            writer.wide(wide);
            writer.option(&text, |to, text| to.text(text));
            rows.write(&mut writer);
            let mut reader = Reader(&writer.0);
            prop_assert_eq!(reader.list(Reader::int::<u128>).unwrap(), ints);
            prop_assert_eq!(reader.list(Reader::signed).unwrap(), signed);
            prop_assert_eq!(reader.wide().unwrap(), wide);
            prop_assert_eq!(reader.option(Reader::text).unwrap(), text);
            prop_assert_eq!(Vec::<u64>::read(&mut reader).unwrap(), rows);
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn key_order_is_number_order(a: (u64, u64), b: (u64, u64)) {
            let bytes = |key: (u64, u64)| { let mut to = vec![]; key.push(&mut to); to };
            prop_assert_eq!(a.cmp(&b), bytes(a).cmp(&bytes(b)));
            prop_assert_eq!(<(u64, u64)>::pull(&bytes(a)).unwrap(), a);
        }

        #[test]
        fn a_table_is_an_ordered_map(rows: Vec<((u64, u64), u64)>, from: (u64, u64), to: (u64, u64)) {
            let table: Table<(u64, u64), u64> = Table::new(0x90);
            let (mut storage, mut map) = (MockStorage::new(), BTreeMap::new());
            for (key, value) in rows {
                table.save(&mut storage, &key, &value);
                map.insert(key, value);
            }
            let (from, to) = (from.min(to), from.max(to));
            let found: Vec<_> = table.range(&storage, from..=to, Order::Ascending).map(Result::unwrap).collect();
            prop_assert_eq!(found, map.range(from..=to).map(|(key, value)| (*key, *value)).collect::<Vec<_>>());
            prop_assert_eq!(table.last(&storage, ..from).unwrap(), map.range(..from).next_back().map(|(key, value)| (*key, *value)));
        }
    }
}
