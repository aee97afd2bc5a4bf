//! Taking statements in: HTTP, limits, local verification.

mod http;
mod keys;
mod limit;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;

use attestation::Domain;

use crate::chain::Chain;
use crate::clock::ChainClock;
use crate::config::Config;
use crate::engine::Status;
use crate::metrics::Metrics;
use crate::outbox::{Inserted, Outbox, OutboxError};
use crate::outcome::State;
use crate::statement::{subject_name, Envelope, Refusal, Statement};

pub use http::router;
use keys::{KeyCache, Known};
pub use limit::{Bucket, Limiter};

/// Seconds a client is asked to wait when the cause is not its own rate.
const RETRY_AFTER: u64 = 2;

/// What becomes of one posted statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// On disk now.
    Accepted,
    /// Known before.
    Known(State),
    Refused(Refusal),
}

/// A posted statement with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Known as soon as the envelope is well formed.
    pub digest: Option<attestation::Digest>,
    pub verdict: Verdict,
}

/// Everything the HTTP handlers need.
pub struct Ingest {
    config: Arc<Config>,
    outbox: Arc<Outbox>,
    clock: Arc<ChainClock>,
    metrics: Arc<Metrics>,
    status: Arc<Status>,
    keys: KeyCache,
    limiter: Limiter<(u8, u64)>,
    pending: AtomicU64,
    closing: AtomicBool,
}

impl Ingest {
    pub fn new(
        config: Arc<Config>,
        chain: Chain,
        outbox: Arc<Outbox>,
        clock: Arc<ChainClock>,
        metrics: Arc<Metrics>,
        status: Arc<Status>,
    ) -> Self {
        Self {
            keys: KeyCache::new(chain, config.ingest.key_ttl, config.ingest.key_lookups),
            limiter: Limiter::new(config.ingest.rate, config.ingest.burst),
            pending: AtomicU64::new(0),
            closing: AtomicBool::new(false),
            config,
            outbox,
            clock,
            metrics,
            status,
        }
    }

    /// From now on nothing is taken in.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    /// The engine knows how many statements are not yet final; between its counts, insertions are added.
    pub fn set_pending(&self, pending: u64) {
        self.pending.store(pending, Ordering::Relaxed);
    }

    /// Verifies every envelope and stores the good ones in one commit. One bad envelope never touches the others.
    ///
    /// # Errors
    /// [`OutboxError`]; then nothing is stored and the client is to try again.
    pub async fn post(&self, envelopes: &[Envelope]) -> Result<Vec<Posted>, OutboxError> {
        let mut posted = Vec::with_capacity(envelopes.len());
        let mut good = Vec::new();
        for envelope in envelopes {
            let (answer, statement) = self.judge(envelope).await?;
            good.extend(statement.map(|statement| (posted.len(), statement)));
            posted.push(answer);
        }
        self.store(good, &mut posted).await?;
        for answer in &posted {
            self.count(&answer.verdict);
        }
        Ok(posted)
    }

    async fn store(&self, good: Vec<(usize, Statement)>, posted: &mut [Posted]) -> Result<(), OutboxError> {
        if good.is_empty() {
            return Ok(());
        }
        let (places, statements): (Vec<_>, Vec<_>) = good.into_iter().unzip();
        let now = self.clock.now().unwrap_or(0);
        let inserted = self.outbox.run(move |outbox| outbox.insert(&statements, now)).await?;
        for (place, inserted) in places.into_iter().zip(inserted) {
            if let Some(answer) = posted.get_mut(place) {
                answer.verdict = self.stored(inserted);
            }
        }
        Ok(())
    }

    fn stored(&self, inserted: Inserted) -> Verdict {
        match inserted {
            Inserted::New | Inserted::Revived => {
                self.pending.fetch_add(1, Ordering::Relaxed);
                Verdict::Accepted
            }
            Inserted::Known(state) => Verdict::Known(state),
        }
    }

    fn count(&self, verdict: &Verdict) {
        let outcome = match verdict {
            Verdict::Accepted => "accepted",
            Verdict::Known(_) => {
                self.metrics.duplicate("ingest");
                "duplicate"
            }
            Verdict::Refused(refusal) => refusal.code(),
        };
        self.metrics.ingested(outcome);
    }

    /// The answer so far, and the statement if it is to be stored.
    async fn judge(&self, envelope: &Envelope) -> Result<(Posted, Option<Statement>), OutboxError> {
        let domain = Domain::new(&self.config.chain.chain_id, &self.config.chain.contract);
        let domain = domain.map_err(|error| OutboxError::Worker(error.to_string()))?;
        let statement = match Statement::read(envelope, &domain) {
            Ok(statement) => statement,
            Err(refusal) => return Ok((Posted::refused(None, refusal), None)),
        };
        let digest = statement.digest;
        let known = self.outbox.run(move |outbox| outbox.get(&digest)).await?;
        // A forged copy of a known statement gets the true one's state: the digest says nothing about who asks.
        if let Some(record) = known.filter(|record| record.state != State::Dead) {
            let verdict = Verdict::Known(record.state);
            return Ok((Posted::new(digest, verdict), None));
        }
        match self.admit(&statement).await {
            Ok(()) => Ok((Posted::new(digest, Verdict::Accepted), Some(statement))),
            Err(refusal) => Ok((Posted::refused(Some(digest), refusal), None)),
        }
    }

    /// The cheap checks come first; the subject pays with its rate only for what it really signed.
    async fn admit(&self, statement: &Statement) -> Result<(), Refusal> {
        self.check_room()?;
        self.check_window(statement)?;
        let (subject, key_epoch) = statement.signer();
        let key = self.keys.get(subject, key_epoch).await?;
        statement.verify(&key.public_key)?;
        check_revoked(statement, &key)?;
        if let Some(new_epoch) = statement.new_epoch {
            statement.verify_new(&self.keys.get(subject, new_epoch).await?.public_key)?;
        }
        let id = (subject.role as u8, subject.id);
        self.limiter.take(id).map_err(|retry_after| Refusal::RateLimited {
            subject: subject_name(&subject),
            retry_after,
        })
    }

    fn check_room(&self) -> Result<(), Refusal> {
        let unavailable = |reason: &str| Refusal::Unavailable {
            reason: reason.into(),
            retry_after: RETRY_AFTER,
        };
        if self.closing.load(Ordering::SeqCst) {
            return Err(unavailable("shutting down"));
        }
        let pending = self.pending.load(Ordering::Relaxed);
        match pending < self.config.outbox.max_pending {
            true => Ok(()),
            false => Err(Refusal::QueueFull {
                pending,
                retry_after: RETRY_AFTER,
            }),
        }
    }

    /// Expired statements are taken: on the chain they advance their chain without moving money, and without them
    /// nothing after them could ever be posted.
    fn check_window(&self, statement: &Statement) -> Result<(), Refusal> {
        let Some(now) = self.clock.now() else {
            return Err(Refusal::Unavailable {
                reason: "the chain's time is not known yet".into(),
                retry_after: RETRY_AFTER,
            });
        };
        let limit = self.config.ingest.max_future;
        match statement.window_end <= now.saturating_add(limit) {
            true => Ok(()),
            false => Err(Refusal::FutureWindow {
                window_end: statement.window_end,
                now,
                limit,
            }),
        }
    }
}

fn check_revoked(statement: &Statement, key: &Known) -> Result<(), Refusal> {
    match key.revoked_at.filter(|revoked_at| statement.window_end > *revoked_at) {
        None => Ok(()),
        Some(revoked_at) => Err(Refusal::Revoked {
            revoked_at,
            window_end: statement.window_end,
        }),
    }
}

impl Posted {
    fn new(digest: attestation::Digest, verdict: Verdict) -> Self {
        Self {
            digest: Some(digest),
            verdict,
        }
    }

    fn refused(digest: Option<attestation::Digest>, refusal: Refusal) -> Self {
        Self {
            digest,
            verdict: Verdict::Refused(refusal),
        }
    }
}
