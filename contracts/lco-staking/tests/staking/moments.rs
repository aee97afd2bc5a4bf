//! What a second, a moment and a height mean.

use interfaces::lco_staking::{ExecuteMsg, MomentResponse, QueryMsg, Tier};
use interfaces::voting::{self, Moment};

use crate::bench::*;

const WHALE: u128 = 100_000 * LCO;

#[test]
fn stake_made_in_the_block_of_a_proposal_has_no_vote() {
    let mut bench = Bench::new();
    let (alice, bob) = (bench.user("alice"), bench.user("bob"));
    bench.stake(&bob, WHALE);
    bench.wait(10);
    bench.stake(&alice, WHALE);
    let proposed = bench.moment();
    assert_eq!((bench.power(&alice, proposed), bench.total_power(proposed)), (0, WHALE));
    bench.wait(DAY);
    assert_eq!((bench.power(&alice, proposed), bench.total_power(proposed)), (0, WHALE));
    assert_eq!(bench.power(&alice, bench.moment()), WHALE);
}

#[test]
fn stake_made_in_another_block_of_the_proposals_second_has_no_vote() {
    let mut bench = Bench::new();
    let (early, late) = (bench.user("early"), bench.user("late"));
    // two blocks before the proposal and one after it, all within one second
    bench.stake(&early, WHALE);
    bench.block();
    let proposed = bench.moment();
    assert_eq!(proposed.time, MONDAY, "the same second");
    bench.stake(&late, WHALE);
    for _ in 0..4 {
        assert_eq!(bench.power(&early, proposed), 0);
        assert_eq!(bench.power(&late, proposed), 0);
        assert_eq!(bench.total_power(proposed), 0);
        bench.block();
    }
}

#[test]
fn stake_taken_out_in_the_proposals_second_still_votes_and_only_there() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, WHALE);
    bench.wait(10);
    bench.unstake(&alice, WHALE);
    let proposed = bench.moment();
    bench.wait(10);
    assert_eq!(
        (bench.power(&alice, proposed), bench.total_power(proposed)),
        (WHALE, WHALE)
    );
    assert_eq!(
        (bench.power(&alice, bench.moment()), bench.total_power(bench.moment())),
        (0, 0)
    );
}

#[test]
fn the_same_coins_cannot_vote_through_two_accounts() {
    let mut bench = Bench::new();
    let (alice, bob) = (bench.user("alice"), bench.user("bob"));
    bench.stake(&alice, WHALE);
    bench.wait(10);
    let proposed = bench.moment();
    bench.unstake(&alice, WHALE);
    bench.wait(WEEK);
    bench.ok(&alice, ExecuteMsg::Claim {});
    bench.stake(&bob, WHALE);
    bench.wait(10);
    assert_eq!((bench.power(&alice, proposed), bench.power(&bob, proposed)), (WHALE, 0));
}

#[test]
fn staking_for_a_second_never_shows_in_any_question() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, WHALE);
    bench.block();
    bench.unstake(&alice, WHALE);
    bench.wait(100);
    for time in MONDAY - 1..=bench.now() {
        assert_eq!(bench.power(&alice, at(time)), 0);
        assert_eq!(bench.tier_at(&alice, time), Tier::Lv1);
    }
    assert_eq!(bench.weight_seconds(&alice, MONDAY, bench.now()), (0, 0));
}

#[test]
fn an_answer_once_given_never_changes() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, WHALE);
    bench.wait(10);
    let (asked, time) = (bench.moment(), bench.now());
    let answer = |bench: &Bench| {
        (
            bench.power(&alice, asked),
            bench.total_power(asked),
            bench.outcome_power(&alice, at(MONDAY + 5), asked),
            bench.tier_at(&alice, time),
            bench.weight_seconds(&alice, MONDAY, time),
            bench.stake_seconds(&alice, MONDAY, time),
        )
    };
    let first = answer(&bench);
    for step in 0..6 {
        bench.unstake(&alice, 30_000 * LCO);
        assert_eq!(answer(&bench), first, "after {step} steps");
        bench.block();
        bench.stake(&alice, 29_000 * LCO);
        bench.set_params(tenths(5 + step));
        bench.refresh(&[&alice]);
        assert_eq!(answer(&bench), first, "after {step} steps");
        bench.block();
    }
}

#[test]
fn outcomes_count_everybody_at_the_lower_of_two_moments() {
    let mut bench = Bench::new();
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| bench.user(name));
    bench.stake(&alice, 500);
    bench.stake(&bob, 3_000);
    bench.wait(10);
    let created = bench.moment();
    bench.wait(10);
    bench.stake(&alice, 9_000);
    bench.unstake(&bob, 1_000);
    bench.stake(&carol, 70);
    bench.wait(10);
    let disputed = bench.moment();
    // unbonding and late stake count nothing
    let of = |user| bench.outcome_power(user, created, disputed);
    assert_eq!((of(&alice), of(&bob), of(&carol)), (500, 2_000, 0));
    assert_eq!(bench.outcome_total(created, disputed), 3_500);
    assert_eq!(bench.outcome_power(&alice, disputed, created), 500, "in either order");
    assert!(of(&alice) + of(&bob) + of(&carol) <= bench.outcome_total(created, disputed));
}

#[test]
fn the_future_is_refused_by_second_and_by_height() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, WHALE);
    let Moment { height, time } = bench.moment();
    let futures = [
        Moment { height, time: time + 1 },
        Moment {
            height: height + 1,
            time,
        },
    ];
    let address = || alice.to_string();
    for future in futures {
        let now = bench.moment();
        let questions = [
            QueryMsg::Power {
                address: address(),
                at: future,
            },
            QueryMsg::TotalPower { at: future },
            QueryMsg::OutcomePower {
                address: address(),
                from: now,
                to: future,
            },
            QueryMsg::OutcomePower {
                address: address(),
                from: future,
                to: now,
            },
            QueryMsg::OutcomeTotal { from: future, to: now },
            QueryMsg::OutcomeTotal { from: now, to: future },
        ];
        for question in questions {
            let text = format!("{question:?}");
            let error = bench
                .try_ask::<cosmwasm_schema::serde::de::IgnoredAny>(question)
                .unwrap_err();
            assert_eq!(error.code(), 8, "{text}");
        }
    }
    let (from, to) = (time, time + 1);
    let questions = [
        QueryMsg::TierAt {
            address: address(),
            time: time + 1,
        },
        QueryMsg::WeightIntegral {
            address: address(),
            from,
            to,
        },
        QueryMsg::StakeIntegral {
            address: address(),
            from,
            to,
        },
        QueryMsg::Moment { height: height + 1 },
    ];
    for question in questions {
        let text = format!("{question:?}");
        let error = bench
            .try_ask::<cosmwasm_schema::serde::de::IgnoredAny>(question)
            .unwrap_err();
        assert_eq!(error.code(), 8, "{text}");
    }
    let reversed = QueryMsg::WeightIntegral {
        address: address(),
        from: time,
        to: time - 1,
    };
    assert_eq!(bench.try_ask::<voting::Power>(reversed).unwrap_err().code(), 9);
}

#[test]
fn a_height_stands_for_the_newest_mark_below_it() {
    let mut bench = Bench::new();
    let [alice, anyone] = ["alice", "anyone"].map(|name| bench.user(name));
    let moment = |bench: &Bench, height| bench.ask::<MomentResponse>(QueryMsg::Moment { height }).moment;
    assert_eq!(moment(&bench, bench.env.block.height), None, "nothing happened yet");

    bench.stake(&alice, WHALE);
    let staked = bench.moment();
    assert_eq!(
        moment(&bench, staked.height),
        None,
        "the block itself is not below itself"
    );
    bench.block();
    assert_eq!(moment(&bench, staked.height + 1), Some(staked));
    assert_eq!(bench.power(&alice, staked), 0, "the state before that block");

    bench.wait(60);
    bench.ok(&anyone, ExecuteMsg::Mark {});
    let marked = bench.moment();
    bench.wait(60);
    assert_eq!(moment(&bench, marked.height), Some(staked));
    assert_eq!(moment(&bench, marked.height + 1), Some(marked));
    assert_eq!(bench.power(&alice, marked), WHALE);
}

#[test]
fn several_changes_of_one_second_share_a_mark_and_a_state() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.stake(&alice, WHALE);
    let first = bench.moment();
    bench.block();
    bench.stake(&bob, WHALE);
    bench.wait(5);
    // the second block of that second has no row of its own; the state in force there is the same
    let asked = QueryMsg::Moment {
        height: first.height + 2,
    };
    assert_eq!(bench.ask::<MomentResponse>(asked).moment, Some(first));
}

/// Governance speaks the language of voting modules and need not know which one it talks to.
#[test]
fn questions_of_a_voting_module_are_understood_as_they_are() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, WHALE);
    bench.wait(10);
    let (address, at) = (alice.to_string(), bench.moment());
    let generic = [
        voting::QueryMsg::Power {
            address: address.clone(),
            at,
        },
        voting::QueryMsg::TotalPower { at },
        voting::QueryMsg::OutcomePower {
            address: address.clone(),
            from: at,
            to: at,
        },
        voting::QueryMsg::OutcomeTotal { from: at, to: at },
    ];
    let own = [
        QueryMsg::Power {
            address: address.clone(),
            at,
        },
        QueryMsg::TotalPower { at },
        QueryMsg::OutcomePower {
            address,
            from: at,
            to: at,
        },
        QueryMsg::OutcomeTotal { from: at, to: at },
    ];
    for (generic, own) in generic.into_iter().zip(own) {
        let text = cosmwasm_std::to_json_string(&generic).unwrap();
        assert_eq!(cosmwasm_std::from_json::<QueryMsg>(text).unwrap(), own);
    }
}
