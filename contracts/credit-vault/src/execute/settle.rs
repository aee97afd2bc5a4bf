//! Settlement of attested usage.
//!
//! For each entry, in order: is the gateway admitted, is the account an address, does the rate card admit the claim → units of an entitlement → the rest at the
//! account's tier → the champion's free calls → the spending account, as far as it and its daily limit reach → the LCO mined by what was paid. A bad entry is
//! skipped with its outcome and touches nothing. What a report reads and writes once: ledger, gateway, week, free calls, tiers, its own row; once per SKU: the
//! rate card; once per account: spending account and booked LCO. Nothing depends on how many accounts there are.

use std::collections::BTreeMap;

use cosmwasm_std::{Event, Response, StdError, StdResult, Uint128};
use interfaces::credit_vault::{EntryOutcome, Params, ReportRef, SettleEntry, SettleReport};
use interfaces::lco_staking::{self, Tier};
use kit::assert_sender;
use kit::compact::Account;
use math::{halving, MathError};

use super::price::{owed, prorate, Offer};
use super::{scores, Context};
use crate::error::ContractError;
use crate::events::{EntrySettled, Usage};
use crate::state::{
    Charge, FreeCalls, Phase, ReportKey, Settled, Spending, Totals, WeekRow, Wiring, BOOKED, ENTITLEMENTS, FREE_CALLS,
    GATEWAYS, PARAMS, RATES, SETTLED, SPENDING, WIRING,
};

/// Most reports of one message.
pub const MAX_REPORTS: usize = 64;
/// Most entries of one report.
pub const MAX_ENTRIES: usize = 200;

/// Settles reports of the oracle. One that was settled before is passed over.
pub fn settle_usage(ctx: &mut Context, reports: &[SettleReport]) -> Result<Response, ContractError> {
    let wiring = WIRING.load(ctx.storage)?;
    assert_sender(ctx.sender, &wiring.oracle, "oracle")?;
    at_most("reports", MAX_REPORTS, reports.len())?;
    let params = PARAMS.load(ctx.storage)?;
    let mut totals = Totals::load(ctx.storage)?;
    let mut response = Response::new();
    for report in reports {
        check_form(report)?;
        if SETTLED.has(ctx.storage, &ReportKey(report.report)) {
            response = response.add_event(Usage::Repeated { report: report.report });
            continue;
        }
        let settled = Batch::open(ctx, &params, &mut totals, report)?.run(&wiring)?;
        response.events.extend(settled.events);
        let message = scores::message(&wiring, report.report, ctx.week(), settled.scores)?;
        response.messages.extend(message);
    }
    totals.save(ctx.storage);
    Ok(response)
}

fn at_most(what: &'static str, max: usize, actual: usize) -> Result<(), ContractError> {
    match actual > max {
        true => Err(ContractError::TooMany { what, max, actual }),
        false => Ok(()),
    }
}

/// The oracle verified the report's form; a replaced oracle might not. Order makes every (account, SKU) unique.
fn check_form(report: &SettleReport) -> Result<(), ContractError> {
    at_most("entries", MAX_ENTRIES, report.entries.len())?;
    let keys = report.entries.iter().map(|entry| (&entry.account, &entry.sku));
    let mut pairs = keys.clone().zip(keys.skip(1));
    match pairs.position(|(before, after)| before >= after) {
        Some(position) => Err(ContractError::Unsorted {
            report: report.report,
            entry: position.saturating_add(1),
        }),
        None => Ok(()),
    }
}

/// Why an entry is not charged: its own fault, or storage's.
enum Stop {
    Skip(EntryOutcome),
    Fault(ContractError),
}

impl From<EntryOutcome> for Stop {
    fn from(outcome: EntryOutcome) -> Self {
        Self::Skip(outcome)
    }
}

impl From<StdError> for Stop {
    fn from(error: StdError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<MathError> for Stop {
    fn from(error: MathError) -> Self {
        Self::Fault(error.into())
    }
}

/// One account of a report: read once, written once.
struct Payer<'r> {
    text: &'r str,
    /// None if the text is no address.
    account: Option<Account>,
    spending: Option<Spending>,
    tier: Tier,
    touched: bool,
    charged: Uint128,
    mined: Uint128,
}

impl Payer<'_> {
    /// Has money here, so that its tier matters.
    fn is_open(&self) -> bool {
        self.spending.as_ref().is_some_and(|row| row.phase != Phase::Closed)
    }
}

/// What an admitted entry asks for.
struct Claim {
    account: Account,
    /// Units that the entitlement has, and those it covers.
    entitled: Uint128,
    covered: Uint128,
    /// Attested cost of the units not covered.
    cost: Uint128,
    /// Price of the units not covered, at the account's tier.
    due: Uint128,
}

/// What a settled report leaves to do.
struct BatchResult {
    events: Vec<Event>,
    scores: Vec<(String, Uint128)>,
}

/// One report at work.
struct Batch<'a, 'c, 'r> {
    ctx: &'a mut Context<'c>,
    params: &'a Params,
    totals: &'a mut Totals,
    report: &'r SettleReport,
    admitted: bool,
    week: WeekRow,
    free: Option<FreeCalls>,
    offers: BTreeMap<&'r str, Option<Offer>>,
    charges: Vec<Charge>,
    out: BatchResult,
}

impl<'a, 'c, 'r> Batch<'a, 'c, 'r> {
    fn open(
        ctx: &'a mut Context<'c>,
        params: &'a Params,
        totals: &'a mut Totals,
        report: &'r SettleReport,
    ) -> Result<Self, ContractError> {
        let ReportRef { gateway, .. } = report.report;
        let week = ctx.week();
        Ok(Self {
            admitted: GATEWAYS
                .may_load(ctx.storage, &gateway)?
                .is_some_and(|row| !row.suspended),
            week: WeekRow::load(ctx.storage, gateway, week)?,
            free: FREE_CALLS.may_load(ctx.storage, &week.index())?,
            offers: BTreeMap::new(),
            charges: Vec::with_capacity(report.entries.len()),
            out: BatchResult {
                events: Vec::new(),
                scores: Vec::new(),
            },
            ctx,
            params,
            totals,
            report,
        })
    }

    fn run(mut self, wiring: &Wiring) -> Result<BatchResult, ContractError> {
        let (mined, revenue) = (self.week.mined, self.totals.revenue);
        let groups: Vec<_> = self.report.entries.chunk_by(|a, b| a.account == b.account).collect();
        let mut payers = groups
            .iter()
            .map(|group| self.payer(group))
            .collect::<StdResult<Vec<_>>>()?;
        let tiers = self.ask_tiers(wiring, &mut payers);
        for (payer, group) in payers.iter_mut().zip(groups) {
            for entry in group {
                self.settle_entry(payer, entry)?;
            }
            self.close_payer(payer)?;
        }
        self.save();
        let summary = Usage::Settled {
            report: self.report.report,
            week: self.ctx.week().index(),
            entries: self.report.entries.len(),
            charged: self.totals.revenue.checked_sub(revenue)?,
            mined: self.week.mined.checked_sub(mined)?,
            tiers,
        };
        self.out.events.push(summary.into());
        Ok(self.out)
    }

    fn gateway(&self) -> u64 {
        self.report.report.gateway
    }

    fn payer(&self, group: &'r [SettleEntry]) -> StdResult<Payer<'r>> {
        let text = group.first().map_or("", |entry| entry.account.as_str());
        let account = Account::parse(self.ctx.api, text).ok();
        let spending = match &account {
            Some(account) if self.admitted => {
                SPENDING.may_load(self.ctx.storage, &(account.clone(), self.gateway()))?
            }
            _ => None,
        };
        let (charged, mined) = (Uint128::zero(), Uint128::zero());
        Ok(Payer {
            text,
            account,
            spending,
            tier: Tier::Lv1,
            touched: false,
            charged,
            mined,
        })
    }

    /// Asks for all tiers at once, the lower of those at window start and now. Without an answer everybody pays list price: a broken peer then costs discounts
    /// for a while, where the other directions would stop all settlement or sell everything at cost.
    fn ask_tiers(&self, wiring: &Wiring, payers: &mut [Payer]) -> &'static str {
        let open: Vec<&mut Payer> = payers.iter_mut().filter(|payer| payer.is_open()).collect();
        let (Some(peer), false) = (&wiring.tiers, open.is_empty()) else {
            return "none";
        };
        let accounts = open.iter().map(|payer| payer.text.to_owned()).collect();
        let query = lco_staking::QueryMsg::LowestTiers {
            accounts,
            since: self.report.window_start,
        };
        match self.ctx.querier.query_wasm_smart::<Vec<Tier>>(peer, &query) {
            Ok(tiers) if tiers.len() == open.len() => {
                open.into_iter().zip(tiers).for_each(|(payer, tier)| payer.tier = tier);
                "answered"
            }
            _ => "failed",
        }
    }

    // Apart in the Wasm, too: all of settlement in one function would have more locals than the chain takes.
    #[inline(never)]
    fn settle_entry(&mut self, payer: &mut Payer, entry: &'r SettleEntry) -> Result<(), ContractError> {
        let mut event = EntrySettled {
            index: self.charges.len(),
            account: &entry.account,
            sku: &entry.sku,
            outcome: EntryOutcome::Charged,
            covered: Uint128::zero(),
            free: Uint128::zero(),
            free_cost: Uint128::zero(),
            charged: Uint128::zero(),
            cost: Uint128::zero(),
            shortfall: Uint128::zero(),
            consumed: Uint128::zero(),
            mined: Uint128::zero(),
        };
        let charge = match self.assess(payer, entry) {
            Ok(claim) => self.take(payer, entry, claim, &mut event)?,
            Err(Stop::Skip(outcome)) => Charge::skipped(outcome),
            Err(Stop::Fault(error)) => return Err(error),
        };
        event.outcome = charge.outcome;
        self.charges.push(charge);
        self.out.events.push(event.into());
        Ok(())
    }

    /// Decides whether the entry is charged, and for how much. Changes nothing.
    #[inline(never)]
    fn assess(&mut self, payer: &Payer, entry: &'r SettleEntry) -> Result<Claim, Stop> {
        if !self.admitted {
            return Err(EntryOutcome::GatewayNotAdmitted.into());
        }
        let account = payer.account.clone().ok_or(EntryOutcome::InvalidAccount)?;
        let offer = self.offer(&entry.sku)?.ok_or(EntryOutcome::UnknownSku)?;
        offer.admits(self.gateway(), entry)?;

        let entitled = self.entitled(&offer, &account, &entry.sku)?;
        let covered = entitled.min(entry.units);
        let left = entry.units.checked_sub(covered).map_err(StdError::from)?;
        if offer.is_exclusive(entry.last) && !left.is_zero() {
            return Err(EntryOutcome::NotEntitled.into());
        }
        let nothing = Uint128::zero();
        if left.is_zero() && !covered.is_zero() {
            return Ok(Claim {
                account,
                entitled,
                covered,
                cost: nothing,
                due: nothing,
            });
        }
        // Opening an account here is the consent to be charged by this gateway, for free calls too.
        let spending = payer.spending.as_ref().ok_or(EntryOutcome::NoSpendingAccount)?;
        spending.accepts(entry.last, self.ctx.now())?;
        // Both round down, for the account and for the fund.
        let list = prorate(entry.list, left, entry.units)?;
        let cost = prorate(entry.cost, left, entry.units)?;
        Ok(Claim {
            account,
            entitled,
            covered,
            cost,
            due: owed(payer.tier, list, cost),
        })
    }

    /// Takes what the claim asks for, as far as it is there.
    #[inline(never)]
    fn take(
        &mut self,
        payer: &mut Payer,
        entry: &SettleEntry,
        claim: Claim,
        event: &mut EntrySettled,
    ) -> Result<Charge, ContractError> {
        self.use_entitlement(&claim, &entry.sku)?;
        let free = self.use_free_calls(&claim)?;
        let due = claim.due.checked_sub(free)?;
        let paid = match &mut payer.spending {
            Some(spending) if !due.is_zero() => spending.charge(due, self.ctx.now())?,
            _ => Uint128::zero(),
        };
        payer.touched |= !due.is_zero();
        payer.charged = payer.charged.checked_add(paid)?;
        self.totals.charge(paid)?;

        event.shortfall = due.checked_sub(paid)?;
        let outcome = if event.shortfall.is_zero() {
            EntryOutcome::Charged
        } else {
            EntryOutcome::Shortfall
        };
        // The cost follows the money: of a claim paid in part only that part of the cost is recorded, rounded down for the fund. Otherwise an account with a
        // small limit would turn all its revenue into cost.
        let mut charge = Charge {
            outcome,
            account: None,
            charged: paid,
            cost: prorate(claim.cost, paid, claim.due)?.min(paid),
            free_cost: prorate(claim.cost, free, claim.due)?,
        };
        self.week.book(&charge)?;
        let (consumed, mined) = self.mine(paid)?;
        payer.mined = payer.mined.checked_add(mined)?;

        (event.covered, event.free, event.free_cost) = (claim.covered, free, charge.free_cost);
        (event.charged, event.cost, event.consumed, event.mined) = (paid, charge.cost, consumed, mined);
        if !charge.is_empty() {
            charge.account = Some(claim.account);
        }
        Ok(charge)
    }

    /// The telescoping rule: the longest prefix of the spend that fits the gateway's weekly cap advances C and mines M(C + prefix) − M(C). The charge stands
    /// whole in any case.
    fn mine(&mut self, paid: Uint128) -> Result<(Uint128, Uint128), ContractError> {
        let before = self.totals.consumed;
        let room = self.params.weekly_mint_cap.saturating_sub(self.week.mined);
        let prefix = Uint128::new(halving::largest_prefix(before.u128(), paid.u128(), room.u128())?);
        self.totals.consumed = before.checked_add(prefix)?;
        let mined = Uint128::new(halving::mint_between(before.u128(), self.totals.consumed.u128()));
        self.week.mined = self.week.mined.checked_add(mined)?;
        Ok((prefix, mined))
    }

    fn offer(&mut self, sku: &'r str) -> StdResult<Option<Offer>> {
        if let Some(offer) = self.offers.get(sku) {
            return Ok(*offer);
        }
        let card = RATES.may_load(self.ctx.storage, &sku.to_owned())?;
        let offer = card.map(|card| Offer::new(&card, self.report.window_start, self.report.window_end));
        self.offers.insert(sku, offer);
        Ok(offer)
    }

    fn entitled(&self, offer: &Offer, account: &Account, sku: &str) -> StdResult<Uint128> {
        if !offer.granted {
            return Ok(Uint128::zero());
        }
        let key = (account.clone(), sku.to_owned());
        Ok(ENTITLEMENTS.may_load(self.ctx.storage, &key)?.unwrap_or_default())
    }

    fn use_entitlement(&mut self, claim: &Claim, sku: &str) -> StdResult<()> {
        if claim.covered.is_zero() {
            return Ok(());
        }
        let key = (claim.account.clone(), sku.to_owned());
        let left = claim.entitled.checked_sub(claim.covered)?;
        match left.is_zero() {
            true => ENTITLEMENTS.remove(self.ctx.storage, &key),
            false => ENTITLEMENTS.save(self.ctx.storage, &key, &left),
        }
        Ok(())
    }

    fn use_free_calls(&mut self, claim: &Claim) -> StdResult<Uint128> {
        let Some(champion) = self.free.as_mut().filter(|champion| champion.account == claim.account) else {
            return Ok(Uint128::zero());
        };
        let free = claim.due.min(champion.left);
        champion.left = champion.left.checked_sub(free)?;
        if !free.is_zero() {
            let week = self.ctx.week().index();
            FREE_CALLS.save(self.ctx.storage, &week, champion);
        }
        Ok(free)
    }

    fn close_payer(&mut self, payer: &Payer) -> StdResult<()> {
        let (Some(account), Some(spending), true) = (&payer.account, &payer.spending, payer.touched) else {
            return Ok(());
        };
        let key = (account.clone(), self.gateway());
        SPENDING.save(self.ctx.storage, &key, spending);
        if !payer.mined.is_zero() {
            let booked = BOOKED.may_load(self.ctx.storage, account)?.unwrap_or_default();
            BOOKED.save(self.ctx.storage, account, &booked.checked_add(payer.mined)?);
        }
        if !payer.charged.is_zero() {
            self.out.scores.push((payer.text.to_owned(), payer.charged));
        }
        Ok(())
    }

    fn save(&mut self) {
        let (gateway, week) = (self.gateway(), self.ctx.week());
        let settled = Settled {
            at: self.ctx.now(),
            charges: std::mem::take(&mut self.charges),
        };
        if settled.charges.iter().any(|charge| !charge.is_empty()) {
            self.week.save(self.ctx.storage, gateway, week);
        }
        SETTLED.save(self.ctx.storage, &ReportKey(self.report.report), &settled);
    }
}
