//! The gateway at work: enrol, ingest, close what is due, sign, deliver.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interfaces::attestation_oracle::{Hardware, Role};
use interfaces::credit_vault::{QueryMsg, SpendingResponse, SpendingState};
use rusqlite::Connection;
use serde::Serialize;

use super::book::{self, Batch};
use super::calls::{Rules, Tally};
use super::close::{self, Closed, Reporter, Span, Spans};
use super::config::GatewayConfig;
use super::exposure;
use super::ingest::{ingest, Source};
use super::rates::RateCard;
use crate::sdk::config::Tools;
use crate::sdk::courier::Courier;
use crate::sdk::keys::RingLock;
use crate::sdk::statements::{self, Counts};
use crate::sdk::{store, ChainClient, ChainClock, Checked, Enroller, Enrolment, RpcClient};
use crate::{Error, Result};

/// Calls up to so long after an account began to close are charged (the vault's own rule).
pub const CLOSING_GRACE: u64 = 60;

/// Pause between two looks at a growing log.
const FOLLOW_PAUSE: Duration = Duration::from_secs(1);

/// Rate cards come into force 48 hours after they are proposed, so reading them this often is more than enough.
const RATES_AGE: Duration = Duration::from_secs(600);

/// An opened gateway.
pub struct Gateway<C = RpcClient> {
    pub config: GatewayConfig,
    pub tools: Tools<C>,
    pub conn: Connection,
}

/// What a run is to do.
#[derive(Clone, Debug)]
pub struct Ingest {
    pub log: PathBuf,
    /// Length of a window, seconds.
    pub window: u64,
    /// Longest wait for the chain without progress.
    pub patience: Duration,
}

/// What a run did.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub gateway: u64,
    pub key_epoch: u32,
    #[serde(flatten)]
    pub tally: Tally,
    #[serde(flatten)]
    pub closed: Closed,
    /// Windows that end in the chain's future.
    pub pending_windows: u64,
    /// Every statement of this store by state.
    pub statements: Counts,
    /// Every settled statement of this store by the oracle's outcome.
    pub outcomes: BTreeMap<String, u64>,
    pub seconds: u64,
}

/// Tells a person how far a run is.
pub trait Progress {
    /// Bytes of the log read.
    fn read(&self, bytes: u64);
    /// A window was closed.
    fn closed(&self, batch: &Batch, closed: &Closed);
    /// Statements settled in this delivery.
    fn settled(&self, statements: u64);
}

impl Gateway {
    /// Reads the configuration, opens keys and book.
    ///
    /// # Errors
    /// [`Error::Config`], [`Error::Key`], [`Error::File`], [`Error::Store`].
    pub fn open(path: &Path) -> Result<Self> {
        let config = GatewayConfig::load(path)?;
        let base = path.parent().unwrap_or_else(|| Path::new("."));
        let tools = Tools::new(base, &config.chain, &config.keys, &config.relayer, &config.quote)?;
        let conn = store::open(&base.join(&config.book), &tools.home)?;
        book::create_tables(&conn)?;
        Ok(Self { config, tools, conn })
    }
}

impl<C: ChainClient> Gateway<C> {
    /// Enrols this gateway's key.
    pub fn enroller(&self) -> Enroller<'_, C> {
        Enroller {
            conn: &self.conn,
            home: &self.tools.home,
            client: &self.tools.client,
            keys: &self.tools.keys,
            quotes: self.tools.quotes.as_deref(),
            role: Role::Gateway,
            hardware: Hardware { slots: 0, rate: 0 },
            id: self.config.enrolment.id,
        }
    }

    /// Keeps other processes from writing reports with these keys while it lives.
    ///
    /// # Errors
    /// [`Error::Config`] when another one does already.
    pub fn lock(&self) -> Result<RingLock> {
        let taken = || Error::Config("another process ingests or serves with these keys; stop it first".into());
        self.tools.keys.try_lock("book")?.ok_or_else(taken)
    }

    /// Reports what is served until `stop` resolves, window by window. Tells `enrolled` in every round which enrolment holds.
    ///
    /// # Errors
    /// What does not pass by itself. Serving has to end then: nothing more could be reported.
    pub async fn report(
        &mut self,
        enrolment: Enrolment,
        progress: &impl Progress,
        enrolled: impl Fn(&Enrolment),
        stop: impl std::future::Future<Output = ()>,
    ) -> Result<()> {
        let mut checked = Checked::new(enrolment);
        tokio::pin!(stop);
        loop {
            match self.advance(&mut checked, progress).await {
                Err(error) if !error.is_transient() => return Err(error),
                Err(error) => {
                    if matches!(error, Error::EpochOver { .. }) {
                        checked.expire();
                    }
                    tracing::warn!(%error, "trying again");
                }
                Ok(_) => {}
            }
            enrolled(&checked.enrolment);
            tokio::select! {
                () = &mut stop => return Ok(()),
                () = tokio::time::sleep(FOLLOW_PAUSE) => {}
            }
        }
    }

    /// Reports the windows that are due, once, and follows their reports.
    ///
    /// # Errors
    /// As [`Self::ingest_once`].
    pub async fn report_once(&mut self, patience: Duration, progress: &impl Progress) -> Result<Summary> {
        let started = Instant::now();
        let enrolment = self.enroller().ensure().await?;
        let due = Due::After(self.config.settle_delay);
        let closed = self.close_due(due, enrolment, progress).await?;
        self.deliver(patience, progress).await?;
        self.summary(enrolment, Tally::default(), closed, started)
    }

    /// Takes in a log that is complete, reports all of it and follows the reports to the chain.
    ///
    /// # Errors
    /// Everything but a bad line.
    pub async fn ingest_once(&mut self, job: &Ingest, progress: &impl Progress) -> Result<Summary> {
        let started = Instant::now();
        let _lock = self.lock()?;
        let enrolment = self.enroller().ensure().await?;
        let card = self.rates(enrolment.subject.id).await?;
        let tally = self.read(job, &card, false, progress)?;
        // Reading may have taken long, or the chain's clock may have jumped.
        let enrolment = self.enroller().ensure().await?;
        let closed = self.close_due(Due::Now, enrolment, progress).await?;
        self.deliver(job.patience, progress).await?;
        exposure::prune(&self.conn)?;
        self.summary(enrolment, tally, closed, started)
    }

    /// Takes in a log as it grows, until `stop` resolves.
    ///
    /// # Errors
    /// Everything but a bad line and what passes by itself.
    pub async fn follow(
        &mut self,
        job: &Ingest,
        progress: &impl Progress,
        stop: impl std::future::Future<Output = ()>,
    ) -> Result<Summary> {
        let started = Instant::now();
        let _lock = self.lock()?;
        let mut enrolled = Checked::new(self.enroller().ensure().await?);
        let gateway = enrolled.enrolment.subject.id;
        let (mut tally, mut closed) = (Tally::default(), Closed::default());
        let mut card = (self.rates(gateway).await?, Instant::now());
        tokio::pin!(stop);
        loop {
            if card.1.elapsed() > RATES_AGE {
                card = (self.rates(gateway).await?, Instant::now());
            }
            tally.add(self.read(job, &card.0, true, progress)?);
            match self.advance(&mut enrolled, progress).await {
                Ok(part) => {
                    closed.add(&part);
                    exposure::prune(&self.conn)?;
                }
                Err(error) if error.is_transient() => {
                    if matches!(error, Error::EpochOver { .. }) {
                        enrolled.expire();
                    }
                    tracing::warn!(%error, "trying again");
                }
                Err(error) => return Err(error),
            }
            tokio::select! {
                () = &mut stop => return self.summary(enrolled.enrolment, tally, closed, started),
                () = tokio::time::sleep(FOLLOW_PAUSE) => {}
            }
        }
    }

    /// Renews the enrolment if it is time, with or without calls to report, and reports what is due.
    async fn advance(&mut self, enrolled: &mut Checked, progress: &impl Progress) -> Result<Closed> {
        let now = ChainClock::read(&self.tools.client).await?.now();
        self.enroller().keep(enrolled, now).await?;
        let due = Due::After(self.config.settle_delay);
        let closed = self.close_due(due, enrolled.enrolment, progress).await?;
        self.deliver(Duration::ZERO, progress).await?;
        Ok(closed)
    }

    async fn rates(&self, gateway: u64) -> Result<RateCard> {
        RateCard::fetch(&self.tools.client, self.config.vault()?, gateway).await
    }

    fn read(&mut self, job: &Ingest, card: &RateCard, growing: bool, progress: &impl Progress) -> Result<Tally> {
        let rules = Rules {
            card,
            window: job.window,
            prefix: &self.config.chain.prefix,
        };
        ingest(
            &mut self.conn,
            rules,
            &Source {
                path: &job.log,
                growing,
            },
            |bytes| progress.read(bytes),
        )
    }

    /// Closes the windows that are due, oldest first, under this enrolment, and signs their reports.
    async fn close_due(&mut self, due: Due, enrolment: Enrolment, progress: &impl Progress) -> Result<Closed> {
        let now = ChainClock::read(&self.tools.client).await?.now();
        let batches: Vec<(Batch, u64)> = book::open_batches(&self.conn)?
            .into_iter()
            .map_while(|batch| due.window_end(&batch, now).map(|end| (batch, end)))
            .collect();
        let mut sum = Closed::default();
        if !batches.is_empty() {
            let spans = self.spans(&batches, enrolment.subject.id).await?;
            let home = self.tools.home.clone();
            let reporter = Reporter {
                home: &home,
                gateway: enrolment.subject.id,
                key_epoch: enrolment.key_epoch,
                expires_at: now.saturating_add(self.config.report_ttl),
            };
            for (batch, window_end) in &batches {
                let closed = close::close(&mut self.conn, &reporter, batch, *window_end, &spans)?;
                progress.closed(batch, &closed);
                sum.add(&closed);
            }
        }
        statements::sign_reserved(&self.conn, &self.tools.home, &self.tools.keys)?;
        Ok(sum)
    }

    /// When each account in these batches may be charged.
    async fn spans(&self, batches: &[(Batch, u64)], gateway: u64) -> Result<Spans> {
        let mut spans = Spans::new();
        let mut asked = std::collections::BTreeSet::new();
        for (batch, _) in batches {
            for (id, address) in close::accounts(&self.conn, batch)? {
                if asked.insert(id) {
                    if let Some(span) = self.span(address, gateway).await? {
                        spans.insert(id, span);
                    }
                }
            }
        }
        Ok(spans)
    }

    async fn span(&self, address: String, gateway: u64) -> Result<Option<Span>> {
        let query = QueryMsg::Spending { address, gateway };
        match self
            .tools
            .client
            .query::<_, SpendingResponse>(self.config.vault()?, &query)
            .await
        {
            Ok(spending) => Ok(chargeable(&spending)),
            // A text that only looks like an address; it has no account.
            Err(Error::Query { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn deliver(&self, patience: Duration, progress: &impl Progress) -> Result<u64> {
        let courier = Courier {
            conn: &self.conn,
            home: &self.tools.home,
            client: &self.tools.client,
            relayer: &self.tools.relayer,
        };
        courier.deliver(patience, |settled| progress.settled(settled)).await
    }

    fn summary(&self, enrolment: Enrolment, tally: Tally, closed: Closed, started: Instant) -> Result<Summary> {
        let pending = book::open_batches(&self.conn)?.len();
        Ok(Summary {
            gateway: enrolment.subject.id,
            key_epoch: enrolment.key_epoch,
            tally,
            closed,
            pending_windows: u64::try_from(pending).unwrap_or(u64::MAX),
            statements: statements::counts(&self.conn)?,
            outcomes: statements::outcomes(&self.conn)?,
            seconds: started.elapsed().as_secs(),
        })
    }
}

/// When a window is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    /// The log is complete: as soon as its calls lie in the past, with the window cut to them if its end does not.
    Now,
    /// The log grows: so many seconds after the window's end.
    After(u64),
}

impl Due {
    /// End of the window to report, if it is due.
    fn window_end(self, batch: &Batch, now: u64) -> Option<u64> {
        match self {
            Self::After(delay) => (batch.window_end.saturating_add(delay) <= now).then_some(batch.window_end),
            Self::Now if batch.window_end <= now => Some(batch.window_end),
            Self::Now => Some(batch.newest.saturating_add(1)).filter(|end| *end <= now),
        }
    }
}

/// From its opening to the end of the grace after its closing; none without an account.
fn chargeable(spending: &SpendingResponse) -> Option<Span> {
    let last = spending
        .closing_since
        .map_or(u64::MAX, |since| since.saturating_add(CLOSING_GRACE));
    (spending.state != SpendingState::Closed).then_some(Span {
        first: spending.opened_at,
        last,
    })
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint128;

    use super::*;

    const BATCH: Batch = Batch {
        id: 1,
        window_start: 600,
        window_end: 1_200,
        first_row: 1,
        last_row: 1,
        calls: 1,
        newest: 900,
    };

    #[test]
    fn a_complete_log_does_not_wait_for_its_last_window() {
        for (now, end) in [(900, None), (901, Some(901)), (1_199, Some(901)), (1_200, Some(1_200))] {
            assert_eq!(Due::Now.window_end(&BATCH, now), end, "at {now}");
        }
    }

    #[test]
    fn a_growing_log_waits_for_lines_being_written() {
        for (now, end) in [(1_200, None), (1_229, None), (1_230, Some(1_200))] {
            assert_eq!(Due::After(30).window_end(&BATCH, now), end, "at {now}");
        }
    }

    #[test]
    fn an_account_is_charged_from_opening_to_closing() {
        let mut spending = SpendingResponse {
            gateway: 1,
            state: SpendingState::Open,
            amount: Uint128::new(5),
            max_per_day: Uint128::new(5),
            lowered: None,
            chargeable: Uint128::new(5),
            opened_at: 100,
            closing_since: None,
            withdrawable_at: None,
            shortfall: Uint128::zero(),
        };
        assert_eq!(
            chargeable(&spending),
            Some(Span {
                first: 100,
                last: u64::MAX
            })
        );
        (spending.state, spending.closing_since) = (SpendingState::Closing, Some(500));
        assert_eq!(chargeable(&spending), Some(Span { first: 100, last: 560 }));
        spending.state = SpendingState::Closed;
        assert_eq!(chargeable(&spending), None);
    }
}
