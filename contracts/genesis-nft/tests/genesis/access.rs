//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::{coins, Binary};
use interfaces::common::OwnershipMsg;
use interfaces::genesis_nft::*;

use crate::world::*;

/// Codes that say "not you": no role, or not yours to move, to approve or to claim on.
const NOT_YOU: [u16; 6] = [901, 902, 911, 972, 973, 11];
const ROLES: [(&str, &str); 8] = [
    ("Owner", "owner"),
    ("Pending owner", "pending"),
    ("Allocation", "allocation"),
    ("Holder", "alice"),
    ("Approved", "bob"),
    ("Operator", "carol"),
    ("Holder of another token", "dave"),
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

/// After the TGE: alice holds token 1, which bob may move; carol may move all of hers.
fn setting() -> World {
    let mut world = World::new();
    world.buy("alice", 1);
    world.buy("dave", 1);
    world.tge();
    let (bob, carol) = (world.user("bob").to_string(), world.user("carol").to_string());
    let approve = ExecuteMsg::Approve {
        spender: bob,
        token_id: "1".into(),
        expires: None,
    };
    world.ok("alice", approve);
    let all = ExecuteMsg::ApproveAll {
        operator: carol,
        expires: None,
    };
    world.ok("alice", all);
    let new_owner = world.user("pending").to_string();
    world.ok("owner", ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }));
    world
}

fn samples(world: &World) -> Vec<ExecuteMsg> {
    let (dave, token_id) = (world.user("dave").to_string(), "1".to_owned());
    vec![
        ExecuteMsg::Buy { quantity: 1 },
        ExecuteMsg::SetAllowed {
            add: vec![dave.clone()],
            remove: vec![],
        },
        claim(&["1"]),
        ExecuteMsg::Release {},
        ExecuteMsg::TransferNft {
            recipient: dave.clone(),
            token_id: token_id.clone(),
        },
        ExecuteMsg::SendNft {
            contract: world.shop.to_string(),
            token_id: token_id.clone(),
            msg: Binary::default(),
        },
        ExecuteMsg::Approve {
            spender: dave.clone(),
            token_id: token_id.clone(),
            expires: None,
        },
        ExecuteMsg::Revoke {
            spender: dave.clone(),
            token_id,
        },
        ExecuteMsg::ApproveAll {
            operator: dave.clone(),
            expires: None,
        },
        ExecuteMsg::RevokeAll { operator: dave },
        burn("1"),
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
        // an operator is approved for every token of the holder
        _ if role == "Operator" && permission.contains("Approved") => true,
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
            let outcome = match msg {
                ExecuteMsg::Buy { .. } => world.try_buy(user, 1, &coins(PRICE, DENOM)),
                _ => world.send(user, &msg),
            };
            let refused = matches!(&outcome, Err(error) if error.root_cause().to_string().starts_with("[genesis:") && NOT_YOU.contains(&code(error).1));
            assert_eq!(
                !refused,
                allowed(&stated[&name(&msg)], &msg, role),
                "{msg:?} from {role}: {outcome:?}"
            );
        }
    }
}
