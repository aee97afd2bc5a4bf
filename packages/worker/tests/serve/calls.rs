//! From the request to the charge.

use interfaces::attestation_oracle::{QueryMsg as OracleQuery, VerifyCallResponse};
use worker::gateway::book::Side;
use worker::gateway::prove::prove_call;

use super::*;

/// 4 words in and 5 out at 2.5 and 10 µCredit: 10 + 50.
#[tokio::test]
async fn a_call_becomes_an_entry_a_report_and_a_charge() {
    let mut site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let response = site.chat(&key, &ask("tell me a story", 5)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let (id, list, price) = (
        header("x-request-id"),
        header("x-credits-list"),
        header("x-credits-price"),
    );
    assert_eq!((list.as_str(), price.as_str()), ("60", "60"));
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["choices"][0]["message"]["content"], "tell me a story tell");
    assert_eq!(site.calls(), [(4, 10, 5, 50)], "written down before the answer came");
    assert_eq!(site.status(&key).await.unsettled.u128(), 60);

    site.settle().await;
    let spending = site.spending("user0").await;
    assert_eq!(spending.amount.u128(), 10 * CREDIT - 60);
    let status = site.status(&key).await;
    assert_eq!(
        (status.unsettled.u128(), status.reserved.u128(), status.chargeable),
        (0, 0, spending.chargeable)
    );
    for side in [Side::In, Side::Out] {
        let call = prove_call(&site.gateway.conn, &id, side).unwrap();
        let query = OracleQuery::VerifyCall { call };
        let answer: VerifyCallResponse = site
            .bench
            .client
            .query(&site.bench.at.attestation_oracle, &query)
            .await
            .unwrap();
        assert!(answer.proved, "{side:?}: {answer:?}");
    }
}

#[tokio::test]
async fn a_stream_passes_through_and_is_charged_the_same() {
    let mut site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let response = site.chat(&key, &streaming("tell me a story", 5)).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(response.headers().contains_key("x-request-id"));
    let events = events(&response.text().await.unwrap());
    assert_eq!(events.len(), 6, "usage was not asked for: {events:?}");
    let words: String = events[..5]
        .iter()
        .map(|event| {
            serde_json::from_str::<Value>(event).unwrap()["choices"][0]["delta"]["content"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!((words.as_str(), events[5].as_str()), ("tell me a story tell", "[DONE]"));
    assert_eq!(site.calls(), [(4, 10, 5, 50)], "written down before the end came");

    let mut wanted = streaming("tell me a story", 5);
    wanted["stream_options"] = json!({ "include_usage": true });
    let response = site.chat(&key, &wanted).await;
    let events = self::events(&response.text().await.unwrap());
    assert_eq!(events.len(), 7);
    assert_eq!(
        serde_json::from_str::<Value>(&events[5]).unwrap()["usage"]["completion_tokens"],
        5
    );
    site.settle().await;
    assert_eq!(site.spending("user0").await.amount.u128(), 10 * CREDIT - 120);
}

#[tokio::test]
async fn completions_and_embeddings_are_charged_by_their_own_tokens() {
    let mut site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let body = json!({ "model": "gpt-4o", "prompt": "one two", "max_tokens": 3 });
    let answer: Value = site.post("/v1/completions", &key, &body).await.json().await.unwrap();
    assert_eq!(answer["choices"][0]["text"], "one two one");
    let body = json!({ "model": "gpt-4o-mini", "input": "one two three four five six seven eight" });
    assert_eq!(site.post("/v1/embeddings", &key, &body).await.status(), StatusCode::OK);
    // 8 · 0.15 = 1.2 µCredit, rounded down
    assert_eq!(site.calls(), [(2, 5, 3, 30), (8, 1, 0, 0)]);
    site.settle().await;
    assert_eq!(site.spending("user0").await.amount.u128(), 10 * CREDIT - 36);
}

#[tokio::test]
async fn models_metrics_and_health_are_shown() {
    let site = Site::new().await;
    let models: Value = site
        .http
        .get(site.url("/v1/models"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let names: Vec<_> = models["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["gpt-4o", "gpt-4o-mini"]);
    assert_eq!(models["data"][0]["pricing"]["out"]["list"], "10000000");
    let key = site.customer("user0", 10).await;
    site.chat(&key, &ask("hi", 1)).await;
    assert_eq!(
        code(site.chat("gk_wrong", &ask("hi", 1)).await).await,
        (401, "invalid_api_key".into())
    );
    for path in ["/livez", "/readyz"] {
        assert_eq!(
            site.http.get(site.url(path)).send().await.unwrap().status(),
            StatusCode::OK,
            "{path}"
        );
    }
    let metrics = site
        .http
        .get(site.url("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for line in [
        "gateway_calls_total{model=\"gpt-4o\"} 1",
        "gateway_tokens_total{model=\"gpt-4o\",side=\"out\"} 1",
        "gateway_refused_total{code=\"invalid_api_key\"} 1",
        "gateway_ready 1",
        "gateway_in_flight 0",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
    assert_eq!(
        code(site.get("/v1/images", &key).await).await,
        (404, "not_found".into())
    );
}
