//! With the real staking contract as electorate and the real prediction market.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{to_json_binary, wasm_execute, HexBinary};
use cw20::Cw20ExecuteMsg;
use cw_multi_test::ContractWrapper;
use interfaces::common::{OwnershipMsg, OwnershipResponse};
use interfaces::governance::*;
use interfaces::{lco_staking, prediction_market};

use crate::world::*;

/// Three Whales, one who just is not, and somebody with a little.
const BONDED: [(&str, u128); 5] = [
    ("alice", 600_000 * ONE),
    ("bob", 500_000 * ONE),
    ("carol", 100_000 * ONE),
    ("dave", 100_000 * ONE - 1),
    ("erin", 50_000 * ONE),
];

/// Sends LCO with a hook to a contract.
fn send<T: serde::Serialize>(world: &mut World, who: &str, to: &str, amount: u128, hook: &T) -> Result<(), String> {
    let (sender, token) = (world.user(who), world.token.clone());
    let msg = Cw20ExecuteMsg::Send {
        contract: to.to_owned(),
        amount: amount.into(),
        msg: to_json_binary(hook).unwrap(),
    };
    world.act(&sender, &token, &msg).map(|_| ())
}

fn create_staking(world: &mut World) {
    use ::lco_staking::contract::{execute, instantiate, query};
    let code = world
        .app
        .store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let msg = lco_staking::InstantiateMsg {
        owner: world.user("creator").into(),
        l_coin: world.token.to_string(),
        params: lco_staking::Params::default(),
    };
    world.module = create(&mut world.app, code, &msg, "staking");
}

fn create_market(world: &mut World) {
    use ::prediction_market::contract::{execute, instantiate, query, reply};
    let wrapper = ContractWrapper::new(execute, instantiate, query).with_reply(reply);
    let code = world.app.store_code(Box::new(wrapper));
    let msg = prediction_market::InstantiateMsg {
        owner: world.user("creator").into(),
        operator: None,
        l_coin: world.token.to_string(),
        peers: prediction_market::Peers {
            staking: Some(world.module.to_string()),
            governance: None,
        },
        params: prediction_market::Params::default(),
    };
    world.market = create(&mut world.app, code, &msg, "market");
}

fn create_governance(world: &mut World) {
    use governance::contract::{execute, instantiate, query};
    let code = world
        .app
        .store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let msg = InstantiateMsg {
        voting_module: world.module.to_string(),
        deposit_token: world.token.to_string(),
        prediction_market: Some(world.market.to_string()),
        appeals: None,
        network: None,
        params: Params {
            deposit: DEPOSIT.into(),
            deposit_recipient: world.user("fund").into(),
            refund_bps: 500,
        },
        tracks: tracks(),
    };
    world.gov = create(&mut world.app, code, &msg, "governance");
    let peers = prediction_market::Peers {
        staking: None,
        governance: Some(world.gov.to_string()),
    };
    let (creator, market) = (world.user("creator"), world.market.clone());
    let set = prediction_market::ExecuteMsg::SetPeers { peers };
    world.act(&creator, &market, &set).unwrap();
}

fn neighbourhood() -> World {
    let mut world = World::empty(false);
    create_staking(&mut world);
    create_market(&mut world);
    create_governance(&mut world);
    let staking = world.module.to_string();
    for (name, amount) in BONDED {
        world.mint(name, amount + WEALTH);
        send(
            &mut world,
            name,
            &staking,
            amount,
            &lco_staking::Cw20Hook::Stake { r#for: None },
        )
        .unwrap();
    }
    world.advance(1);
    world
}

#[test]
fn whales_of_the_real_staking_contract_take_over_the_market_and_set_its_parameters() {
    let mut world = neighbourhood();
    let (creator, market) = (world.user("creator"), world.market.clone());
    let offer = OwnershipMsg::Propose {
        new_owner: world.gov.to_string(),
    };
    let offer = prediction_market::ExecuteMsg::Ownership(offer);
    world.act(&creator, &market, &offer).unwrap();
    let accept = prediction_market::ExecuteMsg::Ownership(OwnershipMsg::Accept {});
    let accept = wasm_execute(&market, &accept, vec![]).unwrap().into();
    let id = world.in_voting(Action::Messages { msgs: vec![accept] });
    for small in ["dave", "erin"] {
        refused(world.vote(small, id, Choice::Yes), 9);
    }
    world.vote("alice", id, Choice::Yes).unwrap();
    match world.proposal(id).subject {
        // exactly half of the Whales' 1,200,000
        Subject::Motion {
            total, weight_majority, ..
        } => {
            assert_eq!((total.linear.u128(), weight_majority), (1_200_000 * ONE, false));
        }
        Subject::Outcome { .. } | Subject::Appeal { .. } => panic!("a motion"),
    }
    world.vote("carol", id, Choice::Yes).unwrap();
    world.advance_to(world.schedule(id).ready_at);
    world.execute(id).unwrap();
    let owner: OwnershipResponse = world
        .app
        .wrap()
        .query_wasm_smart(&market, &prediction_market::QueryMsg::Ownership {})
        .unwrap();
    assert_eq!(owner.owner, world.gov.to_string());

    let params = prediction_market::Params {
        interest_bps: 77,
        ..Default::default()
    };
    let msg = to_json_binary(&prediction_market::ExecuteMsg::SetParams { params }).unwrap();
    let contract = market.to_string();
    world
        .pass(Action::Params {
            calls: vec![ParamsCall { contract, msg }],
        })
        .unwrap();
    let config: prediction_market::ConfigResponse = world
        .app
        .wrap()
        .query_wasm_smart(&market, &prediction_market::QueryMsg::Config {})
        .unwrap();
    assert_eq!(config.params, params);
}

#[test]
fn a_whale_of_the_proposals_second_has_no_vote() {
    let mut world = neighbourhood();
    let staking = world.module.to_string();
    world.mint("mallory", 900_000 * ONE);
    let stake = lco_staking::Cw20Hook::Stake { r#for: None };
    send(&mut world, "mallory", &staking, 900_000 * ONE, &stake).unwrap();
    world.advance(0);
    let action = world.messages(1);
    let id = world.in_voting(action);
    refused(world.vote("mallory", id, Choice::Yes), 9);
}

fn ask(world: &World) -> prediction_market::MarketResponse {
    let query = prediction_market::QueryMsg::Market { market: 1 };
    world.app.wrap().query_wasm_smart(&world.market, &query).unwrap()
}

/// What the market takes as bonded answers, in their order.
#[cw_serde]
enum Bond {
    Answer {
        market: u64,
        answer: u8,
        evidence: HexBinary,
    },
    Dispute {
        market: u64,
        answer: u8,
        evidence: HexBinary,
    },
}

fn bond(world: &mut World, who: &str, answer: u8, first: bool) {
    let (market, evidence) = (1, HexBinary::from([7; 32]));
    let hook = match first {
        true => Bond::Answer {
            market,
            answer,
            evidence,
        },
        false => Bond::Dispute {
            market,
            answer,
            evidence,
        },
    };
    let (amount, to) = (ask(world).next_bond.unwrap().u128(), world.market.to_string());
    send(world, who, &to, amount, &hook).unwrap();
}

/// A market answered 0, disputed with void, and disputed again with 0: the stakers are asked.
fn disputed() -> (World, u64) {
    let mut world = neighbourhood();
    let close_at = world.now() + DAY;
    let propose = prediction_market::Cw20Hook::Propose {
        question: "Will it rain?".into(),
        outcomes: vec!["yes".into(), "no".into()],
        close_at,
        resolve_after: close_at,
        evidence_rule: "The gauge on the roof".into(),
    };
    let to = world.market.to_string();
    send(&mut world, "dave", &to, DEPOSIT, &propose).unwrap();
    world.advance(DAY);
    for (round, (who, answer)) in [("mallory", 0), ("carol", prediction_market::VOID), ("mallory", 0)]
        .iter()
        .enumerate()
    {
        bond(&mut world, who, *answer, round == 0);
        world.advance(3_600);
    }
    let vote: ProposalResponse = world.query(&QueryMsg::Outcome { market: 1 });
    (world, vote.summary.id)
}

#[test]
fn stakers_decide_a_market_that_was_disputed_twice() {
    let (mut world, id) = disputed();
    match world.proposal(id).subject {
        Subject::Outcome { answers, total, .. } => {
            let answers: Vec<u8> = answers.iter().map(|tally| tally.answer).collect();
            assert_eq!(answers, [0, prediction_market::VOID]);
            assert_eq!(total.u128(), BONDED.iter().map(|(_, amount)| amount).sum::<u128>());
        }
        Subject::Motion { .. } | Subject::Appeal { .. } => panic!("an outcome"),
    }
    refused(world.vote("alice", id, Choice::Answer(1)), 8);
    // those who are no Whales vote here
    world.vote("erin", id, Choice::Answer(0)).unwrap();
    world.vote("dave", id, Choice::Answer(prediction_market::VOID)).unwrap();
    world
        .vote("carol", id, Choice::Answer(prediction_market::VOID))
        .unwrap();
    refused(world.execute(id), 7);
    world.advance_to(world.schedule(id).voting_ends);
    world.execute(id).unwrap();
    let market = ask(&world);
    assert_eq!(market.status, prediction_market::Status::Voided);
    assert_eq!(market.result.unwrap().answer, prediction_market::VOID);
}

#[test]
fn without_a_quorum_the_market_goes_on_by_its_own_rule() {
    let (mut world, id) = disputed();
    // 50,000 of 1,350,000
    world.vote("erin", id, Choice::Answer(prediction_market::VOID)).unwrap();
    world.advance_to(world.schedule(id).voting_ends);
    world.execute(id).unwrap();
    let market = ask(&world);
    assert_eq!(
        (market.status, market.answer),
        (prediction_market::Status::Answered, Some(0))
    );
}

#[test]
fn nobody_but_governance_decides() {
    let (mut world, _) = disputed();
    let (mallory, market) = (world.user("mallory"), world.market.clone());
    let decide = prediction_market::ExecuteMsg::Decide {
        market: 1,
        answer: Some(0),
    };
    let error = world.act(&mallory, &market, &decide).unwrap_err();
    assert!(error.starts_with("[market:911]"), "{error}");
}
