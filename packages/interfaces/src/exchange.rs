//! A constant-product pool for any pair of assets, with time-weighted prices kept in the pool.
