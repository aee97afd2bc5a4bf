//! Grants: who has them, who gets them, how they move into locks, and those of issued VCAI.

use cosmwasm_std::{from_json, to_json_binary};
use cw20::Cw20ReceiveMsg;
use interfaces::token_allocation::*;
use interfaces::{vcai, vote_escrow};

use crate::stand_in::StandInMsg;
use crate::world::*;

fn add(bucket: Bucket, grants: Vec<NewGrant>) -> ExecuteMsg {
    ExecuteMsg::AddGrants { bucket, grants }
}

#[test]
fn bucket_gives_no_more_than_it_has() {
    let mut world = World::new();
    let whole = Bucket::Public.size().u128();
    let first = vec![world.new_grant("alice", whole - 10_000, None)];
    world.ok("owner", add(Bucket::Public, first));
    let over = vec![world.new_grant("bob", 20_000, None)];
    assert_eq!(world.refused("owner", add(Bucket::Public, over)), 11);
    let twice = vec![
        world.new_grant("bob", 10_000, None),
        world.new_grant("carol", 10_000, None),
    ];
    assert_eq!(world.refused("owner", add(Bucket::Public, twice)), 11, "all or none");
    let last = vec![world.new_grant("bob", 10_000, None)];
    world.ok("owner", add(Bucket::Public, last));
    assert_eq!(world.bucket(Bucket::Public).free.u128(), 0);
    assert_eq!(
        world.bucket(Bucket::Private).granted.u128(),
        0,
        "other buckets are other buckets"
    );
}

#[test]
fn amounts_and_schedules_that_do_not_fit_the_bucket_are_refused() {
    let mut world = World::new();
    let grant = |world: &World, amount: u128, schedule| vec![world.new_grant("alice", amount, schedule)];
    let linear = |bps, months| Some(VestingSchedule::monthly(bps, 0, months).unwrap());
    for (name, bucket, amount, schedule, code) in [
        ("nothing", Bucket::Team, 0, None, 13),
        ("a round with a remainder at the TGE", Bucket::Private, 10_001, None, 13),
        ("the same", Bucket::Public, 5_000, None, 13),
        ("more at the TGE", Bucket::Private, 10_000, linear(2_192, 18), 14),
        ("less at the TGE", Bucket::Public, 10_000, linear(0, 12), 14),
        ("a team without a cliff", Bucket::Team, 10_000, linear(0, 60), 14),
        ("quick advisors", Bucket::Advisors, 10_000, linear(0, 17), 14),
        ("the reserve", Bucket::Reserve, 10_000, None, 9),
        ("the liquidity", Bucket::Liquidity, 10_000, linear(0, 1), 9),
        ("the incentives", Bucket::Incentives, 10_000, None, 9),
        (
            "issued VCAI, which nobody sent",
            Bucket::Issued,
            10_000,
            linear(0, 1),
            9,
        ),
    ] {
        let grants = grant(&world, amount, schedule);
        assert_eq!(world.refused("owner", add(bucket, grants)), code, "{name}");
    }
    let none = add(Bucket::Team, vec![]);
    assert_eq!(world.refused("owner", none), 3);
    let many = vec![world.new_grant("alice", 1, None); MAX_BATCH + 1];
    assert_eq!(world.refused("owner", add(Bucket::Team, many)), 3);
    let full = vec![world.new_grant("alice", 1, None); MAX_BATCH];
    world.ok("owner", add(Bucket::Team, full));
    let own = grant(&world, 7, linear(0, 18));
    world.ok("owner", add(Bucket::Advisors, own));
}

#[test]
fn only_the_beneficiary_claims() {
    let mut world = World::new();
    world.grant(Bucket::Public, &[("alice", 10_000)]);
    world.tge();
    for name in ["mallory", "owner", "governance"] {
        assert_eq!(world.refused(name, ExecuteMsg::Claim { grant: 1 }), 911);
    }
    assert_eq!(world.refused("alice", ExecuteMsg::Claim { grant: 2 }), 16);
    assert_eq!(world.claim("alice", 1), 3_091 * ONE);
}

#[test]
fn beneficiary_changes_in_two_steps() {
    let mut world = World::new();
    world.grant(Bucket::Public, &[("alice", 10_000), ("alice", 20_000)]);
    world.tge();
    let (grant, to) = (1, Some(world.user("bob").to_string()));
    assert_eq!(world.refused("bob", ExecuteMsg::AcceptBeneficiary { grant }), 18);
    let propose = ExecuteMsg::ProposeBeneficiary { grant, to };
    assert_eq!(world.refused("mallory", propose.clone()), 911);
    assert_eq!(world.refused("owner", propose.clone()), 911, "not even the owner");
    world.ok("alice", propose.clone());
    assert_eq!(world.refused("mallory", ExecuteMsg::AcceptBeneficiary { grant }), 911);
    assert_eq!(world.refused("bob", ExecuteMsg::Claim { grant }), 911, "not yet");
    world.ok("alice", ExecuteMsg::ProposeBeneficiary { grant, to: None });
    assert_eq!(
        world.refused("bob", ExecuteMsg::AcceptBeneficiary { grant }),
        18,
        "taken back"
    );
    world.ok("alice", propose);
    world.claim("alice", 1);
    world.ok("bob", ExecuteMsg::AcceptBeneficiary { grant });
    assert_eq!(world.refused("alice", ExecuteMsg::Claim { grant }), 911);
    assert_eq!(
        world.refused("bob", ExecuteMsg::AcceptBeneficiary { grant }),
        18,
        "used up"
    );
    world.wait(12 * MONTH);
    assert_eq!(world.claim("bob", 1), 6_909 * ONE, "what was not claimed before");
    let of = |world: &World, name: &str| -> Vec<u64> {
        let rows: Vec<GrantResponse> = world.query(&QueryMsg::GrantsOf {
            beneficiary: world.user(name).into(),
            start_after: None,
            limit: None,
        });
        rows.into_iter().map(|row| row.grant).collect()
    };
    assert_eq!((of(&world, "alice"), of(&world, "bob")), (vec![2], vec![1]));
}

#[test]
fn vested_vcai_moves_straight_into_the_beneficiarys_lock() {
    let mut world = World::new();
    world.grant(Bucket::Public, &[("alice", 100_000)]);
    world.tge();
    let lock = |amount: Option<u128>| ExecuteMsg::LockVested {
        grant: 1,
        amount: amount.map(Into::into),
        until: 1_900_000_000,
    };
    for name in ["mallory", "owner", "governance"] {
        assert_eq!(world.refused(name, lock(None)), 911, "nobody else can lock it");
    }
    assert_eq!(world.refused("alice", lock(Some(30_910 * ONE + 1))), 17);
    assert_eq!(world.refused("alice", lock(Some(0))), 17);
    world.ok("alice", lock(Some(10_000 * ONE)));
    world.ok("alice", lock(None));
    assert_eq!(world.refused("alice", lock(None)), 17, "nothing is left");
    let hooks = world.received();
    let amounts: Vec<u128> = hooks.iter().map(|hook| hook.amount.u128()).collect();
    assert_eq!(amounts, [10_000 * ONE, 20_910 * ONE]);
    for hook in &hooks {
        assert_eq!(hook.sender, world.peers.allocation.as_str());
        let told: vote_escrow::Cw20Hook = from_json(&hook.msg).unwrap();
        let expected = vote_escrow::Cw20Hook::LockFor {
            beneficiary: world.user("alice").into(),
            until: 1_900_000_000,
        };
        assert_eq!(told, expected);
    }
    assert_eq!(world.vcai(&world.peers.escrow), 30_910 * ONE);
    assert_eq!(world.vcai(&world.user("alice")), 0);
}

#[test]
fn lock_that_is_refused_leaves_everything_claimable() {
    let mut world = World::new();
    world.grant(Bucket::Public, &[("alice", 100_000)]);
    world.tge();
    let escrow = world.peers.escrow.clone();
    world.exec("mallory", &escrow, &StandInMsg::Fail(true));
    let lock = ExecuteMsg::LockVested {
        grant: 1,
        amount: None,
        until: 1,
    };
    world.send("alice", &lock).expect_err("told to fail");
    world.check_laws();
    assert_eq!(world.claim("alice", 1), 30_910 * ONE);
}

#[test]
fn issued_vcai_vests_from_the_day_it_arrives() {
    let mut world = World::after_tge(0);
    world.at(TGE_AT + 100 * DAY);
    let linear = |months| Some(VestingSchedule::monthly(1_000, 0, months).unwrap());
    let grants = vec![
        world.new_grant("alice", 700 * ONE, linear(10)),
        world.new_grant("bob", 300 * ONE, linear(1)),
    ];
    world.vest("governance", 1_000 * ONE, grants).unwrap();
    world.check_laws();
    let issued = world.bucket(Bucket::Issued);
    assert_eq!(
        (issued.size.u128(), issued.granted.u128(), issued.free.u128()),
        (1_000 * ONE, 1_000 * ONE, 0)
    );
    assert_eq!(world.grant_row(1).starts_at, Some(TGE_AT + 100 * DAY));
    assert_eq!(world.claim("alice", 1), 70 * ONE, "the part at the start");
    world.wait(5 * MONTH);
    assert_eq!(world.claim("alice", 1), 315 * ONE);
    assert_eq!(world.claim("bob", 2), 300 * ONE);
    world.wait(5 * MONTH);
    assert_eq!(world.claim("alice", 1), 315 * ONE);
}

#[test]
fn every_issuance_adds_to_what_was_issued() {
    let mut world = World::after_tge(0);
    let linear = Some(VestingSchedule::monthly(0, 0, 10).unwrap());
    for n in 1..=2 {
        let grants = vec![world.new_grant("alice", 1_000, linear)];
        world.vest("governance", 1_000, grants).unwrap();
        world.check_laws();
        assert_eq!(world.bucket(Bucket::Issued).size.u128(), n * 1_000);
    }
}

#[test]
fn issued_vcai_is_granted_whole_or_not_taken() {
    let mut world = World::after_tge(0);
    let linear = Some(VestingSchedule::monthly(0, 0, 10).unwrap());
    let cases = [
        ("less", 1_000, vec![world.new_grant("alice", 999, linear)], 15),
        ("more", 1_000, vec![world.new_grant("alice", 1_001, linear)], 15),
        (
            "without a schedule",
            1_000,
            vec![world.new_grant("alice", 1_000, None)],
            14,
        ),
        ("to nobody", 1_000, vec![], 3),
        (
            "nothing to somebody",
            1_000,
            vec![
                world.new_grant("alice", 1_000, linear),
                world.new_grant("bob", 0, linear),
            ],
            13,
        ),
    ];
    for (name, amount, grants, expected) in cases {
        let error = world.vest("governance", amount, grants).expect_err(name);
        assert_eq!(code(&error), ("allocation".into(), expected), "{name}");
        world.check_laws();
    }
    assert_eq!(world.bucket(Bucket::Issued).size.u128(), 0);
}

#[test]
fn forged_hook_grants_nothing() {
    let mut world = World::after_tge(0);
    let linear = Some(VestingSchedule::monthly(0, 0, 10).unwrap());
    // from somebody who is not governance, with real VCAI
    let grants = vec![world.new_grant("mallory", 1_000, linear)];
    let error = world.vest("mallory", 1_000, grants.clone()).expect_err("taken");
    assert_eq!(code(&error), ("allocation".into(), 911));
    // from somebody who only says that he is the token
    let hook = Cw20ReceiveMsg {
        sender: world.user("governance").into(),
        amount: 1_000u128.into(),
        msg: to_json_binary(&Cw20Hook::Vest { proposal: 1, grants }).unwrap(),
    };
    assert_eq!(world.refused("mallory", ExecuteMsg::Receive(hook)), 911);
    // and VCAI with a message that means nothing
    let send = vcai::ExecuteMsg::Send {
        contract: world.peers.allocation.to_string(),
        amount: 0u128.into(),
        msg: to_json_binary("nothing").unwrap(),
    };
    let (governance, token) = (world.user("governance"), world.peers.vcai.clone());
    world.try_with(&governance, &token, &send, &[]).expect_err("understood");
}

#[test]
fn pages_of_grants_join() {
    let mut world = World::new();
    let names = ["alice", "bob", "alice", "alice", "bob"];
    for name in names {
        world.grant(Bucket::Advisors, &[(name, 1)]);
    }
    let page = |start_after, limit| -> Vec<u64> {
        let rows: Vec<GrantResponse> = world.query(&QueryMsg::Grants { start_after, limit });
        rows.into_iter().map(|row| row.grant).collect()
    };
    assert_eq!(page(None, Some(3)), [1, 2, 3]);
    assert_eq!(page(Some(3), None), [4, 5]);
    let of = |start_after, limit| -> Vec<u64> {
        let beneficiary = world.user("alice").into();
        let rows: Vec<GrantResponse> = world.query(&QueryMsg::GrantsOf {
            beneficiary,
            start_after,
            limit,
        });
        rows.into_iter().map(|row| row.grant).collect()
    };
    assert_eq!(of(None, Some(2)), [1, 3]);
    assert_eq!(of(Some(3), Some(2)), [4]);
    assert_eq!(
        world.query::<Option<GrantResponse>>(&QueryMsg::Grant { grant: 9 }),
        None
    );
}
