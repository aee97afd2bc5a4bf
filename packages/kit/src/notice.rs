//! Public notice: a value that is announced now and in force later, so that everyone can see it coming and leave.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Timestamp;

/// Seconds between announcing and force where an operator adds to a list of trust: 48 hours.
pub const NOTICE_SECONDS: u64 = 48 * 60 * 60;

/// A value and the second from which it is in force.
#[cw_serde]
#[derive(Eq, Copy)]
pub struct Notice<T> {
    /// What is announced.
    pub value: T,
    /// Unix time in seconds; in force from this second on.
    pub effective_at: u64,
}

impl<T> Notice<T> {
    /// Announces `value`, in force `seconds` from `now` (or never, where that time does not exist).
    pub fn after(value: T, now: Timestamp, seconds: u64) -> Self {
        Self {
            value,
            effective_at: now.seconds().saturating_add(seconds),
        }
    }

    /// A value in force from `now`, as given at instantiate.
    pub fn at_once(value: T, now: Timestamp) -> Self {
        Self::after(value, now, 0)
    }

    /// Whether the value is in force.
    pub fn in_force(&self, now: Timestamp) -> bool {
        self.effective_at <= now.seconds()
    }

    /// The value, if it is in force.
    pub fn get(&self, now: Timestamp) -> Option<&T> {
        self.in_force(now).then_some(&self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announced_value_cannot_be_used_early() {
        let now = Timestamp::from_seconds(1_000);
        let notice = Notice::after("key", now, NOTICE_SECONDS);
        assert_eq!(notice.effective_at, 1_000 + 172_800);
        assert_eq!(notice.get(now), None);
        assert_eq!(notice.get(now.plus_seconds(NOTICE_SECONDS - 1)), None);
        assert_eq!(notice.get(now.plus_seconds(NOTICE_SECONDS).minus_nanos(1)), None);
        assert_eq!(notice.get(now.plus_seconds(NOTICE_SECONDS)), Some(&"key"));
        assert!(notice.in_force(now.plus_seconds(NOTICE_SECONDS + 1)));
    }

    #[test]
    fn value_given_at_instantiate_is_in_force_at_once() {
        let now = Timestamp::from_seconds(1_000);
        assert_eq!(Notice::at_once(7, now).get(now), Some(&7));
    }

    #[test]
    fn absurd_delay_means_never_rather_than_now() {
        let notice = Notice::after(7, Timestamp::from_seconds(1_000), u64::MAX);
        assert!(!notice.in_force(Timestamp::from_seconds(4_000_000_000)));
    }
}
