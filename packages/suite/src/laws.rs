//! What each market and each contract of the network's token holds and owes, by queries alone: the laws for whoever plays with a deployed suite, in process or on a chain.
//!
//! A law that fails names itself. Amounts are µLCO and µCredit, and base units of VCAI and of the stablecoin where the network's token is.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{ensure, Context, Result};
use cosmwasm_std::{Uint128, Uint256};
use interfaces::lco_staking::Tier;
use interfaces::voting::{Moment, Power};
use interfaces::{
    compute_wars, credit_vault as vault, ecosystem_fund as fund, exchange, genesis_nft, governance,
    incentive_controller as incentives, l_coin, lco_staking as staking, margin, prediction_market as market,
    token_allocation as allocation, treasury, vcai as token, ve_rewards, vote_escrow as escrow,
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

// ---- the network's token ----

/// Base units of VCAI of an address.
///
/// # Errors
/// When the contract does not answer.
pub fn vcai(on: &(impl Ask + ?Sized), vcai: &str, address: &str) -> Result<u128> {
    let query = token::QueryMsg::Balance {
        address: address.to_owned(),
    };
    Ok(ask::<Balance>(on, vcai, &query)?.balance.u128())
}

/// Addresses of a CW20 that lists them.
#[derive(Deserialize)]
struct Holders {
    accounts: Vec<String>,
}

/// Total supply of a CW20.
#[derive(Deserialize)]
struct Supply {
    total_supply: Uint128,
}

/// Σ balances of everybody, contracts too, = supply = genesis + issued − burned; Σ issuances of the newest page ≤ issued, and within the year's cap. The balances.
///
/// # Errors
/// Naming the law that is broken.
pub fn vcai_supply(on: &(impl Ask + ?Sized), vcai_at: &str) -> Result<BTreeMap<String, u128>> {
    let mut held = BTreeMap::new();
    let mut last: Option<String> = None;
    loop {
        let page = token::QueryMsg::AllAccounts {
            start_after: last.clone(),
            limit: Some(30),
        };
        let rows: Holders = ask(on, vcai_at, &page)?;
        last = rows.accounts.last().cloned();
        for address in rows.accounts {
            let balance = vcai(on, vcai_at, &address)?;
            held.insert(address, balance);
        }
        if last.is_none() {
            break;
        }
    }
    let overview: token::OverviewResponse = ask(on, vcai_at, &token::QueryMsg::Overview {})?;
    let info: Supply = ask(on, vcai_at, &token::QueryMsg::TokenInfo {})?;
    let (sum, supply) = (held.values().sum::<u128>(), overview.supply.u128());
    ensure!(sum == supply, "Σ VCAI {sum} = supply {supply}");
    ensure!(info.total_supply == overview.supply, "one supply in both answers");
    let made = overview.genesis + overview.issued - overview.burned;
    ensure!(
        supply == made.u128(),
        "supply {supply} = genesis + issued − burned {made}"
    );
    let year = &overview.issuable;
    ensure!(
        year.issued + year.left == year.cap && year.cap <= year.supply.multiply_ratio(5u8, 100u8),
        "5 % a year: {year:?}"
    );
    Ok(held)
}

/// Every grant.
///
/// # Errors
/// When the contract does not answer.
pub fn grants(on: &(impl Ask + ?Sized), at: &str) -> Result<Vec<allocation::GrantResponse>> {
    let mut all: Vec<allocation::GrantResponse> = Vec::new();
    loop {
        let page = allocation::QueryMsg::Grants {
            start_after: all.last().map(|row| row.grant),
            limit: Some(PAGE),
        };
        let rows: Vec<allocation::GrantResponse> = ask(on, at, &page)?;
        if rows.is_empty() {
            return Ok(all);
        }
        all.extend(rows);
    }
}

/// The allocation owes what is left of its buckets. Those of genesis sum up to the genesis supply; in each, size = granted + free + what left besides claims, Σ grants
/// are what is granted, and of each grant claimed ≤ vested ≤ amount.
///
/// # Errors
/// Naming the law that is broken.
pub fn allocation_owes(on: &(impl Ask + ?Sized), at: &str) -> Result<u128> {
    let overview: allocation::OverviewResponse = ask(on, at, &allocation::QueryMsg::Overview {})?;
    let grants = grants(on, at)?;
    ensure!(grants.len() as u64 == overview.grants, "Σ grants");
    let (mut genesis, mut owed) = (0, 0);
    for row in &overview.buckets {
        let of: Vec<_> = grants.iter().filter(|grant| grant.bucket == row.bucket).collect();
        let (granted, claimed) = of.iter().fold((0, 0), |(granted, claimed), grant| {
            (granted + grant.amount.u128(), claimed + grant.claimed.u128())
        });
        let (size, free, paid) = (row.size.u128(), row.free.u128(), row.paid.u128());
        ensure!(granted == row.granted.u128(), "Σ grants {granted} = {row:?}");
        ensure!(
            size + claimed == granted + free + paid,
            "size = granted + free + sent: {row:?}, of which {claimed} claimed"
        );
        if row.bucket != allocation::Bucket::Issued {
            ensure!(row.size == row.bucket.size(), "size of {row:?}");
            genesis += size;
        }
        owed += size - paid;
    }
    ensure!(
        genesis == token::GENESIS_SUPPLY.u128(),
        "Σ buckets {genesis} = the genesis supply"
    );
    for grant in &grants {
        let holds = grant.claimed <= grant.vested && grant.vested <= grant.amount;
        ensure!(holds, "claimed ≤ vested ≤ amount: {grant:?}");
    }
    Ok(owed)
}

/// Genesis tokens: those that live are at most those sold, before the TGE their price is held, and afterwards they claim at most `airdrop` in all.
///
/// # Errors
/// Naming the law that is broken.
pub fn genesis_owes(on: &(impl Ask + ?Sized), at: &str, airdrop: u128) -> Result<genesis_nft::OverviewResponse> {
    let row: genesis_nft::OverviewResponse = ask(on, at, &genesis_nft::QueryMsg::Overview {})?;
    ensure!(row.alive <= row.sold && row.sold <= row.sale.tokens, "tokens {row:?}");
    let price = match row.tge_at {
        None => u128::from(row.alive) * row.sale.price.u128(),
        Some(_) => 0,
    };
    ensure!(row.held.u128() == price, "held {} = {price}", row.held);
    let gone = (row.claimed + row.forfeited).u128();
    ensure!(gone <= airdrop, "claimed and forfeited {gone} of {airdrop}");
    Ok(row)
}

/// Everybody whose lock is not withdrawn.
///
/// # Errors
/// When the contract does not answer.
pub fn lockers(on: &(impl Ask + ?Sized), at: &str) -> Result<Vec<escrow::LockRow>> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let page = escrow::QueryMsg::Locks {
            start_after: next,
            limit: Some(PAGE),
        };
        let rows: escrow::LocksResponse = ask(on, at, &page)?;
        all.extend(rows.locks);
        next = rows.next;
        if next.is_none() {
            return Ok(all);
        }
    }
}

/// The escrow owes Σ locks; those that have not ended are what it calls locked, and Σ of their slopes, each the root of its amount, is its slope.
///
/// # Errors
/// Naming the law that is broken.
pub fn escrow_owes(on: &(impl Ask + ?Sized), at: &str) -> Result<u128> {
    let overview: escrow::OverviewResponse = ask(on, at, &escrow::QueryMsg::Overview {})?;
    let (mut held, mut locked, mut slopes, mut count) = (0, 0, 0, 0);
    for row in lockers(on, at)? {
        let query = escrow::QueryMsg::Lock { address: row.address };
        let lock: escrow::LockResponse = ask(on, at, &query)?;
        let (amount, slope) = (lock.amount.u128(), lock.slope.u128());
        // 10¹² · 10²⁸ at most
        let square = amount * 1_000_000_000_000;
        ensure!(
            slope * slope <= square && square < (slope + 1) * (slope + 1),
            "slope {slope} is the root of {square}"
        );
        held += amount;
        count += 1;
        if !lock.power.linear.is_zero() {
            locked += amount;
            slopes += slope;
        }
    }
    let sums = (held, locked, slopes, count);
    let totals = (
        overview.held.u128(),
        overview.locked.u128(),
        overview.slope.u128(),
        overview.lockers,
    );
    ensure!(sums == totals, "Σ locks {sums:?} = {totals:?}");
    Ok(held)
}

/// At a past or present block Σ powers over those whose lock is not withdrawn is the total power, and what they lock is the amount locked. Withdrawn locks had ended, so
/// they weigh nothing at any block since.
///
/// # Errors
/// Naming the law that is broken.
pub fn escrow_powers(on: &(impl Ask + ?Sized), at: &str, moment: Moment) -> Result<()> {
    let (mut sum, mut outcomes) = (Power::default(), 0);
    for row in lockers(on, at)? {
        let address = row.address;
        let query = escrow::QueryMsg::OutcomePower {
            address: address.clone(),
            from: moment,
            to: moment,
        };
        outcomes += ask::<Uint128>(on, at, &query)?.u128();
        let power: Power = ask(on, at, &escrow::QueryMsg::Power { address, at: moment })?;
        sum.weight += power.weight;
        sum.linear += power.linear;
    }
    let total: Power = ask(on, at, &escrow::QueryMsg::TotalPower { at: moment })?;
    ensure!(sum == total, "Σ powers {sum:?} = {total:?} at {moment:?}");
    let query = escrow::QueryMsg::OutcomeTotal {
        from: moment,
        to: moment,
    };
    let all: Uint128 = ask(on, at, &query)?;
    ensure!(
        outcomes == all.u128(),
        "Σ powers over outcomes {outcomes} = {all} at {moment:?}"
    );
    Ok(())
}

/// The rewards owe what was funded and is not paid: what accounts can claim, what streams, what waits, and what divisions left. Σ of what accounts were paid is what was
/// paid. Accounts are those of the first pages of whoever claimed and whoever has a lock.
///
/// # Errors
/// Naming the law that is broken.
pub fn rewards_owe(on: &(impl Ask + ?Sized), at: &str) -> Result<ve_rewards::OverviewResponse> {
    let page = ve_rewards::QueryMsg::Accounts {
        start_after: None,
        limit: Some(PAGE),
    };
    let rows: Vec<ve_rewards::AccountRow> = ask(on, at, &page)?;
    let paid: u128 = rows.iter().map(|row| row.paid.u128()).sum();
    let claimable = claimable(on, at, rows.iter().map(|row| row.address.clone()))?;
    // After the accounts: what flowed on in between is counted for nobody.
    let overview: ve_rewards::OverviewResponse = ask(on, at, &ve_rewards::QueryMsg::Overview {})?;
    if rows.len() < PAGE as usize {
        ensure!(paid == overview.paid.u128(), "Σ paid {paid} = {}", overview.paid);
    }
    let owed = overview.funded.u128() - overview.paid.u128();
    let known = claimable + (overview.streaming + overview.waiting).u128();
    ensure!(known <= owed, "claimable, streaming and waiting {known} of {owed}");
    Ok(overview)
}

/// What these accounts and those with a lock can claim.
fn claimable(on: &(impl Ask + ?Sized), at: &str, accounts: impl Iterator<Item = String>) -> Result<u128> {
    let overview: ve_rewards::OverviewResponse = ask(on, at, &ve_rewards::QueryMsg::Overview {})?;
    let page = escrow::QueryMsg::Locks {
        start_after: None,
        limit: Some(PAGE),
    };
    let page: escrow::LocksResponse = ask(on, &overview.vote_escrow, &page)?;
    let lockers = page.locks.into_iter().map(|lock| lock.address);
    let accounts: BTreeSet<String> = accounts.chain(lockers).collect();
    let mut sum = 0;
    for address in accounts {
        let query = ve_rewards::QueryMsg::Account { address };
        let account: ve_rewards::AccountResponse = ask(on, at, &query)?;
        sum += account.claimable.u128();
    }
    Ok(sum)
}

/// The treasury owes its pot: total revenue less what slices spent, the rest of the day's amount within it. Σ sources is the revenue.
///
/// # Errors
/// Naming the law that is broken.
pub fn treasury_owes(on: &(impl Ask + ?Sized), at: &str) -> Result<treasury::OverviewResponse> {
    let overview: treasury::OverviewResponse = ask(on, at, &treasury::QueryMsg::Overview {})?;
    let page = treasury::QueryMsg::Sources {
        start_after: None,
        limit: Some(PAGE),
    };
    let sources: Vec<treasury::SourceResponse> = ask(on, at, &page)?;
    let deposited = sources.iter().map(|row| row.deposited.u128()).sum::<u128>();
    let (total, spent, pot) = (
        overview.revenue.total.u128(),
        overview.spent.u128(),
        overview.pot.u128(),
    );
    ensure!(deposited == total, "Σ sources {deposited} = revenue {total}");
    ensure!(total == spent + pot, "revenue {total} = spent {spent} + pot {pot}");
    ensure!(overview.day_left <= overview.pot, "the day's rest above the pot");
    ensure!(
        overview.revenue.net_fees <= overview.revenue.total,
        "net fees above revenue"
    );
    Ok(overview)
}

/// The incentives owe the whole pool less what was paid. Released are as many 522nds as epochs, and what was paid or lies in buckets is within them.
///
/// # Errors
/// Naming the law that is broken.
pub fn incentives_owe(on: &(impl Ask + ?Sized), at: &str) -> Result<u128> {
    let board: incentives::DashboardResponse = ask(on, at, &incentives::QueryMsg::Dashboard {})?;
    let whole = allocation::Bucket::Incentives.size();
    let released = board.released.u128();
    ensure!(board.pool == whole, "the pool {} is the bucket {whole}", board.pool);
    let expected = whole.u128() * u128::from(board.released_epochs.min(522)) / 522;
    ensure!(
        released == expected,
        "released {released} = {expected} after {} epochs",
        board.released_epochs
    );
    let known = (board.paid + board.withheld + board.left_over + board.re_released).u128();
    ensure!(
        known <= released,
        "paid, withheld, left over and to be released again {known} of {released}"
    );
    Ok(whole.u128() - board.paid.u128())
}
