//! What a beneficiary does: takes what has vested, to himself or into his lock, and names a successor.

use cosmwasm_std::{to_json_binary, Event, Response, Storage, Uint128};
use interfaces::vcai;
use interfaces::vote_escrow;
use kit::compact::Account;
use kit::{assert_sender, Unauthorized};

use super::{call, transfer, Context};
use crate::error::ContractError;
use crate::events::Allocated;
use crate::state::{row, save_row, Grant, CONFIG, GRANTS, HELD, TGE};

/// The grant, or that there is none.
pub fn load(storage: &dyn Storage, number: u64) -> Result<Grant, ContractError> {
    let grant = GRANTS.may_load(storage, &number)?;
    grant.ok_or(ContractError::UnknownGrant { grant: number })
}

fn own(ctx: &Context, number: u64) -> Result<Grant, ContractError> {
    let grant = load(ctx.storage, number)?;
    assert_sender(&ctx.info.sender, &grant.beneficiary, "beneficiary")?;
    Ok(grant)
}

/// Pays everything that has vested and is not claimed.
pub fn claim(ctx: &mut Context, number: u64) -> Result<Response, ContractError> {
    let (amount, event) = take(ctx, number, None, false)?;
    let token = CONFIG.load(ctx.storage)?.vcai;
    let transfer = transfer(&token, &ctx.info.sender, amount)?;
    Ok(Response::new().add_event(event).add_message(transfer))
}

/// Moves what has vested into the beneficiary's lock. Only he can, since a lock cannot be undone.
pub fn lock(ctx: &mut Context, number: u64, amount: Option<Uint128>, until: u64) -> Result<Response, ContractError> {
    let (amount, event) = take(ctx, number, amount, true)?;
    let config = CONFIG.load(ctx.storage)?;
    let hook = vote_escrow::Cw20Hook::LockFor {
        beneficiary: ctx.info.sender.to_string(),
        until,
    };
    let send = vcai::ExecuteMsg::Send {
        contract: config.vote_escrow.to_string(),
        amount,
        msg: to_json_binary(&hook)?,
    };
    Ok(Response::new().add_event(event).add_message(call(&config.vcai, &send)?))
}

/// Counts `amount`, or everything, of what can be claimed as gone.
fn take(
    ctx: &mut Context,
    number: u64,
    amount: Option<Uint128>,
    locked: bool,
) -> Result<(Uint128, Event), ContractError> {
    let mut grant = own(ctx, number)?;
    let claimable = grant.claimable(TGE.load(ctx.storage)?.time(), ctx.now());
    let amount = amount.unwrap_or(claimable);
    if amount.is_zero() || amount > claimable {
        return Err(ContractError::NotClaimable {
            claimable,
            actual: amount,
        });
    }
    grant.claimed = grant.claimed.checked_add(amount)?;
    GRANTS.save(ctx.storage, &number, &grant);
    let mut row = row(ctx.storage, grant.bucket)?;
    row.claimed = row.claimed.checked_add(amount)?;
    save_row(ctx.storage, grant.bucket, &row);
    let event = Allocated::Claimed {
        grant: number,
        beneficiary: &grant.beneficiary,
        amount,
        locked,
    };
    Ok((amount, event.into()))
}

/// Names the next beneficiary, or nobody.
pub fn propose(ctx: &mut Context, number: u64, to: Option<String>) -> Result<Response, ContractError> {
    let mut grant = own(ctx, number)?;
    grant.pending = to.map(|to| ctx.api.addr_validate(&to)).transpose()?;
    GRANTS.save(ctx.storage, &number, &grant);
    Ok(Response::new().add_event(changed(number, &grant)))
}

/// Makes the sender the beneficiary, if he is named.
pub fn accept(ctx: &mut Context, number: u64) -> Result<Response, ContractError> {
    let mut grant = load(ctx.storage, number)?;
    let Some(next) = grant.pending.take() else {
        return Err(ContractError::NothingPending { grant: number });
    };
    if next != ctx.info.sender {
        return Err(Unauthorized {
            role: "pending beneficiary",
            expected: next,
            actual: ctx.info.sender.clone(),
        }
        .into());
    }
    let [before, after] = [&grant.beneficiary, &next].map(|one| Account::trusted(ctx.api, one.as_str()));
    HELD.remove(ctx.storage, &(before?, number));
    HELD.save(ctx.storage, &(after?, number), &());
    grant.beneficiary = next;
    GRANTS.save(ctx.storage, &number, &grant);
    Ok(Response::new().add_event(changed(number, &grant)))
}

fn changed(number: u64, grant: &Grant) -> Event {
    Allocated::Beneficiary {
        grant: number,
        beneficiary: &grant.beneficiary,
        pending: grant.pending.as_ref(),
    }
    .into()
}
