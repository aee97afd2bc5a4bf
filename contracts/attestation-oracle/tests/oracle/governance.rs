//! Who may do what, and within which bounds.

use cosmwasm_std::{Addr, Binary, HexBinary};
use interfaces::attestation_oracle::{
    ConfigResponse, Dispute, Evidence, ExecuteMsg, InstantiateMsg, MeasurementResponse, Params, ProvenCall, QueryMsg,
    Role, TcbPolicy,
};
use interfaces::common::{OwnershipMsg, OwnershipResponse};
use interfaces::credit_vault::ReportRef;

use crate::world::*;

const NEW_ID: [u8; 32] = [0x77; 32];

fn proposal(ids: &[[u8; 32]]) -> ExecuteMsg {
    ExecuteMsg::ProposeMeasurements {
        measurements: ids
            .iter()
            .map(|id| listed(Role::Gateway, HexBinary::from(id)))
            .collect(),
    }
}

/// Who holds which right; everyone else must be refused with the code.
enum Right {
    Anyone,
    Subject,
    SubjectOwnerOperator,
    Owner,
    OwnerOperator,
    Timelock,
}

/// Every variant with its right. A new variant does not compile here until it is listed.
fn rights(world: &World) -> Vec<(ExecuteMsg, Right)> {
    let report = ReportRef {
        gateway: 1,
        key_epoch: 1,
        seq: 1,
    };
    let call = ProvenCall {
        report,
        leaf: Binary::default(),
        leaf_proof: Binary::default(),
        entry: Binary::default(),
        entry_proof: Binary::default(),
    };
    let all = vec![
        ExecuteMsg::RequestEnrollment {
            role: Role::Gateway,
            id: Some(1),
            public_key: ed(1).public(),
            possession: Binary::default(),
            encryption_key: ENCRYPTION_KEY.into(),
            hardware: hardware(Role::Gateway),
        },
        ExecuteMsg::Enroll {
            subject: gateway(1),
            evidence: Evidence::Bond {},
        },
        ExecuteMsg::RevokeKey {
            subject: gateway(1),
            key_epoch: 1,
        },
        ExecuteMsg::AddBond { subject: gateway(1) },
        ExecuteMsg::Retire { subject: gateway(1) },
        ExecuteMsg::WithdrawBond { subject: gateway(1) },
        ExecuteMsg::Submit { statements: vec![] },
        ExecuteMsg::Deliver {
            report,
            entries: Binary::default(),
        },
        ExecuteMsg::DisputeCall {
            dispute: Dispute::WrongPrice { call },
        },
        ExecuteMsg::ChallengeUsage {
            report,
            entry_index: 0,
            entry: Binary::default(),
            entry_proof: Binary::default(),
            first_leaf: 0,
            count: 1,
        },
        ExecuteMsg::RevealLeaves {
            challenge: 1,
            leaves: vec![],
            proof: Binary::default(),
        },
        ExecuteMsg::ResolveChallenge { challenge: 1 },
        proposal(&[NEW_ID]),
        ExecuteMsg::RevokeMeasurement {
            id: measurement_id(),
            role: Role::Gateway,
        },
        ExecuteMsg::SetPolicy { policy: policy() },
        ExecuteMsg::SetParams { params: params() },
        ExecuteMsg::SetOperator { operator: None },
        ExecuteMsg::Ownership(OwnershipMsg::Propose {
            new_owner: world.host.to_string(),
        }),
        ExecuteMsg::SetVerifier {
            verifier: world.verifier.to_string(),
        },
        ExecuteMsg::SetVault {
            vault: world.vault.to_string(),
        },
    ];
    let right = |msg: &ExecuteMsg| match msg {
        ExecuteMsg::AddBond { .. }
        | ExecuteMsg::Submit { .. }
        | ExecuteMsg::Deliver { .. }
        | ExecuteMsg::DisputeCall { .. }
        | ExecuteMsg::ChallengeUsage { .. }
        | ExecuteMsg::RevealLeaves { .. }
        | ExecuteMsg::ResolveChallenge { .. } => Right::Anyone,
        ExecuteMsg::RequestEnrollment { .. }
        | ExecuteMsg::Enroll { .. }
        | ExecuteMsg::Retire { .. }
        | ExecuteMsg::WithdrawBond { .. } => Right::Subject,
        ExecuteMsg::RevokeKey { .. } => Right::SubjectOwnerOperator,
        ExecuteMsg::ProposeMeasurements { .. } | ExecuteMsg::RevokeMeasurement { .. } => Right::OwnerOperator,
        ExecuteMsg::SetPolicy { .. }
        | ExecuteMsg::SetParams { .. }
        | ExecuteMsg::SetOperator { .. }
        | ExecuteMsg::Ownership(_) => Right::Owner,
        ExecuteMsg::SetVerifier { .. } | ExecuteMsg::SetVault { .. } => Right::Timelock,
    };
    all.into_iter()
        .map(|msg| {
            let right = right(&msg);
            (msg, right)
        })
        .collect()
}

#[test]
fn forged_sender_is_refused_for_every_message() {
    let count = rights(&World::new()).len();
    for index in 0..count {
        for who in [
            "owner", "operator", "timelock", "host", "vault", "verifier", "self", "stranger",
        ] {
            let mut world = World::new();
            world.gateway();
            let (msg, right) = rights(&world).swap_remove(index);
            let sender = match who {
                "vault" => world.vault.clone(),
                "verifier" => world.verifier.clone(),
                "self" => world.oracle.clone(),
                name => world.actor(name),
            };
            let (may, refusal): (&[&str], u16) = match right {
                Right::Anyone => continue,
                Right::Subject => (&["host"], 10),
                Right::SubjectOwnerOperator => (&["host", "owner", "operator"], 910),
                Right::Owner => (&["owner"], 901),
                Right::OwnerOperator => (&["owner", "operator"], 910),
                Right::Timelock => (&["timelock"], 911),
            };
            let result = world.exec(&sender, &msg).map(|_| ()).map_err(|error| code(&error));
            if may.contains(&who) {
                assert_ne!(result, Err(refusal), "{who} may {msg:?}");
            } else {
                assert_eq!(result, Err(refusal), "{who} may not {msg:?}");
            }
        }
    }
}

#[test]
fn operator_removed_by_the_owner_may_nothing() {
    let mut world = World::new();
    let (owner, operator) = (world.owner.clone(), world.operator.clone());
    world.exec(&owner, &ExecuteMsg::SetOperator { operator: None }).unwrap();
    assert_eq!(code(&world.exec(&operator, &proposal(&[NEW_ID])).unwrap_err()), 910);
    let back = ExecuteMsg::SetOperator {
        operator: Some(operator.to_string()),
    };
    world.exec(&owner, &back).unwrap();
    world.exec(&operator, &proposal(&[NEW_ID])).unwrap();
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!(config.operator, Some(operator.to_string()));
}

#[test]
fn ownership_changes_hands_in_two_steps() {
    let mut world = World::new();
    let (owner, next) = (world.owner.clone(), world.actor("governance"));
    let propose = OwnershipMsg::Propose {
        new_owner: next.to_string(),
    };
    world.exec(&owner, &ExecuteMsg::Ownership(propose)).unwrap();
    let set = ExecuteMsg::SetParams { params: params() };
    assert_eq!(code(&world.exec(&next, &set).unwrap_err()), 901);
    world
        .exec(&next, &ExecuteMsg::Ownership(OwnershipMsg::Accept {}))
        .unwrap();
    world.exec(&next, &set).unwrap();
    assert_eq!(code(&world.exec(&owner, &set).unwrap_err()), 901);
    let ownership: OwnershipResponse = world.query(&QueryMsg::Ownership {});
    assert_eq!(ownership.owner, next.to_string());
}

fn edited(edit: impl FnOnce(&mut Params)) -> Params {
    let mut changed = params();
    edit(&mut changed);
    changed
}

#[test]
fn parameters_have_bounds_at_update_and_at_instantiation() {
    const MAX_BOND: u128 = 10_000_000 * USDT;
    type Set = fn(&mut Params, u128);
    let bounds: [(Set, u128, u128); 5] = [
        (|params, value| params.min_bond_gateway = value.into(), USDT, MAX_BOND),
        (|params, value| params.min_bond_worker = value.into(), USDT, MAX_BOND),
        (|params, value| params.enrolment_ttl = value as u64, 3_600, 2_592_000),
        (|params, value| params.ppid_quota = value as u32, 1, 64),
        (
            |params, value| params.challenge_bond = value.into(),
            USDT / 10,
            1_000 * USDT,
        ),
    ];
    let mut world = World::new();
    let owner = world.owner.clone();
    for (set, min, max) in bounds {
        for (value, fits) in [(min - 1, false), (min, true), (max, true), (max + 1, false), (0, false)] {
            let params = edited(|params| set(params, value));
            let result = world.exec(&owner, &ExecuteMsg::SetParams { params: params.clone() });
            assert_eq!(
                result.err().as_ref().map(code),
                if fits { None } else { Some(85) },
                "{value}"
            );
            let created = instantiate(|init| init.params = params);
            assert_eq!(created, if fits { None } else { Some(85) }, "{value}");
        }
    }
}

/// The refusal's code, if a fresh contract refuses this message.
fn instantiate(change: impl FnOnce(&mut InstantiateMsg)) -> Option<u16> {
    use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
    let world = World::new();
    let mut msg = world.init_msg();
    change(&mut msg);
    let mut deps = mock_dependencies();
    let info = message_info(&world.owner, &[]);
    let result = attestation_oracle::contract::instantiate(deps.as_mut(), mock_env(), info, msg);
    result.err().as_ref().map(code)
}

#[test]
fn policy_must_accept_something_and_stay_small() {
    let mut world = World::new();
    let owner = world.owner.clone();
    type Edit = fn(&mut TcbPolicy);
    let cases: [(Edit, Option<u16>); 6] = [
        (|_| {}, None),
        (|policy| policy.statuses.clear(), Some(86)),
        (|policy| policy.statuses = vec![policy.statuses[0]; 9], Some(86)),
        (
            |policy| policy.advisories = vec!["INTEL-SA-1".to_owned(); 257],
            Some(86),
        ),
        (|policy| policy.advisories = vec!["x".repeat(65)], Some(86)),
        (|policy| policy.advisories = vec![String::new()], Some(86)),
    ];
    for (edit, expected) in cases {
        let mut policy = policy();
        edit(&mut policy);
        assert_eq!(instantiate(|init| init.policy = policy.clone()), expected);
        let result = world.exec(&owner, &ExecuteMsg::SetPolicy { policy });
        assert_eq!(result.err().as_ref().map(code), expected);
    }
}

#[test]
fn bad_addresses_and_funds_are_refused_at_instantiation() {
    let bad = || "cosmwasm1typo".to_owned();
    assert_eq!(instantiate(|_| {}), None);
    assert_eq!(instantiate(|init| init.owner = bad()), Some(900));
    assert_eq!(instantiate(|init| init.timelock = bad()), Some(900));
    assert_eq!(instantiate(|init| init.vault = bad()), Some(900));
    assert_eq!(instantiate(|init| init.verifier = bad()), Some(900));
    assert_eq!(instantiate(|init| init.operator = Some(bad())), Some(900));
    assert_eq!(instantiate(|init| init.gateways.push(bad())), Some(900));
    assert_eq!(
        instantiate(|init| init.measurements.push(init.measurements[0].clone())),
        Some(80)
    );
}

#[test]
fn measurement_is_listed_once_and_revoked_for_ever() {
    let mut world = World::new();
    let operator = world.operator.clone();
    let send =
        |world: &mut World, msg: &ExecuteMsg| world.exec(&operator, msg).map(|_| ()).map_err(|error| code(&error));
    assert_eq!(send(&mut world, &proposal(&[])), Err(83));
    let many: Vec<_> = (0..33).map(|n| [n; 32]).collect();
    assert_eq!(send(&mut world, &proposal(&many)), Err(83));
    assert_eq!(send(&mut world, &proposal(&many[..32])), Ok(()));
    assert_eq!(send(&mut world, &proposal(&[NEW_ID, NEW_ID])), Err(80));
    assert_eq!(send(&mut world, &proposal(&[NEW_ID])), Ok(()));
    assert_eq!(send(&mut world, &proposal(&[NEW_ID])), Err(80));
    let revoke = |id: &[u8]| ExecuteMsg::RevokeMeasurement {
        id: id.into(),
        role: Role::Gateway,
    };
    assert_eq!(send(&mut world, &revoke(&[1; 31])), Err(30));
    assert_eq!(send(&mut world, &revoke(&[0x88; 32])), Err(81));
    assert_eq!(send(&mut world, &revoke(&NEW_ID)), Ok(()));
    assert_eq!(send(&mut world, &revoke(&NEW_ID)), Err(82));
    assert_eq!(send(&mut world, &proposal(&[NEW_ID])), Err(82));
    let long = ExecuteMsg::ProposeMeasurements {
        measurements: vec![interfaces::attestation_oracle::Measurement {
            id: [0x99; 32].into(),
            role: Role::Worker,
            label: "x".repeat(129),
        }],
    };
    assert_eq!(send(&mut world, &long), Err(84));
}

#[test]
fn measurement_revoked_before_its_notice_ends_never_enrols() {
    let mut world = World::with(|init| init.measurements.clear());
    let (operator, owner, host) = (world.operator.clone(), world.owner.clone(), world.host.clone());
    let id = measurement_id();
    let propose = ExecuteMsg::ProposeMeasurements {
        measurements: vec![listed(Role::Gateway, id.clone())],
    };
    world.exec(&operator, &propose).unwrap();
    let revoke = ExecuteMsg::RevokeMeasurement {
        id,
        role: Role::Gateway,
    };
    world.exec(&owner, &revoke).unwrap();
    world.pass(3 * DAY);
    let platform = world.platform.clone();
    let error = world
        .enrol_on(&platform, &host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .err()
        .unwrap();
    assert_eq!(code(&error), 26);
}

#[test]
fn measurements_are_listed_by_role_in_order() {
    let mut world = World::new();
    let operator = world.operator.clone();
    world.exec(&operator, &proposal(&[[1; 32], [3; 32], [2; 32]])).unwrap();
    let page = |start_after: Option<HexBinary>, limit| -> Vec<MeasurementResponse> {
        world.query(&QueryMsg::Measurements {
            role: Role::Gateway,
            start_after,
            limit,
        })
    };
    let all = page(None, None);
    assert_eq!(all.len(), 4);
    assert!(all
        .windows(2)
        .all(|pair| pair[0].measurement.id.as_slice() < pair[1].measurement.id.as_slice()));
    let first = page(None, Some(2));
    let rest = page(Some(first[1].measurement.id.clone()), None);
    assert_eq!([first, rest].concat(), all);
    let waiting = all.iter().filter(|row| row.from == START + 48 * HOUR).count();
    assert_eq!(waiting, 3);
}

#[test]
fn peers_change_through_the_timelock_only_and_take_effect() {
    let mut world = World::new();
    let timelock = world.timelock.clone();
    let other = world.actor("other");
    let set = ExecuteMsg::SetVerifier {
        verifier: other.to_string(),
    };
    world.exec(&timelock, &set).unwrap();
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!(
        (config.verifier, config.vault),
        (other.to_string(), world.vault.to_string())
    );
    let (platform, host) = (world.platform.clone(), world.host.clone());
    let error = world
        .enrol_on(&platform, &host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
        .err()
        .unwrap();
    assert_eq!(code(&error), 59);
    let typo = ExecuteMsg::SetVault {
        vault: "cosmwasm1typo".to_owned(),
    };
    assert_eq!(code(&world.exec(&timelock, &typo).unwrap_err()), 900);
}

#[test]
fn state_migrates_forward_only_and_keeps_everything() {
    use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
    use interfaces::attestation_oracle::MigrateMsg;
    let world = World::new();
    let mut deps = mock_dependencies();
    let info = message_info(&world.owner, &[]);
    let migrate = attestation_oracle::contract::migrate;
    assert!(migrate(deps.as_mut(), mock_env(), MigrateMsg {}).is_err());
    attestation_oracle::contract::instantiate(deps.as_mut(), mock_env(), info, world.init_msg()).unwrap();
    migrate(deps.as_mut(), mock_env(), MigrateMsg {}).unwrap();
    kit::migrate::init(deps.as_mut().storage, attestation_oracle::state::CONTRACT, "99.0.0").unwrap();
    assert_eq!(
        code(&migrate(deps.as_mut(), mock_env(), MigrateMsg {}).unwrap_err()),
        941
    );
    kit::migrate::init(deps.as_mut().storage, "lex:other", "0.0.1").unwrap();
    assert_eq!(
        code(&migrate(deps.as_mut(), mock_env(), MigrateMsg {}).unwrap_err()),
        940
    );
}

#[test]
fn owner_and_operator_have_no_way_to_the_bonds() {
    let mut world = World::new();
    let by = world.worker("worker", &ed(1));
    let governors: [Addr; 3] = [world.owner.clone(), world.operator.clone(), world.timelock.clone()];
    let before = world.balance(&world.oracle);
    for who in governors {
        let (count, all) = (rights(&world).len(), rights(&world));
        assert_eq!(all.len(), count);
        for (msg, _) in all {
            let _ = world.exec(&who, &msg);
        }
    }
    assert_eq!(world.balance(&world.oracle), before);
    assert_eq!(world.subject(by.subject).bond.u128(), WORKER_BOND);
}
