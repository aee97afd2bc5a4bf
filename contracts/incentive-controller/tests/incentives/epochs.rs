//! Releases, utilisation, and the clock.

use interfaces::incentive_controller::*;
use math::incentives::{release, POOL};

use crate::world::*;

/// To the end of all releases, however long the epochs are, closing them now and then.
fn to_the_end(world: &mut World) {
    while world.dashboard().released_epochs < 522 {
        world.advance(30 * 7 * DAY);
        world.catch_up();
    }
}

#[test]
fn five_hundred_and_twenty_two_epochs_release_exactly_two_billion() {
    let mut world = World::new();
    to_the_end(&mut world);
    let board = world.dashboard();
    assert_eq!(board.released.u128(), 2_000_000_000 * ONE);
    let epochs = world.epochs();
    let releasing: Vec<&EpochInfo> = epochs.iter().take(522).collect();
    assert_eq!(releasing.iter().map(|epoch| total(&epoch.pools)).sum::<u128>(), POOL);
    for epoch in &releasing {
        assert_eq!(total(&epoch.pools), release(epoch.index), "{}", epoch.index);
    }
    // nothing after them, and nothing was left in days that nobody worked
    world.advance(60 * DAY);
    world.catch_up();
    assert!(world.epochs().iter().skip(522).all(|epoch| total(&epoch.pools) == 0));
    assert_eq!(world.dashboard().left_over.u128(), POOL);
}

#[test]
fn changing_length_and_percentage_midway_keeps_the_sum() {
    let mut world = World::new();
    let settings = [(3, 10_000), (28, 6_000), (1, 0), (7, 9_999)];
    for (round, (epoch_days, release_bps)) in settings.into_iter().cycle().take(12).enumerate() {
        world.advance((round as u64 * 11 + 40) * DAY);
        world.catch_up();
        let params = Params {
            epoch_days,
            release_bps,
            ..Params::default()
        };
        world.ok("owner", ExecuteMsg::SetParams { params });
    }
    to_the_end(&mut world);
    let epochs = world.epochs();
    assert!(epochs.windows(2).all(|pair| {
        pair[1].start == pair[0].start + u64::from(pair[0].days) && pair[1].index == pair[0].index + 1
    }));
    let given: u128 = epochs.iter().map(|epoch| total(&epoch.pools)).sum();
    let board = world.dashboard();
    assert!(board.withheld.u128() > 0);
    assert_eq!(given + board.withheld.u128(), POOL);
    assert_eq!(board.released.u128(), POOL);
}

/// Whether somebody closes every week or nobody for two years, the epochs are the same.
#[test]
fn missed_epochs_never_multiply() {
    let weeks = 104;
    let mut diligent = World::new();
    for week in 1..=weeks {
        diligent.advance_to((FIRST + week * 7 + 1) * DAY);
        diligent.ok("keeper", ExecuteMsg::Advance {});
        refused(diligent.send("keeper", ExecuteMsg::Advance {}), 12);
    }
    let mut lazy = World::new();
    lazy.advance_to(diligent.now());
    lazy.catch_up();
    assert_eq!(lazy.epochs(), diligent.epochs());
    assert_eq!(lazy.dashboard(), diligent.dashboard());
    assert_eq!(lazy.dashboard().released_epochs, weeks + 1);
}

#[test]
fn one_message_closes_a_bounded_number_of_epochs() {
    let mut world = World::new();
    world.advance(1_000 * DAY);
    let done = world.ok("keeper", ExecuteMsg::Advance {});
    let opened = done.events.iter().filter(|event| event.ty == "wasm-epoch_opened");
    assert_eq!(opened.count(), MAX_EPOCHS as usize);
}

#[test]
fn an_epoch_closes_a_day_after_its_end_and_not_before() {
    let mut world = World::new();
    let closes_at = (FIRST + 8) * DAY;
    assert_eq!(world.dashboard().closes_at, Some(closes_at));
    world.advance_to(closes_at - 1);
    refused(world.send("keeper", ExecuteMsg::Advance {}), 12);
    world.advance(1);
    world.ok("keeper", ExecuteMsg::Advance {});
}

/// Reports `consumed` of 1,000 units for the first epoch; answers P of the second.
fn after_utilisation(consumed: Option<u128>) -> (u32, Option<u32>) {
    let mut world = World::new();
    world.noon(FIRST + 3);
    if let Some(consumed) = consumed {
        let (rental, node) = (world.rental("renter", "node", consumed, 0, 0), world.node("node", ONE));
        world.report(FIRST + 3, vec![rental], vec![node], vec![]).unwrap();
    }
    world.close(FIRST + 6);
    world.ok("keeper", ExecuteMsg::Advance {});
    let board = world.dashboard();
    (board.supply_ppm, board.utilisation_ppm)
}

#[test]
fn sixty_percent_lowers_and_ninety_five_raises_supply_exactly() {
    assert_eq!(after_utilisation(Some(600)), (480_000, Some(600_000)));
    assert_eq!(after_utilisation(Some(950)), (515_000, Some(950_000)));
    assert_eq!(after_utilisation(Some(800)), (500_000, Some(800_000)));
    // more consumed than there was counts as all of it
    assert_eq!(after_utilisation(Some(2_000)), (520_000, Some(1_000_000)));
}

#[test]
fn without_capacity_supply_stays() {
    assert_eq!(after_utilisation(None), (500_000, None));
}

/// The next epoch's first day is reported before the one before it closes.
#[test]
fn a_day_counts_in_its_own_epoch_alone() {
    let mut world = World::new();
    world.noon(FIRST + 7);
    let (rental, node) = (world.rental("renter", "node", 950, 0, 0), world.node("node", ONE));
    world.report(FIRST + 7, vec![rental], vec![node], vec![]).unwrap();
    for (last, utilisation_ppm) in [(FIRST + 6, None), (FIRST + 13, Some(950_000))] {
        world.close(last);
        world.ok("keeper", ExecuteMsg::Advance {});
        assert_eq!(world.dashboard().utilisation_ppm, utilisation_ppm);
    }
}

#[test]
fn supply_is_clamped_at_nothing_and_at_all() {
    for (consumed, end) in [(0, 0), (1_000, 1_000_000)] {
        let mut world = World::with(|params| params.gain_ppm = 500_000);
        for epoch in 0..8 {
            let day = FIRST + epoch * 7 + 3;
            world.noon(day);
            let (rental, node) = (world.rental("renter", "node", consumed, 0, 0), world.node("node", ONE));
            world.report(day, vec![rental], vec![node], vec![]).unwrap();
            world.close(day + 3);
            world.ok("keeper", ExecuteMsg::Advance {});
        }
        assert_eq!(world.dashboard().supply_ppm, end);
    }
}

#[test]
fn an_epoch_that_has_begun_keeps_its_length() {
    let set = |world: &mut World, epoch_days| {
        let params = Params {
            epoch_days,
            ..Params::default()
        };
        world.ok("owner", ExecuteMsg::SetParams { params });
    };
    let lengths = |world: &World| world.epochs().iter().map(|epoch| epoch.days).collect::<Vec<_>>();
    // within the first epoch: from the next boundary on
    let mut world = World::new();
    world.noon(FIRST + 2);
    set(&mut world, 3);
    world.noon(FIRST + 30);
    world.catch_up();
    assert_eq!(lengths(&world)[..3], [7, 3, 3]);
    // when the second has begun and the first is not closed yet: the second keeps what it began with
    let mut world = World::new();
    world.noon(FIRST + 7);
    set(&mut world, 3);
    world.noon(FIRST + 30);
    world.catch_up();
    assert_eq!(lengths(&world)[..3], [7, 7, 3]);
}

#[test]
fn the_pool_must_be_there_and_starts_once() {
    let mut world = World::silent(|_| {});
    world.advance_to(MONDAY);
    refused(world.send("anyone", ExecuteMsg::Start {}), 5);
    let contract = world.contract.clone();
    world.fund(&contract, POOL - 1);
    refused(world.send("anyone", ExecuteMsg::Start {}), 5);
    refused(world.send("keeper", ExecuteMsg::Advance {}), 6);
    world.fund(&contract, 1);
    world.ok("anyone", ExecuteMsg::Start {});
    refused(world.send("anyone", ExecuteMsg::Start {}), 4);
    assert_eq!(world.epochs()[0].start, FIRST);
}

#[test]
fn what_is_withheld_can_be_released_again_with_the_next_epoch() {
    let mut world = World::with(|params| params.release_bps = 4_000);
    let withheld = world.dashboard().withheld;
    assert_eq!(withheld.u128(), release(0) - release(0) * 4 / 10);
    let bucket = Bucket::Withheld;
    refused(
        world.send(
            "owner",
            ExecuteMsg::ReRelease {
                bucket,
                amount: withheld + n(1),
            },
        ),
        19,
    );
    world.ok(
        "owner",
        ExecuteMsg::ReRelease {
            bucket,
            amount: withheld,
        },
    );
    assert_eq!(world.dashboard().re_released, withheld);
    world.close(FIRST + 6);
    world.ok("keeper", ExecuteMsg::Advance {});
    assert_eq!(world.dashboard().re_released, n(0));
    let second = release(1) * 4 / 10;
    assert_eq!(total(&world.epochs()[1].pools), second + withheld.u128());
    // the first epoch's own pools, which nobody earned
    let left_over = world.dashboard().left_over;
    assert_eq!(left_over.u128(), release(0) * 4 / 10);
    let bucket = Bucket::LeftOver;
    world.ok(
        "owner",
        ExecuteMsg::ReRelease {
            bucket,
            amount: left_over,
        },
    );
    assert_eq!(world.dashboard().left_over, n(0));
}
