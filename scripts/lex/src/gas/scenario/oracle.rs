//! The attestation oracle: enrolment, statements, and checking the proof of compute.

use anyhow::{anyhow, bail, ensure, Context, Result};
use attestation::{prove, prove_range, prove_subtree, Entry, EntryBuilder, Leaf, MerkleSum};
use cosmwasm_std::coins;
use interfaces::attestation_oracle::{
    ChainId, ChainResponse, ChallengeStateResponse, ConfigResponse, Dispute, Evidence, ExecuteMsg, Measurement,
    OverviewResponse, ProvenCall, QueryMsg, ReportResponse, Role, SignedStatement, StatementOutcome, Subject,
    SubjectResponse,
};
use interfaces::credit_vault::ReportRef;
use suite::localnet::USDT_DENOM;
use suite::population::signing::{job_chain, Head, Posted, Signer};
use suite::population::{leaf, stranger, user, CAST, SKU, WORKER_BOND};
use suite::Account;

use super::vault::{ownership, CONNECTED};
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const ORACLE: &str = "attestation-oracle";
/// Allowed for each settled entry, and for each statement.
const ENTRY: u64 = 25_000;
const STATEMENT: u64 = 30_000;
/// SKUs of gateway 1 in the local deployment.
const SKUS: [&str; 4] = ["example-large:in", "example-large:out", SKU, "example-small:out"];
/// A transaction's share of a block of 100 million gas, and its size, that a relayer may count on.
pub const CEILING: u64 = 25_000_000;
pub const TX_BYTES: usize = 1 << 20;

fn row(handler: &str, case: &str) -> Row {
    Row::new(ORACLE, handler, case)
}

/// A call of 1,000 units.
fn call(account: &str, sku: &str, id: &str, now: u64) -> Leaf {
    Leaf {
        units: 1_000,
        list: 150,
        cost: 90,
        ..leaf(account, sku, id, now)
    }
}

/// A log of `count` calls.
fn log(account: &str, count: usize, now: u64) -> Vec<Leaf> {
    (0..count)
        .map(|i| call(account, SKU, &format!("call-{i}"), now))
        .collect()
}

/// Reports of gateway 1, one after the other.
pub struct Reports {
    gateway: Signer,
}

/// Challenges that wait.
pub struct Unanswered {
    challenge: u64,
}

impl Reports {
    /// Goes on where the rows' reports ended.
    pub fn new(bench: &Bench) -> Result<Self> {
        let mut gateway = bench.set.gateway.clone();
        let chain = ChainId::Usage {
            gateway: 1,
            key_epoch: 1,
        };
        let query = QueryMsg::Chain { chain };
        let head: ChainResponse = bench.query(&bench.at.attestation_oracle, &query)?;
        gateway.head.seq = head.last_seq;
        gateway.head.digest = head.last_digest.to_array()?;
        Ok(Self { gateway })
    }

    /// Reports of 1, 50 and 200 entries, each of another account; the same accounts again; and 50 accounts with 4 SKUs.
    pub fn settle(&mut self, bench: &mut Bench) -> Result<()> {
        for case in ["first", "again"] {
            // Rising, so that some payers of each first report never mined.
            for count in [1, 50, 200] {
                self.accounts(bench, count, case)?;
            }
        }
        self.one_user(bench)?;
        self.million(bench)?;
        self.many(bench)
    }

    fn accounts(&mut self, bench: &mut Bench, count: u32, case: &str) -> Result<()> {
        let now = bench.now()?;
        let logs = (0..count).map(|i| Ok(log(&stranger(i)?, 1, now)));
        let logs = logs.collect::<Result<Vec<_>>>()?;
        let (statement, posted) = self.gateway.report(logs, now)?;
        let row = row("Submit", &format!("report, entries: {count}, {case}"));
        let row = row.hops(2).and(count as usize, ENTRY);
        submit(bench, Some(row), vec![statement])?;
        accepted(bench, posted.report)
    }

    /// The report that `ClaimLco` is about.
    fn one_user(&mut self, bench: &mut Bench) -> Result<()> {
        let now = bench.now()?;
        let (statement, posted) = self.gateway.report(vec![log(user(0)?.address(), 1, now)], now)?;
        submit(bench, None, vec![statement])?;
        accepted(bench, posted.report)
    }

    /// A million calls of 50 accounts with 4 SKUs in one transaction.
    fn million(&mut self, bench: &mut Bench) -> Result<()> {
        let now = bench.now()?;
        let mut entries = Vec::new();
        for account in (0..50).map(stranger) {
            entries.extend(four(&account?, 5_000, now)?);
        }
        let calls: u64 = entries.iter().map(|entry| entry.calls).sum();
        ensure!(calls == 1_000_000, "{calls} calls");
        let (statement, posted) = self.gateway.report_of(entries, Vec::new(), now)?;
        let row = row("Submit", "report, 1,000,000 calls, 50 accounts × 4 SKUs")
            .hops(2)
            .and(200, ENTRY);
        submit(bench, Some(row), vec![statement])?;
        accepted(bench, posted.report)
    }

    /// As many complete reports a transaction as fit.
    fn many(&mut self, bench: &mut Bench) -> Result<()> {
        if bench.rows < 2_000 {
            return Ok(());
        }
        let now = bench.now()?;
        let mut reports = Vec::new();
        for first in (0..2_000).step_by(50) {
            let mut entries = Vec::new();
            for index in first..first + 50 {
                entries.extend(four(&stranger(CAST + index)?, 1, now)?);
            }
            reports.push(self.gateway.report_of(entries, Vec::new(), now)?);
        }
        // One report alone tells how many there is room for.
        let mut reports = reports.into_iter();
        let (statement, posted) = reports.next().context("no report")?;
        let bytes = serde_json::to_vec(&statement)?.len();
        let gas = submit(bench, None, vec![statement])?;
        accepted(bench, posted.report)?;
        let room = (CEILING / gas).min((TX_BYTES / bytes) as u64).max(1);
        let (mut transactions, mut most) = (1u64, gas);
        let rest: Vec<_> = reports.collect();
        for batch in rest.chunks(usize::try_from(room)?) {
            let statements = batch.iter().map(|(statement, _)| statement.clone()).collect();
            most = most.max(submit(bench, None, statements)?);
            transactions += 1;
            for (_, posted) in batch {
                accepted(bench, posted.report)?;
            }
        }
        // Had the first been filled as well.
        let full = 40u64.div_ceil(room);
        bench.note("transactions for 2,000 accounts × 4 SKUs, posted", transactions);
        bench.note("transactions for 2,000 accounts × 4 SKUs", full);
        bench.note("reports of 200 entries a transaction", room);
        bench.note("bytes of a report of 200 entries", bytes as u64);
        bench.note("most gas of one of these transactions", most);
        Ok(())
    }

    /// Three entries are challenged: revealed whole, revealed by one leaf, and not at all.
    pub fn challenge(&mut self, bench: &mut Bench) -> Result<Unanswered> {
        let now = bench.now()?;
        let users = (0..3).map(user).collect::<Result<Vec<_>>>()?;
        let logs = users.iter().map(|user| log(user.address(), 128, now)).collect();
        let (statement, posted) = self.gateway.report(logs, now)?;
        submit(bench, None, vec![statement])?;
        accepted(bench, posted.report)?;
        let mut opened = Vec::new();
        for (account, count) in users.iter().zip([64, 1, 64]) {
            opened.push(open(bench, &posted, account, count)?);
        }
        for ((account, count), challenge) in users.iter().zip([64usize, 1]).zip(&opened) {
            reveal(bench, &posted, account, count, *challenge)?;
        }
        let challenge = *opened.last().context("nothing was challenged")?;
        Ok(Unanswered { challenge })
    }

    /// Each kind of falsehood, proved.
    pub fn dispute(&mut self, bench: &mut Bench) -> Result<()> {
        let now = bench.now()?;
        let [twice, dear, sums] = [3, 4, 5].map(user);
        let (twice, dear, sums) = (twice?, dear?, sums?);
        let one = call(twice.address(), SKU, "call-0", now);
        let twice = vec![one.clone(), one];
        let mut dear = log(dear.address(), 2, now);
        let [first, second] = dear.as_mut_slice() else {
            bail!("two calls")
        };
        (first.list, second.list) = (200, 100);
        let sums = log(sums.address(), 2, now);
        let mut lie = entry(&sums)?;
        lie.units += 1_000;
        lie.list += 100;
        let entries = vec![entry(&twice)?, entry(&dear)?, lie.clone()];
        let (statement, posted) =
            self.gateway
                .report_of(entries, vec![twice.clone(), dear.clone(), sums.clone()], now)?;
        submit(bench, None, vec![statement])?;
        accepted(bench, posted.report)?;
        let duplicate = Dispute::DuplicateCall {
            first: proven(&posted, &twice, 0)?,
            second: proven(&posted, &twice, 1)?,
        };
        let price = Dispute::WrongPrice {
            call: proven(&posted, &dear, 0)?,
        };
        let nodes = nodes(&sums)?;
        let [left, right] = nodes.as_slice() else {
            bail!("two calls")
        };
        let (bytes, path) = posted.entry(place(&posted, &sums)?)?;
        let root = MerkleSum {
            hash: lie.leaves_root,
            sums: lie.sums(),
        };
        let sum = Dispute::WrongSum {
            report: posted.report,
            entry: bytes,
            entry_proof: path,
            node: root.encode().into(),
            node_proof: prove_subtree(&nodes, 0, 2).map_err(|e| anyhow!("{e}"))?.encode().into(),
            left: left.encode().into(),
            right: right.encode().into(),
        };
        let (anyone, oracle) = (bench.by("relayer")?, bench.at.attestation_oracle.clone());
        for (case, dispute) in [
            ("duplicate call", duplicate),
            ("wrong price", price),
            ("wrong sum", sum),
        ] {
            let msg = ExecuteMsg::DisputeCall { dispute };
            bench.measure(row("DisputeCall", case).hops(2), &anyone, &oracle, &msg, &[])?;
        }
        Ok(())
    }

    /// Reports that the vault does not take, and their second delivery.
    pub fn undelivered(&mut self, bench: &mut Bench) -> Result<()> {
        let (council, anyone, oracle) = (
            bench.by("council")?,
            bench.by("relayer")?,
            bench.at.attestation_oracle.clone(),
        );
        let set = |vault: &str| ExecuteMsg::SetVault { vault: vault.into() };
        // No contract at all: every message to it fails.
        bench.measure(
            row("SetVault", "").hops(1),
            &council,
            &oracle,
            &set(anyone.address()),
            &[],
        )?;
        let now = bench.now()?;
        let mut waiting = Vec::new();
        for count in [1u32, 200] {
            let logs = (0..count)
                .map(|i| Ok(log(&stranger(i)?, 1, now)))
                .collect::<Result<Vec<_>>>()?;
            let (statement, posted) = self.gateway.report(logs, now)?;
            submit(
                bench,
                Some(row("Submit", &format!("report, entries: {count}, vault fails"))),
                vec![statement],
            )?;
            waiting.push(posted);
        }
        bench.run(&council, &oracle, &set(&bench.at.credit_vault.clone()), &[])?;
        for posted in waiting {
            let count = posted.entries.len();
            let msg = ExecuteMsg::Deliver {
                report: posted.report,
                entries: posted.encoded()?,
            };
            let row = row("Deliver", &format!("entries: {count}")).hops(2).and(count, ENTRY);
            bench.measure(row, &anyone, &oracle, &msg, &[])?;
            accepted(bench, posted.report)?;
        }
        Ok(())
    }

    /// Reports of 1, 10 and 50 entries with tiers and contest: accounts that stake, charged enough to lead, and again.
    pub fn connected(&mut self, bench: &mut Bench) -> Result<()> {
        for case in ["into the list", "again"] {
            for count in [1u32, 10, 50] {
                let now = bench.now()?;
                let entry = |i| {
                    let account = stranger(i)?;
                    let leaf = Leaf {
                        units: 2_000_000,
                        list: 300_000,
                        cost: 180_000,
                        ..leaf(&account, SKU, "call", now)
                    };
                    anyhow::Ok(vec![leaf])
                };
                // Accounts of their own for each size, so that all of a first report are new to the contest.
                let logs = (count..2 * count).map(entry).collect::<Result<Vec<_>>>()?;
                let (statement, posted) = self.gateway.report(logs, now)?;
                let named = format!("report with tiers and contest, entries: {count}, {case}");
                let row = row("Submit", &named).hops(4).and(count as usize, CONNECTED);
                submit(bench, Some(row), vec![statement])?;
                accepted(bench, posted.report)?;
            }
        }
        Ok(())
    }

    /// A report whose charges go to the contest.
    pub fn scored(&mut self, bench: &mut Bench, case: &str) -> Result<ReportRef> {
        let now = bench.now()?;
        let (statement, posted) = self.gateway.report(vec![log(&stranger(0)?, 1, now)], now)?;
        let row = row("Submit", &format!("report, entries: 1, {case}"))
            .hops(3)
            .and(1, 45_000);
        submit(bench, Some(row), vec![statement])?;
        accepted(bench, posted.report)?;
        Ok(posted.report)
    }
}

/// Entries of one account for every SKU.
fn four(account: &str, calls: usize, now: u64) -> Result<Vec<Entry>> {
    let one = |sku: &str| {
        let mut builder = EntryBuilder::new(account, sku);
        (0..calls)
            .try_for_each(|i| builder.push(&call(account, sku, &format!("call-{i}"), now)))
            .map_err(|e| anyhow!("{e}"))?;
        builder.finish().map_err(|e| anyhow!("{e}"))
    };
    SKUS.iter().map(|sku| one(sku)).collect()
}

/// Posts statements; answers the gas.
fn submit(bench: &mut Bench, row: Option<Row>, statements: Vec<SignedStatement>) -> Result<u64> {
    let (anyone, oracle) = (bench.by("relayer")?, bench.at.attestation_oracle.clone());
    let msg = ExecuteMsg::Submit { statements };
    let outcome = match row {
        Some(row) => bench.measure(row, &anyone, &oracle, &msg, &[])?,
        None => bench.run(&anyone, &oracle, &msg, &[])?,
    };
    Ok(outcome.gas_used)
}

/// A figure of a report that was void would be of nothing.
fn accepted(bench: &Bench, report: ReportRef) -> Result<()> {
    let query = QueryMsg::Report { report };
    let answer: ReportResponse = bench.query(&bench.at.attestation_oracle, &query)?;
    ensure!(
        answer.outcome == StatementOutcome::Accepted,
        "report {report:?} is {:?}",
        answer.outcome
    );
    Ok(())
}

fn open(bench: &mut Bench, posted: &Posted, account: &Account, count: u16) -> Result<u64> {
    let oracle = bench.at.attestation_oracle.clone();
    let index = posted
        .entries
        .iter()
        .position(|entry| entry.account == account.address());
    let index = index.context("no entry of this account")?;
    let (entry, entry_proof) = posted.entry(index)?;
    let msg = ExecuteMsg::ChallengeUsage {
        report: posted.report,
        entry_index: index.try_into()?,
        entry,
        entry_proof,
        first_leaf: 0,
        count,
    };
    let config: ConfigResponse = bench.query(&oracle, &QueryMsg::Config {})?;
    let bond = coins(config.params.challenge_bond.u128(), USDT_DENOM);
    match bench.measured(ORACLE, "ChallengeUsage") {
        true => bench.run(account, &oracle, &msg, &bond)?,
        false => bench.measure(row("ChallengeUsage", "").hops(2), account, &oracle, &msg, &bond)?,
    };
    newest_challenge(bench)
}

fn newest_challenge(bench: &Bench) -> Result<u64> {
    // Every report among the rows has one, answered; ids count up.
    let mut after = None;
    loop {
        let query = QueryMsg::Challenges {
            gateway: Some(1),
            start_after: after,
            limit: Some(100),
        };
        let page: Vec<ChallengeStateResponse> = bench.query(&bench.at.attestation_oracle, &query)?;
        match page.last() {
            Some(last) => after = Some(last.challenge),
            None => return after.context("no challenge"),
        }
    }
}

fn reveal(bench: &mut Bench, posted: &Posted, account: &Account, count: usize, challenge: u64) -> Result<()> {
    let log = posted
        .logs
        .iter()
        .find(|log| log.first().is_some_and(|leaf| leaf.account == account.address()));
    let log = log.context("no log of this account")?;
    let leaves = log
        .iter()
        .take(count)
        .map(|leaf| Ok(leaf.encode().map_err(|e| anyhow!("{e}"))?.into()));
    let proof = prove_range(&nodes(log)?, 0, count).map_err(|e| anyhow!("{e}"))?;
    let msg = ExecuteMsg::RevealLeaves {
        challenge,
        leaves: leaves.collect::<Result<_>>()?,
        proof: proof.encode().into(),
    };
    let named = row("RevealLeaves", &format!("{count} of 128 calls"));
    let named = if count == 1 { named.hops(2) } else { named };
    let (anyone, oracle) = (bench.by("relayer")?, bench.at.attestation_oracle.clone());
    bench.measure(named, &anyone, &oracle, &msg, &[])?;
    Ok(())
}

/// Two days later nobody has answered.
pub fn unanswered(bench: &mut Bench, open: Unanswered) -> Result<()> {
    let (anyone, oracle) = (bench.by("relayer")?, bench.at.attestation_oracle.clone());
    let msg = ExecuteMsg::ResolveChallenge {
        challenge: open.challenge,
    };
    bench.measure(
        row("ResolveChallenge", "unanswered").hops(2),
        &anyone,
        &oracle,
        &msg,
        &[],
    )?;
    Ok(())
}

fn nodes(log: &[Leaf]) -> Result<Vec<MerkleSum>> {
    log.iter().map(|leaf| leaf.node().map_err(|e| anyhow!("{e}"))).collect()
}

fn entry(log: &[Leaf]) -> Result<Entry> {
    Entry::from_leaves(log).map_err(|e| anyhow!("{e}"))
}

fn place(posted: &Posted, log: &[Leaf]) -> Result<usize> {
    let account = &log.first().context("an empty log")?.account;
    let found = posted.entries.iter().position(|entry| entry.account == *account);
    found.context("no entry of this account")
}

fn proven(posted: &Posted, log: &[Leaf], index: usize) -> Result<ProvenCall> {
    let (entry, entry_proof) = posted.entry(place(posted, log)?)?;
    let leaf = log.get(index).context("no such call")?;
    let path = prove(&nodes(log)?, index.try_into()?).map_err(|e| anyhow!("{e}"))?;
    Ok(ProvenCall {
        report: posted.report,
        leaf: leaf.encode().map_err(|e| anyhow!("{e}"))?.into(),
        leaf_proof: path.encode().into(),
        entry,
        entry_proof,
    })
}

/// A new worker by its bond, its second key, and a gateway by its quote.
pub fn enrolment(bench: &mut Bench) -> Result<[Signer; 2]> {
    let oracle = bench.at.attestation_oracle.clone();
    let (operator, gateway) = (user(6)?, bench.by("gateway")?);
    let count: OverviewResponse = bench.query(&oracle, &QueryMsg::Overview {})?;
    let worker = Subject {
        role: Role::Worker,
        id: count.workers + 1,
    };
    let key = |subject, epoch, bench: &Bench| Signer::new(subject, epoch, chain_id(bench), &oracle);
    let [first, second] = [1, 2].map(|epoch| key(worker, epoch, bench));
    let request = first.request(operator.address(), None)?;
    let bond = coins(WORKER_BOND, USDT_DENOM);
    bench.measure(
        row("RequestEnrollment", "new worker").hops(1),
        &operator,
        &oracle,
        &request,
        &bond,
    )?;
    let enroll = ExecuteMsg::Enroll {
        subject: worker,
        evidence: Evidence::Bond {},
    };
    bench.measure(row("Enroll", "A0, bond").hops(1), &operator, &oracle, &enroll, &[])?;
    let renew = second.request(operator.address(), Some(worker.id))?;
    bench.measure(
        row("RequestEnrollment", "next key").hops(1),
        &operator,
        &oracle,
        &renew,
        &[],
    )?;
    bench.run(&operator, &oracle, &enroll, &[])?;
    let add = ExecuteMsg::AddBond { subject: worker };
    bench.measure(
        row("AddBond", "").hops(1),
        &operator,
        &oracle,
        &add,
        &coins(1_000_000, USDT_DENOM),
    )?;

    let subject = Subject {
        role: Role::Gateway,
        id: 2,
    };
    let signer = key(subject, 1, bench);
    let request = signer.request(gateway.address(), Some(2))?;
    let bond = coins(10_000_000_000, USDT_DENOM);
    bench.run(&gateway, &oracle, &request, &bond)?;
    let answer: SubjectResponse = bench.query(&oracle, &QueryMsg::Subject { subject })?;
    let challenge = answer.pending.context("the request is not kept")?.challenge;
    let evidence = signer.quote(&bench.set.platform(2), gateway.address(), &challenge)?;
    let enroll = ExecuteMsg::Enroll { subject, evidence };
    bench.measure(
        row("Enroll", "A1, synthetic TDX quote"),
        &gateway,
        &oracle,
        &enroll,
        &[],
    )?;
    Ok([first, second])
}

fn chain_id(bench: &Bench) -> String {
    use suite::Chain as _;
    bench.live.chain_id()
}

/// Statements of jobs.
pub fn jobs(bench: &mut Bench, worker: &[Signer; 2]) -> Result<()> {
    let now = bench.now()?;
    let old = bench.set.worker.clone();
    let mut head = Head::first(&job_chain(1, 1, 77));
    let mut batch = |count: usize| {
        (0..count)
            .map(|_| old.job(77, &mut head, now))
            .collect::<Result<Vec<_>>>()
    };
    let (first, next, many) = (batch(1)?, batch(1)?, batch(64)?);
    let target = |case: &str, count| row("Submit", case).hops(1).and(count, STATEMENT);
    submit(bench, Some(target("job, first statement", 1)), first)?;
    submit(bench, Some(target("job, 1 statement", 1)), next)?;
    submit(bench, Some(target("job, 64 statements of one chain", 64)), many.clone())?;
    submit(bench, Some(row("Submit", "job, 64 duplicates")), many)?;
    let apart = (0..64).map(|job| old.job(1_000 + job, &mut Head::first(&job_chain(1, 1, 1_000 + job)), now));
    let apart = apart.collect::<Result<Vec<_>>>()?;
    submit(bench, Some(target("job, 64 statements of 64 chains", 64)), apart)?;
    link(bench, worker, now)
}

/// A job's chain goes on under the worker's second key, which is revoked then.
fn link(bench: &mut Bench, [first, second]: &[Signer; 2], now: u64) -> Result<()> {
    let mut head = Head::first(&job_chain(first.subject.id, 1, 5));
    let statements = vec![first.job(5, &mut head, now)?, first.link(second, 5, &mut head)?];
    let [statement, link] = statements.try_into().map_err(|_| anyhow!("two statements"))?;
    submit(bench, None, vec![statement])?;
    submit(
        bench,
        Some(row("Submit", "link of two keys").hops(1).and(1, STATEMENT)),
        vec![link],
    )?;
    let (operator, oracle) = (user(6)?, bench.at.attestation_oracle.clone());
    let revoke = ExecuteMsg::RevokeKey {
        subject: first.subject,
        key_epoch: 2,
    };
    bench.measure(row("RevokeKey", "").hops(1), &operator, &oracle, &revoke, &[])?;
    let retire = ExecuteMsg::Retire { subject: first.subject };
    bench.measure(row("Retire", "").hops(1), &operator, &oracle, &retire, &[])?;
    Ok(())
}

/// Three weeks later.
pub fn withdraw(bench: &mut Bench, [worker, _]: &[Signer; 2]) -> Result<()> {
    let (operator, oracle) = (user(6)?, bench.at.attestation_oracle.clone());
    let msg = ExecuteMsg::WithdrawBond {
        subject: worker.subject,
    };
    bench.measure(row("WithdrawBond", "").hops(1), &operator, &oracle, &msg, &[])?;
    Ok(())
}

/// What owner and operator may do, and what only the queue may.
pub fn govern(bench: &mut Bench) -> Result<()> {
    let oracle = bench.at.attestation_oracle.clone();
    let (council, operator) = (bench.by("council")?, bench.by("operator")?);
    let config: ConfigResponse = bench.query(&oracle, &QueryMsg::Config {})?;
    let measurement = |i: u8| Measurement {
        id: [i; 32].into(),
        role: Role::Worker,
        label: "worker image".to_owned(),
    };
    let list = |from: u8, count: u8| ExecuteMsg::ProposeMeasurements {
        measurements: (from..from + count).map(measurement).collect(),
    };
    let messages = [
        (&operator, row("ProposeMeasurements", "1").hops(1), list(100, 1)),
        (&operator, row("ProposeMeasurements", "32"), list(101, 32)),
        (
            &operator,
            row("RevokeMeasurement", "").hops(1),
            ExecuteMsg::RevokeMeasurement {
                id: [100; 32].into(),
                role: Role::Worker,
            },
        ),
        (
            &council,
            row("SetPolicy", "").hops(1),
            ExecuteMsg::SetPolicy { policy: config.policy },
        ),
        (
            &council,
            row("SetParams", "").hops(1),
            ExecuteMsg::SetParams { params: config.params },
        ),
        (
            &council,
            row("SetOperator", "").hops(1),
            ExecuteMsg::SetOperator {
                operator: Some(operator.address().into()),
            },
        ),
        (
            &council,
            row("SetVerifier", "").hops(1),
            ExecuteMsg::SetVerifier {
                verifier: config.verifier,
            },
        ),
    ];
    for (by, row, msg) in messages {
        bench.measure(row, by, &oracle, &msg, &[])?;
    }
    ownership(bench, ORACLE, &oracle, ExecuteMsg::Ownership)
}
