//! Random and recorded operations over the whole suite, held to a slow shadow of it, and the same traces on three chains: cw-multi-test, the shipped Wasm in
//! cosmwasm-vm, and a live wasmd.
//!
//! - [`op`]: what users, gateways and governance can do, as data; a trace is a list of them in JSON
//! - [`deal`]: the same for the markets
//! - [`net`]: the same for the network's token
//! - [`chains`]: cw-multi-test, cosmwasm-vm, wasmd
//! - [`clock`]: the nominal time of each operation, the same on every chain
//! - [`echo`]: the seconds of a live chain, repeated
//! - [`stage`]: a deployed suite on some chain, its actors
//! - [`keys`]: their keys, of every scheme
//! - [`usage`]: what gateways and workers sign, honest or not
//! - [`shadow`]: the suite once more, in plain maps and slow loops, predicting every outcome
//! - [`books`]: its part about the markets
//! - [`ledger`]: its part about the network's token
//! - [`play`]: does an operation in both worlds and compares
//! - [`trade`]: the same for the markets
//! - [`network`]: the same for the network's token
//! - [`laws`]: the conservation laws, by queries alone
//! - [`record`]: what a play left behind on a chain, comparable between chains
//! - [`thief`]: code that steals, for migrations nobody wants
//! - [`traces`]: kept ones, and those of fixed seeds
//! - [`dcap`]: hardware evidence
//! - [`million`]: a great log as one report
//! - [`vm`]: the virtual machine, behind a pipe

pub mod books;
pub mod chains;
pub mod clock;
pub mod dcap;
pub mod deal;
pub mod echo;
pub mod keys;
pub mod laws;
pub mod ledger;
pub mod million;
pub mod net;
pub mod network;
pub mod op;
pub mod play;
pub mod record;
pub mod shadow;
pub mod stage;
pub mod story;
pub mod thief;
pub mod traces;
pub mod trade;
pub mod usage;
pub mod vm;
