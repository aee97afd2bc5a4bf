//! Parameters, peers, switches. Nothing here touches a market that exists.

use cosmwasm_std::{Api, Event, Response, StdResult, Uint128};
use interfaces::prediction_market::{
    Params, Pausable, Peers, BOND_BPS_BOUNDS, FEE_BOUNDS, INTEREST_BPS_BOUNDS, INTEREST_FLOOR_BOUNDS, LIVENESS_BOUNDS,
    MAX_PROBABILITY_BOUNDS, MIN_ANTE_BOUNDS, MIN_BET_BOUNDS, MIN_BOND_BOUNDS, UNANSWERED_BOUNDS, VOTE_PATIENCE_BOUNDS,
};
use kit::compact::Account;
use kit::operator::{self, assert_operator_or_owner};
use kit::ownership::assert_owner;
use kit::pause;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::state::{name_of, Config};

/// Stops or resumes new markets or bets.
pub fn pause(ctx: &mut Context, feature: Pausable, paused: bool) -> Result<Response, ContractError> {
    assert_operator_or_owner(ctx.storage, &ctx.sender)?;
    let mut config = Config::load(ctx.storage)?;
    config.paused.retain(|other| *other != feature);
    if paused {
        config.paused.push(feature);
    }
    config.save(ctx.storage);
    let event = Event::new(pause::EVENT)
        .add_attribute("feature", name_of(feature))
        .add_attribute("paused", paused.to_string());
    Ok(Response::new().add_event(event))
}

/// Replaces the parameters, within their bounds.
pub fn set_params(ctx: &mut Context, params: Params) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, &ctx.sender)?;
    check_params(&params)?;
    let mut config = Config::load(ctx.storage)?;
    config.params = params;
    config.save(ctx.storage);
    Ok(Response::new().add_event(events::params(&params)))
}

/// Sets what is not set yet.
pub fn set_peers(ctx: &mut Context, peers: &Peers) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, &ctx.sender)?;
    let mut config = Config::load(ctx.storage)?;
    set_once(ctx.api, &mut config.staking, peers.staking.as_deref(), "staking")?;
    set_once(
        ctx.api,
        &mut config.governance,
        peers.governance.as_deref(),
        "governance",
    )?;
    config.save(ctx.storage);
    Ok(Response::new().add_event(events::peers(peers)))
}

/// Writes a peer down if it is given; what stands already stays.
fn set_once(
    api: &dyn Api,
    place: &mut Option<Account>,
    address: Option<&str>,
    peer: &'static str,
) -> Result<(), ContractError> {
    let given = address.map(|address| Account::parse(api, address)).transpose()?;
    match (&place, given) {
        (Some(_), Some(_)) => Err(ContractError::PeerSet { peer }),
        (None, Some(given)) => {
            *place = Some(given);
            Ok(())
        }
        (_, None) => Ok(()),
    }
}

/// Names or removes the operator.
pub fn set_operator(ctx: &mut Context, operator: Option<String>) -> Result<Response, ContractError> {
    let validate = |address: String| ctx.api.addr_validate(&address);
    let operator = operator.map(validate).transpose()?;
    let event = operator::set(ctx.storage, &ctx.sender, operator.as_ref())?;
    Ok(Response::new().add_event(event))
}

/// The bounds of every parameter.
///
/// # Errors
/// `OutOfRange`.
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    let terms = &params.terms;
    let amounts = [
        ("min_ante", params.min_ante, MIN_ANTE_BOUNDS),
        ("min_bet", params.min_bet, MIN_BET_BOUNDS),
        ("interest_floor", params.interest_floor, INTEREST_FLOOR_BOUNDS),
        ("min_bond", terms.min_bond, MIN_BOND_BOUNDS),
    ];
    let shares = [
        (
            "max_probability_bps",
            params.max_probability_bps,
            MAX_PROBABILITY_BOUNDS,
        ),
        ("interest_bps", params.interest_bps, INTEREST_BPS_BOUNDS),
        ("fee_bps", terms.fee_bps, FEE_BOUNDS),
        ("bond_bps", terms.bond_bps, BOND_BPS_BOUNDS),
    ];
    let times = [
        ("liveness", terms.liveness, LIVENESS_BOUNDS),
        ("unanswered", terms.unanswered, UNANSWERED_BOUNDS),
        ("vote_patience", terms.vote_patience, VOTE_PATIENCE_BOUNDS),
    ];
    amounts.into_iter().try_for_each(check)?;
    shares.into_iter().try_for_each(check)?;
    times.into_iter().try_for_each(check)
}

fn check<T: Into<Uint128>, B: Into<Uint128>>(
    (name, actual, (min, max)): (&'static str, T, (B, B)),
) -> Result<(), ContractError> {
    let (actual, min, max) = (actual.into(), min.into(), max.into());
    match (min..=max).contains(&actual) {
        true => Ok(()),
        false => Err(ContractError::OutOfRange { name, min, max, actual }),
    }
}

/// The configuration a contract starts with.
///
/// # Errors
/// If an address does not parse, or a parameter lies outside its bounds.
pub fn config(api: &dyn Api, l_coin: &str, peers: &Peers, params: Params) -> Result<Config, ContractError> {
    check_params(&params)?;
    let parse = |address: &Option<String>| -> StdResult<Option<Account>> {
        address.as_ref().map(|address| Account::parse(api, address)).transpose()
    };
    Ok(Config {
        l_coin: Account::parse(api, l_coin)?,
        staking: parse(&peers.staking)?,
        governance: parse(&peers.governance)?,
        paused: vec![],
        params,
    })
}
