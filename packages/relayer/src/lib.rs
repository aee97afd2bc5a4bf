//! Carries signed statements to the chain, exactly once in effect.
