//! The golden vectors, computed by the library. `tests/vectors.rs` recomputes them without it.
//!
//! Bytes are lower-case hex, integers decimal strings (JSON numbers lose bits above 2⁵³).
#![allow(clippy::expect_used)]

use attestation::*;
use serde_json::{json, Value};

const CHAIN: &str = "vcity-1";
const CONTRACT: &str = "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d";
const OPERATOR: &str = "wasm1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu";

/// Every file of `vectors/`.
pub fn files() -> Vec<(&'static str, Value)> {
    vec![
        ("job-attestation.json", bodies(&jobs(), job_fields, refused_jobs())),
        ("usage-report.json", bodies(&usages(), usage_fields, refused_usages())),
        ("agent-batch.json", bodies(&agents(), agent_fields, refused_agents())),
        (
            "verdict.json",
            bodies(&verdicts(), verdict_fields, refused_lengths(&verdicts())),
        ),
        ("chain-link.json", bodies(&links(), link_fields, refused_links())),
        ("chain-start.json", chain_starts()),
        ("tee-bind.json", bindings()),
        ("key-possession.json", possessions()),
        ("keys.json", keys()),
        ("leaf.json", leaves()),
        ("entry.json", entries()),
        ("entries.json", entry_lists()),
        ("merkle.json", merkle()),
        ("call.json", calls()),
    ]
}

fn int(name: &str, bytes: u8, value: impl ToString) -> Value {
    json!({ "field": name, "bytes": bytes, "integer": value.to_string() })
}

fn raw(name: &str, value: &[u8]) -> Value {
    json!({ "field": name, "bytes": value.len(), "hex": hex::encode(value) })
}

fn window(window: &Window) -> [Value; 2] {
    [
        int("window_start", 8, window.start()),
        int("window_end", 8, window.end()),
    ]
}

fn domains() -> [Domain<'static>; 3] {
    [(CHAIN, CONTRACT), ("vcity-2", CONTRACT), ("v", "c")].map(|(chain, contract)| domain(chain, contract))
}

fn domain(chain: &'static str, contract: &'static str) -> Domain<'static> {
    Domain::new(chain, contract).expect("short texts")
}

fn span(start: u64, end: u64) -> Window {
    Window::new(start, end).expect("not empty")
}

fn bodies<B: Body>(samples: &[B], fields: fn(&B) -> Vec<Value>, refused: Vec<(&str, Vec<u8>)>) -> Value {
    let accepted: Vec<Value> = samples.iter().map(|body| accepted_body(body, fields)).collect();
    let refused: Vec<Value> = refused
        .iter()
        .map(|(why, bytes)| refusal(why, bytes, B::decode(bytes)))
        .collect();
    json!({ "tag": hex::encode(B::TAG), "length": B::LEN, "accepted": accepted, "refused": refused })
}

fn accepted_body<B: Body>(body: &B, fields: fn(&B) -> Vec<Value>) -> Value {
    let digests: Vec<Value> = domains()
        .iter()
        .map(|domain| {
            json!({
                "chain_id": domain.chain_id(),
                "contract": domain.contract(),
                "digest": hex::encode(body.digest(domain)),
            })
        })
        .collect();
    json!({
        "fields": fields(body),
        "encoding": hex::encode(body.encode()),
        "first_prev_digest": hex::encode(body.chain_key().first_prev_digest()),
        "digests": digests,
    })
}

fn refusal<T>(why: &str, bytes: &[u8], result: Result<T, WireError>) -> Value {
    let error = result.err().expect("a negative vector").to_string();
    json!({ "why": why, "bytes": hex::encode(bytes), "error": error })
}

fn patched(bytes: &[u8], at: usize, patch: &[u8]) -> Vec<u8> {
    let end = at.saturating_add(patch.len());
    [bytes.get(..at), Some(patch), bytes.get(end..)]
        .into_iter()
        .flatten()
        .flatten()
        .copied()
        .collect()
}

fn refused_lengths<B: Body>(samples: &[B]) -> Vec<(&'static str, Vec<u8>)> {
    let good = samples.first().expect("a sample").encode();
    let mut longer = good.clone();
    longer.push(0);
    let shorter = good.split_last().map_or_else(Vec::new, |(_, rest)| rest.to_vec());
    vec![
        ("empty", vec![]),
        ("one byte short", shorter),
        ("one trailing byte", longer),
    ]
}

fn refused_windows<B: Body>(samples: &[B], at: usize) -> Vec<(&'static str, Vec<u8>)> {
    let good = samples.first().expect("a sample").encode();
    let pair = |start: u64, end: u64| [start.to_be_bytes(), end.to_be_bytes()].concat();
    let mut refused = refused_lengths(samples);
    refused.push(("empty window", patched(&good, at, &pair(7, 7))));
    refused.push(("backward window", patched(&good, at, &pair(8, 7))));
    refused
}

fn jobs() -> Vec<JobStatement> {
    let start = JobStatement {
        worker: 7,
        key_epoch: 1,
        job: 42,
        assignment: 3,
        seq: 1,
        kind: JobKind::Start,
        window: span(1_800_000_000, 1_800_003_600),
        units_cum: 0,
        gpu_slots: 0b1011,
        input_root: [0x11; 32],
        output_root: [0x22; 32],
        model_id: [0x33; 32],
        prev_digest: ChainKey::Job {
            worker: 7,
            key_epoch: 1,
            job: 42,
            assignment: 3,
        }
        .first_prev_digest(),
        expires_at: 1_800_010_800,
    };
    let kinds = JobKind::ALL
        .into_iter()
        .map(|kind| JobStatement { kind, ..start.clone() });
    let largest = JobStatement {
        worker: u64::MAX,
        key_epoch: u32::MAX,
        job: u64::MAX,
        assignment: u32::MAX,
        seq: u64::MAX,
        kind: JobKind::Fail,
        window: span(0, u64::MAX),
        units_cum: u128::MAX,
        gpu_slots: u64::MAX,
        input_root: [0xff; 32],
        output_root: [0xff; 32],
        model_id: [0xff; 32],
        prev_digest: [0xff; 32],
        expires_at: u64::MAX,
    };
    kinds.chain([largest]).collect()
}

fn job_fields(body: &JobStatement) -> Vec<Value> {
    let [start, end] = window(&body.window);
    vec![
        int("worker", 8, body.worker),
        int("key_epoch", 4, body.key_epoch),
        int("job", 8, body.job),
        int("assignment", 4, body.assignment),
        int("seq", 8, body.seq),
        int("kind", 1, body.kind as u8),
        start,
        end,
        int("units_cum", 16, body.units_cum),
        int("gpu_slots", 8, body.gpu_slots),
        raw("input_root", &body.input_root),
        raw("output_root", &body.output_root),
        raw("model_id", &body.model_id),
        raw("prev_digest", &body.prev_digest),
        int("expires_at", 8, body.expires_at),
    ]
}

fn refused_jobs() -> Vec<(&'static str, Vec<u8>)> {
    let good = jobs().first().expect("a sample").encode();
    let mut refused = refused_windows(&jobs(), 33);
    refused.push(("kind 0", patched(&good, 32, &[0])));
    refused.push(("kind 7", patched(&good, 32, &[7])));
    refused
}

fn usages() -> Vec<UsageReport> {
    let first = UsageReport {
        gateway: 1,
        key_epoch: 1,
        seq: 1,
        window: span(1_800_000_000, 1_800_000_600),
        calls: 1_000_000,
        log_root: [0x44; 32],
        prev_digest: ChainKey::Usage {
            gateway: 1,
            key_epoch: 1,
        }
        .first_prev_digest(),
        expires_at: 1_800_007_800,
    };
    let digest = first.digest(&domain(CHAIN, CONTRACT));
    let second = UsageReport {
        seq: 2,
        calls: 1,
        prev_digest: digest,
        ..first.clone()
    };
    vec![first, second]
}

fn usage_fields(body: &UsageReport) -> Vec<Value> {
    let [start, end] = window(&body.window);
    vec![
        int("gateway", 8, body.gateway),
        int("key_epoch", 4, body.key_epoch),
        int("seq", 8, body.seq),
        start,
        end,
        int("calls", 8, body.calls),
        raw("log_root", &body.log_root),
        raw("prev_digest", &body.prev_digest),
        int("expires_at", 8, body.expires_at),
    ]
}

fn refused_usages() -> Vec<(&'static str, Vec<u8>)> {
    let mut refused = refused_windows(&usages(), 20);
    refused.push(("another body", agents().first().expect("a sample").encode()));
    refused
}

fn agents() -> Vec<AgentBatch> {
    vec![AgentBatch {
        gateway: 1,
        key_epoch: 2,
        seq: 9,
        window: span(1_800_000_000, 1_800_000_600),
        root: [0x55; 32],
        prev_digest: [0x66; 32],
        expires_at: 1_800_007_800,
    }]
}

fn agent_fields(body: &AgentBatch) -> Vec<Value> {
    let [start, end] = window(&body.window);
    vec![
        int("gateway", 8, body.gateway),
        int("key_epoch", 4, body.key_epoch),
        int("seq", 8, body.seq),
        start,
        end,
        raw("root", &body.root),
        raw("prev_digest", &body.prev_digest),
        int("expires_at", 8, body.expires_at),
    ]
}

fn refused_agents() -> Vec<(&'static str, Vec<u8>)> {
    refused_windows(&agents(), 20)
}

fn verdicts() -> Vec<Verdict> {
    vec![Verdict {
        verifier: 5,
        worker: 7,
        job: 43,
        seq: 2,
        check: 1,
        result_digest: [0x77; 32],
        latency_ms: 1_250,
        round: 12_345_678,
        prev_digest: [0x88; 32],
        expires_at: 1_800_007_800,
    }]
}

fn verdict_fields(body: &Verdict) -> Vec<Value> {
    vec![
        int("verifier", 8, body.verifier),
        int("worker", 8, body.worker),
        int("job", 8, body.job),
        int("seq", 8, body.seq),
        int("check", 4, body.check),
        raw("result_digest", &body.result_digest),
        int("latency_ms", 4, body.latency_ms),
        int("round", 8, body.round),
        raw("prev_digest", &body.prev_digest),
        int("expires_at", 8, body.expires_at),
    ]
}

fn links() -> Vec<ChainLink> {
    vec![ChainLink {
        worker: 7,
        key_epoch: 1,
        new_epoch: 2,
        job: 42,
        assignment: 3,
        seq: 12,
        prev_digest: [0x99; 32],
    }]
}

fn link_fields(body: &ChainLink) -> Vec<Value> {
    vec![
        int("worker", 8, body.worker),
        int("key_epoch", 4, body.key_epoch),
        int("new_epoch", 4, body.new_epoch),
        int("job", 8, body.job),
        int("assignment", 4, body.assignment),
        int("seq", 8, body.seq),
        raw("prev_digest", &body.prev_digest),
    ]
}

fn refused_links() -> Vec<(&'static str, Vec<u8>)> {
    let good = links().first().expect("a sample").encode();
    let mut refused = refused_lengths(&links());
    refused.push(("same key epoch", patched(&good, 12, &1_u32.to_be_bytes())));
    refused.push(("earlier key epoch", patched(&good, 12, &0_u32.to_be_bytes())));
    refused
}

fn chain_starts() -> Value {
    let start = |kind: u8, fields: Vec<Value>, key: ChainKey| json!({ "kind": kind, "fields": fields, "first_prev_digest": hex::encode(key.first_prev_digest()) });
    let job = |worker, key_epoch, job, assignment| {
        let fields = vec![
            int("worker", 8, worker),
            int("key_epoch", 4, key_epoch),
            int("job", 8, job),
            int("assignment", 4, assignment),
        ];
        start(
            1,
            fields,
            ChainKey::Job {
                worker,
                key_epoch,
                job,
                assignment,
            },
        )
    };
    let two = |gateway, key_epoch| vec![int("gateway", 8, gateway), int("key_epoch", 4, key_epoch)];
    json!({
        "tag": hex::encode(CHAIN_TAG),
        "accepted": [
            job(7, 1, 42, 3),
            job(7, 1, 0, 0),
            start(2, two(1, 1), ChainKey::Usage { gateway: 1, key_epoch: 1 }),
            start(3, two(1, 1), ChainKey::AgentBatch { gateway: 1, key_epoch: 1 }),
            start(4, vec![int("verifier", 8, 5)], ChainKey::Verdict { verifier: 5 }),
        ],
    })
}

/// RFC 8032 test 1, and the generators of the two ECDSA curves.
const KEYS: [(Scheme, &str); 3] = [
    (
        Scheme::Ed25519,
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    ),
    (
        Scheme::Secp256k1,
        "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    ),
    (
        Scheme::P256,
        "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
    ),
];

fn sample_keys() -> [PublicKey; 3] {
    KEYS.map(|(scheme, bytes)| PublicKey::new(scheme, &unhex(bytes)).expect("a good key"))
}

fn unhex(text: &str) -> Vec<u8> {
    hex::decode(text).expect("hex")
}

fn bindings() -> Value {
    let (x25519, challenge, key_epoch) = ([0x09; 32], [0xab; 32], 3);
    let accepted: Vec<Value> = sample_keys()
        .iter()
        .map(|key| {
            let digest = binding(&domain(CHAIN, CONTRACT), OPERATOR, key, &x25519, key_epoch, &challenge);
            json!({
                "chain_id": CHAIN,
                "contract": CONTRACT,
                "operator": OPERATOR,
                "scheme": key.scheme() as u8,
                "key": hex::encode(key.as_bytes()),
                "x25519": hex::encode(x25519),
                "key_epoch": key_epoch.to_string(),
                "challenge": hex::encode(challenge),
                "digest": hex::encode(digest.expect("a short operator")),
            })
        })
        .collect();
    json!({ "tag": hex::encode(BINDING_TAG), "accepted": accepted })
}

fn possessions() -> Value {
    let x25519 = [0x09; 32];
    let accepted: Vec<Value> = [Role::Worker, Role::Gateway, Role::Verifier]
        .into_iter()
        .zip(sample_keys())
        .map(|(role, key)| {
            let digest = possession(&domain(CHAIN, CONTRACT), OPERATOR, role, &key, &x25519);
            json!({
                "chain_id": CHAIN,
                "contract": CONTRACT,
                "operator": OPERATOR,
                "role": role as u8,
                "scheme": key.scheme() as u8,
                "key": hex::encode(key.as_bytes()),
                "x25519": hex::encode(x25519),
                "digest": hex::encode(digest.expect("a short operator")),
            })
        })
        .collect();
    json!({ "tag": hex::encode(POSSESSION_TAG), "accepted": accepted })
}

fn keys() -> Value {
    let accepted: Vec<Value> = KEYS
        .iter()
        .map(|(scheme, bytes)| json!({ "scheme": *scheme as u8, "bytes": bytes }))
        .collect();
    let refused: Vec<Value> = refused_keys()
        .iter()
        .map(|(why, scheme, bytes)| {
            let error = PublicKey::new(*scheme, &unhex(bytes))
                .expect_err("a bad key")
                .to_string();
            json!({ "why": why, "scheme": *scheme as u8, "bytes": bytes, "error": error })
        })
        .collect();
    json!({ "accepted": accepted, "refused": refused })
}

fn refused_keys() -> Vec<(&'static str, Scheme, String)> {
    let (ones, zeros) = ("ff".repeat(30), "00".repeat(31));
    vec![
        ("31 bytes", Scheme::Ed25519, zeros.clone()),
        ("neutral element", Scheme::Ed25519, format!("01{zeros}")),
        (
            "neutral element, sign bit",
            Scheme::Ed25519,
            format!("01{}80", "00".repeat(30)),
        ),
        ("order 2", Scheme::Ed25519, format!("ec{ones}7f")),
        ("order 4", Scheme::Ed25519, format!("00{zeros}")),
        ("order 4, sign bit", Scheme::Ed25519, format!("00{}80", "00".repeat(30))),
        (
            "order 8",
            Scheme::Ed25519,
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05".into(),
        ),
        (
            "order 8, sign bit",
            Scheme::Ed25519,
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa".into(),
        ),
        ("y = p", Scheme::Ed25519, format!("ed{ones}7f")),
        ("y = p + 1, sign bit", Scheme::Ed25519, format!("ee{ones}ff")),
        (
            "uncompressed prefix",
            Scheme::Secp256k1,
            format!("04{}", "11".repeat(32)),
        ),
        (
            "x = p",
            Scheme::Secp256k1,
            "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f".into(),
        ),
        (
            "x = p",
            Scheme::P256,
            "02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff".into(),
        ),
        ("32 bytes", Scheme::P256, "11".repeat(32)),
    ]
}

/// The `index`-th call of a deterministic log.
fn leaf(account: &str, sku: &str, index: u64) -> Leaf {
    let units = u128::from(index).saturating_mul(97).saturating_add(13);
    Leaf {
        call_id: format!("call-{index:06}"),
        account: account.into(),
        sku: sku.into(),
        units,
        list: units.saturating_mul(30),
        cost: units.saturating_mul(11),
        time: index.saturating_add(1_800_000_000),
    }
}

fn log(account: &str, sku: &str, count: u64) -> Vec<Leaf> {
    (0..count).map(|index| leaf(account, sku, index)).collect()
}

fn text(name: &str, value: &str) -> Value {
    json!({ "field": name, "text": value })
}

fn leaf_fields(leaf: &Leaf) -> Vec<Value> {
    vec![
        text("call_id", &leaf.call_id),
        text("account", &leaf.account),
        text("sku", &leaf.sku),
        int("units", 8, leaf.units),
        int("list", 8, leaf.list),
        int("cost", 8, leaf.cost),
        int("time", 8, leaf.time),
    ]
}

fn leaves() -> Value {
    let largest = Leaf {
        call_id: "~".repeat(MAX_NAME),
        account: "!".into(),
        sku: "s".into(),
        units: u64::MAX.into(),
        list: u64::MAX.into(),
        cost: u64::MAX.into(),
        time: u64::MAX,
    };
    let accepted: Vec<Value> = [leaf(OPERATOR, "gpt-out", 0), largest]
        .iter()
        .map(|leaf| {
            let node = leaf.node().expect("a good leaf");
            json!({
                "fields": leaf_fields(leaf),
                "encoding": hex::encode(leaf.encode().expect("a good leaf")),
                "node": hex::encode(node.encode()),
            })
        })
        .collect();
    let good = leaf("a", "s", 0).encode().expect("a good leaf");
    let cut = good.split_last().map_or_else(Vec::new, |(_, rest)| rest.to_vec());
    let refused: Vec<Value> = [
        ("empty", vec![]),
        ("one byte short", cut),
        ("one trailing byte", [good.as_slice(), &[0]].concat()),
        ("empty call id", patched(&good, 0, &[0])),
        ("call id of 129 bytes", [vec![129], vec![b'a'; 129]].concat()),
        ("space in the call id", patched(&good, 1, b" ")),
        ("not ASCII", patched(&good, 1, &[0xc3])),
        ("control character", patched(&good, 1, &[0x7f])),
    ]
    .iter()
    .map(|(why, bytes)| refusal(why, bytes, Leaf::decode(bytes)))
    .collect();
    json!({ "accepted": accepted, "refused": refused })
}

fn entry_fields(entry: &Entry) -> Vec<Value> {
    vec![
        text("account", &entry.account),
        text("sku", &entry.sku),
        int("calls", 8, entry.calls),
        int("units", 8, entry.units),
        int("list", 8, entry.list),
        int("cost", 8, entry.cost),
        int("last", 8, entry.last),
        raw("leaves_root", &entry.leaves_root),
    ]
}

fn entry(account: &str, sku: &str, count: u64) -> Entry {
    Entry::from_leaves(&log(account, sku, count)).expect("good leaves")
}

fn entries() -> Value {
    let accepted: Vec<Value> = [entry(OPERATOR, "gpt-out", 5), entry("a", "s", 1)]
        .iter()
        .map(|entry| {
            json!({
                "fields": entry_fields(entry),
                "encoding": hex::encode(entry.encode().expect("a good entry")),
                "node": hex::encode(entry.node().expect("a good entry").encode()),
            })
        })
        .collect();
    let good = entry("a", "s", 1).encode().expect("a good entry");
    let refused: Vec<Value> = [
        ("empty", vec![]),
        ("one trailing byte", [good.as_slice(), &[0]].concat()),
        ("empty account", patched(&good, 0, &[0])),
        ("no calls", patched(&good, 4, &0_u64.to_be_bytes())),
    ]
    .iter()
    .map(|(why, bytes)| refusal(why, bytes, Entry::decode(bytes)))
    .collect();
    json!({ "accepted": accepted, "refused": refused })
}

fn report() -> Vec<Entry> {
    vec![
        entry("alpha", "gpt-in", 5),
        entry("alpha", "gpt-out", 3),
        entry("beta", "gpt-in", 1),
        entry("beta2", "gpt-in", 2),
        entry("gamma", "gpt-out", 8),
    ]
}

fn entry_lists() -> Value {
    let many: Vec<Entry> = (0..MAX_ENTRIES)
        .map(|index| entry(&format!("account{index:03}"), "s", 1))
        .collect();
    let accepted: Vec<Value> = [report(), vec![entry("a", "s", 1)], many]
        .iter()
        .map(|list| {
            let entries: Vec<String> = list
                .iter()
                .map(|entry| hex::encode(entry.encode().expect("a good entry")))
                .collect();
            json!({
                "entries": entries,
                "encoding": hex::encode(encode_entries(list).expect("a good list")),
                "root": hex::encode(log_root(list).expect("a good list").encode()),
            })
        })
        .collect();
    let refused: Vec<Value> = refused_lists()
        .iter()
        .map(|(why, bytes)| refusal(why, bytes, decode_entries(bytes)))
        .collect();
    json!({ "accepted": accepted, "refused": refused })
}

fn refused_lists() -> Vec<(&'static str, Vec<u8>)> {
    let (low, high) = (entry("a", "s", 1), entry("b", "s", 1));
    let full = |entry: &Entry| entry.encode().expect("a good entry");
    let list = |count: u16, parts: &[Vec<u8>]| [count.to_be_bytes().to_vec(), parts.concat()].concat();
    // A list of one, with the account of its second entry elided.
    let elided = |entry: &Entry| {
        patched(&full(entry), 0, &[0])
            .into_iter()
            .enumerate()
            .filter(|(at, _)| *at != 1)
    };
    let again = |entry: &Entry| elided(entry).map(|(_, byte)| byte).collect::<Vec<u8>>();
    let too_many = vec![full(&low); 201];
    vec![
        ("nothing", vec![]),
        ("no entries", list(0, &[])),
        ("201 entries", list(201, &too_many)),
        ("one missing", list(2, &[full(&low)])),
        ("one trailing byte", list(1, &[full(&low), vec![0]])),
        ("falling accounts", list(2, &[full(&high), full(&low)])),
        ("a duplicate", list(2, &[full(&low), again(&low)])),
        (
            "a repeated account written out",
            list(
                2,
                &[
                    full(&low),
                    full(&Entry {
                        sku: "t".into(),
                        ..low.clone()
                    }),
                ],
            ),
        ),
        (
            "falling SKUs",
            list(
                2,
                &[
                    full(&low),
                    again(&Entry {
                        sku: "r".into(),
                        ..low.clone()
                    }),
                ],
            ),
        ),
        ("an elided first account", list(1, &[again(&low)])),
    ]
}

fn merkle() -> Value {
    let trees: Vec<Value> = [1, 2, 3, 4, 5, 7, 8, 33].into_iter().map(tree).collect();
    json!({ "trees": trees })
}

fn tree(count: u32) -> Value {
    let leaves = log("alpha", "gpt-in", count.into());
    let nodes: Vec<MerkleSum> = leaves.iter().map(|leaf| leaf.node().expect("a good leaf")).collect();
    let proofs: Vec<Value> = (0..count)
        .flat_map(|first| [1, 2, 3, 16].map(|len| (first, len)))
        .filter(|(first, len)| first.saturating_add(*len) <= count)
        .map(|(first, len)| {
            let proof = usize::try_from(len)
                .ok()
                .and_then(|len| prove_range(&nodes, first, len).ok());
            json!({ "leaves": len, "proof": hex::encode(proof.expect("inside").encode()) })
        })
        .collect();
    let mut builder = MerkleBuilder::new();
    nodes.iter().for_each(|node| builder.push(*node).expect("small sums"));
    let encodings: Vec<String> = leaves
        .iter()
        .map(|leaf| hex::encode(leaf.encode().expect("a good leaf")))
        .collect();
    json!({
        "leaves": encodings,
        "root": hex::encode(builder.root().expect("not empty").encode()),
        "proofs": proofs,
    })
}

fn calls() -> Value {
    let report = report();
    let entry_nodes: Vec<MerkleSum> = report.iter().map(|entry| entry.node().expect("a good entry")).collect();
    let root = log_root(&report).expect("a good list");
    let proven = |index: u32, account: &str, sku: &str, call: u32, count: u64| {
        let leaves = log(account, sku, count);
        let nodes: Vec<MerkleSum> = leaves.iter().map(|leaf| leaf.node().expect("a good leaf")).collect();
        let own = entry(account, sku, count);
        json!({
            "entry": hex::encode(own.encode().expect("a good entry")),
            "entry_proof": hex::encode(prove(&entry_nodes, index).expect("inside").encode()),
            "leaf": hex::encode(leaf(account, sku, call.into()).encode().expect("a good leaf")),
            "leaf_proof": hex::encode(prove(&nodes, call).expect("inside").encode()),
        })
    };
    json!({
        "log_root": hex::encode(root.hash),
        "accepted": [
            proven(0, "alpha", "gpt-in", 4, 5),
            proven(2, "beta", "gpt-in", 0, 1),
            proven(4, "gamma", "gpt-out", 6, 8),
        ],
        "refused": [
            { "why": "a call that is not in the log", "call": proven(4, "gamma", "gpt-out", 8, 9) },
            { "why": "an entry that is not in the log", "call": proven(4, "gamma", "gpt-in", 6, 8) },
        ],
    })
}
