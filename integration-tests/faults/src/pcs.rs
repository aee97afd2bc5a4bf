//! What Intel's Provisioning Certification Service answers, about the collateral of a synthetic PKI.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use anyhow::{Context, Result};
use tee_testkit::Collateral;

/// Serves until it is dropped.
pub struct Pcs {
    address: String,
    ended: Arc<AtomicBool>,
}

impl Pcs {
    /// Of one platform family, in both kinds of enclave.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(sgx: Collateral, tdx: Collateral, fmspc: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let ended = Arc::new(AtomicBool::new(false));
        let (over, fmspc) = (ended.clone(), fmspc.to_owned());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                serve(client, &sgx, &tdx, &fmspc).ok();
            }
        });
        Ok(Self { address, ended })
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Pcs {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the listener so that it sees.
        TcpStream::connect(&self.address).ok();
    }
}

/// Header, issuer chain, body.
type Answer = (&'static str, String, Vec<u8>);

fn serve(mut client: TcpStream, sgx: &Collateral, tdx: &Collateral, fmspc: &str) -> Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    let first = lines.next().context("nothing asked")??;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let target = first.split(' ').nth(1).context("no target")?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let of = if path.starts_with("/tdx/") { tdx } else { sgx };
    let answer = match path.split("/certification/v4/").nth(1) {
        // Intel keeps the root CRL elsewhere; a PCCS has it here, in hexadecimal.
        Some("rootcacrl") => Some(("X-Nothing", String::new(), hex::encode(&of.root_crl).into_bytes())),
        Some("pckcrl") => Some(("SGX-PCK-CRL-Issuer-Chain", of.ca_chain.clone(), of.pck_crl.clone())),
        Some("qe/identity") => Some(signed(
            "SGX-Enclave-Identity-Issuer-Chain",
            "enclaveIdentity",
            of,
            &of.qe_identity,
        )),
        Some("tcb") if query.contains(fmspc) => Some(signed("TCB-Info-Issuer-Chain", "tcbInfo", of, &of.tcb_info)),
        _ => None,
    };
    Ok(client.write_all(&http(answer))?)
}

fn signed(header: &'static str, name: &str, of: &Collateral, signed: &tee_testkit::collateral::Signed) -> Answer {
    let signature = hex::encode(signed.signature);
    let body = format!("{{\"{name}\":{},\"signature\":\"{signature}\"}}", signed.document);
    (header, of.signer_chain.clone(), body.into_bytes())
}

fn http(answer: Option<Answer>) -> Vec<u8> {
    let Some((header, chain, body)) = answer else {
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec();
    };
    let encode = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    let chain: String = chain.bytes().map(encode).collect();
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\n{header}: {chain}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    [head.into_bytes(), body].concat()
}
