//! An instance over VCAI, with the real token as deposit token. A stand-in holds the supply and knows the revenue.

use cosmwasm_std::{to_json_binary, Addr, Empty, Timestamp, Uint128};
use cw20::{Cw20ExecuteMsg, TokenInfoResponse};
use cw_multi_test::{App, ContractWrapper};
use interfaces::governance::*;
use interfaces::token_allocation::{Bucket, Cw20Hook as AllocationHook, NewGrant, VestingSchedule};
use interfaces::vcai;
use kit::compact::encode;
use kit::escrow::{Ending, Sums, Total};

use crate::stand_in::module::{self, ModuleMsg, Setup};
use crate::stand_in::puppet;
use crate::stand_in::purse::{self, Heard, PurseMsg, PurseQuery};
use crate::world::*;

/// 10^6 base units to a VCAI.
const MILLION: u128 = 1_000_000 * ONE;
/// Locked by the usual electorate: 600 million VCAI.
const LOCKS: [(&str, u128); 3] = [
    ("alice", 250 * MILLION),
    ("bob", 200 * MILLION),
    ("carol", 150 * MILLION),
];

struct Net {
    world: World,
    purse: Addr,
}

fn deploy(governance: &str) -> Net {
    let mut app = App::default();
    app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY));
    let code = app.store_code(purse::contract());
    let purse = create(&mut app, code, &Empty {}, "purse");
    let code = app.store_code(Box::new(ContractWrapper::new(
        ::vcai::contract::execute,
        ::vcai::contract::instantiate,
        ::vcai::contract::query,
    )));
    let msg = vcai::InstantiateMsg {
        name: "VCAI".into(),
        symbol: "VCAI".into(),
        governance: governance.to_owned(),
        allocation: purse.to_string(),
        marketing: None,
    };
    let token = create(&mut app, code, &msg, "vcai");
    let code = app.store_code(module::contract());
    let setup = Setup {
        root: true,
        whale: Uint128::zero(),
    };
    let module = create(&mut app, code, &setup, "escrow");
    let code = app.store_code(puppet::contract());
    let [market, appeals, target] =
        ["market", "appeals", "target"].map(|label| create(&mut app, code, &Empty {}, label));
    let msg = InstantiateMsg {
        voting_module: module.to_string(),
        deposit_token: token.to_string(),
        prediction_market: None,
        appeals: Some(appeals.to_string()),
        network: Some(Network {
            allocation: purse.to_string(),
            treasury: purse.to_string(),
        }),
        params: Params {
            deposit: DEPOSIT.into(),
            deposit_recipient: app.api().addr_make("fund").into(),
            refund_bps: 500,
        },
        tracks: Tracks {
            floor: Uint128::one(),
            ..tracks()
        },
    };
    use ::governance::contract::{execute, instantiate, query};
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let gov = create(&mut app, code, &msg, "governance");
    let world = World {
        app,
        gov,
        token,
        module,
        market,
        appeals,
        target,
    };
    Net { world, purse }
}

impl Net {
    /// Token and governance know each other: the address is found in a first try.
    fn empty() -> Self {
        let address = deploy(App::default().api().addr_make("nobody").as_str()).world.gov;
        let mut net = deploy(address.as_str());
        assert_eq!(net.world.gov, address);
        for name in ["alice", "bob", "carol", "dave", "mallory"] {
            let recipient = net.world.user(name).into();
            net.relay(&Cw20ExecuteMsg::Transfer {
                recipient,
                amount: WEALTH.into(),
            });
        }
        net
    }

    /// With the usual locks, and enough revenue for one issuance.
    fn new() -> Self {
        let mut net = Self::empty();
        for (who, amount) in LOCKS {
            net.world.stake(who, amount);
        }
        net.earn(REVENUE_PER_ISSUANCE);
        net.world.advance(1);
        net
    }

    fn purse_says(&mut self, msg: &PurseMsg) {
        let (sender, purse) = (self.world.user("mallory"), self.purse.clone());
        self.world.act(&sender, &purse, msg).unwrap();
    }

    fn relay(&mut self, msg: &Cw20ExecuteMsg) {
        let relay = PurseMsg::Relay {
            contract: self.world.token.to_string(),
            msg: to_json_binary(msg).unwrap(),
        };
        self.purse_says(&relay);
    }

    fn earn(&mut self, net_fees: u128) {
        let net_fees = net_fees.into();
        self.purse_says(&PurseMsg::Earn { net_fees });
    }

    fn heard(&self) -> Heard {
        let ask = PurseQuery::Heard {};
        self.world.app.wrap().query_wasm_smart(&self.purse, &ask).unwrap()
    }

    fn info(&self) -> TokenInfoResponse {
        let ask = vcai::QueryMsg::TokenInfo {};
        self.world.app.wrap().query_wasm_smart(&self.world.token, &ask).unwrap()
    }

    fn quota(&self) -> QuotaResponse {
        self.world.query(&QueryMsg::Quota {})
    }

    fn issuance(&self, amount: u128) -> StrategicIssuance {
        let recipient = |name: &str, amount: u128| Recipient {
            address: self.world.user(name).into(),
            amount: amount.into(),
        };
        StrategicIssuance {
            purpose: "A data centre in the north".into(),
            partners: vec!["North".into()],
            amount: amount.into(),
            recipients: vec![recipient("erin", amount / 4), recipient("frank", amount - amount / 4)],
            vesting: VestingSchedule::monthly(0, 6, 24).unwrap(),
            terms: "By the letter of intent".into(),
            uses_quota: true,
        }
    }

    fn spend(&self, amount: u128) -> Action {
        Action::Spend {
            to: self.world.user("erin").into(),
            amount: amount.into(),
        }
    }
}

#[test]
fn a_strategic_issuance_goes_from_revenue_and_locks_to_vesting() {
    let mut net = Net::new();
    assert_eq!(net.quota().left, Uint128::one());
    let amount = 40 * MILLION;
    let issuance = net.issuance(amount);
    let before = net.info().total_supply.u128();
    let id = net.world.ready(Action::StrategicIssuance(issuance.clone()));
    assert_eq!(net.world.proposal(id).summary.kind, Kind::StrategicIssuance);
    net.world.execute(id).unwrap();
    let grants = issuance.recipients.iter().map(|recipient| NewGrant {
        beneficiary: recipient.address.clone(),
        amount: recipient.amount,
        schedule: Some(issuance.vesting),
    });
    let hook = AllocationHook::Vest {
        proposal: id,
        grants: grants.collect(),
    };
    let (token, gov) = (net.world.token.to_string(), net.world.gov.to_string());
    assert_eq!(net.heard().vested, [(token, gov, Uint128::new(amount), hook)]);
    assert_eq!(net.info().total_supply.u128(), before + amount);
    // governance keeps nothing but the deposit
    assert_eq!(net.world.balance(&net.world.gov), DEPOSIT);
    assert_eq!((net.quota().left, net.quota().executed), (Uint128::zero(), 1));
    let again = net.issuance(amount);
    refused(net.world.propose("dave", Action::StrategicIssuance(again)), 26);
}

#[test]
fn the_quota_is_the_lesser_of_revenue_and_locks_in_whole_steps() {
    let mut net = Net::new();
    let table = [
        (0, 0, 600, 1),
        (REVENUE_PER_ISSUANCE - 1, 0, 600, 1),
        (REVENUE_PER_ISSUANCE, 1, 600, 1),
        (3 * REVENUE_PER_ISSUANCE, 3, 600, 1),
        (3 * REVENUE_PER_ISSUANCE, 3, 499, 0),
        (3 * REVENUE_PER_ISSUANCE, 3, 1_000, 2),
    ];
    for (revenue, revenue_steps, locked, locked_steps) in table {
        net.earn(revenue);
        net.world.stake("alice", locked * MILLION - 350 * MILLION);
        net.world.advance(1);
        let quota = net.quota();
        assert_eq!(quota.revenue_steps.u128(), revenue_steps);
        assert_eq!(quota.locked_steps.u128(), locked_steps);
        assert_eq!(quota.left.u128(), revenue_steps.min(locked_steps));
    }
}

/// The escrow's code is not asked, so what stands in its storage must mean the same.
#[test]
fn the_electorate_is_what_the_escrow_stored() {
    let mut net = Net::new();
    let (escrow, now) = (net.world.module.clone(), net.world.moment());
    let ending = Ending {
        slope: 7,
        amount: LOCKED_PER_ISSUANCE,
    };
    let sums = Sums::default().plus(ending, now.time + DAY).unwrap();
    let row = encode(&Total {
        sums: sums.recorded(now),
        ..Total::default()
    });
    let alice = net.world.user("alice");
    net.world.act(&alice, &escrow, &ModuleMsg::Sums(row.into())).unwrap();
    net.world.advance(1);
    assert_eq!(net.quota().locked_steps, Uint128::one());
    let action = net.world.params(1);
    let id = net.world.propose("dave", action).unwrap();
    match net.world.proposal(id).subject {
        Subject::Motion { total, .. } => assert_eq!(total, sums.power(now.time + 1).unwrap()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_quota_is_checked_again_at_execution() {
    let mut net = Net::new();
    let issuance = net.issuance(10 * MILLION);
    let action = Action::StrategicIssuance(issuance);
    let first = net.world.propose("dave", action.clone()).unwrap();
    let second = net.world.propose("mallory", action).unwrap();
    net.world.advance(7 * DAY);
    for id in [first, second] {
        for who in ["alice", "bob"] {
            net.world.vote(who, id, Choice::Yes).unwrap();
        }
    }
    net.world.advance(8 * DAY);
    net.world.execute(first).unwrap();
    refused(net.world.execute(second), 26);
    net.earn(2 * REVENUE_PER_ISSUANCE);
    refused(net.world.execute(second), 26);
    net.world.stake("carol", 550 * MILLION);
    net.world.advance(1);
    net.world.execute(second).unwrap();
    assert_eq!(net.quota().executed, 2);
}

#[test]
fn locks_that_end_before_execution_close_the_quota() {
    let mut net = Net::new();
    let issuance = net.issuance(10 * MILLION);
    let id = net.world.ready(Action::StrategicIssuance(issuance));
    net.world.stake("carol", 0);
    net.world.advance(1);
    refused(net.world.execute(id), 26);
    assert!(net.heard().vested.is_empty());
}

#[test]
fn five_percent_a_year_at_most_whatever_was_voted() {
    let mut net = Net::new();
    let cap = 500 * MILLION;
    let issuance = net.issuance(cap + 1);
    let id = net.world.ready(Action::StrategicIssuance(issuance));
    refused(net.world.execute(id), 27);
    let issuance = net.issuance(cap);
    let id = net.world.ready(Action::StrategicIssuance(issuance));
    net.world.execute(id).unwrap();
    // used up: the next step waits for the next year
    net.earn(2 * REVENUE_PER_ISSUANCE);
    net.world.stake("carol", 550 * MILLION);
    net.world.advance(1);
    let issuance = net.issuance(MILLION);
    let mut schedule_end = 0;
    let id = net.world.in_voting(Action::StrategicIssuance(issuance));
    for who in ["alice", "bob", "carol"] {
        net.world.vote(who, id, Choice::Yes).unwrap();
        schedule_end = net.world.schedule(id).ready_at;
    }
    net.world.advance_to(schedule_end);
    refused(net.world.execute(id), 27);
}

#[test]
fn while_less_than_two_percent_is_locked_no_money_moves() {
    // 200 million of ten billion
    let edge = 200 * MILLION;
    for (at_proposal, at_execution, passes) in [
        (edge, edge, true),
        (edge - 1, edge, false),
        (edge, edge - 1, false),
        (3 * edge, edge, true),
    ] {
        let mut net = Net::empty();
        net.world.stake("alice", at_proposal);
        net.world.advance(1);
        let actions = [net.spend(ONE), Action::Reprice { exponent: 2 }, net.world.messages(1)];
        let ids = actions.map(|action| net.world.propose("dave", action).unwrap());
        let params = net.world.params(2);
        let params = net.world.propose("dave", params).unwrap();
        net.world.advance(7 * DAY);
        for id in ids.iter().chain([&params]) {
            net.world.vote("alice", *id, Choice::Yes).unwrap();
        }
        net.world.advance(7 * DAY);
        net.world.stake("alice", at_execution);
        net.world.advance(DAY);
        for id in ids {
            match passes {
                true => drop(net.world.execute(id).unwrap()),
                false => refused(net.world.execute(id), 28),
            }
        }
        // parameters are another matter
        net.world.execute(params).unwrap();
    }
}

#[test]
fn parameters_over_vcai_keep_to_the_floor_at_execution() {
    let mut net = Net::new();
    let id = net.world.ready(net.world.params(1));
    for (who, _) in LOCKS {
        net.world.stake(who, 0);
    }
    net.world.advance(1);
    refused(net.world.execute(id), 14);
}

/// Alice has most of the money, the split accounts most of the weight.
#[test]
fn a_split_whale_passes_one_majority_and_fails_the_other_wherever_money_moves() {
    let mut net = Net::empty();
    net.earn(REVENUE_PER_ISSUANCE);
    net.world.stake("alice", 1_000 * MILLION);
    let names: Vec<String> = (0..16).map(|index| format!("split{index}")).collect();
    for name in &names {
        net.world.stake(name, 40 * MILLION);
    }
    net.world.advance(1);
    let issuance = net.issuance(MILLION);
    let money = [
        Action::StrategicIssuance(issuance),
        net.spend(ONE),
        Action::Reprice { exponent: -2 },
        net.world.messages(1),
    ];
    let ids = money.map(|action| net.world.propose("dave", action).unwrap());
    let params = net.world.params(1);
    let params = net.world.propose("dave", params).unwrap();
    net.world.advance(7 * DAY);
    for id in ids.iter().chain([&params]) {
        for name in &names {
            net.world.vote(name, *id, Choice::Yes).unwrap();
        }
    }
    net.world.advance(8 * DAY);
    for id in ids {
        match net.world.proposal(id).subject {
            Subject::Motion {
                weight_majority,
                linear_majority,
                ..
            } => assert_eq!((weight_majority, linear_majority), (true, false)),
            other => panic!("{other:?}"),
        }
        assert_eq!(net.world.status(id), Status::Rejected);
    }
    assert_eq!(net.world.status(params), Status::Ready);
}

#[test]
fn spending_comes_out_of_the_reserve_and_five_percent_of_it_at_most() {
    let mut net = Net::new();
    // 20 % of ten billion, of which 5 %
    let most = 100 * MILLION;
    let too_much = net.spend(most + 1);
    refused(net.world.propose("dave", too_much), 29);
    let nothing = net.spend(0);
    refused(net.world.propose("dave", nothing), 2);
    let action = net.spend(most);
    net.world.pass(action).unwrap();
    let (gov, erin) = (net.world.gov.to_string(), net.world.user("erin").to_string());
    assert_eq!(net.heard().spent, [(gov, Bucket::Reserve, erin, Uint128::new(most))]);
}

#[test]
fn repricing_changes_decimals_and_no_balance_and_uses_no_quota() {
    let mut net = Net::new();
    let before = (net.info(), net.world.balance(&net.purse));
    let quota = net.quota();
    net.world.pass(Action::Reprice { exponent: 2 }).unwrap();
    let after = (net.info(), net.world.balance(&net.purse));
    assert_eq!((before.0.decimals, after.0.decimals), (6, 4));
    assert_eq!((before.0.total_supply, before.1), (after.0.total_supply, after.1));
    assert_eq!(net.quota(), quota);
    for exponent in [0, 1, -1, 3, 17, 19, 20, -19, -20, i8::MAX, i8::MIN] {
        refused(net.world.propose("dave", Action::Reprice { exponent }), 2);
    }
    // within the bounds of a message, but not of the token: nothing happens
    let id = net.world.ready(Action::Reprice { exponent: 18 });
    net.world.execute(id).unwrap_err();
    assert_eq!(net.info().decimals, 4);
}

#[test]
fn what_voters_are_told_of_an_issuance_is_what_happens() {
    let mut net = Net::new();
    let good = net.issuance(MILLION);
    let twice = vec![good.recipients[0].clone(), good.recipients[0].clone()];
    let long = "x".repeat(MAX_TERMS_BYTES + 1);
    let with = |change: &dyn Fn(&mut StrategicIssuance)| {
        let mut issuance = good.clone();
        change(&mut issuance);
        issuance
    };
    let table = [
        (with(&|one| one.uses_quota = false), 25),
        (with(&|one| one.amount += Uint128::one()), 24),
        (with(&|one| one.amount -= Uint128::one()), 24),
        (
            with(&|one| {
                one.amount = good.recipients[0].amount * Uint128::new(2);
                one.recipients = twice.clone();
            }),
            24,
        ),
        (with(&|one| one.recipients.clear()), 4),
        (with(&|one| one.recipients = vec![one.recipients[0].clone(); 17]), 4),
        (with(&|one| one.recipients[0].amount = Uint128::zero()), 2),
        (with(&|one| one.recipients[0].address = "x".into()), 1),
        (with(&|one| one.purpose.clear()), 3),
        (with(&|one| one.purpose = long.clone()), 3),
        (with(&|one| one.terms = long.clone()), 3),
        (with(&|one| one.partners = vec![String::new()]), 3),
        (with(&|one| one.partners = vec!["North".into(); 17]), 4),
    ];
    for (issuance, expected) in table {
        let shown = format!("{issuance:?}");
        let error = net
            .world
            .propose("dave", Action::StrategicIssuance(issuance))
            .unwrap_err();
        assert_eq!(code(&error), expected, "{shown}: {error}");
    }
    net.world.propose("dave", Action::StrategicIssuance(good)).unwrap();
}

#[test]
fn an_instance_without_vcai_refuses_what_only_vcai_knows() {
    let net = Net::new();
    let (issuance, spend) = (net.issuance(MILLION), net.spend(ONE));
    let mut world = World::new();
    for action in [
        Action::StrategicIssuance(issuance),
        spend,
        Action::Reprice { exponent: 2 },
    ] {
        refused(world.propose("dave", action), 23);
    }
    let quota = world
        .app
        .wrap()
        .query_wasm_smart::<QuotaResponse>(&world.gov, &QueryMsg::Quota {});
    assert!(quota.unwrap_err().to_string().contains("[governance:23]"));
}

#[test]
fn messages_cannot_issue_or_reprice_past_the_quota() {
    let mut net = Net::new();
    let issue = vcai::ExecuteMsg::Issue {
        to: net.world.user("mallory").into(),
        amount: Uint128::one(),
        proposal: 1,
    };
    let msg = cosmwasm_std::wasm_execute(&net.world.token, &issue, vec![])
        .unwrap()
        .into();
    refused(net.world.propose("dave", Action::Messages { msgs: vec![msg] }), 12);
}
