//! One call: sent on, metered, written down, answered.
//!
//! The call is in the book, on the disk, before its answer ends: an answer that does not stream is held back until then, one that streams lacks its end.
//! Everything runs apart from the connection, so a client that goes away neither escapes the charge nor leaves a reservation behind.
//!
//! What is charged is what the upstream reported last, at most what the request could use. Without a report nothing is charged: an answer that does not stream is
//! withheld then, a stream is ended with an error.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{header, HeaderName, HeaderValue, Response, StatusCode};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::admission::{Place, Terms};
use super::refusal::Refusal;
use super::request::Ask;
use super::usage::{self, Events, Said};
use super::Server;
use crate::gateway::calls::{Intake, Refusal as NotTaken, Rules};
use crate::gateway::log::{LogLine, Usage};
use crate::gateway::rates::{skus, Price};
use crate::sdk::failpoint;
use crate::sdk::keys::random_seed;
use crate::sdk::ChainClient;
use crate::{Error, Result};

/// Events on their way to a client.
const QUEUE: usize = 64;

/// The end of a stream.
const DONE: &[u8] = b"data: [DONE]\n\n";

/// Names the call, as `gateway prove --call-id` and the reports do.
pub const CALL_ID: HeaderName = HeaderName::from_static("x-request-id");
/// List price of an answer that does not stream, µCredit.
pub const LIST: HeaderName = HeaderName::from_static("x-credits-list");
/// The same at the account's tier; settlement may find a lower tier, an entitlement or free calls.
pub const PRICE: HeaderName = HeaderName::from_static("x-credits-price");

/// A call that is admitted.
pub struct Call<C> {
    pub server: Arc<Server<C>>,
    pub place: Place,
    pub terms: Terms,
    pub ask: Ask,
    pub id: String,
}

/// What a call came to, µCredit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    pub list: u64,
    /// At the tier the account has now.
    pub price: u64,
}

/// A name no other call has, on any gateway.
pub fn new_id() -> String {
    let seed = random_seed();
    let (short, _) = seed.split_at(16);
    format!("call-{}", hex::encode(short))
}

impl<C: ChainClient + Send + 'static> Call<C> {
    /// Runs to its end, whether anybody waits for it or not.
    ///
    /// # Errors
    /// What the client hears instead of an answer.
    pub async fn run(self) -> std::result::Result<Response<Body>, Refusal> {
        let response = self.server.upstream.send(&self.ask).await?;
        let kind = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let streams = kind.is_some_and(|kind| kind.starts_with("text/event-stream"));
        match self.ask.stream && streams {
            true => self.stream(response),
            false => self.whole(response).await,
        }
    }

    /// An answer that does not stream.
    async fn whole(self, mut response: reqwest::Response) -> std::result::Result<Response<Body>, Refusal> {
        let upstream = &self.server.upstream;
        let body = upstream.whole(&mut response, upstream.max_answer).await;
        let body = body.inspect_err(|_| self.server.metrics.unmetered())?;
        let answer: Option<serde_json::Value> = serde_json::from_slice(&body).ok();
        let Some(usage) = answer.as_ref().and_then(usage::usage_of) else {
            return Err(self.unmetered());
        };
        let bill = self.write_down(usage).await?;
        let mut response = Response::new(Body::from(body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(LIST, bill.list.into());
        headers.insert(PRICE, bill.price.into());
        self.name(&mut response);
        Ok(response)
    }

    /// An answer that streams: begins at once and is written down before its end.
    fn stream(self, response: reqwest::Response) -> std::result::Result<Response<Body>, Refusal> {
        let (sender, receiver) = mpsc::channel::<std::result::Result<Bytes, std::convert::Infallible>>(QUEUE);
        let mut begun = Response::new(Body::from_stream(ReceiverStream::new(receiver)));
        *begun.status_mut() = StatusCode::OK;
        let headers = begun.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        self.name(&mut begun);
        let patience = Duration::from_secs(self.server.config.upstream.idle_timeout);
        let client = Client {
            sender: Some(sender),
            patience,
        };
        tokio::spawn(self.pump(response, client));
        Ok(begun)
    }

    async fn pump(self, mut response: reqwest::Response, mut client: Client) {
        let mut meter = Meter::default();
        let relayed = self.relay(&mut response, &mut client, &mut meter).await;
        // With the usage of the whole, the answer is there as a whole, too.
        let cut = relayed.err().filter(|_| !meter.complete);
        let written = match meter.usage {
            Some(usage) => self.write_down(usage).await.map(|_| ()),
            None => Err(cut
                .clone()
                .inspect(|_| self.server.metrics.unmetered())
                .unwrap_or_else(|| self.unmetered())),
        };
        match written.and(cut.map_or(Ok(()), Err)) {
            Ok(()) => {
                for event in meter.end.into_iter().chain([DONE.to_vec()]) {
                    client.send(event).await;
                }
            }
            Err(refusal) => client.send(refusal.event()).await,
        }
    }

    /// Passes events on until the end, which is held back.
    async fn relay(
        &self,
        response: &mut reqwest::Response,
        client: &mut Client,
        meter: &mut Meter,
    ) -> std::result::Result<(), Refusal> {
        let upstream = &self.server.upstream;
        let mut events = Events::new(upstream.max_answer);
        while let Some(chunk) = upstream.chunk(response).await? {
            let too_long = |_| {
                Refusal::new(
                    "upstream_failed",
                    "the upstream sent an event longer than this gateway passes on",
                )
            };
            events.push(&chunk).map_err(too_long)?;
            while let Some(event) = events.next_event() {
                match meter.take(event, self.ask.wants_usage) {
                    Step::Pass(event) => client.send(event).await,
                    Step::Hold => {}
                    Step::End => return Ok(()),
                    Step::Failed => return Err(Refusal::new("upstream_failed", "the upstream gave up; try again")),
                }
            }
        }
        // Without `[DONE]`, but orderly.
        Ok(())
    }

    /// Puts the call into the book, once, before anybody sees its end.
    async fn write_down(&self, reported: Usage) -> std::result::Result<Bill, Refusal> {
        let (charged, cut) = usage::charged(reported, self.ask.most);
        if cut {
            tracing::warn!(call = self.id, ?reported, most = ?self.ask.most, "the upstream names more tokens than the request could use");
            self.server.metrics.cut_down();
        }
        let now = self
            .server
            .chain
            .shared()
            .await
            .map_or(self.terms.time, |shared| shared.now());
        let line = LogLine {
            id: self.id.clone(),
            created: self.terms.time,
            model: self.ask.model.clone(),
            user: self.place.account.clone(),
            usage: Some(charged),
            prompt_tokens: None,
            completion_tokens: None,
        };
        let server = self.server.clone();
        let card = self.terms.card.clone();
        let record = move |conn: &mut rusqlite::Connection| {
            let rules = Rules {
                card: &card,
                window: server.window,
                prefix: &server.prefix,
            };
            record(conn, rules, line, now)
        };
        let time = self.server.books.with(record).await;
        let time = time.inspect_err(|_| self.server.metrics.unmetered())?;
        let (bill, list) = self.bill(charged, time);
        self.server.metrics.called(
            &self.ask.model,
            [charged.prompt_tokens, charged.completion_tokens],
            list,
        );
        Ok(bill)
    }

    fn bill(&self, charged: Usage, time: u64) -> (Bill, u64) {
        let tokens = [charged.prompt_tokens, charged.completion_tokens];
        let prices = skus(&self.ask.model)
            .into_iter()
            .zip(tokens)
            .map(|(sku, tokens)| match tokens {
                0 => Price::default(),
                _ => self.terms.card.price(&sku, tokens, time).unwrap_or_default(),
            });
        let sum = prices.fold(Bill { list: 0, price: 0 }, |sum, price| Bill {
            list: sum.list.saturating_add(price.list),
            price: sum.price.saturating_add(super::price_at(self.terms.tier, price)),
        });
        (sum, sum.list)
    }

    fn unmetered(&self) -> Refusal {
        tracing::warn!(call = self.id, "the upstream names no usage");
        self.server.metrics.unmetered();
        Refusal::new(
            "usage_missing",
            "the upstream did not say how many tokens it used, so nothing is charged; try again, or tell the gateway's operator",
        )
    }

    fn name(&self, response: &mut Response<Body>) {
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(CALL_ID, id);
        }
    }
}

/// Writes one call down and answers its time.
///
/// # Errors
/// [`Error::Store`], and [`Error::Encoding`] for a call that no report could hold.
fn record(conn: &mut rusqlite::Connection, rules: Rules<'_>, mut line: LogLine, now: u64) -> Result<u64> {
    let transaction = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let mut intake = Intake::new(&transaction, rules)?;
    let mut taken = intake.take_call(line.clone())?;
    if matches!(taken, Err(NotTaken::Late(_))) {
        // It took so long that its window is reported: it counts when it ended.
        line.created = now;
        taken = intake.take_call(line.clone())?;
    }
    taken.map_err(|why| Error::Encoding(format!("call {}: {why:?}", line.id)))?;
    intake.finish()?;
    failpoint::hit("serve.before_commit");
    transaction.commit()?;
    failpoint::hit("serve.after_commit");
    Ok(line.created)
}

/// Where events go, as long as somebody takes them.
struct Client {
    sender: Option<mpsc::Sender<std::result::Result<Bytes, std::convert::Infallible>>>,
    patience: Duration,
}

impl Client {
    /// A client that is gone, or does not read, gets nothing more; the call goes on.
    async fn send(&mut self, event: Vec<u8>) {
        if let Some(sender) = &self.sender {
            if sender.send_timeout(Ok(event.into()), self.patience).await.is_err() {
                self.sender = None;
            }
        }
    }
}

/// What a stream has said so far.
#[derive(Debug, Default)]
struct Meter {
    /// As reported last.
    usage: Option<Usage>,
    /// Whether that is the usage of the whole answer.
    complete: bool,
    /// Held back until the call is written down, and followed by [`DONE`].
    end: Vec<Vec<u8>>,
}

/// What to do with an event.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Pass(Vec<u8>),
    Hold,
    End,
    Failed,
}

impl Meter {
    fn take(&mut self, event: Vec<u8>, wants_usage: bool) -> Step {
        match usage::read(&event) {
            Said::Part => Step::Pass(event),
            Said::Running(usage) => {
                self.usage = Some(usage);
                Step::Pass(event)
            }
            Said::UsageOnly(usage) => {
                self.usage = Some(usage);
                self.complete = true;
                if wants_usage {
                    self.end.push(event);
                }
                Step::Hold
            }
            Said::Done => Step::End,
            Said::Error => Step::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &[u8] = b"data: {\"choices\":[{}]}\n\n";
    const USAGE: &[u8] = b"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n";
    #[test]
    fn the_end_is_held_back_and_usage_goes_to_those_who_asked() {
        for (wants, held) in [(true, 1), (false, 0)] {
            let mut meter = Meter::default();
            assert_eq!(meter.take(PART.to_vec(), wants), Step::Pass(PART.to_vec()));
            assert_eq!(meter.take(USAGE.to_vec(), wants), Step::Hold);
            assert_eq!(meter.take(DONE.to_vec(), wants), Step::End);
            let expected = Usage {
                prompt_tokens: 3,
                completion_tokens: 4,
            };
            assert_eq!(
                (meter.usage, meter.complete, meter.end.len()),
                (Some(expected), true, held)
            );
        }
    }

    #[test]
    fn an_upstream_that_gives_up_ends_the_stream() {
        let error = b"data: {\"error\":{\"message\":\"out of memory\"}}\n\n".to_vec();
        assert_eq!(Meter::default().take(error, false), Step::Failed);
    }

    #[test]
    fn calls_have_names_a_report_can_hold() {
        let (one, other) = (new_id(), new_id());
        assert_ne!(one, other);
        assert!(one.len() <= attestation::MAX_NAME && one.bytes().all(|byte| byte.is_ascii_graphic()));
    }
}
