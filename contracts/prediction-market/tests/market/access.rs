//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::{Addr, Binary};
use cw20::Cw20ReceiveMsg;
use interfaces::common::OwnershipMsg;
use interfaces::prediction_market::*;

use crate::world::*;

/// Codes that say "not you".
const NOT_YOU: [u16; 4] = [901, 902, 910, 911];

/// Each variant's name and what its doc says after `Permission:`.
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

/// One message of every variant; ownership has three, of two roles.
fn samples(world: &World) -> Vec<ExecuteMsg> {
    use ExecuteMsg as Msg;
    let market = 1;
    let notice = Cw20ReceiveMsg {
        sender: world.user("bob").to_string(),
        amount: lco(1),
        msg: Binary::from(b"{}"),
    };
    vec![
        Msg::Receive(notice),
        sell(market, 0, ONE),
        Msg::Settle { market },
        Msg::Claim { market, waiver: false },
        Msg::BurnFees { market },
        Msg::Decide { market, answer: None },
        Msg::Pause {
            feature: Pausable::Buy,
            paused: true,
        },
        Msg::SetParams {
            params: Params::default(),
        },
        Msg::SetPeers {
            peers: Peers::default(),
        },
        Msg::SetOperator {
            operator: Some(world.user("operator").to_string()),
        },
        Msg::Ownership(OwnershipMsg::Propose {
            new_owner: world.user("next").to_string(),
        }),
        Msg::Ownership(OwnershipMsg::Accept {}),
        Msg::Ownership(OwnershipMsg::Cancel {}),
    ]
}

/// A world in which somebody waits to become owner, and every role by the name the docs use.
fn roles() -> (World, BTreeMap<&'static str, Addr>) {
    let mut world = World::new();
    let new_owner = world.user("pending").to_string();
    world
        .tell("owner", ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }))
        .unwrap();
    world.open("alice", 2, 100);
    let roles = BTreeMap::from([
        ("Owner", world.user("owner")),
        ("Operator", world.user("operator")),
        ("Governance", world.governance.clone()),
        ("Coin", world.coin.clone()),
        ("Staking", world.staking.clone()),
        ("Pending owner", world.user("pending")),
        ("Proposer", world.user("alice")),
        ("Market", world.market.clone()),
        ("Anyone", world.user("mallory")),
    ]);
    (world, roles)
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
    let (world, roles) = roles();
    let stated = permissions();
    let sampled: BTreeSet<_> = samples(&world).iter().map(name).collect();
    assert_eq!(sampled, stated.keys().cloned().collect(), "a sample of every variant");
    for (variant, permission) in stated {
        for role in permission.split('|') {
            assert!(roles.contains_key(role.trim()), "{variant}: nobody is called {role}");
        }
    }
}

#[test]
fn forged_sender_is_refused_for_every_permission() {
    let stated = permissions();
    let (first, holders) = roles();
    for index in 0..samples(&first).len() {
        for role in holders.keys() {
            // a fresh world for each attempt, because some messages change who has which role
            let (mut world, roles) = roles();
            let msg = samples(&world)[index].clone();
            let outcome = world.try_exec(&roles[role], &msg);
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
fn nobody_overrides_a_market() {
    // whoever owns the contract, and governance itself without a vote that was asked for, can end nothing
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 50 * ONE);
    for at in [1, CLOSE, RESOLVE] {
        world.at(at);
        for (name, code) in [("owner", 911), ("operator", 911), ("alice", 911)] {
            for answer in [Some(0), Some(VOID), None] {
                assert_eq!(
                    world.tell(name, ExecuteMsg::Decide { market, answer }).unwrap_err(),
                    code
                );
            }
        }
        let governance = world.governance.clone();
        for answer in [Some(0), Some(VOID), None] {
            let decide = ExecuteMsg::Decide { market, answer };
            assert_eq!(world.try_exec(&governance, &decide).unwrap_err(), 9);
        }
    }
}
