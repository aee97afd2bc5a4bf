//! Answers. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint128};
use cw20::{AllAccountsResponse, BalanceResponse, TokenInfoResponse};
use interfaces::credit_vault::{
    AccountResponse, ChargeRef, ConfigResponse, EntitlementResponse, FreeCallsResponse, GatewayResponse, LoweredLimit,
    OverviewResponse, Peers, RateResponse, RateVersion, ReportRef, SettledEntry, SettlementResponse, SpendingResponse,
    SpendingState, WashCostResponse, WeekResponse,
};
use interfaces::l_coin;
use kit::compact::{above, above_within, Account};
use kit::{operator, page};
use math::{halving, Week};

use crate::error::ContractError;
use crate::execute::week::releasable_at;
use crate::state::{
    ChargeKey, ChargeState, Gateway, Holder, Pausable, Phase, RateCard, ReportKey, Settled, Spending, Totals, WeekRow,
    BOOKED, CHARGES, ENTITLEMENTS, FREE_CALLS, GATEWAYS, HOLDERS, PARAMS, RATES, REGISTERED, SPENDING, SWITCHES, TERMS,
    TRANSFERS_OPEN, UNDELIVERED, WEEKS, WIRING,
};

/// The ledger's totals. What is booked is what was mined and not minted: the vault is the only minter, so the token knows the rest.
pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let totals = Totals::load(deps.storage)?;
    let l_coin = TERMS.load(deps.storage)?.l_coin;
    let minted: l_coin::MintedResponse = deps.querier.query_wasm_smart(l_coin, &l_coin::QueryMsg::Minted {})?;
    let mined = Uint128::new(halving::minted_at(totals.consumed.u128()));
    Ok(OverviewResponse {
        supply: totals.supply,
        reserve: totals.reserve,
        revenue: totals.revenue,
        consumed: totals.consumed,
        mined,
        booked: mined.checked_sub(minted.minted)?,
        halving: halving::halving_index(totals.consumed.u128()),
        deposits_paused: SWITCHES.load(deps.storage)?.is_paused(Pausable::Deposits),
        transfers_open: TRANSFERS_OPEN.may_load(deps.storage)?.unwrap_or_default(),
        week: Week::of(env.block.time.seconds()).index(),
    })
}

pub fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let terms = TERMS.load(deps.storage)?;
    let wiring = WIRING.load(deps.storage)?;
    Ok(ConfigResponse {
        operator: operator::load(deps.storage)?.map(Into::into),
        timelock: terms.timelock.into(),
        denom: terms.denom,
        l_coin: terms.l_coin.into(),
        oracle: wiring.oracle.into(),
        peers: Peers {
            tiers: wiring.tiers.map(Into::into),
            fund: wiring.fund.map(Into::into),
            wars: wiring.wars.map(Into::into),
            launchpad: wiring.launchpad.map(Into::into),
        },
        params: PARAMS.load(deps.storage)?,
    })
}

pub fn account(
    deps: Deps,
    env: &Env,
    address: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<AccountResponse> {
    let account = Account::parse(deps.api, address)?;
    let after = start_after.map(|gateway| (account.clone(), gateway));
    let group = (account.clone(), 0)..=(account.clone(), u64::MAX);
    let rows = SPENDING.range(deps.storage, above_within(after, group), Order::Ascending);
    let spending = rows
        .take(page::limit(limit))
        .map(|row| row.map(|((_, gateway), row)| describe(env, gateway, &row)));
    Ok(AccountResponse {
        free: Holder::load(deps.storage, &account)?.free,
        booked_lco: BOOKED.may_load(deps.storage, &account)?.unwrap_or_default(),
        spending: spending.collect::<StdResult<_>>()?,
    })
}

pub fn spending(deps: Deps, env: &Env, address: &str, gateway: u64) -> StdResult<SpendingResponse> {
    let account = Account::parse(deps.api, address)?;
    let none = || Spending {
        phase: Phase::Closed,
        ..Spending::open(Uint128::zero(), Uint128::zero(), 0, Uint128::zero())
    };
    let row = SPENDING
        .may_load(deps.storage, &(account, gateway))?
        .unwrap_or_else(none);
    Ok(describe(env, gateway, &row))
}

fn describe(env: &Env, gateway: u64, row: &Spending) -> SpendingResponse {
    let (state, closing_since, withdrawable_at) = match row.phase {
        Phase::Closed => (SpendingState::Closed, None, None),
        Phase::Open => (SpendingState::Open, None, None),
        Phase::Closing { since, withdrawable_at } => (SpendingState::Closing, Some(since), Some(withdrawable_at)),
    };
    SpendingResponse {
        gateway,
        state,
        amount: row.amount,
        max_per_day: row.limit(env.block.time.seconds()),
        lowered: announced(row, env.block.time.seconds()),
        chargeable: row.chargeable(env.block.time.seconds()),
        opened_at: row.opened_at,
        closing_since,
        withdrawable_at,
        shortfall: row.shortfall,
    }
}

fn announced(row: &Spending, now: u64) -> Option<LoweredLimit> {
    let (max_per_day, from) = row.lowered.filter(|(_, from)| now < *from)?;
    Some(LoweredLimit { max_per_day, from })
}

pub fn gateway(deps: Deps, gateway: u64) -> Result<GatewayResponse, ContractError> {
    Ok(describe_gateway(deps, gateway, &Gateway::load(deps.storage, gateway)?)?)
}

pub fn gateways(deps: Deps, start_after: Option<u64>, limit: Option<u32>) -> StdResult<Vec<GatewayResponse>> {
    let rows = GATEWAYS
        .range(deps.storage, above(start_after), Order::Ascending)
        .take(page::limit(limit));
    rows.map(|row| row.and_then(|(gateway, row)| describe_gateway(deps, gateway, &row)))
        .collect()
}

fn describe_gateway(deps: Deps, gateway: u64, row: &Gateway) -> StdResult<GatewayResponse> {
    Ok(GatewayResponse {
        gateway,
        payout: row.payout.text(deps.api)?,
        suspended: row.suspended,
    })
}

pub fn rate(deps: Deps, sku: String) -> Result<RateResponse, ContractError> {
    let card = RATES.may_load(deps.storage, &sku)?;
    let unknown = || ContractError::SkuUnknown { sku: sku.clone() };
    Ok(describe_rate(sku.clone(), card.ok_or_else(unknown)?))
}

pub fn rates(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<Vec<RateResponse>> {
    let rows = RATES
        .range(deps.storage, above(start_after), Order::Ascending)
        .take(page::limit(limit));
    rows.map(|row| row.map(|(sku, card)| describe_rate(sku, card)))
        .collect()
}

fn describe_rate(sku: String, card: RateCard) -> RateResponse {
    let versions = card.versions.iter().map(|row| RateVersion {
        list: row.list,
        cost: row.cost,
        from: row.from,
    });
    let was_exclusive = card.exclusive_until > 0;
    RateResponse {
        sku,
        gateway: card.gateway,
        versions: versions.collect(),
        exclusive_from: was_exclusive.then_some(card.exclusive_from),
        exclusive_until: was_exclusive.then_some(card.exclusive_until),
    }
}

pub fn week(deps: Deps, gateway: u64, week: u64) -> StdResult<WeekResponse> {
    let row = WeekRow::load(deps.storage, gateway, Week::from_index(week))?;
    Ok(describe_week(gateway, week, row))
}

pub fn weeks(deps: Deps, gateway: u64, start_before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<WeekResponse>> {
    let before = start_before.unwrap_or(u64::MAX);
    let rows = WEEKS.range(deps.storage, (gateway, 0)..(gateway, before), Order::Descending);
    let page = rows.take(page::limit(limit));
    page.map(|row| row.map(|((gateway, week), row)| describe_week(gateway, week, row)))
        .collect()
}

fn describe_week(gateway: u64, week: u64, row: WeekRow) -> WeekResponse {
    WeekResponse {
        gateway,
        week,
        revenue: row.revenue,
        cost: row.cost,
        free_cost: row.free_cost,
        held: row.held,
        forfeited: row.forfeited,
        mined: row.mined,
        releasable_at: releasable_at(Week::from_index(week)),
        released: row.released,
    }
}

pub fn settlement(deps: Deps, report: ReportRef) -> Result<SettlementResponse, ContractError> {
    let settled = Settled::load(deps.storage, report)?;
    let (week, settled_at) = (settled.week().index(), settled.at);
    let mut entries = Vec::with_capacity(settled.charges.len());
    for (entry, charge) in (0..=u16::MAX).zip(settled.charges) {
        let state = CHARGES.may_load(deps.storage, &ChargeKey(ChargeRef { report, entry }))?;
        entries.push(SettledEntry {
            outcome: charge.outcome,
            account: charge.account.map(|account| account.text(deps.api)).transpose()?,
            charged: charge.charged,
            cost: charge.cost,
            free_cost: charge.free_cost,
            held: state == Some(ChargeState::Held),
            returned: state == Some(ChargeState::Returned),
        });
    }
    let scores_waiting = UNDELIVERED.has(deps.storage, &ReportKey(report));
    Ok(SettlementResponse {
        report,
        week,
        settled_at,
        entries,
        scores_waiting,
    })
}

pub fn free_calls(deps: Deps, week: u64) -> StdResult<Option<FreeCallsResponse>> {
    let champion = FREE_CALLS.may_load(deps.storage, &week)?;
    let describe = |row: crate::state::FreeCalls| {
        Ok(FreeCallsResponse {
            account: row.account.text(deps.api)?,
            left: row.left,
        })
    };
    champion.map(describe).transpose()
}

pub fn entitlement(deps: Deps, address: &str, sku: String) -> StdResult<EntitlementResponse> {
    let card = RATES.may_load(deps.storage, &sku)?;
    let account = Account::parse(deps.api, address)?;
    Ok(EntitlementResponse {
        units: ENTITLEMENTS
            .may_load(deps.storage, &(account, sku))?
            .unwrap_or_default(),
        exclusive_until: card.map(|card| card.exclusive_until).filter(|until| *until > 0),
    })
}

/// What one LCO costs at least somebody who is gateway and user at once.
///
/// Such a person gets his charges back less the fund's share, and keeps the LCO. Symbols: f = fund floor, p = profit share, c = booked cost, R = revenue; in
/// halving k one LCO takes 2^k/10 Credits of charges.
///
/// ```text
/// the fund's share      max(p · (R − c), f · R) ≥ f · R             (settled weeks)
///                       ⌈f · charge⌉                                (a charge returned after an unanswered challenge)
/// cost per LCO        ≥ f · 2^k / 10 Credits = 10 · 2^k · f_bps µCredit
/// ```
///
/// The bound is reached, whatever the rate card says: by claiming list = cost, by paying as a Whale (who pays the cost), or by leaving one's own challenge
/// unanswered. Rate cards, attested costs and tiers bound how much revenue one can pretend to have, not the price. Splitting changes nothing, because the mint
/// telescopes; rounding up at the floor only adds.
pub fn wash_cost(deps: Deps) -> StdResult<WashCostResponse> {
    let consumed = Totals::load(deps.storage)?.consumed.u128();
    let floor = PARAMS.load(deps.storage)?.fund_floor_bps;
    let halving = halving::halving_index(consumed);
    // at most 10 · 2^9 · 10^4
    let credits = u128::from(floor)
        .saturating_mul(10)
        .checked_shl(halving)
        .map(Uint128::new);
    Ok(WashCostResponse {
        credits_per_lco: credits.filter(|_| halving < halving::HALVINGS),
    })
}

pub fn registered(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<Vec<String>> {
    let after = start_after
        .map(|address| Account::parse(deps.api, &address))
        .transpose()?;
    let rows = REGISTERED
        .range(deps.storage, above(after), Order::Ascending)
        .take(page::limit(limit));
    rows.map(|row| row.and_then(|(account, ())| account.text(deps.api)))
        .collect()
}

pub fn balance(deps: Deps, address: &str) -> StdResult<BalanceResponse> {
    let account = Account::parse(deps.api, address)?;
    Ok(BalanceResponse {
        balance: Holder::load(deps.storage, &account)?.free,
    })
}

/// `total_supply` counts promised Credits, too; the balances of all accounts add up to the free ones.
pub fn token_info(deps: Deps) -> StdResult<TokenInfoResponse> {
    Ok(TokenInfoResponse {
        name: "Credit".to_owned(),
        symbol: "CREDIT".to_owned(),
        decimals: 6,
        total_supply: Totals::load(deps.storage)?.supply,
    })
}

/// Accounts in the order of their canonical bytes.
pub fn all_accounts(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<AllAccountsResponse> {
    let after = start_after
        .map(|address| Account::parse(deps.api, &address))
        .transpose()?;
    let rows = HOLDERS
        .range(deps.storage, above(after), Order::Ascending)
        .take(page::limit(limit));
    let accounts = rows
        .map(|row| row.and_then(|(account, _)| account.text(deps.api)))
        .collect::<StdResult<_>>()?;
    Ok(AllAccountsResponse { accounts })
}
