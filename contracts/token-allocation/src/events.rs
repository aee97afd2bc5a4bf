//! Typed events: one for every change of state, with enough in each to rebuild the state from them.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::token_allocation::{Bucket, TgePlan, TgeRecord, VestingKind, VestingSchedule};

use crate::state::{Config, Grant};

/// What happens to the supply.
pub enum Allocated<'a> {
    Started(&'a Config),
    Planned(&'a TgePlan),
    Tge(&'a TgeRecord),
    /// Number, and the proposal that decided it if VCAI was issued for it.
    Granted(u64, &'a Grant, Option<u64>),
    Claimed {
        grant: u64,
        beneficiary: &'a Addr,
        amount: Uint128,
        /// Whether it went into a lock.
        locked: bool,
    },
    Beneficiary {
        grant: u64,
        beneficiary: &'a Addr,
        pending: Option<&'a Addr>,
    },
    /// Number, what stays vested, and the new schedule.
    Amended(u64, Uint128, &'a VestingSchedule),
    Spent {
        bucket: Bucket,
        n: u64,
        to: &'a Addr,
        amount: Uint128,
    },
}

impl From<Allocated<'_>> for Event {
    fn from(what: Allocated) -> Self {
        match what {
            Allocated::Started(config) => started(config),
            Allocated::Planned(plan) => Event::new("tge_planned")
                .add_attribute("time", plan.time.to_string())
                .add_attribute("price", plan.price),
            Allocated::Tge(done) => Event::new("tge")
                .add_attribute("time", done.time.to_string())
                .add_attribute("proceeds", done.proceeds)
                .add_attribute("paired", done.paired)
                .add_attribute("airdrop", done.airdrop),
            Allocated::Granted(number, grant, proposal) => granted(number, grant, proposal),
            Allocated::Claimed {
                grant,
                beneficiary,
                amount,
                locked,
            } => of_grant("claimed", grant)
                .add_attribute("beneficiary", beneficiary)
                .add_attribute("amount", amount)
                .add_attribute("locked", locked.to_string()),
            Allocated::Beneficiary {
                grant,
                beneficiary,
                pending,
            } => {
                let event = of_grant("beneficiary", grant).add_attribute("beneficiary", beneficiary);
                match pending {
                    Some(pending) => event.add_attribute("pending", pending),
                    None => event,
                }
            }
            Allocated::Amended(number, floor, schedule) => {
                with_schedule(of_grant("amended", number).add_attribute("vested", floor), schedule)
            }
            Allocated::Spent { bucket, n, to, amount } => Event::new("spent")
                .add_attribute("bucket", format!("{bucket:?}"))
                .add_attribute("n", n.to_string())
                .add_attribute("to", to)
                .add_attribute("amount", amount),
        }
    }
}

fn started(config: &Config) -> Event {
    Event::new("allocation")
        .add_attribute("governance", &config.governance)
        .add_attribute("vcai", &config.vcai)
        .add_attribute("denom", &config.denom)
        .add_attribute("treasury", &config.treasury)
        .add_attribute("genesis_nft", &config.genesis_nft)
        .add_attribute("incentives", &config.incentives)
        .add_attribute("vote_escrow", &config.vote_escrow)
}

fn granted(number: u64, grant: &Grant, proposal: Option<u64>) -> Event {
    let event = of_grant("granted", number)
        .add_attribute("bucket", format!("{:?}", grant.bucket))
        .add_attribute("beneficiary", &grant.beneficiary)
        .add_attribute("amount", grant.amount);
    let event = with_schedule(event, &grant.schedule);
    let event = match grant.start {
        Some(start) => event.add_attribute("start", start.to_string()),
        None => event,
    };
    match proposal {
        Some(proposal) => event.add_attribute("proposal", proposal.to_string()),
        None => event,
    }
}

fn with_schedule(event: Event, schedule: &VestingSchedule) -> Event {
    let event = event
        .add_attribute("tge_bps", schedule.tge_bps().to_string())
        .add_attribute("cliff", schedule.cliff().to_string());
    match schedule.kind() {
        VestingKind::Linear { duration } => event.add_attribute("duration", duration.to_string()),
        VestingKind::Steps { period, count } => event
            .add_attribute("period", period.to_string())
            .add_attribute("count", count.to_string()),
    }
}

fn of_grant(name: &str, grant: u64) -> Event {
    Event::new(name).add_attribute("grant", grant.to_string())
}
