//! `lex artifacts`: the contracts' Wasm.

use std::path::Path;

use anyhow::{bail, Context, Result};
use serde_json::json;

use crate::artifacts::inputs::{contracts, Contract};
use crate::artifacts::toolchain::Toolchain;
use crate::artifacts::{build, checksum_list, Built, Places};
use crate::ui::{Answer, Ui};
use crate::workspace;

/// Copied to a second directory to see whether it gives the same bytes.
const SOURCES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "contracts", "packages", "scripts/lex"];

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  lex artifacts\n  lex artifacts credit-vault timelock\n  lex artifacts --check\n  \
                        lex artifacts --verify-reproducible"
)]
pub struct Args {
    /// Build these only (checksums.txt is left alone then)
    contracts: Vec<String>,
    /// Fail when a checksum differs from the committed artifacts/checksums.txt. Sums of another compiler are not compared, and the answer says so
    #[arg(long, conflicts_with = "contracts")]
    check: bool,
    /// Fail unless another directory gives the same bytes: the one where the committed sums were made, or else a copy, built for this
    #[arg(long)]
    verify_reproducible: bool,
}

pub fn run(args: &Args, ui: &Ui) -> Result<Answer> {
    let step = ui.step("looking at the contracts");
    let root = workspace::root()?;
    let places = Places::of(&root);
    let toolchain = Toolchain::find()?;
    let chosen = choose(contracts(&root)?, &args.contracts)?;
    let built = build(&places, &toolchain, &chosen, &|what| step.say(what))?;
    let list = checksum_list(&toolchain, &places, &built);
    if args.verify_reproducible && !read_checksums(&places).is_ok_and(|committed| same_elsewhere(&committed, &list)) {
        verify(&root, &toolchain, &chosen, &built, &|what| step.say(what))?;
    }
    drop(step);
    let compared = if args.check {
        compare(&read_checksums(&places)?, &list)
    } else {
        Comparison::default()
    };
    if !args.check && args.contracts.is_empty() {
        std::fs::write(places.checksums(), &list)?;
    }
    answer(&toolchain, &built, &compared)
}

fn choose(all: Vec<Contract>, names: &[String]) -> Result<Vec<Contract>> {
    for name in names {
        if !all.iter().any(|c| c.name == *name) {
            let known: Vec<_> = all.iter().map(|c| c.name.as_str()).collect();
            bail!("no contract `{name}`; there are {}", known.join(", "));
        }
    }
    Ok(all
        .into_iter()
        .filter(|c| names.is_empty() || names.contains(&c.name))
        .collect())
}

/// What `--check` found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Comparison {
    /// Lines of one list that the other has not.
    differences: Vec<String>,
    /// The compiler of the committed sums, where it is another one: the same sources then rightly give other bytes.
    other_toolchain: Option<String>,
}

fn read_checksums(places: &Places) -> Result<String> {
    let path = places.checksums();
    std::fs::read_to_string(&path).with_context(|| format!("{}; write it with `lex artifacts`", path.display()))
}

fn compare(committed: &str, list: &str) -> Comparison {
    let toolchain = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    if toolchain(committed) != toolchain(list) {
        return Comparison {
            other_toolchain: Some(toolchain(committed).trim_start_matches("# ").to_owned()),
            ..Comparison::default()
        };
    }
    let missing = |of: &str, other: &str, mark: &str| {
        let lines = sums(of).filter(|line| !sums(other).any(|o| o == *line));
        lines.map(|line| format!("{mark} {line}")).collect::<Vec<_>>()
    };
    Comparison {
        differences: [missing(committed, list, "-"), missing(list, committed, "+")].concat(),
        other_toolchain: None,
    }
}

/// The lines that are sums; the others are remarks.
fn sums(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter(|line| !line.starts_with('#'))
}

/// The compiler, and the directory.
fn remarks(list: &str) -> Vec<&str> {
    list.lines().take_while(|line| line.starts_with('#')).collect()
}

/// Whether the committed sums were made by the same compiler in another directory, and all of this list are among them.
fn same_elsewhere(committed: &str, list: &str) -> bool {
    match (remarks(committed).as_slice(), remarks(list).as_slice()) {
        ([compiler, directory], [same, other]) => {
            compiler == same && directory != other && sums(list).all(|line| sums(committed).any(|sum| sum == line))
        }
        _ => false,
    }
}

fn verify(root: &Path, toolchain: &Toolchain, chosen: &[Contract], first: &[Built], say: &dyn Fn(&str)) -> Result<()> {
    let copy = std::env::temp_dir().join(format!("lex-reproduce-{}", std::process::id()));
    for source in SOURCES {
        copy_tree(&root.join(source), &copy.join(source))?;
    }
    let again = build_copy(&copy, toolchain, chosen, &|what| {
        say(&format!("second directory: {what}"))
    });
    std::fs::remove_dir_all(&copy)?;
    for (a, b) in first.iter().zip(again?) {
        if a.sha256 != b.sha256 {
            bail!(
                "{} is not reproducible: {} here, {} from another directory",
                a.name,
                a.sha256,
                b.sha256
            );
        }
    }
    Ok(())
}

fn build_copy(copy: &Path, toolchain: &Toolchain, chosen: &[Contract], say: &dyn Fn(&str)) -> Result<Vec<Built>> {
    let names: Vec<_> = chosen.iter().map(|c| c.name.clone()).collect();
    let copied = choose(contracts(copy)?, &names)?;
    if let Some((changed, _)) = chosen.iter().zip(&copied).find(|(a, b)| a.inputs != b.inputs) {
        bail!("{} was edited while it was being built; run this again", changed.name);
    }
    build(&Places::of(copy), toolchain, &copied, say)
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        std::fs::create_dir_all(to)?;
        for entry in std::fs::read_dir(from)? {
            let entry = entry?;
            copy_tree(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    to.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    std::fs::copy(from, to).with_context(|| from.display().to_string())?;
    Ok(())
}

fn answer(toolchain: &Toolchain, built: &[Built], compared: &Comparison) -> Result<Answer> {
    let differences = &compared.differences;
    let line = |b: &Built| {
        let state = if b.unchanged { "unchanged" } else { "built" };
        format!(
            "{:<22} {:>7} bytes  {:>3} locals  {}…  {state}\n",
            b.name,
            b.bytes,
            b.locals,
            b.sha256.get(..16).unwrap_or(&b.sha256)
        )
    };
    let mut text: String = built.iter().map(line).collect();
    if !differences.is_empty() {
        text += &format!("not as committed (-) but so (+):\n{}\n", differences.join("\n"));
        text += "If the change is meant, run `lex artifacts` and commit artifacts/checksums.txt";
    }
    if let Some(other) = &compared.other_toolchain {
        text += &format!(
            "checksums.txt is of another compiler, so its sums are not compared:\n- {other}\n+ {}\n",
            toolchain.version
        );
    }
    let value = json!({
        "toolchain": toolchain.version, "contracts": built, "differences": differences, "other_toolchain": compared.other_toolchain,
    });
    let answer = Answer::new(text, &value)?;
    Ok(if differences.is_empty() {
        answer
    } else {
        answer.failed()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_the_same_compiler_must_agree_and_those_of_another_say_so() {
        let list = |compiler: &str, sum: &str| format!("# {compiler}\n# in directory {sum}\n{sum}  a.wasm\n");
        assert_eq!(compare(&list("one", "11"), &list("one", "11")), Comparison::default());
        let changed = compare(&list("one", "11"), &list("one", "22"));
        assert_eq!(changed.differences, ["- 11  a.wasm", "+ 22  a.wasm"]);
        assert_eq!(compare(&list("one", "11"), "# one\n").differences, ["- 11  a.wasm"]);
        let other = compare(&list("one", "11"), &list("two", "22"));
        assert_eq!(
            (other.differences.len(), other.other_toolchain.as_deref()),
            (0, Some("one"))
        );
    }

    #[test]
    fn only_the_same_sums_of_the_same_compiler_in_another_directory_spare_a_second_build() {
        let list = |compiler: &str, directory: &str, sum: &str| {
            format!("# {compiler}\n# in directory {directory}\n{sum}  a.wasm\n")
        };
        let here = list("one", "here", "11");
        assert!(same_elsewhere(&list("one", "there", "11"), &here));
        for (why, committed) in [
            ("same directory", here.clone()),
            ("another compiler", list("two", "there", "11")),
            ("another sum", list("one", "there", "22")),
            ("no remark about a directory", "# one\n11  a.wasm\n".to_owned()),
            ("nothing", String::new()),
        ] {
            assert!(!same_elsewhere(&committed, &here), "{why}");
        }
    }
}
