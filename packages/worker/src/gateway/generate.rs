//! Makes a call log from a seed: the same bytes on every machine.
//!
//! Randomness is ChaCha20 (`rand_chacha`), keyed with SHA-256 of a tag and the seed, and read as 64-bit words only; draws below a bound reject the uneven
//! rest. There is no floating point. Accounts and models follow Zipf's law (weight 1/rank); token counts are spread evenly within octaves whose weights rise
//! and fall, as in real traffic; calls are spread evenly over time.

use std::io::Write;

use cosmwasm_std::Uint128;
use interfaces::credit_vault::RateResponse;
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::log::{LogLine, Usage, MAX_TOKENS};
use super::rates::{skus, RateCard};
use crate::{Error, Result};

/// Key of the generator: `SHA-256(TAG ‖ seed u64)`.
const TAG: &[u8] = b"VCITY-CALL-LOG\0\x01";

/// Weight of an octave `[2^n, 2^(n+1))` of input tokens, from n = 5.
const INPUT_OCTAVES: (u32, &[u64]) = (5, &[2, 4, 8, 14, 20, 20, 14, 10, 5, 3]);

/// Of output tokens, from n = 4.
const OUTPUT_OCTAVES: (u32, &[u64]) = (4, &[3, 6, 12, 20, 22, 18, 12, 5, 2]);

/// What log to make.
#[derive(Clone, Debug)]
pub struct LogSpec {
    pub seed: u64,
    pub calls: u64,
    /// Who calls, the busiest first.
    pub accounts: Vec<String>,
    /// What is called, the most popular first.
    pub models: Vec<String>,
    /// Time of the first call, Unix seconds.
    pub start: u64,
    /// Seconds from the first call to the last.
    pub duration: u64,
    /// Token counts are multiplied so that the log comes to at least this many µCredit at these rates.
    pub target: Option<(Uint128, Vec<RateResponse>)>,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Generated {
    pub calls: u64,
    pub accounts: u64,
    pub bytes: u64,
    /// SHA-256 of the log.
    pub sha256: String,
    pub first: u64,
    pub last: u64,
}

/// Writes the log.
///
/// # Errors
/// [`Error::Config`] when the specification is empty or a target cannot be reached, [`Error::File`] without a path when writing fails.
pub fn generate(spec: &LogSpec, out: &mut impl Write, mut progress: impl FnMut(u64)) -> Result<Generated> {
    check(spec)?;
    let scale = scale(spec)?;
    let mut generated = Generated {
        calls: 0,
        accounts: 0,
        bytes: 0,
        sha256: String::new(),
        first: spec.start,
        last: spec.start,
    };
    let mut hasher = Sha256::new();
    let mut callers = std::collections::BTreeSet::new();
    for call in Calls::new(spec) {
        let call = scale.apply(call)?;
        let mut line = serde_json::to_vec(&call)?;
        line.push(b'\n');
        out.write_all(&line).map_err(|source| Error::File {
            path: "output".into(),
            source,
        })?;
        hasher.update(&line);
        generated.bytes = generated
            .bytes
            .saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
        generated.calls = generated.calls.saturating_add(1);
        generated.last = call.created;
        callers.insert(call.user);
        progress(generated.calls);
    }
    generated.accounts = u64::try_from(callers.len()).unwrap_or(u64::MAX);
    generated.sha256 = hex::encode(hasher.finalize());
    Ok(generated)
}

fn check(spec: &LogSpec) -> Result<()> {
    if spec.calls == 0 || spec.accounts.is_empty() || spec.models.is_empty() {
        return Err(Error::Config("a log needs calls, accounts and models".into()));
    }
    Ok(())
}

/// A factor of all token counts, rounded up.
#[derive(Clone, Copy)]
struct Scale {
    numerator: u128,
    denominator: u128,
}

impl Scale {
    fn apply(self, mut call: LogLine) -> Result<LogLine> {
        if let Some(usage) = &mut call.usage {
            for tokens in [&mut usage.prompt_tokens, &mut usage.completion_tokens] {
                *tokens = self.times(*tokens)?;
            }
        }
        Ok(call)
    }

    fn times(self, tokens: u64) -> Result<u64> {
        let scaled = u128::from(tokens)
            .saturating_mul(self.numerator)
            .div_ceil(self.denominator);
        u64::try_from(scaled)
            .ok()
            .filter(|scaled| *scaled <= MAX_TOKENS)
            .ok_or_else(|| {
                Error::Config(
                    "the target needs calls of more tokens than any has; make more calls or raise the rates".into(),
                )
            })
    }
}

/// The factor that takes the log to its target. Each price may lose a fraction to rounding, so each leaf aims one µCredit higher.
fn scale(spec: &LogSpec) -> Result<Scale> {
    let Some((target, rates)) = &spec.target else {
        return Ok(Scale {
            numerator: 1,
            denominator: 1,
        });
    };
    let gateway = rates.first().map(|rate| rate.gateway).unwrap_or_default();
    let card = RateCard::new(gateway, rates.clone());
    let mut sum = 0u128;
    for call in Calls::new(spec) {
        sum = sum.saturating_add(value(&card, &call)?);
    }
    if sum == 0 {
        return Err(Error::Config("the log is worth nothing at these rates".into()));
    }
    let numerator = target.u128().saturating_add(u128::from(spec.calls).saturating_mul(2));
    Ok(Scale {
        numerator,
        denominator: sum,
    })
}

/// Price of a call in 10⁻⁶ µCredit would be exact; whole µCredit are near enough to aim by.
fn value(card: &RateCard, call: &LogLine) -> Result<u128> {
    let Some(tokens) = call.tokens() else { return Ok(0) };
    let [sku_in, sku_out] = skus(&call.model);
    let price = |sku: &str, units| {
        card.price(sku, units, call.created)
            .map_err(|why| Error::Config(format!("{sku} at {}: {why}", call.created)))
    };
    let (input, output) = (
        price(&sku_in, tokens.prompt_tokens)?,
        price(&sku_out, tokens.completion_tokens)?,
    );
    Ok(u128::from(input.list).saturating_add(output.list.into()))
}

/// The calls of a specification, unscaled.
struct Calls<'a> {
    spec: &'a LogSpec,
    rng: ChaCha20Rng,
    accounts: Weights,
    models: Weights,
    input: Weights,
    output: Weights,
    next: u64,
}

impl<'a> Calls<'a> {
    fn new(spec: &'a LogSpec) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(TAG);
        hasher.update(spec.seed.to_be_bytes());
        Self {
            spec,
            rng: ChaCha20Rng::from_seed(hasher.finalize().into()),
            accounts: Weights::zipf(spec.accounts.len()),
            models: Weights::zipf(spec.models.len()),
            input: Weights::new(INPUT_OCTAVES.1.iter().copied()),
            output: Weights::new(OUTPUT_OCTAVES.1.iter().copied()),
            next: 0,
        }
    }

    /// Spread evenly, first and last call at the ends.
    fn time(&self) -> u64 {
        let steps = u128::from(self.spec.calls.saturating_sub(1).max(1));
        let since = u128::from(self.spec.duration).saturating_mul(self.next.into()) / steps;
        self.spec.start.saturating_add(u64::try_from(since).unwrap_or(u64::MAX))
    }

    fn id(&mut self) -> String {
        format!("chatcmpl-{:016x}{:08x}", self.rng.next_u64(), self.next)
    }

    fn tokens(rng: &mut ChaCha20Rng, weights: &Weights, first: u32) -> u64 {
        let octave = weights.draw(rng);
        let low = 1u64 << first.saturating_add(u32::try_from(octave).unwrap_or_default());
        low.saturating_add(below(rng, low))
    }
}

impl Iterator for Calls<'_> {
    type Item = LogLine;

    fn next(&mut self) -> Option<LogLine> {
        if self.next >= self.spec.calls {
            return None;
        }
        let id = self.id();
        let user = self.spec.accounts.get(self.accounts.draw(&mut self.rng))?.clone();
        let model = self.spec.models.get(self.models.draw(&mut self.rng))?.clone();
        let prompt_tokens = Self::tokens(&mut self.rng, &self.input, INPUT_OCTAVES.0);
        let completion_tokens = Self::tokens(&mut self.rng, &self.output, OUTPUT_OCTAVES.0);
        let created = self.time();
        self.next = self.next.saturating_add(1);
        let usage = Some(Usage {
            prompt_tokens,
            completion_tokens,
        });
        Some(LogLine {
            id,
            created,
            model,
            user,
            usage,
            prompt_tokens: None,
            completion_tokens: None,
        })
    }
}

/// Draws positions in proportion to weights.
struct Weights {
    /// Running sums.
    bounds: Vec<u64>,
}

impl Weights {
    fn new(weights: impl Iterator<Item = u64>) -> Self {
        let running = |sum: &mut u64, weight| {
            *sum = sum.saturating_add(weight);
            Some(*sum)
        };
        Self {
            bounds: weights.scan(0, running).collect(),
        }
    }

    fn zipf(count: usize) -> Self {
        let ranks = (1u64..).take(count);
        Self::new(ranks.map(|rank| (1u64 << 32) / rank))
    }

    fn draw(&self, rng: &mut ChaCha20Rng) -> usize {
        let total = self.bounds.last().copied().unwrap_or(1);
        let at = below(rng, total);
        self.bounds.partition_point(|bound| *bound <= at)
    }
}

/// An even draw from `0..bound`, `bound` > 0.
fn below(rng: &mut ChaCha20Rng, bound: u64) -> u64 {
    // Words in the last, incomplete run of `bound` would favour small results.
    let uneven = (u64::MAX % bound).wrapping_add(1) % bound;
    loop {
        let word = rng.next_u64();
        if word <= u64::MAX.saturating_sub(uneven) {
            return word % bound;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(calls: u64) -> LogSpec {
        LogSpec {
            seed: 7,
            calls,
            accounts: (0..5).map(|i| format!("account{i}")).collect(),
            models: vec!["gpt-4o".into(), "gpt-4o-mini".into()],
            start: 1_753_000_000,
            duration: 3_600,
            target: None,
        }
    }

    fn text(spec: &LogSpec) -> (String, Generated) {
        let mut out = vec![];
        let generated = generate(spec, &mut out, |_| {}).unwrap();
        (String::from_utf8(out).unwrap(), generated)
    }

    /// Golden: whoever changes the generator changes the shipped log, and must say so here.
    #[test]
    fn a_seed_gives_the_same_log_everywhere() {
        let (log, generated) = text(&spec(1_000));
        assert_eq!(log.lines().next().unwrap(), GOLDEN_LINE);
        assert_eq!(generated.sha256, GOLDEN_SHA256);
        assert_eq!((generated.calls, generated.accounts), (1_000, 5));
        assert_eq!((generated.first, generated.last), (1_753_000_000, 1_753_003_600));
    }

    const GOLDEN_LINE: &str = r#"{"id":"chatcmpl-dd7fd2eab49557c800000000","created":1753000000,"model":"gpt-4o-mini","user":"account1","usage":{"prompt_tokens":301,"completion_tokens":1218}}"#;
    const GOLDEN_SHA256: &str = "95771b612c71fc2fad18fe9e8ca1b0fb91aca023d853edef03f94bc3466b47e0";

    #[test]
    fn ids_are_unique_and_the_first_account_is_the_busiest() {
        let (log, _) = text(&spec(2_000));
        let calls: Vec<LogLine> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: std::collections::BTreeSet<_> = calls.iter().map(|call| &call.id).collect();
        assert_eq!(ids.len(), 2_000);
        let count = |name: &str| calls.iter().filter(|call| call.user == name).count();
        assert!(count("account0") > count("account1") && count("account1") > count("account4"));
        assert!(count("account4") > 50);
    }

    #[test]
    fn a_target_is_reached_and_barely_passed() {
        let rate = |sku: &str, list: u128| RateResponse {
            sku: sku.into(),
            gateway: 1,
            versions: vec![interfaces::credit_vault::RateVersion {
                list: list.into(),
                cost: Uint128::one(),
                from: 0,
            }],
            exclusive_from: None,
            exclusive_until: None,
        };
        let rates = vec![
            rate("gpt-4o:in", 2_500_000),
            rate("gpt-4o:out", 10_000_000),
            rate("gpt-4o-mini:in", 150_000),
            rate("gpt-4o-mini:out", 600_000),
        ];
        let target = Uint128::new(1_000_000_000);
        let spec = LogSpec {
            target: Some((target, rates.clone())),
            ..spec(1_000)
        };
        let (log, _) = text(&spec);
        let card = RateCard::new(1, rates);
        let sum: u128 = log
            .lines()
            .map(|line| value(&card, &serde_json::from_str(line).unwrap()).unwrap())
            .sum();
        assert!((1_000_000_000..1_010_000_000).contains(&sum), "{sum}");
    }

    #[test]
    fn draws_below_a_bound_are_even() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let mut counts = [0u32; 3];
        for _ in 0..30_000 {
            counts[usize::try_from(below(&mut rng, 3)).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
    }
}
