//! The Credit ledger.
//!
//! 1 Credit = 1 USDT, both with 6 decimals. Amounts are µCredit or µLCO as said at each field; times are unix seconds; a *week* is the number of whole weeks
//! since Monday 1969-12-29 00:00 UTC as defined in `math::time`.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, Uint128};
use cw20::Expiration;

use crate::common::{OwnershipMsg, OwnershipResponse};

/// Names one usage report: a gateway's key epoch and the report's place in that epoch's chain.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct ReportRef {
    pub gateway: u64,
    pub key_epoch: u32,
    pub seq: u64,
}

/// Names one settled entry: its report and its position in the report, from 0.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct ChargeRef {
    pub report: ReportRef,
    pub entry: u16,
}

/// One verified report on its way to settlement.
#[cw_serde]
pub struct SettleReport {
    pub report: ReportRef,
    /// Half-open window of the calls, unix seconds.
    pub window_start: u64,
    pub window_end: u64,
    /// At most 200, strictly sorted by (account, sku).
    pub entries: Vec<SettleEntry>,
}

/// Usage of one SKU by one account within one report.
#[cw_serde]
pub struct SettleEntry {
    pub account: String,
    pub sku: String,
    pub calls: u64,
    /// Metered units (tokens).
    pub units: Uint128,
    /// Sum of the calls' list prices, µCredit, each rounded down.
    pub list: Uint128,
    /// Sum of the calls' attested costs, µCredit, each rounded down.
    pub cost: Uint128,
    /// Time of the newest call, unix seconds.
    pub last: u64,
}

/// What became of one entry. The numeric code is the position in this list and never changes.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum EntryOutcome {
    /// 0: charged in full (possibly 0).
    Charged,
    /// 1: charged as far as the spending account or its daily limit reached; the rest is the account's public shortfall mark.
    Shortfall,
    /// 2: the account has no spending account at this gateway, or opened it after the newest call.
    NoSpendingAccount,
    /// 3: the newest call is later than closing + 60 s.
    Closed,
    /// 4: no rate card for the SKU was in force in the window.
    UnknownSku,
    /// 5: the SKU belongs to another gateway.
    ForeignSku,
    /// 6: list or cost above the rate card.
    AboveRateCard,
    /// 7: cost above list.
    CostAboveList,
    /// 8: the SKU is exclusive and the account's entitlement does not cover the units.
    NotEntitled,
    /// 9: the account text is not an address of this chain.
    InvalidAccount,
    /// 10: the gateway is not admitted, or suspended.
    GatewayNotAdmitted,
}

impl EntryOutcome {
    /// Every outcome, at the place of its code.
    pub const ALL: [Self; 11] = [
        Self::Charged,
        Self::Shortfall,
        Self::NoSpendingAccount,
        Self::Closed,
        Self::UnknownSku,
        Self::ForeignSku,
        Self::AboveRateCard,
        Self::CostAboveList,
        Self::NotEntitled,
        Self::InvalidAccount,
        Self::GatewayNotAdmitted,
    ];

    /// Stable numeric code, as in events.
    pub const fn code(self) -> u8 {
        // variants without data count from 0
        self as u8
    }

    /// The outcome with that code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// The first weeks' parameters; every one has bounds, checked at instantiate and update.
#[cw_serde]
pub struct Params {
    /// Seconds between `CloseSpending` and `WithdrawSpending`. 3,600 ..= 259,200; default 86,400.
    pub close_window: u64,
    /// Most LCO that one gateway's usage can mine in a week, µLCO. 0 ..= 10^13; default 500,000 LCO.
    pub weekly_mint_cap: Uint128,
    /// Least share of a week's revenue that goes to the fund, basis points. 100 ..= 1,000; default 200.
    pub fund_floor_bps: u16,
    /// Share of a week's profit that goes to the fund, basis points. 1,000 ..= 5,000; default 2,000.
    pub profit_share_bps: u16,
}

/// A gateway admitted by governance.
#[cw_serde]
pub struct GatewayAdmission {
    /// Id given by the attestation oracle.
    pub gateway: u64,
    /// Receives the week's revenue less the fund's share, as free Credits.
    pub payout: String,
}

/// Price of one SKU in µCredit per 10^6 units.
#[cw_serde]
pub struct Rate {
    /// 1 ..= 64 printable ASCII characters without spaces. A SKU belongs to the first gateway it was listed for, for ever.
    pub sku: String,
    pub gateway: u64,
    /// At most 10^15.
    pub list: Uint128,
    /// At most `list`. Includes the fund's floor.
    pub cost: Uint128,
}

/// Optional contracts around the vault. None until they exist; changed only through the timelock.
#[cw_serde]
#[derive(Default)]
pub struct Peers {
    /// Answers `lco_staking::QueryMsg::LowestTiers`. Without it everybody is Lv1.
    pub tiers: Option<String>,
    /// May call `ReleaseWeek`. Without it revenue stays locked.
    pub fund: Option<String>,
    /// Receives `compute_wars::ExecuteMsg::Record`, and may call `SetFreeCalls`.
    pub wars: Option<String>,
    /// May call `Grant`.
    pub launchpad: Option<String>,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance, or the genesis council until hand-over.
    pub owner: String,
    /// Bounded role for what cannot wait: pause deposits, suspend a gateway, propose rates.
    pub operator: Option<String>,
    /// The only address that may change the oracle, the peers and the registered contracts. Also the wasm admin. Never changes.
    pub timelock: String,
    /// The native USDT denom. Never changes.
    pub denom: String,
    /// The L-Coin contract whose minter is this vault. Never changes.
    pub l_coin: String,
    /// The attestation oracle.
    pub oracle: String,
    pub peers: Peers,
    /// Contracts that may receive and send Credits from the start.
    pub registered: Vec<String>,
    /// Gateways and rate cards in force at once, without notice.
    pub gateways: Vec<GatewayAdmission>,
    pub rates: Vec<Rate>,
    pub params: Params,
}

/// What to do with a settled charge.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ChargeAction {
    /// A challenge opened: set the charge apart from its week.
    Hold,
    /// The gateway answered: put it back into its week.
    Release,
    /// It did not: return the charge less the fund's floor to the account as free Credits; the floor stays booked to the fund.
    Return,
}

#[cw_serde]
pub enum ExecuteMsg {
    // ---- in and out ----
    /// Mints Credits 1:1 for the attached USDT (exactly one coin of the vault's denom) to `to`, default the sender. Can be paused.
    ///
    /// Permission: Anyone
    Deposit { to: Option<String> },
    /// Burns the sender's free Credits and sends USDT 1:1 to `to`, default the sender. No switch stops it.
    ///
    /// Permission: Anyone
    Redeem { amount: Uint128, to: Option<String> },

    // ---- CW20; transfers are limited to and from registered contracts until `OpenTransfers` ----
    /// Permission: Anyone
    Transfer { recipient: String, amount: Uint128 },
    /// Permission: Anyone
    Send {
        contract: String,
        amount: Uint128,
        msg: Binary,
    },
    /// Permission: Anyone
    IncreaseAllowance {
        spender: String,
        amount: Uint128,
        expires: Option<Expiration>,
    },
    /// Permission: Anyone
    DecreaseAllowance {
        spender: String,
        amount: Uint128,
        expires: Option<Expiration>,
    },
    /// Permission: Anyone
    TransferFrom {
        owner: String,
        recipient: String,
        amount: Uint128,
    },
    /// Permission: Anyone
    SendFrom {
        owner: String,
        contract: String,
        amount: Uint128,
        msg: Binary,
    },

    // ---- spending accounts ----
    /// Promises free Credits to one gateway. `amount` > 0; `max_per_day` > 0 bounds what one UTC day (of the settling block) can charge.
    /// Refused for a gateway that is not admitted or suspended, or while an account at that gateway is open or closing.
    ///
    /// Permission: Anyone
    OpenSpending {
        gateway: u64,
        amount: Uint128,
        max_per_day: Uint128,
    },
    /// Adds free Credits to an open account.
    ///
    /// Permission: Anyone
    TopUpSpending { gateway: u64, amount: Uint128 },
    /// Changes the daily bound of an open account: a higher one is in force at once, a lower one an hour later, so that calls already served are charged under
    /// the bound they were served under.
    ///
    /// Permission: Anyone
    SetDailyLimit { gateway: u64, max_per_day: Uint128 },
    /// Starts closing: calls later than now + 60 s are not charged, nothing is charged after `close_window`, and the rest is free then. Never refused for an
    /// open account.
    ///
    /// Permission: Anyone
    CloseSpending { gateway: u64 },
    /// Returns a closed account's rest to the free balance once its window has passed.
    ///
    /// Permission: Anyone
    WithdrawSpending { gateway: u64 },

    // ---- mined LCO ----
    /// Mints the sender's booked LCO to the sender.
    ///
    /// Permission: Anyone
    ClaimLco {},
    /// Mints booked LCO to each account, at most 100, without duplicates. Accounts with nothing booked are passed over.
    ///
    /// Permission: Anyone
    PayLco { accounts: Vec<String> },

    // ---- settlement ----
    /// Charges verified usage. Bad entries are skipped with an [`EntryOutcome`], never reverted. A report that was settled before is passed over.
    ///
    /// Permission: Oracle
    SettleUsage { reports: Vec<SettleReport> },
    /// Sets a charge apart, puts it back, or returns it.
    ///
    /// Permission: Oracle
    ResolveCharge { charge: ChargeRef, action: ChargeAction },
    /// Splits a finished week's revenue: `fund_share` to the fund, the rest to the gateway's payout address, both as free Credits; forfeited charges go to the
    /// fund whole. `fund_share` lies between the floor and the week's revenue. Refused before week end + 9 days, twice, and while a charge of the week is set apart.
    ///
    /// Permission: Fund
    ReleaseWeek {
        gateway: u64,
        week: u64,
        fund_share: Uint128,
    },
    /// Sends a list of charges to the contest again after it failed there.
    ///
    /// Permission: Anyone
    DeliverScores { report: ReportRef },
    /// Gives `account` an entitlement of `units` of a SKU, and makes the SKU exclusive until `exclusive_until`, unless that is past; at most a year. `price` is taken from the sender's free Credits
    /// and becomes revenue of the SKU's gateway in this week; it mines nothing.
    ///
    /// Permission: Launchpad
    Grant {
        account: String,
        sku: String,
        units: Uint128,
        price: Uint128,
        exclusive_until: u64,
    },
    /// Gives the champion an allowance of free calls, µCredit of charges, at most 10^15, for this week or a later one; set once per week.
    ///
    /// Permission: Wars
    SetFreeCalls {
        account: String,
        week: u64,
        allowance: Uint128,
    },

    // ---- governance ----
    /// Admits a gateway, or changes nothing but its payout address if it was admitted before; lifts a suspension.
    ///
    /// Permission: Owner
    AdmitGateway { admission: GatewayAdmission },
    /// From now on the gateway's reports move no money.
    ///
    /// Permission: Owner | Operator
    SuspendGateway { gateway: u64 },
    /// Changes the payout address.
    ///
    /// Permission: Payout
    SetPayout { gateway: u64, payout: String },
    /// Rate cards that come into force in 48 hours. At most 64, each SKU once. Replaces a card of the SKU that is not in force yet.
    ///
    /// Permission: Owner | Operator
    ProposeRates { rates: Vec<Rate> },
    /// Permission: Owner | Operator
    PauseDeposits { paused: bool },
    /// Opens transfers between any accounts, for ever.
    ///
    /// Permission: Owner
    OpenTransfers {},
    /// Permission: Owner
    SetParams { params: Params },
    /// Permission: Owner
    SetOperator { operator: Option<String> },
    /// Two-step change of the owner.
    ///
    /// Permission: Owner (propose, cancel) | Pending owner (accept)
    Ownership(OwnershipMsg),

    // ---- only through the public queue ----
    /// Permission: Timelock
    SetOracle { oracle: String },
    /// Permission: Timelock
    SetPeers { peers: Peers },
    /// Adds a contract that may receive and send Credits. The list only grows.
    ///
    /// Permission: Timelock
    RegisterContract { address: String },
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
    /// Free Credits, booked LCO and spending accounts of one account.
    #[returns(AccountResponse)]
    Account {
        address: String,
        start_after: Option<u64>,
        limit: Option<u32>,
    },
    #[returns(SpendingResponse)]
    Spending { address: String, gateway: u64 },
    #[returns(GatewayResponse)]
    Gateway { gateway: u64 },
    #[returns(Vec<GatewayResponse>)]
    Gateways {
        start_after: Option<u64>,
        limit: Option<u32>,
    },
    /// The rate-card versions of one SKU that still matter, oldest first.
    #[returns(RateResponse)]
    Rate { sku: String },
    #[returns(Vec<RateResponse>)]
    Rates {
        start_after: Option<String>,
        limit: Option<u32>,
    },
    #[returns(WeekResponse)]
    Week { gateway: u64, week: u64 },
    /// A gateway's weeks, newest first.
    #[returns(Vec<WeekResponse>)]
    Weeks {
        gateway: u64,
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    #[returns(SettlementResponse)]
    Settlement { report: ReportRef },
    /// The champion of a week, if one is set.
    #[returns(Option<FreeCallsResponse>)]
    FreeCalls { week: u64 },
    #[returns(EntitlementResponse)]
    Entitlement { address: String, sku: String },
    /// Least Credits that one LCO costs somebody who is gateway and user at once, under the current parameters: 10 · 2^halving · fund_floor_bps µCredit. No rate
    /// card changes it.
    #[returns(WashCostResponse)]
    WashCost {},
    #[returns(Vec<String>)]
    Registered {
        start_after: Option<String>,
        limit: Option<u32>,
    },
    // ---- CW20 ----
    #[returns(cw20::BalanceResponse)]
    Balance { address: String },
    #[returns(cw20::TokenInfoResponse)]
    TokenInfo {},
    #[returns(cw20::AllowanceResponse)]
    Allowance { owner: String, spender: String },
    #[returns(cw20::AllAllowancesResponse)]
    AllAllowances {
        owner: String,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    #[returns(cw20::AllSpenderAllowancesResponse)]
    AllSpenderAllowances {
        spender: String,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    #[returns(cw20::AllAccountsResponse)]
    AllAccounts {
        start_after: Option<String>,
        limit: Option<u32>,
    },
}

#[cw_serde]
pub struct OverviewResponse {
    /// µCredit held by accounts, free or promised to gateways.
    pub supply: Uint128,
    /// µUSDT that backs them: always supply + revenue.
    pub reserve: Uint128,
    /// µCredit charged and not yet released.
    pub revenue: Uint128,
    /// C: µCredit consumed since genesis, as far as they mined.
    pub consumed: Uint128,
    /// M(C): µLCO mined since genesis, booked or minted.
    pub mined: Uint128,
    /// µLCO booked and not yet minted.
    pub booked: Uint128,
    /// Number of the current halving, 0 ..= 10.
    pub halving: u32,
    pub deposits_paused: bool,
    pub transfers_open: bool,
    pub week: u64,
}

#[cw_serde]
pub struct ConfigResponse {
    pub operator: Option<String>,
    pub timelock: String,
    pub denom: String,
    pub l_coin: String,
    pub oracle: String,
    pub peers: Peers,
    pub params: Params,
}

#[cw_serde]
pub struct AccountResponse {
    /// Free µCredit: redeemable now.
    pub free: Uint128,
    /// Booked µLCO: claimable now.
    pub booked_lco: Uint128,
    pub spending: Vec<SpendingResponse>,
}

#[cw_serde]
#[derive(Copy, Eq)]
pub enum SpendingState {
    /// Never opened, or withdrawn.
    Closed,
    Open,
    Closing,
}

#[cw_serde]
pub struct SpendingResponse {
    pub gateway: u64,
    pub state: SpendingState,
    /// µCredit left.
    pub amount: Uint128,
    /// µCredit that one UTC day can charge now. A lowered bound shows here when it is in force.
    pub max_per_day: Uint128,
    /// A lower bound that is announced and not in force yet.
    pub lowered: Option<LoweredLimit>,
    /// What the current UTC day can still charge: min(amount, max_per_day − charged today).
    pub chargeable: Uint128,
    pub opened_at: u64,
    /// When `CloseSpending` was called.
    pub closing_since: Option<u64>,
    /// When `WithdrawSpending` works.
    pub withdrawable_at: Option<u64>,
    /// µCredit of attested usage this account could not pay. A public mark only.
    pub shortfall: Uint128,
}

/// What a daily bound falls to, and when.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct LoweredLimit {
    /// µCredit.
    pub max_per_day: Uint128,
    /// Unix seconds.
    pub from: u64,
}

#[cw_serde]
pub struct GatewayResponse {
    pub gateway: u64,
    pub payout: String,
    pub suspended: bool,
}

#[cw_serde]
pub struct RateVersion {
    pub list: Uint128,
    pub cost: Uint128,
    /// In force from here until the next version's `from`.
    pub from: u64,
}

#[cw_serde]
pub struct RateResponse {
    pub sku: String,
    pub gateway: u64,
    pub versions: Vec<RateVersion>,
    /// Newest exclusivity, if there ever was one: from here …
    pub exclusive_from: Option<u64>,
    /// … until before here.
    pub exclusive_until: Option<u64>,
}

#[cw_serde]
pub struct WeekResponse {
    pub gateway: u64,
    pub week: u64,
    /// µCredit charged, without what is set apart or was returned.
    pub revenue: Uint128,
    /// Attested cost of that revenue, never above it.
    pub cost: Uint128,
    /// Attested cost of the champion's free calls, which the fund makes good.
    pub free_cost: Uint128,
    /// µCredit set apart by open challenges.
    pub held: Uint128,
    /// Floor of returned charges: goes to the fund whole.
    pub forfeited: Uint128,
    /// µLCO mined by this gateway's usage in this week.
    pub mined: Uint128,
    /// When `ReleaseWeek` works.
    pub releasable_at: u64,
    pub released: bool,
}

#[cw_serde]
pub struct SettledEntry {
    pub outcome: EntryOutcome,
    /// Whose charge it is; none where nothing was charged.
    pub account: Option<String>,
    /// µCredit taken from the spending account.
    pub charged: Uint128,
    /// Attested cost of that.
    pub cost: Uint128,
    /// Attested cost of free calls.
    pub free_cost: Uint128,
    /// Set apart by an open challenge.
    pub held: bool,
    /// Returned to the account.
    pub returned: bool,
}

#[cw_serde]
pub struct SettlementResponse {
    pub report: ReportRef,
    pub week: u64,
    pub settled_at: u64,
    /// In the order of the report.
    pub entries: Vec<SettledEntry>,
    /// The contest did not take the charges; see `DeliverScores`.
    pub scores_waiting: bool,
}

#[cw_serde]
pub struct FreeCallsResponse {
    pub account: String,
    /// µCredit of charges left.
    pub left: Uint128,
}

#[cw_serde]
pub struct EntitlementResponse {
    pub units: Uint128,
    pub exclusive_until: Option<u64>,
}

#[cw_serde]
pub struct WashCostResponse {
    /// µCredit per whole LCO at the present halving: nobody pays less. None once everything is mined.
    pub credits_per_lco: Option<Uint128>,
}
