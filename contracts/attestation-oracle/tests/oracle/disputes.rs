//! A false report is proved false, paid for once, and only as far as somebody paid for it.

use attestation::{prove, prove_subtree, Entry, Leaf, MerkleBuilder, MerkleSum, Proof, Sums};
use cosmwasm_std::{Addr, Binary};
use interfaces::attestation_oracle::StatementOutcome::*;
use interfaces::attestation_oracle::{Dispute, ExecuteMsg, Role};
use interfaces::credit_vault;
use sha2::{Digest as _, Sha256};
use tee_testkit::PlatformSpec;

use crate::world::*;

struct Case {
    world: World,
    by: Enrolled,
    alice: Addr,
    finder: Addr,
}

fn case() -> Case {
    let mut world = World::new();
    let by = world.gateway();
    let alice = world.customer("alice", 50_000 * USDT);
    let finder = world.actor("finder");
    world.pass(HOUR);
    Case {
        world,
        by,
        alice,
        finder,
    }
}

/// What a dispute moved: to the account, to its sender, out of the bond; or the refusal's code.
type Moved = Result<(u128, u128, u128), u16>;

impl Case {
    fn dispute(&mut self, dispute: Dispute) -> Moved {
        let alice = self.alice.clone();
        self.dispute_for(&alice, dispute)
    }

    fn dispute_for(&mut self, account: &Addr, dispute: Dispute) -> Moved {
        let finder = self.finder.clone();
        let read = |world: &World| {
            let bond = world.subject(gateway(1)).bond.u128();
            (world.balance(account), world.balance(&finder), bond)
        };
        let before = read(&self.world);
        let result = self.world.exec(&finder, &ExecuteMsg::DisputeCall { dispute });
        let after = read(&self.world);
        let moved = (after.0 - before.0, after.1 - before.1, before.2 - after.2);
        assert_eq!(moved.0 + moved.1, moved.2, "what leaves the bond arrives");
        match result {
            Ok(_) => Ok(moved),
            Err(error) => {
                assert_eq!(moved, (0, 0, 0), "a refusal moves nothing");
                Err(code(&error))
            }
        }
    }

    fn call(&self, id: &str) -> Leaf {
        self.world.call(id, &self.alice)
    }

    fn post(&mut self, after: Option<&Posted>, log: Vec<Leaf>) -> Posted {
        let by = self.by.clone();
        let posted = self.world.post(&by, after.map(|posted| &posted.body), &[log]);
        assert_eq!(posted.outcome, Accepted);
        posted
    }

    /// Posts an entry as a liar would: whatever it states over whatever leaves.
    fn post_lie(&mut self, entry: Entry, log: Vec<Leaf>) -> Posted {
        let by = self.by.clone();
        let posted = self.world.post_entries(&by, None, vec![entry], vec![log]);
        assert_eq!(posted.outcome, Accepted);
        posted
    }
}

fn duplicate(first: &Posted, a: usize, second: &Posted, b: usize) -> Dispute {
    Dispute::DuplicateCall {
        first: first.proven(0, a),
        second: second.proven(0, b),
    }
}

fn wrong_price(posted: &Posted, leaf: usize) -> Dispute {
    Dispute::WrongPrice {
        call: posted.proven(0, leaf),
    }
}

fn root_of(leaves: &[Leaf]) -> MerkleSum {
    let mut tree = MerkleBuilder::new();
    leaves.iter().for_each(|leaf| tree.push(leaf.node().unwrap()).unwrap());
    tree.root().unwrap()
}

/// An entry of `account` over leaves that need not be its own.
fn entry_over(account: &Addr, leaves: &[Leaf]) -> Entry {
    let root = root_of(leaves);
    Entry {
        account: account.to_string(),
        sku: SKU.to_owned(),
        calls: root.sums.calls,
        units: root.sums.units,
        list: root.sums.list,
        cost: root.sums.cost,
        last: leaves.iter().map(|leaf| leaf.time).max().unwrap(),
        leaves_root: root.hash,
    }
}

// ---- duplicate calls ----

#[test]
fn call_billed_in_two_reports_pays_twice_and_a_bounty() {
    let mut case = case();
    let first = case.post(None, vec![case.call("a"), case.call("b")]);
    case.world.pass(60);
    let second = case.post(Some(&first), vec![case.call("c"), case.call("a")]);
    assert_eq!(case.dispute(duplicate(&first, 0, &second, 1)), Ok((4_000, 100, 4_100)));
    // Once.
    assert_eq!(case.dispute(duplicate(&first, 0, &second, 1)), Err(55));
}

#[test]
fn call_billed_twice_in_one_entry_is_found_too() {
    let mut case = case();
    let posted = case.post(None, vec![case.call("a"), case.call("b"), case.call("a")]);
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 2)), Ok((4_000, 100, 4_100)));
}

#[test]
fn one_call_is_not_its_own_duplicate_and_order_matters() {
    let mut case = case();
    let posted = case.post(None, vec![case.call("a"), case.call("a")]);
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 0)), Err(51));
    assert_eq!(case.dispute(duplicate(&posted, 1, &posted, 0)), Err(51));
    let honest = case.post(Some(&posted), vec![case.call("b"), case.call("c")]);
    assert_eq!(case.dispute(duplicate(&honest, 0, &honest, 1)), Err(52));
}

#[test]
fn three_copies_are_two_falsehoods_whatever_the_order() {
    let mut case = case();
    let posted = case.post(None, vec![case.call("a"), case.call("a"), case.call("a")]);
    assert_eq!(case.dispute(duplicate(&posted, 1, &posted, 2)), Ok((4_000, 100, 4_100)));
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 2)), Err(55));
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 1)), Ok((4_000, 100, 4_100)));
}

#[test]
fn call_billed_to_two_accounts_pays_the_later_one() {
    let mut case = case();
    let bob = case.world.customer("bob", USDT);
    case.world.pass(10);
    let (by, world) = (case.by.clone(), &mut case.world);
    let first = world.post(&by, None, &[vec![world.call("a", &case.alice)]]);
    let second = world.post(&by, Some(&first.body), &[vec![world.call("a", &bob)]]);
    assert_eq!(
        case.dispute_for(&bob, duplicate(&first, 0, &second, 0)),
        Ok((4_000, 100, 4_100))
    );
}

#[test]
fn same_call_id_at_another_gateway_or_for_another_sku_is_no_duplicate() {
    let mut case = case();
    let (platform, other) = (
        case.world.pki.platform(PlatformSpec::numbered(2)),
        case.world.actor("other host"),
    );
    let by_other = case
        .world
        .enrol_on(&platform, &other, Role::Gateway, None, &ed(3), GATEWAY_BOND)
        .unwrap();
    case.world.pass(200);
    let elsewhere = case.world.post(&by_other, None, &[vec![case.call("a")]]);
    let mut tokens_in = case.call("a");
    tokens_in.sku = SKU2.to_owned();
    let by = case.by.clone();
    let here = case.world.post(&by, None, &[vec![case.call("a")], vec![tokens_in]]);
    assert_eq!((elsewhere.outcome, here.outcome), (Accepted, Accepted));
    // The same call id and SKU, and a later place: only the gateway differs.
    assert_eq!(here.entries[1].sku, elsewhere.entries[0].sku);
    let two_gateways = Dispute::DuplicateCall {
        first: elsewhere.proven(0, 0),
        second: here.proven(1, 0),
    };
    assert_eq!(case.dispute(two_gateways), Err(51));
    let two_skus = Dispute::DuplicateCall {
        first: here.proven(0, 0),
        second: here.proven(1, 0),
    };
    assert_eq!(case.dispute(two_skus), Err(52));
}

// ---- wrong prices ----

#[test]
fn overpriced_call_hidden_between_cheap_ones_is_found() {
    let mut case = case();
    let mut dear = case.call("dear");
    dear.list = 3_000;
    let mut cheap = case.call("cheap");
    cheap.list = 1_000;
    let posted = case.post(None, vec![cheap, dear, case.call("fair")]);
    assert_eq!(case.world.settlement(posted.report()).entries[0].charged.u128(), 6_000);
    assert_eq!(case.dispute(wrong_price(&posted, 1)), Ok((2_000, 50, 2_050)));
    assert_eq!(case.dispute(wrong_price(&posted, 1)), Err(55));
    assert_eq!(case.dispute(wrong_price(&posted, 0)), Err(53));
    assert_eq!(case.dispute(wrong_price(&posted, 2)), Err(53));
}

#[test]
fn price_is_judged_to_the_unit_rounded_down() {
    // 2 µCredit a unit: for 999,999 list units of 10⁻⁶ there is nothing to round, so take an odd rate.
    let mut case = case();
    let odd = credit_vault::ExecuteMsg::ProposeRates {
        rates: vec![credit_vault::Rate {
            sku: SKU.to_owned(),
            gateway: 1,
            list: 1_999_999u128.into(),
            cost: 1u128.into(),
        }],
    };
    let owner = case.world.owner.clone();
    case.world.vault_exec(&owner, &odd, &[]);
    case.world.pass(48 * HOUR + 200);
    let priced = |case: &Case, id: &str, list| Leaf {
        list,
        cost: 0,
        ..case.call(id)
    };
    // ⌊1,000 · 1,999,999 / 10⁶⌋ = 1,999.
    let posted = case.post(
        None,
        vec![
            priced(&case, "a", 1_999),
            priced(&case, "b", 2_000),
            priced(&case, "c", 1_000),
        ],
    );
    assert_eq!(case.dispute(wrong_price(&posted, 0)), Err(53));
    assert_eq!(case.dispute(wrong_price(&posted, 1)), Ok((2, 0, 2)));
}

#[test]
fn inflated_cost_is_false_as_well() {
    let mut case = case();
    let mut padded = case.call("padded");
    padded.cost = 1_400;
    let mut thin = case.call("thin");
    thin.cost = 600;
    let posted = case.post(None, vec![padded, thin]);
    assert_eq!(case.dispute(wrong_price(&posted, 0)), Ok((800, 20, 820)));
}

#[test]
fn call_before_a_price_rise_is_judged_at_the_old_price() {
    let mut case = case();
    let owner = case.world.owner.clone();
    let dearer = credit_vault::ExecuteMsg::ProposeRates {
        rates: vec![credit_vault::Rate {
            sku: SKU.to_owned(),
            gateway: 1,
            list: 4_000_000u128.into(),
            cost: 1_000_000u128.into(),
        }],
    };
    case.world.vault_exec(&owner, &dearer, &[]);
    case.world.pass(48 * HOUR + 10);
    // The window spans the change, so the vault admits the entry; the calls tell.
    let change = case.world.now() - 10;
    let at = |case: &Case, id: &str, time| Leaf {
        list: 4_000,
        time,
        ..case.call(id)
    };
    let posted = case.post(None, vec![at(&case, "before", change - 1), at(&case, "after", change)]);
    assert_eq!(case.world.settlement(posted.report()).entries[0].charged.u128(), 8_000);
    assert_eq!(case.dispute(wrong_price(&posted, 1)), Err(53));
    assert_eq!(case.dispute(wrong_price(&posted, 0)), Ok((4_000, 100, 4_100)));
}

#[test]
fn call_of_another_account_pays_the_one_who_was_charged() {
    let mut case = case();
    let bob = case.world.customer("bob", USDT);
    let leaves = vec![case.call("mine"), case.world.call("his", &bob)];
    let posted = case.post_lie(entry_over(&case.alice, &leaves), leaves);
    assert_eq!(case.dispute(wrong_price(&posted, 1)), Ok((4_000, 100, 4_100)));
}

#[test]
fn call_outside_its_window_or_after_the_entrys_newest_is_false() {
    let mut case = case();
    let (start, end) = (case.world.now() - 100, case.world.now());
    for (time, last, expected) in [
        (start, start, Err(53)),
        (end - 1, end - 1, Err(53)),
        (start - 1, end - 1, Ok((4_000, 100, 4_100))),
        (end, end, Ok((4_000, 100, 4_100))),
        (end - 1, end - 2, Ok((4_000, 100, 4_100))),
    ] {
        let mut fresh = self::case();
        let leaf = Leaf {
            time,
            ..fresh.call("a")
        };
        let entry = Entry {
            last,
            ..entry_over(&fresh.alice, std::slice::from_ref(&leaf))
        };
        let posted = fresh.post_lie(entry, vec![leaf]);
        assert_eq!(fresh.dispute(wrong_price(&posted, 0)), expected, "{time} {last}");
    }
    case.world.pass(1);
}

// ---- wrong sums ----

fn parent(size: u32, left: &MerkleSum, right: &MerkleSum) -> MerkleSum {
    let content = [vec![1], size.to_be_bytes().to_vec(), left.encode(), right.encode()].concat();
    MerkleSum {
        hash: Sha256::digest(content).into(),
        sums: Sums {
            calls: left.sums.calls + right.sums.calls,
            units: left.sums.units + right.sums.units,
            list: left.sums.list + right.sums.list,
            cost: left.sums.cost + right.sums.cost,
        },
    }
}

/// The entry's tree with its first `lie` leaves' node stating `more` than is below; 4 leaves.
fn lying_tree(leaves: &[Leaf], lie: u32, more: u128) -> (MerkleSum, MerkleSum) {
    let nodes: Vec<_> = leaves.iter().map(|leaf| leaf.node().unwrap()).collect();
    let inflate = |node: MerkleSum, size| {
        let mut node = node;
        if size == lie {
            node.sums.list += more;
            node.sums.units += more;
        }
        node
    };
    let first = inflate(nodes[0], 1);
    let left = inflate(parent(2, &first, &nodes[1]), 2);
    let right = parent(2, &nodes[2], &nodes[3]);
    let root = inflate(parent(4, &left, &right), 4);
    let liar = match lie {
        1 => first,
        2 => left,
        _ => root,
    };
    (root, liar)
}

fn wrong_sum(posted: &Posted, node: &MerkleSum, size: u32, below: (Binary, Binary)) -> Dispute {
    let nodes: Vec<_> = posted.logs[0].iter().map(|leaf| leaf.node().unwrap()).collect();
    let proof = prove_subtree(&nodes, 0, size).unwrap();
    Dispute::WrongSum {
        report: posted.report(),
        entry: posted.entry(0),
        entry_proof: posted.entry_proof(0),
        node: node.encode().into(),
        node_proof: proof.encode().into(),
        left: below.0,
        right: below.1,
    }
}

#[test]
fn node_that_states_more_than_is_below_is_found_at_any_depth() {
    for lie in [1, 2, 4] {
        let mut case = case();
        let leaves: Vec<_> = ["a", "b", "c", "d"].map(|id| case.call(id)).into();
        let (root, liar) = lying_tree(&leaves, lie, 500);
        let entry = Entry {
            units: root.sums.units,
            list: root.sums.list,
            leaves_root: root.hash,
            ..entry_over(&case.alice, &leaves)
        };
        let posted = case.post_lie(entry, leaves.clone());
        assert_eq!(case.world.settlement(posted.report()).entries[0].charged.u128(), 8_500);
        let nodes: Vec<_> = leaves.iter().map(|leaf| leaf.node().unwrap()).collect();
        let below = match lie {
            1 => (leaves[0].encode().unwrap().into(), Binary::default()),
            2 => (nodes[0].encode().into(), nodes[1].encode().into()),
            _ => {
                let (left, right) = (parent(2, &nodes[0], &nodes[1]), parent(2, &nodes[2], &nodes[3]));
                (left.encode().into(), right.encode().into())
            }
        };
        let dispute = wrong_sum(&posted, &liar, lie, below);
        assert_eq!(case.dispute(dispute.clone()), Ok((1_000, 25, 1_025)), "{lie}");
        assert_eq!(case.dispute(dispute), Err(55));
    }
}

#[test]
fn honest_understated_and_foreign_nodes_prove_nothing() {
    let mut case = case();
    let leaves: Vec<_> = ["a", "b", "c", "d"].map(|id| case.call(id)).into();
    let nodes: Vec<_> = leaves.iter().map(|leaf| leaf.node().unwrap()).collect();
    let posted = case.post(None, leaves.clone());
    let left = parent(2, &nodes[0], &nodes[1]);
    let children = |a: &MerkleSum, b: &MerkleSum| -> (Binary, Binary) { (a.encode().into(), b.encode().into()) };
    let honest = wrong_sum(&posted, &left, 2, children(&nodes[0], &nodes[1]));
    assert_eq!(case.dispute(honest), Err(50));
    // Children that are not the node's, and a node that is not the tree's.
    let other_children = wrong_sum(&posted, &left, 2, children(&nodes[0], &nodes[2]));
    assert_eq!(case.dispute(other_children), Err(50));
    let other_node = parent(2, &nodes[1], &nodes[0]);
    let foreign = wrong_sum(&posted, &other_node, 2, children(&nodes[1], &nodes[0]));
    assert_eq!(case.dispute(foreign), Err(50));

    let mut case = self::case();
    let leaves: Vec<_> = ["a", "b", "c", "d"].map(|id| case.call(id)).into();
    let entry = Entry {
        list: 7_000,
        ..entry_over(&case.alice, &leaves)
    };
    let nodes: Vec<_> = leaves.iter().map(|leaf| leaf.node().unwrap()).collect();
    let posted = case.post_lie(entry, leaves);
    let (left, right) = (parent(2, &nodes[0], &nodes[1]), parent(2, &nodes[2], &nodes[3]));
    let less = wrong_sum(&posted, &parent(4, &left, &right), 4, children(&left, &right));
    assert_eq!(case.dispute(less), Err(53));
}

// ---- what cannot be disputed ----

#[test]
fn proof_that_does_not_fit_is_refused() {
    let mut case = case();
    let posted = case.post(None, vec![case.call("a"), case.call("a")]);
    let good = (posted.proven(0, 0), posted.proven(0, 1));
    let mut invented = good.1.clone();
    invented.leaf = Leaf {
        list: 1_000_000,
        ..case.call("a")
    }
    .encode()
    .unwrap()
    .into();
    let mut other_entry = good.1.clone();
    other_entry.entry = entry_over(&case.finder, &posted.logs[0]).encode().unwrap().into();
    let mut no_path = good.1.clone();
    no_path.leaf_proof = Proof {
        index: 1,
        count: 2,
        siblings: vec![],
    }
    .encode()
    .into();
    for second in [invented, other_entry, no_path] {
        let first = good.0.clone();
        assert_eq!(case.dispute(Dispute::DuplicateCall { first, second }), Err(50));
    }
    let mut bytes = good.1.clone();
    bytes.entry = vec![1, 2, 3].into();
    let first = good.0.clone();
    assert_eq!(case.dispute(Dispute::DuplicateCall { first, second: bytes }), Err(44));
    let mut unknown = good.1;
    unknown.report.seq = 9;
    assert_eq!(case.dispute(Dispute::WrongPrice { call: unknown }), Err(41));
}

#[test]
fn report_can_be_disputed_for_14_days_to_the_second() {
    for (wait, expected) in [(14 * DAY, Ok((4_000, 100, 4_100))), (14 * DAY + 1, Err(54))] {
        let mut case = case();
        let posted = case.post(None, vec![case.call("a"), case.call("a")]);
        case.world.pass(wait);
        assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 1)), expected, "{wait}");
    }
}

#[test]
fn report_that_moved_no_money_cannot_be_disputed_and_its_calls_may_come_again() {
    let mut case = case();
    let log = vec![case.call("a")];
    let entries = [Entry::from_leaves(&log).unwrap()];
    let mut void = case.world.first_report(&case.by, &entries);
    void.expires_at = case.world.now() - 1;
    let signed = case.world.sign_usage(&case.by, &void, &entries);
    assert_eq!(case.world.submit_one(signed), Expired);
    let void = Posted {
        body: void,
        entries: entries.to_vec(),
        logs: vec![log.clone()],
        outcome: Expired,
    };
    let again = case.post(Some(&void), log);
    assert_eq!(case.dispute(duplicate(&void, 0, &again, 0)), Err(46));
}

#[test]
fn bond_is_not_drained_by_fantasies_nobody_paid_for() {
    let mut case = case();
    // An accomplice without a spending account: the vault charges nothing.
    let accomplice = case.world.actor("accomplice");
    let fantasy = vec![case.world.call("a", &accomplice), case.world.call("a", &accomplice)];
    let posted = case.post(None, fantasy);
    assert_eq!(
        case.dispute_for(&accomplice, duplicate(&posted, 0, &posted, 1)),
        Err(56)
    );

    // Calls of absurd value behind an entry that states little: compensated as far as it was charged, in total.
    let leaves: Vec<_> = ["a", "b", "c"]
        .map(|id| Leaf {
            list: 1_000_000_000,
            ..case.call(id)
        })
        .into();
    let entry = Entry {
        units: 3_000,
        list: 6_000,
        cost: 3_000,
        ..entry_over(&case.alice, &leaves)
    };
    let by = case.by.clone();
    let lie = case
        .world
        .post_entries(&by, Some(&posted.body), vec![entry], vec![leaves]);
    assert_eq!(lie.outcome, Accepted);
    assert_eq!(case.dispute(wrong_price(&lie, 0)), Ok((12_000, 300, 12_300)));
    assert_eq!(case.dispute(wrong_price(&lie, 1)), Err(56));
    assert_eq!(case.dispute(wrong_price(&lie, 0)), Err(55));
}

#[test]
fn small_dispute_does_not_shield_a_large_one() {
    // The same call is overpriced by little and a duplicate: both count, up to the charge.
    let mut case = case();
    let dear = Leaf {
        list: 2_010,
        ..case.call("a")
    };
    let cheap = Leaf {
        list: 1_990,
        ..case.call("b")
    };
    let posted = case.post(None, vec![case.call("a"), cheap, dear]);
    assert_eq!(case.dispute(wrong_price(&posted, 2)), Ok((20, 0, 20)));
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 2)), Ok((4_020, 100, 4_120)));
}

// ---- when the bond runs low ----

#[test]
fn account_is_paid_before_the_sender_and_an_empty_bond_ends_the_gateway() {
    let mut case = case();
    let large = |case: &Case, id: &str| Leaf {
        units: 4_000_000_000,
        list: 8_000 * USDT,
        cost: 4_000 * USDT,
        ..case.call(id)
    };
    let posted = case.post(None, vec![large(&case, "a"), large(&case, "a"), large(&case, "a")]);
    // Twice 8,000 is above the bond of 10,000: all of it to the account.
    assert_eq!(
        case.dispute(duplicate(&posted, 0, &posted, 1)),
        Ok((GATEWAY_BOND, 0, GATEWAY_BOND))
    );
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 2)), Err(33));
    // Later reports are void, the chain goes on, and a new bond brings it back.
    case.world.pass(60);
    let by = case.by.clone();
    let log = vec![case.call("b")];
    let void = case.world.post(&by, Some(&posted.body), &[log]);
    assert_eq!(void.outcome, UnderBonded);
    case.world.give(&case.finder.clone(), GATEWAY_BOND);
    let add = ExecuteMsg::AddBond { subject: gateway(1) };
    let funds = cosmwasm_std::coins(GATEWAY_BOND, DENOM);
    let finder = case.finder.clone();
    case.world.exec_with(&finder, &add, &funds).unwrap();
    let log = vec![case.call("c")];
    assert_eq!(case.world.post(&by, Some(&void.body), &[log]).outcome, Accepted);
    // What the empty bond could not pay is still owed.
    assert_eq!(
        case.dispute(duplicate(&posted, 0, &posted, 2)),
        Ok((GATEWAY_BOND, 0, GATEWAY_BOND))
    );
}

#[test]
fn sender_gets_what_the_account_leaves() {
    let mut case = case();
    let large = |case: &Case, id: &str| Leaf {
        units: 2_450_000_000,
        list: 4_900 * USDT,
        cost: 0,
        ..case.call(id)
    };
    let posted = case.post(None, vec![large(&case, "a"), large(&case, "a")]);
    // 2 · 4,900 to the account; 5 % would be 245, 200 are left.
    let expected = (9_800 * USDT, 200 * USDT, GATEWAY_BOND);
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 1)), Ok(expected));
}

#[test]
fn retired_gateway_is_liable_until_its_bond_is_gone() {
    let mut case = case();
    let posted = case.post(None, vec![case.call("a"), case.call("a")]);
    let host = case.world.host.clone();
    case.world
        .exec(&host, &ExecuteMsg::Retire { subject: gateway(1) })
        .unwrap();
    case.world.pass(14 * DAY);
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 1)), Ok((4_000, 100, 4_100)));
    case.world.pass(7 * DAY);
    case.world
        .exec(&host, &ExecuteMsg::WithdrawBond { subject: gateway(1) })
        .unwrap();
    assert_eq!(case.world.balance(&case.world.oracle), 0);
}

#[test]
fn silent_vault_postpones_a_dispute_and_loses_nothing() {
    let mut case = case();
    let posted = case.post(None, vec![case.call("a"), case.call("a")]);
    case.world.break_vault();
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 1)), Err(58));
    case.world.repair_vault();
    assert_eq!(case.dispute(duplicate(&posted, 0, &posted, 1)), Ok((4_000, 100, 4_100)));
}

#[test]
fn entry_is_named_by_its_place_not_by_its_bytes() {
    // Two entries of one report: a dispute of one leaves the other's compensation untouched.
    let mut case = case();
    let bob = case.world.customer("bob", USDT);
    case.world.pass(10);
    let by = case.by.clone();
    let logs = [
        vec![case.call("a"), case.call("a")],
        vec![case.world.call("b", &bob), case.world.call("b", &bob)],
    ];
    let posted = case.world.post(&by, None, &logs);
    for entry in [0, 1] {
        let account = Addr::unchecked(&posted.entries[entry].account);
        let dispute = Dispute::DuplicateCall {
            first: posted.proven(entry, 0),
            second: posted.proven(entry, 1),
        };
        assert_eq!(case.dispute_for(&account, dispute), Ok((4_000, 100, 4_100)));
    }
    let nodes: Vec<_> = posted.entries.iter().map(|entry| entry.node().unwrap()).collect();
    assert!(prove(&nodes, 2).is_err());
}
