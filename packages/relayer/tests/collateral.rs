//! `relayer collateral sync` from a server that speaks as Intel's PCS does, or as a PCCS, with signed collateral of a synthetic PKI.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::collections::HashMap;
use std::path::Path as FsPath;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::Router;
use interfaces::tee_verifier::{ExecuteMsg, TeeFamily};
use support::*;
use tee_testkit::{Collateral, Pki, PlatformSpec};

/// What a server has, and what it was asked for.
#[derive(Clone)]
struct Server {
    sgx: Collateral,
    tdx: Collateral,
    fmspc: String,
    /// A PCCS serves the root CRL, too, and every CRL in hexadecimal.
    pccs: bool,
    /// This path answers 500.
    broken: Option<&'static str>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(pccs: bool, now: u64) -> Self {
        let pki = Pki::new("relayer", now - 1_000_000, now + 100_000_000);
        let platform = pki.platform(PlatformSpec::numbered(1));
        let of = |family| pki.collateral(&platform, family, now);
        Self {
            sgx: of(TeeFamily::Sgx),
            tdx: of(TeeFamily::Tdx),
            fmspc: hex::encode(platform.spec.fmspc),
            pccs,
            broken: None,
            asked: Arc::default(),
        }
    }

    async fn serve(&self) -> String {
        let routes = Router::new()
            .route("/{family}/certification/v4/{*path}", get(answer))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        url
    }

    /// All that can be fetched, as it must arrive at the contract. Both families have one CRL of each CA.
    fn everything(&self) -> Vec<ExecuteMsg> {
        let sgx = &self.sgx;
        let mut all = vec![sgx.upsert_pck_crl()];
        all.extend(self.pccs.then(|| sgx.upsert_root_crl()));
        for family in [&self.sgx, &self.tdx] {
            all.extend([family.upsert_qe_identity(), family.upsert_tcb_info()]);
        }
        all
    }
}

/// Everything but letters and digits, as a careful server does.
fn url_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

async fn answer(
    State(server): State<Server>,
    Path((family, path)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let mut words: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    words.sort();
    server
        .asked
        .lock()
        .unwrap()
        .push(format!("{family} {path} {}", words.join(" ")));
    if server.broken == Some(path.as_str()) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let collateral = if family == "tdx" { &server.tdx } else { &server.sgx };
    let with_chain =
        |header: &'static str, chain: &str, body: Vec<u8>| ([(header, url_encoded(chain))], body).into_response();
    let signed = |name: &str, signed: &tee_testkit::collateral::Signed| {
        let signature = hex::encode(signed.signature);
        format!("{{\"{name}\":{},\"signature\":\"{signature}\"}}", signed.document).into_bytes()
    };
    let crl = |der: &[u8]| {
        if server.pccs {
            hex::encode(der).into_bytes()
        } else {
            der.to_vec()
        }
    };
    match path.as_str() {
        "rootcacrl" if server.pccs => crl(&collateral.root_crl).into_response(),
        "pckcrl" => with_chain(
            "SGX-PCK-CRL-Issuer-Chain",
            &collateral.ca_chain,
            crl(&collateral.pck_crl),
        ),
        "qe/identity" => with_chain(
            "SGX-Enclave-Identity-Issuer-Chain",
            &collateral.signer_chain,
            signed("enclaveIdentity", &collateral.qe_identity),
        ),
        "tcb" if query.get("fmspc") == Some(&server.fmspc) => with_chain(
            "TCB-Info-Issuer-Chain",
            &collateral.signer_chain,
            signed("tcbInfo", &collateral.tcb_info),
        ),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Runs the command; whether it succeeded, and both outputs.
async fn sync(dir: &FsPath, fake: &Fake, from: &str, more: &[&str]) -> (bool, String) {
    let config = config(dir, &[fake.url()]);
    let file = dir.join("relayer.toml");
    std::fs::write(&file, toml::to_string(&config).unwrap()).unwrap();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_relayer"));
    command.args(["collateral", "sync", "--verifier", VERIFIER, "--from", from, "--config"]);
    command.arg(file).args(more).env("NO_PROXY", "*");
    let output = command.output().await.unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.success(), text.concat())
}

fn held(fake: &Fake, server: &Server) {
    let (held, all) = (fake.collateral(), server.everything());
    assert_eq!(held.len(), all.len());
    for piece in all {
        assert!(held.contains(&piece), "{} did not arrive byte for byte", kind(&piece));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn collateral_of_a_pccs_arrives_byte_for_byte_root_crl_first_and_is_paid_for_once() {
    let (dir, fake) = (home(), Fake::start().await);
    let server = Server::new(true, START);
    let url = server.serve().await;
    let (fine, told) = sync(dir.path(), &fake, &url, &["--fmspc", &server.fmspc]).await;
    assert!(fine, "{told}");
    assert!(told.contains("posted 6 pieces in "), "{told}");
    held(&fake, &server);
    assert_eq!(kind(&fake.collateral()[0]), "upsert_root_crl");
    assert_eq!(fake.transactions(), 1);

    let (fine, told) = sync(dir.path(), &fake, &url, &["--fmspc", &server.fmspc]).await;
    assert!(fine && told.contains("nothing posted; 0 pieces are newer"), "{told}");
    assert_eq!(told.matches("stored    ").count(), 6, "{told}");
    assert_eq!(fake.broadcasts().len(), 1, "what the contract has costs nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pcs_without_root_crl_is_asked_for_what_it_has_in_the_wanted_number() {
    let (dir, fake) = (home(), Fake::start().await);
    let server = Server::new(false, START);
    let url = format!("{}/", server.serve().await);
    let unknown = "000000000000";
    let more = ["--fmspc", &server.fmspc, "--fmspc", unknown, "--evaluation", "17"];
    let (fine, told) = sync(dir.path(), &fake, &url, &more).await;
    assert!(fine, "{told}");
    held(&fake, &server);
    let asked = server.asked.lock().unwrap().clone();
    for expected in [
        "sgx rootcacrl ",
        "sgx pckcrl ca=platform encoding=der",
        "sgx pckcrl ca=processor encoding=der",
        "tdx qe/identity tcbEvaluationDataNumber=17",
        &format!("sgx tcb fmspc={} tcbEvaluationDataNumber=17", server.fmspc),
        &format!("tdx tcb fmspc={unknown} tcbEvaluationDataNumber=17"),
    ] {
        assert!(
            asked.iter().any(|question| question == expected),
            "{expected} not in {asked:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_it_would_post_and_posts_nothing() {
    let (dir, fake) = (home(), Fake::start().await);
    let server = Server::new(true, START);
    let more = ["--fmspc", &server.fmspc, "--dry-run"];
    let (fine, told) = sync(dir.path(), &fake, &server.serve().await, &more).await;
    assert!(fine && told.contains("nothing posted; 6 pieces are newer"), "{told}");
    assert_eq!((fake.broadcasts().len(), fake.collateral().len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_outdated_or_not_genuine_is_named_and_the_rest_goes() {
    let (dir, fake) = (home(), Fake::start().await);
    fake.set(|faults| (faults.outdated, faults.ungenuine) = (Some("upsert_qe_identity"), Some("upsert_pck_crl")));
    let server = Server::new(true, START);
    let (fine, told) = sync(dir.path(), &fake, &server.serve().await, &["--fmspc", &server.fmspc]).await;
    assert!(fine, "{told}");
    for line in [
        "older     QE identity, sgx",
        "older     QE identity, tdx",
        "refused   PCK CRL of the",
        "[tee-verifier:20]",
        "posted 3 pieces",
    ] {
        assert!(told.contains(line), "{line} in\n{told}");
    }
    let kinds: Vec<_> = fake.collateral().iter().map(kind).collect();
    assert_eq!(kinds, ["upsert_root_crl", "upsert_tcb_info", "upsert_tcb_info"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_is_named_and_nothing_is_posted() {
    let (dir, fake) = (home(), Fake::start().await);
    let server = Server {
        broken: Some("qe/identity"),
        ..Server::new(true, START)
    };
    let url = server.serve().await;
    let (fine, told) = sync(dir.path(), &fake, &url, &[]).await;
    assert!(!fine && told.contains("qe/identity") && told.contains("500"), "{told}");
    let (fine, told) = sync(dir.path(), &fake, "http://127.0.0.1:9", &[]).await;
    assert!(!fine && told.contains("is unreachable"), "{told}");
    assert!(fake.broadcasts().is_empty());
}
