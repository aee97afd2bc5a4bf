//! What a log must come to on the chain, worked out the slow way.
//!
//! The reference against which the chain is compared. It shares nothing with the way reports are made but the form of a log line: it holds the whole log in
//! memory, walks it call by call, and mines halving by halving. It assumes what a well-run demonstration arranges: every account is open and funded, at tier
//! Lv1, and no cap binds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cosmwasm_std::Uint128;
use serde::{Deserialize, Serialize};

use super::log::LogLine;
use crate::{Error, Result};

/// The first halving lasts this many µCredit, each following one twice as long.
const FIRST_HALVING: u128 = 100_000_000_000;

/// There are this many halvings; after them nothing is mined.
const HALVINGS: u32 = 10;

/// µLCO mined per µCredit in the first halving, half as many in each following one.
const FIRST_RATE: u128 = 10;

/// One SKU's prices, as the vault's `Rates` query answers.
#[derive(Clone, Debug, Deserialize)]
struct Rate {
    sku: String,
    versions: Vec<Version>,
}

#[derive(Clone, Debug, Deserialize)]
struct Version {
    list: Uint128,
    from: u64,
}

/// What the log comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// Calls that are charged.
    pub calls: u64,
    /// Lines that are not: no call, a repeated id, or no price.
    pub skipped: u64,
    pub windows: u64,
    /// (account, SKU, window) triples: entries of the reports.
    pub entries: u64,
    /// µCredit.
    pub credits_consumed: Uint128,
    /// µLCO.
    pub lco_expected: Uint128,
    /// Halvings that were completed.
    pub halvings: u32,
    /// µCredit by account.
    pub accounts: BTreeMap<String, Uint128>,
}

/// (window, account, SKU).
type Entry = (u64, String, String);

/// Works it out for a log and a rate card in files, with windows of `window` seconds.
///
/// # Errors
/// [`Error::File`], [`Error::Json`] for the rate card.
pub fn expected(log: &Path, rates: &Path, window: u64) -> Result<Expected> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(Error::file(path));
    Ok(from_text(
        &read(log)?,
        &serde_json::from_str::<Vec<Rate>>(&read(rates)?)?,
        window,
    ))
}

fn from_text(log: &str, rates: &[Rate], window: u64) -> Expected {
    let mut seen = BTreeSet::new();
    let mut list_by_entry: BTreeMap<Entry, u128> = BTreeMap::new();
    let (mut calls, mut skipped) = (0, 0);
    for line in log.lines().filter(|line| !line.trim().is_empty()) {
        match priced(line, rates) {
            Some((call, leaves)) if seen.insert(call.id.clone()) => {
                calls += 1;
                for (sku, list) in leaves {
                    let entry = (call.created - call.created % window, call.user.clone(), sku);
                    *list_by_entry.entry(entry).or_default() += list;
                }
            }
            _ => skipped += 1,
        }
    }
    total(calls, skipped, &list_by_entry)
}

/// The call of a line, and SKU and list price of each of its sides that has tokens.
fn priced(line: &str, rates: &[Rate]) -> Option<(LogLine, Vec<(String, u128)>)> {
    let call: LogLine = serde_json::from_str(line).ok()?;
    let tokens = call.tokens()?;
    let sides = [("in", tokens.prompt_tokens), ("out", tokens.completion_tokens)];
    let mut leaves = vec![];
    for (side, units) in sides.into_iter().filter(|(_, units)| *units > 0) {
        let sku = format!("{}:{side}", call.model);
        let list = u128::from(units) * rate_at(rates, &sku, call.created)? / 1_000_000;
        leaves.push((sku, list));
    }
    (!leaves.is_empty()).then_some((call, leaves))
}

fn rate_at(rates: &[Rate], sku: &str, time: u64) -> Option<u128> {
    let rate = rates.iter().find(|rate| rate.sku == sku)?;
    let mut in_force = None;
    let mut since = 0;
    for version in &rate.versions {
        if version.from <= time && version.from >= since {
            (in_force, since) = (Some(version.list.u128()), version.from);
        }
    }
    in_force
}

/// Charges every entry 100 % of its list price, and mines for all of it.
fn total(calls: u64, skipped: u64, list_by_entry: &BTreeMap<Entry, u128>) -> Expected {
    let mut accounts: BTreeMap<String, Uint128> = BTreeMap::new();
    let mut windows = BTreeSet::new();
    let mut consumed = 0;
    for ((window, account, _), list) in list_by_entry {
        let charge = list * 100 / 100;
        windows.insert(window);
        consumed += charge;
        *accounts.entry(account.clone()).or_default() += Uint128::new(charge);
    }
    let (lco, halvings) = mine(consumed);
    Expected {
        calls,
        skipped,
        windows: windows.len() as u64,
        entries: list_by_entry.len() as u64,
        credits_consumed: consumed.into(),
        lco_expected: lco.into(),
        halvings,
        accounts,
    }
}

/// µLCO mined by the first `consumed` µCredit, and how many halvings they complete: walks from halving to halving.
fn mine(consumed: u128) -> (u128, u32) {
    let (mut left, mut mined) = (consumed, 0);
    let (mut length, mut divisor) = (FIRST_HALVING, 1);
    for halving in 0..HALVINGS {
        let here = left.min(length);
        // Rounds down, once, in the halving that is not complete; a complete one divides exactly.
        mined += FIRST_RATE * here / divisor;
        left -= here;
        if here < length {
            return (mined, halving);
        }
        (length, divisor) = (length * 2, divisor * 2);
    }
    (mined, HALVINGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mining_halves() {
        let credit = 1_000_000;
        for (consumed, lco, halvings) in [
            (0, 0, 0),
            (1, 10, 0),
            (100_000 * credit - 1, 1_000_000 * credit - 10, 0),
            (100_000 * credit, 1_000_000 * credit, 1),
            (100_000 * credit + 1, 1_000_000 * credit + 5, 1),
            (300_000 * credit, 2_000_000 * credit, 2),
            (300_000 * credit + 1, 2_000_000 * credit + 2, 2),
            (102_300_000 * credit, 10_000_000 * credit, 10),
            (u128::MAX / 100, 10_000_000 * credit, 10),
        ] {
            assert_eq!(mine(consumed), (lco, halvings), "{consumed}");
        }
    }

    fn rates() -> Vec<Rate> {
        serde_json::from_str(
            r#"[{"sku":"m:in","versions":[{"list":"1500000","cost":"1","from":0},{"list":"3000000","cost":"1","from":1000}]},
                {"sku":"m:out","versions":[{"list":"4000000","cost":"1","from":0}]}]"#,
        )
        .unwrap()
    }

    fn line(id: u64, time: u64, user: &str, model: &str, units: [u64; 2]) -> String {
        let [input, output] = units;
        format!(
            r#"{{"id":"{id}","created":{time},"model":"{model}","user":"{user}","usage":{{"prompt_tokens":{input},"completion_tokens":{output}}}}}"#
        )
    }

    #[test]
    fn a_log_is_added_up_by_hand() {
        let log = [
            line(1, 10, "a", "m", [1, 1]), // ⌊1.5⌋ + 4
            line(2, 20, "a", "m", [1, 0]), // ⌊1.5⌋
            line(2, 30, "b", "m", [9, 9]), // repeated id
            line(3, 30, "b", "x", [9, 9]), // no price
            "rubbish".into(),
            line(4, 1_000, "b", "m", [1, 0]), // 3, another window
            line(5, 40, "b", "m", [0, 0]),    // nothing used
        ]
        .join("\n");
        let expected = from_text(&log, &rates(), 600);
        assert_eq!((expected.calls, expected.skipped), (3, 4));
        assert_eq!((expected.windows, expected.entries), (2, 3));
        assert_eq!(expected.credits_consumed, Uint128::new(9));
        assert_eq!(expected.lco_expected, Uint128::new(90));
        assert_eq!(expected.accounts["a"], Uint128::new(6));
        assert_eq!(expected.accounts["b"], Uint128::new(3));
    }
}
