//! Operations of the markets, as data. Amounts are parts per million of what there is to take from, so that a trace works whoever is rich; parts above a million
//! ask for more than there is. Indices are taken modulo what there is.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::op::{Op, Who, DAY, GATEWAYS, HOUR, ONE, USERS, WEEK};

/// All of it, in parts per million.
pub const WHOLE: u64 = 1_000_000;

/// One of the two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coin {
    Lco,
    Credit,
}

/// Contracts that hold LCO or Credits for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum House {
    Staking,
    Exchange,
    Margin,
    Fund,
    Wars,
    Launchpad,
    Market,
    Governance,
}

impl House {
    pub const ALL: [Self; 8] = [
        Self::Staking,
        Self::Exchange,
        Self::Margin,
        Self::Fund,
        Self::Wars,
        Self::Launchpad,
        Self::Market,
        Self::Governance,
    ];

    /// Whether it may hold Credits.
    #[must_use]
    pub fn holds_credits(self) -> bool {
        matches!(self, Self::Exchange | Self::Margin | Self::Fund | Self::Launchpad)
    }
}

/// What a proposal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Motion {
    /// Governance's own deposit, in LCO.
    Deposit(u64),
    /// A message to staking that anybody may send.
    Mark,
    /// A message that its contract refuses.
    Refused,
}

/// What is voted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ballot {
    Yes,
    No,
    Answer(u8),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deal {
    // staking
    Stake {
        user: usize,
        to: usize,
        part: u64,
    },
    Unstake {
        user: usize,
        part: u64,
    },
    Unbonded {
        user: usize,
    },
    // exchange
    Provide {
        user: usize,
        lco: u64,
        credits: u64,
    },
    Announce {
        user: usize,
        part: u64,
    },
    Leave {
        user: usize,
        part: u64,
    },
    Swap {
        user: usize,
        pay: Coin,
        part: u64,
    },
    /// Asks for a part of the reserve and sends all.
    SwapExact {
        user: usize,
        pay: Coin,
        part: u64,
    },
    Skim,
    /// Tokens that nobody asked for.
    Gift {
        user: usize,
        to: House,
        coin: Coin,
        part: u64,
    },
    // margin
    Lend {
        user: usize,
        coin: Coin,
        part: u64,
    },
    TakeBack {
        user: usize,
        coin: Coin,
        part: u64,
    },
    /// Collateral in µCredit, debt in tenths of it at the pool's price.
    Enter {
        user: usize,
        long: bool,
        collateral: u128,
        tenths: u64,
    },
    Enlarge {
        user: usize,
        pick: usize,
        collateral: u128,
        tenths: u64,
    },
    AddCollateral {
        user: usize,
        pick: usize,
        amount: u128,
    },
    TakeCollateral {
        user: usize,
        pick: usize,
        amount: u128,
    },
    Repay {
        user: usize,
        pick: usize,
        part: u64,
    },
    Exit {
        user: usize,
        pick: usize,
    },
    /// By a third party, who first pays `push` of his holdings into the pool in the same block: LCO against a long, Credits against a short.
    Liquidate {
        user: usize,
        pick: usize,
        push: u64,
    },
    Fill {
        user: usize,
        pick: usize,
    },
    Collect {
        coin: Coin,
    },
    Reserve {
        user: usize,
        coin: Coin,
        part: u64,
    },
    // prediction market
    Question {
        user: usize,
        outcomes: u8,
        ante: u128,
        seconds: u64,
    },
    Bet {
        user: usize,
        pick: usize,
        outcome: u8,
        amount: u128,
    },
    Unbet {
        user: usize,
        pick: usize,
        outcome: u8,
        part: u64,
    },
    /// The first answer or one instead of it; 9 is void.
    Answer {
        user: usize,
        pick: usize,
        answer: u8,
    },
    Settle {
        pick: usize,
    },
    Winnings {
        user: usize,
        pick: usize,
        waiver: bool,
    },
    BurnFees {
        pick: usize,
    },
    // governance
    Propose {
        user: usize,
        motion: Motion,
    },
    Vote {
        user: usize,
        pick: usize,
        ballot: Ballot,
    },
    Enact {
        pick: usize,
    },
    Withdraw {
        user: usize,
        pick: usize,
    },
    DepositBack {
        pick: usize,
    },
    // fund
    CloseWeek {
        gateway: u64,
        weeks_ago: u64,
    },
    FreeCalls {
        gateway: u64,
        weeks_ago: u64,
    },
    Buyback,
    // contest
    Finalize {
        weeks_ago: u64,
    },
    CollectPrizes,
    Prize {
        user: usize,
        weeks_ago: u64,
    },
    Perk {
        user: usize,
        weeks_ago: u64,
        free: bool,
    },
    // launches
    Launch {
        sku: u8,
        quota: u64,
        price: u64,
        exclusive: bool,
    },
    CancelLaunch,
    Subscribe {
        user: usize,
    },
    /// Pays for a part of what can be claimed.
    Grant {
        user: usize,
        part: u64,
    },
    CloseLaunch,
    /// Until so long after the next Friday begins, UTC.
    Friday {
        after: u64,
    },
}

fn user() -> std::ops::Range<usize> {
    0..USERS
}

/// Small, middling and large parts; seldom more than there is.
fn part() -> impl Strategy<Value = u64> {
    prop_oneof![
        2 => 0..1_000u64,
        6 => 1_000..300_000u64,
        2 => 300_000..=WHOLE,
        1 => Just(WHOLE),
        1 => WHOLE..2 * WHOLE,
    ]
}

fn coin() -> impl Strategy<Value = Coin> {
    prop_oneof![Just(Coin::Lco), Just(Coin::Credit)]
}

fn pick() -> std::ops::Range<usize> {
    0..6
}

fn staking() -> impl Strategy<Value = Deal> {
    let to = prop_oneof![4 => Just(USERS), 1 => user()];
    prop_oneof![
        5 => (user(), to, part()).prop_map(|(user, to, part)| Deal::Stake { user, to: if to == USERS { user } else { to }, part }),
        3 => (user(), part()).prop_map(|(user, part)| Deal::Unstake { user, part }),
        2 => user().prop_map(|user| Deal::Unbonded { user }),
    ]
}

fn exchange() -> impl Strategy<Value = Deal> {
    let house = prop::sample::select(&House::ALL[..]);
    prop_oneof![
        4 => (user(), part(), part()).prop_map(|(user, lco, credits)| Deal::Provide { user, lco, credits }),
        2 => (user(), part()).prop_map(|(user, part)| Deal::Announce { user, part }),
        3 => (user(), part()).prop_map(|(user, part)| Deal::Leave { user, part }),
        8 => (user(), coin(), part()).prop_map(|(user, pay, part)| Deal::Swap { user, pay, part }),
        3 => (user(), coin(), part()).prop_map(|(user, pay, part)| Deal::SwapExact { user, pay, part }),
        1 => Just(Deal::Skim),
        1 => (user(), house, coin(), 0..10_000u64).prop_map(|(user, to, coin, part)| Deal::Gift { user, to, coin, part }),
    ]
}

fn margin() -> impl Strategy<Value = Deal> {
    let collateral = || 20 * ONE..250 * ONE;
    let tenths = || 1..45u64;
    let push = prop_oneof![3 => Just(0u64), 1 => 100_000..=WHOLE];
    prop_oneof![
        3 => (user(), coin(), part()).prop_map(|(user, coin, part)| Deal::Lend { user, coin, part }),
        2 => (user(), coin(), part()).prop_map(|(user, coin, part)| Deal::TakeBack { user, coin, part }),
        8 => (user(), any::<bool>(), collateral(), tenths())
            .prop_map(|(user, long, collateral, tenths)| Deal::Enter { user, long, collateral, tenths }),
        1 => (user(), pick(), collateral(), tenths())
            .prop_map(|(user, pick, collateral, tenths)| Deal::Enlarge { user, pick, collateral, tenths }),
        2 => (user(), pick(), 0..100 * ONE).prop_map(|(user, pick, amount)| Deal::AddCollateral { user, pick, amount }),
        2 => (user(), pick(), 0..100 * ONE).prop_map(|(user, pick, amount)| Deal::TakeCollateral { user, pick, amount }),
        2 => (user(), pick(), part()).prop_map(|(user, pick, part)| Deal::Repay { user, pick, part }),
        2 => (user(), pick()).prop_map(|(user, pick)| Deal::Exit { user, pick }),
        5 => (user(), pick(), push).prop_map(|(user, pick, push)| Deal::Liquidate { user, pick, push }),
        2 => (user(), pick()).prop_map(|(user, pick)| Deal::Fill { user, pick }),
        1 => coin().prop_map(|coin| Deal::Collect { coin }),
        1 => (user(), coin(), 0..20_000u64).prop_map(|(user, coin, part)| Deal::Reserve { user, coin, part }),
    ]
}

fn bets() -> impl Strategy<Value = Deal> {
    let amount = prop_oneof![1 => 0..2 * ONE, 4 => ONE..2_000 * ONE];
    let answer = prop_oneof![4 => 0..3u8, 1 => Just(9u8)];
    let seconds = prop::sample::select(vec![599, 600, HOUR, DAY, 2 * DAY]);
    prop_oneof![
        3 => (user(), 2..5u8, 50 * ONE..400 * ONE, seconds)
            .prop_map(|(user, outcomes, ante, seconds)| Deal::Question { user, outcomes, ante, seconds }),
        7 => (user(), pick(), 0..4u8, amount).prop_map(|(user, pick, outcome, amount)| Deal::Bet { user, pick, outcome, amount }),
        3 => (user(), pick(), 0..4u8, part()).prop_map(|(user, pick, outcome, part)| Deal::Unbet { user, pick, outcome, part }),
        6 => (user(), pick(), answer).prop_map(|(user, pick, answer)| Deal::Answer { user, pick, answer }),
        3 => pick().prop_map(|pick| Deal::Settle { pick }),
        6 => (user(), pick(), prop::bool::weighted(0.3)).prop_map(|(user, pick, waiver)| Deal::Winnings { user, pick, waiver }),
        1 => pick().prop_map(|pick| Deal::BurnFees { pick }),
    ]
}

fn votes() -> impl Strategy<Value = Deal> {
    let motion = prop_oneof![
        2 => (1..300u64).prop_map(Motion::Deposit),
        2 => Just(Motion::Mark),
        1 => Just(Motion::Refused),
    ];
    let ballot = prop_oneof![3 => Just(Ballot::Yes), 1 => Just(Ballot::No), 4 => (0..3u8).prop_map(Ballot::Answer)];
    prop_oneof![
        2 => (user(), motion).prop_map(|(user, motion)| Deal::Propose { user, motion }),
        7 => (user(), pick(), ballot).prop_map(|(user, pick, ballot)| Deal::Vote { user, pick, ballot }),
        3 => pick().prop_map(|pick| Deal::Enact { pick }),
        1 => (user(), pick()).prop_map(|(user, pick)| Deal::Withdraw { user, pick }),
        2 => pick().prop_map(|pick| Deal::DepositBack { pick }),
    ]
}

fn weeks() -> impl Strategy<Value = Deal> {
    let gateway = || 1..=GATEWAYS;
    let ago = || 0..5u64;
    prop_oneof![
        1 => (gateway(), ago()).prop_map(|(gateway, weeks_ago)| Deal::CloseWeek { gateway, weeks_ago }),
        1 => (gateway(), ago()).prop_map(|(gateway, weeks_ago)| Deal::FreeCalls { gateway, weeks_ago }),
        5 => Just(Deal::Buyback),
        3 => ago().prop_map(|weeks_ago| Deal::Finalize { weeks_ago }),
        3 => Just(Deal::CollectPrizes),
        3 => (user(), ago()).prop_map(|(user, weeks_ago)| Deal::Prize { user, weeks_ago }),
        3 => (user(), 1..3u64, any::<bool>()).prop_map(|(user, weeks_ago, free)| Deal::Perk { user, weeks_ago, free }),
    ]
}

fn launches() -> impl Strategy<Value = Deal> {
    let quota = prop_oneof![0..1_000u64, 0..40_000_000_000u64];
    prop_oneof![
        3 => (0..2u8, quota, 0..3_000_000u64, any::<bool>())
            .prop_map(|(sku, quota, price, exclusive)| Deal::Launch { sku, quota, price, exclusive }),
        1 => Just(Deal::CancelLaunch),
        5 => user().prop_map(|user| Deal::Subscribe { user }),
        5 => (user(), part()).prop_map(|(user, part)| Deal::Grant { user, part }),
        1 => Just(Deal::CloseLaunch),
    ]
}

/// One operation of a market.
pub fn deal() -> impl Strategy<Value = Deal> {
    let after = prop_oneof![3 => Just(0u64), 1 => Just(600), 2 => 0..DAY];
    prop_oneof![
        12 => staking(),
        24 => exchange(),
        24 => margin(),
        24 => bets(),
        10 => votes(),
        8 => weeks(),
        8 => launches(),
        3 => after.prop_map(|after| Deal::Friday { after }),
    ]
}

fn advance(seconds: u64) -> Op {
    Op::Advance { seconds }
}

/// What single operations seldom reach: moves that only make sense one after the other, with time between them.
pub fn story() -> impl Strategy<Value = Vec<Op>> {
    let late = || 0..2 * DAY;
    let out = (user(), part(), late()).prop_map(|(user, part, late)| {
        vec![
            Op::Deal(Deal::Unstake { user, part }),
            advance(6 * DAY + late),
            Op::Deal(Deal::Unbonded { user }),
        ]
    });
    let leave = (user(), part(), part(), late()).prop_map(|(user, all, part, late)| {
        vec![
            Op::Deal(Deal::Announce { user: 0, part: all }),
            Op::Deal(Deal::Announce { user, part: all }),
            advance(DAY / 2 + late),
            Op::Deal(Deal::Leave { user: 0, part }),
            Op::Deal(Deal::Leave { user, part }),
        ]
    });
    let crash = (user(), any::<bool>(), 20 * ONE..250 * ONE, 20_000..150_000u64, pick()).prop_map(
        |(user, long, collateral, push, pick)| {
            let pay = if long { Coin::Lco } else { Coin::Credit };
            vec![
                Op::Deal(Deal::Enter {
                    user,
                    long,
                    collateral,
                    tenths: 28,
                }),
                Op::Deal(Deal::Swap {
                    user: (user + 1) % USERS,
                    pay,
                    part: push,
                }),
                advance(HOUR),
                Op::Deal(Deal::Liquidate { user: 2, pick, push: 0 }),
                Op::Deal(Deal::Liquidate { user: 2, pick: 0, push }),
                advance(300),
                Op::Deal(Deal::Fill { user: 1, pick: 0 }),
            ]
        },
    );
    let bet = |user, outcome, amount| {
        Op::Deal(Deal::Bet {
            user,
            pick: 0,
            outcome,
            amount,
        })
    };
    let answer = |user, answer| Op::Deal(Deal::Answer { user, pick: 0, answer });
    let question = (2..4u8, ONE..900 * ONE, 0..3u8, 0..3usize, part()).prop_map(
        move |(outcomes, amount, truth, disputes, part)| {
            let mut ops = vec![
                Op::Deal(Deal::Question {
                    user: 0,
                    outcomes,
                    ante: 120 * ONE,
                    seconds: DAY,
                }),
                bet(1, truth, amount),
                bet(2, 1, amount / 2),
                bet(3, 0, amount + 7),
                Op::Deal(Deal::Unbet {
                    user: 1,
                    pick: 0,
                    outcome: truth,
                    part,
                }),
                advance(DAY),
                answer(3, truth),
            ];
            ops.extend((0..disputes).map(|n| answer(n, if n == 0 { (truth + 1) % 2 } else { truth })));
            ops.extend([3, 1].map(|user| {
                Op::Deal(Deal::Vote {
                    user,
                    pick: 0,
                    ballot: Ballot::Answer(truth),
                })
            }));
            ops.push(advance(4 * DAY));
            ops.extend([Op::Deal(Deal::Enact { pick: 0 }), Op::Deal(Deal::Settle { pick: 0 })]);
            ops.extend((0..USERS).map(|user| {
                Op::Deal(Deal::Winnings {
                    user,
                    pick: 0,
                    waiver: user == 3,
                })
            }));
            ops
        },
    );
    let week = (1..=GATEWAYS, any::<bool>()).prop_map(|(gateway, free)| {
        let release = |weeks_ago| Op::Release {
            by: Who::Fund,
            gateway,
            weeks_ago,
            extra: 0,
        };
        let mut ops = vec![advance(WEEK), Op::Deal(Deal::Finalize { weeks_ago: 1 })];
        ops.extend((0..USERS).map(|user| {
            Op::Deal(Deal::Perk {
                user,
                weeks_ago: 1,
                free,
            })
        }));
        ops.extend([
            advance(9 * DAY),
            release(2),
            release(3),
            Op::Deal(Deal::Friday { after: 0 }),
            Op::Deal(Deal::Buyback),
            Op::Deal(Deal::Friday { after: DAY }),
        ]);
        ops.extend((1..5).rev().map(|weeks_ago| Op::Deal(Deal::Finalize { weeks_ago })));
        ops.extend((0..4).map(|_| Op::Deal(Deal::CollectPrizes)));
        ops.extend((0..USERS).map(|user| Op::Deal(Deal::Prize { user, weeks_ago: 1 })));
        ops
    });
    let launch = (0..2u8, 1..9_000_000_000u64, 0..3_000_000u64, any::<bool>(), part()).prop_map(
        |(sku, quota, price, exclusive, part)| {
            vec![
                Op::Deal(Deal::Launch {
                    sku,
                    quota,
                    price,
                    exclusive,
                }),
                Op::Deal(Deal::Subscribe { user: 3 }),
                Op::Deal(Deal::Subscribe { user: 1 }),
                advance(DAY),
                Op::Deal(Deal::Grant { user: 3, part }),
                Op::Deal(Deal::Grant { user: 1, part: WHOLE }),
            ]
        },
    );
    prop_oneof![2 => out, 2 => leave, 3 => crash, 3 => question, 2 => week, 2 => launch]
}
