//! What the relayer counts, in Prometheus' text format.

use prometheus::{Encoder, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

use crate::outbox::DeliveryState;
use crate::outcome::{code_name, State};

/// All counters of one relayer. Names begin with `relayer_`.
pub struct Metrics {
    registry: Registry,
    ingest: IntCounterVec,
    statements: IntCounterVec,
    duplicates: IntCounterVec,
    transactions: IntCounterVec,
    fees: IntCounter,
    gas: IntCounter,
    rpc_errors: IntCounterVec,
    states: IntGaugeVec,
    deliveries: IntGaugeVec,
    pruned: IntCounter,
    height: IntGauge,
    ready: IntGauge,
    price: IntGauge,
    batch: IntGauge,
}

impl Metrics {
    /// Fresh counters.
    ///
    /// # Errors
    /// Never in practice: names are fixed and distinct.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let counters = |name: &str, help: &str, label: &str| {
            let counter = IntCounterVec::new(Opts::new(name, help), &[label])?;
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
        let statements = IntCounterVec::new(
            Opts::new("relayer_statements_total", "Statements that reached a terminal state"),
            &["state", "outcome"],
        )?;
        registry.register(Box::new(statements.clone()))?;
        let states = IntGaugeVec::new(
            Opts::new("relayer_outbox", "Statements in the outbox by state"),
            &["state"],
        )?;
        registry.register(Box::new(states.clone()))?;
        let deliveries = IntGaugeVec::new(
            Opts::new(
                "relayer_deliveries",
                "Reports whose receiver failed, by what became of them",
            ),
            &["state"],
        )?;
        registry.register(Box::new(deliveries.clone()))?;
        Ok(Self {
            ingest: counters(
                "relayer_ingest_total",
                "Statements posted to this relayer by answer",
                "outcome",
            )?,
            duplicates: counters(
                "relayer_duplicates_total",
                "Statements known before: to this relayer (ingest) or to the contract (chain)",
                "at",
            )?,
            transactions: counters(
                "relayer_transactions_total",
                "Transactions by what became of them",
                "result",
            )?,
            fees: counter("relayer_fees_total", "Fees of transactions signed, in the fee denom")?,
            gas: counter("relayer_gas_total", "Gas limits of transactions signed")?,
            pruned: counter("relayer_pruned_total", "Statements forgotten after outbox.keep_days")?,
            rpc_errors: counters(
                "relayer_rpc_errors_total",
                "Failed calls by endpoint number",
                "endpoint",
            )?,
            height: gauge("relayer_height", "Height of the chain as the endpoints agree on it")?,
            ready: gauge("relayer_ready", "1 if /readyz answers 200")?,
            price: gauge(
                "relayer_gas_price_micro",
                "Gas price now, in millionths of the fee denom",
            )?,
            batch: gauge("relayer_batch_cap", "Most statements of the next transaction")?,
            registry,
            statements,
            states,
            deliveries,
        }
        .with_zeroes())
    }

    /// Shows the counters that alerts are built on before they first move.
    fn with_zeroes(self) -> Self {
        for at in ["ingest", "chain"] {
            self.duplicates.with_label_values(&[at]);
        }
        self
    }

    pub fn ingested(&self, outcome: &str) {
        self.ingest.with_label_values(&[outcome]).inc();
    }

    pub fn duplicate(&self, at: &str) {
        self.duplicates.with_label_values(&[at]).inc();
    }

    /// A statement reached a terminal state.
    pub fn settled(&self, state: State, code: Option<u32>) {
        let outcome = code.map_or("none", code_name);
        self.statements.with_label_values(&[state.name(), outcome]).inc();
        if state == State::Duplicate {
            self.duplicate("chain");
        }
    }

    pub fn transaction(&self, result: &str) {
        self.transactions.with_label_values(&[result]).inc();
    }

    pub fn signed(&self, fee: u64, gas: u64) {
        self.fees.inc_by(fee);
        self.gas.inc_by(gas);
    }

    pub fn rpc_error(&self, endpoint: usize) {
        self.rpc_errors.with_label_values(&[&endpoint.to_string()]).inc();
    }

    pub fn states(&self, counts: &[(State, u64)]) {
        for (state, count) in counts {
            self.states.with_label_values(&[state.name()]).set(signed(*count));
        }
    }

    pub fn deliveries(&self, counts: &[(DeliveryState, u64)]) {
        for (state, count) in counts {
            self.deliveries.with_label_values(&[state.name()]).set(signed(*count));
        }
    }

    pub fn pruned(&self, statements: u32) {
        self.pruned.inc_by(statements.into());
    }

    pub fn height(&self, height: u64) {
        self.height.set(signed(height));
    }

    pub fn ready(&self, ready: bool) {
        self.ready.set(i64::from(ready));
    }

    pub fn price(&self, price: u64) {
        self.price.set(signed(price));
    }

    pub fn batch_cap(&self, cap: usize) {
        self.batch.set(i64::try_from(cap).unwrap_or(i64::MAX));
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
        metrics.settled(State::Duplicate, Some(0));
        metrics.settled(State::Rejected, Some(20));
        metrics.ingested("foreign_chain");
        let text = metrics.render().unwrap();
        for line in [
            "relayer_duplicates_total{at=\"chain\"} 1",
            "relayer_duplicates_total{at=\"ingest\"} 0",
            "relayer_statements_total{outcome=\"expired\",state=\"rejected\"} 1",
            "relayer_ingest_total{outcome=\"foreign_chain\"} 1",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }
}
