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

#[cfg(test)]
mod tests {
    use attestation::{JobKind, PublicKey, Scheme};
    use interfaces::attestation_oracle::{Hardware, Level};
    use proptest::prelude::*;
    use StatementOutcome::*;

    use super::*;

    const NOW: u64 = 1_000_000;

    fn signer() -> Signer {
        Signer {
            key: KeyRow {
                public_key: PublicKey::new(Scheme::Ed25519, &[7; 32]).unwrap(),
                encryption_key: [9; 32],
                hardware: Hardware { slots: 4, rate: 10 },
                level: Level::A1,
                evidence: None,
                enrolled_at: NOW - 1_000,
                valid_until: NOW + 1_000,
                revoked_at: None,
            },
            stands: true,
        }
    }

    fn head() -> Head {
        Head {
            seq: 3,
            digest: [0; 32],
            window_start: NOW - 200,
            window_end: NOW - 100,
            work: None,
        }
    }

    fn statement(start: u64, end: u64, units_cum: u128) -> JobStatement {
        JobStatement {
            worker: 1,
            key_epoch: 1,
            job: 1,
            assignment: 0,
            seq: 4,
            kind: JobKind::Progress,
            window: Window::new(start, end).unwrap(),
            units_cum,
            gpu_slots: 0b11,
            input_root: [0; 32],
            output_root: [0; 32],
            model_id: [0; 32],
            prev_digest: [0; 32],
            expires_at: NOW,
        }
    }

    type Edit = fn(&mut Signer, &mut Head, &mut Work, &mut JobStatement);

    #[test]
    fn each_rule_breaks_alone_and_lower_codes_come_first() {
        let edits: [(Edit, StatementOutcome); 12] = [
            (|_, _, _, statement| statement.expires_at = NOW - 1, Expired),
            (|signer, _, _, _| signer.key.revoked_at = Some(NOW - 1), Revoked),
            (|signer, _, _, _| signer.key.valid_until = NOW - 1, EpochOver),
            (|_, _, work, _| work.linked = true, EpochOver),
            (
                |_, _, _, statement| statement.window = Window::new(NOW - 100, NOW + 61).unwrap(),
                FutureWindow,
            ),
            (|_, head, _, _| head.window_end = NOW - 99, WindowOverlap),
            (|_, _, work, _| work.stated = 2_001, UnitsFell),
            (|_, _, _, statement| statement.units_cum = 2_001, ImpossibleUnits),
            (|_, _, _, statement| statement.gpu_slots = 0b1_0000, ImpossibleUnits),
            (
                |_, _, _, statement| (statement.gpu_slots, statement.units_cum) = (0b1_0000, 0),
                UnknownSlots,
            ),
            (
                |_, _, _, statement| (statement.gpu_slots, statement.units_cum) = (1 << 63, 0),
                UnknownSlots,
            ),
            (|signer, _, _, _| signer.stands = false, UnderBonded),
        ];
        let judge = |edits: &[Edit]| {
            let (mut signer, mut head, mut work) = (signer(), head(), Work::default());
            let mut statement = statement(NOW - 100, NOW, 2_000);
            edits
                .iter()
                .for_each(|edit| edit(&mut signer, &mut head, &mut work, &mut statement));
            job(&signer, &head, &work, &statement, NOW)
        };
        assert_eq!(judge(&[]), Ok(()));
        for (edit, expected) in edits {
            assert_eq!(judge(&[edit]), Err(expected));
            // Beside the last rule, every other wins.
            assert_eq!(judge(&[edits[11].0, edit]), Err(expected));
        }
    }

    #[test]
    fn boundaries_are_inclusive_where_the_statement_is_still_honest() {
        let (signer, head, work) = (signer(), head(), Work::default());
        let judge = |statement: &JobStatement| job(&signer, &head, &work, statement, NOW);
        assert_eq!(judge(&statement(NOW - 100, NOW + 60, 0)), Ok(()));
        assert_eq!(judge(&statement(NOW - 101, NOW, 0)), Err(WindowOverlap));
        assert_eq!(judge(&statement(NOW - 1, NOW, 20)), Ok(()));
        assert_eq!(judge(&statement(NOW - 1, NOW, 21)), Err(ImpossibleUnits));
    }

    #[test]
    fn grace_counts_from_the_epochs_end() {
        let mut signer = signer();
        signer.key.valid_until = NOW - EPOCH_GRACE;
        let report = |end| UsageReport {
            gateway: 1,
            key_epoch: 1,
            seq: 4,
            window: Window::new(end - 1, end).unwrap(),
            calls: 1,
            log_root: [0; 32],
            prev_digest: [0; 32],
            expires_at: NOW + 10,
        };
        let head = Head {
            window_start: 0,
            ..head()
        };
        let end = NOW - EPOCH_GRACE;
        assert_eq!(usage(&signer, &head, &report(end), NOW), Ok(()));
        assert_eq!(usage(&signer, &head, &report(end), NOW + 1), Err(EpochOver));
        assert_eq!(usage(&signer, &head, &report(end + 1), NOW), Err(EpochOver));
    }

    proptest! {
        #[test]
        fn slots_are_known_by_counting_them(slots in 0..=64u8, used in any::<u64>(), low in any::<bool>()) {
            let mut key = signer().key;
            key.hardware.slots = slots;
            let used = if low { used % 256 } else { used };
            let all_known = (0..64).filter(|bit| used >> bit & 1 == 1).all(|bit| bit < slots);
            prop_assert_eq!(known_slots(&key, used), all_known);
        }

        #[test]
        fn no_statement_makes_the_rules_panic(
            start in any::<u64>(), length in 1..=u64::MAX, units in any::<u128>(), stated in any::<u128>(), slots in any::<u64>(),
            now in any::<u64>(), rate in any::<u64>(), until in any::<u64>(), revoked in any::<Option<u64>>(),
        ) {
            let mut signer = signer();
            (signer.key.hardware.rate, signer.key.valid_until, signer.key.revoked_at) = (rate, until, revoked);
            let end = start.saturating_add(length);
            if let Ok(window) = Window::new(start, end) {
                let body = JobStatement { window, gpu_slots: slots, ..statement(0, 1, units) };
                let work = Work { stated, ..Work::default() };
                let verdict = job(&signer, &head(), &work, &body, now);
                // Whatever passes is within window × rate × slots.
                if verdict.is_ok() {
                    let most = u128::from(end - start) * u128::from(rate) * u128::from(slots.count_ones());
                    prop_assert!(units >= stated && units - stated <= most);
                }
            }
        }
    }
}
