//! The closed form of the mint against a loop that walks the halvings with big integers.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

use math::halving::*;
use math::MathError;
use num_bigint::BigUint;
use proptest::prelude::*;

const CREDIT: u128 = 1_000_000;
const LCO: u128 = 1_000_000;

/// Walks the halvings: each lasts twice as long as the one before, at half the rate; what the last one mines in part is
/// rounded down.
fn walk(consumed: u128) -> BigUint {
    let (mut left, mut minted) = (BigUint::from(consumed), BigUint::ZERO);
    let (mut length, mut divisor) = (BigUint::from(100_000 * CREDIT), BigUint::from(1_u8));
    for _ in 0..10 {
        if left < length {
            return minted + left * 10_u8 / divisor;
        }
        left -= &length;
        minted += 1_000_000 * LCO;
        length *= 2_u8;
        divisor *= 2_u8;
    }
    minted
}

/// max { p ≤ spend : M(consumed + p) − M(consumed) ≤ cap } by bisection on the walk.
fn bisect(consumed: u128, spend: u128, cap: u128) -> u128 {
    let start = walk(consumed);
    let fits = |prefix: u128| walk(consumed + prefix) - &start <= BigUint::from(cap);
    let (mut low, mut high) = (0, spend);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Consumption in, around and beyond every halving.
fn consumed() -> impl Strategy<Value = u128> {
    let boundary = (0_u32..=10, -3_i64..=3)
        .prop_map(|(k, offset)| (100_000 * CREDIT * ((1 << k) - 1)).saturating_add_signed(offset.into()));
    prop_oneof![3 => 0..EXHAUSTED_AT, 2 => boundary, 1 => 0..100 * CREDIT, 1 => EXHAUSTED_AT..2 * EXHAUSTED_AT]
}

fn spend() -> impl Strategy<Value = u128> {
    prop_oneof![0..40_u128, 0..1_000 * CREDIT, 0..2 * EXHAUSTED_AT]
}

/// M at the start of every halving and one µCredit around, worked out by hand: 10·2⁰ µLCO per µCredit, then 5, 2.5, …
#[test]
fn known_values() {
    let start = |k: u32| 100_000 * CREDIT * ((1 << k) - 1);
    let cases = [
        ("nothing", 0, 0),
        ("one µCredit", 1, 10),
        ("one Credit", CREDIT, 10 * LCO),
        ("last of halving 0", start(1) - 1, 1_000_000 * LCO - 10),
        ("halving 1", start(1), 1_000_000 * LCO),
        ("first of halving 1", start(1) + 1, 1_000_000 * LCO + 5),
        (
            "first of halving 2, 2.5 rounded down",
            start(2) + 1,
            2_000_000 * LCO + 2,
        ),
        ("second of halving 2, 5", start(2) + 2, 2_000_000 * LCO + 5),
        ("first of halving 9, 10/512 rounded down", start(9) + 1, 9_000_000 * LCO),
        ("51st of halving 9", start(9) + 51, 9_000_000 * LCO),
        (
            "52nd of halving 9, the first whole unit",
            start(9) + 52,
            9_000_000 * LCO + 1,
        ),
        ("512th of halving 9", start(9) + 512, 9_000_000 * LCO + 10),
        ("last of halving 9", start(10) - 1, TOTAL - 1),
        ("everything", start(10), TOTAL),
        ("beyond", start(10) + 1, TOTAL),
        ("far beyond", u128::MAX, TOTAL),
    ];
    for (name, consumed, minted) in cases {
        assert_eq!(minted_at(consumed), minted, "{name}");
    }
}

#[test]
fn everything_is_out_after_102_3_million_credits() {
    assert_eq!(EXHAUSTED_AT, 102_300_000 * CREDIT);
    assert_eq!(TOTAL, 10_000_000 * LCO);
    assert_eq!(TOTAL, LCO_PER_HALVING * u128::from(HALVINGS));
    assert_eq!(minted_at(EXHAUSTED_AT), TOTAL);
    assert_eq!(minted_at(EXHAUSTED_AT - 1), TOTAL - 1);
    assert_eq!(mint_between(0, u128::MAX), TOTAL);
    assert_eq!(mint_between(EXHAUSTED_AT, u128::MAX), 0);
}

#[test]
fn halvings_begin_where_the_table_says() {
    // 100,000 · (2^k − 1) Credits.
    let starts = [
        0, 100_000, 300_000, 700_000, 1_500_000, 3_100_000, 6_300_000, 12_700_000, 25_500_000, 51_100_000,
    ];
    for (k, start) in (0..).zip(starts) {
        assert_eq!(halving_index(start * CREDIT), k);
        assert_eq!(minted_at(start * CREDIT), LCO_PER_HALVING * u128::from(k));
        assert!(k == 0 || halving_index(start * CREDIT - 1) == k - 1);
    }
    assert_eq!(halving_index(EXHAUSTED_AT - 1), 9);
    assert_eq!(halving_index(EXHAUSTED_AT), HALVINGS);
    assert_eq!(halving_index(u128::MAX), HALVINGS);
}

#[test]
fn one_spend_across_several_halvings_is_exact() {
    // From 50,000 to 800,000 Credits: 50,000 at 10, 200,000 at 5, 400,000 at 2.5, 100,000 at 1.25.
    let mined = 500_000 + 1_000_000 + 1_000_000 + 125_000;
    assert_eq!(mint_between(50_000 * CREDIT, 800_000 * CREDIT), mined * LCO);
    assert_eq!(mint_between(0, EXHAUSTED_AT), TOTAL);
}

#[test]
fn consumption_that_does_not_rise_mines_nothing() {
    assert_eq!(mint_between(7, 7), 0);
    assert_eq!(mint_between(8, 7), 0);
}

#[test]
fn prefixes_at_the_edges() {
    let cases = [
        ("no cap left", 0, 100, 0, 0),
        ("a cap below one unit of progress", 0, 100, 9, 0),
        ("exactly one µCredit", 0, 100, 10, 1),
        ("the whole spend", 0, 100, 1_000, 100),
        ("one short of the whole spend", 0, 100, 999, 99),
        (
            "no cap left, but µCredits that mine nothing fit",
            51_100_000 * CREDIT,
            100,
            0,
            51,
        ),
        ("across a halving", 99_999 * CREDIT, 3 * CREDIT, 15 * LCO, 2 * CREDIT),
        (
            "the cap reaches past the supply",
            0,
            2 * EXHAUSTED_AT,
            u128::MAX,
            2 * EXHAUSTED_AT,
        ),
        (
            "all but the last unit",
            0,
            2 * EXHAUSTED_AT,
            TOTAL - 1,
            EXHAUSTED_AT - 1,
        ),
        ("everything mined", EXHAUSTED_AT, 5, 0, 5),
        ("nothing spent", 3, 0, 1, 0),
    ];
    for (name, consumed, spend, cap, prefix) in cases {
        assert_eq!(largest_prefix(consumed, spend, cap), Ok(prefix), "{name}");
    }
    assert_eq!(largest_prefix(u128::MAX, 1, 0), Err(MathError::Overflow));
    assert_eq!(largest_prefix(u128::MAX, 0, 0), Ok(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_closed_form_is_the_walk(consumed in consumed()) {
        prop_assert_eq!(BigUint::from(minted_at(consumed)), walk(consumed));
    }

    #[test]
    fn splitting_a_spend_mines_the_same(start in consumed(), parts in proptest::collection::vec(spend(), 0..20)) {
        let (mut at, mut mined) = (start, 0);
        for part in &parts {
            mined += mint_between(at, at + part);
            at += part;
        }
        prop_assert_eq!(mined, mint_between(start, at));
    }

    #[test]
    fn the_mint_never_falls_and_never_exceeds_the_supply(consumed in consumed(), spend in spend()) {
        prop_assert!(minted_at(consumed) <= minted_at(consumed + spend));
        prop_assert!(minted_at(consumed + spend) <= TOTAL);
        prop_assert!(mint_between(consumed, consumed + spend) <= spend * 10);
    }

    #[test]
    fn the_prefix_is_the_longest(consumed in consumed(), spend in spend(), cap in prop_oneof![0..100_u128, 0..2 * TOTAL]) {
        let prefix = largest_prefix(consumed, spend, cap).unwrap();
        prop_assert_eq!(prefix, bisect(consumed, spend, cap));
        prop_assert!(mint_between(consumed, consumed + prefix) <= cap);
        prop_assert!(prefix == spend || mint_between(consumed, consumed + prefix + 1) > cap);
    }

    /// A cap that is exactly the mint of a spend lets the whole spend through.
    #[test]
    fn the_exact_cap_is_enough(consumed in consumed(), spend in spend()) {
        let exact = mint_between(consumed, consumed + spend);
        prop_assert_eq!(largest_prefix(consumed, spend, exact), Ok(spend));
    }
}
