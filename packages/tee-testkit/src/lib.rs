//! Synthetic Intel-like PKI, collateral and quotes, so that every path runs without hardware.
//!
//! Everything is derived from a seed: the same calls give the same bytes. Nothing here is trusted by a contract unless its root is named as the test root of a
//! test network.
//!
//! ```
//! use interfaces::tee_verifier::TeeFamily;
//! use tee_testkit::{Pki, PlatformSpec, TdReport};
//!
//! let (now, year) = (1_752_000_000, 31_536_000);
//! let pki = Pki::new("demo", now - year, now + year);
//! let platform = pki.platform(PlatformSpec::numbered(1));
//! let uploads = pki.collateral(&platform, TeeFamily::Tdx, now).upserts();
//! let quote = platform.tdx_quote(&TdReport::with_data([7; 64]));
//! assert_eq!((uploads.len(), &quote[..2]), (4, &[4, 0][..]));
//! ```

pub mod collateral;
mod der;
pub mod pki;
pub mod platform;
pub mod report;
pub mod samples;

pub use collateral::{Collateral, CollateralSpec, TcbLevel, EVALUATION, VALIDITY};
pub use pki::{Pki, PkiSpec, Validity};
pub use platform::{Platform, PlatformSpec, Tamper};
pub use report::{QeReport, SgxReport, TdReport};
pub use samples::{RealQuote, Sample};
