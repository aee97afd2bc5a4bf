//! What the contract tells the world.

use cosmwasm_std::{Event, HexBinary};
use interfaces::tee_verifier::{events, CollateralId, Environment};

use crate::anchor::{Anchor, Trust};
use crate::state::Record;

/// What an upload changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Stored,
    /// The slot held this very document.
    Unchanged,
}

pub fn instantiated(trust: &Trust) -> Event {
    let test_root = trust
        .test_anchor()
        .as_ref()
        .map(Anchor::fingerprint)
        .unwrap_or_default();
    Event::new(events::INSTANTIATE)
        .add_attribute("environment", environment(trust.environment()))
        .add_attribute("intel_root", Anchor::INTEL.fingerprint().to_hex())
        .add_attribute("test_root", HexBinary::to_hex(&test_root))
}

pub fn collateral(id: &CollateralId, record: &Record, outcome: Outcome) -> Event {
    let outcome = match outcome {
        Outcome::Stored => "stored",
        Outcome::Unchanged => "unchanged",
    };
    Event::new(events::COLLATERAL)
        .add_attribute("id", id.to_string())
        .add_attribute("outcome", outcome)
        .add_attribute("issued", record.window.from.to_string())
        .add_attribute("next_update", record.window.until.to_string())
}

fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Mainnet => "mainnet",
        Environment::Testnet => "testnet",
    }
}
