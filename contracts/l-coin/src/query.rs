//! Answers that differ from `cw20-base`'s.

use cosmwasm_std::{Deps, StdResult};
use cw20::MinterResponse;
use interfaces::l_coin::{MintedResponse, OverviewResponse, CAP};

use crate::state::Token;

/// How much was ever minted and burned.
pub fn minted(deps: Deps) -> StdResult<MintedResponse> {
    let token = Token::load(deps.storage)?;
    Ok(MintedResponse {
        minted: token.minted()?,
        burned: token.burned()?,
        cap: CAP,
    })
}

/// The minter and the cap on everything ever minted, not what is left of it.
pub fn minter(deps: Deps) -> StdResult<MinterResponse> {
    Ok(MinterResponse {
        minter: Token::load(deps.storage)?.minter.into_string(),
        cap: Some(CAP),
    })
}

/// Everything a page shows about the token.
pub fn overview(deps: Deps) -> StdResult<OverviewResponse> {
    let token = Token::load(deps.storage)?;
    Ok(OverviewResponse {
        minted: token.minted()?,
        burned: token.burned()?,
        supply: token.info.total_supply,
        cap: CAP,
        name: token.info.name,
        symbol: token.info.symbol,
        decimals: token.info.decimals,
        minter: token.minter.into_string(),
    })
}
