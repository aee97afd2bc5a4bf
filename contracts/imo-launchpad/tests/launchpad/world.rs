//! A chain with the real vault, the launchpad and users, and the laws that hold after every message.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_std::{coin, coins, to_json_binary, Addr, Binary, Empty, Order, Timestamp, Uint128};
use cw_multi_test::{App, AppResponse, Contract, ContractWrapper, Executor};
use imo_launchpad::state::{Launch, Standing, LAUNCHES, LIVE, SUBSCRIBERS, SUBSCRIPTIONS, TALLIES};
use interfaces::credit_vault::{self as vault_msgs, GatewayAdmission, Peers, Rate};
use interfaces::imo_launchpad::*;

use crate::stand_in::{self, SetWeight};

pub const DENOM: &str = "uusdt";
/// Monday 2026-01-05 00:00 UTC.
pub const MONDAY: u64 = 1_767_571_200;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 86_400;
/// One Credit in base units.
pub const ONE: u128 = 1_000_000;
/// Credits of each user.
pub const WEALTH: u128 = 1_000 * ONE;
pub const USERS: [&str; 5] = ["alice", "bob", "carol", "dave", "mallory"];
pub const SKU: &str = "chat-in";
pub const OTHER: &str = "voice";

pub struct World {
    pub app: App,
    pub vault: Addr,
    pub l_coin: Addr,
    pub staking: Addr,
    pub launchpad: Addr,
    /// Credits that were sent to the launchpad without a hook.
    pub donated: u128,
}

pub fn n(value: u128) -> Uint128 {
    Uint128::new(value)
}

/// The number in `[launchpad:<number>]` of an error, or 10,000 + the vault's.
fn code(error: &cw_multi_test::error::AnyError) -> u16 {
    let text = error.root_cause().to_string();
    let number = |prefix: &str| -> Option<u16> { text.strip_prefix(prefix)?.split(']').next()?.parse().ok() };
    let of_vault = || number("[vault:").map(|code| 10_000 + code);
    number("[launchpad:")
        .or_else(of_vault)
        .unwrap_or_else(|| panic!("not an error of the launchpad or the vault: {text}"))
}

impl World {
    /// The real vault with two rate cards, the launchpad as its peer, users with Credits; weights are set by the test, and nobody has any.
    pub fn new() -> Self {
        Self::build(|app, creator, _| {
            let code = app.store_code(stand_in::staking());
            app.instantiate_contract(code, creator.clone(), &Empty {}, &[], "staking", None)
                .unwrap()
        })
    }

    /// The same with the real staking contract; nobody has any stake.
    pub fn with_real_staking() -> Self {
        Self::build(|app, creator, l_coin| {
            use lco_staking::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            let msg = interfaces::lco_staking::InstantiateMsg {
                owner: app.api().addr_make("owner").into(),
                l_coin: l_coin.to_string(),
                params: interfaces::lco_staking::Params::default(),
            };
            app.instantiate_contract(code, creator.clone(), &msg, &[], "staking", None)
                .unwrap()
        })
    }

    fn build(create_staking: impl Fn(&mut App, &Addr, &Addr) -> Addr) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY));
        for name in USERS {
            let address = app.api().addr_make(name);
            let wealth = vec![coin(WEALTH, DENOM)];
            app.init_modules(|router, _, storage| router.bank.init_balance(storage, &address, wealth))
                .unwrap();
        }
        let creator = app.api().addr_make("creator");
        let l_coin = create_l_coin(&mut app, &creator);
        let vault = create_vault(&mut app, &creator, &l_coin);
        let staking = create_staking(&mut app, &creator, &l_coin);
        let mut world = Self {
            launchpad: create_launchpad(&mut app, &vault, &staking),
            app,
            vault,
            l_coin,
            staking,
            donated: 0,
        };
        world.connect();
        world
    }

    /// Makes the launchpad the vault's, and gives every user Credits.
    fn connect(&mut self) {
        let (timelock, launchpad) = (self.user("timelock"), self.launchpad.to_string());
        let peers = Peers {
            launchpad: Some(launchpad.clone()),
            ..Peers::default()
        };
        self.vault_ok(&timelock, vault_msgs::ExecuteMsg::SetPeers { peers });
        let address = launchpad;
        self.vault_ok(&timelock, vault_msgs::ExecuteMsg::RegisterContract { address });
        for name in USERS {
            let deposit = vault_msgs::ExecuteMsg::Deposit { to: None };
            let (user, vault) = (self.user(name), self.vault.clone());
            self.app
                .execute_contract(user, vault, &deposit, &coins(WEALTH, DENOM))
                .unwrap();
        }
    }

    // ---- people, weights and time ----

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn weigh(&mut self, name: &str, weight: u128) -> Addr {
        let (user, staking) = (self.user(name), self.staking.clone());
        let msg = SetWeight {
            account: user.to_string(),
            weight: n(weight),
        };
        self.app.execute_contract(user.clone(), staking, &msg, &[]).unwrap();
        user
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    // ---- messages ----

    fn send(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<AppResponse, u16> {
        let launchpad = self.launchpad.clone();
        let outcome = self.app.execute_contract(sender.clone(), launchpad, msg, &[]);
        self.check_laws();
        outcome.map_err(|error| code(&error))
    }

    pub fn attempt(&mut self, sender: &Addr, msg: ExecuteMsg) -> Result<AppResponse, u16> {
        self.send(sender, &msg)
    }

    pub fn ok(&mut self, sender: &Addr, msg: ExecuteMsg) -> AppResponse {
        self.send(sender, &msg).unwrap_or_else(|code| panic!("{msg:?}: {code}"))
    }

    pub fn refused(&mut self, sender: &Addr, msg: ExecuteMsg) -> u16 {
        match self.send(sender, &msg) {
            Ok(_) => panic!("{msg:?} was not refused"),
            Err(code) => code,
        }
    }

    pub fn vault_ok(&mut self, sender: &Addr, msg: vault_msgs::ExecuteMsg) -> AppResponse {
        self.vault_attempt(sender, &msg)
            .unwrap_or_else(|code| panic!("{msg:?}: {code}"))
    }

    pub fn vault_attempt(&mut self, sender: &Addr, msg: &vault_msgs::ExecuteMsg) -> Result<AppResponse, u16> {
        let vault = self.vault.clone();
        let outcome = self.app.execute_contract(sender.clone(), vault, msg, &[]);
        self.check_laws();
        outcome.map_err(|error| code(&error))
    }

    /// Launch of 1,000 units at 3 µCredit each, a day to subscribe and a week to claim, exclusive for a month.
    pub fn terms(&self) -> NewLaunch {
        NewLaunch {
            sku: SKU.into(),
            quota: n(1_000),
            price_per_unit: n(3_000_000),
            snapshot: self.now() - 1,
            subscribe_until: self.now() + DAY,
            claim_until: self.now() + 8 * DAY,
            exclusive_until: self.now() + 30 * DAY,
        }
    }

    pub fn create(&mut self, change: impl FnOnce(&mut NewLaunch)) -> Result<u64, u16> {
        let mut terms = self.terms();
        change(&mut terms);
        self.attempt(&self.user("owner"), ExecuteMsg::CreateLaunch(terms))?;
        Ok(self.query::<OverviewResponse>(&QueryMsg::Overview {}).launches)
    }

    pub fn subscribe(&mut self, user: &Addr, launch: u64) -> Result<AppResponse, u16> {
        self.attempt(user, ExecuteMsg::Subscribe { launch })
    }

    /// Sends `paid` µCredit with the hook.
    pub fn pay(&mut self, user: &Addr, launch: u64, units: u128, paid: u128) -> Result<AppResponse, u16> {
        let msg = vault_msgs::ExecuteMsg::Send {
            contract: self.launchpad.to_string(),
            amount: n(paid),
            msg: hook(launch, units),
        };
        self.vault_attempt(user, &msg)
    }

    /// Claims at the right price.
    pub fn claim(&mut self, user: &Addr, launch: u64, units: u128) -> Result<AppResponse, u16> {
        let units = n(units);
        let price: Uint128 = self.query(&QueryMsg::Price { launch, units });
        self.pay(user, launch, units.u128(), price.u128())
    }

    // ---- queries ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.launchpad, msg).unwrap()
    }

    pub fn ask_vault<T: DeserializeOwned>(&self, msg: &vault_msgs::QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.vault, msg).unwrap()
    }

    pub fn launch(&self, launch: u64) -> LaunchResponse {
        self.query(&QueryMsg::Launch { launch })
    }

    pub fn allotment(&self, launch: u64, user: &Addr) -> AllotmentResponse {
        let address = user.to_string();
        self.query(&QueryMsg::Allotment { launch, address })
    }

    pub fn credits(&self, user: &Addr) -> u128 {
        let address = user.to_string();
        let answer: cw20::BalanceResponse = self.ask_vault(&vault_msgs::QueryMsg::Balance { address });
        answer.balance.u128()
    }

    pub fn entitled(&self, user: &Addr, sku: &str) -> u128 {
        let answer: vault_msgs::EntitlementResponse = self.ask_vault(&vault_msgs::QueryMsg::Entitlement {
            address: user.to_string(),
            sku: sku.into(),
        });
        answer.units.u128()
    }

    // ---- laws ----

    /// Everything that must hold after every message, on the raw rows.
    pub fn check_laws(&self) {
        let storage = self.app.contract_storage(&self.launchpad);
        let storage = storage.as_ref();
        let rows: Vec<_> = SUBSCRIPTIONS
            .range(storage, None, None, Order::Ascending)
            .map(Result::unwrap)
            .collect();
        let mut live = BTreeMap::new();
        for launch in LAUNCHES.range(storage, None, None, Order::Ascending) {
            let (id, launch): (u64, Launch) = launch.unwrap();
            let tally = TALLIES.load(storage, id).unwrap();
            let own: Vec<_> = rows.iter().filter(|((_, of), _)| *of == id).collect();
            let allocations: Uint128 = own.iter().map(|(_, row)| row.allocation).sum();
            assert_eq!(allocations, tally.subscribed, "subscribed is the sum of allocations");
            assert!(allocations <= launch.terms.quota, "Σ allocations ≤ quota");
            let claims: Uint128 = own.iter().map(|(_, row)| row.claimed).sum();
            assert_eq!(claims, tally.claimed, "claimed is the sum of claims");
            let mut allotments = Uint128::zero();
            for (_, row) in own {
                let allotment = launch.allotment(&tally, row.allocation).unwrap();
                assert!(row.claimed <= allotment, "nobody claims more than its allotment");
                allotments += allotment;
            }
            assert!(allotments <= launch.terms.quota, "Σ allotments ≤ quota");
            if tally.standing == Standing::Open {
                assert_eq!(live.insert(launch.terms.sku, id), None, "one live launch a SKU");
            }
        }
        let listed: BTreeMap<String, u64> = LIVE
            .range(storage, None, None, Order::Ascending)
            .map(Result::unwrap)
            .collect();
        assert_eq!(listed, live, "the index names the live launches");
        let keys: BTreeSet<(Addr, u64)> = rows.into_iter().map(|(key, _)| key).collect();
        let turned: BTreeSet<(Addr, u64)> = SUBSCRIBERS
            .keys(storage, None, None, Order::Ascending)
            .map(|key| key.map(|(launch, account)| (account, launch)).unwrap())
            .collect();
        assert_eq!(keys, turned, "both lists of subscribers agree");
        assert_eq!(
            self.credits(&self.launchpad),
            self.donated,
            "no Credits stay in the launchpad"
        );
    }
}

pub fn hook(launch: u64, units: u128) -> Binary {
    to_json_binary(&Cw20Hook::Claim {
        launch,
        units: n(units),
    })
    .unwrap()
}

fn create_l_coin(app: &mut App, creator: &Addr) -> Addr {
    use l_coin::contract::{execute, instantiate, query};
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let msg = interfaces::l_coin::InstantiateMsg {
        name: "L-Coin".into(),
        symbol: "LCO".into(),
        decimals: 6,
        minter: app.api().addr_make("minter").into(),
        marketing: None,
    };
    app.instantiate_contract(code, creator.clone(), &msg, &[], "l-coin", None)
        .unwrap()
}

fn create_vault(app: &mut App, creator: &Addr, l_coin: &Addr) -> Addr {
    use credit_vault::contract::{execute, instantiate, query, reply};
    let code = app.store_code(Box::new(
        ContractWrapper::new(execute, instantiate, query).with_reply(reply),
    ));
    let user = |name: &str| app.api().addr_make(name).into_string();
    let rate = |sku: &str, gateway| Rate {
        sku: sku.into(),
        gateway,
        list: n(5_000_000),
        cost: n(1_000_000),
    };
    let admission = |gateway, payout| GatewayAdmission {
        gateway,
        payout: user(payout),
    };
    let msg = vault_msgs::InstantiateMsg {
        owner: user("owner"),
        operator: Some(user("operator")),
        timelock: user("timelock"),
        denom: DENOM.into(),
        l_coin: l_coin.to_string(),
        oracle: user("oracle"),
        peers: Peers::default(),
        registered: vec![],
        gateways: vec![admission(1, "payout"), admission(2, "payout2")],
        rates: vec![rate(SKU, 1), rate(OTHER, 2)],
        params: vault_msgs::Params {
            close_window: DAY,
            weekly_mint_cap: n(500_000 * ONE),
            fund_floor_bps: 200,
            profit_share_bps: 2_000,
        },
    };
    app.instantiate_contract(code, creator.clone(), &msg, &[], "vault", None)
        .unwrap()
}

pub fn launchpad_contract() -> Box<dyn Contract<Empty>> {
    use imo_launchpad::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

pub fn create_launchpad(app: &mut App, vault: &Addr, staking: &Addr) -> Addr {
    let code = app.store_code(launchpad_contract());
    let creator = app.api().addr_make("creator");
    let msg = InstantiateMsg {
        owner: app.api().addr_make("owner").into(),
        vault: vault.to_string(),
        staking: staking.to_string(),
    };
    let admin = Some(creator.to_string());
    app.instantiate_contract(code, creator, &msg, &[], "launchpad", admin)
        .unwrap()
}

/// The attribute of the first event of that type.
pub fn attribute(response: &AppResponse, event: &str, key: &str) -> Option<String> {
    let name = format!("wasm-{event}");
    let event = response.events.iter().find(|other| other.ty == name)?;
    let found = event.attributes.iter().find(|other| other.key == key);
    found.map(|other| other.value.clone())
}
