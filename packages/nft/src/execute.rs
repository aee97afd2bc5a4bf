//! What changes tokens. Each function checks its sender and answers the attributes that the `cw721` crate emits for it, which indexers read.

use cosmwasm_std::{Addr, Binary, BlockInfo, Storage, WasmMsg};
use cw721::receiver::Cw721ReceiveMsg;
use cw721::{Approval, Expiration};

use crate::error::NftError;
use crate::state::{is_operator, load, tokens, Extension, Token, COUNT, OPERATORS, OWNED};

/// Most live approvals of one token, so that moving one costs the same for everybody.
pub const MAX_APPROVALS: usize = 20;

/// Attributes of an event.
pub type Attributes = Vec<(&'static str, String)>;

/// Creates a token. Who may is the caller's matter.
///
/// # Errors
/// [`NftError::Exists`].
pub fn mint<E: Extension>(
    storage: &mut dyn Storage,
    id: &str,
    owner: &Addr,
    token_uri: Option<String>,
    extension: E,
) -> Result<(), NftError> {
    if tokens::<E>().has(storage, id) {
        return Err(NftError::Exists { id: id.to_owned() });
    }
    let token = Token {
        owner: owner.clone(),
        approvals: vec![],
        token_uri,
        extension,
    };
    tokens().save(storage, id, &token)?;
    OWNED.save(storage, (owner, id), &())?;
    let count = COUNT.load(storage)?.saturating_add(1);
    Ok(COUNT.save(storage, &count)?)
}

/// Replaces what the contract keeps with a token. Who may is the caller's matter.
///
/// # Errors
/// [`NftError::NotFound`].
pub fn set_extension<E: Extension>(storage: &mut dyn Storage, id: &str, extension: E) -> Result<(), NftError> {
    let mut token: Token<E> = load(storage, id)?;
    token.extension = extension;
    Ok(tokens().save(storage, id, &token)?)
}

/// Ends a token and answers what it was. The sender may move it.
///
/// # Errors
/// [`NftError::NotFound`], [`NftError::NotMovable`].
pub fn burn<E: Extension>(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    id: &str,
) -> Result<(Token<E>, Attributes), NftError> {
    let token: Token<E> = load(storage, id)?;
    assert_movable(storage, block, sender, id, &token)?;
    tokens::<E>().remove(storage, id);
    OWNED.remove(storage, (&token.owner, id));
    let count = COUNT.load(storage)?.saturating_sub(1);
    COUNT.save(storage, &count)?;
    let attributes = vec![
        ("action", "burn".to_owned()),
        ("sender", sender.to_string()),
        ("owner", token.owner.to_string()),
        ("token_id", id.to_owned()),
    ];
    Ok((token, attributes))
}

/// Moves a token. Its approvals end.
///
/// # Errors
/// [`NftError::NotFound`], [`NftError::NotMovable`].
pub fn transfer<E: Extension>(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    id: &str,
    recipient: &Addr,
) -> Result<Attributes, NftError> {
    hand_over::<E>(storage, block, sender, id, recipient)?;
    Ok(moved("transfer_nft", sender, recipient, id))
}

/// Moves a token to a contract, and answers the message that tells it.
///
/// # Errors
/// As [`transfer`].
pub fn send<E: Extension>(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    id: &str,
    contract: &Addr,
    msg: Binary,
) -> Result<(WasmMsg, Attributes), NftError> {
    hand_over::<E>(storage, block, sender, id, contract)?;
    let receive = Cw721ReceiveMsg {
        sender: sender.to_string(),
        token_id: id.to_owned(),
        msg,
    };
    let message = WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: receive.into_json_binary()?,
        funds: vec![],
    };
    Ok((message, moved("send_nft", sender, contract, id)))
}

fn moved(action: &str, sender: &Addr, recipient: &Addr, id: &str) -> Attributes {
    vec![
        ("action", action.to_owned()),
        ("sender", sender.to_string()),
        ("recipient", recipient.to_string()),
        ("token_id", id.to_owned()),
    ]
}

fn hand_over<E: Extension>(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    id: &str,
    recipient: &Addr,
) -> Result<(), NftError> {
    let mut token: Token<E> = load(storage, id)?;
    assert_movable(storage, block, sender, id, &token)?;
    OWNED.remove(storage, (&token.owner, id));
    OWNED.save(storage, (recipient, id), &())?;
    token.owner = recipient.clone();
    token.approvals = vec![];
    Ok(tokens().save(storage, id, &token)?)
}

fn assert_movable<E>(
    storage: &dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    id: &str,
    token: &Token<E>,
) -> Result<(), NftError> {
    let approved = |approval: &Approval| approval.spender == *sender && !approval.is_expired(block);
    if token.owner == *sender
        || token.approvals.iter().any(approved)
        || is_operator(storage, block, &token.owner, sender)?
    {
        return Ok(());
    }
    Err(NftError::NotMovable {
        id: id.to_owned(),
        sender: sender.clone(),
    })
}

/// Lets `spender` move a token. Holder and operators may; approved spenders may not pass it on.
///
/// # Errors
/// [`NftError::NotFound`], [`NftError::NotApprovable`], [`NftError::Expired`], [`NftError::TooManyApprovals`].
pub fn approve<E: Extension>(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    id: &str,
    spender: &Addr,
    expires: Option<Expiration>,
) -> Result<Attributes, NftError> {
    let expires = assert_to_come(block, expires)?;
    let mut token = approvable::<E>(storage, block, sender, id)?;
    token
        .approvals
        .retain(|approval| approval.spender != *spender && !approval.is_expired(block));
    if token.approvals.len() >= MAX_APPROVALS {
        return Err(NftError::TooManyApprovals { max: MAX_APPROVALS });
    }
    token.approvals.push(Approval {
        spender: spender.clone(),
        expires,
    });
    tokens().save(storage, id, &token)?;
    Ok(approval("approve", sender, spender, id))
}

/// Takes an approval back. Doing so without one changes nothing.
///
/// # Errors
/// [`NftError::NotFound`], [`NftError::NotApprovable`].
pub fn revoke<E: Extension>(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    id: &str,
    spender: &Addr,
) -> Result<Attributes, NftError> {
    let mut token = approvable::<E>(storage, block, sender, id)?;
    token.approvals.retain(|approval| approval.spender != *spender);
    tokens().save(storage, id, &token)?;
    Ok(approval("revoke", sender, spender, id))
}

fn approval(action: &str, sender: &Addr, spender: &Addr, id: &str) -> Attributes {
    vec![
        ("action", action.to_owned()),
        ("sender", sender.to_string()),
        ("spender", spender.to_string()),
        ("token_id", id.to_owned()),
    ]
}

fn approvable<E: Extension>(
    storage: &dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    id: &str,
) -> Result<Token<E>, NftError> {
    let token: Token<E> = load(storage, id)?;
    if token.owner == *sender || is_operator(storage, block, &token.owner, sender)? {
        return Ok(token);
    }
    Err(NftError::NotApprovable {
        id: id.to_owned(),
        sender: sender.clone(),
    })
}

fn assert_to_come(block: &BlockInfo, expires: Option<Expiration>) -> Result<Expiration, NftError> {
    let expires = expires.unwrap_or_default();
    match expires.is_expired(block) {
        true => Err(NftError::Expired { expires }),
        false => Ok(expires),
    }
}

/// Lets `operator` move all of the sender's tokens, those to come included.
///
/// # Errors
/// [`NftError::Expired`].
pub fn approve_all(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    sender: &Addr,
    operator: &Addr,
    expires: Option<Expiration>,
) -> Result<Attributes, NftError> {
    let expires = assert_to_come(block, expires)?;
    OPERATORS.save(storage, (sender, operator), &expires)?;
    Ok(of_operator("approve_all", sender, operator))
}

/// Takes that back.
pub fn revoke_all(storage: &mut dyn Storage, sender: &Addr, operator: &Addr) -> Attributes {
    OPERATORS.remove(storage, (sender, operator));
    of_operator("revoke_all", sender, operator)
}

fn of_operator(action: &str, sender: &Addr, operator: &Addr) -> Attributes {
    vec![
        ("action", action.to_owned()),
        ("sender", sender.to_string()),
        ("operator", operator.to_string()),
    ]
}
