//! Messages of `vote-escrow`.
