//! Does an operation on a chain and in the shadow, and compares: the outcome at once, the whole state after each step.

use std::collections::BTreeMap;

use anyhow::{anyhow, bail, ensure, Context, Result};
use attestation::{encode_entries, prove, prove_range, prove_subtree, Entry, Leaf, MerkleSum};
use cosmwasm_std::{coins, to_json_binary, BankMsg, Binary, ContractResult, CosmosMsg, Response, WasmMsg};
use interfaces::attestation_oracle::{self as oracle, ProvenCall, StatementOutcome, Subject};
use interfaces::credit_vault::{self as vault, GatewayAdmission, Peers, Rate, ReportRef};
use interfaces::{l_coin, timelock};
use suite::deploy::Artifacts;
use suite::{Chain, ChainExt, Msg};

use crate::clock::Clock;
use crate::deal::{Coin, Deal};
use crate::laws::{self, Seen};
use crate::op::{Change, Claim, Dispute, Fault, Op, Statement, Usage, Who, DAY, GATEWAYS, HOUR, USERS};
use crate::record::{self, Record};
use crate::shadow::{users, week_of, ChallengeState, Shadow, Verdict};
use crate::stage::{host, Sent, Stage, CHALLENGE_BOND, DENOM, SKUS, SUBJECTS};
use crate::thief;
use crate::usage::{self, Desk, Made};

const DISPUTER: Who = Who::Relayer;

/// A suite on a chain and its shadow.
pub struct Play<'c> {
    pub stage: Stage<'c>,
    pub shadow: Shadow,
    pub seen: Seen,
    pub record: Vec<Record>,
    /// How often each kind of outcome was seen, for those who want to know what a trace covers.
    pub tally: BTreeMap<String, u32>,
    /// Whether records keep the whole state, or the events alone.
    pub thorough: bool,
    /// What happened in a theft, for those who read along.
    pub told: Vec<String>,
    /// µCredit of the markets when everybody had left.
    housed: u128,
}

impl<'c> Play<'c> {
    /// Deploys, enrols both gateways and the worker, and gives every user an open account at each gateway.
    ///
    /// # Errors
    /// When anything is not as predicted.
    pub fn new(chain: &'c mut dyn Chain, artifacts: &Artifacts, clock: Clock) -> Result<Self> {
        let stage = Stage::new(chain, artifacts, clock)?;
        let mut play = Self {
            stage,
            shadow: Shadow::new(),
            seen: Seen::default(),
            record: Vec::new(),
            tally: BTreeMap::new(),
            thorough: true,
            told: Vec::new(),
            housed: 0,
        };
        for subject in 0..SUBJECTS.len() {
            play.step(&Op::Enrol { subject })?;
        }
        Ok(play)
    }

    /// The operations with which most traces begin.
    #[must_use]
    pub fn prologue() -> Vec<Op> {
        let one = crate::op::ONE;
        let mut ops = Vec::new();
        for user in 0..USERS {
            ops.push(Op::Deposit {
                user,
                amount: 200_000 * one,
                to: user,
            });
            for gateway in 1..=GATEWAYS {
                ops.push(Op::Open {
                    user,
                    gateway,
                    amount: 60_000 * one,
                    per_day: 40_000 * one,
                });
            }
        }
        ops
    }

    /// The operations that give the markets something to work with: everybody mines and is paid, a pool of LCO and Credits, both tokens lent, stakes of every tier.
    #[must_use]
    pub fn opening() -> Vec<Op> {
        let report = |gateway| Statement::Report {
            gateway,
            usage: (0..USERS)
                .map(|user| Usage {
                    user,
                    sku: 1,
                    units: 8_750_000_000,
                    claim: Claim::Card,
                })
                .collect(),
            late: 1,
            fault: Fault::None,
        };
        let statements = vec![report(1), report(2)];
        let deals = [
            Deal::Provide {
                user: 0,
                lco: 300_000,
                credits: 700_000,
            },
            Deal::Lend {
                user: 1,
                coin: Coin::Credit,
                part: 200_000,
            },
            Deal::Lend {
                user: 2,
                coin: Coin::Lco,
                part: 200_000,
            },
            Deal::Stake {
                user: 3,
                to: 3,
                part: 600_000,
            },
            Deal::Stake {
                user: 1,
                to: 1,
                part: 250_000,
            },
        ];
        let mut ops = vec![
            Op::Submit { statements },
            Op::Pay {
                users: (0..USERS).collect(),
            },
        ];
        ops.extend(deals.map(Op::Deal));
        ops.push(Op::Advance { seconds: HOUR });
        ops
    }

    /// One operation, its outcome and the laws after it.
    ///
    /// # Errors
    /// When chain and shadow differ, or a law is broken.
    pub fn step(&mut self, op: &Op) -> Result<()> {
        if self.shadow.dead {
            return Ok(());
        }
        if let Op::Advance { seconds } = op {
            self.stage.clock.pass(*seconds);
            return Ok(());
        }
        if let Op::Deal(Deal::Friday { after }) = op {
            let friday = next_friday(self.stage.clock.now());
            self.stage.clock.until(friday + after);
            return Ok(());
        }
        self.stage.sent.clear();
        self.shadow.now = self.stage.begin()?;
        self.act(op).with_context(|| format!("{op:?}"))?;
        self.stage.on_time()?;
        self.check(matches!(op, Op::Net(_)))
            .with_context(|| format!("after {op:?}"))?;
        let state = if self.thorough {
            record::state(&self.stage, &self.shadow, matches!(op, Op::Net(_)))?
        } else {
            BTreeMap::new()
        };
        let sent = std::mem::take(&mut self.stage.sent);
        self.record.push(Record::new(op, &sent, state, &self.stage.at));
        Ok(())
    }

    /// # Errors
    /// As [`Self::step`], naming the operation.
    pub fn run(&mut self, ops: &[Op]) -> Result<()> {
        for (i, op) in ops.iter().enumerate() {
            self.step(op).with_context(|| format!("operation {i}"))?;
        }
        Ok(())
    }

    fn check(&mut self, net: bool) -> Result<()> {
        if self.shadow.dead {
            return Ok(());
        }
        laws::hold(&self.stage, &self.shadow, &mut self.seen)?;
        // Their many questions are slow over a wire; in process, where blocks are exact, they are asked after every step.
        let exact = self.stage.clock.tolerance() == 0;
        if exact || self.record.len().is_multiple_of(8) {
            laws::houses(&self.stage, &self.shadow, &mut self.seen)?;
        }
        if exact || net && self.record.len().is_multiple_of(4) {
            laws::network(&self.stage, &self.shadow, &mut self.seen)?;
        }
        laws::agree(&self.stage, &self.shadow)
    }

    // ---- one operation ----

    pub(crate) fn expect(&mut self, sent: &Sent, expected: Verdict) -> Result<()> {
        let label = match sent {
            Ok(_) => "done".to_owned(),
            Err(code) => code.clone(),
        };
        *self.tally.entry(label).or_default() += 1;
        match (sent, expected) {
            (Ok(_), Ok(())) | (Err(_), Err("any")) => Ok(()),
            (Err(code), Err(expected)) if code == expected => Ok(()),
            (Ok(_), Err(expected)) => bail!("it worked; expected the refusal {expected}"),
            (Err(code), expected) => bail!("refused as {code}; expected {expected:?}"),
        }
    }

    fn vault(&mut self, who: Who, msg: &vault::ExecuteMsg, expected: Verdict) -> Result<()> {
        let sent = self.stage.vault(who, msg, 0)?;
        self.expect(&sent, expected)
    }

    fn oracle(&mut self, who: Who, msg: &oracle::ExecuteMsg, expected: Verdict) -> Result<()> {
        let sent = self.stage.oracle(who, msg, 0)?;
        self.expect(&sent, expected)
    }

    fn coin(&mut self, who: Who, msg: &l_coin::ExecuteMsg, expected: Verdict) -> Result<()> {
        let to = self.stage.at.l_coin.clone();
        let sent = self.stage.send(who, &to, msg, &[])?;
        self.expect(&sent, expected)
    }

    fn timelock(&mut self, who: Who, msg: &timelock::ExecuteMsg, expected: Verdict) -> Result<()> {
        let to = self.stage.at.timelock.clone();
        let sent = self.stage.send(who, &to, msg, &[])?;
        self.expect(&sent, expected)
    }

    #[allow(clippy::too_many_lines)]
    fn act(&mut self, op: &Op) -> Result<()> {
        use vault::ExecuteMsg as V;
        match op.clone() {
            Op::Deposit { user, amount, to } => {
                let (from, to) = (Who::User(user % USERS), Who::User(to % USERS));
                let amount = amount.min(self.shadow.usdt(from));
                let expected = self.shadow.deposit(from, to, amount);
                let recipient = (from != to).then(|| self.stage.address(to));
                let sent = self.stage.vault(from, &V::Deposit { to: recipient }, amount)?;
                self.expect(&sent, expected)
            }
            Op::DepositWrong { user } => {
                let to = self.stage.at.credit_vault.clone();
                let sent = self.stage.send(
                    Who::User(user % USERS),
                    &to,
                    &V::Deposit { to: None },
                    &coins(1, "stake"),
                )?;
                self.expect(&sent, Err("vault:931"))
            }
            Op::Redeem { who, amount } => {
                let who = signing(who);
                let expected = self.shadow.redeem(who, amount);
                self.vault(
                    who,
                    &V::Redeem {
                        amount: amount.into(),
                        to: None,
                    },
                    expected,
                )
            }
            Op::Transfer { from, to, amount } => {
                let from = signing(from);
                let expected = self.shadow.transfer(from, to, amount);
                let recipient = self.stage.address(to);
                self.vault(
                    from,
                    &V::Transfer {
                        recipient,
                        amount: amount.into(),
                    },
                    expected,
                )
            }
            Op::Allow { owner, spender, amount } => {
                let expected = self.shadow.allow(owner % USERS, spender, amount);
                let spender = self.stage.address(spender);
                let msg = V::IncreaseAllowance {
                    spender,
                    amount: amount.into(),
                    expires: None,
                };
                self.vault(Who::User(owner % USERS), &msg, expected)
            }
            Op::Disallow { owner, spender, amount } => {
                let expected = self.shadow.disallow(owner % USERS, spender, amount);
                let spender = self.stage.address(spender);
                let msg = V::DecreaseAllowance {
                    spender,
                    amount: amount.into(),
                    expires: None,
                };
                self.vault(Who::User(owner % USERS), &msg, expected)
            }
            Op::TransferFrom {
                spender,
                owner,
                to,
                amount,
            } => {
                let spender = signing(spender);
                let expected = self.shadow.transfer_from(spender, owner % USERS, to, amount);
                let (owner, recipient) = (self.stage.address(Who::User(owner % USERS)), self.stage.address(to));
                self.vault(
                    spender,
                    &V::TransferFrom {
                        owner,
                        recipient,
                        amount: amount.into(),
                    },
                    expected,
                )
            }
            Op::Open {
                user,
                gateway,
                amount,
                per_day,
            } => {
                let (user, gateway) = (user % USERS, at(gateway));
                let expected = self.shadow.open(user, gateway, amount, per_day);
                let msg = V::OpenSpending {
                    gateway,
                    amount: amount.into(),
                    max_per_day: per_day.into(),
                };
                self.vault(Who::User(user), &msg, expected)
            }
            Op::TopUp { user, gateway, amount } => {
                let (user, gateway) = (user % USERS, at(gateway));
                let expected = self.shadow.top_up(user, gateway, amount);
                self.vault(
                    Who::User(user),
                    &V::TopUpSpending {
                        gateway,
                        amount: amount.into(),
                    },
                    expected,
                )
            }
            Op::Limit { user, gateway, per_day } => {
                let (user, gateway) = (user % USERS, at(gateway));
                let expected = self.shadow.limit(user, gateway, per_day);
                self.vault(
                    Who::User(user),
                    &V::SetDailyLimit {
                        gateway,
                        max_per_day: per_day.into(),
                    },
                    expected,
                )
            }
            Op::Close { user, gateway } => {
                let (user, gateway) = (user % USERS, at(gateway));
                let expected = self.shadow.close(user, gateway);
                self.vault(Who::User(user), &V::CloseSpending { gateway }, expected)
            }
            Op::Withdraw { user, gateway } => {
                let (user, gateway) = (user % USERS, at(gateway));
                let expected = self.shadow.withdraw(user, gateway);
                self.vault(Who::User(user), &V::WithdrawSpending { gateway }, expected)
            }
            Op::Claim { user } => {
                let expected = self.shadow.claim(user % USERS);
                self.vault(Who::User(user % USERS), &V::ClaimLco {}, expected)
            }
            Op::Pay { users } => {
                let users: Vec<_> = users.iter().map(|user| user % USERS).collect();
                let expected = self.shadow.pay_lco(&users);
                let accounts = users.iter().map(|user| self.stage.address(Who::User(*user))).collect();
                self.vault(Who::Relayer, &V::PayLco { accounts }, expected)
            }
            Op::LcoTransfer { from, to, amount } => {
                let expected = self.shadow.lco_transfer(from % USERS, to % USERS, amount);
                let recipient = self.stage.address(Who::User(to % USERS));
                let msg = l_coin::ExecuteMsg::Transfer {
                    recipient,
                    amount: amount.into(),
                };
                self.coin(Who::User(from % USERS), &msg, expected)
            }
            Op::LcoBurn { user, amount } => {
                let expected = self.shadow.lco_burn(user % USERS, amount);
                self.coin(
                    Who::User(user % USERS),
                    &l_coin::ExecuteMsg::Burn { amount: amount.into() },
                    expected,
                )
            }
            Op::Submit { statements } => self.submit(&statements),
            Op::Deliver { pick, other_entries } => self.deliver(pick, other_entries),
            Op::Challenge { pick, entry, impostor } => self.challenge(pick, entry, impostor),
            Op::Reveal { pick, other } => self.reveal(pick, other),
            Op::Resolve { pick } => self.resolve(pick),
            Op::Dispute { pick, entry, kind } => self.dispute(pick, entry, kind),
            Op::Enrol { subject } => self.enrol(SUBJECTS[subject % SUBJECTS.len()]),
            Op::Revoke { subject, by } => {
                let subject = SUBJECTS[subject % SUBJECTS.len()];
                let key_epoch = self.shadow.member(subject).epoch();
                let expected = self.shadow.revoke(subject, by, host(subject));
                self.oracle(by, &oracle::ExecuteMsg::RevokeKey { subject, key_epoch }, expected)
            }
            Op::AddBond { subject, amount } => {
                let subject = SUBJECTS[subject % SUBJECTS.len()];
                let amount = amount.min(self.shadow.usdt(Who::Relayer)).max(1);
                self.shadow.spend(Who::Relayer, amount);
                self.shadow.member_mut(subject).bond += amount;
                let sent = self
                    .stage
                    .oracle(Who::Relayer, &oracle::ExecuteMsg::AddBond { subject }, amount)?;
                self.expect(&sent, Ok(()))
            }
            Op::Release {
                by,
                gateway,
                weeks_ago,
                extra,
            } => {
                let (gateway, week) = (at(gateway), week_of(self.shadow.now) - weeks_ago);
                if by == Who::Fund {
                    return self.report_week(gateway, week, extra);
                }
                let fund_share = self.shadow.share(gateway, week, extra).into();
                let expected = self.shadow.release(by, gateway, week, extra);
                self.vault(
                    by,
                    &V::ReleaseWeek {
                        gateway,
                        week,
                        fund_share,
                    },
                    expected,
                )
            }
            Op::ProposeRates {
                gateway,
                second,
                list,
                cost,
            } => {
                let gateway = at(gateway);
                let sku = SKUS
                    .iter()
                    .filter(|(_, owner)| *owner == gateway)
                    .nth(usize::from(second))
                    .map_or("", |(sku, _)| sku);
                let expected = self.shadow.propose(sku, list.into(), cost.into());
                let rate = Rate {
                    sku: sku.to_owned(),
                    gateway,
                    list: u128::from(list).into(),
                    cost: u128::from(cost).into(),
                };
                self.vault(Who::Operator, &V::ProposeRates { rates: vec![rate] }, expected)
            }
            Op::Suspend { gateway, by } => {
                let gateway = at(gateway);
                let expected = self.shadow.suspend(gateway, by);
                self.vault(by, &V::SuspendGateway { gateway }, expected)
            }
            Op::Admit { gateway, by } => {
                let gateway = at(gateway);
                let expected = self.shadow.admit(gateway, by);
                let admission = GatewayAdmission {
                    gateway,
                    payout: self.stage.address(Who::Payout(gateway)),
                };
                self.vault(by, &V::AdmitGateway { admission }, expected)
            }
            Op::Pause { paused, by } => {
                let expected = self.shadow.pause(paused, by);
                self.vault(by, &V::PauseDeposits { paused }, expected)
            }
            Op::OpenTransfers { by } => {
                let expected = self.shadow.open_transfers(by);
                self.vault(by, &V::OpenTransfers {}, expected)
            }
            Op::Queue { change, by } => {
                let msgs = vec![self.change(change)?];
                let expected = self.shadow.queue(change, by);
                let msg = timelock::ExecuteMsg::Queue {
                    title: format!("{change:?}"),
                    description: String::new(),
                    msgs,
                    delay: None,
                };
                self.timelock(by, &msg, expected)
            }
            Op::Execute { pick } => {
                let index = pick % self.shadow.queue.len().max(1);
                let expected = self.shadow.execute(index);
                self.timelock(
                    Who::Relayer,
                    &timelock::ExecuteMsg::Execute { id: index as u64 + 1 },
                    expected,
                )
            }
            Op::Cancel { pick, by } => {
                let index = pick % self.shadow.queue.len().max(1);
                let expected = self.shadow.cancel(index, by);
                self.timelock(by, &timelock::ExecuteMsg::Cancel { id: index as u64 + 1 }, expected)
            }
            Op::Steal { oracle } => self.steal(oracle),
            Op::Donate { oracle, amount } => self.donate(oracle, amount),
            Op::Deal(deal) => self.deal(&deal),
            Op::Net(net) => self.net(&net),
            Op::Advance { .. } => Ok(()),
        }
    }

    fn donate(&mut self, oracle: bool, amount: u128) -> Result<()> {
        let amount = amount.min(self.shadow.usdt(Who::Relayer));
        if amount == 0 {
            return Ok(());
        }
        let at = &self.stage.at;
        let to = if oracle {
            at.attestation_oracle.clone()
        } else {
            at.credit_vault.clone()
        };
        self.shadow.spend(Who::Relayer, amount);
        if oracle {
            self.shadow.given_oracle += amount;
        } else {
            self.shadow.given_vault += amount;
        }
        let sent = self.stage.transact(
            Who::Relayer,
            &[Msg::Send {
                to,
                coins: coins(amount, DENOM),
            }],
        )?;
        self.expect(&sent, Ok(()))
    }

    fn enrol(&mut self, subject: Subject) -> Result<()> {
        if self.stage.collateral + 10 * DAY < self.shadow.now {
            self.stage.renew_collateral()?;
        }
        let epoch = self.shadow.member(subject).epoch() + 1;
        let operator = host(subject);
        let bond = self.shadow.missing_bond(subject);
        if bond > self.shadow.usdt(operator) {
            return Ok(());
        }
        let sent = self.stage.request(subject, epoch, bond)?;
        self.expect(&sent, Ok(()))?;
        let sent = self.stage.enrol(subject)?;
        self.expect(&sent, Ok(()))?;
        self.shadow.enrol(subject, operator, bond, self.stage.collateral);
        Ok(())
    }

    fn change(&self, change: Change) -> Result<CosmosMsg> {
        let at = &self.stage.at;
        let peers = |fund: Who| vault::ExecuteMsg::SetPeers {
            peers: Peers {
                tiers: Some(at.lco_staking.clone()),
                fund: Some(self.stage.address(fund)),
                wars: Some(at.compute_wars.clone()),
                launchpad: Some(at.imo_launchpad.clone()),
            },
        };
        let (to, msg) = match change {
            Change::SwapFund => {
                let next = if self.shadow.fund == Who::Fund {
                    Who::OtherFund
                } else {
                    Who::Fund
                };
                (&at.credit_vault, to_json_binary(&peers(next))?)
            }
            Change::Register => {
                let address = self.stage.address(Who::User(3));
                (
                    &at.credit_vault,
                    to_json_binary(&vault::ExecuteMsg::RegisterContract { address })?,
                )
            }
            Change::LoseVault => (
                &at.attestation_oracle,
                to_json_binary(&oracle::ExecuteMsg::SetVault {
                    vault: at.l_coin.clone(),
                })?,
            ),
            Change::FindVault => (
                &at.attestation_oracle,
                to_json_binary(&oracle::ExecuteMsg::SetVault {
                    vault: at.credit_vault.clone(),
                })?,
            ),
            Change::LoseOracle => (
                &at.credit_vault,
                to_json_binary(&vault::ExecuteMsg::SetOracle {
                    oracle: at.l_coin.clone(),
                })?,
            ),
            Change::FindOracle => (
                &at.credit_vault,
                to_json_binary(&vault::ExecuteMsg::SetOracle {
                    oracle: at.attestation_oracle.clone(),
                })?,
            ),
        };
        Ok(WasmMsg::Execute {
            contract_addr: to.clone(),
            msg,
            funds: vec![],
        }
        .into())
    }

    // ---- statements ----

    fn submit(&mut self, statements: &[Statement]) -> Result<()> {
        let (mut wires, mut outcomes, mut accepted) = (Vec::new(), Vec::new(), Vec::new());
        for (index, statement) in statements.iter().enumerate() {
            let (wire, outcome) = self.make(statement, index)?;
            if outcome == StatementOutcome::Accepted && matches!(statement, Statement::Report { .. }) {
                accepted.push((index, self.shadow.reports.len() - 1));
            }
            wires.push(wire);
            outcomes.push(outcome);
        }
        let reports: Vec<usize> = accepted.iter().map(|(_, report)| *report).collect();
        if !self.shadow.fan_out(&reports) {
            accepted
                .iter()
                .for_each(|(index, _)| outcomes[*index] = StatementOutcome::Undelivered);
        }
        let msg = oracle::ExecuteMsg::Submit { statements: wires };
        let sent = self.stage.oracle(Who::Relayer, &msg, 0)?;
        self.expect(
            &sent,
            if statements.is_empty() {
                Err("oracle:40")
            } else {
                Ok(())
            },
        )?;
        let Ok(outcome) = sent else { return Ok(()) };
        let said = outcomes_of(&outcome.events, &self.stage.at.attestation_oracle, outcomes.len())?;
        for outcome in &outcomes {
            *self.tally.entry(format!("{outcome:?}")).or_default() += 1;
        }
        let undelivered = |i: &StatementOutcome| {
            if *i == StatementOutcome::Undelivered {
                StatementOutcome::Accepted
            } else {
                *i
            }
        };
        // The statement's own event comes before the vault is told.
        let first: Vec<u8> = outcomes.iter().map(|o| undelivered(o).code()).collect();
        ensure!(said == first, "outcomes {said:?}, expected {first:?} of {statements:?}");
        Ok(())
    }

    fn make(&mut self, statement: &Statement, index: usize) -> Result<(oracle::SignedStatement, StatementOutcome)> {
        let users = users();
        let rates = self.shadow.rates.clone();
        let rate =
            move |sku: &str, time: u64| crate::shadow::in_force(&rates, sku, time).unwrap_or((1_000_000, 500_000));
        let at = &self.stage.at;
        let (chain_id, oracle, vault) = (
            self.stage.chain_id.clone(),
            at.attestation_oracle.clone(),
            at.credit_vault.clone(),
        );
        let desk = Desk {
            chain_id: &chain_id,
            oracle: &oracle,
            vault: &vault,
            now: self.shadow.now,
            users: &users,
            rate: &rate,
            index,
        };
        match statement {
            Statement::Report {
                gateway,
                usage,
                late,
                fault,
            } => self.make_report(&desk, *gateway, usage, *late, *fault),
            Statement::Job { job, work, fault } => {
                let worker = SUBJECTS[2];
                let epoch = self.epoch(worker, *fault);
                let at = self.shadow.job_head(worker.id, epoch, *job);
                if let (Fault::Duplicate, Some(last)) = (fault, &at.last) {
                    let last = last.clone();
                    let outcome = self.shadow.judge_job(&last);
                    return Ok((last.wire, outcome));
                }
                let made = usage::job(
                    &desk,
                    worker,
                    epoch,
                    &usage::Task {
                        job: *job,
                        head: &at.head,
                        stated: at.stated,
                    },
                    *work,
                    *fault,
                )?;
                let outcome = self.shadow.judge_job(&made);
                Ok((made.wire, outcome))
            }
            Statement::Link { job } => {
                let worker = SUBJECTS[2];
                let epoch = self.epoch(worker, Fault::OldEpoch);
                let head = self.shadow.job_head(worker.id, epoch, *job).head;
                let (wire, _, digest) = usage::link(&desk, worker, epoch, *job, &head)?;
                let outcome = self.shadow.judge_link(worker.id, epoch, *job, digest);
                Ok((wire, outcome))
            }
        }
    }

    /// The newest epoch, or the one before.
    fn epoch(&self, subject: Subject, fault: Fault) -> u32 {
        let newest = self.shadow.member(subject).epoch();
        if fault == Fault::OldEpoch {
            newest.saturating_sub(1).max(1)
        } else {
            newest
        }
    }

    fn make_report(
        &mut self,
        desk: &Desk,
        gateway: u64,
        usage: &[crate::op::Usage],
        late: u64,
        fault: Fault,
    ) -> Result<(oracle::SignedStatement, StatementOutcome)> {
        let subject = SUBJECTS[if at(gateway) == 1 { 0 } else { 1 }];
        let epoch = self.epoch(subject, fault);
        let made = match (fault, self.last_report(subject.id, epoch)) {
            (Fault::Duplicate, Some(last)) => last,
            _ => {
                let head = self.shadow.head(subject.id, epoch);
                usage::report(desk, subject, epoch, &head, usage, late, fault)?
            }
        };
        let outcome = self.shadow.judge(&made);
        Ok((made.wire, outcome))
    }

    fn last_report(&self, gateway: u64, epoch: u32) -> Option<Made> {
        let mut of = self.shadow.reports.iter().rev().map(|report| &report.made);
        of.find(|made| (made.body.gateway, made.body.key_epoch) == (gateway, epoch))
            .cloned()
    }

    fn deliver(&mut self, pick: usize, other: bool) -> Result<()> {
        let waiting = |r: &crate::shadow::Report| r.outcome == StatementOutcome::Undelivered;
        let Some(index) = self.pick_report(pick, waiting) else {
            return Ok(());
        };
        let report = &self.shadow.reports[index];
        let mut entries = report.made.entries.clone();
        if other {
            entries[0].units += 1;
        }
        let name = report.name();
        let expected = self.shadow.deliver(index, other);
        let entries = encode_entries(&entries).map_err(|e| anyhow!("{e}"))?.into();
        self.oracle(
            Who::Relayer,
            &oracle::ExecuteMsg::Deliver { report: name, entries },
            expected,
        )
    }

    /// Newest first, those that fit before those that do not.
    fn pick_report(&self, pick: usize, fits: impl Fn(&crate::shadow::Report) -> bool) -> Option<usize> {
        let reports = &self.shadow.reports;
        if reports.is_empty() {
            return None;
        }
        let fitting: Vec<usize> = (0..reports.len()).rev().filter(|i| fits(&reports[*i])).collect();
        let of = fitting.len();
        Some(if of == 0 {
            pick % reports.len()
        } else {
            fitting[pick % of]
        })
    }

    // ---- checking the proof of compute ----

    fn challenge(&mut self, pick: usize, entry: usize, impostor: bool) -> Result<()> {
        let accepted = |r: &crate::shadow::Report| r.outcome == StatementOutcome::Accepted;
        let Some(index) = self.pick_report(pick, accepted) else {
            return Ok(());
        };
        let made = self.shadow.reports[index].made.clone();
        let entry = entry % made.entries.len();
        let owner = users()
            .iter()
            .position(|user| *user == made.entries[entry].account)
            .map(Who::User);
        let sender = if impostor {
            Who::Exchange
        } else {
            owner.unwrap_or(Who::Exchange)
        };
        if self.shadow.usdt(sender) < CHALLENGE_BOND {
            return Ok(());
        }
        let count = made.logs[entry].len();
        let expected = self.shadow.challenge(index, entry, sender, count);
        let msg = oracle::ExecuteMsg::ChallengeUsage {
            report: self.shadow.reports[index].name(),
            entry_index: entry as u16,
            entry: encoded(&made.entries[entry])?,
            entry_proof: entry_proof(&made, entry)?,
            first_leaf: 0,
            count: count as u16,
        };
        let sent = self.stage.oracle(sender, &msg, CHALLENGE_BOND)?;
        self.expect(&sent, expected)
    }

    fn pick_challenge(&self, pick: usize) -> Option<usize> {
        let all = &self.shadow.challenges;
        let open: Vec<usize> = (0..all.len())
            .filter(|i| all[*i].state == ChallengeState::Open || all[*i].pending)
            .collect();
        match (open.len(), all.len()) {
            (0, 0) => None,
            (0, of) => Some(pick % of),
            (of, _) => Some(open[pick % of]),
        }
    }

    fn reveal(&mut self, pick: usize, other: bool) -> Result<()> {
        let Some(index) = self.pick_challenge(pick) else {
            return Ok(());
        };
        let row = self.shadow.challenges[index].clone();
        let log = &self.shadow.reports[row.report].made.logs[row.entry];
        let proof = prove_range(&nodes(log)?, 0, log.len())
            .map_err(|e| anyhow!("{e}"))?
            .encode()
            .into();
        let shown = if other { 0 } else { log.len() };
        let leaves = log[..shown].iter().map(leaf).collect::<Result<_>>()?;
        let expected = self.shadow.reveal(index, other);
        let msg = oracle::ExecuteMsg::RevealLeaves {
            challenge: index as u64 + 1,
            leaves,
            proof,
        };
        self.oracle(Who::Relayer, &msg, expected)
    }

    fn resolve(&mut self, pick: usize) -> Result<()> {
        let Some(index) = self.pick_challenge(pick) else {
            return Ok(());
        };
        let expected = self.shadow.resolve(index);
        self.oracle(
            Who::Relayer,
            &oracle::ExecuteMsg::ResolveChallenge {
                challenge: index as u64 + 1,
            },
            expected,
        )
    }

    fn dispute(&mut self, pick: usize, entry: usize, kind: Dispute) -> Result<()> {
        let accepted = |r: &crate::shadow::Report| r.outcome == StatementOutcome::Accepted;
        let Some(index) = self.pick_report(pick, accepted) else {
            return Ok(());
        };
        let made = self.shadow.reports[index].made.clone();
        let name = self.shadow.reports[index].name();
        let entry = entry % made.entries.len();
        let (number, dispute) = match kind {
            Dispute::Duplicate => {
                let second = 1.min(made.logs[entry].len() - 1);
                let (first, second) = (proven(&made, name, entry, 0)?, proven(&made, name, entry, second)?);
                (1, oracle::Dispute::DuplicateCall { first, second })
            }
            Dispute::Price => (
                2,
                oracle::Dispute::WrongPrice {
                    call: proven(&made, name, entry, 0)?,
                },
            ),
            Dispute::Sum => (3, wrong_sum(&made, name, entry)?),
        };
        let expected = self.shadow.dispute(index, entry, number, DISPUTER);
        self.oracle(DISPUTER, &oracle::ExecuteMsg::DisputeCall { dispute }, expected)
    }

    // ---- theft ----

    /// The council migrates a contract to a thief's code, which is refused as too early until the last moment before it is due. While it waits in public everybody
    /// closes, withdraws and redeems, and nobody loses a unit of what was his.
    fn steal(&mut self, of_oracle: bool) -> Result<()> {
        let victim = if of_oracle {
            self.stage.at.attestation_oracle.clone()
        } else {
            self.stage.at.credit_vault.clone()
        };
        let store = Msg::Store {
            name: thief::NAME.to_owned(),
            wasm: thief::wasm()?,
        };
        let stored = self
            .stage
            .transact(Who::Thief, &[store])?
            .map_err(|code| anyhow!("store: {code}"))?;
        let new_code_id = stored.attribute("store_code", "code_id").context("code id")?.parse()?;
        // Nobody migrates directly: the timelock alone is admin.
        for who in [Who::Council, Who::Operator, Who::Thief] {
            let migrate = Msg::Migrate {
                contract: victim.clone(),
                code_id: new_code_id,
                msg: b"{}".to_vec(),
            };
            ensure!(
                self.stage.transact(who, &[migrate])?.is_err(),
                "{who:?} migrated without the queue"
            );
        }
        let migrate = WasmMsg::Migrate {
            contract_addr: victim.clone(),
            new_code_id,
            msg: Binary::from(b"{}"),
        };
        let queue = timelock::ExecuteMsg::Queue {
            title: "Improve".to_owned(),
            description: "Nothing to see here.".to_owned(),
            msgs: vec![migrate.into()],
            delay: None,
        };
        self.next()?;
        self.timelock(Who::Council, &queue, Ok(()))?;
        let id = self.shadow.queue.len() as u64 + 1;
        let execute = timelock::ExecuteMsg::Execute { id };
        let due = self.shadow.now + 7 * DAY;

        self.too_early(&execute, due)?;
        self.everybody_leaves()?;
        self.too_early(&execute, due)?;
        self.stage.clock.until(due - self.stage.clock.before());
        self.next()?;
        self.too_early(&execute, due)?;
        self.stage.clock.until(due);
        self.next()?;
        self.timelock(Who::Thief, &execute, Ok(()))?;
        self.told
            .push(format!("executed {} s after it was due", self.shadow.now - due));
        self.loot(&victim, of_oracle)
    }

    /// The next moment within one operation: what takes many transactions is dealt out over several, so that each is on time on a slow machine.
    fn next(&mut self) -> Result<()> {
        self.stage.on_time()?;
        self.shadow.now = self.stage.begin()?;
        Ok(())
    }

    fn too_early(&mut self, execute: &timelock::ExecuteMsg, due: u64) -> Result<()> {
        ensure!(self.shadow.now < due, "due at {due}, now {}", self.shadow.now);
        self.timelock(Who::Thief, execute, Err("timelock:7"))?;
        self.told.push(format!(
            "refused as timelock:7 {} s before it is due",
            due - self.shadow.now
        ));
        Ok(())
    }

    /// All leave as fast as the rules let them.
    fn everybody_leaves(&mut self) -> Result<()> {
        for user in 0..USERS {
            self.next()?;
            for gateway in 1..=GATEWAYS {
                let expected = self.shadow.close(user, gateway);
                self.vault(Who::User(user), &vault::ExecuteMsg::CloseSpending { gateway }, expected)?;
            }
        }
        self.stage.clock.pass(DAY);
        for user in 0..USERS {
            self.next()?;
            for gateway in 1..=GATEWAYS {
                let expected = self.shadow.withdraw(user, gateway);
                self.vault(
                    Who::User(user),
                    &vault::ExecuteMsg::WithdrawSpending { gateway },
                    expected,
                )?;
            }
        }
        for who in Who::all() {
            self.next()?;
            self.leaves(who)?;
        }
        // Whatever could leave has left: the shadow's purses agree with the bank to the unit.
        ensure!(self.shadow.supply() == 0, "somebody could not leave");
        self.housed = laws::housed(&self.stage)?;
        laws::hold(&self.stage, &self.shadow, &mut self.seen)?;
        laws::agree(&self.stage, &self.shadow)
    }

    fn leaves(&mut self, who: Who) -> Result<()> {
        let amount = self.shadow.credits(who);
        if amount == 0 {
            return Ok(());
        }
        let expected = self.shadow.redeem(who, amount);
        ensure!(expected.is_ok(), "a free Credit that cannot be redeemed");
        let redeem = vault::ExecuteMsg::Redeem {
            amount: amount.into(),
            to: None,
        };
        self.vault(who, &redeem, expected)?;
        self.told.push(format!("{who:?} left with {amount} µUSDT"));
        Ok(())
    }

    /// The thief takes what is left there, which is nobody's free Credits.
    fn loot(&mut self, victim: &str, of_oracle: bool) -> Result<()> {
        let left = self.stage.chain.balance(victim, DENOM)?;
        let housed = self.housed;
        let nobodys = if of_oracle {
            self.shadow.bonds() + self.shadow.given_oracle
        } else {
            // The houses' Credits lose their backing with everybody's who did not leave.
            self.shadow.revenue() + self.shadow.given_vault + housed
        };
        ensure!(left == nobodys, "{left} left, {nobodys} expected");
        if left > 0 {
            let to_address = self.stage.address(Who::Thief);
            let take: CosmosMsg = BankMsg::Send {
                to_address,
                amount: coins(left, DENOM),
            }
            .into();
            let msg = ContractResult::Ok(Response::<cosmwasm_std::Empty>::new().add_message(take));
            // Were this refused, the test would not show that the migration was malicious.
            let sent = self.stage.send(Who::Thief, victim, &msg, &[])?;
            self.expect(&sent, Ok(()))?;
        }
        for who in Who::all().into_iter().filter(|who| *who != Who::Thief) {
            let held = self.stage.chain.balance(&self.stage.address(who), DENOM)?;
            ensure!(held == self.shadow.usdt(who), "{who:?} has {held}");
        }
        let kind = if of_oracle { "bonds" } else { "revenue" };
        self.told.push(format!(
            "the thief took {left} µUSDT of {kind}, and nothing from whoever had left"
        ));
        self.shadow.dead = true;
        Ok(())
    }

    /// Everything the chain's contracts hold, through the queries of pages.
    ///
    /// # Errors
    /// When a query fails.
    pub fn overview(&self) -> Result<vault::OverviewResponse> {
        Ok(self
            .stage
            .chain
            .query(&self.stage.at.credit_vault, &vault::QueryMsg::Overview {})?)
    }
}

/// Whoever signs for it: contracts do not.
fn signing(who: Who) -> Who {
    match who {
        Who::Fund => Who::OtherFund,
        signer => signer,
    }
}

/// First second of the next Friday, UTC.
fn next_friday(now: u64) -> u64 {
    // 1970-01-02 was one.
    (now + 6 * DAY - 1) / (7 * DAY) * 7 * DAY + DAY
}

fn at(gateway: u64) -> u64 {
    (gateway + 1) % GATEWAYS + 1
}

/// Codes in the `statement` events, in order.
fn outcomes_of(events: &[cosmwasm_std::Event], oracle: &str, count: usize) -> Result<Vec<u8>> {
    let of = |e: &&cosmwasm_std::Event| {
        e.ty == "wasm-statement"
            && e.attributes
                .iter()
                .any(|a| a.key == "_contract_address" && a.value == oracle)
    };
    let code = |e: &cosmwasm_std::Event| {
        let code = e
            .attributes
            .iter()
            .find(|a| a.key == "outcome")
            .context("a statement without outcome")?;
        Ok(code.value.parse::<u8>()?)
    };
    let codes = events.iter().filter(of).map(code).collect::<Result<Vec<_>>>()?;
    ensure!(
        codes.len() == count,
        "{} statement events, expected {count}",
        codes.len()
    );
    Ok(codes)
}

fn leaf(leaf: &Leaf) -> Result<Binary> {
    Ok(leaf.encode().map_err(|e| anyhow!("{e}"))?.into())
}

fn encoded(entry: &Entry) -> Result<Binary> {
    Ok(entry.encode().map_err(|e| anyhow!("{e}"))?.into())
}

fn nodes(log: &[Leaf]) -> Result<Vec<MerkleSum>> {
    log.iter().map(|leaf| leaf.node().map_err(|e| anyhow!("{e}"))).collect()
}

fn entry_proof(made: &Made, entry: usize) -> Result<Binary> {
    let nodes = made
        .entries
        .iter()
        .map(|e| e.node().map_err(|e| anyhow!("{e}")))
        .collect::<Result<Vec<_>>>()?;
    Ok(prove(&nodes, entry as u32).map_err(|e| anyhow!("{e}"))?.encode().into())
}

/// A call of a made report with its two paths.
///
/// # Errors
/// Never for a leaf that is there.
pub fn proven(made: &Made, report: ReportRef, entry: usize, index: usize) -> Result<ProvenCall> {
    let log = &made.logs[entry];
    Ok(ProvenCall {
        report,
        leaf: leaf(&log[index])?,
        leaf_proof: prove(&nodes(log)?, index as u32)
            .map_err(|e| anyhow!("{e}"))?
            .encode()
            .into(),
        entry: encoded(&made.entries[entry])?,
        entry_proof: entry_proof(made, entry)?,
    })
}

/// Says that the first call's node has other sums than the call.
fn wrong_sum(made: &Made, report: ReportRef, entry: usize) -> Result<oracle::Dispute> {
    let nodes = nodes(&made.logs[entry])?;
    Ok(oracle::Dispute::WrongSum {
        report,
        entry: encoded(&made.entries[entry])?,
        entry_proof: entry_proof(made, entry)?,
        node: nodes[0].encode().into(),
        node_proof: prove_subtree(&nodes, 0, 1).map_err(|e| anyhow!("{e}"))?.encode().into(),
        left: leaf(&made.logs[entry][0])?,
        right: Binary::default(),
    })
}
