//! One play for all chains: every kept trace and some drawn ones on one deployment, thefts last.
#![allow(dead_code)]

use anyhow::{ensure, Context, Result};
use replay::chains::{artifacts, SLACK};
use replay::clock::Clock;
use replay::deal::Deal;
use replay::op::{Claim, Fault, Op, Statement, Usage, Who, DAY, ONE, USERS};
use replay::play::Play;
use replay::record::Record;
use replay::stage::{DENOM, START};
use replay::traces;
use suite::Chain;

/// Ends a trace's consequences before the next: keys renewed, gateways admitted, deposits open, and a week that has just begun, since some traces count them.
fn intermission() -> Vec<Op> {
    use replay::op::Who::Council;
    let mut ops = vec![
        Op::Advance { seconds: DAY },
        Op::Deal(Deal::Friday { after: DAY / 2 }),
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
    staged(seeds, drawn, |_| true)
}

/// For a chain whose every step takes seconds: of the network's token one trace, in which everybody does something.
pub fn short_programme(seeds: &[u8], drawn: usize) -> Vec<Op> {
    staged(seeds, drawn, |name| {
        !name.starts_with("network-") || name == "network-life"
    })
}

fn staged(seeds: &[u8], drawn: usize, played: impl Fn(&str) -> bool) -> Vec<Op> {
    let (mut ops, mut last) = (Play::prologue(), Vec::new());
    ops.extend(Play::opening());
    let mut kept = traces::kept().unwrap();
    kept.retain(|(name, _)| played(name));
    // While the sale of genesis tokens is open: without one sold there is no pool, and nothing to buy back.
    kept.sort_by_key(|(name, _)| !name.starts_with("network-"));
    for (name, trace) in kept {
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

/// The council migrates vault or oracle to a thief's code through the public queue; meanwhile everybody leaves, and has what was his.
pub fn theft(chain: &mut dyn Chain, oracle: bool) -> Result<()> {
    let mut play = Play::new(chain, &artifacts()?, Clock::slack(START, SLACK))?;
    play.run(&Play::prologue())?;
    play.run(&usage())?;
    let worth = |play: &Play, user| play.shadow.usdt(Who::User(user)) + play.shadow.worth(user);
    let before: Vec<_> = (0..USERS).map(|user| worth(&play, user)).collect();
    play.step(&Op::Steal { oracle })?;
    ensure!(play.shadow.dead, "nothing was stolen");
    let name = if oracle { "oracle" } else { "vault" };
    play.told
        .iter()
        .for_each(|line| eprintln!("migration of the {name}: {line}"));
    for (user, before) in before.into_iter().enumerate() {
        // Asked of the bank: whoever steals answers no questions.
        let held = play.stage.chain.balance(&play.stage.address(Who::User(user)), DENOM)?;
        ensure!(held == before, "user {user} holds {held} of {before}");
    }
    let stolen = play.stage.chain.balance(&play.stage.address(Who::Thief), DENOM)?;
    ensure!(
        stolen > 1_000_000 * ONE,
        "the thief gained nothing: the migration was not malicious"
    );
    Ok(())
}

/// Calls of every user at both gateways, so that there is revenue to steal.
fn usage() -> Vec<Op> {
    let report = |gateway| Statement::Report {
        gateway,
        usage: (0..USERS)
            .map(|user| Usage {
                user,
                sku: 1,
                units: 9_000_000_000 + user as u64,
                claim: Claim::Card,
            })
            .collect(),
        late: 1,
        fault: Fault::None,
    };
    vec![Op::Submit {
        statements: vec![report(1), report(2)],
    }]
}
