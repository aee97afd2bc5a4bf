//! A chain with the token and its users.

use cosmwasm_std::{Addr, Empty, Timestamp, Uint128};
use cw_multi_test::error::AnyError;
use cw_multi_test::{App, AppResponse, Contract, ContractWrapper, Executor};
use interfaces::vcai::*;
use serde::de::DeserializeOwned;

/// Instantiation of the token.
pub const START: u64 = 1_767_571_200;
pub const SUPPLY: u128 = GENESIS_SUPPLY.u128();
/// Five per cent of the genesis supply.
pub const CAP: u128 = SUPPLY / 20;
pub const NAMES: [&str; 5] = ["allocation", "governance", "alice", "bob", "carol"];

pub struct World {
    pub app: App,
    pub token: Addr,
}

pub fn contract() -> Box<dyn Contract<Empty>> {
    use vcai::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

/// The number in `[vcai:<number>]` of an error.
pub fn code(error: &AnyError) -> u16 {
    let text = error.root_cause().to_string();
    let number = text.strip_prefix("[vcai:").and_then(|rest| rest.split(']').next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("not a numbered error: {text}"))
}

impl World {
    pub fn new() -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(START));
        let creator = app.api().addr_make("creator");
        let msg = InstantiateMsg {
            name: "Vcity".into(),
            symbol: "VCAI".into(),
            governance: app.api().addr_make("governance").into(),
            allocation: app.api().addr_make("allocation").into(),
            marketing: Some(Marketing {
                project: None,
                description: None,
                marketing: Some(app.api().addr_make("press").into()),
                logo: None,
            }),
        };
        let code = app.store_code(contract());
        let admin = Some(creator.to_string());
        let token = app
            .instantiate_contract(code, creator, &msg, &[], "vcai", admin)
            .unwrap();
        Self { app, token }
    }

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn name(&self, name: &str) -> String {
        self.user(name).into()
    }

    pub fn at(&mut self, seconds: u64) {
        self.app
            .update_block(|block| block.time = Timestamp::from_seconds(START + seconds));
    }

    pub fn send(&mut self, name: &str, msg: &ExecuteMsg) -> Result<AppResponse, AnyError> {
        let (sender, token) = (self.user(name), self.token.clone());
        self.app.execute_contract(sender, token, msg, &[])
    }

    pub fn ok(&mut self, name: &str, msg: ExecuteMsg) -> AppResponse {
        let response = self.send(name, &msg).unwrap();
        self.check_laws();
        response
    }

    pub fn refused(&mut self, name: &str, msg: ExecuteMsg) -> u16 {
        let before = self.everything();
        let error = self.send(name, &msg).unwrap_err();
        assert_eq!(self.everything(), before, "a refusal changes nothing");
        code(&error)
    }

    pub fn issue(&mut self, to: &str, amount: u128) -> AppResponse {
        let msg = self.issuing(to, amount);
        self.ok("governance", msg)
    }

    pub fn issuing(&self, to: &str, amount: u128) -> ExecuteMsg {
        ExecuteMsg::Issue {
            to: self.name(to),
            amount: amount.into(),
            proposal: 7,
        }
    }

    pub fn transferring(&self, to: &str, amount: u128) -> ExecuteMsg {
        ExecuteMsg::Transfer {
            recipient: self.name(to),
            amount: amount.into(),
        }
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.token, msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn balance(&self, name: &str) -> u128 {
        let address = self.name(name);
        let answer: cw20::BalanceResponse = self.query(&QueryMsg::Balance { address });
        answer.balance.u128()
    }

    pub fn info(&self) -> cw20::TokenInfoResponse {
        self.query(&QueryMsg::TokenInfo {})
    }

    pub fn issuances(&self) -> Vec<Issuance> {
        self.query(&QueryMsg::Issuances {
            start_before: None,
            limit: Some(100),
        })
    }

    /// Every row of the contract.
    fn everything(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.app.dump_wasm_raw(&self.token)
    }

    /// Σ balances = supply = genesis + issued − burned; Σ issuances = issued; no year above its cap.
    pub fn check_laws(&self) {
        let shown = self.overview();
        let balances: u128 = NAMES.iter().map(|name| self.balance(name)).sum();
        assert_eq!(balances, shown.supply.u128());
        assert_eq!(shown.supply + shown.burned, shown.genesis + shown.issued);
        assert_eq!(self.info().total_supply, shown.supply);
        assert_eq!(self.info().decimals, shown.decimals);
        let rows = self.issuances();
        assert_eq!(
            rows.iter().map(|row| row.amount).sum::<Uint128>(),
            shown.issued,
            "issuances"
        );
        assert!(shown.issuable.issued <= shown.issuable.cap);
        assert_eq!(shown.issuable.left, shown.issuable.cap - shown.issuable.issued);
        assert!(shown.decimals <= MAX_DECIMALS && shown.decimals % 2 == 0);
    }
}
