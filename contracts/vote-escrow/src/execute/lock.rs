//! Making, increasing and extending locks.

use cosmwasm_std::{from_json, to_json_binary, Addr, Response, StdResult, Uint128, WasmMsg};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use interfaces::vote_escrow::{Cw20Hook, GateQuery, MAX_LOCK_SECONDS, MIN_LOCK_SECONDS};
use kit::assert_sender;
use kit::compact::Account;
use kit::escrow::Lock;
use math::time::SECONDS_PER_DAY;
use math::vote_escrow::end_of;
use math::MathError;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{lock, present, Book, Config};

/// VCAI arrived. The token vouches for sender and amount; nobody else is believed.
pub fn receive(ctx: &mut Context, notice: &Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let config = Config::load(ctx.storage)?;
    assert_sender(ctx.sender, &config.vcai, "coin")?;
    if notice.amount.is_zero() {
        return Err(ContractError::Zero);
    }
    let from = Addr::unchecked(&notice.sender);
    let arrival = |account| Arrival {
        config: &config,
        by: &notice.sender,
        account,
        amount: notice.amount,
    };
    match from_json(&notice.msg)? {
        Cw20Hook::Lock { until } => create(ctx, &arrival(from), until),
        Cw20Hook::IncreaseAmount {} => increase(ctx, &arrival(from), None),
        Cw20Hook::LockFor { beneficiary, until } => {
            assert_sender(&from, &config.token_allocation, "token allocation")?;
            let arrival = arrival(ctx.api.addr_validate(&beneficiary)?);
            let who = Account::trusted(ctx.api, arrival.account.as_str())?;
            match lock(ctx.storage, &who)?.held() {
                0 => create(ctx, &arrival, until),
                _ => increase(ctx, &arrival, Some(until)),
            }
        }
    }
}

/// VCAI on its way into a lock.
struct Arrival<'a> {
    config: &'a Config,
    by: &'a str,
    /// Whose lock it becomes.
    account: Addr,
    amount: Uint128,
}

fn create(ctx: &mut Context, arrival: &Arrival, until: u64) -> Result<Response, ContractError> {
    let Arrival { config, account, .. } = arrival;
    let who = Account::trusted(ctx.api, account.as_str())?;
    let old = lock(ctx.storage, &who)?;
    if old.held() > 0 {
        return Err(has_lock(ctx, account, &old));
    }
    let end = checked_end(until, ctx.now())?;
    let earliest = ctx.now().saturating_add(MIN_LOCK_SECONDS);
    if end < earliest {
        return Err(ContractError::TooEarly { earliest, actual: end });
    }
    // an account that ever locked has paid, or came before there was a fee
    let fee = match old == Lock::default() {
        true => config.fee(),
        false => Uint128::zero(),
    };
    let amount = after_fee(arrival, fee)?;
    admit(ctx, config, account)?;
    let after = write(ctx, &who, &old, amount, end)?;
    let happened = Happened::Lock {
        by: arrival.by,
        account,
        fee,
        after: &after,
    };
    let response = Response::new().add_event(happened);
    Ok(match &config.account_fee {
        Some((_, to)) if !fee.is_zero() => response.add_message(transfer(&config.vcai, to, fee)?),
        _ => response,
    })
}

fn has_lock(ctx: &Context, account: &Addr, old: &Lock) -> ContractError {
    match old.is_live(ctx.now()) {
        true => ContractError::HasLock {
            account: account.clone(),
            amount: old.amount.into(),
            end: old.end,
        },
        false => ended(account, old),
    }
}

fn ended(account: &Addr, old: &Lock) -> ContractError {
    ContractError::Ended {
        account: account.clone(),
        end: old.end,
    }
}

/// The amount that is locked, which the smallest lock bounds.
fn after_fee(arrival: &Arrival, fee: Uint128) -> Result<u128, ContractError> {
    let min = arrival.config.min_lock;
    let amount = arrival.amount.checked_sub(fee).ok().filter(|rest| *rest >= min);
    let actual = arrival.amount;
    Ok(amount.ok_or(ContractError::BelowMinimum { min, fee, actual })?.u128())
}

/// Asks the gate, if there is one. One that does not answer admits nobody.
fn admit(ctx: &Context, config: &Config, account: &Addr) -> Result<(), ContractError> {
    let Some(gate) = &config.gate else {
        return Ok(());
    };
    let address = account.to_string();
    let answer: StdResult<bool> = ctx.querier.query_wasm_smart(gate, &GateQuery::Admits { address });
    let reason = match answer {
        Ok(true) => return Ok(()),
        Ok(false) => "it says no".to_owned(),
        Err(error) => error.to_string(),
    };
    Err(ContractError::NotAdmitted {
        gate: gate.clone(),
        account: account.clone(),
        reason,
    })
}

/// The day a lock until `until` ends on. A time far beyond the longest lock is a mistake, such as milliseconds, and nobody shall pay four years for it.
fn checked_end(until: u64, now: u64) -> Result<u64, ContractError> {
    let latest = now.saturating_add(MAX_LOCK_SECONDS).saturating_add(SECONDS_PER_DAY);
    match until <= latest {
        true => Ok(end_of(until, now)),
        false => Err(ContractError::TooLate { latest, actual: until }),
    }
}

/// Adds to a lock that has not ended; the root is taken of the sum. `until` extends it where it is later.
fn increase(ctx: &mut Context, arrival: &Arrival, until: Option<u64>) -> Result<Response, ContractError> {
    let account = &arrival.account;
    let who = Account::trusted(ctx.api, account.as_str())?;
    let old = live(ctx, account, &who)?;
    let sum = old.amount.checked_add(arrival.amount.u128());
    let end = match until {
        Some(until) => checked_end(until, ctx.now())?.max(old.end),
        None => old.end,
    };
    let after = write(ctx, &who, &old, sum.ok_or(MathError::Overflow)?, end)?;
    let happened = Happened::Increase {
        by: arrival.by,
        account,
        amount: arrival.amount,
        after: &after,
    };
    Ok(Response::new().add_event(happened))
}

/// Moves the end of the sender's lock to a later day.
pub fn extend(ctx: &mut Context, until: u64) -> Result<Response, ContractError> {
    let account = ctx.sender;
    let who = Account::trusted(ctx.api, account.as_str())?;
    let old = live(ctx, account, &who)?;
    let end = checked_end(until, ctx.now())?;
    if end <= old.end {
        return Err(ContractError::NotLater {
            end: old.end,
            actual: end,
        });
    }
    let after = write(ctx, &who, &old, old.amount, end)?;
    let happened = Happened::Extend { account, after: &after };
    Ok(Response::new().add_event(happened))
}

/// The lock of an account, which must not have ended.
fn live(ctx: &Context, account: &Addr, who: &Account) -> Result<Lock, ContractError> {
    let old = lock(ctx.storage, who)?;
    match old.held() {
        0 => Err(ContractError::NoLock {
            account: account.clone(),
        }),
        _ if old.is_live(ctx.now()) => Ok(old),
        _ => Err(ended(account, &old)),
    }
}

fn write(ctx: &mut Context, who: &Account, old: &Lock, amount: u128, end: u64) -> Result<Lock, ContractError> {
    let mut book = Book::open(ctx.storage, ctx.env)?;
    let after = book.change(ctx.storage, who, old, amount, end)?;
    book.close(ctx.storage);
    Ok(after)
}

/// A payment of VCAI.
pub fn transfer(vcai: &Addr, to: &Addr, amount: Uint128) -> StdResult<WasmMsg> {
    let msg = Cw20ExecuteMsg::Transfer {
        recipient: to.to_string(),
        amount,
    };
    Ok(WasmMsg::Execute {
        contract_addr: vcai.to_string(),
        msg: to_json_binary(&msg)?,
        funds: vec![],
    })
}

/// Records this block.
pub fn mark(ctx: &mut Context) -> Result<Response, ContractError> {
    let mut book = Book::open(ctx.storage, ctx.env)?;
    book.mark(ctx.storage)?;
    book.close(ctx.storage);
    Ok(Response::new().add_event(Happened::Mark(present(ctx.env))))
}
