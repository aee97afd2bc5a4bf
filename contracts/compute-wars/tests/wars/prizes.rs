//! Prize money: nothing is lost, nothing is paid twice, nobody can hold up anybody.

use cosmwasm_std::Uint128;
use cw_multi_test::Executor;
use interfaces::compute_wars::*;
use interfaces::l_coin;
use proptest::prelude::*;

use crate::stand_in::StandInMsg;
use crate::world::*;

/// A finalized week with these scores, all weeks before it collected; answers the week.
fn played(world: &mut World, scores: &[(&str, u128)], prize: u128) -> u64 {
    let week = world.week();
    world.record(week, scores);
    world.next_week();
    world.catch_up();
    world.give(week, prize);
    week
}

fn prize(world: &World, week: u64, rank: usize) -> u128 {
    let rows: Vec<PrizeResponse> = world.query(&QueryMsg::Prizes { week });
    rows[rank - 1].prize.unwrap().u128()
}

#[test]
fn worked_example_of_the_page() {
    let mut world = World::new();
    // three ranks of ten: 30, 20 and 12 % of 1,000.000001 LCO
    let week = played(&mut world, &[("alice", 30), ("bob", 20), ("carol", 10)], 1_000_000_001);
    let response = world.collect(week);
    assert_eq!(
        [1, 2, 3].map(|rank| prize(&world, week, rank)),
        [300_000_000, 200_000_000, 120_000_000]
    );
    assert_eq!(attribute(&response, "prizes_collected", "rolled").unwrap(), "380000001");
    for (name, amount) in [("alice", 300_000_000), ("bob", 200_000_000), ("carol", 120_000_000)] {
        world.claim(name, week);
        assert_eq!(world.lco(&world.user(name)), amount);
    }
    // the rest rolls over to the next week
    let next = played(&mut world, &[("dave", 1)], 100_000_000);
    world.collect(next);
    assert_eq!(prize(&world, next, 1), (480_000_001 * 3) / 10);
}

#[test]
fn prize_is_claimed_once_and_only_by_who_won_it() {
    let mut world = World::new();
    let week = played(&mut world, &[("alice", 30), ("bob", 20)], 1_000);
    let (alice, carol) = (world.user("alice"), world.user("carol"));
    let claim = ExecuteMsg::ClaimPrize { week };
    assert_eq!(world.refused(&alice, claim.clone()), 13, "not collected yet");
    world.collect(week);
    assert_eq!(world.refused(&carol, claim.clone()), 14);
    let other = ExecuteMsg::ClaimPrize { week: week + 1 };
    assert_eq!(world.refused(&alice, other), 9, "not finalized");
    world.ok(&alice, claim.clone());
    assert_eq!(world.refused(&alice, claim), 15);
    assert_eq!(world.lco(&alice), 300);
}

/// Prizes cannot be fetched twice, neither here nor out of order.
#[test]
fn prize_collected_twice_is_refused() {
    let mut world = World::new();
    let anyone = world.user("mallory");
    let week = played(&mut world, &[("alice", 30)], 1_000);
    world.collect(week);
    world.give(week, 1_000);
    assert_eq!(world.refused(&anyone, ExecuteMsg::CollectPrizes { week }), 12);
}

#[test]
fn weeks_are_collected_in_order_and_only_when_finalized() {
    let mut world = World::new();
    let (first, anyone) = (world.overview().first_week, world.user("mallory"));
    let week = world.week();
    assert_eq!(world.refused(&anyone, ExecuteMsg::CollectPrizes { week: first }), 9);
    world.next_week();
    world.finalize(week);
    world.finalize(first);
    world.give(first, 5);
    world.give(week, 7);
    assert_eq!(world.refused(&anyone, ExecuteMsg::CollectPrizes { week }), 12);
    world.collect(first);
    world.collect(week);
    assert_eq!(
        world.overview().rolled.u128(),
        12,
        "nobody was charged: everything rolls over"
    );
}

#[test]
fn fund_that_refuses_changes_nothing() {
    let mut world = World::new();
    let (first, anyone, wars) = (world.overview().first_week, world.user("mallory"), world.wars.clone());
    world.finalize(first);
    let collect = ExecuteMsg::CollectPrizes { week: first };
    let outcome = world.app.execute_contract(anyone.clone(), wars, &collect, &[]);
    outcome.expect_err("the fund has nothing to release");
    assert_eq!(world.overview().next_collect, first);
    world.give(first, 3);
    world.ok(&anyone, collect);
}

#[test]
fn donation_is_not_a_prize() {
    let mut world = World::new();
    let wars = world.wars.clone();
    world.mint(&wars, 5_000);
    let week = played(&mut world, &[("alice", 30)], 1_000);
    world.mint(&wars, 5_000);
    world.collect(week);
    assert_eq!(prize(&world, week, 1), 300);
    assert_eq!(world.overview().collected.u128(), 1_000);
    world.claim("alice", week);
    assert_eq!(world.lco(&wars), 10_700, "the gift belongs to nobody");
}

/// A fund that calls back while it is asked cannot have the same money counted twice.
#[test]
fn fund_that_re_enters_has_nothing_counted_twice() {
    let mut world = World::new();
    let first = world.overview().first_week;
    let week = world.week();
    world.record(week, &[("alice", 30)]);
    world.next_week();
    world.finalize(first);
    world.finalize(week);
    world.give(first, 10);
    world.give(week, 1_000);
    let inner = world.to_wars(&ExecuteMsg::CollectPrizes { week });
    let (fund, anyone) = (world.fund.clone(), world.user("mallory"));
    world.exec(&anyone, &fund, &StandInMsg::Also(vec![inner]));
    world.collect(first);
    let sums = world.overview();
    assert_eq!(sums.collected.u128(), 1_010);
    assert_eq!(world.lco(&world.wars), 1_010);
    world.claim("alice", week);
}

/// A winner that is a contract which answers nothing: the others get theirs, and so does he, because a transfer calls nobody.
#[test]
fn payee_that_reverts_holds_up_nobody() {
    let mut world = World::new();
    let (week, vault, fund) = (world.week(), world.vault.clone(), world.fund.clone());
    let scores = [(fund.clone(), 50u128), (world.user("bob"), 40)].map(|(account, charged)| Score {
        account: account.into(),
        charged: Uint128::new(charged),
    });
    let msg = ExecuteMsg::Record {
        week,
        scores: scores.to_vec(),
    };
    world.ok(&vault, msg);
    world.next_week();
    world.catch_up();
    world.give(week, 1_000);
    world.collect(week);
    world.claim("bob", week);
    let claim = world.to_wars(&ExecuteMsg::ClaimPrize { week });
    let anyone = world.user("mallory");
    world.exec(&anyone, &fund, &StandInMsg::Do(vec![claim]));
    assert_eq!((world.lco(&world.user("bob")), world.lco(&fund)), (200, 300));
}

#[test]
fn without_a_fund_nothing_is_collected_until_one_is_named_once() {
    let mut world = World::with(|msg| msg.fund = None);
    let (first, anyone, owner) = (world.overview().first_week, world.user("mallory"), world.user("owner"));
    world.finalize(first);
    let collect = ExecuteMsg::CollectPrizes { week: first };
    assert_eq!(world.refused(&anyone, collect.clone()), 10);
    let set = ExecuteMsg::SetFund {
        fund: world.fund.to_string(),
    };
    world.ok(&owner, set.clone());
    assert_eq!(world.refused(&owner, set), 11);
    world.give(first, 9);
    world.ok(&anyone, collect);
}

#[test]
fn shares_below_the_whole_roll_the_rest_over() {
    let mut world = World::with(|msg| msg.params.prizes_bps = vec![5_000, 2_500]);
    let week = played(&mut world, &[("alice", 30), ("bob", 20), ("carol", 10)], 1_001);
    world.collect(week);
    assert_eq!((prize(&world, week, 1), prize(&world, week, 2)), (500, 250));
    assert_eq!(world.overview().rolled.u128(), 251);
    let carol = world.user("carol");
    assert_eq!(world.refused(&carol, ExecuteMsg::ClaimPrize { week }), 14);
}

#[test]
fn burned_prizes_stay_paid() {
    // a winner may do with a prize what he likes; the sums do not care
    let mut world = World::new();
    let week = played(&mut world, &[("alice", 30)], 1_000);
    world.collect(week);
    world.claim("alice", week);
    let (alice, l_coin) = (world.user("alice"), world.l_coin.clone());
    let burn = l_coin::ExecuteMsg::Burn {
        amount: Uint128::new(300),
    };
    world.exec(&alice, &l_coin, &burn);
    assert_eq!(world.overview().paid.u128(), 300);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Σ paid + unclaimed + rolled == collected, whatever is won, given, claimed and left (`check_laws` after every message), and the prizes are those of the formula.
    #[test]
    fn prize_money_is_conserved(
        weeks in prop::collection::vec((0usize..13, 0u128..1 << 40, any::<u16>()), 1..6),
        table in prop::collection::vec(0u16..=1_000, 1..=10),
    ) {
        let mut table = table;
        table.sort_unstable_by(|a, b| b.cmp(a));
        let shares = table.clone();
        let mut world = World::with(move |msg| msg.params.prizes_bps.clone_from(&shares));
        let mut rolled = 0u128;
        for (players, given, claims) in weeks {
            let names: Vec<String> = (0..players).map(|i| format!("user{i}")).collect();
            let scores: Vec<_> = names.iter().enumerate().map(|(i, name)| (name.as_str(), 1_000 - i as u128)).collect();
            let week = played(&mut world, &scores, given);
            world.collect(week);
            let pool = given + rolled;
            let filled = players.min(table.len());
            let expected: Vec<u128> = table[..filled].iter().map(|share| pool * u128::from(*share) / 10_000).collect();
            rolled = pool - expected.iter().sum::<u128>();
            prop_assert_eq!(world.overview().rolled.u128(), rolled);
            for (place, prize) in expected.iter().enumerate().filter(|(place, _)| claims >> place & 1 == 1) {
                let user = world.user(&names[place]);
                let before = world.lco(&user);
                world.claim(&names[place], week);
                prop_assert_eq!(world.lco(&user) - before, *prize);
            }
        }
    }
}
