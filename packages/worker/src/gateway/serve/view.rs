//! What the chain says about the gateway and an account, kept for a few seconds.
//!
//! Nothing is served on an answer that is older than the time to live, on a chain that stands still, or without an answer at all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use interfaces::compute_wars::{self, PerksResponse};
use interfaces::credit_vault::{
    ConfigResponse, EntitlementResponse, FreeCallsResponse, GatewayResponse, Peers, QueryMsg, SpendingResponse,
    SpendingState,
};
use interfaces::lco_staking::{self, Tier};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::refusal::Refusal;
use crate::gateway::rates::RateCard;
use crate::sdk::chain::Block;
use crate::sdk::{ChainClient, ChainClock};
use crate::Error;

/// Rate cards come into force 48 hours after they are proposed.
const CARD_AGE: Duration = Duration::from_secs(60);

/// Free calls of a week count as money only if a report can still be settled in that week, so long before its end.
const FREE_CALLS_MARGIN: u64 = 3_600;

/// The vault's weeks begin on Mondays, 00:00 UTC; the first one began three days before the epoch.
const WEEK: u64 = 604_800;
const FIRST_WEEK: u64 = 259_200;

/// What concerns every account.
#[derive(Debug)]
pub struct Shared {
    read_at: Instant,
    clock: ChainClock,
    pub card: Arc<RateCard>,
    pub suspended: bool,
    peers: Peers,
    champion: Option<FreeCallsResponse>,
}

impl Shared {
    /// Unix seconds on the chain's clock.
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// The newest block.
    pub fn block(&self) -> Block {
        self.clock.block()
    }

    /// µCredit of free calls that the account still has in this week.
    pub fn free_calls(&self, account: &str) -> u128 {
        let settles_in_time = week(self.now()) == week(self.now().saturating_add(FREE_CALLS_MARGIN));
        let champion = self
            .champion
            .as_ref()
            .filter(|champion| champion.account == account && settles_in_time);
        champion.map_or(0, |champion| champion.left.u128())
    }
}

fn week(time: u64) -> u64 {
    time.saturating_add(FIRST_WEEK) / WEEK
}

/// What concerns one account.
#[derive(Clone, Debug)]
pub struct AccountView {
    read_at: Instant,
    pub spending: SpendingResponse,
    pub tier: Tier,
    /// The champion's perk.
    pub unlimited: bool,
    entitlements: BTreeMap<String, EntitlementResponse>,
}

impl AccountView {
    /// µCredit that can be charged in any case, a lower daily bound that is announced included.
    ///
    /// What today was charged is not shown; it is at most `max_per_day − chargeable`.
    pub fn chargeable(&self) -> u128 {
        let spending = &self.spending;
        let chargeable = spending.chargeable;
        let lowered = spending.lowered.map_or(chargeable, |lowered| {
            let used = spending.max_per_day.saturating_sub(chargeable);
            lowered.max_per_day.saturating_sub(used)
        });
        chargeable.min(lowered).u128()
    }

    /// Units that the account holds of a SKU, and whether nobody gets more. [`ChainView::entitle`] asked before.
    pub fn entitlement(&self, sku: &str, now: u64) -> (u128, bool) {
        let held = self.entitlements.get(sku);
        let exclusive = held
            .and_then(|held| held.exclusive_until)
            .is_some_and(|until| now < until);
        (held.map_or(0, |held| held.units.u128()), exclusive)
    }
}

/// The chain, asked as rarely as possible.
pub struct ChainView<C> {
    client: C,
    vault: String,
    gateway: u64,
    ttl: Duration,
    max_block_age: Duration,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    shared: Option<Arc<Shared>>,
    card: Option<(Arc<RateCard>, Instant)>,
    /// Time of the newest block, and when it was first seen.
    newest: Option<(u64, Instant)>,
}

impl<C: ChainClient> ChainView<C> {
    /// For one gateway. Answers are used for `ttl` seconds; a chain without a block for `max_block_age` seconds counts as standing still.
    pub fn new(client: C, vault: &str, gateway: u64, ttl: u64, max_block_age: u64) -> Self {
        Self {
            client,
            vault: vault.into(),
            gateway,
            ttl: Duration::from_secs(ttl),
            max_block_age: Duration::from_secs(max_block_age),
            cache: Mutex::default(),
        }
    }

    /// What concerns every account.
    ///
    /// # Errors
    /// `chain_unavailable`, `chain_stalled`.
    pub async fn shared(&self) -> Result<Arc<Shared>, Refusal> {
        let mut cache = self.cache.lock().await;
        if let Some(shared) = cache
            .shared
            .as_ref()
            .filter(|shared| shared.read_at.elapsed() < self.ttl)
        {
            return Ok(shared.clone());
        }
        let read_at = Instant::now();
        let clock = ChainClock::read(&self.client).await.map_err(|e| Refusal::chain(&e))?;
        cache.notice(clock.block(), self.max_block_age)?;
        let card = self.card(&mut cache).await?;
        let config: ConfigResponse = self.ask(&QueryMsg::Config {}).await?;
        let champion = self
            .ask(&QueryMsg::FreeCalls {
                week: week(clock.now()),
            })
            .await?;
        let shared = Arc::new(Shared {
            read_at,
            clock,
            card,
            suspended: self.suspended().await?,
            peers: config.peers,
            champion,
        });
        cache.shared = Some(shared.clone());
        Ok(shared)
    }

    async fn card(&self, cache: &mut Cache) -> Result<Arc<RateCard>, Refusal> {
        if let Some((card, _)) = cache.card.as_ref().filter(|(_, at)| at.elapsed() < CARD_AGE) {
            return Ok(card.clone());
        }
        let card = RateCard::fetch(&self.client, &self.vault, self.gateway).await;
        let card = Arc::new(card.map_err(|e| Refusal::chain(&e))?);
        cache.card = Some((card.clone(), Instant::now()));
        Ok(card)
    }

    /// A gateway that was never admitted is as good as a suspended one.
    async fn suspended(&self) -> Result<bool, Refusal> {
        let query = QueryMsg::Gateway { gateway: self.gateway };
        match self.client.query::<_, GatewayResponse>(&self.vault, &query).await {
            Ok(gateway) => Ok(gateway.suspended),
            Err(Error::Query { .. }) => Ok(true),
            Err(error) => Err(Refusal::chain(&error)),
        }
    }

    /// Whether a view can still be used.
    pub fn is_fresh(&self, view: &AccountView) -> bool {
        view.read_at.elapsed() < self.ttl
    }

    /// What concerns one account, entitlements left out.
    ///
    /// # Errors
    /// `chain_unavailable`.
    pub async fn account(&self, address: &str, shared: &Shared) -> Result<AccountView, Refusal> {
        let read_at = Instant::now();
        let query = QueryMsg::Spending {
            address: address.into(),
            gateway: self.gateway,
        };
        Ok(AccountView {
            read_at,
            spending: self.ask(&query).await?,
            tier: self.tier(address, shared).await,
            unlimited: self.unlimited(address, shared).await,
            entitlements: BTreeMap::new(),
        })
    }

    /// Learns the account's entitlement to a SKU, unless the view knows it.
    ///
    /// # Errors
    /// `chain_unavailable`.
    pub async fn entitle(&self, view: &mut AccountView, address: &str, sku: &str) -> Result<(), Refusal> {
        if !view.entitlements.contains_key(sku) {
            let query = QueryMsg::Entitlement {
                address: address.into(),
                sku: sku.into(),
            };
            view.entitlements.insert(sku.into(), self.ask(&query).await?);
        }
        Ok(())
    }

    /// Without a staking contract, or without its answer, everybody is Lv1, as the vault has it.
    async fn tier(&self, address: &str, shared: &Shared) -> Tier {
        let Some(peer) = &shared.peers.tiers else {
            return Tier::Lv1;
        };
        let query = lco_staking::QueryMsg::LowestTiers {
            accounts: vec![address.into()],
            since: shared.block().time,
        };
        match self.client.query::<_, Vec<Tier>>(peer, &query).await {
            Ok(tiers) => tiers.first().copied().unwrap_or_default(),
            Err(error) => {
                tracing::warn!(%error, "the staking contract does not answer; taken for Lv1");
                Tier::Lv1
            }
        }
    }

    /// Without the contest, or without its answer, nobody has the perk.
    async fn unlimited(&self, address: &str, shared: &Shared) -> bool {
        let Some(peer) = &shared.peers.wars else {
            return false;
        };
        let query = compute_wars::QueryMsg::Perks {
            account: address.into(),
        };
        match self.client.query::<_, PerksResponse>(peer, &query).await {
            Ok(perks) => perks.unlimited_concurrency,
            Err(error) => {
                tracing::warn!(%error, "the contest does not answer; no perk is granted");
                false
            }
        }
    }

    async fn ask<R: DeserializeOwned>(&self, query: &QueryMsg) -> Result<R, Refusal> {
        self.client
            .query(&self.vault, query)
            .await
            .map_err(|e| Refusal::chain(&e))
    }
}

impl Cache {
    /// Tells a chain that stands still, or a node that stays behind, from one that goes on.
    fn notice(&mut self, block: Block, max_age: Duration) -> Result<(), Refusal> {
        match self.newest {
            Some((time, since)) if block.time <= time && since.elapsed() >= max_age => Err(Refusal::new(
                "chain_stalled",
                "the chain makes no blocks, so your account cannot be checked; try again later",
            )
            .retry_after(10)),
            Some((time, _)) if block.time <= time => Ok(()),
            _ => {
                self.newest = Some((block.time, Instant::now()));
                Ok(())
            }
        }
    }
}

/// Why an account is not served at all.
///
/// # Errors
/// `no_spending_account`, `account_closing`.
pub fn open_account(spending: &SpendingResponse) -> Result<(), Refusal> {
    let gateway = spending.gateway;
    match spending.state {
        SpendingState::Open => Ok(()),
        SpendingState::Closed => Err(Refusal::new(
            "no_spending_account",
            format!("the account has no spending account here; open one: open_spending {{ gateway: {gateway}, amount, max_per_day }} on credit-vault"),
        )),
        SpendingState::Closing => Err(Refusal::new(
            "account_closing",
            format!("the spending account at gateway {gateway} is closing; withdraw it when its window has passed, and open it again"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint128;
    use interfaces::credit_vault::LoweredLimit;

    use super::*;

    fn view(chargeable: u128, max_per_day: u128, lowered: Option<u128>) -> AccountView {
        AccountView {
            read_at: Instant::now(),
            spending: SpendingResponse {
                gateway: 1,
                state: SpendingState::Open,
                amount: Uint128::new(1_000),
                max_per_day: Uint128::new(max_per_day),
                lowered: lowered.map(|max_per_day| LoweredLimit {
                    max_per_day: Uint128::new(max_per_day),
                    from: 7,
                }),
                chargeable: Uint128::new(chargeable),
                opened_at: 1,
                closing_since: None,
                withdrawable_at: None,
                shortfall: Uint128::zero(),
            },
            tier: Tier::Lv1,
            unlimited: false,
            entitlements: BTreeMap::new(),
        }
    }

    /// Attack: the bound is lowered right after the calls, before their report settles.
    #[test]
    fn a_lower_daily_bound_counts_from_its_announcement() {
        for (chargeable, max, lowered, expected) in [
            (500, 500, None, 500),
            (500, 500, Some(200), 200),
            // 400 of 500 are used: the new bound is passed already
            (100, 500, Some(200), 0),
            (100, 500, Some(450), 50),
        ] {
            assert_eq!(
                view(chargeable, max, lowered).chargeable(),
                expected,
                "{chargeable} of {max}, then {lowered:?}"
            );
        }
    }

    #[test]
    fn exclusivity_ends_in_its_last_second() {
        let mut view = view(0, 0, None);
        let entitlement = EntitlementResponse {
            units: Uint128::new(9),
            exclusive_until: Some(50),
        };
        view.entitlements.insert("m:in".into(), entitlement);
        assert_eq!(view.entitlement("m:in", 49), (9, true));
        assert_eq!(view.entitlement("m:in", 50), (9, false));
        assert_eq!(view.entitlement("m:out", 49), (0, false));
    }

    #[test]
    fn weeks_are_those_of_the_vault() {
        // Monday 2025-10-06 00:00 UTC.
        let monday = 1_759_708_800;
        assert_eq!(week(monday - 1) + 1, week(monday));
        assert_eq!(week(monday), week(monday + WEEK - 1));
    }

    #[test]
    fn a_chain_that_stands_still_is_noticed_and_forgiven() {
        let mut cache = Cache::default();
        let block = |time| Block { height: 1, time };
        assert_eq!(cache.notice(block(5), Duration::ZERO), Ok(()));
        assert_eq!(
            cache.notice(block(5), Duration::ZERO).unwrap_err().code,
            "chain_stalled"
        );
        assert_eq!(cache.notice(block(5), Duration::from_secs(60)), Ok(()));
        assert_eq!(cache.notice(block(6), Duration::ZERO), Ok(()));
    }

    #[test]
    fn only_an_open_account_is_served() {
        let mut spending = view(1, 1, None).spending;
        assert_eq!(open_account(&spending), Ok(()));
        for (state, code) in [
            (SpendingState::Closed, "no_spending_account"),
            (SpendingState::Closing, "account_closing"),
        ] {
            spending.state = state;
            assert_eq!(open_account(&spending).unwrap_err().code, code);
        }
    }
}
