//! Just enough DER to write certificates and revocation lists. What it writes is read by two independent parsers in the verifier.

/// Tag, definite length, content.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..=0x7f => out.push(length as u8),
        0x80..=0xff => out.extend([0x81, length as u8]),
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(length).expect("DER value below 64 KiB").to_be_bytes());
        }
    }
    out.extend_from_slice(content);
    out
}

pub fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

pub fn set(part: Vec<u8>) -> Vec<u8> {
    tlv(0x31, &part)
}

/// Explicit context tag.
pub fn context(number: u8, inner: Vec<u8>) -> Vec<u8> {
    tlv(0xa0 | number, &inner)
}

/// Unsigned big-endian magnitude.
pub fn integer(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
    let mut content = magnitude[zeros.min(magnitude.len().saturating_sub(1))..].to_vec();
    if content.first().is_none_or(|byte| byte & 0x80 != 0) {
        content.insert(0, 0);
    }
    tlv(2, &content)
}

pub fn boolean(value: bool) -> Vec<u8> {
    tlv(1, &[if value { 0xff } else { 0 }])
}

pub fn enumerated(value: u8) -> Vec<u8> {
    tlv(10, &[value])
}

pub fn octets(content: &[u8]) -> Vec<u8> {
    tlv(4, content)
}

/// Bit string of whole bytes, of which the last `unused` bits do not count.
pub fn bits(content: &[u8], unused: u8) -> Vec<u8> {
    tlv(3, &[&[unused], content].concat())
}

pub fn printable(text: &str) -> Vec<u8> {
    tlv(0x13, text.as_bytes())
}

/// Dotted decimal.
pub fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().expect("decimal arc")).collect();
    let mut content = base128(arcs[0] * 40 + arcs[1]);
    arcs[2..].iter().for_each(|arc| content.extend(base128(*arc)));
    tlv(6, &content)
}

fn base128(mut value: u64) -> Vec<u8> {
    let mut digits = vec![(value & 0x7f) as u8];
    while value > 0x7f {
        value >>= 7;
        digits.push((value & 0x7f) as u8 | 0x80);
    }
    digits.reverse();
    digits
}

/// UTCTime until 2049, GeneralizedTime from 2050, as RFC 5280 wants it. Unix seconds.
pub fn time(seconds: u64) -> Vec<u8> {
    const YEAR_2050: u64 = 2_524_608_000;
    if seconds < YEAR_2050 {
        tlv(0x17, format_time(seconds, "%y%m%d%H%M%SZ").as_bytes())
    } else {
        tlv(0x18, format_time(seconds, "%Y%m%d%H%M%SZ").as_bytes())
    }
}

/// Unix seconds in UTC.
pub fn format_time(seconds: u64, format: &str) -> String {
    let seconds = i64::try_from(seconds).expect("time in range");
    chrono::DateTime::from_timestamp(seconds, 0)
        .expect("time in range")
        .format(format)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_encodings() {
        assert_eq!(integer(&[0]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0, 1]), [2, 1, 1]);
        assert_eq!(integer(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[]), [2, 1, 0]);
        assert_eq!(oid("2.5.4.3"), [6, 3, 0x55, 4, 3]);
        assert_eq!(
            oid("1.2.840.113741.1.13.1"),
            hex::decode("0609 2a86 4886 f84d 010d 01".replace(' ', "")).unwrap()
        );
        assert_eq!(time(0), b"\x17\x0d700101000000Z");
        assert_eq!(time(2_524_608_000), b"\x18\x0f20500101000000Z");
        assert_eq!(tlv(4, &[7; 200])[..3], [4, 0x81, 200]);
        assert_eq!(tlv(4, &[7; 300])[..4], [4, 0x82, 1, 44]);
    }
}
