//! What the user sees: progress on stderr, one answer on stdout.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::{json, Value};

/// A command's result, for people and for programs.
pub struct Answer {
    text: String,
    json: Value,
    ok: bool,
}

impl Answer {
    /// # Errors
    /// When the value has no JSON form.
    pub fn new(text: impl Into<String>, value: &impl Serialize) -> anyhow::Result<Self> {
        Ok(Self {
            text: text.into(),
            json: serde_json::to_value(value)?,
            ok: true,
        })
    }

    /// An answer that is complete and bad: printed like any other, with exit code 1.
    pub fn failed(self) -> Self {
        Self { ok: false, ..self }
    }
}

/// Where output goes.
pub struct Ui {
    json: bool,
}

impl Ui {
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// A step that takes a while. Without a terminal its messages become lines.
    pub fn step(&self, message: &str) -> Step {
        let bar = ProgressBar::new_spinner().with_message(message.to_owned());
        bar.set_draw_target(ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        let step = Step { bar };
        step.line(message);
        step
    }

    /// Prints the answer or the error and says how the process ends.
    pub fn finish(&self, result: anyhow::Result<Answer>) -> ExitCode {
        match result {
            Ok(answer) => {
                let text = if self.json {
                    format!("{:#}", answer.json)
                } else {
                    answer.text
                };
                println!("{}", text.trim_end());
                if answer.ok {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                }
            }
            Err(error) => {
                if self.json {
                    println!("{:#}", json!({ "error": format!("{error:#}") }));
                } else {
                    eprintln!("error: {error:#}");
                }
                ExitCode::FAILURE
            }
        }
    }
}

/// A running step; ends when dropped.
pub struct Step {
    bar: ProgressBar,
}

impl Step {
    /// Says what happens now.
    pub fn say(&self, message: &str) {
        self.bar.set_message(message.to_owned());
        self.line(message);
    }

    fn line(&self, message: &str) {
        if self.bar.is_hidden() {
            eprintln!("… {message}");
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Lines of `name  value`, aligned.
pub fn fields(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    rows.iter().fold(String::new(), |mut text, (name, value)| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name:width$}  {value}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_aligned() {
        assert_eq!(fields(&[("a", "1".into()), ("long", "2".into())]), "a     1\nlong  2\n");
    }
}
