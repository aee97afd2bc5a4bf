//! A year of the network's token on a live wasmd, every message signed by whoever sends it.
//!
//! Amounts are worked out here by the formulas of the book, never asked of the contract that is tested.

mod genesis;
mod issuance;
mod value;
mod year;

use anyhow::Result;
use interfaces::token_allocation::Bucket;
use network::laws;
use network::world::{Person, Roles, World};

/// Everybody in it.
pub struct Cast {
    /// Hold grants, lock, and vote.
    pub ann: Person,
    pub bob: Person,
    pub dora: Person,
    /// Locks little, for two weeks.
    pub carl: Person,
    /// Buy genesis tokens.
    pub nora: Person,
    pub otto: Person,
    /// Deposit revenue that counts, and some that does not.
    pub desk: Person,
    pub donor: Person,
    /// Pay the desk.
    pub payers: [Person; 2],
    /// Closes, buys back, executes.
    pub keeper: Person,
    pub reporter: Person,
    /// Nodes, and who rents.
    pub nia: Person,
    pub ned: Person,
    pub ray: Person,
    /// Receive issued VCAI.
    pub pia: Person,
    pub quin: Person,
    pub thief: Person,
}

impl Cast {
    fn new() -> Result<Self> {
        Ok(Self {
            ann: Person::new("Ann", "user0")?,
            bob: Person::new("Bob", "user1")?,
            dora: Person::new("Dora", "user2")?,
            carl: Person::new("Carl", "user3")?,
            nora: Person::new("Nora", "user4")?,
            otto: Person::new("Otto", "user5")?,
            desk: Person::new("the desk", "user6")?,
            donor: Person::new("the donor", "user7")?,
            payers: [Person::new("Pam", "user8")?, Person::new("Pat", "user9")?],
            keeper: Person::new("the keeper", "user10")?,
            reporter: Person::new("the reporter", "user11")?,
            nia: Person::new("Nia", "user12")?,
            ned: Person::new("Ned", "user13")?,
            ray: Person::new("Ray", "user14")?,
            pia: Person::new("Pia", "user15")?,
            quin: Person::new("Quin", "user16")?,
            thief: Person::new("a thief", "user17")?,
        })
    }
}

#[test]
#[ignore = "starts a wasmd"]
fn a_year_of_the_networks_token() -> Result<()> {
    let cast = Cast::new()?;
    let mut world = World::new(&Roles {
        grants: &[
            (Bucket::Private, &cast.ann, genesis::ANN),
            (Bucket::Private, &cast.bob, genesis::BOB),
            (Bucket::Public, &cast.dora, genesis::DORA),
        ],
        sources: &[("desk", &cast.desk, true), ("donor", &cast.donor, false)],
        reporter: &cast.reporter,
    })?;
    laws::hold(&world, 0)?;
    let begun = genesis::begin(&mut world, &cast)?;
    laws::hold(&world, genesis::AIRDROP)?;
    let locks = value::lock(&mut world, &cast, &begun)?;
    laws::hold(&world, genesis::AIRDROP)?;
    value::thirty_days(&mut world, &cast, &locks)?;
    laws::hold(&world, genesis::AIRDROP)?;
    let vested = issuance::issue(&mut world, &cast, &locks)?;
    laws::hold(&world, genesis::AIRDROP)?;
    year::epochs(&mut world, &cast, &begun)?;
    issuance::claim(&mut world, &cast.quin, &vested)?;
    laws::hold(&world, genesis::AIRDROP)?;
    world.say("every law holds");
    Ok(())
}
