//! From messages to the bytes of a signed transaction.

use std::io::Write;
use std::str::FromStr;

use anyhow::{anyhow, bail, Context, Result};
use cosmrs::proto::cosmos::bank::v1beta1::MsgSend;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract2, MsgMigrateContract, MsgStoreCode, MsgUpdateAdmin,
};
use cosmrs::proto::traits::Message;
use cosmrs::tx::{Body, Fee, SignDoc, SignerInfo};
use cosmrs::Any;
use cosmwasm_std::Coin;
use flate2::{write::GzEncoder, Compression};

use crate::account::Account;
use crate::chain::Msg;

/// Price of one unit of gas: an integer over a power of ten, so fees are exact and round up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GasPrice {
    numerator: u128,
    decimals: u32,
    denom: String,
}

impl GasPrice {
    /// Fee of this much gas, rounded up for the chain.
    ///
    /// # Errors
    /// When it exceeds 128 bits.
    pub fn fee(&self, gas: u64) -> Result<Coin> {
        let scale = 10u128.checked_pow(self.decimals).context("gas price")?;
        let amount = self
            .numerator
            .checked_mul(gas.into())
            .context("fee overflows")?
            .div_ceil(scale);
        Ok(Coin::new(amount, &self.denom))
    }

    #[must_use]
    pub fn denom(&self) -> &str {
        &self.denom
    }
}

impl FromStr for GasPrice {
    type Err = anyhow::Error;

    /// Reads `0.025stake`.
    fn from_str(text: &str) -> Result<Self> {
        let split = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (amount, denom) = text.split_at(split);
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let wrong = || format!("`{text}` is no gas price; expected one like 0.025stake");
        if denom.len() < 3 || whole.is_empty() || fraction.len() > 18 {
            bail!(wrong());
        }
        let numerator = format!("{whole}{fraction}").parse().with_context(wrong)?;
        Ok(Self {
            numerator,
            decimals: fraction.len().try_into()?,
            denom: denom.to_owned(),
        })
    }
}

/// What a signature is bound to besides the messages.
#[derive(Clone, Copy, Debug)]
pub struct Sequence {
    pub account: u64,
    pub sequence: u64,
}

/// The bytes of a transaction signed over its messages, fee, chain and sequence.
///
/// # Errors
/// When a message holds an invalid denom or the chain id is malformed.
pub fn sign(
    chain_id: &str,
    signer: &Account,
    at: Sequence,
    messages: Vec<Any>,
    gas: u64,
    fee: &Coin,
) -> Result<Vec<u8>> {
    let amount = cosmrs::Coin {
        denom: fee.denom.parse().map_err(|e| anyhow!("{e}"))?,
        amount: fee.amount.u128(),
    };
    let mut paid = Fee::from_amount_and_gas(amount, gas);
    // A coin of zero is not allowed in a list of coins.
    paid.amount.retain(|coin| coin.amount > 0);
    let body = Body::new(messages, "", 0u32);
    let auth = SignerInfo::single_direct(Some(signer.public_key()?), at.sequence).auth_info(paid);
    let chain = chain_id.parse().map_err(|e| anyhow!("chain id {chain_id}: {e}"))?;
    let doc = SignDoc::new(&body, &auth, &chain, at.account).map_err(|e| anyhow!("{e}"))?;
    let raw = doc.sign(&signer.key()?).map_err(|e| anyhow!("{e}"))?;
    raw.to_bytes().map_err(|e| anyhow!("{e}"))
}

/// A message as the chain reads it.
///
/// # Errors
/// When code cannot be compressed.
pub fn encode(sender: &str, msg: &Msg) -> Result<Any> {
    let sender = sender.to_owned();
    Ok(match msg.clone() {
        Msg::Store { wasm, .. } => any(
            "/cosmwasm.wasm.v1.MsgStoreCode",
            &MsgStoreCode {
                sender,
                wasm_byte_code: gzip(&wasm)?,
                instantiate_permission: None,
            },
        ),
        Msg::Instantiate2 {
            code_id,
            label,
            msg,
            salt,
            admin,
            funds,
        } => any(
            "/cosmwasm.wasm.v1.MsgInstantiateContract2",
            &MsgInstantiateContract2 {
                sender,
                admin: admin.unwrap_or_default(),
                code_id,
                label,
                msg,
                funds: coins(&funds),
                salt,
                fix_msg: false,
            },
        ),
        Msg::Execute { contract, msg, funds } => any(
            "/cosmwasm.wasm.v1.MsgExecuteContract",
            &MsgExecuteContract {
                sender,
                contract,
                msg,
                funds: coins(&funds),
            },
        ),
        Msg::Migrate { contract, code_id, msg } => any(
            "/cosmwasm.wasm.v1.MsgMigrateContract",
            &MsgMigrateContract {
                sender,
                contract,
                code_id,
                msg,
            },
        ),
        Msg::UpdateAdmin { contract, admin } => any(
            "/cosmwasm.wasm.v1.MsgUpdateAdmin",
            &MsgUpdateAdmin {
                sender,
                new_admin: admin,
                contract,
            },
        ),
        Msg::Send { to, coins: sent } => any(
            "/cosmos.bank.v1beta1.MsgSend",
            &MsgSend {
                from_address: sender,
                to_address: to,
                amount: coins(&sent),
            },
        ),
    })
}

fn any(type_url: &str, msg: &impl Message) -> Any {
    Any {
        type_url: type_url.to_owned(),
        value: msg.encode_to_vec(),
    }
}

/// The chain wants coins sorted and none of them zero.
fn coins(coins: &[Coin]) -> Vec<ProtoCoin> {
    let mut coins: Vec<_> = coins
        .iter()
        .filter(|c| !c.amount.is_zero())
        .map(|c| ProtoCoin {
            denom: c.denom.clone(),
            amount: c.amount.to_string(),
        })
        .collect();
    coins.sort_by(|a, b| a.denom.cmp(&b.denom));
    coins
}

/// A transaction byte costs gas; Wasm shrinks to about a third.
fn gzip(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(wasm)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::coin;

    use super::*;

    #[test]
    fn fees_are_exact_and_round_up() {
        let cases = [
            ("0.025stake", 1_000_000, coin(25_000, "stake")),
            ("0.025stake", 1, coin(1, "stake")),
            ("0.025stake", 41, coin(2, "stake")),
            ("3untrn", 7, coin(21, "untrn")),
            ("0.000000000000000001abc", u64::MAX, coin(19, "abc")),
            ("1ibc/0123ABC", 5, coin(5, "ibc/0123ABC")),
        ];
        for (price, gas, fee) in cases {
            assert_eq!(
                price.parse::<GasPrice>().unwrap().fee(gas).unwrap(),
                fee,
                "{price} × {gas}"
            );
        }
    }

    #[test]
    fn malformed_prices_are_refused() {
        for text in [
            "",
            "stake",
            "0.025",
            ".5stake",
            "1.2.3stake",
            "-1stake",
            "0.0000000000000000001stake",
            "1xy",
        ] {
            assert!(text.parse::<GasPrice>().is_err(), "{text}");
        }
    }

    #[test]
    fn funds_are_sorted_and_never_zero() {
        let sent = coins(&[coin(1, "b"), coin(0, "c"), coin(2, "a")]);
        assert_eq!(sent.iter().map(|c| c.denom.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }
}
