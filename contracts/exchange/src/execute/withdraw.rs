//! Taking liquidity out. No switch, role, parameter or other contract is asked.

use cosmwasm_std::{Response, Storage, Uint128};

use super::{assert_at_least, Context};
use crate::assets;
use crate::error::ContractError;
use crate::events::Happened;
use crate::history::touch;
use crate::state::{Announced, Lp, Pool, TERMS};

/// Burns the sender's shares and pays both assets.
pub fn withdraw(ctx: &mut Context, shares: Uint128, min_amounts: [Uint128; 2]) -> Result<Response, ContractError> {
    let terms = TERMS.load(ctx.storage)?;
    let (account, now) = (ctx.account()?, ctx.now());
    let mut lp = Lp::load(ctx.storage, &account)?;
    if shares.u128() > lp.shares {
        return Err(ContractError::InsufficientShares {
            available: lp.shares,
            required: shares,
        });
    }
    if terms.announced {
        use_announcement(ctx.storage, &mut lp, shares, now.seconds())?;
    }
    lp.shares = lp.shares.saturating_sub(shares.u128());
    lp.save(ctx.storage, &account);

    let mut pool = Pool::load(ctx.storage)?;
    touch(ctx.storage, &mut pool, now)?;
    let removed = pool.liquidity().remove(shares.u128())?;
    for (min, amount) in min_amounts.into_iter().zip(removed.amounts) {
        assert_at_least("units", min, amount)?;
    }
    pool.set_liquidity(removed.after);
    pool.save(ctx.storage);

    let mut response = Response::new().add_event(Happened::Withdrawn {
        sender: ctx.sender.as_str(),
        shares,
        amounts: removed.amounts,
        after: removed.after,
    });
    for (asset, amount) in terms.assets.iter().zip(removed.amounts) {
        response = response.add_messages(assets::pay(asset, ctx.sender.as_str(), amount)?);
    }
    Ok(response)
}

/// Takes shares out of the LP's announcement, which must be open and large enough.
fn use_announcement(storage: &mut dyn Storage, lp: &mut Lp, shares: Uint128, now: u64) -> Result<(), ContractError> {
    if lp.announced == 0 {
        return Err(ContractError::NotAnnounced);
    }
    let (from, until) = lp.opening();
    if now < from || now >= until {
        return Err(ContractError::AnnouncementClosed { from, until, now });
    }
    let Some(rest) = lp.announced.checked_sub(shares.u128()) else {
        return Err(ContractError::AnnouncedTooLittle {
            announced: lp.announced,
            required: shares,
        });
    };
    lp.announced = rest;
    let mut announced = Announced::load(storage)?;
    announced.remove(shares.u128(), lp.announced_at);
    announced.save(storage);
    Ok(())
}
