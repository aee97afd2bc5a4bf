//! attestation_oracle
