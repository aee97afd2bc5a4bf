//! Means of prices against lists of them in big integers.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use cosmwasm_std::Uint256;
use math::twap::*;
use math::MathError;
use num_bigint::BigUint;
use proptest::prelude::*;

const ONE: u128 = 1 << 64;

fn price(raw: u128) -> QuotePerBase {
    QuotePerBase::from_raw(raw.into())
}

fn big(value: Uint256) -> BigUint {
    BigUint::from_bytes_be(&value.to_be_bytes())
}

fn ceil(a: BigUint, b: &BigUint) -> BigUint {
    (a + b - 1_u8) / b
}

#[test]
fn prices_of_reserves() {
    let cases = [
        ("one to one", [5, 5], ONE),
        ("two quote for one base", [5, 10], 2 * ONE),
        ("a third, rounded down", [3, 1], ONE / 3),
        ("never zero", [u128::MAX, 1], 1),
    ];
    for (name, [base, quote], raw) in cases {
        assert_eq!(QuotePerBase::of_reserves(base, quote), Ok(price(raw)), "{name}");
    }
    for (base, quote) in [(0, 1), (1, 0)] {
        assert_eq!(QuotePerBase::of_reserves(base, quote), Err(MathError::DivisionByZero));
    }
    assert_eq!(
        BasePerQuote::of_reserves(1, 3).unwrap().raw(),
        Uint256::from(ONE / 3 + 1)
    );
    assert_eq!(
        QuotePerBase::of_reserves(3, 1).unwrap().inverse().raw(),
        Uint256::from(3 * ONE + 4)
    );
    assert_eq!(price(2 * ONE).inverse().raw(), Uint256::from(ONE / 2));
}

#[test]
fn values_round_as_they_say() {
    let third = price(ONE / 3);
    assert_eq!((third.quote_floor(10), third.quote_ceil(10)), (Ok(3), Ok(4)));
    assert_eq!((third.base_floor(10), third.base_ceil(10)), (Ok(30), Ok(31)));
    let two = price(2 * ONE);
    assert_eq!((two.quote_floor(10), two.quote_ceil(10)), (Ok(20), Ok(20)));
    assert_eq!(two.quote_floor(u128::MAX), Err(MathError::Overflow));
    assert_eq!(price(1).base_floor(u128::MAX), Err(MathError::Overflow));
}

/// A price is a decimal string in JSON, and comes back.
#[test]
fn price_in_json_is_the_integer() {
    let json = serde_json::to_string(&price(3 * ONE)).unwrap();
    assert_eq!(json, "\"55340232221128654848\"");
    assert_eq!(serde_json::from_str::<QuotePerBase>(&json).unwrap(), price(3 * ONE));
}

#[test]
fn clamp_allows_point_eight_percent_a_second() {
    let last = price(1_000_000);
    let cases = [
        ("within a second", 1_008_000, 1_000, 1_008_000),
        ("above", 1_008_001, 1_000, 1_008_000),
        ("half a second", 2_000_000, 500, 1_004_000),
        ("a millisecond", 2_000_000, 1, 1_000_008),
        ("no time", 2_000_000, 0, 1_000_000),
        ("a minute", 2_000_000, 60_000, 1_480_000),
        ("double in 125 s", 2_000_000, 125_000, 2_000_000),
        ("not more in 125 s", 2_000_001, 125_000, 2_000_000),
        ("down by the reciprocal", 1, 1_000, 992_063),
        ("half in 125 s", 1, 125_000, 500_000),
        ("unchanged", 1_000_000, 0, 1_000_000),
    ];
    for (name, now, elapsed, counted) in cases {
        assert_eq!(clamp(price(now), last, elapsed), price(counted), "{name}");
    }
}

/// Neither a time nor a price so large that the bound does not fit makes the bound tighter.
#[test]
fn clamp_that_does_not_fit_bounds_nothing() {
    assert_eq!(clamp(price(1 << 40), price(1), u64::MAX), price(1 << 40));
    let [most, half] = [Uint256::MAX, Uint256::MAX >> 1].map(QuotePerBase::from_raw);
    assert_eq!(clamp(most, half, 250_000), most);
}

/// Rounded outwards, so that a price of single units is not stuck for ever.
#[test]
fn tiny_price_can_move() {
    assert_eq!(clamp(price(1_000), price(1), 1), price(2));
    assert_eq!(clamp(price(1), price(3), 1), price(2));
    assert_eq!(clamp(price(1), price(1), 1), price(1));
}

#[test]
fn window_without_length_has_no_mean() {
    let point = Point {
        at: 5,
        sum: Cumulative::default(),
    };
    assert_eq!(means(&point, &point), Err(MathError::DivisionByZero));
    let sum = Cumulative {
        quote_per_base: Uint256::one(),
        base_per_quote: Uint256::one(),
    };
    let backwards = means(&point, &Point { at: 4, sum });
    assert_eq!(backwards, Err(MathError::DivisionByZero));
}

/// Both counters pass 2²⁵⁶ inside the window.
#[test]
fn means_are_the_same_across_the_wrap() {
    let mut sum = Cumulative {
        quote_per_base: Uint256::MAX,
        base_per_quote: Uint256::MAX,
    };
    let from = Point { at: 0, sum };
    let two = price(2 * ONE);
    sum.advance([1, 2], two, 1_000).unwrap();
    let pair = means(&from, &Point { at: 1_000, sum }).unwrap();
    assert_eq!((pair.arithmetic, pair.harmonic), (two, two));
}

/// A difference times a part of the window needs more than 256 bits.
#[test]
fn points_between_are_exact_for_the_greatest_differences() {
    let of = |bit: u32| Cumulative {
        quote_per_base: Uint256::one() << bit,
        base_per_quote: Uint256::one() << bit,
    };
    let before = Point {
        at: 0,
        sum: Cumulative::default(),
    };
    let after = Point {
        at: 1 << 10,
        sum: of(250),
    };
    assert_eq!(interpolate(&before, &after, 1 << 9).sum, of(249));
}

#[test]
fn points_between_two_lie_on_their_line() {
    let sum = |a: u128, b: u128| Cumulative {
        quote_per_base: a.into(),
        base_per_quote: b.into(),
    };
    let before = Point {
        at: 1_000,
        sum: sum(100, 1_000),
    };
    let after = Point {
        at: 1_010,
        sum: sum(205, 2_000),
    };
    let cases = [
        (1_000, (100, 1_000)),
        (1_001, (110, 1_100)),
        (1_009, (194, 1_900)),
        (1_010, (205, 2_000)),
    ];
    for (at, (a, b)) in cases {
        assert_eq!(interpolate(&before, &after, at), Point { at, sum: sum(a, b) }, "{at}");
    }
    assert_eq!(interpolate(&before, &after, 999), before);
    assert_eq!(interpolate(&before, &after, 1_011), after);
    assert_eq!(interpolate(&before, &before, 1_000), before);
}

#[test]
fn mark_needs_two_of_three() {
    let pair = |arithmetic, harmonic| TwapPair {
        arithmetic: price(arithmetic),
        harmonic: price(harmonic),
    };
    let cases = [
        ("calm", 100, pair(100, 100), pair(100, 100), (100, 100)),
        ("the close alone moves", 1, pair(101, 99), pair(102, 98), (98, 101)),
        (
            "close and short mean move",
            150,
            pair(140, 130),
            pair(102, 98),
            (130, 140),
        ),
        ("close between", 100, pair(90, 80), pair(120, 110), (100, 100)),
    ];
    for (name, close, short, long, (long_mark, short_mark)) in cases {
        let mark = MarkPair::new(price(close), short, long);
        assert_eq!(
            mark,
            MarkPair {
                long: price(long_mark),
                short: price(short_mark)
            },
            "{name}"
        );
    }
}

/// Reserves and how long they stood, ms.
fn stretches() -> impl Strategy<Value = Vec<([u128; 2], u64)>> {
    prop::collection::vec(
        (
            (1..1_u128 << 44, 1..1_u128 << 44).prop_map(<[u128; 2]>::from),
            0..20_000_u64,
        ),
        1..60,
    )
}

proptest! {
    #[test]
    fn clamp_is_the_fraction(now in 1..u128::MAX, last in 1..u128::MAX, elapsed in 0..10_000_000_u64) {
        let (grown, still) = (BigUint::from(125_000 + elapsed), BigUint::from(125_000_u32));
        let highest = ceil(big(last.into()) * &grown, &still);
        let lowest = (big(last.into()) * &still / &grown).max(1_u8.into());
        let expected = big(now.into()).clamp(lowest, highest);
        prop_assert_eq!(big(clamp(price(now), price(last), elapsed).raw()), expected);
    }

    /// What one direction allows the other does: the counted price never leaves ±0.8 % a second as BasePerQuote either (but for one unit of rounding).
    #[test]
    fn clamp_is_the_same_in_both_directions(now in 1 << 40..1_u128 << 88, last in 1 << 40..1_u128 << 88, elapsed in 0..1_000_000_u64) {
        let counted = clamp(price(now), price(last), elapsed).inverse().raw();
        let before = big(price(last).inverse().raw());
        let highest = ceil((&before + 1_u8) * (125_000 + elapsed), &125_000_u32.into());
        // the relative rounding of a price of at least 2⁴⁰ units
        prop_assert!(big(counted) <= &highest + (&highest >> 38_u8) + 2_u8);
    }

    /// Against the list of all counted prices, in whatever state the counters were.
    #[test]
    fn means_are_those_of_the_list(list in stretches(), start: u128, high: bool) {
        let begin = if high { Uint256::MAX.wrapping_sub(start.into()) } else { start.into() };
        let mut sum = Cumulative { quote_per_base: begin, base_per_quote: begin };
        let from = Point { at: 1_790_000_000_000, sum };
        let mut last = QuotePerBase::of_reserves(list[0].0[0], list[0].0[1]).unwrap();
        let (mut area, mut inverse_area, mut at) = (BigUint::ZERO, BigUint::ZERO, from.at);
        for (reserves @ [base, quote], time) in &list {
            let left = QuotePerBase::of_reserves(*base, *quote).unwrap();
            let expected = clamp(left, last, *time);
            last = sum.advance(*reserves, last, *time).unwrap();
            prop_assert_eq!(last, expected);
            area += big(last.raw()) * *time;
            inverse_area += match last == left {
                true => ceil(BigUint::from(*base) << 64_u8, &BigUint::from(*quote)),
                false => ceil(BigUint::from(1_u8) << 128_u8, &big(last.raw())),
            } * *time;
            at += time;
        }
        let to = Point { at, sum };
        if at == from.at { return Ok(()) }
        let pair = means(&from, &to).unwrap();
        let window = BigUint::from(at - from.at);
        prop_assert_eq!(big(pair.arithmetic.raw()), ceil(area, &window));
        prop_assert_eq!(big(pair.harmonic.raw()), ((window << 128_u8) / inverse_area).max(1_u8.into()));
        prop_assert!(pair.harmonic <= pair.arithmetic);
    }

    #[test]
    fn points_between_are_exact_across_the_wrap(from: u128, step: u128, part in 0..1_000_u64, whole in 1..1_000_u64) {
        let part = part.min(whole);
        let sum = |value: Uint256| Cumulative { quote_per_base: value, base_per_quote: value };
        let begin = Uint256::MAX.wrapping_sub(from.into());
        let before = Point { at: 7, sum: sum(begin) };
        let after = Point { at: 7 + whole, sum: sum(begin.wrapping_add(step.into())) };
        let between = interpolate(&before, &after, 7 + part);
        let walked = big(between.sum.quote_per_base.wrapping_sub(begin));
        prop_assert_eq!(walked, BigUint::from(step) * part / whole);
    }

    #[test]
    fn median_is_the_middle_of_the_sorted(a in 1..9_u128, b in 1..9_u128, c in 1..9_u128) {
        let mut sorted = [a, b, c];
        sorted.sort_unstable();
        prop_assert_eq!(median(price(a), price(b), price(c)), price(sorted[1]));
    }
}
