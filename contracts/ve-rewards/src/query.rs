//! Answers. They are as of now, whether the book is or not: a question catches up in memory.

use cosmwasm_std::{Deps, Env, Order, StdResult};
use interfaces::ve_rewards::*;
use kit::compact::{above, Account};
use kit::page;
use math::ve_rewards::whole;

use crate::error::ContractError;
use crate::state::{day, midnight, Check, Config, Earner, CHECKS, EARNERS, FUNDINGS};
use crate::stream::{Checks, Stream};

/// The book of now. As many steps as it takes: at most two days of stream, and the days on which present locks end.
fn book(deps: Deps, env: &Env) -> Result<(Stream, Checks), ContractError> {
    let mut stream = Stream::load(deps.storage)?;
    let checks = stream.catch_up(deps.storage, env.block.time.seconds(), u32::MAX)?;
    Ok((stream, checks))
}

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let config = Config::load(deps.storage)?;
    let synced = Stream::load(deps.storage)?.time;
    let (stream, _) = book(deps, env)?;
    Ok(OverviewResponse {
        vcai: config.vcai.into_string(),
        vote_escrow: config.vote_escrow.into_string(),
        treasury: config.treasury.into_string(),
        synced,
        funded: stream.funded.into(),
        paid: stream.paid.into(),
        streaming: whole(stream.streaming()?)?.into(),
        waiting: whole(stream.waiting)?.into(),
        daily: whole(stream.daily()?)?.into(),
        slope: stream.line.slope.into(),
        weight: stream.line.at(stream.time)?.into(),
    })
}

pub fn account(deps: Deps, env: &Env, address: &str) -> Result<AccountResponse, ContractError> {
    let who = Account::parse(deps.api, address)?;
    let earner = Earner::load(deps.storage, &who)?;
    let (stream, checks) = book(deps, env)?;
    Ok(AccountResponse {
        decay: earner.decay(),
        claimable: stream.due(deps.storage, &checks, &earner)?.into(),
        paid: earner.paid.into(),
    })
}

pub fn accounts(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<Vec<AccountRow>> {
    let after = start_after.map(|text| Account::parse(deps.api, &text)).transpose()?;
    let rows = EARNERS.range(deps.storage, above(after), Order::Ascending);
    let row = |row: StdResult<(Account, Earner)>| {
        let (who, earner) = row?;
        Ok(AccountRow {
            address: who.text(deps.api)?,
            decay: earner.decay(),
            paid: earner.paid.into(),
        })
    };
    rows.map(row).take(page::limit(limit)).collect()
}

pub fn fundings(deps: Deps, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<FundingRow>> {
    let rows = FUNDINGS.range(deps.storage, ..before_day(before)?, Order::Descending);
    let row = |row: StdResult<_>| {
        let (day, amount) = row?;
        Ok(FundingRow {
            day: midnight(day),
            amount,
        })
    };
    rows.map(row).take(page::limit(limit)).collect()
}

pub fn checkpoints(deps: Deps, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<CheckpointRow>> {
    let rows = CHECKS.range(deps.storage, ..before_day(before)?, Order::Descending);
    let row = |row: StdResult<_>| {
        let (day, Check(index)) = row?;
        Ok(CheckpointRow {
            time: midnight(day),
            per_weight: index.a,
            per_moment: index.c,
        })
    };
    rows.map(row).take(page::limit(limit)).collect()
}

/// The days below that of a row already shown.
fn before_day(time: Option<u64>) -> StdResult<u32> {
    time.map_or(Ok(u32::MAX), day)
}
