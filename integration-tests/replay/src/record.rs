//! What a play left behind on a chain, without what depends on the second in which a block came, so that records of different chains are equal.

use std::collections::BTreeMap;

use anyhow::Result;
use cosmwasm_std::Event;
use interfaces::attestation_oracle as oracle;
use interfaces::credit_vault as vault;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use suite::deploy::Addresses;

use crate::deal::House;
use crate::laws;
use crate::net::Room;
use crate::op::{Op, Who, GATEWAYS};
use crate::shadow::Shadow;
use crate::stage::{Sent, Stage, DENOM, SUBJECTS};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub op: Op,
    /// Per transaction its events, or the refusal's code.
    pub sent: Vec<Result<Vec<String>, String>>,
    /// Balances and answers to queries, by name.
    pub state: BTreeMap<String, String>,
}

/// Attributes and fields that hold a block's time or what is made of it (a challenge is), or words of the machine.
const TIMED: [&str; 20] = [
    "height",
    "challenge",
    "expires_at",
    "valid_until",
    "enrolled_at",
    "revoked_at",
    "withdrawable_at",
    "ready_at",
    "queued_at",
    "closed_at",
    "executed_at",
    "deadline",
    "received_at",
    "settled_at",
    "opened_at",
    "closing_since",
    "releasable_at",
    "reason",
    "error",
    "until",
];

impl Record {
    #[must_use]
    pub fn new(op: &Op, sent: &[Sent], state: BTreeMap<String, String>, at: &Addresses) -> Self {
        let events = |sent: &Sent| match sent {
            Ok(outcome) => Ok(outcome.events.iter().filter_map(|event| normal(event, at)).collect()),
            Err(code) => Err(code.clone()),
        };
        Self {
            op: op.clone(),
            sent: sent.iter().map(events).collect(),
            state,
        }
    }
}

/// `part/event key=value …` with sorted keys; none for what the chain itself says.
fn normal(event: &Event, at: &Addresses) -> Option<String> {
    let name = event.ty.strip_prefix("wasm")?.trim_start_matches('-');
    // Whose `from` is a time.
    let timed_from = matches!(name, "rate" | "measurement_listed" | "spending_limit");
    let mut attributes: Vec<_> = event
        .attributes
        .iter()
        .filter(|a| !is_moment(&a.value))
        .filter(|a| !(TIMED.contains(&a.key.as_str()) || timed_from && a.key == "from" || a.key == "_contract_address"))
        // numbers of challenges are not of time
        .chain(
            event
                .attributes
                .iter()
                .filter(|a| a.key == "challenge" && a.value.len() < 20),
        )
        .map(|a| format!("{}={}", a.key, a.value))
        .collect();
    attributes.sort();
    let contract = event.attributes.iter().find(|a| a.key == "_contract_address")?;
    Some(format!("{}/{name} {}", part(&contract.value, at), attributes.join(" ")))
}

/// `height,unix seconds`: chains count heights each in their way.
fn is_moment(value: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    value
        .split_once(',')
        .is_some_and(|(height, time)| number(height) && number(time) && time.len() == 10)
}

fn part(address: &str, at: &Addresses) -> String {
    let found = suite::deploy::Part::ALL
        .into_iter()
        .find(|part| at.of(*part) == address);
    found.map_or_else(|| address.to_owned(), |part| part.name().to_owned())
}

/// Answers to the queries that pages ask.
///
/// # Errors
/// When a query fails.
pub fn state(stage: &Stage, shadow: &Shadow, net: bool) -> Result<BTreeMap<String, String>> {
    let mut state = BTreeMap::new();
    if shadow.dead {
        // A thief answers no questions; what is left is in the bank.
        bank(stage, &mut state)?;
        return Ok(state);
    }
    let (vault, oracle) = (&stage.at.credit_vault, &stage.at.attestation_oracle);
    let mut ask = |name: String, contract: &str, query: Value| -> Result<()> {
        let answer: Value = stage.query(contract, &query)?;
        state.insert(name, untimed(answer).to_string());
        Ok(())
    };
    ask(
        "vault".into(),
        vault,
        serde_json::to_value(vault::QueryMsg::Overview {})?,
    )?;
    ask(
        "oracle".into(),
        oracle,
        serde_json::to_value(oracle::QueryMsg::Overview {})?,
    )?;
    for who in Who::all() {
        let query = vault::QueryMsg::Account {
            address: stage.address(who),
            start_after: None,
            limit: None,
        };
        ask(format!("account {who:?}"), vault, serde_json::to_value(query)?)?;
    }
    for subject in SUBJECTS {
        if shadow.member(subject).epoch() > 0 {
            ask(
                format!("{subject:?}"),
                oracle,
                serde_json::to_value(oracle::QueryMsg::Subject { subject })?,
            )?;
        }
    }
    if let Some(report) = shadow.reports.last().map(crate::shadow::Report::name) {
        ask(
            "report".into(),
            oracle,
            serde_json::to_value(oracle::QueryMsg::Report { report })?,
        )?;
        if shadow
            .settled
            .contains_key(&(report.gateway, report.key_epoch, report.seq))
        {
            ask(
                "settlement".into(),
                vault,
                serde_json::to_value(vault::QueryMsg::Settlement { report })?,
            )?;
        }
    }
    for gateway in 1..=GATEWAYS {
        state.insert(
            format!("weeks {gateway}"),
            untimed(serde_json::to_value(laws::weeks(stage, gateway)?)?).to_string(),
        );
    }
    holdings(stage, &mut state)?;
    // Nothing else moves it.
    if net {
        vcai(stage, &mut state)?;
    }
    bank(stage, &mut state)?;
    Ok(state)
}

/// What everybody and every market holds of LCO, and every market of Credits.
fn holdings(stage: &Stage, state: &mut BTreeMap<String, String>) -> Result<()> {
    use suite::laws::{credits, lco};
    let (chain, at) = (&*stage.chain, &stage.at);
    for who in Who::all() {
        let held = lco(chain, &at.l_coin, &stage.address(who))?;
        state.insert(format!("lco {who:?}"), held.to_string());
    }
    for house in House::ALL {
        let address = stage.house(house);
        let held = (
            lco(chain, &at.l_coin, &address)?,
            credits(chain, &at.credit_vault, &address)?,
        );
        state.insert(format!("{house:?}"), format!("{held:?}"));
    }
    Ok(())
}

/// What everybody and every contract of the network holds of VCAI, and the locks.
fn vcai(stage: &Stage, state: &mut BTreeMap<String, String>) -> Result<()> {
    use interfaces::vote_escrow as escrow;
    let (chain, token) = (&*stage.chain, &stage.at.vcai);
    for who in Who::all() {
        let held = suite::laws::vcai(chain, token, &stage.address(who))?;
        state.insert(format!("vcai {who:?}"), held.to_string());
    }
    for room in Room::ALL {
        let address = stage.room(room);
        let held = (
            suite::laws::vcai(chain, token, &address)?,
            chain.balance(&address, DENOM)?,
        );
        state.insert(format!("{room:?}"), format!("{held:?}"));
    }
    let page = escrow::QueryMsg::Locks {
        start_after: None,
        limit: Some(100),
    };
    let locks: escrow::LocksResponse = stage.query(&stage.at.vote_escrow, &page)?;
    state.insert("locks".to_owned(), serde_json::to_string(&locks.locks)?);
    Ok(())
}

fn bank(stage: &Stage, state: &mut BTreeMap<String, String>) -> Result<()> {
    for who in Who::all() {
        let held = stage.chain.balance(&stage.address(who), DENOM)?;
        state.insert(format!("bank {who:?}"), held.to_string());
    }
    Ok(())
}

/// The same without fields of time.
fn untimed(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(name, value)| {
                !TIMED.contains(&name.as_str()) && name != "bond_withdrawable_at" && !(name == "from" && value.is_u64())
            });
            Value::Object(kept.map(|(name, value)| (name, untimed(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(untimed).collect()),
        other => other,
    }
}

/// Where two records first differ, in words.
#[must_use]
pub fn difference(a: &[Record], b: &[Record]) -> Option<String> {
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        if a.sent != b.sent {
            return Some(format!("step {i}, {:?}:\n{:#?}\n{:#?}", a.op, a.sent, b.sent));
        }
        let keys = a.state.keys().chain(b.state.keys());
        if let Some(key) = keys.into_iter().find(|key| a.state.get(*key) != b.state.get(*key)) {
            return Some(format!(
                "step {i}, {:?}: {key}:\n{:?}\n{:?}",
                a.op,
                a.state.get(key),
                b.state.get(key)
            ));
        }
    }
    (a.len() != b.len()).then(|| format!("{} steps against {}", a.len(), b.len()))
}
