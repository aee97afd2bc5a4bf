//! Answers. They are as of now, whether the stored book is or not: a question catches up in memory.

use cosmwasm_std::{Deps, Env, Order, StdResult};
use interfaces::ve_rewards::*;
use kit::compact::{above, Account};
use kit::escrow::{day, midnight};
use kit::page;
use math::ve_rewards::whole;

use crate::error::ContractError;
use crate::state::{Check, Config, Earner, CHECKS, EARNERS, FUNDINGS};
use crate::stream::{Book, Stream};
use crate::weights::Books;

fn books<'a>(deps: &Deps<'a>, config: &'a Config) -> Books<'a> {
    Books {
        querier: deps.querier,
        escrow: &config.vote_escrow,
    }
}

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let config = Config::load(deps.storage)?;
    let synced = midnight(Stream::load(deps.storage)?.day);
    let book = Book::of(deps.storage, &books(&deps, &config), env.block.time.seconds())?;
    Ok(OverviewResponse {
        synced,
        funded: book.stream.funded.into(),
        paid: book.stream.paid.into(),
        daily: book.stream.flowing.into(),
        streaming: book.streaming()?.into(),
        waiting: book.stream.waiting.into(),
        vcai: config.vcai.into_string(),
        vote_escrow: config.vote_escrow.into_string(),
        treasury: config.treasury.into_string(),
    })
}

pub fn account(deps: Deps, env: &Env, address: &str) -> Result<AccountResponse, ContractError> {
    let who = Account::parse(deps.api, address)?;
    let config = Config::load(deps.storage)?;
    let books = books(&deps, &config);
    let book = Book::of(deps.storage, &books, env.block.time.seconds())?;
    let earner = Earner::load(deps.storage, &who)?;
    let earnings = book.earnings(deps.storage, &books, &who, &earner)?;
    Ok(AccountResponse {
        claimable: earnings.due.into(),
        paid: earner.paid.into(),
        daily: whole(earnings.today)?.into(),
    })
}

pub fn accounts(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<Vec<AccountRow>> {
    let after = start_after.map(|text| Account::parse(deps.api, &text)).transpose()?;
    let rows = EARNERS.range(deps.storage, above(after), Order::Ascending);
    let row = |row: StdResult<(Account, Earner)>| {
        let (who, earner) = row?;
        Ok(AccountRow {
            address: who.text(deps.api)?,
            paid: earner.paid.into(),
            claimed: midnight(earner.through),
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
