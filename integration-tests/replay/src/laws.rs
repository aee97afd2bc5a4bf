//! The conservation laws, by queries alone, and the shadow's balances against the chain's.

use std::collections::BTreeMap;

use anyhow::{ensure, Context, Result};
use interfaces::attestation_oracle::{self as oracle, ChainId, Role};
use interfaces::credit_vault::{self as vault, AccountResponse, WeekResponse};
use interfaces::token_allocation::{self as allocation, Bucket, VestingKind};
use interfaces::voting::Moment;
use interfaces::{compute_wars as wars, exchange, l_coin};
use suite::laws as of;

use crate::deal::{Coin, House};
use crate::ledger::Rest;
use crate::net::Room;
use crate::op::{Who, GATEWAYS};
use crate::shadow::{mined, Shadow};
use crate::stage::{Stage, DENOM, SUBJECTS};

/// What was seen after earlier steps and may only grow.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    heads: BTreeMap<String, u64>,
    minted: u128,
    consumed: u128,
    statements: u64,
    pool: Option<exchange::MarketResponse>,
    vcai_pool: Option<exchange::MarketResponse>,
}

impl Seen {
    fn grows(&mut self, name: String, value: u64) -> Result<()> {
        let before = self.heads.insert(name.clone(), value).unwrap_or_default();
        ensure!(value >= before, "{name} went back from {before} to {value}");
        Ok(())
    }
}

/// Every law, after any operation.
///
/// # Errors
/// Naming the law that is broken.
pub fn hold(stage: &Stage, shadow: &Shadow, seen: &mut Seen) -> Result<()> {
    credits(stage, shadow, seen)?;
    coins(stage, seen)?;
    bonds(stage, shadow)?;
    chains(stage, shadow, seen)
}

/// reserve = supply + revenue = bank − donations = deposited − redeemed; Σ accounts = supply; Σ weeks = revenue.
fn credits(stage: &Stage, shadow: &Shadow, seen: &mut Seen) -> Result<()> {
    let at = &stage.at.credit_vault;
    let overview: vault::OverviewResponse = stage.query(at, &vault::QueryMsg::Overview {})?;
    let (reserve, supply, revenue) = (overview.reserve.u128(), overview.supply.u128(), overview.revenue.u128());
    ensure!(
        reserve == supply + revenue,
        "reserve {reserve} = supply {supply} + revenue {revenue}"
    );
    let bank = stage.chain.balance(at, DENOM)?;
    ensure!(
        bank - shadow.given_vault == reserve,
        "bank {bank} less {} = reserve {reserve}",
        shadow.given_vault
    );
    ensure!(
        shadow.deposited - shadow.redeemed == reserve,
        "deposits = redeemed + held"
    );

    let (mut held, mut booked) = (0, 0);
    for address in holders(stage)? {
        let account = account(stage, &address)?;
        held += account.free.u128() + account.spending.iter().map(|s| s.amount.u128()).sum::<u128>();
        booked += account.booked_lco.u128();
    }
    ensure!(held == supply, "Σ accounts {held} = supply {supply}");
    ensure!(
        booked == overview.booked.u128(),
        "Σ booked {booked} = {}",
        overview.booked
    );

    let mut locked = 0;
    for gateway in 1..=GATEWAYS {
        let weeks = weeks(stage, gateway)?;
        let live = weeks.iter().filter(|w| !w.released);
        locked += live
            .map(|w| w.revenue.u128() + w.held.u128() + w.forfeited.u128())
            .sum::<u128>();
        ensure!(weeks.iter().all(|w| w.cost <= w.revenue), "cost above revenue");
        ensure!(
            weeks.iter().all(|w| w.mined.u128() <= crate::stage::WEEKLY_CAP),
            "a week above the cap"
        );
    }
    ensure!(locked == revenue, "Σ weeks {locked} = revenue {revenue}");

    let minted = stage
        .query::<l_coin::MintedResponse>(&stage.at.l_coin, &l_coin::QueryMsg::Minted {})?
        .minted
        .u128();
    let total = mined(overview.consumed.u128());
    ensure!(total == overview.mined.u128(), "M(C) {total} = {}", overview.mined);
    ensure!(
        total == overview.booked.u128() + minted,
        "M(C) {total} = booked {} + minted {minted}",
        overview.booked
    );
    ensure!(
        overview.consumed.u128() >= seen.consumed && minted >= seen.minted,
        "C or minted fell"
    );
    (seen.consumed, seen.minted) = (overview.consumed.u128(), minted);
    Ok(())
}

/// The markets: everything each contract holds is owed to somebody or was given to it, to the unit; what people have adds up to what the contracts say.
///
/// # Errors
/// Naming the law that is broken.
pub fn houses(stage: &Stage, shadow: &Shadow, seen: &mut Seen) -> Result<()> {
    let chain = &*stage.chain;
    for house in House::ALL {
        let at = stage.house(house);
        let owed = match house {
            House::Staking => of::staking_owes(chain, &at)?,
            House::Exchange => of::exchange_owes(chain, &at)?,
            House::Margin => of::margin_owes(chain, &at)?,
            House::Fund => of::fund_owes(chain, &at)?,
            House::Wars => of::wars_owe(chain, &at)?,
            House::Launchpad => of::Pot::default(),
            House::Market => of::market_owes(chain, &at)?,
            House::Governance => of::governance_owes(chain, &at)?,
        };
        let held = of::Pot {
            lco: of::lco(chain, &stage.at.l_coin, &at)?,
            credits: of::credits(chain, &stage.at.credit_vault, &at)?,
        };
        let due = of::Pot {
            lco: owed.lco + shadow.books.given(house, Coin::Lco),
            credits: owed.credits + shadow.books.given(house, Coin::Credit),
        };
        ensure!(held == due, "{house:?} holds {held:?}, owes and was given {due:?}");
    }
    let pool = of::pool(chain, &stage.house(House::Exchange))?;
    if let Some(before) = &seen.pool {
        of::worth_of_a_share_grows(before, &pool)?;
    }
    seen.pool = Some(pool);
    of::lp_shares(chain, &stage.house(House::Exchange))?;
    let staking = stage.house(House::Staking);
    of::stakes(chain, &staking)?;
    let now = chain.block()?;
    // A live node may answer from a block or two before its newest.
    let at = Moment {
        height: now.height.saturating_sub(2),
        time: now.time.seconds() - 2,
    };
    of::powers(chain, &staking, at).context("now")?;
    let people = crate::shadow::users();
    of::margin_sums(chain, &stage.house(House::Margin), &people)?;
    of::markets(chain, &stage.house(House::Market), &people)?;
    books(stage, shadow)
}

/// What the shadow predicts of stakes, shares, scores and launched units.
fn books(stage: &Stage, shadow: &Shadow) -> Result<()> {
    use interfaces::lco_staking as staking;
    let chain = &*stage.chain;
    let pool = of::pool(chain, &stage.house(House::Exchange))?;
    let predicted = (shadow.books.pool.reserves, shadow.books.pool.shares);
    let actual = (pool.reserves.map(|amount| amount.u128()), pool.total_shares.u128());
    ensure!(actual == predicted, "pool {actual:?}, {predicted:?} predicted");
    let week = crate::shadow::week_of(shadow.now);
    for (user, address) in crate::shadow::users().into_iter().enumerate() {
        let staker = shadow.books.stakers.get(&user).cloned().unwrap_or_default();
        let query = staking::QueryMsg::Account {
            address: address.clone(),
        };
        let account: staking::AccountResponse = of::ask(chain, &stage.house(House::Staking), &query)?;
        let tier = crate::books::tier_of(staker.stake);
        let (actual, predicted) = ((account.stake.u128(), account.tier), (staker.stake, tier));
        ensure!(
            actual == predicted,
            "stake of {user}: {actual:?}, {predicted:?} predicted"
        );
        let slack = stage.clock.tolerance();
        let leaving = account.unbonding.iter().filter(|row| row.until > shadow.now + slack);
        let leaving: Vec<_> = leaving.map(|row| (row.until, row.amount.u128())).collect();
        let predicted: Vec<_> = staker.leaving.range(shadow.now + slack + 1..).collect();
        let same = leaving.len() == predicted.len()
            && leaving
                .iter()
                .zip(&predicted)
                .all(|(a, b)| a.0.abs_diff(*b.0) <= slack && a.1 == *b.1);
        ensure!(same, "unbonding of {user}: {leaving:?}, {predicted:?} predicted");
        let all = account.unbonding.iter().map(|row| row.amount.u128()).sum::<u128>();
        let predicted = staker.leaving.values().sum::<u128>();
        ensure!(all == predicted, "unbonding of {user}: {all}, {predicted} predicted");

        let shares = shadow.books.pool.providers.get(&user).map_or(0, |p| p.shares);
        let query = exchange::QueryMsg::Account {
            address: address.clone(),
        };
        let account: exchange::AccountResponse = of::ask(chain, &stage.house(House::Exchange), &query)?;
        ensure!(
            account.shares.u128() == shares,
            "shares of {user}: {}, {shares} predicted",
            account.shares
        );

        let score = shadow.books.scores.get(&(week, user)).copied().unwrap_or_default();
        let query = wars::QueryMsg::Rank {
            account: address.clone(),
            week,
        };
        let rank: wars::RankResponse = of::ask(chain, &stage.house(House::Wars), &query)?;
        ensure!(
            rank.score.u128() == score,
            "score of {user}: {}, {score} predicted",
            rank.score
        );
    }
    for ((user, sku), units) in &shadow.books.units {
        let query = vault::QueryMsg::Entitlement {
            address: stage.address(Who::User(*user)),
            sku: sku.clone(),
        };
        let row: vault::EntitlementResponse = of::ask(chain, &stage.at.credit_vault, &query)?;
        ensure!(
            row.units.u128() == *units,
            "units of {sku} of {user}: {}, {units} predicted",
            row.units
        );
    }
    Ok(())
}

/// The network's token: Σ balances is the supply, every contract holds what it owes to the unit, locks weigh what they weigh, and the books of treasury, allocation and
/// incentives add up.
///
/// # Errors
/// Naming the law that is broken.
pub fn network(stage: &Stage, shadow: &Shadow, seen: &mut Seen) -> Result<()> {
    let (chain, ledger) = (&*stage.chain, &shadow.ledger);
    // Asked about last: a live node may answer from a block or two before its newest.
    let now = chain.block()?;
    let held = of::vcai_supply(chain, &stage.at.vcai)?;
    for room in Room::ALL {
        let at = stage.room(room);
        let owed = owed(stage, shadow, room)?;
        let (vcai, coins) = ledger.given(room);
        let spent = if room == Room::Treasury { ledger.purse } else { [0; 2] };
        let is = held.get(&at).copied().unwrap_or_default();
        ensure!(
            is + spent[0] == owed.vcai + vcai,
            "{room:?} holds {is} VCAI, owes {}, was given {vcai} and spent {}",
            owed.vcai,
            spent[0]
        );
        let bank = chain.balance(&at, DENOM)?;
        ensure!(
            bank + spent[1] == owed.usdt + coins,
            "{room:?} holds {bank} µUSDT, owes {}, was given {coins} and spent {}",
            owed.usdt,
            spent[1]
        );
    }
    for who in Who::all() {
        let (is, predicted) = (
            held.get(&stage.address(who)).copied().unwrap_or_default(),
            ledger.vcai(who),
        );
        ensure!(is == predicted, "VCAI of {who:?}: {is}, {predicted} predicted");
    }
    let pool = of::pool(chain, &stage.at.vcai_exchange)?;
    if let Some(before) = &seen.vcai_pool {
        of::worth_of_a_share_grows(before, &pool)?;
    }
    let actual = (pool.reserves.map(|amount| amount.u128()), pool.total_shares.u128());
    let predicted = (ledger.pool.reserves, ledger.pool.shares);
    ensure!(actual == predicted, "VCAI pool {actual:?}, {predicted:?} predicted");
    seen.vcai_pool = Some(pool);
    of::lp_shares(chain, &stage.at.vcai_exchange)?;
    plan(stage, shadow)?;
    grants(stage, shadow, now.time.seconds(), seen)?;
    buckets(stage, shadow)?;
    locks(stage, shadow)?;
    let at = Moment {
        height: now.height,
        time: now.time.seconds(),
    };
    of::escrow_powers(chain, &stage.at.vote_escrow, at).context("now")
}

/// VCAI and µUSDT that a contract owes.
#[derive(Default)]
struct Owed {
    vcai: u128,
    usdt: u128,
}

fn owed(stage: &Stage, shadow: &Shadow, room: Room) -> Result<Owed> {
    let (chain, ledger, at) = (&*stage.chain, &shadow.ledger, stage.room(room));
    let vcai = |vcai| Owed { vcai, usdt: 0 };
    Ok(match room {
        Room::Allocation => vcai(of::allocation_owes(chain, &at)?),
        Room::Genesis => {
            let sale = of::genesis_owes(chain, &at, ledger.airdrop)?;
            let predicted = (
                ledger.tokens.len() as u32,
                ledger.sold,
                ledger.claimed,
                ledger.forfeited,
            );
            let actual = (sale.alive, sale.sold, sale.claimed.u128(), sale.forfeited.u128());
            ensure!(actual == predicted, "tokens {actual:?}, {predicted:?} predicted");
            let left = if ledger.tge.is_some() {
                ledger.airdrop - ledger.claimed - ledger.forfeited
            } else {
                0
            };
            Owed {
                vcai: left,
                usdt: sale.held.u128(),
            }
        }
        Room::Escrow => vcai(of::escrow_owes(chain, &at)?),
        Room::Rewards => {
            let overview = of::rewards_owe(chain, &at)?;
            let funded = overview.funded.u128();
            ensure!(
                funded == ledger.bought_back,
                "funded {funded} = bought {}",
                ledger.bought_back
            );
            vcai(funded - overview.paid.u128())
        }
        Room::Treasury => {
            let overview = of::treasury_owes(chain, &at)?;
            let actual = (
                overview.revenue.total.u128(),
                overview.revenue.net_fees.u128(),
                overview.spent.u128(),
            );
            let predicted = (ledger.revenue(), ledger.net_fees(), ledger.spent);
            ensure!(actual == predicted, "treasury {actual:?}, {predicted:?} predicted");
            let bought = overview.bought.u128();
            ensure!(
                bought == ledger.bought_back,
                "bought {bought}, {} predicted",
                ledger.bought_back
            );
            Owed {
                vcai: ledger.forfeited,
                usdt: overview.pot.u128(),
            }
        }
        Room::Pool => {
            let [vcai, usdt] = of::pool(chain, &at)?.reserves.map(|amount| amount.u128());
            Owed { vcai, usdt }
        }
        // Before the TGE nothing has come.
        Room::Incentives => match ledger.tge {
            None => Owed::default(),
            Some(_) => vcai(of::incentives_owe(chain, &at)?),
        },
        Room::Council => vcai(of::governance_owes(chain, &at)?.lco),
    })
}

/// The market opens by the predicted plan, and opened when it did.
fn plan(stage: &Stage, shadow: &Shadow) -> Result<()> {
    let query = allocation::QueryMsg::Tge {};
    let tge: allocation::TgeResponse = stage.query(&stage.at.token_allocation, &query)?;
    let actual = (tge.plan.time, tge.plan.price.u128(), tge.done.map(|done| done.time));
    let ledger = &shadow.ledger;
    let predicted = (ledger.plan.time, ledger.plan.price, ledger.tge);
    ensure!(actual == predicted, "TGE {actual:?}, {predicted:?} predicted");
    Ok(())
}

/// Each grant is the predicted one, and what has vested never falls.
fn grants(stage: &Stage, shadow: &Shadow, now: u64, seen: &mut Seen) -> Result<()> {
    let ledger = &shadow.ledger;
    let rows = of::grants(&*stage.chain, &stage.at.token_allocation)?;
    ensure!(rows.len() == ledger.grants.len(), "{} grants", rows.len());
    let slack = stage.clock.tolerance();
    for (row, grant) in rows.iter().zip(&ledger.grants) {
        let kind = match grant.terms.rest {
            Rest::Line(duration) => VestingKind::Linear { duration },
            Rest::Steps { period, count } => VestingKind::Steps { period, count },
        };
        let (schedule, pending) = (row.schedule, grant.pending.map(|who| stage.address(who)));
        let same = row.bucket == grant.bucket
            && row.beneficiary == stage.address(grant.whose)
            && row.pending_beneficiary == pending
            && row.starts_at == grant.start.or(ledger.tge)
            && (row.amount.u128(), row.claimed.u128()) == (grant.amount, grant.claimed)
            && (schedule.tge_bps(), schedule.cliff(), schedule.kind())
                == (grant.terms.tge_bps, grant.terms.cliff, kind);
        ensure!(same, "{row:?}, {grant:?} predicted");
        // A live node may answer from a block or two before its newest.
        let early = now - slack.min(2);
        let due = grant.vested(ledger.tge, early)..=grant.vested(ledger.tge, now + slack);
        ensure!(due.contains(&row.vested.u128()), "{row:?}, {due:?} vested predicted");
        ensure!(row.claimable == row.vested - row.claimed, "{row:?}");
        seen.grows(
            format!("what has vested of grant {}", row.grant),
            row.vested.u128().try_into()?,
        )?;
    }
    Ok(())
}

/// Buckets that only grants take from have the predicted ones, and the rest free.
fn buckets(stage: &Stage, shadow: &Shadow) -> Result<()> {
    let query = allocation::QueryMsg::Overview {};
    let overview: allocation::OverviewResponse = stage.query(&stage.at.token_allocation, &query)?;
    for row in overview.buckets {
        if matches!(row.bucket, Bucket::Reserve | Bucket::Liquidity | Bucket::Incentives) {
            continue;
        }
        let of = shadow.ledger.grants.iter().filter(|grant| grant.bucket == row.bucket);
        let granted: u128 = of.map(|grant| grant.amount).sum();
        let whole = row.size.u128();
        let predicted = (granted, whole - granted);
        let actual = (row.granted.u128(), row.free.u128());
        ensure!(
            actual == predicted,
            "granted and free {actual:?}, {predicted:?} predicted of {row:?}"
        );
    }
    Ok(())
}

/// Each lock is the predicted one, and its slope the root of what is locked.
fn locks(stage: &Stage, shadow: &Shadow) -> Result<()> {
    use interfaces::vote_escrow as escrow;
    for user in 0..crate::op::USERS {
        let query = escrow::QueryMsg::Lock {
            address: stage.address(Who::User(user)),
        };
        let row: escrow::LockResponse = stage.query(&stage.at.vote_escrow, &query)?;
        let Some(lock) = shadow.ledger.locks.get(&user) else {
            ensure!(row.amount.is_zero(), "a lock of {user} that was withdrawn: {row:?}");
            continue;
        };
        let actual = (row.amount.u128(), row.end, row.slope.u128());
        let predicted = (lock.amount, lock.end, lock.slope());
        ensure!(
            actual == predicted,
            "lock of {user}: {actual:?}, {predicted:?} predicted"
        );
    }
    Ok(())
}

/// µCredit in the markets.
///
/// # Errors
/// When the vault does not answer.
pub fn housed(stage: &Stage) -> Result<u128> {
    let mut all = 0;
    for house in House::ALL {
        all += of::credits(&*stage.chain, &stage.at.credit_vault, &stage.house(house))?;
    }
    Ok(all)
}

/// Σ LCO = minted − burned.
fn coins(stage: &Stage, seen: &Seen) -> Result<()> {
    let at = &stage.at.l_coin;
    let minted: l_coin::MintedResponse = stage.query(at, &l_coin::QueryMsg::Minted {})?;
    let page = l_coin::QueryMsg::AllAccounts {
        start_after: None,
        limit: Some(30),
    };
    let accounts: cw20::AllAccountsResponse = stage.query(at, &page)?;
    let mut sum = 0;
    for address in accounts.accounts {
        sum += stage
            .query::<cw20::BalanceResponse>(at, &l_coin::QueryMsg::Balance { address })?
            .balance
            .u128();
    }
    ensure!(
        sum == minted.minted.u128() - minted.burned.u128(),
        "Σ LCO {sum} = {minted:?}"
    );
    ensure!(
        minted.minted <= minted.cap && minted.minted.u128() == seen.minted,
        "cap"
    );
    Ok(())
}

/// Σ bonds + open challenges = what the oracle says it holds = its bank − donations.
fn bonds(stage: &Stage, shadow: &Shadow) -> Result<()> {
    let at = &stage.at.attestation_oracle;
    let overview: oracle::OverviewResponse = stage.query(at, &oracle::QueryMsg::Overview {})?;
    let mut sum = 0;
    for role in [Role::Gateway, Role::Worker] {
        let page = oracle::QueryMsg::Subjects {
            role,
            start_after: None,
            limit: Some(100),
        };
        sum += stage
            .query::<Vec<oracle::SubjectResponse>>(at, &page)?
            .iter()
            .map(|s| s.bond.u128())
            .sum::<u128>();
    }
    sum += u128::from(overview.open_challenges) * crate::stage::CHALLENGE_BOND;
    let bank = stage.chain.balance(at, DENOM)?;
    ensure!(sum == overview.bonds.u128(), "Σ bonds {sum} = {}", overview.bonds);
    ensure!(
        bank - shadow.given_oracle == sum,
        "bank {bank} less {} = bonds {sum}",
        shadow.given_oracle
    );
    Ok(())
}

/// Chain heads never go back, and every report has one place and one effect.
fn chains(stage: &Stage, shadow: &Shadow, seen: &mut Seen) -> Result<()> {
    let at = &stage.at.attestation_oracle;
    let overview: oracle::OverviewResponse = stage.query(at, &oracle::QueryMsg::Overview {})?;
    ensure!(overview.statements >= seen.statements, "statements fell");
    ensure!(
        overview.statements == shadow.statements,
        "{} statements, {} predicted",
        overview.statements,
        shadow.statements
    );
    ensure!(
        overview.calls == shadow.calls,
        "{} calls, {} predicted",
        overview.calls,
        shadow.calls
    );
    seen.statements = overview.statements;
    let mut places = 0;
    for subject in SUBJECTS {
        let newest = shadow.member(subject).epoch();
        for epoch in newest.saturating_sub(1).max(1)..=newest {
            for chain in chain_ids(subject, epoch) {
                let head: oracle::ChainResponse = stage.query(at, &oracle::QueryMsg::Chain { chain })?;
                let name = format!("{chain:?}");
                seen.grows(name, head.last_seq)?;
            }
        }
    }
    for head in shadow.heads.values() {
        places += head.seq;
    }
    ensure!(places as usize == shadow.reports.len(), "a report without its place");
    Ok(())
}

fn chain_ids(subject: interfaces::attestation_oracle::Subject, epoch: u32) -> Vec<ChainId> {
    match subject.role {
        Role::Gateway => vec![ChainId::Usage {
            gateway: subject.id,
            key_epoch: epoch,
        }],
        Role::Worker => (0..2)
            .map(|job| ChainId::Job {
                worker: subject.id,
                key_epoch: epoch,
                job,
                assignment: 0,
            })
            .collect(),
    }
}

/// Balances and rows of the shadow against the chain's.
///
/// # Errors
/// Naming what differs.
pub fn agree(stage: &Stage, shadow: &Shadow) -> Result<()> {
    for ((gateway, week), row) in &shadow.weeks {
        let actual: WeekResponse = stage.query(
            &stage.at.credit_vault,
            &vault::QueryMsg::Week {
                gateway: *gateway,
                week: *week,
            },
        )?;
        let actual = crate::shadow::Week {
            revenue: actual.revenue.u128(),
            cost: actual.cost.u128(),
            free_cost: actual.free_cost.u128(),
            held: actual.held.u128(),
            forfeited: actual.forfeited.u128(),
            mined: actual.mined.u128(),
            released: actual.released,
        };
        ensure!(
            actual == *row,
            "week {week} of {gateway}: {actual:?}, {row:?} predicted"
        );
    }
    for who in Who::all() {
        let address = stage.address(who);
        let bank = stage.chain.balance(&address, DENOM)?;
        ensure!(
            bank == shadow.usdt(who),
            "USDT of {who:?}: {bank}, {} predicted",
            shadow.usdt(who)
        );
        let account = account(stage, &address)?;
        let free = shadow.credits(who);
        ensure!(
            account.free.u128() == free,
            "Credits of {who:?}: {}, {free} predicted",
            account.free
        );
        let booked = shadow.booked.get(&who).copied().unwrap_or_default();
        ensure!(
            account.booked_lco.u128() == booked,
            "booked of {who:?}: {}, {booked} predicted",
            account.booked_lco
        );
        let lco = shadow.coins(who);
        let held = of::lco(&*stage.chain, &stage.at.l_coin, &address)?;
        ensure!(held == lco, "LCO of {who:?}: {held}, {lco} predicted");
        let Who::User(user) = who else { continue };
        for gateway in 1..=GATEWAYS {
            let purse = shadow.purses.get(&(user, gateway)).cloned().unwrap_or_default();
            let row = account.spending.iter().find(|s| s.gateway == gateway);
            let actual = row.map_or((0, 0), |s| (s.amount.u128(), s.shortfall.u128()));
            ensure!(
                actual == (purse.amount, purse.shortfall),
                "spending of {user} at {gateway}: {actual:?}, {purse:?} predicted"
            );
        }
    }
    Ok(())
}

/// Every address with Credits of any kind.
fn holders(stage: &Stage) -> Result<Vec<String>> {
    let page = vault::QueryMsg::AllAccounts {
        start_after: None,
        limit: Some(100),
    };
    let all: cw20::AllAccountsResponse = stage.query(&stage.at.credit_vault, &page)?;
    let mut all = all.accounts;
    // Whoever has promised everything holds nothing free.
    all.extend(crate::shadow::users());
    all.sort();
    all.dedup();
    Ok(all)
}

pub(crate) fn account(stage: &Stage, address: &str) -> Result<AccountResponse> {
    let query = vault::QueryMsg::Account {
        address: address.to_owned(),
        start_after: None,
        limit: Some(100),
    };
    stage.query(&stage.at.credit_vault, &query)
}

pub(crate) fn weeks(stage: &Stage, gateway: u64) -> Result<Vec<WeekResponse>> {
    let query = vault::QueryMsg::Weeks {
        gateway,
        start_before: None,
        limit: Some(100),
    };
    stage.query(&stage.at.credit_vault, &query)
}
