//! Promises to users and to the economy, each by a test of its name, over the whole suite.

use interfaces::credit_vault::{self as vault, WashCostResponse};
use replay::chains::in_process;
use replay::clock::Clock;
use replay::op::{Change, Claim, Fault, Op, Statement, Usage, Who, DAY, ONE, USERS, WEEK};
use replay::play::Play;
use replay::shadow::mined;
use replay::stage::{first_rate, Stage, DENOM, START};
use suite::deploy::Artifacts;
use suite::in_process::InProcess;

fn new(chain: &mut InProcess) -> Play<'_> {
    Play::new(chain, &Artifacts::native(), Clock::exact(START)).unwrap()
}

fn card(user: usize, units: u64) -> Usage {
    Usage {
        user,
        sku: 1,
        units,
        claim: Claim::Card,
    }
}

fn submit(gateway: u64, usage: Vec<Usage>) -> Op {
    Op::Submit {
        statements: vec![Statement::Report {
            gateway,
            usage,
            late: 1,
            fault: Fault::None,
        }],
    }
}

/// Everything an owner, an operator, a gateway or a relayer can do, one after the other; after each a user redeems to the unit. Then the vault, and in another world
/// the oracle, are migrated to a thief's code: everybody has left before it is due.
#[test]
fn nothing_an_owner_operator_gateway_or_relayer_does_stops_or_shrinks_a_redemption() {
    for oracle in [false, true] {
        let mut chain = in_process(START).unwrap();
        let mut play = new(&mut chain);
        play.run(&Play::prologue()).unwrap();
        for attack in attacks() {
            play.step(&attack).unwrap();
            for user in 0..USERS {
                redeems_in_full(&mut play, user, &attack);
            }
        }
        // Whoever has promised Credits to a gateway is out after the window, whatever that gateway does.
        play.step(&Op::Steal { oracle }).unwrap();
        assert!(play.shadow.dead);
        let out: u128 = (0..USERS).map(|user| play.shadow.usdt(Who::User(user))).sum();
        // What they were charged for calls, by reports signed by the gateways' own keys, and nothing else.
        assert_eq!(out + play.shadow.revenue(), USERS as u128 * 1_000_000 * ONE);
        assert!(play.shadow.revenue() > 0);
    }
}

fn redeems_in_full(play: &mut Play, user: usize, attack: &Op) {
    let who = Who::User(user);
    let address = play.stage.address(who);
    let before = play.stage.chain.balance(&address, DENOM).unwrap();
    play.step(&Op::Redeem { who, amount: 1_000_003 }).unwrap();
    let after = play.stage.chain.balance(&address, DENOM).unwrap();
    assert_eq!(after - before, 1_000_003, "after {attack:?}");
}

fn attacks() -> Vec<Op> {
    use Who::{Council, Operator};
    let all = || (0..USERS).map(|user| card(user, 39_000_000_000)).collect::<Vec<_>>();
    let mut ops = vec![
        Op::Pause {
            paused: true,
            by: Operator,
        },
        Op::Pause {
            paused: true,
            by: Council,
        },
        Op::Suspend {
            gateway: 1,
            by: Operator,
        },
        Op::Admit {
            gateway: 1,
            by: Council,
        },
        Op::ProposeRates {
            gateway: 1,
            second: true,
            list: u64::MAX / 100_000,
            cost: 0,
        },
        submit(1, all()),
        submit(2, all()),
        Op::Revoke {
            subject: 0,
            by: Council,
        },
        Op::Revoke {
            subject: 1,
            by: Operator,
        },
        submit(1, all()),
        Op::Donate {
            oracle: false,
            amount: 5,
        },
    ];
    for change in [
        Change::SwapFund,
        Change::Register,
        Change::LoseVault,
        Change::LoseOracle,
    ] {
        ops.push(Op::Queue { change, by: Council });
    }
    ops.push(Op::Advance { seconds: WEEK });
    ops.extend((0..4).map(|pick| Op::Execute { pick }));
    ops.extend((0..3).map(|subject| Op::Enrol { subject }));
    ops.push(submit(1, all()));
    ops.push(Op::OpenTransfers { by: Council });
    ops
}

/// Somebody who is gateway, payout and user at once, end to end: what he loses per LCO is what the vault publishes.
#[test]
fn wash_cost_is_what_a_colluding_gateway_and_user_really_pay() {
    for consumed in [0u64, 110_000, 320_000] {
        for answered in [true, false] {
            let mut chain = in_process(START).unwrap();
            let mut play = new(&mut chain);
            others_consume(&mut play, consumed);
            wash(&mut play, answered);
        }
    }
}

/// Others move the halving on: user 3 at gateway 2, within its weekly cap.
fn others_consume(play: &mut Play, credits: u64) {
    let mut left = credits;
    while left > 0 {
        let now = left.min(50_000);
        let amount = u128::from(now) * ONE;
        play.step(&Op::Deposit { user: 3, amount, to: 3 }).unwrap();
        play.step(&Op::Open {
            user: 3,
            gateway: 2,
            amount,
            per_day: amount,
        })
        .unwrap();
        play.step(&Op::Enrol { subject: 1 }).unwrap();
        play.step(&submit(2, vec![card(3, now * 500_000)])).unwrap();
        play.step(&Op::Close { user: 3, gateway: 2 }).unwrap();
        play.step(&Op::Advance { seconds: WEEK }).unwrap();
        play.step(&Op::Withdraw { user: 3, gateway: 2 }).unwrap();
        left -= now;
    }
    assert_eq!(play.shadow.consumed, u128::from(credits) * ONE);
}

fn wash(play: &mut Play, answered: bool) {
    let conspirators = [Who::User(0), Who::Payout(1), Who::Host(1), Who::Relayer];
    let purse = |stage: &Stage| -> u128 {
        conspirators
            .iter()
            .map(|who| stage.chain.balance(&stage.address(*who), DENOM).unwrap())
            .sum()
    };
    // His rate card knows no profit, so the fund has only the floor: nobody washes cheaper.
    let (list, _) = first_rate("one/out");
    let list = u64::try_from(list).unwrap();
    play.step(&Op::ProposeRates {
        gateway: 1,
        second: true,
        list,
        cost: list,
    })
    .unwrap();
    play.step(&Op::Advance { seconds: 2 * DAY }).unwrap();
    play.step(&Op::Enrol { subject: 0 }).unwrap();
    let published: WashCostResponse = play
        .stage
        .query(&play.stage.at.credit_vault, &vault::QueryMsg::WashCost {})
        .unwrap();
    let published = published.credits_per_lco.unwrap().u128();
    let (before, minted) = (purse(&play.stage), mined(play.shadow.consumed));

    let spend = 10_000 * ONE;
    play.step(&Op::Deposit {
        user: 0,
        amount: spend,
        to: 0,
    })
    .unwrap();
    play.step(&Op::Open {
        user: 0,
        gateway: 1,
        amount: spend,
        per_day: spend,
    })
    .unwrap();
    play.step(&submit(1, vec![card(0, 5_000_000_000)])).unwrap();
    if !answered {
        // He challenges his own charge and does not answer.
        play.step(&Op::Challenge {
            pick: 0,
            entry: 0,
            impostor: false,
        })
        .unwrap();
        play.step(&Op::Advance { seconds: 2 * DAY }).unwrap();
        play.step(&Op::Resolve { pick: 0 }).unwrap();
    }
    play.step(&Op::Claim { user: 0 }).unwrap();
    play.step(&Op::Close { user: 0, gateway: 1 }).unwrap();
    play.step(&Op::Advance { seconds: 3 * WEEK }).unwrap();
    play.step(&Op::Withdraw { user: 0, gateway: 1 }).unwrap();
    // He reports what he is obliged to.
    let weeks_ago = (0..5).find(|ago| {
        play.shadow
            .share(1, replay::shadow::week_of(play.stage.clock.now() + 5) - ago, 0)
            > 0
    });
    if let Some(weeks_ago) = weeks_ago {
        play.step(&Op::Release {
            by: Who::Fund,
            gateway: 1,
            weeks_ago,
            extra: 0,
        })
        .unwrap();
    }
    for who in conspirators {
        let amount = play.shadow.credits(who);
        if amount > 0 {
            play.step(&Op::Redeem { who, amount }).unwrap();
        }
    }
    let paid = before - purse(&play.stage);
    let lco = play.shadow.lco[&Who::User(0)];
    assert_eq!(lco, mined(play.shadow.consumed) - minted);
    // To the rounding of one µ: floors round up for the fund.
    assert_eq!(
        paid,
        (lco * published).div_ceil(ONE),
        "{paid} µUSDT for {lco} µLCO, published {published} per LCO"
    );
}
