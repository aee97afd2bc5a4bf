//! Liquidation in part and whole, and who gains by it.

use interfaces::margin::*;
use proptest::prelude::*;

use crate::world::*;

/// A 4.5-times position of about 2,000 tokens.
fn leveraged(world: &mut World, name: &str, side: Side) -> u64 {
    match side {
        Side::Long => world.open(name, side, 450 * ONE, 1_550 * ONE).unwrap(),
        Side::Short => world.open(name, side, 450 * ONE, 1_900 * ONE).unwrap(),
    }
}

fn cr(world: &World, id: u64) -> i64 {
    world.position(id).health.unwrap().cr_ppm
}

fn reserve(world: &World) -> u128 {
    world.pool(Token::Credit).reserve.u128()
}

/// Prices at which the positions of [`leveraged`] are in danger (between 4 % and 10 %).
const DANGER: [(Side, u128); 2] = [(Side::Long, 840_000), (Side::Short, 1_145_000)];

#[test]
fn healthy_position_cannot_be_liquidated() {
    let mut world = World::new();
    for side in [Side::Long, Side::Short] {
        let id = leveraged(&mut world, "alice", side);
        assert_eq!(world.liquidate("keeper", id).unwrap_err(), "margin:19");
    }
    assert_eq!(world.liquidate("keeper", 9).unwrap_err(), "margin:6");
}

#[test]
fn partial_liquidation_restores_the_target_and_pays_keeper_and_reserve() {
    for (side, ppm) in DANGER {
        let mut world = World::new();
        let id = leveraged(&mut world, "alice", side);
        world.move_price(ppm);
        let before = world.position(id);
        let health = before.health.clone().unwrap();
        assert!((40_000..100_000).contains(&health.cr_ppm), "{side:?} {}", health.cr_ppm);
        assert!(before.liquidatable);
        let (purse, kept) = (world.balance("keeper", Token::Credit), reserve(&world));
        world.liquidate("keeper", id).unwrap();

        let after = cr(&world, id);
        assert!((150_000..=150_010).contains(&after), "{side:?}: {after}");
        let [entry] = &world.history("alice")[..] else { panic!() };
        assert_eq!(
            (entry.ending, entry.loss, entry.payout),
            (Ending::LiquidatedInPart, amount(0), amount(0))
        );
        let (bounty, penalty) = (world.balance("keeper", Token::Credit) - purse, reserve(&world) - kept);
        assert_eq!((entry.bounty.u128(), entry.penalty.u128()), (bounty, penalty));
        // 0.5 % and 2.5 % of what was closed at mark
        let now = world.position(id);
        let closed = health.notional.u128() - now.health.unwrap().notional.u128();
        assert!(bounty.abs_diff(closed * 50 / 10_000) <= 2 && penalty.abs_diff(closed * 250 / 10_000) <= 2);
        assert_eq!(
            world.liquidate("keeper", id).unwrap_err(),
            "margin:19",
            "once is enough"
        );
    }
}

/// The numbers of docs/src/contracts/margin.md.
#[test]
fn worked_example_of_the_docs() {
    let mut world = World::new();
    let id = world.open("alice", Side::Long, 450 * ONE, 1_550 * ONE).unwrap();
    let row = world.position(id);
    assert_eq!((row.held.u128(), row.debt), (1_986_079_514, whole(1_550)));
    assert_eq!(row.health.unwrap().cr_ppm, 219_568);
    world.move_price(840_000);
    let row = world.position(id);
    let health = row.health.unwrap();
    assert_eq!(row.debt, amount(1_550_007_764), "two hours of interest");
    assert_eq!(
        (health.notional, health.equity.i128()),
        (amount(1_668_307_474), 118_299_710)
    );
    assert_eq!(health.cr_ppm, 70_910);

    let (kept, purse) = (reserve(&world), world.balance("keeper", Token::Credit));
    world.liquidate("keeper", id).unwrap();
    let entry = &world.history("alice")[0];
    assert_eq!(
        (entry.lco, entry.credits),
        (amount(1_371_783_501), amount(1_145_969_190))
    );
    assert_eq!((entry.penalty, entry.bounty), (amount(28_807_465), amount(5_761_493)));
    assert_eq!(reserve(&world) - kept, 28_807_465);
    assert_eq!(world.balance("keeper", Token::Credit) - purse, 5_761_493);
    let row = world.position(id);
    let health = row.health.unwrap();
    assert_eq!((row.held, row.debt), (amount(614_296_013), amount(438_607_532)));
    assert_eq!(
        (health.notional, health.equity.i128()),
        (amount(516_008_862), 77_401_330)
    );
    assert_eq!(health.cr_ppm, 150_000);
    assert_eq!(health.liquidation_price.quote_floor(1_000_000).unwrap(), 793_333);
}

#[test]
fn below_four_percent_everything_is_closed() {
    for (side, ppm) in [(Side::Long, 805_000), (Side::Short, 1_190_000)] {
        let mut world = World::new();
        let id = leveraged(&mut world, "alice", side);
        world.move_price(ppm);
        let before = cr(&world, id);
        assert!((0..40_000).contains(&before), "{side:?} {before}");
        world.liquidate("keeper", id).unwrap();
        assert!(!world.exists(id));
        assert_eq!(world.pool(side.debt()).debt, amount(0));
        let [entry] = &world.history("alice")[..] else { panic!() };
        assert_eq!((entry.ending, entry.loss), (Ending::Liquidated, amount(0)));
        assert!(!entry.bounty.is_zero());
    }
}

#[test]
fn what_would_be_too_small_is_closed_whole() {
    let mut world = World::new();
    let id = world.open("alice", Side::Long, 30 * ONE, 90 * ONE).unwrap();
    world.move_price(820_000);
    assert!((40_000..100_000).contains(&cr(&world, id)));
    world.liquidate("keeper", id).unwrap();
    assert!(!world.exists(id));
    let entry = &world.history("alice")[0];
    assert_eq!(entry.ending, Ending::Liquidated);
    // at least the fixed bounty, and the rest to the owner
    assert_eq!(entry.bounty, whole(1));
    assert!(!entry.payout.is_zero());
}

/// Pushing the price and liquidating in the same block: the mark does not move, so nothing can be liquidated.
#[test]
fn same_block_price_push_then_liquidation_fails() {
    for (side, ppm) in [(Side::Long, 700_000), (Side::Short, 1_400_000)] {
        let mut world = World::new();
        let id = leveraged(&mut world, "alice", side);
        world.push("mallory", ppm);
        assert_eq!(world.liquidate("mallory", id).unwrap_err(), "margin:19", "{side:?}");
        assert!(!world.position(id).liquidatable);
    }
}

/// A position that can be liquidated is not sold below mark either: the fill would be too far from mark and from the previous close, so it goes on offer instead.
#[test]
fn same_block_price_push_sells_no_position_cheaply() {
    for (side, ppm) in DANGER {
        let mut world = World::new();
        let id = leveraged(&mut world, "alice", side);
        world.move_price(ppm);
        let held = world.position(id).held;
        world.push(
            "mallory",
            if side == Side::Long {
                ppm * 9 / 10
            } else {
                ppm * 11 / 10
            },
        );
        world.liquidate("mallory", id).unwrap();
        let row = world.position(id);
        assert_eq!(row.held, held, "nothing was sold");
        assert!(row.offer.is_some());
        // once the price is back, the exchange fills: an offer does not prevent it
        world.push("mallory", ppm);
        world.liquidate("keeper", id).unwrap();
        let row = world.position(id);
        assert!(row.held < held && row.offer.is_none());
    }
}

/// After a real crash mark lags behind. The fill is then near the previous block's close.
#[test]
fn real_crash_fills_near_the_previous_close() {
    let mut world = World::new();
    let id = leveraged(&mut world, "alice", Side::Long);
    world.push("whale", 830_000);
    world.advance(236);
    let market = world.market();
    let (mark, close) = (market.mark.unwrap().long, market.previous_close.unwrap());
    let at = |price: CreditsPerLco| price.quote_floor(1_000_000).unwrap();
    assert!(at(mark) > at(close) * 103 / 100, "{} {}", at(mark), at(close));
    world.liquidate("keeper", id).unwrap();
    let entry = &world.history("alice")[0];
    assert_eq!(entry.ending, Ending::LiquidatedInPart);
    let got = entry.credits.u128() * ONE / entry.lco.u128();
    assert!(got < at(mark) * 98 / 100 && got > at(close) * 98 / 100, "{got}");
    assert!(
        (150_000..=150_010).contains(&cr(&world, id)),
        "the band is that of mark"
    );
}

/// Somebody who owns both the position and the keeper's account is worse off than by closing himself.
#[test]
fn self_liquidation_never_pays() {
    for (side, ppm) in [
        (Side::Long, 840_000),
        (Side::Short, 1_145_000),
        (Side::Long, 805_000),
        (Side::Short, 1_190_000),
    ] {
        let outcome = |liquidated: bool| {
            let mut world = World::new();
            let wealth = |world: &World| world.balance("mallory", Token::Credit) + world.balance("bob", Token::Credit);
            let before = wealth(&world);
            let id = leveraged(&mut world, "mallory", side);
            world.move_price(ppm);
            if liquidated {
                world.liquidate("bob", id).unwrap();
            }
            if world.exists(id) {
                world.close("mallory", id).unwrap();
            }
            before - wealth(&world)
        };
        assert!(outcome(true) > outcome(false), "{side:?} {ppm}");
    }
}

/// A bankrupt close pays the keeper from the reserve; to have one, its owner lost a fifth of the smallest position, twenty times as much.
#[test]
fn bankrupt_close_pays_its_bounty_from_the_reserve_and_is_no_business() {
    let mut world = World::new();
    world
        .send("carol", Token::Credit, 500 * ONE, &Cw20Hook::FundReserve {})
        .unwrap();
    let wealth = |world: &World| world.balance("mallory", Token::Credit) + world.balance("bob", Token::Credit);
    let before = wealth(&world);
    let id = world.open("mallory", Side::Long, 30 * ONE, 90 * ONE).unwrap();
    world.move_price(700_000);
    assert!(cr(&world, id) < 0);
    let (kept, purse) = (reserve(&world), world.balance("bob", Token::Credit));
    world.liquidate("bob", id).unwrap();
    assert_eq!(world.balance("bob", Token::Credit) - purse, ONE);
    let entry = &world.history("mallory")[0];
    assert_eq!(
        (entry.penalty, entry.bounty, entry.payout),
        (amount(0), whole(1), amount(0))
    );
    assert_eq!(kept - reserve(&world), ONE + entry.loss.u128(), "the reserve bore it");
    assert!(before - wealth(&world) >= 20 * ONE);
}

/// The order of danger against brute force over all positions, with interest accruing and prices moving.
#[test]
fn kappa_order_is_that_of_brute_force_while_interest_accrues() {
    let mut world = World::with(|params| {
        params.lco_curve.steep_bps = 20_000;
        params.lco_curve.base_bps = 2_000;
    });
    for (index, collateral) in [300u128, 330, 360, 400, 500, 700].into_iter().enumerate() {
        let name = USERS[index % 4];
        world.open(name, Side::Long, collateral * ONE, 1_000 * ONE).unwrap();
        world.open(name, Side::Short, collateral * ONE, 1_050 * ONE).unwrap();
        world.advance(20 * DAY);
    }
    let mut seen = 0;
    for ppm in [1_000_000, 900_000, 850_000, 1_100_000, 1_250_000, 1_400_000] {
        world.move_price(ppm);
        world.advance(30 * DAY);
        let listed: Vec<PositionResponse> = world.query(&QueryMsg::Liquidatable { limit: Some(100) });
        let all: Vec<_> = (1..=12).map(|id| world.position(id)).collect();
        for side in [Side::Long, Side::Short] {
            let mut bad: Vec<_> = all
                .iter()
                .filter(|row| row.side == side && row.health.as_ref().unwrap().cr_ppm < 100_000)
                .map(|row| (row.health.as_ref().unwrap().cr_ppm, row.position))
                .collect();
            bad.sort_unstable();
            let found: Vec<_> = listed
                .iter()
                .filter(|row| row.side == side)
                .map(|row| row.position)
                .collect();
            assert_eq!(
                found,
                bad.iter().map(|(_, id)| *id).collect::<Vec<_>>(),
                "{side:?} at {ppm}"
            );
            seen += found.len();
        }
        let first: Vec<PositionResponse> = world.query(&QueryMsg::Liquidatable { limit: Some(1) });
        assert_eq!(first, listed.into_iter().take(1).collect::<Vec<_>>());
    }
    assert!(seen > 10, "the prices put positions in danger: {seen}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Over prices, sizes, leverage and waiting times: CR at mark lies in [15 %, 15 % + 10 ppm] after every partial liquidation.
    #[test]
    fn partial_liquidation_within_its_band(
        long in any::<bool>(), borrow in 300u128..1_900, leverage in 300u128..480, ppm in 1_080u128..1_300, wait in 0u64..60,
    ) {
        let mut world = World::new();
        let (side, ppm) = match long {
            true => (Side::Long, 1_000_000_000 / ppm),
            false => (Side::Short, ppm * 1_000),
        };
        let collateral = match long {
            true => borrow * 100 / (leverage - 100),
            false => borrow * 100 / leverage,
        };
        let Ok(id) = world.open("alice", side, collateral * ONE, borrow * ONE) else { return Ok(()) };
        world.advance(wait * DAY);
        world.move_price(ppm);
        let before = world.position(id);
        match world.liquidate("keeper", id) {
            Ok(_) if world.exists(id) => {
                let after = cr(&world, id);
                prop_assert!((150_000..=150_010).contains(&after), "{after} from {before:?}");
            }
            Ok(_) => {
                let health = before.health.as_ref().unwrap();
                // 1 − s with φ of about 3.5 %, of the notional
                let kept = health.notional.u128() * (u128::try_from(health.cr_ppm.max(35_000)).unwrap() - 35_000) / 115_000;
                let small = health.cr_ppm < 45_000 || kept < 115 * ONE;
                prop_assert!(small, "whole although a part would do: {before:?}");
            }
            Err(code) => {
                prop_assert_eq!(code, "margin:19");
                prop_assert!(before.health.unwrap().cr_ppm >= 100_000);
            }
        }
    }
}
