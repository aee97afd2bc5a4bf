//! New markets.

use cosmwasm_std::Uint128;
use interfaces::prediction_market::*;

use crate::world::*;

/// What can be wrong with a proposal.
struct Draft {
    question: String,
    outcomes: Vec<String>,
    close_at: u64,
    resolve_after: u64,
    rule: String,
}

type Change = fn(&mut Draft);

/// A proposal after a change.
fn changed(world: &World, change: Change) -> Cw20Hook {
    let mut draft = Draft {
        question: "Who wins?".into(),
        outcomes: ["one", "two", "three"].map(Into::into).to_vec(),
        close_at: world.now() + DAY,
        resolve_after: world.now() + DAY,
        rule: "The league's page.".into(),
    };
    change(&mut draft);
    Cw20Hook::Propose {
        question: draft.question,
        outcomes: draft.outcomes,
        close_at: draft.close_at,
        resolve_after: draft.resolve_after,
        evidence_rule: draft.rule,
    }
}

#[test]
fn ante_is_spread_over_all_outcomes_and_belongs_to_the_proposer() {
    let mut world = World::new();
    let market = world.open("alice", 3, 100);
    assert_eq!(market, 1);
    let view = world.view(market);
    assert_eq!(
        (view.status, view.pool, view.ante),
        (Status::Trading, lco(100), lco(100))
    );
    assert_eq!(view.proposer, world.user("alice").to_string());
    let rows: Vec<_> = view
        .outcomes
        .iter()
        .map(|row| {
            (
                row.name.as_str(),
                row.shares.u128(),
                row.money.i128(),
                row.probability_ppm,
            )
        })
        .collect();
    // 100/√3 LCO of shares each, a third of the money each, the odd unit to the first
    let expected = [
        ("team 0", 57_735_026, 33_333_334, 333_333),
        ("team 1", 57_735_026, 33_333_333, 333_333),
        ("team 2", 57_735_026, 33_333_333, 333_333),
    ];
    assert_eq!(rows, expected);
    let position = world.position("alice", market);
    assert_eq!(position.locked, amount(57_735_026));
    assert_eq!(position.holdings.len(), 3);
    assert_eq!(position.net_cost.u128(), 100_000_000);
}

#[test]
fn what_does_not_describe_a_market_is_refused() {
    let cases: [(&str, u16, Change); 14] = [
        ("no question", 3, |draft| draft.question.clear()),
        ("a question too long", 3, |draft| draft.question = "x".repeat(257)),
        ("an outcome without a name", 3, |draft| draft.outcomes[1].clear()),
        ("an outcome too long", 3, |draft| draft.outcomes[1] = "x".repeat(65)),
        ("no rule", 3, |draft| draft.rule.clear()),
        ("a rule too long", 3, |draft| draft.rule = "x".repeat(513)),
        ("no outcome", 4, |draft| draft.outcomes.clear()),
        ("one outcome", 4, |draft| draft.outcomes.truncate(1)),
        ("nine outcomes", 4, |draft| {
            draft.outcomes = (0..9).map(|n| n.to_string()).collect()
        }),
        ("an outcome twice", 5, |draft| draft.outcomes[2] = "one".into()),
        ("closing too soon", 2, |draft| draft.close_at -= DAY - 599),
        ("closing too late", 2, |draft| {
            draft.close_at += 365 * DAY + 1;
            draft.resolve_after = draft.close_at;
        }),
        ("resolving before closing", 2, |draft| draft.resolve_after -= 1),
        ("resolving too late", 2, |draft| draft.resolve_after += 366 * DAY + 1),
    ];
    let mut world = World::new();
    for (name, code, change) in cases {
        let hook = changed(&world, change);
        assert_eq!(world.send("alice", lco(100), &hook).unwrap_err(), code, "{name}");
    }
    assert_eq!(world.overview().markets, 0);
}

#[test]
fn bounds_themselves_are_taken() {
    let cases: [(&str, Change); 4] = [
        ("texts", |draft| {
            draft.question = "x".repeat(256);
            draft.rule = "x".repeat(512);
            draft.outcomes[0] = "x".repeat(64);
        }),
        ("eight outcomes", |draft| {
            draft.outcomes = (0..8).map(|n| n.to_string()).collect()
        }),
        ("ten minutes", |draft| draft.close_at -= DAY - 600),
        ("a year and a year", |draft| {
            draft.close_at += 365 * DAY;
            draft.resolve_after = draft.close_at + 366 * DAY;
        }),
    ];
    let mut world = World::new();
    for (name, change) in cases {
        let hook = changed(&world, change);
        world
            .send("alice", lco(100), &hook)
            .unwrap_or_else(|code| panic!("{name}: {code}"));
    }
}

#[test]
fn ante_below_the_minimum_is_refused() {
    let mut world = World::new();
    let hook = proposal(2, world.now() + DAY, world.now() + DAY);
    assert_eq!(world.send("alice", lco(100) - Uint128::one(), &hook).unwrap_err(), 10);
    world.send("alice", lco(100), &hook).unwrap();
}

#[test]
fn ante_stays_until_the_end() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.wait(1);
    assert_eq!(world.try_sell("alice", market, 0, 1_000).unwrap_err(), 15);
    // what the proposer bets besides is his to sell
    let shares = world.buy("alice", market, 0, 10 * ONE);
    world.wait(1);
    assert_eq!(world.try_sell("alice", market, 0, shares + 1).unwrap_err(), 15);
    world.sell("alice", market, 0, shares);
}

#[test]
fn market_keeps_the_terms_it_was_created_with() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let terms = world.view(market).terms;
    world.set_params(|params| {
        params.terms.fee_bps = 1_000;
        params.terms.liveness = DAY / 4;
        params.terms.min_bond = lco(20);
    });
    assert_eq!(world.view(market).terms, terms);
    world.buy("bob", market, 0, 50 * ONE);
    world.at(RESOLVE);
    assert_eq!(world.next_bond(market), lco(100));
    world.answer("dave", market, 1).unwrap();
    world.wait(DAY - 1);
    assert_eq!(world.settle(market).unwrap_err(), 9);
    world.wait(1);
    world.settle(market).unwrap();
    // 5 % of the 100 LCO that lost
    assert_eq!(world.view(market).result.unwrap().fee, lco(5));
}

#[test]
fn open_interest_counts_the_ante() {
    let mut world = World::with(|msg| {
        msg.params.interest_floor = lco(150);
        msg.peers.staking = None;
    });
    world.open("alice", 2, 100);
    let hook = proposal(2, world.now() + DAY, world.now() + DAY);
    assert_eq!(world.send("bob", lco(100), &hook).unwrap_err(), 16);
}
