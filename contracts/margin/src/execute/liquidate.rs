//! Liquidation through the exchange: in part up to the target ratio, or whole.

use cosmwasm_std::{Addr, Event, Response, Uint128};
use interfaces::margin::{Ending, HistoryEntry, Params, Side, Token};
use math::interest::Debt;
use math::liquidation::{cut_long, cut_short, value_ceil, value_floor, Cut, Health, Terms, PRICE_ONE};
use math::{mul_div_ceil, MathError};

use super::divide::{settle, Closing};
use super::trade::entry;
use super::{offer, Context, Outbox, Swap};
use crate::error::ContractError;
use crate::events;
use crate::market::{health, Market};
use crate::pool::Pool;
use crate::risk::part;
use crate::state::{Book, Position, OFFERS};

/// A position that is judged, and everything it is judged by.
pub struct Case {
    pub id: u64,
    pub position: Position,
    pub params: Params,
    pub market: Market,
    /// Of the debt's token, with interest up to now.
    pub pool: Pool,
    pub debt: Debt,
    pub owed: u128,
    /// Mark of its side.
    pub price: u128,
    pub health: Health,
}

impl Case {
    /// Refuses a position that is not below maintenance at mark.
    pub fn load(ctx: &Context, id: u64) -> Result<Self, ContractError> {
        let case = Self::of(ctx, id, Position::load(ctx.storage, id)?)?;
        let maintenance_bps = case.params.maintenance_bps;
        match case.health.at_least(maintenance_bps) {
            false => Ok(case),
            true => Err(ContractError::NotLiquidatable {
                position: id,
                maintenance_bps,
                actual_ppm: case.health.ppm(),
            }),
        }
    }

    #[inline(never)]
    fn of(ctx: &Context, id: u64, position: Position) -> Result<Self, ContractError> {
        let (params, market, side) = (ctx.params()?, ctx.market()?, position.side);
        let pool = ctx.pool(side.debt(), &params)?;
        let debt = position.debt(&pool);
        let (owed, price) = (debt.owed()?, market.price(side)?);
        let health = health(side, position.held.u128(), owed, price)?;
        Ok(Self {
            id,
            position,
            params,
            market,
            pool,
            debt,
            owed,
            price,
            health,
        })
    }

    fn side(&self) -> Side {
        self.position.side
    }

    fn held(&self) -> u128 {
        self.position.held.u128()
    }
}

/// What goes through the exchange.
struct Fill {
    cut: Cut,
    whole: bool,
    /// Of the Risk Reserve in the token that is held, among what is spent.
    advanced: u128,
}

/// Liquidates for a keeper, or puts the position on offer.
#[inline(never)]
pub fn liquidate(ctx: &mut Context, id: u64, keeper: Addr) -> Result<Response, ContractError> {
    let case = Case::load(ctx, id)?;
    let fill = plan(ctx, &case)?;
    let open = || Ok::<_, ContractError>(offer::fills_openly(ctx, id, &case.params)? && unpushed(&case)?);
    if !near(&case, &fill)? && !open()? {
        return offer::begin(ctx, id, case.side(), &case.params);
    }
    let swap = Swap {
        pay: case.side().held(),
        amount: fill.cut.spent.into(),
        out: fill.cut.received.into(),
        deadline: None,
    };
    let outbox = match fill.whole {
        true => close_whole(ctx, &case, &fill, keeper)?,
        false => close_part(ctx, &case, &fill.cut, &keeper)?,
    };
    outbox.swap(swap).send(&ctx.terms()?)
}

/// As a sub-message before a lender's withdrawal.
pub fn liquidate_for(ctx: &mut Context, id: u64, keeper: &str) -> Result<Response, ContractError> {
    kit::assert_sender(ctx.sender, &ctx.env.contract.address, "contract itself")?;
    let keeper = ctx.api.addr_validate(keeper)?;
    liquidate(ctx, id, keeper)
}

/// Whole below minimum size, below the ratio at which a part no longer helps, and if a part would not help or leave too little; else the part that restores the target.
#[inline(never)]
fn plan(ctx: &Context, case: &Case) -> Result<Fill, ContractError> {
    let params = &case.params;
    let in_part = case.health.at_least(params.full_close_bps) && is_large(case.health.notional, params);
    let cut = match in_part {
        true => partial(case)?,
        false => None,
    };
    match cut {
        Some(cut) => Ok(Fill {
            cut,
            whole: false,
            advanced: 0,
        }),
        None => whole(ctx, case),
    }
}

fn is_large(notional: u128, params: &Params) -> bool {
    Uint128::new(notional) >= params.min_notional
}

#[inline(never)]
fn partial(case: &Case) -> Result<Option<Cut>, ContractError> {
    let params = &case.params;
    let terms = Terms {
        target_bps: params.target_bps,
        penalty_bps: params.penalty_bps,
        bounty_bps: params.bounty_bps,
    };
    let side = case.side();
    // reserves were read once; the exchange will compute the same
    let out = |amount| case.market.exit(side, amount).map_err(|_| MathError::Overflow);
    let cut = match side {
        Side::Long => cut_long(case.held(), case.debt, case.price, terms, out)?,
        Side::Short => match case.market.cost(case.owed) {
            Ok(whole) => cut_short(case.held(), case.debt, whole, case.price, terms, out)?,
            Err(_) => None,
        },
    };
    let Some(cut) = cut else { return Ok(None) };
    let (after, _) = shrunk(case, &cut)?;
    let notional = match side {
        Side::Long => value_floor(after.held.u128(), case.price)?,
        Side::Short => value_ceil(after.debt(&case.pool).owed()?, case.price)?,
    };
    Ok((is_large(notional, params) && !after.shares.is_zero()).then_some(cut))
}

/// The position after a partial liquidation, and what was repaid of its debt.
fn shrunk(case: &Case, cut: &Cut) -> Result<(Position, u128), ContractError> {
    let fees = cut.penalty.saturating_add(cut.bounty);
    let (left, repaid) = match case.side() {
        Side::Long => (case.held().checked_sub(cut.spent), cut.received.checked_sub(fees)),
        Side::Short => (
            case.held().checked_sub(cut.spent.saturating_add(fees)),
            Some(cut.received),
        ),
    };
    let (left, repaid) = left.zip(repaid).ok_or(MathError::Overflow)?;
    let position = Position {
        held: left.into(),
        shares: case.debt.repaid(repaid)?.shares.into(),
        ..case.position.clone()
    };
    Ok((position, repaid))
}

/// Everything, for everything owed. What the position cannot pay the Risk Reserve does, before anybody else bears a part: first what it has of the token that is
/// owed, which needs no exchange; then what it has of the other one is sold beside what the position holds, up to [`most`]. A fixed bounty stays for the keeper.
#[inline(never)]
fn whole(ctx: &Context, case: &Case) -> Result<Fill, ContractError> {
    let (side, held, owed) = (case.side(), case.held(), case.owed);
    let cost = case.market.exit_cost(side, owed).unwrap_or(u128::MAX);
    if cost <= held {
        // a long sells all it holds whatever it owes
        return match side {
            Side::Long => whole_fill(case, held, 0),
            Side::Short => whole_fill(case, cost, 0),
        };
    }
    let missing = owed.saturating_sub(case.market.exit(side, held)?);
    let own = missing.min(spare(ctx, case, side.debt())?);
    // nothing to sell for where the own reserve reaches
    let target = owed.saturating_sub(own);
    let lacking = match missing > own {
        true => case
            .market
            .exit_cost(side, target)
            .unwrap_or(u128::MAX)
            .saturating_sub(held),
        false => 0,
    };
    let spare = spare(ctx, case, side.held())?;
    let advanced = lacking.min(spare).min(most(case, missing.saturating_sub(own))?);
    whole_fill(case, held.saturating_add(advanced), advanced)
}

/// What the Risk Reserve of a token has beside a fixed bounty, which is in Credits.
fn spare(ctx: &Context, case: &Case, token: Token) -> Result<u128, ContractError> {
    let reserve = Pool::stored(ctx.storage, token)?.reserve;
    Ok(match token {
        Token::Credit => reserve.saturating_sub(case.params.fixed_bounty).u128(),
        Token::Lco => reserve.u128(),
    })
}

/// The most that is sold of the Risk Reserve for what is missing: its value at the worse of mark and previous close, `offer_max` dearer for a push that [`unpushed`]
/// lets pass, and as much again for what the fill moves the price. It binds only where the fill takes some 4 % of the exchange's reserves, of which a position was
/// at most 0.5 % when it was opened: an exchange as thin as that would belong to few, and they would get the Risk Reserve for next to nothing.
fn most(case: &Case, missing: u128) -> Result<u128, ContractError> {
    let close = case.market.close.unwrap_or(case.price);
    let fair = match case.side() {
        Side::Long => mul_div_ceil(missing, PRICE_ONE, case.price.min(close))?,
        Side::Short => value_ceil(missing, case.price.max(close))?,
    };
    let dearer = |amount: u128| amount.saturating_add(part(amount, case.params.offer_max_bps).u128());
    Ok(dearer(dearer(fair)))
}

fn whole_fill(case: &Case, spent: u128, advanced: u128) -> Result<Fill, ContractError> {
    let cut = Cut {
        spent,
        received: case.market.exit(case.side(), spent)?,
        penalty: 0,
        bounty: 0,
    };
    Ok(Fill {
        cut,
        whole: true,
        advanced,
    })
}

/// Whether a fill is no further than the slippage from mark, or from the previous block's close. Neither moves within a block, so pushing the price and liquidating
/// in the same block gets nothing.
#[inline(never)]
fn near(case: &Case, fill: &Fill) -> Result<bool, ContractError> {
    let slippage = case.params.slippage_bps;
    for price in [Some(case.price), case.market.close].into_iter().flatten() {
        let fits = match case.side() {
            Side::Long => {
                let fair = value_floor(fill.cut.spent, price)?;
                fill.cut.received >= fair.saturating_sub(part(fair, slippage).u128())
            }
            Side::Short => {
                let fair = value_ceil(fill.cut.received, price)?;
                fill.cut.spent <= fair.saturating_add(part(fair, slippage).u128())
            }
        };
        if fits {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the pool's price of this moment, before the fill, is no further against the position than the worst price of an offer, from mark or from the previous
/// block's close. After an offer the fill may be as far away as the position itself moves the price, but not as far as somebody pushed it before calling: whoever
/// pushes gets no more of all positions that are open to him than `offer_max` of their value, which he could have taken the offers for.
fn unpushed(case: &Case) -> Result<bool, ContractError> {
    let most = case.params.offer_max_bps;
    let (base, quote) = (case.market.selling.paid, case.market.selling.received);
    for price in [Some(case.price), case.market.close].into_iter().flatten() {
        let fits = match case.side() {
            Side::Long => {
                let fair = value_floor(base, price)?;
                quote >= fair.saturating_sub(part(fair, most).u128())
            }
            Side::Short => {
                let fair = value_ceil(base, price)?;
                quote <= fair.saturating_add(part(fair, most).u128())
            }
        };
        if fits {
            return Ok(true);
        }
    }
    Ok(false)
}

/// µLCO and µCredit of a fill.
fn amounts(side: Side, cut: &Cut) -> (u128, u128) {
    match side {
        Side::Long => (cut.spent, cut.received),
        Side::Short => (cut.received, cut.spent),
    }
}

#[inline(never)]
fn close_part(ctx: &mut Context, case: &Case, cut: &Cut, keeper: &Addr) -> Result<Outbox, ContractError> {
    let (before, debt) = (&case.position, case.side().debt());
    let (after, repaid) = shrunk(case, cut)?;
    let mut pool = case.pool.clone();
    pool.repay(before.shares.checked_sub(after.shares)?, repaid.into())?;
    match case.side() {
        Side::Long => pool.reserve = pool.reserve.checked_add(cut.penalty.into())?,
        Side::Short => {
            let mut credit = Pool::stored(ctx.storage, Token::Credit)?;
            credit.reserve = credit.reserve.checked_add(cut.penalty.into())?;
            credit.put(ctx.storage, Token::Credit);
        }
    }
    pool.save(ctx.storage, debt, &case.params)?;
    after.save(ctx.storage, case.id, Some(before))?;
    OFFERS.remove(ctx.storage, &case.id);
    let event = recorded(ctx, case, cut, &after)?;
    Ok(Outbox::default()
        .event(event)
        .transfer(Token::Credit, keeper, cut.bounty))
}

fn recorded(ctx: &mut Context, case: &Case, cut: &Cut, after: &Position) -> Result<Event, ContractError> {
    let (lco, credits) = amounts(case.side(), cut);
    let entry = HistoryEntry {
        lco: lco.into(),
        credits: credits.into(),
        penalty: cut.penalty.into(),
        bounty: cut.bounty.into(),
        ..entry(ctx, case.id, &case.position, Ending::LiquidatedInPart)
    };
    let event = events::ended(&ctx.address(&after.owner)?, &entry, Some(after));
    let mut book = Book::load(ctx.storage)?;
    book.change(after.side, case.position.held, after.held)?;
    book.record(ctx.storage, &after.owner, entry);
    book.save(ctx.storage);
    Ok(event)
}

#[inline(never)]
fn close_whole(ctx: &mut Context, case: &Case, fill: &Fill, keeper: Addr) -> Result<Outbox, ContractError> {
    let cut = &fill.cut;
    let (lco, credits) = amounts(case.side(), cut);
    let (arrived, rest) = match case.side() {
        Side::Long => (cut.received.min(case.owed), cut.received.saturating_sub(case.owed)),
        Side::Short => {
            let purse = case.held().saturating_add(fill.advanced);
            (cut.received, purse.saturating_sub(cut.spent))
        }
    };
    let closing = Closing {
        id: case.id,
        position: &case.position,
        notional: case.health.notional,
        owed: case.owed,
        ending: Ending::Liquidated,
        lco,
        credits,
        arrived,
        rest,
        advanced: fill.advanced,
        keeper: Some(keeper),
    };
    settle(ctx, &case.params, &closing)
}
