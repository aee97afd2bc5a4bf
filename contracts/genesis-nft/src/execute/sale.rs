//! The sale, its allow-list, and its end at the TGE.

use cosmwasm_std::{coins, Addr, BankMsg, Event, Response, Storage, Uint128};
use interfaces::genesis_nft::{Sale, TokenExtension, MAX_BATCH, MAX_TOKENS, MAX_WAIT};
use kit::ownership::assert_owner;
use kit::{assert_sender, funds};

use super::Context;
use crate::error::ContractError;
use crate::events::Genesis;
use crate::state::{Config, Course, BOUGHT, CONFIG, LISTED};

/// The bounds of the terms.
pub fn check_terms(sale: &Sale) -> Result<(), ContractError> {
    let latest = sale.closes.saturating_add(MAX_WAIT);
    let bounds: [(&'static str, u128, u128, u128); 5] = [
        ("price", sale.price.u128(), 1, 1_000_000_000_000),
        ("tokens", sale.tokens.into(), 1, MAX_TOKENS.into()),
        ("per_wallet", sale.per_wallet.into(), 1, sale.tokens.into()),
        (
            "closes",
            sale.closes.into(),
            u128::from(sale.opens).saturating_add(1),
            u64::MAX.into(),
        ),
        ("deadline", sale.deadline.into(), sale.closes.into(), latest.into()),
    ];
    for (name, actual, min, max) in bounds {
        if actual < min || actual > max {
            return Err(ContractError::OutOfRange { name, min, max, actual });
        }
    }
    Ok(())
}

/// Sells tokens at the price, to an address that still may buy them.
pub fn buy(ctx: &mut Context, quantity: u32) -> Result<Response, ContractError> {
    let (config, mut course) = (CONFIG.load(ctx.storage)?, Course::load(ctx.storage)?);
    check_batch("quantity", quantity.into())?;
    assert_on_sale(&config.sale, &course, ctx.now())?;
    assert_listed(ctx, &config.sale)?;
    let paid = assert_paid(ctx, &config, quantity)?;
    count_purchase(ctx.storage, &config.sale, &ctx.info.sender, quantity)?;
    let left = config.sale.tokens.saturating_sub(course.sold);
    if quantity > left {
        return Err(ContractError::SoldOut { left, actual: quantity });
    }
    let first = course.sold.saturating_add(1);
    let last = course.sold.saturating_add(quantity);
    for id in first..=last {
        mint(ctx, &config, id)?;
    }
    course.sold = last;
    course.save(ctx.storage);
    let event = Genesis::Sold {
        buyer: &ctx.info.sender,
        first,
        last,
        paid,
    };
    Ok(Response::new().add_event(Event::from(event)))
}

fn mint(ctx: &mut Context, config: &Config, id: u32) -> Result<(), ContractError> {
    let id = id.to_string();
    let uri = config.base_uri.as_ref().map(|base| format!("{base}{id}"));
    Ok(nft::mint(
        ctx.storage,
        &id,
        &ctx.info.sender,
        uri,
        TokenExtension::default(),
    )?)
}

/// A batch of 1 to [`MAX_BATCH`].
pub fn check_batch(name: &'static str, actual: u128) -> Result<(), ContractError> {
    let max = MAX_BATCH as u128;
    match (1..=max).contains(&actual) {
        true => Ok(()),
        false => Err(ContractError::OutOfRange {
            name,
            min: 1,
            max,
            actual,
        }),
    }
}

fn assert_on_sale(sale: &Sale, course: &Course, now: u64) -> Result<(), ContractError> {
    if course.tge_at.is_some() {
        return Err(ContractError::TgeDone);
    }
    match (sale.opens..sale.closes).contains(&now) {
        true => Ok(()),
        false => Err(ContractError::NotOnSale {
            opens: sale.opens,
            closes: sale.closes,
            now,
        }),
    }
}

fn assert_listed(ctx: &Context, sale: &Sale) -> Result<(), ContractError> {
    match sale.listed_until.filter(|until| ctx.now() < *until) {
        Some(until) if !LISTED.has(ctx.storage, &ctx.info.sender) => Err(ContractError::NotListed {
            buyer: ctx.info.sender.clone(),
            until,
        }),
        _ => Ok(()),
    }
}

fn assert_paid(ctx: &Context, config: &Config, quantity: u32) -> Result<Uint128, ContractError> {
    let actual = funds::exact_one(ctx.info, &config.denom)?;
    let expected = config.sale.price.checked_mul(quantity.into())?;
    match actual == expected {
        true => Ok(actual),
        false => Err(ContractError::Price { expected, actual }),
    }
}

/// The cap counts purchases, so that passing tokens on buys no more of them.
fn count_purchase(storage: &mut dyn Storage, sale: &Sale, buyer: &Addr, actual: u32) -> Result<(), ContractError> {
    let bought = BOUGHT.may_load(storage, buyer)?.unwrap_or_default();
    let after = bought.saturating_add(actual);
    if after > sale.per_wallet {
        return Err(ContractError::WalletFull {
            max: sale.per_wallet,
            bought,
            actual,
        });
    }
    Ok(BOUGHT.save(storage, buyer, &after)?)
}

/// Changes the allow-list.
pub fn set_allowed(ctx: &mut Context, add: &[String], remove: &[String]) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, &ctx.info.sender)?;
    check_batch("addresses", add.len().saturating_add(remove.len()) as u128)?;
    let mut response = Response::new();
    for address in add {
        let address = ctx.api.addr_validate(address)?;
        LISTED.save(ctx.storage, &address, &())?;
        response = response.add_event(Event::from(Genesis::Listed(&address)));
    }
    for address in remove {
        let address = ctx.api.addr_validate(address)?;
        LISTED.remove(ctx.storage, &address);
        response = response.add_event(Event::from(Genesis::Unlisted(&address)));
    }
    Ok(response)
}

/// Stablecoin held for live tokens before the TGE.
pub fn proceeds(storage: &dyn Storage, sale: &Sale) -> Result<Uint128, ContractError> {
    let alive = nft::query::num_tokens(storage)?.count;
    Ok(sale.price.checked_mul(alive.into())?)
}

/// The TGE: the sale is over, refunds are over, claims begin, and the price of every live token leaves.
pub fn release(ctx: &mut Context) -> Result<Response, ContractError> {
    let (config, mut course) = (CONFIG.load(ctx.storage)?, Course::load(ctx.storage)?);
    assert_sender(&ctx.info.sender, &config.allocation, "allocation")?;
    if course.tge_at.is_some() {
        return Err(ContractError::TgeDone);
    }
    let proceeds = proceeds(ctx.storage, &config.sale)?;
    course.tge_at = Some(ctx.now());
    course.save(ctx.storage);
    let event = Genesis::Released {
        time: ctx.now(),
        proceeds,
    };
    let response = Response::new().add_event(Event::from(event));
    if proceeds.is_zero() {
        return Ok(response);
    }
    Ok(response.add_message(BankMsg::Send {
        to_address: config.allocation.into(),
        amount: coins(proceeds.u128(), config.denom),
    }))
}
