//! The token generation event: one message, by anybody, once, from a set time on.
//!
//! ```text
//! airdrop = live genesis tokens · 10,000 VCAI                         at most 30 % of the liquidity
//! paired  = ⌊proceeds · 10⁶ / price⌋                                  rounded down: the market opens at the set price or a hair above
//! airdrop + paired ≤ liquidity                                        the rest stays for governance
//! ```
//!
//! Nobody has VCAI before, so nobody can open the pool first. The proceeds are asked for and handed over within this one message. If the price asks for more VCAI
//! than there is, the message is refused and the owner sets another one; `genesis-nft` refunds after its deadline whatever happens here.

use cosmwasm_std::{coins, to_json_binary, CosmosMsg, Event, Response, Uint128, WasmMsg};
use interfaces::genesis_nft::{self, ProceedsResponse};
use interfaces::token_allocation::{Bucket, TgePlan, TgeRecord, TGE_NOTICE};
use interfaces::treasury;
use kit::ownership::assert_owner;
use math::mul_div_floor;

use super::{call, transfer, Context};
use crate::error::ContractError;
use crate::events::Allocated;
use crate::state::{send, Config, Tge, CONFIG, TGE};

/// Highest price, base units of the stablecoin for 10⁶ of VCAI.
const MAX_PRICE: u128 = 1_000_000_000_000;
/// Most of the liquidity that the airdrop takes, per cent.
const AIRDROP_PERCENT: u128 = 30;

/// Opens the market.
pub fn tge(ctx: &mut Context) -> Result<Response, ContractError> {
    let (config, mut tge) = (CONFIG.load(ctx.storage)?, TGE.load(ctx.storage)?);
    assert_due(&tge, ctx.now())?;
    let query = genesis_nft::QueryMsg::Proceeds {};
    let sale: ProceedsResponse = ctx.querier.query_wasm_smart(&config.genesis_nft, &query)?;
    let done = TgeRecord {
        time: ctx.now(),
        proceeds: sale.proceeds,
        paired: mul_div_floor(sale.proceeds.u128(), 1_000_000, tge.plan.price.u128())?.into(),
        airdrop: sale.airdrop,
    };
    let leaving = check_liquidity(&done)?;
    send(ctx.storage, Bucket::Liquidity, leaving)?;
    let incentives = Bucket::Incentives.size();
    send(ctx.storage, Bucket::Incentives, incentives)?;
    let event = Event::from(Allocated::Tge(&done));
    let mut messages = messages(&config, &done)?;
    messages.push(transfer(&config.vcai, &config.incentives, incentives)?.into());
    tge.done = Some(done);
    TGE.save(ctx.storage, &tge)?;
    Ok(Response::new().add_event(event).add_messages(messages))
}

fn assert_due(tge: &Tge, now: u64) -> Result<(), ContractError> {
    if tge.done.is_some() {
        return Err(ContractError::TgeDone);
    }
    match now < tge.plan.time {
        true => Err(ContractError::TooEarly {
            from: tge.plan.time,
            now,
        }),
        false => Ok(()),
    }
}

/// What leaves the liquidity.
fn check_liquidity(done: &TgeRecord) -> Result<Uint128, ContractError> {
    let available = Bucket::Liquidity.size();
    let max = available.multiply_ratio(AIRDROP_PERCENT, 100u128);
    if done.airdrop > max {
        return Err(ContractError::Airdrop {
            max,
            actual: done.airdrop,
        });
    }
    let needed = done.airdrop.checked_add(done.paired)?;
    match needed > available {
        true => Err(ContractError::Liquidity { needed, available }),
        false => Ok(needed),
    }
}

/// In this order: the proceeds come, the airdrop goes, the pool opens. Without a single token sold there is nothing to open it with.
fn messages(config: &Config, done: &TgeRecord) -> Result<Vec<CosmosMsg>, ContractError> {
    let release = genesis_nft::ExecuteMsg::Release {};
    let mut messages: Vec<CosmosMsg> = vec![call(&config.genesis_nft, &release)?.into()];
    if !done.airdrop.is_zero() {
        messages.push(transfer(&config.vcai, &config.genesis_nft, done.airdrop)?.into());
    }
    if !done.proceeds.is_zero() {
        messages.push(transfer(&config.vcai, &config.treasury, done.paired)?.into());
        messages.push(open_pool(config, done)?.into());
    }
    Ok(messages)
}

fn open_pool(config: &Config, done: &TgeRecord) -> Result<WasmMsg, ContractError> {
    let open = treasury::ExecuteMsg::OpenPool { vcai: done.paired };
    Ok(WasmMsg::Execute {
        contract_addr: config.treasury.to_string(),
        msg: to_json_binary(&open)?,
        funds: coins(done.proceeds.u128(), &config.denom),
    })
}

/// Replaces the plan. Whoever relies on it sees a change a day ahead.
pub fn set(ctx: &mut Context, plan: TgePlan) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, &ctx.info.sender)?;
    let mut tge = TGE.load(ctx.storage)?;
    if tge.done.is_some() {
        return Err(ContractError::TgeDone);
    }
    check_plan(&plan, ctx.now().saturating_add(TGE_NOTICE))?;
    tge.plan = plan;
    TGE.save(ctx.storage, &tge)?;
    Ok(Response::new().add_event(Event::from(Allocated::Planned(&plan))))
}

/// The bounds of a plan.
pub fn check_plan(plan: &TgePlan, earliest: u64) -> Result<(), ContractError> {
    let bounds = [
        ("time", u128::from(plan.time), u128::from(earliest), u64::MAX.into()),
        ("price", plan.price.u128(), 1, MAX_PRICE),
    ];
    for (name, actual, min, max) in bounds {
        if actual < min || actual > max {
            return Err(ContractError::OutOfRange { name, min, max, actual });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the sale says it is owed.
    #[test]
    fn liquidity_gives_all_it_has_and_three_tenths_of_it_to_the_airdrop() {
        const MILLION: u128 = 1_000_000_000_000;
        let table = [
            (30 * MILLION, 70 * MILLION, Ok(100 * MILLION)),
            (0, 100 * MILLION, Ok(100 * MILLION)),
            (30 * MILLION, 70 * MILLION + 1, Err(7)),
            (0, 100 * MILLION + 1, Err(7)),
            (30 * MILLION + 1, 0, Err(8)),
        ];
        for (airdrop, paired, expected) in table {
            let done = TgeRecord {
                time: 0,
                proceeds: Uint128::zero(),
                paired: paired.into(),
                airdrop: airdrop.into(),
            };
            let leaving = check_liquidity(&done);
            assert_eq!(leaving.map(|sum| sum.u128()).map_err(|error| error.code()), expected);
        }
    }
}
