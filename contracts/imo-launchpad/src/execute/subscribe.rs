//! Taking one's allocation.

use cosmwasm_std::{Response, Uint128};
use interfaces::imo_launchpad::Phase;

use super::{load_in, weights, Context};
use crate::error::ContractError;
use crate::state::{Launch, Subscription, PEERS, SUBSCRIBERS, SUBSCRIPTIONS, TALLIES};
use crate::{events, shares};

/// Books the sender's allocation, once.
pub fn subscribe(ctx: &mut Context, id: u64) -> Result<Response, ContractError> {
    let (launch, mut tally) = load_in(ctx, id, Phase::Subscribe)?;
    let account = ctx.sender;
    if SUBSCRIPTIONS.has(ctx.storage, (account, id)) {
        return Err(ContractError::AlreadySubscribed {
            launch: id,
            account: account.clone(),
        });
    }
    let (weight, allocation) = allocate(ctx, id, &launch)?;
    tally.subscribe(id, launch.terms.quota, allocation)?;
    TALLIES.save(ctx.storage, id, &tally)?;
    let row = Subscription {
        allocation,
        claimed: Uint128::zero(),
    };
    SUBSCRIPTIONS.save(ctx.storage, (account, id), &row)?;
    SUBSCRIBERS.save(ctx.storage, (id, account), &true)?;
    Ok(Response::new().add_event(events::subscribed(id, account, allocation, weight)))
}

/// The sender's weight and what it is given for it, above 0.
fn allocate(ctx: &Context, id: u64, launch: &Launch) -> Result<(Uint128, Uint128), ContractError> {
    let staking = PEERS.load(ctx.storage)?.staking;
    let weight = weights(ctx.querier, &staking, ctx.sender, launch.terms.snapshot)?.account;
    let allocation = shares::allocation(launch.terms.quota, weight, launch.total_weight)?;
    if allocation.is_zero() {
        return Err(ContractError::NothingAllocated {
            launch: id,
            account: ctx.sender.clone(),
            weight,
            total: launch.total_weight,
        });
    }
    Ok((weight, allocation))
}
