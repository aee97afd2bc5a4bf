//! The TypeScript client: one module per contract with its types, a query client and a signing client over CosmJS.

mod client;
mod types;

use crate::{CodegenError, ContractApi, File};

const HEAD: &str = "// Generated from packages/interfaces by `lex schema`. Do not edit.\n";

/// `clients/typescript/src/generated/<contract>.ts` and an index that gathers them by namespace.
pub(crate) fn files(contracts: &[ContractApi]) -> Result<Vec<File>, CodegenError> {
    let mut files = Vec::new();
    let mut index = HEAD.to_owned();
    for contract in contracts {
        let types = types::collect(contract)?;
        let content = format!(
            "{HEAD}{}\n{}\n{}",
            client::imports(contract),
            types.render(),
            client::render(contract, &types)?
        );
        files.push(file(contract.name, content));
        index.push_str(&format!(
            "export * as {} from \"./{}\";\n",
            camel(contract.name),
            contract.name
        ));
    }
    files.push(file("index", index));
    Ok(files)
}

fn file(name: &str, content: String) -> File {
    File {
        path: format!("clients/typescript/src/generated/{name}.ts"),
        content,
    }
}

/// `credit-vault` or `claim_lco` → `creditVault`, `claimLco`.
fn camel(name: &str) -> String {
    let mut parts = name.split(['-', '_']);
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(capitalise).collect::<String>()
}

fn capitalise(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|c| c.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

/// A documentation comment, indented; nothing for nothing.
fn doc_comment(text: Option<&str>, indent: &str) -> String {
    let Some(text) = text else { return String::new() };
    let lines: Vec<String> = text
        .replace("*/", "*\\/")
        .lines()
        .map(|l| format!("{indent} * {l}").trim_end().to_owned())
        .collect();
    format!("{indent}/**\n{}\n{indent} */\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_languages_custom() {
        assert_eq!(
            (camel("credit-vault"), camel("claim_lco"), camel("l-coin")),
            ("creditVault".into(), "claimLco".into(), "lCoin".into())
        );
    }

    #[test]
    fn a_comment_cannot_be_closed_from_inside() {
        assert_eq!(doc_comment(Some("a */ b\nc"), ""), "/**\n * a *\\/ b\n * c\n */\n");
        assert_eq!(doc_comment(None, ""), "");
    }

    #[test]
    fn every_contract_has_both_clients() {
        let files = files(&crate::contracts().unwrap()).unwrap();
        let vault = &files
            .iter()
            .find(|f| f.path.ends_with("credit-vault.ts"))
            .unwrap()
            .content;
        assert!(vault.contains("export class QueryClient"));
        assert!(vault.contains("  redeem(args: { "));
        assert!(vault.contains("amount: Uint128"));
    }

    #[test]
    fn contracts_that_are_sent_tokens_have_a_method_for_each_purpose() {
        let files = files(&crate::contracts().unwrap()).unwrap();
        let text = |name: &str| &files.iter().find(|f| f.path.ends_with(name)).unwrap().content;
        assert!(text("/exchange.ts").contains("  sendSwap(token: string, amount: Uint128, args: { "));
        assert!(!text("/timelock.ts").contains("toHook"));
    }

    #[test]
    fn contract_without_messages_has_no_value_of_them() {
        let files = files(&crate::contracts().unwrap()).unwrap();
        let adapter = files.iter().find(|f| f.path.ends_with("/voting-adapter.ts")).unwrap();
        assert!(adapter.content.contains("export type ExecuteMsg = never;"));
    }
}
