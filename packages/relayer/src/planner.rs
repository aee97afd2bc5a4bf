//! Which statements go next. Pure: no clock, no database, no chain.
//!
//! A chain of statements is posted in order of `seq`, each naming the digest of the one before. Given where a chain
//! stands on the contract and what the outbox holds of it, [`order`] says what each statement is waiting for; [`pick`]
//! then fills a batch from the ready ones of all chains in turn, so that no chain starves another.

use attestation::Digest;
use sha2::{Digest as _, Sha256};

/// How far ahead of the chain's clock a window may end when its statement is posted, seconds. The contract's rule.
pub const FUTURE_WINDOW: u64 = 60;

/// Where a chain stands on the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub last_seq: u64,
    /// What the next statement must name as its parent.
    pub last_digest: Digest,
}

/// What the planner needs to know of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Row in the outbox; lower was received earlier.
    pub id: i64,
    pub seq: u64,
    pub digest: Digest,
    pub prev_digest: Digest,
    pub window_end: u64,
    /// Bytes it adds to a transaction.
    pub size: usize,
    /// Whether the outbox has it as queued already.
    pub queued: bool,
}

/// What becomes of a statement in this round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The contract has a statement at this place: ask which.
    Reconcile,
    /// Can go now, after the ready ones before it.
    Ready,
    /// Its window ends too far in the future; posted now, it would be void.
    Early,
    /// It names another parent than the contract's last statement: a fork.
    WrongParent,
    /// The statement with this seq is missing.
    Missing(u64),
    /// Another statement stands at the same place and goes first.
    Rival,
    /// Waits for one before it that is early, a fork or a rival.
    Behind,
}

/// Decides for every statement of one chain. `candidates` are sorted by (seq, id); `now` is the chain's clock.
///
/// Ready statements have consecutive seqs from `head.last_seq + 1` and each names its predecessor.
pub fn order(head: &Head, candidates: &[Candidate], now: u64) -> Vec<Decision> {
    let mut walk = Walk {
        next: head.last_seq.saturating_add(1),
        parent: head.last_digest,
        stopped: false,
    };
    let first = walk.next;
    candidates
        .chunk_by(|a, b| a.seq == b.seq)
        .flat_map(|rivals| walk.place(first, rivals, now))
        .collect()
}

struct Walk {
    /// Seq the next ready statement must have.
    next: u64,
    parent: Digest,
    /// Something at an earlier place holds the rest back.
    stopped: bool,
}

impl Walk {
    /// Decides for all statements at one place.
    fn place(&mut self, first: u64, rivals: &[Candidate], now: u64) -> Vec<Decision> {
        let seq = rivals.first().map_or(0, |rival| rival.seq);
        if seq < first {
            return vec![Decision::Reconcile; rivals.len()];
        }
        if self.stopped {
            return vec![Decision::Behind; rivals.len()];
        }
        if seq > self.next {
            return vec![Decision::Missing(self.next); rivals.len()];
        }
        self.choose(first, rivals, now)
    }

    /// The first with the right parent goes. A wrong parent is final only where the parent is on the contract: further
    /// on, the right parent may be a rival of the one chosen here.
    fn choose(&mut self, first: u64, rivals: &[Candidate], now: u64) -> Vec<Decision> {
        let chosen = rivals.iter().position(|rival| rival.prev_digest == self.parent);
        let loser = |rival: &Candidate| match rival.prev_digest == self.parent {
            true => Decision::Rival,
            false if rival.seq == first => Decision::WrongParent,
            false => Decision::Behind,
        };
        let mut decisions: Vec<_> = rivals.iter().map(loser).collect();
        let winner = chosen.and_then(|index| Some((rivals.get(index)?, decisions.get_mut(index)?)));
        match winner {
            Some((winner, decision)) if winner.window_end <= now.saturating_add(FUTURE_WINDOW) => {
                *decision = Decision::Ready;
                self.next = self.next.saturating_add(1);
                self.parent = winner.digest;
            }
            Some((_, decision)) => {
                *decision = Decision::Early;
                self.stopped = true;
            }
            None => self.stopped = true,
        }
        decisions
    }
}

/// Whose turn it is among several relayers: the place of `own` among all of them in the order of H(digest ‖ relayer), from 0.
///
/// No leader: each statement ranks them anew, and all that know the same relayers agree. `digest` is that of a chain's next
/// statement; what stands behind it goes with it.
pub fn rank(digest: &Digest, own: &str, peers: &[String]) -> u32 {
    let place = |relayer: &str| -> Digest {
        Sha256::new()
            .chain_update(digest)
            .chain_update(relayer)
            .finalize()
            .into()
    };
    let mine = place(own);
    let before = peers.iter().filter(|peer| *peer != own && place(peer) < mine).count();
    u32::try_from(before).unwrap_or(u32::MAX)
}

/// Bounds of one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub count: usize,
    pub bytes: usize,
}

/// Fills a batch from the ready statements of all chains, one of each chain in turn, keeping the order of each chain.
///
/// The first statement is taken whatever its size: alone it is as small as it gets, and the chain has the last word.
pub fn pick(chains: &[Vec<Candidate>], limits: Limits) -> Vec<Candidate> {
    let longest = chains.iter().map(Vec::len).max().unwrap_or(0);
    let mut closed = vec![false; chains.len()];
    let mut batch: Vec<Candidate> = Vec::new();
    let mut bytes = 0usize;
    for place in 0..longest {
        for (chain, closed) in chains.iter().zip(closed.iter_mut()) {
            let Some(candidate) = chain.get(place).filter(|_| !*closed) else {
                continue;
            };
            if batch.len() >= limits.count {
                return batch;
            }
            let total = bytes.saturating_add(candidate.size);
            if total > limits.bytes && !batch.is_empty() {
                *closed = true;
                continue;
            }
            bytes = total;
            batch.push(candidate.clone());
        }
    }
    batch
}

#[cfg(test)]
#[path = "planner_tests.rs"]
mod tests;
