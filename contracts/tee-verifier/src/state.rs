//! What is stored.
//!
//! A check reads four pieces of collateral of 0.3 to 6 KB, and reading costs by the byte: they are kept as bytes, not as JSON with base64, one key each, and
//! certificate chains are cut down to the one certificate that is not pinned anyway.

use cosmwasm_std::{HexBinary, Order, StdError, StdResult, Storage};
use cw_storage_plus::Item;
use interfaces::tee_verifier::{CollateralId, PckCa, Root, TeeFamily};

use crate::anchor::Trust;
use crate::window::Window;

// TRUST: → environment and test root; written once.
pub const TRUST: Item<Trust> = Item::new("trust");

// COLLATERAL: '#' ‖ kind u8 ‖ root u8 ‖ (PCK CRL: ca u8 | QE identity: family u8 ‖ evaluation u32 | TCB info: family u8 ‖ fmspc 6 ‖ evaluation u32)
//             → Record::encode. Integers big-endian. Times in unix seconds.
const PREFIX: u8 = b'#';

/// One verified piece of collateral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// `issueDate` or `thisUpdate`, and `nextUpdate`.
    pub window: Window,
    /// `notAfter` of the certificate that signed it.
    pub signer_until: u64,
    /// DER of the certificate that signed a JSON document; empty for a CRL, whose signer comes with the quote or is the root.
    pub signer: Vec<u8>,
    /// r ‖ s over a JSON document; empty for a CRL.
    pub signature: Vec<u8>,
    /// Signed JSON, or DER of a CRL.
    pub document: Vec<u8>,
}

impl Record {
    /// `from u64 ‖ until u64 ‖ signer_until u64 ‖ u16 len ‖ signer ‖ u16 len ‖ signature ‖ document`.
    fn encode(&self) -> StdResult<Vec<u8>> {
        Ok([
            &self.window.from.to_be_bytes()[..],
            &self.window.until.to_be_bytes(),
            &self.signer_until.to_be_bytes(),
            &prefix(&self.signer)?,
            &self.signer,
            &prefix(&self.signature)?,
            &self.signature,
            &self.document,
        ]
        .concat())
    }

    fn decode(bytes: &[u8]) -> StdResult<Self> {
        let mut rest = bytes;
        let from = u64::from_be_bytes(array(&mut rest)?);
        let until = u64::from_be_bytes(array(&mut rest)?);
        Ok(Self {
            window: Window { from, until },
            signer_until: u64::from_be_bytes(array(&mut rest)?),
            signer: field(&mut rest)?,
            signature: field(&mut rest)?,
            document: rest.to_vec(),
        })
    }
}

fn prefix(field: &[u8]) -> StdResult<[u8; 2]> {
    let length = u16::try_from(field.len()).map_err(|_| StdError::serialize_err("Record", "field too long"))?;
    Ok(length.to_be_bytes())
}

fn field(rest: &mut &[u8]) -> StdResult<Vec<u8>> {
    let length = u16::from_be_bytes(array(rest)?);
    take(rest, length.into()).map(<[u8]>::to_vec)
}

fn array<const N: usize>(rest: &mut &[u8]) -> StdResult<[u8; N]> {
    take(rest, N)?.try_into().map_err(|_| truncated())
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> StdResult<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length).ok_or_else(truncated)?;
    *rest = left;
    Ok(taken)
}

fn truncated() -> StdError {
    StdError::parse_err("Record", "truncated")
}

/// Storage key of a slot.
pub fn key(id: &CollateralId) -> Vec<u8> {
    let mut key = vec![PREFIX];
    match id {
        CollateralId::RootCrl { root } => key.extend([0, root_byte(*root)]),
        CollateralId::PckCrl { root, ca } => key.extend([1, root_byte(*root), ca_byte(*ca)]),
        CollateralId::QeIdentity {
            root,
            family,
            evaluation,
        } => {
            key.extend([2, root_byte(*root), family_byte(*family)]);
            key.extend(evaluation.to_be_bytes());
        }
        CollateralId::TcbInfo {
            root,
            family,
            fmspc,
            evaluation,
        } => {
            key.extend([3, root_byte(*root), family_byte(*family)]);
            key.extend(fmspc.as_slice());
            key.extend(evaluation.to_be_bytes());
        }
    }
    key
}

fn parse_key(key: &[u8]) -> StdResult<CollateralId> {
    let mut rest = key;
    let [_prefix, kind, root] = array(&mut rest)?;
    let root = pick(root, [Root::Intel, Root::Test])?;
    let id = match kind {
        0 => CollateralId::RootCrl { root },
        1 => CollateralId::PckCrl {
            root,
            ca: ca(&mut rest)?,
        },
        2 => CollateralId::QeIdentity {
            root,
            family: family(&mut rest)?,
            evaluation: number(&mut rest)?,
        },
        _ => CollateralId::TcbInfo {
            root,
            family: family(&mut rest)?,
            fmspc: HexBinary::from(array::<6>(&mut rest)?),
            evaluation: number(&mut rest)?,
        },
    };
    Ok(id)
}

fn root_byte(root: Root) -> u8 {
    match root {
        Root::Intel => 0,
        Root::Test => 1,
    }
}

fn ca_byte(ca: PckCa) -> u8 {
    match ca {
        PckCa::Processor => 0,
        PckCa::Platform => 1,
    }
}

fn family_byte(family: TeeFamily) -> u8 {
    match family {
        TeeFamily::Sgx => 0,
        TeeFamily::Tdx => 1,
    }
}

fn ca(rest: &mut &[u8]) -> StdResult<PckCa> {
    let [byte] = array(rest)?;
    pick(byte, [PckCa::Processor, PckCa::Platform])
}

fn family(rest: &mut &[u8]) -> StdResult<TeeFamily> {
    let [byte] = array(rest)?;
    pick(byte, [TeeFamily::Sgx, TeeFamily::Tdx])
}

fn number(rest: &mut &[u8]) -> StdResult<u32> {
    array(rest).map(u32::from_be_bytes)
}

fn pick<T: Copy>(byte: u8, values: [T; 2]) -> StdResult<T> {
    values
        .get(usize::from(byte))
        .copied()
        .ok_or_else(|| StdError::parse_err("CollateralId", "unknown byte"))
}

/// The record of a slot, if it is filled.
pub fn load(storage: &dyn Storage, id: &CollateralId) -> StdResult<Option<Record>> {
    storage.get(&key(id)).map(|bytes| Record::decode(&bytes)).transpose()
}

pub fn save(storage: &mut dyn Storage, id: &CollateralId, record: &Record) -> StdResult<()> {
    storage.set(&key(id), &record.encode()?);
    Ok(())
}

/// Filled slots in key order, after `start_after`.
pub fn range<'a>(
    storage: &'a dyn Storage,
    start_after: Option<&CollateralId>,
) -> impl Iterator<Item = StdResult<(CollateralId, Record)>> + 'a {
    let start = match start_after {
        // The least key above a key is that key with a zero byte behind it.
        Some(id) => [&key(id)[..], &[0]].concat(),
        None => vec![PREFIX],
    };
    storage
        .range(Some(&start), Some(&[PREFIX.saturating_add(1)]), Order::Ascending)
        .map(|(key, value)| Ok((parse_key(&key)?, Record::decode(&value)?)))
}

/// How many slots are filled.
pub fn count(storage: &dyn Storage) -> usize {
    storage
        .range_keys(Some(&[PREFIX]), Some(&[PREFIX.saturating_add(1)]), Order::Ascending)
        .count()
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    fn ids() -> Vec<CollateralId> {
        let mut ids = vec![];
        for root in [Root::Intel, Root::Test] {
            ids.push(CollateralId::RootCrl { root });
            for ca in [PckCa::Processor, PckCa::Platform] {
                ids.push(CollateralId::PckCrl { root, ca });
            }
            for family in [TeeFamily::Sgx, TeeFamily::Tdx] {
                for evaluation in [0, 17, u32::MAX] {
                    ids.push(CollateralId::QeIdentity {
                        root,
                        family,
                        evaluation,
                    });
                    for fmspc in [[0; 6], [0xff; 6]] {
                        let fmspc = HexBinary::from(fmspc);
                        ids.push(CollateralId::TcbInfo {
                            root,
                            family,
                            fmspc,
                            evaluation,
                        });
                    }
                }
            }
        }
        ids
    }

    fn record(byte: u8) -> Record {
        Record {
            window: Window {
                from: 1,
                until: u64::MAX,
            },
            signer_until: 7,
            signer: vec![byte; 3],
            signature: vec![byte; 64],
            document: vec![byte; 5],
        }
    }

    #[test]
    fn every_slot_has_its_own_key_and_is_listed_once_in_order() {
        let mut storage = MockStorage::new();
        TRUST.save(&mut storage, &trust()).unwrap();
        cosmwasm_std::Storage::set(&mut storage, b"$", b"a neighbour above");
        cosmwasm_std::Storage::set(&mut storage, b"\"", b"a neighbour below");
        for (id, byte) in ids().iter().zip(0..) {
            save(&mut storage, id, &record(byte)).unwrap();
        }
        let listed: Vec<_> = range(&storage, None).map(Result::unwrap).collect();
        assert_eq!(listed.len(), ids().len());
        assert_eq!(count(&storage), ids().len());
        for (id, byte) in ids().iter().zip(0..) {
            assert!(listed.contains(&(id.clone(), record(byte))));
            assert_eq!(load(&storage, id).unwrap(), Some(record(byte)));
        }
        for (position, (id, _)) in listed.iter().enumerate() {
            let after: Vec<_> = range(&storage, Some(id)).map(Result::unwrap).collect();
            assert_eq!(after, listed[position + 1..]);
        }
    }

    fn trust() -> Trust {
        Trust::new(interfaces::tee_verifier::InstantiateMsg {
            environment: interfaces::tee_verifier::Environment::Mainnet,
            test_root: None,
        })
        .unwrap()
    }

    #[test]
    fn truncated_records_are_errors() {
        let bytes = record(1).encode().unwrap();
        assert_eq!(Record::decode(&bytes).unwrap(), record(1));
        for length in 0..bytes.len() - record(1).document.len() {
            assert!(Record::decode(&bytes[..length]).is_err(), "{length}");
        }
    }
}
