//! What pages see.

use interfaces::incentive_controller::*;

use crate::world::*;

#[test]
fn the_dashboard_before_and_after_the_start() {
    let world = World::silent(|_| {});
    let board = world.dashboard();
    assert_eq!(board.pool.u128(), 2_000_000_000 * ONE);
    assert_eq!((board.released_epochs, board.released), (0, n(0)));
    assert_eq!((board.supply_ppm, board.utilisation_ppm), (500_000, None));
    assert_eq!((board.closes_at, board.history.len()), (None, 0));

    let mut world = World::new();
    world.advance(300 * DAY);
    world.catch_up();
    let board = world.dashboard();
    assert_eq!(board.history.len(), DASHBOARD_EPOCHS);
    assert_eq!(board.history[0].index + 1, board.released_epochs);
    assert_eq!(board.history[0].usage, None);
    assert_eq!(board.history[1].usage, Some(Usage::default()));
    assert!(board.history.windows(2).all(|pair| pair[0].start > pair[1].start));
}

#[test]
fn epochs_are_paged_newest_first() {
    let mut world = World::new();
    world.advance(100 * DAY);
    world.catch_up();
    let page = |start_before, limit| -> Vec<u64> {
        let msg = QueryMsg::Epochs { start_before, limit };
        let answer: EpochsResponse = world.query(&msg);
        answer.epochs.iter().map(|epoch| epoch.index).collect()
    };
    let newest = world.dashboard().released_epochs - 1;
    assert_eq!(page(None, Some(2)), [newest, newest - 1]);
    assert_eq!(page(Some(FIRST + 14), None), [1, 0]);
    assert_eq!(page(Some(FIRST), None), Vec::<u64>::new());
}

#[test]
fn days_of_an_account_are_paged_oldest_first() {
    let mut world = World::new();
    for day in [FIRST, FIRST + 1, FIRST + 5] {
        world.noon(day);
        let node = world.node("node", ONE);
        world.nodes(day, vec![node]);
    }
    let page = |start_after, limit| -> Vec<u64> {
        let answer: AccountResponse = world.query(&QueryMsg::Account {
            address: world.user("node").into(),
            start_after,
            limit,
        });
        answer.days.iter().map(|day| day.day).collect()
    };
    assert_eq!(page(None, None), [FIRST, FIRST + 1, FIRST + 5]);
    assert_eq!(page(None, Some(2)), [FIRST, FIRST + 1]);
    assert_eq!(page(Some(FIRST), None), [FIRST + 1, FIRST + 5]);
    // nobody else's
    assert!(world.account("other").days.is_empty());
}

#[test]
fn what_is_claimable_is_what_is_paid() {
    let mut world = World::new();
    world.noon(FIRST);
    let (node, rental) = (
        world.node("node", ONE),
        world.rental("node", "node", 9, 500_000, 20_000),
    );
    world.report(FIRST, vec![rental], vec![node], vec![]).unwrap();
    world.close(FIRST);
    let due = world.claimable("node", FIRST, FIRST);
    assert!(
        due.capacity > n(0) && due.delivery > n(0) && due.rebate > n(0),
        "{due:?}"
    );
    let left_over = world.dashboard().left_over;
    assert_eq!(world.claim("node", FIRST, FIRST), Ok(due.total.u128()));
    assert_eq!(world.dashboard().paid, due.total);
    assert_eq!(world.dashboard().left_over, left_over + due.left_over);
    assert_eq!(world.claimable("node", FIRST, FIRST), ClaimResponse::default());
}

#[test]
fn configuration_and_days() {
    let world = World::new();
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!(config.vcai, world.vcai.to_string());
    assert_eq!(config.exchange, world.pool.to_string());
    assert_eq!(config.reporter, Some(world.user("reporter").to_string()));
    let day = world.day(FIRST + 6);
    assert_eq!(day.closes_at, (FIRST + 8) * DAY);
    assert!(day.pools.is_some());
    assert_eq!(world.day(FIRST + 7).pools, None);
    assert_eq!(world.day(TODAY).pools, None);
}

/// Numbers of the docs page.
#[test]
fn the_example_of_the_docs() {
    let mut world = World::new();
    world.noon(FIRST);
    let day = world.pools(FIRST);
    assert_eq!(
        [day.capacity, day.delivery, day.bonus, day.first_access, day.demand].map(|part| part.u128()),
        [
            123_152_709_359,
            123_152_709_359,
            21_893_814_997,
            5_473_453_749,
            273_672_687_465
        ]
    );
    let nodes = vec![world.node("carol", 10_000 * ONE), world.node("dave", 30_000 * ONE)];
    let fee = 400 * ONE;
    let rental = world.rental("alice", "carol", 3_600, 10_000 * ONE, fee);
    world.report(FIRST, vec![rental], nodes, vec![]).unwrap();
    world.close(FIRST);
    let carol = world.claimable("carol", FIRST, FIRST);
    assert_eq!(carol.capacity.u128(), day.capacity.u128() / 4);
    // half of 400 USDT is 200 USDT, at 0.05 USDT 4,000 VCAI: 2,000 for each of the two
    let alice = world.claimable("alice", FIRST, FIRST);
    assert!(
        alice.rebate.u128() <= 2_000 * ONE && alice.rebate.u128() >= 1_600 * ONE,
        "{alice:?}"
    );
    assert!(
        carol.delivery.u128() <= 2_000 * ONE && carol.delivery.u128() >= 1_600 * ONE,
        "{carol:?}"
    );
}
