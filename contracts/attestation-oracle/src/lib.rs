//! Enrolled keys, verification of signed statements, and their fan-out to the contracts that settle them.
