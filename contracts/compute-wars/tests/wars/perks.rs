//! The champion's choice.

use interfaces::compute_wars::*;
use interfaces::credit_vault::{self, FreeCallsResponse};

use crate::world::*;

fn choose(week: u64, perk: Perk) -> ExecuteMsg {
    ExecuteMsg::ChoosePerk { week, perk }
}

fn perks(world: &World, name: &str) -> (bool, u128) {
    let account = world.user(name).into_string();
    let answer: PerksResponse = world.query(&QueryMsg::Perks { account });
    (answer.unlimited_concurrency, answer.free_calls.u128())
}

/// A finished, finalized week that alice won over bob.
fn won() -> (World, u64) {
    let mut world = World::new();
    let week = world.week();
    world.record(week, &[("alice", 60_000), ("bob", 40_000)]);
    world.next_week();
    world.finalize(week);
    (world, week)
}

#[test]
fn champion_has_free_calls_in_the_following_week() {
    let (mut world, week) = won();
    let alice = world.user("alice");
    world.ok(&alice, choose(week, Perk::FreeCalls));
    assert_eq!(perks(&world, "alice"), (false, 1_000));
    assert_eq!(perks(&world, "bob"), (false, 0));
    let query = credit_vault::QueryMsg::FreeCalls { week: week + 1 };
    let held: Option<FreeCallsResponse> = world.app.wrap().query_wasm_smart(&world.vault, &query).unwrap();
    let held = held.unwrap();
    assert_eq!((held.account, held.left.u128()), (alice.into_string(), 1_000));
    world.next_week();
    assert_eq!(perks(&world, "alice"), (false, 0), "over with the week");
}

#[test]
fn free_calls_are_charged_to_nobody_and_score_nothing() {
    let mut world = World::new();
    let week = world.week();
    let alice = world.spender("alice", 1_000_000);
    world.settle(&[(&alice, 100_000)]);
    world.next_week();
    world.finalize(week);
    world.ok(&alice, choose(week, Perk::FreeCalls));
    world.settle(&[(&alice, 1_500)]);
    assert_eq!(
        world.rank("alice", week + 1),
        (500, Some(1)),
        "1,000 of 1,500 were free"
    );
}

#[test]
fn champion_may_choose_concurrency_instead() {
    let (mut world, week) = won();
    let alice = world.user("alice");
    world.ok(&alice, choose(week, Perk::UnlimitedConcurrency));
    assert_eq!(perks(&world, "alice"), (true, 0));
    assert_eq!(perks(&world, "bob"), (false, 0));
    let query = credit_vault::QueryMsg::FreeCalls { week: week + 1 };
    let held: Option<FreeCallsResponse> = world.app.wrap().query_wasm_smart(&world.vault, &query).unwrap();
    assert_eq!(held, None);
    let chosen: Option<PerkResponse> = world.query(&QueryMsg::Perk { week });
    let chosen = chosen.unwrap();
    assert_eq!(
        (chosen.account, chosen.perk),
        (alice.into_string(), Perk::UnlimitedConcurrency)
    );
    assert_eq!(
        (chosen.valid_from, chosen.valid_until),
        (MONDAY + WEEK, MONDAY + 2 * WEEK)
    );
}

#[test]
fn choice_is_made_once() {
    let (mut world, week) = won();
    let alice = world.user("alice");
    world.ok(&alice, choose(week, Perk::FreeCalls));
    for perk in [Perk::FreeCalls, Perk::UnlimitedConcurrency] {
        assert_eq!(world.refused(&alice, choose(week, perk)), 18);
    }
    assert_eq!(perks(&world, "alice"), (false, 1_000));
}

#[test]
fn nobody_but_the_champion_chooses() {
    let (mut world, week) = won();
    for name in ["bob", "owner", "mallory"] {
        let user = world.user(name);
        assert_eq!(world.refused(&user, choose(week, Perk::FreeCalls)), 16, "{name}");
    }
    let first = world.overview().first_week;
    world.finalize(first);
    let alice = world.user("alice");
    assert_eq!(
        world.refused(&alice, choose(first, Perk::FreeCalls)),
        16,
        "a week that nobody won"
    );
}

#[test]
fn choice_is_made_while_the_following_week_lasts() {
    let mut world = World::new();
    let week = world.week();
    world.record(week, &[("alice", 60_000)]);
    let alice = world.user("alice");
    world.at(WEEK - 1);
    assert_eq!(
        world.refused(&alice, choose(week, Perk::FreeCalls)),
        9,
        "not over, not finalized"
    );
    world.at(WEEK);
    world.finalize(week);
    world.at(2 * WEEK);
    assert_eq!(
        world.refused(&alice, choose(week, Perk::FreeCalls)),
        17,
        "the first second after"
    );

    let (mut world, week) = won();
    world.at(2 * WEEK - 1);
    world.ok(&alice, choose(week, Perk::FreeCalls));
}

#[test]
fn vault_that_listens_to_another_contest_undoes_the_choice() {
    let (mut world, week) = won();
    let (timelock, vault, alice) = (world.user("timelock"), world.vault.clone(), world.user("alice"));
    let peers = credit_vault::Peers {
        wars: Some(world.fund.to_string()),
        ..Default::default()
    };
    world.exec(&timelock, &vault, &credit_vault::ExecuteMsg::SetPeers { peers });
    let refused = world.refused_by(&alice, choose(week, Perk::FreeCalls));
    assert_eq!(refused, ("vault".to_owned(), 911));
    assert_eq!(world.query::<Option<PerkResponse>>(&QueryMsg::Perk { week }), None);
    world.ok(&alice, choose(week, Perk::UnlimitedConcurrency));
}
