//! Vesting schedules on unix seconds.
//!
//! ```text
//! first(n)  = ⌊n · tge_bps / 10⁴⌋                                   from the start on
//! rest(n)   = n − first(n)
//! e         = t − (start + cliff)                                   nothing of the rest before the cliff, and nothing accrued during it
//! linear    = first + ⌊rest · min(e, duration) / duration⌋
//! steps     = first + ⌊rest · min(⌊e / period⌋, count) / count⌋     the last step brings what the roundings left
//! ```
//!
//! Always multiplied before it is divided and rounded down, against the beneficiary until the end, where nothing is left over. Monotone in t; 0 before the start;
//! n from `start + cliff + duration` (or `period · count`) on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{mul_div_floor, Bps};

/// A twelfth of 365.25 days, in seconds. Exact.
pub const MONTH: u64 = 2_629_800;

/// Longest cliff, and longest time after it: ten years.
pub const MAX_SECONDS: u64 = 120 * MONTH;

/// A schedule that cannot be.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VestingError {
    /// More than the whole at the start.
    #[error("{actual} basis points at the start, at most 10000")]
    Share {
        /// Basis points given.
        actual: u16,
    },
    /// The cliff is too long.
    #[error("a cliff of {actual} s, at most {max}")]
    Cliff {
        /// Longest.
        max: u64,
        /// Given.
        actual: u64,
    },
    /// The time after the cliff is nothing, or too long.
    #[error("{actual} s after the cliff, expected 1 to {max}")]
    Length {
        /// Longest.
        max: u64,
        /// Given; `u64::MAX` if it does not fit.
        actual: u64,
    },
}

/// How what is left after the start vests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum VestingKind {
    /// Second by second.
    Linear {
        /// Seconds, 1 to ten years.
        duration: u64,
    },
    /// In equal steps at the ends of periods.
    Steps {
        /// Seconds of a period, above 0.
        period: u64,
        /// Number of periods, above 0; all of them at most ten years.
        count: u32,
    },
}

impl VestingKind {
    /// Seconds it takes.
    const fn length(self) -> u64 {
        match self {
            Self::Linear { duration } => duration,
            Self::Steps { period, count } => period.saturating_mul(count as u64),
        }
    }

    /// Part and whole of what has vested `elapsed` seconds after the cliff. The whole is above 0.
    fn progress(self, elapsed: u64) -> (u64, u64) {
        match self {
            Self::Linear { duration } => (elapsed.min(duration), duration),
            Self::Steps { period, count } => {
                let done = elapsed.checked_div(period).unwrap_or_default();
                (done.min(count.into()), count.into())
            }
        }
    }
}

/// A schedule within its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Terms")]
pub struct VestingSchedule {
    /// Part that vests at the start, basis points, 0 to 10,000.
    tge_bps: u16,
    /// Seconds from the start in which nothing more vests and nothing accrues, at most ten years.
    cliff: u64,
    /// What happens after the cliff.
    kind: VestingKind,
}

/// A schedule as it comes in a message, not looked at yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    tge_bps: u16,
    cliff: u64,
    kind: VestingKind,
}

impl TryFrom<Terms> for VestingSchedule {
    type Error = VestingError;

    fn try_from(terms: Terms) -> Result<Self, VestingError> {
        Self::new(terms.tge_bps, terms.cliff, terms.kind)
    }
}

impl VestingSchedule {
    /// A schedule of these terms.
    ///
    /// # Errors
    /// [`VestingError`] for terms out of bounds.
    pub const fn new(tge_bps: u16, cliff: u64, kind: VestingKind) -> Result<Self, VestingError> {
        if Bps::new(tge_bps).is_err() {
            return Err(VestingError::Share { actual: tge_bps });
        }
        if cliff > MAX_SECONDS {
            return Err(VestingError::Cliff {
                max: MAX_SECONDS,
                actual: cliff,
            });
        }
        let length = kind.length();
        if length == 0 || length > MAX_SECONDS {
            return Err(VestingError::Length {
                max: MAX_SECONDS,
                actual: length,
            });
        }
        Ok(Self { tge_bps, cliff, kind })
    }

    /// Linear over `months` after a cliff of `cliff` months.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub const fn monthly(tge_bps: u16, cliff: u16, months: u16) -> Result<Self, VestingError> {
        let kind = VestingKind::Linear {
            duration: MONTH.saturating_mul(months as u64),
        };
        Self::new(tge_bps, MONTH.saturating_mul(cliff as u64), kind)
    }

    /// Basis points that vest at the start.
    pub const fn tge_bps(&self) -> u16 {
        self.tge_bps
    }

    /// Seconds from the start in which nothing more vests.
    pub const fn cliff(&self) -> u64 {
        self.cliff
    }

    /// What happens after the cliff.
    pub const fn kind(&self) -> VestingKind {
        self.kind
    }

    /// What of `amount` has vested at `now`, if the schedule starts at `start`.
    pub fn vested(&self, amount: u128, start: u64, now: u64) -> u128 {
        let Some(since) = now.checked_sub(start) else {
            return 0;
        };
        let first = part(amount, self.tge_bps.into(), Bps::ONE.get().into());
        let Some(elapsed) = since.checked_sub(self.cliff) else {
            return first;
        };
        let (done, whole) = self.kind.progress(elapsed);
        first.saturating_add(part(amount.saturating_sub(first), done, whole))
    }

    /// Seconds from the start to the end.
    pub const fn length(&self) -> u64 {
        self.cliff.saturating_add(self.kind.length())
    }
}

/// ⌊amount · part / whole⌋ for a part of the whole; that cannot overflow.
fn part(amount: u128, part: u64, whole: u64) -> u128 {
    mul_div_floor(amount, part.into(), whole.into()).unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    const START: u64 = 1_800_000_000;

    fn linear(tge_bps: u16, cliff: u64, duration: u64) -> VestingSchedule {
        VestingSchedule::new(tge_bps, cliff, VestingKind::Linear { duration }).unwrap()
    }

    fn steps(tge_bps: u16, cliff: u64, period: u64, count: u32) -> VestingSchedule {
        VestingSchedule::new(tge_bps, cliff, VestingKind::Steps { period, count }).unwrap()
    }

    #[test]
    fn month_is_a_twelfth_of_365_days_and_a_quarter() {
        assert_eq!(MONTH * 12 * 4, (4 * 365 + 1) * 86_400);
        assert_eq!(MAX_SECONDS * 2, (20 * 365 + 5) * 86_400, "ten years");
    }

    #[test]
    fn monthly_is_linear_in_months_after_a_cliff_of_months() {
        let schedule = VestingSchedule::monthly(1_000, 6, 24).unwrap();
        assert_eq!(schedule, linear(1_000, 6 * MONTH, 24 * MONTH));
    }

    #[test]
    fn boundaries_of_a_linear_schedule_to_the_second() {
        let schedule = linear(2_000, 100, 1_000);
        let cases = [
            ("a second before the start", -1i64, 0u128),
            ("the start", 0, 2_000),
            ("the last second of the cliff", 99, 2_000),
            ("its end: nothing accrued", 100, 2_000),
            ("a second later", 101, 2_008),
            ("half", 600, 6_000),
            ("a second before the end", 1_099, 9_992),
            ("the end", 1_100, 10_000),
            ("long after", 1_000_000_000, 10_000),
        ];
        for (name, second, expected) in cases {
            let now = START.checked_add_signed(second).unwrap();
            assert_eq!(schedule.vested(10_000, START, now), expected, "{name}");
        }
        assert_eq!(schedule.length(), 1_100);
    }

    #[test]
    fn boundaries_of_steps_to_the_second() {
        let schedule = steps(2_500, 0, 100, 6);
        let cases = [
            ("the start", 0u64, 2_500u128),
            ("a second before the first step", 99, 2_500),
            ("the first step", 100, 3_750),
            ("the fifth", 500, 8_750),
            ("a second before the last", 599, 8_750),
            ("the last", 600, 10_000),
            ("long after", u64::MAX - START, 10_000),
        ];
        for (name, second, expected) in cases {
            assert_eq!(schedule.vested(10_000, START, START + second), expected, "{name}");
        }
    }

    #[test]
    fn last_step_brings_what_the_roundings_left() {
        let schedule = steps(0, 0, 10, 3);
        let at = |step: u64| schedule.vested(10, START, START + 10 * step);
        assert_eq!([at(0), at(1), at(2), at(3)], [0, 3, 6, 10]);
    }

    #[test]
    fn terms_out_of_bounds_are_refused() {
        let long = MAX_SECONDS + 1;
        let cases = [
            (
                10_001,
                0,
                VestingKind::Linear { duration: 1 },
                VestingError::Share { actual: 10_001 },
            ),
            (
                0,
                long,
                VestingKind::Linear { duration: 1 },
                VestingError::Cliff {
                    max: MAX_SECONDS,
                    actual: long,
                },
            ),
            (
                0,
                0,
                VestingKind::Linear { duration: 0 },
                VestingError::Length {
                    max: MAX_SECONDS,
                    actual: 0,
                },
            ),
            (
                0,
                0,
                VestingKind::Linear { duration: long },
                VestingError::Length {
                    max: MAX_SECONDS,
                    actual: long,
                },
            ),
            (
                0,
                0,
                VestingKind::Steps { period: 0, count: 9 },
                VestingError::Length {
                    max: MAX_SECONDS,
                    actual: 0,
                },
            ),
            (
                0,
                0,
                VestingKind::Steps {
                    period: u64::MAX,
                    count: u32::MAX,
                },
                VestingError::Length {
                    max: MAX_SECONDS,
                    actual: u64::MAX,
                },
            ),
        ];
        for (tge_bps, cliff, kind, expected) in cases {
            assert_eq!(VestingSchedule::new(tge_bps, cliff, kind), Err(expected));
        }
        VestingSchedule::new(10_000, MAX_SECONDS, VestingKind::Linear { duration: MAX_SECONDS }).unwrap();
    }

    #[test]
    fn message_with_terms_out_of_bounds_does_not_parse() {
        let parse = |json: &str| cosmwasm_std::from_json::<VestingSchedule>(json.as_bytes());
        let good = r#"{"tge_bps":2500,"cliff":0,"kind":{"steps":{"period":100,"count":6}}}"#;
        assert_eq!(parse(good).unwrap(), steps(2_500, 0, 100, 6));
        let written = cosmwasm_std::to_json_string(&steps(2_500, 0, 100, 6)).unwrap();
        assert_eq!(written, good);
        for bad in [
            r#"{"tge_bps":10001,"cliff":0,"kind":{"steps":{"period":100,"count":6}}}"#,
            r#"{"tge_bps":0,"cliff":0,"kind":{"linear":{"duration":0}}}"#,
            r#"{"tge_bps":0,"cliff":0,"kind":{"linear":{"duration":1}},"more":1}"#,
        ] {
            parse(bad).unwrap_err();
        }
    }

    /// The definition in numbers without bounds.
    fn reference(amount: u128, tge_bps: u16, cliff: u64, kind: VestingKind, since: u64) -> BigUint {
        let amount = BigUint::from(amount);
        let first = &amount * tge_bps / 10_000u32;
        if since < cliff {
            return first;
        }
        let rest = &amount - &first;
        let elapsed = since - cliff;
        match kind {
            VestingKind::Linear { duration } if elapsed >= duration => amount,
            VestingKind::Linear { duration } => first + rest * elapsed / duration,
            // step by step instead of by division
            VestingKind::Steps { period, count } => {
                let mut done = 0u32;
                while done < count && u64::from(done + 1) * period <= elapsed {
                    done += 1;
                }
                first + rest * done / count
            }
        }
    }

    fn kinds() -> impl Strategy<Value = VestingKind> {
        prop_oneof![
            (1..=MAX_SECONDS).prop_map(|duration| VestingKind::Linear { duration }),
            (1..=MAX_SECONDS / 400, 1u32..=400).prop_map(|(period, count)| VestingKind::Steps { period, count }),
        ]
    }

    proptest! {
        #[test]
        fn vested_is_the_definition(amount: u128, tge_bps in 0u16..=10_000, cliff in 0..=MAX_SECONDS, kind in kinds(), since in 0..3 * MAX_SECONDS) {
            let schedule = VestingSchedule::new(tge_bps, cliff, kind).unwrap();
            let actual = schedule.vested(amount, START, START + since);
            prop_assert_eq!(BigUint::from(actual), reference(amount, tge_bps, cliff, kind, since));
        }

        #[test]
        fn vested_never_falls_and_is_exact_at_the_end(amount: u128, tge_bps in 0u16..=10_000, cliff in 0..=MAX_SECONDS, kind in kinds(), mut times in prop::collection::vec(0..3 * MAX_SECONDS, 2..20)) {
            let schedule = VestingSchedule::new(tge_bps, cliff, kind).unwrap();
            times.sort_unstable();
            let at: Vec<_> = times.iter().map(|time| schedule.vested(amount, START, START + time)).collect();
            prop_assert!(at.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert!(at.iter().all(|vested| *vested <= amount));
            prop_assert_eq!(schedule.vested(amount, START, START + schedule.length()), amount);
            if tge_bps < 10_000 && amount > 1 << 40 {
                prop_assert!(schedule.vested(amount, START, START + schedule.length() - 1) < amount);
            }
        }
    }
}
