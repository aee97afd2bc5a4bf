//! The suite on one simulated chain.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};

use anyhow::Result;
use cosmwasm_std::{coin, Addr, Coin, Uint128};
use cw20::BalanceResponse;
use cw_multi_test::AppResponse;
use interfaces::exchange::Asset;
use interfaces::{
    compute_wars, credit_vault as vault, ecosystem_fund as fund, exchange, governance, imo_launchpad as launchpad,
    l_coin, lco_staking as staking, margin, prediction_market as market,
};
use serde::Serialize;

pub use crate::chain::{attribute, Tally};
use crate::chain::{code, foresee, person, Chain, Creation};

pub const DENOM: &str = "uusdt";
/// One Credit, LCO or USDT in base units.
pub const ONE: u128 = 1_000_000;
pub const MINUTE: u64 = 60;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 86_400;
pub const WEEK: u64 = 7 * DAY;
/// Monday 2026-01-05 00:00 UTC.
pub const START: u64 = 1_767_571_200;
/// Seconds from one block to the next.
pub const BLOCK: u64 = 6;
/// Each gateway's own SKU; gateway 3 belongs to the wash traders.
pub const SKUS: [(&str, u64); 3] = [("chat", 1), ("code", 2), ("wash", 3)];
/// What launches share out.
pub const SCARCE: &str = "scarce";
/// µCredit per 10⁶ units, every SKU.
pub const LIST: u128 = 5_000_000;
pub const COST: u128 = 3_000_000;

/// What a message is for. The order is that of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Deposit,
    Redeem,
    Spending,
    Usage,
    MintClaim,
    Stake,
    Unstake,
    Trade,
    Liquidity,
    Lend,
    Long,
    Short,
    Collateral,
    Liquidate,
    TakeOffer,
    CreateMarket,
    Bet,
    SellBet,
    Resolve,
    BetClaim,
    Vote,
    Profit,
    Buyback,
    Contest,
    Launch,
    Subscribe,
    LaunchClaim,
    Allowance,
    Attack,
}

/// Addresses of the contracts.
#[derive(Clone, Debug)]
pub struct Addresses {
    pub l_coin: Addr,
    pub vault: Addr,
    pub staking: Addr,
    pub exchange: Addr,
    pub fund: Addr,
    pub wars: Addr,
    pub margin: Addr,
    pub launchpad: Addr,
    pub market: Addr,
    pub governance: Addr,
}

impl Addresses {
    /// Every contract with its name.
    #[must_use]
    pub fn all(&self) -> [(&'static str, &Addr); 10] {
        [
            ("l-coin", &self.l_coin),
            ("credit-vault", &self.vault),
            ("lco-staking", &self.staking),
            ("exchange", &self.exchange),
            ("ecosystem-fund", &self.fund),
            ("compute-wars", &self.wars),
            ("margin", &self.margin),
            ("imo-launchpad", &self.launchpad),
            ("prediction-market", &self.market),
            ("governance", &self.governance),
        ]
    }
}

/// The chain and what was seen on it.
pub struct World {
    chain: Chain<Kind>,
    pub at: Addresses,
    /// Events of note, by name, and sums of their amounts where they have any.
    pub noted: BTreeMap<String, u64>,
    pub sums: BTreeMap<String, u128>,
    /// Everybody who can hold anything, contracts apart.
    pub people: Vec<Addr>,
    /// Whom a message or one of its events named since this was last emptied, by position in `people`.
    pub touched: BTreeSet<usize>,
    numbers: BTreeMap<String, usize>,
    /// µUSDT given out at the start.
    pub issued: u128,
}

fn n(value: u128) -> Uint128 {
    Uint128::new(value)
}

impl Deref for World {
    type Target = Chain<Kind>;

    fn deref(&self) -> &Self::Target {
        &self.chain
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.chain
    }
}

/// The addresses the contracts will have, in the order of [`Addresses::all`].
fn addresses() -> Result<Addresses> {
    let [l_coin, vault, staking, exchange, fund, wars, margin, launchpad, market, governance] = foresee()?;
    Ok(Addresses {
        l_coin,
        vault,
        staking,
        exchange,
        fund,
        wars,
        margin,
        launchpad,
        market,
        governance,
    })
}

impl World {
    /// Everything deployed and wired; `wealth` µUSDT for each of `people` names.
    ///
    /// # Errors
    /// When a contract refuses its configuration.
    pub fn new(people: &[String], wealth: u128) -> Result<Self> {
        let people: Vec<Addr> = people.iter().map(|name| person(name)).collect();
        let wealthy: Vec<(Addr, u128)> = people.iter().map(|person| (person.clone(), wealth)).collect();
        let (mut chain, at) = (Chain::new(&wealthy)?, addresses()?);
        chain.create(creations(&at)?, &at.all())?;
        let issued = wealth * people.len() as u128;
        let roles = ["council", "oracle", "payout1", "payout2", "payout3"];
        let people: Vec<Addr> = people.into_iter().chain(roles.map(person)).collect();
        let numbered = people.iter().enumerate();
        Ok(Self {
            numbers: numbered.map(|(number, person)| (person.to_string(), number)).collect(),
            touched: BTreeSet::new(),
            people,
            chain,
            at,
            noted: BTreeMap::new(),
            sums: BTreeMap::new(),
            issued,
        })
    }

    // ---- messages ----

    /// Sends one message; what it answered, unless it was refused. Both are counted.
    pub fn send(
        &mut self,
        kind: Kind,
        sender: &Addr,
        contract: &Addr,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Option<AppResponse> {
        let response = self.chain.send(kind, sender, contract, msg, funds)?;
        self.touched.extend(self.numbers.get(sender.as_str()));
        self.touch(&response);
        self.note(&response);
        Some(response)
    }

    /// Whose holdings may have changed: whoever is named.
    fn touch(&mut self, response: &AppResponse) {
        let values = response.events.iter().flat_map(|event| &event.attributes);
        let named = values.filter_map(|attribute| self.numbers.get(&attribute.value));
        self.touched.extend(named);
    }

    /// Before anybody is known.
    pub fn touch_everybody(&mut self) {
        self.touched.extend(0..self.people.len());
    }

    /// Counts what reports tell about.
    fn note(&mut self, response: &AppResponse) {
        const NOTED: [&str; 9] = [
            "liquidated",
            "liquidated_in_part",
            "offered",
            "taken",
            "loss",
            "socialized_loss",
            "reserve_sold",
            "burn",
            "decided",
        ];
        const SUMMED: [&str; 7] = [
            "penalty",
            "total",
            "reserve",
            "unclaimed",
            "lenders",
            "amount",
            "lco_burned",
        ];
        for event in &response.events {
            let Some(name) = event.ty.strip_prefix("wasm-").filter(|name| NOTED.contains(name)) else {
                continue;
            };
            *self.noted.entry(name.to_owned()).or_default() += 1;
            let token = event
                .attributes
                .iter()
                .find(|a| a.key == "token")
                .map(|a| a.value.as_str());
            for attribute in event.attributes.iter().filter(|a| SUMMED.contains(&a.key.as_str())) {
                let key = match token {
                    Some(token) => format!("{name}.{token}.{}", attribute.key),
                    None => format!("{name}.{}", attribute.key),
                };
                *self.sums.entry(key).or_default() += attribute.value.parse::<u128>().unwrap_or_default();
            }
        }
    }

    /// Sends Credits with a hook.
    pub fn pay_credits(
        &mut self,
        kind: Kind,
        sender: &Addr,
        contract: &Addr,
        amount: u128,
        hook: &impl Serialize,
    ) -> Option<AppResponse> {
        let msg = vault::ExecuteMsg::Send {
            contract: contract.to_string(),
            amount: n(amount),
            msg: serde_json::to_vec(hook).ok()?.into(),
        };
        let vault = self.at.vault.clone();
        self.send(kind, sender, &vault, &msg, &[])
    }

    /// Sends LCO with a hook.
    pub fn pay_lco(
        &mut self,
        kind: Kind,
        sender: &Addr,
        contract: &Addr,
        amount: u128,
        hook: &impl Serialize,
    ) -> Option<AppResponse> {
        let msg = l_coin::ExecuteMsg::Send {
            contract: contract.to_string(),
            amount: n(amount),
            msg: serde_json::to_vec(hook).ok()?.into(),
        };
        let token = self.at.l_coin.clone();
        self.send(kind, sender, &token, &msg, &[])
    }

    pub fn vault(&mut self, kind: Kind, sender: &Addr, msg: &vault::ExecuteMsg) -> Option<AppResponse> {
        let vault = self.at.vault.clone();
        self.send(kind, sender, &vault, msg, &[])
    }

    /// Deposits USDT as far as there is any.
    pub fn deposit(&mut self, sender: &Addr, amount: u128) -> Option<AppResponse> {
        let vault = self.at.vault.clone();
        let msg = vault::ExecuteMsg::Deposit { to: None };
        self.send(Kind::Deposit, sender, &vault, &msg, &[coin(amount, DENOM)])
    }

    // ---- queries ----

    /// Free Credits.
    ///
    /// # Errors
    /// When the vault refuses.
    pub fn credits(&self, address: &Addr) -> Result<u128> {
        let address = address.to_string();
        let answer: BalanceResponse = self.query(&self.at.vault, &vault::QueryMsg::Balance { address })?;
        Ok(answer.balance.u128())
    }

    /// # Errors
    /// When the token refuses.
    pub fn lco(&self, address: &Addr) -> Result<u128> {
        let address = address.to_string();
        let answer: BalanceResponse = self.query(&self.at.l_coin, &l_coin::QueryMsg::Balance { address })?;
        Ok(answer.balance.u128())
    }

    /// # Errors
    /// When the exchange refuses.
    pub fn pool(&self) -> Result<exchange::MarketResponse> {
        self.query(&self.at.exchange, &exchange::QueryMsg::Market {})
    }

    /// µCredit per LCO now, or 0 before there is a pool.
    ///
    /// # Errors
    /// When the exchange refuses.
    pub fn price(&self) -> Result<u128> {
        let [lco, credits] = self.pool()?.reserves;
        Ok(math::mul_div_floor(credits.u128(), ONE, lco.u128()).unwrap_or_default())
    }
}

// ---- deployment ----

/// Contracts with their messages, in the order of [`Addresses::all`].
fn creations(at: &Addresses) -> Result<Vec<Creation>> {
    let council = person("council").into_string();
    let messages = [
        json(&coin_config(at))?,
        json(&vault_config(at, &council))?,
        json(&staking::InstantiateMsg {
            owner: council.clone(),
            l_coin: at.l_coin.to_string(),
            params: staking::Params::default(),
        })?,
        json(&exchange_config(at, &council))?,
        json(&fund::InstantiateMsg {
            owner: council.clone(),
            operator: None,
            vault: at.vault.to_string(),
            l_coin: at.l_coin.to_string(),
            exchange: at.exchange.to_string(),
            wars: Some(at.wars.to_string()),
            params: fund::Params::default(),
        })?,
        json(&compute_wars::InstantiateMsg {
            owner: council.clone(),
            vault: at.vault.to_string(),
            l_coin: at.l_coin.to_string(),
            fund: Some(at.fund.to_string()),
            params: compute_wars::Params::default(),
        })?,
        json(&margin_config(at, &council))?,
        json(&launchpad::InstantiateMsg {
            owner: council.clone(),
            vault: at.vault.to_string(),
            staking: at.staking.to_string(),
        })?,
        json(&market_config(at, &council))?,
        json(&governance_config(at))?,
    ];
    let codes = [
        code!(l_coin),
        code!(credit_vault, reply),
        code!(lco_staking),
        code!(exchange),
        code!(ecosystem_fund, reply),
        code!(compute_wars, reply),
        code!(margin, reply),
        code!(imo_launchpad),
        code!(prediction_market, reply),
        code!(governance),
    ];
    Ok(codes.into_iter().zip(messages).collect())
}

fn json(msg: &impl Serialize) -> Result<serde_json::Value> {
    Ok(serde_json::to_value(msg)?)
}

fn coin_config(at: &Addresses) -> l_coin::InstantiateMsg {
    l_coin::InstantiateMsg {
        name: "L-Coin".into(),
        symbol: "LCO".into(),
        decimals: 6,
        minter: at.vault.to_string(),
        marketing: None,
    }
}

fn vault_config(at: &Addresses, council: &str) -> vault::InstantiateMsg {
    let person = |name: &str| person(name).into_string();
    let rate = |(sku, gateway): (&str, u64)| vault::Rate {
        sku: sku.into(),
        gateway,
        list: n(LIST),
        cost: n(COST),
    };
    let admission = |gateway: u64| vault::GatewayAdmission {
        gateway,
        payout: person(&format!("payout{gateway}")),
    };
    vault::InstantiateMsg {
        owner: council.into(),
        operator: None,
        timelock: person("timelock"),
        denom: DENOM.into(),
        l_coin: at.l_coin.to_string(),
        oracle: person("oracle"),
        peers: vault::Peers {
            tiers: Some(at.staking.to_string()),
            fund: Some(at.fund.to_string()),
            wars: Some(at.wars.to_string()),
            launchpad: Some(at.launchpad.to_string()),
        },
        registered: [&at.exchange, &at.margin, &at.fund, &at.launchpad]
            .map(ToString::to_string)
            .to_vec(),
        gateways: [1, 2, 3].map(admission).to_vec(),
        rates: SKUS.into_iter().chain([(SCARCE, 1)]).map(rate).collect(),
        params: vault::Params {
            close_window: DAY,
            weekly_mint_cap: n(500_000 * ONE),
            fund_floor_bps: 200,
            profit_share_bps: 2_000,
        },
    }
}

fn exchange_config(at: &Addresses, council: &str) -> exchange::InstantiateMsg {
    let cw20 = |address: &Addr| Asset::Cw20 {
        address: address.to_string(),
    };
    exchange::InstantiateMsg {
        owner: council.into(),
        assets: [cw20(&at.l_coin), cw20(&at.vault)],
        announced: true,
        params: exchange::Params {
            fee_bps: 30,
            skim_recipient: council.into(),
        },
    }
}

fn margin_config(at: &Addresses, council: &str) -> margin::InstantiateMsg {
    let curve = margin::Curve {
        base_bps: 200,
        slope_bps: 1_000,
        steep_bps: 10_000,
        kink_bps: 8_000,
        cap_bps: 9_500,
    };
    margin::InstantiateMsg {
        owner: council.into(),
        operator: None,
        credit: at.vault.to_string(),
        lco: at.l_coin.to_string(),
        exchange: at.exchange.to_string(),
        params: margin::Params {
            initial_bps: 2_000,
            maintenance_bps: 1_000,
            target_bps: 1_500,
            full_close_bps: 400,
            penalty_bps: 250,
            bounty_bps: 50,
            fixed_bounty: n(ONE / 2),
            // the pool is small, and a position is at most 0.5 % of it
            min_notional: n(25 * ONE),
            slippage_bps: 200,
            offer_seconds: 600,
            offer_max_bps: 800,
            position_cap_bps: 50,
            side_cap_bps: 500,
            interest_share_bps: 1_000,
            rest_loss_bps: 50,
            rest_seconds: DAY,
            credit_curve: curve,
            lco_curve: curve,
        },
    }
}

fn market_config(at: &Addresses, council: &str) -> market::InstantiateMsg {
    market::InstantiateMsg {
        owner: council.into(),
        operator: None,
        l_coin: at.l_coin.to_string(),
        peers: market::Peers {
            staking: Some(at.staking.to_string()),
            governance: Some(at.governance.to_string()),
        },
        params: market::Params::default(),
    }
}

fn governance_config(at: &Addresses) -> governance::InstantiateMsg {
    let track = governance::Track {
        discussion: WEEK,
        voting: WEEK,
        timelock: DAY,
        window: 2 * WEEK,
    };
    governance::InstantiateMsg {
        voting_module: at.staking.to_string(),
        deposit_token: at.l_coin.to_string(),
        prediction_market: Some(at.market.to_string()),
        appeals: None,
        network: None,
        params: governance::Params {
            deposit: n(100 * ONE),
            deposit_recipient: at.fund.to_string(),
            refund_bps: 500,
        },
        tracks: governance::Tracks {
            params: track,
            messages: track,
            market_outcome: governance::OutcomeTrack::default(),
            appeal: governance::OutcomeTrack::default(),
            floor: n(1_000_000 * ONE),
        },
    }
}
