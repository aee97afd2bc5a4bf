//! Takes every message, and asks another contract if told to.

use cosmwasm_std::{
    entry_point, to_json_vec, Binary, Deps, DepsMut, Empty, Env, MessageInfo, QueryRequest, Response, StdError,
    StdResult, WasmQuery,
};

/// Fields it does not know are ignored, so that any message is one.
#[derive(serde::Deserialize)]
pub struct Told {
    ask: Option<Question>,
}

#[derive(serde::Deserialize)]
pub struct Question {
    contract: String,
    msg: Binary,
}

#[entry_point]
pub fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

#[entry_point]
pub fn execute(deps: DepsMut, _: Env, _: MessageInfo, told: Told) -> StdResult<Response> {
    let Some(Question { contract, msg }) = told.ask else {
        return Ok(Response::new());
    };
    let query = WasmQuery::Smart {
        contract_addr: contract,
        msg,
    };
    let request = to_json_vec(&QueryRequest::<Empty>::Wasm(query))?;
    let answer = deps.querier.raw_query(&request).into_result();
    let answer = answer.map_err(|e| StdError::generic_err(e.to_string()))?.into_result();
    let answer = answer.map_err(StdError::generic_err)?;
    Ok(Response::new().add_attribute("bytes", answer.len().to_string()))
}

#[derive(serde::Deserialize)]
pub struct Echo {
    bytes: usize,
}

/// As many bytes as asked for: what it takes to bring them to whoever asks.
#[entry_point]
pub fn query(_: Deps, _: Env, echo: Echo) -> StdResult<Binary> {
    Ok(vec![b' '; echo.bytes].into())
}
