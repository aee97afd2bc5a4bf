//! The way out.

use cosmwasm_std::Response;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::execute::lock::transfer;
use crate::state::{lock, Book, Config};
use kit::compact::Account;

/// Pays a lock that has ended. The token's transfer is the only thing that can refuse: no switch, no role, no peer is asked, and nobody is told.
pub fn withdraw(ctx: &mut Context) -> Result<Response, ContractError> {
    let account = ctx.sender;
    let who = Account::trusted(ctx.api, account.as_str())?;
    let old = lock(ctx.storage, &who)?;
    if old.held() == 0 {
        return Err(ContractError::NoLock {
            account: account.clone(),
        });
    }
    if old.is_live(ctx.now()) {
        return Err(ContractError::NotEnded {
            account: account.clone(),
            end: old.end,
            now: ctx.now(),
        });
    }
    let mut book = Book::open(ctx.storage, ctx.env)?;
    book.withdraw(ctx.storage, &who, &old)?;
    book.close(ctx.storage);
    let amount = old.amount.into();
    let payment = transfer(&Config::load(ctx.storage)?.vcai, account, amount)?;
    Ok(Response::new()
        .add_event(Happened::Withdraw { account, amount })
        .add_message(payment))
}
