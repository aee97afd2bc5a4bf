//! Where hardware evidence comes from.

mod configfs;
#[cfg(feature = "testkit")]
mod testkit;

pub use configfs::{ConfigFs, ROOT as CONFIGFS_ROOT};
#[cfg(feature = "testkit")]
pub use testkit::{Testkit, TestkitConfig};

use crate::Result;

/// Makes DCAP quotes of the environment this process runs in.
pub trait QuoteProvider {
    /// A quote that carries `report_data`. `now` is the chain's time, which bounds what synthetic evidence is made out for; real hardware ignores it.
    ///
    /// # Errors
    /// [`crate::Error::Quote`].
    fn quote(&self, report_data: &[u8; 64], now: u64) -> Result<Vec<u8>>;

    /// Whether the evidence is real. Synthetic evidence is offered only to a verifier that says it serves a test network.
    fn is_synthetic(&self) -> bool;
}
