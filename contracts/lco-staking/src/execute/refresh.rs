//! Thresholds: set by the owner, carried to accounts by anybody.

use std::collections::BTreeSet;

use cosmwasm_std::Response;
use interfaces::lco_staking::{Params, MAX_REFRESH};
use kit::compact::Account;
use kit::ownership;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{account, mark, Book, Config, Holding};

/// Sets the thresholds. No account changes by this alone.
pub fn set_params(ctx: &mut Context, params: Params) -> Result<Response, ContractError> {
    ownership::assert_owner(ctx.storage, ctx.sender)?;
    let l_coin = Config::load(ctx.storage)?.l_coin;
    Config::new(l_coin, params)?.save(ctx.storage);
    Ok(Response::new().add_event(Happened::Params(&params)))
}

/// Gives accounts the tiers of the present thresholds.
pub fn refresh(ctx: &mut Context, accounts: &[String]) -> Result<Response, ContractError> {
    if accounts.is_empty() || accounts.len() > MAX_REFRESH {
        return Err(ContractError::ListLength {
            min: 1,
            max: MAX_REFRESH,
            actual: accounts.len(),
        });
    }
    let config = Config::load(ctx.storage)?;
    let mut book = ctx.book()?;
    let (mut seen, mut response) = (BTreeSet::new(), Response::new());
    for name in accounts {
        let who = Account::parse(ctx.api, name)?;
        if !seen.insert(who.clone()) {
            return Err(ContractError::Duplicate { account: name.clone() });
        }
        if let Some(after) = refresh_one(ctx, &config, &mut book, &who)? {
            response = response.add_event(Happened::Refreshed { account: name, after });
        }
    }
    book.close(ctx.storage)?;
    Ok(response)
}

fn refresh_one(
    ctx: &mut Context,
    config: &Config,
    book: &mut Book,
    who: &Account,
) -> Result<Option<Holding>, ContractError> {
    let old = account(ctx.storage, who)?;
    let (stake, tier) = (old.level.stake, config.tier_of(old.level.stake));
    if tier == old.level.tier {
        return Ok(None);
    }
    let after = Holding { stake, tier };
    book.change(ctx.storage, who, &old, after)?;
    Ok(Some(after))
}

/// Records this block.
pub fn record(ctx: &mut Context) -> Result<Response, ContractError> {
    let (height, time) = (ctx.env.block.height, ctx.now());
    mark(ctx.storage, height, time);
    Ok(Response::new().add_event(Happened::Mark { height, time }))
}
