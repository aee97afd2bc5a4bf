//! Proving calls against a posted report, and a gateway that lies in every way it can.

use attestation::*;

use crate::reference;

fn leaf(account: &str, sku: &str, index: u32) -> Leaf {
    let units = u128::from(index) + 100;
    Leaf {
        call_id: format!("call-{index}"),
        account: account.into(),
        sku: sku.into(),
        units,
        list: units * 5,
        cost: units * 2,
        time: 1_000 + u64::from(index),
    }
}

fn log(account: &str, sku: &str, count: u32) -> Vec<Leaf> {
    (0..count).map(|index| leaf(account, sku, index)).collect()
}

fn nodes(leaves: &[Leaf]) -> Vec<MerkleSum> {
    leaves.iter().map(|leaf| leaf.node().unwrap()).collect()
}

fn root(nodes: &[MerkleSum]) -> MerkleSum {
    let mut builder = MerkleBuilder::new();
    nodes.iter().for_each(|node| builder.push(*node).unwrap());
    builder.root().unwrap()
}

/// A posted report: its entries, and the root the gateway signed.
struct Report {
    entries: Vec<Entry>,
    root: Digest,
}

impl Report {
    fn new(entries: Vec<Entry>) -> Self {
        let root = log_root(&entries).unwrap().hash;
        Self { entries, root }
    }

    fn entry_proof(&self, index: usize) -> Proof {
        let nodes: Vec<MerkleSum> = self.entries.iter().map(|entry| entry.node().unwrap()).collect();
        prove(&nodes, index as u32).unwrap()
    }

    fn verify(&self, index: usize, leaves: &[Leaf], at: usize) -> Result<(), ProofError> {
        let proof = prove(&nodes(leaves), at as u32).unwrap();
        verify_call(
            &self.root,
            &self.entries[index],
            &self.entry_proof(index),
            &leaves[at],
            &proof,
        )
    }
}

fn report() -> (Report, Vec<Vec<Leaf>>) {
    let logs = vec![
        log("alpha", "in", 9),
        log("alpha", "out", 1),
        log("beta", "in", 64),
        log("gamma", "in", 70),
    ];
    let entries = logs.iter().map(|leaves| Entry::from_leaves(leaves).unwrap()).collect();
    (Report::new(entries), logs)
}

#[test]
fn every_call_of_a_report_is_proved() {
    let (report, logs) = report();
    for (index, leaves) in logs.iter().enumerate() {
        for at in 0..leaves.len() {
            report.verify(index, leaves, at).unwrap();
        }
    }
}

#[test]
fn a_call_that_is_not_in_the_log_is_not_proved() {
    let (report, logs) = report();
    let entry_proof = report.entry_proof(2);
    let proof = prove(&nodes(&logs[2]), 7).unwrap();
    let good = logs[2][7].clone();
    let changed = [
        Leaf {
            call_id: "call-8".into(),
            ..good.clone()
        },
        Leaf {
            account: "betb".into(),
            ..good.clone()
        },
        Leaf {
            sku: "im".into(),
            ..good.clone()
        },
        Leaf {
            units: good.units + 1,
            ..good.clone()
        },
        Leaf {
            list: good.list + 1,
            ..good.clone()
        },
        Leaf {
            cost: good.cost - 1,
            ..good.clone()
        },
        Leaf {
            time: good.time + 1,
            ..good.clone()
        },
    ];
    let check = |leaf: &Leaf| verify_call(&report.root, &report.entries[2], &entry_proof, leaf, &proof);
    check(&good).unwrap();
    for leaf in changed {
        assert!(matches!(check(&leaf), Err(ProofError::WrongRoot { .. })), "{leaf:?}");
    }
}

#[test]
fn an_entry_that_is_not_in_the_log_proves_nothing() {
    let (report, logs) = report();
    let proof = prove(&nodes(&logs[2]), 7).unwrap();
    let good = report.entries[2].clone();
    let entries = [
        Entry {
            account: "betb".into(),
            ..good.clone()
        },
        Entry {
            sku: "im".into(),
            ..good.clone()
        },
        Entry {
            calls: 65,
            ..good.clone()
        },
        Entry {
            units: 1,
            ..good.clone()
        },
        Entry {
            list: 1,
            ..good.clone()
        },
        Entry {
            cost: 1,
            ..good.clone()
        },
        Entry {
            last: 1,
            ..good.clone()
        },
        Entry {
            leaves_root: [0; 32],
            ..good
        },
    ];
    for entry in entries {
        let result = verify_call(&report.root, &entry, &report.entry_proof(2), &logs[2][7], &proof);
        assert!(matches!(result, Err(ProofError::WrongRoot { .. })), "{entry:?}");
    }
}

/// A gateway posts an entry that contradicts its own leaves. The call is still shown to be in the log, so that it can be
/// disputed, and the contradiction is named.
#[test]
fn a_lying_entry_is_named() {
    let leaves = log("alpha", "in", 5);
    let honest = Entry::from_leaves(&leaves).unwrap();
    let lies = [
        (
            Entry {
                account: "victim".into(),
                ..honest.clone()
            },
            Fault::Account,
        ),
        (
            Entry {
                sku: "out".into(),
                ..honest.clone()
            },
            Fault::Sku,
        ),
        (
            Entry {
                last: honest.last - 1,
                ..honest.clone()
            },
            Fault::Time,
        ),
        (
            Entry {
                units: honest.units + 1,
                ..honest.clone()
            },
            Fault::Sums,
        ),
        (
            Entry {
                list: honest.list + 1,
                ..honest.clone()
            },
            Fault::Sums,
        ),
        (
            Entry {
                cost: honest.cost - 1,
                ..honest.clone()
            },
            Fault::Sums,
        ),
        (
            Entry {
                calls: 6,
                ..honest.clone()
            },
            Fault::Sums,
        ),
    ];
    for (lie, fault) in lies {
        let report = Report::new(vec![lie.clone()]);
        assert_eq!(report.verify(0, &leaves, 4), Err(ProofError::Fault(fault)));
        let proof = prove(&nodes(&leaves), 4).unwrap();
        let opened = open_call(&report.root, &lie, &report.entry_proof(0), &leaves[4], &proof).unwrap();
        assert_eq!(opened.sums, honest.sums());
        assert_eq!(verify_leaves(&lie, &leaves[4..], &proof), Err(ProofError::Fault(fault)));
    }
}

#[test]
fn a_challenge_is_answered_by_the_leaves_asked_for() {
    let leaves = log("gamma", "in", 70);
    let entry = Entry::from_leaves(&leaves).unwrap();
    let all = nodes(&leaves);
    for (first, len) in [(0, 64), (6, 64), (33, 5), (69, 1), (0, 1)] {
        let proof = prove_range(&all, first, len).unwrap();
        let run = &leaves[first as usize..][..len];
        verify_leaves(&entry, run, &proof).unwrap();
        let shifted = Proof {
            index: (first + 1) % 7,
            ..proof.clone()
        };
        assert!(verify_leaves(&entry, run, &shifted).is_err());
        let mut false_run = run.to_vec();
        false_run[len / 2].units += 1;
        assert!(matches!(
            verify_leaves(&entry, &false_run, &proof),
            Err(ProofError::WrongRoot { .. })
        ));
    }
    assert!(matches!(prove_range(&all, 0, 65), Err(ProofError::Range { .. })));
    let proof = prove_range(&all, 0, 64).unwrap();
    assert!(matches!(
        verify_leaves(&entry, &leaves[..65], &proof),
        Err(ProofError::Range { .. })
    ));
    assert!(matches!(
        verify_leaves(&entry, &[], &proof),
        Err(ProofError::Range { .. })
    ));
}

#[test]
fn an_honest_log_cannot_be_accused_of_wrong_sums() {
    let leaves = log("alpha", "in", 13);
    let entry = Entry::from_leaves(&leaves).unwrap();
    let all = nodes(&leaves);
    let (left, right) = (root(&all[..8]), root(&all[8..]));
    let top = Proof {
        index: 0,
        count: 13,
        siblings: vec![],
    };
    let whole = root(&all);
    let children = Below::Children {
        left: &left,
        right: &right,
    };
    assert_eq!(
        verify_wrong_sum(&entry, &whole, &top, children),
        Err(ProofError::RightSums)
    );
    // The root's sums are the entry's, whatever the accuser writes.
    let inflated = MerkleSum {
        sums: Sums { cost: 1, ..whole.sums },
        ..whole
    };
    assert_eq!(
        verify_wrong_sum(&entry, &inflated, &top, children),
        Err(ProofError::RightSums)
    );

    let proof = prove_subtree(&all, 0, 8).unwrap();
    let (a, b) = (root(&all[..4]), root(&all[4..8]));
    let below = Below::Children { left: &a, right: &b };
    assert_eq!(
        verify_wrong_sum(&entry, &left, &proof, below),
        Err(ProofError::RightSums)
    );
    let swapped = Below::Children { left: &b, right: &a };
    assert_eq!(
        verify_wrong_sum(&entry, &left, &proof, swapped),
        Err(ProofError::NotBelow)
    );
    let inflated = MerkleSum {
        sums: Sums { cost: 1, ..left.sums },
        ..left
    };
    assert!(matches!(
        verify_wrong_sum(&entry, &inflated, &proof, below),
        Err(ProofError::WrongRoot { .. })
    ));

    let proof = prove_subtree(&all, 12, 1).unwrap();
    let call = Below::Call(&leaves[12]);
    assert_eq!(
        verify_wrong_sum(&entry, &all[12], &proof, call),
        Err(ProofError::RightSums)
    );
    let other = Below::Call(&leaves[11]);
    assert_eq!(
        verify_wrong_sum(&entry, &all[12], &proof, other),
        Err(ProofError::NotBelow)
    );
}

/// An entry built over nodes of the gateway's making.
fn forged(leaves: &[Leaf], top: MerkleSum) -> Entry {
    let Sums {
        calls,
        units,
        list,
        cost,
    } = top.sums;
    Entry {
        calls,
        units,
        list,
        cost,
        leaves_root: top.hash,
        ..Entry::from_leaves(leaves).unwrap()
    }
}

/// The gateway charges for more than a leaf holds by committing to it with larger sums.
#[test]
fn an_inflated_leaf_is_proved_wrong() {
    let leaves = log("alpha", "in", 5);
    let mut all = nodes(&leaves);
    all[3].sums.list += 1_000_000;
    let entry = forged(&leaves, root(&all));
    let report = Report::new(vec![entry.clone()]);
    // The honest leaf has no path any more: its real sums lead elsewhere.
    let proof = prove(&all, 3).unwrap();
    let result = verify_call(&report.root, &entry, &report.entry_proof(0), &leaves[3], &proof);
    assert!(matches!(result, Err(ProofError::WrongRoot { .. })));
    verify_wrong_sum(&entry, &all[3], &proof, Below::Call(&leaves[3])).unwrap();
    // Its honest neighbour is fine, and cannot be accused.
    let proof = prove(&all, 2).unwrap();
    verify_call(&report.root, &entry, &report.entry_proof(0), &leaves[2], &proof).unwrap();
    let accused = verify_wrong_sum(&entry, &all[2], &proof, Below::Call(&leaves[2]));
    assert_eq!(accused, Err(ProofError::RightSums));
}

/// The gateway commits to an interior node with larger sums than its children have.
#[test]
fn an_inflated_interior_node_is_proved_wrong() {
    let leaves = log("alpha", "in", 6);
    let all = nodes(&leaves);
    let honest_left = reference_node(&root(&all[..4]));
    let mut lie = root(&all[..4]);
    lie.sums.units += 9;
    let right = root(&all[4..]);
    // The root over the lying node, by the second implementation.
    let content = [&6_u32.to_be_bytes()[..], &lie.encode(), &right.encode()].concat();
    let sums = Sums {
        calls: 6,
        units: lie.sums.units + right.sums.units,
        list: lie.sums.list + right.sums.list,
        cost: lie.sums.cost + right.sums.cost,
    };
    let top = MerkleSum {
        hash: reference::sha256(&[&[1], &content]),
        sums,
    };
    let entry = forged(&leaves, top);
    assert_eq!(honest_left.hash, lie.hash);
    let proof = Proof {
        index: 0,
        count: 6,
        siblings: vec![right],
    };
    let (left, middle) = (root(&all[..2]), root(&all[2..4]));
    verify_wrong_sum(
        &entry,
        &lie,
        &proof,
        Below::Children {
            left: &left,
            right: &middle,
        },
    )
    .unwrap();
    let top_proof = Proof {
        index: 0,
        count: 6,
        siblings: vec![],
    };
    let accused = verify_wrong_sum(
        &entry,
        &top,
        &top_proof,
        Below::Children {
            left: &lie,
            right: &right,
        },
    );
    assert_eq!(accused, Err(ProofError::RightSums));
}

fn reference_node(node: &MerkleSum) -> reference::Node {
    let Sums {
        calls,
        units,
        list,
        cost,
    } = node.sums;
    reference::Node {
        hash: node.hash,
        sums: [calls.into(), units, list, cost],
    }
}

/// The entry itself states more than its tree, or a tree whose sums overflow.
#[test]
fn an_inflated_or_overflowing_entry_is_proved_wrong() {
    let leaves = log("alpha", "in", 2);
    let all = nodes(&leaves);
    let top = Proof {
        index: 0,
        count: 2,
        siblings: vec![],
    };
    let honest = Entry::from_leaves(&leaves).unwrap();
    let lie = Entry {
        cost: honest.cost + 1,
        ..honest
    };
    let below = Below::Children {
        left: &all[0],
        right: &all[1],
    };
    verify_wrong_sum(&lie, &root(&all), &top, below).unwrap();

    let mut huge = all[1];
    huge.sums.cost = u128::MAX;
    let content = [&2_u32.to_be_bytes()[..], &all[0].encode(), &huge.encode()].concat();
    let node = MerkleSum {
        hash: reference::sha256(&[&[1], &content]),
        sums: lie.sums(),
    };
    let entry = Entry {
        leaves_root: node.hash,
        ..lie
    };
    verify_wrong_sum(
        &entry,
        &node,
        &top,
        Below::Children {
            left: &all[0],
            right: &huge,
        },
    )
    .unwrap();
}

/// A million calls over 50 accounts with 4 SKUs each are one report, and any of them is proved.
#[test]
fn a_million_calls_are_one_report() {
    let skus = ["in", "out", "tin", "tout"];
    let mut builders: Vec<EntryBuilder> = (0..50)
        .flat_map(|account| skus.map(|sku| EntryBuilder::new(&format!("account-{account:02}"), sku)))
        .collect();
    for call in 0..1_000_000_u32 {
        let slot = call as usize % 200;
        builders[slot]
            .push(&leaf(&format!("account-{:02}", slot / 4), skus[slot % 4], call))
            .unwrap();
    }
    let entries: Vec<Entry> = builders.iter().map(|builder| builder.finish().unwrap()).collect();
    let report = Report::new(entries);
    assert_eq!(log_root(&report.entries).unwrap().sums.calls, 1_000_000);
    let slot = 123;
    let leaves: Vec<Leaf> = (0..5_000)
        .map(|index| leaf("account-30", skus[slot % 4], index * 200 + slot as u32))
        .collect();
    report.verify(slot, &leaves, 4_321).unwrap();
}

/// The gateway counts one call twice to make an entry look like six calls where there are five.
#[test]
fn a_call_counted_twice_is_a_fault() {
    let leaves = log("alpha", "in", 5);
    let mut all = nodes(&leaves);
    all[0].sums.calls = 2;
    let entry = forged(&leaves, root(&all));
    assert_eq!(entry.calls, 6);
    let report = Report::new(vec![entry.clone()]);
    let proof = prove(&all, 4).unwrap();
    let result = verify_call(&report.root, &entry, &report.entry_proof(0), &leaves[4], &proof);
    assert_eq!(result, Err(ProofError::Fault(Fault::Sums)));
    let proof = prove(&all, 0).unwrap();
    verify_wrong_sum(&entry, &all[0], &proof, Below::Call(&leaves[0])).unwrap();
}
