//! Merkle-sum trees against a recursion by the text of RFC 6962, and the attacks on them.

use crate::reference::{self, Node};
use attestation::*;
use proptest::prelude::*;

const LARGEST: u32 = 70;

fn leaf(index: u32) -> Leaf {
    let units = u128::from(index) * 31 + 7;
    Leaf {
        call_id: format!("call-{index}"),
        account: "alpha".into(),
        sku: "gpt".into(),
        units,
        list: units * 5,
        cost: units * 2,
        time: u64::from(index),
    }
}

fn nodes(count: u32) -> Vec<MerkleSum> {
    (0..count).map(|index| leaf(index).node().unwrap()).collect()
}

fn plain(node: &MerkleSum) -> Node {
    let Sums {
        calls,
        units,
        list,
        cost,
    } = node.sums;
    Node {
        hash: node.hash,
        sums: [calls.into(), units, list, cost],
    }
}

fn plain_root(nodes: &[MerkleSum]) -> Node {
    reference::root(&nodes.iter().map(plain).collect::<Vec<_>>())
}

fn built(nodes: &[MerkleSum]) -> MerkleSum {
    let mut builder = MerkleBuilder::new();
    nodes.iter().for_each(|node| builder.push(*node).unwrap());
    assert_eq!(builder.count() as usize, nodes.len());
    builder.root().unwrap()
}

fn wrong_root(result: Result<MerkleSum, ProofError>) -> bool {
    matches!(result, Err(ProofError::WrongRoot { .. }))
}

#[test]
fn builder_and_recursion_agree_at_every_size() {
    for count in 1..=300 {
        let nodes = nodes(count);
        assert_eq!(plain(&built(&nodes)), plain_root(&nodes), "{count}");
    }
}

/// The root may be asked for at any time, and building goes on.
#[test]
fn a_root_does_not_disturb_the_builder() {
    let nodes = nodes(LARGEST);
    let mut builder = MerkleBuilder::new();
    for (index, node) in nodes.iter().enumerate() {
        builder.push(*node).unwrap();
        assert_eq!(plain(&builder.root().unwrap()), plain_root(&nodes[..=index]));
    }
}

#[test]
fn an_empty_tree_has_no_root() {
    assert_eq!(MerkleBuilder::new().root(), Err(LogError::Empty));
    assert!(matches!(prove(&[], 0), Err(ProofError::Range { .. })));
    let proof = Proof {
        index: 0,
        count: 0,
        siblings: vec![],
    };
    assert!(matches!(proof.root(&nodes(1)), Err(ProofError::Range { .. })));
}

#[test]
fn every_leaf_of_every_size_is_proved() {
    for count in 1..=LARGEST {
        let nodes = nodes(count);
        let root = built(&nodes);
        for index in 0..count {
            let proof = prove(&nodes, index).unwrap();
            assert_eq!(Proof::decode(&proof.encode()).unwrap(), proof);
            assert!(proof.siblings.len() <= 32 - (count - 1).leading_zeros() as usize);
            assert_eq!(verify(&root.hash, &nodes[index as usize..][..1], &proof), Ok(root));
        }
        assert!(matches!(prove(&nodes, count), Err(ProofError::Range { .. })));
    }
}

#[test]
fn every_range_of_every_size_is_proved() {
    for count in (1..=20).chain([LARGEST]) {
        let nodes = nodes(count);
        let root = built(&nodes);
        for first in 0..count as usize {
            for len in 1..=(count as usize - first).min(MAX_RANGE) {
                let proof = prove_range(&nodes, first as u32, len).unwrap();
                assert_eq!(verify(&root.hash, &nodes[first..first + len], &proof), Ok(root));
            }
        }
    }
}

#[test]
fn a_range_has_1_to_64_leaves_inside_the_tree() {
    let nodes = nodes(LARGEST);
    for (first, len) in [(0, 0), (0, 65), (7, 64), (70, 1), (u32::MAX, 1), (u32::MAX, 64)] {
        let expected = ProofError::Range {
            index: first,
            len,
            count: LARGEST,
        };
        assert_eq!(prove_range(&nodes, first, len), Err(expected));
        let proof = Proof {
            index: first,
            count: LARGEST,
            siblings: vec![],
        };
        assert_eq!(proof.root(&vec![nodes[0]; len]), Err(expected));
    }
}

/// Every bit of every sibling counts.
#[test]
fn a_proof_with_a_changed_bit_is_refused() {
    let nodes = nodes(13);
    let root = built(&nodes);
    for index in [0, 5, 12] {
        let good = prove(&nodes, index).unwrap().encode();
        for bit in 64..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let result = verify(
                &root.hash,
                &nodes[index as usize..][..1],
                &Proof::decode(&bytes).unwrap(),
            );
            assert!(result.is_err(), "index {index}, bit {bit}");
        }
    }
}

#[test]
fn a_proof_with_missing_surplus_or_swapped_siblings_is_refused() {
    let nodes = nodes(13);
    let root = built(&nodes);
    let good = prove(&nodes, 5).unwrap();
    let check = |proof: &Proof| verify(&root.hash, &nodes[5..6], proof);
    for at in 0..good.siblings.len() {
        let mut proof = good.clone();
        proof.siblings.remove(at);
        assert_eq!(check(&proof), Err(ProofError::MissingSibling));
        let mut proof = good.clone();
        proof.siblings.insert(at, nodes[0]);
        assert_eq!(check(&proof), Err(ProofError::SurplusSiblings { extra: 1 }));
        let mut proof = good.clone();
        proof.siblings.swap(at, (at + 1) % good.siblings.len());
        assert!(wrong_root(check(&proof)));
    }
}

/// Count ambiguity: without the sizes in the hashes, the first leaf of three has a valid path in a tree of four.
#[test]
fn a_leaf_is_proved_at_one_index_of_one_count_only() {
    for count in 1..=24_u32 {
        let nodes = nodes(count);
        let root = built(&nodes);
        for index in 0..count {
            let good = prove(&nodes, index).unwrap();
            for other_count in 1..=50 {
                for other_index in (0..other_count).filter(|other| (*other, other_count) != (index, count)) {
                    let proof = Proof {
                        index: other_index,
                        count: other_count,
                        ..good.clone()
                    };
                    assert!(verify(&root.hash, &nodes[index as usize..][..1], &proof).is_err());
                }
            }
        }
    }
}

/// CVE-2012-2459: trees that pair an odd leaf with itself give `[a, b, c]` and `[a, b, c, c]` one root.
#[test]
fn a_duplicated_last_leaf_changes_the_root() {
    for count in 1..=LARGEST {
        let mut nodes = nodes(count);
        let root = built(&nodes);
        nodes.push(nodes[count as usize - 1]);
        assert_ne!(built(&nodes).hash, root.hash, "{count}");
    }
}

/// Second preimage: an interior node offered as a leaf. Leaves and interior nodes begin with different bytes, and a
/// leaf is always hashed from its own fields, so the nearest an attacker comes is a tree cut off one level higher.
#[test]
fn an_interior_node_is_no_leaf() {
    let nodes = nodes(4);
    let root = built(&nodes);
    let (left, right) = (built(&nodes[..2]), built(&nodes[2..]));
    let cut = Proof {
        index: 0,
        count: 2,
        siblings: vec![right],
    };
    assert!(wrong_root(verify(&root.hash, &[left], &cut)));
    let content = [&4_u32.to_be_bytes()[..], &left.encode(), &right.encode()].concat();
    assert_eq!(reference::sha256(&[&[1], &content]), root.hash);
    assert_ne!(reference::sha256(&[&[0], &content]), root.hash);
    assert_ne!(reference::sha256(&[&[0, 1], &content]), root.hash);
}

/// A call whose bytes are also those of an entry must not be both.
#[test]
fn an_entry_is_no_call() {
    let entry = Entry::from_leaves(&[leaf(0)]).unwrap();
    let bytes = entry.encode().unwrap();
    assert_eq!(plain(&entry.node().unwrap()), Node::leaf(2, &bytes, [1, 7, 35, 14]));
    assert_ne!(entry.node().unwrap().hash, Node::leaf(1, &bytes, [1, 7, 35, 14]).hash);
    assert_ne!(entry.leaves_root, entry.node().unwrap().hash);
}

/// Sum inflation: value moved from one child to the other leaves the parent's total unchanged. A tree that hashes only
/// totals would accept it.
#[test]
fn value_cannot_move_between_siblings() {
    let nodes = nodes(2);
    let root = built(&nodes);
    let (mut left, mut right) = (nodes[0], nodes[1]);
    left.sums.cost += 5;
    right.sums.cost -= 5;
    let proof = Proof {
        index: 0,
        count: 2,
        siblings: vec![right],
    };
    assert_eq!(proof.root(&[left]).unwrap().sums, root.sums);
    assert!(wrong_root(verify(&root.hash, &[left], &proof)));
}

/// A sibling near the top of the range must not wrap the total around to a small one.
#[test]
fn sums_never_wrap() {
    let huge = |calls, units, list, cost| MerkleSum {
        hash: [1; 32],
        sums: Sums {
            calls,
            units,
            list,
            cost,
        },
    };
    let one = leaf(0).node().unwrap();
    let most = [
        huge(u64::MAX, 0, 0, 0),
        huge(0, u128::MAX, 0, 0),
        huge(0, 0, u128::MAX, 0),
        huge(0, 0, 0, u128::MAX),
    ];
    for sibling in most {
        let proof = Proof {
            index: 0,
            count: 2,
            siblings: vec![sibling],
        };
        assert_eq!(proof.root(&[one]), Err(ProofError::Log(LogError::SumOverflow)));
        let mut builder = MerkleBuilder::new();
        builder.push(sibling).unwrap();
        assert_eq!(builder.push(one), Err(LogError::SumOverflow));
        let mut builder = MerkleBuilder::new();
        [huge(0, 0, 0, 0), huge(0, 0, 0, 0), sibling]
            .into_iter()
            .for_each(|node| builder.push(node).unwrap());
        assert!(builder.root().is_ok());
        assert_eq!(builder.push(one), Err(LogError::SumOverflow));
    }
}

#[test]
fn a_proof_has_at_most_64_siblings() {
    let header = [0; 8];
    for (siblings, accepted) in [(0, true), (64, true), (65, false)] {
        let bytes = [&header[..], &vec![0; siblings * 88]].concat();
        assert_eq!(Proof::decode(&bytes).is_ok(), accepted, "{siblings}");
    }
    assert_eq!(Proof::decode(&[0; 9]), Err(WireError::Siblings { bytes: 1 }));
    assert_eq!(Proof::decode(&[0; 7]), Err(WireError::Truncated));
}

/// The deepest walk: no tree of 2³² − 1 leaves exists here, yet its proof is bounded.
#[test]
fn a_proof_in_the_largest_tree_is_bounded() {
    let sibling = MerkleSum {
        hash: [3; 32],
        sums: Sums::default(),
    };
    for index in [0, 1, 1 << 31, u32::MAX - 2] {
        let needed = (0..=64).find(|siblings| {
            let proof = Proof {
                index,
                count: u32::MAX,
                siblings: vec![sibling; *siblings],
            };
            proof.root(&nodes(1)).is_ok()
        });
        assert!(needed.unwrap() <= 32);
    }
}

#[test]
fn every_subtree_of_every_size_is_proved() {
    fn walk(all: &[MerkleSum], first: usize, size: usize, root: &MerkleSum) {
        let node = built(&all[first..first + size]);
        let proof = prove_subtree(all, first as u32, size as u32).unwrap();
        assert_eq!(verify_subtree(&root.hash, &node, &proof), Ok(size as u32));
        if size > 1 {
            let left = reference::split(size);
            walk(all, first, left, root);
            walk(all, first + left, size - left, root);
        }
    }
    for count in 1..=24 {
        let nodes = nodes(count);
        walk(&nodes, 0, count as usize, &built(&nodes));
    }
}

#[test]
fn leaves_that_are_no_subtree_have_no_subtree_proof() {
    let nodes = nodes(13);
    for (first, size) in [(0, 3), (1, 2), (8, 3), (4, 8), (0, 0), (13, 1), (0, 14), (u32::MAX, 2)] {
        assert!(
            matches!(prove_subtree(&nodes, first, size), Err(ProofError::Range { .. })),
            "{first} {size}"
        );
    }
    let root = built(&nodes);
    let deep = Proof {
        index: 0,
        count: 1,
        siblings: vec![nodes[0]],
    };
    assert!(matches!(
        verify_subtree(&root.hash, &root, &deep),
        Err(ProofError::Range { .. })
    ));
    let beside = Proof {
        index: 1,
        count: 13,
        siblings: vec![],
    };
    assert!(matches!(
        verify_subtree(&root.hash, &root, &beside),
        Err(ProofError::Range { .. })
    ));
    let mut proof = prove_subtree(&nodes, 0, 8).unwrap();
    proof.siblings[0].sums.cost += 1;
    assert!(matches!(
        verify_subtree(&root.hash, &built(&nodes[..8]), &proof),
        Err(ProofError::WrongRoot { .. })
    ));
}

proptest! {
    /// Random sums, where the tests above have small ones.
    #[test]
    fn sums_and_roots_agree_with_the_reference(
        sums in proptest::collection::vec(any::<(u64, u64, u64)>(), 1..200),
        index in any::<prop::sample::Index>(),
    ) {
        let nodes: Vec<MerkleSum> = sums
            .iter()
            .map(|(units, list, cost)| {
                let (units, list, cost) = ((*units).into(), (*list).into(), (*cost).into());
                Leaf { units, list, cost, ..leaf(0) }.node().unwrap()
            })
            .collect();
        let root = built(&nodes);
        prop_assert_eq!(plain(&root), plain_root(&nodes));
        prop_assert_eq!(root.sums.units, sums.iter().map(|sums| u128::from(sums.0)).sum::<u128>());
        prop_assert_eq!(root.sums.calls, nodes.len() as u64);
        let at = index.index(nodes.len());
        let proof = prove(&nodes, at as u32).unwrap();
        prop_assert_eq!(verify(&root.hash, &nodes[at..=at], &proof), Ok(root));
    }

    #[test]
    fn a_proof_of_noise_is_refused(
        (index, count, len) in (any::<u32>(), any::<u32>(), 0_usize..70),
        siblings in proptest::collection::vec(any::<(Digest, u64, u64)>(), 0..70),
    ) {
        let siblings = siblings
            .into_iter()
            .map(|(hash, units, calls)| MerkleSum { hash, sums: Sums { calls, units: units.into(), ..Sums::default() } })
            .collect();
        let proof = Proof { index, count, siblings };
        let nodes = nodes(LARGEST);
        prop_assert!(verify(&built(&nodes).hash, &nodes[..len], &proof).is_err());
        prop_assert!(verify_subtree(&built(&nodes).hash, &nodes[0], &proof).is_err());
    }
}
