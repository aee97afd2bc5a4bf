//! Brings signed statements to the chain and learns what became of them.
//!
//! Posting is by the relayer, truth is by query: a statement is settled when the oracle holds its digest at its place. If the relayer lost it, or gave up,
//! the same bytes are posted again.

use std::collections::HashMap;
use std::time::Duration;

use attestation::ChainKey;
use interfaces::attestation_oracle::{ChainId, ChainResponse, QueryMsg, StatementOutcome, StatementResponse};
use rusqlite::Connection;
use serde_json::Value;

use super::chain::ChainClient;
use super::failpoint;
use super::relayer::Relayer;
use super::statements::{self, State, Statement};
use super::store::Home;
use crate::{Error, Result};

/// How many statements are looked at in one round.
const PAGE: u32 = 64;

/// Pause between two looks at the chain.
const POLL: Duration = Duration::from_millis(500);

/// Carries the statements of one store.
pub struct Courier<'a, C> {
    pub conn: &'a Connection,
    pub home: &'a Home,
    pub client: &'a C,
    pub relayer: &'a Relayer,
}

impl<C: ChainClient> Courier<'_, C> {
    /// Posts everything signed and follows it until nothing is open or `patience` has passed without progress. Calls `progress` with the number settled
    /// so far. Returns how many are still open.
    ///
    /// # Errors
    /// [`Error::RelayerRefused`], [`Error::Equivocation`], [`Error::Unreachable`], [`Error::Store`].
    pub async fn deliver(&self, patience: Duration, mut progress: impl FnMut(u64)) -> Result<u64> {
        let mut settled = 0u64;
        let mut since = std::time::Instant::now();
        loop {
            self.post_signed().await?;
            let now_settled = self.settle_posted().await?;
            if now_settled > 0 {
                settled = settled.saturating_add(now_settled);
                since = std::time::Instant::now();
                progress(settled);
                continue;
            }
            let counts = statements::counts(self.conn)?;
            let open = counts.signed.saturating_add(counts.posted);
            if open == 0 || since.elapsed() >= patience {
                return Ok(open);
            }
            self.revive().await?;
            tokio::time::sleep(POLL).await;
        }
    }

    /// Posts what is signed, in order.
    async fn post_signed(&self) -> Result<()> {
        loop {
            let page = statements::in_state(self.conn, State::Signed, PAGE)?;
            if page.is_empty() {
                return Ok(());
            }
            for statement in &page {
                self.relayer.post(self.home, statement).await?;
                failpoint::hit("courier.posted");
                statements::mark_posted(self.conn, statement)?;
            }
        }
    }

    /// Learns what became of posted statements and returns how many are settled now.
    async fn settle_posted(&self) -> Result<u64> {
        let mut settled = 0u64;
        let mut heads: HashMap<String, u64> = HashMap::new();
        for statement in statements::in_state(self.conn, State::Posted, PAGE)? {
            let last_seq = match heads.get(&statement.chain) {
                Some(last_seq) => *last_seq,
                None => self.last_seq(&statement).await?,
            };
            heads.insert(statement.chain.clone(), last_seq);
            if statement.seq <= last_seq {
                self.settle(&statement).await?;
                settled = settled.saturating_add(1);
            }
        }
        Ok(settled)
    }

    async fn last_seq(&self, statement: &Statement) -> Result<u64> {
        let chain = chain_id(&statement.chain_key()?)?;
        let answer: ChainResponse = self
            .client
            .query(self.home.contract(), &QueryMsg::Chain { chain })
            .await?;
        Ok(answer.last_seq)
    }

    async fn settle(&self, statement: &Statement) -> Result<()> {
        let query = QueryMsg::Statement {
            chain: chain_id(&statement.chain_key()?)?,
            seq: statement.seq,
        };
        let answer: StatementResponse = self.client.query(self.home.contract(), &query).await?;
        if answer.digest.as_slice() != statement.digest {
            return Err(Error::Equivocation {
                chain: statement.chain.clone(),
                seq: statement.seq,
                on_chain: answer.digest.to_hex(),
                here: hex::encode(statement.digest),
            });
        }
        failpoint::hit("courier.settled");
        statements::mark_settled(self.conn, statement, &outcome_name(answer.outcome)?)
    }

    /// Posts the oldest open statement of each chain again if the relayer lost it or gave it up; it holds back all that follow.
    async fn revive(&self) -> Result<()> {
        for oldest in statements::first_in_state(self.conn, State::Posted)? {
            self.revive_one(oldest).await?;
        }
        Ok(())
    }

    async fn revive_one(&self, oldest: Statement) -> Result<()> {
        let known = match self.relayer.state(&oldest.digest).await {
            Err(error) if error.is_transient() => return Ok(()),
            known => known?,
        };
        let state = known
            .as_ref()
            .and_then(|answer| answer.get("state"))
            .and_then(Value::as_str);
        match state {
            None | Some("dead") => self.relayer.post(self.home, &oldest).await,
            // Void statements are rejected too, after they are on the chain; the next look at the chain settles those.
            Some("rejected") if self.last_seq(&oldest).await? < oldest.seq => Err(Error::RelayerRefused {
                status: 200,
                reason: known.unwrap_or_default().to_string(),
            }),
            Some(_) => Ok(()),
        }
    }
}

/// The outcome as its message form names it, e.g. `accepted`.
fn outcome_name(outcome: StatementOutcome) -> Result<String> {
    let name = serde_json::to_value(outcome)?;
    name.as_str()
        .map(str::to_owned)
        .ok_or_else(|| Error::Encoding("an outcome without a name".into()))
}

/// The chain as the oracle's messages name it.
pub(crate) fn chain_id(key: &ChainKey) -> Result<ChainId> {
    match *key {
        ChainKey::Job {
            worker,
            key_epoch,
            job,
            assignment,
        } => Ok(ChainId::Job {
            worker,
            key_epoch,
            job,
            assignment,
        }),
        ChainKey::Usage { gateway, key_epoch } => Ok(ChainId::Usage { gateway, key_epoch }),
        ChainKey::AgentBatch { .. } | ChainKey::Verdict { .. } => Err(Error::Encoding(format!(
            "the oracle keeps no chain {}",
            statements::chain_name(key)
        ))),
    }
}
