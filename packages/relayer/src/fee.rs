//! What a transaction may cost. Integers throughout; every division rounds up, so a fee is never below what was meant.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Gas prices are in millionths of the fee denom per gas.
const MICRO: u128 = 1_000_000;

/// Bounds on price and spending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GasConfig {
    /// Millionths of the fee denom per gas, before any escalation.
    pub price_micro: u64,
    /// Each escalation raises the price by this many per cent.
    pub escalation_percent: u32,
    /// The price never exceeds this.
    pub max_price_micro: u64,
    /// Per cent of the simulated gas that is asked for; at least 100.
    pub adjustment_percent: u32,
    /// Most gas one transaction may ask for.
    pub max_gas: u64,
    /// Most one transaction may cost, in the fee denom.
    pub max_fee: u64,
    /// Most one day of chain time may cost, in the fee denom.
    pub daily_cap: u64,
}

impl Default for GasConfig {
    fn default() -> Self {
        Self {
            price_micro: 25_000,
            escalation_percent: 25,
            max_price_micro: 250_000,
            adjustment_percent: 130,
            max_gas: 20_000_000,
            max_fee: 2_000_000,
            daily_cap: 200_000_000,
        }
    }
}

/// Gas limit and fee of one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    pub gas_limit: u64,
    /// In the fee denom.
    pub fee: u64,
}

/// Why a transaction may not be paid for.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TooExpensive {
    #[error("needs {gas} gas, gas.max_gas is {max}")]
    Gas { gas: u64, max: u64 },
    #[error("would cost {fee}, gas.max_fee is {max}")]
    Fee { fee: u64, max: u64 },
    #[error("would cost {fee}, today {spent} is spent and gas.daily_cap is {cap}")]
    Day { fee: u64, spent: u64, cap: u64 },
}

impl GasConfig {
    /// `min(max_price, ⌈price · ((100 + escalation) / 100)^step⌉)`, rounded up at each step.
    pub fn price(&self, step: u32) -> u64 {
        let max = u128::from(self.max_price_micro);
        let mut price = u128::from(self.price_micro).min(max);
        for _ in 0..step {
            if price >= max || self.escalation_percent == 0 {
                break;
            }
            price = (price.saturating_mul(u128::from(self.escalation_percent).saturating_add(100)))
                .div_ceil(100)
                .min(max);
        }
        u64::try_from(price).unwrap_or(u64::MAX)
    }

    /// Gas limit for a simulated use: `⌈used · adjustment / 100⌉`, at most `max_gas` if `used` itself fits.
    fn gas_limit(&self, used: u64) -> Result<u64, TooExpensive> {
        if used > self.max_gas {
            return Err(TooExpensive::Gas {
                gas: used,
                max: self.max_gas,
            });
        }
        let wanted = (u128::from(used).saturating_mul(u128::from(self.adjustment_percent))).div_ceil(100);
        Ok(u64::try_from(wanted).unwrap_or(u64::MAX).min(self.max_gas))
    }

    /// Prices a transaction that used `used` gas in simulation, when `spent` was spent today.
    ///
    /// # Errors
    /// [`TooExpensive`]; `Gas` and `Fee` are cured by a smaller batch, `Day` by tomorrow.
    pub fn quote(&self, used: u64, step: u32, spent: u64) -> Result<Quote, TooExpensive> {
        let gas_limit = self.gas_limit(used)?;
        let fee = (u128::from(gas_limit).saturating_mul(u128::from(self.price(step)))).div_ceil(MICRO);
        let fee = u64::try_from(fee).unwrap_or(u64::MAX);
        if fee > self.max_fee {
            return Err(TooExpensive::Fee { fee, max: self.max_fee });
        }
        if spent.saturating_add(fee) > self.daily_cap {
            return Err(TooExpensive::Day {
                fee,
                spent,
                cap: self.daily_cap,
            });
        }
        Ok(Quote { gas_limit, fee })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn config() -> GasConfig {
        GasConfig {
            price_micro: 100,
            escalation_percent: 50,
            max_price_micro: 300,
            adjustment_percent: 120,
            max_gas: 1_000_000,
            max_fee: 200,
            daily_cap: 500,
        }
    }

    #[test]
    fn price_escalates_up_to_its_bound() {
        let prices: Vec<_> = (0..5).map(|step| config().price(step)).collect();
        assert_eq!(prices, [100, 150, 225, 300, 300]);
        assert_eq!(config().price(u32::MAX), 300);
    }

    #[test]
    fn fee_is_rounded_up() {
        let quote = config().quote(100_001, 0, 0).unwrap();
        assert_eq!(quote.gas_limit, 120_002);
        assert_eq!(quote.fee, 13); // 12.0002
    }

    #[test]
    fn each_bound_is_named() {
        assert_eq!(
            config().quote(1_000_001, 0, 0),
            Err(TooExpensive::Gas {
                gas: 1_000_001,
                max: 1_000_000
            })
        );
        assert_eq!(
            config().quote(1_000_000, 2, 0),
            Err(TooExpensive::Fee { fee: 225, max: 200 })
        );
        assert_eq!(
            config().quote(1_000_000, 0, 401),
            Err(TooExpensive::Day {
                fee: 100,
                spent: 401,
                cap: 500
            })
        );
        assert!(config().quote(1_000_000, 0, 400).is_ok());
    }

    proptest! {
        #[test]
        fn an_accepted_quote_keeps_every_bound(used in 0u64..2_000_000, step in 0u32..9, spent in 0u64..1_000) {
            let config = config();
            if let Ok(quote) = config.quote(used, step, spent) {
                prop_assert!(quote.gas_limit >= used && quote.gas_limit <= config.max_gas);
                prop_assert!(quote.fee <= config.max_fee && quote.fee + spent <= config.daily_cap);
                prop_assert!(u128::from(quote.fee) * MICRO >= u128::from(quote.gas_limit) * u128::from(config.price(step)));
            }
        }
    }
}
