//! Shares out quota of scarce models by time-averaged stake.
