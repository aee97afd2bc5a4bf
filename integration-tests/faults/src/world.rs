//! A deployed suite on a live chain, what its gateways and worker sign, and what the chain made of it.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::{ensure, Context, Result};
use attestation::{Body, ChainKey, Digest};
use cosmwasm_std::{to_json_binary, CosmosMsg, WasmMsg};
use interfaces::attestation_oracle::{
    self as oracle, ChainId, ChainResponse, KeyResponse, SignedStatement, StatementOutcome, StatementResponse,
};
use interfaces::credit_vault::{self as vault, EntryOutcome, ReportRef, SettlementResponse};
use interfaces::timelock;
use replay::chains::{artifacts, SLACK};
use replay::clock::Clock;
use replay::op::{Claim, Fault, Usage, Who, Work, GATEWAYS, HOUR, ONE, USERS};
use replay::shadow::{mined, users};
use replay::stage::{first_rate, Stage, GATEWAY_BOND, START, SUBJECTS, WORKER_BOND};
use replay::usage::{self, Desk, Head, Task};
use serde_json::{json, Value};
use suite::live::rpc::{AbciEvent, Rpc};
use suite::live::Live;

/// Deposited by each user, and promised to each gateway.
const DEPOSIT: u128 = 200_000 * ONE;
const PROMISE: u128 = 60_000 * ONE;
const WORKER: u64 = 1;

/// A statement on its way.
#[derive(Clone, Debug)]
pub struct Signed {
    pub wire: SignedStatement,
    pub chain: ChainId,
    pub seq: u64,
    pub digest: Digest,
    /// µCredit its entries are to be charged; 0 unless it is a report.
    pub due: u128,
}

impl Signed {
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(self.digest)
    }

    fn report(&self) -> Option<ReportRef> {
        match self.chain {
            ChainId::Usage { gateway, key_epoch } => Some(ReportRef {
                gateway,
                key_epoch,
                seq: self.seq,
            }),
            ChainId::Job { .. } => None,
        }
    }
}

/// What the chain's books say at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Books {
    pub height: u64,
    /// µCredit in all spending accounts.
    pub spending: u128,
    /// µLCO booked to all accounts.
    pub booked: u128,
    /// C, and µCredit of revenue, as the vault sums them up.
    pub consumed: u128,
    pub revenue: u128,
    pub mined: u128,
    /// Statements that advanced a chain.
    pub statements: u64,
}

/// See the module.
pub struct World<'c> {
    pub stage: Stage<'c>,
    rpc: Rpc,
    users: Vec<String>,
    heads: BTreeMap<u64, Head>,
    /// Tells everything made here apart.
    made: usize,
    jobs: u64,
    /// When the worker's first key ended.
    renewed_at: u64,
}

impl<'c> World<'c> {
    /// Deploys, enrols both gateways and the worker, renews the worker's key, and opens spending accounts.
    ///
    /// # Errors
    /// When the chain refuses any of it.
    pub fn new(live: &'c mut Live) -> Result<Self> {
        let rpc = live.rpc().clone();
        let mut stage = Stage::new(live, &artifacts()?, Clock::slack(START, SLACK))?;
        stage.begin()?;
        stage.renew_collateral()?;
        for (subject, bond) in SUBJECTS.into_iter().zip([GATEWAY_BOND, GATEWAY_BOND, WORKER_BOND]) {
            done(stage.request(subject, 1, bond)?)?;
            done(stage.enrol(subject)?)?;
        }
        for user in 0..USERS {
            done(stage.vault(Who::User(user), &vault::ExecuteMsg::Deposit { to: None }, DEPOSIT)?)?;
            for gateway in 1..=GATEWAYS {
                let open = vault::ExecuteMsg::OpenSpending {
                    gateway,
                    amount: PROMISE.into(),
                    max_per_day: PROMISE.into(),
                };
                done(stage.vault(Who::User(user), &open, 0)?)?;
            }
        }
        stage.begin()?;
        done(stage.request(SUBJECTS[2], 2, 0)?)?;
        done(stage.enrol(SUBJECTS[2])?)?;
        let query = oracle::QueryMsg::Key {
            subject: SUBJECTS[2],
            key_epoch: Some(1),
        };
        let old: KeyResponse = stage.query(&stage.at.attestation_oracle, &query)?;
        // Windows under the new key begin after the last ones under the old.
        stage.chain.advance(Duration::from_secs(2 * usage::WINDOW))?;
        let first = |gateway| Head::beginning(ChainKey::Usage { gateway, key_epoch: 1 });
        Ok(Self {
            stage,
            rpc,
            users: users(),
            heads: (1..=GATEWAYS).map(|gateway| (gateway, first(gateway))).collect(),
            made: 0,
            jobs: 0,
            renewed_at: old.valid_until,
        })
    }

    /// The chain's time, seconds.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub fn now(&self) -> Result<u64> {
        Ok(self.stage.chain.block()?.time.seconds())
    }

    // ---- signing ----

    fn desk<'a>(&'a self, now: u64, rate: &'a dyn Fn(&str, u64) -> (u128, u128)) -> Desk<'a> {
        Desk {
            chain_id: &self.stage.chain_id,
            oracle: &self.stage.at.attestation_oracle,
            vault: &self.stage.at.credit_vault,
            now,
            users: &self.users,
            rate,
            index: self.made,
        }
    }

    /// A report of two entries at the gateway's head, or with something wrong; the head stays where it is.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn draft(&mut self, gateway: u64, fault: Fault) -> Result<Signed> {
        self.made += 1;
        let entry = |of: usize, sku: u8| Usage {
            user: (self.made + of) % USERS,
            sku,
            units: 1_000_000 + 1_000 * self.made as u64,
            claim: Claim::Card,
        };
        let usage = [entry(0, 0), entry(1, 1)];
        let rate = |sku: &str, _| first_rate(sku);
        let desk = self.desk(self.now()?, &rate);
        let (subject, head) = (SUBJECTS[usize::try_from(gateway)? - 1], self.heads[&gateway]);
        let made = usage::report(&desk, subject, 1, &head, &usage, 5, fault)?;
        Ok(Signed {
            wire: made.wire,
            chain: ChainId::Usage { gateway, key_epoch: 1 },
            seq: made.body.seq,
            digest: made.digest,
            due: made.entries.iter().map(|entry| entry.list).sum(),
        })
    }

    /// The gateway's next report; its chain goes on from it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn report(&mut self, gateway: u64, fault: Fault) -> Result<Signed> {
        let signed = self.draft(gateway, fault)?;
        let head = self.heads.get_mut(&gateway).context("no such gateway")?;
        (head.seq, head.digest) = (signed.seq, signed.digest);
        Ok(signed)
    }

    /// A new job under the worker's old key, the link by which it goes on under the new one, and its next statement there.
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn job(&mut self) -> Result<[Signed; 3]> {
        self.jobs += 1;
        self.made += 1;
        let (job, worker) = (self.jobs, SUBJECTS[2]);
        let chain = |key_epoch| ChainId::Job {
            worker: WORKER,
            key_epoch,
            job,
            assignment: 0,
        };
        let rate = |_: &str, _| (0, 0);
        let old = self.desk(self.renewed_at - 1, &rate);
        let mut head = Head::beginning(ChainKey::Job {
            worker: WORKER,
            key_epoch: 1,
            job,
            assignment: 0,
        });
        fn task(job: u64, head: &Head, stated: u128) -> Task<'_> {
            Task { job, head, stated }
        }
        let before = usage::job(&old, worker, 1, &task(job, &head, 0), Work::Honest, Fault::None)?;
        (head.seq, head.digest) = (before.body.seq, before.digest);
        let (link, body, digest) = usage::link(&old, worker, 1, job, &head)?;
        (head.seq, head.digest) = (body.seq, digest);
        let new = self.desk(self.now()?, &rate);
        let after = usage::job(
            &new,
            worker,
            2,
            &task(job, &head, before.body.units_cum),
            Work::Honest,
            Fault::None,
        )?;
        let signed = |wire, key_epoch, seq, digest| Signed {
            wire,
            chain: chain(key_epoch),
            seq,
            digest,
            due: 0,
        };
        Ok([
            signed(before.wire, 1, before.body.seq(), before.digest),
            signed(link, 1, body.seq, digest),
            signed(after.wire, 2, after.body.seq(), after.digest),
        ])
    }

    /// As the relayer takes it.
    #[must_use]
    pub fn envelope(&self, signed: &Signed) -> Value {
        let (chain_id, contract) = (&self.stage.chain_id, &self.stage.at.attestation_oracle);
        match &signed.wire {
            SignedStatement::Job { body, signature } => {
                json!({ "chain_id": chain_id, "contract": contract, "kind": "job", "body": body, "signature": signature })
            }
            SignedStatement::Usage {
                body,
                entries,
                signature,
            } => json!({
                "chain_id": chain_id, "contract": contract, "kind": "usage",
                "body": body, "entries": entries, "signature": signature,
            }),
            SignedStatement::Link {
                body,
                old_signature,
                new_signature,
            } => json!({
                "chain_id": chain_id, "contract": contract, "kind": "link",
                "body": body, "signature": old_signature, "new_signature": new_signature,
            }),
        }
    }

    // ---- governance ----

    /// The oracle hands its reports to another contract from now on: queued by the council, waited for, executed.
    ///
    /// # Errors
    /// When the timelock refuses it.
    pub fn set_vault(&mut self, vault: &str) -> Result<()> {
        let at = self.stage.at.clone();
        let change = oracle::ExecuteMsg::SetVault {
            vault: vault.to_owned(),
        };
        let msg: CosmosMsg = WasmMsg::Execute {
            contract_addr: at.attestation_oracle,
            msg: to_json_binary(&change)?,
            funds: vec![],
        }
        .into();
        let queue = timelock::ExecuteMsg::Queue {
            title: "another vault".into(),
            description: String::new(),
            msgs: vec![msg],
            delay: None,
        };
        done(self.stage.send(Who::Council, &at.timelock, &queue, &[])?)?;
        let config: timelock::ConfigResponse = self.stage.query(&at.timelock, &timelock::QueryMsg::Config {})?;
        self.pass(config.min_delay + HOUR)?;
        let id = config.entries;
        done(
            self.stage
                .send(Who::Relayer, &at.timelock, &timelock::ExecuteMsg::Execute { id }, &[])?,
        )
    }

    /// Time passes on the chain.
    ///
    /// # Errors
    /// When the chain does not follow.
    pub fn pass(&mut self, seconds: u64) -> Result<()> {
        self.stage.chain.advance(Duration::from_secs(seconds))
    }

    /// Posts statements without any relayer; what became of each.
    ///
    /// # Errors
    /// When the chain refuses the batch as a whole.
    pub fn submit(&mut self, batch: &[&Signed]) -> Result<Vec<StatementOutcome>> {
        let statements = batch.iter().map(|signed| signed.wire.clone()).collect();
        let sent = self
            .stage
            .oracle(Who::Relayer, &oracle::ExecuteMsg::Submit { statements }, 0)?;
        let outcome = sent.map_err(|code| anyhow::anyhow!("refused: {code}"))?;
        let events = outcome.events.iter().filter(|event| event.ty == "wasm-statement");
        let code = |event: &cosmwasm_std::Event| {
            let code = event
                .attributes
                .iter()
                .find(|a| a.key == "outcome")
                .context("no outcome")?;
            StatementOutcome::from_code(code.value.parse()?).context("no such outcome")
        };
        events.map(code).collect()
    }

    // ---- what the chain made of it ----

    /// # Errors
    /// When the chain does not answer; likewise below.
    pub fn books(&self) -> Result<Books> {
        let at = &self.stage.at;
        let height = self.stage.chain.block()?.height;
        let (mut spending, mut booked) = (0, 0);
        for address in &self.users {
            let query = vault::QueryMsg::Account {
                address: address.clone(),
                start_after: None,
                limit: None,
            };
            let account: vault::AccountResponse = self.stage.query(&at.credit_vault, &query)?;
            spending += account.spending.iter().map(|s| s.amount.u128()).sum::<u128>();
            booked += account.booked_lco.u128();
        }
        let vault: vault::OverviewResponse = self.stage.query(&at.credit_vault, &vault::QueryMsg::Overview {})?;
        let oracle: oracle::OverviewResponse = self
            .stage
            .query(&at.attestation_oracle, &oracle::QueryMsg::Overview {})?;
        Ok(Books {
            height,
            spending,
            booked,
            consumed: vault.consumed.u128(),
            revenue: vault.revenue.u128(),
            mined: vault.mined.u128(),
            statements: oracle.statements,
        })
    }

    /// Since `before` exactly these statements took effect, each once: they stand at their places, every report is settled and every entry charged what it says,
    /// and accounts, C, revenue and mined LCO moved by the sum of it and no more. Returns how many reports.
    pub fn took_effect_once(&self, before: &Books, statements: &[&Signed]) -> Result<usize> {
        let (mut charged, mut reports) = (0, 0);
        let mut ends: BTreeMap<String, (ChainId, u64)> = BTreeMap::new();
        for signed in statements {
            let (digest, outcome) = self.recorded(signed)?.context("it is in no chain")?;
            ensure!(
                digest == signed.digest && outcome == StatementOutcome::Accepted,
                "{signed:?}: {outcome:?}"
            );
            let end = ends.entry(format!("{:?}", signed.chain)).or_insert((signed.chain, 0));
            end.1 = end.1.max(signed.seq);
            if let Some(report) = signed.report() {
                charged += self.charged(report, signed.due)?;
                reports += 1;
            }
        }
        for (chain, last) in ends.into_values() {
            let head: ChainResponse = self
                .stage
                .query(&self.stage.at.attestation_oracle, &oracle::QueryMsg::Chain { chain })?;
            ensure!(
                head.last_seq == last,
                "{chain:?} stands at {}, not at {last}",
                head.last_seq
            );
        }
        let after = self.books()?;
        let moved = [
            ("accounts", before.spending - after.spending),
            ("consumed", after.consumed - before.consumed),
            ("revenue", after.revenue - before.revenue),
        ];
        for (what, moved) in moved {
            ensure!(moved == charged, "{what} moved by {moved}, reports charge {charged}");
        }
        let lco = after.booked - before.booked;
        ensure!(
            lco == after.mined - before.mined,
            "{lco} µLCO booked, {} mined",
            after.mined - before.mined
        );
        ensure!(after.mined == mined(after.consumed), "M(C)");
        let advanced = after.statements - before.statements;
        ensure!(advanced == statements.len() as u64, "{advanced} statements took effect");
        Ok(reports)
    }

    /// What stands at a statement's place.
    pub fn recorded(&self, signed: &Signed) -> Result<Option<(Digest, StatementOutcome)>> {
        let query = oracle::QueryMsg::Statement {
            chain: signed.chain,
            seq: signed.seq,
        };
        let answer: Result<StatementResponse> = self.stage.query(&self.stage.at.attestation_oracle, &query);
        match answer {
            Ok(answer) => Ok(Some((answer.digest.to_array()?, answer.outcome))),
            Err(error) if error.to_string().contains("[oracle:") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a settled report charged: each entry in full.
    fn charged(&self, report: ReportRef, due: u128) -> Result<u128> {
        let settled = self.settlement(report)?.context("it is not settled")?;
        let full = settled
            .entries
            .iter()
            .all(|entry| entry.outcome == EntryOutcome::Charged);
        let charged: u128 = settled.entries.iter().map(|entry| entry.charged.u128()).sum();
        ensure!(
            full && charged == due,
            "{report:?} charged {charged} of {due}: {:?}",
            settled.entries
        );
        Ok(charged)
    }

    fn settlement(&self, report: ReportRef) -> Result<Option<SettlementResponse>> {
        let query = vault::QueryMsg::Settlement { report };
        let answer: Result<SettlementResponse> = self.stage.query(&self.stage.at.credit_vault, &query);
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.to_string().contains("[vault:") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether the vault ever heard of a report.
    pub fn is_settled(&self, signed: &Signed) -> Result<bool> {
        let report = signed.report().context("no report")?;
        Ok(self.settlement(report)?.is_some())
    }

    /// Reports whose receiver failed.
    pub fn undelivered(&self) -> Result<usize> {
        let query = oracle::QueryMsg::Undelivered {
            start_after: None,
            limit: Some(100),
        };
        let list: Vec<oracle::ReportResponse> = self.stage.query(&self.stage.at.attestation_oracle, &query)?;
        Ok(list.len())
    }

    /// Everything these accounts had the oracle judge since a height, from the blocks.
    pub fn judged(&self, senders: &[&str], since: u64) -> Result<Judged> {
        let mut judged = Judged::default();
        for sender in senders {
            let mut read = 0;
            for page in 1.. {
                let query = format!("message.sender='{sender}' AND tx.height>{since}");
                let params = json!({ "query": query, "page": page.to_string(), "per_page": "100", "order_by": "asc" });
                let answer = self.rpc.call("tx_search", params)?;
                let txs = answer["txs"].as_array().context("no transactions")?;
                for tx in txs {
                    judged.transactions += 1;
                    let events: Vec<AbciEvent> = serde_json::from_value(tx["tx_result"]["events"].clone())?;
                    events.iter().for_each(|event| judged.count(event));
                }
                read += txs.len();
                if read >= answer["total_count"].as_str().unwrap_or("0").parse::<usize>()? {
                    break;
                }
            }
        }
        Ok(judged)
    }
}

/// What the blocks hold of some relayers.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub transactions: usize,
    /// How often each digest was accepted or voided: took its place.
    pub advanced: HashMap<String, u32>,
    /// Statements that were in their place already: paid for, without effect.
    pub duplicates: u32,
    /// Reports delivered again.
    pub delivered: u32,
}

impl Judged {
    fn count(&mut self, event: &AbciEvent) {
        let value = |key: &str| {
            let attribute = event.attributes.iter().find(|a| a.key == key);
            attribute.and_then(|a| a.value.clone()).unwrap_or_default()
        };
        if event.ty == "wasm-delivered" {
            self.delivered += 1;
        }
        if event.ty != "wasm-statement" {
            return;
        }
        match value("outcome").parse().ok().and_then(StatementOutcome::from_code) {
            Some(StatementOutcome::Duplicate) => self.duplicates += 1,
            Some(outcome) if outcome.advances() => *self.advanced.entry(value("digest")).or_default() += 1,
            _ => {}
        }
    }
}

fn done(sent: replay::stage::Sent) -> Result<()> {
    sent.map(drop).map_err(|code| anyhow::anyhow!("refused: {code}"))
}
