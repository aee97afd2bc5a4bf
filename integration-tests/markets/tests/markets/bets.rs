//! A question, two bets, a lie, two disputes, a vote, and what everybody gets.

use anyhow::{ensure, Context, Result};
use cosmwasm_std::HexBinary;
use interfaces::governance::{self, Choice, Status};
use interfaces::l_coin;
use interfaces::prediction_market as market;
use markets::world::{number, same, units, Person, World, HOUR, ONE};
use replay::books::root;

use crate::Cast;

/// The first bond: 100 LCO, which is more than 1 % of the pool.
const BOND: u128 = 100 * ONE;
/// Of 10,000, from the deployment.
const FEE: u128 = 500;

/// The pool of the book: money, shares and net money of two outcomes.
struct Pool {
    money: u128,
    shares: [u128; 2],
    net: [u128; 2],
}

impl Pool {
    fn begin(ante: u128) -> Self {
        // ⌊A / √2⌋ = ⌊√(A² / 2)⌋
        Self {
            money: ante,
            shares: [root(ante * ante / 2); 2],
            net: [ante / 2; 2],
        }
    }

    fn squares(&self) -> u128 {
        self.shares[0] * self.shares[0] + self.shares[1] * self.shares[1]
    }

    fn buy(&mut self, outcome: usize, paid: u128) -> u128 {
        let cost = root(self.squares()) + paid;
        let other = self.shares[1 - outcome];
        let after = root(cost * cost - other * other);
        let bought = after - self.shares[outcome];
        self.shares[outcome] = after;
        self.money += paid;
        self.net[outcome] += paid;
        bought
    }

    fn sell(&mut self, outcome: usize, sold: u128) -> u128 {
        let cost = root(self.squares());
        self.shares[outcome] -= sold;
        let left = root(self.squares());
        let up = if left * left < self.squares() { left + 1 } else { left };
        let refund = cost - up;
        self.money -= refund;
        self.net[outcome] -= refund;
        refund
    }
}

fn state(world: &World, id: u64) -> Result<market::MarketResponse> {
    world.query(&world.at.prediction_market, &market::QueryMsg::Market { market: id })
}

fn burned(world: &World) -> Result<u128> {
    let coin: l_coin::MintedResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::Minted {})?;
    Ok(coin.burned.u128())
}

fn propose(world: &mut World, by: &Person) -> Result<u64> {
    let at = world.at.prediction_market.clone();
    let close_at = world.now()? + HOUR;
    let hook = market::Cw20Hook::Propose {
        question: "Does the index stand above 100 at noon?".into(),
        outcomes: vec!["no".into(), "yes".into()],
        close_at,
        resolve_after: close_at,
        evidence_rule: "The figure published for that noon.".into(),
    };
    let opened = world.pay_lco(by, &at, 100 * ONE, &hook)?;
    Ok(u64::try_from(number(&opened, "market_created", "market")?)?)
}

fn buy(world: &mut World, by: &Person, id: u64, outcome: u8, amount: u128) -> Result<u128> {
    let at = world.at.prediction_market.clone();
    let hook = market::Cw20Hook::Buy {
        market: id,
        outcome,
        min_shares: amount.into(),
    };
    number(&world.pay_lco(by, &at, amount, &hook)?, "buy", "shares")
}

/// Carl asks, Bo bets on no and sells part of it, Cy bets on yes: the amounts of the book's example.
fn bet(world: &mut World, cast: &Cast, pool: &mut Pool) -> Result<(u64, u128)> {
    let at = world.at.prediction_market.clone();
    let id = propose(world, &cast.carl)?;
    let bo = buy(world, &cast.bo, id, 0, 50 * ONE)?;
    same("Bo's shares", bo, pool.buy(0, 50 * ONE))?;
    let cy = buy(world, &cast.cy, id, 1, 30 * ONE)?;
    same("Cy's shares", cy, pool.buy(1, 30 * ONE))?;
    let had = world.lco(cast.bo.address())?;
    let sell = market::ExecuteMsg::Sell {
        market: id,
        outcome: 0,
        shares: (20 * ONE).into(),
        min_refund: 0u128.into(),
    };
    world.execute(&cast.bo, &at, &sell, &[])?;
    let refund = pool.sell(0, 20 * ONE);
    same("Bo's refund", world.lco(cast.bo.address())? - had, refund)?;
    same("the example's refund", refund, 14_143_141u128)?;
    let now = state(world, id)?;
    same("the pool", now.pool, pool.money)?;
    same("the example's pool", pool.money, 165_856_859u128)?;
    for (outcome, shares) in now.outcomes.iter().zip(pool.shares) {
        same("shares of an outcome", outcome.shares, shares)?;
    }
    world.say(format!("a market of {} LCO; Bo is on no, Cy on yes", units(pool.money)));
    Ok((id, cy))
}

/// Bo answers what suits him, Cy disputes, Bo insists: each bond twice the one before. With the third one the stakers are asked.
fn dispute(world: &mut World, cast: &Cast, id: u64) -> Result<()> {
    let at = world.at.prediction_market.clone();
    let evidence = HexBinary::from([7; 32]);
    let early = market::Cw20Hook::Answer {
        market: id,
        answer: 0,
        evidence: evidence.clone(),
    };
    let send = l_coin::ExecuteMsg::Send {
        contract: at.clone(),
        amount: BOND.into(),
        msg: cosmwasm_std::to_json_binary(&early)?,
    };
    let coin = world.at.l_coin.clone();
    let code = world.refused(&cast.bo, &coin, &send)?;
    ensure!(code == "market:9", "{code}: nobody answers while people bet");
    world.until(state(world, id)?.resolve_after + 1)?;
    world.pay_lco(&cast.bo, &at, BOND, &early)?;
    for (by, answer, bond) in [(&cast.cy, 1, 2 * BOND), (&cast.bo, 0, 4 * BOND)] {
        let next = state(world, id)?.next_bond.context("no next bond")?;
        same("the next bond", next, bond)?;
        let hook = market::Cw20Hook::Dispute {
            market: id,
            answer,
            evidence: evidence.clone(),
        };
        world.pass(60)?;
        world.pay_lco(by, &at, bond, &hook)?;
    }
    let status = state(world, id)?.status;
    ensure!(status == market::Status::Voting, "{status:?}");
    Ok(())
}

/// Ann's stake is for yes, Carl's for no. Nobody else has any, and stake that comes now has no vote.
fn decide(world: &mut World, cast: &Cast, id: u64) -> Result<()> {
    let at = world.at.governance.clone();
    let query = governance::QueryMsg::Outcome { market: id };
    let open: governance::ProposalResponse = world.query(&at, &query)?;
    let proposal = open.summary.id;
    for (by, answer) in [(&cast.ann, 1), (&cast.carl, 0)] {
        let choice = Choice::Answer(answer);
        world.execute(by, &at, &governance::ExecuteMsg::Vote { proposal, choice }, &[])?;
    }
    let choice = Choice::Answer(0);
    let code = world.refused(&cast.bo, &at, &governance::ExecuteMsg::Vote { proposal, choice })?;
    ensure!(code == "governance:9", "{code}");
    let code = world.refused(&cast.gus, &at, &governance::ExecuteMsg::Execute { proposal })?;
    ensure!(code == "governance:7", "{code}");
    let tallied: governance::ProposalResponse = world.query(&at, &query)?;
    let governance::Subject::Outcome { answers, total, .. } = tallied.subject else {
        anyhow::bail!("{:?}", tallied.subject)
    };
    same("the electorate", total, 70_000 * ONE)?;
    for tally in answers {
        let stake = if tally.answer == 1 { 50_000 } else { 20_000 };
        same("votes for an answer", tally.weight, stake * ONE)?;
    }
    world.until(tallied.summary.schedule.voting_ends + 1)?;
    let now: governance::ProposalResponse = world.query(&at, &query)?;
    ensure!(now.summary.status == Status::Ready, "{:?}", now.summary.status);
    world.execute(&cast.gus, &at, &governance::ExecuteMsg::Execute { proposal }, &[])?;
    world.say("the stakers decide for yes by 50,000 to 20,000");
    Ok(())
}

/// Everything from the question to the last claim.
pub fn question(world: &mut World, cast: &Cast) -> Result<()> {
    let at = world.at.prediction_market.clone();
    let mut pool = Pool::begin(100 * ONE);
    let (id, cy) = bet(world, cast, &mut pool)?;
    dispute(world, cast, id)?;
    let (burned_before, had) = (burned(world)?, world.lco(cast.cy.address())?);
    decide(world, cast, id)?;

    // Bo's 100 and 400 were wrong: half of it is Cy's beside his own 200, the rest is burned.
    same(
        "Cy's bond and reward",
        world.lco(cast.cy.address())? - had,
        2 * BOND + 5 * BOND / 2,
    )?;
    same("wrong bonds burned", burned(world)? - burned_before, 5 * BOND / 2)?;
    let (weight, losers) = (pool.shares[1], pool.money - pool.net[1]);
    let fee = (FEE * losers / 10_000).min(pool.money - weight);
    let shared = pool.money - fee;

    let claim = market::ExecuteMsg::Claim {
        market: id,
        waiver: false,
    };
    let code = world.refused(&cast.bo, &at, &claim)?;
    ensure!(code == "market:22", "{code}: who bet on no gets nothing");
    let paid = |world: &mut World, by: &Person| -> Result<u128> {
        let before = world.lco(by.address())?;
        world.execute(by, &at, &claim, &[])?;
        Ok(world.lco(by.address())? - before)
    };
    let won = paid(world, &cast.cy)?;
    same("Cy's claim", won, shared * cy / weight)?;
    let code = world.refused(&cast.cy, &at, &claim)?;
    ensure!(code == "market:22", "{code}: nobody claims twice");
    let rest = paid(world, &cast.carl)?;
    same("the last claim", rest, shared - won)?;
    same("fees burned", burned(world)? - burned_before, 5 * BOND / 2 + fee)?;
    let overview: market::OverviewResponse = world.query(&at, &market::QueryMsg::Overview {})?;
    same(
        "owed by the market",
        overview.open_interest + overview.unclaimed + overview.bonds,
        0u128,
    )?;
    same("held by the market", world.lco(&at)?, 0u128)?;
    world.say(format!(
        "Cy claims {} LCO for his 30, Carl {} for his ante of 100, {} are burned",
        units(won),
        units(rest),
        units(5 * BOND / 2 + fee)
    ));
    Ok(())
}
