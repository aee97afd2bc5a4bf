//! Rate cards: announced 48 hours ahead, versioned, kept as long as a report can still refer to them.

use std::collections::BTreeSet;

use cosmwasm_std::{Event, Response, Storage, Uint128};
use interfaces::credit_vault::Rate;
use kit::notice::NOTICE_SECONDS;
use kit::operator::assert_operator_or_owner;

use super::Context;
use crate::error::ContractError;
use crate::events::Rule;
use crate::state::{Gateway, RateCard, Version, RATES};

/// Most rate cards of one message.
pub const MAX_RATES: usize = 64;
/// Most versions of one SKU: the one in force, one announced, and those superseded within [`KEEP_SECONDS`].
pub const MAX_VERSIONS: usize = 8;
/// How long a superseded version still bounds reports about its time. They arrive within minutes and expire within hours.
pub const KEEP_SECONDS: u64 = 14 * 86_400;
/// Highest price, µCredit per 10⁶ units: a thousand Credits a unit.
pub const MAX_RATE: u128 = 1_000_000_000_000_000;

/// Announces rate cards for 48 hours from now.
pub fn propose(ctx: &mut Context, rates: &[Rate]) -> Result<Response, ContractError> {
    assert_operator_or_owner(ctx.storage, ctx.sender)?;
    let from = ctx.now().saturating_add(NOTICE_SECONDS);
    let now = ctx.now();
    Ok(Response::new().add_events(enter(ctx.storage, rates, now, from)?))
}

/// Enters rate cards that come into force at `from`.
pub fn enter(storage: &mut dyn Storage, rates: &[Rate], now: u64, from: u64) -> Result<Vec<Event>, ContractError> {
    if rates.len() > MAX_RATES {
        return Err(ContractError::TooMany {
            what: "rates",
            max: MAX_RATES,
            actual: rates.len(),
        });
    }
    let mut seen = BTreeSet::new();
    let mut events = Vec::with_capacity(rates.len());
    for rate in rates {
        check(storage, rate)?;
        if !seen.insert(&rate.sku) {
            return Err(ContractError::Duplicate {
                what: "SKU",
                value: rate.sku.clone(),
            });
        }
        let version = Version {
            from,
            list: rate.list,
            cost: rate.cost,
        };
        let card = next(RATES.may_load(storage, &rate.sku)?, rate, version, now)?;
        RATES.save(storage, &rate.sku, &card);
        events.push(Rule::RateProposed { rate, from }.into());
    }
    Ok(events)
}

fn check(storage: &dyn Storage, rate: &Rate) -> Result<(), ContractError> {
    let printable = rate.sku.bytes().all(|byte| byte.is_ascii_graphic());
    if !printable || !(1..=64).contains(&rate.sku.len()) {
        return Err(ContractError::SkuInvalid { sku: rate.sku.clone() });
    }
    Gateway::load(storage, rate.gateway)?;
    at_most("list", rate.list, MAX_RATE.into())?;
    at_most("cost", rate.cost, rate.list)
}

fn at_most(name: &'static str, actual: Uint128, max: Uint128) -> Result<(), ContractError> {
    match actual > max {
        true => Err(ContractError::OutOfRange {
            name,
            min: Uint128::zero(),
            max,
            actual,
        }),
        false => Ok(()),
    }
}

/// The card with one more version. What is announced and not yet in force is replaced, so that a mistake can be corrected before it counts; the notice starts
/// anew. What was superseded long ago is dropped.
fn next(card: Option<RateCard>, rate: &Rate, version: Version, now: u64) -> Result<RateCard, ContractError> {
    let (sku, gateway) = (rate.sku.clone(), rate.gateway);
    let mut card = card.unwrap_or(RateCard {
        gateway,
        versions: Vec::new(),
        granted: false,
        exclusive_from: 0,
        exclusive_until: 0,
    });
    if card.gateway != gateway {
        return Err(ContractError::SkuForeign {
            sku,
            expected: card.gateway,
            actual: gateway,
        });
    }
    card.versions.retain(|version| version.from <= now);
    card.versions.push(version);
    let superseded_at = card.versions.iter().skip(1).map(|next| next.from);
    let forgotten = superseded_at
        .filter(|at| at.saturating_add(KEEP_SECONDS) <= now)
        .count();
    card.versions.drain(..forgotten);
    match card.versions.len() {
        actual if actual > MAX_VERSIONS => Err(ContractError::TooManyVersions {
            sku,
            max: MAX_VERSIONS,
            actual,
        }),
        _ => Ok(card),
    }
}
