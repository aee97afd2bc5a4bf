//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::{to_json_binary, Addr};
use cw20::Cw20ReceiveMsg;
use interfaces::common::OwnershipMsg;
use interfaces::margin::*;

use crate::world::*;

/// Codes that say "not you".
const NOT_YOU: [&str; 6] = [
    "margin:4",
    "margin:7",
    "margin:901",
    "margin:902",
    "margin:910",
    "margin:911",
];

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
    let (_, permission) = doc.rsplit_once("Permission:").unwrap();
    (name, permission.trim().to_owned())
}

fn name(msg: &ExecuteMsg) -> String {
    let json = String::from_utf8(cosmwasm_std::to_json_vec(msg).unwrap()).unwrap();
    json.split('"').nth(1).unwrap().to_owned()
}

/// One message of every variant; ownership has three, of two roles.
fn samples(world: &World) -> Vec<ExecuteMsg> {
    use ExecuteMsg as Msg;
    let address = world.user("bob").to_string();
    let notice = Cw20ReceiveMsg {
        sender: address.clone(),
        amount: amount(1),
        msg: to_json_binary(&Cw20Hook::FundReserve {}).unwrap(),
    };
    let (token, one) = (Token::Credit, amount(1));
    vec![
        Msg::Receive(notice),
        Msg::Withdraw { token, shares: one },
        Msg::Close {
            position: 1,
            min_payout: amount(0),
            deadline: None,
        },
        Msg::TakeCollateral {
            position: 1,
            amount: one,
        },
        Msg::Liquidate { position: 1 },
        Msg::CollectInterest { token },
        Msg::Pause {
            feature: Pausable::Supply,
            paused: true,
        },
        Msg::SetParams {
            params: default_params(),
        },
        Msg::SetOperator {
            operator: Some(address.clone()),
        },
        Msg::Ownership(OwnershipMsg::Propose {
            new_owner: world.user("heir").into(),
        }),
        Msg::Ownership(OwnershipMsg::Cancel {}),
        Msg::Ownership(OwnershipMsg::Accept {}),
        Msg::LiquidateFor {
            position: 1,
            keeper: address.clone(),
        },
        Msg::FinishWithdraw {
            token,
            lender: address,
            shares: one,
        },
    ]
}

fn roles() -> (World, BTreeMap<&'static str, Addr>) {
    let mut world = World::new();
    world.open("alice", Side::Long, 450 * ONE, 900 * ONE).unwrap();
    let new_owner = world.user("pending").to_string();
    world
        .exec("owner", &ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }))
        .unwrap();
    let roles = BTreeMap::from([
        ("Owner", world.user("owner")),
        ("Operator", world.user("operator")),
        ("Pending owner", world.user("pending")),
        ("Position owner", world.user("alice")),
        ("Token", world.credit.clone()),
        ("Self", world.margin.clone()),
        ("Exchange", world.exchange.clone()),
        ("Anyone", world.user("mallory")),
    ]);
    (world, roles)
}

fn allowed(permission: &str, msg: &ExecuteMsg, role: &str) -> bool {
    let of_ownership = match msg {
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}) => Some("Pending owner"),
        ExecuteMsg::Ownership(_) => Some("Owner"),
        _ => None,
    };
    match of_ownership {
        Some(only) => role == only,
        None => permission == "Anyone" || permission.split('|').any(|one| one.trim() == role),
    }
}

#[test]
fn every_variant_states_a_permission_that_is_a_role_and_has_a_sample() {
    let (world, roles) = roles();
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
    let (world, names) = roles();
    for index in 0..samples(&world).len() {
        for role in names.keys() {
            // a fresh world for each attempt, because some messages change who has which role
            let (mut world, roles) = roles();
            let msg = samples(&world)[index].clone();
            if name(&msg) == "receive" && *role == "Token" {
                // a token that lies about what it sent is refused by nobody: it is the token
                continue;
            }
            let outcome = world.run(&roles[role], &msg);
            let refused = matches!(&outcome, Err(code) if NOT_YOU.contains(&code.as_str()));
            assert_eq!(
                !refused,
                allowed(&stated[&name(&msg)], &msg, role),
                "{msg:?} from {role}: {outcome:?}"
            );
        }
    }
}
