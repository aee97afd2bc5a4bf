//! The call log: one JSON object per line, in the usage shape of OpenAI-compatible servers or in NewAPI's flat one.
//!
//! ```json
//! {"id":"chatcmpl-1","created":1753000000,"model":"gpt-4o","user":"wasm1…","usage":{"prompt_tokens":12,"completion_tokens":34}}
//! {"id":"req-2","created_at":1753000001,"model_name":"gpt-4o","username":"wasm1…","prompt_tokens":12,"completion_tokens":34}
//! ```
//!
//! Fields that are not named here are ignored. A line that is no such object is reported with its number and never ends a run.

use std::io::{self, BufRead, Read};

use serde::{Deserialize, Deserializer, Serialize};

/// Longest line, bytes. A longer one is reported and skipped without ever being held in memory.
pub const MAX_LINE: u64 = 1 << 20;

/// Most tokens one call may name in either direction. Beyond any model, and small enough that no sum can overflow.
pub const MAX_TOKENS: u64 = 1_000_000_000;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Unique id of the call; text, or a number.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    /// When it was made, Unix seconds.
    #[serde(alias = "created_at")]
    pub created: u64,
    #[serde(alias = "model_name")]
    pub model: String,
    /// The account that pays.
    #[serde(alias = "username")]
    pub user: String,
    /// OpenAI's place for the tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// NewAPI's place for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_tokens: Option<u64>,
}

/// Tokens of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    #[serde(alias = "input_tokens")]
    pub prompt_tokens: u64,
    /// Absent for calls without output, such as embeddings.
    #[serde(default, alias = "output_tokens")]
    pub completion_tokens: u64,
}

impl LogLine {
    /// The call's tokens, wherever they stand.
    pub fn tokens(&self) -> Option<Usage> {
        let flat = |prompt_tokens| Usage {
            prompt_tokens,
            completion_tokens: self.completion_tokens.unwrap_or_default(),
        };
        self.usage.or(self.prompt_tokens.map(flat))
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(u64),
    }
    Ok(match Id::deserialize(deserializer)? {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    })
}

/// What was read at one place of a log.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line, without its end.
    Text(Vec<u8>),
    /// More than [`MAX_LINE`] bytes, skipped.
    TooLong,
}

/// Reads lines of bounded length and knows where it is, so that a later run goes on there.
pub struct LineReader<R> {
    inner: R,
    offset: u64,
    number: u64,
    /// Whether a last line without end is read. Not while the log still grows: it may be half written.
    take_unfinished: bool,
}

impl<R: BufRead> LineReader<R> {
    /// Reads on from `inner`, which stands at byte `offset` after `number` lines.
    pub fn new(inner: R, offset: u64, number: u64, take_unfinished: bool) -> Self {
        Self {
            inner,
            offset,
            number,
            take_unfinished,
        }
    }

    /// Bytes read so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Lines read so far; the number of the last one, counted from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line, `None` at the end.
    ///
    /// # Errors
    /// Those of the file.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut text = Vec::new();
        let read = (&mut self.inner).take(MAX_LINE).read_until(b'\n', &mut text)?;
        if read == 0 {
            return Ok(None);
        }
        let mut length = u64::try_from(read).unwrap_or(u64::MAX);
        let mut line = Line::Text(vec![]);
        let mut finished = text.last() == Some(&b'\n');
        if !finished && length == MAX_LINE {
            let skipped;
            (skipped, finished) = self.skip_line()?;
            length = length.saturating_add(skipped);
            line = Line::TooLong;
        }
        if !finished && !self.take_unfinished {
            return Ok(None);
        }
        self.offset = self.offset.saturating_add(length);
        self.number = self.number.saturating_add(1);
        if let Line::Text(content) = &mut line {
            text.truncate(text.trim_ascii_end().len());
            *content = text;
        }
        Ok(Some(line))
    }

    /// Passes over the rest of a line and says how long it was and whether it has an end.
    fn skip_line(&mut self) -> io::Result<(u64, bool)> {
        let mut skipped = 0u64;
        loop {
            let buffer = self.inner.fill_buf()?;
            if buffer.is_empty() {
                return Ok((skipped, false));
            }
            let end = buffer
                .iter()
                .position(|byte| *byte == b'\n')
                .map(|at| at.saturating_add(1));
            let used = end.unwrap_or(buffer.len());
            self.inner.consume(used);
            skipped = skipped.saturating_add(u64::try_from(used).unwrap_or(u64::MAX));
            if end.is_some() {
                return Ok((skipped, true));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<LogLine, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn every_shape_gives_the_same_call() {
        let expected = Usage {
            prompt_tokens: 12,
            completion_tokens: 34,
        };
        for text in [
            r#"{"id":"1","object":"chat.completion","created":7,"model":"m","user":"u","usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46},"choices":[]}"#,
            r#"{"id":1,"created_at":7,"model_name":"m","username":"u","prompt_tokens":12,"completion_tokens":34,"quota":9}"#,
            r#"{"id":"1","created_at":7,"model":"m","user":"u","usage":{"input_tokens":12,"output_tokens":34}}"#,
        ] {
            let line = parse(text).unwrap();
            assert_eq!(
                (line.id.as_str(), line.created, line.tokens()),
                ("1", 7, Some(expected)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_call_without_output_has_no_completion_tokens() {
        let line = parse(r#"{"id":"1","created":7,"model":"m","user":"u","usage":{"prompt_tokens":12}}"#).unwrap();
        assert_eq!(
            line.tokens(),
            Some(Usage {
                prompt_tokens: 12,
                completion_tokens: 0
            })
        );
    }

    #[test]
    fn lines_that_are_no_call_are_refused() {
        for text in [
            "",
            "[]",
            r#"{"id":"1"}"#,
            r#"{"id":"1","created":-7,"model":"m","user":"u","usage":{"prompt_tokens":1}}"#,
            r#"{"id":"1","created":7,"model":"m","user":"u","usage":{"prompt_tokens":1.5}}"#,
            r#"{"id":null,"created":7,"model":"m","user":"u","usage":{"prompt_tokens":1}}"#,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        let without = parse(r#"{"id":"1","created":7,"model":"m","user":"u"}"#).unwrap();
        assert_eq!(without.tokens(), None);
    }

    fn lines(text: &[u8], take_unfinished: bool) -> (Vec<Line>, u64, u64) {
        let mut reader = LineReader::new(text, 0, 0, take_unfinished);
        let mut lines = vec![];
        while let Some(line) = reader.next_line().unwrap() {
            lines.push(line);
        }
        (lines, reader.offset(), reader.number())
    }

    #[test]
    fn lines_are_counted_and_their_ends_removed() {
        let (read, offset, number) = lines(b"a\r\n\nb", true);
        assert_eq!(
            read,
            [Line::Text(b"a".to_vec()), Line::Text(vec![]), Line::Text(b"b".to_vec())]
        );
        assert_eq!((offset, number), (5, 3));
    }

    #[test]
    fn a_half_written_line_waits() {
        let (read, offset, number) = lines(b"a\nb", false);
        assert_eq!(read, [Line::Text(b"a".to_vec())]);
        assert_eq!((offset, number), (2, 1));
    }

    #[test]
    fn an_endless_line_is_not_held_in_memory() {
        let mut text = vec![b'x'; 3 * (1 << 20)];
        text.extend_from_slice(b"\nafter\n");
        let (read, offset, number) = lines(&text, false);
        assert_eq!(read, [Line::TooLong, Line::Text(b"after".to_vec())]);
        assert_eq!((offset, number), (text.len() as u64, 2));
    }
}
