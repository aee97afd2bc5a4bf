//! Closed days are paid.

use cosmwasm_std::{wasm_execute, Addr, Api, Order, Response, StdResult, Storage};
use cw20::Cw20ExecuteMsg;
use interfaces::incentive_controller::{ClaimResponse, MAX_DAYS};
use kit::compact::Account;
use math::incentives::{REFERRAL_BPS, REFERRAL_DAYS};
use math::Bps;

use super::{advance, Context};
use crate::error::ContractError;
use crate::events;
use crate::pay::{pools_of_day, DayPay, DayRates};
use crate::state::{
    add, closes_at, epoch_of, Referral, Share, BOOK, CLOCK, CONFIG, DAYS, INCOME, KEEPABLE, REFERRALS, SHARES,
};

/// The days of a claim, both included.
#[derive(Clone, Copy)]
pub struct Range {
    pub from: u64,
    pub to: u64,
}

impl Range {
    /// Refuses a range that is empty, too long, or not closed yet.
    pub fn check(self, now: u64) -> Result<(), ContractError> {
        let Self { from, to } = self;
        match to.checked_sub(from) {
            Some(days) if days < MAX_DAYS => {}
            _ => return Err(ContractError::Range { from, to }),
        }
        let at = closes_at(to);
        match now < at {
            true => Err(ContractError::DayOpen { day: to, at, now }),
            false => Ok(()),
        }
    }
}

pub fn claim(ctx: &mut Context, range: Range) -> Result<Response, ContractError> {
    let account = ctx.sender.clone();
    pay(ctx, &account, range)
}

/// Only for those who allow it: when money arrives matters to some.
pub fn pay_out(ctx: &mut Context, account: &str, range: Range) -> Result<Response, ContractError> {
    let account = ctx.api.addr_validate(account)?;
    if !KEEPABLE.has(ctx.storage, &account) {
        return Err(ContractError::NotAllowed { account });
    }
    pay(ctx, &account, range)
}

fn pay(ctx: &mut Context, account: &Addr, range: Range) -> Result<Response, ContractError> {
    range.check(ctx.now())?;
    let (_, advanced) = advance::catch_up(ctx)?;
    let days = shares(ctx.storage, ctx.api, account, range)?;
    let due = due(ctx.storage, account, &days)?;
    if days.is_empty() && due.total.is_zero() {
        return Err(ContractError::NothingToClaim {
            account: account.clone(),
            from: range.from,
            to: range.to,
        });
    }
    remove(ctx, account, &days)?;
    book(ctx.storage, account, &due)?;
    let response = Response::new()
        .add_events(advanced)
        .add_event(events::claimed(account, range, &due));
    if due.total.is_zero() {
        return Ok(response);
    }
    let transfer = Cw20ExecuteMsg::Transfer {
        recipient: account.to_string(),
        amount: due.total,
    };
    let vcai = CONFIG.load(ctx.storage)?.vcai;
    Ok(response.add_message(wasm_execute(vcai, &transfer, vec![])?))
}

/// The account's days that are not claimed.
pub fn shares(storage: &dyn Storage, api: &dyn Api, account: &Addr, range: Range) -> StdResult<Vec<(u64, Share)>> {
    let account = Account::trusted(api, account.as_str())?;
    let keys = (account.clone(), range.from)..=(account, range.to);
    SHARES
        .range(storage, keys, Order::Ascending)
        .map(|row| row.map(|((_, day), share)| (day, share)))
        .collect()
}

/// What those days pay, and what referrals brought.
pub fn due(storage: &dyn Storage, account: &Addr, days: &[(u64, Share)]) -> Result<ClaimResponse, ContractError> {
    let referral = REFERRALS.may_load(storage, account)?;
    let mut due = ClaimResponse {
        referral_income: INCOME.may_load(storage, account)?.unwrap_or_default(),
        ..ClaimResponse::default()
    };
    due.total = due.referral_income;
    for (day, share) in days {
        let pay = day_pay(storage, *day, share)?;
        accumulate(&mut due, &pay, referral_part(referral.as_ref(), *day, &pay))?;
    }
    Ok(due)
}

fn day_pay(storage: &dyn Storage, day: u64, share: &Share) -> Result<DayPay, ContractError> {
    let Some((start, epoch)) = epoch_of(storage, day)? else {
        let clock = CLOCK.may_load(storage)?.ok_or(ContractError::NotStarted)?;
        return Err(ContractError::NeedsAdvance {
            index: clock.index,
            since: clock.closes_at(),
        });
    };
    let totals = DAYS.may_load(storage, &day)?.unwrap_or_default();
    Ok(DayRates::new(pools_of_day(&epoch, start, day), &totals, epoch.first_access).pay(share))
}

/// 2 % of what the account earned as a node, rounded down, from the day on which it named the referrer and while that lasts.
fn referral_part(referral: Option<&Referral>, day: u64, pay: &DayPay) -> u128 {
    let part = Bps::new(REFERRAL_BPS).unwrap_or_default();
    match referral {
        Some(Referral { until, .. }) if (until.saturating_sub(REFERRAL_DAYS)..*until).contains(&day) => {
            part.of_floor(pay.as_node())
        }
        _ => 0,
    }
}

fn accumulate(due: &mut ClaimResponse, pay: &DayPay, to_referrer: u128) -> Result<(), ContractError> {
    add(&mut due.capacity, pay.capacity)?;
    add(&mut due.bonus, pay.bonus)?;
    add(&mut due.first_access, pay.first_access)?;
    add(&mut due.delivery, pay.delivery)?;
    add(&mut due.rebate, pay.rebate)?;
    add(&mut due.left_over, pay.left_over)?;
    add(&mut due.referral_paid, to_referrer)?;
    let kept = pay.as_node().saturating_add(pay.rebate).saturating_sub(to_referrer);
    add(&mut due.total, kept)
}

/// Days that are paid are gone, so that nothing is paid twice.
fn remove(ctx: &mut Context, account: &Addr, days: &[(u64, Share)]) -> StdResult<()> {
    let account = Account::trusted(ctx.api, account.as_str())?;
    for (day, _) in days {
        SHARES.remove(ctx.storage, &(account.clone(), *day));
    }
    Ok(())
}

fn book(storage: &mut dyn Storage, account: &Addr, due: &ClaimResponse) -> Result<(), ContractError> {
    INCOME.remove(storage, account);
    if let (false, Some(referral)) = (due.referral_paid.is_zero(), REFERRALS.may_load(storage, account)?) {
        let mut income = INCOME.may_load(storage, &referral.referrer)?.unwrap_or_default();
        add(&mut income, due.referral_paid)?;
        INCOME.save(storage, &referral.referrer, &income)?;
    }
    let mut book = BOOK.load(storage)?;
    add(&mut book.paid, due.total)?;
    add(&mut book.left_over, due.left_over)?;
    Ok(BOOK.save(storage, &book)?)
}
