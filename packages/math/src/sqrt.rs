//! Integer square roots, down and up.

/// ⌊√x⌋
pub const fn sqrt_floor(x: u128) -> u128 {
    x.isqrt()
}

/// ⌈√x⌉
pub const fn sqrt_ceil(x: u128) -> u128 {
    let root = x.isqrt();
    // the root has at most 64 bits, so neither its square nor its successor can overflow
    match root.saturating_mul(root) == x {
        true => root,
        false => root.saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn roots_at_the_edges() {
        let largest = u128::from(u64::MAX);
        for (x, floor, ceil) in [
            (0, 0, 0),
            (1, 1, 1),
            (2, 1, 2),
            (3, 1, 2),
            (4, 2, 2),
            (largest * largest, largest, largest),
            (largest * largest - 1, largest - 1, largest),
            (u128::MAX, largest, largest + 1),
        ] {
            assert_eq!((sqrt_floor(x), sqrt_ceil(x)), (floor, ceil), "{x}");
        }
    }

    proptest! {
        #[test]
        fn roots_enclose_the_number(x: u128, bits in 0..128u32) {
            let x = x >> bits;
            let [floor, ceil, exact] = [sqrt_floor(x), sqrt_ceil(x), x].map(BigUint::from);
            let square = &floor * &floor;
            prop_assert!(square <= exact && exact < (&floor + 1u8) * (&floor + 1u8));
            prop_assert!(&ceil * &ceil >= exact && ceil <= &floor + 1u8);
            prop_assert_eq!(ceil == floor, square == exact);
        }
    }
}
