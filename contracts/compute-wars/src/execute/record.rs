//! Scores, and the exact list of the hundred best.
//!
//! Scores only rise. So an account that is not among the hundred best stays outside until it is charged again, and the list can be kept from the account's own
//! row and the list's last place alone:
//!
//! 1. the account's place becomes (score + charge, now);
//! 2. if its old place was in the list, that row goes;
//! 3. if the list has room, the new place enters; else it enters if it is better than the last place, which then leaves.
//!
//! Whether an old place is in the list needs no mark: in a list with room everybody is, in a full one exactly those not worse than its last place. That last
//! place is kept in the week's row and looked up (one row) only after it changed. Work per score is constant, whatever the number of accounts.

use cosmwasm_std::{Event, Order, Response, StdResult, Storage};
use interfaces::compute_wars::{Score, MAX_LEADERS, MAX_SCORES};
use kit::assert_sender;
use kit::compact::Account;

use super::Context;
use crate::error::ContractError;
use crate::events::Contest;
use crate::state::{leaders, Place, Round, WeekKey, CONFIG, LEADERS, OUTCOMES, ROUNDS, SCORES};

/// Adds one report's charges. Scores that come too late for their week change nothing instead of failing: the vault would offer them for ever.
pub fn record(ctx: &mut Context, week: u64, scores: &[Score]) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    assert_sender(ctx.sender, &config.vault, "vault")?;
    check_form(scores)?;
    let current = ctx.week();
    if week > current {
        return Err(ContractError::WeekAhead { current, actual: week });
    }
    // the running week cannot be finalized, which saves the look-up in the common case
    if week < config.first_week || (week < current && OUTCOMES.has(ctx.storage, week)) {
        let accounts = scores.len();
        return Ok(Response::new().add_event(Contest::Late { week, accounts }));
    }
    let mut board = Board::load(ctx.storage, WeekKey::new(week)?)?;
    let before = board.round.charged;
    let mut events: Vec<Event> = Vec::with_capacity(scores.len());
    for score in scores {
        let account = Account::parse(ctx.api, &score.account)?;
        let total = board.add(&account, score.charged.u128())?;
        let event = Contest::Score {
            account: &score.account,
            charged: score.charged,
            score: total,
        };
        events.push(event.into());
    }
    let charged = board.save().saturating_sub(before);
    let summary = Contest::Scores {
        week,
        accounts: scores.len(),
        charged,
    };
    Ok(Response::new().add_event(summary).add_events(events))
}

fn check_form(scores: &[Score]) -> Result<(), ContractError> {
    let actual = scores.len();
    if actual > MAX_SCORES {
        return Err(ContractError::OutOfRange {
            name: "number of scores",
            min: 0,
            // both far below 2^64
            max: u64::try_from(MAX_SCORES).unwrap_or(u64::MAX),
            actual: u64::try_from(actual).unwrap_or(u64::MAX),
        });
    }
    match scores.iter().find(|score| score.charged.is_zero()) {
        Some(score) => Err(ContractError::ZeroScore {
            account: score.account.clone(),
        }),
        None => Ok(()),
    }
}

/// One week's scores at work: the week's row is read and written once a report.
pub struct Board<'a> {
    storage: &'a mut dyn Storage,
    week: WeekKey,
    round: Round,
}

impl<'a> Board<'a> {
    pub fn load(storage: &'a mut dyn Storage, week: WeekKey) -> StdResult<Self> {
        let round = Round::load(storage, week)?;
        Ok(Self { storage, week, round })
    }

    /// Saves the week's row and answers all its charges.
    pub fn save(self) -> u128 {
        ROUNDS.save(self.storage, &self.week, &self.round);
        self.round.charged
    }

    /// Adds a charge to an account's score and answers the score, µCredit.
    pub fn add(&mut self, account: &Account, charged: u128) -> Result<u128, ContractError> {
        let key = (account.clone(), self.week);
        let old = SCORES.may_load(self.storage, &key)?;
        let score = sum(old.map_or(0, |place| place.score), charged)?;
        self.round.records = self.round.records.checked_add(1).ok_or(math::MathError::Overflow)?;
        self.round.charged = sum(self.round.charged, charged)?;
        let place = Place::new(score, self.round.records);
        SCORES.save(self.storage, &key, &place);
        if let Some(old) = old {
            if self.lists(old)? {
                self.leave(old);
            }
        }
        self.enter(place, account)?;
        Ok(score)
    }

    fn lists(&mut self, place: Place) -> StdResult<bool> {
        Ok(!self.is_full() || self.minimum()?.is_none_or(|last| place >= last))
    }

    fn enter(&mut self, place: Place, account: &Account) -> Result<(), ContractError> {
        if self.is_full() {
            match self.minimum()? {
                Some(last) if place > last => self.leave(last),
                _ => return Ok(()),
            }
        }
        LEADERS.save(self.storage, &(self.week, place), account);
        self.round.leaders = self.round.leaders.saturating_add(1);
        self.round.top_charged = sum(self.round.top_charged, place.score)?;
        Ok(())
    }

    fn leave(&mut self, place: Place) {
        LEADERS.remove(self.storage, &(self.week, place));
        self.round.leaders = self.round.leaders.saturating_sub(1);
        // it is part of that sum
        self.round.top_charged = self.round.top_charged.saturating_sub(place.score);
        if self.round.minimum == Some(place) {
            self.round.minimum = None;
        }
    }

    fn is_full(&self) -> bool {
        self.round.leaders >= MAX_LEADERS
    }

    /// The last place of a full list.
    fn minimum(&mut self) -> StdResult<Option<Place>> {
        if self.round.minimum.is_none() {
            let last = leaders(self.storage, self.week, Order::Ascending).next().transpose()?;
            self.round.minimum = last.map(|(place, _)| place);
        }
        Ok(self.round.minimum)
    }
}

fn sum(a: u128, b: u128) -> Result<u128, math::MathError> {
    a.checked_add(b).ok_or(math::MathError::Overflow)
}
