//! Donations.

use cosmwasm_std::Response;

use super::Context;
use crate::assets;
use crate::error::ContractError;
use crate::events::Happened;
use crate::history::touch;
use crate::state::{Pool, SKIM_RECIPIENT, TERMS};

/// Sends what the contract holds above its reserves to the named recipient.
///
/// Refused in a block in which the pool moved. While a payment is on its way, its amount has left the reserves and not yet the balance; a hostile token that called back
/// at that moment would otherwise have the other asset's payment skimmed, and paid once more out of the reserves. Skimming counts as a move for the same reason.
pub fn skim(ctx: &mut Context) -> Result<Response, ContractError> {
    let terms = TERMS.load(ctx.storage)?;
    let mut pool = Pool::load(ctx.storage)?;
    let now = ctx.now();
    if pool.height == now.height {
        return Err(ContractError::SkimBusy);
    }
    touch(ctx.storage, &mut pool, now)?;
    pool.height = now.height;
    pool.save(ctx.storage);

    let [base, quote] = &terms.assets;
    let [base_reserve, quote_reserve] = pool.reserves;
    let this = &ctx.env.contract.address;
    let amounts = [
        assets::balance(ctx.querier, base, this)?.saturating_sub(base_reserve),
        assets::balance(ctx.querier, quote, this)?.saturating_sub(quote_reserve),
    ];
    if amounts == [0, 0] {
        return Err(ContractError::NothingToSkim);
    }
    let to = SKIM_RECIPIENT.load(ctx.storage)?;
    let mut response = Response::new().add_event(Happened::Skimmed { to: &to, amounts });
    for (asset, amount) in terms.assets.iter().zip(amounts) {
        response = response.add_messages(assets::pay(asset, &to, amount)?);
    }
    Ok(response)
}
