//! `collateral sync`: Intel's TCB infos, QE identities and CRLs onto the chain.
//!
//! Anybody may upload; the contract verifies each piece to the pinned root and only ever takes newer ones. So nothing is
//! judged here: every piece is simulated, and what the contract says it has or has newer is not paid for.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{bail, Context};
use clap::{Args, Subcommand};
use cosmrs::AccountId;
use cosmwasm_std::{Binary, HexBinary};
use interfaces::tee_verifier::{events, ExecuteMsg};
use reqwest::{Response, Url};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{init_logging, keys, ConfigArg};
use crate::chain::{Chain, Event, Simulation};
use crate::clock::ChainClock;
use crate::config::Config;
use crate::engine::Identity;
use crate::metrics::Metrics;
use crate::rpc::{Lookup, RpcError};
use crate::service::{connect, open_signer};
use crate::signer::KeyLock;
use crate::tx::{Sender, Unsigned};

/// The contract's number for "issued no later than what is stored".
const NOT_NEWER: u32 = 67;

#[derive(Subcommand)]
pub enum CollateralCommand {
    /// Post the collateral that is newer than the chain's to tee-verifier.
    Sync(SyncArgs),
}

/// Where from, where to, and who pays.
#[derive(Args)]
pub struct SyncArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// Address of tee-verifier.
    #[arg(long, value_name = "ADDRESS")]
    verifier: String,
    /// Folder of *.json bundles in the form of dcap-qvl, or URL of a PCS or PCCS.
    #[arg(long, value_name = "DIR|URL")]
    from: String,
    /// Platform family to fetch, 12 hexadecimal digits; repeat for more. URL only.
    #[arg(long = "fmspc", value_name = "HEX")]
    fmspcs: Vec<String>,
    /// TCB evaluation data number to fetch; the newest without it. URL only.
    #[arg(long)]
    evaluation: Option<u32>,
    /// Key of the keystore to pay with, when the configured one is in use by a running relayer.
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    /// Folder of that key.
    #[arg(long, default_value = "keys", value_name = "DIR")]
    key_dir: PathBuf,
    /// Say what would be posted, and post nothing.
    #[arg(long)]
    dry_run: bool,
}

/// One document on its way.
struct Piece {
    name: String,
    message: ExecuteMsg,
}

/// Carries out `collateral`.
pub async fn collateral(command: CollateralCommand) -> anyhow::Result<()> {
    let CollateralCommand::Sync(args) = command;
    let config = args.config.load()?;
    init_logging(&config.log);
    let pieces = gather(&args).await?;
    let poster = Poster::open(&config, &args).await?;
    let mut newer = Vec::new();
    for piece in pieces {
        let verdict = poster.judge(&piece).await?;
        println!("{:<10}{}", verdict.word(), piece.name);
        if let Verdict::Refused(reason) = &verdict {
            println!("          {reason}");
        }
        newer.extend(Some(piece).filter(|_| matches!(verdict, Verdict::Newer)));
    }
    if newer.is_empty() || args.dry_run {
        println!("nothing posted; {} pieces are newer than the chain's", newer.len());
        return Ok(());
    }
    poster.post(&newer).await
}

async fn gather(args: &SyncArgs) -> anyhow::Result<Vec<Piece>> {
    let mut pieces = match Url::parse(&args.from) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => fetch(&url, &args.fmspcs, args.evaluation).await?,
        _ => read_folder(Path::new(&args.from))?,
    };
    // The root CRL first: what it revokes must not be taken in the same breath.
    pieces.sort_by_key(|piece| !matches!(piece.message, ExecuteMsg::UpsertRootCrl { .. }));
    pieces.dedup_by(|a, b| a.message == b.message);
    Ok(pieces)
}

// ---- a folder ----

/// What dcap-qvl calls `QuoteCollateralV3`; bytes are hexadecimal.
#[derive(Deserialize)]
struct Bundle {
    pck_crl_issuer_chain: String,
    root_ca_crl: HexBinary,
    pck_crl: HexBinary,
    tcb_info_issuer_chain: String,
    tcb_info: String,
    tcb_info_signature: HexBinary,
    qe_identity_issuer_chain: String,
    qe_identity: String,
    qe_identity_signature: HexBinary,
}

impl Bundle {
    fn pieces(self, file: &str) -> Vec<Piece> {
        let piece = |what: &str, message| Piece {
            name: format!("{what} of {file}"),
            message,
        };
        vec![
            piece(
                "root CRL",
                ExecuteMsg::UpsertRootCrl {
                    crl: Binary::new(self.root_ca_crl.into()),
                },
            ),
            piece(
                "PCK CRL",
                ExecuteMsg::UpsertPckCrl {
                    crl: Binary::new(self.pck_crl.into()),
                    issuer_chain: self.pck_crl_issuer_chain,
                },
            ),
            piece(
                "QE identity",
                ExecuteMsg::UpsertQeIdentity {
                    qe_identity: self.qe_identity,
                    signature: self.qe_identity_signature,
                    issuer_chain: self.qe_identity_issuer_chain,
                },
            ),
            piece(
                "TCB info",
                ExecuteMsg::UpsertTcbInfo {
                    tcb_info: self.tcb_info,
                    signature: self.tcb_info_signature,
                    issuer_chain: self.tcb_info_issuer_chain,
                },
            ),
        ]
    }
}

fn read_folder(dir: &Path) -> anyhow::Result<Vec<Piece>> {
    let entries = std::fs::read_dir(dir);
    let entries =
        entries.with_context(|| format!("--from {} is neither a URL nor a readable folder", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut pieces = Vec::new();
    for path in &paths {
        let text = std::fs::read_to_string(path)?;
        let bundle: Bundle =
            serde_json::from_str(&text).with_context(|| format!("{} is no collateral bundle", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        pieces.extend(bundle.pieces(&name));
    }
    match pieces.is_empty() {
        true => bail!("{} holds no *.json bundles", dir.display()),
        false => Ok(pieces),
    }
}

// ---- a PCS or PCCS ----

#[derive(Deserialize)]
struct SignedTcbInfo {
    /// Byte for byte as signed.
    #[serde(rename = "tcbInfo")]
    tcb_info: Box<RawValue>,
    signature: HexBinary,
}

#[derive(Deserialize)]
struct SignedQeIdentity {
    /// Byte for byte as signed.
    #[serde(rename = "enclaveIdentity")]
    identity: Box<RawValue>,
    signature: HexBinary,
}

/// A client of Intel's Provisioning Certification Service, API version 4.
struct Pcs {
    http: reqwest::Client,
    base: String,
    /// Query that selects the evaluation data number.
    evaluation: String,
}

async fn fetch(base: &Url, fmspcs: &[String], evaluation: Option<u32>) -> anyhow::Result<Vec<Piece>> {
    let pcs = Pcs {
        http: reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?,
        base: base.as_str().trim_end_matches('/').into(),
        evaluation: evaluation.map_or_else(
            || "update=standard".into(),
            |number| format!("tcbEvaluationDataNumber={number}"),
        ),
    };
    let mut pieces: Vec<Piece> = pcs.root_crl().await?.into_iter().collect();
    for ca in ["processor", "platform"] {
        pieces.push(pcs.pck_crl(ca).await?);
    }
    for family in ["sgx", "tdx"] {
        pieces.push(pcs.qe_identity(family).await?);
        for fmspc in fmspcs {
            pieces.extend(pcs.tcb_info(family, fmspc).await?);
        }
    }
    Ok(pieces)
}

impl Pcs {
    async fn get(&self, path: &str) -> anyhow::Result<Option<Response>> {
        let url = format!("{}/{path}", self.base);
        let response = self
            .http
            .get(&url)
            .send()
            .await
            .with_context(|| format!("{url} is unreachable"))?;
        match response.status() {
            reqwest::StatusCode::NOT_FOUND => Ok(None),
            status if status.is_success() => Ok(Some(response)),
            status => bail!("{url} answers {status}"),
        }
    }

    async fn need(&self, path: &str) -> anyhow::Result<Response> {
        self.get(path)
            .await?
            .with_context(|| format!("{}/{path} does not exist", self.base))
    }

    /// A PCCS has it; Intel's PCS keeps it elsewhere.
    async fn root_crl(&self) -> anyhow::Result<Option<Piece>> {
        let Some(response) = self.get("sgx/certification/v4/rootcacrl").await? else {
            return Ok(None);
        };
        let crl = der(&response.bytes().await?);
        Ok(Some(Piece {
            name: "root CRL".into(),
            message: ExecuteMsg::UpsertRootCrl { crl },
        }))
    }

    async fn pck_crl(&self, ca: &str) -> anyhow::Result<Piece> {
        let response = self
            .need(&format!("sgx/certification/v4/pckcrl?ca={ca}&encoding=der"))
            .await?;
        let issuer_chain = header(&response, "SGX-PCK-CRL-Issuer-Chain")?;
        Ok(Piece {
            name: format!("PCK CRL of the {ca} CA"),
            message: ExecuteMsg::UpsertPckCrl {
                crl: der(&response.bytes().await?),
                issuer_chain,
            },
        })
    }

    async fn qe_identity(&self, family: &str) -> anyhow::Result<Piece> {
        let response = self
            .need(&format!("{family}/certification/v4/qe/identity?{}", self.evaluation))
            .await?;
        let issuer_chain = header(&response, "SGX-Enclave-Identity-Issuer-Chain")?;
        let signed: SignedQeIdentity = serde_json::from_slice(&response.bytes().await?)?;
        Ok(Piece {
            name: format!("QE identity, {family}"),
            message: ExecuteMsg::UpsertQeIdentity {
                qe_identity: signed.identity.get().into(),
                signature: signed.signature,
                issuer_chain,
            },
        })
    }

    /// Not every platform exists in both families.
    async fn tcb_info(&self, family: &str, fmspc: &str) -> anyhow::Result<Option<Piece>> {
        let path = format!("{family}/certification/v4/tcb?fmspc={fmspc}&{}", self.evaluation);
        let Some(response) = self.get(&path).await? else {
            return Ok(None);
        };
        let issuer_chain = header(&response, "TCB-Info-Issuer-Chain")?;
        let signed: SignedTcbInfo = serde_json::from_slice(&response.bytes().await?)?;
        Ok(Some(Piece {
            name: format!("TCB info of {fmspc}, {family}"),
            message: ExecuteMsg::UpsertTcbInfo {
                tcb_info: signed.tcb_info.get().into(),
                signature: signed.signature,
                issuer_chain,
            },
        }))
    }
}

/// A PCCS answers CRLs in hexadecimal where Intel answers DER.
fn der(bytes: &[u8]) -> Binary {
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
    match hex::decode(text) {
        Ok(decoded) if !decoded.is_empty() => Binary::new(decoded),
        _ => Binary::new(bytes.to_vec()),
    }
}

/// An issuer chain travels URL-encoded in a header.
fn header(response: &Response, name: &str) -> anyhow::Result<String> {
    let value = response
        .headers()
        .get(name)
        .with_context(|| format!("the answer has no header {name}"))?;
    percent_decode(value.as_bytes()).with_context(|| format!("header {name} is not URL-encoded text"))
}

fn percent_decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'%' => {
                let (digits, after) = rest.split_at_checked(2)?;
                rest = after;
                u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

// ---- posting ----

enum Verdict {
    Newer,
    Stored,
    Older,
    Refused(String),
}

impl Verdict {
    fn word(&self) -> &'static str {
        match self {
            Self::Newer => "newer",
            Self::Stored => "stored",
            Self::Older => "older",
            Self::Refused(_) => "refused",
        }
    }
}

struct Poster<'a> {
    config: &'a Config,
    chain: Chain,
    clock: Arc<ChainClock>,
    verifier: AccountId,
    identity: Identity,
    _lock: KeyLock,
}

impl<'a> Poster<'a> {
    async fn open(config: &'a Config, args: &SyncArgs) -> anyhow::Result<Self> {
        let signer = match &args.key {
            Some(name) => keys::keystore_config(&args.key_dir, name),
            None => config.signer.clone(),
        };
        let identity = open_signer(signer, &config.chain.bech32_prefix).await?;
        let lock = KeyLock::take(&config.tx.lock_dir, &config.chain.chain_id, identity.address.as_ref());
        let lock = lock.context("name another funded key with --key while the relayer runs")?;
        let clock = Arc::new(ChainClock::default());
        let chain = connect(config, clock.clone(), Arc::new(Metrics::new()?))?;
        chain.rpc().refresh().await;
        let verifier = args.verifier.parse::<AccountId>();
        Ok(Self {
            config,
            chain,
            clock,
            verifier: verifier.map_err(|error| anyhow::anyhow!("--verifier {}: {error}", args.verifier))?,
            identity,
            _lock: lock,
        })
    }

    async fn sender(&self) -> anyhow::Result<Sender> {
        let address = self.identity.address.clone();
        let account = self.chain.account(address.as_ref(), 0).await;
        let account = account.with_context(|| format!("{address} has no account yet; send it funds"))?;
        Ok(Sender {
            address,
            public_key: self.identity.public_key,
            account_number: account.number,
            sequence: account.sequence,
        })
    }

    fn unsigned(&self, pieces: &[&Piece], timeout_height: u64) -> anyhow::Result<Unsigned> {
        let messages: Vec<&ExecuteMsg> = pieces.iter().map(|piece| &piece.message).collect();
        let (chain, address) = (&self.config.chain, &self.identity.address);
        let tx = Unsigned::execute(
            &chain.chain_id,
            &chain.fee_denom,
            address,
            &self.verifier,
            &messages,
            timeout_height,
        );
        Ok(tx?)
    }

    async fn judge(&self, piece: &Piece) -> anyhow::Result<Verdict> {
        let bytes = self.unsigned(&[piece], 0)?.for_simulation(&self.sender().await?)?;
        match self.chain.simulate(&bytes).await {
            Ok(answer) if is_stored(&answer) => Ok(Verdict::Stored),
            Ok(_) => Ok(Verdict::Newer),
            Err(error @ RpcError::Query { .. }) => {
                let failure = error.failure();
                Ok(match failure.contract_code {
                    Some(NOT_NEWER) => Verdict::Older,
                    Some(_) => Verdict::Refused(failure.log),
                    None => return Err(error.into()),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn post(&self, pieces: &[Piece]) -> anyhow::Result<()> {
        let pieces: Vec<&Piece> = pieces.iter().collect();
        let sender = self.sender().await?;
        let height = self.clock.height().context("no endpoint answers")?;
        let timeout_height = height.saturating_add(self.config.tx.timeout_blocks);
        let unsigned = self.unsigned(&pieces, timeout_height)?;
        let simulation = self.chain.simulate(&unsigned.for_simulation(&sender)?).await?;
        let quote = self.config.gas.quote(simulation.gas_used, 0, 0)?;
        let signed = unsigned.sign(&sender, quote, self.identity.signer.as_ref())?;
        let answer = self.chain.rpc().broadcast(&signed.bytes).await?;
        if answer.code != 0 {
            bail!("not taken: {}", answer.log);
        }
        self.wait(&signed.hash, timeout_height).await?;
        println!("posted {} pieces in {}", pieces.len(), hex::encode_upper(signed.hash));
        Ok(())
    }

    async fn wait(&self, hash: &[u8; 32], timeout_height: u64) -> anyhow::Result<()> {
        loop {
            tokio::time::sleep(Duration::from_millis(self.config.tx.poll_ms)).await;
            self.chain.rpc().refresh().await;
            match self.chain.rpc().lookup(hash).await? {
                Lookup::Found(tx) if tx.code == 0 => return Ok(()),
                Lookup::Found(tx) => bail!("failed: {}", tx.log),
                Lookup::Missing { at_height } if at_height > timeout_height.saturating_add(2) => {
                    bail!("not included by height {timeout_height}; run it again")
                }
                Lookup::Missing { .. } => {}
            }
        }
    }
}

/// Whether the contract says it has this very document.
fn is_stored(simulation: &Simulation) -> bool {
    let kind = format!("wasm-{}", events::COLLATERAL);
    let unchanged = |event: &Event| {
        event
            .attributes
            .iter()
            .any(|a| a.key == "outcome" && a.value == "unchanged")
    };
    simulation
        .events
        .iter()
        .any(|event| event.kind == kind && unchanged(event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuer_chains_are_decoded() {
        let text = percent_decode(b"-----BEGIN%20CERTIFICATE-----%0AMIIC+a/b%3D%0A");
        assert_eq!(text.as_deref(), Some("-----BEGIN CERTIFICATE-----\nMIIC+a/b=\n"));
        for bad in [&b"%"[..], b"%4", b"%zz", b"%ff"] {
            assert_eq!(percent_decode(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn crls_are_taken_as_der_and_in_hexadecimal() {
        assert_eq!(der(b"3082\n"), Binary::from(&[0x30, 0x82]));
        assert_eq!(der(&[0x30, 0x82]), Binary::from(&[0x30, 0x82]));
        assert_eq!(der(b""), Binary::default());
    }

    #[test]
    fn signed_json_is_kept_byte_for_byte() {
        let answer = r#"{"tcbInfo":{"b": 1,  "a":2},"signature":"00ff"}"#;
        let signed: SignedTcbInfo = serde_json::from_str(answer).unwrap();
        assert_eq!(signed.tcb_info.get(), r#"{"b": 1,  "a":2}"#);
    }

    #[test]
    fn a_folder_without_bundles_is_told() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("readme.txt"), "x").unwrap();
        assert!(read_folder(dir.path()).is_err());
        std::fs::write(dir.path().join("a.json"), "{}").unwrap();
        let Err(error) = read_folder(dir.path()) else {
            panic!("read")
        };
        assert!(error.to_string().contains("a.json"));
    }

    #[test]
    fn a_bundle_gives_its_four_pieces_root_crl_first() {
        let bundle = serde_json::json!({
            "pck_crl_issuer_chain": "chain", "root_ca_crl": "3001", "pck_crl": "3002",
            "tcb_info_issuer_chain": "chain", "tcb_info": "{}", "tcb_info_signature": "00",
            "qe_identity_issuer_chain": "chain", "qe_identity": "{}", "qe_identity_signature": "00",
        });
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("platform.json"), bundle.to_string()).unwrap();
        let pieces = read_folder(dir.path()).unwrap();
        assert_eq!(pieces.len(), 4);
        assert!(matches!(pieces[0].message, ExecuteMsg::UpsertRootCrl { .. }));
    }
}
