//! Messages of `genesis-nft`.
