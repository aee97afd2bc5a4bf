//! Compact rows.
//!
//! A storage write costs 30 gas a byte of key and value. A stake writes five rows, so names and decimal digits would be its largest cost: keys are one byte of
//! table id, canonical addresses behind their length, and big-endian numbers; values are variable-length integers (LEB128, 7 bits a byte) without names.
//!
//! Table ids lie in 0x80 ..= 0xfe. Keys of cw-storage-plus begin with an ASCII letter (items) or 0x00 (maps), so the two never meet.

use std::marker::PhantomData;

use cosmwasm_std::{Api, CanonicalAddr, Order, StdError, StdResult, Storage, Uint128};

/// The key of a table with one row, and the owner of a series that belongs to all.
pub const ALL: &[u8] = &[];

/// Bytes of the number at the end of a key of a series.
const NUMBER: usize = 8;

/// An address in canonical bytes behind their length: of two accounts neither key begins with the other.
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
        let bytes = api.addr_canonicalize(text)?;
        let length = u8::try_from(bytes.len()).map_err(|_| corrupt("an address too long"))?;
        Ok(Self([&[length], bytes.as_slice()].concat()))
    }

    /// The bech32 text.
    pub fn text(&self, api: &dyn Api) -> StdResult<String> {
        let bytes = self.0.get(1..).unwrap_or_default();
        Ok(api.addr_humanize(&CanonicalAddr::from(bytes))?.into_string())
    }

    /// As it stands in keys.
    pub fn key(&self) -> &[u8] {
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

    /// Amounts, in order.
    pub fn amounts<const N: usize>(&mut self, amounts: [Uint128; N]) {
        amounts.into_iter().for_each(|amount| self.int(amount));
    }

    /// A text behind its length.
    pub fn text(&mut self, text: &str) {
        self.int(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// Reads one row.
pub struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// The next integer; refuses one that does not fit `T`.
    pub fn int<T: TryFrom<u128>>(&mut self) -> StdResult<T> {
        let mut value = 0u128;
        for shift in (0..128).step_by(7) {
            let (byte, rest) = self.0.split_first().ok_or_else(|| corrupt("a row cut short"))?;
            self.0 = rest;
            value |= u128::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            if byte & 0x80 == 0 {
                return T::try_from(value).map_err(|_| corrupt("an integer out of range"));
            }
        }
        Err(corrupt("an integer too long"))
    }

    /// The next amount.
    pub fn amount(&mut self) -> StdResult<Uint128> {
        self.int::<u128>().map(Uint128::new)
    }

    /// The next text.
    pub fn text(&mut self) -> StdResult<String> {
        let length: usize = self.int()?;
        let (head, rest) = self
            .0
            .split_at_checked(length)
            .ok_or_else(|| corrupt("a row cut short"))?;
        self.0 = rest;
        Ok(String::from_utf8(head.to_vec())?)
    }
}

/// What a table holds: writes its fields, and reads them in the same order.
pub trait Row: Sized {
    fn write(&self, writer: &mut Writer);
    fn read(reader: &mut Reader) -> StdResult<Self>;
}

impl Row for u64 {
    fn write(&self, writer: &mut Writer) {
        writer.int(*self);
    }

    fn read(reader: &mut Reader) -> StdResult<Self> {
        reader.int()
    }
}

impl<R: Row> Row for Vec<R> {
    fn write(&self, writer: &mut Writer) {
        writer.int(self.len() as u64);
        self.iter().for_each(|row| row.write(writer));
    }

    fn read(reader: &mut Reader) -> StdResult<Self> {
        (0..reader.int::<u64>()?).map(|_| R::read(reader)).collect()
    }
}

/// Rows by key.
pub struct Table<R> {
    id: u8,
    row: PhantomData<fn() -> R>,
}

impl<R: Row> Table<R> {
    /// Names a table; the id is its alone.
    pub const fn new(id: u8) -> Self {
        Self { id, row: PhantomData }
    }

    fn path(&self, key: &[u8]) -> Vec<u8> {
        [&[self.id], key].concat()
    }

    /// The row, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, key: &[u8]) -> StdResult<Option<R>> {
        storage.get(&self.path(key)).map(|bytes| decode(&bytes)).transpose()
    }

    /// Writes the row.
    pub fn save(&self, storage: &mut dyn Storage, key: &[u8], row: &R) {
        storage.set(&self.path(key), &encode(row));
    }

    /// Removes the row.
    pub fn remove(&self, storage: &mut dyn Storage, key: &[u8]) {
        storage.remove(&self.path(key));
    }
}

impl<R: Row> Table<R> {
    /// The rows of accounts above `after`, by canonical address.
    pub fn accounts<'a>(
        &self,
        storage: &'a dyn Storage,
        after: Option<&Account>,
    ) -> impl Iterator<Item = StdResult<(Account, R)>> + 'a
    where
        R: 'a,
    {
        // the least key above an account's own
        let first = after.map_or(vec![self.id], |account| [&[self.id], account.key(), &[0]].concat());
        let end = [self.id.saturating_add(1)];
        let rows = storage.range(Some(&first), Some(&end), Order::Ascending);
        rows.map(|(key, value)| Ok((Account(key.get(1..).unwrap_or_default().to_vec()), decode(&value)?)))
    }
}

/// Rows by owner and a number that grows: seconds or heights.
pub struct Series<R>(Table<R>);

impl<R: Row> Series<R> {
    /// Names a table; the id is its alone.
    pub const fn new(id: u8) -> Self {
        Self(Table::new(id))
    }

    /// Writes the row.
    pub fn save(&self, storage: &mut dyn Storage, owner: &[u8], number: u64, row: &R) {
        self.0.save(storage, &[owner, &number.to_be_bytes()].concat(), row);
    }

    /// The newest row whose number is at most `number`. One range-read.
    pub fn newest(&self, storage: &dyn Storage, owner: &[u8], number: u64) -> StdResult<Option<(u64, R)>> {
        self.below(storage, owner, number.checked_add(1)).next().transpose()
    }

    /// The rows whose numbers are below `end`, newest first.
    pub fn below<'a>(
        &self,
        storage: &'a dyn Storage,
        owner: &[u8],
        end: Option<u64>,
    ) -> impl Iterator<Item = StdResult<(u64, R)>> + 'a
    where
        R: 'a,
    {
        let first = self.0.path(owner);
        let end = match end {
            Some(number) => [&first[..], &number.to_be_bytes()].concat(),
            // above every number of this owner
            None => [&first[..], &[u8::MAX; NUMBER], &[0]].concat(),
        };
        let rows = storage.range(Some(&first), Some(&end), Order::Descending);
        rows.map(|(key, value)| Ok((number(&key)?, decode(&value)?)))
    }
}

fn number(key: &[u8]) -> StdResult<u64> {
    let bytes = key.last_chunk::<NUMBER>().ok_or_else(|| corrupt("a key cut short"))?;
    Ok(u64::from_be_bytes(*bytes))
}

pub(crate) fn encode(row: &impl Row) -> Vec<u8> {
    let mut writer = Writer::default();
    row.write(&mut writer);
    writer.0
}

pub(crate) fn decode<R: Row>(bytes: &[u8]) -> StdResult<R> {
    let mut reader = Reader(bytes);
    let row = R::read(&mut reader)?;
    match reader.0.is_empty() {
        true => Ok(row),
        false => Err(corrupt("bytes left over")),
    }
}

fn corrupt(what: &str) -> StdError {
    StdError::parse_err("row", what)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockStorage};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn integers_take_a_byte_per_seven_bits() {
        let lengths = [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (u128::MAX, 19)];
        for (value, length) in lengths {
            let mut writer = Writer::default();
            writer.int(value);
            assert_eq!(writer.0.len(), length, "{value}");
            assert_eq!(Reader(&writer.0).int::<u128>().unwrap(), value);
        }
    }

    #[test]
    fn corrupt_rows_are_errors_and_never_panics() {
        let cases: [(&str, &[u8]); 4] = [
            ("nothing", &[]),
            ("cut within an integer", &[0x80]),
            (
                "an integer above 64 bits",
                &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
            ),
            ("bytes left over", &[1, 2]),
        ];
        for (name, bytes) in cases {
            decode::<u64>(bytes).expect_err(name);
        }
        assert!(Reader(&[0xff; 30]).int::<u128>().is_err(), "an endless integer");
        assert!(Reader(&[9, b'a']).text().is_err(), "a text cut short");
        assert!(Reader(&[1, 0xff]).text().is_err(), "not a text");
    }

    #[test]
    fn a_series_answers_only_for_its_owner() {
        const ROWS: Series<u64> = Series::new(0x90);
        let api = MockApi::default();
        let [alice, bob] = ["alice", "bob"].map(|name| Account::parse(&api, api.addr_make(name).as_str()).unwrap());
        let mut storage = MockStorage::new();
        for (owner, number) in [(&alice, 5), (&alice, 9), (&bob, 7), (&bob, u64::MAX)] {
            ROWS.save(&mut storage, owner.key(), number, &number);
        }
        // neighbours in the key space
        Series::<u64>::new(0x8f).save(&mut storage, alice.key(), 6, &0);
        Series::<u64>::new(0x91).save(&mut storage, alice.key(), 6, &0);
        let newest = |owner: &Account, number| ROWS.newest(&storage, owner.key(), number).unwrap().map(|row| row.0);
        let answers = [0, 4, 5, 8, 9, 10, u64::MAX].map(|number| newest(&alice, number));
        assert_eq!(answers, [None, None, Some(5), Some(5), Some(9), Some(9), Some(9)]);
        assert_eq!(
            [6, 7, u64::MAX].map(|number| newest(&bob, number)),
            [None, Some(7), Some(u64::MAX)]
        );
        let all: Vec<_> = ROWS
            .below(&storage, bob.key(), None)
            .map(|row| row.unwrap().0)
            .collect();
        assert_eq!(all, [u64::MAX, 7]);
    }

    #[test]
    fn short_address_is_never_the_beginning_of_a_long_one() {
        const ROWS: Series<u64> = Series::new(0x90);
        let mut storage = MockStorage::new();
        let (short, long) = (
            Account([&[20][..], &[7; 20]].concat()),
            Account([&[32][..], &[7; 32]].concat()),
        );
        ROWS.save(&mut storage, long.key(), 1, &1);
        assert_eq!(ROWS.newest(&storage, short.key(), u64::MAX).unwrap(), None);
    }

    proptest! {
        #[test]
        fn rows_come_back_as_they_were_written(rows in proptest::collection::vec(any::<u64>(), 0..20), text in ".{0,40}") {
            prop_assert_eq!(&decode::<Vec<u64>>(&encode(&rows)).unwrap(), &rows);
            let mut writer = Writer::default();
            writer.text(&text);
            prop_assert_eq!(Reader(&writer.0).text().unwrap(), text);
        }

        #[test]
        fn newest_is_what_a_search_finds(numbers in proptest::collection::btree_set(0u64..300, 0..30), asked in 0u64..310) {
            const ROWS: Series<u64> = Series::new(0x90);
            let mut storage = MockStorage::new();
            numbers.iter().for_each(|number| ROWS.save(&mut storage, ALL, *number, number));
            let found = ROWS.newest(&storage, ALL, asked).unwrap().map(|row| row.0);
            prop_assert_eq!(found, numbers.iter().copied().filter(|number| *number <= asked).max());
        }
    }
}
