//! Compact storage for the rows that every report touches.
//!
//! A storage write costs 30 gas a byte of key and value, so keys are one byte of table id and binary numbers, and values are sequences of variable-length
//! integers (LEB128, 7 bits a byte) without names. Table ids lie in 0x80 ..= 0xfe; keys of cw-storage-plus begin with an ASCII letter or 0x00, so the two never
//! meet.

use cosmwasm_std::{Api, CanonicalAddr, StdError, StdResult};

/// An address in canonical bytes: 20 for a key's account, 32 for a contract's, against 43 and 63 in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(Vec<u8>);

impl Account {
    /// Converts a text; refuses what is no address.
    pub fn parse(api: &dyn Api, text: &str) -> StdResult<Self> {
        Ok(Self(api.addr_canonicalize(text)?.into()))
    }

    /// The bech32 text.
    pub fn text(&self, api: &dyn Api) -> StdResult<String> {
        Ok(api
            .addr_humanize(&CanonicalAddr::from(self.0.as_slice()))?
            .into_string())
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// Appends an unsigned integer, 1 to 19 bytes.
pub fn put(to: &mut Vec<u8>, value: impl Into<u128>) {
    let mut rest: u128 = value.into();
    loop {
        let [low, ..] = rest.to_le_bytes();
        rest >>= 7;
        if rest == 0 {
            return to.push(low & 0x7f);
        }
        to.push(low | 0x80);
    }
}

/// Takes the next integer off the front; refuses one that does not fit `T`.
pub fn take<T: TryFrom<u128>>(from: &mut &[u8]) -> StdResult<T> {
    let mut value = 0u128;
    for shift in (0..128).step_by(7) {
        let (byte, rest) = from.split_first().ok_or_else(|| corrupt("row too short"))?;
        *from = rest;
        value |= u128::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
        if byte & 0x80 == 0 {
            return T::try_from(value).map_err(|_| corrupt("integer out of range"));
        }
    }
    Err(corrupt("integer too long"))
}

/// Appends a number so that the order of bytes is the order of numbers: its length in significant bytes, then those bytes.
pub fn put_ordered(to: &mut Vec<u8>, value: u128) {
    let significant: Vec<u8> = value.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    // at most 16
    to.push(u8::try_from(significant.len()).unwrap_or(u8::MAX));
    to.extend(significant);
}

/// Takes such a number off the front.
pub fn take_ordered(from: &mut &[u8]) -> StdResult<u128> {
    let (length, rest) = from.split_first().ok_or_else(|| corrupt("key too short"))?;
    let (digits, rest) = rest
        .split_at_checked(usize::from(*length))
        .ok_or_else(|| corrupt("key too short"))?;
    *from = rest;
    let mut bytes = [0u8; 16];
    let tail = bytes.iter_mut().rev().zip(digits.iter().rev());
    tail.for_each(|(byte, digit)| *byte = *digit);
    Ok(u128::from_be_bytes(bytes))
}

/// The first key above all that begin with `prefix`, whose last byte is below 0xff.
pub fn above(prefix: &[u8]) -> Vec<u8> {
    let mut bytes = prefix.to_vec();
    while let Some(last) = bytes.pop() {
        if let Some(next) = last.checked_add(1) {
            bytes.push(next);
            break;
        }
    }
    bytes
}

pub fn corrupt(what: &str) -> StdError {
    StdError::parse_err("row", what)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn damaged_rows_are_refused() {
        let cases: [&[u8]; 3] = [&[], &[0x80], &[0xff; 20]];
        for mut bytes in cases {
            take::<u128>(&mut bytes).unwrap_err();
        }
        take::<u8>(&mut [0x80, 0x02].as_slice()).unwrap_err();
        take_ordered(&mut [3, 1, 2].as_slice()).unwrap_err();
        take_ordered(&mut [].as_slice()).unwrap_err();
    }

    #[test]
    fn above_carries_over() {
        assert_eq!(above(&[1, 0xff]), vec![2]);
        assert_eq!(above(&[1, 2]), vec![1, 3]);
    }

    proptest! {
        #[test]
        fn integers_come_back(values: Vec<u128>) {
            let mut bytes = vec![];
            values.iter().for_each(|value| put(&mut bytes, *value));
            let mut rest = bytes.as_slice();
            for value in values {
                prop_assert_eq!(take::<u128>(&mut rest).unwrap(), value);
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn order_of_keys_is_order_of_numbers(a: u128, b: u128, shift in 0u32..128) {
            let (a, b) = (a >> shift, b >> shift);
            let key = |value| { let mut to = vec![]; put_ordered(&mut to, value); to };
            prop_assert_eq!(a.cmp(&b), key(a).cmp(&key(b)));
            prop_assert_eq!(take_ordered(&mut key(a).as_slice()).unwrap(), a);
        }
    }
}
