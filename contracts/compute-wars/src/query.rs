//! Answers. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, Env, Order, StdError, StdResult, Uint128};
use interfaces::compute_wars::{
    ConfigResponse, OverviewResponse, Perk, PerkResponse, PerksResponse, PrizeResponse, RankResponse, ScoreResponse,
    WeekResponse, WeekResult, MAX_LEADERS,
};
use kit::compact::{above_within, Account};
use kit::page;
use math::Week;

use crate::error::ContractError;
use crate::execute::prizes::{prize, rank};
use crate::state::{
    leaders, Outcome, Place, Round, WeekKey, CLAIMED, CONFIG, LEADERS, OUTCOMES, PARAMS, PERKS, ROUNDS, SCORES, TOTALS,
};

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let totals = TOTALS.load(deps.storage)?;
    Ok(OverviewResponse {
        week: week(deps, current(env))?,
        first_week: CONFIG.load(deps.storage)?.first_week,
        next_collect: totals.next_week,
        rolled: totals.rolled,
        collected: totals.collected,
        paid: totals.paid,
        unclaimed: totals.held()?.checked_sub(totals.rolled)?,
    })
}

fn current(env: &Env) -> u64 {
    Week::of(env.block.time.seconds()).index()
}

pub fn config(deps: Deps) -> StdResult<ConfigResponse> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        vault: config.vault.into(),
        l_coin: config.l_coin.into(),
        fund: config.fund.map(Into::into),
        params: PARAMS.load(deps.storage)?,
    })
}

pub fn week(deps: Deps, week: u64) -> Result<WeekResponse, ContractError> {
    let round = Round::load(deps.storage, WeekKey::new(week)?)?;
    describe_week(deps, week, round)
}

pub fn weeks(deps: Deps, before: Option<u64>, limit: Option<u32>) -> Result<Vec<WeekResponse>, ContractError> {
    let before = WeekKey::new(before.unwrap_or(u32::MAX.into()))?;
    let rows = ROUNDS.range(deps.storage, ..before, Order::Descending);
    rows.take(page::limit(limit))
        .map(|row| {
            let (week, round) = row?;
            describe_week(deps, week.week(), round)
        })
        .collect()
}

fn describe_week(deps: Deps, week: u64, round: Round) -> Result<WeekResponse, ContractError> {
    let last = leaders(deps.storage, WeekKey::new(week)?, Order::Ascending).next();
    let outcome = OUTCOMES.may_load(deps.storage, week)?;
    Ok(WeekResponse {
        week,
        leaders: round.leaders,
        charged: round.charged.into(),
        top_charged: round.top_charged.into(),
        minimum: last.transpose()?.map_or(0, |(place, _)| place.score).into(),
        result: outcome.map(|row| result(deps, week, &row)).transpose()?,
    })
}

fn result(deps: Deps, week: u64, row: &Outcome) -> StdResult<WeekResult> {
    let claims = CLAIMED.prefix(week).range(deps.storage, None, None, Order::Ascending);
    let paid = claims
        .map(|claim| claim.map(|(_, amount)| amount))
        .sum::<StdResult<_>>()?;
    Ok(WeekResult {
        finalized_at: row.finalized_at,
        pool: row.pool,
        paid,
    })
}

pub fn top(deps: Deps, week: u64, after: Option<u32>, limit: Option<u32>) -> Result<Vec<RankResponse>, ContractError> {
    let rows = leaders(deps.storage, WeekKey::new(week)?, Order::Descending);
    let skipped = usize::try_from(after.unwrap_or_default().min(MAX_LEADERS)).unwrap_or(usize::MAX);
    let page = rows.enumerate().skip(skipped).take(page::limit(limit));
    page.map(|(place, row)| {
        let (score, account) = row?;
        Ok(RankResponse {
            account: account.text(deps.api)?,
            score: score.score.into(),
            rank: Some(rank(place)),
        })
    })
    .collect()
}

pub fn rank_of(deps: Deps, account: String, week: u64) -> Result<RankResponse, ContractError> {
    let week = WeekKey::new(week)?;
    let place = SCORES.may_load(deps.storage, &(parse(deps, &account)?, week))?;
    Ok(RankResponse {
        account,
        score: place.map_or(0, |place| place.score).into(),
        rank: place.map(|place| listed(deps, week, place)).transpose()?.flatten(),
    })
}

/// The rank of a place: one more than there are better ones, if the list reaches down to it. At most 100 rows.
fn listed(deps: Deps, week: WeekKey, place: Place) -> StdResult<Option<u32>> {
    let keys = above_within(Some((week, place)), week.places());
    let better = LEADERS.range(deps.storage, keys, Order::Ascending).count();
    Ok(Some(rank(better)).filter(|rank| *rank <= MAX_LEADERS))
}

pub fn scores(
    deps: Deps,
    account: &str,
    before: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<ScoreResponse>, ContractError> {
    let account = parse(deps, account)?;
    let [first, before] = [0, before.unwrap_or(u32::MAX.into())].map(WeekKey::new);
    let keys = (account.clone(), first?)..(account, before?);
    let rows = SCORES.range(deps.storage, keys, Order::Descending);
    rows.take(page::limit(limit))
        .map(|row| {
            let ((_, week), place) = row?;
            Ok(ScoreResponse {
                week: week.week(),
                score: place.score.into(),
            })
        })
        .collect()
}

fn parse(deps: Deps, account: &str) -> StdResult<Account> {
    deps.api.addr_validate(account)?;
    Account::parse(deps.api, account)
}

pub fn prizes(deps: Deps, week: u64) -> Result<Vec<PrizeResponse>, ContractError> {
    let Some(row) = OUTCOMES.may_load(deps.storage, week)? else {
        return Ok(vec![]);
    };
    let ranks = row.shares.iter().enumerate();
    ranks
        .map(|(place, share)| {
            let prize = prize(&row, place)?;
            Ok(PrizeResponse {
                rank: rank(place),
                account: row.winners.get(place).map(ToString::to_string),
                share_bps: *share,
                prize: row.pool.map(|_| prize),
                claimed: CLAIMED.has(deps.storage, (week, rank(place))),
            })
        })
        .collect()
}

pub fn perks(deps: Deps, env: &Env, account: &str) -> Result<PerksResponse, StdError> {
    let account = deps.api.addr_validate(account)?;
    let week = current(env);
    let choice = PERKS
        .may_load(deps.storage, week)?
        .filter(|choice| choice.account == account);
    Ok(PerksResponse {
        unlimited_concurrency: choice
            .as_ref()
            .is_some_and(|choice| choice.perk == Perk::UnlimitedConcurrency),
        free_calls: choice.map_or(Uint128::zero(), |choice| choice.allowance),
        valid_until: Week::from_index(week).end(),
    })
}

pub fn perk(deps: Deps, week: u64) -> StdResult<Option<PerkResponse>> {
    let holds = week.saturating_add(1);
    let choice = PERKS.may_load(deps.storage, holds)?;
    Ok(choice.map(|choice| PerkResponse {
        account: choice.account.into(),
        perk: choice.perk,
        allowance: choice.allowance,
        valid_from: Week::from_index(holds).start(),
        valid_until: Week::from_index(holds).end(),
    }))
}
