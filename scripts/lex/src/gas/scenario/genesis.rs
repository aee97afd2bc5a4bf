//! Genesis tokens.

use anyhow::Result;
use cosmwasm_std::coins;
use interfaces::genesis_nft::{ExecuteMsg, MAX_BATCH};
use suite::deploy::{Addresses, Part};
use suite::localnet::USDT_DENOM;
use suite::population::network::BUYERS;
use suite::population::{stranger, user};

use super::network::{Twin, ONE};
use super::vault::ownership;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const GENESIS: &str = "genesis-nft";
const CLAIM: u64 = 210_000;

fn row(handler: &str, case: &str) -> Row {
    Row::new(GENESIS, handler, case)
}

/// While only listed addresses buy.
pub fn sale(bench: &mut Bench, twin: &Twin) -> Result<()> {
    let (to, council, buyer) = (&twin.at.genesis_nft, bench.by("council")?, user(0)?);
    let allow = |add: Vec<String>| ExecuteMsg::SetAllowed {
        add,
        remove: Vec::new(),
    };
    let one = allow(vec![buyer.address().to_owned()]);
    bench.measure(row("SetAllowed", "1 address").hops(1), &council, to, &one, &[])?;
    let many = (0..50)
        .map(|index| stranger(9_100_000 + index))
        .collect::<Result<_>>()?;
    bench.measure(row("SetAllowed", "50 addresses"), &council, to, &allow(many), &[])?;
    for (case, quantity) in [("1, first", 1u32), ("1, again", 1), ("50", 50)] {
        let row = match quantity {
            1 => row("Buy", case).hops(1),
            _ => row("Buy", case),
        };
        let price = coins(u128::from(quantity) * ONE, USDT_DENOM);
        bench.measure(row, &buyer, to, &ExecuteMsg::Buy { quantity }, &price)?;
    }
    Ok(())
}

/// After the TGE: what holders of the 1,000 sold before can do.
pub fn tokens(bench: &mut Bench) -> Result<()> {
    let (to, holder, other) = (bench.at.genesis_nft.clone(), user(BUYERS[0])?, user(1)?);
    let claim = |tokens: std::ops::Range<usize>| ExecuteMsg::Claim {
        tokens: tokens.map(|id| id.to_string()).collect(),
    };
    let one = row("Claim", "1 token").at_most(CLAIM);
    bench.measure(one, &holder, &to, &claim(1..2), &[])?;
    bench.measure(row("Claim", "50 tokens"), &holder, &to, &claim(2..2 + MAX_BATCH), &[])?;
    let token_id = || "100".to_owned();
    let approve = ExecuteMsg::Approve {
        spender: other.address().to_owned(),
        token_id: token_id(),
        expires: None,
    };
    let revoke = ExecuteMsg::Revoke {
        spender: other.address().to_owned(),
        token_id: token_id(),
    };
    let approve_all = ExecuteMsg::ApproveAll {
        operator: other.address().to_owned(),
        expires: None,
    };
    let revoke_all = ExecuteMsg::RevokeAll {
        operator: other.address().to_owned(),
    };
    let transfer = ExecuteMsg::TransferNft {
        recipient: other.address().to_owned(),
        token_id: token_id(),
    };
    let send = ExecuteMsg::SendNft {
        contract: bench.sink.clone(),
        token_id: "101".to_owned(),
        msg: b"{}".into(),
    };
    let burn = |token_id: &str| ExecuteMsg::Burn {
        token_id: token_id.to_owned(),
    };
    for (handler, case, hops, msg) in [
        ("Approve", "", 1, &approve),
        ("Revoke", "", 1, &revoke),
        ("ApproveAll", "", 1, &approve_all),
        ("RevokeAll", "", 1, &revoke_all),
        ("TransferNft", "", 1, &transfer),
        ("SendNft", "", 2, &send),
        ("Burn", "forfeits what is unclaimed", 2, &burn("102")),
    ] {
        bench.measure(row(handler, case).hops(hops), &holder, &to, msg, &[])?;
    }
    ownership(bench, GENESIS, &to, ExecuteMsg::Ownership)
}

/// Tokens of another sale, released by an account.
pub fn release(bench: &mut Bench, twin: &Twin) -> Result<()> {
    let council = bench.by("council")?;
    let at = Addresses {
        token_allocation: council.address().to_owned(),
        ..twin.at.clone()
    };
    let to = twin.part(bench, Part::GenesisNft, &at, "released")?;
    let allow = ExecuteMsg::SetAllowed {
        add: vec![council.address().to_owned()],
        remove: Vec::new(),
    };
    bench.run(&council, &to, &allow, &[])?;
    bench.run(&council, &to, &ExecuteMsg::Buy { quantity: 1 }, &coins(ONE, USDT_DENOM))?;
    let row = row("Release", "").hops(1);
    bench.measure(row, &council, &to, &ExecuteMsg::Release {}, &[])?;
    Ok(())
}
