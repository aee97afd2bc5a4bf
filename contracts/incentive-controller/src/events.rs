//! Typed events: one for every change of state, with enough in each to rebuild the state from them.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::incentive_controller::{Bucket, ClaimResponse, Gpu, Level, NodeDay, Params, Rental, Usage};

use crate::execute::claim::Range;
use crate::state::{Clock, Config, Epoch, GpuRow, Referral};

/// The contract exists.
pub fn created(config: &Config) -> Event {
    Event::new("created")
        .add_attribute("vcai", &config.vcai)
        .add_attribute("exchange", &config.exchange)
}

/// Parameters from now on.
pub fn params_set(params: &Params) -> Event {
    Event::new("params_set")
        .add_attribute("epoch_days", params.epoch_days.to_string())
        .add_attribute("release_bps", params.release_bps.to_string())
        .add_attribute("target_ppm", params.target_ppm.to_string())
        .add_attribute("gain_ppm", params.gain_ppm.to_string())
        .add_attribute("delivery_bps", params.delivery_bps.to_string())
        .add_attribute("bonus_bps", params.bonus_bps.to_string())
        .add_attribute("first_access_bps", params.first_access_bps.to_string())
        .add_attribute("first_access", params.first_access)
        .add_attribute("bound_bps", params.bound_bps.to_string())
        .add_attribute("rebate_bps", params.rebate_bps.to_string())
}

/// Who reports from now on; without `reporter` nobody.
pub fn reporter_set(reporter: Option<&Addr>) -> Event {
    let event = Event::new("reporter_set");
    match reporter {
        Some(reporter) => event.add_attribute("reporter", reporter),
        None => event,
    }
}

/// The clock runs.
pub fn started(clock: &Clock) -> Event {
    Event::new("started").add_attribute("first_day", clock.first.to_string())
}

/// What an epoch gives out.
pub fn epoch_opened(start: u64, epoch: &Epoch) -> Event {
    Event::new("epoch_opened")
        .add_attribute("index", epoch.index.to_string())
        .add_attribute("start", start.to_string())
        .add_attribute("days", epoch.days.to_string())
        .add_attribute("supply_ppm", epoch.supply_ppm.to_string())
        .add_attribute("first_access_sum", epoch.first_access)
        .add_attribute("capacity", epoch.pools.capacity)
        .add_attribute("delivery", epoch.pools.delivery)
        .add_attribute("bonus", epoch.pools.bonus)
        .add_attribute("first_access", epoch.pools.first_access)
        .add_attribute("demand", epoch.pools.demand)
}

/// How much of what there was in an epoch was used.
pub fn epoch_closed(clock: &Clock, usage: &Usage) -> Event {
    Event::new("epoch_closed")
        .add_attribute("index", clock.index.to_string())
        .add_attribute("start", clock.start.to_string())
        .add_attribute("consumed", usage.consumed)
        .add_attribute("available", usage.available)
}

/// A rental's weights and caps.
pub fn rental(day: u64, row: &Rental, delivered: u128, [for_renter, for_node]: [u128; 2]) -> Event {
    Event::new("rental")
        .add_attribute("day", day.to_string())
        .add_attribute("renter", &row.renter)
        .add_attribute("node", &row.node)
        .add_attribute("units", row.units)
        .add_attribute("delivered", delivered.to_string())
        .add_attribute("spend", row.spend)
        .add_attribute("fee", row.fee)
        .add_attribute("renter_cap", for_renter.to_string())
        .add_attribute("node_cap", for_node.to_string())
}

/// A node's capacity.
pub fn capacity(day: u64, row: &NodeDay, weight: u128, bonus: u128) -> Event {
    let level = match row.level {
        Level::A0 => "a0",
        Level::A1 { .. } => "a1",
        Level::A2 => "a2",
    };
    Event::new("capacity")
        .add_attribute("day", day.to_string())
        .add_attribute("node", &row.node)
        .add_attribute("level", level)
        .add_attribute("online", row.online.to_string())
        .add_attribute("available", row.available)
        .add_attribute("weight", weight.to_string())
        .add_attribute("bonus", bonus.to_string())
}

/// A GPU seen; `paid` once it counts.
pub fn gpu(day: u64, row: &Gpu, gpu: &GpuRow) -> Event {
    Event::new("gpu")
        .add_attribute("day", day.to_string())
        .add_attribute("gpu", row.gpu.to_hex())
        .add_attribute("node", &gpu.node)
        .add_attribute("since", gpu.since.to_string())
        .add_attribute("paid", gpu.paid.to_string())
}

/// Days were paid.
pub fn claimed(account: &Addr, range: Range, due: &ClaimResponse) -> Event {
    Event::new("claimed")
        .add_attribute("account", account)
        .add_attribute("from", range.from.to_string())
        .add_attribute("to", range.to.to_string())
        .add_attribute("capacity", due.capacity)
        .add_attribute("bonus", due.bonus)
        .add_attribute("first_access", due.first_access)
        .add_attribute("delivery", due.delivery)
        .add_attribute("rebate", due.rebate)
        .add_attribute("referral_income", due.referral_income)
        .add_attribute("referral_paid", due.referral_paid)
        .add_attribute("left_over", due.left_over)
        .add_attribute("total", due.total)
}

/// Whether others may have it paid.
pub fn keepers_allowed(account: &Addr, allowed: bool) -> Event {
    Event::new("keepers_allowed")
        .add_attribute("account", account)
        .add_attribute("allowed", allowed.to_string())
}

/// Who brought it here.
pub fn referred(account: &Addr, referral: &Referral) -> Event {
    Event::new("referred")
        .add_attribute("account", account)
        .add_attribute("referrer", &referral.referrer)
        .add_attribute("until", referral.until.to_string())
}

/// Out of a bucket, for the next epoch.
pub fn re_released(bucket: Bucket, amount: Uint128) -> Event {
    let bucket = match bucket {
        Bucket::Withheld => "withheld",
        Bucket::LeftOver => "left_over",
    };
    Event::new("re_released")
        .add_attribute("bucket", bucket)
        .add_attribute("amount", amount)
}

/// Code was replaced.
pub fn migrated(from: impl ToString, to: &str) -> Event {
    Event::new("migrated")
        .add_attribute("from", from.to_string())
        .add_attribute("to", to)
}
