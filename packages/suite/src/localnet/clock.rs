//! The control port of the signer that holds a local chain's clock.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{bail, Context, Result};
use cosmwasm_std::Timestamp;
use serde::Deserialize;
use serde_json::{json, Value};

use crate::chain::Block;
use crate::live::rpc::Rpc;

/// How long the chain may take to follow its clock: two blocks, generously.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(60);

/// Talks to the clock-holding signer.
#[derive(Clone)]
pub struct Clock {
    url: String,
    http: reqwest::blocking::Client,
}

/// What the signer says about its clock.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Reading {
    /// Distance from the machine's clock.
    pub offset_ns: i64,
    #[serde(deserialize_with = "rfc3339")]
    time: SystemTime,
}

impl Reading {
    /// Time the next vote will carry.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        self.time
    }
}

impl Clock {
    /// The signer listening at `host:port`.
    ///
    /// # Errors
    /// When no HTTP client can be built.
    pub fn at(address: &str) -> Result<Self> {
        let http = reqwest::blocking::Client::builder()
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self {
            url: format!("http://{address}"),
            http,
        })
    }

    /// # Errors
    /// When the signer does not answer.
    pub fn read(&self) -> Result<Reading> {
        self.answer(self.http.get(format!("{}/clock", self.url)))
    }

    /// Moves the clock forward and returns its new time.
    ///
    /// # Errors
    /// When the signer refuses, e.g. a move of zero.
    pub fn advance(&self, by: Duration) -> Result<SystemTime> {
        self.shift(&json!({ "by": format!("{}ns", by.as_nanos()) }))
    }

    /// Moves the clock to a time ahead of it.
    ///
    /// # Errors
    /// When that time has passed.
    pub fn advance_to(&self, to: SystemTime) -> Result<SystemTime> {
        self.shift(&json!({ "to": humantime::format_rfc3339_nanos(to).to_string() }))
    }

    /// Waits until the chain's state is that of a block at or after this time: one block more, since a node tells of a block a moment before it has run it, and a
    /// transaction simulated in that moment would see the old time.
    ///
    /// # Errors
    /// When it makes none within a minute.
    pub fn wait(&self, rpc: &Rpc, target: SystemTime) -> Result<Block> {
        let target = timestamp(target)?;
        let until = Instant::now() + FOLLOWS_WITHIN;
        let mut reached = None;
        loop {
            let block = rpc.status()?.block;
            if block.time >= target && block.height > *reached.get_or_insert(block.height) {
                return Ok(block);
            }
            if Instant::now() > until {
                bail!("the clock moved but the chain made no block for {FOLLOWS_WITHIN:?}; see its log");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn shift(&self, to: &Value) -> Result<SystemTime> {
        Ok(self
            .answer(self.http.post(format!("{}/advance", self.url)).json(to))?
            .time)
    }

    fn answer(&self, request: reqwest::blocking::RequestBuilder) -> Result<Reading> {
        let response = request.send().context("the clock-holding signer does not answer")?;
        let status = response.status();
        let text = response.text()?;
        if !status.is_success() {
            bail!("the clock was not moved: {}", text.trim());
        }
        Ok(serde_json::from_str(&text)?)
    }
}

/// A block time from a time of the machine.
///
/// # Errors
/// Before 1970 and after 2554.
pub fn timestamp(time: SystemTime) -> Result<Timestamp> {
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .context("time before 1970")?;
    Ok(Timestamp::from_nanos(
        since.as_nanos().try_into().context("time beyond 2554")?,
    ))
}

fn rfc3339<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_rfc3339(&text).map_err(serde::de::Error::custom)
}
