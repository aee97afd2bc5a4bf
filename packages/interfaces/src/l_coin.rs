//! L-Coin (LCO), a CW20 token whose cap counts every unit ever minted.
//!
//! The messages are those of CW20 with allowances, marketing and enumeration, as `cw20-base` 2 speaks them, so that
//! every wallet works unchanged; `MintBatch`, `Minted` and `Overview` are added, `UpdateMinter` is refused. All amounts
//! are µLCO (10⁻⁶ LCO).
//!
//! No message takes native coins; attached ones are refused (932).
//!
//! # Error codes
//! Shown as `[coin:<code>]`; codes from 900 are those of `kit`.
//!
//! | code | meaning |
//! |---|---|
//! | 1 | storage failed, or an address does not parse |
//! | 2 | decimals are not 6 |
//! | 3 | sender is not the minter |
//! | 4 | the minter is fixed |
//! | 5 | minting would pass the cap |
//! | 6 | amount is zero |
//! | 7 | batch is empty or too long |
//! | 8 | a recipient is named twice in a batch |
//! | 9 | balance is too small |
//! | 10 | allowance is too small |
//! | 11 | allowance is expired |
//! | 12 | no allowance |
//! | 13 | sender is not the marketing address |
//! | 14 | an allowance to oneself |
//! | 15 | expiration lies in the past |
//! | 16 | logo is too large |
//! | 17 | logo is no SVG |
//! | 18 | logo is no PNG |
//! | 19 | any other refusal of `cw20-base` |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, Uint128};
use cw20::{Expiration, Logo};

/// Decimals of the token.
pub const DECIMALS: u8 = 6;
/// Most µLCO that may ever be minted, burned ones included: 10,000,000 LCO.
pub const CAP: Uint128 = Uint128::new(10_000_000_000_000);
/// Most recipients of one `MintBatch`.
pub const MAX_BATCH: usize = 100;

/// Nothing is minted at instantiation.
#[cw_serde]
pub struct InstantiateMsg {
    /// Name shown by wallets, 3 to 50 bytes.
    pub name: String,
    /// Ticker symbol, 3 to 12 letters or hyphens.
    pub symbol: String,
    /// Must be [`DECIMALS`].
    pub decimals: u8,
    /// The only address that can ever mint: the credit vault, computed beforehand.
    pub minter: String,
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

/// One recipient of a batch.
#[cw_serde]
pub struct MintRecipient {
    /// Who receives.
    pub address: String,
    /// µLCO, above zero.
    pub amount: Uint128,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Moves the sender's tokens.
    ///
    /// Permission: Anyone
    Transfer {
        /// Who receives.
        recipient: String,
        /// µLCO, at most the sender's balance.
        amount: Uint128,
    },
    /// Destroys the sender's tokens; the cap does not open again.
    ///
    /// Permission: Anyone
    Burn {
        /// µLCO, at most the sender's balance.
        amount: Uint128,
    },
    /// Moves the sender's tokens to a contract and calls its `Receive`.
    ///
    /// Permission: Anyone
    Send {
        /// The contract that receives.
        contract: String,
        /// µLCO, at most the sender's balance.
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
        /// µLCO on top of what is allowed now.
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
        /// µLCO less than is allowed now.
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
        /// µLCO, at most balance and allowance.
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
        /// µLCO, at most balance and allowance.
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
        /// µLCO, at most balance and allowance.
        amount: Uint128,
    },
    /// Mints new tokens within the cap.
    ///
    /// Permission: Minter
    Mint {
        /// Who receives.
        recipient: String,
        /// µLCO, above zero.
        amount: Uint128,
    },
    /// Mints new tokens to many within the cap, all or none.
    ///
    /// Permission: Minter
    MintBatch {
        /// 1 to [`MAX_BATCH`] recipients, each once.
        recipients: Vec<MintRecipient>,
    },
    /// Always refused (4): the minter is fixed. Offered so that wallets that know `cw20-base` get a clear answer.
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
    /// How much was ever minted and burned.
    #[returns(MintedResponse)]
    Minted {},
    /// Balance of an address, 0 if it never had any.
    #[returns(cw20::BalanceResponse)]
    Balance {
        /// Whose.
        address: String,
    },
    /// Name, symbol, decimals and present supply.
    #[returns(cw20::TokenInfoResponse)]
    TokenInfo {},
    /// The minter and the cap. Unlike in `cw20-base` the cap counts burned tokens too.
    #[returns(cw20::MinterResponse)]
    Minter {},
    /// What `spender` may use of `owner`'s tokens.
    #[returns(cw20::AllowanceResponse)]
    Allowance {
        /// Whose tokens.
        owner: String,
        /// Who may spend.
        spender: String,
    },
    /// Allowances given by `owner`, by spender.
    #[returns(cw20::AllAllowancesResponse)]
    AllAllowances {
        /// Whose tokens.
        owner: String,
        /// Last spender of the page before.
        start_after: Option<String>,
        /// Rows, 10 if not given, at most 30.
        limit: Option<u32>,
    },
    /// Allowances given to `spender`, by owner.
    #[returns(cw20::AllSpenderAllowancesResponse)]
    AllSpenderAllowances {
        /// Who may spend.
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

/// Answer to `Minted {}`. `minted - burned` is the present supply.
#[cw_serde]
pub struct MintedResponse {
    /// µLCO ever minted; never above `cap`, never falls.
    pub minted: Uint128,
    /// µLCO ever burned.
    pub burned: Uint128,
    /// Most µLCO that may ever be minted.
    pub cap: Uint128,
}

/// Answer to `Overview {}`.
#[cw_serde]
pub struct OverviewResponse {
    /// Name shown by wallets.
    pub name: String,
    /// Ticker symbol.
    pub symbol: String,
    /// Always [`DECIMALS`].
    pub decimals: u8,
    /// The only address that can mint.
    pub minter: String,
    /// µLCO in existence: minted less burned.
    pub supply: Uint128,
    /// µLCO ever minted.
    pub minted: Uint128,
    /// µLCO ever burned.
    pub burned: Uint128,
    /// Most µLCO that may ever be minted.
    pub cap: Uint128,
}
