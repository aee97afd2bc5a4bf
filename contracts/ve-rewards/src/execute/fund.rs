//! Money in.

use cosmwasm_std::{from_json, Addr, Response, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::ve_rewards::Cw20Hook;
use kit::assert_sender;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{day, Config, FUNDINGS};
use crate::stream::Stream;

/// VCAI arrived. The token vouches for sender and amount; nobody else is believed, and nobody but the treasury funds.
pub fn receive(ctx: &mut Context, notice: &Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let config = Config::load(ctx.storage)?;
    assert_sender(ctx.sender, &config.vcai, "coin")?;
    let Cw20Hook::Fund {} = from_json(&notice.msg)?;
    assert_sender(&Addr::unchecked(&notice.sender), &config.treasury, "treasury")?;
    if notice.amount.is_zero() {
        return Err(ContractError::Zero);
    }
    let mut stream = Stream::open(ctx.storage, ctx.now)?;
    stream.fund(notice.amount.u128())?;
    stream.save(ctx.storage);
    let today = day(ctx.now)?;
    let before = FUNDINGS.may_load(ctx.storage, &today)?.unwrap_or_default();
    // at most the sum of all, which fits
    FUNDINGS.save(ctx.storage, &today, &before.saturating_add(notice.amount));
    Ok(Response::new().add_event(Happened::Fund {
        amount: notice.amount,
        funded: Uint128::new(stream.funded),
        time: ctx.now,
    }))
}
