//! What the vault asks of the staking contract. The staking contract itself follows the vault; until it is configured every account is [`Tier::Lv1`].

use cosmwasm_schema::{cw_serde, QueryResponses};

/// Price tier of an account, by staked LCO. Ordered: a later variant pays less.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub enum Tier {
    /// Pays 100 % of list.
    #[default]
    Lv1,
    /// Pays 95 %.
    Lv2,
    /// Pays 85 %.
    Lv3,
    /// Pays 70 %.
    Lv4,
    /// Pays the lower of cost and 70 % of list.
    Whale,
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// For each account, in the order asked, the lower of its tier at `since` (unix seconds) and its tier now. At most 200 accounts.
    #[returns(Vec<Tier>)]
    LowestTiers { accounts: Vec<String>, since: u64 },
}
