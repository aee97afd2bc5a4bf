//! Isolated positions up to five times, lending pools and the reserve that stands between them and loss.
//!
//! Two pools lend: Credits to longs, LCO to shorts. A **long** holds LCO and owes Credits; a **short** holds Credits and owes LCO. Amounts are µCredit or µLCO as
//! said at each field, times unix seconds, shares of basis points (bps) parts of 10,000. The collateral ratio CR is equity / notional at a price: for a long
//! (LCO held · price − debt) / (LCO held · price), for a short (Credits held − debt · price) / (debt · price).
//!
//! # Error codes
//! Shown as `[margin:<code>]`; codes from 900 are those of `kit`.
//!
//! | code | meaning |
//! |---|---|
//! | 1 | a number does not fit |
//! | 2 | amount is zero |
//! | 3 | a parameter is out of its bounds |
//! | 4 | tokens from a contract that is neither of the two |
//! | 5 | the message takes the other token |
//! | 6 | no such position |
//! | 7 | sender does not own the position |
//! | 8 | the pool has too little cash |
//! | 9 | the loan would use the pool beyond its cap |
//! | 10 | new loans rest after a loss |
//! | 11 | the pool of LCO and Credits has no mark yet |
//! | 12 | the exchange cannot fill the amount at all |
//! | 13 | collateral ratio too low |
//! | 14 | position too large |
//! | 15 | all positions of this side too large |
//! | 16 | position too small |
//! | 17 | less than the least amount asked for |
//! | 18 | closing would leave a debt |
//! | 19 | the position cannot be liquidated |
//! | 20 | the position is not on offer |
//! | 21 | too few supply shares |
//! | 22 | the contract holds less of a token than it owes |
//! | 23 | a reply with an unknown id |
//! | 24 | side of the position and of the message differ |
//! | 25 | there is nothing to collect |
//! | 26 | the position is on offer, and the exchange fills too far from every price |
//! | 27 | the Risk Reserve has to be sold first: liquidate |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Int128, Uint128};
use cw20::Cw20ReceiveMsg;

use crate::common::{OwnershipMsg, OwnershipResponse};
pub use crate::exchange::CreditsPerLco;

/// One of the two tokens, and the pool that lends it.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Token {
    /// Lent to longs.
    Credit,
    /// Lent to shorts.
    Lco,
}

impl Token {
    /// Both, in the order of the pools.
    pub const ALL: [Self; 2] = [Self::Credit, Self::Lco];

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Credit => Self::Lco,
            Self::Lco => Self::Credit,
        }
    }

    /// As in events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Lco => "lco",
        }
    }
}

/// Which way a position stands.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Holds LCO, owes Credits.
    Long,
    /// Holds Credits, owes LCO.
    Short,
}

impl Side {
    /// What a position of this side owes.
    pub const fn debt(self) -> Token {
        match self {
            Self::Long => Token::Credit,
            Self::Short => Token::Lco,
        }
    }

    /// What it holds.
    pub const fn held(self) -> Token {
        self.debt().other()
    }

    /// The side that borrows this token.
    pub const fn borrowing(token: Token) -> Self {
        match token {
            Token::Credit => Self::Long,
            Token::Lco => Self::Short,
        }
    }

    /// As in events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Short => "short",
        }
    }
}

/// The kinked interest rate of a pool: base + slope · min(U, U*)/U* + steep · max(U − U*, 0)/(1 − U*), a year, continuously compounded; U = lent / (cash + lent).
/// A changed curve is in force from the pool's next change of a balance.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Curve {
    /// 0 ..= 2,000; default 200.
    pub base_bps: u16,
    /// 0 ..= 5,000; default 1,000.
    pub slope_bps: u16,
    /// 0 ..= 20,000; default 10,000.
    pub steep_bps: u16,
    /// U*: 5,000 ..= 9,000; default 8,000.
    pub kink_bps: u16,
    /// Greatest U that a new loan may lead to: kink ..= 9,900; default 9,500.
    pub cap_bps: u16,
}

/// Parameters; bounds are checked at instantiate and update.
#[cw_serde]
#[derive(Eq)]
pub struct Params {
    /// CR that a change of the owner must leave on the worse of exit quote and mark. 1,500 ..= 5,000; default 2,000 (5×).
    pub initial_bps: u16,
    /// CR below which anyone may liquidate. 500 ..= 1,200; default 1,000.
    pub maintenance_bps: u16,
    /// CR that a partial liquidation restores. maintenance + 200 ..= initial − 200; default 1,500.
    pub target_bps: u16,
    /// CR below which a position is closed whole. penalty + bounty ..= maintenance − 100; default 400.
    pub full_close_bps: u16,
    /// λ: part of what is liquidated, at mark, that goes to the Risk Reserve. 100 ..= 500; default 250.
    pub penalty_bps: u16,
    /// Part of it that the keeper receives. 10 ..= 100; default 50.
    pub bounty_bps: u16,
    /// What a keeper receives from the Risk Reserve when equity is below it, µCredit. At most a fiftieth of `min_notional`; default 1 Credit.
    pub fixed_bounty: Uint128,
    /// Least value of a position at mark, µCredit: smaller ones cannot be opened and are liquidated whole. 10 ..= 100,000 Credits; default 100 Credits.
    pub min_notional: Uint128,
    /// How far a liquidation may fill from mark, else from the previous block's close. 50 ..= 500; default 200.
    pub slippage_bps: u16,
    /// How long the discount of an offer grows, and how long afterwards the pool may fill further away, seconds. 300 ..= 3,600; default 600.
    pub offer_seconds: u64,
    /// Greatest discount of an offer, and how far the exchange's price may be from mark, else from the previous block's close, where the pool fills after one.
    /// 200 ..= 1,000; default 800.
    pub offer_max_bps: u16,
    /// Largest position, of the exchange's lowest reserves of the last 24 h. 1 ..= 200; default 50.
    pub position_cap_bps: u16,
    /// Largest sum of one side's positions, of the same. position_cap ..= 2,000; default 500.
    pub side_cap_bps: u16,
    /// Part of the interest that goes to the Risk Reserve. 0 ..= 3,000; default 1,000.
    pub interest_share_bps: u16,
    /// Loss of a pool, of what its lenders own, above which it makes no new loans for a while. 10 ..= 500; default 50.
    pub rest_loss_bps: u16,
    /// That while, seconds. 3,600 ..= 604,800; default 86,400.
    pub rest_seconds: u64,
    /// Rates of the pool of Credits.
    pub credit_curve: Curve,
    /// Rates of the pool of LCO.
    pub lco_curve: Curve,
}

/// What can be paused. Repaying, adding collateral, closing, withdrawing what was lent, liquidating and taking offers cannot.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Pausable {
    /// Lending to the pools.
    Supply,
    /// New and larger positions, and taking collateral out.
    Borrow,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance.
    pub owner: String,
    /// May pause.
    pub operator: Option<String>,
    /// CW20 of Credits (the credit vault), never changed.
    pub credit: String,
    /// CW20 of LCO, never changed.
    pub lco: String,
    /// The pool of LCO (base) and Credits (quote), never changed.
    pub exchange: String,
    pub params: Params,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// CW20 receive hook; the message is a [`Cw20Hook`]. Only the two tokens may call it.
    ///
    /// Permission: Token
    Receive(Cw20ReceiveMsg),
    /// Redeems supply shares of a pool, rounded down. First liquidates up to 3 positions that owe the pool's token, the worst first; if the next one after them is
    /// insolvent at mark, the shares stay and the answer says `call_again`. Works without a mark and while paused. The response's data is a [`WithdrawResponse`].
    ///
    /// Permission: Anyone
    Withdraw {
        token: Token,
        /// Above 0, at most what the sender has.
        shares: Uint128,
    },
    /// Sells what the position holds, repays its debt and pays the rest to the owner in Credits. Refused if the debt is not covered: add collateral first. Works while
    /// paused and without a mark. With nothing owed there is no position: repaying everything pays out what it held.
    ///
    /// Permission: Position owner
    Close {
        position: u64,
        /// Least µCredit to receive.
        min_payout: Uint128,
        /// Last second at which the swap may run; no limit if absent.
        deadline: Option<u64>,
    },
    /// Takes Credits out: a long borrows more, a short gives up collateral. CR afterwards at least `initial` on the worse of exit quote and mark.
    ///
    /// Permission: Position owner
    TakeCollateral {
        position: u64,
        /// µCredit, above 0.
        amount: Uint128,
    },
    /// Liquidates a position whose CR is below `maintenance` at mark: in part up to `target`, or whole. If the exchange cannot fill near mark nor near the previous
    /// block's close, puts it on offer instead. The sender receives the bounty.
    ///
    /// Permission: Anyone
    Liquidate { position: u64 },
    /// Moves the pool's interest share, as far as there is cash, to the Risk Reserve.
    ///
    /// Permission: Anyone
    CollectInterest { token: Token },
    /// Pauses or resumes a feature.
    ///
    /// Permission: Owner | Operator
    Pause { feature: Pausable, paused: bool },
    /// Replaces the parameters, within their bounds.
    ///
    /// Permission: Owner
    SetParams { params: Params },
    /// Sets or removes the operator.
    ///
    /// Permission: Owner
    SetOperator { operator: Option<String> },
    /// Two-step change of owner: `propose` and `cancel` by the owner, `accept` by the pending owner.
    ///
    /// Permission: Owner | Pending owner
    Ownership(OwnershipMsg),
    /// Liquidates for a keeper, as a sub-message that may fail alone.
    ///
    /// Permission: Self
    LiquidateFor { position: u64, keeper: String },
    /// Second half of `Withdraw`, after its liquidations.
    ///
    /// Permission: Self
    FinishWithdraw {
        token: Token,
        lender: String,
        shares: Uint128,
    },
}

/// What a CW20 `Send` to this contract says. The sender of the tokens is who acts.
#[cw_serde]
pub enum Cw20Hook {
    /// Credits or LCO: lends them to their pool. Shares are rounded down.
    Supply {
        /// Least number of shares to receive.
        min_shares: Uint128,
    },
    /// Credits: opens a position with them as collateral, or adds to the sender's own. A long borrows `borrow` µCredit and buys LCO with both; a short borrows
    /// `borrow` µLCO and sells it. CR afterwards at least `initial` on the worse of exit quote and mark.
    Open {
        side: Side,
        /// Above 0.
        borrow: Uint128,
        /// Least amount to receive from the swap: µLCO for a long, µCredit for a short.
        min_out: Uint128,
        /// Last second at which the swap may run; no limit if absent.
        deadline: Option<u64>,
        /// Adds to this position instead of opening one.
        position: Option<u64>,
    },
    /// Credits: repays a long, or adds to what a short holds. Anyone may. What a long does not owe comes back to the sender; with the debt gone the owner receives
    /// what the position held.
    AddCollateral { position: u64 },
    /// The token that the position owes: repays. Anyone may. The rest comes back to the sender; with the debt gone the owner receives what the position held.
    Repay { position: u64 },
    /// Credits for a long, LCO for a short: takes a position on offer whole, at its price now. The rest comes back to the sender. Refused (27) where lenders would bear
    /// a part while the Risk Reserve has something of the other token to sell.
    TakeOffer {
        position: u64,
        /// Least amount to receive: µLCO of a long, µCredit of a short.
        min_out: Uint128,
    },
    /// Credits or LCO: a gift to the Risk Reserve.
    FundReserve {},
}

#[cw_serde]
pub struct MigrateMsg {}

/// Data of the response to `Withdraw`.
#[cw_serde]
pub struct WithdrawResponse {
    /// What the lender received, µCredit or µLCO.
    pub paid: Uint128,
    /// True if nothing was paid because another insolvent position is first to be liquidated.
    pub call_again: bool,
}

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
    /// One lending pool, with interest up to now.
    #[returns(PoolResponse)]
    Pool { token: Token },
    /// What an address has lent.
    #[returns(LenderResponse)]
    Lender { address: String },
    /// One position, valued now.
    #[returns(PositionResponse)]
    Position { position: u64 },
    /// An owner's open positions, oldest first.
    #[returns(Vec<PositionResponse>)]
    Positions {
        owner: String,
        start_after: Option<u64>,
        limit: Option<u32>,
    },
    /// Positions that can be liquidated now, longs before shorts, the worst of each first. Empty without a mark.
    #[returns(Vec<PositionResponse>)]
    Liquidatable { limit: Option<u32> },
    /// What became of an owner's positions, newest first.
    #[returns(Vec<HistoryEntry>)]
    History {
        owner: String,
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// What `Cw20Hook::Open` would lead to now for a new position, whether it is allowed or not.
    #[returns(OpenQuoteResponse)]
    OpenQuote {
        side: Side,
        /// µCredit.
        collateral: Uint128,
        /// µCredit for a long, µLCO for a short.
        borrow: Uint128,
    },
}

#[cw_serde]
pub struct ConfigResponse {
    pub operator: Option<String>,
    pub credit: String,
    pub lco: String,
    pub exchange: String,
    pub params: Params,
}

#[cw_serde]
pub struct OverviewResponse {
    /// Credits, then LCO.
    pub pools: [PoolResponse; 2],
    /// Marks now; None while the exchange's history is short.
    pub mark_long: Option<CreditsPerLco>,
    pub mark_short: Option<CreditsPerLco>,
    /// µLCO held by all longs.
    pub long_open_interest: Uint128,
    /// µLCO owed by all shorts.
    pub short_open_interest: Uint128,
    /// µCredit held by all shorts.
    pub short_collateral: Uint128,
    /// Number of the next position; positions are numbered from 1.
    pub next_position: u64,
    pub paused: Vec<Pausable>,
}

#[cw_serde]
pub struct PoolResponse {
    pub token: Token,
    /// In the contract, ready to be lent or withdrawn.
    pub cash: Uint128,
    /// Lent, with interest up to now, rounded down.
    pub debt: Uint128,
    /// Debt shares of all positions.
    pub debt_shares: Uint128,
    /// What one debt share owes, · 2⁶⁴.
    pub index: Uint128,
    /// Interest a year now, · 10¹⁸.
    pub borrow_rate: Uint128,
    /// Lent part of cash and debt, basis points, rounded down.
    pub utilisation_bps: u16,
    /// What lenders own: cash + debt − unclaimed interest share.
    pub assets: Uint128,
    pub supply_shares: Uint128,
    /// The Risk Reserve in this token.
    pub reserve: Uint128,
    /// Interest share that was not collected yet.
    pub unclaimed: Uint128,
    /// No new loans before this time; 0 if there was no loss.
    pub resting_until: u64,
}

#[cw_serde]
pub struct LenderResponse {
    pub credit_shares: Uint128,
    /// What they would pay now, µCredit.
    pub credit_value: Uint128,
    pub lco_shares: Uint128,
    /// What they would pay now, µLCO.
    pub lco_value: Uint128,
}

#[cw_serde]
pub struct PositionResponse {
    pub position: u64,
    pub owner: String,
    pub side: Side,
    /// µLCO of a long, µCredit of a short.
    pub held: Uint128,
    /// Now, rounded up: µCredit of a long, µLCO of a short.
    pub debt: Uint128,
    pub debt_shares: Uint128,
    /// When it was opened.
    pub opened_at: u64,
    /// At mark; None without one.
    pub health: Option<HealthResponse>,
    /// CR if it were closed on the exchange now, in millionths; None if that cannot be filled.
    pub exit_cr_ppm: Option<i64>,
    pub liquidatable: bool,
    /// If the exchange could not fill its liquidation.
    pub offer: Option<OfferResponse>,
}

#[cw_serde]
pub struct HealthResponse {
    /// µCredit: what a long holds, what a short owes.
    pub notional: Uint128,
    /// µCredit; negative for an insolvent position.
    pub equity: Int128,
    /// Equity / notional in millionths, rounded down.
    pub cr_ppm: i64,
    /// Mark at which it can be liquidated under the debt of now: below it for a long, above it for a short.
    pub liquidation_price: CreditsPerLco,
}

#[cw_serde]
pub struct OfferResponse {
    pub since: u64,
    /// After this the exchange may fill at any price, until `ends_at`.
    pub open_fill_at: u64,
    pub ends_at: u64,
    /// What a taker pays now: µCredit for a long, the debt in µLCO for a short.
    pub pays: Uint128,
    /// What a taker receives: µLCO of a long, µCredit of a short.
    pub receives: Uint128,
}

/// How a position changed hands or ended.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Ending {
    /// By its owner, on the exchange.
    Closed,
    /// By repaying all; what it held was paid out as it was.
    Repaid,
    /// In part; it goes on.
    LiquidatedInPart,
    /// Whole.
    Liquidated,
    /// By a taker of its offer.
    Taken,
}

#[cw_serde]
pub struct HistoryEntry {
    /// Running number within the owner's history.
    pub number: u64,
    pub position: u64,
    pub side: Side,
    pub ending: Ending,
    pub time: u64,
    /// µLCO by which the position shrank.
    pub lco: Uint128,
    /// µCredit received (long) or paid (short) for them; 0 if repaid.
    pub credits: Uint128,
    /// Penalty to the Risk Reserve and bounty to the keeper, µCredit.
    pub penalty: Uint128,
    pub bounty: Uint128,
    /// What the owner received: µCredit, or µLCO for a long that was repaid.
    pub payout: Uint128,
    /// Debt that nothing of the position covered: µCredit of a long, µLCO of a short.
    pub loss: Uint128,
}

#[cw_serde]
pub struct OpenQuoteResponse {
    /// What the swap would give: µLCO for a long, µCredit for a short.
    pub out: Uint128,
    /// What the position would hold.
    pub held: Uint128,
    /// CR at mark, in millionths; None without a mark.
    pub cr_ppm: Option<i64>,
    /// CR on the exit quote after the swap, in millionths.
    pub exit_cr_ppm: Option<i64>,
    /// Largest value of `borrow` that caps and the pool's cash and use allow now; the collateral ratio may allow less.
    pub borrow_limit: Uint128,
}
