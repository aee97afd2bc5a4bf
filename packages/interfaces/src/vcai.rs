//! VCAI, the network's token: a CW20 whose supply only governance raises, by at most 5 % a year.
//!
//! The messages are those of CW20 with allowances, marketing and enumeration, as `cw20-base` 2 speaks them, so that every wallet works unchanged. `Issue` and
//! `Reprice` are added; `Mint` and `UpdateMinter` are refused. All amounts are base units: 10⁶ of them were one VCAI at genesis, and they never change, whatever
//! `Reprice` says a VCAI is.
//!
//! No message takes native coins; attached ones are refused (932).

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, Uint128};
use cw20::{Expiration, Logo};

/// Decimals at genesis.
pub const DECIMALS: u8 = 6;
/// Most decimals there can be.
pub const MAX_DECIMALS: u8 = 18;
/// Base units at genesis: 10,000,000,000 VCAI.
pub const GENESIS_SUPPLY: Uint128 = Uint128::new(10_000_000_000_000_000);
/// Most that can be issued in a year, as a part of the supply recorded at the year's first issuance, basis points.
pub const YEARLY_ISSUE_BPS: u16 = 500;
/// Seconds of a year: 365.25 days. Years are counted from instantiation.
pub const YEAR: u64 = 31_557_600;

/// The whole genesis supply goes to one holder.
#[cw_serde]
pub struct InstantiateMsg {
    /// Name shown by wallets, 3 to 50 bytes.
    pub name: String,
    /// Ticker symbol, 3 to 12 letters or hyphens.
    pub symbol: String,
    /// The contract that issues and reprices. Never changes.
    pub governance: String,
    /// Receives [`GENESIS_SUPPLY`]: `token-allocation`.
    pub allocation: String,
    /// What wallets show besides.
    pub marketing: Option<Marketing>,
}

/// What wallets show besides the name.
#[cw_serde]
pub struct Marketing {
    /// Address of the project's page.
    pub project: Option<String>,
    /// A few words about the token.
    pub description: Option<String>,
    /// Address that may change all this.
    pub marketing: Option<String>,
    /// Logo, at most 5 KiB if embedded.
    pub logo: Option<Logo>,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Moves the sender's tokens.
    ///
    /// Permission: Anyone
    Transfer {
        /// Who receives.
        recipient: String,
        /// Base units, at most the sender's balance.
        amount: Uint128,
    },
    /// Destroys the sender's tokens.
    ///
    /// Permission: Anyone
    Burn {
        /// Base units, at most the sender's balance.
        amount: Uint128,
    },
    /// Moves the sender's tokens to a contract and calls its `Receive`.
    ///
    /// Permission: Anyone
    Send {
        /// The contract that receives.
        contract: String,
        /// Base units, at most the sender's balance.
        amount: Uint128,
        /// What the contract is told.
        msg: Binary,
    },
    /// Lets `spender` use more of the sender's tokens.
    ///
    /// Permission: Anyone
    IncreaseAllowance {
        /// Who may spend; not the sender.
        spender: String,
        /// Base units on top of what is allowed now.
        amount: Uint128,
        /// New end of the allowance; `None` keeps the present one.
        expires: Option<Expiration>,
    },
    /// Lets `spender` use less of the sender's tokens; at zero the allowance is gone.
    ///
    /// Permission: Anyone
    DecreaseAllowance {
        /// Who may spend; not the sender.
        spender: String,
        /// Base units less than is allowed now.
        amount: Uint128,
        /// New end of the allowance; `None` keeps the present one.
        expires: Option<Expiration>,
    },
    /// Moves tokens of `owner` within the sender's allowance.
    ///
    /// Permission: Spender
    TransferFrom {
        /// Whose tokens.
        owner: String,
        /// Who receives.
        recipient: String,
        /// Base units, at most balance and allowance.
        amount: Uint128,
    },
    /// Moves tokens of `owner` within the sender's allowance to a contract and calls its `Receive`.
    ///
    /// Permission: Spender
    SendFrom {
        /// Whose tokens.
        owner: String,
        /// The contract that receives.
        contract: String,
        /// Base units, at most balance and allowance.
        amount: Uint128,
        /// What the contract is told.
        msg: Binary,
    },
    /// Destroys tokens of `owner` within the sender's allowance.
    ///
    /// Permission: Spender
    BurnFrom {
        /// Whose tokens.
        owner: String,
        /// Base units, at most balance and allowance.
        amount: Uint128,
    },
    /// Creates tokens, at most 5 % a year of the supply recorded at that year's first issuance.
    ///
    /// Permission: Governance
    Issue {
        /// Who receives. `governance` itself, if it sends them on to `token-allocation` to vest.
        to: String,
        /// Base units, above 0.
        amount: Uint128,
        /// The proposal that decided it; for the record.
        proposal: u64,
    },
    /// Changes what one VCAI means and nothing that anybody holds: one VCAI of before is shown as 10^`exponent` of them, by `decimals − exponent` decimals. Base
    /// units stay as they are.
    ///
    /// Permission: Governance
    Reprice {
        /// Even and not 0; the decimals must stay within 0 to 18. Positive splits (2: one becomes 100), negative joins.
        exponent: i8,
    },
    /// Always refused (3): only `Issue` creates tokens. Offered so that wallets that know `cw20-base` get a clear answer.
    ///
    /// Permission: Nobody
    Mint {
        /// Not looked at.
        recipient: String,
        /// Not looked at.
        amount: Uint128,
    },
    /// Always refused (4): who issues is fixed. Offered so that wallets that know `cw20-base` get a clear answer.
    ///
    /// Permission: Nobody
    UpdateMinter {
        /// Not looked at.
        new_minter: Option<String>,
    },
    /// Changes what wallets show. `None` keeps a field, an empty text clears it.
    ///
    /// Permission: Marketing
    UpdateMarketing {
        /// Address of the project's page.
        project: Option<String>,
        /// A few words about the token.
        description: Option<String>,
        /// Address that may change all this; empty means nobody any more.
        marketing: Option<String>,
    },
    /// Changes the logo.
    ///
    /// Permission: Marketing
    UploadLogo(Logo),
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page shows about the token.
    #[returns(OverviewResponse)]
    Overview {},
    /// What can be issued now.
    #[returns(IssuableResponse)]
    Issuable {},
    /// Issuances, newest first.
    #[returns(Vec<Issuance>)]
    Issuances {
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// Changes of the decimals, newest first.
    #[returns(Vec<Repricing>)]
    Repricings {
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// Balance of an address, 0 if it never had any.
    #[returns(cw20::BalanceResponse)]
    Balance { address: String },
    /// Name, symbol, decimals and present supply.
    #[returns(cw20::TokenInfoResponse)]
    TokenInfo {},
    /// Who creates tokens (by `Issue`). No cap is shown, since it is one of the year and not of the supply.
    #[returns(cw20::MinterResponse)]
    Minter {},
    /// What `spender` may use of `owner`'s tokens.
    #[returns(cw20::AllowanceResponse)]
    Allowance { owner: String, spender: String },
    /// Allowances given by `owner`, by spender.
    #[returns(cw20::AllAllowancesResponse)]
    AllAllowances {
        owner: String,
        /// Last spender of the page before.
        start_after: Option<String>,
        /// Rows, 10 if not given, at most 30.
        limit: Option<u32>,
    },
    /// Allowances given to `spender`, by owner.
    #[returns(cw20::AllSpenderAllowancesResponse)]
    AllSpenderAllowances {
        spender: String,
        /// Last owner of the page before.
        start_after: Option<String>,
        /// Rows, 10 if not given, at most 30.
        limit: Option<u32>,
    },
    /// Addresses that ever held tokens.
    #[returns(cw20::AllAccountsResponse)]
    AllAccounts {
        /// Last address of the page before.
        start_after: Option<String>,
        /// Rows, 10 if not given, at most 30.
        limit: Option<u32>,
    },
    /// What wallets show besides the name.
    #[returns(cw20::MarketingInfoResponse)]
    MarketingInfo {},
    /// The embedded logo; an error if there is none.
    #[returns(cw20::DownloadLogoResponse)]
    DownloadLogo {},
}

/// State is kept as it is; only the recorded version changes.
#[cw_serde]
pub struct MigrateMsg {}

/// Answer to `Overview {}`.
#[cw_serde]
pub struct OverviewResponse {
    pub name: String,
    pub symbol: String,
    /// Decimals now.
    pub decimals: u8,
    pub governance: String,
    /// Base units in existence: genesis + issued − burned.
    pub supply: Uint128,
    /// Base units at genesis.
    pub genesis: Uint128,
    /// Base units ever issued.
    pub issued: Uint128,
    /// Base units ever burned.
    pub burned: Uint128,
    /// Unix seconds of instantiation; years count from it.
    pub started_at: u64,
    pub issuable: IssuableResponse,
}

/// Answer to `Issuable {}`.
#[cw_serde]
pub struct IssuableResponse {
    /// Number of the present year, from 0.
    pub year: u64,
    /// First second of the next one.
    pub year_ends: u64,
    /// Base units the share is taken of: recorded at the year's first issuance, the present supply before it.
    pub supply: Uint128,
    /// Most that can be issued in the year: ⌊5 % · supply⌋.
    pub cap: Uint128,
    /// Base units issued in the year.
    pub issued: Uint128,
    /// cap − issued.
    pub left: Uint128,
}

/// One `Issue`.
#[cw_serde]
#[derive(Eq)]
pub struct Issuance {
    /// From 1, without gaps.
    pub n: u64,
    pub proposal: u64,
    pub to: String,
    /// Base units.
    pub amount: Uint128,
    pub year: u64,
    /// Unix seconds.
    pub time: u64,
}

/// One `Reprice`.
#[cw_serde]
#[derive(Eq)]
pub struct Repricing {
    /// From 1, without gaps.
    pub n: u64,
    pub exponent: i8,
    /// Decimals from then on.
    pub decimals: u8,
    /// Unix seconds.
    pub time: u64,
}
