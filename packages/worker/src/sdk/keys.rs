//! Keys that live inside the trusted environment.
//!
//! Every key epoch has a key pair of its own, made here and never anywhere else. A key ring is a folder with one file per live key, named after its public
//! key; on real hardware it lies on storage that only the measured environment can open. A key is destroyed once nothing is left for it to sign.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use attestation::{Digest, PublicKey, Scheme};
use ed25519_dalek::{Signer, SigningKey};
use rand_core::{OsRng, RngCore};
use rustix::fs::{flock, FlockOperation};
use serde::{Deserialize, Serialize};
use x25519_dalek::StaticSecret;

use crate::{Error, Result};

/// Pause between two attempts at a lock another process holds.
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(100);

/// 32 bytes from the operating system.
pub fn random_seed() -> [u8; 32] {
    let mut seed = [0; 32];
    OsRng.fill_bytes(&mut seed);
    seed
}

/// Signs statements (Ed25519), and holds the X25519 key to which job inputs are encrypted.
pub struct StatementKey {
    signing: SigningKey,
    encryption: StaticSecret,
}

/// How a [`StatementKey`] lies in its file: two seeds in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    ed25519: String,
    x25519: String,
}

impl StatementKey {
    /// The key of two seeds.
    pub fn from_seeds(ed25519: &[u8; 32], x25519: [u8; 32]) -> Self {
        Self {
            signing: SigningKey::from_bytes(ed25519),
            encryption: StaticSecret::from(x25519),
        }
    }

    /// A fresh key.
    pub fn generate() -> Self {
        Self::from_seeds(&random_seed(), random_seed())
    }

    /// The key that is enrolled.
    ///
    /// # Errors
    /// Never for a key made from a seed.
    pub fn public(&self) -> Result<PublicKey> {
        PublicKey::new(Scheme::Ed25519, self.signing.verifying_key().as_bytes()).map_err(|e| Error::Key(e.to_string()))
    }

    /// The 32 bytes of [`Self::public`], by which a ring knows the key.
    pub fn id(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// The X25519 key that is enrolled beside it.
    pub fn encryption_public(&self) -> [u8; 32] {
        x25519_dalek::PublicKey::from(&self.encryption).to_bytes()
    }

    /// Signs a digest. Deterministic: the same digest always has the same 64 bytes.
    pub fn sign(&self, digest: &Digest) -> [u8; 64] {
        self.signing.sign(digest).to_bytes()
    }

    fn to_file(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&KeyFile {
            ed25519: hex::encode(self.signing.to_bytes()),
            x25519: hex::encode(self.encryption.to_bytes()),
        })?)
    }

    fn from_file(path: &Path, text: &str) -> Result<Self> {
        let malformed = || Error::Key(format!("{} is not a statement key file", path.display()));
        let file: KeyFile = serde_json::from_str(text).map_err(|_| malformed())?;
        let (mut ed25519, mut x25519) = ([0; 32], [0; 32]);
        hex::decode_to_slice(&file.ed25519, &mut ed25519).map_err(|_| malformed())?;
        hex::decode_to_slice(&file.x25519, &mut x25519).map_err(|_| malformed())?;
        Ok(Self::from_seeds(&ed25519, x25519))
    }
}

/// The statement keys of one gateway or worker.
#[derive(Clone, Debug)]
pub struct KeyRing {
    folder: PathBuf,
}

/// Held while something is done that two processes with one ring must not do at a time. Ends with the process, however that ends.
#[derive(Debug)]
pub struct RingLock {
    _file: File,
}

impl KeyRing {
    /// The ring in `folder`, made if missing.
    ///
    /// # Errors
    /// [`Error::File`], and [`Error::Key`] when it is no folder or others may look into it.
    pub fn open(folder: &Path) -> Result<Self> {
        let ring = Self {
            folder: folder.to_owned(),
        };
        if !folder.exists() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(Error::file(folder))?;
        }
        let metadata = fs::metadata(folder).map_err(Error::file(folder))?;
        if !metadata.is_dir() {
            return Err(Error::Key(format!(
                "{} is a file; statement keys lie in a folder, one file each",
                folder.display()
            )));
        }
        refuse_public(folder, &metadata, "chmod 700")?;
        Ok(ring)
    }

    /// Keeps a key. It is on the disk when this returns, or not there at all.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn put(&self, key: &StatementKey) -> Result<()> {
        let (path, draft) = (self.path(&key.id()), self.folder.join("draft"));
        // What a crash left of another key goes; its mode would stay.
        match fs::remove_file(&draft) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Error::file(&draft)(error)),
            _ => create_private(&draft, &key.to_file()?)?,
        }
        fs::rename(&draft, &path).map_err(Error::file(&path))?;
        self.sync()
    }

    /// The key with this public key, if it is here.
    ///
    /// # Errors
    /// [`Error::File`], and [`Error::Key`] when its file is damaged or others may read it.
    pub fn get(&self, id: &[u8]) -> Result<Option<StatementKey>> {
        let path = self.path(id);
        if !path.exists() {
            return Ok(None);
        }
        let key = StatementKey::from_file(&path, &read_private(&path)?)?;
        match key.id() == id {
            true => Ok(Some(key)),
            false => Err(Error::Key(format!("{} holds another key", path.display()))),
        }
    }

    /// Destroys a key: its file is overwritten, then removed. Nothing happens if it is not here.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn destroy(&self, id: &[u8]) -> Result<()> {
        let path = self.path(id);
        if !path.exists() {
            return Ok(());
        }
        overwrite(&path).map_err(Error::file(&path))?;
        fs::remove_file(&path).map_err(Error::file(&path))?;
        self.sync()
    }

    /// Waits until no other process begins an epoch with this ring.
    ///
    /// # Errors
    /// [`Error::File`].
    pub async fn lock(&self) -> Result<RingLock> {
        loop {
            match self.try_lock("lock")? {
                Some(lock) => return Ok(lock),
                None => tokio::time::sleep(LOCK_PAUSE).await,
            }
        }
    }

    /// Takes the lock called `name` unless another process holds it.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn try_lock(&self, name: &str) -> Result<Option<RingLock>> {
        let path = self.folder.join(name);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(Error::file(&path))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(RingLock { _file: file })),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(Error::file(&path)(error.into())),
        }
    }

    fn path(&self, id: &[u8]) -> PathBuf {
        self.folder.join(format!("{}.key", hex::encode(id)))
    }

    /// Names in the folder are on the disk.
    fn sync(&self) -> Result<()> {
        File::open(&self.folder)
            .and_then(|folder| folder.sync_all())
            .map_err(Error::file(&self.folder))
    }
}

fn overwrite(path: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = fs::metadata(path)?.len();
    std::io::copy(&mut std::io::repeat(0).take(length), &mut file)?;
    file.sync_all()
}

/// Creates a file that only its owner can read.
pub(crate) fn create_private(path: &Path, text: &str) -> Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::file(path))?;
    writeln!(file, "{text}")
        .and_then(|()| file.sync_all())
        .map_err(Error::file(path))
}

/// Reads a file, refusing one that others can read.
pub(crate) fn read_private(path: &Path) -> Result<String> {
    let metadata = fs::metadata(path).map_err(Error::file(path))?;
    refuse_public(path, &metadata, "chmod 600")?;
    fs::read_to_string(path).map_err(Error::file(path))
}

fn refuse_public(path: &Path, metadata: &fs::Metadata, remedy: &str) -> Result<()> {
    let mode = metadata.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(Error::Key(format!(
        "{} can be read by others (mode {:o}); run {remedy}",
        path.display(),
        mode & 0o777
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> (tempfile::TempDir, KeyRing) {
        let dir = tempfile::tempdir().unwrap();
        let ring = KeyRing::open(&dir.path().join("keys")).unwrap();
        (dir, ring)
    }

    #[test]
    fn a_key_survives_its_file() {
        let (_dir, ring) = ring();
        let created = StatementKey::generate();
        ring.put(&created).unwrap();
        let loaded = ring.get(&created.id()).unwrap().unwrap();
        assert_eq!(created.public().unwrap(), loaded.public().unwrap());
        assert_eq!(created.encryption_public(), loaded.encryption_public());
        assert_eq!(created.sign(&[1; 32]), loaded.sign(&[1; 32]));
        assert!(ring.get(&[7; 32]).unwrap().is_none());
    }

    #[test]
    fn keys_are_never_the_same() {
        assert_ne!(StatementKey::generate().id(), StatementKey::generate().id());
    }

    #[test]
    fn a_destroyed_key_leaves_neither_name_nor_content() {
        let (_dir, ring) = ring();
        let (key, other) = (StatementKey::generate(), StatementKey::generate());
        ring.put(&key).unwrap();
        ring.put(&other).unwrap();
        // A second name for the same file shows what is left of its content.
        let trace = ring.folder.join("trace");
        fs::hard_link(ring.path(&key.id()), &trace).unwrap();
        ring.destroy(&key.id()).unwrap();
        ring.destroy(&key.id()).unwrap();
        assert!(ring.get(&key.id()).unwrap().is_none());
        assert!(fs::read(&trace).unwrap().iter().all(|byte| *byte == 0));
        assert!(ring.get(&other.id()).unwrap().is_some());
    }

    #[test]
    fn what_a_crash_leaves_of_a_key_is_no_key() {
        let (_dir, ring) = ring();
        fs::write(ring.folder.join("draft"), "{ \"ed2").unwrap();
        let key = StatementKey::generate();
        assert!(ring.get(&key.id()).unwrap().is_none());
        ring.put(&key).unwrap();
        assert!(ring.get(&key.id()).unwrap().is_some());
    }

    #[test]
    fn a_key_under_a_wrong_name_is_refused() {
        let (_dir, ring) = ring();
        let (key, other) = (StatementKey::generate(), StatementKey::generate());
        ring.put(&key).unwrap();
        fs::rename(ring.path(&key.id()), ring.path(&other.id())).unwrap();
        assert!(matches!(ring.get(&other.id()), Err(Error::Key(_))));
    }

    #[test]
    fn what_others_can_read_is_refused() {
        let (dir, ring) = ring();
        let key = StatementKey::generate();
        ring.put(&key).unwrap();
        fs::set_permissions(ring.path(&key.id()), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(ring.get(&key.id()), Err(Error::Key(_))));
        fs::set_permissions(&ring.folder, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(matches!(KeyRing::open(&ring.folder), Err(Error::Key(_))));
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(KeyRing::open(&file), Err(Error::Key(_))));
    }

    #[tokio::test]
    async fn one_process_at_a_time_begins_an_epoch() {
        let (_dir, ring) = ring();
        let held = ring.lock().await.unwrap();
        let second = tokio::time::timeout(std::time::Duration::from_millis(250), ring.lock()).await;
        assert!(second.is_err(), "the lock is held");
        drop(held);
        ring.lock().await.unwrap();
    }

    #[test]
    fn a_signature_verifies_under_the_public_key() {
        let key = StatementKey::from_seeds(&[3; 32], [4; 32]);
        let public = key.public().unwrap();
        let verifying = ed25519_dalek::VerifyingKey::try_from(public.as_bytes()).unwrap();
        let signature = ed25519_dalek::Signature::from_bytes(&key.sign(&[9; 32]));
        assert!(verifying.verify_strict(&[9; 32], &signature).is_ok());
        assert!(verifying.verify_strict(&[8; 32], &signature).is_err());
    }
}
