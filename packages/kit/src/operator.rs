//! An optional operator for what cannot wait for governance. What it may do is bounded by each contract; it is set and
//! removed by the owner at any time and has no part in its own succession.

use cosmwasm_std::{Addr, Event, StdError, Storage};
use cw_storage_plus::Item;
use thiserror::Error;

use crate::ownership::{self, OwnershipError};
use crate::CODE_STORAGE;

/// OPERATOR: () → address of the operator; absent if there is none
const OPERATOR: Item<Addr> = Item::new("operator");

/// Type of the event that a change of operator emits, with `operator` unless it was removed.
pub const EVENT: &str = "operator";

/// Refusals of this module.
#[derive(Error, Debug, PartialEq)]
pub enum OperatorError {
    /// Storage failed.
    #[error("{0}")]
    Std(#[from] StdError),
    /// Only the owner sets the operator.
    #[error("{0}")]
    Ownership(#[from] OwnershipError),
    /// Only operator or owner may.
    #[error("only the operator ({}) or the owner {owner} may do this, not {actual}", .operator.as_ref().map_or("none", Addr::as_str))]
    NotOperatorOrOwner {
        /// The operator, if there is one.
        operator: Option<Addr>,
        /// The owner.
        owner: Addr,
        /// The sender.
        actual: Addr,
    },
}

impl OperatorError {
    /// Stable code, see the crate's table.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => CODE_STORAGE,
            Self::Ownership(error) => error.code(),
            Self::NotOperatorOrOwner { .. } => 910,
        }
    }
}

/// Sets the first operator, if any; to be called once, at instantiate.
pub fn init(storage: &mut dyn Storage, operator: Option<&Addr>) -> Result<(), OperatorError> {
    match operator {
        Some(operator) => Ok(OPERATOR.save(storage, operator)?),
        None => Ok(()),
    }
}

/// The operator, if there is one.
pub fn load(storage: &dyn Storage) -> Result<Option<Addr>, OperatorError> {
    Ok(OPERATOR.may_load(storage)?)
}

/// Sets or removes the operator and returns the event to emit. Owner only.
pub fn set(storage: &mut dyn Storage, sender: &Addr, operator: Option<&Addr>) -> Result<Event, OperatorError> {
    ownership::assert_owner(storage, sender)?;
    match operator {
        Some(operator) => {
            OPERATOR.save(storage, operator)?;
            Ok(Event::new(EVENT).add_attribute("operator", operator))
        }
        None => {
            OPERATOR.remove(storage);
            Ok(Event::new(EVENT).add_attribute("action", "remove"))
        }
    }
}

/// Refuses any sender but operator and owner, with `NotOperatorOrOwner`.
pub fn assert_operator_or_owner(storage: &dyn Storage, sender: &Addr) -> Result<(), OperatorError> {
    let operator = load(storage)?;
    if operator.as_ref() == Some(sender) {
        return Ok(());
    }
    let owner = ownership::load(storage)?.owner;
    if owner == *sender {
        return Ok(());
    }
    Err(OperatorError::NotOperatorOrOwner {
        operator,
        owner,
        actual: sender.clone(),
    })
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockStorage};

    use super::*;

    fn actors() -> (MockStorage, Addr, Addr, Addr) {
        let api = MockApi::default();
        let mut storage = MockStorage::new();
        let (owner, operator, thief) = (
            api.addr_make("owner"),
            api.addr_make("operator"),
            api.addr_make("thief"),
        );
        ownership::init(&mut storage, owner.clone()).unwrap();
        init(&mut storage, Some(&operator)).unwrap();
        (storage, owner, operator, thief)
    }

    #[test]
    fn operator_and_owner_pass_and_nobody_else() {
        let (storage, owner, operator, thief) = actors();
        assert_operator_or_owner(&storage, &owner).unwrap();
        assert_operator_or_owner(&storage, &operator).unwrap();
        let error = assert_operator_or_owner(&storage, &thief).unwrap_err();
        assert_eq!(error.code(), 910);
        assert_eq!(
            error,
            OperatorError::NotOperatorOrOwner {
                operator: Some(operator),
                owner,
                actual: thief
            }
        );
    }

    #[test]
    fn removed_operator_is_powerless_at_once() {
        let (mut storage, owner, operator, thief) = actors();
        let event = set(&mut storage, &owner, None).unwrap();
        assert_eq!(event, Event::new(EVENT).add_attribute("action", "remove"));
        assert_eq!(load(&storage).unwrap(), None);
        let error = assert_operator_or_owner(&storage, &operator).unwrap_err();
        assert!(error.to_string().contains("operator (none)"), "{error}");

        let event = set(&mut storage, &owner, Some(&thief)).unwrap();
        assert_eq!(event, Event::new(EVENT).add_attribute("operator", &thief));
        assert_operator_or_owner(&storage, &thief).unwrap();
    }

    #[test]
    fn operator_cannot_appoint_or_entrench_itself() {
        let (mut storage, _, operator, thief) = actors();
        for successor in [Some(&operator), Some(&thief), None] {
            let error = set(&mut storage, &operator, successor).unwrap_err();
            assert_eq!(error.code(), 901);
        }
        assert_eq!(load(&storage).unwrap(), Some(operator));
    }

    #[test]
    fn none_at_the_start_leaves_the_owner_alone() {
        let (_, owner, operator, _) = actors();
        let mut storage = MockStorage::new();
        ownership::init(&mut storage, owner.clone()).unwrap();
        init(&mut storage, None).unwrap();
        assert_operator_or_owner(&storage, &owner).unwrap();
        assert!(assert_operator_or_owner(&storage, &operator).is_err());
    }
}
