//! Grants: made, amended, and funded by strategic issuance.

use cosmwasm_std::{from_json, Event, Response, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::token_allocation::{Bucket, Cw20Hook, NewGrant, VestingSchedule, GRANT_UNIT, MAX_BATCH};
use kit::assert_sender;
use kit::compact::Account;
use kit::ownership::assert_owner;

use super::Context;
use crate::error::ContractError;
use crate::events::Allocated;
use crate::state::{granted, row, save_row, Grant, CONFIG, GRANTS, HELD, TGE};

/// Grants VCAI of a bucket of genesis.
pub fn add(ctx: &mut Context, bucket: Bucket, grants: Vec<NewGrant>) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, &ctx.info.sender)?;
    check_number(&grants)?;
    let own = bucket.schedule().ok_or(ContractError::NoGrants { bucket })??;
    let mut response = Response::new();
    for grant in grants {
        check_amount(bucket, grant.amount)?;
        let schedule = grant.schedule.unwrap_or(own);
        check_schedule(bucket, &schedule, &own)?;
        response = response.add_event(enter(ctx, bucket, &grant, schedule, None, None)?);
    }
    Ok(response)
}

/// Takes issued VCAI from governance, and grants all of it.
pub fn receive(ctx: &mut Context, msg: &Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    assert_sender(&ctx.info.sender, &config.vcai, "token")?;
    let from = ctx.api.addr_validate(&msg.sender)?;
    assert_sender(&from, &config.governance, "governance")?;
    let Cw20Hook::Vest { proposal, grants } = from_json(&msg.msg)?;
    check_number(&grants)?;
    let sum = grants
        .iter()
        .try_fold(Uint128::zero(), |sum, grant| sum.checked_add(grant.amount))?;
    if sum != msg.amount {
        return Err(ContractError::GrantSum {
            expected: msg.amount,
            actual: sum,
        });
    }
    let bucket = Bucket::Issued;
    let mut issued = row(ctx.storage, bucket)?;
    issued.size = issued.size.checked_add(sum)?;
    save_row(ctx.storage, bucket, &issued);
    let (now, mut response) = (ctx.now(), Response::new());
    for grant in grants {
        check_amount(bucket, grant.amount)?;
        let schedule = grant.schedule.ok_or(ContractError::GrantSchedule { bucket })?;
        response = response.add_event(enter(ctx, bucket, &grant, schedule, Some(now), Some(proposal))?);
    }
    Ok(response)
}

fn check_number(grants: &[NewGrant]) -> Result<(), ContractError> {
    match (1..=MAX_BATCH).contains(&grants.len()) {
        true => Ok(()),
        false => Err(ContractError::OutOfRange {
            name: "grants",
            min: 1,
            max: MAX_BATCH as u128,
            actual: grants.len() as u128,
        }),
    }
}

/// Rounds have amounts whose part at the TGE has no remainder, so that the parts of many grants sum to the part of the whole.
fn check_amount(bucket: Bucket, amount: Uint128) -> Result<(), ContractError> {
    let unit = match bucket {
        Bucket::Private | Bucket::Public => GRANT_UNIT,
        _ => Uint128::one(),
    };
    match !amount.is_zero() && amount.checked_rem(unit).is_ok_and(|rest| rest.is_zero()) {
        true => Ok(()),
        false => Err(ContractError::GrantAmount { unit, actual: amount }),
    }
}

/// Rounds keep their part at the TGE and choose the rest; everybody else has the bucket's schedule.
fn check_schedule(bucket: Bucket, schedule: &VestingSchedule, own: &VestingSchedule) -> Result<(), ContractError> {
    let fits = match bucket {
        Bucket::Private | Bucket::Public => schedule.tge_bps() == own.tge_bps(),
        _ => schedule == own,
    };
    match fits {
        true => Ok(()),
        false => Err(ContractError::GrantSchedule { bucket }),
    }
}

fn enter(
    ctx: &mut Context,
    bucket: Bucket,
    new: &NewGrant,
    schedule: VestingSchedule,
    start: Option<u64>,
    proposal: Option<u64>,
) -> Result<Event, ContractError> {
    let mut row = row(ctx.storage, bucket)?;
    let free = row.free()?;
    if new.amount > free {
        return Err(ContractError::BucketEmpty {
            bucket,
            free,
            actual: new.amount,
        });
    }
    row.granted = row.granted.checked_add(new.amount)?;
    save_row(ctx.storage, bucket, &row);
    let number = granted(ctx.storage)?.saturating_add(1);
    let grant = Grant {
        bucket,
        beneficiary: ctx.api.addr_validate(&new.beneficiary)?,
        pending: None,
        amount: new.amount,
        schedule,
        start,
        floor: Uint128::zero(),
        claimed: Uint128::zero(),
    };
    GRANTS.save(ctx.storage, &number, &grant);
    let beneficiary = Account::trusted(ctx.api, grant.beneficiary.as_str())?;
    HELD.save(ctx.storage, &(beneficiary, number), &());
    Ok(Allocated::Granted(number, &grant, proposal).into())
}

/// Gives a grant another schedule. What has vested by now is its floor from then on, so that no schedule lowers it. The part at the TGE stays that of the bucket.
pub fn amend(ctx: &mut Context, number: u64, schedule: VestingSchedule) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, &ctx.info.sender)?;
    let mut grant = super::beneficiary::load(ctx.storage, number)?;
    let bucket = grant.bucket;
    if bucket != Bucket::Issued && schedule.tge_bps() != bucket.tge_bps() {
        return Err(ContractError::GrantSchedule { bucket });
    }
    grant.floor = grant.vested(TGE.load(ctx.storage)?.time(), ctx.now());
    grant.schedule = schedule;
    GRANTS.save(ctx.storage, &number, &grant);
    let event = Allocated::Amended(number, grant.floor, &schedule);
    Ok(Response::new().add_event(Event::from(event)))
}
