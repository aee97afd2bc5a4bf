//! Stakes L-Coin for price tiers, launch weight and votes.
//!
//! Amounts are µLCO (10⁻⁶ LCO), times unix seconds. **What changes in a second is in force from the next one**: every question about a second is answered with
//! the state before anything that happened in it, and an answer once given never changes. The tier of the present ([`QueryMsg::Account`], one half of
//! [`QueryMsg::LowestTiers`]) follows the stake at once.
//!
//! No message takes native coins; attached ones are refused (932).
//!
//! # Error codes
//! Shown as `[staking:<code>]`; codes from 900 are those of `kit`.
//!
//! | code | meaning |
//! |---|---|
//! | 1 | amount is zero |
//! | 2 | more than is bonded |
//! | 3 | nothing to claim yet |
//! | 4 | list is empty or too long |
//! | 5 | an account is named twice in a list |
//! | 6 | a threshold lies outside its bounds |
//! | 7 | thresholds do not rise |
//! | 8 | a question about the future |
//! | 9 | a window ends before it begins |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Uint128;
use cw20::Cw20ReceiveMsg;

use crate::common::{OwnershipMsg, OwnershipResponse};
pub use crate::voting::MomentResponse;
use crate::voting::{Moment, Power};

/// Seconds between `Unstake` and `Claim`: 7 days.
pub const UNBONDING_SECONDS: u64 = 7 * 24 * 60 * 60;
/// Most accounts of one `Refresh`.
pub const MAX_REFRESH: usize = 100;
/// Most accounts of one `LowestTiers`.
pub const MAX_LOWEST_TIERS: usize = 200;

/// Price tier of an account, by staked LCO. Ordered: a later variant pays less.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub enum Tier {
    /// Pays 100 % of list.
    #[default]
    Lv1,
    /// Pays 95 %.
    Lv2,
    /// Pays 85 %.
    Lv3,
    /// Pays 70 %.
    Lv4,
    /// Pays the lower of cost and 70 % of list.
    Whale,
}

impl Tier {
    /// What one µLCO of the stake weighs in a launch: 0, 0, 1, 3, 3.
    pub const fn weight(self) -> u64 {
        match self {
            Self::Lv1 | Self::Lv2 => 0,
            Self::Lv3 => 1,
            Self::Lv4 | Self::Whale => 3,
        }
    }
}

/// Least stake of each tier, µLCO, strictly rising. Each may be set to a tenth up to ten times of its first value.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Params {
    /// 100 to 10,000 LCO; 1,000 at first.
    pub lv2: Uint128,
    /// 1,000 to 100,000 LCO; 10,000 at first.
    pub lv3: Uint128,
    /// 5,000 to 500,000 LCO; 50,000 at first.
    pub lv4: Uint128,
    /// 10,000 to 1,000,000 LCO; 100,000 at first.
    pub whale: Uint128,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            lv2: Uint128::new(1_000_000_000),
            lv3: Uint128::new(10_000_000_000),
            lv4: Uint128::new(50_000_000_000),
            whale: Uint128::new(100_000_000_000),
        }
    }
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Sets the thresholds, and nothing else.
    pub owner: String,
    /// The one token that is staked. Never changes.
    pub l_coin: String,
    pub params: Params,
}

/// What a `Send` of L-Coin says to this contract.
#[cw_serde]
pub enum Cw20Hook {
    /// Bonds the amount sent.
    Stake {
        /// Whose stake it becomes; the sender's if not given. Nobody but that account can take it out.
        r#for: Option<String>,
    },
}

#[cw_serde]
pub enum ExecuteMsg {
    /// L-Coin arrives; `msg` is a [`Cw20Hook`].
    ///
    /// Permission: Coin
    Receive(Cw20ReceiveMsg),
    /// Takes the amount out of the bonded stake. Tier, weight and votes fall at once; the money can be claimed [`UNBONDING_SECONDS`] later. What is unstaked on
    /// one day of UTC is claimed together, that long after the last of it. Cannot be paused.
    ///
    /// Permission: Anyone
    Unstake {
        /// µLCO, above zero, at most the sender's bonded stake.
        amount: Uint128,
    },
    /// Pays the sender everything whose time has come. Cannot be paused.
    ///
    /// Permission: Anyone
    Claim {},
    /// Brings the tiers of these accounts in line with the present thresholds.
    ///
    /// Permission: Anyone
    Refresh {
        /// 1 to [`MAX_REFRESH`], each once. One that is in line already is passed over.
        accounts: Vec<String>,
    },
    /// Records the height and time of this block, for questions by height.
    ///
    /// Permission: Anyone
    Mark {},
    /// Sets the thresholds. They reach an account at its next change of stake, or by `Refresh`.
    ///
    /// Permission: Owner
    SetParams { params: Params },
    /// Two-step change of owner.
    ///
    /// Permission: Owner
    Ownership(OwnershipMsg),
}

/// State is kept as it is; only the recorded version changes.
#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page shows about the contract.
    #[returns(OverviewResponse)]
    Overview {},
    /// Who owns the contract.
    #[returns(OwnershipResponse)]
    Ownership {},
    /// An account at present.
    #[returns(AccountResponse)]
    Account { address: String },
    /// Accounts that ever staked, by canonical address.
    #[returns(Vec<AccountRow>)]
    Accounts {
        /// Last account of the page before.
        start_after: Option<String>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// States of an account, newest first.
    #[returns(Vec<HistoryRow>)]
    History {
        address: String,
        /// `from` of the last row of the page before.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// States of all accounts together, newest first.
    #[returns(Vec<TotalRow>)]
    TotalHistory {
        /// `from` of the last row of the page before.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },

    /// For each account, in the order asked, the lower of its tier in force at `since` (unix seconds; the present one if later) and its tier now. At most
    /// [`MAX_LOWEST_TIERS`] accounts; one that is named twice is answered twice.
    #[returns(Vec<Tier>)]
    LowestTiers { accounts: Vec<String>, since: u64 },
    /// The tier in force at that second, at most the present one.
    #[returns(Tier)]
    TierAt { address: String, time: u64 },
    /// ∫ stake · weight of tier dt over the seconds `from` up to and without `to`, in µLCO · s. `to` is at most the present second.
    #[returns(IntegralResponse)]
    WeightIntegral { address: String, from: u64, to: u64 },
    /// ∫ stake dt over the seconds `from` up to and without `to`, in µLCO · s. `to` is at most the present second.
    #[returns(IntegralResponse)]
    StakeIntegral { address: String, from: u64, to: u64 },

    /// Votes on proposals (`voting::QueryMsg`): the stake of a Whale, 0 for anybody else; `weight` and `linear` are equal. In force at the second `at.time`; the
    /// moment must not lie in the future.
    #[returns(Power)]
    Power { address: String, at: Moment },
    /// The sum of `Power` over all accounts, exactly.
    #[returns(Power)]
    TotalPower { at: Moment },
    /// Votes on outcomes of markets (`voting::QueryMsg`): the lower of the stakes in force at the two moments, whatever the tier.
    #[returns(Uint128)]
    OutcomePower { address: String, from: Moment, to: Moment },
    /// The lower of the two totals of stake; at least the sum of `OutcomePower` over all accounts.
    #[returns(Uint128)]
    OutcomeTotal { from: Moment, to: Moment },
    /// The moment that stands for a height: the newest recorded one below it. Heights are recorded at the first change of a second and by `Mark`.
    #[returns(MomentResponse)]
    Moment { height: u64 },
}

/// Answer to `Overview {}`.
#[cw_serde]
pub struct OverviewResponse {
    pub l_coin: String,
    pub params: Params,
    /// Seconds between `Unstake` and `Claim`.
    pub unbonding_seconds: u64,
    /// µLCO bonded by all.
    pub bonded: Uint128,
    /// Σ stake · weight of tier, µLCO.
    pub weighted: Uint128,
    /// µLCO bonded by Whales: the votes there are.
    pub whale: Uint128,
    /// µLCO unstaked and not claimed.
    pub unbonding: Uint128,
    /// Accounts that have a stake.
    pub stakers: u64,
}

/// Answer to `Account {}`.
#[cw_serde]
pub struct AccountResponse {
    /// µLCO bonded.
    pub stake: Uint128,
    /// The tier that counts.
    pub tier: Tier,
    /// What `Refresh` would make of it.
    pub due: Tier,
    /// From when the present state is in force, unix seconds; 0 without one.
    pub from: u64,
    /// µLCO on the way out, the earliest first.
    pub unbonding: Vec<Unbonding>,
    /// µLCO of those that `Claim` would pay now.
    pub claimable: Uint128,
}

/// µLCO on the way out.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Unbonding {
    /// µLCO.
    pub amount: Uint128,
    /// First second at which `Claim` pays it.
    pub until: u64,
}

/// One of `Accounts {}`.
#[cw_serde]
pub struct AccountRow {
    pub address: String,
    /// µLCO bonded.
    pub stake: Uint128,
    pub tier: Tier,
}

/// One of `History {}`: a state and the second from which it is in force.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct HistoryRow {
    /// Unix seconds.
    pub from: u64,
    /// µLCO bonded.
    pub stake: Uint128,
    pub tier: Tier,
    /// ∫ stake dt up to `from`, µLCO · s.
    pub stake_seconds: Uint128,
    /// ∫ stake · weight of tier dt up to `from`, µLCO · s.
    pub weight_seconds: Uint128,
}

/// One of `TotalHistory {}`: sums over all accounts and the second from which they are in force.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct TotalRow {
    /// Unix seconds.
    pub from: u64,
    /// µLCO bonded.
    pub stake: Uint128,
    /// Σ stake · weight of tier, µLCO.
    pub weighted: Uint128,
    /// µLCO bonded by Whales.
    pub whale: Uint128,
    /// ∫ stake dt up to `from`, µLCO · s.
    pub stake_seconds: Uint128,
    /// ∫ weighted dt up to `from`, µLCO · s.
    pub weight_seconds: Uint128,
}

/// Answer to `WeightIntegral {}` and `StakeIntegral {}`. `total` is the sum of `account` over all accounts, exactly.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct IntegralResponse {
    /// µLCO · s.
    pub account: Uint128,
    /// µLCO · s.
    pub total: Uint128,
}
