//! The halving mint: how many L-Coins the consumption of Credits mines.
//!
//! With C the Credits consumed since genesis (µ), q = ⌊C/10¹¹⌋ + 1, k = bitlen(q) − 1 and B_k = 10¹¹·(2^k − 1):
//!
//! ```text
//! M(C) = k·10¹² + ⌊10·(C − B_k) / 2^k⌋    for k < 10
//!      = 10¹³                             otherwise
//! ```
//!
//! Halving k lasts 100,000·2^k Credits and mines 1,000,000 LCO at 10/2^k LCO per Credit, so k is the number of whole
//! halvings before C: those end at B_1, B_2, … and C is past B_k exactly when q ≥ 2^k.
//!
//! A spend mines the difference of M, so splitting it in any way mines the same total: the sums telescope.

use crate::MathError;

/// Credits that the first halving lasts, µCredit; each later one lasts twice as long.
pub const FIRST_HALVING: u128 = 100_000_000_000;

/// What each halving mines, µLCO.
pub const LCO_PER_HALVING: u128 = 1_000_000_000_000;

/// Number of halvings; the last mines 10/512 LCO per Credit.
pub const HALVINGS: u32 = 10;

/// All that is ever mined, µLCO.
pub const TOTAL: u128 = 10_000_000_000_000;

/// The Credits whose consumption mines everything: B_10 = 102,300,000 Credits, µCredit.
pub const EXHAUSTED_AT: u128 = 102_300_000_000_000;

/// LCO per Credit in halving 0.
const FIRST_RATE: u128 = 10;

/// The halving in which the next Credit after `consumed` (µCredit since genesis) is spent: 0 to 9, or [`HALVINGS`] when
/// everything is mined.
pub fn halving_index(consumed: u128) -> u32 {
    let q = (consumed / FIRST_HALVING).saturating_add(1);
    // q is at least 1, so it has a logarithm: bitlen(q) − 1.
    q.checked_ilog2().unwrap_or(0).min(HALVINGS)
}

/// M(C): µLCO mined by the first `consumed` µCredit, rounded down.
pub fn minted_at(consumed: u128) -> u128 {
    let k = halving_index(consumed);
    if k >= HALVINGS {
        return TOTAL;
    }
    let inside = consumed.saturating_sub(start_of(k)).saturating_mul(FIRST_RATE) >> k;
    LCO_PER_HALVING.saturating_mul(k.into()).saturating_add(inside)
}

/// M(to) − M(from): µLCO mined while consumption since genesis goes from `from` to `to` µCredit; 0 if it does not rise.
pub fn mint_between(from: u128, to: u128) -> u128 {
    minted_at(to).saturating_sub(minted_at(from))
}

/// The longest prefix p of `spend` (µCredit), after `consumed`, that mines at most `cap` µLCO:
/// max { p ≤ spend : M(consumed + p) − M(consumed) ≤ cap }.
///
/// # Errors
/// [`MathError::Overflow`] when `consumed + spend` does not fit 128 bits.
pub fn largest_prefix(consumed: u128, spend: u128, cap: u128) -> Result<u128, MathError> {
    let end = consumed.checked_add(spend).ok_or(MathError::Overflow)?;
    let target = minted_at(consumed).saturating_add(cap);
    // M(consumed) ≤ target, so the last consumption that mines no more than the target is not before `consumed`.
    Ok(last_consumption(target)
        .unwrap_or(end)
        .min(end)
        .saturating_sub(consumed))
}

/// max { C : M(C) ≤ minted }, or `None` when no consumption mines more than that.
///
/// In halving k = ⌊minted / 10¹²⌋ with r = minted mod 10¹²: ⌊10·x / 2^k⌋ ≤ r ⇔ 10·x < (r + 1)·2^k, so
/// x = ⌊((r + 1)·2^k − 1) / 10⌋, which stays inside the halving because r + 1 ≤ 10¹².
fn last_consumption(minted: u128) -> Option<u128> {
    if minted >= TOTAL {
        return None;
    }
    let k = u32::try_from(minted / LCO_PER_HALVING).ok()?;
    let r = minted % LCO_PER_HALVING;
    let inside = r.saturating_add(1).checked_shl(k)?.saturating_sub(1) / FIRST_RATE;
    Some(start_of(k).saturating_add(inside))
}

/// B_k, the consumption at which halving `k` begins, for `k` up to [`HALVINGS`].
fn start_of(k: u32) -> u128 {
    FIRST_HALVING.saturating_mul((1_u128 << k.min(HALVINGS)).saturating_sub(1))
}
