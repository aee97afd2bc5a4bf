//! What the contract tells.

use attestation::{Entry, Leaf};
use interfaces::attestation_oracle::{QueryMsg, ReportResponse, Role, SubjectResponse, VerifyCallResponse};

use crate::world::*;

#[test]
fn call_is_proved_against_the_posted_root_and_any_other_is_not() {
    let mut world = World::new();
    let by = world.gateway();
    let alice = world.customer("alice", USDT);
    world.pass(HOUR);
    let log: Vec<Leaf> = (0..100).map(|n| world.call(&format!("call-{n}"), &alice)).collect();
    let posted = world.post(&by, None, std::slice::from_ref(&log));
    let verify = |call| -> VerifyCallResponse { world.query(&QueryMsg::VerifyCall { call }) };
    for leaf in [0, 1, 50, 99] {
        let answer = verify(posted.proven(0, leaf));
        assert_eq!((answer.proved, answer.reason), (true, None), "{leaf}");
    }
    let mut invented = posted.proven(0, 7);
    invented.leaf = Leaf {
        call_id: "never-made".to_owned(),
        ..log[7].clone()
    }
    .encode()
    .unwrap()
    .into();
    let mut moved = posted.proven(0, 7);
    moved.leaf_proof = posted.proven(0, 8).leaf_proof;
    let mut other_report = posted.proven(0, 7);
    other_report.report.seq = 2;
    let mut garbage = posted.proven(0, 7);
    garbage.leaf = vec![1, 2, 3].into();
    let mut foreign_entry = posted.proven(0, 7);
    foreign_entry.entry = Entry::from_leaves(&log[..8]).unwrap().encode().unwrap().into();
    for call in [invented, moved, other_report, garbage, foreign_entry] {
        let answer = verify(call);
        assert!(!answer.proved && answer.reason.is_some());
    }
}

#[test]
fn log_that_contradicts_itself_proves_nothing() {
    let mut world = World::new();
    let by = world.gateway();
    let alice = world.customer("alice", USDT);
    world.pass(HOUR);
    let log = vec![world.call("a", &alice), world.call("b", &alice)];
    let mut entry = Entry::from_leaves(&log).unwrap();
    entry.list += 1;
    let posted = world.post_entries(&by, None, vec![entry], vec![log]);
    let answer: VerifyCallResponse = world.query(&QueryMsg::VerifyCall {
        call: posted.proven(0, 0),
    });
    assert!(!answer.proved);
    assert!(answer.reason.unwrap().contains("add up"));
}

#[test]
fn lists_come_in_pages_that_join_without_gap_or_overlap() {
    let mut world = World::new();
    for seed in 1..=7 {
        world.worker(&format!("worker {seed}"), &ed(seed));
    }
    let page = |start_after, limit| -> Vec<SubjectResponse> {
        world.query(&QueryMsg::Subjects {
            role: Role::Worker,
            start_after,
            limit,
        })
    };
    let ids = |page: &[SubjectResponse]| page.iter().map(|row| row.subject.id).collect::<Vec<_>>();
    assert_eq!(ids(&page(None, None)), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(ids(&page(None, Some(3))), [1, 2, 3]);
    assert_eq!(ids(&page(Some(3), Some(3))), [4, 5, 6]);
    assert_eq!(ids(&page(Some(6), Some(3))), [7]);
    assert_eq!(ids(&page(Some(7), None)), Vec::<u64>::new());
    // Roles do not run into each other.
    let gateways: Vec<SubjectResponse> = world.query(&QueryMsg::Subjects {
        role: Role::Gateway,
        start_after: None,
        limit: Some(1_000),
    });
    assert_eq!(gateways.len(), 1);
}

#[test]
fn undelivered_reports_are_listed_oldest_first_across_gateways() {
    let mut world = World::new();
    let by = world.gateway();
    let (machine, host) = (
        world.pki.platform(tee_testkit::PlatformSpec::numbered(2)),
        world.actor("second host"),
    );
    let other = world
        .enrol_on(&machine, &host, Role::Gateway, None, &ed(3), GATEWAY_BOND)
        .unwrap();
    let alice = world.customer("alice", USDT);
    world.pass(HOUR);
    world.break_vault();
    let first = world.post(&other, None, &[vec![world.call("a", &alice)]]);
    world.pass(60);
    let second = world.post(&by, None, &[vec![world.call("b", &alice)]]);
    world.pass(60);
    let third = world.post(&other, Some(&first.body), &[vec![world.call("c", &alice)]]);
    let expected = [first.report(), second.report(), third.report()];
    let page = |start_after, limit| -> Vec<_> {
        let rows: Vec<ReportResponse> = world.query(&QueryMsg::Undelivered { start_after, limit });
        rows.into_iter().map(|row| row.report).collect()
    };
    assert_eq!(page(None, None), expected);
    assert_eq!(page(None, Some(1)), expected[..1]);
    assert_eq!(page(Some(expected[0]), None), expected[1..]);
    assert_eq!(page(Some(expected[2]), None), []);
}

#[test]
fn what_does_not_exist_is_an_error_not_a_default() {
    let world = World::new();
    let report = interfaces::credit_vault::ReportRef {
        gateway: 1,
        key_epoch: 1,
        seq: 1,
    };
    let chain = interfaces::attestation_oracle::ChainId::Usage {
        gateway: 1,
        key_epoch: 1,
    };
    let unknown = [
        (QueryMsg::Subject { subject: worker(1) }, "[oracle:11]"),
        (
            QueryMsg::Key {
                subject: gateway(1),
                key_epoch: None,
            },
            "[oracle:13]",
        ),
        (QueryMsg::Report { report }, "[oracle:41]"),
        (QueryMsg::Statement { chain, seq: 1 }, "[oracle:41]"),
        (
            QueryMsg::Statement {
                chain: interfaces::attestation_oracle::ChainId::Job {
                    worker: 1,
                    key_epoch: 1,
                    job: 1,
                    assignment: 0,
                },
                seq: 1,
            },
            "[oracle:47]",
        ),
        (QueryMsg::Challenge { challenge: 1 }, "[oracle:64]"),
    ];
    for (query, expected) in unknown {
        let result: Result<cosmwasm_std::Empty, _> = world.app.wrap().query_wasm_smart(&world.oracle, &query);
        let error = result.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn events_tell_the_outcome_of_each_statement_by_code() {
    let mut world = World::new();
    let by = world.worker("worker", &ed(1));
    world.pass(HOUR);
    let body = world.first_job(&by, 1);
    let signed = world.sign_job(&by, &body);
    let anyone = world.rich.clone();
    let msg = interfaces::attestation_oracle::ExecuteMsg::Submit {
        statements: vec![signed.clone(), signed],
    };
    let response = world.exec(&anyone, &msg).unwrap();
    let told: Vec<_> = response
        .events
        .iter()
        .filter(|event| event.ty == "wasm-statement")
        .map(|event| {
            let find = |key: &str| event.attributes.iter().find(|a| a.key == key).unwrap().value.clone();
            (find("kind"), find("outcome"), find("seq"))
        })
        .collect();
    let tell = |outcome: &str| ("job".to_owned(), outcome.to_owned(), "1".to_owned());
    assert_eq!(told, [tell("0"), tell("1")]);
}
