//! The two tokens, side by side.

use anyhow::{Context, Result};
use cosmwasm_std::Uint128;
use cw20::{Cw20ExecuteMsg, Logo};
use interfaces::l_coin::{ExecuteMsg, InstantiateMsg, MintRecipient};
use suite::population::{stranger, user};
use suite::{Account, Msg};

use crate::gas::bench::Bench;
use crate::gas::table::Row;

const COIN: &str = "l-coin";
const PEER: &str = "cw20-base";
/// The same in every message, so that lengths are.
const AMOUNT: Uint128 = Uint128::new(1_000_000);

pub fn run(bench: &mut Bench) -> Result<()> {
    let (coin, peer) = (bench.at.l_coin.clone(), bench.peer.clone());
    let users = (0..4).map(user).collect::<Result<Vec<_>>>()?;
    both(bench, COIN, &coin, &users, 7_000_000)?;
    both(bench, PEER, &peer, &users, 7_000_000)?;
    marketing(bench, COIN, &coin)?;
    mint(bench)?;
    instantiate(bench)
}

/// Messages that both understand, word for word the same.
pub fn both(bench: &mut Bench, name: &str, token: &str, users: &[Account], new: u32) -> Result<()> {
    let [a, b, c, ..] = users else { return Ok(()) };
    let row = |handler: &str, case: &str| Row::new(name, handler, case);
    let transfer = |to: String| Cw20ExecuteMsg::Transfer {
        recipient: to,
        amount: AMOUNT,
    };
    let hop = |row: Row| match name {
        PEER => row,
        _ => row.hops(1),
    };
    let two = |row: Row| match name {
        PEER => row,
        _ => row.hops(2),
    };
    bench.measure(
        hop(row("Transfer", "to a holder")),
        a,
        token,
        &transfer(b.address().into()),
        &[],
    )?;
    bench.measure(
        hop(row("Transfer", "to a new holder")),
        a,
        token,
        &transfer(stranger(new)?),
        &[],
    )?;
    let allow = Cw20ExecuteMsg::IncreaseAllowance {
        spender: b.address().into(),
        amount: Uint128::new(20_000_000),
        expires: None,
    };
    bench.measure(hop(row("IncreaseAllowance", "first")), a, token, &allow, &[])?;
    bench.measure(hop(row("IncreaseAllowance", "again")), a, token, &allow, &[])?;
    let less = Cw20ExecuteMsg::DecreaseAllowance {
        spender: b.address().into(),
        amount: AMOUNT,
        expires: None,
    };
    bench.measure(hop(row("DecreaseAllowance", "")), a, token, &less, &[])?;
    let from = Cw20ExecuteMsg::TransferFrom {
        owner: a.address().into(),
        recipient: c.address().into(),
        amount: AMOUNT,
    };
    bench.measure(hop(row("TransferFrom", "")), b, token, &from, &[])?;
    let burn_from = Cw20ExecuteMsg::BurnFrom {
        owner: a.address().into(),
        amount: AMOUNT,
    };
    bench.measure(hop(row("BurnFrom", "")), b, token, &burn_from, &[])?;
    let sink = bench.sink.clone();
    let send_from = Cw20ExecuteMsg::SendFrom {
        owner: a.address().into(),
        contract: sink.clone(),
        amount: AMOUNT,
        msg: b"{}".into(),
    };
    bench.measure(two(row("SendFrom", "")), b, token, &send_from, &[])?;
    let send = Cw20ExecuteMsg::Send {
        contract: sink,
        amount: AMOUNT,
        msg: b"{}".into(),
    };
    bench.measure(two(row("Send", "")), a, token, &send, &[])?;
    bench.measure(
        hop(row("Burn", "")),
        a,
        token,
        &Cw20ExecuteMsg::Burn { amount: AMOUNT },
        &[],
    )?;
    Ok(())
}

/// What wallets show, and what is always refused.
pub fn marketing(bench: &mut Bench, name: &str, coin: &str) -> Result<()> {
    let council = bench.by("council")?;
    let update = ExecuteMsg::UpdateMarketing {
        project: Some("https://example.org/lco".to_owned()),
        description: Some("mined by attested use".to_owned()),
        marketing: None,
    };
    bench.measure(
        Row::new(name, "UpdateMarketing", "").hops(1),
        &council,
        coin,
        &update,
        &[],
    )?;
    let logo = ExecuteMsg::UploadLogo(Logo::Url("https://example.org/lco.svg".to_owned()));
    bench.measure(
        Row::new(name, "UploadLogo", "address").hops(1),
        &council,
        coin,
        &logo,
        &[],
    )?;
    let minter = ExecuteMsg::UpdateMinter { new_minter: None };
    bench.measure_refusal(
        Row::new(name, "UpdateMinter", "refused").hops(1),
        &council,
        coin,
        &minter,
    )
}

/// Minting by itself; the vault's is in `ClaimLco` and `PayLco`.
fn mint(bench: &mut Bench) -> Result<()> {
    let (token, council) = (bench.set.mint.clone(), bench.by("council")?);
    let mint = |recipient: String| ExecuteMsg::Mint {
        recipient,
        amount: AMOUNT,
    };
    let row = |case: &str| Row::new(COIN, "Mint", case).hops(1);
    bench.measure(
        row("to a holder"),
        &council,
        &token,
        &mint(user(1)?.address().into()),
        &[],
    )?;
    bench.measure(
        row("to a new holder"),
        &council,
        &token,
        &mint(stranger(8_000_000)?),
        &[],
    )?;
    let batch = |count: u32| {
        let recipient = |i| {
            Ok(MintRecipient {
                address: stranger(8_000_001 + i)?,
                amount: AMOUNT,
            })
        };
        let recipients = (0..count).map(recipient).collect::<Result<_>>()?;
        anyhow::Ok(ExecuteMsg::MintBatch { recipients })
    };
    bench.measure(
        Row::new(COIN, "MintBatch", "1").hops(1),
        &council,
        &token,
        &batch(1)?,
        &[],
    )?;
    bench.measure(
        Row::new(COIN, "MintBatch", "100 new holders"),
        &council,
        &token,
        &batch(100)?,
        &[],
    )?;
    Ok(())
}

fn instantiate(bench: &mut Bench) -> Result<()> {
    let deployer = bench.by("deployer")?;
    let minter = deployer.address().to_owned();
    let ours = InstantiateMsg {
        name: "L-Coin".to_owned(),
        symbol: "LCO".to_owned(),
        decimals: 6,
        minter: minter.clone(),
        marketing: None,
    };
    let theirs = serde_json::json!({
        "name": "L-Coin", "symbol": "LCO", "decimals": 6, "initial_balances": [], "mint": { "minter": minter, "cap": "10000000000000" },
    });
    for (name, msg) in [(COIN, serde_json::to_vec(&ours)?), (PEER, serde_json::to_vec(&theirs)?)] {
        let code_id = *bench.codes.get(name).context("its code is not stored")?;
        let message = Msg::Instantiate2 {
            code_id,
            label: name.to_owned(),
            msg,
            salt: b"measured".to_vec(),
            admin: None,
            funds: Vec::new(),
        };
        bench.measure_all(Row::new(name, "instantiate", ""), &deployer, &[message])?;
    }
    Ok(())
}
