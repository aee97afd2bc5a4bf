//! What becomes of statements: every outcome, and that none of them stops a chain.

use attestation::{Body, ChainKey, ChainLink, JobStatement, Window};
use cosmwasm_std::{Binary, HexBinary};
use interfaces::attestation_oracle::StatementOutcome::{self, *};
use interfaces::attestation_oracle::{
    ChainId, ChainResponse, ExecuteMsg, KeyScheme, Params, QueryMsg, Role, SignedStatement,
};

use crate::world::*;

fn one_worker() -> (World, Enrolled) {
    let mut world = World::new();
    let enrolled = world.worker("worker", &ed(5));
    world.pass(HOUR);
    (world, enrolled)
}

fn job_chain(of: &Enrolled, job: u64) -> ChainId {
    ChainId::Job {
        worker: of.subject.id,
        key_epoch: of.epoch,
        job,
        assignment: 0,
    }
}

fn head(world: &World, chain: ChainId) -> ChainResponse {
    world.query(&QueryMsg::Chain { chain })
}

/// What `Submit` changes: everything a refused statement must leave alone.
fn footprint(world: &World, chain: ChainId) -> (ChainResponse, u64) {
    (head(world, chain), world.overview().statements)
}

fn signature_of(statement: &mut SignedStatement) -> &mut Binary {
    match statement {
        SignedStatement::Job { signature, .. } | SignedStatement::Usage { signature, .. } => signature,
        SignedStatement::Link { old_signature, .. } => old_signature,
    }
}

#[test]
fn chain_advances_and_is_on_record() {
    let (mut world, by) = one_worker();
    let first = world.first_job(&by, 7);
    let second = world.next_job(&first);
    assert_eq!(world.submit_one(world.sign_job(&by, &first)), Accepted);
    world.pass(100);
    assert_eq!(world.submit_one(world.sign_job(&by, &second)), Accepted);
    let chain = head(&world, job_chain(&by, 7));
    assert_eq!((chain.last_seq, chain.last_digest), (2, world.digest(&second).into()));
    assert_eq!(chain.last_window_end, second.window.end());
    assert_eq!((chain.units_cum.u128(), chain.units_credited.u128()), (20_000, 20_000));
    let row = world.statement(job_chain(&by, 7), 1);
    assert_eq!((row.digest, row.outcome), (world.digest(&first).into(), Accepted));
    assert_eq!(world.overview().statements, 2);
}

#[test]
fn first_statement_names_the_beginning_of_its_chain() {
    let (world, by) = one_worker();
    let beginning = ChainKey::Job {
        worker: by.subject.id,
        key_epoch: 1,
        job: 3,
        assignment: 0,
    };
    let chain = head(&world, job_chain(&by, 3));
    assert_eq!(
        (chain.last_seq, chain.last_digest),
        (0, beginning.first_prev_digest().into())
    );
}

#[test]
fn every_scheme_signs() {
    let mut world = World::new();
    for (seed, scheme) in (1..).zip([KeyScheme::Ed25519, KeyScheme::Secp256k1, KeyScheme::P256]) {
        let by = world.worker(&format!("worker {seed}"), &Secret::new(scheme, seed));
        world.pass(200);
        let body = world.first_job(&by, 1);
        assert_eq!(world.submit_one(world.sign_job(&by, &body)), Accepted, "{scheme:?}");
    }
}

#[test]
fn replayed_statement_is_a_duplicate_in_the_same_batch_and_later() {
    let (mut world, by) = one_worker();
    let first = world.sign_job(&by, &world.first_job(&by, 1));
    assert_eq!(world.submit(vec![first.clone(), first.clone()]), [Accepted, Duplicate]);
    let before = footprint(&world, job_chain(&by, 1));
    assert_eq!(world.submit_one(first), Duplicate);
    assert_eq!(footprint(&world, job_chain(&by, 1)), before);
}

#[test]
fn another_signature_of_the_same_statement_is_still_a_duplicate() {
    let mut world = World::new();
    let by = world.worker("worker", &Secret::new(KeyScheme::Secp256k1, 5));
    world.pass(HOUR);
    let body = world.first_job(&by, 1);
    let mut malleated = world.sign_job(&by, &body);
    let signature = k256::ecdsa::Signature::from_slice(signature_of(&mut malleated)).unwrap();
    let (r, s) = signature.split_scalars();
    let high = k256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    *signature_of(&mut malleated) = high.to_bytes().to_vec().into();
    let plain = world.sign_job(&by, &body);
    assert_ne!(plain, malleated);
    assert_eq!(world.submit(vec![malleated, plain]), [Accepted, Duplicate]);
    assert_eq!(world.overview().statements, 1);
}

#[test]
fn gap_is_refused_until_filled_and_reordered_batches_lose_only_what_came_too_early() {
    let (mut world, by) = one_worker();
    let first = world.first_job(&by, 1);
    let second = world.next_job(&first);
    let third = world.next_job(&second);
    let signed = [&first, &second, &third].map(|body| world.sign_job(&by, body));
    let [first, second, third] = signed;
    world.pass(300);
    assert_eq!(world.submit_one(third.clone()), Gap);
    let reordered = vec![third.clone(), first.clone(), second.clone()];
    assert_eq!(world.submit(reordered), [Gap, Accepted, Accepted]);
    assert_eq!(
        world.submit(vec![third, second, first]),
        [Accepted, Duplicate, Duplicate]
    );
    assert_eq!(head(&world, job_chain(&by, 1)).last_seq, 3);
}

#[test]
fn equivocation_is_a_conflict_at_any_place() {
    let (mut world, by) = one_worker();
    let first = world.first_job(&by, 1);
    let second = world.next_job(&first);
    world.pass(100);
    world.submit(vec![world.sign_job(&by, &first), world.sign_job(&by, &second)]);
    let before = footprint(&world, job_chain(&by, 1));
    for body in [&first, &second] {
        let other = JobStatement {
            output_root: [99; 32],
            ..body.clone()
        };
        assert_eq!(world.submit_one(world.sign_job(&by, &other)), Conflict);
    }
    assert_eq!(footprint(&world, job_chain(&by, 1)), before);
}

#[test]
fn wrong_parent_and_place_zero_are_refused() {
    let (mut world, by) = one_worker();
    let first = world.first_job(&by, 1);
    let orphan = JobStatement {
        prev_digest: [7; 32],
        ..first.clone()
    };
    assert_eq!(world.submit_one(world.sign_job(&by, &orphan)), WrongParent);
    // A chain of another job begins elsewhere.
    let moved = JobStatement {
        job: 2,
        ..first.clone()
    };
    assert_eq!(world.submit_one(world.sign_job(&by, &moved)), WrongParent);
    let zeroth = JobStatement {
        seq: 0,
        ..first.clone()
    };
    assert_eq!(world.submit_one(world.sign_job(&by, &zeroth)), WrongParent);
    assert_eq!(world.submit_one(world.sign_job(&by, &first)), Accepted);
    let fork = JobStatement {
        seq: 2,
        ..first.clone()
    };
    assert_eq!(world.submit_one(world.sign_job(&by, &fork)), WrongParent);
}

#[test]
fn forged_statement_is_refused_whatever_was_changed() {
    let (mut world, by) = one_worker();
    let other = world.worker("other", &ed(6));
    let body = world.first_job(&by, 1);
    let good = world.sign_job(&by, &body);
    // By another enrolled key.
    assert_eq!(world.submit_one(world.sign_job(&other, &body)), BadSignature);
    // Any byte of the body.
    for position in [0, 11, 31, 40, 56, 64, 72, 100, 208] {
        let SignedStatement::Job { body, signature } = good.clone() else {
            unreachable!()
        };
        let mut bytes = body.to_vec();
        bytes[position] ^= 1;
        let forged = SignedStatement::Job {
            body: bytes.into(),
            signature,
        };
        let outcome = world.submit_one(forged);
        assert!(
            matches!(outcome, BadSignature | UnknownKey | Malformed),
            "{position}: {outcome:?}"
        );
    }
    // A signature of any other form or length: never an error of the batch.
    for signature in [
        vec![],
        vec![0; 63],
        vec![0; 64],
        vec![0; 65],
        vec![0xff; 64],
        vec![7; 5_000],
    ] {
        let mut forged = good.clone();
        *signature_of(&mut forged) = signature.into();
        let fresh = world.first_job(&other, 1);
        let batch = vec![forged, world.sign_job(&other, &fresh)];
        assert_eq!(world.submit(batch)[0], BadSignature);
    }
    assert_eq!(world.submit_one(good), Accepted);
}

#[test]
fn statement_for_a_foreign_chain_or_contract_is_refused() {
    let (mut world, by) = one_worker();
    let body = world.first_job(&by, 1);
    let (chain, contract) = world.domain();
    let vault = world.vault.clone();
    let domains = [
        ("fork-1", contract.as_str()),
        (chain.as_str(), vault.as_str()),
        ("", ""),
    ];
    for (chain, contract) in domains {
        let digest = match attestation::Domain::new(chain, contract) {
            Ok(domain) => body.digest(&domain),
            Err(_) => attestation::digest(b"", &attestation::Domain::new("x", "y").unwrap(), &body.encode()),
        };
        let foreign = SignedStatement::Job {
            body: body.encode().into(),
            signature: by.secret.sign(&digest),
        };
        assert_eq!(world.submit_one(foreign), BadSignature, "{chain} {contract}");
    }
}

#[test]
fn statement_of_one_kind_is_none_of_another() {
    let (mut world, by) = one_worker();
    let body = world.first_job(&by, 1);
    let SignedStatement::Job { body, signature } = world.sign_job(&by, &body) else {
        unreachable!()
    };
    let as_usage = SignedStatement::Usage {
        body: body.clone(),
        entries: Binary::default(),
        signature: signature.clone(),
    };
    let as_link = SignedStatement::Link {
        body,
        old_signature: signature.clone(),
        new_signature: signature,
    };
    assert_eq!(world.submit(vec![as_usage, as_link]), [Malformed, Malformed]);
}

#[test]
fn malformed_bytes_are_refused_and_cost_only_themselves() {
    let (mut world, by) = one_worker();
    let good = world.first_job(&by, 1).encode();
    let mut unknown_kind = good.clone();
    unknown_kind[32] = 7;
    let mut empty_window = good.clone();
    empty_window.copy_within(33..41, 41);
    let cases = [
        vec![],
        good[1..].to_vec(),
        [&good[..], &[0]].concat(),
        unknown_kind,
        empty_window,
    ];
    let mut batch: Vec<_> = cases
        .into_iter()
        .map(|body| SignedStatement::Job {
            body: body.into(),
            signature: vec![0; 64].into(),
        })
        .collect();
    batch.push(world.sign_job(&by, &world.first_job(&by, 1)));
    let mut expected = vec![Malformed; 5];
    expected.push(Accepted);
    assert_eq!(world.submit(batch), expected);
}

#[test]
fn key_that_was_never_enrolled_is_unknown() {
    let (mut world, by) = one_worker();
    for (id, epoch) in [(by.subject.id, 2), (by.subject.id, 0), (99, 1)] {
        let stranger = Enrolled {
            subject: worker(id),
            epoch,
            ..by.clone()
        };
        let body = world.first_job(&stranger, 1);
        assert_eq!(world.submit_one(world.sign_job(&stranger, &body)), UnknownKey);
    }
    // A worker's key is no gateway's.
    let customer = world.customer("alice", USDT);
    let entries = [attestation::Entry::from_leaves(&[world.call("a", &customer)]).unwrap()];
    let report = world.first_report(&by, &entries);
    assert_eq!(world.submit_one(world.sign_usage(&by, &report, &entries)), UnknownKey);
}

/// A statement with one broken rule is void: on record, without credit, and its successor is accepted.
fn assert_void(world: &mut World, by: &Enrolled, body: &JobStatement, expected: StatementOutcome) {
    let chain = ChainId::Job {
        worker: body.worker,
        key_epoch: body.key_epoch,
        job: body.job,
        assignment: body.assignment,
    };
    let before = head(world, chain);
    assert_eq!(world.submit_one(world.sign_job(by, body)), expected);
    let after = head(world, chain);
    assert_eq!(
        (after.last_seq, after.last_digest),
        (body.seq, world.digest(body).into())
    );
    assert_eq!(after.units_credited, before.units_credited, "no credit");
    assert_eq!(
        (after.last_window_start, after.last_window_end),
        (before.last_window_start, before.last_window_end)
    );
    assert_eq!(world.statement(chain, body.seq).outcome, expected);
}

/// An honest statement after `body`, over the last 100 s, stating `units` since it.
fn honest(world: &World, body: &JobStatement, units: u128) -> JobStatement {
    JobStatement {
        seq: body.seq + 1,
        window: Window::new(world.now() - 100, world.now()).unwrap(),
        units_cum: body.units_cum.saturating_add(units),
        gpu_slots: 1,
        prev_digest: world.digest(body),
        expires_at: world.now() + HOUR,
        ..body.clone()
    }
}

#[test]
fn expired_statement_is_void_from_the_second_after() {
    let (mut world, by) = one_worker();
    for (job, late, expected) in [(1, 0, Accepted), (2, 1, Expired)] {
        let body = JobStatement {
            expires_at: world.now() - late,
            ..world.first_job(&by, job)
        };
        assert_eq!(world.submit_one(world.sign_job(&by, &body)), expected, "{late}");
        world.pass(100);
        let next = honest(&world, &body, 5);
        assert_eq!(world.submit_one(world.sign_job(&by, &next)), Accepted);
    }
}

#[test]
fn window_may_end_60_seconds_ahead_and_no_more() {
    let (mut world, by) = one_worker();
    for (job, ahead, expected) in [(1, 60, Accepted), (2, 61, FutureWindow)] {
        let mut body = world.first_job(&by, job);
        body.window = Window::new(world.now() - 40, world.now() + ahead).unwrap();
        assert_eq!(world.submit_one(world.sign_job(&by, &body)), expected, "{ahead}");
    }
}

#[test]
fn windows_of_one_chain_do_not_overlap_and_those_of_two_may() {
    let (mut world, by) = one_worker();
    let first = world.first_job(&by, 1);
    let mut second = world.next_job(&first);
    second.window = Window::new(first.window.end() - 1, first.window.end() + 99).unwrap();
    world.submit_one(world.sign_job(&by, &first));
    world.pass(100);
    assert_void(&mut world, &by, &second, WindowOverlap);
    let touching = JobStatement {
        window: Window::new(first.window.end(), first.window.end() + 100).unwrap(),
        ..honest(&world, &second, 10)
    };
    assert_eq!(world.submit_one(world.sign_job(&by, &touching)), Accepted);
    // Whether one worker sold a slot twice is for a proof to say, not for the order of arrival.
    let parallel = world.first_job(&by, 2);
    assert_eq!(world.submit_one(world.sign_job(&by, &parallel)), Accepted);
}

#[test]
fn units_are_bounded_by_window_rate_and_slots() {
    let (mut world, by) = one_worker();
    let possible = u128::from(100 * RATE);
    let cases = [
        (1, 0b1, possible, Accepted),
        (2, 0b1, possible + 1, ImpossibleUnits),
        (3, 0b1010, 2 * possible, Accepted),
        (4, 0b1010, 2 * possible + 1, ImpossibleUnits),
        (5, 0b1111, 4 * possible, Accepted),
        (6, 0b10000, 0, UnknownSlots),
        (7, 1 << 63, 0, UnknownSlots),
        (8, 0, 0, Accepted),
        (9, 0, 1, ImpossibleUnits),
        (10, u64::MAX, u128::MAX, ImpossibleUnits),
    ];
    for (job, gpu_slots, units_cum, expected) in cases {
        let body = JobStatement {
            gpu_slots,
            units_cum,
            ..world.first_job(&by, job)
        };
        assert_eq!(world.submit_one(world.sign_job(&by, &body)), expected, "job {job}");
    }
}

#[test]
fn worker_with_64_slots_uses_them_all() {
    let mut world = World::new();
    let operator = world.actor("farm");
    let mut msg = world.ask(&operator, Role::Worker, None, &ed(7));
    if let ExecuteMsg::RequestEnrollment { hardware, .. } = &mut msg {
        (hardware.slots, hardware.rate) = (64, 1_000_000_000);
    }
    world.give(&operator, WORKER_BOND);
    world
        .exec_with(&operator, &msg, &cosmwasm_std::coins(WORKER_BOND, DENOM))
        .unwrap();
    let evidence = interfaces::attestation_oracle::Evidence::Bond {};
    world
        .exec(
            &operator,
            &ExecuteMsg::Enroll {
                subject: worker(1),
                evidence,
            },
        )
        .unwrap();
    let by = Enrolled {
        subject: worker(1),
        operator,
        secret: ed(7),
        epoch: 1,
    };
    let body = JobStatement {
        gpu_slots: u64::MAX,
        units_cum: 100 * 64 * 1_000_000_000,
        ..world.first_job(&by, 1)
    };
    let mut body = body;
    body.window = Window::new(START, START + 100).unwrap();
    world.pass(200);
    assert_eq!(world.submit_one(world.sign_job(&by, &body)), Accepted);
}

#[test]
fn poisoned_numbers_cost_one_void_statement_not_the_chain() {
    let (mut world, by) = one_worker();
    let first = world.first_job(&by, 1);
    world.submit_one(world.sign_job(&by, &first));
    world.pass(100);
    // A window at the end of time and all the units there are.
    let mut poison = honest(&world, &first, 0);
    poison.window = Window::new(world.now(), u64::MAX).unwrap();
    poison.units_cum = u128::MAX;
    poison.expires_at = u64::MAX;
    assert_void(&mut world, &by, &poison, EpochOver);
    world.pass(100);
    // Back to the truth: units fall once …
    let back = JobStatement {
        units_cum: first.units_cum + 10,
        ..honest(&world, &poison, 0)
    };
    assert_void(&mut world, &by, &back, UnitsFell);
    world.pass(100);
    // … and then count again.
    let next = honest(&world, &back, 10);
    assert_eq!(world.submit_one(world.sign_job(&by, &next)), Accepted);
    let chain = head(&world, job_chain(&by, 1));
    assert_eq!(chain.units_credited.u128(), first.units_cum + 10);
}

#[test]
fn units_stated_by_a_void_statement_are_never_credited() {
    let (mut world, by) = one_worker();
    let first = world.first_job(&by, 1);
    world.submit_one(world.sign_job(&by, &first));
    world.pass(100);
    let inflated = honest(&world, &first, 1_000_000_000);
    assert_void(&mut world, &by, &inflated, ImpossibleUnits);
    world.pass(100);
    let next = honest(&world, &inflated, 10);
    assert_eq!(world.submit_one(world.sign_job(&by, &next)), Accepted);
    let chain = head(&world, job_chain(&by, 1));
    assert_eq!(chain.units_cum.u128(), next.units_cum);
    assert_eq!(chain.units_credited.u128(), first.units_cum + 10);
}

#[test]
fn revoked_key_is_void_for_later_windows_only() {
    let (mut world, by) = one_worker();
    let revoked_at = world.now();
    let revoke = ExecuteMsg::RevokeKey {
        subject: by.subject,
        key_epoch: 1,
    };
    world.exec(&by.operator, &revoke).unwrap();
    for (job, end, expected) in [(1, revoked_at, Accepted), (2, revoked_at + 1, Revoked)] {
        let mut body = world.first_job(&by, job);
        body.window = Window::new(end - 100, end).unwrap();
        assert_eq!(world.submit_one(world.sign_job(&by, &body)), expected, "{end}");
    }
    // A stolen key cannot backdate for ever: two hours after the revocation nothing counts.
    world.pass(2 * HOUR + 1);
    let mut body = world.first_job(&by, 3);
    body.window = Window::new(revoked_at - 100, revoked_at).unwrap();
    assert_eq!(world.submit_one(world.sign_job(&by, &body)), EpochOver);
}

#[test]
fn revoked_measurement_voids_the_keys_enrolled_with_it() {
    let mut world = World::new();
    let by = world.gateway();
    let (platform, operator) = (
        world.pki.platform(tee_testkit::PlatformSpec::numbered(2)),
        world.actor("A1 worker"),
    );
    let other = world
        .enrol_on(&platform, &operator, Role::Worker, None, &ed(4), WORKER_BOND)
        .unwrap();
    world.pass(HOUR);
    let revoked_at = world.now();
    let council = world.operator.clone();
    let revoke = ExecuteMsg::RevokeMeasurement {
        id: measurement_id(),
        role: Role::Worker,
    };
    world.exec(&council, &revoke).unwrap();
    let key = world.key(other.subject);
    assert_eq!((key.revoked_at, key.live), (Some(revoked_at), true));
    world.pass(1);
    assert!(!world.key(other.subject).live);
    for (job, end, expected) in [(1, revoked_at, Accepted), (2, revoked_at + 1, Revoked)] {
        let mut body = world.first_job(&other, job);
        body.window = Window::new(end - 100, end).unwrap();
        assert_eq!(world.submit_one(world.sign_job(&other, &body)), expected, "{end}");
    }
    // The gateways' measurement is another matter, though the image is the same.
    let alice = world.customer("alice", USDT);
    let posted = world.post(&by, None, &[vec![world.call("a", &alice)]]);
    assert_eq!(posted.outcome, Accepted);
}

#[test]
fn old_epoch_counts_for_its_own_windows_for_two_hours() {
    let mut world = World::new();
    let old = world.gateway();
    let alice = world.customer("alice", USDT);
    world.pass(DAY);
    let handover = world.now();
    world.renew(&old, &ed(2));
    world.pass(60);
    let mut entries = vec![attestation::Entry::from_leaves(&[world.call("a", &alice)]).unwrap()];
    entries[0].last = handover - 1;
    let mut body = world.first_report(&old, &entries);
    body.expires_at = handover + DAY;
    body.window = Window::new(handover - 100, handover + 1).unwrap();
    assert_eq!(world.submit_one(world.sign_usage(&old, &body, &entries)), EpochOver);
    let mut second = world.next_report(&body, &entries);
    second.expires_at = handover + DAY;
    second.window = Window::new(handover - 100, handover).unwrap();
    world.pass(2 * HOUR - 60);
    assert_eq!(world.submit_one(world.sign_usage(&old, &second, &entries)), Accepted);
    world.pass(1);
    let mut third = world.next_report(&second, &entries);
    third.window = Window::new(handover - 100, handover).unwrap();
    assert_eq!(world.submit_one(world.sign_usage(&old, &third, &entries)), EpochOver);
}

#[test]
fn enrolment_that_ran_out_counts_no_more() {
    let (mut world, by) = one_worker();
    let end = world.key(by.subject).valid_until;
    world.pass(end - world.now() + 30);
    for (job, window_end, expected) in [(1, end, Accepted), (2, end + 1, EpochOver)] {
        let mut body = world.first_job(&by, job);
        body.window = Window::new(window_end - 100, window_end).unwrap();
        assert_eq!(world.submit_one(world.sign_job(&by, &body)), expected, "{window_end}");
    }
}

#[test]
fn under_bonded_and_retired_subjects_move_no_money() {
    let (mut world, by) = one_worker();
    let owner = world.owner.clone();
    let set = |min: u128| ExecuteMsg::SetParams {
        params: Params {
            min_bond_worker: min.into(),
            ..params()
        },
    };
    world.exec(&owner, &set(WORKER_BOND + 1)).unwrap();
    let first = world.first_job(&by, 1);
    assert_void(&mut world, &by, &first, UnderBonded);
    world.exec(&owner, &set(WORKER_BOND)).unwrap();
    world.pass(100);
    let second = honest(&world, &first, 10);
    assert_eq!(world.submit_one(world.sign_job(&by, &second)), Accepted);
    let retired_at = world.now();
    world
        .exec(&by.operator, &ExecuteMsg::Retire { subject: by.subject })
        .unwrap();
    let mut third = honest(&world, &second, 10);
    third.window = Window::new(retired_at, retired_at + 1).unwrap();
    assert_void(&mut world, &by, &third, EpochOver);
    let mut early = world.first_job(&by, 2);
    early.window = Window::new(retired_at - 10, retired_at).unwrap();
    early.units_cum = 10;
    assert_void(&mut world, &by, &early, UnderBonded);
}

#[test]
fn link_carries_a_job_over_to_the_next_key() {
    let (mut world, old) = one_worker();
    let first = world.first_job(&old, 1);
    world.submit_one(world.sign_job(&old, &first));
    let new = world.renew(&old, &ed(8));
    let link = link_after(&world, &old, &new, &first);
    // Both keys must sign.
    for (a, b) in [(&old, &old), (&new, &new), (&new, &old)] {
        assert_eq!(world.submit_one(world.sign_link(a, b, &link)), BadSignature);
    }
    let signed = world.sign_link(&old, &new, &link);
    assert_eq!(world.submit(vec![signed.clone(), signed]), [Accepted, Duplicate]);
    let (ended, opened) = (head(&world, job_chain(&old, 1)), head(&world, job_chain(&new, 1)));
    assert!(ended.linked && !opened.linked);
    assert_eq!((ended.last_seq, opened.last_seq), (2, 2));
    assert_eq!(opened.last_digest, HexBinary::from(world.digest(&link)));
    assert_eq!(opened.units_credited.u128(), first.units_cum);
    // The new key goes on where the old one stood …
    world.pass(100);
    let next = JobStatement {
        key_epoch: new.epoch,
        seq: 3,
        prev_digest: world.digest(&link),
        ..honest(&world, &first, 10)
    };
    assert_eq!(world.submit_one(world.sign_job(&new, &next)), Accepted);
    assert_eq!(
        head(&world, job_chain(&new, 1)).units_credited.u128(),
        first.units_cum + 10
    );
    // … and the old one moves nothing there any more.
    let stale = JobStatement {
        seq: 3,
        prev_digest: world.digest(&link),
        ..first.clone()
    };
    assert_void(&mut world, &old, &stale, EpochOver);
}

fn link_after(world: &World, old: &Enrolled, new: &Enrolled, last: &JobStatement) -> ChainLink {
    ChainLink {
        worker: last.worker,
        key_epoch: old.epoch,
        new_epoch: new.epoch,
        job: last.job,
        assignment: last.assignment,
        seq: last.seq + 1,
        prev_digest: world.digest(last),
    }
}

#[test]
fn job_cannot_be_linked_twice_or_onto_a_chain_that_has_begun() {
    let (mut world, old) = one_worker();
    let first = world.first_job(&old, 1);
    let other = world.first_job(&old, 2);
    world.submit(vec![world.sign_job(&old, &first), world.sign_job(&old, &other)]);
    let new = world.renew(&old, &ed(8));
    world.pass(200);
    // Begun without a link.
    let fresh = world.first_job(&new, 2);
    assert_eq!(world.submit_one(world.sign_job(&new, &fresh)), Accepted);
    let late = link_after(&world, &old, &new, &other);
    assert_eq!(world.submit_one(world.sign_link(&old, &new, &late)), Conflict);
    // Linked to two keys: units would be credited on both.
    let third = world.renew(&new, &ed(9));
    let link = link_after(&world, &old, &new, &first);
    assert_eq!(world.submit_one(world.sign_link(&old, &new, &link)), Accepted);
    let second = ChainLink {
        new_epoch: third.epoch,
        seq: link.seq + 1,
        prev_digest: world.digest(&link),
        ..link.clone()
    };
    assert_eq!(world.submit_one(world.sign_link(&old, &third, &second)), EpochOver);
    assert_eq!(head(&world, job_chain(&third, 1)).last_seq, 0);
    // But the new key may hand on.
    let onward = ChainLink {
        key_epoch: new.epoch,
        new_epoch: third.epoch,
        seq: 3,
        prev_digest: world.digest(&link),
        ..link
    };
    assert_eq!(world.submit_one(world.sign_link(&new, &third, &onward)), Accepted);
    assert_eq!(head(&world, job_chain(&third, 1)).last_seq, 3);
}

#[test]
fn link_to_an_unknown_key_or_out_of_place_is_refused() {
    let (mut world, old) = one_worker();
    let first = world.first_job(&old, 1);
    world.submit_one(world.sign_job(&old, &first));
    let nobody = Enrolled {
        epoch: 2,
        ..old.clone()
    };
    let link = link_after(&world, &old, &nobody, &first);
    assert_eq!(world.submit_one(world.sign_link(&old, &nobody, &link)), UnknownKey);
    let new = world.renew(&old, &ed(8));
    let cases = [
        (ChainLink { seq: 3, ..link.clone() }, Gap),
        (ChainLink { seq: 1, ..link.clone() }, Conflict),
        (
            ChainLink {
                prev_digest: [0; 32],
                ..link.clone()
            },
            WrongParent,
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(world.submit_one(world.sign_link(&old, &new, &body)), expected);
    }
    assert_eq!(world.submit_one(world.sign_link(&old, &new, &link)), Accepted);
}

#[test]
fn batch_holds_64_statements_and_not_65() {
    let (mut world, by) = one_worker();
    let batch: Vec<_> = (0..64)
        .map(|job| world.sign_job(&by, &world.first_job(&by, job)))
        .collect();
    let anyone = world.rich.clone();
    for statements in [vec![], [batch.clone(), batch[..1].to_vec()].concat()] {
        let error = world.exec(&anyone, &ExecuteMsg::Submit { statements }).unwrap_err();
        assert_eq!(code(&error), 40);
    }
    assert_eq!(world.submit(batch), vec![Accepted; 64]);
    assert_eq!(world.overview().statements, 64);
}

#[test]
fn idle_capacity_is_the_chain_of_job_zero() {
    let (mut world, by) = one_worker();
    let body = JobStatement {
        kind: attestation::JobKind::Heartbeat,
        units_cum: 0,
        gpu_slots: 0,
        ..world.first_job(&by, 0)
    };
    assert_eq!(world.submit_one(world.sign_job(&by, &body)), Accepted);
    assert_eq!(head(&world, job_chain(&by, 0)).last_seq, 1);
}
