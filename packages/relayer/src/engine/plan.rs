//! From waiting statements to a signed and stored transaction.

use std::collections::HashSet;
use std::time::Duration;

use interfaces::attestation_oracle::{ExecuteMsg, StatementOutcome};
use tokio::task::JoinSet;

use super::{Engine, EngineError, Progress};
use crate::chain::Simulation;
use crate::class::{Class, Failure};
use crate::failpoint;
use crate::fee::{Quote, TooExpensive};
use crate::outbox::{Attempt, Change, Pledge, Record, Waiting};
use crate::outcome::{self, Meaning, State};
use crate::planner::{self, Candidate, Decision, Head, Limits};
use crate::rpc::RpcError;
use crate::tx::{self, Sender, Unsigned};

/// Chains asked for at once.
const HEADS_AT_ONCE: usize = 16;
/// Statements of one chain looked at in one round: two full batches.
const LOOK_AHEAD: u32 = 128;

/// What one chain has to offer.
struct Look {
    /// In their order; can go now.
    ready: Vec<Candidate>,
    /// Statements came to their end over the look.
    moved: bool,
    /// There is something, and another relayer's turn.
    waits: bool,
}

/// What simulation leaves of a batch.
enum Tried {
    /// All of it can go.
    Good { gas: u64 },
    /// Fewer statements are left; try those.
    Less,
    /// Nothing of it can go now.
    Nothing(Progress),
}

impl Engine {
    /// Plans, signs and stores one transaction, if there is anything to send.
    pub(super) async fn plan(&mut self) -> Result<Progress, EngineError> {
        let (chains, moved) = self.ready_chains().await?;
        let limits = Limits {
            count: self.pace.batch_cap(),
            bytes: self.config.planner.max_bytes,
        };
        let batch = planner::pick(&chains, limits);
        if batch.is_empty() {
            return Ok(if moved { Progress::Moved } else { Progress::Idle });
        }
        failpoint::hit("after_plan_before_simulate");
        let ids: Vec<i64> = batch.iter().map(|candidate| candidate.id).collect();
        let records = self.outbox.run(move |outbox| outbox.records(&ids)).await?;
        self.try_batch(records).await
    }

    /// The ready statements of every chain, and whether any statement moved on meanwhile.
    async fn ready_chains(&mut self) -> Result<(Vec<Vec<Candidate>>, bool), EngineError> {
        let mut waiting = self.outbox.run(|outbox| outbox.waiting_chains()).await?;
        waiting.retain(|waiting| !self.pace.is_quiet(waiting));
        let mut moved = false;
        let mut chains = Vec::new();
        for (waiting, head) in self.heads(waiting).await? {
            let look = self.ready(&waiting, &head).await?;
            moved |= look.moved;
            match look.ready.is_empty() {
                // Another relayer is about to change that.
                true if look.waits => {}
                true => self.pace.quiet(&waiting),
                false => chains.push(look.ready),
            }
        }
        Ok((chains, moved))
    }

    /// Asks the contract where the chains stand.
    async fn heads(&self, waiting: Vec<Waiting>) -> Result<Vec<(Waiting, Head)>, EngineError> {
        let min_height = self.pace.state_height();
        let mut heads = Vec::with_capacity(waiting.len());
        for some in waiting.chunks(HEADS_AT_ONCE) {
            let mut asked = JoinSet::new();
            for (place, waiting) in some.iter().cloned().enumerate() {
                let chain = self.chain.clone();
                asked.spawn(async move { (place, chain.head(&waiting.chain, min_height).await, waiting) });
            }
            let mut answers = asked.join_all().await;
            answers.sort_by_key(|(place, ..)| *place);
            for (_, head, waiting) in answers {
                heads.push((waiting, head?));
            }
        }
        Ok(heads)
    }

    /// The statements of one chain that can go now; the others are moved on, if there is anything to say about them.
    async fn ready(&mut self, waiting: &Waiting, head: &Head) -> Result<Look, EngineError> {
        let chain = waiting.chain;
        let candidates = self
            .outbox
            .run(move |outbox| outbox.waiting(&chain, LOOK_AHEAD))
            .await?;
        let decisions = planner::order(head, &candidates, self.now()?);
        let mut changes = Vec::new();
        let mut ready = Vec::new();
        let (mut open, mut turn) = (true, None);
        let missing = decisions
            .iter()
            .any(|decision| matches!(decision, Decision::Missing(_)));
        if !missing {
            self.pace.whole(&chain);
        }
        for (candidate, decision) in candidates.into_iter().zip(decisions) {
            match decision {
                Decision::Ready => {
                    let turn = *turn.get_or_insert_with(|| self.has_turn(&candidate));
                    open &= turn && !self.pace.rests(candidate.id);
                    let queue = Change::to(candidate.id, State::Queued);
                    changes.extend(Some(queue).filter(|_| !candidate.queued));
                    ready.extend(Some(candidate).filter(|_| open));
                }
                other => changes.extend(self.not_ready(&waiting.chain, &candidate, other).await?),
            }
        }
        let moved = changes.iter().any(|change| change.to.is_terminal());
        self.apply(changes).await?;
        Ok(Look {
            ready,
            moved,
            waits: turn == Some(false),
        })
    }

    /// Whether the relayers that rank before this one have had time to post a chain's next statement.
    fn has_turn(&mut self, next: &Candidate) -> bool {
        let planner = &self.config.planner;
        let rank = planner::rank(&next.digest, self.identity.address.as_ref(), &planner.peers);
        let wait = Duration::from_millis(planner.peer_delay_ms).saturating_mul(rank);
        self.pace.has_turn(next.id, wait)
    }

    pub(super) async fn record(&self, id: i64) -> Result<Record, EngineError> {
        Ok(self.outbox.run(move |outbox| outbox.by_id(id)).await?)
    }

    async fn not_ready(
        &mut self,
        chain: &interfaces::attestation_oracle::ChainId,
        candidate: &Candidate,
        decision: Decision,
    ) -> Result<Option<Change>, EngineError> {
        let change = |to| Change::to(candidate.id, to);
        Ok(match decision {
            Decision::Reconcile => self.reconcile(&self.record(candidate.id).await?).await?,
            Decision::WrongParent => Some(change(State::Rejected).code(15).note("evidence of a fork")),
            Decision::Missing(seq) if self.pace.missing_for_too_long(chain, seq) => {
                let note = format!("seq {seq} of its chain never arrived");
                Some(change(State::Dead).code(13).note(note))
            }
            _ => None,
        })
    }

    /// Simulates a batch, cutting it down until it can go, then signs and stores it.
    async fn try_batch(&mut self, mut batch: Vec<Record>) -> Result<Progress, EngineError> {
        let sender = self.sender().await?;
        while !batch.is_empty() {
            let timeout_height = self.height()?.saturating_add(self.config.tx.timeout_blocks);
            let unsigned = self.unsigned(&batch, timeout_height)?;
            let gas = match self.simulate(&mut batch, &unsigned, &sender).await? {
                Tried::Good { gas } => gas,
                Tried::Less => continue,
                Tried::Nothing(progress) => return Ok(progress),
            };
            match self.quote(gas).await? {
                Ok(quote) => {
                    let ids = batch.iter().map(|record| record.id).collect();
                    return self.sign(ids, None, unsigned, sender, quote, timeout_height).await;
                }
                Err(expensive) => self.afford(&mut batch, &expensive).await?,
            }
        }
        Ok(Progress::Moved)
    }

    /// The account as the chain has it; never behind what is known to be used.
    pub(super) async fn sender(&self) -> Result<Sender, EngineError> {
        let account = match self
            .chain
            .account(self.identity.address.as_ref(), self.pace.state_height())
            .await
        {
            Err(RpcError::Query { log, .. }) => {
                let address = &self.identity.address;
                return Err(EngineError::Hold(format!(
                    "account {address} does not exist yet; send it funds ({log})"
                )));
            }
            answer => answer?,
        };
        Ok(Sender {
            address: self.identity.address.clone(),
            public_key: self.identity.public_key,
            account_number: account.number,
            sequence: account.sequence.max(self.pace.sequence_floor()),
        })
    }

    fn unsigned(&self, batch: &[Record], timeout_height: u64) -> Result<Unsigned, EngineError> {
        let statements = batch.iter().map(|record| record.statement.message()).collect();
        self.execution(&tx::submit(statements), timeout_height)
    }

    pub(super) fn execution(&self, message: &ExecuteMsg, timeout_height: u64) -> Result<Unsigned, EngineError> {
        let chain = &self.config.chain;
        Ok(Unsigned::execute(
            &chain.chain_id,
            &chain.fee_denom,
            &self.identity.address,
            &self.contract,
            &[message],
            timeout_height,
        )?)
    }

    async fn simulate(
        &mut self,
        batch: &mut Vec<Record>,
        unsigned: &Unsigned,
        sender: &Sender,
    ) -> Result<Tried, EngineError> {
        match self.chain.simulate(&unsigned.for_simulation(sender)?).await {
            Ok(simulation) => self.drop_refused(batch, simulation).await,
            Err(error @ RpcError::Query { .. }) => self.simulation_failed(batch, error.failure()).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Statements that would be refused are not paid for. What they become is decided as after a real refusal.
    async fn drop_refused(&mut self, batch: &mut Vec<Record>, simulation: Simulation) -> Result<Tried, EngineError> {
        let outcomes = simulation.outcomes.unwrap_or_default();
        let refused: Vec<(Record, StatementOutcome)> = batch
            .iter()
            .zip(&outcomes)
            .filter(|(_, told)| outcome::meaning(**told) != Meaning::Recorded)
            .map(|(record, told)| (record.clone(), *told))
            .collect();
        if refused.is_empty() {
            return Ok(Tried::Good {
                gas: simulation.gas_used,
            });
        }
        let chains: HashSet<String> = refused
            .iter()
            .map(|(record, _)| format!("{:?}", record.statement.chain))
            .collect();
        self.refuse(refused).await?;
        // What stands behind a refused statement would be a gap.
        batch.retain(|record| !chains.contains(&format!("{:?}", record.statement.chain)));
        match batch.is_empty() {
            true => Ok(Tried::Nothing(Progress::Waiting)),
            false => Ok(Tried::Less),
        }
    }

    /// Moves refused statements on: only the first of each chain says anything, the others follow from it.
    async fn refuse(&mut self, refused: Vec<(Record, StatementOutcome)>) -> Result<(), EngineError> {
        let mut seen = HashSet::new();
        let mut changes = Vec::new();
        for (record, told) in refused {
            if !seen.insert(format!("{:?}", record.statement.chain)) {
                continue;
            }
            tracing::info!(
                digest = hex::encode(record.statement.digest),
                outcome = outcome::code_name(outcome::code(told)),
                "would be refused"
            );
            let change = match outcome::meaning(told) {
                Meaning::AlreadyRecorded => self.reconcile(&record).await?,
                _ => self.change_after_refusal(&record, told),
            };
            self.pace.rest(record.id);
            changes.extend(change);
        }
        self.apply(changes).await
    }

    /// The whole batch would fail: halve it until it does not, or until the one at fault is alone.
    async fn simulation_failed(&mut self, batch: &mut Vec<Record>, failure: Failure) -> Result<Tried, EngineError> {
        tracing::warn!(
            class = failure.class.name(),
            log = failure.log,
            statements = batch.len(),
            "simulation failed"
        );
        match failure.class {
            Class::OutOfGas | Class::Terminal if batch.len() > 1 => {
                batch.truncate(batch.len() / 2);
                self.pace.bisect(batch.len().saturating_mul(2));
                Ok(Tried::Less)
            }
            Class::OutOfGas | Class::Terminal => self.fail_alone(batch, &failure).await,
            Class::Transient | Class::SequenceMismatch => Ok(Tried::Nothing(Progress::Waiting)),
            Class::Config => Err(EngineError::Hold(format!("simulation fails: {}", failure.log))),
        }
    }

    /// A statement that fails all alone is tried again a few times, since a contract may be paused, then given up.
    async fn fail_alone(&mut self, batch: &[Record], failure: &Failure) -> Result<Tried, EngineError> {
        let mut changes = Vec::new();
        for record in batch {
            self.pace.rest(record.id);
            let change = Change::to(record.id, self.after_attempt(record.attempts))
                .note(failure.to_string())
                .failed();
            changes.push(Change {
                code: failure.contract_code,
                ..change
            });
        }
        self.apply(changes).await?;
        Ok(Tried::Nothing(Progress::Waiting))
    }

    pub(super) async fn quote(&self, gas: u64) -> Result<Result<Quote, TooExpensive>, EngineError> {
        let now = self.now()?;
        let spent = self.outbox.run(move |outbox| outbox.spent_today(now)).await?;
        Ok(self
            .config
            .gas
            .quote(self.pace.boosted(gas), self.pace.price_step(), spent))
    }

    /// Too expensive: halve the batch. A statement too big for any transaction is given up; a price or a day too dear
    /// waits for the operator or for tomorrow.
    async fn afford(&mut self, batch: &mut Vec<Record>, expensive: &TooExpensive) -> Result<(), EngineError> {
        match expensive {
            TooExpensive::Gas { .. } | TooExpensive::Fee { .. } if batch.len() > 1 => {
                batch.truncate(batch.len() / 2);
                Ok(())
            }
            TooExpensive::Gas { .. } => {
                let give_up = |record: &Record| Change::to(record.id, State::Dead).note(expensive.to_string());
                let changes = batch.iter().map(give_up).collect();
                batch.clear();
                self.apply(changes).await
            }
            TooExpensive::Fee { .. } | TooExpensive::Day { .. } => Err(EngineError::Hold(expensive.to_string())),
        }
    }

    /// Reserves, signs and stores in one database transaction; the next round sends.
    pub(super) async fn sign(
        &mut self,
        statements: Vec<i64>,
        delivery: Option<Attempt>,
        unsigned: Unsigned,
        sender: Sender,
        quote: Quote,
        timeout_height: u64,
    ) -> Result<Progress, EngineError> {
        failpoint::hit("after_simulate_before_reserve");
        let pledge = Pledge {
            account: sender.address.to_string(),
            sequence: sender.sequence,
            timeout_height,
            quote,
            statements,
            delivery,
        };
        let (now, signer) = (self.now()?, self.identity.signer.clone());
        let work = move |outbox: &crate::outbox::Outbox| {
            outbox.pledge(&pledge, now, || unsigned.sign(&sender, quote, signer.as_ref()))
        };
        let open = self.outbox.run(work).await?;
        self.metrics.signed(quote.fee, quote.gas_limit);
        tracing::info!(
            hash = hex::encode_upper(open.hash),
            sequence = open.sequence,
            statements = open.statements.len(),
            delivers = open.delivers,
            gas = quote.gas_limit,
            fee = quote.fee,
            "signed"
        );
        Ok(Progress::Moved)
    }
}
