//! Public queue through which contracts are migrated and their peers changed, never sooner than a fixed delay.
