//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::Addr;
use interfaces::common::OwnershipMsg;
use interfaces::ecosystem_fund::*;

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

/// A new owner is proposed; otherwise everything is as on the first Monday.
fn setting() -> (World, BTreeMap<&'static str, Addr>) {
    let mut world = World::empty(|_| {});
    let owner = world.user("owner");
    let new_owner = world.user("pending").to_string();
    world.ok(&owner, ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }));
    let roles = BTreeMap::from([
        ("Owner", owner),
        ("Operator", world.user("operator")),
        ("Pending owner", world.user("pending")),
        ("Payout", world.payout(1)),
        ("Payout of another gateway", world.payout(2)),
        ("Wars", world.wars.clone()),
        ("Vault", world.vault.clone()),
        ("Pool", world.pool.clone()),
        ("Coin", world.l_coin.clone()),
        ("Fund", world.fund.clone()),
        ("Anyone", world.user("mallory")),
    ]);
    (world, roles)
}

fn samples(world: &World) -> Vec<ExecuteMsg> {
    let (week, gateway) = (world.week(), 1);
    vec![
        report(gateway, week, 0),
        ExecuteMsg::CloseWeek { week, gateway },
        ExecuteMsg::PayFreeCalls { week, gateway },
        ExecuteMsg::Buyback {},
        ExecuteMsg::ReleasePrizes { week },
        ExecuteMsg::PauseBuyback { paused: true },
        ExecuteMsg::SetParams {
            params: Params::default(),
        },
        ExecuteMsg::SetWars {
            wars: world.wars.to_string(),
        },
        ExecuteMsg::SetOperator {
            operator: Some(world.user("operator").to_string()),
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
        _ => permission == "Anyone" || permission.split('|').any(|one| one.trim() == role),
    }
}

#[test]
fn every_variant_states_a_permission_that_is_a_role_and_has_a_sample() {
    let (world, roles) = setting();
    let stated = permissions();
    let sampled: BTreeSet<_> = samples(&world).iter().map(name).collect();
    assert_eq!(sampled, stated.keys().cloned().collect());
    for (variant, permission) in stated {
        for role in permission.split('|') {
            let role = role.split('(').next().unwrap().trim();
            assert!(roles.contains_key(role), "{variant}: nobody is called {role}");
        }
    }
}

#[test]
fn forged_sender_is_refused_for_every_permission() {
    let stated = permissions();
    let names: Vec<_> = setting().1.into_keys().collect();
    for index in 0..samples(&setting().0).len() {
        for role in &names {
            // a fresh world for each attempt, because some messages change who has which role
            let (mut world, roles) = setting();
            let msg = samples(&world)[index].clone();
            let fund = world.fund.clone();
            let outcome = world.send(&roles[role], &fund, &msg);
            let refused = matches!(&outcome, Err(error) if NOT_YOU.contains(&code(error).1));
            assert_eq!(
                !refused,
                allowed(&stated[&name(&msg)], &msg, role),
                "{msg:?} from {role}: {outcome:?}"
            );
        }
    }
}
