//! What the chain would refuse, found in the module itself.

use anyhow::{bail, Result};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

/// Declared locals a function may have on wasmvm 3.
pub const MAX_LOCALS: u32 = 100;

/// Bytes a module may have: the chain's own limit.
pub const MAX_BYTES: usize = 800 * 1024;

/// Figures of a module that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    pub bytes: usize,
    /// Locals of the function with the most.
    pub locals: u32,
}

/// Checks size, locals, and that no instruction needs the bulk-memory proposal.
///
/// # Errors
/// Naming the first rule that is broken.
pub fn inspect(wasm: &[u8]) -> Result<Figures> {
    if wasm.len() > MAX_BYTES {
        bail!("{} bytes; the chain takes {MAX_BYTES}", wasm.len());
    }
    let mut locals = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::CodeSectionEntry(body) => locals = locals.max(function(&body)?),
            Payload::DataCountSection { .. } => bail!("has a data count section, part of bulk memory"),
            _ => {}
        }
    }
    if locals > MAX_LOCALS {
        bail!("a function has {locals} locals; the chain takes {MAX_LOCALS}");
    }
    Ok(Figures {
        bytes: wasm.len(),
        locals,
    })
}

/// Number of locals of a function without bulk-memory instructions.
fn function(body: &FunctionBody) -> Result<u32> {
    let mut locals = 0u32;
    for group in body.get_locals_reader()? {
        locals = locals.saturating_add(group?.0);
    }
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        if bulk_memory(&operator) {
            bail!("uses {operator:?}, part of bulk memory; was it built for target-cpu=mvp?");
        }
    }
    Ok(locals)
}

fn bulk_memory(operator: &Operator) -> bool {
    matches!(
        operator,
        Operator::MemoryCopy { .. }
            | Operator::MemoryFill { .. }
            | Operator::MemoryInit { .. }
            | Operator::DataDrop { .. }
            | Operator::TableInit { .. }
            | Operator::TableCopy { .. }
            | Operator::ElemDrop { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(text: &str) -> Vec<u8> {
        wat::parse_str(text).unwrap()
    }

    fn with_locals(n: usize) -> Vec<u8> {
        module(&format!("(module (func (param i64) (local {})))", "i32 ".repeat(n)))
    }

    #[test]
    fn a_plain_module_passes() {
        let figures = inspect(&with_locals(100)).unwrap();
        assert_eq!(figures.locals, 100);
    }

    #[test]
    fn each_rule_is_enforced() {
        let bulk = |body: &str| module(&format!("(module (memory 1) (func {body}))"));
        let args = "(i32.const 0) (i32.const 0) (i32.const 0)";
        let cases = [
            ("locals", with_locals(101), "101 locals"),
            ("copy", bulk(&format!("(memory.copy {args})")), "MemoryCopy"),
            ("fill", bulk(&format!("(memory.fill {args})")), "MemoryFill"),
            ("size", vec![0; MAX_BYTES + 1], "819201 bytes"),
            ("not wasm", b"no".to_vec(), ""),
        ];
        for (name, wasm, words) in cases {
            let error = inspect(&wasm).unwrap_err().to_string();
            assert!(error.contains(words), "{name}: {error}");
        }
    }
}
