//! What may be opened and what must be liquidated.

use cosmwasm_std::{Order, StdResult, Storage, Uint128};
use interfaces::margin::{Params, Side};
use math::liquidation::{bound_long, bound_short, value_floor, Health};
use math::mul_div_floor;

use crate::error::ContractError;
use crate::market::{health, Market};
use crate::pool::Pool;
use crate::state::{risk, Book, Place, Position};

const BPS: u128 = 10_000;

/// Refuses a position below the initial ratio on the worse of mark and exit quote.
#[inline(never)]
pub fn assert_initial(position: &Position, pool: &Pool, market: &Market, params: &Params) -> Result<(), ContractError> {
    let (side, held) = (position.side, position.held.u128());
    let owed = position.debt(pool).owed()?;
    let at_mark = health(side, held, owed, market.price(side)?)?;
    let at_exit = market.exit_health(side, held, owed);
    let at_exit = at_exit.ok_or(ContractError::RatioTooLow {
        required_bps: params.initial_bps,
        actual_ppm: i64::MIN,
    })?;
    for health in [at_mark, at_exit] {
        assert_ratio(&health, params.initial_bps)?;
    }
    Ok(())
}

fn assert_ratio(health: &Health, required_bps: u16) -> Result<(), ContractError> {
    match health.at_least(required_bps) {
        true => Ok(()),
        false => Err(ContractError::RatioTooLow {
            required_bps,
            actual_ppm: health.ppm(),
        }),
    }
}

/// Refuses a position, or a side, too large for the pool it will have to leave through, and one too small to be worth liquidating. Measured in both assets, since a
/// pool can be thin in either.
#[inline(never)]
pub fn assert_size(
    position: &Position,
    pool: &Pool,
    book: &Book,
    market: &Market,
    params: &Params,
) -> Result<(), ContractError> {
    let side = position.side;
    let price = market.price(side)?;
    let (one, all) = match side {
        Side::Long => (position.held.u128(), book.longs.u128()),
        Side::Short => (position.debt(pool).owed()?, pool.debt()?),
    };
    let min = params.min_notional;
    let actual = Uint128::new(value_floor(one, price)?);
    if actual < min {
        return Err(ContractError::PositionTooSmall { min, actual });
    }
    let [base, quote] = market.lowest;
    let rows = [
        ("µLCO", base, one, all),
        ("µCredit", quote, actual.u128(), value_floor(all, price)?),
    ];
    for (unit, reserve, one, all) in rows {
        let [max_one, max_all] = [params.position_cap_bps, params.side_cap_bps].map(|cap| part(reserve, cap));
        let (one, all) = (Uint128::new(one), Uint128::new(all));
        if one > max_one {
            return Err(ContractError::PositionTooLarge {
                unit,
                max: max_one,
                actual: one,
            });
        }
        if all > max_all {
            return Err(ContractError::SideTooLarge {
                side,
                unit,
                max: max_all,
                actual: all,
            });
        }
    }
    Ok(())
}

/// ⌊amount · bps⌋, for whoever the cap protects.
pub fn part(amount: u128, bps: u16) -> Uint128 {
    // a share of an amount fits where the amount does
    mul_div_floor(amount, bps.into(), BPS).unwrap_or(amount).into()
}

/// Health at mark.
pub fn at_mark(position: &Position, pool: &Pool, market: &Market) -> Result<Health, ContractError> {
    let owed = position.debt(pool).owed()?;
    let price = market.price(position.side)?;
    Ok(health(position.side, position.held.u128(), owed, price)?)
}

/// The worst positions of a side, as far as they can be liquidated. One range read: the order does not depend on time or price.
#[inline(never)]
pub fn liquidatable(
    storage: &dyn Storage,
    side: Side,
    pool: &Pool,
    market: &Market,
    params: &Params,
    limit: usize,
) -> Result<Vec<(u64, Position)>, ContractError> {
    let price = market.price(side)?;
    let index = pool.index.u128();
    let mut found = Vec::new();
    for place in candidates(storage, side, price, index, params.maintenance_bps).take(limit) {
        let (Place(_, id), ()) = place?;
        let position = Position::load(storage, id)?;
        // candidates are listed one part in 2²⁰ too widely, the worst first: behind the first healthy one there are only healthy ones
        if at_mark(&position, pool, market)?.at_least(params.maintenance_bps) {
            break;
        }
        found.push((id, position));
    }
    Ok(found)
}

type Places<'a> = Box<dyn Iterator<Item = StdResult<(Place, ())>> + 'a>;

fn candidates(storage: &dyn Storage, side: Side, price: u128, index: u128, bps: u16) -> Places<'_> {
    match side {
        Side::Long => {
            let least = Place(bound_long(price, index, bps), 0);
            risk(side).range(storage, least.., Order::Descending)
        }
        Side::Short => {
            let greatest = Place(bound_short(price, index, bps), u64::MAX);
            risk(side).range(storage, ..=greatest, Order::Ascending)
        }
    }
}
