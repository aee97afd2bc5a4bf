//! Messages of `voting-adapter`.
