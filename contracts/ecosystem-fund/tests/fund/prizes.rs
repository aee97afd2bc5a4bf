//! Prize LCO: booked to the week that ended, released to the contest once, paid to its winners.

use interfaces::compute_wars;
use interfaces::ecosystem_fund::*;

use crate::world::*;

fn release(week: u64) -> ExecuteMsg {
    ExecuteMsg::ReleasePrizes { week }
}

fn prizes(world: &World, week: u64) -> PrizesResponse {
    world.query(&QueryMsg::Prizes { week })
}

#[test]
fn prizes_are_booked_to_the_week_that_just_ended() {
    let mut world = World::new().with_pot(3_000 * ONE);
    let friday = world.week();
    world.buyback();
    world.wait(600);
    world.buyback();
    let sum: u128 = world.receipts().iter().map(|row| row.lco_to_prizes.u128()).sum();
    assert_eq!(prizes(&world, friday - 1).amount.u128(), sum);
    assert_eq!(prizes(&world, friday).amount.u128(), 0);
    world.at(FRIDAY + WEEK);
    world.buyback();
    assert_eq!(prizes(&world, friday).amount, world.newest().lco_to_prizes);
}

#[test]
fn prizes_are_released_from_saturday_to_the_second_and_only_to_the_contest() {
    let mut world = World::new().with_pot(1_000 * ONE);
    world.buyback();
    let (week, wars) = (world.week() - 1, world.wars.clone());
    assert_eq!(prizes(&world, week).releasable_at, MONDAY + FRIDAY + DAY);
    world.at(FRIDAY + DAY - 1);
    assert_eq!(world.refused(&wars, release(week)), 7, "Friday 23:59:59");
    world.at(FRIDAY + DAY);
    for sender in [
        world.anyone(),
        world.user("owner"),
        world.user("operator"),
        world.vault.clone(),
    ] {
        assert_eq!(world.refused(&sender, release(week)), 911);
    }
    let held = world.overview().prizes_held.u128();
    world.ok(&wars, release(week));
    assert_eq!((world.lco(&wars), world.overview().prizes_held.u128()), (held, 0));
}

#[test]
fn prize_released_twice_is_refused() {
    let mut world = World::new().with_pot(1_000 * ONE);
    world.buyback();
    let (week, wars) = (world.week() - 1, world.wars.clone());
    world.at(FRIDAY + WEEK);
    world.buyback();
    world.at(FRIDAY + WEEK + DAY);
    world.ok(&wars, release(week));
    let before = world.lco(&wars);
    assert_eq!(world.refused(&wars, release(week)), 17);
    assert_eq!(world.lco(&wars), before);
    assert!(prizes(&world, week).released && !prizes(&world, week + 1).released);
}

#[test]
fn week_without_prizes_releases_nothing_once() {
    let mut world = World::new();
    let (week, wars) = (world.first(), world.wars.clone());
    world.at(2 * WEEK);
    world.ok(&wars, release(week));
    assert_eq!(world.lco(&wars), 0);
    assert_eq!(world.refused(&wars, release(week)), 17);
}

#[test]
fn without_a_contest_everything_is_burned() {
    let mut world = World::empty(|msg| msg.wars = None);
    world.provide("lp", BASE, QUOTE);
    let mut world = world.with_pot(1_000 * ONE);
    world.buyback();
    let receipt = world.newest();
    assert_eq!(
        (receipt.lco_to_prizes.u128(), receipt.lco_burned),
        (0, receipt.lco_bought)
    );
    let wars = world.wars.clone();
    assert_eq!(world.refused(&wars, release(receipt.week)), 18);
    let owner = world.user("owner");
    let set = ExecuteMsg::SetWars { wars: wars.to_string() };
    world.ok(&owner, set.clone());
    assert_eq!(world.refused(&owner, set), 19);
    world.at(FRIDAY + WEEK);
    world.buyback();
    assert!(world.newest().lco_to_prizes.u128() > 0);
}

#[test]
fn prize_share_is_a_parameter_and_zero_burns_all() {
    for (bps, expected) in [(0, 0), (3_000, 447_980_045)] {
        let mut world = World::empty(|msg| msg.params.prize_share_bps = bps);
        world.provide("lp", BASE, QUOTE);
        let mut world = world.with_pot(1_000 * ONE);
        world.buyback();
        assert_eq!(world.newest().lco_to_prizes.u128(), expected);
    }
}

/// From usage to a winner's pocket: charged, ranked, bought, fetched, claimed.
#[test]
fn prizes_reach_the_winners_of_the_week() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 50_000 * ONE);
    world.settle(&alice, 1, 5_000 * ONE, 0);
    world.at(2 * WEEK);
    // the week that ends before the buyback
    let bob = world.spender("bob", 2, 5_000);
    world.settle(&alice, 1, 5_000, 0);
    world.settle(&bob, 2, 4_000, 0);
    let won = world.week();
    world.at(3 * WEEK + 4 * DAY);
    let (first, wars, anyone) = (world.first(), world.wars.clone(), world.anyone());
    world.report(1, first, 0);
    world.buyback();
    assert_eq!(world.newest().week, won);
    for week in first - 1..=won {
        world.exec(&anyone, &wars, &compute_wars::ExecuteMsg::Finalize { week });
    }
    for week in first - 1..won {
        world.exec(&anyone, &wars, &compute_wars::ExecuteMsg::CollectPrizes { week });
    }
    let collect = compute_wars::ExecuteMsg::CollectPrizes { week: won };
    let error = world.send(&anyone, &wars, &collect).unwrap_err();
    assert_eq!(code(&error), ("fund".to_owned(), 7), "still Friday");
    world.at(3 * WEEK + 5 * DAY);
    world.exec(&anyone, &wars, &collect);
    let pool = world.newest().lco_to_prizes.u128();
    for (user, share) in [(alice, 30), (bob, 20)] {
        world.exec(&user, &wars, &compute_wars::ExecuteMsg::ClaimPrize { week: won });
        assert_eq!(world.lco(&user), pool * share / 100);
    }
    let sums: compute_wars::OverviewResponse = world
        .app
        .wrap()
        .query_wasm_smart(&wars, &compute_wars::QueryMsg::Overview {})
        .unwrap();
    assert_eq!(sums.collected.u128(), pool);
    assert_eq!(sums.collected, sums.paid + sums.rolled + sums.unclaimed);
}
