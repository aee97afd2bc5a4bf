//! What nodes and renters did on a day.

use cosmwasm_std::{Addr, Event, QuerierWrapper, Response};
use interfaces::exchange::{MarketResponse, QueryMsg as Exchange, QuotePerBase, TwapPair};
use interfaces::incentive_controller::{
    Gpu, Level, NodeDay, Params, Rental, AMOUNT_MAX, FEE_FLOOR_BPS, MAX_ROWS, ONLINE_MAX, STAKE_MAX,
};
use kit::assert_sender;
use kit::compact::Account;
use math::incentives::{cap, capacity_weight, loyalty_percent, performance_percent, AWAY_DAYS, FIRST_ACCESS_DAYS};
use math::Bps;

use super::sheet::Sheet;
use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::execute::settings::within;
use crate::state::{add, closes_at, Config, GpuRow, Stretch, CLOCK, CONFIG, GPUS, NODES, PARAMS};

/// The longer window of the price, seconds: 7 days.
const LONG_WINDOW: u64 = 604_800;
/// Bytes of a GPU's name.
const GPU_BYTES: usize = 32;

/// Everything that one message reports.
pub struct Report {
    pub day: u64,
    pub rentals: Vec<Rental>,
    pub nodes: Vec<NodeDay>,
    pub gpus: Vec<Gpu>,
}

pub fn report(ctx: &mut Context, report: Report) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    let reporter = config.reporter.as_ref().ok_or(ContractError::NoReporter)?;
    assert_sender(ctx.sender, reporter, "reporter")?;
    check_rows(&report)?;
    check_day(ctx, report.day)?;
    let mut sheet = Sheet::load(ctx.storage, report.day)?;
    let mut events = rentals(ctx, &config, &mut sheet, &report.rentals)?;
    for node in &report.nodes {
        events.push(capacity(ctx, &mut sheet, node)?);
    }
    for gpu in &report.gpus {
        events.extend(first_access(ctx, &mut sheet, gpu)?);
    }
    sheet.save(ctx.storage);
    Ok(Response::new().add_events(events))
}

fn check_rows(report: &Report) -> Result<(), ContractError> {
    let lists = [report.rentals.len(), report.nodes.len(), report.gpus.len()];
    let actual = lists.into_iter().fold(0, usize::saturating_add);
    match actual {
        1..=MAX_ROWS => Ok(()),
        _ => Err(ContractError::Rows { actual }),
    }
}

/// From its first second until it closes, so that what is claimed can no longer change.
fn check_day(ctx: &Context, day: u64) -> Result<(), ContractError> {
    let clock = CLOCK.may_load(ctx.storage)?.ok_or(ContractError::NotStarted)?;
    let today = ctx.today();
    if day >= clock.first && day <= today && ctx.now() < closes_at(day) {
        return Ok(());
    }
    Err(ContractError::DayNotReported {
        day,
        from: clock.first.max(today.saturating_sub(1)),
        to: today,
    })
}

// ---- rentals ----

fn rentals(ctx: &Context, config: &Config, sheet: &mut Sheet, rentals: &[Rental]) -> Result<Vec<Event>, ContractError> {
    if rentals.is_empty() {
        return Ok(vec![]);
    }
    let params = PARAMS.load(ctx.storage)?;
    let price = price(&ctx.querier, &config.exchange);
    rentals
        .iter()
        .map(|row| rental(ctx, sheet, row, &params, price))
        .collect()
}

/// The higher of the two means, so that a price pressed for half an hour buys nobody a larger cap. None while the pool does not know either of them: any failure to
/// answer means no reward, never a reward without bound.
fn price(querier: &QuerierWrapper, exchange: &Addr) -> Option<QuotePerBase> {
    let market: MarketResponse = querier.query_wasm_smart(exchange, &Exchange::Market {}).ok()?;
    let window = Exchange::Twap { window: LONG_WINDOW };
    let long: TwapPair = querier.query_wasm_smart(exchange, &window).ok()?;
    Some(market.twap_30m?.arithmetic.max(long.arithmetic))
}

fn rental(
    ctx: &Context,
    sheet: &mut Sheet,
    row: &Rental,
    params: &Params,
    price: Option<QuotePerBase>,
) -> Result<Event, ContractError> {
    let quality = check_rental(row)?;
    let renter = Account::parse(ctx.api, &row.renter)?;
    let node = Account::parse(ctx.api, &row.node)?;
    let cap = match price {
        Some(price) => cap(row.fee.u128(), Bps::new(params.bound_bps)?, price)?,
        None => 0,
    };
    let for_renter = Bps::new(params.rebate_bps)?.of_floor(cap);
    let for_node = cap.saturating_sub(for_renter);
    let (spend, delivered) = (row.spend.u128(), row.units.u128().saturating_mul(quality.get().into()));
    sheet.change(ctx.storage, &renter, |share| Ok(share.demand.add(for_renter, spend)?))?;
    sheet.change(ctx.storage, &node, |share| {
        Ok(share.delivery.add(for_node, delivered)?)
    })?;
    add(&mut sheet.totals.weights.demand, spend)?;
    add(&mut sheet.totals.weights.delivery, delivered)?;
    add(&mut sheet.totals.usage.consumed, row.units)?;
    Ok(events::rental(sheet.day, row, delivered, [for_renter, for_node]))
}

/// Answers the quality.
fn check_rental(row: &Rental) -> Result<Bps, ContractError> {
    within("units", (0, AMOUNT_MAX), row.units)?;
    within("spend", (0, AMOUNT_MAX), row.spend)?;
    let quality = share_of("quality_bps", row.quality_bps)?;
    let floor = Bps::new(FEE_FLOOR_BPS)?.of_ceil(row.spend.u128());
    if row.fee.u128() < floor || row.fee > row.spend {
        return Err(ContractError::Fee {
            spend: row.spend,
            fee: row.fee,
        });
    }
    Ok(quality)
}

fn share_of(name: &'static str, bps: u16) -> Result<Bps, ContractError> {
    within(name, (0, Bps::ONE.get()), bps)?;
    Ok(Bps::new(bps)?)
}

// ---- capacity ----

fn capacity(ctx: &mut Context, sheet: &mut Sheet, row: &NodeDay) -> Result<Event, ContractError> {
    let stability = check_node(row)?;
    let node = Account::parse(ctx.api, &row.node)?;
    let weight = capacity_weight(row.stake.u128(), row.online, stability, row.vram_gb, halves(row.level))?;
    let percent = match row.online {
        0 => 0,
        _ => loyalty(ctx, &node, sheet.day)?,
    };
    let percent = percent.saturating_add(row.decile.map_or(0, performance_percent));
    let bonus = weight.saturating_mul(percent.into());
    sheet.change(ctx.storage, &node, |share| {
        share.online = share.online.saturating_add(row.online);
        check_online(&row.node, share.online)?;
        add(&mut share.capacity, weight)?;
        add(&mut share.bonus, bonus)
    })?;
    add(&mut sheet.totals.weights.capacity, weight)?;
    add(&mut sheet.totals.weights.bonus, bonus)?;
    add(&mut sheet.totals.usage.available, row.available)?;
    Ok(events::capacity(sheet.day, row, weight, bonus))
}

/// Answers the stability.
fn check_node(row: &NodeDay) -> Result<Bps, ContractError> {
    within("stake", (0, STAKE_MAX), row.stake)?;
    within("available", (0, AMOUNT_MAX), row.available)?;
    within("online", (0, ONLINE_MAX), row.online)?;
    if let Some(decile) = row.decile {
        within("decile", (1u8, 10u8), decile)?;
    }
    share_of("stability_bps", row.stability_bps)
}

/// A node that is reported twice would be at work twice.
fn check_online(node: &str, actual: u32) -> Result<(), ContractError> {
    if actual <= ONLINE_MAX {
        return Ok(());
    }
    Err(ContractError::Online {
        node: node.to_owned(),
        actual,
    })
}

/// In full with a GPU that reports for itself; by half with an enclave that measured what it can do; else a claim that nobody can check.
const fn halves(level: Level) -> u32 {
    match level {
        Level::A2 => 2,
        Level::A1 { benchmarked: true } => 1,
        Level::A1 { benchmarked: false } | Level::A0 => 0,
    }
}

/// Keeps the node's stretch of days, and answers its loyalty in percent.
fn loyalty(ctx: &mut Context, node: &Account, day: u64) -> Result<u8, ContractError> {
    let stretch = match NODES.may_load(ctx.storage, node)? {
        Some(row) if day <= row.last.saturating_add(AWAY_DAYS) => Stretch {
            last: row.last.max(day),
            ..row
        },
        _ => Stretch { since: day, last: day },
    };
    NODES.save(ctx.storage, node, &stretch);
    Ok(loyalty_percent(stretch.since, day))
}

// ---- GPUs ----

/// A GPU is paid for once for ever, by its name, and only where it stays: neither a second enrolment nor a tour of many nodes is paid again.
fn first_access(ctx: &mut Context, sheet: &mut Sheet, row: &Gpu) -> Result<Option<Event>, ContractError> {
    let actual = row.gpu.len();
    if actual != GPU_BYTES {
        return Err(ContractError::GpuName { actual });
    }
    let node = ctx.api.addr_validate(&row.node)?;
    let mut gpu = match GPUS.may_load(ctx.storage, &row.gpu)? {
        Some(seen) if seen.paid => return Ok(None),
        Some(seen) if seen.node == node => seen,
        _ => GpuRow {
            node: node.clone(),
            since: sheet.day,
            paid: false,
        },
    };
    gpu.paid = sheet.day >= gpu.since.saturating_add(FIRST_ACCESS_DAYS);
    GPUS.save(ctx.storage, &row.gpu, &gpu)?;
    if gpu.paid {
        sheet.totals.weights.gpus = sheet.totals.weights.gpus.saturating_add(1);
        let account = Account::trusted(ctx.api, node.as_str())?;
        sheet.change(ctx.storage, &account, |share| {
            share.gpus = share.gpus.saturating_add(1);
            Ok(())
        })?;
    }
    Ok(Some(events::gpu(sheet.day, row, &gpu)))
}
