use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const NOW: u64 = 1_000;

fn name(n: u8) -> Digest {
    [n; 32]
}

fn head(last_seq: u64, last: u8) -> Head {
    Head {
        last_seq,
        last_digest: name(last),
    }
}

fn candidate(id: i64, seq: u64, prev: u8, digest: u8) -> Candidate {
    Candidate {
        id,
        seq,
        digest: name(digest),
        prev_digest: name(prev),
        window_end: NOW,
        size: 100,
        queued: false,
    }
}

#[test]
fn a_whole_run_is_ready() {
    let run = [candidate(1, 1, 0, 1), candidate(2, 2, 1, 2), candidate(3, 3, 2, 3)];
    assert_eq!(order(&head(0, 0), &run, NOW), [Decision::Ready; 3]);
}

#[test]
fn what_the_contract_has_is_asked_for() {
    let run = [candidate(1, 1, 0, 1), candidate(2, 2, 1, 2), candidate(3, 3, 2, 3)];
    let decisions = order(&head(2, 2), &run, NOW);
    assert_eq!(decisions, [Decision::Reconcile, Decision::Reconcile, Decision::Ready]);
}

#[test]
fn reordered_statements_wait_for_the_missing_one() {
    let run = [candidate(1, 2, 1, 2), candidate(2, 3, 2, 3)];
    assert_eq!(order(&head(0, 0), &run, NOW), [Decision::Missing(1); 2]);
    let run = [candidate(3, 1, 0, 1), candidate(2, 3, 2, 3)];
    assert_eq!(order(&head(0, 0), &run, NOW), [Decision::Ready, Decision::Missing(2)]);
}

#[test]
fn a_fork_at_the_head_is_refused_and_deeper_forks_wait() {
    let run = [candidate(1, 1, 9, 1), candidate(2, 2, 1, 2)];
    assert_eq!(order(&head(0, 0), &run, NOW), [Decision::WrongParent, Decision::Behind]);
    let run = [candidate(1, 1, 0, 1), candidate(2, 2, 9, 2), candidate(3, 3, 2, 3)];
    assert_eq!(
        order(&head(0, 0), &run, NOW),
        [Decision::Ready, Decision::Behind, Decision::Behind]
    );
}

#[test]
fn of_two_statements_at_one_place_the_first_received_goes() {
    let run = [candidate(1, 1, 0, 1), candidate(2, 1, 0, 8), candidate(3, 2, 1, 2)];
    assert_eq!(
        order(&head(0, 0), &run, NOW),
        [Decision::Ready, Decision::Rival, Decision::Ready]
    );
}

#[test]
fn a_forged_fork_received_first_does_not_hold_the_honest_one_back() {
    let run = [candidate(1, 1, 9, 8), candidate(2, 1, 0, 1)];
    assert_eq!(order(&head(0, 0), &run, NOW), [Decision::WrongParent, Decision::Ready]);
}

#[test]
fn a_window_in_the_future_holds_its_chain_until_it_is_due() {
    let mut run = [candidate(1, 1, 0, 1), candidate(2, 2, 1, 2)];
    run[0].window_end = NOW + FUTURE_WINDOW + 1;
    assert_eq!(order(&head(0, 0), &run, NOW), [Decision::Early, Decision::Behind]);
    assert_eq!(order(&head(0, 0), &run, NOW + 1), [Decision::Ready, Decision::Ready]);
}

#[test]
fn batches_take_from_every_chain_in_turn() {
    let chain = |first: i64| {
        (0..3)
            .map(|n| candidate(first + n, n as u64 + 1, 0, 0))
            .collect::<Vec<_>>()
    };
    let batch = pick(
        &[chain(10), chain(20)],
        Limits {
            count: 4,
            bytes: 10_000,
        },
    );
    assert_eq!(batch.iter().map(|c| c.id).collect::<Vec<_>>(), [10, 20, 11, 21]);
}

#[test]
fn a_statement_that_does_not_fit_closes_its_own_chain_only() {
    let mut big = candidate(1, 1, 0, 1);
    big.size = 900;
    let chains = [
        vec![candidate(5, 1, 0, 5)],
        vec![big, candidate(2, 2, 1, 2)],
        vec![candidate(3, 1, 0, 3)],
    ];
    let batch = pick(&chains, Limits { count: 64, bytes: 500 });
    assert_eq!(batch.iter().map(|c| c.id).collect::<Vec<_>>(), [5, 3]);
}

#[test]
fn an_oversized_statement_goes_alone() {
    let mut big = candidate(1, 1, 0, 1);
    big.size = 900;
    let batch = pick(&[vec![big, candidate(2, 2, 1, 2)]], Limits { count: 64, bytes: 500 });
    assert_eq!(batch.iter().map(|c| c.id).collect::<Vec<_>>(), [1]);
}

/// Statements at seqs 1..=6 with parents and digests from a small alphabet, so that forks, rivals and gaps are common.
fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (1u64..=6, 0u8..5, 1u8..5, NOW..NOW + 2 * FUTURE_WINDOW);
    prop::collection::vec(one, 0..12).prop_map(|rows| {
        let numbered = rows.into_iter().enumerate();
        let mut all: Vec<_> = numbered
            .map(|(id, (seq, prev, digest, window_end))| Candidate {
                window_end,
                ..candidate(id as i64, seq, prev, digest)
            })
            .collect();
        all.sort_by_key(|c| (c.seq, c.id));
        all
    })
}

/// Ready statements by walking seq by seq over a map: slow and obvious.
fn reference(head: &Head, candidates: &[Candidate], now: u64) -> Vec<i64> {
    let mut places: BTreeMap<u64, Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates {
        places.entry(candidate.seq).or_default().push(candidate);
    }
    let (mut ready, mut parent) = (Vec::new(), head.last_digest);
    for seq in head.last_seq + 1.. {
        let fits = |c: &&&Candidate| c.prev_digest == parent;
        let Some(next) = places.get(&seq).and_then(|rivals| rivals.iter().find(fits)) else {
            return ready;
        };
        if next.window_end > now + FUTURE_WINDOW {
            return ready;
        }
        ready.push(next.id);
        parent = next.digest;
    }
    ready
}

proptest! {
    #[test]
    fn ready_statements_are_those_of_the_reference(last_seq in 0u64..4, last in 0u8..5, all in candidates()) {
        let head = head(last_seq, last);
        let decisions = order(&head, &all, NOW);
        prop_assert_eq!(decisions.len(), all.len());
        let ready: Vec<_> = all.iter().zip(&decisions).filter(|(_, d)| **d == Decision::Ready).map(|(c, _)| c.id).collect();
        prop_assert_eq!(ready, reference(&head, &all, NOW));
    }

    #[test]
    fn exactly_the_places_the_contract_has_are_reconciled(last_seq in 0u64..7, all in candidates()) {
        for (c, decision) in all.iter().zip(order(&head(last_seq, 0), &all, NOW)) {
            prop_assert_eq!(decision == Decision::Reconcile, c.seq <= last_seq);
        }
    }

    #[test]
    fn a_batch_keeps_bounds_and_the_order_of_each_chain(
        sizes in prop::collection::vec(prop::collection::vec(1usize..400, 0..6), 0..5),
        count in 1usize..10,
        bytes in 100usize..1_000,
    ) {
        let chain = |(index, sizes): (usize, &Vec<usize>)| {
            let place = |(n, size): (usize, &usize)| Candidate { size: *size, ..candidate((index * 100 + n) as i64, n as u64 + 1, 0, 0) };
            sizes.iter().enumerate().map(place).collect::<Vec<_>>()
        };
        let chains: Vec<_> = sizes.iter().enumerate().map(chain).collect();
        let batch = pick(&chains, Limits { count, bytes });
        prop_assert!(batch.len() <= count);
        prop_assert!(batch.len() == 1 || batch.iter().map(|c| c.size).sum::<usize>() <= bytes);
        prop_assert_eq!(batch.is_empty(), chains.iter().all(Vec::is_empty));
        for (index, chain) in chains.iter().enumerate() {
            let taken: Vec<_> = batch.iter().filter(|c| c.id / 100 == index as i64).map(|c| c.id).collect();
            let start: Vec<_> = chain.iter().take(taken.len()).map(|c| c.id).collect();
            prop_assert_eq!(taken, start, "a chain is taken from its start without holes");
        }
    }
}

fn relayers(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("wasm1relayer{n}")).collect()
}

#[test]
fn all_relayers_agree_on_whose_turn_it_is_and_everybody_has_turns() {
    let all = relayers(4);
    let mut first = [0; 4];
    for n in 0..200 {
        let ranks: Vec<u32> = all.iter().map(|own| rank(&name(n), own, &all)).collect();
        let mut sorted = ranks.clone();
        sorted.sort();
        assert_eq!(sorted, [0, 1, 2, 3]);
        first[ranks.iter().position(|rank| *rank == 0).unwrap()] += 1;
    }
    assert!(first.iter().all(|turns| *turns > 25), "{first:?}");
}

#[test]
fn a_relayer_alone_is_always_first_and_naming_itself_changes_nothing() {
    let all = relayers(3);
    for n in 0..50 {
        assert_eq!(rank(&name(n), &all[0], &[]), 0);
        assert_eq!(rank(&name(n), &all[0], &all[1..]), rank(&name(n), &all[0], &all));
    }
}
