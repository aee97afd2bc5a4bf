//! Usage out of an answer: of one JSON object, or of a stream of server-sent events.

use serde_json::Value;

use crate::gateway::log::Usage;

/// The tokens an answer names. None if it names none, or zero of both, which no answer has.
pub fn usage_of(answer: &Value) -> Option<Usage> {
    let usage = answer.get("usage").filter(|usage| !usage.is_null())?;
    let usage: Usage = serde_json::from_value(usage.clone()).ok()?;
    (usage.prompt_tokens > 0 || usage.completion_tokens > 0).then_some(usage)
}

/// What is charged of a reported usage: never more than the request could use at most. Says whether anything was cut off.
pub fn charged(reported: Usage, most: Usage) -> (Usage, bool) {
    let charged = Usage {
        prompt_tokens: reported.prompt_tokens.min(most.prompt_tokens),
        completion_tokens: reported.completion_tokens.min(most.completion_tokens),
    };
    (charged, charged != reported)
}

/// Cuts a stream into whole events.
#[derive(Debug)]
pub struct Events {
    buffer: Vec<u8>,
    /// Bytes searched already.
    searched: usize,
    longest: usize,
}

/// An event longer than the gateway holds in memory.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLong;

impl Events {
    /// Events of at most `longest` bytes.
    pub fn new(longest: usize) -> Self {
        Self {
            buffer: vec![],
            searched: 0,
            longest,
        }
    }

    /// Takes more of the stream.
    ///
    /// # Errors
    /// When an event has no end in sight.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        if self.buffer.len().saturating_add(bytes.len()) > self.longest {
            return Err(TooLong);
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// The next whole event with its blank line.
    pub fn next_event(&mut self) -> Option<Vec<u8>> {
        // The blank line may have begun before.
        let from = self.searched.saturating_sub(3);
        let end = self
            .buffer
            .get(from..)
            .and_then(blank_line)
            .map(|end| from.saturating_add(end));
        match end {
            None => {
                self.searched = self.buffer.len();
                None
            }
            Some(end) => {
                let rest = self.buffer.split_off(end);
                self.searched = 0;
                Some(std::mem::replace(&mut self.buffer, rest))
            }
        }
    }
}

/// Where the first blank line ends.
fn blank_line(bytes: &[u8]) -> Option<usize> {
    let ends = ["\n\n", "\r\n\r\n", "\r\r"].map(|mark| {
        let at = bytes.windows(mark.len()).position(|window| window == mark.as_bytes());
        at.map(|at| at.saturating_add(mark.len()))
    });
    ends.into_iter().flatten().min()
}

/// What an event says.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// The end: `[DONE]`.
    Done,
    /// Usage alone, as the last chunk before the end.
    UsageOnly(Usage),
    /// Usage so far, beside a part of the answer.
    Running(Usage),
    /// The upstream gives up.
    Error,
    /// A part of the answer, or a comment.
    Part,
}

/// Reads an event.
pub fn read(event: &[u8]) -> Said {
    let text = String::from_utf8_lossy(event);
    let lines = text.lines().filter_map(|line| line.strip_prefix("data:"));
    let data = lines
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n");
    if data.trim() == "[DONE]" {
        return Said::Done;
    }
    let Ok(chunk) = serde_json::from_str::<Value>(&data) else {
        return Said::Part;
    };
    if chunk.get("error").is_some_and(|error| !error.is_null()) {
        return Said::Error;
    }
    let has_choices = chunk
        .get("choices")
        .and_then(Value::as_array)
        .is_some_and(|list| !list.is_empty());
    match usage_of(&chunk) {
        None => Said::Part,
        Some(usage) if has_choices => Said::Running(usage),
        Some(usage) => Said::UsageOnly(usage),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const fn usage(prompt_tokens: u64, completion_tokens: u64) -> Usage {
        Usage {
            prompt_tokens,
            completion_tokens,
        }
    }

    #[test]
    fn usage_is_read_in_every_shape_and_nowhere_else() {
        for (answer, expected) in [
            (
                json!({ "usage": { "prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7 } }),
                Some(usage(3, 4)),
            ),
            (
                json!({ "usage": { "prompt_tokens": 3, "total_tokens": 3 } }),
                Some(usage(3, 0)),
            ),
            (
                json!({ "usage": { "input_tokens": 3, "output_tokens": 4 } }),
                Some(usage(3, 4)),
            ),
            (json!({ "usage": null }), None),
            (json!({ "usage": { "prompt_tokens": 0, "completion_tokens": 0 } }), None),
            (
                json!({ "usage": { "prompt_tokens": -3, "completion_tokens": 1 } }),
                None,
            ),
            (json!({ "usage": { "prompt_tokens": 1.5 } }), None),
            (json!({ "usage": "3" }), None),
            (json!({}), None),
            (json!([]), None),
        ] {
            assert_eq!(usage_of(&answer), expected, "{answer}");
        }
    }

    #[test]
    fn nobody_pays_for_more_than_the_request_could_use() {
        assert_eq!(charged(usage(3, 4), usage(5, 5)), (usage(3, 4), false));
        assert_eq!(charged(usage(6, 4), usage(5, 5)), (usage(5, 4), true));
        assert_eq!(charged(usage(u64::MAX, u64::MAX), usage(5, 0)), (usage(5, 0), true));
    }

    #[test]
    fn events_say_what_they_are() {
        for (event, expected) in [
            ("data: [DONE]\n\n", Said::Done),
            ("data:[DONE]\r\n\r\n", Said::Done),
            ("data: {\"choices\":[{\"delta\":{}}],\"usage\":null}\n\n", Said::Part),
            (
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n",
                Said::UsageOnly(usage(1, 2)),
            ),
            (
                "data: {\"choices\":[{}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n",
                Said::Running(usage(1, 2)),
            ),
            (
                "data: {\"choices\":[],\ndata: \"usage\":{\"prompt_tokens\":1}}\n\n",
                Said::UsageOnly(usage(1, 0)),
            ),
            ("data: {\"error\":{\"message\":\"x\"}}\n\n", Said::Error),
            (": keep-alive\n\n", Said::Part),
            ("data: rubbish\n\n", Said::Part),
        ] {
            assert_eq!(read(event.as_bytes()), expected, "{event}");
        }
    }

    #[test]
    fn an_event_without_end_is_not_held_in_memory() {
        let mut events = Events::new(10);
        assert_eq!(events.push(b"data: 1234"), Ok(()));
        assert_eq!(events.push(b"5"), Err(TooLong));
    }

    proptest! {
        /// However the network cuts the stream, the same events come out.
        #[test]
        fn events_do_not_depend_on_how_the_stream_is_cut(
            parts in proptest::collection::vec("[a-z\r]{0,8}", 0..6),
            end in prop_oneof![Just("\n\n"), Just("\r\n\r\n")],
            cuts in proptest::collection::vec(1usize..7, 1..40),
        ) {
            let parts: Vec<String> = parts.into_iter().map(|part| format!("data: x{}z{end}", part.replace('\r', ""))).collect();
            let stream = parts.concat();
            let mut events = Events::new(1_000);
            let mut out = vec![];
            let mut rest = stream.as_bytes();
            for cut in cuts.into_iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at(cut.min(rest.len()));
                events.push(now).unwrap();
                rest = later;
                while let Some(event) = events.next_event() {
                    out.push(String::from_utf8(event).unwrap());
                }
            }
            prop_assert_eq!(out, parts);
        }
    }
}
