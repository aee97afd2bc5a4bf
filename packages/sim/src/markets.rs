//! Bets: markets are opened, bet on, answered (now and then by a liar), disputed, decided by the stakers, and claimed.

use anyhow::Result;
use cosmwasm_std::{HexBinary, Uint128};
use interfaces::prediction_market as market;
use interfaces::{governance, lco_staking as staking};

use crate::agents::Town;
use crate::world::{attribute, Kind, DAY, HOUR, ONE};

/// A market that is not done with.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub market: u64,
    pub outcomes: u8,
    /// What is true; nobody disputes about that but liars.
    pub truth: u8,
    /// When trading ends.
    pub close_at: u64,
    /// The stakers were asked and answered.
    pub voted: bool,
}

impl Town {
    /// Bets, sells, or claims.
    ///
    /// # Errors
    /// When a query fails.
    pub fn bet(&mut self, index: usize) -> Result<()> {
        let (me, to) = (self.address(index), self.world.at.market.clone());
        let now = self.world.now();
        let open: Vec<Question> = self.questions.iter().copied().filter(|q| now < q.close_at).collect();
        if open.is_empty() {
            return self.trade(index, 1);
        }
        let question = open[self.rng.index(open.len())];
        let held = self.agents[index].bets.contains(&question.market);
        if held && self.rng.chance(250) {
            return self.sell_bet(index, question);
        }
        let amount = self.rng.between(ONE, 40 * ONE);
        if self.world.lco(&me)? < amount {
            let credits = amount * self.fair / ONE * 3;
            self.buy(index, credits)?;
            return Ok(());
        }
        // the crowd is right more often than not
        let outcome = match self.rng.chance(550) {
            true => question.truth,
            false => self.rng.below(question.outcomes.into()) as u8,
        };
        let hook = market::Cw20Hook::Buy {
            market: question.market,
            outcome,
            min_shares: Uint128::zero(),
        };
        if self.world.pay_lco(Kind::Bet, &me, &to, amount, &hook).is_some() {
            self.agents[index].bets.insert(question.market);
        }
        Ok(())
    }

    fn sell_bet(&mut self, index: usize, question: Question) -> Result<()> {
        let (me, to) = (self.address(index), self.world.at.market.clone());
        let position = self.position(index, question.market)?;
        let Some(held) = position.holdings.iter().find(|row| row.shares > position.locked) else {
            return Ok(());
        };
        let msg = market::ExecuteMsg::Sell {
            market: question.market,
            outcome: held.outcome,
            shares: Uint128::new((held.shares - position.locked).u128().div_ceil(2)),
            min_refund: Uint128::zero(),
        };
        self.world.send(Kind::SellBet, &me, &to, &msg, &[]);
        Ok(())
    }

    fn position(&self, index: usize, market: u64) -> Result<market::PositionResponse> {
        let address = self.agents[index].address.to_string();
        self.world
            .query(&self.world.at.market, &market::QueryMsg::Position { market, address })
    }

    /// Somebody opens a market of two days.
    ///
    /// # Errors
    /// When a query fails.
    pub fn open_question(&mut self) -> Result<()> {
        let ante = self.rng.between(100 * ONE, 200 * ONE);
        let Some(index) = self.somebody_with_lco(ante)? else {
            return Ok(());
        };
        let (me, to, now) = (self.address(index), self.world.at.market.clone(), self.world.now());
        let outcomes = 2 + self.rng.below(7) as u8;
        let hook = market::Cw20Hook::Propose {
            question: format!("What will the index show on day {}?", now / DAY),
            outcomes: (0..outcomes).map(|outcome| format!("range {outcome}")).collect(),
            close_at: now + 2 * DAY,
            resolve_after: now + 2 * DAY + HOUR,
            evidence_rule: "The figure published for that day.".into(),
        };
        let sent = self.world.pay_lco(Kind::CreateMarket, &me, &to, ante, &hook);
        let id = sent.and_then(|response| attribute(&response, "market_created", "market")?.parse().ok());
        if let Some(market) = id {
            self.agents[index].bets.insert(market);
            let truth = self.rng.below(outcomes.into()) as u8;
            self.questions.push(Question {
                market,
                outcomes,
                truth,
                close_at: now + 2 * DAY,
                voted: false,
            });
        }
        Ok(())
    }

    /// One of a few drawn at random who has so much LCO.
    fn somebody_with_lco(&mut self, amount: u128) -> Result<Option<usize>> {
        for _ in 0..20 {
            let index = self.rng.index(self.agents.len());
            if self.world.lco(&self.agents[index].address)? >= amount {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    /// Brings every market a step further.
    ///
    /// # Errors
    /// When a query fails.
    pub fn tend_questions(&mut self) -> Result<()> {
        let mut still = Vec::new();
        for mut question in std::mem::take(&mut self.questions) {
            let open = self.tend(&mut question)?;
            if open {
                still.push(question);
            }
            self.world.next_block();
        }
        self.questions = still;
        Ok(())
    }

    fn tend(&mut self, question: &mut Question) -> Result<bool> {
        let market = question.market;
        let state: market::MarketResponse = self
            .world
            .query(&self.world.at.market, &market::QueryMsg::Market { market })?;
        match state.status {
            market::Status::Trading | market::Status::Waiting => {}
            market::Status::Unanswered => {
                let answer = match self.rng.chance(750) {
                    true => question.truth,
                    false => (question.truth + 1) % question.outcomes,
                };
                self.answer(market, answer, state.next_bond, None)?;
            }
            market::Status::Answered => self.dispute(question, &state)?,
            market::Status::Voting => self.vote(question)?,
            market::Status::Due => {
                let anyone = self.address(0);
                let to = self.world.at.market.clone();
                self.world
                    .send(Kind::Resolve, &anyone, &to, &market::ExecuteMsg::Settle { market }, &[]);
            }
            market::Status::Resolved | market::Status::Voided => {
                self.claim_bets(market)?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The honest dispute lies; liars dispute the truth once in a while.
    fn dispute(&mut self, question: &Question, state: &market::MarketResponse) -> Result<()> {
        let honest = state.answer == Some(question.truth);
        let (chance, answer) = match honest {
            true => (12, (question.truth + 1) % question.outcomes),
            false => (400, question.truth),
        };
        if self.rng.chance(chance) {
            self.answer(question.market, answer, state.next_bond, state.answer)?;
        }
        Ok(())
    }

    /// Bonds the first answer, or one instead of another.
    fn answer(&mut self, market: u64, answer: u8, bond: Option<Uint128>, before: Option<u8>) -> Result<()> {
        let Some(bond) = bond else { return Ok(()) };
        let Some(index) = self.somebody_with_lco(bond.u128())? else {
            return Ok(());
        };
        let (me, to) = (self.address(index), self.world.at.market.clone());
        let evidence = HexBinary::from([answer; 32]);
        let hook = match before {
            None => market::Cw20Hook::Answer {
                market,
                answer,
                evidence,
            },
            Some(_) => market::Cw20Hook::Dispute {
                market,
                answer,
                evidence,
            },
        };
        self.world.pay_lco(Kind::Resolve, &me, &to, bond.u128(), &hook);
        Ok(())
    }

    /// Stakers vote for the truth; whoever comes first executes.
    fn vote(&mut self, question: &mut Question) -> Result<()> {
        let to = self.world.at.governance.clone();
        let market = question.market;
        let open: governance::ProposalResponse = self.world.query(&to, &governance::QueryMsg::Outcome { market })?;
        let proposal = open.summary.id;
        match open.summary.status {
            governance::Status::Voting if !question.voted => {
                question.voted = true;
                for index in 0..self.agents.len() {
                    let me = self.address(index);
                    let address = me.to_string();
                    let account: staking::AccountResponse = self
                        .world
                        .query(&self.world.at.staking, &staking::QueryMsg::Account { address })?;
                    if account.stake.u128() < 2_000 * ONE || !self.rng.chance(600) {
                        continue;
                    }
                    let choice = governance::Choice::Answer(question.truth);
                    let msg = governance::ExecuteMsg::Vote { proposal, choice };
                    self.world.send(Kind::Vote, &me, &to, &msg, &[]);
                }
            }
            governance::Status::Ready => {
                let me = self.address(1);
                let msg = governance::ExecuteMsg::Execute { proposal };
                self.world.send(Kind::Vote, &me, &to, &msg, &[]);
                question.voted = false;
            }
            _ => {}
        }
        Ok(())
    }

    /// Everybody who bet claims, with the waiver where it is due.
    fn claim_bets(&mut self, market: u64) -> Result<()> {
        let to = self.world.at.market.clone();
        for index in 0..self.agents.len() {
            if !self.agents[index].bets.remove(&market) {
                continue;
            }
            let position = self.position(index, market)?;
            if position.claimable.unwrap_or_default().is_zero() {
                continue;
            }
            let me = self.address(index);
            let waiver = position.waivable.is_some_and(|fee| !fee.is_zero()) && self.is_lv4(index)?;
            let msg = market::ExecuteMsg::Claim { market, waiver };
            self.world.send(Kind::BetClaim, &me, &to, &msg, &[]);
        }
        Ok(())
    }

    fn is_lv4(&self, index: usize) -> Result<bool> {
        let address = self.agents[index].address.to_string();
        let account: staking::AccountResponse = self
            .world
            .query(&self.world.at.staking, &staking::QueryMsg::Account { address })?;
        Ok(account.tier >= staking::Tier::Lv4)
    }
}
