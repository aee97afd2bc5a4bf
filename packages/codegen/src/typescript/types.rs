//! JSON schema (draft 7, the subset that `schemars` 0.8 writes) → TypeScript types.

use std::collections::BTreeMap;

use serde_json::Value;

use super::doc_comment;
use crate::{CodegenError, ContractApi};

/// Types of one contract, by name.
pub(super) struct Types {
    contract: &'static str,
    declared: BTreeMap<String, Value>,
    rendered: BTreeMap<String, String>,
}

/// Gathers the root types, the responses and everything they refer to.
pub(super) fn collect(contract: &ContractApi) -> Result<Types, CodegenError> {
    let mut types = Types {
        contract: contract.name,
        declared: BTreeMap::new(),
        rendered: BTreeMap::new(),
    };
    for root in roots(&contract.api).into_iter().chain(&contract.hook) {
        types.add_root(root)?;
    }
    for (name, schema) in types.declared.clone() {
        let text = types.declaration(&name, &schema)?;
        types.rendered.insert(name, text);
    }
    Ok(types)
}

/// instantiate, execute, query, migrate, and each response.
fn roots(api: &Value) -> Vec<&Value> {
    let messages = ["instantiate", "execute", "query", "migrate"]
        .into_iter()
        .filter_map(|k| api.get(k));
    let responses = api
        .get("responses")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|r| r.values());
    messages.chain(responses).filter(|v| !v.is_null()).collect()
}

impl Types {
    pub(super) fn render(&self) -> String {
        self.rendered.values().cloned().collect::<Vec<_>>().join("\n")
    }

    fn add_root(&mut self, root: &Value) -> Result<(), CodegenError> {
        for (name, schema) in root.get("definitions").and_then(Value::as_object).into_iter().flatten() {
            self.add(name, schema)?;
        }
        match title(root) {
            Some(name) => self.add(&name, root),
            None => Ok(()),
        }
    }

    fn add(&mut self, name: &str, schema: &Value) -> Result<(), CodegenError> {
        let mut schema = schema.clone();
        if let Some(o) = schema.as_object_mut() {
            for key in ["definitions", "$schema", "title"] {
                o.remove(key);
            }
        }
        match self.declared.get(name) {
            Some(known) if *known != schema => Err(CodegenError::NameClash {
                contract: self.contract,
                name: name.to_owned(),
            }),
            _ => {
                self.declared.insert(name.to_owned(), schema);
                Ok(())
            }
        }
    }

    fn declaration(&self, name: &str, schema: &Value) -> Result<String, CodegenError> {
        let doc = doc_comment(schema.get("description").and_then(Value::as_str), "");
        let expression = self.expression(schema, name, "")?;
        let space = if expression.starts_with('\n') { "" } else { " " };
        Ok(format!("{doc}export type {name} ={space}{expression};\n"))
    }

    /// The TypeScript type of a response: its name when it has one, else its shape.
    pub(super) fn reference(&self, schema: &Value, at: &str) -> Result<String, CodegenError> {
        match title(schema) {
            Some(name) => Ok(name),
            None => self.expression(schema, at, ""),
        }
    }

    /// A type expression. `at` names the place for errors; `indent` is that of the enclosing line.
    pub(super) fn expression(&self, schema: &Value, at: &str, indent: &str) -> Result<String, CodegenError> {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            return Ok(name.trim_start_matches("#/definitions/").to_owned());
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            if let Some(parts) = schema.get(key).and_then(Value::as_array) {
                return self.union(parts, at, indent);
            }
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return Ok(any_of(values));
        }
        match schema.get("type") {
            Some(Value::String(kind)) => self.of_kind(kind, schema, at, indent),
            Some(Value::Array(kinds)) => {
                let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                let parts: Result<Vec<_>, _> = kinds.iter().map(|k| self.of_kind(k, schema, at, indent)).collect();
                Ok(parts?.join(" | "))
            }
            // `schemars` writes an empty or boolean schema for "any value".
            None if schema.is_boolean() || schema.as_object().is_some_and(|o| o.keys().all(|k| k == "description")) => {
                Ok("unknown".to_owned())
            }
            _ => Err(self.unknown(at, schema)),
        }
    }

    fn of_kind(&self, kind: &str, schema: &Value, at: &str, indent: &str) -> Result<String, CodegenError> {
        match kind {
            "string" | "boolean" | "null" => Ok(kind.to_owned()),
            "integer" | "number" => Ok("number".to_owned()),
            "array" => self.array(schema, at, indent),
            "object" => self.object(schema, at, indent),
            _ => Err(self.unknown(at, schema)),
        }
    }

    fn union(&self, parts: &[Value], at: &str, indent: &str) -> Result<String, CodegenError> {
        let parts: Result<Vec<_>, _> = parts
            .iter()
            .map(|p| {
                let doc = doc_comment(p.get("description").and_then(Value::as_str), indent);
                Ok((doc, self.expression(p, at, indent)?))
            })
            .collect();
        let parts = parts?;
        if parts.iter().all(|(doc, _)| doc.is_empty()) {
            return Ok(parts.into_iter().map(|(_, t)| t).collect::<Vec<_>>().join(" | "));
        }
        Ok(parts
            .into_iter()
            .map(|(doc, t)| format!("\n{doc}{indent}| {t}"))
            .collect())
    }

    fn array(&self, schema: &Value, at: &str, indent: &str) -> Result<String, CodegenError> {
        match schema.get("items") {
            Some(Value::Array(parts)) => {
                let parts: Result<Vec<_>, _> = parts.iter().map(|p| self.expression(p, at, indent)).collect();
                Ok(format!("[{}]", parts?.join(", ")))
            }
            Some(item) => Ok(format!("Array<{}>", self.expression(item, at, indent)?)),
            None => Ok("unknown[]".to_owned()),
        }
    }

    fn object(&self, schema: &Value, at: &str, indent: &str) -> Result<String, CodegenError> {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return match schema.get("additionalProperties") {
                Some(value) if value.is_object() => {
                    Ok(format!("Record<string, {}>", self.expression(value, at, indent)?))
                }
                _ => Ok("Record<string, never>".to_owned()),
            };
        };
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let inner = format!("{indent}  ");
        let fields: Result<Vec<String>, CodegenError> = properties
            .iter()
            .map(|(name, value)| {
                let doc = doc_comment(value.get("description").and_then(Value::as_str), &inner);
                let optional = if required.contains(&name.as_str()) { "" } else { "?" };
                let at = format!("{at}.{name}");
                Ok(format!(
                    "{doc}{inner}{name}{optional}: {};\n",
                    self.expression(value, &at, &inner)?
                ))
            })
            .collect();
        Ok(format!("{{\n{}{indent}}}", fields?.concat()))
    }

    fn unknown(&self, at: &str, schema: &Value) -> CodegenError {
        CodegenError::UnknownShape {
            contract: self.contract,
            at: at.to_owned(),
            shape: schema.to_string(),
        }
    }
}

/// A root's own name; `Array_of_…` and `Nullable_…` are shapes, and names of primitive types are no names either.
fn title(root: &Value) -> Option<String> {
    let title = root.get("title")?.as_str()?;
    let plain = title.starts_with(|c: char| c.is_ascii_uppercase())
        && !title.contains('_')
        && title != "Boolean"
        && title != "String";
    plain.then(|| title.to_owned())
}

/// One of these values; a contract that takes no messages has none.
fn any_of(values: &[Value]) -> String {
    match values {
        [] => "never".to_owned(),
        _ => values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | "),
    }
}
