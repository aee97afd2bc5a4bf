//! Who may be served what, now: places by tier, and reservations of the worst case.
//!
//! ```text
//! money     = chargeable on the chain + the champion's free calls
//! owed(sku) = served and not settled + reserved by calls under way + this call at most            (units and list price)
//! due(sku)  = min(list, ⌊(units − entitlement) · highest rate / 10⁶⌋), 0 if the entitlement covers all
//! served    ⇔ Σ due ≤ money, and for an exclusive SKU units ≤ entitlement
//! ```
//! All of it at list price: a tier can be lost until settlement, and the vault takes the lower one. So whatever happens between this answer and settlement, as
//! long as the account is not charged by somebody else, the account can pay.
//!
//! What is owed is read after what is reserved, and a call is written down before its reservation ends, so a call may count twice for a moment and never not at
//! all. What is settled is forgotten only right before the chain is asked anew, so no charge is missing on both sides.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};

use interfaces::lco_staking::Tier;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;
use super::request::Ask;
use super::view::{open_account, AccountView, Shared};
use super::Server;
use crate::cli::units;
use crate::gateway::exposure::{self, Owed};
use crate::gateway::rates::{amount, skus, RateCard};
use crate::sdk::ChainClient;

/// Idle accounts kept in memory.
const CACHED_ACCOUNTS: usize = 10_000;

/// What is known of every account that was here lately.
pub struct Accounts {
    slots: Lock<HashMap<String, Arc<Slot>>>,
    places: Arc<Semaphore>,
    total: usize,
}

/// One account.
#[derive(Default)]
pub struct Slot {
    /// Held while a call is admitted, so that two cannot both count on the same money.
    view: Mutex<Option<AccountView>>,
    open: Lock<Open>,
}

/// Calls under way.
#[derive(Debug, Default)]
struct Open {
    calls: u32,
    reserved: BTreeMap<String, Owed>,
}

/// A place of one call: one of the account's, one of the gateway's, and what it reserved. All of it ends when this is dropped.
pub struct Place {
    pub account: String,
    slot: Arc<Slot>,
    held: Vec<(String, Owed)>,
    _permit: OwnedSemaphorePermit,
}

/// On what terms a call is served.
#[derive(Clone)]
pub struct Terms {
    /// The call's time: when it was admitted, on the chain's clock.
    pub time: u64,
    pub card: Arc<RateCard>,
    pub tier: Tier,
}

/// How an account stands at one SKU, with a call it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub sku: String,
    /// Served and not settled, and reserved.
    pub held: Owed,
    /// The call at most; nothing for other SKUs.
    pub ask: Owed,
    pub entitled: u128,
    pub exclusive: bool,
    /// µCredit per 10⁶ units, the highest that can apply.
    pub rate: u128,
}

impl Position {
    /// µCredit that settlement takes at most.
    pub fn due(&self) -> u128 {
        let owed = self.held.plus(self.ask);
        let uncovered = owed.units.saturating_sub(self.entitled);
        // Down, as the vault rounds for the account.
        let price = uncovered.saturating_mul(self.rate) / 1_000_000;
        owed.list.min(price)
    }

    /// Whether the call would use more of an exclusive SKU than the account holds: the vault would refuse the whole entry.
    fn exceeds_entitlement(&self) -> bool {
        self.exclusive && self.ask.units > 0 && self.held.plus(self.ask).units > self.entitled
    }
}

/// What an account can pay with, µCredit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// Chargeable today.
    pub chargeable: u128,
    /// Left in the spending account.
    pub amount: u128,
    pub free_calls: u128,
}

/// Whether everything owed and this call can be paid, whatever the call uses.
///
/// # Errors
/// `not_entitled`, `insufficient_credits`, `daily_limit_reached`.
pub fn check(gateway: u64, positions: &[Position], money: Money) -> Result<(), Refusal> {
    if let Some(short) = positions.iter().find(|position| position.exceeds_entitlement()) {
        let left = short.entitled.saturating_sub(short.held.units);
        return Err(Refusal::new(
            "not_entitled",
            format!(
                "{} is exclusive to holders of an entitlement: this call may use {} units, the account has {left} left; claim more at imo-launchpad, lower `max_tokens`, or use another model",
                short.sku, short.ask.units
            ),
        ));
    }
    let due = positions.iter().map(Position::due).fold(0, u128::saturating_add);
    if due <= money.chargeable.saturating_add(money.free_calls) {
        return Ok(());
    }
    let without = |position: &Position| {
        Position {
            ask: Owed::default(),
            ..position.clone()
        }
        .due()
    };
    let owed = positions.iter().map(without).fold(0, u128::saturating_add);
    Err(cannot_pay(gateway, due.saturating_sub(owed), owed, money))
}

fn cannot_pay(gateway: u64, call: u128, owed: u128, money: Money) -> Refusal {
    let all = money.chargeable.saturating_add(money.free_calls);
    let need = format!(
        "this call may cost {} Credits at list price; {} of {} chargeable Credits are left beside calls not settled yet",
        units(call),
        units(all.saturating_sub(owed)),
        units(all)
    );
    let enough = call.saturating_add(owed) <= money.amount.saturating_add(money.free_calls);
    if enough {
        return Refusal::new(
            "daily_limit_reached",
            format!("{need}; raise the daily limit (set_daily_limit {{ gateway: {gateway}, max_per_day }}), lower `max_tokens`, or wait for the next day (UTC)"),
        );
    }
    Refusal::new(
        "insufficient_credits",
        format!(
            "{need}; top up (top_up_spending {{ gateway: {gateway}, amount }} on credit-vault), or lower `max_tokens`"
        ),
    )
}

impl Accounts {
    /// At most `total` calls at a time.
    pub fn new(total: usize) -> Self {
        Self {
            slots: Lock::default(),
            places: Arc::new(Semaphore::new(total)),
            total,
        }
    }

    /// Calls under way.
    pub fn in_flight(&self) -> usize {
        self.total.saturating_sub(self.places.available_permits())
    }

    /// µCredit that calls under way reserve, and units of each SKU.
    pub fn reserved(&self, account: &str) -> (u32, BTreeMap<String, Owed>) {
        let slot = self.slot(account);
        let open = lock(&slot.open);
        (open.calls, open.reserved.clone())
    }

    fn permit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let busy =
            |_| Refusal::new("gateway_busy", "the gateway serves as many calls as it can; try again").retry_after(1);
        self.places.clone().try_acquire_owned().map_err(busy)
    }

    fn slot(&self, account: &str) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        if slots.len() >= CACHED_ACCOUNTS {
            // Whoever is being served holds a second reference.
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        slots.entry(account.to_owned()).or_default().clone()
    }
}

impl Place {
    fn take(slot: Arc<Slot>, account: &str, limit: Option<u32>, permit: OwnedSemaphorePermit) -> Result<Self, Refusal> {
        {
            let mut open = lock(&slot.open);
            if let Some(limit) = limit.filter(|limit| open.calls >= *limit) {
                return Err(Refusal::new(
                    "concurrency_limit",
                    format!("{limit} calls of this account are under way, as many as its tier allows; wait for one, or stake LCO for a higher tier"),
                )
                .retry_after(1));
            }
            open.calls = open.calls.saturating_add(1);
        }
        Ok(Self {
            account: account.to_owned(),
            slot,
            held: vec![],
            _permit: permit,
        })
    }

    fn reserve(&mut self, sku: String, owed: Owed) {
        let mut open = lock(&self.slot.open);
        let reserved = open.reserved.entry(sku.clone()).or_default();
        *reserved = reserved.plus(owed);
        self.held.push((sku, owed));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = lock(&self.slot.open);
        open.calls = open.calls.saturating_sub(1);
        for (sku, owed) in self.held.drain(..) {
            if let Some(reserved) = open.reserved.get_mut(&sku) {
                *reserved = reserved.less(owed);
            }
        }
        open.reserved.retain(|_, owed| owed.units > 0);
    }
}

impl<C: ChainClient> Server<C> {
    /// Gives a call its place, before its body is read.
    ///
    /// # Errors
    /// Why the account is not served now.
    pub(super) async fn enter(&self, account: &str) -> Result<Place, Refusal> {
        let permit = self.accounts.permit()?;
        let shared = self.serving().await?;
        let slot = self.accounts.slot(account);
        let limit = {
            let mut view = slot.view.lock().await;
            let view = self.refresh(&mut view, account, &shared).await?;
            open_account(&view.spending)?;
            self.limit(view)
        };
        Place::take(slot, account, limit, permit)
    }

    /// Most calls at a time, none for the champion who chose so.
    pub(super) fn limit(&self, view: &AccountView) -> Option<u32> {
        (!view.unlimited).then(|| self.config.concurrency.of(view.tier))
    }

    /// Reserves what the call can cost at most.
    ///
    /// # Errors
    /// Why it is not served.
    pub(super) async fn reserve(&self, place: &mut Place, ask: &Ask) -> Result<Terms, Refusal> {
        let shared = self.serving().await?;
        let slot = place.slot.clone();
        let account = place.account.clone();
        let mut guard = slot.view.lock().await;
        let view = self.refresh(&mut guard, &account, &shared).await?;
        open_account(&view.spending)?;
        let asked = self.worst_case(ask, &shared)?;
        let positions = self.positions(view, &slot, &account, &shared, asked).await?;
        let money = Money {
            chargeable: view.chargeable(),
            amount: view.spending.amount.u128(),
            free_calls: shared.free_calls(&account),
        };
        check(self.gateway, &positions, money)?;
        for position in positions.into_iter().filter(|position| position.ask.units > 0) {
            place.reserve(position.sku, position.ask);
        }
        Ok(Terms {
            // The clock runs between blocks; a call is never older than the account.
            time: shared.now().max(view.spending.opened_at),
            card: shared.card.clone(),
            tier: view.tier,
        })
    }

    /// The account as the chain has it, asked again if the answer is too old. What is settled is forgotten before: it is in the new answer.
    pub(super) async fn refresh<'v>(
        &self,
        view: &'v mut Option<AccountView>,
        account: &str,
        shared: &Shared,
    ) -> Result<&'v mut AccountView, Refusal> {
        let fresh = view.take().filter(|view| self.chain.is_fresh(view));
        let current = match fresh {
            Some(current) => current,
            None => {
                let name = account.to_owned();
                self.books
                    .with(move |conn| exposure::prune_account(conn, &name))
                    .await?;
                self.chain.account(account, shared).await?
            }
        };
        Ok(view.insert(current))
    }

    /// Everything the account owes, with the call.
    async fn positions(
        &self,
        view: &mut AccountView,
        slot: &Slot,
        account: &str,
        shared: &Shared,
        asked: BTreeMap<String, (Owed, u128)>,
    ) -> Result<Vec<Position>, Refusal> {
        let mut held = lock(&slot.open).reserved.clone();
        for (sku, owed) in self.owed(account).await? {
            let sum = held.entry(sku).or_default();
            *sum = sum.plus(owed);
        }
        for sku in asked.keys() {
            held.entry(sku.clone()).or_default();
        }
        let mut positions = vec![];
        for (sku, held) in held {
            self.chain.entitle(view, account, &sku).await?;
            let (entitled, exclusive) = view.entitlement(&sku, shared.now());
            // What is owed at other SKUs counts at the price it has.
            let (ask, rate) = asked.get(&sku).copied().unwrap_or((Owed::default(), u128::MAX));
            positions.push(Position {
                sku,
                held,
                ask,
                entitled,
                exclusive,
                rate,
            });
        }
        Ok(positions)
    }

    /// What an account owes in the book.
    pub(super) async fn owed(&self, account: &str) -> Result<BTreeMap<String, Owed>, Refusal> {
        let name = account.to_owned();
        self.books.with(move |conn| exposure::of(conn, &name)).await
    }

    /// Most units of each SKU and their highest price, with the rate.
    fn worst_case(&self, ask: &Ask, shared: &Shared) -> Result<BTreeMap<String, (Owed, u128)>, Refusal> {
        let now = shared.now();
        let until = now
            .saturating_add(self.config.upstream.total_timeout)
            .saturating_add(60);
        let sides = [
            (ask.most.prompt_tokens, true),
            (ask.most.completion_tokens, ask.endpoint.has_output()),
        ];
        let mut worst = BTreeMap::new();
        for (sku, (tokens, used)) in skus(&ask.model).into_iter().zip(sides) {
            if !used {
                continue;
            }
            let rate = shared
                .card
                .ceiling(&sku, now, until)
                .ok_or_else(|| unknown(&ask.model))?;
            let list = amount(tokens, rate)
                .map_err(|_| Refusal::invalid("the call could cost more than any call may; lower `max_tokens`"))?;
            let owed = Owed {
                units: tokens.into(),
                list: list.into(),
            };
            worst.insert(sku, (owed, rate));
        }
        Ok(worst)
    }

    /// What concerns everybody, if this gateway may serve at all.
    pub(super) async fn serving(&self) -> Result<Arc<Shared>, Refusal> {
        let shared = self.chain.shared().await?;
        if shared.suspended {
            let refusal = Refusal::new(
                "gateway_suspended",
                "the gateway is suspended, so it could not charge you; use another one",
            );
            return Err(refusal.retry_after(60));
        }
        if self.enrolled_until() <= shared.now() {
            let refusal = Refusal::new(
                "not_enrolled",
                "the gateway's key is not enrolled at the moment, so it could not report the call; try again",
            );
            return Err(refusal.retry_after(10));
        }
        Ok(shared)
    }
}

/// The slot of an account whose view somebody looks at.
impl<C: ChainClient> Server<C> {
    /// A copy of the account's view, with entitlements to these SKUs.
    pub(super) async fn look(&self, account: &str, shared: &Shared, skus: &[String]) -> Result<AccountView, Refusal> {
        let slot = self.accounts.slot(account);
        let mut guard = slot.view.lock().await;
        let view = self.refresh(&mut guard, account, shared).await?;
        for sku in skus {
            self.chain.entitle(view, account, sku).await?;
        }
        Ok(view.clone())
    }
}

fn unknown(model: &str) -> Refusal {
    let shown: String = model.chars().take(80).collect();
    Refusal::new(
        "model_not_found",
        format!("`{shown}` has no price at this gateway; GET /v1/models lists what is served"),
    )
}

fn lock<T>(lock: &Lock<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn owed(units: u128, list: u128) -> Owed {
        Owed { units, list }
    }

    /// 2 µCredit a unit.
    fn position(held: u128, ask: u128, entitled: u128, exclusive: bool) -> Position {
        Position {
            sku: "m:in".into(),
            held: owed(held, held * 2),
            ask: owed(ask, ask * 2),
            entitled,
            exclusive,
            rate: 2_000_000,
        }
    }

    const fn money(chargeable: u128, amount: u128, free_calls: u128) -> Money {
        Money {
            chargeable,
            amount,
            free_calls,
        }
    }

    #[test]
    fn entitlements_come_first_then_free_calls_then_the_account() {
        for (held, ask, entitled, money, expected) in [
            (0, 10, 0, money(20, 20, 0), Ok(())),
            (0, 10, 0, money(19, 19, 0), Err("insufficient_credits")),
            (0, 10, 0, money(19, 50, 0), Err("daily_limit_reached")),
            (0, 10, 0, money(0, 0, 20), Ok(())),
            (0, 10, 0, money(5, 5, 15), Ok(())),
            (0, 10, 10, money(0, 0, 0), Ok(())),
            (0, 10, 9, money(2, 2, 0), Ok(())),
            (0, 10, 9, money(1, 1, 0), Err("insufficient_credits")),
            // what is served and not settled uses the entitlement first
            (5, 10, 10, money(9, 9, 0), Err("insufficient_credits")),
            (5, 10, 10, money(10, 10, 0), Ok(())),
        ] {
            let result = check(1, &[position(held, ask, entitled, false)], money).map_err(|refusal| refusal.code);
            assert_eq!(result, expected, "{held} + {ask} of {entitled}, {money:?}");
        }
    }

    #[test]
    fn an_exclusive_sku_takes_no_money() {
        let rich = money(1_000_000, 1_000_000, 0);
        for (held, ask, entitled, expected) in [
            (0, 10, 10, Ok(())),
            (0, 10, 9, Err("not_entitled")),
            (1, 10, 10, Err("not_entitled")),
            // held from before: other models are served
            (20, 0, 10, Ok(())),
        ] {
            let result = check(1, &[position(held, ask, entitled, true)], rich).map_err(|refusal| refusal.code);
            assert_eq!(result, expected, "{held} + {ask} of {entitled}");
        }
    }

    #[test]
    fn refusals_say_what_to_do() {
        let refusal = check(7, &[position(3, 10, 0, false)], money(20, 20, 0)).unwrap_err();
        assert_eq!(
            refusal.message,
            "this call may cost 0.000020 Credits at list price; 0.000014 of 0.000020 chargeable Credits are left beside calls not settled yet; \
             top up (top_up_spending { gateway: 7, amount } on credit-vault), or lower `max_tokens`"
        );
    }

    #[test]
    fn what_is_owed_elsewhere_counts_at_its_list_price() {
        let elsewhere = |entitled| Position {
            rate: u128::MAX,
            ..position(10, 0, entitled, false)
        };
        assert_eq!(
            [elsewhere(0).due(), elsewhere(9).due(), elsewhere(10).due()],
            [20, 20, 0]
        );
    }

    fn slot() -> (Accounts, Arc<Slot>) {
        let accounts = Accounts::new(3);
        let slot = accounts.slot("a");
        (accounts, slot)
    }

    #[test]
    fn a_place_ends_with_everything_it_held() {
        let (accounts, slot) = slot();
        let take = |limit| Place::take(slot.clone(), "a", limit, accounts.permit()?);
        let mut first = take(Some(2)).unwrap();
        first.reserve("m:in".into(), owed(5, 10));
        let mut second = take(Some(2)).unwrap();
        second.reserve("m:in".into(), owed(7, 14));
        let refused = take(Some(2)).map(drop).unwrap_err();
        assert_eq!((refused.code, refused.retry_after), ("concurrency_limit", Some(1)));
        let third = take(None).unwrap();
        assert_eq!(accounts.in_flight(), 3);
        assert_eq!(take(None).map(drop).unwrap_err().code, "gateway_busy");
        assert_eq!(accounts.reserved("a"), (3, [("m:in".to_owned(), owed(12, 24))].into()));
        drop((first, third));
        assert_eq!(accounts.reserved("a"), (1, [("m:in".to_owned(), owed(7, 14))].into()));
        drop(second);
        assert_eq!(
            (accounts.reserved("a"), accounts.in_flight()),
            ((0, BTreeMap::new()), 0)
        );
    }

    proptest! {
        /// Whatever the calls really use, settlement never asks for more than was reserved: the vault's own steps, entry by entry.
        #[test]
        fn settlement_never_takes_more_than_was_reserved(
            calls in proptest::collection::vec((0u64..5_000, 0u64..=100), 1..8),
            rate in 0u128..20_000_000,
            entitled in 0u128..10_000,
        ) {
            let reserved = calls.iter().fold(Owed::default(), |sum, (most, _)| {
                sum.plus(owed(u128::from(*most), u128::from(amount(*most, rate).unwrap())))
            });
            let bound = Position { sku: String::new(), held: reserved, ask: Owed::default(), entitled, exclusive: false, rate }.due();
            let (mut left, mut charged) = (entitled, 0u128);
            for (most, percent) in calls {
                let used = u64::try_from(u128::from(most) * u128::from(percent) / 100).unwrap();
                let list = u128::from(amount(used, rate).unwrap());
                let covered = left.min(used.into());
                left -= covered;
                if used > 0 {
                    charged += list * (u128::from(used) - covered) / u128::from(used);
                }
            }
            prop_assert!(charged <= bound, "{charged} > {bound}");
        }
    }
}
