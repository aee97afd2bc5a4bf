//! Vesting schedules in integers.
