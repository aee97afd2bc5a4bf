//! The gateway that serves: OpenAI-compatible HTTP in front of an upstream, for accounts that pay by the chain.
//!
//! ```text
//! key ─▶ place ─▶ body ─▶ reservation ─▶ upstream ─▶ usage ─▶ book ─▶ end of the answer
//!         │                   │                                │
//!         └── chain, cached ──┘                                └─▶ reports, as for a log
//! ```
//! [`admission`] decides, [`call`] serves and writes down, [`view`] asks the chain. What is in the book goes to the chain by the same reports as calls of a log.

pub mod admission;
pub mod call;
pub mod challenge;
pub mod client;
pub mod config;
pub mod http;
pub mod metrics;
pub mod refusal;
pub mod request;
pub mod tokens;
pub mod upstream;
pub mod usage;
pub mod view;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use interfaces::lco_staking::Tier;
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use admission::Accounts;
use challenge::Challenger;
use config::ServeConfig;
use metrics::Metrics;
use refusal::Refusal;
use upstream::Upstream;
use view::ChainView;

use super::rates::Price;
use crate::sdk::store::Home;
use crate::sdk::{ChainClient, Enrolment};
use crate::{Error, Result};

/// Pause between two looks at whether all calls have ended.
const DRAIN_PAUSE: Duration = Duration::from_millis(50);

/// What a server is made of.
pub struct Setup<'a, C> {
    pub config: ServeConfig,
    pub home: Home,
    /// Bech32 prefix of accounts.
    pub prefix: String,
    pub vault: String,
    /// Length of a reporting window, seconds.
    pub window: u64,
    /// The book, by a connection of its own.
    pub conn: Connection,
    pub client: C,
    pub enrolment: Enrolment,
    /// Folder of the configuration file.
    pub base: &'a Path,
}

/// A serving gateway.
pub struct Server<C> {
    pub(super) config: ServeConfig,
    gateway: u64,
    prefix: String,
    window: u64,
    /// End of the enrolment, unix seconds on the chain's clock.
    enrolled_until: AtomicU64,
    accounts: Accounts,
    books: Books,
    chain: ChainView<C>,
    challenger: Challenger,
    metrics: Metrics,
    upstream: Upstream,
}

impl<C: ChainClient + Send + 'static> Server<C> {
    /// Puts a server together.
    ///
    /// # Errors
    /// [`Error::Config`], [`Error::Store`], [`Error::File`], [`Error::Key`].
    pub fn new(setup: Setup<'_, C>) -> Result<Arc<Self>> {
        let Setup { config, enrolment, .. } = setup;
        config.validate()?;
        super::book::create_tables(&setup.conn)?;
        tokens::create_table(&setup.conn)?;
        let gateway = enrolment.subject.id;
        let chain = ChainView::new(
            setup.client,
            &setup.vault,
            gateway,
            config.view_ttl,
            config.max_block_age,
        );
        Ok(Arc::new(Self {
            gateway,
            window: setup.window,
            enrolled_until: AtomicU64::new(enrolment.valid_until),
            accounts: Accounts::new(config.max_calls),
            books: Books(Arc::new(Mutex::new(setup.conn))),
            chain,
            challenger: Challenger::new(setup.home, &setup.prefix, gateway, config.challenge_ttl),
            metrics: Metrics::new().map_err(|e| Error::Config(e.to_string()))?,
            upstream: Upstream::new(&config.upstream, setup.base)?,
            prefix: setup.prefix,
            config,
        }))
    }

    /// Begins to listen.
    ///
    /// # Errors
    /// [`Error::Config`] when the address cannot be listened on.
    pub async fn start(self: Arc<Self>) -> Result<Serving<C>> {
        let asked = self.config.listen;
        let failed = |e: std::io::Error| Error::Config(format!("serve.listen: {asked}: {e}; choose another address"));
        let listener = TcpListener::bind(asked).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, mut stopped) = watch::channel(false);
        let app = http::router(self.clone());
        let http = tokio::spawn(async move {
            let end = async move {
                // An error means that the other side is gone, which is an end, too.
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(end).await {
                tracing::error!(%error, "the server ended");
            }
        });
        Ok(Serving {
            address,
            server: self,
            stop,
            http,
        })
    }

    /// Notes what enrolment the gateway has now.
    pub fn enrolled(&self, enrolment: &Enrolment) {
        self.enrolled_until.store(enrolment.valid_until, Ordering::Relaxed);
    }
}

impl<C> Server<C> {
    fn enrolled_until(&self) -> u64 {
        self.enrolled_until.load(Ordering::Relaxed)
    }
}

/// A server that listens.
pub struct Serving<C> {
    pub address: SocketAddr,
    pub server: Arc<Server<C>>,
    stop: watch::Sender<bool>,
    http: JoinHandle<()>,
}

impl<C> Serving<C> {
    /// Takes no more requests, and waits for the calls under way, at most so long.
    pub async fn stop(mut self, grace: Duration) {
        let _ = self.stop.send(true);
        let started = Instant::now();
        while self.server.accounts.in_flight() > 0 && started.elapsed() < grace {
            tokio::time::sleep(DRAIN_PAUSE).await;
        }
        let left = grace.saturating_sub(started.elapsed()).max(DRAIN_PAUSE);
        if tokio::time::timeout(left, &mut self.http).await.is_err() {
            self.http.abort();
        }
    }
}

/// The book, used by one task at a time and never on a thread that serves sockets.
#[derive(Clone)]
pub(crate) struct Books(Arc<Mutex<Connection>>);

impl Books {
    /// Works on the book.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Refusal> {
        let conn = self.0.clone();
        let run = move || work(&mut conn.lock().unwrap_or_else(PoisonError::into_inner));
        match tokio::task::spawn_blocking(run).await {
            Ok(done) => done.map_err(|e| Refusal::book(&e)),
            Err(error) => Err(Refusal::book(&Error::Encoding(error.to_string()))),
        }
    }
}

/// What a tier pays of list price, basis points.
pub fn price_share(tier: Tier) -> u16 {
    match tier {
        Tier::Lv1 => 10_000,
        Tier::Lv2 => 9_500,
        Tier::Lv3 => 8_500,
        Tier::Lv4 | Tier::Whale => 7_000,
    }
}

/// What a tier pays, µCredit, rounded down for the account as the vault does.
pub fn price_at(tier: Tier, price: Price) -> u64 {
    let share = u128::from(price.list).saturating_mul(price_share(tier).into()) / 10_000;
    let share = u64::try_from(share).unwrap_or(price.list);
    match tier {
        Tier::Whale => share.min(price.cost),
        _ => share,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_pay_what_the_vault_charges() {
        let price = |list, cost| Price { list, cost };
        for (tier, price, expected) in [
            (Tier::Lv1, price(1_001, 900), 1_001),
            (Tier::Lv2, price(1_001, 900), 950),
            (Tier::Lv3, price(1_001, 900), 850),
            (Tier::Lv4, price(1_001, 900), 700),
            (Tier::Whale, price(1_001, 900), 700),
            (Tier::Whale, price(1_001, 699), 699),
            (Tier::Lv4, price(u64::MAX, 0), 12_912_720_851_596_686_130),
        ] {
            assert_eq!(price_at(tier, price), expected, "{tier:?} {price:?}");
        }
    }
}
