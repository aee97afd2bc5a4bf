//! Who may upload what: anyone, what is verified and newer.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod common;

use common::*;
use cosmwasm_std::testing::message_info;
use cosmwasm_std::{coins, HexBinary};
use interfaces::tee_verifier::*;
use tee_testkit::{CollateralSpec, Pki, Validity};
use tee_verifier::{contract, ContractError};

fn uploads(pki: &Pki, spec: &CollateralSpec) -> Vec<ExecuteMsg> {
    pki.collateral_of(spec).upserts()
}

fn windows(spec: &mut CollateralSpec, window: Validity) {
    (spec.root_crl, spec.pck_crl, spec.qe_identity, spec.tcb_info) = (window, window, window, window);
}

/// The default collateral, issued some days ago.
fn issued(pki: &Pki, days_ago: u64) -> CollateralSpec {
    let from = NOW - days_ago * DAY;
    changed(tdx(&platform(pki)), |spec| {
        windows(spec, Validity::new(from, from + 30 * DAY))
    })
}

fn attribute(response: &cosmwasm_std::Response, key: &str) -> String {
    let event = &response.events[0];
    assert_eq!(event.ty, events::COLLATERAL);
    event
        .attributes
        .iter()
        .find(|attribute| attribute.key == key)
        .unwrap()
        .value
        .clone()
}

#[test]
fn newer_replaces_same_is_unchanged_older_is_refused() {
    let pki = pki();
    let (old, new) = (issued(&pki, 9), issued(&pki, 3));
    for (position, id) in ids(&old).iter().enumerate() {
        let mut chain = Chain::testnet(&pki);
        let mut send = |spec: &CollateralSpec| chain.execute(uploads(&pki, spec)[position].clone());
        assert_eq!(attribute(&send(&old).unwrap(), "outcome"), "stored");
        assert_eq!(attribute(&send(&old).unwrap(), "outcome"), "unchanged");
        let response = send(&new).unwrap();
        assert_eq!(attribute(&response, "outcome"), "stored");
        assert_eq!(attribute(&response, "id"), id.to_string());
        assert_eq!(attribute(&response, "issued"), (NOW - 3 * DAY).to_string());
        assert_eq!(attribute(&response, "next_update"), (NOW + 27 * DAY).to_string());
        let error = send(&old).unwrap_err();
        let expected = ContractError::NotNewer {
            id: id.clone(),
            stored: NOW - 3 * DAY,
            given: NOW - 9 * DAY,
        };
        assert_eq!(error, expected);
        assert_eq!(chain.listed()[0].issued, NOW - 3 * DAY);
    }
}

#[test]
fn another_document_of_the_same_second_is_refused() {
    let pki = pki();
    let first = issued(&pki, 3);
    let changes: [Change; 4] = [
        |spec| spec.revoked_by_root = vec![[0x41; 20]],
        |spec| spec.revoked_pck = vec![[0x41; 20]],
        |spec| spec.qe_status = "OutOfDate".to_owned(),
        |spec| spec.module_status = "OutOfDate".to_owned(),
    ];
    for (position, change) in changes.into_iter().enumerate() {
        let mut chain = Chain::testnet(&pki);
        chain.execute(uploads(&pki, &first)[position].clone()).unwrap();
        let second = uploads(&pki, &changed(first.clone(), change))[position].clone();
        assert_eq!(chain.execute(second).unwrap_err().code(), 67, "{position}");
    }
}

#[test]
fn rolling_back_a_revocation_is_refused() {
    let pki = pki();
    let platform = platform(&pki);
    let quote = platform.tdx_quote(&Default::default());
    let before = issued(&pki, 9);
    let after = changed(issued(&pki, 3), |spec| spec.revoked_pck = vec![platform.pck.serial]);
    let mut chain = Chain::with(&pki, &before);
    assert!(chain.verify(&quote).is_ok());
    chain.execute(pki.collateral_of(&after).upsert_pck_crl()).unwrap();
    assert_eq!(chain.verify(&quote).unwrap_err().code(), 30);
    assert_eq!(
        chain
            .execute(pki.collateral_of(&before).upsert_pck_crl())
            .unwrap_err()
            .code(),
        67
    );
    assert_eq!(chain.verify(&quote).unwrap_err().code(), 30);
}

#[test]
fn evaluation_numbers_and_families_have_slots_of_their_own() {
    let pki = pki();
    let mut chain = Chain::with(&pki, &issued(&pki, 3));
    chain.upload(&pki.collateral_of(&changed(issued(&pki, 3), |spec| spec.evaluation = 16)));
    // An older issue date in another slot is not older collateral.
    chain
        .execute(uploads(&pki, &changed(issued(&pki, 9), |spec| spec.evaluation = 15))[3].clone())
        .unwrap();
    chain.upload(&pki.collateral_of(&changed(issued(&pki, 3), |spec| spec.family = TeeFamily::Sgx)));
    assert_eq!(chain.listed().len(), 2 + 2 + 2 + 1 + 2);
}

#[test]
fn collateral_outside_its_window_is_not_stored() {
    let pki = pki();
    for (from, until, expected) in [
        (NOW + 1, NOW + DAY, Some(21)),
        (NOW, NOW + 1, None),
        (NOW - DAY, NOW, Some(22)),
        (NOW - DAY, NOW - 1, Some(22)),
    ] {
        let spec = changed(issued(&pki, 1), |spec| windows(spec, Validity::new(from, until)));
        for msg in uploads(&pki, &spec) {
            let mut chain = Chain::testnet(&pki);
            let code = chain.execute(msg).err().map(|error| error.code());
            assert_eq!(code, expected, "{from} {until}");
            assert_eq!(chain.listed().is_empty(), expected.is_some());
        }
    }
}

#[test]
fn signers_outside_their_validity_are_refused() {
    for (from, until, expected) in [(NOW + 1, NOW + YEAR, 23), (NOW - YEAR, NOW, 24)] {
        let validity = Validity::new(from, until);
        let pki = pki_with(|spec| (spec.ca, spec.signer) = (validity, validity));
        for msg in &uploads(&pki, &issued(&pki, 1))[1..] {
            assert_eq!(Chain::testnet(&pki).execute(msg.clone()).unwrap_err().code(), expected);
        }
    }
}

#[test]
fn a_signer_the_root_revoked_cannot_upload() {
    let pki = pki();
    let spec = changed(issued(&pki, 1), |spec| {
        spec.revoked_by_root = vec![pki.platform_ca.serial, pki.signer.serial];
    });
    let mut chain = Chain::testnet(&pki);
    let messages = uploads(&pki, &spec);
    chain.execute(messages[0].clone()).unwrap();
    for (msg, code) in messages[1..].iter().zip([31, 32, 32]) {
        assert_eq!(chain.execute(msg.clone()).unwrap_err().code(), code);
        // An expired root CRL still revokes.
        chain.now = NOW + 60 * DAY;
        let later = changed(issued(&pki, 1), |spec| {
            windows(spec, Validity::new(NOW + 59 * DAY, NOW + 90 * DAY))
        });
        for msg in &uploads(&pki, &later)[1..] {
            assert!(matches!(chain.execute(msg.clone()).unwrap_err().code(), 31 | 32));
        }
        chain.now = NOW;
    }
}

#[test]
fn forged_collateral_is_refused() {
    let honest = pki();
    let forger = pki_with(|spec| spec.seed = "forger".to_owned());
    let spec = issued(&honest, 1);
    let chains = |msg: ExecuteMsg, signer: String, ca: String| match msg {
        ExecuteMsg::UpsertTcbInfo {
            tcb_info, signature, ..
        } => ExecuteMsg::UpsertTcbInfo {
            tcb_info,
            signature,
            issuer_chain: signer,
        },
        ExecuteMsg::UpsertQeIdentity {
            qe_identity, signature, ..
        } => ExecuteMsg::UpsertQeIdentity {
            qe_identity,
            signature,
            issuer_chain: signer,
        },
        ExecuteMsg::UpsertPckCrl { crl, .. } => ExecuteMsg::UpsertPckCrl { crl, issuer_chain: ca },
        other => other,
    };
    let forged = uploads(&forger, &spec);
    // With the forger's chain, with the honest root put under it, and with the honest chain.
    let under = |pem: String| pem + &honest.root.pem();
    for (name, signer, ca, codes) in [
        (
            "own chain",
            forger.signer_chain(),
            forger.ca_chain(PckCa::Platform),
            [66, 64, 64, 64],
        ),
        (
            "honest root",
            under(forger.signer.pem()),
            under(forger.platform_ca.pem()),
            [66, 64, 64, 64],
        ),
        (
            "honest chain",
            honest.signer_chain(),
            honest.ca_chain(PckCa::Platform),
            [66, 65, 65, 65],
        ),
    ] {
        for (msg, code) in forged.iter().zip(codes) {
            let mut chain = Chain::testnet(&honest);
            let error = chain
                .execute(chains(msg.clone(), signer.clone(), ca.clone()))
                .unwrap_err();
            assert_eq!(error.code(), code, "{name}: {error}");
            assert!(chain.listed().is_empty());
        }
    }
}

#[test]
fn a_signer_must_have_the_role() {
    let pki = pki();
    let collateral = pki.collateral_of(&issued(&pki, 1));
    // The platform CA is issued by the root as well, but is no TCB signer; nor is the signer a CA.
    let by_ca = |document: &str| HexBinary::from(pki.platform_ca.key.sign(document.as_bytes()));
    let tcb_info = ExecuteMsg::UpsertTcbInfo {
        tcb_info: collateral.tcb_info.document.clone(),
        signature: by_ca(&collateral.tcb_info.document),
        issuer_chain: pki.ca_chain(PckCa::Platform),
    };
    let qe_identity = ExecuteMsg::UpsertQeIdentity {
        qe_identity: collateral.qe_identity.document.clone(),
        signature: by_ca(&collateral.qe_identity.document),
        issuer_chain: pki.ca_chain(PckCa::Platform),
    };
    let crl = pki.crl(&pki.signer, Validity::new(NOW - DAY, NOW + DAY), &[]);
    let pck_crl = ExecuteMsg::UpsertPckCrl {
        crl: crl.into(),
        issuer_chain: pki.signer_chain(),
    };
    // A platform owner holds a certificate of the same PKI, too.
    let platform = platform(&pki);
    let by_platform = ExecuteMsg::UpsertTcbInfo {
        tcb_info: collateral.tcb_info.document.clone(),
        signature: HexBinary::from(platform.pck.key.sign(collateral.tcb_info.document.as_bytes())),
        issuer_chain: platform.pck_chain(),
    };
    for msg in [tcb_info, qe_identity, pck_crl, by_platform] {
        let error = Chain::testnet(&pki).execute(msg).unwrap_err();
        assert!(matches!(error, ContractError::WrongSigner { .. }), "{error}");
    }
    // A platform whose certificate bears the signer's name is still not issued by the root.
    let named = pki_with(|spec| spec.signer_name = "Intel SGX PCK Platform CA".to_owned());
    let crl = named.crl(&named.signer, Validity::new(NOW - DAY, NOW + DAY), &[]);
    let msg = ExecuteMsg::UpsertPckCrl {
        crl: crl.into(),
        issuer_chain: named.signer_chain(),
    };
    let error = Chain::testnet(&named).execute(msg).unwrap_err();
    assert!(
        matches!(error, ContractError::WrongRoot { .. }),
        "a CA's name on a certificate that is no CA: {error}"
    );
}

#[test]
fn a_crl_of_one_ca_is_not_the_others() {
    let pki = pki();
    let collateral = pki.collateral_of(&issued(&pki, 1));
    let msg = ExecuteMsg::UpsertPckCrl {
        crl: collateral.pck_crl.clone().into(),
        issuer_chain: pki.ca_chain(PckCa::Processor),
    };
    assert_eq!(Chain::testnet(&pki).execute(msg).unwrap_err().code(), 65);
    let msg = ExecuteMsg::UpsertPckCrl {
        crl: collateral.root_crl.clone().into(),
        issuer_chain: pki.ca_chain(PckCa::Platform),
    };
    assert_eq!(Chain::testnet(&pki).execute(msg).unwrap_err().code(), 65);
    let msg = ExecuteMsg::UpsertRootCrl {
        crl: collateral.pck_crl.into(),
    };
    assert_eq!(
        Chain::testnet(&pki).execute(msg).unwrap_err(),
        ContractError::UnknownCrlIssuer
    );
}

#[test]
fn signatures_do_not_cover_other_documents() {
    let pki = pki();
    let mut collateral = pki.collateral_of(&issued(&pki, 1));
    collateral.tcb_info.document = collateral.tcb_info.document.replace("UpToDate", "OutOfDate");
    collateral.qe_identity.document = collateral.qe_identity.document.replace("UpToDate", "OutOfDate");
    *collateral.pck_crl.last_mut().unwrap() ^= 1;
    *collateral.root_crl.last_mut().unwrap() ^= 1;
    for (msg, code) in collateral.upserts().into_iter().zip([66, 65, 65, 65]) {
        assert_eq!(Chain::testnet(&pki).execute(msg).unwrap_err().code(), code);
    }
}

#[test]
fn malformed_uploads_are_told_apart() {
    let pki = pki();
    let collateral = pki.collateral_of(&issued(&pki, 1));
    let document = collateral.tcb_info.document.as_str();
    let tcb = |document: &str, signature: &[u8], chain: &str| ExecuteMsg::UpsertTcbInfo {
        tcb_info: document.to_owned(),
        signature: HexBinary::from(signature),
        issuer_chain: chain.to_owned(),
    };
    let qe = |document: &str| ExecuteMsg::UpsertQeIdentity {
        qe_identity: document.to_owned(),
        signature: HexBinary::from([1; 64]),
        issuer_chain: pki.signer_chain(),
    };
    let crl = |crl: &[u8]| ExecuteMsg::UpsertPckCrl {
        crl: crl.into(),
        issuer_chain: pki.ca_chain(PckCa::Platform),
    };
    let (signature, chain) = (collateral.tcb_info.signature, pki.signer_chain());
    let long = " ".repeat(MAX_DOCUMENT + 1);
    for (name, msg, code) in [
        ("empty", tcb("", &signature, &chain), 61),
        ("no JSON", tcb("TCB", &signature, &chain), 61),
        (
            "other kind",
            tcb(&document.replace("\"TDX\"", "\"XYZ\""), &signature, &chain),
            61,
        ),
        (
            "old version",
            tcb(&document.replace("\"version\":3", "\"version\":2"), &signature, &chain),
            61,
        ),
        (
            "short FMSPC",
            tcb(&document.replace("90C06F000000", "90C06F0000"), &signature, &chain),
            61,
        ),
        (
            "no FMSPC",
            tcb(&document.replace("90C06F000000", "XXXXXXXXXXXX"), &signature, &chain),
            61,
        ),
        ("no date", tcb(&document.replace("Z\"", "\""), &signature, &chain), 61),
        (
            "date before the epoch",
            tcb(&document.replace("\"2025", "\"1825"), &signature, &chain),
            61,
        ),
        ("short signature", tcb(document, &signature[1..], &chain), 61),
        ("too long", tcb(&long, &signature, &chain), 60),
        ("long chain", tcb(document, &signature, &long), 60),
        ("no chain", tcb(document, &signature, ""), 62),
        ("many certificates", tcb(document, &signature, &chain.repeat(3)), 62),
        (
            "no certificate",
            tcb(
                document,
                &signature,
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            ),
            62,
        ),
        ("a TCB info as identity", qe(document), 61),
        (
            "the identity of another enclave",
            qe(&collateral.qe_identity.document.replace("TD_QE", "QVE")),
            61,
        ),
        ("no CRL", crl(&[]), 61),
        ("a certificate as CRL", crl(&pki.root.der), 61),
        ("a cut CRL", crl(&collateral.pck_crl[..50]), 61),
        ("a long CRL", crl(long.as_bytes()), 60),
    ] {
        let error = Chain::testnet(&pki).execute(msg).unwrap_err();
        assert_eq!(error.code(), code, "{name}: {error}");
        assert!(
            error.to_string().starts_with(&format!("[tee-verifier:{code}]")),
            "{error}"
        );
    }
}

#[test]
fn funds_are_refused() {
    let pki = pki();
    let mut chain = Chain::testnet(&pki);
    let (env, sender) = (
        chain.env(),
        message_info(&chain.deps.api.addr_make("anyone"), &coins(1, "utoken")),
    );
    let msg = uploads(&pki, &issued(&pki, 1))[0].clone();
    let error = contract::execute(chain.deps.as_mut(), env.clone(), sender.clone(), msg).unwrap_err();
    assert_eq!(error.code(), 932);
    let msg = InstantiateMsg {
        environment: Environment::Mainnet,
        test_root: None,
    };
    assert_eq!(
        contract::instantiate(chain.deps.as_mut(), env, sender, msg)
            .unwrap_err()
            .code(),
        932
    );
}
