//! Leaves, entries and lists of them: one encoding each, and what a log is allowed to hold.

use attestation::*;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[!-~]{1,12}", "[!-~]{128}", "[ab]"]
}

prop_compose! {
    fn leaf()(
        (call_id, account, sku) in (name(), name(), name()),
        (units, list, cost, time) in any::<(u64, u64, u64, u64)>(),
    ) -> Leaf {
        Leaf { call_id, account, sku, units: units.into(), list: list.into(), cost: cost.into(), time }
    }
}

prop_compose! {
    fn entry()(
        (account, sku) in (name(), name()),
        calls in 1..=u64::MAX,
        (units, list, cost, last, leaves_root) in any::<(u64, u64, u64, u64, Digest)>(),
    ) -> Entry {
        Entry {
            account, sku, calls, units: units.into(), list: list.into(), cost: cost.into(), last, leaves_root,
        }
    }
}

fn sorted(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by(|a, b| (&a.account, &a.sku).cmp(&(&b.account, &b.sku)));
    entries.dedup_by(|a, b| a.account == b.account && a.sku == b.sku);
    entries
}

fn simple(account: &str, sku: &str) -> Entry {
    Entry::from_leaves(&[call("1", account, sku, 10)]).unwrap()
}

fn call(id: &str, account: &str, sku: &str, units: u128) -> Leaf {
    let (call_id, account, sku) = (id.into(), account.into(), sku.into());
    Leaf {
        call_id,
        account,
        sku,
        units,
        list: units * 3,
        cost: units * 2,
        time: 100,
    }
}

proptest! {
    #[test]
    fn leaves_round_trip(leaf in leaf()) {
        let bytes = leaf.encode().unwrap();
        prop_assert_eq!(Leaf::decode(&bytes).unwrap(), leaf);
        for len in 0..bytes.len() {
            prop_assert!(Leaf::decode(&bytes[..len]).is_err());
        }
        prop_assert_eq!(Leaf::decode(&[&bytes[..], &[0]].concat()), Err(WireError::Trailing { extra: 1 }));
    }

    #[test]
    fn entries_round_trip(entry in entry()) {
        let bytes = entry.encode().unwrap();
        prop_assert_eq!(Entry::decode(&bytes).unwrap(), entry);
        for len in 0..bytes.len() {
            prop_assert!(Entry::decode(&bytes[..len]).is_err());
        }
        prop_assert_eq!(Entry::decode(&[&bytes[..], &[0]].concat()), Err(WireError::Trailing { extra: 1 }));
    }

    #[test]
    fn lists_round_trip(entries in proptest::collection::vec(entry(), 1..40)) {
        let entries = sorted(entries);
        let bytes = encode_entries(&entries).unwrap();
        prop_assert_eq!(decode_entries(&bytes).unwrap(), entries);
        prop_assert_eq!(decode_entries(&[&bytes[..], &[0]].concat()), Err(WireError::Trailing { extra: 1 }));
    }

    /// Whatever the decoder accepts is the encoding of what it returns. Bytes are real encodings with a few changed,
    /// since random ones are hardly ever accepted.
    #[test]
    fn whatever_decodes_is_canonical(
        entries in proptest::collection::vec(entry(), 1..6),
        leaf in leaf(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let change = |mut bytes: Vec<u8>| {
            changes.iter().for_each(|(at, value)| { let at = at.index(bytes.len()); bytes[at] = *value; });
            bytes
        };
        let list = change(encode_entries(&sorted(entries.clone())).unwrap());
        if let Ok(decoded) = decode_entries(&list) {
            prop_assert_eq!(encode_entries(&decoded).unwrap(), list);
        }
        let bytes = change(entries[0].encode().unwrap());
        if let Ok(decoded) = Entry::decode(&bytes) {
            prop_assert_eq!(decoded.encode().unwrap(), bytes);
        }
        let bytes = change(leaf.encode().unwrap());
        if let Ok(decoded) = Leaf::decode(&bytes) {
            prop_assert_eq!(decoded.encode().unwrap(), bytes);
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        if let Ok(decoded) = decode_entries(&bytes) {
            prop_assert_eq!(encode_entries(&decoded).unwrap(), &bytes[..]);
        }
        if let Ok(decoded) = Proof::decode(&bytes) {
            prop_assert_eq!(decoded.encode(), &bytes[..]);
        }
        if let Ok(decoded) = MerkleSum::decode(&bytes) {
            prop_assert_eq!(decoded.encode(), &bytes[..]);
        }
    }

    #[test]
    fn encoder_and_decoder_refuse_the_same_names(text in "\\PC{0,4}|[ -~]{0,4}|[a-z]{126,131}") {
        let good = !text.is_empty() && text.len() <= 128 && text.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
        let leaf = Leaf { call_id: text.clone(), ..call("1", "a", "s", 1) };
        prop_assert_eq!(leaf.encode().is_ok(), good);
        if text.len() <= 255 {
            let rest = call("1", "a", "s", 1).encode().unwrap();
            let bytes = [&[text.len() as u8], text.as_bytes(), &rest[2..]].concat();
            prop_assert_eq!(Leaf::decode(&bytes).is_ok(), good);
        }
    }
}

#[test]
fn names_are_refused_with_the_reason() {
    let refused = |text: &str| {
        Leaf {
            sku: text.into(),
            ..call("1", "a", "s", 1)
        }
        .encode()
        .unwrap_err()
    };
    assert_eq!(refused(""), WireError::Name(NameError::Empty));
    assert_eq!(
        refused(&"x".repeat(129)),
        WireError::Name(NameError::TooLong { actual: 129 })
    );
    assert_eq!(refused("ab c"), WireError::Name(NameError::Character { position: 2 }));
    assert_eq!(
        refused("ab\u{7f}"),
        WireError::Name(NameError::Character { position: 2 })
    );
    // A Cyrillic look-alike of "a".
    assert_eq!(
        refused("\u{430}"),
        WireError::Name(NameError::Character { position: 0 })
    );
}

#[test]
fn amounts_have_64_bits_on_the_wire() {
    let value = u128::from(u64::MAX) + 1;
    let leaf = call("1", "a", "s", 1);
    for leaf in [
        Leaf {
            units: value,
            ..leaf.clone()
        },
        Leaf {
            list: value,
            ..leaf.clone()
        },
        Leaf {
            cost: value,
            ..leaf.clone()
        },
    ] {
        assert_eq!(leaf.encode(), Err(WireError::TooLarge { value }));
        assert_eq!(
            Entry::from_leaves(&[leaf]),
            Err(LogError::Wire(WireError::TooLarge { value }))
        );
    }
    let half = Leaf {
        units: 1 << 63,
        list: 0,
        cost: 0,
        ..leaf
    };
    let result = Entry::from_leaves(&[half.clone(), half.clone()]);
    assert_eq!(result, Err(LogError::Wire(WireError::TooLarge { value })));
    assert_eq!(Entry::from_leaves(&[half]).unwrap().units, 1 << 63);
}

#[test]
fn a_list_is_strictly_sorted_by_account_then_sku() {
    let entries = [("a", "x"), ("a", "y"), ("aa", "a"), ("b", "x")]
        .map(|(account, sku)| simple(account, sku))
        .to_vec();
    assert_eq!(decode_entries(&encode_entries(&entries).unwrap()).unwrap(), entries);
    for (left, right) in [(0, 1), (1, 2), (2, 3), (0, 3)] {
        let mut swapped = entries.clone();
        swapped.swap(left, right);
        assert!(matches!(encode_entries(&swapped), Err(WireError::Unsorted { .. })));
        assert!(matches!(
            log_root(&swapped),
            Err(LogError::Wire(WireError::Unsorted { .. }))
        ));
    }
    let twice = [entries[0].clone(), entries[0].clone()];
    assert_eq!(encode_entries(&twice), Err(WireError::Unsorted { index: 1 }));
}

#[test]
fn a_report_has_1_to_200_entries() {
    let entries: Vec<Entry> = (0..201).map(|index| simple(&format!("a{index:03}"), "s")).collect();
    assert_eq!(log_root(&entries[..200]).unwrap().sums.calls, 200);
    assert_eq!(
        decode_entries(&encode_entries(&entries[..200]).unwrap()).unwrap().len(),
        200
    );
    assert_eq!(encode_entries(&entries), Err(WireError::EntryCount { actual: 201 }));
    assert_eq!(
        log_root(&entries),
        Err(LogError::Wire(WireError::EntryCount { actual: 201 }))
    );
    assert_eq!(encode_entries(&[]), Err(WireError::EntryCount { actual: 0 }));
    assert_eq!(log_root(&[]), Err(LogError::Wire(WireError::EntryCount { actual: 0 })));
}

/// A transaction byte costs gas: the demo's report of 50 accounts with 4 SKUs each.
#[test]
fn a_report_of_50_accounts_and_4_skus_is_small() {
    let account = |index: usize| format!("wasm1{:038}", index);
    let entries: Vec<Entry> = (0..50)
        .flat_map(|index| ["in", "out", "tin", "tout"].map(|sku| simple(&account(index), sku)))
        .collect();
    let full: usize = entries.iter().map(|entry| entry.encode().unwrap().len()).sum();
    let wire = encode_entries(&sorted(entries)).unwrap().len();
    assert_eq!((full, wire), (24_000, 17_552));
}

#[test]
fn an_entry_without_calls_is_refused() {
    let entry = Entry {
        calls: 0,
        ..simple("a", "s")
    };
    assert_eq!(entry.encode(), Err(WireError::NoCalls));
    assert_eq!(encode_entries(&[entry]), Err(WireError::NoCalls));
    assert_eq!(Entry::from_leaves(&[]), Err(LogError::Empty));
    assert_eq!(EntryBuilder::new("a", "s").finish(), Err(LogError::Empty));
}

#[test]
fn an_entry_adds_up_its_calls() {
    let mut calls: Vec<Leaf> = (1..=5).map(|units| call("c", "a", "s", units)).collect();
    calls[2].time = 900;
    let entry = Entry::from_leaves(&calls).unwrap();
    let expected = Sums {
        calls: 5,
        units: 15,
        list: 45,
        cost: 30,
    };
    assert_eq!((entry.sums(), entry.last), (expected, 900));
    assert_eq!((entry.account.as_str(), entry.sku.as_str()), ("a", "s"));
}

#[test]
fn an_entry_takes_no_foreign_call() {
    let mut builder = EntryBuilder::new("a", "s");
    builder.push(&call("1", "a", "s", 1)).unwrap();
    let before = builder.finish().unwrap();
    assert_eq!(builder.push(&call("2", "b", "s", 1)), Err(LogError::Foreign));
    assert_eq!(builder.push(&call("2", "a", "t", 1)), Err(LogError::Foreign));
    assert!(matches!(builder.push(&call("", "a", "s", 1)), Err(LogError::Wire(_))));
    assert_eq!(builder.finish().unwrap(), before);
}

/// A list that may write a repeated account in two ways has two encodings.
#[test]
fn a_repeated_account_is_written_in_one_way() {
    let entries = [simple("a", "x"), simple("a", "y")];
    let short = encode_entries(&entries).unwrap();
    let parts: Vec<Vec<u8>> = entries.iter().map(|entry| entry.encode().unwrap()).collect();
    let long = [&[0, 2], parts.concat().as_slice()].concat();
    assert_eq!(short.len() + 1, long.len());
    assert_eq!(decode_entries(&short).unwrap(), entries);
    assert_eq!(decode_entries(&long), Err(WireError::RepeatedAccount { index: 1 }));
}
