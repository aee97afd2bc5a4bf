//! Calls at the gateway, the LCO they mine, and what a stake changes of their price.

use anyhow::{ensure, Result};
use interfaces::compute_wars as contest;
use interfaces::credit_vault as vault;
use interfaces::lco_staking::{self as staking, Tier};
use markets::gateway::{Answer, WINDOW};
use markets::world::{same, units, Person, World, ONE, RATES};

use crate::Cast;

/// API keys.
pub struct Keys {
    pub ann: String,
    pub lou: String,
    pub carl: String,
}

/// ⌊tokens · rate / 10⁶⌋ of both sides of a model, in the order in, out.
pub fn list(model: &str, tokens: (u128, u128)) -> [u128; 2] {
    let rate = |side: &str| {
        let sku = format!("{model}:{side}");
        RATES.iter().find(|rate| rate.0 == sku).map_or(0, |rate| rate.1)
    };
    [tokens.0 * rate("in") / ONE, tokens.1 * rate("out") / ONE]
}

/// A call that must be served and be priced at list.
fn call(world: &World, key: &str, words: usize, most: u64) -> Result<u128> {
    let answer = world.gateway.chat(key, "chat", words, most)?;
    ensure!(answer.status == 200, "{answer:?}");
    let due = list("chat", answer.tokens).iter().sum::<u128>();
    same("the list price", answer.list, due)?;
    same("tokens out", answer.tokens.1, u128::from(most))?;
    Ok(due)
}

/// People deposit, promise, call and are charged at list price; what they consume mines ten LCO a Credit.
pub fn mine(world: &mut World, cast: &Cast) -> Result<Keys> {
    for (person, deposit) in [(&cast.ann, 40_000), (&cast.lou, 300_000), (&cast.carl, 20_000)] {
        world.deposit(person, deposit * ONE)?;
    }
    let keys = Keys {
        ann: world.subscribe(&cast.ann, 20_000 * ONE)?,
        lou: world.subscribe(&cast.lou, 60_000 * ONE)?,
        carl: world.subscribe(&cast.carl, 5_000 * ONE)?,
    };
    let asked = world.model_requests()?;
    let poor = world.gateway.chat(&keys.ann, "chat", 4, 50_000)?;
    ensure!(refusal(&poor) == (402, "insufficient_credits"), "{poor:?}");
    ensure!(
        world.model_requests()? == asked,
        "what is refused never reaches the model"
    );

    let calls = [
        (&cast.ann, &keys.ann, 200, 600, 20_000),
        (&cast.lou, &keys.lou, 1_600, 4_600, 60_000),
        (&cast.carl, &keys.carl, 100, 300, 5_000),
    ];
    let mut due = vec![];
    for (_, key, words, most, _) in calls {
        due.push(call(world, key, words, most)?);
    }
    world.say("calls are served; their window ends and is reported");
    world.settle(&[&keys.ann, &keys.lou, &keys.carl])?;
    for ((person, .., promised), due) in calls.into_iter().zip(&due) {
        let spending = world.spending(person)?;
        same("what is left of the promise", spending.amount, promised * ONE - due)?;
        same("shortfall", spending.shortfall, 0u128)?;
        same("LCO minted", world.claim_lco(person)?, 10 * due)?;
        world.say(format!(
            "{} paid {} Credits and mined {} LCO",
            person.name,
            units(*due),
            units(10 * due)
        ));
    }
    let overview: vault::OverviewResponse = world.query(&world.at.credit_vault, &vault::QueryMsg::Overview {})?;
    same("consumed", overview.consumed, due.iter().sum::<u128>())?;
    same("revenue", overview.revenue, due.iter().sum::<u128>())?;
    // The weekly contest heard of every charge: Lou, Ann, Carl.
    for ((person, ..), (due, rank)) in calls.into_iter().zip(due.into_iter().zip([2, 1, 3])) {
        let query = contest::QueryMsg::Rank {
            account: person.address().to_owned(),
            week: overview.week,
        };
        let ranked: contest::RankResponse = world.query(&world.at.compute_wars, &query)?;
        same("score in the contest", ranked.score, due)?;
        ensure!(ranked.rank == Some(rank), "{} is {:?}", person.name, ranked.rank);
    }
    Ok(keys)
}

pub fn refusal(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.code.as_deref().unwrap_or_default())
}

fn stake(world: &mut World, person: &Person, lco: u128) -> Result<Tier> {
    let at = world.at.lco_staking.clone();
    world.pay_lco(person, &at, lco * ONE, &staking::Cw20Hook::Stake { r#for: None })?;
    let query = staking::QueryMsg::Account {
        address: person.address().to_owned(),
    };
    let account: staking::AccountResponse = world.query(&at, &query)?;
    same("stake", account.stake, lco * ONE)?;
    Ok(account.tier)
}

/// Ann stakes to Lv4: the call before it is settled at list price although she is Lv4 by then, the next ones at 70 %.
pub fn stake_and_pay_less(world: &mut World, cast: &Cast, keys: &Keys) -> Result<()> {
    let before = call(world, &keys.ann, 20, 50)?;
    ensure!(stake(world, &cast.ann, 50_000)? == Tier::Lv4, "50,000 LCO are Lv4");
    ensure!(stake(world, &cast.carl, 20_000)? == Tier::Lv3, "20,000 LCO are Lv3");
    let had = world.spending(&cast.ann)?.amount.u128();
    world.settle(&[&keys.ann])?;
    let charged = had - world.spending(&cast.ann)?.amount.u128();
    same("a call of the window in which the stake came", charged, before)?;

    // The stake is in force from the second after it, so before the present window began.
    let now = world.now()?;
    world.until((now / WINDOW + 1) * WINDOW + 1)?;
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let answer = world.gateway.chat(&keys.ann, "chat", 20, 50)?;
    let due: u128 = list("chat", answer.tokens).iter().map(|list| list * 7 / 10).sum();
    same("list price at Lv4", answer.list, before)?;
    same("price shown at Lv4", answer.price, due)?;
    let had = world.spending(&cast.ann)?.amount.u128();
    world.settle(&[&keys.ann])?;
    let charged = had - world.spending(&cast.ann)?.amount.u128();
    same("charged at Lv4", charged, due)?;
    same("LCO mined", world.claim_lco(&cast.ann)?, 10 * (before + due))?;
    world.say(format!(
        "the same call: {} Credits before the stake, {} after it",
        units(before),
        units(charged)
    ));
    Ok(())
}
