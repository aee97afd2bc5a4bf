//! The same traces on every chain.
