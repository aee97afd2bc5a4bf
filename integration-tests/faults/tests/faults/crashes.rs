//! SIGKILL of the real process at every failpoint it has.

use std::time::Instant;

use faults::proxy::{Policy, Proxy};
use faults::relayer::failpoints;
use faults::world::{Signed, World};
use replay::chains::Wasmd;
use replay::op::Fault;
use replay::stage::START;

use super::home;

/// One line of evidence.
struct Row {
    point: String,
    died: &'static str,
    /// Statements that it had said it would carry.
    accepted: usize,
    again: String,
    transactions: String,
    reports: usize,
    duplicates: u32,
}

#[test]
#[ignore = "starts a wasmd"]
fn a_relayer_killed_at_any_failpoint_settles_every_report_exactly_once_on_the_chain() {
    let started = Instant::now();
    let points = failpoints().unwrap();
    assert_eq!(points.len(), 17, "{points:?}");
    let wasmd = Wasmd::start(START).unwrap();
    let mut live = wasmd.live().unwrap();
    let mut world = World::new(&mut live).unwrap();
    let proxy = Proxy::start(&wasmd.net.rpc_url(0).unwrap()).unwrap();
    eprintln!("chain, suite and keys after {:?}", started.elapsed());
    let genesis = world.books().unwrap();
    let mut all = Vec::new();
    let mut rows = Vec::new();
    for point in &points {
        rows.push(killed_at(&mut world, &proxy, point, &mut all));
    }
    // Nothing of an earlier stretch moved in a later one.
    let reports = world
        .took_effect_once(&genesis, &all.iter().collect::<Vec<_>>())
        .unwrap();
    print(&rows);
    let blocks = world.stage.chain.block().unwrap().height - genesis.height;
    eprintln!(
        "{} statements, {reports} of them reports, {blocks} blocks, {:?}",
        all.len(),
        started.elapsed()
    );
    assert!(rows.iter().all(|row| row.duplicates == 0));
}

/// Two reports, a job's statement, the link to the worker's new key, and the statement after it.
fn stretch(world: &mut World) -> Vec<Signed> {
    let mut batch = vec![
        world.report(1, Fault::None).unwrap(),
        world.report(1, Fault::None).unwrap(),
    ];
    batch.extend(world.job().unwrap());
    batch
}

fn killed_at(world: &mut World, proxy: &Proxy, point: &str, all: &mut Vec<Signed>) -> Row {
    let before = world.books().unwrap();
    let batch = stretch(world);
    let envelopes: Vec<_> = batch.iter().map(|signed| world.envelope(signed)).collect();
    let home = home(world, &proxy.url(), "user60", &["tx.timeout_blocks = 4"]);
    let released = point.contains("release");
    proxy.set(if released { Policy::Forget } else { Policy::Pass });

    let mut accepted = 0;
    let mut process = home.start(Some(point)).unwrap();
    let died = if process.url.is_none() {
        "before it listened"
    } else {
        "at work"
    };
    if process.url.is_some() {
        // Until the process dies over one, or all are taken.
        accepted = envelopes
            .iter()
            .take_while(|envelope| taken(process.post(envelope)))
            .count();
        if point == "mid_flush" {
            process.terminate().unwrap();
        }
    }
    let death = process.died_by_sigkill();
    death.unwrap_or_else(|error| panic!("{point}: {error}\n{}", home.log_tail()));
    assert_eq!(released, proxy.seen().forgotten > 0, "{point}");

    proxy.set(Policy::Pass);
    let process = home.start(None).unwrap();
    let (mut new, mut known) = (0, 0);
    // What was accepted is not posted again: it must go on by itself.
    for envelope in &envelopes[accepted..] {
        match process.post(envelope).unwrap().0 {
            202 => new += 1,
            200 => known += 1,
            other => panic!("{point}: {other}"),
        }
    }
    for signed in &batch {
        let end = process.wait_end(&signed.hex());
        let end = end.unwrap_or_else(|error| panic!("{point}: {error:#}\n{}", home.log_tail()));
        assert_eq!(
            (&end["state"], &end["outcome"]),
            (&"final".into(), &"accepted".into()),
            "{point}: {end}"
        );
    }
    process.stop().unwrap();

    let status = home.status().unwrap();
    assert_eq!(status.words("statements"), format!("{} final", batch.len()), "{point}");
    assert_eq!(status.transactions("open"), 0, "{point}");
    let reports = world.took_effect_once(&before, &batch.iter().collect::<Vec<_>>());
    let reports = reports.unwrap_or_else(|error| panic!("{point}: {error:#}"));
    let judged = world.judged(&[home.address()], before.height).unwrap();
    assert!(
        batch
            .iter()
            .all(|signed| judged.advanced.get(&signed.hex()) == Some(&1)),
        "{point}: {judged:?}"
    );
    all.extend(batch);
    Row {
        point: point.to_owned(),
        died,
        accepted,
        again: format!("{known} known, {new} new"),
        transactions: status.words("transactions"),
        reports,
        duplicates: judged.duplicates,
    }
}

/// Whether a statement was accepted before the process died.
fn taken(answer: Option<(u16, serde_json::Value)>) -> bool {
    answer.is_some_and(|(status, body)| {
        assert_eq!(status, 202, "{body}");
        true
    })
}

fn print(rows: &[Row]) {
    eprintln!("failpoint                     | killed             | accepted | posted again   | transactions       | reports settled | duplicates");
    for row in rows {
        eprintln!(
            "{:<29} | {:<18} | {:>8} | {:<14} | {:<18} | {:>15} | {:>10}",
            row.point, row.died, row.accepted, row.again, row.transactions, row.reports, row.duplicates
        );
    }
}
