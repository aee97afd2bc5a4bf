//! Into the stake and out of it.

use cosmwasm_std::{from_json, Response, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::lco_staking::Cw20Hook;
use kit::assert_sender;
use kit::compact::Account;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{account, Config, Holding, Leaving};

/// L-Coin arrived. The token vouches for sender and amount; nobody else is believed.
pub fn receive(ctx: &mut Context, notice: &Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let config = Config::load(ctx.storage)?;
    assert_sender(ctx.sender, &config.l_coin, "coin")?;
    let Cw20Hook::Stake { r#for } = from_json(&notice.msg)?;
    let (name, who) = match &r#for {
        Some(name) => (name, Account::parse(ctx.api, name)?),
        None => (&notice.sender, Account::trusted(ctx.api, &notice.sender)?),
    };
    let after = bond(ctx, &config, &who, notice.amount)?;
    let event = Happened::Stake {
        by: &notice.sender,
        account: name,
        amount: notice.amount,
        after,
    };
    Ok(Response::new().add_event(event))
}

fn bond(ctx: &mut Context, config: &Config, who: &Account, amount: Uint128) -> Result<Holding, ContractError> {
    if amount.is_zero() {
        return Err(ContractError::Zero);
    }
    let old = account(ctx.storage, who)?;
    let stake = old.level.stake.checked_add(amount)?;
    let tier = config.tier_of(stake);
    let after = Holding { stake, tier };
    let mut book = ctx.book()?;
    book.change(ctx.storage, who, &old, after)?;
    book.close(ctx.storage)?;
    Ok(after)
}

/// Takes stake out of force at once, and books the money for later. Asks no switch, role or parameter that could refuse it.
pub fn unstake(ctx: &mut Context, amount: Uint128) -> Result<Response, ContractError> {
    if amount.is_zero() {
        return Err(ContractError::Zero);
    }
    let config = Config::load(ctx.storage)?;
    let who = Account::trusted(ctx.api, ctx.sender.as_str())?;
    let old = account(ctx.storage, &who)?;
    let available = old.level.stake;
    let stake = available
        .checked_sub(amount)
        .map_err(|_| ContractError::InsufficientStake {
            available,
            required: amount,
        })?;
    let tier = config.tier_of(stake);
    let after = Holding { stake, tier };

    let mut book = ctx.book()?;
    book.change(ctx.storage, &who, &old, after)?;
    book.unbond(amount)?;
    book.close(ctx.storage)?;
    let mut leaving = Leaving::load(ctx.storage, &who)?;
    let until = leaving.add(amount, ctx.now())?;
    leaving.save(ctx.storage, &who);
    let event = Happened::Unstake {
        account: ctx.sender,
        amount,
        after,
        until,
    };
    Ok(Response::new().add_event(event))
}
