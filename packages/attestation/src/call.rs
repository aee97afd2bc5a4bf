//! Proving a call against a posted report, and seeing that a log contradicts itself.

use alloc::vec::Vec;
use core::fmt;
use core::slice;

use crate::merkle::{parent_hash, verify, verify_subtree, MerkleSum, Proof, ProofError, Sums};
use crate::{Digest, Entry, Leaf, WireError};

/// How a call that is in the log contradicts its entry. Only a dishonest gateway makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call is of another account.
    Account,
    /// The call is of another SKU.
    Sku,
    /// The call is newer than the entry's newest.
    Time,
    /// The calls do not add up to what the entry states.
    Sums,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account => "the call is of another account than its entry",
            Self::Sku => "the call is of another SKU than its entry",
            Self::Time => "the call is newer than its entry states",
            Self::Sums => "the calls do not add up to their entry",
        })
    }
}

/// Proves that `leaf` is a call of `entry` and `entry` is in the report with this `log_root`, and that the three agree.
///
/// # Errors
/// [`ProofError::WrongRoot`] when it is not in the log, [`ProofError::Fault`] when it is and the log contradicts itself.
pub fn verify_call(
    log_root: &Digest,
    entry: &Entry,
    entry_proof: &Proof,
    leaf: &Leaf,
    leaf_proof: &Proof,
) -> Result<(), ProofError> {
    let root = open_call(log_root, entry, entry_proof, leaf, leaf_proof)?;
    fault(entry, leaf, leaf_proof.count, &root).map_or(Ok(()), |fault| Err(fault.into()))
}

/// Proves only that the gateway put `leaf` where the paths say, and returns the root of the entry's calls: what a
/// dispute needs, since the log of a liar does not agree with itself. `leaf_proof.index` is the call's one position in
/// the entry (two different positions are two calls).
///
/// # Errors
/// [`ProofError`]; [`ProofError::WrongRoot`] when it is not in the log.
pub fn open_call(
    log_root: &Digest,
    entry: &Entry,
    entry_proof: &Proof,
    leaf: &Leaf,
    leaf_proof: &Proof,
) -> Result<MerkleSum, ProofError> {
    verify(log_root, slice::from_ref(&entry.node()?), entry_proof)?;
    verify(&entry.leaves_root, slice::from_ref(&leaf.node()?), leaf_proof)
}

/// How `leaf` contradicts `entry`, in whose tree of `count` leaves with this `root` it is.
pub fn fault(entry: &Entry, leaf: &Leaf, count: u32, root: &MerkleSum) -> Option<Fault> {
    if leaf.account != entry.account {
        Some(Fault::Account)
    } else if leaf.sku != entry.sku {
        Some(Fault::Sku)
    } else if leaf.time > entry.last {
        Some(Fault::Time)
    } else if root.sums != entry.sums() || u64::from(count) != entry.calls {
        Some(Fault::Sums)
    } else {
        None
    }
}

/// Proves that `leaves` are the calls of `entry` from `proof.index` on and agree with it: the answer to a challenge.
/// The entry must be known to be in the report.
///
/// # Errors
/// [`ProofError::Range`] unless there are 1 to [`MAX_RANGE`](crate::MAX_RANGE), [`ProofError::WrongRoot`] when they are
/// other calls, [`ProofError::Fault`] when they contradict the entry.
pub fn verify_leaves(entry: &Entry, leaves: &[Leaf], proof: &Proof) -> Result<(), ProofError> {
    let nodes = leaves.iter().map(Leaf::node).collect::<Result<Vec<_>, WireError>>()?;
    let root = verify(&entry.leaves_root, &nodes, proof)?;
    match leaves.iter().find_map(|leaf| fault(entry, leaf, proof.count, &root)) {
        Some(fault) => Err(fault.into()),
        None => Ok(()),
    }
}

/// What a node of an entry's tree was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below<'a> {
    /// Two nodes.
    Children {
        /// The left one.
        left: &'a MerkleSum,
        /// The right one.
        right: &'a MerkleSum,
    },
    /// One call.
    Call(&'a Leaf),
}

/// Proves that the tree of `entry` claims more, or less, than is in it: `node`, which its parent (or, for the root, the
/// entry) commits to, has other sums than what it was made of. Succeeds only against a dishonest gateway. The entry
/// must be known to be in the report.
///
/// Where several nodes lie, the one nearest the root has a valid path.
///
/// # Errors
/// [`ProofError::WrongRoot`] when the node is not in the tree, [`ProofError::NotBelow`] when it was made of something
/// else, [`ProofError::RightSums`] when it is honest.
pub fn verify_wrong_sum(entry: &Entry, node: &MerkleSum, proof: &Proof, below: Below<'_>) -> Result<(), ProofError> {
    let size = verify_subtree(&entry.leaves_root, node, proof)?;
    let committed = if proof.siblings.is_empty() {
        entry.sums()
    } else {
        node.sums
    };
    let (hash, sums) = made_of(size, below)?;
    if hash != node.hash {
        return Err(ProofError::NotBelow);
    }
    if sums == Some(committed) {
        return Err(ProofError::RightSums);
    }
    Ok(())
}

/// Hash and sums a node has; no sums when they overflow, which no commitment can match.
fn made_of(size: u32, below: Below<'_>) -> Result<(Digest, Option<Sums>), ProofError> {
    match below {
        Below::Children { left, right } => {
            Ok((parent_hash(size, left, right), left.sums.checked_add(&right.sums).ok()))
        }
        Below::Call(leaf) => {
            let node = leaf.node()?;
            Ok((node.hash, Some(node.sums)))
        }
    }
}
