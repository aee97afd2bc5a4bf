//! A proposal arrives with its deposit.

use cosmwasm_std::{from_json, to_json_string, Response, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::governance::{Cw20Hook, Params, MAX_DESCRIPTION_BYTES, MAX_TITLE_BYTES};
use kit::assert_sender;
use kit::compact::Account;

use super::{check_floor, Context};
use crate::action::{self, check_text};
use crate::error::ContractError;
use crate::events;
use crate::module::present;
use crate::network;
use crate::state::{
    add, motion_schedule, save_content, Closing, Config, Content, Deed, Electorate, Motion, MotionKind, Proposal,
    Subject,
};

/// Only the deposit token says that a deposit arrived.
pub fn receive(ctx: &mut Context, wrapper: Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let config = ctx.config()?;
    assert_sender(ctx.sender, &config.terms.deposit_token, "deposit token")?;
    let Cw20Hook::Propose {
        title,
        description,
        action,
    } = from_json(&wrapper.msg)?;
    check_deposit(&config.params, wrapper.amount)?;
    check_text("title", 1, MAX_TITLE_BYTES, &title)?;
    check_text("description", 0, MAX_DESCRIPTION_BYTES, &description)?;
    let kind = action::check(ctx.api, &config.terms.deposit_token, &action)?;
    let shown = to_json_string(&action)?;
    let content = Content {
        proposer: Account::parse(ctx.api, &wrapper.sender)?,
        title,
        description,
        deed: Deed::of(ctx.api, action)?,
    };
    let electorate = ctx.electorate(&config)?;
    check_floor(&config, &electorate)?;
    check_network(ctx, kind, &config, electorate.locked)?;
    let proposal = motion(ctx, kind, electorate, &config);
    let id = add(ctx.storage, &proposal)?;
    save_content(ctx.storage, id, &content);
    let event = events::proposed(&wrapper.sender, &config.params, &content, shown, electorate.power);
    Ok(Response::new().add_event(events::made(event, id, &proposal)))
}

fn motion(ctx: &Context, kind: MotionKind, electorate: Electorate, config: &Config) -> Proposal {
    let track = match kind.moves_money() {
        true => &config.tracks.messages,
        false => &config.tracks.params,
    };
    Proposal {
        closing: Closing::Open,
        at: present(ctx.env),
        schedule: motion_schedule(track, ctx.now()),
        subject: Subject::Motion(Motion::new(kind, electorate, &config.params)),
    }
}

/// What VCAI alone knows is proposed on an instance over VCAI alone; an issuance only while one is left.
fn check_network(ctx: &Context, kind: MotionKind, config: &Config, locked: Uint128) -> Result<(), ContractError> {
    match (kind, &config.network) {
        (MotionKind::Params | MotionKind::Messages, _) => Ok(()),
        (_, None) => Err(ContractError::NoNetwork),
        (MotionKind::StrategicIssuance, Some(network)) => {
            network::check_quota(ctx.storage, ctx.querier, network, locked).map(drop)
        }
        (MotionKind::Spend | MotionKind::Reprice, Some(_)) => Ok(()),
    }
}

fn check_deposit(params: &Params, actual: Uint128) -> Result<(), ContractError> {
    if actual == params.deposit {
        return Ok(());
    }
    Err(ContractError::Deposit {
        expected: params.deposit,
        actual,
    })
}
