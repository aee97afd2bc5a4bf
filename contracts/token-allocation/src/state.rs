//! What the allocation stores. Amounts are base units of VCAI unless said, times unix seconds.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::token_allocation::{Bucket, TgePlan, TgeRecord, VestingSchedule, SPEND_BPS, SPEND_WINDOW};
use kit::compact::{Account, Table};

use crate::error::ContractError;

/// Whom the allocation knows.
#[cw_serde]
pub struct Config {
    pub governance: Addr,
    pub vcai: Addr,
    pub denom: String,
    pub treasury: Addr,
    pub genesis_nft: Addr,
    pub incentives: Addr,
    pub vote_escrow: Addr,
}

/// The TGE.
#[cw_serde]
pub struct Tge {
    pub plan: TgePlan,
    pub done: Option<TgeRecord>,
}

impl Tge {
    /// When it happened.
    pub fn time(&self) -> Option<u64> {
        self.done.as_ref().map(|done| done.time)
    }
}

/// A bucket. size = granted + sent + free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// At genesis; of issued VCAI what has arrived.
    pub size: Uint128,
    /// Σ amounts of grants.
    pub granted: Uint128,
    /// The part of `granted` that has left.
    pub claimed: Uint128,
    /// What has left without a grant.
    pub sent: Uint128,
}

impl Row {
    /// What is neither granted nor gone.
    pub fn free(&self) -> StdResult<Uint128> {
        Ok(self.size.checked_sub(self.granted)?.checked_sub(self.sent)?)
    }
}

/// A beneficiary's VCAI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub bucket: Bucket,
    pub beneficiary: Addr,
    /// May become the beneficiary.
    pub pending: Option<Addr>,
    pub amount: Uint128,
    pub schedule: VestingSchedule,
    /// Start of the schedule; None: the TGE.
    pub start: Option<u64>,
    /// What had vested when the schedule was amended last.
    pub floor: Uint128,
    pub claimed: Uint128,
}

impl Grant {
    /// When the schedule starts, if that is known.
    pub fn starts_at(&self, tge: Option<u64>) -> Option<u64> {
        self.start.or(tge)
    }

    /// What has vested at `now`; never less than when the schedule was amended.
    pub fn vested(&self, tge: Option<u64>, now: u64) -> Uint128 {
        let by_schedule = match self.starts_at(tge) {
            Some(start) => self.schedule.vested(self.amount.u128(), start, now).into(),
            None => Uint128::zero(),
        };
        by_schedule.max(self.floor)
    }

    /// What has vested and not left.
    pub fn claimable(&self, tge: Option<u64>, now: u64) -> Uint128 {
        // claimed was vested once, and what is vested never falls
        self.vested(tge, now).saturating_sub(self.claimed)
    }
}

/// Governance's spending of a bucket: a queue of what was spent within the window.
#[cw_serde]
#[derive(Copy, Default)]
pub struct Window {
    /// Number of the oldest spend that counts.
    pub first: u64,
    /// Number of the newest spend; 0 before the first.
    pub last: u64,
    /// Σ of the spends from `first` to `last`.
    pub recent: Uint128,
}

/// Most spends that one message lets fall out of the window. What lies beyond counts until the next message.
const MAX_EXPIRED: usize = 100;

impl Window {
    /// The window at `now`: spends of 90 days ago and before no longer count.
    pub fn at(mut self, storage: &dyn Storage, bucket: Bucket, now: u64) -> Result<Self, ContractError> {
        for _ in 0..MAX_EXPIRED {
            let Some(oldest) = SPENDS.may_load(storage, (key(bucket), self.first))? else {
                break;
            };
            if now < oldest.time.saturating_add(SPEND_WINDOW) {
                break;
            }
            self.recent = self.recent.checked_sub(oldest.amount)?;
            self.first = self.first.saturating_add(1);
        }
        Ok(self)
    }

    /// What can still be spent of a bucket of that size.
    pub fn left(&self, size: Uint128) -> Result<Uint128, ContractError> {
        let most = math::Bps::new(SPEND_BPS)?.of_floor(size.u128());
        Ok(Uint128::new(most).saturating_sub(self.recent))
    }
}

/// One spend.
#[cw_serde]
pub struct Spend {
    pub to: Addr,
    pub amount: Uint128,
    pub time: u64,
}

/// Number of a bucket in keys; never changes.
pub const fn key(bucket: Bucket) -> u8 {
    match bucket {
        Bucket::Private => 1,
        Bucket::Public => 2,
        Bucket::Team => 3,
        Bucket::Employees => 4,
        Bucket::Reserve => 5,
        Bucket::Advisors => 6,
        Bucket::Liquidity => 7,
        Bucket::Incentives => 8,
        Bucket::Issued => 9,
    }
}

/// CONFIG: () → neighbours
pub const CONFIG: Item<Config> = Item::new("config");
/// TGE: () → its plan, and what happened
pub const TGE: Item<Tge> = Item::new("tge");
/// BUCKETS: number of the bucket → its sums. 3 + ~25 bytes. Read by [`row`].
pub const BUCKETS: Table<u16, Row> = Table::new(0x80);
/// GRANTS: number from 1, without a gap → grant. 9 + ~85 bytes.
pub const GRANTS: Table<u64, Grant> = Table::new(0x81);
/// HELD: (beneficiary, grant) → (); which grants are whose. 30 + 1 bytes.
pub const HELD: Table<(Account, u64), ()> = Table::new(0x82);
/// WINDOWS: number of the bucket → what was spent of it lately
pub const WINDOWS: Map<u8, Window> = Map::new("windows");
/// SPENDS: (number of the bucket, n from 1) → spend
pub const SPENDS: Map<(u8, u64), Spend> = Map::new("spends");

/// A bucket's row; what it is at genesis before the first change.
pub fn row(storage: &dyn Storage, bucket: Bucket) -> StdResult<Row> {
    Ok(BUCKETS.may_load(storage, &key(bucket).into())?.unwrap_or(Row {
        size: bucket.size(),
        granted: Uint128::zero(),
        claimed: Uint128::zero(),
        sent: Uint128::zero(),
    }))
}

/// Counts what leaves a bucket without a grant.
pub fn send(storage: &mut dyn Storage, bucket: Bucket, amount: Uint128) -> Result<(), ContractError> {
    let mut row = row(storage, bucket)?;
    let free = row.free()?;
    if amount > free {
        return Err(ContractError::BucketEmpty {
            bucket,
            free,
            actual: amount,
        });
    }
    row.sent = row.sent.checked_add(amount)?;
    save_row(storage, bucket, &row);
    Ok(())
}

/// Writes a bucket's row.
pub fn save_row(storage: &mut dyn Storage, bucket: Bucket, row: &Row) {
    BUCKETS.save(storage, &key(bucket).into(), row);
}

/// How many grants there are; the number of the newest.
pub fn granted(storage: &dyn Storage) -> StdResult<u64> {
    Ok(GRANTS.last(storage, ..)?.map_or(0, |(number, _)| number))
}
