//! Random operations against a slow shadow: the list of everything that ever happened.

use cosmwasm_std::Addr;
use interfaces::lco_staking::{ExecuteMsg, Params, Tier, UNBONDING_SECONDS};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::bench::*;

#[derive(Clone, Debug)]
enum Op {
    Stake {
        who: usize,
        amount: u128,
    },
    /// Of what is staked, in thousandths; above 1,000 is too much.
    Unstake {
        who: usize,
        thousandths: u128,
    },
    Claim {
        who: usize,
    },
    Refresh {
        first: usize,
        count: usize,
    },
    Thresholds {
        tenths: u128,
    },
    Mark,
    /// Half seconds.
    Wait {
        halves: u64,
    },
}

/// One account as a list of what it had from which message on.
#[derive(Clone, Default)]
struct Shadow {
    /// (second of the message, stake, tier)
    changes: Vec<(u64, u128, Tier)>,
    /// (second of the message, amount)
    unstaked: Vec<(u64, u128)>,
}

impl Shadow {
    fn present(&self) -> (u128, Tier) {
        self.changes
            .last()
            .map_or((0, Tier::Lv1), |change| (change.1, change.2))
    }

    /// What was there before anything that happened in that second.
    fn at(&self, time: u64) -> (u128, Tier) {
        let before = self.changes.iter().rev().find(|change| change.0 < time);
        before.map_or((0, Tier::Lv1), |change| (change.1, change.2))
    }

    fn power(&self, time: u64) -> u128 {
        match self.at(time) {
            (stake, Tier::Whale) => stake,
            _ => 0,
        }
    }

    /// Whether what was unstaked at `second` can be claimed: a week after the last of its day.
    fn is_due(&self, second: u64, now: u64) -> bool {
        let same_day = self.unstaked.iter().filter(|other| other.0 / DAY == second / DAY);
        same_day.map(|other| other.0).max().unwrap() + UNBONDING_SECONDS <= now
    }

    /// What can be claimed.
    fn due(&self, now: u64) -> u128 {
        let due = self.unstaked.iter().filter(|entry| self.is_due(entry.0, now));
        due.map(|entry| entry.1).sum()
    }
}

fn tier_of(params: &Params, stake: u128) -> Tier {
    let steps = [
        (params.whale, Tier::Whale),
        (params.lv4, Tier::Lv4),
        (params.lv3, Tier::Lv3),
        (params.lv2, Tier::Lv2),
    ];
    let reached = steps.into_iter().find(|(threshold, _)| threshold.u128() <= stake);
    reached.map_or(Tier::Lv1, |(_, tier)| tier)
}

struct Pair {
    bench: Bench,
    users: Vec<Addr>,
    shadows: Vec<Shadow>,
    params: Params,
}

impl Pair {
    fn new(users: usize) -> Self {
        let bench = Bench::new();
        Self {
            users: (0..users).map(|index| bench.user(&format!("user{index}"))).collect(),
            shadows: vec![Shadow::default(); users],
            params: Params::default(),
            bench,
        }
    }

    fn set(&mut self, who: usize, stake: u128, tier: Tier) {
        self.shadows[who].changes.push((self.bench.now(), stake, tier));
    }

    fn apply(&mut self, op: Op) {
        match op {
            Op::Stake { who, amount } => self.stake(who, amount),
            Op::Unstake { who, thousandths } => self.unstake(who, thousandths),
            Op::Claim { who } => self.claim(who),
            Op::Refresh { first, count } => self.refresh(first, count),
            Op::Thresholds { tenths: times } => {
                self.params = tenths(times);
                self.bench.set_params(self.params);
            }
            Op::Mark => {
                let anyone = self.bench.user("anyone");
                self.bench.ok(&anyone, ExecuteMsg::Mark {});
            }
            Op::Wait { halves } => (0..halves.min(8)).for_each(|_| self.bench.block()),
        }
        if let Op::Wait { halves } = op {
            self.bench.wait(halves.saturating_sub(8) / 2);
        }
    }

    fn stake(&mut self, who: usize, amount: u128) {
        let stake = self.shadows[who].present().0 + amount;
        self.bench.stake(&self.users[who].clone(), amount);
        self.set(who, stake, tier_of(&self.params, stake));
    }

    fn unstake(&mut self, who: usize, thousandths: u128) {
        let (had, user) = (self.shadows[who].present().0, self.users[who].clone());
        let value = had * thousandths / 1_000;
        let msg = ExecuteMsg::Unstake { amount: amount(value) };
        if value == 0 || value > had {
            let expected = if value == 0 { 1 } else { 2 };
            assert_eq!(self.bench.refused(&user, msg), expected);
            return;
        }
        self.bench.ok(&user, msg);
        self.set(who, had - value, tier_of(&self.params, had - value));
        let second = self.bench.now();
        self.shadows[who].unstaked.push((second, value));
    }

    fn claim(&mut self, who: usize) {
        let (now, user) = (self.bench.now(), self.users[who].clone());
        let due = self.shadows[who].due(now);
        assert_eq!(self.bench.account(&user).claimable.u128(), due);
        if due == 0 {
            assert_eq!(self.bench.refused(&user, ExecuteMsg::Claim {}), 3);
            return;
        }
        assert_eq!(self.bench.ok(&user, ExecuteMsg::Claim {}).messages.len(), 1);
        let shadow = &mut self.shadows[who];
        let whole = shadow.clone();
        shadow.unstaked.retain(|entry| !whole.is_due(entry.0, now));
    }

    fn refresh(&mut self, first: usize, count: usize) {
        let chosen: Vec<_> = (first..self.users.len()).take(count).collect();
        let users: Vec<_> = chosen.iter().map(|index| self.users[*index].clone()).collect();
        self.bench.refresh(&users.iter().collect::<Vec<_>>());
        for index in chosen {
            let (stake, tier) = self.shadows[index].present();
            let due = tier_of(&self.params, stake);
            if due != tier {
                self.set(index, stake, due);
            }
        }
    }

    /// The present, account by account and in total.
    fn check_present(&self) {
        let (mut bonded, mut weighted, mut whale, mut stakers, mut unbonding) = (0, 0, 0, 0, 0);
        for (user, shadow) in self.users.iter().zip(&self.shadows) {
            let (stake, tier) = shadow.present();
            let account = self.bench.account(user);
            assert_eq!((account.stake.u128(), account.tier), (stake, tier));
            assert_eq!(account.due, tier_of(&self.params, stake));
            let leaving: u128 = account.unbonding.iter().map(|entry| entry.amount.u128()).sum();
            assert_eq!(leaving, shadow.unstaked.iter().map(|entry| entry.1).sum::<u128>());
            assert!(account.unbonding.len() <= 9);
            assert!(account.unbonding.is_sorted_by_key(|entry| entry.until));
            bonded += stake;
            weighted += stake * u128::from(tier.weight());
            whale += if tier == Tier::Whale { stake } else { 0 };
            stakers += u64::from(stake > 0);
            unbonding += leaving;
        }
        let overview = self.bench.overview();
        let sums = [overview.bonded, overview.weighted, overview.whale, overview.unbonding];
        assert_eq!(sums.map(|sum| sum.u128()), [bonded, weighted, whale, unbonding]);
        assert_eq!(overview.stakers, stakers);
    }

    /// One second of the past: every account as the shadow has it, and every total the sum over the accounts.
    fn check_second(&self, time: u64, since: u64) {
        let (mut votes, mut stake, mut stake_seconds, mut weight_seconds) = (0, 0, 0, 0);
        let mut totals = (0, 0);
        for (user, shadow) in self.users.iter().zip(&self.shadows) {
            let power = self.bench.power(user, at(time));
            assert_eq!(power, shadow.power(time), "votes of {user} at {time}");
            let bonded = self.bench.outcome_power(user, at(time), at(time));
            assert_eq!(bonded, shadow.at(time).0, "stake of {user} at {time}");
            assert_eq!(
                self.bench.tier_at(user, time),
                shadow.at(time).1,
                "tier of {user} at {time}"
            );
            let (from, to) = (since.min(time), since.max(time));
            let (stakes, weights) = (
                self.bench.stake_seconds(user, from, to),
                self.bench.weight_seconds(user, from, to),
            );
            votes += power;
            stake += bonded;
            stake_seconds += stakes.0;
            weight_seconds += weights.0;
            totals = (stakes.1, weights.1);
        }
        assert_eq!(self.bench.total_power(at(time)), votes, "votes at {time}");
        assert_eq!(self.bench.outcome_total(at(time), at(time)), stake, "stake at {time}");
        assert_eq!(
            totals,
            (stake_seconds, weight_seconds),
            "integrals between {time} and {since}"
        );
    }
}

/// Stakes about the thresholds, whatever they are at the time.
fn stake() -> impl Strategy<Value = u128> {
    let near = prop::sample::select(vec![1_000u128, 10_000, 50_000, 100_000]);
    prop_oneof![
        (near, -2i64..=2).prop_map(|(lco, off)| (lco * LCO).checked_add_signed(off.into()).unwrap()),
        1u128..120_000 * LCO,
        1u128..10,
    ]
}

fn op(users: usize) -> impl Strategy<Value = Op> {
    let who = 0..users;
    prop_oneof![
        8 => (who.clone(), stake()).prop_map(|(who, amount)| Op::Stake { who, amount }),
        5 => (who.clone(), prop_oneof![0u128..=1_010, Just(1_000)])
            .prop_map(|(who, thousandths)| Op::Unstake { who, thousandths }),
        2 => who.clone().prop_map(|who| Op::Claim { who }),
        2 => (who, 1usize..=100).prop_map(|(first, count)| Op::Refresh { first, count }),
        1 => (1u128..=100).prop_map(|tenths| Op::Thresholds { tenths }),
        1 => Just(Op::Mark),
        8 => prop_oneof![6 => 1u64..=5, 1 => 6u64..400, 1 => Just(2 * DAY), 1 => 0..8 * 2 * DAY]
            .prop_map(|halves| Op::Wait { halves }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn total_is_the_sum_over_a_thousand_accounts_at_every_past_second(
        ops in vec(op(1_000), 2_500..3_000),
        asked in vec((any::<u32>(), any::<u32>()), 12),
    ) {
        let mut pair = Pair::new(1_000);
        let mut instants = vec![];
        for op in ops {
            pair.apply(op);
            instants.push(pair.bench.now());
        }
        pair.check_present();
        let (first, last) = (MONDAY - 3, pair.bench.now());
        // anywhere, and about seconds in which something happened
        for (one, other) in asked {
            let anywhere = first + u64::from(one) % (last - first + 1);
            let eventful = instants[other as usize % instants.len()];
            pair.check_second(anywhere, eventful);
            pair.check_second(eventful, anywhere);
            pair.check_second((eventful + 1).min(last), eventful);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn few_accounts_behave_as_their_shadows_after_every_message(ops in vec(op(4), 1..60)) {
        let mut pair = Pair::new(4);
        for op in ops {
            pair.apply(op);
            pair.check_present();
        }
        let last = pair.bench.now();
        pair.check_second(last, MONDAY);
        // what is not over cannot be asked
        let address = pair.users[0].to_string();
        let future = interfaces::lco_staking::QueryMsg::TierAt { address, time: last + 1 };
        prop_assert_eq!(pair.bench.try_ask::<Tier>(future).unwrap_err().code(), 8);
    }

    #[test]
    fn integrals_are_those_of_a_loop_over_every_second(
        ops in vec(op(3).prop_filter("within minutes", |op| !matches!(op, Op::Wait { halves } if *halves > 10)), 1..60),
        windows in vec((any::<u16>(), any::<u16>()), 1..8),
    ) {
        let mut pair = Pair::new(3);
        ops.into_iter().for_each(|op| pair.apply(op));
        let (first, last) = (MONDAY - 2, pair.bench.now());
        for (one, other) in windows {
            let [one, other] = [one, other].map(|at| first + u64::from(at) % (last - first + 1));
            let (from, to) = (one.min(other), one.max(other));
            let (mut all_stake, mut all_weight) = (0, 0);
            for (user, shadow) in pair.users.iter().zip(&pair.shadows) {
                let (mut stake_seconds, mut weight_seconds) = (0, 0);
                for second in from..to {
                    let (stake, tier) = shadow.at(second);
                    stake_seconds += stake;
                    weight_seconds += stake * u128::from(tier.weight());
                }
                prop_assert_eq!(pair.bench.stake_seconds(user, from, to).0, stake_seconds);
                prop_assert_eq!(pair.bench.weight_seconds(user, from, to).0, weight_seconds);
                all_stake += stake_seconds;
                all_weight += weight_seconds;
            }
            prop_assert_eq!(pair.bench.stake_seconds(&pair.users[0], from, to).1, all_stake);
            prop_assert_eq!(pair.bench.weight_seconds(&pair.users[0], from, to).1, all_weight);
        }
    }
}
