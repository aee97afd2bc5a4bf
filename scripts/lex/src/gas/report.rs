//! The table for people, and what follows from it.

use std::fmt::Write as _;

use super::bench::Note;
use super::table::{Finding, Line, Table, FLAT};

const PEER: &str = "cw20-base";
/// Contracts that are not ours, and how their tables are called.
const PEERS: [(&str, &str); 5] = [
    (PEER, "Peers: cw20-base 2.0"),
    ("cw20-stake", "Peers: cw20-stake 2.6"),
    ("dao-proposal-single", "Peers: dao-proposal-single 2.6"),
    ("dao-rewards-distributor", "Peers: dao-rewards-distributor 2.6"),
    ("cw-vesting", "Peers: cw-vesting 2.6"),
];
/// What of ours does the same as what of theirs: contract, handler and case of both.
const COMPARED: [[&str; 6]; 15] = [
    [
        "lco-staking",
        "Receive",
        "first stake",
        "cw20-stake",
        "Receive",
        "first stake",
    ],
    [
        "lco-staking",
        "Receive",
        "more stake",
        "cw20-stake",
        "Receive",
        "more stake",
    ],
    ["lco-staking", "Unstake", "first", "cw20-stake", "Unstake", "first"],
    ["lco-staking", "Claim", "", "cw20-stake", "Claim", ""],
    [
        "vote-escrow",
        "Receive",
        "Lock",
        "cw20-stake",
        "Receive",
        "more stake, rewards are told",
    ],
    ["vote-escrow", "Withdraw", "", "cw20-stake", "Claim", ""],
    [
        "governance",
        "Receive",
        "Propose a message",
        "dao-proposal-single",
        "Propose",
        "a message, with a deposit",
    ],
    ["governance", "Vote", "on a motion", "dao-proposal-single", "Vote", ""],
    ["governance", "Vote", "by locks", "dao-proposal-single", "Vote", ""],
    [
        "governance",
        "Execute",
        "1 message",
        "dao-proposal-single",
        "Execute",
        "1 message",
    ],
    [
        "ve-rewards",
        "Claim",
        "first of the day",
        "dao-rewards-distributor",
        "Claim",
        "first",
    ],
    [
        "ve-rewards",
        "Claim",
        "again",
        "dao-rewards-distributor",
        "Claim",
        "again",
    ],
    [
        "token-allocation",
        "AddGrants",
        "1 grant",
        "cw-vesting",
        "instantiate",
        "",
    ],
    [
        "token-allocation",
        "Claim",
        "first",
        "cw-vesting",
        "Distribute",
        "first",
    ],
    [
        "token-allocation",
        "Claim",
        "again",
        "cw-vesting",
        "Distribute",
        "again",
    ],
];

/// Slopes, comparisons and counts, each beside what it was meant to be.
pub fn findings(table: &Table, notes: &[Note]) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(token(table));
    found.extend(compared(table));
    found.extend(in_and_out(table));
    found.extend(settlement(table));
    found.extend(connected(table));
    found.extend(statements(table));
    found.extend(quotes(table, notes));
    found.extend(transactions(table, notes));
    found.push(flat(table));
    found
}

fn finding(what: impl Into<String>, measured: impl Into<String>, target: impl Into<String>, holds: bool) -> Finding {
    Finding {
        what: what.into(),
        measured: measured.into(),
        target: target.into(),
        holds: Some(holds),
    }
}

fn token(table: &Table) -> Vec<Finding> {
    let cases = [
        ("Transfer", "to a holder"),
        ("Transfer", "to a new holder"),
        ("instantiate", ""),
    ];
    let one = |(handler, case): (&str, &str)| {
        let (ours, theirs) = (table.find("l-coin", handler, case)?, table.find(PEER, handler, case)?);
        let what = format!("{} against cw20-base", ours.name());
        let (a, b) = (ours.most(), theirs.most());
        // Only the transfer was promised.
        let held = (handler == "Transfer").then_some(a <= b);
        Some(Finding {
            holds: held,
            ..finding(what, number(a), format!("≤ {}", number(b)), true)
        })
    };
    cases.into_iter().filter_map(one).collect()
}

/// Not promised, and so neither held nor missed.
fn compared(table: &Table) -> impl Iterator<Item = Finding> + '_ {
    COMPARED.iter().filter_map(move |[a, b, c, x, y, z]| {
        let (ours, theirs) = (table.find(a, b, c)?, table.find(x, y, z)?);
        Some(Finding {
            holds: None,
            ..finding(
                format!("{} beside {}", ours.name(), theirs.name()),
                number(ours.most()),
                number(theirs.most()),
                true,
            )
        })
    })
}

fn in_and_out(table: &Table) -> Vec<Finding> {
    let worst = |handler: &str| {
        let lines = table
            .lines
            .iter()
            .filter(|l| l.row.contract == "credit-vault" && l.row.handler == handler);
        let most = lines.map(Line::most).max()?;
        Some(finding(
            format!("credit-vault {handler}, at most"),
            number(most),
            "≤ 150 000",
            most <= 150_000,
        ))
    };
    ["Deposit", "Redeem"].into_iter().filter_map(worst).collect()
}

/// Least-squares over a few points is a straight line through the ends here: entries cost the same each.
fn line(table: &Table, contract: &str, handler: &str, cases: [(&str, u64); 2]) -> Option<(u64, u64)> {
    let [(few, n), (many, m)] = cases;
    let (few, many) = (
        table.find(contract, handler, few)?.most(),
        table.find(contract, handler, many)?.most(),
    );
    let slope = many.saturating_sub(few).div_ceil(m - n);
    Some((slope, few.saturating_sub(slope * n)))
}

fn settlement(table: &Table) -> Vec<Finding> {
    let runs = [
        (
            "attestation-oracle",
            "Submit",
            "report, entries: 1, first",
            "report, entries: 200, first",
            2,
            "settlement through the oracle",
        ),
        (
            "attestation-oracle",
            "Submit",
            "report, entries: 1, again",
            "report, entries: 200, again",
            2,
            "settlement through the oracle, accounts that mined before",
        ),
        (
            "credit-vault",
            "SettleUsage",
            "entries: 1",
            "entries: 200",
            1,
            "settlement at the vault alone",
        ),
        (
            "attestation-oracle",
            "Deliver",
            "entries: 1",
            "entries: 200",
            2,
            "second delivery",
        ),
    ];
    let mut found = Vec::new();
    for (contract, handler, few, many, contracts, what) in runs {
        let Some((slope, base)) = line(table, contract, handler, [(few, 1), (many, 200)]) else {
            continue;
        };
        let most = 60_000 * contracts + 90_000;
        found.push(finding(
            format!("{what}: slope"),
            format!("{} an entry", number(slope)),
            "≤ 25 000",
            slope <= 25_000,
        ));
        let at_most = |entries: u64| most + 25_000 * entries;
        let held = |case: &str, entries: u64| {
            table
                .find(contract, handler, case)
                .is_some_and(|line| line.most() <= at_most(entries))
        };
        found.push(finding(
            format!("{what}: 1 entry, and 200"),
            format!("{} and {}", number(base + slope), number(base + slope * 200)),
            format!("≤ {} and {}", number(at_most(1)), number(at_most(200))),
            held(few, 1) && held(many, 200),
        ));
    }
    found
}

/// What an entry costs when the payer's tier is asked for and its charge counts in the contest.
fn connected(table: &Table) -> Vec<Finding> {
    let runs = [
        (
            "attestation-oracle",
            "Submit",
            [
                "report with tiers and contest, entries: 1, again",
                "report with tiers and contest, entries: 50, again",
            ],
            "settlement through the oracle, with tiers and contest",
        ),
        (
            "credit-vault",
            "SettleUsage",
            [
                "with tiers and contest, entries: 1",
                "with tiers and contest, entries: 50",
            ],
            "settlement at the vault, with tiers and contest",
        ),
    ];
    let one = |(contract, handler, [few, many], what): (&str, &str, [&str; 2], &str)| {
        let (slope, base) = line(table, contract, handler, [(few, 1), (many, 50)])?;
        let measured = format!("{} an entry, intercept {}", number(slope), number(base));
        Some(finding(format!("{what}: slope"), measured, "≤ 45 000", slope <= 45_000))
    };
    runs.into_iter().filter_map(one).collect()
}

fn statements(table: &Table) -> Vec<Finding> {
    let cases = ["job, 64 statements of one chain", "job, 64 statements of 64 chains"];
    let one = |case| {
        let (slope, base) = line(
            table,
            "attestation-oracle",
            "Submit",
            [("job, 1 statement", 1), (case, 64)],
        )?;
        let measured = format!("{} a statement, intercept {}", number(slope), number(base));
        Some(finding(format!("{case}: slope"), measured, "≤ 30 000", slope <= 30_000))
    };
    cases.into_iter().filter_map(one).collect()
}

/// Full check less the same query refused at the door, less what reading the collateral and carrying the longer answer take.
fn quotes(table: &Table, notes: &[Note]) -> Vec<Finding> {
    let one = |name: &str| {
        let query = |case: &str| table.find("tee-verifier", "VerifyQuote (query)", &format!("{name}, {case}"));
        let (whole, door) = (query("checked in full")?.most(), query("refused at the door")?.most());
        let read = note(notes, &format!("collateral read for {name}"))?;
        let carried = note(notes, &format!("answer carried for {name}"))?;
        let compute = whole.saturating_sub(door).saturating_sub(read).saturating_sub(carried);
        let measured = format!(
            "{} (besides {} for reading collateral and {} for carrying the answer)",
            number(compute),
            number(read),
            number(carried)
        );
        Some(finding(
            format!("full check of Intel's {name} quote: compute"),
            measured,
            "≤ 30 000",
            compute <= 30_000,
        ))
    };
    ["TDX", "SGX"].into_iter().filter_map(one).collect()
}

fn transactions(table: &Table, notes: &[Note]) -> Vec<Finding> {
    let mut found = Vec::new();
    let million = table.find(
        "attestation-oracle",
        "Submit",
        "report, 1,000,000 calls, 50 accounts × 4 SKUs",
    );
    if let Some(line) = million {
        let measured = format!("1 of {} gas", number(line.most()));
        found.push(finding(
            "transactions for 1,000,000 calls, 50 accounts × 4 SKUs",
            measured,
            "1",
            true,
        ));
    }
    let count = note(notes, "transactions for 2,000 accounts × 4 SKUs");
    let rest = [
        "reports of 200 entries a transaction",
        "bytes of a report of 200 entries",
        "most gas of one of these transactions",
    ];
    if let (Some(count), [Some(room), Some(bytes), Some(gas)]) = (count, rest.map(|what| note(notes, what))) {
        let measured = format!(
            "{count} of up to {} gas: {room} reports of 200 entries ({} bytes each) a transaction",
            number(gas),
            number(bytes)
        );
        found.push(Finding {
            holds: None,
            ..finding(
                "transactions for 2,000 accounts × 4 SKUs",
                measured,
                "1 MiB and 25 000 000 gas each",
                true,
            )
        });
    }
    found
}

fn flat(table: &Table) -> Finding {
    let steepest = table
        .lines
        .iter()
        .filter_map(|line| Some((line.growth()?, line)))
        .max_by_key(|(growth, _)| *growth);
    let measured = steepest.map_or_else(String::new, |(growth, line)| {
        format!("{}: {}", tenths(growth), line.name())
    });
    finding(
        "growth from fewest to most rows, at most",
        measured,
        format!("≤ {}", tenths(FLAT)),
        table.lines.iter().all(Line::is_flat),
    )
}

fn note(notes: &[Note], what: &str) -> Option<u64> {
    notes.iter().find(|(name, _)| name == what).map(|(_, number)| *number)
}

/// Why a row is above its target.
fn reason(contract: &str, handler: &str, case: &str) -> &'static str {
    match (contract, handler) {
        ("attestation-oracle", "Submit") => "four contracts for a single entry; from the second entry on it is within",
        ("attestation-oracle", _) => "Merkle paths in the message, and a bond that moves",
        ("compute-wars", "CollectPrizes") => "the token is asked for a balance before and after, and a reply",
        ("ecosystem-fund", "Buyback") => "a swap inside: balances before and after, a reply, a receipt, a burn",
        ("ecosystem-fund", _) => "the vault answers three questions and is told once",
        ("exchange", "Provide") if case == "token and USDT" => {
            "an allowance is used, and the rest of the coin goes back"
        }
        ("exchange", "Provide") => "two tokens are taken by allowance, each a row more to read and write",
        ("exchange", _) if case.contains("minute") => "the first trade of a minute closes candles of three kinds",
        ("exchange", _) if case.contains("rest") => "the rest of the payment goes back",
        ("exchange", "Skim") => "asks both tokens for a balance, then pays both",
        ("exchange", "Withdraw") => "pays both assets",
        ("imo-launchpad", "Receive") => "the vault sends the Credits and is called again to grant the units",
        ("margin", "Close") => "repays, swaps, checks what arrived, and pays",
        ("margin", _) => "the exchange is asked for marks and the lows of a day",
        ("prediction-market", "Claim" | "Decide") => "settles the market as well: every bond is paid or burned",
        ("prediction-market", _) => {
            "four contracts by two sub-messages, or rows of a new market and a question to staking"
        }
        ("token-allocation", "LockVested") => "a claim and a lock in one transaction, each with its rows",
        ("token-allocation", _) => {
            "hands over the sale, sends VCAI three times, and opens the pool, each with its rows and a transfer of USDT"
        }
        ("treasury", _) => "an allowance is given and used, or both assets are paid, and the bank moves USDT",
        _ => "no reason is known",
    }
}

/// Markdown, by contract and handler; peers and verdict at the end.
pub fn markdown(table: &Table) -> String {
    let mut text = format!(
        "# Gas\n\nWhole transactions on {}, contracts built by {}. Written by `lex gas`; how to read it: docs/src/operations/gas.md.\n",
        table.chain, table.toolchain
    );
    let mut contracts: Vec<&str> = Vec::new();
    for line in &table.lines {
        if !contracts.contains(&line.row.contract.as_str()) && PEERS.iter().all(|(peer, _)| line.row.contract != *peer)
        {
            contracts.push(&line.row.contract);
        }
    }
    contracts.sort_unstable();
    for contract in contracts {
        section(&mut text, table, contract, contract);
    }
    for (peer, title) in PEERS {
        section(&mut text, table, peer, title);
    }
    verdict(&mut text, table);
    text
}

fn section(text: &mut String, table: &Table, contract: &str, title: &str) {
    let mut lines: Vec<_> = table
        .lines
        .iter()
        .filter(|line| line.row.contract == contract)
        .collect();
    // A stable sort: measurements of one handler stay in the order they were made.
    lines.sort_by(|a, b| a.row.handler.cmp(&b.row.handler));
    if lines.is_empty() {
        return;
    }
    let sizes: String = table
        .sizes
        .iter()
        .map(|rows| format!(" {} |", number((*rows).into())))
        .collect();
    let dashes = "---:|".repeat(table.sizes.len());
    // Writing to a String cannot fail.
    let _ = write!(text, "\n## {title}\n\n| handler | case |{sizes} growth | pinned | target | |\n|---|---|{dashes}---:|---:|---:|---|\n");
    for line in lines {
        let gas: String = line.gas.iter().map(|gas| format!(" {} |", number(*gas))).collect();
        let growth = line.growth().map_or_else(String::new, tenths);
        let pinned = line.pinned.map_or_else(String::new, number);
        let target = line.row.target.map_or_else(|| "–".to_owned(), number);
        let mark = mark(line.holds());
        let _ = writeln!(
            text,
            "| {} | {} |{gas} {growth} | {pinned} | {target} | {mark} |",
            line.row.handler, line.row.case
        );
    }
}

fn verdict(text: &mut String, table: &Table) {
    text.push_str("\n## Verdict\n\n| what | measured | target | |\n|---|---|---|---|\n");
    for found in &table.findings {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            found.what,
            found.measured,
            found.target,
            mark(found.holds)
        );
    }
    let missed: Vec<_> = table.lines.iter().filter(|line| line.holds() == Some(false)).collect();
    let _ = writeln!(
        text,
        "\nRows with a target: {}; above it: {}.",
        table.lines.iter().filter(|l| l.row.target.is_some()).count(),
        missed.len()
    );
    for line in missed {
        let _ = writeln!(
            text,
            "- {}: {} of {}; {}",
            line.name(),
            number(line.most()),
            line.row.target.map_or_else(String::new, number),
            reason(&line.row.contract, &line.row.handler, &line.row.case)
        );
    }
}

fn mark(holds: Option<bool>) -> &'static str {
    match holds {
        Some(true) => "pass",
        Some(false) => "**FAIL**",
        None => "",
    }
}

/// Thousands apart.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

fn tenths(value: i64) -> String {
    format!("{}.{} %", value / 10, value % 10)
}

/// Rows that use over a hundredth more than they did, and rows that are gone.
pub fn regressions(before: &Table, now: &Table) -> Vec<String> {
    let mut found = Vec::new();
    for old in &before.lines {
        let Some(new) = now.find(&old.row.contract, &old.row.handler, &old.row.case) else {
            found.push(format!("{} is no longer measured", old.name()));
            continue;
        };
        for (rows, gas) in now.sizes.iter().zip(&new.gas) {
            let place = before.sizes.iter().position(|size| size == rows);
            let Some(was) = place.and_then(|place| old.gas.get(place)) else {
                continue;
            };
            if gas * 100 > was * 101 {
                found.push(format!("{} at {rows}: {} → {}", old.name(), number(*was), number(*gas)));
            }
        }
    }
    for new in &now.lines {
        if before
            .find(&new.row.contract, &new.row.handler, &new.row.case)
            .is_none()
        {
            found.push(format!("{} is not in the committed table", new.name()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::table::{Figure, Row};
    use super::*;

    fn table(gas: &[(u32, u64)]) -> Table {
        let mut table = Table::default();
        for (rows, gas) in gas {
            let row = Row::new("credit-vault", "Deposit", "first").at_most(1_000);
            table.add(*rows, vec![Figure { row, gas: *gas }]);
        }
        table
    }

    #[test]
    fn growth_is_rounded_up_and_flat_up_to_three_percent() {
        for (last, growth, flat) in [(1_000, 0, true), (1_030, 30, true), (1_031, 31, false), (900, 0, true)] {
            let table = table(&[(1, 1_000), (100_000, last)]);
            assert_eq!(
                (table.lines[0].growth(), table.lines[0].is_flat()),
                (Some(growth), flat),
                "{last}"
            );
        }
        // A bulge in the middle is growth.
        assert!(!table(&[(1, 1_000), (1_000, 1_100), (100_000, 1_000)]).lines[0].is_flat());
    }

    #[test]
    fn more_than_a_hundredth_is_a_regression_and_so_is_a_row_that_is_gone() {
        let before = table(&[(1, 1_000), (1_000, 1_000), (100_000, 1_000)]);
        assert!(regressions(&before, &table(&[(1, 1_010), (1_000, 900)])).is_empty());
        assert_eq!(regressions(&before, &table(&[(1, 1_011), (1_000, 1_000)])).len(), 1);
        assert_eq!(regressions(&before, &Table::default()).len(), 1);
        assert_eq!(regressions(&Table::default(), &table(&[(1, 1)])).len(), 1);
    }

    #[test]
    fn a_row_above_its_target_is_named_in_the_verdict() {
        let mut late = table(&[(1, 999), (1_000, 1_001)]);
        late.findings = findings(&late, &[]);
        let text = markdown(&late);
        assert!(
            text.contains("credit-vault Deposit (first): 1 001 of 1 000; no reason is known"),
            "{text}"
        );
        assert!(
            text.contains("| Deposit | first | 999 | 1 001 | 0.3 % |  | 1 000 | **FAIL** |"),
            "{text}"
        );
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 12, 1_234, 1_234_567].map(number), ["0", "12", "1 234", "1 234 567"]);
    }
}
