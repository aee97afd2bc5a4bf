//! Transactions: building, signing, hashing, and reading what the contract answered.

use cosmrs::cosmwasm::MsgExecuteContract;
use cosmrs::crypto::PublicKey;
use cosmrs::proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmrs::proto::cosmos::tx::v1beta1::TxRaw;
use cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContractResponse;
use cosmrs::proto::traits::Message;
use cosmrs::tx::{Body, Fee, Msg, SignDoc, SignerInfo};
use cosmrs::{AccountId, Coin};
use cosmwasm_std::Binary;
use interfaces::attestation_oracle::{ExecuteMsg, SignedStatement, StatementOutcome, SubmitResponse};
use interfaces::credit_vault::ReportRef;
use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::fee::Quote;
use crate::signer::{SignerError, TxSigner};

/// Bytes of a statement's JSON beside its base64: keys, quotes, brackets.
const STATEMENT_OVERHEAD: usize = 96;

/// A transaction could not be made.
#[derive(Debug, Error)]
pub enum TxError {
    #[error("transaction cannot be encoded: {0}")]
    Encode(String),
    #[error(transparent)]
    Signer(#[from] SignerError),
}

fn encode(error: impl ToString) -> TxError {
    TxError::Encode(error.to_string())
}

/// Who sends, and where its account stands.
#[derive(Clone, Debug)]
pub struct Sender {
    pub address: AccountId,
    pub public_key: PublicKey,
    pub account_number: u64,
    pub sequence: u64,
}

/// A transaction before its price is known.
#[derive(Clone, Debug)]
pub struct Unsigned {
    body: Body,
    chain_id: cosmrs::tendermint::chain::Id,
    fee_denom: String,
}

/// Bytes to broadcast and their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub bytes: Vec<u8>,
    pub hash: [u8; 32],
}

impl Unsigned {
    /// One execution of `contract` per message, valid up to `timeout_height` (0: for ever).
    ///
    /// # Errors
    /// [`TxError::Encode`].
    pub fn execute<M: Serialize>(
        chain_id: &str,
        fee_denom: &str,
        sender: &AccountId,
        contract: &AccountId,
        messages: &[M],
        timeout_height: u64,
    ) -> Result<Self, TxError> {
        let execute = |message: &M| {
            let message = MsgExecuteContract {
                sender: sender.clone(),
                contract: contract.clone(),
                msg: serde_json::to_vec(message).map_err(encode)?,
                funds: vec![],
            };
            message.to_any().map_err(encode)
        };
        let messages = messages.iter().map(execute).collect::<Result<Vec<_>, _>>()?;
        let height = cosmrs::tendermint::block::Height::try_from(timeout_height).map_err(encode)?;
        Ok(Self {
            body: Body::new(messages, "", height),
            chain_id: chain_id.parse().map_err(encode)?,
            fee_denom: fee_denom.into(),
        })
    }

    fn sign_doc(&self, sender: &Sender, quote: Quote) -> Result<SignDoc, TxError> {
        let coin = Coin::new(u128::from(quote.fee), &self.fee_denom).map_err(encode)?;
        let fee = Fee::from_amount_and_gas(coin, quote.gas_limit);
        let auth = SignerInfo::single_direct(Some(sender.public_key), sender.sequence).auth_info(fee);
        SignDoc::new(&self.body, &auth, &self.chain_id, sender.account_number).map_err(encode)
    }

    /// Bytes for a simulation: an empty signature and no fee.
    ///
    /// # Errors
    /// [`TxError::Encode`].
    pub fn for_simulation(&self, sender: &Sender) -> Result<Vec<u8>, TxError> {
        let doc = self.sign_doc(sender, Quote { gas_limit: 0, fee: 0 })?;
        Ok(raw(doc, vec![]))
    }

    /// Signs at the sender's sequence.
    ///
    /// # Errors
    /// [`TxError`].
    pub fn sign(&self, sender: &Sender, quote: Quote, signer: &dyn TxSigner) -> Result<Signed, TxError> {
        let doc = self.sign_doc(sender, quote)?;
        let signature = signer.sign(&doc.clone().into_bytes().map_err(encode)?)?;
        let bytes = raw(doc, signature.to_vec());
        let hash = Sha256::digest(&bytes).into();
        Ok(Signed { bytes, hash })
    }
}

fn raw(doc: SignDoc, signature: Vec<u8>) -> Vec<u8> {
    let raw = TxRaw {
        body_bytes: doc.body_bytes,
        auth_info_bytes: doc.auth_info_bytes,
        signatures: vec![signature],
    };
    raw.encode_to_vec()
}

/// The message that posts a batch.
pub fn submit(statements: Vec<SignedStatement>) -> ExecuteMsg {
    ExecuteMsg::Submit { statements }
}

/// The message that hands an undelivered report to its receiver again.
pub fn deliver(report: ReportRef, entries: &[u8]) -> ExecuteMsg {
    ExecuteMsg::Deliver {
        report,
        entries: Binary::new(entries.to_vec()),
    }
}

/// Bytes a statement of this many raw bytes adds to a transaction: base64 is four thirds.
pub fn statement_size(raw: usize) -> usize {
    raw.div_ceil(3).saturating_mul(4).saturating_add(STATEMENT_OVERHEAD)
}

/// Outcomes from the data of an executed or simulated transaction with one `Submit`; `None` if it has another form.
pub fn outcomes(data: &[u8]) -> Option<Vec<StatementOutcome>> {
    let data = TxMsgData::decode(data).ok()?;
    let response = MsgExecuteContractResponse::decode(data.msg_responses.first()?.value.as_slice()).ok()?;
    let response: SubmitResponse = serde_json::from_slice(&response.data).ok()?;
    Some(response.outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::LocalKey;
    use cosmrs::proto::cosmos::tx::v1beta1::{AuthInfo, TxBody};
    use cosmrs::Any;
    use cosmwasm_std::Binary;

    fn key() -> LocalKey {
        LocalKey::from_mnemonic(
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
            "m/44'/118'/0'/0/0",
        )
        .unwrap()
    }

    fn unsigned(key: &LocalKey) -> (Unsigned, Sender) {
        let address = key.public_key().account_id("wasm").unwrap();
        let statement = SignedStatement::Job {
            body: Binary::from(b"body"),
            signature: Binary::from(b"signature"),
        };
        let contract = AccountId::new("wasm", &[7; 32]).unwrap();
        let tx = Unsigned::execute("c-1", "stake", &address, &contract, &[submit(vec![statement])], 77).unwrap();
        let sender = Sender {
            public_key: key.public_key(),
            address,
            account_number: 3,
            sequence: 5,
        };
        (tx, sender)
    }

    #[test]
    fn a_signed_transaction_says_what_was_meant_and_verifies() {
        use k256::ecdsa::signature::Verifier;
        let key = key();
        let (tx, sender) = unsigned(&key);
        let signed = tx.sign(&sender, Quote { gas_limit: 9, fee: 4 }, &key).unwrap();

        let raw = TxRaw::decode(signed.bytes.as_slice()).unwrap();
        let body = TxBody::decode(raw.body_bytes.as_slice()).unwrap();
        assert_eq!((body.timeout_height, body.messages.len()), (77, 1));
        let auth = AuthInfo::decode(raw.auth_info_bytes.as_slice()).unwrap();
        let fee = auth.fee.unwrap();
        assert_eq!(
            (
                fee.gas_limit,
                fee.amount[0].amount.as_str(),
                fee.amount[0].denom.as_str()
            ),
            (9, "4", "stake")
        );
        assert_eq!(auth.signer_infos[0].sequence, 5);

        let doc = tx
            .sign_doc(&sender, Quote { gas_limit: 9, fee: 4 })
            .unwrap()
            .into_bytes()
            .unwrap();
        let verifier = k256::ecdsa::VerifyingKey::from_sec1_bytes(&key.public_key().to_bytes()).unwrap();
        let signature = k256::ecdsa::Signature::from_slice(&raw.signatures[0]).unwrap();
        verifier.verify(&doc, &signature).unwrap();
    }

    #[test]
    fn signing_twice_gives_the_same_bytes() {
        let key = key();
        let (tx, sender) = unsigned(&key);
        let quote = Quote { gas_limit: 9, fee: 4 };
        assert_eq!(
            tx.sign(&sender, quote, &key).unwrap(),
            tx.sign(&sender, quote, &key).unwrap()
        );
    }

    #[test]
    fn outcomes_are_read_from_a_transactions_data() {
        let outcomes = vec![StatementOutcome::Accepted, StatementOutcome::Gap];
        let response = MsgExecuteContractResponse {
            data: serde_json::to_vec(&SubmitResponse {
                outcomes: outcomes.clone(),
            })
            .unwrap(),
        };
        let data = TxMsgData {
            msg_responses: vec![Any {
                type_url: "/cosmwasm.wasm.v1.MsgExecuteContractResponse".into(),
                value: response.encode_to_vec(),
            }],
            ..Default::default()
        };
        assert_eq!(super::outcomes(&data.encode_to_vec()), Some(outcomes));
        assert_eq!(super::outcomes(b"something else"), None);
        assert_eq!(super::outcomes(&[]), None);
    }

    #[test]
    fn the_size_of_a_statement_is_never_underestimated() {
        for raw in [0usize, 1, 2, 3, 209, 30_000] {
            let statement = SignedStatement::Usage {
                body: Binary::new(vec![0; raw]),
                entries: Binary::new(vec![0; raw]),
                signature: Binary::new(vec![0; 64]),
            };
            let json = serde_json::to_vec(&statement).unwrap().len();
            assert!(statement_size(raw + raw + 64) + 8 >= json, "{raw}");
        }
    }
}
