//! `lex schema`: everything that is generated from the contracts' interfaces.

use std::path::Path;

use anyhow::{Context, Result};
use codegen::File;
use serde_json::json;

use crate::ui::{Answer, Ui};
use crate::workspace;

#[derive(clap::Args)]
#[command(
    after_help = "Writes schema/, clients/typescript/src/generated/ and docs/src/access.md.\n\n\
                        Examples:\n  lex schema\n  lex schema --check"
)]
pub struct Args {
    /// Write nothing; fail when a committed file is not what would be written
    #[arg(long)]
    check: bool,
}

pub fn run(args: &Args, ui: &Ui) -> Result<Answer> {
    let step = ui.step("generating schemas, client and access matrix");
    let root = workspace::root()?;
    let files = codegen::files()?;
    let mut stale = Vec::new();
    for file in &files {
        if !is_fresh(&root, file) {
            stale.push(file.path.as_str());
            if !args.check {
                write(&root, file)?;
            }
        }
    }
    drop(step);
    answer(args.check, files.len(), &stale)
}

fn is_fresh(root: &Path, file: &File) -> bool {
    std::fs::read_to_string(root.join(&file.path)).is_ok_and(|text| text == file.content)
}

fn write(root: &Path, file: &File) -> Result<()> {
    let path = root.join(&file.path);
    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    std::fs::write(&path, &file.content).with_context(|| path.display().to_string())
}

fn answer(check: bool, files: usize, stale: &[&str]) -> Result<Answer> {
    let list = stale.join("\n");
    let text = match (check, stale.is_empty()) {
        (_, true) => format!("{files} files, all fresh"),
        (true, false) => format!("not fresh:\n{list}\nRun `lex schema` and commit them"),
        (false, false) => format!("{files} files, written:\n{list}"),
    };
    let answer = Answer::new(text, &json!({ "files": files, "stale": stale }))?;
    Ok(if check && !stale.is_empty() {
        answer.failed()
    } else {
        answer
    })
}
