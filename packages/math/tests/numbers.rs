//! Division and shares against big integers, days and weeks against the calendar.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

use math::{div_floor, mul_div_ceil, mul_div_floor, Bps, Day, MathError, Week};
use num_bigint::BigUint;
use proptest::prelude::*;

fn wide() -> impl Strategy<Value = u128> {
    prop_oneof![
        any::<u128>(),
        0..4_u128,
        any::<u64>().prop_map(u128::from),
        (0..4_u128).prop_map(|x| u128::MAX - x)
    ]
}

/// ⌊a·b/d⌋ or ⌈a·b/d⌉ with unbounded integers.
fn reference(a: u128, b: u128, divisor: u128, up: bool) -> Result<u128, MathError> {
    if divisor == 0 {
        return Err(MathError::DivisionByZero);
    }
    let (product, divisor) = (BigUint::from(a) * b, BigUint::from(divisor));
    let quotient = if up {
        (product + &divisor - 1_u8) / divisor
    } else {
        product / divisor
    };
    quotient.try_into().map_err(|_| MathError::Overflow)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn quotients_are_those_of_big_integers(a in wide(), b in wide(), divisor in wide()) {
        prop_assert_eq!(mul_div_floor(a, b, divisor), reference(a, b, divisor, false));
        prop_assert_eq!(mul_div_ceil(a, b, divisor), reference(a, b, divisor, true));
        prop_assert_eq!(div_floor(a, divisor), reference(a, 1, divisor, false));
    }

    #[test]
    fn shares_are_those_of_big_integers(bps in 0..=10_000_u16, amount in wide()) {
        let share = Bps::new(bps).unwrap();
        prop_assert_eq!(Ok(share.of_floor(amount)), reference(amount, bps.into(), 10_000, false));
        prop_assert_eq!(Ok(share.of_ceil(amount)), reference(amount, bps.into(), 10_000, true));
        // A split leaves nothing over.
        prop_assert_eq!(share.of_floor(amount) + share.complement().of_ceil(amount), amount);
    }

    #[test]
    fn shares_outside_the_whole_are_refused(bps in any::<u16>()) {
        let json = bps.to_string();
        match (Bps::new(bps), serde_json::from_str::<Bps>(&json)) {
            (Ok(share), Ok(read)) => {
                prop_assert!(bps <= 10_000);
                prop_assert_eq!((share.get(), read), (bps, share));
                prop_assert_eq!(serde_json::to_string(&share).unwrap(), json);
            }
            (Err(error), Err(_)) => {
                prop_assert!(bps > 10_000);
                prop_assert_eq!(error, MathError::BpsTooLarge { actual: bps, max: 10_000 });
            }
            (made, read) => prop_assert!(false, "{made:?}, {read:?}"),
        }
    }

    /// Every second belongs to one week and one day, each as long as it should be, weeks beginning on Mondays.
    #[test]
    fn weeks_and_days_tile_time(seconds in 0..=4_000_000_000_000_u64) {
        let (week, day) = (Week::of(seconds), Day::of(seconds));
        prop_assert!(week.start() <= seconds && seconds < week.end());
        prop_assert!(day.start() <= seconds && seconds < day.end());
        prop_assert_eq!(Week::of(week.end()).index(), week.index() + 1);
        prop_assert_eq!(Week::of(week.end() - 1), week);
        prop_assert_eq!(Week::of(week.start()), week);
        prop_assert_eq!(day.end() - day.start(), 86_400);
        prop_assert_eq!(Day::of(day.end()).index(), day.index() + 1);
        // 1970-01-05 was a Monday.
        prop_assert_eq!((week.end() - 345_600) % 604_800, 0);
        prop_assert_eq!(week.end() - week.start(), if week.index() == 0 { 345_600 } else { 604_800 });
        prop_assert_eq!(Week::from_index(week.index()), week);
        prop_assert_eq!(Day::from_index(day.index()), day);
    }
}

#[test]
fn rounding_at_the_edges() {
    let cases = [
        ("exact", 6, 7, 21, Ok(2), Ok(2)),
        ("between", 7, 7, 10, Ok(4), Ok(5)),
        ("nothing", 0, 7, 10, Ok(0), Ok(0)),
        ("below one", 1, 1, u128::MAX, Ok(0), Ok(1)),
        (
            "256 bits, exact",
            u128::MAX,
            u128::MAX,
            u128::MAX,
            Ok(u128::MAX),
            Ok(u128::MAX),
        ),
        (
            "256 bits, floor fits and ceiling does not",
            u128::MAX,
            u128::MAX - 1,
            u128::MAX - 1,
            Ok(u128::MAX),
            Ok(u128::MAX),
        ),
        (
            "too large",
            u128::MAX,
            2,
            1,
            Err(MathError::Overflow),
            Err(MathError::Overflow),
        ),
        (
            "by zero",
            1,
            1,
            0,
            Err(MathError::DivisionByZero),
            Err(MathError::DivisionByZero),
        ),
        (
            "256 bits by zero",
            u128::MAX,
            2,
            0,
            Err(MathError::DivisionByZero),
            Err(MathError::DivisionByZero),
        ),
    ];
    for (name, a, b, divisor, floor, ceiling) in cases {
        assert_eq!(mul_div_floor(a, b, divisor), floor, "{name}");
        assert_eq!(mul_div_ceil(a, b, divisor), ceiling, "{name}");
    }
}

/// ⌊x⌋ = 2¹²⁸ − 1 fits, ⌈x⌉ = 2¹²⁸ does not: (2¹²⁷ + 1)·(2¹²⁸ − 2) / 2¹²⁷ = 2¹²⁸ − 2⁻¹²⁶.
#[test]
fn a_ceiling_can_overflow_where_the_floor_fits() {
    let (a, b, divisor) = ((1 << 127) + 1, u128::MAX - 1, 1 << 127);
    assert_eq!(mul_div_floor(a, b, divisor), Ok(u128::MAX));
    assert_eq!(mul_div_ceil(a, b, divisor), Err(MathError::Overflow));
}

#[test]
fn shares_have_two_ends() {
    assert_eq!(Bps::ZERO.of_ceil(u128::MAX), 0);
    assert_eq!(Bps::ONE.of_floor(u128::MAX), u128::MAX);
    assert_eq!((Bps::ZERO.complement(), Bps::ONE.complement()), (Bps::ONE, Bps::ZERO));
    assert_eq!(Bps::default(), Bps::ZERO);
    assert!(serde_json::from_str::<Bps>("-1").is_err());
    assert!(serde_json::from_str::<Bps>("65536").is_err());
    assert!(serde_json::from_str::<Bps>("1.5").is_err());
}

/// The schema that clients are generated from states the bound.
#[test]
fn the_schema_of_a_share_states_its_bounds() {
    let schema = serde_json::to_value(schemars::schema_for!(Bps)).unwrap();
    assert_eq!(schema["type"], "integer");
    assert_eq!(schema["maximum"], 10_000.0);
}

#[test]
fn weeks_of_known_dates() {
    // Unix time, week, and the date it stands for.
    let cases = [
        (0, 0, "Thursday 1970-01-01 00:00:00, the epoch"),
        (345_599, 0, "Sunday 1970-01-04 23:59:59"),
        (345_600, 1, "Monday 1970-01-05 00:00:00"),
        (951_782_400, 1_574, "Tuesday 2000-02-29 00:00:00"),
        (1_704_067_199, 2_817, "Sunday 2023-12-31 23:59:59"),
        (1_704_067_200, 2_818, "Monday 2024-01-01 00:00:00"),
        (1_709_164_800, 2_826, "Thursday 2024-02-29 00:00:00"),
        (1_751_328_000, 2_896, "Tuesday 2025-07-01 00:00:00"),
        (1_767_225_600, 2_922, "Thursday 2026-01-01 00:00:00"),
        (4_102_444_800, 6_783, "Friday 2100-01-01 00:00:00"),
    ];
    for (seconds, week, date) in cases {
        assert_eq!(Week::of(seconds).index(), week, "{date}");
    }
    let first = Week::of(1_704_067_200);
    assert_eq!((first.start(), first.end()), (1_704_067_200, 1_704_672_000));
    assert_eq!((Week::of(0).start(), Week::of(0).end()), (0, 345_600));
}

#[test]
fn days_of_known_dates() {
    let cases = [
        (0, 0, "1970-01-01 00:00:00"),
        (86_399, 0, "1970-01-01 23:59:59"),
        (86_400, 1, "1970-01-02 00:00:00"),
        (951_782_400, 11_016, "2000-02-29 00:00:00"),
        (1_709_251_199, 19_782, "2024-02-29 23:59:59"),
        (1_709_251_200, 19_783, "2024-03-01 00:00:00"),
    ];
    for (seconds, day, date) in cases {
        assert_eq!(Day::of(seconds).index(), day, "{date}");
    }
}

/// A message may name any week; none makes the arithmetic wrap.
#[test]
fn weeks_at_the_end_of_time_saturate() {
    assert_eq!(Week::from_index(u64::MAX).start(), u64::MAX);
    assert_eq!(Week::from_index(u64::MAX).end(), u64::MAX);
    assert_eq!(Day::from_index(u64::MAX).end(), u64::MAX);
    assert!(Week::of(u64::MAX).start() <= u64::MAX - 86_400);
    assert_eq!(serde_json::to_string(&Week::from_index(7)).unwrap(), "7");
    assert_eq!(serde_json::from_str::<Day>("7").unwrap(), Day::from_index(7));
}
