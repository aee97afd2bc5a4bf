//! A token that calls back while it is being moved.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdResult, SubMsg, Uint128,
    WasmMsg,
};
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg, Cw20ReceiveMsg};
use cw_multi_test::{App, ContractWrapper, Executor};
use cw_storage_plus::{Item, Map};
use interfaces::exchange::{self as pool, Asset};
use interfaces::margin::*;

use crate::world::*;

const BALANCES: Map<&Addr, Uint128> = Map::new("balances");
/// What it sends, in its own name, whenever tokens leave margin.
const ATTACK: Item<(Addr, Binary)> = Item::new("attack");
/// How many of its messages went through.
const HITS: Item<u32> = Item::new("hits");
/// Whether it loses what it is asked to move to margin.
const THIEF: Item<Addr> = Item::new("thief");

#[cw_serde]
enum Control {
    Mint { to: String, amount: Uint128 },
    Attack { victim: String, msg: Binary },
    Steal { victim: String },
    Hits {},
}

#[cw_serde]
#[serde(untagged)]
enum AnyExecute {
    Token(Cw20ExecuteMsg),
    Control(Control),
}

#[cw_serde]
#[serde(untagged)]
enum AnyQuery {
    Token(Cw20QueryMsg),
    Control(Control),
}

fn execute(deps: DepsMut, _: Env, info: MessageInfo, msg: AnyExecute) -> StdResult<Response> {
    match msg {
        AnyExecute::Control(Control::Mint { to, amount }) => {
            BALANCES.save(deps.storage, &Addr::unchecked(to), &amount)?
        }
        AnyExecute::Control(Control::Attack { victim, msg }) => {
            ATTACK.save(deps.storage, &(Addr::unchecked(victim), msg))?;
        }
        AnyExecute::Control(Control::Steal { victim }) => THIEF.save(deps.storage, &Addr::unchecked(victim))?,
        AnyExecute::Token(Cw20ExecuteMsg::Transfer { recipient, amount }) => {
            return moved(deps, &info.sender, &recipient, amount)
        }
        AnyExecute::Token(Cw20ExecuteMsg::TransferFrom {
            owner,
            recipient,
            amount,
        }) => return moved(deps, &Addr::unchecked(owner), &recipient, amount),
        AnyExecute::Token(Cw20ExecuteMsg::Send { contract, amount, msg }) => {
            let sender = info.sender.to_string();
            let notice = Cw20ReceiveMsg { sender, amount, msg };
            let response = moved(deps, &info.sender, &contract, amount)?;
            return Ok(response.add_message(notice.into_cosmos_msg(contract)?));
        }
        _ => {}
    }
    Ok(Response::new())
}

fn moved(deps: DepsMut, from: &Addr, to: &str, amount: Uint128) -> StdResult<Response> {
    let to = Addr::unchecked(to);
    let left = BALANCES
        .may_load(deps.storage, from)?
        .unwrap_or_default()
        .checked_sub(amount)?;
    BALANCES.save(deps.storage, from, &left)?;
    if THIEF.may_load(deps.storage)?.as_ref() != Some(&to) {
        let more = BALANCES.may_load(deps.storage, &to)?.unwrap_or_default() + amount;
        BALANCES.save(deps.storage, &to, &more)?;
    }
    let mut response = Response::new();
    if let Some((victim, msg)) = ATTACK.may_load(deps.storage)? {
        if *from == victim {
            let again = WasmMsg::Execute {
                contract_addr: victim.into(),
                msg,
                funds: vec![],
            };
            response = response.add_submessage(SubMsg::reply_always(again, 0));
        }
    }
    Ok(response)
}

fn reply(deps: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
    if reply.result.is_ok() {
        let hits = HITS.may_load(deps.storage)?.unwrap_or_default();
        HITS.save(deps.storage, &(hits + 1))?;
    }
    Ok(Response::new())
}

fn query(deps: Deps, _: Env, msg: AnyQuery) -> StdResult<Binary> {
    match msg {
        AnyQuery::Token(Cw20QueryMsg::Balance { address }) => {
            let balance = BALANCES
                .may_load(deps.storage, &Addr::unchecked(address))?
                .unwrap_or_default();
            to_json_binary(&BalanceResponse { balance })
        }
        _ => to_json_binary(&HITS.may_load(deps.storage)?.unwrap_or_default()),
    }
}

/// A market of two such tokens.
struct Trap {
    app: App,
    credit: Addr,
    lco: Addr,
    exchange: Addr,
    margin: Addr,
}

impl Trap {
    fn new() -> Self {
        let mut app = App::default();
        let creator = app.api().addr_make("creator");
        let code = app.store_code(Box::new(
            ContractWrapper::new(
                execute,
                |_, _, _, _: Empty| Ok::<_, cosmwasm_std::StdError>(Response::new()),
                query,
            )
            .with_reply(reply),
        ));
        let [lco, credit] = ["lco", "credit"].map(|label| {
            app.instantiate_contract(code, creator.clone(), &Empty {}, &[], label, None)
                .unwrap()
        });
        let exchange = {
            use exchange::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            let msg = pool::InstantiateMsg {
                owner: creator.to_string(),
                assets: [&lco, &credit].map(|token| Asset::Cw20 {
                    address: token.to_string(),
                }),
                announced: false,
                params: pool::Params {
                    fee_bps: 30,
                    skim_recipient: creator.to_string(),
                },
            };
            app.instantiate_contract(code, creator.clone(), &msg, &[], "exchange", None)
                .unwrap()
        };
        let code = app.store_code(margin_contract());
        let msg = InstantiateMsg {
            owner: creator.to_string(),
            operator: None,
            credit: credit.to_string(),
            lco: lco.to_string(),
            exchange: exchange.to_string(),
            params: default_params(),
        };
        let margin = app
            .instantiate_contract(code, creator.clone(), &msg, &[], "margin", None)
            .unwrap();
        let mut trap = Self {
            app,
            credit,
            lco,
            exchange,
            margin,
        };
        for token in [trap.lco.clone(), trap.credit.clone()] {
            let mint = Control::Mint {
                to: creator.to_string(),
                amount: amount(WEALTH),
            };
            trap.call(&token, &mint);
        }
        let provide = pool::ExecuteMsg::Provide {
            amounts: [amount(DEPTH), amount(DEPTH)],
            min_shares: amount(0),
            deadline: None,
        };
        let exchange = trap.exchange.clone();
        trap.app.execute_contract(creator, exchange, &provide, &[]).unwrap();
        trap.app.update_block(|block| {
            block.time = block.time.plus_seconds(HOUR);
            block.height += 1;
        });
        let min_shares = amount(0);
        for token in [trap.lco.clone(), trap.credit.clone()] {
            trap.send(&token, LENT, &Cw20Hook::Supply { min_shares }).unwrap();
        }
        trap
    }

    fn creator(&self) -> Addr {
        self.app.api().addr_make("creator")
    }

    fn call(&mut self, token: &Addr, msg: &Control) {
        let creator = self.creator();
        self.app.execute_contract(creator, token.clone(), msg, &[]).unwrap();
    }

    fn send(
        &mut self,
        token: &Addr,
        paid: u128,
        hook: &Cw20Hook,
    ) -> Result<cw_multi_test::AppResponse, cw_multi_test::error::AnyError> {
        let send = Cw20ExecuteMsg::Send {
            contract: self.margin.to_string(),
            amount: amount(paid),
            msg: to_json_binary(hook).unwrap(),
        };
        self.app.execute_contract(self.creator(), token.clone(), &send, &[])
    }

    fn open(&mut self, side: Side) -> Result<cw_multi_test::AppResponse, cw_multi_test::error::AnyError> {
        let credit = self.credit.clone();
        let hook = Cw20Hook::Open {
            side,
            borrow: whole(1_000),
            min_out: amount(0),
            deadline: None,
            position: None,
        };
        self.send(&credit, 500 * ONE, &hook)
    }

    fn balance(&self, token: &Addr, of: &Addr) -> u128 {
        let address = of.to_string();
        let answer: BalanceResponse = self
            .app
            .wrap()
            .query_wasm_smart(token, &Cw20QueryMsg::Balance { address })
            .unwrap();
        answer.balance.u128()
    }

    fn hits(&self, token: &Addr) -> u32 {
        self.app.wrap().query_wasm_smart(token, &Control::Hits {}).unwrap()
    }

    /// What the contract owes in both tokens by its own answers.
    fn assert_covered(&self) {
        let ask = |msg: &QueryMsg| -> OverviewResponse { self.app.wrap().query_wasm_smart(&self.margin, msg).unwrap() };
        let overview = ask(&QueryMsg::Overview {});
        let [credit, lco] = overview.pools;
        let owed = [
            (
                self.credit.clone(),
                credit.cash + credit.reserve + overview.short_collateral,
            ),
            (self.lco.clone(), lco.cash + lco.reserve + overview.long_open_interest),
        ];
        for (token, owed) in owed {
            assert!(self.balance(&token, &self.margin) >= owed.u128(), "{token}");
        }
    }
}

/// The token calls the very message again (as owner of the position, as lender, as keeper) while the first one's tokens are under way. The books are written before
/// any token moves, so the second call finds nothing.
#[test]
fn reentry_through_a_cw20_finds_the_books_written() {
    let close = |position| ExecuteMsg::Close {
        position,
        min_payout: amount(0),
        deadline: None,
    };
    for side in [Side::Long, Side::Short] {
        let attacks = [
            close(1),
            ExecuteMsg::Liquidate { position: 1 },
            ExecuteMsg::Withdraw {
                token: Token::Credit,
                shares: amount(1),
            },
            ExecuteMsg::CollectInterest { token: Token::Credit },
            ExecuteMsg::FinishWithdraw {
                token: Token::Credit,
                lender: App::default().api().addr_make("creator").into(),
                shares: whole(1),
            },
        ];
        for attack in attacks {
            let mut trap = Trap::new();
            trap.open(side).unwrap();
            let victim = trap.margin.to_string();
            let msg = to_json_binary(&attack).unwrap();
            for token in [trap.credit.clone(), trap.lco.clone()] {
                trap.call(
                    &token,
                    &Control::Attack {
                        victim: victim.clone(),
                        msg: msg.clone(),
                    },
                );
            }
            let (creator, margin) = (trap.creator(), trap.margin.clone());
            trap.app
                .execute_contract(creator.clone(), margin.clone(), &close(1), &[])
                .unwrap();
            let withdraw = ExecuteMsg::Withdraw {
                token: Token::Credit,
                shares: whole(50_000),
            };
            trap.app.execute_contract(creator, margin, &withdraw, &[]).unwrap();
            assert_eq!(trap.hits(&trap.credit) + trap.hits(&trap.lco), 0, "{attack:?}");
            trap.assert_covered();
        }
    }
}

/// The token lends through itself while a withdrawal pays: both are booked, nothing is counted twice.
#[test]
fn reentry_with_a_message_that_is_allowed_counts_once() {
    let mut trap = Trap::new();
    let (margin, credit, creator) = (trap.margin.clone(), trap.credit.clone(), trap.creator());
    let notice = Cw20ReceiveMsg {
        sender: creator.to_string(),
        amount: amount(1),
        msg: to_json_binary(&Cw20Hook::Supply { min_shares: amount(0) }).unwrap(),
    };
    let attack = Control::Attack {
        victim: margin.to_string(),
        msg: to_json_binary(&ExecuteMsg::Receive(notice)).unwrap(),
    };
    trap.call(&credit, &attack);
    let withdraw = ExecuteMsg::Withdraw {
        token: Token::Credit,
        shares: whole(1_000),
    };
    trap.app
        .execute_contract(creator, margin.clone(), &withdraw, &[])
        .unwrap();
    assert_eq!(trap.hits(&credit), 1);
    // the token said it sent one unit that it did not send: the token itself lies, and only about itself
    let pool: PoolResponse = trap
        .app
        .wrap()
        .query_wasm_smart(&margin, &QueryMsg::Pool { token: Token::Credit })
        .unwrap();
    assert_eq!(pool.cash.u128(), LENT - ONE + 1);
}

/// The exchange's output never arrives. The books were written on trust; the reply compares them with what is there and everything is undone.
#[test]
fn swap_whose_output_does_not_arrive_is_undone() {
    for side in [Side::Long, Side::Short] {
        let mut trap = Trap::new();
        let token = match side.held() {
            Token::Lco => trap.lco.clone(),
            Token::Credit => trap.credit.clone(),
        };
        let victim = trap.margin.to_string();
        trap.call(&token, &Control::Steal { victim });
        let error = trap.open(side).unwrap_err();
        assert!(error.root_cause().to_string().starts_with("[margin:22]"), "{error:?}");
        let overview: OverviewResponse = trap
            .app
            .wrap()
            .query_wasm_smart(&trap.margin, &QueryMsg::Overview {})
            .unwrap();
        assert_eq!(overview.next_position, 1);
    }
}
