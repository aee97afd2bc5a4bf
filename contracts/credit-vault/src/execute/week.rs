//! Release of a finished week's revenue, and what peers add to a week: launches and the champion's free calls.

use cosmwasm_std::{Addr, Response, Uint128};
use kit::assert_sender;
use kit::compact::Account;
use math::{Bps, Week};

use super::Context;
use crate::error::ContractError;
use crate::events::Usage;
use crate::state::{
    credit, debit, FreeCalls, Gateway, Totals, WeekRow, ENTITLEMENTS, FREE_CALLS, PARAMS, RATES, WIRING,
};

/// Seconds after a week's end before it can be released: 7 days in which its last report can be challenged and 2 in which that is answered.
pub const RELEASE_DELAY: u64 = 9 * 86_400;
/// Longest exclusivity of a SKU from now, seconds.
pub const MAX_EXCLUSIVE: u64 = 365 * 86_400;

/// Largest allowance of free calls, µCredit: far above any week's mean, far below what could overflow a sum.
pub const MAX_ALLOWANCE: u128 = 1_000_000_000_000_000;

/// When a week can be released.
pub fn releasable_at(week: Week) -> u64 {
    week.end().saturating_add(RELEASE_DELAY)
}

/// Least share of the fund: ⌈revenue · floor⌉, rounded up for the fund.
pub fn least_fund_share(revenue: Uint128, floor_bps: u16) -> Result<Uint128, ContractError> {
    Ok(Bps::new(floor_bps)?.of_ceil(revenue.u128()).into())
}

/// Splits a week between fund and payout address; both get free Credits, also while transfers are restricted.
pub fn release(ctx: &mut Context, gateway: u64, week: u64, share: Uint128) -> Result<Response, ContractError> {
    let fund = assert_peer(ctx.sender, WIRING.load(ctx.storage)?.fund, "fund")?;
    let payout = Gateway::load(ctx.storage, gateway)?.payout;
    let at = Week::from_index(week);
    let mut row = WeekRow::load(ctx.storage, gateway, at)?;
    check_releasable(ctx, gateway, at, &row)?;
    let least = least_fund_share(row.revenue, PARAMS.load(ctx.storage)?.fund_floor_bps)?;
    if share < least || share > row.revenue {
        return Err(ContractError::FundShare {
            min: least,
            max: row.revenue,
            actual: share,
        });
    }
    row.released = true;
    row.save(ctx.storage, gateway, at);

    let paid = row.revenue.checked_sub(share)?;
    credit(
        ctx.storage,
        &Account::trusted(ctx.api, fund.as_str())?,
        share.checked_add(row.forfeited)?,
    )?;
    credit(ctx.storage, &payout, paid)?;
    let mut totals = Totals::load(ctx.storage)?;
    totals.release(row.revenue.checked_add(row.forfeited)?)?;
    totals.save(ctx.storage);
    let payout = payout.text(ctx.api)?;
    let event = Usage::WeekReleased {
        gateway,
        week,
        fund: share,
        forfeited: row.forfeited,
        payout: &payout,
        paid,
    };
    Ok(Response::new().add_event(event))
}

fn check_releasable(ctx: &Context, gateway: u64, week: Week, row: &WeekRow) -> Result<(), ContractError> {
    let releasable_at = releasable_at(week);
    if row.released {
        return Err(ContractError::WeekReleased {
            gateway,
            week: week.index(),
        });
    }
    if ctx.now() < releasable_at {
        return Err(ContractError::WeekNotOver {
            releasable_at,
            now: ctx.now(),
        });
    }
    match row.open {
        0 => Ok(()),
        open => Err(ContractError::ChargesHeld { open }),
    }
}

/// A launch sold units of a SKU.
pub struct Grant<'a> {
    pub account: &'a str,
    pub sku: String,
    pub units: Uint128,
    pub price: Uint128,
    pub exclusive_until: u64,
}

/// Books the price to the SKU's gateway in this week (it mines nothing) and adds the units.
pub fn grant(ctx: &mut Context, grant: Grant) -> Result<Response, ContractError> {
    let launchpad = assert_peer(ctx.sender, WIRING.load(ctx.storage)?.launchpad, "launchpad")?;
    let Grant {
        account,
        sku,
        units,
        price,
        exclusive_until,
    } = grant;
    if units.is_zero() {
        return Err(ContractError::Zero { what: "units" });
    }
    in_range(
        "exclusive_until",
        exclusive_until.into(),
        ctx.now().saturating_add(MAX_EXCLUSIVE).into(),
    )?;
    let mut card = RATES
        .may_load(ctx.storage, &sku)?
        .ok_or_else(|| ContractError::SkuUnknown { sku: sku.clone() })?;
    Gateway::load_serving(ctx.storage, card.gateway)?;
    let holder = Account::parse(ctx.api, account)?;
    charge_price(ctx, &launchpad, card.gateway, price)?;

    card.granted = true;
    card.reserve(ctx.now(), exclusive_until);
    RATES.save(ctx.storage, &sku, &card);
    let key = (holder, sku.clone());
    let entitled = ENTITLEMENTS.may_load(ctx.storage, &key)?.unwrap_or_default();
    ENTITLEMENTS.save(ctx.storage, &key, &entitled.checked_add(units)?);
    let week = ctx.week().index();
    let event = Usage::Granted {
        account,
        sku: &sku,
        units,
        price,
        week,
        exclusive_until: card.exclusive_until,
    };
    Ok(Response::new().add_event(event))
}

fn in_range(name: &'static str, actual: Uint128, max: Uint128) -> Result<(), ContractError> {
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

fn charge_price(ctx: &mut Context, payer: &Addr, gateway: u64, price: Uint128) -> Result<(), ContractError> {
    if price.is_zero() {
        return Ok(());
    }
    debit(ctx.storage, &Account::trusted(ctx.api, payer.as_str())?, price)?;
    let mut totals = Totals::load(ctx.storage)?;
    totals.charge(price)?;
    totals.save(ctx.storage);
    let week = ctx.week();
    let mut row = WeekRow::load(ctx.storage, gateway, week)?;
    row.revenue = row.revenue.checked_add(price)?;
    row.save(ctx.storage, gateway, week);
    Ok(())
}

/// Names the champion of a week that is not past, once.
pub fn set_free_calls(
    ctx: &mut Context,
    account: &str,
    week: u64,
    allowance: Uint128,
) -> Result<Response, ContractError> {
    assert_peer(ctx.sender, WIRING.load(ctx.storage)?.wars, "wars")?;
    let current = ctx.week().index();
    if week < current {
        return Err(ContractError::WeekPast { current, actual: week });
    }
    in_range("allowance", allowance, MAX_ALLOWANCE.into())?;
    if FREE_CALLS.has(ctx.storage, &week) {
        return Err(ContractError::FreeCallsSet { week });
    }
    let champion = FreeCalls {
        account: Account::parse(ctx.api, account)?,
        left: allowance,
    };
    FREE_CALLS.save(ctx.storage, &week, &champion);
    Ok(Response::new().add_event(Usage::FreeCalls {
        account,
        week,
        allowance,
    }))
}

fn assert_peer(sender: &Addr, peer: Option<Addr>, role: &'static str) -> Result<Addr, ContractError> {
    let peer = peer.ok_or(ContractError::PeerMissing { peer: role })?;
    assert_sender(sender, &peer, role)?;
    Ok(peer)
}
