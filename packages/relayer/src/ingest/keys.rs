//! Enrolled keys, remembered for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use interfaces::attestation_oracle::{PublicKey, Subject};

use super::limit::Bucket;
use super::RETRY_AFTER;
use crate::chain::Chain;
use crate::statement::{subject_name, Refusal};

/// Most keys remembered; beyond it everything is forgotten, which costs one query per live key.
const CAPACITY: usize = 100_000;
/// How long the absence of a key is remembered: an enrolment may land any moment.
const ABSENCE_TTL: Duration = Duration::from_secs(2);

/// What verification needs of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub public_key: PublicKey,
    pub revoked_at: Option<u64>,
}

/// (role, subject, key epoch)
type Id = (u8, u64, u32);

struct Slot {
    key: Option<Arc<Known>>,
    until: Instant,
}

/// Asks the contract for keys, and at a bounded rate for keys it does not know: anybody can name any subject.
pub struct KeyCache {
    chain: Chain,
    ttl: Duration,
    slots: Mutex<HashMap<Id, Slot>>,
    lookups: Mutex<Bucket>,
    rate: u32,
}

impl KeyCache {
    pub fn new(chain: Chain, ttl: u64, lookups: u32) -> Self {
        Self {
            chain,
            ttl: Duration::from_secs(ttl),
            slots: Mutex::default(),
            lookups: Mutex::new(Bucket::full(lookups, Instant::now())),
            rate: lookups,
        }
    }

    /// The key of a subject's epoch.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`], [`Refusal::Unavailable`].
    pub async fn get(&self, subject: Subject, key_epoch: u32) -> Result<Arc<Known>, Refusal> {
        let id = id(subject, key_epoch);
        let cached = self.cached(&id);
        let key = match cached {
            Some(key) => key,
            None => self.ask(subject, key_epoch).await?,
        };
        key.ok_or_else(|| Refusal::UnknownKey {
            subject: subject_name(&subject),
            key_epoch,
        })
    }

    fn cached(&self, id: &Id) -> Option<Option<Arc<Known>>> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots
            .get(id)
            .filter(|slot| Instant::now() < slot.until)
            .map(|slot| slot.key.clone())
    }

    async fn ask(&self, subject: Subject, key_epoch: u32) -> Result<Option<Arc<Known>>, Refusal> {
        self.spend_lookup()?;
        let answer = self
            .chain
            .key(subject, key_epoch)
            .await
            .map_err(|error| Refusal::Unavailable {
                reason: format!("the key cannot be looked up: {error}"),
                retry_after: RETRY_AFTER,
            })?;
        let key = answer.map(|key| {
            Arc::new(Known {
                public_key: key.public_key,
                revoked_at: key.revoked_at,
            })
        });
        self.remember(id(subject, key_epoch), key.clone());
        Ok(key)
    }

    fn spend_lookup(&self) -> Result<(), Refusal> {
        let mut bucket = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
        bucket
            .take(self.rate, self.rate, Instant::now())
            .map_err(|retry_after| Refusal::Unavailable {
                reason: "too many unknown keys are asked for".into(),
                retry_after,
            })
    }

    fn remember(&self, id: Id, key: Option<Arc<Known>>) {
        let ttl = if key.is_some() { self.ttl } else { ABSENCE_TTL };
        let Some(until) = Instant::now().checked_add(ttl) else {
            return;
        };
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= CAPACITY {
            slots.clear();
        }
        slots.insert(id, Slot { key, until });
    }
}

fn id(subject: Subject, key_epoch: u32) -> Id {
    (subject.role as u8, subject.id, key_epoch)
}
