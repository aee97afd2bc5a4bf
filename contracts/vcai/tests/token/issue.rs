//! Strategic issuance under the yearly cap.

use interfaces::vcai::*;

use crate::world::*;

#[test]
fn whole_genesis_supply_is_with_the_allocation() {
    let world = World::new();
    assert_eq!(SUPPLY, 10_000_000_000 * 1_000_000);
    assert_eq!(world.balance("allocation"), SUPPLY);
    let info = world.info();
    assert_eq!((info.total_supply.u128(), info.decimals), (SUPPLY, 6));
    world.check_laws();
}

#[test]
fn inherited_mint_and_update_minter_are_refused_to_everybody() {
    let mut world = World::new();
    for name in ["governance", "allocation", "creator", "mallory"] {
        let mint = ExecuteMsg::Mint {
            recipient: world.name(name),
            amount: 1u128.into(),
        };
        assert_eq!(world.refused(name, mint), 3, "{name}");
        for new_minter in [None, Some(world.name("mallory"))] {
            assert_eq!(
                world.refused(name, ExecuteMsg::UpdateMinter { new_minter }),
                4,
                "{name}"
            );
        }
    }
    let minter: cw20::MinterResponse = world.query(&QueryMsg::Minter {});
    assert_eq!(minter.minter, world.name("governance"));
    assert_eq!(minter.cap, None);
}

#[test]
fn five_per_cent_a_year_and_not_a_unit_more_by_the_token_itself() {
    let mut world = World::new();
    let msg = world.issuing("alice", CAP + 1);
    assert_eq!(world.refused("governance", msg), 5);
    world.issue("alice", CAP - 1);
    let msg = world.issuing("alice", 2);
    assert_eq!(world.refused("governance", msg), 5);
    world.issue("bob", 1);
    assert_eq!((world.balance("alice"), world.balance("bob")), (CAP - 1, 1));
    let msg = world.issuing("bob", 1);
    assert_eq!(world.refused("governance", msg), 5, "the year is used up");
    let shown = world.overview().issuable;
    assert_eq!((shown.cap.u128(), shown.left.u128()), (CAP, 0));
}

#[test]
fn year_ends_after_365_days_and_a_quarter_to_the_second() {
    let mut world = World::new();
    world.issue("alice", CAP);
    world.at(YEAR - 1);
    let msg = world.issuing("alice", 1);
    assert_eq!(world.refused("governance", msg.clone()), 5);
    assert_eq!(world.overview().issuable.year_ends, START + YEAR);
    world.at(YEAR);
    world.ok("governance", msg);
    let shown = world.overview().issuable;
    assert_eq!((shown.year, shown.year_ends), (1, START + 2 * YEAR));
    assert_eq!(
        shown.supply.u128(),
        SUPPLY + CAP,
        "the second year counts on what there is by then"
    );
    assert_eq!(shown.cap.u128(), (SUPPLY + CAP) / 20);
}

#[test]
fn cap_is_of_the_supply_at_the_first_touch_and_rounded_down() {
    let mut world = World::new();
    let burn = |amount: u128| ExecuteMsg::Burn { amount: amount.into() };
    world.ok("allocation", burn(19));
    assert_eq!(
        world.overview().issuable.supply.u128(),
        SUPPLY - 19,
        "before the first touch"
    );
    let cap = (SUPPLY - 19) / 20;
    assert_eq!(world.overview().issuable.cap.u128(), cap);
    assert_eq!(cap, CAP - 1, "rounded down");
    world.issue("alice", 1);
    // neither burning nor issuing moves it within the year
    world.ok("allocation", burn(SUPPLY / 2));
    assert_eq!(world.overview().issuable.cap.u128(), cap);
    world.issue("alice", cap - 1);
    let msg = world.issuing("alice", 1);
    assert_eq!(world.refused("governance", msg), 5);
}

#[test]
fn what_a_year_leaves_unissued_is_lost() {
    let mut world = World::new();
    world.at(7 * YEAR + 5);
    let shown = world.overview().issuable;
    assert_eq!((shown.year, shown.cap.u128()), (7, CAP));
    let msg = world.issuing("alice", CAP + 1);
    assert_eq!(world.refused("governance", msg), 5);
}

#[test]
fn issuing_nothing_or_to_a_mistyped_address_is_refused() {
    let mut world = World::new();
    let msg = world.issuing("alice", 0);
    assert_eq!(world.refused("governance", msg), 2);
    let msg = ExecuteMsg::Issue {
        to: "cosmwasm1typo".into(),
        amount: 1u128.into(),
        proposal: 1,
    };
    assert_eq!(world.refused("governance", msg), 900);
}

#[test]
fn issuances_are_recorded_without_gaps_and_pages_join() {
    let mut world = World::new();
    for n in 1..=5u128 {
        world.at(n as u64 * 1_000);
        world.issue("alice", n);
    }
    let page = |start_before, limit| -> Vec<u64> {
        let rows: Vec<Issuance> = world.query(&QueryMsg::Issuances { start_before, limit });
        rows.into_iter().map(|row| row.n).collect()
    };
    assert_eq!(page(None, Some(3)), [5, 4, 3]);
    assert_eq!(page(Some(3), None), [2, 1]);
    let row = world.issuances().remove(2);
    let expected = Issuance {
        n: 3,
        proposal: 7,
        to: world.name("alice"),
        amount: 3u128.into(),
        year: 0,
        time: START + 3_000,
    };
    assert_eq!(row, expected);
}

#[test]
fn event_says_what_the_record_says() {
    let mut world = World::new();
    let response = world.issue("alice", 5);
    let event = response.events.iter().find(|event| event.ty == "wasm-issue").unwrap();
    let said: Vec<_> = event
        .attributes
        .iter()
        .skip(1)
        .map(|one| (one.key.clone(), one.value.clone()))
        .collect();
    let expected = [
        ("n", "1".to_owned()),
        ("proposal", "7".to_owned()),
        ("to", world.name("alice")),
        ("amount", "5".to_owned()),
        ("year", "0".to_owned()),
        ("time", START.to_string()),
    ];
    assert_eq!(said, expected.map(|(key, value)| (key.to_owned(), value)));
}
