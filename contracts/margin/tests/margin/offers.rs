//! Positions that the exchange cannot fill near any price that stands.

use interfaces::margin::*;

use crate::world::*;

/// A position in danger (about 7 %), with the pool pushed far away in the same block, and on offer.
fn offered(side: Side) -> (World, u64) {
    let mut world = World::new();
    let (id, ppm, away) = match side {
        Side::Long => (
            world.open("alice", side, 450 * ONE, 1_550 * ONE).unwrap(),
            840_000,
            700_000,
        ),
        Side::Short => (
            world.open("alice", side, 450 * ONE, 1_900 * ONE).unwrap(),
            1_145_000,
            1_350_000,
        ),
    };
    world.move_price(ppm);
    world.push("mallory", away);
    world.liquidate("keeper", id).unwrap();
    (world, id)
}

fn offer(world: &World, id: u64) -> OfferResponse {
    world.position(id).offer.unwrap()
}

fn take(world: &mut World, name: &str, side: Side, id: u64, paid: u128) -> Result<cw_multi_test::AppResponse, Refusal> {
    let hook = Cw20Hook::TakeOffer {
        position: id,
        min_out: amount(0),
    };
    world.send(name, side.debt(), paid, &hook)
}

#[test]
fn discount_grows_from_nothing_to_the_equity_over_ten_minutes() {
    for side in [Side::Long, Side::Short] {
        let (mut world, id) = offered(side);
        let start = world.position(id);
        let health = start.health.unwrap();
        let equity = u128::try_from(health.equity.i128()).unwrap();
        let first = start.offer.unwrap();
        assert_eq!(
            (first.open_fill_at, first.ends_at),
            (first.since + 600, first.since + 1_200)
        );
        let discount = |offer: &OfferResponse, row: &PositionResponse| {
            let notional = row.health.as_ref().unwrap().notional.u128();
            match side {
                Side::Long => notional.saturating_sub(offer.pays.u128()),
                Side::Short => offer.receives.u128().saturating_sub(notional),
            }
        };
        assert!(discount(&first, &world.position(id)) <= 1);
        // the pool stays pushed away for a while, as after a crash that nobody trades against; mark follows only slowly
        world.advance(60);
        let row = world.position(id);
        let tenth = discount(row.offer.as_ref().unwrap(), &row);
        let now = u128::try_from(row.health.as_ref().unwrap().equity.i128()).unwrap();
        let most = (row.health.as_ref().unwrap().notional.u128() * 8 / 100).min(now);
        assert!(tenth.abs_diff(most / 10) <= 3, "{side:?}: {tenth} of {most}");
        assert!(equity > 0);
    }
}

#[test]
fn taker_pays_the_price_and_the_rest_goes_to_reserve_and_owner() {
    for side in [Side::Long, Side::Short] {
        let (mut world, id) = offered(side);
        world.advance(60);
        let (row, offer) = (world.position(id), offer(&world, id));
        assert!(row.liquidatable);
        let before = Token::ALL.map(|token| world.balance("bob", token));
        let (owner, reserve) = (world.balance("alice", Token::Credit), world.pool(Token::Credit).reserve);
        take(&mut world, "bob", side, id, offer.pays.u128() + 7 * ONE).unwrap();
        assert!(!world.exists(id));
        let after = Token::ALL.map(|token| world.balance("bob", token));
        let (paid, received) = match side {
            Side::Long => (before[0] - after[0], after[1] - before[1]),
            Side::Short => (before[1] - after[1], after[0] - before[0]),
        };
        assert_eq!(
            (paid, received),
            (offer.pays.u128(), offer.receives.u128()),
            "the rest came back"
        );
        let [entry] = &world.history("alice")[..] else { panic!() };
        assert_eq!(
            (entry.ending, entry.bounty, entry.loss),
            (Ending::Taken, amount(0), amount(0))
        );
        assert_eq!(world.pool(Token::Credit).reserve - reserve, entry.penalty);
        assert_eq!(world.balance("alice", Token::Credit) - owner, entry.payout.u128());
        let rest = entry.penalty + entry.payout;
        let expected = match side {
            Side::Long => offer.pays - row.debt,
            Side::Short => row.held - offer.receives,
        };
        assert_eq!(rest, expected);
    }
}

#[test]
fn offer_is_refused_below_its_price_of_other_tokens_and_when_there_is_none() {
    let (mut world, id) = offered(Side::Long);
    let offer = offer(&world, id);
    let refused = take(&mut world, "bob", Side::Long, id, offer.pays.u128() - 1);
    assert_eq!(refused.unwrap_err(), "margin:17");
    let greedy = Cw20Hook::TakeOffer {
        position: id,
        min_out: offer.receives + amount(1),
    };
    let refused = world.send("bob", Token::Credit, offer.pays.u128(), &greedy);
    assert_eq!(refused.unwrap_err(), "margin:17");
    assert_eq!(take(&mut world, "bob", Side::Short, id, ONE).unwrap_err(), "margin:5");
    let healthy = world.open("bob", Side::Long, 450 * ONE, 450 * ONE).unwrap();
    assert_eq!(
        take(&mut world, "bob", Side::Long, healthy, 900 * ONE).unwrap_err(),
        "margin:19"
    );
    let mut world = World::new();
    let id = world.open("alice", Side::Long, 450 * ONE, 1_550 * ONE).unwrap();
    world.move_price(840_000);
    assert_eq!(
        take(&mut world, "bob", Side::Long, id, 2_000 * ONE).unwrap_err(),
        "margin:20"
    );
}

/// A mark that lags gives nothing away: an offer is never better than what the exchange itself would pay.
#[test]
fn offer_is_never_cheaper_than_the_exchange() {
    for side in [Side::Long, Side::Short] {
        let (mut world, id) = offered(side);
        // the price jumps to the position's favour within the block
        world.push("whale", if side == Side::Long { 1_200_000 } else { 800_000 });
        let (offer, row) = (offer(&world, id), world.position(id));
        let exit: interfaces::exchange::ExitQuoteResponse = world.ask(
            &world.exchange,
            &interfaces::exchange::QueryMsg::ExitQuote {
                position: match side {
                    Side::Long => interfaces::exchange::Position::Long,
                    Side::Short => interfaces::exchange::Position::Short,
                },
                base: match side {
                    Side::Long => row.held,
                    Side::Short => row.debt,
                },
            },
        );
        match side {
            Side::Long => assert_eq!(offer.pays, exit.quote),
            Side::Short => assert_eq!(offer.receives, exit.quote),
        }
    }
}

/// Ten minutes of offer, then the exchange fills further away for ten minutes, then a new offer has to begin.
#[test]
fn full_path_offer_then_open_fill_then_a_new_offer() {
    for side in [Side::Long, Side::Short] {
        let (mut world, id) = offered(side);
        assert_eq!(world.liquidate("keeper", id).unwrap_err(), "margin:26");
        // the attacker keeps pushing the pool away in every block before somebody calls
        world.push("mallory", 1_000_000);
        world.advance(599);
        // further than the slippage, and not further than the worst price of an offer
        let away = |world: &mut World| away(world, side, 7);
        world.push("mallory", if side == Side::Long { 840_000 } else { 1_145_000 });
        world.advance(1);
        let row = world.position(id);
        if !row.liquidatable {
            continue;
        }
        away(&mut world);
        world.liquidate("keeper", id).unwrap();
        let entry = world.history("alice");
        assert_eq!(entry.len(), 1, "{side:?}: filled");

        // an old offer is no licence: after its end a new one begins
        let (mut world, id) = offered(side);
        let since = offer(&world, id).since;
        world.push("mallory", if side == Side::Long { 840_000 } else { 1_145_000 });
        world.advance(1_200);
        assert_eq!(world.position(id).offer, None, "over");
        away(&mut world);
        world.liquidate("keeper", id).unwrap();
        assert!(offer(&world, id).since == since + 1_200 && world.history("alice").is_empty());
    }
}

/// Pushes the pool so many percent away from the previous block's close, against positions of a side.
fn away(world: &mut World, side: Side, percent: u128) {
    let close = world.market().previous_close.unwrap().quote_floor(1_000_000).unwrap();
    let part = match side {
        Side::Long => 100 - percent,
        Side::Short => 100 + percent,
    };
    world.push("mallory", close * part / 100);
}

/// Three positions whose offers nobody took for ten minutes; the price is back where it was before they began.
fn three_after_ten_minutes(side: Side) -> (World, Vec<u64>) {
    let mut world = World::new();
    let (borrow, ppm, away) = match side {
        Side::Long => (1_550, 840_000, 700_000),
        Side::Short => (1_900, 1_145_000, 1_350_000),
    };
    let owners = ["alice", "carol", "dave"];
    let ids = owners.map(|name| world.open(name, side, 450 * ONE, borrow * ONE).unwrap());
    world.move_price(ppm);
    world.push("mallory", away);
    ids.iter().for_each(|id| drop(world.liquidate("keeper", *id).unwrap()));
    world.push("mallory", ppm);
    world.advance(600);
    (world, ids.to_vec())
}

/// What somebody has, in Credits at a price.
fn wealth(world: &World, name: &str, ppm: u128) -> i128 {
    let [credits, lco] = Token::ALL.map(|token| world.balance(name, token));
    i128::try_from(credits + lco * ppm / ONE).unwrap()
}

/// One push, all the positions that were on offer for ten minutes filled at the price it made, and the push taken back: the fill has to be near a price that the push
/// did not make.
#[test]
fn positions_on_offer_cannot_be_filled_after_one_push() {
    for side in [Side::Long, Side::Short] {
        let ppm = if side == Side::Long { 840_000 } else { 1_145_000 };
        for percent in [9, 15, 30] {
            let (mut world, ids) = three_after_ten_minutes(side);
            away(&mut world, side, percent);
            for id in &ids {
                assert!(world.position(*id).liquidatable);
                assert_eq!(
                    world.liquidate("mallory", *id).unwrap_err(),
                    "margin:26",
                    "{side:?} {percent}"
                );
            }
            // and without the push they are closed at once
            world.push("mallory", ppm);
            for id in &ids {
                world.liquidate("keeper", *id).unwrap();
            }
        }
        // as far as a push may go it gets no more than the offers gave to anybody who took them
        let (mut world, ids) = three_after_ten_minutes(side);
        let rows: Vec<_> = ids.iter().map(|id| world.position(*id)).collect();
        let discount: u128 = rows
            .iter()
            .map(|row| row.health.as_ref().unwrap().notional.u128() * 8 / 100)
            .sum();
        let before = wealth(&world, "mallory", ppm);
        away(&mut world, side, 7);
        let filled = ids.iter().filter(|id| world.liquidate("mallory", **id).is_ok()).count();
        world.push("mallory", ppm);
        assert!(filled > 0, "{side:?}");
        let gained = wealth(&world, "mallory", ppm) - before;
        assert!(
            gained < i128::try_from(discount).unwrap(),
            "{side:?}: {gained} of {discount}"
        );
    }
}

/// The mark lags behind a price that came back: the position counts as bad, its offer as of the mark is a gift. Whoever takes it and leaves through the exchange in the
/// same block must not gain, for the exchange's own price bounds the offer.
#[test]
fn lagging_mark_is_no_gift_to_who_takes_the_offer() {
    for side in [Side::Long, Side::Short] {
        let (mut world, id) = offered(side);
        world.push("mallory", if side == Side::Long { 840_000 } else { 1_145_000 });
        world.advance(300);
        // half the discount is there; now the price comes back, and mark does not know yet
        let ppm = 1_000_000;
        world.push("whale", ppm);
        world.advance(5);
        let row = world.position(id);
        assert!(row.liquidatable, "{side:?}");
        let offer = row.offer.clone().unwrap();
        let at_mark = row.health.unwrap().notional.u128();
        match side {
            Side::Long => assert!(at_mark < offer.pays.u128(), "the exchange gives more than mark"),
            Side::Short => assert!(at_mark > offer.receives.u128(), "the exchange charges less than mark"),
        }
        let before = Token::ALL.map(|token| world.balance("bob", token));
        take(&mut world, "bob", side, id, offer.pays.u128()).unwrap();
        let after = Token::ALL.map(|token| world.balance("bob", token));
        match side {
            Side::Long => {
                let out = world.swap("bob", Token::Lco, after[1] - before[1]);
                assert!(out <= before[0] - after[0], "{out}");
            }
            Side::Short => {
                let out = world.swap("bob", Token::Credit, after[0] - before[0]);
                assert!(out <= before[1] - after[1], "{out}");
            }
        }
    }
}

/// An offer begins in a bad moment, the position recovers, nobody takes it. Weeks later it is bad again for a moment: the old offer is no licence to take it at the full
/// discount, nor to fill it far from every price, without the ten minutes in which anybody may come.
#[test]
fn offer_that_is_over_is_no_licence_after_a_recovery() {
    for side in [Side::Long, Side::Short] {
        for seconds in [1_200, 20 * DAY] {
            let (mut world, id) = offered(side);
            let since = offer(&world, id).since;
            world.move_price(1_000_000);
            assert!(!world.position(id).liquidatable);
            world.advance(seconds);
            world.push("whale", if side == Side::Long { 840_000 } else { 1_140_000 });
            world.advance(2 * HOUR);
            let row = world.position(id);
            assert!(row.liquidatable && row.offer.is_none(), "{side:?}");
            let worth = match side {
                Side::Long => row.health.unwrap().notional.u128(),
                Side::Short => row.debt.u128(),
            };
            let taken = take(&mut world, "bob", side, id, worth);
            assert_eq!(taken.unwrap_err(), "margin:20", "{side:?}");
            away(&mut world, side, 7);
            world.liquidate("mallory", id).unwrap();
            assert!(
                world.exists(id) && world.history("alice").is_empty(),
                "a new offer, no fill"
            );
            assert!(offer(&world, id).since > since + 1_200);
        }
    }
}
