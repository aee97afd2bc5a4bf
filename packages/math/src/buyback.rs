//! Buying in small slices what others can see coming.
//!
//! ```text
//! y       = min(quote reserve now, quote reserve at the previous block's close)
//! pay     = min(available, ⌊of_fee · fee · y⌋)             rounded down; at most half the pool fee of the reserve with of_fee = ½
//! quote   = what the pool gives for it on its reserves at the previous block's close
//! min out = ⌈quote · (1 − slippage)⌉                       rounded up, for the buyer
//! ```
//!
//! Nobody in this block moves `quote`. A slice of half the fee moves the price by no more than the fee that trading around it costs twice.

use cosmwasm_std::Uint256;
use thiserror::Error;

use crate::amm::{AmmError, Curve};
use crate::twap::QuotePerBase;
use crate::{mul_div_ceil, mul_div_floor, Bps, MathError};

/// Why there is no slice.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BuybackError {
    /// A number has no result.
    #[error("{0}")]
    Math(#[from] MathError),
    /// The pool has no result: too little for a unit, or an empty pool.
    #[error("{0}")]
    Amm(#[from] AmmError),
}

/// The pool as a slice sees it. Base is bought, quote is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Reserves of base and quote at the end of the last block before this one.
    pub close: [u128; 2],
    /// Reserve of the quote asset now.
    pub quote_now: u128,
    /// The pool's fee.
    pub fee: Bps,
}

/// How much of a pool a slice may take, and how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Part of fee × reserve.
    pub of_fee: Bps,
    /// Below the quote.
    pub slippage: Bps,
}

/// What to pay, and what to get for it at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Quote units.
    pub pay: u128,
    /// Base units, above 0.
    pub min_out: u128,
}

/// The largest slice of `available` quote units that the limits allow.
///
/// # Errors
/// [`BuybackError::Amm`] when it would buy nothing.
pub fn slice(available: u128, pool: &Pool, limits: Limits) -> Result<Slice, BuybackError> {
    let [base, quote] = pool.close;
    // both factors are at most 10⁴
    let part = u128::from(limits.of_fee.get()).saturating_mul(pool.fee.get().into());
    let largest = mul_div_floor(quote.min(pool.quote_now), part, 100_000_000)?;
    let pay = available.min(largest);
    let curve = Curve {
        paid: quote,
        received: base,
        fee: pool.fee,
    };
    let out = curve.exact_in(pay)?.amount_out;
    Ok(Slice {
        pay,
        min_out: limits.slippage.complement().of_ceil(out),
    })
}

/// Whether `price` ≤ `reference` · (1 + above), exactly.
pub fn within(price: QuotePerBase, reference: QuotePerBase, above: Bps) -> bool {
    let whole = Uint256::from(Bps::ONE.get());
    // prices are below 2^176; one that is not is no price to buy at
    let allowed = reference
        .raw()
        .checked_mul(whole.saturating_add(Uint256::from(above.get())));
    let actual = price.raw().checked_mul(whole);
    matches!((actual, allowed), (Ok(actual), Ok(allowed)) if actual <= allowed)
}

/// Least base units for `pay` quote units so that the price paid is at most `reference` · (1 + above): ⌈pay / reference / (1 + above)⌉ up to one unit, rounded up.
///
/// # Errors
/// [`MathError::Overflow`] when it does not fit 128 bits.
pub fn least_out(pay: u128, reference: QuotePerBase, above: Bps) -> Result<u128, MathError> {
    let whole: u128 = Bps::ONE.get().into();
    let with = whole.saturating_add(above.get().into());
    mul_div_ceil(reference.base_ceil(pay)?, whole, with)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    fn bps(value: u16) -> Bps {
        Bps::new(value).unwrap()
    }

    #[test]
    fn half_the_fee_of_the_smaller_reserve() {
        let limits = Limits {
            of_fee: bps(5_000),
            slippage: bps(30),
        };
        let pool = Pool {
            close: [1_000_000_000_000, 500_000_000_000],
            quote_now: 500_000_000_000,
            fee: bps(30),
        };
        let whole = slice(u128::MAX, &pool, limits).unwrap();
        assert_eq!(whole.pay, 750_000_000);
        assert_eq!(whole.min_out, 1_488_787_019);
        let drained = Pool {
            quote_now: 100_000_000_000,
            ..pool
        };
        assert_eq!(slice(u128::MAX, &drained, limits).unwrap().pay, 150_000_000);
        // 3,001.0005, but 3,000.999 if half the reserve were rounded first
        let odd = Pool {
            quote_now: 2_000_667,
            ..pool
        };
        assert_eq!(slice(u128::MAX, &odd, limits).unwrap().pay, 3_001);
        assert_eq!(slice(5, &pool, limits).unwrap().pay, 5);
        assert_eq!(slice(0, &pool, limits), Err(AmmError::ZeroAmount.into()));
        let empty = Pool { close: [0, 0], ..pool };
        assert_eq!(slice(5, &empty, limits), Err(AmmError::Empty.into()));
    }

    #[test]
    fn premium_is_bounded_exactly() {
        let reference = QuotePerBase::from_raw(Uint256::from(10_000u128 << 64));
        let at = |raw: u128, more: u128| QuotePerBase::from_raw(Uint256::from((raw << 64) + more));
        assert!(within(at(10_500, 0), reference, bps(500)));
        assert!(!within(at(10_500, 1), reference, bps(500)));
        assert!(within(at(1, 0), reference, bps(0)));
        let largest = QuotePerBase::from_raw(Uint256::MAX);
        assert!(!within(largest, reference, bps(500)));
        assert!(!within(reference, largest, bps(500)), "a bound that does not fit");
        // 10,897 = 17 · 641 divides 2²⁵⁶ − 1: the bound is the largest number there is, and the price times 10⁴ is more
        let divided = QuotePerBase::from_raw(Uint256::MAX / Uint256::from(10_897u32));
        assert!(!within(largest, divided, bps(897)), "a price that does not fit");
    }

    proptest! {
        #[test]
        fn slice_is_the_formula(
            x in 1_000_000u128..1 << 45,
            y in 1_000_000u128..1 << 45,
            now in 1_000_000u128..1 << 45,
            available in 1u128..1 << 45,
            fee in 1u16..=100,
            part in 500u16..=5_000,
            slippage in 1u16..=100,
        ) {
            let pool = Pool { close: [x, y], quote_now: now, fee: bps(fee) };
            let pay = available.min(y.min(now) * u128::from(fee) * u128::from(part) / 100_000_000);
            let net = pay * u128::from(10_000 - fee);
            let out = x * net / (y * 10_000 + net);
            match slice(available, &pool, Limits { of_fee: bps(part), slippage: bps(slippage) }) {
                Ok(slice) => {
                    prop_assert_eq!(slice.pay, pay);
                    prop_assert_eq!(slice.min_out, (out * u128::from(10_000 - slippage)).div_ceil(10_000));
                }
                Err(error) => {
                    prop_assert!(matches!(error, BuybackError::Amm(AmmError::ZeroAmount | AmmError::TooLittle)));
                    prop_assert_eq!(out, 0);
                }
            }
        }

        /// Paying exactly for the least output keeps the price within the bound, and one unit less than two below it does not.
        #[test]
        fn least_out_is_the_bound(pay in 1u128..1 << 60, raw in 1u128.., low in 0u32..128, above in 0u16..=500) {
            // prices of every size: of the high ones alone any payment buys one unit
            let raw = (raw >> low).max(1);
            let reference = QuotePerBase::from_raw(Uint256::from(raw));
            let out = least_out(pay, reference, bps(above)).unwrap();
            // pay / out ≤ raw / 2^64 · (10⁴ + above) / 10⁴
            let fits = |out: u128| (BigUint::from(pay) << 64u32) * 10_000u32 <= BigUint::from(raw) * out * (10_000 + u32::from(above));
            prop_assert!(fits(out));
            prop_assert!(out < 2 || !fits(out - 2));
        }
    }
}
