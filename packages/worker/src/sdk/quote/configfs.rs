//! TDX quotes from the Linux kernel's configfs-tsm interface (5.19+: `/sys/kernel/config/tsm/report`).
//!
//! Protocol: make a directory, write the 64 bytes of report data to `inblob`, read the quote from `outblob`, and check that `generation` has moved by our
//! one write, so that no other process wrote into the same directory in between.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sdk::quote::QuoteProvider;
use crate::{Error, Result};

/// Where the kernel shows the interface.
pub const ROOT: &str = "/sys/kernel/config/tsm/report";

/// Name the kernel gives the TDX guest driver.
const TDX_PROVIDER: &str = "tdx_guest";

/// The kernel's quote interface.
pub struct ConfigFs {
    entry: PathBuf,
}

impl ConfigFs {
    /// The interface under `root`, [`ROOT`] outside tests.
    pub fn new(root: &Path) -> Self {
        Self {
            entry: root.join("vcity"),
        }
    }

    fn read(&self, file: &str) -> Result<Vec<u8>> {
        let path = self.entry.join(file);
        fs::read(&path).map_err(Error::file(&path))
    }

    fn text(&self, file: &str) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.read(file)?).trim().to_owned())
    }

    fn generation(&self) -> Result<u64> {
        self.text("generation")?
            .parse()
            .map_err(|_| Error::Quote("configfs-tsm has no generation".into()))
    }

    /// A directory that a crash left behind is used again.
    fn make_entry(&self) -> Result<()> {
        match fs::create_dir(&self.entry) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            result => result.map_err(Error::file(&self.entry)),
        }
    }

    fn exchange(&self, report_data: &[u8; 64]) -> Result<Vec<u8>> {
        let provider = self.text("provider")?;
        if provider != TDX_PROVIDER {
            return Err(Error::Quote(format!(
                "configfs-tsm is served by `{provider}`, not by `{TDX_PROVIDER}`"
            )));
        }
        let before = self.generation()?;
        let inblob = self.entry.join("inblob");
        fs::write(&inblob, report_data).map_err(Error::file(&inblob))?;
        let quote = self.read("outblob")?;
        let after = self.generation()?;
        if after != before.wrapping_add(1) {
            return Err(Error::Quote(format!(
                "another process uses {} (generation {after})",
                self.entry.display()
            )));
        }
        match quote.is_empty() {
            true => Err(Error::Quote("the kernel returned an empty quote".into())),
            false => Ok(quote),
        }
    }
}

impl QuoteProvider for ConfigFs {
    fn quote(&self, report_data: &[u8; 64]) -> Result<Vec<u8>> {
        self.make_entry()?;
        let quote = self.exchange(report_data);
        // Removes the kernel's object; on failure the next call uses it again.
        let _ = fs::remove_dir(&self.entry);
        quote
    }

    fn is_synthetic(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A directory that behaves as the kernel's does: a write to `inblob` moves `generation`, because here they are one file.
    fn kernel(provider: &str) -> (tempfile::TempDir, ConfigFs) {
        let dir = tempfile::tempdir().unwrap();
        let entry = dir.path().join("vcity");
        fs::create_dir(&entry).unwrap();
        fs::write(entry.join("provider"), provider).unwrap();
        fs::write(entry.join("outblob"), b"quote").unwrap();
        fs::write(entry.join("generation"), "7\n").unwrap();
        symlink("generation", entry.join("inblob")).unwrap();
        let provider = ConfigFs::new(dir.path());
        (dir, provider)
    }

    fn data(generation: &str) -> [u8; 64] {
        let mut data = [b' '; 64];
        data[..generation.len()].copy_from_slice(generation.as_bytes());
        data
    }

    #[test]
    fn a_quote_is_read_after_one_write() {
        let (_dir, provider) = kernel("tdx_guest\n");
        assert_eq!(provider.quote(&data("8")).unwrap(), b"quote");
    }

    #[test]
    fn a_quote_made_for_somebody_elses_report_data_is_refused() {
        let (_dir, provider) = kernel("tdx_guest");
        let error = provider.quote(&data("9")).unwrap_err();
        assert!(error.to_string().contains("another process"), "{error}");
    }

    #[test]
    fn another_technology_is_named() {
        let (_dir, provider) = kernel("sev_guest");
        assert!(provider
            .quote(&data("8"))
            .unwrap_err()
            .to_string()
            .contains("sev_guest"));
    }

    #[test]
    fn a_machine_without_the_interface_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let missing = ConfigFs::new(&dir.path().join("tsm"));
        assert!(matches!(missing.quote(&data("8")), Err(Error::File { .. })));
    }
}
