//! Content rules: what a correctly signed next statement must fulfil to count. Breaking one voids the statement and advances its chain all the same, so the rules
//! judge against accepted statements only, or against the one before, never against anything a void statement could have driven out of reach.
//!
//! Rules are tried in the order of their codes; the first broken one is the outcome.

use attestation::{JobStatement, UsageReport, Window};
use interfaces::attestation_oracle::StatementOutcome;

use crate::state::{Head, KeyRow, Work, CLOCK_SLACK, EPOCH_GRACE};

/// Who signed, as the rules see it.
#[derive(Clone)]
pub struct Signer {
    /// With its measurement's revocation.
    pub key: KeyRow,
    /// Whether the subject is bonded and not retired.
    pub stands: bool,
}

/// A broken rule.
type Rule = Result<(), StatementOutcome>;

/// Judges a usage report.
pub fn usage(signer: &Signer, head: &Head, report: &UsageReport, now: u64) -> Rule {
    time(&signer.key, &report.window, report.expires_at, now)?;
    // A large account set is several reports of one window, so equal starts are allowed.
    require(
        report.window.start() >= head.window_start,
        StatementOutcome::WindowOverlap,
    )?;
    require(signer.stands, StatementOutcome::UnderBonded)
}

/// Judges a job statement; `work` is its chain's.
pub fn job(signer: &Signer, head: &Head, work: &Work, statement: &JobStatement, now: u64) -> Rule {
    time(&signer.key, &statement.window, statement.expires_at, now)?;
    require(!work.linked, StatementOutcome::EpochOver)?;
    require(
        statement.window.start() >= head.window_end,
        StatementOutcome::WindowOverlap,
    )?;
    let delta = statement.units_cum.checked_sub(work.stated);
    let delta = delta.ok_or(StatementOutcome::UnitsFell)?;
    require(
        delta <= possible(&signer.key, statement),
        StatementOutcome::ImpossibleUnits,
    )?;
    require(
        known_slots(&signer.key, statement.gpu_slots),
        StatementOutcome::UnknownSlots,
    )?;
    require(signer.stands, StatementOutcome::UnderBonded)
}

fn time(key: &KeyRow, window: &Window, expires_at: u64, now: u64) -> Rule {
    require(now <= expires_at, StatementOutcome::Expired)?;
    require(
        key.revoked_at.is_none_or(|at| window.end() <= at),
        StatementOutcome::Revoked,
    )?;
    let in_epoch = window.end() <= key.valid_until && now <= key.valid_until.saturating_add(EPOCH_GRACE);
    require(in_epoch, StatementOutcome::EpochOver)?;
    require(
        window.end() <= now.saturating_add(CLOCK_SLACK),
        StatementOutcome::FutureWindow,
    )
}

/// Most units of a statement: seconds × units per second and slot × slots used. At most 2⁶⁴ · 10⁹ · 64, far below the range.
fn possible(key: &KeyRow, statement: &JobStatement) -> u128 {
    u128::from(statement.window.seconds())
        .saturating_mul(u128::from(key.hardware.rate))
        .saturating_mul(u128::from(statement.gpu_slots.count_ones()))
}

/// Whether every used slot is one of the key's.
fn known_slots(key: &KeyRow, used: u64) -> bool {
    used.checked_shr(u32::from(key.hardware.slots)).unwrap_or(0) == 0
}

fn require(holds: bool, otherwise: StatementOutcome) -> Rule {
    match holds {
        true => Ok(()),
        false => Err(otherwise),
    }
}
