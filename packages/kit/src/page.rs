//! Page sizes of list queries.

/// Rows answered when the query names no limit.
pub const DEFAULT_LIMIT: u32 = 30;
/// Most rows answered, whatever the query asks.
pub const MAX_LIMIT: u32 = 100;

/// Number of rows to answer: `limit`, [`DEFAULT_LIMIT`] without one, never above [`MAX_LIMIT`].
pub fn limit(limit: Option<u32>) -> usize {
    limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limit_is_bounded() {
        let cases = [
            (None, 30),
            (Some(0), 0),
            (Some(1), 1),
            (Some(100), 100),
            (Some(101), 100),
            (Some(u32::MAX), 100),
        ];
        for (asked, answered) in cases {
            assert_eq!(limit(asked), answered, "{asked:?}");
        }
    }
}
