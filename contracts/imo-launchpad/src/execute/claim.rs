//! Paying for units and having them granted.

use cosmwasm_std::{from_json, Addr, Response, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::credit_vault;
use interfaces::imo_launchpad::{Cw20Hook, Phase};
use kit::assert_sender;

use super::{load_in, Context};
use crate::error::ContractError;
use crate::state::{Launch, Subscription, PEERS, SUBSCRIPTIONS, TALLIES};
use crate::{events, shares};

/// Claims units that cost nothing.
pub fn free(ctx: &mut Context, launch: u64, units: Uint128) -> Result<Response, ContractError> {
    let vault = PEERS.load(ctx.storage)?.vault;
    let account = ctx.sender.clone();
    claim(ctx, &vault, &account, Uint128::zero(), launch, units)
}

/// Credits came from the vault, and nobody else's token counts. Without a readable hook they are refused, and stay where they were.
pub fn paid(ctx: &mut Context, notice: &Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let vault = PEERS.load(ctx.storage)?.vault;
    assert_sender(ctx.sender, &vault, "vault")?;
    let Cw20Hook::Claim { launch, units } = from_json(&notice.msg)?;
    // the vault names whoever sent the message
    let account = Addr::unchecked(&notice.sender);
    claim(ctx, &vault, &account, notice.amount, launch, units)
}

/// Takes units of an account's allotment for exactly their price. All is saved before the vault is called; if it refuses the grant, nothing happened.
fn claim(
    ctx: &mut Context,
    vault: &Addr,
    account: &Addr,
    paid: Uint128,
    id: u64,
    units: Uint128,
) -> Result<Response, ContractError> {
    if units.is_zero() {
        return Err(ContractError::NoUnits);
    }
    let (launch, mut tally) = load_in(ctx, id, Phase::Claim)?;
    let mut row = load(ctx, id, account)?;
    let left = row.claim(launch.allotment(&tally, row.allocation)?, units)?;
    let price = exact_price(&launch, units, paid)?;
    tally.claimed = tally.claimed.checked_add(units)?;
    TALLIES.save(ctx.storage, id, &tally)?;
    SUBSCRIPTIONS.save(ctx.storage, (account, id), &row)?;
    Ok(Response::new()
        .add_event(events::claimed(id, account, units, price, left))
        .add_message(grant(&launch, vault, account, units, price)?))
}

fn load(ctx: &Context, launch: u64, account: &Addr) -> Result<Subscription, ContractError> {
    let row = SUBSCRIPTIONS.may_load(ctx.storage, (account, launch))?;
    row.ok_or_else(|| ContractError::NotSubscribed {
        launch,
        account: account.clone(),
    })
}

/// The price is known beforehand, so more or less than it is a mistake and refused; nothing has to be sent back.
fn exact_price(launch: &Launch, units: Uint128, paid: Uint128) -> Result<Uint128, ContractError> {
    let price = shares::price(units, launch.terms.price_per_unit)?;
    match paid == price {
        true => Ok(price),
        false => Err(ContractError::WrongPayment {
            expected: price,
            actual: paid,
        }),
    }
}

fn grant(
    launch: &Launch,
    vault: &Addr,
    account: &Addr,
    units: Uint128,
    price: Uint128,
) -> Result<cosmwasm_std::WasmMsg, ContractError> {
    let msg = credit_vault::ExecuteMsg::Grant {
        account: account.to_string(),
        sku: launch.terms.sku.clone(),
        units,
        price,
        exclusive_until: launch.terms.exclusive_until,
    };
    Ok(cosmwasm_std::wasm_execute(vault, &msg, vec![])?)
}
