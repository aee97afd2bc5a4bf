//! The first state of a local chain: funded accounts, code, and contracts whose rows are already there.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{bail, Context, Result};
use cosmwasm_std::{Binary, Coin};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

/// Prefix of wasmd's sequence keys (`x/wasm/types/keys.go`).
const SEQUENCE_PREFIX: u8 = 4;

/// A contract that exists from the first block on, with rows as its own storage code wrote them.
#[derive(Clone, Debug)]
pub struct PlacedContract {
    pub address: String,
    pub code_id: u64,
    pub creator: String,
    pub admin: Option<String>,
    pub label: String,
    /// Raw storage, e.g. what a `MemoryStorage` ranges over after the contract's state items filled it.
    pub state: Vec<(Vec<u8>, Vec<u8>)>,
}

/// A genesis document under construction.
pub struct Genesis(Value);

impl Genesis {
    /// # Errors
    /// When the file is missing or not JSON.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| path.display().to_string())?;
        Ok(Self(
            serde_json::from_slice(&text).with_context(|| path.display().to_string())?,
        ))
    }

    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let file = std::fs::File::create(path).with_context(|| path.display().to_string())?;
        Ok(serde_json::to_writer(std::io::BufWriter::new(file), &self.0)?)
    }

    /// Time of the first block. A node sleeps until it, so it must not lie ahead of the machine's clock.
    ///
    /// # Errors
    /// When the document has no such field; likewise below.
    pub fn set_time(&mut self, time: SystemTime) -> Result<()> {
        *self.at("/genesis_time")? = json!(humantime::format_rfc3339_nanos(time).to_string());
        Ok(())
    }

    /// Replaces the value at a JSON pointer, which must exist.
    pub fn set(&mut self, pointer: &str, value: Value) -> Result<()> {
        *self.at(pointer)? = value;
        Ok(())
    }

    /// Creates an account with these coins. Supply follows.
    pub fn add_account(&mut self, address: &str, coins: &[Coin]) -> Result<()> {
        self.list("/app_state/auth/accounts")?.push(json!({
            "@type": "/cosmos.auth.v1beta1.BaseAccount",
            "address": address, "pub_key": null, "account_number": "0", "sequence": "0",
        }));
        self.add_balance(address, coins)
    }

    /// Gives coins to an address, a contract's too. Supply follows.
    pub fn add_balance(&mut self, address: &str, coins: &[Coin]) -> Result<()> {
        let balances = self.list("/app_state/bank/balances")?;
        match balances.iter_mut().find(|b| b["address"] == address) {
            Some(held) => held["coins"] = sum(held["coins"].take(), coins)?,
            None => balances.push(json!({ "address": address, "coins": sum(json!([]), coins)? })),
        }
        let supply = self.at("/app_state/bank/supply")?;
        *supply = sum(supply.take(), coins)?;
        Ok(())
    }

    /// Stores code and returns its id. Pinned code stays in memory and costs no load.
    pub fn add_code(&mut self, creator: &str, wasm: &[u8], pinned: bool) -> Result<u64> {
        let codes = self.list("/app_state/wasm/codes")?;
        let id = codes.len() as u64 + 1;
        codes.push(json!({
            "code_id": id.to_string(),
            "code_info": {
                "code_hash": Binary::from(Sha256::digest(wasm).to_vec()),
                "creator": creator,
                "instantiate_config": { "permission": "Everybody", "addresses": [] },
            },
            "code_bytes": Binary::from(wasm),
            "pinned": pinned,
        }));
        self.set_sequences()?;
        Ok(id)
    }

    /// Places a contract with its rows. Its coins are given with [`Self::add_balance`].
    pub fn add_contract(&mut self, contract: &PlacedContract) -> Result<()> {
        let state: Vec<Value> = contract
            .state
            .iter()
            .map(|(key, value)| json!({ "key": hex::encode_upper(key), "value": Binary::from(value.as_slice()) }))
            .collect();
        let position = json!({ "block_height": "0", "tx_index": "0" });
        let contracts = self.list("/app_state/wasm/contracts")?;
        if contracts
            .iter()
            .any(|c| c["contract_address"] == contract.address.as_str())
        {
            bail!("{} is placed twice", contract.address);
        }
        contracts.push(json!({
            "contract_address": contract.address,
            "contract_info": {
                "code_id": contract.code_id.to_string(),
                "creator": contract.creator,
                "admin": contract.admin.as_deref().unwrap_or_default(),
                "label": contract.label,
                "created": position,
                "ibc_port_id": "",
                "extension": null,
            },
            "contract_state": state,
            "contract_code_history": [{
                "operation": "CONTRACT_CODE_HISTORY_OPERATION_TYPE_GENESIS",
                "code_id": contract.code_id.to_string(),
                "updated": position,
                "msg": {},
            }],
        }));
        self.set_sequences()
    }

    /// wasmd refuses a genesis whose next code id or next contract number is taken.
    fn set_sequences(&mut self) -> Result<()> {
        let codes = self.list("/app_state/wasm/codes")?.len();
        let contracts = self.list("/app_state/wasm/contracts")?.len();
        let sequence = |name: &str, used: usize| {
            let key: Vec<u8> = std::iter::once(SEQUENCE_PREFIX).chain(name.bytes()).collect();
            json!({ "id_key": Binary::from(key), "value": (used + 1).to_string() })
        };
        *self.at("/app_state/wasm/sequences")? =
            json!([sequence("lastCodeId", codes), sequence("lastContractId", contracts)]);
        Ok(())
    }

    fn at(&mut self, pointer: &str) -> Result<&mut Value> {
        self.0
            .pointer_mut(pointer)
            .with_context(|| format!("the genesis has no {pointer}"))
    }

    fn list(&mut self, pointer: &str) -> Result<&mut Vec<Value>> {
        self.at(pointer)?
            .as_array_mut()
            .with_context(|| format!("{pointer} of the genesis is no list"))
    }
}

/// Coins as the bank module wants them: summed per denom, sorted, none zero.
fn sum(held: Value, more: &[Coin]) -> Result<Value> {
    let held: Vec<Coin> = serde_json::from_value(held)?;
    let mut total = BTreeMap::new();
    for coin in held.iter().chain(more) {
        let entry = total.entry(coin.denom.clone()).or_insert(0u128);
        *entry = entry.checked_add(coin.amount.u128()).context("coins overflow")?;
    }
    let coins = total.into_iter().filter(|(_, amount)| *amount > 0);
    Ok(coins
        .map(|(denom, amount)| json!({ "denom": denom, "amount": amount.to_string() }))
        .collect())
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::coin;

    use super::*;

    fn empty() -> Genesis {
        Genesis(json!({
            "genesis_time": "",
            "app_state": {
                "auth": { "accounts": [] },
                "bank": { "balances": [], "supply": [] },
                "wasm": { "codes": [], "contracts": [], "sequences": [] },
            },
        }))
    }

    fn placed(address: &str) -> PlacedContract {
        PlacedContract {
            address: address.into(),
            code_id: 1,
            creator: "c".into(),
            admin: None,
            label: "l".into(),
            state: vec![(vec![0, 255], vec![1, 2])],
        }
    }

    #[test]
    fn supply_follows_balances() {
        let mut genesis = empty();
        genesis
            .add_account("a", &[coin(5, "y"), coin(7, "x"), coin(0, "z")])
            .unwrap();
        genesis.add_balance("a", &[coin(1, "x")]).unwrap();
        genesis.add_balance("b", &[coin(2, "x")]).unwrap();
        let bank = &genesis.0["app_state"]["bank"];
        assert_eq!(
            bank["balances"][0]["coins"],
            json!([{"denom":"x","amount":"8"},{"denom":"y","amount":"5"}])
        );
        assert_eq!(
            bank["supply"],
            json!([{"denom":"x","amount":"10"},{"denom":"y","amount":"5"}])
        );
        assert_eq!(genesis.0["app_state"]["auth"]["accounts"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn rows_are_placed_as_wasmd_reads_them() {
        let mut genesis = empty();
        assert_eq!(genesis.add_code("c", b"wasm", false).unwrap(), 1);
        genesis.add_contract(&placed("k")).unwrap();
        let wasm = &genesis.0["app_state"]["wasm"];
        assert_eq!(
            wasm["contracts"][0]["contract_state"],
            json!([{ "key": "00FF", "value": "AQI=" }])
        );
        // \x04lastCodeId and \x04lastContractId, both one past the last used.
        assert_eq!(
            wasm["sequences"],
            json!([{"id_key":"BGxhc3RDb2RlSWQ=","value":"2"},{"id_key":"BGxhc3RDb250cmFjdElk","value":"2"}])
        );
        assert!(genesis.add_contract(&placed("k")).is_err());
    }

    #[test]
    fn a_changed_layout_is_noticed() {
        assert!(Genesis(json!({})).add_account("a", &[]).is_err());
        assert!(empty().set("/app_state/mint/minter", json!({})).is_err());
    }
}
