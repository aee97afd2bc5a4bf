//! Rewards in proportion to a decaying weight.
