//! Named places at which the process kills itself on demand, so that a test can prove that a crash there loses nothing and signs nothing twice.
//!
//! Always compiled in, so what is tested is what is shipped; active only when `WORKER_FAILPOINT=<name>[:n]` is set, and then the n-th pass (default the
//! first) ends the process by SIGKILL: no destructor, no flush.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::OnceLock;

use rustix::process::{getpid, kill_process, Signal};

/// Environment variable that activates one failpoint.
pub const ENV: &str = "WORKER_FAILPOINT";

/// Those on the way of a report, in the order in which it meets them.
pub const REPORT: [&str; 8] = [
    "ingest.before_commit",
    "ingest.after_commit",
    "statement.reserved",
    "window.before_commit",
    "window.after_commit",
    "statement.signed",
    "courier.posted",
    "courier.settled",
];

/// Those on the way of a served call into the book.
pub const SERVE: [&str; 2] = ["serve.before_commit", "serve.after_commit"];

/// Those on the way of a key epoch and of the jobs that outlive it, in order. The way of their statements ends as that of reports.
pub const EPOCH: [&str; 9] = [
    "epoch.pending",
    "epoch.key",
    "epoch.requested",
    "epoch.recorded",
    "epoch.enrolled",
    "link.reserved",
    "epoch.adopted",
    "job.after_commit",
    "epoch.destroyed",
];

struct Armed {
    name: String,
    left: AtomicU32,
}

fn armed() -> Option<&'static Armed> {
    static ARMED: OnceLock<Option<Armed>> = OnceLock::new();
    let load = || {
        let value = std::env::var(ENV).ok()?;
        let (name, count) = value.split_once(':').unwrap_or((&value, "1"));
        Some(Armed {
            name: name.into(),
            left: AtomicU32::new(count.parse().ok()?),
        })
    };
    ARMED.get_or_init(load).as_ref()
}

/// Dies here if this failpoint is armed and its count is reached.
pub fn hit(name: &str) {
    debug_assert!(
        REPORT.contains(&name) || SERVE.contains(&name) || EPOCH.contains(&name),
        "unlisted failpoint {name}"
    );
    let Some(armed) = armed().filter(|armed| armed.name == name) else {
        return;
    };
    if armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
        // Aborts if the signal cannot be sent, so that nothing runs on in any case.
        let _ = kill_process(getpid(), Signal::KILL);
        std::process::abort();
    }
}
