//! Who bears what is missing, in which order, and that nobody runs ahead of it.

use interfaces::margin::*;

use crate::world::*;

/// Opens and lets the price run away from it.
fn bankrupt(world: &mut World, name: &str, side: Side) -> u64 {
    let id = match side {
        Side::Long => world.open(name, side, 450 * ONE, 1_550 * ONE).unwrap(),
        Side::Short => world.open(name, side, 450 * ONE, 1_900 * ONE).unwrap(),
    };
    world.move_price(match side {
        Side::Long => 700_000,
        Side::Short => 1_400_000,
    });
    id
}

fn number(response: &cw_multi_test::AppResponse, event: &str, key: &str) -> u128 {
    attribute(response, event, key).unwrap().parse().unwrap()
}

#[test]
fn loss_order_is_reserve_then_unclaimed_interest_then_lenders() {
    for side in [Side::Long, Side::Short] {
        let token = side.debt();
        let mut world = World::new();
        // a little of each pot: a reserve, and interest of another position that nobody collected
        world.send("carol", token, 20 * ONE, &Cw20Hook::FundReserve {}).unwrap();
        world.open("bob", side, 2_000 * ONE, 500 * ONE).unwrap();
        world.advance(60 * DAY);
        let id = bankrupt(&mut world, "alice", side);
        let before = world.pool(token);
        assert!(before.unclaimed.u128() > 100_000);

        let response = world.liquidate("keeper", id).unwrap();
        let [total, reserve, unclaimed, lenders] =
            ["total", "reserve", "unclaimed", "lenders"].map(|key| number(&response, "loss", key));
        assert_eq!(total, reserve + unclaimed + lenders);
        assert!(
            unclaimed == before.unclaimed.u128() && lenders > 0,
            "the pots before are empty"
        );
        let after = world.pool(token);
        assert_eq!(after.unclaimed, amount(0));
        assert_eq!(after.reserve, amount(0), "{side:?}");
        // the fixed bounty of a long came out of the same reserve
        let bounty = if side == Side::Long { ONE } else { 0 };
        assert_eq!(reserve + bounty, 20 * ONE);
        let cut = before.assets.u128() - after.assets.u128();
        assert!(cut.abs_diff(lenders) <= 2, "{cut} {lenders}");
        assert_eq!(number(&response, "socialized_loss", "amount"), lenders);
        let entry = &world.history("alice")[0];
        assert_eq!(
            (entry.loss.u128(), entry.penalty, entry.payout),
            (total, amount(0), amount(0))
        );
    }
}

#[test]
fn reserve_in_credits_buys_back_what_a_short_cannot() {
    let mut world = World::new();
    world
        .send("carol", Token::Credit, 1_000 * ONE, &Cw20Hook::FundReserve {})
        .unwrap();
    let id = bankrupt(&mut world, "alice", Side::Short);
    let before = world.pool(Token::Lco);
    let response = world.liquidate("keeper", id).unwrap();
    assert_eq!(attribute(&response, "loss", "total"), None, "nothing is missing");
    let after = world.pool(Token::Lco);
    assert!(after.assets >= before.assets);
    let credits = world.pool(Token::Credit).reserve.u128();
    assert!(credits > 0 && credits < 999 * ONE, "{credits}");
}

#[test]
fn every_lender_bears_the_same_part() {
    let mut world = World::new();
    world.supply("dave", Token::Credit, 50_000 * ONE).unwrap();
    let value = |world: &World, name: &str| {
        let lent: LenderResponse = world.query(&QueryMsg::Lender {
            address: world.user(name).into(),
        });
        lent.credit_value.u128()
    };
    let id = bankrupt(&mut world, "alice", Side::Long);
    let before = ["lender", "dave"].map(|name| value(&world, name));
    world.liquidate("keeper", id).unwrap();
    let after = ["lender", "dave"].map(|name| value(&world, name));
    let lost = [before[0] - after[0], before[1] - after[1]];
    assert!(lost[0] > 0 && lost[0].abs_diff(2 * lost[1]) <= 4, "{lost:?}");
}

#[test]
fn great_loss_rests_new_loans_for_a_day_and_a_small_one_does_not() {
    for (kept, rests) in [(100_000u128, false), (5_000, true)] {
        let mut world = World::new();
        let id = bankrupt(&mut world, "alice", Side::Long);
        let shares = amount((100_000 - kept) * ONE * 1_000);
        if kept < 100_000 {
            // most lenders left before the loss was there
            let pool = world.pool(Token::Credit);
            assert!(pool.cash > whole(95_000));
        }
        if !shares.is_zero() {
            // they withdraw without liquidating: the position is not bad at mark yet
            world.move_price(1_000_000);
            world.withdraw("lender", Token::Credit, shares).unwrap();
            world.move_price(700_000);
        }
        let response = world.liquidate("keeper", id).unwrap();
        let until = number(&response, "socialized_loss", "resting_until");
        assert_eq!(until > 0, rests, "{kept}");
        let open = |world: &mut World| world.open("bob", Side::Long, 200 * ONE, 200 * ONE);
        if rests {
            assert_eq!(u128::from(world.now() + DAY), until);
            assert_eq!(open(&mut world), Err("margin:10".into()));
            // the other pool lends as ever
            world.open("bob", Side::Short, 300 * ONE, 300 * ONE).unwrap();
            world.advance(DAY - 1);
            assert_eq!(open(&mut world), Err("margin:10".into()));
            world.advance(1);
        }
        open(&mut world).unwrap();
    }
}

/// Every pot before the lenders is used to the last unit, in whichever token it is: what the Risk Reserve has of the other token is sold for the debt. Near mark,
/// and after an offer with the pool pushed as far as it may be, where lenders used to bear a part while Credits were left.
#[test]
fn lenders_bear_nothing_while_the_risk_reserve_has_anything() {
    for side in [Side::Long, Side::Short] {
        for pushed in [false, true] {
            let mut borne = Vec::new();
            for reserve in [0, 30, 60, 90, 120, 150, 200, 400, 800u128] {
                for token in Token::ALL {
                    let mut world = World::new();
                    if reserve > 0 {
                        world
                            .send("carol", token, reserve * ONE, &Cw20Hook::FundReserve {})
                            .unwrap();
                    }
                    let id = bankrupt(&mut world, "alice", side);
                    if pushed {
                        let (near, far) = match side {
                            Side::Long => (650_000, 560_000),
                            Side::Short => (1_505_000, 1_800_000),
                        };
                        world.push("mallory", far);
                        world.liquidate("keeper", id).unwrap();
                        world.push("mallory", if side == Side::Long { 700_000 } else { 1_400_000 });
                        world.advance(600);
                        world.push("mallory", near);
                    }
                    let before = world.pool(side.debt());
                    // the world looks whether anything is left where lenders bear a part
                    let response = world.liquidate("keeper", id).unwrap();
                    assert!(!world.exists(id));
                    let lenders = attribute(&response, "socialized_loss", "amount");
                    let lenders: u128 = lenders.map_or(0, |amount| amount.parse().unwrap());
                    let sold = attribute(&response, "reserve_sold", "amount").is_some();
                    assert_eq!(
                        sold,
                        token == side.held() && reserve > 1,
                        "{side:?} {token:?} {reserve}"
                    );
                    let after = world.pool(side.debt());
                    assert!(before.assets.u128() - after.assets.u128().min(before.assets.u128()) <= lenders + 2);
                    borne.push((token, reserve, lenders));
                }
            }
            for token in Token::ALL {
                let of_token: Vec<_> = borne.iter().filter(|row| row.0 == token).map(|row| row.2).collect();
                assert!(
                    of_token.windows(2).all(|pair| pair[0] > pair[1] || pair[1] == 0),
                    "{side:?} {token:?} {of_token:?}"
                );
                assert!(
                    of_token[0] > 100 * ONE && of_token.last() == Some(&0),
                    "{side:?} {token:?} {of_token:?}"
                );
            }
        }
    }
}

/// Nearly all liquidity leaves, and a short has to buy back a fifth of what is left of the pool. Whoever owns the rest of the pool would be paid any price by the Risk
/// Reserve; it pays no more than its bound.
#[test]
fn thin_exchange_does_not_get_the_risk_reserve() {
    let mut world = World::new();
    world
        .send("carol", Token::Credit, 5_000 * ONE, &Cw20Hook::FundReserve {})
        .unwrap();
    let id = world.open("alice", Side::Short, 450 * ONE, 1_900 * ONE).unwrap();
    world.leave("lp", 98);
    world.move_price(1_400_000);
    world.push("mallory", 1_500_000);
    world.liquidate("keeper", id).unwrap();
    world.advance(600);
    let before = world.pool(Token::Credit).reserve.u128();
    let (row, market) = (world.position(id), world.market());
    let [base, quote] = market.reserves.map(|reserve| reserve.u128());
    let response = world.exec("keeper", &ExecuteMsg::Liquidate { position: id }).unwrap();
    let sold = number(&response, "reserve_sold", "amount");
    // what is missing after all it holds is spent, at mark or previous close, 8 % dearer twice
    let bought = world.history("alice")[0].lco;
    assert!(bought < row.debt, "less than is owed");
    let spent = row.held.u128() * 9_970 / 10_000;
    let missing = row.debt.u128() - base * spent / (quote + spent);
    let close = market.previous_close.unwrap().quote_floor(ONE).unwrap();
    let mark = row.health.unwrap().notional.u128() * ONE / row.debt.u128();
    let bound = missing * close.max(mark) / ONE * 108 * 108 / 10_000;
    assert!(sold.abs_diff(bound) < bound / 1_000, "{sold} {bound}");
    assert!(number(&response, "socialized_loss", "amount") > 0);
    assert!(before - sold > 1_000 * ONE, "most of it stays: {before} − {sold}");
}

/// A taker brings what the position is worth, not what it owes. What is missing of that lenders would bear while the Risk Reserve still has something to sell: then
/// the position is for `Liquidate` alone.
#[test]
fn taker_of_an_insolvent_long_does_not_pass_the_risk_reserve_by() {
    for reserve in [0, 50u128] {
        let mut world = World::new();
        if reserve > 0 {
            world
                .send("carol", Token::Lco, reserve * ONE, &Cw20Hook::FundReserve {})
                .unwrap();
        }
        let id = bankrupt(&mut world, "alice", Side::Long);
        world.push("mallory", 560_000);
        world.liquidate("keeper", id).unwrap();
        let pays = world.position(id).offer.unwrap().pays.u128();
        let hook = Cw20Hook::TakeOffer {
            position: id,
            min_out: amount(0),
        };
        let taken = world.send("bob", Token::Credit, pays, &hook);
        match reserve {
            0 => assert!(attribute(&taken.unwrap(), "socialized_loss", "amount").is_some()),
            _ => assert_eq!(taken.unwrap_err(), "margin:27"),
        }
    }
}

/// A lender who sees an insolvent position withdraws before it is liquidated. His own withdrawal liquidates it first, and he bears his part.
#[test]
fn lenders_running_ahead_of_a_loss_take_it_with_them() {
    for side in [Side::Long, Side::Short] {
        let token = side.debt();
        let mut world = World::new();
        world.supply("mallory", token, 100_000 * ONE).unwrap();
        let id = bankrupt(&mut world, "alice", side);
        let shares = world.shares("mallory", token);
        let bounty = world.balance("mallory", Token::Credit);
        let answer = world.withdraw("mallory", token, shares).unwrap();
        assert!(!world.exists(id) && !answer.call_again);
        let entry = &world.history("alice")[0];
        let lost = 100_000 * ONE - answer.paid.u128();
        assert!(
            lost.abs_diff(entry.loss.u128() / 2) < ONE / 10,
            "half of it: {lost} of {entry:?}"
        );
        if token == Token::Lco {
            // he was the keeper; without a reserve there was nothing to pay him with
            assert_eq!(world.balance("mallory", Token::Credit) - bounty, entry.bounty.u128());
        }
    }
}

/// More insolvent positions than one withdrawal can close: it closes three, keeps them closed, pays nothing and says so.
#[test]
fn withdrawal_before_more_insolvent_positions_answers_call_again() {
    let mut world = World::new();
    let ids: Vec<_> = (0..5)
        .map(|index| {
            world.move_price(1_000_000);
            world
                .open(USERS[index % 4], Side::Long, 450 * ONE, 1_550 * ONE)
                .unwrap()
        })
        .collect();
    world.move_price(700_000);
    let shares = amount(1_000 * ONE * 1_000);
    let before = world.balance("lender", Token::Credit);
    let answer = world.withdraw("lender", Token::Credit, shares).unwrap();
    assert_eq!((answer.call_again, answer.paid), (true, amount(0)));
    assert_eq!(ids.iter().filter(|id| world.exists(**id)).count(), 2);
    assert_eq!(world.balance("lender", Token::Credit), before);
    // in this block the pool has moved too far for one more; the next block knows its close
    world.advance(6);
    let answer = world.withdraw("lender", Token::Credit, shares).unwrap();
    assert!(!answer.call_again && answer.paid < whole(1_000) && !answer.paid.is_zero());
    assert!(ids.iter().all(|id| !world.exists(*id)));
}

/// A liquidation that cannot be done (the pool is pushed away from every price) does not stop the lender where nothing is lost.
#[test]
fn failing_liquidation_before_a_withdrawal_is_passed_over() {
    let mut world = World::new();
    let id = world.open("alice", Side::Long, 450 * ONE, 1_550 * ONE).unwrap();
    world.move_price(840_000);
    world.push("mallory", 700_000);
    // goes on offer, is not sold; then refused while it is on offer
    world.liquidate("keeper", id).unwrap();
    let shares = amount(1_000 * ONE * 1_000);
    let response = world
        .exec(
            "lender",
            &ExecuteMsg::Withdraw {
                token: Token::Credit,
                shares,
            },
        )
        .unwrap();
    let skipped = attribute(&response, "liquidation_skipped", "error").unwrap();
    assert!(!skipped.is_empty());
    assert!(world.exists(id));
    assert!(world.balance("lender", Token::Credit) > WEALTH - LENT);
}
