//! Who may do what. The owner admits, the operator may only stop and announce, and only the public queue changes whom the vault listens to.

use std::collections::BTreeSet;

use cosmwasm_std::{Addr, Api, Response, StdResult, Storage, Uint128};
use interfaces::credit_vault::{GatewayAdmission, Params, Peers};
use kit::assert_sender;
use kit::compact::Account;
use kit::operator::{self, assert_operator_or_owner};
use kit::ownership::assert_owner;

use super::rates::MAX_RATES;
use super::Context;
use crate::error::ContractError;
use crate::events::Rule;
use crate::state::{
    Gateway, Holder, Pausable, Wiring, GATEWAYS, PARAMS, REGISTERED, SWITCHES, TERMS, TRANSFERS_OPEN, WIRING,
};

/// Admits a gateway, or changes its payout address; lifts a suspension.
pub fn admit_gateway(ctx: &mut Context, admission: &GatewayAdmission) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    enter_gateway(ctx.storage, ctx.api, admission)?;
    Ok(Response::new().add_event(Rule::GatewayAdmitted(admission)))
}

/// Enters the first gateways, each once.
pub fn enter_gateways(
    storage: &mut dyn Storage,
    api: &dyn Api,
    gateways: &[GatewayAdmission],
) -> Result<(), ContractError> {
    if gateways.len() > MAX_RATES {
        return Err(ContractError::TooMany {
            what: "gateways",
            max: MAX_RATES,
            actual: gateways.len(),
        });
    }
    let mut seen = BTreeSet::new();
    for admission in gateways {
        if !seen.insert(admission.gateway) {
            return Err(ContractError::Duplicate {
                what: "gateway",
                value: admission.gateway.to_string(),
            });
        }
        enter_gateway(storage, api, admission)?;
    }
    Ok(())
}

fn enter_gateway(storage: &mut dyn Storage, api: &dyn Api, admission: &GatewayAdmission) -> StdResult<()> {
    let row = Gateway {
        payout: Account::parse(api, &admission.payout)?,
        suspended: false,
    };
    GATEWAYS.save(storage, &admission.gateway, &row);
    Ok(())
}

/// Its reports move no money from now on. Its spending accounts close as ever, its past weeks are released as ever.
pub fn suspend_gateway(ctx: &mut Context, gateway: u64) -> Result<Response, ContractError> {
    assert_operator_or_owner(ctx.storage, ctx.sender)?;
    let row = Gateway {
        suspended: true,
        ..Gateway::load(ctx.storage, gateway)?
    };
    GATEWAYS.save(ctx.storage, &gateway, &row);
    Ok(Response::new().add_event(Rule::GatewaySuspended { gateway }))
}

/// The payout address names its successor.
pub fn set_payout(ctx: &mut Context, gateway: u64, payout: &str) -> Result<Response, ContractError> {
    let mut row = Gateway::load(ctx.storage, gateway)?;
    if row.payout != ctx.sender_account()? {
        let expected = row.payout.text(ctx.api)?;
        return Err(ContractError::NotPayout {
            gateway,
            expected,
            actual: ctx.sender.clone(),
        });
    }
    row.payout = Account::parse(ctx.api, payout)?;
    GATEWAYS.save(ctx.storage, &gateway, &row);
    Ok(Response::new().add_event(Rule::Payout { gateway, payout }))
}

/// Stops or resumes deposits, the only thing that can be paused.
pub fn pause_deposits(ctx: &mut Context, paused: bool) -> Result<Response, ContractError> {
    assert_operator_or_owner(ctx.storage, ctx.sender)?;
    Ok(Response::new().add_event(SWITCHES.set(ctx.storage, Pausable::Deposits, paused)?))
}

/// Opens transfers for ever: nothing writes false.
pub fn open_transfers(ctx: &mut Context) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    if TRANSFERS_OPEN.may_load(ctx.storage)?.unwrap_or_default() {
        return Err(ContractError::TransfersOpen);
    }
    TRANSFERS_OPEN.save(ctx.storage, &true)?;
    Ok(Response::new().add_event(Rule::TransfersOpened))
}

/// Replaces the parameters, within their bounds.
pub fn set_params(ctx: &mut Context, params: &Params) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    check_params(params)?;
    PARAMS.save(ctx.storage, params)?;
    Ok(Response::new().add_event(Rule::Params(params)))
}

/// The bounds of every parameter.
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    let bounds = [
        ("close_window", Uint128::from(params.close_window), 3_600, 259_200),
        ("weekly_mint_cap", params.weekly_mint_cap, 0, math::halving::TOTAL),
        ("fund_floor_bps", Uint128::from(params.fund_floor_bps), 100, 1_000),
        ("profit_share_bps", Uint128::from(params.profit_share_bps), 1_000, 5_000),
    ];
    for (name, actual, min, max) in bounds {
        let (min, max) = (Uint128::new(min), Uint128::new(max));
        if actual < min || actual > max {
            return Err(ContractError::OutOfRange { name, min, max, actual });
        }
    }
    Ok(())
}

/// Sets or removes the operator.
pub fn set_operator(ctx: &mut Context, operator: Option<String>) -> Result<Response, ContractError> {
    let operator = operator.map(|address| ctx.api.addr_validate(&address)).transpose()?;
    Ok(Response::new().add_event(operator::set(ctx.storage, ctx.sender, operator.as_ref())?))
}

/// Replaces the oracle.
pub fn set_oracle(ctx: &mut Context, oracle: &str) -> Result<Response, ContractError> {
    assert_timelock(ctx)?;
    let oracle = ctx.api.addr_validate(oracle)?;
    let wiring = Wiring {
        oracle,
        ..WIRING.load(ctx.storage)?
    };
    rewire(ctx, &wiring)
}

/// Replaces all peers.
pub fn set_peers(ctx: &mut Context, peers: &Peers) -> Result<Response, ContractError> {
    assert_timelock(ctx)?;
    let oracle = WIRING.load(ctx.storage)?.oracle;
    let wiring = wiring(ctx.api, oracle, peers)?;
    rewire(ctx, &wiring)
}

fn rewire(ctx: &mut Context, wiring: &Wiring) -> Result<Response, ContractError> {
    WIRING.save(ctx.storage, wiring)?;
    Ok(Response::new().add_event(Rule::Wiring(wiring)))
}

/// Checks every address.
pub fn wiring(api: &dyn Api, oracle: Addr, peers: &Peers) -> StdResult<Wiring> {
    let address = |peer: &Option<String>| peer.as_ref().map(|peer| api.addr_validate(peer)).transpose();
    Ok(Wiring {
        oracle,
        tiers: address(&peers.tiers)?,
        fund: address(&peers.fund)?,
        wars: address(&peers.wars)?,
        launchpad: address(&peers.launchpad)?,
    })
}

/// Adds a contract that may receive and send Credits. Nothing removes one.
pub fn register_contract(ctx: &mut Context, address: &str) -> Result<Response, ContractError> {
    assert_timelock(ctx)?;
    let address = ctx.api.addr_validate(address)?;
    register(ctx.storage, ctx.api, &address)?;
    Ok(Response::new().add_event(Rule::Registered { address: &address }))
}

/// Marks the account and lists it.
pub fn register(storage: &mut dyn Storage, api: &dyn Api, address: &Addr) -> Result<(), ContractError> {
    let account = Account::trusted(api, address.as_str())?;
    let holder = Holder::load(storage, &account)?;
    if holder.registered {
        return Err(ContractError::AlreadyRegistered {
            address: address.clone(),
        });
    }
    Holder {
        registered: true,
        ..holder
    }
    .save(storage, &account);
    REGISTERED.save(storage, &account, &());
    Ok(())
}

fn assert_timelock(ctx: &Context) -> Result<(), ContractError> {
    Ok(assert_sender(
        ctx.sender,
        &TERMS.load(ctx.storage)?.timelock,
        "timelock",
    )?)
}
