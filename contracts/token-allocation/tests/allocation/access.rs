//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::{Binary, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::common::OwnershipMsg;
use interfaces::token_allocation::*;

use crate::world::*;

/// Codes that say "not you".
const NOT_YOU: [u16; 3] = [901, 902, 911];
const ROLES: [(&str, &str); 7] = [
    ("Owner", "owner"),
    ("Pending owner", "pending"),
    ("Governance", "governance"),
    ("Beneficiary", "alice"),
    ("Pending beneficiary", "bob"),
    ("Beneficiary of another grant", "carol"),
    ("Anyone", "mallory"),
];

fn permissions() -> BTreeMap<String, String> {
    let variants = schema_for!(ExecuteMsg).schema.subschemas.unwrap().one_of.unwrap();
    variants
        .into_iter()
        .map(|variant| permission(variant.into_object()))
        .collect()
}

fn permission(variant: SchemaObject) -> (String, String) {
    let name = variant.object.unwrap().required.into_iter().next().unwrap();
    let doc = variant.metadata.unwrap().description.unwrap();
    let (_, permission) = doc.rsplit_once("Permission:").unwrap();
    (name, permission.trim().to_owned())
}

fn name(msg: &ExecuteMsg) -> String {
    let json = String::from_utf8(cosmwasm_std::to_json_vec(msg).unwrap()).unwrap();
    json.split('"').nth(1).unwrap().to_owned()
}

fn setting() -> World {
    let mut world = World::new();
    world.grant(Bucket::Public, &[("alice", 10_000), ("carol", 10_000)]);
    let new_owner = world.user("pending").to_string();
    world.ok("owner", ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }));
    let to = Some(world.user("bob").to_string());
    world.ok("alice", ExecuteMsg::ProposeBeneficiary { grant: 1, to });
    world
}

fn samples(world: &World) -> Vec<ExecuteMsg> {
    let grant = 1;
    vec![
        ExecuteMsg::Tge {},
        ExecuteMsg::Claim { grant },
        ExecuteMsg::LockVested {
            grant,
            amount: None,
            until: 1,
        },
        ExecuteMsg::ProposeBeneficiary { grant, to: None },
        ExecuteMsg::AcceptBeneficiary { grant },
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: world.user("governance").into(),
            amount: Uint128::one(),
            msg: Binary::default(),
        }),
        ExecuteMsg::Spend {
            bucket: Bucket::Reserve,
            to: world.user("bob").into(),
            amount: Uint128::one(),
        },
        ExecuteMsg::AddGrants {
            bucket: Bucket::Team,
            grants: vec![world.new_grant("alice", 1, None)],
        },
        ExecuteMsg::Amend {
            grant,
            schedule: VestingSchedule::monthly(3_091, 1, 2).unwrap(),
        },
        ExecuteMsg::SetTge {
            tge: TgePlan {
                time: TGE_AT,
                price: PRICE.into(),
            },
        },
        ExecuteMsg::Ownership(OwnershipMsg::Propose {
            new_owner: world.user("pending").into(),
        }),
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}),
        ExecuteMsg::Ownership(OwnershipMsg::Cancel {}),
    ]
}

fn allowed(permission: &str, msg: &ExecuteMsg, role: &str) -> bool {
    match msg {
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}) => role == "Pending owner",
        ExecuteMsg::Ownership(_) => role == "Owner",
        _ => permission == "Anyone" || permission.split('|').any(|one| one.trim() == role),
    }
}

#[test]
fn every_variant_states_a_permission_that_is_a_role_and_has_a_sample() {
    let world = setting();
    let stated = permissions();
    let sampled: BTreeSet<_> = samples(&world).iter().map(name).collect();
    assert_eq!(sampled, stated.keys().cloned().collect());
    for (variant, permission) in stated {
        for role in permission.split('|') {
            let role = role.split('(').next().unwrap().trim();
            let known = role == "Token" || ROLES.iter().any(|(known, _)| *known == role);
            assert!(known, "{variant}: nobody is called {role}");
        }
    }
}

#[test]
fn forged_sender_is_refused_for_every_permission() {
    let stated = permissions();
    for index in 0..samples(&setting()).len() {
        for (role, user) in ROLES.iter().copied().chain([("Token", "")]) {
            // a fresh world for each attempt, because some messages change who has which role
            let mut world = setting();
            let msg = samples(&world)[index].clone();
            let sender = match role {
                "Token" => world.peers.vcai.clone(),
                _ => world.user(user),
            };
            let allocation = world.peers.allocation.clone();
            let outcome = world.try_with(&sender, &allocation, &msg, &[]);
            let refused = matches!(&outcome, Err(error) if error.root_cause().to_string().starts_with("[allocation:") && NOT_YOU.contains(&code(error).1));
            assert_eq!(
                !refused,
                allowed(&stated[&name(&msg)], &msg, role),
                "{msg:?} from {role}: {outcome:?}"
            );
        }
    }
}
