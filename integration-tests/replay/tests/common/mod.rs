//! One play for all chains: every kept trace and some drawn ones on one deployment, thefts last.
#![allow(dead_code)]

use anyhow::{Context, Result};
use replay::chains::{artifacts, SLACK};
use replay::clock::Clock;
use replay::op::{Op, DAY};
use replay::play::Play;
use replay::record::Record;
use replay::stage::START;
use replay::traces;
use suite::Chain;

/// Ends a trace's consequences before the next: keys renewed, gateways admitted, deposits open.
fn intermission() -> Vec<Op> {
    use replay::op::Who::Council;
    let mut ops = vec![
        Op::Advance { seconds: DAY },
        Op::Pause {
            paused: false,
            by: Council,
        },
    ];
    ops.extend((0..3).map(|subject| Op::Enrol { subject }));
    ops.extend((1..=2).map(|gateway| Op::Admit { gateway, by: Council }));
    ops
}

/// The whole programme; `drawn` operations of each of these seeds.
pub fn programme(seeds: &[u8], drawn: usize) -> Vec<Op> {
    let (mut ops, mut last) = (Play::prologue(), Vec::new());
    for (name, trace) in traces::kept().unwrap() {
        // One theft ends the play.
        if trace.iter().any(|op| matches!(op, Op::Steal { .. })) {
            if name == "theft-of-vault" {
                last = trace;
            }
            continue;
        }
        ops.extend(trace);
        ops.extend(intermission());
    }
    for seed in seeds {
        ops.extend(traces::seeded(*seed, drawn).unwrap());
        ops.extend(intermission());
    }
    ops.extend(last);
    ops
}

/// Plays it on a chain that begins at [`START`].
pub fn perform(chain: &mut dyn Chain, ops: &[Op]) -> Result<Vec<Record>> {
    let started = std::time::Instant::now();
    let mut play = Play::new(chain, &artifacts()?, Clock::slack(START, SLACK))?;
    for (i, op) in ops.iter().enumerate() {
        play.step(op)
            .with_context(|| format!("operation {i} of {}", ops.len()))?;
    }
    eprintln!("{} steps in {:?}", play.record.len(), started.elapsed());
    Ok(play.record)
}
