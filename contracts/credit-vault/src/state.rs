//! What the vault stores. Amounts are µCredit or µLCO as said, times unix seconds.
//!
//! Rows that settlement touches are [`Table`]s in the compact form of [`kit::compact`]; the few rows of configuration are JSON items. Typical sizes (key with
//! table id + value, bytes, for 20-byte accounts) are given with each table; the chain adds 33 bytes of its own to every key.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint128};
use cw_storage_plus::Item;
use interfaces::credit_vault::{ChargeRef, EntryOutcome, Params, ReportRef};
use kit::compact::{Account, Fixed, Key, Reader, Row, Table, Writer};
use kit::pause::{Feature, Switches};
use math::{Day, Week};
use serde::{Deserialize, Serialize};

use crate::error::ContractError;

// ---- configuration (JSON) ----

/// What never changes.
#[cw_serde]
pub struct Terms {
    /// Native USDT.
    pub denom: String,
    pub l_coin: Addr,
    /// The public queue; also the wasm admin.
    pub timelock: Addr,
}

/// What changes only through the timelock.
#[cw_serde]
pub struct Wiring {
    pub oracle: Addr,
    pub tiers: Option<Addr>,
    pub fund: Option<Addr>,
    pub wars: Option<Addr>,
    pub launchpad: Option<Addr>,
}

/// What can be paused. Nothing that leads out is here, so nothing that leads out can be paused.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pausable {
    Deposits,
}

impl Feature for Pausable {
    fn name(self) -> &'static str {
        match self {
            Self::Deposits => "deposits",
        }
    }
}

/// TERMS: () → what never changes
pub const TERMS: Item<Terms> = Item::new("terms");
/// WIRING: () → oracle and peers
pub const WIRING: Item<Wiring> = Item::new("wiring");
/// PARAMS: () → parameters, all within bounds
pub const PARAMS: Item<Params> = Item::new("params");
/// SWITCHES: () → what is paused; absent while everything runs
pub const SWITCHES: Switches<Pausable> = Switches::new("paused");
/// TRANSFERS_OPEN: () → true once transfers are free; absent before, never removed
pub const TRANSFERS_OPEN: Item<bool> = Item::new("open");

// ---- ledger (compact) ----

/// TOTALS: () → supply, reserve, revenue, consumed. One row, read and written once per message. 1 + ~26 bytes.
pub const TOTALS: Table<(), Totals> = Table::new(0x80);
/// HOLDERS: account → free µCredit and whether the account is registered; absent when 0 and not registered. 21 + ~5 bytes.
pub const HOLDERS: Table<Account, Holder> = Table::new(0x81);
/// REGISTERED: account → (). The same accounts as the mark in HOLDERS, for listing. 33 + 1 bytes.
pub const REGISTERED: Table<Account, ()> = Table::new(0x82);
/// SPENDING: (account, gateway) → spending account; kept after withdrawal only while it bears a shortfall mark. 30 + ~25 bytes.
pub const SPENDING: Table<(Account, u64), Spending> = Table::new(0x83);
/// BOOKED: account → µLCO mined and not yet minted, above 0. 21 + ~5 bytes.
pub const BOOKED: Table<Account, Uint128> = Table::new(0x84);
/// GATEWAYS: gateway id → payout address and suspension. 9 + 22 bytes.
pub const GATEWAYS: Table<u64, Gateway> = Table::new(0x85);
/// RATES: sku → its gateway and rate cards. 1 + sku + ~20 bytes.
pub const RATES: Table<String, RateCard> = Table::new(0x86);
/// WEEKS: (gateway, week) → its revenue. 17 + ~20 bytes.
pub const WEEKS: Table<(u64, u64), WeekRow> = Table::new(0x87);
/// SETTLED: report → what each entry was charged; written once. 21 + 5 bytes, ~30 per charged entry, 1 per skipped one.
pub const SETTLED: Table<ReportKey, Settled> = Table::new(0x88);
/// CHARGES: charge → set apart or returned; absent while it stands. 23 + 1 bytes.
pub const CHARGES: Table<ChargeKey, ChargeState> = Table::new(0x89);
/// UNDELIVERED: report → (), while its scores wait for `DeliverScores`. 21 + 1 bytes.
pub const UNDELIVERED: Table<ReportKey, ()> = Table::new(0x8a);
/// ENTITLEMENTS: (account, sku) → units left, above 0. 22 + sku + ~4 bytes.
pub const ENTITLEMENTS: Table<(Account, String), Uint128> = Table::new(0x8b);
/// FREE_CALLS: week → the champion and what is left of its allowance, µCredit of charges. 9 + ~26 bytes.
pub const FREE_CALLS: Table<u64, FreeCalls> = Table::new(0x8c);

/// The whole ledger in four numbers. Every method keeps `reserve = supply + revenue`; there is no other way to change them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// µCredit of all accounts, free or promised.
    pub supply: Uint128,
    /// µUSDT that backs supply and revenue.
    pub reserve: Uint128,
    /// µCredit charged and not released.
    pub revenue: Uint128,
    /// C: µCredit consumed since genesis, as far as they mined.
    pub consumed: Uint128,
}

impl Totals {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(TOTALS.may_load(storage, &())?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        TOTALS.save(storage, &(), self);
    }

    /// USDT came in: reserve +, supply +.
    pub fn deposit(&mut self, amount: Uint128) -> StdResult<()> {
        self.reserve = self.reserve.checked_add(amount)?;
        self.supply = self.supply.checked_add(amount)?;
        Ok(())
    }

    /// USDT goes out: reserve −, supply −.
    pub fn redeem(&mut self, amount: Uint128) -> StdResult<()> {
        self.reserve = self.reserve.checked_sub(amount)?;
        self.supply = self.supply.checked_sub(amount)?;
        Ok(())
    }

    /// An account pays: supply −, revenue +.
    pub fn charge(&mut self, amount: Uint128) -> StdResult<()> {
        self.supply = self.supply.checked_sub(amount)?;
        self.revenue = self.revenue.checked_add(amount)?;
        Ok(())
    }

    /// Revenue becomes somebody's Credits: revenue −, supply +.
    pub fn release(&mut self, amount: Uint128) -> StdResult<()> {
        self.revenue = self.revenue.checked_sub(amount)?;
        self.supply = self.supply.checked_add(amount)?;
        Ok(())
    }
}

impl Row for Totals {
    fn write(&self, to: &mut Writer) {
        to.ints([self.supply, self.reserve, self.revenue, self.consumed]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            supply: from.amount()?,
            reserve: from.amount()?,
            revenue: from.amount()?,
            consumed: from.amount()?,
        })
    }
}

/// One account's free Credits. The mark stands here, and not only in a list, because every transfer reads this row anyway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Free µCredit.
    pub free: Uint128,
    /// May send and receive while transfers are restricted.
    pub registered: bool,
}

impl Holder {
    pub fn load(storage: &dyn Storage, account: &Account) -> StdResult<Self> {
        Ok(HOLDERS.may_load(storage, account)?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage, account: &Account) {
        match *self == Self::default() {
            true => HOLDERS.remove(storage, account),
            false => HOLDERS.save(storage, account, self),
        }
    }

    pub fn add(&mut self, amount: Uint128) -> StdResult<()> {
        self.free = self.free.checked_add(amount)?;
        Ok(())
    }

    /// Refuses more than there is, with `InsufficientCredits`.
    pub fn take(&mut self, amount: Uint128) -> Result<(), ContractError> {
        let short = ContractError::InsufficientCredits {
            available: self.free,
            required: amount,
        };
        self.free = self.free.checked_sub(amount).map_err(|_| short)?;
        Ok(())
    }
}

/// Adds to an account's free Credits.
pub fn credit(storage: &mut dyn Storage, account: &Account, amount: Uint128) -> StdResult<()> {
    let mut holder = Holder::load(storage, account)?;
    holder.add(amount)?;
    holder.save(storage, account);
    Ok(())
}

/// Takes from an account's free Credits; refuses more than there is.
pub fn debit(storage: &mut dyn Storage, account: &Account, amount: Uint128) -> Result<(), ContractError> {
    let mut holder = Holder::load(storage, account)?;
    holder.take(amount)?;
    holder.save(storage, account);
    Ok(())
}

impl Row for Holder {
    fn write(&self, to: &mut Writer) {
        to.int(self.free);
        if self.registered {
            to.int(1u8);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            free: from.amount()?,
            registered: !from.is_empty() && from.flag()?,
        })
    }
}

/// Where a spending account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Withdrawn; only the shortfall mark is left.
    Closed,
    Open,
    Closing {
        since: u64,
        /// Fixed when closing starts, so that no later parameter prolongs it.
        withdrawable_at: u64,
    },
}

/// Credits promised to one gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// µCredit left.
    pub amount: Uint128,
    /// µCredit that one UTC day can charge; see `limit`.
    pub max_per_day: Uint128,
    /// A lower bound and the time from which it is in force.
    pub lowered: Option<(Uint128, u64)>,
    pub opened_at: u64,
    pub phase: Phase,
    /// Day of the newest charge.
    pub day: u64,
    /// µCredit charged on that day.
    pub charged: Uint128,
    /// µCredit of attested usage that could not be charged; a mark, never a debt.
    pub shortfall: Uint128,
}

/// Seconds after closing for which a gateway may still have served calls.
pub const CLOSING_GRACE: u64 = 60;
/// Seconds until a lower daily bound is in force. Reports arrive within minutes; without the delay a user could have calls served, lower the bound before they
/// are settled, and walk away with what was promised for them.
pub const LOWERING_DELAY: u64 = 3_600;

impl Spending {
    /// A fresh account; keeps the mark of an earlier one.
    pub fn open(amount: Uint128, max_per_day: Uint128, now: u64, shortfall: Uint128) -> Self {
        Self {
            amount,
            max_per_day,
            lowered: None,
            opened_at: now,
            phase: Phase::Open,
            day: 0,
            charged: Uint128::zero(),
            shortfall,
        }
    }

    /// Whether a charge for calls up to `last` may be taken at `now`. From the moment the rest can be withdrawn nothing is charged any more.
    pub fn accepts(&self, last: u64, now: u64) -> Result<(), EntryOutcome> {
        match self.phase {
            Phase::Closed => Err(EntryOutcome::NoSpendingAccount),
            _ if last < self.opened_at => Err(EntryOutcome::NoSpendingAccount),
            Phase::Open => Ok(()),
            Phase::Closing { since, withdrawable_at } => {
                match last <= since.saturating_add(CLOSING_GRACE) && now < withdrawable_at {
                    true => Ok(()),
                    false => Err(EntryOutcome::Closed),
                }
            }
        }
    }

    /// The daily bound in force.
    pub fn limit(&self, now: u64) -> Uint128 {
        match self.lowered {
            Some((limit, from)) if from <= now => limit,
            _ => self.max_per_day,
        }
    }

    /// Raises the daily bound at once, or lowers it an hour from now.
    pub fn set_limit(&mut self, limit: Uint128, now: u64) {
        let current = self.limit(now);
        self.max_per_day = current.max(limit);
        self.lowered = (limit < current).then_some((limit, now.saturating_add(LOWERING_DELAY)));
    }

    /// min(amount, limit − charged today).
    pub fn chargeable(&self, now: u64) -> Uint128 {
        let charged = if self.day == Day::of(now).index() {
            self.charged
        } else {
            Uint128::zero()
        };
        self.limit(now).saturating_sub(charged).min(self.amount)
    }

    /// Takes as much of `due` as can be charged today, marks the rest, and answers what was taken.
    pub fn charge(&mut self, due: Uint128, now: u64) -> StdResult<Uint128> {
        let paid = due.min(self.chargeable(now));
        let today = Day::of(now).index();
        if self.day != today {
            self.day = today;
            self.charged = Uint128::zero();
        }
        self.charged = self.charged.checked_add(paid)?;
        self.amount = self.amount.checked_sub(paid)?;
        self.shortfall = self.shortfall.saturating_add(due.checked_sub(paid)?);
        Ok(paid)
    }
}

impl Phase {
    fn read(from: &mut Reader) -> StdResult<Self> {
        match from.int::<u8>()? {
            0 => Ok(Self::Open),
            1 => Ok(Self::Closed),
            2 => Ok(Self::Closing {
                since: from.int()?,
                withdrawable_at: from.int()?,
            }),
            code => Err(StdError::parse_err("Phase", format!("code {code}"))),
        }
    }
}

impl Row for Spending {
    fn write(&self, to: &mut Writer) {
        to.int(self.amount);
        to.int(self.max_per_day);
        to.int(self.opened_at);
        to.int(self.day);
        to.int(self.charged);
        to.int(self.shortfall);
        match self.phase {
            Phase::Open if self.lowered.is_none() => return,
            Phase::Open => to.int(0u8),
            Phase::Closed => to.int(1u8),
            Phase::Closing { since, withdrawable_at } => {
                to.int(2u8);
                to.int(since);
                to.int(withdrawable_at);
            }
        }
        if let Some((limit, from)) = self.lowered {
            to.int(limit);
            to.int(from);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            amount: from.amount()?,
            max_per_day: from.amount()?,
            opened_at: from.int()?,
            day: from.int()?,
            charged: from.amount()?,
            shortfall: from.amount()?,
            phase: match from.is_empty() {
                true => Phase::Open,
                false => Phase::read(from)?,
            },
            lowered: match from.is_empty() {
                true => None,
                false => Some((from.amount()?, from.int()?)),
            },
        })
    }
}

/// A gateway admitted by governance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    pub payout: Account,
    pub suspended: bool,
}

impl Gateway {
    /// Refuses an id that was never admitted.
    pub fn load(storage: &dyn Storage, gateway: u64) -> Result<Self, ContractError> {
        GATEWAYS
            .may_load(storage, &gateway)?
            .ok_or(ContractError::GatewayUnknown { gateway })
    }

    /// Refuses one that is suspended, too.
    pub fn load_serving(storage: &dyn Storage, gateway: u64) -> Result<Self, ContractError> {
        let row = Self::load(storage, gateway)?;
        match row.suspended {
            true => Err(ContractError::GatewaySuspended { gateway }),
            false => Ok(row),
        }
    }
}

impl Row for Gateway {
    fn write(&self, to: &mut Writer) {
        to.int(u8::from(self.suspended));
        to.account(&self.payout);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            suspended: from.flag()?,
            payout: from.account()?,
        })
    }
}

/// One version of a SKU's prices, µCredit per 10⁶ units; in force from `from` until the next version's `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    pub from: u64,
    pub list: Uint128,
    pub cost: Uint128,
}

/// A SKU: whose it is, what it costs, and for whom it is reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateCard {
    pub gateway: u64,
    /// Oldest first, strictly rising `from`, at least one.
    pub versions: Vec<Version>,
    /// Whether anybody was ever granted units of it; settlement looks up entitlements only then.
    pub granted: bool,
    /// Half-open time of exclusivity; empty if it never was exclusive.
    pub exclusive_from: u64,
    pub exclusive_until: u64,
}

impl RateCard {
    /// The highest list and the highest cost in force anywhere in the half-open window; none if no version was.
    pub fn ceiling(&self, window_start: u64, window_end: u64) -> Option<(Uint128, Uint128)> {
        let ends = self.versions.iter().skip(1).map(|next| next.from).chain([u64::MAX]);
        let in_force = self.versions.iter().zip(ends).filter(|(version, end)| {
            // a version overlaps the window
            version.from < window_end && *end > window_start
        });
        in_force.fold(None, |highest: Option<(Uint128, Uint128)>, (version, _)| {
            let (list, cost) = highest.unwrap_or_default();
            Some((list.max(version.list), cost.max(version.cost)))
        })
    }

    /// Makes the SKU exclusive from now until then; a running exclusivity is only ever prolonged. A time that is past changes nothing.
    pub fn reserve(&mut self, now: u64, until: u64) {
        if until <= now {
            return;
        }
        if self.exclusive_until <= now {
            self.exclusive_from = now;
        }
        self.exclusive_until = self.exclusive_until.max(until);
    }
}

impl Row for RateCard {
    fn write(&self, to: &mut Writer) {
        to.int(self.gateway);
        to.int(u8::from(self.granted));
        to.int(self.exclusive_from);
        to.int(self.exclusive_until);
        for version in &self.versions {
            to.int(version.from);
            to.int(version.list);
            to.int(version.cost);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let mut card = Self {
            gateway: from.int()?,
            granted: from.flag()?,
            exclusive_from: from.int()?,
            exclusive_until: from.int()?,
            versions: Vec::new(),
        };
        while !from.is_empty() {
            card.versions.push(Version {
                from: from.int()?,
                list: from.amount()?,
                cost: from.amount()?,
            });
        }
        Ok(card)
    }
}

/// A gateway's week. Σ (revenue + held + forfeited) over all weeks that are not released = `Totals::revenue`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeekRow {
    /// µCredit charged, without what is held or was returned.
    pub revenue: Uint128,
    /// Attested cost of that revenue, ≤ revenue.
    pub cost: Uint128,
    /// Attested cost of the champion's free calls, which the fund makes good.
    pub free_cost: Uint128,
    /// µCredit set apart by open challenges.
    pub held: Uint128,
    /// Number of charges set apart.
    pub open: u64,
    /// Floor of returned charges.
    pub forfeited: Uint128,
    /// µLCO mined.
    pub mined: Uint128,
    pub released: bool,
}

impl WeekRow {
    pub fn load(storage: &dyn Storage, gateway: u64, week: Week) -> StdResult<Self> {
        Ok(WEEKS.may_load(storage, &(gateway, week.index()))?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage, gateway: u64, week: Week) {
        WEEKS.save(storage, &(gateway, week.index()), self);
    }

    /// Books one settled entry.
    pub fn book(&mut self, charge: &Charge) -> StdResult<()> {
        self.revenue = self.revenue.checked_add(charge.charged)?;
        self.cost = self.cost.checked_add(charge.cost)?;
        self.free_cost = self.free_cost.checked_add(charge.free_cost)?;
        Ok(())
    }

    /// Takes one out again.
    pub fn unbook(&mut self, charge: &Charge) -> StdResult<()> {
        self.revenue = self.revenue.checked_sub(charge.charged)?;
        self.cost = self.cost.checked_sub(charge.cost)?;
        self.free_cost = self.free_cost.checked_sub(charge.free_cost)?;
        Ok(())
    }
}

impl Row for WeekRow {
    fn write(&self, to: &mut Writer) {
        to.ints([
            self.revenue,
            self.cost,
            self.free_cost,
            self.held,
            self.forfeited,
            self.mined,
        ]);
        to.int(self.open);
        to.int(u8::from(self.released));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            revenue: from.amount()?,
            cost: from.amount()?,
            free_cost: from.amount()?,
            held: from.amount()?,
            forfeited: from.amount()?,
            mined: from.amount()?,
            open: from.int()?,
            released: from.flag()?,
        })
    }
}

/// One settled entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub outcome: EntryOutcome,
    /// Whose; none for an entry that was skipped.
    pub account: Option<Account>,
    /// µCredit taken from the spending account.
    pub charged: Uint128,
    /// Attested cost of that, ≤ charged.
    pub cost: Uint128,
    /// Attested cost of free calls.
    pub free_cost: Uint128,
}

impl Charge {
    pub fn skipped(outcome: EntryOutcome) -> Self {
        Self {
            outcome,
            account: None,
            charged: Uint128::zero(),
            cost: Uint128::zero(),
            free_cost: Uint128::zero(),
        }
    }

    /// Whether there is anything that a challenge could set apart.
    pub fn is_empty(&self) -> bool {
        self.charged.is_zero() && self.free_cost.is_zero()
    }
}

/// A settled report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub at: u64,
    pub charges: Vec<Charge>,
}

impl Settled {
    /// Refuses a report that was never settled.
    pub fn load(storage: &dyn Storage, report: ReportRef) -> Result<Self, ContractError> {
        SETTLED
            .may_load(storage, &ReportKey(report))?
            .ok_or(ContractError::ReportUnknown { report })
    }

    /// The week whose revenue it is.
    pub fn week(&self) -> Week {
        Week::of(self.at)
    }
}

/// Header bits of an entry above its outcome, which takes the low four.
const HAS_ACCOUNT: u8 = 0x10;
const SAME_ACCOUNT: u8 = 0x20;

impl Row for Settled {
    fn write(&self, to: &mut Writer) {
        to.int(self.at);
        let mut before: Option<&Account> = None;
        for charge in &self.charges {
            let code = charge.outcome.code();
            match &charge.account {
                None => {
                    to.int(code);
                    continue;
                }
                Some(account) if before == Some(account) => to.int(code | SAME_ACCOUNT),
                Some(account) => {
                    to.int(code | HAS_ACCOUNT);
                    to.account(account);
                    before = Some(account);
                }
            }
            to.ints([charge.charged, charge.cost, charge.free_cost]);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let at = from.int()?;
        let mut charges = Vec::new();
        let mut before = None;
        while !from.is_empty() {
            let header: u8 = from.int()?;
            let outcome = EntryOutcome::from_code(header & 0x0f)
                .ok_or_else(|| StdError::parse_err("EntryOutcome", format!("code {header}")))?;
            let mut charge = Charge::skipped(outcome);
            if header & HAS_ACCOUNT != 0 {
                before = Some(from.account()?);
            }
            if header & (HAS_ACCOUNT | SAME_ACCOUNT) != 0 {
                charge.account.clone_from(&before);
                charge.charged = from.amount()?;
                charge.cost = from.amount()?;
                charge.free_cost = from.amount()?;
            }
            charges.push(charge);
        }
        Ok(Self { at, charges })
    }
}

/// What a challenge has made of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChargeState {
    Held,
    Returned,
}

impl Row for ChargeState {
    fn write(&self, to: &mut Writer) {
        to.int(match self {
            Self::Held => 1u8,
            Self::Returned => 2,
        });
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        match from.int::<u8>()? {
            1 => Ok(Self::Held),
            2 => Ok(Self::Returned),
            code => Err(StdError::parse_err("ChargeState", format!("code {code}"))),
        }
    }
}

/// The champion of one week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeCalls {
    pub account: Account,
    /// µCredit of charges left.
    pub left: Uint128,
}

impl Row for FreeCalls {
    fn write(&self, to: &mut Writer) {
        to.account(&self.account);
        to.int(self.left);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            account: from.account()?,
            left: from.amount()?,
        })
    }
}

/// A report as it stands in keys.
pub struct ReportKey(pub ReportRef);

impl Key for ReportKey {
    fn push(&self, to: &mut Vec<u8>) {
        let ReportRef {
            gateway,
            key_epoch,
            seq,
        } = self.0;
        (gateway, (key_epoch, seq)).push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (gateway, (key_epoch, seq)) = Key::pull(from)?;
        Ok(Self(ReportRef {
            gateway,
            key_epoch,
            seq,
        }))
    }
}

impl Fixed for ReportKey {
    const WIDTH: usize = 20;
}

/// A charge as it stands in keys.
pub struct ChargeKey(pub ChargeRef);

impl Key for ChargeKey {
    fn push(&self, to: &mut Vec<u8>) {
        (ReportKey(self.0.report), self.0.entry).push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (ReportKey(report), entry) = Key::pull(from)?;
        Ok(Self(ChargeRef { report, entry }))
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockStorage};
    use kit::compact::encode;
    use proptest::prelude::*;

    use super::*;

    const DAY: u64 = 86_400;

    fn account(name: &str) -> Account {
        let api = MockApi::default();
        Account::parse(&api, api.addr_make(name).as_str()).unwrap()
    }

    fn amount(value: u128) -> Uint128 {
        Uint128::new(value)
    }

    /// Every row comes back from storage as it went in.
    fn round_trip<K: Key, V: Row + PartialEq + std::fmt::Debug>(table: &Table<K, V>, key: K, row: V) {
        let mut storage = MockStorage::new();
        table.save(&mut storage, &key, &row);
        assert_eq!(table.may_load(&storage, &key).unwrap(), Some(row));
    }

    fn spending(phase: Phase) -> Spending {
        Spending {
            phase,
            ..Spending::open(amount(100), amount(60), 1_000, amount(7))
        }
    }

    #[test]
    fn rows_come_back() {
        round_trip(
            &HOLDERS,
            account("a"),
            Holder {
                free: amount(5),
                registered: false,
            },
        );
        round_trip(
            &HOLDERS,
            account("a"),
            Holder {
                free: amount(0),
                registered: true,
            },
        );
        for phase in [
            Phase::Open,
            Phase::Closed,
            Phase::Closing {
                since: 5,
                withdrawable_at: 9,
            },
        ] {
            for lowered in [None, Some((amount(5), 1_767_571_200))] {
                let row = Spending {
                    lowered,
                    ..spending(phase)
                };
                round_trip(&SPENDING, (account("a"), 3), row);
            }
        }
        round_trip(
            &GATEWAYS,
            7,
            Gateway {
                payout: account("p"),
                suspended: true,
            },
        );
        for state in [ChargeState::Held, ChargeState::Returned] {
            let report = ReportRef {
                gateway: 1,
                key_epoch: 2,
                seq: 3,
            };
            round_trip(&CHARGES, ChargeKey(ChargeRef { report, entry: 65_535 }), state);
        }
        round_trip(
            &FREE_CALLS,
            9,
            FreeCalls {
                account: account("c"),
                left: amount(1),
            },
        );
    }

    /// 30 gas a byte: the sizes that the tables above promise, for a ledger of ten million Credits.
    #[test]
    fn typical_rows_are_as_small_as_promised() {
        fn size(row: &impl Row) -> usize {
            encode(row).len()
        }
        let (ledger, week, purse) = (amount(10u128.pow(13)), amount(10u128.pow(10)), amount(10u128.pow(9)));
        let totals = Totals {
            supply: ledger,
            reserve: ledger,
            revenue: week,
            consumed: ledger,
        };
        let spending = Spending {
            day: 20_458,
            charged: purse,
            ..Spending::open(purse, purse, 1_767_571_200, amount(0))
        };
        let row = WeekRow {
            revenue: week,
            cost: week,
            mined: week,
            ..WeekRow::default()
        };
        assert_eq!(
            [size(&totals), size(&spending), size(&row), size(&purse)],
            [26, 24, 20, 5]
        );
        let paid = Charge {
            account: Some(account("a")),
            charged: purse,
            cost: purse,
            ..Charge::skipped(EntryOutcome::Charged)
        };
        let charges = vec![paid.clone(), paid, Charge::skipped(EntryOutcome::Closed)];
        // time 5; header, length and 32 bytes of account, amounts 11; the account's second entry without it; one byte for a skipped entry
        assert_eq!(
            size(&Settled {
                at: 1_767_571_200,
                charges
            }),
            5 + (34 + 11) + 12 + 1
        );
    }

    #[test]
    fn report_keys_come_back() {
        let report = ReportRef {
            gateway: u64::MAX,
            key_epoch: 7,
            seq: 1 << 40,
        };
        let charge = ChargeRef { report, entry: 513 };
        let mut bytes = vec![];
        ChargeKey(charge).push(&mut bytes);
        assert_eq!(bytes.len(), 22);
        assert_eq!(ChargeKey::pull(&bytes).unwrap().0, charge);
        assert!(ChargeKey::pull(&bytes[..21]).is_err());
        assert!(ReportKey::pull(&bytes[..19]).is_err());
    }

    #[test]
    fn settled_reports_come_back_and_name_a_repeated_account_once() {
        let paid = |name, charged| Charge {
            account: Some(account(name)),
            charged: amount(charged),
            cost: amount(charged / 2),
            ..Charge::skipped(EntryOutcome::Charged)
        };
        let charges = vec![
            Charge::skipped(EntryOutcome::UnknownSku),
            paid("a", 10),
            paid("a", 300),
            Charge::skipped(EntryOutcome::GatewayNotAdmitted),
            paid("a", 5),
            Charge {
                outcome: EntryOutcome::Shortfall,
                ..paid("b", 0)
            },
        ];
        let row = Settled {
            at: 1_790_000_000,
            charges,
        };
        let report = ReportRef {
            gateway: 1,
            key_epoch: 1,
            seq: 1,
        };
        round_trip(&SETTLED, ReportKey(report), row);
    }

    #[test]
    fn holder_without_anything_leaves_no_row() {
        let mut storage = MockStorage::new();
        credit(&mut storage, &account("a"), amount(5)).unwrap();
        debit(&mut storage, &account("a"), amount(5)).unwrap();
        assert!(!HOLDERS.has(&storage, &account("a")));
        let error = debit(&mut storage, &account("a"), amount(1)).unwrap_err();
        assert_eq!(
            error,
            ContractError::InsufficientCredits {
                available: amount(0),
                required: amount(1)
            }
        );
    }

    #[test]
    fn registered_holder_keeps_its_mark_at_zero() {
        let mut storage = MockStorage::new();
        Holder {
            free: amount(5),
            registered: true,
        }
        .save(&mut storage, &account("a"));
        debit(&mut storage, &account("a"), amount(5)).unwrap();
        assert!(Holder::load(&storage, &account("a")).unwrap().registered);
    }

    #[test]
    fn call_is_accepted_by_phase_and_time() {
        let closing = Phase::Closing {
            since: 2_000,
            withdrawable_at: 5_600,
        };
        let (none, closed) = (Err(EntryOutcome::NoSpendingAccount), Err(EntryOutcome::Closed));
        let cases = [
            ("open", Phase::Open, 1_500, 1_600, Ok(())),
            ("call in the second of opening", Phase::Open, 1_000, 1_600, Ok(())),
            ("call before opening", Phase::Open, 999, 1_600, none),
            ("withdrawn", Phase::Closed, 1_500, 1_600, none),
            ("closing, call before", closing, 1_999, 3_000, Ok(())),
            ("closing, last second of grace", closing, 2_060, 3_000, Ok(())),
            ("closing, a second later", closing, 2_061, 3_000, closed),
            ("closing, last second of the window", closing, 2_000, 5_599, Ok(())),
            ("closing, window over", closing, 2_000, 5_600, closed),
            ("closing, call before opening", closing, 999, 3_000, none),
        ];
        for (name, phase, last, now, expected) in cases {
            assert_eq!(spending(phase).accepts(last, now), expected, "{name}");
        }
    }

    #[test]
    fn daily_limit_bounds_each_day_and_starts_anew_at_midnight() {
        let mut row = spending(Phase::Open);
        let (today, tomorrow) = (20 * DAY + 7, 21 * DAY);
        assert_eq!(row.charge(amount(40), today).unwrap(), amount(40));
        assert_eq!(row.charge(amount(40), today).unwrap(), amount(20));
        assert_eq!(row.chargeable(today), amount(0));
        assert_eq!(row.chargeable(tomorrow), amount(40));
        assert_eq!(row.charge(amount(70), tomorrow).unwrap(), amount(40));
        // 20 over the limit on the first day, 30 over the amount on the second, 7 from before
        assert_eq!(row.shortfall, amount(57));
        assert_eq!(row.amount, amount(0));
    }

    #[test]
    fn daily_limit_rises_at_once_and_falls_an_hour_later() {
        let mut row = spending(Phase::Open);
        let limits = |row: &Spending, times: [u64; 3]| times.map(|time| row.limit(time).u128());
        row.set_limit(amount(80), 5_000);
        assert_eq!(limits(&row, [5_000, 8_600, 90_000]), [80, 80, 80]);
        row.set_limit(amount(30), 5_000);
        assert_eq!(limits(&row, [5_000, 8_599, 8_600]), [80, 80, 30]);
        // lowered again while it waits: the hour starts anew, at the bound that is still in force
        row.set_limit(amount(20), 8_000);
        assert_eq!(limits(&row, [8_600, 11_599, 11_600]), [80, 80, 20]);
        // raised above what waits, below what is in force: still a lowering
        row.set_limit(amount(50), 9_000);
        assert_eq!(limits(&row, [11_600, 12_599, 12_600]), [80, 80, 50]);
        // once in force it is what later changes start from
        row.set_limit(amount(60), 20_000);
        assert_eq!(limits(&row, [19_999, 20_000, 90_000]), [60, 60, 60]);
        assert_eq!(row.lowered, None);
    }

    fn card(versions: &[(u64, u128, u128)]) -> RateCard {
        let version = |&(from, list, cost): &(u64, u128, u128)| Version {
            from,
            list: amount(list),
            cost: amount(cost),
        };
        let versions = versions.iter().map(version).collect();
        RateCard {
            gateway: 1,
            versions,
            granted: false,
            exclusive_from: 50,
            exclusive_until: 60,
        }
    }

    #[test]
    fn highest_version_in_the_window_counts() {
        let card = card(&[(100, 10, 3), (200, 30, 2), (300, 20, 9)]);
        let cases = [
            ("before any", 0, 100, None),
            ("touches the first", 0, 101, Some((10, 3))),
            ("within the first", 100, 200, Some((10, 3))),
            ("reaches the second", 100, 201, Some((30, 3))),
            ("starts as the second does", 200, 300, Some((30, 2))),
            ("spans all", 0, 1_000, Some((30, 9))),
            ("last second of the second", 299, 301, Some((30, 9))),
            ("only the third", 300, 301, Some((20, 9))),
            ("far later", 1 << 40, 1 << 41, Some((20, 9))),
        ];
        for (name, start, end, expected) in cases {
            let expected = expected.map(|(list, cost)| (amount(list), amount(cost)));
            assert_eq!(card.ceiling(start, end), expected, "{name}");
        }
    }

    #[test]
    fn exclusivity_is_prolonged_or_starts_anew() {
        let mut card = card(&[]);
        let mut after = |now, until| {
            card.reserve(now, until);
            (card.exclusive_from, card.exclusive_until)
        };
        assert_eq!(after(55, 55), (50, 60), "a time that is past");
        assert_eq!(after(55, 58), (50, 60), "never shortened");
        assert_eq!(after(59, 70), (50, 70), "prolonged");
        assert_eq!(after(70, 80), (70, 80), "over at its end");
    }

    proptest! {
        #[test]
        fn reserve_backs_supply_and_revenue_whatever_happens(steps in prop::collection::vec((0..4u8, 0..1_000u128), 0..60)) {
            let mut totals = Totals::default();
            for (step, value) in steps {
                let before = totals.clone();
                let value = amount(value);
                let done = match step {
                    0 => totals.deposit(value),
                    1 => totals.redeem(value),
                    2 => totals.charge(value),
                    _ => totals.release(value),
                };
                if done.is_err() {
                    // nothing is saved after an error
                    totals = before;
                }
                prop_assert_eq!(totals.reserve, totals.supply + totals.revenue);
            }
        }

        #[test]
        fn charges_never_exceed_amount_or_limit(
            promised in 0..1_000u128, limit in 1..500u128, dues in prop::collection::vec((0..300u128, 0..4u64), 0..40),
        ) {
            let mut row = Spending::open(amount(promised), amount(limit), 0, amount(0));
            let (mut paid, mut due_total, mut today, mut charged_today) = (0, 0, 1, 0);
            for (due, days) in dues {
                if days == 3 { today += 1; charged_today = 0; }
                let taken = row.charge(amount(due), today * DAY).unwrap().u128();
                prop_assert_eq!(taken, due.min(promised - paid).min(limit - charged_today));
                paid += taken;
                charged_today += taken;
                due_total += due;
                prop_assert_eq!(row.amount, amount(promised - paid));
                prop_assert_eq!(row.shortfall, amount(due_total - paid));
            }
        }
    }
}
