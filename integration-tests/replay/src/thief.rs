//! Code that does whatever it is told, for migrations nobody wants: `execute` answers with its own message, read as a contract's result, so whoever controls it sends
//! any message in the victim's name.

use cosmwasm_std::{Checksum, ContractResult, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
use cw_multi_test::{Contract, ContractWrapper};

/// The name it is registered and stored under.
pub const NAME: &str = "thief";

/// As native code.
#[must_use]
pub fn native(checksum: Checksum) -> Box<dyn Contract<Empty>> {
    let contract = ContractWrapper::new(execute, instantiate, query).with_migrate(migrate);
    Box::new(contract.with_checksum(checksum))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(_: DepsMut, _: Env, _: MessageInfo, msg: ContractResult<Response>) -> StdResult<Response> {
    msg.into_result().map_err(StdError::generic_err)
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<cosmwasm_std::Binary> {
    Err(StdError::generic_err("a thief answers no questions"))
}

fn migrate(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

/// As Wasm: a bump allocator, and results that are constant or the caller's message itself.
///
/// # Errors
/// When the text is no module.
pub fn wasm() -> anyhow::Result<Vec<u8>> {
    Ok(wat::parse_str(TEXT)?)
}

const TEXT: &str = r#"
(module
  (memory (export "memory") 4)
  (global $free (mut i32) (i32.const 65536))
  ;; a region: offset, capacity, length
  (data (i32.const 512) "\00\04\00\00\3e\00\00\00\3e\00\00\00")
  (data (i32.const 1024) "{\22ok\22:{\22messages\22:[],\22attributes\22:[],\22events\22:[],\22data\22:null}}")
  (func (export "interface_version_8"))
  (func (export "allocate") (param $size i32) (result i32)
    (local $region i32)
    (local.set $region (global.get $free))
    (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
    (i32.store offset=4 (local.get $region) (local.get $size))
    (i32.store offset=8 (local.get $region) (i32.const 0))
    (global.set $free (i32.and (i32.add (i32.add (local.get $region) (local.get $size)) (i32.const 19)) (i32.const -8)))
    (local.get $region))
  (func (export "deallocate") (param i32))
  (func (export "instantiate") (param i32 i32 i32) (result i32) (i32.const 512))
  (func (export "migrate") (param i32 i32) (result i32) (i32.const 512))
  (func (export "execute") (param i32 i32 i32) (result i32) (local.get 2))
  (func (export "query") (param i32 i32) (result i32) unreachable))
"#;

#[cfg(test)]
mod tests {
    #[test]
    fn the_text_is_a_module_and_its_answer_has_the_length_it_says() {
        assert!(super::wasm().is_ok());
        let answer = r#"{"ok":{"messages":[],"attributes":[],"events":[],"data":null}}"#;
        assert_eq!(answer.len(), 0x3e);
    }
}
