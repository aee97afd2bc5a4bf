//! Broadcasts that are lost, and two relayers that post the same.

use std::time::Instant;

use faults::proxy::{Policy, Proxy};
use faults::world::World;
use replay::chains::Wasmd;
use replay::op::Fault;
use replay::stage::START;
use suite::Account;

use super::home;

/// Reports of each of the two gateways.
const REPORTS: usize = 60;
const SEED: u64 = 2_026;
const KEYS: [&str; 2] = ["user60", "user61"];

#[test]
#[ignore = "starts a wasmd"]
fn two_relayers_that_lose_every_tenth_broadcast_lose_no_report_and_apply_none_twice() {
    let wasmd = Wasmd::start(START).unwrap();
    let mut live = wasmd.live().unwrap();
    let mut world = World::new(&mut live).unwrap();
    let proxy = Proxy::start(&wasmd.net.rpc_url(0).unwrap()).unwrap();
    // Small batches, so that there is something to lose.
    let small = ["planner.max_batch = 4", "tx.timeout_blocks = 10"];
    let strangers = carry(&mut world, &proxy, &small);
    let keys = KEYS.map(|key| Account::dev(key).unwrap().address().to_owned());
    let peers = format!("planner.peers = {keys:?}");
    let known = carry(
        &mut world,
        &proxy,
        &[small[0], small[1], &peers, "planner.peer_delay_ms = 1500"],
    );
    assert!(
        known < strangers / 2,
        "{known} duplicates though they know each other, {strangers} without"
    );
}

/// Both relayers are given all reports. How many statements were paid for though they were in their place already.
fn carry(world: &mut World, proxy: &Proxy, tuning: &[&str]) -> u32 {
    proxy.set(Policy::Lossy { seed: SEED });
    let homes = KEYS.map(|key| home(world, &proxy.url(), key, tuning));
    let relayers = homes.each_ref().map(|home| home.start(None).unwrap());
    let started = Instant::now();
    let before = world.books().unwrap();
    let mut all = Vec::new();
    for _ in 0..REPORTS {
        for gateway in [1, 2] {
            let report = world.report(gateway, Fault::None).unwrap();
            for relayer in &relayers {
                assert_eq!(relayer.post(&world.envelope(&report)).unwrap().0, 202);
            }
            all.push(report);
        }
    }
    let mut carried = [0, 0];
    for report in &all {
        let ends = relayers
            .each_ref()
            .map(|relayer| relayer.wait_end(&report.hex()).unwrap());
        let own = ends.each_ref().map(|end| {
            assert!(end["state"] == "final" || end["state"] == "duplicate", "{end}");
            assert_eq!(end["outcome"], "accepted");
            end["state"] == "final"
        });
        assert!(own[0] != own[1], "it was carried by exactly one: {ends:?}");
        carried[usize::from(own[1])] += 1;
    }
    let (took, seen) = (started.elapsed(), proxy.seen());
    for relayer in relayers {
        relayer.stop().unwrap();
    }
    let settled = world.took_effect_once(&before, &all.iter().collect::<Vec<_>>());
    assert_eq!(settled.unwrap(), 2 * REPORTS);
    let judged = world
        .judged(&homes.each_ref().map(|home| home.address()), before.height)
        .unwrap();
    assert!(all.iter().all(|report| judged.advanced.get(&report.hex()) == Some(&1)));
    assert_eq!(judged.advanced.len(), all.len());
    eprintln!("{tuning:?}: {} reports, carried by {carried:?}, in {took:?}", all.len());
    eprintln!("  {seen:?}; {} transactions in blocks", judged.transactions);
    eprintln!(
        "  {} statements in them were in their place already, without effect",
        judged.duplicates
    );
    for home in &homes {
        eprintln!("  {}: {}", home.address(), home.status().unwrap().words("transactions"));
    }
    assert!(seen.requests_lost > 0 && seen.answers_lost > 0, "{seen:?}");
    judged.duplicates
}
