//! `keys` and `signer`.

use std::path::{Path, PathBuf};

use anyhow::{bail, Context};
use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use super::init_logging;
use crate::config::LogConfig;
use crate::signer::{self, KeyInfo, Keystore, RemotePolicy, SignerConfig, HD_PATH};

/// Where keys are.
#[derive(Args, Clone, Debug)]
pub struct Store {
    /// Folder of the key files.
    #[arg(long, default_value = "keys", value_name = "DIR")]
    dir: PathBuf,
    /// Prefix of addresses on the chain.
    #[arg(long, default_value = "wasm")]
    prefix: String,
}

/// Where a password comes from.
#[derive(Args, Clone, Debug)]
pub struct Password {
    /// File that holds the password; without it RELAYER_KEY_PASSWORD is read, without that you are asked.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Make a key, or import one. A new key's mnemonic is printed once and stored nowhere: write it down.
    Add {
        /// Name of the key: letters, digits, - and _.
        name: String,
        #[command(flatten)]
        store: Store,
        #[command(flatten)]
        password: Password,
        /// Import the mnemonic in this environment variable instead of making a new key.
        #[arg(long, value_name = "VARIABLE")]
        mnemonic_env: Option<String>,
        /// Derivation path.
        #[arg(long, default_value = HD_PATH)]
        hd_path: String,
    },
    /// List the keys of a folder with their addresses. Needs no password.
    List {
        #[command(flatten)]
        store: Store,
    },
    /// Show one key's address and public key. Needs no password.
    Show {
        name: String,
        #[command(flatten)]
        store: Store,
    },
}

/// Serving one key over a socket.
#[derive(Args)]
pub struct SignerArgs {
    /// Name of the key.
    name: String,
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    password: Password,
    /// Socket to serve; only this user may connect.
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// The one chain to sign for.
    #[arg(long)]
    chain_id: String,
    /// A contract that may be executed; repeat for more.
    #[arg(long = "contract", required = true, value_name = "ADDRESS")]
    contracts: Vec<String>,
}

/// Carries out `keys`.
pub fn keys(command: KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::Add {
            name,
            store,
            password,
            mnemonic_env,
            hd_path,
        } => add(&name, &store, &password, mnemonic_env.as_deref(), &hd_path),
        KeysCommand::List { store } => {
            let keys = Keystore::new(&store.dir).list()?;
            keys.iter().try_for_each(|info| print(info, &store.prefix))
        }
        KeysCommand::Show { name, store } => print(&Keystore::new(&store.dir).show(&name)?, &store.prefix),
    }
}

fn add(
    name: &str,
    store: &Store,
    password: &Password,
    mnemonic_env: Option<&str>,
    hd_path: &str,
) -> anyhow::Result<()> {
    let (phrase, fresh) = match mnemonic_env {
        Some(variable) => {
            let phrase =
                std::env::var(variable).with_context(|| format!("environment variable {variable} is not set"))?;
            (Zeroizing::new(phrase), false)
        }
        None => (signer::new_mnemonic()?, true),
    };
    let secret = signer::secret_of_mnemonic(&phrase, hd_path)?;
    let password = read_password(password, true)?;
    let info = Keystore::new(&store.dir).add(name, &secret, &password)?;
    print(&info, &store.prefix)?;
    if fresh {
        eprintln!(
            "\nWrite this down; it restores the key and is not stored anywhere:\n\n  {}\n",
            *phrase
        );
    }
    Ok(())
}

fn print(info: &KeyInfo, prefix: &str) -> anyhow::Result<()> {
    let bytes = hex::decode(&info.public_key)?;
    let key = k256::ecdsa::VerifyingKey::from_sec1_bytes(&bytes)?;
    let address = cosmrs::crypto::PublicKey::from(key).account_id(prefix);
    let address = address.map_err(|error| anyhow::anyhow!("{error}"))?;
    println!("{}\t{address}\t{}", info.name, info.public_key);
    Ok(())
}

fn read_password(source: &Password, confirm: bool) -> anyhow::Result<Zeroizing<String>> {
    let env = signer::password_env();
    if source.password_file.is_some() || std::env::var_os(&env).is_some() {
        return Ok(signer::password(source.password_file.as_deref(), &env)?);
    }
    let password =
        Zeroizing::new(rpassword::prompt_password("Password: ").context("no terminal to ask for the password")?);
    if confirm && *Zeroizing::new(rpassword::prompt_password("Again: ")?) != *password {
        bail!("the passwords differ");
    }
    Ok(password)
}

/// Carries out `signer`.
pub fn signer(args: &SignerArgs) -> anyhow::Result<()> {
    init_logging(&LogConfig::default());
    let password = read_password(&args.password, false)?;
    let key = Keystore::new(&args.store.dir).load(&args.name, &password)?;
    let policy = RemotePolicy {
        chain_id: args.chain_id.clone(),
        contracts: args.contracts.clone(),
    };
    tracing::info!(socket = %args.socket.display(), chain_id = policy.chain_id, "signer serves");
    Ok(signer::serve(&args.socket, &key, &policy)?)
}

/// A key of a folder as a configuration, for commands that take another key than the relayer's.
pub fn keystore_config(dir: &Path, name: &str) -> SignerConfig {
    SignerConfig::Keystore {
        dir: dir.into(),
        name: name.into(),
        password_file: None,
        password_env: signer::password_env(),
    }
}
