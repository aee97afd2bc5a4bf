//! The daily buyback.
//!
//! ```text
//! day's amount = what waits at 00:00 UTC                               what comes in during the day joins the next one
//! pay          = the largest slice of what is left of it              `math::buyback`: ≤ ½ · pool fee · reserve
//! min out      = max(⌈quote at the previous close · (1 − slippage)⌉,
//!                    ⌈pay / (30 min mean · (1 + max premium))⌉,        the price paid stays within the premium
//!                    the sender's own)                                 who sends may only tighten
//! starts only if   previous close ≤ 30 min mean · (1 + max premium)
//! ```
//!
//! The mean is the harmonic one, the lower of the pool's two. A swap that fails is undone by itself and recorded, and neither money nor interval nor numbering move;
//! so nobody who stops a slice stops the next one. See the contract's page for what is left to somebody who trades around a slice.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    coins, from_json, to_json_binary, Addr, Event, QuerierWrapper, Reply, Response, StdResult, SubMsg, SubMsgResult,
    Uint128, WasmMsg,
};
use interfaces::exchange::{ExecuteMsg as PoolMsg, MarketResponse, QueryMsg as PoolQuery};
use interfaces::treasury::{Failure, Params, Receipt};
use interfaces::{vcai, ve_rewards};
use kit::balance;
use math::buyback::{least_out, slice, within, Limits, Pool};
use math::Bps;

use super::{call, Context};
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{Config, Pausable, Totals, CONFIG, FAILURE, PARAMS, RECEIPTS, SWITCHES};

/// Most characters kept of what a failed swap said.
const REASON: usize = 200;

/// Ids of the replies this contract asks for.
#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyId {
    /// A slice was bought or not; the payload is [`Slice`].
    Swapped = 1,
}

impl TryFrom<u64> for ReplyId {
    type Error = ContractError;

    fn try_from(id: u64) -> Result<Self, ContractError> {
        match id {
            1 => Ok(Self::Swapped),
            _ => Err(ContractError::UnknownReply { id }),
        }
    }
}

/// A slice on its way.
#[cw_serde]
struct Slice {
    pay: Uint128,
    min_out: Uint128,
    /// Whether `min_out` is the sender's.
    tightened: bool,
    /// VCAI balance before.
    balance: Uint128,
    /// Time of the slice before.
    last_slice: u64,
}

/// What the next slice would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Plan {
    /// Stablecoin.
    pub pay: Uint128,
    /// VCAI.
    pub min_out: Uint128,
}

/// The earliest second of the next slice, as the interval says.
pub fn slice_from(totals: &Totals, params: &Params) -> u64 {
    match totals.receipts {
        0 => 0,
        _ => totals.last_slice.saturating_add(params.slice_interval),
    }
}

/// Refuses a slice before the interval is over.
pub fn check_time(totals: &Totals, params: &Params, now: u64) -> Result<(), ContractError> {
    let from = slice_from(totals, params);
    match now < from {
        true => Err(ContractError::SliceTooSoon { from, now }),
        false => Ok(()),
    }
}

/// Size and least yield of a slice on this market.
pub fn plan(day_left: Uint128, params: &Params, market: &MarketResponse) -> Result<Plan, ContractError> {
    if day_left.is_zero() {
        return Err(ContractError::NothingToSpend);
    }
    let (Some(close), Some(mean)) = (market.previous_close, market.twap_30m) else {
        return Err(ContractError::NoPrice);
    };
    let premium = Bps::new(params.max_premium_bps)?;
    if !within(close, mean.harmonic, premium) {
        return Err(ContractError::PriceMoved {
            close: close.raw().to_string(),
            mean: mean.harmonic.raw().to_string(),
            max_bps: params.max_premium_bps,
        });
    }
    let pool = Pool {
        close: market.previous_close_reserves.map(|reserve| reserve.u128()),
        quote_now: market.reserves[1].u128(),
        fee: Bps::new(market.fee_bps)?,
    };
    let limits = Limits {
        of_fee: Bps::new(params.slice_of_fee_bps)?,
        slippage: Bps::new(params.slippage_bps)?,
    };
    let slice = slice(day_left.u128(), &pool, limits)?;
    let least = least_out(slice.pay, mean.harmonic, premium)?;
    Ok(Plan {
        pay: slice.pay.into(),
        min_out: slice.min_out.max(least).into(),
    })
}

/// What the pool says.
pub fn market(querier: &QuerierWrapper, exchange: &Addr) -> StdResult<MarketResponse> {
    querier.query_wasm_smart(exchange, &PoolQuery::Market {})
}

/// Sends one slice to the pool. It counts as spent before it leaves, so that a pool that calls back finds nothing to do.
pub fn buyback(ctx: &mut Context, asked: Option<Uint128>) -> Result<Response, ContractError> {
    SWITCHES.assert_running(ctx.storage, Pausable::Buyback)?;
    let (config, params) = (CONFIG.load(ctx.storage)?, PARAMS.load(ctx.storage)?);
    let mut totals = Totals::load(ctx.storage)?;
    totals.turn_to(ctx.now())?;
    check_time(&totals, &params, ctx.now())?;
    let plan = plan(totals.day_left, &params, &market(&ctx.querier, &config.exchange)?)?;
    let asked = asked.filter(|asked| *asked > plan.min_out);
    let slice = Slice {
        pay: plan.pay,
        min_out: asked.unwrap_or(plan.min_out),
        tightened: asked.is_some(),
        balance: balance::raw(&ctx.querier, &config.vcai, &ctx.env.contract.address)?,
        last_slice: totals.last_slice,
    };
    totals.spent = totals.spent.checked_add(slice.pay)?;
    totals.day_left = totals.day_left.checked_sub(slice.pay)?;
    totals.last_slice = ctx.now();
    totals.receipts = totals.receipts.saturating_add(1);
    totals.save(ctx.storage);
    let message = SubMsg::reply_always(swap(&config, &slice)?, ReplyId::Swapped as u64);
    Ok(Response::new().add_submessage(message.with_payload(to_json_binary(&slice)?)))
}

fn swap(config: &Config, slice: &Slice) -> StdResult<WasmMsg> {
    let swap = PoolMsg::Swap {
        min_out: slice.min_out,
        deadline: None,
        to: None,
    };
    Ok(WasmMsg::Execute {
        contract_addr: config.exchange.to_string(),
        msg: to_json_binary(&swap)?,
        funds: coins(slice.pay.u128(), &config.denom),
    })
}

/// The pool has answered.
pub fn swapped(ctx: &mut Context, reply: Reply) -> Result<Response, ContractError> {
    let ReplyId::Swapped = reply.id.try_into()?;
    let slice: Slice = from_json(&reply.payload)?;
    match reply.result {
        SubMsgResult::Ok(_) => bought(ctx, &slice),
        // what the sender asked for beyond the contract's own bound is no failure of the pool's
        SubMsgResult::Err(reason) if slice.tightened => Err(ContractError::Tightened {
            min_out: slice.min_out,
            reason,
        }),
        SubMsgResult::Err(reason) => failed(ctx, &slice, &reason),
    }
}

/// Passes on what the slice bought, measured by the balance: VCAI that lay here before is not part of the difference.
fn bought(ctx: &mut Context, slice: &Slice) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    let held = balance::raw(&ctx.querier, &config.vcai, &ctx.env.contract.address)?;
    let bought = held.checked_sub(slice.balance)?;
    // The pool was told, and is not believed.
    if bought < slice.min_out {
        return Err(ContractError::Yield {
            expected: slice.min_out,
            actual: bought,
        });
    }
    let receipt = book(ctx, slice.pay, bought)?;
    let send = vcai::ExecuteMsg::Send {
        contract: config.ve_rewards.to_string(),
        amount: bought,
        msg: to_json_binary(&ve_rewards::Cw20Hook::Fund {})?,
    };
    Ok(Response::new()
        .add_event(Event::from(Money::Buyback(&receipt)))
        .add_message(call(&config.vcai, &send)?))
}

fn book(ctx: &mut Context, spent: Uint128, bought: Uint128) -> Result<Receipt, ContractError> {
    let mut totals = Totals::load(ctx.storage)?;
    totals.bought = totals.bought.checked_add(bought)?;
    totals.save(ctx.storage);
    let receipt = Receipt {
        n: totals.receipts,
        day: totals.day,
        spent,
        bought,
        height: ctx.env.block.height,
        time: ctx.now(),
    };
    RECEIPTS.save(ctx.storage, receipt.n, &receipt)?;
    Ok(receipt)
}

/// Takes back what was counted when the slice left. The swap itself, and everything it may have called, has been undone by the chain.
fn failed(ctx: &mut Context, slice: &Slice, reason: &str) -> Result<Response, ContractError> {
    let mut totals = Totals::load(ctx.storage)?;
    totals.spent = totals.spent.checked_sub(slice.pay)?;
    totals.day_left = totals.day_left.checked_add(slice.pay)?;
    totals.last_slice = slice.last_slice;
    totals.receipts = totals.receipts.saturating_sub(1);
    totals.failures = totals.failures.saturating_add(1);
    totals.save(ctx.storage);
    let failure = Failure {
        n: totals.failures,
        amount: slice.pay,
        min_out: slice.min_out,
        reason: reason.chars().take(REASON).collect(),
        height: ctx.env.block.height,
        time: ctx.now(),
    };
    FAILURE.save(ctx.storage, &failure)?;
    Ok(Response::new().add_event(Event::from(Money::Failed(&failure))))
}
