//! A chain with vault, coin, roles and users, and the laws that hold after every message.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::serde::{de::DeserializeOwned, Serialize};
use cosmwasm_std::{coin, coins, to_json_binary, Addr, CosmosMsg, Empty, Order, Timestamp, Uint128, WasmMsg};
use credit_vault::state::{
    ChargeKey, ChargeState, ReportKey, Totals, BOOKED, CHARGES, HOLDERS, REGISTERED, SETTLED, SPENDING, TERMS, WEEKS,
};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use interfaces::credit_vault::*;
use interfaces::lco_staking::Tier;
use math::{halving, Week};

use crate::stand_in::{self, Reaction, StandInMsg, StandInQuery};

pub const DENOM: &str = "uusdt";
/// Monday 2026-01-05 00:00 UTC.
pub const MONDAY: u64 = 1_767_571_200;
pub const MINUTE: u64 = 60;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 86_400;
pub const WEEK: u64 = 7 * DAY;
/// One Credit, USDT or LCO in base units.
pub const ONE: u128 = 1_000_000;
/// What every user has in USDT.
pub const WEALTH: u128 = 1_000_000 * ONE;

/// Two SKUs of gateway 1 and one of gateway 2: µCredit per 10⁶ units, list and cost.
pub const IN: &str = "chat-in";
pub const OUT: &str = "chat-out";
pub const OTHER: &str = "voice";
pub const RATES: [(&str, u64, u128, u128); 3] = [
    (IN, 1, 3_000_000, 1_000_000),
    (OUT, 1, 10_000_000, 9_500_000),
    (OTHER, 2, 1_000_000, 0),
];

pub struct World {
    pub app: App,
    pub vault: Addr,
    pub l_coin: Addr,
    /// Stand-in contracts.
    pub fund: Addr,
    pub tiers: Addr,
    pub wars: Addr,
    pub launchpad: Addr,
    next_seq: u64,
}

pub fn amount(value: u128) -> Uint128 {
    Uint128::new(value)
}

pub fn default_params() -> Params {
    Params {
        close_window: DAY,
        weekly_mint_cap: amount(500_000 * ONE),
        fund_floor_bps: 200,
        profit_share_bps: 2_000,
    }
}

/// The number in `[vault:<number>]` of an error.
fn code(error: &cw_multi_test::error::AnyError) -> u16 {
    let text = error.root_cause().to_string();
    let number = text
        .strip_prefix("[vault:")
        .and_then(|rest| rest.split(']').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("not an error of the vault: {text}"))
}

impl World {
    /// Everything configured: two gateways, three rate cards, all peers, the fund and the launchpad registered.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same after a change of the vault's instantiate message.
    pub fn with(change: impl Fn(&mut InstantiateMsg)) -> Self {
        // Coin and vault name each other; addresses here depend only on the order of creation, so a first run learns the vault's.
        let vault = Self::build("nobody", &change).vault;
        let world = Self::build(vault.as_str(), &change);
        assert_eq!(world.vault, vault);
        world.check_laws();
        world
    }

    fn build(minter: &str, change: &impl Fn(&mut InstantiateMsg)) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY));
        let user = |app: &App, name: &str| app.api().addr_make(name);
        for name in ["alice", "bob", "carol", "dave", "mallory"] {
            let address = user(&app, name);
            let wealth = vec![coin(WEALTH, DENOM), coin(WEALTH, "ufake")];
            app.init_modules(|router, _, storage| router.bank.init_balance(storage, &address, wealth))
                .unwrap();
        }
        let stand_in = app.store_code(stand_in::contract());
        let creator = user(&app, "creator");
        let create = |app: &mut App, label: &str| {
            app.instantiate_contract(stand_in, creator.clone(), &Empty {}, &[], label, None)
                .unwrap()
        };
        let [fund, tiers, wars, launchpad] = ["fund", "tiers", "wars", "launchpad"].map(|name| create(&mut app, name));

        let minter = if minter == "nobody" {
            user(&app, minter).into_string()
        } else {
            minter.to_owned()
        };
        let l_coin = Self::create_l_coin(&mut app, &creator, minter);
        let msg = Self::instantiate_msg(&app, &l_coin, [&fund, &tiers, &wars, &launchpad], change);
        let code = app.store_code(vault_contract());
        let admin = Some(msg.timelock.clone());
        let vault = app
            .instantiate_contract(code, creator, &msg, &[], "credit-vault", admin)
            .unwrap();
        Self {
            app,
            vault,
            l_coin,
            fund,
            tiers,
            wars,
            launchpad,
            next_seq: 1,
        }
    }

    fn create_l_coin(app: &mut App, creator: &Addr, minter: String) -> Addr {
        use l_coin::contract::{execute, instantiate, query};
        let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let msg = interfaces::l_coin::InstantiateMsg {
            name: "L-Coin".into(),
            symbol: "LCO".into(),
            decimals: 6,
            minter,
            marketing: None,
        };
        app.instantiate_contract(code, creator.clone(), &msg, &[], "l-coin", None)
            .unwrap()
    }

    fn instantiate_msg(
        app: &App,
        l_coin: &Addr,
        [fund, tiers, wars, launchpad]: [&Addr; 4],
        change: &impl Fn(&mut InstantiateMsg),
    ) -> InstantiateMsg {
        let user = |name: &str| app.api().addr_make(name).into_string();
        let rate = |&(sku, gateway, list, cost): &(&str, u64, u128, u128)| Rate {
            sku: sku.into(),
            gateway,
            list: amount(list),
            cost: amount(cost),
        };
        let mut msg = InstantiateMsg {
            owner: user("owner"),
            operator: Some(user("operator")),
            timelock: user("timelock"),
            denom: DENOM.into(),
            l_coin: l_coin.to_string(),
            oracle: user("oracle"),
            peers: Peers {
                tiers: Some(tiers.to_string()),
                fund: Some(fund.to_string()),
                wars: Some(wars.to_string()),
                launchpad: Some(launchpad.to_string()),
            },
            registered: vec![fund.to_string(), launchpad.to_string()],
            gateways: vec![
                GatewayAdmission {
                    gateway: 1,
                    payout: user("payout"),
                },
                GatewayAdmission {
                    gateway: 2,
                    payout: user("payout2"),
                },
            ],
            rates: RATES.iter().map(rate).collect(),
            params: default_params(),
        };
        change(&mut msg);
        msg
    }

    // ---- people and time ----

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn week(&self) -> u64 {
        Week::of(self.now()).index()
    }

    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    /// Moves the clock to a moment after Monday.
    pub fn at(&mut self, seconds: u64) {
        self.wait(MONDAY + seconds - self.now());
    }

    // ---- messages ----

    fn send(&mut self, sender: &Addr, msg: &ExecuteMsg, usdt: u128) -> cw_multi_test::error::AnyResult<AppResponse> {
        let funds = if usdt == 0 { vec![] } else { coins(usdt, DENOM) };
        let vault = self.vault.clone();
        self.app.execute_contract(sender.clone(), vault, msg, &funds)
    }

    /// Sends a message that must succeed, and checks the laws.
    pub fn ok(&mut self, sender: &Addr, msg: ExecuteMsg) -> AppResponse {
        let response = self
            .send(sender, &msg, 0)
            .unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()));
        self.check_laws();
        response
    }

    /// Sends a message that must be refused by the vault, and answers the code of the refusal.
    pub fn refused(&mut self, sender: &Addr, msg: ExecuteMsg) -> u16 {
        match self.send(sender, &msg, 0) {
            Ok(_) => panic!("{msg:?} was not refused"),
            Err(error) => code(&error),
        }
    }

    /// Sends a message; the code if it was refused.
    pub fn attempt(&mut self, sender: &Addr, msg: ExecuteMsg) -> Result<AppResponse, u16> {
        let outcome = self.send(sender, &msg, 0).map_err(|error| code(&error));
        self.check_laws();
        outcome
    }

    /// Sends any message that must succeed, and checks the laws.
    pub fn exec<T: Serialize + std::fmt::Debug>(&mut self, sender: &Addr, contract: &Addr, msg: &T) -> AppResponse {
        let outcome = self.app.execute_contract(sender.clone(), contract.clone(), msg, &[]);
        let response = outcome.unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()));
        self.check_laws();
        response
    }

    /// A message to the vault, for a stand-in to send.
    pub fn message(&self, msg: &ExecuteMsg) -> CosmosMsg {
        let msg = to_json_binary(msg).unwrap();
        WasmMsg::Execute {
            contract_addr: self.vault.to_string(),
            msg,
            funds: vec![],
        }
        .into()
    }

    pub fn deposit_with(
        &mut self,
        sender: &Addr,
        funds: &[cosmwasm_std::Coin],
        to: Option<String>,
    ) -> Result<AppResponse, u16> {
        let vault = self.vault.clone();
        let outcome = self
            .app
            .execute_contract(sender.clone(), vault, &ExecuteMsg::Deposit { to }, funds);
        self.check_laws();
        outcome.map_err(|error| code(&error))
    }

    pub fn deposit(&mut self, name: &str, value: u128) -> Addr {
        let user = self.user(name);
        self.deposit_with(&user, &coins(value, DENOM), None).unwrap();
        user
    }

    /// A user with an open spending account of `value` at the gateway, without a daily limit below that.
    pub fn spender(&mut self, name: &str, gateway: u64, value: u128) -> Addr {
        let user = self.deposit(name, value);
        self.ok(&user, open(gateway, value, value));
        user
    }

    pub fn pause(&mut self, paused: bool) {
        self.ok(&self.user("operator"), ExecuteMsg::PauseDeposits { paused });
    }

    pub fn set_params(&mut self, change: impl FnOnce(&mut Params)) {
        let mut params = self.query::<ConfigResponse>(&QueryMsg::Config {}).params;
        change(&mut params);
        self.ok(&self.user("owner"), ExecuteMsg::SetParams { params });
    }

    pub fn set_tier(&mut self, account: &Addr, tier: Tier) {
        let tiers = self.tiers.clone();
        self.exec(
            account,
            &tiers,
            &StandInMsg::SetTier {
                account: account.to_string(),
                tier,
            },
        );
    }

    pub fn react(&mut self, contract: &Addr, reaction: Reaction) {
        let anyone = self.user("creator");
        self.exec(&anyone, contract, &StandInMsg::React(reaction));
    }

    // ---- usage ----

    /// The next report of a gateway, about the minute up to and including now.
    pub fn report(&mut self, gateway: u64, mut entries: Vec<SettleEntry>) -> SettleReport {
        entries.sort_by(|a, b| (&a.account, &a.sku).cmp(&(&b.account, &b.sku)));
        let report = ReportRef {
            gateway,
            key_epoch: 1,
            seq: self.next_seq,
        };
        self.next_seq += 1;
        SettleReport {
            report,
            window_start: self.now() - MINUTE,
            window_end: self.now() + 1,
            entries,
        }
    }

    /// Usage up to now, at the rate card.
    pub fn usage(&self, account: &Addr, sku: &str, units: u128) -> SettleEntry {
        let (_, _, list, cost) = RATES.into_iter().find(|rate| rate.0 == sku).unwrap();
        SettleEntry {
            account: account.to_string(),
            sku: sku.into(),
            calls: 1,
            units: amount(units),
            list: amount(units * list / 1_000_000),
            cost: amount(units * cost / 1_000_000),
            last: self.now(),
        }
    }

    pub fn settle_all(&mut self, reports: Vec<SettleReport>) -> AppResponse {
        self.ok(&self.user("oracle"), ExecuteMsg::SettleUsage { reports })
    }

    pub fn settle_report(&mut self, report: SettleReport) -> SettlementResponse {
        let name = report.report;
        self.settle_all(vec![report]);
        self.settlement(name)
    }

    /// Settles one report of gateway 1 and answers what became of its entries, in the order of the report.
    pub fn settle(&mut self, entries: Vec<SettleEntry>) -> SettlementResponse {
        let report = self.report(1, entries);
        self.settle_report(report)
    }

    /// Settles one entry at gateway 1.
    pub fn settle_one(&mut self, entry: SettleEntry) -> SettledEntry {
        self.settle(vec![entry]).entries.remove(0)
    }

    pub fn resolve(&mut self, report: ReportRef, entry: u16, action: ChargeAction) -> Result<AppResponse, u16> {
        let charge = ChargeRef { report, entry };
        self.attempt(&self.user("oracle"), ExecuteMsg::ResolveCharge { charge, action })
    }

    /// Lets the stand-in fund release a week of gateway 1 with the share of the design's formula.
    pub fn report_profit(&mut self, gateway: u64, week: u64) {
        let (fund, vault) = (self.fund.clone(), self.vault.to_string());
        let anyone = self.user("creator");
        self.exec(&anyone, &fund, &StandInMsg::ReportProfit { vault, gateway, week });
    }

    // ---- queries ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.vault, msg).unwrap()
    }

    pub fn ask<T: DeserializeOwned>(&self, contract: &Addr, msg: &StandInQuery) -> T {
        self.app.wrap().query_wasm_smart(contract, msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn free(&self, account: &Addr) -> u128 {
        let balance: cw20::BalanceResponse = self.query(&QueryMsg::Balance {
            address: account.to_string(),
        });
        balance.balance.u128()
    }

    pub fn usdt(&self, account: &Addr) -> u128 {
        self.app.wrap().query_balance(account, DENOM).unwrap().amount.u128()
    }

    pub fn lco(&self, account: &Addr) -> u128 {
        let msg = interfaces::l_coin::QueryMsg::Balance {
            address: account.to_string(),
        };
        let balance: cw20::BalanceResponse = self.app.wrap().query_wasm_smart(&self.l_coin, &msg).unwrap();
        balance.balance.u128()
    }

    pub fn booked(&self, account: &Addr) -> u128 {
        self.account(account).booked_lco.u128()
    }

    pub fn account(&self, account: &Addr) -> AccountResponse {
        self.query(&QueryMsg::Account {
            address: account.to_string(),
            start_after: None,
            limit: None,
        })
    }

    pub fn spending(&self, account: &Addr, gateway: u64) -> SpendingResponse {
        self.query(&QueryMsg::Spending {
            address: account.to_string(),
            gateway,
        })
    }

    pub fn settlement(&self, report: ReportRef) -> SettlementResponse {
        self.query(&QueryMsg::Settlement { report })
    }

    pub fn week_row(&self, gateway: u64, week: u64) -> WeekResponse {
        self.query(&QueryMsg::Week { gateway, week })
    }

    // ---- laws ----

    /// Everything that must hold after every message, on the raw rows.
    pub fn check_laws(&self) {
        let storage = self.app.contract_storage(&self.vault);
        let storage = storage.as_ref();
        let totals = Totals::load(storage).unwrap();

        let holders: Vec<_> = HOLDERS
            .range(storage, .., Order::Ascending)
            .map(Result::unwrap)
            .collect();
        let free: Uint128 = holders.iter().map(|(_, row)| row.free).sum();
        let promised: Uint128 = SPENDING
            .range(storage, .., Order::Ascending)
            .map(|row| row.unwrap().1.amount)
            .sum();
        assert_eq!(
            totals.supply,
            free + promised,
            "supply is what accounts hold, free or promised"
        );

        let weeks: BTreeMap<_, _> = WEEKS.range(storage, .., Order::Ascending).map(Result::unwrap).collect();
        let open = weeks.values().filter(|row| !row.released);
        let revenue: Uint128 = open.map(|row| row.revenue + row.held + row.forfeited).sum();
        assert_eq!(totals.revenue, revenue, "revenue is what weeks hold");

        assert_eq!(
            totals.reserve,
            totals.supply + totals.revenue,
            "reserve backs supply and revenue"
        );
        let denom = TERMS.load(storage).unwrap().denom;
        let bank = self.app.wrap().query_balance(&self.vault, denom).unwrap().amount;
        assert!(bank >= totals.reserve, "the bank balance covers the reserve");

        let booked: Uint128 = BOOKED
            .range(storage, .., Order::Ascending)
            .map(|row| row.unwrap().1)
            .sum();
        let msg = interfaces::l_coin::QueryMsg::Minted {};
        let minted: interfaces::l_coin::MintedResponse = self.app.wrap().query_wasm_smart(&self.l_coin, &msg).unwrap();
        let mined = halving::minted_at(totals.consumed.u128());
        assert_eq!(
            mined,
            (booked + minted.minted).u128(),
            "M(C) is what is booked and minted"
        );
        let by_week: Uint128 = weeks.values().map(|row| row.mined).sum();
        assert_eq!(mined, by_week.u128(), "M(C) is what the weeks mined");

        let listed: BTreeSet<_> = REGISTERED
            .range(storage, .., Order::Ascending)
            .map(|row| row.unwrap().0)
            .collect();
        let marked: BTreeSet<_> = holders
            .into_iter()
            .filter(|(_, row)| row.registered)
            .map(|(key, _)| key)
            .collect();
        assert_eq!(listed, marked, "the list of registered contracts and their marks agree");

        self.check_charges();
        for row in weeks.values() {
            assert!(row.cost <= row.revenue, "cost is at most revenue");
            assert!(
                !row.released || row.open == 0,
                "nothing is set apart in a released week"
            );
        }
    }

    /// What is set apart, week by week, is what is marked held.
    fn check_charges(&self) {
        let storage = self.app.contract_storage(&self.vault);
        let storage = storage.as_ref();
        let mut held: BTreeMap<(u64, u64), (Uint128, u64)> = BTreeMap::new();
        for row in CHARGES.range(storage, .., Order::Ascending) {
            let (ChargeKey(charge), state) = row.unwrap();
            let settled = SETTLED.may_load(storage, &ReportKey(charge.report)).unwrap().unwrap();
            if state == ChargeState::Held {
                let entry = held.entry((charge.report.gateway, settled.week().index())).or_default();
                entry.0 += settled.charges[usize::from(charge.entry)].charged;
                entry.1 += 1;
            }
        }
        for row in WEEKS.range(storage, .., Order::Ascending) {
            let (key, row) = row.unwrap();
            assert_eq!(
                (row.held, row.open),
                held.get(&key).copied().unwrap_or_default(),
                "held charges of {key:?}"
            );
        }
    }
}

pub fn vault_contract() -> Box<dyn cw_multi_test::Contract<Empty>> {
    use credit_vault::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

// ---- messages ----

pub fn open(gateway: u64, value: u128, max_per_day: u128) -> ExecuteMsg {
    ExecuteMsg::OpenSpending {
        gateway,
        amount: amount(value),
        max_per_day: amount(max_per_day),
    }
}

pub fn redeem(value: u128) -> ExecuteMsg {
    ExecuteMsg::Redeem {
        amount: amount(value),
        to: None,
    }
}

pub fn transfer(recipient: &Addr, value: u128) -> ExecuteMsg {
    ExecuteMsg::Transfer {
        recipient: recipient.to_string(),
        amount: amount(value),
    }
}

pub fn grant(account: &Addr, sku: &str, units: u128, price: u128, exclusive_until: u64) -> ExecuteMsg {
    let (units, price) = (amount(units), amount(price));
    ExecuteMsg::Grant {
        account: account.to_string(),
        sku: sku.into(),
        units,
        price,
        exclusive_until,
    }
}

// ---- events ----

/// The attribute of the first event of that type.
pub fn attribute(response: &AppResponse, event: &str, key: &str) -> Option<String> {
    let name = format!("wasm-{event}");
    let event = response.events.iter().find(|other| other.ty == name)?;
    event
        .attributes
        .iter()
        .find(|other| other.key == key)
        .map(|other| other.value.clone())
}

/// How many events of that type there are.
pub fn count(response: &AppResponse, event: &str) -> usize {
    let name = format!("wasm-{event}");
    response.events.iter().filter(|other| other.ty == name).count()
}
