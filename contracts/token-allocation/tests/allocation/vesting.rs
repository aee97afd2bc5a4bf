//! Every bucket at every month boundary.

use interfaces::token_allocation::*;

use crate::world::*;

/// Whole VCAI of a grant, chosen so that nothing divides evenly.
const WHOLE: u128 = 12_345_671;

/// (bucket, basis points at the TGE, months of cliff, months after it)
const SCHEDULES: [(Bucket, u128, u64, u64); 5] = [
    (Bucket::Private, 2_191, 0, 18),
    (Bucket::Public, 3_091, 0, 12),
    (Bucket::Team, 0, 18, 42),
    (Bucket::Employees, 0, 18, 42),
    (Bucket::Advisors, 0, 0, 18),
];

/// What should have vested `seconds` after the TGE, from the words: at the TGE a part; nothing in the cliff; then the rest in proportion to the time.
fn expected(amount: u128, tge_bps: u128, cliff: u64, months: u64, seconds: u64) -> u128 {
    let first = amount * tge_bps / 10_000;
    let (cliff, length) = (cliff * MONTH, months * MONTH);
    if seconds < cliff {
        return first;
    }
    let elapsed = (seconds - cliff).min(length);
    first + (amount - first) * u128::from(elapsed) / u128::from(length)
}

#[test]
fn month_is_a_twelfth_of_365_and_a_quarter_days() {
    assert_eq!(MONTH * 48, 1_461 * DAY);
}

#[test]
fn every_bucket_vests_as_published_at_every_month_boundary_and_a_second_around_it() {
    for (bucket, tge_bps, cliff, months) in SCHEDULES {
        let mut world = World::new();
        world.grant(bucket, &[("alice", WHOLE)]);
        world.tge();
        for month in 0..=cliff + months + 2 {
            for second in [(month * MONTH).saturating_sub(1), month * MONTH, month * MONTH + 1] {
                world.at(TGE_AT + second);
                let vested = world.grant_row(1).vested.u128();
                let expected = expected(WHOLE * ONE, tge_bps, cliff, months, second);
                assert_eq!(vested, expected, "{bucket:?} {second} s");
            }
        }
    }
}

#[test]
fn monthly_claims_pay_what_vested_and_the_last_one_is_exact() {
    for (bucket, tge_bps, cliff, months) in SCHEDULES {
        let mut world = World::new();
        world.grant(bucket, &[("alice", WHOLE), ("bob", 1_000_000)]);
        world.tge();
        let mut paid = 0;
        for month in 0..=cliff + months {
            world.at(TGE_AT + month * MONTH);
            let due = expected(WHOLE * ONE, tge_bps, cliff, months, month * MONTH);
            if due == paid {
                assert_eq!(
                    world.refused("alice", ExecuteMsg::Claim { grant: 1 }),
                    17,
                    "{bucket:?} {month}"
                );
                continue;
            }
            assert_eq!(world.claim("alice", 1), due - paid, "{bucket:?} {month}");
            paid = due;
        }
        assert_eq!(paid, WHOLE * ONE, "{bucket:?}: not a unit is left");
        assert_eq!(world.refused("alice", ExecuteMsg::Claim { grant: 1 }), 17);
        // one claim at the end pays the same as sixty
        assert_eq!(world.claim("bob", 2), 1_000_000 * ONE);
        assert_eq!(world.bucket(bucket).paid, world.bucket(bucket).granted);
    }
}

#[test]
fn team_accrues_nothing_during_its_cliff() {
    let mut world = World::new();
    world.grant(Bucket::Team, &[("alice", WHOLE)]);
    world.tge();
    world.at(TGE_AT + 18 * MONTH);
    assert_eq!(world.grant_row(1).vested.u128(), 0, "no lump at the end of the cliff");
    world.at(TGE_AT + 18 * MONTH + 42 * MONTH / 2);
    assert_eq!(world.grant_row(1).vested.u128(), WHOLE * ONE / 2);
}

/// A round may choose how its rest vests, but not what vests at the TGE.
#[test]
fn round_with_a_schedule_of_its_own() {
    let mut world = World::new();
    let kind = VestingKind::Steps {
        period: 3 * MONTH,
        count: 4,
    };
    let own = VestingSchedule::new(2_191, 6 * MONTH, kind).unwrap();
    let grants = vec![world.new_grant("alice", 1_000_000 * ONE, Some(own))];
    let bucket = Bucket::Private;
    world.ok("owner", ExecuteMsg::AddGrants { bucket, grants });
    world.tge();
    let first = 219_100 * ONE;
    let rest = 1_000_000 * ONE - first;
    let cases = [
        (0, first),
        (6, first),
        (9, first + rest / 4),
        (12, first + rest / 2),
        (18, 1_000_000 * ONE),
    ];
    for (month, expected) in cases {
        world.at(TGE_AT + month * MONTH);
        assert_eq!(world.grant_row(1).vested.u128(), expected, "month {month}");
    }
}

/// Grants of later days vest as if they had been there from the TGE on.
#[test]
fn later_grant_of_genesis_starts_at_the_tge() {
    let mut world = World::after_tge(0);
    world.at(TGE_AT + 9 * MONTH);
    world.grant(Bucket::Advisors, &[("alice", 1_000)]);
    assert_eq!(world.grant_row(1).vested.u128(), 500 * ONE);
}

mod amendments {
    use proptest::prelude::*;

    use super::*;

    fn schedules() -> impl Strategy<Value = VestingSchedule> {
        let kinds = prop_oneof![
            (1..100 * MONTH).prop_map(|duration| VestingKind::Linear { duration }),
            (1..MONTH, 1..60u32).prop_map(|(period, count)| VestingKind::Steps { period, count }),
        ];
        (0..30 * MONTH, kinds).prop_map(|(cliff, kind)| VestingSchedule::new(0, cliff, kind).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn amending_never_lowers_what_is_vested(steps in prop::collection::vec((0..20 * MONTH, prop::option::of(schedules()), any::<bool>()), 1..10)) {
            let mut world = World::new();
            world.grant(Bucket::Advisors, &[("alice", WHOLE)]);
            world.tge();
            let (mut highest, mut paid) = (0, 0);
            for (wait, amended, claims) in steps {
                world.wait(wait);
                if let Some(schedule) = amended {
                    let before = world.grant_row(1).vested;
                    world.ok("owner", ExecuteMsg::Amend { grant: 1, schedule });
                    prop_assert!(world.grant_row(1).vested >= before);
                }
                let row = world.grant_row(1);
                prop_assert!(row.vested.u128() >= highest);
                highest = row.vested.u128();
                if claims && !row.claimable.is_zero() {
                    paid += world.claim("alice", 1);
                    prop_assert_eq!(paid, highest);
                }
            }
            // whatever was amended, all of it comes in the end
            world.wait(300 * MONTH);
            prop_assert_eq!(world.grant_row(1).vested.u128(), WHOLE * ONE);
        }
    }

    #[test]
    fn amending_in_the_middle_keeps_the_middle() {
        let mut world = World::new();
        world.grant(Bucket::Advisors, &[("alice", 1_800)]);
        world.tge();
        world.at(TGE_AT + 9 * MONTH);
        let slower = VestingSchedule::monthly(0, 0, 36).unwrap();
        world.ok(
            "owner",
            ExecuteMsg::Amend {
                grant: 1,
                schedule: slower,
            },
        );
        let vested = |world: &World| world.grant_row(1).vested.u128();
        assert_eq!(
            vested(&world),
            900 * ONE,
            "a quarter by the new schedule, a half vested already"
        );
        world.at(TGE_AT + 18 * MONTH);
        assert_eq!(vested(&world), 900 * ONE);
        world.at(TGE_AT + 27 * MONTH);
        assert_eq!(vested(&world), 1_350 * ONE);
    }

    /// Issued VCAI has no bucket that was promised anything at the TGE.
    #[test]
    fn amending_may_raise_the_first_part_of_what_was_issued() {
        let mut world = World::after_tge(0);
        let schedule = |bps| VestingSchedule::monthly(bps, 0, 10).unwrap();
        let grants = vec![world.new_grant("alice", 1_000, Some(schedule(1_000)))];
        world.vest("governance", 1_000, grants).unwrap();
        let (grant, schedule) = (1, schedule(2_500));
        world.ok("owner", ExecuteMsg::Amend { grant, schedule });
        assert_eq!(world.grant_row(1).vested.u128(), 250);
    }

    #[test]
    fn amending_keeps_the_buckets_part_at_the_tge() {
        let mut world = World::new();
        world.grant(Bucket::Private, &[("alice", 10_000)]);
        let grant = 1;
        let all = VestingSchedule::new(10_000, 0, VestingKind::Linear { duration: 1 }).unwrap();
        assert_eq!(world.refused("owner", ExecuteMsg::Amend { grant, schedule: all }), 14);
        assert_eq!(
            world.refused("mallory", ExecuteMsg::Amend { grant, schedule: all }),
            901
        );
        let other = VestingSchedule::monthly(2_191, 3, 6).unwrap();
        world.ok("owner", ExecuteMsg::Amend { grant, schedule: other });
        assert_eq!(
            world.refused(
                "owner",
                ExecuteMsg::Amend {
                    grant: 2,
                    schedule: other
                }
            ),
            16
        );
    }
}
