//! Time as the chain sees it.
//!
//! The chain's clock decides what a window, an enrolment or a quote is worth, and it need not be the clock of this machine: test chains live in other years
//! and jump. So time is the newest block's, plus what has passed here since it was read on a clock that never jumps.

use std::time::Instant;

use crate::sdk::chain::{Block, ChainClient};
use crate::Result;

/// The chain's time, carried on between blocks.
#[derive(Clone, Copy, Debug)]
pub struct ChainClock {
    block: Block,
    read_at: Instant,
}

impl ChainClock {
    /// Reads the newest block.
    ///
    /// # Errors
    /// [`crate::Error::Unreachable`].
    pub async fn read(client: &impl ChainClient) -> Result<Self> {
        Ok(Self {
            block: client.newest_block().await?,
            read_at: Instant::now(),
        })
    }

    /// Unix seconds now.
    pub fn now(&self) -> u64 {
        self.block.time.saturating_add(self.read_at.elapsed().as_secs())
    }

    /// The block last read.
    pub fn block(&self) -> Block {
        self.block
    }
}
