//! Announcing, withdrawing and closing a launch.

use cosmwasm_std::{Addr, Event, QuerierWrapper, Response, Storage, Uint128};
use interfaces::credit_vault;
use interfaces::imo_launchpad::{NewLaunch, Phase};
use kit::ownership;

use super::{load_in, weights, Context};
use crate::error::ContractError;
use crate::events;
use crate::state::{check, Launch, Standing, Tally, COUNT, LAUNCHES, LIVE, PEERS, TALLIES};

/// Announces a launch and fixes the total weight.
pub fn create(ctx: &mut Context, terms: NewLaunch) -> Result<Response, ContractError> {
    ownership::assert_owner(ctx.storage, ctx.sender)?;
    check(&terms, ctx.now())?;
    let previous = make_room(ctx, &terms.sku)?;
    let peers = PEERS.load(ctx.storage)?;
    check_sku(ctx.querier, &peers.vault, &terms.sku)?;
    // Any address will do: the total is asked for.
    let all = weights(ctx.querier, &peers.staking, &ctx.env.contract.address, terms.snapshot)?;
    let launch = Launch::new(terms, ctx.now(), all.total)?;
    let id = add(ctx.storage, &launch)?;
    Ok(Response::new()
        .add_events(previous)
        .add_event(events::announced(id, &launch)))
}

fn add(storage: &mut dyn Storage, launch: &Launch) -> Result<u64, ContractError> {
    let id = COUNT.load(storage)?.saturating_add(1);
    COUNT.save(storage, &id)?;
    LAUNCHES.save(storage, id, launch)?;
    TALLIES.save(storage, id, &Tally::default())?;
    LIVE.save(storage, &launch.terms.sku, &id)?;
    Ok(id)
}

/// Refuses while another launch of the SKU runs; closes one that is over.
fn make_room(ctx: &mut Context, sku: &str) -> Result<Option<Event>, ContractError> {
    let Some(id) = LIVE.may_load(ctx.storage, sku)? else {
        return Ok(None);
    };
    let (launch, tally) = (Launch::load(ctx.storage, id)?, Tally::load(ctx.storage, id)?);
    match launch.phase(&tally, ctx.now()) {
        Phase::Ended => end(ctx.storage, id, &launch, tally).map(Some),
        Phase::Subscribe | Phase::Claim | Phase::Cancelled => Err(ContractError::SkuLive {
            sku: sku.to_owned(),
            launch: id,
            claim_until: launch.terms.claim_until,
        }),
    }
}

/// A launch of a SKU without a rate card could never be claimed.
fn check_sku(querier: QuerierWrapper, vault: &Addr, sku: &str) -> Result<(), ContractError> {
    let question = credit_vault::QueryMsg::Rate { sku: sku.to_owned() };
    let answer = querier.query_wasm_smart::<credit_vault::RateResponse>(vault, &question);
    let refused = |error: cosmwasm_std::StdError| ContractError::SkuUnknown {
        sku: sku.to_owned(),
        reason: error.to_string(),
    };
    answer.map(|_| ()).map_err(refused)
}

/// Withdraws a launch that nobody can have paid for.
pub fn cancel(ctx: &mut Context, id: u64) -> Result<Response, ContractError> {
    ownership::assert_owner(ctx.storage, ctx.sender)?;
    let (launch, mut tally) = load_in(ctx, id, Phase::Subscribe)?;
    tally.standing = Standing::Cancelled;
    TALLIES.save(ctx.storage, id, &tally)?;
    LIVE.remove(ctx.storage, &launch.terms.sku);
    Ok(Response::new().add_event(events::cancelled(id, &launch)))
}

/// Ends a launch whose time is over.
pub fn close(ctx: &mut Context, id: u64) -> Result<Response, ContractError> {
    let (launch, tally) = load_in(ctx, id, Phase::Ended)?;
    if tally.standing == Standing::Closed {
        return Err(ContractError::AlreadyClosed { launch: id });
    }
    Ok(Response::new().add_event(end(ctx.storage, id, &launch, tally)?))
}

fn end(storage: &mut dyn Storage, id: u64, launch: &Launch, mut tally: Tally) -> Result<Event, ContractError> {
    tally.standing = Standing::Closed;
    TALLIES.save(storage, id, &tally)?;
    LIVE.remove(storage, &launch.terms.sku);
    let returned: Uint128 = launch.terms.quota.checked_sub(tally.claimed)?;
    Ok(events::closed(id, launch, &tally, returned))
}
