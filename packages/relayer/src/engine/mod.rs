//! The pipeline behind the outbox: plan, sign, broadcast, confirm. One task, one transaction under way at a time.
//!
//! Everything it must not forget is in the outbox; what it keeps in memory (pauses, the batch cap, the price step) only
//! makes it polite and is learnt again after a restart. Each round looks at the world first: an open transaction is
//! resolved before anything new is signed.

mod broadcast;
mod confirm;
mod deliver;
mod pace;
mod plan;
mod status;

use std::sync::Arc;
use std::time::Duration;

use cosmrs::crypto::PublicKey;
use cosmrs::AccountId;
use thiserror::Error;
use tokio::sync::watch;

use crate::chain::Chain;
use crate::clock::{ChainClock, Seconds};
use crate::config::Config;
use crate::failpoint;
use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::outbox::{Outbox, OutboxError};
use crate::outcome::State;
use crate::rpc::RpcError;
use crate::signer::TxSigner;

pub use pace::Pace;
pub use status::Status;

/// Statements forgotten in one commit: about as much work as taking in a batch.
const PRUNED_AT_ONCE: u32 = 500;

/// What stops a round. The next one starts from the outbox again.
#[derive(Debug, Error)]
pub enum EngineError {
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Rpc(#[from] RpcError),
    #[error(transparent)]
    Tx(#[from] crate::tx::TxError),
    #[error("the chain's time is not known yet")]
    NoTime,
    /// Only the operator can help; shown by `/readyz`.
    #[error("{0}")]
    Hold(String),
}

/// Whether there is more to do at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Something moved: look again at once.
    Moved,
    /// A transaction is under way: look again soon.
    Waiting,
    /// Nothing to do until something arrives.
    Idle,
}

/// Who signs.
#[derive(Clone)]
pub struct Identity {
    pub signer: Arc<dyn TxSigner>,
    pub address: AccountId,
    pub public_key: PublicKey,
}

/// See the module.
pub struct Engine {
    config: Arc<Config>,
    chain: Chain,
    contract: AccountId,
    outbox: Arc<Outbox>,
    identity: Identity,
    clock: Arc<ChainClock>,
    metrics: Arc<Metrics>,
    status: Arc<Status>,
    ingest: Arc<Ingest>,
    pace: Pace,
    /// Whose turn it is: statements or deliveries.
    delivers_next: bool,
}

/// What an engine is made of.
pub struct Parts {
    pub config: Arc<Config>,
    pub chain: Chain,
    pub contract: AccountId,
    pub outbox: Arc<Outbox>,
    pub identity: Identity,
    pub clock: Arc<ChainClock>,
    pub metrics: Arc<Metrics>,
    pub status: Arc<Status>,
    pub ingest: Arc<Ingest>,
}

impl Engine {
    pub fn new(parts: Parts) -> Self {
        Self {
            pace: Pace::new(&parts.config),
            delivers_next: false,
            config: parts.config,
            chain: parts.chain,
            contract: parts.contract,
            outbox: parts.outbox,
            identity: parts.identity,
            clock: parts.clock,
            metrics: parts.metrics,
            status: parts.status,
            ingest: parts.ingest,
        }
    }

    /// Works until told to stop, then brings what is under way to an end within the configured time.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let wake = self.outbox.wake.clone();
        while !*stop.borrow() {
            let progress = self.round().await;
            let pause = self.pause(progress);
            tokio::select! {
                _ = tokio::time::sleep(pause) => {}
                _ = wake.notified(), if progress == Progress::Idle => self.linger(&mut stop).await,
                _ = stop.changed() => {}
            }
        }
        self.flush().await;
    }

    /// Lets more statements arrive, so that they share a transaction.
    async fn linger(&self, stop: &mut watch::Receiver<bool>) {
        tokio::select! {
            _ = tokio::time::sleep(Duration::from_millis(self.config.planner.linger_ms)) => {}
            _ = stop.changed() => {}
        }
    }

    fn pause(&self, progress: Progress) -> Duration {
        let tx = &self.config.tx;
        Duration::from_millis(match progress {
            Progress::Moved => 0,
            Progress::Waiting => tx.poll_ms,
            Progress::Idle => tx.idle_ms,
        })
    }

    /// One round; errors are logged, shown and tried again.
    async fn round(&mut self) -> Progress {
        let result = self.work().await;
        self.status.ticked();
        self.report(&result);
        self.count().await;
        result.unwrap_or(Progress::Waiting)
    }

    fn report(&mut self, result: &Result<Progress, EngineError>) {
        match result {
            Err(EngineError::Hold(reason)) => {
                tracing::error!(reason, "waiting for the operator");
                self.status.hold(Some(reason.clone()));
                self.pace.hold();
            }
            Err(error) => tracing::warn!(%error, "round failed"),
            Ok(_) if self.pace.is_held() => {}
            Ok(_) => self.status.hold(None),
        }
    }

    async fn count(&self) {
        if let Ok(counts) = self.outbox.run(|outbox| outbox.counts()).await {
            self.metrics.states(&counts);
            let pending = counts
                .iter()
                .filter(|(state, _)| !state.is_terminal())
                .map(|(_, count)| count)
                .sum();
            self.ingest.set_pending(pending);
        }
        if let Ok(counts) = self.outbox.run(|outbox| outbox.delivery_counts()).await {
            self.metrics.deliveries(&counts);
        }
        self.metrics.batch_cap(self.pace.batch_cap());
        self.metrics.price(self.config.gas.price(self.pace.price_step()));
        self.metrics.ready(self.status.why_unready().is_empty());
    }

    async fn work(&mut self) -> Result<Progress, EngineError> {
        self.chain.rpc().refresh().await;
        self.status.endpoints(self.chain.rpc().why_unusable());
        let account = self.identity.address.to_string();
        if let Some(open) = self.outbox.run(move |outbox| outbox.open_tx(&account)).await? {
            return self.drive(open).await;
        }
        let moved = self.finalise().await?;
        self.prune().await?;
        if self.pace.is_held() {
            return Ok(Progress::Waiting);
        }
        match self.sign_next().await? {
            Progress::Idle if moved => Ok(Progress::Moved),
            progress => Ok(progress),
        }
    }

    /// Statements and deliveries take turns, so that many of one never hold up the other.
    async fn sign_next(&mut self) -> Result<Progress, EngineError> {
        self.delivers_next = !self.delivers_next;
        let first = match self.delivers_next {
            true => self.deliver().await?,
            false => self.plan().await?,
        };
        match (first, self.delivers_next) {
            (Progress::Idle, true) => self.plan().await,
            (Progress::Idle, false) => self.deliver().await,
            (progress, _) => Ok(progress),
        }
    }

    /// Forgets what ended long ago, a slice at a time.
    async fn prune(&mut self) -> Result<(), EngineError> {
        let keep = self.config.outbox.keep_days.saturating_mul(86_400);
        let before = self.now()?.saturating_sub(keep);
        if keep == 0 || !self.pace.may_prune() {
            return Ok(());
        }
        let gone = self
            .outbox
            .run(move |outbox| outbox.prune(before, PRUNED_AT_ONCE))
            .await?;
        self.metrics.pruned(gone);
        self.pace.pruned(gone >= PRUNED_AT_ONCE);
        Ok(())
    }

    fn now(&self) -> Result<Seconds, EngineError> {
        self.clock.now().ok_or(EngineError::NoTime)
    }

    fn height(&self) -> Result<u64, EngineError> {
        self.clock.height().ok_or(EngineError::NoTime)
    }

    /// Sends what waits and resolves what is under way, as far as time allows. What is left is safe in the outbox.
    async fn flush(&mut self) {
        let limit = Duration::from_millis(self.config.tx.shutdown_ms);
        let work = async {
            loop {
                match self.round().await {
                    Progress::Idle => break,
                    progress => tokio::time::sleep(self.pause(progress)).await,
                }
                if self.pace.is_held() || self.chain.rpc().usable().is_empty() {
                    break;
                }
            }
        };
        let finished = tokio::time::timeout(limit, work).await.is_ok();
        failpoint::hit("mid_flush");
        if let Err(error) = self.outbox.run(|outbox| outbox.checkpoint()).await {
            tracing::warn!(%error, "checkpoint failed; the write-ahead log will be replayed");
        }
        tracing::info!(finished, "flushed");
    }

    /// Counts statements that came to their end.
    fn settled(&self, changes: &[crate::outbox::Change]) {
        for change in changes.iter().filter(|change| change.to.is_terminal()) {
            self.metrics.settled(change.to, change.code);
        }
    }

    /// Carries changes out and counts them.
    async fn apply(&self, changes: Vec<crate::outbox::Change>) -> Result<(), EngineError> {
        let now = self.now()?;
        let to_apply = changes.clone();
        self.outbox.run(move |outbox| outbox.apply(&to_apply, now)).await?;
        self.settled(&changes);
        Ok(())
    }

    /// The state a statement has once the contract refused it for now: another attempt, or the end.
    fn after_attempt(&self, attempts: u32) -> State {
        match attempts.saturating_add(1) < self.config.planner.max_attempts {
            true => State::Received,
            false => State::Dead,
        }
    }
}
