//! The few JSON-RPC calls of CometBFT that are needed.

use std::time::Duration;

use anyhow::{anyhow, bail, Context, Result};
use cosmwasm_std::{Binary, Timestamp};
use serde::{Deserialize, Deserializer};
use serde_json::{json, Value};

use crate::chain::Block;

/// A node's RPC endpoint.
#[derive(Clone)]
pub struct Rpc {
    url: String,
    http: reqwest::blocking::Client,
}

/// What `status` says.
#[derive(Clone, Debug)]
pub struct Status {
    pub chain_id: String,
    pub block: Block,
    pub catching_up: bool,
}

/// Result of checking or running a transaction.
#[derive(Clone, Debug, Deserialize)]
pub struct TxResult {
    pub code: u32,
    #[serde(default)]
    pub log: String,
    #[serde(default)]
    pub codespace: String,
    #[serde(default, deserialize_with = "number")]
    pub gas_used: u64,
    #[serde(default)]
    pub events: Vec<AbciEvent>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct AbciEvent {
    #[serde(rename = "type")]
    pub ty: String,
    #[serde(default)]
    pub attributes: Vec<AbciAttribute>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct AbciAttribute {
    pub key: String,
    #[serde(default)]
    pub value: Option<String>,
}

/// A transaction in a block.
#[derive(Clone, Debug, Deserialize)]
pub struct IncludedTx {
    #[serde(deserialize_with = "number")]
    pub height: u64,
    pub tx_result: TxResult,
}

/// Answer of an ABCI query.
pub struct AbciAnswer {
    pub code: u32,
    pub log: String,
    pub value: Vec<u8>,
}

impl Rpc {
    /// # Errors
    /// When no HTTP client can be built.
    pub fn new(url: &str) -> Result<Self> {
        let http = reqwest::blocking::Client::builder()
            .timeout(Duration::from_secs(30))
            .build()?;
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            http,
        })
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// # Errors
    /// When the node cannot be reached or answers with an error; likewise below.
    pub fn status(&self) -> Result<Status> {
        let answer = self.call("status", json!({}))?;
        let sync = &answer["sync_info"];
        Ok(Status {
            chain_id: text(&answer["node_info"]["network"])?.to_owned(),
            block: Block {
                height: text(&sync["latest_block_height"])?.parse()?,
                time: block_time(text(&sync["latest_block_time"])?)?,
            },
            catching_up: sync["catching_up"].as_bool().unwrap_or(true),
        })
    }

    /// The newest block that is applied: what questions are answered by. `status` tells of a block as soon as it is stored, which is a moment earlier.
    pub fn applied(&self) -> Result<Block> {
        let answer = self.call("abci_info", json!({}))?;
        let height = text(&answer["response"]["last_block_height"])?.parse()?;
        let time = self.block_time(height)?;
        Ok(Block { height, time })
    }

    pub fn abci_query(&self, path: &str, data: &[u8]) -> Result<AbciAnswer> {
        let params = json!({ "path": path, "data": hex::encode(data), "prove": false });
        let response = &self.call("abci_query", params)?["response"];
        let value: Option<Binary> = serde_json::from_value(response["value"].clone())?;
        Ok(AbciAnswer {
            code: response["code"].as_u64().unwrap_or_default().try_into()?,
            log: response["log"].as_str().unwrap_or_default().to_owned(),
            value: value.unwrap_or_default().to_vec(),
        })
    }

    /// Hands a transaction to the mempool; `code` 0 means it was taken, not that it ran.
    pub fn broadcast(&self, tx: &[u8]) -> Result<TxResult> {
        Ok(serde_json::from_value(
            self.call("broadcast_tx_sync", json!({ "tx": Binary::from(tx) }))?,
        )?)
    }

    /// The transaction with this SHA-256, `None` while no block holds it.
    pub fn tx(&self, hash: &[u8]) -> Result<Option<IncludedTx>> {
        match self.request("tx", json!({ "hash": Binary::from(hash), "prove": false }))? {
            Ok(answer) => Ok(Some(serde_json::from_value(answer)?)),
            Err(error) if error.contains("not found") => Ok(None),
            Err(error) => bail!("tx: {error}"),
        }
    }

    /// Time of the block at a height.
    pub fn block_time(&self, height: u64) -> Result<Timestamp> {
        let answer = self.call("header", json!({ "height": height.to_string() }))?;
        block_time(text(&answer["header"]["time"])?)
    }

    /// Any other method.
    pub fn call(&self, method: &str, params: Value) -> Result<Value> {
        self.request(method, params)?
            .map_err(|error| anyhow!("{method}: {error}"))
    }

    fn request(&self, method: &str, params: Value) -> Result<Result<Value, String>> {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let response = self.http.post(&self.url).json(&body).send();
        let mut answer: Value = response
            .and_then(reqwest::blocking::Response::json)
            .with_context(|| format!("no answer to `{method}` from {}", self.url))?;
        if answer["error"].is_null() {
            return Ok(Ok(answer["result"].take()));
        }
        let error = &answer["error"];
        let part = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        Ok(Err(format!("{} {}", part("message"), part("data"))))
    }
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().context("the node's answer lacks a field")
}

fn block_time(rfc3339: &str) -> Result<Timestamp> {
    let time = humantime::parse_rfc3339(rfc3339).with_context(|| format!("block time {rfc3339}"))?;
    let since = time
        .duration_since(std::time::UNIX_EPOCH)
        .context("block time before 1970")?;
    Ok(Timestamp::from_nanos(since.as_nanos().try_into()?))
}

/// CometBFT writes 64-bit integers as text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// A node that answers requests by these, one after the other, and returns the methods it was asked for.
    fn node(answers: Vec<Value>) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = move |result: Value| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = vec![0; 4_096];
            let read = stream.read(&mut request).unwrap();
            let body = json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all((head + &body).as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..read]).into_owned()
        };
        (url, std::thread::spawn(|| answers.into_iter().map(answer).collect()))
    }

    #[test]
    fn a_block_that_is_stored_but_not_applied_is_not_the_newest() {
        let stored = json!({
            "node_info": { "network": "lex-1" },
            "sync_info": {
                "latest_block_height": "85",
                "latest_block_time": "2026-01-05T00:00:06Z",
                "catching_up": false,
            },
        });
        let (url, node) = node(vec![
            stored,
            json!({ "response": { "last_block_height": "84" } }),
            json!({ "header": { "time": "2026-01-05T00:00:00Z" } }),
        ]);
        let rpc = Rpc::new(&url).unwrap();
        assert_eq!(rpc.status().unwrap().block.height, 85);
        let applied = rpc.applied().unwrap();
        assert_eq!((applied.height, applied.time.seconds()), (84, 1_767_571_200));
        let asked = node.join().unwrap();
        assert!(asked[2].contains(r#""84""#), "the time of that block: {}", asked[2]);
    }
}
