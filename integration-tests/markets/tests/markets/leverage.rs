//! Five times long and five times short, and a price that really moves.

use anyhow::{ensure, Context, Result};
use interfaces::exchange::Side as Pay;
use interfaces::margin::{self, Side, Token};
use markets::world::{number, same, units, Person, World, HOUR, ONE};

use crate::trading::{reserves, swap};
use crate::Cast;

/// Millionths.
const PPM: i64 = 1_000_000;
/// Longer than the longest mean of the mark.
const SETTLED: u64 = 31 * 60;
const LENT: [u128; 2] = [20_000 * ONE, 40_000 * ONE];

fn position(world: &World, position: u64) -> Result<margin::PositionResponse> {
    world.query(&world.at.margin, &margin::QueryMsg::Position { position })
}

/// CR at mark, millionths.
fn ratio(world: &World, of: u64) -> Result<i64> {
    Ok(position(world, of)?.health.context("no mark")?.cr_ppm)
}

fn lend(world: &mut World, by: &Person) -> Result<()> {
    let at = world.at.margin.clone();
    let hook = margin::Cw20Hook::Supply {
        min_shares: 1u128.into(),
    };
    world.pay_credits(by, &at, LENT[0], &hook)?;
    world.pay_lco(by, &at, LENT[1], &hook)?;
    Ok(())
}

/// Opens with as much debt as the ratio allows: the largest `borrow` for which the worse of both ratios is 20 %.
fn open(world: &mut World, by: &Person, side: Side, collateral: u128) -> Result<u64> {
    let at = world.at.margin.clone();
    let worst = |world: &World, borrow: u128| -> Result<i64> {
        let query = margin::QueryMsg::OpenQuote {
            side,
            collateral: collateral.into(),
            borrow: borrow.into(),
        };
        let quote: margin::OpenQuoteResponse = world.query(&world.at.margin, &query)?;
        Ok(quote
            .cr_ppm
            .context("no mark")?
            .min(quote.exit_cr_ppm.context("no exit")?))
    };
    // In Credits 3 to 5 times the collateral; a short borrows LCO, which are about four to a Credit.
    let scale = if side == Side::Long { 1 } else { 4 };
    let (mut low, mut high) = (3 * collateral * scale, 5 * collateral * scale);
    while high - low > ONE / 10 {
        let middle = (low + high) / 2;
        match worst(world, middle)? >= PPM / 5 {
            true => low = middle,
            false => high = middle,
        }
    }
    let hook = margin::Cw20Hook::Open {
        side,
        borrow: low.into(),
        min_out: 0u128.into(),
        deadline: None,
        position: None,
    };
    let opened = world.pay_credits(by, &at, collateral, &hook)?;
    let id = u64::try_from(number(&opened, "opened", "position")?)?;
    let health = position(world, id)?.health.context("no mark")?;
    let equity = u128::try_from(health.equity.i128())?;
    // 1 / CR is what the position is worth for each Credit of its owner.
    let leverage = health.notional.u128() * 1_000 / equity;
    ensure!(
        (4_750..=5_000).contains(&leverage),
        "{leverage} thousandths, {health:?}"
    );
    world.say(format!(
        "{} is {}.{:03} times {}: {} Credits on {} of their own",
        by.name,
        leverage / 1_000,
        leverage % 1_000,
        side.name(),
        units(health.notional.u128()),
        units(equity)
    ));
    Ok(id)
}

/// Eve is long and Fay short, the price rises by an eighth, Gus liquidates Fay, Eve takes her gain, and Lou what he lent.
pub fn lever(world: &mut World, cast: &Cast) -> Result<()> {
    lend(world, &cast.lou)?;
    world.pass(SETTLED)?;
    for person in [&cast.eve, &cast.fay] {
        world.deposit(person, 200 * ONE)?;
    }
    let long = open(world, &cast.eve, Side::Long, 90 * ONE)?;
    let short = open(world, &cast.fay, Side::Short, 90 * ONE)?;
    let at = world.at.margin.clone();
    for id in [long, short] {
        let code = world.refused(&cast.gus, &at, &margin::ExecuteMsg::Liquidate { position: id })?;
        ensure!(code == "margin:19", "{code}");
    }
    rise(world, cast, short)?;
    liquidate(world, cast, short)?;
    take_gain(world, cast, long)?;
    leave(world, cast)
}

/// Hal buys in three big orders a quarter of an hour apart, and waits until every mean has followed.
fn rise(world: &mut World, cast: &Cast, short: u64) -> Result<()> {
    world.deposit(&cast.hal, 10_000 * ONE)?;
    let price = |[lco, credits]: [u128; 2]| credits * ONE / lco;
    let before = price(reserves(world)?);
    for _ in 0..3 {
        swap(world, &cast.hal, Pay::Quote, 2_050 * ONE)?;
        // Attack: whoever moves the price liquidates on it in the next moment. The five-minute mean takes a minute to come so far.
        let pushed = world.now()?;
        world.pass(5)?;
        let liquidatable = position(world, short)?.liquidatable;
        ensure!(!liquidatable || world.now()? > pushed + 60, "seconds after the push");
        world.pass(900)?;
    }
    world.pass(SETTLED)?;
    let after = price(reserves(world)?);
    world.say(format!(
        "Hal's orders lift the price from {} to {}",
        units(before),
        units(after)
    ));
    ensure!(after * 100 >= before * 109, "{before} to {after}");
    Ok(())
}

fn liquidate(world: &mut World, cast: &Cast, short: u64) -> Result<()> {
    let (at, before) = (world.at.margin.clone(), ratio(world, short)?);
    ensure!((40_000..100_000).contains(&before), "CR {before} ppm");
    let list: Vec<margin::PositionResponse> = world.query(&at, &margin::QueryMsg::Liquidatable { limit: None })?;
    ensure!(list.len() == 1 && list[0].position == short, "{list:?}");
    let reserve = |world: &World| -> Result<u128> {
        let pool: margin::PoolResponse =
            world.query(&world.at.margin, &margin::QueryMsg::Pool { token: Token::Credit })?;
        Ok(pool.reserve.u128())
    };
    let (had, reserved) = (world.credits(cast.gus.address())?, reserve(world)?);
    let outcome = world.execute(&cast.gus, &at, &margin::ExecuteMsg::Liquidate { position: short }, &[])?;
    let bounty = number(&outcome, "liquidated_in_part", "bounty")?;
    let penalty = number(&outcome, "liquidated_in_part", "penalty")?;
    same("the keeper's reward", world.credits(cast.gus.address())? - had, bounty)?;
    same("the Risk Reserve's", reserve(world)? - reserved, penalty)?;
    // 0.5 % and 2.5 % of the same value, each rounded by itself.
    ensure!(
        bounty > 0 && (bounty * 5).abs_diff(penalty) <= 5,
        "{bounty} and {penalty}"
    );
    let after = ratio(world, short)?;
    ensure!((145_000..=155_000).contains(&after), "CR {after} ppm afterwards");
    world.say(format!(
        "Gus liquidates Fay: CR {}.{:02} % to {}.{:02} %, and has {} Credits for it",
        before / 10_000,
        before / 100 % 100,
        after / 10_000,
        after / 100 % 100,
        units(bounty)
    ));
    Ok(())
}

fn take_gain(world: &mut World, cast: &Cast, long: u64) -> Result<()> {
    let at = world.at.margin.clone();
    let had = world.credits(cast.eve.address())?;
    let close = margin::ExecuteMsg::Close {
        position: long,
        min_payout: (90 * ONE).into(),
        deadline: None,
    };
    world.execute(&cast.eve, &at, &close, &[])?;
    let paid = world.credits(cast.eve.address())? - had;
    ensure!(
        paid > 120 * ONE,
        "a rise by a tenth, five times, is half the collateral: {paid}"
    );
    let gone = world.query::<margin::PositionResponse>(&at, &margin::QueryMsg::Position { position: long });
    ensure!(gone.is_err(), "a closed position is gone");
    world.say(format!("Eve closes: {} Credits for the 90 she put in", units(paid)));
    Ok(())
}

/// Everything lent in Credits comes back with interest; of the LCO, what the short does not hold.
fn leave(world: &mut World, cast: &Cast) -> Result<()> {
    let at = world.at.margin.clone();
    world.pass(HOUR)?;
    let address = cast.lou.address().to_owned();
    let lender: margin::LenderResponse = world.query(&at, &margin::QueryMsg::Lender { address })?;
    let had = (world.credits(cast.lou.address())?, world.lco(cast.lou.address())?);
    for (token, shares) in [
        (Token::Credit, lender.credit_shares.u128()),
        (Token::Lco, lender.lco_shares.u128() / 2),
    ] {
        let withdraw = margin::ExecuteMsg::Withdraw {
            token,
            shares: shares.into(),
        };
        world.execute(&cast.lou, &at, &withdraw, &[])?;
    }
    let credits = world.credits(cast.lou.address())? - had.0;
    let lco = world.lco(cast.lou.address())? - had.1;
    ensure!(
        credits > LENT[0] && credits < LENT[0] + ONE,
        "{credits} µCredit for {}",
        LENT[0]
    );
    ensure!(
        lco > LENT[1] / 2 && lco < LENT[1] / 2 + ONE,
        "{lco} µLCO for {}",
        LENT[1] / 2
    );
    world.say(format!(
        "Lou withdraws {} Credits and {} LCO of what he lent",
        units(credits),
        units(lco)
    ));
    Ok(())
}
