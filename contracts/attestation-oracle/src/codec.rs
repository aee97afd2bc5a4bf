//! Bytes of stored rows: integers big-endian, texts and lists behind a `u16` length, options behind a flag. No field names, so a row is about a third of its JSON, and
//! keys sort by their numbers.

use attestation::{ChainKey, PublicKey, Scheme};
use cosmwasm_std::{Addr, Uint128};
use interfaces::attestation_oracle::{ChallengeState, Hardware, Level, Params, Role, StatementOutcome, Subject};
use interfaces::credit_vault::{ChargeRef, ReportRef};

/// A value with one byte form.
pub trait Bytes: Sized {
    /// Appends the value.
    fn put(&self, out: &mut Vec<u8>);
    /// Takes a value off the front; `None` where there is none.
    fn take(from: &mut &[u8]) -> Option<Self>;
}

impl<const N: usize> Bytes for [u8; N] {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        let (head, rest) = from.split_first_chunk::<N>()?;
        *from = rest;
        Some(*head)
    }
}

macro_rules! integers {
    ($($int:ty),*) => {$(
        impl Bytes for $int {
            fn put(&self, out: &mut Vec<u8>) {
                self.to_be_bytes().put(out);
            }
            fn take(from: &mut &[u8]) -> Option<Self> {
                Bytes::take(from).map(Self::from_be_bytes)
            }
        }
    )*};
}
integers!(u8, u16, u32, u64, u128);

impl Bytes for bool {
    fn put(&self, out: &mut Vec<u8>) {
        u8::from(*self).put(out);
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        u8::take(from).map(|byte| byte != 0)
    }
}

impl Bytes for () {
    fn put(&self, _: &mut Vec<u8>) {}
    fn take(_: &mut &[u8]) -> Option<Self> {
        Some(())
    }
}

impl<T: Bytes> Bytes for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        match bool::take(from)? {
            true => T::take(from).map(Some),
            false => Some(None),
        }
    }
}

/// At most 65,535 elements. Every list stored here is bounded far below: by a message, or by an earlier decoder.
impl<T: Bytes> Bytes for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        u16::try_from(self.len()).unwrap_or(u16::MAX).put(out);
        self.iter().for_each(|value| value.put(out));
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        let count = u16::take(from)?;
        (0..count).map(|_| T::take(from)).collect()
    }
}

impl Bytes for String {
    fn put(&self, out: &mut Vec<u8>) {
        u16::try_from(self.len()).unwrap_or(u16::MAX).put(out);
        out.extend_from_slice(self.as_bytes());
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        let length = usize::from(u16::take(from)?);
        let (head, rest) = from.split_at_checked(length)?;
        *from = rest;
        String::from_utf8(head.to_vec()).ok()
    }
}

impl Bytes for Uint128 {
    fn put(&self, out: &mut Vec<u8>) {
        self.u128().put(out);
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        u128::take(from).map(Self::new)
    }
}

impl Bytes for Addr {
    fn put(&self, out: &mut Vec<u8>) {
        self.to_string().put(out);
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        String::take(from).map(Addr::unchecked)
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*)),*) => {$(
        impl<$($name: Bytes),*> Bytes for ($($name,)*) {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$index.put(out);)*
            }
            fn take(from: &mut &[u8]) -> Option<Self> {
                Some(($($name::take(from)?,)*))
            }
        }
    )*};
}
tuples!((A 0, B 1), (A 0, B 1, C 2));

/// Stores the named fields of a struct in the order written.
macro_rules! row {
    ($name:ty { $($field:ident),* $(,)? }) => {
        impl $crate::codec::Bytes for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $($crate::codec::Bytes::put(&self.$field, out);)*
            }
            fn take(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: $crate::codec::Bytes::take(from)?,)* })
            }
        }
    };
}
pub(crate) use row;

row!(Subject { role, id });
row!(Params {
    min_bond_gateway,
    min_bond_worker,
    enrolment_ttl,
    ppid_quota,
    challenge_bond
});
row!(Hardware { slots, rate });
row!(ReportRef {
    gateway,
    key_epoch,
    seq
});
row!(ChargeRef { report, entry });

/// Stores an enum by number.
macro_rules! numbered {
    ($name:ty { $($variant:ident = $number:literal),* $(,)? }) => {
        impl Bytes for $name {
            fn put(&self, out: &mut Vec<u8>) {
                let number: u8 = match self {
                    $(Self::$variant => $number,)*
                };
                number.put(out);
            }
            fn take(from: &mut &[u8]) -> Option<Self> {
                match u8::take(from)? {
                    $($number => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

numbered!(Role { Worker = 1, Gateway = 2 });
numbered!(Level { A0 = 0, A1 = 1 });
numbered!(ChallengeState { Open = 0, Answered = 1, Returned = 2 });
numbered!(Scheme { Ed25519 = 1, Secp256k1 = 2, P256 = 3 });

impl Bytes for StatementOutcome {
    fn put(&self, out: &mut Vec<u8>) {
        self.code().put(out);
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        u8::take(from).and_then(Self::from_code)
    }
}

impl Bytes for PublicKey {
    fn put(&self, out: &mut Vec<u8>) {
        self.scheme().put(out);
        self.as_bytes().to_vec().put(out);
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        let scheme = Scheme::take(from)?;
        PublicKey::new(scheme, &Vec::take(from)?).ok()
    }
}

/// Numbers 1 and 2 as in `ChainKey::first_prev_digest`; this contract keeps no other chains.
impl Bytes for ChainKey {
    fn put(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Job {
                worker,
                key_epoch,
                job,
                assignment,
            } => {
                (1_u8, worker, key_epoch).put(out);
                (job, assignment).put(out);
            }
            Self::Usage { gateway, key_epoch } => (2_u8, gateway, key_epoch).put(out),
            Self::AgentBatch { gateway, key_epoch } => (3_u8, gateway, key_epoch).put(out),
            Self::Verdict { verifier } => (4_u8, verifier).put(out),
        }
    }
    fn take(from: &mut &[u8]) -> Option<Self> {
        let (kind, id) = Bytes::take(from)?;
        Some(match kind {
            1_u8 => Self::Job {
                worker: id,
                key_epoch: Bytes::take(from)?,
                job: Bytes::take(from)?,
                assignment: Bytes::take(from)?,
            },
            2 => Self::Usage {
                gateway: id,
                key_epoch: Bytes::take(from)?,
            },
            3 => Self::AgentBatch {
                gateway: id,
                key_epoch: Bytes::take(from)?,
            },
            4 => Self::Verdict { verifier: id },
            _ => return None,
        })
    }
}

/// The byte form of a value.
pub fn encode(value: &impl Bytes) -> Vec<u8> {
    let mut out = Vec::new();
    value.put(&mut out);
    out
}

/// The value whose byte form this is, and nothing after it.
pub fn decode<T: Bytes>(mut bytes: &[u8]) -> Option<T> {
    T::take(&mut bytes).filter(|_| bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;

    use super::*;
    use crate::state::{Head, KeyRow, Work};

    fn returns<T: Bytes + PartialEq + Debug>(value: &T) {
        let bytes = encode(value);
        assert_eq!(decode::<T>(&bytes).as_ref(), Some(value));
        assert!(decode::<T>(&[&bytes[..], &[0]].concat()).is_none(), "trailing byte");
        if !bytes.is_empty() {
            assert!(decode::<T>(&bytes[..bytes.len() - 1]).is_none(), "missing byte");
        }
    }

    #[test]
    fn every_number_of_an_enum_returns_and_others_are_refused() {
        for outcome in StatementOutcome::ALL {
            returns(&outcome);
        }
        returns(&Role::Worker);
        returns(&Role::Gateway);
        returns(&Level::A1);
        returns(&ChallengeState::Returned);
        assert!(decode::<Role>(&[0]).is_none());
        assert!(decode::<StatementOutcome>(&[2]).is_none());
        assert!(decode::<ChainKey>(&encode(&(5_u8, 1_u64))).is_none());
    }

    #[test]
    fn keys_of_a_role_sort_by_number() {
        let key = |id| encode(&Subject { role: Role::Worker, id });
        assert!(key(255) < key(256) && key(256) < key(u64::MAX));
        assert!(
            key(u64::MAX)
                < encode(&Subject {
                    role: Role::Gateway,
                    id: 0
                })
        );
    }

    #[test]
    fn rows_have_the_sizes_the_gas_budget_counts_on() {
        let key = ChainKey::Usage {
            gateway: 1,
            key_epoch: 1,
        };
        let mut head = Head {
            seq: 1,
            digest: [1; 32],
            window_start: 1,
            window_end: 2,
            work: None,
        };
        assert_eq!((encode(&key).len(), encode(&head).len()), (13, 57));
        head.work = Some(Work::default());
        assert_eq!(encode(&head).len(), 90);
        let key = PublicKey::new(Scheme::Ed25519, &[7; 32]).unwrap();
        let row = KeyRow {
            public_key: key,
            encryption_key: [9; 32],
            hardware: Hardware { slots: 1, rate: 1 },
            level: Level::A0,
            evidence: None,
            enrolled_at: 1,
            valid_until: 2,
            revoked_at: None,
        };
        returns(&row);
        assert_eq!(encode(&row).len(), 95);
    }

    proptest! {
        #[test]
        fn values_return(
            numbers in any::<(u8, u32, u64)>(), wide in any::<u128>(), text in "\\PC{0,40}", flag in any::<Option<u64>>(),
            list in prop::collection::vec(any::<u8>(), 0..300), digest in any::<[u8; 32]>(),
        ) {
            returns(&numbers);
            returns(&wide);
            returns(&text);
            returns(&flag);
            returns(&list);
            returns(&(digest, flag));
            returns(&ChainKey::Job { worker: numbers.2, key_epoch: numbers.1, job: numbers.2, assignment: numbers.1 });
            returns(&ReportRef { gateway: numbers.2, key_epoch: numbers.1, seq: numbers.2 });
        }

        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode::<KeyRow>(&bytes);
            let _ = decode::<crate::state::ChallengeRow>(&bytes);
            let _ = decode::<(Vec<StatementOutcome>, Vec<(u16, ReportRef)>)>(&bytes);
        }
    }
}
