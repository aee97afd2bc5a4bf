//! Queries that no other module asks.

use cosmwasm_std::coins;
use interfaces::common::OwnershipResponse;
use interfaces::credit_vault::*;

use crate::world::*;

#[test]
fn overview_and_config_say_what_is_configured() {
    let world = World::new();
    let overview = world.overview();
    assert_eq!(
        (
            overview.halving,
            overview.week,
            overview.deposits_paused,
            overview.transfers_open
        ),
        (0, world.week(), false, false)
    );
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!(
        (config.denom.as_str(), config.l_coin, config.params),
        (DENOM, world.l_coin.to_string(), default_params())
    );
    assert_eq!(config.operator, Some(world.user("operator").to_string()));
    let ownership: OwnershipResponse = world.query(&QueryMsg::Ownership {});
    assert_eq!(ownership.owner, world.user("owner").to_string());
}

#[test]
fn week_is_counted_from_monday() {
    let mut world = World::new();
    let week = world.week();
    world.at(WEEK - 1);
    assert_eq!(world.overview().week, week);
    world.wait(1);
    assert_eq!(world.overview().week, week + 1);
}

#[test]
fn wallets_see_a_cw20() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    world.ok(&alice, open(1, 30, 30));
    let token: cw20::TokenInfoResponse = world.query(&QueryMsg::TokenInfo {});
    assert_eq!(
        (token.symbol.as_str(), token.decimals, token.total_supply),
        ("CREDIT", 6, amount(100))
    );
    assert_eq!(world.free(&alice), 70);
    // the very messages of a CW20 client are understood
    let raw = cosmwasm_std::to_json_vec(&cw20::Cw20QueryMsg::Balance {
        address: alice.to_string(),
    })
    .unwrap();
    let msg: QueryMsg = cosmwasm_std::from_json(raw).unwrap();
    assert_eq!(world.query::<cw20::BalanceResponse>(&msg).balance, amount(70));
    let raw = cosmwasm_std::to_json_vec(&cw20::Cw20ExecuteMsg::Transfer {
        recipient: world.fund.to_string(),
        amount: amount(1),
    });
    let msg: ExecuteMsg = cosmwasm_std::from_json(raw.unwrap()).unwrap();
    world.ok(&alice, msg);
}

#[test]
fn accounts_are_paged_without_gaps() {
    let mut world = World::new();
    let alice = world.user("alice");
    let mut expected: Vec<_> = (0..45)
        .map(|number| world.user(&format!("user{number}")).to_string())
        .collect();
    for address in &expected {
        world
            .deposit_with(&alice, &coins(1, DENOM), Some(address.clone()))
            .unwrap();
    }
    // registered contracts are listed, too
    expected.extend([world.fund.to_string(), world.launchpad.to_string()]);
    let mut seen = vec![];
    loop {
        let msg = QueryMsg::AllAccounts {
            start_after: seen.last().cloned(),
            limit: Some(20),
        };
        let page: cw20::AllAccountsResponse = world.query(&msg);
        if page.accounts.is_empty() {
            break;
        }
        seen.extend(page.accounts);
    }
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
}

#[test]
fn registered_contracts_and_gateways_are_listed() {
    let mut world = World::new();
    let bob = world.user("bob");
    world.ok(
        &world.user("timelock"),
        ExecuteMsg::RegisterContract {
            address: bob.to_string(),
        },
    );
    let mut all: Vec<String> = world.query(&QueryMsg::Registered {
        start_after: None,
        limit: None,
    });
    let last = all.last().cloned();
    let after: Vec<String> = world.query(&QueryMsg::Registered {
        start_after: last,
        limit: None,
    });
    assert!(after.is_empty());
    all.sort();
    let mut expected = [&world.fund, &world.launchpad, &bob].map(ToString::to_string);
    expected.sort();
    assert_eq!(all, expected);
    let gateways: Vec<GatewayResponse> = world.query(&QueryMsg::Gateways {
        start_after: Some(1),
        limit: None,
    });
    assert_eq!(gateways.into_iter().map(|row| row.gateway).collect::<Vec<_>>(), [2]);
}

#[test]
fn what_does_not_exist_is_an_error_or_empty() {
    let world = World::new();
    let ask = |msg: &QueryMsg| {
        world
            .app
            .wrap()
            .query_wasm_smart::<cosmwasm_std::Empty>(&world.vault, msg)
            .unwrap_err()
            .to_string()
    };
    assert!(ask(&QueryMsg::Gateway { gateway: 9 }).contains("[vault:7]"));
    assert!(ask(&QueryMsg::Rate { sku: "x".into() }).contains("[vault:26]"));
    let report = ReportRef {
        gateway: 1,
        key_epoch: 1,
        seq: 9,
    };
    assert!(ask(&QueryMsg::Settlement { report }).contains("[vault:17]"));
    let nobody = world.user("nobody");
    assert_eq!(world.spending(&nobody, 1).state, SpendingState::Closed);
    assert_eq!(world.account(&nobody).free, amount(0));
    assert_eq!(
        world.query::<Option<FreeCallsResponse>>(&QueryMsg::FreeCalls { week: 1 }),
        None
    );
}

#[test]
fn settlement_shows_each_entry_with_its_state() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    let entries = vec![
        world.usage(&alice, IN, 10),
        world.usage(&alice, OUT, 100),
        world.usage(&alice, OTHER, 1),
    ];
    let settled = world.settle(entries);
    assert_eq!(
        (settled.week, settled.settled_at, settled.scores_waiting),
        (world.week(), world.now(), false)
    );
    let outcomes: Vec<_> = settled.entries.iter().map(|entry| entry.outcome).collect();
    assert_eq!(
        outcomes,
        [EntryOutcome::Charged, EntryOutcome::Shortfall, EntryOutcome::ForeignSku]
    );
    assert!(settled.entries.iter().all(|entry| !entry.held && !entry.returned));
}

#[test]
fn outcomes_have_the_codes_of_their_documentation() {
    for (code, outcome) in EntryOutcome::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(outcome.code()), code);
        assert_eq!(EntryOutcome::from_code(outcome.code()), Some(outcome));
    }
    assert_eq!(EntryOutcome::from_code(11), None);
}
