//! Answers. Lists are paged (30 by default, at most 100). Everything that grows is answered as it is now.

use cosmwasm_std::{Deps, Env, Int128, Order, StdResult, Uint128, Uint256};
use interfaces::exchange::QuotePerBase;
use interfaces::margin::{
    ConfigResponse, HealthResponse, HistoryEntry, LenderResponse, OfferResponse, OpenQuoteResponse, OverviewResponse,
    Params, Pausable, PoolResponse, PositionResponse, Side, Token,
};
use kit::compact::{above_within, Account};
use kit::{operator, page};
use math::interest::Debt;
use math::liquidation::Health;
use math::mul_div_floor;

use crate::error::ContractError;
use crate::execute::liquidate::Case;
use crate::execute::offer;
use crate::market::{health, Market};
use crate::pool::{curve, Pool};
use crate::risk::{self, part};
use crate::state::{address, lenders, Book, Position, Settings, Terms, HISTORY, OFFERS, OWNED, SWITCHES};

const BPS: u128 = 10_000;

/// Everything a page shows first.
#[inline(never)]
pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let book = Book::load(deps.storage)?;
    let mark = market(deps).ok().and_then(|market| market.mark);
    let [credit, lco] = [pool(deps, env, Token::Credit)?, pool(deps, env, Token::Lco)?];
    Ok(OverviewResponse {
        mark_long: mark.map(|[long, _]| price(long)),
        mark_short: mark.map(|[_, short]| price(short)),
        long_open_interest: book.longs,
        short_open_interest: lco.debt,
        short_collateral: book.shorts,
        next_position: book.positions.saturating_add(1),
        paused: SWITCHES
            .load(deps.storage)?
            .paused()
            .iter()
            .copied()
            .map(Pausable::from)
            .collect(),
        pools: [credit, lco],
    })
}

pub fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let terms = Terms::load(deps.storage)?;
    Ok(ConfigResponse {
        operator: operator::load(deps.storage)?.map(Into::into),
        credit: terms.credit.into(),
        lco: terms.lco.into(),
        exchange: terms.exchange.into(),
        params: Settings::load(deps.storage)?,
    })
}

fn market(deps: Deps) -> Result<Market, ContractError> {
    Market::load(&deps.querier, &Terms::load(deps.storage)?.exchange)
}

fn price(raw: u128) -> QuotePerBase {
    QuotePerBase::from_raw(Uint256::from(raw))
}

fn now(env: &Env) -> u64 {
    env.block.time.seconds()
}

#[inline(never)]
pub fn pool(deps: Deps, env: &Env, token: Token) -> Result<PoolResponse, ContractError> {
    let params = Settings::load(deps.storage)?;
    let pool = Pool::load(deps.storage, token, now(env), &params)?;
    let debt = pool.debt()?;
    let total = debt.saturating_add(pool.cash.u128());
    let used = mul_div_floor(debt, BPS, total).unwrap_or_default();
    Ok(PoolResponse {
        token,
        cash: pool.cash,
        debt: debt.into(),
        debt_shares: pool.debt_shares,
        index: pool.index,
        borrow_rate: pool.rate,
        // at most 10,000
        utilisation_bps: u16::try_from(used).unwrap_or(u16::MAX),
        assets: pool.assets()?.into(),
        supply_shares: pool.supply_shares,
        reserve: pool.reserve,
        unclaimed: pool.unclaimed,
        resting_until: pool.resting_until,
    })
}

pub fn lender(deps: Deps, env: &Env, lender: &str) -> Result<LenderResponse, ContractError> {
    let (lender, params) = (Account::parse(deps.api, lender)?, Settings::load(deps.storage)?);
    let lent = |token| {
        let shares = lenders(token).may_load(deps.storage, &lender)?.unwrap_or_default();
        let pool = Pool::load(deps.storage, token, now(env), &params)?;
        Ok::<_, ContractError>((shares, Uint128::new(pool.worth(shares)?)))
    };
    let ((credit_shares, credit_value), (lco_shares, lco_value)) = (lent(Token::Credit)?, lent(Token::Lco)?);
    Ok(LenderResponse {
        credit_shares,
        credit_value,
        lco_shares,
        lco_value,
    })
}

/// What positions are valued by, read once a query.
struct Desk {
    params: Params,
    pools: [Pool; 2],
    market: Option<Market>,
    now: u64,
}

impl Desk {
    fn load(deps: Deps, env: &Env) -> Result<Self, ContractError> {
        let params = Settings::load(deps.storage)?;
        let pool = |token| Pool::load(deps.storage, token, now(env), &params);
        Ok(Self {
            pools: [pool(Token::Credit)?, pool(Token::Lco)?],
            market: market(deps).ok(),
            now: now(env),
            params,
        })
    }

    fn pool(&self, side: Side) -> &Pool {
        let [credit, lco] = &self.pools;
        match side.debt() {
            Token::Credit => credit,
            Token::Lco => lco,
        }
    }

    #[inline(never)]
    fn describe(&self, deps: Deps, id: u64, position: Position) -> Result<PositionResponse, ContractError> {
        let side = position.side;
        let debt = position.debt(self.pool(side));
        let (held, owed) = (position.held.u128(), debt.owed()?);
        let exit = self.market.and_then(|market| market.exit_health(side, held, owed));
        let case = self.case(id, &position, debt, owed)?;
        let health = case.as_ref().map(|case| case.health);
        let offer = match &case {
            Some(case) => self.offer(deps, case)?,
            None => None,
        };
        Ok(PositionResponse {
            position: id,
            side,
            held: position.held,
            debt: owed.into(),
            debt_shares: position.shares,
            opened_at: position.opened_at,
            liquidatable: health.is_some_and(|health| !health.at_least(self.params.maintenance_bps)),
            health: health
                .map(|health| self.health(side, held, owed, &health))
                .transpose()?,
            exit_cr_ppm: exit.map(|health| health.ppm()),
            offer,
            owner: address(deps.api, &position.owner)?.into(),
        })
    }

    fn case(&self, id: u64, position: &Position, debt: Debt, owed: u128) -> Result<Option<Case>, ContractError> {
        let side = position.side;
        let Some((market, price)) = self.market.and_then(|market| Some((market, market.price(side).ok()?))) else {
            return Ok(None);
        };
        Ok(Some(Case {
            id,
            position: position.clone(),
            params: self.params.clone(),
            market,
            pool: self.pool(side).clone(),
            debt,
            owed,
            price,
            health: health(side, position.held.u128(), owed, price)?,
        }))
    }

    fn offer(&self, deps: Deps, case: &Case) -> Result<Option<OfferResponse>, ContractError> {
        let since = OFFERS.may_load(deps.storage, &case.id)?;
        let Some(since) = since.filter(|since| self.now < offer::ends_at(*since, &self.params)) else {
            return Ok(None);
        };
        let (pays, receives) = offer::terms(case, since, self.now)?;
        Ok(Some(OfferResponse {
            since,
            open_fill_at: offer::open_fill_at(since, &self.params),
            ends_at: offer::ends_at(since, &self.params),
            pays: pays.into(),
            receives: receives.into(),
        }))
    }

    #[inline(never)]
    fn health(&self, side: Side, held: u128, owed: u128, health: &Health) -> Result<HealthResponse, ContractError> {
        let m = u128::from(self.params.maintenance_bps);
        let one = Uint256::from(1u128 << 64);
        // long: debt / (held · (1 − m)); short: held / (debt · (1 + m)); both · 2⁶⁴, rounded down
        let (top, bottom) = match side {
            Side::Long => (owed, Uint128::new(held).full_mul(BPS.saturating_sub(m))),
            Side::Short => (held, Uint128::new(owed).full_mul(BPS.saturating_add(m))),
        };
        let liquidation = Uint256::from(top)
            .saturating_mul(one)
            .saturating_mul(Uint256::from(BPS))
            .checked_div(bottom)
            .unwrap_or(Uint256::MAX);
        let signed = |amount: u128| Int128::new(i128::try_from(amount).unwrap_or(i128::MAX));
        Ok(HealthResponse {
            notional: health.notional.into(),
            equity: signed(health.held)
                .checked_sub(signed(health.owed))
                .unwrap_or(Int128::MIN),
            cr_ppm: health.ppm(),
            liquidation_price: QuotePerBase::from_raw(liquidation),
        })
    }
}

pub fn position(deps: Deps, env: &Env, id: u64) -> Result<PositionResponse, ContractError> {
    Desk::load(deps, env)?.describe(deps, id, Position::load(deps.storage, id)?)
}

pub fn positions(
    deps: Deps,
    env: &Env,
    owner: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<PositionResponse>, ContractError> {
    let (owner, desk) = (Account::parse(deps.api, owner)?, Desk::load(deps, env)?);
    let of = |id| (owner.clone(), id);
    let keys = above_within(start_after.map(of), of(0)..=of(u64::MAX));
    let rows = OWNED.range(deps.storage, keys, Order::Ascending);
    rows.take(page::limit(limit))
        .map(|row| {
            let ((_, id), ()) = row?;
            desk.describe(deps, id, Position::load(deps.storage, id)?)
        })
        .collect()
}

/// Longs before shorts, the worst of each first.
pub fn liquidatable(deps: Deps, env: &Env, limit: Option<u32>) -> Result<Vec<PositionResponse>, ContractError> {
    let desk = Desk::load(deps, env)?;
    let Some(market) = desk.market.filter(|market| market.mark.is_some()) else {
        return Ok(vec![]);
    };
    let limit = page::limit(limit);
    let mut found = Vec::new();
    for side in [Side::Long, Side::Short] {
        let left = limit.saturating_sub(found.len());
        let bad = risk::liquidatable(deps.storage, side, desk.pool(side), &market, &desk.params, left)?;
        for (id, position) in bad {
            found.push(desk.describe(deps, id, position)?);
        }
    }
    Ok(found)
}

pub fn history(deps: Deps, owner: &str, start_before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<HistoryEntry>> {
    let owner = Account::parse(deps.api, owner)?;
    // numbers begin at 1
    let keys = (owner.clone(), 0)..(owner, start_before.unwrap_or(u64::MAX));
    let rows = HISTORY.range(deps.storage, keys, Order::Descending);
    rows.take(page::limit(limit))
        .map(|row| {
            let ((_, number), line) = row?;
            Ok(HistoryEntry { number, ..line.0 })
        })
        .collect()
}

#[inline(never)]
pub fn open_quote(
    deps: Deps,
    env: &Env,
    side: Side,
    collateral: Uint128,
    borrow: Uint128,
) -> Result<OpenQuoteResponse, ContractError> {
    let desk = Desk::load(deps, env)?;
    let market = market(deps)?;
    let pool = desk.pool(side);
    let (paid, kept) = match side {
        Side::Long => (collateral.checked_add(borrow)?, Uint128::zero()),
        Side::Short => (borrow, collateral),
    };
    let trade = market.enter(side, paid)?;
    let held = kept.checked_add(trade.amount_out.into())?;
    let owed = Debt::of_loan(borrow.u128(), pool.index.u128())?.owed()?;
    let exit = market.entered(side, &trade).exit_health(side, held.u128(), owed);
    let at_mark = match market.price(side) {
        Ok(price) => Some(health(side, held.u128(), owed, price)?.ppm()),
        Err(_) => None,
    };
    Ok(OpenQuoteResponse {
        out: trade.amount_out.into(),
        held,
        cr_ppm: at_mark,
        exit_cr_ppm: exit.map(|health| health.ppm()),
        borrow_limit: borrow_limit(&desk, &Book::load(deps.storage)?, side, &market)?,
    })
}

/// The least of cash, what the cap of use leaves, and what the caps on sizes leave in units of the loan, valued at mark (the pool's price without one).
#[inline(never)]
fn borrow_limit(desk: &Desk, book: &Book, side: Side, market: &Market) -> Result<Uint128, ContractError> {
    let (pool, params) = (desk.pool(side), &desk.params);
    let debt = pool.debt()?;
    let total = debt.saturating_add(pool.cash.u128());
    let by_use = part(total, curve(params, side.debt()).cap_bps).saturating_sub(debt.into());
    let [base, quote] = market.lowest;
    let (reserve, taken) = match side {
        Side::Long => (quote, market.price(side).map_or(0, |price| value(book.longs, price))),
        Side::Short => (base, debt),
    };
    let one = part(reserve, params.position_cap_bps);
    let all = part(reserve, params.side_cap_bps).saturating_sub(taken.into());
    let limit = pool.cash.min(by_use).min(one).min(all);
    Ok(match desk.now < pool.resting_until {
        true => Uint128::zero(),
        false => limit,
    })
}

fn value(lco: Uint128, price: u128) -> u128 {
    math::liquidation::value_floor(lco.u128(), price).unwrap_or(u128::MAX)
}
