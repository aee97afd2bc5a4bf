//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::Addr;
use cw20::Cw20ReceiveMsg;
use interfaces::common::OwnershipMsg;
use interfaces::exchange::*;

use crate::world::*;

/// Codes that say "not you".
const NOT_YOU: [u16; 5] = [12, 901, 902, 910, 911];

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
    let doc = variant
        .metadata
        .unwrap()
        .description
        .unwrap_or_else(|| panic!("{name} has no doc"));
    let (_, permission) = doc
        .rsplit_once("Permission:")
        .unwrap_or_else(|| panic!("{name} states no permission"));
    (name, permission.trim().to_owned())
}

fn name(msg: &ExecuteMsg) -> String {
    let json = String::from_utf8(cosmwasm_std::to_json_vec(msg).unwrap()).unwrap();
    json.split('"').nth(1).unwrap().to_owned()
}

fn samples(world: &World) -> Vec<ExecuteMsg> {
    use ExecuteMsg as Msg;
    let address = |name: &str| world.user(name).into_string();
    let (zero, one) = (amount(0), amount(ONE));
    let hook = Cw20ReceiveMsg {
        sender: address("bob"),
        amount: one,
        msg: hook(&swap_hook()),
    };
    let params = Params {
        fee_bps: 30,
        skim_recipient: address("treasury"),
    };
    vec![
        Msg::Receive(hook),
        Msg::Swap {
            min_out: zero,
            deadline: None,
            to: None,
        },
        Msg::SwapExactOut {
            out: one,
            deadline: None,
            to: None,
        },
        Msg::Provide {
            amounts: amounts([ONE, ONE]),
            min_shares: zero,
            deadline: None,
        },
        Msg::AnnounceWithdrawal { shares: one },
        Msg::Withdraw {
            shares: one,
            min_amounts: amounts([0, 0]),
        },
        Msg::Skim {},
        Msg::SetParams { params },
        Msg::Ownership(OwnershipMsg::Propose {
            new_owner: address("pending"),
        }),
        Msg::Ownership(OwnershipMsg::Accept {}),
        Msg::Ownership(OwnershipMsg::Cancel {}),
    ]
}

/// A world in which somebody waits to become owner, and every role by the name the docs use.
fn roles() -> (World, BTreeMap<&'static str, Addr>) {
    let mut world = World::tokens().filled();
    let new_owner = world.user("pending").into_string();
    world
        .send(
            "owner",
            &ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }),
            &[],
        )
        .unwrap();
    let token = |asset: &Asset| match asset {
        Asset::Cw20 { address } => Addr::unchecked(address),
        Asset::Native { .. } => unreachable!(),
    };
    let roles = BTreeMap::from([
        ("Owner", world.user("owner")),
        ("Pending owner", world.user("pending")),
        ("Token", token(&world.assets[0])),
        ("LP", world.user("alice")),
        ("Recipient of donations", world.user("treasury")),
        ("Pool", world.pool.clone()),
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
    for index in 0..samples(&roles().0).len() {
        for role in roles().1.into_keys() {
            // a fresh world for each attempt, because some messages change who has which role
            let (mut world, roles) = roles();
            let msg = samples(&world)[index].clone();
            let pool = world.pool.to_string();
            // what the token says is not backed by a payment here; that it may say it is what is tested
            let outcome = world.app.execute_contract_unchecked(&roles[role], &pool, &msg);
            let refused = matches!(outcome, Err(Some(code)) if NOT_YOU.contains(&code));
            assert_eq!(
                !refused,
                allowed(&stated[&name(&msg)], &msg, role),
                "{msg:?} from {role}: {outcome:?}"
            );
        }
    }
}

/// A message whose laws are not checked afterwards; the pool's code if it was the pool that refused.
trait Unchecked {
    fn execute_contract_unchecked(&mut self, sender: &Addr, pool: &str, msg: &ExecuteMsg) -> Result<(), Option<u16>>;
}

impl Unchecked for cw_multi_test::App {
    fn execute_contract_unchecked(&mut self, sender: &Addr, pool: &str, msg: &ExecuteMsg) -> Result<(), Option<u16>> {
        use cw_multi_test::Executor;
        let outcome = self.execute_contract(sender.clone(), Addr::unchecked(pool), msg, &[]);
        outcome.map(|_| ()).map_err(|error| {
            let text = error.root_cause().to_string();
            text.strip_prefix("[exchange:")
                .and_then(|rest| rest.split(']').next()?.parse().ok())
        })
    }
}
