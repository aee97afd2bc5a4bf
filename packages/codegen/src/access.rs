//! The access matrix: who may send which message, from the `Permission:` line that every execute variant carries.

use std::fmt::Write;

use serde_json::Value;

use crate::{CodegenError, ContractApi, File};

const HEAD: &str = "<!-- Generated from packages/interfaces by `lex schema`. Do not edit. -->\n\n# Access matrix\n\nWho may send which message. \"Anyone\" messages act on what the sender owns, or do what anybody may trigger. Every row has a negative test for every\nother role.\n";

/// A message and who may send it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    pub variant: String,
    pub who: String,
}

/// `docs/src/access.md`.
pub(crate) fn file(contracts: &[ContractApi]) -> Result<File, CodegenError> {
    let mut content = HEAD.to_owned();
    for contract in contracts {
        // Writing to a String cannot fail.
        let _ = write!(content, "\n## `{}`\n\n| message | who |\n|---|---|\n", contract.name);
        for p in permissions(contract)? {
            let _ = writeln!(content, "| `{}` | {} |", p.variant, p.who.replace('|', "or"));
        }
    }
    Ok(File {
        path: "docs/src/access.md".to_owned(),
        content,
    })
}

/// The permissions of one contract, in the order the messages are declared.
pub(crate) fn permissions(contract: &ContractApi) -> Result<Vec<Permission>, CodegenError> {
    variants(&contract.api)
        .into_iter()
        .map(|(variant, description)| {
            let who = permission_line(description).ok_or_else(|| CodegenError::NoPermission {
                contract: contract.name,
                variant: variant.clone(),
            })?;
            Ok(Permission { variant, who })
        })
        .collect()
}

/// (name, documentation) of each execute variant.
fn variants(api: &Value) -> Vec<(String, &str)> {
    let Some(all) = api.pointer("/execute/oneOf").and_then(Value::as_array) else {
        return Vec::new();
    };
    all.iter()
        .flat_map(|v| {
            let text = v.get("description").and_then(Value::as_str).unwrap_or_default();
            let required = v.get("required").and_then(Value::as_array);
            let plain = v.get("enum").and_then(Value::as_array);
            let names = required.or(plain).into_iter().flatten().filter_map(Value::as_str);
            names.map(move |n| (n.to_owned(), text)).collect::<Vec<_>>()
        })
        .collect()
}

/// What stands behind `Permission:`, up to the end of its paragraph.
fn permission_line(description: &str) -> Option<String> {
    let (_, rest) = description.split_once("Permission:")?;
    let paragraph = rest.split("\n\n").next()?;
    let who = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    (!who.is_empty()).then(|| who.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_execute_message_says_who_may_send_it() {
        for contract in crate::contracts().unwrap() {
            // an enum without variants
            let silent = contract.api["execute"]["enum"].as_array().is_some_and(Vec::is_empty);
            assert_eq!(permissions(&contract).unwrap().is_empty(), silent, "{}", contract.name);
        }
    }

    #[test]
    fn a_permission_is_read_up_to_the_end_of_its_paragraph() {
        assert_eq!(
            permission_line("Burns.\n\nPermission: Owner\nor Operator.\n\nMore.").unwrap(),
            "Owner or Operator"
        );
        assert_eq!(permission_line("Burns."), None);
        assert_eq!(permission_line("Permission: "), None);
    }
}
