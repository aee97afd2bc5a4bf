//! Answers. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, HexBinary, Int128, Order, StdResult, Uint128};
use interfaces::prediction_market::{
    BondResponse, ConfigResponse, HistoryRow, HoldingResponse, MarketResponse, MarketRow, MarketsResponse,
    OutcomeResponse, OverviewResponse, Pausable, Peers, PositionResponse, QuoteBuyResponse, QuoteSellResponse,
    ResultResponse, Status, MAX_BONDS, SCAN_LIMIT,
};
use kit::compact::{above_within, Account};
use kit::{operator, page};
use math::parimutuel::Pool;
use math::{mul_div_floor, Bps};

use crate::error::ContractError;
use crate::execute::resolve::first_bond;
use crate::execute::trade::{expect_trading, priced_buy};
use crate::market::{distribute, Market};
use crate::peers::cap_by_bonded;
use crate::state::{Config, PoolRow, Position, Settled, Totals, DETAILS, HISTORY, POOLS, POSITIONS};

/// Shares that [`OutcomeResponse::payout`] speaks of.
const PAYOUT_UNIT: u128 = 1_000_000;

/// Sums, and the cap as staking has it now.
pub fn overview(deps: Deps) -> Result<OverviewResponse, ContractError> {
    let totals = Totals::load(deps.storage)?;
    let config = Config::load(deps.storage)?;
    let by_bonded = cap_by_bonded(deps.api, deps.querier, &config)?;
    Ok(OverviewResponse {
        markets: totals.markets,
        open_interest: totals.open_interest,
        interest_cap: by_bonded.max(config.params.interest_floor),
        unclaimed: totals.unclaimed,
        bonds: totals.bonds,
        burned: totals.burned,
        paused: config.paused,
    })
}

pub fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let config = Config::load(deps.storage)?;
    let text = |peer: Option<Account>| peer.map(|peer| peer.text(deps.api)).transpose();
    Ok(ConfigResponse {
        operator: operator::load(deps.storage)?.map(Into::into),
        l_coin: config.l_coin.text(deps.api)?,
        peers: Peers {
            staking: text(config.staking)?,
            governance: text(config.governance)?,
        },
        params: config.params,
    })
}

pub fn market(deps: Deps, now: u64, id: u64) -> Result<MarketResponse, ContractError> {
    let market = Market::load(deps.storage, id)?;
    let (status, until) = market.status(now);
    let outcomes = outcomes(&market)?;
    let next_bond = next_bond(&market, status)?;
    let contest = market.contest.as_ref();
    let (row, details) = (market.row, market.details);
    Ok(MarketResponse {
        market: id,
        status,
        proposer: details.proposer.text(deps.api)?,
        question: details.question,
        evidence_rule: details.evidence_rule,
        ante: details.ante.into(),
        created: details.created,
        close_at: row.close_at,
        resolve_after: details.resolve_after,
        terms: details.terms,
        pool: row.pool.money().into(),
        outcomes,
        held: row.held.into(),
        bucket: row.bucket,
        bonds: contest.map(|contest| contest.bonds).unwrap_or_default(),
        next_bond,
        answer: contest.map(|contest| contest.answer.into()),
        until,
        result: market.settled.as_ref().map(result),
    })
}

fn outcomes(market: &Market) -> Result<Vec<OutcomeResponse>, ContractError> {
    let pool = &market.row.pool;
    let rate = Bps::new(market.details.terms.fee_bps)?;
    let numbered = pool.outcomes().iter().zip(&market.details.outcomes).enumerate();
    let described = numbered.map(|(number, (outcome, name))| {
        let payouts = pool.settle(number, rate)?;
        Ok(OutcomeResponse {
            name: name.clone(),
            shares: outcome.shares.into(),
            money: Int128::new(outcome.money),
            probability_ppm: pool.probability_ppm(number),
            payout: mul_div_floor(payouts.money, PAYOUT_UNIT, payouts.weight)?.into(),
        })
    });
    described.collect()
}

/// What the next answer or dispute must send.
fn next_bond(market: &Market, status: Status) -> Result<Option<Uint128>, ContractError> {
    Ok(match (status, &market.contest) {
        (Status::Unanswered, _) => Some(first_bond(market)?.into()),
        (Status::Answered, Some(contest)) if contest.bonds < MAX_BONDS => Some(contest.bond(contest.bonds)?.into()),
        _ => None,
    })
}

fn result(settled: &Settled) -> ResultResponse {
    let payouts = &settled.payouts;
    ResultResponse {
        answer: settled.answer.into(),
        at: settled.at,
        fee: payouts.fee.into(),
        weight: payouts.weight.into(),
        weight_left: payouts.weight_left.into(),
        left: payouts.left().saturating_add(settled.held_left).into(),
        burnable: settled.burnable.into(),
    }
}

pub fn markets(
    deps: Deps,
    now: u64,
    status: Option<Status>,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> Result<MarketsResponse, ContractError> {
    let limit = page::limit(limit);
    let (mut markets, mut next) = (Vec::new(), None);
    let rows = POOLS.range(deps.storage, ..start_before.unwrap_or(u64::MAX), Order::Descending);
    // one more than is looked at tells whether to go on
    for (looked_at, row) in rows.enumerate() {
        if looked_at >= SCAN_LIMIT || markets.len() >= limit {
            return Ok(MarketsResponse { markets, next });
        }
        let (id, _) = row?;
        let market = Market::load(deps.storage, id)?;
        if status.is_none_or(|status| status == market.status(now).0) {
            markets.push(describe(&market, now));
        }
        next = Some(id);
    }
    Ok(MarketsResponse { markets, next: None })
}

fn describe(market: &Market, now: u64) -> MarketRow {
    let pool = &market.row.pool;
    let newest = market.contest.as_ref().map(|contest| contest.answer);
    let answer = market.settled.as_ref().map(|settled| settled.answer).or(newest);
    MarketRow {
        market: market.id,
        status: market.status(now).0,
        question: market.details.question.clone(),
        close_at: market.row.close_at,
        resolve_after: market.details.resolve_after,
        pool: pool.money().into(),
        outcomes: market.details.outcomes.clone(),
        probabilities_ppm: probabilities(pool),
        answer: answer.map(u8::from),
    }
}

fn probabilities(pool: &Pool) -> Vec<u32> {
    (0..pool.outcomes().len())
        .map(|outcome| pool.probability_ppm(outcome))
        .collect()
}

pub fn bonds(deps: Deps, id: u64) -> Result<Vec<BondResponse>, ContractError> {
    let market = Market::load(deps.storage, id)?;
    let bonds = market.bonds(deps.storage)?;
    let sides: Vec<_> = bonds.iter().map(|bond| (bond.answer, bond.amount)).collect();
    let returned = market
        .settled
        .as_ref()
        .map(|settled| distribute(&sides, settled.answer))
        .transpose()?;
    let described = bonds.into_iter().enumerate().map(|(number, bond)| {
        let back = returned.as_ref().and_then(|returned| returned.amounts.get(number));
        Ok(BondResponse {
            account: bond.account.text(deps.api)?,
            answer: bond.answer.into(),
            amount: bond.amount.into(),
            evidence: HexBinary::from(bond.evidence),
            at: bond.at,
            returned: back.copied().map(Uint128::new),
        })
    });
    described.collect()
}

pub fn position(deps: Deps, now: u64, market: u64, address: &str) -> Result<PositionResponse, ContractError> {
    let account = Account::parse(deps.api, address)?;
    let position = Position::load(deps.storage, &(account, market))?;
    describe_position(deps, now, market, &position)
}

pub fn positions(
    deps: Deps,
    now: u64,
    address: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<PositionResponse>, ContractError> {
    let account = Account::parse(deps.api, address)?;
    let after = start_after.map(|market| (account.clone(), market));
    let group = (account.clone(), 0)..=(account.clone(), u64::MAX);
    let rows = POSITIONS.range(deps.storage, above_within(after, group), Order::Ascending);
    let rows = rows.take(page::limit(limit)).map(|row| {
        let ((_, market), position) = row?;
        describe_position(deps, now, market, &position)
    });
    rows.collect()
}

fn describe_position(deps: Deps, now: u64, id: u64, position: &Position) -> Result<PositionResponse, ContractError> {
    let market = Market::load(deps.storage, id)?;
    let share = |settled: &Settled| {
        let share = settled.payouts.share(position.weight(settled.answer))?;
        Ok::<_, ContractError>((share.money.saturating_add(position.gain(settled.answer)), share.fee))
    };
    let share = market.settled.as_ref().map(share).transpose()?;
    let holdings = position.holdings.iter().map(|holding| HoldingResponse {
        outcome: holding.outcome,
        shares: holding.shares.into(),
        money: Int128::new(holding.money),
    });
    Ok(PositionResponse {
        market: id,
        status: market.status(now).0,
        holdings: holdings.collect(),
        locked: position.locked.into(),
        net_cost: position.net_cost().into(),
        held: position.held.into(),
        claimable: share.map(|(money, _)| money.into()),
        waivable: share.map(|(_, fee)| fee.into()),
    })
}

pub fn history(
    deps: Deps,
    market: u64,
    start_after: Option<u16>,
    limit: Option<u32>,
) -> Result<Vec<HistoryRow>, ContractError> {
    let pool = PoolRow::load(deps.storage, market)?;
    let after = start_after.map(|bucket| (market, u64::from(bucket)));
    let group = (market, 0)..=(market, u64::MAX);
    let rows = HISTORY.range(deps.storage, above_within(after, group), Order::Ascending);
    let described = rows.take(page::limit(limit)).map(|row| {
        let ((_, number), bucket) = row?;
        Ok(HistoryRow {
            // at most HISTORY_BUCKETS
            bucket: u16::try_from(number).unwrap_or(u16::MAX),
            time: pool.created_at.saturating_add(number.saturating_mul(pool.bucket)),
            probabilities_ppm: bucket.probabilities,
            pool: bucket.pool.into(),
            bought: bucket.bought.into(),
            sold: bucket.sold.into(),
            trades: bucket.trades,
        })
    });
    described.collect::<StdResult<_>>().map_err(Into::into)
}

pub fn quote_buy(
    deps: Deps,
    now: u64,
    (market, outcome): (u64, u8),
    amount: Uint128,
) -> Result<QuoteBuyResponse, ContractError> {
    let config = Config::load(deps.storage)?;
    config.assert_running(Pausable::Buy)?;
    let row = PoolRow::load(deps.storage, market)?;
    expect_trading(deps.storage, market, &row, now)?;
    let (after, shares) = priced_buy(&row.pool, &config.params, outcome, amount)?;
    let details = DETAILS.may_load(deps.storage, &market)?;
    let terms = details.ok_or(ContractError::MarketUnknown { market })?.terms;
    let payouts = after.settle(outcome.into(), Bps::new(terms.fee_bps)?)?;
    Ok(QuoteBuyResponse {
        shares: shares.into(),
        before_ppm: row.pool.probability_ppm(outcome.into()),
        after_ppm: after.probability_ppm(outcome.into()),
        payout: mul_div_floor(payouts.money, shares, payouts.weight)?.into(),
    })
}

pub fn quote_sell(
    deps: Deps,
    now: u64,
    (market, outcome): (u64, u8),
    shares: Uint128,
) -> Result<QuoteSellResponse, ContractError> {
    let row = PoolRow::load(deps.storage, market)?;
    expect_trading(deps.storage, market, &row, now)?;
    let (after, refund) = row.pool.sell(outcome.into(), shares.u128())?;
    Ok(QuoteSellResponse {
        refund: refund.into(),
        before_ppm: row.pool.probability_ppm(outcome.into()),
        after_ppm: after.probability_ppm(outcome.into()),
    })
}
