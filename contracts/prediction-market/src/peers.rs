//! What this contract says to token, staking and governance.

use cosmwasm_std::{to_json_binary, Addr, Api, QuerierWrapper, StdResult, Storage, SubMsg, Uint128, WasmMsg};
use interfaces::lco_staking::{self, Tier};
use interfaces::prediction_market::CAP_AGE;
use interfaces::voting::Moment;
use interfaces::{governance, l_coin};
use kit::compact::Account;
use math::Bps;

use crate::error::ContractError;
use crate::execute::Context;
use crate::state::{Config, Totals};

/// Ids of the replies this contract asks for.
#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyId {
    /// Governance refused to open a vote; the payload is the market's id.
    OpenOutcome = 1,
}

impl TryFrom<u64> for ReplyId {
    type Error = ContractError;

    fn try_from(id: u64) -> Result<Self, ContractError> {
        match id {
            1 => Ok(Self::OpenOutcome),
            _ => Err(ContractError::UnknownReply { id }),
        }
    }
}

/// The token, for messages to it.
pub struct Coin(String);

impl Coin {
    pub fn new(api: &dyn Api, config: &Config) -> StdResult<Self> {
        Ok(Self(config.l_coin.text(api)?))
    }

    /// Pays by `Transfer`, which calls nobody: no payee can refuse, or act while he is paid.
    pub fn pay(&self, recipient: &str, amount: u128) -> StdResult<WasmMsg> {
        self.message(&l_coin::ExecuteMsg::Transfer {
            recipient: recipient.to_owned(),
            amount: amount.into(),
        })
    }

    /// Burns what this contract holds.
    pub fn burn(&self, amount: u128) -> StdResult<WasmMsg> {
        self.message(&l_coin::ExecuteMsg::Burn { amount: amount.into() })
    }

    fn message(&self, msg: &l_coin::ExecuteMsg) -> StdResult<WasmMsg> {
        Ok(WasmMsg::Execute {
            contract_addr: self.0.clone(),
            msg: to_json_binary(msg)?,
            funds: vec![],
        })
    }
}

/// Asks governance for a vote among `answers`. A reply comes on failure only, so that a broken governance can never keep anybody from disputing.
pub fn open_outcome(governance: &str, market: u64, answers: Vec<u8>, from: Moment, to: Moment) -> StdResult<SubMsg> {
    let msg = governance::ExecuteMsg::OpenOutcome {
        market,
        answers,
        from,
        to,
    };
    let execute = WasmMsg::Execute {
        contract_addr: governance.to_owned(),
        msg: to_json_binary(&msg)?,
        funds: vec![],
    };
    let payload = to_json_binary(&market)?;
    Ok(SubMsg::reply_on_error(execute, ReplyId::OpenOutcome as u64).with_payload(payload))
}

/// Staking, for questions to it.
pub struct Staking<'a> {
    pub querier: QuerierWrapper<'a>,
    address: String,
}

impl<'a> Staking<'a> {
    /// # Errors
    /// `PeerMissing`.
    pub fn new(api: &dyn Api, querier: QuerierWrapper<'a>, config: &Config) -> Result<Self, ContractError> {
        let staking = config.staking.as_ref();
        let address = staking
            .ok_or(ContractError::PeerMissing { peer: "staking" })?
            .text(api)?;
        Ok(Self { querier, address })
    }

    /// The tier in force at that second.
    pub fn tier_at(&self, account: &Addr, time: u64) -> StdResult<Tier> {
        let address = account.to_string();
        let question = lco_staking::QueryMsg::TierAt { address, time };
        self.querier.query_wasm_smart(&self.address, &question)
    }
}

/// The share of what is bonded now that open interest may reach, rounded down; 0 without staking.
///
/// # Errors
/// If staking is not there: more interest must not be let in blindly.
pub fn cap_by_bonded(api: &dyn Api, querier: QuerierWrapper, config: &Config) -> Result<Uint128, ContractError> {
    let Some(staking) = &config.staking else {
        return Ok(Uint128::zero());
    };
    let bonded = kit::stake::bonded(querier, staking.text(api)?)?;
    Ok(Bps::new(config.params.interest_bps)?.of_floor(bonded.u128()).into())
}

/// Lets `amount` into open interest. Within the floor nobody is asked; above it staking is, if it was not within the last [`CAP_AGE`] seconds or if what it said
/// then is not enough. (The cap bounds what comes in, not what is there: it can be raised for a moment by staking and lowered at once by unstaking anyway.)
///
/// # Errors
/// `InterestCap`.
pub fn let_in(ctx: &Context, config: &Config, totals: &mut Totals, amount: Uint128) -> Result<(), ContractError> {
    totals.open_interest = totals.open_interest.checked_add(amount)?;
    let (floor, actual) = (config.params.interest_floor, totals.open_interest);
    let fresh = ctx.now().saturating_sub(totals.cap_at) < CAP_AGE;
    if actual <= floor || (fresh && actual <= totals.cap) {
        return Ok(());
    }
    totals.cap = cap_by_bonded(ctx.api, ctx.querier, config)?;
    totals.cap_at = ctx.now();
    let cap = totals.cap.max(floor);
    match actual <= cap {
        true => Ok(()),
        false => Err(ContractError::InterestCap { cap, actual }),
    }
}

/// Reads the configuration and refuses any sender but `peer`.
///
/// # Errors
/// `Unauthorized`; `PeerMissing` if there is none.
pub fn assert_peer(
    storage: &dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    peer: fn(&Config) -> Option<&Account>,
    role: &'static str,
) -> Result<Config, ContractError> {
    let config = Config::load(storage)?;
    let expected = peer(&config)
        .ok_or(ContractError::PeerMissing { peer: role })?
        .text(api)?;
    kit::assert_sender(sender, &Addr::unchecked(expected), role)?;
    Ok(config)
}
