//! `lex down` and `lex status`: what `lex up` left running.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use super::up::home;
use crate::ui::{fields, Answer, Ui};
use crate::up::Running;

#[derive(clap::Args)]
pub struct Args {
    /// Directory given to `lex up` [default: .lex/up in the repository]
    #[arg(long, env = "LEX_UP_HOME")]
    home: Option<PathBuf>,
}

/// Ends the processes; their data stays until the next `lex up`.
pub fn down(args: &Args, ui: &Ui) -> Result<Answer> {
    let step = ui.step("stopping relayer and chain");
    let stopped = Running::stop_all(&home(args.home.as_deref())?)?;
    drop(step);
    let text = if stopped { "stopped" } else { "nothing was running" };
    Answer::new(text, &json!({ "stopped": stopped }))
}

/// What runs, and where it stands.
pub fn status(args: &Args) -> Result<Answer> {
    let running = Running::require(&home(args.home.as_deref())?)?;
    let status = running.status()?;
    let rows = [
        (
            "chain",
            format!("{} at height {}, {}", status.chain_id, status.block_height, status.time),
        ),
        ("node", status.rpc.clone()),
        (
            "relayer",
            format!(
                "{} ({})",
                status.relayer,
                if status.relayer_ready { "ready" } else { "not ready" }
            ),
        ),
        ("reserve", format!("{} µUSDT", status.reserve)),
        ("supply", format!("{} µCredit", status.supply)),
        ("revenue", format!("{} µCredit", status.revenue)),
        ("mined", format!("{} µLCO", status.lco_minted)),
    ];
    Answer::new(fields(&rows), &status)
}
