//! Who may send what: read from the `Permission:` line of each variant, and tried with every role.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::schemars::schema::SchemaObject;
use cosmwasm_schema::schemars::schema_for;
use cosmwasm_std::{Addr, Binary};
use interfaces::common::OwnershipMsg;
use interfaces::credit_vault::*;

use crate::world::*;

/// Codes that say "not you".
const NOT_YOU: [u16; 5] = [9, 901, 902, 910, 911];

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

/// One message of every variant; ownership has three, of two roles.
fn samples(world: &World) -> Vec<ExecuteMsg> {
    use ExecuteMsg as Msg;
    let address = world.user("bob").to_string();
    let (a, one) = (|| address.clone(), amount(1));
    let report = ReportRef {
        gateway: 1,
        key_epoch: 1,
        seq: 1,
    };
    let admission = GatewayAdmission {
        gateway: 1,
        payout: a(),
    };
    let week = world.week();
    vec![
        Msg::Deposit { to: None },
        Msg::Redeem { amount: one, to: None },
        Msg::Transfer {
            recipient: a(),
            amount: one,
        },
        Msg::Send {
            contract: a(),
            amount: one,
            msg: Binary::default(),
        },
        Msg::IncreaseAllowance {
            spender: a(),
            amount: one,
            expires: None,
        },
        Msg::DecreaseAllowance {
            spender: a(),
            amount: one,
            expires: None,
        },
        Msg::TransferFrom {
            owner: a(),
            recipient: a(),
            amount: one,
        },
        Msg::SendFrom {
            owner: a(),
            contract: a(),
            amount: one,
            msg: Binary::default(),
        },
        open(1, 1, 1),
        Msg::TopUpSpending {
            gateway: 1,
            amount: one,
        },
        Msg::SetDailyLimit {
            gateway: 1,
            max_per_day: one,
        },
        Msg::CloseSpending { gateway: 1 },
        Msg::WithdrawSpending { gateway: 1 },
        Msg::ClaimLco {},
        Msg::PayLco { accounts: vec![] },
        Msg::SettleUsage { reports: vec![] },
        Msg::ResolveCharge {
            charge: ChargeRef { report, entry: 0 },
            action: ChargeAction::Hold,
        },
        Msg::ReleaseWeek {
            gateway: 1,
            week,
            fund_share: one,
        },
        Msg::DeliverScores { report },
        Msg::Grant {
            account: a(),
            sku: IN.into(),
            units: one,
            price: one,
            exclusive_until: 0,
        },
        Msg::SetFreeCalls {
            account: a(),
            week,
            allowance: one,
        },
        Msg::AdmitGateway { admission },
        Msg::SuspendGateway { gateway: 1 },
        Msg::SetPayout {
            gateway: 1,
            payout: world.user("payout").to_string(),
        },
        Msg::ProposeRates { rates: vec![] },
        Msg::PauseDeposits { paused: false },
        Msg::OpenTransfers {},
        Msg::SetParams {
            params: default_params(),
        },
        Msg::SetOperator {
            operator: Some(world.user("operator").to_string()),
        },
        Msg::Ownership(OwnershipMsg::Propose {
            new_owner: world.user("pending").to_string(),
        }),
        Msg::Ownership(OwnershipMsg::Accept {}),
        Msg::Ownership(OwnershipMsg::Cancel {}),
        Msg::SetOracle {
            oracle: world.user("oracle").to_string(),
        },
        Msg::SetPeers {
            peers: world.query::<ConfigResponse>(&QueryMsg::Config {}).peers,
        },
        Msg::RegisterContract { address: a() },
    ]
}

/// A world in which somebody waits to become owner, and every role by the name the docs use.
fn roles() -> (World, BTreeMap<&'static str, Addr>) {
    let mut world = World::new();
    let new_owner = world.user("pending").to_string();
    world.ok(
        &world.user("owner"),
        ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner }),
    );
    let roles = BTreeMap::from([
        ("Owner", world.user("owner")),
        ("Operator", world.user("operator")),
        ("Timelock", world.user("timelock")),
        ("Oracle", world.user("oracle")),
        ("Fund", world.fund.clone()),
        ("Wars", world.wars.clone()),
        ("Launchpad", world.launchpad.clone()),
        ("Tiers", world.tiers.clone()),
        ("Payout", world.user("payout")),
        ("Payout of another gateway", world.user("payout2")),
        ("Pending owner", world.user("pending")),
        ("Coin", world.l_coin.clone()),
        ("Vault", world.vault.clone()),
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
