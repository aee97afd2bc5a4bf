//! The chain behind a pipe: `vm-chain <chain id> <unix seconds>` answers each line of its input until that ends.

use std::io::{BufRead, Write};
use std::time::Duration;

use anyhow::{Context, Result};
use suite::account::dev_names;
use suite::localnet::dev_coins;
use suite::{Account, Chain, ChainError, Msg};
use vm_chain::VmChain;

mod wire;

use wire::{Answer, Request};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let chain_id = arguments.next().context("which chain id?")?;
    let time = arguments.next().context("since when?")?.parse()?;
    let mut chain = VmChain::new(&chain_id, time)?;
    for name in dev_names() {
        let account = Account::dev(&name)?;
        for coin in dev_coins() {
            chain.fund(account.address(), &coin.denom, coin.amount.u128());
        }
    }
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&mut chain, serde_json::from_str(&line?)?);
        serde_json::to_writer(&mut out, &answer.unwrap_or_else(failed))?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}

fn failed(error: ChainError) -> Answer {
    match error {
        ChainError::Refused { log, gas_used, .. } => Answer::Refused { log, gas_used },
        ChainError::Other(error) => Answer::Failed {
            error: format!("{error:#}"),
        },
    }
}

fn answer(chain: &mut VmChain, request: Request) -> Result<Answer, ChainError> {
    Ok(match request {
        Request::Block {} => {
            let block = chain.block()?;
            Answer::Block {
                height: block.height,
                nanos: block.time.nanos(),
            }
        }
        Request::Transact { sender, msgs } => {
            let msgs: Vec<Msg> = msgs.into_iter().map(Into::into).collect();
            let done = chain.transact_as(&sender, &msgs)?;
            let plain = |e: cosmwasm_std::Event| (e.ty, e.attributes.into_iter().map(|a| (a.key, a.value)).collect());
            let events = done.events.into_iter().map(plain).collect();
            Answer::Done {
                height: done.height,
                gas_used: done.gas_used,
                events,
            }
        }
        Request::Smart { contract, msg } => Answer::Data {
            data: Some(chain.query_smart(&contract, &msg)?.into()),
        },
        Request::Raw { contract, key } => Answer::Data {
            data: chain.query_raw(&contract, &key)?.map(Into::into),
        },
        Request::Balance { address, denom } => Answer::Amount {
            amount: chain.balance(&address, &denom)?.to_string(),
        },
        Request::Contract { address } => Answer::Contract {
            found: chain.contract(&address)?.map(|c| (c.code_id, c.creator, c.admin)),
        },
        Request::Checksum { code_id } => Answer::Data {
            data: Some(chain.checksum(code_id)?.into()),
        },
        Request::Advance { nanos } => {
            chain.advance(Duration::from_nanos(nanos))?;
            Answer::Nothing {}
        }
        Request::QueryGas {} => Answer::Gas { gas: chain.query_gas() },
    })
}
