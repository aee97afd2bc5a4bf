//! Messages of `ve-rewards`.
