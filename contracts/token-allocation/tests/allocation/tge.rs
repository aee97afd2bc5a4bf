//! The token generation event.

use cosmwasm_std::{Addr, Uint128};
use interfaces::genesis_nft;
use interfaces::token_allocation::*;
use interfaces::{exchange, treasury, vcai};

use crate::world::*;

const WHOLE: u128 = 10_000_000_000 * ONE;

#[test]
fn buckets_sum_to_the_whole_and_784_890_000_vest_at_the_tge() {
    let shares: u32 = Bucket::GENESIS.iter().map(|bucket| u32::from(bucket.share_bps())).sum();
    assert_eq!(shares, 10_000);
    let sizes: Uint128 = Bucket::GENESIS.iter().map(|bucket| bucket.size()).sum();
    assert_eq!(sizes.u128(), WHOLE);
    let at_tge: Uint128 = Bucket::GENESIS.iter().map(|bucket| bucket.at_tge()).sum();
    assert_eq!(at_tge.u128(), 784_890_000 * ONE);
    assert_eq!(at_tge, VESTED_AT_TGE);
    let whole = |bucket: Bucket| bucket.size().u128() / ONE;
    let table = [
        (Bucket::Private, 2_350_000_000),
        (Bucket::Public, 550_000_000),
        (Bucket::Team, 1_500_000_000),
        (Bucket::Employees, 500_000_000),
        (Bucket::Reserve, 2_000_000_000),
        (Bucket::Advisors, 1_000_000_000),
        (Bucket::Liquidity, 100_000_000),
        (Bucket::Incentives, 2_000_000_000),
    ];
    for (bucket, expected) in table {
        assert_eq!(whole(bucket), expected, "{bucket:?}");
    }
    assert_eq!(
        whole(Bucket::Employees) * 4,
        whole(Bucket::Employees) + whole(Bucket::Team),
        "a quarter"
    );
    assert_eq!(Bucket::Private.at_tge().u128(), 514_885_000 * ONE);
    assert_eq!(Bucket::Public.at_tge().u128(), 170_005_000 * ONE);
}

#[test]
fn tge_opens_the_pool_at_the_set_price_with_all_proceeds() {
    let world = World::after_tge(3_000);
    let proceeds = 3_000 * NFT_PRICE;
    let paired = 30_000_000 * ONE;
    let market = world.market();
    assert_eq!(market.reserves.map(|one| one.u128()), [paired, proceeds]);
    // the price: 0.05 USDT, exactly
    assert_eq!(proceeds * ONE / paired, PRICE);
    let shown: TgeResponse = world.query(&QueryMsg::Tge {});
    let record = TgeRecord {
        time: TGE_AT,
        proceeds: proceeds.into(),
        paired: paired.into(),
        airdrop: (30_000_000 * ONE).into(),
    };
    assert_eq!(shown.done, Some(record));
    assert_eq!(world.vcai(&world.peers.nft), 30_000_000 * ONE, "the airdrop");
    assert_eq!(world.usdt(&world.peers.nft), 0);
    assert_eq!(world.vcai(&world.user("incentives")), 2_000_000_000 * ONE);
    let liquidity = world.bucket(Bucket::Liquidity);
    assert_eq!(
        liquidity.free.u128(),
        40_000_000 * ONE,
        "what the pool did not take stays for governance"
    );
}

#[test]
fn lp_shares_are_the_treasurys_and_proceeds_are_no_revenue() {
    let world = World::after_tge(1_000);
    let address = world.peers.treasury.to_string();
    let query = exchange::QueryMsg::Balance { address };
    let shares: cw20::BalanceResponse = world.app.wrap().query_wasm_smart(&world.peers.pool, &query).unwrap();
    assert_eq!(shares.balance, world.market().total_shares - Uint128::new(1_000));
    let query = treasury::QueryMsg::Overview {};
    let shown: treasury::OverviewResponse = world
        .app
        .wrap()
        .query_wasm_smart(&world.peers.treasury, &query)
        .unwrap();
    assert_eq!(shown.revenue.total.u128(), 0);
    assert_eq!(shown.pool_opened_at, Some(TGE_AT));
    assert_eq!(world.vcai(&world.peers.treasury), 0);
    assert_eq!(world.usdt(&world.peers.treasury), 0);
}

#[test]
fn tge_is_one_message_by_anybody_once_and_not_before_the_set_time() {
    let mut world = World::new();
    world.sell(10);
    world.at(TGE_AT - 1);
    assert_eq!(world.refused("owner", ExecuteMsg::Tge {}), 6);
    world.at(TGE_AT);
    world.ok("mallory", ExecuteMsg::Tge {});
    for name in ["mallory", "owner", "governance"] {
        assert_eq!(world.refused(name, ExecuteMsg::Tge {}), 4);
    }
    let again = ExecuteMsg::SetTge {
        tge: TgePlan {
            time: TGE_AT + 100 * DAY,
            price: 1u128.into(),
        },
    };
    assert_eq!(world.refused("owner", again), 4);
}

#[test]
fn tge_without_a_single_token_sold_starts_vesting_and_opens_no_pool() {
    let world = World::after_tge(0);
    let shown: TgeResponse = world.query(&QueryMsg::Tge {});
    let done = shown.done.unwrap();
    assert_eq!(
        (done.proceeds.u128(), done.paired.u128(), done.airdrop.u128()),
        (0, 0, 0)
    );
    assert_eq!(world.market().total_shares.u128(), 0);
    assert_eq!(world.bucket(Bucket::Liquidity).free.u128(), 100_000_000 * ONE);
}

#[test]
fn one_token_opens_the_smallest_pool() {
    let world = World::after_tge(1);
    let reserves = world.market().reserves.map(|one| one.u128());
    assert_eq!(reserves, [10_000 * ONE, NFT_PRICE]);
}

/// A price at which the proceeds ask for more VCAI than there is: nothing happens until the owner sets another, a day ahead.
#[test]
fn price_that_asks_for_too_much_vcai_is_refused_and_can_be_repaired() {
    let mut world = World::new();
    world.sell(3_000);
    let plan = |time: u64, price: u128| ExecuteMsg::SetTge {
        tge: TgePlan {
            time,
            price: price.into(),
        },
    };
    // 70,000,000 VCAI are there beside the airdrop
    let (exact, low) = (21_429u128, 21_428u128);
    assert!(3_000 * NFT_PRICE / low * ONE > 70_000_000 * ONE);
    world.ok("owner", plan(TGE_AT, low));
    world.at(TGE_AT);
    assert_eq!(world.refused("mallory", ExecuteMsg::Tge {}), 7);
    assert_eq!(world.refused("owner", plan(TGE_AT + TGE_NOTICE - 1, exact)), 3);
    world.ok("owner", plan(TGE_AT + TGE_NOTICE, exact));
    assert_eq!(world.refused("mallory", ExecuteMsg::Tge {}), 6);
    world.at(TGE_AT + TGE_NOTICE);
    world.ok("mallory", ExecuteMsg::Tge {});
    let reserves = world.market().reserves.map(|one| one.u128());
    assert_eq!(
        reserves,
        [3_000 * NFT_PRICE * ONE / exact, 3_000 * NFT_PRICE],
        "rounded down"
    );
}

#[test]
fn plan_out_of_bounds_or_without_notice_is_refused() {
    let mut world = World::new();
    let plan = |time: u64, price: u128| ExecuteMsg::SetTge {
        tge: TgePlan {
            time,
            price: price.into(),
        },
    };
    let soon = START + TGE_NOTICE;
    assert_eq!(world.refused("owner", plan(soon - 1, 1)), 3);
    assert_eq!(world.refused("owner", plan(soon, 0)), 3);
    assert_eq!(world.refused("owner", plan(soon, 1_000_000_000_001)), 3);
    world.ok("owner", plan(soon, 1_000_000_000_000));
    assert_eq!(world.refused("mallory", plan(soon, 1)), 901);
}

#[test]
fn first_plan_is_bounded_as_later_ones() {
    use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
    let env = mock_env();
    let now = env.block.time.seconds();
    for (time, price, expected) in [(now, 1u128, None), (now - 1, 1, Some(3)), (now, 0, Some(3))] {
        let mut deps = mock_dependencies();
        let address = deps.api.addr_make("somebody").into_string();
        let msg = InstantiateMsg {
            owner: address.clone(),
            governance: address.clone(),
            vcai: address.clone(),
            denom: DENOM.into(),
            treasury: address.clone(),
            genesis_nft: address.clone(),
            incentives: address.clone(),
            vote_escrow: address.clone(),
            tge: TgePlan {
                time,
                price: price.into(),
            },
        };
        let info = message_info(&Addr::unchecked(address), &[]);
        let done = token_allocation::contract::instantiate(deps.as_mut(), env.clone(), info, msg);
        assert_eq!(done.err().map(|error| error.code()), expected);
    }
}

/// The sale's refunds and the TGE: whoever burned before is not in the proceeds, and nobody burns for a refund after.
#[test]
fn tge_after_refunds_takes_what_is_left() {
    let mut world = World::new();
    world.sell(10);
    world.at(START + 90 * DAY);
    let nft = world.peers.nft.clone();
    let burn = |token_id: &str| genesis_nft::ExecuteMsg::Burn {
        token_id: token_id.into(),
    };
    world.exec("buyer", &nft, &burn("3"));
    assert_eq!(world.usdt(&world.user("buyer")), NFT_PRICE);
    world.ok("mallory", ExecuteMsg::Tge {});
    assert_eq!(world.market().reserves[1].u128(), 9 * NFT_PRICE);
    assert_eq!(world.vcai(&nft), 90_000 * ONE);
    world.exec("buyer", &nft, &burn("4"));
    assert_eq!(world.usdt(&world.user("buyer")), NFT_PRICE, "no refund any more");
    assert_eq!(world.vcai(&world.peers.treasury), 10_000 * ONE, "forfeited");
}

/// Every unit of private and public granted in crooked rounds: what can be claimed at the TGE and what the liquidity is sum to 784,890,000 VCAI exactly, and the
/// airdrop's locked part is shown apart.
#[test]
fn exactly_784_890_000_vcai_are_vested_at_the_tge() {
    let mut world = World::new();
    world.sell(2_999);
    let crooked = |total: u128| -> Vec<u128> {
        let mut left = total * ONE;
        let mut parts = vec![];
        for n in 1..=12u128 {
            let part = (left / 3 + n * 77_770_000) / 10_000 * 10_000;
            parts.push(part.min(left));
            left -= part.min(left);
        }
        parts.push(left);
        parts.retain(|part| *part > 0);
        parts
    };
    for (bucket, total) in [(Bucket::Private, 2_350_000_000), (Bucket::Public, 550_000_000)] {
        let parts = crooked(total);
        let grants: Vec<_> = parts.iter().map(|part| world.new_grant("alice", *part, None)).collect();
        world.ok("owner", ExecuteMsg::AddGrants { bucket, grants });
        assert_eq!(world.bucket(bucket).free.u128(), 0);
    }
    for bucket in [Bucket::Team, Bucket::Employees, Bucket::Advisors] {
        let whole = bucket.size().u128() / ONE;
        world.grant(bucket, &[("bob", whole)]);
    }
    world.tge();
    let numbers: Vec<u64> = world.grants().iter().map(|grant| grant.grant).collect();
    let mut claimed = 0;
    for number in numbers {
        let grant = world.grant_row(number);
        if grant.beneficiary == world.user("bob").as_str() {
            assert_eq!(
                grant.vested.u128(),
                0,
                "team, employees and advisors start from nothing"
            );
            continue;
        }
        claimed += world.claim("alice", number);
    }
    assert_eq!(claimed + Bucket::Liquidity.size().u128(), 784_890_000 * ONE);
    let shown = world.overview();
    assert_eq!(shown.vested_at_tge.u128(), 784_890_000 * ONE);
    assert_eq!(shown.airdrop_locked_at_tge.u128(), 2_999 * 7_500 * ONE);
}

#[test]
fn nothing_leaves_before_the_tge() {
    let mut world = World::new();
    world.grant(Bucket::Private, &[("alice", 10_000)]);
    world.at(TGE_AT);
    assert_eq!(world.refused("alice", ExecuteMsg::Claim { grant: 1 }), 17);
    let spend = ExecuteMsg::Spend {
        bucket: Bucket::Reserve,
        to: world.user("bob").into(),
        amount: 1u128.into(),
    };
    assert_eq!(world.refused("governance", spend), 5);
    assert_eq!(world.vcai(&world.peers.allocation), WHOLE);
}

#[test]
fn vcai_sent_without_a_hook_is_nobodys() {
    let mut world = World::after_tge(10);
    world.grant(Bucket::Private, &[("alice", 10_000)]);
    world.claim("alice", 1);
    let msg = vcai::ExecuteMsg::Transfer {
        recipient: world.peers.allocation.to_string(),
        amount: 5u128.into(),
    };
    let token = world.peers.vcai.clone();
    world.gifts = 5;
    world.exec("alice", &token, &msg);
    world.check_laws();
}
