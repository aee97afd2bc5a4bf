//! Places and prices by tier.

use ::lco_staking as staking;
use cw_multi_test::{ContractWrapper, Executor};
use interfaces::compute_wars::{self, PerksResponse};
use interfaces::l_coin;
use interfaces::lco_staking::{self, Tier};
use worker::gateway::run::Ingest;

use super::*;

/// Answers as the staking contract does, with a tier that is set; and as the contest.
mod peer {
    use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult, Storage};

    use super::*;

    pub fn set(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }

    pub fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, tier: Tier) -> StdResult<Response> {
        store(deps.storage, tier);
        Ok(Response::new())
    }

    pub fn execute(deps: DepsMut, _: Env, _: MessageInfo, tier: Tier) -> StdResult<Response> {
        store(deps.storage, tier);
        Ok(Response::new())
    }

    fn store(storage: &mut dyn Storage, tier: Tier) {
        storage.set(b"tier", &serde_json::to_vec(&tier).unwrap());
    }

    pub fn tiers(deps: Deps, _: Env, msg: lco_staking::QueryMsg) -> StdResult<Binary> {
        let tier: Tier = serde_json::from_slice(&deps.storage.get(b"tier").unwrap()).unwrap();
        match msg {
            lco_staking::QueryMsg::LowestTiers { accounts, .. } => to_json_binary(&vec![tier; accounts.len()]),
            other => panic!("{other:?} is not asked"),
        }
    }

    pub fn perks(_: Deps, env: Env, _: compute_wars::QueryMsg) -> StdResult<Binary> {
        to_json_binary(&PerksResponse {
            unlimited_concurrency: true,
            free_calls: Uint128::zero(),
            valid_until: env.block.time.seconds() + 1,
        })
    }
}

impl Site {
    /// A staking contract in which everybody has this tier.
    async fn staking(&self, tier: Tier) -> String {
        let instantiate = move |chain: &mut suite::in_process::InProcess| {
            let contract = ContractWrapper::new(peer::execute, peer::instantiate, peer::tiers);
            let app = chain.app();
            let code = app.store_code(Box::new(contract));
            let sender = cosmwasm_std::Addr::unchecked(suite::Account::dev("deployer").unwrap().address());
            app.instantiate_contract(code, sender, &tier, &[], "staking", None)
                .unwrap()
                .into_string()
        };
        self.bench.client.ask(instantiate).await
    }

    async fn contest(&self) -> String {
        let instantiate = move |chain: &mut suite::in_process::InProcess| {
            let contract = ContractWrapper::new(peer::set, peer::set, peer::perks);
            let app = chain.app();
            let code = app.store_code(Box::new(contract));
            let sender = cosmwasm_std::Addr::unchecked(suite::Account::dev("deployer").unwrap().address());
            let none = cosmwasm_std::Empty {};
            app.instantiate_contract(code, sender, &none, &[], "contest", None)
                .unwrap()
                .into_string()
        };
        self.bench.client.ask(instantiate).await
    }

    /// How many of `count` slow calls at once are served.
    async fn at_once(&self, key: &str, count: usize) -> usize {
        let body = ask("fault:slow a b", 2);
        let sent = (0..count).map(|_| {
            let request = self
                .http
                .post(self.url("/v1/chat/completions"))
                .bearer_auth(key)
                .json(&body);
            tokio::spawn(async move { request.send().await.unwrap() })
        });
        let mut served = 0;
        for task in sent.collect::<Vec<_>>() {
            let response = task.await.unwrap();
            if response.status() == StatusCode::OK {
                served += 1;
                continue;
            }
            assert_eq!(response.headers()["retry-after"], "1");
            assert_eq!(code(response).await, (429, "concurrency_limit".into()));
        }
        served
    }
}

#[tokio::test]
async fn calls_at_a_time_follow_the_tier_and_the_perk() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    assert_eq!(site.at_once(&key, 4).await, 2);
    let staking = site.staking(Tier::Lv2).await;
    site.set_peers(|peers| peers.tiers = Some(staking)).await;
    assert_eq!(site.status(&key).await.concurrency, Some(5));
    assert_eq!(site.at_once(&key, 8).await, 5);
    let contest = site.contest().await;
    site.set_peers(|peers| peers.wars = Some(contest)).await;
    assert_eq!(site.status(&key).await.concurrency, None);
    assert_eq!(site.at_once(&key, 12).await, 12);
}

#[tokio::test]
async fn a_tier_pays_its_share_and_the_price_said_is_the_price_charged() {
    let mut site = Site::new().await;
    let key = site.customer("user0", 10).await;
    // Of 10 and of 50, each rounded down; a Whale's cost of 7 and 35 is no less than 70 %.
    for (tier, price) in [
        (Tier::Lv2, 9 + 47),
        (Tier::Lv3, 8 + 42),
        (Tier::Lv4, 7 + 35),
        (Tier::Whale, 7 + 35),
    ] {
        let staking = site.staking(tier).await;
        site.set_peers(|peers| peers.tiers = Some(staking)).await;
        let before = site.spending("user0").await.amount.u128();
        let response = site.chat(&key, &ask("tell me a story", 5)).await;
        assert_eq!(response.headers()["x-credits-list"], "60", "{tier:?}");
        assert_eq!(
            response.headers()["x-credits-price"],
            price.to_string().as_str(),
            "{tier:?}"
        );
        site.settle().await;
        let after = site.spending("user0").await.amount.u128();
        assert_eq!(before - after, price, "{tier:?}");
    }
}

/// A staking contract that fails costs discounts and places for a while, and nothing else.
#[tokio::test]
async fn peers_that_do_not_answer_leave_everybody_at_lv1() {
    let site = Site::new().await;
    let key = site.customer("user0", 10).await;
    let nobody = account("user8").address().to_owned();
    site.set_peers(|peers| {
        peers.tiers = Some(nobody.clone());
        peers.wars = Some(nobody);
    })
    .await;
    assert_eq!(site.chat(&key, &ask("hi", 1)).await.status(), StatusCode::OK);
    assert_eq!(site.status(&key).await.concurrency, Some(2));
}

#[tokio::test]
async fn a_full_gateway_says_so() {
    let site = Site::with(|config| {
        config.max_calls = 1;
        config.concurrency.lv1 = 100;
    })
    .await;
    let key = site.customer("user0", 10).await;
    let request = site
        .http
        .post(site.url("/v1/chat/completions"))
        .bearer_auth(&key)
        .json(&ask("fault:slow a", 1));
    let first = tokio::spawn(async move { request.send().await.unwrap().status() });
    while site.status(&key).await.in_flight == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        code(site.chat(&key, &ask("hi", 1)).await).await,
        (429, "gateway_busy".into())
    );
    assert_eq!(first.await.unwrap(), StatusCode::OK);
    assert_eq!(site.chat(&key, &ask("hi", 1)).await.status(), StatusCode::OK);
}

/// From the first Credit to the high-concurrency channel on the real contracts: what usage mines is claimed, staked, and opens the channel.
#[tokio::test]
async fn stake_in_the_real_staking_contract_opens_the_channel() {
    let mut site = Site::new().await;
    let key = site.customer("user0", 100).await;
    let l_coin = site.bench.at.l_coin.clone();
    let coin = l_coin.clone();
    let instantiate = move |chain: &mut suite::in_process::InProcess| {
        use staking::contract::{execute, instantiate, query};
        let app = chain.app();
        let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let owner = suite::Account::dev("council").unwrap().address().to_owned();
        let params = lco_staking::Params {
            lv2: Uint128::new(100_000_000),
            ..lco_staking::Params::default()
        };
        let sender = cosmwasm_std::Addr::unchecked(&owner);
        let msg = lco_staking::InstantiateMsg {
            owner,
            l_coin: coin,
            params,
        };
        app.instantiate_contract(code, sender, &msg, &[], "staking", None)
            .unwrap()
            .into_string()
    };
    let contract = site.bench.client.ask(instantiate).await;
    site.set_peers(|peers| peers.tiers = Some(contract.clone())).await;
    assert_eq!(site.status(&key).await.tier, Tier::Lv1);

    // 20 Credits of usage mine 200 LCO.
    let user = account("user0").address().to_owned();
    let created = site.bench.now().await;
    let line = json!({ "id": "a", "created": created, "model": "gpt-4o", "user": user, "usage": { "prompt_tokens": 8_000_000 } });
    let log = site.bench.file("calls.jsonl", &format!("{line}\n"));
    site.bench.client.advance(700).await;
    let job = Ingest {
        log,
        window: 600,
        patience: Duration::from_secs(5),
    };
    site.gateway.ingest_once(&job, &Quiet).await.unwrap();
    site.vault("user0", &vault::ExecuteMsg::ClaimLco {}).await;
    let stake = l_coin::ExecuteMsg::Send {
        contract,
        amount: Uint128::new(200_000_000),
        msg: cosmwasm_std::to_json_binary(&lco_staking::Cw20Hook::Stake { r#for: None }).unwrap(),
    };
    site.bench
        .client
        .by("user0")
        .execute(&l_coin, &stake, vec![])
        .await
        .unwrap();
    site.bench.client.advance(1).await;

    let status = site.status(&key).await;
    assert_eq!(
        (status.tier, status.pays_bps, status.concurrency),
        (Tier::Lv2, 9_500, Some(5))
    );
    assert_eq!(site.at_once(&key, 7).await, 5);
}
