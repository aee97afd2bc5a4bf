//! Catching up.

use cosmwasm_std::Response;
use interfaces::ve_rewards::{MAX_SYNC, STEPS};

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::stream::{save, Stream};

/// Brings the book as far as `limit` steps reach.
pub fn sync(ctx: &mut Context, limit: Option<u32>) -> Result<Response, ContractError> {
    let steps = limit.unwrap_or(STEPS);
    if steps == 0 || steps > MAX_SYNC {
        return Err(ContractError::Limit {
            min: 1,
            max: MAX_SYNC,
            actual: steps,
        });
    }
    let mut stream = Stream::load(ctx.storage)?;
    let checks = stream.catch_up(ctx.storage, ctx.now, steps)?;
    save(ctx.storage, &checks);
    stream.save(ctx.storage);
    Ok(Response::new().add_event(Happened::Sync { time: stream.time }))
}
