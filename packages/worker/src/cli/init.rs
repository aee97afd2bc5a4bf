//! `init`: writes a commented configuration file and the keys it names.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::sdk::keys::create_private;
use crate::sdk::{Account, KeyRing};
use crate::{Error, Result};

/// Where the chain is. Addresses are printed by whoever deployed the suite.
#[derive(Clone, Debug, Args)]
pub struct InitArgs {
    /// Folder for configuration, keys and data; made if missing
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub dir: PathBuf,
    /// Chain id, like lex-local-1
    #[arg(long, value_name = "ID")]
    pub chain_id: String,
    /// CometBFT RPC endpoint
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:26657")]
    pub rpc: String,
    /// Address of attestation-oracle
    #[arg(long, value_name = "ADDRESS")]
    pub oracle: String,
    /// Address of credit-vault; gateways need it
    #[arg(long, value_name = "ADDRESS")]
    pub vault: Option<String>,
    /// Relayer that carries statements
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub relayer: String,
    /// Price of gas, like 0.025stake
    #[arg(long, value_name = "PRICE")]
    pub gas_price: String,
    /// Bech32 prefix of accounts
    #[arg(long, default_value = "wasm")]
    pub prefix: String,
    /// File with the operator's key: 64 hexadecimal digits, or a BIP-39 phrase with an optional `/index`. Made if not given
    #[arg(long, value_name = "FILE")]
    pub operator_key: Option<PathBuf>,
    /// Where hardware evidence comes from
    #[arg(long, value_enum, default_value_t = Provider::Configfs)]
    pub quote: Provider,
    /// Seed of the synthetic authority (testkit)
    #[arg(long, default_value = "demo")]
    pub testkit_seed: String,
    /// Validity of the synthetic authority, Unix seconds `from..until` (testkit)
    #[arg(long, value_parser = parse_validity, default_value = "1735689600..2051222400")]
    pub testkit_validity: (u64, u64),
    /// Number of the synthetic machine (testkit)
    #[arg(long, default_value_t = 1)]
    pub testkit_platform: u64,
}

/// Sources of hardware evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Provider {
    /// TDX guest on Linux
    Configfs,
    /// Synthetic quotes, for test networks only
    Testkit,
    /// No evidence: workers at level A0
    None,
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Initialised {
    pub config: PathBuf,
    /// Must hold gas and the bond before enrolment.
    pub operator: String,
    /// Folder of the keys that sign statements; each enrolment makes its own.
    pub statement_keys: PathBuf,
}

/// Writes `file` under the folder with `extra` sections of the program at hand. Nothing that exists is replaced.
///
/// # Errors
/// [`Error::File`], also when the configuration exists.
pub fn init(args: &InitArgs, file: &str, extra: &str) -> Result<Initialised> {
    for address in [Some(&args.oracle), args.vault.as_ref()].into_iter().flatten() {
        if !address.starts_with(&format!("{}1", args.prefix)) {
            return Err(Error::Config(format!(
                "`{address}` is no address that begins with {}1",
                args.prefix
            )));
        }
    }
    std::fs::create_dir_all(&args.dir).map_err(Error::file(&args.dir))?;
    let config = args.dir.join(file);
    if config.exists() {
        return Err(Error::Config(format!(
            "{} exists; remove it to begin anew",
            config.display()
        )));
    }
    let statement_keys = args.dir.join("statement-keys");
    KeyRing::open(&statement_keys)?;
    let operator = operator(args)?;
    std::fs::write(&config, text(args, extra)).map_err(Error::file(&config))?;
    Ok(Initialised {
        config,
        operator: operator.address().to_owned(),
        statement_keys,
    })
}

fn operator(args: &InitArgs) -> Result<Account> {
    let path = args.dir.join("operator.key");
    if let Some(given) = &args.operator_key {
        let text = std::fs::read_to_string(given).map_err(Error::file(given))?;
        if !path.exists() {
            create_private(&path, text.trim())?;
        }
    }
    match path.exists() {
        true => Account::load(&path, &args.prefix),
        false => Account::create(&path, &args.prefix),
    }
}

fn text(args: &InitArgs, extra: &str) -> String {
    let vault = args
        .vault
        .as_ref()
        .map(|vault| format!("vault = \"{vault}\"\n"))
        .unwrap_or_default();
    format!(
        "{extra}
[chain]
id = \"{}\"
rpc = \"{}\"
oracle = \"{}\"
{vault}prefix = \"{}\"
gas_price = \"{}\"

[keys]
# Folder of the keys that sign statements. Every enrolment makes one of its own; it is destroyed two hours after its epoch ended.
# Inside a trusted environment the folder must lie on encrypted storage that only the environment can open.
statement = \"statement-keys\"
# Signs transactions, and holds gas and the bond.
operator = \"operator.key\"

[relayer]
url = \"{}\"
# Attempts per statement before a run gives up; the statement stays in the store for the next run.
attempts = 10

[quote]
{}",
        args.chain_id,
        args.rpc,
        args.oracle,
        args.prefix,
        args.gas_price,
        args.relayer,
        quote(args)
    )
}

fn quote(args: &InitArgs) -> String {
    match args.quote {
        Provider::None => "provider = \"none\"\n".into(),
        Provider::Configfs => "provider = \"configfs\"\n".into(),
        Provider::Testkit => format!(
            "# Synthetic: accepted only by a verifier that was instantiated for `testnet` with this authority's root.
provider = \"testkit\"
seed = \"{}\"
not_before = {}
not_after = {}
platform = {}
",
            args.testkit_seed, args.testkit_validity.0, args.testkit_validity.1, args.testkit_platform
        ),
    }
}

fn parse_validity(text: &str) -> std::result::Result<(u64, u64), String> {
    let parts = text
        .split_once("..")
        .and_then(|(from, until)| Some((from.parse().ok()?, until.parse().ok()?)));
    parts
        .filter(|(from, until)| from < until)
        .ok_or_else(|| format!("`{text}` is not FROM..UNTIL in Unix seconds"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::gateway::config::GatewayConfig;

    fn args(dir: &Path, quote: Provider) -> InitArgs {
        InitArgs {
            dir: dir.to_owned(),
            chain_id: "chain-1".into(),
            rpc: "http://127.0.0.1:1".into(),
            oracle: "wasm1oracle".into(),
            vault: Some("wasm1vault".into()),
            relayer: "http://127.0.0.1:2".into(),
            gas_price: "0.025stake".into(),
            prefix: "wasm".into(),
            operator_key: None,
            quote,
            testkit_seed: "demo".into(),
            testkit_validity: (1, 2),
            testkit_platform: 3,
        }
    }

    #[test]
    fn what_init_writes_can_be_read() {
        for quote in [Provider::None, Provider::Configfs, Provider::Testkit] {
            let dir = tempfile::tempdir().unwrap();
            let written = init(&args(dir.path(), quote), "gateway.toml", "window = \"10m\"\n").unwrap();
            let config = GatewayConfig::load(&written.config).unwrap();
            assert_eq!((config.window, config.vault().unwrap()), (600, "wasm1vault"));
            assert_eq!(
                Account::load(&dir.path().join("operator.key"), "wasm")
                    .unwrap()
                    .address(),
                written.operator
            );
        }
    }

    #[test]
    fn what_is_no_address_is_told_before_anything_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let wrong = InitArgs {
            oracle: "null".into(),
            dir: dir.path().join("w"),
            ..args(dir.path(), Provider::None)
        };
        assert!(matches!(init(&wrong, "worker.toml", ""), Err(Error::Config(_))));
        assert!(!wrong.dir.exists());
    }

    #[test]
    fn nothing_that_exists_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let args = args(dir.path(), Provider::None);
        let first = init(&args, "gateway.toml", "").unwrap();
        assert!(matches!(init(&args, "gateway.toml", ""), Err(Error::Config(_))));
        std::fs::remove_file(&first.config).unwrap();
        let second = init(&args, "gateway.toml", "").unwrap();
        assert_eq!(first.operator, second.operator);
    }

    #[test]
    fn an_operators_key_is_taken_over() {
        let dir = tempfile::tempdir().unwrap();
        let given = dir.path().join("given");
        std::fs::write(
            &given,
            "test test test test test test test test test test test junk / 5\n",
        )
        .unwrap();
        let args = InitArgs {
            operator_key: Some(given),
            ..args(dir.path(), Provider::None)
        };
        let expected =
            Account::from_phrase("test test test test test test test test test test test junk", 5, "wasm").unwrap();
        assert_eq!(init(&args, "worker.toml", "").unwrap().operator, expected.address());
    }
}
