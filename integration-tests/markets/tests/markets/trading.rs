//! Liquidity and swaps on the exchange.

use anyhow::{ensure, Result};
use interfaces::exchange::{self, Side};
use interfaces::{credit_vault as vault, l_coin};
use markets::world::{same, units, Person, World, ONE};

use crate::Cast;

/// Of 10,000, from the deployment.
const FEE: u128 = 30;

/// ⌊y · dx · (10⁴ − f) / (x · 10⁴ + dx · (10⁴ − f))⌋ for reserves x of what is paid and y of what is received.
pub fn out(paid_reserve: u128, received_reserve: u128, paid: u128) -> u128 {
    let net = paid * (10_000 - FEE);
    received_reserve * net / (paid_reserve * 10_000 + net)
}

/// LCO and Credits.
pub fn reserves(world: &World) -> Result<[u128; 2]> {
    let pool: exchange::MarketResponse = world.query(&world.at.exchange, &exchange::QueryMsg::Market {})?;
    Ok(pool.reserves.map(|reserve| reserve.u128()))
}

/// Offers both coins to the pool; returns the shares.
fn provide(world: &mut World, by: &Person, lco: u128, credits: u128) -> Result<u128> {
    let (pool, coin) = (world.at.exchange.clone(), world.at.l_coin.clone());
    let allow = l_coin::ExecuteMsg::IncreaseAllowance {
        spender: pool.clone(),
        amount: lco.into(),
        expires: None,
    };
    world.execute(by, &coin, &allow, &[])?;
    let allow = vault::ExecuteMsg::IncreaseAllowance {
        spender: pool.clone(),
        amount: credits.into(),
        expires: None,
    };
    world.vault(by, &allow)?;
    let provide = exchange::ExecuteMsg::Provide {
        amounts: [lco.into(), credits.into()],
        min_shares: 1u128.into(),
        deadline: None,
    };
    world.execute(by, &pool, &provide, &[])?;
    let address = by.address().to_owned();
    let account: exchange::AccountResponse = world.query(&pool, &exchange::QueryMsg::Account { address })?;
    Ok(account.shares.u128())
}

/// Pays one side for the other. What comes back is the formula's, to the unit.
pub fn swap(world: &mut World, by: &Person, pay: Side, amount: u128) -> Result<u128> {
    let [lco, credits] = reserves(world)?;
    let due = match pay {
        Side::Base => out(lco, credits, amount),
        Side::Quote => out(credits, lco, amount),
    };
    let hook = exchange::Cw20Hook::Swap {
        min_out: due.into(),
        deadline: None,
        to: None,
    };
    let pool = world.at.exchange.clone();
    let owned = |world: &World| match pay {
        Side::Base => world.credits(by.address()),
        Side::Quote => world.lco(by.address()),
    };
    let before = owned(world)?;
    match pay {
        Side::Base => world.pay_lco(by, &pool, amount, &hook)?,
        Side::Quote => world.pay_credits(by, &pool, amount, &hook)?,
    };
    let received = owned(world)? - before;
    same("what a swap gives", received, due)?;
    Ok(received)
}

/// Two providers, a first price, and Ann there and back.
pub fn trade(world: &mut World, cast: &Cast) -> Result<()> {
    let shares = provide(world, &cast.lou, 400_000 * ONE, 100_000 * ONE)?;
    // ⌊√(a · b)⌋ less the 1,000 that nobody owns; 400,000 · 100,000 = 200,000².
    same("the first provider's shares", shares, 200_000 * ONE - 1_000)?;
    let shares = provide(world, &cast.carl, 4_000 * ONE, 1_000 * ONE)?;
    same("the second one's, a hundredth", shares, 2_000 * ONE)?;

    let had = (world.lco(cast.ann.address())?, world.credits(cast.ann.address())?);
    let [lco, credits] = reserves(world)?;
    let greedy = exchange::Cw20Hook::Swap {
        min_out: (out(lco, credits, 1_000 * ONE) + 1).into(),
        deadline: None,
        to: None,
    };
    let send = l_coin::ExecuteMsg::Send {
        contract: world.at.exchange.clone(),
        amount: (1_000 * ONE).into(),
        msg: cosmwasm_std::to_json_binary(&greedy)?,
    };
    let coin = world.at.l_coin.clone();
    let code = world.refused(&cast.ann, &coin, &send)?;
    ensure!(code == "exchange:16", "{code}");
    let received = swap(world, &cast.ann, Side::Base, 1_000 * ONE)?;
    let back = swap(world, &cast.ann, Side::Quote, received)?;
    let now = (world.lco(cast.ann.address())?, world.credits(cast.ann.address())?);
    same("Ann's Credits after both", now.1, had.1)?;
    same("Ann's LCO after both", now.0, had.0 - 1_000 * ONE + back)?;
    ensure!(back < 1_000 * ONE, "there and back gains nothing");
    world.say(format!(
        "Ann sold 1,000 LCO for {} Credits and bought {} back",
        units(received),
        units(back)
    ));
    for person in [&cast.bo, &cast.cy] {
        world.deposit(person, 1_000 * ONE)?;
        swap(world, person, Side::Quote, 500 * ONE)?;
    }
    Ok(())
}
