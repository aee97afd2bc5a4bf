//! Bonds come in by anyone's hand and leave by one door, 21 days after `Retire`.

use cosmwasm_std::{coins, Coin};
use interfaces::attestation_oracle::{Evidence, ExecuteMsg, Role};

use crate::world::*;

const UNBONDING: u64 = 21 * DAY;

#[test]
fn bond_leaves_21_days_after_retiring_to_the_second() {
    let mut world = World::new();
    let by = world.worker("worker", &ed(1));
    let withdraw = ExecuteMsg::WithdrawBond { subject: by.subject };
    assert_eq!(code(&world.exec(&by.operator, &withdraw).unwrap_err()), 31);
    world.pass(DAY);
    world
        .exec(&by.operator, &ExecuteMsg::Retire { subject: by.subject })
        .unwrap();
    let subject = world.subject(by.subject);
    assert_eq!(subject.retired_at, Some(START + DAY));
    assert_eq!(subject.bond_withdrawable_at, Some(START + DAY + UNBONDING));
    assert!(!world.key(by.subject).live || world.now() == world.key(by.subject).valid_until);
    world.pass(UNBONDING - 1);
    assert_eq!(code(&world.exec(&by.operator, &withdraw).unwrap_err()), 32);
    world.pass(1);
    let before = world.balance(&by.operator);
    world.exec(&by.operator, &withdraw).unwrap();
    assert_eq!(world.balance(&by.operator) - before, WORKER_BOND);
    assert_eq!(code(&world.exec(&by.operator, &withdraw).unwrap_err()), 33);
    assert_eq!(world.overview().bonds.u128(), 0);
}

#[test]
fn bond_of_another_cannot_be_taken_or_locked() {
    let mut world = World::new();
    let by = world.worker("worker", &ed(1));
    let thief = world.actor("thief");
    for who in [
        thief,
        world.owner.clone(),
        world.operator.clone(),
        world.timelock.clone(),
    ] {
        for msg in [
            ExecuteMsg::Retire { subject: by.subject },
            ExecuteMsg::WithdrawBond { subject: by.subject },
        ] {
            assert_eq!(code(&world.exec(&who, &msg).unwrap_err()), 10);
        }
    }
    world
        .exec(&by.operator, &ExecuteMsg::Retire { subject: by.subject })
        .unwrap();
    assert_eq!(
        code(
            &world
                .exec(&by.operator, &ExecuteMsg::Retire { subject: by.subject })
                .unwrap_err()
        ),
        12
    );
}

#[test]
fn anyone_adds_to_a_bond_until_it_retires() {
    let mut world = World::new();
    let by = world.worker("worker", &ed(1));
    let friend = world.rich.clone();
    let add = ExecuteMsg::AddBond { subject: by.subject };
    world.exec_with(&friend, &add, &coins(7, DENOM)).unwrap();
    assert_eq!(world.subject(by.subject).bond.u128(), WORKER_BOND + 7);
    let refused: [(Vec<Coin>, u16); 3] = [
        (vec![], 930),
        (coins(7, "uother"), 931),
        (vec![Coin::new(7u128, "uother"), Coin::new(7u128, DENOM)], 931),
    ];
    for (funds, expected) in refused {
        assert_eq!(code(&world.exec_with(&friend, &add, &funds).unwrap_err()), expected);
    }
    let unknown = ExecuteMsg::AddBond { subject: worker(9) };
    assert_eq!(
        code(&world.exec_with(&friend, &unknown, &coins(7, DENOM)).unwrap_err()),
        11
    );
    world
        .exec(&by.operator, &ExecuteMsg::Retire { subject: by.subject })
        .unwrap();
    assert_eq!(code(&world.exec_with(&friend, &add, &coins(7, DENOM)).unwrap_err()), 12);
}

#[test]
fn retired_subject_never_comes_back() {
    let mut world = World::new();
    let by = world.worker("worker", &ed(1));
    let operator = by.operator.clone();
    let pending = world.request(&operator, Role::Worker, Some(1), &ed(2), 0).unwrap();
    world
        .exec(&operator, &ExecuteMsg::Retire { subject: by.subject })
        .unwrap();
    assert_eq!(world.subject(by.subject).pending, None);
    let error = world
        .finish(&operator, &ed(2), &pending, Evidence::Bond {})
        .err()
        .unwrap();
    assert_eq!(code(&error), 12);
    let error = world.request(&operator, Role::Worker, Some(1), &ed(2), 0).unwrap_err();
    assert_eq!(code(&error), 12);
}

#[test]
fn donated_coins_change_nothing() {
    let mut world = World::new();
    let by = world.worker("worker", &ed(1));
    let oracle = world.oracle.clone();
    world.give(&oracle, 1_000);
    assert_eq!(world.overview().bonds.u128(), WORKER_BOND);
    world
        .exec(&by.operator, &ExecuteMsg::Retire { subject: by.subject })
        .unwrap();
    world.pass(UNBONDING);
    world
        .exec(&by.operator, &ExecuteMsg::WithdrawBond { subject: by.subject })
        .unwrap();
    assert_eq!(world.balance(&oracle), 1_000);
}

#[test]
fn messages_without_a_price_keep_no_coins() {
    let mut world = World::new();
    let by = world.worker("worker", &ed(1));
    world.give(&by.operator, 10);
    for msg in [
        ExecuteMsg::Retire { subject: by.subject },
        ExecuteMsg::Submit { statements: vec![] },
        ExecuteMsg::ResolveChallenge { challenge: 1 },
    ] {
        let error = world.exec_with(&by.operator, &msg, &coins(1, DENOM)).unwrap_err();
        assert_eq!(code(&error), 932);
    }
}
