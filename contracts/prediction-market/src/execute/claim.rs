//! What comes out of a settled market. Nothing here can be paused, and nothing depends on what anybody else did or did not do.

use cosmwasm_std::{Response, Uint128};
use interfaces::lco_staking::Tier;
use interfaces::prediction_market::Status;
use math::parimutuel::Claimed;

use super::{resolve, Context};
use crate::error::ContractError;
use crate::events::Of;
use crate::market::Market;
use crate::peers::{Coin, Staking};
use crate::state::{Config, Position, Settled, Totals, POSITIONS, RESULTS};

/// Least tier whose fee is waived.
const WAIVED_FROM: Tier = Tier::Lv4;

/// Pays the sender's share and gain once, and settles the market first where that is due.
pub fn claim(ctx: &mut Context, market: u64, waiver: bool) -> Result<Response, ContractError> {
    let (mut settled, response) = settled(ctx, market)?;
    let config = Config::load(ctx.storage)?;
    let key = (ctx.account()?, market);
    let position = Position::load(ctx.storage, &key)?;
    let (weight, gain) = (position.weight(settled.answer), position.gain(settled.answer));
    if weight == 0 && gain == 0 {
        return Err(ContractError::NothingToClaim { market });
    }
    let waiver = waiver && settled.payouts.share(weight)?.fee > 0;
    if waiver {
        assert_waived(ctx, &config, &settled)?;
    }
    let claimed = settled.payouts.claim(weight, waiver)?;
    settled.burnable = settled.burnable.saturating_add(claimed.burned);
    let held_left = settled.held_left.checked_sub(gain);
    settled.held_left = held_left.ok_or(math::MathError::Overflow)?;
    let paid = claimed.paid.saturating_add(gain);

    // before anything is paid: whoever is paid cannot claim again
    POSITIONS.remove(ctx.storage, &key);
    let burned = if settled.payouts.weight_left == 0 {
        std::mem::take(&mut settled.burnable)
    } else {
        0
    };
    RESULTS.save(ctx.storage, &market, &settled);
    out(ctx, paid, burned)?;
    let response = response.add_event(event(ctx, market, claimed, (weight, gain)));
    pay(ctx, &config, response, (market, paid, burned))
}

/// The market's result. One that is due is settled on the way, so that no claim waits for somebody else's message.
fn settled(ctx: &mut Context, market: u64) -> Result<(Settled, Response), ContractError> {
    if let Some(settled) = RESULTS.may_load(ctx.storage, &market)? {
        return Ok((settled, Response::new()));
    }
    let open = Market::load(ctx.storage, market)?;
    open.expect(Status::Due, ctx.now())?;
    let response = resolve::finish(ctx, &open, open.standing())?;
    let settled = RESULTS.may_load(ctx.storage, &market)?;
    Ok((settled.ok_or(ContractError::MarketUnknown { market })?, response))
}

/// The tier counts that was in force when the market was settled: one that was reached in that block, or later, does not.
fn assert_waived(ctx: &Context, config: &Config, settled: &Settled) -> Result<(), ContractError> {
    let actual = Staking::new(ctx.api, ctx.querier, config)?.tier_at(&ctx.sender, settled.at)?;
    match actual >= WAIVED_FROM {
        true => Ok(()),
        false => Err(ContractError::NoWaiver {
            expected: WAIVED_FROM,
            actual,
        }),
    }
}

/// Burns the fees of those who claimed.
pub fn burn_fees(ctx: &mut Context, market: u64) -> Result<Response, ContractError> {
    let nothing = ContractError::NothingToBurn { market };
    let mut settled = RESULTS
        .may_load(ctx.storage, &market)?
        .filter(|settled| settled.burnable > 0)
        .ok_or(nothing)?;
    let burned = std::mem::take(&mut settled.burnable);
    RESULTS.save(ctx.storage, &market, &settled);
    out(ctx, 0, burned)?;
    let config = Config::load(ctx.storage)?;
    pay(ctx, &config, Response::new(), (market, 0, burned))
}

/// Money leaves.
fn out(ctx: &mut Context, paid: u128, burned: u128) -> Result<(), ContractError> {
    let mut totals = Totals::load(ctx.storage)?;
    let both = Uint128::from(paid.saturating_add(burned));
    totals.unclaimed = totals.unclaimed.checked_sub(both)?;
    totals.burned = totals.burned.checked_add(burned.into())?;
    totals.save(ctx.storage);
    Ok(())
}

fn pay(
    ctx: &Context,
    config: &Config,
    mut response: Response,
    (market, paid, burned): (u64, u128, u128),
) -> Result<Response, ContractError> {
    let coin = Coin::new(ctx.api, config)?;
    if paid > 0 {
        response = response.add_message(coin.pay(ctx.sender.as_str(), paid)?);
    }
    if burned > 0 {
        let event = Of::FeesBurned { amount: burned }.event(market);
        response = response.add_event(event).add_message(coin.burn(burned)?);
    }
    Ok(response)
}

fn event(ctx: &Context, market: u64, claimed: Claimed, (weight, gain): (u128, u128)) -> cosmwasm_std::Event {
    Of::Claimed {
        account: &ctx.sender,
        weight,
        gain,
        claimed,
    }
    .event(market)
}
