//! The Credit ledger: deposits, redemption, spending accounts, settlement of attested usage and the halving mint.
