//! What is accepted and what is refused, each by its own refusal, with synthetic evidence.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use common::*;
use interfaces::tee_verifier::*;
use tee_testkit::platform::Format;
use tee_testkit::report::{header, SGX_DEBUG, SGX_PRODUCTION, TD_DEBUG, TD_MIGRATABLE, TD_SEPT_VE_DISABLE};
use tee_testkit::{
    CollateralSpec, PkiSpec, Platform, PlatformSpec, QeReport, SgxReport, Tamper, TcbLevel, TdReport, Validity,
};

fn td() -> TdReport {
    TdReport::with_data([0x42; 64])
}

#[test]
fn every_kind_of_quote_is_accepted() {
    let pki = pki();
    for ca in [PckCa::Processor, PckCa::Platform] {
        let platform = pki.platform(PlatformSpec {
            ca,
            ..PlatformSpec::numbered(1)
        });
        let chain = Chain::with(&pki, &tdx(&platform));
        for (quote, tee) in [
            (platform.tdx_quote(&td()), Tee::Tdx10),
            (platform.tdx10_v5_quote(&td()), Tee::Tdx10),
            (platform.tdx15_quote(&td()), Tee::Tdx15),
        ] {
            let verified = chain.verify(&quote).unwrap();
            assert_eq!((verified.tee, verified.root), (tee, Root::Test));
            assert_eq!(verified.report_data.as_slice(), [0x42; 64]);
            assert_eq!(verified.measurement, td().measurement());
        }
        let chain = Chain::with(&pki, &sgx(&platform));
        let verified = chain
            .verify(&platform.sgx_quote(&SgxReport::with_data([0x42; 64])))
            .unwrap();
        assert_eq!((verified.tee, verified.root), (Tee::Sgx, Root::Test));
    }
}

#[test]
fn a_quote_without_chain_takes_it_from_beside_and_only_then() {
    let pki = pki();
    let platform = platform(&pki);
    let chain = Chain::with(&pki, &tdx(&platform));
    let ask = |quote: Vec<u8>, pck_chain: Option<String>| {
        let msg = QueryMsg::VerifyQuote {
            quote: quote.into(),
            evaluation: 17,
            pck_chain,
        };
        chain.query::<VerifyQuoteResponse>(msg).into_result()
    };
    let (with, without) = (platform.tdx_quote(&td()), platform.tdx_quote_without_chain(&td()));
    assert!(ask(without.clone(), Some(platform.pck_chain())).is_ok());
    assert_eq!(
        ask(without.clone(), None).unwrap_err(),
        Refusal::UnsupportedCertification { found: 3 }
    );
    let ambiguous = ask(with, Some(platform.pck_chain())).unwrap_err();
    assert_eq!(ambiguous, Refusal::UnsupportedCertification { found: 5 });
    let stranger = pki.platform(PlatformSpec::numbered(99));
    assert_eq!(
        ask(without, Some(stranger.pck_chain())).unwrap_err(),
        Refusal::BadQeSignature
    );
}

#[test]
fn the_id_survives_a_change_of_quote_format_and_tells_software_apart() {
    let pki = pki();
    let platform = platform(&pki);
    let chain = Chain::with(&pki, &tdx(&platform));
    let id = |quote: &[u8]| chain.verify(quote).unwrap().measurement_id;
    let listed = id(&platform.tdx_quote(&td()));
    assert_eq!(listed, id(&platform.tdx15_quote(&td())));
    let mut other = td();
    other.rt_mr[3] = [1; 48];
    assert_ne!(listed, id(&platform.tdx_quote(&other)));
    let other = TdReport {
        mr_config_id: [1; 48],
        ..td()
    };
    assert_ne!(listed, id(&platform.tdx_quote(&other)));
}

#[test]
fn one_platform_has_one_hash_and_two_have_two() {
    let pki = pki();
    let (first, second) = (
        pki.platform(PlatformSpec::numbered(1)),
        pki.platform(PlatformSpec::numbered(2)),
    );
    let patched = pki.platform(PlatformSpec {
        cpu_svn: [9; 16],
        ..PlatformSpec::numbered(1)
    });
    let chain = Chain::with(&pki, &tdx(&first));
    let hash = |platform: &Platform| chain.verify(&platform.tdx_quote(&td())).unwrap().ppid_hash;
    assert_ne!(hash(&first), hash(&second));
    assert_eq!(hash(&first), hash(&patched));
}

#[test]
fn a_tampered_layer_is_named() {
    let pki = pki();
    let platform = platform(&pki);
    let chain = Chain::with(&pki, &tdx(&platform));
    for (tamper, code) in [
        (Tamper::QuoteSignature, 43),
        (Tamper::QeSignature, 41),
        (Tamper::AttestationKey, 42),
        (Tamper::AuthenticationLength, 42),
        (Tamper::PckSignature, 40),
        (Tamper::CaSignature, 40),
    ] {
        let refusal = chain.verify(&platform.tampered(tamper).tdx_quote(&td())).unwrap_err();
        assert_eq!(refusal.code(), code, "{tamper:?}: {refusal}");
    }
}

#[test]
fn corrupt_collateral_is_named() {
    let pki = pki();
    let platform = platform(&pki);
    for (position, code) in [(0, 45), (1, 40), (2, 45), (3, 45)] {
        let spec = tdx(&platform);
        let mut chain = Chain::with(&pki, &spec);
        let id = &ids(&spec)[position];
        let mut record = tee_verifier::state::load(&chain.deps.storage, id).unwrap().unwrap();
        let signature = if position < 2 {
            &mut record.document
        } else {
            &mut record.signature
        };
        *signature.last_mut().unwrap() ^= 1;
        tee_verifier::state::save(&mut chain.deps.storage, id, &record).unwrap();
        let refusal = chain.verify(&platform.tdx_quote(&td())).unwrap_err();
        assert_eq!(refusal.code(), code, "{id}: {refusal}");
    }
}

#[test]
fn debug_and_unsafe_attributes_are_refused() {
    let pki = pki();
    let platform = platform(&pki);
    let chain = Chain::with(&pki, &tdx(&platform));
    let attributes = |bits| TdReport {
        td_attributes: bits,
        ..td()
    };
    let cases = [
        ("debug", attributes(TD_SEPT_VE_DISABLE | TD_DEBUG), 50),
        ("profiling", attributes(TD_SEPT_VE_DISABLE | 1 << 4), 51),
        ("reserved bit", attributes(TD_SEPT_VE_DISABLE | 1 << 1), 51),
        ("migratable", attributes(TD_SEPT_VE_DISABLE | TD_MIGRATABLE), 51),
        ("service TD extension", attributes(TD_SEPT_VE_DISABLE | 1 << 17), 51),
        ("virtualisation exceptions by the host", attributes(0), 51),
        (
            "bound service TD",
            TdReport {
                mr_service_td: [1; 48],
                ..td()
            },
            51,
        ),
    ];
    for (name, report, code) in cases {
        let refusal = chain.verify(&platform.tdx15_quote(&report)).unwrap_err();
        assert_eq!(refusal.code(), code, "{name}: {refusal}");
    }
    let debug = platform.tdx_quote(&attributes(TD_SEPT_VE_DISABLE | TD_DEBUG));
    assert_eq!(chain.verify(&debug).unwrap_err(), Refusal::Debug);
    let chain = Chain::with(&pki, &sgx(&platform));
    let enclave = |attributes| {
        platform.sgx_quote(&SgxReport {
            attributes,
            ..SgxReport::default()
        })
    };
    assert_eq!(chain.verify(&enclave(SGX_DEBUG)).unwrap_err(), Refusal::Debug);
    assert!(chain.verify(&enclave(SGX_PRODUCTION)).is_ok());
}

#[test]
fn an_enclave_that_is_not_intels_quoting_enclave_is_refused() {
    let pki = pki();
    let good = QeReport::default();
    let cases = [
        (
            "signer",
            QeReport {
                mr_signer: [0x52; 32],
                ..good.clone()
            },
        ),
        (
            "product",
            QeReport {
                isv_prod_id: 1,
                ..good.clone()
            },
        ),
        (
            "version",
            QeReport {
                isv_svn: 7,
                ..good.clone()
            },
        ),
        (
            "misc select",
            QeReport {
                misc_select: 1,
                ..good.clone()
            },
        ),
        (
            "attributes",
            QeReport {
                attributes: [0x15; 16],
                ..good.clone()
            },
        ),
        (
            "debug",
            QeReport {
                attributes: [0x13, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0],
                ..good.clone()
            },
        ),
    ];
    for (name, qe) in cases {
        let platform = pki.platform(PlatformSpec {
            qe,
            ..PlatformSpec::default()
        });
        let refusal = Chain::with(&pki, &tdx(&platform))
            .verify(&platform.tdx_quote(&td()))
            .unwrap_err();
        assert!(
            matches!(refusal, Refusal::QeIdentityMismatch { .. }),
            "{name}: {refusal}"
        );
    }
}

#[test]
fn statuses_and_advisories_are_passed_on_and_revoked_never_is() {
    let pki = pki();
    let platform = platform(&pki);
    let level = |status: &str| vec![TcbLevel::any(status, &["INTEL-SA-00001", "INTEL-SA-00002"])];
    for (text, status) in [
        ("UpToDate", TcbStatus::UpToDate),
        ("SWHardeningNeeded", TcbStatus::SwHardeningNeeded),
        ("ConfigurationNeeded", TcbStatus::ConfigurationNeeded),
        (
            "ConfigurationAndSWHardeningNeeded",
            TcbStatus::ConfigurationAndSwHardeningNeeded,
        ),
        ("OutOfDate", TcbStatus::OutOfDate),
        ("OutOfDateConfigurationNeeded", TcbStatus::OutOfDateConfigurationNeeded),
    ] {
        let spec = CollateralSpec {
            tcb_levels: level(text),
            ..tdx(&platform)
        };
        let verified = Chain::with(&pki, &spec).verify(&platform.tdx_quote(&td())).unwrap();
        assert_eq!(verified.tcb_status, status);
        assert_eq!(verified.advisories, ["INTEL-SA-00001", "INTEL-SA-00002"]);
    }
    let revoked: [(&str, Change); 3] = [
        ("platform", |spec| spec.tcb_levels = vec![TcbLevel::any("Revoked", &[])]),
        ("module", |spec| spec.module_status = "Revoked".to_owned()),
        ("quoting enclave", |spec| spec.qe_status = "Revoked".to_owned()),
    ];
    for (name, change) in revoked {
        let chain = Chain::with(&pki, &changed(tdx(&platform), change));
        assert_eq!(
            chain.verify(&platform.tdx_quote(&td())).unwrap_err(),
            Refusal::TcbRevoked,
            "{name}"
        );
    }
}

#[test]
fn an_old_quoting_enclave_or_module_makes_the_platform_out_of_date() {
    let pki = pki();
    let platform = platform(&pki);
    let old: [Change; 2] = [
        |spec| spec.qe_status = "OutOfDate".to_owned(),
        |spec| spec.module_status = "OutOfDate".to_owned(),
    ];
    for change in old {
        let chain = Chain::with(&pki, &changed(tdx(&platform), change));
        let verified = chain.verify(&platform.tdx_quote(&td())).unwrap();
        assert_eq!(verified.tcb_status, TcbStatus::OutOfDate);
    }
}

#[test]
fn a_trust_domain_kept_over_an_update_should_relaunch() {
    let pki = pki();
    let platform = platform(&pki);
    let new = TdReport {
        tee_tcb_svn2: [9, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9],
        ..td()
    };
    for (low, status) in [
        ("OutOfDate", TcbStatus::TdRelaunchAdvised),
        (
            "OutOfDateConfigurationNeeded",
            TcbStatus::TdRelaunchAdvisedConfigurationNeeded,
        ),
    ] {
        let high = TcbLevel {
            tdx_svn: 9,
            ..TcbLevel::any("UpToDate", &[])
        };
        let spec = CollateralSpec {
            tcb_levels: vec![high, TcbLevel::any(low, &[])],
            ..tdx(&platform)
        };
        let verified = Chain::with(&pki, &spec).verify(&platform.tdx15_quote(&new)).unwrap();
        assert_eq!(verified.tcb_status, status);
    }
}

#[test]
fn a_platform_below_every_level_is_refused() {
    let pki = pki();
    let platform = platform(&pki);
    let level = |change: fn(&mut TcbLevel)| {
        let mut level = TcbLevel::any("UpToDate", &[]);
        change(&mut level);
        CollateralSpec {
            tcb_levels: vec![level],
            ..tdx(&platform)
        }
    };
    let quote = platform.tdx_quote(&td());
    let cases = [
        ("processor", level(|level| level.sgx_svn = 9), quote.clone()),
        ("provisioning enclave", level(|level| level.pce_svn = 14), quote.clone()),
        ("TDX components", level(|level| level.tdx_svn = 7), quote.clone()),
        (
            "module version",
            CollateralSpec {
                module_svn: 6,
                ..tdx(&platform)
            },
            quote,
        ),
        (
            "module signer",
            tdx(&platform),
            platform.tdx_quote(&TdReport {
                mr_signer_seam: [1; 48],
                ..td()
            }),
        ),
        (
            "module attributes",
            tdx(&platform),
            platform.tdx_quote(&TdReport {
                seam_attributes: [1; 8],
                ..td()
            }),
        ),
        (
            "current module",
            tdx(&platform),
            platform.tdx15_quote(&TdReport {
                tee_tcb_svn2: [4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                ..td()
            }),
        ),
    ];
    for (name, spec, quote) in cases {
        let refusal = Chain::with(&pki, &spec).verify(&quote).unwrap_err();
        assert!(matches!(refusal, Refusal::NoTcbLevel { .. }), "{name}: {refusal}");
    }
}

#[test]
fn every_revoked_certificate_is_named() {
    let pki = pki();
    let platform = platform(&pki);
    let quote = platform.tdx_quote(&td());
    let serial = |serial: [u8; 20]| cosmwasm_std::HexBinary::from(serial);
    let root = |revoked| CollateralSpec {
        revoked_by_root: vec![[0x41; 20], revoked],
        ..tdx(&platform)
    };
    let leaf = CollateralSpec {
        revoked_pck: vec![[0x41; 20], platform.pck.serial],
        ..tdx(&platform)
    };
    for (spec, expected) in [
        (
            leaf,
            Refusal::RevokedPck {
                serial: serial(platform.pck.serial),
            },
        ),
        (
            root(pki.platform_ca.serial),
            Refusal::RevokedCa {
                serial: serial(pki.platform_ca.serial),
            },
        ),
        (
            root(pki.signer.serial),
            Refusal::RevokedSigner {
                serial: serial(pki.signer.serial),
            },
        ),
        (
            root(pki.root.serial),
            Refusal::RevokedRoot {
                serial: serial(pki.root.serial),
            },
        ),
    ] {
        let mut chain = Chain::testnet(&pki);
        // The root CRL last: uploads are checked against it.
        for msg in pki.collateral_of(&spec).upserts().into_iter().rev() {
            chain.execute(msg).unwrap();
        }
        assert_eq!(chain.verify(&quote).unwrap_err(), expected);
    }
    let others = CollateralSpec {
        revoked_pck: vec![[0x41; 20]],
        revoked_by_root: vec![[0x41; 20]],
        ..tdx(&platform)
    };
    assert!(Chain::with(&pki, &others).verify(&quote).is_ok());
}

#[test]
fn every_piece_of_collateral_ends_at_its_second() {
    let pki = pki();
    let platform = platform(&pki);
    let quote = platform.tdx_quote(&td());
    let (from, until) = (NOW - 100, NOW + 1000);
    let window = Validity::new(from, until);
    let changes: [fn(&mut CollateralSpec, Validity); 4] = [
        |spec, window| spec.root_crl = window,
        |spec, window| spec.pck_crl = window,
        |spec, window| spec.qe_identity = window,
        |spec, window| spec.tcb_info = window,
    ];
    for (change, position) in changes.iter().zip(0..) {
        let spec = changed(tdx(&platform), |spec| change(spec, window));
        let id = ids(&spec)[position].clone();
        let mut chain = Chain::with(&pki, &spec);
        assert_eq!(chain.verify(&quote).unwrap().valid_until, until, "{id}");
        for (now, refusal) in [
            (
                from - 1,
                Some(Refusal::CollateralNotYetValid {
                    id: id.clone(),
                    from,
                    now: from - 1,
                }),
            ),
            (from, None),
            (until - 1, None),
            (
                until,
                Some(Refusal::CollateralExpired {
                    id: id.clone(),
                    until,
                    now: until,
                }),
            ),
            (
                until + 1,
                Some(Refusal::CollateralExpired {
                    id: id.clone(),
                    until,
                    now: until + 1,
                }),
            ),
        ] {
            chain.now = now;
            assert_eq!(chain.verify(&quote).err(), refusal, "{id} at {now}");
        }
    }
}

/// Sets one certificate's validity.
type Shorten = fn(&mut PkiSpec, Validity);

#[test]
fn every_certificate_ends_at_its_second() {
    let until = NOW + 1000;
    let short = Validity::new(NOW - YEAR, until);
    let long = Validity::new(NOW - YEAR, NOW + YEAR);
    let changes: [(CertificateKind, Shorten); 3] = [
        (CertificateKind::Root, |spec, validity| spec.root = validity),
        (CertificateKind::PckCa, |spec, validity| spec.ca = validity),
        (CertificateKind::TcbSigner, |spec, validity| spec.signer = validity),
    ];
    for (which, change) in changes {
        let pki = pki_with(|spec| change(spec, short));
        check_end(
            &pki,
            &pki.platform(PlatformSpec {
                validity: Some(long),
                ..Default::default()
            }),
            which,
            until,
        );
    }
    let pki = pki();
    let platform = pki.platform(PlatformSpec {
        validity: Some(short),
        ..Default::default()
    });
    check_end(&pki, &platform, CertificateKind::Pck, until);
}

fn check_end(pki: &tee_testkit::Pki, platform: &Platform, which: CertificateKind, until: u64) {
    let quote = platform.tdx_quote(&td());
    let mut chain = Chain::with(pki, &tdx(platform));
    assert_eq!(chain.verify(&quote).unwrap().valid_until, until, "{which:?}");
    chain.now = until - 1;
    assert!(chain.verify(&quote).is_ok());
    for now in [until, until + 1] {
        chain.now = now;
        assert_eq!(
            chain.verify(&quote).unwrap_err(),
            Refusal::CertificateExpired { which, until, now }
        );
    }
}

#[test]
fn a_platform_from_the_future_is_refused() {
    let pki = pki();
    let from = NOW + 10;
    let platform = pki.platform(PlatformSpec {
        validity: Some(Validity::new(from, NOW + YEAR)),
        ..Default::default()
    });
    let mut chain = Chain::with(&pki, &tdx(&platform));
    let refusal = chain.verify(&platform.tdx_quote(&td())).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::CertificateNotYetValid {
            which: CertificateKind::Pck,
            from,
            now: NOW
        }
    );
    chain.now = from;
    assert!(chain.verify(&platform.tdx_quote(&td())).is_ok());
}

#[test]
fn a_decoy_certificate_cannot_lengthen_validity() {
    let until = NOW + 1000;
    let pki = pki_with(|spec| spec.ca = Validity::new(NOW - YEAR, until));
    let platform = pki.platform(PlatformSpec {
        validity: Some(Validity::new(NOW - YEAR, NOW + YEAR)),
        ..Default::default()
    });
    let chain = Chain::with(&pki, &tdx(&platform));
    let decoy = pki_with(|spec| spec.seed = "decoy".to_owned());
    let (pck, ca, root) = (platform.pck.pem(), pki.platform_ca.pem(), pki.root.pem());
    for order in [
        [&pck, &decoy.platform_ca.pem(), &ca, &root]
            .map(String::as_str)
            .concat(),
        [&pck, &ca, &decoy.platform_ca.pem(), &root]
            .map(String::as_str)
            .concat(),
    ] {
        let verified = chain.verify(&with_chain(&platform.tdx_quote(&td()), &order)).unwrap();
        assert_eq!(verified.valid_until, until);
    }
}

#[test]
fn missing_collateral_is_named() {
    let pki = pki();
    let platform = platform(&pki);
    let spec = tdx(&platform);
    let uploads = pki.collateral_of(&spec).upserts();
    for (left_out, id) in ids(&spec).iter().enumerate() {
        let mut chain = Chain::testnet(&pki);
        for (position, msg) in uploads.iter().enumerate() {
            if position != left_out {
                chain.execute(msg.clone()).unwrap();
            }
        }
        let refusal = chain.verify(&platform.tdx_quote(&td())).unwrap_err();
        assert_eq!(refusal, Refusal::MissingCollateral { id: id.clone() });
    }
}

#[test]
fn only_the_evaluation_number_in_force_counts() {
    let pki = pki();
    let platform = platform(&pki);
    let mut chain = Chain::with(&pki, &tdx(&platform));
    let newer = CollateralSpec {
        evaluation: 18,
        tcb_levels: vec![TcbLevel::any("OutOfDate", &[])],
        ..tdx(&platform)
    };
    chain.upload(&pki.collateral_of(&newer));
    let quote = platform.tdx_quote(&td());
    let status = |evaluation| chain.verify_at(&quote, evaluation).map(|verified| verified.tcb_status);
    assert_eq!(status(17), Ok(TcbStatus::UpToDate));
    assert_eq!(status(18), Ok(TcbStatus::OutOfDate));
    assert!(matches!(status(16), Err(Refusal::MissingCollateral { .. })));
    assert!(matches!(status(19), Err(Refusal::MissingCollateral { .. })));
}

#[test]
fn collateral_of_another_family_or_platform_does_not_serve() {
    let pki = pki();
    let platform = platform(&pki);
    let other = pki.platform(PlatformSpec {
        fmspc: [1, 2, 3, 4, 5, 6],
        ..Default::default()
    });
    let chain = Chain::with(&pki, &sgx(&platform));
    assert_eq!(chain.verify(&platform.tdx_quote(&td())).unwrap_err().code(), 20);
    let chain = Chain::with(&pki, &tdx(&platform));
    assert_eq!(
        chain
            .verify(&platform.sgx_quote(&SgxReport::default()))
            .unwrap_err()
            .code(),
        20
    );
    assert_eq!(chain.verify(&other.tdx_quote(&td())).unwrap_err().code(), 20);
}

#[test]
fn unsupported_and_malformed_quotes_are_told_apart() {
    let pki = pki();
    let platform = platform(&pki);
    let chain = Chain::with(&pki, &tdx(&platform));
    let good = platform.tdx_quote(&td());
    let body = good[48..48 + 584].to_vec();
    let enclave = platform.sgx_quote(&SgxReport::default())[48..48 + 384].to_vec();
    let made = |header: Vec<u8>, body: &[u8], format| {
        platform.quote(&[&header, body].concat(), format, &platform.pck_chain(), 5)
    };
    let mut p384 = header(4, 0x81);
    p384[2] = 3;
    let mut vendor = header(4, 0x81);
    vendor[12] ^= 1;
    for (name, quote, code) in [
        ("empty", vec![], 10),
        ("cut header", good[..47].to_vec(), 10),
        ("cut body", good[..600].to_vec(), 10),
        ("cut chain", good[..good.len() - 1].to_vec(), 10),
        ("too long", [&good[..], &[0; MAX_QUOTE]].concat(), 10),
        ("version 2", made(header(2, 0), &enclave, Format::V3), 10),
        ("version 6", made(header(6, 0x81), &body, Format::V4), 10),
        ("TDX in version 3", made(header(3, 0x81), &body, Format::V3), 10),
        ("SGX in version 4", made(header(4, 0), &enclave, Format::V4), 11),
        ("P-384 key", made(p384, &body, Format::V4), 11),
        ("no certificates", with_chain(&good, ""), 13),
        (
            "no PEM",
            with_chain(&good, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            13,
        ),
        (
            "six certificates",
            with_chain(&good, &platform.pck_chain().repeat(2)),
            13,
        ),
        (
            "a CA for a platform",
            with_chain(&good, &(pki.platform_ca.pem() + &pki.root.pem())),
            13,
        ),
        (
            "a signer for a platform",
            with_chain(&good, &(pki.signer.pem() + &pki.root.pem())),
            13,
        ),
        ("another vendor's enclave", made(vendor, &body, Format::V4), 44),
        (
            "a chain without its CA",
            with_chain(&good, &(platform.pck.pem() + &pki.root.pem())),
            40,
        ),
    ] {
        let refusal = chain.verify(&quote).unwrap_err();
        assert_eq!(refusal.code(), code, "{name}: {refusal}");
    }
}
