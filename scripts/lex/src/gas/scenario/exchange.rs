//! The pool of LCO and Credits, and one of a token and USDT.

use anyhow::Result;
use cosmwasm_std::{coins, Uint128};
use cw20::Cw20ExecuteMsg;
use interfaces::exchange::{AccountResponse, Asset, ConfigResponse, Cw20Hook, ExecuteMsg, InstantiateMsg, QueryMsg};
use suite::deploy::Part;
use suite::localnet::USDT_DENOM;
use suite::population::markets::{MAKER, TRADERS};
use suite::population::{stranger, user};
use suite::Account;

use super::tokens::{allow, new_minute, send, Token};
use super::vault::ownership;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const EXCHANGE: &str = "exchange";
const ONE: u128 = 1_000_000;

fn row(handler: &str, case: &str) -> Row {
    Row::new(EXCHANGE, handler, case)
}

fn swap() -> Cw20Hook {
    Cw20Hook::Swap {
        min_out: Uint128::one(),
        deadline: None,
        to: None,
    }
}

fn provide(amounts: [u128; 2]) -> ExecuteMsg {
    ExecuteMsg::Provide {
        amounts: amounts.map(Uint128::new),
        min_shares: Uint128::one(),
        deadline: None,
    }
}

/// Everything but leaving.
pub fn run(bench: &mut Bench) -> Result<()> {
    trades(bench)?;
    liquidity(bench)?;
    govern(bench)?;
    native(bench)
}

/// The first trade of a minute closes a candle of each kind; another right after it does not.
fn trades(bench: &mut Bench) -> Result<()> {
    let (to, trader) = (bench.at.exchange.clone(), user(TRADERS.start)?);
    let three = |case: &str| Some(row("Receive", case).hops(3));
    new_minute(bench)?;
    send(
        bench,
        three("Swap of LCO, a new minute"),
        &trader,
        (Token::Lco, ONE),
        &to,
        &swap(),
    )?;
    send(bench, three("Swap of LCO"), &trader, (Token::Lco, ONE), &to, &swap())?;
    new_minute(bench)?;
    send(
        bench,
        three("Swap of Credits, a new minute"),
        &trader,
        (Token::Credit, 10 * ONE),
        &to,
        &swap(),
    )?;
    send(
        bench,
        three("Swap of Credits"),
        &trader,
        (Token::Credit, 10 * ONE),
        &to,
        &swap(),
    )?;
    let exactly = Cw20Hook::SwapExactOut {
        out: (9 * ONE).into(),
        deadline: None,
        to: None,
    };
    let case = "SwapExactOut of LCO, with a rest";
    send(bench, three(case), &trader, (Token::Lco, ONE), &to, &exactly)?;
    Ok(())
}

fn liquidity(bench: &mut Bench) -> Result<()> {
    let (to, trader) = (bench.at.exchange.clone(), user(TRADERS.start)?);
    allow(bench, &trader, &to)?;
    new_minute(bench)?;
    for case in ["first", "again"] {
        let row = row("Provide", case).hops(3);
        bench.measure(row, &trader, &to, &provide([10 * ONE, 110 * ONE]), &[])?;
    }
    let shares = shares(bench, &trader)? / 2;
    bench.measure(
        row("AnnounceWithdrawal", "").hops(1),
        &trader,
        &to,
        &announce(shares),
        &[],
    )?;
    Ok(())
}

fn announce(shares: u128) -> ExecuteMsg {
    ExecuteMsg::AnnounceWithdrawal { shares: shares.into() }
}

fn shares(bench: &Bench, account: &Account) -> Result<u128> {
    let address = account.address().to_owned();
    let account: AccountResponse = bench.query(&bench.at.exchange, &QueryMsg::Account { address })?;
    Ok(account.shares.u128())
}

/// Most of the liquidity will leave a day later: large positions find no fill then. From now on it does not count for what margin allows.
pub fn exodus(bench: &mut Bench) -> Result<()> {
    let (to, maker) = (bench.at.exchange.clone(), user(MAKER)?);
    let shares = shares(bench, &maker)? / 10 * 9;
    bench.run(&maker, &to, &announce(shares), &[])?;
    Ok(())
}

fn govern(bench: &mut Bench) -> Result<()> {
    let (to, council, trader) = (bench.at.exchange.clone(), bench.by("council")?, user(TRADERS.start)?);
    new_minute(bench)?;
    for token in [Token::Lco, Token::Credit] {
        let donation = Cw20ExecuteMsg::Transfer {
            recipient: to.clone(),
            amount: ONE.into(),
        };
        let token = token.address(bench);
        bench.run(&trader, &token, &donation, &[])?;
    }
    bench.measure(
        row("Skim", "both assets").hops(3),
        &council,
        &to,
        &ExecuteMsg::Skim {},
        &[],
    )?;
    let config: ConfigResponse = bench.query(&to, &QueryMsg::Config {})?;
    let set = ExecuteMsg::SetParams { params: config.params };
    bench.measure(row("SetParams", "").hops(1), &council, &to, &set, &[])?;
    ownership(bench, EXCHANGE, &to, ExecuteMsg::Ownership)
}

/// A pool of a CW20 and the chain's USDT, without announcements.
fn native(bench: &mut Bench) -> Result<()> {
    let (council, token) = (bench.by("council")?, bench.set.mint.clone());
    let config: ConfigResponse = bench.query(&bench.at.exchange, &QueryMsg::Config {})?;
    let msg = InstantiateMsg {
        owner: council.address().to_owned(),
        assets: [
            Asset::Cw20 { address: token.clone() },
            Asset::Native {
                denom: USDT_DENOM.to_owned(),
            },
        ],
        announced: false,
        params: config.params,
    };
    let to = bench.create(Part::Exchange, "of USDT", &msg)?;
    let usdt = |amount: u128| coins(amount, USDT_DENOM);
    let mint = interfaces::l_coin::ExecuteMsg::Mint {
        recipient: council.address().to_owned(),
        amount: (10_000 * ONE).into(),
    };
    bench.run(&council, &token, &mint, &[])?;
    let allowance = Cw20ExecuteMsg::IncreaseAllowance {
        spender: to.clone(),
        amount: (10_000 * ONE).into(),
        expires: None,
    };
    bench.run(&council, &token, &allowance, &[])?;
    bench.run(
        &council,
        &to,
        &provide([1_000 * ONE, 10_000 * ONE]),
        &usdt(10_000 * ONE),
    )?;
    new_minute(bench)?;
    let swap = |amount: u128| ExecuteMsg::Swap {
        min_out: amount.into(),
        deadline: None,
        to: None,
    };
    let two = |handler: &str, case: &str| row(handler, case).hops(2);
    bench.measure(
        two("Swap", "USDT for a token, a new minute"),
        &council,
        &to,
        &swap(1),
        &usdt(ONE),
    )?;
    bench.measure(two("Swap", "USDT for a token"), &council, &to, &swap(1), &usdt(ONE))?;
    let exactly = ExecuteMsg::SwapExactOut {
        out: (ONE / 20).into(),
        deadline: None,
        to: None,
    };
    bench.measure(
        two("SwapExactOut", "USDT for a token, with a rest"),
        &council,
        &to,
        &exactly,
        &usdt(ONE),
    )?;
    bench.measure(
        two("Provide", "token and USDT"),
        &council,
        &to,
        &provide([ONE, 20 * ONE]),
        &usdt(20 * ONE),
    )?;
    let leave = ExecuteMsg::Withdraw {
        shares: ONE.into(),
        min_amounts: [Uint128::zero(); 2],
    };
    bench.measure(two("Withdraw", "token and USDT"), &council, &to, &leave, &[])?;
    // The coin goes to somebody else, whose account is new.
    let new = ExecuteMsg::Swap {
        min_out: Uint128::one(),
        deadline: None,
        to: Some(stranger(6_000_000)?),
    };
    bench.measure(
        two("Swap", "USDT for a token, to somebody else"),
        &council,
        &to,
        &new,
        &usdt(ONE),
    )?;
    Ok(())
}

/// A day after the announcements.
pub fn leave(bench: &mut Bench) -> Result<()> {
    let (to, trader, maker) = (bench.at.exchange.clone(), user(TRADERS.start)?, user(MAKER)?);
    let withdraw = |shares| ExecuteMsg::Withdraw {
        shares,
        min_amounts: [Uint128::zero(); 2],
    };
    new_minute(bench)?;
    for (account, row) in [(trader, Some(row("Withdraw", "").hops(3))), (maker, None)] {
        let address = account.address().to_owned();
        let found: AccountResponse = bench.query(&to, &QueryMsg::Account { address })?;
        let shares = found.announcement.map_or(Uint128::zero(), |announced| announced.shares);
        match row {
            Some(row) => bench.measure(row, &account, &to, &withdraw(shares), &[])?,
            None => bench.run(&account, &to, &withdraw(shares), &[])?,
        };
    }
    Ok(())
}
