//! One module per group of messages. Each function takes what its message says, changes state, and answers with events and the messages that follow; state is
//! saved before any message leaves.

pub mod collateral;
pub mod divide;
pub mod governance;
pub mod lending;
pub mod liquidate;
pub mod offer;
pub mod trade;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Api, Env, Event, QuerierWrapper, Reply, Response, StdResult, Storage, SubMsg,
    Uint128, WasmMsg,
};
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg};
use interfaces::exchange::Cw20Hook;
use interfaces::margin::{Params, Token};
use kit::compact::Account;

use crate::error::ContractError;
use crate::market::Market;
use crate::pool::Pool;
use crate::state::{self, Book, Settings, Terms};

/// What every message runs in.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    pub querier: QuerierWrapper<'a>,
    pub env: &'a Env,
    pub sender: &'a Addr,
}

impl Context<'_> {
    /// Block time, unix seconds.
    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    pub fn params(&self) -> StdResult<Params> {
        Settings::load(self.storage)
    }

    pub fn terms(&self) -> StdResult<Terms> {
        Terms::load(self.storage)
    }

    /// An address that the chain or a token vouches for, as it stands in rows.
    pub fn account(&self, address: &Addr) -> StdResult<Account> {
        Account::trusted(self.api, address.as_str())
    }

    /// The address of an account in a row.
    pub fn address(&self, account: &Account) -> StdResult<Addr> {
        state::address(self.api, account)
    }

    /// A pool with interest up to now.
    pub fn pool(&self, token: Token, params: &Params) -> Result<Pool, ContractError> {
        Pool::load(self.storage, token, self.now(), params)
    }

    /// The exchange now.
    pub fn market(&self) -> Result<Market, ContractError> {
        Market::load(&self.querier, &self.terms()?.exchange)
    }
}

/// Tokens that came with a message, and from whom.
#[derive(Clone)]
pub struct Payment {
    pub from: Addr,
    pub token: Token,
    /// Above 0.
    pub amount: Uint128,
}

impl Payment {
    /// Refuses the other token.
    pub fn assert_token(&self, expected: Token) -> Result<(), ContractError> {
        match self.token == expected {
            true => Ok(()),
            false => Err(ContractError::WrongToken {
                expected: expected.name(),
                actual: self.token.name(),
            }),
        }
    }
}

/// Why a reply comes.
#[derive(Clone, Copy)]
pub enum ReplyId {
    /// A swap is done.
    Swapped = 1,
    /// A liquidation before a withdrawal failed.
    Skipped = 2,
    /// The second half of a withdrawal answered.
    Finished = 3,
}

impl TryFrom<u64> for ReplyId {
    type Error = ContractError;

    fn try_from(id: u64) -> Result<Self, ContractError> {
        [Self::Swapped, Self::Skipped, Self::Finished]
            .into_iter()
            .find(|known| *known as u64 == id)
            .ok_or(ContractError::UnknownReply { id })
    }
}

/// A swap on the exchange. What it gives is known beforehand to the unit, and asked for as the least.
#[derive(Clone, Copy)]
pub struct Swap {
    pub pay: Token,
    pub amount: Uint128,
    pub out: Uint128,
    pub deadline: Option<u64>,
}

/// What follows a message: at most one swap, then transfers, and events.
#[derive(Default)]
pub struct Outbox {
    swap: Option<Swap>,
    transfers: Vec<(Token, Addr, Uint128)>,
    events: Vec<Event>,
}

impl Outbox {
    pub fn event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// Nothing is swapped for nothing: what is worth less than a unit stays behind, and belongs to nobody.
    pub fn swap(mut self, swap: Swap) -> Self {
        self.swap = (!swap.out.is_zero()).then_some(swap);
        self
    }

    /// Nothing is sent for an amount of 0.
    pub fn transfer(mut self, token: Token, to: &Addr, amount: impl Into<Uint128>) -> Self {
        let amount = amount.into();
        if !amount.is_zero() {
            self.transfers.push((token, to.clone(), amount));
        }
        self
    }

    /// The response. The swap is followed by a check that the contract holds what it owes and is about to send.
    #[inline(never)]
    pub fn send(self, terms: &Terms) -> Result<Response, ContractError> {
        let mut response = Response::new().add_events(self.events);
        if let Some(swap) = &self.swap {
            let token = swap.pay.other();
            let leaving = self.transfers.iter().filter(|(sent, ..)| *sent == token);
            let leaving = leaving.map(|(_, _, amount)| amount).sum();
            response = response.add_submessage(submessage(terms, swap, &Arrival { token, leaving })?);
        }
        for (token, to, amount) in self.transfers {
            let recipient = to.into_string();
            response = response.add_message(execute(terms, token, &Cw20ExecuteMsg::Transfer { recipient, amount })?);
        }
        Ok(response)
    }
}

/// What the reply to a swap looks at.
#[cw_serde]
struct Arrival {
    token: Token,
    /// About to be sent on.
    leaving: Uint128,
}

fn submessage(terms: &Terms, swap: &Swap, arrival: &Arrival) -> StdResult<SubMsg> {
    let hook = Cw20Hook::Swap {
        min_out: swap.out,
        deadline: swap.deadline,
        to: None,
    };
    let send = Cw20ExecuteMsg::Send {
        contract: terms.exchange.to_string(),
        amount: swap.amount,
        msg: to_json_binary(&hook)?,
    };
    let message = execute(terms, swap.pay, &send)?;
    Ok(SubMsg::reply_on_success(message, ReplyId::Swapped as u64).with_payload(to_json_binary(arrival)?))
}

fn execute(terms: &Terms, token: Token, msg: &Cw20ExecuteMsg) -> StdResult<WasmMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: terms.address(token).to_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    })
}

/// After a swap: refuses if the contract now holds less of what it bought than it owes. The books were written before the swap by what the exchange's own code says
/// it gives, so this only fails if an exchange or a token does not do what it says.
#[inline(never)]
pub fn swapped(ctx: &mut Context, reply: &Reply) -> Result<Response, ContractError> {
    let Arrival { token, leaving } = from_json(&reply.payload)?;
    let pool = Pool::stored(ctx.storage, token)?;
    let positions = Book::load(ctx.storage)?.held(token);
    let required = [pool.cash, pool.reserve, positions, leaving]
        .into_iter()
        .try_fold(Uint128::zero(), Uint128::checked_add)?;
    let address = ctx.env.contract.address.to_string();
    let balance: BalanceResponse = ctx
        .querier
        .query_wasm_smart(ctx.terms()?.address(token), &Cw20QueryMsg::Balance { address })?;
    match balance.balance >= required {
        true => Ok(Response::new()),
        false => Err(ContractError::Short {
            token: token.name(),
            required,
            actual: balance.balance,
        }),
    }
}
