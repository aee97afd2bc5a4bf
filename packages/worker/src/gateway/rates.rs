//! Prices: the vault's rate card, in the version in force when a call was made.

use std::collections::{BTreeMap, HashMap};

use interfaces::credit_vault::{QueryMsg, RateResponse, RateVersion};

use crate::sdk::ChainClient;
use crate::{Error, Result};

/// Prices are per this many units.
const UNITS_PER_PRICE: u128 = 1_000_000;

/// Most that one leaf may cost, µCredit (a million Credits), so that the sums of an entry fit it.
const MAX_PRICE: u128 = 1_000_000_000_000;

/// Page of `Rates`.
const PAGE: u32 = 100;

/// List price and attested cost of one leaf, µCredit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    pub list: u64,
    pub cost: u64,
}

/// Why a leaf has no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpriced {
    /// The SKU is not on the rate card, or was not yet when the call was made.
    NoRate,
    /// The SKU belongs to another gateway; its entries would be skipped.
    Foreign { gateway: u64 },
    /// The price does not fit a leaf.
    TooLarge,
}

impl std::fmt::Display for Unpriced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoRate => f.write_str("no rate was in force"),
            Self::Foreign { gateway } => write!(f, "the SKU belongs to gateway {gateway}"),
            Self::TooLarge => f.write_str("the price is out of range"),
        }
    }
}

/// Input and output tokens are two SKUs of a model.
pub fn skus(model: &str) -> [String; 2] {
    [format!("{model}:in"), format!("{model}:out")]
}

/// The rate cards of one gateway.
#[derive(Clone, Debug, Default)]
pub struct RateCard {
    gateway: u64,
    by_sku: HashMap<String, RateResponse>,
}

impl RateCard {
    /// The card of `gateway` out of all `rates`.
    pub fn new(gateway: u64, rates: Vec<RateResponse>) -> Self {
        Self {
            gateway,
            by_sku: rates.into_iter().map(|rate| (rate.sku.clone(), rate)).collect(),
        }
    }

    /// Reads all rates from the vault.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Query`].
    pub async fn fetch(client: &impl ChainClient, vault: &str, gateway: u64) -> Result<Self> {
        Ok(Self::new(gateway, fetch_rates(client, vault).await?))
    }

    /// ⌊units · rate / 10⁶⌋ for list and cost, in the version in force at `time`.
    ///
    /// # Errors
    /// [`Unpriced`].
    pub fn price(&self, sku: &str, units: u64, time: u64) -> std::result::Result<Price, Unpriced> {
        let rate = self.by_sku.get(sku).ok_or(Unpriced::NoRate)?;
        if rate.gateway != self.gateway {
            return Err(Unpriced::Foreign { gateway: rate.gateway });
        }
        let version = in_force(&rate.versions, time).ok_or(Unpriced::NoRate)?;
        Ok(Price {
            list: amount(units, version.list.u128())?,
            cost: amount(units, version.cost.u128())?,
        })
    }

    /// Highest list price, µCredit per 10⁶ units, that a call of now can meet until `until`; none if the SKU is not this gateway's or not in force now.
    pub fn ceiling(&self, sku: &str, now: u64, until: u64) -> Option<u128> {
        let rate = self.by_sku.get(sku).filter(|rate| rate.gateway == self.gateway)?;
        in_force(&rate.versions, now)?;
        let versions = rate.versions.iter().filter(|version| version.from <= until);
        versions.map(|version| version.list.u128()).max()
    }

    /// Every model whose input has a price of this gateway in force, by name, with its prices of input and output.
    pub fn models(&self, now: u64) -> BTreeMap<String, [Option<RateVersion>; 2]> {
        let version = |sku: &str| {
            let rate = self.by_sku.get(sku).filter(|rate| rate.gateway == self.gateway)?;
            in_force(&rate.versions, now).cloned()
        };
        let names = self.by_sku.keys().filter_map(|sku| sku.strip_suffix(":in"));
        let priced = names.map(|model| (model.to_owned(), skus(model).map(|sku| version(&sku))));
        priced.filter(|(_, [input, _])| input.is_some()).collect()
    }
}

/// Every rate card in the vault, by SKU.
///
/// # Errors
/// [`Error::Unreachable`], [`Error::Query`].
pub async fn fetch_rates(client: &impl ChainClient, vault: &str) -> Result<Vec<RateResponse>> {
    let mut rates: Vec<RateResponse> = vec![];
    loop {
        let start_after = rates.last().map(|rate| rate.sku.clone());
        let query = QueryMsg::Rates {
            start_after,
            limit: Some(PAGE),
        };
        let page: Vec<RateResponse> = client.query(vault, &query).await?;
        if page.is_empty() {
            return Ok(rates);
        }
        rates.extend(page);
    }
}

/// Reads rates from a file as `gateway rates` writes it.
///
/// # Errors
/// [`Error::File`], [`Error::Json`].
pub fn read_rates(path: &std::path::Path) -> Result<Vec<RateResponse>> {
    Ok(serde_json::from_slice(
        &std::fs::read(path).map_err(Error::file(path))?,
    )?)
}

fn in_force(versions: &[RateVersion], time: u64) -> Option<&RateVersion> {
    versions
        .iter()
        .filter(|version| version.from <= time)
        .max_by_key(|version| version.from)
}

/// ⌊units · rate / 10⁶⌋, down for the account.
pub(super) fn amount(units: u64, rate: u128) -> std::result::Result<u64, Unpriced> {
    let product = u128::from(units).checked_mul(rate).ok_or(Unpriced::TooLarge)?;
    let amount = Some(product / UNITS_PER_PRICE)
        .filter(|amount| *amount <= MAX_PRICE)
        .ok_or(Unpriced::TooLarge)?;
    u64::try_from(amount).map_err(|_| Unpriced::TooLarge)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint128;
    use proptest::prelude::*;

    use super::*;

    fn version(list: u128, cost: u128, from: u64) -> RateVersion {
        RateVersion {
            list: Uint128::new(list),
            cost: Uint128::new(cost),
            from,
        }
    }

    fn card(versions: Vec<RateVersion>) -> RateCard {
        RateCard::new(
            1,
            vec![RateResponse {
                sku: "m:in".into(),
                gateway: 1,
                versions,
                exclusive_from: None,
                exclusive_until: None,
            }],
        )
    }

    #[test]
    fn the_version_in_force_at_the_calls_time_counts() {
        let card = card(vec![version(1_000_000, 500_000, 100), version(2_000_000, 600_000, 200)]);
        for (time, expected) in [
            (99, Err(Unpriced::NoRate)),
            (100, Ok(Price { list: 3, cost: 1 })),
            (199, Ok(Price { list: 3, cost: 1 })),
            (200, Ok(Price { list: 6, cost: 1 })),
        ] {
            assert_eq!(card.price("m:in", 3, time), expected, "at {time}");
        }
    }

    #[test]
    fn prices_round_down() {
        let card = card(vec![version(2_500_000, 1, 0)]);
        assert_eq!(card.price("m:in", 1, 0), Ok(Price { list: 2, cost: 0 }));
        assert_eq!(
            card.price("m:in", 999_999, 0),
            Ok(Price {
                list: 2_499_997,
                cost: 0
            })
        );
    }

    #[test]
    fn unknown_foreign_and_huge_are_told_apart() {
        let card = card(vec![version(u128::MAX, 1, 0)]);
        assert_eq!(card.price("m:out", 1, 0), Err(Unpriced::NoRate));
        assert_eq!(card.price("m:in", 1, 0), Err(Unpriced::TooLarge));
        let foreign = RateCard { gateway: 2, ..card };
        assert_eq!(foreign.price("m:in", 1, 0), Err(Unpriced::Foreign { gateway: 1 }));
    }

    proptest! {
        #[test]
        fn a_price_never_exceeds_the_exact_one(units in 0u64..=1_000_000_000, rate in 0u128..=1_000_000_000) {
            let price = amount(units, rate).unwrap();
            let exact = num_bigint::BigUint::from(units) * num_bigint::BigUint::from(rate);
            let priced = num_bigint::BigUint::from(price) * 1_000_000u32;
            prop_assert!(priced <= exact);
            prop_assert!(exact - priced < num_bigint::BigUint::from(1_000_000u32));
        }
    }
}
