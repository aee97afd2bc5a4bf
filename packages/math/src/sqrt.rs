//! Integer square roots, down and up.
