//! Where a market stands: a function of what is stored and of the time, so that it moves on without a message; and how bonds end.

use cosmwasm_std::{StdResult, Storage};
use interfaces::prediction_market::{Status, VOID};

use crate::error::ContractError;
use crate::state::{Bond, Contest, Details, Phase, PoolRow, Settled, BONDS, CONTESTS, DETAILS, RESULTS};

/// What a market can end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This outcome, counted from 0.
    Outcome(u8),
    /// The question has no answer.
    Void,
}

impl Answer {
    /// The answer of a message about a market with that many outcomes.
    ///
    /// # Errors
    /// `AnswerUnknown`.
    pub fn parse(answer: u8, outcomes: usize) -> Result<Self, ContractError> {
        match Self::from(answer) {
            Self::Outcome(outcome) if usize::from(outcome) >= outcomes => {
                Err(ContractError::AnswerUnknown { answer, outcomes })
            }
            answer => Ok(answer),
        }
    }
}

impl From<u8> for Answer {
    fn from(answer: u8) -> Self {
        match answer {
            VOID => Self::Void,
            outcome => Self::Outcome(outcome),
        }
    }
}

impl From<Answer> for u8 {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Outcome(outcome) => outcome,
            Answer::Void => VOID,
        }
    }
}

/// Everything stored about one market but its positions, bonds and history.
pub struct Market {
    pub id: u64,
    pub row: PoolRow,
    pub details: Details,
    pub contest: Option<Contest>,
    pub settled: Option<Settled>,
}

impl Market {
    /// # Errors
    /// `MarketUnknown`.
    pub fn load(storage: &dyn Storage, id: u64) -> Result<Self, ContractError> {
        let unknown = ContractError::MarketUnknown { market: id };
        Ok(Self {
            id,
            row: PoolRow::load(storage, id)?,
            details: DETAILS.may_load(storage, &id)?.ok_or(unknown)?,
            contest: CONTESTS.may_load(storage, &id)?,
            settled: RESULTS.may_load(storage, &id)?,
        })
    }

    /// Where it stands, and when that ends by itself.
    pub fn status(&self, now: u64) -> (Status, Option<u64>) {
        if let Some(settled) = &self.settled {
            return match settled.answer {
                Answer::Outcome(_) => (Status::Resolved, None),
                Answer::Void => (Status::Voided, None),
            };
        }
        match &self.contest {
            Some(contest) => self.contested(contest, now),
            None => self.unanswered(now),
        }
    }

    fn contested(&self, contest: &Contest, now: u64) -> (Status, Option<u64>) {
        match contest.phase_at(now, self.details.terms.liveness) {
            Phase::Voting { until } => (Status::Voting, Some(until)),
            Phase::Live { until } if now < until => (Status::Answered, Some(until)),
            Phase::Live { .. } => (Status::Due, None),
        }
    }

    fn unanswered(&self, now: u64) -> (Status, Option<u64>) {
        let void_at = self.void_at();
        let steps = [
            (Status::Trading, self.row.close_at),
            (Status::Waiting, self.details.resolve_after),
            (Status::Unanswered, void_at),
        ];
        let step = steps.into_iter().find(|(_, until)| now < *until);
        step.map_or((Status::Due, None), |(status, until)| (status, Some(until)))
    }

    /// From when it is void if nobody answered.
    fn void_at(&self) -> u64 {
        self.details.resolve_after.saturating_add(self.details.terms.unanswered)
    }

    /// # Errors
    /// `WrongStatus` in any other status.
    pub fn expect(&self, expected: Status, now: u64) -> Result<(), ContractError> {
        let (actual, _) = self.status(now);
        match actual == expected {
            true => Ok(()),
            false => Err(ContractError::WrongStatus {
                market: self.id,
                expected,
                actual,
            }),
        }
    }

    /// The answer that stands if it is due: the newest one, or void without any.
    pub fn standing(&self) -> Answer {
        self.contest.as_ref().map_or(Answer::Void, |contest| contest.answer)
    }

    /// The bonded answers, in order; at most `MAX_BONDS`.
    ///
    /// # Errors
    /// If a row is missing.
    pub fn bonds(&self, storage: &dyn Storage) -> StdResult<Vec<Bond>> {
        let number = self.contest.as_ref().map(|contest| contest.bonds).unwrap_or_default();
        let rows = BONDS.range(
            storage,
            (self.id, 0)..=(self.id, u64::MAX),
            cosmwasm_std::Order::Ascending,
        );
        rows.take(number.into()).map(|row| row.map(|(_, bond)| bond)).collect()
    }
}

/// What becomes of the bonds when a market ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// To each bond, in order.
    pub amounts: Vec<u128>,
    /// The rest.
    pub burned: u128,
}

/// With an outcome: a bond for it comes back with ⌊⌊wrong/2⌋ · bond / right⌋ of the others; the rest of those is burned. On void nobody gains: the first bond comes
/// back if it was for void, every other one, all of them disputes, is burned.
///
/// # Errors
/// `Overflow`.
pub fn distribute(bonds: &[(Answer, u128)], result: Answer) -> Result<Returned, math::MathError> {
    let sum = |right: bool| -> u128 {
        let side = bonds.iter().filter(|(answer, _)| (*answer == result) == right);
        side.map(|(_, amount)| *amount).fold(0, u128::saturating_add)
    };
    let (right, wrong) = (sum(true), sum(false));
    let mut amounts = Vec::with_capacity(bonds.len());
    for (number, (answer, amount)) in bonds.iter().enumerate() {
        amounts.push(match (*answer == result, result) {
            (false, _) => 0,
            (true, Answer::Void) => amount.saturating_mul(u128::from(number == 0)),
            (true, Answer::Outcome(_)) => amount.saturating_add(math::mul_div_floor(wrong / 2, *amount, right)?),
        });
    }
    let back = amounts.iter().copied().fold(0, u128::saturating_add);
    Ok(Returned {
        amounts,
        burned: right.saturating_add(wrong).saturating_sub(back),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: Answer = Answer::Outcome(0);
    const B: Answer = Answer::Outcome(1);
    const V: Answer = Answer::Void;

    #[test]
    fn bonds_end_as_the_result_says() {
        type Case = (&'static str, &'static [(Answer, u128)], Answer, &'static [u128], u128);
        let cases: [Case; 9] = [
            ("nobody answered", &[], V, &[], 0),
            ("undisputed", &[(A, 100)], A, &[100], 0),
            ("undisputed void", &[(V, 100)], V, &[100], 0),
            (
                "a liar loses half to the disputer",
                &[(A, 100), (B, 200)],
                B,
                &[0, 250],
                50,
            ),
            (
                "a griefing disputer loses half to the proposer",
                &[(A, 100), (B, 200), (A, 400)],
                A,
                &[120, 0, 480],
                100,
            ),
            (
                "right side shares by bond",
                &[(A, 100), (B, 201), (A, 400)],
                A,
                &[120, 0, 480],
                101,
            ),
            ("on void disputers' bonds burn", &[(A, 100), (V, 200)], V, &[0, 0], 300),
            (
                "void that stands returns the proposer's bond",
                &[(V, 100), (A, 200), (V, 400)],
                V,
                &[100, 0, 0],
                600,
            ),
            (
                "a void that falls is a losing bond",
                &[(V, 100), (A, 200)],
                A,
                &[0, 250],
                50,
            ),
        ];
        for (name, bonds, result, amounts, burned) in cases {
            let returned = distribute(bonds, result).unwrap();
            assert_eq!(
                (returned.amounts.as_slice(), returned.burned),
                (amounts, burned),
                "{name}"
            );
        }
    }

    proptest! {
        #[test]
        fn bonds_returned_and_burned_are_the_bonds_given(
            first in 1..10u128.pow(13), answers in prop::collection::vec(0..4u8, 0..20), result in 0..4u8,
        ) {
            let answer = |n: u8| if n == 3 { V } else { Answer::Outcome(n) };
            let bonds: Vec<_> = answers.iter().enumerate().map(|(k, n)| (answer(*n), first << k)).collect();
            let returned = distribute(&bonds, answer(result)).unwrap();
            let given: u128 = bonds.iter().map(|(_, amount)| amount).sum();
            prop_assert_eq!(returned.amounts.iter().sum::<u128>() + returned.burned, given);
            for ((given, amount), back) in bonds.iter().zip(returned.amounts) {
                let right = *given == answer(result);
                if result == 3 {
                    prop_assert!(back == 0 || back == *amount);
                } else {
                    let expected = if right { back >= *amount } else { back == 0 };
                    prop_assert!(expected, "a right bond comes back, a wrong one does not");
                }
            }
        }
    }
}
