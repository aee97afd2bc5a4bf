//! What may be reported, and what it weighs.

use cosmwasm_std::HexBinary;
use interfaces::incentive_controller::*;

use crate::world::*;

#[test]
fn a_day_is_reported_from_its_beginning_until_it_closes() {
    let mut world = World::new();
    let report = |world: &mut World| {
        let node = world.node("node", ONE);
        let node = NodeDay { online: 1, ..node };
        world.report(FIRST, vec![], vec![node], vec![])
    };
    refused(report(&mut world), 7);
    world.advance_to(FIRST * DAY - 1);
    refused(report(&mut world), 7);
    world.advance(1);
    report(&mut world).unwrap();
    world.advance_to((FIRST + 2) * DAY - 1);
    report(&mut world).unwrap();
    world.advance(1);
    refused(report(&mut world), 7);
}

#[test]
fn nothing_is_reported_before_the_first_epoch_or_without_a_reporter() {
    let mut world = World::new();
    world.noon(FIRST);
    let node = world.node("node", ONE);
    refused(world.report(TODAY, vec![], vec![node.clone()], vec![]), 7);
    world.ok("owner", ExecuteMsg::SetReporter { reporter: None });
    refused(world.report(FIRST, vec![], vec![node.clone()], vec![]), 11);
    let reporter = Some(world.user("reporter").into());
    world.ok("owner", ExecuteMsg::SetReporter { reporter });
    world.report(FIRST, vec![], vec![node.clone()], vec![]).unwrap();
    let mut unstarted = World::silent(|_| {});
    refused(unstarted.report(FIRST, vec![], vec![node], vec![]), 6);
}

#[test]
fn a_report_has_one_to_fifty_rows() {
    let mut world = World::new();
    world.noon(FIRST);
    refused(world.report(FIRST, vec![], vec![], vec![]), 8);
    let rental = world.rental("renter", "node", 1, 0, 0);
    let gpus = |world: &World, count: u8| (0..count).map(|number| world.gpu(number, "node")).collect::<Vec<_>>();
    let (more, most) = (gpus(&world, 26), gpus(&world, 25));
    refused(world.report(FIRST, vec![rental.clone(); 25], vec![], more), 8);
    world.report(FIRST, vec![rental; 25], vec![], most).unwrap();
}

#[test]
fn bounds_of_every_number_are_kept() {
    let mut world = World::new();
    world.noon(FIRST);
    let rental = world.rental("renter", "node", 1, 100, 2);
    let node = world.node("node", 1);
    let bad_rentals = [
        Rental {
            units: n(AMOUNT_MAX + 1),
            ..rental.clone()
        },
        Rental {
            spend: n(AMOUNT_MAX + 1),
            ..rental.clone()
        },
        Rental {
            quality_bps: 10_001,
            ..rental.clone()
        },
    ];
    for row in bad_rentals {
        refused(world.report(FIRST, vec![row], vec![], vec![]), 2);
    }
    let bad_nodes = [
        NodeDay {
            stake: n(STAKE_MAX + 1),
            ..node.clone()
        },
        NodeDay {
            available: n(AMOUNT_MAX + 1),
            ..node.clone()
        },
        NodeDay {
            online: ONLINE_MAX + 1,
            ..node.clone()
        },
        NodeDay {
            stability_bps: 10_001,
            ..node.clone()
        },
        NodeDay {
            decile: Some(0),
            ..node.clone()
        },
        NodeDay {
            decile: Some(11),
            ..node.clone()
        },
    ];
    for row in bad_nodes {
        refused(world.report(FIRST, vec![], vec![row], vec![]), 2);
    }
    let most = NodeDay {
        stake: n(STAKE_MAX),
        available: n(AMOUNT_MAX),
        vram_gb: u32::MAX,
        decile: Some(1),
        ..node
    };
    let rental = Rental {
        units: n(AMOUNT_MAX),
        spend: n(AMOUNT_MAX),
        fee: n(AMOUNT_MAX),
        ..rental
    };
    world.report(FIRST, vec![rental], vec![most], vec![]).unwrap();
}

#[test]
fn a_fee_below_its_floor_or_above_the_spending_is_refused() {
    let mut world = World::new();
    world.noon(FIRST);
    for (spend, fee, fine) in [
        (100, 2, true),
        (100, 1, false),
        (101, 2, false),
        (101, 3, true),
        (5, 6, false),
        (5, 5, true),
        (0, 0, true),
    ] {
        let row = world.rental("renter", "node", 1, spend, fee);
        let done = world.report(FIRST, vec![row], vec![], vec![]);
        match fine {
            true => assert!(done.is_ok(), "{spend} {fee}"),
            false => refused(done, 9),
        }
    }
}

#[test]
fn a_node_cannot_be_online_for_more_than_a_day_a_day() {
    let mut world = World::new();
    world.noon(FIRST);
    let node = world.node("node", ONE);
    let part = |online| NodeDay { online, ..node.clone() };
    world.nodes(FIRST, vec![part(50_000), part(36_000)]);
    refused(world.report(FIRST, vec![], vec![part(401)], vec![]), 10);
    world.nodes(FIRST, vec![part(400)]);
    world.noon(FIRST + 1);
    world.nodes(FIRST + 1, vec![part(ONLINE_MAX)]);
    // in pieces or at once, the same weight
    assert_eq!(world.day(FIRST).weights.capacity, world.day(FIRST + 1).weights.capacity);
}

#[test]
fn capacity_is_stake_times_time_times_stability_times_memory_times_level() {
    let mut world = World::new();
    world.noon(FIRST);
    let base = world.node("node", 7);
    let whole = 7 * 86_400 * 10_000 * 20 * 2;
    let a1 = |benchmarked| Level::A1 { benchmarked };
    let table = [
        (base.clone(), whole),
        (
            NodeDay {
                stability_bps: 2_500,
                ..base.clone()
            },
            whole / 4,
        ),
        (
            NodeDay {
                online: 43_200,
                ..base.clone()
            },
            whole / 2,
        ),
        (
            NodeDay {
                vram_gb: 96,
                ..base.clone()
            },
            whole * 12 / 10,
        ),
        (
            NodeDay {
                vram_gb: 192,
                ..base.clone()
            },
            whole * 135 / 100,
        ),
        (
            NodeDay {
                vram_gb: 384,
                ..base.clone()
            },
            whole * 15 / 10,
        ),
        (
            NodeDay {
                level: a1(true),
                ..base.clone()
            },
            whole / 2,
        ),
        (
            NodeDay {
                level: a1(false),
                ..base.clone()
            },
            0,
        ),
        (
            NodeDay {
                level: Level::A0,
                ..base
            },
            0,
        ),
    ];
    for (index, (row, weight)) in table.into_iter().enumerate() {
        let name = format!("node{index}");
        let before = world.day(FIRST).weights.capacity.u128();
        let row = NodeDay {
            node: world.user(&name).into(),
            ..row
        };
        world.nodes(FIRST, vec![row]);
        assert_eq!(world.day(FIRST).weights.capacity.u128() - before, weight, "{name}");
        assert_eq!(world.account(&name).days[0].weights.capacity.u128(), weight, "{name}");
    }
}

#[test]
fn loyalty_grows_a_percent_a_month_and_ends_with_a_long_break() {
    let mut world = World::new();
    let percent = |world: &mut World, day: u64| {
        world.noon(day);
        let node = world.node("node", ONE);
        world.nodes(day, vec![node]);
        let weights = world.day(day).weights;
        (weights.bonus.u128() / weights.capacity.u128()) as u64
    };
    for day in (FIRST..FIRST + 330).step_by(5) {
        let expected = ((day - FIRST) / 30).min(10);
        assert_eq!(percent(&mut world, day), expected, "{}", day - FIRST);
    }
    let last = FIRST + 325;
    assert_eq!(world.account("node").loyalty_percent, 10);
    assert_eq!(percent(&mut world, last + 7), 10);
    // eight days away
    world.noon(last + 15);
    assert_eq!(world.account("node").node_since, None);
    assert_eq!(percent(&mut world, last + 15), 0);
    assert_eq!(world.account("node").node_since, Some(last + 15));
}

#[test]
fn a_late_report_of_yesterday_does_not_lengthen_a_break() {
    let mut world = World::new();
    world.noon(FIRST + 1);
    let node = world.node("node", ONE);
    for day in [FIRST + 1, FIRST] {
        world.nodes(day, vec![node.clone()]);
    }
    world.noon(FIRST + 8);
    world.nodes(FIRST + 8, vec![node]);
    assert_eq!(world.account("node").node_since, Some(FIRST + 1));
}

#[test]
fn reputation_adds_ten_percent_for_the_best_tenth_and_nothing_while_unknown() {
    let mut world = World::new();
    world.noon(FIRST);
    for (decile, percent) in [(None, 0), (Some(1), 10), (Some(4), 7), (Some(10), 1)] {
        let name = format!("node{percent}");
        let row = NodeDay {
            decile,
            ..world.node(&name, ONE)
        };
        world.nodes(FIRST, vec![row]);
        let weights = world.account(&name).days[0].weights;
        assert_eq!(weights.bonus.u128(), weights.capacity.u128() * percent, "{decile:?}");
    }
}

#[test]
fn a_gpu_is_paid_for_once_for_ever_after_seven_days_at_one_node() {
    let mut world = World::new();
    let seen = |world: &mut World, day: u64, node: &str| {
        world.noon(day);
        let gpu = world.gpu(1, node);
        world.report(day, vec![], vec![], vec![gpu]).unwrap();
        world.day(day).weights.gpus
    };
    assert_eq!(seen(&mut world, FIRST, "tour"), 0);
    assert_eq!(seen(&mut world, FIRST + 6, "tour"), 0);
    // moved before it was paid for: again from the beginning
    assert_eq!(seen(&mut world, FIRST + 7, "home"), 0);
    assert_eq!(seen(&mut world, FIRST + 13, "home"), 0);
    assert_eq!(seen(&mut world, FIRST + 14, "home"), 1);
    assert_eq!(world.account("home").days.last().unwrap().weights.gpus, 1);
    for later in [15, 30, 60] {
        assert_eq!(seen(&mut world, FIRST + later, "home"), 0);
        assert_eq!(seen(&mut world, FIRST + later + 8, "tour"), 0);
    }
    let short = Gpu {
        gpu: HexBinary::from([1; 31]),
        node: world.user("home").into(),
    };
    let day = FIRST + 68;
    refused(world.report(day, vec![], vec![], vec![short]), 20);
}

#[test]
fn a_wrong_row_takes_the_whole_report_back() {
    let mut world = World::new();
    world.noon(FIRST);
    let (good, bad) = (
        world.rental("renter", "node", 5, 100, 2),
        world.rental("renter", "node", 5, 100, 1),
    );
    refused(world.report(FIRST, vec![good, bad], vec![], vec![]), 9);
    assert_eq!(world.day(FIRST).weights, Weights::default());
    assert!(world.account("renter").days.is_empty());
}
