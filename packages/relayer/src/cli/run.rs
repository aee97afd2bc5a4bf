//! `run` and `config check`.

use std::sync::Arc;

use anyhow::{bail, Context};
use interfaces::attestation_oracle::{OverviewResponse, QueryMsg};
use tokio::signal::unix::{signal, SignalKind};

use super::init_logging;
use crate::clock::ChainClock;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::outbox::Outbox;
use crate::service::{connect, open_signer};
use crate::Relayer;

/// Serves until SIGTERM or SIGINT.
pub async fn run(config: Config) -> anyhow::Result<()> {
    init_logging(&config.log);
    // Before the start, so that no signal finds the process without a handler.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let relayer = Relayer::start(config).await?;
    println!(
        "{}",
        serde_json::json!({ "listen": relayer.address(), "account": relayer.account() })
    );
    tokio::select! {
        _ = terminate.recv() => tracing::info!("SIGTERM"),
        _ = interrupt.recv() => tracing::info!("SIGINT"),
    }
    relayer.stop().await;
    Ok(())
}

/// Tries everything `run` needs, and changes nothing.
pub async fn check(config: Config) -> anyhow::Result<()> {
    println!("configuration   fine");
    let identity = open_signer(config.signer.clone(), &config.chain.bech32_prefix)
        .await
        .context("signer")?;
    println!("account         {}", identity.address);
    Outbox::open(&config.outbox.path)?;
    println!("outbox          {}", config.outbox.path.display());
    let clock = Arc::new(ChainClock::default());
    let chain = connect(&config, clock.clone(), Arc::new(Metrics::new()?))?;
    chain.rpc().refresh().await;
    if let Some(reason) = chain.rpc().why_unusable() {
        bail!("no endpoint of chain.rpc can be used: {reason}");
    }
    println!(
        "endpoints       {} of {} usable",
        chain.rpc().usable().len(),
        config.chain.rpc.len()
    );
    println!(
        "chain           {} at height {}, time {}",
        config.chain.chain_id,
        clock.height().unwrap_or(0),
        clock.now().unwrap_or(0)
    );
    let overview: OverviewResponse = chain.smart(&QueryMsg::Overview {}, 0).await.with_context(|| {
        format!(
            "{} does not answer as attestation-oracle; check chain.contract",
            config.chain.contract
        )
    })?;
    println!(
        "contract        {} gateways, {} workers, {} statements",
        overview.gateways, overview.workers, overview.statements
    );
    let account = chain.account(identity.address.as_ref(), 0).await;
    let account = account.with_context(|| {
        format!(
            "{} has no account yet; send it some {}",
            identity.address, config.chain.fee_denom
        )
    })?;
    println!("sequence        {}", account.sequence);
    Ok(())
}
