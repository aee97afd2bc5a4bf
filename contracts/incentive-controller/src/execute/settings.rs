//! What the owner changes.

use cosmwasm_std::{Response, Uint128};
use interfaces::incentive_controller::{
    Bucket, Params, BOUND_BOUNDS, EPOCH_DAYS_BOUNDS, EXTRAS_MAX_BPS, FIRST_ACCESS_BOUNDS, GAIN_BOUNDS, TARGET_BOUNDS,
};
use kit::ownership::assert_owner;

use super::{advance, Context};
use crate::error::ContractError;
use crate::events;
use crate::state::{add, BOOK, CLOCK, CONFIG, PARAMS};

/// The whole, basis points.
const WHOLE: (u16, u16) = (0, 10_000);

pub fn set_reporter(ctx: &mut Context, reporter: Option<&str>) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    let mut config = CONFIG.load(ctx.storage)?;
    config.reporter = reporter.map(|address| ctx.api.addr_validate(address)).transpose()?;
    CONFIG.save(ctx.storage, &config)?;
    Ok(Response::new().add_event(events::reporter_set(config.reporter.as_ref())))
}

/// Epochs that ended are closed by the parameters they ended under. An epoch that has begun keeps its length, even if it is not opened yet.
pub fn set_params(ctx: &mut Context, params: &Params) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    check_params(params)?;
    let mut response = Response::new();
    if CLOCK.exists(ctx.storage) {
        let (mut clock, events) = advance::up_to_date(ctx)?;
        if ctx.today() < clock.end() {
            clock.next_days = params.epoch_days;
            CLOCK.save(ctx.storage, &clock)?;
        }
        response = response.add_events(events);
    }
    PARAMS.save(ctx.storage, params)?;
    Ok(response.add_event(events::params_set(params)))
}

pub fn re_release(ctx: &mut Context, bucket: Bucket, amount: Uint128) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    let mut book = BOOK.load(ctx.storage)?;
    let held = book.bucket(bucket);
    *held = held.checked_sub(amount).map_err(|_| ContractError::Bucket {
        bucket,
        held: *held,
        asked: amount,
    })?;
    add(&mut book.re_released, amount)?;
    BOOK.save(ctx.storage, &book)?;
    Ok(Response::new().add_event(events::re_released(bucket, amount)))
}

/// Refuses parameters outside their bounds.
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    within("epoch_days", EPOCH_DAYS_BOUNDS, params.epoch_days)?;
    within("release_bps", WHOLE, params.release_bps)?;
    within("target_ppm", TARGET_BOUNDS, params.target_ppm)?;
    within("gain_ppm", GAIN_BOUNDS, params.gain_ppm)?;
    within("delivery_bps", WHOLE, params.delivery_bps)?;
    within("first_access", FIRST_ACCESS_BOUNDS, params.first_access)?;
    within("bound_bps", BOUND_BOUNDS, params.bound_bps)?;
    within("rebate_bps", WHOLE, params.rebate_bps)?;
    let actual = u32::from(params.bonus_bps).saturating_add(params.first_access_bps.into());
    match actual <= EXTRAS_MAX_BPS.into() {
        true => Ok(()),
        false => Err(ContractError::Extras { actual }),
    }
}

/// Refuses a number outside its bounds.
pub fn within<T: Into<u128>>(name: &'static str, bounds: (T, T), actual: impl Into<u128>) -> Result<(), ContractError> {
    let (min, max, actual) = (bounds.0.into(), bounds.1.into(), actual.into());
    if (min..=max).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::OutOfRange { name, min, max, actual })
}
