//! Challenges, keys and bodies.

use worker::gateway::serve::challenge::{sign_arbitrary, StdSignature};
use worker::gateway::serve::http::{ChallengeAnswer, KeyRequest};

use super::*;

impl Site {
    async fn challenge(&self, user: &str) -> ChallengeAnswer {
        let body = json!({ "account": account(user).address() });
        let response = self
            .http
            .post(self.url("/v1/auth/challenge"))
            .json(&body)
            .send()
            .await
            .unwrap();
        response.json().await.unwrap()
    }

    async fn answer(&self, user: &str, nonce: &str, signature: StdSignature) -> Response {
        let body = KeyRequest {
            account: account(user).address().to_owned(),
            nonce: nonce.into(),
            signature,
            label: String::new(),
            expires_in: None,
            replace: false,
        };
        self.http
            .post(self.url("/v1/auth/keys"))
            .json(&body)
            .send()
            .await
            .unwrap()
    }
}

/// Attacks: a signature is sent twice; one made for another chain; one by another account; one too late.
#[tokio::test]
async fn a_challenge_counts_once_on_its_chain_for_its_account_in_its_time() {
    let site = Site::new().await;
    site.open("user0", CREDIT, CREDIT).await;
    site.open("user1", CREDIT, CREDIT).await;
    let refused = (401, "challenge_refused".to_owned());

    let challenge = site.challenge("user0").await;
    assert!(
        challenge.text.contains(CHAIN) && challenge.text.contains(account("user0").address()),
        "{}",
        challenge.text
    );
    let signature = sign_arbitrary(&account("user0"), challenge.text.as_bytes()).unwrap();
    let nonce = challenge.terms.nonce.clone();
    assert_eq!(
        site.answer("user0", &nonce, signature.clone()).await.status(),
        StatusCode::CREATED
    );
    assert_eq!(
        code(site.answer("user0", &nonce, signature).await).await,
        refused,
        "replayed"
    );

    let mut terms = site.challenge("user0").await.terms;
    let nonce = terms.nonce.clone();
    terms.chain_id = "lex-other-1".into();
    let foreign = sign_arbitrary(&account("user0"), terms.text().as_bytes()).unwrap();
    assert_eq!(
        code(site.answer("user0", &nonce, foreign).await).await,
        refused,
        "another chain"
    );

    let challenge = site.challenge("user0").await;
    let thief = sign_arbitrary(&account("user1"), challenge.text.as_bytes()).unwrap();
    let nonce = challenge.terms.nonce.clone();
    assert_eq!(
        code(site.answer("user0", &nonce, thief.clone()).await).await,
        refused,
        "another signer"
    );
    assert_eq!(
        code(site.answer("user1", &nonce, thief).await).await,
        refused,
        "another account"
    );

    let late = sign_arbitrary(&account("user0"), challenge.text.as_bytes()).unwrap();
    site.bench.client.advance(400).await;
    assert_eq!(
        code(site.answer("user0", &nonce, late).await).await,
        refused,
        "too late"
    );
}

#[tokio::test]
async fn keys_are_listed_revoked_and_end_by_themselves() {
    let site = Site::with(|config| config.key_ttl = 1_000).await;
    let first = site.customer("user0", 10).await;
    let second = site.key("user0").await;
    let stranger = site.customer("user1", 10).await;
    let client = KeyClient::new(&site.url("")).unwrap();
    let keys = client.list(&first).await.unwrap();
    assert_eq!(keys.len(), 2);
    assert!(
        client.revoke(&stranger, keys[1].id).await.is_err(),
        "of another account"
    );
    client.revoke(&first, keys[1].id).await.unwrap();
    assert_eq!(
        code(site.chat(&second, &ask("hi", 1)).await).await,
        (401, "invalid_api_key".into())
    );
    assert_eq!(site.chat(&first, &ask("hi", 1)).await.status(), StatusCode::OK);
    let replaced = client
        .create(
            &account("user0"),
            &Wish {
                replace: true,
                ..wish()
            },
        )
        .await
        .unwrap()
        .key;
    assert_eq!(code(site.get("/v1/account", &first).await).await.0, 401);
    assert_eq!(site.status(&replaced).await.account, account("user0").address());
    site.bench.client.advance(1_001).await;
    assert_eq!(
        code(site.chat(&replaced, &ask("hi", 1)).await).await,
        (401, "invalid_api_key".into())
    );
}

/// Attack: fill the book with keys of accounts made up for it.
#[tokio::test]
async fn only_accounts_that_pay_here_get_keys() {
    let site = Site::new().await;
    let challenge = site.challenge("user3").await;
    let signature = sign_arbitrary(&account("user3"), challenge.text.as_bytes()).unwrap();
    let answer = site.answer("user3", &challenge.terms.nonce, signature).await;
    assert_eq!(code(answer).await, (402, "no_spending_account".into()));
    let body = json!({ "account": "cosmos1notofthischain" });
    let response = site
        .http
        .post(site.url("/v1/auth/challenge"))
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(code(response).await, (400, "invalid_request".into()));
}

#[tokio::test]
async fn bodies_are_bounded_and_keys_come_first() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let long = ask(&"x".repeat(20_000), 1);
    assert_eq!(code(site.chat(&key, &long).await).await, (413, "body_too_large".into()));
    assert_eq!(
        code(site.chat("gk_none", &long).await).await,
        (401, "invalid_api_key".into())
    );
    let url = site.url("/v1/chat/completions");
    let bare = site.http.post(&url).json(&ask("hi", 1)).send().await.unwrap();
    assert_eq!(code(bare).await, (401, "invalid_api_key".into()));
    let garbage = site
        .http
        .post(&url)
        .bearer_auth(&key)
        .body("not json")
        .send()
        .await
        .unwrap();
    assert_eq!(code(garbage).await, (400, "invalid_request".into()));
    assert_eq!(site.model.requests().await, 0);
}

/// The key of the upstream goes to the upstream; the account's does not.
#[tokio::test]
async fn the_upstream_gets_its_own_key() {
    use std::os::unix::fs::PermissionsExt;
    let model = Model::start(Some("sk-upstream"));
    let bench = Bench::new().await;
    let file = bench.file("upstream.key", "sk-upstream\n");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let gateway = bench.gateway();
    let mut config = config(&model);
    config.upstream.key_file = Some("upstream.key".into());
    let (serving, cut) = serve(&bench, &gateway, config).await;
    let http = reqwest::Client::new();
    let site = Site {
        bench,
        model,
        gateway,
        serving,
        cut,
        http,
    };
    let key = site.customer("user0", 10).await;
    assert_eq!(site.chat(&key, &ask("hi", 1)).await.status(), StatusCode::OK);
}
