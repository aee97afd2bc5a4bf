//! A quote taken apart: what it is and whose platform it comes from. Nothing in here is trusted yet.

use cosmwasm_std::HexBinary;
use dcap_qvl::quote::Quote;
use interfaces::tee_verifier::{PckCa, Refusal, TeeFamily, MAX_DOCUMENT, MAX_QUOTE};

use crate::anchor::Anchor;
use crate::certificate::Certificate;
use crate::collateral::pck_ca;
use crate::pem;

/// Certification data that carries the PCK chain itself.
const PCK_CHAIN: u16 = 5;
const ECDSA_P256: u16 = 2;
const SGX: u32 = 0;
const TDX: u32 = 0x81;

/// Quote and PCK chain, parsed.
pub struct Evidence<'a> {
    pub raw: &'a [u8],
    pub family: TeeFamily,
    pub leaf: Certificate,
    /// What stands above the leaf, in any order.
    pub above: Vec<Certificate>,
    pub ca: PckCa,
    /// Platform family, 6 bytes.
    pub fmspc: HexBinary,
}

impl<'a> Evidence<'a> {
    pub fn parse(raw: &'a [u8], given_chain: Option<&'a str>) -> Result<Self, Refusal> {
        let quote = parse_quote(raw)?;
        let family = family(&quote)?;
        let mut chain = chain(&quote, given_chain)?.into_iter();
        let leaf = chain.next().ok_or_else(|| malformed_pck("no certificate".to_owned()))?;
        let issuer = leaf.issuer_common_name();
        Ok(Self {
            raw,
            family,
            ca: pck_ca(&issuer).ok_or_else(|| malformed_pck(format!("issued by {issuer:?}")))?,
            fmspc: leaf.fmspc().ok_or_else(|| malformed_pck("no FMSPC".to_owned()))?,
            leaf,
            above: chain.collect(),
        })
    }

    /// The chain in PEM without the root, which is pinned anyway.
    pub fn chain_below(&self, anchor: &Anchor) -> String {
        let above = self.above.iter().filter(|certificate| certificate.der() != anchor.der);
        std::iter::once(&self.leaf)
            .chain(above)
            .map(|certificate| pem::encode(certificate.der()))
            .collect()
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
fn chain(quote: &Quote, given: Option<&str>) -> Result<Vec<Certificate>, Refusal> {
    let found = quote.inner_cert_type();
    let pem = match (found, given) {
        (PCK_CHAIN, None) => quote.inner_cert_data(),
        (PCK_CHAIN, Some(_)) | (_, None) => return Err(Refusal::UnsupportedCertification { found }),
        (_, Some(given)) => given.as_bytes(),
    };
    if pem.len() > MAX_DOCUMENT {
        return Err(malformed_pck(format!("chain of {} bytes", pem.len())));
    }
    Certificate::parse_chain(pem).map_err(malformed_pck)
}

fn malformed_pck(reason: String) -> Refusal {
    Refusal::MalformedPck { reason }
}
