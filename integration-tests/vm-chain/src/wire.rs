//! What is said over the pipe, a line of JSON each way. Both sides include this file: they share no crate.

use cosmwasm_std::{Binary, Coin};
use serde::{Deserialize, Serialize};
use suite::Msg;

/// The suite's message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Message {
    Store {
        name: String,
        wasm: Binary,
    },
    Instantiate2 {
        code_id: u64,
        label: String,
        msg: Binary,
        salt: Binary,
        admin: Option<String>,
        funds: Vec<Coin>,
    },
    Execute {
        contract: String,
        msg: Binary,
        funds: Vec<Coin>,
    },
    Migrate {
        contract: String,
        code_id: u64,
        msg: Binary,
    },
    UpdateAdmin {
        contract: String,
        admin: String,
    },
    Send {
        to: String,
        coins: Vec<Coin>,
    },
}

impl From<&Msg> for Message {
    fn from(msg: &Msg) -> Self {
        match msg.clone() {
            Msg::Store { name, wasm } => Self::Store {
                name,
                wasm: wasm.into(),
            },
            Msg::Instantiate2 {
                code_id,
                label,
                msg,
                salt,
                admin,
                funds,
            } => Self::Instantiate2 {
                code_id,
                label,
                msg: msg.into(),
                salt: salt.into(),
                admin,
                funds,
            },
            Msg::Execute { contract, msg, funds } => Self::Execute {
                contract,
                msg: msg.into(),
                funds,
            },
            Msg::Migrate { contract, code_id, msg } => Self::Migrate {
                contract,
                code_id,
                msg: msg.into(),
            },
            Msg::UpdateAdmin { contract, admin } => Self::UpdateAdmin { contract, admin },
            Msg::Send { to, coins } => Self::Send { to, coins },
        }
    }
}

impl From<Message> for Msg {
    fn from(message: Message) -> Self {
        match message {
            Message::Store { name, wasm } => Self::Store {
                name,
                wasm: wasm.into(),
            },
            Message::Instantiate2 {
                code_id,
                label,
                msg,
                salt,
                admin,
                funds,
            } => Self::Instantiate2 {
                code_id,
                label,
                msg: msg.into(),
                salt: salt.into(),
                admin,
                funds,
            },
            Message::Execute { contract, msg, funds } => Self::Execute {
                contract,
                msg: msg.into(),
                funds,
            },
            Message::Migrate { contract, code_id, msg } => Self::Migrate {
                contract,
                code_id,
                msg: msg.into(),
            },
            Message::UpdateAdmin { contract, admin } => Self::UpdateAdmin { contract, admin },
            Message::Send { to, coins } => Self::Send { to, coins },
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    Block {},
    Transact {
        sender: String,
        msgs: Vec<Message>,
    },
    Smart {
        contract: String,
        msg: Binary,
    },
    Raw {
        contract: String,
        key: Binary,
    },
    Balance {
        address: String,
        denom: String,
    },
    Contract {
        address: String,
    },
    Checksum {
        code_id: u64,
    },
    Advance {
        nanos: u64,
    },
    /// Gas of the last smart query.
    QueryGas {},
}

/// An event's type and attributes.
pub type PlainEvent = (String, Vec<(String, String)>);

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Answer {
    Block {
        height: u64,
        nanos: u64,
    },
    Done {
        height: u64,
        gas_used: u64,
        events: Vec<PlainEvent>,
    },
    Data {
        data: Option<Binary>,
    },
    Amount {
        amount: String,
    },
    /// Code id, creator, admin.
    Contract {
        found: Option<(u64, String, Option<String>)>,
    },
    Gas {
        gas: u64,
    },
    Nothing {},
    Refused {
        log: String,
        gas_used: u64,
    },
    Failed {
        error: String,
    },
}
