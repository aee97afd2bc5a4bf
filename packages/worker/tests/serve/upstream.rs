//! An upstream that is no good, and clients that go away.

use super::*;

#[tokio::test]
async fn an_upstream_that_fails_costs_nothing() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    for (fault, status, code, retry) in [
        ("fail", 503, "upstream_failed", Some("5")),
        ("refuse", 503, "upstream_refused", Some("60")),
        ("invalid", 400, "invalid_request", None),
        ("busy", 429, "upstream_busy", Some("7")),
        ("garbage", 503, "usage_missing", None),
        ("no-usage", 503, "usage_missing", None),
        ("zero-usage", 503, "usage_missing", None),
        ("hang", 503, "upstream_timeout", Some("5")),
    ] {
        let response = site.chat(&key, &ask(&format!("fault:{fault} a b c"), 5)).await;
        assert_eq!(response.status().as_u16(), status, "{fault}");
        let after = response
            .headers()
            .get("retry-after")
            .map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(after.as_deref(), retry, "{fault}");
        let text = response.text().await.unwrap();
        assert!(text.contains(&format!("\"code\":\"{code}\"")), "{fault}: {text}");
        assert!(!text.contains("sk-secret"), "the upstream's secrets stay here: {text}");
    }
    assert_eq!(site.calls(), []);
    let status = site.status(&key).await;
    assert_eq!(
        (status.reserved.u128(), status.unsettled.u128(), status.in_flight),
        (0, 0, 0)
    );
}

#[tokio::test]
async fn an_upstream_that_is_down_is_told_from_one_that_is_silent() {
    let site = Site::with(|config| config.upstream.url = "http://127.0.0.1:9/v1".into()).await;
    let key = site.customer("user0", 10).await;
    assert_eq!(
        code(site.chat(&key, &ask("hi", 1)).await).await,
        (503, "upstream_unavailable".into())
    );
    assert_eq!(site.calls(), []);
}

/// What streams and has no usage in the end is not charged, and the client sees that it did not end well.
#[tokio::test]
async fn a_stream_that_breaks_is_not_charged_and_has_no_end() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    for (fault, code) in [
        ("cut", "upstream_cut"),
        ("stall", "upstream_timeout"),
        ("error", "upstream_failed"),
        ("no-usage", "usage_missing"),
        ("zero-usage", "usage_missing"),
    ] {
        let response = site.chat(&key, &streaming(&format!("fault:{fault} a b c"), 5)).await;
        assert_eq!(response.status(), StatusCode::OK, "{fault}");
        let events = events(&response.text().await.unwrap());
        let last: Value = serde_json::from_str(events.last().unwrap()).unwrap();
        assert_eq!(last["error"]["code"], code, "{fault}: {events:?}");
        assert!(!events.contains(&"[DONE]".to_owned()), "{fault}");
    }
    assert_eq!(site.calls(), []);
    assert_eq!(site.status(&key).await.reserved.u128(), 0);
    let metrics = site
        .http
        .get(site.url("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(metrics.contains("gateway_unmetered_total 5"), "{metrics}");
}

#[tokio::test]
async fn a_stream_whose_usage_came_is_charged_though_its_end_is_cut() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    for fault in ["late-cut", "running-usage"] {
        let response = site.chat(&key, &streaming(&format!("fault:{fault} a b"), 3)).await;
        assert_eq!(
            events(&response.text().await.unwrap()).last().unwrap(),
            "[DONE]",
            "{fault}"
        );
    }
    assert_eq!(site.calls(), [(3, 7, 3, 30), (3, 7, 3, 30)]);
}

/// A server that names its usage beside every part, and breaks: what it named last is charged.
#[tokio::test]
async fn a_stream_that_breaks_after_running_usage_is_charged_as_far_as_it_came() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let response = site.chat(&key, &streaming("fault:running-cut a b", 9)).await;
    let events = events(&response.text().await.unwrap());
    assert!(events.last().unwrap().contains("upstream_cut"), "{events:?}");
    let [(3, 7, completion, _)] = site.calls()[..] else {
        panic!("{:?}", site.calls());
    };
    assert!((1..=2).contains(&completion), "{completion} of 9");
}

/// Attack: the upstream (or who runs it) names a million times what was used.
#[tokio::test]
async fn nobody_is_charged_more_than_the_request_could_use() {
    let mut site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let body = ask("fault:huge-usage a b", 3);
    assert_eq!(site.chat(&key, &body).await.status(), StatusCode::OK);
    let [(units_in, _, units_out, _)] = site.calls()[..] else {
        panic!("one call");
    };
    assert_eq!(units_out, 3);
    assert!(units_in <= body.to_string().len() as u64 + 64, "{units_in}");
    site.settle().await;
    let paid = 10 * CREDIT - site.spending("user0").await.amount.u128();
    assert_eq!(paid, u128::from(units_in) * 5 / 2 + 30);
}

/// Attack: the client hangs up before usage is known.
#[tokio::test]
async fn a_client_that_goes_away_pays_for_what_it_asked() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let mut stream = site.chat(&key, &streaming("fault:slow a b", 3)).await;
    stream.chunk().await.unwrap().unwrap();
    drop(stream);
    let url = site.url("/v1/chat/completions");
    let gone = site.http.post(url).bearer_auth(&key).json(&ask("fault:slow a b", 3));
    assert!(gone.timeout(Duration::from_millis(300)).send().await.is_err());
    site.idle(&key).await;
    assert_eq!(site.calls(), [(3, 7, 3, 30), (3, 7, 3, 30)]);
}

/// A call that outlives the report of its window counts when it ended, and once.
#[tokio::test]
async fn a_call_that_outlives_its_window_is_charged_when_it_ends() {
    let mut site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let mut slow = site.chat(&key, &streaming("fault:slow a b", 9)).await;
    slow.chunk().await.unwrap().unwrap();
    site.bench.client.advance(700).await;
    assert_eq!(site.chat(&key, &ask("hi", 1)).await.status(), StatusCode::OK);
    site.settle().await;
    assert_eq!(site.calls().len(), 1, "the slow one is under way");
    assert!(slow.text().await.unwrap().ends_with("data: [DONE]\n\n"));
    site.settle().await;
    assert_eq!(site.calls(), [(1, 2, 1, 10), (3, 7, 9, 90)]);
    assert_eq!(site.spending("user0").await.amount.u128(), 10 * CREDIT - 12 - 97);
}
