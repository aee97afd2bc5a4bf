//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::BTreeMap;

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::{to_json_binary, Addr};
use cw20::Cw20ReceiveMsg;
use interfaces::governance::*;

use crate::world::*;

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
    let doc = variant.metadata.unwrap().description.unwrap_or_default();
    let (_, permission) = doc
        .rsplit_once("Permission:")
        .unwrap_or_else(|| panic!("{name} states no permission"));
    (name, permission.trim().to_owned())
}

fn name(msg: &ExecuteMsg) -> String {
    let json = String::from_utf8(cosmwasm_std::to_json_vec(msg).unwrap()).unwrap();
    json.split('"').nth(1).unwrap().to_owned()
}

/// A world with proposal 1 in its discussion, 2 in its voting and 3 executable, and with one message of every variant.
fn samples() -> (World, Vec<ExecuteMsg>) {
    let mut world = World::new();
    let action = world.messages(1);
    let ready = world.propose("dave", action.clone()).unwrap();
    world.advance(7 * DAY);
    for who in ["alice", "bob"] {
        world.vote(who, ready, Choice::Yes).unwrap();
    }
    world.advance(7 * DAY);
    let discussed = world.propose("dave", action).unwrap();
    world.advance(DAY);
    let from = world.moment();
    let voted = world.open(1, &[0, 1], from).unwrap();
    let hook = Cw20Hook::Propose {
        title: "t".into(),
        description: String::new(),
        action: world.params(1),
    };
    let samples = vec![
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: world.user("dave").into(),
            amount: DEPOSIT.into(),
            msg: to_json_binary(&hook).unwrap(),
        }),
        ExecuteMsg::OpenOutcome {
            market: 2,
            answers: vec![0, 1],
            from,
            to: from,
        },
        ExecuteMsg::OpenAppeal { case: 1 },
        ExecuteMsg::Vote {
            proposal: voted,
            choice: Choice::Answer(0),
        },
        ExecuteMsg::Withdraw { proposal: discussed },
        ExecuteMsg::Execute { proposal: ready },
        ExecuteMsg::SettleDeposit { proposal: ready },
        ExecuteMsg::SetParams {
            params: world.query(&QueryMsg::Params {}),
        },
        ExecuteMsg::SetTracks { tracks: tracks() },
        ExecuteMsg::SetPredictionMarket {
            address: world.market.to_string(),
        },
        ExecuteMsg::SetAppeals {
            address: world.appeals.to_string(),
        },
    ];
    (world, samples)
}

fn roles(world: &World) -> BTreeMap<&'static str, Addr> {
    BTreeMap::from([
        ("DepositToken", world.token.clone()),
        ("PredictionMarket", world.market.clone()),
        ("Appeals", world.appeals.clone()),
        ("Proposer", world.user("dave")),
        ("Itself", world.gov.clone()),
        ("Staker", world.user("alice")),
        ("VotingModule", world.module.clone()),
        ("Creator", world.user("creator")),
        ("Recipient", world.user("fund")),
        ("Anyone", world.user("mallory")),
    ])
}

#[test]
fn every_variant_states_a_permission_and_has_a_sample() {
    let (world, samples) = samples();
    let stated = permissions();
    let names: Vec<String> = samples.iter().map(name).collect();
    assert_eq!(names.len(), stated.len());
    for name in &names {
        let permission = &stated[name];
        assert!(roles(&world).contains_key(permission.as_str()), "{name}: {permission}");
    }
}

#[test]
fn every_message_is_refused_to_every_other_role_and_open_to_its_own() {
    let (_, all) = samples();
    let stated = permissions();
    for index in 0..all.len() {
        let (world, _) = samples();
        for (role, sender) in roles(&world) {
            // a world of its own for each, since some succeed
            let (mut world, samples) = samples();
            let msg = &samples[index];
            let permission = stated[&name(msg)].as_str();
            let gov = world.gov.clone();
            let done = world.act(&sender, &gov, msg);
            let not_you = done.as_ref().err().is_some_and(|error| code(error) == 911);
            let allowed = permission == "Anyone" || permission == role;
            assert_eq!(!not_you, allowed, "{} by {role}: {done:?}", name(msg));
        }
    }
}
