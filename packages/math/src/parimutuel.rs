//! Dynamic parimutuel with the L2 cost function.
