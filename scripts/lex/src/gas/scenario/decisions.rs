//! Governance over VCAI.

use anyhow::Result;
use cosmwasm_std::Uint128;
use interfaces::governance::{Action, Choice, Cw20Hook, ExecuteMsg, OverviewResponse, ProposalResponse, QueryMsg};
use suite::population::markets::WHALE;
use suite::population::network::{ids, issuance, people};
use suite::population::user;

use super::network::{send, ONE};
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const GOVERNANCE: &str = "governance";
const VOTE: u64 = 210_000;
const PROPOSE: u64 = 270_000;

fn row(handler: &str, case: &str) -> Row {
    Row::new(GOVERNANCE, handler, case)
}

/// Proposals, and votes beside as many as there are rows.
pub fn run(bench: &mut Bench) -> Result<()> {
    let (to, whale, token) = (bench.at.vcai_governance.clone(), user(WHALE)?, bench.at.vcai.clone());
    let overview: OverviewResponse = bench.query(&to, &QueryMsg::Overview {})?;
    let deposit = overview.params.deposit.u128();
    let recipient = user(8)?.address().to_owned();
    let actions = [
        ("Propose an issuance", Action::StrategicIssuance(issuance(&recipient)?)),
        (
            "Propose to spend",
            Action::Spend {
                to: recipient,
                amount: Uint128::new(ONE),
            },
        ),
        ("Propose to reprice", Action::Reprice { exponent: 2 }),
    ];
    for (case, action) in actions {
        let hook = Cw20Hook::Propose {
            title: "a measured proposal".to_owned(),
            description: "what it is for, in a line or two, with a link to the discussion".to_owned(),
            action,
        };
        let row = row("Receive", case).at_most(PROPOSE);
        send(bench, Some(row), &whale, (&token, deposit), &to, &hook)?;
    }
    let vote = |proposal, choice| ExecuteMsg::Vote { proposal, choice };
    let first = row("Vote", "by locks").at_most(VOTE);
    bench.measure(first, &whale, &to, &vote(ids::SPEND, Choice::No), &[])?;
    let change = row("Vote", "by locks, changed").at_most(VOTE);
    bench.measure(change, &whale, &to, &vote(ids::SPEND, Choice::Yes), &[])?;
    for proposal in [ids::ISSUANCE, ids::REPRICE, ids::APPEALS] {
        bench.run(&whale, &to, &vote(proposal, Choice::Yes), &[])?;
    }
    Ok(())
}

/// When what was proposed before the chain started is ready.
pub fn enact(bench: &mut Bench) -> Result<()> {
    let (to, anyone) = (bench.at.vcai_governance.clone(), bench.by("relayer")?);
    let newest: ProposalResponse = bench.query(&to, &QueryMsg::Proposal { proposal: ids::APPEALS })?;
    let ready = newest.summary.schedule.ready_at;
    if bench.now()? < ready {
        bench.until(ready + 1)?;
    }
    // Each asks the escrow for power and locks, and the token for its supply.
    let cases = [
        ("Execute", "spend", 4, ids::SPEND),
        ("Execute", "strategic issuance", 5, ids::ISSUANCE),
        ("Execute", "reprice", 3, ids::REPRICE),
        ("SetAppeals", "through Execute", 3, ids::APPEALS),
    ];
    for (handler, case, hops, proposal) in cases {
        let row = row(handler, case).hops(hops);
        bench.measure(row, &anyone, &to, &ExecuteMsg::Execute { proposal }, &[])?;
    }
    let open = ExecuteMsg::OpenAppeal { case: 1 };
    bench.measure(row("OpenAppeal", "").hops(2), &user(people::APPEALS)?, &to, &open, &[])?;
    Ok(())
}
