//! Reading a log file into the book, from where the last run stopped.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::book::{self, Position};
use super::calls::{Intake, Rules, Tally};
use super::log::LineReader;
use crate::sdk::failpoint;
use crate::{Error, Result};

/// Lines that one transaction takes in: enough that commits cost nothing, few enough that a crash repeats little.
const LINES_PER_COMMIT: u64 = 20_000;

/// Bytes of a log's first line by which it is recognised.
const HEAD: u64 = 4_096;

/// A log file.
pub struct Source<'a> {
    pub path: &'a Path,
    /// Whether somebody still writes to it; then a last line without end waits.
    pub growing: bool,
}

/// Takes in all that is new in a log. Calls and reading position are committed together, so a crash neither loses a call nor takes one twice. Calls
/// `progress` with the bytes read so far.
///
/// # Errors
/// [`Error::File`], [`Error::Store`].
pub fn ingest(
    conn: &mut Connection,
    rules: Rules<'_>,
    source: &Source<'_>,
    mut progress: impl FnMut(u64),
) -> Result<Tally> {
    let failed = || Error::file(source.path);
    let name = source
        .path
        .canonicalize()
        .map_err(failed())?
        .to_string_lossy()
        .into_owned();
    let mut file = File::open(source.path).map_err(failed())?;
    let head = head(&file).map_err(failed())?;
    let start = start(conn, &name, &head, file.metadata().map_err(failed())?.len())?;
    file.seek(SeekFrom::Start(start.offset)).map_err(failed())?;
    let reader = BufReader::with_capacity(1 << 18, file);
    let mut reader = LineReader::new(reader, start.offset, start.lines, !source.growing);
    let mut tally = Tally::default();
    loop {
        let before = reader.number();
        let part = ingest_part(conn, rules, &mut reader, source.path, |conn, position| {
            book::put_position(conn, &name, &head, position)
        })?;
        tally.add(part);
        progress(reader.offset());
        if reader.number().saturating_sub(before) < LINES_PER_COMMIT {
            return Ok(tally);
        }
    }
}

/// One transaction's worth of lines.
fn ingest_part<R: BufRead>(
    conn: &mut Connection,
    rules: Rules<'_>,
    reader: &mut LineReader<R>,
    path: &Path,
    put_position: impl FnOnce(&Connection, &Position) -> Result<()>,
) -> Result<Tally> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut intake = Intake::new(&transaction, rules)?;
    let end = reader.number().saturating_add(LINES_PER_COMMIT);
    while reader.number() < end {
        let Some(line) = reader.next_line().map_err(Error::file(path))? else {
            break;
        };
        intake.take(reader.number(), &line)?;
    }
    let tally = intake.finish()?;
    put_position(
        &transaction,
        &Position {
            offset: reader.offset(),
            lines: reader.number(),
        },
    )?;
    failpoint::hit("ingest.before_commit");
    transaction.commit()?;
    failpoint::hit("ingest.after_commit");
    Ok(tally)
}

/// A log that is shorter than what was read of it was cut off and begun anew.
fn start(conn: &Connection, name: &str, head: &[u8], length: u64) -> Result<Position> {
    let position = book::position(conn, name, head)?;
    Ok(if position.offset > length {
        Position::default()
    } else {
        position
    })
}

/// Digest of the first line, by which a log is told from another one under the same name.
fn head(file: &File) -> std::io::Result<Vec<u8>> {
    let mut line = vec![];
    BufReader::new(file).take(HEAD).read_until(b'\n', &mut line)?;
    Ok(Sha256::digest(&line).to_vec())
}
