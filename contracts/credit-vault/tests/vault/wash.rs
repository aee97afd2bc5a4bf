//! Wash mining: somebody who is gateway and user gets his revenue back. What he really pays per LCO, by each way there is, against `WashCost`.

use cosmwasm_std::Addr;
use interfaces::credit_vault::*;
use interfaces::lco_staking::Tier;
use math::halving;

use crate::world::*;

/// How an attacker charges himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// At the rate card, as an honest gateway would.
    Honest,
    /// Claims as cost what he claims as list.
    ListEqualsCost,
    /// Has staked enough to be a Whale, who pays the cost.
    Whale,
    Lv4,
    /// Claims far more than he has promised.
    Shortfall,
    /// Challenges his own charges and does not answer.
    Unanswered,
}

const WAYS: [Way; 6] = [
    Way::Honest,
    Way::ListEqualsCost,
    Way::Whale,
    Way::Lv4,
    Way::Shortfall,
    Way::Unanswered,
];

/// What the attacker started with: one purse of two addresses, user and payout.
const STAKE: u128 = 100_000 * ONE;

struct Attack {
    world: World,
    user: Addr,
    payout: Addr,
}

impl Attack {
    /// `consumed` µCredit were spent by others before.
    fn new(params: Params, consumed: u128) -> Self {
        let mut world = World::with(|msg| {
            msg.params = params.clone();
            // others' usage is out of the way of the cap
            msg.params.weekly_mint_cap = amount(halving::TOTAL);
        });
        let carol = world.spender("carol", 2, consumed.max(1));
        let entries = vec![world.usage(&carol, OTHER, consumed)];
        let report = world.report(2, entries);
        world.settle_report(report);
        world.ok(&world.user("owner"), ExecuteMsg::SetParams { params });
        let (user, payout) = (world.user("mallory"), world.user("payout"));
        world.deposit("mallory", STAKE);
        Self { world, user, payout }
    }

    fn entry(&self, way: Way) -> SettleEntry {
        let claim = self.world.usage(&self.user, IN, 10_000 * ONE);
        match way {
            Way::ListEqualsCost => SettleEntry {
                list: claim.cost,
                ..claim
            },
            Way::Shortfall => SettleEntry {
                cost: claim.cost,
                ..self.world.usage(&self.user, IN, 100_000 * ONE)
            },
            _ => claim,
        }
    }

    /// Once around: spend, settle, wait, release, claim.
    fn go_round(&mut self, way: Way) {
        let world = &mut self.world;
        match way {
            Way::Whale => world.set_tier(&self.user, Tier::Whale),
            Way::Lv4 => world.set_tier(&self.user, Tier::Lv4),
            _ => {}
        }
        world.ok(&self.user, open(1, 60_000 * ONE, 60_000 * ONE));
        let week = world.week();
        let entry = self.entry(way);
        let report = self.world.settle(vec![entry]).report;
        let world = &mut self.world;
        if way == Way::Unanswered {
            world.resolve(report, 0, ChargeAction::Hold).unwrap();
            world.resolve(report, 0, ChargeAction::Return).unwrap();
        }
        world.ok(&self.user, ExecuteMsg::CloseSpending { gateway: 1 });
        world.wait(4 * WEEK);
        world.ok(&self.user, ExecuteMsg::WithdrawSpending { gateway: 1 });
        world.report_profit(1, week);
        world.ok(&self.user, ExecuteMsg::ClaimLco {});
    }

    /// Redeems everything and answers (µUSDT lost, µLCO gained).
    fn leave(mut self) -> (u128, u128) {
        let mut back = 0;
        for who in [&self.user, &self.payout] {
            let before = self.world.usdt(who);
            let free = self.world.free(who);
            if free > 0 {
                self.world.ok(who, redeem(free));
            }
            back += self.world.usdt(who) - before;
        }
        (STAKE - back, self.world.lco(&self.user))
    }

    fn published(&self) -> u128 {
        let answer: WashCostResponse = self.world.query(&QueryMsg::WashCost {});
        answer.credits_per_lco.unwrap().u128()
    }
}

/// lost / gained ≥ published, exactly: the published cost of the LCO gained is at most what was lost.
fn at_least(lost: u128, gained: u128, published: u128) -> bool {
    lost * ONE >= published * gained
}

/// Rounding up at the floor is all that an attacker pays above the published cost.
fn exactly(lost: u128, gained: u128, published: u128) -> bool {
    at_least(lost, gained, published) && (lost - 1) * ONE < published * gained
}

#[test]
fn nobody_mines_below_the_published_cost_and_it_is_reached() {
    let tight = Params {
        fund_floor_bps: 137,
        ..default_params()
    };
    let dear = Params {
        fund_floor_bps: 1_000,
        profit_share_bps: 5_000,
        ..default_params()
    };
    for params in [default_params(), tight, dear] {
        let mut reached = vec![];
        for way in WAYS {
            let mut attack = Attack::new(params.clone(), 0);
            let published = attack.published();
            attack.go_round(way);
            let (lost, gained) = attack.leave();
            assert!(gained > 0, "{way:?} mined");
            assert!(
                at_least(lost, gained, published),
                "{way:?}: {lost} for {gained}, published {published}"
            );
            if exactly(lost, gained, published) {
                reached.push(way);
            }
        }
        assert_eq!(
            reached,
            [Way::ListEqualsCost, Way::Whale, Way::Unanswered],
            "floor {}",
            params.fund_floor_bps
        );
    }
}

#[test]
fn published_cost_doubles_with_each_halving() {
    for (consumed, published) in [
        (0, 2_000),
        (halving::FIRST_HALVING, 4_000),
        (3 * halving::FIRST_HALVING, 8_000),
    ] {
        let mut attack = Attack::new(default_params(), consumed);
        assert_eq!(attack.published(), published, "after {consumed}");
        attack.go_round(Way::ListEqualsCost);
        let (lost, gained) = attack.leave();
        assert!(
            exactly(lost, gained, published),
            "after {consumed}: {lost} for {gained}"
        );
    }
}

/// A spend that crosses a halving costs more per LCO than the present rate says, never less.
#[test]
fn crossing_a_halving_is_no_cheaper() {
    let mut attack = Attack::new(default_params(), halving::FIRST_HALVING - 5_000 * ONE);
    let published = attack.published();
    attack.go_round(Way::ListEqualsCost);
    let (lost, gained) = attack.leave();
    assert!(at_least(lost, gained, published) && !exactly(lost, gained, published));
}

/// Going round in small steps gains nothing: the mint telescopes, and each step rounds up at the floor.
#[test]
fn many_small_rounds_are_no_cheaper() {
    let mut attack = Attack::new(default_params(), 0);
    let published = attack.published();
    for _ in 0..5 {
        attack.go_round(Way::Unanswered);
    }
    let (lost, gained) = attack.leave();
    assert!(at_least(lost, gained, published));
}

/// The cap bounds how much one gateway mines in a week; what goes beyond it is paid for nothing.
#[test]
fn weekly_cap_makes_haste_dearer() {
    let capped = Params {
        weekly_mint_cap: amount(1_000 * ONE),
        ..default_params()
    };
    let mut attack = Attack::new(capped, 0);
    let published = attack.published();
    attack.go_round(Way::ListEqualsCost);
    let (lost, gained) = attack.leave();
    assert_eq!(gained, 1_000 * ONE);
    assert!(lost * ONE > 50 * published * gained);
}
