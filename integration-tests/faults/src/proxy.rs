//! A node's RPC port that loses broadcasts. Everything else is passed on to the real node behind it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{json, Value};

/// One broadcast in this many is lost where losses are asked for: ten per cent.
const ONE_IN: u64 = 10;
/// A node that does not answer for this long is not asked any longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What becomes of broadcasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// They reach the node.
    Pass,
    /// They are answered well and forgotten: a node whose transactions no block includes.
    Forget,
    /// One of every ten is lost, the seed says which. In turn it is lost on its way to the node, and on the answer's way back.
    Lossy { seed: u64 },
}

/// What became of broadcasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub broadcasts: u64,
    pub forgotten: u64,
    /// Lost before they reached the node.
    pub requests_lost: u64,
    /// The node has them; its answer was lost.
    pub answers_lost: u64,
}

#[derive(Clone, Copy)]
enum Fate {
    Pass,
    Forget,
    LoseRequest,
    LoseAnswer,
}

struct State {
    policy: Policy,
    seen: Seen,
}

impl State {
    fn fate(&mut self) -> Fate {
        let number = self.seen.broadcasts;
        self.seen.broadcasts += 1;
        match self.policy {
            Policy::Pass => Fate::Pass,
            Policy::Forget => {
                self.seen.forgotten += 1;
                Fate::Forget
            }
            Policy::Lossy { seed } => {
                let ten = number / ONE_IN;
                if scrambled(seed.wrapping_add(ten)) % ONE_IN != number % ONE_IN {
                    return Fate::Pass;
                }
                if ten.is_multiple_of(2) {
                    self.seen.requests_lost += 1;
                    Fate::LoseRequest
                } else {
                    self.seen.answers_lost += 1;
                    Fate::LoseAnswer
                }
            }
        }
    }
}

/// SplitMix64.
fn scrambled(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Serves until it is dropped.
pub struct Proxy {
    address: String,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
}

impl Proxy {
    /// In front of the node at `http://…`.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(node: &str) -> Result<Self> {
        let node = node.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let state = Arc::new(Mutex::new(State {
            policy: Policy::Pass,
            seen: Seen::default(),
        }));
        let ended = Arc::new(AtomicBool::new(false));
        let (shared, over) = (state.clone(), ended.clone());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (node, state) = (node.clone(), shared.clone());
                // A connection that breaks is what this is for.
                std::thread::spawn(move || serve(client, &node, &state).ok());
            }
        });
        Ok(Self { address, state, ended })
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From the next broadcast on; counts begin anew.
    pub fn set(&self, policy: Policy) {
        *lock(&self.state) = State {
            policy,
            seen: Seen::default(),
        };
    }

    #[must_use]
    pub fn seen(&self) -> Seen {
        lock(&self.state).seen
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the listener so that it sees.
        TcpStream::connect(&self.address).ok();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request, one answer, one connection.
fn serve(mut client: TcpStream, node: &str, state: &Mutex<State>) -> Result<()> {
    client.set_read_timeout(Some(PATIENCE))?;
    let body = read_body(&mut client)?;
    let request: Value = serde_json::from_slice(&body)?;
    let fate = if request["method"] == "broadcast_tx_sync" {
        lock(state).fate()
    } else {
        Fate::Pass
    };
    match fate {
        Fate::Pass => client.write_all(&ask(node, &body)?)?,
        Fate::Forget => client.write_all(&taken(&request["id"]))?,
        Fate::LoseRequest => {}
        Fate::LoseAnswer => drop(ask(node, &body)?),
    }
    Ok(())
}

fn read_body(client: &mut TcpStream) -> Result<Vec<u8>> {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    let end = |read: &[u8]| read.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    let head = loop {
        if let Some(head) = end(&read) {
            break head;
        }
        let count = client.read(&mut buffer)?;
        anyhow::ensure!(count > 0, "the client left");
        read.extend_from_slice(&buffer[..count]);
    };
    let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.context("a request without length")?.trim().parse()?;
    let mut body = read.split_off(head);
    let missing = length.saturating_sub(body.len());
    let at = body.len();
    body.resize(at + missing, 0);
    client.read_exact(&mut body[at..])?;
    Ok(body)
}

/// The node's whole answer, head and all.
fn ask(node: &str, body: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(node)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {node}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// What a node says that takes a transaction.
fn taken(id: &Value) -> Vec<u8> {
    let result = json!({ "code": 0, "data": "", "log": "", "codespace": "", "hash": "" });
    let body = json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string();
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_every_ten_is_lost_half_of_them_on_either_way_and_the_seed_says_which() {
        let fates = |seed| {
            let mut state = State {
                policy: Policy::Lossy { seed },
                seen: Seen::default(),
            };
            let lost = |fate| matches!(fate, Fate::LoseRequest | Fate::LoseAnswer);
            let fates: Vec<bool> = (0..200).map(|_| lost(state.fate())).collect();
            (fates, state.seen)
        };
        let (lost, seen) = fates(1);
        assert_eq!((seen.broadcasts, seen.requests_lost, seen.answers_lost), (200, 10, 10));
        assert!(lost.chunks(10).all(|ten| ten.iter().filter(|lost| **lost).count() == 1));
        assert_eq!(fates(1).0, lost);
        assert_ne!(fates(2).0, lost);
    }
}
