//! Operations of the network's token, as data. Amounts are parts per million of what there is to take from, as those of the markets; above a million they ask for more
//! than there is. Indices are taken modulo what there is.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::deal::WHOLE;
use crate::ledger::GRANTS;
use crate::op::{Op, Who, DAY, HOUR, USERS};

/// Contracts that hold VCAI for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    Allocation,
    Genesis,
    Escrow,
    Rewards,
    Treasury,
    Pool,
    Incentives,
    Council,
}

impl Room {
    pub const ALL: [Self; 8] = [
        Self::Allocation,
        Self::Genesis,
        Self::Escrow,
        Self::Rewards,
        Self::Treasury,
        Self::Pool,
        Self::Incentives,
        Self::Council,
    ];
}

/// What a proposal over VCAI asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// So many parts per million of what may be spent of the reserve within 90 days, to a user.
    Spend {
        to: usize,
        part: u64,
    },
    /// So many whole VCAI, vesting with a user.
    Issue {
        to: usize,
        whole: u64,
    },
    /// The same, beside the quota.
    Smuggle {
        to: usize,
        whole: u64,
    },
    Reprice(i8),
    /// Governance's own deposit, whole VCAI.
    Deposit(u64),
    /// A message to the token, which governance never sends by itself.
    Mint,
    /// So many parts per million of what lies in the treasury besides its revenue, to a user.
    Purse {
        to: usize,
        usdt: bool,
        part: u64,
    },
    /// So many parts per million of the treasury's shares of the pool, back into the treasury.
    Unpool {
        part: u64,
    },
}

/// A schedule in days: nothing for so many, then a line of so many, or so many steps of as many each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timetable {
    pub cliff: u64,
    pub days: u64,
    /// 0: a line.
    pub steps: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Net {
    // genesis
    /// For the exact price, or a unit less.
    Buy {
        user: usize,
        quantity: u32,
        short: bool,
    },
    /// Grants of most buckets, the incentives' reporter and the treasury's sources.
    Grants {
        by: Who,
    },
    /// Another plan of the TGE, so many seconds ahead.
    SetTge {
        by: Who,
        ahead: u64,
        price: u128,
    },
    Tge {
        by: Who,
    },
    /// On tokens of somebody, the first of them twice if so.
    ClaimTokens {
        user: usize,
        of: usize,
        twice: bool,
    },
    PassToken {
        by: usize,
        from: usize,
        to: usize,
        pick: usize,
    },
    BurnToken {
        user: usize,
        pick: usize,
    },
    ClaimGrant {
        user: usize,
        pick: usize,
    },
    LockVested {
        user: usize,
        pick: usize,
        part: u64,
        days: u64,
    },
    /// Names the next beneficiary, who accepts if so.
    PassGrant {
        user: usize,
        pick: usize,
        to: usize,
        accept: bool,
    },
    /// Another schedule for a grant, or for the one after the last; with so many parts of ten thousand at its beginning, or as many as its bucket has.
    Amend {
        by: Who,
        pick: usize,
        bps: Option<u16>,
        to: Timetable,
    },
    // token
    Transfer {
        from: Who,
        to: Who,
        part: u64,
    },
    Burn {
        user: usize,
        part: u64,
    },
    /// VCAI that nobody asked for.
    Give {
        user: usize,
        to: Room,
        part: u64,
    },
    // locks
    Lock {
        user: usize,
        part: u64,
        days: u64,
    },
    Increase {
        user: usize,
        part: u64,
    },
    Extend {
        user: usize,
        days: u64,
    },
    Unlock {
        user: usize,
    },
    Mark,
    // treasury and rewards
    /// By the source's address, or by whoever else.
    Deposit {
        source: usize,
        thief: bool,
        part: u64,
    },
    /// USDT that nobody asked for.
    Donate {
        user: usize,
        to: Room,
        part: u64,
    },
    /// Stops or resumes the buyback.
    Pause {
        by: Who,
        on: bool,
    },
    /// One slice; a greedy sender asks for a unit more than it can yield.
    Slice {
        greedy: bool,
    },
    Reap {
        user: usize,
    },
    Sync,
    // pool
    Swap {
        user: usize,
        sell: bool,
        part: u64,
    },
    // incentives
    Start,
    /// Of one rental: user 0 and 1 are nodes, 2 and 3 rent. Units are thousands, the utilisation per cent.
    Report {
        by: Who,
        days_ago: u64,
        node: usize,
        renter: usize,
        units: u64,
        used: u64,
        cheap: bool,
    },
    Epoch,
    Days {
        user: usize,
        days_ago: u64,
        length: u64,
    },
    Keepers {
        user: usize,
        allowed: bool,
    },
    PayOut {
        user: usize,
        days_ago: u64,
        length: u64,
    },
    Refer {
        user: usize,
        to: usize,
    },
    ReRelease {
        by: Who,
        withheld: bool,
        part: u64,
    },
    // governance over VCAI
    Propose {
        user: usize,
        cause: Cause,
    },
    Vote {
        user: usize,
        pick: usize,
        yes: bool,
    },
    Enact {
        pick: usize,
    },
    TakeBack {
        user: usize,
        pick: usize,
    },
    DepositBack {
        pick: usize,
    },
}

/// Everybody who may hold VCAI in a trace without having a share in it from the start.
fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        6 => (0..USERS).prop_map(Who::User),
        1 => Just(Who::Thief),
        1 => Just(Who::Relayer),
        1 => Just(Who::Council),
    ]
}

fn user() -> std::ops::Range<usize> {
    0..USERS
}

fn pick() -> std::ops::Range<usize> {
    0..6
}

fn part() -> impl Strategy<Value = u64> {
    prop_oneof![
        2 => 0..1_000u64,
        6 => 1_000..300_000u64,
        2 => 300_000..=WHOLE,
        1 => Just(WHOLE),
        1 => WHOLE + 1..2 * WHOLE,
    ]
}

/// Too short, a week, months, four years, and a mistake.
fn days() -> impl Strategy<Value = u64> {
    prop_oneof![1 => 0..7u64, 3 => 7..30u64, 2 => 30..400u64, 2 => 400..=1_461u64, 1 => Just(1_463u64)]
}

/// Plans that can be, and some that cannot: a second too soon, for nothing, for more VCAI than there is, dearer than anything.
fn plan() -> impl Strategy<Value = (u64, u128)> {
    let ahead = prop_oneof![1 => Just(DAY - 1), 2 => Just(DAY), 6 => DAY..3 * DAY];
    let price = prop_oneof![
        1 => Just(0),
        1 => Just(1),
        12 => 20_000..200_000u128,
        1 => Just(1_000_000_000_001),
    ];
    (ahead, price)
}

fn timetable() -> impl Strategy<Value = Timetable> {
    let cliff = prop_oneof![4 => Just(0), 3 => 0..200u64, 1 => 200..=3_652u64, 1 => Just(3_653)];
    let rest = prop_oneof![
        4 => (1..90u64, Just(0)),
        3 => (90..=3_652u64, Just(0)),
        5 => (1..60u64, 1..24u32),
        1 => prop::sample::select(&[(0, 0), (3_653, 0), (0, 5), (31, 120)][..]),
    ];
    (cliff, rest).prop_map(|(cliff, (days, steps))| Timetable { cliff, days, steps })
}

fn genesis() -> impl Strategy<Value = Net> {
    let council = || prop_oneof![4 => Just(Who::Council), 1 => Just(Who::Thief)];
    let bps = prop_oneof![6 => Just(None), 1 => (0..=10_001u16).prop_map(Some)];
    prop_oneof![
        4 => (user(), 0..52u32, prop::bool::weighted(0.1)).prop_map(|(user, quantity, short)| Net::Buy { user, quantity, short }),
        1 => council().prop_map(|by| Net::Grants { by }),
        1 => (council(), plan()).prop_map(|(by, (ahead, price))| Net::SetTge { by, ahead, price }),
        1 => Just(Net::Tge { by: Who::Relayer }),
        6 => (user(), user(), prop::bool::weighted(0.1)).prop_map(|(user, of, twice)| Net::ClaimTokens { user, of, twice }),
        3 => (user(), user(), user(), pick()).prop_map(|(by, from, to, pick)| Net::PassToken { by, from, to, pick }),
        2 => (user(), pick()).prop_map(|(user, pick)| Net::BurnToken { user, pick }),
        6 => (user(), pick()).prop_map(|(user, pick)| Net::ClaimGrant { user, pick }),
        4 => (user(), pick(), part(), days()).prop_map(|(user, pick, part, days)| Net::LockVested { user, pick, part, days }),
        2 => (user(), pick(), user(), any::<bool>()).prop_map(|(user, pick, to, accept)| Net::PassGrant { user, pick, to, accept }),
        3 => (council(), pick(), bps, timetable()).prop_map(|(by, pick, bps, to)| Net::Amend { by, pick, bps, to }),
    ]
}

fn locks() -> impl Strategy<Value = Net> {
    let room = || prop::sample::select(&Room::ALL[..]);
    prop_oneof![
        4 => (who(), who(), part()).prop_map(|(from, to, part)| Net::Transfer { from, to, part }),
        1 => (user(), 0..1_000u64).prop_map(|(user, part)| Net::Burn { user, part }),
        2 => (user(), room(), 0..1_000u64).prop_map(|(user, to, part)| Net::Give { user, to, part }),
        7 => (user(), part(), days()).prop_map(|(user, part, days)| Net::Lock { user, part, days }),
        4 => (user(), part()).prop_map(|(user, part)| Net::Increase { user, part }),
        4 => (user(), days()).prop_map(|(user, days)| Net::Extend { user, days }),
        3 => user().prop_map(|user| Net::Unlock { user }),
        1 => Just(Net::Mark),
    ]
}

fn value() -> impl Strategy<Value = Net> {
    let owner = prop_oneof![4 => Just(Who::Council), 1 => Just(Who::Thief)];
    let room = || prop::sample::select(&[Room::Treasury, Room::Pool, Room::Genesis][..]);
    prop_oneof![
        5 => (0..5usize, prop::bool::weighted(0.1), part())
            .prop_map(|(source, thief, part)| Net::Deposit { source, thief, part }),
        1 => (user(), room(), 0..1_000u64).prop_map(|(user, to, part)| Net::Donate { user, to, part }),
        8 => prop::bool::weighted(0.1).prop_map(|greedy| Net::Slice { greedy }),
        1 => (owner, prop::bool::weighted(0.3)).prop_map(|(by, on)| Net::Pause { by, on }),
        6 => user().prop_map(|user| Net::Reap { user }),
        2 => Just(Net::Sync),
        6 => (user(), any::<bool>(), 0..60_000u64).prop_map(|(user, sell, part)| Net::Swap { user, sell, part }),
    ]
}

fn incentives() -> impl Strategy<Value = Net> {
    let reporter = prop_oneof![8 => Just(Who::Relayer), 1 => Just(Who::Thief)];
    let owner = prop_oneof![3 => Just(Who::Council), 1 => Just(Who::Thief)];
    let report = (
        reporter,
        0..3u64,
        user(),
        user(),
        0..5_000u64,
        0..120u64,
        prop::bool::weighted(0.1),
    );
    prop_oneof![
        1 => Just(Net::Start),
        8 => report.prop_map(|(by, days_ago, node, renter, units, used, cheap)| Net::Report {
            by, days_ago, node, renter, units, used, cheap,
        }),
        4 => Just(Net::Epoch),
        6 => (user(), 0..6u64, 0..33u64).prop_map(|(user, days_ago, length)| Net::Days { user, days_ago, length }),
        1 => (user(), any::<bool>()).prop_map(|(user, allowed)| Net::Keepers { user, allowed }),
        2 => (user(), 0..6u64, 0..33u64).prop_map(|(user, days_ago, length)| Net::PayOut { user, days_ago, length }),
        1 => (user(), user()).prop_map(|(user, to)| Net::Refer { user, to }),
        1 => (owner, any::<bool>(), part()).prop_map(|(by, withheld, part)| Net::ReRelease { by, withheld, part }),
    ]
}

fn cause() -> impl Strategy<Value = Cause> {
    prop_oneof![
        3 => (user(), part()).prop_map(|(to, part)| Cause::Spend { to, part }),
        3 => (user(), 1..600_000_000u64).prop_map(|(to, whole)| Cause::Issue { to, whole }),
        1 => (user(), 1..1_000u64).prop_map(|(to, whole)| Cause::Smuggle { to, whole }),
        2 => (-20..20i8).prop_map(Cause::Reprice),
        2 => (1..1_000u64).prop_map(Cause::Deposit),
        1 => Just(Cause::Mint),
        2 => (user(), any::<bool>(), part()).prop_map(|(to, usdt, part)| Cause::Purse { to, usdt, part }),
        1 => (0..300_000u64).prop_map(|part| Cause::Unpool { part }),
    ]
}

fn votes() -> impl Strategy<Value = Net> {
    prop_oneof![
        3 => (user(), cause()).prop_map(|(user, cause)| Net::Propose { user, cause }),
        5 => (user(), pick(), prop::bool::weighted(0.8)).prop_map(|(user, pick, yes)| Net::Vote { user, pick, yes }),
        3 => pick().prop_map(|pick| Net::Enact { pick }),
        1 => (user(), pick()).prop_map(|(user, pick)| Net::TakeBack { user, pick }),
        2 => pick().prop_map(|pick| Net::DepositBack { pick }),
    ]
}

/// One operation of the network's token.
pub fn net() -> impl Strategy<Value = Net> {
    prop_oneof![
        16 => genesis(),
        22 => locks(),
        22 => value(),
        14 => incentives(),
        12 => votes(),
    ]
}

fn advance(seconds: u64) -> Op {
    Op::Advance { seconds }
}

/// With which nearly every trace of the network's token begins: tokens are sold, grants made, the market opens, sometimes by another plan than the first (or not, where
/// that asks for more than there is), and whoever has VCAI then locks some.
pub fn beginning() -> impl Strategy<Value = Vec<Op>> {
    prop_oneof![3 => Just(None), 1 => plan().prop_map(Some)].prop_map(begin)
}

fn begin(plan: Option<(u64, u128)>) -> Vec<Op> {
    let buy = |user, quantity| Net::Buy {
        user,
        quantity,
        short: false,
    };
    let first = [buy(0, 50), buy(1, 40), buy(2, 10), Net::Grants { by: Who::Council }];
    let then = [
        Net::Tge { by: Who::Relayer },
        Net::Start,
        Net::ClaimGrant { user: 0, pick: 0 },
        Net::ClaimGrant { user: 1, pick: 1 },
        Net::LockVested {
            user: 3,
            pick: 2,
            part: 600_000,
            days: 700,
        },
        Net::Lock {
            user: 0,
            part: 800_000,
            days: 1_461,
        },
        Net::Deposit {
            source: 0,
            thief: false,
            part: 100_000,
        },
    ];
    let mut ops: Vec<_> = first.map(Op::Net).to_vec();
    ops.extend(plan.map(|(ahead, price)| {
        let by = Who::Council;
        Op::Net(Net::SetTge { by, ahead, price })
    }));
    ops.push(advance(plan.map_or(HOUR, |(ahead, _)| ahead)));
    ops.extend(then.map(Op::Net));
    ops
}

/// What single operations seldom reach: moves that only make sense one after the other, with time between them.
pub fn story() -> impl Strategy<Value = Vec<Op>> {
    let buybacks = (0..3usize, part(), 1..4usize, user()).prop_map(|(source, part, slices, user)| {
        let mut ops = vec![
            Op::Net(Net::Deposit {
                source,
                thief: false,
                part,
            }),
            advance(DAY),
        ];
        for _ in 0..slices {
            ops.extend([Op::Net(Net::Slice { greedy: false }), advance(600)]);
        }
        ops.extend([
            advance(DAY),
            Op::Net(Net::Reap { user }),
            Op::Net(Net::Reap { user: 0 }),
        ]);
        ops
    });
    let lock = (user(), part(), 7..40u64, 0..3 * DAY).prop_map(|(user, part, days, late)| {
        vec![
            Op::Net(Net::Lock { user, part, days }),
            Op::Net(Net::Unlock { user }),
            advance((days + 1) * DAY + late),
            Op::Net(Net::Increase { user, part }),
            Op::Net(Net::Unlock { user }),
            Op::Net(Net::Unlock { user }),
        ]
    });
    // User 0 has VCAI left for a deposit.
    let motion =
        (cause(), prop_oneof![4 => Just(0usize), 1 => user()], any::<bool>()).prop_map(|(cause, user, all)| {
            let vote = |user| {
                Op::Net(Net::Vote {
                    user,
                    pick: 0,
                    yes: true,
                })
            };
            let mut ops = vec![Op::Net(Net::Propose { user, cause }), advance(DAY), vote(0), vote(3)];
            ops.extend(all.then(|| vote(1)));
            ops.extend([advance(3 * DAY), Op::Net(Net::Enact { pick: 0 }), advance(DAY)]);
            ops.extend([Op::Net(Net::Enact { pick: 0 }), Op::Net(Net::DepositBack { pick: 0 })]);
            ops
        });
    let epoch = (1..5_000u64, 0..120u64, 0..2usize, 2..4usize).prop_map(|(units, used, node, renter)| {
        let report = |days_ago| {
            Op::Net(Net::Report {
                by: Who::Relayer,
                days_ago,
                node,
                renter,
                units,
                used,
                cheap: false,
            })
        };
        let days = |user| {
            Op::Net(Net::Days {
                user,
                days_ago: 2,
                length: 3,
            })
        };
        vec![
            report(0),
            advance(DAY),
            report(1),
            report(0),
            advance(3 * DAY),
            days(node),
            days(renter),
            days(node),
            advance(6 * DAY),
            Op::Net(Net::Epoch),
        ]
    });
    let amended = (0..GRANTS.len(), [timetable(), timetable()], 0..200u64).prop_map(|(pick, [first, second], days)| {
        let amend = |to| {
            Op::Net(Net::Amend {
                by: Who::Council,
                pick,
                bps: None,
                to,
            })
        };
        let user = GRANTS[pick].1;
        let claim = || Op::Net(Net::ClaimGrant { user, pick });
        let mut ops = vec![amend(first), claim(), advance(days * DAY), claim()];
        ops.extend([amend(second), claim(), claim(), advance(30 * DAY), claim()]);
        ops
    });
    prop_oneof![3 => buybacks, 3 => lock, 3 => motion, 2 => epoch, 2 => amended]
}
