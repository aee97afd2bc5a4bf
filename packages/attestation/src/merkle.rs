//! Merkle-sum trees of RFC 6962 shape.
//!
//! A tree of n leaves splits at the largest power of two below n. With `‖` for concatenation and
//! `node = hash 32 ‖ calls 8 ‖ units 16 ‖ list 16 ‖ cost 16` (88 bytes):
//!
//! ```text
//! leaf.hash     = SHA-256(0x00 ‖ u8 content ‖ encoding)          content: 1 call, 2 entry
//! interior.hash = SHA-256(0x01 ‖ u32 size ‖ left ‖ right)        size: leaves below
//! interior.sums = left.sums + right.sums                         checked, never wrapping
//! ```
//!
//! What each part is against:
//! - **Second preimage**: 0x00 and 0x01 keep a leaf from passing for an interior node; `content` keeps a call from
//!   passing for an entry.
//! - **Sum inflation**: both children's sums are hashed, not only their total, so a path cannot move value between
//!   siblings; sums are unsigned and checked, so no "negative" sibling cancels another.
//! - **Duplicated last leaf**: an odd leaf is carried up alone, never paired with itself, so no two leaf lists share a
//!   root.
//! - **Count ambiguity**: without `size`, the first leaf of three has a valid path in a tree of four. With it the root
//!   alone fixes the number of leaves, and therefore the shape and the index of every leaf.
//!
//! Sums are 128 bits wide although a leaf's amounts are 64: 2³² leaves cannot overflow them.

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use core::slice;

use sha2::{Digest as _, Sha256};

use crate::call::Fault;
use crate::wire::Reader;
use crate::{Digest, WireError};

/// Most leaves one proof may reveal.
pub const MAX_RANGE: usize = 64;

/// Most siblings a proof can need: two per level of a tree of 2³² leaves.
pub const MAX_SIBLINGS: usize = 64;

const NODE_LEN: usize = 88;
const PARENT_LEN: usize = 181;

/// What the leaves below a node add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Calls.
    pub calls: u64,
    /// Billed units.
    pub units: u128,
    /// List price, µCredit.
    pub list: u128,
    /// Attested cost, µCredit.
    pub cost: u128,
}

impl Sums {
    pub(crate) fn checked_add(&self, other: &Self) -> Result<Self, LogError> {
        let add = |a: u128, b: u128| a.checked_add(b).ok_or(LogError::SumOverflow);
        Ok(Self {
            calls: self.calls.checked_add(other.calls).ok_or(LogError::SumOverflow)?,
            units: add(self.units, other.units)?,
            list: add(self.list, other.list)?,
            cost: add(self.cost, other.cost)?,
        })
    }
}

/// A node: its hash, and the sums its parent commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MerkleSum {
    /// Commits to everything below.
    pub hash: Digest,
    /// What it adds up to.
    pub sums: Sums,
}

/// What a leaf of a tree holds.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    Call = 1,
    Entry = 2,
}

impl MerkleSum {
    pub(crate) fn leaf(content: Content, encoding: &[u8], sums: Sums) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([0, content as u8]);
        hasher.update(encoding);
        Self {
            hash: hasher.finalize().into(),
            sums,
        }
    }

    /// The parent of two nodes with `size` leaves below.
    fn join(size: u32, left: &Self, right: &Self) -> Result<Self, LogError> {
        Ok(Self {
            hash: parent_hash(size, left, right),
            sums: left.sums.checked_add(&right.sums)?,
        })
    }

    /// `hash ‖ calls ‖ units ‖ list ‖ cost`, 88 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(NODE_LEN);
        self.put(&mut out);
        out
    }

    /// Reads an encoding.
    ///
    /// # Errors
    /// [`WireError::Length`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        Self::read(&mut Reader::exact(bytes, NODE_LEN)?)
    }

    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.hash);
        out.extend_from_slice(&self.sums.calls.to_be_bytes());
        for sum in [self.sums.units, self.sums.list, self.sums.cost] {
            out.extend_from_slice(&sum.to_be_bytes());
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            hash: reader.array()?,
            sums: Sums {
                calls: reader.u64()?,
                units: reader.u128()?,
                list: reader.u128()?,
                cost: reader.u128()?,
            },
        })
    }
}

/// Hash of the parent of two nodes with `size` leaves below.
pub(crate) fn parent_hash(size: u32, left: &MerkleSum, right: &MerkleSum) -> Digest {
    let mut content = Vec::with_capacity(PARENT_LEN);
    content.push(1);
    content.extend_from_slice(&size.to_be_bytes());
    left.put(&mut content);
    right.put(&mut content);
    Sha256::digest(content).into()
}

/// Leaves left of the split of a tree of `size >= 2` leaves: the largest power of two below `size`.
fn split(size: u32) -> u32 {
    size.div_ceil(2).next_power_of_two()
}

/// Builds a root leaf by leaf in O(log n) memory.
///
/// Invariant: the stack holds complete subtrees whose sizes are strictly falling powers of two, the binary digits of
/// the number of leaves so far. Folding them from the right gives the RFC 6962 shape.
#[derive(Clone, Debug, Default)]
pub struct MerkleBuilder {
    stack: Vec<(u32, MerkleSum)>,
    count: u32,
}

impl MerkleBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves so far.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Adds the next leaf. Amortised O(1).
    ///
    /// # Errors
    /// [`LogError::TooManyLeaves`] after 2³² − 1 leaves, [`LogError::SumOverflow`]; the builder is then spent.
    pub fn push(&mut self, leaf: MerkleSum) -> Result<(), LogError> {
        self.count = self.count.checked_add(1).ok_or(LogError::TooManyLeaves)?;
        let mut carried = (1, leaf);
        while let Some(top) = self.stack.last().copied().filter(|top| top.0 == carried.0) {
            self.stack.pop();
            carried = join_sized(&top, &carried)?;
        }
        self.stack.push(carried);
        Ok(())
    }

    /// The root of the leaves so far. O(log n); leaves may be added afterwards.
    ///
    /// # Errors
    /// [`LogError::Empty`] without leaves, [`LogError::SumOverflow`].
    pub fn root(&self) -> Result<MerkleSum, LogError> {
        let mut subtrees = self.stack.iter().rev();
        let mut root = *subtrees.next().ok_or(LogError::Empty)?;
        for left in subtrees {
            root = join_sized(left, &root)?;
        }
        Ok(root.1)
    }
}

fn join_sized(left: &(u32, MerkleSum), right: &(u32, MerkleSum)) -> Result<(u32, MerkleSum), LogError> {
    let size = left.0.checked_add(right.0).ok_or(LogError::TooManyLeaves)?;
    Ok((size, MerkleSum::join(size, &left.1, &right.1)?))
}

fn root_of(leaves: &[MerkleSum]) -> Result<MerkleSum, LogError> {
    let mut builder = MerkleBuilder::new();
    leaves.iter().try_for_each(|leaf| builder.push(*leaf))?;
    builder.root()
}

/// The nodes a verifier needs beside one leaf, or a run of leaves, to compute the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Position of the first leaf revealed, counted from 0.
    pub index: u32,
    /// Leaves in the tree.
    pub count: u32,
    /// Roots of the largest subtrees without a revealed leaf, from left to right.
    pub siblings: Vec<MerkleSum>,
}

impl Proof {
    /// The root these leaves have under this proof: `revealed` are consecutive, the first at [`Self::index`].
    ///
    /// Walks the tree from the root; a subtree without a revealed leaf takes the next sibling. At most [`MAX_RANGE`]
    /// leaves and two siblings per level are hashed, whatever the size of the tree.
    ///
    /// # Errors
    /// [`ProofError`] when the run is empty, too long or outside the tree, or when siblings are missing or left over.
    pub fn root(&self, revealed: &[MerkleSum]) -> Result<MerkleSum, ProofError> {
        self.walk(wanted(self.index, revealed.len(), self.count)?, 1, revealed)
    }

    fn walk(&self, wanted: Range<u32>, grain: u32, revealed: &[MerkleSum]) -> Result<MerkleSum, ProofError> {
        let mut walk = Walk {
            wanted,
            grain,
            revealed: revealed.iter(),
            siblings: self.siblings.iter(),
        };
        let root = walk.node(0, self.count)?;
        match walk.siblings.len() {
            0 => Ok(root),
            extra => Err(ProofError::SurplusSiblings { extra }),
        }
    }

    /// Leaves of the subtree that begins at [`Self::index`] and has one sibling per level above it.
    fn subtree(&self) -> Option<u32> {
        let (mut offset, mut size) = (0_u32, self.count);
        for _ in &self.siblings {
            if size < 2 {
                return None;
            }
            let left = split(size);
            let middle = offset.saturating_add(left);
            if self.index < middle {
                size = left;
            } else {
                (offset, size) = (middle, size.saturating_sub(left));
            }
        }
        (size > 0 && offset == self.index).then_some(size)
    }

    /// `index u32 ‖ count u32 ‖ siblings`, 88 bytes each.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&self.index.to_be_bytes());
        out.extend_from_slice(&self.count.to_be_bytes());
        self.siblings.iter().for_each(|node| node.put(&mut out));
        out
    }

    /// Reads an encoding. Whether it fits a tree is for [`Self::root`] to say.
    ///
    /// # Errors
    /// [`WireError::Truncated`] or [`WireError::Siblings`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let (index, count) = (reader.u32()?, reader.u32()?);
        let bytes = reader.rest();
        if bytes > MAX_SIBLINGS.saturating_mul(NODE_LEN) || bytes % NODE_LEN != 0 {
            return Err(WireError::Siblings { bytes });
        }
        let siblings = (0..bytes / NODE_LEN)
            .map(|_| MerkleSum::read(&mut reader))
            .collect::<Result<_, _>>()?;
        Ok(Self { index, count, siblings })
    }
}

/// The positions revealed, if they are 1 to [`MAX_RANGE`] positions of the tree.
fn wanted(index: u32, len: usize, count: u32) -> Result<Range<u32>, ProofError> {
    let refused = ProofError::Range { index, len, count };
    if len == 0 || len > MAX_RANGE {
        return Err(refused);
    }
    let len = u32::try_from(len).map_err(|_| refused)?;
    match index.checked_add(len) {
        Some(end) if end <= count => Ok(index..end),
        _ => Err(refused),
    }
}

struct Walk<'a> {
    wanted: Range<u32>,
    /// Leaves under each revealed node.
    grain: u32,
    revealed: slice::Iter<'a, MerkleSum>,
    siblings: slice::Iter<'a, MerkleSum>,
}

impl Walk<'_> {
    /// The node over the `size` leaves from `offset`. Depth at most 33.
    fn node(&mut self, offset: u32, size: u32) -> Result<MerkleSum, ProofError> {
        let end = offset.saturating_add(size);
        if end <= self.wanted.start || self.wanted.end <= offset {
            return self.siblings.next().copied().ok_or(ProofError::MissingSibling);
        }
        if size == self.grain {
            return self.revealed.next().copied().ok_or(ProofError::MissingSibling);
        }
        let left = split(size);
        let (left_node, right_node) = (
            self.node(offset, left)?,
            self.node(offset.saturating_add(left), size.saturating_sub(left))?,
        );
        Ok(MerkleSum::join(size, &left_node, &right_node)?)
    }
}

/// The proof of the leaf at `index` among `leaves`. O(n).
///
/// # Errors
/// [`ProofError::Range`] when there is no such leaf, [`ProofError::Log`] when the leaves have no root.
pub fn prove(leaves: &[MerkleSum], index: u32) -> Result<Proof, ProofError> {
    prove_range(leaves, index, 1)
}

/// The proof of the `len` leaves from `first` among `leaves`. O(n).
///
/// # Errors
/// [`ProofError::Range`] when they are not 1 to [`MAX_RANGE`] of the leaves, [`ProofError::Log`] when the leaves have
/// no root.
pub fn prove_range(leaves: &[MerkleSum], first: u32, len: usize) -> Result<Proof, ProofError> {
    let count = u32::try_from(leaves.len()).map_err(|_| LogError::TooManyLeaves)?;
    let wanted = wanted(first, len, count)?;
    let mut siblings = Vec::new();
    collect(leaves, 0, &wanted, &mut siblings)?;
    Ok(Proof {
        index: first,
        count,
        siblings,
    })
}

/// The proof of the subtree that holds the `size` leaves from `first` among `leaves`, for [`verify_subtree`]. O(n).
///
/// # Errors
/// [`ProofError::Range`] when the tree has no such subtree, [`ProofError::Log`] when the leaves have no root.
pub fn prove_subtree(leaves: &[MerkleSum], first: u32, size: u32) -> Result<Proof, ProofError> {
    let count = u32::try_from(leaves.len()).map_err(|_| LogError::TooManyLeaves)?;
    let len = usize::try_from(size).map_err(|_| LogError::TooManyLeaves)?;
    let refused = ProofError::Range {
        index: first,
        len,
        count,
    };
    let end = first.checked_add(size).filter(|end| *end <= count).ok_or(refused)?;
    let mut proof = Proof {
        index: first,
        count,
        siblings: Vec::new(),
    };
    collect(leaves, 0, &(first..end), &mut proof.siblings)?;
    match proof.subtree() {
        Some(actual) if actual == size => Ok(proof),
        _ => Err(refused),
    }
}

/// Checks that `node` is the subtree that begins at `proof.index`, as far below the root as the proof has siblings, in
/// the tree of `proof.count` leaves with this root hash, and returns how many leaves it has. Its sums are those its
/// parent commits to; for the root itself (no siblings) they are whatever `node` says.
///
/// # Errors
/// [`ProofError`]; [`ProofError::WrongRoot`] when it is not there.
pub fn verify_subtree(root: &Digest, node: &MerkleSum, proof: &Proof) -> Result<u32, ProofError> {
    let Proof { index, count, .. } = *proof;
    let size = proof.subtree().ok_or(ProofError::Range { index, len: 1, count })?;
    let actual = proof.walk(index..index.saturating_add(size), size, slice::from_ref(node))?;
    if actual.hash == *root {
        Ok(size)
    } else {
        Err(ProofError::WrongRoot {
            expected: *root,
            actual: actual.hash,
        })
    }
}

/// Appends the siblings below the node over `leaves`, the first of which is at `offset`.
fn collect(
    leaves: &[MerkleSum],
    offset: u32,
    wanted: &Range<u32>,
    siblings: &mut Vec<MerkleSum>,
) -> Result<(), LogError> {
    let size = u32::try_from(leaves.len()).map_err(|_| LogError::TooManyLeaves)?;
    let end = offset.saturating_add(size);
    if end <= wanted.start || wanted.end <= offset {
        siblings.push(root_of(leaves)?);
        return Ok(());
    }
    if wanted.start <= offset && end <= wanted.end {
        return Ok(());
    }
    let left = split(size);
    let (left_leaves, right_leaves) = usize::try_from(left)
        .ok()
        .and_then(|at| leaves.split_at_checked(at))
        .ok_or(LogError::TooManyLeaves)?;
    collect(left_leaves, offset, wanted, siblings)?;
    collect(right_leaves, offset.saturating_add(left), wanted, siblings)
}

/// Checks that `revealed` are the leaves from `proof.index` in the tree of `proof.count` leaves with this root hash,
/// and returns the root with its sums.
///
/// # Errors
/// [`ProofError`]; [`ProofError::WrongRoot`] when the leaves are not there.
pub fn verify(root: &Digest, revealed: &[MerkleSum], proof: &Proof) -> Result<MerkleSum, ProofError> {
    let actual = proof.root(revealed)?;
    if actual.hash == *root {
        Ok(actual)
    } else {
        Err(ProofError::WrongRoot {
            expected: *root,
            actual: actual.hash,
        })
    }
}

/// Why leaves or entries have no root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogError {
    /// There are none.
    Empty,
    /// There are more than 2³² − 1.
    TooManyLeaves,
    /// A sum leaves its range.
    SumOverflow,
    /// A leaf is of another account or SKU than its entry.
    Foreign,
    /// A leaf or an entry has no encoding, or a list of entries has none.
    Wire(WireError),
}

impl From<WireError> for LogError {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a tree without leaves has no root"),
            Self::TooManyLeaves => f.write_str("a tree has more than 2^32 - 1 leaves"),
            Self::SumOverflow => f.write_str("a sum overflows"),
            Self::Foreign => f.write_str("a leaf is of another account or SKU than its entry"),
            Self::Wire(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for LogError {}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The positions are not 1 to [`MAX_RANGE`] positions of the tree.
    Range {
        /// The first.
        index: u32,
        /// How many.
        len: usize,
        /// Leaves in the tree.
        count: u32,
    },
    /// The proof ends before the root is reached.
    MissingSibling,
    /// The root is reached before the proof ends.
    SurplusSiblings {
        /// Siblings left over.
        extra: usize,
    },
    /// The path leads to another root.
    WrongRoot {
        /// The root asked for.
        expected: Digest,
        /// The root reached.
        actual: Digest,
    },
    /// The node commits to other children or another call.
    NotBelow,
    /// The sums are right, so they prove nothing against the log.
    RightSums,
    /// A node cannot be computed.
    Log(LogError),
    /// The call is in the log, and the log contradicts itself.
    Fault(Fault),
}

impl From<LogError> for ProofError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl From<WireError> for ProofError {
    fn from(error: WireError) -> Self {
        Self::Log(error.into())
    }
}

impl From<Fault> for ProofError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range { index, len, count } => {
                write!(f, "{len} leaves from {index} are not 1 to {MAX_RANGE} of {count}")
            }
            Self::MissingSibling => f.write_str("the proof ends before the root"),
            Self::SurplusSiblings { extra } => write!(f, "{extra} siblings are left over"),
            Self::WrongRoot { .. } => f.write_str("the path leads to another root"),
            Self::NotBelow => f.write_str("the node commits to something else below it"),
            Self::RightSums => f.write_str("the sums are right"),
            Self::Log(error) => error.fmt(f),
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl core::error::Error for ProofError {}
