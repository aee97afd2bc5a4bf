//! What is not revenue: the pool's liquidity, and what governance disposes of.

use cosmwasm_std::{coins, to_json_binary, BankMsg, CosmosMsg, Event, Response, Uint128, WasmMsg};
use interfaces::exchange::{Asset, ExecuteMsg as PoolMsg};
use interfaces::vcai;
use kit::{assert_sender, balance, funds};

use super::buyback::market;
use super::{call, Context};
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{Config, Totals, CONFIG, OPENED};

/// Opens the pool with the attached stablecoin and VCAI that arrived before. The first to add sets the price, so it must be the first.
pub fn open(ctx: &mut Context, vcai: Uint128) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    assert_sender(&ctx.info.sender, &config.allocation, "allocation")?;
    let stablecoin = funds::exact_one(ctx.info, &config.denom)?;
    let opened = OPENED.may_load(ctx.storage)?.is_some();
    if opened || !market(&ctx.querier, &config.exchange)?.total_shares.is_zero() {
        return Err(ContractError::PoolOpen);
    }
    let now = ctx.now();
    OPENED.save(ctx.storage, &now)?;
    let allow = vcai::ExecuteMsg::IncreaseAllowance {
        spender: config.exchange.to_string(),
        amount: vcai,
        expires: None,
    };
    let amounts = [vcai, stablecoin];
    let provide = PoolMsg::Provide {
        amounts,
        min_shares: Uint128::one(),
        deadline: None,
    };
    let provide = WasmMsg::Execute {
        contract_addr: config.exchange.to_string(),
        msg: to_json_binary(&provide)?,
        funds: coins(stablecoin.u128(), config.denom),
    };
    Ok(Response::new()
        .add_event(Event::from(Money::PoolOpened(amounts)))
        .add_message(call(&config.vcai, &allow)?)
        .add_message(provide))
}

/// Takes liquidity out. What comes is not revenue, since nobody deposited it.
pub fn remove_liquidity(
    ctx: &mut Context,
    shares: Uint128,
    min_amounts: [Uint128; 2],
) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    assert_sender(&ctx.info.sender, &config.governance, "governance")?;
    let withdraw = PoolMsg::Withdraw { shares, min_amounts };
    Ok(Response::new()
        .add_event(Event::from(Money::LiquidityRemoved(shares)))
        .add_message(call(&config.exchange, &withdraw)?))
}

/// Sends what is not revenue.
pub fn spend(ctx: &mut Context, asset: Asset, to: &str, amount: Uint128) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    assert_sender(&ctx.info.sender, &config.governance, "governance")?;
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    let to = ctx.api.addr_validate(to)?;
    let available = spendable(ctx, &config, &asset)?;
    if amount > available {
        return Err(ContractError::NotSpendable {
            available,
            actual: amount,
        });
    }
    let (name, message) = transfer(asset, to.as_str(), amount)?;
    let event = Money::Spent {
        asset: name,
        to: to.as_str(),
        amount,
    };
    Ok(Response::new().add_event(Event::from(event)).add_message(message))
}

/// What is here of an asset beyond the revenue that waits.
fn spendable(ctx: &Context, config: &Config, asset: &Asset) -> Result<Uint128, ContractError> {
    let here = &ctx.env.contract.address;
    match asset {
        Asset::Native { denom } => {
            let held = ctx.querier.query_balance(here, denom)?.amount;
            let kept = match *denom == config.denom {
                true => Totals::load(ctx.storage)?.pot()?,
                false => Uint128::zero(),
            };
            Ok(held.checked_sub(kept)?)
        }
        Asset::Cw20 { address } if config.vcai.as_str() == address => {
            Ok(balance::raw(&ctx.querier, &config.vcai, here)?)
        }
        // a token that is none of ours refuses for itself
        Asset::Cw20 { .. } => Ok(Uint128::MAX),
    }
}

fn transfer(asset: Asset, to: &str, amount: Uint128) -> Result<(String, CosmosMsg), ContractError> {
    Ok(match asset {
        Asset::Native { denom } => {
            let send = BankMsg::Send {
                to_address: to.to_owned(),
                amount: coins(amount.u128(), &denom),
            };
            (denom, send.into())
        }
        Asset::Cw20 { address } => {
            let transfer = vcai::ExecuteMsg::Transfer {
                recipient: to.to_owned(),
                amount,
            };
            let message = WasmMsg::Execute {
                contract_addr: address.clone(),
                msg: to_json_binary(&transfer)?,
                funds: vec![],
            };
            (address, message.into())
        }
    })
}
