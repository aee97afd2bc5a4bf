use interfaces::attestation_oracle::ChainId;
use proptest::prelude::*;

use super::*;
use crate::fee::Quote;
use crate::tx::{Signed, TxError};

const NOW: Seconds = 1_000_000;
const ACCOUNT: &str = "wasm1relayer";

fn statement(seq: u64) -> Statement {
    Statement {
        digest: [u8::try_from(seq).unwrap(); 32],
        kind: Kind::Job,
        chain: ChainId::Job {
            worker: 1,
            key_epoch: 1,
            job: 1,
            assignment: 0,
        },
        seq,
        prev_digest: [u8::try_from(seq - 1).unwrap(); 32],
        window_end: u64::MAX - seq,
        expires_at: u64::MAX,
        body: vec![1, 2],
        entries: vec![],
        signature: vec![3],
        new_signature: vec![],
        new_epoch: None,
    }
}

fn open() -> (tempfile::TempDir, Outbox) {
    let dir = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(&dir.path().join("o.db")).unwrap();
    (dir, outbox)
}

fn reopen(dir: &tempfile::TempDir, outbox: Outbox) -> Outbox {
    drop(outbox);
    Outbox::open(&dir.path().join("o.db")).unwrap()
}

fn filled(count: u64) -> (tempfile::TempDir, Outbox, Vec<i64>) {
    let (dir, outbox) = open();
    let statements: Vec<_> = (1..=count).map(statement).collect();
    outbox.insert(&statements, NOW).unwrap();
    let ids: Vec<_> = statements
        .iter()
        .map(|s| outbox.get(&s.digest).unwrap().unwrap().id)
        .collect();
    let queue: Vec<_> = ids.iter().map(|id| Change::to(*id, State::Queued)).collect();
    outbox.apply(&queue, NOW).unwrap();
    (dir, outbox, ids)
}

fn pledge(statements: &[i64], sequence: u64) -> Pledge {
    Pledge {
        account: ACCOUNT.into(),
        sequence,
        timeout_height: 50,
        quote: Quote { gas_limit: 10, fee: 7 },
        statements: statements.to_vec(),
    }
}

fn signed() -> Result<Signed, TxError> {
    Ok(Signed {
        bytes: vec![9, 9],
        hash: [8; 32],
    })
}

#[test]
fn a_statement_is_stored_whole_and_once() {
    let (dir, outbox) = open();
    let both = [statement(1), statement(1)];
    assert_eq!(
        outbox.insert(&both, NOW).unwrap(),
        [Inserted::New, Inserted::Known(State::Received)]
    );
    let outbox = reopen(&dir, outbox);
    let record = outbox.get(&[1; 32]).unwrap().unwrap();
    assert_eq!(record.statement, statement(1));
    assert_eq!((record.state, record.received_at), (State::Received, NOW));
    assert_eq!(
        outbox.insert(&both[..1], NOW).unwrap(),
        [Inserted::Known(State::Received)]
    );
}

#[test]
fn a_pledge_is_stored_with_its_bytes_and_comes_back_unchanged() {
    let (dir, outbox, ids) = filled(3);
    let open = outbox.pledge(&pledge(&ids, 4), NOW, signed).unwrap();
    assert_eq!(open.bytes, [9, 9]);
    let outbox = reopen(&dir, outbox);
    assert_eq!(outbox.open_tx(ACCOUNT).unwrap(), Some(open));
    assert_eq!(outbox.in_state(State::InFlight, 9).unwrap().len(), 3);
    assert_eq!(outbox.open_tx("wasm1other").unwrap(), None);
    assert_eq!(outbox.foreign_open_accounts("wasm1other").unwrap(), [ACCOUNT]);
}

#[test]
fn a_crash_while_signing_leaves_nothing_behind() {
    let (dir, outbox, ids) = filled(2);
    let refused = outbox.pledge(&pledge(&ids, 4), NOW, || Err(TxError::Encode("no".into())));
    assert!(refused.is_err());
    let outbox = reopen(&dir, outbox);
    assert_eq!(outbox.open_tx(ACCOUNT).unwrap(), None);
    assert_eq!(outbox.in_state(State::Queued, 9).unwrap().len(), 2);
    outbox.pledge(&pledge(&ids, 4), NOW, signed).unwrap();
}

#[test]
fn a_panic_while_signing_rolls_back_and_the_outbox_lives_on() {
    let (_dir, outbox, ids) = filled(1);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        outbox.pledge(&pledge(&ids, 4), NOW, || panic!("signer died"))
    }));
    assert!(panicked.is_err());
    assert_eq!(outbox.open_tx(ACCOUNT).unwrap(), None);
    outbox.pledge(&pledge(&ids, 4), NOW, signed).unwrap();
}

#[test]
fn one_account_has_one_transaction_under_way() {
    let (_dir, outbox, ids) = filled(2);
    outbox.pledge(&pledge(&ids[..1], 4), NOW, signed).unwrap();
    assert!(outbox.pledge(&pledge(&ids[1..], 5), NOW, signed).is_err());
    let record = outbox.by_id(ids[1]).unwrap();
    assert_eq!(record.state, State::Queued, "the second is untouched");
}

#[test]
fn a_statement_in_flight_cannot_be_pledged_again() {
    let (_dir, outbox, ids) = filled(1);
    let open = outbox.pledge(&pledge(&ids, 4), NOW, signed).unwrap();
    outbox
        .close_tx(
            open.id,
            TxEnd::Included,
            Some(5),
            "",
            &[Change::to(ids[0], State::Included)],
            NOW,
        )
        .unwrap();
    assert!(matches!(
        outbox.pledge(&pledge(&ids, 5), NOW, signed),
        Err(OutboxError::Step { .. })
    ));
    assert_eq!(outbox.open_tx(ACCOUNT).unwrap(), None);
}

#[test]
fn closing_a_transaction_moves_all_its_statements_or_none() {
    let (_dir, outbox, ids) = filled(2);
    let open = outbox.pledge(&pledge(&ids, 4), NOW, signed).unwrap();
    let bad = [
        Change::to(ids[0], State::Included),
        Change::to(ids[1], State::Included),
        Change::to(ids[0], State::Dead),
    ];
    assert!(matches!(
        outbox.close_tx(open.id, TxEnd::Included, Some(5), "", &bad, NOW),
        Err(OutboxError::Step { .. })
    ));
    assert_eq!(outbox.open_tx(ACCOUNT).unwrap(), Some(open));
    assert_eq!(outbox.in_state(State::InFlight, 9).unwrap().len(), 2);
}

#[test]
fn a_lost_transaction_is_remembered_by_its_statements() {
    let (_dir, outbox, ids) = filled(1);
    let open = outbox.pledge(&pledge(&ids, 4), NOW, signed).unwrap();
    outbox
        .close_tx(
            open.id,
            TxEnd::Lost,
            None,
            "late",
            &[Change::to(ids[0], State::Queued)],
            NOW,
        )
        .unwrap();
    assert_eq!(outbox.given_up_txs(ids[0]).unwrap(), [(open.id, [8; 32])]);
    outbox.included_after_all(open.id, 9).unwrap();
    assert!(outbox.given_up_txs(ids[0]).unwrap().is_empty());
    assert_eq!(outbox.tx_hash(ids[0]).unwrap(), Some([8; 32]));
}

#[test]
fn the_day_counts_what_was_or_may_be_paid() {
    let (_dir, outbox, ids) = filled(2);
    let open = outbox.pledge(&pledge(&ids[..1], 4), NOW, signed).unwrap();
    assert_eq!(outbox.spent_today(NOW).unwrap(), 7);
    outbox
        .close_tx(
            open.id,
            TxEnd::Lost,
            None,
            "",
            &[Change::to(ids[0], State::Queued)],
            NOW,
        )
        .unwrap();
    assert_eq!(
        outbox.spent_today(NOW).unwrap(),
        0,
        "what was never included cost nothing"
    );
    let open = outbox.pledge(&pledge(&ids, 4), NOW, signed).unwrap();
    outbox.close_tx(open.id, TxEnd::Failed, Some(9), "", &[], NOW).unwrap();
    assert_eq!(
        outbox.spent_today(NOW).unwrap(),
        7,
        "a failed transaction costs its fee"
    );
    assert_eq!(outbox.spent_today(NOW + 86_400).unwrap(), 0);
}

#[test]
fn dead_statements_are_revived_by_posting_and_by_requeue() {
    let (_dir, outbox, ids) = filled(2);
    let dead: Vec<_> = ids
        .iter()
        .map(|id| Change::to(*id, State::Dead).code(13).failed())
        .collect();
    outbox.apply(&dead, NOW).unwrap();
    assert_eq!(outbox.insert(&[statement(1)], NOW).unwrap(), [Inserted::Revived]);
    outbox.requeue(&ids[1..], NOW).unwrap();
    for id in ids {
        let record = outbox.by_id(id).unwrap();
        assert_eq!((record.state, record.code, record.attempts), (State::Received, None, 0));
    }
}

#[test]
fn final_statements_cannot_be_requeued() {
    let (_dir, outbox, ids) = filled(1);
    outbox.apply(&[Change::to(ids[0], State::Final)], NOW).unwrap();
    assert!(matches!(outbox.requeue(&ids, NOW), Err(OutboxError::Step { .. })));
}

#[test]
fn waiting_statements_come_in_the_order_of_their_chain() {
    let (_dir, outbox) = open();
    outbox.insert(&[statement(3), statement(1), statement(2)], NOW).unwrap();
    let [waiting] = outbox.waiting_chains().unwrap().try_into().unwrap();
    let seqs: Vec<_> = outbox
        .waiting(&waiting.chain, 9)
        .unwrap()
        .iter()
        .map(|c| c.seq)
        .collect();
    assert_eq!(seqs, [1, 2, 3]);
    assert_eq!(outbox.waiting(&waiting.chain, 2).unwrap().len(), 2);
}

#[test]
fn two_statements_at_one_place_are_evidence() {
    let (_dir, outbox) = open();
    let twin = Statement {
        digest: [99; 32],
        ..statement(1)
    };
    outbox.insert(&[statement(1), statement(2), twin], NOW).unwrap();
    let [(first, second)] = outbox.conflicts().unwrap().try_into().unwrap();
    assert_eq!((first.statement.digest, second.statement.digest), ([1; 32], [99; 32]));
}

#[test]
fn every_change_is_announced_after_its_commit_and_failures_are_not() {
    let (_dir, outbox) = open();
    let mut events = outbox.subscribe();
    outbox.insert(&[statement(1)], NOW).unwrap();
    let id = outbox.get(&[1; 32]).unwrap().unwrap().id;
    assert!(outbox
        .apply(&[Change::to(id, State::Queued), Change::to(id, State::Included)], NOW)
        .is_err());
    outbox.apply(&[Change::to(id, State::Queued)], NOW).unwrap();
    let heard: Vec<_> = std::iter::from_fn(|| events.try_recv().ok())
        .map(|event| event.state)
        .collect();
    assert_eq!(heard, [State::Received, State::Queued]);
}

#[test]
fn a_newer_schema_is_not_touched() {
    let (dir, outbox) = open();
    outbox.read(|db| db.pragma_update(None, "user_version", 99)).unwrap();
    drop(outbox);
    let Err(error) = Outbox::open(&dir.path().join("o.db")) else {
        panic!("opened")
    };
    assert!(matches!(error, OutboxError::Newer { found: 99, .. }));
}

#[test]
fn commits_reach_the_disk() {
    let (_dir, outbox) = open();
    let mode: String = outbox
        .read(|db| db.query_row("PRAGMA journal_mode", [], |row| row.get(0)))
        .unwrap();
    let sync: u32 = outbox
        .read(|db| db.query_row("PRAGMA synchronous", [], |row| row.get(0)))
        .unwrap();
    assert_eq!((mode.as_str(), sync), ("wal", 2));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Whatever is asked, the outbox is always where the state machine says, and a refused step changes nothing.
    #[test]
    fn the_outbox_follows_the_state_machine(steps in prop::collection::vec((0usize..3, 0usize..8), 1..40)) {
        let (_dir, outbox) = open();
        outbox.insert(&[statement(1), statement(2), statement(3)], NOW).unwrap();
        let ids: Vec<_> = (1..=3u8).map(|n| outbox.get(&[n; 32]).unwrap().unwrap().id).collect();
        let mut model = [State::Received; 3];
        for (which, to) in steps {
            let to = State::ALL[to];
            let done = outbox.apply(&[Change::to(ids[which], to)], NOW);
            let legal = model[which].may_become(to) || model[which] == to;
            prop_assert_eq!(done.is_ok(), legal);
            if legal {
                model[which] = to;
            }
            for (id, state) in ids.iter().zip(model) {
                prop_assert_eq!(outbox.by_id(*id).unwrap().state, state);
            }
        }
        for (state, count) in outbox.counts().unwrap() {
            prop_assert_eq!(count, model.iter().filter(|modelled| **modelled == state).count() as u64);
        }
    }
}
