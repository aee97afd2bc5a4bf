//! Operations, and how random ones are drawn. Indices are taken modulo what there is, so every trace is playable and shrinks well.

use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::deal::{self, Deal};
use crate::net::{self, Net};

pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 24 * HOUR;
pub const WEEK: u64 = 7 * DAY;
/// Base units of a whole coin.
pub const ONE: u128 = 1_000_000;

/// Users with Credits.
pub const USERS: usize = 4;
pub const GATEWAYS: u64 = 2;

/// Who holds Credits or USDT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    User(usize),
    /// An account that is registered as if it were a contract.
    Exchange,
    /// The ecosystem fund; it sends nothing by itself.
    Fund,
    /// Stands in for another fund, for a change of peers.
    OtherFund,
    /// Where a gateway's revenue goes.
    Payout(u64),
    /// Operator of a gateway.
    Host(u64),
    /// Operator of the worker.
    Worker,
    /// Carries statements, uploads collateral, donates; holds no role.
    Relayer,
    Council,
    Operator,
    Thief,
}

/// How usage of one SKU by one account is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// As the rate card says.
    Card,
    /// One µCredit above it.
    AboveCard,
    /// Cost above list, both within the card.
    CostAboveList,
    /// Two calls with one id.
    Twice,
    /// One call dearer than the card, another cheaper.
    Shifted,
    /// An entry that says more than its call.
    Inflated,
}

/// One entry of a report to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub user: usize,
    /// 0, 1: the gateway's own; 2: the other gateway's; 3: nobody's.
    pub sku: u8,
    pub units: u64,
    pub claim: Claim,
}

/// What is wrong with a statement as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    None,
    /// The chain's last statement once more.
    Duplicate,
    Gap,
    WrongParent,
    /// Another report in the last one's place.
    Conflict,
    /// Signed by another key.
    Forged,
    /// Signed for another chain.
    ForeignChain,
    /// Signed for another contract.
    ForeignContract,
    Expired,
    FutureWindow,
    /// Starts before the last accepted one.
    Overlap,
    /// Entries of another report.
    WrongLogRoot,
    /// A byte too many.
    Malformed,
    /// Of a key epoch that never was.
    UnknownKey,
    /// Of the key epoch before.
    OldEpoch,
    // Bytes at which a host function stops the whole call where it could answer "no".
    /// The right signature, and zeros up to [`LONG_SIGNATURE`] bytes.
    LongSignature,
    NoSignature,
    /// 64 bytes of zero: no scalar of ECDSA.
    ZeroSignature,
    /// 64 bytes of 255: no scalar of any scheme.
    MaxSignature,
    /// The right body, and zeros up to [`LONG`] bytes.
    LongBody,
    NoBody,
    /// The right entries, and zeros up to [`LONG`] bytes.
    LongEntries,
    NoEntries,
}

/// Bytes of a signature far too long.
pub const LONG_SIGNATURE: usize = 5_000;
/// Bytes of a body or a list of entries far too long.
pub const LONG: usize = 100_000;

impl Fault {
    /// Everything that can be wrong.
    pub const ALL: [Self; 22] = [
        Self::Duplicate,
        Self::Gap,
        Self::WrongParent,
        Self::Conflict,
        Self::Forged,
        Self::ForeignChain,
        Self::ForeignContract,
        Self::Expired,
        Self::FutureWindow,
        Self::Overlap,
        Self::WrongLogRoot,
        Self::Malformed,
        Self::UnknownKey,
        Self::OldEpoch,
        Self::LongSignature,
        Self::NoSignature,
        Self::ZeroSignature,
        Self::MaxSignature,
        Self::LongBody,
        Self::NoBody,
        Self::LongEntries,
        Self::NoEntries,
    ];

    /// Whether the signature is not the key's over the statement.
    #[must_use]
    pub fn of_signature(self) -> bool {
        use Fault::*;
        let foreign = matches!(self, Forged | ForeignChain | ForeignContract);
        foreign || matches!(self, LongSignature | NoSignature | ZeroSignature | MaxSignature)
    }

    /// Whether the body does not decode.
    #[must_use]
    pub fn of_body(self) -> bool {
        matches!(self, Self::Malformed | Self::LongBody | Self::NoBody)
    }

    /// Whether the entries that travel are not those of the root.
    #[must_use]
    pub fn of_entries(self) -> bool {
        matches!(self, Self::WrongLogRoot | Self::LongEntries | Self::NoEntries)
    }
}

/// What is wrong with a job statement's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    Honest,
    TooFast,
    Falls,
    UnknownSlot,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    Report {
        gateway: u64,
        usage: Vec<Usage>,
        /// Age of the newest call, seconds.
        late: u64,
        fault: Fault,
    },
    Job {
        job: u64,
        work: Work,
        fault: Fault,
    },
    Link {
        job: u64,
    },
}

/// What governance may change through the public queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The stand-in becomes the fund, or the suite's own again.
    SwapFund,
    /// User 3 becomes a registered contract.
    Register,
    /// The oracle hands its reports to a contract that does not understand them.
    LoseVault,
    /// … and to the vault again.
    FindVault,
    /// The vault listens to somebody else.
    LoseOracle,
    FindOracle,
}

/// Where proofs are false themselves, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dispute {
    Duplicate,
    Price,
    Sum,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    // in and out
    Deposit {
        user: usize,
        amount: u128,
        to: usize,
    },
    /// More than one coin, or none.
    DepositWrong {
        user: usize,
    },
    Redeem {
        who: Who,
        amount: u128,
    },
    // CW20
    Transfer {
        from: Who,
        to: Who,
        amount: u128,
    },
    Allow {
        owner: usize,
        spender: Who,
        amount: u128,
    },
    Disallow {
        owner: usize,
        spender: Who,
        amount: u128,
    },
    TransferFrom {
        spender: Who,
        owner: usize,
        to: Who,
        amount: u128,
    },
    // spending accounts
    Open {
        user: usize,
        gateway: u64,
        amount: u128,
        per_day: u128,
    },
    TopUp {
        user: usize,
        gateway: u64,
        amount: u128,
    },
    Limit {
        user: usize,
        gateway: u64,
        per_day: u128,
    },
    Close {
        user: usize,
        gateway: u64,
    },
    Withdraw {
        user: usize,
        gateway: u64,
    },
    // L-Coin
    Claim {
        user: usize,
    },
    Pay {
        users: Vec<usize>,
    },
    LcoTransfer {
        from: usize,
        to: usize,
        amount: u128,
    },
    LcoBurn {
        user: usize,
        amount: u128,
    },
    // statements
    Submit {
        statements: Vec<Statement>,
    },
    Deliver {
        pick: usize,
        other_entries: bool,
    },
    // checking
    Challenge {
        pick: usize,
        entry: usize,
        impostor: bool,
    },
    Reveal {
        pick: usize,
        other: bool,
    },
    Resolve {
        pick: usize,
    },
    Dispute {
        pick: usize,
        entry: usize,
        kind: Dispute,
    },
    // keys and bonds
    Enrol {
        subject: usize,
    },
    Revoke {
        subject: usize,
        by: Who,
    },
    AddBond {
        subject: usize,
        amount: u128,
    },
    // governance
    Release {
        by: Who,
        gateway: u64,
        weeks_ago: u64,
        extra: u128,
    },
    ProposeRates {
        gateway: u64,
        second: bool,
        list: u64,
        cost: u64,
    },
    Suspend {
        gateway: u64,
        by: Who,
    },
    Admit {
        gateway: u64,
        by: Who,
    },
    Pause {
        paused: bool,
        by: Who,
    },
    OpenTransfers {
        by: Who,
    },
    Queue {
        change: Change,
        by: Who,
    },
    Execute {
        pick: usize,
    },
    Cancel {
        pick: usize,
        by: Who,
    },
    /// The council migrates the vault (or the oracle) to a thief's code; everybody leaves while it waits. Ends the trace.
    Steal {
        oracle: bool,
    },
    /// USDT that nobody asked for.
    Donate {
        oracle: bool,
        amount: u128,
    },
    Advance {
        seconds: u64,
    },
    /// Something at the markets.
    Deal(Deal),
    /// Something with the network's token.
    Net(Net),
}

/// Amounts of every size, small and large ones likely.
fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![0..5u128, 0..1_000u128, 0..50_000 * ONE]
}

fn user() -> std::ops::Range<usize> {
    0..USERS
}

fn gateway() -> std::ops::RangeInclusive<u64> {
    1..=GATEWAYS
}

fn holder() -> impl Strategy<Value = Who> {
    prop_oneof![
        4 => user().prop_map(Who::User),
        2 => Just(Who::Exchange),
        1 => Just(Who::OtherFund),
        1 => gateway().prop_map(Who::Payout),
    ]
}

fn governor() -> impl Strategy<Value = Who> {
    prop_oneof![3 => Just(Who::Council), 3 => Just(Who::Operator), 1 => Just(Who::Thief), 1 => Just(Who::Host(1))]
}

fn usage() -> impl Strategy<Value = Usage> {
    let claim = prop_oneof![
        12 => Just(Claim::Card),
        1 => Just(Claim::AboveCard),
        1 => Just(Claim::CostAboveList),
        1 => Just(Claim::Twice),
        1 => Just(Claim::Shifted),
        1 => Just(Claim::Inflated),
    ];
    let units = prop_oneof![1 => 0..10u64, 2 => 0..1_000_000u64, 3 => 0..40_000_000_000u64];
    let sku = prop_oneof![8 => 0..2u8, 1 => Just(2u8), 1 => Just(3u8)];
    // User 4 is no address at all.
    let user = prop_oneof![16 => 0..USERS, 1 => Just(USERS)];
    (user, sku, units, claim).prop_map(|(user, sku, units, claim)| Usage {
        user,
        sku,
        units,
        claim,
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![4 => Just(Fault::None), 1 => prop::sample::select(&Fault::ALL[..])]
}

fn statement() -> impl Strategy<Value = Statement> {
    let late = prop::sample::select(vec![1u64, 50, 99, 4_000]);
    let work = prop_oneof![4 => Just(Work::Honest), 1 => Just(Work::TooFast), 1 => Just(Work::Falls), 1 => Just(Work::UnknownSlot)];
    prop_oneof![
        6 => (gateway(), vec(usage(), 1..6), late, fault())
            .prop_map(|(gateway, usage, late, fault)| Statement::Report { gateway, usage, late, fault }),
        2 => (0..2u64, work, fault()).prop_map(|(job, work, fault)| Statement::Job { job, work, fault }),
        1 => (0..2u64).prop_map(|job| Statement::Link { job }),
    ]
}

fn money() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (user(), amount(), user()).prop_map(|(user, amount, to)| Op::Deposit { user, amount, to }),
        1 => user().prop_map(|user| Op::DepositWrong { user }),
        4 => (holder(), amount()).prop_map(|(who, amount)| Op::Redeem { who, amount }),
        4 => (holder(), holder(), amount()).prop_map(|(from, to, amount)| Op::Transfer { from, to, amount }),
        1 => (user(), holder(), amount()).prop_map(|(owner, spender, amount)| Op::Allow { owner, spender, amount }),
        1 => (user(), holder(), amount()).prop_map(|(owner, spender, amount)| Op::Disallow { owner, spender, amount }),
        2 => (holder(), user(), holder(), amount())
            .prop_map(|(spender, owner, to, amount)| Op::TransferFrom { spender, owner, to, amount }),
        8 => (user(), gateway(), amount(), amount())
            .prop_map(|(user, gateway, amount, per_day)| Op::Open { user, gateway, amount, per_day }),
        2 => (user(), gateway(), amount()).prop_map(|(user, gateway, amount)| Op::TopUp { user, gateway, amount }),
        2 => (user(), gateway(), amount()).prop_map(|(user, gateway, per_day)| Op::Limit { user, gateway, per_day }),
        3 => (user(), gateway()).prop_map(|(user, gateway)| Op::Close { user, gateway }),
        3 => (user(), gateway()).prop_map(|(user, gateway)| Op::Withdraw { user, gateway }),
        3 => user().prop_map(|user| Op::Claim { user }),
        1 => vec(user(), 0..4).prop_map(|users| Op::Pay { users }),
        1 => (user(), user(), amount()).prop_map(|(from, to, amount)| Op::LcoTransfer { from, to, amount }),
        1 => (user(), amount()).prop_map(|(user, amount)| Op::LcoBurn { user, amount }),
        1 => (any::<bool>(), 1..1_000 * ONE).prop_map(|(oracle, amount)| Op::Donate { oracle, amount }),
    ]
}

fn proof() -> impl Strategy<Value = Op> {
    let kind = prop::sample::select(vec![Dispute::Duplicate, Dispute::Price, Dispute::Sum]);
    let pick = || 0..64usize;
    prop_oneof![
        3 => (pick(), 0..6usize, prop::bool::weighted(0.1)).prop_map(|(pick, entry, impostor)| Op::Challenge { pick, entry, impostor }),
        2 => (pick(), prop::bool::weighted(0.2)).prop_map(|(pick, other)| Op::Reveal { pick, other }),
        2 => pick().prop_map(|pick| Op::Resolve { pick }),
        3 => (pick(), 0..6usize, kind).prop_map(|(pick, entry, kind)| Op::Dispute { pick, entry, kind }),
        1 => (pick(), prop::bool::weighted(0.2)).prop_map(|(pick, other_entries)| Op::Deliver { pick, other_entries }),
    ]
}

fn rule() -> impl Strategy<Value = Op> {
    let subject = || 0..3usize;
    let change = prop::sample::select(vec![
        Change::SwapFund,
        Change::Register,
        Change::LoseVault,
        Change::FindVault,
        Change::LoseOracle,
        Change::FindOracle,
    ]);
    let fund = prop_oneof![4 => Just(Who::Fund), 1 => Just(Who::OtherFund), 1 => Just(Who::Thief)];
    prop_oneof![
        4 => subject().prop_map(|subject| Op::Enrol { subject }),
        1 => (subject(), governor()).prop_map(|(subject, by)| Op::Revoke { subject, by }),
        1 => (subject(), 1..20_000 * ONE).prop_map(|(subject, amount)| Op::AddBond { subject, amount }),
        5 => (fund, gateway(), 0..5u64, 0..3u128)
            .prop_map(|(by, gateway, weeks_ago, extra)| Op::Release { by, gateway, weeks_ago, extra }),
        2 => (gateway(), any::<bool>(), 1..5_000_000u64, 0..5_000_000u64)
            .prop_map(|(gateway, second, list, cost)| Op::ProposeRates { gateway, second, list, cost }),
        1 => (gateway(), governor()).prop_map(|(gateway, by)| Op::Suspend { gateway, by }),
        2 => (gateway(), governor()).prop_map(|(gateway, by)| Op::Admit { gateway, by }),
        1 => (prop::bool::weighted(0.3), governor()).prop_map(|(paused, by)| Op::Pause { paused, by }),
        1 => governor().prop_map(|by| Op::OpenTransfers { by }),
        2 => (change, governor()).prop_map(|(change, by)| Op::Queue { change, by }),
        3 => (0..4usize).prop_map(|pick| Op::Execute { pick }),
        1 => (0..4usize, governor()).prop_map(|(pick, by)| Op::Cancel { pick, by }),
    ]
}

/// One operation.
pub fn op() -> impl Strategy<Value = Op> {
    let seconds = prop_oneof![
        3 => 0..100u64,
        2 => Just(HOUR),
        3 => Just(DAY),
        2 => Just(2 * DAY),
        1 => Just(WEEK),
        1 => Just(9 * DAY),
        1 => Just(14 * DAY),
    ];
    let submit = vec(statement(), 1..4).prop_map(|statements| Op::Submit { statements });
    prop_oneof![
        40 => money(),
        60 => deal::deal().prop_map(Op::Deal),
        60 => net::net().prop_map(Op::Net),
        30 => submit,
        14 => proof(),
        16 => rule(),
        18 => seconds.prop_map(|seconds| Op::Advance { seconds }),
        1 => any::<bool>().prop_map(|oracle| Op::Steal { oracle }),
    ]
}

/// A list of single operations and of stories, `length` of both together.
pub fn trace(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Op>> {
    let part = prop_oneof![24 => op().prop_map(|op| vec![op]), 1 => deal::story(), 1 => net::story()];
    // Without its beginning the network's token stays where it is made.
    let beginning = prop_oneof![1 => Just(Vec::new()), 4 => net::beginning()];
    (beginning, vec(part, length)).prop_map(|(mut ops, parts)| {
        ops.extend(parts.concat());
        ops
    })
}
