//! Opening, enlarging, closing, and moving collateral.

use interfaces::margin::*;

use crate::world::*;

fn opening(side: Side, borrow: u128, min_out: u128, position: Option<u64>) -> Cw20Hook {
    Cw20Hook::Open {
        side,
        borrow: amount(borrow),
        min_out: amount(min_out),
        deadline: None,
        position,
    }
}

/// ⌊y·dx·0.997 / (x + dx·0.997)⌋ for the pool as it is at the beginning.
fn out(paid: u128) -> u128 {
    let net = paid * 9_970;
    DEPTH * net / (DEPTH * 10_000 + net)
}

#[test]
fn long_holds_lco_only_and_short_holds_credits_only() {
    let mut world = World::new();
    let long = world.open("alice", Side::Long, 500 * ONE, 1_500 * ONE).unwrap();
    let row = world.position(long);
    assert_eq!(
        (row.held.u128(), row.debt, row.side),
        (out(2_000 * ONE), whole(1_500), Side::Long)
    );
    let overview: OverviewResponse = world.query(&QueryMsg::Overview {});
    assert_eq!(
        (overview.long_open_interest, overview.short_collateral),
        (row.held, amount(0))
    );

    let mut world = World::new();
    let short = world.open("alice", Side::Short, 500 * ONE, 1_500 * ONE).unwrap();
    let row = world.position(short);
    assert_eq!(
        (row.held.u128(), row.debt),
        (500 * ONE + out(1_500 * ONE), whole(1_500))
    );
    let overview: OverviewResponse = world.query(&QueryMsg::Overview {});
    assert_eq!(
        (overview.long_open_interest, overview.short_open_interest),
        (amount(0), whole(1_500))
    );
    assert_eq!(overview.next_position, 2);
}

#[test]
fn closing_pays_the_rest_in_credits_and_ends_the_position() {
    for side in [Side::Long, Side::Short] {
        let mut world = World::new();
        let before = world.balance("alice", Token::Credit);
        let id = world.open("alice", side, 500 * ONE, 1_500 * ONE).unwrap();
        world.close("alice", id).unwrap();
        assert!(!world.exists(id));
        let lost = before - world.balance("alice", Token::Credit);
        // two fees of 0.3 % on about 1,500 to 2,000 Credits; the impact comes back
        assert!(lost > 8 * ONE && lost < 13 * ONE, "{side:?} {lost}");
        let [entry] = &world.history("alice")[..] else { panic!() };
        assert_eq!(
            (entry.ending, entry.position, entry.loss),
            (Ending::Closed, id, amount(0))
        );
        assert_eq!(entry.payout.u128(), 500 * ONE - lost);
        assert_eq!(world.pool(side.debt()).debt, amount(0));
        assert_eq!(world.close("alice", id).unwrap_err(), "margin:6");
    }
}

#[test]
fn profit_and_loss_follow_the_price() {
    for (side, ppm, gains) in [
        (Side::Long, 1_050_000, true),
        (Side::Long, 950_000, false),
        (Side::Short, 1_050_000, false),
        (Side::Short, 950_000, true),
    ] {
        let mut world = World::new();
        let before = world.balance("alice", Token::Credit);
        let id = world.open("alice", side, 500 * ONE, 1_500 * ONE).unwrap();
        world.move_price(ppm);
        world.close("alice", id).unwrap();
        let after = world.balance("alice", Token::Credit);
        assert_eq!(after > before, gains, "{side:?} at {ppm}: {before} → {after}");
        // about 5 % of 1,500 to 2,000 less two fees
        assert!(after.abs_diff(before) > 50 * ONE && after.abs_diff(before) < 140 * ONE);
    }
}

#[test]
fn five_times_of_equity_opens_and_more_does_not() {
    for side in [Side::Long, Side::Short] {
        let mut world = World::new();
        let quote = |world: &World, borrow: u128| -> OpenQuoteResponse {
            world.query(&QueryMsg::OpenQuote {
                side,
                collateral: whole(100),
                borrow: amount(borrow),
            })
        };
        // the largest loan that is allowed, by halving
        let (mut low, mut high) = (100 * ONE, 600 * ONE);
        while high - low > 1 {
            let middle = (low + high) / 2;
            let answer = quote(&world, middle);
            match answer.exit_cr_ppm.unwrap().min(answer.cr_ppm.unwrap()) >= 200_000 {
                true => low = middle,
                false => high = middle,
            }
        }
        assert_eq!(
            world.open("alice", side, 100 * ONE, high + 2),
            Err("margin:13".into()),
            "{side:?}"
        );
        let id = world.open("alice", side, 100 * ONE, low).unwrap();
        let row = world.position(id);
        let health = row.health.unwrap();
        let worse = health.cr_ppm.min(row.exit_cr_ppm.unwrap());
        assert!((200_000..200_010).contains(&worse), "{worse}");
        assert!(
            health.notional.u128() > 48 * u128::try_from(health.equity.i128()).unwrap() / 10,
            "nearly five times"
        );
    }
}

#[test]
fn exit_quote_and_mark_both_bind() {
    // mark below the pool's price: a long is worth less at mark
    let mut world = World::new();
    world.push("whale", 1_100_000);
    assert_eq!(
        world.open("alice", Side::Long, 200 * ONE, 700 * ONE),
        Err("margin:13".into())
    );
    // the pool's price below mark: worth less at the exit, although mark would allow it
    let mut world = World::new();
    world.push("whale", 1_100_000);
    let short = world.open("alice", Side::Short, 200 * ONE, 600 * ONE);
    let id = short.unwrap();
    let row = world.position(id);
    assert!(row.health.unwrap().cr_ppm > row.exit_cr_ppm.unwrap());
}

/// The owner of LCO pushes the price up, opens longs with the lenders' Credits that buy his LCO at the top, and leaves them the bag. The mark does not follow the
/// push, so there is no equity at mark.
#[test]
fn longs_as_exit_liquidity_are_refused() {
    let mut world = World::new();
    let push = |world: &mut World| world.push("mallory", 1_500_000);
    push(&mut world);
    for (collateral, borrow) in [(100, 400), (300, 1_000), (500, 1_000), (400, 500)] {
        let refused = world.open("mallory", Side::Long, collateral * ONE, borrow * ONE);
        assert_eq!(refused, Err("margin:13".into()), "{collateral} {borrow}");
    }
    // what is allowed is covered at mark: his own collateral pays for the bad price
    let id = world.open("mallory", Side::Long, 1_000 * ONE, 500 * ONE).unwrap();
    assert!(world.position(id).health.unwrap().cr_ppm >= 200_000);
}

#[test]
fn position_and_side_are_capped_by_the_lowest_reserve_of_a_day() {
    // 0.5 % of 500,000 LCO and Credits; 5 % for all
    let mut world = World::new();
    assert_eq!(
        world.open("alice", Side::Long, 1_500 * ONE, 1_100 * ONE),
        Err("margin:14".into())
    );
    assert_eq!(
        world.open("alice", Side::Short, 2_000 * ONE, 2_501 * ONE),
        Err("margin:14".into())
    );
    for index in 0..10 {
        let name = USERS[index % 4];
        world.open(name, Side::Short, 1_500 * ONE, 2_490 * ONE).unwrap();
        world.advance(60);
        world.push("whale", 1_000_000);
    }
    assert_eq!(
        world.open("bob", Side::Short, 1_000 * ONE, 500 * ONE),
        Err("margin:15".into())
    );
    // announced liquidity counts as gone
    let mut world = World::new();
    let shares: interfaces::exchange::AccountResponse = world.ask(
        &world.exchange,
        &interfaces::exchange::QueryMsg::Account {
            address: world.user("lp").into(),
        },
    );
    let announce = interfaces::exchange::ExecuteMsg::AnnounceWithdrawal {
        shares: amount(shares.shares.u128() / 2),
    };
    use cw_multi_test::Executor;
    world
        .app
        .execute_contract(world.user("lp"), world.exchange.clone(), &announce, &[])
        .unwrap();
    assert_eq!(
        world.open("alice", Side::Short, 1_500 * ONE, 1_300 * ONE),
        Err("margin:14".into())
    );
    world.open("alice", Side::Short, 1_500 * ONE, 1_200 * ONE).unwrap();
}

#[test]
fn dust_positions_are_refused() {
    let mut world = World::new();
    assert_eq!(
        world.open("alice", Side::Long, 50 * ONE, 49 * ONE),
        Err("margin:16".into())
    );
    assert_eq!(
        world.open("alice", Side::Short, 50 * ONE, 99 * ONE),
        Err("margin:16".into())
    );
    assert_eq!(world.open("alice", Side::Long, 50 * ONE, 0), Err("margin:2".into()));
    assert!(world.open("alice", Side::Short, 50 * ONE, 100 * ONE + 1).is_ok());
}

#[test]
fn slippage_and_deadline_protect_the_trader() {
    let mut world = World::new();
    let exact = out(1_000 * ONE);
    let refused = world.send(
        "alice",
        Token::Credit,
        500 * ONE,
        &opening(Side::Long, 500 * ONE, exact + 1, None),
    );
    assert_eq!(refused.unwrap_err(), "margin:17");
    world
        .send(
            "alice",
            Token::Credit,
            500 * ONE,
            &opening(Side::Long, 500 * ONE, exact, None),
        )
        .unwrap();
    let late = Cw20Hook::Open {
        side: Side::Long,
        borrow: whole(500),
        min_out: amount(0),
        deadline: Some(world.now() - 1),
        position: None,
    };
    let refused = world.send("alice", Token::Credit, 500 * ONE, &late).unwrap_err();
    assert!(refused.starts_with("exchange:"), "{refused}");
    let close = |min_payout: u128, deadline| ExecuteMsg::Close {
        position: 1,
        min_payout: amount(min_payout),
        deadline,
    };
    assert_eq!(world.exec("alice", &close(500 * ONE, None)).unwrap_err(), "margin:17");
    assert!(world.exec("alice", &close(490 * ONE, Some(world.now() - 1))).is_err());
    world.exec("alice", &close(490 * ONE, Some(world.now()))).unwrap();
}

#[test]
fn enlarging_is_for_the_owner_and_the_same_side() {
    let mut world = World::new();
    let id = world.open("alice", Side::Long, 200 * ONE, 300 * ONE).unwrap();
    let enlarge = |side, id| opening(side, 300 * ONE, 0, Some(id));
    let before = world.position(id);
    world
        .send("alice", Token::Credit, 200 * ONE, &enlarge(Side::Long, id))
        .unwrap();
    let after = world.position(id);
    assert!(after.held > before.held && after.debt == whole(600));
    let by_other = world.send("bob", Token::Credit, 200 * ONE, &enlarge(Side::Long, id));
    assert_eq!(by_other.unwrap_err(), "margin:7");
    let other_side = world.send("alice", Token::Credit, 200 * ONE, &enlarge(Side::Short, id));
    assert_eq!(other_side.unwrap_err(), "margin:24");
    let unknown = world.send("alice", Token::Credit, 200 * ONE, &enlarge(Side::Long, 9));
    assert_eq!(unknown.unwrap_err(), "margin:6");
    // a small addition to a position that is in danger does not open it again
    world.move_price(800_000);
    let refused = world.send(
        "alice",
        Token::Credit,
        10 * ONE,
        &opening(Side::Long, 500 * ONE, 0, Some(id)),
    );
    assert_eq!(refused.unwrap_err(), "margin:13");
}

#[test]
fn adding_collateral_repays_a_long_and_fills_a_short() {
    let mut world = World::new();
    let long = world.open("alice", Side::Long, 200 * ONE, 300 * ONE).unwrap();
    let short = world.open("alice", Side::Short, 200 * ONE, 300 * ONE).unwrap();
    let held = [world.position(long).held, world.position(short).held];
    for position in [long, short] {
        // anyone may
        world
            .send("bob", Token::Credit, 100 * ONE, &Cw20Hook::AddCollateral { position })
            .unwrap();
        let lco = world.send("bob", Token::Lco, ONE, &Cw20Hook::AddCollateral { position });
        assert_eq!(lco.unwrap_err(), "margin:5");
    }
    let (long, short) = (world.position(long), world.position(short));
    assert_eq!((long.held, long.debt), (held[0], whole(200)));
    assert_eq!((short.held, short.debt), (held[1] + whole(100), whole(300)));
}

#[test]
fn repaying_everything_hands_over_what_was_held_and_returns_the_rest() {
    for side in [Side::Long, Side::Short] {
        let mut world = World::new();
        let position = world.open("alice", side, 200 * ONE, 300 * ONE).unwrap();
        world.advance(30 * DAY);
        let row = world.position(position);
        assert!(row.debt > whole(300), "interest");
        let other = world.send("bob", side.held(), ONE, &Cw20Hook::Repay { position });
        assert_eq!(other.unwrap_err(), "margin:5");
        let (paid, received) = (world.balance("bob", side.debt()), world.balance("alice", side.held()));
        world
            .send("bob", side.debt(), 100 * ONE, &Cw20Hook::Repay { position })
            .unwrap();
        world
            .send("bob", side.debt(), 400 * ONE, &Cw20Hook::Repay { position })
            .unwrap();
        assert!(!world.exists(position));
        let paid = paid - world.balance("bob", side.debt());
        assert!(paid.abs_diff(row.debt.u128()) <= 1, "only what was owed");
        assert_eq!(world.balance("alice", side.held()) - received, row.held.u128());
        assert_eq!(world.history("alice")[0].ending, Ending::Repaid);
    }
}

#[test]
fn taking_collateral_borrows_for_a_long_and_empties_a_short() {
    let mut world = World::new();
    for side in [Side::Long, Side::Short] {
        let position = world.open("alice", side, 300 * ONE, 300 * ONE).unwrap();
        let (before, row) = (world.balance("alice", Token::Credit), world.position(position));
        let take = |tokens: u128| ExecuteMsg::TakeCollateral {
            position,
            amount: amount(tokens * ONE),
        };
        assert_eq!(world.exec("bob", &take(1)).unwrap_err(), "margin:7");
        assert_eq!(world.exec("alice", &take(0)).unwrap_err(), "margin:2");
        assert_eq!(world.exec("alice", &take(250)).unwrap_err(), "margin:13");
        world.exec("alice", &take(100)).unwrap();
        assert_eq!(world.balance("alice", Token::Credit) - before, 100 * ONE);
        let after = world.position(position);
        match side {
            Side::Long => assert_eq!((after.held, after.debt), (row.held, row.debt + whole(100))),
            Side::Short => assert_eq!((after.held, after.debt), (row.held - whole(100), row.debt)),
        }
    }
    // more than a short holds at all
    let refused = world.exec(
        "alice",
        &ExecuteMsg::TakeCollateral {
            position: 2,
            amount: whole(10_000),
        },
    );
    assert_eq!(refused.unwrap_err(), "margin:18");
}

/// Everything that leads out works while everything is paused.
#[test]
fn paused_leaving_works() {
    for side in [Side::Long, Side::Short] {
        let mut world = World::new();
        let ids: Vec<_> = (0..3)
            .map(|_| world.open("alice", side, 300 * ONE, 600 * ONE).unwrap())
            .collect();
        for feature in [Pausable::Supply, Pausable::Borrow] {
            world
                .exec("operator", &ExecuteMsg::Pause { feature, paused: true })
                .unwrap();
        }
        assert_eq!(world.open("bob", side, 300 * ONE, 300 * ONE), Err("margin:920".into()));
        let take = ExecuteMsg::TakeCollateral {
            position: ids[0],
            amount: amount(1),
        };
        assert_eq!(world.exec("alice", &take).unwrap_err(), "margin:920");
        let position = ids[0];
        world
            .send("alice", Token::Credit, ONE, &Cw20Hook::AddCollateral { position })
            .unwrap();
        world
            .send("alice", side.debt(), ONE, &Cw20Hook::Repay { position })
            .unwrap();
        world.close("alice", ids[0]).unwrap();
        world
            .send("alice", side.debt(), 700 * ONE, &Cw20Hook::Repay { position: ids[1] })
            .unwrap();
        // and what is bad is liquidated
        world.move_price(if side == Side::Long { 700_000 } else { 1_400_000 });
        world.liquidate("keeper", ids[2]).unwrap();
        let half = amount(world.shares("lender", side.debt()).u128() / 2);
        world.withdraw("lender", side.debt(), half).unwrap();
    }
}

/// An owner could make his own position insolvent by pushing the price within one block, leave the loss to the lenders and buy the LCO back.
#[test]
fn owner_cannot_close_into_a_loss_of_others() {
    for (side, ppm) in [(Side::Long, 700_000), (Side::Short, 1_400_000)] {
        let mut world = World::new();
        let id = world.open("mallory", side, 300 * ONE, 900 * ONE).unwrap();
        world.push("mallory", ppm);
        assert_eq!(world.close("mallory", id).unwrap_err(), "margin:18", "{side:?}");
        // a top-up closes it
        let top_up = Cw20Hook::AddCollateral { position: id };
        world.send("mallory", Token::Credit, 400 * ONE, &top_up).unwrap();
        world.close("mallory", id).unwrap();
        assert_eq!(world.pool(side.debt()).debt, amount(0));
    }
}

/// Without a mark nobody can borrow, and everybody can leave.
#[test]
fn without_a_mark_only_leaving_works() {
    let mut world = World::bare(|_| {});
    for token in Token::ALL {
        world.supply("lender", token, LENT).unwrap();
    }
    let shares = world.shares("lender", Token::Credit);
    let (part, half) = (amount(1_000), amount(shares.u128() / 2));
    // not even a pool
    assert_eq!(world.withdraw("lender", Token::Credit, part).unwrap().paid, amount(1));
    world.provide("lp", DEPTH, DEPTH);
    world.advance(60);
    for side in [Side::Long, Side::Short] {
        assert_eq!(world.open("alice", side, 300 * ONE, 300 * ONE), Err("margin:11".into()));
    }
    assert_eq!(
        world.withdraw("lender", Token::Credit, half).unwrap().paid.u128(),
        LENT / 2
    );
    let bad: Vec<PositionResponse> = world.query(&QueryMsg::Liquidatable { limit: None });
    assert_eq!(bad, []);
}

#[test]
fn only_the_two_tokens_are_taken() {
    let mut world = World::new();
    let notice = cw20::Cw20ReceiveMsg {
        sender: world.user("mallory").into(),
        amount: whole(1_000),
        msg: cosmwasm_std::to_json_binary(&Cw20Hook::FundReserve {}).unwrap(),
    };
    let forged = ExecuteMsg::Receive(notice);
    assert_eq!(world.exec("mallory", &forged).unwrap_err(), "margin:4");
    let opened_with_lco = world.send("alice", Token::Lco, 500 * ONE, &opening(Side::Long, 500 * ONE, 0, None));
    assert_eq!(opened_with_lco.unwrap_err(), "margin:5");
}
