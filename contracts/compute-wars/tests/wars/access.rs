//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::Addr;
use cw_multi_test::Executor;
use interfaces::common::OwnershipMsg;
use interfaces::compute_wars::*;

use crate::world::*;

/// Codes that say "not you".
const NOT_YOU: [u16; 5] = [14, 16, 901, 902, 911];

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

/// A finalized and collected week won by alice before bob, a new owner proposed.
fn setting() -> (World, BTreeMap<&'static str, Addr>) {
    let mut world = World::with(|msg| msg.fund = None);
    let (owner, week) = (world.user("owner"), world.week());
    let fund = world.fund.to_string();
    world.record(week, &[("alice", 60_000), ("bob", 40_000)]);
    world.next_week();
    world.finalize(week - 1);
    world.finalize(week);
    world.ok(&owner, ExecuteMsg::SetFund { fund });
    world.give(week - 1, 0);
    world.give(week, 1_000);
    world.collect(week - 1);
    world.collect(week);
    let new_owner = world.user("pending").to_string();
    world.ok(&owner, ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }));
    let roles = BTreeMap::from([
        ("Owner", owner),
        ("Pending owner", world.user("pending")),
        ("Vault", world.vault.clone()),
        ("Fund", world.fund.clone()),
        ("Coin", world.l_coin.clone()),
        ("Contest", world.wars.clone()),
        ("Champion", world.user("alice")),
        ("Winner", world.user("bob")),
        ("Anyone", world.user("mallory")),
    ]);
    (world, roles)
}

fn samples(world: &World) -> Vec<ExecuteMsg> {
    let week = world.week() - 1;
    vec![
        world.record_msg(week + 1, &[("alice", 1)]),
        ExecuteMsg::Finalize { week },
        ExecuteMsg::CollectPrizes { week },
        ExecuteMsg::ClaimPrize { week },
        ExecuteMsg::ChoosePerk {
            week,
            perk: Perk::FreeCalls,
        },
        ExecuteMsg::SetParams {
            params: Params::default(),
        },
        ExecuteMsg::SetFund {
            fund: world.fund.to_string(),
        },
        ExecuteMsg::Ownership(OwnershipMsg::Propose {
            new_owner: world.user("pending").to_string(),
        }),
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}),
        ExecuteMsg::Ownership(OwnershipMsg::Cancel {}),
    ]
}

fn allowed(permission: &str, msg: &ExecuteMsg, role: &str) -> bool {
    match (msg, role) {
        (ExecuteMsg::Ownership(OwnershipMsg::Accept {}), _) => role == "Pending owner",
        (ExecuteMsg::Ownership(_), _) => role == "Owner",
        // the champion is a winner, too
        (ExecuteMsg::ClaimPrize { .. }, "Champion") => true,
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
            let wars = world.wars.clone();
            let outcome = world.app.execute_contract(roles[role].clone(), wars, &msg, &[]);
            let refused = matches!(&outcome, Err(error) if NOT_YOU.contains(&code(error).1));
            assert_eq!(
                !refused,
                allowed(&stated[&name(&msg)], &msg, role),
                "{msg:?} from {role}: {outcome:?}"
            );
        }
    }
}
