//! Random play of several people in several markets, from the first bet to the last claim. The laws are checked after every message by the world; here a shadow
//! keeps each person's money and says what everybody must have in the end.

use interfaces::prediction_market::*;
use proptest::prelude::*;

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
        8 => (at.clone(), outcome.clone(), 1_000..400 * ONE).prop_map(|((player, market), outcome, value)| Op::Buy { player, market, outcome, value }),
        6 => (at.clone(), outcome, any::<u8>()).prop_map(|((player, market), outcome, part)| Op::Sell { player, market, outcome, part }),
        5 => (at.clone(), answer.clone()).prop_map(|((player, market), answer)| Op::Bond { player, market, answer }),
        2 => market.clone().prop_map(|market| Op::Settle { market }),
        3 => (at, any::<bool>()).prop_map(|((player, market), waiver)| Op::Claim { player, market, waiver }),
        1 => market.prop_map(|market| Op::Burn { market }),
        1 => (player.clone(), answer).prop_map(|(player, answer)| Op::Vote { player, answer }),
        1 => Just(Op::Enact),
        1 => (player, 1..60_000u128).prop_map(|(player, value)| Op::Stake { player, value }),
        6 => prop::sample::select(vec![1, HOUR, 12 * HOUR, DAY, 3 * DAY, 8 * DAY]).prop_map(|seconds| Op::Wait { seconds }),
    ]
}

/// Does it; refusals are part of the game, but each must be one of the contract's own.
fn play(world: &mut World, op: Op) {
    let refused = |outcome: Result<_, u16>| {
        if let Err(code) = outcome {
            assert!(code != 1 && code != 900, "{code}")
        }
    };
    match op {
        Op::Buy {
            player,
            market,
            outcome,
            value,
        } => refused(world.try_buy(USERS[player], market, outcome, value).map(|_| ())),
        Op::Sell {
            player,
            market,
            outcome,
            part,
        } => {
            let shares = world.shares(USERS[player], market, outcome) * u128::from(part) / 256;
            refused(world.try_sell(USERS[player], market, outcome, shares).map(|_| ()));
        }
        Op::Bond { player, market, answer } => {
            let view = world.view(market);
            let Some(bond) = view
                .next_bond
                .filter(|bond| bond.u128() <= world.balance(USERS[player]))
            else {
                return;
            };
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
            refused(world.send(USERS[player], bond, &hook).map(|_| ()));
        }
        Op::Settle { market } => refused(world.settle(market).map(|_| ())),
        Op::Claim { player, market, waiver } => refused(world.claim(USERS[player], market, waiver).map(|_| ())),
        Op::Burn { market } => refused(world.tell("erin", ExecuteMsg::BurnFees { market }).map(|_| ())),
        Op::Vote { player, answer } => vote(world, player, answer),
        Op::Enact => enact(world),
        Op::Stake { player, value } => {
            if world.balance(USERS[player]) >= value * ONE {
                world.stake(USERS[player], value);
            }
        }
        Op::Wait { seconds } => world.wait(seconds),
    }
}

/// Votes in the newest vote, if there is one and the voter has a voice.
fn vote(world: &mut World, player: usize, answer: u8) {
    use cw_multi_test::Executor;
    let choice = interfaces::governance::Choice::Answer(answer);
    let msg = interfaces::governance::ExecuteMsg::Vote { proposal: 1, choice };
    let (sender, governance) = (world.user(USERS[player]), world.governance.clone());
    let _ = world.app.execute_contract(sender, governance, &msg, &[]);
    world.check_laws();
}

fn enact(world: &mut World) {
    use cw_multi_test::Executor;
    for proposal in 1..=2 {
        let msg = interfaces::governance::ExecuteMsg::Execute { proposal };
        let (sender, governance) = (world.user("erin"), world.governance.clone());
        let _ = world.app.execute_contract(sender, governance, &msg, &[]);
        world.check_laws();
    }
}

/// What everybody has, the contracts included, and what was burned.
fn wealth(world: &World) -> u128 {
    let people: u128 = USERS.iter().map(|name| world.balance(name)).sum();
    let contracts = [&world.market, &world.staking, &world.governance];
    people + contracts.iter().map(|address| world.balance_of(address)).sum::<u128>() + world.burned()
}

/// Lets every market come to its end, whatever stands, and everybody claim.
fn finish(world: &mut World) {
    for market in 1..=MARKETS {
        // trading, waiting, thirty days without an answer, or a vote that nobody ends and a liveness
        world.wait(60 * DAY);
        let _ = world.settle(market);
        assert!(world.view(market).result.is_some(), "every market ends by itself");
        for name in USERS {
            let _ = world.claim(name, market, false);
        }
        let result = world.view(market).result.unwrap();
        assert_eq!(
            (result.left.u128(), result.weight_left.u128(), result.burnable.u128()),
            (0, 0, 0)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_play_keeps_every_law_and_ends_with_nothing_left(ops in prop::collection::vec(op(), 1..80)) {
        let mut world = World::new();
        world.stake("erin", 20_000);
        world.wait(1);
        world.open("alice", 3, 100);
        world.open("bob", 2, 250);
        let before = wealth(&world);
        for op in ops {
            play(&mut world, op);
            prop_assert_eq!(wealth(&world), before, "no LCO comes or goes but by burning");
        }
        finish(&mut world);
        prop_assert_eq!(wealth(&world), before);
        prop_assert_eq!(world.balance_of(&world.market), 0, "the last claim leaves nothing behind");
    }
}
