//! Keys an enrolment may bind.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::WireError;

/// A signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Scheme {
    /// Ed25519 over the digest as message.
    Ed25519 = 1,
    /// ECDSA on secp256k1 with the digest as prehash.
    Secp256k1 = 2,
    /// ECDSA on P-256 with the digest as prehash.
    P256 = 3,
}

impl TryFrom<u8> for Scheme {
    type Error = WireError;

    fn try_from(number: u8) -> Result<Self, WireError> {
        [Self::Ed25519, Self::Secp256k1, Self::P256]
            .into_iter()
            .find(|scheme| *scheme as u8 == number)
            .ok_or(WireError::UnknownKind(number))
    }
}

/// 2²⁵⁵ − 19, little-endian: the field of Ed25519 and X25519.
const P25519: [u8; 32] = {
    let mut p = [0xff; 32];
    p[0] = 0xed;
    p[31] = 0x7f;
    p
};

/// 2²⁵⁵ − 20, little-endian: −1 in that field.
const MINUS_ONE: [u8; 32] = {
    let mut p = P25519;
    p[0] = 0xec;
    p
};

const fn small(value: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = value;
    bytes
}

/// The y-coordinates of the eight points of order 1, 2, 4 and 8 on edwards25519, little-endian. Each but the first two
/// belongs to two points, told apart by the sign bit, which is ignored here.
///
/// Under such a key anybody can make a signature that verifies for most messages: its holder could disown every
/// statement, and no statement would prove who made it.
const SMALL_ORDER_Y: [[u8; 32]; 5] = [
    small(1),  // order 1, the neutral element
    MINUS_ONE, // order 2
    small(0),  // order 4
    // order 8
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    // order 8
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// The u-coordinates of the points of order 1 to 8 on curve25519 and its twist, little-endian. With such a key the
/// shared secret is zero whatever the other side does, so anybody reads what is encrypted to it.
const SMALL_ORDER_U: [[u8; 32]; 5] = [
    small(0),
    small(1),
    MINUS_ONE,
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
];

/// 2²⁵⁶ − 2³² − 977, big-endian: the field of secp256k1.
const P_SECP256K1: [u8; 32] = {
    let mut p = [0xff; 32];
    p[27] = 0xfe;
    p[30] = 0xfc;
    p[31] = 0x2f;
    p
};

/// 2²⁵⁶ − 2²²⁴ + 2¹⁹² + 2⁹⁶ − 1, big-endian: the field of P-256.
const P_P256: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
];

/// A public key with one byte form: canonical, and not of small order. That it lies on its curve is shown by the proof
/// of possession every registration carries ([`possession`](crate::possession)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    scheme: Scheme,
    bytes: Vec<u8>,
}

impl PublicKey {
    /// A key from its bytes: 32 for Ed25519, 33 compressed (SEC 1) for the two ECDSA curves.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn new(scheme: Scheme, bytes: &[u8]) -> Result<Self, KeyError> {
        match scheme {
            Scheme::Ed25519 => validate_ed25519(bytes),
            Scheme::Secp256k1 => validate_compressed(bytes, &P_SECP256K1),
            Scheme::P256 => validate_compressed(bytes, &P_P256),
        }?;
        Ok(Self {
            scheme,
            bytes: bytes.to_vec(),
        })
    }

    /// Its scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `u8 scheme ‖ u8 len ‖ bytes`.
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        out.push(self.scheme as u8);
        // `new` has fixed the length at 32 or 33.
        out.push(u8::try_from(self.bytes.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(&self.bytes);
    }
}

/// Accepts an X25519 key that is canonical and not of small order.
///
/// # Errors
/// [`KeyError::NonCanonical`], [`KeyError::SmallOrder`].
pub fn validate_x25519(key: &[u8; 32]) -> Result<(), KeyError> {
    validate_coordinate(key, &SMALL_ORDER_U)
}

fn validate_ed25519(bytes: &[u8]) -> Result<(), KeyError> {
    let mut y: [u8; 32] = bytes.try_into().map_err(|_| KeyError::Length {
        expected: 32,
        actual: bytes.len(),
    })?;
    let [.., top] = &mut y;
    *top &= 0x7f;
    validate_coordinate(&y, &SMALL_ORDER_Y)
}

fn validate_coordinate(coordinate: &[u8; 32], small_order: &[[u8; 32]]) -> Result<(), KeyError> {
    if coordinate.iter().rev().cmp(P25519.iter().rev()) != Ordering::Less {
        return Err(KeyError::NonCanonical);
    }
    if small_order.contains(coordinate) {
        return Err(KeyError::SmallOrder);
    }
    Ok(())
}

fn validate_compressed(bytes: &[u8], field: &[u8; 32]) -> Result<(), KeyError> {
    let key: &[u8; 33] = bytes.try_into().map_err(|_| KeyError::Length {
        expected: 33,
        actual: bytes.len(),
    })?;
    let [prefix, x @ ..] = key;
    if !matches!(prefix, 2 | 3) {
        return Err(KeyError::Prefix { actual: *prefix });
    }
    if x >= field {
        return Err(KeyError::NonCanonical);
    }
    Ok(())
}

/// Why a key is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Another length than the scheme's.
    Length {
        /// The scheme's.
        expected: usize,
        /// The key's.
        actual: usize,
    },
    /// Not a compressed point: the first byte is neither 2 nor 3.
    Prefix {
        /// The first byte.
        actual: u8,
    },
    /// A coordinate is not reduced, so the same key has a second byte form.
    NonCanonical,
    /// The point has order 1, 2, 4 or 8.
    SmallOrder,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { expected, actual } => write!(f, "a key has {actual} bytes, not {expected}"),
            Self::Prefix { actual } => write!(f, "a compressed key begins with {actual}, not 2 or 3"),
            Self::NonCanonical => f.write_str("a key is not in canonical form"),
            Self::SmallOrder => f.write_str("a key is a point of small order"),
        }
    }
}

impl core::error::Error for KeyError {}
