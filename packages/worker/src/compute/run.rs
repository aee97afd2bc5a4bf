//! The worker at work: enrol, compute, state, deliver, and go on under the next key when one ends.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::config::{JobSpec, Worker};
use super::heartbeat::Heart;
use super::job::{self, Outcome, Runner};
use crate::sdk::courier::Courier;
use crate::sdk::epochs::EPOCH_GRACE;
use crate::sdk::statements::outcomes;
use crate::sdk::{ChainClient, ChainClock, Checked, Enrolment};
use crate::{Error, Result};

/// Pause between two attempts at something the chain or the relayer holds up.
const RETRY: Duration = Duration::from_secs(2);

/// What a run came to.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Statements of this store that are not settled.
    pub open: u64,
    /// Every settled statement of this store by the oracle's outcome, links included.
    pub outcomes: BTreeMap<String, u64>,
}

impl<C: ChainClient> Worker<C> {
    /// Runs a job to its end, from where an earlier run stopped, and follows its statements to the chain. Calls `progress` with the steps done.
    ///
    /// The chain's clock is read before every statement. If it shows that the key epoch is over or about to be, a fresh key is enrolled and the job's chain
    /// linked to it; time that can no longer be stated under the old key is not claimed, the work done in it is kept.
    ///
    /// # Errors
    /// [`Error::Job`], also when another process runs a job with this worker's keys: both would state the first slots as theirs, and a slot sold twice costs the
    /// stake. [`Error::Store`], and what stands in the way of chain or relayer for longer than `patience`.
    pub async fn run_job(&mut self, spec: &JobSpec, patience: Duration, mut progress: impl FnMut(u64)) -> Result<Done> {
        let program = spec.program.build()?;
        let lock = self.tools.keys.try_lock("job")?;
        let _one_at_a_time =
            lock.ok_or_else(|| Error::Job("this worker runs a job already; wait for its end".into()))?;
        let mut enrolled = Checked::new(self.enroller().ensure().await?);
        let mut clock = ChainClock::read(&self.tools.client).await?;
        let mut at = self.runner(enrolled.enrolment).begin(spec, clock.now())?;
        let mut since = clock.now().max(at.until);
        while !at.done {
            let until = job::work(
                spec,
                program.as_ref(),
                &mut at.tree,
                since,
                || clock.now(),
                &mut progress,
            )
            .await;
            clock = self.look(clock).await?;
            let stated = match can_state(&enrolled.enrolment, until, clock.now()) {
                true => self
                    .runner(enrolled.enrolment)
                    .state_work(spec, &at, (since, until), clock.now()),
                false => Err(over(&enrolled.enrolment)),
            };
            match stated {
                Ok(stated) => at = stated,
                Err(Error::EpochOver { .. }) => enrolled.expire(),
                Err(error) => return Err(error),
            }
            self.deliver_some().await?;
            self.keep_enrolled(&mut enrolled, clock.now(), patience).await?;
            clock = self.look(clock).await?;
            since = clock.now().max(at.until);
        }
        let outcome = self.runner(enrolled.enrolment).outcome(spec, &at);
        let open = self.courier().deliver(patience, |_| {}).await?;
        Ok(Done {
            outcome,
            open,
            outcomes: outcomes(&self.conn)?,
        })
    }

    /// One heartbeat, followed to the chain. Enrols first if the enrolment is over. Returns the time it speaks of.
    ///
    /// # Errors
    /// As [`Self::run_job`].
    pub async fn beat(&self, longest: u64, patience: Duration) -> Result<(u64, u64)> {
        let enrolment = self.enroller().ensure().await?;
        let heart = Heart {
            conn: &self.conn,
            home: &self.tools.home,
            keys: &self.tools.keys,
            slots: self.config.slots,
            longest,
            ttl: self.config.statement_ttl,
        };
        let window = loop {
            let now = ChainClock::read(&self.tools.client).await?.now();
            match heart.beat(&enrolment, now)? {
                Some(window) => break window,
                None => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        };
        self.courier().deliver(patience, |_| {}).await?;
        Ok((window.start(), window.end()))
    }

    /// Carries this worker's statements.
    pub fn courier(&self) -> Courier<'_, C> {
        Courier {
            conn: &self.conn,
            home: &self.tools.home,
            client: &self.tools.client,
            relayer: &self.tools.relayer,
        }
    }

    fn runner(&mut self, enrolment: Enrolment) -> Runner<'_> {
        Runner {
            conn: &mut self.conn,
            home: &self.tools.home,
            keys: &self.tools.keys,
            enrolment,
            rate: self.config.rate,
            statement_ttl: self.config.statement_ttl,
        }
    }

    /// The chain's clock anew; while the chain does not answer, the old one goes on.
    async fn look(&self, clock: ChainClock) -> Result<ChainClock> {
        match ChainClock::read(&self.tools.client).await {
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, "the chain's clock is carried on");
                Ok(clock)
            }
            read => read,
        }
    }

    /// Posts what is signed without waiting for it; what fails is tried again after the next statement.
    async fn deliver_some(&self) -> Result<()> {
        match self.courier().deliver(Duration::ZERO, |_| {}).await {
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, "statements stay in the store for now");
                Ok(())
            }
            delivered => delivered.map(|_| ()),
        }
    }

    /// Renews the enrolment if it is time. A worker whose key is still good works on while renewing fails; one whose key is not waits.
    async fn keep_enrolled(&self, enrolled: &mut Checked, now: u64, patience: Duration) -> Result<()> {
        let started = Instant::now();
        loop {
            match self.enroller().keep(enrolled, now).await {
                Err(error) if error.is_transient() && started.elapsed() < patience => {
                    tracing::warn!(%error, "enrolling again");
                    tokio::time::sleep(RETRY).await;
                }
                kept => return kept,
            }
        }
    }
}

/// Whether the chain would still take a statement over a window that ends at `until`, with time left for its way there.
fn can_state(enrolment: &Enrolment, until: u64, now: u64) -> bool {
    until <= enrolment.valid_until && now <= enrolment.valid_until.saturating_add(EPOCH_GRACE / 2)
}

fn over(enrolment: &Enrolment) -> Error {
    Error::EpochOver {
        chain: format!("worker {} epoch {}", enrolment.subject.id, enrolment.key_epoch),
        end: enrolment.valid_until,
    }
}

#[cfg(test)]
mod tests {
    use interfaces::attestation_oracle::{Level, Role, Subject};

    use super::*;

    #[test]
    fn a_window_is_stated_within_its_epoch_and_while_the_chain_takes_it() {
        let enrolment = Enrolment {
            subject: Subject {
                role: Role::Worker,
                id: 1,
            },
            key_epoch: 1,
            level: Level::A0,
            enrolled_at: 0,
            valid_until: 10_000,
        };
        for (until, now, expected) in [
            (9_999, 9_999, true),
            (10_000, 10_000, true),
            (10_001, 10_001, false),
            (9_999, 13_600, true),
            (9_999, 13_601, false),
        ] {
            assert_eq!(can_state(&enrolment, until, now), expected, "{until} at {now}");
        }
    }
}
