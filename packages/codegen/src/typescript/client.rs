//! The two client classes of a contract.

use serde_json::Value;

use super::types::Types;
use super::{camel, doc_comment};
use crate::{CodegenError, ContractApi};

const IMPORT_HOOK: &str = "\nimport { toHook } from \"../hook\";\n";

pub(super) fn imports(contract: &ContractApi) -> String {
    format!(
        "// Contract: {}\n\nimport type {{ CosmWasmClient, ExecuteResult, SigningCosmWasmClient }} from \"@cosmjs/cosmwasm\";\nimport type {{ Coin as Funds, StdFee }} from \"@cosmjs/stargate\";\n{}",
        contract.name,
        if contract.hook.is_some() { IMPORT_HOOK } else { "" }
    )
}

pub(super) fn render(contract: &ContractApi, types: &Types) -> Result<String, CodegenError> {
    Ok(format!(
        "{}\n{}",
        query_client(contract, types)?,
        signing_client(contract, types)?
    ))
}

fn query_client(contract: &ContractApi, types: &Types) -> Result<String, CodegenError> {
    let mut out = String::from(
        "/** Reads the contract. */\nexport class QueryClient {\n  constructor(\n    readonly client: CosmWasmClient,\n    readonly address: string,\n  ) {}\n",
    );
    for v in variants(&contract.api, "query") {
        let response = contract
            .api
            .pointer(&format!("/responses/{}", v.name))
            .unwrap_or(&Value::Null);
        let answer = types.reference(response, v.name)?;
        let (parameter, message) = v.parameter(types)?;
        out.push_str(&format!(
            "\n{}  {}({parameter}): Promise<{answer}> {{\n    return this.client.queryContractSmart(this.address, {message});\n  }}\n",
            doc_comment(v.description, "  "),
            camel(v.name),
        ));
    }
    Ok(out + "}\n")
}

fn signing_client(contract: &ContractApi, types: &Types) -> Result<String, CodegenError> {
    let mut out = String::from(
        "/** Reads the contract and sends it messages, signed by `sender`. */\nexport class Client extends QueryClient {\n  constructor(\n    readonly signing: SigningCosmWasmClient,\n    readonly sender: string,\n    address: string,\n    /** Fee of every message that names none. */\n    readonly fee: StdFee | \"auto\" | number = \"auto\",\n  ) {\n    super(signing, address);\n  }\n\n  /** Sends any execute message. */\n  execute(msg: ExecuteMsg, funds: readonly Funds[] = [], fee = this.fee, memo = \"\"): Promise<ExecuteResult> {\n    return this.signing.execute(this.sender, this.address, msg as Record<string, unknown>, fee, memo, funds);\n  }\n",
    );
    for v in variants(&contract.api, "execute") {
        let (parameter, message) = v.parameter(types)?;
        let separator = if parameter.is_empty() { "" } else { ", " };
        // Method names of queries and messages may meet; the message yields.
        let clash = contract.api.pointer(&format!("/responses/{}", v.name)).is_some() || v.name == "execute";
        let method = if clash {
            camel(&format!("send_{}", v.name))
        } else {
            camel(v.name)
        };
        out.push_str(&format!(
            "\n{}  {method}({parameter}{separator}funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {{\n    return this.execute({message}, funds, fee);\n  }}\n",
            doc_comment(v.description, "  "),
        ));
    }
    out.push_str(&hooks(contract, types)?);
    Ok(out + "}\n")
}

/// Methods that send tokens with a message.
fn hooks(contract: &ContractApi, types: &Types) -> Result<String, CodegenError> {
    let mut out = String::new();
    for v in contract.hook.iter().flat_map(hook_variants) {
        let (parameter, message) = v.parameter(types)?;
        let separator = if parameter.is_empty() { "" } else { ", " };
        out.push_str(&format!(
            "\n{}  {}(token: string, amount: Uint128{separator}{parameter}, fee = this.fee): Promise<ExecuteResult> {{\n    const hook: Cw20Hook = {message};\n    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);\n  }}\n",
            doc_comment(Some(&format!("Sends `amount` of `token` to the contract. {}", v.description.unwrap_or_default())), "  "),
            camel(&format!("send_{}", v.name)),
        ));
    }
    Ok(out)
}

fn hook_variants(hook: &Value) -> Vec<Variant<'_>> {
    let all = hook.get("oneOf").and_then(Value::as_array);
    all.into_iter().flatten().flat_map(variants_of).collect()
}

/// One variant of a message enum.
struct Variant<'a> {
    name: &'a str,
    description: Option<&'a str>,
    /// None for a variant without a body (a plain string).
    body: Option<&'a Value>,
}

impl Variant<'_> {
    /// (parameter list, message expression).
    fn parameter(&self, types: &Types) -> Result<(String, String), CodegenError> {
        let Some(body) = self.body else {
            return Ok((String::new(), format!("\"{}\"", self.name)));
        };
        let has_fields = body.get("properties").is_some() || body.get("$ref").is_some() || body.get("allOf").is_some();
        if !has_fields {
            return Ok((String::new(), format!("{{ {}: {{}} }}", self.name)));
        }
        let optional = body.get("properties").is_some() && body.get("required").is_none();
        let default = if optional { " = {}" } else { "" };
        let kind = types
            .expression(&without_docs(body), self.name, "")?
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        Ok((format!("args: {kind}{default}"), format!("{{ {}: args }}", self.name)))
    }
}

/// Field comments belong to the type; a parameter list stays on one line without them.
fn without_docs(schema: &Value) -> Value {
    match schema {
        Value::Object(o) => o
            .iter()
            .filter(|(k, v)| *k != "description" || !v.is_string())
            .map(|(k, v)| (k.clone(), without_docs(v)))
            .collect(),
        Value::Array(a) => a.iter().map(without_docs).collect(),
        other => other.clone(),
    }
}

fn variants<'a>(api: &'a Value, message: &str) -> Vec<Variant<'a>> {
    let all = api.pointer(&format!("/{message}/oneOf")).and_then(Value::as_array);
    all.into_iter().flatten().flat_map(variants_of).collect()
}

fn variants_of(schema: &Value) -> Vec<Variant<'_>> {
    let description = schema.get("description").and_then(Value::as_str);
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        return properties
            .iter()
            .map(|(name, body)| Variant {
                name,
                description,
                body: Some(body),
            })
            .collect();
    }
    let plain = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    plain
        .map(|name| Variant {
            name,
            description,
            body: None,
        })
        .collect()
}
