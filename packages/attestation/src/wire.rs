//! Reading and writing canonical bytes.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Longest account, SKU or call id, in bytes.
pub const MAX_NAME: usize = 128;

/// Takes fields off the front of a byte string.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// A reader of a body that is `expected` bytes long and nothing else.
    pub fn exact(bytes: &'a [u8], expected: usize) -> Result<Self, WireError> {
        let actual = bytes.len();
        if actual == expected {
            Ok(Self(bytes))
        } else {
            Err(WireError::Length { expected, actual })
        }
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(WireError::Truncated)?;
        self.0 = rest;
        Ok(*head)
    }

    pub fn u8(&mut self) -> Result<u8, WireError> {
        self.array().map(u8::from_be_bytes)
    }

    pub fn u16(&mut self) -> Result<u16, WireError> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, WireError> {
        self.array().map(u64::from_be_bytes)
    }

    pub fn u128(&mut self) -> Result<u128, WireError> {
        self.array().map(u128::from_be_bytes)
    }

    /// An amount: eight bytes on the wire, widened for arithmetic.
    pub fn amount(&mut self) -> Result<u128, WireError> {
        self.u64().map(u128::from)
    }

    pub fn name(&mut self) -> Result<String, WireError> {
        let len = self.u8()?;
        let (head, rest) = self.0.split_at_checked(usize::from(len)).ok_or(WireError::Truncated)?;
        check_name(head)?;
        self.0 = rest;
        Ok(head.iter().copied().map(char::from).collect())
    }

    /// Skips a zero byte if it is next, and says whether it was.
    pub fn skip_zero(&mut self) -> bool {
        match self.0.split_first() {
            Some((0, rest)) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    pub fn rest(&self) -> usize {
        self.0.len()
    }

    /// Refuses bytes after the last field.
    pub fn finish(self) -> Result<(), WireError> {
        match self.0.len() {
            0 => Ok(()),
            extra => Err(WireError::Trailing { extra }),
        }
    }
}

/// Appends `u8 len ‖ bytes`.
pub(crate) fn put_name(out: &mut Vec<u8>, name: &str) -> Result<(), WireError> {
    out.push(check_name(name.as_bytes())?);
    out.extend_from_slice(name.as_bytes());
    Ok(())
}

/// Appends an amount as eight bytes.
pub(crate) fn put_amount(out: &mut Vec<u8>, value: u128) -> Result<(), WireError> {
    let narrow = u64::try_from(value).map_err(|_| WireError::TooLarge { value })?;
    out.extend_from_slice(&narrow.to_be_bytes());
    Ok(())
}

/// Accepts 1 to [`MAX_NAME`] printable ASCII characters without spaces, and returns how many.
///
/// Anything wider has look-alikes or several byte forms of one text, and two accounts that read the same must be equal.
fn check_name(bytes: &[u8]) -> Result<u8, NameError> {
    if bytes.is_empty() {
        return Err(NameError::Empty);
    }
    if bytes.len() > MAX_NAME {
        return Err(NameError::TooLong { actual: bytes.len() });
    }
    match bytes.iter().position(|byte| !byte.is_ascii_graphic()) {
        Some(position) => Err(NameError::Character { position }),
        None => u8::try_from(bytes.len()).map_err(|_| NameError::TooLong { actual: bytes.len() }),
    }
}

/// Why an account, SKU or call id is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// It has no characters.
    Empty,
    /// It has more than [`MAX_NAME`] bytes.
    TooLong {
        /// Its length in bytes.
        actual: usize,
    },
    /// A byte is not printable ASCII, or is a space.
    Character {
        /// Where, counted from 0.
        position: usize,
    },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a name is empty"),
            Self::TooLong { actual } => write!(f, "a name has {actual} bytes, at most {MAX_NAME}"),
            Self::Character { position } => write!(f, "byte {position} of a name is not printable ASCII"),
        }
    }
}

impl core::error::Error for NameError {}

/// Why bytes are not a value, or a value has no bytes. The encoder refuses exactly what the decoder refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// A fixed-width body has another length.
    Length {
        /// Length of the body.
        expected: usize,
        /// Length of the bytes.
        actual: usize,
    },
    /// The bytes end inside a field.
    Truncated,
    /// Bytes follow the last field.
    Trailing {
        /// How many.
        extra: usize,
    },
    /// No kind, role or scheme has this number.
    UnknownKind(u8),
    /// The window holds no second.
    EmptyWindow {
        /// Its first second.
        start: u64,
        /// The second after its last.
        end: u64,
    },
    /// A link does not lead to a later key epoch.
    Epochs {
        /// The one it leaves.
        old: u32,
        /// The one it leads to.
        new: u32,
    },
    /// An account, SKU or call id is refused.
    Name(NameError),
    /// An amount of an entry or a leaf does not fit eight bytes.
    TooLarge {
        /// The amount.
        value: u128,
    },
    /// An entry states no calls; a tree without leaves has no root.
    NoCalls,
    /// A list of entries is empty or longer than [`MAX_ENTRIES`](crate::MAX_ENTRIES).
    EntryCount {
        /// How many there are.
        actual: usize,
    },
    /// An entry is not above the one before it, by (account, SKU).
    Unsorted {
        /// Its position, counted from 0.
        index: usize,
    },
    /// An entry writes out the account of the entry before it, which has a shorter form.
    RepeatedAccount {
        /// Its position, counted from 0.
        index: usize,
    },
    /// A proof carries more siblings than any tree needs, or part of one.
    Siblings {
        /// Bytes after the proof's header.
        bytes: usize,
    },
}

impl From<NameError> for WireError {
    fn from(error: NameError) -> Self {
        Self::Name(error)
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { expected, actual } => write!(f, "a body has {actual} bytes, not {expected}"),
            Self::Truncated => f.write_str("the bytes end inside a field"),
            Self::Trailing { extra } => write!(f, "{extra} bytes follow the last field"),
            Self::UnknownKind(kind) => write!(f, "kind {kind} is unknown"),
            Self::EmptyWindow { start, end } => write!(f, "the window [{start}, {end}) is empty"),
            Self::Epochs { old, new } => write!(f, "key epoch {new} is not after {old}"),
            Self::Name(error) => error.fmt(f),
            Self::TooLarge { value } => write!(f, "the amount {value} does not fit 64 bits"),
            Self::NoCalls => f.write_str("an entry states no calls"),
            Self::EntryCount { actual } => write!(f, "{actual} entries, not 1 to {}", crate::MAX_ENTRIES),
            Self::Unsorted { index } => write!(f, "entry {index} is not above the one before it"),
            Self::RepeatedAccount { index } => write!(f, "entry {index} writes out the account before it again"),
            Self::Siblings { bytes } => write!(f, "{bytes} bytes are no list of siblings"),
        }
    }
}

impl core::error::Error for WireError {}
