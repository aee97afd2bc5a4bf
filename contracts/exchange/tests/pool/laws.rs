//! Random operations by many actors; the laws are checked after each (see `World::check_laws`).

use interfaces::exchange::*;
use proptest::prelude::*;

use crate::world::*;

#[derive(Clone, Debug)]
enum Step {
    Swap(usize, bool, u128),
    Buy(usize, bool, u128),
    Provide(usize, u128, u128),
    /// Of what the actor has, in hundredths.
    Announce(usize, u128),
    Withdraw(usize, u128),
    Donate(usize, bool, u128),
    Skim,
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..USERS.len();
    let value = || prop_oneof![1..1_000_u128, 1..100_000 * ONE];
    let part = || prop_oneof![1..=100_u128, Just(100)];
    let step = prop_oneof![
        4 => (who(), any::<bool>(), value()).prop_map(|(who, base, value)| Step::Swap(who, base, value)),
        2 => (who(), any::<bool>(), value()).prop_map(|(who, base, value)| Step::Buy(who, base, value)),
        3 => (who(), value(), value()).prop_map(|(who, base, quote)| Step::Provide(who, base, quote)),
        2 => (who(), part()).prop_map(|(who, part)| Step::Announce(who, part)),
        4 => (who(), part()).prop_map(|(who, part)| Step::Withdraw(who, part)),
        1 => (who(), any::<bool>(), value()).prop_map(|(who, base, value)| Step::Donate(who, base, value)),
        1 => Just(Step::Skim),
        3 => prop_oneof![1..30_u64, 1..100_000_u64].prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..50)
}

fn side(base: bool) -> Side {
    if base {
        Side::Base
    } else {
        Side::Quote
    }
}

fn run(world: &mut World, step: Step) {
    let part = |world: &World, who: usize, part: u128| world.shares_of(USERS[who]) * part / 100;
    match step {
        Step::Swap(who, base, value) => drop(world.swap(USERS[who], side(base), value)),
        Step::Buy(who, base, value) => drop(world.buy(USERS[who], side(base), value)),
        Step::Provide(who, base, quote) => drop(world.provide(USERS[who], [base, quote])),
        Step::Announce(who, hundredths) => drop(world.announce(USERS[who], part(world, who, hundredths))),
        Step::Withdraw(who, hundredths) => drop(world.withdraw(USERS[who], part(world, who, hundredths))),
        Step::Donate(who, base, value) => world.donate(USERS[who], side(base), value),
        Step::Skim => drop(world.send("bob", &ExecuteMsg::Skim {}, &[])),
        Step::Wait(seconds) => world.wait(seconds),
    }
}

/// Every answer must come at any moment, and agree with the others.
fn ask(world: &World) {
    let overview: OverviewResponse = world.query(&QueryMsg::Overview {});
    let market = world.market();
    assert_eq!(overview.market, market);
    assert!(market.announced_shares <= market.total_shares);
    for (lowest, reserve) in market.lowest_reserves_24h.into_iter().zip(market.reserves) {
        assert!(lowest <= reserve);
    }
    for pair in [market.twap_5m, market.twap_30m].into_iter().flatten() {
        assert!(pair.harmonic <= pair.arithmetic);
    }
    if let Some(mark) = market.mark {
        assert!(mark.long <= mark.short);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn laws_hold_whatever_happens(steps in steps(), announced: bool) {
        let mut world = World::new([Kind::Coin, Kind::Coin], announced);
        for step in steps {
            run(&mut world, step);
            ask(&world);
        }
        // and everybody can leave
        if announced {
            for name in USERS {
                let shares = world.shares_of(name);
                if shares > 0 { world.announce(name, shares).unwrap(); }
            }
            world.wait(DAY);
        }
        for name in USERS {
            let shares = world.shares_of(name);
            if shares > 0 { world.withdraw(name, shares).unwrap(); }
        }
    }
}
