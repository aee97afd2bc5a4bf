//! Renting from oneself.

use interfaces::incentive_controller::*;
use proptest::prelude::*;

use crate::world::*;

/// Half of the fee at the price, in VCAI.
fn half_fee(fee: u128) -> u128 {
    // 0.05 USDT for one
    fee / 2 * 20
}

#[test]
fn rebate_and_delivery_of_a_rental_are_worth_half_its_fee_at_most() {
    let mut world = World::new();
    world.noon(FIRST);
    // alone on that day: everything would be his
    let fee = 1_000 * ONE;
    let row = world.rental("self", "own", 1_000, 50 * fee, fee);
    world.rentals(FIRST, vec![row]);
    world.close(FIRST);
    let paid = world.claim("self", FIRST, FIRST).unwrap() + world.claim("own", FIRST, FIRST).unwrap();
    let most = half_fee(fee);
    assert!(paid <= most, "{paid} of {most}");
    // a cap is at least four fifths of itself
    assert!(paid * 5 >= most * 4 - 10, "{paid} of {most}");
    assert!(world.pools(FIRST).demand.u128() > most);
    // what it kept back is in the bucket
    let pools = world.pools(FIRST);
    let kept = pools.demand.u128() + pools.delivery.u128() - paid;
    assert_eq!(world.dashboard().left_over.u128(), kept);
}

/// An honest customer pays much and receives little for it. What his cap leaves is not for another rental at the same node.
#[test]
fn a_false_rental_cannot_use_what_the_cap_of_an_honest_one_leaves() {
    let fee = 1_000 * ONE;
    let earned = |with: bool| {
        let mut world = World::with(|params| {
            params.rebate_bps = 0;
            params.delivery_bps = 100;
        });
        world.noon(FIRST);
        // so many units elsewhere that nobody reaches a cap by his share but the false rental, with units for nearly no fee
        let mut rows = vec![
            world.rental("honest", "own", 1_000, 10_000_000 * fee, 200_000 * fee),
            world.rental("others", "other", 1_000_000, 10_000_000 * fee, 200_000 * fee),
        ];
        if with {
            rows.push(world.rental("self", "own", 1_000_000, 50, 1));
        }
        world.rentals(FIRST, rows);
        world.close(FIRST);
        world.claim("own", FIRST, FIRST).unwrap()
    };
    let (honestly, falsely) = (earned(false), earned(true));
    assert!(honestly > 0);
    // a fee of one millionth of a dollar is worth ten base units of VCAI
    assert!(falsely <= honestly + 10, "{falsely} after {honestly}");
}

#[test]
fn while_the_market_does_not_know_its_means_nothing_is_paid_for_rentals() {
    let mut world = World::silent(|_| {});
    world.advance_to(MONDAY - DAY);
    world.open_market();
    world.start();
    world.noon(FIRST);
    let fee = 1_000 * ONE;
    let row = world.rental("self", "own", 1_000, 50 * fee, fee);
    // two and a half days after the market opened: half an hour is known, a week is not
    world.rentals(FIRST, vec![row.clone()]);
    world.close(FIRST);
    assert_eq!(world.claim("self", FIRST, FIRST), Ok(0));
    assert_eq!(world.claim("own", FIRST, FIRST), Ok(0));
    // and again once it knows
    let day = FIRST + 7;
    world.noon(day);
    world.rentals(day, vec![row]);
    world.close(day);
    assert!(world.claim("self", day, day).unwrap() > 0);
}

#[test]
fn without_a_market_that_answers_nothing_is_paid_for_rentals() {
    let mut world = World::silent(|msg| msg.exchange = msg.vcai.clone());
    world.start();
    world.noon(FIRST);
    let row = world.rental("self", "own", 1_000, 50_000, 1_000);
    world.rentals(FIRST, vec![row]);
    world.close(FIRST);
    assert_eq!(world.claim("self", FIRST, FIRST), Ok(0));
}

/// What the cap of `fee` is worth right now, in VCAI, by what a lone self-dealer is paid.
fn cap_now(world: &mut World, day: u64) -> u128 {
    let fee = 1_000 * ONE;
    let row = world.rental("self", "own", 1_000, 50 * fee, fee);
    world.rentals(day, vec![row]);
    world.close(day);
    world.catch_up();
    let [renter, node] = ["self", "own"].map(|who| world.claimable(who, day, day).total.u128());
    renter + node
}

#[test]
fn a_price_pressed_for_half_an_hour_buys_no_larger_cap() {
    let mut world = World::new();
    world.noon(FIRST);
    let usual = cap_now(&mut world.clone_at(FIRST), FIRST);
    // sell VCAI for a tenth of the price, and wait for the half hour to forget
    world.dump(BASE * 2);
    world.advance(3_600);
    let pressed = cap_now(&mut world, FIRST);
    // the seven days remember
    assert!(pressed <= usual * 105 / 100, "{pressed} after {usual}");
}

#[test]
fn a_price_that_rose_lowers_the_cap_at_once() {
    let mut world = World::new();
    world.noon(FIRST);
    let usual = cap_now(&mut world.clone_at(FIRST), FIRST);
    world.buy(QUOTE);
    world.advance(3_600);
    let risen = cap_now(&mut world, FIRST);
    // four times the price: a quarter of the VCAI
    assert!(risen * 3 <= usual, "{risen} after {usual}");
}

impl World {
    /// A second world in the same state, made the same way.
    fn clone_at(&self, day: u64) -> Self {
        let mut twin = Self::new();
        twin.noon(day);
        assert_eq!(twin.now(), self.now());
        twin
    }

    /// Sells VCAI, which lowers its price.
    fn dump(&mut self, amount: u128) {
        use cosmwasm_std::to_json_binary;
        use interfaces::{exchange, vcai};
        self.fund_user("dumper", amount);
        let (dumper, vcai) = (self.user("dumper"), self.vcai.clone());
        let hook = exchange::Cw20Hook::Swap {
            min_out: n(0),
            deadline: None,
            to: None,
        };
        let send = vcai::ExecuteMsg::Send {
            contract: self.pool.to_string(),
            amount: n(amount),
            msg: to_json_binary(&hook).unwrap(),
        };
        self.act(&dumper, &vcai, &send).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Through the contract and the market's own means: whatever he rents from himself, at whatever parameters, with whomever beside him, what he is paid is worth less than
    /// what the fee costs him, even sold at 1.3 times the mean and with 30 % of all locks (less where the bound leaves less).
    #[test]
    fn a_self_dealing_renter_loses_at_all_parameters(
        rentals in prop::collection::vec((1..1u128 << 50, 200..=10_000u128, 1..1u128 << 40), 1..6),
        others in prop::collection::vec((1..1u128 << 50, 200..=10_000u128, 1..1u128 << 40), 0..4),
        bound_bps in 0..=5_000u16,
        rebate_bps in 0..=10_000u16,
        delivery_bps in 0..=10_000u16,
        release_bps in 0..=10_000u16,
    ) {
        let mut world = World::with(|params| {
            *params = Params { bound_bps, rebate_bps, delivery_bps, release_bps, ..Params::default() };
        });
        world.noon(FIRST);
        let mut fees = 0;
        let mut rows = vec![];
        for (spend, bps, units) in &rentals {
            let fee = (spend * bps).div_ceil(10_000);
            fees += fee;
            rows.push(world.rental("self", "own", *units, *spend, fee));
        }
        for (spend, bps, units) in &others {
            rows.push(world.rental("renter", "node", *units, *spend, (spend * bps).div_ceil(10_000)));
        }
        world.rentals(FIRST, rows);
        world.close(FIRST);
        let paid: u128 = ["self", "own"].iter().map(|who| world.claim(who, FIRST, FIRST).unwrap()).sum();
        // 0.05 USDT for a VCAI; in hundredths of a percent
        let share = 3_000.min(9_999 - u128::from(bound_bps));
        let (sold, back) = (paid * 13_000 / 20, fees * share);
        prop_assert!(sold + back < fees * 10_000, "{paid} for {fees}");
    }
}
