//! Decisions by the stakers, through the real governance on the real staking.

use interfaces::prediction_market::*;
use interfaces::voting::Moment;
use interfaces::{governance, lco_staking};

use crate::stand_in::{self, Reaction, StandInMsg};
use crate::world::*;
use cosmwasm_std::{to_json_binary, Addr, Empty, WasmMsg};
use cw_multi_test::Executor;

/// A market with stakers from before its creation, answered 0 by dave and disputed to 1 and back to 0, so that a vote is open.
fn contested(world: &mut World) -> u64 {
    world.stake("dave", 10_000);
    world.stake("erin", 30_000);
    world.wait(1);
    let market = disputed(world);
    world.dispute("dave", market, 0).unwrap();
    market
}

/// The same before the second dispute.
fn disputed(world: &mut World) -> u64 {
    let market = world.open("alice", 3, 100);
    world.buy("bob", market, 0, 450 * ONE);
    world.buy("carol", market, 1, 450 * ONE);
    world.at(RESOLVE);
    world.answer("dave", market, 0).unwrap();
    world.dispute("mallory", market, 1).unwrap();
    market
}

fn outcome(world: &World, market: u64) -> governance::ProposalResponse {
    let msg = governance::QueryMsg::Outcome { market };
    world.app.wrap().query_wasm_smart(&world.governance, &msg).unwrap()
}

/// A stand-in contract.
fn stand_in(world: &mut World) -> Addr {
    let code = world.app.store_code(stand_in::contract());
    let creator = world.user("creator");
    world
        .app
        .instantiate_contract(code, creator, &Empty {}, &[], "stand-in", None)
        .unwrap()
}

fn message(world: &World, msg: &ExecuteMsg) -> cosmwasm_std::CosmosMsg {
    let msg = to_json_binary(msg).unwrap();
    let contract_addr = world.market.to_string();
    WasmMsg::Execute {
        contract_addr,
        msg,
        funds: vec![],
    }
    .into()
}

#[test]
fn second_dispute_asks_the_stakers_about_the_bonded_answers() {
    let mut world = World::new();
    world.stake("erin", 30_000);
    world.wait(1);
    let market = disputed(&mut world);
    let created = world.view(market).created;
    assert_eq!(world.status(market), Status::Answered);
    let response = world.dispute("dave", market, VOID).unwrap();
    assert_eq!(
        attribute(&response, "vote_opened", "answers").unwrap(),
        format!("0,1,{VOID}")
    );
    let view = world.view(market);
    assert_eq!(
        (view.status, view.until, view.next_bond),
        (Status::Voting, Some(world.now() + 21 * DAY), None)
    );
    let governance::Subject::Outcome {
        market: about,
        answers,
        from,
        to,
        ..
    } = outcome(&world, market).subject
    else {
        panic!()
    };
    assert_eq!(about, market);
    assert_eq!(
        answers.iter().map(|tally| tally.answer).collect::<Vec<_>>(),
        [0, 1, VOID]
    );
    let block = world.app.block_info();
    let now = Moment {
        height: block.height,
        time: block.time.seconds(),
    };
    assert_eq!((from, to), (created, now));
    // nothing moves while they vote
    assert_eq!(world.settle(market).unwrap_err(), 9);
    let hook = Cw20Hook::Dispute {
        market,
        answer: 0,
        evidence: hash(1),
    };
    assert_eq!(world.send("dave", lco(800), &hook).unwrap_err(), 9);
}

#[test]
fn stakers_decide_against_the_last_disputer() {
    let mut world = World::new();
    let market = contested(&mut world);
    let before = ["dave", "mallory"].map(|name| world.balance(name));
    world.vote("dave", 1, 0);
    world.vote("erin", 1, 1);
    let response = world.enact(1);
    assert_eq!(count(&response, "settled"), 1);
    assert_eq!(world.view(market).result.unwrap().answer, 1);
    // dave's 100 + 400 were wrong: half to mallory's 200
    assert_eq!(world.balance("dave"), before[0]);
    assert_eq!(world.balance("mallory"), before[1] + 200 * ONE + 250 * ONE);
    assert_eq!(world.burned(), 250 * ONE);
}

#[test]
fn disputer_who_griefs_loses_his_bonds() {
    let mut world = World::new();
    let market = contested(&mut world);
    let before = world.balance("dave");
    world.vote("erin", 1, 0);
    world.enact(1);
    assert_eq!(world.view(market).result.unwrap().answer, 0);
    // mallory's 200: a half to dave, who also has his 100 + 400 back
    assert_eq!(world.balance("dave"), before + 600 * ONE);
    assert_eq!(world.burned(), 100 * ONE);
    let winners = world.claim("bob", market, false).unwrap();
    assert!(winners > 450 * ONE, "who won is paid as if nobody had disputed");
}

#[test]
fn stakers_may_void() {
    let mut world = World::new();
    world.stake("erin", 30_000);
    world.wait(1);
    let market = disputed(&mut world);
    world.dispute("dave", market, VOID).unwrap();
    world.vote("erin", 1, VOID);
    world.enact(1);
    assert_eq!(world.status(market), Status::Voided);
    assert_eq!(
        world.burned(),
        700 * ONE,
        "every bond: the first was wrong, the others disputes"
    );
}

#[test]
fn electorate_without_quorum_lets_the_doubling_go_on() {
    let mut world = World::new();
    world.stake("carol", 300_000);
    world.wait(1);
    let market = contested(&mut world);
    // dave has 10,000 of 340,000: below 10 %
    world.vote("dave", 1, 0);
    let response = world.enact(1);
    assert_eq!(count(&response, "undecided"), 1);
    let view = world.view(market);
    assert_eq!((view.status, view.until), (Status::Answered, Some(world.now() + DAY)));
    assert_eq!(view.next_bond, Some(lco(800)));
    // disputes go on, and the stakers are not asked again
    world.wait(DAY - 1);
    world.dispute("mallory", market, 1).unwrap();
    assert_eq!(world.status(market), Status::Answered);
    world.wait(DAY);
    world.settle(market).unwrap();
    assert_eq!(
        world.view(market).result.unwrap().answer,
        1,
        "the last undisputed answer stands"
    );
}

#[test]
fn electorate_without_quorum_and_without_a_further_dispute() {
    let mut world = World::new();
    let market = contested(&mut world);
    world.enact(1);
    world.wait(DAY);
    world.settle(market).unwrap();
    assert_eq!(world.view(market).result.unwrap().answer, 0);
}

#[test]
fn stake_bought_for_a_dispute_has_no_vote() {
    let mut world = World::new();
    world.stake("erin", 20_000);
    world.wait(1);
    let market = disputed(&mut world);
    // mallory sees the vote coming
    world.stake("mallory", 400_000);
    world.wait(1);
    world.dispute("dave", market, 0).unwrap();
    world.vote("erin", 1, 0);
    let msg = governance::ExecuteMsg::Vote {
        proposal: 1,
        choice: governance::Choice::Answer(1),
    };
    let (mallory, contract) = (world.user("mallory"), world.governance.clone());
    world.app.execute_contract(mallory, contract, &msg, &[]).unwrap_err();
    world.enact(1);
    assert_eq!(world.view(market).result.unwrap().answer, 0);
}

#[test]
fn vote_that_nobody_ends_does_not_hold_a_market_for_ever() {
    let mut world = World::new();
    let market = contested(&mut world);
    world.vote("erin", 1, 1);
    world.wait(21 * DAY);
    let view = world.view(market);
    assert_eq!((view.status, view.until), (Status::Answered, Some(world.now() + DAY)));
    world.wait(DAY);
    world.settle(market).unwrap();
    assert_eq!(world.view(market).result.unwrap().answer, 0);
    // the decision comes too late
    let (erin, governance) = (world.user("erin"), world.governance.clone());
    let late = governance::ExecuteMsg::Execute { proposal: 1 };
    let error = world.app.execute_contract(erin, governance, &late, &[]).unwrap_err();
    assert_eq!(code(&error), 9);
}

#[test]
fn broken_governance_keeps_nobody_from_disputing() {
    let mut world = World::alone();
    let broken = stand_in(&mut world);
    world.exec(&Addr::unchecked(&broken), &broken, &StandInMsg::React(Reaction::Refuse));
    world.set_governance(&broken);
    let market = disputed(&mut world);
    let response = world.dispute("dave", market, 0).unwrap();
    assert!(attribute(&response, "vote_failed", "error").is_some());
    let view = world.view(market);
    assert_eq!(
        (view.status, view.until, view.next_bond),
        (Status::Answered, Some(world.now() + DAY), Some(lco(800)))
    );
    // it is asked again at the next dispute
    world.exec(&Addr::unchecked(&broken), &broken, &StandInMsg::React(Reaction::Accept));
    world.dispute("mallory", market, 1).unwrap();
    assert_eq!(world.status(market), Status::Voting);
}

#[test]
fn governance_that_comes_late_is_asked_at_the_next_dispute() {
    let mut world = World::alone();
    let market = disputed(&mut world);
    world.dispute("dave", market, 0).unwrap();
    assert_eq!(world.status(market), Status::Answered);
    world.set_governance(&world.governance.clone());
    world.dispute("mallory", market, 2).unwrap();
    assert_eq!(world.status(market), Status::Voting);
}

#[test]
fn only_bonded_answers_can_be_decided_and_only_in_a_vote() {
    let mut world = World::alone();
    let puppet = stand_in(&mut world);
    world.set_governance(&puppet);
    let market = disputed(&mut world);
    let decide = |world: &mut World, answer| {
        let msgs = vec![message(world, &ExecuteMsg::Decide { market, answer })];
        let outcome =
            world
                .app
                .execute_contract(Addr::unchecked(&puppet), puppet.clone(), &StandInMsg::Act { msgs }, &[]);
        outcome.map(|_| ()).map_err(|error| code(&error))
    };
    // no admin override: not before the stakers were asked
    for answer in [Some(0), Some(1), Some(VOID), None] {
        assert_eq!(decide(&mut world, answer).unwrap_err(), 9);
    }
    world.dispute("dave", market, 0).unwrap();
    for answer in [2, 3, VOID] {
        assert_eq!(decide(&mut world, Some(answer)).unwrap_err(), 21, "{answer}");
    }
    decide(&mut world, Some(1)).unwrap();
    world.check_laws();
    assert_eq!(decide(&mut world, Some(0)).unwrap_err(), 9, "once");
    assert_eq!(decide(&mut world, None).unwrap_err(), 9);
}

#[test]
fn voters_stake_stays_theirs() {
    let mut world = World::new();
    contested(&mut world);
    world.vote("erin", 1, 0);
    let (erin, staking) = (world.user("erin"), world.staking.clone());
    world.exec(
        &erin,
        &staking,
        &lco_staking::ExecuteMsg::Unstake { amount: lco(30_000) },
    );
}
