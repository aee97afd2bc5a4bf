//! Kinked interest rate and its index.
