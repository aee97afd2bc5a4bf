//! Rewards of decaying locks in slow arithmetic with 512 binary digits after the point: what the closed form in integers is held against. It has its own formula:
//!
//! ```text
//! s·R/Δt · ∫ (e − t)/(B − S·t) dt  =  s·R/(S·Δt) · (Δt + (e − B/S) · ln(W₁/W₂))
//! ```
#![allow(dead_code, clippy::arithmetic_side_effects)]

use num_bigint::BigUint;

/// Binary digits after the point.
const DIGITS: u32 = 512;

/// A number that is not negative, rounded down to 2⁻⁵¹².
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frac(BigUint);

impl Frac {
    pub fn whole(units: u128) -> Self {
        Self(BigUint::from(units) << DIGITS)
    }

    pub fn ratio(a: &BigUint, b: &BigUint) -> Self {
        Self((a << DIGITS) / b)
    }

    /// ⌊self · 2^bits⌋.
    pub fn scaled(&self, bits: u32) -> BigUint {
        &self.0 >> (DIGITS - bits)
    }

    /// ⌊self⌋.
    pub fn floor(&self) -> u128 {
        u128::try_from(self.scaled(0)).unwrap()
    }

    pub fn plus(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// Zero where `other` is larger.
    pub fn minus(&self, other: &Self) -> Self {
        if self.0 < other.0 {
            return Self::default();
        }
        Self(&self.0 - &other.0)
    }

    pub fn times(&self, other: &Self) -> Self {
        Self((&self.0 * &other.0) >> DIGITS)
    }

    /// self · a / b.
    pub fn of(&self, a: &BigUint, b: &BigUint) -> Self {
        Self(&self.0 * a / b)
    }

    /// 1 + x + x²/2! + x³/3! + …
    pub fn exp(&self) -> Self {
        let mut term = Self::whole(1);
        let mut sum = Self::default();
        for number in 1u32.. {
            if term.0 == BigUint::default() {
                break;
            }
            sum = sum.plus(&term);
            term = Self(term.times(self).0 / number);
        }
        sum
    }

    /// Whether both agree to so many binary digits.
    pub fn is_close(&self, other: &Self, digits: u32) -> bool {
        distance(&self.0, &other.0) << digits <= other.0
    }
}

pub fn distance(a: &BigUint, b: &BigUint) -> BigUint {
    if a > b {
        a - b
    } else {
        b - a
    }
}

/// ln(a/b) for a ≥ b > 0: halves the quotient until it is below 2, then sums 2·(x + x³/3 + x⁵/5 + …) until nothing is added.
pub fn ln(a: &BigUint, b: &BigUint) -> Frac {
    let mut b = b.clone();
    let mut halvings = 0u32;
    while &b * 2u8 <= *a {
        b *= 2u8;
        halvings += 1;
    }
    let two = artanh(&Frac(BigUint::from(1u8) << DIGITS).of(&1u8.into(), &3u8.into()));
    let rest = artanh(&Frac::ratio(&(a - &b), &(a + &b)));
    Frac((two.0 * halvings + rest.0) * 2u8)
}

fn artanh(x: &Frac) -> Frac {
    let square = x.times(x);
    let (mut power, mut sum) = (x.clone(), Frac::default());
    for odd in (1u32..).step_by(2) {
        if power.0 == BigUint::default() {
            break;
        }
        sum = sum.plus(&Frac(&power.0 / odd));
        power = power.times(&square);
    }
    sum
}

/// What each lock (s, e) gets of `reward` that flows from `from` to `to`, in which none of them ends.
pub fn shares(locks: &[(u128, u64)], from: u64, to: u64, reward: &Frac) -> Vec<Frac> {
    let slope: BigUint = locks.iter().map(|(s, _)| BigUint::from(*s)).sum();
    let bias: BigUint = locks.iter().map(|(s, end)| BigUint::from(*s) * end).sum();
    let total = |time: u64| &bias - &slope * time;
    let (w1, w2) = (total(from), total(to));
    if w2 == BigUint::default() {
        return locks
            .iter()
            .map(|(s, _)| reward.of(&BigUint::from(*s), &slope))
            .collect();
    }
    let ln = ln(&w1, &w2);
    let part = |(s, end): &(u128, u64)| {
        let with_end = Frac::whole((to - from).into()).plus(&ln.of(&BigUint::from(*end), &1u8.into()));
        let bracket = with_end.minus(&ln.of(&bias, &slope));
        bracket.times(reward).of(&BigUint::from(*s), &(&slope * (to - from)))
    };
    locks.iter().map(part).collect()
}
