//! One process per key: two that sign with one account would race for its sequence.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rustix::fs::{flock, FlockOperation};
use thiserror::Error;

/// The key is taken, or the lock file cannot be used.
#[derive(Debug, Error)]
pub enum LockError {
    #[error("another process uses this key (lock {0}); stop it, or give this one another key")]
    Taken(PathBuf),
    #[error("lock {0}: {1}")]
    File(PathBuf, std::io::Error),
}

/// Held for as long as it lives; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct KeyLock {
    _file: File,
}

impl KeyLock {
    /// Takes the key of `address` on `chain_id`. The same key on another chain has another sequence and another lock.
    ///
    /// # Errors
    /// [`LockError`].
    pub fn take(dir: &Path, chain_id: &str, address: &str) -> Result<Self, LockError> {
        let path = dir.join(format!("{}-{address}.lock", plain(chain_id)));
        let broken = |error: std::io::Error| LockError::File(path.clone(), error);
        fs::create_dir_all(dir).map_err(broken)?;
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(broken)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(LockError::Taken(path)),
            Err(error) => Err(LockError::File(path, error.into())),
        }
    }
}

fn plain(text: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_used_by_one_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let first = KeyLock::take(dir.path(), "c-1", "wasm1a").unwrap();
        assert!(matches!(
            KeyLock::take(dir.path(), "c-1", "wasm1a"),
            Err(LockError::Taken(_))
        ));
        KeyLock::take(dir.path(), "c-1", "wasm1b").unwrap();
        KeyLock::take(dir.path(), "c-2", "wasm1a").unwrap();
        drop(first);
        KeyLock::take(dir.path(), "c-1", "wasm1a").unwrap();
    }

    #[test]
    fn a_chain_id_cannot_leave_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let _lock = KeyLock::take(dir.path(), "../../x", "a").unwrap();
        assert!(dir.path().join("______x-a.lock").exists());
    }
}
