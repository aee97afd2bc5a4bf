
#[entry_point]
pub fn reply(deps: DepsMut, env: Env, msg: cosmwasm_std::Reply) -> StdResult<Response> {
    contract::reply(deps, env, msg).map_err(said)
}
