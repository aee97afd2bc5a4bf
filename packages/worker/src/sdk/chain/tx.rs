//! From a message to a transaction in a block.

use std::str::FromStr;

use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountRequest, QueryAccountResponse};
use cosmrs::proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgExecuteContractResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use cosmrs::proto::traits::Message;
use cosmrs::tx::{Body, Fee, SignDoc, SignerInfo};
use cosmrs::Any;
use cosmwasm_std::{Binary, Coin};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

use super::{text, Executed, RpcClient};
use crate::{Error, Result};

/// `sdk` code of a transaction signed with another sequence number than the account's.
const WRONG_SEQUENCE: u32 = 32;

/// How often a transaction is signed anew after another one of the same account overtook it.
const ATTEMPTS: u32 = 5;

/// Gas a simulation does not see, for the signature check.
const GAS_MARGIN: u64 = 30_000;

/// Price of one unit of gas: an integer over a power of ten, so that fees are exact and round up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GasPrice {
    numerator: u128,
    scale: u128,
    denom: String,
}

impl GasPrice {
    /// Fee of this much gas, rounded up for the chain.
    pub fn fee(&self, gas: u64) -> Coin {
        Coin::new(
            self.numerator.saturating_mul(gas.into()).div_ceil(self.scale),
            &self.denom,
        )
    }
}

impl FromStr for GasPrice {
    type Err = Error;

    /// Reads `0.025stake`.
    fn from_str(price: &str) -> Result<Self> {
        let wrong = || Error::Config(format!("`{price}` is no gas price; expected one like 0.025stake"));
        let split = price
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or_else(wrong)?;
        let (amount, denom) = price.split_at(split);
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let decimals = u32::try_from(fraction.len()).map_err(|_| wrong())?;
        if whole.is_empty() || decimals > 18 || denom.len() < 3 {
            return Err(wrong());
        }
        let numerator = format!("{whole}{fraction}").parse().map_err(|_| wrong())?;
        Ok(Self {
            numerator,
            scale: 10u128.pow(decimals),
            denom: denom.into(),
        })
    }
}

/// Path and request of a smart query.
pub(super) fn smart_query(contract: &str, query_data: Vec<u8>) -> (&'static str, Vec<u8>) {
    let request = QuerySmartContractStateRequest {
        address: contract.into(),
        query_data,
    };
    ("/cosmwasm.wasm.v1.Query/SmartContractState", request.encode_to_vec())
}

pub(super) fn smart_answer(bytes: &[u8]) -> std::result::Result<Vec<u8>, impl std::fmt::Display> {
    QuerySmartContractStateResponse::decode(bytes).map(|answer| answer.data)
}

pub(super) fn execute_message(sender: &str, contract: &str, msg: Vec<u8>, funds: &[Coin]) -> Any {
    let funds = funds.iter().map(|coin| ProtoCoin {
        denom: coin.denom.clone(),
        amount: coin.amount.to_string(),
    });
    let message = MsgExecuteContract {
        sender: sender.into(),
        contract: contract.into(),
        msg,
        funds: funds.collect(),
    };
    Any {
        type_url: "/cosmwasm.wasm.v1.MsgExecuteContract".into(),
        value: message.encode_to_vec(),
    }
}

/// Number and sequence of an account.
#[derive(Clone, Copy)]
struct Sequence {
    account: u64,
    sequence: u64,
}

impl RpcClient {
    /// Simulates, signs, broadcasts and waits; signs anew when another transaction of the account was faster.
    pub(super) async fn transact(&self, message: Any) -> Result<Executed> {
        let mut attempt = 1;
        loop {
            match self.transact_once(message.clone()).await {
                Err(Error::Refused {
                    code: WRONG_SEQUENCE, ..
                }) if attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    async fn transact_once(&self, message: Any) -> Result<Executed> {
        let at = self.sequence().await?;
        let draft = self.sign(message.clone(), at, 0)?;
        let gas = self.simulate(draft).await?;
        let gas = gas.saturating_mul(13).div_ceil(10).saturating_add(GAS_MARGIN);
        let bytes = self.sign(message, at, gas)?;
        let checked = self
            .call("broadcast_tx_sync", json!({ "tx": Binary::from(bytes.as_slice()) }))
            .await?;
        refuse(&checked)?;
        let hash = Sha256::digest(&bytes);
        executed(&hash, &self.wait_included(&hash).await?)
    }

    async fn sequence(&self) -> Result<Sequence> {
        let request = QueryAccountRequest {
            address: self.account.address().into(),
        };
        let answer = self
            .module_query("/cosmos.auth.v1beta1.Query/Account", &request.encode_to_vec())
            .await?;
        let account = QueryAccountResponse::decode(answer.as_slice())
            .ok()
            .and_then(|answer| BaseAccount::decode(answer.account?.value.as_slice()).ok())
            .ok_or_else(|| self.unreachable("an account that is no BaseAccount"))?;
        Ok(Sequence {
            account: account.account_number,
            sequence: account.sequence,
        })
    }

    async fn simulate(&self, tx_bytes: Vec<u8>) -> Result<u64> {
        let request = SimulateRequest {
            tx_bytes,
            ..Default::default()
        };
        let answer = self
            .module_query("/cosmos.tx.v1beta1.Service/Simulate", &request.encode_to_vec())
            .await?;
        SimulateResponse::decode(answer.as_slice())
            .ok()
            .and_then(|answer| Some(answer.gas_info?.gas_used))
            .ok_or_else(|| self.unreachable("a simulation without gas"))
    }

    async fn module_query(&self, path: &str, request: &[u8]) -> Result<Vec<u8>> {
        let refused = |log: String| {
            // A simulation runs the same checks as the transaction, this one included.
            let code = if log.contains("account sequence mismatch") {
                WRONG_SEQUENCE
            } else {
                1
            };
            Error::Refused { code, log }
        };
        self.abci_query(path, request).await?.map_err(refused)
    }

    fn sign(&self, message: Any, at: Sequence, gas: u64) -> Result<Vec<u8>> {
        let wrong = |e: cosmrs::ErrorReport| Error::Config(e.to_string());
        let fee = self.gas_price.fee(gas);
        let amount = cosmrs::Coin {
            denom: fee.denom.parse().map_err(wrong)?,
            amount: fee.amount.u128(),
        };
        let auth = SignerInfo::single_direct(Some(self.account.key().public_key()), at.sequence)
            .auth_info(Fee::from_amount_and_gas(amount, gas));
        let chain = self
            .chain_id
            .parse()
            .map_err(|e| Error::Config(format!("chain id {}: {e}", self.chain_id)))?;
        let doc = SignDoc::new(&Body::new([message], "", 0u32), &auth, &chain, at.account).map_err(wrong)?;
        doc.sign(self.account.key())
            .and_then(|raw| raw.to_bytes())
            .map_err(wrong)
    }
}

/// Turns a non-zero code into an error.
fn refuse(result: &Value) -> Result<()> {
    match result
        .get("code")
        .and_then(Value::as_u64)
        .and_then(|code| u32::try_from(code).ok())
        .unwrap_or_default()
    {
        0 => Ok(()),
        code => Err(Error::Refused {
            code,
            log: text(result, "log"),
        }),
    }
}

fn executed(hash: &[u8], included: &Value) -> Result<Executed> {
    let result = included.get("tx_result").unwrap_or(&Value::Null);
    refuse(result)?;
    let data: Option<Binary> = serde_json::from_value(result.get("data").cloned().unwrap_or_default())?;
    Ok(Executed {
        hash: hex::encode_upper(hash),
        height: text(included, "height").parse().unwrap_or_default(),
        gas_used: text(result, "gas_used").parse().unwrap_or_default(),
        data: response_data(&data.unwrap_or_default()),
    })
}

/// What the contract answered, out of the two envelopes the chain puts around it.
fn response_data(bytes: &[u8]) -> Vec<u8> {
    TxMsgData::decode(bytes)
        .ok()
        .and_then(|data| MsgExecuteContractResponse::decode(data.msg_responses.first()?.value.as_slice()).ok())
        .map(|response| response.data)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::coin;

    use super::*;

    #[test]
    fn fees_are_exact_and_round_up() {
        let cases = [
            ("0.025stake", 1_000_000, coin(25_000, "stake")),
            ("0.025stake", 41, coin(2, "stake")),
            ("3untrn", 7, coin(21, "untrn")),
        ];
        for (price, gas, fee) in cases {
            assert_eq!(price.parse::<GasPrice>().unwrap().fee(gas), fee, "{price} × {gas}");
        }
    }

    #[test]
    fn malformed_prices_are_refused() {
        for price in [
            "",
            "stake",
            "0.025",
            ".5stake",
            "1.2.3stake",
            "-1stake",
            "0.0000000000000000001stake",
        ] {
            assert!(price.parse::<GasPrice>().is_err(), "{price}");
        }
    }

    #[test]
    fn the_contracts_answer_is_taken_out_of_its_envelopes() {
        let response = MsgExecuteContractResponse { data: b"{}".to_vec() };
        let any = Any {
            type_url: String::new(),
            value: response.encode_to_vec(),
        };
        let data = TxMsgData {
            msg_responses: vec![any],
            ..Default::default()
        };
        assert_eq!(response_data(&data.encode_to_vec()), b"{}");
        assert_eq!(response_data(&[0xff]), b"");
    }

    #[test]
    fn a_code_is_a_refusal() {
        assert!(refuse(&json!({ "code": 0 })).is_ok());
        assert!(matches!(
            refuse(&json!({ "code": 5, "log": "x" })),
            Err(Error::Refused { code: 5, .. })
        ));
    }
}
