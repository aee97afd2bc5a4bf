//! Answering challenges: revealing the calls an account asks for.

use attestation::{ChainKey, Entry};
use interfaces::attestation_oracle::{ChallengeState, ChallengeStateResponse, ExecuteMsg, QueryMsg};
use rusqlite::Connection;
use serde::Serialize;

use super::book;
use super::prove::reveal;
use crate::sdk::statements::chain_name;
use crate::sdk::ChainClient;
use crate::{Error, Result};

/// Page of `Challenges`.
const PAGE: u32 = 100;

/// What was done about one challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub challenge: u64,
    pub account: String,
    pub calls: u16,
    /// Hash of the transaction, or why there is none.
    pub result: std::result::Result<String, String>,
}

/// Watches the oracle's challenges of one gateway.
pub struct Revealer<'a, C> {
    pub conn: &'a Connection,
    pub client: &'a C,
    pub oracle: &'a str,
    pub gateway: u64,
    /// Every challenge up to here is closed.
    pub settled: Option<u64>,
}

impl<C: ChainClient> Revealer<'_, C> {
    /// Answers every open challenge. One that cannot be answered does not stop the others.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Query`].
    pub async fn answer_all(&mut self) -> Result<Vec<Answer>> {
        let mut answers = vec![];
        let mut after = self.settled;
        let mut contiguous = true;
        loop {
            let query = QueryMsg::Challenges {
                gateway: Some(self.gateway),
                start_after: after,
                limit: Some(PAGE),
            };
            let page: Vec<ChallengeStateResponse> = self.client.query(self.oracle, &query).await?;
            let Some(last) = page.last().map(|challenge| challenge.challenge) else {
                return Ok(answers);
            };
            for challenge in &page {
                if challenge.state == ChallengeState::Open {
                    contiguous = false;
                    answers.push(self.answer(challenge).await?);
                } else if contiguous {
                    self.settled = Some(challenge.challenge);
                }
            }
            after = Some(last);
        }
    }

    async fn answer(&self, challenge: &ChallengeStateResponse) -> Result<Answer> {
        let result = match self.send(challenge).await {
            Err(error) if error.is_transient() => return Err(error),
            result => result.map_err(|error| error.to_string()),
        };
        Ok(Answer {
            challenge: challenge.challenge,
            account: challenge.account.clone(),
            calls: challenge.count,
            result,
        })
    }

    async fn send(&self, challenge: &ChallengeStateResponse) -> Result<String> {
        let msg = reveal_message(self.conn, challenge)?;
        Ok(self.client.execute(self.oracle, &msg, vec![]).await?.hash)
    }
}

/// The message that answers a challenge.
///
/// # Errors
/// [`Error::NoSuchLeaves`] when the entry has no such calls or is not in this book.
pub fn reveal_message(conn: &Connection, challenge: &ChallengeStateResponse) -> Result<ExecuteMsg> {
    let none = |calls| Error::NoSuchLeaves {
        challenge: challenge.challenge,
        first: challenge.first_leaf,
        count: challenge.count,
        calls,
    };
    let report = challenge.report;
    let chain = chain_name(&ChainKey::Usage {
        gateway: report.gateway,
        key_epoch: report.key_epoch,
    });
    let entry = book::entry_at(conn, &chain, report.seq, challenge.entry_index)?.ok_or_else(|| none(0))?;
    let calls = Entry::decode(&entry.body).map_err(Error::encoding)?.calls;
    let first = u32::try_from(challenge.first_leaf).map_err(|_| none(calls))?;
    let revealed = reveal(conn, &entry, first, challenge.count.into()).map_err(|_| none(calls))?;
    let leaves = revealed
        .leaves
        .iter()
        .map(|leaf| Ok(leaf.encode().map_err(Error::encoding)?.into()));
    Ok(ExecuteMsg::RevealLeaves {
        challenge: challenge.challenge,
        leaves: leaves.collect::<Result<_>>()?,
        proof: revealed.proof.encode().into(),
    })
}
