//! How much of a position to sell.
