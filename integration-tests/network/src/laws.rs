//! What must hold between any two messages: VCAI comes from nowhere else, and every contract holds what it owes.

use anyhow::{ensure, Result};
use interfaces::voting::Moment;
use suite::{laws, Chain};

use crate::world::World;

/// Asks the chain for all of them; `airdrop` is what genesis tokens claim in all, 0 before the TGE.
///
/// # Errors
/// Naming the law that is broken.
pub fn hold(world: &World, airdrop: u128) -> Result<()> {
    let (chain, at) = (world.chain(), &world.at);
    // Asked about last: a node may answer from a block or two before its newest.
    let now = chain.block()?;
    let held = laws::vcai_supply(chain, &at.vcai)?;
    let pool = laws::pool(chain, &at.vcai_exchange)?
        .reserves
        .map(|amount| amount.u128());
    let genesis = laws::genesis_owes(chain, &at.genesis_nft, airdrop)?;
    let rewards = laws::rewards_owe(chain, &at.ve_rewards)?;
    let treasury = laws::treasury_owes(chain, &at.treasury)?;
    ensure!(
        treasury.bought == rewards.funded,
        "bought {} = funded {}",
        treasury.bought,
        rewards.funded
    );
    let incentives = match genesis.tge_at {
        Some(_) => laws::incentives_owe(chain, &at.incentive_controller)?,
        None => 0,
    };
    let vcai = [
        (
            &at.token_allocation,
            laws::allocation_owes(chain, &at.token_allocation)?,
        ),
        (&at.vote_escrow, laws::escrow_owes(chain, &at.vote_escrow)?),
        (&at.ve_rewards, (rewards.funded - rewards.paid).u128()),
        (&at.vcai_exchange, pool[0]),
        (&at.genesis_nft, airdrop - (genesis.claimed + genesis.forfeited).u128()),
        (&at.treasury, genesis.forfeited.u128()),
        (&at.incentive_controller, incentives),
        (
            &at.vcai_governance,
            laws::governance_owes(chain, &at.vcai_governance)?.lco,
        ),
    ];
    for (address, owed) in vcai {
        let is = held.get(address.as_str()).copied().unwrap_or_default();
        ensure!(is == owed, "{address} holds {is} VCAI and owes {owed}");
    }
    let usdt = [
        (&at.vcai_exchange, pool[1]),
        (&at.treasury, treasury.pot.u128()),
        (&at.genesis_nft, genesis.held.u128()),
        (&at.token_allocation, 0),
    ];
    for (address, owed) in usdt {
        let is = world.usdt(address)?;
        ensure!(is == owed, "{address} holds {is} µUSDT and owes {owed}");
    }
    laws::lp_shares(chain, &at.vcai_exchange)?;
    let moment = Moment {
        height: now.height,
        time: now.time.seconds(),
    };
    laws::escrow_powers(chain, &at.vote_escrow, moment)
}
