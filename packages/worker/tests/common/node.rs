//! CometBFT's JSON-RPC in front of [`super::bench`]: the real contracts as the real programs reach them, over sockets. Serves what they ask for and no more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountRequest, QueryAccountResponse};
use cosmrs::proto::cosmos::base::abci::v1beta1::{GasInfo, TxMsgData};
use cosmrs::proto::cosmos::tx::v1beta1::{SimulateResponse, TxBody, TxRaw};
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgExecuteContractResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use cosmrs::proto::traits::Message;
use cosmrs::Any;
use cosmwasm_std::{Binary, Coin};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use worker::sdk::ChainClient;

use super::bench::Client;

#[derive(Clone)]
struct Node {
    client: Client,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    /// Transactions executed, by hash.
    executed: BTreeMap<Vec<u8>, Value>,
    /// Until when real time has been added to the chain's.
    ticked: Instant,
}

/// Serves the chain and returns the URL.
pub async fn serve(client: &Client) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let node = Node {
        client: client.clone(),
        inner: Arc::new(Mutex::new(Inner {
            executed: BTreeMap::new(),
            ticked: Instant::now(),
        })),
    };
    let app = Router::new().route("/", post(rpc)).with_state(node);
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

async fn rpc(State(node): State<Node>, Json(call): Json<Value>) -> Json<Value> {
    let params = &call["params"];
    Json(match call["method"].as_str().unwrap() {
        "status" => json!({ "result": node.status().await }),
        "abci_query" => {
            let data = hex::decode(params["data"].as_str().unwrap()).unwrap();
            json!({ "result": { "response": node.query(params["path"].as_str().unwrap(), &data).await } })
        }
        "broadcast_tx_sync" => json!({ "result": node.broadcast(&bytes(&params["tx"])).await }),
        "tx" => match node.inner.lock().unwrap().executed.get(&bytes(&params["hash"])) {
            Some(executed) => json!({ "result": executed }),
            None => json!({ "error": { "message": "tx not found" } }),
        },
        other => panic!("{other} is not served"),
    })
}

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::from_value::<Binary>(value.clone()).unwrap().to_vec()
}

impl Node {
    /// The newest block; time passes on the chain as it does here.
    async fn status(&self) -> Value {
        let seconds = {
            let mut inner = self.inner.lock().unwrap();
            let seconds = inner.ticked.elapsed().as_secs();
            inner.ticked += Duration::from_secs(seconds);
            seconds
        };
        self.client.advance(seconds).await;
        let block = self.client.newest_block().await.unwrap();
        let time = std::time::UNIX_EPOCH + Duration::from_secs(block.time);
        json!({ "sync_info": {
            "latest_block_height": block.height.to_string(),
            "latest_block_time": humantime::format_rfc3339_nanos(time).to_string(),
        } })
    }

    async fn query(&self, path: &str, data: &[u8]) -> Value {
        let answer = match path {
            "/cosmwasm.wasm.v1.Query/SmartContractState" => self.smart(data).await,
            "/cosmos.auth.v1beta1.Query/Account" => Ok(self.account(data)),
            "/cosmos.tx.v1beta1.Service/Simulate" => Ok(simulated()),
            other => panic!("{other} is not served"),
        };
        match answer {
            Ok(value) => json!({ "code": 0, "value": Binary::from(value) }),
            Err(log) => json!({ "code": 9, "log": log }),
        }
    }

    async fn smart(&self, data: &[u8]) -> Result<Vec<u8>, String> {
        let request = QuerySmartContractStateRequest::decode(data).unwrap();
        let answer = self.client.query_raw(&request.address, request.query_data).await;
        let data = answer.map_err(|error| error.to_string())?;
        Ok(QuerySmartContractStateResponse { data }.encode_to_vec())
    }

    fn account(&self, data: &[u8]) -> Vec<u8> {
        let account = BaseAccount {
            address: QueryAccountRequest::decode(data).unwrap().address,
            sequence: self.inner.lock().unwrap().executed.len() as u64,
            ..BaseAccount::default()
        };
        let account = Any {
            type_url: "/cosmos.auth.v1beta1.BaseAccount".into(),
            value: account.encode_to_vec(),
        };
        QueryAccountResponse { account: Some(account) }.encode_to_vec()
    }

    /// Executes at once; the next look finds it in a block.
    async fn broadcast(&self, tx: &[u8]) -> Value {
        let body = TxBody::decode(TxRaw::decode(tx).unwrap().body_bytes.as_slice()).unwrap();
        let message = MsgExecuteContract::decode(body.messages[0].value.as_slice()).unwrap();
        let coin = |coin: cosmrs::proto::cosmos::base::v1beta1::Coin| {
            Coin::new(coin.amount.parse::<u128>().unwrap(), coin.denom)
        };
        let funds = message.funds.into_iter().map(coin).collect();
        let sender = self.client.signing_as(&message.sender);
        let result = match sender.execute_raw(&message.contract, message.msg, funds).await {
            Ok(executed) => json!({ "code": 0, "gas_used": "1", "data": Binary::from(enveloped(executed.data)) }),
            Err(error) => json!({ "code": 5, "log": error.to_string() }),
        };
        let hash = Sha256::digest(tx).to_vec();
        let executed = json!({ "height": "1", "tx_result": result });
        self.inner.lock().unwrap().executed.insert(hash, executed);
        json!({ "code": 0 })
    }
}

fn simulated() -> Vec<u8> {
    let gas_info = Some(GasInfo {
        gas_wanted: 1,
        gas_used: 1,
    });
    SimulateResponse {
        gas_info,
        ..SimulateResponse::default()
    }
    .encode_to_vec()
}

fn enveloped(data: Vec<u8>) -> Vec<u8> {
    let response = Any {
        type_url: "/cosmwasm.wasm.v1.MsgExecuteContractResponse".into(),
        value: MsgExecuteContractResponse { data }.encode_to_vec(),
    };
    TxMsgData {
        msg_responses: vec![response],
        ..TxMsgData::default()
    }
    .encode_to_vec()
}
