//! Messages of `incentive-controller`.
