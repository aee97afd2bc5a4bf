//! What can be proposed, and how.

use cosmwasm_std::{coins, to_json_binary, wasm_execute, AnyMsg, BankMsg, Binary, CosmosMsg, Empty, Uint128, WasmMsg};
use cw20::Cw20ExecuteMsg;
use interfaces::governance::*;

use crate::stand_in::puppet::PuppetMsg;
use crate::world::*;

#[test]
fn a_proposal_carries_times_electorate_and_parameters_of_its_moment() {
    let mut world = World::new();
    let id = world.propose("dave", world.messages(7)).unwrap();
    assert_eq!(id, 1);
    let now = world.now();
    let answer = world.proposal(id);
    let summary = ProposalSummary {
        id,
        kind: Kind::Messages,
        status: Status::Discussion,
        at: world.moment(),
        schedule: Schedule {
            voting_starts: now + 7 * DAY,
            voting_ends: now + 14 * DAY,
            ready_at: now + 15 * DAY,
            expires_at: Some(now + 29 * DAY),
        },
        title: "A title".into(),
    };
    assert_eq!(answer.summary, summary);
    let total = Uint128::new(1_400_000 * ONE);
    let total = interfaces::voting::Power {
        weight: total,
        linear: total,
    };
    let subject = Subject::Motion {
        proposer: world.user("dave").into(),
        description: "Why".into(),
        action: world.messages(7),
        total,
        yes: Default::default(),
        no: Default::default(),
        weight_majority: false,
        linear_majority: false,
        deposit: DEPOSIT.into(),
        deposit_held: true,
        refund_bps: 500,
    };
    assert_eq!(answer.subject, subject);
    assert_eq!(world.balance(&world.gov), DEPOSIT);
}

#[test]
fn each_kind_has_its_own_track() {
    let mut world = World::with(
        crate::stand_in::module::Setup {
            root: false,
            whale: Uint128::zero(),
        },
        |msg| {
            msg.tracks.params = Track {
                discussion: DAY,
                voting: 3 * DAY,
                timelock: 2 * DAY,
                window: 5 * DAY,
            }
        },
    )
    .unwrap();
    world.stake_all(&STAKES);
    world.advance(1);
    let (a, b) = (world.params(1), world.messages(1));
    let (a, b) = (world.propose("dave", a).unwrap(), world.propose("dave", b).unwrap());
    let now = world.now();
    let times = |id| {
        let schedule = world.schedule(id);
        [
            schedule.voting_starts,
            schedule.voting_ends,
            schedule.ready_at,
            schedule.expires_at.unwrap(),
        ]
        .map(|time| (time - now) / DAY)
    };
    assert_eq!((times(a), times(b)), ([1, 4, 6, 11], [7, 14, 15, 29]));
}

#[test]
fn the_deposit_is_exact() {
    let mut world = World::new();
    for amount in [1, DEPOSIT - 1, DEPOSIT + 1, 2 * DEPOSIT] {
        let action = world.params(1);
        refused(world.propose_with("dave", amount, "t", "", action), 13);
    }
    assert_eq!(world.balance(&world.user("dave")), WEALTH);
}

#[test]
fn another_token_cannot_pose_as_the_deposit() {
    let mut world = World::new();
    let fake = create_token(&mut world.app);
    let mint = interfaces::l_coin::ExecuteMsg::Mint {
        recipient: world.user("mallory").into(),
        amount: DEPOSIT.into(),
    };
    let minter = world.user("minter");
    world.act(&minter, &fake, &mint).unwrap();
    let hook = Cw20Hook::Propose {
        title: "t".into(),
        description: String::new(),
        action: world.params(1),
    };
    let hook = to_json_binary(&hook).unwrap();
    refused(world.send_hook("mallory", &fake, DEPOSIT, hook), 911);
    assert_eq!(world.query::<OverviewResponse>(&QueryMsg::Overview {}).proposals, 0);
}

#[test]
fn an_unknown_hook_returns_the_money() {
    let mut world = World::new();
    let token = world.token.clone();
    for msg in ["", "{}", r#"{"stake":{}}"#, r#"{"propose":{"title":"t"}}"#] {
        refused(
            world.send_hook("dave", &token, DEPOSIT, Binary::from(msg.as_bytes())),
            1,
        );
    }
    assert_eq!(world.balance(&world.user("dave")), WEALTH);
}

#[test]
fn texts_and_lists_are_bounded() {
    let mut world = World::new();
    let long = |count: usize| "x".repeat(count);
    let texts = [
        ("".to_owned(), String::new(), Some(3)),
        (long(MAX_TITLE_BYTES + 1), String::new(), Some(3)),
        (long(MAX_TITLE_BYTES), long(MAX_DESCRIPTION_BYTES), None),
        ("t".to_owned(), long(MAX_DESCRIPTION_BYTES + 1), Some(3)),
        ("t".to_owned(), String::new(), None),
    ];
    for (title, description, expected) in texts {
        let action = world.params(1);
        let done = world.propose_with("dave", DEPOSIT, &title, &description, action);
        match expected {
            Some(code) => refused(done, code),
            None => assert!(done.is_ok()),
        }
    }
    for (count, fits) in [(0, false), (1, true), (MAX_MSGS, true), (MAX_MSGS + 1, false)] {
        let calls = vec![world.call(1); count];
        let msgs = vec![world.set(1); count];
        for action in [Action::Params { calls }, Action::Messages { msgs }] {
            match fits {
                true => drop(world.propose("dave", action).unwrap()),
                false => refused(world.propose("dave", action), 4),
            }
        }
    }
}

#[test]
fn large_messages_are_refused() {
    let mut world = World::new();
    let padded = |bytes: usize| {
        let head = r#"{"set_params":{"a":""#.len() + r#""}}"#.len();
        Binary::from(format!(r#"{{"set_params":{{"a":"{}"}}}}"#, "x".repeat(bytes - head)).as_bytes())
    };
    let call = |world: &World, bytes| Action::Params {
        calls: vec![ParamsCall {
            contract: world.target.to_string(),
            msg: padded(bytes),
        }],
    };
    let (fits, large) = (call(&world, MAX_MSGS_BYTES), call(&world, MAX_MSGS_BYTES + 1));
    world.propose("dave", fits).unwrap();
    refused(world.propose("dave", large), 5);
    let msgs = vec![CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr: world.target.to_string(),
        msg: padded(MAX_MSGS_BYTES),
        funds: vec![],
    })];
    refused(world.propose("dave", Action::Messages { msgs }), 5);
}

#[test]
fn a_params_proposal_cannot_smuggle_other_messages() {
    let mut world = World::new();
    let texts = [
        r#"{"ownership":{"accept":{}}}"#,
        r#"{"set_tracks":{"tracks":{}}}"#,
        r#"{"set_params":{"value":1},"set_params":{"value":2}}"#,
        r#"{"set_params":{"value":1},"ownership":{"accept":{}}}"#,
        r#"{"ownership":{"accept":{}},"set_params":{"value":1}}"#,
        r#"{"set\u005fparams":{"value":1}}"#,
        r#"{"\u0073et_params":{"value":1}}"#,
        r#"{"set_params":{"value":1,"value":2}}"#,
        r#"{"set_params":{"value":1,"v\u0061lue":2}}"#,
        r#"{"set_params":{"value":1}}{"ownership":{"accept":{}}}"#,
        r#"{"set_params":{"value":1}} "#,
        r#" {"set_params":{"value":1}}"#,
        r#"{"set_params" :{"value":1}}"#,
        r#"{"x":{"set_params":{"value":1}}}"#,
        r#"[{"set_params":{"value":1}}]"#,
        r#""set_params""#,
        r#"{"set_params":"ownership"}"#,
        r#"{"set_params_now":{}}"#,
        "{}",
        "",
    ];
    for text in texts {
        let calls = vec![
            world.call(1),
            ParamsCall {
                contract: world.target.to_string(),
                msg: Binary::from(text.as_bytes()),
            },
        ];
        let error = world.propose("mallory", Action::Params { calls }).unwrap_err();
        assert!(error.starts_with("[governance:11] call 1 "), "{text}: {error}");
    }
    assert_eq!(world.balance(&world.user("mallory")), WEALTH);
}

#[test]
fn a_params_call_goes_to_an_address() {
    let mut world = World::new();
    for contract in ["", "nobody", &world.target.to_string().to_uppercase()] {
        let mut call = world.call(1);
        call.contract = contract.to_owned();
        refused(world.propose("dave", Action::Params { calls: vec![call] }), 1);
    }
}

/// Deposits of all proposals are one balance; a majority of the day must not be able to spend what belongs to proposers, or let somebody spend it later.
#[test]
fn nothing_is_said_to_the_deposit_token() {
    let mut world = World::new();
    let (mallory, amount) = (world.user("mallory").to_string(), Uint128::new(DEPOSIT));
    let to_token = |msg: &Cw20ExecuteMsg| CosmosMsg::from(wasm_execute(&world.token, msg, vec![]).unwrap());
    let allow = Cw20ExecuteMsg::IncreaseAllowance {
        spender: mallory.clone(),
        amount,
        expires: None,
    };
    let take = Cw20ExecuteMsg::Transfer {
        recipient: mallory,
        amount,
    };
    for msg in [
        to_token(&take),
        to_token(&allow),
        to_token(&Cw20ExecuteMsg::Burn { amount }),
    ] {
        let msgs = vec![world.set(1), msg];
        let error = world.propose("mallory", Action::Messages { msgs }).unwrap_err();
        assert!(error.starts_with("[governance:12] message 1 "), "{error}");
    }
    // chains read bech32 in capitals, too
    let shouted = CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr: world.token.to_string().to_uppercase(),
        msg: to_json_binary(&take).unwrap(),
        funds: vec![],
    });
    refused(world.propose("mallory", Action::Messages { msgs: vec![shouted] }), 1);
    // and carry the same message in an envelope
    for msg in [
        CosmosMsg::Any(AnyMsg {
            type_url: "/cosmwasm.wasm.v1.MsgExecuteContract".into(),
            value: Binary::default(),
        }),
        CosmosMsg::Custom(Empty {}),
    ] {
        refused(world.propose("mallory", Action::Messages { msgs: vec![msg] }), 12);
    }
}

#[test]
fn contracts_and_coins_may_be_moved() {
    let mut world = World::new();
    let to_address = world.user("dave").to_string();
    let msgs = vec![
        world.to_target(&PuppetMsg::Fail { on: true }),
        BankMsg::Send {
            to_address,
            amount: coins(1, "uusdt"),
        }
        .into(),
        WasmMsg::Migrate {
            contract_addr: world.target.to_string(),
            new_code_id: 1,
            msg: Binary::default(),
        }
        .into(),
    ];
    world.propose("dave", Action::Messages { msgs }).unwrap();
}

#[test]
fn coins_attached_to_a_message_are_refused() {
    let mut world = World::new();
    let (mallory, gov) = (world.user("mallory"), world.gov.clone());
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &mallory, coins(5, "uusdt")))
        .unwrap();
    let msg = ExecuteMsg::Execute { proposal: 1 };
    use cw_multi_test::Executor;
    let error = world
        .app
        .execute_contract(mallory, gov, &msg, &coins(5, "uusdt"))
        .unwrap_err();
    assert_eq!(code(&error.root_cause().to_string()), 932);
}

#[test]
fn only_the_proposer_withdraws_and_only_in_the_discussion() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.propose("dave", action.clone()).unwrap();
    refused(world.withdraw("mallory", id), 911);
    let late = world.propose("dave", action).unwrap();
    world.advance(7 * DAY - 1);
    world.withdraw("dave", id).unwrap();
    assert_eq!(world.status(id), Status::Withdrawn);
    refused(world.withdraw("dave", id), 7);
    world.advance(1);
    refused(world.withdraw("dave", late), 7);
    refused(world.vote("alice", id, Choice::Yes), 7);
    world.advance(30 * DAY);
    assert_eq!(world.status(id), Status::Withdrawn);
    refused(world.execute(id), 7);
    refused(world.withdraw("dave", 99), 6);
}
