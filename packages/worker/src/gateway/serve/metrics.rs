//! What a serving gateway counts, in Prometheus' text format.

use prometheus::{Encoder, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

use crate::sdk::statements::Counts;

/// All counters of one gateway. Names begin with `gateway_`.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    refused: IntCounterVec,
    calls: IntCounterVec,
    tokens: IntCounterVec,
    list: IntCounter,
    unmetered: IntCounter,
    cut_down: IntCounter,
    in_flight: IntGauge,
    ready: IntGauge,
    block_time: IntGauge,
    reports: IntGaugeVec,
}

impl Metrics {
    /// Fresh counters.
    ///
    /// # Errors
    /// Never in practice: names are fixed and distinct.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let counters = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let counter = |name: &str, help: &str| {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let gauge = |name: &str, help: &str| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let reports = IntGaugeVec::new(
            Opts::new("gateway_statements", "Reports in the book by state"),
            &["state"],
        )?;
        registry.register(Box::new(reports.clone()))?;
        Ok(Self {
            requests: counters("gateway_requests_total", "Requests by status", &["status"])?,
            refused: counters(
                "gateway_refused_total",
                "Requests that were refused, by code",
                &["code"],
            )?,
            calls: counters(
                "gateway_calls_total",
                "Calls served and written down, by model",
                &["model"],
            )?,
            tokens: counters("gateway_tokens_total", "Tokens written down", &["model", "side"])?,
            list: counter(
                "gateway_list_ucredit_total",
                "List price of calls written down, in µCredit",
            )?,
            unmetered: counter("gateway_unmetered_total", "Answers that were begun and are not charged")?,
            cut_down: counter(
                "gateway_usage_cut_total",
                "Calls whose upstream named more tokens than the request could use",
            )?,
            in_flight: gauge("gateway_in_flight", "Calls under way")?,
            ready: gauge("gateway_ready", "1 if /readyz answers 200")?,
            block_time: gauge("gateway_block_time", "Time of the newest block, unix seconds")?,
            registry,
            reports,
        })
    }

    /// A request was answered.
    pub fn answered(&self, status: u16, refused: Option<&str>) {
        self.requests.with_label_values(&[&status.to_string()]).inc();
        if let Some(code) = refused {
            self.refused.with_label_values(&[code]).inc();
        }
    }

    /// A call was written down. `model` is on the rate card.
    pub fn called(&self, model: &str, tokens: [u64; 2], list: u64) {
        self.calls.with_label_values(&[model]).inc();
        for (side, tokens) in ["in", "out"].into_iter().zip(tokens) {
            self.tokens.with_label_values(&[model, side]).inc_by(tokens);
        }
        self.list.inc_by(list);
    }

    /// An answer was begun and is not charged.
    pub fn unmetered(&self) {
        self.unmetered.inc();
    }

    /// The upstream named more than the request could use.
    pub fn cut_down(&self) {
        self.cut_down.inc();
    }

    pub fn in_flight(&self, calls: usize) {
        self.in_flight.set(i64::try_from(calls).unwrap_or(i64::MAX));
    }

    pub fn ready(&self, ready: bool) {
        self.ready.set(i64::from(ready));
    }

    pub fn block_time(&self, time: u64) {
        self.block_time.set(signed(time));
    }

    pub fn statements(&self, counts: Counts) {
        for (state, count) in [
            ("reserved", counts.reserved),
            ("signed", counts.signed),
            ("posted", counts.posted),
            ("settled", counts.settled),
        ] {
            self.reports.with_label_values(&[state]).set(signed(count));
        }
    }

    /// All of it, as text.
    ///
    /// # Errors
    /// When a metric cannot be encoded.
    pub fn render(&self) -> prometheus::Result<String> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_show_under_their_names() {
        let metrics = Metrics::new().unwrap();
        metrics.answered(402, Some("insufficient_credits"));
        metrics.called("gpt-4o", [12, 34], 370);
        metrics.unmetered();
        let text = metrics.render().unwrap();
        for line in [
            "gateway_requests_total{status=\"402\"} 1",
            "gateway_refused_total{code=\"insufficient_credits\"} 1",
            "gateway_tokens_total{model=\"gpt-4o\",side=\"out\"} 34",
            "gateway_list_ucredit_total 370",
            "gateway_unmetered_total 1",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }
}
