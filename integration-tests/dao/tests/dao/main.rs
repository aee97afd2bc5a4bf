//! DAO DAO's own contracts take the suite's locks for their votes.
//!
//! ```sh
//! lex artifacts && lex gas --peers
//! cargo test -p dao -- --ignored --nocapture
//! ```

use anyhow::{ensure, Result};
use cosmwasm_std::{coin, to_json_binary};
use dao::house::House;
use dao::world::{World, DAY, ONE, YEAR};
use interfaces::voting_adapter::{InfoResponse, Measure, ModuleResponse, QueryMsg};
use serde_json::{json, Value};
use suite::localnet::USDT_DENOM;
use suite::{Account, Chain, ChainExt};

/// Locks 60,000 VCAI for four years.
const ANN: &str = "user0";
/// Locks 20,000 for a year.
const BO: &str = "user1";
/// Has more VCAI than both and locks nothing.
const CY: &str = "user2";
/// Locks much, but after the proposal was made.
const DAN: &str = "user3";
/// Has nothing at all; proposes and executes, which anybody may.
const GUS: &str = "user4";

const NOT_REGISTERED: &str = "not registered to vote (no voting power)";

fn same<T: PartialEq + std::fmt::Debug>(what: &str, is: T, should: T) -> Result<()> {
    ensure!(is == should, "{what} is {is:?}, not {should:?}");
    Ok(())
}

/// √(n · 10¹²) · (e − t), by the book.
fn weight(amount: u128, end: u64, at: u64) -> u128 {
    (amount * 1_000_000_000_000).isqrt() * u128::from(end.saturating_sub(at))
}

/// The last 00:00 UTC that a lock until `until` ends on: rounded up, then down to four years from now.
fn end(until: u64, now: u64) -> u64 {
    let longest = (now + interfaces::vote_escrow::MAX_LOCK_SECONDS) / DAY * DAY;
    (until.div_ceil(DAY) * DAY).min(longest)
}

/// What a DAO DAO core and its modules ask of a voting module.
fn introduced(world: &World, house: &House) -> Result<()> {
    let dao: String = world.query(&house.adapter, &QueryMsg::Dao {})?;
    same("the adapter's DAO", &dao, &house.core)?;
    let InfoResponse { info } = world.query(&house.adapter, &QueryMsg::Info {})?;
    same("its name", info.contract.as_str(), "crates.io:voting-adapter")?;
    let module: ModuleResponse = world.query(&house.adapter, &QueryMsg::Module {})?;
    same("its module", &module.module, &world.at.vote_escrow)?;
    let dao: String = world.query(&house.proposals, &json!({ "dao": {} }))?;
    same("the proposal module's DAO", &dao, &house.core)?;
    let state: Value = world.query(&house.core, &json!({ "dump_state": {} }))?;
    same(
        "the core's voting module",
        state["voting_module"].as_str(),
        Some(house.adapter.as_str()),
    )
}

/// Powers at the height of a proposal are those of the locks at the newest recorded block before it, to the unit.
fn powers(world: &World, house: &House, height: u64, locks: &[(&str, u128, u64)]) -> Result<()> {
    let at = world.moment(height)?;
    let mut sum = 0;
    for (name, amount, end) in locks {
        let should = weight(*amount, *end, at.time);
        same("weight", house.power(world, name, Some(height))?.u128(), should)?;
        same("weight with the escrow", world.power(name, at)?.weight.u128(), should)?;
        sum += should;
    }
    same("total", house.total(world, Some(height))?.u128(), sum)?;
    same(
        "power of tokens that are not locked",
        house.power(world, CY, Some(height))?.u128(),
        0,
    )
}

/// A proposal that pays coins out of the core.
fn payment(world: &mut World, house: &House, locks: &[(&str, u128, u64)]) -> Result<()> {
    let cy = Account::dev(CY)?.address().to_owned();
    let pay = json!([{ "bank": { "send": {
        "to_address": cy, "amount": [{ "denom": USDT_DENOM, "amount": (250 * ONE).to_string() }],
    } } }]);
    let (id, height) = house.propose(world, GUS, "250 USDT for Cy", pay)?;
    powers(world, house, height, locks)?;

    world.lock(DAN, 1_000_000 * ONE, 4 * YEAR)?;
    for stranger in [CY, DAN, GUS] {
        let log = world.refused(stranger, &house.proposals, &House::vote(id, "yes"))?;
        ensure!(log.contains(NOT_REGISTERED), "{stranger}: {log}");
    }
    world.execute(BO, &house.proposals, &House::vote(id, "yes"), &[])?;
    same("status with a minority", house.status(world, id)?.as_str(), "open")?;
    let log = world.refused(GUS, &house.proposals, &House::enact(id))?;
    ensure!(log.contains("proposal is not in 'passed' state"), "{log}");
    world.execute(ANN, &house.proposals, &House::vote(id, "yes"), &[])?;
    same("status with a majority", house.status(world, id)?.as_str(), "passed")?;
    let found = house.proposal(world, id)?;
    let total = house.total(world, Some(height))?.to_string();
    same("votes", found["votes"]["yes"].as_str(), Some(total.as_str()))?;

    let had = [&cy, &house.core].map(|of| world.live.balance(of, USDT_DENOM));
    world.execute(GUS, &house.proposals, &House::enact(id), &[])?;
    let [had_cy, had_core] = had;
    same("Cy's coins", world.live.balance(&cy, USDT_DENOM)?, had_cy? + 250 * ONE)?;
    same(
        "the core's coins",
        world.live.balance(&house.core, USDT_DENOM)?,
        had_core? - 250 * ONE,
    )?;
    same("status", house.status(world, id)?.as_str(), "executed")?;
    let log = world.refused(GUS, &house.proposals, &House::enact(id))?;
    ensure!(log.contains("proposal is not in 'passed' state"), "twice: {log}");
    ensure!(
        !house.power(world, DAN, None)?.is_zero(),
        "a lock counts from the next block on"
    );
    Ok(())
}

/// A year and a day later Bo's lock has ended: the others decide, here on what the core keeps in its list and on its VCAI.
fn decayed(world: &mut World, house: &House, locks: &[(&str, u128, u64)]) -> Result<()> {
    world.pass(YEAR + 2 * DAY)?;
    world.mark()?;
    let transfer =
        json!({ "transfer": { "recipient": Account::dev(GUS)?.address(), "amount": (5 * ONE).to_string() } });
    let item = json!({ "set_item": { "key": "decided by", "value": "locks" } });
    let call = |contract: &str, msg: &Value| -> Result<Value> {
        Ok(json!({ "wasm": { "execute": { "contract_addr": contract, "msg": to_json_binary(msg)?, "funds": [] } } }))
    };
    let msgs = json!([call(&house.core, &item)?, call(&world.at.vcai, &transfer)?]);
    let (id, height) = house.propose(world, BO, "an item and 5 VCAI", msgs)?;
    powers(world, house, height, locks)?;
    same(
        "power of a lock that ended",
        house.power(world, BO, Some(height))?.u128(),
        0,
    )?;
    let log = world.refused(BO, &house.proposals, &House::vote(id, "no"))?;
    ensure!(log.contains(NOT_REGISTERED), "{log}");
    world.execute(DAN, &house.proposals, &House::vote(id, "yes"), &[])?;
    world.execute(GUS, &house.proposals, &House::enact(id), &[])?;
    let kept: Value = world.query(&house.core, &json!({ "get_item": { "key": "decided by" } }))?;
    same("the item", kept["item"].as_str(), Some("locks"))?;
    let address = Account::dev(GUS)?.address().to_owned();
    let held: cw20::BalanceResponse = world.query(&world.at.vcai, &json!({ "balance": { "address": address } }))?;
    same("Gus's VCAI", held.balance.u128(), 5 * ONE)
}

#[test]
#[ignore = "starts a wasmd"]
fn a_dao_of_published_contracts_is_decided_by_locks() -> Result<()> {
    let mut world = World::new()?;
    let mut locks = Vec::new();
    for (name, amount, years) in [(ANN, 60_000 * ONE, 4), (BO, 20_000 * ONE, 1)] {
        world.give(name, amount)?;
        let now = world.now()?;
        world.lock(name, amount, years * YEAR)?;
        locks.push((name, amount, end(now + years * YEAR, now)));
    }
    world.give(CY, 200_000 * ONE)?;
    world.give(DAN, 1_000_000 * ONE)?;
    let house = House::build(&mut world, Measure::Weight)?;
    introduced(&world, &house)?;
    let (council, vcai) = (Account::dev("council")?, world.at.vcai.clone());
    world
        .live
        .send(&council, &house.core, &[coin(1_000 * ONE, USDT_DENOM)])?;
    let fund = json!({ "transfer": { "recipient": house.core, "amount": (10 * ONE).to_string() } });
    world.execute("council", &vcai, &fund, &[])?;
    payment(&mut world, &house, &locks)?;
    let now = world.now()?;
    locks.push((DAN, 1_000_000 * ONE, end(now + 4 * YEAR, now)));
    decayed(&mut world, &house, &locks)
}
