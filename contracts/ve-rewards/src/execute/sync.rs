//! Catching up.

use cosmwasm_std::Response;
use kit::escrow::midnight;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::stream::Book;

/// Brings the book up to today.
pub fn sync(ctx: &mut Context) -> Result<Response, ContractError> {
    let books = ctx.books();
    let book = Book::open(ctx.storage, &books, ctx.now)?;
    let time = midnight(book.stream.day);
    book.close(ctx.storage);
    Ok(Response::new().add_event(Happened::Sync { time }))
}
