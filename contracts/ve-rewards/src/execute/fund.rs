//! Money in.

use cosmwasm_std::{from_json, Addr, Response, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::ve_rewards::Cw20Hook;
use kit::assert_sender;
use kit::escrow::day;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::FUNDINGS;
use crate::stream::Book;

/// VCAI arrived. The token vouches for sender and amount; nobody else is believed, and nobody but the treasury funds.
pub fn receive(ctx: &mut Context, notice: &Cw20ReceiveMsg) -> Result<Response, ContractError> {
    assert_sender(ctx.sender, &ctx.config.vcai, "coin")?;
    let Cw20Hook::Fund {} = from_json(&notice.msg)?;
    assert_sender(&Addr::unchecked(&notice.sender), &ctx.config.treasury, "treasury")?;
    if notice.amount.is_zero() {
        return Err(ContractError::Zero);
    }
    let books = ctx.books();
    let mut book = Book::open(ctx.storage, &books, ctx.now)?;
    book.stream.fund(notice.amount.u128())?;
    let funded = Uint128::new(book.stream.funded);
    book.close(ctx.storage);
    let today = day(ctx.now)?;
    let before = FUNDINGS.may_load(ctx.storage, &today)?.unwrap_or_default();
    // at most the sum of all, which fits
    FUNDINGS.save(ctx.storage, &today, &before.saturating_add(notice.amount));
    Ok(Response::new().add_event(Happened::Fund {
        amount: notice.amount,
        funded,
        time: ctx.now,
    }))
}
