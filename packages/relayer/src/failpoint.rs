//! Named places at which the process kills itself on demand, so that a test can prove what a crash there costs.
//!
//! Always compiled in, so what is tested is what is shipped; active only when `RELAYER_FAILPOINT=<name>[:n]` is set, and
//! then the n-th pass (default the first) ends the process by SIGKILL: no destructor, no flush, no goodbye.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::OnceLock;

use rustix::process::{getpid, kill_process, Signal};
use thiserror::Error;

/// Environment variable that activates one failpoint.
pub const ENV: &str = "RELAYER_FAILPOINT";

/// A place at which the process can be made to die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failpoint {
    pub name: &'static str,
    /// Where in the pipeline.
    pub place: &'static str,
    /// What must be true after the process is started again.
    pub outcome: &'static str,
}

/// Every failpoint, in the order of the pipeline.
pub const ALL: &[Failpoint] = &[
    Failpoint {
        name: "mid_migration",
        place: "inside the transaction that brings the outbox to the current schema",
        outcome: "the outbox keeps its old schema; the next start migrates again",
    },
    Failpoint {
        name: "after_receive_before_commit",
        place: "a statement is verified, its outbox transaction is not committed",
        outcome:
            "the client got no answer and the statement is unknown; the client posts again and it takes effect once",
    },
    Failpoint {
        name: "after_commit_before_202",
        place: "a statement is committed, the client is not answered",
        outcome: "the statement goes on by itself; posting again answers 200 with its state",
    },
    Failpoint {
        name: "after_plan_before_simulate",
        place: "a batch is chosen",
        outcome: "nothing was written; the batch is planned again",
    },
    Failpoint {
        name: "after_simulate_before_reserve",
        place: "gas and fee of the batch are known",
        outcome: "nothing was written; the batch is planned again",
    },
    Failpoint {
        name: "after_reserve_before_sign",
        place: "inside the database transaction: the sequence is reserved, nothing is signed",
        outcome: "the database rolls back; sequence and statements are free",
    },
    Failpoint {
        name: "after_sign_before_store",
        place: "inside the database transaction: the transaction is signed, its bytes are not committed",
        outcome: "the database rolls back; the signed bytes never left the process, sequence and statements are free",
    },
    Failpoint {
        name: "after_store_before_broadcast",
        place: "the signed bytes are committed, nothing is sent",
        outcome: "the stored bytes are broadcast unchanged",
    },
    Failpoint {
        name: "after_broadcast_before_ack",
        place: "the bytes are with a node, its answer is not recorded",
        outcome: "the transaction is looked up by hash; the same bytes are sent again if it is not found",
    },
    Failpoint {
        name: "after_ack_before_lookup",
        place: "the node's answer is recorded, inclusion is not yet looked up",
        outcome: "the transaction is looked up by hash; nothing is signed anew",
    },
    Failpoint {
        name: "before_confirm_write",
        place: "inclusion and outcomes are known, not written",
        outcome: "they are read from the chain again",
    },
    Failpoint {
        name: "after_confirm_write",
        place: "outcomes are written, statements are Included, not yet Final",
        outcome: "statements become final by query; nothing is sent again",
    },
    Failpoint {
        name: "before_final_write",
        place: "enough confirmations are seen, Final is not written",
        outcome: "statements become final by query; nothing is sent again",
    },
    Failpoint {
        name: "after_final_write",
        place: "Final is written, nobody was told",
        outcome: "clients read the final state",
    },
    Failpoint {
        name: "before_release_write",
        place: "a transaction can no longer be included, its statements are not yet released",
        outcome: "they are released after the same checks again",
    },
    Failpoint {
        name: "after_release_write",
        place: "statements of a lost transaction are queued again",
        outcome: "they are planned into a new transaction",
    },
    Failpoint {
        name: "mid_flush",
        place: "SIGTERM: ingest is closed, the outbox is not checkpointed",
        outcome: "the write-ahead log is replayed; nothing is lost",
    },
];

struct Armed {
    name: &'static str,
    left: AtomicU32,
}

static ARMED: OnceLock<Option<Armed>> = OnceLock::new();

/// `RELAYER_FAILPOINT` names nothing that exists.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{ENV}={value}: no such failpoint; use NAME or NAME:COUNT with a name listed by `relayer failpoints`")]
pub struct BadFailpoint {
    value: String,
}

fn parse(value: &str) -> Result<(&'static str, u32), BadFailpoint> {
    let bad = || BadFailpoint { value: value.into() };
    let (name, count) = match value.split_once(':') {
        Some((name, count)) => (name, count.parse().ok().filter(|count| *count > 0).ok_or_else(bad)?),
        None => (value, 1),
    };
    let known = ALL.iter().find(|point| point.name == name).ok_or_else(bad)?;
    Ok((known.name, count))
}

/// Checks the environment variable, so that a misspelt name stops the start instead of testing nothing.
pub fn check_env() -> Result<Option<&'static str>, BadFailpoint> {
    match std::env::var(ENV) {
        Ok(value) if !value.is_empty() => parse(&value).map(|(name, _)| Some(name)),
        _ => Ok(None),
    }
}

fn armed() -> Option<&'static Armed> {
    let load = || {
        let (name, count) = parse(&std::env::var(ENV).ok()?).ok()?;
        Some(Armed {
            name,
            left: AtomicU32::new(count),
        })
    };
    ARMED.get_or_init(load).as_ref()
}

/// Dies here if this failpoint is armed and its count is reached.
pub fn hit(name: &'static str) {
    debug_assert!(ALL.iter().any(|point| point.name == name), "unlisted failpoint {name}");
    let Some(armed) = armed().filter(|armed| armed.name == name) else {
        return;
    };
    if armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
        eprintln!("failpoint {name}: killing this process");
        if kill_process(getpid(), Signal::KILL).is_err() {
            std::process::abort();
        }
        // SIGKILL is delivered before the next instruction of user code runs on this thread; never go on in any case.
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_and_without_a_count_are_read() {
        assert_eq!(parse("mid_flush").unwrap(), ("mid_flush", 1));
        assert_eq!(parse("mid_flush:7").unwrap(), ("mid_flush", 7));
    }

    #[test]
    fn anything_else_is_refused() {
        for value in [
            "",
            "nowhere",
            "mid_flush:",
            "mid_flush:0",
            "mid_flush:x",
            "mid_flush:-1",
        ] {
            assert!(parse(value).is_err(), "{value}");
        }
    }

    #[test]
    fn names_are_unique() {
        let names: std::collections::BTreeSet<_> = ALL.iter().map(|point| point.name).collect();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn every_failpoint_is_hit_somewhere_in_the_code() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let code = sources(std::path::Path::new(root));
        for point in ALL {
            assert!(
                code.contains(&format!("hit(\"{}\")", point.name)),
                "{} is never hit",
                point.name
            );
        }
    }

    fn sources(folder: &std::path::Path) -> String {
        let read = |path: std::path::PathBuf| match path.is_dir() {
            true => sources(&path),
            false => std::fs::read_to_string(path).unwrap(),
        };
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| read(entry.unwrap().path()))
            .collect()
    }
}
