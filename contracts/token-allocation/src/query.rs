//! Answers. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint128};
use cw_storage_plus::Bound;
use interfaces::genesis_nft::{PER_TOKEN, TGE_BPS};
use interfaces::token_allocation::{
    Bucket, BucketResponse, ConfigResponse, GrantResponse, OverviewResponse, SpendResponse, TgeResponse, VESTED_AT_TGE,
};
use kit::compact::{above, above_within, Account};
use kit::page;

use crate::error::ContractError;
use crate::execute::governance::{is_spent, window};
use crate::state::{granted, key, row, Grant, Tge, CONFIG, GRANTS, HELD, SPENDS, TGE};

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let tge = tge(deps)?;
    let all = Bucket::GENESIS.into_iter().chain([Bucket::Issued]);
    let airdrop = tge.done.as_ref().map_or(Uint128::zero(), |done| done.airdrop);
    Ok(OverviewResponse {
        buckets: all.map(|one| bucket(deps, env, one)).collect::<Result<_, _>>()?,
        grants: granted(deps.storage)?,
        vested_at_tge: VESTED_AT_TGE,
        airdrop_locked_at_tge: locked_at_tge(airdrop)?,
        tge,
    })
}

/// Each token of the airdrop has a quarter at once.
fn locked_at_tge(airdrop: Uint128) -> Result<Uint128, ContractError> {
    let at_once = math::Bps::new(TGE_BPS)?.of_floor(PER_TOKEN.u128());
    let tokens = math::div_floor(airdrop.u128(), PER_TOKEN.u128())?;
    Ok(airdrop.checked_sub(Uint128::new(tokens).checked_mul(at_once.into())?)?)
}

pub fn config(deps: Deps) -> StdResult<ConfigResponse> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        governance: config.governance.into(),
        vcai: config.vcai.into(),
        denom: config.denom,
        treasury: config.treasury.into(),
        genesis_nft: config.genesis_nft.into(),
        incentives: config.incentives.into(),
        vote_escrow: config.vote_escrow.into(),
    })
}

pub fn tge(deps: Deps) -> StdResult<TgeResponse> {
    let Tge { plan, done } = TGE.load(deps.storage)?;
    Ok(TgeResponse { plan, done })
}

pub fn bucket(deps: Deps, env: &Env, bucket: Bucket) -> Result<BucketResponse, ContractError> {
    let row = row(deps.storage, bucket)?;
    let free = row.free()?;
    Ok(BucketResponse {
        bucket,
        size: row.size,
        at_tge: bucket.at_tge(),
        granted: row.granted,
        paid: row.claimed.checked_add(row.sent)?,
        free,
        spendable: spendable(deps, env, bucket)?.min(free),
    })
}

fn spendable(deps: Deps, env: &Env, bucket: Bucket) -> Result<Uint128, ContractError> {
    if !is_spent(bucket) || TGE.load(deps.storage)?.done.is_none() {
        return Ok(Uint128::zero());
    }
    let window = window(deps.storage, bucket)?.at(deps.storage, bucket, env.block.time.seconds())?;
    window.left(bucket.size())
}

pub fn grant(deps: Deps, env: &Env, number: u64) -> StdResult<Option<GrantResponse>> {
    let tge = TGE.load(deps.storage)?.time();
    let row = GRANTS.may_load(deps.storage, &number)?;
    Ok(row.map(|row| describe(number, row, tge, env)))
}

pub fn grants(deps: Deps, env: &Env, after: Option<u64>, limit: Option<u32>) -> StdResult<Vec<GrantResponse>> {
    let tge = TGE.load(deps.storage)?.time();
    let rows = GRANTS.range(deps.storage, above(after), Order::Ascending);
    rows.take(page::limit(limit))
        .map(|row| row.map(|(number, row)| describe(number, row, tge, env)))
        .collect()
}

pub fn grants_of(
    deps: Deps,
    env: &Env,
    beneficiary: &str,
    after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<GrantResponse>> {
    let who = Account::parse(deps.api, beneficiary)?;
    let tge = TGE.load(deps.storage)?.time();
    let of = |number| (who.clone(), number);
    let held = HELD.range(
        deps.storage,
        above_within(after.map(of), of(0)..=of(u64::MAX)),
        Order::Ascending,
    );
    let grants = held.take(page::limit(limit)).map(|row| {
        let ((_, number), ()) = row?;
        let row = GRANTS.may_load(deps.storage, &number)?;
        Ok(row.map(|row| describe(number, row, tge, env)))
    });
    grants.filter_map(StdResult::transpose).collect()
}

fn describe(number: u64, grant: Grant, tge: Option<u64>, env: &Env) -> GrantResponse {
    let now = env.block.time.seconds();
    GrantResponse {
        grant: number,
        starts_at: grant.starts_at(tge),
        vested: grant.vested(tge, now),
        claimable: grant.claimable(tge, now),
        bucket: grant.bucket,
        beneficiary: grant.beneficiary.into(),
        pending_beneficiary: grant.pending.map(Into::into),
        amount: grant.amount,
        schedule: grant.schedule,
        claimed: grant.claimed,
    }
}

pub fn spends(deps: Deps, bucket: Bucket, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<SpendResponse>> {
    let rows = SPENDS.prefix(key(bucket));
    let rows = rows.range(deps.storage, None, before.map(Bound::exclusive), Order::Descending);
    rows.take(page::limit(limit))
        .map(|row| {
            row.map(|(n, row)| SpendResponse {
                n,
                bucket,
                to: row.to.into(),
                amount: row.amount,
                time: row.time,
            })
        })
        .collect()
}
