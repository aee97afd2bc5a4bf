//! The token among other contracts: `Send`, and migration.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use cosmwasm_std::{
    to_json_binary, Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult, Uint128,
};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::{App, Contract, ContractWrapper, Executor};
use interfaces::l_coin::{ExecuteMsg, InstantiateMsg, MigrateMsg, MintedResponse, QueryMsg};
use l_coin::contract;

/// A contract that passes on what it receives, or fails if told to.
mod shop {
    use super::*;

    #[cosmwasm_schema::cw_serde]
    pub enum ShopMsg {
        Receive(Cw20ReceiveMsg),
    }

    pub fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }

    pub fn execute(_: DepsMut, _: Env, info: MessageInfo, msg: ShopMsg) -> StdResult<Response> {
        let ShopMsg::Receive(received) = msg;
        if received.msg.as_slice() == b"fail" {
            return Err(cosmwasm_std::StdError::generic_err("told to fail"));
        }
        let burn = ExecuteMsg::Burn {
            amount: received.amount,
        };
        Ok(Response::new().add_message(cosmwasm_std::wasm_execute(info.sender, &burn, vec![])?))
    }

    pub fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
        to_json_binary(&Empty {})
    }
}

fn coin_code() -> Box<dyn Contract<Empty>> {
    Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query).with_migrate(contract::migrate),
    )
}

struct World {
    app: App,
    coin: Addr,
    shop: Addr,
    alice: Addr,
    admin: Addr,
}

fn world() -> World {
    let mut app = App::default();
    let [admin, vault, alice] = ["admin", "vault", "alice"].map(|name| app.api().addr_make(name));
    let code = app.store_code(coin_code());
    let msg = InstantiateMsg {
        name: "L-Coin".into(),
        symbol: "LCO".into(),
        decimals: 6,
        minter: vault.to_string(),
        marketing: None,
    };
    let coin = app
        .instantiate_contract(code, admin.clone(), &msg, &[], "coin", Some(admin.to_string()))
        .unwrap();
    let code = app.store_code(Box::new(ContractWrapper::new(
        shop::execute,
        shop::instantiate,
        shop::query,
    )));
    let shop = app
        .instantiate_contract(code, admin.clone(), &Empty {}, &[], "shop", None)
        .unwrap();
    let mint = ExecuteMsg::Mint {
        recipient: alice.to_string(),
        amount: Uint128::new(100),
    };
    app.execute_contract(vault, coin.clone(), &mint, &[]).unwrap();
    World {
        app,
        coin,
        shop,
        alice,
        admin,
    }
}

impl World {
    fn send(&mut self, amount: u128, msg: &[u8]) -> bool {
        let msg = ExecuteMsg::Send {
            contract: self.shop.to_string(),
            amount: amount.into(),
            msg: msg.into(),
        };
        self.app
            .execute_contract(self.alice.clone(), self.coin.clone(), &msg, &[])
            .is_ok()
    }

    fn minted(&self) -> MintedResponse {
        self.app
            .wrap()
            .query_wasm_smart(&self.coin, &QueryMsg::Minted {})
            .unwrap()
    }

    fn balance(&self, owner: &Addr) -> u128 {
        let query = QueryMsg::Balance {
            address: owner.to_string(),
        };
        let answer: cw20::BalanceResponse = self.app.wrap().query_wasm_smart(&self.coin, &query).unwrap();
        answer.balance.u128()
    }
}

#[test]
fn sent_tokens_arrive_with_the_call() {
    let mut world = world();
    assert!(world.send(30, b"take"));
    assert_eq!(world.balance(&world.alice), 70);
    assert_eq!(world.balance(&world.shop), 0);
    let MintedResponse { minted, burned, .. } = world.minted();
    assert_eq!((minted.u128(), burned.u128()), (100, 30));
}

#[test]
fn a_receiver_that_fails_keeps_nothing() {
    let mut world = world();
    assert!(!world.send(30, b"fail"));
    assert_eq!(world.balance(&world.alice), 100);
    assert_eq!(world.balance(&world.shop), 0);
}

#[test]
fn migration_keeps_what_was_minted() {
    let mut world = world();
    assert!(world.send(30, b"take"));
    let before = world.minted();
    let code = world.app.store_code(coin_code());
    world
        .app
        .migrate_contract(world.admin.clone(), world.coin.clone(), &MigrateMsg {}, code)
        .unwrap();
    assert_eq!(world.minted(), before);
}

#[test]
fn state_of_another_token_cannot_be_passed_off_as_ours() {
    let mut world = world();
    let foreign = ContractWrapper::new(
        cw20_base::contract::execute,
        cw20_base::contract::instantiate,
        cw20_base::contract::query,
    );
    let code = world.app.store_code(Box::new(foreign));
    let msg = cw20_base::msg::InstantiateMsg {
        name: "Other".into(),
        symbol: "OTHER".into(),
        decimals: 6,
        initial_balances: vec![],
        mint: None,
        marketing: None,
    };
    let admin = world.admin.clone();
    let other = world
        .app
        .instantiate_contract(code, admin.clone(), &msg, &[], "other", Some(admin.to_string()))
        .unwrap();
    let code = world.app.store_code(coin_code());
    let error = world
        .app
        .migrate_contract(admin, other, &MigrateMsg {}, code)
        .unwrap_err();
    assert!(error.root_cause().to_string().starts_with("[coin:940]"), "{error:?}");
}
