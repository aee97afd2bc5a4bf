//! Who locks VCAI: makes locks of every length, adds to them, extends them, claims, and leaves.

use anyhow::Result;
use cosmwasm_std::Addr;
use interfaces::{token_allocation as allocation, ve_rewards, vote_escrow as escrow};

use super::town::Town;
use super::world::{Kind, MIN_LOCK};
use crate::world::{DAY, ONE};

/// Days of a lock. Three are refused: a week is the least.
const TERMS: [u64; 9] = [3, 7, 14, 30, 90, 180, 365, 730, 1_461];

impl Town {
    /// A locker does one thing, or a few that belong together.
    ///
    /// # Errors
    /// When a query fails.
    pub fn act(&mut self, index: usize) -> Result<()> {
        let who = self.lockers[index].who.clone();
        let (lock, now) = (self.lock_of(&who)?, self.world.chain.now());
        if lock.amount.is_zero() {
            return self.begin(index);
        }
        if lock.end <= now {
            self.withdraw(&who);
            return Ok(());
        }
        match self.rng.below(12) {
            0 | 1 => {
                let until = now + self.term();
                self.extend(&who, until);
            }
            2 | 3 => self.reinvest(&who)?,
            4 => {
                let amount = self.world.vcai(&who)? / 4;
                self.increase(&who, amount);
            }
            5 => self.lock_vested(&who, self.lockers[index].grant, lock.end),
            6 => self.claim_grant(&who, self.lockers[index].grant),
            7 => {
                self.claim_rewards(&who)?;
            }
            8 | 9 => {
                let usdt = self.rng.between(20 * ONE, 500 * ONE).min(self.world.chain.usdt(&who)?);
                self.world.buy(&who, usdt);
            }
            _ => {
                let vcai = self.rng.between(200 * ONE, 10_000 * ONE);
                let vcai = vcai.min(self.world.vcai(&who)?);
                self.world.sell(&who, vcai);
            }
        }
        Ok(())
    }

    /// The lock of an account.
    ///
    /// # Errors
    /// When the escrow refuses.
    pub fn lock_of(&self, who: &Addr) -> Result<escrow::LockResponse> {
        let address = who.to_string();
        self.world
            .chain
            .query(&self.world.at.escrow, &escrow::QueryMsg::Lock { address })
    }

    /// Seconds of a lock.
    fn term(&mut self) -> u64 {
        TERMS[self.rng.index(TERMS.len())] * DAY
    }

    /// A new lock: at first what was meant to be locked, later half of everything or more. Who has too little claims what has vested.
    fn begin(&mut self, index: usize) -> Result<()> {
        let locker = self.lockers[index].clone();
        let balance = self.world.vcai(&locker.who)?;
        if balance < MIN_LOCK {
            self.claim_grant(&locker.who, locker.grant);
            return Ok(());
        }
        let part = self.rng.between(50, 100);
        let amount = (balance * part / 100).max(locker.first).min(balance);
        let until = self.world.chain.now() + self.term();
        self.lock(&locker.who, amount, until);
        Ok(())
    }

    /// Locks so much until then.
    pub fn lock(&mut self, who: &Addr, amount: u128, until: u64) {
        let escrow = self.world.at.escrow.clone();
        let hook = escrow::Cw20Hook::Lock { until };
        self.world.hand(Kind::Lock, who, &escrow, amount, &hook);
    }

    /// Adds to a lock; nothing for 0.
    pub fn increase(&mut self, who: &Addr, amount: u128) {
        if amount > 0 {
            let escrow = self.world.at.escrow.clone();
            let hook = escrow::Cw20Hook::IncreaseAmount {};
            self.world.hand(Kind::Increase, who, &escrow, amount, &hook);
        }
    }

    /// Moves the end of a lock.
    pub fn extend(&mut self, who: &Addr, until: u64) {
        let escrow = self.world.at.escrow.clone();
        self.world
            .say(Kind::Extend, who, &escrow, &escrow::ExecuteMsg::ExtendTo { until });
    }

    /// Takes a lock that has ended back.
    pub fn withdraw(&mut self, who: &Addr) {
        let escrow = self.world.at.escrow.clone();
        self.world
            .say(Kind::Withdraw, who, &escrow, &escrow::ExecuteMsg::Withdraw {});
    }

    /// Moves what has vested straight into the lock.
    pub fn lock_vested(&mut self, who: &Addr, grant: u64, until: u64) {
        let allocation = self.world.at.allocation.clone();
        let msg = allocation::ExecuteMsg::LockVested {
            grant,
            amount: None,
            until,
        };
        self.world.say(Kind::LockVested, who, &allocation, &msg);
    }

    /// Claims what the lock has earned; base units received.
    ///
    /// # Errors
    /// When a query fails.
    pub fn claim_rewards(&mut self, who: &Addr) -> Result<u128> {
        let rewards = self.world.at.rewards.clone();
        let before = self.world.vcai(who)?;
        self.world
            .say(Kind::RewardClaim, who, &rewards, &ve_rewards::ExecuteMsg::Claim {});
        Ok(self.world.vcai(who)? - before)
    }

    /// Claims, locks half and sells the rest.
    fn reinvest(&mut self, who: &Addr) -> Result<()> {
        let earned = self.claim_rewards(who)?;
        self.increase(who, earned / 2);
        if earned > 1_000 {
            self.world.sell(who, earned / 2);
        }
        Ok(())
    }
}
