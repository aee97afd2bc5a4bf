//! Starting and stopping a relayer: the whole pipeline in one process.

use std::net::SocketAddr;
use std::sync::Arc;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::chain::Chain;
use crate::clock::ChainClock;
use crate::config::{Config, ConfigError};
use crate::engine::{Engine, Identity, Parts, Status};
use crate::failpoint;
use crate::ingest::{router, Ingest};
use crate::metrics::Metrics;
use crate::outbox::{Outbox, OutboxError};
use crate::rpc::RpcPool;
use crate::signer::{KeyLock, LockError, SignerConfig, SignerError};

/// Why a relayer did not start.
#[derive(Debug, Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Signer(#[from] SignerError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Failpoint(#[from] failpoint::BadFailpoint),
    #[error("{address} cannot be listened on: {error}; choose another ingest.listen")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("{0}")]
    Other(String),
}

fn other(error: impl ToString) -> StartError {
    StartError::Other(error.to_string())
}

/// A relayer: `Relayer::start(config)` gives a handle to a running one.
pub struct Relayer;

/// A running relayer. Dropping it without [`RelayerHandle::stop`] leaves it running until the runtime ends.
pub struct RelayerHandle {
    address: SocketAddr,
    account: String,
    outbox: Arc<Outbox>,
    metrics: Arc<Metrics>,
    status: Arc<Status>,
    ingest: Arc<Ingest>,
    stop: watch::Sender<bool>,
    close_http: watch::Sender<bool>,
    engine: JoinHandle<()>,
    http: JoinHandle<()>,
    _lock: KeyLock,
}

impl Relayer {
    /// Opens key and outbox, binds the port, and starts working. The first thing a restarted relayer does is to resolve
    /// the transaction that was under way.
    ///
    /// # Errors
    /// [`StartError`], which says what to do.
    pub async fn start(config: Config) -> Result<RelayerHandle, StartError> {
        config.validate()?;
        if let Some(name) = failpoint::check_env()? {
            tracing::warn!(name, "a failpoint is armed: this process will kill itself");
        }
        let identity = open_signer(config.signer.clone(), &config.chain.bech32_prefix).await?;
        let account = identity.address.to_string();
        let lock = KeyLock::take(&config.tx.lock_dir, &config.chain.chain_id, &account)?;
        let outbox = Arc::new(Outbox::open(&config.outbox.path)?);
        for left in outbox.foreign_open_accounts(&account)? {
            tracing::warn!(
                account = left,
                "an earlier key left a transaction under way; its statements wait for that key"
            );
        }
        assemble(Arc::new(config), identity, lock, outbox).await
    }
}

/// Loads a key where blocking is allowed: opening an encrypted one takes a while by design.
pub(crate) async fn open_signer(config: SignerConfig, prefix: &str) -> Result<Identity, StartError> {
    let signer = tokio::task::spawn_blocking(move || config.open())
        .await
        .map_err(other)??;
    let public_key = signer.public_key();
    Ok(Identity {
        address: public_key.account_id(prefix).map_err(other)?,
        public_key,
        signer: signer.into(),
    })
}

async fn assemble(
    config: Arc<Config>,
    identity: Identity,
    lock: KeyLock,
    outbox: Arc<Outbox>,
) -> Result<RelayerHandle, StartError> {
    let clock = Arc::new(ChainClock::default());
    let metrics = Arc::new(Metrics::new().map_err(other)?);
    let status = Arc::new(Status::new(clock.clone(), config.chain.max_block_age));
    let chain = connect(&config, clock.clone(), metrics.clone())?;
    let ingest = Arc::new(Ingest::new(
        config.clone(),
        chain.clone(),
        outbox.clone(),
        clock.clone(),
        metrics.clone(),
        status.clone(),
    ));
    let address = config.ingest.listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| StartError::Listen { address, error })?;
    let address = listener.local_addr().map_err(other)?;
    let account = identity.address.to_string();
    tracing::info!(%address, account, chain_id = config.chain.chain_id, contract = config.chain.contract, "relayer starts");
    let (stop, stopped) = watch::channel(false);
    let (close_http, http_closed) = watch::channel(false);
    let contract = config.chain.contract.parse().map_err(other)?;
    let engine = Engine::new(Parts {
        config,
        chain,
        contract,
        outbox: outbox.clone(),
        identity,
        clock,
        metrics: metrics.clone(),
        status: status.clone(),
        ingest: ingest.clone(),
    });
    Ok(RelayerHandle {
        address,
        account,
        outbox,
        metrics,
        status,
        stop,
        close_http,
        engine: tokio::spawn(engine.run(stopped)),
        http: tokio::spawn(serve(listener, ingest.clone(), http_closed)),
        ingest,
        _lock: lock,
    })
}

/// A connection to the configured chain.
pub(crate) fn connect(config: &Config, clock: Arc<ChainClock>, metrics: Arc<Metrics>) -> Result<Chain, StartError> {
    let chain = &config.chain;
    let pool = RpcPool::new(
        &chain.rpc,
        &chain.chain_id,
        chain.max_height_lag,
        chain.request_timeout(),
        clock,
        metrics,
    );
    Ok(Chain::new(Arc::new(pool.map_err(other)?), &chain.contract))
}

async fn serve(listener: TcpListener, ingest: Arc<Ingest>, mut closed: watch::Receiver<bool>) {
    let server = axum::serve(listener, router(ingest));
    tokio::select! {
        result = server => {
            if let Err(error) = result {
                tracing::error!(%error, "HTTP server ended");
            }
        }
        _ = closed.changed() => {}
    }
}

impl RelayerHandle {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The account that pays.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What it has accepted.
    pub fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    /// What it has counted.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Why it is not ready; empty when it is.
    pub fn why_unready(&self) -> Vec<String> {
        self.status.why_unready()
    }

    /// Takes nothing in any more, brings what is under way to an end within `tx.shutdown_ms`, and ends.
    pub async fn stop(self) {
        self.ingest.close();
        self.status.stopping();
        let _ = self.stop.send(true);
        let _ = self.engine.await;
        let _ = self.close_http.send(true);
        let _ = self.http.await;
    }

    /// Ends at once, as a crash would, except that the process lives on.
    pub async fn kill(self) {
        self.engine.abort();
        self.http.abort();
        let _ = self.engine.await;
        let _ = self.http.await;
    }
}
