//! Environments, roots, overview and migration.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use common::*;
use cosmwasm_std::testing::mock_env;
use interfaces::tee_verifier::*;
use tee_testkit::{Pki, Sample};
use tee_verifier::{contract, ContractError};

#[test]
fn a_test_root_is_impossible_on_mainnet() {
    let error = Chain::try_new(Environment::Mainnet, Some(pki().root_der()))
        .err()
        .unwrap();
    assert_eq!(error, ContractError::TestRootOnMainnet);
}

#[test]
fn unusable_test_roots_are_refused() {
    let pki = pki();
    let other = Pki::new("other", NOW - YEAR, NOW + YEAR);
    let mut forged = pki.root.der.clone();
    *forged.last_mut().unwrap() ^= 1;
    for (name, root) in [
        ("Intel's", tee_verifier::anchor::INTEL_ROOT_CA.to_vec()),
        ("empty", vec![]),
        ("not self-signed", pki.platform_ca.der.clone()),
        ("no CA", pki.signer.der.clone()),
        ("bad signature", forged),
        ("two", [pki.root.der.clone(), other.root.der].concat()),
    ] {
        let error = Chain::try_new(Environment::Testnet, Some(&root)).err().unwrap();
        assert_eq!(error.code(), 3, "{name}: {error}");
    }
}

#[test]
fn synthetic_evidence_means_nothing_on_mainnet() {
    let pki = pki();
    let platform = platform(&pki);
    for mut chain in [Chain::mainnet(), Chain::try_new(Environment::Testnet, None).unwrap()] {
        for (msg, code) in pki
            .collateral_of(&tdx(&platform))
            .upserts()
            .into_iter()
            .zip([66, 64, 64, 64])
        {
            assert_eq!(chain.execute(msg).unwrap_err().code(), code);
        }
        let refusal = chain.verify(&platform.tdx_quote(&Default::default())).unwrap_err();
        assert_eq!(
            refusal,
            Refusal::MissingCollateral {
                id: CollateralId::RootCrl { root: Root::Intel }
            }
        );
    }
}

#[test]
fn a_test_network_judges_real_and_synthetic_quotes_side_by_side() {
    let real = Sample::Tdx.load().unwrap();
    let now = real.valid_at();
    let pki = Pki::new("side by side", now - YEAR, now + YEAR);
    let platform = platform(&pki);
    let mut chain = Chain::testnet(&pki).at(now);
    chain.upload(&real.collateral);
    chain.upload(&pki.collateral(&platform, TeeFamily::Tdx, now));
    let root = |quote: &[u8]| chain.verify(quote).unwrap().root;
    assert_eq!(root(&real.quote), Root::Intel);
    assert_eq!(root(&platform.tdx_quote(&Default::default())), Root::Test);
}

#[test]
fn every_answer_shows_the_environment() {
    let pki = pki();
    let platform = platform(&pki);
    let chain = Chain::with(&pki, &tdx(&platform));
    let quote = platform.tdx_quote(&Default::default());
    let ask = QueryMsg::VerifyQuote {
        quote: quote.into(),
        evaluation: 17,
        pck_chain: None,
    };
    assert_eq!(
        chain.query::<VerifyQuoteResponse>(ask).environment,
        Environment::Testnet
    );
    let ask = QueryMsg::VerifyQuote {
        quote: vec![].into(),
        evaluation: 17,
        pck_chain: None,
    };
    assert_eq!(
        chain.query::<VerifyQuoteResponse>(ask).environment,
        Environment::Testnet
    );
    let ask = QueryMsg::Collateral {
        start_after: None,
        limit: None,
    };
    assert_eq!(chain.query::<CollateralResponse>(ask).environment, Environment::Testnet);
    let ask = QueryMsg::Document {
        id: CollateralId::RootCrl { root: Root::Test },
    };
    assert_eq!(chain.query::<DocumentResponse>(ask).environment, Environment::Testnet);
    let overview: OverviewResponse = chain.query(QueryMsg::Overview {});
    assert_eq!(
        (overview.environment, overview.now, overview.collateral),
        (Environment::Testnet, NOW, 4)
    );
    assert!(overview.test_root.is_some());
    let overview: OverviewResponse = Chain::mainnet().query(QueryMsg::Overview {});
    assert_eq!((overview.environment, overview.test_root), (Environment::Mainnet, None));
    assert!(overview.intel_root.to_hex().starts_with("44a0196b"));
}

#[test]
fn the_list_is_paged_without_gaps() {
    let pki = pki();
    let platform = platform(&pki);
    let mut chain = Chain::with(&pki, &tdx(&platform));
    for evaluation in 18..30 {
        chain.upload(&pki.collateral_of(&changed(tdx(&platform), |spec| spec.evaluation = evaluation)));
    }
    let all = chain.listed();
    assert_eq!(all.len(), 2 + 2 * 13);
    let (mut paged, mut start_after) = (vec![], None);
    loop {
        let ask = QueryMsg::Collateral {
            start_after,
            limit: Some(5),
        };
        let page = chain.query::<CollateralResponse>(ask).items;
        assert!(page.len() <= 5);
        start_after = page.last().map(|info| info.id.clone());
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
}

#[test]
fn a_document_that_is_not_there_is_an_error() {
    let chain = Chain::mainnet();
    let ask = QueryMsg::Document {
        id: CollateralId::RootCrl { root: Root::Intel },
    };
    assert!(contract::query(chain.deps.as_ref(), chain.env(), ask).is_err());
}

#[test]
fn migration_keeps_the_collateral_and_refuses_foreign_state() {
    let pki = pki();
    let mut chain = Chain::with(&pki, &tdx(&platform(&pki)));
    let before = chain.listed();
    contract::migrate(chain.deps.as_mut(), mock_env(), MigrateMsg {}).unwrap();
    assert_eq!(chain.listed(), before);
    kit::migrate::init(&mut chain.deps.storage, "vcity:another", "0.0.1").unwrap();
    assert_eq!(
        contract::migrate(chain.deps.as_mut(), mock_env(), MigrateMsg {})
            .unwrap_err()
            .code(),
        940
    );
}
