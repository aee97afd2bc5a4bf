//! What pages show.

use interfaces::prediction_market::*;

use crate::world::*;

fn markets(
    world: &World,
    status: Option<Status>,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> (Vec<u64>, Option<u64>) {
    let page: MarketsResponse = world.query(&QueryMsg::Markets {
        status,
        start_before,
        limit,
    });
    (page.markets.iter().map(|row| row.market).collect(), page.next)
}

#[test]
fn markets_are_listed_newest_first_in_pages_that_join() {
    let mut world = World::new();
    for _ in 0..7 {
        world.open("alice", 2, 100);
    }
    assert_eq!(markets(&world, None, None, None), (vec![7, 6, 5, 4, 3, 2, 1], None));
    assert_eq!(markets(&world, None, None, Some(3)), (vec![7, 6, 5], Some(5)));
    assert_eq!(markets(&world, None, Some(5), Some(3)), (vec![4, 3, 2], Some(2)));
    assert_eq!(markets(&world, None, Some(2), Some(3)), (vec![1], None));
    assert_eq!(markets(&world, None, Some(4), Some(3)), (vec![3, 2, 1], None));
}

#[test]
fn markets_are_filtered_by_status() {
    let mut world = World::new();
    for _ in 0..4 {
        world.open("alice", 2, 100);
    }
    world.at(RESOLVE);
    world.answer("dave", 2, 0).unwrap();
    world.answer("dave", 3, VOID).unwrap();
    world.wait(DAY);
    world.settle(2).unwrap();
    world.settle(3).unwrap();
    world.answer("dave", 4, 1).unwrap();
    for (status, expected) in [
        (Status::Trading, vec![]),
        (Status::Unanswered, vec![1]),
        (Status::Resolved, vec![2]),
        (Status::Voided, vec![3]),
        (Status::Answered, vec![4]),
    ] {
        assert_eq!(
            markets(&world, Some(status), None, None),
            (expected, None),
            "{status:?}"
        );
    }
    let page: MarketsResponse = world.query(&QueryMsg::Markets {
        status: None,
        start_before: None,
        limit: None,
    });
    let answers: Vec<_> = page.markets.iter().map(|row| row.answer).collect();
    assert_eq!(answers, [Some(1), Some(VOID), Some(0), None]);
}

#[test]
fn filtered_page_looks_at_a_bounded_number_of_rows() {
    let mut world = World::alone();
    world.set_params(|params| params.min_ante = lco(1));
    for _ in 0..=SCAN_LIMIT {
        let hook = proposal(2, MONDAY + CLOSE, MONDAY + RESOLVE);
        let coin = world.coin.clone();
        let msg = interfaces::l_coin::ExecuteMsg::Send {
            contract: world.market.to_string(),
            amount: lco(1),
            msg: cosmwasm_std::to_json_binary(&hook).unwrap(),
        };
        let alice = world.user("alice");
        cw_multi_test::Executor::execute_contract(&mut world.app, alice, coin, &msg, &[]).unwrap();
    }
    assert_eq!(markets(&world, Some(Status::Voided), None, None), (vec![], Some(2)));
    assert_eq!(markets(&world, Some(Status::Trading), Some(2), None), (vec![1], None));
}

#[test]
fn positions_of_an_account_are_listed_until_they_are_claimed() {
    let mut world = World::new();
    for _ in 0..3 {
        world.open("alice", 2, 100);
    }
    world.buy("bob", 1, 0, ONE);
    world.buy("bob", 3, 1, 2 * ONE);
    let listed = |world: &World, start_after, limit| -> Vec<u64> {
        let address = world.user("bob").to_string();
        let rows: Vec<PositionResponse> = world.query(&QueryMsg::Positions {
            address,
            start_after,
            limit,
        });
        rows.iter().map(|row| row.market).collect()
    };
    assert_eq!(listed(&world, None, None), [1, 3]);
    assert_eq!(listed(&world, Some(1), None), [3]);
    assert_eq!(listed(&world, None, Some(1)), [1]);
    world.at(RESOLVE + 30 * DAY);
    world.claim("bob", 1, false).unwrap();
    assert_eq!(listed(&world, None, None), [3]);
}

#[test]
fn history_has_a_row_for_each_part_of_the_trading_time_with_trades() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let bucket = world.view(market).bucket;
    assert_eq!(bucket, CLOSE.div_ceil(256));
    let shares = world.buy("bob", market, 0, 50 * ONE);
    let first = world.view(market);
    world.at(bucket);
    world.buy("carol", market, 1, 30 * ONE);
    world.sell("bob", market, 0, shares / 2);
    world.at(CLOSE - 1);
    world.buy("carol", market, 1, ONE);
    let rows: Vec<HistoryRow> = world.query(&QueryMsg::History {
        market,
        start_after: None,
        limit: None,
    });
    let places: Vec<_> = rows.iter().map(|row| (row.bucket, row.time, row.trades)).collect();
    let last = (CLOSE - 1) / bucket;
    assert!(last < HISTORY_BUCKETS);
    assert_eq!(
        places,
        [
            (0, MONDAY, 1),
            (1, MONDAY + bucket, 2),
            (last as u16, MONDAY + last * bucket, 1)
        ]
    );
    assert_eq!(
        rows[0].probabilities_ppm,
        first.outcomes.iter().map(|row| row.probability_ppm).collect::<Vec<_>>()
    );
    assert_eq!(
        (rows[0].pool, rows[0].bought, rows[0].sold),
        (lco(150), lco(50), amount(0))
    );
    assert_eq!(rows[1].bought, lco(30));
    assert_eq!(rows[1].pool, lco(180) - rows[1].sold);
    assert!(!rows[1].sold.is_zero());
    let rest: Vec<HistoryRow> = world.query(&QueryMsg::History {
        market,
        start_after: Some(0),
        limit: Some(1),
    });
    assert_eq!(rest, rows[1..2]);
}

#[test]
fn bonds_are_listed_in_order_with_what_came_back() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.at(RESOLVE);
    world.answer("dave", market, 0).unwrap();
    world.wait(HOUR);
    world.dispute("erin", market, 1).unwrap();
    let bonds = |world: &World| -> Vec<BondResponse> { world.query(&QueryMsg::Bonds { market }) };
    let rows: Vec<_> = bonds(&world)
        .into_iter()
        .map(|row| (row.account, row.answer, row.amount, row.evidence, row.at, row.returned))
        .collect();
    let at = MONDAY + RESOLVE;
    let expected = [
        (world.user("dave").to_string(), 0, lco(100), hash(1), at, None),
        (world.user("erin").to_string(), 1, lco(200), hash(2), at + HOUR, None),
    ];
    assert_eq!(rows, expected);
    world.wait(DAY);
    world.settle(market).unwrap();
    let returned: Vec<_> = bonds(&world).iter().map(|row| row.returned).collect();
    assert_eq!(returned, [Some(amount(0)), Some(lco(250))]);
}

#[test]
fn overview_sums_up() {
    let mut world = World::new();
    let empty = world.overview();
    assert_eq!((empty.markets, empty.interest_cap), (0, lco(100_000)));
    world.open("alice", 2, 100);
    world.open("alice", 2, 200);
    world.buy("bob", 1, 0, 50 * ONE);
    world.stake("carol", 400_000);
    world.stake("dave", 400_000);
    world.stake("erin", 400_000);
    assert_eq!(world.overview().interest_cap, lco(120_000));
    world.at(RESOLVE);
    world.answer("bob", 1, 0).unwrap();
    assert_eq!(
        (world.overview().open_interest, world.overview().bonds),
        (lco(350), lco(100))
    );
    world.wait(DAY);
    world.settle(1).unwrap();
    let after = world.overview();
    assert_eq!(
        (after.markets, after.open_interest, after.unclaimed, after.bonds),
        (2, lco(200), lco(150), lco(0))
    );
}

#[test]
fn position_shows_what_can_be_claimed() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    world.buy("bob", market, 0, 50 * ONE);
    let open = world.position("bob", market);
    assert_eq!(
        (open.claimable, open.waivable, open.net_cost.u128()),
        (None, None, 50_000_000)
    );
    world.resolve(market, 0);
    let claimable = world.position("bob", market).claimable.unwrap().u128();
    assert_eq!(world.claim("bob", market, false).unwrap(), claimable);
    assert_eq!(world.position("bob", market).claimable.unwrap().u128(), 0);
}

#[test]
fn unknown_markets_are_refused() {
    let world = World::new();
    let address = world.user("bob").to_string();
    for msg in [
        QueryMsg::Market { market: 1 },
        QueryMsg::Bonds { market: 1 },
        QueryMsg::Position { market: 1, address },
        QueryMsg::History {
            market: 1,
            start_after: None,
            limit: None,
        },
        QueryMsg::QuoteBuy {
            market: 1,
            outcome: 0,
            amount: lco(1),
        },
        QueryMsg::QuoteSell {
            market: 1,
            outcome: 0,
            shares: lco(1),
        },
    ] {
        let error = world
            .app
            .wrap()
            .query_wasm_smart::<Empty>(&world.market, &msg)
            .unwrap_err();
        assert!(error.to_string().contains("[market:6]"), "{msg:?}: {error}");
    }
}

#[cosmwasm_schema::cw_serde]
struct Empty {}
