//! Does the operations of the network's token. Sales, grants, locks, revenue, slices, swaps and what they are refused for are predicted to the unit; of votes and of what
//! nodes earn the shadow learns the outcome, and holds it to what was promised. Everybody whom an operation does not name must be as before.

use anyhow::{anyhow, bail, ensure, Context, Result};
use cosmwasm_std::{coins, from_json, to_json_binary, Coin as Native, CosmosMsg, HexBinary, Uint128, WasmMsg};
use interfaces::exchange::Asset;
use interfaces::genesis_nft as genesis;
use interfaces::incentive_controller::{self as incentives, Gpu, Level, NodeDay, Rental};
use interfaces::token_allocation::{self as allocation, Bucket, NewGrant, VestingKind, VestingSchedule};
use interfaces::{exchange, governance, treasury, vcai, ve_rewards as rewards, vote_escrow as escrow};
use serde::Serialize;
use serde_json::{json, Value};
use suite::{laws as suite_laws, Msg};

use crate::deal::{Coin, WHOLE};
use crate::ledger::{schedule, Grant, Ledger, Plan, Rest, Terms, GRANTS, PRICE, SOURCES};
use crate::net::{Cause, Net, Room, Timetable};
use crate::op::{Who, DAY, ONE, USERS};
use crate::play::Play;
use crate::shadow::Verdict;
use crate::stage::{Sent, DENOM};

/// Months of a straight line in which issued VCAI vests, and of nothing before.
const ISSUE_MONTHS: (u16, u16) = (1, 6);
/// Most of the reserve that is spent within 90 days, VCAI in base units.
const SPENDABLE: u128 = 100_000_000 * ONE;

fn part_of(amount: u128, part: u64) -> u128 {
    amount * u128::from(part) / u128::from(WHOLE)
}

impl Play<'_> {
    fn room(&self, room: Room) -> String {
        self.stage.room(room)
    }

    fn token(&self, msg: &vcai::ExecuteMsg) -> Result<Msg> {
        Msg::execute(&self.stage.at.vcai, msg, &[])
    }

    fn bid(&self, to: Room, msg: &impl Serialize, funds: u128) -> Result<Msg> {
        let funds: Vec<Native> = if funds > 0 { coins(funds, DENOM) } else { Vec::new() };
        Msg::execute(&self.room(to), msg, &funds)
    }

    /// A `Send` of VCAI with a message.
    fn send_vcai(&self, to: Room, amount: u128, hook: &impl Serialize) -> Result<Msg> {
        let (contract, msg) = (self.room(to), to_json_binary(hook)?);
        self.token(&vcai::ExecuteMsg::Send {
            contract,
            amount: amount.into(),
            msg,
        })
    }

    fn held(&self, who: Who) -> Result<u128> {
        suite_laws::vcai(&*self.stage.chain, &self.stage.at.vcai, &self.stage.address(who))
    }

    /// Sends what nobody predicts; whoever is named may have other VCAI afterwards.
    fn tried(&mut self, name: &str, who: Who, msgs: &[Msg], touched: &[Who]) -> Result<Sent> {
        let sent = self.stage.transact(who, msgs)?;
        self.count(name, &sent);
        if sent.is_ok() {
            for who in touched {
                let held = self.held(*who)?;
                self.shadow.ledger.vcai.insert(*who, held);
            }
        }
        Ok(sent)
    }

    /// A claim whose amount grows with the seconds: between what it is now and what it is when the block comes as late as it may. What it paid, if anything.
    fn grown(
        &mut self,
        name: &str,
        who: Who,
        msg: Msg,
        due: impl Fn(&Ledger, u64) -> Result<u128, &'static str>,
    ) -> Result<Option<u128>> {
        let (now, slack) = (self.shadow.now, self.stage.clock.tolerance());
        let (least, most) = (due(&self.shadow.ledger, now), due(&self.shadow.ledger, now + slack));
        let before = self.shadow.ledger.vcai(who);
        let sent = self.stage.transact(who, &[msg])?;
        self.count(name, &sent);
        match sent {
            Ok(_) => {
                let most = most.map_err(|code| anyhow!("it worked; expected the refusal {code}"))?;
                let paid = self.held(who)? - before;
                let least = least.unwrap_or_default();
                ensure!(
                    (least..=most).contains(&paid),
                    "paid {paid}, expected {least} to {most}"
                );
                Ok(Some(paid))
            }
            Err(code) => {
                let expected = [least.err(), most.err()];
                ensure!(
                    expected.contains(&Some(code.as_str())),
                    "refused as {code}; expected {expected:?}"
                );
                Ok(None)
            }
        }
    }

    pub(crate) fn net(&mut self, net: &Net) -> Result<()> {
        let name = format!("{net:?}");
        let name = name.split([' ', '{', '(']).next().unwrap_or_default().to_owned();
        let name = format!("net {name}");
        match net {
            Net::Buy { .. }
            | Net::Grants { .. }
            | Net::SetTge { .. }
            | Net::Tge { .. }
            | Net::ClaimTokens { .. }
            | Net::PassToken { .. }
            | Net::BurnToken { .. } => self.genesis(&name, net),
            Net::ClaimGrant { .. } | Net::LockVested { .. } | Net::PassGrant { .. } | Net::Amend { .. } => {
                self.grants(&name, net)
            }
            Net::Transfer { .. } | Net::Burn { .. } | Net::Give { .. } | Net::Donate { .. } => self.gifts(&name, net),
            Net::Lock { .. } | Net::Increase { .. } | Net::Extend { .. } | Net::Unlock { .. } | Net::Mark => {
                self.locks(&name, net)
            }
            Net::Deposit { .. }
            | Net::Pause { .. }
            | Net::Slice { .. }
            | Net::Reap { .. }
            | Net::Sync
            | Net::Swap { .. } => self.value(&name, net),
            Net::Start
            | Net::Report { .. }
            | Net::Epoch
            | Net::Days { .. }
            | Net::Keepers { .. }
            | Net::PayOut { .. }
            | Net::Refer { .. }
            | Net::ReRelease { .. } => self.incentives(&name, net),
            Net::Propose { .. }
            | Net::Vote { .. }
            | Net::Enact { .. }
            | Net::TakeBack { .. }
            | Net::DepositBack { .. } => self.causes(&name, net),
        }
    }

    // ---- genesis ----

    fn genesis(&mut self, name: &str, net: &Net) -> Result<()> {
        let now = self.shadow.now;
        match *net {
            Net::Buy { user, quantity, short } => self.buy(name, user % USERS, quantity, short),
            Net::Grants { by } => {
                let expected = self.shadow.ledger.grants(by);
                let msgs = self.first_grants()?;
                self.known(name, by, &msgs, expected)
            }
            Net::SetTge { by, ahead, price } => self.set_tge(name, by, ahead, price),
            Net::Tge { by } => self.open_market(name, by),
            Net::ClaimTokens { user, of, twice } => self.claim_tokens(name, user % USERS, of % USERS, twice),
            Net::PassToken { by, from, to, pick } => {
                let (by, from, to) = (by % USERS, from % USERS, to % USERS);
                let Some(id) = self.pick_token(from, pick) else {
                    return Ok(());
                };
                let msg = genesis::ExecuteMsg::TransferNft {
                    recipient: self.stage.address(Who::User(to)),
                    token_id: id.to_string(),
                };
                let expected = if by == from { Ok(()) } else { Err("genesis:972") };
                if let (Ok(()), Some(token)) = (expected, self.shadow.ledger.tokens.get_mut(&id)) {
                    token.owner = to;
                }
                let msg = self.bid(Room::Genesis, &msg, 0)?;
                self.known(name, Who::User(by), &[msg], expected)
            }
            Net::BurnToken { user, pick } => {
                let user = user % USERS;
                let Some(id) = self.pick_token(user, pick) else {
                    return Ok(());
                };
                let burned = self.shadow.ledger.burn_token(id, now);
                if let Ok(Some(owner)) = burned {
                    self.shadow.pay(Who::User(owner), PRICE);
                }
                let token_id = id.to_string();
                let msg = self.bid(Room::Genesis, &genesis::ExecuteMsg::Burn { token_id }, 0)?;
                self.known(name, Who::User(user), &[msg], burned.map(drop))
            }
            _ => Ok(()),
        }
    }

    fn set_tge(&mut self, name: &str, by: Who, ahead: u64, price: u128) -> Result<()> {
        let (now, slack) = (self.shadow.now, self.stage.clock.tolerance());
        // A day ahead of a block that may come late, too.
        let time = now + ahead + if ahead < DAY { 0 } else { slack };
        let expected = self.shadow.ledger.set_tge(by, Plan { time, price }, now);
        let price = price.into();
        let tge = allocation::TgePlan { time, price };
        let msg = self.bid(Room::Allocation, &allocation::ExecuteMsg::SetTge { tge }, 0)?;
        self.known(name, by, &[msg], expected)
    }

    fn open_market(&mut self, name: &str, by: Who) -> Result<()> {
        let (now, slack) = (self.shadow.now, self.stage.clock.tolerance());
        let planned = self.shadow.ledger.plan.time;
        if now < planned && planned <= now + slack {
            // The block may come before its time or after it.
            return Ok(());
        }
        let expected = self.shadow.ledger.tge(now);
        let msg = self.bid(Room::Allocation, &allocation::ExecuteMsg::Tge {}, 0)?;
        self.known(name, by, &[msg], expected)?;
        if expected.is_err() {
            return Ok(());
        }
        // Schedules begin with the block, which says when that was.
        let query = allocation::QueryMsg::Tge {};
        let tge: allocation::TgeResponse = self.stage.query(&self.room(Room::Allocation), &query)?;
        let done = tge.done.context("no TGE happened")?;
        ensure!((now..=now + slack).contains(&done.time), "{done:?} at {now}");
        let ledger = &mut self.shadow.ledger;
        let [vcai, usdt] = ledger.pool.reserves;
        let predicted = [vcai, usdt, ledger.airdrop].map(Uint128::new);
        let same = [done.paired, done.proceeds, done.airdrop] == predicted;
        ensure!(same, "{done:?}, {predicted:?} predicted");
        ledger.tge = Some(done.time);
        Ok(())
    }

    fn pick_token(&self, user: usize, pick: usize) -> Option<u32> {
        let all = self.shadow.ledger.tokens_of(user);
        all.get(pick % all.len().max(1)).copied()
    }

    fn buy(&mut self, name: &str, user: usize, quantity: u32, short: bool) -> Result<()> {
        let who = Who::User(user);
        let short = short && quantity > 0;
        let price = PRICE * u128::from(quantity) - u128::from(short);
        // What somebody does not have, the chain does not take along.
        let expected = if self.shadow.usdt(who) < price {
            Err("chain")
        } else {
            self.shadow.ledger.buy(user, quantity, short, self.shadow.now)
        };
        if expected.is_ok() {
            self.shadow.spend(who, price);
        }
        let msg = self.bid(Room::Genesis, &genesis::ExecuteMsg::Buy { quantity }, price)?;
        self.known(name, who, &[msg], expected)
    }

    /// What the council does before the TGE: grants of every kind, sources of revenue, a reporter.
    fn first_grants(&self) -> Result<Vec<Msg>> {
        let mut msgs = Vec::new();
        for (bucket, user, whole) in GRANTS {
            let grant = NewGrant {
                beneficiary: self.stage.address(Who::User(user)),
                amount: (whole * ONE).into(),
                schedule: None,
            };
            let grants = vec![grant];
            msgs.push(self.bid(
                Room::Allocation,
                &allocation::ExecuteMsg::AddGrants { bucket, grants },
                0,
            )?);
        }
        for (name, who, counts) in SOURCES {
            let source = treasury::ExecuteMsg::SetSource {
                name: name.to_owned(),
                address: Some(self.stage.address(who)),
                counts,
            };
            msgs.push(self.bid(Room::Treasury, &source, 0)?);
        }
        let reporter = Some(self.stage.address(Who::Relayer));
        msgs.push(self.bid(Room::Incentives, &incentives::ExecuteMsg::SetReporter { reporter }, 0)?);
        Ok(msgs)
    }

    fn claim_tokens(&mut self, name: &str, user: usize, of: usize, twice: bool) -> Result<()> {
        let mut ids: Vec<u32> = self.shadow.ledger.tokens_of(of).into_iter().take(4).collect();
        let Some(first) = ids.first().copied() else {
            return Ok(());
        };
        // All of one claim are alike, so that what each had is known from the sum.
        let claimed = self.shadow.ledger.tokens[&first].claimed;
        ids.retain(|id| self.shadow.ledger.tokens[id].claimed == claimed);
        ids.extend(twice.then_some(first));
        let tokens = ids.iter().map(u32::to_string).collect();
        let msg = self.bid(Room::Genesis, &genesis::ExecuteMsg::Claim { tokens }, 0)?;
        let due = |ledger: &Ledger, at| ledger.claimable_tokens(user, &ids, at);
        if let Some(paid) = self.grown(name, Who::User(user), msg, due)? {
            self.shadow.ledger.claim_tokens(user, &ids, paid);
        }
        Ok(())
    }

    // ---- grants ----

    fn grants(&mut self, name: &str, net: &Net) -> Result<()> {
        let (now, slack) = (self.shadow.now, self.stage.clock.tolerance());
        let of = self.shadow.ledger.grants.len().max(1);
        match *net {
            Net::ClaimGrant { user, pick } => {
                let (who, grant) = (Who::User(user % USERS), pick % of);
                let number = grant as u64 + 1;
                let msg = self.bid(Room::Allocation, &allocation::ExecuteMsg::Claim { grant: number }, 0)?;
                let paid = self.grown(name, who, msg, |ledger, at| ledger.claimable(who, grant, at))?;
                if let Some(paid) = paid {
                    self.shadow.ledger.grants[grant].claimed += paid;
                    self.shadow.ledger.gets(who, paid);
                }
                Ok(())
            }
            Net::LockVested { user, pick, part, days } => {
                let (user, grant) = (user % USERS, pick % of);
                let who = Who::User(user);
                let late = self.shadow.ledger.claimable(who, grant, now + slack);
                let due = self.shadow.ledger.claimable(who, grant, now);
                // Above the whole: more than there can be when the block comes as late as it may.
                let amount = if part > WHOLE {
                    late.unwrap_or(0) + 1
                } else {
                    part_of(due.unwrap_or(0), part)
                };
                let until = now + days * DAY;
                let expected = match due.or(late) {
                    Err("allocation:17") => Err("allocation:17"),
                    Err(code) => Err(code),
                    Ok(_) if part > WHOLE || amount == 0 => Err("allocation:17"),
                    Ok(_) => self.shadow.ledger.lock_for(user, amount, until, now),
                };
                if expected.is_ok() {
                    self.shadow.ledger.grants[grant].claimed += amount;
                }
                let msg = allocation::ExecuteMsg::LockVested {
                    grant: grant as u64 + 1,
                    amount: Some(amount.into()),
                    until,
                };
                let msg = self.bid(Room::Allocation, &msg, 0)?;
                self.known(name, who, &[msg], expected)
            }
            Net::PassGrant { user, pick, to, accept } => {
                self.pass_grant(name, user % USERS, pick % of, to % USERS, accept)
            }
            Net::Amend { by, pick, bps, to } => {
                let grant = pick % (self.shadow.ledger.grants.len() + 1);
                let bucket = self.shadow.ledger.grants.get(grant).map(|row| row.bucket);
                let own = bucket.map_or(0, |bucket| schedule(bucket).tge_bps);
                self.amend(name, by, grant, terms(bps.unwrap_or(own), to))
            }
            _ => Ok(()),
        }
    }

    /// What has vested by the block stays so; which block that was says what stays.
    fn amend(&mut self, name: &str, by: Who, grant: usize, terms: Terms) -> Result<()> {
        let (now, slack) = (self.shadow.now, self.stage.clock.tolerance());
        let expected = self.shadow.ledger.can_amend(by, grant, &terms);
        let msg = json!({"amend": {"grant": grant + 1, "schedule": spelled(&terms)}});
        let sent = self.stage.transact(by, &[self.bid(Room::Allocation, &msg, 0)?])?;
        self.count(name, &sent);
        self.expect(&sent, expected)?;
        let Ok(outcome) = sent else { return Ok(()) };
        let amended = outcome.events.iter().find(|event| event.ty == "wasm-amended");
        let mut said = amended.iter().flat_map(|event| &event.attributes);
        let said = said.find(|said| said.key == "vested").context("nothing stays vested")?;
        let (tge, floor) = (self.shadow.ledger.tge, said.value.parse()?);
        let row = &mut self.shadow.ledger.grants[grant];
        let due = row.vested(tge, now)..=row.vested(tge, now + slack);
        ensure!(due.contains(&floor), "{floor} stays vested, expected {due:?}");
        (row.floor, row.terms) = (floor, terms);
        Ok(())
    }

    fn pass_grant(&mut self, name: &str, user: usize, grant: usize, to: usize, accept: bool) -> Result<()> {
        let (who, next, number) = (Who::User(user), Who::User(to), grant as u64 + 1);
        let whose = self.shadow.ledger.grants.get(grant).map(|row| row.whose);
        let expected = match whose {
            None => Err("allocation:16"),
            Some(owner) if owner != who => Err("allocation:911"),
            Some(_) => Ok(()),
        };
        let msg = allocation::ExecuteMsg::ProposeBeneficiary {
            grant: number,
            to: Some(self.stage.address(next)),
        };
        let msg = self.bid(Room::Allocation, &msg, 0)?;
        self.known(name, who, &[msg], expected)?;
        if expected.is_ok() {
            self.shadow.ledger.grants[grant].pending = Some(next);
        }
        if !accept {
            return Ok(());
        }
        let row = self.shadow.ledger.grants.get_mut(grant);
        let expected = match row.map(|row| (row.pending, row)) {
            None => Err("allocation:16"),
            Some((None, _)) => Err("allocation:18"),
            Some((Some(pending), _)) if pending != next => Err("allocation:911"),
            Some((Some(_), row)) => {
                (row.whose, row.pending) = (next, None);
                Ok(())
            }
        };
        let accept = allocation::ExecuteMsg::AcceptBeneficiary { grant: number };
        let msg = self.bid(Room::Allocation, &accept, 0)?;
        self.known(name, next, &[msg], expected)
    }

    // ---- the token ----

    fn gifts(&mut self, name: &str, net: &Net) -> Result<()> {
        match *net {
            Net::Transfer { from, to, part } => {
                let amount = part_of(self.shadow.ledger.vcai(from), part).max(1);
                let expected = self.shadow.ledger.gives(from, amount);
                if expected.is_ok() {
                    self.shadow.ledger.gets(to, amount);
                }
                let recipient = self.stage.address(to);
                let msg = self.token(&vcai::ExecuteMsg::Transfer {
                    recipient,
                    amount: amount.into(),
                })?;
                self.known(name, from, &[msg], expected)
            }
            Net::Burn { user, part } => {
                let who = Who::User(user % USERS);
                let amount = part_of(self.shadow.ledger.vcai(who), part).max(1);
                let expected = self.shadow.ledger.gives(who, amount);
                if expected.is_ok() {
                    self.shadow.ledger.burned += amount;
                }
                let msg = self.token(&vcai::ExecuteMsg::Burn { amount: amount.into() })?;
                self.known(name, who, &[msg], expected)
            }
            Net::Give { user, to, part } => {
                let who = Who::User(user % USERS);
                let amount = part_of(self.shadow.ledger.vcai(who), part).max(1);
                let expected = self.shadow.ledger.gives(who, amount);
                if expected.is_ok() {
                    *self.shadow.ledger.gifts.entry(to).or_default() += amount;
                }
                let recipient = self.room(to);
                let msg = self.token(&vcai::ExecuteMsg::Transfer {
                    recipient,
                    amount: amount.into(),
                })?;
                self.known(name, who, &[msg], expected)
            }
            Net::Donate { user, to, part } => {
                let who = Who::User(user % USERS);
                let amount = part_of(self.shadow.usdt(who), part.min(WHOLE));
                if amount == 0 {
                    return Ok(());
                }
                self.shadow.spend(who, amount);
                *self.shadow.ledger.coins.entry(to).or_default() += amount;
                let (to, coins) = (self.room(to), coins(amount, DENOM));
                self.known(name, who, &[Msg::Send { to, coins }], Ok(()))
            }
            _ => Ok(()),
        }
    }

    // ---- locks ----

    fn locks(&mut self, name: &str, net: &Net) -> Result<()> {
        let now = self.shadow.now;
        match *net {
            Net::Lock { user, part, days } => {
                let (user, until) = (user % USERS, now + days * DAY);
                let hook = escrow::Cw20Hook::Lock { until };
                self.pay_escrow(name, user, part, &hook, |ledger, amount| {
                    ledger.lock(user, amount, until, now)
                })
            }
            Net::Increase { user, part } => {
                let user = user % USERS;
                let hook = escrow::Cw20Hook::IncreaseAmount {};
                self.pay_escrow(name, user, part, &hook, |ledger, amount| {
                    ledger.increase(user, amount, now)
                })
            }
            Net::Extend { user, days } => {
                let (user, until) = (user % USERS, now + days * DAY);
                let expected = self.shadow.ledger.extend(user, until, now);
                let msg = self.bid(Room::Escrow, &escrow::ExecuteMsg::ExtendTo { until }, 0)?;
                self.known(name, Who::User(user), &[msg], expected)
            }
            Net::Unlock { user } => {
                let user = user % USERS;
                let expected = self.shadow.ledger.unlock(user, now);
                let msg = self.bid(Room::Escrow, &escrow::ExecuteMsg::Withdraw {}, 0)?;
                self.known(name, Who::User(user), &[msg], expected)
            }
            Net::Mark => {
                let msg = self.bid(Room::Escrow, &escrow::ExecuteMsg::Mark {}, 0)?;
                self.known(name, Who::Relayer, &[msg], Ok(()))
            }
            _ => Ok(()),
        }
    }

    fn pay_escrow(
        &mut self,
        name: &str,
        user: usize,
        part: u64,
        hook: &escrow::Cw20Hook,
        rule: impl FnOnce(&mut Ledger, u128) -> Verdict,
    ) -> Result<()> {
        let who = Who::User(user);
        let held = self.shadow.ledger.vcai(who);
        let amount = if part > WHOLE { held + 1 } else { part_of(held, part) };
        let expected = if amount > held {
            Err("vcai:950")
        } else {
            rule(&mut self.shadow.ledger, amount)
        };
        if expected.is_ok() {
            self.shadow
                .ledger
                .gives(who, amount)
                .map_err(|code| anyhow!("{code}"))?;
        }
        let msg = self.send_vcai(Room::Escrow, amount, hook)?;
        self.known(name, who, &[msg], expected)
    }

    // ---- revenue, buybacks, rewards, trading ----

    fn value(&mut self, name: &str, net: &Net) -> Result<()> {
        match *net {
            Net::Deposit { source, thief, part } => self.deposit_revenue(name, source, thief, part),
            Net::Pause { by, on } => self.pause_buyback(name, by, on),
            Net::Slice { greedy } => self.buy_slice(name, greedy),
            Net::Reap { user } => self.reap(name, Who::User(user % USERS)),
            Net::Sync => {
                let msg = self.bid(Room::Rewards, &rewards::ExecuteMsg::Sync {}, 0)?;
                self.known(name, Who::Relayer, &[msg], Ok(()))
            }
            Net::Swap { user, sell, part } => self.trade_vcai(name, user % USERS, sell, part),
            _ => Ok(()),
        }
    }

    fn pause_buyback(&mut self, name: &str, by: Who, paused: bool) -> Result<()> {
        let expected = if by == Who::Council {
            Ok(())
        } else {
            Err("treasury:910")
        };
        let msg = self.bid(Room::Treasury, &treasury::ExecuteMsg::PauseBuyback { paused }, 0)?;
        self.known(name, by, &[msg], expected)
    }

    fn deposit_revenue(&mut self, name: &str, source: usize, thief: bool, part: u64) -> Result<()> {
        let (title, address) = SOURCES
            .get(source)
            .map_or(("nobody", Who::Relayer), |row| (row.0, row.1));
        let who = if thief { Who::Thief } else { address };
        let amount = part_of(self.shadow.usdt(who), part.min(WHOLE));
        let expected = self.shadow.ledger.deposit(source, who, amount);
        if expected.is_ok() {
            self.shadow.spend(who, amount);
        }
        let deposit = treasury::ExecuteMsg::Deposit {
            source: title.to_owned(),
        };
        let msg = self.bid(Room::Treasury, &deposit, amount)?;
        self.known(name, who, &[msg], expected)
    }

    /// What was announced is what happens, and the pool gives what its formula says.
    fn buy_slice(&mut self, name: &str, greedy: bool) -> Result<()> {
        let query = treasury::QueryMsg::Slice {};
        let plan: treasury::SliceResponse = self.stage.query(&self.room(Room::Treasury), &query)?;
        let pay = plan.amount.u128();
        use treasury::Obstacle as O;
        let expected = match plan.obstacle {
            None if greedy => Err("treasury:11"),
            None => self.shadow.ledger.slice(pay).map(drop),
            Some(O::Paused) => Err("treasury:920"),
            Some(O::TooSoon) => Err("treasury:6"),
            Some(O::NothingToSpend) => Err("treasury:7"),
            Some(O::NoPrice) => Err("treasury:8"),
            Some(O::PriceMoved) => Err("treasury:9"),
            Some(O::TooSmall) => Err("treasury:2"),
        };
        // More than there is in the pool.
        let min_out = greedy.then(|| Uint128::new(self.shadow.ledger.pool.reserves[0] + 1));
        let msg = self.bid(Room::Treasury, &treasury::ExecuteMsg::Buyback { min_out }, 0)?;
        self.known(name, Who::Relayer, &[msg], expected)
    }

    /// Pays at least what was promised a moment ago, and exactly that where no second passes.
    fn reap(&mut self, name: &str, who: Who) -> Result<()> {
        let query = rewards::QueryMsg::Account {
            address: self.stage.address(who),
        };
        let promised: rewards::AccountResponse = self.stage.query(&self.room(Room::Rewards), &query)?;
        let (promised, before) = (promised.claimable.u128(), self.shadow.ledger.vcai(who));
        let msg = self.bid(Room::Rewards, &rewards::ExecuteMsg::Claim {}, 0)?;
        let sent = self.tried(name, who, &[msg], &[who])?;
        let exact = self.stage.clock.tolerance() == 0;
        match sent {
            Ok(_) => {
                let paid = self.shadow.ledger.vcai(who) - before;
                ensure!(paid > 0, "paid nothing");
                ensure!(
                    if exact { paid == promised } else { paid >= promised },
                    "paid {paid} of {promised}"
                );
            }
            Err(code) => ensure!(
                code == "rewards:2" && promised == 0,
                "refused as {code}; {promised} were promised"
            ),
        }
        Ok(())
    }

    fn trade_vcai(&mut self, name: &str, user: usize, sell: bool, part: u64) -> Result<()> {
        let who = Who::User(user);
        let swap = exchange::Cw20Hook::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        if sell {
            let amount = part_of(self.shadow.ledger.vcai(who), part.min(WHOLE));
            let out = self.shadow.ledger.pool.swap(Coin::Lco, amount);
            let expected = out.map(|out| {
                self.shadow.pay(who, out);
                self.shadow.ledger.gives(who, amount)
            });
            let msg = self.send_vcai(Room::Pool, amount, &swap)?;
            return self.known(name, who, &[msg], expected.and_then(|given| given));
        }
        let amount = part_of(self.shadow.usdt(who), part.min(WHOLE)).max(1);
        if self.shadow.usdt(who) < amount {
            return Ok(());
        }
        let out = self.shadow.ledger.pool.swap(Coin::Credit, amount);
        let expected = out.map(|out| {
            self.shadow.spend(who, amount);
            self.shadow.ledger.gets(who, out);
        });
        let swap = exchange::ExecuteMsg::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        let msg = self.bid(Room::Pool, &swap, amount)?;
        self.known(name, who, &[msg], expected)
    }

    // ---- incentives ----

    fn incentives(&mut self, name: &str, net: &Net) -> Result<()> {
        use incentives::ExecuteMsg as I;
        let today = self.shadow.now / DAY;
        let (who, msg) = match *net {
            Net::Start => {
                let expected = match (self.shadow.ledger.started, self.shadow.ledger.tge) {
                    (true, _) => Err("incentives:4"),
                    // Whoever gave the contract less than the pool changes nothing.
                    (false, None) => Err("incentives:5"),
                    (false, Some(_)) => Ok(()),
                };
                self.shadow.ledger.started |= expected.is_ok();
                let msg = self.bid(Room::Incentives, &I::Start {}, 0)?;
                return self.known(name, Who::Relayer, &[msg], expected);
            }
            Net::Report { by, .. } => {
                let sent = {
                    let msg = self.bid(Room::Incentives, &self.report(net, today), 0)?;
                    self.tried(name, by, &[msg], &[])?
                };
                let expected = if self.shadow.ledger.granted {
                    "incentives:911"
                } else {
                    "incentives:11"
                };
                let code = sent.err();
                let refused = code.as_deref() == Some(expected);
                ensure!(
                    by == Who::Relayer || refused,
                    "{code:?} for a stranger's report; expected {expected}"
                );
                return Ok(());
            }
            Net::Epoch => (Who::Relayer, I::Advance {}),
            Net::Days { user, days_ago, length } => {
                let (from, to) = range(today, days_ago, length);
                return self.claim_days(name, Who::User(user % USERS), None, from, to);
            }
            Net::PayOut { user, days_ago, length } => {
                let (from, to) = range(today, days_ago, length);
                return self.claim_days(name, Who::Relayer, Some(Who::User(user % USERS)), from, to);
            }
            Net::Keepers { user, allowed } => (Who::User(user % USERS), I::AllowKeepers { allowed }),
            Net::Refer { user, to } => {
                let referrer = self.stage.address(Who::User(to % USERS));
                (Who::User(user % USERS), I::NameReferrer { referrer })
            }
            Net::ReRelease { by, withheld, part } => return self.re_release(name, by, withheld, part),
            _ => return Ok(()),
        };
        let msg = self.bid(Room::Incentives, &msg, 0)?;
        self.tried(name, who, &[msg], &[]).map(drop)
    }

    fn report(&self, net: &Net, today: u64) -> incentives::ExecuteMsg {
        let Net::Report {
            days_ago,
            node,
            renter,
            units,
            used,
            cheap,
            ..
        } = *net
        else {
            return incentives::ExecuteMsg::Advance {};
        };
        let (node, renter) = (node % USERS, renter % USERS);
        let address = |user| self.stage.address(Who::User(user));
        let units = u128::from(units) * 1_000;
        let spend = units * 1_000;
        let rental = Rental {
            renter: address(renter),
            node: address(node),
            units: (units * u128::from(used) / 100).into(),
            quality_bps: 9_000,
            spend: spend.into(),
            // A unit below the floor, or a twentieth.
            fee: if cheap {
                (spend / 50).saturating_sub(1)
            } else {
                spend / 20
            }
            .into(),
        };
        let row = NodeDay {
            node: address(node),
            stake: (10_000 * ONE * (node as u128 + 1)).into(),
            online: 7_200,
            stability_bps: 9_900,
            vram_gb: 96,
            level: Level::A2,
            available: units.into(),
            decile: None,
        };
        let gpu = Gpu {
            gpu: HexBinary::from([node as u8; 32]),
            node: address(node),
        };
        incentives::ExecuteMsg::Report {
            day: today.saturating_sub(days_ago),
            rentals: vec![rental],
            nodes: vec![row],
            gpus: vec![gpu],
        }
    }

    /// What was promised for days is what they pay, to whoever earned it.
    fn claim_days(&mut self, name: &str, by: Who, account: Option<Who>, from: u64, to: u64) -> Result<()> {
        let who = account.unwrap_or(by);
        let address = self.stage.address(who);
        let query = incentives::QueryMsg::Claimable {
            address: address.clone(),
            from,
            to,
        };
        let asked =
            suite_laws::ask::<incentives::ClaimResponse>(&*self.stage.chain, &self.room(Room::Incentives), &query);
        let before = self.shadow.ledger.vcai(who);
        let msg = match account {
            None => incentives::ExecuteMsg::Claim { from, to },
            Some(_) => incentives::ExecuteMsg::PayOut {
                account: address,
                from,
                to,
            },
        };
        let msg = self.bid(Room::Incentives, &msg, 0)?;
        if self.tried(name, by, &[msg], &[who])?.is_ok() {
            let paid = self.shadow.ledger.vcai(who) - before;
            // Before its epoch is opened, a day that closed is claimed with the message that opens it.
            if let Ok(promised) = asked {
                ensure!(promised.total.u128() == paid, "paid {paid} of {promised:?}");
            }
        }
        Ok(())
    }

    fn re_release(&mut self, name: &str, by: Who, withheld: bool, part: u64) -> Result<()> {
        let query = incentives::QueryMsg::Dashboard {};
        let board: incentives::DashboardResponse = self.stage.query(&self.room(Room::Incentives), &query)?;
        let (bucket, held) = if withheld {
            (incentives::Bucket::Withheld, board.withheld.u128())
        } else {
            (incentives::Bucket::LeftOver, board.left_over.u128())
        };
        let amount = if part > WHOLE { held + 1 } else { part_of(held, part) };
        let msg = incentives::ExecuteMsg::ReRelease {
            bucket,
            amount: amount.into(),
        };
        let msg = self.bid(Room::Incentives, &msg, 0)?;
        let sent = self.tried(name, by, &[msg], &[])?;
        ensure!(
            by == Who::Council || sent.is_err(),
            "a stranger released something again"
        );
        ensure!(amount <= held || sent.is_err(), "more than the bucket holds");
        Ok(())
    }

    // ---- governance over VCAI ----

    fn pick_cause(&self, pick: usize) -> Result<Option<u64>> {
        let query = governance::QueryMsg::Overview {};
        let overview: governance::OverviewResponse = self.stage.query(&self.room(Room::Council), &query)?;
        let all = overview.proposals;
        Ok((all > 0).then(|| all - pick as u64 % all))
    }

    fn cause(&self, cause: Cause, params: &governance::Params) -> Result<governance::Action> {
        let issue = |to: usize, whole: u64, uses_quota| -> Result<governance::Action> {
            let amount = Uint128::new(u128::from(whole) * ONE);
            let vesting = VestingSchedule::monthly(0, ISSUE_MONTHS.0, ISSUE_MONTHS.1)?;
            Ok(governance::Action::StrategicIssuance(governance::StrategicIssuance {
                purpose: "Machines for the north".to_owned(),
                partners: vec!["A data centre".to_owned()],
                amount,
                recipients: vec![governance::Recipient {
                    address: self.stage.address(Who::User(to % USERS)),
                    amount,
                }],
                vesting,
                terms: String::new(),
                uses_quota,
            }))
        };
        Ok(match cause {
            Cause::Spend { to, part } => governance::Action::Spend {
                to: self.stage.address(Who::User(to % USERS)),
                amount: part_of(SPENDABLE, part).into(),
            },
            Cause::Issue { to, whole } => issue(to, whole, true)?,
            Cause::Smuggle { to, whole } => issue(to, whole, false)?,
            Cause::Reprice(exponent) => governance::Action::Reprice { exponent },
            Cause::Deposit(whole) => {
                let params = governance::Params {
                    deposit: (u128::from(whole) * ONE).into(),
                    ..params.clone()
                };
                let msg = to_json_binary(&governance::ExecuteMsg::SetParams { params })?;
                let contract = self.room(Room::Council);
                governance::Action::Params {
                    calls: vec![governance::ParamsCall { contract, msg }],
                }
            }
            Cause::Mint => {
                let msg = vcai::ExecuteMsg::Issue {
                    to: self.stage.address(Who::Thief),
                    amount: ONE.into(),
                    proposal: 1,
                };
                told(&self.stage.at.vcai, &msg)?
            }
            Cause::Purse { to, usdt, part } => {
                let [vcai, coins] = self.shadow.ledger.spare();
                let (asset, spare) = if usdt {
                    (
                        Asset::Native {
                            denom: DENOM.to_owned(),
                        },
                        coins,
                    )
                } else {
                    let address = self.stage.at.vcai.clone();
                    (Asset::Cw20 { address }, vcai)
                };
                let msg = treasury::ExecuteMsg::Spend {
                    asset,
                    to: self.stage.address(Who::User(to % USERS)),
                    amount: part_of(spare, part).into(),
                };
                told(&self.room(Room::Treasury), &msg)?
            }
            Cause::Unpool { part } => {
                let msg = treasury::ExecuteMsg::RemoveLiquidity {
                    shares: part_of(self.shadow.ledger.treasury_shares(), part).into(),
                    min_amounts: [Uint128::zero(); 2],
                };
                told(&self.room(Room::Treasury), &msg)?
            }
        })
    }

    fn causes(&mut self, name: &str, net: &Net) -> Result<()> {
        use governance::ExecuteMsg as G;
        if let Net::Propose { user, cause } = *net {
            return self.propose_cause(name, Who::User(user % USERS), cause);
        }
        let (Net::Vote { pick, .. } | Net::Enact { pick } | Net::TakeBack { pick, .. } | Net::DepositBack { pick }) =
            *net
        else {
            return Ok(());
        };
        let Some(proposal) = self.pick_cause(pick)? else {
            return Ok(());
        };
        let everybody: Vec<Who> = Who::all();
        let (who, msg, touched) = match *net {
            Net::Vote { user, yes, .. } => {
                let choice = if yes {
                    governance::Choice::Yes
                } else {
                    governance::Choice::No
                };
                (Who::User(user % USERS), G::Vote { proposal, choice }, vec![])
            }
            Net::Enact { .. } => return self.enact_cause(name, proposal),
            Net::TakeBack { user, .. } => (Who::User(user % USERS), G::Withdraw { proposal }, vec![]),
            _ => (Who::Relayer, G::SettleDeposit { proposal }, everybody),
        };
        let msg = self.bid(Room::Council, &msg, 0)?;
        self.tried(name, who, &[msg], &touched).map(drop)
    }

    fn propose_cause(&mut self, name: &str, who: Who, cause: Cause) -> Result<()> {
        let query = governance::QueryMsg::Params {};
        let params: governance::Params = self.stage.query(&self.room(Room::Council), &query)?;
        let hook = governance::Cw20Hook::Propose {
            title: format!("{cause:?}"),
            description: String::new(),
            action: self.cause(cause, &params)?,
        };
        let deposit = params.deposit.u128();
        let msg = self.send_vcai(Room::Council, deposit, &hook)?;
        let sent = self.tried(name, who, &[msg], &[])?;
        if sent.is_ok() {
            ensure!(
                !matches!(cause, Cause::Smuggle { .. } | Cause::Mint),
                "{cause:?} was proposed"
            );
            self.shadow
                .ledger
                .gives(who, deposit)
                .map_err(|code| anyhow!("{code}"))?;
        }
        Ok(())
    }

    /// What was decided is what happens, and nothing else.
    fn enact_cause(&mut self, name: &str, proposal: u64) -> Result<()> {
        let at = self.room(Room::Council);
        let row: governance::ProposalResponse = self.stage.query(&at, &governance::QueryMsg::Proposal { proposal })?;
        let msg = self.bid(Room::Council, &governance::ExecuteMsg::Execute { proposal }, 0)?;
        let sent = self.tried(name, Who::Relayer, &[msg], &[])?;
        let governance::Subject::Motion { action, .. } = row.subject else {
            bail!("no motion: {row:?}");
        };
        if sent.is_err() {
            return Ok(());
        }
        match action {
            governance::Action::Spend { to, amount } => {
                let who = self.named(&to)?;
                self.shadow.ledger.gets(who, amount.u128());
            }
            governance::Action::StrategicIssuance(issuance) => self.issued(&issuance)?,
            governance::Action::Messages { msgs } => self.told_treasury(&msgs)?,
            governance::Action::Params { .. } | governance::Action::Reprice { .. } => {}
        }
        Ok(())
    }

    fn told_treasury(&mut self, msgs: &[CosmosMsg]) -> Result<()> {
        let [CosmosMsg::Wasm(WasmMsg::Execute { msg, .. })] = msgs else {
            bail!("another message was sent: {msgs:?}");
        };
        match from_json(msg)? {
            treasury::ExecuteMsg::Spend { asset, to, amount } => {
                let (who, amount) = (self.named(&to)?, amount.u128());
                let usdt = matches!(asset, Asset::Native { .. });
                ensure!(
                    amount <= self.shadow.ledger.spare()[usize::from(usdt)],
                    "more was spent than lay beside the revenue"
                );
                self.shadow.ledger.purse[usize::from(usdt)] += amount;
                if usdt {
                    self.shadow.pay(who, amount);
                } else {
                    self.shadow.ledger.gets(who, amount);
                }
            }
            treasury::ExecuteMsg::RemoveLiquidity { shares, .. } => self.shadow.ledger.unpool(shares.u128()),
            other => bail!("nobody proposes {other:?}"),
        }
        Ok(())
    }

    fn named(&self, address: &str) -> Result<Who> {
        let mut all = Who::all().into_iter();
        all.find(|who| self.stage.address(*who) == address)
            .context("nobody's address")
    }

    fn issued(&mut self, issuance: &governance::StrategicIssuance) -> Result<()> {
        let VestingKind::Linear { duration } = issuance.vesting.kind() else {
            bail!("steps");
        };
        for recipient in &issuance.recipients {
            let whose = self.named(&recipient.address)?;
            // It begins with the block, which says when that was.
            let number = self.shadow.ledger.grants.len() as u64 + 1;
            let query = allocation::QueryMsg::Grant { grant: number };
            let row: Option<allocation::GrantResponse> = self.stage.query(&self.room(Room::Allocation), &query)?;
            let start = row.and_then(|row| row.starts_at).context("no grant was made")?;
            let late = start
                .checked_sub(self.shadow.now)
                .context("it began before it was decided")?;
            ensure!(late <= self.stage.clock.tolerance(), "it begins {late} s late");
            self.shadow.ledger.grants.push(Grant {
                bucket: Bucket::Issued,
                whose,
                pending: None,
                amount: recipient.amount.u128(),
                terms: Terms {
                    tge_bps: issuance.vesting.tge_bps(),
                    cliff: issuance.vesting.cliff(),
                    rest: Rest::Line(duration),
                },
                start: Some(start),
                floor: 0,
                claimed: 0,
            });
        }
        Ok(())
    }
}

/// The proposal to say this to a contract.
fn told(contract: &str, msg: &impl serde::Serialize) -> Result<governance::Action> {
    let msg = WasmMsg::Execute {
        contract_addr: contract.to_owned(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    };
    Ok(governance::Action::Messages { msgs: vec![msg.into()] })
}

fn terms(tge_bps: u16, to: Timetable) -> Terms {
    let seconds = to.days * DAY;
    let rest = match to.steps {
        0 => Rest::Line(seconds),
        count => Rest::Steps { period: seconds, count },
    };
    Terms {
        tge_bps,
        cliff: to.cliff * DAY,
        rest,
    }
}

/// As a message has it, even where it is no schedule: that cannot be written in the contracts' words.
fn spelled(terms: &Terms) -> Value {
    let kind = match terms.rest {
        Rest::Line(duration) => json!({"linear": {"duration": duration}}),
        Rest::Steps { period, count } => json!({"steps": {"period": period, "count": count}}),
    };
    json!({"tge_bps": terms.tge_bps, "cliff": terms.cliff, "kind": kind})
}

/// So many days, the last of them so long ago.
fn range(today: u64, days_ago: u64, length: u64) -> (u64, u64) {
    let to = today - days_ago;
    (to + 1 - length, to)
}
