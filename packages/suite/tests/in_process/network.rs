//! The network's token as deployed: who owns what, who knows whom, and that it works together.

use cosmwasm_std::{coin, to_json_binary, CosmosMsg, WasmMsg};
use interfaces::common::{OwnershipMsg, OwnershipResponse};
use interfaces::exchange::Asset;
use interfaces::governance::{
    Action, Choice, Cw20Hook as Hook, ExecuteMsg as Governance, ParamsCall, QueryMsg, Status,
};
use interfaces::token_allocation::{Bucket, BucketResponse};
use interfaces::{
    exchange, genesis_nft, governance, incentive_controller, token_allocation, treasury, vcai, ve_rewards, vote_escrow,
    voting_adapter,
};
use suite::chain::{Chain, ChainExt};
use suite::deploy::{Addresses, Artifacts, Part};
use suite::Account;

use crate::world::{dev, some, World, DAY, MILLION};

/// Four years of 365.25 days.
const LONGEST: u64 = 126_230_400;
/// Deposit of a proposal.
const DEPOSIT: u128 = 100_000_000;

#[test]
fn the_council_owns_what_has_an_owner() {
    let mut world = World::new();
    let at = world.deploy(&Artifacts::native()).addresses;
    let owned = [
        Part::TokenAllocation,
        Part::GenesisNft,
        Part::VoteEscrow,
        Part::Treasury,
        Part::VcaiExchange,
        Part::IncentiveController,
    ];
    let query = serde_json::json!({ "ownership": {} });
    for part in owned {
        let found: OwnershipResponse = world.query(at.of(part), &query);
        assert_eq!((found.owner, found.pending), (dev("council"), None), "{part:?}");
    }
    for part in [Part::Vcai, Part::VotingAdapter, Part::VeRewards, Part::VcaiGovernance] {
        assert!(
            world.chain.query::<OwnershipResponse>(at.of(part), &query).is_err(),
            "{part:?}"
        );
    }
}

#[test]
fn everybody_knows_the_others() {
    let mut world = World::new();
    let at = world.deploy(&Artifacts::native()).addresses;

    let token: vcai::OverviewResponse = world.query(&at.vcai, &vcai::QueryMsg::Overview {});
    assert_eq!(
        (&token.governance, token.supply),
        (&at.vcai_governance, vcai::GENESIS_SUPPLY)
    );
    assert_eq!(world.vcai(&at, &at.token_allocation), vcai::GENESIS_SUPPLY.u128());

    let allocation: token_allocation::ConfigResponse =
        world.query(&at.token_allocation, &token_allocation::QueryMsg::Config {});
    let expected = token_allocation::ConfigResponse {
        governance: at.vcai_governance.clone(),
        vcai: at.vcai.clone(),
        denom: "uusdt".into(),
        treasury: at.treasury.clone(),
        genesis_nft: at.genesis_nft.clone(),
        incentives: at.incentive_controller.clone(),
        vote_escrow: at.vote_escrow.clone(),
    };
    assert_eq!(allocation, expected);

    let genesis: genesis_nft::ConfigResponse = world.query(&at.genesis_nft, &genesis_nft::QueryMsg::Config {});
    assert_eq!(
        [genesis.allocation, genesis.treasury, genesis.vcai],
        [&at.token_allocation, &at.treasury, &at.vcai].map(Clone::clone)
    );

    let escrow: vote_escrow::OverviewResponse = world.query(&at.vote_escrow, &vote_escrow::QueryMsg::Overview {});
    assert_eq!(
        [escrow.vcai, escrow.token_allocation],
        [&at.vcai, &at.token_allocation].map(Clone::clone)
    );

    let rewards: ve_rewards::OverviewResponse = world.query(&at.ve_rewards, &ve_rewards::QueryMsg::Overview {});
    assert_eq!(
        [rewards.vcai, rewards.vote_escrow, rewards.treasury],
        [&at.vcai, &at.vote_escrow, &at.treasury].map(Clone::clone)
    );

    let adapter: voting_adapter::ModuleResponse = world.query(&at.voting_adapter, &voting_adapter::QueryMsg::Module {});
    assert_eq!(adapter.module, at.vote_escrow);
}

#[test]
fn treasury_pool_and_governance_are_connected() {
    let mut world = World::new();
    let at = world.deploy(&Artifacts::native()).addresses;

    let treasury: treasury::ConfigResponse = world.query(&at.treasury, &treasury::QueryMsg::Config {});
    assert_eq!(
        [
            treasury.governance,
            treasury.vcai,
            treasury.exchange,
            treasury.ve_rewards,
            treasury.allocation
        ],
        [
            &at.vcai_governance,
            &at.vcai,
            &at.vcai_exchange,
            &at.ve_rewards,
            &at.token_allocation
        ]
        .map(Clone::clone)
    );
    assert_eq!(treasury.operator, Some(dev("operator")));

    let pool: exchange::OverviewResponse = world.query(&at.vcai_exchange, &exchange::QueryMsg::Overview {});
    let assets = [
        Asset::Cw20 {
            address: at.vcai.clone(),
        },
        Asset::Native { denom: "uusdt".into() },
    ];
    assert_eq!((pool.config.assets, pool.config.announced), (assets, false));
    assert_eq!(pool.config.params.skim_recipient, at.treasury);

    let incentives: incentive_controller::ConfigResponse =
        world.query(&at.incentive_controller, &incentive_controller::QueryMsg::Config {});
    assert_eq!(
        (incentives.vcai, incentives.exchange),
        (at.vcai.clone(), at.vcai_exchange.clone())
    );
    assert_eq!(incentives.reporter, None);

    let vcity: governance::OverviewResponse = world.query(&at.vcai_governance, &QueryMsg::Overview {});
    assert_eq!(
        (vcity.voting_module, vcity.deposit_token),
        (at.vote_escrow.clone(), at.vcai.clone())
    );
    assert_eq!((vcity.prediction_market, vcity.appeals), (None, None));
    let network = governance::Network {
        allocation: at.token_allocation.clone(),
        treasury: at.treasury.clone(),
    };
    assert_eq!(vcity.network, Some(network));
    assert_eq!(vcity.params.deposit_recipient, at.treasury);
    let first: governance::OverviewResponse = world.query(&at.governance, &QueryMsg::Overview {});
    assert_eq!((first.voting_module, first.network), (at.lco_staking.clone(), None));
}

/// 197 million VCAI of user0 and 153 of user1 for four years; user2 has 87 million that are not locked.
fn locked(world: &mut World, at: &Addresses) {
    let until = world.now() + LONGEST;
    let lock = token_allocation::ExecuteMsg::LockVested {
        grant: 1,
        amount: None,
        until,
    };
    world.act("user0", &at.token_allocation, &lock);
    world.claim("user1", at, 2);
    let amount = world.vcai(at, &dev("user1"));
    world.send(
        "user1",
        at,
        &at.vote_escrow,
        amount,
        &vote_escrow::Cw20Hook::Lock { until },
    );
    world.claim("user2", at, 3);
    world.chain.advance(std::time::Duration::from_secs(10)).unwrap();
}

fn propose(world: &mut World, at: &Addresses, action: Action) {
    let hook = Hook::Propose {
        title: "For the north".into(),
        description: String::new(),
        action,
    };
    world.send("user2", at, &at.vcai_governance, DEPOSIT, &hook);
}

fn status(world: &World, at: &Addresses, proposal: u64) -> Status {
    world.query(&at.vcai_governance, &QueryMsg::ProposalStatus { proposal })
}

/// Discussion, votes of all who locked, timelock, execution.
fn pass(world: &mut World, at: &Addresses, proposals: &[u64]) {
    world.chain.advance(7 * DAY).unwrap();
    for proposal in proposals {
        for who in ["user0", "user1"] {
            let vote = Governance::Vote {
                proposal: *proposal,
                choice: Choice::Yes,
            };
            world.act(who, &at.vcai_governance, &vote);
        }
    }
    world.chain.advance(7 * DAY).unwrap();
    assert_eq!(status(world, at, proposals[0]), Status::Timelocked);
    world.chain.advance(DAY).unwrap();
    for proposal in proposals {
        world.act(
            "user7",
            &at.vcai_governance,
            &Governance::Execute { proposal: *proposal },
        );
        assert_eq!(status(world, at, *proposal), Status::Executed);
    }
}

#[test]
fn those_who_lock_spend_the_reserve() {
    let (mut world, at) = World::open();
    locked(&mut world, &at);
    let amount = 20 * MILLION;
    propose(
        &mut world,
        &at,
        Action::Spend {
            to: dev("user6"),
            amount: amount.into(),
        },
    );
    assert_eq!(status(&world, &at, 1), Status::Discussion);
    pass(&mut world, &at, &[1]);
    assert_eq!(world.vcai(&at, &dev("user6")), amount);
    let query = token_allocation::QueryMsg::Bucket {
        bucket: Bucket::Reserve,
    };
    let reserve: BucketResponse = world.query(&at.token_allocation, &query);
    assert_eq!(reserve.paid, some(amount));
    // The deposit comes back.
    let before = world.vcai(&at, &dev("user2"));
    world.act("user7", &at.vcai_governance, &Governance::SettleDeposit { proposal: 1 });
    assert_eq!(world.vcai(&at, &dev("user2")), before + DEPOSIT);
}

#[test]
fn the_council_hands_over_and_those_who_lock_set_parameters() {
    let (mut world, at) = World::open();
    locked(&mut world, &at);
    let hand_over = vote_escrow::ExecuteMsg::Ownership(OwnershipMsg::Propose {
        new_owner: at.vcai_governance.clone(),
    });
    world.act("council", &at.vote_escrow, &hand_over);
    let accept = vote_escrow::ExecuteMsg::Ownership(OwnershipMsg::Accept {});
    let accept = CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr: at.vote_escrow.clone(),
        msg: to_json_binary(&accept).unwrap(),
        funds: vec![],
    });
    propose(&mut world, &at, Action::Messages { msgs: vec![accept] });
    let params = vote_escrow::Params {
        min_lock: some(20_000_000_000),
        account_fee: None,
        gate: None,
    };
    let call = ParamsCall {
        contract: at.vote_escrow.clone(),
        msg: to_json_binary(&vote_escrow::ExecuteMsg::SetParams { params: params.clone() }).unwrap(),
    };
    propose(&mut world, &at, Action::Params { calls: vec![call] });
    pass(&mut world, &at, &[1, 2]);
    let escrow: vote_escrow::OverviewResponse = world.query(&at.vote_escrow, &vote_escrow::QueryMsg::Overview {});
    assert_eq!(escrow.params, params);
    let owner: OwnershipResponse = world.query(&at.vote_escrow, &vote_escrow::QueryMsg::Ownership {});
    assert_eq!(owner.owner, at.vcai_governance);
    // The council has nothing to say there any more.
    let council = Account::dev("council").unwrap();
    let set = vote_escrow::ExecuteMsg::SetParams { params };
    assert!(world.chain.execute(&council, &at.vote_escrow, &set, &[]).is_err());
}

#[test]
fn nobody_but_governance_issues_reprices_or_spends() {
    let (mut world, at) = World::open();
    let issue = vcai::ExecuteMsg::Issue {
        to: dev("council"),
        amount: some(1),
        proposal: 1,
    };
    let spend = token_allocation::ExecuteMsg::Spend {
        bucket: Bucket::Reserve,
        to: dev("council"),
        amount: some(1),
    };
    let take = treasury::ExecuteMsg::RemoveLiquidity {
        shares: some(1),
        min_amounts: [some(0), some(0)],
    };
    for who in ["council", "deployer", "operator"] {
        let who = Account::dev(who).unwrap();
        let results = [
            world.chain.execute(&who, &at.vcai, &issue, &[]),
            world
                .chain
                .execute(&who, &at.vcai, &vcai::ExecuteMsg::Reprice { exponent: 2 }, &[]),
            world.chain.execute(&who, &at.token_allocation, &spend, &[]),
            world.chain.execute(&who, &at.treasury, &take, &[]),
        ];
        for result in results {
            let error = result.unwrap_err();
            assert!(
                error.contract_code().is_some_and(|code| code.ends_with(":911")),
                "{error}"
            );
        }
    }
}

#[test]
fn revenue_buys_vcai_for_those_who_lock() {
    let (mut world, at) = World::open();
    locked(&mut world, &at);
    let council = Account::dev("council").unwrap();
    let deposit = treasury::ExecuteMsg::Deposit {
        source: "off-chain".into(),
    };
    let funds = coin(1_000_000_000, "uusdt");
    world.chain.execute(&council, &at.treasury, &deposit, &[funds]).unwrap();
    world.chain.advance(DAY).unwrap();
    world.act("user7", &at.treasury, &treasury::ExecuteMsg::Buyback { min_out: None });
    let overview: treasury::OverviewResponse = world.query(&at.treasury, &treasury::QueryMsg::Overview {});
    // Half of 0.3 % of 5,000 USDT.
    assert_eq!((overview.spent, overview.failures), (some(7_500_000), 0));
    let rewards: ve_rewards::OverviewResponse = world.query(&at.ve_rewards, &ve_rewards::QueryMsg::Overview {});
    assert_eq!(rewards.funded, overview.bought);
    assert!(overview.bought > some(149_000_000), "{}", overview.bought);
    world.chain.advance(3 * DAY).unwrap();
    let before = world.vcai(&at, &dev("user1"));
    for who in ["user0", "user1"] {
        world.act(who, &at.ve_rewards, &ve_rewards::ExecuteMsg::Claim {});
    }
    assert!(world.vcai(&at, &dev("user1")) > before);
    // Whatever was funded was paid, but for the roundings.
    let rewards: ve_rewards::OverviewResponse = world.query(&at.ve_rewards, &ve_rewards::QueryMsg::Overview {});
    assert!(rewards.funded - rewards.paid <= some(4), "{rewards:?}");
}
