//! Time-weighted average prices.
