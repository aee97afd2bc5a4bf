//! Typed events: one for every change of state, with enough in each to rebuild the state from them. Amounts in Credits are µCredit, in LCO µLCO.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::margin::{Ending, HistoryEntry, Params, Side, Token};
use math::amm::Trade;

use crate::execute::Payment;
use crate::pool::Loss;
use crate::state::Position;

/// A lender's money came in.
pub fn supplied(token: Token, lender: &Addr, amount: Uint128, shares: Uint128) -> Event {
    lending("supplied", token, lender, amount, shares)
}

/// A lender's money went out.
pub fn withdrawn(token: Token, lender: &Addr, amount: Uint128, shares: Uint128) -> Event {
    lending("withdrawn", token, lender, amount, shares)
}

/// Nothing was paid, because an insolvent position has to be closed first.
pub fn call_again(token: Token, lender: &Addr, shares: Uint128, position: u64) -> Event {
    lending("call_again", token, lender, Uint128::zero(), shares).add_attribute("position", position.to_string())
}

fn lending(name: &str, token: Token, lender: &Addr, amount: Uint128, shares: Uint128) -> Event {
    Event::new(name)
        .add_attribute("token", token.name())
        .add_attribute("lender", lender)
        .add_attribute("amount", amount)
        .add_attribute("shares", shares)
}

/// The interest share moved to the Risk Reserve.
pub fn interest_collected(token: Token, amount: Uint128) -> Event {
    Event::new("interest_collected")
        .add_attribute("token", token.name())
        .add_attribute("amount", amount)
}

/// A gift to the Risk Reserve.
pub fn reserve_funded(token: Token, by: &Addr, amount: Uint128) -> Event {
    Event::new("reserve_funded")
        .add_attribute("token", token.name())
        .add_attribute("by", by)
        .add_attribute("amount", amount)
}

/// A position was opened or enlarged; `amount_in` was swapped for `amount_out`.
pub fn opened(
    id: u64,
    owner: &Addr,
    position: &Position,
    collateral: Uint128,
    borrowed: Uint128,
    trade: &Trade,
) -> Event {
    of_position("opened", id, owner, position)
        .add_attribute("collateral", collateral)
        .add_attribute("borrowed", borrowed)
        .add_attribute("amount_in", trade.amount_in.to_string())
        .add_attribute("amount_out", trade.amount_out.to_string())
}

/// Somebody repaid part of the debt, or added to what is held.
pub fn collateral_added(id: u64, owner: &Addr, position: &Position, payment: &Payment, amount: Uint128) -> Event {
    of_position("collateral_added", id, owner, position)
        .add_attribute("by", &payment.from)
        .add_attribute("token", payment.token.name())
        .add_attribute("amount", amount)
}

/// The owner took Credits out.
pub fn collateral_taken(id: u64, owner: &Addr, position: &Position, amount: Uint128) -> Event {
    of_position("collateral_taken", id, owner, position).add_attribute("amount", amount)
}

/// A position as it is after the event.
fn of_position(name: &str, id: u64, owner: &Addr, position: &Position) -> Event {
    Event::new(name)
        .add_attribute("position", id.to_string())
        .add_attribute("owner", owner)
        .add_attribute("side", position.side.name())
        .add_attribute("held", position.held)
        .add_attribute("shares", position.shares)
}

/// A position ended or shrank; `after` is what is left of it.
pub fn ended(owner: &Addr, entry: &HistoryEntry, after: Option<&Position>) -> Event {
    let name = match entry.ending {
        Ending::Closed => "closed",
        Ending::Repaid => "repaid",
        Ending::LiquidatedInPart => "liquidated_in_part",
        Ending::Liquidated => "liquidated",
        Ending::Taken => "taken",
    };
    let event = Event::new(name)
        .add_attribute("position", entry.position.to_string())
        .add_attribute("owner", owner)
        .add_attribute("side", entry.side.name())
        .add_attribute("lco", entry.lco)
        .add_attribute("credits", entry.credits)
        .add_attribute("penalty", entry.penalty)
        .add_attribute("bounty", entry.bounty)
        .add_attribute("payout", entry.payout)
        .add_attribute("loss", entry.loss);
    match after {
        Some(position) => event
            .add_attribute("held", position.held)
            .add_attribute("shares", position.shares),
        None => event,
    }
}

/// A position went on offer.
pub fn offered(id: u64, side: Side, since: u64, ends_at: u64) -> Event {
    Event::new("offered")
        .add_attribute("position", id.to_string())
        .add_attribute("side", side.name())
        .add_attribute("since", since.to_string())
        .add_attribute("ends_at", ends_at.to_string())
}

/// What the Risk Reserve of a token gave to be sold for a debt in the other one.
pub fn reserve_sold(position: u64, token: Token, amount: u128) -> Event {
    Event::new("reserve_sold")
        .add_attribute("position", position.to_string())
        .add_attribute("token", token.name())
        .add_attribute("amount", amount.to_string())
}

/// A debt that the position did not cover, and who bore it before the lenders.
pub fn loss(token: Token, loss: &Loss) -> Event {
    Event::new("loss")
        .add_attribute("token", token.name())
        .add_attribute("total", loss.total.to_string())
        .add_attribute("reserve", loss.reserve.to_string())
        .add_attribute("unclaimed", loss.unclaimed.to_string())
        .add_attribute("lenders", loss.lenders.to_string())
}

/// What of it the lenders bore, pro rata of their shares.
pub fn socialized_loss(token: Token, loss: &Loss, resting_until: u64) -> Event {
    Event::new("socialized_loss")
        .add_attribute("token", token.name())
        .add_attribute("amount", loss.lenders.to_string())
        .add_attribute("assets_before", loss.assets_before.to_string())
        .add_attribute("resting_until", resting_until.to_string())
}

/// A liquidation before a withdrawal failed and was passed over.
pub fn liquidation_skipped(error: &str) -> Event {
    Event::new("liquidation_skipped").add_attribute("error", error)
}

/// All parameters as they are from now on.
#[inline(never)]
pub fn params(params: &Params) -> Event {
    let curves = [("credit", &params.credit_curve), ("lco", &params.lco_curve)];
    let event = Event::new("params")
        .add_attribute("initial_bps", params.initial_bps.to_string())
        .add_attribute("maintenance_bps", params.maintenance_bps.to_string())
        .add_attribute("target_bps", params.target_bps.to_string())
        .add_attribute("full_close_bps", params.full_close_bps.to_string())
        .add_attribute("penalty_bps", params.penalty_bps.to_string())
        .add_attribute("bounty_bps", params.bounty_bps.to_string())
        .add_attribute("fixed_bounty", params.fixed_bounty)
        .add_attribute("min_notional", params.min_notional)
        .add_attribute("slippage_bps", params.slippage_bps.to_string())
        .add_attribute("offer_seconds", params.offer_seconds.to_string())
        .add_attribute("offer_max_bps", params.offer_max_bps.to_string())
        .add_attribute("position_cap_bps", params.position_cap_bps.to_string())
        .add_attribute("side_cap_bps", params.side_cap_bps.to_string())
        .add_attribute("interest_share_bps", params.interest_share_bps.to_string())
        .add_attribute("rest_loss_bps", params.rest_loss_bps.to_string())
        .add_attribute("rest_seconds", params.rest_seconds.to_string());
    curves.into_iter().fold(event, |event, (name, curve)| {
        let numbers = [
            curve.base_bps,
            curve.slope_bps,
            curve.steep_bps,
            curve.kink_bps,
            curve.cap_bps,
        ];
        event.add_attribute(
            format!("{name}_curve"),
            numbers.map(|number| number.to_string()).join(","),
        )
    })
}
