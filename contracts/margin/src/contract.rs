//! Entry points.

use cosmwasm_std::{entry_point, from_json, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cw20::Cw20ReceiveMsg;
use interfaces::margin::{Cw20Hook, ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, Token};
use kit::{migrate as versions, operator, ownership};

use crate::error::ContractError;
use crate::events;
use crate::execute::trade::Opening;
use crate::execute::{collateral, governance, lending, liquidate, offer, swapped, trade, Context, Payment, ReplyId};
use crate::pool::Pool;
use crate::query;
use crate::state::{Book, Settings, Terms, PARAMS, TERMS};

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let (storage, api) = (deps.storage, deps.api);
    versions::init(storage, NAME, VERSION)?;
    ownership::init(storage, api.addr_validate(&msg.owner)?)?;
    let first_operator = msg.operator.map(|address| api.addr_validate(&address)).transpose()?;
    operator::init(storage, first_operator.as_ref())?;
    TERMS.save(
        storage,
        &(),
        &Terms {
            credit: api.addr_validate(&msg.credit)?,
            lco: api.addr_validate(&msg.lco)?,
            exchange: api.addr_validate(&msg.exchange)?,
        },
    );
    governance::check_params(&msg.params)?;
    PARAMS.save(storage, &(), &Settings(msg.params.clone()));
    Book::default().save(storage);
    for token in Token::ALL {
        Pool::new(env.block.time.seconds()).save(storage, token, &msg.params)?;
    }
    Ok(Response::new().add_event(events::params(&msg.params)))
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        sender: &info.sender,
    };
    route(ctx, msg)
}

// One line a message, in the order of the interface.
#[rustfmt::skip]
fn route(ctx: &mut Context, msg: ExecuteMsg) -> Result<Response, ContractError> {
    use ExecuteMsg as Msg;
    match msg {
        Msg::Receive(notice) => receive(ctx, notice),
        Msg::Withdraw { token, shares } => lending::withdraw(ctx, token, shares),
        Msg::Close { position, min_payout, deadline } => trade::close(ctx, position, min_payout, deadline),
        Msg::TakeCollateral { position, amount } => collateral::take(ctx, position, amount),
        Msg::Liquidate { position } => { let keeper = ctx.sender.clone(); liquidate::liquidate(ctx, position, keeper) }
        Msg::CollectInterest { token } => lending::collect_interest(ctx, token),

        Msg::Pause { feature, paused } => governance::pause(ctx, feature, paused),
        Msg::SetParams { params } => governance::set_params(ctx, &params),
        Msg::SetOperator { operator } => governance::set_operator(ctx, operator),
        Msg::Ownership(msg) => Ok(Response::new().add_event(ownership::execute(ctx.storage, ctx.api, ctx.sender, msg)?)),

        Msg::LiquidateFor { position, keeper } => liquidate::liquidate_for(ctx, position, &keeper),
        Msg::FinishWithdraw { token, lender, shares } => lending::finish_withdraw(ctx, token, &lender, shares),
    }
}

/// Only the two tokens are believed. Who sent them acts.
#[inline(never)]
fn receive(ctx: &mut Context, notice: Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let payment = Payment {
        token: ctx.terms()?.token(ctx.sender)?,
        from: ctx.api.addr_validate(&notice.sender)?,
        amount: notice.amount,
    };
    if payment.amount.is_zero() {
        return Err(ContractError::Zero { what: "amount" });
    }
    hook(ctx, &payment, from_json(&notice.msg)?)
}

// One line a message, in the order of the interface.
#[rustfmt::skip]
#[inline(never)]
fn hook(ctx: &mut Context, payment: &Payment, msg: Cw20Hook) -> Result<Response, ContractError> {
    use Cw20Hook as Msg;
    match msg {
        Msg::Supply { min_shares } => lending::supply(ctx, payment, min_shares),
        Msg::Open { side, borrow, min_out, deadline, position } => {
            trade::open(ctx, payment, &Opening { side, borrow, min_out, deadline, position })
        }
        Msg::AddCollateral { position } => collateral::add(ctx, payment, position),
        Msg::Repay { position } => collateral::repay(ctx, payment, position),
        Msg::TakeOffer { position, min_out } => offer::take(ctx, payment, position, min_out),
        Msg::FundReserve {} => lending::fund_reserve(ctx, payment),
    }
}

#[entry_point]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        sender: &env.contract.address,
    };
    match ReplyId::try_from(reply.id)? {
        ReplyId::Swapped => swapped(ctx, &reply),
        ReplyId::Skipped => Ok(lending::skipped(reply)),
        ReplyId::Finished => lending::finished(reply),
    }
}

#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    versions::ensure_upgrade(deps.storage, NAME, VERSION)?;
    Ok(Response::new())
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let answer = match msg {
        Msg::Overview {} => to_json_binary(&query::overview(deps, &env)?),
        Msg::Config {} => to_json_binary(&query::config(deps)?),
        Msg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        Msg::Pool { token } => to_json_binary(&query::pool(deps, &env, token)?),
        Msg::Lender { address } => to_json_binary(&query::lender(deps, &env, &address)?),
        Msg::Position { position } => to_json_binary(&query::position(deps, &env, position)?),
        Msg::Positions {
            owner,
            start_after,
            limit,
        } => to_json_binary(&query::positions(deps, &env, &owner, start_after, limit)?),
        Msg::Liquidatable { limit } => to_json_binary(&query::liquidatable(deps, &env, limit)?),
        Msg::History {
            owner,
            start_before,
            limit,
        } => to_json_binary(&query::history(deps, &owner, start_before, limit)?),
        Msg::OpenQuote {
            side,
            collateral,
            borrow,
        } => to_json_binary(&query::open_quote(deps, &env, side, collateral, borrow)?),
    };
    Ok(answer?)
}
