//! Messages of `token-allocation`.
