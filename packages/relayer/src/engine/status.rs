//! What the engine says about itself to `/livez` and `/readyz`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::ChainClock;

/// A round takes seconds at most; an engine silent for this long hangs.
const HANGS_AFTER: Duration = Duration::from_secs(120);

#[derive(Debug)]
struct Inner {
    last_round: Instant,
    hold: Option<String>,
    endpoints: Option<String>,
    stopping: bool,
}

/// Shared between engine and HTTP.
#[derive(Debug)]
pub struct Status {
    inner: Mutex<Inner>,
    clock: Arc<ChainClock>,
    max_block_age: Duration,
}

impl Status {
    pub fn new(clock: Arc<ChainClock>, max_block_age: u64) -> Self {
        Self {
            inner: Mutex::new(Inner {
                last_round: Instant::now(),
                hold: None,
                endpoints: None,
                stopping: false,
            }),
            clock,
            max_block_age: Duration::from_secs(max_block_age),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A round is done.
    pub fn ticked(&self) {
        self.lock().last_round = Instant::now();
    }

    /// Why only the operator can help, or nothing.
    pub fn hold(&self, reason: Option<String>) {
        self.lock().hold = reason;
    }

    /// Why no endpoint can be used, or nothing.
    pub fn endpoints(&self, reason: Option<String>) {
        self.lock().endpoints = reason;
    }

    /// Shutdown has begun.
    pub fn stopping(&self) {
        self.lock().stopping = true;
    }

    /// Why the process should be restarted.
    pub fn why_dead(&self) -> Option<String> {
        let silent = self.lock().last_round.elapsed();
        (silent > HANGS_AFTER).then(|| format!("the engine has been silent for {} s", silent.as_secs()))
    }

    /// Why no client should be sent here.
    pub fn why_unready(&self) -> Vec<String> {
        let inner = self.lock();
        let age = match self.clock.age() {
            None => Some("no block seen yet".into()),
            Some(age) if age > self.max_block_age => Some(format!("no new block for {} s", age.as_secs())),
            Some(_) => None,
        };
        let stopping = inner.stopping.then(|| "shutting down".into());
        [inner.hold.clone(), inner.endpoints.clone(), age, stopping]
            .into_iter()
            .flatten()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readiness_names_every_reason() {
        let clock = Arc::new(ChainClock::default());
        let status = Status::new(clock.clone(), 60);
        assert_eq!(status.why_unready(), ["no block seen yet"]);
        clock.observe(1, 1);
        assert!(status.why_unready().is_empty());
        status.hold(Some("no funds".into()));
        status.endpoints(Some("0: resting".into()));
        status.stopping();
        assert_eq!(status.why_unready(), ["no funds", "0: resting", "shutting down"]);
        assert_eq!(status.why_dead(), None);
    }
}
