//! Where hardware evidence comes from.

mod configfs;
#[cfg(feature = "testkit")]
mod testkit;

pub use configfs::{ConfigFs, ROOT as CONFIGFS_ROOT};
#[cfg(feature = "testkit")]
pub use testkit::{Testkit, TestkitConfig};

use interfaces::tee_verifier::ExecuteMsg;

use crate::Result;

/// Makes DCAP quotes of the environment this process runs in.
pub trait QuoteProvider {
    /// A quote that carries `report_data`.
    ///
    /// # Errors
    /// [`crate::Error::Quote`].
    fn quote(&self, report_data: &[u8; 64]) -> Result<Vec<u8>>;

    /// Uploads that make the quote verifiable, for an authority that lives in this process alone. Intel's collateral is brought to the chain by relayers.
    /// `evaluation` is the evaluation number in force, `now` the chain's time.
    fn collateral(&self, _evaluation: u32, _now: u64) -> Vec<ExecuteMsg> {
        vec![]
    }

    /// Whether the evidence is real. Synthetic evidence is offered only to a verifier that says it serves a test network.
    fn is_synthetic(&self) -> bool;
}
