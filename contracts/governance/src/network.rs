//! What an instance over VCAI asks its neighbours, and says to them.

use cosmwasm_std::{
    to_json_binary, wasm_execute, Addr, CosmosMsg, QuerierWrapper, StdResult, Storage, Uint128, Uint256,
};
use interfaces::governance::{
    QuotaResponse, Recipient, StrategicIssuance, LOCKED_PER_ISSUANCE, REVENUE_PER_ISSUANCE, SUPPLY_PER_LOCKED,
};
use interfaces::token_allocation::{self, Bucket, NewGrant};
use interfaces::vcai;
use kit::{balance, revenue};

use crate::error::ContractError;
use crate::state::{Network, Terms, ISSUED};

// ---- questions ----

/// How many strategic issuances are left while that much is locked: every step needs its own revenue and its own locked VCAI, in base units of genesis, and every one
/// executed uses one up. If locks end after an issuance the difference is below zero, which counts as none.
pub fn quota(
    storage: &dyn Storage,
    querier: QuerierWrapper,
    network: &Network,
    locked: Uint128,
) -> StdResult<QuotaResponse> {
    let net_fees = revenue::net_fees(querier, &network.treasury)?;
    let revenue_steps = Uint128::new(net_fees.u128() / REVENUE_PER_ISSUANCE);
    let locked_steps = Uint128::new(locked.u128() / LOCKED_PER_ISSUANCE);
    let executed = ISSUED.may_load(storage)?.unwrap_or_default();
    Ok(QuotaResponse {
        revenue_steps,
        locked_steps,
        executed,
        left: revenue_steps.min(locked_steps).saturating_sub(executed.into()),
    })
}

/// Refuses if no issuance is left. Answers how many were executed.
pub fn check_quota(
    storage: &dyn Storage,
    querier: QuerierWrapper,
    network: &Network,
    locked: Uint128,
) -> Result<u64, ContractError> {
    let quota = quota(storage, querier, network, locked)?;
    match quota.left.is_zero() {
        false => Ok(quota.executed),
        true => Err(ContractError::Quota {
            revenue_steps: quota.revenue_steps,
            locked_steps: quota.locked_steps,
            executed: quota.executed,
        }),
    }
}

/// Refuses what is above the year's cap. The token refuses it again.
pub fn check_year(querier: QuerierWrapper, terms: &Terms, actual: Uint128) -> Result<(), ContractError> {
    let year: vcai::IssuableResponse = querier.query_wasm_smart(&terms.deposit_token, &vcai::QueryMsg::Issuable {})?;
    match actual <= year.left {
        true => Ok(()),
        false => Err(ContractError::YearlyCap {
            left: year.left,
            actual,
        }),
    }
}

/// Refuses while less than 2 % of the supply is locked, or was when it was proposed: neither may few who locked early decide about the money of all who came later, nor
/// may what passed be done after everybody left.
pub fn check_locked(querier: QuerierWrapper, terms: &Terms, amounts: [Uint128; 2]) -> Result<(), ContractError> {
    let supply = balance::supply(querier, &terms.deposit_token)?;
    for locked in amounts {
        if locked.full_mul(SUPPLY_PER_LOCKED) < Uint256::from(supply) {
            let needed = supply.u128().div_ceil(SUPPLY_PER_LOCKED).into();
            return Err(ContractError::TooLittleLocked { needed, locked });
        }
    }
    Ok(())
}

// ---- messages ----

/// The VCAI comes here and goes on to the allocation in the same transaction: only what governance sends may vest there.
pub fn issue(
    itself: &Addr,
    proposal: u64,
    issuance: StrategicIssuance,
    terms: &Terms,
    network: &Network,
) -> Result<Vec<CosmosMsg>, ContractError> {
    let (amount, schedule) = (issuance.amount, Some(issuance.vesting));
    let grant = |Recipient { address, amount }| NewGrant {
        beneficiary: address,
        amount,
        schedule,
    };
    let hook = token_allocation::Cw20Hook::Vest {
        proposal,
        grants: issuance.recipients.into_iter().map(grant).collect(),
    };
    let issue = vcai::ExecuteMsg::Issue {
        to: itself.to_string(),
        amount,
        proposal,
    };
    let send = vcai::ExecuteMsg::Send {
        contract: network.allocation.to_string(),
        amount,
        msg: to_json_binary(&hook)?,
    };
    [issue, send]
        .iter()
        .map(|msg| Ok(wasm_execute(&terms.deposit_token, msg, vec![])?.into()))
        .collect()
}

/// Out of the reserve; the allocation counts what was spent within 90 days.
pub fn spend(to: String, amount: Uint128, network: &Network) -> Result<Vec<CosmosMsg>, ContractError> {
    let msg = token_allocation::ExecuteMsg::Spend {
        bucket: Bucket::Reserve,
        to,
        amount,
    };
    Ok(vec![wasm_execute(&network.allocation, &msg, vec![])?.into()])
}

pub fn reprice(exponent: i8, terms: &Terms) -> Result<Vec<CosmosMsg>, ContractError> {
    let msg = vcai::ExecuteMsg::Reprice { exponent };
    Ok(vec![wasm_execute(&terms.deposit_token, &msg, vec![])?.into()])
}
