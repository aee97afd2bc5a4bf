//! DAO DAO's own contracts over the suite's locks: a live wasmd, `dao-dao-core` and `dao-proposal-single` 2.6 as published, and `voting-adapter` over `vote-escrow` as
//! their voting module.
//!
//! - [`world`]: chain, contracts and people
//! - [`house`]: the DAO, asked and told in its own words

pub mod house;
pub mod world;
