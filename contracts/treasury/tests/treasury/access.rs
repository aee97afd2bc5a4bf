//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::{coins, Uint128};
use interfaces::common::OwnershipMsg;
use interfaces::exchange::Asset;
use interfaces::treasury::*;

use crate::world::*;

/// Codes that say "not you".
const NOT_YOU: [u16; 4] = [901, 902, 910, 911];
const ROLES: [(&str, &str); 8] = [
    ("Owner", "owner"),
    ("Operator", "operator"),
    ("Pending owner", "pending"),
    ("Source", "market"),
    ("Another source", "paas"),
    ("Allocation", "allocation"),
    ("Governance", "governance"),
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
    let mut world = World::empty(|_| {});
    let new_owner = world.user("pending").to_string();
    world.ok("owner", ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }));
    world
}

fn samples(world: &World) -> Vec<ExecuteMsg> {
    let amount = Uint128::one();
    vec![
        ExecuteMsg::Deposit {
            source: "market".into(),
        },
        ExecuteMsg::Buyback { min_out: None },
        ExecuteMsg::OpenPool { vcai: amount },
        ExecuteMsg::RemoveLiquidity {
            shares: amount,
            min_amounts: [amount; 2],
        },
        ExecuteMsg::Spend {
            asset: Asset::Native { denom: DENOM.into() },
            to: world.user("bob").into(),
            amount,
        },
        ExecuteMsg::SetSource {
            name: "new".into(),
            address: None,
            counts: true,
        },
        ExecuteMsg::PauseBuyback { paused: true },
        ExecuteMsg::SetParams {
            params: Params::default(),
        },
        ExecuteMsg::SetOperator {
            operator: Some(world.user("operator").into()),
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
            assert!(
                ROLES.iter().any(|(known, _)| *known == role),
                "{variant}: nobody is called {role}"
            );
        }
    }
}

#[test]
fn forged_sender_is_refused_for_every_permission() {
    let stated = permissions();
    for index in 0..samples(&setting()).len() {
        for (role, user) in ROLES {
            // a fresh world for each attempt, because some messages change who has which role
            let mut world = setting();
            let msg = samples(&world)[index].clone();
            let (treasury, sender) = (world.treasury.clone(), world.user(user));
            world.give(&sender, 1, DENOM);
            let funds = match msg {
                ExecuteMsg::Deposit { .. } | ExecuteMsg::OpenPool { .. } => coins(1, DENOM),
                _ => vec![],
            };
            let outcome = world.try_with(user, &treasury, &msg, &funds);
            let refused = matches!(&outcome, Err(error) if error.root_cause().to_string().starts_with("[treasury:") && NOT_YOU.contains(&code(error).1));
            assert_eq!(
                !refused,
                allowed(&stated[&name(&msg)], &msg, role),
                "{msg:?} from {role}: {outcome:?}"
            );
        }
    }
}
