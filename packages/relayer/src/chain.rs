//! What the relayer asks the chain, typed.

use std::sync::Arc;

use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountRequest, QueryAccountResponse};
use cosmrs::proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use cosmrs::proto::cosmwasm::wasm::v1::{QuerySmartContractStateRequest, QuerySmartContractStateResponse};
use cosmrs::proto::traits::Message;
use interfaces::attestation_oracle::{
    ChainId, ChainResponse, KeyResponse, QueryMsg, StatementOutcome, StatementResponse, Subject,
};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::class::refused_by_contract;
use crate::planner::Head;
use crate::rpc::{RpcError, RpcPool};
use crate::tx;

/// An account as the chain has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub number: u64,
    pub sequence: u64,
}

/// Result of a simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    pub gas_used: u64,
    /// One per statement of the batch, if the contract answered in its form.
    pub outcomes: Option<Vec<StatementOutcome>>,
}

/// Queries to one contract on one chain.
#[derive(Clone)]
pub struct Chain {
    rpc: Arc<RpcPool>,
    contract: String,
}

impl Chain {
    pub fn new(rpc: Arc<RpcPool>, contract: &str) -> Self {
        Self {
            rpc,
            contract: contract.into(),
        }
    }

    pub fn rpc(&self) -> &RpcPool {
        &self.rpc
    }

    /// Asks the contract, at a state not older than `min_height`.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn smart<Q: Serialize, R: DeserializeOwned>(&self, query: &Q, min_height: u64) -> Result<R, RpcError> {
        let request = QuerySmartContractStateRequest {
            address: self.contract.clone(),
            query_data: serde_json::to_vec(query).map_err(decode)?,
        };
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState";
        let answer = self.rpc.abci_query(path, &request.encode_to_vec(), min_height).await?;
        let answer = QuerySmartContractStateResponse::decode(answer.as_slice()).map_err(decode)?;
        serde_json::from_slice(&answer.data).map_err(decode)
    }

    async fn smart_if_any<R: DeserializeOwned>(
        &self,
        query: &QueryMsg,
        min_height: u64,
    ) -> Result<Option<R>, RpcError> {
        match self.smart(query, min_height).await {
            Ok(answer) => Ok(Some(answer)),
            Err(RpcError::Query { log, .. }) if refused_by_contract(&log) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Where a chain of statements stands.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn head(&self, chain: &ChainId, min_height: u64) -> Result<Head, RpcError> {
        let answer: ChainResponse = self.smart(&QueryMsg::Chain { chain: *chain }, min_height).await?;
        Ok(Head {
            last_seq: answer.last_seq,
            last_digest: answer.last_digest.as_slice().try_into().map_err(decode)?,
        })
    }

    /// What the contract recorded at one place of a chain; `None` if nothing.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn statement(
        &self,
        chain: &ChainId,
        seq: u64,
        min_height: u64,
    ) -> Result<Option<StatementResponse>, RpcError> {
        self.smart_if_any(&QueryMsg::Statement { chain: *chain, seq }, min_height)
            .await
    }

    /// An enrolled key; `None` if none was ever enrolled for that epoch.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn key(&self, subject: Subject, key_epoch: u32) -> Result<Option<KeyResponse>, RpcError> {
        let query = QueryMsg::Key {
            subject,
            key_epoch: Some(key_epoch),
        };
        self.smart_if_any(&query, 0).await
    }

    /// The account of an address.
    ///
    /// # Errors
    /// [`RpcError`]; an address without an account is refused by the chain.
    pub async fn account(&self, address: &str, min_height: u64) -> Result<Account, RpcError> {
        let request = QueryAccountRequest {
            address: address.into(),
        };
        let path = "/cosmos.auth.v1beta1.Query/Account";
        let answer = self.rpc.abci_query(path, &request.encode_to_vec(), min_height).await?;
        let account = QueryAccountResponse::decode(answer.as_slice()).map_err(decode)?.account;
        let account = account.ok_or_else(|| RpcError::Decode("an answer without account".into()))?;
        let base = BaseAccount::decode(account.value.as_slice()).map_err(decode)?;
        Ok(Account {
            number: base.account_number,
            sequence: base.sequence,
        })
    }

    /// Runs a transaction with one `Submit` without effect.
    ///
    /// # Errors
    /// [`RpcError::Query`] when it would fail.
    pub async fn simulate(&self, tx_bytes: Vec<u8>, min_height: u64) -> Result<Simulation, RpcError> {
        let answer = self.simulate_raw(tx_bytes, min_height).await?;
        let gas = answer
            .gas_info
            .ok_or_else(|| RpcError::Decode("a simulation without gas".into()))?;
        let response = answer.result.and_then(|result| result.msg_responses.into_iter().next());
        Ok(Simulation {
            gas_used: gas.gas_used,
            outcomes: response.and_then(|response| tx::outcomes_of(&response.value)),
        })
    }

    /// Runs any transaction without effect.
    ///
    /// # Errors
    /// [`RpcError::Query`] when it would fail.
    pub async fn simulate_raw(&self, tx_bytes: Vec<u8>, min_height: u64) -> Result<SimulateResponse, RpcError> {
        let request = SimulateRequest {
            tx_bytes,
            ..Default::default()
        };
        let path = "/cosmos.tx.v1beta1.Service/Simulate";
        let answer = self.rpc.abci_query(path, &request.encode_to_vec(), min_height).await?;
        SimulateResponse::decode(answer.as_slice()).map_err(decode)
    }
}

fn decode(error: impl ToString) -> RpcError {
    RpcError::Decode(error.to_string())
}
