//! Constant-product swaps.
