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
        delivery: None,
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

// ---- deliveries ----

fn report(seq: u64) -> Statement {
    Statement {
        kind: Kind::Usage,
        chain: ChainId::Usage {
            gateway: 1,
            key_epoch: 1,
        },
        entries: vec![4],
        ..statement(seq)
    }
}

/// One report that ended as undelivered.
fn undelivered() -> (tempfile::TempDir, Outbox, i64) {
    let (dir, outbox) = open();
    outbox.insert(&[report(1)], NOW).unwrap();
    let id = outbox.get(&[1; 32]).unwrap().unwrap().id;
    outbox.apply(&[Change::to(id, State::Duplicate).code(29)], NOW).unwrap();
    (dir, outbox, id)
}

#[test]
fn only_reports_that_ended_undelivered_wait_for_delivery() {
    let (_dir, outbox) = open();
    let all = [report(1), report(2), report(3), statement(4)];
    outbox.insert(&all, NOW).unwrap();
    let id = |seq: u8| outbox.get(&[seq; 32]).unwrap().unwrap().id;
    let end = |seq, to, code| Change::to(id(seq), to).code(code);
    let changes = [
        end(1, State::Final, 29),
        end(2, State::Final, 0),
        end(3, State::Rejected, 20),
        end(4, State::Final, 29),
    ];
    outbox.apply(&changes, NOW).unwrap();
    let due = outbox.due_delivery(NOW).unwrap().unwrap();
    assert_eq!((due.statement, due.attempts, due.due), (id(1), 0, NOW));
    assert_eq!(outbox.delivery_counts().unwrap()[0], (DeliveryState::Waiting, 1));
    assert_eq!(outbox.delivery(id(2)).unwrap(), None);
}

#[test]
fn an_attempt_counts_with_its_bytes_and_a_crash_does_not_repeat_it() {
    let (dir, outbox, id) = undelivered();
    let attempt = Attempt {
        statement: id,
        next: NOW + 60,
    };
    let pledge = Pledge {
        delivery: Some(attempt),
        ..pledge(&[], 4)
    };
    let failed = outbox.pledge(&pledge, NOW, || Err(TxError::Encode("no".into())));
    assert!(failed.is_err());
    assert_eq!(outbox.delivery(id).unwrap().unwrap().attempts, 0);
    let open = outbox.pledge(&pledge, NOW, signed).unwrap();
    let outbox = reopen(&dir, outbox);
    assert_eq!(outbox.open_tx(ACCOUNT).unwrap().unwrap().delivers, Some(id));
    assert_eq!(outbox.delivery(id).unwrap().unwrap().attempts, 1);
    outbox.close_tx(open.id, TxEnd::Lost, None, "lost", &[], NOW).unwrap();
    assert_eq!(outbox.due_delivery(NOW + 59).unwrap(), None);
    let due = outbox.due_delivery(NOW + 60).unwrap().unwrap();
    assert_eq!((due.attempts, due.note.as_str()), (1, "lost"));
}

#[test]
fn a_delivered_report_is_accepted_and_its_listeners_hear_so() {
    let (_dir, outbox, id) = undelivered();
    let mut events = outbox.subscribe();
    outbox.delivered(id, NOW + 5).unwrap();
    let record = outbox.by_id(id).unwrap();
    assert_eq!(
        (record.state, record.code, record.updated_at),
        (State::Duplicate, Some(0), NOW + 5)
    );
    assert_eq!(outbox.delivery(id).unwrap().unwrap().state, DeliveryState::Delivered);
    let event = events.try_recv().unwrap();
    assert_eq!((event.code, event.note.as_str()), (Some(0), "delivered"));
    assert_eq!(outbox.retry_deliveries().unwrap(), 0, "what is delivered is left alone");
    assert_eq!(outbox.due_delivery(u64::MAX >> 1).unwrap(), None);
}

#[test]
fn a_delivery_given_up_starts_over_on_request() {
    let (_dir, outbox, id) = undelivered();
    let attempt = Attempt {
        statement: id,
        next: NOW,
    };
    outbox.postpone_delivery(attempt, "[vault:1] no").unwrap();
    outbox.give_up_delivery(id).unwrap();
    assert_eq!(outbox.due_delivery(NOW).unwrap(), None);
    assert_eq!(outbox.retry_deliveries().unwrap(), 1);
    let due = outbox.due_delivery(NOW).unwrap().unwrap();
    assert_eq!((due.attempts, due.note.as_str()), (0, "[vault:1] no"));
}

#[test]
fn an_outbox_of_the_first_release_is_migrated_with_its_undelivered_reports() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("o.db");
    let db = schema::tests::first_version(&path);
    let chain = chain_text(&report(1).chain);
    for (seq, kind, code, state) in [
        (1, "usage", 29, "final"),
        (2, "usage", 0, "final"),
        (3, "job", 29, "final"),
    ] {
        db.execute(
            "INSERT INTO statements (digest, kind, chain, seq, prev_digest, window_end, expires_at, body, entries, signature,
                new_signature, state, code, received_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?1, x'0000000000000001', x'0000000000000001', x'', x'', x'', x'', ?5, ?6, 7, 7)",
            params![[u8::try_from(seq).unwrap(); 32], kind, chain, seq, state, code],
        )
        .unwrap();
    }
    drop(db);
    let outbox = Outbox::open(&path).unwrap();
    let due = outbox.due_delivery(7).unwrap().unwrap();
    assert_eq!(outbox.by_id(due.statement).unwrap().statement.seq, 1);
    assert_eq!(outbox.delivery_counts().unwrap()[0], (DeliveryState::Waiting, 1));
    assert_eq!(outbox.prune(8, 10).unwrap(), 2, "what waits for its receiver is kept");
}

// ---- pruning ----

/// Ten statements: 1 received, 2 in flight, the others ended one second after another, 3 as dead, 4 rejected.
fn ended() -> (tempfile::TempDir, Outbox, OpenTx) {
    let (dir, outbox, ids) = filled(10);
    outbox.apply(&[Change::to(ids[0], State::Received)], NOW).unwrap();
    let open = outbox.pledge(&pledge(&ids[1..2], 4), NOW, signed).unwrap();
    for (place, id) in ids.iter().enumerate().skip(2) {
        let to = [State::Dead, State::Rejected, State::Duplicate][(place - 2).min(2)];
        outbox
            .apply(&[Change::to(*id, to)], NOW + u64::try_from(place).unwrap())
            .unwrap();
    }
    (dir, outbox, open)
}

#[test]
fn what_ended_long_ago_is_forgotten_oldest_first_in_slices() {
    let (_dir, outbox, _) = ended();
    assert_eq!(outbox.prune(NOW, 100).unwrap(), 0);
    assert_eq!(outbox.prune(NOW + 7, 3).unwrap(), 3);
    assert_eq!(outbox.prune(NOW + 7, 3).unwrap(), 2);
    assert_eq!(outbox.prune(NOW + 7, 3).unwrap(), 0);
    for seq in 1..=10u8 {
        let kept = !(3..=7).contains(&seq);
        assert_eq!(outbox.get(&[seq; 32]).unwrap().is_some(), kept, "{seq}");
    }
    assert_eq!(outbox.prune(u64::MAX >> 1, 100).unwrap(), 3);
    let left: Vec<_> = outbox.counts().unwrap().into_iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(left, [(State::Received, 1), (State::InFlight, 1)], "the counts follow");
}

#[test]
fn nothing_of_an_open_transaction_is_ever_forgotten() {
    let (_dir, outbox, open) = ended();
    // A state such as no step leads to: ended, while its transaction can still be included.
    let ended = "UPDATE statements SET state = 'final', updated_at = 0 WHERE id = ?1";
    outbox.read(|db| db.execute(ended, [open.statements[0]])).unwrap();
    outbox.prune(NOW, 100).unwrap();
    assert_eq!(outbox.open_tx(ACCOUNT).unwrap(), Some(open.clone()));
    assert!(outbox.by_id(open.statements[0]).is_ok());
    outbox
        .close_tx(open.id, TxEnd::Included, Some(3), "", &[], NOW)
        .unwrap();
    assert_eq!(outbox.prune(NOW, 100).unwrap(), 1);
}

#[test]
fn a_transaction_goes_with_its_last_statement_but_never_on_its_own_day() {
    let (_dir, outbox, ids) = filled(2);
    let open = outbox.pledge(&pledge(&ids, 4), NOW, signed).unwrap();
    let end = |id: &i64| Change::to(*id, State::Final);
    let ends: Vec<_> = ids.iter().map(end).collect();
    outbox
        .close_tx(open.id, TxEnd::Included, Some(3), "", &ends[..1], NOW)
        .unwrap();
    outbox.apply(&ends[1..], NOW + 1).unwrap();
    let txs = || outbox.tx_counts().unwrap().iter().map(|(_, n)| n).sum::<u64>();
    assert_eq!(outbox.prune(NOW + 1, 10).unwrap(), 1);
    assert_eq!(txs(), 1);
    assert_eq!(outbox.prune(NOW + 2, 10).unwrap(), 1);
    assert_eq!(
        (txs(), outbox.spent_today(NOW).unwrap()),
        (1, 7),
        "the daily cap still knows it"
    );
    assert_eq!(outbox.prune(NOW + 86_400, 10).unwrap(), 0);
    assert_eq!(txs(), 0);
}

#[test]
fn a_forgotten_statement_is_taken_in_again_as_a_new_one() {
    let (_dir, outbox, _) = ended();
    outbox.prune(NOW + 100, 100).unwrap();
    assert_eq!(outbox.insert(&[statement(7)], NOW).unwrap(), [Inserted::New]);
    assert_eq!(
        outbox.insert(&[statement(2)], NOW).unwrap(),
        [Inserted::Known(State::InFlight)]
    );
}

#[test]
fn looking_for_what_to_forget_reads_an_index_and_not_every_row() {
    let (_dir, outbox) = open();
    let plan = outbox.plan_of_pruning().unwrap();
    assert!(plan.contains("statements USING INDEX statements_by_end"), "{plan}");
    assert!(!plan.contains("SCAN"), "{plan}");
}
