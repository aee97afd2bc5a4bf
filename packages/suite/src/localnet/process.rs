//! Processes that outlive the command that started them, and are ended only when they are surely the same.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{kill_process, Pid, Signal};
use serde::{Deserialize, Serialize};

/// How long a process may take to end by itself.
const GRACE: Duration = Duration::from_secs(10);

/// A process we started. The start time tells it from a later one that got the same id.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Process {
    pub pid: u32,
    /// Clock ticks from boot to its start (`/proc/<pid>/stat`, field 22).
    started: u64,
    /// What it is, for messages.
    pub name: String,
    pub log: PathBuf,
}

impl Process {
    /// Starts a program in its own process group, both outputs appended to `log`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let out = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| log.display().to_string())?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            // Ctrl-C in the terminal is for the command, not for the chain it started.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))?;
        let pid = child.id();
        let started = stat(pid).map(|s| s.started).unwrap_or_default();
        Ok(Self {
            pid,
            started,
            name: name.to_owned(),
            log: log.to_owned(),
        })
    }

    /// Processes of these programs that were told to work under `home`: those of a chain whose own record of them is lost.
    #[must_use]
    pub fn under(home: &Path, programs: &[&str]) -> Vec<Self> {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let pids = entries.filter_map(|e| e.file_name().to_str()?.parse().ok());
        pids.filter_map(|pid| Self::told(pid, home, programs)).collect()
    }

    fn told(pid: u32, home: &Path, programs: &[&str]) -> Option<Self> {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let args: Vec<_> = line.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
        let name = Path::new(args.first()?.as_ref()).file_name()?.to_str()?.to_owned();
        let ours =
            programs.contains(&name.as_str()) && args.iter().skip(1).any(|a| Path::new(a.as_ref()).starts_with(home));
        let started = stat(pid)?.started;
        ours.then_some(Self {
            pid,
            started,
            name,
            log: PathBuf::new(),
        })
    }

    /// Whether it still runs.
    #[must_use]
    pub fn alive(&self) -> bool {
        stat(self.pid).is_some_and(|s| s.started == self.started && s.state != 'Z')
    }

    /// Ends it: asks first, insists after ten seconds. Does nothing when it is gone already.
    ///
    /// # Errors
    /// When the signal may not be sent.
    pub fn stop(&self) -> Result<()> {
        self.signal(Signal::TERM)?;
        let until = Instant::now() + GRACE;
        while self.alive() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.signal(Signal::KILL)
    }

    /// Last lines of its log.
    #[must_use]
    pub fn log_tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().rev().take(15).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else {
            return Ok(());
        };
        if self.alive() {
            match kill_process(pid, signal) {
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => return Err(error).with_context(|| format!("cannot end {} ({})", self.name, self.pid)),
            }
        }
        Ok(())
    }
}

struct Stat {
    state: char,
    started: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the name in brackets, which may itself hold brackets and spaces.
    let (_, rest) = text.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some(Stat {
        state,
        started: fields.nth(18)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper(log: &Path) -> Process {
        Process::spawn("sleeper", Command::new("sleep").arg("60"), log).unwrap()
    }

    fn log(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("lex-process-{name}-{}", std::process::id()))
    }

    #[test]
    fn a_process_is_stopped_and_stopping_twice_is_harmless() {
        let process = sleeper(&log("stop"));
        assert!(process.alive());
        process.stop().unwrap();
        assert!(!process.alive());
        process.stop().unwrap();
    }

    #[test]
    fn lost_processes_are_found_by_the_directory_they_work_in() {
        let home = log("lost");
        std::fs::create_dir_all(&home).unwrap();
        let pipe = home.join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        // Waits for somebody to write, as long as it takes.
        let process = Process::spawn("tail", Command::new("tail").arg("-f").arg(&pipe), &log("tail")).unwrap();
        let elsewhere = home.with_extension("other");
        let found = |dir: &Path, program: &str| {
            Process::under(dir, &[program])
                .iter()
                .map(|p| p.pid)
                .collect::<Vec<_>>()
        };
        // A process just started has no command line for a moment.
        while found(&home, "tail").is_empty() && process.alive() {
            std::thread::yield_now();
        }
        assert_eq!(found(&home, "tail"), [process.pid]);
        assert!(found(&home, "wasmd").is_empty());
        assert!(found(&elsewhere, "tail").is_empty());
        process.stop().unwrap();
        std::fs::remove_dir_all(&home).unwrap();
    }

    #[test]
    fn a_recycled_id_is_left_alone() {
        let process = sleeper(&log("recycled"));
        let stale = Process {
            started: process.started.wrapping_sub(1),
            ..process.clone()
        };
        assert!(!stale.alive());
        stale.stop().unwrap();
        assert!(process.alive());
        process.stop().unwrap();
    }
}
