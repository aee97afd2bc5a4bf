//! A small client of a CosmWasm chain: smart queries, the newest block, and execute messages.

use std::future::Future;
use std::time::Duration;

use cosmwasm_std::{Binary, Coin};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::{json, Value};

mod tx;

pub use tx::GasPrice;

use crate::sdk::account::Account;
use crate::{Error, Result};

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub height: u64,
    /// Unix seconds.
    pub time: u64,
}

/// A transaction in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// SHA-256, upper-case hexadecimal.
    pub hash: String,
    pub height: u64,
    pub gas_used: u64,
    /// Data of the contract's response.
    pub data: Vec<u8>,
}

/// What the worker side asks of a chain.
pub trait ChainClient: Sync {
    /// The newest block.
    ///
    /// # Errors
    /// [`Error::Unreachable`].
    fn newest_block(&self) -> impl Future<Output = Result<Block>> + Send;

    /// A smart query, as JSON bytes in and out.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Query`].
    fn query_raw(&self, contract: &str, query: Vec<u8>) -> impl Future<Output = Result<Vec<u8>>> + Send;

    /// Executes a message and waits until it is in a block.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Refused`], [`Error::NotIncluded`].
    fn execute_raw(
        &self,
        contract: &str,
        msg: Vec<u8>,
        funds: Vec<Coin>,
    ) -> impl Future<Output = Result<Executed>> + Send;

    /// The account that executes.
    fn sender(&self) -> &str;

    /// A smart query.
    ///
    /// # Errors
    /// As [`Self::query_raw`], and [`Error::Json`] when the answer has another form.
    fn query<Q: Serialize + Sync, R: DeserializeOwned>(
        &self,
        contract: &str,
        query: &Q,
    ) -> impl Future<Output = Result<R>> + Send {
        async move {
            Ok(serde_json::from_slice(
                &self.query_raw(contract, serde_json::to_vec(query)?).await?,
            )?)
        }
    }

    /// Executes a message.
    ///
    /// # Errors
    /// As [`Self::execute_raw`].
    fn execute<M: Serialize + Sync>(
        &self,
        contract: &str,
        msg: &M,
        funds: Vec<Coin>,
    ) -> impl Future<Output = Result<Executed>> + Send {
        async move { self.execute_raw(contract, serde_json::to_vec(msg)?, funds).await }
    }
}

/// Longest wait for a transaction's block.
const INCLUSION_SECONDS: u64 = 60;

/// A chain behind a CometBFT RPC endpoint.
pub struct RpcClient {
    http: reqwest::Client,
    url: String,
    chain_id: String,
    account: Account,
    gas_price: GasPrice,
}

impl RpcClient {
    /// Talks to `url`; transactions are signed by `account` for `chain_id` and pay `gas_price`.
    ///
    /// # Errors
    /// [`Error::Config`] when no HTTP client can be built.
    pub fn new(url: &str, chain_id: &str, account: Account, gas_price: GasPrice) -> Result<Self> {
        let http = http_client()?;
        Ok(Self {
            http,
            url: url.trim_end_matches('/').into(),
            chain_id: chain_id.into(),
            account,
            gas_price,
        })
    }

    async fn call(&self, method: &str, params: Value) -> Result<Value> {
        self.request(method, params)
            .await?
            .map_err(|log| self.unreachable(format!("{method}: {log}")))
    }

    /// The inner error is the node's own, of JSON-RPC.
    async fn request(&self, method: &str, params: Value) -> Result<std::result::Result<Value, String>> {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let response = self
            .http
            .post(&self.url)
            .json(&body)
            .send()
            .await
            .map_err(|e| self.unreachable(e))?;
        let mut answer: Value = response.json().await.map_err(|e| self.unreachable(e))?;
        match answer.get("error") {
            None | Some(Value::Null) => Ok(answer
                .get_mut("result")
                .map(Value::take)
                .ok_or_else(|| method.to_owned())),
            Some(error) => Ok(Err(error.to_string())),
        }
    }

    /// The inner error is the queried module's own.
    async fn abci_query(&self, path: &str, data: &[u8]) -> Result<std::result::Result<Vec<u8>, String>> {
        let params = json!({ "path": path, "data": hex::encode(data), "prove": false });
        let answer = self.call("abci_query", params).await?;
        let response = answer
            .get("response")
            .ok_or_else(|| self.unreachable("abci_query without response"))?;
        if response.get("code").and_then(Value::as_u64).unwrap_or_default() != 0 {
            return Ok(Err(text(response, "log")));
        }
        let value: Option<Binary> = serde_json::from_value(response.get("value").cloned().unwrap_or_default())?;
        Ok(Ok(value.unwrap_or_default().to_vec()))
    }

    async fn included(&self, hash: &[u8]) -> Result<Option<Value>> {
        match self
            .request("tx", json!({ "hash": Binary::from(hash), "prove": false }))
            .await?
        {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.contains("not found") => Ok(None),
            Err(error) => Err(self.unreachable(error)),
        }
    }

    async fn wait_included(&self, hash: &[u8]) -> Result<Value> {
        for _ in 0..INCLUSION_SECONDS.saturating_mul(5) {
            if let Some(answer) = self.included(hash).await? {
                return Ok(answer);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Err(Error::NotIncluded {
            hash: hex::encode_upper(hash),
            seconds: INCLUSION_SECONDS,
        })
    }

    fn unreachable(&self, reason: impl std::fmt::Display) -> Error {
        Error::Unreachable {
            url: self.url.clone(),
            reason: reason.to_string(),
        }
    }
}

impl ChainClient for RpcClient {
    async fn newest_block(&self) -> Result<Block> {
        let status = self.call("status", json!({})).await?;
        let sync = status
            .get("sync_info")
            .ok_or_else(|| self.unreachable("status without sync_info"))?;
        let time = humantime::parse_rfc3339(&text(sync, "latest_block_time")).map_err(|e| self.unreachable(e))?;
        let since = time
            .duration_since(std::time::UNIX_EPOCH)
            .map_err(|e| self.unreachable(e))?;
        let height = text(sync, "latest_block_height")
            .parse()
            .map_err(|e| self.unreachable(e))?;
        Ok(Block {
            height,
            time: since.as_secs(),
        })
    }

    async fn query_raw(&self, contract: &str, query: Vec<u8>) -> Result<Vec<u8>> {
        let (path, request) = tx::smart_query(contract, query);
        let answer = self.abci_query(path, &request).await?;
        let refused = |log| Error::Query {
            contract: contract.into(),
            log,
        };
        tx::smart_answer(&answer.map_err(refused)?).map_err(|e| self.unreachable(e))
    }

    async fn execute_raw(&self, contract: &str, msg: Vec<u8>, funds: Vec<Coin>) -> Result<Executed> {
        let message = tx::execute_message(self.account.address(), contract, msg, &funds);
        self.transact(message).await
    }

    fn sender(&self) -> &str {
        self.account.address()
    }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// An HTTP client that gives up on a silent peer.
pub(crate) fn http_client() -> Result<reqwest::Client> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build();
    client.map_err(|e| Error::Config(e.to_string()))
}
