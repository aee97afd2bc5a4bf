//! The airdrop: at most 10,000 VCAI a token and 30,000,000 in all; what is not claimed moves with a sale.

use interfaces::genesis_nft::*;

use crate::world::*;

/// Whole VCAI of a token after so many months.
const BY_MONTH: [u128; 8] = [2_500, 3_750, 5_000, 6_250, 7_500, 8_750, 10_000, 10_000];

#[test]
fn airdrop_is_at_most_ten_thousand_a_token_and_thirty_million_in_all() {
    assert_eq!(PER_TOKEN.u128(), 10_000 * ONE);
    assert_eq!(PER_TOKEN.u128() * u128::from(MAX_TOKENS), 30_000_000 * ONE);
    let mut world = World::with(Sale {
        per_wallet: 3_000,
        ..sale()
    })
    .unwrap();
    world.at(OPENS);
    for _ in 0..3 {
        world.buy("alice", 50);
    }
    let proceeds: ProceedsResponse = world.query(&QueryMsg::Proceeds {});
    assert_eq!(proceeds.airdrop.u128(), 150 * 10_000 * ONE);
    assert_eq!(proceeds.proceeds.u128(), 150 * PRICE);
}

#[test]
fn quarter_at_once_then_six_equal_months_to_the_second() {
    let mut world = World::after_tge(1);
    let tge = world.now();
    for (month, whole) in BY_MONTH.iter().enumerate() {
        let at = tge + month as u64 * MONTH;
        world.at(at);
        assert_eq!(world.claim_row("1").vested.u128(), whole * ONE, "month {month}");
        if month > 0 {
            world.at(at - 1);
            assert_eq!(
                world.claim_row("1").vested.u128(),
                BY_MONTH[month - 1] * ONE,
                "a second before"
            );
        }
    }
}

/// However long the sale has been over by then.
#[test]
fn months_count_from_the_tge() {
    let mut world = World::new();
    world.buy("alice", 1);
    world.at(CLOSES + 2 * MONTH);
    world.tge();
    assert_eq!(world.claim_row("1").vested.u128(), 2_500 * ONE);
}

#[test]
fn monthly_claims_pay_equal_steps_and_the_last_the_remainder() {
    let mut world = World::after_tge(2);
    let tge = world.now();
    let mut paid = 0;
    for month in 0..=6u64 {
        world.at(tge + month * MONTH);
        let step = world.claim("alice", &["1"]);
        assert_eq!(step, if month == 0 { 2_500 * ONE } else { 1_250 * ONE });
        paid += step;
        assert_eq!(world.refused("alice", claim(&["1"])), 12);
    }
    assert_eq!(paid, PER_TOKEN.u128(), "not a unit is left");
    assert_eq!(
        world.claim("alice", &["2"]),
        PER_TOKEN.u128(),
        "one claim at the end pays the same"
    );
    world.wait(100 * MONTH);
    assert_eq!(world.refused("alice", claim(&["1", "2"])), 12);
    assert_eq!(world.vcai(&world.nft.clone()), 0);
}

#[test]
fn nothing_is_claimed_before_the_tge() {
    let mut world = World::new();
    world.buy("alice", 1);
    assert_eq!(world.refused("alice", claim(&["1"])), 9);
    assert_eq!(world.claim_row("1").vested.u128(), 0);
}

#[test]
fn unclaimed_part_follows_a_sale() {
    let mut world = World::after_tge(1);
    let tge = world.now();
    world.claim("alice", &["1"]);
    world.at(tge + 2 * MONTH);
    // two steps vested and not claimed, four to come: all of it is the buyer's
    world.transfer("alice", "bob", "1");
    assert_eq!(world.refused("alice", claim(&["1"])), 11);
    assert_eq!(world.claim_row("1").unclaimed.u128(), 7_500 * ONE);
    assert_eq!(world.claim("bob", &["1"]), 2_500 * ONE);
    world.at(tge + 6 * MONTH);
    assert_eq!(world.claim("bob", &["1"]), 5_000 * ONE);
}

/// Claiming on a token that was sold in the same block, and claiming on one that was just claimed: neither pays twice.
#[test]
fn claim_around_a_sale_pays_once() {
    let mut world = World::after_tge(1);
    assert_eq!(world.claim("alice", &["1"]), 2_500 * ONE);
    world.transfer("alice", "bob", "1");
    assert_eq!(world.refused("bob", claim(&["1"])), 12);
    world.transfer("bob", "alice", "1");
    assert_eq!(world.refused("alice", claim(&["1"])), 12);
}

#[test]
fn one_token_twice_in_a_claim_is_refused() {
    let mut world = World::after_tge(3);
    assert_eq!(world.refused("alice", claim(&["1", "2", "1"])), 10);
    assert_eq!(world.claim("alice", &["3", "1", "2"]), 7_500 * ONE);
    assert_eq!(world.refused("alice", claim(&[])), 2);
    let many: Vec<String> = (1..=51).map(|id| id.to_string()).collect();
    assert_eq!(world.refused("alice", ExecuteMsg::Claim { tokens: many }), 2);
}

#[test]
fn approved_spender_and_operator_do_not_claim() {
    let mut world = World::after_tge(1);
    let bob = world.user("bob").into_string();
    let approve = ExecuteMsg::Approve {
        spender: bob.clone(),
        token_id: "1".into(),
        expires: None,
    };
    world.ok("alice", approve);
    world.ok(
        "alice",
        ExecuteMsg::ApproveAll {
            operator: bob,
            expires: None,
        },
    );
    assert_eq!(world.refused("bob", claim(&["1"])), 11);
    assert_eq!(world.refused("owner", claim(&["1"])), 11);
    assert_eq!(world.refused("alice", claim(&["2"])), 970);
}

#[test]
fn burning_forfeits_everything_unclaimed_to_the_treasury() {
    let mut world = World::after_tge(2);
    world.claim("alice", &["1"]);
    world.ok("alice", burn("1"));
    assert_eq!(world.vcai(&world.user("treasury")), 7_500 * ONE);
    world.wait(6 * MONTH);
    world.claim("alice", &["2"]);
    world.ok("alice", burn("2"));
    assert_eq!(world.overview().forfeited.u128(), 7_500 * ONE, "nothing was left on it");
    assert_eq!(world.overview().alive, 0);
    assert_eq!(world.vcai(&world.nft.clone()), 0);
}

#[test]
fn claims_sum_to_the_airdrop() {
    let mut world = World::after_tge(10);
    world.claim("alice", &["1", "2", "3"]);
    world.ok("alice", burn("2"));
    world.ok("alice", burn("9"));
    world.wait(6 * MONTH);
    world.claim("alice", &["1", "3", "4", "5", "6", "7", "8", "10"]);
    let shown = world.overview();
    assert_eq!((shown.claimed + shown.forfeited).u128(), 100_000 * ONE);
}
