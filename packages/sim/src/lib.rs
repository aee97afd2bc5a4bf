//! Seeded economies of many agents against the real contracts, in process: the L-Exchange, and the network's token ([`network`]).
//!
//! Of the L-Exchange:
//!
//! - [`world`]: all contracts on one simulated chain, wired as they are deployed, and every message counted by its kind
//! - [`agents`]: consumers, liquidity providers, lenders, longs, shorts, bettors, traders, sandwich and wash attackers
//! - [`crew`]: who keeps things going: gateways' reports, liquidators, keepers, the council
//! - [`laws`]: what must hold after every step, sums over everybody among it
//! - [`run`](mod@run): the calendar of a run; [`report`]: text with plots, CSV and JSON
//!
//! [`chain`] is what both stand on. The same seed gives the same run. Usage reports are handed to the vault by an account in the place of the attestation oracle, and
//! what nodes did is told to the incentive controller by one in the place of a registry of nodes: signatures and hardware evidence are not what is simulated.

pub mod agents;
pub mod chain;
pub mod crew;
pub mod laws;
pub mod markets;
pub mod network;
pub mod report;
pub mod rng;
pub mod run;
pub mod scenario;
pub mod world;

pub use run::{run, Outcome};
pub use scenario::{Scenario, Story};
