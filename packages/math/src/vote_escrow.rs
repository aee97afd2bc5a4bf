//! Decaying voting weight in exact integers.
