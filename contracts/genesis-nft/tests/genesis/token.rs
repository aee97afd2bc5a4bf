//! CW721: a client that speaks the `cw721` crate's own messages and reads its own answers.

use cosmwasm_std::{to_json_binary, Binary, Empty, WasmMsg};
use cw721::msg::*;
use cw721::Expiration;
use interfaces::genesis_nft::*;

use crate::stand_in::StandInMsg;
use crate::world::*;

/// The crate's own messages and questions; what they carry beyond the standard is not used.
type Speak = Cw721ExecuteMsg<Option<Empty>, Option<Empty>, Empty>;
/// Attributes of an event.
type Said = Vec<(String, String)>;
type Ask = Cw721QueryMsg<TokenExtension, Option<Empty>, Empty>;

fn speak(world: &mut World, name: &str, msg: &Speak) -> cw_multi_test::AppResponse {
    let (user, nft) = (world.user(name), world.nft.clone());
    let response = world.try_with(&user, &nft, msg, &[]).unwrap();
    world.check_laws();
    response
}

fn ask<T: serde::de::DeserializeOwned>(world: &World, msg: &Ask) -> T {
    world.app.wrap().query_wasm_smart(&world.nft, msg).unwrap()
}

fn said(response: &cw_multi_test::AppResponse) -> Said {
    let event = response.events.iter().find(|event| event.ty == "wasm").unwrap();
    let own = event.attributes.iter().filter(|one| !one.key.starts_with('_'));
    own.map(|one| (one.key.clone(), one.value.clone())).collect()
}

#[test]
fn messages_of_the_cw721_crate_are_understood_and_its_events_said() {
    let mut world = World::new();
    world.buy("alice", 3);
    let (alice, bob, carol) = (world.user("alice"), world.user("bob"), world.user("carol"));
    let token_id = || "2".to_owned();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let cases: [(&str, Speak, Said); 6] = [
        (
            "alice",
            Speak::Approve {
                spender: bob.to_string(),
                token_id: token_id(),
                expires: None,
            },
            vec![
                pair("action", "approve"),
                pair("sender", alice.as_str()),
                pair("spender", bob.as_str()),
                pair("token_id", "2"),
            ],
        ),
        (
            "alice",
            Speak::Revoke {
                spender: bob.to_string(),
                token_id: token_id(),
            },
            vec![
                pair("action", "revoke"),
                pair("sender", alice.as_str()),
                pair("spender", bob.as_str()),
                pair("token_id", "2"),
            ],
        ),
        (
            "alice",
            Speak::ApproveAll {
                operator: bob.to_string(),
                expires: None,
            },
            vec![
                pair("action", "approve_all"),
                pair("sender", alice.as_str()),
                pair("operator", bob.as_str()),
            ],
        ),
        (
            "bob",
            Speak::TransferNft {
                recipient: carol.to_string(),
                token_id: token_id(),
            },
            vec![
                pair("action", "transfer_nft"),
                pair("sender", bob.as_str()),
                pair("recipient", carol.as_str()),
                pair("token_id", "2"),
            ],
        ),
        (
            "alice",
            Speak::RevokeAll {
                operator: bob.to_string(),
            },
            vec![
                pair("action", "revoke_all"),
                pair("sender", alice.as_str()),
                pair("operator", bob.as_str()),
            ],
        ),
        (
            "alice",
            Speak::SendNft {
                contract: world.shop.to_string(),
                token_id: "1".into(),
                msg: Binary::from(b"{}"),
            },
            vec![
                pair("action", "send_nft"),
                pair("sender", alice.as_str()),
                pair("recipient", world.shop.as_str()),
                pair("token_id", "1"),
            ],
        ),
    ];
    for (name, msg, expected) in cases {
        let response = speak(&mut world, name, &msg);
        assert_eq!(said(&response), expected);
    }
    world.tge();
    let response = speak(&mut world, "carol", &Speak::Burn { token_id: token_id() });
    assert_eq!(said(&response)[0], pair("action", "burn"));
    assert_eq!(said(&response)[2], pair("owner", carol.as_str()));
}

#[test]
fn questions_of_the_cw721_crate_are_answered_in_its_types() {
    let mut world = World::new();
    world.buy("alice", 12);
    world.transfer("alice", "bob", "5");
    let (alice, bob) = (world.user("alice"), world.user("bob"));
    let collection: CollectionInfoAndExtensionResponse<Option<Empty>> =
        ask(&world, &Ask::GetCollectionInfoAndExtension {});
    assert_eq!(
        (collection.name.as_str(), collection.symbol.as_str()),
        ("Vcity Genesis", "VGEN")
    );
    #[allow(deprecated)]
    let old: CollectionInfoAndExtensionResponse<Option<Empty>> = ask(&world, &Ask::ContractInfo {});
    assert_eq!(old, collection);
    #[allow(deprecated)]
    let minter: MinterResponse = ask(&world, &Ask::Minter {});
    assert_eq!(minter.minter, Some(world.nft.to_string()));
    let count: NumTokensResponse = ask(&world, &Ask::NumTokens {});
    assert_eq!(count.count, 12);
    let token_id = || "5".to_owned();
    let owner: OwnerOfResponse = ask(
        &world,
        &Ask::OwnerOf {
            token_id: token_id(),
            include_expired: None,
        },
    );
    assert_eq!((owner.owner, owner.approvals), (bob.to_string(), vec![]));
    let info: NftInfoResponse<TokenExtension> = ask(&world, &Ask::NftInfo { token_id: token_id() });
    assert_eq!(info.token_uri.as_deref(), Some("ipfs://genesis/5"));
    assert_eq!(info.extension, TokenExtension::default());
    let all: AllNftInfoResponse<TokenExtension> = ask(
        &world,
        &Ask::AllNftInfo {
            token_id: token_id(),
            include_expired: Some(true),
        },
    );
    assert_eq!((all.access.owner, all.info), (bob.to_string(), info));
    let page = |owner: &cosmwasm_std::Addr, start_after: Option<&str>, limit| -> Vec<String> {
        let msg = Ask::Tokens {
            owner: owner.to_string(),
            start_after: start_after.map(Into::into),
            limit,
        };
        ask::<TokensResponse>(&world, &msg).tokens
    };
    assert_eq!(page(&bob, None, None), ["5"]);
    assert_eq!(
        page(&alice, None, Some(4)),
        ["1", "10", "11", "12"],
        "in the order of bytes"
    );
    assert_eq!(page(&alice, Some("12"), Some(3)), ["2", "3", "4"]);
    assert_eq!(page(&alice, Some("4"), None), ["6", "7", "8", "9"]);
    assert_eq!(world.all_tokens().len(), 12);
}

#[test]
fn approvals_expire_by_height_and_time_and_end_with_a_transfer() {
    let mut world = World::new();
    world.buy("alice", 2);
    let (bob, carol) = (world.user("bob"), world.user("carol"));
    let height = world.app.block_info().height;
    let approve = |spender: &cosmwasm_std::Addr, expires| ExecuteMsg::Approve {
        spender: spender.to_string(),
        token_id: "1".into(),
        expires,
    };
    let past = Some(Expiration::AtHeight(height));
    assert_eq!(world.refused("alice", approve(&bob, past)), 974);
    world.ok("alice", approve(&bob, Some(Expiration::AtHeight(height + 1))));
    let soon = cosmwasm_std::Timestamp::from_seconds(world.now() + 100);
    world.ok("alice", approve(&carol, Some(Expiration::AtTime(soon))));
    assert_eq!(world.owner_of("1").approvals.len(), 2);
    world.wait(99);
    let shown = |world: &World, include_expired| -> usize {
        let answer: ApprovalsResponse = world.query(&QueryMsg::Approvals {
            token_id: "1".into(),
            include_expired,
        });
        answer.approvals.len()
    };
    assert_eq!(
        (shown(&world, None), shown(&world, Some(true))),
        (1, 2),
        "the first is over"
    );
    let take = ExecuteMsg::TransferNft {
        recipient: bob.to_string(),
        token_id: "1".into(),
    };
    assert_eq!(world.refused("bob", take.clone()), 972);
    world.ok("carol", take);
    assert_eq!(world.owner_of("1").owner, bob.as_str());
    assert_eq!(shown(&world, Some(true)), 0, "nobody is approved by the one before");
    let back = ExecuteMsg::TransferNft {
        recipient: carol.to_string(),
        token_id: "1".into(),
    };
    assert_eq!(world.refused("carol", back), 972);
}

#[test]
fn one_approval_is_asked_for() {
    let mut world = World::new();
    world.buy("alice", 1);
    let ask = |world: &World, name: &str| {
        world.try_query::<ApprovalResponse>(&QueryMsg::Approval {
            token_id: "1".into(),
            spender: world.user(name).into(),
            include_expired: None,
        })
    };
    let own = ask(&world, "alice").unwrap().approval;
    assert_eq!(own.expires, Expiration::Never {});
    assert!(ask(&world, "bob").unwrap_err().to_string().contains("[genesis:976]"));
    let spender = world.user("bob").into();
    let token_id = "1".into();
    let approve = ExecuteMsg::Approve {
        spender,
        token_id,
        expires: None,
    };
    world.ok("alice", approve);
    assert_eq!(ask(&world, "bob").unwrap().approval.spender, world.user("bob"));
}

#[test]
fn operators_move_everything_until_they_are_revoked_or_over() {
    let mut world = World::new();
    world.buy("alice", 4);
    let operator = world.user("bob").into_string();
    let until = Some(Expiration::AtTime(cosmwasm_std::Timestamp::from_seconds(
        world.now() + 50,
    )));
    let all = |operator: &str, expires| ExecuteMsg::ApproveAll {
        operator: operator.into(),
        expires,
    };
    let past = Some(Expiration::AtHeight(1));
    assert_eq!(world.refused("alice", all(&operator, past)), 974);
    world.ok("alice", all(&operator, until));
    let carol = world.user("carol").into_string();
    let give = |id: &str| ExecuteMsg::TransferNft {
        recipient: carol.clone(),
        token_id: id.into(),
    };
    world.ok("bob", give("1"));
    assert_eq!(world.refused("bob", give("1")), 972, "it is carol's now");
    // an operator approves for the holder; an approved spender does not pass it on
    let approve = |world: &World, id: &str| ExecuteMsg::Approve {
        spender: world.user("dave").into(),
        token_id: id.into(),
        expires: None,
    };
    let msg = approve(&world, "2");
    world.ok("bob", msg.clone());
    assert_eq!(world.refused("dave", msg), 973);
    let shown = |world: &World, include_expired| -> Vec<String> {
        let answer: OperatorsResponse = world.query(&QueryMsg::AllOperators {
            owner: world.user("alice").into(),
            include_expired,
            start_after: None,
            limit: None,
        });
        answer.operators.into_iter().map(|one| one.spender.into()).collect()
    };
    assert_eq!(shown(&world, None), std::slice::from_ref(&operator));
    world.wait(50);
    assert_eq!(shown(&world, None).len(), 0);
    assert_eq!(shown(&world, Some(true)).len(), 1);
    assert_eq!(world.refused("bob", give("3")), 972, "over");
    world.ok("alice", all(&operator, None));
    let asked: OperatorResponse = world.query(&QueryMsg::Operator {
        owner: world.user("alice").into(),
        operator: operator.clone(),
        include_expired: None,
    });
    assert_eq!(asked.approval.expires, Expiration::Never {});
    world.ok("bob", give("3"));
    world.ok("alice", ExecuteMsg::RevokeAll { operator });
    assert_eq!(world.refused("bob", give("4")), 972, "revoked");
}

#[test]
fn token_has_at_most_twenty_live_approvals() {
    let mut world = World::new();
    world.buy("alice", 1);
    let approve = |world: &World, n: u64| ExecuteMsg::Approve {
        spender: world.user(&format!("spender{n}")).into(),
        token_id: "1".into(),
        expires: Some(Expiration::AtHeight(world.app.block_info().height + 10)),
    };
    for n in 0..20 {
        let msg = approve(&world, n);
        world.ok("alice", msg);
    }
    let msg = approve(&world, 20);
    assert_eq!(world.refused("alice", msg), 975);
    let again = approve(&world, 7);
    world.ok("alice", again);
    world.app.update_block(|block| block.height += 10);
    let msg = approve(&world, 20);
    world.ok("alice", msg);
    assert_eq!(world.owner_of("1").approvals.len(), 1, "those that are over make room");
}

#[test]
fn stranger_moves_nothing() {
    let mut world = World::new();
    world.buy("alice", 1);
    let mallory = world.user("mallory").into_string();
    let token_id = || "1".to_owned();
    let shop = world.shop.to_string();
    let cases = [
        (
            ExecuteMsg::TransferNft {
                recipient: mallory.clone(),
                token_id: token_id(),
            },
            972,
        ),
        (
            ExecuteMsg::SendNft {
                contract: shop,
                token_id: token_id(),
                msg: Binary::default(),
            },
            972,
        ),
        (
            ExecuteMsg::Approve {
                spender: mallory.clone(),
                token_id: token_id(),
                expires: None,
            },
            973,
        ),
        (
            ExecuteMsg::Revoke {
                spender: mallory,
                token_id: token_id(),
            },
            973,
        ),
        (burn("1"), 972),
    ];
    for (msg, code) in cases {
        for name in ["mallory", "owner", "creator", "allocation"] {
            assert_eq!(world.refused(name, msg.clone()), code, "{name} {msg:?}");
        }
    }
}

#[test]
fn sent_token_arrives_with_its_message_or_not_at_all() {
    let mut world = World::new();
    world.buy("alice", 2);
    let shop = world.shop.clone();
    let send = |id: &str| ExecuteMsg::SendNft {
        contract: shop.to_string(),
        token_id: id.into(),
        msg: Binary::from(b"{\"ask\":5}"),
    };
    world.ok("alice", send("1"));
    let hooks = world.received();
    assert_eq!(hooks[0].sender, world.user("alice").as_str());
    assert_eq!(
        (hooks[0].token_id.as_str(), hooks[0].msg.as_slice()),
        ("1", &b"{\"ask\":5}"[..])
    );
    assert_eq!(world.owner_of("1").owner, shop.as_str());
    let anybody = world.user("mallory");
    world.try_with(&anybody, &shop, &StandInMsg::React(None), &[]).unwrap();
    world.send("alice", &send("2")).expect_err("told to fail");
    assert_eq!(world.owner_of("2").owner, world.user("alice").as_str());
}

/// A receiver that calls back while it is being told: it holds the token by then and may claim on it, once.
#[test]
fn receiver_that_re_enters_claims_once_and_only_its_own() {
    let mut world = World::after_tge(2);
    let call = |world: &World, ids: &[&str]| WasmMsg::Execute {
        contract_addr: world.nft.to_string(),
        msg: to_json_binary(&claim(ids)).unwrap(),
        funds: vec![],
    };
    let (anybody, shop) = (world.user("mallory"), world.shop.clone());
    let send = ExecuteMsg::SendNft {
        contract: shop.to_string(),
        token_id: "1".into(),
        msg: Binary::default(),
    };
    for (name, reaction) in [
        ("twice", vec![call(&world, &["1"]), call(&world, &["1"])]),
        ("another's", vec![call(&world, &["2"])]),
    ] {
        let reaction = Some(reaction.into_iter().map(Into::into).collect());
        world
            .try_with(&anybody, &shop, &StandInMsg::React(reaction), &[])
            .unwrap();
        world.send("alice", &send).expect_err(name);
        world.check_laws();
    }
    let once = Some(vec![call(&world, &["1"]).into()]);
    world.try_with(&anybody, &shop, &StandInMsg::React(once), &[]).unwrap();
    world.ok("alice", send);
    assert_eq!(world.vcai(&shop), 2_500 * ONE);
}
