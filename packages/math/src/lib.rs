//! Integer maths without storage: the halving mint, square roots, rates, rounding.
