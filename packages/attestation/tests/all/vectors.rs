//! The committed vectors are what the library computes, and what a plain second implementation computes from their
//! fields.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::generate;
use crate::reference::{self, Node};
use attestation::*;
use serde_json::Value;

fn directory() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors"))
}

fn committed(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(directory().join(name)).unwrap()).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    let list = value[key].as_array().unwrap();
    assert!(!list.is_empty(), "{key} is empty");
    list
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

fn bytes(value: &Value, key: &str) -> Vec<u8> {
    hex::decode(text(value, key)).unwrap()
}

fn small(value: &Value, key: &str) -> u8 {
    value[key].as_u64().unwrap().try_into().unwrap()
}

/// The bytes of a list of fields, by the widths stated in the file.
fn assemble(fields: &[Value]) -> Vec<u8> {
    fields.iter().flat_map(field_bytes).collect()
}

fn field_bytes(field: &Value) -> Vec<u8> {
    if let Some(text) = field["text"].as_str() {
        return [&[text.len() as u8], text.as_bytes()].concat();
    }
    let width = small(field, "bytes") as usize;
    if field["hex"].is_string() {
        let raw = bytes(field, "hex");
        assert_eq!(raw.len(), width);
        return raw;
    }
    let value: u128 = text(field, "integer").parse().unwrap();
    let wide = value.to_be_bytes();
    assert!(wide[..16 - width].iter().all(|byte| *byte == 0), "{field} is too wide");
    wide[16 - width..].to_vec()
}

fn integer(fields: &[Value], name: &str) -> u128 {
    let field = fields.iter().find(|field| field["field"] == name).unwrap();
    text(field, "integer").parse().unwrap()
}

/// An encoded leaf or entry, read by hand: texts, then integers, then an optional hash.
fn amounts(encoding: &[u8], texts: usize, integers: usize) -> Vec<u128> {
    let mut at = 0;
    for _ in 0..texts {
        at += 1 + encoding[at] as usize;
    }
    (0..integers)
        .map(|index| u64::from_be_bytes(encoding[at + 8 * index..at + 8 * index + 8].try_into().unwrap()).into())
        .collect()
}

fn leaf_node(encoding: &[u8]) -> Node {
    let amounts = amounts(encoding, 3, 3);
    Node::leaf(1, encoding, [1, amounts[0], amounts[1], amounts[2]])
}

fn entry_node(encoding: &[u8]) -> Node {
    let amounts = amounts(encoding, 2, 4);
    Node::leaf(2, encoding, [amounts[0], amounts[1], amounts[2], amounts[3]])
}

fn assert_refused<T: std::fmt::Debug>(file: &Value, decode: impl Fn(&[u8]) -> Result<T, WireError>) {
    for case in list(file, "refused") {
        let error = decode(&bytes(case, "bytes")).expect_err(text(case, "why"));
        assert_eq!(error.to_string(), text(case, "error"), "{}", text(case, "why"));
    }
}

#[test]
fn fresh_output_is_what_is_committed() {
    let fresh = generate::files();
    for (name, content) in &fresh {
        assert_eq!(
            &committed(name),
            content,
            "{name}: run `cargo run -p attestation --example vectors`"
        );
    }
    let names: BTreeSet<String> = fresh.iter().map(|(name, _)| (*name).to_owned()).collect();
    let on_disk: BTreeSet<String> = directory()
        .read_dir()
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, on_disk);
}

fn check_body<B: Body + std::fmt::Debug>(name: &str, tag: &[u8]) {
    let file = committed(name);
    assert_eq!(bytes(&file, "tag"), tag);
    assert_eq!(B::TAG, tag);
    for case in list(&file, "accepted") {
        let encoding = assemble(list(case, "fields"));
        assert_eq!(encoding, bytes(case, "encoding"));
        assert_eq!(encoding.len() as u64, file["length"].as_u64().unwrap());
        let body = B::decode(&encoding).unwrap();
        assert_eq!(body.encode(), encoding);
        for signed in list(case, "digests") {
            let (chain_id, contract) = (text(signed, "chain_id"), text(signed, "contract"));
            let expected = reference::digest(tag, chain_id, contract, &encoding);
            assert_eq!(hex::encode(expected), text(signed, "digest"));
            assert_eq!(body.digest(&Domain::new(chain_id, contract).unwrap()), expected);
        }
        assert_eq!(
            hex::encode(body.chain_key().first_prev_digest()),
            text(case, "first_prev_digest")
        );
        assert_eq!(u128::from(body.seq()), integer(list(case, "fields"), "seq"));
    }
    assert_refused(&file, B::decode);
}

#[test]
fn job_attestations() {
    check_body::<JobStatement>("job-attestation.json", b"VCITY-JOB-ATTESTATION\x00\x01");
}

#[test]
fn usage_reports() {
    check_body::<UsageReport>("usage-report.json", b"VCITY-USAGE-REPORT\x00\x01");
}

#[test]
fn agent_batches() {
    check_body::<AgentBatch>("agent-batch.json", b"VCITY-AGENT-BATCH\x00\x01");
}

#[test]
fn verdicts() {
    check_body::<Verdict>("verdict.json", b"VCITY-VERDICT\x00\x01");
}

#[test]
fn chain_links() {
    check_body::<ChainLink>("chain-link.json", b"VCITY-CHAIN-LINK\x00\x01");
}

#[test]
fn chain_starts() {
    let file = committed("chain-start.json");
    let tag = bytes(&file, "tag");
    assert_eq!(tag, b"VCITY-CHAIN-START\x00\x01");
    for case in list(&file, "accepted") {
        let expected = reference::sha256(&[&tag, &[small(case, "kind")], &assemble(list(case, "fields"))]);
        assert_eq!(hex::encode(expected), text(case, "first_prev_digest"));
    }
}

#[test]
fn bindings() {
    let file = committed("tee-bind.json");
    let tag = bytes(&file, "tag");
    assert_eq!(tag, b"VCITY-TEE-BIND\x00\x01");
    for case in list(&file, "accepted") {
        let (operator, key) = (text(case, "operator"), bytes(case, "key"));
        let epoch: u32 = text(case, "key_epoch").parse().unwrap();
        let body = [
            &[operator.len() as u8],
            operator.as_bytes(),
            &[small(case, "scheme"), key.len() as u8],
            &key,
            &bytes(case, "x25519"),
            &epoch.to_be_bytes(),
            &bytes(case, "challenge"),
        ]
        .concat();
        let expected = reference::digest(&tag, text(case, "chain_id"), text(case, "contract"), &body);
        assert_eq!(hex::encode(expected), text(case, "digest"));
    }
}

#[test]
fn possessions() {
    let file = committed("key-possession.json");
    let tag = bytes(&file, "tag");
    assert_eq!(tag, b"VCITY-KEY-POSSESSION\x00\x01");
    for case in list(&file, "accepted") {
        let (operator, key) = (text(case, "operator"), bytes(case, "key"));
        let body = [
            &[operator.len() as u8],
            operator.as_bytes(),
            &[small(case, "role"), small(case, "scheme"), key.len() as u8],
            &key,
            &bytes(case, "x25519"),
        ]
        .concat();
        let expected = reference::digest(&tag, text(case, "chain_id"), text(case, "contract"), &body);
        assert_eq!(hex::encode(expected), text(case, "digest"));
    }
}

#[test]
fn keys() {
    let file = committed("keys.json");
    let key = |case: &Value| PublicKey::new(small(case, "scheme").try_into().unwrap(), &bytes(case, "bytes"));
    for case in list(&file, "accepted") {
        assert_eq!(key(case).unwrap().as_bytes(), bytes(case, "bytes"));
    }
    for case in list(&file, "refused") {
        assert_eq!(
            key(case).unwrap_err().to_string(),
            text(case, "error"),
            "{}",
            text(case, "why")
        );
    }
}

#[test]
fn leaves() {
    let file = committed("leaf.json");
    for case in list(&file, "accepted") {
        let encoding = assemble(list(case, "fields"));
        assert_eq!(encoding, bytes(case, "encoding"));
        assert_eq!(leaf_node(&encoding).bytes(), bytes(case, "node"));
        assert_eq!(Leaf::decode(&encoding).unwrap().encode().unwrap(), encoding);
    }
    assert_refused(&file, Leaf::decode);
}

#[test]
fn entries() {
    let file = committed("entry.json");
    for case in list(&file, "accepted") {
        let encoding = assemble(list(case, "fields"));
        assert_eq!(encoding, bytes(case, "encoding"));
        assert_eq!(entry_node(&encoding).bytes(), bytes(case, "node"));
        assert_eq!(Entry::decode(&encoding).unwrap().encode().unwrap(), encoding);
    }
    assert_refused(&file, Entry::decode);
}

/// The wire form by the rule: an account equal to the one before becomes a zero byte.
fn wire_form(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut wire = (entries.len() as u16).to_be_bytes().to_vec();
    let mut before: &[u8] = &[];
    for entry in entries {
        let (account, rest) = entry.split_at(1 + entry[0] as usize);
        wire.extend(if account == before { &[0][..] } else { account });
        wire.extend(rest);
        before = account;
    }
    wire
}

#[test]
fn entry_lists() {
    let file = committed("entries.json");
    for case in list(&file, "accepted") {
        let entries: Vec<Vec<u8>> = list(case, "entries")
            .iter()
            .map(|entry| hex::decode(entry.as_str().unwrap()).unwrap())
            .collect();
        let nodes: Vec<Node> = entries.iter().map(|entry| entry_node(entry)).collect();
        let encoding = bytes(case, "encoding");
        assert_eq!(wire_form(&entries), encoding);
        assert_eq!(reference::root(&nodes).bytes(), bytes(case, "root"));
        let decoded = decode_entries(&encoding).unwrap();
        let again: Vec<Vec<u8>> = decoded.iter().map(|entry| entry.encode().unwrap()).collect();
        assert_eq!(again, entries);
    }
    assert_refused(&file, decode_entries);
}

#[test]
fn merkle_trees() {
    for tree in list(&committed("merkle.json"), "trees") {
        let encodings: Vec<Vec<u8>> = list(tree, "leaves")
            .iter()
            .map(|leaf| hex::decode(leaf.as_str().unwrap()).unwrap())
            .collect();
        let nodes: Vec<Node> = encodings.iter().map(|leaf| leaf_node(leaf)).collect();
        assert_eq!(reference::root(&nodes).bytes(), bytes(tree, "root"));
        for case in list(tree, "proofs") {
            check_proof(&encodings, &nodes, case, &bytes(tree, "root")[..32]);
        }
    }
}

fn check_proof(encodings: &[Vec<u8>], nodes: &[Node], case: &Value, root: &[u8]) {
    let encoded = bytes(case, "proof");
    let first = u32::from_be_bytes(encoded[..4].try_into().unwrap()) as usize;
    let count = u32::from_be_bytes(encoded[4..8].try_into().unwrap()) as usize;
    let len = small(case, "leaves") as usize;
    assert_eq!(count, nodes.len());
    let siblings: Vec<u8> = reference::siblings(nodes, first, len)
        .iter()
        .flat_map(Node::bytes)
        .collect();
    assert_eq!(siblings, encoded[8..]);
    let revealed: Vec<MerkleSum> = encodings[first..first + len]
        .iter()
        .map(|leaf| Leaf::decode(leaf).unwrap().node().unwrap())
        .collect();
    verify(&root.try_into().unwrap(), &revealed, &Proof::decode(&encoded).unwrap()).unwrap();
}

#[test]
fn calls() {
    let file = committed("call.json");
    let root: Digest = bytes(&file, "log_root").try_into().unwrap();
    let check = |case: &Value| {
        verify_call(
            &root,
            &Entry::decode(&bytes(case, "entry")).unwrap(),
            &Proof::decode(&bytes(case, "entry_proof")).unwrap(),
            &Leaf::decode(&bytes(case, "leaf")).unwrap(),
            &Proof::decode(&bytes(case, "leaf_proof")).unwrap(),
        )
    };
    for case in list(&file, "accepted") {
        check(case).unwrap();
    }
    for case in list(&file, "refused") {
        assert!(
            matches!(check(&case["call"]), Err(ProofError::WrongRoot { .. })),
            "{}",
            text(case, "why")
        );
    }
}
