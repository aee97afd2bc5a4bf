//! Tokens sold before the genesis event, each with a claim on VCAI that moves with it.
//!
//! CW721: the messages, queries and answers of the `cw721` crate 0.22, with approvals, operators and enumeration. VCAI in its base units, prices in base units of the
//! stablecoin, times in unix seconds. Token ids are the numbers from 1 in decimal.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, Empty, Uint128};
use cw721::msg::{
    AllNftInfoResponse, ApprovalResponse, ApprovalsResponse, CollectionInfoAndExtensionResponse, MinterResponse,
    NftInfoResponse, NumTokensResponse, OperatorResponse, OperatorsResponse, OwnerOfResponse, TokensResponse,
};
use cw721::Expiration;

use crate::common::{OwnershipMsg, OwnershipResponse};

/// Most tokens ever sold.
pub const MAX_TOKENS: u32 = 3_000;
/// Base units of VCAI of a token: 10,000 VCAI.
pub const PER_TOKEN: Uint128 = Uint128::new(10_000_000_000);
/// Part of it at the TGE, basis points.
pub const TGE_BPS: u16 = 2_500;
/// Monthly steps in which the rest follows.
pub const STEPS: u32 = 6;
/// Most tokens of one `Buy`, of one `Claim`, and addresses of one `SetAllowed`.
pub const MAX_BATCH: usize = 50;
/// Longest time from the end of the sale to the refund deadline: 365 days.
pub const MAX_WAIT: u64 = 31_536_000;

/// Terms of the sale. They never change.
#[cw_serde]
#[derive(Eq)]
pub struct Sale {
    /// Base units of the stablecoin for a token, above 0.
    pub price: Uint128,
    /// Tokens for sale, 1 ..= [`MAX_TOKENS`].
    pub tokens: u32,
    /// Tokens that an address can buy in all, counted by purchases and not by what it holds. 1 ..= `tokens`.
    pub per_wallet: u32,
    /// First second of the sale.
    pub opens: u64,
    /// Until this second only listed addresses buy. None: everybody from the start.
    pub listed_until: Option<u64>,
    /// First second after the sale.
    pub closes: u64,
    /// From this second on, without a TGE, burning a token refunds its price. At or after `closes`, at most [`MAX_WAIT`] later.
    pub deadline: u64,
}

#[cw_serde]
pub struct InstantiateMsg {
    pub name: String,
    pub symbol: String,
    /// A token's URI is this with the token's id behind; tokens have none if absent. Never changes.
    pub base_uri: Option<String>,
    /// Keeps the allow-list.
    pub owner: String,
    /// `token-allocation`: releases the proceeds at the TGE. Never changes.
    pub allocation: String,
    /// Receives what burned tokens forfeit. Never changes.
    pub treasury: String,
    /// The VCAI token. Never changes.
    pub vcai: String,
    /// The stablecoin's denom. Never changes.
    pub denom: String,
    pub sale: Sale,
}

#[cw_serde]
pub enum ExecuteMsg {
    // ---- the sale ----
    /// Buys tokens for exactly the attached `quantity · price`.
    ///
    /// Permission: Anyone
    Buy {
        /// 1 ..= [`MAX_BATCH`].
        quantity: u32,
    },
    /// Changes the allow-list. At most [`MAX_BATCH`] addresses together.
    ///
    /// Permission: Owner
    SetAllowed { add: Vec<String>, remove: Vec<String> },

    // ---- the claim ----
    /// Pays what has vested on the sender's tokens and is not claimed.
    ///
    /// Permission: Holder
    Claim {
        /// 1 ..= [`MAX_BATCH`], each once.
        tokens: Vec<String>,
    },
    /// The TGE: ends sale and refunds, starts the claims and sends the proceeds of all live tokens to the sender. Once.
    ///
    /// Permission: Allocation
    Release {},

    // ---- CW721 ----
    /// Moves a token; its approvals end, what is unclaimed goes with it.
    ///
    /// Permission: Holder | Approved
    TransferNft { recipient: String, token_id: String },
    /// Moves a token to a contract and calls its `ReceiveNft`.
    ///
    /// Permission: Holder | Approved
    SendNft {
        contract: String,
        token_id: String,
        msg: Binary,
    },
    /// Lets `spender` move a token. Replaces an earlier approval of the same spender; at most 20 for a token.
    ///
    /// Permission: Holder | Operator
    Approve {
        spender: String,
        token_id: String,
        expires: Option<Expiration>,
    },
    /// Takes an approval back.
    ///
    /// Permission: Holder | Operator
    Revoke { spender: String, token_id: String },
    /// Lets `operator` move all of the sender's tokens.
    ///
    /// Permission: Anyone
    ApproveAll {
        operator: String,
        expires: Option<Expiration>,
    },
    /// Takes that back.
    ///
    /// Permission: Anyone
    RevokeAll { operator: String },
    /// Destroys a token. After the TGE what is unclaimed, vested or not, is forfeited to the treasury; after the deadline without a TGE its price is refunded to its
    /// holder; refused before.
    ///
    /// Permission: Holder | Approved
    Burn { token_id: String },

    /// Two-step change of the owner.
    ///
    /// Permission: Owner (propose, cancel) | Pending owner (accept)
    Ownership(OwnershipMsg),
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
    /// What `token-allocation` needs at the TGE.
    #[returns(ProceedsResponse)]
    Proceeds {},
    /// What an address may still buy.
    #[returns(BuyerResponse)]
    Buyer { address: String },
    /// Listed addresses.
    #[returns(Vec<String>)]
    Allowed {
        start_after: Option<String>,
        limit: Option<u32>,
    },
    /// A token's claim now.
    #[returns(ClaimResponse)]
    Claim { token_id: String },

    // ---- CW721 ----
    #[returns(OwnerOfResponse)]
    OwnerOf {
        token_id: String,
        include_expired: Option<bool>,
    },
    #[returns(ApprovalResponse)]
    Approval {
        token_id: String,
        spender: String,
        include_expired: Option<bool>,
    },
    #[returns(ApprovalsResponse)]
    Approvals {
        token_id: String,
        include_expired: Option<bool>,
    },
    #[returns(OperatorResponse)]
    Operator {
        owner: String,
        operator: String,
        include_expired: Option<bool>,
    },
    #[returns(OperatorsResponse)]
    AllOperators {
        owner: String,
        include_expired: Option<bool>,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    /// Live tokens.
    #[returns(NumTokensResponse)]
    NumTokens {},
    /// As `GetCollectionInfoAndExtension`, by its older name.
    #[returns(CollectionInfoAndExtensionResponse<Option<Empty>>)]
    ContractInfo {},
    #[returns(CollectionInfoAndExtensionResponse<Option<Empty>>)]
    GetCollectionInfoAndExtension {},
    #[returns(NftInfoResponse<TokenExtension>)]
    NftInfo { token_id: String },
    #[returns(AllNftInfoResponse<TokenExtension>)]
    AllNftInfo {
        token_id: String,
        include_expired: Option<bool>,
    },
    #[returns(TokensResponse)]
    Tokens {
        owner: String,
        start_after: Option<String>,
        limit: Option<u32>,
    },
    #[returns(TokensResponse)]
    AllTokens {
        start_after: Option<String>,
        limit: Option<u32>,
    },
    /// The contract itself: its sale alone creates tokens.
    #[returns(MinterResponse)]
    Minter {},
}

/// What a token carries.
#[cw_serde]
#[derive(Eq, Default)]
pub struct TokenExtension {
    /// Base units of VCAI already claimed on it.
    pub claimed: Uint128,
}

#[cw_serde]
pub struct OverviewResponse {
    pub sale: Sale,
    /// Tokens ever sold.
    pub sold: u32,
    /// Tokens that exist.
    pub alive: u32,
    /// Stablecoin held for live tokens: until the TGE `alive · price`, then 0.
    pub held: Uint128,
    /// Time of the TGE.
    pub tge_at: Option<u64>,
    /// VCAI claimed so far.
    pub claimed: Uint128,
    /// VCAI forfeited so far.
    pub forfeited: Uint128,
    /// Whether burning refunds now.
    pub refundable: bool,
}

#[cw_serde]
pub struct ConfigResponse {
    pub allocation: String,
    pub treasury: String,
    pub vcai: String,
    pub denom: String,
    pub base_uri: Option<String>,
    pub sale: Sale,
}

#[cw_serde]
pub struct ProceedsResponse {
    /// Stablecoin of all live tokens.
    pub proceeds: Uint128,
    /// VCAI that live tokens will claim.
    pub airdrop: Uint128,
    pub tge_at: Option<u64>,
}

#[cw_serde]
pub struct BuyerResponse {
    /// Bought in all, whoever holds them now.
    pub bought: u32,
    pub allowed: bool,
    /// Tokens it could buy now.
    pub left: u32,
}

#[cw_serde]
pub struct ClaimResponse {
    pub token_id: String,
    pub owner: String,
    /// Base units of VCAI vested by now; 0 before the TGE.
    pub vested: Uint128,
    pub claimed: Uint128,
    /// vested − claimed.
    pub claimable: Uint128,
    /// Everything not claimed, vested or not: what moves with a sale.
    pub unclaimed: Uint128,
}
