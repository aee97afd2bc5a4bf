//! What agents do. Each acts on what it can see: its balances, the pool, its own idea of the value of LCO.

use std::collections::BTreeSet;

use anyhow::Result;
use cosmwasm_std::{Addr, Uint128};
use interfaces::{credit_vault as vault, exchange, l_coin, lco_staking as staking, margin};
use serde::Serialize;

use crate::markets::Question;
use crate::rng::Rng;
use crate::world::{Kind, World, ONE};

/// What an agent lives for. All of them may also claim, stake, trade and redeem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Consumer,
    Provider,
    Lender,
    Long,
    Short,
    Bettor,
    Trader,
    Sandwich,
    Wash,
}

/// How many of 1,000 agents have which role.
const SHARES: [(Role, usize); 9] = [
    (Role::Consumer, 380),
    (Role::Provider, 60),
    (Role::Lender, 70),
    (Role::Long, 150),
    (Role::Short, 90),
    (Role::Bettor, 190),
    (Role::Trader, 40),
    (Role::Sandwich, 10),
    (Role::Wash, 10),
];

/// The role of one of `all` agents.
#[must_use]
pub fn role_of(index: usize, all: usize) -> Role {
    let place = index * 1_000 / all.max(1);
    let mut end = 0;
    for (role, share) in SHARES {
        end += share;
        if place < end {
            return role;
        }
    }
    Role::Consumer
}

/// Somebody.
#[derive(Clone, Debug)]
pub struct Agent {
    pub address: Addr,
    pub role: Role,
    /// Gateways at which it has a spending account.
    pub gateways: BTreeSet<u64>,
    /// Markets it bet on and did not claim.
    pub bets: BTreeSet<u64>,
    /// Gave the exchange its allowances.
    pub allowed: bool,
    /// Bought units of a launch.
    pub entitled: bool,
}

/// Everybody, what they believe, and where things stand.
pub struct Town {
    pub world: World,
    pub rng: Rng,
    pub agents: Vec<Agent>,
    /// µCredit per LCO that traders think it is worth.
    pub fair: u128,
    pub questions: Vec<Question>,
    /// The launch that runs.
    pub launch: Option<u64>,
    /// What attackers gained (or lost), µCredit.
    pub sandwich_profit: i128,
    pub sandwiches: u64,
    /// Number of the next usage report of each gateway.
    pub reports: [u64; 3],
}

fn n(value: u128) -> Uint128 {
    Uint128::new(value)
}

impl Town {
    /// One agent does one thing, or a few that belong together.
    ///
    /// # Errors
    /// When a query fails.
    pub fn act(&mut self, index: usize) -> Result<()> {
        if self.rng.chance(120) {
            return self.keep_house(index);
        }
        match self.agents[index].role {
            Role::Consumer | Role::Wash => self.consume(index),
            Role::Provider => self.provide(index),
            Role::Lender => self.lend(index),
            Role::Long => self.speculate(index, margin::Side::Long),
            Role::Short => self.speculate(index, margin::Side::Short),
            Role::Bettor => self.bet(index),
            Role::Trader | Role::Sandwich => self.trade(index, 4),
        }
    }

    pub fn address(&self, index: usize) -> Addr {
        self.agents[index].address.clone()
    }

    /// Deposits what is missing to `amount` Credits; whether they are there.
    ///
    /// # Errors
    /// When a query fails.
    pub fn have_credits(&mut self, index: usize, amount: u128) -> Result<bool> {
        let me = self.address(index);
        let have = self.world.credits(&me)?;
        if have >= amount {
            return Ok(true);
        }
        let missing = amount - have;
        if self.world.usdt(&me)? < missing {
            return Ok(false);
        }
        Ok(self.world.deposit(&me, missing).is_some())
    }

    // ---- everybody ----

    /// Claims mined LCO, stakes, sells, redeems.
    fn keep_house(&mut self, index: usize) -> Result<()> {
        let me = self.address(index);
        let account: vault::AccountResponse = self.world.query(
            &self.world.at.vault.clone(),
            &vault::QueryMsg::Account {
                address: me.to_string(),
                start_after: None,
                limit: None,
            },
        )?;
        if account.booked_lco.u128() > ONE {
            self.world.vault(Kind::MintClaim, &me, &vault::ExecuteMsg::ClaimLco {});
            return Ok(());
        }
        match self.rng.below(10) {
            0..=3 => self.stake(index, 2),
            4 => self.unstake(index),
            5..=7 => self.trade(index, 1),
            _ if account.free.u128() > 100 * ONE => {
                let amount = n(account.free.u128() / 4);
                self.world
                    .vault(Kind::Redeem, &me, &vault::ExecuteMsg::Redeem { amount, to: None });
                Ok(())
            }
            _ => self.trade(index, 1),
        }
    }

    /// Stakes a part of what it has.
    ///
    /// # Errors
    /// When a query fails.
    pub fn stake(&mut self, index: usize, divisor: u128) -> Result<()> {
        let me = self.address(index);
        let amount = self.world.lco(&me)? / divisor;
        if amount == 0 {
            return self.trade(index, 1);
        }
        let hook = staking::Cw20Hook::Stake { r#for: None };
        let to = self.world.at.staking.clone();
        self.world.pay_lco(Kind::Stake, &me, &to, amount, &hook);
        Ok(())
    }

    fn unstake(&mut self, index: usize) -> Result<()> {
        let (me, staking) = (self.address(index), self.world.at.staking.clone());
        let address = me.to_string();
        let account: staking::AccountResponse = self.world.query(&staking, &staking::QueryMsg::Account { address })?;
        if account.claimable > Uint128::zero() {
            self.world
                .send(Kind::Unstake, &me, &staking, &staking::ExecuteMsg::Claim {}, &[]);
            return Ok(());
        }
        let amount = n(account.stake.u128() / 8);
        if amount.is_zero() {
            return self.stake(index, 3);
        }
        let msg = staking::ExecuteMsg::Unstake { amount };
        self.world.send(Kind::Unstake, &me, &staking, &msg, &[]);
        Ok(())
    }

    /// Buys below what it thinks LCO is worth and sells above, more the further away the price is.
    ///
    /// # Errors
    /// When a query fails.
    pub fn trade(&mut self, index: usize, size: u128) -> Result<()> {
        let pool = self.world.pool()?;
        let [lco, credits] = pool.reserves.map(|amount| amount.u128());
        if lco == 0 {
            return Ok(());
        }
        // everybody errs by a few per cent
        let error = self.rng.normal_ppm(15_000);
        let opinion = self
            .fair
            .saturating_add_signed(self.fair as i128 * i128::from(error) / 1_000_000);
        let price = credits * ONE / lco;
        let gap_bps = price.abs_diff(opinion) * 10_000 / opinion.max(1);
        // a gap of g closes with about g/2 of a reserve; each trade goes a part of the way
        let part_bps = (gap_bps / 8).min(100) * size / 4 + 1;
        if price < opinion {
            self.buy(index, credits * part_bps / 10_000).map(|_| ())
        } else {
            self.sell(index, lco * part_bps / 10_000).map(|_| ())
        }
    }

    /// Swaps up to `credits` into LCO; µLCO received.
    ///
    /// # Errors
    /// When a query fails.
    pub fn buy(&mut self, index: usize, credits: u128) -> Result<Option<u128>> {
        if credits < 1_000 || !self.have_credits(index, credits)? {
            return Ok(None);
        }
        let (me, exchange) = (self.address(index), self.world.at.exchange.clone());
        let sent = self.world.pay_credits(Kind::Trade, &me, &exchange, credits, &swap());
        Ok(sent.and_then(|response| crate::world::attribute(&response, "swap", "amount_out")?.parse().ok()))
    }

    /// Swaps up to `lco` of what it has into Credits; µCredit received.
    ///
    /// # Errors
    /// When a query fails.
    pub fn sell(&mut self, index: usize, lco: u128) -> Result<Option<u128>> {
        let (me, exchange) = (self.address(index), self.world.at.exchange.clone());
        let lco = lco.min(self.world.lco(&me)?);
        if lco < 1_000 {
            return Ok(None);
        }
        let sent = self.world.pay_lco(Kind::Trade, &me, &exchange, lco, &swap());
        Ok(sent.and_then(|response| crate::world::attribute(&response, "swap", "amount_out")?.parse().ok()))
    }

    // ---- consumers ----

    /// Keeps a spending account filled.
    fn consume(&mut self, index: usize) -> Result<()> {
        let wash = self.agents[index].role == Role::Wash;
        let gateway = if wash { 3 } else { 1 + self.rng.below(2) };
        let amount = self.rng.between(40 * ONE, 160 * ONE);
        self.promise(index, gateway, amount)
    }

    /// Opens a spending account at the gateway, or tops it up when it runs low.
    ///
    /// # Errors
    /// When a query fails.
    pub fn promise(&mut self, index: usize, gateway: u64, amount: u128) -> Result<()> {
        let me = self.address(index);
        let address = me.to_string();
        let spending: vault::SpendingResponse = self.world.query(
            &self.world.at.vault.clone(),
            &vault::QueryMsg::Spending { address, gateway },
        )?;
        if spending.state == vault::SpendingState::Open && spending.amount.u128() > amount / 2 {
            return self.keep_house(index);
        }
        if !self.have_credits(index, amount)? {
            return Ok(());
        }
        let msg = match spending.state {
            vault::SpendingState::Open => vault::ExecuteMsg::TopUpSpending {
                gateway,
                amount: n(amount),
            },
            _ => vault::ExecuteMsg::OpenSpending {
                gateway,
                amount: n(amount),
                max_per_day: n(1_000_000 * ONE),
            },
        };
        if self.world.vault(Kind::Spending, &me, &msg).is_some() {
            self.agents[index].gateways.insert(gateway);
        }
        Ok(())
    }

    // ---- liquidity ----

    /// Adds liquidity, announces, or leaves in its window.
    fn provide(&mut self, index: usize) -> Result<()> {
        let (me, exchange) = (self.address(index), self.world.at.exchange.clone());
        let address = me.to_string();
        let account: exchange::AccountResponse =
            self.world.query(&exchange, &exchange::QueryMsg::Account { address })?;
        if let Some(announced) = account.announcement {
            if announced.from <= self.world.now() {
                let msg = exchange::ExecuteMsg::Withdraw {
                    shares: announced.shares,
                    min_amounts: [Uint128::zero(); 2],
                };
                self.world.send(Kind::Liquidity, &me, &exchange, &msg, &[]);
                return Ok(());
            }
            return self.keep_house(index);
        }
        match self.rng.below(10) {
            0 if !account.shares.is_zero() => self.announce(index, account.shares.u128() / 4),
            1..=5 => {
                let lco = self.world.lco(&me)? / 3;
                self.add_liquidity(index, lco)
            }
            _ => self.trade(index, 2),
        }
    }

    /// Announces the withdrawal of so many shares.
    ///
    /// # Errors
    /// Never now.
    pub fn announce(&mut self, index: usize, shares: u128) -> Result<()> {
        let (me, exchange) = (self.address(index), self.world.at.exchange.clone());
        let msg = exchange::ExecuteMsg::AnnounceWithdrawal { shares: n(shares) };
        self.world.send(Kind::Liquidity, &me, &exchange, &msg, &[]);
        Ok(())
    }

    /// Adds so many µLCO and the Credits that go with them.
    ///
    /// # Errors
    /// When a query fails.
    pub fn add_liquidity(&mut self, index: usize, lco: u128) -> Result<()> {
        let (me, exchange) = (self.address(index), self.world.at.exchange.clone());
        let [base, quote] = self.world.pool()?.reserves.map(|amount| amount.u128());
        let credits = match base {
            0 => lco * self.fair / ONE,
            _ => math::mul_div_ceil(lco, quote, base).unwrap_or_default() + 1,
        };
        if lco < ONE || !self.have_credits(index, credits)? {
            return self.trade(index, 2);
        }
        self.allow(index);
        let msg = exchange::ExecuteMsg::Provide {
            amounts: [n(lco), n(credits)],
            min_shares: Uint128::zero(),
            deadline: None,
        };
        self.world.send(Kind::Liquidity, &me, &exchange, &msg, &[]);
        Ok(())
    }

    fn allow(&mut self, index: usize) {
        if self.agents[index].allowed {
            return;
        }
        let me = self.address(index);
        let (vault, l_coin) = (self.world.at.vault.clone(), self.world.at.l_coin.clone());
        let (spender, amount) = (self.world.at.exchange.to_string(), n(u128::MAX / 2));
        let credits = vault::ExecuteMsg::IncreaseAllowance {
            spender: spender.clone(),
            amount,
            expires: None,
        };
        let lco = l_coin::ExecuteMsg::IncreaseAllowance {
            spender,
            amount,
            expires: None,
        };
        let first = self.world.send(Kind::Allowance, &me, &vault, &credits, &[]);
        let second = self.world.send(Kind::Allowance, &me, &l_coin, &lco, &[]);
        self.agents[index].allowed = first.is_some() && second.is_some();
    }

    // ---- lenders ----

    /// Lends Credits or LCO, or takes a part back.
    fn lend(&mut self, index: usize) -> Result<()> {
        let (me, margin) = (self.address(index), self.world.at.margin.clone());
        match self.rng.below(10) {
            0..=3 => {
                let amount = self.rng.between(5 * ONE, 60 * ONE);
                self.supply(index, margin::Token::Credit, amount)
            }
            4..=6 => {
                let amount = self.world.lco(&me)? / 12;
                self.supply(index, margin::Token::Lco, amount)
            }
            7..=8 => {
                let address = me.to_string();
                let lent: margin::LenderResponse = self.world.query(&margin, &margin::QueryMsg::Lender { address })?;
                let (token, shares) = match self.rng.chance(500) {
                    true => (margin::Token::Credit, lent.credit_shares),
                    false => (margin::Token::Lco, lent.lco_shares),
                };
                let shares = n(shares.u128() / 10);
                if shares.is_zero() {
                    return self.trade(index, 1);
                }
                let msg = margin::ExecuteMsg::Withdraw { token, shares };
                self.world.send(Kind::Lend, &me, &margin, &msg, &[]);
                Ok(())
            }
            _ => self.trade(index, 1),
        }
    }

    /// Lends so much to a pool.
    ///
    /// # Errors
    /// When a query fails.
    pub fn supply(&mut self, index: usize, token: margin::Token, amount: u128) -> Result<()> {
        let (me, margin) = (self.address(index), self.world.at.margin.clone());
        let hook = margin::Cw20Hook::Supply {
            min_shares: Uint128::zero(),
        };
        match token {
            margin::Token::Credit if self.have_credits(index, amount)? => {
                self.world.pay_credits(Kind::Lend, &me, &margin, amount, &hook);
            }
            margin::Token::Lco if amount > ONE => {
                self.world.pay_lco(Kind::Lend, &me, &margin, amount, &hook);
            }
            _ => return self.trade(index, 1),
        }
        Ok(())
    }

    // ---- leverage ----

    /// Opens a position if it has none; otherwise mostly waits, and now and then adds, takes or closes.
    fn speculate(&mut self, index: usize, side: margin::Side) -> Result<()> {
        let (me, margin) = (self.address(index), self.world.at.margin.clone());
        let open: Vec<margin::PositionResponse> = self.world.query(
            &margin,
            &margin::QueryMsg::Positions {
                owner: me.to_string(),
                start_after: None,
                limit: Some(1),
            },
        )?;
        let Some(position) = open.first() else {
            return self.open(index, side);
        };
        let (id, some) = (position.position, self.rng.between(ONE, 8 * ONE));
        match self.rng.below(20) {
            0..=3 => {
                let msg = margin::ExecuteMsg::Close {
                    position: id,
                    min_payout: Uint128::zero(),
                    deadline: None,
                };
                self.world.send(kind(side), &me, &margin, &msg, &[]);
            }
            4..=6 => {
                if self.have_credits(index, some)? {
                    let hook = margin::Cw20Hook::AddCollateral { position: id };
                    self.world.pay_credits(Kind::Collateral, &me, &margin, some, &hook);
                }
            }
            7..=8 => {
                let msg = margin::ExecuteMsg::TakeCollateral {
                    position: id,
                    amount: n(some),
                };
                self.world.send(Kind::Collateral, &me, &margin, &msg, &[]);
            }
            9..=12 => self.trade(index, 1)?,
            _ => self.stake(index, 4)?,
        }
        Ok(())
    }

    /// Opens at 2 to 4.6 times.
    fn open(&mut self, index: usize, side: margin::Side) -> Result<()> {
        let (me, margin) = (self.address(index), self.world.at.margin.clone());
        let pool = self.world.pool()?;
        let limit = pool.lowest_reserves_24h[1].u128() / 200;
        let leverage_bps = self.rng.between(20_000, 46_000);
        let notional = self.rng.between(30 * ONE, 400 * ONE).min(limit * 8 / 10);
        let collateral = notional * 10_000 / leverage_bps;
        let price = self.world.price()?;
        let borrow = match side {
            margin::Side::Long => notional - collateral,
            margin::Side::Short => notional * ONE / price.max(1),
        };
        if pool.mark.is_none() || !self.have_credits(index, collateral)? {
            return self.trade(index, 1);
        }
        let hook = margin::Cw20Hook::Open {
            side,
            borrow: n(borrow),
            min_out: Uint128::zero(),
            deadline: None,
            position: None,
        };
        if self
            .world
            .pay_credits(kind(side), &me, &margin, collateral, &hook)
            .is_none()
        {
            // caps are reached, or the pool has nothing to lend: wait, and do something else
            return self.trade(index, 1);
        }
        Ok(())
    }
}

/// A swap for whatever it gives.
#[must_use]
pub fn swap() -> exchange::Cw20Hook {
    exchange::Cw20Hook::Swap {
        min_out: Uint128::zero(),
        deadline: None,
        to: None,
    }
}

const fn kind(side: margin::Side) -> Kind {
    match side {
        margin::Side::Long => Kind::Long,
        margin::Side::Short => Kind::Short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_its_share() {
        let all: Vec<Role> = (0..500).map(|index| role_of(index, 500)).collect();
        for (role, share) in SHARES {
            let found = all.iter().filter(|other| **other == role).count();
            assert_eq!(found, share / 2, "{role:?}");
        }
        assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<usize>(), 1_000);
        // even a small town has attackers
        assert!((0..100).any(|index| role_of(index, 100) == Role::Wash));
    }
}
