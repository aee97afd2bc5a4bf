//! The network's token, and DAO DAO's contracts beside it, in an order in which every handler can succeed.

use anyhow::Result;
use cosmwasm_std::Uint128;
use cw20::Cw20ExecuteMsg;
use interfaces::vcai;
use serde::Serialize;
use serde_json::Value;
use suite::deploy::token::When;
use suite::deploy::{messages, Addresses, Part};
use suite::population::user;
use suite::{Account, TxOutcome};

use super::{allocation, coin, dao, decisions, genesis, incentives, locks, treasury, DAY};
use crate::gas::bench::Bench;
use crate::gas::table::Row;

/// A VCAI or a USDT.
pub const ONE: u128 = 1_000_000;
const HOUR: u64 = 3_600;
const VCAI: &str = "vcai";
/// Salt of the contracts that are created on the chain.
pub const ALONE: &str = "alone";

/// Measures every handler of the network's token once or, where the first touch differs from the next, more often.
///
/// # Errors
/// When a message is refused that must not be.
pub fn run(bench: &mut Bench) -> Result<()> {
    bench.say("measuring vcai");
    token(bench)?;
    bench.say("measuring the sale of genesis tokens");
    let twin = Twin::create(bench)?;
    genesis::sale(bench, &twin)?;
    allocation::plan(bench, &twin)?;
    genesis::tokens(bench)?;
    bench.say("measuring grants");
    allocation::run(bench)?;
    bench.say("measuring the treasury");
    treasury::run(bench)?;
    bench.say("measuring locks and rewards");
    let due = locks::run(bench)?;
    bench.say("measuring proposals and incentives");
    decisions::run(bench)?;
    let day = incentives::run(bench)?;
    bench.say("measuring DAO DAO's contracts");
    let house = dao::run(bench)?;
    bench.say("measuring what needs time");
    bench.pass(DAY)?;
    locks::rewards(bench)?;
    bench.pass(DAY)?;
    let funded = twin.open(bench)?;
    incentives::claim(bench)?;
    decisions::enact(bench)?;
    bench.until(due.max(incentives::epoch_closes(day)))?;
    locks::leave(bench, &funded)?;
    incentives::epoch(bench)?;
    dao::leave(bench, &house)
}

fn token(bench: &mut Bench) -> Result<()> {
    let token = bench.at.vcai.clone();
    let users = (0..4).map(user).collect::<Result<Vec<_>>>()?;
    coin::both(bench, VCAI, &token, &users, 7_100_000)?;
    coin::marketing(bench, VCAI, &token)?;
    let mint = vcai::ExecuteMsg::Mint {
        recipient: users[0].address().to_owned(),
        amount: ONE.into(),
    };
    let row = Row::new(VCAI, "Mint", "refused").hops(1);
    bench.measure_refusal(row, &bench.by("council")?, &token, &mint)
}

/// `Send` of some VCAI with a hook; measured where there is a row.
pub fn send(
    bench: &mut Bench,
    row: Option<Row>,
    by: &Account,
    (token, amount): (&str, u128),
    to: &str,
    hook: &impl Serialize,
) -> Result<TxOutcome> {
    let msg = Cw20ExecuteMsg::Send {
        contract: to.to_owned(),
        amount: amount.into(),
        msg: serde_json::to_vec(hook)?.into(),
    };
    match row {
        Some(row) => bench.measure(row, by, token, &msg, &[]),
        None => bench.run(by, token, &msg, &[]),
    }
}

/// A second network before its TGE, whose governance is the council.
pub struct Twin {
    pub at: Addresses,
}

impl Twin {
    const PARTS: [Part; 8] = [
        Part::Vcai,
        Part::TokenAllocation,
        Part::GenesisNft,
        Part::VoteEscrow,
        Part::VeRewards,
        Part::Treasury,
        Part::VcaiExchange,
        Part::IncentiveController,
    ];

    fn create(bench: &mut Bench) -> Result<Self> {
        let at = Addresses {
            vcai: bench.place(Part::Vcai, ALONE)?,
            token_allocation: bench.place(Part::TokenAllocation, ALONE)?,
            genesis_nft: bench.place(Part::GenesisNft, ALONE)?,
            vote_escrow: bench.place(Part::VoteEscrow, ALONE)?,
            ve_rewards: bench.place(Part::VeRewards, ALONE)?,
            treasury: bench.place(Part::Treasury, ALONE)?,
            vcai_exchange: bench.place(Part::VcaiExchange, ALONE)?,
            incentive_controller: bench.place(Part::IncentiveController, ALONE)?,
            vcai_governance: bench.by("council")?.address().to_owned(),
            ..bench.at.clone()
        };
        let twin = Self { at };
        for part in Self::PARTS {
            twin.part(bench, part, &twin.at, ALONE)?;
        }
        Ok(twin)
    }

    /// One of its contracts, or another one that works with these instead.
    pub fn part(&self, bench: &mut Bench, part: Part, at: &Addresses, salt: &str) -> Result<String> {
        let mut config = bench.set.config.clone();
        let sale = &mut config.genesis_nft.sale;
        (sale.price, sale.listed_until) = (ONE.into(), Some(When::After(HOUR)));
        let msg = messages::instantiate(part, &config, at, bench.now()?)?;
        bench.create(part, salt, &serde_json::from_slice::<Value>(&msg)?)
    }

    /// The TGE and what follows it. Answers the rewards that were funded.
    fn open(&self, bench: &mut Bench) -> Result<String> {
        bench.say("measuring the TGE");
        allocation::tge(bench, self)?;
        self.govern(bench)?;
        genesis::release(bench, self)?;
        treasury::govern(bench, self)?;
        locks::fund(bench, self)
    }

    /// What a proposal leads to at the token.
    fn govern(&self, bench: &mut Bench) -> Result<()> {
        let (to, council) = (self.at.vcai.clone(), bench.by("council")?);
        let issue = vcai::ExecuteMsg::Issue {
            to: council.address().to_owned(),
            amount: Uint128::new(1_000 * ONE),
            proposal: 1,
        };
        for case in ["first of the year", "next"] {
            bench.measure(Row::new(VCAI, "Issue", case).hops(1), &council, &to, &issue, &[])?;
        }
        let reprice = vcai::ExecuteMsg::Reprice { exponent: 2 };
        let row = Row::new(VCAI, "Reprice", "").hops(1);
        bench.measure(row, &council, &to, &reprice, &[])?;
        Ok(())
    }
}
