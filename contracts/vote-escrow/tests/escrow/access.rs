//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::Addr;
use interfaces::common::OwnershipMsg;
use interfaces::vote_escrow::*;

use crate::bench::*;

/// Codes that say "not you".
const NOT_YOU: [u16; 3] = [901, 902, 911];

/// Each variant's name and what its doc says after `Permission:`.
fn permissions() -> BTreeMap<String, String> {
    let schema = schema_for!(ExecuteMsg).schema;
    let variants = schema.subschemas.unwrap().one_of.unwrap();
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
    let json = cosmwasm_std::to_json_string(msg).unwrap();
    json.split('"').nth(1).unwrap().to_owned()
}

/// One message of every variant; ownership has three, of two roles.
fn samples(bench: &Bench) -> Vec<ExecuteMsg> {
    let alice = bench.user("alice");
    let new_owner = bench.user("other").to_string();
    vec![
        Bench::notice(&alice, &Cw20Hook::Lock { until: NOW + YEAR }, MIN),
        ExecuteMsg::ExtendTo { until: NOW + 2 * YEAR },
        ExecuteMsg::Withdraw {},
        ExecuteMsg::Mark {},
        ExecuteMsg::SetParams { params: params() },
        ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }),
        ExecuteMsg::Ownership(OwnershipMsg::Cancel {}),
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}),
    ]
}

/// A contract that somebody waits to own, and every role by the name the docs use.
fn roles() -> (Bench, BTreeMap<&'static str, Addr>) {
    let mut bench = Bench::new();
    let names = ["owner", "pending", "vcai", "mallory", "allocation"];
    let [owner, pending, coin, anyone, allocation] = names.map(|name| bench.user(name));
    let new_owner = pending.to_string();
    bench.ok(&owner, ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }));
    let roles = [
        ("Owner", owner),
        ("Pending owner", pending),
        ("Coin", coin),
        ("Anyone", anyone),
        ("Allocation", allocation),
    ];
    (bench, BTreeMap::from(roles))
}

fn allowed(permission: &str, msg: &ExecuteMsg, role: &str) -> bool {
    match msg {
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}) => role == "Pending owner",
        _ => permission == "Anyone" || permission == role,
    }
}

#[test]
fn every_variant_states_a_permission_that_is_a_role_and_has_a_sample() {
    let (bench, roles) = roles();
    let stated = permissions();
    let sampled: BTreeSet<_> = samples(&bench).iter().map(name).collect();
    assert_eq!(sampled, stated.keys().cloned().collect(), "a sample of every variant");
    for (variant, permission) in stated {
        assert!(
            roles.contains_key(permission.as_str()),
            "{variant}: nobody is called {permission}"
        );
    }
}

#[test]
fn forged_sender_is_refused_for_every_permission() {
    let stated = permissions();
    for index in 0..samples(&roles().0).len() {
        for role in roles().1.into_keys() {
            // a fresh contract for each attempt, because some messages change who has which role
            let (mut bench, roles) = roles();
            let msg = samples(&bench)[index].clone();
            let outcome = bench.send(&roles[role], msg.clone());
            let refused = matches!(&outcome, Err(error) if NOT_YOU.contains(&error.code()));
            let expected = allowed(&stated[&name(&msg)], &msg, role);
            assert_eq!(!refused, expected, "{msg:?} from {role}: {outcome:?}");
        }
    }
}
