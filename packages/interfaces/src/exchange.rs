//! A constant-product pool for any pair of assets, with time-weighted prices kept in the pool.
//!
//! The two assets stand in a fixed order: the **base** first, the **quote** second (LCO and Credit, VCAI and USDT). Every pair of amounts is in that order.
//! Amounts are base units of the asset, shares are LP shares, times are unix seconds unless said. A price is quote units per base unit.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Uint128;
use cw20::{AllAccountsResponse, BalanceResponse, Cw20ReceiveMsg, TokenInfoResponse};

use crate::common::{OwnershipMsg, OwnershipResponse};

pub use math::twap::{MarkPair, QuotePerBase, TwapPair};

/// What a price of the LCO/Credit pool is.
pub type CreditsPerLco = QuotePerBase;

/// An asset of a pool.
#[cw_serde]
#[derive(Eq)]
pub enum Asset {
    /// A coin of the chain.
    Native { denom: String },
    /// A CW20 token. It must move exactly the amounts it says; a token that keeps a fee on transfers is not supported.
    Cw20 { address: String },
}

/// One of the two assets.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Side {
    /// The first asset.
    Base,
    /// The second asset; prices count in it.
    Quote,
}

impl Side {
    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Base => Self::Quote,
            Self::Quote => Self::Base,
        }
    }
}

/// What the owner can change.
#[cw_serde]
pub struct Params {
    /// Part of what is paid in that stays with the LPs, basis points. 1 ..= 100; default 30.
    pub fee_bps: u16,
    /// Receives what `Skim` finds.
    pub skim_recipient: String,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance.
    pub owner: String,
    /// Base and quote; two different assets, never changed.
    pub assets: [Asset; 2],
    /// Whether LPs announce withdrawals 24 hours ahead; never changed. True for the pool that margin relies on.
    pub announced: bool,
    pub params: Params,
}

/// Nothing can be paused, and nothing here is asked of another contract: trading and leaving always work.
#[cw_serde]
pub enum ExecuteMsg {
    /// CW20 receive hook; the message is a [`Cw20Hook`]. Only a token of the pool may call it.
    ///
    /// Permission: Token
    Receive(Cw20ReceiveMsg),
    /// Pays the attached coin (exactly one, of a native asset of the pool) and receives the other asset: ⌊y·dx(10⁴−f) / (x·10⁴ + dx(10⁴−f))⌋.
    /// The response's data is the amount received (`Uint128` in JSON).
    ///
    /// Permission: Anyone
    Swap {
        /// Least amount to receive.
        min_out: Uint128,
        /// Last second at which the swap may run; no limit if absent.
        deadline: Option<u64>,
        /// Receiver; the sender if absent.
        to: Option<String>,
    },
    /// Pays at most the attached coin, receives exactly `out` of the other asset and the rest of the coin back. What is paid is rounded up.
    /// The response's data is the amount paid (`Uint128` in JSON).
    ///
    /// Permission: Anyone
    SwapExactOut {
        /// Amount to receive, above 0, below the reserve.
        out: Uint128,
        deadline: Option<u64>,
        /// Receiver of `out`; the sender if absent. The rest always goes back to the sender.
        to: Option<String>,
    },
    /// Adds liquidity. Takes as much of `amounts` as keeps the ratio of the reserves and leaves the rest: native assets are attached (exactly the amounts; the
    /// rest is sent back), CW20 assets are taken by `TransferFrom` (an allowance is needed). The first one to add, and the first after everyone left, sets the price:
    /// both amounts are taken in full and 1,000 shares are locked for ever.
    ///
    /// Permission: Anyone
    Provide {
        amounts: [Uint128; 2],
        /// Least number of shares to receive.
        min_shares: Uint128,
        deadline: Option<u64>,
    },
    /// On a pool with announced withdrawals: makes `shares` of the sender withdrawable from 24 to 48 hours from now. Replaces the sender's earlier announcement;
    /// 0 only takes it back. Never costs anything and can always be made anew.
    ///
    /// Permission: Anyone
    AnnounceWithdrawal { shares: Uint128 },
    /// Burns the sender's shares and pays both assets, each rounded down. On a pool with announced withdrawals the shares must be announced and within their 24
    /// hours; then, as on other pools, nothing but the sender's own `min_amounts` can refuse it.
    ///
    /// Permission: Anyone
    Withdraw {
        /// Above 0, at most what the sender has (or announced).
        shares: Uint128,
        /// Least amounts to receive.
        min_amounts: [Uint128; 2],
    },
    /// Sends what the contract holds above its reserves (donations) to the recipient named in the parameters.
    ///
    /// Permission: Anyone
    Skim {},
    /// Replaces the parameters.
    ///
    /// Permission: Owner
    SetParams { params: Params },
    /// Two-step change of owner: `propose` and `cancel` by the owner, `accept` by the pending owner.
    ///
    /// Permission: Owner | Pending owner
    Ownership(OwnershipMsg),
}

/// What a CW20 `Send` to the pool says. The output leaves by `Transfer` (never `Send`). The token in between does not hand on the response's data: a contract reads the
/// amount from the event `wasm-swap` (`amount_out`, `amount_in`) or from its own balance.
#[cw_serde]
pub enum Cw20Hook {
    /// As [`ExecuteMsg::Swap`] with what was sent.
    Swap {
        min_out: Uint128,
        deadline: Option<u64>,
        to: Option<String>,
    },
    /// As [`ExecuteMsg::SwapExactOut`] with what was sent; the rest goes back to who sent the tokens.
    SwapExactOut {
        out: Uint128,
        deadline: Option<u64>,
        to: Option<String>,
    },
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page needs at once.
    #[returns(OverviewResponse)]
    Overview {},
    #[returns(ConfigResponse)]
    Config {},
    #[returns(OwnershipResponse)]
    Ownership {},
    /// What other contracts need to value and to trade, in one hop.
    #[returns(MarketResponse)]
    Market {},
    /// Means of the price over the last `window` seconds, 15 ..= 604,800. An error while the pool's history is shorter; never the current price instead.
    #[returns(TwapPair)]
    Twap { window: u64 },
    /// What paying `amount` of an asset would give now.
    #[returns(SimulateResponse)]
    Simulate { pay: Side, amount: Uint128 },
    /// What receiving exactly `amount` of an asset would cost now.
    #[returns(SimulateResponse)]
    ReverseSimulate { receive: Side, amount: Uint128 },
    /// What leaving a position of `base` units would give (a long sells them) or cost (a short buys them back) now.
    #[returns(ExitQuoteResponse)]
    ExitQuote { position: Position, base: Uint128 },
    /// Price and volume per interval, newest first. The pool keeps the last 1,440 minutes, 1,440 hours and 1,440 days; intervals without a swap are left out.
    #[returns(CandlesResponse)]
    Candles {
        interval: Interval,
        /// Only intervals that begin before this time.
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// One LP.
    #[returns(AccountResponse)]
    Account { address: String },
    /// LPs with shares, in the order of their addresses' bytes.
    #[returns(Vec<AccountResponse>)]
    Accounts {
        start_after: Option<String>,
        limit: Option<u32>,
    },
    /// CW20-shaped: LP shares of an address.
    #[returns(BalanceResponse)]
    Balance { address: String },
    /// CW20-shaped: total supply of LP shares, the locked ones included.
    #[returns(TokenInfoResponse)]
    TokenInfo {},
    /// CW20-shaped: addresses with LP shares.
    #[returns(AllAccountsResponse)]
    AllAccounts {
        start_after: Option<String>,
        limit: Option<u32>,
    },
}

/// Which way a position in the base asset stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Position {
    /// Holds base units.
    Long,
    /// Owes base units.
    Short,
}

#[cw_serde]
pub struct ConfigResponse {
    pub assets: [Asset; 2],
    pub announced: bool,
    pub params: Params,
}

/// What other contracts need of a pool. Everything as of the block asked in.
#[cw_serde]
pub struct MarketResponse {
    /// Tracked reserves now; what execution trades on. 0 before the first LP.
    pub reserves: [Uint128; 2],
    /// Basis points.
    pub fee_bps: u16,
    /// LP shares, the locked ones included.
    pub total_shares: Uint128,
    /// Shares announced for withdrawal and not expired (0 on pools without announcements).
    pub announced_shares: Uint128,
    /// Price at the end of the last block before this one. Nothing in this block moves it. None if there was no pool then.
    pub previous_close: Option<QuotePerBase>,
    /// Reserves at that moment; zeros if there was no pool then.
    pub previous_close_reserves: [Uint128; 2],
    /// Means over the last 300 s. None while history is shorter.
    pub twap_5m: Option<TwapPair>,
    /// Means over the last 1,800 s. None while history is shorter.
    pub twap_30m: Option<TwapPair>,
    /// Median of previous close and both means. None while history is shorter than 30 minutes: the caller decides what works without a mark.
    pub mark: Option<MarkPair>,
    /// For each asset the lowest of its reserves at the ends of blocks in the last 24 to 25 hours (since the first LP, if that is later) and now, less the part that belongs
    /// to announced shares, rounded down: what caps are measured by.
    pub lowest_reserves_24h: [Uint128; 2],
}

#[cw_serde]
pub struct OverviewResponse {
    pub config: ConfigResponse,
    pub owner: String,
    pub market: MarketResponse,
    /// Price now, y/x. None before the first LP.
    pub price: Option<QuotePerBase>,
    /// Time of the first LP, unix seconds. None before.
    pub started_at: Option<u64>,
    /// Volume of the last 24 to 25 hours, both directions together.
    pub volume_24h: [Uint128; 2],
}

/// A swap as it would be executed.
#[cw_serde]
pub struct SimulateResponse {
    /// Which asset is paid.
    pub pay: Side,
    /// Paid in.
    pub amount_in: Uint128,
    /// Received.
    pub amount_out: Uint128,
    /// Part of `amount_in` that stays with the LPs, rounded up.
    pub fee: Uint128,
    /// Reserves afterwards.
    pub reserves: [Uint128; 2],
    /// Price afterwards.
    pub price: QuotePerBase,
}

#[cw_serde]
pub struct ExitQuoteResponse {
    /// Quote units received (long) or paid (short).
    pub quote: Uint128,
    /// Price afterwards.
    pub price: QuotePerBase,
}

/// Length of a candle.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Interval {
    /// 60 s.
    Minute,
    /// 3,600 s.
    Hour,
    /// 86,400 s, from 00:00 UTC.
    Day,
}

#[cw_serde]
pub struct CandlesResponse {
    pub candles: Vec<Candle>,
}

/// Price and volume of one interval in which there was a swap.
#[cw_serde]
pub struct Candle {
    /// Its first second.
    pub start: u64,
    /// Price before its first swap.
    pub open: QuotePerBase,
    /// Highest of `open` and the prices after its swaps.
    pub high: QuotePerBase,
    /// Lowest of them.
    pub low: QuotePerBase,
    /// Price after its last swap.
    pub close: QuotePerBase,
    /// Amounts that changed hands, paid in and received together.
    pub volume: [Uint128; 2],
    /// Number of swaps.
    pub swaps: u64,
}

/// One LP.
#[cw_serde]
pub struct AccountResponse {
    pub address: String,
    pub shares: Uint128,
    /// What all shares would give now, rounded down.
    pub worth: [Uint128; 2],
    /// The announcement, until it expires.
    pub announcement: Option<Announcement>,
}

#[cw_serde]
pub struct Announcement {
    /// Shares announced and not withdrawn.
    pub shares: Uint128,
    /// First second at which they can be withdrawn.
    pub from: u64,
    /// First second at which they no longer can.
    pub until: u64,
}
