//! What each market holds and owes, by queries alone: the laws for whoever plays with a deployed suite, in process or on a chain.
//!
//! A law that fails names itself. Amounts are µLCO and µCredit.

use anyhow::{ensure, Context, Result};
use cosmwasm_std::{Uint128, Uint256};
use interfaces::lco_staking::Tier;
use interfaces::voting::{Moment, Power};
use interfaces::{
    compute_wars, credit_vault as vault, ecosystem_fund as fund, exchange, governance, l_coin, lco_staking as staking,
    margin, prediction_market as market,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::chain::Chain;

/// Rows of a page.
const PAGE: u32 = 100;
/// LP shares that nobody owns once there is a pool.
const LOCKED_SHARES: u128 = 1_000;

/// Whatever answers smart queries.
pub trait Ask {
    /// # Errors
    /// When the contract refuses.
    fn smart(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>>;
}

impl<C: Chain + ?Sized> Ask for C {
    fn smart(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>> {
        Ok(self.query_smart(contract, msg)?)
    }
}

/// A typed question.
///
/// # Errors
/// When the contract refuses, or answers something else.
pub fn ask<T: DeserializeOwned>(on: &(impl Ask + ?Sized), contract: &str, msg: &impl Serialize) -> Result<T> {
    let answer = on.smart(contract, &serde_json::to_vec(msg)?)?;
    serde_json::from_slice(&answer).with_context(|| format!("answer of {contract}"))
}

/// An amount of each token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pot {
    /// µLCO.
    pub lco: u128,
    /// µCredit.
    pub credits: u128,
}

/// Answer to a CW20's `Balance`.
#[derive(Deserialize)]
struct Balance {
    balance: Uint128,
}

/// µLCO of an address.
///
/// # Errors
/// When the contract does not answer; likewise below.
pub fn lco(on: &(impl Ask + ?Sized), l_coin: &str, address: &str) -> Result<u128> {
    let query = l_coin::QueryMsg::Balance {
        address: address.to_owned(),
    };
    Ok(ask::<Balance>(on, l_coin, &query)?.balance.u128())
}

/// Free µCredit of an address.
///
/// # Errors
/// When the contract does not answer.
pub fn credits(on: &(impl Ask + ?Sized), vault: &str, address: &str) -> Result<u128> {
    let query = vault::QueryMsg::Balance {
        address: address.to_owned(),
    };
    Ok(ask::<Balance>(on, vault, &query)?.balance.u128())
}

/// The pool as it stands.
///
/// # Errors
/// When the contract does not answer.
pub fn pool(on: &(impl Ask + ?Sized), exchange: &str) -> Result<exchange::MarketResponse> {
    ask(on, exchange, &exchange::QueryMsg::Market {})
}

/// The exchange owes its reserves.
///
/// # Errors
/// When the contract does not answer.
pub fn exchange_owes(on: &(impl Ask + ?Sized), exchange: &str) -> Result<Pot> {
    let [lco, credits] = pool(on, exchange)?.reserves.map(|amount| amount.u128());
    Ok(Pot { lco, credits })
}

/// What one share is worth never falls: x·y/T² grows or stays, T all shares.
///
/// # Errors
/// When it fell.
pub fn worth_of_a_share_grows(before: &exchange::MarketResponse, after: &exchange::MarketResponse) -> Result<()> {
    if before.total_shares.is_zero() {
        return Ok(());
    }
    let product = |m: &exchange::MarketResponse| m.reserves[0].full_mul(m.reserves[1]);
    let square = |m: &exchange::MarketResponse| m.total_shares.full_mul(m.total_shares);
    // Products below 2^96 and squares below 2^96 in any play; beyond that the law is skipped, never wrong.
    let sides: (Option<Uint256>, Option<Uint256>) = (
        product(after).checked_mul(square(before)).ok(),
        product(before).checked_mul(square(after)).ok(),
    );
    let (Some(new), Some(old)) = sides else { return Ok(()) };
    ensure!(new >= old, "k/T² fell: {before:?}, then {after:?}");
    Ok(())
}

/// Σ LP shares and the locked ones are all shares; none is announced that is not owned.
///
/// # Errors
/// Naming the law that is broken.
pub fn lp_shares(on: &(impl Ask + ?Sized), exchange: &str) -> Result<()> {
    let market = pool(on, exchange)?;
    let page = exchange::QueryMsg::Accounts {
        start_after: None,
        limit: Some(PAGE),
    };
    let accounts: Vec<exchange::AccountResponse> = ask(on, exchange, &page)?;
    let sum = accounts.iter().map(|row| row.shares.u128()).sum::<u128>();
    let all = market.total_shares.u128();
    let locked = if all == 0 { 0 } else { LOCKED_SHARES };
    ensure!(sum + locked == all, "Σ LP shares {sum} + {locked} = {all}");
    let announced = accounts.iter().filter_map(|row| row.announcement.as_ref());
    let announced = announced.map(|a| a.shares.u128()).sum::<u128>();
    ensure!(
        announced <= market.announced_shares.u128() && market.announced_shares.u128() <= sum,
        "Σ announced {announced} = {} of {sum}",
        market.announced_shares
    );
    Ok(())
}

/// Staking owes what is bonded and what is on the way out.
///
/// # Errors
/// When the contract does not answer.
pub fn staking_owes(on: &(impl Ask + ?Sized), staking: &str) -> Result<Pot> {
    let overview: staking::OverviewResponse = ask(on, staking, &staking::QueryMsg::Overview {})?;
    Ok(Pot {
        lco: (overview.bonded + overview.unbonding).u128(),
        credits: 0,
    })
}

/// Everybody who ever staked.
///
/// # Errors
/// When the contract does not answer.
pub fn stakers(on: &(impl Ask + ?Sized), staking: &str) -> Result<Vec<staking::AccountRow>> {
    let mut all: Vec<staking::AccountRow> = Vec::new();
    loop {
        let page = staking::QueryMsg::Accounts {
            start_after: all.last().map(|row| row.address.clone()),
            limit: Some(PAGE),
        };
        let rows: Vec<staking::AccountRow> = ask(on, staking, &page)?;
        let last = rows.len() < PAGE as usize;
        all.extend(rows);
        if last {
            return Ok(all);
        }
    }
}

/// Σ stakes, Σ weights, Σ whales, Σ unbonding and Σ stakers are the totals.
///
/// # Errors
/// Naming the law that is broken.
pub fn stakes(on: &(impl Ask + ?Sized), staking: &str) -> Result<()> {
    let overview: staking::OverviewResponse = ask(on, staking, &staking::QueryMsg::Overview {})?;
    let (mut bonded, mut weighted, mut whale, mut unbonding, mut count) = (0, 0, 0, 0, 0);
    for row in stakers(on, staking)? {
        let stake = row.stake.u128();
        bonded += stake;
        weighted += stake * u128::from(row.tier.weight());
        whale += if row.tier == Tier::Whale { stake } else { 0 };
        count += u64::from(stake > 0);
        let query = staking::QueryMsg::Account { address: row.address };
        let account: staking::AccountResponse = ask(on, staking, &query)?;
        unbonding += account.unbonding.iter().map(|row| row.amount.u128()).sum::<u128>();
    }
    let sums = (bonded, weighted, whale, unbonding, count);
    let totals = (
        overview.bonded.u128(),
        overview.weighted.u128(),
        overview.whale.u128(),
        overview.unbonding.u128(),
        overview.stakers,
    );
    ensure!(sums == totals, "Σ stakes {sums:?} = {totals:?}");
    Ok(())
}

/// At a past or present moment Σ powers is the total power, and Σ powers over outcomes is at most theirs.
///
/// # Errors
/// Naming the law that is broken.
pub fn powers(on: &(impl Ask + ?Sized), staking: &str, at: Moment) -> Result<()> {
    let (mut sum, mut outcomes) = (Power::default(), 0);
    for row in stakers(on, staking)? {
        let address = row.address;
        let query = staking::QueryMsg::OutcomePower {
            address: address.clone(),
            from: at,
            to: at,
        };
        outcomes += ask::<Uint128>(on, staking, &query)?.u128();
        let power: Power = ask(on, staking, &staking::QueryMsg::Power { address, at })?;
        sum.weight += power.weight;
        sum.linear += power.linear;
    }
    let total: Power = ask(on, staking, &staking::QueryMsg::TotalPower { at })?;
    ensure!(sum == total, "Σ powers {sum:?} = {total:?} at {at:?}");
    let all: Uint128 = ask(on, staking, &staking::QueryMsg::OutcomeTotal { from: at, to: at })?;
    ensure!(
        outcomes == all.u128(),
        "Σ powers over outcomes {outcomes} = {all} at {at:?}"
    );
    Ok(())
}

/// Margin owes the cash of its pools, its reserve, and what positions hold.
///
/// # Errors
/// When the contract does not answer.
pub fn margin_owes(on: &(impl Ask + ?Sized), margin: &str) -> Result<Pot> {
    let overview: margin::OverviewResponse = ask(on, margin, &margin::QueryMsg::Overview {})?;
    let [credit, lco] = &overview.pools;
    Ok(Pot {
        lco: (lco.cash + lco.reserve + overview.long_open_interest).u128(),
        credits: (credit.cash + credit.reserve + overview.short_collateral).u128(),
    })
}

/// Σ lenders' shares and Σ positions over these people are what the pools say; lenders own cash and debt but for the interest share.
///
/// # Errors
/// Naming the law that is broken.
pub fn margin_sums(on: &(impl Ask + ?Sized), margin: &str, people: &[String]) -> Result<()> {
    let overview: margin::OverviewResponse = ask(on, margin, &margin::QueryMsg::Overview {})?;
    let (mut lent, mut debts) = ([0, 0], [0, 0]);
    let (mut longs, mut collateral) = (0, 0);
    for person in people {
        let address = person.clone();
        let lender: margin::LenderResponse = ask(on, margin, &margin::QueryMsg::Lender { address })?;
        lent[0] += lender.credit_shares.u128();
        lent[1] += lender.lco_shares.u128();
        for row in positions(on, margin, person)? {
            match row.side {
                margin::Side::Long => {
                    longs += row.held.u128();
                    debts[0] += row.debt_shares.u128();
                }
                margin::Side::Short => {
                    collateral += row.held.u128();
                    debts[1] += row.debt_shares.u128();
                }
            }
        }
    }
    for (i, pool) in overview.pools.iter().enumerate() {
        let (shares, owed) = (pool.supply_shares.u128(), pool.debt_shares.u128());
        ensure!(
            lent[i] == shares,
            "Σ supply shares {} = {shares} of {:?}",
            lent[i],
            pool.token
        );
        ensure!(
            debts[i] == owed,
            "Σ debt shares {} = {owed} of {:?}",
            debts[i],
            pool.token
        );
        let assets = (pool.cash + pool.debt - pool.unclaimed).u128();
        ensure!(
            pool.assets.u128().abs_diff(assets) <= 1,
            "assets {} = cash + debt − interest share {assets} of {:?}",
            pool.assets,
            pool.token
        );
    }
    let held = (overview.long_open_interest.u128(), overview.short_collateral.u128());
    ensure!(
        (longs, collateral) == held,
        "Σ positions hold {:?} = {held:?}",
        (longs, collateral)
    );
    Ok(())
}

/// Open positions of somebody.
///
/// # Errors
/// When the contract does not answer.
pub fn positions(on: &(impl Ask + ?Sized), margin: &str, owner: &str) -> Result<Vec<margin::PositionResponse>> {
    let page = margin::QueryMsg::Positions {
        owner: owner.to_owned(),
        start_after: None,
        limit: Some(PAGE),
    };
    ask(on, margin, &page)
}

/// The prediction market owes its pools, what is left of settled ones, and bonds.
///
/// # Errors
/// When the contract does not answer.
pub fn market_owes(on: &(impl Ask + ?Sized), market: &str) -> Result<Pot> {
    let overview: market::OverviewResponse = ask(on, market, &market::QueryMsg::Overview {})?;
    Ok(Pot {
        lco: (overview.open_interest + overview.unclaimed + overview.bonds).u128(),
        credits: 0,
    })
}

/// Every market: Σ over its holders is what it says; and Σ over the markets is the overview.
///
/// # Errors
/// Naming the law that is broken.
pub fn markets(on: &(impl Ask + ?Sized), at: &str, people: &[String]) -> Result<()> {
    let overview: market::OverviewResponse = ask(on, at, &market::QueryMsg::Overview {})?;
    let (mut open, mut unclaimed, mut bonds) = (0, 0, 0);
    for market in 1..=overview.markets {
        let row: market::MarketResponse = ask(on, at, &market::QueryMsg::Market { market })?;
        match &row.result {
            Some(result) => unclaimed += (result.left + result.burnable).u128(),
            None => {
                open += (row.pool + row.held).u128();
                let rows: Vec<market::BondResponse> = ask(on, at, &market::QueryMsg::Bonds { market })?;
                bonds += rows.iter().map(|row| row.amount.u128()).sum::<u128>();
                holders(on, at, &row, people)?;
            }
        }
    }
    let sums = (open, unclaimed, bonds);
    let totals = (
        overview.open_interest.u128(),
        overview.unclaimed.u128(),
        overview.bonds.u128(),
    );
    ensure!(sums == totals, "Σ markets {sums:?} = {totals:?}");
    Ok(())
}

/// Of an open market: Σ shares; pool and gains held back are what people put in and did not get back.
fn holders(on: &(impl Ask + ?Sized), at: &str, row: &market::MarketResponse, people: &[String]) -> Result<()> {
    let (mut shares, mut costs, mut held) = (vec![0; row.outcomes.len()], 0, 0);
    for address in people {
        let query = market::QueryMsg::Position {
            market: row.market,
            address: address.clone(),
        };
        let position: market::PositionResponse = ask(on, at, &query)?;
        for holding in &position.holdings {
            shares[usize::from(holding.outcome)] += holding.shares.u128();
        }
        costs += position.net_cost.u128();
        held += position.held.u128();
    }
    let market = row.market;
    let all: Vec<u128> = row.outcomes.iter().map(|outcome| outcome.shares.u128()).collect();
    ensure!(shares == all, "Σ shares {shares:?} = {all:?} of market {market}");
    ensure!(
        held == row.held.u128(),
        "Σ held {held} = {} of market {market}",
        row.held
    );
    let inside = (row.pool + row.held).u128();
    ensure!(
        costs == inside,
        "Σ put in {costs} = pool and held {inside} of market {market}"
    );
    Ok(())
}

/// The fund owes its pot and the prizes it holds; what it received and bought adds up.
///
/// # Errors
/// Naming the law that is broken.
pub fn fund_owes(on: &(impl Ask + ?Sized), fund: &str) -> Result<Pot> {
    let overview: fund::OverviewResponse = ask(on, fund, &fund::QueryMsg::Overview {})?;
    let (received, gone) = (overview.received, overview.spent + overview.free_calls_paid);
    ensure!(
        received == overview.pot + gone,
        "received {received} = pot {} + spent and paid {gone}",
        overview.pot
    );
    ensure!(
        overview.bought == overview.burned + overview.to_prizes,
        "bought = burned + prizes"
    );
    Ok(Pot {
        lco: overview.prizes_held.u128(),
        credits: overview.pot.u128(),
    })
}

/// The contest owes prizes and what rolled over.
///
/// # Errors
/// Naming the law that is broken.
pub fn wars_owe(on: &(impl Ask + ?Sized), wars: &str) -> Result<Pot> {
    let overview: compute_wars::OverviewResponse = ask(on, wars, &compute_wars::QueryMsg::Overview {})?;
    let owed = overview.unclaimed + overview.rolled;
    ensure!(
        overview.collected == overview.paid + owed,
        "collected {} = paid {} + owed {owed}",
        overview.collected,
        overview.paid
    );
    Ok(Pot {
        lco: owed.u128(),
        credits: 0,
    })
}

/// Governance owes the deposits it holds.
///
/// # Errors
/// When the contract does not answer.
pub fn governance_owes(on: &(impl Ask + ?Sized), governance: &str) -> Result<Pot> {
    let overview: governance::OverviewResponse = ask(on, governance, &governance::QueryMsg::Overview {})?;
    let mut lco = 0;
    for proposal in 1..=overview.proposals {
        let row: governance::ProposalResponse = ask(on, governance, &governance::QueryMsg::Proposal { proposal })?;
        if let governance::Subject::Motion {
            deposit,
            deposit_held: true,
            ..
        } = row.subject
        {
            lco += deposit.u128();
        }
    }
    Ok(Pot { lco, credits: 0 })
}
