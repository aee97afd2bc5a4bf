//! Launches on the real staking contract: what time and tiers make of a stake.

use cosmwasm_std::{to_json_binary, Addr};
use cw_multi_test::Executor;
use interfaces::imo_launchpad::*;
use interfaces::l_coin::ExecuteMsg as CoinMsg;
use interfaces::lco_staking::{Cw20Hook as StakingHook, ExecuteMsg as StakingMsg};

use crate::world::*;

impl World {
    /// Mints whole LCO to the user and stakes them.
    fn stake(&mut self, name: &str, lco: u128) -> Addr {
        let (user, minter, token) = (self.user(name), self.user("minter"), self.l_coin.clone());
        let amount = n(lco * ONE);
        let mint = CoinMsg::Mint {
            recipient: user.to_string(),
            amount,
        };
        self.app.execute_contract(minter, token.clone(), &mint, &[]).unwrap();
        let send = CoinMsg::Send {
            contract: self.staking.to_string(),
            amount,
            msg: to_json_binary(&StakingHook::Stake { r#for: None }).unwrap(),
        };
        self.app.execute_contract(user.clone(), token, &send, &[]).unwrap();
        user
    }

    fn unstake(&mut self, user: &Addr, lco: u128) {
        let (staking, amount) = (self.staking.clone(), n(lco * ONE));
        let msg = StakingMsg::Unstake { amount };
        self.app.execute_contract(user.clone(), staking, &msg, &[]).unwrap();
    }

    /// A launch of a million units.
    fn announce(&mut self) -> u64 {
        self.create(|terms| terms.quota = n(1_000_000)).unwrap()
    }
}

#[test]
fn staking_after_the_announcement_gains_nothing() {
    let mut world = World::with_real_staking();
    let alice = world.stake("alice", 10_000);
    world.wait(8 * DAY);
    let launch = world.announce();
    let before = world.launch(launch).total_weight;
    // in the very block of the announcement, and later
    let mallory = world.stake("mallory", 1_000_000);
    world.wait(HOUR);
    let bob = world.stake("bob", 1_000_000);
    world.stake("alice", 90_000);
    for newcomer in [&mallory, &bob] {
        assert_eq!(world.allotment(launch, newcomer).allocation, n(0));
        assert_eq!(world.subscribe(newcomer, launch).unwrap_err(), 9);
    }
    world.subscribe(&alice, launch).unwrap();
    assert_eq!(
        world.allotment(launch, &alice).allocation,
        n(1_000_000),
        "all of it, as before"
    );
    assert_eq!(world.launch(launch).total_weight, before);
}

#[test]
fn staking_just_before_the_snapshot_gains_only_its_share_of_the_window() {
    let mut world = World::with_real_staking();
    let alice = world.stake("alice", 10_000);
    world.wait(8 * DAY);
    let mallory = world.stake("mallory", 10_000);
    world.wait(HOUR);
    let launch = world.announce();
    // the snapshot is a second ago: 3,599 of 604,800 s, less the second of the stake itself
    let (whole, late) = (604_800u128, 3_598..=3_599);
    let got = world.allotment(launch, &mallory).allocation.u128();
    let fits = late
        .clone()
        .any(|seconds| got == 1_000_000 * seconds / (whole + seconds));
    assert!(fits, "{got} units for {late:?} s");
    assert!(world.allotment(launch, &alice).allocation >= n(990_000));
}

#[test]
fn splitting_a_stake_over_accounts_never_gains() {
    let share = |stakes: &[(&str, u128)]| -> u128 {
        let mut world = World::with_real_staking();
        let dave = world.stake("dave", 50_000);
        let mine: Vec<Addr> = stakes.iter().map(|(name, lco)| world.stake(name, *lco)).collect();
        world.wait(8 * DAY);
        let launch = world.announce();
        let users = mine.iter().chain([&dave]);
        for user in users {
            if world.allotment(launch, user).allocation > n(0) {
                world.subscribe(user, launch).unwrap();
            }
        }
        world.wait(DAY);
        let allotment = |user: &Addr| world.allotment(launch, user).allotment.unwrap_or_default().u128();
        mine.iter().map(allotment).sum()
    };
    let whole = share(&[("alice", 50_000)]);
    assert_eq!(whole, 500_000);
    for split in [
        [("alice", 40_000), ("bob", 10_000)].as_slice(),
        &[("alice", 25_000), ("bob", 25_000)],
        &[("alice", 20_000), ("bob", 20_000), ("carol", 10_000)],
        &[("alice", 41_000), ("bob", 9_000)],
    ] {
        let parts = share(split);
        assert!(parts <= 250_000, "3× is lost, {parts} of {whole}: {split:?}");
    }
    // within one tier nothing changes but rounding
    let (whole, parts) = (
        share(&[("alice", 40_000)]),
        share(&[("alice", 20_000), ("bob", 20_000)]),
    );
    assert!(parts <= whole && whole - parts <= 2, "{parts} of {whole}");
}

#[test]
fn tiers_below_lv3_have_no_part() {
    let mut world = World::with_real_staking();
    let (alice, bob) = (world.stake("alice", 9_999), world.stake("bob", 10_000));
    world.wait(8 * DAY);
    let launch = world.announce();
    assert_eq!(world.subscribe(&alice, launch).unwrap_err(), 9);
    assert_eq!(world.allotment(launch, &bob).allocation, n(1_000_000));
}

#[test]
fn lv4_and_whale_weigh_three_times() {
    let mut world = World::with_real_staking();
    let (alice, bob) = (world.stake("alice", 20_000), world.stake("bob", 60_000));
    let carol = world.stake("carol", 100_000);
    world.wait(8 * DAY);
    let launch = world.announce();
    // 20,000 · 1 : 60,000 · 3 : 100,000 · 3
    for (user, expected) in [(alice, 40_000), (bob, 360_000), (carol, 600_000)] {
        assert_eq!(world.allotment(launch, &user).allocation, n(expected));
    }
}

#[test]
fn unstaking_after_the_snapshot_loses_nothing_and_unstaking_before_it_does() {
    let mut world = World::with_real_staking();
    let (alice, bob) = (world.stake("alice", 10_000), world.stake("bob", 10_000));
    world.wait(8 * DAY);
    world.unstake(&bob, 10_000);
    world.wait(7 * DAY / 2);
    let launch = world.announce();
    world.unstake(&alice, 10_000);
    world.wait(HOUR);
    let (alice, bob) = (
        world.allotment(launch, &alice).allocation,
        world.allotment(launch, &bob).allocation,
    );
    assert!(
        alice.u128().abs_diff(666_666) <= 2 && bob.u128().abs_diff(333_333) <= 2,
        "{alice} {bob}"
    );
}

#[test]
fn launch_before_anybody_staked_is_refused() {
    let mut world = World::with_real_staking();
    assert_eq!(world.create(|_| {}), Err(5));
    world.stake("alice", 9_999);
    world.wait(8 * DAY);
    assert_eq!(world.create(|_| {}), Err(5), "a stake that weighs nothing");
    world.stake("alice", 1);
    assert_eq!(world.create(|_| {}), Err(5), "staked after the snapshot");
    // in force a second later, and a second of the window after that
    world.wait(2);
    assert_eq!(world.create(|_| {}), Err(5));
    world.wait(1);
    assert_eq!(world.create(|_| {}), Ok(1));
}

#[test]
fn whole_launch_with_real_stakes_and_credits() {
    let mut world = World::with_real_staking();
    let (alice, bob) = (world.stake("alice", 10_000), world.stake("bob", 50_000));
    world.stake("carol", 80_000);
    world.wait(8 * DAY);
    let launch = world.announce();
    for user in [&alice, &bob] {
        world.subscribe(user, launch).unwrap();
    }
    world.wait(DAY);
    // 1 : 15 of what carol left, too
    for (user, units) in [(&alice, 62_500), (&bob, 937_500)] {
        assert_eq!(world.allotment(launch, user).claimable, n(units));
        world.claim(user, launch, units).unwrap();
        assert_eq!(world.entitled(user, SKU), units);
        assert_eq!(world.credits(user), WEALTH - 3 * units);
    }
    assert_eq!(world.launch(launch).claimed, n(1_000_000));
    world.wait(7 * DAY);
    let response = world.ok(&bob, ExecuteMsg::CloseLaunch { launch });
    assert_eq!(attribute(&response, "launch_closed", "returned"), Some("0".into()));
}
