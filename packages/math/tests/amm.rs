//! The constant product against the formula in big integers, and what no sequence of trades and deposits can do.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use math::amm::*;
use math::Bps;
use num_bigint::BigUint;
use proptest::prelude::*;

fn curve(paid: u128, received: u128, fee: u16) -> Curve {
    let fee = Bps::new(fee).unwrap();
    Curve { paid, received, fee }
}

fn big(value: u128) -> BigUint {
    BigUint::from(value)
}

fn k([x, y]: [u128; 2]) -> BigUint {
    big(x) * big(y)
}

fn product(curve: Curve) -> BigUint {
    k([curve.paid, curve.received])
}

/// ⌊y·dx(10⁴−f) / (x·10⁴ + dx(10⁴−f))⌋, word for word.
fn slow_out(curve: Curve, dx: u128) -> BigUint {
    let gain = 10_000 - u128::from(curve.fee.get());
    big(curve.received) * big(dx) * gain / (big(curve.paid) * 10_000_u32 + big(dx) * gain)
}

/// From single units to the bound, with as many small as large ones.
fn units(max: u128) -> impl Strategy<Value = u128> {
    (0..112_u32, any::<u128>()).prop_map(move |(bits, random)| 1 + (random >> (127 - bits)) % max)
}

fn curves() -> impl Strategy<Value = Curve> {
    (units(MAX_RESERVE), units(MAX_RESERVE), 1..=100_u16).prop_map(|(paid, received, fee)| curve(paid, received, fee))
}

fn pools() -> impl Strategy<Value = Liquidity> {
    let shares = LOCKED_SHARES..1 << 100;
    (units(1 << 100), units(1 << 100), shares).prop_map(|(base, quote, shares)| Liquidity {
        reserves: [base, quote],
        shares,
    })
}

#[test]
fn known_trades() {
    let pool = curve(1_000_000, 4_000_000, 30);
    // 4,000,000 · 1,000 · 9,970 / (1,000,000 · 10,000 + 1,000 · 9,970) = 3,984.03
    let trade = pool.exact_in(1_000).unwrap();
    assert_eq!((trade.amount_out, trade.fee), (3_984, 3));
    assert_eq!(trade.after, curve(1_001_000, 3_996_016, 30));
    // 1,000,000 · 3,984 · 10,000 / ((4,000,000 − 3,984) · 9,970) = 999.99…
    assert_eq!(pool.exact_out(3_984).unwrap(), trade);
    assert_eq!(pool.turned().exact_in(4_000).unwrap().amount_out, 996);
}

#[test]
fn what_a_pool_refuses() {
    let pool = curve(1_000_000, 1_000, 30);
    let full = curve(MAX_RESERVE, MAX_RESERVE, 30);
    let small = |asked| Err(AmmError::ReserveTooSmall { asked, reserve: 1_000 });
    let cases = [
        ("empty, in", curve(0, 5, 30).exact_in(1), Err(AmmError::Empty)),
        ("empty, out", curve(5, 0, 30).exact_out(1), Err(AmmError::Empty)),
        ("nothing in", pool.exact_in(0), Err(AmmError::ZeroAmount)),
        ("nothing out", pool.exact_out(0), Err(AmmError::ZeroAmount)),
        ("less than one unit", pool.exact_in(1_000), Err(AmmError::TooLittle)),
        ("the reserve", pool.exact_out(1_000), small(1_000)),
        ("more than the reserve", pool.exact_out(1_001), small(1_001)),
        ("above the bound", full.exact_in(1), Err(AmmError::ReserveTooLarge)),
        (
            "far above the bound",
            pool.exact_in(u128::MAX),
            Err(AmmError::ReserveTooLarge),
        ),
        (
            "costs more than the bound",
            full.exact_out(1 << 100),
            Err(AmmError::ReserveTooLarge),
        ),
    ];
    for (name, actual, expected) in cases {
        assert_eq!(actual, expected, "{name}");
    }
}

#[test]
fn largest_pool_trades_without_overflow() {
    let pool = curve(MAX_RESERVE / 2, MAX_RESERVE, 1);
    let trade = pool.exact_in(MAX_RESERVE / 2).unwrap();
    assert_eq!(big(trade.amount_out), slow_out(pool, MAX_RESERVE / 2));
}

#[test]
fn first_lp_leaves_a_thousand_shares() {
    let added = Liquidity::default().join([4_000_000, 1_000_000]).unwrap();
    assert_eq!(added.shares, 2_000_000 - LOCKED_SHARES);
    assert_eq!(
        added.after,
        Liquidity {
            reserves: [4_000_000, 1_000_000],
            shares: 2_000_000
        }
    );
    let too_little = [[1_000, 1_000], [1, 1_000_000], [1, 1]];
    assert!(too_little
        .iter()
        .all(|offered| Liquidity::default().join(*offered) == Err(AmmError::TooLittle)));
    assert_eq!(Liquidity::default().join([0, 5_000]), Err(AmmError::ZeroAmount));
    assert_eq!(
        Liquidity::default().join([MAX_RESERVE + 1, 1]),
        Err(AmmError::ReserveTooLarge)
    );
}

#[test]
fn adding_takes_only_what_keeps_the_ratio() {
    let pool = Liquidity {
        reserves: [3_000_000, 1_000_000],
        shares: 1_500_000,
    };
    let added = pool.join([300, 1_000]).unwrap();
    assert_eq!((added.shares, added.taken), (150, [300, 100]));
    assert_eq!(pool.join([1, 1_000]), Err(AmmError::TooLittle));
    // 149.5 shares' worth: 149 shares, for which 298 and ⌈99.33⌉ are taken
    assert_eq!(pool.join([299, 100]).unwrap().taken, [298, 100]);
}

#[test]
fn removing_leaves_the_locked_shares() {
    let pool = Liquidity {
        reserves: [3_000_000, 1_000_000],
        shares: 1_500_000,
    };
    let removed = pool.remove(1_499_000).unwrap();
    assert_eq!(removed.amounts, [2_998_000, 999_333]);
    assert_eq!(
        removed.after,
        Liquidity {
            reserves: [2_000, 667],
            shares: LOCKED_SHARES
        }
    );
    assert_eq!(pool.remove(0), Err(AmmError::ZeroAmount));
    assert_eq!(
        pool.remove(1_499_001),
        Err(AmmError::SharesTooMany {
            asked: 1_499_001,
            total: 1_499_000
        })
    );
}

/// The fees of a year of trading between the only LP's coming and going belong to the locked shares; one unit each does not buy them.
#[test]
fn restart_does_not_give_away_what_the_locked_shares_earned() {
    let left = Liquidity {
        reserves: [1_000_000, 1_000_000],
        shares: LOCKED_SHARES,
    };
    assert_eq!(left.join([1, 1]), Err(AmmError::TooLittle));
    let added = left.join([99_000_000, 99_000_000]).unwrap();
    assert_eq!(added.shares, 99 * LOCKED_SHARES);
    assert_eq!(
        added.after.remove(added.shares).unwrap().amounts,
        [99_000_000, 99_000_000]
    );
}

/// What was left behind may be at any price; the newcomer sets a new one.
#[test]
fn restart_sets_the_price_anew() {
    let left = Liquidity {
        reserves: [1_000_000, 1],
        shares: LOCKED_SHARES,
    };
    let added = left.join([2_000_000_000_000, 1_000_000_000_000]).unwrap();
    assert_eq!(added.after.reserves, [2_000_001_000_000, 1_000_000_000_001]);
    assert_eq!(added.taken, [2_000_000_000_000, 1_000_000_000_000]);
}

proptest! {
    #[test]
    fn exact_in_is_the_formula_and_k_never_falls(pool in curves(), dx in units(MAX_RESERVE)) {
        match pool.exact_in(dx) {
            Ok(trade) => {
                prop_assert_eq!(big(trade.amount_out), slow_out(pool, dx));
                prop_assert_eq!(trade.after, curve(pool.paid + dx, pool.received - trade.amount_out, pool.fee.get()));
                prop_assert!(product(trade.after) >= product(pool));
                prop_assert_eq!(trade.fee, (dx * u128::from(pool.fee.get())).div_ceil(10_000));
            }
            Err(AmmError::TooLittle) => prop_assert_eq!(slow_out(pool, dx), BigUint::ZERO),
            Err(error) => prop_assert!(error == AmmError::ReserveTooLarge && pool.paid + dx > MAX_RESERVE, "{}", error),
        }
    }

    #[test]
    fn exact_out_is_the_least_payment_that_gives_it(pool in curves(), part in 1..=10_000_u128) {
        let out = (pool.received / 10_001).max(1).saturating_mul(part).min(pool.received);
        let Ok(trade) = pool.exact_out(out) else { return Ok(()) };
        prop_assert_eq!(trade.amount_out, out);
        prop_assert!(product(trade.after) >= product(pool));
        prop_assert!(slow_out(pool, trade.amount_in) >= big(out));
        prop_assert!(slow_out(pool, trade.amount_in - 1) < big(out));
    }

    /// In and out again, any number of times, through either kind of trade: nobody ends with more of what he began with.
    #[test]
    fn rounding_loops_never_gain(base in units(1 << 60), quote in units(1 << 60), dx in units(1 << 60), rounds in 1..8_u32, exact: bool) {
        let (mut pool, mut held) = (curve(base, quote, 1), dx);
        for _ in 0..rounds {
            let before = held;
            let Ok(there) = pool.exact_in(held) else { break };
            let back = match exact {
                false => there.after.turned().exact_in(there.amount_out),
                true => most_for(there.after.turned(), there.amount_out),
            };
            let Ok(back) = back else { break };
            pool = back.after.turned();
            held = back.amount_out;
            prop_assert!(held < before, "{} became {}", before, held);
        }
    }

    #[test]
    fn liquidity_never_takes_from_those_who_stay(pool in pools(), offered in (units(1 << 100), units(1 << 100)), part in 1..=100_u128) {
        if pool.shares == LOCKED_SHARES { return Ok(()) }
        let per_share = |one: Liquidity, other: Liquidity| k(one.reserves) * big(other.shares) * big(other.shares);
        if let Ok(added) = pool.join(offered.into()) {
            prop_assert!(added.taken[0] <= offered.0 && added.taken[1] <= offered.1);
            prop_assert!(per_share(added.after, pool) >= per_share(pool, added.after), "adding");
            let back = added.after.remove(added.shares).unwrap();
            prop_assert!(back.amounts[0] <= added.taken[0] && back.amounts[1] <= added.taken[1]);
            prop_assert_eq!(back.after.shares, pool.shares);
        }
        let shares = ((pool.shares - LOCKED_SHARES) / 100).max(1) * part;
        if let Ok(removed) = pool.remove(shares) {
            prop_assert!(per_share(removed.after, pool) >= per_share(pool, removed.after), "removing");
            prop_assert!(removed.after.reserves.iter().all(|reserve| *reserve > 0));
            let parted = |reserve: u128| big(shares) * big(reserve) / big(pool.shares);
            prop_assert_eq!(removed.amounts.map(big), pool.reserves.map(parted));
        }
    }

    /// Nobody has shares, and somebody comes: the locked ones keep √k per share, and the newcomer gets back at most what he brought in √k.
    #[test]
    fn restart_takes_nothing_from_the_locked_shares(left in (units(1 << 60), units(1 << 60)), offered in (units(1 << 90), units(1 << 90))) {
        let pool = Liquidity { reserves: left.into(), shares: LOCKED_SHARES };
        let Ok(added) = pool.join(offered.into()) else { return Ok(()) };
        prop_assert_eq!(added.taken, <[u128; 2]>::from(offered));
        let (before, after) = (k(pool.reserves), k(added.after.reserves));
        prop_assert!(after * big(LOCKED_SHARES).pow(2) >= before * big(added.after.shares).pow(2));
    }
}

/// The largest exact-out trade that `paid` pays for.
fn most_for(pool: Curve, paid: u128) -> Result<Trade, AmmError> {
    let (mut low, mut high) = (0, pool.received - 1);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        match pool.exact_out(middle) {
            Ok(trade) if trade.amount_in <= paid => low = middle,
            _ => high = middle - 1,
        }
    }
    pool.exact_out(low)
}
