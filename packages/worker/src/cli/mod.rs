//! What both programs share on a terminal: results for people or as JSON, progress, logging, endings.

pub mod init;
pub mod status;

use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::{Error, Result};

/// Where the result goes.
#[derive(Clone, Debug, Default, Args)]
pub struct Output {
    /// Write the result as JSON to this file; `-` writes it to standard output, instead of the text for people
    #[arg(long, global = true, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

impl Output {
    /// Gives the result to whoever asked.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Json`].
    pub fn emit<T: Serialize>(&self, result: &T, text: impl FnOnce(&T) -> String) -> Result<()> {
        match &self.json {
            None => println!("{}", text(result)),
            Some(path) if path.as_os_str() == "-" => println!("{}", serde_json::to_string_pretty(result)?),
            Some(path) => {
                let mut json = serde_json::to_string_pretty(result)?;
                json.push('\n');
                std::fs::write(path, json).map_err(Error::file(path))?;
                println!("{}", text(result));
            }
        }
        Ok(())
    }
}

/// Tells a person what went wrong and what to do next.
pub fn complain(program: &str, error: &Error) {
    eprintln!("{program}: {error}\n  next: {}", error.advice());
}

/// A time as people read it.
pub fn moment(unix: u64) -> String {
    let time = std::time::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(unix));
    // The formatter ends with the year 9999.
    match time.filter(|_| unix < 253_402_300_800) {
        Some(time) => humantime::format_rfc3339_seconds(time).to_string(),
        None => unix.to_string(),
    }
}

/// A bar over a known amount of work, on standard error, only when that is a terminal.
pub fn bar(total: u64, what: &str, bytes: bool) -> ProgressBar {
    let amounts = if bytes {
        "{bytes}/{total_bytes}"
    } else {
        "{human_pos}/{human_len}"
    };
    let style = ProgressStyle::with_template(&format!("{{msg:12}} [{{bar:32}}] {amounts} {{eta}}"));
    let bar = ProgressBar::new(total).with_message(what.to_owned());
    match style {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

/// µ amounts as people write them: `1234.567890`.
pub fn units(micro: u128) -> String {
    format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000)
}

/// Logs to standard error, at the level of `RUST_LOG`, default `info`.
pub fn init_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
}

/// Resolves at the first SIGINT or SIGTERM.
pub async fn stopped() {
    use tokio::signal::unix::{signal, SignalKind};
    match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        // Without handlers the signals end the process by themselves.
        _ => std::future::pending().await,
    }
}
