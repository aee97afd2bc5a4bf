//! The relayer's promises on a live wasmd. One chain at a time, each with a clock of its own.

mod batches;
mod collateral;
mod crashes;
mod delivery;
mod losses;

use faults::relayer::Home;
use faults::world::World;

/// A relayer's folder for this world.
fn home(world: &World, rpc: &str, key: &str, tuning: &[&str]) -> Home {
    let (chain, oracle) = (&world.stage.chain_id, &world.stage.at.attestation_oracle);
    Home::new(chain, oracle, rpc, key, tuning).unwrap()
}
