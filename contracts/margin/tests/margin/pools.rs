//! Lending: shares, interest, and what lenders are protected from.

use interfaces::margin::*;
use margin::pool::Pool;
use margin::state::pools;
use proptest::prelude::*;

use crate::world::*;

fn stored(world: &World, token: Token) -> Pool {
    pools(token).may_load(&*world.storage(), &()).unwrap().unwrap()
}

#[test]
fn lender_gets_back_what_he_lent() {
    let mut world = World::new();
    for token in Token::ALL {
        let before = world.balance("alice", token);
        world.supply("alice", token, 1_000 * ONE).unwrap();
        let shares = world.shares("alice", token);
        let answer = world.withdraw("alice", token, shares).unwrap();
        assert!(!answer.call_again);
        // rounded down twice, against the lender
        let lost = before - world.balance("alice", token);
        assert!(lost <= 1, "{lost}");
        assert_eq!(world.shares("alice", token), amount(0));
    }
}

#[test]
fn withdrawal_beyond_shares_or_cash_or_of_nothing_is_refused() {
    let mut world = World::new();
    let shares = world.shares("lender", Token::Credit);
    let one = amount(1);
    assert_eq!(
        world.withdraw("lender", Token::Credit, shares + one),
        Err("margin:21".into())
    );
    assert_eq!(world.withdraw("alice", Token::Credit, one), Err("margin:21".into()));
    assert_eq!(
        world.withdraw("lender", Token::Credit, amount(0)),
        Err("margin:2".into())
    );
    world.open("alice", Side::Long, 1_000 * ONE, 1_000 * ONE).unwrap();
    assert_eq!(world.withdraw("lender", Token::Credit, shares), Err("margin:8".into()));
}

#[test]
fn supply_asks_for_at_least_what_the_lender_expects_and_one_share() {
    let mut world = World::new();
    let hook = |min: u128| Cw20Hook::Supply {
        min_shares: amount(min),
    };
    let shares_of_one = 1_000 * ONE;
    let refused = world.send("alice", Token::Lco, ONE, &hook(shares_of_one + 1));
    assert_eq!(refused.unwrap_err(), "margin:17");
    world.send("alice", Token::Lco, ONE, &hook(shares_of_one)).unwrap();
}

/// The first supplier mints one share, gives a fortune to the pool and waits for a victim whose shares round to nothing. Here a gift by transfer changes nothing, and
/// one through the pool itself (a third party's overpaid debt does not exist) has no way in.
#[test]
fn first_supplier_inflation_by_donation_gains_nothing() {
    let mut world = World::bare(|_| {});
    world.supply("mallory", Token::Credit, 1).unwrap();
    world.donate("mallory", Token::Credit, 10_000 * ONE);
    world.supply("alice", Token::Credit, 1_000 * ONE).unwrap();
    let (mallory, alice) = (
        world.shares("mallory", Token::Credit),
        world.shares("alice", Token::Credit),
    );
    assert_eq!(
        world.withdraw("alice", Token::Credit, alice).unwrap().paid,
        whole(1_000)
    );
    assert_eq!(
        world.withdraw("mallory", Token::Credit, mallory).unwrap().paid,
        amount(1)
    );
    assert_eq!(
        world.balance_of(&world.margin, Token::Credit),
        10_000 * ONE,
        "the gift belongs to nobody"
    );
}

#[test]
fn donation_changes_no_price_of_shares_and_no_position() {
    let mut world = World::new();
    let position = world.open("alice", Side::Short, 1_000 * ONE, 2_000 * ONE).unwrap();
    let before = (
        world.pool(Token::Credit),
        world.pool(Token::Lco),
        world.position(position),
    );
    for token in Token::ALL {
        world.donate("mallory", token, 5_000 * ONE);
    }
    assert_eq!(
        before,
        (
            world.pool(Token::Credit),
            world.pool(Token::Lco),
            world.position(position)
        )
    );
}

#[test]
fn interest_follows_the_kinked_curve_and_a_tenth_goes_to_the_reserve() {
    // the caps of the exchange's pool are set aside for this one
    let mut world = World::with(|params| {
        params.position_cap_bps = 200;
        params.side_cap_bps = 2_000;
    });
    let all = world.shares("lender", Token::Credit);
    let shares = amount(all.u128() * 9 / 10);
    world.withdraw("lender", Token::Credit, shares).unwrap();
    // 10,000 Credits are left; 8,000 lent is the kink: 2 % + 10 %
    world.open("alice", Side::Long, 2_500 * ONE, 4_000 * ONE).unwrap();
    world.open("bob", Side::Long, 2_500 * ONE, 4_000 * ONE).unwrap();
    let pool = world.pool(Token::Credit);
    assert_eq!((pool.utilisation_bps, pool.debt), (8_000, whole(8_000)));
    let rate = pool.borrow_rate.u128();
    assert!(rate.abs_diff(120_000_000_000_000_000) <= 10_000_000_000, "{rate}");

    world.advance(YEAR);
    let pool = world.pool(Token::Credit);
    // e^0.12 = 1.127496851579…
    let interest = pool.debt.u128() - 8_000 * ONE;
    assert!(interest.abs_diff(1_019_974_812) <= 10, "{interest}");
    assert_eq!(pool.unclaimed.u128(), interest / 10);
    assert_eq!(pool.assets.u128(), 10_000 * ONE + interest - interest / 10);

    let before = pool.reserve;
    world
        .exec("keeper", &ExecuteMsg::CollectInterest { token: Token::Credit })
        .unwrap();
    let after = world.pool(Token::Credit);
    assert_eq!(after.reserve - before, pool.unclaimed);
    assert_eq!((after.unclaimed, after.assets), (amount(0), pool.assets));
    let again = world.exec("keeper", &ExecuteMsg::CollectInterest { token: Token::Credit });
    assert_eq!(again.unwrap_err(), "margin:25");
}

#[test]
fn new_loans_leave_the_last_twentieth_of_a_pool() {
    let mut world = World::with(|params| {
        params.position_cap_bps = 200;
        params.side_cap_bps = 2_000;
    });
    let all = world.shares("lender", Token::Credit);
    let keep = amount(all.u128() * 95 / 100);
    world.withdraw("lender", Token::Credit, keep).unwrap();
    // 5,000 Credits are left
    assert_eq!(
        world.open("alice", Side::Long, 2_500 * ONE, 4_750 * ONE + 1),
        Err("margin:9".into())
    );
    assert_eq!(
        world.open("alice", Side::Long, 2_500 * ONE, 5_000 * ONE + 1),
        Err("margin:8".into())
    );
    world.open("alice", Side::Long, 2_500 * ONE, 4_750 * ONE).unwrap();
}

#[test]
fn rounding_loops_of_lenders_never_pay() {
    let mut world = World::new();
    world.open("bob", Side::Long, 500 * ONE, 1_500 * ONE).unwrap();
    world.advance(YEAR);
    let before = world.balance("mallory", Token::Credit);
    for size in [1u128, 2, 3, 7, 999, 1_000, 1_001] {
        world.supply("mallory", Token::Credit, size).unwrap();
        let shares = world.shares("mallory", Token::Credit);
        // in two parts, in case one rounding favours him
        let half = amount(shares.u128() / 2);
        world.withdraw("mallory", Token::Credit, half).unwrap();
        world.withdraw("mallory", Token::Credit, shares - half).unwrap();
    }
    assert!(world.balance("mallory", Token::Credit) <= before);
}

#[test]
fn paused_supply_refuses_lending_and_never_withdrawing() {
    let mut world = World::new();
    for feature in [Pausable::Supply, Pausable::Borrow] {
        world
            .exec("operator", &ExecuteMsg::Pause { feature, paused: true })
            .unwrap();
    }
    assert_eq!(world.supply("alice", Token::Lco, ONE).unwrap_err(), "margin:920");
    let shares = world.shares("lender", Token::Lco);
    assert_eq!(world.withdraw("lender", Token::Lco, shares).unwrap().paid, amount(LENT));
    let paused: OverviewResponse = world.query(&QueryMsg::Overview {});
    assert_eq!(paused.paused, [Pausable::Supply, Pausable::Borrow]);
    world
        .exec(
            "owner",
            &ExecuteMsg::Pause {
                feature: Pausable::Supply,
                paused: false,
            },
        )
        .unwrap();
    world.supply("alice", Token::Lco, ONE).unwrap();
}

#[test]
fn gift_to_the_reserve_is_booked_there_and_nowhere_else() {
    let mut world = World::new();
    for token in Token::ALL {
        let before = world.pool(token);
        world.send("alice", token, 50 * ONE, &Cw20Hook::FundReserve {}).unwrap();
        let after = world.pool(token);
        assert_eq!(after.reserve, before.reserve + whole(50));
        assert_eq!((after.cash, after.assets), (before.cash, before.assets));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Touching a pool without changing a balance, at any times and however often, leaves bit for bit what not touching it leaves.
    #[test]
    fn interest_pokes_bit_identical_to_none(pauses in proptest::collection::vec(1u64..40 * DAY, 1..8)) {
        let run = |poked: bool| {
            let mut world = World::new();
            let long = world.open("alice", Side::Long, 1_000 * ONE, 1_500 * ONE).unwrap();
            let short = world.open("bob", Side::Short, 1_000 * ONE, 1_500 * ONE).unwrap();
            let untouched = (stored(&world, Token::Credit), stored(&world, Token::Lco));
            for pause in &pauses {
                world.advance(*pause);
                if poked {
                    assert_eq!(world.liquidate("mallory", long).unwrap_err(), "margin:19");
                    assert!(world.withdraw("mallory", Token::Credit, amount(1)).is_err());
                    world.send("mallory", Token::Credit, 1, &Cw20Hook::FundReserve {}).unwrap();
                    world.exec("owner", &ExecuteMsg::SetParams { params: default_params() }).unwrap();
                    let _: OverviewResponse = world.query(&QueryMsg::Overview {});
                    let now = stored(&world, Token::Credit);
                    assert_eq!(Pool { reserve: untouched.0.reserve, ..now }, untouched.0, "nothing of the debt is written");
                    assert_eq!(stored(&world, Token::Lco), untouched.1);
                }
            }
            let pools = Token::ALL.map(|token| PoolResponse { reserve: amount(0), ..world.pool(token) });
            (pools, world.position(long), world.position(short))
        };
        prop_assert_eq!(run(true), run(false));
    }

    /// However a lender cuts his money into pieces, he never takes out more than he put in, and never more than a few units less.
    #[test]
    fn lending_in_any_pieces_is_fair(pieces in proptest::collection::vec(1u128..10 * ONE, 1..10), wait in 0u64..30 * DAY) {
        let mut world = World::new();
        world.advance(wait);
        let before = world.balance("alice", Token::Lco);
        let count = pieces.len() as u128;
        for piece in pieces {
            world.supply("alice", Token::Lco, piece).unwrap();
        }
        let shares = world.shares("alice", Token::Lco);
        world.withdraw("alice", Token::Lco, shares).unwrap();
        let lost = before - world.balance("alice", Token::Lco);
        prop_assert!(lost <= count + 1);
    }
}
