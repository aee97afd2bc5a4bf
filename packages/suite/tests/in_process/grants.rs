//! The grants of a configuration.

use cosmwasm_std::Uint128;
use interfaces::token_allocation::{Bucket, BucketResponse, ExecuteMsg, GrantResponse, QueryMsg};
use suite::chain::Chain;
use suite::deploy::token::Grant;
use suite::deploy::{deploy, Artifacts, Grants};
use suite::{Account, Msg};

use crate::world::{dev, World, DAY, MILLION};

fn rows(world: &World, allocation: &str) -> Vec<GrantResponse> {
    let query = QueryMsg::Grants {
        start_after: None,
        limit: Some(100),
    };
    world.query(allocation, &query)
}

/// 60 of the team, then one of the advisors.
fn many() -> Vec<Grant> {
    let grant = |bucket, amount: u128| Grant {
        bucket,
        beneficiary: dev("user3"),
        amount: amount.into(),
        schedule: None,
    };
    let team = (1..=60).map(|n| grant(Bucket::Team, n));
    team.chain([grant(Bucket::Advisors, MILLION)]).collect()
}

#[test]
fn listed_grants_are_given_once() {
    let mut world = World::new();
    let first = world.deploy(&Artifacts::native());
    assert_eq!(first.grants, Some(Grants::Given { number: 3 }));
    let allocation = &first.addresses.token_allocation;
    let listed = [("user0", 900), ("user1", 700), ("user2", 400)].map(|(who, millions)| (dev(who), millions * MILLION));
    let given = |world: &World| -> Vec<_> {
        let rows = rows(world, allocation);
        rows.into_iter()
            .map(|row| (row.beneficiary, row.amount.u128()))
            .collect()
    };
    assert_eq!(given(&world), listed);
    // A beneficiary who passes his grant on makes it no new one.
    let pass = ExecuteMsg::ProposeBeneficiary {
        grant: 1,
        to: Some(dev("user8")),
    };
    world.act("user0", allocation, &pass);
    world.act("user8", allocation, &ExecuteMsg::AcceptBeneficiary { grant: 1 });
    world.chain.advance(DAY).unwrap();
    assert_eq!(world.deploy(&Artifacts::native()).grants, None);
    assert_eq!(rows(&world, allocation).len(), 3);
}

#[test]
fn a_long_list_is_given_in_one_transaction() {
    let mut world = World::new();
    world.config.token_allocation.grants = many();
    let report = world.deploy(&Artifacts::native());
    assert_eq!(report.grants, Some(Grants::Given { number: 61 }));
    let allocation = &report.addresses.token_allocation;
    let granted = |bucket| {
        world
            .query::<BucketResponse>(allocation, &QueryMsg::Bucket { bucket })
            .granted
    };
    assert_eq!(granted(Bucket::Team), Uint128::new(60 * 61 / 2));
    assert_eq!(granted(Bucket::Advisors), Uint128::new(MILLION));
    assert_eq!(rows(&world, allocation).len(), 61);
}

#[test]
fn a_list_that_does_not_fit_gives_nothing() {
    let mut world = World::new();
    world.config.token_allocation.grants = many();
    world.config.token_allocation.grants[60].amount = Uint128::new(2_000 * MILLION);
    let artifacts = Artifacts::native();
    let result = deploy(&mut world.chain, &world.config, &artifacts, &mut world.state, &|_| ());
    let error = format!("{:#}", result.unwrap_err());
    assert!(error.contains("[allocation:11]"), "{error}");
    world.config.token_allocation.grants.clear();
    let report = world.deploy(&artifacts);
    assert!(report.created.is_empty() && report.grants.is_none());
    assert_eq!(rows(&world, &report.addresses.token_allocation), []);
}

#[test]
fn without_the_councils_key_grants_are_only_proposed() {
    let mut world = World::new();
    world.config.council_signer = None;
    world.config.token_allocation.grants = many();
    let report = world.deploy(&Artifacts::native());
    let Some(Grants::Proposed { contract, messages }) = report.grants else {
        panic!("{:?}", report.grants)
    };
    assert_eq!((&contract, messages.len()), (&report.addresses.token_allocation, 3));
    assert_eq!(rows(&world, &contract), []);
    let msgs: Vec<_> = messages
        .iter()
        .map(|m| Msg::execute(&contract, m, &[]).unwrap())
        .collect();
    let thief = Account::dev("user3").unwrap();
    assert!(world.chain.transact(&thief, &msgs).is_err());
    world.chain.transact(&Account::dev("council").unwrap(), &msgs).unwrap();
    assert_eq!(world.deploy(&Artifacts::native()).grants, None);
    assert_eq!(rows(&world, &contract).len(), 61);
}
