//! Two-step ownership: the owner proposes, the new owner accepts by its own message. There is no way to give ownership
//! up without a successor, and none to give it to an address that cannot send.

use cosmwasm_std::{Addr, Api, Event, StdError, Storage};
use cw_storage_plus::Item;
use interfaces::common::{OwnershipMsg, OwnershipResponse};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::CODE_STORAGE;

/// OWNERSHIP: () → who owns the contract and who may take it over
const OWNERSHIP: Item<Ownership> = Item::new("ownership");

/// Type of the event that every change of ownership emits, with `action`, `owner` and, if one is proposed, `pending`.
pub const EVENT: &str = "ownership";

/// The owner, and the next one if proposed.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// Owns the contract now.
    pub owner: Addr,
    /// May take it over.
    pub pending: Option<Addr>,
}

/// Refusals of this module.
#[derive(Error, Debug, PartialEq)]
pub enum OwnershipError {
    /// Storage failed, or an address does not parse.
    #[error("{0}")]
    Std(#[from] StdError),
    /// Only the owner may.
    #[error("only the owner {expected} may do this, not {actual}")]
    NotOwner {
        /// The owner.
        expected: Addr,
        /// The sender.
        actual: Addr,
    },
    /// Only the proposed owner may.
    #[error("only the proposed owner {expected} may accept, not {actual}")]
    NotPending {
        /// The proposed owner.
        expected: Addr,
        /// The sender.
        actual: Addr,
    },
    /// There is no proposal to cancel or accept.
    #[error("no change of owner is proposed")]
    NothingPending,
    /// The proposal changes nothing.
    #[error("{owner} owns the contract already")]
    AlreadyOwner {
        /// The owner.
        owner: Addr,
    },
}

impl OwnershipError {
    /// Stable code, see the crate's table.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => CODE_STORAGE,
            Self::NotOwner { .. } => 901,
            Self::NotPending { .. } => 902,
            Self::NothingPending => 903,
            Self::AlreadyOwner { .. } => 904,
        }
    }
}

/// Sets the first owner; to be called once, at instantiate.
pub fn init(storage: &mut dyn Storage, owner: Addr) -> Result<(), OwnershipError> {
    Ok(OWNERSHIP.save(storage, &Ownership { owner, pending: None })?)
}

/// The owner and the proposed owner.
pub fn load(storage: &dyn Storage) -> Result<Ownership, OwnershipError> {
    Ok(OWNERSHIP.load(storage)?)
}

/// Refuses any sender but the owner, with `NotOwner`.
pub fn assert_owner(storage: &dyn Storage, sender: &Addr) -> Result<(), OwnershipError> {
    load(storage)?.assert_owner(sender)
}

/// Names the next owner, replacing an earlier proposal. Owner only; `AlreadyOwner` if nothing would change.
pub fn propose(storage: &mut dyn Storage, sender: &Addr, new_owner: Addr) -> Result<Ownership, OwnershipError> {
    let mut state = load(storage)?;
    state.assert_owner(sender)?;
    if new_owner == state.owner {
        return Err(OwnershipError::AlreadyOwner { owner: new_owner });
    }
    state.pending = Some(new_owner);
    state.save(storage)
}

/// Takes the proposal back. Owner only; `NothingPending` without one.
pub fn cancel(storage: &mut dyn Storage, sender: &Addr) -> Result<Ownership, OwnershipError> {
    let mut state = load(storage)?;
    state.assert_owner(sender)?;
    state.pending.take().ok_or(OwnershipError::NothingPending)?;
    state.save(storage)
}

/// Makes the sender the owner, if proposed.
pub fn accept(storage: &mut dyn Storage, sender: &Addr) -> Result<Ownership, OwnershipError> {
    let state = load(storage)?;
    let owner = state.pending.ok_or(OwnershipError::NothingPending)?;
    if owner != *sender {
        return Err(OwnershipError::NotPending {
            expected: owner,
            actual: sender.clone(),
        });
    }
    Ownership { owner, pending: None }.save(storage)
}

/// Handles the message that contracts embed and returns the event to emit.
pub fn execute(
    storage: &mut dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    msg: OwnershipMsg,
) -> Result<Event, OwnershipError> {
    let (action, state) = match msg {
        OwnershipMsg::Propose { new_owner } => ("propose", propose(storage, sender, api.addr_validate(&new_owner)?)?),
        OwnershipMsg::Cancel {} => ("cancel", cancel(storage, sender)?),
        OwnershipMsg::Accept {} => ("accept", accept(storage, sender)?),
    };
    Ok(state.event(action))
}

/// Answer to the query that contracts embed.
pub fn query(storage: &dyn Storage) -> Result<OwnershipResponse, OwnershipError> {
    let state = load(storage)?;
    Ok(OwnershipResponse {
        owner: state.owner.into_string(),
        pending: state.pending.map(Addr::into_string),
    })
}

impl Ownership {
    fn assert_owner(&self, sender: &Addr) -> Result<(), OwnershipError> {
        if self.owner == *sender {
            return Ok(());
        }
        Err(OwnershipError::NotOwner {
            expected: self.owner.clone(),
            actual: sender.clone(),
        })
    }

    fn save(self, storage: &mut dyn Storage) -> Result<Self, OwnershipError> {
        OWNERSHIP.save(storage, &self)?;
        Ok(self)
    }

    fn event(&self, action: &str) -> Event {
        let event = Event::new(EVENT)
            .add_attribute("action", action)
            .add_attribute("owner", &self.owner);
        match &self.pending {
            Some(pending) => event.add_attribute("pending", pending),
            None => event,
        }
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockStorage};

    use super::*;

    fn owned() -> (MockStorage, Addr, Addr, Addr) {
        let api = MockApi::default();
        let mut storage = MockStorage::new();
        let (owner, next, thief) = (api.addr_make("owner"), api.addr_make("next"), api.addr_make("thief"));
        init(&mut storage, owner.clone()).unwrap();
        (storage, owner, next, thief)
    }

    #[test]
    fn hand_over_takes_two_messages() {
        let (mut storage, owner, next, _) = owned();
        propose(&mut storage, &owner, next.clone()).unwrap();
        assert_owner(&storage, &owner).unwrap();
        assert!(assert_owner(&storage, &next).is_err());

        accept(&mut storage, &next).unwrap();
        assert_owner(&storage, &next).unwrap();
        assert_eq!(
            assert_owner(&storage, &owner),
            Err(OwnershipError::NotOwner {
                expected: next.clone(),
                actual: owner
            })
        );
        assert_eq!(
            load(&storage).unwrap(),
            Ownership {
                owner: next,
                pending: None
            }
        );
    }

    #[test]
    fn a_proposal_is_used_up_by_accepting() {
        let (mut storage, owner, next, _) = owned();
        propose(&mut storage, &owner, next.clone()).unwrap();
        accept(&mut storage, &next).unwrap();
        assert_eq!(accept(&mut storage, &next), Err(OwnershipError::NothingPending));
    }

    #[test]
    fn stranger_cannot_propose_cancel_or_accept() {
        let (mut storage, owner, next, thief) = owned();
        let not_owner = OwnershipError::NotOwner {
            expected: owner.clone(),
            actual: thief.clone(),
        };
        assert_eq!(propose(&mut storage, &thief, thief.clone()).unwrap_err(), not_owner);
        propose(&mut storage, &owner, next.clone()).unwrap();
        assert_eq!(cancel(&mut storage, &thief).unwrap_err(), not_owner);
        assert_eq!(
            accept(&mut storage, &thief).unwrap_err(),
            OwnershipError::NotPending {
                expected: next.clone(),
                actual: thief
            }
        );
        assert_eq!(
            load(&storage).unwrap(),
            Ownership {
                owner,
                pending: Some(next)
            }
        );
    }

    #[test]
    fn cancelled_or_replaced_candidate_cannot_accept_late() {
        let (mut storage, owner, next, thief) = owned();
        propose(&mut storage, &owner, thief.clone()).unwrap();
        propose(&mut storage, &owner, next.clone()).unwrap();
        assert!(matches!(
            accept(&mut storage, &thief),
            Err(OwnershipError::NotPending { .. })
        ));
        cancel(&mut storage, &owner).unwrap();
        assert_eq!(accept(&mut storage, &next), Err(OwnershipError::NothingPending));
        assert_eq!(cancel(&mut storage, &owner), Err(OwnershipError::NothingPending));
    }

    #[test]
    fn owner_cannot_propose_himself() {
        let (mut storage, owner, ..) = owned();
        assert_eq!(
            propose(&mut storage, &owner, owner.clone()),
            Err(OwnershipError::AlreadyOwner { owner })
        );
    }

    #[test]
    fn message_and_query_speak_of_the_same_state() {
        let (mut storage, owner, next, _) = owned();
        let api = MockApi::default();
        let event = execute(
            &mut storage,
            &api,
            &owner,
            OwnershipMsg::Propose {
                new_owner: next.to_string(),
            },
        )
        .unwrap();
        assert_eq!(
            event,
            Event::new(EVENT)
                .add_attribute("action", "propose")
                .add_attribute("owner", &owner)
                .add_attribute("pending", &next)
        );
        assert_eq!(
            query(&storage).unwrap(),
            OwnershipResponse {
                owner: owner.to_string(),
                pending: Some(next.to_string())
            }
        );
        execute(&mut storage, &api, &owner, OwnershipMsg::Cancel {}).unwrap();
        execute(
            &mut storage,
            &api,
            &owner,
            OwnershipMsg::Propose {
                new_owner: next.to_string(),
            },
        )
        .unwrap();
        let event = execute(&mut storage, &api, &next, OwnershipMsg::Accept {}).unwrap();
        assert_eq!(
            event,
            Event::new(EVENT)
                .add_attribute("action", "accept")
                .add_attribute("owner", &next)
        );
        assert_eq!(
            query(&storage).unwrap(),
            OwnershipResponse {
                owner: next.to_string(),
                pending: None
            }
        );
    }

    #[test]
    fn mistyped_address_is_refused() {
        let (mut storage, owner, ..) = owned();
        let msg = OwnershipMsg::Propose {
            new_owner: "cosmwasm1typo".into(),
        };
        let error = execute(&mut storage, &MockApi::default(), &owner, msg).unwrap_err();
        assert_eq!(error.code(), 900);
    }

    #[test]
    fn codes_are_stable() {
        let addr = Addr::unchecked("a");
        let errors = [
            OwnershipError::NotOwner {
                expected: addr.clone(),
                actual: addr.clone(),
            },
            OwnershipError::NotPending {
                expected: addr.clone(),
                actual: addr.clone(),
            },
            OwnershipError::NothingPending,
            OwnershipError::AlreadyOwner { owner: addr },
        ];
        assert_eq!(errors.map(|error| error.code()), [901, 902, 903, 904]);
    }
}
