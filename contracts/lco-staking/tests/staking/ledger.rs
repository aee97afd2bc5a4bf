//! The real ledger asks the real staking contract for prices.

use cosmwasm_std::{coin, coins, Addr};
use cw_multi_test::{ContractWrapper, Executor};
use interfaces::credit_vault::*;

use crate::bench::{amount, DAY, LCO};
use crate::money::World;

const DENOM: &str = "uusdt";
/// List 3, cost 1 Credit a million units.
const SKU: &str = "chat-in";
/// What 100 units cost: list, and to a Whale.
const LIST: u128 = 300;
const MINUTE: u64 = 60;

struct Ledger {
    world: World,
    vault: Addr,
    next_seq: u64,
}

impl Ledger {
    fn new() -> Self {
        let mut world = World::new();
        let user = |name: &str| world.user(name).to_string();
        let msg = InstantiateMsg {
            owner: user("owner"),
            operator: None,
            timelock: user("timelock"),
            denom: DENOM.into(),
            l_coin: world.coin.to_string(),
            oracle: user("oracle"),
            peers: Peers {
                tiers: Some(world.staking.to_string()),
                ..Peers::default()
            },
            registered: vec![],
            gateways: vec![GatewayAdmission {
                gateway: 1,
                payout: user("payout"),
            }],
            rates: vec![Rate {
                sku: SKU.into(),
                gateway: 1,
                list: amount(3_000_000),
                cost: amount(1_000_000),
            }],
            params: Params {
                close_window: DAY,
                weekly_mint_cap: amount(500_000 * LCO),
                fund_floor_bps: 200,
                profit_share_bps: 2_000,
            },
        };
        use credit_vault::contract::{execute, instantiate, query, reply};
        let code = ContractWrapper::new(execute, instantiate, query).with_reply(reply);
        let code = world.app.store_code(Box::new(code));
        let creator = world.user("creator");
        let vault = world
            .app
            .instantiate_contract(code, creator, &msg, &[], "vault", None)
            .unwrap();
        world.wait(DAY);
        Self {
            world,
            vault,
            next_seq: 1,
        }
    }

    fn exec(&mut self, user: &Addr, msg: &ExecuteMsg, usdt: u128) -> cw_multi_test::AppResponse {
        let funds = if usdt == 0 { vec![] } else { coins(usdt, DENOM) };
        self.world
            .app
            .execute_contract(user.clone(), self.vault.clone(), msg, &funds)
            .unwrap()
    }

    /// Somebody with LCO and a spending account.
    fn spender(&mut self, name: &str) -> Addr {
        self.spender_with(name, 200_000)
    }

    fn spender_with(&mut self, name: &str, lco: u128) -> Addr {
        let user = self.world.rich(name, lco * LCO);
        let (address, wealth) = (user.clone(), vec![coin(100_000, DENOM)]);
        let init = |bank: &mut cw_multi_test::BankKeeper, storage: &mut dyn cosmwasm_std::Storage| {
            bank.init_balance(storage, &address, wealth)
        };
        self.world
            .app
            .init_modules(|router, _, storage| init(&mut router.bank, storage))
            .unwrap();
        self.exec(&user, &ExecuteMsg::Deposit { to: None }, 100_000);
        let open = ExecuteMsg::OpenSpending {
            gateway: 1,
            amount: amount(100_000),
            max_per_day: amount(100_000),
        };
        self.exec(&user, &open, 0);
        user
    }

    /// Settles 100 units of each over the window since `window_start`; what each was charged, in the order given, and whose word the prices rest on.
    fn settle(&mut self, users: &[&Addr], window_start: u64) -> (Vec<u128>, String) {
        let report = ReportRef {
            gateway: 1,
            key_epoch: 1,
            seq: self.next_seq,
        };
        self.next_seq += 1;
        let last = self.world.now();
        let entry = |user: &&Addr| SettleEntry {
            account: user.to_string(),
            sku: SKU.into(),
            calls: 1,
            units: amount(100),
            list: amount(LIST),
            cost: amount(100),
            last,
        };
        let mut entries: Vec<_> = users.iter().map(entry).collect();
        entries.sort_by(|a, b| a.account.cmp(&b.account));
        let window_end = last + 1;
        let order: Vec<_> = entries.iter().map(|entry| entry.account.clone()).collect();
        let settle = SettleReport {
            report,
            window_start,
            window_end,
            entries,
        };
        let oracle = self.world.user("oracle");
        let response = self.exec(&oracle, &ExecuteMsg::SettleUsage { reports: vec![settle] }, 0);
        let event = response
            .events
            .iter()
            .find(|event| event.ty == "wasm-settlement")
            .unwrap();
        let word = event
            .attributes
            .iter()
            .find(|attribute| attribute.key == "tiers")
            .unwrap();
        let settled: SettlementResponse = self
            .world
            .app
            .wrap()
            .query_wasm_smart(&self.vault, &QueryMsg::Settlement { report })
            .unwrap();
        let charged = |user: &&Addr| {
            let place = order.iter().position(|account| account == user.as_str()).unwrap();
            settled.entries[place].charged.u128()
        };
        (users.iter().map(charged).collect(), word.value.clone())
    }

    /// Of one, over the last minute.
    fn price(&mut self, user: &Addr) -> u128 {
        let window_start = self.world.now() - MINUTE;
        self.settle(&[user], window_start).0[0]
    }
}

#[test]
fn each_tier_pays_its_price() {
    let mut ledger = Ledger::new();
    let table = [
        (0, 300),
        (999, 300),
        (1_000, 285),
        (10_000, 255),
        (50_000, 210),
        (100_000, 100),
    ];
    let users: Vec<_> = table
        .iter()
        .map(|(lco, _)| ledger.spender(&format!("with{lco}")))
        .collect();
    for (user, (lco, _)) in users.iter().zip(table) {
        if lco > 0 {
            ledger.world.stake(user, lco * LCO);
        }
    }
    ledger.world.wait(2 * MINUTE);
    let window_start = ledger.world.now() - MINUTE;
    let (charged, word) = ledger.settle(&users.iter().collect::<Vec<_>>(), window_start);
    assert_eq!(charged, table.map(|(_, price)| price));
    assert_eq!(word, "answered");
}

#[test]
fn staking_within_the_window_does_not_lower_the_price() {
    let mut ledger = Ledger::new();
    let [before, first, within] = ["before", "first", "within"].map(|name| ledger.spender(name));
    ledger.world.stake(&before, 50_000 * LCO);
    ledger.world.wait(1);
    let window_start = ledger.world.now();
    ledger.world.stake(&first, 50_000 * LCO);
    ledger.world.wait(30);
    ledger.world.stake(&within, 50_000 * LCO);
    ledger.world.wait(30);
    let (charged, _) = ledger.settle(&[&before, &first, &within], window_start);
    assert_eq!(
        charged,
        [210, LIST, LIST],
        "the second before the window, its first second, and later"
    );
    ledger.world.wait(MINUTE + 1);
    assert_eq!(ledger.price(&within), 210, "from the next window on");
}

#[test]
fn unstaking_before_the_settlement_loses_the_price_at_once() {
    let mut ledger = Ledger::new();
    let alice = ledger.spender("alice");
    ledger.world.stake(&alice, 100_000 * LCO);
    ledger.world.wait(2 * MINUTE);
    assert_eq!(ledger.price(&alice), 100);
    ledger.world.unstake(&alice, 100_000 * LCO);
    assert_eq!(ledger.price(&alice), LIST, "in the same block");
}

#[test]
fn a_flash_stake_around_the_settlement_gives_nothing() {
    let mut ledger = Ledger::new();
    let alice = ledger.spender("alice");
    ledger.world.stake(&alice, 100_000 * LCO);
    assert_eq!(ledger.price(&alice), LIST);
    ledger.world.unstake(&alice, 100_000 * LCO);
    assert_eq!(ledger.price(&alice), LIST);
}

#[test]
fn the_largest_settlement_is_answered_for_every_account() {
    let mut ledger = Ledger::new();
    let users: Vec<_> = (0..200)
        .map(|index| ledger.spender_with(&format!("user{index}"), 10_000))
        .collect();
    for user in users.iter().step_by(2) {
        ledger.world.stake(user, 10_000 * LCO);
    }
    ledger.world.wait(2 * MINUTE);
    let window_start = ledger.world.now() - MINUTE;
    let (charged, word) = ledger.settle(&users.iter().collect::<Vec<_>>(), window_start);
    assert_eq!(word, "answered");
    for (index, charged) in charged.into_iter().enumerate() {
        assert_eq!(charged, if index % 2 == 0 { 255 } else { LIST }, "user{index}");
    }
}
