//! A strict reader for the calls of `Params` proposals.
//!
//! Voters must see what a contract will do, and a contract's parser must not see anything else than this one. So there is one spelling: the text begins with
//! `{"set_params":{` byte for byte (an escaped or spaced key is another text), the object behind it is valid JSON in which no object has a key twice, no key has
//! an escape and no number is a fraction, and the text ends with the two braces that close it. What is left out of JSON here, parameters do not need.

use std::collections::BTreeSet;
use std::fmt;

use interfaces::governance::MAX_JSON_DEPTH;

/// How every call begins, less the brace of the parameters' object.
const HEAD: &[u8] = br#"{"set_params":"#;

/// Why a call is refused; offsets in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Not text.
    NotUtf8,
    /// Another beginning.
    Head,
    /// Not JSON, or JSON of a kind that is not taken.
    Syntax { at: usize },
    /// A key stands twice in one object.
    DuplicateKey { at: usize },
    /// A key with a backslash.
    EscapedKey { at: usize },
    /// Objects and arrays nest too deep.
    TooDeep { at: usize },
    /// Something follows the parameters: another key, or anything after the end.
    NotAlone { at: usize },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NotUtf8 => write!(f, "not UTF-8"),
            Self::Head => write!(f, "does not begin with {{\"set_params\":{{"),
            Self::Syntax { at } => write!(f, "unexpected at byte {at}"),
            Self::DuplicateKey { at } => write!(f, "a key twice, at byte {at}"),
            Self::EscapedKey { at } => write!(f, "an escape in a key, at byte {at}"),
            Self::TooDeep { at } => write!(f, "nested deeper than {MAX_JSON_DEPTH}, at byte {at}"),
            Self::NotAlone { at } => write!(f, "more than set_params, at byte {at}"),
        }
    }
}

/// Accepts exactly the calls described above.
pub fn check(msg: &[u8]) -> Result<(), Flaw> {
    std::str::from_utf8(msg).map_err(|_| Flaw::NotUtf8)?;
    let rest = msg.strip_prefix(HEAD).ok_or(Flaw::Head)?;
    if rest.first() != Some(&b'{') {
        return Err(Flaw::Head);
    }
    let mut reader = Reader { all: msg, rest };
    reader.value(MAX_JSON_DEPTH)?;
    match reader.rest {
        b"}" => Ok(()),
        _ => Err(Flaw::NotAlone { at: reader.at() }),
    }
}

struct Reader<'a> {
    all: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn at(&self) -> usize {
        self.all.len().saturating_sub(self.rest.len())
    }

    fn syntax<T>(&self) -> Result<T, Flaw> {
        Err(Flaw::Syntax { at: self.at() })
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.next();
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Flaw> {
        if self.peek() != Some(byte) {
            return self.syntax();
        }
        self.next();
        Ok(())
    }

    fn value(&mut self, depth: u32) -> Result<(), Flaw> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            _ => self.word(),
        }
    }

    fn inside(&self, depth: u32) -> Result<u32, Flaw> {
        depth.checked_sub(1).ok_or(Flaw::TooDeep { at: self.at() })
    }

    fn object(&mut self, depth: u32) -> Result<(), Flaw> {
        let depth = self.inside(depth)?;
        let mut keys = BTreeSet::new();
        self.list(b'{', b'}', |reader| {
            let at = reader.at();
            let key = reader.string()?;
            if key.contains(&b'\\') {
                return Err(Flaw::EscapedKey { at });
            }
            if !keys.insert(key) {
                return Err(Flaw::DuplicateKey { at });
            }
            reader.blank();
            reader.expect(b':')?;
            reader.blank();
            reader.value(depth)
        })
    }

    fn array(&mut self, depth: u32) -> Result<(), Flaw> {
        let depth = self.inside(depth)?;
        self.list(b'[', b']', |reader| reader.value(depth))
    }

    /// Items between brackets, with commas between them and none behind the last.
    fn list(&mut self, open: u8, close: u8, mut item: impl FnMut(&mut Self) -> Result<(), Flaw>) -> Result<(), Flaw> {
        self.expect(open)?;
        self.blank();
        if self.peek() == Some(close) {
            return self.expect(close);
        }
        loop {
            self.blank();
            item(self)?;
            self.blank();
            if self.peek() != Some(b',') {
                return self.expect(close);
            }
            self.next();
        }
    }

    /// A string; answers what stands between the quotes, as written.
    fn string(&mut self) -> Result<&'a [u8], Flaw> {
        self.expect(b'"')?;
        let start = self.rest;
        loop {
            let before = self.rest.len();
            match self.next() {
                Some(b'"') => return Ok(start.get(..start.len().saturating_sub(before)).unwrap_or_default()),
                Some(b'\\') => self.escape()?,
                Some(0x20..) => {}
                Some(_) | None => return self.syntax(),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Flaw> {
        match self.next() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            Some(b'u') => (0..4).try_for_each(|_| match self.next() {
                Some(digit) if digit.is_ascii_hexdigit() => Ok(()),
                _ => self.syntax(),
            }),
            _ => self.syntax(),
        }
    }

    /// Digits without a leading zero, maybe behind a minus.
    fn integer(&mut self) -> Result<(), Flaw> {
        if self.peek() == Some(b'-') {
            self.next();
        }
        match self.next() {
            Some(b'0') => {}
            Some(b'1'..=b'9') => {
                while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    self.next();
                }
            }
            _ => return self.syntax(),
        }
        match self.peek() {
            Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') => self.syntax(),
            _ => Ok(()),
        }
    }

    fn word(&mut self) -> Result<(), Flaw> {
        let words: [&[u8]; 3] = [b"true", b"false", b"null"];
        let rest = words.iter().find_map(|word| self.rest.strip_prefix(*word));
        match rest {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => self.syntax(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_set_params_pass() {
        for text in [
            r#"{"set_params":{}}"#,
            r#"{"set_params":{"params":{"fee_bps":30,"owner":null,"on":true,"off":false,"list":[1,-2,0,[]],"text":"a \"b\" \u00e9 é"}}}"#,
            r#"{"set_params":{ "a" : { "set_params" : 1 } , "b" : [ { "a" : 1 } , { "a" : 2 } ] }}"#,
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_by_name() {
        let cases: [(&str, &[u8], Flaw); 37] = [
            ("nothing", b"", Flaw::Head),
            ("another message", br#"{"ownership":{"accept":{}}}"#, Flaw::Head),
            ("an escaped key", br#"{"set\u005fparams":{}}"#, Flaw::Head),
            ("an escaped letter", br#"{"\u0073et_params":{}}"#, Flaw::Head),
            ("a longer key", br#"{"set_params2":{}}"#, Flaw::Head),
            ("a shorter key", br#"{"set_param":{}}"#, Flaw::Head),
            ("capitals", br#"{"SET_PARAMS":{}}"#, Flaw::Head),
            ("blanks before", br#" {"set_params":{}}"#, Flaw::Head),
            ("blanks inside", br#"{ "set_params":{}}"#, Flaw::Head),
            ("blanks behind the key", br#"{"set_params" :{}}"#, Flaw::Head),
            ("blanks before the value", br#"{"set_params": {}}"#, Flaw::Head),
            ("a byte order mark", b"\xef\xbb\xbf{\"set_params\":{}}", Flaw::Head),
            ("no object", br#"{"set_params":[]}"#, Flaw::Head),
            ("a string", br#""set_params""#, Flaw::Head),
            ("nested one deeper", br#"{"x":{"set_params":{}}}"#, Flaw::Head),
            ("not text", b"{\"set_params\":{\"\xff\":1}}", Flaw::NotUtf8),
            (
                "the same key again",
                br#"{"set_params":{},"set_params":{}}"#,
                Flaw::NotAlone { at: 16 },
            ),
            (
                "another key behind",
                br#"{"set_params":{},"open_transfers":{}}"#,
                Flaw::NotAlone { at: 16 },
            ),
            ("trailing blank", br#"{"set_params":{}} "#, Flaw::NotAlone { at: 16 }),
            (
                "trailing message",
                br#"{"set_params":{}}{"a":{}}"#,
                Flaw::NotAlone { at: 16 },
            ),
            (
                "trailing zero byte",
                b"{\"set_params\":{}}\0",
                Flaw::NotAlone { at: 16 },
            ),
            (
                "blank before the end",
                br#"{"set_params":{} }"#,
                Flaw::NotAlone { at: 16 },
            ),
            ("no end", br#"{"set_params":{}"#, Flaw::NotAlone { at: 16 }),
            (
                "an unclosed object",
                br#"{"set_params":{"a":1"#,
                Flaw::Syntax { at: 20 },
            ),
            (
                "a key twice",
                br#"{"set_params":{"a":1,"a":2}}"#,
                Flaw::DuplicateKey { at: 21 },
            ),
            (
                "a key twice, deeper",
                br#"{"set_params":{"p":[{"a":1,"b":2,"a":3}]}}"#,
                Flaw::DuplicateKey { at: 33 },
            ),
            (
                "a key twice by escape",
                br#"{"set_params":{"a":1,"\u0061":2}}"#,
                Flaw::EscapedKey { at: 21 },
            ),
            (
                "a comma at the end",
                br#"{"set_params":{"a":1,}}"#,
                Flaw::Syntax { at: 21 },
            ),
            (
                "a comma at the beginning",
                br#"{"set_params":{,"a":1}}"#,
                Flaw::Syntax { at: 15 },
            ),
            ("a comment", br#"{"set_params":{/* */}}"#, Flaw::Syntax { at: 15 }),
            (
                "a key without quotes",
                br#"{"set_params":{a:1}}"#,
                Flaw::Syntax { at: 15 },
            ),
            ("a fraction", br#"{"set_params":{"a":1.5}}"#, Flaw::Syntax { at: 20 }),
            ("an exponent", br#"{"set_params":{"a":1e3}}"#, Flaw::Syntax { at: 20 }),
            ("a leading zero", br#"{"set_params":{"a":01}}"#, Flaw::Syntax { at: 20 }),
            ("a bare minus", br#"{"set_params":{"a":-}}"#, Flaw::Syntax { at: 21 }),
            (
                "a line break in a string",
                b"{\"set_params\":{\"a\":\"\n\"}}",
                Flaw::Syntax { at: 21 },
            ),
            (
                "an unknown escape",
                br#"{"set_params":{"a":"\x"}}"#,
                Flaw::Syntax { at: 22 },
            ),
        ];
        for (name, text, flaw) in cases {
            assert_eq!(check(text), Err(flaw), "{name}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_before_it_can_exhaust_the_stack() {
        let nested = |levels: usize| {
            let text = format!(
                "{{\"set_params\":{{\"a\":{}{}}}}}",
                "[".repeat(levels),
                "]".repeat(levels)
            );
            check(text.as_bytes())
        };
        assert_eq!(nested(15), Ok(()));
        assert_eq!(nested(16), Err(Flaw::TooDeep { at: 34 }));
        assert_eq!(nested(16_000), Err(Flaw::TooDeep { at: 34 }));
    }

    /// The contract at the other end, as its own parser sees it.
    #[derive(serde::Deserialize, Debug)]
    #[serde(rename_all = "snake_case")]
    enum Target {
        SetParams(serde::de::IgnoredAny),
        #[allow(dead_code)]
        Ownership(serde::de::IgnoredAny),
    }

    proptest! {
        /// Damaged in any byte, a text is refused or still means `set_params` to the contract that receives it.
        #[test]
        fn what_passes_is_set_params_to_the_receiver(at in 0usize..60, byte in any::<u8>(), insert in any::<bool>()) {
            let mut text = br#"{"set_params":{"ownership":{"a":[1,{"set_params":"x\n"}]}}}"#.to_vec();
            let at = at.min(text.len());
            match text.get_mut(at) {
                Some(place) if !insert => *place = byte,
                _ => text.insert(at, byte),
            }
            if check(&text).is_ok() {
                let seen: Target = cosmwasm_std::from_json(&text).unwrap();
                prop_assert!(matches!(seen, Target::SetParams(_)), "{:?}", seen);
            }
        }
    }
}
