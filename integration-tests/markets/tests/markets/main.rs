//! One story on a live wasmd, with every process as its operator runs it and every message signed by whoever sends it.
//!
//! Amounts are worked out here by the formulas of the book, never asked of the contract that is tested.

mod bets;
mod burn;
mod calls;
mod launch;
mod leverage;
mod trading;

use anyhow::{ensure, Result};
use interfaces::attestation_oracle::{self as oracle, Role, Subject};
use markets::laws;
use markets::world::{Person, World, GATEWAY, PAYOUT};

/// Everybody in it.
pub struct Cast {
    /// Calls models, stakes to Lv4, trades, votes.
    pub ann: Person,
    /// Mines by many calls; provides liquidity and lends.
    pub lou: Person,
    /// A small staker; asks a question.
    pub carl: Person,
    /// Bet on it.
    pub bo: Person,
    pub cy: Person,
    /// Long, and short.
    pub eve: Person,
    pub fay: Person,
    /// Keeps: liquidates, buys back, executes.
    pub gus: Person,
    /// Buys big.
    pub hal: Person,
    /// Receives what the gateway earns.
    pub owner: Person,
    pub council: Person,
}

impl Cast {
    fn new() -> Result<Self> {
        Ok(Self {
            ann: Person::new("Ann", "user0")?,
            lou: Person::new("Lou", "user1")?,
            carl: Person::new("Carl", "user2")?,
            bo: Person::new("Bo", "user3")?,
            cy: Person::new("Cy", "user4")?,
            eve: Person::new("Eve", "user5")?,
            fay: Person::new("Fay", "user6")?,
            gus: Person::new("Gus", "user7")?,
            hal: Person::new("Hal", "user8")?,
            owner: Person::new("the gateway's owner", PAYOUT)?,
            council: Person::new("the council", "council")?,
        })
    }
}

fn key_epoch(world: &World) -> Result<u32> {
    let subject = Subject {
        role: Role::Gateway,
        id: GATEWAY,
    };
    let query = oracle::QueryMsg::Key {
        subject,
        key_epoch: None,
    };
    let key: oracle::KeyResponse = world.query(&world.at.attestation_oracle, &query)?;
    Ok(key.key_epoch)
}

#[test]
#[ignore = "starts a wasmd"]
fn a_users_way_through_the_markets() -> Result<()> {
    let mut world = World::new()?;
    let cast = Cast::new()?;
    let keys = calls::mine(&mut world, &cast)?;
    laws::hold(&world)?;
    calls::stake_and_pay_less(&mut world, &cast, &keys)?;
    laws::hold(&world)?;
    trading::trade(&mut world, &cast)?;
    laws::hold(&world)?;
    leverage::lever(&mut world, &cast)?;
    laws::hold(&world)?;
    bets::question(&mut world, &cast)?;
    laws::hold(&world)?;
    let epoch = key_epoch(&world)?;
    burn::buy_back(&mut world, &cast)?;
    laws::hold(&world)?;
    launch::launch(&mut world, &cast, &keys)?;
    laws::hold(&world)?;
    // Nobody told the gateway that its enrolment of seven days had ended on the way to that Friday.
    ensure!(key_epoch(&world)? > epoch, "the gateway enrolled a new key by itself");
    world.say("every law holds");
    Ok(())
}
