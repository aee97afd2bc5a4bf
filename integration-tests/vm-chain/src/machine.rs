//! cosmwasm-vm over the world: storage, addresses and queries of one running contract.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::rc::Rc;
use std::sync::Arc;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use cosmwasm_vm::{
    capabilities_from_csv, Backend, BackendApi, BackendError, BackendResult, Cache, CacheOptions, GasInfo, Instance,
    InstanceOptions, Querier, Size, Storage,
};
use std3::{Binary, ContractResult, Order, Record, SystemError, SystemResult};

use crate::dispatch::Runner;

/// Far above any transaction's need: this chain measures gas, it does not limit it.
const GAS_LIMIT: u64 = 10_000_000 * crate::GAS_MULTIPLIER;
/// As wasmd 0.61 offers them.
const CAPABILITIES: &str = "iterator,staking,stargate,cosmwasm_1_1,cosmwasm_1_2,cosmwasm_1_3,cosmwasm_1_4,cosmwasm_2_0,cosmwasm_2_1,cosmwasm_2_2,cosmwasm_3_0";

pub(crate) type VmInstance = Instance<Addresses, Rows, Questions>;

/// Compiled code, kept for the life of the chain.
pub(crate) struct Machine {
    cache: Cache<Addresses, Rows, Questions>,
    _folder: tempfile::TempDir,
}

impl Machine {
    pub fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let options = CacheOptions::new(
            folder.path(),
            capabilities_from_csv(CAPABILITIES),
            Size::mebi(512),
            Size::mebi(32),
        );
        // Safety: the folder is new and nobody else writes there.
        let cache = unsafe { Cache::new(options)? };
        Ok(Self { cache, _folder: folder })
    }

    /// Checks and compiles code as a chain would, refusing what a chain refuses.
    pub fn store(&self, wasm: &[u8]) -> anyhow::Result<[u8; 32]> {
        let checksum = self.cache.store_code(wasm, true, true)?;
        Ok(checksum.as_slice().try_into()?)
    }

    pub fn instance(&self, checksum: &[u8; 32], runner: &Runner, address: &str) -> anyhow::Result<VmInstance> {
        let backend = Backend {
            api: Addresses,
            storage: Rows {
                runner: runner.clone(),
                address: address.to_owned(),
                scans: Rc::default(),
            },
            querier: Questions { runner: runner.clone() },
        };
        Ok(self
            .cache
            .get_instance(&(*checksum).into(), backend, InstanceOptions { gas_limit: GAS_LIMIT })?)
    }
}

fn free<T>(value: Result<T, BackendError>) -> BackendResult<T> {
    (value, GasInfo::free())
}

/// Bech32 addresses of 20 or 32 bytes, as wasmd takes them.
#[derive(Clone, Copy)]
pub(crate) struct Addresses;

impl Addresses {
    pub fn canonical(human: &str) -> Result<Vec<u8>, BackendError> {
        let parsed = CheckedHrpstring::new::<Bech32>(human).map_err(|e| BackendError::user_err(e.to_string()))?;
        if parsed.hrp().as_str() != suite::account::PREFIX || human.to_lowercase() != human {
            return Err(BackendError::user_err("not an address of this chain"));
        }
        let bytes: Vec<u8> = parsed.byte_iter().collect();
        match bytes.len() {
            20 | 32 => Ok(bytes),
            _ => Err(BackendError::user_err("wrong address length")),
        }
    }

    pub fn human(canonical: &[u8]) -> Result<String, BackendError> {
        let prefix = Hrp::parse(suite::account::PREFIX).map_err(|e| BackendError::unknown(e.to_string()))?;
        bech32::encode::<Bech32>(prefix, canonical).map_err(|e| BackendError::user_err(e.to_string()))
    }
}

impl BackendApi for Addresses {
    fn addr_validate(&self, input: &str) -> BackendResult<()> {
        free(Self::canonical(input).map(|_| ()))
    }
    fn addr_canonicalize(&self, human: &str) -> BackendResult<Vec<u8>> {
        free(Self::canonical(human))
    }
    fn addr_humanize(&self, canonical: &[u8]) -> BackendResult<String> {
        free(Self::human(canonical))
    }
}

#[derive(Default)]
struct Scan {
    rows: Vec<Record>,
    next: usize,
}

/// One contract's rows, written straight through to the world.
pub(crate) struct Rows {
    runner: Runner,
    address: String,
    scans: Rc<RefCell<Vec<Scan>>>,
}

// Safety of sharing is not needed: everything runs on one thread.
impl Rows {
    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<Vec<u8>, Vec<u8>>) -> T) -> BackendResult<T> {
        let mut world = self.runner.world.borrow_mut();
        let rows = world.contract_mut(&self.address).map(|c| f(Arc::make_mut(&mut c.rows)));
        free(rows.map_err(|e| BackendError::unknown(e.to_string())))
    }
}

impl Storage for Rows {
    fn get(&self, key: &[u8]) -> BackendResult<Option<Vec<u8>>> {
        let world = self.runner.world.borrow();
        let row = world.contract(&self.address).map(|c| c.rows.get(key).cloned());
        free(row.map_err(|e| BackendError::unknown(e.to_string())))
    }

    fn scan(&mut self, start: Option<&[u8]>, end: Option<&[u8]>, order: Order) -> BackendResult<u32> {
        if start.zip(end).is_some_and(|(s, e)| s >= e) {
            self.scans.borrow_mut().push(Scan::default());
            return free(Ok(self.scans.borrow().len() as u32));
        }
        let from = start.map_or(Bound::Unbounded, |s| Bound::Included(s.to_vec()));
        let to = end.map_or(Bound::Unbounded, |e| Bound::Excluded(e.to_vec()));
        let (rows, gas) = self.with(|rows| {
            let mut rows: Vec<Record> = rows.range((from, to)).map(|(k, v)| (k.clone(), v.clone())).collect();
            if order == Order::Descending {
                rows.reverse();
            }
            rows
        });
        let id = rows.map(|rows| {
            self.scans.borrow_mut().push(Scan { rows, next: 0 });
            self.scans.borrow().len() as u32
        });
        (id, gas)
    }

    fn next(&mut self, iterator_id: u32) -> BackendResult<Option<Record>> {
        let mut scans = self.scans.borrow_mut();
        let Some(scan) = scans.get_mut((iterator_id as usize).wrapping_sub(1)) else {
            return free(Err(BackendError::iterator_does_not_exist(iterator_id)));
        };
        let row = scan.rows.get(scan.next).cloned();
        scan.next += 1;
        free(Ok(row))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> BackendResult<()> {
        self.with(|rows| rows.insert(key.to_vec(), value.to_vec()).map_or((), |_| ()))
    }

    fn remove(&mut self, key: &[u8]) -> BackendResult<()> {
        self.with(|rows| rows.remove(key).map_or((), |_| ()))
    }
}

/// What a contract asks of the chain.
pub(crate) struct Questions {
    runner: Runner,
}

impl Querier for Questions {
    fn query_raw(&self, request: &[u8], _gas: u64) -> BackendResult<SystemResult<ContractResult<Binary>>> {
        let answer = match cosmwasm_vm::from_slice(request, usize::MAX) {
            Ok(request) => self.runner.answer(&request),
            Err(e) => SystemResult::Err(SystemError::InvalidRequest {
                error: e.to_string(),
                request: request.into(),
            }),
        };
        free(Ok(answer))
    }
}
