//! A great log as one report: made call by call in little memory, settled in one transaction, each call provable.

use std::collections::BTreeMap;

use anyhow::{anyhow, ensure, Context, Result};
use attestation::{
    encode_entries, log_root, prove, Body, ChainKey, Domain, Entry, EntryBuilder, Leaf, MerkleSum, UsageReport, Window,
};
use cosmwasm_std::Binary;
use interfaces::attestation_oracle::{self as oracle, ProvenCall, SignedStatement, VerifyCallResponse};
use interfaces::credit_vault::ReportRef;

use crate::keys::secret;
use crate::op::DAY;
use crate::stage::{Stage, SUBJECTS};

/// A log of `calls` calls that goes round the accounts and SKUs: any of its calls can be made again from its number.
pub struct Log {
    pub calls: u64,
    pub accounts: Vec<String>,
    pub skus: Vec<String>,
    /// Price of both list and cost, µCredit per 10⁶ units.
    pub rate: u128,
    /// Window of the calls.
    pub start: u64,
    pub end: u64,
}

impl Log {
    fn entries(&self) -> u64 {
        (self.accounts.len() * self.skus.len()) as u64
    }

    /// The call with this number.
    #[must_use]
    pub fn call(&self, number: u64) -> Leaf {
        let place = usize::try_from(number % self.entries()).unwrap_or_default();
        let units = u128::from(number % 7_919 + 1);
        Leaf {
            call_id: format!("call-{number}"),
            account: self.accounts[place / self.skus.len()].clone(),
            sku: self.skus[place % self.skus.len()].clone(),
            units,
            list: units * self.rate / 1_000_000,
            cost: units * self.rate / 1_000_000,
            time: self.start + number * (self.end - self.start) / self.calls,
        }
    }

    /// Its entries, sorted; memory does not grow with calls.
    ///
    /// # Errors
    /// Never for accounts and SKUs that are names.
    pub fn build(&self) -> Result<Vec<Entry>> {
        let mut builders = BTreeMap::new();
        for number in 0..self.calls {
            let leaf = self.call(number);
            let key = (leaf.account.clone(), leaf.sku.clone());
            let builder = builders
                .entry(key)
                .or_insert_with_key(|(account, sku)| EntryBuilder::new(account, sku));
            builder.push(&leaf).map_err(|e| anyhow!("{e}"))?;
        }
        builders
            .values()
            .map(|builder| builder.finish().map_err(|e| anyhow!("{e}")))
            .collect()
    }

    /// Numbers of the calls of one entry, in order.
    fn of_entry(&self, number: u64) -> impl Iterator<Item = u64> + '_ {
        (number % self.entries()..self.calls).step_by(usize::try_from(self.entries()).unwrap_or(1))
    }

    /// The proof that a call, possibly changed, is in the report made of `entries`.
    ///
    /// # Errors
    /// When there is no such call.
    pub fn prove(&self, entries: &[Entry], report: ReportRef, number: u64, leaf: &Leaf) -> Result<ProvenCall> {
        let wire = |e: attestation::WireError| anyhow!("{e}");
        let proof = |nodes: &[MerkleSum], index: usize| -> Result<Binary> {
            Ok(prove(nodes, index as u32).map_err(|e| anyhow!("{e}"))?.encode().into())
        };
        let original = self.call(number);
        let entry = entries
            .iter()
            .position(|e| e.account == original.account && e.sku == original.sku)
            .context("no entry")?;
        let nodes = self
            .of_entry(number)
            .map(|n| self.call(n).node().map_err(wire))
            .collect::<Result<Vec<_>>>()?;
        let index = self
            .of_entry(number)
            .position(|n| n == number)
            .context("no such call")?;
        let roots = entries
            .iter()
            .map(|e| e.node().map_err(wire))
            .collect::<Result<Vec<_>>>()?;
        Ok(ProvenCall {
            report,
            leaf: leaf.encode().map_err(wire)?.into(),
            leaf_proof: proof(&nodes, index)?,
            entry: entries[entry].encode().map_err(wire)?.into(),
            entry_proof: proof(&roots, entry)?,
        })
    }
}

/// Gateway 1's first report, over these entries.
///
/// # Errors
/// When they make none.
pub fn report(stage: &Stage, log: &Log, entries: &[Entry]) -> Result<(SignedStatement, ReportRef)> {
    let gateway = SUBJECTS[0];
    let root = log_root(entries).map_err(|e| anyhow!("{e}"))?;
    let body = UsageReport {
        gateway: gateway.id,
        key_epoch: 1,
        seq: 1,
        window: Window::new(log.start, log.end).map_err(|e| anyhow!("{e}"))?,
        calls: root.sums.calls,
        log_root: root.hash,
        prev_digest: ChainKey::Usage {
            gateway: gateway.id,
            key_epoch: 1,
        }
        .first_prev_digest(),
        expires_at: log.end + DAY,
    };
    let domain = Domain::new(&stage.chain_id, &stage.at.attestation_oracle).map_err(|e| anyhow!("{e}"))?;
    let signature = secret(gateway, 1).sign(&body.digest(&domain));
    let statement = SignedStatement::Usage {
        body: body.encode().into(),
        entries: encode_entries(entries).map_err(|e| anyhow!("{e}"))?.into(),
        signature: signature.into(),
    };
    Ok((
        statement,
        ReportRef {
            gateway: gateway.id,
            key_epoch: 1,
            seq: 1,
        },
    ))
}

/// Asks the oracle.
///
/// # Errors
/// When the query fails.
pub fn is_proved(stage: &Stage, call: ProvenCall) -> Result<bool> {
    let answer: VerifyCallResponse =
        stage.query(&stage.at.attestation_oracle, &oracle::QueryMsg::VerifyCall { call })?;
    ensure!(answer.proved == answer.reason.is_none(), "{answer:?}");
    Ok(answer.proved)
}
