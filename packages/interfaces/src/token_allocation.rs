//! Holds the genesis supply of VCAI by bucket, opens its market once, and pays beneficiaries by schedule.
//!
//! Amounts are base units of VCAI unless said; times are unix seconds, months 365.25 / 12 days. No message takes native coins except from `genesis-nft`'s release.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Uint128;
use cw20::Cw20ReceiveMsg;
use math::vesting::VestingError;

use crate::common::{OwnershipMsg, OwnershipResponse};
use crate::vcai::GENESIS_SUPPLY;

pub use math::vesting::{VestingKind, VestingSchedule, MONTH};

/// Most grants of one message.
pub const MAX_BATCH: usize = 50;
/// Grants of the private and the public bucket are multiples of this many base units, so that what they vest at the TGE has no remainder.
pub const GRANT_UNIT: Uint128 = Uint128::new(10_000);
/// Base units that vest at the TGE: 784,890,000 VCAI.
pub const VESTED_AT_TGE: Uint128 = Uint128::new(784_890_000_000_000);
/// Seconds by which a TGE must be announced.
pub const TGE_NOTICE: u64 = 86_400;
/// Most of a bucket that can be spent within [`SPEND_WINDOW`], basis points of its size at genesis.
pub const SPEND_BPS: u16 = 500;
/// 90 days.
pub const SPEND_WINDOW: u64 = 7_776_000;

/// What the supply is for.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Bucket {
    /// 23.5 %; 21.91 % at the TGE, the rest by the schedule of the round.
    Private,
    /// 5.5 %; 30.91 % at the TGE, the rest by the schedule of the round.
    Public,
    /// 15 %; 18 months nothing, then 42 months linear.
    Team,
    /// 5 %, the employees' quarter of the team's 20 %; the same schedule.
    Employees,
    /// 20 %; spent by governance.
    Reserve,
    /// 10 %; 18 months linear.
    Advisors,
    /// 1 %; opens the pool at the TGE, up to 30 % of it for the genesis airdrop, the rest for governance.
    Liquidity,
    /// 20 %; handed to `incentive-controller` at the TGE.
    Incentives,
    /// Strategic issuance; nothing at genesis.
    Issued,
}

impl Bucket {
    /// All of genesis; their shares sum to the whole.
    pub const GENESIS: [Self; 8] = [
        Self::Private,
        Self::Public,
        Self::Team,
        Self::Employees,
        Self::Reserve,
        Self::Advisors,
        Self::Liquidity,
        Self::Incentives,
    ];

    /// Part of the genesis supply, basis points.
    pub const fn share_bps(self) -> u16 {
        match self {
            Self::Private => 2_350,
            Self::Public => 550,
            Self::Team => 1_500,
            Self::Employees => 500,
            Self::Reserve | Self::Incentives => 2_000,
            Self::Advisors => 1_000,
            Self::Liquidity => 100,
            Self::Issued => 0,
        }
    }

    /// Part of the bucket that vests at the TGE, basis points.
    pub const fn tge_bps(self) -> u16 {
        match self {
            Self::Private => 2_191,
            Self::Public => 3_091,
            Self::Liquidity => 10_000,
            _ => 0,
        }
    }

    /// Base units at genesis. Exact: the supply is a multiple of 10⁴.
    pub fn size(self) -> Uint128 {
        GENESIS_SUPPLY.multiply_ratio(self.share_bps(), 10_000u16)
    }

    /// Base units of the bucket that vest at the TGE. Exact.
    pub fn at_tge(self) -> Uint128 {
        self.size().multiply_ratio(self.tge_bps(), 10_000u16)
    }

    /// The schedule of a grant that names none; `None` for buckets without grants and for issued VCAI, which always names one.
    pub fn schedule(self) -> Option<Result<VestingSchedule, VestingError>> {
        match self {
            Self::Private => Some(VestingSchedule::monthly(self.tge_bps(), 0, 18)),
            Self::Public => Some(VestingSchedule::monthly(self.tge_bps(), 0, 12)),
            Self::Team | Self::Employees => Some(VestingSchedule::monthly(0, 18, 42)),
            Self::Advisors => Some(VestingSchedule::monthly(0, 0, 18)),
            Self::Reserve | Self::Liquidity | Self::Incentives | Self::Issued => None,
        }
    }
}

/// When and at which price the market opens.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct TgePlan {
    /// From when anybody can send `Tge`.
    pub time: u64,
    /// Base units of the stablecoin for 10⁶ base units of VCAI. 1 ..= 10¹².
    pub price: Uint128,
}

#[cw_serde]
pub struct NewGrant {
    pub beneficiary: String,
    /// Above 0; of the private and the public bucket a multiple of [`GRANT_UNIT`].
    pub amount: Uint128,
    /// The bucket's own if absent. Private and public grants keep the bucket's part at the TGE; the others of genesis keep the bucket's schedule. Issued VCAI names one.
    pub schedule: Option<VestingSchedule>,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance, or the genesis council until hand-over: grants, amendments, the TGE's plan.
    pub owner: String,
    /// The governance contract, which alone spends and has issued VCAI vest. Never changes.
    pub governance: String,
    /// The VCAI token. Never changes.
    pub vcai: String,
    /// The stablecoin's denom. Never changes.
    pub denom: String,
    /// Holds the LP shares. Never changes.
    pub treasury: String,
    /// Sold before the TGE; receives the airdrop. Never changes.
    pub genesis_nft: String,
    /// Receives the incentives' bucket. Never changes.
    pub incentives: String,
    /// Takes locks. Never changes.
    pub vote_escrow: String,
    /// May lie in the near future here, without notice.
    pub tge: TgePlan,
}

#[cw_serde]
pub enum ExecuteMsg {
    // ---- genesis ----
    /// Opens the market, once, from the set time on: `genesis-nft` hands over the proceeds of its sale and receives the airdrop; the pool is opened with all proceeds
    /// and as much VCAI as the set price asks for; the incentives' bucket leaves; schedules start.
    ///
    /// Permission: Anyone
    Tge {},

    // ---- beneficiaries ----
    /// Pays what has vested and is not claimed.
    ///
    /// Permission: Beneficiary
    Claim { grant: u64 },
    /// Moves vested VCAI straight into the beneficiary's lock in `vote-escrow`.
    ///
    /// Permission: Beneficiary
    LockVested {
        grant: u64,
        /// All that can be claimed if absent.
        amount: Option<Uint128>,
        /// End of the lock, as `vote-escrow` takes it.
        until: u64,
    },
    /// Names the next beneficiary, or takes that back (`to: None`). Nothing changes until `AcceptBeneficiary`.
    ///
    /// Permission: Beneficiary
    ProposeBeneficiary { grant: u64, to: Option<String> },
    /// Makes the sender the beneficiary, of what is claimed from now on.
    ///
    /// Permission: Pending beneficiary
    AcceptBeneficiary { grant: u64 },

    // ---- governance ----
    /// CW20 receive hook; the message is a [`Cw20Hook`]. Only VCAI, and only from `governance`.
    ///
    /// Permission: Token
    Receive(Cw20ReceiveMsg),
    /// Sends VCAI of the reserve, or of what the pool did not take, after the TGE: at most 5 % of the bucket's genesis size within any 90 days.
    ///
    /// Permission: Governance
    Spend {
        bucket: Bucket,
        to: String,
        amount: Uint128,
    },
    /// Grants VCAI of a bucket that has grants, as far as it is not granted. Schedules start at the TGE, also of later grants.
    ///
    /// Permission: Owner
    AddGrants {
        bucket: Bucket,
        /// 1 to [`MAX_BATCH`].
        grants: Vec<NewGrant>,
    },
    /// Gives a grant another schedule. What has vested stays vested.
    ///
    /// Permission: Owner
    Amend { grant: u64, schedule: VestingSchedule },
    /// Replaces time and price of the TGE before it happens; the time at least [`TGE_NOTICE`] ahead.
    ///
    /// Permission: Owner
    SetTge { tge: TgePlan },
    /// Two-step change of the owner.
    ///
    /// Permission: Owner (propose, cancel) | Pending owner (accept)
    Ownership(OwnershipMsg),
}

/// What a CW20 `Send` to the contract says.
#[cw_serde]
pub enum Cw20Hook {
    /// Grants out of issued VCAI; their amounts sum to what is sent, their schedules start now.
    Vest {
        /// The proposal that decided it; for the record.
        proposal: u64,
        /// 1 to [`MAX_BATCH`], each with a schedule.
        grants: Vec<NewGrant>,
    },
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page shows first.
    #[returns(OverviewResponse)]
    Overview {},
    #[returns(ConfigResponse)]
    Config {},
    #[returns(OwnershipResponse)]
    Ownership {},
    /// The TGE: its plan, and what happened.
    #[returns(TgeResponse)]
    Tge {},
    #[returns(BucketResponse)]
    Bucket { bucket: Bucket },
    #[returns(Option<GrantResponse>)]
    Grant { grant: u64 },
    /// Grants by number.
    #[returns(Vec<GrantResponse>)]
    Grants {
        start_after: Option<u64>,
        limit: Option<u32>,
    },
    /// A beneficiary's grants by number.
    #[returns(Vec<GrantResponse>)]
    GrantsOf {
        beneficiary: String,
        start_after: Option<u64>,
        limit: Option<u32>,
    },
    /// What governance spent of a bucket, newest first.
    #[returns(Vec<SpendResponse>)]
    Spends {
        bucket: Bucket,
        start_before: Option<u64>,
        limit: Option<u32>,
    },
}

#[cw_serde]
pub struct ConfigResponse {
    pub governance: String,
    pub vcai: String,
    pub denom: String,
    pub treasury: String,
    pub genesis_nft: String,
    pub incentives: String,
    pub vote_escrow: String,
}

#[cw_serde]
pub struct OverviewResponse {
    pub tge: TgeResponse,
    /// Those of genesis, then the issued one.
    pub buckets: Vec<BucketResponse>,
    /// Number of grants.
    pub grants: u64,
    /// [`VESTED_AT_TGE`].
    pub vested_at_tge: Uint128,
    /// The part of it that the airdrop keeps locked for up to six months more; 0 before the TGE.
    pub airdrop_locked_at_tge: Uint128,
}

#[cw_serde]
pub struct TgeResponse {
    pub plan: TgePlan,
    pub done: Option<TgeRecord>,
}

/// What the TGE did.
#[cw_serde]
#[derive(Eq)]
pub struct TgeRecord {
    /// Schedules start here.
    pub time: u64,
    /// Stablecoin put into the pool: all proceeds of the sale.
    pub proceeds: Uint128,
    /// VCAI put into the pool; 0 if nothing was sold and no pool opened.
    pub paired: Uint128,
    /// VCAI sent to `genesis-nft`.
    pub airdrop: Uint128,
}

#[cw_serde]
pub struct BucketResponse {
    pub bucket: Bucket,
    /// At genesis.
    pub size: Uint128,
    /// What vests of it at the TGE.
    pub at_tge: Uint128,
    /// Granted to beneficiaries.
    pub granted: Uint128,
    /// Left the contract: claims, locks, spending, the pool, the airdrop, the incentives.
    pub paid: Uint128,
    /// Neither granted nor gone: for further grants or for governance.
    pub free: Uint128,
    /// What governance could spend of it now.
    pub spendable: Uint128,
}

#[cw_serde]
pub struct GrantResponse {
    pub grant: u64,
    pub bucket: Bucket,
    pub beneficiary: String,
    pub pending_beneficiary: Option<String>,
    pub amount: Uint128,
    pub schedule: VestingSchedule,
    /// None while the TGE is still to come.
    pub starts_at: Option<u64>,
    /// By now.
    pub vested: Uint128,
    pub claimed: Uint128,
    /// vested − claimed.
    pub claimable: Uint128,
}

#[cw_serde]
pub struct SpendResponse {
    /// From 1, without gaps in each bucket.
    pub n: u64,
    pub bucket: Bucket,
    pub to: String,
    pub amount: Uint128,
    pub time: u64,
}
