//! Hostile bytes: nothing panics, and nothing that was not signed is believed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use common::*;
use interfaces::tee_verifier::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tee_testkit::{Collateral, SgxReport, TdReport};

/// A change of bytes.
#[derive(Clone, Debug)]
enum Edit {
    Flip(Index, u8),
    Cut(Index),
    Remove(Index),
    Insert(Index, Vec<u8>),
    /// Length fields live in the first bytes of each part; large values find unchecked allocations.
    Overwrite(Index, [u8; 4]),
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Flip(at, mask) => *at.get_mut(bytes) ^= mask,
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Remove(at) => drop(bytes.remove(at.index(bytes.len()))),
            Self::Insert(at, new) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, new.iter().copied());
            }
            Self::Overwrite(at, new) => {
                let at = at.index(bytes.len());
                bytes.iter_mut().skip(at).zip(new).for_each(|(byte, new)| *byte = *new);
            }
        }
    }
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        8 => (any::<Index>(), 1u8..).prop_map(|(at, mask)| Edit::Flip(at, mask)),
        1 => any::<Index>().prop_map(Edit::Cut),
        2 => any::<Index>().prop_map(Edit::Remove),
        2 => (any::<Index>(), vec(any::<u8>(), 1..8)).prop_map(|(at, new)| Edit::Insert(at, new)),
        2 => (any::<Index>(), prop_oneof![Just([0xff; 4]), any::<[u8; 4]>()]).prop_map(|(at, new)| Edit::Overwrite(at, new)),
    ];
    vec(edit, 1..4)
}

fn edited(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    edits.iter().for_each(|edit| edit.apply(&mut bytes));
    bytes
}

struct World {
    chain: Chain,
    quotes: Vec<(Vec<u8>, VerifiedQuote)>,
    collateral: Collateral,
}

fn world() -> &'static World {
    thread_local!(static WORLD: &'static World = Box::leak(Box::new(make_world())));
    WORLD.with(|world| *world)
}

fn make_world() -> World {
    let pki = pki();
    let platform = platform(&pki);
    let mut chain = Chain::with(&pki, &tdx(&platform));
    chain.upload(&pki.collateral_of(&sgx(&platform)));
    let td = TdReport::with_data([9; 64]);
    let enclave = SgxReport::with_data([9; 64]);
    let quotes = [
        platform.tdx_quote(&td),
        platform.tdx15_quote(&td),
        platform.sgx_quote(&enclave),
    ];
    let quotes = quotes
        .map(|quote| (quote.clone(), chain.verify(&quote).unwrap()))
        .to_vec();
    World {
        chain,
        quotes,
        collateral: pki.collateral_of(&tdx(&platform)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn an_edited_quote_is_refused_or_says_the_same(which in 0usize..3, edits in edits()) {
        let world = world();
        let (quote, original) = &world.quotes[which];
        // What follows the signed parts (PEM spacing, trailing bytes) is free to change; what is believed is not.
        if let Ok(verified) = world.chain.verify(&edited(quote, &edits)) {
            prop_assert_eq!(&verified, original);
        }
    }

    #[test]
    fn random_bytes_are_malformed(bytes in vec(any::<u8>(), 0..2000)) {
        let refusal = world().chain.verify(&bytes).unwrap_err();
        prop_assert!(matches!(refusal.code(), 10..=13), "{}", refusal);
    }

    #[test]
    fn random_bodies_behind_a_good_header_never_verify(
        version in 3u16..6,
        tdx in any::<bool>(),
        bytes in vec(any::<u8>(), 0..6000),
    ) {
        let header = tee_testkit::report::header(version, if tdx { 0x81 } else { 0 });
        let refused = world().chain.verify(&[header, bytes].concat());
        prop_assert!(refused.is_err());
    }

    #[test]
    fn edited_crls_are_refused(root in any::<bool>(), edits in edits()) {
        let world = world();
        let collateral = &world.collateral;
        let crl = edited(if root { &collateral.root_crl } else { &collateral.pck_crl }, &edits);
        prop_assume!(crl != collateral.root_crl && crl != collateral.pck_crl);
        let msg = if root {
            ExecuteMsg::UpsertRootCrl { crl: crl.into() }
        } else {
            ExecuteMsg::UpsertPckCrl { crl: crl.into(), issuer_chain: collateral.ca_chain.clone() }
        };
        prop_assert!(Chain::testnet(&pki()).execute(msg).is_err());
    }

    #[test]
    fn edited_documents_are_refused(identity in any::<bool>(), edits in edits()) {
        let world = world();
        let signed = if identity { &world.collateral.qe_identity } else { &world.collateral.tcb_info };
        let document = String::from_utf8_lossy(&edited(signed.document.as_bytes(), &edits)).into_owned();
        prop_assume!(document != signed.document);
        let (signature, issuer_chain) = (signed.signature.into(), world.collateral.signer_chain.clone());
        let msg = if identity {
            ExecuteMsg::UpsertQeIdentity { qe_identity: document, signature, issuer_chain }
        } else {
            ExecuteMsg::UpsertTcbInfo { tcb_info: document, signature, issuer_chain }
        };
        prop_assert!(Chain::testnet(&pki()).execute(msg).is_err());
    }

    #[test]
    fn edited_chains_never_panic(edits in edits()) {
        let world = world();
        let chain = edited(world.collateral.signer_chain.as_bytes(), &edits);
        let msg = ExecuteMsg::UpsertTcbInfo {
            tcb_info: world.collateral.tcb_info.document.clone(),
            signature: world.collateral.tcb_info.signature.into(),
            issuer_chain: String::from_utf8_lossy(&chain).into_owned(),
        };
        // Accepted only if signer and root are unharmed; then the record is the honest one.
        let mut chain = Chain::testnet(&pki());
        if chain.execute(msg).is_ok() {
            let listed = world.chain.listed();
            prop_assert!(chain.listed().iter().all(|info| listed.contains(info)));
        }
    }
}
