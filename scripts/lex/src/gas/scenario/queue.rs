//! The timelock.

use anyhow::Result;
use cosmwasm_std::{CosmosMsg, WasmMsg};
use interfaces::common::OwnershipMsg;
use interfaces::timelock::{ConfigResponse, ExecuteMsg, QueryMsg};
use serde::Serialize;

use crate::gas::bench::Bench;
use crate::gas::table::Row;

const QUEUE: &str = "timelock";

/// Entries that wait for their time.
pub struct Entries {
    outward: u64,
    delay: u64,
    owner: u64,
}

pub fn run(bench: &mut Bench) -> Result<Entries> {
    let (queue, sink) = (bench.at.timelock.clone(), bench.sink.clone());
    let outward = add(bench, "1 message", to(&sink, &serde_json::json!({}))?)?;
    let delay = add(
        bench,
        "of itself",
        to(
            &queue,
            &ExecuteMsg::SetDelay {
                min_delay: 8 * super::DAY,
            },
        )?,
    )?;
    let propose = ExecuteMsg::Ownership(OwnershipMsg::Propose {
        new_owner: bench.by("operator")?.address().into(),
    });
    let owner = add(bench, "of its owner", to(&queue, &propose)?)?;
    let idle = add(bench, "to be cancelled", to(&sink, &serde_json::json!({}))?)?;
    let council = bench.by("council")?;
    let row = Row::new(QUEUE, "Cancel", "").hops(1);
    bench.measure(row, &council, &queue, &ExecuteMsg::Cancel { id: idle }, &[])?;
    Ok(Entries { outward, delay, owner })
}

/// A week later.
pub fn due(bench: &mut Bench, entries: Entries) -> Result<()> {
    let queue = bench.at.timelock.clone();
    let (anyone, council, operator) = (bench.by("relayer")?, bench.by("council")?, bench.by("operator")?);
    let execute = |id| ExecuteMsg::Execute { id };
    let row = Row::new(QUEUE, "Execute", "1 message").hops(2);
    bench.measure(row, &anyone, &queue, &execute(entries.outward), &[])?;
    // The queue calls itself: loaded twice.
    let row = Row::new(QUEUE, "SetDelay", "through Execute").hops(2);
    bench.measure(row, &anyone, &queue, &execute(entries.delay), &[])?;
    let row = Row::new(QUEUE, "Ownership", "propose, through Execute").hops(2);
    bench.measure(row, &anyone, &queue, &execute(entries.owner), &[])?;
    let row = Row::new(QUEUE, "Ownership", "accept").hops(1);
    let accept = ExecuteMsg::Ownership(OwnershipMsg::Accept {});
    bench.measure(row, &operator, &queue, &accept, &[])?;
    // And back to the council, to be taken back.
    let propose = ExecuteMsg::Ownership(OwnershipMsg::Propose {
        new_owner: council.address().into(),
    });
    let entry = ExecuteMsg::Queue {
        title: "hand back".to_owned(),
        description: String::new(),
        msgs: vec![to(&queue, &propose)?],
        delay: None,
    };
    bench.run(&operator, &queue, &entry, &[])?;
    let id = newest(bench)?;
    bench.pass(8 * super::DAY)?;
    bench.run(&anyone, &queue, &execute(id), &[])?;
    let row = Row::new(QUEUE, "Ownership", "cancel").hops(1);
    bench.measure(
        row,
        &operator,
        &queue,
        &ExecuteMsg::Ownership(OwnershipMsg::Cancel {}),
        &[],
    )?;
    Ok(())
}

fn add(bench: &mut Bench, case: &str, msg: CosmosMsg) -> Result<u64> {
    let (queue, council) = (bench.at.timelock.clone(), bench.by("council")?);
    let entry = ExecuteMsg::Queue {
        title: "a measured entry".to_owned(),
        description: "what it is for, in a line or two, with a link to the code".to_owned(),
        msgs: vec![msg],
        delay: None,
    };
    match case {
        "1 message" => bench.measure(Row::new(QUEUE, "Queue", case).hops(1), &council, &queue, &entry, &[])?,
        _ => bench.run(&council, &queue, &entry, &[])?,
    };
    newest(bench)
}

fn newest(bench: &Bench) -> Result<u64> {
    let config: ConfigResponse = bench.query(&bench.at.timelock, &QueryMsg::Config {})?;
    Ok(config.entries)
}

fn to(contract: &str, msg: &impl Serialize) -> Result<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: contract.to_owned(),
        msg: serde_json::to_vec(msg)?.into(),
        funds: Vec::new(),
    }
    .into())
}
