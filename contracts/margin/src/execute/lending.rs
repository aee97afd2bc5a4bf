//! Lenders: in, out, and never ahead of a loss that is known.

use cosmwasm_std::{to_json_binary, Addr, Reply, Response, StdError, SubMsg, SubMsgResult, Uint128, WasmMsg};
use cw_utils::parse_execute_response_data;
use interfaces::margin::{ExecuteMsg, Params, Side, Token, WithdrawResponse};

use super::{Context, Outbox, Payment, ReplyId};
use crate::error::ContractError;
use crate::events;
use crate::market::Market;
use crate::pool::Pool;
use crate::risk;
use crate::state::{lenders, Stoppable, SWITCHES};

/// Liquidations that a withdrawal runs first.
const LIQUIDATIONS: usize = 3;

/// Lends money to its pool.
#[inline(never)]
pub fn supply(ctx: &mut Context, payment: &Payment, min_shares: Uint128) -> Result<Response, ContractError> {
    SWITCHES.assert_running(ctx.storage, Stoppable::Supply)?;
    let (token, params) = (payment.token, ctx.params()?);
    let mut pool = ctx.pool(token, &params)?;
    let shares = pool.supply(payment.amount)?;
    // an amount below one share would be a gift to the others
    let min = min_shares.max(Uint128::one());
    if shares < min {
        return Err(ContractError::TooLittle {
            what: "supply shares",
            min,
            actual: shares,
        });
    }
    pool.save(ctx.storage, token, &params)?;
    let (table, key) = (lenders(token), ctx.account(&payment.from)?);
    let before = table.may_load(ctx.storage, &key)?.unwrap_or_default();
    table.save(ctx.storage, &key, &before.checked_add(shares)?);
    Ok(Response::new().add_event(events::supplied(token, &payment.from, payment.amount, shares)))
}

/// Pays a lender out, after liquidating what can be liquidated first: a loss that everyone can see is borne by all lenders.
#[inline(never)]
pub fn withdraw(ctx: &mut Context, token: Token, shares: Uint128) -> Result<Response, ContractError> {
    if shares.is_zero() {
        return Err(ContractError::Zero { what: "shares" });
    }
    let available = lenders(token).may_load(ctx.storage, &ctx.account(ctx.sender)?)?;
    assert_shares(available.unwrap_or_default(), shares)?;
    let params = ctx.params()?;
    let bad = bad_positions(ctx, token, &params, LIQUIDATIONS)?;
    if bad.is_empty() {
        return pay_out(ctx, token, &ctx.sender.clone(), shares);
    }
    let me = &ctx.env.contract.address;
    let mut response = Response::new();
    for position in bad {
        let keeper = ctx.sender.to_string();
        let message = to_self(me, &ExecuteMsg::LiquidateFor { position, keeper })?;
        response = response.add_submessage(SubMsg::reply_on_error(message, ReplyId::Skipped as u64));
    }
    let lender = ctx.sender.to_string();
    let finish = to_self(me, &ExecuteMsg::FinishWithdraw { token, lender, shares })?;
    Ok(response.add_submessage(SubMsg::reply_on_success(finish, ReplyId::Finished as u64)))
}

/// The worst positions that owe a token, as far as they can be liquidated. Without a mark, or without an exchange that answers, nobody is kept from leaving.
fn bad_positions(ctx: &Context, token: Token, params: &Params, limit: usize) -> Result<Vec<u64>, ContractError> {
    let Some(market) = marked(ctx) else {
        return Ok(vec![]);
    };
    let (side, pool) = (Side::borrowing(token), ctx.pool(token, params)?);
    let bad = risk::liquidatable(ctx.storage, side, &pool, &market, params, limit)?;
    Ok(bad.into_iter().map(|(id, _)| id).collect())
}

fn marked(ctx: &Context) -> Option<Market> {
    ctx.market().ok().filter(|market| market.mark.is_some())
}

fn to_self(me: &Addr, msg: &ExecuteMsg) -> Result<WasmMsg, ContractError> {
    Ok(WasmMsg::Execute {
        contract_addr: me.to_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    })
}

/// After the liquidations: pays, unless the next position in line is insolvent.
#[inline(never)]
pub fn finish_withdraw(
    ctx: &mut Context,
    token: Token,
    lender: &str,
    shares: Uint128,
) -> Result<Response, ContractError> {
    kit::assert_sender(ctx.sender, &ctx.env.contract.address, "contract itself")?;
    let lender = ctx.api.addr_validate(lender)?;
    match insolvent_head(ctx, token)? {
        None => pay_out(ctx, token, &lender, shares),
        Some(position) => {
            let answer = WithdrawResponse {
                paid: Uint128::zero(),
                call_again: true,
            };
            Ok(Response::new()
                .add_event(events::call_again(token, &lender, shares, position))
                .set_data(to_json_binary(&answer)?))
        }
    }
}

fn insolvent_head(ctx: &Context, token: Token) -> Result<Option<u64>, ContractError> {
    let Some(market) = marked(ctx) else { return Ok(None) };
    let params = ctx.params()?;
    let pool = ctx.pool(token, &params)?;
    let worst = risk::liquidatable(ctx.storage, Side::borrowing(token), &pool, &market, &params, 1)?;
    for (id, position) in worst {
        if !risk::at_mark(&position, &pool, &market)?.is_solvent() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

#[inline(never)]
fn pay_out(ctx: &mut Context, token: Token, lender: &Addr, shares: Uint128) -> Result<Response, ContractError> {
    let params = ctx.params()?;
    let (table, key) = (lenders(token), ctx.account(lender)?);
    let available = table.may_load(ctx.storage, &key)?.unwrap_or_default();
    assert_shares(available, shares)?;
    let mut pool = ctx.pool(token, &params)?;
    let paid = pool.redeem(shares)?;
    pool.save(ctx.storage, token, &params)?;
    match available.checked_sub(shares)? {
        rest if rest.is_zero() => table.remove(ctx.storage, &key),
        rest => table.save(ctx.storage, &key, &rest),
    }
    let answer = WithdrawResponse {
        paid,
        call_again: false,
    };
    let outbox = Outbox::default()
        .event(events::withdrawn(token, lender, paid, shares))
        .transfer(token, lender, paid);
    Ok(outbox.send(&ctx.terms()?)?.set_data(to_json_binary(&answer)?))
}

fn assert_shares(available: Uint128, required: Uint128) -> Result<(), ContractError> {
    match required <= available {
        true => Ok(()),
        false => Err(ContractError::TooFewShares { available, required }),
    }
}

/// A liquidation failed: the next one is tried.
pub fn skipped(reply: Reply) -> Response {
    let error = match reply.result {
        SubMsgResult::Err(error) => error,
        SubMsgResult::Ok(_) => String::new(),
    };
    Response::new().add_event(events::liquidation_skipped(&error))
}

/// Hands the answer of the second half on.
pub fn finished(reply: Reply) -> Result<Response, ContractError> {
    let answered = reply.result.into_result().map_err(StdError::generic_err)?;
    // the field that the chains of today fill; its successor is empty on older ones
    #[allow(deprecated)]
    let data = answered.data.unwrap_or_default();
    let parsed = parse_execute_response_data(&data).map_err(|error| StdError::generic_err(error.to_string()))?;
    Ok(Response::new().set_data(parsed.data.unwrap_or_default()))
}

/// Moves the interest share into the Risk Reserve.
pub fn collect_interest(ctx: &mut Context, token: Token) -> Result<Response, ContractError> {
    let params = ctx.params()?;
    let mut pool = ctx.pool(token, &params)?;
    let amount = pool.collect()?;
    if amount.is_zero() {
        return Err(ContractError::NothingToCollect);
    }
    pool.save(ctx.storage, token, &params)?;
    Ok(Response::new().add_event(events::interest_collected(token, amount)))
}

/// A gift to the Risk Reserve.
pub fn fund_reserve(ctx: &mut Context, payment: &Payment) -> Result<Response, ContractError> {
    let mut pool = Pool::stored(ctx.storage, payment.token)?;
    pool.reserve = pool.reserve.checked_add(payment.amount)?;
    pool.put(ctx.storage, payment.token);
    Ok(Response::new().add_event(events::reserve_funded(payment.token, &payment.from, payment.amount)))
}
