//! Messages of `vcai`.
