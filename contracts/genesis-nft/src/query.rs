//! Answers about sale and claims; those of CW721 are in `nft`. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint128};
use cw_storage_plus::Bound;
use interfaces::genesis_nft::{
    BuyerResponse, ClaimResponse, ConfigResponse, OverviewResponse, ProceedsResponse, TokenExtension, PER_TOKEN,
};
use kit::page;

use crate::error::ContractError;
use crate::execute::sale::proceeds;
use crate::state::{Course, BOUGHT, CONFIG, LISTED};

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let (config, course) = (CONFIG.load(deps.storage)?, Course::load(deps.storage)?);
    let alive = nft::query::num_tokens(deps.storage)?.count;
    let held = match course.tge_at {
        Some(_) => Uint128::zero(),
        None => proceeds(deps.storage, &config.sale)?,
    };
    Ok(OverviewResponse {
        sold: course.sold,
        // never above what was sold
        alive: u32::try_from(alive).unwrap_or(course.sold),
        held,
        tge_at: course.tge_at,
        claimed: course.claimed,
        forfeited: course.forfeited,
        refundable: course.tge_at.is_none() && env.block.time.seconds() >= config.sale.deadline,
        sale: config.sale,
    })
}

pub fn config(deps: Deps) -> StdResult<ConfigResponse> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        allocation: config.allocation.into(),
        treasury: config.treasury.into(),
        vcai: config.vcai.into(),
        denom: config.denom,
        base_uri: config.base_uri,
        sale: config.sale,
    })
}

pub fn sale_proceeds(deps: Deps) -> Result<ProceedsResponse, ContractError> {
    let (config, course) = (CONFIG.load(deps.storage)?, Course::load(deps.storage)?);
    let alive = nft::query::num_tokens(deps.storage)?.count;
    Ok(ProceedsResponse {
        proceeds: proceeds(deps.storage, &config.sale)?,
        airdrop: PER_TOKEN.checked_mul(alive.into())?,
        tge_at: course.tge_at,
    })
}

pub fn buyer(deps: Deps, env: &Env, address: &str) -> StdResult<BuyerResponse> {
    let address = deps.api.addr_validate(address)?;
    let (sale, course) = (CONFIG.load(deps.storage)?.sale, Course::load(deps.storage)?);
    let now = env.block.time.seconds();
    let bought = BOUGHT.may_load(deps.storage, &address)?.unwrap_or_default();
    let allowed = sale.listed_until.is_none_or(|until| now >= until) || LISTED.has(deps.storage, &address);
    let open = course.tge_at.is_none() && (sale.opens..sale.closes).contains(&now);
    let left = sale.per_wallet.saturating_sub(bought);
    Ok(BuyerResponse {
        bought,
        allowed,
        left: match open && allowed {
            true => left.min(sale.tokens.saturating_sub(course.sold)),
            false => 0,
        },
    })
}

pub fn allowed(deps: Deps, after: Option<String>, limit: Option<u32>) -> StdResult<Vec<String>> {
    let after = after.map(|after| deps.api.addr_validate(&after)).transpose()?;
    let after = after.as_ref().map(Bound::exclusive);
    let rows = LISTED.keys(deps.storage, after, None, Order::Ascending);
    rows.take(page::limit(limit)).map(|row| row.map(Into::into)).collect()
}

pub fn claim(deps: Deps, env: &Env, id: String) -> Result<ClaimResponse, ContractError> {
    let token = nft::load::<TokenExtension>(deps.storage, &id)?;
    let vested = Course::load(deps.storage)?.vested(env.block.time.seconds())?;
    let claimed = token.extension.claimed;
    Ok(ClaimResponse {
        token_id: id,
        owner: token.owner.into(),
        vested,
        claimed,
        claimable: vested.checked_sub(claimed)?,
        unclaimed: PER_TOKEN.checked_sub(claimed)?,
    })
}
