//! Random weeks of work against a shadow that keeps every row of every report and pays each rental by hand.

use std::collections::BTreeMap;

use interfaces::incentive_controller::*;
use math::incentives::{MAX_GRADES, POOL};
use proptest::prelude::*;

use crate::world::*;

const WHO: [&str; 4] = ["anna", "bert", "carl", "dora"];

#[derive(Clone, Debug)]
enum Op {
    Rent {
        renter: usize,
        node: usize,
        units: u64,
        spend: u64,
        bps: u64,
    },
    Work {
        node: usize,
        stake: u64,
        online: u32,
    },
    Pass {
        hours: u64,
    },
    Claim {
        who: usize,
        back: u64,
        days: u64,
    },
    Advance,
}

fn op() -> impl Strategy<Value = Op> {
    let who = || 0..WHO.len();
    prop_oneof![
        6 => (who(), who(), 1..1u64 << 40, 1..1u64 << 50, 200..=10_000u64)
            .prop_map(|(renter, node, units, spend, bps)| Op::Rent { renter, node, units, spend, bps }),
        4 => (who(), 1..1u64 << 50, 1..40_000u32).prop_map(|(node, stake, online)| Op::Work { node, stake, online }),
        4 => (1..60u64).prop_map(|hours| Op::Pass { hours }),
        4 => (who(), 0..40u64, 1..=31u64).prop_map(|(who, back, days)| Op::Claim { who, back, days }),
        1 => Just(Op::Advance),
    ]
}

/// Every rental with its cap of half the fee, in two halves.
#[derive(Default)]
struct Paper {
    /// (day, who) → (weight, cap) of rebates
    rebates: BTreeMap<(u64, usize), Vec<(u128, u128)>>,
    deliveries: BTreeMap<(u64, usize), Vec<(u128, u128)>>,
    capacity: BTreeMap<(u64, usize), u128>,
}

impl Paper {
    fn sum<T>(rows: &BTreeMap<(u64, usize), T>, day: u64, weight: impl Fn(&T) -> u128) -> u128 {
        rows.iter()
            .filter(|((at, _), _)| *at == day)
            .map(|(_, row)| weight(row))
            .sum()
    }

    /// Most and least that `who` may be paid for the day: capacity to the unit, rentals between four fifths of each cap and all of it.
    fn bounds(&self, day: u64, who: usize, pools: &Pools) -> (u128, u128) {
        let capacity = self.capacity.get(&(day, who)).copied().unwrap_or_default();
        let all = Self::sum(&self.capacity, day, |weight| *weight).max(1);
        let (mut least, mut most) = {
            let part = pools.capacity.u128() * (capacity >> 40) / (all >> 40).max(1);
            (part.saturating_sub(part >> 20), part + (part >> 20) + (1 << 20))
        };
        for (rows, pool) in [(&self.rebates, pools.demand), (&self.deliveries, pools.delivery)] {
            let total = Self::sum(rows, day, |rows| rows.iter().map(|row| row.0).sum());
            let rows = rows.get(&(day, who)).map(Vec::as_slice).unwrap_or_default();
            for (weight, cap) in rows {
                let share = mul(pool.u128(), *weight, total);
                most += (share + 1).min(*cap);
                // a row that is full may lower caps further
                if rows.len() <= MAX_GRADES {
                    least += share.min(cap * 4 / 5).saturating_sub(40);
                }
            }
        }
        (least.saturating_sub(1 << 20), most)
    }
}

fn mul(a: u128, b: u128, c: u128) -> u128 {
    math::mul_div_floor(a, b, c).unwrap()
}

struct Shadow {
    world: World,
    paper: Paper,
    claimed: BTreeMap<(u64, usize), ()>,
}

impl Shadow {
    fn step(&mut self, op: &Op) {
        let today = self.world.now() / DAY;
        match *op {
            Op::Pass { hours } => self.world.advance(hours * 3_600),
            Op::Advance => {
                let _ = self.world.send("keeper", ExecuteMsg::Advance {});
            }
            Op::Rent {
                renter,
                node,
                units,
                spend,
                bps,
            } => {
                let (units, spend) = (u128::from(units), u128::from(spend));
                let fee = (spend * u128::from(bps)).div_ceil(10_000);
                let row = self.world.rental(WHO[renter], WHO[node], units, spend, fee);
                self.world.report(today, vec![row], vec![], vec![]).unwrap();
                // 0.05 USDT for one
                let cap = fee / 2 * 20 + 20;
                let half = cap / 2 + 1;
                self.paper
                    .rebates
                    .entry((today, renter))
                    .or_default()
                    .push((spend, half));
                self.paper
                    .deliveries
                    .entry((today, node))
                    .or_default()
                    .push((units * 10_000, half));
            }
            Op::Work { node, stake, online } => {
                let row = NodeDay {
                    online,
                    ..self.world.node(WHO[node], stake.into())
                };
                if self.world.report(today, vec![], vec![row], vec![]).is_ok() {
                    let weight = u128::from(stake) * u128::from(online) * 10_000 * 40;
                    *self.paper.capacity.entry((today, node)).or_default() += weight;
                }
            }
            Op::Claim { who, back, days } => self.claim(who, today, back, days),
        }
    }

    fn claim(&mut self, who: usize, today: u64, back: u64, days: u64) {
        let to = today.saturating_sub(back);
        let from = (to + 1).saturating_sub(days);
        let Ok(paid) = self.world.claim(WHO[who], from, to) else {
            return;
        };
        let (mut least, mut most) = (0, 0);
        for day in from.max(FIRST)..=to {
            if self.claimed.insert((day, who), ()).is_none() {
                let (low, high) = self.paper.bounds(day, who, &self.world.pools(day));
                least += low;
                most += high;
            }
        }
        // loyalty of a month or two is a percent or two of capacity
        assert!(paid >= least && paid <= most + most / 30, "{least} <= {paid} <= {most}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_weeks_of_work_are_paid_as_by_hand(ops in prop::collection::vec(op(), 1..60)) {
        let mut shadow = Shadow { world: World::new(), paper: Paper::default(), claimed: BTreeMap::new() };
        shadow.world.noon(FIRST);
        for op in &ops {
            shadow.step(op);
        }
        // in the end everything is claimed and everything released is paid, in a bucket, or in the newest epochs
        let last = shadow.world.now() / DAY;
        shadow.world.advance(40 * DAY);
        shadow.world.catch_up();
        let mut from = FIRST;
        while from <= last {
            for who in WHO {
                let _ = shadow.world.claim(who, from, from + 30);
            }
            from += 31;
        }
        let board = shadow.world.dashboard();
        let newest = board.history.first().unwrap();
        let open = total(&newest.pools);
        let elsewhere = (board.paid + board.withheld + board.left_over + board.re_released).u128();
        let dust = board.released.u128() - open - elsewhere;
        // less than a unit for each of five parts, of each account and day
        prop_assert!(dust <= 5 * (WHO.len() as u128 + 1) * u128::from(last - FIRST + 1), "{dust}");
        prop_assert!(shadow.world.balance(&shadow.world.contract) >= POOL - board.paid.u128());
    }
}
