//! Offers: what the exchange cannot fill near a price that nobody can push within a block, anyone may take at mark less a discount that grows.
//!
//! With V the value at mark, E the equity and τ the part of `offer_seconds` that has passed:
//!
//! ```text
//! discount = min(offer_max · V, E) · τ
//! a long's taker pays      max(V − discount, what the exchange would give)
//! a short's taker receives min(V + discount, what the exchange would charge, all it holds)
//! ```
//!
//! The exchange's own price bounds the offer, so that a mark that lags gives nothing away. For `offer_seconds` after that the exchange may fill however far the
//! position itself moves the price, but not further from mark or the previous close than `offer_max` before; then the offer is over and a new one has to begin, so
//! that an old one is no licence to fill, or to take at the full discount, at once later.

use cosmwasm_std::{Response, Uint128};
use interfaces::margin::{Ending, Params, Side};
use math::liquidation::{value_ceil, value_floor};
use math::mul_div_floor;

use super::divide::{settle, Closing};
use super::liquidate::Case;
use super::{Context, Payment};
use crate::error::ContractError;
use crate::events;
use crate::pool::Pool;
use crate::risk::part;
use crate::state::OFFERS;

/// When an offer is over.
pub fn ends_at(since: u64, params: &Params) -> u64 {
    since.saturating_add(params.offer_seconds.saturating_mul(2))
}

/// When the exchange may fill however far the position moves the price.
pub fn open_fill_at(since: u64, params: &Params) -> u64 {
    since.saturating_add(params.offer_seconds)
}

/// The beginning of a running offer.
fn running(ctx: &Context, id: u64, params: &Params) -> Result<Option<u64>, ContractError> {
    let since = OFFERS.may_load(ctx.storage, &id)?;
    Ok(since.filter(|since| ctx.now() < ends_at(*since, params)))
}

/// Whether the exchange may fill however far the position moves the price.
pub fn fills_openly(ctx: &Context, id: u64, params: &Params) -> Result<bool, ContractError> {
    let since = running(ctx, id, params)?;
    Ok(since.is_some_and(|since| ctx.now() >= open_fill_at(since, params)))
}

/// Puts a position on offer.
pub fn begin(ctx: &mut Context, id: u64, side: Side, params: &Params) -> Result<Response, ContractError> {
    if let Some(since) = running(ctx, id, params)? {
        return Err(ContractError::OnOffer {
            position: id,
            ends_at: ends_at(since, params),
        });
    }
    let since = ctx.now();
    OFFERS.save(ctx.storage, &id, &since);
    Ok(Response::new().add_event(events::offered(id, side, since, ends_at(since, params))))
}

/// What a taker pays (Credits of a long, the debt of a short) and receives.
#[inline(never)]
pub fn terms(case: &Case, since: u64, now: u64) -> Result<(u128, u128), ContractError> {
    let params = &case.params;
    let most = part(case.health.notional, params.offer_max_bps)
        .u128()
        .min(case.health.equity());
    let passed = now.saturating_sub(since).min(params.offer_seconds);
    let discount = mul_div_floor(most, passed.into(), params.offer_seconds.into())?;
    let held = case.position.held.u128();
    match case.position.side {
        Side::Long => {
            let asked = value_ceil(held, case.price)?.saturating_sub(discount);
            Ok((asked.max(case.market.exit(Side::Long, held)?), held))
        }
        Side::Short => {
            let given = value_floor(case.owed, case.price)?.saturating_add(discount);
            let charged = case.market.cost(case.owed).unwrap_or(u128::MAX);
            Ok((case.owed, given.min(charged).min(held)))
        }
    }
}

/// Takes a position on offer whole.
#[inline(never)]
pub fn take(ctx: &mut Context, payment: &Payment, id: u64, min_out: Uint128) -> Result<Response, ContractError> {
    let case = Case::load(ctx, id)?;
    let side = case.position.side;
    payment.assert_token(side.debt())?;
    let since = running(ctx, id, &case.params)?.ok_or(ContractError::NotOnOffer { position: id })?;
    let (pays, receives) = terms(&case, since, ctx.now())?;
    at_least("paid", payment.amount, pays.into())?;
    at_least("received", receives.into(), min_out)?;
    let closing = match side {
        Side::Long => long(&case, pays),
        Side::Short => short(&case, receives),
    };
    assert_borne_in_order(ctx, &case, &closing)?;
    let refund = payment.amount.checked_sub(pays.into())?;
    settle(ctx, &case.params, &closing)?
        .transfer(side.held(), &payment.from, receives)
        .transfer(side.debt(), &payment.from, refund)
        .send(&ctx.terms()?)
}

/// Nothing is sold on the exchange here, so a loss that the Risk Reserve would have to sell for is left to `Liquidate`: lenders bear none while it has anything.
fn assert_borne_in_order(ctx: &Context, case: &Case, closing: &Closing) -> Result<(), ContractError> {
    let missing = closing.owed.saturating_sub(closing.arrived);
    let other = Pool::stored(ctx.storage, case.position.side.held())?.reserve;
    match missing > case.pool.reserve.u128() && !other.is_zero() {
        false => Ok(()),
        true => Err(ContractError::ReserveFirst {
            position: case.id,
            missing: missing.into(),
            reserve: other,
        }),
    }
}

fn at_least(what: &'static str, actual: Uint128, min: Uint128) -> Result<(), ContractError> {
    match actual >= min {
        true => Ok(()),
        false => Err(ContractError::TooLittle { what, min, actual }),
    }
}

fn long(case: &Case, pays: u128) -> Closing<'_> {
    Closing {
        lco: case.position.held.u128(),
        credits: pays,
        arrived: pays.min(case.owed),
        rest: pays.saturating_sub(case.owed),
        ..taken(case)
    }
}

fn short(case: &Case, receives: u128) -> Closing<'_> {
    Closing {
        lco: case.owed,
        credits: receives,
        arrived: case.owed,
        rest: case.position.held.u128().saturating_sub(receives),
        ..taken(case)
    }
}

fn taken(case: &Case) -> Closing<'_> {
    Closing {
        id: case.id,
        position: &case.position,
        notional: case.health.notional,
        owed: case.owed,
        ending: Ending::Taken,
        lco: 0,
        credits: 0,
        arrived: 0,
        rest: 0,
        advanced: 0,
        keeper: None,
    }
}
