//! credit_vault
