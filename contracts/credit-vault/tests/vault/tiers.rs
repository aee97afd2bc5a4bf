//! Prices by tier.

use interfaces::credit_vault::*;
use interfaces::lco_staking::Tier;

use crate::stand_in::Reaction;
use crate::world::*;

#[test]
fn each_tier_pays_its_share_of_list() {
    // IN: list 3, cost 1 a unit; OUT: list 10, cost 9.5
    let cases = [
        (Tier::Lv1, IN, 300, 100),
        (Tier::Lv2, IN, 285, 100),
        (Tier::Lv3, IN, 255, 100),
        (Tier::Lv4, IN, 210, 100),
        (Tier::Whale, IN, 100, 100),
        (Tier::Lv4, OUT, 700, 700),
        // never above what Lv4 pays, even where the cost is
        (Tier::Whale, OUT, 700, 700),
    ];
    for (tier, sku, charged, cost) in cases {
        let mut world = World::new();
        let alice = world.spender("alice", 1, 10_000);
        world.set_tier(&alice, tier);
        let entry = world.usage(&alice, sku, 100);
        let settled = world.settle_one(entry);
        assert_eq!(
            (settled.charged, settled.cost),
            (amount(charged), amount(cost)),
            "{tier:?} {sku}"
        );
        assert_eq!(world.booked(&alice), charged * 10, "mines by what was paid");
    }
}

#[test]
fn tiers_belong_to_their_accounts() {
    let mut world = World::new();
    let names = ["alice", "bob", "carol", "dave"];
    let tiers = [Tier::Lv4, Tier::Lv1, Tier::Lv2, Tier::Whale];
    let users = names.map(|name| world.spender(name, 1, 10_000));
    for (user, tier) in users.iter().zip(tiers) {
        world.set_tier(user, tier);
    }
    // one who has no account here stands between them
    let mallory = world.user("mallory");
    world.set_tier(&mallory, Tier::Lv3);
    let mut entries: Vec<_> = users.iter().map(|user| world.usage(user, IN, 100)).collect();
    entries.push(world.usage(&mallory, IN, 100));
    world.settle(entries);
    let paid = users.map(|user| 10_000 - world.spending(&user, 1).amount.u128());
    assert_eq!(paid, [210, 300, 285, 100]);
}

#[test]
fn charges_round_down() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 10_000);
    world.set_tier(&alice, Tier::Lv2);
    // 3 · 95 % = 2.85
    let entry = world.usage(&alice, IN, 1);
    assert_eq!(world.settle_one(entry).charged, amount(2));
}

#[test]
fn broken_tiers_mean_list_price_and_say_so() {
    for reaction in [Reaction::Fail, Reaction::Short] {
        let mut world = World::new();
        let alice = world.spender("alice", 1, 10_000);
        world.set_tier(&alice, Tier::Whale);
        let tiers = world.tiers.clone();
        world.react(&tiers, reaction.clone());
        let entries = vec![world.usage(&alice, IN, 100)];
        let report = world.report(1, entries);
        let response = world.settle_all(vec![report]);
        assert_eq!(
            attribute(&response, "settlement", "tiers").unwrap(),
            "failed",
            "{reaction:?}"
        );
        assert_eq!(
            attribute(&response, "settlement", "charged").unwrap(),
            "300",
            "{reaction:?}"
        );
    }
}

#[test]
fn without_a_staking_contract_everybody_pays_list() {
    let mut world = World::with(|msg| msg.peers.tiers = None);
    let alice = world.spender("alice", 1, 10_000);
    let entries = vec![world.usage(&alice, IN, 100)];
    let report = world.report(1, entries);
    let response = world.settle_all(vec![report]);
    assert_eq!(attribute(&response, "settlement", "tiers").unwrap(), "none");
    assert_eq!(attribute(&response, "settlement", "charged").unwrap(), "300");
}

#[test]
fn tiers_peer_that_is_no_contract_is_a_broken_one() {
    let mut world = World::new();
    let nobody = world.user("nobody").to_string();
    let peers = Peers {
        tiers: Some(nobody),
        ..Peers::default()
    };
    world.ok(&world.user("timelock"), ExecuteMsg::SetPeers { peers });
    let alice = world.spender("alice", 1, 10_000);
    let entry = world.usage(&alice, IN, 100);
    assert_eq!(world.settle_one(entry).charged, amount(300));
}
