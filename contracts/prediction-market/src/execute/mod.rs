//! One module per group of messages. Each function takes what its message says, changes state, and answers with events and the messages that follow; state is
//! saved before any message leaves.

pub mod claim;
pub mod govern;
pub mod propose;
pub mod resolve;
pub mod trade;

use cosmwasm_std::{from_json, Addr, Api, BlockInfo, QuerierWrapper, Response, StdResult, Storage};
use cw20::Cw20ReceiveMsg;
use interfaces::prediction_market::Cw20Hook;
use interfaces::voting::Moment;
use kit::compact::Account;

use crate::error::ContractError;
use crate::peers;

/// What every message runs in.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    pub querier: QuerierWrapper<'a>,
    pub block: BlockInfo,
    /// Who acts: the sender, or who sent the L-Coin that arrives.
    pub sender: Addr,
}

impl Context<'_> {
    /// Block time, unix seconds.
    pub fn now(&self) -> u64 {
        self.block.time.seconds()
    }

    /// This block.
    pub fn moment(&self) -> Moment {
        Moment {
            height: self.block.height,
            time: self.now(),
        }
    }

    /// Who acts, as it stands in keys. Chain or token vouch for its form.
    pub fn account(&self) -> StdResult<Account> {
        Account::trusted(self.api, self.sender.as_str())
    }
}

/// L-Coin arrives. Anybody may call this; only the token is believed.
pub fn receive(mut ctx: Context, notice: Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let config = peers::assert_peer(ctx.storage, ctx.api, &ctx.sender, |config| Some(&config.l_coin), "coin")?;
    let hook: Cw20Hook = from_json(&notice.msg)?;
    ctx.sender = ctx.api.addr_validate(&notice.sender)?;
    let (ctx, amount) = (&mut ctx, notice.amount);
    match hook {
        Cw20Hook::Propose {
            question,
            outcomes,
            close_at,
            resolve_after,
            evidence_rule,
        } => {
            let proposal = propose::Proposal {
                question,
                outcomes,
                close_at,
                resolve_after,
                evidence_rule,
            };
            propose::propose(ctx, &config, proposal, amount)
        }
        Cw20Hook::Buy {
            market,
            outcome,
            min_shares,
        } => trade::buy(ctx, &config, (market, outcome), amount, min_shares),
        Cw20Hook::Answer {
            market,
            answer,
            evidence,
        } => resolve::answer(ctx, market, answer, amount, &evidence),
        Cw20Hook::Dispute {
            market,
            answer,
            evidence,
        } => resolve::dispute(ctx, &config, (market, answer), amount, &evidence),
    }
}
