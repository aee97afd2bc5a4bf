//! States of a statement on its way, and what the contract's outcomes mean for it.

use std::fmt;
use std::str::FromStr;

use interfaces::attestation_oracle::StatementOutcome;
use serde::{Deserialize, Serialize};

/// Where a statement is. `Received → Queued → InFlight → Included → Final | Duplicate | Rejected | Dead`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// On disk; statements before it in its chain may be missing.
    Received,
    /// Next in its chain; waits for a place in a transaction.
    Queued,
    /// In a signed and stored transaction.
    InFlight,
    /// Seen in the contract's state; waits for confirmations.
    Included,
    /// In the contract's state for good, posted by this relayer.
    Final,
    /// In the contract's state for good, posted by somebody else or earlier.
    Duplicate,
    /// Refused or void for good; the code says why.
    Rejected,
    /// Given up by the relayer; the note says why, `relayer requeue` or posting it again revives it.
    Dead,
}

impl State {
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::Queued,
        Self::InFlight,
        Self::Included,
        Self::Final,
        Self::Duplicate,
        Self::Rejected,
        Self::Dead,
    ];

    /// Name in the database, the API and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Queued => "queued",
            Self::InFlight => "in_flight",
            Self::Included => "included",
            Self::Final => "final",
            Self::Duplicate => "duplicate",
            Self::Rejected => "rejected",
            Self::Dead => "dead",
        }
    }

    /// Whether the relayer has nothing left to do.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Final | Self::Duplicate | Self::Rejected | Self::Dead)
    }

    /// Whether the pipeline may take a statement from this state to `next`.
    ///
    /// `Received` and `Queued` may end at once when the chain already knows the answer; `InFlight` and `Included` return
    /// to `Queued` when a transaction is lost or an inclusion proves false; `Rejected` and `Dead` are revived by request
    /// only, and nothing ever leaves `Final` or `Duplicate`.
    pub fn may_become(self, next: Self) -> bool {
        use State::{Dead, Duplicate, Final, InFlight, Included, Queued, Received, Rejected};
        match self {
            Received => matches!(next, Queued | Final | Duplicate | Rejected | Dead),
            Queued => matches!(next, Received | InFlight | Final | Duplicate | Rejected | Dead),
            InFlight => matches!(next, Received | Queued | Included | Final | Duplicate | Rejected | Dead),
            Included => matches!(next, Queued | Final | Duplicate | Rejected),
            Rejected | Dead => matches!(next, Received),
            Final | Duplicate => false,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for State {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|state| state.name() == name);
        known.ok_or_else(|| format!("{name} is no state of a statement"))
    }
}

/// The contract's stable number of an outcome.
pub fn code(outcome: StatementOutcome) -> u32 {
    use StatementOutcome as O;
    match outcome {
        O::Accepted => 0,
        O::Duplicate => 1,
        O::Malformed => 10,
        O::UnknownKey => 11,
        O::BadSignature => 12,
        O::Gap => 13,
        O::Conflict => 14,
        O::WrongParent => 15,
        O::WrongLogRoot => 16,
        O::Expired => 20,
        O::Revoked => 21,
        O::EpochOver => 22,
        O::FutureWindow => 23,
        O::WindowOverlap => 24,
        O::UnitsFell => 25,
        O::ImpossibleUnits => 26,
        O::UnknownSlots => 27,
        O::UnderBonded => 28,
        O::Undelivered => 29,
    }
}

/// Name of a contract's code, for people and metrics.
pub fn code_name(code: u32) -> &'static str {
    match code {
        0 => "accepted",
        1 => "duplicate",
        10 => "malformed",
        11 => "unknown_key",
        12 => "bad_signature",
        13 => "gap",
        14 => "conflict",
        15 => "wrong_parent",
        16 => "wrong_log_root",
        20 => "expired",
        21 => "revoked",
        22 => "epoch_over",
        23 => "future_window",
        24 => "window_overlap",
        25 => "units_fell",
        26 => "impossible_units",
        27 => "unknown_slots",
        28 => "under_bonded",
        29 => "undelivered",
        _ => "other",
    }
}

/// What an outcome asks the relayer to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The chain advanced by this statement: it is in the contract's state.
    Recorded,
    /// The same digest is in the contract's state already.
    AlreadyRecorded,
    /// Nothing changed, and trying again later may help: state may have been read too early.
    RefusedForNow,
    /// Nothing changed, and nothing ever will.
    RefusedForGood,
}

/// See [`Meaning`].
pub fn meaning(outcome: StatementOutcome) -> Meaning {
    use StatementOutcome as O;
    match outcome {
        O::Duplicate => Meaning::AlreadyRecorded,
        O::UnknownKey | O::Gap | O::WrongParent => Meaning::RefusedForNow,
        O::Malformed | O::BadSignature | O::Conflict | O::WrongLogRoot => Meaning::RefusedForGood,
        _ => Meaning::Recorded,
    }
}

/// State of a statement that the contract has recorded with this outcome. `own`: by a transaction of this relayer.
///
/// Undelivered is final: the statement counts, and anybody may deliver it again.
pub fn recorded_state(outcome: StatementOutcome, own: bool) -> State {
    match outcome {
        StatementOutcome::Accepted | StatementOutcome::Undelivered | StatementOutcome::Duplicate if own => State::Final,
        StatementOutcome::Accepted | StatementOutcome::Undelivered | StatementOutcome::Duplicate => State::Duplicate,
        _ => State::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StatementOutcome as O;

    const OUTCOMES: [O; 19] = [
        O::Accepted,
        O::Duplicate,
        O::Malformed,
        O::UnknownKey,
        O::BadSignature,
        O::Gap,
        O::Conflict,
        O::WrongParent,
        O::WrongLogRoot,
        O::Expired,
        O::Revoked,
        O::EpochOver,
        O::FutureWindow,
        O::WindowOverlap,
        O::UnitsFell,
        O::ImpossibleUnits,
        O::UnknownSlots,
        O::UnderBonded,
        O::Undelivered,
    ];

    #[test]
    fn refused_outcomes_are_exactly_those_numbered_10_to_19() {
        for outcome in OUTCOMES {
            let refused = matches!(meaning(outcome), Meaning::RefusedForNow | Meaning::RefusedForGood);
            assert_eq!(refused, (10..20).contains(&code(outcome)), "{outcome:?}");
        }
    }

    #[test]
    fn a_void_statement_is_rejected_whoever_posted_it() {
        for outcome in OUTCOMES
            .into_iter()
            .filter(|outcome| (20..29).contains(&code(*outcome)))
        {
            assert_eq!(recorded_state(outcome, true), State::Rejected);
            assert_eq!(recorded_state(outcome, false), State::Rejected);
        }
    }

    #[test]
    fn codes_are_unique_and_named_as_the_contract_names_them() {
        for outcome in OUTCOMES {
            let json = serde_json::to_string(&outcome).unwrap();
            assert_eq!(json.trim_matches('"'), code_name(code(outcome)));
        }
    }

    #[test]
    fn state_names_are_read_back() {
        for state in State::ALL {
            assert_eq!(state.name().parse(), Ok(state));
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{state}\""));
        }
        assert!("lost".parse::<State>().is_err());
    }

    #[test]
    fn final_states_stay_and_only_failures_are_revived() {
        for next in State::ALL {
            assert!(!State::Final.may_become(next));
            assert!(!State::Duplicate.may_become(next));
            assert_eq!(State::Dead.may_become(next), next == State::Received);
            assert_eq!(State::Rejected.may_become(next), next == State::Received);
        }
    }
}
