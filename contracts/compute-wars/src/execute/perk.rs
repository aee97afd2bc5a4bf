//! The champion's choice.

use cosmwasm_std::{to_json_binary, Response, Uint128, WasmMsg};
use interfaces::compute_wars::Perk;
use interfaces::credit_vault;

use super::Context;
use crate::error::ContractError;
use crate::events::Contest;
use crate::state::{outcome, Choice, CONFIG, PERKS};

/// Fixes the perk for the week that runs, which follows the one that was won. The vault holds the allowance and takes it once a week.
pub fn choose(ctx: &mut Context, week: u64, perk: Perk) -> Result<Response, ContractError> {
    let row = outcome(ctx.storage, week)?;
    let champion = row.winners.first();
    if champion != Some(ctx.sender) {
        return Err(ContractError::NotChampion {
            week,
            expected: champion.cloned(),
            actual: ctx.sender.clone(),
        });
    }
    let (expected, current) = (week.saturating_add(1), ctx.week());
    if expected != current {
        return Err(ContractError::PerkWeek {
            week,
            expected,
            current,
        });
    }
    if PERKS.has(ctx.storage, current) {
        return Err(ContractError::PerkChosen { week });
    }
    let allowance = match perk {
        Perk::FreeCalls => row.allowance,
        Perk::UnlimitedConcurrency => Uint128::zero(),
    };
    let choice = Choice {
        account: ctx.sender.clone(),
        perk,
        allowance,
    };
    PERKS.save(ctx.storage, current, &choice)?;
    let event = Contest::Perk {
        week: current,
        account: ctx.sender,
        perk,
        allowance,
    };
    let response = Response::new().add_event(event);
    match perk {
        Perk::FreeCalls => Ok(response.add_message(grant(ctx, &choice)?)),
        Perk::UnlimitedConcurrency => Ok(response),
    }
}

fn grant(ctx: &Context, choice: &Choice) -> Result<WasmMsg, ContractError> {
    let grant = credit_vault::ExecuteMsg::SetFreeCalls {
        account: choice.account.to_string(),
        week: ctx.week(),
        allowance: choice.allowance,
    };
    Ok(WasmMsg::Execute {
        contract_addr: CONFIG.load(ctx.storage)?.vault.into(),
        msg: to_json_binary(&grant)?,
        funds: vec![],
    })
}
