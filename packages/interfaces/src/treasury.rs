//! Messages of `treasury`.
