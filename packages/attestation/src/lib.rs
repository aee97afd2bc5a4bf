//! What a trusted environment signs: bodies, digests, chains and Merkle-sum logs.
