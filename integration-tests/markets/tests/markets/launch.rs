//! Quota of a scarce model: shared out by stake, paid for, spent by calls.

use anyhow::{ensure, Result};
use interfaces::credit_vault as vault;
use interfaces::imo_launchpad::{AllotmentResponse, Cw20Hook, ExecuteMsg, NewLaunch, QueryMsg};
use markets::world::{number, same, units, Person, World, DAY, HOUR, ONE};

use crate::calls::{list, refusal, Keys};
use crate::Cast;

/// Units shared out; 17 parts, of which Ann's stake of three times 50,000 has 15 and Carl's 20,000 two.
const QUOTA: u128 = 1_700;
/// µCredit per 10⁶ units: 4 Credits a token, a fifth of the list price.
const PRICE: u128 = 4 * ONE * ONE;

fn allotment(world: &World, launch: u64, of: &Person) -> Result<AllotmentResponse> {
    let address = of.address().to_owned();
    world.query(&world.at.imo_launchpad, &QueryMsg::Allotment { launch, address })
}

fn entitlement(world: &World, of: &Person) -> Result<u128> {
    let query = vault::QueryMsg::Entitlement {
        address: of.address().to_owned(),
        sku: "rare:out".to_owned(),
    };
    let held: vault::EntitlementResponse = world.query(&world.at.credit_vault, &query)?;
    Ok(held.units.u128())
}

/// The council announces; stakers subscribe, and claim what they pay for.
fn share_out(world: &mut World, cast: &Cast) -> Result<()> {
    let at = world.at.imo_launchpad.clone();
    let now = world.now()?;
    let terms = NewLaunch {
        sku: "rare:out".to_owned(),
        quota: QUOTA.into(),
        price_per_unit: PRICE.into(),
        snapshot: now - 1,
        subscribe_until: now + 2 * HOUR,
        claim_until: now + 2 * DAY,
        exclusive_until: now + 30 * DAY,
    };
    let created = world.execute(&cast.council, &at, &ExecuteMsg::CreateLaunch(terms), &[])?;
    let launch = u64::try_from(number(&created, "launch", "launch")?)?;
    let code = world.refused(&cast.lou, &at, &ExecuteMsg::Subscribe { launch })?;
    ensure!(code == "launchpad:9", "{code}: nothing is allocated without a stake");
    for (person, allocation) in [(&cast.ann, 1_500u128), (&cast.carl, 200)] {
        world.execute(person, &at, &ExecuteMsg::Subscribe { launch }, &[])?;
        same("allocation", allotment(world, launch, person)?.allocation, allocation)?;
    }
    world.until(now + 2 * HOUR + 1)?;
    for (person, units) in [(&cast.ann, 60u128), (&cast.carl, 200)] {
        let hook = Cw20Hook::Claim {
            launch,
            units: units.into(),
        };
        let had = world.credits(person.address())?;
        world.pay_credits(person, &at, units * PRICE / ONE, &hook)?;
        same(
            "price of the quota",
            had - world.credits(person.address())?,
            units * PRICE / ONE,
        )?;
        same("granted", entitlement(world, person)?, units)?;
    }
    world.say("a launch of 1,700 tokens: Ann may have 1,500 of them, Carl 200, Lou none");
    Ok(())
}

/// Calls to the new model: Ann's are covered, Lou is refused, and so is Ann beyond her quota.
pub fn launch(world: &mut World, cast: &Cast, keys: &Keys) -> Result<()> {
    share_out(world, cast)?;
    world.gateway.wait_ready()?;
    // What the gateway knew of both accounts is older than a second by now.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let asked = world.model_requests()?;
    let refused = world.gateway.chat(&keys.lou, "rare", 15, 45)?;
    ensure!(refusal(&refused) == (403, "not_entitled"), "{refused:?}");
    let refused = world.gateway.chat(&keys.ann, "rare", 15, 61)?;
    ensure!(refusal(&refused) == (403, "not_entitled"), "{refused:?}");
    ensure!(
        world.model_requests()? == asked,
        "what is refused never reaches the model"
    );

    let had = world.spending(&cast.ann)?.amount.u128();
    let mut asked = 0;
    for (words, most) in [(15, 45), (5, 15)] {
        let answer = world.gateway.chat(&keys.ann, "rare", words, most)?;
        ensure!(
            answer.status == 200 && answer.tokens.1 == u128::from(most),
            "{answer:?}"
        );
        asked += list("rare", answer.tokens)[0];
    }
    let refused = world.gateway.chat(&keys.ann, "rare", 5, 1)?;
    ensure!(
        refusal(&refused) == (403, "not_entitled"),
        "{refused:?}: the quota is served"
    );
    world.settle(&[&keys.ann])?;
    same("what is left of the quota", entitlement(world, &cast.ann)?, 0u128)?;
    // Ann is Lv4, and only the tokens she asked with are hers to pay.
    let charged = had - world.spending(&cast.ann)?.amount.u128();
    same("charged beside the quota", charged, asked * 7 / 10)?;
    world.say(format!(
        "Ann's 60 tokens of quota are spent by calls; {} Credits for the rest",
        units(charged)
    ));
    Ok(())
}
