//! Storage, and the rules of a proposal's life. Weights are in the units of the voting module, times unix seconds, deposits base units of the deposit token.

use cosmwasm_std::{Addr, Api, Binary, OverflowError, StdError, StdResult, Storage, Uint128};
use cw_storage_plus::Item;
use interfaces::governance::{
    Action, AnswerTally, Choice, Kind, OutcomeTrack, Params, ParamsCall, Schedule, Status, Track, Tracks,
    DEPOSIT_BOUNDS, DISCUSSION_BOUNDS, FLOOR_BOUNDS, OUTCOME_VOTING_BOUNDS, QUORUM_BOUNDS, REFUND_BOUNDS,
    TIMELOCK_BOUNDS, VOTING_BOUNDS, WINDOW_BOUNDS,
};
use interfaces::voting::{Moment, Power};
use kit::compact::{Account, Table};

use crate::error::ContractError;

/// Adds or takes away, exactly.
type Op = fn(Uint128, Uint128) -> Result<Uint128, OverflowError>;

/// One whole, in basis points.
const WHOLE: u128 = 10_000;

/// CONFIG: () → contracts, parameters and tracks. 1 + ~250 bytes, over VCAI ~380. Read and written by [`Config`] alone.
const CONFIG: Table<(), Config> = Table::new(0x81);
/// MARKET: () → the prediction market; absent until set, then never changed
pub const MARKET: Item<Addr> = Item::new("market");
/// APPEALS: () → the appeals contract; absent until set, then never changed
pub const APPEALS: Item<Addr> = Item::new("appeals");
/// ISSUED: () → strategic issuances executed
pub const ISSUED: Item<u64> = Item::new("issued");
/// Proposals: id → what decides its fate; rewritten by every vote. Ids count from 1 without a gap. 9 + ~70 bytes. Read and written by [`load`] and [`save`] alone.
const PROPOSALS: Table<u64, Proposal> = Table::new(0x80);
/// CONTENTS: id → proposer, texts, and what is sent; written once. Absent for outcomes and appeals.
const CONTENTS: Table<u64, Content> = Table::new(0x82);
/// VOTES: (id, voter) → choice and power. 29 + ~13 bytes.
pub const VOTES: Table<(u64, Account), Ballot> = Table::new(0x83);
/// OUTCOMES: market → id of the newest vote on its outcome
pub const OUTCOMES: Table<u64, u64> = Table::new(0x84);
/// CASES: case → id of the newest vote on its appeal
pub const CASES: Table<u64, u64> = Table::new(0x85);

/// Everything a message asks of the settings, in one row: several would cost 5,000 gas more in every proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub terms: Terms,
    /// None in an instance over another token than VCAI. Never changes.
    pub network: Option<Network>,
    pub params: Params,
    pub tracks: Tracks,
}

impl Config {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        CONFIG
            .may_load(storage, &())?
            .ok_or_else(|| StdError::not_found("config"))
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        CONFIG.save(storage, &(), self);
    }
}

/// What never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Answers `voting::QueryMsg`.
    pub voting_module: Addr,
    /// CW20 of the deposits.
    pub deposit_token: Addr,
}

/// Whom an instance over VCAI works with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    pub allocation: Addr,
    pub treasury: Addr,
}

/// What is read once or twice in a proposal's life.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    pub proposer: Account,
    pub title: String,
    pub description: String,
    pub deed: Deed,
}

/// An action as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// At least one.
    Calls(Vec<Call>),
    Other(Action),
}

/// A call to `set_params`.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub contract: Account,
    pub msg: Binary,
}

impl Deed {
    pub fn of(api: &dyn Api, action: Action) -> StdResult<Self> {
        let call = |call: ParamsCall| {
            Ok(Call {
                contract: Account::trusted(api, &call.contract)?,
                msg: call.msg,
            })
        };
        match action {
            Action::Params { calls } => Ok(Self::Calls(calls.into_iter().map(call).collect::<StdResult<_>>()?)),
            other => Ok(Self::Other(other)),
        }
    }

    /// As it was proposed.
    pub fn action(self, api: &dyn Api) -> StdResult<Action> {
        let call = |call: Call| {
            Ok(ParamsCall {
                contract: call.contract.text(api)?,
                msg: call.msg,
            })
        };
        match self {
            Self::Calls(calls) => Ok(Action::Params {
                calls: calls.into_iter().map(call).collect::<StdResult<_>>()?,
            }),
            Self::Other(action) => Ok(action),
        }
    }
}

/// Everybody who could vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Electorate {
    pub power: Power,
    /// Base units of VCAI in locks; 0 where there is no network.
    pub locked: Uint128,
}

/// One vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ballot {
    pub choice: Choice,
    /// At the proposal's moment; it cannot change.
    pub power: Power,
}

/// The last thing done to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    Open,
    Executed,
    Withdrawn,
}

/// Everything a proposal's fate depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub closing: Closing,
    /// The block in which it was made; the electorate is that of the moment before it.
    pub at: Moment,
    pub schedule: Schedule,
    pub subject: Subject,
}

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Motion(Motion),
    Outcome(Outcome),
    Appeal(Appeal),
}

/// What a motion may send, and so how it passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MotionKind {
    /// Passes with more than half of all weight.
    Params,
    /// Can move money, as all that follow: passes with more than half of all weight and more than half of all linear weight.
    Messages,
    StrategicIssuance,
    Spend,
    Reprice,
}

impl MotionKind {
    /// Whether both majorities are asked for, and on a network enough VCAI in locks.
    pub fn moves_money(self) -> bool {
        self != Self::Params
    }
}

/// A proposal that is for or against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Motion {
    pub kind: MotionKind,
    pub total: Power,
    /// Base units of VCAI in locks when it was proposed; kept of what moves money on a network, else 0.
    pub locked: Uint128,
    pub yes: Power,
    pub no: Power,
    pub deposit: Uint128,
    /// False once returned or passed on.
    pub deposit_held: bool,
    pub refund_bps: u16,
}

/// A choice among the answers to a market's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub market: u64,
    /// In the order of the market; each answer once.
    pub answers: Vec<AnswerTally>,
    /// Votes count with the lower of what the voter had at the two moments.
    pub from: Moment,
    pub to: Moment,
    pub total: Uint128,
    pub quorum_bps: u16,
}

/// For or against granting an appeal, among those who vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    pub case: u64,
    pub total: Power,
    pub yes: Power,
    pub no: Power,
    pub quorum_bps: u16,
}

/// The proposal of that id.
pub fn load(storage: &dyn Storage, id: u64) -> Result<Proposal, ContractError> {
    let unknown = ContractError::UnknownProposal { proposal: id };
    PROPOSALS.may_load(storage, &id)?.ok_or(unknown)
}

/// Writes a proposal.
pub fn save(storage: &mut dyn Storage, id: u64, proposal: &Proposal) {
    PROPOSALS.save(storage, &id, proposal);
}

/// The newest id; 0 before the first proposal.
pub fn newest(storage: &dyn Storage) -> StdResult<u64> {
    Ok(PROPOSALS.last(storage, ..)?.map_or(0, |(id, _)| id))
}

/// Writes a new proposal; its id.
pub fn add(storage: &mut dyn Storage, proposal: &Proposal) -> Result<u64, ContractError> {
    let id = newest(storage)?
        .checked_add(1)
        .ok_or_else(|| StdError::generic_err("no id is left"))?;
    save(storage, id, proposal);
    Ok(id)
}

/// What a motion says.
pub fn content(storage: &dyn Storage, id: u64) -> StdResult<Content> {
    CONTENTS
        .may_load(storage, &id)?
        .ok_or_else(|| StdError::not_found("content"))
}

/// Writes what a motion says.
pub fn save_content(storage: &mut dyn Storage, id: u64, content: &Content) {
    CONTENTS.save(storage, &id, content);
}

impl Proposal {
    /// Where it stands at `now`, unix seconds. Nothing else is asked.
    pub fn status(&self, now: u64) -> Status {
        match self.closing {
            Closing::Executed => Status::Executed,
            Closing::Withdrawn => Status::Withdrawn,
            Closing::Open if now < self.schedule.voting_starts => Status::Discussion,
            Closing::Open if now < self.schedule.voting_ends => Status::Voting,
            Closing::Open if !self.passes() => Status::Rejected,
            Closing::Open if now < self.schedule.ready_at => Status::Timelocked,
            Closing::Open if self.schedule.expires_at.is_none_or(|end| now < end) => Status::Ready,
            Closing::Open => Status::Expired,
        }
    }

    /// Refuses a message that needs another status.
    pub fn must_be(&self, id: u64, now: u64, needed: Status, expected: &'static str) -> Result<(), ContractError> {
        match self.status(now) {
            actual if actual == needed => Ok(()),
            actual => Err(ContractError::WrongStatus {
                proposal: id,
                expected,
                actual,
            }),
        }
    }

    /// A contract that asked hears of every end of voting, also of one without a decision.
    fn passes(&self) -> bool {
        match &self.subject {
            Subject::Motion(motion) => motion.passes(),
            Subject::Outcome(_) | Subject::Appeal(_) => true,
        }
    }

    pub fn kind(&self) -> Kind {
        match &self.subject {
            Subject::Motion(motion) => motion.kind.into(),
            Subject::Outcome(_) => Kind::MarketOutcome,
            Subject::Appeal(_) => Kind::Appeal,
        }
    }

    /// Counts a vote in the place of the one before.
    pub fn count(&mut self, before: Option<Ballot>, after: Ballot) -> Result<(), ContractError> {
        if let Some(before) = before {
            self.tally(before, Uint128::checked_sub)?;
        }
        self.tally(after, Uint128::checked_add)
    }

    fn tally(&mut self, Ballot { choice, power }: Ballot, op: Op) -> Result<(), ContractError> {
        match &mut self.subject {
            Subject::Motion(motion) => shift(side(&mut motion.yes, &mut motion.no, choice)?, power, op),
            Subject::Appeal(appeal) => shift(side(&mut appeal.yes, &mut appeal.no, choice)?, power, op),
            Subject::Outcome(outcome) => {
                let answer = outcome.answer(choice)?;
                answer.weight = op(answer.weight, power.weight)?;
                Ok(())
            }
        }
    }

    /// Refuses a choice that the proposal does not offer.
    pub fn offers(&mut self, choice: Choice) -> Result<(), ContractError> {
        match &mut self.subject {
            Subject::Motion(motion) => side(&mut motion.yes, &mut motion.no, choice).map(|_| ()),
            Subject::Appeal(appeal) => side(&mut appeal.yes, &mut appeal.no, choice).map(|_| ()),
            Subject::Outcome(outcome) => outcome.answer(choice).map(|_| ()),
        }
    }
}

/// The side of a vote that is for or against.
fn side<'a>(yes: &'a mut Power, no: &'a mut Power, choice: Choice) -> Result<&'a mut Power, ContractError> {
    match choice {
        Choice::Yes => Ok(yes),
        Choice::No => Ok(no),
        Choice::Answer(_) => Err(ContractError::WrongChoice {
            expected: "yes or no".to_owned(),
            actual: choice,
        }),
    }
}

fn shift(side: &mut Power, power: Power, op: Op) -> Result<(), ContractError> {
    side.weight = op(side.weight, power.weight)?;
    side.linear = op(side.linear, power.linear)?;
    Ok(())
}

impl From<MotionKind> for Kind {
    fn from(kind: MotionKind) -> Self {
        match kind {
            MotionKind::Params => Self::Params,
            MotionKind::Messages => Self::Messages,
            MotionKind::StrategicIssuance => Self::StrategicIssuance,
            MotionKind::Spend => Self::Spend,
            MotionKind::Reprice => Self::Reprice,
        }
    }
}

impl Motion {
    /// A motion on which nobody voted yet.
    pub fn new(kind: MotionKind, electorate: Electorate, params: &Params) -> Self {
        let kept = kind.moves_money();
        Self {
            kind,
            total: electorate.power,
            locked: if kept { electorate.locked } else { Uint128::zero() },
            yes: Power::default(),
            no: Power::default(),
            deposit: params.deposit,
            deposit_held: true,
            refund_bps: params.refund_bps,
        }
    }

    /// Yes is more than half of all weight: 2 · yes > total.
    pub fn weight_majority(&self) -> bool {
        more_than_half(self.yes.weight, self.total.weight)
    }

    /// Yes is more than half of all linear weight.
    pub fn linear_majority(&self) -> bool {
        more_than_half(self.yes.linear, self.total.linear)
    }

    pub fn passes(&self) -> bool {
        self.weight_majority() && (!self.kind.moves_money() || self.linear_majority())
    }

    /// Weight that voted, either way. No tally exceeds the total, so neither does their sum.
    pub fn turnout(&self) -> Uint128 {
        self.yes.weight.saturating_add(self.no.weight)
    }

    /// Whether enough took part for the deposit to go back: turnout · 10⁴ ≥ refund_bps · total.
    pub fn returns_deposit(&self) -> bool {
        reaches(self.turnout(), self.refund_bps, self.total.weight)
    }
}

impl Appeal {
    /// (Yes + no) · 10⁴ ≥ quorum_bps · total, in linear weight, and somebody voted.
    pub fn quorum_reached(&self) -> bool {
        let cast = self.yes.linear.saturating_add(self.no.linear);
        !cast.is_zero() && reaches(cast, self.quorum_bps, self.total.linear)
    }

    /// More linear weight for than against, with a quorum. A tie grants nothing, and neither does silence.
    pub fn granted(&self) -> bool {
        self.quorum_reached() && self.yes.linear > self.no.linear
    }
}

impl Outcome {
    fn answer(&mut self, choice: Choice) -> Result<&mut AnswerTally, ContractError> {
        let offered: Vec<u8> = self.answers.iter().map(|tally| tally.answer).collect();
        let tally = self
            .answers
            .iter_mut()
            .find(|tally| choice == Choice::Answer(tally.answer));
        tally.ok_or_else(|| ContractError::WrongChoice {
            expected: format!("an answer of {offered:?}"),
            actual: choice,
        })
    }

    /// Weight cast · 10⁴ ≥ quorum_bps · total, and somebody voted.
    pub fn quorum_reached(&self) -> bool {
        let cast = self
            .answers
            .iter()
            .fold(Uint128::zero(), |sum, tally| sum.saturating_add(tally.weight));
        !cast.is_zero() && reaches(cast, self.quorum_bps, self.total)
    }

    /// The answer with most weight. None without a quorum, and none if two answers have the most: a coin's toss is no decision, so the market goes on as without
    /// one.
    pub fn leading(&self) -> Option<u8> {
        let most = self.answers.iter().map(|tally| tally.weight).max()?;
        let mut first = self.answers.iter().filter(|tally| tally.weight == most);
        match (first.next(), first.next()) {
            (Some(only), None) if self.quorum_reached() => Some(only.answer),
            _ => None,
        }
    }
}

/// Exact for all values: part > total − part ⇔ 2 · part > total.
pub fn more_than_half(part: Uint128, total: Uint128) -> bool {
    part > total.saturating_sub(part)
}

/// part / total ≥ bps / 10⁴, without a division.
fn reaches(part: Uint128, bps: u16, total: Uint128) -> bool {
    part.full_mul(WHOLE) >= total.full_mul(bps)
}

/// The times of a motion made at `now`.
pub fn motion_schedule(track: &Track, now: u64) -> Schedule {
    let voting_starts = now.saturating_add(track.discussion);
    let voting_ends = voting_starts.saturating_add(track.voting);
    let ready_at = voting_ends.saturating_add(track.timelock);
    Schedule {
        voting_starts,
        voting_ends,
        ready_at,
        expires_at: Some(ready_at.saturating_add(track.window)),
    }
}

/// The times of a vote on an outcome or an appeal opened at `now`.
pub fn outcome_schedule(track: &OutcomeTrack, now: u64) -> Schedule {
    let ends = now.saturating_add(track.voting);
    Schedule {
        voting_starts: now,
        voting_ends: ends,
        ready_at: ends,
        expires_at: None,
    }
}

/// Refuses parameters outside their bounds.
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    within("deposit", DEPOSIT_BOUNDS, params.deposit)?;
    within("refund_bps", REFUND_BOUNDS, params.refund_bps)
}

/// Refuses durations, quorum or floor outside their bounds.
pub fn check_tracks(tracks: &Tracks) -> Result<(), ContractError> {
    for track in [&tracks.params, &tracks.messages] {
        within("discussion", DISCUSSION_BOUNDS, track.discussion)?;
        within("voting", VOTING_BOUNDS, track.voting)?;
        within("timelock", TIMELOCK_BOUNDS, track.timelock)?;
        within("window", WINDOW_BOUNDS, track.window)?;
    }
    for track in [&tracks.market_outcome, &tracks.appeal] {
        within("outcome voting", OUTCOME_VOTING_BOUNDS, track.voting)?;
        within("quorum_bps", QUORUM_BOUNDS, track.quorum_bps)?;
    }
    within("floor", FLOOR_BOUNDS, tracks.floor)
}

/// Refuses a number outside its bounds.
pub fn within<T: Into<u128>>(name: &'static str, bounds: (T, T), actual: impl Into<u128>) -> Result<(), ContractError> {
    let (min, max, actual) = (bounds.0.into(), bounds.1.into(), actual.into());
    if (min..=max).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::OutOfRange { name, min, max, actual })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000_000;

    fn power(weight: u128, linear: u128) -> Power {
        Power {
            weight: weight.into(),
            linear: linear.into(),
        }
    }

    fn motion(kind: MotionKind, total: Power, yes: Power, no: Power) -> Motion {
        Motion {
            kind,
            total,
            locked: Uint128::zero(),
            yes,
            no,
            deposit: Uint128::one(),
            deposit_held: true,
            refund_bps: 500,
        }
    }

    fn outcome(weights: &[u128], total: u128) -> Outcome {
        let moment = Moment { height: 1, time: 1 };
        let tallies = weights.iter().zip(0u8..).map(|(weight, answer)| AnswerTally {
            answer,
            weight: Uint128::new(*weight),
        });
        Outcome {
            market: 1,
            answers: tallies.collect(),
            from: moment,
            to: moment,
            total: total.into(),
            quorum_bps: 1_000,
        }
    }

    fn proposal(subject: Subject, closing: Closing) -> Proposal {
        let schedule = Schedule {
            voting_starts: NOW + 10,
            voting_ends: NOW + 20,
            ready_at: NOW + 30,
            expires_at: Some(NOW + 40),
        };
        Proposal {
            closing,
            at: Moment { height: 1, time: NOW },
            schedule,
            subject,
        }
    }

    #[test]
    fn status_at_every_second() {
        use Status::*;
        let vote = |yes| motion(MotionKind::Params, power(100, 100), power(yes, yes), power(0, 0));
        let of = |yes, closing| proposal(Subject::Motion(vote(yes)), closing);
        let mut forever = of(51, Closing::Open);
        forever.schedule.expires_at = None;
        let table = [
            (of(51, Closing::Open), [Discussion, Voting, Timelocked, Ready, Expired]),
            (
                of(50, Closing::Open),
                [Discussion, Voting, Rejected, Rejected, Rejected],
            ),
            (forever, [Discussion, Voting, Timelocked, Ready, Ready]),
            (of(51, Closing::Executed), [Executed; 5]),
            (of(50, Closing::Withdrawn), [Withdrawn; 5]),
        ];
        for (proposal, statuses) in table {
            for second in 0..60 {
                let expected = statuses[(second / 10).min(4) as usize];
                assert_eq!(proposal.status(NOW + second), expected, "{second}");
            }
            assert_eq!(proposal.status(u64::MAX), statuses[4]);
        }
    }

    #[test]
    fn more_than_half_is_exact_everywhere() {
        let max = u128::MAX;
        let table = [
            (0, 0, false),
            (0, 1, false),
            (1, 1, true),
            (1, 2, false),
            (2, 3, true),
            (1, 3, false),
            (max / 2, max, false),
            (max / 2 + 1, max, true),
            (max / 2, max - 1, false),
            (max, max, true),
        ];
        for (part, total, expected) in table {
            assert_eq!(more_than_half(part.into(), total.into()), expected, "{part} of {total}");
        }
    }

    #[test]
    fn motions_pass_by_the_rule_of_their_kind() {
        use MotionKind::{Messages, Params, Reprice, Spend, StrategicIssuance};
        let total = power(100, 1_000);
        let table = [
            (51, 501, true, true),
            (51, 500, true, false),
            (50, 501, false, false),
            (50, 500, false, false),
            (100, 0, true, false),
            (0, 1_000, false, false),
        ];
        for (weight, linear, params, messages) in table {
            let passes = |kind| motion(kind, total, power(weight, linear), power(0, 0)).passes();
            assert_eq!(passes(Params), params, "{weight} {linear}");
            for kind in [Messages, StrategicIssuance, Spend, Reprice] {
                assert_eq!(passes(kind), messages, "{kind:?}: {weight} {linear}");
            }
        }
        let empty = motion(Params, power(0, 0), power(0, 0), power(0, 0));
        assert!(!empty.passes());
    }

    #[test]
    fn deposits_are_returned_from_the_share_on() {
        let table = [
            (50, 0, true),
            (0, 50, true),
            (25, 25, true),
            (49, 0, false),
            (24, 25, false),
        ];
        for (yes, no, returned) in table {
            let motion = motion(MotionKind::Params, power(1_000, 0), power(yes, 0), power(no, 0));
            assert_eq!(motion.returns_deposit(), returned, "{yes} {no}");
        }
    }

    #[test]
    fn outcomes_are_decided_by_most_weight_with_a_quorum() {
        let table: [(&[u128], u128, bool, Option<u8>); 12] = [
            (&[100, 0], 1_000, true, Some(0)),
            (&[99, 0], 1_000, false, None),
            (&[60, 40], 1_000, true, Some(0)),
            (&[40, 60], 1_000, true, Some(1)),
            (&[50, 50], 1_000, true, None),
            (&[50, 50, 51], 1_000, true, Some(2)),
            (&[51, 50, 50], 1_000, true, Some(0)),
            (&[51, 50, 51], 1_000, true, None),
            (&[0, 0], 0, false, None),
            (&[0, 0], 1_000, false, None),
            (&[1], 1, true, Some(0)),
            (&[u128::MAX - 1, 1], u128::MAX, true, Some(0)),
        ];
        for (weights, total, quorum, leading) in table {
            let outcome = outcome(weights, total);
            assert_eq!(
                (outcome.quorum_reached(), outcome.leading()),
                (quorum, leading),
                "{weights:?} of {total}"
            );
        }
    }

    #[test]
    fn appeals_are_decided_by_the_linear_weight_that_voted() {
        let table = [
            (100, 0, true, true),
            (99, 0, false, false),
            (51, 49, true, true),
            (50, 50, true, false),
            (49, 51, true, false),
            (0, 1_000, true, false),
            (0, 0, false, false),
            (50, 49, false, false),
        ];
        for (yes, no, quorum, granted) in table {
            // the other weight decides nothing
            let appeal = Appeal {
                case: 1,
                total: power(10, 1_000),
                yes: power(no, yes),
                no: power(yes, no),
                quorum_bps: 1_000,
            };
            assert_eq!(
                (appeal.quorum_reached(), appeal.granted()),
                (quorum, granted),
                "{yes} {no}"
            );
        }
        let nobody = Appeal {
            case: 1,
            total: power(0, 0),
            yes: power(0, 0),
            no: power(0, 0),
            quorum_bps: 1_000,
        };
        assert!(!nobody.quorum_reached() && !nobody.granted());
    }

    #[test]
    fn absurd_times_do_not_wrap() {
        let track = Track {
            discussion: 10,
            voting: 10,
            timelock: 10,
            window: 10,
        };
        let schedule = motion_schedule(&track, u64::MAX - 5);
        assert_eq!(
            (schedule.voting_starts, schedule.expires_at),
            (u64::MAX, Some(u64::MAX))
        );
    }
}
