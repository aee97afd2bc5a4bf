//! What hardware evidence says about GPUs.

use crate::Digest;

/// Bytes 32 to 63 of the report data of hardware without attested GPUs: SHA-256 of an empty list of GPU certificate
/// serials. Bytes 0 to 31 are the [`binding`](crate::binding).
pub const NO_GPUS: Digest = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41,
    0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn no_gpus_is_the_hash_of_nothing() {
        assert_eq!(NO_GPUS, <[u8; 32]>::from(Sha256::digest(b"")));
    }
}
