//! A trader whose order is known beforehand, and somebody who trades around it. Pure, on the functions that the pool executes by.

use math::amm::{Curve, Trade};
use math::Bps;
use proptest::prelude::*;

const FEE: u16 = 30;

/// What everybody has, in units of the asset paid, valued at the price before.
struct Outcome {
    attacker: i128,
    /// The pool's reserves at that price.
    pool: i128,
}

/// The attacker pays `push`, the victim `slice` (unless he would receive less than `min_out`), and the attacker sells what he bought.
fn sandwich(pool: Curve, slice: u128, min_out: u128, push: u128) -> Outcome {
    let pushed = pool.exact_in(push).ok();
    let between = pushed.map_or(pool, |trade| trade.after);
    let victim = between
        .exact_in(slice)
        .ok()
        .filter(|trade: &Trade| trade.amount_out >= min_out);
    let after = victim.map_or(between, |trade| trade.after);
    let sold = pushed.and_then(|trade| after.turned().exact_in(trade.amount_out).ok());
    let end = sold.map_or(after, |trade| trade.after.turned());
    let back = sold.map_or(0, |trade| trade.amount_out);
    let value = end.paid + end.received * pool.paid / pool.received;
    Outcome {
        attacker: back as i128 - pushed.map_or(0, |trade| trade.amount_in) as i128,
        pool: value as i128,
    }
}

fn pools() -> impl Strategy<Value = Curve> {
    let reserve = 1_000_000_000..1_u128 << 50;
    (reserve.clone(), reserve).prop_map(|(paid, received)| Curve {
        paid,
        received,
        fee: Bps::new(FEE).unwrap(),
    })
}

/// ½ · fee · reserve, the most that one slice of a buyback may be.
fn slice(pool: Curve) -> u128 {
    pool.paid * u128::from(FEE) / 20_000
}

/// What the slice would get at the last close, less 30 bps.
fn min_out(pool: Curve, slice: u128) -> u128 {
    pool.exact_in(slice).unwrap().amount_out * 9_970 / 10_000
}

proptest! {
    /// Both fees of the attacker are more than what the slice moves the price by, whatever he pushes.
    #[test]
    fn sandwich_around_a_slice_without_shares_gains_nothing(pool in pools(), part in 1..200_000_u128) {
        let push = (pool.paid * part / 100_000).max(1);
        let slice = slice(pool);
        for min_out in [0, min_out(pool, slice)] {
            let outcome = sandwich(pool, slice, min_out, push);
            prop_assert!(outcome.attacker <= 0, "{} for a push of {}", outcome.attacker, push);
        }
    }

    /// With shares the attacker gets part of his own fees back. Valued at the price before, against leaving the slice alone, he gains less than 0.5 % of it.
    #[test]
    fn sandwich_around_a_slice_with_shares_gains_less_than_half_a_percent_of_it(pool in pools(), part in 1..20_000_u128, percent in prop_oneof![Just(50_i128), Just(90)]) {
        let push = (pool.paid * part / 100_000).max(1);
        let slice = slice(pool);
        let least = min_out(pool, slice);
        let wealth = |outcome: Outcome| outcome.attacker + outcome.pool * percent / 100;
        let (attacked, alone) = (wealth(sandwich(pool, slice, least, push)), wealth(sandwich(pool, slice, least, 0)));
        let bound = slice as i128 * 50 / 10_000 + 4;
        prop_assert!(attacked - alone <= bound, "{} of a slice of {}", attacked - alone, slice);
    }
}

/// The helper can see a gain: without the bound and without a limit there is one.
#[test]
fn large_order_without_a_limit_is_worth_attacking() {
    let pool = Curve {
        paid: 1_000_000_000,
        received: 1_000_000_000,
        fee: Bps::new(FEE).unwrap(),
    };
    assert!(sandwich(pool, 50_000_000, 0, 100_000_000).attacker > 0);
    assert!(sandwich(pool, 50_000_000, min_out(pool, 50_000_000), 100_000_000).attacker < 0);
}
