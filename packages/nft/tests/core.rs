//! The core by itself: random calls against a shadow that is a plain list.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use std::collections::BTreeMap;

use cosmwasm_std::testing::{mock_env, MockApi, MockStorage};
use cosmwasm_std::{Addr, BlockInfo, Timestamp};
use cw721::Expiration;
use nft::{query, NftError};
use proptest::prelude::*;

const PEOPLE: usize = 4;

fn person(n: usize) -> Addr {
    MockApi::default().addr_make(&format!("person{n}"))
}

fn start() -> (MockStorage, BlockInfo) {
    let mut storage = MockStorage::new();
    nft::init(&mut storage, "Name".into(), "SYM".into(), Timestamp::from_seconds(5)).unwrap();
    (storage, mock_env().block)
}

#[derive(Clone, Debug)]
enum Step {
    Mint(usize, u8),
    Burn(usize, u8),
    Transfer(usize, usize, u8),
    Approve(usize, usize, u8, u64),
    Revoke(usize, usize, u8),
    ApproveAll(usize, usize, u64),
    RevokeAll(usize, usize),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, id, blocks) = (0..PEOPLE, 0..6u8, 0..6u64);
    let step = prop_oneof![
        3 => (who.clone(), id.clone()).prop_map(|(who, id)| Step::Mint(who, id)),
        1 => (who.clone(), id.clone()).prop_map(|(who, id)| Step::Burn(who, id)),
        4 => (who.clone(), who.clone(), id.clone()).prop_map(|(from, to, id)| Step::Transfer(from, to, id)),
        3 => (who.clone(), who.clone(), id.clone(), blocks.clone()).prop_map(|(a, b, id, n)| Step::Approve(a, b, id, n)),
        1 => (who.clone(), who.clone(), id).prop_map(|(a, b, id)| Step::Revoke(a, b, id)),
        2 => (who.clone(), who.clone(), blocks.clone()).prop_map(|(a, b, n)| Step::ApproveAll(a, b, n)),
        1 => (who.clone(), who).prop_map(|(a, b)| Step::RevokeAll(a, b)),
        2 => blocks.prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..80)
}

/// Tokens with holder and approvals (spender, last height), and operators with theirs.
#[derive(Default)]
struct Shadow {
    tokens: BTreeMap<u8, (usize, BTreeMap<usize, u64>)>,
    operators: BTreeMap<(usize, usize), u64>,
    height: u64,
}

impl Shadow {
    fn operates(&self, owner: usize, sender: usize) -> bool {
        self.operators
            .get(&(owner, sender))
            .is_some_and(|until| self.height < *until)
    }

    fn may_approve(&self, sender: usize, id: u8) -> bool {
        let holder = self.tokens.get(&id).map(|token| token.0);
        holder.is_some_and(|holder| holder == sender || self.operates(holder, sender))
    }

    fn may_move(&self, sender: usize, id: u8) -> bool {
        let approved =
            |token: &(usize, BTreeMap<usize, u64>)| token.1.get(&sender).is_some_and(|until| self.height < *until);
        self.may_approve(sender, id) || self.tokens.get(&id).is_some_and(approved)
    }

    fn run(&mut self, step: &Step) -> bool {
        match *step {
            Step::Mint(who, id) => {
                let works = !self.tokens.contains_key(&id);
                if works {
                    self.tokens.insert(id, (who, BTreeMap::new()));
                }
                works
            }
            Step::Burn(who, id) => self.may_move(who, id) && self.tokens.remove(&id).is_some(),
            Step::Transfer(from, to, id) => {
                let works = self.may_move(from, id);
                if works {
                    self.tokens.insert(id, (to, BTreeMap::new()));
                }
                works
            }
            Step::Approve(who, spender, id, blocks) => {
                let works = blocks > 0 && self.may_approve(who, id);
                if works {
                    let until = self.height + blocks;
                    self.tokens.get_mut(&id).unwrap().1.insert(spender, until);
                }
                works
            }
            Step::Revoke(who, spender, id) => {
                let works = self.may_approve(who, id);
                if works {
                    self.tokens.get_mut(&id).unwrap().1.remove(&spender);
                }
                works
            }
            Step::ApproveAll(who, operator, blocks) => {
                if blocks > 0 {
                    self.operators.insert((who, operator), self.height + blocks);
                }
                blocks > 0
            }
            Step::RevokeAll(who, operator) => {
                self.operators.remove(&(who, operator));
                true
            }
            Step::Wait(blocks) => {
                self.height += blocks;
                true
            }
        }
    }
}

fn call(storage: &mut MockStorage, block: &mut BlockInfo, step: &Step) -> Result<(), NftError> {
    let at = |block: &BlockInfo, blocks: u64| Some(Expiration::AtHeight(block.height + blocks));
    match *step {
        Step::Mint(who, id) => nft::mint(storage, &id.to_string(), &person(who), None, id),
        Step::Burn(who, id) => nft::burn::<u8>(storage, block, &person(who), &id.to_string()).map(drop),
        Step::Transfer(from, to, id) => {
            nft::transfer::<u8>(storage, block, &person(from), &id.to_string(), &person(to)).map(drop)
        }
        Step::Approve(who, spender, id, blocks) => {
            let expires = at(block, blocks);
            nft::approve::<u8>(storage, block, &person(who), &id.to_string(), &person(spender), expires).map(drop)
        }
        Step::Revoke(who, spender, id) => {
            nft::revoke::<u8>(storage, block, &person(who), &id.to_string(), &person(spender)).map(drop)
        }
        Step::ApproveAll(who, operator, blocks) => {
            let expires = at(block, blocks);
            nft::approve_all(storage, block, &person(who), &person(operator), expires).map(drop)
        }
        Step::RevokeAll(who, operator) => {
            nft::revoke_all(storage, &person(who), &person(operator));
            Ok(())
        }
        Step::Wait(blocks) => {
            block.height += blocks;
            Ok(())
        }
    }
}

fn compare(storage: &MockStorage, block: &BlockInfo, shadow: &Shadow) {
    let all = query::all_tokens::<u8>(storage, None, Some(100)).unwrap().tokens;
    let ids: Vec<String> = shadow.tokens.keys().map(ToString::to_string).collect();
    assert_eq!(all, ids);
    assert_eq!(query::num_tokens(storage).unwrap().count, ids.len() as u64);
    for who in 0..PEOPLE {
        let own = query::tokens_of(storage, &person(who), None, None).unwrap().tokens;
        let expected = shadow.tokens.iter().filter(|(_, token)| token.0 == who);
        assert_eq!(own, expected.map(|(id, _)| id.to_string()).collect::<Vec<_>>());
        let operators = query::operators(storage, block, &person(who), None, None, None).unwrap();
        let live = (0..PEOPLE).filter(|operator| shadow.operates(who, *operator)).count();
        assert_eq!(operators.operators.len(), live);
    }
    for (id, (holder, approvals)) in &shadow.tokens {
        let shown = query::owner_of::<u8>(storage, block, &id.to_string(), None).unwrap();
        assert_eq!(shown.owner, person(*holder).as_str());
        let live = approvals.values().filter(|until| shadow.height < **until).count();
        assert_eq!(shown.approvals.len(), live);
        assert_eq!(query::nft_info::<u8>(storage, &id.to_string()).unwrap().extension, *id);
    }
}

proptest! {
    #[test]
    fn any_calls_do_what_the_shadow_does(steps in steps()) {
        let (mut storage, mut block) = start();
        let mut shadow = Shadow { height: block.height, ..Shadow::default() };
        for step in &steps {
            let expected = shadow.run(step);
            let outcome = call(&mut storage, &mut block, step);
            prop_assert_eq!(outcome.is_ok(), expected, "{:?} {:?}", step, outcome);
            compare(&storage, &block, &shadow);
        }
    }
}

#[test]
fn codes_are_stable() {
    let (id, addr) = ("1".to_owned(), person(0));
    let errors = [
        NftError::NotFound { id: id.clone() },
        NftError::Exists { id: id.clone() },
        NftError::NotMovable {
            id: id.clone(),
            sender: addr.clone(),
        },
        NftError::NotApprovable {
            id,
            sender: addr.clone(),
        },
        NftError::Expired {
            expires: Expiration::AtHeight(1),
        },
        NftError::TooManyApprovals { max: 20 },
        NftError::NoApproval { spender: addr },
    ];
    assert_eq!(errors.map(|error| error.code()), [970, 971, 972, 973, 974, 975, 976]);
}

#[test]
fn collection_without_a_name_or_a_symbol_is_refused() {
    for (name, symbol) in [("", "SYM"), ("Name", "")] {
        let mut storage = MockStorage::new();
        nft::init(&mut storage, name.into(), symbol.into(), Timestamp::default()).unwrap_err();
    }
    let (storage, _) = start();
    let shown = query::collection(&storage).unwrap();
    assert_eq!((shown.name.as_str(), shown.symbol.as_str()), ("Name", "SYM"));
    assert_eq!(shown.updated_at, Timestamp::from_seconds(5));
}

#[test]
fn extension_is_replaced_and_nothing_else() {
    let (mut storage, block) = start();
    nft::mint(&mut storage, "a", &person(0), Some("uri".into()), 7u8).unwrap();
    let spender = person(1);
    nft::approve::<u8>(&mut storage, &block, &person(0), "a", &spender, None).unwrap();
    nft::set_extension(&mut storage, "a", 9u8).unwrap();
    let all = query::all_nft_info::<u8>(&storage, &block, "a", None).unwrap();
    assert_eq!((all.info.extension, all.info.token_uri.as_deref()), (9, Some("uri")));
    assert_eq!(all.access.approvals.len(), 1);
    assert_eq!(nft::set_extension(&mut storage, "b", 9u8).unwrap_err().code(), 970);
}
