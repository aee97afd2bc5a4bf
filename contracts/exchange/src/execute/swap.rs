//! Trading.

use cosmwasm_std::{from_json, to_json_binary, MessageInfo, Response, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::exchange::{Cw20Hook, Side};
use math::amm::{Curve, Trade};
use math::twap::QuotePerBase;

use super::{assert_at_least, Context};
use crate::assets;
use crate::candles::{self, Bar};
use crate::error::ContractError;
use crate::events::Happened;
use crate::history::touch;
use crate::state::{Pool, Terms, TERMS};

const MINUTE: u64 = 60;

/// What is wanted for the payment.
#[derive(Clone, Copy)]
pub enum Want {
    /// As much as there is for all of it, and at least this.
    AtLeast(Uint128),
    /// This and the rest of the payment back.
    Exactly(Uint128),
}

/// One trade as it is ordered.
pub struct Order {
    pub want: Want,
    /// Last second, if any.
    pub deadline: Option<u64>,
    /// Receiver, the payer if none.
    pub to: Option<String>,
}

/// What has come in, and from whom.
struct Payment {
    payer: String,
    side: Side,
    amount: Uint128,
}

/// A token of the pool says that `hook.sender` sent it `hook.amount`.
pub fn receive(ctx: &mut Context, hook: Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let terms = TERMS.load(ctx.storage)?;
    let side = assets::token_side(&terms.assets, ctx.sender)?;
    let order = match from_json(&hook.msg)? {
        Cw20Hook::Swap { min_out, deadline, to } => Order {
            want: Want::AtLeast(min_out),
            deadline,
            to,
        },
        Cw20Hook::SwapExactOut { out, deadline, to } => Order {
            want: Want::Exactly(out),
            deadline,
            to,
        },
    };
    let payment = Payment {
        payer: hook.sender,
        side,
        amount: hook.amount,
    };
    swap(ctx, &terms, &payment, order)
}

/// The attached coin is the payment.
pub fn with_coin(ctx: &mut Context, info: &MessageInfo, order: Order) -> Result<Response, ContractError> {
    let terms = TERMS.load(ctx.storage)?;
    let (side, amount) = assets::coin_side(&terms.assets, info)?;
    let payment = Payment {
        payer: ctx.sender.to_string(),
        side,
        amount,
    };
    swap(ctx, &terms, &payment, order)
}

/// The trade that a payment buys; what simulations answer as well.
pub fn quote(curve: Curve, paid: Uint128, want: Want) -> Result<Trade, ContractError> {
    match want {
        Want::AtLeast(min) => {
            let trade = curve.exact_in(paid.u128())?;
            assert_at_least("units", min, trade.amount_out)?;
            Ok(trade)
        }
        Want::Exactly(out) => {
            let trade = curve.exact_out(out.u128())?;
            match trade.amount_in > paid.u128() {
                true => Err(ContractError::Underpaid {
                    cost: trade.amount_in,
                    paid,
                }),
                false => Ok(trade),
            }
        }
    }
}

fn swap(ctx: &mut Context, terms: &Terms, payment: &Payment, order: Order) -> Result<Response, ContractError> {
    ctx.assert_in_time(order.deadline)?;
    let to = match order.to {
        Some(to) => ctx.api.addr_validate(&to)?.into_string(),
        None => payment.payer.clone(),
    };
    let mut pool = Pool::load(ctx.storage)?;
    let now = ctx.now();
    touch(ctx.storage, &mut pool, now)?;
    let trade = quote(pool.curve(payment.side), payment.amount, order.want)?;
    apply(ctx, &mut pool, payment.side, &trade)?;

    let received = assets::on(&terms.assets, payment.side.other());
    let paid = assets::on(&terms.assets, payment.side);
    let rest = match order.want {
        Want::AtLeast(_) => 0,
        Want::Exactly(_) => payment.amount.u128().saturating_sub(trade.amount_in),
    };
    let answer = match order.want {
        Want::AtLeast(_) => trade.amount_out,
        Want::Exactly(_) => trade.amount_in,
    };
    let event = Happened::Swapped {
        sender: &payment.payer,
        to: &to,
        pay: payment.side,
        trade: &trade,
        reserves: pool.reserves,
    };
    Ok(Response::new()
        .add_event(event)
        .add_messages(assets::pay(received, &to, trade.amount_out)?)
        .add_messages(assets::pay(paid, &payment.payer, rest)?)
        .set_data(to_json_binary(&Uint128::new(answer))?))
}

/// Books the trade.
fn apply(ctx: &mut Context, pool: &mut Pool, side: Side, trade: &Trade) -> Result<(), ContractError> {
    let before = pool.price()?;
    pool.settle(side, trade.after);
    let bar = bar(ctx.now().seconds(), [before, pool.price()?], side, trade);
    candles::record(ctx.storage, &mut pool.minute, bar)?;
    pool.save(ctx.storage);
    Ok(())
}

fn bar(now: u64, prices: [QuotePerBase; 2], side: Side, trade: &Trade) -> Bar {
    let volume = match side {
        Side::Base => [trade.amount_in, trade.amount_out],
        Side::Quote => [trade.amount_out, trade.amount_in],
    };
    Bar::of_swap(now / MINUTE, prices, volume)
}
