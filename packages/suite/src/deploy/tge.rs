//! The TGE as a step of a deployment: opens VCAI's market, then starts the clock of the incentives. Anybody may do both; done once, they are done.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use humantime::{format_duration, format_rfc3339_seconds};
use interfaces::genesis_nft::{self, ProceedsResponse};
use interfaces::incentive_controller::{self, EpochInfo, EpochsResponse};
use interfaces::token_allocation::{self, TgeRecord, TgeResponse};
use serde::Serialize;

use super::{Addresses, Artifacts, Config, Part, Run, State};
use crate::chain::{Chain, ChainError, ChainExt, Msg};

/// The last one of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;

/// When something happened that happens once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    Now,
    Earlier,
}

/// What a run found and did.
#[derive(Clone, Debug, Serialize)]
pub struct TgeReport {
    pub chain_id: String,
    pub market: Done,
    /// What went where.
    pub tge: TgeRecord,
    pub clock: Done,
    /// The newest epoch of the incentives: the first, when the clock was started now.
    pub epoch: EpochInfo,
    pub gas_used: u64,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum TgeError {
    #[error("{contract} is not on the chain; run `lex deploy` first")]
    NotDeployed { contract: &'static str },
    #[error("the TGE is set for {}, {} from now (the chain's time is {})", date(*.from), left(*.from, *.now), date(*.now))]
    TooEarly { from: u64, now: u64 },
    #[error("no genesis token was sold, so there is no USDT to open the pool with, and this cannot be done again; allow it by `--without-pool`, or have the council set another time")]
    NothingSold,
    #[error(transparent)]
    Chain(#[from] ChainError),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Does what is due and not done. With nothing sold, no pool opens: only `without_pool` allows that.
///
/// # Errors
/// When it is too early, or the chain refuses.
pub fn tge(
    chain: &mut dyn Chain,
    config: &Config,
    artifacts: &Artifacts,
    state: &mut State,
    without_pool: bool,
    say: &dyn Fn(&str),
) -> Result<TgeReport, TgeError> {
    let mut run = Run::new(chain, config, artifacts, state)?;
    let at = run.locate()?;
    for part in [Part::TokenAllocation, Part::IncentiveController] {
        let found = run.chain.contract(at.of(part))?;
        found.ok_or(TgeError::NotDeployed { contract: part.name() })?;
    }
    let mut msgs = Vec::new();
    let found = ask(run.chain, &at)?;
    if found.done.is_none() {
        check(run.chain, &at, &found, without_pool)?;
        msgs.push(Msg::execute(
            &at.token_allocation,
            &token_allocation::ExecuteMsg::Tge {},
            &[],
        )?);
    }
    let clock = newest_epoch(run.chain, &at)?;
    if clock.is_none() {
        let start = incentive_controller::ExecuteMsg::Start {};
        msgs.push(Msg::execute(&at.incentive_controller, &start, &[])?);
    }
    if !msgs.is_empty() {
        say("opening the market and starting the clock of the incentives");
        run.gas_used = run.chain.transact(&run.deployer, &msgs)?.gas_used;
    }
    let done = |already: bool| if already { Done::Earlier } else { Done::Now };
    Ok(TgeReport {
        chain_id: config.chain_id.clone(),
        market: done(found.done.is_some()),
        tge: ask(run.chain, &at)?.done.context("the allocation knows of no TGE")?,
        clock: done(clock.is_some()),
        epoch: newest_epoch(run.chain, &at)?.context("the incentives have no epoch")?,
        gas_used: run.gas_used,
    })
}

/// Plan and record of the TGE.
pub(super) fn ask(chain: &dyn Chain, at: &Addresses) -> Result<TgeResponse, ChainError> {
    chain.query(&at.token_allocation, &token_allocation::QueryMsg::Tge {})
}

fn check(chain: &dyn Chain, at: &Addresses, found: &TgeResponse, without_pool: bool) -> Result<(), TgeError> {
    let (from, now) = (found.plan.time, chain.block()?.time.seconds());
    if now < from {
        return Err(TgeError::TooEarly { from, now });
    }
    let sale: ProceedsResponse = chain.query(&at.genesis_nft, &genesis_nft::QueryMsg::Proceeds {})?;
    match sale.proceeds.is_zero() && !without_pool {
        true => Err(TgeError::NothingSold),
        false => Ok(()),
    }
}

fn newest_epoch(chain: &dyn Chain, at: &Addresses) -> Result<Option<EpochInfo>, ChainError> {
    let query = incentive_controller::QueryMsg::Epochs {
        start_before: None,
        limit: Some(1),
    };
    let page: EpochsResponse = chain.query(&at.incentive_controller, &query)?;
    Ok(page.epochs.first().copied())
}

/// Unix seconds as people write them; what lies beyond the year 9999 as its end.
#[must_use]
pub fn date(seconds: u64) -> impl std::fmt::Display {
    format_rfc3339_seconds(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.min(LAST_SECOND)))
}

fn left(from: u64, now: u64) -> impl std::fmt::Display {
    format_duration(Duration::from_secs(from.saturating_sub(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_never_comes_can_be_written() {
        assert_eq!(date(u64::MAX).to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn a_refusal_says_how_long_is_left() {
        let (from, now) = (1_798_761_600, 1_798_761_600 - 90_061);
        let words = TgeError::TooEarly { from, now }.to_string();
        let expected = "the TGE is set for 2027-01-01T00:00:00Z, 1day 1h 1m 1s from now (the chain's time is 2026-12-30T22:58:59Z)";
        assert_eq!(words, expected);
    }
}
