//! What a failed transaction asks the relayer to do.
//!
//! A failure is known by the SDK's (codespace, code) and by the contract's stable number, which it writes as
//! `[oracle:NN]` into the message. Words are interpreted only where no number survives: simulations and queries, whose
//! errors the SDK flattens into one code, end with the root error's registered description; and CometBFT's mempool
//! gives no code at all.

use std::fmt;

/// Classes of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Says nothing about the transaction: the same bytes may succeed later.
    Transient,
    /// The account's sequence is another one.
    SequenceMismatch,
    /// Too much for one transaction: split the batch, or give it more gas.
    OutOfGas,
    /// These messages can never succeed.
    Terminal,
    /// Nothing can succeed until the operator acts: funds, keys, addresses.
    Config,
}

impl Class {
    pub fn name(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::SequenceMismatch => "sequence_mismatch",
            Self::OutOfGas => "out_of_gas",
            Self::Terminal => "terminal",
            Self::Config => "config",
        }
    }
}

/// A classed failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub class: Class,
    /// Whether a higher gas price would help.
    pub fee_too_low: bool,
    /// The node holds the very same transaction already.
    pub already_known: bool,
    /// The contract's number, if it refused.
    pub contract_code: Option<u32>,
    /// For people.
    pub log: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class.name(), self.log)
    }
}

impl Failure {
    /// A failure of this class with nothing more to say.
    pub fn of(class: Class, log: impl Into<String>) -> Self {
        Self {
            class,
            fee_too_low: false,
            already_known: false,
            contract_code: None,
            log: log.into(),
        }
    }

    /// From the answer to a broadcast, a simulation or a lookup.
    pub fn from_code(codespace: &str, code: u32, log: &str) -> Self {
        let class = match codespace {
            "sdk" => sdk(code),
            "wasm" => wasm(code),
            _ => Class::Terminal,
        };
        Self {
            fee_too_low: codespace == "sdk" && code == 13,
            already_known: codespace == "sdk" && code == 19,
            contract_code: contract_code(log),
            ..Self::of(class, log)
        }
    }

    /// From a failed query or simulation, whose numbers may be flattened.
    pub fn from_query(codespace: &str, code: u32, log: &str) -> Self {
        let (codespace, code) = root(codespace, code, log);
        Self::from_code(codespace, code, log)
    }

    /// From a JSON-RPC error, which has no code of the application's.
    pub fn from_rpc(message: &str) -> Self {
        let lower = message.to_lowercase();
        let class = match lower.contains("tx too large") {
            true => Class::OutOfGas,
            false => Class::Transient,
        };
        Self {
            already_known: lower.contains("tx already exists in cache"),
            ..Self::of(class, message)
        }
    }
}

/// Registered descriptions that simulations and queries end with, and their numbers.
const ROOTS: &[(&str, &str, u32)] = &[
    ("unauthorized", "sdk", 4),
    ("insufficient funds", "sdk", 5),
    ("invalid address", "sdk", 7),
    ("invalid pubkey", "sdk", 8),
    ("unknown address", "sdk", 9),
    ("out of gas", "sdk", 11),
    ("insufficient fee", "sdk", 13),
    ("mempool is full", "sdk", 20),
    ("tx too large", "sdk", 21),
    ("key not found", "sdk", 22),
    ("tx timeout height", "sdk", 30),
    ("incorrect account sequence", "sdk", 32),
    ("execute wasm contract failed", "wasm", 5),
    ("insufficient gas", "wasm", 6),
    ("query wasm contract failed", "wasm", QUERY_FAILED),
    ("no such contract", "wasm", 22),
    ("no such code", "wasm", 28),
];

/// Code of wasmd for "the contract refused the query".
const QUERY_FAILED: u32 = 9;

/// The numbers of a query's root error. The SDK gives most failed queries one of a few numbers and wraps the error as
/// `detail: root description`, so there the root is the registered description that stands last; a contract's own words
/// come before it and cannot pass for it.
fn root<'a>(codespace: &'a str, code: u32, log: &str) -> (&'a str, u32) {
    let flattened = codespace == "sdk" && matches!(code, 6 | 18 | 22);
    let place = |(text, ..): &&(&str, &'static str, u32)| log.rfind(text);
    let last = ROOTS
        .iter()
        .max_by_key(place)
        .filter(|root| flattened && place(root).is_some());
    last.map_or((codespace, code), |(_, codespace, code)| (*codespace, *code))
}

/// Whether a failed query was refused by the contract itself: it knows nothing of what was asked for.
pub fn refused_by_contract(codespace: &str, code: u32, log: &str) -> bool {
    root(codespace, code, log) == ("wasm", QUERY_FAILED)
}

/// Root errors of the Cosmos SDK (`types/errors`).
fn sdk(code: u32) -> Class {
    match code {
        // invalid sequence, wrong sequence
        3 | 32 => Class::SequenceMismatch,
        // out of gas, tx too large
        11 | 21 => Class::OutOfGas,
        // insufficient fee, tx in mempool cache, mempool is full, tx timeout height, conflict
        13 | 19 | 20 | 30 | 36 => Class::Transient,
        // unauthorized (wrong chain id or account number), insufficient funds, invalid address, invalid pubkey, unknown
        // address, invalid coins, key not found, wrong password, invalid chain id, app config, invalid gas limit
        4 | 5 | 7 | 8 | 9 | 10 | 22 | 23 | 28 | 40 | 41 => Class::Config,
        // tx decode, unknown request, memo too large, too many signatures, invalid request and the rest
        _ => Class::Terminal,
    }
}

/// Errors of wasmd (`x/wasm/types`).
fn wasm(code: u32) -> Class {
    match code {
        // gas limit of a sub-call
        6 => Class::OutOfGas,
        // no such contract or code
        22 | 28 => Class::Config,
        _ => Class::Terminal,
    }
}

/// NN of the first `[<name>:NN]` in a message.
pub fn contract_code(log: &str) -> Option<u32> {
    log.split('[').skip(1).find_map(|rest| {
        let (name, number) = rest.split_once(']')?.0.split_once(':')?;
        let known = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        known.then(|| number.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_classed_by_code() {
        let table = [
            ("sdk", 32, Class::SequenceMismatch),
            ("sdk", 3, Class::SequenceMismatch),
            ("sdk", 11, Class::OutOfGas),
            ("sdk", 21, Class::OutOfGas),
            ("sdk", 13, Class::Transient),
            ("sdk", 19, Class::Transient),
            ("sdk", 20, Class::Transient),
            ("sdk", 30, Class::Transient),
            ("sdk", 4, Class::Config),
            ("sdk", 5, Class::Config),
            ("sdk", 9, Class::Config),
            ("sdk", 2, Class::Terminal),
            ("sdk", 18, Class::Terminal),
            ("wasm", 5, Class::Terminal),
            ("wasm", 22, Class::Config),
            ("elsewhere", 5, Class::Terminal),
        ];
        for (codespace, code, class) in table {
            assert_eq!(
                Failure::from_code(codespace, code, "").class,
                class,
                "{codespace} {code}"
            );
        }
    }

    #[test]
    fn simulations_are_classed_by_their_root_error() {
        let table = [
            ("failed to execute message; message index: 0: [oracle:2] out of gas? no: execute wasm contract failed [wasmd/keeper.go:1] with gas used: '9'", Class::Terminal),
            ("out of gas in location: wasm contract; gasWanted: 1, gasUsed: 2: out of gas", Class::OutOfGas),
            ("account sequence mismatch, expected 3, got 2: incorrect account sequence", Class::SequenceMismatch),
            ("spendable balance 0stake is smaller than 9stake: insufficient funds", Class::Config),
            ("account wasm1 not found: key not found", Class::Config),
            ("address wasm1: no such contract", Class::Config),
        ];
        for (log, class) in table {
            assert_eq!(Failure::from_query("sdk", 6, log).class, class, "{log}");
        }
        assert_eq!(Failure::from_query("sdk", 6, table[0].0).contract_code, Some(2));
    }

    #[test]
    fn only_the_contracts_own_refusal_counts_as_one() {
        let refused = |log: &str| refused_by_contract("sdk", 6, log);
        assert!(refused("no statement 1: query wasm contract failed: unknown request"));
        assert!(refused_by_contract("wasm", 9, "any words"));
        assert!(!refused("out of gas in location: x: out of gas"));
        assert!(!refused(
            "query wasm contract failed? no: address wasm1: no such contract"
        ));
        assert!(!refused_by_contract("sdk", 11, "query wasm contract failed"));
        assert!(!refused("something else"));
    }

    #[test]
    fn only_insufficient_fee_asks_for_a_higher_price() {
        assert!(Failure::from_code("sdk", 13, "").fee_too_low);
        assert!(!Failure::from_code("wasm", 13, "").fee_too_low);
        assert!(!Failure::from_code("sdk", 5, "").fee_too_low);
    }

    #[test]
    fn the_contracts_number_is_read_wherever_it_stands() {
        let log = "failed to execute message; message index: 0: [oracle:12] paused: execute wasm contract failed";
        assert_eq!(contract_code(log), Some(12));
        assert_eq!(
            contract_code("dispatch: submessages: [tee-verifier:20] missing"),
            Some(20)
        );
    }

    #[test]
    fn brackets_that_are_no_code_are_passed_over() {
        for log in [
            "",
            "[]",
            "[12]",
            "[:12]",
            "[oracle:]",
            "[oracle:x]",
            "[oracle:12",
            "[cosmos/sdk@v0.53:12]",
        ] {
            assert_eq!(contract_code(log), None, "{log}");
        }
        assert_eq!(contract_code("[app.go:x] then [oracle:7]"), Some(7));
    }

    #[test]
    fn a_node_that_has_the_transaction_is_no_failure() {
        assert!(Failure::from_rpc("Internal error: tx already exists in cache").already_known);
        assert!(Failure::from_code("sdk", 19, "tx already in mempool").already_known);
        assert!(!Failure::from_rpc("mempool is full").already_known);
    }

    #[test]
    fn mempool_words_are_classed() {
        assert_eq!(
            Failure::from_rpc("mempool is full: number of txs 5000").class,
            Class::Transient
        );
        assert_eq!(
            Failure::from_rpc("Tx too large. Max size is 1048576").class,
            Class::OutOfGas
        );
        assert_eq!(Failure::from_rpc("connection refused").class, Class::Transient);
    }
}
