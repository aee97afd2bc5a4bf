//! The encodings and trees a second time, as plainly as possible: whole vectors, recursion by the text of RFC 6962, no
//! code shared with the library.

use sha2::{Digest as _, Sha256};

pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(parts.concat()).into()
}

/// `SHA-256(tag ‖ u8 len ‖ chain_id ‖ u8 len ‖ contract ‖ body)`.
pub fn digest(tag: &[u8], chain_id: &str, contract: &str, body: &[u8]) -> [u8; 32] {
    sha256(&[
        tag,
        &[chain_id.len() as u8],
        chain_id.as_bytes(),
        &[contract.len() as u8],
        contract.as_bytes(),
        body,
    ])
}

/// A node: hash, then calls, units, list, cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub hash: [u8; 32],
    pub sums: [u128; 4],
}

impl Node {
    pub fn leaf(content: u8, encoding: &[u8], sums: [u128; 4]) -> Self {
        Self {
            hash: sha256(&[&[0, content], encoding]),
            sums,
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let [calls, units, list, cost] = self.sums;
        let mut bytes = self.hash.to_vec();
        bytes.extend((calls as u64).to_be_bytes());
        bytes.extend(units.to_be_bytes());
        bytes.extend(list.to_be_bytes());
        bytes.extend(cost.to_be_bytes());
        bytes
    }

    fn parent(size: usize, left: &Self, right: &Self) -> Self {
        let mut sums = left.sums;
        sums.iter_mut().zip(right.sums).for_each(|(sum, other)| *sum += other);
        Self {
            hash: sha256(&[&[1], &(size as u32).to_be_bytes(), &left.bytes(), &right.bytes()]),
            sums,
        }
    }
}

/// RFC 6962 §2.1: k is the largest power of two smaller than n.
pub fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

pub fn root(leaves: &[Node]) -> Node {
    if leaves.len() == 1 {
        return leaves[0].clone();
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    Node::parent(leaves.len(), &root(left), &root(right))
}

/// The siblings of the leaves `first..first + len`, from left to right.
pub fn siblings(leaves: &[Node], first: usize, len: usize) -> Vec<Node> {
    fn walk(leaves: &[Node], offset: usize, wanted: std::ops::Range<usize>, out: &mut Vec<Node>) {
        let inside = (offset..offset + leaves.len()).filter(|at| wanted.contains(at)).count();
        if inside == 0 {
            out.push(root(leaves));
        } else if inside < leaves.len() {
            let (left, right) = leaves.split_at(split(leaves.len()));
            walk(left, offset, wanted.clone(), out);
            walk(right, offset + left.len(), wanted, out);
        }
    }
    let mut out = Vec::new();
    walk(leaves, 0, first..first + len, &mut out);
    out
}
