//! The standard messages: the same as `cw20-base` in effect and in cost, clearer in refusal.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod common;

use common::{Chain, Coin6};
use cosmwasm_std::testing::message_info;
use cosmwasm_std::{from_json, to_json_vec, Binary, Response, Uint128};
use cw20::{
    AllAccountsResponse, AllAllowancesResponse, AllSpenderAllowancesResponse, AllowanceResponse, Cw20ExecuteMsg,
    DownloadLogoResponse, EmbeddedLogo, Expiration, Logo, MarketingInfoResponse, MinterResponse,
};
use interfaces::l_coin::{ExecuteMsg, InstantiateMsg, Marketing, QueryMsg, CAP};
use l_coin::ContractError;

/// `cw20-base` itself, in the state that [`Coin6`] starts from.
struct Peer {
    chain: Chain,
}

impl Peer {
    fn new() -> Self {
        let mut chain = Chain::new();
        let msg = cw20_base::msg::InstantiateMsg {
            name: "L-Coin".into(),
            symbol: "LCO".into(),
            decimals: 6,
            initial_balances: vec![],
            mint: Some(MinterResponse {
                minter: chain.addr("vault").into(),
                cap: Some(CAP),
            }),
            marketing: None,
        };
        let (env, info) = (chain.env.clone(), message_info(&chain.addr("deployer"), &[]));
        cw20_base::contract::instantiate(chain.deps_mut(), env, info, msg).unwrap();
        Self { chain }
    }

    fn send(&mut self, sender: &str, msg: &ExecuteMsg) -> Response {
        let (env, info) = (self.chain.env.clone(), message_info(&self.chain.addr(sender), &[]));
        let msg: Cw20ExecuteMsg = from_json(to_json_vec(msg).unwrap()).unwrap();
        cw20_base::contract::execute(self.chain.deps_mut(), env, info, msg).unwrap()
    }
}

/// Every standard message once, after what it needs.
fn trace(chain: &Chain) -> Vec<(&'static str, ExecuteMsg)> {
    let name = |name: &str| chain.addr(name).into_string();
    let (alice, bob, shop) = (name("alice"), name("bob"), name("shop"));
    let amount = Uint128::new;
    let msg = Binary::from(b"{}");
    let expires = Some(Expiration::AtHeight(99_999));
    vec![
        (
            "vault",
            ExecuteMsg::Mint {
                recipient: alice.clone(),
                amount: amount(1_000),
            },
        ),
        (
            "vault",
            ExecuteMsg::Mint {
                recipient: alice.clone(),
                amount: amount(1_000),
            },
        ),
        (
            "alice",
            ExecuteMsg::Transfer {
                recipient: bob.clone(),
                amount: amount(100),
            },
        ),
        (
            "alice",
            ExecuteMsg::Transfer {
                recipient: alice.clone(),
                amount: amount(7),
            },
        ),
        (
            "alice",
            ExecuteMsg::Send {
                contract: shop.clone(),
                amount: amount(10),
                msg: msg.clone(),
            },
        ),
        (
            "alice",
            ExecuteMsg::IncreaseAllowance {
                spender: bob.clone(),
                amount: amount(500),
                expires,
            },
        ),
        (
            "alice",
            ExecuteMsg::DecreaseAllowance {
                spender: bob.clone(),
                amount: amount(50),
                expires: None,
            },
        ),
        (
            "bob",
            ExecuteMsg::TransferFrom {
                owner: alice.clone(),
                recipient: shop.clone(),
                amount: amount(5),
            },
        ),
        (
            "bob",
            ExecuteMsg::SendFrom {
                owner: alice.clone(),
                contract: shop,
                amount: amount(5),
                msg,
            },
        ),
        (
            "bob",
            ExecuteMsg::BurnFrom {
                owner: alice,
                amount: amount(5),
            },
        ),
        (
            "alice",
            ExecuteMsg::DecreaseAllowance {
                spender: bob,
                amount: amount(9_999),
                expires: None,
            },
        ),
        ("alice", ExecuteMsg::Burn { amount: amount(1) }),
    ]
}

#[test]
fn every_standard_message_does_what_cw20_base_does_and_touches_no_more() {
    let (mut coin, mut peer) = (Coin6::new(), Peer::new());
    for (sender, msg) in trace(&coin.chain) {
        coin.chain.storage.take_counts();
        peer.chain.storage.take_counts();
        let ours = coin.send(sender, msg.clone()).unwrap();
        let theirs = peer.send(sender, &msg);
        assert_eq!(ours, theirs, "answer to {msg:?}");

        // the snapshot for the roll-back reads by range, which is not counted
        let (our_reads, our_writes, our_bytes) = coin.chain.storage.take_counts();
        let (reads, writes, bytes) = peer.chain.storage.take_counts();
        assert_eq!((our_reads, our_writes), (reads, writes), "rows touched by {msg:?}");
        assert!(
            our_bytes <= bytes,
            "{our_bytes} bytes moved by {msg:?}, {bytes} by cw20-base"
        );
    }
    let without_minter = |chain: &Chain| {
        let hidden: [&[u8]; 2] = [b"token_info", b"contract_info"];
        chain
            .storage
            .rows()
            .into_iter()
            .filter(|(key, _)| !hidden.contains(&key.as_slice()))
            .collect::<Vec<_>>()
    };
    assert_eq!(without_minter(&coin.chain), without_minter(&peer.chain));
}

#[test]
fn moving_more_than_there_is_names_what_there_is() {
    let mut coin = Coin6::new();
    coin.mint("alice", 10).unwrap();
    let (alice, bob) = (coin.name("alice"), coin.name("bob"));
    let amount = Uint128::new(11);
    let refused = ContractError::InsufficientBalance {
        owner: alice.clone(),
        expected: amount,
        actual: Uint128::new(10),
    };
    let moves = [
        ExecuteMsg::Transfer {
            recipient: bob.clone(),
            amount,
        },
        ExecuteMsg::Send {
            contract: bob.clone(),
            amount,
            msg: Binary::default(),
        },
        ExecuteMsg::Burn { amount },
    ];
    for msg in moves {
        assert_eq!(coin.send("alice", msg).unwrap_err(), refused);
    }
    assert_eq!(refused.to_string(), format!("[coin:9] {alice} has 10, less than 11"));

    coin.send(
        "alice",
        ExecuteMsg::IncreaseAllowance {
            spender: bob.clone(),
            amount,
            expires: None,
        },
    )
    .unwrap();
    let moves_from = [
        ExecuteMsg::TransferFrom {
            owner: alice.clone(),
            recipient: bob.clone(),
            amount,
        },
        ExecuteMsg::SendFrom {
            owner: alice.clone(),
            contract: bob,
            amount,
            msg: Binary::default(),
        },
        ExecuteMsg::BurnFrom { owner: alice, amount },
    ];
    for msg in moves_from {
        assert_eq!(coin.send("bob", msg).unwrap_err(), refused);
    }
    assert_eq!((coin.balance("alice"), coin.balance("bob")), (10, 0));
}

#[test]
fn spender_cannot_use_more_than_allowed_nor_anything_unasked_nor_late() {
    let mut coin = Coin6::new();
    coin.mint("alice", 100).unwrap();
    let (owner, spender) = (coin.name("alice"), coin.name("bob"));
    let take = |amount: u128| ExecuteMsg::TransferFrom {
        owner: owner.clone(),
        recipient: spender.clone(),
        amount: Uint128::new(amount),
    };
    assert_eq!(coin.send("bob", take(1)).unwrap_err().code(), 12);

    let expires = Some(Expiration::AtHeight(coin.chain.env.block.height + 1));
    let allow = ExecuteMsg::IncreaseAllowance {
        spender: spender.clone(),
        amount: Uint128::new(10),
        expires,
    };
    coin.send("alice", allow).unwrap();
    assert_eq!(
        coin.send("bob", take(11)).unwrap_err(),
        ContractError::InsufficientAllowance {
            owner: owner.clone(),
            expected: Uint128::new(11),
            actual: Uint128::new(10)
        }
    );
    coin.send("bob", take(4)).unwrap();
    assert_eq!(coin.send("bob", take(7)).unwrap_err().code(), 10);
    assert_eq!(coin.send("mallory", take(1)).unwrap_err().code(), 12);
    coin.chain.env.block.height += 1;
    assert_eq!(coin.send("bob", take(1)).unwrap_err().code(), 11);
    assert_eq!(coin.balance("bob"), 4);
}

#[test]
fn senseless_allowances_are_refused() {
    let mut coin = Coin6::new();
    let (alice, bob) = (coin.name("alice"), coin.name("bob"));
    let amount = Uint128::one();
    let expires = Some(Expiration::AtHeight(1));
    let cases = [
        (
            ExecuteMsg::IncreaseAllowance {
                spender: alice,
                amount,
                expires: None,
            },
            14,
        ),
        (
            ExecuteMsg::IncreaseAllowance {
                spender: bob.clone(),
                amount,
                expires,
            },
            15,
        ),
        (
            ExecuteMsg::DecreaseAllowance {
                spender: bob,
                amount,
                expires: None,
            },
            12,
        ),
        (
            ExecuteMsg::IncreaseAllowance {
                spender: "typo".into(),
                amount,
                expires: None,
            },
            1,
        ),
    ];
    for (msg, code) in cases {
        assert_eq!(coin.send("alice", msg.clone()).unwrap_err().code(), code, "{msg:?}");
    }
}

#[test]
fn allowances_and_accounts_can_be_listed() {
    let mut coin = Coin6::new();
    coin.mint("alice", 100).unwrap();
    let (owner, spender) = (coin.name("alice"), coin.name("bob"));
    let allow = ExecuteMsg::IncreaseAllowance {
        spender: spender.clone(),
        amount: Uint128::new(10),
        expires: None,
    };
    coin.send("alice", allow).unwrap();

    let one: AllowanceResponse = coin
        .query(QueryMsg::Allowance {
            owner: owner.clone(),
            spender: spender.clone(),
        })
        .unwrap();
    assert_eq!(one.allowance, Uint128::new(10));
    let given: AllAllowancesResponse = coin
        .query(QueryMsg::AllAllowances {
            owner: owner.clone(),
            start_after: None,
            limit: None,
        })
        .unwrap();
    assert_eq!(given.allowances[0].spender, spender);
    let taken: AllSpenderAllowancesResponse = coin
        .query(QueryMsg::AllSpenderAllowances {
            spender,
            start_after: None,
            limit: None,
        })
        .unwrap();
    assert_eq!(taken.allowances[0].owner, owner);
    let accounts: AllAccountsResponse = coin
        .query(QueryMsg::AllAccounts {
            start_after: None,
            limit: Some(5),
        })
        .unwrap();
    assert_eq!(accounts.accounts, [owner]);
}

fn marketed() -> Coin6 {
    let chain = Chain::new();
    let marketing = Marketing {
        project: Some("https://example.org".into()),
        description: Some("compute equity".into()),
        marketing: Some(chain.addr("press").into()),
        logo: Some(Logo::Url("https://example.org/logo.svg".into())),
    };
    let msg = InstantiateMsg {
        marketing: Some(marketing),
        ..common::init_msg(&chain)
    };
    Coin6::with(msg).unwrap()
}

#[test]
fn marketing_is_shown_and_changed_by_its_address_only() {
    let mut coin = marketed();
    let update = ExecuteMsg::UpdateMarketing {
        project: None,
        description: Some("compute".into()),
        marketing: None,
    };
    for stranger in ["vault", "deployer", "mallory"] {
        assert_eq!(coin.send(stranger, update.clone()).unwrap_err().code(), 13);
        let logo = ExecuteMsg::UploadLogo(Logo::Url("https://evil.example".into()));
        assert_eq!(coin.send(stranger, logo).unwrap_err().code(), 13);
    }
    coin.send("press", update).unwrap();
    let shown: MarketingInfoResponse = coin.query(QueryMsg::MarketingInfo {}).unwrap();
    assert_eq!(shown.description.as_deref(), Some("compute"));
    assert_eq!(shown.project.as_deref(), Some("https://example.org"));
}

#[test]
fn logos_are_checked() {
    let mut coin = marketed();
    let png = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    let large = [png.as_slice(), &[0; 5 * 1024]].concat();
    let embedded = |logo| ExecuteMsg::UploadLogo(Logo::Embedded(logo));
    let cases = [
        (EmbeddedLogo::Png(large.into()), 16),
        (EmbeddedLogo::Svg(b"<svg/>".into()), 17),
        (EmbeddedLogo::Png(b"no png".into()), 18),
    ];
    for (logo, code) in cases {
        assert_eq!(coin.send("press", embedded(logo)).unwrap_err().code(), code);
    }
    assert!(coin.query::<DownloadLogoResponse>(QueryMsg::DownloadLogo {}).is_err());
    coin.send("press", embedded(EmbeddedLogo::Png(png.into()))).unwrap();
    let shown: DownloadLogoResponse = coin.query(QueryMsg::DownloadLogo {}).unwrap();
    assert_eq!(
        shown,
        DownloadLogoResponse {
            mime_type: "image/png".into(),
            data: png.into()
        }
    );
}
