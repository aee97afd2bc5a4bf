//! From a line of the log to a priced call in the book.

use std::collections::HashMap;

use cosmrs::AccountId;
use rusqlite::{params, Connection};
use serde::Serialize;

use super::book::{self, Batch, Names, Side};
use super::exposure::{self, Owed};
use super::log::{Line, LogLine, Usage, MAX_LINE, MAX_TOKENS};
use super::rates::{skus, Price, RateCard};
use crate::sdk::store::to_sql;
use crate::Result;

/// How many refused lines a summary names one by one.
const EXAMPLES: usize = 20;

/// Longest SKU the vault knows.
const MAX_SKU: usize = 64;

/// Numbers of accounts and models kept in memory at a time.
const CACHED_NAMES: usize = 65_536;

/// What became of the lines of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Lines read, empty ones not counted.
    pub lines: u64,
    /// Calls taken into the book.
    pub calls: u64,
    /// Calls whose id was taken before.
    pub duplicates: u64,
    /// Lines that are no call.
    pub malformed: u64,
    /// Calls without a rate in force.
    pub unpriced: u64,
    /// Calls of a window older than the newest that was reported.
    pub late: u64,
    /// The first refused lines.
    pub refused: Vec<RefusedLine>,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedLine {
    /// Counted from 1.
    pub line: u64,
    pub reason: String,
}

/// Why a line is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no call; the text says why.
    Malformed(String),
    /// A call of this id was taken before.
    Duplicate(String),
    /// One of its SKUs has no price.
    Unpriced(String),
    /// A newer window than this one was reported.
    Late(u64),
}

impl Tally {
    fn refuse(&mut self, line: u64, refusal: Refusal) {
        let (count, reason) = match refusal {
            Refusal::Malformed(reason) => (&mut self.malformed, reason),
            Refusal::Duplicate(id) => (&mut self.duplicates, format!("call {id} was taken before")),
            Refusal::Unpriced(reason) => (&mut self.unpriced, reason),
            Refusal::Late(window) => (&mut self.late, format!("a newer window than {window} was reported")),
        };
        *count = count.saturating_add(1);
        if self.refused.len() < EXAMPLES {
            self.refused.push(RefusedLine { line, reason });
        }
    }

    /// Adds what became of more lines.
    pub fn add(&mut self, other: Self) {
        for (sum, part) in [
            (&mut self.lines, other.lines),
            (&mut self.calls, other.calls),
            (&mut self.duplicates, other.duplicates),
            (&mut self.malformed, other.malformed),
            (&mut self.unpriced, other.unpriced),
            (&mut self.late, other.late),
        ] {
            *sum = sum.saturating_add(part);
        }
        self.refused.extend(other.refused);
        self.refused.truncate(EXAMPLES);
    }
}

/// How calls are taken in.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub card: &'a RateCard,
    /// Length of a window, seconds.
    pub window: u64,
    /// Bech32 prefix of accounts.
    pub prefix: &'a str,
}

/// A call that passed every check.
struct Call {
    id: String,
    user: String,
    model: String,
    time: u64,
    tokens: Usage,
    input: Price,
    output: Price,
}

/// Takes calls into the book; what it did takes effect by [`Intake::finish`] and the transaction around it.
pub struct Intake<'a> {
    conn: &'a Connection,
    rules: Rules<'a>,
    accounts: HashMap<String, i64>,
    models: HashMap<String, i64>,
    batches: HashMap<u64, Batch>,
    /// What these calls add to each account's debt, by (account, model, side, batch).
    owed: HashMap<(i64, i64, Side, i64), Owed>,
    next_batch: i64,
    newest_closed: Option<u64>,
    tally: Tally,
}

impl<'a> Intake<'a> {
    /// Begins with what the book knows.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn new(conn: &'a Connection, rules: Rules<'a>) -> Result<Self> {
        let open = book::open_batches(conn)?;
        Ok(Self {
            conn,
            rules,
            accounts: HashMap::new(),
            models: HashMap::new(),
            // Of two open batches of one window the newer one goes on.
            batches: open.into_iter().map(|batch| (batch.window_start, batch)).collect(),
            owed: HashMap::new(),
            next_batch: book::next_batch_id(conn)?,
            newest_closed: book::newest_closed(conn)?,
            tally: Tally::default(),
        })
    }

    /// Takes one line, the `number`th.
    ///
    /// # Errors
    /// [`crate::Error::Store`]; a line that is refused is none.
    pub fn take(&mut self, number: u64, line: &Line) -> Result<()> {
        if matches!(line, Line::Text(text) if text.is_empty()) {
            return Ok(());
        }
        self.tally.lines = self.tally.lines.saturating_add(1);
        let taken = match read(line) {
            Ok(line) => self.take_call(line)?,
            Err(refusal) => Err(refusal),
        };
        match taken {
            Ok(()) => self.tally.calls = self.tally.calls.saturating_add(1),
            Err(refusal) => self.tally.refuse(number, refusal),
        }
        Ok(())
    }

    /// Takes one call, and says in the inner result why not.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn take_call(&mut self, line: LogLine) -> Result<std::result::Result<(), Refusal>> {
        match self.check(line) {
            Ok(call) => self.insert(call),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Writes the batches and says what became of the lines.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub fn finish(self) -> Result<Tally> {
        for ((account, model, side, batch), owed) in &self.owed {
            exposure::add(self.conn, (*account, *model, *side, *batch), *owed)?;
        }
        for batch in self.batches.values() {
            book::put_batch(self.conn, batch)?;
        }
        Ok(self.tally)
    }

    fn check(&self, line: LogLine) -> std::result::Result<Call, Refusal> {
        let tokens = check_line(&line)?;
        if !self.accounts.contains_key(&line.user) {
            check_account(&line.user, self.rules.prefix)?;
        }
        let [sku_in, sku_out] = skus(&line.model);
        let input = self.price(&sku_in, tokens.prompt_tokens, line.created)?;
        let output = self.price(&sku_out, tokens.completion_tokens, line.created)?;
        let window = self.window_of(line.created);
        if self.newest_closed.is_some_and(|closed| window < closed) {
            return Err(Refusal::Late(window));
        }
        Ok(Call {
            id: line.id,
            user: line.user,
            model: line.model,
            time: line.created,
            tokens,
            input,
            output,
        })
    }

    /// No units make no leaf and need no price.
    fn price(&self, sku: &str, units: u64, time: u64) -> std::result::Result<Price, Refusal> {
        if units == 0 {
            return Ok(Price::default());
        }
        self.rules
            .card
            .price(sku, units, time)
            .map_err(|why| Refusal::Unpriced(format!("{sku} at {time}: {why}")))
    }

    fn window_of(&self, time: u64) -> u64 {
        time.saturating_sub(time % self.rules.window)
    }

    fn insert(&mut self, call: Call) -> Result<std::result::Result<(), Refusal>> {
        let account = numbered(self.conn, Names::Account, &mut self.accounts, &call.user)?;
        let model = numbered(self.conn, Names::Model, &mut self.models, &call.model)?;
        let window = self.window_of(call.time);
        let batch = self.batches.get(&window).map_or(self.next_batch, |batch| batch.id);
        let inserted = self
            .conn
            .prepare_cached(
                "INSERT OR IGNORE INTO call (id, batch, account, model, time,
                     units_in, list_in, cost_in, units_out, list_out, cost_out)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                call.id,
                batch,
                account,
                model,
                to_sql(call.time)?,
                to_sql(call.tokens.prompt_tokens)?,
                to_sql(call.input.list)?,
                to_sql(call.input.cost)?,
                to_sql(call.tokens.completion_tokens)?,
                to_sql(call.output.list)?,
                to_sql(call.output.cost)?,
            ])?;
        if inserted == 0 {
            return Ok(Err(Refusal::Duplicate(call.id)));
        }
        for (side, units, price) in [
            (Side::In, call.tokens.prompt_tokens, call.input),
            (Side::Out, call.tokens.completion_tokens, call.output),
        ] {
            let owed = self.owed.entry((account, model, side, batch)).or_default();
            owed.units = owed.units.saturating_add(units.into());
            owed.list = owed.list.saturating_add(price.list.into());
        }
        self.count(window, call.time);
        Ok(Ok(()))
    }

    /// Adds the call just inserted to its batch.
    fn count(&mut self, window: u64, time: u64) {
        let row = self.conn.last_insert_rowid();
        let next = &mut self.next_batch;
        let batch = self.batches.entry(window).or_insert_with(|| {
            let id = *next;
            *next = next.saturating_add(1);
            let window_end = window.saturating_add(self.rules.window);
            Batch {
                id,
                window_start: window,
                window_end,
                first_row: row,
                last_row: row,
                calls: 0,
                newest: 0,
            }
        });
        batch.last_row = row;
        batch.calls = batch.calls.saturating_add(1);
        batch.newest = batch.newest.max(time);
    }
}

fn numbered(conn: &Connection, table: Names, cache: &mut HashMap<String, i64>, text: &str) -> Result<i64> {
    if let Some(id) = cache.get(text) {
        return Ok(*id);
    }
    if cache.len() >= CACHED_NAMES {
        cache.clear();
    }
    let id = book::intern(conn, table, text)?;
    cache.insert(text.to_owned(), id);
    Ok(id)
}

fn read(line: &Line) -> std::result::Result<LogLine, Refusal> {
    match line {
        Line::Text(text) => serde_json::from_slice(text).map_err(|e| Refusal::Malformed(e.to_string())),
        Line::TooLong => Err(Refusal::Malformed(format!("longer than {MAX_LINE} bytes"))),
    }
}

fn check_line(line: &LogLine) -> std::result::Result<Usage, Refusal> {
    let malformed = |reason: &str| Err(Refusal::Malformed(reason.to_owned()));
    let Some(tokens) = line.tokens() else {
        return malformed("no usage");
    };
    if tokens.prompt_tokens > MAX_TOKENS || tokens.completion_tokens > MAX_TOKENS {
        return malformed("more tokens than any call has");
    }
    if tokens.prompt_tokens == 0 && tokens.completion_tokens == 0 {
        return malformed("no tokens");
    }
    if !is_name(&line.id, attestation::MAX_NAME) {
        return malformed("`id` is not 1 to 128 printable ASCII characters without spaces");
    }
    let [sku_in, sku_out] = skus(&line.model);
    if line.model.is_empty() || !is_name(&sku_in, MAX_SKU) || !is_name(&sku_out, MAX_SKU) {
        return malformed("`model` is not 1 to 60 printable ASCII characters without spaces");
    }
    // Later than the year 9999: milliseconds instead of seconds, or rubbish.
    if line.created > 253_402_300_799 {
        return malformed("`created` is not in seconds");
    }
    Ok(tokens)
}

fn is_name(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// One account has one text: the lower-case bech32 form with the chain's prefix.
fn check_account(user: &str, prefix: &str) -> std::result::Result<(), Refusal> {
    let parsed = user
        .parse::<AccountId>()
        .ok()
        .filter(|account| account.prefix() == prefix);
    match parsed {
        Some(account) if account.as_ref() == user => Ok(()),
        _ => Err(Refusal::Malformed(format!("`user` is no {prefix} address"))),
    }
}
