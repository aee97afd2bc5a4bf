//! Answers and disputes, without a vote.

use cosmwasm_std::HexBinary;
use interfaces::prediction_market::*;

use crate::world::*;

/// A market with 1,000 LCO in the pool that can be answered.
fn answerable(world: &mut World) -> u64 {
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 450 * ONE);
    world.buy("carol", market, 1, 450 * ONE);
    world.at(RESOLVE);
    market
}

#[test]
fn status_follows_the_clock() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let steps = [
        (CLOSE - 1, Status::Trading, Some(CLOSE)),
        (CLOSE, Status::Waiting, Some(RESOLVE)),
        (RESOLVE - 1, Status::Waiting, Some(RESOLVE)),
        (RESOLVE, Status::Unanswered, Some(RESOLVE + 30 * DAY)),
        (RESOLVE + 30 * DAY - 1, Status::Unanswered, Some(RESOLVE + 30 * DAY)),
        (RESOLVE + 30 * DAY, Status::Due, None),
    ];
    for (at, status, until) in steps {
        world.at(at);
        let view = world.view(market);
        assert_eq!(
            (view.status, view.until),
            (status, until.map(|until| MONDAY + until)),
            "{at}"
        );
    }
    world.settle(market).unwrap();
    assert_eq!(world.status(market), Status::Voided);
}

#[test]
fn nothing_resolves_before_its_time() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    for at in [1, CLOSE - 1, CLOSE, RESOLVE - 1] {
        world.at(at);
        let (answer, evidence) = (0, hash(1));
        let early = Cw20Hook::Answer {
            market,
            answer,
            evidence: evidence.clone(),
        };
        assert_eq!(world.send("dave", lco(100), &early).unwrap_err(), 9, "{at}");
        let dispute = Cw20Hook::Dispute {
            market,
            answer,
            evidence,
        };
        assert_eq!(world.send("dave", lco(100), &dispute).unwrap_err(), 9, "{at}");
        assert_eq!(world.settle(market).unwrap_err(), 9, "{at}");
        assert_eq!(world.claim("alice", market, false).unwrap_err(), 9, "{at}");
    }
    world.at(RESOLVE);
    world.answer("dave", market, 0).unwrap();
}

#[test]
fn undisputed_answer_stands_after_its_liveness() {
    let mut world = World::new();
    let market = answerable(&mut world);
    let before = world.balance("dave");
    world.answer("dave", market, 1).unwrap();
    assert_eq!(world.balance("dave"), before - 100 * ONE);
    assert_eq!(world.overview().bonds, lco(100));
    world.wait(DAY - 1);
    assert_eq!(world.settle(market).unwrap_err(), 9);
    world.wait(1);
    world.settle(market).unwrap();
    assert_eq!(world.view(market).result.unwrap().answer, 1);
    assert_eq!(world.balance("dave"), before, "the bond is back");
    assert_eq!(world.settle(market).unwrap_err(), 9, "once");
}

#[test]
fn first_bond_is_a_share_of_the_pool_and_at_least_the_minimum() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    for (name, outcome, value) in [("bob", 0, 500), ("carol", 1, 3_000), ("bob", 0, 16_400)] {
        world.buy(name, market, outcome, value * ONE);
    }
    // 1 % of 20,000 LCO; one unit more is rounded up
    world.buy("bob", market, 1, 100_001);
    world.buy("bob", market, 0, 100_000);
    world.at(RESOLVE);
    assert_eq!(world.next_bond(market), amount(200_000_000 + 2_000 + 1));
}

#[test]
fn bond_is_exact() {
    let mut world = World::new();
    let market = answerable(&mut world);
    for wrong in [lco(100) - amount(1), lco(100) + amount(1), amount(0), lco(10_000)] {
        let hook = Cw20Hook::Answer {
            market,
            answer: 0,
            evidence: hash(1),
        };
        assert_eq!(world.send("dave", wrong, &hook).unwrap_err(), 18, "{wrong}");
    }
    world.answer("dave", market, 0).unwrap();
    for wrong in [lco(100), lco(200) + amount(1), lco(400)] {
        let hook = Cw20Hook::Dispute {
            market,
            answer: 1,
            evidence: hash(1),
        };
        assert_eq!(world.send("erin", wrong, &hook).unwrap_err(), 18, "{wrong}");
    }
}

#[test]
fn answers_are_outcomes_or_void_and_evidence_is_a_hash() {
    let mut world = World::new();
    let market = answerable(&mut world);
    for answer in [2, 8, 254] {
        let hook = Cw20Hook::Answer {
            market,
            answer,
            evidence: hash(1),
        };
        assert_eq!(world.send("dave", lco(100), &hook).unwrap_err(), 8, "{answer}");
    }
    for length in [0, 31, 33] {
        let evidence = HexBinary::from(vec![1; length]);
        let hook = Cw20Hook::Answer {
            market,
            answer: 0,
            evidence,
        };
        assert_eq!(world.send("dave", lco(100), &hook).unwrap_err(), 27, "{length}");
    }
    world.answer("dave", market, VOID).unwrap();
    let hook = Cw20Hook::Dispute {
        market,
        answer: 2,
        evidence: hash(1),
    };
    assert_eq!(world.send("erin", lco(200), &hook).unwrap_err(), 8);
    assert_eq!(world.view(market).answer, Some(VOID));
}

#[test]
fn second_first_answer_is_refused() {
    let mut world = World::new();
    let market = answerable(&mut world);
    world.answer("dave", market, 0).unwrap();
    let hook = Cw20Hook::Answer {
        market,
        answer: 1,
        evidence: hash(1),
    };
    assert_eq!(world.send("erin", lco(100), &hook).unwrap_err(), 9);
    let hook = Cw20Hook::Dispute {
        market,
        answer: 0,
        evidence: hash(1),
    };
    assert_eq!(world.send("erin", lco(200), &hook).unwrap_err(), 19);
}

#[test]
fn proposer_who_lies_pays_whoever_says_so() {
    let mut world = World::new();
    let market = answerable(&mut world);
    let before = ["mallory", "erin"].map(|name| world.balance(name));
    let burned = world.burned();
    world.answer("mallory", market, 1).unwrap();
    world.wait(DAY - 1);
    // the last second
    world.dispute("erin", market, 0).unwrap();
    world.wait(DAY - 1);
    assert_eq!(world.settle(market).unwrap_err(), 9, "a dispute has its own liveness");
    world.wait(1);
    world.settle(market).unwrap();
    assert_eq!(world.view(market).result.unwrap().answer, 0);
    assert_eq!(world.balance("mallory"), before[0] - 100 * ONE);
    assert_eq!(world.balance("erin"), before[1] + 50 * ONE);
    assert_eq!(world.burned(), burned + 50 * ONE);
    // and the money of the market went where it belongs
    world.claim("bob", market, false).unwrap();
    assert_eq!(world.claim("carol", market, false).unwrap_err(), 22);
}

#[test]
fn late_dispute_is_refused() {
    let mut world = World::new();
    let market = answerable(&mut world);
    world.answer("mallory", market, 1).unwrap();
    world.wait(DAY);
    let hook = Cw20Hook::Dispute {
        market,
        answer: 0,
        evidence: hash(1),
    };
    assert_eq!(world.send("erin", lco(200), &hook).unwrap_err(), 9);
}

#[test]
fn market_without_governance_goes_on_doubling() {
    let mut world = World::alone();
    let market = answerable(&mut world);
    world.answer("dave", market, 0).unwrap();
    for (round, answer) in [1, 0, 1, 0, 1].into_iter().enumerate() {
        assert_eq!(world.next_bond(market), lco(200 << round));
        let name = if answer == 1 { "mallory" } else { "dave" };
        world.dispute(name, market, answer).unwrap();
        assert_eq!(world.status(market), Status::Answered);
        world.wait(DAY / 2);
    }
    world.wait(DAY / 2);
    world.settle(market).unwrap();
    assert_eq!(
        world.view(market).result.unwrap().answer,
        1,
        "the last undisputed answer stands"
    );
    let bonds: Vec<BondResponse> = world.query(&QueryMsg::Bonds { market });
    // 0: 100 + 400 + 1,600 wrong; half, 1,050, to 200 + 800 + 3,200 right
    let returned: Vec<_> = bonds.iter().map(|bond| bond.returned.unwrap().u128()).collect();
    assert_eq!(returned, [0, 250 * ONE, 0, 1_000 * ONE, 0, 4_000 * ONE]);
    assert_eq!(world.burned(), 1_050 * ONE);
}

#[test]
fn number_of_bonds_is_bounded_and_the_last_answer_still_stands() {
    // pretend that bonds can be that small: the first is 20 LCO, the twentieth 10 million, more than there is
    let mut world = World::alone();
    world.set_params(|params| params.terms.min_bond = lco(20));
    let market = world.open("alice", 2, 100);
    world.at(RESOLVE);
    world.answer("dave", market, 0).unwrap();
    let mut given = 1;
    while world
        .view(market)
        .next_bond
        .is_some_and(|bond| bond.u128() <= 200_000 * ONE)
    {
        let name = ["erin", "carol", "bob", "mallory"][given % 4];
        world.dispute(name, market, (given % 2) as u8).unwrap();
        given += 1;
    }
    assert_eq!(given, 14);
    let twentieth = (20 * ONE) << (MAX_BONDS - 1);
    assert!(
        twentieth > interfaces::l_coin::CAP.u128(),
        "nobody can have the last word by reaching the bound"
    );
    world.wait(DAY);
    world.settle(market).unwrap();
    assert_eq!(world.view(market).result.unwrap().answer, 1);
}

#[test]
fn market_nobody_answers_voids_after_thirty_days() {
    let mut world = World::new();
    let market = answerable(&mut world);
    world.wait(30 * DAY - 1);
    assert_eq!(world.settle(market).unwrap_err(), 9);
    world.wait(1);
    let hook = Cw20Hook::Answer {
        market,
        answer: 0,
        evidence: hash(1),
    };
    assert_eq!(world.send("dave", lco(100), &hook).unwrap_err(), 9, "too late");
    world.settle(market).unwrap();
    assert_eq!(world.status(market), Status::Voided);
    for (name, paid) in [("alice", 100), ("bob", 450), ("carol", 450)] {
        assert_eq!(world.claim(name, market, false).unwrap(), paid * ONE);
    }
}

#[test]
fn void_that_stands_returns_the_first_bond() {
    let mut world = World::new();
    let market = answerable(&mut world);
    let before = world.balance("dave");
    world.answer("dave", market, VOID).unwrap();
    world.wait(DAY);
    world.settle(market).unwrap();
    assert_eq!(world.status(market), Status::Voided);
    assert_eq!(world.balance("dave"), before);
    assert_eq!(world.burned(), 0);
}

#[test]
fn on_void_all_disputers_bonds_burn() {
    let mut world = World::new();
    let market = answerable(&mut world);
    let before = world.balance("mallory");
    world.answer("dave", market, 0).unwrap();
    // a loser who would rather have his bet back
    world.dispute("mallory", market, VOID).unwrap();
    world.wait(DAY);
    world.settle(market).unwrap();
    assert_eq!(world.status(market), Status::Voided);
    assert_eq!(world.balance("mallory"), before - 200 * ONE);
    assert_eq!(world.burned(), 300 * ONE);
}

#[test]
fn claim_settles_what_is_due_and_waits_for_nobody() {
    let mut world = World::new();
    let market = answerable(&mut world);
    let before = world.balance("dave");
    world.answer("dave", market, 0).unwrap();
    assert_eq!(world.claim("bob", market, false).unwrap_err(), 9);
    world.wait(DAY);
    assert!(world.claim("bob", market, false).unwrap() > 450 * ONE);
    assert_eq!(world.status(market), Status::Resolved);
    assert_eq!(world.balance("dave"), before, "the bond came back on the way");
}
