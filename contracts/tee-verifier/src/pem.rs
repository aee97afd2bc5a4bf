//! PEM chains of certificates.
//!
//! The library's own PEM parser goes over every byte five times, which would be the largest part of a check after the signatures. Chains are decoded here, once, and
//! handed to it encoded anew and without the root: it then judges exactly the certificates seen here, whatever two parsers might make of odd input.

use cosmwasm_std::Binary;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// DER of every certificate in the text; what stands around them is ignored. Fails with a reason.
pub fn decode(text: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let text = core::str::from_utf8(text).map_err(|error| error.to_string())?;
    text.split(BEGIN).skip(1).map(decode_block).collect()
}

fn decode_block(block: &str) -> Result<Vec<u8>, String> {
    let (body, _rest) = block.split_once(END).ok_or_else(|| format!("no {END}"))?;
    let base64: String = body.split_ascii_whitespace().collect();
    Binary::from_base64(&base64)
        .map(Binary::into)
        .map_err(|error| error.to_string())
}

/// One certificate as a block, on one line behind a header (RFC 1421): without one the library goes through the block twice to look for the end of headers.
pub fn encode(der: &[u8]) -> String {
    format!("{BEGIN}\nKind: X.509\n\n{}\n{END}\n", Binary::from(der).to_base64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_reads_back_what_is_encoded() {
        let ders: Vec<Vec<u8>> = (0..130).map(|length| vec![length; length.into()]).collect();
        for der in ders.iter().skip(1) {
            let parsed = ::pem::parse_many(encode(der)).unwrap();
            assert_eq!(parsed.len(), 1);
            assert_eq!(parsed[0].contents(), der);
        }
        let plain = |der: &Vec<u8>| format!("{BEGIN}\n{}\n{END}\n", Binary::from(&der[..]).to_base64());
        let all: String = ders.iter().map(plain).collect();
        assert_eq!(decode(all.as_bytes()).unwrap(), ders);
    }

    #[test]
    fn real_chains_are_read_as_by_the_library() {
        for sample in tee_testkit::Sample::ALL {
            let real = sample.load().unwrap();
            let quote = dcap_qvl::quote::Quote::parse(&real.quote).unwrap();
            let full = dcap_qvl::intel::extract_cert_chain(&quote).unwrap();
            assert_eq!(decode(quote.inner_cert_data()).unwrap(), full);
        }
    }

    #[test]
    fn broken_blocks_are_refused() {
        for (text, certificates) in [
            ("", Some(0)),
            ("nothing of the kind", Some(0)),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n", None),
            ("-----BEGIN CERTIFICATE-----\nAAAAA\n-----END CERTIFICATE-----", None),
            ("-----BEGIN CERTIFICATE-----\nA*AA\n-----END CERTIFICATE-----", None),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", Some(0)),
            (
                "-----BEGIN CERTIFICATE-----\nAA\r\n AA\n-----END CERTIFICATE-----\0",
                Some(1),
            ),
        ] {
            assert_eq!(
                decode(text.as_bytes()).ok().map(|ders| ders.len()),
                certificates,
                "{text}"
            );
        }
        assert!(decode(&[0xff]).is_err());
    }
}
