//! The compact form of every row that grows in number or is read by every message. A written byte costs 30 gas: a proposal, which every vote rewrites, has about 65 of
//! them here, and four times as many as JSON.

use cosmwasm_std::{from_json, to_json_vec, Addr, Binary, StdResult, Uint128};
use interfaces::governance::{AnswerTally, Choice, OutcomeTrack, Params, Schedule, Track, Tracks};
use interfaces::voting::{Moment, Power};
use kit::compact::{corrupt, Reader, Row, Writer};

use crate::state::{
    Appeal, Ballot, Call, Closing, Config, Content, Deed, Motion, MotionKind, Network, Outcome, Proposal, Subject,
    Terms,
};

fn write_moment(to: &mut Writer, moment: Moment) {
    to.int(moment.height);
    to.int(moment.time);
}

fn read_moment(from: &mut Reader) -> StdResult<Moment> {
    Ok(Moment {
        height: from.int()?,
        time: from.int()?,
    })
}

fn write_power(to: &mut Writer, power: Power) {
    to.ints([power.weight, power.linear]);
}

fn read_power(from: &mut Reader) -> StdResult<Power> {
    Ok(Power {
        weight: from.amount()?,
        linear: from.amount()?,
    })
}

/// Codes of a motion's kinds; the place in this list.
const KINDS: [MotionKind; 5] = [
    MotionKind::Params,
    MotionKind::Messages,
    MotionKind::StrategicIssuance,
    MotionKind::Spend,
    MotionKind::Reprice,
];
/// Code of an outcome, where a motion has its kind's.
const OUTCOME: u8 = 255;
/// Code of an appeal.
const APPEAL: u8 = 254;
/// Codes of how a proposal was closed; the place in this list.
const CLOSINGS: [Closing; 3] = [Closing::Open, Closing::Executed, Closing::Withdrawn];

fn code_of<T: PartialEq>(list: &[T], value: &T) -> u128 {
    list.iter().position(|one| one == value).unwrap_or_default() as u128
}

fn named<T: Copy>(list: &[T], code: u8) -> StdResult<T> {
    list.get(usize::from(code))
        .copied()
        .ok_or_else(|| corrupt("unknown code"))
}

impl Row for Proposal {
    fn write(&self, to: &mut Writer) {
        to.int(code_of(&CLOSINGS, &self.closing));
        write_moment(to, self.at);
        write_schedule(to, self.at.time, &self.schedule);
        match &self.subject {
            Subject::Motion(motion) => write_motion(to, motion),
            Subject::Outcome(outcome) => write_outcome(to, outcome),
            Subject::Appeal(appeal) => write_appeal(to, appeal),
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let closing = named(&CLOSINGS, from.int()?)?;
        let at = read_moment(from)?;
        Ok(Self {
            closing,
            at,
            schedule: read_schedule(from, at.time)?,
            subject: match from.int::<u8>()? {
                OUTCOME => Subject::Outcome(read_outcome(from)?),
                APPEAL => Subject::Appeal(read_appeal(from)?),
                kind => Subject::Motion(read_motion(from, kind)?),
            },
        })
    }
}

/// As seconds after `made`: a third of the bytes that times take. Nothing expires when it is made, so that is what never expires.
fn write_schedule(to: &mut Writer, made: u64, schedule: &Schedule) {
    let Schedule {
        voting_starts,
        voting_ends,
        ready_at,
        expires_at,
    } = *schedule;
    let times = [voting_starts, voting_ends, ready_at, expires_at.unwrap_or(made)];
    to.ints(times.map(|time| time.wrapping_sub(made)));
}

fn write_motion(to: &mut Writer, motion: &Motion) {
    to.int(code_of(&KINDS, &motion.kind));
    [motion.total, motion.yes, motion.no]
        .into_iter()
        .for_each(|power| write_power(to, power));
    if motion.kind.moves_money() {
        to.int(motion.locked);
    }
    to.int(motion.deposit);
    to.int(motion.deposit_held);
    to.int(motion.refund_bps);
}

fn write_outcome(to: &mut Writer, outcome: &Outcome) {
    to.int(OUTCOME);
    to.int(outcome.market);
    to.list(&outcome.answers, |to, tally| {
        to.int(tally.answer);
        to.int(tally.weight);
    });
    write_moment(to, outcome.from);
    write_moment(to, outcome.to);
    to.int(outcome.total);
    to.int(outcome.quorum_bps);
}

fn write_appeal(to: &mut Writer, appeal: &Appeal) {
    to.int(APPEAL);
    to.int(appeal.case);
    [appeal.total, appeal.yes, appeal.no]
        .into_iter()
        .for_each(|power| write_power(to, power));
    to.int(appeal.quorum_bps);
}

fn read_schedule(from: &mut Reader, made: u64) -> StdResult<Schedule> {
    let time = |from: &mut Reader| from.int().map(|after| made.wrapping_add(after));
    Ok(Schedule {
        voting_starts: time(from)?,
        voting_ends: time(from)?,
        ready_at: time(from)?,
        expires_at: Some(time(from)?).filter(|time| *time != made),
    })
}

fn read_motion(from: &mut Reader, kind: u8) -> StdResult<Motion> {
    let kind = named(&KINDS, kind)?;
    Ok(Motion {
        kind,
        total: read_power(from)?,
        yes: read_power(from)?,
        no: read_power(from)?,
        locked: match kind.moves_money() {
            true => from.amount()?,
            false => Uint128::zero(),
        },
        deposit: from.amount()?,
        deposit_held: from.flag()?,
        refund_bps: from.int()?,
    })
}

fn read_outcome(from: &mut Reader) -> StdResult<Outcome> {
    let tally = |from: &mut Reader| {
        Ok(AnswerTally {
            answer: from.int()?,
            weight: from.amount()?,
        })
    };
    Ok(Outcome {
        market: from.int()?,
        answers: from.list(tally)?,
        from: read_moment(from)?,
        to: read_moment(from)?,
        total: from.amount()?,
        quorum_bps: from.int()?,
    })
}

fn read_appeal(from: &mut Reader) -> StdResult<Appeal> {
    Ok(Appeal {
        case: from.int()?,
        total: read_power(from)?,
        yes: read_power(from)?,
        no: read_power(from)?,
        quorum_bps: from.int()?,
    })
}

impl Row for Config {
    fn write(&self, to: &mut Writer) {
        to.text(self.terms.voting_module.as_str());
        to.text(self.terms.deposit_token.as_str());
        to.option(&self.network, |to, network| {
            to.text(network.allocation.as_str());
            to.text(network.treasury.as_str());
        });
        to.int(self.params.deposit);
        to.text(&self.params.deposit_recipient);
        to.int(self.params.refund_bps);
        [&self.tracks.params, &self.tracks.messages]
            .into_iter()
            .for_each(|track| to.ints([track.discussion, track.voting, track.timelock, track.window]));
        for track in [&self.tracks.market_outcome, &self.tracks.appeal] {
            to.int(track.voting);
            to.int(track.quorum_bps);
        }
        to.int(self.tracks.floor);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            terms: Terms {
                voting_module: Addr::unchecked(from.text()?),
                deposit_token: Addr::unchecked(from.text()?),
            },
            network: from.option(|from| {
                Ok(Network {
                    allocation: Addr::unchecked(from.text()?),
                    treasury: Addr::unchecked(from.text()?),
                })
            })?,
            params: Params {
                deposit: from.amount()?,
                deposit_recipient: from.text()?,
                refund_bps: from.int()?,
            },
            tracks: Tracks {
                params: read_track(from)?,
                messages: read_track(from)?,
                market_outcome: read_outcome_track(from)?,
                appeal: read_outcome_track(from)?,
                floor: from.amount()?,
            },
        })
    }
}

fn read_track(from: &mut Reader) -> StdResult<Track> {
    Ok(Track {
        discussion: from.int()?,
        voting: from.int()?,
        timelock: from.int()?,
        window: from.int()?,
    })
}

fn read_outcome_track(from: &mut Reader) -> StdResult<OutcomeTrack> {
    Ok(OutcomeTrack {
        voting: from.int()?,
        quorum_bps: from.int()?,
    })
}

/// The bytes of calls to `set_params` stand as they are, where JSON would hold a third more of them; what else a motion may be stands as JSON.
impl Row for Content {
    fn write(&self, to: &mut Writer) {
        to.account(&self.proposer);
        to.text(&self.title);
        to.text(&self.description);
        match &self.deed {
            Deed::Calls(calls) => to.list(calls, |to, call| {
                to.account(&call.contract);
                to.bytes(&call.msg);
            }),
            Deed::Other(action) => {
                // no calls are no motion
                to.int(0u8);
                // a type without maps or floats has a JSON form
                to.bytes(&to_json_vec(action).unwrap_or_default());
            }
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let (proposer, title, description) = (from.account()?, from.text()?, from.text()?);
        let call = |from: &mut Reader| {
            Ok(Call {
                contract: from.account()?,
                msg: Binary::from(from.bytes()?),
            })
        };
        let calls = from.list(call)?;
        Ok(Self {
            proposer,
            title,
            description,
            deed: match calls.is_empty() {
                true => Deed::Other(from_json(from.bytes()?)?),
                false => Deed::Calls(calls),
            },
        })
    }
}

impl Row for Ballot {
    fn write(&self, to: &mut Writer) {
        to.int(match self.choice {
            Choice::Yes => 0,
            Choice::No => 1,
            Choice::Answer(answer) => u128::from(answer).saturating_add(2),
        });
        write_power(to, self.power);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let choice = match from.int::<u16>()? {
            0 => Choice::Yes,
            1 => Choice::No,
            code => {
                let answer = u8::try_from(code.saturating_sub(2));
                Choice::Answer(answer.map_err(|_| corrupt("unknown code"))?)
            }
        };
        let power = read_power(from)?;
        Ok(Self { choice, power })
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockApi;
    use interfaces::governance::Action;
    use kit::compact::{decode, encode, Account};
    use proptest::prelude::*;

    use super::*;

    fn power() -> impl Strategy<Value = Power> {
        (any::<u128>(), any::<u128>()).prop_map(|(weight, linear)| Power {
            weight: weight.into(),
            linear: linear.into(),
        })
    }

    fn moment() -> impl Strategy<Value = Moment> {
        (any::<u64>(), any::<u64>()).prop_map(|(height, time)| Moment { height, time })
    }

    fn motion() -> impl Strategy<Value = Subject> {
        let kind = prop::sample::select(KINDS.to_vec());
        (
            kind,
            [power(), power(), power()],
            any::<[u128; 2]>(),
            any::<bool>(),
            any::<u16>(),
        )
            .prop_map(
                |(kind, [total, yes, no], [deposit, locked], deposit_held, refund_bps)| {
                    Subject::Motion(Motion {
                        kind,
                        total,
                        locked: if kind.moves_money() { locked } else { 0 }.into(),
                        yes,
                        no,
                        deposit: deposit.into(),
                        deposit_held,
                        refund_bps,
                    })
                },
            )
    }

    fn outcome() -> impl Strategy<Value = Subject> {
        let answers = prop::collection::vec((any::<u8>(), any::<u128>()), 0..20);
        (any::<u64>(), answers, moment(), moment(), any::<u128>(), any::<u16>()).prop_map(
            |(market, answers, from, to, total, quorum_bps)| {
                let tally = |(answer, weight): (u8, u128)| AnswerTally {
                    answer,
                    weight: weight.into(),
                };
                Subject::Outcome(Outcome {
                    market,
                    answers: answers.into_iter().map(tally).collect(),
                    from,
                    to,
                    total: total.into(),
                    quorum_bps,
                })
            },
        )
    }

    fn appeal() -> impl Strategy<Value = Subject> {
        (any::<u64>(), [power(), power(), power()], any::<u16>()).prop_map(|(case, [total, yes, no], quorum_bps)| {
            Subject::Appeal(Appeal {
                case,
                total,
                yes,
                no,
                quorum_bps,
            })
        })
    }

    prop_compose! {
        fn proposal()(
            closing in prop::sample::select(CLOSINGS.to_vec()),
            at in moment(),
            times in any::<[u64; 3]>(),
            life in prop::option::of(1..=u64::MAX),
            subject in prop_oneof![motion(), outcome(), appeal()],
        ) -> Proposal {
            let [voting_starts, voting_ends, ready_at] = times;
            let expires_at = life.map(|life| at.time.wrapping_add(life));
            let schedule = Schedule { voting_starts, voting_ends, ready_at, expires_at };
            Proposal { closing, at, schedule, subject }
        }
    }

    fn account(name: &str) -> Account {
        let api = MockApi::default();
        Account::parse(&api, api.addr_make(name).as_str()).unwrap()
    }

    fn deed() -> impl Strategy<Value = Deed> {
        let call = (any::<u8>(), any::<Vec<u8>>()).prop_map(|(contract, msg)| Call {
            contract: account(&contract.to_string()),
            msg: msg.into(),
        });
        let calls = prop::collection::vec(call, 1..5).prop_map(Deed::Calls);
        let spend = (".*", any::<u128>()).prop_map(|(to, amount)| {
            let amount = amount.into();
            Deed::Other(Action::Spend { to, amount })
        });
        let reprice = any::<i8>().prop_map(|exponent| Deed::Other(Action::Reprice { exponent }));
        prop_oneof![calls, spend, reprice]
    }

    fn choice() -> impl Strategy<Value = Choice> {
        prop_oneof![
            Just(Choice::Yes),
            Just(Choice::No),
            any::<u8>().prop_map(Choice::Answer)
        ]
    }

    proptest! {
        #[test]
        fn what_a_motion_says_is_read_as_it_was_written(title in ".*", description in ".*", deed in deed()) {
            let content = Content { proposer: account("proposer"), title, description, deed };
            prop_assert_eq!(decode::<Content>(&encode(&content)).unwrap(), content);
        }

        #[test]
        fn every_vote_is_read_as_it_was_written(choice in choice(), power in power()) {
            let ballot = Ballot { choice, power };
            prop_assert_eq!(decode::<Ballot>(&encode(&ballot)).unwrap(), ballot);
        }

        #[test]
        fn settings_are_read_as_they_were_written(texts: [String; 3], network: Option<[String; 2]>, times: [[u64; 4]; 2], votes: [(u64, u16); 2], sums: [u128; 2], refund_bps: u16) {
            let [voting_module, deposit_token, deposit_recipient] = texts;
            let [params, messages] = times.map(|[discussion, voting, timelock, window]| Track { discussion, voting, timelock, window });
            let [market_outcome, appeal] = votes.map(|(voting, quorum_bps)| OutcomeTrack { voting, quorum_bps });
            let [deposit, floor] = sums.map(Into::into);
            let config = Config {
                terms: Terms { voting_module: Addr::unchecked(voting_module), deposit_token: Addr::unchecked(deposit_token) },
                network: network.map(|peers| {
                    let [allocation, treasury] = peers.map(Addr::unchecked);
                    Network { allocation, treasury }
                }),
                params: Params { deposit, deposit_recipient, refund_bps },
                tracks: Tracks { params, messages, market_outcome, appeal, floor },
            };
            prop_assert_eq!(decode::<Config>(&encode(&config)).unwrap(), config);
        }

        #[test]
        fn every_proposal_is_read_as_it_was_written(proposal in proposal(), cut in any::<prop::sample::Index>()) {
            let bytes = encode(&proposal);
            prop_assert_eq!(decode::<Proposal>(&bytes).unwrap(), proposal);
            // and no part of a row is a row
            prop_assert!(decode::<Proposal>(&bytes[..cut.index(bytes.len())]).is_err());
            prop_assert!(decode::<Proposal>(&[bytes.as_slice(), &[0]].concat()).is_err());
        }
    }

    #[test]
    fn unknown_codes_are_refused() {
        assert!(decode::<Proposal>(&[3, 0, 0, 0, 0, 0, 0, 0]).is_err());
        assert!(decode::<Proposal>(&[0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).is_err());
        assert!(decode::<Proposal>(&[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).is_ok());
        assert!(decode::<Ballot>(&[130, 2, 0, 0]).is_err());
        // 19 bytes that never end
        assert!(decode::<Proposal>(&[
            0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255
        ])
        .is_err());
    }
}
