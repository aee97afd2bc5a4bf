//! SettleUsage. IN costs 3 µCredit a unit (attested cost 1), OUT 10 (9.5), OTHER 1 (0).

use interfaces::credit_vault::EntryOutcome::*;
use interfaces::credit_vault::*;
use math::halving;

use crate::stand_in::Reaction;
use crate::world::*;

#[test]
fn charge_moves_credits_from_the_account_to_the_week_and_mines() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100 * ONE);
    let entry = world.usage(&alice, IN, ONE);
    let settled = world.settle_one(entry);
    assert_eq!(
        (settled.outcome, settled.charged, settled.cost),
        (Charged, amount(3 * ONE), amount(ONE))
    );
    assert_eq!(settled.account, Some(alice.to_string()));
    let overview = world.overview();
    let expected = [97 * ONE, 100 * ONE, 3 * ONE, 3 * ONE, 30 * ONE, 30 * ONE];
    let actual = [
        overview.supply,
        overview.reserve,
        overview.revenue,
        overview.consumed,
        overview.mined,
        overview.booked,
    ];
    assert_eq!(actual, expected.map(amount));
    assert_eq!(world.booked(&alice), 30 * ONE, "10 LCO a Credit in the first halving");
    let week = world.week_row(1, world.week());
    assert_eq!(
        (week.revenue, week.cost, week.mined),
        (amount(3 * ONE), amount(ONE), amount(30 * ONE))
    );
}

#[test]
fn events_tell_the_whole_settlement() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 10);
    let entries = vec![
        world.usage(&alice, IN, 2),
        world.usage(&alice, OUT, 1),
        world.usage(&alice, OTHER, 1),
    ];
    let report = world.report(1, entries);
    let response = world.settle_all(vec![report]);
    assert_eq!(count(&response, "entry"), 3);
    let first = |key| attribute(&response, "entry", key);
    assert_eq!(first("charged").as_deref(), Some("6"));
    assert_eq!(first("mined").as_deref(), Some("60"));
    assert_eq!(first("shortfall"), None);
    let last = response
        .events
        .iter()
        .filter(|event| event.ty == "wasm-entry")
        .nth(2)
        .unwrap();
    assert!(last
        .attributes
        .iter()
        .any(|other| other.key == "outcome" && other.value == ForeignSku.code().to_string()));
    assert_eq!(attribute(&response, "settlement", "charged").unwrap(), "10");
    assert_eq!(attribute(&response, "settlement", "mined").unwrap(), "100");
    assert_eq!(attribute(&response, "settlement", "tiers").unwrap(), "answered");
}

/// One bad entry of each kind between good ones: the good ones are charged, the bad ones touch nothing.
#[test]
fn poisoned_entries_do_not_revert_the_others() {
    let mut world = World::new();
    let (alice, bob, carol) = (
        world.spender("alice", 1, ONE),
        world.spender("bob", 2, ONE),
        world.spender("carol", 1, ONE),
    );
    world.ok(&carol, ExecuteMsg::CloseSpending { gateway: 1 });
    let mut entries = vec![];
    let mut expect = vec![];
    let mut add = |entry: SettleEntry, outcome| {
        expect.push((entry.account.clone(), entry.sku.clone(), outcome));
        entries.push(entry);
    };
    let good = world.usage(&alice, IN, 10);
    add(good.clone(), Charged);
    add(world.usage(&alice, OTHER, 10), ForeignSku);
    add(
        SettleEntry {
            sku: "nobody-has".into(),
            ..good.clone()
        },
        UnknownSku,
    );
    add(
        SettleEntry {
            sku: "\u{1f980} \u{0}".into(),
            ..good.clone()
        },
        UnknownSku,
    );
    add(
        SettleEntry {
            list: amount(101),
            ..world.usage(&alice, OUT, 10)
        },
        AboveRateCard,
    );
    add(world.usage(&bob, IN, 10), NoSpendingAccount);
    add(
        SettleEntry {
            last: world.now() + 61,
            ..world.usage(&carol, IN, 10)
        },
        Closed,
    );
    add(
        SettleEntry {
            cost: amount(11),
            list: amount(10),
            ..world.usage(&carol, OUT, 10)
        },
        CostAboveList,
    );
    add(
        SettleEntry {
            account: "not an address".into(),
            ..good.clone()
        },
        InvalidAccount,
    );
    add(
        SettleEntry {
            account: alice.to_string().to_uppercase(),
            ..good
        },
        InvalidAccount,
    );
    let settled = world.settle(entries);
    expect.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    for ((account, sku, outcome), entry) in expect.into_iter().zip(settled.entries) {
        assert_eq!(entry.outcome, outcome, "{account} {sku}");
        assert_eq!(
            entry.charged,
            amount(if outcome == Charged { 30 } else { 0 }),
            "{account} {sku}"
        );
    }
    assert_eq!(world.overview().revenue, amount(30));
}

#[test]
fn gateway_cannot_charge_above_the_card_or_below_cost() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 1_000 * ONE);
    let cases = [
        ("at the card", 7, 21, 7, Charged),
        ("list one above", 7, 22, 7, AboveRateCard),
        ("cost one above", 7, 21, 8, AboveRateCard),
        ("without units", 0, 1, 0, AboveRateCard),
        ("below the card", 7, 1, 1, Charged),
        ("cost above list", 7, 5, 6, CostAboveList),
        ("nothing at all", 0, 0, 0, Charged),
        ("absurd", u128::MAX, u128::MAX, 0, Shortfall),
    ];
    for (name, units, list, cost, outcome) in cases {
        let (units, list, cost) = (amount(units), amount(list), amount(cost));
        let entry = SettleEntry {
            units,
            list,
            cost,
            ..world.usage(&alice, IN, 1)
        };
        assert_eq!(world.settle_one(entry).outcome, outcome, "{name}");
    }
    assert_eq!(world.free(&alice), 0);
    assert_eq!(
        world.spending(&alice, 1).amount,
        amount(0),
        "the absurd claim took what was promised, and no more"
    );
}

#[test]
fn gateway_cannot_reach_an_account_opened_for_another() {
    let mut world = World::new();
    let alice = world.spender("alice", 2, 100);
    let entry = world.usage(&alice, IN, 10);
    assert_eq!(world.settle_one(entry).outcome, NoSpendingAccount);
    assert_eq!(world.spending(&alice, 2).amount, amount(100));
}

#[test]
fn suspended_or_unknown_gateway_moves_no_money() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    world.ok(&world.user("operator"), ExecuteMsg::SuspendGateway { gateway: 1 });
    for gateway in [1, 77] {
        let entries = vec![world.usage(&alice, IN, 10)];
        let report = world.report(gateway, entries);
        assert_eq!(world.settle_report(report).entries[0].outcome, GatewayNotAdmitted);
    }
    assert_eq!(world.spending(&alice, 1).amount, amount(100));
    let admission = GatewayAdmission {
        gateway: 1,
        payout: world.user("payout").to_string(),
    };
    world.ok(&world.user("owner"), ExecuteMsg::AdmitGateway { admission });
    let entry = world.usage(&alice, IN, 10);
    assert_eq!(world.settle_one(entry).outcome, Charged);
}

#[test]
fn duplicate_report_is_passed_over() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    let entries = vec![world.usage(&alice, IN, 10)];
    let report = world.report(1, entries);
    let twice = world.settle_all(vec![report.clone(), report.clone()]);
    assert_eq!(
        (count(&twice, "settlement"), count(&twice, "settlement_repeated")),
        (1, 1)
    );
    // another content under the same name changes nothing either
    let forged = SettleReport {
        entries: vec![world.usage(&alice, OUT, 7)],
        ..report
    };
    let again = world.settle_all(vec![forged]);
    assert_eq!(
        (count(&again, "settlement"), count(&again, "settlement_repeated")),
        (0, 1)
    );
    assert_eq!(world.spending(&alice, 1).amount, amount(70));
    assert_eq!(world.overview().consumed, amount(30));
}

/// Before the timelock lets anybody replace it, the worst a stolen oracle can do is to charge what users promised. Free Credits are out of its reach.
#[test]
fn malicious_oracle_reaches_promised_credits_only() {
    let mut world = World::new();
    let users: Vec<_> = ["alice", "bob", "carol"]
        .into_iter()
        .map(|name| {
            let user = world.deposit(name, 100);
            world.ok(&user, open(1, 60, 60));
            user
        })
        .collect();
    let entries = users
        .iter()
        .map(|user| world.usage(user, OUT, 10u128.pow(20)))
        .collect();
    let stolen = world.settle(entries).report;
    for (entry, action) in [
        (0, ChargeAction::Hold),
        (0, ChargeAction::Return),
        (0, ChargeAction::Return),
    ] {
        let _ = world.resolve(stolen, entry, action);
    }
    let returned = world.settlement(stolen).entries[0].account.clone().unwrap();
    for user in users {
        let back = if user.as_str() == returned { 58 } else { 0 };
        assert_eq!(world.free(&user), 40 + back);
        world.ok(&user, redeem(40 + back));
    }
    assert_eq!(world.overview().supply, amount(0));
}

#[test]
fn several_skus_of_one_account_share_its_money_in_entry_order() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    let (input, output) = (world.usage(&alice, IN, 25), world.usage(&alice, OUT, 5));
    let settled = world.settle(vec![output, input]);
    assert_eq!(
        settled
            .entries
            .iter()
            .map(|entry| (entry.outcome, entry.charged.u128()))
            .collect::<Vec<_>>(),
        [(Charged, 75), (Shortfall, 25),]
    );
    assert_eq!(world.spending(&alice, 1).shortfall, amount(25));
    assert_eq!(world.booked(&alice), 1_000);
}

/// An account with a small limit must not turn its gateway's revenue into cost: of a claim paid in part only that part of its cost counts.
#[test]
fn shortfall_does_not_inflate_the_cost() {
    let mut world = World::new();
    let alice = world.deposit("alice", 1_000);
    world.ok(&alice, open(1, 1_000, 100));
    let entry = world.usage(&alice, IN, 100);
    let settled = world.settle_one(entry);
    assert_eq!(
        (settled.outcome, settled.charged, settled.cost),
        (Shortfall, amount(100), amount(33))
    );
}

#[test]
fn daily_limit_starts_anew_at_midnight_of_the_settling_block() {
    let mut world = World::new();
    let alice = world.deposit("alice", 1_000);
    world.ok(&alice, open(1, 1_000, 30));
    world.at(DAY - 1);
    let settle = |world: &mut World, units| {
        let entry = world.usage(&alice, IN, units);
        world.settle_one(entry).charged.u128()
    };
    assert_eq!(settle(&mut world, 6), 18);
    assert_eq!(settle(&mut world, 6), 12);
    assert_eq!(settle(&mut world, 6), 0);
    assert_eq!(world.spending(&alice, 1).chargeable, amount(0));
    world.wait(1);
    assert_eq!(world.spending(&alice, 1).chargeable, amount(30));
    assert_eq!(settle(&mut world, 20), 30);
    // a higher limit counts from now on, with what the day has seen
    world.ok(
        &alice,
        ExecuteMsg::SetDailyLimit {
            gateway: 1,
            max_per_day: amount(50),
        },
    );
    assert_eq!(settle(&mut world, 20), 20);
    assert_eq!(world.spending(&alice, 1).shortfall, amount(6 + 18 + 30 + 40));
}

/// Calls are served, then the bound is lowered before their report arrives: they are charged all the same, and the account cannot be emptied in between.
#[test]
fn lowering_the_daily_limit_does_not_escape_a_report_under_way() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 1_000);
    let limit = |value| ExecuteMsg::SetDailyLimit {
        gateway: 1,
        max_per_day: amount(value),
    };
    let served = world.usage(&alice, IN, 100);
    let response = world.ok(&alice, limit(1));
    assert_eq!(
        attribute(&response, "spending_limit", "from").unwrap(),
        (MONDAY + HOUR).to_string()
    );
    world.ok(&alice, limit(1));
    let announced = LoweredLimit {
        max_per_day: amount(1),
        from: MONDAY + HOUR,
    };
    assert_eq!(world.spending(&alice, 1).lowered, Some(announced));
    world.wait(10 * MINUTE);
    assert_eq!(world.settle_one(served).charged, amount(300));
    world.wait(50 * MINUTE);
    let spending = world.spending(&alice, 1);
    assert_eq!((spending.max_per_day, spending.lowered), (amount(1), None));
    let later = world.usage(&alice, IN, 100);
    assert_eq!(world.settle_one(later).charged, amount(0));
    world.ok(&alice, limit(500));
    assert_eq!(world.spending(&alice, 1).chargeable, amount(200));
}

/// The gateway goes on serving until it sees the closing, at most a minute; the user cannot close to get calls for nothing.
#[test]
fn closing_race_is_decided_at_closing_plus_sixty_seconds() {
    for (after, outcome) in [(0, Charged), (60, Charged), (61, Closed), (3_600, Closed)] {
        let mut world = World::new();
        let alice = world.spender("alice", 1, 100);
        world.ok(&alice, ExecuteMsg::CloseSpending { gateway: 1 });
        let closing = world.now();
        world.wait(2 * HOUR);
        let entry = SettleEntry {
            last: closing + after,
            ..world.usage(&alice, IN, 10)
        };
        assert_eq!(world.settle_one(entry).outcome, outcome, "{after} s after closing");
    }
}

#[test]
fn closed_account_is_out_of_reach_when_its_window_is_over() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    let before = world.usage(&alice, IN, 10);
    world.ok(&alice, ExecuteMsg::CloseSpending { gateway: 1 });
    world.wait(DAY - 1);
    assert_eq!(world.settle_one(before.clone()).outcome, Charged);
    world.wait(1);
    assert_eq!(world.settle_one(before.clone()).outcome, Closed);
    world.ok(&alice, ExecuteMsg::WithdrawSpending { gateway: 1 });
    assert_eq!(world.settle_one(before).outcome, NoSpendingAccount);
    assert_eq!(world.free(&alice), 70);
}

#[test]
fn usage_from_before_opening_is_not_charged() {
    let mut world = World::new();
    world.wait(HOUR);
    let alice = world.spender("alice", 1, 100);
    for (last, outcome) in [(world.now() - 1, NoSpendingAccount), (world.now(), Charged)] {
        let entry = SettleEntry {
            last,
            ..world.usage(&alice, IN, 10)
        };
        assert_eq!(world.settle_one(entry).outcome, outcome);
    }
}

#[test]
fn revenue_belongs_to_the_week_of_the_settling_block() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    let week = world.week();
    world.at(WEEK - 1);
    let entry = world.usage(&alice, IN, 10);
    world.settle_one(entry.clone());
    world.wait(1);
    assert_eq!(world.week(), week + 1, "Monday 00:00 UTC");
    world.settle_one(entry);
    assert_eq!(
        (world.week_row(1, week).revenue, world.week_row(1, week + 1).revenue),
        (amount(30), amount(30))
    );
}

#[test]
fn spend_across_a_halving_is_exact_however_it_is_split() {
    let end = halving::FIRST_HALVING;
    let total = end + 7 * ONE + 3;
    let mined = |splits: &[u128]| {
        let mut world = World::with(|msg| msg.params.weekly_mint_cap = amount(halving::TOTAL));
        let alice = world.spender("alice", 2, total);
        let mut left = total;
        for split in splits.iter().copied().chain([total]) {
            let units = split.min(left);
            left -= units;
            let entries = vec![world.usage(&alice, OTHER, units)];
            let report = world.report(2, entries);
            world.settle_report(report);
        }
        assert_eq!(world.overview().consumed, amount(total));
        assert_eq!(world.overview().halving, 1);
        world.booked(&alice)
    };
    // the first halving whole, then 5 LCO a Credit: ⌊10 · 7,000,003 / 2⌋ = 35,000,015
    let expected = halving::LCO_PER_HALVING + 35_000_015;
    for splits in [&[][..], &[end], &[end - 1, 1, 1, 1, 1], &[1, 3, 7, end / 3, end / 7]] {
        assert_eq!(mined(splits), expected, "{splits:?}");
    }
}

#[test]
fn weekly_cap_stops_mining_but_never_the_charge() {
    let mut world = World::with(|msg| msg.params.weekly_mint_cap = amount(1_000));
    let alice = world.spender("alice", 1, 10_000);
    let settle = |world: &mut World, units| {
        let entry = world.usage(&alice, IN, units);
        world.settle_one(entry).charged.u128()
    };
    assert_eq!(settle(&mut world, 30), 90);
    // 30 µCredit of room are left at 10 µLCO each: of 60 the first 10 advance C
    assert_eq!(settle(&mut world, 20), 60);
    assert_eq!((world.overview().consumed, world.booked(&alice)), (amount(100), 1_000));
    assert_eq!(settle(&mut world, 20), 60);
    assert_eq!((world.overview().consumed, world.booked(&alice)), (amount(100), 1_000));
    assert_eq!(world.overview().revenue, amount(210));
    // the other gateway has its own cap, the next week a new one
    let bob = world.spender("bob", 2, 1_000);
    let entries = vec![world.usage(&bob, OTHER, 5)];
    let report = world.report(2, entries);
    world.settle_report(report);
    assert_eq!(world.booked(&bob), 50);
    world.at(WEEK);
    assert_eq!(settle(&mut world, 1), 3);
    assert_eq!(world.booked(&alice), 1_030);
}

#[test]
fn mining_ends_with_the_supply() {
    let mut world = World::with(|msg| msg.params.weekly_mint_cap = amount(halving::TOTAL));
    let whale = world.user("alice");
    let all = halving::EXHAUSTED_AT + 1_000;
    world.app.init_modules(|router, _, storage| {
        router
            .bank
            .init_balance(storage, &whale, cosmwasm_std::coins(all, DENOM))
            .unwrap();
    });
    let alice = world.spender("alice", 2, all);
    let settle = |world: &mut World, units| {
        let entries = vec![world.usage(&alice, OTHER, units)];
        let report = world.report(2, entries);
        world.settle_report(report);
        world.overview().mined.u128()
    };
    assert_eq!(settle(&mut world, halving::EXHAUSTED_AT), halving::TOTAL);
    assert_eq!(settle(&mut world, 1_000), halving::TOTAL);
    assert_eq!(world.overview().halving, 10);
    let wash: WashCostResponse = world.query(&QueryMsg::WashCost {});
    assert_eq!(wash.credits_per_lco, None);
    world.ok(&alice, ExecuteMsg::ClaimLco {});
    assert_eq!(world.lco(&alice), halving::TOTAL);
}

#[test]
fn form_of_the_message_is_bounded_even_from_the_oracle() {
    let mut world = World::new();
    let oracle = world.user("oracle");
    let alice = world.spender("alice", 1, 100);
    let entry = world.usage(&alice, IN, 1);
    let named = |number: usize| SettleEntry {
        sku: format!("{number:05}"),
        ..entry.clone()
    };
    let report = |world: &mut World, entries: Vec<SettleEntry>| {
        let sorted = world.report(1, vec![]);
        ExecuteMsg::SettleUsage {
            reports: vec![SettleReport { entries, ..sorted }],
        }
    };
    let full = report(&mut world, (0..200).map(named).collect());
    world.ok(&oracle, full);
    let over = report(&mut world, (0..201).map(named).collect());
    assert_eq!(world.refused(&oracle, over), 13);
    let twice = report(&mut world, vec![entry.clone(), entry.clone()]);
    assert_eq!(world.refused(&oracle, twice), 15);
    let unsorted = report(&mut world, vec![named(2), named(1)]);
    assert_eq!(world.refused(&oracle, unsorted), 15);
    let reports = (0..65).map(|_| world.report(1, vec![])).collect();
    assert_eq!(world.refused(&oracle, ExecuteMsg::SettleUsage { reports }), 13);
}

#[test]
fn receivers_cannot_stop_a_settlement() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    for peer in [world.wars.clone(), world.tiers.clone()] {
        world.react(&peer, Reaction::Fail);
    }
    let entry = world.usage(&alice, IN, 10);
    assert_eq!(world.settle_one(entry).charged, amount(30));
}

/// Rows that many accounts share do not grow with them; per account and entry the row of a report takes at most 32 bytes for an account's key.
#[test]
fn rows_of_a_settlement_do_not_grow_with_users() {
    let mut sizes = vec![];
    for users in [1, 50] {
        let mut world = World::new();
        for number in 0..users {
            let user = world.user(&format!("user{number}"));
            let funds = cosmwasm_std::coins(1_000, DENOM);
            world
                .app
                .init_modules(|router, _, storage| router.bank.init_balance(storage, &user, funds).unwrap());
            world.spender(&format!("user{number}"), 1, 1_000);
        }
        let before = world.app.dump_wasm_raw(&world.vault);
        let user = world.user("user0");
        let entry = world.usage(&user, IN, 10);
        world.settle_one(entry);
        let after = world.app.dump_wasm_raw(&world.vault);
        let written: usize = after
            .iter()
            .filter(|row| !before.contains(row))
            .map(|(key, value)| key.len() + value.len())
            .sum();
        sizes.push(written);
    }
    // totals may take a byte or two more for larger numbers
    assert!(sizes[1] <= sizes[0] + 4, "{sizes:?}");
}
