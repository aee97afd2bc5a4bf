//! What contracts share: two-step ownership, pausing, receive guards, migration checks.
