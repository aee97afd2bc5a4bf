//! What a deployment is told about the network's token, in TOML. Amounts are base units in quotes, times moments ([`When`]).

use std::time::{Duration, SystemTime};

use cosmwasm_std::Uint128;
use interfaces::token_allocation::{self, Bucket, TgePlan, VestingSchedule};
use interfaces::voting_adapter::Measure;
use interfaces::{exchange, genesis_nft, governance, incentive_controller, treasury, vcai, vote_escrow};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A moment: `2027-01-01T00:00:00Z`, or `+7d`, which is so long after the contracts are created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Unix seconds.
    At(u64),
    /// Seconds.
    After(u64),
}

impl When {
    /// Unix seconds, if the contracts are created now.
    #[must_use]
    pub fn seconds(self, now: u64) -> u64 {
        match self {
            Self::At(time) => time,
            Self::After(delay) => now.saturating_add(delay),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let whole = |duration: Duration| match duration.subsec_nanos() {
            0 => Ok(duration.as_secs()),
            _ => Err(format!("{text} is no whole number of seconds")),
        };
        if let Some(delay) = text.strip_prefix('+') {
            let delay = humantime::parse_duration(delay).map_err(|e| format!("{text}: {e}"))?;
            return Ok(Self::After(whole(delay)?));
        }
        let time = humantime::parse_rfc3339(text);
        let time = time.map_err(|e| format!("{text} is no moment like 2027-01-01T00:00:00Z, nor like +7d: {e}"))?;
        let since = time.duration_since(SystemTime::UNIX_EPOCH).map_err(|e| e.to_string())?;
        Ok(Self::At(whole(since)?))
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// The token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vcai {
    pub name: String,
    pub symbol: String,
    pub marketing: Option<vcai::Marketing>,
}

impl Default for Vcai {
    fn default() -> Self {
        Self {
            name: "Vcity".to_owned(),
            symbol: "VCAI".to_owned(),
            marketing: None,
        }
    }
}

/// The genesis supply.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenAllocation {
    pub tge: Tge,
    /// Given once, in this order, while there are no grants; later ones are the council's or governance's.
    #[serde(default)]
    pub grants: Vec<Grant>,
}

/// When and at which price the market opens.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tge {
    pub time: When,
    /// Base units of the stablecoin for 10⁶ base units of VCAI.
    pub price: Uint128,
}

impl Tge {
    #[must_use]
    pub fn plan(self, now: u64) -> TgePlan {
        TgePlan {
            time: self.time.seconds(now),
            price: self.price,
        }
    }
}

/// One beneficiary's part of a bucket.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub bucket: Bucket,
    pub beneficiary: String,
    /// Base units.
    pub amount: Uint128,
    /// The bucket's if absent.
    pub schedule: Option<VestingSchedule>,
}

impl Grant {
    #[must_use]
    pub fn new_grant(&self) -> token_allocation::NewGrant {
        token_allocation::NewGrant {
            beneficiary: self.beneficiary.clone(),
            amount: self.amount,
            schedule: self.schedule,
        }
    }
}

/// Tokens sold before the TGE.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisNft {
    #[serde(default = "genesis_name")]
    pub name: String,
    #[serde(default = "genesis_symbol")]
    pub symbol: String,
    pub base_uri: Option<String>,
    pub sale: Sale,
}

/// Terms of the sale, as `genesis_nft::Sale` has them.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    /// Base units of the stablecoin for a token.
    pub price: Uint128,
    pub tokens: u32,
    pub per_wallet: u32,
    pub opens: When,
    pub listed_until: Option<When>,
    pub closes: When,
    pub deadline: When,
}

impl Sale {
    #[must_use]
    pub fn terms(self, now: u64) -> genesis_nft::Sale {
        genesis_nft::Sale {
            price: self.price,
            tokens: self.tokens,
            per_wallet: self.per_wallet,
            opens: self.opens.seconds(now),
            listed_until: self.listed_until.map(|until| until.seconds(now)),
            closes: self.closes.seconds(now),
            deadline: self.deadline.seconds(now),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoteEscrow {
    pub params: vote_escrow::Params,
}

/// A lock of 10,000 VCAI or more, for everybody.
impl Default for VoteEscrow {
    fn default() -> Self {
        Self {
            params: vote_escrow::Params {
                min_lock: Uint128::new(10_000_000_000),
                account_fee: None,
                gate: None,
            },
        }
    }
}

/// The adapter that shows how the escrow answers a DAO DAO core; a core instantiates one of its own from the same code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VotingAdapter {
    pub measure: Measure,
}

impl Default for VotingAdapter {
    fn default() -> Self {
        Self {
            measure: Measure::Weight,
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Treasury {
    #[serde(default)]
    pub params: treasury::Params,
    /// Who may deposit revenue from the start.
    #[serde(default)]
    pub sources: Vec<treasury::NewSource>,
}

/// The pool of VCAI and USDT.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VcaiExchange {
    #[serde(default)]
    pub params: PoolParams,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolParams {
    pub fee_bps: u16,
    /// The treasury if absent, which keeps it for governance.
    pub skim_recipient: Option<String>,
}

impl Default for PoolParams {
    fn default() -> Self {
        Self {
            fee_bps: 30,
            skim_recipient: None,
        }
    }
}

impl PoolParams {
    #[must_use]
    pub fn or(self, treasury: &str) -> exchange::Params {
        exchange::Params {
            fee_bps: self.fee_bps,
            skim_recipient: self.skim_recipient.unwrap_or_else(|| treasury.to_owned()),
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncentiveController {
    /// Says what nodes and renters did. Nobody if absent, until the owner names one: a registry of nodes, once there is one.
    pub reporter: Option<String>,
    #[serde(default)]
    pub params: incentive_controller::Params,
}

/// The instance of Vcity: those who lock VCAI vote.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VcaiGovernance {
    pub params: DepositParams,
    pub tracks: governance::Tracks,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepositParams {
    /// Base units of VCAI.
    pub deposit: Uint128,
    /// The treasury if absent, which keeps it for governance.
    pub deposit_recipient: Option<String>,
    pub refund_bps: u16,
}

impl DepositParams {
    #[must_use]
    pub fn or(self, treasury: &str) -> governance::Params {
        governance::Params {
            deposit: self.deposit,
            deposit_recipient: self.deposit_recipient.unwrap_or_else(|| treasury.to_owned()),
            refund_bps: self.refund_bps,
        }
    }
}

fn genesis_name() -> String {
    "Vcity Genesis".to_owned()
}

fn genesis_symbol() -> String {
    "VGEN".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_fixed_or_follow_creation() {
        let cases = [
            ("1970-01-02T00:00:00Z", Ok(86_400)),
            ("2027-01-01T00:00:00Z", Ok(1_798_761_600)),
            ("+0s", Ok(1_000)),
            ("+1d 1h", Ok(91_000)),
            ("+1ms", Err("whole number")),
            ("+soon", Err("+soon")),
            ("2027-01-01T00:00:00.5Z", Err("whole number")),
            ("2027-01-01", Err("no moment")),
            ("7d", Err("no moment")),
        ];
        for (text, expected) in cases {
            match (When::parse(text).map(|when| when.seconds(1_000)), expected) {
                (Ok(found), Ok(seconds)) => assert_eq!(found, seconds, "{text}"),
                (Err(error), Err(words)) => assert!(error.contains(words), "{text}: {error}"),
                (found, expected) => panic!("{text}: {found:?}, not {expected:?}"),
            }
        }
    }
}
