//! Messages that arrive with tokens.

use anyhow::Result;
use cosmwasm_std::Uint128;
use cw20::Cw20ExecuteMsg;
use interfaces::exchange;
use serde::Serialize;
use suite::population::markets::MAKER;
use suite::population::user;
use suite::{Account, TxOutcome};

use crate::gas::bench::Bench;
use crate::gas::table::Row;

/// A token of the suite.
#[derive(Clone, Copy)]
pub enum Token {
    Lco,
    Credit,
}

impl Token {
    pub fn address(self, bench: &Bench) -> String {
        match self {
            Self::Lco => bench.at.l_coin.clone(),
            Self::Credit => bench.at.credit_vault.clone(),
        }
    }
}

/// `Send` with a hook; measured where there is a row.
pub fn send(
    bench: &mut Bench,
    row: Option<Row>,
    by: &Account,
    (token, amount): (Token, u128),
    to: &str,
    hook: &impl Serialize,
) -> Result<TxOutcome> {
    let msg = Cw20ExecuteMsg::Send {
        contract: to.to_owned(),
        amount: amount.into(),
        msg: serde_json::to_vec(hook)?.into(),
    };
    let token = token.address(bench);
    match row {
        Some(row) => bench.measure(row, by, &token, &msg, &[]),
        None => bench.run(by, &token, &msg, &[]),
    }
}

/// Lets `spender` take both tokens.
pub fn allow(bench: &mut Bench, by: &Account, spender: &str) -> Result<()> {
    for token in [Token::Lco, Token::Credit] {
        let msg = Cw20ExecuteMsg::IncreaseAllowance {
            spender: spender.to_owned(),
            amount: Uint128::new(1_000_000_000_000),
            expires: None,
        };
        bench.run(by, &token.address(bench), &msg, &[])?;
    }
    Ok(())
}

/// Trades on the exchange, unmeasured.
pub fn swap(bench: &mut Bench, by: &Account, paid: (Token, u128)) -> Result<()> {
    let hook = exchange::Cw20Hook::Swap {
        min_out: Uint128::zero(),
        deadline: None,
        to: None,
    };
    let to = bench.at.exchange.clone();
    send(bench, None, by, paid, &to, &hook).map(drop)
}

/// The first seconds of a minute that is not the first of its hour to be traded in: what a trade writes depends on the candles and means that it begins.
pub fn new_minute(bench: &mut Bench) -> Result<()> {
    let hour = bench.now()? / 3_600;
    next_minute(bench)?;
    if bench.now()? / 3_600 != hour {
        swap(bench, &user(MAKER)?, (Token::Credit, 1_000_000))?;
        next_minute(bench)?;
    }
    Ok(())
}

fn next_minute(bench: &mut Bench) -> Result<()> {
    let now = bench.now()?;
    bench.until(now / 60 * 60 + 121)
}
