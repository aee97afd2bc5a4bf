//! Random operations against a shadow of the vault that keeps everything in plain maps and does the arithmetic the slow way.

use std::collections::BTreeMap;

use cosmwasm_std::Addr;
use interfaces::credit_vault::*;
use interfaces::lco_staking::Tier;
use proptest::prelude::*;

use crate::world::*;

const USERS: [&str; 4] = ["alice", "bob", "carol", "dave"];
const TIERS: [Tier; 4] = [Tier::Lv1, Tier::Lv2, Tier::Lv4, Tier::Whale];
const CAP: u128 = 700_000 * ONE;

#[derive(Clone, Debug)]
enum Op {
    Deposit {
        user: usize,
        value: u128,
    },
    Redeem {
        user: usize,
        value: u128,
    },
    Open {
        user: usize,
        gateway: u64,
        value: u128,
        limit: u128,
    },
    TopUp {
        user: usize,
        gateway: u64,
        value: u128,
    },
    Limit {
        user: usize,
        gateway: u64,
        limit: u128,
    },
    Close {
        user: usize,
        gateway: u64,
    },
    Withdraw {
        user: usize,
        gateway: u64,
    },
    /// Units and SKU for some of the users, in one report.
    Settle {
        gateway: u64,
        usage: Vec<(usize, bool, u128)>,
        late: u64,
    },
    Resolve {
        pick: usize,
        action: u8,
    },
    Release {
        gateway: u64,
        weeks_ago: u64,
        extra: u128,
    },
    Claim {
        user: usize,
    },
    Wait {
        seconds: u64,
    },
}

/// Amounts of every size, with the small and the large ones likely.
fn value() -> impl Strategy<Value = u128> {
    prop_oneof![0..5u128, 0..1_000u128, 0..50_000 * ONE]
}

fn op() -> impl Strategy<Value = Op> {
    let (user, gateway) = (0..USERS.len(), 1..3u64);
    let usage = prop::collection::vec((0..USERS.len(), any::<bool>(), value()), 1..6);
    prop_oneof![
        2 => (user.clone(), value()).prop_map(|(user, value)| Op::Deposit { user, value }),
        1 => (user.clone(), value()).prop_map(|(user, value)| Op::Redeem { user, value }),
        3 => (user.clone(), gateway.clone(), value(), value())
            .prop_map(|(user, gateway, value, limit)| Op::Open { user, gateway, value, limit }),
        1 => (user.clone(), gateway.clone(), value()).prop_map(|(user, gateway, value)| Op::TopUp { user, gateway, value }),
        1 => (user.clone(), gateway.clone(), value()).prop_map(|(user, gateway, limit)| Op::Limit { user, gateway, limit }),
        1 => (user.clone(), gateway.clone()).prop_map(|(user, gateway)| Op::Close { user, gateway }),
        1 => (user.clone(), gateway.clone()).prop_map(|(user, gateway)| Op::Withdraw { user, gateway }),
        8 => (gateway.clone(), usage, 0..120u64).prop_map(|(gateway, usage, late)| Op::Settle { gateway, usage, late }),
        2 => (0..1_000usize, 0..3u8).prop_map(|(pick, action)| Op::Resolve { pick, action }),
        2 => (gateway, 0..5u64, 0..3u128).prop_map(|(gateway, weeks_ago, extra)| Op::Release { gateway, weeks_ago, extra }),
        1 => user.prop_map(|user| Op::Claim { user }),
        3 => prop_oneof![0..100u64, Just(HOUR), Just(DAY), Just(9 * DAY)].prop_map(|seconds| Op::Wait { seconds }),
    ]
}

#[derive(Clone, Debug, Default)]
struct Purse {
    amount: u128,
    limit: u128,
    /// A lower limit and when it was asked for.
    lowered: Option<(u128, u64)>,
    opened: u64,
    closing: Option<u64>,
    day: u64,
    charged: u128,
    shortfall: u128,
    open: bool,
}

impl Purse {
    fn settle_limit(&mut self, now: u64) {
        if let Some((limit, _)) = self.lowered.filter(|(_, asked)| now >= asked + HOUR) {
            (self.limit, self.lowered) = (limit, None);
        }
    }
}

#[derive(Clone, Debug)]
struct Charge {
    gateway: u64,
    week: u64,
    user: usize,
    report: ReportRef,
    entry: u16,
    charged: u128,
    cost: u128,
    state: u8,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct WeekShadow {
    revenue: u128,
    cost: u128,
    held: u128,
    forfeited: u128,
    mined: u128,
    released: bool,
}

#[derive(Default)]
struct Shadow {
    deposited: u128,
    free: BTreeMap<usize, u128>,
    others: u128,
    purses: BTreeMap<(usize, u64), Purse>,
    weeks: BTreeMap<(u64, u64), WeekShadow>,
    charges: Vec<Charge>,
    consumed: u128,
    mined: BTreeMap<usize, u128>,
    claimed: BTreeMap<usize, u128>,
}

/// M(C) by walking through the halvings.
fn minted(consumed: u128) -> u128 {
    let (mut left, mut mined, mut length, mut divisor) = (consumed, 0, 100_000 * ONE, 1);
    for _ in 0..10 {
        let inside = left.min(length);
        // a finished halving mines a whole million, the running one rounds down
        mined += inside * 10 / divisor;
        left -= inside;
        length *= 2;
        divisor *= 2;
        if left == 0 {
            break;
        }
    }
    mined
}

/// The longest prefix of a spend that mines at most `room`, by bisection.
fn prefix(consumed: u128, spend: u128, room: u128) -> u128 {
    let fits = |part: u128| minted(consumed + part) - minted(consumed) <= room;
    let (mut low, mut high) = (0, spend);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

fn price(list: u128, cost: u128, tier: Tier) -> u128 {
    match tier {
        Tier::Whale => cost.min(list * 70 / 100),
        Tier::Lv1 => list,
        Tier::Lv2 => list * 95 / 100,
        Tier::Lv3 => list * 85 / 100,
        Tier::Lv4 => list * 70 / 100,
    }
}

impl Shadow {
    fn free(&mut self, user: usize) -> &mut u128 {
        self.free.entry(user).or_default()
    }

    fn take(&mut self, user: usize, value: u128) -> bool {
        let free = self.free(user);
        let enough = *free >= value;
        if enough {
            *free -= value;
        }
        enough
    }

    fn purse(&mut self, user: usize, gateway: u64) -> &mut Purse {
        self.purses.entry((user, gateway)).or_default()
    }

    fn week(&mut self, gateway: u64, week: u64) -> &mut WeekShadow {
        self.weeks.entry((gateway, week)).or_default()
    }

    /// Charges one entry, or skips it.
    fn charge(&mut self, user: usize, entry: &SettleEntry, report: ReportRef, index: u16, now: u64, week: u64) {
        let gateway = report.gateway;
        let (list, cost) = (entry.list.u128(), entry.cost.u128());
        let due = price(list, cost, TIERS[user]);
        let purse = self.purse(user, gateway);
        let too_late = purse
            .closing
            .is_some_and(|since| entry.last > since + 60 || now >= since + DAY);
        if !purse.open || entry.last < purse.opened || too_late || due == 0 {
            return;
        }
        purse.settle_limit(now);
        if purse.day != now / DAY {
            (purse.day, purse.charged) = (now / DAY, 0);
        }
        let paid = due.min(purse.amount).min(purse.limit.saturating_sub(purse.charged));
        purse.amount -= paid;
        purse.charged += paid;
        purse.shortfall += due - paid;
        let cost = (cost * paid / due).min(paid);
        let consumed = self.consumed;
        let row = self.week(gateway, week);
        row.revenue += paid;
        row.cost += cost;
        let part = prefix(consumed, paid, CAP - row.mined);
        let mined = minted(consumed + part) - minted(consumed);
        row.mined += mined;
        self.consumed += part;
        *self.mined.entry(user).or_default() += mined;
        if paid > 0 {
            self.charges.push(Charge {
                gateway,
                week,
                user,
                report,
                entry: index,
                charged: paid,
                cost,
                state: 0,
            });
        }
    }
}

struct Play {
    world: World,
    shadow: Shadow,
}

impl Play {
    fn new() -> Self {
        let mut world = World::with(|msg| msg.params.weekly_mint_cap = amount(CAP));
        for (name, tier) in USERS.into_iter().zip(TIERS) {
            let user = world.user(name);
            world.set_tier(&user, tier);
        }
        Self {
            world,
            shadow: Shadow::default(),
        }
    }

    fn address(&self, user: usize) -> Addr {
        self.world.user(USERS[user])
    }

    fn send(&mut self, user: usize, msg: ExecuteMsg) -> bool {
        let sender = self.address(user);
        self.world.attempt(&sender, msg).is_ok()
    }

    /// Does it in both worlds; they must agree on whether it works.
    fn step(&mut self, op: &Op) {
        let now = self.world.now();
        match *op {
            Op::Deposit { user, value } => self.deposit(user, value),
            Op::Redeem { user, value } => {
                let expected = value > 0 && self.shadow.take(user, value);
                assert_eq!(self.send(user, redeem(value)), expected, "{op:?}");
                self.shadow.deposited -= if expected { value } else { 0 };
            }
            Op::Open {
                user,
                gateway,
                value,
                limit,
            } => {
                let expected =
                    value > 0 && limit > 0 && !self.shadow.purse(user, gateway).open && self.shadow.take(user, value);
                assert_eq!(self.send(user, open(gateway, value, limit)), expected, "{op:?}");
                if expected {
                    let shortfall = self.shadow.purse(user, gateway).shortfall;
                    let purse = Purse {
                        amount: value,
                        limit,
                        opened: now,
                        shortfall,
                        open: true,
                        ..Purse::default()
                    };
                    *self.shadow.purse(user, gateway) = purse;
                }
            }
            Op::TopUp { user, gateway, value } => {
                let expected = value > 0 && self.is_open(user, gateway) && self.shadow.take(user, value);
                let msg = ExecuteMsg::TopUpSpending {
                    gateway,
                    amount: amount(value),
                };
                assert_eq!(self.send(user, msg), expected, "{op:?}");
                self.shadow.purse(user, gateway).amount += if expected { value } else { 0 };
            }
            Op::Limit { user, gateway, limit } => {
                let expected = limit > 0 && self.is_open(user, gateway);
                let msg = ExecuteMsg::SetDailyLimit {
                    gateway,
                    max_per_day: amount(limit),
                };
                assert_eq!(self.send(user, msg), expected, "{op:?}");
                if expected {
                    let purse = self.shadow.purse(user, gateway);
                    purse.settle_limit(now);
                    purse.lowered = None;
                    if limit < purse.limit {
                        purse.lowered = Some((limit, now));
                    } else {
                        purse.limit = limit;
                    }
                }
            }
            Op::Close { user, gateway } => {
                let expected = self.is_open(user, gateway);
                assert_eq!(
                    self.send(user, ExecuteMsg::CloseSpending { gateway }),
                    expected,
                    "{op:?}"
                );
                if expected {
                    self.shadow.purse(user, gateway).closing = Some(now);
                }
            }
            Op::Withdraw { user, gateway } => {
                let expected = self
                    .shadow
                    .purse(user, gateway)
                    .closing
                    .is_some_and(|since| now >= since + DAY);
                assert_eq!(
                    self.send(user, ExecuteMsg::WithdrawSpending { gateway }),
                    expected,
                    "{op:?}"
                );
                if expected {
                    let purse = self.shadow.purse(user, gateway);
                    let (amount, shortfall) = (purse.amount, purse.shortfall);
                    *purse = Purse {
                        shortfall,
                        ..Purse::default()
                    };
                    *self.shadow.free(user) += amount;
                }
            }
            Op::Settle {
                gateway,
                ref usage,
                late,
            } => self.settle(gateway, usage, late),
            Op::Resolve { pick, action } => self.resolve(pick, action),
            Op::Release {
                gateway,
                weeks_ago,
                extra,
            } => self.release(gateway, weeks_ago, extra),
            Op::Claim { user } => {
                let due = self.shadow.mined.remove(&user).unwrap_or_default();
                assert_eq!(self.send(user, ExecuteMsg::ClaimLco {}), due > 0, "{op:?}");
                *self.shadow.claimed.entry(user).or_default() += due;
            }
            Op::Wait { seconds } => self.world.wait(seconds),
        }
    }

    fn is_open(&mut self, user: usize, gateway: u64) -> bool {
        let purse = self.shadow.purse(user, gateway);
        purse.open && purse.closing.is_none()
    }

    fn deposit(&mut self, user: usize, value: u128) {
        let left = self.world.usdt(&self.address(user));
        if value == 0 || value > left {
            return;
        }
        self.world.deposit(USERS[user], value);
        *self.shadow.free(user) += value;
        self.shadow.deposited += value;
    }

    fn settle(&mut self, gateway: u64, usage: &[(usize, bool, u128)], late: u64) {
        let (now, week) = (self.world.now(), self.world.week());
        let mut entries = BTreeMap::new();
        for &(user, second, units) in usage {
            let address = self.address(user);
            let sku = match (gateway, second) {
                (1, false) => IN,
                (1, true) => OUT,
                _ => OTHER,
            };
            let entry = SettleEntry {
                last: now - late.min(now),
                ..self.world.usage(&address, sku, units)
            };
            entries.insert((entry.account.clone(), entry.sku.clone()), (user, entry));
        }
        let report = self
            .world
            .report(gateway, entries.values().map(|(_, entry)| entry.clone()).collect());
        let name = report.report;
        self.world.settle_report(report);
        for (index, (user, entry)) in (0..).zip(entries.values()) {
            self.shadow.charge(*user, entry, name, index, now, week);
        }
    }

    fn resolve(&mut self, pick: usize, action: u8) {
        if self.shadow.charges.is_empty() {
            return;
        }
        let pick = pick % self.shadow.charges.len();
        let charge = self.shadow.charges[pick].clone();
        let row = self.shadow.week(charge.gateway, charge.week);
        let from = if action == 0 { 0 } else { 1 };
        let expected = !row.released && charge.state == from;
        let actions = [ChargeAction::Hold, ChargeAction::Release, ChargeAction::Return];
        let outcome = self
            .world
            .resolve(charge.report, charge.entry, actions[usize::from(action)]);
        assert_eq!(outcome.is_ok(), expected, "{action} of {charge:?}");
        if !expected {
            return;
        }
        let floor = (charge.charged * 2).div_ceil(100);
        match action {
            0 => {
                (row.revenue, row.cost, row.held) = (
                    row.revenue - charge.charged,
                    row.cost - charge.cost,
                    row.held + charge.charged,
                )
            }
            1 => {
                (row.revenue, row.cost, row.held) = (
                    row.revenue + charge.charged,
                    row.cost + charge.cost,
                    row.held - charge.charged,
                )
            }
            _ => (row.held, row.forfeited) = (row.held - charge.charged, row.forfeited + floor),
        }
        if action == 2 {
            *self.shadow.free(charge.user) += charge.charged - floor;
        }
        self.shadow.charges[pick].state = [1, 0, 2][usize::from(action)];
    }

    fn release(&mut self, gateway: u64, weeks_ago: u64, extra: u128) {
        let (now, week) = (self.world.now(), self.world.week() - weeks_ago);
        let held = |charge: &Charge| charge.state == 1 && (charge.gateway, charge.week) == (gateway, week);
        let blocked = self.shadow.charges.iter().any(held);
        let row = self.shadow.week(gateway, week);
        let end = (week + 1) * WEEK - 3 * DAY;
        let share = (row.revenue * 2).div_ceil(100) + extra;
        let expected = !row.released && now >= end + 9 * DAY && !blocked && share <= row.revenue;
        if expected {
            row.released = true;
            let paid = row.revenue + row.forfeited;
            self.shadow.others += paid;
        }
        let fund = self.world.fund.clone();
        let msg = ExecuteMsg::ReleaseWeek {
            gateway,
            week,
            fund_share: amount(share),
        };
        assert_eq!(
            self.world.attempt(&fund, msg).is_ok(),
            expected,
            "release of {gateway} {week}"
        );
    }

    fn compare(&self) {
        let (world, shadow) = (&self.world, &self.shadow);
        for (user, name) in USERS.into_iter().enumerate() {
            let account = world.account(&world.user(name));
            assert_eq!(
                account.free.u128(),
                shadow.free.get(&user).copied().unwrap_or_default(),
                "free of {name}"
            );
            assert_eq!(
                account.booked_lco.u128(),
                shadow.mined.get(&user).copied().unwrap_or_default(),
                "booked of {name}"
            );
            assert_eq!(
                world.lco(&world.user(name)),
                shadow.claimed.get(&user).copied().unwrap_or_default()
            );
        }
        for ((user, gateway), purse) in &shadow.purses {
            let row = world.spending(&world.user(USERS[*user]), *gateway);
            assert_eq!(
                (row.amount.u128(), row.shortfall.u128()),
                (purse.amount, purse.shortfall)
            );
        }
        for ((gateway, week), row) in &shadow.weeks {
            let actual = world.week_row(*gateway, *week);
            let actual = WeekShadow {
                revenue: actual.revenue.u128(),
                cost: actual.cost.u128(),
                held: actual.held.u128(),
                forfeited: actual.forfeited.u128(),
                mined: actual.mined.u128(),
                released: actual.released,
            };
            assert_eq!(actual, *row, "week {week} of {gateway}");
        }
        let overview = world.overview();
        assert_eq!(overview.consumed.u128(), shadow.consumed);
        assert_eq!(overview.reserve.u128(), shadow.deposited);
        let payouts = ["payout", "payout2"].map(|name| world.free(&world.user(name)));
        assert_eq!(world.free(&world.fund) + payouts.iter().sum::<u128>(), shadow.others);
    }
}

/// How many random plays; more by `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
        default.cases
    } else {
        48
    };
    ProptestConfig {
        cases,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn vault_and_shadow_agree_after_every_operation(ops in prop::collection::vec(op(), 1..80)) {
        let mut play = Play::new();
        for (user, _) in USERS.iter().enumerate() {
            play.step(&Op::Deposit { user, value: 200_000 * ONE });
            for gateway in [1, 2] {
                play.step(&Op::Open { user, gateway, value: 50_000 * ONE, limit: 20_000 * ONE });
            }
        }
        for op in &ops {
            play.step(op);
            play.compare();
        }
    }
}

#[test]
fn slow_mint_agrees_with_the_closed_form() {
    for consumed in [
        0,
        1,
        99,
        100_000 * ONE - 1,
        100_000 * ONE,
        100_000 * ONE + 1,
        300_000 * ONE + 7,
        102_300_000 * ONE,
    ] {
        assert_eq!(minted(consumed), math::halving::minted_at(consumed), "{consumed}");
    }
}
