//! What a request asks for, and the most it can use.
//!
//! The body is parsed once and written anew, so that the upstream reads exactly what was judged here (a body with a field given twice could be read in two
//! ways). Only two fields are set: `max_tokens` where the request has no limit, and `stream_options.include_usage` where it streams.

use serde_json::{json, Map, Value};

use super::config::ServeConfig;
use super::refusal::Refusal;
use crate::gateway::log::{Usage, MAX_TOKENS};

/// Tokens that chat templates put around one message, and around the whole.
const TOKENS_PER_MESSAGE: u64 = 32;

/// Most answers, and most prompts, of one request.
const MAX_CHOICES: u64 = 128;

/// What is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Chat,
    Completions,
    Embeddings,
}

impl Endpoint {
    /// Path below the upstream's base URL.
    pub fn path(self) -> &'static str {
        match self {
            Self::Chat => "/chat/completions",
            Self::Completions => "/completions",
            Self::Embeddings => "/embeddings",
        }
    }

    /// Embeddings have input only.
    pub fn has_output(self) -> bool {
        self != Self::Embeddings
    }
}

/// A request that can be served.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub endpoint: Endpoint,
    pub model: String,
    pub stream: bool,
    /// Whether the client asked for usage in the stream, too.
    pub wants_usage: bool,
    /// The most tokens it can use.
    pub most: Usage,
    /// What the upstream gets.
    pub body: Vec<u8>,
}

/// Reads a request.
///
/// # Errors
/// `invalid_request`, naming the field.
pub fn read(endpoint: Endpoint, bytes: &[u8], config: &ServeConfig) -> Result<Ask, Refusal> {
    let mut body: Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|e| Refusal::invalid(format!("the body is no JSON object: {e}")))?;
    let model = match body.get("model") {
        Some(Value::String(model)) if !model.is_empty() => model.clone(),
        _ => return Err(Refusal::invalid("`model` is missing; GET /v1/models lists them")),
    };
    let stream = flag(&body, "stream")?;
    if stream && !endpoint.has_output() {
        return Err(Refusal::invalid("embeddings do not stream"));
    }
    let wants_usage = stream && force_usage(&mut body)?;
    let completion_tokens = match endpoint.has_output() {
        true => output_bound(&mut body, config)?,
        false => 0,
    };
    let body_bytes = serde_json::to_vec(&body).map_err(|e| Refusal::invalid(e.to_string()))?;
    Ok(Ask {
        endpoint,
        model,
        stream,
        wants_usage,
        most: Usage {
            prompt_tokens: prompt_bound(&body, body_bytes.len(), config),
            completion_tokens,
        },
        body: body_bytes,
    })
}

/// Asks the upstream for usage at the end of the stream, and says whether the client did.
fn force_usage(body: &mut Map<String, Value>) -> Result<bool, Refusal> {
    let options = body.entry("stream_options").or_insert(Value::Null);
    if options.is_null() {
        *options = json!({});
    }
    let Value::Object(options) = options else {
        return Err(Refusal::invalid("`stream_options` is no object"));
    };
    let wanted = flag(options, "include_usage")?;
    options.insert("include_usage".into(), Value::Bool(true));
    Ok(wanted)
}

/// A token is at least one byte of text; what is no text counts as a whole context.
fn prompt_bound(body: &Map<String, Value>, bytes: usize, config: &ServeConfig) -> u64 {
    let messages = body.get("messages").and_then(Value::as_array);
    if messages.is_some_and(|messages| messages.iter().any(has_media)) {
        return config.max_prompt_tokens;
    }
    let count = messages.map_or(0, Vec::len).saturating_add(1);
    let template = u64::try_from(count)
        .unwrap_or(u64::MAX)
        .saturating_mul(TOKENS_PER_MESSAGE);
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    bytes.saturating_add(template).min(config.max_prompt_tokens)
}

/// Whether a message has a part that is not text.
fn has_media(message: &Value) -> bool {
    let is_text = |part: &Value| matches!(part.get("type").and_then(Value::as_str), Some("text" | "refusal"));
    let parts = message.get("content").and_then(Value::as_array);
    parts.is_some_and(|parts| !parts.iter().all(is_text)) || message.get("audio").is_some_and(|audio| !audio.is_null())
}

/// Most output tokens over all prompts and answers. A request without a limit gets the default one.
fn output_bound(body: &mut Map<String, Value>, config: &ServeConfig) -> Result<u64, Refusal> {
    let most = config.max_output_tokens;
    let named = ["max_tokens", "max_completion_tokens"].map(|name| count(body, name, most));
    let [old, new] = named;
    let limit = match (old?, new?) {
        (None, None) => {
            body.insert("max_tokens".into(), config.default_output_tokens.into());
            config.default_output_tokens
        }
        // Servers differ in which one they read.
        (old, new) => old.unwrap_or_default().max(new.unwrap_or_default()),
    };
    let choices = count(body, "n", MAX_CHOICES)?
        .unwrap_or(1)
        .max(count(body, "best_of", MAX_CHOICES)?.unwrap_or(1));
    let total = limit.saturating_mul(choices).saturating_mul(prompts(body)?);
    if total > most.min(MAX_TOKENS) {
        return Err(Refusal::invalid(format!(
            "the request may make {total} tokens over all its answers, this gateway allows {most}; lower `max_tokens` or `n`"
        )));
    }
    Ok(total)
}

/// Prompts of `/v1/completions`: a list of texts or of lists is several; a list of numbers is one, as tokens.
fn prompts(body: &Map<String, Value>) -> Result<u64, Refusal> {
    let several = |list: &&Vec<Value>| list.iter().any(|item| !item.is_number());
    let count = match body.get("prompt").and_then(Value::as_array).filter(several) {
        None => 1,
        Some(list) => u64::try_from(list.len()).unwrap_or(u64::MAX),
    };
    match (1..=MAX_CHOICES).contains(&count) {
        true => Ok(count),
        false => Err(Refusal::invalid(format!("{count} prompts; at most {MAX_CHOICES}"))),
    }
}

fn flag(body: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Refusal::invalid(format!("`{name}` is neither true nor false"))),
    }
}

fn count(body: &Map<String, Value>, name: &str, most: u64) -> Result<Option<u64>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64().filter(|count| (1..=most).contains(count)) {
            Some(count) => Ok(Some(count)),
            None => Err(Refusal::invalid(format!(
                "`{name}` is {value}; expected a whole number from 1 to {most}"
            ))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> ServeConfig {
        ServeConfig {
            default_output_tokens: 100,
            max_output_tokens: 1_000,
            max_prompt_tokens: 50_000,
            ..ServeConfig::default()
        }
    }

    fn parse(endpoint: Endpoint, body: Value) -> Result<Ask, Refusal> {
        read(endpoint, body.to_string().as_bytes(), &config())
    }

    fn chat(extra: Value) -> Result<Ask, Refusal> {
        let mut body = json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] });
        let fields = extra.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(fields);
        parse(Endpoint::Chat, body)
    }

    fn sent(ask: &Ask) -> Value {
        serde_json::from_slice(&ask.body).unwrap()
    }

    #[test]
    fn the_most_output_is_the_limit_times_every_answer() {
        for (extra, most) in [
            (json!({}), 100),
            (json!({ "max_tokens": 7 }), 7),
            (json!({ "max_completion_tokens": 7 }), 7),
            (json!({ "max_tokens": 5, "max_completion_tokens": 7 }), 7),
            (json!({ "max_tokens": null, "n": null }), 100),
            (json!({ "max_tokens": 7, "n": 3 }), 21),
        ] {
            assert_eq!(chat(extra.clone()).unwrap().most.completion_tokens, most, "{extra}");
        }
        for (body, most) in [
            (json!({ "model": "m", "prompt": "a", "max_tokens": 5 }), 5),
            (
                json!({ "model": "m", "prompt": ["a", "b"], "max_tokens": 5, "n": 2 }),
                20,
            ),
            (json!({ "model": "m", "prompt": [1, 2, 3], "max_tokens": 5 }), 5),
            (
                json!({ "model": "m", "prompt": [[1], [2]], "max_tokens": 5, "best_of": 3 }),
                30,
            ),
        ] {
            assert_eq!(
                parse(Endpoint::Completions, body.clone())
                    .unwrap()
                    .most
                    .completion_tokens,
                most,
                "{body}"
            );
        }
    }

    #[test]
    fn a_request_without_a_limit_gets_one_and_others_keep_theirs() {
        assert_eq!(sent(&chat(json!({})).unwrap())["max_tokens"], 100);
        let own = sent(&chat(json!({ "max_completion_tokens": 7, "top_p": 0.5 })).unwrap());
        assert_eq!((own.get("max_tokens"), &own["top_p"]), (None, &json!(0.5)));
        let embedding = parse(Endpoint::Embeddings, json!({ "model": "m", "input": "hi" })).unwrap();
        assert_eq!(
            (embedding.most.completion_tokens, sent(&embedding).get("max_tokens")),
            (0, None)
        );
    }

    #[test]
    fn usage_is_asked_for_in_every_stream() {
        for (extra, wants) in [
            (json!({ "stream": true }), false),
            (json!({ "stream": true, "stream_options": null }), false),
            (
                json!({ "stream": true, "stream_options": { "include_usage": false, "x": 1 } }),
                false,
            ),
            (
                json!({ "stream": true, "stream_options": { "include_usage": true } }),
                true,
            ),
        ] {
            let ask = chat(extra.clone()).unwrap();
            assert_eq!((ask.stream, ask.wants_usage), (true, wants), "{extra}");
            assert_eq!(sent(&ask)["stream_options"]["include_usage"], true, "{extra}");
        }
        assert_eq!(sent(&chat(json!({})).unwrap()).get("stream_options"), None);
    }

    /// Attack: a body that two parsers read in two ways.
    #[test]
    fn a_field_given_twice_reaches_the_upstream_once() {
        let text = br#"{"model":"m","messages":[],"max_tokens":1,"max_tokens":900}"#;
        let ask = read(Endpoint::Chat, text, &config()).unwrap();
        assert_eq!(ask.most.completion_tokens, 900);
        assert_eq!(String::from_utf8(ask.body).unwrap().matches("max_tokens").count(), 1);
    }

    #[test]
    fn input_is_bounded_by_its_bytes_and_media_by_the_context() {
        let short = chat(json!({})).unwrap();
        let bytes = short.body.len() as u64;
        assert_eq!(short.most.prompt_tokens, bytes + 2 * TOKENS_PER_MESSAGE);
        let long = chat(json!({ "messages": [{ "role": "user", "content": "x".repeat(60_000) }] })).unwrap();
        assert_eq!(long.most.prompt_tokens, 50_000);
        let text = json!([{ "type": "text", "text": "hi" }]);
        let picture =
            json!([{ "type": "text", "text": "hi" }, { "type": "image_url", "image_url": { "url": "https://x" } }]);
        let ask = |content: Value| chat(json!({ "messages": [{ "role": "user", "content": content }] })).unwrap();
        assert!(ask(text).most.prompt_tokens < 1_000);
        assert_eq!(ask(picture).most.prompt_tokens, 50_000);
    }

    #[test]
    fn what_cannot_be_bounded_is_refused_by_name() {
        for (extra, named) in [
            (json!({ "model": "" }), "model"),
            (json!({ "model": 7 }), "model"),
            (json!({ "max_tokens": 0 }), "max_tokens"),
            (json!({ "max_tokens": -1 }), "max_tokens"),
            (json!({ "max_tokens": 1.5 }), "max_tokens"),
            (json!({ "max_tokens": "9" }), "max_tokens"),
            (json!({ "max_tokens": 1_001 }), "max_tokens"),
            (json!({ "max_completion_tokens": 1_001 }), "max_completion_tokens"),
            (json!({ "max_tokens": 600, "n": 2 }), "1200"),
            (json!({ "n": 129 }), "n"),
            (json!({ "stream": "yes" }), "stream"),
            (json!({ "stream": true, "stream_options": 3 }), "stream_options"),
        ] {
            let refusal = chat(extra.clone()).unwrap_err();
            assert_eq!(refusal.code, "invalid_request", "{extra}");
            assert!(refusal.message.contains(named), "{extra}: {}", refusal.message);
        }
        assert!(read(Endpoint::Chat, b"[]", &config()).is_err());
        assert!(parse(Endpoint::Embeddings, json!({ "model": "m", "stream": true })).is_err());
        let many = vec!["a"; 129];
        assert!(parse(
            Endpoint::Completions,
            json!({ "model": "m", "prompt": many, "max_tokens": 1 })
        )
        .is_err());
    }
}
