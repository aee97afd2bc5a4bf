//! Who mints, and how much may ever be minted.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod common;

use common::{init_msg, Chain, Coin6, CAP_MICRO};
use cosmwasm_std::{coins, Uint128};
use interfaces::l_coin::{ExecuteMsg, InstantiateMsg, MintRecipient, OverviewResponse, QueryMsg, MAX_BATCH};
use l_coin::ContractError;

#[test]
fn burning_does_not_open_the_cap_again() {
    let mut coin = Coin6::new();
    coin.mint("alice", CAP_MICRO).unwrap();
    coin.burn("alice", 1_000_000).unwrap();
    let refused = ContractError::CapExceeded {
        cap: Uint128::new(10_000_000_000_000),
        minted: Uint128::new(10_000_000_000_000),
        amount: Uint128::one(),
    };
    assert_eq!(coin.mint("alice", 1).unwrap_err(), refused);
    assert_eq!(coin.batch("vault", &[("alice", 1)]).unwrap_err(), refused);
    assert_eq!(coin.minted(), (CAP_MICRO, 1_000_000));
}

#[test]
fn burning_everything_in_every_way_does_not_open_the_cap_either() {
    let mut coin = Coin6::new();
    coin.mint("alice", CAP_MICRO).unwrap();
    let (owner, spender) = (coin.name("alice"), coin.name("bob"));
    let amount = Uint128::new(CAP_MICRO / 2);
    coin.send(
        "alice",
        ExecuteMsg::IncreaseAllowance {
            spender,
            amount,
            expires: None,
        },
    )
    .unwrap();
    coin.send("bob", ExecuteMsg::BurnFrom { owner, amount }).unwrap();
    coin.burn("alice", CAP_MICRO / 2).unwrap();
    assert_eq!(coin.minted(), (CAP_MICRO, CAP_MICRO));
    assert_eq!(coin.mint("alice", 1).unwrap_err().code(), 5);
}

#[test]
fn the_cap_can_be_reached_exactly_and_not_passed_by_one() {
    let mut coin = Coin6::new();
    coin.mint("alice", CAP_MICRO - 1).unwrap();
    assert_eq!(coin.mint("alice", 2).unwrap_err().code(), 5);
    assert_eq!(coin.batch("vault", &[("alice", 1), ("bob", 1)]).unwrap_err().code(), 5);
    assert_eq!(coin.minted(), (CAP_MICRO - 1, 0));
    coin.mint("bob", 1).unwrap();
    assert_eq!(coin.minted(), (CAP_MICRO, 0));
}

#[test]
fn overflowing_amounts_cannot_wrap_around_the_cap() {
    let mut coin = Coin6::new();
    coin.mint("alice", 1).unwrap();
    assert_eq!(coin.mint("alice", u128::MAX).unwrap_err().code(), 5);
    assert_eq!(
        coin.batch("vault", &[("alice", u128::MAX), ("bob", 2)])
            .unwrap_err()
            .code(),
        1
    );
    assert_eq!(coin.minted(), (1, 0));
}

#[test]
fn stranger_cannot_mint() {
    let mut coin = Coin6::new();
    let (recipient, expected) = (coin.name("mallory"), coin.addr("vault"));
    for sender in ["mallory", "deployer", "alice"] {
        let refused = ContractError::NotMinter {
            expected: expected.clone(),
            actual: coin.addr(sender),
        };
        let mint = ExecuteMsg::Mint {
            recipient: recipient.clone(),
            amount: Uint128::one(),
        };
        assert_eq!(coin.send(sender, mint).unwrap_err(), refused);
        assert_eq!(coin.batch(sender, &[("mallory", 1)]).unwrap_err(), refused);
    }
    assert_eq!(coin.minted(), (0, 0));
}

#[test]
fn captured_vault_cannot_hand_the_minting_on() {
    let mut coin = Coin6::new();
    for new_minter in [Some(coin.name("mallory")), None] {
        for sender in ["vault", "mallory"] {
            let msg = ExecuteMsg::UpdateMinter {
                new_minter: new_minter.clone(),
            };
            assert_eq!(coin.send(sender, msg).unwrap_err(), ContractError::FixedMinter);
        }
    }
    let minter: cw20::MinterResponse = coin.query(QueryMsg::Minter {}).unwrap();
    assert_eq!(minter.minter, coin.name("vault"));
    coin.mint("alice", 1).unwrap();
}

#[test]
fn the_minter_query_names_the_cap_on_everything_minted() {
    let mut coin = Coin6::new();
    coin.mint("alice", 5).unwrap();
    let minter: cw20::MinterResponse = coin.query(QueryMsg::Minter {}).unwrap();
    assert_eq!(minter.cap, Some(Uint128::new(CAP_MICRO)));
}

#[test]
fn a_batch_pays_everyone_once() {
    let mut coin = Coin6::new();
    coin.mint("bob", 10).unwrap();
    let response = coin.batch("vault", &[("alice", 1), ("bob", 2), ("carol", 3)]).unwrap();
    assert_eq!(
        (coin.balance("alice"), coin.balance("bob"), coin.balance("carol")),
        (1, 12, 3)
    );
    assert_eq!(coin.minted(), (16, 0));
    let events: Vec<_> = response.events.iter().map(|event| event.ty.as_str()).collect();
    assert_eq!(events, ["mint_batch", "mint", "mint", "mint"]);
    assert_eq!(response.events[0].attributes[0].value, "6");
    assert_eq!(response.events[3].attributes[0].value, coin.name("carol"));
    assert_eq!(response.events[3].attributes[1].value, "3");
}

#[test]
fn a_batch_takes_a_hundred_recipients_and_no_more() {
    let mut coin = Coin6::new();
    let names: Vec<_> = (0..=MAX_BATCH).map(|n| format!("user{n}")).collect();
    let recipients: Vec<_> = names.iter().map(|name| (name.as_str(), 7)).collect();
    let too_many = coin.batch("vault", &recipients).unwrap_err();
    assert_eq!(too_many, ContractError::BatchSize { max: 100, actual: 101 });
    assert_eq!(
        coin.batch("vault", &[]).unwrap_err(),
        ContractError::BatchSize { max: 100, actual: 0 }
    );
    coin.batch("vault", &recipients[..100]).unwrap();
    assert_eq!(coin.minted(), (700, 0));
}

#[test]
fn a_recipient_cannot_be_smuggled_in_twice() {
    let mut coin = Coin6::new();
    let refused = coin
        .batch("vault", &[("alice", 1), ("bob", 1), ("alice", 1)])
        .unwrap_err();
    assert_eq!(
        refused,
        ContractError::DuplicateRecipient {
            recipient: coin.name("alice")
        }
    );

    let alice = coin.name("alice");
    let recipients = [alice.clone(), alice.to_uppercase()]
        .map(|address| MintRecipient {
            address,
            amount: Uint128::one(),
        })
        .to_vec();
    assert_eq!(
        coin.send("vault", ExecuteMsg::MintBatch { recipients })
            .unwrap_err()
            .code(),
        1
    );
    assert_eq!(coin.minted(), (0, 0));
}

#[test]
fn nothing_is_minted_to_nobody() {
    let mut coin = Coin6::new();
    let zero = ContractError::ZeroAmount {
        recipient: coin.name("alice"),
    };
    assert_eq!(coin.mint("alice", 0).unwrap_err(), zero);
    assert_eq!(coin.batch("vault", &[("bob", 1), ("alice", 0)]).unwrap_err(), zero);
    let typo = ExecuteMsg::Mint {
        recipient: "cosmwasm1typo".into(),
        amount: Uint128::one(),
    };
    assert_eq!(coin.send("vault", typo).unwrap_err().code(), 1);
    assert_eq!(coin.minted(), (0, 0));
}

#[test]
fn overview_shows_the_token() {
    let mut coin = Coin6::new();
    coin.mint("alice", 5).unwrap();
    coin.burn("alice", 2).unwrap();
    let overview: OverviewResponse = coin.query(QueryMsg::Overview {}).unwrap();
    let expected = OverviewResponse {
        name: "L-Coin".into(),
        symbol: "LCO".into(),
        decimals: 6,
        minter: coin.name("vault"),
        supply: Uint128::new(3),
        minted: Uint128::new(5),
        burned: Uint128::new(2),
        cap: Uint128::new(CAP_MICRO),
    };
    assert_eq!(overview, expected);
}

#[test]
fn a_bad_token_is_not_created() {
    let good = init_msg(&Chain::new());
    let cases = [
        (
            "decimals",
            InstantiateMsg {
                decimals: 5,
                ..good.clone()
            },
            2,
        ),
        (
            "short name",
            InstantiateMsg {
                name: "L".into(),
                ..good.clone()
            },
            1,
        ),
        (
            "bad symbol",
            InstantiateMsg {
                symbol: "L$O".into(),
                ..good.clone()
            },
            1,
        ),
        (
            "bad minter",
            InstantiateMsg {
                minter: "vault".into(),
                ..good.clone()
            },
            1,
        ),
    ];
    for (name, msg, code) in cases {
        assert_eq!(Coin6::with(msg).err().map(|error| error.code()), Some(code), "{name}");
    }
    assert!(Coin6::with(good).is_ok());
}

#[test]
fn coins_cannot_be_stranded_in_the_token() {
    let mut coin = Coin6::new();
    coin.mint("alice", 5).unwrap();
    let recipient = coin.name("bob");
    let msg = ExecuteMsg::Transfer {
        recipient,
        amount: Uint128::one(),
    };
    let refused = coin.send_with("alice", msg, &coins(7, "uusdt")).unwrap_err();
    assert_eq!(refused.code(), 932);
    assert_eq!(
        refused.to_string(),
        "[coin:932] expected no funds, but 7uusdt is attached"
    );
}
