//! Adding liquidity.

use cosmwasm_std::{MessageInfo, Response, Uint128};

use super::{assert_at_least, Context};
use crate::assets;
use crate::error::ContractError;
use crate::events::Happened;
use crate::history::{begin, touch};
use crate::state::{Lp, Pool, STARTED, TERMS};

/// Takes as much of `amounts` as keeps the ratio of the reserves.
pub fn provide(
    ctx: &mut Context,
    info: &MessageInfo,
    amounts: [Uint128; 2],
    min_shares: Uint128,
    deadline: Option<u64>,
) -> Result<Response, ContractError> {
    ctx.assert_in_time(deadline)?;
    let terms = TERMS.load(ctx.storage)?;
    assets::assert_attached(&terms.assets, amounts, info)?;

    let mut pool = Pool::load(ctx.storage)?;
    let now = ctx.now();
    touch(ctx.storage, &mut pool, now)?;
    let added = pool.liquidity().join(amounts.map(|amount| amount.u128()))?;
    assert_at_least("shares", min_shares, added.shares)?;
    let is_first = pool.shares == 0;
    pool.set_liquidity(added.after);
    if is_first {
        STARTED.save(ctx.storage, &now.seconds())?;
        begin(ctx.storage, &mut pool, now)?;
    }
    pool.save(ctx.storage);

    let account = ctx.account()?;
    let mut lp = Lp::load(ctx.storage, &account)?;
    // all shares together fit 128 bits
    lp.shares = lp.shares.saturating_add(added.shares);
    lp.save(ctx.storage, &account);

    let mut response = Response::new().add_event(Happened::Provided {
        sender: ctx.sender.as_str(),
        shares: added.shares,
        amounts: added.taken,
        after: added.after,
    });
    for ((asset, offered), taken) in terms.assets.iter().zip(amounts).zip(added.taken) {
        let this = &ctx.env.contract.address;
        response = response.add_messages(assets::take(asset, ctx.sender, this, offered, taken)?);
    }
    Ok(response)
}
