//! tee_verifier
