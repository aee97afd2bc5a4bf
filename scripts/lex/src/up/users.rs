//! The accounts of the log: they deposit, promise, get their L-Coin and leave.

use anyhow::{Context, Result};
use cosmwasm_std::{coin, Uint128};
use interfaces::credit_vault::{AccountResponse, ExecuteMsg, Params, QueryMsg};
use suite::chain::{Chain, ChainExt, Msg};
use suite::deploy::Addresses;
use suite::live::Live;
use suite::localnet::USDT_DENOM;
use suite::Account;

use super::summary::Expected;
use super::GATEWAY;

/// Most accounts of one `PayLco`.
const PAY_AT_ONCE: usize = 100;
/// µUSDT that everybody deposits above what the log will charge.
const MARGIN: u128 = 1_000_000_000;

/// An account and what the log will charge it.
struct User {
    account: Account,
    charged: Uint128,
}

pub struct Users(Vec<User>);

impl Users {
    /// The first development users, who are the log's accounts.
    pub fn of(expected: &Expected, count: u32) -> Result<Self> {
        let users: Result<Vec<_>> = (0..count)
            .map(|i| {
                let account = Account::dev(&format!("user{i}"))?;
                let charged = expected.accounts.get(account.address()).copied().unwrap_or_default();
                Ok(User { account, charged })
            })
            .collect();
        users.map(Self)
    }

    pub fn deposit_and_open(&self, live: &Live, at: &Addresses) -> Result<()> {
        self.each(live, |user| {
            let amount = Uint128::new(user.charged.u128().saturating_add(MARGIN));
            let promised = Uint128::new(user.charged.u128().saturating_add(MARGIN / 2));
            let open = ExecuteMsg::OpenSpending {
                gateway: GATEWAY,
                amount: promised,
                max_per_day: promised,
            };
            Ok(vec![
                Msg::execute(
                    &at.credit_vault,
                    &ExecuteMsg::Deposit { to: None },
                    &[coin(amount.u128(), USDT_DENOM)],
                )?,
                Msg::execute(&at.credit_vault, &open, &[])?,
            ])
        })
    }

    /// Anybody may have booked LCO minted to its owners.
    pub fn pay_lco(&self, live: &mut Live, at: &Addresses) -> Result<()> {
        let payer = Account::dev("faucet")?;
        for users in self.0.chunks(PAY_AT_ONCE) {
            let accounts = users.iter().map(|u| u.account.address().to_owned()).collect();
            live.execute(&payer, &at.credit_vault, &ExecuteMsg::PayLco { accounts }, &[])?;
        }
        Ok(())
    }

    /// Everybody closes, waits out the window, withdraws and redeems. Returns the µUSDT redeemed.
    pub fn leave(&self, live: &mut Live, at: &Addresses, params: &Params) -> Result<Uint128> {
        let vault = at.credit_vault.as_str();
        self.each(live, |_| {
            Ok(vec![Msg::execute(
                vault,
                &ExecuteMsg::CloseSpending { gateway: GATEWAY },
                &[],
            )?])
        })?;
        live.advance(super::close_window(params))?;
        self.each(live, |_| {
            Ok(vec![Msg::execute(
                vault,
                &ExecuteMsg::WithdrawSpending { gateway: GATEWAY },
                &[],
            )?])
        })?;
        let free: Result<Vec<Uint128>> = self.0.iter().map(|user| free(live, vault, user)).collect();
        let free = free?;
        let mut amounts = free.iter();
        self.each(live, |_| {
            let amount = *amounts.next().context("one amount per account")?;
            Ok(vec![Msg::execute(
                vault,
                &ExecuteMsg::Redeem { amount, to: None },
                &[],
            )?])
        })?;
        Ok(free.into_iter().sum())
    }

    /// One transaction per account, all handed in before any is waited for.
    fn each(&self, live: &Live, mut msgs: impl FnMut(&User) -> Result<Vec<Msg>>) -> Result<()> {
        let mut hashes = Vec::new();
        for user in &self.0 {
            let msgs = msgs(user)?;
            let gas = live.simulate(&user.account, &msgs)?;
            hashes.push(live.submit(&user.account, &msgs, gas.saturating_mul(3) / 2)?);
        }
        for hash in hashes {
            live.confirm(&hash)?;
        }
        Ok(())
    }
}

fn free(live: &Live, vault: &str, user: &User) -> Result<Uint128> {
    let address = user.account.address().to_owned();
    let account: AccountResponse = live.query(
        vault,
        &QueryMsg::Account {
            address,
            start_after: None,
            limit: None,
        },
    )?;
    Ok(account.free)
}
