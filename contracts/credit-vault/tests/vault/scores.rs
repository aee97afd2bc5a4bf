//! What the weekly contest hears, and DeliverScores.

use cosmwasm_std::Uint128;
use interfaces::compute_wars::Score;
use interfaces::credit_vault::*;

use crate::stand_in::{Reaction, StandInMsg, StandInQuery};
use crate::world::*;

type Heard = Vec<(u64, Vec<Score>)>;

fn heard(world: &World) -> Heard {
    world.ask(&world.wars, &StandInQuery::Heard {})
}

/// Two users with two SKUs each, one with nothing left, one skipped.
fn report(world: &mut World) -> SettleReport {
    let [alice, bob] = ["alice", "bob"].map(|name| world.spender(name, 1, 1_000));
    let carol = world.user("carol");
    let mut entries: Vec<_> = [&alice, &bob]
        .into_iter()
        .flat_map(|user| [world.usage(user, IN, 10), world.usage(user, OUT, 1)])
        .collect();
    entries.push(world.usage(&carol, IN, 1));
    world.report(1, entries)
}

fn expected(world: &World) -> Vec<Score> {
    let mut accounts = ["alice", "bob"].map(|name| world.user(name).to_string());
    accounts.sort();
    accounts
        .map(|account| Score {
            account,
            charged: Uint128::new(40),
        })
        .to_vec()
}

#[test]
fn contest_hears_each_account_once_a_report() {
    let mut world = World::new();
    let report = report(&mut world);
    world.settle_report(report);
    assert_eq!(heard(&world), [(world.week(), expected(&world))]);
}

#[test]
fn nothing_charged_is_nothing_said() {
    let mut world = World::new();
    let carol = world.user("carol");
    let entry = world.usage(&carol, IN, 1);
    world.settle_one(entry);
    assert_eq!(heard(&world), []);
}

#[test]
fn failed_scores_wait_and_are_delivered_with_their_own_week() {
    let mut world = World::new();
    let report = report(&mut world);
    let (name, week, wars, anyone) = (report.report, world.week(), world.wars.clone(), world.user("mallory"));
    world.react(&wars, Reaction::Fail);
    let response = world.settle_all(vec![report]);
    assert_eq!(count(&response, "scores_undelivered"), 1);
    assert_eq!(
        attribute(&response, "settlement", "charged").unwrap(),
        "80",
        "the settlement stands"
    );
    assert!(world.settlement(name).scores_waiting);

    world.at(WEEK);
    let again = ExecuteMsg::DeliverScores { report: name };
    let vault = world.vault.clone();
    cw_multi_test::Executor::execute_contract(&mut world.app, anyone.clone(), vault, &again, &[]).unwrap_err();
    assert!(world.settlement(name).scores_waiting, "still failing, still waiting");

    world.react(&wars, Reaction::Accept);
    world.ok(&anyone, again.clone());
    assert_eq!(heard(&world), [(week, expected(&world))]);
    assert_eq!(world.refused(&anyone, again), 25, "delivered once");
    assert!(!world.settlement(name).scores_waiting);
}

#[test]
fn one_failing_list_does_not_hold_up_the_others() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 1_000);
    let wars = world.wars.clone();
    world.react(&wars, Reaction::Fail);
    let reports: Vec<_> = (0..3)
        .map(|_| {
            let entries = vec![world.usage(&alice, IN, 1)];
            world.report(1, entries)
        })
        .collect();
    let names: Vec<_> = reports.iter().map(|report| report.report).collect();
    let response = world.settle_all(reports);
    assert_eq!(
        (count(&response, "settlement"), count(&response, "scores_undelivered")),
        (3, 3)
    );
    world.react(&wars, Reaction::Accept);
    world.ok(&alice, ExecuteMsg::DeliverScores { report: names[1] });
    let waiting: Vec<_> = names
        .iter()
        .map(|name| world.settlement(*name).scores_waiting)
        .collect();
    assert_eq!(waiting, [true, false, true]);
}

#[test]
fn scores_that_do_not_wait_cannot_be_sent() {
    let mut world = World::new();
    let report = report(&mut world);
    let name = report.report;
    let anyone = world.user("mallory");
    assert_eq!(world.refused(&anyone, ExecuteMsg::DeliverScores { report: name }), 25);
    world.settle_report(report);
    assert_eq!(
        world.refused(&anyone, ExecuteMsg::DeliverScores { report: name }),
        25,
        "scores cannot be doubled"
    );
}

#[test]
fn without_a_contest_nothing_is_sent_and_what_waits_goes_on_waiting() {
    let mut world = World::new();
    let report = report(&mut world);
    let name = report.report;
    let (wars, anyone) = (world.wars.clone(), world.user("mallory"));
    world.react(&wars, Reaction::Fail);
    world.settle_report(report);
    world.ok(
        &world.user("timelock"),
        ExecuteMsg::SetPeers {
            peers: Peers::default(),
        },
    );
    assert_eq!(world.refused(&anyone, ExecuteMsg::DeliverScores { report: name }), 16);
    assert!(world.settlement(name).scores_waiting);
}

/// The contest calls back into the vault while it hears the scores: it has no more rights there than anybody, and its failure is its own.
#[test]
fn contest_that_re_enters_gains_nothing() {
    let mut world = World::new();
    let report = report(&mut world);
    let (name, wars) = (report.report, world.wars.clone());
    let attacks = [
        ExecuteMsg::DeliverScores { report: name },
        ExecuteMsg::SettleUsage {
            reports: vec![report.clone()],
        },
        ExecuteMsg::ResolveCharge {
            charge: ChargeRef { report: name, entry: 0 },
            action: ChargeAction::Hold,
        },
        redeem(1),
        ExecuteMsg::ClaimLco {},
    ];
    let calls = attacks.iter().map(|attack| world.message(attack)).collect();
    world.react(&wars, Reaction::Send(calls));
    let response = world.settle_all(vec![report]);
    assert_eq!(count(&response, "scores_undelivered"), 1);
    assert_eq!(world.overview().revenue, amount(80));
    world.check_laws();
}

/// What the contest may do as itself it may do while it is called: the settlement's rows are saved by then, and one does not undo the other.
#[test]
fn contest_may_use_the_vault_while_it_is_called() {
    let mut world = World::new();
    let report = report(&mut world);
    let (wars, alice, week) = (world.wars.clone(), world.user("alice"), world.week());
    let free = ExecuteMsg::SetFreeCalls {
        account: alice.to_string(),
        week,
        allowance: amount(5),
    };
    world.react(&wars, Reaction::Send(vec![world.message(&free)]));
    world.settle_report(report);
    let champion: Option<FreeCallsResponse> = world.query(&QueryMsg::FreeCalls { week });
    assert_eq!(champion.unwrap().left, amount(5));
    assert_eq!(world.overview().revenue, amount(80));
}

#[test]
fn reply_of_another_id_is_refused() {
    use cosmwasm_std::testing::{mock_dependencies, mock_env};
    use cosmwasm_std::{Binary, Reply, SubMsgResult};
    let mut deps = mock_dependencies();
    let result = SubMsgResult::Err("failed".into());
    let reply = Reply {
        id: 2,
        payload: Binary::default(),
        gas_used: 0,
        result,
    };
    let error = credit_vault::contract::reply(deps.as_mut(), mock_env(), reply).unwrap_err();
    assert_eq!(error.code(), 35);
}

#[test]
fn stranger_cannot_record_scores_in_the_vaults_name() {
    // The stand-in hears anybody; that it is told by the vault alone is the contest's own check. Here: the vault sends nothing on a stranger's word.
    let mut world = World::new();
    let report = report(&mut world);
    let mallory = world.user("mallory");
    assert_eq!(
        world.refused(&mallory, ExecuteMsg::SettleUsage { reports: vec![report] }),
        911
    );
    let wars = world.wars.clone();
    let call = world.message(&ExecuteMsg::DeliverScores {
        report: ReportRef {
            gateway: 1,
            key_epoch: 1,
            seq: 1,
        },
    });
    let outcome =
        cw_multi_test::Executor::execute_contract(&mut world.app, mallory, wars, &StandInMsg::Do(vec![call]), &[]);
    outcome.unwrap_err();
    assert_eq!(heard(&world), []);
}
