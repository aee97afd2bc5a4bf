//! Trading: what comes out, what is refused, and that questions and execution agree.

use cosmwasm_std::{coin, coins, from_json, to_json_binary, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::exchange::*;
use proptest::prelude::*;

use crate::direct::Direct;
use crate::world::*;

fn kinds() -> [(&'static str, World); 4] {
    [
        ("tokens", World::tokens()),
        ("coins", World::coins()),
        ("token and coin", World::new([Kind::Token, Kind::Coin], false)),
        ("coin and token", World::new([Kind::Coin, Kind::Token], true)),
    ]
}

#[test]
fn swap_pays_the_formula_in_both_directions_for_every_kind_of_asset() {
    for (name, world) in kinds() {
        let mut world = world.filled();
        // 10,000 · 400 · 0.997 / (40,000 + 400 · 0.997)
        assert_eq!(world.swap("bob", Side::Base, 400 * ONE), Ok(98_715_803), "{name}");
        assert_eq!(world.reserves(), [40_400 * ONE, 9_901_284_197], "{name}");
        assert_eq!(world.swap("bob", Side::Quote, 98_715_803), Ok(397_627_184), "{name}");
    }
}

#[test]
fn output_goes_to_whom_the_sender_names_and_the_rest_comes_back() {
    for (name, world) in kinds() {
        let mut world = world.filled();
        let carol = Some(world.user("carol").into_string());
        let msg = Cw20Hook::Swap {
            min_out: amount(1),
            deadline: None,
            to: carol.clone(),
        };
        world.pay("bob", Side::Base, 400 * ONE, &msg).unwrap();
        assert_eq!(world.wealth("carol"), [WEALTH, WEALTH + 98_715_803], "{name}");
        assert_eq!(world.wealth("bob"), [WEALTH - 400 * ONE, WEALTH], "{name}");

        let msg = Cw20Hook::SwapExactOut {
            out: amount(397_627_184),
            deadline: None,
            to: carol,
        };
        world.pay("dave", Side::Quote, 200 * ONE, &msg).unwrap();
        assert_eq!(world.wealth("carol")[0], WEALTH + 397_627_184, "{name}");
        assert_eq!(world.wealth("dave"), [WEALTH, WEALTH - 98_715_803], "{name}");
    }
}

/// The way out of the pool is a plain transfer: a receiver that is a contract is not called.
#[test]
fn answer_is_in_the_data_and_in_the_event() {
    let mut world = World::coins().filled();
    let response = world.pay("bob", Side::Base, 400 * ONE, &swap_hook()).unwrap();
    assert_eq!(
        from_json::<Uint128>(response.data.clone().unwrap()).unwrap(),
        amount(98_715_803)
    );
    let event = response.events.iter().find(|event| event.ty == "wasm-swap").unwrap();
    let value = |key: &str| {
        event
            .attributes
            .iter()
            .find(|attribute| attribute.key == key)
            .unwrap()
            .value
            .clone()
    };
    let [bob, pay] = [value("sender"), value("pay")];
    assert_eq!((bob, pay.as_str()), (world.user("bob").into_string(), "base"));
    let numbers = ["amount_in", "amount_out", "fee", "base_reserve", "quote_reserve"].map(value);
    assert_eq!(
        numbers,
        ["400000000", "98715803", "1200000", "40400000000", "9901284197"]
    );

    let msg = Cw20Hook::SwapExactOut {
        out: amount(ONE),
        deadline: None,
        to: None,
    };
    let response = world.pay("bob", Side::Base, 400 * ONE, &msg).unwrap();
    assert_eq!(from_json::<Uint128>(response.data.unwrap()).unwrap(), amount(4_092_970));
}

#[test]
fn min_out_is_held() {
    let mut world = World::tokens().filled();
    let at_least = |min_out| Cw20Hook::Swap {
        min_out: amount(min_out),
        deadline: None,
        to: None,
    };
    assert_eq!(
        world
            .pay("bob", Side::Base, 400 * ONE, &at_least(98_715_804))
            .unwrap_err(),
        16
    );
    world.pay("bob", Side::Base, 400 * ONE, &at_least(98_715_803)).unwrap();
}

#[test]
fn deadline_is_the_last_second() {
    let mut world = World::tokens().filled();
    let now = world.now();
    let until = |deadline| Cw20Hook::Swap {
        min_out: amount(1),
        deadline: Some(deadline),
        to: None,
    };
    assert_eq!(world.pay("bob", Side::Base, ONE, &until(now - 1)).unwrap_err(), 15);
    world.pay("bob", Side::Base, ONE, &until(now)).unwrap();
    let exact = |deadline| Cw20Hook::SwapExactOut {
        out: amount(1),
        deadline: Some(deadline),
        to: None,
    };
    assert_eq!(world.pay("bob", Side::Base, ONE, &exact(now - 1)).unwrap_err(), 15);
    assert_eq!(world.offer("bob", [ONE, ONE], 0, Some(now - 1)).unwrap_err(), 15);
    world.offer("bob", [ONE, ONE], 0, Some(now)).unwrap();
}

#[test]
fn exact_out_costs_no_more_than_was_paid() {
    let mut world = World::tokens().filled();
    let exactly = |out| Cw20Hook::SwapExactOut {
        out: amount(out),
        deadline: None,
        to: None,
    };
    assert_eq!(
        world
            .pay("bob", Side::Base, 399 * ONE, &exactly(98_715_803))
            .unwrap_err(),
        17
    );
    world.pay("bob", Side::Base, 400 * ONE, &exactly(98_715_803)).unwrap();
    assert_eq!(world.pay("bob", Side::Base, ONE, &exactly(0)).unwrap_err(), 3);
    assert_eq!(
        world.pay("bob", Side::Base, ONE, &exactly(10_000 * ONE)).unwrap_err(),
        5
    );
}

#[test]
fn wrong_payments_are_refused() {
    let mut world = World::new([Kind::Token, Kind::Coin], false).filled();
    let swap = ExecuteMsg::Swap {
        min_out: amount(0),
        deadline: None,
        to: None,
    };
    let [fake, quote] = [coin(5, "ufake"), coin(5, "uquote")];
    let bob = world.user("bob");
    world
        .app
        .init_modules(|router, _, storage| {
            router
                .bank
                .init_balance(storage, &bob, vec![fake.clone(), quote.clone()])
        })
        .unwrap();
    for funds in [vec![], vec![fake.clone()], vec![fake.clone(), quote]] {
        assert_eq!(world.send("bob", &swap, &funds).unwrap_err(), 13, "{funds:?}");
    }
    for msg in [
        ExecuteMsg::Skim {},
        ExecuteMsg::AnnounceWithdrawal { shares: amount(0) },
    ] {
        assert_eq!(
            world.send("bob", &msg, &coins(1, "ufake")).unwrap_err(),
            932,
            "{msg:?} keeps no coins"
        );
    }
    let nobody = Cw20Hook::Swap {
        min_out: amount(0),
        deadline: None,
        to: Some("nobody".into()),
    };
    assert_eq!(world.pay("alice", Side::Base, 500, &nobody).unwrap_err(), 900);
}

/// Anybody can write a token, or claim to be one.
#[test]
fn token_of_another_pool_buys_nothing() {
    let mut world = World::tokens().filled();
    let before = world.reserves();
    let forged = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: world.user("mallory").into_string(),
        amount: amount(1_000 * ONE),
        msg: to_json_binary(&swap_hook()).unwrap(),
    });
    assert_eq!(world.send("mallory", &forged, &[]).unwrap_err(), 12);
    let creator = world.user("creator");
    let worthless = crate::hostile::create(&mut world.app, &creator);
    let (mallory, pool) = (world.user("mallory"), world.pool.to_string());
    let mint = crate::hostile::HostileMsg::Mint {
        recipient: mallory.to_string(),
        amount: amount(WEALTH),
    };
    world.call(&mallory, worthless.as_str(), &mint).unwrap();
    let send = crate::hostile::HostileMsg::Send {
        contract: pool,
        amount: amount(WEALTH),
        msg: hook(&swap_hook()),
    };
    assert_eq!(code(&world.call(&mallory, worthless.as_str(), &send).unwrap_err()), 12);
    assert_eq!(world.reserves(), before);
}

#[test]
fn empty_pool_trades_nothing() {
    let mut world = World::tokens();
    assert_eq!(world.swap("bob", Side::Base, ONE), Err(2));
    assert_eq!(world.buy("bob", Side::Base, ONE), Err(2));
    assert_eq!(
        world.refused(&QueryMsg::Simulate {
            pay: Side::Base,
            amount: amount(1)
        }),
        2
    );
    assert_eq!(
        world
            .send(
                "bob",
                &ExecuteMsg::Withdraw {
                    shares: amount(0),
                    min_amounts: amounts([0, 0])
                },
                &[]
            )
            .unwrap_err(),
        3
    );
}

#[test]
fn dust_that_buys_nothing_is_refused_rather_than_taken() {
    let mut world = World::tokens().filled();
    assert_eq!(world.swap("bob", Side::Base, 4), Err(4));
    assert_eq!(world.swap("bob", Side::Base, 5), Ok(1));
}

#[test]
fn exit_quotes_are_the_trades_they_stand_for() {
    let mut world = World::tokens().filled();
    let exit = |world: &World, position| -> ExitQuoteResponse {
        world.query(&QueryMsg::ExitQuote {
            position,
            base: amount(400 * ONE),
        })
    };
    let (long, short) = (exit(&world, Position::Long), exit(&world, Position::Short));
    assert_eq!(world.buy("bob", Side::Base, 400 * ONE), Ok(short.quote.u128()));
    assert_eq!(
        world.query::<OverviewResponse>(&QueryMsg::Overview {}).price,
        Some(short.price)
    );
    let mut world = World::tokens().filled();
    assert_eq!(world.swap("bob", Side::Base, 400 * ONE), Ok(long.quote.u128()));
    assert_eq!(
        world.query::<OverviewResponse>(&QueryMsg::Overview {}).price,
        Some(long.price)
    );
}

fn sides() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Base), Just(Side::Quote)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a simulation says, the message that follows does: amounts, fee, reserves, price.
    #[test]
    fn simulation_equals_execution(steps in prop::collection::vec((sides(), any::<bool>(), 1..50_000 * ONE), 1..12)) {
        let mut world = World::coins().filled();
        for (side, exact_out, value) in steps {
            let question = match exact_out {
                false => QueryMsg::Simulate { pay: side, amount: amount(value) },
                true => QueryMsg::ReverseSimulate { receive: side, amount: amount(value) },
            };
            let told: Result<SimulateResponse, _> = world.app.wrap().query_wasm_smart(&world.pool, &question);
            let held = world.wealth("bob");
            let outcome = match exact_out {
                false => world.swap("bob", side, value).map(|out| [value, out]),
                true => world.buy("bob", side, value).map(|paid| [paid, value]),
            };
            match (told, outcome) {
                (Ok(told), Ok(moved)) => {
                    prop_assert_eq!([told.amount_in, told.amount_out], amounts(moved));
                    prop_assert_eq!(told.reserves, world.market().reserves);
                    prop_assert_eq!(Some(told.price), world.query::<OverviewResponse>(&QueryMsg::Overview {}).price);
                    prop_assert_eq!(told.fee.u128(), (moved[0] * 30).div_ceil(10_000));
                }
                (Ok(told), Err(17)) => prop_assert!(told.amount_in.u128() > held[told.pay as usize]),
                (Err(_), Err(_)) => {}
                (told, outcome) => prop_assert!(false, "{:?} but {:?}", told, outcome),
            }
        }
    }

    /// k never falls, on the whole contract.
    #[test]
    fn k_never_falls(reserves in (2_001..1_u128 << 70, 2_001..1_u128 << 70), steps in prop::collection::vec((sides(), 1..1_u128 << 70), 1..40)) {
        let mut direct = Direct::new(reserves.into());
        for (side, paid) in steps {
            let product = |[x, y]: [u128; 2]| Uint128::new(x).full_mul(y);
            let before = direct.reserves();
            if direct.swap(side, paid).is_ok() {
                prop_assert!(product(direct.reserves()) >= product(before));
            }
        }
    }
}
