//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::{Binary, Uint128};
use cw20::Logo;
use interfaces::vcai::*;

use crate::world::*;

/// Codes that say "not you": no role, no allowance, not the marketing address, nobody at all.
const NOT_YOU: [u16; 5] = [911, 953, 954, 3, 4];
const ROLES: [(&str, &str); 5] = [
    ("Governance", "governance"),
    ("Spender", "bob"),
    ("Marketing", "press"),
    ("Allocation", "allocation"),
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

fn samples(world: &World) -> Vec<ExecuteMsg> {
    let (amount, owner, bob) = (Uint128::zero(), world.name("allocation"), world.name("dave"));
    vec![
        world.transferring("bob", 0),
        ExecuteMsg::Burn { amount },
        ExecuteMsg::Send {
            contract: world.token.to_string(),
            amount,
            msg: Binary::default(),
        },
        ExecuteMsg::IncreaseAllowance {
            spender: bob.clone(),
            amount,
            expires: None,
        },
        ExecuteMsg::DecreaseAllowance {
            spender: bob.clone(),
            amount,
            expires: None,
        },
        ExecuteMsg::TransferFrom {
            owner: owner.clone(),
            recipient: bob.clone(),
            amount: 1u128.into(),
        },
        ExecuteMsg::SendFrom {
            owner: owner.clone(),
            contract: world.token.to_string(),
            amount: 1u128.into(),
            msg: Binary::default(),
        },
        ExecuteMsg::BurnFrom {
            owner,
            amount: 1u128.into(),
        },
        world.issuing("alice", 1),
        ExecuteMsg::Reprice { exponent: 2 },
        ExecuteMsg::Mint { recipient: bob, amount },
        ExecuteMsg::UpdateMinter { new_minter: None },
        ExecuteMsg::UpdateMarketing {
            project: None,
            description: None,
            marketing: None,
        },
        ExecuteMsg::UploadLogo(Logo::Url("a".into())),
    ]
}

fn setting() -> World {
    let mut world = World::new();
    let msg = ExecuteMsg::IncreaseAllowance {
        spender: world.name("bob"),
        amount: 10u128.into(),
        expires: None,
    };
    world.ok("allocation", msg);
    for (_, name) in ROLES {
        // everybody may lower what he gave
        let (giver, spender) = (name, world.name("dave"));
        let msg = ExecuteMsg::IncreaseAllowance {
            spender,
            amount: 10u128.into(),
            expires: None,
        };
        world.ok(giver, msg);
    }
    world
}

#[test]
fn every_variant_states_a_permission_and_has_a_sample() {
    let world = World::new();
    let stated = permissions();
    let sampled: BTreeSet<_> = samples(&world).iter().map(name).collect();
    assert_eq!(sampled, stated.keys().cloned().collect());
    for (variant, permission) in stated {
        let known = permission == "Nobody" || ROLES.iter().any(|(role, _)| *role == permission);
        assert!(known, "{variant}: nobody is called {permission}");
    }
}

#[test]
fn forged_sender_is_refused_for_every_permission() {
    let stated = permissions();
    for index in 0..samples(&World::new()).len() {
        for (role, user) in ROLES {
            let mut world = setting();
            let msg = samples(&world)[index].clone();
            let outcome = world.send(user, &msg);
            // a message to a contract that does not take it fails there, not here
            let refused = matches!(&outcome, Err(error) if error.root_cause().to_string().contains("[vcai:") && NOT_YOU.contains(&code(error)));
            let permission = &stated[&name(&msg)];
            let allowed = permission == "Anyone" || permission == role;
            assert_eq!(!refused, allowed, "{msg:?} from {role}: {outcome:?}");
        }
    }
}
