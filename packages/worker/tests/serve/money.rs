//! Balance, daily limit, closing, entitlements and free calls.

use super::*;

/// Attack: many calls at once on a balance that covers a few of them.
#[tokio::test]
async fn parallel_calls_cannot_overspend() {
    let mut site = Site::with(|config| config.concurrency.lv1 = 100).await;
    let body = ask("fault:slow a b c d e f g h", 20);
    // At most (bytes + 64) · 2.5 + 200 µCredit each; three fit.
    let most = (body.to_string().len() as u128 + 64) * 5 / 2 + 200;
    site.open("user0", most * 3 + most / 2, 10 * CREDIT).await;
    let key = site.key("user0").await;
    let before = site.model.requests().await;
    let sent = (0..8).map(|_| {
        let request = site
            .http
            .post(site.url("/v1/chat/completions"))
            .bearer_auth(&key)
            .json(&body);
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    });
    let mut statuses = vec![];
    for task in sent.collect::<Vec<_>>() {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 402, 402, 402, 402, 402]);
    assert_eq!(
        site.model.requests().await - before,
        3,
        "what is refused never reaches the upstream"
    );
    // What was used is far less than reserved, so another one fits now; and again until the money is gone.
    let mut served = 3;
    while site.chat(&key, &ask("a b c d e f g h", 20)).await.status() == StatusCode::OK {
        served += 1;
    }
    assert!(served > 4, "{served}");
    site.settle().await;
    let spending = site.spending("user0").await;
    assert_eq!(spending.shortfall, Uint128::zero());
    assert_eq!(spending.amount.u128(), most * 3 + most / 2 - paid(&site));
}

fn paid(site: &Site) -> u128 {
    site.calls().iter().map(|call| u128::from(call.1 + call.3)).sum()
}

/// Attack: calls are settled, and the gateway's view of the chain is older than that: the money must not count twice.
#[tokio::test]
async fn settled_calls_are_never_missing_on_both_sides() {
    let mut site = Site::with(|config| config.view_ttl = 1_000).await;
    let body = ask("a b c d e f g h i j k l m n o p q r s t", 50);
    let most = (body.to_string().len() as u128 + 64) * 5 / 2 + 500;
    site.open("user0", most + 10, 10 * CREDIT).await;
    let key = site.key("user0").await;
    assert_eq!(site.chat(&key, &body).await.status(), StatusCode::OK);
    for _ in 0..2 {
        assert_eq!(
            code(site.chat(&key, &body).await).await,
            (402, "insufficient_credits".into())
        );
        site.settle().await;
    }
    assert_eq!(site.spending("user0").await.shortfall, Uint128::zero());
}

#[tokio::test]
async fn the_daily_limit_is_told_from_the_balance() {
    let site = Site::new().await;
    site.open("user0", 10 * CREDIT, 500).await;
    let key = site.key("user0").await;
    assert_eq!(
        code(site.chat(&key, &ask("hi", 100)).await).await,
        (402, "daily_limit_reached".into())
    );
    assert_eq!(site.chat(&key, &ask("hi", 1)).await.status(), StatusCode::OK);
    let raise = vault::ExecuteMsg::SetDailyLimit {
        gateway: GATEWAY,
        max_per_day: Uint128::new(10 * CREDIT),
    };
    site.vault("user0", &raise).await;
    assert_eq!(site.chat(&key, &ask("hi", 100)).await.status(), StatusCode::OK);
    // Attack: lowered again right away, to be in force when the calls settle.
    let lower = vault::ExecuteMsg::SetDailyLimit {
        gateway: GATEWAY,
        max_per_day: Uint128::new(500),
    };
    site.vault("user0", &lower).await;
    assert_eq!(
        code(site.chat(&key, &ask("hi", 100)).await).await,
        (402, "daily_limit_reached".into())
    );
}

#[tokio::test]
async fn an_account_that_closes_is_refused_and_pays_for_what_it_had() {
    let mut site = Site::new().await;
    let key = site.customer("user0", 10).await;
    assert_eq!(
        site.chat(&key, &ask("tell me a story", 5)).await.status(),
        StatusCode::OK
    );
    site.vault("user0", &vault::ExecuteMsg::CloseSpending { gateway: GATEWAY })
        .await;
    assert_eq!(
        code(site.chat(&key, &ask("hi", 1)).await).await,
        (402, "account_closing".into())
    );
    assert_eq!(site.status(&key).await.state, vault::SpendingState::Closing);
    site.settle().await;
    assert_eq!(site.spending("user0").await.amount.u128(), 10 * CREDIT - 60);
    site.bench.client.advance(90_000).await;
    site.vault("user0", &vault::ExecuteMsg::WithdrawSpending { gateway: GATEWAY })
        .await;
    assert_eq!(
        code(site.chat(&key, &ask("hi", 1)).await).await,
        (402, "no_spending_account".into())
    );
}

#[tokio::test]
async fn a_suspended_gateway_serves_nobody() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    site.vault("operator", &vault::ExecuteMsg::SuspendGateway { gateway: GATEWAY })
        .await;
    let before = site.model.requests().await;
    assert_eq!(
        code(site.chat(&key, &ask("hi", 1)).await).await,
        (503, "gateway_suspended".into())
    );
    assert_eq!(
        code(site.get("/readyz", &key).await).await,
        (503, "gateway_suspended".into())
    );
    assert_eq!(site.model.requests().await, before);
}

/// Whoever cuts the gateway off its node gets nothing for it.
#[tokio::test]
async fn without_the_chain_nothing_is_served() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let before = site.model.requests().await;
    site.cut.store(true, Ordering::SeqCst);
    let response = site.chat(&key, &ask("hi", 1)).await;
    assert_eq!(response.headers()["retry-after"], "5");
    assert_eq!(code(response).await, (503, "chain_unavailable".into()));
    assert_eq!(
        site.http
            .get(site.url("/readyz"))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16(),
        503
    );
    assert_eq!(
        site.http
            .get(site.url("/livez"))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16(),
        200
    );
    assert_eq!(site.model.requests().await, before);
    site.cut.store(false, Ordering::SeqCst);
    assert_eq!(site.chat(&key, &ask("hi", 1)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_gateway_whose_enrolment_is_over_serves_nobody() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    site.bench.client.advance(8 * 86_400).await;
    assert_eq!(
        code(site.chat(&key, &ask("hi", 1)).await).await,
        (503, "not_enrolled".into())
    );
    let enrolment = site.gateway.enroller().ensure().await.unwrap();
    site.serving.server.enrolled(&enrolment);
    assert_eq!(site.chat(&key, &ask("hi", 1)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_model_without_a_price_is_not_served() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let mut body = ask("hi", 1);
    body["model"] = "gpt-9".into();
    assert_eq!(
        code(site.chat(&key, &body).await).await,
        (404, "model_not_found".into())
    );
    assert_eq!(site.model.requests().await, 0);
}

#[tokio::test]
async fn an_exclusive_model_is_for_holders_and_costs_them_no_credits() {
    let mut site = Site::new().await;
    let holder = site.customer("user0", 10).await;
    let other = site.customer("user1", 10).await;
    let launchpad = account("user9").address().to_owned();
    site.set_peers(|peers| peers.launchpad = Some(launchpad.clone())).await;
    let until = site.bench.now().await + 86_400;
    for sku in ["gpt-4o:in", "gpt-4o:out"] {
        let grant = vault::ExecuteMsg::Grant {
            account: account("user0").address().to_owned(),
            sku: sku.into(),
            units: Uint128::new(400),
            price: Uint128::zero(),
            exclusive_until: until,
        };
        site.vault_as(&launchpad, &grant).await;
    }
    assert_eq!(
        code(site.chat(&other, &ask("hi", 1)).await).await,
        (403, "not_entitled".into())
    );
    let status = site.status(&holder).await;
    assert_eq!(status.entitlements.len(), 2);
    assert!(status
        .entitlements
        .iter()
        .all(|entitlement| entitlement.exclusive && entitlement.left.u128() == 400));
    let body = ask("tell me a story", 150);
    assert_eq!(site.chat(&holder, &body).await.status(), StatusCode::OK);
    assert_eq!(
        site.chat(&holder, &ask("hi", 395)).await.status().as_u16(),
        403,
        "12 of 400 are used"
    );
    assert_eq!(site.chat(&holder, &body).await.status(), StatusCode::OK);
    let left: Vec<_> = site
        .status(&holder)
        .await
        .entitlements
        .iter()
        .map(|entitlement| entitlement.left.u128())
        .collect();
    assert_eq!(left, [392, 376]);
    site.settle().await;
    assert_eq!(site.spending("user0").await.amount.u128(), 10 * CREDIT);
    let left: Vec<_> = site
        .status(&holder)
        .await
        .entitlements
        .iter()
        .map(|entitlement| entitlement.units.u128())
        .collect();
    assert_eq!(left, [392, 376]);
}

#[tokio::test]
async fn the_champions_free_calls_count_as_money() {
    let mut site = Site::new().await;
    site.open("user0", 1, CREDIT).await;
    let key = site.key("user0").await;
    assert_eq!(
        code(site.chat(&key, &ask("hi", 5)).await).await,
        (402, "insufficient_credits".into())
    );
    let wars = account("user9").address().to_owned();
    site.set_peers(|peers| peers.wars = Some(wars.clone())).await;
    let query = vault::QueryMsg::Overview {};
    let overview: vault::OverviewResponse = site
        .bench
        .client
        .query(&site.bench.at.credit_vault, &query)
        .await
        .unwrap();
    let grant = vault::ExecuteMsg::SetFreeCalls {
        account: account("user0").address().to_owned(),
        week: overview.week,
        allowance: Uint128::new(1_000),
    };
    site.vault_as(&wars, &grant).await;
    assert_eq!(site.chat(&key, &ask("hi", 5)).await.status(), StatusCode::OK);
    site.settle().await;
    let (spending, status) = (site.spending("user0").await, site.status(&key).await);
    assert_eq!((spending.amount.u128(), spending.shortfall.u128()), (1, 0));
    assert_eq!(status.free_calls.u128(), 1_000 - 32);
}
