//! The reference gateway: from a call log to settled usage reports.
//!
//! ```text
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
pub mod generate;
pub mod ingest;
pub mod log;
pub mod prove;
pub mod rates;
pub mod reveal;
pub mod run;
