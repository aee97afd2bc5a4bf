//! The contracts of the network's token on one simulated chain, wired as they are deployed.

use anyhow::Result;
use cosmwasm_std::{coin, Addr, Uint128};
use cw20::BalanceResponse;
use cw_multi_test::AppResponse;
use interfaces::exchange::{self, Asset};
use interfaces::{
    genesis_nft, governance, incentive_controller as incentives, token_allocation as allocation, treasury, vcai,
    ve_rewards, vote_escrow as escrow,
};
use serde::Serialize;

use crate::chain::{attribute, code, foresee, person, Chain, Creation};
use crate::world::{DAY, DENOM, ONE, START, WEEK};

/// µUSDT for a VCAI at which the pool opens.
pub const FIRST_PRICE: u128 = 50_000;
/// µUSDT of a genesis token.
pub const TOKEN_PRICE: u128 = 500 * ONE;
/// Smallest lock: the least that its bounds allow.
pub const MIN_LOCK: u128 = 1_000 * ONE;
/// When the pool opens.
pub const TGE: u64 = START + DAY;
/// Sources of revenue: what rentals pay, and what the L-Exchange earns.
pub const SOURCES: [&str; 2] = ["compute-market", "l-exchange"];

/// What a message is for. The order is that of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Grant,
    GenesisSale,
    Tge,
    GenesisClaim,
    GenesisTransfer,
    Vesting,
    LockVested,
    Lock,
    Increase,
    Extend,
    Withdraw,
    RewardClaim,
    Sync,
    Deposit,
    Buyback,
    Trade,
    Start,
    Report,
    Advance,
    NodeClaim,
    Rebate,
    Keeper,
    Profile,
}

/// Addresses of the contracts.
#[derive(Clone, Debug)]
pub struct Addresses {
    pub vcai: Addr,
    pub exchange: Addr,
    pub allocation: Addr,
    pub genesis_nft: Addr,
    pub escrow: Addr,
    pub rewards: Addr,
    pub treasury: Addr,
    pub incentives: Addr,
    pub governance: Addr,
}

impl Addresses {
    fn new() -> Result<Self> {
        let [vcai, exchange, allocation, genesis_nft, escrow, rewards, treasury, incentives, governance] = foresee()?;
        Ok(Self {
            vcai,
            exchange,
            allocation,
            genesis_nft,
            escrow,
            rewards,
            treasury,
            incentives,
            governance,
        })
    }

    /// Every contract with its name, in the order of creation.
    #[must_use]
    pub fn all(&self) -> [(&'static str, &Addr); 9] {
        [
            ("vcai", &self.vcai),
            ("exchange", &self.exchange),
            ("token-allocation", &self.allocation),
            ("genesis-nft", &self.genesis_nft),
            ("vote-escrow", &self.escrow),
            ("ve-rewards", &self.rewards),
            ("treasury", &self.treasury),
            ("incentive-controller", &self.incentives),
            ("governance", &self.governance),
        ]
    }
}

/// The chain, and everybody on it.
pub struct World {
    pub chain: Chain<Kind>,
    pub at: Addresses,
    /// Everybody who can hold anything, contracts apart.
    pub people: Vec<Addr>,
    /// µUSDT given out at the start.
    pub issued: u128,
}

impl World {
    /// Everything deployed and wired; everybody with so many µUSDT.
    ///
    /// # Errors
    /// When a contract refuses its configuration.
    pub fn new(wealth: &[(Addr, u128)]) -> Result<Self> {
        let (mut chain, at) = (Chain::new(wealth)?, Addresses::new()?);
        chain.create(creations(&at)?, &at.all())?;
        Ok(Self {
            chain,
            at,
            people: wealth.iter().map(|(address, _)| address.clone()).collect(),
            issued: wealth.iter().map(|(_, amount)| amount).sum(),
        })
    }

    // ---- messages ----

    /// Sends one message without coins.
    pub fn say(&mut self, kind: Kind, sender: &Addr, contract: &Addr, msg: &impl Serialize) -> Option<AppResponse> {
        self.chain.send(kind, sender, contract, msg, &[])
    }

    /// Sends VCAI with a hook.
    pub fn hand(
        &mut self,
        kind: Kind,
        sender: &Addr,
        contract: &Addr,
        amount: u128,
        hook: &impl Serialize,
    ) -> Option<AppResponse> {
        let msg = vcai::ExecuteMsg::Send {
            contract: contract.to_string(),
            amount: Uint128::new(amount),
            msg: serde_json::to_vec(hook).ok()?.into(),
        };
        let token = self.at.vcai.clone();
        self.say(kind, sender, &token, &msg)
    }

    /// Swaps µUSDT into VCAI; base units received, 0 if the pool refused.
    pub fn buy(&mut self, who: &Addr, usdt: u128) -> u128 {
        let msg = exchange::ExecuteMsg::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        let pool = self.at.exchange.clone();
        let sent = self.chain.send(Kind::Trade, who, &pool, &msg, &[coin(usdt, DENOM)]);
        received(sent)
    }

    /// Swaps VCAI into µUSDT; what was received, 0 if the pool refused.
    pub fn sell(&mut self, who: &Addr, amount: u128) -> u128 {
        let hook = exchange::Cw20Hook::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        let pool = self.at.exchange.clone();
        received(self.hand(Kind::Trade, who, &pool, amount, &hook))
    }

    // ---- questions ----

    /// Base units of VCAI.
    ///
    /// # Errors
    /// When the token refuses.
    pub fn vcai(&self, who: &Addr) -> Result<u128> {
        let address = who.to_string();
        let answer: BalanceResponse = self.chain.query(&self.at.vcai, &vcai::QueryMsg::Balance { address })?;
        Ok(answer.balance.u128())
    }

    /// # Errors
    /// When the exchange refuses.
    pub fn pool(&self) -> Result<exchange::MarketResponse> {
        self.chain.query(&self.at.exchange, &exchange::QueryMsg::Market {})
    }

    /// µUSDT for a VCAI now, 0 before there is a pool.
    ///
    /// # Errors
    /// When the exchange refuses.
    pub fn price(&self) -> Result<u128> {
        let [base, quote] = self.pool()?.reserves;
        Ok(math::mul_div_floor(quote.u128(), ONE, base.u128()).unwrap_or_default())
    }

    /// # Errors
    /// When the controller refuses.
    pub fn dashboard(&self) -> Result<incentives::DashboardResponse> {
        self.chain
            .query(&self.at.incentives, &incentives::QueryMsg::Dashboard {})
    }
}

fn received(swap: Option<AppResponse>) -> u128 {
    let amount = swap.and_then(|response| attribute(&response, "swap", "amount_out")?.parse().ok());
    amount.unwrap_or_default()
}

// ---- deployment ----

/// Contracts with their messages, in the order of [`Addresses::all`].
fn creations(at: &Addresses) -> Result<Vec<Creation>> {
    let council = person("council").into_string();
    let messages = [
        json(&token(at))?,
        json(&pool(at, &council))?,
        json(&allocation_config(at, &council))?,
        json(&sale(at, &council))?,
        json(&escrow::InstantiateMsg {
            owner: council.clone(),
            vcai: at.vcai.to_string(),
            token_allocation: at.allocation.to_string(),
            params: escrow::Params {
                min_lock: Uint128::new(MIN_LOCK),
                account_fee: None,
                gate: None,
            },
        })?,
        json(&ve_rewards::InstantiateMsg {
            vcai: at.vcai.to_string(),
            vote_escrow: at.escrow.to_string(),
            treasury: at.treasury.to_string(),
        })?,
        json(&treasury_config(at, &council))?,
        json(&incentives::InstantiateMsg {
            owner: council,
            vcai: at.vcai.to_string(),
            exchange: at.exchange.to_string(),
            reporter: Some(person("registry").into_string()),
            params: incentives::Params::default(),
        })?,
        json(&governance_config(at))?,
    ];
    let codes = [
        code!(vcai),
        code!(exchange),
        code!(token_allocation),
        code!(genesis_nft),
        code!(vote_escrow),
        code!(ve_rewards),
        code!(treasury, reply),
        code!(incentive_controller),
        code!(governance),
    ];
    Ok(codes.into_iter().zip(messages).collect())
}

fn json(msg: &impl Serialize) -> Result<serde_json::Value> {
    Ok(serde_json::to_value(msg)?)
}

fn token(at: &Addresses) -> vcai::InstantiateMsg {
    vcai::InstantiateMsg {
        name: "VCAI".into(),
        symbol: "VCAI".into(),
        governance: at.governance.to_string(),
        allocation: at.allocation.to_string(),
        marketing: None,
    }
}

fn pool(at: &Addresses, council: &str) -> exchange::InstantiateMsg {
    let base = Asset::Cw20 {
        address: at.vcai.to_string(),
    };
    let quote = Asset::Native { denom: DENOM.into() };
    exchange::InstantiateMsg {
        owner: council.into(),
        assets: [base, quote],
        announced: false,
        params: exchange::Params {
            fee_bps: 30,
            skim_recipient: council.into(),
        },
    }
}

fn allocation_config(at: &Addresses, council: &str) -> allocation::InstantiateMsg {
    allocation::InstantiateMsg {
        owner: council.into(),
        governance: at.governance.to_string(),
        vcai: at.vcai.to_string(),
        denom: DENOM.into(),
        treasury: at.treasury.to_string(),
        genesis_nft: at.genesis_nft.to_string(),
        incentives: at.incentives.to_string(),
        vote_escrow: at.escrow.to_string(),
        tge: allocation::TgePlan {
            time: TGE,
            price: Uint128::new(FIRST_PRICE),
        },
    }
}

fn sale(at: &Addresses, council: &str) -> genesis_nft::InstantiateMsg {
    genesis_nft::InstantiateMsg {
        name: "Genesis".into(),
        symbol: "GEN".into(),
        base_uri: None,
        owner: council.into(),
        allocation: at.allocation.to_string(),
        treasury: at.treasury.to_string(),
        vcai: at.vcai.to_string(),
        denom: DENOM.into(),
        sale: genesis_nft::Sale {
            price: Uint128::new(TOKEN_PRICE),
            tokens: genesis_nft::MAX_TOKENS,
            per_wallet: 50,
            opens: START,
            listed_until: None,
            closes: TGE,
            deadline: TGE + 30 * DAY,
        },
    }
}

fn treasury_config(at: &Addresses, council: &str) -> treasury::InstantiateMsg {
    let source = |name: &str| treasury::NewSource {
        name: name.into(),
        address: person(name).into_string(),
        counts: true,
    };
    treasury::InstantiateMsg {
        owner: council.into(),
        operator: None,
        governance: at.governance.to_string(),
        denom: DENOM.into(),
        vcai: at.vcai.to_string(),
        exchange: at.exchange.to_string(),
        ve_rewards: at.rewards.to_string(),
        allocation: at.allocation.to_string(),
        sources: SOURCES.map(source).to_vec(),
        params: treasury::Params::default(),
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
        voting_module: at.escrow.to_string(),
        deposit_token: at.vcai.to_string(),
        prediction_market: None,
        appeals: None,
        network: Some(governance::Network {
            allocation: at.allocation.to_string(),
            treasury: at.treasury.to_string(),
        }),
        params: governance::Params {
            deposit: Uint128::new(10_000 * ONE),
            deposit_recipient: at.treasury.to_string(),
            refund_bps: 500,
        },
        tracks: governance::Tracks {
            params: track,
            messages: track,
            market_outcome: governance::OutcomeTrack::default(),
            appeal: governance::OutcomeTrack::default(),
            floor: Uint128::new(ONE),
        },
    }
}
