//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::Addr;
use interfaces::common::OwnershipMsg;
use interfaces::incentive_controller::*;

use crate::world::*;

/// Codes that say "not you".
const NOT_YOU: [u16; 4] = [901, 902, 910, 911];

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
    let (_, permission) = doc
        .rsplit_once("Permission:")
        .unwrap_or_else(|| panic!("{name} states no permission"));
    (name, permission.trim().to_owned())
}

fn name(msg: &ExecuteMsg) -> String {
    let json = String::from_utf8(cosmwasm_std::to_json_vec(msg).unwrap()).unwrap();
    json.split('"').nth(1).unwrap().to_owned()
}

/// A new owner is proposed, and a node has worked on the first day.
fn setting() -> (World, BTreeMap<&'static str, Addr>) {
    let mut world = World::new();
    world.noon(FIRST);
    let node = world.node("node", ONE);
    world.nodes(FIRST, vec![node]);
    world.close(FIRST);
    let new_owner = world.user("pending").to_string();
    world.ok("owner", ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }));
    let roles = BTreeMap::from([
        ("Owner", world.user("owner")),
        ("Pending owner", world.user("pending")),
        ("Reporter", world.user("reporter")),
        ("Token", world.vcai.clone()),
        ("Pool", world.pool.clone()),
        ("Node", world.user("node")),
        ("Anyone", world.user("mallory")),
    ]);
    (world, roles)
}

fn samples(world: &World) -> Vec<ExecuteMsg> {
    let day = FIRST + 1;
    vec![
        ExecuteMsg::Start {},
        ExecuteMsg::Report {
            day,
            rentals: vec![],
            nodes: vec![world.node("node", ONE)],
            gpus: vec![],
        },
        ExecuteMsg::Advance {},
        ExecuteMsg::Claim { from: FIRST, to: FIRST },
        ExecuteMsg::PayOut {
            account: world.user("node").into(),
            from: FIRST,
            to: FIRST,
        },
        ExecuteMsg::AllowKeepers { allowed: true },
        ExecuteMsg::NameReferrer {
            referrer: world.user("referrer").into(),
        },
        ExecuteMsg::ReRelease {
            bucket: Bucket::Withheld,
            amount: n(0),
        },
        ExecuteMsg::SetReporter { reporter: None },
        ExecuteMsg::SetParams {
            params: Params::default(),
        },
        ExecuteMsg::Ownership(OwnershipMsg::Propose {
            new_owner: world.user("pending").to_string(),
        }),
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}),
        ExecuteMsg::Ownership(OwnershipMsg::Cancel {}),
    ]
}

fn allowed(permission: &str, msg: &ExecuteMsg, role: &str) -> bool {
    match msg {
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}) => role == "Pending owner",
        ExecuteMsg::Ownership(_) => role == "Owner",
        _ => permission == "Anyone" || permission == role,
    }
}

#[test]
fn every_variant_states_a_permission_and_has_a_sample() {
    let (world, roles) = setting();
    let stated = permissions();
    let sampled: BTreeSet<_> = samples(&world).iter().map(name).collect();
    assert_eq!(sampled, stated.keys().cloned().collect());
    for (variant, permission) in stated {
        for role in permission.split('|') {
            assert!(roles.contains_key(role.trim()), "{variant}: nobody is called {role}");
        }
    }
}

#[test]
fn forged_sender_is_refused_for_every_permission() {
    let stated = permissions();
    let names: Vec<_> = setting().1.into_keys().collect();
    for index in 0..samples(&setting().0).len() {
        for role in &names {
            // a world of its own for each attempt, because some messages change who has which role
            let (mut world, roles) = setting();
            let msg = samples(&world)[index].clone();
            let contract = world.contract.clone();
            let done = world.act(&roles[role], &contract, &msg);
            let refused = done.as_ref().err().is_some_and(|error| NOT_YOU.contains(&code(error)));
            let permission = &stated[&name(&msg)];
            assert_eq!(!refused, allowed(permission, &msg, role), "{msg:?} by {role}: {done:?}");
        }
    }
}
