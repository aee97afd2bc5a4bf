//! The suite once more: plain maps, slow loops, one rule after the other. It predicts what becomes of every operation.

use std::collections::{BTreeMap, BTreeSet};

use attestation::{ChainKey, Digest, Entry};
use interfaces::attestation_oracle::{Role, StatementOutcome, Subject};
use interfaces::credit_vault::{EntryOutcome, ReportRef};

use crate::books::{self, Books};
use crate::deal::{Coin, House};
use crate::ledger::Ledger;
use crate::op::{Change, Claim, Who, DAY, GATEWAYS, HOUR, ONE, WEEK};
use crate::stage::{first_rate, COLLATERAL, GATEWAY_BOND, RATE, SKUS, SLOTS, START, TTL, WEEKLY_CAP, WORKER_BOND};
use crate::usage::{Head, Made, MadeJob};

/// `Ok`, or the refusal's code.
pub type Verdict = Result<(), &'static str>;

/// M(C) by walking through the halvings, one at a time.
#[must_use]
pub fn mined(consumed: u128) -> u128 {
    let (mut left, mut mined, mut length, mut divisor) = (consumed, 0, 100_000 * ONE, 1);
    for _ in 0..10 {
        let inside = left.min(length);
        mined += inside * 10 / divisor;
        left -= inside;
        length *= 2;
        divisor *= 2;
        if left == 0 {
            break;
        }
    }
    mined
}

/// The longest prefix of a spend that mines at most `room`, by bisection.
fn prefix(consumed: u128, spend: u128, room: u128) -> u128 {
    let (mut low, mut high) = (0, spend);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if mined(consumed + middle) - mined(consumed) <= room {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Weeks since Monday 1969-12-29.
#[must_use]
pub fn week_of(time: u64) -> u64 {
    (time / DAY + 3) / 7
}

fn week_end(week: u64) -> u64 {
    (week + 1) * WEEK - 3 * DAY
}

/// A spending account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    pub amount: u128,
    pub limit: u128,
    /// A lower limit and when it is in force.
    pub lowered: Option<(u128, u64)>,
    pub opened: u64,
    pub closing: Option<u64>,
    pub open: bool,
    pub shortfall: u128,
    day: u64,
    charged: u128,
}

impl Purse {
    fn limit_at(&self, now: u64) -> u128 {
        self.lowered
            .filter(|(_, from)| *from <= now)
            .map_or(self.limit, |(limit, _)| limit)
    }
}

/// A gateway's week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    pub revenue: u128,
    pub cost: u128,
    /// Attested cost of the champion's free calls.
    pub free_cost: u128,
    pub held: u128,
    pub forfeited: u128,
    pub mined: u128,
    pub released: bool,
}

/// A settled entry.
#[derive(Clone, Debug)]
pub struct Charge {
    pub outcome: EntryOutcome,
    pub account: Option<Who>,
    pub charged: u128,
    pub cost: u128,
    pub free_cost: u128,
    pub week: u64,
}

/// An enrolled key.
#[derive(Clone, Debug)]
pub struct Key {
    pub valid_until: u64,
    pub revoked_at: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct Member {
    pub bond: u128,
    /// Key of epoch i + 1.
    pub keys: Vec<Key>,
}

impl Member {
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.keys.len() as u32
    }
}

/// A report that took its place.
#[derive(Clone, Debug)]
pub struct Report {
    pub made: Made,
    pub outcome: StatementOutcome,
    pub received_at: u64,
}

impl Report {
    #[must_use]
    pub fn name(&self) -> ReportRef {
        let body = &self.made.body;
        ReportRef {
            gateway: body.gateway,
            key_epoch: body.key_epoch,
            seq: body.seq,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeState {
    Open,
    Answered,
    Returned,
}

#[derive(Clone, Debug)]
pub struct Challenge {
    /// Index of the report among all.
    pub report: usize,
    pub entry: usize,
    pub account: Who,
    pub count: usize,
    pub deadline: u64,
    pub state: ChallengeState,
    pub pending: bool,
}

/// Where one job's chain stands.
#[derive(Clone, Debug)]
pub struct JobHead {
    pub head: Head,
    pub stated: u128,
    pub credited: u128,
    pub linked: bool,
    /// Digests by seq, for duplicates.
    pub past: BTreeMap<u64, Digest>,
    pub last: Option<MadeJob>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    Open,
    Executed,
    Cancelled,
}

#[derive(Clone, Debug)]
pub struct Queued {
    pub change: Change,
    /// Whether a swap leads to the other stand-in.
    pub other: bool,
    pub ready_at: u64,
    pub expires_at: u64,
    pub state: EntryState,
}

/// Everything.
#[derive(Clone, Debug)]
pub struct Shadow {
    pub now: u64,
    pub dead: bool,
    // USDT
    pub bank: BTreeMap<Who, u128>,
    pub deposited: u128,
    pub redeemed: u128,
    pub given_vault: u128,
    pub given_oracle: u128,
    // Credits
    pub free: BTreeMap<Who, u128>,
    pub allowances: BTreeMap<(usize, Who), u128>,
    pub registered: BTreeSet<Who>,
    pub transfers_open: bool,
    pub paused: bool,
    pub purses: BTreeMap<(usize, u64), Purse>,
    pub weeks: BTreeMap<(u64, u64), Week>,
    pub consumed: u128,
    pub suspended: BTreeMap<u64, bool>,
    pub rates: Rates,
    pub fund: Who,
    pub settled: BTreeMap<(u64, u32, u64), Vec<Charge>>,
    pub held: BTreeMap<(usize, usize), bool>,
    // L-Coin
    pub booked: BTreeMap<Who, u128>,
    pub lco: BTreeMap<Who, u128>,
    pub minted: u128,
    pub burned: u128,
    // oracle
    pub members: [Member; 3],
    pub heads: BTreeMap<(u64, u32), Head>,
    pub jobs: BTreeMap<(u32, u64), JobHead>,
    pub reports: Vec<Report>,
    pub challenges: Vec<Challenge>,
    pub disputed: BTreeSet<(u8, usize, usize, u32)>,
    pub compensated: BTreeMap<(usize, usize), u128>,
    pub statements: u64,
    pub calls: u64,
    // markets
    pub books: Books,
    // the network's token
    pub ledger: Ledger,
    // queue
    pub queue: Vec<Queued>,
    pub vault_known: bool,
    pub oracle_known: bool,
}

impl Shadow {
    #[must_use]
    pub fn new() -> Self {
        let rates = SKUS.map(|(sku, _)| {
            let (list, cost) = first_rate(sku);
            // In force since the deployment, before anything is used.
            (sku.to_owned(), vec![(START, list, cost)])
        });
        Self {
            now: 0,
            dead: false,
            bank: Who::all().into_iter().map(|who| (who, 1_000_000 * ONE)).collect(),
            deposited: 0,
            redeemed: 0,
            given_vault: 0,
            given_oracle: 0,
            free: BTreeMap::new(),
            allowances: BTreeMap::new(),
            registered: [Who::Exchange, Who::Fund].into(),
            transfers_open: false,
            paused: false,
            purses: BTreeMap::new(),
            weeks: BTreeMap::new(),
            consumed: 0,
            suspended: (1..=GATEWAYS).map(|g| (g, false)).collect(),
            rates: rates.into(),
            fund: Who::Fund,
            settled: BTreeMap::new(),
            held: BTreeMap::new(),
            booked: BTreeMap::new(),
            lco: BTreeMap::new(),
            minted: 0,
            burned: 0,
            members: Default::default(),
            heads: BTreeMap::new(),
            jobs: BTreeMap::new(),
            reports: Vec::new(),
            challenges: Vec::new(),
            disputed: BTreeSet::new(),
            compensated: BTreeMap::new(),
            statements: 0,
            calls: 0,
            books: Books::default(),
            ledger: Ledger::default(),
            queue: Vec::new(),
            vault_known: true,
            oracle_known: true,
        }
    }

    #[must_use]
    pub fn member(&self, subject: Subject) -> &Member {
        &self.members[slot(subject)]
    }

    pub fn member_mut(&mut self, subject: Subject) -> &mut Member {
        &mut self.members[slot(subject)]
    }

    // ---- purses of all kinds ----

    #[must_use]
    pub fn usdt(&self, who: Who) -> u128 {
        self.bank[&who]
    }

    pub fn pay(&mut self, who: Who, amount: u128) {
        *self.bank.entry(who).or_default() += amount;
    }

    pub fn spend(&mut self, who: Who, amount: u128) {
        *self.bank.entry(who).or_default() -= amount;
    }

    #[must_use]
    pub fn credits(&self, who: Who) -> u128 {
        self.free.get(&who).copied().unwrap_or_default()
    }

    fn credit(&mut self, who: Who, amount: u128) {
        *self.free.entry(who).or_default() += amount;
    }

    /// µLCO of somebody.
    #[must_use]
    pub fn coins(&self, who: Who) -> u128 {
        self.lco.get(&who).copied().unwrap_or_default()
    }

    /// Learnt from the chain.
    pub fn holds(&mut self, who: Who, lco: u128, credits: u128) {
        self.lco.insert(who, lco);
        self.free.insert(who, credits);
    }

    /// Whether a user can pay so much.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn has(&self, user: usize, coin: Coin, amount: u128) -> Verdict {
        match coin {
            Coin::Lco => require(self.coins(Who::User(user)) >= amount, "coin:9"),
            Coin::Credit => require(self.credits(Who::User(user)) >= amount, "vault:4"),
        }
    }

    pub fn gives(&mut self, user: usize, coin: Coin, amount: u128) {
        *self.purse_of(user, coin) -= amount;
    }

    pub fn gets(&mut self, user: usize, coin: Coin, amount: u128) {
        *self.purse_of(user, coin) += amount;
    }

    fn purse_of(&mut self, user: usize, coin: Coin) -> &mut u128 {
        let purses = match coin {
            Coin::Lco => &mut self.lco,
            Coin::Credit => &mut self.free,
        };
        purses.entry(Who::User(user)).or_default()
    }

    fn take(&mut self, who: Who, amount: u128) -> Verdict {
        let free = self.free.entry(who).or_default();
        if *free < amount {
            return Err("vault:4");
        }
        *free -= amount;
        Ok(())
    }

    // ---- in and out ----

    pub fn deposit(&mut self, from: Who, to: Who, amount: u128) -> Verdict {
        require(amount > 0, "vault:930")?;
        require(!self.paused, "vault:920")?;
        self.spend(from, amount);
        self.deposited += amount;
        self.credit(to, amount);
        Ok(())
    }

    pub fn redeem(&mut self, who: Who, amount: u128) -> Verdict {
        require(amount > 0, "vault:3")?;
        self.take(who, amount)?;
        self.redeemed += amount;
        self.pay(who, amount);
        Ok(())
    }

    pub fn transfer(&mut self, from: Who, to: Who, amount: u128) -> Verdict {
        let open = self.transfers_open || self.registered.contains(&from) || self.registered.contains(&to);
        require(open, "vault:5")?;
        self.take(from, amount)?;
        match to {
            // What comes without a message is nobody's.
            Who::Fund => *self.books.gifts.entry((House::Fund, Coin::Credit)).or_default() += amount,
            holder => self.credit(holder, amount),
        }
        Ok(())
    }

    pub fn allow(&mut self, owner: usize, spender: Who, amount: u128) -> Verdict {
        require(Who::User(owner) != spender, "vault:2")?;
        *self.allowances.entry((owner, spender)).or_default() += amount;
        Ok(())
    }

    pub fn disallow(&mut self, owner: usize, spender: Who, amount: u128) -> Verdict {
        require(Who::User(owner) != spender, "vault:2")?;
        // There is nothing to lessen.
        let Some(left) = self.allowances.get_mut(&(owner, spender)) else {
            return Err("any");
        };
        *left = left.saturating_sub(amount);
        if *left == 0 {
            self.allowances.remove(&(owner, spender));
        }
        Ok(())
    }

    pub fn transfer_from(&mut self, spender: Who, owner: usize, to: Who, amount: u128) -> Verdict {
        let allowed = self.allowances.get(&(owner, spender)).copied();
        require(allowed.is_some_and(|allowed| allowed >= amount), "vault:2")?;
        self.transfer(Who::User(owner), to, amount)?;
        self.allowances
            .insert((owner, spender), allowed.unwrap_or_default() - amount);
        Ok(())
    }

    // ---- spending accounts ----

    pub fn purse(&mut self, user: usize, gateway: u64) -> &mut Purse {
        self.purses.entry((user, gateway)).or_default()
    }

    pub fn open(&mut self, user: usize, gateway: u64, amount: u128, limit: u128) -> Verdict {
        require(amount > 0 && limit > 0, "vault:3")?;
        require(!self.suspended[&gateway], "vault:8")?;
        require(!self.purse(user, gateway).open, "vault:10")?;
        self.take(Who::User(user), amount)?;
        let (now, purse) = (self.now, self.purse(user, gateway));
        *purse = Purse {
            amount,
            limit,
            opened: now,
            open: true,
            shortfall: purse.shortfall,
            ..Purse::default()
        };
        Ok(())
    }

    fn running(&mut self, user: usize, gateway: u64) -> Verdict {
        let purse = self.purse(user, gateway);
        require(purse.open && purse.closing.is_none(), "vault:10")
    }

    pub fn top_up(&mut self, user: usize, gateway: u64, amount: u128) -> Verdict {
        require(amount > 0, "vault:3")?;
        self.running(user, gateway)?;
        self.take(Who::User(user), amount)?;
        self.purse(user, gateway).amount += amount;
        Ok(())
    }

    pub fn limit(&mut self, user: usize, gateway: u64, limit: u128) -> Verdict {
        require(limit > 0, "vault:3")?;
        self.running(user, gateway)?;
        let now = self.now;
        let purse = self.purse(user, gateway);
        let current = purse.limit_at(now);
        purse.limit = current.max(limit);
        // Usage under way is not escaped: it is lower an hour from now.
        purse.lowered = (limit < current).then_some((limit, now + HOUR));
        Ok(())
    }

    pub fn close(&mut self, user: usize, gateway: u64) -> Verdict {
        self.running(user, gateway)?;
        let now = self.now;
        self.purse(user, gateway).closing = Some(now);
        Ok(())
    }

    pub fn withdraw(&mut self, user: usize, gateway: u64) -> Verdict {
        let now = self.now;
        let purse = self.purse(user, gateway);
        let since = purse.closing.ok_or("vault:10")?;
        require(now >= since + DAY, "vault:11")?;
        let (amount, shortfall) = (purse.amount, purse.shortfall);
        *purse = Purse {
            shortfall,
            ..Purse::default()
        };
        self.credit(Who::User(user), amount);
        Ok(())
    }

    // ---- L-Coin ----

    pub fn claim(&mut self, user: usize) -> Verdict {
        require(self.pay_booked(Who::User(user)) > 0, "vault:12")
    }

    pub fn pay_lco(&mut self, users: &[usize]) -> Verdict {
        let distinct: BTreeSet<_> = users.iter().collect();
        require(distinct.len() == users.len(), "vault:14")?;
        for user in users {
            self.pay_booked(Who::User(*user));
        }
        Ok(())
    }

    fn pay_booked(&mut self, who: Who) -> u128 {
        let due = self.booked.remove(&who).unwrap_or_default();
        *self.lco.entry(who).or_default() += due;
        self.minted += due;
        due
    }

    pub fn lco_transfer(&mut self, from: usize, to: usize, amount: u128) -> Verdict {
        self.lco_take(from, amount)?;
        *self.lco.entry(Who::User(to)).or_default() += amount;
        Ok(())
    }

    pub fn lco_burn(&mut self, user: usize, amount: u128) -> Verdict {
        self.lco_take(user, amount)?;
        self.burned += amount;
        Ok(())
    }

    fn lco_take(&mut self, user: usize, amount: u128) -> Verdict {
        let held = self.lco.entry(Who::User(user)).or_default();
        require(*held >= amount, "coin:9")?;
        *held -= amount;
        Ok(())
    }

    // ---- statements ----

    #[must_use]
    pub fn head(&self, gateway: u64, epoch: u32) -> Head {
        let beginning = || {
            Head::beginning(ChainKey::Usage {
                gateway,
                key_epoch: epoch,
            })
        };
        self.heads.get(&(gateway, epoch)).copied().unwrap_or_else(beginning)
    }

    fn stands(&self, subject: Subject) -> bool {
        let least = if subject.role == Role::Gateway {
            GATEWAY_BOND
        } else {
            WORKER_BOND
        };
        self.member(subject).bond >= least
    }

    /// What becomes of a usage report, before the vault is told. An accepted one is at the end of `reports`.
    pub fn judge(&mut self, made: &Made) -> StatementOutcome {
        use StatementOutcome as Is;
        if !made.sound {
            return Is::Malformed;
        }
        let body = &made.body;
        let head = self.head(body.gateway, body.key_epoch);
        let earlier = self.reports.iter().find(|r| r.name() == name_of(made));
        if earlier.is_some_and(|r| r.made.digest == made.digest) {
            return Is::Duplicate;
        }
        let subject = Subject {
            role: Role::Gateway,
            id: body.gateway,
        };
        let Some(key) = self.key(subject, body.key_epoch) else {
            return Is::UnknownKey;
        };
        if !made.signed {
            return Is::BadSignature;
        }
        if earlier.is_some() {
            return Is::Conflict;
        }
        if body.seq > head.seq + 1 {
            return Is::Gap;
        }
        if body.seq <= head.seq || body.prev_digest != head.digest {
            return Is::WrongParent;
        }
        if !made.matching {
            return Is::WrongLogRoot;
        }
        let outcome = self.judge_time(&key, body.window.end(), body.expires_at).unwrap_or({
            if body.window.start() < head.window_start {
                Is::WindowOverlap
            } else if !self.stands(subject) {
                Is::UnderBonded
            } else {
                Is::Accepted
            }
        });
        let mut next = Head {
            seq: body.seq,
            digest: made.digest,
            ..head
        };
        if outcome == Is::Accepted {
            (next.window_start, next.window_end) = (body.window.start(), body.window.end());
            self.calls += body.calls;
        }
        self.heads.insert((body.gateway, body.key_epoch), next);
        self.statements += 1;
        self.reports.push(Report {
            made: made.clone(),
            outcome,
            received_at: self.now,
        });
        outcome
    }

    fn key(&self, subject: Subject, epoch: u32) -> Option<Key> {
        self.member(subject)
            .keys
            .get(usize::try_from(epoch).ok()?.checked_sub(1)?)
            .cloned()
    }

    fn judge_time(&self, key: &Key, end: u64, expires_at: u64) -> Option<StatementOutcome> {
        use StatementOutcome as Is;
        if self.now > expires_at {
            Some(Is::Expired)
        } else if key.revoked_at.is_some_and(|at| end > at) {
            Some(Is::Revoked)
        } else if end > key.valid_until || self.now > key.valid_until + 2 * HOUR {
            Some(Is::EpochOver)
        } else if end > self.now + 60 {
            Some(Is::FutureWindow)
        } else {
            None
        }
    }

    #[must_use]
    pub fn job_head(&self, worker: u64, epoch: u32, job: u64) -> JobHead {
        let beginning = || JobHead {
            head: Head::beginning(ChainKey::Job {
                worker,
                key_epoch: epoch,
                job,
                assignment: 0,
            }),
            stated: 0,
            credited: 0,
            linked: false,
            past: BTreeMap::new(),
            last: None,
        };
        self.jobs.get(&(epoch, job)).cloned().unwrap_or_else(beginning)
    }

    /// What becomes of a job statement.
    pub fn judge_job(&mut self, made: &MadeJob) -> StatementOutcome {
        use StatementOutcome as Is;
        if !made.sound {
            return Is::Malformed;
        }
        let body = &made.body;
        let mut at = self.job_head(body.worker, body.key_epoch, body.job);
        let earlier = at.past.get(&body.seq).copied();
        if earlier == Some(made.digest) {
            return Is::Duplicate;
        }
        let subject = Subject {
            role: Role::Worker,
            id: body.worker,
        };
        let Some(key) = self.key(subject, body.key_epoch) else {
            return Is::UnknownKey;
        };
        if !made.signed {
            return Is::BadSignature;
        }
        if earlier.is_some() {
            return Is::Conflict;
        }
        if body.seq > at.head.seq + 1 {
            return Is::Gap;
        }
        if body.seq <= at.head.seq || body.prev_digest != at.head.digest {
            return Is::WrongParent;
        }
        let most = u128::from(body.window.end() - body.window.start())
            * u128::from(RATE)
            * u128::from(body.gpu_slots.count_ones());
        let outcome = self.judge_time(&key, body.window.end(), body.expires_at).unwrap_or({
            if at.linked {
                Is::EpochOver
            } else if body.window.start() < at.head.window_end {
                Is::WindowOverlap
            } else if body.units_cum < at.stated {
                Is::UnitsFell
            } else if body.units_cum - at.stated > most {
                Is::ImpossibleUnits
            } else if body.gpu_slots >> SLOTS != 0 {
                Is::UnknownSlots
            } else if !self.stands(subject) {
                Is::UnderBonded
            } else {
                Is::Accepted
            }
        });
        if outcome == Is::Accepted {
            at.credited += body.units_cum - at.stated;
            (at.head.window_start, at.head.window_end) = (body.window.start(), body.window.end());
        }
        at.stated = body.units_cum;
        (at.head.seq, at.head.digest) = (body.seq, made.digest);
        at.past.insert(body.seq, made.digest);
        at.last = Some(made.clone());
        self.jobs.insert((body.key_epoch, body.job), at);
        self.statements += 1;
        outcome
    }

    /// What becomes of a link to the next epoch, signed well by both keys.
    pub fn judge_link(&mut self, worker: u64, epoch: u32, job: u64, digest: Digest) -> StatementOutcome {
        use StatementOutcome as Is;
        let subject = Subject {
            role: Role::Worker,
            id: worker,
        };
        let mut at = self.job_head(worker, epoch, job);
        if self.key(subject, epoch).is_none() || self.key(subject, epoch + 1).is_none() {
            return Is::UnknownKey;
        }
        if self.job_head(worker, epoch + 1, job).head.seq > 0 {
            return Is::Conflict;
        }
        let seq = at.head.seq + 1;
        // A chain that is linked has a successor, so here it is not.
        let mut next = at.clone();
        (next.head.seq, next.head.digest) = (seq, digest);
        (next.past, next.last) = (BTreeMap::new(), None);
        self.jobs.insert((epoch + 1, job), next);
        at.linked = true;
        (at.head.seq, at.head.digest) = (seq, digest);
        at.past.insert(seq, digest);
        at.last = None;
        self.jobs.insert((epoch, job), at);
        self.statements += 1;
        Is::Accepted
    }

    /// Hands accepted reports (by index) to the vault, or not.
    pub fn fan_out(&mut self, accepted: &[usize]) -> bool {
        if !(self.vault_known && self.oracle_known) {
            for index in accepted {
                self.reports[*index].outcome = StatementOutcome::Undelivered;
            }
            return accepted.is_empty();
        }
        accepted.iter().for_each(|index| self.settle(*index));
        true
    }

    pub fn deliver(&mut self, index: usize, other_entries: bool) -> Verdict {
        let report = &mut self.reports[index];
        require(report.outcome == StatementOutcome::Undelivered, "oracle:42")?;
        require(!other_entries, "oracle:43")?;
        require(self.vault_known, "any")?;
        require(self.oracle_known, "vault:911")?;
        report.outcome = StatementOutcome::Accepted;
        report.received_at = self.now;
        self.settle(index);
        Ok(())
    }

    // ---- settlement ----

    /// (list, cost) in force at a time.
    #[must_use]
    pub fn rate_at(&self, sku: &str, time: u64) -> Option<(u128, u128)> {
        in_force(&self.rates, sku, time)
    }

    fn settle(&mut self, index: usize) {
        let made = self.reports[index].made.clone();
        let charges = made.entries.iter().map(|entry| self.charge(&made, entry)).collect();
        let body = &made.body;
        self.settled.insert((body.gateway, body.key_epoch, body.seq), charges);
    }

    fn charge(&mut self, made: &Made, entry: &Entry) -> Charge {
        let (gateway, now) = (made.body.gateway, self.now);
        let week = week_of(now);
        match self.assess(made, entry) {
            Err(outcome) => Charge {
                outcome,
                account: None,
                charged: 0,
                cost: 0,
                free_cost: 0,
                week,
            },
            Ok((user, covered)) => {
                if covered > 0 {
                    *self.books.units.entry((user, entry.sku.clone())).or_default() -= covered;
                }
                let (list, cost) = uncovered(entry, covered);
                let tier = self.books.lowest_tier(user, made.body.window.start());
                let owed = books::price(tier, list, cost);
                let free = self.free_call(user, week, owed);
                let due = owed - free;
                let share = |of: u128| if of == 0 { 0 } else { cost * of / owed };
                let free_cost = share(free);
                if owed == 0 || due == 0 {
                    self.weeks.entry((gateway, week)).or_default().free_cost += free_cost;
                    return Charge {
                        outcome: EntryOutcome::Charged,
                        account: (free_cost > 0).then_some(Who::User(user)),
                        charged: 0,
                        cost: 0,
                        free_cost,
                        week,
                    };
                }
                let purse = self.purse(user, gateway);
                if purse.day != now / DAY {
                    (purse.day, purse.charged) = (now / DAY, 0);
                }
                let paid = due
                    .min(purse.amount)
                    .min(purse.limit_at(now).saturating_sub(purse.charged));
                purse.amount -= paid;
                purse.charged += paid;
                purse.shortfall += due - paid;
                let outcome = if paid == due {
                    EntryOutcome::Charged
                } else {
                    EntryOutcome::Shortfall
                };
                let cost = share(paid).min(paid);
                self.weeks.entry((gateway, week)).or_default().free_cost += free_cost;
                if paid > 0 {
                    *self.books.scores.entry((week, user)).or_default() += paid;
                }
                self.mine(gateway, week, user, paid, cost);
                Charge {
                    outcome,
                    account: (paid > 0 || free_cost > 0).then_some(Who::User(user)),
                    charged: paid,
                    cost,
                    free_cost,
                    week,
                }
            }
        }
    }

    fn mine(&mut self, gateway: u64, week: u64, user: usize, paid: u128, cost: u128) {
        let consumed = self.consumed;
        let row = self.weeks.entry((gateway, week)).or_default();
        row.revenue += paid;
        row.cost += cost;
        let part = prefix(consumed, paid, WEEKLY_CAP - row.mined);
        let new = mined(consumed + part) - mined(consumed);
        row.mined += new;
        self.consumed += part;
        *self.booked.entry(Who::User(user)).or_default() += new;
    }

    /// What the champion's free calls leave of a debt is less by this.
    fn free_call(&mut self, user: usize, week: u64, owed: u128) -> u128 {
        let Some((champion, left)) = self.books.free.get_mut(&week) else {
            return 0;
        };
        if *champion != user {
            return 0;
        }
        let free = owed.min(*left);
        *left -= free;
        free
    }

    /// Who owes for how much that no launch covers, or why nobody does.
    fn assess(&mut self, made: &Made, entry: &Entry) -> Result<(usize, u128), EntryOutcome> {
        use EntryOutcome as Is;
        let gateway = made.body.gateway;
        if self.suspended[&gateway] {
            return Err(Is::GatewayNotAdmitted);
        }
        let user = user_of(&entry.account).ok_or(Is::InvalidAccount)?;
        let card = self.rates.get(&entry.sku).ok_or(Is::UnknownSku)?;
        if SKUS.iter().any(|(sku, owner)| *sku == entry.sku && *owner != gateway) {
            return Err(Is::ForeignSku);
        }
        let (start, end) = (made.body.window.start(), made.body.window.end());
        let mut highest = None;
        for (i, (from, list, cost)) in card.iter().enumerate() {
            let until = card.get(i + 1).map_or(u64::MAX, |next| next.0);
            if *from < end && until > start {
                let (l, c) = highest.unwrap_or((0, 0));
                highest = Some(((*list).max(l), (*cost).max(c)));
            }
        }
        let (list, cost) = highest.ok_or(Is::UnknownSku)?;
        if entry.list > entry.units * list / ONE || entry.cost > entry.units * cost / ONE {
            return Err(Is::AboveRateCard);
        }
        if entry.cost > entry.list {
            return Err(Is::CostAboveList);
        }
        let entitled = self
            .books
            .units
            .get(&(user, entry.sku.clone()))
            .copied()
            .unwrap_or_default();
        let covered = entitled.min(entry.units);
        let window = self.books.exclusive.get(&entry.sku).copied().unwrap_or_default();
        if (window.0..window.1).contains(&entry.last) && covered < entry.units {
            return Err(Is::NotEntitled);
        }
        if covered > 0 && covered == entry.units {
            return Ok((user, covered));
        }
        let now = self.now;
        let purse = self.purse(user, gateway);
        if !purse.open || entry.last < purse.opened {
            return Err(Is::NoSpendingAccount);
        }
        if purse
            .closing
            .is_some_and(|since| entry.last > since + 60 || now >= since + DAY)
        {
            return Err(Is::Closed);
        }
        Ok((user, covered))
    }

    /// The settled charge of an entry.
    #[must_use]
    pub fn charge_of(&self, report: usize, entry: usize) -> Charge {
        let name = self.reports[report].name();
        self.settled[&(name.gateway, name.key_epoch, name.seq)][entry].clone()
    }

    // ---- challenges ----

    pub fn challenge(&mut self, report: usize, entry: usize, sender: Who, count: usize) -> Verdict {
        let row = &self.reports[report];
        require(row.outcome == StatementOutcome::Accepted, "oracle:46")?;
        require(self.now <= row.received_at + 7 * DAY, "oracle:61")?;
        let account = user_of(&row.made.entries[entry].account).map(Who::User);
        require(account == Some(sender), "oracle:60")?;
        require(
            !self.challenges.iter().any(|c| (c.report, c.entry) == (report, entry)),
            "oracle:62",
        )?;
        require(self.vault_known, "any")?;
        require(self.oracle_known, "vault:911")?;
        let (gateway, charge) = (row.name().gateway, self.charge_of(report, entry));
        let week = self.weeks.entry((gateway, charge.week)).or_default();
        require(!week.released, "vault:21")?;
        require(charge.charged > 0 || charge.free_cost > 0, "vault:19")?;
        week.revenue -= charge.charged;
        week.cost -= charge.cost;
        week.free_cost -= charge.free_cost;
        week.held += charge.charged;
        self.spend(sender, crate::stage::CHALLENGE_BOND);
        let deadline = self.now + 2 * DAY;
        self.challenges.push(Challenge {
            report,
            entry,
            account: sender,
            count,
            deadline,
            state: ChallengeState::Open,
            pending: false,
        });
        Ok(())
    }

    pub fn reveal(&mut self, index: usize, other: bool) -> Verdict {
        let row = self.challenges[index].clone();
        require(row.state == ChallengeState::Open, "oracle:65")?;
        require(self.now <= row.deadline, "oracle:66")?;
        require(!other, "oracle:69")?;
        let report = &self.reports[row.report];
        // Its one call does not add up to what the entry says; at zero units there is nothing to inflate.
        let entry = &report.made.entries[row.entry];
        let lie = report.made.claims[row.entry] == Claim::Inflated && entry.units > 0;
        require(!lie, "oracle:50")?;
        let gateway = report.name().gateway;
        self.finish(index, ChallengeState::Answered, Who::Host(gateway));
        Ok(())
    }

    pub fn resolve(&mut self, index: usize) -> Verdict {
        let row = self.challenges[index].clone();
        if row.pending {
            require(self.vault_known, "any")?;
            require(self.oracle_known, "vault:911")?;
            self.challenges[index].pending = false;
            self.book(index);
            return Ok(());
        }
        require(row.state == ChallengeState::Open, "oracle:65")?;
        require(self.now > row.deadline, "oracle:67")?;
        self.finish(index, ChallengeState::Returned, row.account);
        Ok(())
    }

    fn finish(&mut self, index: usize, state: ChallengeState, to: Who) {
        self.challenges[index].state = state;
        self.pay(to, crate::stage::CHALLENGE_BOND);
        if self.vault_known && self.oracle_known {
            self.book(index);
        } else {
            self.challenges[index].pending = true;
        }
    }

    fn book(&mut self, index: usize) {
        let row = self.challenges[index].clone();
        let charge = self.charge_of(row.report, row.entry);
        let gateway = self.reports[row.report].name().gateway;
        let week = self.weeks.entry((gateway, charge.week)).or_default();
        week.held -= charge.charged;
        if row.state == ChallengeState::Answered {
            week.revenue += charge.charged;
            week.cost += charge.cost;
            week.free_cost += charge.free_cost;
            return;
        }
        let floor = (charge.charged * 2).div_ceil(100);
        week.forfeited += floor;
        self.credit(row.account, charge.charged - floor);
    }

    // ---- disputes ----

    /// `leaves`: the places that the sender points at; `amount`: what he says is false.
    pub fn dispute(&mut self, report: usize, entry: usize, kind: u8, sender: Who) -> Verdict {
        let row = &self.reports[report];
        require(row.outcome == StatementOutcome::Accepted, "oracle:46")?;
        let made = &row.made;
        let (log, said) = (&made.logs[entry], &made.entries[entry]);
        require(self.now <= row.received_at + 14 * DAY, "oracle:54")?;
        let (place, amount) = match kind {
            1 => {
                let [_, second, ..] = log.as_slice() else {
                    return Err("oracle:51");
                };
                require(log[0].call_id == second.call_id, "oracle:52")?;
                (1, second.list.max(second.cost))
            }
            2 => (0, self.overcharged(made, entry)?),
            _ => {
                require(said.units != log.iter().map(|l| l.units).sum::<u128>(), "oracle:50")?;
                (0, (said.list - log[0].list).max(said.cost - log[0].cost))
            }
        };
        require(amount > 0, "oracle:53")?;
        require(!self.disputed.contains(&(kind, report, entry, place)), "oracle:55")?;
        require(self.vault_known, "oracle:58")?;
        let before = self.compensated.get(&(report, entry)).copied().unwrap_or_default();
        let counted = amount.min(self.charge_of(report, entry).charged - before);
        require(counted > 0, "oracle:56")?;
        let (gateway, account) = (row.name().gateway, user_of(&said.account));
        let member = self.member_mut(Subject {
            role: Role::Gateway,
            id: gateway,
        });
        require(member.bond > 0, "oracle:33")?;
        let to_account = (2 * counted).min(member.bond);
        let to_sender = (counted * 5 / 100).min(member.bond - to_account);
        member.bond -= to_account + to_sender;
        self.disputed.insert((kind, report, entry, place));
        self.compensated.insert((report, entry), before + counted);
        self.pay(Who::User(account.unwrap_or_default()), to_account);
        self.pay(sender, to_sender);
        Ok(())
    }

    /// How far the first call of an entry is above the rate card, or all of it when it does not belong there.
    fn overcharged(&self, made: &Made, entry: usize) -> Result<u128, &'static str> {
        let (leaf, said) = (&made.logs[entry][0], &made.entries[entry]);
        let window = &made.body.window;
        if leaf.time < window.start() || leaf.time >= window.end() || leaf.time > said.last {
            return Ok(leaf.list.max(leaf.cost));
        }
        require(self.vault_known && self.rates.contains_key(&leaf.sku), "oracle:58")?;
        let (list, cost) = self.rate_at(&leaf.sku, leaf.time).ok_or("oracle:57")?;
        let above = |price: u128, rate: u128| price.saturating_sub(leaf.units * rate / ONE);
        Ok(above(leaf.list, list).max(above(leaf.cost, cost)))
    }

    // ---- keys and bonds ----

    /// µUSDT that the operator must add for a request.
    #[must_use]
    pub fn missing_bond(&self, subject: Subject) -> u128 {
        let least = if subject.role == Role::Gateway {
            GATEWAY_BOND
        } else {
            WORKER_BOND
        };
        least.saturating_sub(self.member(subject).bond)
    }

    pub fn enrol(&mut self, subject: Subject, operator: Who, bond: u128, issued: u64) {
        self.spend(operator, bond);
        let now = self.now;
        let member = self.member_mut(subject);
        member.bond += bond;
        if let Some(key) = member.keys.last_mut() {
            key.valid_until = key.valid_until.min(now);
        }
        member.keys.push(Key {
            valid_until: (now + TTL).min(issued + COLLATERAL),
            revoked_at: None,
        });
    }

    pub fn revoke(&mut self, subject: Subject, by: Who, operator: Who) -> Verdict {
        require(by == operator || governs(by), "oracle:910")?;
        let now = self.now;
        let key = self.member_mut(subject).keys.last_mut().ok_or("oracle:13")?;
        require(key.revoked_at.is_none(), "oracle:14")?;
        key.revoked_at = Some(now);
        key.valid_until = key.valid_until.min(now);
        Ok(())
    }

    // ---- governance ----

    pub fn release(&mut self, by: Who, gateway: u64, week: u64, extra: u128) -> Verdict {
        require(by == self.fund, "vault:911")?;
        let now = self.now;
        let row = self.weeks.entry((gateway, week)).or_default();
        require(!row.released, "vault:21")?;
        require(now >= week_end(week) + 9 * DAY, "vault:22")?;
        let blocked = row.held > 0;
        let share = (row.revenue * 2).div_ceil(100) + extra;
        require(!blocked, "vault:23")?;
        require(share <= row.revenue, "vault:24")?;
        row.released = true;
        let (paid, fund) = (row.revenue - share, share + row.forfeited);
        // The suite's own fund keeps its own books.
        if by != Who::Fund {
            self.credit(by, fund);
        }
        self.credit(Who::Payout(gateway), paid);
        Ok(())
    }

    /// What the fund is told of a week, with a fifth of the profit or the floor for it.
    pub fn report_week(&mut self, gateway: u64, week: u64, cost: u128) -> Verdict {
        let row = self.to_report(gateway, week)?;
        require(self.now >= week_end(week) + 9 * DAY, "fund:7")?;
        self.hand_over(gateway, week, &row, cost)
    }

    /// The same by anybody, later.
    pub fn close_week(&mut self, gateway: u64, week: u64) -> Verdict {
        let row = self.to_report(gateway, week)?;
        require(self.now >= week_end(week) + 28 * DAY, "fund:7")?;
        self.hand_over(gateway, week, &row, row.cost)
    }

    fn to_report(&self, gateway: u64, week: u64) -> Result<Week, &'static str> {
        require(!self.books.reported.contains_key(&(gateway, week)), "fund:5")?;
        let row = self.weeks.get(&(gateway, week)).cloned().unwrap_or_default();
        let something = row.revenue + row.forfeited + row.free_cost + row.held > 0;
        require(something, "fund:6")?;
        Ok(row)
    }

    fn hand_over(&mut self, gateway: u64, week: u64, row: &Week, cost: u128) -> Verdict {
        let share = (row.revenue - cost).div_ceil(5).max((row.revenue * 2).div_ceil(100));
        let least = (row.revenue * 2).div_ceil(100);
        self.release(Who::Fund, gateway, week, share - least)?;
        self.books.reported.insert((gateway, week), ());
        Ok(())
    }

    /// Whose Credits change by more than the release when a week holds free calls.
    #[must_use]
    pub fn pays_free_calls(&self, gateway: u64, week: u64) -> Vec<Who> {
        let row = self.weeks.get(&(gateway, week));
        match row.is_some_and(|row| row.free_cost > 0) {
            true => vec![Who::Payout(gateway)],
            false => vec![],
        }
    }

    /// A launch sold units for a price that the SKU's gateway earned, and mined nothing.
    pub fn granted(&mut self, user: usize, sku: &str, units: u128, price: u128, until: u64) {
        self.books.granted(user, sku, units, until, self.now);
        let gateway = SKUS
            .iter()
            .find(|(name, _)| *name == sku)
            .map_or(0, |(_, gateway)| *gateway);
        let week = week_of(self.now);
        if price > 0 {
            self.weeks.entry((gateway, week)).or_default().revenue += price;
        }
    }

    /// What the fund asks of a week: the floor and something.
    #[must_use]
    pub fn share(&self, gateway: u64, week: u64, extra: u128) -> u128 {
        self.weeks
            .get(&(gateway, week))
            .map_or(0, |row| (row.revenue * 2).div_ceil(100))
            + extra
    }

    pub fn propose(&mut self, sku: &str, list: u128, cost: u128) -> Verdict {
        require(cost <= list, "vault:29")?;
        let now = self.now;
        let card = self.rates.get_mut(sku).ok_or("vault:26")?;
        let mut versions: Vec<_> = card.iter().copied().filter(|v| v.0 <= now).collect();
        versions.push((now + 2 * DAY, list, cost));
        while versions.len() > 1 && versions[1].0 + 14 * DAY <= now {
            versions.remove(0);
        }
        require(versions.len() <= 8, "vault:30")?;
        *card = versions;
        Ok(())
    }

    pub fn suspend(&mut self, gateway: u64, by: Who) -> Verdict {
        require(governs(by), "vault:910")?;
        self.suspended.insert(gateway, true);
        Ok(())
    }

    pub fn admit(&mut self, gateway: u64, by: Who) -> Verdict {
        require(by == Who::Council, "vault:901")?;
        self.suspended.insert(gateway, false);
        Ok(())
    }

    pub fn pause(&mut self, paused: bool, by: Who) -> Verdict {
        require(governs(by), "vault:910")?;
        self.paused = paused;
        Ok(())
    }

    pub fn open_transfers(&mut self, by: Who) -> Verdict {
        require(by == Who::Council, "vault:901")?;
        require(!self.transfers_open, "vault:6")?;
        self.transfers_open = true;
        Ok(())
    }

    pub fn queue(&mut self, change: Change, by: Who) -> Verdict {
        require(by == Who::Council, "timelock:901")?;
        let ready_at = self.now + 7 * DAY;
        let other = self.fund == Who::Fund;
        self.queue.push(Queued {
            change,
            other,
            ready_at,
            expires_at: ready_at + 14 * DAY,
            state: EntryState::Open,
        });
        Ok(())
    }

    fn still_open(&self, index: usize) -> Verdict {
        let entry = self.queue.get(index).ok_or("timelock:6")?;
        match entry.state {
            EntryState::Executed => Err("timelock:9"),
            EntryState::Cancelled => Err("timelock:10"),
            EntryState::Open => require(self.now < entry.expires_at, "timelock:8"),
        }
    }

    pub fn execute(&mut self, index: usize) -> Verdict {
        self.still_open(index)?;
        let entry = self.queue[index].clone();
        require(self.now >= entry.ready_at, "timelock:7")?;
        match entry.change {
            Change::SwapFund => self.fund = if entry.other { Who::OtherFund } else { Who::Fund },
            Change::Register => require(self.registered.insert(Who::User(3)), "vault:33")?,
            Change::LoseVault => self.vault_known = false,
            Change::FindVault => self.vault_known = true,
            Change::LoseOracle => self.oracle_known = false,
            Change::FindOracle => self.oracle_known = true,
        }
        self.queue[index].state = EntryState::Executed;
        Ok(())
    }

    pub fn cancel(&mut self, index: usize, by: Who) -> Verdict {
        require(by == Who::Council, "timelock:901")?;
        self.still_open(index)?;
        self.queue[index].state = EntryState::Cancelled;
        Ok(())
    }

    // ---- what it all adds up to ----

    /// µCredits of a user, free and promised.
    #[must_use]
    pub fn worth(&self, user: usize) -> u128 {
        let promised = self.purses.iter().filter(|((owner, _), _)| *owner == user);
        self.credits(Who::User(user)) + promised.map(|(_, purse)| purse.amount).sum::<u128>()
    }

    #[must_use]
    pub fn revenue(&self) -> u128 {
        let live = self.weeks.values().filter(|w| !w.released);
        live.map(|w| w.revenue + w.held + w.forfeited).sum()
    }

    #[must_use]
    pub fn supply(&self) -> u128 {
        self.free.values().sum::<u128>() + self.purses.values().map(|p| p.amount).sum::<u128>()
    }

    #[must_use]
    pub fn bonds(&self) -> u128 {
        let open = self
            .challenges
            .iter()
            .filter(|c| c.state == ChallengeState::Open)
            .count() as u128;
        self.members.iter().map(|m| m.bond).sum::<u128>() + open * crate::stage::CHALLENGE_BOND
    }
}

impl Default for Shadow {
    fn default() -> Self {
        Self::new()
    }
}

/// List and cost of the units that no launch covers, each rounded down.
fn uncovered(entry: &Entry, covered: u128) -> (u128, u128) {
    let left = entry.units - covered;
    match left == entry.units {
        true => (entry.list, entry.cost),
        false => (entry.list * left / entry.units, entry.cost * left / entry.units),
    }
}

fn require(holds: bool, otherwise: &'static str) -> Verdict {
    if holds {
        Ok(())
    } else {
        Err(otherwise)
    }
}

/// Versions of each SKU's rate card, oldest first: (in force from, list, cost).
pub type Rates = BTreeMap<String, Vec<(u64, u128, u128)>>;

/// (list, cost) of a SKU at a time.
#[must_use]
pub fn in_force(rates: &Rates, sku: &str, time: u64) -> Option<(u128, u128)> {
    let version = rates.get(sku)?.iter().rev().find(|(from, ..)| *from <= time)?;
    Some((version.1, version.2))
}

/// Whether it is the council or its operator.
fn governs(who: Who) -> bool {
    matches!(who, Who::Council | Who::Operator)
}

/// Place of a subject among [`SUBJECTS`](crate::stage::SUBJECTS).
fn slot(subject: Subject) -> usize {
    match (subject.role, subject.id) {
        (Role::Gateway, 1) => 0,
        (Role::Gateway, _) => 1,
        (Role::Worker, _) => 2,
    }
}

fn name_of(made: &Made) -> ReportRef {
    ReportRef {
        gateway: made.body.gateway,
        key_epoch: made.body.key_epoch,
        seq: made.body.seq,
    }
}

thread_local! {
    static USERS: Vec<String> = (0..crate::op::USERS)
        .map(|i| Who::User(i).account().map(|a| a.address().to_owned()).unwrap_or_default())
        .collect();
}

/// Addresses of the users, derived once: that is slow.
#[must_use]
pub fn users() -> Vec<String> {
    USERS.with(Clone::clone)
}

fn user_of(account: &str) -> Option<usize> {
    USERS.with(|users| users.iter().position(|user| user == account))
}
