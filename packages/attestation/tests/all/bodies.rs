//! Every body has one encoding, and no body can pass for another.

use attestation::*;
use proptest::prelude::*;

use crate::reference;

fn domain() -> Domain<'static> {
    Domain::new("vcity-1", "wasm1oracle").unwrap()
}

fn window() -> impl Strategy<Value = Window> {
    (any::<u64>(), any::<u64>())
        .prop_filter("empty", |(a, b)| a != b)
        .prop_map(|(a, b)| Window::new(a.min(b), a.max(b)).unwrap())
}

prop_compose! {
    fn job()(
        (worker, key_epoch, job, assignment, seq) in any::<(u64, u32, u64, u32, u64)>(),
        kind in proptest::sample::select(JobKind::ALL.to_vec()),
        window in window(),
        (units_cum, gpu_slots, expires_at) in any::<(u128, u64, u64)>(),
        (input_root, output_root, model_id, prev_digest) in any::<(Digest, Digest, Digest, Digest)>(),
    ) -> JobStatement {
        JobStatement {
            worker, key_epoch, job, assignment, seq, kind, window, units_cum, gpu_slots, input_root, output_root,
            model_id, prev_digest, expires_at,
        }
    }
}

prop_compose! {
    fn usage()(
        (gateway, key_epoch, seq, calls, expires_at) in any::<(u64, u32, u64, u64, u64)>(),
        window in window(),
        (log_root, prev_digest) in any::<(Digest, Digest)>(),
    ) -> UsageReport {
        UsageReport { gateway, key_epoch, seq, window, calls, log_root, prev_digest, expires_at }
    }
}

prop_compose! {
    fn agent()(
        (gateway, key_epoch, seq, expires_at) in any::<(u64, u32, u64, u64)>(),
        window in window(),
        (root, prev_digest) in any::<(Digest, Digest)>(),
    ) -> AgentBatch {
        AgentBatch { gateway, key_epoch, seq, window, root, prev_digest, expires_at }
    }
}

prop_compose! {
    fn verdict()(
        (verifier, worker, job, seq, check) in any::<(u64, u64, u64, u64, u32)>(),
        (latency_ms, round, expires_at) in any::<(u32, u64, u64)>(),
        (result_digest, prev_digest) in any::<(Digest, Digest)>(),
    ) -> Verdict {
        Verdict { verifier, worker, job, seq, check, result_digest, latency_ms, round, prev_digest, expires_at }
    }
}

prop_compose! {
    fn link()(
        (worker, job, assignment, seq, prev_digest) in any::<(u64, u64, u32, u64, Digest)>(),
        (a, b) in any::<(u32, u32)>().prop_filter("same epoch", |(a, b)| a != b),
    ) -> ChainLink {
        ChainLink { worker, key_epoch: a.min(b), new_epoch: a.max(b), job, assignment, seq, prev_digest }
    }
}

fn assert_round_trip<B: Body + PartialEq + std::fmt::Debug>(body: &B) -> Result<(), TestCaseError> {
    let encoding = body.encode();
    prop_assert_eq!(encoding.len(), B::LEN);
    prop_assert_eq!(&B::decode(&encoding).unwrap(), body);
    let expected = reference::digest(B::TAG, "vcity-1", "wasm1oracle", &encoding);
    prop_assert_eq!(body.digest(&domain()), expected);
    for len in 0..B::LEN {
        prop_assert_eq!(
            B::decode(&encoding[..len]).unwrap_err(),
            WireError::Length {
                expected: B::LEN,
                actual: len
            }
        );
    }
    Ok(())
}

/// Whatever the decoder accepts is the encoding of what it returns, so no value has two encodings.
fn assert_canonical<B: Body>(bytes: &[u8]) -> Result<bool, TestCaseError> {
    match B::decode(bytes) {
        Ok(body) => {
            prop_assert_eq!(body.encode(), bytes);
            Ok(true)
        }
        Err(_) => Ok(false),
    }
}

fn assert_longer_refused<B: Body>(bytes: &[u8]) -> Result<(), TestCaseError> {
    prop_assert!(bytes.len() == B::LEN || B::decode(bytes).is_err());
    Ok(())
}

proptest! {
    #[test]
    fn jobs_round_trip(body in job()) { assert_round_trip(&body)?; }

    #[test]
    fn usages_round_trip(body in usage()) { assert_round_trip(&body)?; }

    #[test]
    fn agents_round_trip(body in agent()) { assert_round_trip(&body)?; }

    #[test]
    fn verdicts_round_trip(body in verdict()) { assert_round_trip(&body)?; }

    #[test]
    fn links_round_trip(body in link()) { assert_round_trip(&body)?; }

    #[test]
    fn whatever_decodes_is_canonical(
        mut job in proptest::collection::vec(any::<u8>(), JobStatement::LEN),
        kind in 0_u8..9,
        usage in proptest::collection::vec(any::<u8>(), UsageReport::LEN),
        agent in proptest::collection::vec(any::<u8>(), AgentBatch::LEN),
        verdict in proptest::collection::vec(any::<u8>(), Verdict::LEN),
        link in proptest::collection::vec(any::<u8>(), ChainLink::LEN),
    ) {
        job[32] = kind;
        let accepted = assert_canonical::<JobStatement>(&job)?;
        prop_assert!(!accepted || (1..=6).contains(&kind));
        let ordered = |bytes: &[u8]| bytes[20..28] < bytes[28..36];
        prop_assert_eq!(assert_canonical::<UsageReport>(&usage)?, ordered(&usage));
        prop_assert_eq!(assert_canonical::<AgentBatch>(&agent)?, ordered(&agent));
        prop_assert!(assert_canonical::<Verdict>(&verdict)?);
        prop_assert_eq!(assert_canonical::<ChainLink>(&link)?, link[8..12] < link[12..16]);
    }

    #[test]
    fn bytes_of_another_length_are_no_body(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
        assert_longer_refused::<JobStatement>(&bytes)?;
        assert_longer_refused::<UsageReport>(&bytes)?;
        assert_longer_refused::<AgentBatch>(&bytes)?;
        assert_longer_refused::<Verdict>(&bytes)?;
        assert_longer_refused::<ChainLink>(&bytes)?;
    }

    /// Type confusion: a signature over one body must not verify for another, even when their bytes are equal.
    #[test]
    fn no_body_has_the_digest_of_another(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
        let digests: Vec<Digest> = TAGS.iter().map(|tag| digest(tag, &domain(), &bytes)).collect();
        for (index, one) in digests.iter().enumerate() {
            prop_assert!(!digests[..index].contains(one));
        }
    }

    #[test]
    fn one_changed_bit_changes_the_digest(body in usage(), at in 0..UsageReport::LEN * 8) {
        let mut bytes = body.encode();
        bytes[at / 8] ^= 1 << (at % 8);
        prop_assert_ne!(digest(UsageReport::TAG, &domain(), &bytes), body.digest(&domain()));
    }
}

const TAGS: [&[u8]; 8] = [
    JobStatement::TAG,
    UsageReport::TAG,
    AgentBatch::TAG,
    Verdict::TAG,
    ChainLink::TAG,
    BINDING_TAG,
    POSSESSION_TAG,
    CHAIN_TAG,
];

/// Without this, `tag ‖ len ‖ …` of one body could be read as that of another.
#[test]
fn no_tag_is_the_beginning_of_another() {
    for (index, one) in TAGS.iter().enumerate() {
        assert!(one.ends_with(b"\0\x01"));
        assert_eq!(one.iter().filter(|byte| **byte == 0).count(), 1);
        for (other_index, other) in TAGS.iter().enumerate() {
            assert!(index == other_index || !other.starts_with(one));
        }
    }
}

#[test]
fn bodies_have_different_lengths() {
    let lengths = [
        JobStatement::LEN,
        UsageReport::LEN,
        AgentBatch::LEN,
        Verdict::LEN,
        ChainLink::LEN,
    ];
    assert_eq!(lengths, [209, 116, 108, 120, 68]);
}

/// Replay on another chain or contract, with the boundary between the two texts moved.
#[test]
fn a_statement_is_bound_to_its_chain_and_contract() {
    let domains = [
        ("ab", "cd"),
        ("a", "bcd"),
        ("abc", "d"),
        ("cd", "ab"),
        ("ab", "ce"),
        ("ac", "cd"),
    ];
    let digests: Vec<Digest> = domains
        .iter()
        .map(|(chain, contract)| digest(UsageReport::TAG, &Domain::new(chain, contract).unwrap(), b"body"))
        .collect();
    for (index, one) in digests.iter().enumerate() {
        assert!(!digests[..index].contains(one), "{:?}", domains[index]);
    }
}

#[test]
fn a_domain_has_two_texts_of_1_to_255_bytes() {
    let (most, over) = ("x".repeat(255), "x".repeat(256));
    let domain = Domain::new(&most, &most).unwrap();
    assert_eq!((domain.chain_id(), domain.contract()), (most.as_str(), most.as_str()));
    assert_eq!(digest(b"t", &domain, b"b"), reference::digest(b"t", &most, &most, b"b"));
    assert_eq!(Domain::new(&over, "c"), Err(DomainError::TooLong { actual: 256 }));
    assert_eq!(Domain::new("c", &over), Err(DomainError::TooLong { actual: 256 }));
    assert_eq!(Domain::new("", "c"), Err(DomainError::Empty));
    assert_eq!(Domain::new("c", ""), Err(DomainError::Empty));
}

#[test]
fn a_window_holds_at_least_a_second() {
    let window = Window::new(5, 6).unwrap();
    assert_eq!((window.start(), window.end(), window.seconds()), (5, 6, 1));
    assert_eq!(Window::new(0, u64::MAX).unwrap().seconds(), u64::MAX);
    assert_eq!(Window::new(6, 6), Err(WireError::EmptyWindow { start: 6, end: 6 }));
    assert_eq!(Window::new(6, 5), Err(WireError::EmptyWindow { start: 6, end: 5 }));
}

#[test]
fn job_kinds_are_numbered_from_1() {
    for number in 0..=u8::MAX {
        match JobKind::try_from(number) {
            Ok(kind) => assert_eq!(kind as u8, number),
            Err(error) => {
                assert_eq!(error, WireError::UnknownKind(number));
                assert!(!(1..=6).contains(&number));
            }
        }
    }
}

/// A statement of one chain must not begin another: jobs, key epochs, assignments, roles.
#[test]
fn every_chain_has_its_own_start() {
    let job = |worker, key_epoch, job, assignment| ChainKey::Job {
        worker,
        key_epoch,
        job,
        assignment,
    };
    let keys = [
        job(1, 1, 1, 1),
        job(2, 1, 1, 1),
        job(1, 2, 1, 1),
        job(1, 1, 2, 1),
        job(1, 1, 1, 2),
        ChainKey::Usage {
            gateway: 1,
            key_epoch: 1,
        },
        ChainKey::Usage {
            gateway: 2,
            key_epoch: 1,
        },
        ChainKey::Usage {
            gateway: 1,
            key_epoch: 2,
        },
        ChainKey::AgentBatch {
            gateway: 1,
            key_epoch: 1,
        },
        ChainKey::Verdict { verifier: 1 },
        ChainKey::Verdict { verifier: 2 },
    ];
    let starts: Vec<Digest> = keys.iter().map(ChainKey::first_prev_digest).collect();
    for (index, start) in starts.iter().enumerate() {
        assert!(!starts[..index].contains(start), "{:?}", keys[index]);
    }
}

proptest! {
    #[test]
    fn a_body_names_its_chain(job in job(), usage in usage(), agent in agent(), verdict in verdict(), link in link()) {
        let JobStatement { worker, key_epoch, assignment, .. } = job;
        prop_assert_eq!(job.chain_key(), ChainKey::Job { worker, key_epoch, job: job.job, assignment });
        let UsageReport { gateway, key_epoch, .. } = usage;
        prop_assert_eq!(usage.chain_key(), ChainKey::Usage { gateway, key_epoch });
        let AgentBatch { gateway, key_epoch, .. } = agent;
        prop_assert_eq!(agent.chain_key(), ChainKey::AgentBatch { gateway, key_epoch });
        prop_assert_eq!(verdict.chain_key(), ChainKey::Verdict { verifier: verdict.verifier });
        let ChainLink { worker, key_epoch, assignment, .. } = link;
        prop_assert_eq!(link.chain_key(), ChainKey::Job { worker, key_epoch, job: link.job, assignment });
        prop_assert_eq!((Body::seq(&job), Body::prev_digest(&job)), (job.seq, &job.prev_digest));
        prop_assert_eq!((Body::seq(&usage), Body::prev_digest(&usage)), (usage.seq, &usage.prev_digest));
        prop_assert_eq!((Body::seq(&agent), Body::prev_digest(&agent)), (agent.seq, &agent.prev_digest));
        prop_assert_eq!((Body::seq(&verdict), Body::prev_digest(&verdict)), (verdict.seq, &verdict.prev_digest));
        prop_assert_eq!((Body::seq(&link), Body::prev_digest(&link)), (link.seq, &link.prev_digest));
    }
}
