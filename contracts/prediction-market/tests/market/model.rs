//! Random play of several people in several markets, from the first bet to the last claim. The laws are checked after every message by the world; here a shadow
//! keeps each person's money and says what everybody must have in the end.

use std::cell::RefCell;
use std::collections::BTreeMap;

use cw_multi_test::Executor;
use interfaces::governance;
use interfaces::prediction_market::*;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::world::*;

const MARKETS: u64 = 2;
const PLAYERS: usize = 5;

#[derive(Clone, Debug)]
enum Op {
    Buy {
        player: usize,
        market: u64,
        outcome: u8,
        value: u128,
    },
    /// Part of what is held, in 1/256.
    Sell {
        player: usize,
        market: u64,
        outcome: u8,
        part: u8,
    },
    /// A market's next answer or dispute.
    Bond {
        player: usize,
        market: u64,
        answer: u8,
    },
    Settle {
        market: u64,
    },
    Claim {
        player: usize,
        market: u64,
        waiver: bool,
    },
    Burn {
        market: u64,
    },
    Vote {
        player: usize,
        answer: u8,
    },
    Enact,
    Stake {
        player: usize,
        value: u128,
    },
    Wait {
        seconds: u64,
    },
}

fn op() -> impl Strategy<Value = Op> {
    let (player, market) = (0..PLAYERS, 1..=MARKETS);
    let (outcome, answer) = (0..4u8, prop::sample::select(vec![0u8, 1, 2, VOID]));
    let at = (player.clone(), market.clone());
    prop_oneof![
        8 => (at.clone(), outcome.clone(), 1_000..90 * ONE).prop_map(|((player, market), outcome, value)| Op::Buy { player, market, outcome, value }),
        6 => (at.clone(), outcome, any::<u8>()).prop_map(|((player, market), outcome, part)| Op::Sell { player, market, outcome, part }),
        7 => (at.clone(), answer.clone()).prop_map(|((player, market), answer)| Op::Bond { player, market, answer }),
        2 => market.clone().prop_map(|market| Op::Settle { market }),
        7 => (at, any::<bool>()).prop_map(|((player, market), waiver)| Op::Claim { player, market, waiver }),
        4 => market.prop_map(|market| Op::Burn { market }),
        2 => (player.clone(), answer).prop_map(|(player, answer)| Op::Vote { player, answer }),
        1 => Just(Op::Enact),
        1 => (player, 1..60_000u128).prop_map(|(player, value)| Op::Stake { player, value }),
        6 => prop::sample::select(vec![1, 1, 1, HOUR, HOUR, 6 * HOUR, DAY, 2 * DAY, 9 * DAY]).prop_map(|seconds| Op::Wait { seconds }),
    ]
}

impl Op {
    fn name(&self) -> &'static str {
        match self {
            Self::Buy { .. } => "buy",
            Self::Sell { .. } => "sell",
            Self::Bond { .. } => "bond",
            Self::Settle { .. } => "settle",
            Self::Claim { waiver: false, .. } => "claim",
            Self::Claim { waiver: true, .. } => "claim with a waiver",
            Self::Burn { .. } => "burn",
            Self::Vote { .. } => "vote",
            Self::Enact => "enact",
            Self::Stake { .. } => "stake",
            Self::Wait { .. } => "wait",
        }
    }
}

/// What each player put into each market and did not get back.
type Cash = BTreeMap<(&'static str, u64), i128>;

/// Does something with a market and keeps account of what it cost the player.
fn counted<T>(
    world: &mut World,
    cash: &mut Cash,
    (name, market): (&'static str, u64),
    act: impl FnOnce(&mut World) -> Result<T, u16>,
) -> Result<(), u16> {
    let before = world.balance(name);
    act(world)?;
    let spent = i128::try_from(before).unwrap() - i128::try_from(world.balance(name)).unwrap();
    *cash.entry((name, market)).or_default() += spent;
    Ok(())
}

/// Claims. A void pays exactly what was put in and not taken out; whoever still has something there gets it.
fn claim(world: &mut World, cash: &Cash, (name, market): (&'static str, u64), waiver: bool) -> Result<(), u16> {
    let claimed = world.position(name, market).holdings.is_empty();
    let outcome = world.claim(name, market, waiver);
    if world.status(market) == Status::Voided && !claimed {
        let put_in = cash.get(&(name, market)).copied().unwrap_or_default();
        assert_eq!(
            outcome.unwrap_or_default(),
            u128::try_from(put_in).unwrap(),
            "{name} {market}"
        );
    }
    outcome.map(|_| ())
}

/// Does it, and answers whether it was done. Refusals are part of the game, but not those that say that a sum does not come out.
fn play(world: &mut World, cash: &mut Cash, op: Op) -> bool {
    let done = match op {
        Op::Buy {
            player,
            market,
            outcome,
            value,
        } => counted(world, cash, (USERS[player], market), |world| {
            world.try_buy(USERS[player], market, outcome, value)
        }),
        Op::Sell {
            player,
            market,
            outcome,
            part,
        } => {
            // that outcome, or else the first that is held
            let position = world.position(USERS[player], market);
            let held = position
                .holdings
                .iter()
                .filter(|holding| holding.shares > position.locked);
            let outcomes: Vec<u8> = held.map(|holding| holding.outcome).collect();
            let outcome = if outcomes.contains(&outcome) {
                outcome
            } else {
                outcomes.first().copied().unwrap_or(outcome)
            };
            let free = world
                .shares(USERS[player], market, outcome)
                .saturating_sub(position.locked.u128());
            let shares = free * u128::from(part) / 255;
            counted(world, cash, (USERS[player], market), |world| {
                world.try_sell(USERS[player], market, outcome, shares)
            })
        }
        Op::Bond { player, market, answer } => bond(world, USERS[player], market, answer),
        Op::Settle { market } => world.settle(market).map(|_| ()),
        Op::Claim { player, market, waiver } => claim(world, cash, (USERS[player], market), waiver),
        Op::Burn { market } => world.tell("erin", ExecuteMsg::BurnFees { market }).map(|_| ()),
        Op::Vote { player, answer } => {
            let choice = governance::Choice::Answer(answer);
            govern(world, USERS[player], |proposal| governance::ExecuteMsg::Vote {
                proposal,
                choice,
            })
        }
        Op::Enact => {
            if (1..=MARKETS).any(|market| world.status(market) == Status::Voting) {
                world.wait(4 * DAY);
            }
            govern(world, "erin", |proposal| governance::ExecuteMsg::Execute { proposal })
        }
        Op::Stake { player, value } if world.balance(USERS[player]) >= value * ONE => {
            world.stake(USERS[player], value);
            Ok(())
        }
        Op::Stake { .. } => Err(0),
        Op::Wait { seconds } => {
            world.wait(seconds);
            Ok(())
        }
    };
    if let Err(code) = done {
        assert!(code != 1 && code != 900, "{code}");
    }
    done.is_ok()
}

fn bond(world: &mut World, name: &str, market: u64, answer: u8) -> Result<(), u16> {
    let view = world.view(market);
    let affordable = |bond: &cosmwasm_std::Uint128| bond.u128() <= world.balance(name);
    let bond = view.next_bond.filter(affordable).ok_or(0u16)?;
    let evidence = hash(answer);
    let hook = match view.status {
        Status::Unanswered => Cw20Hook::Answer {
            market,
            answer,
            evidence,
        },
        _ => Cw20Hook::Dispute {
            market,
            answer,
            evidence,
        },
    };
    world.send(name, bond, &hook).map(|_| ())
}

/// Tries a message to governance about its first votes.
fn govern(world: &mut World, name: &str, msg: impl Fn(u64) -> governance::ExecuteMsg) -> Result<(), u16> {
    let mut done = Err(0);
    for proposal in 1..=2 {
        let (sender, contract) = (world.user(name), world.governance.clone());
        if world
            .app
            .execute_contract(sender, contract, &msg(proposal), &[])
            .is_ok()
        {
            done = Ok(());
        }
        world.check_laws();
    }
    done
}

/// What everybody has, the contracts included, and what was burned.
fn wealth(world: &World) -> u128 {
    let people: u128 = USERS.iter().map(|name| world.balance(name)).sum();
    let contracts = [&world.market, &world.staking, &world.governance];
    people + contracts.iter().map(|address| world.balance_of(address)).sum::<u128>() + world.burned()
}

/// Lets every market come to its end, whatever stands, and everybody claim.
fn finish(world: &mut World, cash: &Cash) {
    for market in 1..=MARKETS {
        // trading, waiting, thirty days without an answer, or a vote that nobody ends and a liveness
        world.wait(60 * DAY);
        let _ = world.settle(market);
        assert!(world.view(market).result.is_some(), "every market ends by itself");
        for name in USERS {
            let _ = claim(world, cash, (name, market), false);
        }
        let result = world.view(market).result.unwrap();
        assert_eq!(
            (result.left.u128(), result.weight_left.u128(), result.burnable.u128()),
            (0, 0, 0)
        );
    }
}

/// One game; answers what was done in it.
fn game(ops: Vec<Op>) -> Vec<&'static str> {
    let mut world = World::new();
    for (name, staked) in [("erin", 60_000), ("bob", 50_000), ("carol", 10_000)] {
        world.stake(name, staked);
    }
    world.wait(1);
    world.open("alice", 3, 100);
    world.open("bob", 2, 250);
    let before = wealth(&world);
    let mut cash = Cash::from([(("alice", 1), 100_000_000), (("bob", 2), 250_000_000)]);
    let mut done = Vec::new();
    for op in ops {
        let name = op.name();
        if play(&mut world, &mut cash, op) {
            done.push(name);
        }
        assert_eq!(wealth(&world), before, "no LCO comes or goes but by burning");
    }
    if (1..=MARKETS).any(|market| !world.view(market).held.is_zero()) {
        done.push("gain held back");
    }
    finish(&mut world, &cash);
    if (1..=MARKETS).any(|market| world.status(market) == Status::Voided && !world.view(market).held.is_zero()) {
        done.push("void with gains");
    }
    assert_eq!(wealth(&world), before);
    assert_eq!(
        world.balance_of(&world.market),
        0,
        "the last claim leaves nothing behind"
    );
    done
}

/// Plays games of the runner's choosing; answers how often each thing happened.
fn play_games(mut runner: TestRunner) -> BTreeMap<&'static str, u32> {
    let counts = RefCell::new(BTreeMap::new());
    let outcome = runner.run(&prop::collection::vec(op(), 40..160), |ops| {
        for name in game(ops) {
            *counts.borrow_mut().entry(name).or_default() += 1;
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    counts.into_inner()
}

fn games(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn random_play_keeps_every_law_and_ends_with_nothing_left() {
    let counts = play_games(TestRunner::new(games(200)));
    assert_eq!(counts.len(), 13, "{counts:?}");
}

/// Games in which nothing happens prove nothing. These are the same every time, so that how often is not left to chance.
#[test]
fn everything_happens_in_play_and_not_only_once() {
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let counts = play_games(TestRunner::new_with_rng(games(400), chance));
    assert_eq!(counts.len(), 13, "{counts:?}");
    assert!(counts.values().all(|count| *count >= 10), "{counts:?}");
}
