//! Typed events: one for every change of state, with enough in each to rebuild the state from them. Amounts are µCredit unless said.

use cosmwasm_std::{Addr, Event, Uint128};
use cw20::Expiration;
use interfaces::credit_vault::{ChargeRef, EntryOutcome, GatewayAdmission, Params, Rate, ReportRef};

use crate::state::Wiring;

/// Money that moves between accounts, and the promises made with it.
pub enum Money<'a> {
    Deposit {
        sender: &'a Addr,
        to: &'a str,
        amount: Uint128,
    },
    Redeem {
        sender: &'a Addr,
        to: &'a str,
        amount: Uint128,
    },
    /// `by` is the spender of an allowance.
    Transfer {
        from: &'a str,
        to: &'a str,
        by: Option<&'a Addr>,
        amount: Uint128,
    },
    Allowance {
        action: &'static str,
        owner: &'a Addr,
        spender: &'a str,
        amount: Uint128,
        expires: Option<Expiration>,
    },
    SpendingOpened {
        account: &'a Addr,
        gateway: u64,
        amount: Uint128,
        max_per_day: Uint128,
    },
    SpendingToppedUp {
        account: &'a Addr,
        gateway: u64,
        amount: Uint128,
    },
    SpendingLimited {
        account: &'a Addr,
        gateway: u64,
        max_per_day: Uint128,
        /// When it is in force.
        from: u64,
    },
    SpendingClosing {
        account: &'a Addr,
        gateway: u64,
        withdrawable_at: u64,
    },
    SpendingWithdrawn {
        account: &'a Addr,
        gateway: u64,
        amount: Uint128,
    },
    /// µLCO that left the book for the token.
    LcoPaid { account: &'a str, amount: Uint128 },
}

impl From<Money<'_>> for Event {
    fn from(money: Money) -> Self {
        match money {
            Money::Deposit { sender, to, amount } => event("deposit")
                .add_attribute("sender", sender)
                .add_attribute("to", to)
                .add_attribute("amount", amount),
            Money::Redeem { sender, to, amount } => event("redeem")
                .add_attribute("sender", sender)
                .add_attribute("to", to)
                .add_attribute("amount", amount),
            Money::Transfer { from, to, by, amount } => {
                let moved = event("transfer").add_attribute("from", from).add_attribute("to", to);
                optional(moved, "by", by).add_attribute("amount", amount)
            }
            Money::Allowance {
                action,
                owner,
                spender,
                amount,
                expires,
            } => {
                let parties = event("allowance")
                    .add_attribute("action", action)
                    .add_attribute("owner", owner);
                let change = parties
                    .add_attribute("spender", spender)
                    .add_attribute("amount", amount);
                optional(change, "expires", expires)
            }
            Money::SpendingOpened {
                account,
                gateway,
                amount,
                max_per_day,
            } => spending("spending_open", account, gateway)
                .add_attribute("amount", amount)
                .add_attribute("max_per_day", max_per_day),
            Money::SpendingToppedUp {
                account,
                gateway,
                amount,
            } => spending("spending_top_up", account, gateway).add_attribute("amount", amount),
            Money::SpendingLimited {
                account,
                gateway,
                max_per_day,
                from,
            } => spending("spending_limit", account, gateway)
                .add_attribute("max_per_day", max_per_day)
                .add_attribute("from", from.to_string()),
            Money::SpendingClosing {
                account,
                gateway,
                withdrawable_at,
            } => spending("spending_close", account, gateway)
                .add_attribute("withdrawable_at", withdrawable_at.to_string()),
            Money::SpendingWithdrawn {
                account,
                gateway,
                amount,
            } => spending("spending_withdraw", account, gateway).add_attribute("amount", amount),
            Money::LcoPaid { account, amount } => event("lco_paid")
                .add_attribute("account", account)
                .add_attribute("amount", amount),
        }
    }
}

/// One settled entry. Amounts that are zero are left out.
pub struct EntrySettled<'a> {
    pub index: usize,
    pub account: &'a str,
    pub sku: &'a str,
    pub outcome: EntryOutcome,
    /// Units taken from the entitlement.
    pub covered: Uint128,
    /// Taken from the champion's allowance.
    pub free: Uint128,
    pub free_cost: Uint128,
    pub charged: Uint128,
    pub cost: Uint128,
    pub shortfall: Uint128,
    /// Part of `charged` that advanced C.
    pub consumed: Uint128,
    /// µLCO booked to the account.
    pub mined: Uint128,
}

impl From<EntrySettled<'_>> for Event {
    fn from(entry: EntrySettled) -> Self {
        let named = event("entry")
            .add_attribute("index", entry.index.to_string())
            .add_attribute("account", entry.account)
            .add_attribute("sku", entry.sku)
            .add_attribute("outcome", entry.outcome.code().to_string());
        let amounts = [
            ("covered", entry.covered),
            ("free", entry.free),
            ("free_cost", entry.free_cost),
            ("charged", entry.charged),
            ("cost", entry.cost),
            ("shortfall", entry.shortfall),
            ("consumed", entry.consumed),
            ("mined", entry.mined),
        ];
        named.add_attributes(amounts.into_iter().filter(|(_, amount)| !amount.is_zero()))
    }
}

/// Usage, what was charged for it, and what became of the charges.
pub enum Usage<'a> {
    /// `tiers` says whose word the prices rest on: `none`, `answered` or `failed` (everybody Lv1).
    Settled {
        report: ReportRef,
        week: u64,
        entries: usize,
        charged: Uint128,
        mined: Uint128,
        tiers: &'static str,
    },
    /// A report that was settled before.
    Repeated {
        report: ReportRef,
    },
    ChargeHeld {
        charge: ChargeRef,
        amount: Uint128,
    },
    ChargeReleased {
        charge: ChargeRef,
        amount: Uint128,
    },
    ChargeReturned {
        charge: ChargeRef,
        account: &'a str,
        amount: Uint128,
        floor: Uint128,
    },
    WeekReleased {
        gateway: u64,
        week: u64,
        fund: Uint128,
        forfeited: Uint128,
        payout: &'a str,
        paid: Uint128,
    },
    ScoresUndelivered {
        report: ReportRef,
        error: &'a str,
    },
    ScoresDelivered {
        report: ReportRef,
    },
    Granted {
        account: &'a str,
        sku: &'a str,
        units: Uint128,
        price: Uint128,
        week: u64,
        exclusive_until: u64,
    },
    FreeCalls {
        account: &'a str,
        week: u64,
        allowance: Uint128,
    },
}

impl From<Usage<'_>> for Event {
    fn from(usage: Usage) -> Self {
        match usage {
            Usage::Settled {
                report,
                week,
                entries,
                charged,
                mined,
                tiers,
            } => of_report("settlement", report)
                .add_attribute("week", week.to_string())
                .add_attribute("entries", entries.to_string())
                .add_attribute("charged", charged)
                .add_attribute("mined", mined)
                .add_attribute("tiers", tiers),
            Usage::Repeated { report } => of_report("settlement_repeated", report),
            Usage::ChargeHeld { charge, amount } => of_charge("charge_held", charge).add_attribute("amount", amount),
            Usage::ChargeReleased { charge, amount } => {
                of_charge("charge_released", charge).add_attribute("amount", amount)
            }
            Usage::ChargeReturned {
                charge,
                account,
                amount,
                floor,
            } => of_charge("charge_returned", charge)
                .add_attribute("account", account)
                .add_attribute("amount", amount)
                .add_attribute("floor", floor),
            Usage::WeekReleased {
                gateway,
                week,
                fund,
                forfeited,
                payout,
                paid,
            } => event("week_released")
                .add_attribute("gateway", gateway.to_string())
                .add_attribute("week", week.to_string())
                .add_attribute("fund", fund)
                .add_attribute("forfeited", forfeited)
                .add_attribute("payout", payout)
                .add_attribute("paid", paid),
            Usage::ScoresUndelivered { report, error } => {
                of_report("scores_undelivered", report).add_attribute("error", error)
            }
            Usage::ScoresDelivered { report } => of_report("scores_delivered", report),
            Usage::Granted {
                account,
                sku,
                units,
                price,
                week,
                exclusive_until,
            } => event("grant")
                .add_attribute("account", account)
                .add_attribute("sku", sku)
                .add_attribute("units", units)
                .add_attribute("price", price)
                .add_attribute("week", week.to_string())
                .add_attribute("exclusive_until", exclusive_until.to_string()),
            Usage::FreeCalls {
                account,
                week,
                allowance,
            } => event("free_calls")
                .add_attribute("account", account)
                .add_attribute("week", week.to_string())
                .add_attribute("allowance", allowance),
        }
    }
}

/// Who may do what, at which price.
pub enum Rule<'a> {
    GatewayAdmitted(&'a GatewayAdmission),
    GatewaySuspended { gateway: u64 },
    Payout { gateway: u64, payout: &'a str },
    RateProposed { rate: &'a Rate, from: u64 },
    TransfersOpened,
    Params(&'a Params),
    Wiring(&'a Wiring),
    Registered { address: &'a Addr },
}

impl From<Rule<'_>> for Event {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::GatewayAdmitted(admission) => event("gateway_admitted")
                .add_attribute("gateway", admission.gateway.to_string())
                .add_attribute("payout", &admission.payout),
            Rule::GatewaySuspended { gateway } => {
                event("gateway_suspended").add_attribute("gateway", gateway.to_string())
            }
            Rule::Payout { gateway, payout } => event("payout")
                .add_attribute("gateway", gateway.to_string())
                .add_attribute("payout", payout),
            Rule::RateProposed { rate, from } => event("rate")
                .add_attribute("sku", &rate.sku)
                .add_attribute("gateway", rate.gateway.to_string())
                .add_attribute("list", rate.list)
                .add_attribute("cost", rate.cost)
                .add_attribute("from", from.to_string()),
            Rule::TransfersOpened => event("transfers_open"),
            Rule::Params(params) => event("params")
                .add_attribute("close_window", params.close_window.to_string())
                .add_attribute("weekly_mint_cap", params.weekly_mint_cap)
                .add_attribute("fund_floor_bps", params.fund_floor_bps.to_string())
                .add_attribute("profit_share_bps", params.profit_share_bps.to_string()),
            Rule::Wiring(wiring) => {
                let peers = [
                    ("tiers", &wiring.tiers),
                    ("fund", &wiring.fund),
                    ("wars", &wiring.wars),
                    ("launchpad", &wiring.launchpad),
                ];
                let oracle = event("wiring").add_attribute("oracle", &wiring.oracle);
                peers
                    .into_iter()
                    .fold(oracle, |event, (name, peer)| optional(event, name, peer.as_ref()))
            }
            Rule::Registered { address } => event("registered").add_attribute("address", address),
        }
    }
}

fn event(name: &str) -> Event {
    Event::new(name)
}

fn spending(name: &str, account: &Addr, gateway: u64) -> Event {
    event(name)
        .add_attribute("account", account)
        .add_attribute("gateway", gateway.to_string())
}

fn of_report(name: &str, report: ReportRef) -> Event {
    event(name)
        .add_attribute("gateway", report.gateway.to_string())
        .add_attribute("key_epoch", report.key_epoch.to_string())
        .add_attribute("seq", report.seq.to_string())
}

fn of_charge(name: &str, charge: ChargeRef) -> Event {
    of_report(name, charge.report).add_attribute("entry", charge.entry.to_string())
}

fn optional(event: Event, name: &str, value: Option<impl ToString>) -> Event {
    match value {
        Some(value) => event.add_attribute(name, value.to_string()),
        None => event,
    }
}
