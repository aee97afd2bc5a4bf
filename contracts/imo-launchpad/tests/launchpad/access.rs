//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::Addr;
use cw20::Cw20ReceiveMsg;
use interfaces::common::OwnershipMsg;
use interfaces::imo_launchpad::*;

use crate::world::*;

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
    let json = String::from_utf8(cosmwasm_std::to_json_vec(msg).unwrap()).unwrap();
    json.split('"').nth(1).unwrap().to_owned()
}

/// One message of every variant; ownership has three, of two roles.
fn samples(world: &World) -> Vec<ExecuteMsg> {
    let notice = Cw20ReceiveMsg {
        sender: world.user("alice").into(),
        amount: n(3),
        msg: hook(1, 1),
    };
    let new_owner = world.user("bob").into();
    vec![
        ExecuteMsg::CreateLaunch(NewLaunch {
            sku: OTHER.into(),
            ..world.terms()
        }),
        ExecuteMsg::CancelLaunch { launch: 1 },
        ExecuteMsg::Subscribe { launch: 1 },
        ExecuteMsg::Claim { launch: 1, units: n(1) },
        ExecuteMsg::Receive(notice),
        ExecuteMsg::CloseLaunch { launch: 1 },
        ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }),
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}),
        ExecuteMsg::Ownership(OwnershipMsg::Cancel {}),
    ]
}

/// A world with a launch, in which somebody waits to become owner, and every role by the name the docs use.
fn roles() -> (World, BTreeMap<&'static str, Addr>) {
    let mut world = World::new();
    world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    let new_owner = world.user("pending").into();
    world.ok(
        &world.user("owner"),
        ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }),
    );
    let roles = BTreeMap::from([
        ("Owner", world.user("owner")),
        ("Pending owner", world.user("pending")),
        ("Vault", world.vault.clone()),
        ("Staking", world.staking.clone()),
        ("Operator of the vault", world.user("operator")),
        ("Timelock", world.user("timelock")),
        ("Launchpad", world.launchpad.clone()),
        ("Subscriber", world.user("alice")),
        ("Anyone", world.user("mallory")),
    ]);
    (world, roles)
}

fn allowed(permission: &str, msg: &ExecuteMsg, role: &str) -> bool {
    match msg {
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}) => role == "Pending owner",
        ExecuteMsg::Ownership(_) => role == "Owner",
        _ => permission == "Anyone" || permission == role,
    }
}

#[test]
fn every_variant_states_a_permission_that_is_a_role_and_has_a_sample() {
    let (world, roles) = roles();
    let stated = permissions();
    let sampled: BTreeSet<_> = samples(&world).iter().map(name).collect();
    assert_eq!(sampled, stated.keys().cloned().collect(), "a sample of every variant");
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
    for index in 0..samples(&roles().0).len() {
        let names: Vec<_> = roles().1.into_keys().collect();
        for role in names {
            // a fresh world for each attempt, because some messages change who has which role
            let (mut world, roles) = roles();
            let msg = samples(&world)[index].clone();
            let outcome = world.attempt(&roles[role], msg.clone());
            let refused = matches!(outcome, Err(code) if NOT_YOU.contains(&code));
            assert_eq!(
                !refused,
                allowed(&stated[&name(&msg)], &msg, role),
                "{msg:?} from {role}: {outcome:?}"
            );
        }
    }
}

#[test]
fn handed_over_launchpad_obeys_the_new_owner_only() {
    let (mut world, roles) = roles();
    world.ok(&roles["Pending owner"], ExecuteMsg::Ownership(OwnershipMsg::Accept {}));
    let cancel = ExecuteMsg::CancelLaunch { launch: 1 };
    assert_eq!(world.refused(&roles["Owner"], cancel.clone()), 901);
    world.ok(&roles["Pending owner"], cancel);
}
