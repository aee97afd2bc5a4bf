//! The many of the network's token: lockers, holders, grants, nodes, votes.
//!
//! As for the markets, each contract's own handlers write the rows, called directly. The sale of genesis tokens, the TGE and the start of the incentives are
//! transactions. VCAI that the many hold and lock comes out of the allocation's own balance, past its books: no bucket has that much to give on the first day.

use std::time::Duration;

use anyhow::Result;
use cosmwasm_std::{coin, coins, to_json_binary, Binary, Coin, Uint128};
use interfaces::genesis_nft as nft;
use interfaces::governance::{self, Action, Choice, StrategicIssuance};
use interfaces::incentive_controller::{self as incentives, Level, NodeDay};
use interfaces::token_allocation::{self as allocation, Bucket, NewGrant, VestingSchedule};
use interfaces::treasury::{self, NewSource};
use interfaces::voting::Power;
use interfaces::{vcai, ve_rewards, vote_escrow as escrow};
use kit::compact::encode;

use super::bulk::Bulk;
use super::markets::{notice, PATRON, TRADERS, WHALE};
use super::{user, DAY};
use crate::account::Account;
use crate::chain::{Chain, ChainExt};
use crate::deploy::token::When;
use crate::deploy::{Addresses, Config};
use crate::in_process::InProcess;
use crate::localnet::USDT_DENOM;

/// A VCAI or a USDT.
const ONE: u128 = 1_000_000;
const HOUR: u64 = 3_600;

/// Genesis tokens sold to each of two users, and what one costs: the pool opens with a million.
pub const TOKENS: u32 = 500;
pub const BUYERS: [u32; 2] = [20, 21];
const TOKEN_PRICE: u128 = 1_000 * ONE;
/// Name of the source of revenue that the council stands for, and what it deposited.
pub const SOURCE: &str = "off-chain";
const REVENUE: u128 = 4_000_000 * ONE;
/// VCAI of each of the many, and of what each locks: the least that any parameter allows.
const HELD: u128 = 100 * ONE;
const LOCKED: u128 = 1_000 * ONE;
/// VCAI of users, and of the one whose lock is most of all linear weight.
const PURSE: u128 = 5_000_000 * ONE;
const WHALE_LOCK: u128 = 600_000_000 * ONE;
/// VCAI that a user locks who is measured later.
const USER_LOCK: u128 = 20_000 * ONE;
/// VCAI of one grant of the many, of a user's grant, and of what rewards stream.
const GRANT: u128 = 1_000 * ONE;
const USER_GRANT: u128 = 1_000_000 * ONE;
const FUNDED: u128 = 1_000_000 * ONE;
/// VCAI that every node stakes.
const STAKE: u128 = 10_000 * ONE;
/// Total power that proposals are made under, and what each voter has of it: what the whale really has is a majority.
const POWER: [Power; 2] = [
    Power {
        weight: Uint128::new(4_000_000_000_000_000_000_000),
        linear: Uint128::new(100_000_000_000_000_000_000_000),
    },
    Power {
        weight: Uint128::new(1_000_000_000_000_000),
        linear: Uint128::new(1_000_000_000_000_000),
    },
];
/// Years of the users' locks.
const LONGEST: u64 = 4 * 365 * DAY;

/// Users with something of their own.
pub mod people {
    /// Has a lock and rewards.
    pub const LOCKER: u32 = 1;
    /// Has a lock that is changed.
    pub const CHANGER: u32 = 2;
    /// Have grants.
    pub const BENEFICIARIES: [u32; 2] = [0, 4];
    /// Are nodes.
    pub const NODES: [u32; 2] = [5, 6];
    /// Opens appeals once a proposal says so.
    pub const APPEALS: u32 = 7;
}

/// Proposals in the order they were made. Everybody voted on the first.
pub mod ids {
    pub const SPEND: u64 = 1;
    pub const ISSUANCE: u64 = 2;
    pub const REPRICE: u64 = 3;
    pub const APPEALS: u64 = 4;
    /// Grants of the users come first.
    pub const GRANTS: [u64; 2] = [1, 2];
}

/// A sale of an hour, the TGE an hour later, locks from the least on, a reporter and a source with keys.
pub(super) fn terms(config: &mut Config) {
    let sale = &mut config.genesis_nft.sale;
    (sale.opens, sale.closes, sale.deadline) = (When::After(0), When::After(HOUR), When::After(90 * DAY));
    sale.price = TOKEN_PRICE.into();
    sale.per_wallet = TOKENS;
    config.token_allocation.tge.time = When::After(2 * HOUR);
    config.vote_escrow.params.min_lock = LOCKED.into();
    config.incentive_controller.reporter.clone_from(&config.operator);
    config.treasury.sources = vec![NewSource {
        name: SOURCE.to_owned(),
        address: config.council.clone(),
        counts: true,
    }];
    config.vcai.marketing = Some(vcai::Marketing {
        project: Some("https://example.org".to_owned()),
        description: None,
        marketing: Some(config.council.clone()),
        logo: None,
    });
}

/// A proposal that issues VCAI.
///
/// # Errors
/// Never: the schedule is within its bounds.
pub fn issuance(to: &str) -> Result<StrategicIssuance> {
    let amount = Uint128::new(1_000_000 * ONE);
    Ok(StrategicIssuance {
        purpose: "capacity for a year, with a link to the agreement".to_owned(),
        partners: vec!["a data centre".to_owned()],
        amount,
        recipients: vec![governance::Recipient {
            address: to.to_owned(),
            amount,
        }],
        vesting: VestingSchedule::monthly(0, 0, 12)?,
        terms: "what was agreed, in a line".to_owned(),
        uses_quota: true,
    })
}

impl<'b> Bulk<'b> {
    /// Fills the tables of the network's token.
    pub(super) fn network(&mut self, say: &dyn Fn(&str)) -> Result<()> {
        let rows = self.plan.rows;
        say("the sale and the TGE");
        self.genesis()?;
        let start = self.block.time;
        let steps: [(&str, Step<'b>); 5] = [
            ("holders of VCAI", Self::vcai_holders),
            ("lockers", Self::lockers),
            ("grants", Self::grants),
            ("votes of lockers", Self::decisions),
            ("nodes", Self::nodes),
        ];
        for (what, step) in steps {
            say(&format!("{rows} {what}"));
            self.block.time = start;
            step(self)?;
            self.answers.clear();
        }
        let now = self.block.time;
        self.chain.app().update_block(|block| block.time = now);
        Ok(())
    }

    /// Genesis tokens are sold, the market opens, the incentives' clock starts.
    fn genesis(&mut self) -> Result<()> {
        let at = self.at.clone();
        for buyer in BUYERS {
            for _ in 0..TOKENS / 50 {
                let buy = nft::ExecuteMsg::Buy { quantity: 50 };
                let price = [coin(50 * TOKEN_PRICE, USDT_DENOM)];
                self.chain.execute(&user(buyer)?, &at.genesis_nft, &buy, &price)?;
            }
        }
        self.chain.advance(Duration::from_secs(2 * HOUR))?;
        // What remembers its block must not remember one that is still to come.
        self.chain.app().update_block(|block| block.height = 0);
        let anyone = Account::dev("relayer")?;
        self.chain
            .execute(&anyone, &at.token_allocation, &allocation::ExecuteMsg::Tge {}, &[])?;
        self.chain.execute(
            &anyone,
            &at.incentive_controller,
            &incentives::ExecuteMsg::Start {},
            &[],
        )?;
        self.block = self.chain.app().block_info();
        // no block of the chain that starts with these rows has a height as low
        self.block.height = 1;
        self.revenue()
    }

    fn revenue(&mut self) -> Result<()> {
        let deposit = treasury::ExecuteMsg::Deposit {
            source: SOURCE.to_owned(),
        };
        let (to, council) = (self.at.treasury.clone(), self.council.clone());
        let funds = coins(REVENUE, USDT_DENOM);
        self.call(&to, &council, funds, deposit, ::treasury::contract::execute)?;
        Ok(())
    }

    // ---- vcai ----

    fn vcai_holders(&mut self) -> Result<()> {
        for account in self.many() {
            self.hand(&account?, HELD)?;
        }
        let users = (0..10).chain([WHALE, PATRON]).chain(TRADERS);
        for index in users {
            self.hand(user(index)?.address(), PURSE)?;
        }
        Ok(())
    }

    /// Out of the allocation's balance.
    fn hand(&mut self, to: &str, amount: u128) -> Result<()> {
        let msg = vcai::ExecuteMsg::Transfer {
            recipient: to.to_owned(),
            amount: amount.into(),
        };
        let (token, from) = (self.at.vcai.clone(), self.at.token_allocation.clone());
        self.call(&token, &from, Vec::new(), msg, ::vcai::contract::execute)?;
        Ok(())
    }

    // ---- vote-escrow and ve-rewards ----

    /// Ends lie on as many days as there are in four years; rewards flow.
    fn lockers(&mut self) -> Result<()> {
        let now = self.block.time.seconds();
        let users = [
            (WHALE, WHALE_LOCK, LONGEST),
            (people::LOCKER, USER_LOCK, LONGEST),
            (people::CHANGER, USER_LOCK, 365 * DAY),
        ];
        let mut locked = 0;
        for (index, amount, seconds) in users {
            self.lock(user(index)?.address(), amount, now + seconds)?;
            locked += amount;
        }
        for (index, account) in (0u64..).zip(self.many()) {
            self.lock(&account?, LOCKED, now + (30 + index % 1_400) * DAY)?;
            locked += LOCKED;
        }
        let at = self.at.clone();
        self.hand(&at.vote_escrow, locked)?;
        let fund = ve_rewards::ExecuteMsg::Receive(notice(&at.treasury, FUNDED, &ve_rewards::Cw20Hook::Fund {})?);
        self.call(
            &at.ve_rewards,
            &at.vcai,
            Vec::new(),
            fund,
            ::ve_rewards::contract::execute,
        )?;
        self.hand(&at.ve_rewards, FUNDED)
    }

    fn lock(&mut self, account: &str, amount: u128, until: u64) -> Result<()> {
        let at = self.at;
        let msg = escrow::ExecuteMsg::Receive(notice(account, amount, &escrow::Cw20Hook::Lock { until })?);
        self.call(
            &at.vote_escrow,
            &at.vcai,
            Vec::new(),
            msg,
            ::vote_escrow::contract::execute,
        )?;
        Ok(())
    }

    // ---- token-allocation ----

    fn grants(&mut self) -> Result<()> {
        let grant = |beneficiary: String, amount: u128| NewGrant {
            beneficiary,
            amount: amount.into(),
            schedule: None,
        };
        let users = people::BENEFICIARIES.map(|index| Ok(grant(user(index)?.address().to_owned(), USER_GRANT)));
        self.grant(Bucket::Private, users.into_iter().collect::<Result<_>>()?)?;
        let many = self.many().map(|account| Ok(grant(account?, GRANT)));
        for batch in many.collect::<Result<Vec<_>>>()?.chunks(allocation::MAX_BATCH) {
            self.grant(Bucket::Public, batch.to_vec())?;
        }
        Ok(())
    }

    fn grant(&mut self, bucket: Bucket, grants: Vec<NewGrant>) -> Result<()> {
        let (to, council) = (self.at.token_allocation.clone(), self.council.clone());
        let msg = allocation::ExecuteMsg::AddGrants { bucket, grants };
        self.call(&to, &council, Vec::new(), msg, ::token_allocation::contract::execute)?;
        Ok(())
    }

    // ---- governance ----

    /// Proposals are made two blocks after the locks, so that those count.
    fn decisions(&mut self) -> Result<()> {
        let at = self.at.clone();
        self.block.height = 3;
        self.pass(100);
        self.answer(&at.vote_escrow, "total_power", &POWER[0])?;
        self.answer(&at.vote_escrow, "locked", &Uint128::new(WHALE_LOCK))?;
        // of all locks only the escrow is to tell
        self.row(&at.vote_escrow, kit::escrow::TOTAL.path(&()), Binary::default());
        self.row(
            &at.treasury,
            vec![kit::revenue::TOTALS],
            encode(&Uint128::new(REVENUE)).into(),
        );
        let params: governance::Params = self
            .chain
            .query(&at.vcai_governance, &governance::QueryMsg::Params {})?;
        let deposit = params.deposit.u128();
        for action in actions(&at)? {
            let propose = governance::Cw20Hook::Propose {
                title: "one of four".to_owned(),
                description: "what it is for, in a line or two, with a link to the discussion".to_owned(),
                action,
            };
            let msg = governance::ExecuteMsg::Receive(notice(user(WHALE)?.address(), deposit, &propose)?);
            self.decide(&at.vcai, msg)?;
            self.hand(&at.vcai_governance, deposit)?;
        }
        self.pass(DAY);
        self.answer(&at.vote_escrow, "power", &POWER[1])?;
        let vote = governance::ExecuteMsg::Vote {
            proposal: ids::SPEND,
            choice: Choice::No,
        };
        for account in self.many() {
            self.decide(&account?, vote.clone())?;
        }
        self.block.height = 1;
        Ok(())
    }

    fn decide(&mut self, sender: &str, msg: governance::ExecuteMsg) -> Result<()> {
        let to = self.at.vcai_governance.clone();
        self.call(&to, sender, Vec::new(), msg, ::governance::contract::execute)?;
        Ok(())
    }

    fn answer(&mut self, contract: &str, question: &str, answer: &impl serde::Serialize) -> Result<()> {
        self.answers
            .insert(format!("{contract} {question}"), to_json_binary(answer)?);
        Ok(())
    }

    /// What a row is when another contract reads it.
    fn row(&mut self, contract: &str, key: Vec<u8>, row: Binary) {
        self.answers.insert(format!("{contract} {}", hex::encode(key)), row);
    }

    // ---- incentive-controller ----

    /// The first day of the first epoch, reported.
    fn nodes(&mut self) -> Result<()> {
        let day = self.block.time.seconds() / DAY + 1;
        let into = (day * DAY + HOUR).saturating_sub(self.block.time.seconds());
        self.pass(into);
        let node = |node: String| NodeDay {
            node,
            stake: STAKE.into(),
            online: 3_000,
            stability_bps: 9_900,
            vram_gb: 96,
            level: Level::A2,
            available: 1_000u128.into(),
            decile: Some(5),
        };
        let users = people::NODES.map(|index| Ok(node(user(index)?.address().to_owned())));
        let many = self.many().map(|account| account.map(node));
        let nodes = users.into_iter().chain(many).collect::<Result<Vec<_>>>()?;
        let (to, reporter) = (self.at.incentive_controller.clone(), Account::dev("operator")?);
        for batch in nodes.chunks(incentives::MAX_ROWS) {
            let report = incentives::ExecuteMsg::Report {
                day,
                rentals: Vec::new(),
                nodes: batch.to_vec(),
                gpus: Vec::new(),
            };
            let by = reporter.address();
            self.call(&to, by, Vec::new(), report, ::incentive_controller::contract::execute)?;
        }
        Ok(())
    }
}

type Step<'b> = for<'a> fn(&'a mut Bulk<'b>) -> Result<()>;

/// What is proposed, in the order of [`ids`].
fn actions(at: &Addresses) -> Result<[Action; 4]> {
    let appeals = governance::ExecuteMsg::SetAppeals {
        address: user(people::APPEALS)?.address().to_owned(),
    };
    let name = cosmwasm_std::WasmMsg::Execute {
        contract_addr: at.vcai_governance.clone(),
        msg: to_json_binary(&appeals)?,
        funds: Vec::new(),
    };
    Ok([
        Action::Spend {
            to: user(8)?.address().to_owned(),
            amount: ONE.into(),
        },
        Action::StrategicIssuance(issuance(user(8)?.address())?),
        Action::Reprice { exponent: 2 },
        Action::Messages {
            msgs: vec![name.into()],
        },
    ])
}

/// What contracts hold: those of the vault's side what they say, the pool what the TGE brought, the treasury its revenue.
pub(super) fn balances(chain: &InProcess, at: &Addresses) -> Result<Vec<(String, Coin)>> {
    let pool = chain.balance(&at.vcai_exchange, USDT_DENOM)?;
    let mut balances = super::balances(chain, at)?;
    balances.push((at.vcai_exchange.clone(), coin(pool, USDT_DENOM)));
    balances.push((at.treasury.clone(), coin(REVENUE, USDT_DENOM)));
    Ok(balances)
}
