//! Epochs close in order, and each opens the one after it.

use cosmwasm_std::{Event, Response, Storage, Uint128};
use interfaces::incentive_controller::{Params, Pools, Usage, MAX_EPOCHS};
use math::incentives::{next_supply, part_ppm, release, utilisation};
use math::Bps;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::pay::{pools_of_day, DayRates};
use crate::state::{add, Clock, Epoch, BOOK, CLOCK, DAYS, EPOCHS, PARAMS};

pub fn advance(ctx: &mut Context) -> Result<Response, ContractError> {
    let (clock, events) = catch_up(ctx)?;
    if events.is_empty() {
        return Err(ContractError::TooEarly {
            from: clock.closes_at(),
            now: ctx.now(),
        });
    }
    Ok(Response::new().add_events(events))
}

/// Closes what can be closed, up to [`MAX_EPOCHS`], each with the days that were its own: an epoch that nobody closed in time is not released twice, and none is skipped.
pub fn catch_up(ctx: &mut Context) -> Result<(Clock, Vec<Event>), ContractError> {
    let mut clock = CLOCK.may_load(ctx.storage)?.ok_or(ContractError::NotStarted)?;
    let (now, mut events) = (ctx.now(), vec![]);
    if now < clock.closes_at() {
        return Ok((clock, events));
    }
    let params = PARAMS.load(ctx.storage)?;
    for _ in 0..MAX_EPOCHS {
        if now < clock.closes_at() {
            break;
        }
        let usage = close(ctx.storage, clock.start)?;
        events.push(events::epoch_closed(&clock, &usage));
        clock = next(&clock, &usage, &params);
        let opened = open(ctx.storage, &clock, &params)?;
        events.push(events::epoch_opened(clock.start, &opened));
    }
    CLOCK.save(ctx.storage, &clock)?;
    Ok((clock, events))
}

/// The same, refusing to leave any epoch that could be closed.
pub fn up_to_date(ctx: &mut Context) -> Result<(Clock, Vec<Event>), ContractError> {
    let (clock, events) = catch_up(ctx)?;
    match ctx.now() < clock.closes_at() {
        true => Ok((clock, events)),
        false => Err(ContractError::NeedsAdvance {
            index: clock.index,
            since: clock.closes_at(),
        }),
    }
}

/// All its days have closed. Adds their units up, and books what nobody is entitled to.
fn close(storage: &mut dyn Storage, start: u64) -> Result<Usage, ContractError> {
    let mut epoch = EPOCHS.load(storage, start)?;
    let mut book = BOOK.load(storage)?;
    let mut usage = Usage::default();
    for day in start..start.saturating_add(epoch.days.into()) {
        let totals = DAYS.may_load(storage, &day)?.unwrap_or_default();
        let rates = DayRates::new(pools_of_day(&epoch, start, day), &totals, epoch.first_access);
        add(&mut book.left_over, rates.unclaimable()?)?;
        add(&mut usage.consumed, totals.usage.consumed)?;
        add(&mut usage.available, totals.usage.available)?;
    }
    epoch.usage = Some(usage);
    EPOCHS.save(storage, start, &epoch)?;
    BOOK.save(storage, &book)?;
    Ok(usage)
}

/// The clock after an epoch of that usage.
fn next(clock: &Clock, usage: &Usage, params: &Params) -> Clock {
    let utilisation = utilisation(usage.consumed.u128(), usage.available.u128());
    Clock {
        first: clock.first,
        index: clock.index.saturating_add(1),
        start: clock.end(),
        days: clock.next_days,
        next_days: params.epoch_days,
        supply_ppm: next_supply(clock.supply_ppm, utilisation, params.target_ppm, params.gain_ppm),
        utilisation_ppm: utilisation,
    }
}

/// Fixes what the epoch of the clock gives out: its own release, as far as it is not withheld, and what governance gave back.
pub fn open(storage: &mut dyn Storage, clock: &Clock, params: &Params) -> Result<Epoch, ContractError> {
    let mut book = BOOK.load(storage)?;
    let released = release(clock.index);
    let given = Bps::new(params.release_bps)?.of_floor(released);
    add(&mut book.withheld, released.saturating_sub(given))?;
    let mut amount = std::mem::take(&mut book.re_released);
    add(&mut amount, given)?;
    BOOK.save(storage, &book)?;
    let epoch = Epoch {
        index: clock.index,
        days: clock.days,
        supply_ppm: clock.supply_ppm,
        first_access: params.first_access,
        pools: split(amount.u128(), clock.supply_ppm, params)?,
        usage: None,
    };
    EPOCHS.save(storage, clock.start, &epoch)?;
    Ok(epoch)
}

/// Every part is rounded down but the last of each level, which takes the rest; so they sum up to the amount.
fn split(amount: u128, supply_ppm: u32, params: &Params) -> Result<Pools, ContractError> {
    let of = |bps: u16, whole: u128| Bps::new(bps).map(|share| share.of_floor(whole));
    let supply = part_ppm(amount, supply_ppm);
    let (bonus, first_access) = (of(params.bonus_bps, supply)?, of(params.first_access_bps, supply)?);
    let work = supply.saturating_sub(bonus).saturating_sub(first_access);
    let delivery = of(params.delivery_bps, work)?;
    Ok(Pools {
        capacity: Uint128::new(work.saturating_sub(delivery)),
        delivery: Uint128::new(delivery),
        bonus: Uint128::new(bonus),
        first_access: Uint128::new(first_access),
        demand: Uint128::new(amount.saturating_sub(supply)),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pools_sum_up_to_the_amount_and_extras_are_a_tenth_of_supply_at_most(
            amount in 0..1u128 << 60,
            supply_ppm in 0..=1_000_000u32,
            delivery_bps in 0..=10_000u16,
            bonus_bps in 0..=500u16,
            first_access_bps in 0..=500u16,
        ) {
            let params = Params { delivery_bps, bonus_bps, first_access_bps, ..Params::default() };
            let pools = split(amount, supply_ppm, &params).unwrap();
            let extras = pools.bonus + pools.first_access;
            let supply = pools.capacity + pools.delivery + extras;
            prop_assert_eq!(supply + pools.demand, Uint128::new(amount));
            prop_assert!(extras * Uint128::new(10) <= supply);
        }
    }
}
