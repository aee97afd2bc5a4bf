//! An account makes its gateway show what it was charged for.

use attestation::{Entry, Leaf};
use cosmwasm_std::{coins, Addr, Binary, Coin};
use cw_multi_test::Executor;
use interfaces::attestation_oracle::StatementOutcome::*;
use interfaces::attestation_oracle::{ChallengeState, ChallengeStateResponse, ExecuteMsg, QueryMsg};
use interfaces::credit_vault::{self, WeekResponse};

use crate::world::*;

struct Case {
    world: World,
    by: Enrolled,
    alice: Addr,
    posted: Posted,
}

/// Alice was charged 10 calls of 2,000 µCredit.
fn case() -> Case {
    let mut world = World::new();
    let by = world.gateway();
    let alice = world.customer("alice", 1_000 * USDT);
    world.give(&alice, 10 * CHALLENGE_BOND);
    world.pass(HOUR);
    let log: Vec<_> = (0..10)
        .map(|n| world.call(&format!("call {n}").replace(' ', "-"), &alice))
        .collect();
    let posted = world.post(&by, None, &[log]);
    assert_eq!(posted.outcome, Accepted);
    Case {
        world,
        by,
        alice,
        posted,
    }
}

fn ask(posted: &Posted, first_leaf: u64, count: u16) -> ExecuteMsg {
    ExecuteMsg::ChallengeUsage {
        report: posted.report(),
        entry_index: 0,
        entry: posted.entry(0),
        entry_proof: posted.entry_proof(0),
        first_leaf,
        count,
    }
}

fn state(world: &World, challenge: u64) -> ChallengeStateResponse {
    world.query(&QueryMsg::Challenge { challenge })
}

impl Case {
    fn open(&mut self, first_leaf: u64, count: u16) -> Result<(), u16> {
        let (alice, msg) = (self.alice.clone(), ask(&self.posted, first_leaf, count));
        self.open_with(&alice, &msg, &coins(CHALLENGE_BOND, DENOM))
    }

    fn open_with(&mut self, sender: &Addr, msg: &ExecuteMsg, funds: &[Coin]) -> Result<(), u16> {
        let result = self.world.exec_with(sender, msg, funds);
        result.map(|_| ()).map_err(|error| code(&error))
    }

    fn reveal(&mut self, first: usize, count: usize) -> Result<(), u16> {
        let (leaves, proof) = self.posted.revealed(0, first, count);
        self.reveal_bytes(leaves, proof)
    }

    fn reveal_bytes(&mut self, leaves: Vec<Binary>, proof: Binary) -> Result<(), u16> {
        let anyone = self.world.rich.clone();
        let msg = ExecuteMsg::RevealLeaves {
            challenge: 1,
            leaves,
            proof,
        };
        self.open_with(&anyone, &msg, &[])
    }

    fn resolve(&mut self) -> Result<(), u16> {
        let anyone = self.world.rich.clone();
        self.open_with(&anyone, &ExecuteMsg::ResolveChallenge { challenge: 1 }, &[])
    }

    fn charge(&self) -> credit_vault::SettledEntry {
        self.world.settlement(self.posted.report()).entries[0].clone()
    }

    fn revenue(&self) -> WeekResponse {
        let week = self.world.settlement(self.posted.report()).week;
        let query = credit_vault::QueryMsg::Week { gateway: 1, week };
        self.world
            .app
            .wrap()
            .query_wasm_smart(&self.world.vault, &query)
            .unwrap()
    }
}

#[test]
fn gateway_that_answers_keeps_its_charge_and_gets_the_bond() {
    let mut case = case();
    case.open(3, 4).unwrap();
    assert!(case.charge().held);
    assert_eq!((case.revenue().held.u128(), case.revenue().revenue.u128()), (20_000, 0));
    let opened = state(&case.world, 1);
    assert_eq!(
        (opened.state, opened.deadline),
        (ChallengeState::Open, case.world.now() + 48 * HOUR)
    );
    assert_eq!(
        (opened.first_leaf, opened.count, opened.account.as_str()),
        (3, 4, case.alice.as_str())
    );
    let host = case.world.host.clone();
    let before = case.world.balance(&host);
    case.reveal(3, 4).unwrap();
    assert_eq!(case.world.balance(&host) - before, CHALLENGE_BOND);
    assert!(!case.charge().held && !case.charge().returned);
    assert_eq!((case.revenue().held.u128(), case.revenue().revenue.u128()), (0, 20_000));
    let closed = state(&case.world, 1);
    assert_eq!((closed.state, closed.vault_pending), (ChallengeState::Answered, false));
    assert_eq!(case.world.overview().open_challenges, 0);
    // Once closed it stays closed.
    assert_eq!(case.reveal(3, 4), Err(65));
    case.world.pass(49 * HOUR);
    assert_eq!(case.resolve(), Err(65));
    assert_eq!(case.open(0, 1), Err(62));
}

#[test]
fn silent_gateway_loses_the_charge_after_48_hours_to_the_second() {
    let mut case = case();
    case.open(0, 10).unwrap();
    let (money, free) = (case.world.balance(&case.alice), case.world.free_credits(&case.alice));
    case.world.pass(48 * HOUR);
    assert_eq!(case.resolve(), Err(67));
    case.world.pass(1);
    case.resolve().unwrap();
    assert_eq!(case.world.balance(&case.alice) - money, CHALLENGE_BOND);
    // 20,000 less the floor of 2 %, which stays booked to the fund.
    assert_eq!(case.world.free_credits(&case.alice) - free, 19_600);
    assert_eq!(case.revenue().forfeited.u128(), 400);
    assert!(case.charge().returned);
    assert_eq!(state(&case.world, 1).state, ChallengeState::Returned);
    assert_eq!(case.resolve(), Err(65));
    assert_eq!(case.reveal(0, 10), Err(65));
}

#[test]
fn answer_in_the_last_second_counts_and_later_not() {
    for (wait, expected) in [(48 * HOUR, Ok(())), (48 * HOUR + 1, Err(66))] {
        let mut case = case();
        case.open(0, 1).unwrap();
        case.world.pass(wait);
        assert_eq!(case.reveal(0, 1), expected, "{wait}");
    }
}

#[test]
fn entry_can_be_challenged_for_7_days_to_the_second() {
    for (wait, expected) in [(7 * DAY, Ok(())), (7 * DAY + 1, Err(61))] {
        let mut case = case();
        case.world.pass(wait);
        assert_eq!(case.open(0, 1), expected, "{wait}");
    }
}

#[test]
fn only_the_account_challenges_its_entry() {
    let mut case = case();
    let others = [
        case.world.actor("bob"),
        case.world.host.clone(),
        case.world.owner.clone(),
        case.world.operator.clone(),
    ];
    for other in others {
        case.world.give(&other, CHALLENGE_BOND);
        let msg = ask(&case.posted, 0, 1);
        assert_eq!(case.open_with(&other, &msg, &coins(CHALLENGE_BOND, DENOM)), Err(60));
    }
}

#[test]
fn challenge_costs_exactly_its_bond() {
    let mut case = case();
    let (alice, msg) = (case.alice.clone(), ask(&case.posted, 0, 1));
    let rich = case.world.rich.clone();
    let foreign = vec![Coin::new(1u128, "uother")];
    case.world.app.send_tokens(rich, alice.clone(), &foreign).unwrap();
    let cases = [
        (vec![], 68),
        (coins(CHALLENGE_BOND - 1, DENOM), 68),
        (coins(CHALLENGE_BOND + 1, DENOM), 68),
        (foreign, 931),
    ];
    for (funds, expected) in cases {
        assert_eq!(case.open_with(&alice, &msg, &funds), Err(expected));
    }
}

#[test]
fn leaves_asked_for_must_exist_and_be_few() {
    let mut case = case();
    let cases = [
        (0, 0),
        (0, 11),
        (10, 1),
        (9, 2),
        (0, 65),
        (u64::MAX, 1),
        (u64::MAX, u16::MAX),
        (1 << 32, 1),
    ];
    for (first, count) in cases {
        assert_eq!(case.open(first, count), Err(63), "{first} {count}");
    }
    case.open(9, 1).unwrap();
    assert_eq!(case.reveal(9, 1), Ok(()));
}

#[test]
fn entry_must_be_the_reports_at_its_place() {
    let mut case = case();
    let (alice, funds) = (case.alice.clone(), coins(CHALLENGE_BOND, DENOM));
    let change = |change: fn(&mut Entry)| {
        let mut entry = case.posted.entries[0].clone();
        change(&mut entry);
        Binary::from(entry.encode().unwrap())
    };
    let dearer = change(|entry| entry.list += 1);
    let mut cases = Vec::new();
    let mut with = |edit: &dyn Fn(&mut ExecuteMsg), expected| {
        let mut msg = ask(&case.posted, 0, 1);
        edit(&mut msg);
        cases.push((msg, expected));
    };
    with(
        &|msg| {
            if let ExecuteMsg::ChallengeUsage { entry, .. } = msg {
                *entry = dearer.clone();
            }
        },
        50,
    );
    with(
        &|msg| {
            if let ExecuteMsg::ChallengeUsage { entry_index, .. } = msg {
                *entry_index = 1;
            }
        },
        70,
    );
    with(
        &|msg| {
            if let ExecuteMsg::ChallengeUsage { report, .. } = msg {
                report.seq = 2;
            }
        },
        41,
    );
    with(
        &|msg| {
            if let ExecuteMsg::ChallengeUsage { entry_proof, .. } = msg {
                *entry_proof = Binary::default();
            }
        },
        44,
    );
    for (msg, expected) in cases {
        assert_eq!(case.open_with(&alice, &msg, &funds), Err(expected));
    }
}

#[test]
fn only_the_leaves_asked_for_answer() {
    let mut case = case();
    case.open(2, 3).unwrap();
    for (first, count) in [(2, 2), (1, 3), (3, 3), (2, 4)] {
        assert_eq!(case.reveal(first, count), Err(69), "{first} {count}");
    }
    let (leaves, proof) = case.posted.revealed(0, 2, 3);
    let mut swapped = leaves.clone();
    swapped.swap(0, 1);
    assert_eq!(case.reveal_bytes(swapped, proof.clone()), Err(50));
    let mut cheaper = leaves.clone();
    let mut leaf = case.posted.logs[0][2].clone();
    leaf.list = 1;
    cheaper[0] = leaf.encode().unwrap().into();
    assert_eq!(case.reveal_bytes(cheaper, proof.clone()), Err(50));
    assert_eq!(case.reveal_bytes(leaves.clone(), Binary::default()), Err(44));
    assert_eq!(case.reveal_bytes(leaves, proof), Ok(()));
}

#[test]
fn charge_for_calls_of_somebody_else_cannot_be_answered() {
    let mut case = case();
    let bob = case.world.actor("bob");
    case.world.pass(60);
    let foreign = case.world.call("foreign", &bob);
    let leaves = [case.world.call("own", &case.alice), foreign];
    let nodes: Vec<_> = leaves.iter().map(|leaf: &Leaf| leaf.node().unwrap()).collect();
    let mut tree = attestation::MerkleBuilder::new();
    nodes.iter().for_each(|node| tree.push(*node).unwrap());
    let root = tree.root().unwrap();
    let entry = Entry {
        account: case.alice.to_string(),
        sku: SKU.to_owned(),
        calls: 2,
        units: root.sums.units,
        list: root.sums.list,
        cost: root.sums.cost,
        last: case.world.now() - 1,
        leaves_root: root.hash,
    };
    let (by, before) = (case.by.clone(), case.posted.body.clone());
    case.posted = case
        .world
        .post_entries(&by, Some(&before), vec![entry], vec![leaves.to_vec()]);
    case.open(0, 2).unwrap();
    assert_eq!(case.reveal(0, 2), Err(50));
    case.world.pass(48 * HOUR + 1);
    case.resolve().unwrap();
    assert!(case.charge().returned);
}

#[test]
fn vault_that_cannot_hold_the_charge_traps_no_bond() {
    let mut case = case();
    let alice = case.alice.clone();
    let before = case.world.balance(&alice);
    case.world.break_vault();
    let msg = ask(&case.posted, 0, 1);
    let funds = coins(CHALLENGE_BOND, DENOM);
    let error = case.world.exec_any(&alice, &msg, &funds).unwrap_err();
    assert!(error.contains("refused"), "{error}");
    assert_eq!(case.world.balance(&alice), before);
    assert_eq!(case.world.overview().open_challenges, 0);
    case.world.repair_vault();
    case.open(0, 1).unwrap();
}

#[test]
fn entry_that_cost_nothing_cannot_be_challenged() {
    let mut case = case();
    let bob = case.world.actor("bob");
    case.world.give(&bob, CHALLENGE_BOND);
    let (by, before) = (case.by.clone(), case.posted.body.clone());
    let log = vec![case.world.call("free", &bob)];
    let posted = case.world.post(&by, Some(&before), &[log]);
    let error = case
        .world
        .exec_any(&bob, &ask(&posted, 0, 1), &coins(CHALLENGE_BOND, DENOM))
        .unwrap_err();
    assert!(error.contains("[vault:"), "{error}");
    assert_eq!(case.world.balance(&bob), CHALLENGE_BOND);
}

#[test]
fn failing_vault_cannot_undo_an_answer_or_keep_the_bond() {
    let mut case = case();
    case.open(0, 1).unwrap();
    case.world.break_vault();
    let host = case.world.host.clone();
    let before = case.world.balance(&host);
    case.reveal(0, 1).unwrap();
    assert_eq!(case.world.balance(&host) - before, CHALLENGE_BOND);
    let pending = state(&case.world, 1);
    assert_eq!((pending.state, pending.vault_pending), (ChallengeState::Answered, true));
    // Still failing: the result stays owed.
    let anyone = case.world.rich.clone();
    let again = ExecuteMsg::ResolveChallenge { challenge: 1 };
    assert!(case
        .world
        .exec_any(&anyone, &again, &[])
        .unwrap_err()
        .contains("refused"));
    assert!(state(&case.world, 1).vault_pending);
    case.world.repair_vault();
    assert!(case.charge().held);
    // Long after the deadline the answer is still an answer.
    case.world.pass(3 * DAY);
    case.resolve().unwrap();
    assert!(!case.charge().held && !case.charge().returned);
    assert_eq!(case.resolve(), Err(65));
}

#[test]
fn failing_vault_cannot_keep_the_bond_of_an_unanswered_challenge() {
    let mut case = case();
    case.open(0, 1).unwrap();
    case.world.pass(48 * HOUR + 1);
    case.world.break_vault();
    let before = case.world.balance(&case.alice);
    case.resolve().unwrap();
    assert_eq!(case.world.balance(&case.alice) - before, CHALLENGE_BOND);
    case.world.repair_vault();
    case.resolve().unwrap();
    assert!(case.charge().returned);
    assert_eq!(case.resolve(), Err(65));
}

#[test]
fn undelivered_and_void_reports_cannot_be_challenged() {
    let mut case = case();
    case.world.break_vault();
    let (by, before) = (case.by.clone(), case.posted.body.clone());
    case.world.pass(60);
    let log = vec![case.world.call("late", &case.alice)];
    case.posted = case.world.post(&by, Some(&before), &[log]);
    assert_eq!(case.posted.outcome, Undelivered);
    case.world.repair_vault();
    assert_eq!(case.open(0, 1), Err(46));
    // Delivered late, it can be challenged for 7 days from then.
    case.world.pass(8 * DAY);
    let anyone = case.world.rich.clone();
    let deliver = ExecuteMsg::Deliver {
        report: case.posted.report(),
        entries: case.posted.encoded_entries(),
    };
    case.world.exec(&anyone, &deliver).unwrap();
    case.world.pass(7 * DAY);
    case.open(0, 1).unwrap();
}

#[test]
fn unknown_challenge_is_unknown() {
    let mut case = case();
    assert_eq!(case.resolve(), Err(64));
    assert_eq!(case.reveal(0, 1), Err(64));
}

#[test]
fn two_entries_have_a_challenge_each() {
    let mut world = World::new();
    let by = world.gateway();
    let names = ["alice", "bob"];
    let accounts = names.map(|name| world.customer(name, USDT));
    world.pass(HOUR);
    let logs = [0, 1].map(|n: usize| vec![world.call(names[n], &accounts[n])]);
    let posted = world.post(&by, None, &logs);
    for entry in [0, 1] {
        let account = Addr::unchecked(&posted.entries[entry].account);
        world.give(&account, CHALLENGE_BOND);
        let msg = ExecuteMsg::ChallengeUsage {
            report: posted.report(),
            entry_index: entry as u16,
            entry: posted.entry(entry),
            entry_proof: posted.entry_proof(entry),
            first_leaf: 0,
            count: 1,
        };
        world.exec_with(&account, &msg, &coins(CHALLENGE_BOND, DENOM)).unwrap();
    }
    assert_eq!(world.overview().open_challenges, 2);
    let all: Vec<ChallengeStateResponse> = world.query(&QueryMsg::Challenges {
        gateway: Some(1),
        start_after: Some(1),
        limit: None,
    });
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].challenge, all[0].entry_index), (2, 1));
}
