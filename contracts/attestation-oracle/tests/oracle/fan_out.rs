//! Accepted reports reach the vault once, whatever the vault does.

use attestation::{encode_entries, Entry, Leaf, UsageReport, Window};
use cosmwasm_std::{Addr, Binary};
use interfaces::attestation_oracle::StatementOutcome::*;
use interfaces::attestation_oracle::{ChainId, ChainResponse, ExecuteMsg, QueryMsg, ReportResponse, SignedStatement};
use interfaces::credit_vault::EntryOutcome;

use crate::world::*;

fn one_gateway() -> (World, Enrolled, Addr) {
    let mut world = World::new();
    let by = world.gateway();
    let alice = world.customer("alice", 1_000 * USDT);
    world.pass(HOUR);
    (world, by, alice)
}

fn usage_head(world: &World, by: &Enrolled) -> ChainResponse {
    let chain = ChainId::Usage {
        gateway: by.subject.id,
        key_epoch: by.epoch,
    };
    world.query(&QueryMsg::Chain { chain })
}

fn waiting(world: &World) -> Vec<ReportResponse> {
    world.query(&QueryMsg::Undelivered {
        start_after: None,
        limit: None,
    })
}

#[test]
fn report_is_charged_in_the_vault() {
    let (mut world, by, alice) = one_gateway();
    let bob = world.customer("bob", USDT);
    world.pass(10);
    let calls = |world: &World, of: &Addr, count: u64| -> Vec<Leaf> {
        (0..count).map(|n| world.call(&format!("{of}-{n}"), of)).collect()
    };
    let logs = [calls(&world, &alice, 3), calls(&world, &bob, 2)];
    let posted = world.post(&by, None, &logs);
    assert_eq!(posted.outcome, Accepted);
    let settlement = world.settlement(posted.report());
    let charged: Vec<_> = settlement
        .entries
        .iter()
        .map(|entry| (entry.outcome, entry.charged.u128()))
        .collect();
    let expected: Vec<_> = posted
        .entries
        .iter()
        .map(|entry| (EntryOutcome::Charged, entry.list))
        .collect();
    assert_eq!(charged, expected);
    let row = world.report(posted.report());
    assert_eq!((row.outcome, row.calls, row.received_at), (Accepted, 5, world.now()));
    assert_eq!(row.log_root.as_slice(), posted.body.log_root);
    assert_eq!(row.digest.as_slice(), world.digest(&posted.body));
    assert_eq!((world.overview().statements, world.overview().calls), (1, 5));
}

#[test]
fn one_bad_entry_and_one_bad_statement_cost_only_themselves() {
    let (mut world, by, alice) = one_gateway();
    let stranger = world.actor("never deposited");
    let mut logs = [vec![world.call("a", &alice)], vec![world.call("b", &stranger)]];
    logs.sort_by(|a, b| a[0].account.cmp(&b[0].account));
    let entries: Vec<_> = logs.iter().map(|log| Entry::from_leaves(log).unwrap()).collect();
    let first = world.first_report(&by, &entries);
    let mut second = world.next_report(&first, &entries[..1]);
    second.log_root = attestation::log_root(&entries[..1]).unwrap().hash;
    let mut wrong = second.clone();
    wrong.prev_digest = [0; 32];
    let worker = world.worker("worker", &ed(6));
    world.pass(200);
    let job = world.first_job(&worker, 1);
    let batch = vec![
        world.sign_usage(&by, &first, &entries),
        world.sign_usage(&by, &wrong, &entries[..1]),
        world.sign_job(&worker, &job),
        world.sign_usage(&by, &second, &entries[..1]),
    ];
    assert_eq!(world.submit(batch), [Accepted, WrongParent, Accepted, Accepted]);
    let settlement = world.settlement(interfaces::credit_vault::ReportRef {
        gateway: 1,
        key_epoch: 1,
        seq: 1,
    });
    let outcomes: Vec<_> = settlement.entries.iter().map(|entry| entry.outcome).collect();
    assert!(outcomes.contains(&EntryOutcome::Charged) && outcomes.contains(&EntryOutcome::NoSpendingAccount));
}

#[test]
fn entries_that_are_not_the_reports_are_refused_and_hold_nothing_back() {
    let (mut world, by, alice) = one_gateway();
    let mut leaves = [world.call("a", &alice), world.call("b", &alice)];
    leaves[1].sku = SKU2.to_owned();
    let mut entries: Vec<_> = leaves
        .iter()
        .map(|leaf| Entry::from_leaves(std::slice::from_ref(leaf)).unwrap())
        .collect();
    entries.sort_by(|a, b| a.sku.cmp(&b.sku));
    let body = world.first_report(&by, &entries);
    let good = world.sign_usage(&by, &body, &entries);
    let mut dearer = entries.clone();
    dearer[0].list += 1;
    let mut unsorted = encode_entries(&entries).unwrap();
    unsorted.truncate(2);
    let cases: Vec<Binary> = vec![
        Binary::default(),
        encode_entries(&entries[..1]).unwrap().into(),
        encode_entries(&dearer).unwrap().into(),
        [encode_entries(&entries).unwrap(), vec![0]].concat().into(),
        unsorted.into(),
    ];
    for bytes in cases {
        let mut forged = good.clone();
        if let SignedStatement::Usage { entries, .. } = &mut forged {
            *entries = bytes;
        }
        assert_eq!(world.submit_one(forged), WrongLogRoot);
        assert_eq!(usage_head(&world, &by).last_seq, 0);
    }
    // Signed, but the number of calls is not that of the log.
    let miscounted = UsageReport {
        calls: body.calls + 1,
        ..body
    };
    assert_eq!(
        world.submit_one(world.sign_usage(&by, &miscounted, &entries)),
        WrongLogRoot
    );
    assert_eq!(world.submit_one(good), Accepted);
}

#[test]
fn large_account_set_is_several_reports_of_one_window() {
    let (mut world, by, alice) = one_gateway();
    let entries = [Entry::from_leaves(&[world.call("a", &alice)]).unwrap()];
    let first = world.first_report(&by, &entries);
    let second = world.next_report(&first, &entries);
    let mut third = world.next_report(&second, &entries);
    assert_eq!((first.window, second.window), (third.window, third.window));
    third.window = Window::new(first.window.start() - 1, first.window.end()).unwrap();
    let batch = [&first, &second, &third].map(|body| world.sign_usage(&by, body, &entries));
    assert_eq!(world.submit(batch.to_vec()), [Accepted, Accepted, WindowOverlap]);
    let fourth = UsageReport {
        seq: 4,
        prev_digest: world.digest(&third),
        window: first.window,
        ..third
    };
    assert_eq!(world.submit_one(world.sign_usage(&by, &fourth, &entries)), Accepted);
}

#[test]
fn void_report_moves_no_money() {
    let (mut world, by, alice) = one_gateway();
    let entries = [Entry::from_leaves(&[world.call("a", &alice)]).unwrap()];
    let mut body = world.first_report(&by, &entries);
    body.expires_at = world.now() - 1;
    assert_eq!(world.submit_one(world.sign_usage(&by, &body, &entries)), Expired);
    let query = interfaces::credit_vault::QueryMsg::Spending {
        address: alice.to_string(),
        gateway: 1,
    };
    let spending: interfaces::credit_vault::SpendingResponse =
        world.app.wrap().query_wasm_smart(&world.vault, &query).unwrap();
    assert_eq!(spending.amount.u128(), 1_000 * USDT);
    assert_eq!(
        world
            .report(interfaces::credit_vault::ReportRef {
                gateway: 1,
                key_epoch: 1,
                seq: 1
            })
            .outcome,
        Expired
    );
    assert_eq!(world.overview().calls, 0);
}

#[test]
fn failing_receiver_holds_no_chain_back() {
    let (mut world, by, alice) = one_gateway();
    let worker = world.worker("worker", &ed(6));
    world.pass(200);
    world.break_vault();
    let entries = [Entry::from_leaves(&[world.call("a", &alice)]).unwrap()];
    let first = world.first_report(&by, &entries);
    let second = world.next_report(&first, &entries);
    let batch = vec![
        world.sign_job(&worker, &world.first_job(&worker, 1)),
        world.sign_usage(&by, &first, &entries),
        world.sign_usage(&by, &second, &entries),
        world.sign_usage(&by, &second, &entries),
    ];
    assert_eq!(world.submit(batch), [Accepted, Undelivered, Undelivered, Duplicate]);
    assert_eq!(usage_head(&world, &by).last_seq, 2);
    assert_eq!(world.overview().undelivered, 2);
    let seqs: Vec<_> = waiting(&world)
        .iter()
        .map(|report| (report.report.seq, report.outcome))
        .collect();
    assert_eq!(seqs, [(1, Undelivered), (2, Undelivered)]);

    world.repair_vault();
    world.pass(60);
    let third = world.next_report(&second, &entries);
    assert_eq!(world.submit_one(world.sign_usage(&by, &third, &entries)), Accepted);
}

#[test]
fn receiver_that_does_not_exist_is_a_failing_one() {
    let (mut world, by, alice) = one_gateway();
    let nobody = world.actor("nobody");
    world.set_vault(&nobody);
    let posted = world.post(&by, None, &[vec![world.call("a", &alice)]]);
    assert_eq!(posted.outcome, Undelivered);
    world.repair_vault();
    deliver(&mut world, &posted, posted.encoded_entries()).unwrap();
}

fn deliver(world: &mut World, posted: &Posted, entries: Binary) -> Result<(), String> {
    let anyone = world.actor("passer-by");
    let msg = ExecuteMsg::Deliver {
        report: posted.report(),
        entries,
    };
    world.exec_any(&anyone, &msg, &[]).map(|_| ())
}

#[test]
fn undelivered_report_is_delivered_by_anyone_who_has_its_entries_and_once() {
    let (mut world, by, alice) = one_gateway();
    world.break_vault();
    let posted = world.post(&by, None, &[vec![world.call("a", &alice)]]);
    assert_eq!(posted.outcome, Undelivered);
    let good = posted.encoded_entries();

    // While the vault fails, delivery fails and changes nothing.
    assert!(deliver(&mut world, &posted, good.clone())
        .unwrap_err()
        .contains("refused"));
    assert_eq!(world.report(posted.report()).outcome, Undelivered);
    world.repair_vault();

    let mut dearer = posted.entries.clone();
    dearer[0].list += 1;
    let wrong: [Binary; 3] = [
        encode_entries(&dearer).unwrap().into(),
        Binary::default(),
        good[..good.len() - 1].into(),
    ];
    for entries in wrong {
        assert!(deliver(&mut world, &posted, entries)
            .unwrap_err()
            .contains("[oracle:43]"));
    }
    world.pass(3 * DAY);
    deliver(&mut world, &posted, good.clone()).unwrap();
    assert_eq!(world.settlement(posted.report()).entries[0].charged.u128(), 2_000);
    let row = world.report(posted.report());
    assert_eq!((row.outcome, row.received_at), (Accepted, world.now()));
    assert_eq!((world.overview().undelivered, waiting(&world)), (0, vec![]));
    assert!(deliver(&mut world, &posted, good).unwrap_err().contains("[oracle:42]"));
}

#[test]
fn unknown_report_cannot_be_delivered() {
    let (mut world, by, alice) = one_gateway();
    let mut posted = world.post(&by, None, &[vec![world.call("a", &alice)]]);
    let entries = posted.encoded_entries();
    posted.body.seq = 2;
    assert!(deliver(&mut world, &posted, entries)
        .unwrap_err()
        .contains("[oracle:41]"));
}

#[test]
fn settled_report_that_comes_back_is_passed_over_by_the_vault() {
    // A vault that settled and was then replaced by one that fails must not charge twice when it returns.
    let (mut world, by, alice) = one_gateway();
    let posted = world.post(&by, None, &[vec![world.call("a", &alice)]]);
    let before = world.settlement(posted.report());
    world.break_vault();
    let second = world.post(&by, Some(&posted.body), &[vec![world.call("b", &alice)]]);
    world.repair_vault();
    deliver(&mut world, &second, second.encoded_entries()).unwrap();
    assert_eq!(world.settlement(posted.report()), before);
}

#[test]
fn poisoned_report_takes_its_batch_along_only_until_the_others_are_delivered() {
    let (mut world, by, alice) = one_gateway();
    let (machine, host) = (
        world.pki.platform(tee_testkit::PlatformSpec::numbered(2)),
        world.actor("poisoner"),
    );
    let poisoner = world
        .enrol_on(
            &machine,
            &host,
            interfaces::attestation_oracle::Role::Gateway,
            None,
            &ed(3),
            GATEWAY_BOND,
        )
        .unwrap();
    world.pass(200);
    world.poison_vault("poison");
    let good = vec![world.call("a", &alice)];
    let mut bad = world.call("b", &alice);
    bad.sku = "poison".to_owned();
    let posted = |world: &World, by: &Enrolled, log: Vec<Leaf>| {
        let entries = vec![Entry::from_leaves(&log).unwrap()];
        Posted {
            body: world.first_report(by, &entries),
            entries,
            logs: vec![log],
            outcome: Undelivered,
        }
    };
    let (good, bad) = (posted(&world, &by, good), posted(&world, &poisoner, vec![bad]));
    let batch = vec![
        world.sign_usage(&poisoner, &bad.body, &bad.entries),
        world.sign_usage(&by, &good.body, &good.entries),
    ];
    assert_eq!(world.submit(batch), [Undelivered, Undelivered]);
    deliver(&mut world, &good, good.encoded_entries()).unwrap();
    assert!(deliver(&mut world, &bad, bad.encoded_entries())
        .unwrap_err()
        .contains("poisoned"));
    // Both chains go on.
    for (by, before) in [(&by, &good), (&poisoner, &bad)] {
        let log = vec![world.call("next", &alice)];
        assert_eq!(world.post(by, Some(&before.body), &[log]).outcome, Accepted);
    }
}
