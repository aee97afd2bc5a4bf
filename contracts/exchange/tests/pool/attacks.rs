//! What an attacker tries.

use cosmwasm_std::{Order, Uint256};
use exchange::state::SLOTS;
use interfaces::exchange::*;
use proptest::prelude::*;

use crate::direct::Direct;
use crate::world::*;

const DEEP: [u128; 2] = [4_000_000 * ONE, 1_000_000 * ONE];

/// Half an hour of history, with trading that leaves the price where it was.
fn traded() -> Direct {
    let mut direct = Direct::new(DEEP);
    for step in 0..200 {
        direct.wait(10_000);
        match step % 2 {
            0 => direct.swap(Side::Base, 200 * ONE).unwrap(),
            _ => direct.swap(Side::Quote, 50 * ONE).unwrap(),
        };
    }
    direct.wait(500);
    direct
}

/// Parts per million between two prices.
fn moved_ppm(a: QuotePerBase, b: QuotePerBase) -> u128 {
    let (high, low) = (a.max(b).raw(), a.min(b).raw());
    let ppm = (high - low) * Uint256::from(1_000_000u32) / low;
    cosmwasm_std::Uint128::try_from(ppm).unwrap().u128()
}

#[test]
fn donation_attack_changes_nothing() {
    for kinds in [[Kind::Token, Kind::Token], [Kind::Coin, Kind::Coin]] {
        let mut world = World::new(kinds, false).filled();
        world.provide("bob", [4_000 * ONE, 1_000 * ONE]).unwrap();
        let question = QueryMsg::Account {
            address: world.user("bob").into(),
        };
        let (market, account): (_, AccountResponse) = (world.market(), world.query(&question));
        for side in [Side::Base, Side::Quote] {
            world.donate("mallory", side, 900_000 * ONE);
        }
        assert_eq!(world.market(), market);
        assert_eq!(world.query::<AccountResponse>(&question), account);
        assert_eq!(
            world.provide("carol", [4_000 * ONE, 1_000 * ONE]),
            Ok(2_000 * ONE),
            "shares cost what they did"
        );
    }
}

#[test]
fn donations_go_to_the_named_recipient_once() {
    for kinds in [[Kind::Token, Kind::Coin], [Kind::Coin, Kind::Token]] {
        let mut world = World::new(kinds, false).filled();
        world.donate("mallory", Side::Base, 7);
        world.wait(5);
        assert_eq!(world.send("bob", &ExecuteMsg::Skim {}, &[]).map(|_| ()), Ok(()));
        world.wait(5);
        assert_eq!(world.send("bob", &ExecuteMsg::Skim {}, &[]).unwrap_err(), 24);
        world.donate("mallory", Side::Quote, 9);
        world.send("bob", &ExecuteMsg::Skim {}, &[]).unwrap();
        assert_eq!(world.wealth("treasury"), [7, 9]);
        assert_eq!(world.reserves(), [40_000 * ONE, 10_000 * ONE]);
    }
}

/// The classic: buy the smallest position, make its share worth a fortune, let the next one's deposit round down to nothing.
#[test]
fn first_depositor_inflation() {
    let mut world = World::coins();
    world.provide("mallory", [1_001, 1_001]).unwrap();
    assert_eq!(world.shares_of("mallory"), 1);
    for side in [Side::Base, Side::Quote] {
        world.donate("mallory", side, 1_000 * ONE);
    }
    for _ in 0..50 {
        let out = world.swap("mallory", Side::Base, 1_000 * ONE).unwrap();
        let _ = world.swap("mallory", Side::Quote, out);
    }
    let before = world.wealth("bob");
    world.provide("bob", [100_000 * ONE, 100_000 * ONE]).unwrap();
    let shares = world.shares_of("bob");
    let paid = [before[0] - world.wealth("bob")[0], before[1] - world.wealth("bob")[1]];
    let back = world.withdraw("bob", shares).unwrap();
    for (paid, back) in paid.into_iter().zip(back) {
        assert!(paid - back <= 1, "bob paid {paid} for what is worth {back}");
    }
    let [base_before, quote_before] = [WEALTH; 2];
    world.withdraw("mallory", 1).unwrap();
    let after = world.wealth("mallory");
    assert!(
        after[0] < base_before - 1_000 * ONE && after[1] <= quote_before - 1_000 * ONE,
        "mallory paid for the attempt"
    );
}

#[test]
fn dust_touches_to_starve_the_twap() {
    for gap in [1, 500, 14_999, 15_000] {
        let mut direct = traded();
        let honest = direct.market();
        for _ in 0..(2_000_000 / gap).min(4_000) {
            direct.wait(gap);
            direct.swap(Side::Base, 5).unwrap();
        }
        direct.wait(gap);
        let market = direct.market();
        let mark = market.mark.unwrap_or_else(|| panic!("touched every {gap} ms"));
        let oldest = SLOTS.range(&direct.deps.storage, .., Order::Ascending).next();
        let reach = direct.ms() - oldest.unwrap().unwrap().0;
        assert!(
            reach >= 1_800_000,
            "touched every {gap} ms, the fine rows reach back {reach} ms"
        );
        assert!(
            moved_ppm(mark.short, honest.mark.unwrap().short) < 50,
            "touched every {gap} ms"
        );
        assert!(moved_ppm(mark.long, honest.mark.unwrap().long) < 50);
    }
}

#[test]
fn same_block_price_push_moves_nothing_that_counts() {
    for side in [Side::Base, Side::Quote] {
        for touched_first in [false, true] {
            let mut direct = traded();
            if touched_first {
                direct.swap(side.other(), 1_000).unwrap();
            }
            let before = direct.market();
            direct.swap(side, 30_000_000 * ONE).unwrap();
            let after = direct.market();
            assert_ne!(after.reserves, before.reserves);
            assert_eq!(after.previous_close, before.previous_close);
            assert_eq!(after.previous_close_reserves, before.previous_close_reserves);
            assert_eq!((after.twap_5m, after.twap_30m), (before.twap_5m, before.twap_30m));
            assert_eq!(after.mark, before.mark);
        }
    }
}

/// Left standing over the end of a block, a push moves the close as far as it likes and the mark by next to nothing; every half second costs the arbitrage of it.
#[test]
fn push_over_the_end_of_a_block_hardly_moves_the_mark() {
    for side in [Side::Base, Side::Quote] {
        let mut direct = traded();
        let before = direct.market();
        direct.swap(side, 30_000_000 * ONE).unwrap();
        direct.wait(500);
        let after = direct.market();
        assert!(moved_ppm(after.previous_close.unwrap(), before.previous_close.unwrap()) > 1_000_000);
        let (old, new) = (before.mark.unwrap(), after.mark.unwrap());
        assert!(moved_ppm(old.short, new.short) < 50, "{old:?} {new:?}");
        assert!(moved_ppm(old.long, new.long) < 50, "{old:?} {new:?}");
    }
}

/// Held for a minute, with as many touches as there are blocks: the mark follows the 5 minute mean, which the clamp lets move by less than 6 %.
#[test]
fn push_held_for_a_minute_is_bounded_by_the_clamp() {
    for (side, bound) in [(Side::Quote, 60_000), (Side::Base, 60_000)] {
        let mut direct = traded();
        let before = direct.market().mark.unwrap();
        direct.swap(side, 30_000_000 * ONE).unwrap();
        for _ in 0..120 {
            direct.wait(500);
            direct.swap(side, 1_000).unwrap();
        }
        let after = direct.market().mark.unwrap();
        assert!(
            moved_ppm(before.short, after.short) < bound,
            "{}",
            moved_ppm(before.short, after.short)
        );
        assert!(moved_ppm(before.long, after.long) < bound);
    }
}

/// Skimming in the block of a trade is what a hostile token needs; see `re_entry`.
#[test]
fn skim_waits_for_a_block_without_a_trade() {
    let mut world = World::tokens().filled();
    world.donate("mallory", Side::Base, 7);
    world.swap("bob", Side::Base, ONE).unwrap();
    assert_eq!(world.send("bob", &ExecuteMsg::Skim {}, &[]).unwrap_err(), 25);
    world.wait(1);
    world.send("bob", &ExecuteMsg::Skim {}, &[]).unwrap();
    assert_eq!(world.send("bob", &ExecuteMsg::Skim {}, &[]).unwrap_err(), 25);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Small trades to and fro, in parts, by either kind of swap: rounding never pays.
    #[test]
    fn rounding_loops_never_gain(steps in prop::collection::vec((1..5_000_u128, any::<bool>(), 1..5_u128), 1..25)) {
        let mut world = World::coins();
        world.provide("alice", [40_000, 10_000]).unwrap();
        let before = world.wealth("mallory");
        for (paid, exact, parts) in steps {
            let Ok(mut out) = world.swap("mallory", Side::Base, paid) else { continue };
            for _ in 0..parts {
                let part = (out / parts).max(1).min(out);
                if part == 0 { break }
                match exact {
                    false => { let _ = world.swap("mallory", Side::Quote, part); out -= part; }
                    true => {
                        let told: Result<SimulateResponse, _> =
                            world.app.wrap().query_wasm_smart(&world.pool, &QueryMsg::Simulate { pay: Side::Quote, amount: amount(part) });
                        if let Ok(told) = told {
                            out -= world.buy("mallory", Side::Base, told.amount_out.u128()).unwrap();
                        }
                    }
                }
            }
            let after = world.wealth("mallory");
            prop_assert!(after[0] <= before[0] || after[1] < before[1], "gained: {:?} from {:?}", after, before);
            // whatever is left over in the other asset goes back, so that the next round starts even
            let rest = after[1] - before[1];
            if rest > 0 { let _ = world.swap("mallory", Side::Quote, rest); }
            let (now, start) = (world.wealth("mallory"), before);
            prop_assert!(now[0] <= start[0], "gained: {:?} from {:?}", now, start);
        }
    }

    /// Adding and leaving in any sizes, with trades between: the last one out gains nothing from the others' rounding.
    #[test]
    fn adding_and_leaving_never_gains(steps in prop::collection::vec((1..9_000_u128, 1..9_000_u128), 1..25)) {
        let mut world = World::coins();
        world.provide("alice", [40_003, 10_007]).unwrap();
        let before = world.wealth("mallory");
        for (base, quote) in steps {
            if let Ok(shares) = world.provide("mallory", [base, quote]) {
                world.withdraw("mallory", shares).unwrap();
            }
            let after = world.wealth("mallory");
            prop_assert!(after[0] <= before[0] && after[1] <= before[1]);
        }
    }
}
