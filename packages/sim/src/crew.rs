//! Who keeps things going: gateways and their reports, liquidators, keepers of fund and contest, the council's launches.

use std::collections::BTreeSet;

use anyhow::Result;
use cosmwasm_std::{HexBinary, Uint128};
use interfaces::{compute_wars, credit_vault as vault, ecosystem_fund as fund, imo_launchpad as launchpad, margin};
use math::Week;

use crate::agents::{swap, Role, Town};
use crate::world::{attribute, Kind, COST, DAY, HOUR, LIST, ONE, SCARCE, SKUS, WEEK};

/// Hours that one report covers.
const WINDOW: u64 = 4 * HOUR;
/// Accounts drawn for one report.
const DRAWN: u64 = 40;

/// What the keepers have done already.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Gateways and weeks released.
    pub released: BTreeSet<(u64, u64)>,
    /// Weeks finalized.
    pub finalized: BTreeSet<u64>,
    /// Weeks whose prizes were claimed.
    pub prized: BTreeSet<u64>,
    /// Positions on offer.
    pub offers: BTreeSet<u64>,
    /// Liquidations that a griefer tries to turn into offers.
    pub grief: u64,
}

fn n(value: u128) -> Uint128 {
    Uint128::new(value)
}

impl Town {
    // ---- usage ----

    /// One report of each gateway over the last hours, for up to 40 of its users.
    pub fn report_usage(&mut self) {
        for (sku, gateway) in SKUS {
            let drawn: BTreeSet<usize> = (0..DRAWN).map(|_| self.rng.index(self.agents.len())).collect();
            let served = |index: &usize| self.agents[*index].gateways.contains(&gateway);
            let drawn: Vec<usize> = drawn.into_iter().filter(served).collect();
            let mut entries: Vec<_> = drawn
                .into_iter()
                .map(|index| self.usage(index, sku, 4_000_000))
                .collect();
            if gateway == 1 {
                let entitled: Vec<usize> = (0..self.agents.len()).filter(|i| self.agents[*i].entitled).collect();
                let some = entitled.into_iter().filter(|i| i % 5 == 0).take(20);
                let scarce: Vec<_> = some.map(|index| self.usage(index, SCARCE, 1_000_000)).collect();
                entries.extend(scarce);
            }
            self.settle(gateway, entries);
        }
    }

    /// Usage of up to `most` units a moment ago.
    pub fn usage(&mut self, index: usize, sku: &str, most: u128) -> vault::SettleEntry {
        let units = self.rng.between(most / 8, most);
        self.exact_usage(index, sku, units)
    }

    /// Usage of so many units a moment ago, at the rate card.
    pub fn exact_usage(&self, index: usize, sku: &str, units: u128) -> vault::SettleEntry {
        vault::SettleEntry {
            account: self.agents[index].address.to_string(),
            sku: sku.into(),
            calls: 1,
            units: n(units),
            list: n(units * LIST / 1_000_000),
            cost: n(units * COST / 1_000_000),
            last: self.world.now() - 1,
        }
    }

    /// Hands the entries to the vault as the next report of the gateway.
    pub fn settle(&mut self, gateway: u64, mut entries: Vec<vault::SettleEntry>) {
        if entries.is_empty() {
            return;
        }
        entries.sort_by(|a, b| (&a.account, &a.sku).cmp(&(&b.account, &b.sku)));
        let seq = &mut self.reports[gateway as usize - 1];
        *seq += 1;
        let report = vault::ReportRef {
            gateway,
            key_epoch: 1,
            seq: *seq,
        };
        let now = self.world.now();
        let reports = vec![vault::SettleReport {
            report,
            window_start: now - WINDOW,
            window_end: now,
            entries,
        }];
        let oracle = self.world.person("oracle");
        self.world
            .vault(Kind::Usage, &oracle, &vault::ExecuteMsg::SettleUsage { reports });
        self.world.next_block();
    }

    // ---- liquidations ----

    /// Liquidates what can be, takes offers that pay.
    ///
    /// # Errors
    /// When a query fails.
    pub fn liquidate(&mut self, ledger: &mut Ledger) -> Result<()> {
        let margin = self.world.at.margin.clone();
        let due: Vec<margin::PositionResponse> = self
            .world
            .query(&margin, &margin::QueryMsg::Liquidatable { limit: Some(6) })?;
        for position in due.into_iter().filter(|position| position.offer.is_none()) {
            self.world.next_block();
            let grief = ledger.grief > 0 && position.side == margin::Side::Long;
            if grief {
                ledger.grief -= 1;
            }
            self.liquidate_one(position.position, grief, ledger)?;
        }
        for position in ledger.offers.clone() {
            self.take_offer(position, ledger)?;
        }
        Ok(())
    }

    /// Griefers may sell in the same block first, so that the pool cannot fill near any price, and buy back a block later.
    fn liquidate_one(&mut self, position: u64, grief: bool, ledger: &mut Ledger) -> Result<()> {
        let margin = self.world.at.margin.clone();
        let keeper = self.pick(Role::Trader);
        let gained = match grief {
            true => self.press()?,
            false => Vec::new(),
        };
        let me = self.address(keeper);
        let msg = margin::ExecuteMsg::Liquidate { position };
        let sent = self.world.send(Kind::Liquidate, &me, &margin, &msg, &[]);
        let offered = sent.and_then(|response| attribute(&response, "offered", "position")?.parse::<u64>().ok());
        ledger.offers.extend(offered);
        for (griefer, credits) in gained {
            self.world.next_block();
            self.buy(griefer, credits)?;
        }
        Ok(())
    }

    /// Attackers buy a tenth of the pool's LCO, a day before they use it.
    ///
    /// # Errors
    /// When a query fails.
    pub fn stock_up(&mut self) -> Result<()> {
        let attackers = self.attackers();
        let all = self.world.pool()?.reserves[1].u128() / 10;
        let part = all / attackers.len().max(1) as u128 / 4;
        for index in attackers.iter().copied().cycle().take(4 * attackers.len()) {
            self.world.next_block();
            self.buy(index, part)?;
        }
        Ok(())
    }

    fn attackers(&self) -> Vec<usize> {
        let agents = self.agents.iter().enumerate();
        let attackers = agents.filter(|(_, agent)| agent.role == Role::Sandwich);
        attackers.map(|(index, _)| index).collect()
    }

    /// Attackers sell a twentieth of the pool's LCO; who got how many µCredit.
    fn press(&mut self) -> Result<Vec<(usize, u128)>> {
        let mut left = self.world.pool()?.reserves[0].u128() / 20;
        let mut gained = Vec::new();
        for index in self.attackers() {
            let part = self.world.lco(&self.agents[index].address)?.min(left);
            if let Some(credits) = self.sell(index, part)? {
                gained.push((index, credits));
                left -= part;
            }
        }
        Ok(gained)
    }

    /// What everybody but the attackers has of LCO, the most first.
    fn holders(&self) -> Result<Vec<(u128, usize)>> {
        let agents = self.agents.iter().enumerate();
        let holders = agents.filter(|(_, agent)| agent.role != Role::Sandwich);
        let holders = holders.map(|(index, agent)| Ok((self.world.lco(&agent.address)?, index)));
        let mut holders: Vec<(u128, usize)> = holders.collect::<Result<_>>()?;
        holders.sort_unstable_by(|a, b| b.cmp(a));
        Ok(holders)
    }

    fn take_offer(&mut self, position: u64, ledger: &mut Ledger) -> Result<()> {
        let margin = self.world.at.margin.clone();
        let found = self
            .world
            .query::<margin::PositionResponse>(&margin, &margin::QueryMsg::Position { position });
        let Some((state, offer)) = found.ok().and_then(|state| Some((state.clone(), state.offer?))) else {
            ledger.offers.remove(&position);
            return Ok(());
        };
        self.world.next_block();
        let taker = self.pick(Role::Trader);
        let me = self.address(taker);
        let hook = margin::Cw20Hook::TakeOffer {
            position,
            min_out: Uint128::zero(),
        };
        // a bidder keeps what it takes: it counts what the LCO are worth to it, and errs by a per cent or two
        let opinion = self
            .fair
            .saturating_add_signed(self.fair as i128 * i128::from(self.rng.normal_ppm(15_000)) / 1_000_000);
        let worth = |lco: Uint128| lco.u128() * opinion / ONE;
        let (pays, receives) = match state.side {
            margin::Side::Long => (offer.pays.u128(), worth(offer.receives)),
            margin::Side::Short => (worth(offer.pays), offer.receives.u128()),
        };
        if receives > pays * 102 / 100 {
            match state.side {
                margin::Side::Long => {
                    if self.have_credits(taker, pays)? {
                        self.world.pay_credits(Kind::TakeOffer, &me, &margin, pays, &hook);
                    }
                }
                margin::Side::Short => {
                    let lco = offer.pays.u128();
                    if self.world.lco(&me)? >= lco {
                        self.world.pay_lco(Kind::TakeOffer, &me, &margin, lco, &hook);
                    }
                }
            }
        } else if self.world.now() >= offer.open_fill_at {
            let msg = margin::ExecuteMsg::Liquidate { position };
            self.world.send(Kind::Liquidate, &me, &margin, &msg, &[]);
        }
        Ok(())
    }

    /// Anyone of a role.
    pub fn pick(&mut self, role: Role) -> usize {
        let all: Vec<usize> = (0..self.agents.len())
            .filter(|i| self.agents[*i].role == role)
            .collect();
        match all.is_empty() {
            true => 0,
            false => all[self.rng.index(all.len())],
        }
    }

    /// Once a week the pools' interest share goes to the reserve.
    pub fn collect_interest(&mut self) {
        let (me, margin) = (self.address(0), self.world.at.margin.clone());
        for token in margin::Token::ALL {
            let msg = margin::ExecuteMsg::CollectInterest { token };
            self.world.send(Kind::Liquidate, &me, &margin, &msg, &[]);
        }
    }

    // ---- fund ----

    /// A slice of the Friday buyback; now and then somebody trades around it in the same block.
    ///
    /// # Errors
    /// When a query fails.
    pub fn buy_back(&mut self) -> Result<()> {
        let to = self.world.at.fund.clone();
        let slice: fund::SliceResponse = self.world.query(&to, &fund::QueryMsg::Slice {})?;
        if slice.obstacle.is_some() {
            return Ok(());
        }
        self.world.next_block();
        let keeper = self.address(2);
        let attacker = self.rng.chance(300).then(|| self.pick(Role::Sandwich));
        let mut stake = None;
        if let Some(attacker) = attacker {
            let credits = self.world.pool()?.reserves[1].u128() / 200;
            stake = self.buy(attacker, credits)?.map(|lco| (attacker, credits, lco));
        }
        self.world
            .send(Kind::Buyback, &keeper, &to, &fund::ExecuteMsg::Buyback {}, &[]);
        if let Some((attacker, paid, lco)) = stake {
            let got = self.sell(attacker, lco)?.unwrap_or_default();
            self.sandwich_profit += got as i128 - paid as i128;
            self.sandwiches += 1;
        }
        Ok(())
    }

    /// Reports or closes every week that can be.
    ///
    /// # Errors
    /// When a query fails.
    pub fn release_weeks(&mut self, ledger: &mut Ledger) -> Result<()> {
        let (to, now) = (self.world.at.fund.clone(), self.world.now());
        let first = Week::of(crate::world::START).index();
        for week in first..Week::of(now).index() {
            let over = Week::from_index(week).end();
            for gateway in 1..=3 {
                if ledger.released.contains(&(gateway, week)) || now < over + 9 * DAY {
                    continue;
                }
                // gateway 2 forgets every other week
                let forgets = gateway == 2 && week % 2 == 1;
                let sent = if !forgets {
                    let row: vault::WeekResponse = self
                        .world
                        .query(&self.world.at.vault, &vault::QueryMsg::Week { gateway, week })?;
                    let msg = fund::ExecuteMsg::ReportProfit {
                        week,
                        gateway,
                        cost: row.cost,
                        evidence_hash: HexBinary::from([7; 32]),
                    };
                    let payout = self.world.person(&format!("payout{gateway}"));
                    self.world.send(Kind::Profit, &payout, &to, &msg, &[])
                } else if now >= over + 28 * DAY {
                    let msg = fund::ExecuteMsg::CloseWeek { week, gateway };
                    let anyone = self.address(3);
                    self.world.send(Kind::Profit, &anyone, &to, &msg, &[])
                } else {
                    None
                };
                if sent.is_some() {
                    ledger.released.insert((gateway, week));
                }
            }
        }
        Ok(())
    }

    // ---- contest ----

    /// Finalizes weeks, fetches and claims prizes, lets champions choose.
    ///
    /// # Errors
    /// When a query fails.
    pub fn hold_contest(&mut self, ledger: &mut Ledger) -> Result<()> {
        let (to, anyone) = (self.world.at.wars.clone(), self.address(4));
        let week = Week::of(self.world.now()).index() - 1;
        let first = Week::of(crate::world::START).index();
        if week >= first && !ledger.finalized.contains(&week) {
            let msg = compute_wars::ExecuteMsg::Finalize { week };
            if self.world.send(Kind::Contest, &anyone, &to, &msg, &[]).is_some() {
                ledger.finalized.insert(week);
                self.choose_perk(week)?;
            }
        }
        let overview: compute_wars::OverviewResponse = self.world.query(&to, &compute_wars::QueryMsg::Overview {})?;
        let next = overview.next_collect;
        let saturday = Week::from_index(next).end() + 5 * DAY;
        if ledger.finalized.contains(&next) && self.world.now() >= saturday {
            let msg = compute_wars::ExecuteMsg::CollectPrizes { week: next };
            if self.world.send(Kind::Contest, &anyone, &to, &msg, &[]).is_some() {
                self.claim_prizes(next)?;
                ledger.prized.insert(next);
            }
        }
        Ok(())
    }

    fn choose_perk(&mut self, week: u64) -> Result<()> {
        let to = self.world.at.wars.clone();
        let best = compute_wars::QueryMsg::Top {
            week,
            start_after: None,
            limit: Some(1),
        };
        let best: Vec<compute_wars::RankResponse> = self.world.query(&to, &best)?;
        let perk = match self.rng.chance(700) {
            true => compute_wars::Perk::FreeCalls,
            false => compute_wars::Perk::UnlimitedConcurrency,
        };
        if let Some(best) = best.first() {
            let champion = cosmwasm_std::Addr::unchecked(&best.account);
            let msg = compute_wars::ExecuteMsg::ChoosePerk { week, perk };
            self.world.send(Kind::Contest, &champion, &to, &msg, &[]);
        }
        Ok(())
    }

    fn claim_prizes(&mut self, week: u64) -> Result<()> {
        let to = self.world.at.wars.clone();
        let prizes: Vec<compute_wars::PrizeResponse> =
            self.world.query(&to, &compute_wars::QueryMsg::Prizes { week })?;
        for prize in prizes {
            let (Some(account), Some(amount)) = (prize.account, prize.prize) else {
                continue;
            };
            if !amount.is_zero() {
                let winner = cosmwasm_std::Addr::unchecked(account);
                let msg = compute_wars::ExecuteMsg::ClaimPrize { week };
                self.world.send(Kind::Contest, &winner, &to, &msg, &[]);
            }
        }
        Ok(())
    }

    // ---- launches ----

    /// A launch for whoever is Lv3 or above; a day to subscribe.
    ///
    /// # Errors
    /// When a query fails.
    pub fn announce_launch(&mut self) -> Result<()> {
        let (to, council, now) = (
            self.world.at.launchpad.clone(),
            self.world.person("council"),
            self.world.now(),
        );
        let msg = launchpad::ExecuteMsg::CreateLaunch(launchpad::NewLaunch {
            sku: SCARCE.into(),
            quota: n(1_000_000_000),
            price_per_unit: n(2_500_000),
            snapshot: now - 1,
            subscribe_until: now + DAY,
            claim_until: now + 3 * DAY,
            exclusive_until: now + WEEK,
        });
        let sent = self.world.send(Kind::Launch, &council, &to, &msg, &[]);
        self.launch = sent.and_then(|response| attribute(&response, "launch", "launch")?.parse().ok());
        let Some(launch) = self.launch else { return Ok(()) };
        for index in 0..self.agents.len() {
            let me = self.address(index);
            let address = me.to_string();
            let part: launchpad::AllotmentResponse = self
                .world
                .query(&to, &launchpad::QueryMsg::Allotment { launch, address })?;
            if !part.allocation.is_zero() && self.rng.chance(800) {
                let msg = launchpad::ExecuteMsg::Subscribe { launch };
                self.world.send(Kind::Subscribe, &me, &to, &msg, &[]);
            }
        }
        Ok(())
    }

    /// Subscribers claim, up to 20 Credits' worth.
    ///
    /// # Errors
    /// When a query fails.
    pub fn claim_launch(&mut self) -> Result<()> {
        let Some(launch) = self.launch.take() else {
            return Ok(());
        };
        let to = self.world.at.launchpad.clone();
        for index in 0..self.agents.len() {
            let me = self.address(index);
            let address = me.to_string();
            let part: launchpad::AllotmentResponse = self
                .world
                .query(&to, &launchpad::QueryMsg::Allotment { launch, address })?;
            let units = part.claimable.min(n(8_000_000));
            if units.is_zero() {
                continue;
            }
            let price: Uint128 = self.world.query(&to, &launchpad::QueryMsg::Price { launch, units })?;
            if self.have_credits(index, price.u128())? {
                let hook = launchpad::Cw20Hook::Claim { launch, units };
                let sent = self.world.pay_credits(Kind::LaunchClaim, &me, &to, price.u128(), &hook);
                self.agents[index].entitled |= sent.is_some();
            }
        }
        Ok(())
    }

    // ---- crash ----

    /// Half of the liquidity announces that it leaves.
    ///
    /// # Errors
    /// When a query fails.
    pub fn announce_exodus(&mut self) -> Result<()> {
        use interfaces::exchange;
        for index in 0..self.agents.len() {
            if self.agents[index].role != Role::Provider {
                continue;
            }
            let address = self.agents[index].address.to_string();
            let account: exchange::AccountResponse = self
                .world
                .query(&self.world.at.exchange, &exchange::QueryMsg::Account { address })?;
            if !account.shares.is_zero() {
                self.announce(index, account.shares.u128() / 2)?;
            }
        }
        Ok(())
    }

    /// It leaves, and the largest holders sell until the price is 65 % lower.
    ///
    /// # Errors
    /// When a query fails.
    pub fn crash(&mut self) -> Result<()> {
        use interfaces::exchange;
        let to = self.world.at.exchange.clone();
        for index in 0..self.agents.len() {
            if self.agents[index].role != Role::Provider {
                continue;
            }
            let me = self.address(index);
            let address = me.to_string();
            let account: exchange::AccountResponse = self.world.query(&to, &exchange::QueryMsg::Account { address })?;
            if let Some(announced) = account.announcement {
                let msg = exchange::ExecuteMsg::Withdraw {
                    shares: announced.shares,
                    min_amounts: [Uint128::zero(); 2],
                };
                self.world.send(Kind::Liquidity, &me, &to, &msg, &[]);
            }
        }
        self.fair = self.fair * 30 / 100;
        self.dump(35)
    }

    /// The largest holders sell until the price is at this part of what it was, per cent.
    ///
    /// # Errors
    /// When a query fails.
    pub fn dump(&mut self, per_cent: u128) -> Result<()> {
        let to = self.world.at.exchange.clone();
        let target = self.world.price()? * per_cent / 100;
        for (round, (lco, index)) in self.holders()?.into_iter().take(60).enumerate() {
            if self.world.price()? <= target {
                break;
            }
            let part = self.world.pool()?.reserves[0].u128() / 15;
            let me = self.address(index);
            self.world.pay_lco(Kind::Trade, &me, &to, lco.min(part), &swap());
            if round % 2 == 1 {
                self.world.next_block();
            }
        }
        Ok(())
    }
}
