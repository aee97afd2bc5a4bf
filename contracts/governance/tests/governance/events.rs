//! Whoever reads only the events knows the state.

use std::collections::BTreeMap;

use cosmwasm_std::Event;
use cw_multi_test::AppResponse;
use interfaces::governance::*;

use crate::world::*;

/// What a reader of events knows of a proposal.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    times: Vec<u64>,
    total: u128,
    /// choice → weight
    sums: BTreeMap<String, u128>,
    closed: Option<&'static str>,
    deposit: u128,
}

#[derive(Default)]
struct Reader(BTreeMap<u64, Known>);

fn get<'a>(event: &'a Event, key: &str) -> Option<&'a str> {
    let found = event.attributes.iter().find(|attribute| attribute.key == key);
    found.map(|attribute| attribute.value.as_str())
}

fn number<T: std::str::FromStr>(event: &Event, key: &str) -> Option<T> {
    get(event, key).and_then(|value| value.parse().ok())
}

impl Reader {
    fn read(&mut self, response: AppResponse) {
        for event in &response.events {
            let Some(id) = number(event, "proposal") else { continue };
            let known = self.0.entry(id).or_default();
            match event.ty.as_str() {
                "wasm-proposed" | "wasm-outcome_opened" | "wasm-appeal_opened" => {
                    let times = ["voting_starts", "voting_ends", "ready_at", "expires_at"];
                    known.times = times.iter().filter_map(|key| number(event, key)).collect();
                    let total = number(event, "total_weight").or_else(|| number(event, "total"));
                    known.total = total.unwrap();
                    known.deposit = number(event, "deposit").unwrap_or_default();
                }
                "wasm-voted" => {
                    let weight: u128 = number(event, "weight").unwrap();
                    if let Some(before) = get(event, "replaced") {
                        *known.sums.get_mut(before).unwrap() -= weight;
                    }
                    let choice = get(event, "choice").unwrap().to_owned();
                    *known.sums.entry(choice).or_default() += weight;
                }
                "wasm-withdrawn" => known.closed = Some("withdrawn"),
                "wasm-executed" | "wasm-decided" | "wasm-ruled" => known.closed = Some("executed"),
                "wasm-deposit_settled" => known.deposit -= number::<u128>(event, "amount").unwrap(),
                other => panic!("{other}"),
            }
        }
    }

    /// The same from the contract.
    fn check(&self, world: &World) {
        for (id, known) in &self.0 {
            let answer = world.proposal(*id);
            let schedule = answer.summary.schedule;
            let mut times = vec![schedule.voting_starts, schedule.voting_ends, schedule.ready_at];
            times.extend(schedule.expires_at);
            let closed = match answer.summary.status {
                Status::Withdrawn => Some("withdrawn"),
                Status::Executed => Some("executed"),
                _ => None,
            };
            let (total, deposit, sums) = match answer.subject {
                Subject::Motion {
                    yes,
                    no,
                    total,
                    deposit,
                    deposit_held,
                    ..
                } => {
                    let sums = vec![("yes".to_owned(), yes.weight), ("no".to_owned(), no.weight)];
                    (total.weight, if deposit_held { deposit.u128() } else { 0 }, sums)
                }
                Subject::Appeal { total, yes, no, .. } => {
                    let sums = vec![("yes".to_owned(), yes.weight), ("no".to_owned(), no.weight)];
                    (total.weight, 0, sums)
                }
                Subject::Outcome { answers, total, .. } => {
                    let sums = answers.iter().map(|tally| (tally.answer.to_string(), tally.weight));
                    (total, 0, sums.collect())
                }
            };
            let nothing = |sums: &BTreeMap<String, u128>| -> BTreeMap<String, u128> {
                sums.clone().into_iter().filter(|(_, sum)| *sum > 0).collect()
            };
            let sums = sums.into_iter().map(|(choice, sum)| (choice, sum.u128())).collect();
            let seen = Known {
                times,
                total: total.u128(),
                sums: nothing(&sums),
                closed,
                deposit,
            };
            let known = Known {
                sums: nothing(&known.sums),
                ..known.clone()
            };
            assert_eq!(known, seen, "{id}");
        }
    }
}

fn hook(action: Action) -> cosmwasm_std::Binary {
    let hook = Cw20Hook::Propose {
        title: "t".into(),
        description: String::new(),
        action,
    };
    cosmwasm_std::to_json_binary(&hook).unwrap()
}

#[test]
fn events_are_enough_to_rebuild_the_state() {
    let (mut world, mut reader) = (World::new(), Reader::default());
    let token = world.token.clone();
    for action in [world.messages(1), world.params(2), world.params(3)] {
        let msg = hook(action);
        reader.read(world.send_hook("dave", &token, DEPOSIT, msg).unwrap());
    }
    reader.read(world.withdraw("dave", 3).unwrap());
    reader.check(&world);
    world.advance(7 * DAY);
    let from = world.moment();
    let open = ExecuteMsg::OpenOutcome {
        market: 1,
        answers: vec![0, 9],
        from,
        to: from,
    };
    let (market, gov) = (world.market.clone(), world.gov.clone());
    reader.read(world.act(&market, &gov, &open).unwrap());
    let appeals = world.appeals.clone();
    reader.read(world.act(&appeals, &gov, &ExecuteMsg::OpenAppeal { case: 3 }).unwrap());
    let votes = [
        ("alice", 1, Choice::No),
        ("bob", 1, Choice::Yes),
        ("alice", 1, Choice::Yes),
        ("carol", 2, Choice::No),
        ("carol", 5, Choice::Yes),
        ("alice", 5, Choice::Yes),
        ("carol", 5, Choice::No),
        ("alice", 4, Choice::Answer(9)),
        ("bob", 4, Choice::Answer(0)),
        ("alice", 4, Choice::Answer(0)),
    ];
    for (who, id, choice) in votes {
        reader.read(world.vote(who, id, choice).unwrap());
        reader.check(&world);
    }
    world.advance(8 * DAY);
    for id in [1, 4, 5] {
        reader.read(world.execute(id).unwrap());
    }
    for id in [1, 2, 3] {
        reader.read(world.settle(id).unwrap());
    }
    reader.check(&world);
    assert_eq!(reader.0.len(), 5);
}
