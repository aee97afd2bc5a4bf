//! Synthetic Intel-like PKI, collateral and quotes, so that every path runs without hardware.
