//! Governance spends the reserve, and what the pool did not take.
//!
//! ```text
//! Σ spends of the bucket with time > now − 90 days  ≤  ⌊5 % · size⌋          over every window of 90 days, not only those of a calendar
//! ```

use cosmwasm_std::{Event, Response, Uint128};
use interfaces::token_allocation::Bucket;
use kit::assert_sender;

use super::{transfer, Context};
use crate::error::ContractError;
use crate::events::Allocated;
use crate::state::{key, send, Spend, Window, CONFIG, SPENDS, TGE, WINDOWS};

/// Whether governance spends a bucket.
pub const fn is_spent(bucket: Bucket) -> bool {
    matches!(bucket, Bucket::Reserve | Bucket::Liquidity)
}

/// A bucket's window before it is brought up to now.
pub fn window(storage: &dyn cosmwasm_std::Storage, bucket: Bucket) -> Result<Window, ContractError> {
    let empty = Window {
        first: 1,
        ..Window::default()
    };
    Ok(WINDOWS.may_load(storage, key(bucket))?.unwrap_or(empty))
}

/// Sends VCAI of a bucket that governance spends.
pub fn spend(ctx: &mut Context, bucket: Bucket, to: &str, amount: Uint128) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    assert_sender(&ctx.info.sender, &config.governance, "governance")?;
    if !is_spent(bucket) {
        return Err(ContractError::NotSpent { bucket });
    }
    if TGE.load(ctx.storage)?.done.is_none() {
        // VCAI outside before the TGE could open the pool at any price
        return Err(ContractError::TgeMissing);
    }
    let (to, now) = (ctx.api.addr_validate(to)?, ctx.now());
    let mut window = window(ctx.storage, bucket)?.at(ctx.storage, bucket, now)?;
    let left = window.left(bucket.size())?;
    if amount.is_zero() || amount > left {
        return Err(ContractError::SpendLimit {
            bucket,
            left,
            actual: amount,
        });
    }
    send(ctx.storage, bucket, amount)?;
    window.last = window.last.saturating_add(1);
    window.recent = window.recent.checked_add(amount)?;
    WINDOWS.save(ctx.storage, key(bucket), &window)?;
    let row = Spend { to, amount, time: now };
    SPENDS.save(ctx.storage, (key(bucket), window.last), &row)?;
    let event = Allocated::Spent {
        bucket,
        n: window.last,
        to: &row.to,
        amount,
    };
    Ok(Response::new()
        .add_event(Event::from(event))
        .add_message(transfer(&config.vcai, &row.to, amount)?))
}
