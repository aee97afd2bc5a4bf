//! A suite that was deployed when there was no token yet, and upgrades of everything at once.

use std::collections::BTreeMap;

use suite::deploy::{deploy, messages, part, Addresses, Artifacts, Migration, Part, State};
use suite::{Account, Chain, ChainExt, Msg};

use crate::world::{World, DAY};

/// The contracts that were all there was, by the names their record has.
const EARLIER: [&str; 13] = [
    "timelock",
    "tee-verifier",
    "l-coin",
    "credit-vault",
    "attestation-oracle",
    "lco-staking",
    "exchange",
    "margin",
    "ecosystem-fund",
    "compute-wars",
    "imo-launchpad",
    "prediction-market",
    "governance",
];

fn earlier() -> impl Iterator<Item = Part> {
    Part::ALL.into_iter().filter(|part| EARLIER.contains(&part.name()))
}

/// Creates what there was then, and answers the file that was kept.
fn deployed_earlier(world: &mut World, artifacts: &Artifacts) -> (Addresses, serde_json::Value) {
    let deployer = Account::dev("deployer").unwrap();
    let place = |part: Part| part::address(deployer.address(), &artifacts.checksum(part), &part.salt("1"));
    let at = Addresses::collect(place).unwrap();
    let (mut codes, mut msgs) = (BTreeMap::new(), Vec::new());
    for part in earlier() {
        let code_id = world.chain.store(&deployer, part.name(), artifacts.wasm(part)).unwrap();
        codes.insert(hex::encode(artifacts.checksum(part)), code_id);
        msgs.push(Msg::Instantiate2 {
            code_id,
            label: part.name().to_owned(),
            msg: messages::instantiate(part, &world.config, &at, world.now()).unwrap(),
            salt: part.salt("1"),
            admin: Some(at.timelock.clone()),
            funds: Vec::new(),
        });
    }
    world.chain.transact(&deployer, &msgs).unwrap();
    let contracts: BTreeMap<_, _> = earlier().map(|part| (part.name(), at.of(part).to_owned())).collect();
    let file = serde_json::json!({ "chain_id": world.config.chain_id, "contracts": contracts, "codes": codes });
    (at, file)
}

fn opened(file: &serde_json::Value, name: &str) -> State {
    let path = std::env::temp_dir().join(format!("lex-earlier-{name}-{}.json", std::process::id()));
    std::fs::write(&path, file.to_string()).unwrap();
    // What is saved later goes nowhere.
    let mut state = State::in_memory("lex-local-1");
    state.record = State::open(&path, "lex-local-1").unwrap().record;
    std::fs::remove_file(&path).unwrap();
    state
}

#[test]
fn an_earlier_suite_gets_the_token_and_keeps_what_it_has() {
    let mut world = World::new();
    let artifacts = Artifacts::native();
    let (at, file) = deployed_earlier(&mut world, &artifacts);
    world.state = opened(&file, "same");
    let report = world.deploy(&artifacts);
    let missing: Vec<_> = Part::ALL.into_iter().filter(|p| !EARLIER.contains(&p.name())).collect();
    assert_eq!((missing.len(), &report.created), (10, &missing));
    assert_eq!(report.uploaded.len(), 8, "{:?}", report.uploaded);
    assert_eq!(report.addresses, at);
    assert!(report.migrations.is_empty() && report.grants.is_some());
    let second = world.deploy(&artifacts);
    assert!(second.created.is_empty() && second.uploaded.is_empty() && second.grants.is_none());
}

#[test]
fn an_earlier_suite_with_older_code_keeps_its_addresses() {
    let mut world = World::new();
    let (at, file) = deployed_earlier(&mut world, &Artifacts::native());
    world.state = opened(&file, "older");
    let newer = Artifacts::native().with(Part::Exchange, b"newer".to_vec());
    let report = world.deploy(&newer);
    assert_eq!(report.addresses.exchange, at.exchange);
    assert_ne!(
        report.addresses.vcai_exchange, at.vcai_exchange,
        "its first code is the newer one"
    );
    assert_eq!(report.stale, [Part::Exchange]);
    let pool = world.chain.contract(&report.addresses.vcai_exchange).unwrap().unwrap();
    assert_eq!(
        world.chain.checksum(pool.code_id).unwrap(),
        newer.checksum(Part::Exchange)
    );
    world.chain.advance(7 * DAY).unwrap();
    world.deploy(&newer);
    assert_eq!(world.deploy(&newer).stale, []);
}

#[test]
fn a_parameter_out_of_bounds_leaves_nothing_behind() {
    let mut world = World::new();
    world.config.vcai_governance.params.refund_bps = 10_000;
    let artifacts = Artifacts::native();
    let result = deploy(&mut world.chain, &world.config, &artifacts, &mut world.state, &|_| ());
    let error = format!("{:#}", result.unwrap_err());
    assert!(error.contains("[governance:2]"), "{error}");
    let deployer = Account::dev("deployer").unwrap();
    for part in Part::ALL {
        let at = part::address(deployer.address(), &artifacts.checksum(part), &part.salt("1")).unwrap();
        assert_eq!(world.chain.contract(&at).unwrap(), None, "{part:?}");
    }
    // Mended, it is deployed, with the code that is there already.
    world.config.vcai_governance.params.refund_bps = 1_000;
    let report = world.deploy(&artifacts);
    assert_eq!(report.created, Part::ALL);
    assert_eq!(report.uploaded, []);
}

#[test]
fn more_upgrades_than_one_entry_holds_are_queued_in_several() {
    let mut world = World::new();
    world.deploy(&Artifacts::native());
    let newer = Part::ALL.into_iter().fold(Artifacts::native(), |artifacts, part| {
        artifacts.with(part, format!("newer {}", part.code()).into_bytes())
    });
    let queued = world.deploy(&newer);
    assert_eq!(queued.stale, Part::ALL);
    assert!(
        matches!(
            queued.migrations[..],
            [Migration::Queued { entry: 1, .. }, Migration::Queued { entry: 2, .. }]
        ),
        "{:?}",
        queued.migrations
    );
    world.chain.advance(7 * DAY).unwrap();
    let executed = world.deploy(&newer);
    let entries = [1, 2].map(|entry| Migration::Executed { entry });
    assert_eq!(executed.migrations, entries);
    let after = world.deploy(&newer);
    assert!(after.stale.is_empty() && after.migrations.is_empty() && after.created.is_empty());
}
