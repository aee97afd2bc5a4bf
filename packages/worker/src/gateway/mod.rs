//! The reference gateway: serves calls, or takes in a log of them, and brings them to the chain as signed usage reports.
//!
//! ```text
//!     requests ─ serve ─┐
//!                       ▼
//! log ─ ingest ─▶ calls, priced, in windows ─ close ─▶ entries ─▶ reports ─ sign ─ post ─▶ relayer ─▶ chain
//!                   │                                    │
//!                   └────────────── prove, reveal ───────┘
//! ```
//! Memory grows with pairs of account and SKU, never with calls.

pub mod book;
pub mod calls;
pub mod close;
pub mod config;
pub mod expected;
pub mod exposure;
pub mod generate;
pub mod ingest;
pub mod log;
pub mod prove;
pub mod rates;
pub mod reveal;
pub mod run;
pub mod serve;
