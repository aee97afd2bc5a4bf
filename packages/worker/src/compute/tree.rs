//! Merkle tree over the results of a job's steps, in RFC 6962 shape: a job's output root. One wrong step is shown by one path.

use attestation::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Grows step by step in O(log n) memory; what is kept is enough to go on after a restart.
///
/// Invariant: complete subtrees of strictly falling sizes, powers of two, from left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    subtrees: Vec<(u64, Digest)>,
}

impl Tree {
    /// Adds the result of the next step.
    pub fn push(&mut self, result: &[u8]) {
        let mut node = (1, leaf(result));
        while let Some((size, left)) = self.subtrees.last().copied().filter(|(size, _)| *size == node.0) {
            self.subtrees.pop();
            node = (size.saturating_mul(2), parent(&left, &node.1));
        }
        self.subtrees.push(node);
    }

    /// Steps so far.
    pub fn steps(&self) -> u64 {
        self.subtrees.iter().map(|(size, _)| size).sum()
    }

    /// Root over the steps so far; all zero before the first.
    pub fn root(&self) -> Digest {
        let mut subtrees = self.subtrees.iter().rev().map(|(_, digest)| *digest);
        let last = subtrees.next().unwrap_or_default();
        subtrees.fold(last, |right, left| parent(&left, &right))
    }
}

fn leaf(result: &[u8]) -> Digest {
    Sha256::new().chain_update([0]).chain_update(result).finalize().into()
}

fn parent(left: &Digest, right: &Digest) -> Digest {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962, section 2.1, word for word.
    fn slow(leaves: &[Vec<u8>]) -> Digest {
        match leaves {
            [] => [0; 32],
            [one] => leaf(one),
            many => {
                let split = many.len().div_ceil(2).next_power_of_two();
                parent(&slow(&many[..split]), &slow(&many[split..]))
            }
        }
    }

    #[test]
    fn the_tree_is_that_of_rfc_6962() {
        let mut tree = Tree::default();
        let mut leaves = vec![];
        for step in 0u8..70 {
            assert_eq!((tree.root(), tree.steps()), (slow(&leaves), u64::from(step)));
            leaves.push(vec![step; 3]);
            tree.push(leaves.last().unwrap());
        }
    }

    #[test]
    fn a_tree_survives_its_text() {
        let mut tree = Tree::default();
        (0u8..11).for_each(|step| tree.push(&[step]));
        let text = serde_json::to_string(&tree).unwrap();
        assert_eq!(serde_json::from_str::<Tree>(&text).unwrap(), tree);
    }
}
