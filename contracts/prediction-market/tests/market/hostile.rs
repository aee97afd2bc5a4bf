//! Tokens and accounts that do not play by the rules.

use cosmwasm_std::{to_json_binary, Addr, CosmosMsg, Empty, WasmMsg};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::Executor;
use interfaces::l_coin;
use interfaces::prediction_market::*;

use crate::stand_in::{self, Reaction, StandInMsg};
use crate::world::*;

fn stand_in(world: &mut World) -> Addr {
    let code = world.app.store_code(stand_in::contract());
    let creator = world.user("creator");
    world
        .app
        .instantiate_contract(code, creator, &Empty {}, &[], "stand-in", None)
        .unwrap()
}

fn to_market(market: &Addr, msg: &ExecuteMsg) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: market.to_string(),
        msg: to_json_binary(msg).unwrap(),
        funds: vec![],
    }
    .into()
}

fn notice(sender: &Addr, value: u128, hook: &Cw20Hook) -> ExecuteMsg {
    ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: sender.to_string(),
        amount: amount(value),
        msg: to_json_binary(hook).unwrap(),
    })
}

#[test]
fn hostile_token_cannot_pretend_to_be_l_coin() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let token = stand_in(&mut world);
    let mallory = world.user("mallory");
    let hooks = [
        proposal(2, world.now() + DAY, world.now() + DAY),
        buy(market, 0),
        Cw20Hook::Answer {
            market,
            answer: 0,
            evidence: hash(1),
        },
        Cw20Hook::Dispute {
            market,
            answer: 0,
            evidence: hash(1),
        },
    ];
    for hook in hooks {
        let msgs = vec![to_market(&world.market, &notice(&mallory, 1_000 * ONE, &hook))];
        let outcome = world
            .app
            .execute_contract(mallory.clone(), token.clone(), &StandInMsg::Act { msgs }, &[]);
        assert_eq!(code(&outcome.unwrap_err()), 911, "{hook:?}");
        assert_eq!(
            world
                .try_exec(&mallory, &notice(&mallory, 1_000 * ONE, &hook))
                .unwrap_err(),
            911
        );
    }
    world.check_laws();
}

#[test]
fn l_coin_that_is_merely_transferred_changes_nothing() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let before = world.view(market);
    let (mallory, coin, recipient) = (world.user("mallory"), world.coin.clone(), world.market.to_string());
    let msg = l_coin::ExecuteMsg::Transfer {
        recipient,
        amount: lco(1_000),
    };
    world.app.execute_contract(mallory, coin, &msg, &[]).unwrap();
    assert_eq!(world.view(market), before);
    assert_eq!(world.overview().open_interest, lco(100));
}

#[test]
fn native_coins_are_refused() {
    let mut world = World::new();
    let alice = world.user("alice");
    let funds = cosmwasm_std::coins(5, "uusdt");
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &alice, funds.clone()))
        .unwrap();
    let msg = ExecuteMsg::Claim {
        market: 1,
        waiver: false,
    };
    let market = world.market.clone();
    let error = world
        .app
        .execute_contract(alice.clone(), market, &msg, &funds)
        .unwrap_err();
    assert_eq!(code(&error), 932);
}

/// A market contract whose token is a stand-in that holds a position itself and calls back whenever it is told to pay.
fn with_hostile_coin() -> (World, Addr, Addr) {
    let mut world = World::new();
    let token = stand_in(&mut world);
    let l_coin = token.to_string();
    let target = world.try_instantiate(|msg| msg.l_coin = l_coin.clone()).unwrap();
    (world, token, target)
}

#[test]
fn token_that_re_enters_is_not_paid_twice() {
    let (mut world, token, target) = with_hostile_coin();
    let (creator, now) = (world.user("creator"), world.now());
    let act = |world: &mut World, msgs| {
        let (creator, token) = (creator.clone(), token.clone());
        world
            .app
            .execute_contract(creator, token, &StandInMsg::Act { msgs }, &[])
            .unwrap()
    };
    let hooks = [(100 * ONE, proposal(2, now + DAY, now + DAY)), (50 * ONE, buy(1, 0))];
    for (value, hook) in hooks {
        act(&mut world, vec![to_market(&target, &notice(&token, value, &hook))]);
    }
    world.wait(1);

    // told to pay for shares, it sells them again
    let shares = world.app.wrap().query_wasm_smart::<PositionResponse>(
        &target,
        &QueryMsg::Position {
            market: 1,
            address: token.to_string(),
        },
    );
    let bought = shares.unwrap().holdings[0].shares - amount(70_710_678);
    let again = to_market(&target, &sell(1, 0, bought.u128()));
    world
        .app
        .execute_contract(
            creator.clone(),
            token.clone(),
            &StandInMsg::React(Reaction::Send(Box::new(again.clone()))),
            &[],
        )
        .unwrap();
    let response = act(&mut world, vec![again]);
    assert_eq!(count(&response, "sell"), 1);
    assert!(attribute(&response, "failed", "error").is_some());

    // told to pay a claim, it claims again
    world.wait(DAY + 30 * DAY);
    let again = to_market(
        &target,
        &ExecuteMsg::Claim {
            market: 1,
            waiver: false,
        },
    );
    world
        .app
        .execute_contract(
            creator.clone(),
            token.clone(),
            &StandInMsg::React(Reaction::Send(Box::new(again.clone()))),
            &[],
        )
        .unwrap();
    let response = act(&mut world, vec![again]);
    assert_eq!(count(&response, "claim"), 1);
    assert!(attribute(&response, "failed", "error").is_some());
    let overview: OverviewResponse = world
        .app
        .wrap()
        .query_wasm_smart(&target, &QueryMsg::Overview {})
        .unwrap();
    assert_eq!((overview.open_interest, overview.unclaimed), (amount(0), amount(0)));
}

#[test]
fn contract_that_is_paid_cannot_refuse() {
    let mut world = World::alone();
    let account = stand_in(&mut world);
    let (creator, coin) = (world.user("creator"), world.coin.clone());
    let market = world.open("alice", 2, 100);
    world.at(RESOLVE);
    // a contract gives the answer and would rather not have its bond back
    let (alice, recipient) = (world.user("alice"), account.to_string());
    world.exec(
        &alice,
        &coin,
        &l_coin::ExecuteMsg::Transfer {
            recipient,
            amount: lco(100),
        },
    );
    let hook = Cw20Hook::Answer {
        market,
        answer: 0,
        evidence: hash(1),
    };
    let send = l_coin::ExecuteMsg::Send {
        contract: world.market.to_string(),
        amount: lco(100),
        msg: to_json_binary(&hook).unwrap(),
    };
    let send = WasmMsg::Execute {
        contract_addr: coin.to_string(),
        msg: to_json_binary(&send).unwrap(),
        funds: vec![],
    };
    world.exec(
        &creator,
        &account,
        &StandInMsg::Act {
            msgs: vec![send.into()],
        },
    );
    world.exec(&creator, &account, &StandInMsg::React(Reaction::Refuse));
    world.wait(DAY);
    world.settle(market).unwrap();
    assert_eq!(world.balance_of(&account), 100 * ONE);
}

#[test]
fn message_that_is_no_hook_is_refused_and_the_money_stays() {
    let mut world = World::new();
    let (alice, coin) = (world.user("alice"), world.coin.clone());
    let before = world.balance("alice");
    let msg = l_coin::ExecuteMsg::Send {
        contract: world.market.to_string(),
        amount: lco(1),
        msg: to_json_binary("hello").unwrap(),
    };
    let error = world.app.execute_contract(alice, coin, &msg, &[]).unwrap_err();
    assert_eq!(code(&error), 900);
    assert_eq!(world.balance("alice"), before);
}

/// Lets the stand-in token say that somebody sent an amount; L-Coin itself could never send as much as these tests need.
fn say(world: &mut World, (token, target): (&Addr, &Addr), value: u128, hook: &Cw20Hook) -> Result<(), u16> {
    let mallory = world.user("mallory");
    let msgs = vec![to_market(target, &notice(&mallory, value, hook))];
    let outcome = world
        .app
        .execute_contract(mallory, token.clone(), &StandInMsg::Act { msgs }, &[]);
    outcome.map(|_| ()).map_err(|error| code(&error))
}

#[test]
fn twentieth_bond_is_the_last_whatever_a_token_could_send() {
    let (mut world, token, target) = with_hostile_coin();
    let hook = proposal(2, world.now() + DAY, world.now() + DAY);
    say(&mut world, (&token, &target), 100 * ONE, &hook).unwrap();
    world.wait(DAY);
    let (market, evidence) = (1, hash(1));
    let first = Cw20Hook::Answer {
        market,
        answer: 0,
        evidence: evidence.clone(),
    };
    say(&mut world, (&token, &target), 100 * ONE, &first).unwrap();
    for number in 1..=MAX_BONDS {
        let hook = Cw20Hook::Dispute {
            market,
            answer: number % 2,
            evidence: evidence.clone(),
        };
        let outcome = say(&mut world, (&token, &target), (100 * ONE) << number, &hook);
        assert_eq!(outcome, if number < MAX_BONDS { Ok(()) } else { Err(20) }, "{number}");
    }
    let view: MarketResponse = world
        .app
        .wrap()
        .query_wasm_smart(&target, &QueryMsg::Market { market })
        .unwrap();
    assert_eq!((view.bonds, view.next_bond, view.answer), (MAX_BONDS, None, Some(1)));
    world.wait(DAY);
    let settle = to_market(&target, &ExecuteMsg::Settle { market });
    let response = world.exec(
        &Addr::unchecked("anyone"),
        &token,
        &StandInMsg::Act { msgs: vec![settle] },
    );
    assert_eq!(count(&response, "bond_returned"), 10);
}

#[test]
fn pool_is_bounded_whatever_a_token_could_send() {
    let (mut world, token, target) = with_hostile_coin();
    let hook = proposal(2, world.now() + DAY, world.now() + DAY);
    let largest = math::parimutuel::MAX_POOL;
    for value in [largest + 1, u128::MAX] {
        assert_eq!(say(&mut world, (&token, &target), value, &hook).unwrap_err(), 17);
    }
    say(&mut world, (&token, &target), 100 * ONE, &hook).unwrap();
    assert_eq!(say(&mut world, (&token, &target), largest, &buy(1, 0)).unwrap_err(), 17);
    assert_eq!(
        say(&mut world, (&token, &target), u128::MAX, &buy(1, 0)).unwrap_err(),
        1
    );
}
