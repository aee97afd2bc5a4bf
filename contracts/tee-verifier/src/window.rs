//! Validity windows.

/// Half-open span of time `[from, until)`, unix seconds.
///
/// Intel's library takes a JSON document and a certificate for valid *at* the second they end, and a CRL not. Here all end alike, so that `valid_until` has one
/// meaning; it refuses one second more than the library, never less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: u64,
    pub until: u64,
}

/// Where a moment lies that is not within a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    Before { from: u64 },
    After { until: u64 },
}

impl Window {
    /// Fails unless `from <= now < until`.
    pub fn check(self, now: u64) -> Result<(), Outside> {
        if now < self.from {
            return Err(Outside::Before { from: self.from });
        }
        if now >= self.until {
            return Err(Outside::After { until: self.until });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_half_open() {
        let window = Window { from: 10, until: 20 };
        for (now, expected) in [
            (9, Err(Outside::Before { from: 10 })),
            (10, Ok(())),
            (19, Ok(())),
            (20, Err(Outside::After { until: 20 })),
            (21, Err(Outside::After { until: 20 })),
        ] {
            assert_eq!(window.check(now), expected, "{now}");
        }
    }
}
