//! Enrolment: who may, with which key, on which hardware, and for how long.

use attestation::NO_GPUS;
use cosmwasm_std::{coins, Coin, HexBinary};
use interfaces::attestation_oracle::{
    Evidence, ExecuteMsg, Hardware, KeyScheme, Level, Params, PublicKey, QueryMsg, Role, TcbPolicy,
};
use interfaces::tee_verifier::{Measurement, TcbStatus, TeeFamily};
use tee_testkit::{CollateralSpec, PlatformSpec, SgxReport, Tamper, TcbLevel, TdReport};

use crate::world::*;

#[test]
fn gateway_enrols_with_a_bound_quote() {
    let mut world = World::new();
    let enrolled = world.gateway();
    assert_eq!((enrolled.subject, enrolled.epoch), (gateway(1), 1));
    let key = world.key(gateway(1));
    assert_eq!(key.public_key, ed(1).public());
    assert_eq!(key.encryption_key, HexBinary::from(ENCRYPTION_KEY));
    assert_eq!((key.level, key.measurement), (Level::A1, Some(measurement_id())));
    assert_eq!((key.enrolled_at, key.valid_until), (START, START + TTL));
    assert!(key.live);
    let subject = world.subject(gateway(1));
    assert_eq!(
        (subject.operator, subject.bond.u128()),
        (world.host.to_string(), GATEWAY_BOND)
    );
    assert_eq!((subject.key_epoch, subject.pending), (1, None));
}

#[test]
fn every_scheme_and_both_tees_enrol() {
    let mut world = World::new();
    let schemes = [KeyScheme::Ed25519, KeyScheme::Secp256k1, KeyScheme::P256];
    for (seed, scheme) in (1..).zip(schemes) {
        let enrolled = world.worker(&format!("worker {seed}"), &Secret::new(scheme, seed));
        assert_eq!(enrolled.subject, worker(u64::from(seed)));
        assert_eq!(world.key(enrolled.subject).level, Level::A0);
    }
    // SGX v3 and TDX v5 quotes beside TDX v4.
    let enclave = Measurement::Sgx(sgx_measured(&SgxReport::default())).id();
    let mut world = World::with(|init| init.measurements.push(listed(Role::Worker, enclave.clone())));
    world.upload(CollateralSpec::new(&world.platform, TeeFamily::Sgx, START));
    let operator = world.actor("sgx");
    let challenge = world
        .request(&operator, Role::Worker, None, &ed(3), WORKER_BOND)
        .unwrap();
    let data = world.report_data(&operator, &ed(3), &challenge);
    let quote = world.platform.sgx_quote(&SgxReport::with_data(data));
    let enrolled = world
        .finish(&operator, &ed(3), &challenge, Evidence::quote(quote))
        .unwrap();
    assert_eq!(world.key(enrolled.subject).measurement, Some(enclave));
    let challenge = world
        .request(&operator, Role::Worker, Some(enrolled.subject.id), &ed(3), 0)
        .unwrap();
    let data = world.report_data(&operator, &ed(3), &challenge);
    let quote = world.platform.tdx15_quote(&TdReport::with_data(data));
    world
        .finish(&operator, &ed(3), &challenge, Evidence::quote(quote))
        .unwrap();
    assert_eq!(world.key(enrolled.subject).measurement, Some(measurement_id()));
}

#[test]
fn enrolment_ends_with_the_collateral_if_that_is_sooner() {
    let mut world = World::new();
    let enrolled = world.gateway();
    world.pass(29 * DAY);
    world.renew(&enrolled, &ed(2));
    assert_eq!(world.key(gateway(1)).valid_until, START + 30 * DAY);
    world.pass(DAY);
    let challenge = world
        .request(&world.host.clone(), Role::Gateway, Some(1), &ed(3), 0)
        .unwrap();
    let data = world.report_data(&world.host, &ed(3), &challenge);
    let evidence = world.quote(&world.platform, data);
    let host = world.host.clone();
    assert_eq!(
        code(&world.finish(&host, &ed(3), &challenge, evidence.clone()).err().unwrap()),
        23
    );
    world.renew_collateral();
    world.finish(&host, &ed(3), &challenge, evidence).unwrap();
}

#[test]
fn gateway_without_hardware_is_refused() {
    let mut world = World::new();
    let host = world.host.clone();
    let challenge = world
        .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .unwrap();
    let error = world
        .finish(&host, &ed(1), &challenge, Evidence::Bond {})
        .err()
        .unwrap();
    assert_eq!(code(&error), 22);
}

#[test]
fn impossible_hardware_is_refused() {
    let mut world = World::new();
    let operator = world.actor("operator of a farm");
    let cases = [
        (Role::Worker, 0, 1, false),
        (Role::Worker, 1, 0, false),
        (Role::Worker, 1, 1, true),
        (Role::Worker, 64, 1_000_000_000, true),
        (Role::Worker, 65, 1, false),
        (Role::Worker, 1, 1_000_000_001, false),
        (Role::Gateway, 0, 0, true),
        (Role::Gateway, 1, 0, false),
        (Role::Gateway, 0, 1, false),
    ];
    for (role, slots, rate, fits) in cases {
        let mut msg = world.ask(&operator, role, None, &ed(1));
        if let ExecuteMsg::RequestEnrollment { hardware, .. } = &mut msg {
            *hardware = Hardware { slots, rate };
        }
        world.give(&operator, GATEWAY_BOND);
        let result = world.exec_with(&operator, &msg, &coins(GATEWAY_BOND, DENOM));
        let expected = if fits { None } else { Some(18) };
        assert_eq!(result.err().as_ref().map(code), expected, "{role:?} {slots} {rate}");
    }
}

#[test]
fn small_order_and_non_canonical_keys_are_refused() {
    let mut world = World::new();
    let operator = world.actor("operator");
    world.give(&operator, WORKER_BOND);
    let mut one = [0; 32];
    one[0] = 1;
    let minus_one = {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (0xec, 0x7f);
        bytes
    };
    let mut uncompressed = vec![4];
    uncompressed.extend([1; 64]);
    let cases = [
        ("order 1", KeyScheme::Ed25519, one.to_vec()),
        ("order 2", KeyScheme::Ed25519, minus_one.to_vec()),
        ("order 4", KeyScheme::Ed25519, vec![0; 32]),
        ("not reduced", KeyScheme::Ed25519, vec![0xff; 32]),
        ("short", KeyScheme::Ed25519, vec![7; 31]),
        ("uncompressed", KeyScheme::Secp256k1, uncompressed.clone()),
        ("uncompressed", KeyScheme::P256, uncompressed),
        (
            "x beyond the field",
            KeyScheme::Secp256k1,
            [vec![2], vec![0xff; 32]].concat(),
        ),
        (
            "x beyond the field",
            KeyScheme::P256,
            [vec![3], vec![0xff; 32]].concat(),
        ),
    ];
    for (name, scheme, bytes) in cases {
        let mut msg = world.ask(&operator, Role::Worker, None, &ed(1));
        if let ExecuteMsg::RequestEnrollment { public_key, .. } = &mut msg {
            *public_key = PublicKey {
                scheme,
                bytes: bytes.into(),
            };
        }
        let error = world
            .exec_with(&operator, &msg, &coins(WORKER_BOND, DENOM))
            .unwrap_err();
        assert_eq!(code(&error), 15, "{name}");
    }
    for (name, bytes, expected) in [
        ("zero", vec![0; 32], 16),
        ("order 1", one.to_vec(), 16),
        ("short", vec![7; 31], 30),
    ] {
        let mut msg = world.ask(&operator, Role::Worker, None, &ed(1));
        if let ExecuteMsg::RequestEnrollment { encryption_key, .. } = &mut msg {
            *encryption_key = bytes.into();
        }
        let error = world
            .exec_with(&operator, &msg, &coins(WORKER_BOND, DENOM))
            .unwrap_err();
        assert_eq!(code(&error), expected, "{name}");
    }
}

#[test]
fn key_of_another_cannot_be_registered() {
    let mut world = World::new();
    let (victim, thief) = (world.actor("victim"), world.actor("thief"));
    world.give(&thief, GATEWAY_BOND);
    let funds = coins(GATEWAY_BOND, DENOM);
    // The victim's own request, seen in the mempool.
    let stolen = world.ask(&victim, Role::Worker, None, &ed(1));
    assert_eq!(code(&world.exec_with(&thief, &stolen, &funds).unwrap_err()), 17);
    // The same proof for another role, and a proof by another key.
    let mut other_role = world.ask(&thief, Role::Worker, None, &ed(1));
    if let ExecuteMsg::RequestEnrollment { role, hardware, .. } = &mut other_role {
        (*role, *hardware) = (Role::Gateway, Hardware { slots: 0, rate: 0 });
    }
    assert_eq!(code(&world.exec_with(&thief, &other_role, &funds).unwrap_err()), 17);
    let mut other_key = world.ask(&thief, Role::Worker, None, &ed(2));
    if let ExecuteMsg::RequestEnrollment { public_key, .. } = &mut other_key {
        *public_key = ed(1).public();
    }
    assert_eq!(code(&world.exec_with(&thief, &other_key, &funds).unwrap_err()), 17);
    // And a proof with the encryption key swapped, which would let the thief read inputs.
    let mut other_encryption = world.ask(&thief, Role::Worker, None, &ed(1));
    if let ExecuteMsg::RequestEnrollment { encryption_key, .. } = &mut other_encryption {
        *encryption_key = [8; 32].into();
    }
    assert_eq!(
        code(&world.exec_with(&thief, &other_encryption, &funds).unwrap_err()),
        17
    );
    assert_eq!(world.overview().workers, 0);
}

#[test]
fn challenge_is_valid_for_an_hour_to_the_second() {
    for (wait, expected) in [(HOUR, None), (HOUR + 1, Some(21))] {
        let mut world = World::new();
        let operator = world.actor("operator");
        let challenge = world
            .request(&operator, Role::Worker, None, &ed(1), WORKER_BOND)
            .unwrap();
        assert_eq!(challenge.expires_at, START + HOUR);
        world.pass(wait);
        let result = world.finish(&operator, &ed(1), &challenge, Evidence::Bond {});
        assert_eq!(result.err().as_ref().map(code), expected, "{wait}");
    }
}

#[test]
fn replayed_binding_is_refused() {
    let mut world = World::new();
    let host = world.host.clone();
    let challenge = world
        .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .unwrap();
    let data = world.report_data(&host, &ed(1), &challenge);
    let evidence = world.quote(&world.platform, data);
    world.finish(&host, &ed(1), &challenge, evidence.clone()).unwrap();
    // The challenge is used up.
    let error = world.finish(&host, &ed(1), &challenge, evidence.clone()).err().unwrap();
    assert_eq!(code(&error), 20);
    // A new request of the same key, in the same block, has another challenge and another epoch.
    let again = world.request(&host, Role::Gateway, Some(1), &ed(1), 0).unwrap();
    assert_ne!(again.challenge, challenge.challenge);
    let error = world.finish(&host, &ed(1), &again, evidence).err().unwrap();
    assert_eq!(code(&error), 24);
}

#[test]
fn replaced_request_is_void() {
    let mut world = World::new();
    let host = world.host.clone();
    let first = world
        .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .unwrap();
    let data = world.report_data(&host, &ed(1), &first);
    let second = world.request(&host, Role::Gateway, Some(1), &ed(2), 0).unwrap();
    assert_eq!(world.subject(gateway(1)).pending, Some(second));
    let evidence = world.quote(&world.platform, data);
    let error = world.finish(&host, &ed(1), &first, evidence).err().unwrap();
    assert_eq!(code(&error), 24);
}

#[test]
fn quote_stolen_by_another_operator_is_refused() {
    let mut world = World::new();
    let (host, thief) = (world.host.clone(), world.actor("thief"));
    let challenge = world
        .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .unwrap();
    let data = world.report_data(&host, &ed(1), &challenge);
    let evidence = world.quote(&world.platform, data);
    let of_thief = world
        .request(&thief, Role::Gateway, None, &ed(2), GATEWAY_BOND)
        .unwrap();
    let error = world.finish(&thief, &ed(2), &of_thief, evidence.clone()).err().unwrap();
    assert_eq!(code(&error), 24);
    // Nor may the thief finish the host's request.
    let error = world
        .finish(&thief, &ed(1), &challenge, evidence.clone())
        .err()
        .unwrap();
    assert_eq!(code(&error), 10);
    world.finish(&host, &ed(1), &challenge, evidence).unwrap();
}

#[test]
fn cloned_platform_is_held_to_its_quota() {
    let mut world = World::new();
    let first = world.gateway();
    let (platform, other) = (world.platform.clone(), world.actor("other"));
    let enrol = |world: &mut World, id: Option<u64>, seed| {
        let bond = if id.is_none() { WORKER_BOND } else { 0 };
        world.enrol_on(&platform, &other, Role::Worker, id, &ed(seed), bond)
    };
    assert_eq!(code(&enrol(&mut world, None, 2).err().unwrap()), 29);
    // The subject itself may renew as often as it likes.
    let renewed = world.renew(&first, &ed(3));
    assert_eq!(code(&enrol(&mut world, Some(1), 2).err().unwrap()), 29);
    // Revoked, the enrolment no longer counts.
    let revoke = ExecuteMsg::RevokeKey {
        subject: renewed.subject,
        key_epoch: renewed.epoch,
    };
    world.exec(&world.host.clone(), &revoke).unwrap();
    enrol(&mut world, Some(1), 2).unwrap();
    // Now the worker holds the platform, until its enrolment ends, to the second.
    let host = world.host.clone();
    let back = |world: &mut World| world.enrol_on(&platform, &host, Role::Gateway, Some(1), &ed(4), 0);
    world.pass(TTL - 1);
    assert_eq!(code(&back(&mut world).err().unwrap()), 29);
    world.pass(1);
    back(&mut world).unwrap();
}

#[test]
fn higher_quota_admits_as_many_and_no_more() {
    let mut world = World::with(|init| init.params.ppid_quota = 3);
    let platform = world.platform.clone();
    for (seed, expected) in [(1, None), (2, None), (3, None), (4, Some(29))] {
        let operator = world.actor(&format!("operator {seed}"));
        let result = world.enrol_on(&platform, &operator, Role::Worker, None, &ed(seed), WORKER_BOND);
        assert_eq!(result.err().as_ref().map(code), expected, "{seed}");
    }
    // Another platform is another matter, and retiring frees a place.
    let operator = world.actor("operator 4");
    let machine = world.pki.platform(PlatformSpec::numbered(2));
    world
        .enrol_on(&machine, &operator, Role::Worker, Some(4), &ed(4), 0)
        .unwrap();
    let first = world.actor("operator 1");
    world.exec(&first, &ExecuteMsg::Retire { subject: worker(1) }).unwrap();
    world
        .enrol_on(&platform, &operator, Role::Worker, Some(4), &ed(4), 0)
        .unwrap();
}

#[test]
fn quote_naming_gpus_is_refused_at_level_a1() {
    let mut world = World::new();
    let host = world.host.clone();
    for second_half in [[0; 32], [7; 32]] {
        assert_ne!(second_half, NO_GPUS);
        let challenge = world
            .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
            .unwrap();
        let mut data = world.report_data(&host, &ed(1), &challenge);
        data[32..].copy_from_slice(&second_half);
        let evidence = world.quote(&world.platform, data);
        let error = world.finish(&host, &ed(1), &challenge, evidence).err().unwrap();
        assert_eq!(code(&error), 25);
    }
}

#[test]
fn unlisted_measurement_is_refused_whichever_register_differs() {
    let mut world = World::new();
    let host = world.host.clone();
    let changes: [fn(&mut TdReport); 5] = [
        |td| td.mr_td[0] ^= 1,
        |td| td.rt_mr[3][47] ^= 1,
        |td| td.mr_owner[0] ^= 1,
        |td| td.mr_config_id[0] ^= 1,
        |td| td.xfam ^= 1 << 8,
    ];
    for change in changes {
        let challenge = world
            .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
            .unwrap();
        let mut td = TdReport::with_data(world.report_data(&host, &ed(1), &challenge));
        change(&mut td);
        let quote = world.platform.tdx_quote(&td);
        let error = world
            .finish(&host, &ed(1), &challenge, Evidence::quote(quote))
            .err()
            .unwrap();
        assert!(matches!(code(&error), 23 | 26), "{error}");
    }
}

#[test]
fn measurement_of_a_worker_is_none_of_a_gateway() {
    let mut world = World::with(|init| init.measurements.retain(|listed| listed.role == Role::Worker));
    let (platform, host) = (world.platform.clone(), world.host.clone());
    let error = world
        .enrol_on(&platform, &host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .err()
        .unwrap();
    assert_eq!(code(&error), 26);
    world
        .enrol_on(&platform, &host, Role::Worker, None, &ed(1), WORKER_BOND)
        .unwrap();
}

#[test]
fn proposed_measurement_waits_48_hours_to_the_second() {
    let mut world = World::with(|init| init.measurements.clear());
    let (platform, host, operator) = (world.platform.clone(), world.host.clone(), world.operator.clone());
    let propose = ExecuteMsg::ProposeMeasurements {
        measurements: vec![listed(Role::Gateway, measurement_id())],
    };
    world.exec(&operator, &propose).unwrap();
    world.pass(48 * HOUR - 1);
    let enrol = |world: &mut World, bond| world.enrol_on(&platform, &host, Role::Gateway, Some(1), &ed(1), bond);
    assert_eq!(code(&enrol(&mut world, GATEWAY_BOND).err().unwrap()), 26);
    world.pass(1);
    enrol(&mut world, 0).unwrap();
}

#[test]
fn bad_tcb_is_refused_by_policy() {
    let cases = [
        ("UpToDate", vec![], None),
        ("SWHardeningNeeded", vec!["INTEL-SA-00001"], None),
        ("SWHardeningNeeded", vec!["INTEL-SA-00001", "INTEL-SA-00002"], Some(28)),
        ("OutOfDate", vec![], Some(27)),
        ("ConfigurationNeeded", vec![], Some(27)),
        ("Revoked", vec![], Some(23)),
    ];
    for (status, advisories, expected) in cases {
        let mut world = World::new();
        world.pass(60);
        let mut spec = CollateralSpec::new(&world.platform, TeeFamily::Tdx, world.now());
        spec.tcb_levels = vec![TcbLevel::any(status, &advisories)];
        world.upload(spec);
        let (platform, host) = (world.platform.clone(), world.host.clone());
        let result = world.enrol_on(&platform, &host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND);
        assert_eq!(result.err().as_ref().map(code), expected, "{status} {advisories:?}");
    }
}

#[test]
fn policy_in_force_decides_not_the_one_at_request() {
    let mut world = World::new();
    let (host, owner) = (world.host.clone(), world.owner.clone());
    let challenge = world
        .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .unwrap();
    let data = world.report_data(&host, &ed(1), &challenge);
    let evidence = world.quote(&world.platform, data);
    let set = |evaluation, statuses: &[TcbStatus]| ExecuteMsg::SetPolicy {
        policy: TcbPolicy {
            evaluation,
            statuses: statuses.to_vec(),
            advisories: vec![],
        },
    };
    world
        .exec(&owner, &set(tee_testkit::EVALUATION, &[TcbStatus::OutOfDate]))
        .unwrap();
    let error = world.finish(&host, &ed(1), &challenge, evidence.clone()).err().unwrap();
    assert_eq!(code(&error), 27);
    // Collateral of another evaluation number is not asked for.
    world
        .exec(&owner, &set(tee_testkit::EVALUATION + 1, &[TcbStatus::UpToDate]))
        .unwrap();
    let error = world.finish(&host, &ed(1), &challenge, evidence.clone()).err().unwrap();
    assert_eq!(code(&error), 23);
    world
        .exec(&owner, &set(tee_testkit::EVALUATION, &[TcbStatus::UpToDate]))
        .unwrap();
    world.finish(&host, &ed(1), &challenge, evidence).unwrap();
}

#[test]
fn a_platform_with_encrypted_ppid_enrols_with_its_chain_beside_the_quote() {
    let mut world = World::new();
    let host = world.host.clone();
    let challenge = world
        .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .unwrap();
    let report = TdReport::with_data(world.report_data(&host, &ed(1), &challenge));
    let evidence = |pck_chain: Option<String>| Evidence::Quote {
        quote: world.platform.tdx_quote_without_chain(&report).into(),
        pck_chain,
    };
    let (alone, complete) = (evidence(None), evidence(Some(world.platform.pck_chain())));
    let error = world.finish(&host, &ed(1), &challenge, alone).err().unwrap();
    assert_eq!(code(&error), 23, "{error}");
    let enrolled = world.finish(&host, &ed(1), &challenge, complete).unwrap();
    assert_eq!(world.key(enrolled.subject).measurement, Some(measurement_id()));
}

#[test]
fn forged_quote_and_debug_td_are_refused() {
    let mut world = World::new();
    let host = world.host.clone();
    let challenge = world
        .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .unwrap();
    let data = world.report_data(&host, &ed(1), &challenge);
    let all = [
        Tamper::QuoteSignature,
        Tamper::QeSignature,
        Tamper::AttestationKey,
        Tamper::PckSignature,
        Tamper::CaSignature,
    ];
    let mut quotes: Vec<_> = all
        .map(|tamper| world.platform.tampered(tamper).tdx_quote(&TdReport::with_data(data)))
        .into();
    let mut debug = TdReport::with_data(data);
    debug.td_attributes |= 1;
    quotes.push(world.platform.tdx_quote(&debug));
    quotes.push(vec![1, 2, 3]);
    quotes.push(vec![]);
    for quote in quotes {
        let evidence = Evidence::quote(quote);
        let error = world.finish(&host, &ed(1), &challenge, evidence).err().unwrap();
        assert_eq!(code(&error), 23, "{error}");
    }
}

#[test]
fn id_belongs_to_its_operator_for_ever() {
    let mut world = World::new();
    let (host, thief) = (world.host.clone(), world.actor("thief"));
    let error = world
        .request(&thief, Role::Gateway, Some(1), &ed(2), GATEWAY_BOND)
        .unwrap_err();
    assert_eq!(code(&error), 10);
    let error = world
        .request(&thief, Role::Gateway, Some(2), &ed(2), GATEWAY_BOND)
        .unwrap_err();
    assert_eq!(code(&error), 11);
    let error = world
        .request(&thief, Role::Gateway, Some(0), &ed(2), GATEWAY_BOND)
        .unwrap_err();
    assert_eq!(code(&error), 11);
    world.exec(&host, &ExecuteMsg::Retire { subject: gateway(1) }).unwrap();
    let error = world
        .request(&host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .unwrap_err();
    assert_eq!(code(&error), 12);
    // Ids are counters per role, given once.
    for id in [2, 3] {
        let challenge = world.request(&host, Role::Gateway, None, &ed(1), GATEWAY_BOND).unwrap();
        assert_eq!(challenge.subject, gateway(id));
    }
    assert_eq!(
        world
            .request(&host, Role::Worker, None, &ed(1), WORKER_BOND)
            .unwrap()
            .subject,
        worker(1)
    );
}

#[test]
fn bond_must_reach_the_minimum_at_both_steps() {
    let mut world = World::new();
    let operator = world.actor("operator");
    let error = world
        .request(&operator, Role::Worker, None, &ed(1), WORKER_BOND - 1)
        .unwrap_err();
    assert_eq!(code(&error), 19);
    assert_eq!(world.overview().workers, 0, "nothing changed");
    let challenge = world
        .request(&operator, Role::Worker, None, &ed(1), WORKER_BOND)
        .unwrap();
    let raised = Params {
        min_bond_worker: (WORKER_BOND + 1).into(),
        ..params()
    };
    world
        .exec(&world.owner.clone(), &ExecuteMsg::SetParams { params: raised })
        .unwrap();
    let error = world
        .finish(&operator, &ed(1), &challenge, Evidence::Bond {})
        .err()
        .unwrap();
    assert_eq!(code(&error), 19);
    world.give(&operator, 1);
    let add = ExecuteMsg::AddBond { subject: worker(1) };
    world.exec_with(&operator, &add, &coins(1, DENOM)).unwrap();
    world.finish(&operator, &ed(1), &challenge, Evidence::Bond {}).unwrap();
}

#[test]
fn foreign_coins_are_refused_not_kept() {
    let mut world = World::new();
    let rich = world.rich.clone();
    let msg = world.ask(&rich, Role::Worker, None, &ed(1));
    let other = Coin::new(5u128, "uother");
    for funds in [vec![other.clone()], vec![other, Coin::new(WORKER_BOND, DENOM)]] {
        assert_eq!(code(&world.exec_with(&rich, &msg, &funds).unwrap_err()), 931);
    }
}

#[test]
fn new_epoch_ends_the_old_one() {
    let mut world = World::new();
    let first = world.gateway();
    world.pass(DAY);
    let second = world.renew(&first, &ed(2));
    assert_eq!(second.epoch, 2);
    let old: interfaces::attestation_oracle::KeyResponse = world.query(&QueryMsg::Key {
        subject: gateway(1),
        key_epoch: Some(1),
    });
    assert_eq!((old.valid_until, old.revoked_at), (START + DAY, None));
    let new = world.key(gateway(1));
    assert_eq!((new.key_epoch, new.valid_until), (2, START + DAY + TTL));
}

#[test]
fn key_is_revoked_once_by_those_who_may() {
    for who in ["host", "owner", "operator", "stranger"] {
        let mut world = World::new();
        let enrolled = world.gateway();
        let sender = world.actor(who);
        world.pass(5);
        let revoke = ExecuteMsg::RevokeKey {
            subject: enrolled.subject,
            key_epoch: 1,
        };
        let result = world.exec(&sender, &revoke);
        if who == "stranger" {
            assert_eq!(code(&result.unwrap_err()), 910);
            assert!(world.key(gateway(1)).live);
            continue;
        }
        result.unwrap();
        let key = world.key(gateway(1));
        assert_eq!((key.revoked_at, key.valid_until), (Some(START + 5), START + 5));
        assert_eq!(code(&world.exec(&sender, &revoke).unwrap_err()), 14);
        let unknown = ExecuteMsg::RevokeKey {
            subject: enrolled.subject,
            key_epoch: 2,
        };
        assert_eq!(code(&world.exec(&sender, &unknown).unwrap_err()), 13);
    }
}
