//! Shares out quota of scarce models by time-averaged stake.
//!
//! A launch offers `quota` units of one SKU. Everybody's allocation is fixed by what he had staked before the launch was announced; whoever wants it subscribes
//! (which costs nothing), what nobody subscribed is offered once more to those who did, and units are paid for when they are claimed. Units are the metered units
//! of the rate card (tokens); prices are µCredit, times unix seconds.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Uint128;
use cw20::Cw20ReceiveMsg;

use crate::common::{OwnershipMsg, OwnershipResponse};

/// Seconds before the snapshot over which stake is averaged.
pub const WINDOW: u64 = 7 * 86_400;
/// Oldest snapshot, seconds before the announcement.
pub const MAX_SNAPSHOT_AGE: u64 = 30 * 86_400;
/// Shortest time to subscribe, and to claim, seconds.
pub const MIN_PHASE: u64 = 3_600;
/// Longest time to subscribe, seconds.
pub const MAX_SUBSCRIBE: u64 = 30 * 86_400;
/// Longest time to claim, seconds.
pub const MAX_CLAIM: u64 = 90 * 86_400;
/// Longest exclusivity from the announcement, seconds; a grant is checked against the same bound by the vault.
pub const MAX_EXCLUSIVE: u64 = 365 * 86_400;
/// Largest quota, units.
pub const MAX_QUOTA: u128 = 1_000_000_000_000_000_000;
/// Largest price, µCredit per 10^6 units, as in a rate card.
pub const MAX_PRICE: u128 = 1_000_000_000_000_000;
/// Units that `price_per_unit` is for.
pub const PRICE_UNITS: u128 = 1_000_000;

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance, or the genesis council until hand-over.
    pub owner: String,
    /// Grants what is claimed, and is the token of Credits that it is paid in. Never changes.
    pub vault: String,
    /// Answers `lco_staking::QueryMsg::WeightIntegral`. Never changes.
    pub staking: String,
}

/// Terms of a launch; nothing changes them afterwards.
#[cw_serde]
pub struct NewLaunch {
    /// A SKU with a rate card in the vault.
    pub sku: String,
    /// Units offered in all, 1 ..= 10^18.
    pub quota: Uint128,
    /// µCredit per unit with six decimal places, that is µCredit per 10^6 units like a rate card's figures: 3,000,000 is 3 µCredit per unit, or 3 Credits per
    /// million units. 0 ..= 10^15; 0 is free.
    pub price_per_unit: Uint128,
    /// Weights are averaged over the 7 days that end at this second. Before now, at most 30 days.
    pub snapshot: u64,
    /// Subscriptions are taken before this second: 1 hour to 30 days from now.
    pub subscribe_until: u64,
    /// Claims are taken from `subscribe_until` to before this second: 1 hour to 90 days later.
    pub claim_until: u64,
    /// From the first claim to before this second, usage of the SKU beyond an account's entitlement is refused by the vault. 0 (or anything past) for no
    /// exclusivity; at most a year from now.
    pub exclusive_until: u64,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Announces a launch. Refused while another launch of the SKU is live, without a rate card for the SKU, and when nobody has any weight in the window.
    ///
    /// Permission: Owner
    CreateLaunch(NewLaunch),
    /// Withdraws a launch while subscriptions are taken, when nothing can have been paid yet.
    ///
    /// Permission: Owner
    CancelLaunch { launch: u64 },
    /// Takes the sender's allocation, ⌊quota · own weight / total weight⌋, which must not be 0. Once per account and launch, before `subscribe_until`.
    ///
    /// Permission: Anyone
    Subscribe { launch: u64 },
    /// Claims units of a launch whose price is 0. Those of any other are claimed by [`Cw20Hook::Claim`].
    ///
    /// Permission: Anyone
    Claim { launch: u64, units: Uint128 },
    /// Credits arrive with a [`Cw20Hook`].
    ///
    /// Permission: Vault
    Receive(Cw20ReceiveMsg),
    /// Ends a launch from `claim_until` on: what nobody claimed goes back to whoever offered it. A new launch of the same SKU does so by itself.
    ///
    /// Permission: Anyone
    CloseLaunch { launch: u64 },
    /// Two-step change of the owner.
    ///
    /// Permission: Owner (propose, cancel) | Pending owner (accept)
    Ownership(OwnershipMsg),
}

/// What Credits are sent for.
#[cw_serde]
pub enum Cw20Hook {
    /// Claims `units`, above 0, of what the sender of the Credits has left of its allotment, for exactly ⌈units · price_per_unit / 10^6⌉ µCredit. May be repeated until
    /// nothing is left.
    Claim { launch: u64, units: Uint128 },
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page shows first.
    #[returns(OverviewResponse)]
    Overview {},
    #[returns(OwnershipResponse)]
    Ownership {},
    #[returns(LaunchResponse)]
    Launch { launch: u64 },
    /// All launches, newest first. At most 100 a page, 30 by default.
    #[returns(Vec<LaunchResponse>)]
    Launches {
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// The launch of a SKU that is not closed or cancelled, if any.
    #[returns(Option<LaunchResponse>)]
    Live { sku: String },
    /// What an address has, or could have, of a launch. Asks the staking contract if the address has not subscribed.
    #[returns(AllotmentResponse)]
    Allotment { launch: u64, address: String },
    /// The launches an address subscribed, newest first.
    #[returns(Vec<AllotmentResponse>)]
    Account {
        address: String,
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// Who subscribed a launch, in the order of addresses.
    #[returns(Vec<AllotmentResponse>)]
    Subscribers {
        launch: u64,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    /// µCredit that a claim of `units` costs: ⌈units · price_per_unit / 10^6⌉.
    #[returns(Uint128)]
    Price { launch: u64, units: Uint128 },
}

#[cw_serde]
pub struct OverviewResponse {
    pub vault: String,
    pub staking: String,
    /// Launches ever announced; the newest has this number, the first is 1.
    pub launches: u64,
    /// The newest ten, newest first.
    pub newest: Vec<LaunchResponse>,
}

/// Where a launch is.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Phase {
    /// Subscriptions are taken.
    Subscribe,
    /// Units are claimed.
    Claim,
    /// `claim_until` is past.
    Ended,
    /// Withdrawn by the owner before anything was claimed.
    Cancelled,
}

#[cw_serde]
pub struct LaunchResponse {
    pub launch: u64,
    pub terms: NewLaunch,
    /// When it was announced.
    pub created_at: u64,
    /// ∫ stake · w(tier) dt over the window, of all stakers: µLCO · s.
    pub total_weight: Uint128,
    pub phase: Phase,
    /// Units of all subscribers' allocations, first round.
    pub subscribed: Uint128,
    /// Units granted so far.
    pub claimed: Uint128,
    /// Units that nobody took; known once the launch is over.
    pub returned: Option<Uint128>,
}

#[cw_serde]
pub struct AllotmentResponse {
    pub launch: u64,
    pub address: String,
    /// Whether the address subscribed; the allocation is what it could subscribe otherwise.
    pub subscribed: bool,
    /// First round: ⌊quota · own weight / total weight⌋ units.
    pub allocation: Uint128,
    /// Both rounds: allocation + ⌊(quota − subscribed) · allocation / subscribed⌋ units. Known once subscriptions are over, for subscribers.
    pub allotment: Option<Uint128>,
    /// Units claimed so far.
    pub claimed: Uint128,
    /// Units that can be claimed now.
    pub claimable: Uint128,
}
