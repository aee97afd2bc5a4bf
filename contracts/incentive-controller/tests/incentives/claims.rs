//! What closed days pay, and to whom.

use interfaces::incentive_controller::*;

use crate::world::*;

/// Two nodes at work, with 1 and 3 VCAI staked.
fn two_nodes(world: &mut World, day: u64) {
    world.noon(day);
    let nodes = vec![world.node("small", ONE), world.node("large", 3 * ONE)];
    world.nodes(day, nodes);
}

#[test]
fn a_days_capacity_is_split_by_weight() {
    let mut world = World::new();
    two_nodes(&mut world, FIRST);
    let pool = world.pools(FIRST).capacity.u128();
    world.close(FIRST);
    assert_eq!(world.claim("small", FIRST, FIRST), Ok(pool / 4));
    assert_eq!(world.claim("large", FIRST, FIRST), Ok(pool * 3 / 4));
    // what rounding left is less than a unit for each
    assert!(pool - pool / 4 - pool * 3 / 4 < 2);
}

#[test]
fn a_day_is_paid_once() {
    let mut world = World::new();
    two_nodes(&mut world, FIRST);
    world.close(FIRST);
    world.claim("small", FIRST, FIRST).unwrap();
    refused(world.claim("small", FIRST, FIRST), 16);
    refused(world.claim("stranger", FIRST, FIRST), 16);
}

#[test]
fn a_day_is_not_paid_before_it_closes() {
    let mut world = World::new();
    two_nodes(&mut world, FIRST);
    world.advance_to((FIRST + 2) * DAY - 1);
    refused(world.claim("small", FIRST, FIRST), 15);
    world.advance(1);
    refused(world.claim("small", FIRST, FIRST + 1), 15);
    world.claim("small", FIRST, FIRST).unwrap();
}

#[test]
fn a_message_pays_31_days_at_most_and_none_that_are_upside_down() {
    let mut world = World::new();
    for day in FIRST..FIRST + 32 {
        two_nodes(&mut world, day);
    }
    world.close(FIRST + 31);
    world.catch_up();
    refused(world.claim("small", FIRST, FIRST + 31), 14);
    refused(world.claim("small", FIRST + 1, FIRST), 14);
    refused(world.claim("small", 0, u64::MAX), 14);
    let due = world.claimable("small", FIRST, FIRST + 30);
    assert_eq!(world.claim("small", FIRST, FIRST + 30), Ok(due.total.u128()));
    assert_eq!(world.account("small").days.len(), 1);
    world.claim("small", FIRST + 31, FIRST + 31).unwrap();
}

#[test]
fn a_claim_opens_the_epoch_it_needs() {
    let mut world = World::new();
    for day in [FIRST + 6, FIRST + 7] {
        two_nodes(&mut world, day);
    }
    world.close(FIRST + 7);
    assert_eq!(world.dashboard().released_epochs, 1);
    world.claim("small", FIRST + 6, FIRST + 7).unwrap();
    assert_eq!(world.dashboard().released_epochs, 2);
}

#[test]
fn a_claim_too_far_behind_asks_for_advance_and_loses_nothing() {
    let mut world = World::new();
    for day in [FIRST, FIRST + 100] {
        two_nodes(&mut world, day);
    }
    world.close(FIRST + 100);
    refused(world.claim("small", FIRST + 100, FIRST + 100), 13);
    world.catch_up();
    let pool = world.pools(FIRST + 100).capacity.u128();
    assert_eq!(world.claim("small", FIRST + 100, FIRST + 100), Ok(pool / 4));
    world.claim("small", FIRST, FIRST).unwrap();
}

#[test]
fn years_later_a_day_pays_the_same() {
    let mut world = World::new();
    two_nodes(&mut world, FIRST);
    world.close(FIRST);
    let due = world.claimable("small", FIRST, FIRST).total;
    world.advance(3_000 * DAY);
    world.catch_up();
    assert_eq!(world.claim("small", FIRST, FIRST), Ok(due.u128()));
}

#[test]
fn keepers_pay_those_who_allow_it_and_only_them() {
    let mut world = World::new();
    two_nodes(&mut world, FIRST);
    world.close(FIRST);
    let pay_out = |world: &World| ExecuteMsg::PayOut {
        account: world.user("small").into(),
        from: FIRST,
        to: FIRST,
    };
    let msg = pay_out(&world);
    refused(world.send("keeper", msg.clone()), 17);
    world.ok("small", ExecuteMsg::AllowKeepers { allowed: true });
    let limit = |limit| QueryMsg::Keepable {
        start_after: None,
        limit,
    };
    assert_eq!(
        world.query::<Vec<String>>(&limit(None)),
        [world.user("small").to_string()]
    );
    let due = world.claimable("small", FIRST, FIRST).total.u128();
    world.ok("keeper", msg.clone());
    assert_eq!(world.balance(&world.user("small")), due);
    assert_eq!(world.balance(&world.user("keeper")), 0);
    world.ok("small", ExecuteMsg::AllowKeepers { allowed: false });
    refused(world.send("keeper", msg), 17);
    assert!(world.query::<Vec<String>>(&limit(None)).is_empty());
}

#[test]
fn a_referrer_receives_two_percent_for_90_days_out_of_the_nodes_part() {
    let mut world = World::new();
    let referrer = world.user("referrer").to_string();
    let name = |referrer: &str| ExecuteMsg::NameReferrer {
        referrer: referrer.to_owned(),
    };
    world.noon(FIRST);
    world.ok("small", name(&referrer));
    refused(world.send("small", name(world.user("other").as_ref())), 18);
    let itself = world.user("large").to_string();
    refused(world.send("large", name(&itself)), 18);
    let days = [(FIRST, true), (FIRST + 89, true), (FIRST + 90, false)];
    for (day, _) in days {
        two_nodes(&mut world, day);
    }
    world.close(FIRST + 90);
    world.catch_up();
    for (day, referred) in days {
        let earned = world.pools(day).capacity.u128() / 4 + bonus(&world, day, "small");
        let part = if referred { earned * 2 / 100 } else { 0 };
        assert_eq!(world.claim("small", day, day), Ok(earned - part), "{}", day - FIRST);
        assert_eq!(world.account("referrer").referral_income.u128(), part);
        if referred {
            assert_eq!(world.claim("referrer", day, day), Ok(part));
        }
        // the other node is not the poorer for it
        let large = world.pools(day).capacity.u128() * 3 / 4 + bonus(&world, day, "large");
        assert_eq!(world.claim("large", day, day), Ok(large));
    }
}

#[test]
fn a_rebate_is_the_renters_alone_whoever_brought_him() {
    let mut world = World::with(|params| params.rebate_bps = 10_000);
    let referrer = world.user("referrer").into();
    two_nodes(&mut world, FIRST);
    world.ok("small", ExecuteMsg::NameReferrer { referrer });
    let row = world.rental("small", "large", 1, 1_000 * ONE, 1_000 * ONE);
    world.rentals(FIRST, vec![row]);
    world.close(FIRST);
    let due = world.claimable("small", FIRST, FIRST);
    assert!(due.rebate.u128() > 0);
    assert_eq!(due.referral_paid.u128(), due.capacity.u128() * 2 / 100);
}

#[test]
fn what_several_referrals_bring_adds_up() {
    let mut world = World::new();
    let referrer = world.user("referrer").to_string();
    two_nodes(&mut world, FIRST);
    for who in ["small", "large"] {
        let referrer = referrer.clone();
        world.ok(who, ExecuteMsg::NameReferrer { referrer });
    }
    world.close(FIRST);
    let mut brought = 0;
    for who in ["small", "large"] {
        brought += world.claimable(who, FIRST, FIRST).referral_paid.u128();
        world.claim(who, FIRST, FIRST).unwrap();
    }
    assert_eq!(world.claim("referrer", FIRST, FIRST), Ok(brought));
}

/// Days wait for ever to be claimed; whoever names a referrer gives away none that are over.
#[test]
fn days_before_a_referrer_was_named_are_the_nodes_alone() {
    let mut world = World::new();
    two_nodes(&mut world, FIRST);
    two_nodes(&mut world, FIRST + 1);
    let referrer = world.user("referrer").into();
    world.ok("small", ExecuteMsg::NameReferrer { referrer });
    world.close(FIRST + 1);
    for (day, referred) in [(FIRST, false), (FIRST + 1, true)] {
        assert_eq!(world.claimable("small", day, day).referral_paid.u128() > 0, referred);
    }
}

/// By hand, for two nodes of the same loyalty.
fn bonus(world: &World, day: u64, who: &str) -> u128 {
    let (totals, pools) = (world.day(day).weights, world.pools(day));
    let asked = pools.capacity.u128() * totals.bonus.u128() / (totals.capacity.u128() * 100);
    let all = asked.min(pools.bonus.u128());
    match (who, totals.bonus.is_zero()) {
        (_, true) => 0,
        ("small", _) => all / 4,
        _ => all * 3 / 4,
    }
}

#[test]
fn extras_are_a_tenth_of_the_supply_pool_at_most_and_what_nobody_asks_for_stays() {
    let mut world = World::new();
    world.noon(FIRST);
    let gpus = (0..30).map(|number| world.gpu(number, "small")).collect::<Vec<_>>();
    world.report(FIRST, vec![], vec![], gpus.clone()).unwrap();
    let day = FIRST + 7;
    two_nodes(&mut world, day);
    world.report(day, vec![], vec![], gpus).unwrap();
    world.close(day);
    world.catch_up();
    let pools = world.pools(day);
    let supply = pools.capacity + pools.delivery + pools.bonus + pools.first_access;
    assert!((pools.bonus + pools.first_access) * n(10) <= supply);
    let due = world.claimable("small", day, day);
    // 30 times 100 VCAI is within a day's part of the pool
    assert!(pools.first_access.u128() > 3_000 * ONE);
    assert_eq!(due.first_access.u128(), 3_000 * ONE);
    let before = world.dashboard().left_over.u128();
    world.close(FIRST + 13);
    world.ok("keeper", ExecuteMsg::Advance {});
    // of that day only capacity and the GPUs were earned, of the epoch's other days nothing
    let epoch: u128 = (FIRST + 7..FIRST + 14).map(|day| total(&world.pools(day))).sum();
    let earned = pools.capacity.u128() + 3_000 * ONE;
    assert_eq!(world.dashboard().left_over.u128() - before, epoch - earned);
}

#[test]
fn spenders_share_the_demand_pool_by_what_they_spent() {
    // the caps are far away: everything is paid
    let mut world = World::with(|params| params.rebate_bps = 10_000);
    world.noon(FIRST);
    let (big, huge) = (10_000_000 * ONE, 30_000_000 * ONE);
    let rentals = vec![
        world.rental("anna", "node", 1, big, big),
        world.rental("bert", "node", 1, huge, huge),
    ];
    world.rentals(FIRST, rentals);
    world.close(FIRST);
    let pool = world.pools(FIRST).demand.u128();
    assert_eq!(world.claim("anna", FIRST, FIRST), Ok(pool / 4));
    assert_eq!(world.claim("bert", FIRST, FIRST), Ok(pool * 3 / 4));
}

#[test]
fn delivery_is_paid_by_units_and_quality() {
    let mut world = World::with(|params| params.rebate_bps = 0);
    world.noon(FIRST);
    let huge = 30_000_000 * ONE;
    let poor = Rental {
        quality_bps: 5_000,
        ..world.rental("anna", "poor", 100, huge, huge)
    };
    let good = world.rental("bert", "good", 150, huge, huge);
    world.rentals(FIRST, vec![poor, good]);
    world.close(FIRST);
    let pool = world.pools(FIRST).delivery.u128();
    assert_eq!(world.claim("poor", FIRST, FIRST), Ok(pool / 4));
    assert_eq!(world.claim("good", FIRST, FIRST), Ok(pool * 3 / 4));
}
