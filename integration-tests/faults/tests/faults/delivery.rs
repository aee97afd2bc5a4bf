//! A receiver that fails, and works again.

use faults::proxy::{Policy, Proxy};
use faults::world::World;
use replay::chains::Wasmd;
use replay::op::Fault;
use replay::stage::START;

use super::home;

#[test]
#[ignore = "starts a wasmd"]
fn reports_whose_receiver_fails_are_delivered_once_when_it_works_again_by_whichever_relayer() {
    let wasmd = Wasmd::start(START).unwrap();
    let mut live = wasmd.live().unwrap();
    let mut world = World::new(&mut live).unwrap();
    let rpc = wasmd.net.rpc_url(0).unwrap();
    let (vault, coin) = (world.stage.at.credit_vault.clone(), world.stage.at.l_coin.clone());
    // A contract that does not understand reports.
    world.set_vault(&coin).unwrap();

    let homes = [
        home(&world, &rpc, "user60", &[]),
        home(&world, &rpc, "user61", &["deliver.max_attempts = 1"]),
    ];
    let [patient, hasty] = homes.each_ref().map(|home| home.start(None).unwrap());
    let before = world.books().unwrap();
    let reports: Vec<_> = (0..2).map(|_| world.report(1, Fault::None).unwrap()).collect();
    for report in &reports {
        for relayer in [&patient, &hasty] {
            assert_eq!(relayer.post(&world.envelope(report)).unwrap().0, 202);
        }
    }
    for report in &reports {
        for relayer in [&patient, &hasty] {
            let tried = |known: &serde_json::Value| known["delivery"]["attempts"] == 1;
            let known = relayer.wait(&report.hex(), tried).unwrap();
            assert_eq!(
                (&known["outcome"], &known["delivery"]["state"]),
                (&"undelivered".into(), &"waiting".into())
            );
            assert!(
                known["delivery"]["note"].as_str().unwrap().contains("unknown variant"),
                "{known}"
            );
        }
        assert!(!world.is_settled(report).unwrap());
    }
    assert_eq!(world.undelivered().unwrap(), 2);
    // One try was all that the second was to make; the first has longer pauses each time.
    world.pass(61).unwrap();
    for report in &reports {
        hasty
            .wait(&report.hex(), |known| known["delivery"]["state"] == "given_up")
            .unwrap();
        let known = patient
            .wait(&report.hex(), |known| known["delivery"]["attempts"] == 2)
            .unwrap();
        let due = known["delivery"]["due"].as_u64().unwrap();
        assert!((100..=120).contains(&(due - world.now().unwrap())), "{known}");
    }
    // The chain is not held up meanwhile.
    let third = world.report(1, Fault::None).unwrap();
    assert_eq!(patient.post(&world.envelope(&third)).unwrap().0, 202);
    patient
        .wait(&third.hex(), |known| known["outcome"] == "undelivered")
        .unwrap();

    world.set_vault(&vault).unwrap();
    world.pass(24 * 3_600).unwrap();
    let all: Vec<_> = reports.iter().chain([&third]).collect();
    for report in &all {
        let known = patient
            .wait(&report.hex(), |known| known["delivery"]["state"] == "delivered")
            .unwrap();
        assert_eq!(known["outcome"], "accepted");
    }
    assert_eq!(world.undelivered().unwrap(), 0);
    assert_eq!(patient.metric("relayer_deliveries{state=\"delivered\"}").unwrap(), 3);
    // Asked to go on, the second finds it done and pays for nothing.
    let transactions = homes[1].status().unwrap().words("transactions");
    homes[1].run(&["requeue", "--undelivered"]).unwrap();
    for report in &reports {
        hasty
            .wait(&report.hex(), |known| known["delivery"]["state"] == "delivered")
            .unwrap();
    }
    assert_eq!(homes[1].status().unwrap().words("transactions"), transactions);
    assert_eq!(world.took_effect_once(&before, &all).unwrap(), 3);
    let judged = world
        .judged(&[homes[0].address(), homes[1].address()], before.height)
        .unwrap();
    eprintln!("{judged:?}");
    assert_eq!(judged.delivered, 3, "each once");
    patient.stop().unwrap();
    hasty.stop().unwrap();
}

/// Every failpoint that a delivery passes, in the order of the pipeline.
const PASSED: [&str; 10] = [
    "after_simulate_before_reserve",
    "after_reserve_before_sign",
    "after_sign_before_store",
    "after_store_before_broadcast",
    "after_broadcast_before_ack",
    "after_ack_before_lookup",
    "before_confirm_write",
    "after_confirm_write",
    "before_release_write",
    "after_release_write",
];

#[test]
#[ignore = "starts a wasmd"]
fn a_relayer_killed_at_any_failpoint_of_a_delivery_delivers_every_report_exactly_once() {
    let wasmd = Wasmd::start(START).unwrap();
    let mut live = wasmd.live().unwrap();
    let mut world = World::new(&mut live).unwrap();
    let proxy = Proxy::start(&wasmd.net.rpc_url(0).unwrap()).unwrap();
    let (vault, coin) = (world.stage.at.credit_vault.clone(), world.stage.at.l_coin.clone());
    world.set_vault(&coin).unwrap();

    let home = home(&world, &proxy.url(), "user60", &["tx.timeout_blocks = 4"]);
    let before = world.books().unwrap();
    let reports: Vec<_> = (0..PASSED.len() + 2)
        .map(|_| world.report(1, Fault::None).unwrap())
        .collect();
    let relayer = home.start(None).unwrap();
    for report in &reports {
        assert_eq!(relayer.post(&world.envelope(report)).unwrap().0, 202);
    }
    for report in &reports {
        relayer
            .wait(&report.hex(), |known| known["delivery"]["attempts"] == 1)
            .unwrap();
    }
    relayer.stop().unwrap();
    assert_eq!(world.undelivered().unwrap(), reports.len());

    world.set_vault(&vault).unwrap();
    for point in PASSED {
        let released = point.contains("release");
        proxy.set(if released { Policy::Forget } else { Policy::Pass });
        let mut process = home.start(Some(point)).unwrap();
        let death = process.died_by_sigkill();
        death.unwrap_or_else(|error| panic!("{point}: {error}\n{}", home.log_tail()));
        let (left, status) = (world.undelivered().unwrap(), home.status().unwrap());
        eprintln!(
            "{point:<29} {left:>2} undelivered, transactions: {}",
            status.words("transactions")
        );
    }
    proxy.set(Policy::Pass);
    // Those that were lost wait out their pause.
    world.pass(3_600).unwrap();
    let relayer = home.start(None).unwrap();
    for report in &reports {
        let known = relayer
            .wait(&report.hex(), |known| known["delivery"]["state"] == "delivered")
            .unwrap();
        assert_eq!(
            (&known["state"], &known["outcome"]),
            (&"final".into(), &"accepted".into())
        );
    }
    relayer.stop().unwrap();
    assert_eq!(world.undelivered().unwrap(), 0);
    assert_eq!(
        world
            .took_effect_once(&before, &reports.iter().collect::<Vec<_>>())
            .unwrap(),
        reports.len()
    );
    let judged = world.judged(&[home.address()], before.height).unwrap();
    assert_eq!((judged.delivered as usize, judged.duplicates), (reports.len(), 0));
    let ends = home.status().unwrap();
    eprintln!(
        "{} reports delivered by {}",
        judged.delivered,
        ends.words("transactions")
    );
    assert_eq!(ends.transactions("failed"), 0, "no delivery was paid for in vain");
    assert!(ends.transactions("lost") > 0);
}
