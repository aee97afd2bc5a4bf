//! Locks.

use cosmwasm_std::Response;
use interfaces::ve_rewards::Decay;
use kit::assert_sender;
use kit::compact::Account;
use math::vote_escrow::Line;
use math::{Day, MathError};

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{day, Config, Earner, EARNERS, ENDINGS};
use crate::stream::Stream;

/// A lock was made, increased or extended. What it earned so far is settled with what it weighed so far.
pub fn changed(ctx: &mut Context, account: &str, before: Decay, after: Decay) -> Result<Response, ContractError> {
    assert_sender(ctx.sender, &Config::load(ctx.storage)?.vote_escrow, "escrow")?;
    let account = ctx.api.addr_validate(account)?;
    let who = Account::trusted(ctx.api, account.as_str())?;
    let mut stream = Stream::open(ctx.storage, ctx.now)?;
    let old = Earner::load(ctx.storage, &who)?;
    let actual = old.live(ctx.now);
    if actual != before {
        return Err(ContractError::OutOfStep {
            account,
            expected: before,
            actual,
        });
    }
    ensure_ahead(&after, ctx.now)?;
    let new = Earner {
        slope: after.slope.u128(),
        end: after.end,
        since: stream.index,
        settled: stream.earned_by(ctx.storage, &[], &old)?,
        paid: old.paid,
    };
    stream.replace(line(&before)?, line(&after)?)?;
    stream.save(ctx.storage);
    move_ending(ctx, &before, &after)?;
    EARNERS.save(ctx.storage, &who, &new);
    Ok(Response::new().add_event(Happened::Lock {
        account: &account,
        after,
        time: ctx.now,
    }))
}

fn ensure_ahead(lock: &Decay, now: u64) -> Result<(), ContractError> {
    let midnight = Day::of(lock.end).start() == lock.end;
    match midnight && lock.end > now && !lock.slope.is_zero() {
        true => Ok(()),
        false => Err(ContractError::BadLock { lock: *lock, now }),
    }
}

fn line(lock: &Decay) -> Result<Line, MathError> {
    Line::of(lock.slope.u128(), lock.end)
}

fn move_ending(ctx: &mut Context, before: &Decay, after: &Decay) -> Result<(), ContractError> {
    if !before.slope.is_zero() {
        let day = day(before.end)?;
        let row = ENDINGS.may_load(ctx.storage, &day)?.unwrap_or_default();
        let rest = row.checked_sub(before.slope).map_err(|_| MathError::Overflow)?;
        match rest.is_zero() {
            true => ENDINGS.remove(ctx.storage, &day),
            false => ENDINGS.save(ctx.storage, &day, &rest),
        }
    }
    let day = day(after.end)?;
    let row = ENDINGS.may_load(ctx.storage, &day)?.unwrap_or_default();
    let sum = row.checked_add(after.slope).map_err(|_| MathError::Overflow)?;
    ENDINGS.save(ctx.storage, &day, &sum);
    Ok(())
}
