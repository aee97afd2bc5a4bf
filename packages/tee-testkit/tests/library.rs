//! What the testkit mints must satisfy Intel's library itself, with its own software cryptography.

use dcap_qvl::configs::RustCryptoConfig;
use dcap_qvl::verify::{QuoteVerifier, VerifiedReport};
use interfaces::tee_verifier::{PckCa, TeeFamily};
use tee_testkit::report::{SGX_DEBUG, TD_DEBUG, TD_SEPT_VE_DISABLE};
use tee_testkit::{CollateralSpec, Pki, Platform, PlatformSpec, Sample, SgxReport, Tamper, TcbLevel, TdReport};

const NOW: u64 = 1_752_000_000;
const YEAR: u64 = 31_536_000;

fn pki() -> Pki {
    Pki::new("library", NOW - YEAR, NOW + YEAR)
}

fn verify(pki: &Pki, quote: &[u8], spec: &CollateralSpec) -> Result<VerifiedReport, String> {
    QuoteVerifier::<RustCryptoConfig>::new_with_config(pki.root_der().to_vec())
        .verify(quote, &pki.collateral_of(spec).to_library(), NOW + 10)
        .map_err(|error| format!("{error:#}"))
}

fn set(platform: &Platform, family: TeeFamily) -> CollateralSpec {
    CollateralSpec::new(platform, family, NOW)
}

#[test]
fn every_kind_of_quote_verifies_under_both_cas() {
    let pki = pki();
    let data = [0x42; 64];
    for ca in [PckCa::Processor, PckCa::Platform] {
        let platform = pki.platform(PlatformSpec {
            ca,
            ..PlatformSpec::numbered(1)
        });
        let td = TdReport::with_data(data);
        for quote in [
            platform.tdx_quote(&td),
            platform.tdx15_quote(&td),
            platform.tdx10_v5_quote(&td),
        ] {
            let report = verify(&pki, &quote, &set(&platform, TeeFamily::Tdx)).unwrap();
            assert_eq!(report.status, "UpToDate");
            assert_eq!(report.report.as_td10().unwrap().report_data, data);
            assert_eq!(report.report.as_td10().unwrap().rt_mr3, td.rt_mr[3]);
            assert_eq!(report.ppid, platform.spec.ppid);
        }
        let quote = platform.sgx_quote(&SgxReport::with_data(data));
        let report = verify(&pki, &quote, &set(&platform, TeeFamily::Sgx)).unwrap();
        assert_eq!(report.report.as_sgx().unwrap().report_data, data);
    }
}

#[test]
fn levels_and_advisories_are_those_chosen() {
    let pki = pki();
    let platform = pki.platform(PlatformSpec::default());
    let quote = platform.tdx_quote(&TdReport::default());
    let high = TcbLevel {
        sgx_svn: 9,
        ..TcbLevel::any("UpToDate", &[])
    };
    let low = TcbLevel::any("OutOfDate", &["INTEL-SA-00001"]);
    let spec = CollateralSpec {
        tcb_levels: vec![high, low],
        ..set(&platform, TeeFamily::Tdx)
    };
    let report = verify(&pki, &quote, &spec).unwrap();
    assert_eq!(report.status, "OutOfDate");
    assert_eq!(report.advisory_ids, ["INTEL-SA-00001"]);
}

#[test]
fn every_tampered_layer_and_debug_is_refused() {
    let pki = pki();
    let platform = pki.platform(PlatformSpec::default());
    let tdx = set(&platform, TeeFamily::Tdx);
    for (tamper, expected) in [
        (Tamper::QuoteSignature, "ISV enclave report signature is invalid"),
        (Tamper::QeSignature, "Signature is invalid for qe_report"),
        (Tamper::AttestationKey, "QE report hash mismatch"),
        (Tamper::PckSignature, "Failed to verify certificate chain"),
        (Tamper::CaSignature, "Failed to verify certificate chain"),
    ] {
        let error = verify(&pki, &platform.tampered(tamper).tdx_quote(&TdReport::default()), &tdx).unwrap_err();
        assert!(error.starts_with(expected), "{tamper:?}: {error}");
    }
    let debug = TdReport {
        td_attributes: TD_SEPT_VE_DISABLE | TD_DEBUG,
        ..TdReport::default()
    };
    assert_eq!(
        verify(&pki, &platform.tdx_quote(&debug), &tdx).unwrap_err(),
        "Debug mode is enabled"
    );
    let debug = platform.sgx_quote(&SgxReport {
        attributes: SGX_DEBUG,
        ..SgxReport::default()
    });
    assert_eq!(
        verify(&pki, &debug, &set(&platform, TeeFamily::Sgx)).unwrap_err(),
        "Debug mode is enabled"
    );
}

#[test]
fn revocations_are_those_chosen() {
    let pki = pki();
    let platform = pki.platform(PlatformSpec::default());
    let quote = platform.tdx_quote(&TdReport::default());
    let base = set(&platform, TeeFamily::Tdx);
    for (name, spec) in [
        (
            "leaf",
            CollateralSpec {
                revoked_pck: vec![[0x41; 20], platform.pck.serial],
                ..base.clone()
            },
        ),
        (
            "CA",
            CollateralSpec {
                revoked_by_root: vec![pki.platform_ca.serial],
                ..base.clone()
            },
        ),
        (
            "signer",
            CollateralSpec {
                revoked_by_root: vec![pki.signer.serial],
                ..base.clone()
            },
        ),
    ] {
        let error = verify(&pki, &quote, &spec).unwrap_err();
        assert!(error.contains("CertRevoked"), "{name}: {error}");
    }
    let others = CollateralSpec {
        revoked_pck: vec![[0x41; 20]],
        revoked_by_root: vec![[0x41; 20]],
        ..base
    };
    assert!(verify(&pki, &quote, &others).is_ok());
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let mint = |seed| {
        let pki = Pki::new(seed, NOW - YEAR, NOW + YEAR);
        let platform = pki.platform(PlatformSpec::numbered(3));
        (
            platform.tdx_quote(&TdReport::default()),
            pki.collateral(&platform, TeeFamily::Tdx, NOW),
        )
    };
    assert_eq!(mint("a"), mint("a"));
    assert_ne!(mint("a").0, mint("b").0);
}

#[test]
fn real_samples_are_found_and_judged_against_the_bundled_root() {
    let root = tee_testkit::samples::bundled_root().unwrap();
    for (sample, expected) in [
        (Sample::Sgx, Ok("ConfigurationAndSWHardeningNeeded")),
        (Sample::Tdx, Ok("UpToDate")),
        (Sample::TdxOutdated, Err("No matching TCB level found")),
        (Sample::Tdx15Ex, Ok("UpToDate")),
    ] {
        let real = sample.load().unwrap();
        let report = QuoteVerifier::<RustCryptoConfig>::new_with_config(root.clone())
            .verify(&real.quote, &real.library, real.valid_at())
            .map(|report| report.status)
            .map_err(|error| error.to_string());
        assert_eq!(report.as_deref().map_err(String::as_str), expected, "{sample:?}");
    }
}
