//! A signer behind a Unix socket, and a small reference server for it.
//!
//! Each frame is a big-endian `u32` length and that many bytes of JSON. Requests: `{"public_key":{}}`,
//! `{"sign":{"doc":"<base64 of the SignDoc>"}}`. Answers: `{"public_key":"<base64>"}`, `{"signature":"<base64>"}`,
//! `{"error":"<why>"}`. The server decodes what it is asked to sign and refuses anything but executions of the contracts
//! it is told to serve, so a stolen socket cannot move funds.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cosmrs::crypto::PublicKey;
use cosmrs::proto::cosmos::tx::v1beta1::{SignDoc, TxBody};
use cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContract;
use cosmrs::proto::traits::Message;
use cosmwasm_std::Binary;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{SignerError, TxSigner};

/// Longest frame, bytes; a block's transaction fits.
const MAX_FRAME: usize = 2 * 1024 * 1024;
/// A signer that takes longer is treated as unreachable.
const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    PublicKey {},
    Sign { doc: Binary },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    PublicKey(Binary),
    Signature(Binary),
    Error(String),
}

fn remote(error: impl ToString) -> SignerError {
    SignerError::Remote(error.to_string())
}

fn write_frame<T: Serialize>(stream: &mut UnixStream, value: &T) -> std::io::Result<()> {
    let bytes = serde_json::to_vec(value)?;
    let length = u32::try_from(bytes.len()).map_err(std::io::Error::other)?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&bytes)
}

fn read_frame<T: DeserializeOwned>(stream: &mut UnixStream) -> std::io::Result<T> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_FRAME {
        return Err(std::io::Error::other(format!(
            "a frame of {length} bytes, at most {MAX_FRAME}"
        )));
    }
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Asks a signer behind a socket; connects anew for each request, so a restarted signer is found again.
#[derive(Debug)]
pub struct RemoteSigner {
    socket: PathBuf,
    public_key: PublicKey,
}

impl RemoteSigner {
    /// Reaches the signer and learns its key.
    ///
    /// # Errors
    /// [`SignerError::Remote`].
    pub fn connect(socket: &Path) -> Result<Self, SignerError> {
        match ask(socket, &Request::PublicKey {})? {
            Answer::PublicKey(bytes) => Ok(Self {
                socket: socket.into(),
                public_key: public_key(&bytes)?,
            }),
            other => Err(refused(other)),
        }
    }
}

fn public_key(bytes: &[u8]) -> Result<PublicKey, SignerError> {
    let key = k256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).map_err(remote)?;
    Ok(PublicKey::from(key))
}

fn refused(answer: Answer) -> SignerError {
    match answer {
        Answer::Error(reason) => remote(reason),
        _ => remote("an answer to another question"),
    }
}

fn ask(socket: &Path, request: &Request) -> Result<Answer, SignerError> {
    let ask = || {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        write_frame(&mut stream, request)?;
        read_frame(&mut stream)
    };
    ask().map_err(|error: std::io::Error| remote(format!("{}: {error}", socket.display())))
}

impl TxSigner for RemoteSigner {
    fn public_key(&self) -> PublicKey {
        self.public_key
    }

    fn sign(&self, sign_doc: &[u8]) -> Result<[u8; 64], SignerError> {
        let request = Request::Sign {
            doc: Binary::from(sign_doc),
        };
        match ask(&self.socket, &request)? {
            Answer::Signature(bytes) => self.checked(sign_doc, &bytes),
            other => Err(refused(other)),
        }
    }
}

impl RemoteSigner {
    /// A wrong signature would only show when the chain refuses the transaction.
    fn checked(&self, sign_doc: &[u8], bytes: &[u8]) -> Result<[u8; 64], SignerError> {
        use k256::ecdsa::signature::Verifier;
        let key = k256::ecdsa::VerifyingKey::from_sec1_bytes(&self.public_key.to_bytes()).map_err(remote)?;
        let signature = k256::ecdsa::Signature::from_slice(bytes).map_err(remote)?;
        key.verify(sign_doc, &signature)
            .map_err(|_| remote("its signature does not verify"))?;
        bytes.try_into().map_err(remote)
    }
}

/// What the server signs.
#[derive(Clone, Debug)]
pub struct RemotePolicy {
    pub chain_id: String,
    /// Contracts that may be executed, without funds.
    pub contracts: Vec<String>,
}

impl RemotePolicy {
    /// Accepts a `SignDoc` whose messages all execute a listed contract on the chain, without funds.
    fn check(&self, doc: &[u8]) -> Result<(), String> {
        let doc = SignDoc::decode(doc).map_err(|error| error.to_string())?;
        if doc.chain_id != self.chain_id {
            return Err(format!("chain {} is not served", doc.chain_id));
        }
        let body = TxBody::decode(doc.body_bytes.as_slice()).map_err(|error| error.to_string())?;
        match body.messages.is_empty() {
            true => Err("no messages".into()),
            false => body
                .messages
                .iter()
                .try_for_each(|message| self.check_message(&message.type_url, &message.value)),
        }
    }

    fn check_message(&self, type_url: &str, value: &[u8]) -> Result<(), String> {
        if type_url != "/cosmwasm.wasm.v1.MsgExecuteContract" {
            return Err(format!("{type_url} is not served"));
        }
        let message = MsgExecuteContract::decode(value).map_err(|error| error.to_string())?;
        if !message.funds.is_empty() {
            return Err("funds are attached".into());
        }
        match self.contracts.contains(&message.contract) {
            true => Ok(()),
            false => Err(format!("contract {} is not served", message.contract)),
        }
    }
}

/// Serves one key on a socket that only its owner may use, one request after another, until the process ends.
///
/// # Errors
/// When the socket cannot be made.
pub fn serve(socket: &Path, signer: &dyn TxSigner, policy: &RemotePolicy) -> std::io::Result<()> {
    let listener = bind(socket)?;
    for stream in listener.incoming() {
        if let Err(error) = stream.and_then(|stream| answer(stream, signer, policy)) {
            tracing::warn!(%error, "request failed");
        }
    }
    Ok(())
}

/// Binds in a way that no other user can connect even for a moment: the socket is renamed into place when it is closed
/// to others.
fn bind(socket: &Path) -> std::io::Result<UnixListener> {
    let mut name = socket.as_os_str().to_owned();
    name.push(".new");
    let fresh = PathBuf::from(name);
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&fresh)?;
    std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&fresh, socket)?;
    Ok(listener)
}

fn answer(mut stream: UnixStream, signer: &dyn TxSigner, policy: &RemotePolicy) -> std::io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let answer = match read_frame(&mut stream)? {
        Request::PublicKey {} => Answer::PublicKey(signer.public_key().to_bytes().into()),
        Request::Sign { doc } => match policy.check(&doc).map(|()| signer.sign(&doc)) {
            Ok(Ok(signature)) => Answer::Signature(Binary::from(&signature)),
            Ok(Err(error)) => Answer::Error(error.to_string()),
            Err(reason) => Answer::Error(reason),
        },
    };
    write_frame(&mut stream, &answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fee::Quote;
    use crate::signer::LocalKey;
    use crate::tx::{Sender, Unsigned};
    use cosmrs::AccountId;

    const QUOTE: Quote = Quote { gas_limit: 1, fee: 1 };

    fn local() -> LocalKey {
        LocalKey::from_secret(&[9; 32]).unwrap()
    }

    fn contract(n: u8) -> AccountId {
        AccountId::new("wasm", &[n; 32]).unwrap()
    }

    fn transaction(chain_id: &str, contract: &AccountId) -> (Unsigned, Sender) {
        let public_key = local().public_key();
        let address = public_key.account_id("wasm").unwrap();
        let tx = Unsigned::execute(chain_id, "stake", &address, contract, &["go"], 0).unwrap();
        let sender = Sender {
            address,
            public_key,
            account_number: 0,
            sequence: 0,
        };
        (tx, sender)
    }

    fn server() -> (tempfile::TempDir, RemoteSigner) {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("signer.sock");
        let policy = RemotePolicy {
            chain_id: "c-1".into(),
            contracts: vec![contract(1).to_string()],
        };
        let at = socket.clone();
        std::thread::spawn(move || serve(&at, &local(), &policy));
        let connected = (0..200).find_map(|_| {
            std::thread::sleep(Duration::from_millis(10));
            RemoteSigner::connect(&socket).ok()
        });
        (dir, connected.unwrap())
    }

    #[test]
    fn a_remote_signature_is_the_local_one() {
        let (_dir, signer) = server();
        let (tx, sender) = transaction("c-1", &contract(1));
        assert_eq!(signer.public_key(), local().public_key());
        assert_eq!(
            tx.sign(&sender, QUOTE, &signer).unwrap(),
            tx.sign(&sender, QUOTE, &local()).unwrap()
        );
    }

    #[test]
    fn other_chains_and_contracts_are_not_signed_for() {
        let (_dir, signer) = server();
        for (chain, contract, word) in [("c-2", contract(1), "c-2"), ("c-1", contract(2), "is not served")] {
            let (tx, sender) = transaction(chain, &contract);
            let error = tx.sign(&sender, QUOTE, &signer).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn garbage_is_not_signed() {
        let (_dir, signer) = server();
        assert!(signer.sign(b"pay me").is_err());
        assert!(signer.sign(&[]).is_err());
    }

    #[test]
    fn only_the_owner_may_connect() {
        let (dir, _signer) = server();
        let mode = std::fs::metadata(dir.path().join("signer.sock"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_signer_that_is_gone_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(RemoteSigner::connect(&dir.path().join("none.sock")).is_err());
    }
}
