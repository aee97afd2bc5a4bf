//! The exchange as this contract sees it: read once a message, then computed with by the exchange's own code.

use cosmwasm_std::{Addr, QuerierWrapper, Uint128};
use interfaces::exchange::{MarketResponse, QueryMsg, QuotePerBase};
use interfaces::margin::Side;
use math::amm::{AmmError, Curve, Trade};
use math::liquidation::{value_ceil, value_floor, Health};
use math::{Bps, MathError};

use crate::error::ContractError;

/// Reserves and prices of the block. Prices are µCredit per µLCO, · 2⁶⁴.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Market {
    /// The pool as a seller of LCO sees it.
    pub selling: Curve,
    /// Marks of longs and shorts. No trade of this block moves them.
    pub mark: Option<[u128; 2]>,
    /// Price at the end of the block before.
    pub close: Option<u128>,
    /// Lowest reserves of the last day, µLCO and µCredit.
    pub lowest: [u128; 2],
}

impl Market {
    /// Asks the exchange.
    #[inline(never)]
    pub fn load(querier: &QuerierWrapper, exchange: &Addr) -> Result<Self, ContractError> {
        let answer: MarketResponse = querier.query_wasm_smart(exchange, &QueryMsg::Market {})?;
        let mark = answer.mark.and_then(|mark| Some([raw(mark.long)?, raw(mark.short)?]));
        let [base, quote] = answer.reserves.map(|reserve| reserve.u128());
        Ok(Self {
            selling: Curve {
                paid: base,
                received: quote,
                fee: Bps::new(answer.fee_bps)?,
            },
            mark,
            close: answer.previous_close.and_then(raw),
            lowest: answer.lowest_reserves_24h.map(|reserve| reserve.u128()),
        })
    }

    /// What a side's LCO are worth.
    pub fn price(&self, side: Side) -> Result<u128, ContractError> {
        let [long, short] = self.mark.ok_or(ContractError::NoMark)?;
        Ok(match side {
            Side::Long => long,
            Side::Short => short,
        })
    }

    /// Opens (a long buys, a short sells): what `paid` gives.
    pub fn enter(&self, side: Side, paid: Uint128) -> Result<Trade, ContractError> {
        Ok(self.exit_curve(side).turned().exact_in(paid.u128())?)
    }

    /// The market after a trade that [`Self::enter`] answered.
    pub fn entered(&self, side: Side, trade: &Trade) -> Self {
        let selling = match side {
            Side::Long => trade.after.turned(),
            Side::Short => trade.after,
        };
        Self { selling, ..*self }
    }

    /// Closes (a long sells LCO, a short buys some for Credits): what `paid` gives. 0 for what is worth less than a unit.
    pub fn exit(&self, side: Side, paid: u128) -> Result<u128, ContractError> {
        match self.exit_curve(side).exact_in(paid) {
            Ok(trade) => Ok(trade.amount_out),
            Err(AmmError::ZeroAmount | AmmError::TooLittle) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// What buying exactly `lco` costs, µCredit.
    pub fn cost(&self, lco: u128) -> Result<u128, AmmError> {
        self.exit_cost(Side::Short, lco)
    }

    /// Closes: what has to be paid for at least `out` of what is owed.
    pub fn exit_cost(&self, side: Side, out: u128) -> Result<u128, AmmError> {
        Ok(self.exit_curve(side).exact_out(out)?.amount_in)
    }

    /// The pool as somebody who leaves a position of a side sees it.
    fn exit_curve(&self, side: Side) -> Curve {
        match side {
            Side::Long => self.selling,
            Side::Short => self.selling.turned(),
        }
    }

    /// Health if everything were closed on the exchange now; None if that cannot be filled.
    pub fn exit_health(&self, side: Side, held: u128, owed: u128) -> Option<Health> {
        match side {
            Side::Long => self.exit(side, held).ok().map(|value| Health::long(value, owed)),
            Side::Short => self.cost(owed).ok().map(|value| Health::short(held, value)),
        }
    }
}

/// Health at a price.
pub fn health(side: Side, held: u128, owed: u128, price: u128) -> Result<Health, MathError> {
    Ok(match side {
        Side::Long => Health::long(value_floor(held, price)?, owed),
        Side::Short => Health::short(held, value_ceil(owed, price)?),
    })
}

/// A price that does not fit 128 bits is none that positions could be valued with.
fn raw(price: QuotePerBase) -> Option<u128> {
    Uint128::try_from(price.raw()).ok().map(|raw| raw.u128())
}
