//! The two assets: which one came in, and how one leaves.

use cosmwasm_std::{
    coins, to_json_binary, Addr, Api, BankMsg, CosmosMsg, MessageInfo, QuerierWrapper, StdResult, Uint128, WasmMsg,
};
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg};
use interfaces::exchange::{Asset, Side};

use crate::error::ContractError;

/// Checks both assets at instantiate.
pub fn check(api: &dyn Api, assets: &[Asset; 2]) -> Result<(), ContractError> {
    for asset in assets {
        match asset {
            Asset::Native { denom } => check_denom(denom)?,
            Asset::Cw20 { address } => api.addr_validate(address).map(|_| ())?,
        }
    }
    let [base, quote] = assets;
    match base == quote {
        true => Err(ContractError::SameAssets {
            asset: name(base).to_owned(),
        }),
        false => Ok(()),
    }
}

/// The chain's own rule for denoms: a letter, then 2 to 127 letters, digits or `/ : . _ -`.
fn check_denom(denom: &str) -> Result<(), ContractError> {
    let fits = (3..=128).contains(&denom.len())
        && denom.starts_with(|first: char| first.is_ascii_alphabetic())
        && denom.chars().all(|c| c.is_ascii_alphanumeric() || "/:._-".contains(c));
    match fits {
        true => Ok(()),
        false => Err(ContractError::DenomInvalid {
            denom: denom.to_owned(),
        }),
    }
}

/// Denom or address.
pub fn name(asset: &Asset) -> &str {
    match asset {
        Asset::Native { denom } => denom,
        Asset::Cw20 { address } => address,
    }
}

/// The asset on one side.
pub fn on(assets: &[Asset; 2], side: Side) -> &Asset {
    let [base, quote] = assets;
    match side {
        Side::Base => base,
        Side::Quote => quote,
    }
}

/// Which asset the calling token is.
pub fn token_side(assets: &[Asset; 2], sender: &Addr) -> Result<Side, ContractError> {
    let is_sender = |side| matches!(on(assets, side), Asset::Cw20 { address } if address == sender.as_str());
    find_side(is_sender).ok_or_else(|| ContractError::NotToken {
        expected: names(assets, |asset| matches!(asset, Asset::Cw20 { .. })),
        actual: sender.clone(),
    })
}

/// Which asset the one attached coin is, and how much of it.
pub fn coin_side(assets: &[Asset; 2], info: &MessageInfo) -> Result<(Side, Uint128), ContractError> {
    let refused = || ContractError::NotCoin {
        expected: names(assets, |asset| matches!(asset, Asset::Native { .. })),
        actual: attached(info),
    };
    let [coin] = info.funds.as_slice() else {
        return Err(refused());
    };
    let is_coin = |side| matches!(on(assets, side), Asset::Native { denom } if *denom == coin.denom);
    let side = find_side(is_coin).ok_or_else(refused)?;
    Ok((side, coin.amount))
}

/// Refuses unless exactly the native part of `amounts` is attached.
pub fn assert_attached(assets: &[Asset; 2], amounts: [Uint128; 2], info: &MessageInfo) -> Result<(), ContractError> {
    let mut expected: Vec<String> = vec![];
    for (asset, amount) in assets.iter().zip(amounts) {
        match asset {
            Asset::Native { denom } if !amount.is_zero() => expected.push(format!("{amount}{denom}")),
            _ => {}
        }
    }
    let mut actual: Vec<String> = info.funds.iter().map(ToString::to_string).collect();
    expected.sort();
    actual.sort();
    match expected == actual {
        true => Ok(()),
        false => Err(ContractError::FundsDiffer {
            expected: list(expected),
            actual: list(actual),
        }),
    }
}

/// The message that pays `amount` of an asset to `to`; none for nothing. CW20 leaves by `Transfer`, which calls nobody.
pub fn pay(asset: &Asset, to: &str, amount: u128) -> StdResult<Option<CosmosMsg>> {
    if amount == 0 {
        return Ok(None);
    }
    Ok(Some(match asset {
        Asset::Native { denom } => CosmosMsg::Bank(BankMsg::Send {
            to_address: to.to_owned(),
            amount: coins(amount, denom),
        }),
        Asset::Cw20 { address } => call(
            address,
            &Cw20ExecuteMsg::Transfer {
                recipient: to.to_owned(),
                amount: amount.into(),
            },
        )?,
    }))
}

/// The message by which the pool keeps `taken` of what an LP offered: the rest of a coin goes back, a token is fetched.
pub fn take(asset: &Asset, owner: &Addr, this: &Addr, offered: Uint128, taken: u128) -> StdResult<Option<CosmosMsg>> {
    match asset {
        Asset::Native { .. } => pay(asset, owner.as_str(), offered.u128().saturating_sub(taken)),
        Asset::Cw20 { .. } if taken == 0 => Ok(None),
        Asset::Cw20 { address } => call(
            address,
            &Cw20ExecuteMsg::TransferFrom {
                owner: owner.to_string(),
                recipient: this.to_string(),
                amount: taken.into(),
            },
        )
        .map(Some),
    }
}

/// What the contract holds of an asset.
pub fn balance(querier: QuerierWrapper, asset: &Asset, this: &Addr) -> StdResult<u128> {
    let amount = match asset {
        Asset::Native { denom } => querier.query_balance(this, denom)?.amount,
        Asset::Cw20 { address } => {
            let question = Cw20QueryMsg::Balance {
                address: this.to_string(),
            };
            querier.query_wasm_smart::<BalanceResponse>(address, &question)?.balance
        }
    };
    Ok(amount.u128())
}

fn call(token: &str, msg: &Cw20ExecuteMsg) -> StdResult<CosmosMsg> {
    Ok(CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr: token.to_owned(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    }))
}

fn find_side(is: impl Fn(Side) -> bool) -> Option<Side> {
    [Side::Base, Side::Quote].into_iter().find(|side| is(*side))
}

fn names(assets: &[Asset; 2], which: impl Fn(&&Asset) -> bool) -> String {
    list(
        assets
            .iter()
            .filter(which)
            .map(|asset| name(asset).to_owned())
            .collect(),
    )
}

fn attached(info: &MessageInfo) -> String {
    list(info.funds.iter().map(ToString::to_string).collect())
}

fn list(items: Vec<String>) -> String {
    match items.is_empty() {
        true => "nothing".to_owned(),
        false => items.join(" and "),
    }
}
