//! Random lives of proposals against a plain shadow that keeps every vote in a map and counts them anew each time.

use std::collections::BTreeMap;

use interfaces::governance::*;
use proptest::prelude::*;

use crate::world::*;

const NAMES: [&str; 5] = ["alice", "bob", "carol", "dave", "mallory"];

#[derive(Clone, Debug)]
enum Op {
    Stake { who: usize, lco: u128 },
    Propose { who: usize, money: bool },
    Open { market: u64 },
    Vote { who: usize, which: usize, choice: u8 },
    Withdraw { who: usize, which: usize },
    Execute { which: usize },
    Settle { which: usize },
    Advance { seconds: u64 },
}

fn op() -> impl Strategy<Value = Op> {
    let (who, which) = (|| 0..NAMES.len(), || 0..8usize);
    let steps = prop::sample::select(vec![1, 3_600, DAY, 2 * DAY, 4 * DAY, 7 * DAY - 1, 7 * DAY, 14 * DAY]);
    prop_oneof![
        3 => (who(), 0..2_000_000u128).prop_map(|(who, lco)| Op::Stake { who, lco }),
        4 => (who(), any::<bool>()).prop_map(|(who, money)| Op::Propose { who, money }),
        1 => (0..3u64).prop_map(|market| Op::Open { market }),
        14 => (who(), which(), 0..4u8).prop_map(|(who, which, choice)| Op::Vote { who, which, choice }),
        1 => (who(), which()).prop_map(|(who, which)| Op::Withdraw { who, which }),
        3 => which().prop_map(|which| Op::Execute { which }),
        3 => which().prop_map(|which| Op::Settle { which }),
        5 => steps.prop_map(|seconds| Op::Advance { seconds }),
    ]
}

/// A proposal as one would write it down by hand.
struct Paper {
    by: usize,
    money: Option<bool>,
    made: u64,
    /// Of each account, at the moment.
    stakes: BTreeMap<usize, u128>,
    votes: BTreeMap<usize, Choice>,
    executed: bool,
    withdrawn: bool,
    settled: bool,
}

impl Paper {
    fn total(&self) -> u128 {
        self.stakes.values().sum()
    }

    fn sum(&self, choice: Choice) -> u128 {
        let votes = self.votes.iter().filter(|(_, one)| **one == choice);
        votes.map(|(who, _)| self.stakes[who]).sum()
    }

    fn status(&self, now: u64) -> Status {
        let age = now - self.made;
        let passed = self.sum(Choice::Yes) * 2 > self.total();
        match (self.executed, self.withdrawn, self.money, age / DAY) {
            (true, ..) => Status::Executed,
            (_, true, ..) => Status::Withdrawn,
            (_, _, None, 0..=3) => Status::Voting,
            (_, _, None, _) => Status::Ready,
            (_, _, _, 0..=6) => Status::Discussion,
            (_, _, _, 7..=13) => Status::Voting,
            _ if !passed => Status::Rejected,
            (_, _, _, 14) => Status::Timelocked,
            (_, _, _, 15..=28) => Status::Ready,
            _ => Status::Expired,
        }
    }

    /// Of 5 % on.
    fn returns(&self) -> bool {
        self.withdrawn || (self.sum(Choice::Yes) + self.sum(Choice::No)) * 20 >= self.total()
    }
}

struct Shadow {
    world: World,
    /// account → (second, stake)
    history: BTreeMap<usize, Vec<(u64, u128)>>,
    papers: Vec<Paper>,
    balances: BTreeMap<usize, u128>,
    lost: u128,
    executions: Vec<u64>,
}

impl Shadow {
    fn new() -> Self {
        Self {
            world: World::empty(false),
            history: BTreeMap::new(),
            papers: vec![],
            balances: (0..NAMES.len()).map(|who| (who, WEALTH)).collect(),
            lost: 0,
            executions: vec![],
        }
    }

    fn stakes(&self) -> BTreeMap<usize, u128> {
        let now = self.world.now();
        let before = |history: &Vec<(u64, u128)>| {
            let last = history.iter().rfind(|(second, _)| *second < now);
            last.map(|(_, stake)| *stake).unwrap_or_default()
        };
        self.history
            .iter()
            .map(|(who, history)| (*who, before(history)))
            .collect()
    }

    fn paper(&self, by: usize, money: Option<bool>) -> Paper {
        Paper {
            by,
            money,
            made: self.world.now(),
            stakes: self.stakes(),
            votes: BTreeMap::new(),
            executed: false,
            withdrawn: false,
            settled: false,
        }
    }

    fn above_floor(&self) -> bool {
        self.stakes().values().sum::<u128>() >= FLOOR
    }

    /// What was done, and what should have been.
    fn step(&mut self, op: &Op) -> (bool, bool) {
        let now = self.world.now();
        match *op {
            Op::Stake { who, lco } => {
                self.world.stake(NAMES[who], lco * ONE);
                self.history.entry(who).or_default().push((now, lco * ONE));
                (true, true)
            }
            Op::Advance { seconds } => {
                self.world.advance(seconds);
                (true, true)
            }
            Op::Propose { who, money } => self.propose(who, money),
            Op::Open { market } => {
                let from = self.world.moment();
                let done = self.world.open(market, &[0, 1], from).is_ok();
                let paper = self.paper(0, None);
                self.papers.push(paper);
                (done, true)
            }
            Op::Vote { who, which, choice } => self.vote(who, which, choice),
            Op::Withdraw { who, which } => {
                let done = self.world.withdraw(NAMES[who], which as u64 + 1).is_ok();
                let Some(paper) = self.papers.get_mut(which) else {
                    return (done, false);
                };
                let legal = paper.by == who && paper.status(now) == Status::Discussion;
                paper.withdrawn |= legal;
                (done, legal)
            }
            Op::Execute { which } => self.execute(which),
            Op::Settle { which } => self.settle(which),
        }
    }

    fn propose(&mut self, who: usize, money: bool) -> (bool, bool) {
        let value = self.papers.len() as u64 + 1;
        let action = match money {
            true => self.world.messages(value),
            false => self.world.params(value),
        };
        let done = self.world.propose(NAMES[who], action).is_ok();
        let legal = self.above_floor();
        if legal {
            let paper = self.paper(who, Some(money));
            self.papers.push(paper);
            *self.balances.get_mut(&who).unwrap() -= DEPOSIT;
        }
        (done, legal)
    }

    fn vote(&mut self, who: usize, which: usize, choice: u8) -> (bool, bool) {
        let choice = [Choice::Yes, Choice::No, Choice::Answer(0), Choice::Answer(1)][usize::from(choice)];
        let done = self.world.vote(NAMES[who], which as u64 + 1, choice).is_ok();
        let now = self.world.now();
        let Some(paper) = self.papers.get_mut(which) else {
            return (done, false);
        };
        let legal = paper.status(now) == Status::Voting
            && paper.money.is_none() == matches!(choice, Choice::Answer(_))
            && paper.stakes.get(&who).is_some_and(|stake| *stake > 0)
            && paper.votes.get(&who) != Some(&choice);
        if legal {
            paper.votes.insert(who, choice);
        }
        (done, legal)
    }

    fn execute(&mut self, which: usize) -> (bool, bool) {
        let done = self.world.execute(which as u64 + 1).is_ok();
        let (now, above) = (self.world.now(), self.above_floor());
        let Some(paper) = self.papers.get_mut(which) else {
            return (done, false);
        };
        let legal = paper.status(now) == Status::Ready && (above || paper.money.is_none());
        if legal {
            paper.executed = true;
            if paper.money.is_some() {
                self.executions.push(which as u64 + 1);
            }
        }
        (done, legal)
    }

    fn settle(&mut self, which: usize) -> (bool, bool) {
        let done = self.world.settle(which as u64 + 1).is_ok();
        let now = self.world.now();
        let Some(paper) = self.papers.get_mut(which) else {
            return (done, false);
        };
        let over = !matches!(paper.status(now), Status::Discussion | Status::Voting);
        let legal = over && paper.money.is_some() && !paper.settled;
        if legal {
            paper.settled = true;
            match paper.returns() {
                true => *self.balances.get_mut(&paper.by).unwrap() += DEPOSIT,
                false => self.lost += DEPOSIT,
            }
        }
        (done, legal)
    }

    fn check(&self) {
        let now = self.world.now();
        for (index, paper) in self.papers.iter().enumerate() {
            let id = index as u64 + 1;
            let answer = self.world.proposal(id);
            assert_eq!(answer.summary.status, paper.status(now), "{id}");
            match answer.subject {
                Subject::Motion { yes, no, total, .. } => {
                    let sums = [paper.sum(Choice::Yes), paper.sum(Choice::No), paper.total()];
                    assert_eq!([yes, no, total].map(|power| power.weight.u128()), sums);
                    assert_eq!([yes, no, total].map(|power| power.linear.u128()), sums);
                }
                Subject::Outcome { answers, total, .. } => {
                    let sums = [0, 1].map(|answer| paper.sum(Choice::Answer(answer)));
                    assert_eq!(
                        answers.iter().map(|tally| tally.weight.u128()).collect::<Vec<_>>(),
                        sums
                    );
                    assert_eq!(total.u128(), paper.total());
                }
                Subject::Appeal { .. } => panic!("nobody appeals here"),
            }
        }
        // deposits = held + returned + passed on
        let held = self
            .papers
            .iter()
            .filter(|paper| paper.money.is_some() && !paper.settled);
        assert_eq!(self.world.balance(&self.world.gov), held.count() as u128 * DEPOSIT);
        assert_eq!(self.world.balance(&self.world.user("fund")), self.lost);
        for (who, balance) in &self.balances {
            assert_eq!(self.world.balance(&self.world.user(NAMES[*who])), *balance);
        }
        assert_eq!(self.world.values(), self.executions);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn tallies_status_and_deposits_are_those_of_the_shadow(
        stakes in prop::collection::vec(0..1_500_000u128, NAMES.len()),
        ops in prop::collection::vec(op(), 1..60),
    ) {
        let mut shadow = Shadow::new();
        for (who, lco) in stakes.into_iter().enumerate() {
            shadow.step(&Op::Stake { who, lco });
        }
        shadow.step(&Op::Advance { seconds: 1 });
        for op in ops {
            let (done, expected) = shadow.step(&op);
            prop_assert_eq!(done, expected, "{:?}", op);
            shadow.check();
        }
    }
}
