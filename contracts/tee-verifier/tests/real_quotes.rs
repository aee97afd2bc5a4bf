//! Quotes and collateral signed by Intel, against the pinned root, on mainnet.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use common::*;
use cosmwasm_std::HexBinary;
use interfaces::tee_verifier::*;
use sha2::{Digest, Sha256};
use tee_testkit::Sample;

fn real(sample: Sample) -> tee_testkit::RealQuote {
    sample.load().unwrap()
}

#[test]
fn every_real_sample_is_judged_as_by_intels_library() {
    for (sample, tee, status, advisories) in [
        (
            Sample::Sgx,
            Tee::Sgx,
            TcbStatus::ConfigurationAndSwHardeningNeeded,
            &["INTEL-SA-00289", "INTEL-SA-00615"][..],
        ),
        (Sample::Tdx, Tee::Tdx10, TcbStatus::UpToDate, &[]),
        (Sample::Tdx15Ex, Tee::Tdx15, TcbStatus::UpToDate, &[]),
    ] {
        let real = real(sample);
        let verified = Chain::with_real(&real).verify_at(&real.quote, real.evaluation).unwrap();
        assert_eq!(
            (verified.root, verified.tee, verified.tcb_status),
            (Root::Intel, tee, status),
            "{sample:?}"
        );
        assert_eq!(verified.advisories, advisories);
        assert_eq!(verified.measurement_id, verified.measurement.id());
        assert_eq!(verified.evaluation, real.evaluation);
    }
}

#[test]
fn registers_stand_where_intel_puts_them() {
    let real = real(Sample::Tdx);
    let verified = Chain::with_real(&real).verify_at(&real.quote, real.evaluation).unwrap();
    let at = |offset: usize, length: usize| HexBinary::from(&real.quote[48 + offset..48 + offset + length]);
    let Measurement::Tdx(td) = verified.measurement else {
        panic!("TDX expected")
    };
    assert_eq!(td.tee_tcb_svn, at(0, 16));
    assert_eq!(td.mr_seam, at(16, 48));
    assert_eq!(td.mr_signer_seam, at(64, 48));
    assert_eq!(td.td_attributes, at(120, 8));
    assert_eq!(td.xfam, at(128, 8));
    assert_eq!(td.mr_td, at(136, 48));
    assert_eq!(td.mr_config_id, at(184, 48));
    assert_eq!(td.mr_owner, at(232, 48));
    assert_eq!(td.mr_owner_config, at(280, 48));
    assert_eq!(
        [td.rt_mr0, td.rt_mr1, td.rt_mr2, td.rt_mr3],
        [at(328, 48), at(376, 48), at(424, 48), at(472, 48)]
    );
    assert_eq!(verified.report_data, at(520, 64));
    assert_eq!(verified.fmspc.to_hex(), "b0c06f000000");
}

#[test]
fn sgx_registers_stand_where_intel_puts_them() {
    let real = real(Sample::Sgx);
    let verified = Chain::with_real(&real).verify_at(&real.quote, real.evaluation).unwrap();
    let at = |offset: usize, length: usize| HexBinary::from(&real.quote[48 + offset..48 + offset + length]);
    let number = |offset: usize| u16::from_le_bytes([real.quote[48 + offset], real.quote[49 + offset]]);
    let Measurement::Sgx(enclave) = verified.measurement else {
        panic!("SGX expected")
    };
    assert_eq!(enclave.isv_ext_prod_id, at(32, 16));
    assert_eq!(enclave.attributes, at(48, 16));
    assert_eq!(enclave.mr_enclave, at(64, 32));
    assert_eq!(enclave.mr_signer, at(128, 32));
    assert_eq!(enclave.config_id, at(192, 64));
    assert_eq!((enclave.isv_prod_id, enclave.isv_svn), (number(256), number(258)));
    assert_eq!(enclave.config_svn, number(260));
    assert_eq!(enclave.isv_family_id, at(304, 16));
    assert_eq!(verified.report_data, at(320, 64));
}

#[test]
fn the_platform_is_told_by_the_hash_of_its_ppid() {
    let real = real(Sample::Tdx);
    let verified = Chain::with_real(&real).verify_at(&real.quote, real.evaluation).unwrap();
    let library = dcap_qvl::verify::QuoteVerifier::<tee_verifier::crypto::HostConfig>::new_with_config(
        tee_verifier::anchor::INTEL_ROOT_CA.to_vec(),
    )
    .verify(&real.quote, &real.library, real.valid_at())
    .unwrap();
    assert_eq!(
        verified.ppid_hash,
        HexBinary::from(<[u8; 32]>::from(Sha256::digest(library.ppid)))
    );
}

#[test]
fn real_collateral_ends_at_the_second_of_its_earliest_next_update() {
    for sample in [Sample::Sgx, Sample::Tdx, Sample::Tdx15Ex] {
        let real = real(sample);
        let chain = Chain::with_real(&real);
        let until = chain.verify_at(&real.quote, real.evaluation).unwrap().valid_until;
        let earliest = chain.listed().into_iter().min_by_key(|info| info.next_update).unwrap();
        assert_eq!(until, earliest.next_update, "{sample:?}");
        let chain = chain.at(until - 1);
        assert!(chain.verify_at(&real.quote, real.evaluation).is_ok());
        for now in [until, until + 1] {
            let refusal = Chain {
                now,
                ..Chain::with_real(&real)
            }
            .verify_at(&real.quote, real.evaluation)
            .unwrap_err();
            assert_eq!(
                refusal,
                Refusal::CollateralExpired {
                    id: earliest.id.clone(),
                    until,
                    now
                }
            );
        }
    }
}

#[test]
fn a_real_platform_below_every_level_is_refused() {
    let real = real(Sample::TdxOutdated);
    let refusal = Chain::with_real(&real)
        .verify_at(&real.quote, real.evaluation)
        .unwrap_err();
    assert!(matches!(refusal, Refusal::NoTcbLevel { .. }), "{refusal}");
}

#[test]
fn a_signature_of_a_real_quote_does_not_cover_other_report_data() {
    let real = real(Sample::Tdx);
    let mut quote = real.quote.clone();
    quote[48 + 520] ^= 1;
    let refusal = Chain::with_real(&real).verify_at(&quote, real.evaluation).unwrap_err();
    assert_eq!(refusal, Refusal::BadQuoteSignature);
}

#[test]
fn a_forger_with_intels_names_is_refused() {
    let real = real(Sample::Tdx);
    let chain = Chain::with_real(&real);
    let forger = pki_with(|spec| spec.organisation = "Intel Corporation".to_owned());
    let fmspc = *b"\xb0\xc0\x6f\0\0\0";
    let platform = forger.platform(tee_testkit::PlatformSpec {
        fmspc,
        ..Default::default()
    });
    let refusal = chain
        .verify_at(&platform.tdx_quote(&Default::default()), real.evaluation)
        .unwrap_err();
    assert!(
        matches!(refusal, Refusal::UntrustedChain { root: Root::Intel, .. }),
        "{refusal}"
    );
}

#[test]
fn collateral_of_the_test_root_cannot_serve_a_real_quote() {
    let real = real(Sample::Tdx);
    let pki = pki();
    let fmspc = *b"\xb0\xc0\x6f\0\0\0";
    let platform = pki.platform(tee_testkit::PlatformSpec {
        fmspc,
        ..Default::default()
    });
    let chain = Chain::with(&pki, &changed(tdx(&platform), |spec| spec.evaluation = real.evaluation));
    let refusal = chain.verify_at(&real.quote, real.evaluation).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::MissingCollateral {
            id: CollateralId::RootCrl { root: Root::Intel }
        }
    );
}

#[test]
fn a_real_quote_that_claims_the_test_root_is_refused() {
    let real = real(Sample::Tdx);
    let pki = pki();
    let fmspc = *b"\xb0\xc0\x6f\0\0\0";
    let platform = pki.platform(tee_testkit::PlatformSpec {
        fmspc,
        ..Default::default()
    });
    let mut chain = Chain::with(&pki, &changed(tdx(&platform), |spec| spec.evaluation = real.evaluation));
    chain.now = real.valid_at();
    chain.upload(&real.collateral);
    assert!(chain.verify_at(&real.quote, real.evaluation).is_ok());
    let quote = dcap_qvl::quote::Quote::parse(&real.quote).unwrap();
    let pem = String::from_utf8(quote.inner_cert_data().to_vec()).unwrap();
    let pem = pem.trim_end_matches('\0');
    assert!(chain.verify_at(&with_chain(&real.quote, pem), real.evaluation).is_ok());
    let claiming = with_chain(&real.quote, &format!("{pem}\n{}", pki.root.pem()));
    chain.now = NOW;
    let refusal = chain.verify_at(&claiming, real.evaluation).unwrap_err();
    assert!(
        matches!(refusal, Refusal::UntrustedChain { root: Root::Test, .. }),
        "{refusal}"
    );
}

#[test]
fn stored_documents_let_anyone_repeat_the_verification() {
    let real = real(Sample::Tdx);
    let chain = Chain::with_real(&real);
    for info in chain.listed() {
        let answer: DocumentResponse = chain.query(QueryMsg::Document { id: info.id.clone() });
        let (document, signature) = match info.id {
            CollateralId::RootCrl { .. } => (real.library.root_ca_crl.clone(), vec![]),
            CollateralId::PckCrl { .. } => (real.library.pck_crl.clone(), vec![]),
            CollateralId::QeIdentity { .. } => (
                real.library.qe_identity.clone().into_bytes(),
                real.library.qe_identity_signature.clone(),
            ),
            CollateralId::TcbInfo { .. } => (
                real.library.tcb_info.clone().into_bytes(),
                real.library.tcb_info_signature.clone(),
            ),
        };
        assert_eq!(answer.document.as_slice(), document);
        assert_eq!(answer.signature.as_slice(), signature);
        assert_eq!(answer.info, info);
        assert_eq!(usize::try_from(info.size).unwrap(), document.len());
    }
}
