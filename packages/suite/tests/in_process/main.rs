//! The deployment on a chain in process: idempotent, complete, and migrated only through the timelock.

mod grants;
mod later;
mod network;
mod tge;
mod world;

use interfaces::{credit_vault, timelock};
use suite::deploy::{deploy, Artifacts, Migration, Part, State};
use suite::{Account, Chain, ChainError, ChainExt, Msg};

use world::{World, DAY};

#[test]
fn everything_is_created_once_and_belongs_to_the_timelock() {
    let mut world = World::new();
    let first = world.deploy(&Artifacts::native());
    assert_eq!(first.created, Part::ALL);
    let crates: Vec<_> = Part::ALL.into_iter().filter(|p| p.code() == p.name()).collect();
    assert_eq!(
        first.uploaded, crates,
        "the second exchange and the second governance need no code of their own"
    );
    for part in Part::ALL {
        let info = world.chain.contract(first.addresses.of(part)).unwrap().unwrap();
        assert_eq!(
            info.admin.as_deref(),
            Some(first.addresses.timelock.as_str()),
            "{part:?}"
        );
    }
    let second = world.deploy(&Artifacts::native());
    assert!(
        second.created.is_empty()
            && second.uploaded.is_empty()
            && second.migrations.is_empty()
            && second.grants.is_none()
    );
    assert_eq!(second.addresses, first.addresses);
    assert_eq!(second.gas_used, 0);
}

#[test]
fn a_lost_record_is_found_again_on_the_chain() {
    let mut world = World::new();
    let first = world.deploy(&Artifacts::native());
    world.state = State::in_memory(&world.config.chain_id);
    let again = world.deploy(&Artifacts::native());
    assert!(again.created.is_empty());
    assert_eq!(again.addresses, first.addresses);
}

#[test]
fn a_record_of_a_chain_that_was_reset_does_no_harm() {
    let mut world = World::new();
    let first = world.deploy(&Artifacts::native());
    world.chain = World::new().chain;
    let again = world.deploy(&Artifacts::native());
    assert_eq!(again.created, Part::ALL);
    assert_eq!(again.addresses, first.addresses);
}

#[test]
fn newer_code_waits_out_the_timelock() {
    let mut world = World::new();
    let old = world.deploy(&Artifacts::native());
    let newer = Artifacts::native().with(Part::CreditVault, b"newer".to_vec());
    let queued = world.deploy(&newer);
    assert_eq!(queued.stale, [Part::CreditVault]);
    assert_eq!(queued.uploaded, [Part::CreditVault]);
    let [Migration::Queued { entry: 1, ready_at }] = queued.migrations[..] else {
        panic!("{:?}", queued.migrations)
    };

    // Run again before it is due: the same entry, no second one.
    world.chain.advance(6 * DAY).unwrap();
    let waiting = world.deploy(&newer);
    assert_eq!(waiting.migrations, [Migration::Queued { entry: 1, ready_at }]);
    assert!(waiting.uploaded.is_empty());

    world.chain.advance(DAY).unwrap();
    let executed = world.deploy(&newer);
    assert_eq!(executed.migrations, [Migration::Executed { entry: 1 }]);
    assert_eq!(executed.addresses, old.addresses);
    let vault = world.chain.contract(&old.addresses.credit_vault).unwrap().unwrap();
    assert_eq!(
        world.chain.checksum(vault.code_id).unwrap(),
        newer.checksum(Part::CreditVault)
    );
    assert_eq!(world.deploy(&newer).migrations, []);
}

#[test]
fn without_the_councils_key_the_migration_is_only_proposed() {
    let mut world = World::new();
    let old = world.deploy(&Artifacts::native());
    world.config.council_signer = None;
    let newer = Artifacts::native().with(Part::LCoin, b"newer".to_vec());
    let report = world.deploy(&newer);
    let [Migration::Proposed { timelock, queue }] = &report.migrations[..] else {
        panic!("{:?}", report.migrations)
    };
    assert_eq!(*timelock, old.addresses.timelock);
    // Anybody else who sends it is refused; the council is not.
    let council = Account::dev("council").unwrap();
    assert!(world
        .chain
        .execute(&Account::dev("user0").unwrap(), timelock, queue, &[])
        .is_err());
    world.chain.execute(&council, timelock, queue, &[]).unwrap();
    assert!(matches!(
        world.deploy(&newer).migrations[..],
        [Migration::Queued { entry: 1, .. }]
    ));
}

#[test]
fn a_cancelled_migration_is_queued_anew() {
    let mut world = World::new();
    let old = world.deploy(&Artifacts::native());
    let newer = Artifacts::native().with(Part::Timelock, b"newer".to_vec());
    world.deploy(&newer);
    let council = Account::dev("council").unwrap();
    let cancel = timelock::ExecuteMsg::Cancel { id: 1 };
    world
        .chain
        .execute(&council, &old.addresses.timelock, &cancel, &[])
        .unwrap();
    assert!(matches!(
        world.deploy(&newer).migrations[..],
        [Migration::Queued { entry: 2, .. }]
    ));
}

#[test]
fn the_deployer_keeps_no_right_to_migrate() {
    let mut world = World::new();
    let report = world.deploy(&Artifacts::native());
    let deployer = Account::dev("deployer").unwrap();
    let council = Account::dev("council").unwrap();
    for thief in [deployer, council] {
        for part in Part::ALL {
            let contract = report.addresses.of(part).to_owned();
            let migrate = Msg::Migrate {
                contract: contract.clone(),
                code_id: 1,
                msg: b"{}".to_vec(),
            };
            let take = Msg::UpdateAdmin {
                contract,
                admin: thief.address().to_owned(),
            };
            for msg in [migrate, take] {
                let result = world.chain.transact(&thief, &[msg]);
                assert!(matches!(result, Err(ChainError::Refused { .. })), "{part:?}");
            }
        }
    }
}

#[test]
fn a_transaction_takes_effect_whole_or_not_at_all() {
    let mut world = World::new();
    let [a, b] = ["user0", "user1"].map(|name| Account::dev(name).unwrap());
    let before = world.chain.balance(b.address(), "uusdt").unwrap();
    let send = |amount| Msg::Send {
        to: b.address().to_owned(),
        coins: vec![cosmwasm_std::coin(amount, "uusdt")],
    };
    assert!(world.chain.transact(&a, &[send(1), send(u128::MAX)]).is_err());
    assert_eq!(world.chain.balance(b.address(), "uusdt").unwrap(), before);
    world.chain.transact(&a, &[send(1), send(2)]).unwrap();
    assert_eq!(world.chain.balance(b.address(), "uusdt").unwrap(), before + 3);
}

#[test]
fn another_chain_is_refused() {
    let mut world = World::new();
    world.config.chain_id = "lex-local-2".into();
    let state = &mut State::in_memory("lex-local-2");
    let error = deploy(&mut world.chain, &world.config, &Artifacts::native(), state, &|_| ()).unwrap_err();
    assert!(error.to_string().contains("lex-local-2"), "{error}");
}

#[test]
fn a_vault_that_does_not_know_the_suite_is_told_through_the_timelock() {
    let mut world = World::new();
    let council = Account::dev("council").unwrap();
    world.config.credit_vault.connected = false;
    world.config.credit_vault.peers.wars = Some(council.address().to_owned());
    let first = world.deploy(&Artifacts::native());
    assert_eq!(first.migrations, []);
    world.config.credit_vault.connected = true;
    let queued = world.deploy(&Artifacts::native());
    assert!(
        matches!(queued.migrations[..], [Migration::Queued { entry: 1, .. }]),
        "{:?}",
        queued.migrations
    );
    world.chain.advance(7 * DAY).unwrap();
    assert_eq!(
        world.deploy(&Artifacts::native()).migrations,
        [Migration::Executed { entry: 1 }]
    );

    let (vault, at) = (&first.addresses.credit_vault, &first.addresses);
    let config: credit_vault::ConfigResponse = world.chain.query(vault, &credit_vault::QueryMsg::Config {}).unwrap();
    let suite = [&at.lco_staking, &at.ecosystem_fund, &at.imo_launchpad].map(|peer| Some(peer.clone()));
    assert_eq!([config.peers.tiers, config.peers.fund, config.peers.launchpad], suite);
    assert_eq!(
        config.peers.wars.as_deref(),
        Some(council.address()),
        "a peer that is set stays"
    );
    let page = credit_vault::QueryMsg::Registered {
        start_after: None,
        limit: None,
    };
    let registered: Vec<String> = world.chain.query(vault, &page).unwrap();
    assert_eq!(registered.len(), 4);
    assert_eq!(world.deploy(&Artifacts::native()).migrations, []);
}
