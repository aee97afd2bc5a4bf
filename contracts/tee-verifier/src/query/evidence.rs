//! A quote taken apart: what it is and whose platform it comes from. Nothing in here is trusted yet.

use dcap_qvl::intel::{parse_pck_extension_with, PckExtension};
use dcap_qvl::quote::Quote;
use interfaces::tee_verifier::{PckCa, Refusal, TeeFamily, MAX_DOCUMENT, MAX_QUOTE};
use rustls_pki_types::CertificateDer;

use crate::certificate::Certificate;
use crate::collateral::pck_ca;
use crate::crypto::HostConfig;

/// Certification data that carries the PCK chain itself.
const PCK_CHAIN: u16 = 5;
const ECDSA_P256: u16 = 2;
const SGX: u32 = 0;
const TDX: u32 = 0x81;
const PPID_LENGTH: usize = 16;

/// Quote and PCK chain, parsed.
pub struct Evidence<'a> {
    pub raw: &'a [u8],
    pub family: TeeFamily,
    /// PEM given beside the quote.
    pub given_chain: Option<&'a str>,
    pub leaf: Certificate,
    /// What stands above the leaf, in any order.
    pub above: Vec<Certificate>,
    pub ca: PckCa,
    pub pck: PckExtension,
}

impl<'a> Evidence<'a> {
    /// Parses; `chain` returns the root the certificates claim while they are at hand in raw form.
    pub fn parse<T>(
        raw: &'a [u8],
        given_chain: Option<&'a str>,
        claim: impl FnOnce(&[CertificateDer]) -> T,
    ) -> Result<(Self, T), Refusal> {
        let quote = parse_quote(raw)?;
        let family = family(&quote)?;
        let chain = chain(&quote, given_chain)?;
        let claimed = claim(&chain);
        let mut above = Certificate::parse_all(chain).map_err(malformed_pck)?;
        let leaf = above.remove(0);
        let ca = pck_ca(&leaf.issuer_common_name())
            .ok_or_else(|| malformed_pck(format!("issued by {:?}", leaf.issuer_common_name())))?;
        let pck =
            parse_pck_extension_with::<HostConfig>(leaf.der()).map_err(|error| malformed_pck(error.to_string()))?;
        if pck.ppid.len() != PPID_LENGTH {
            return Err(malformed_pck(format!("PPID of {} bytes", pck.ppid.len())));
        }
        Ok((
            Self {
                raw,
                family,
                given_chain,
                leaf,
                above,
                ca,
                pck,
            },
            claimed,
        ))
    }
}

fn parse_quote(raw: &[u8]) -> Result<Quote, Refusal> {
    if raw.len() > MAX_QUOTE {
        return Err(Refusal::MalformedQuote {
            reason: format!("{} bytes, at most {MAX_QUOTE}", raw.len()),
        });
    }
    Quote::parse(raw).map_err(|error| Refusal::MalformedQuote {
        reason: error.to_string(),
    })
}

fn family(quote: &Quote) -> Result<TeeFamily, Refusal> {
    let header = &quote.header;
    match (header.version, header.tee_type, header.attestation_key_type) {
        (3, SGX, ECDSA_P256) => Ok(TeeFamily::Sgx),
        (4 | 5, TDX, ECDSA_P256) => Ok(TeeFamily::Tdx),
        (version, tee_type, key_type) => Err(Refusal::UnsupportedQuote {
            version,
            tee_type,
            key_type,
        }),
    }
}

/// The PCK chain is in the quote or beside it; having both would leave open which one counts.
fn chain(quote: &Quote, given: Option<&str>) -> Result<Vec<CertificateDer<'static>>, Refusal> {
    let found = quote.inner_cert_type();
    let pem = match (found, given) {
        (PCK_CHAIN, None) => quote.inner_cert_data(),
        (PCK_CHAIN, Some(_)) | (_, None) => return Err(Refusal::UnsupportedCertification { found }),
        (_, Some(given)) => given.as_bytes(),
    };
    if pem.len() > MAX_DOCUMENT {
        return Err(malformed_pck(format!("chain of {} bytes", pem.len())));
    }
    Certificate::split_chain(pem).map_err(malformed_pck)
}

fn malformed_pck(reason: String) -> Refusal {
    Refusal::MalformedPck { reason }
}
