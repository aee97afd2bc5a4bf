//! What the contract stores: compact rows of [`kit::compact`]. Amounts are µLCO, shares have the same unit, times are unix seconds. Sizes (key with table id +
//! value, bytes, for 20-byte accounts and two outcomes) are given with each table; the chain adds 33 bytes of its own to every key.

use cosmwasm_std::{StdError, StdResult, Storage, Uint128};
use interfaces::prediction_market::{Params, Pausable, Terms};
use interfaces::voting::Moment;
use kit::compact::{Account, Reader, Row, Table, Writer};
use kit::PauseError;
use math::parimutuel::{Outcome, Payouts, Pool};

use crate::error::ContractError;
use crate::market::Answer;

/// CONFIG: () → token, peers, parameters, what is paused. 1 + ~125 bytes.
pub const CONFIG: Table<(), Config> = Table::new(0x80);
/// TOTALS: () → number of markets, sums over all of them, the cap that staking was last asked for. 1 + ~35 bytes.
pub const TOTALS: Table<(), Totals> = Table::new(0x81);
/// POOLS: market → pool and trading time; what a trade reads and writes. 9 + ~55 bytes.
pub const POOLS: Table<u64, PoolRow> = Table::new(0x82);
/// DETAILS: market → everything else; written once. 9 + ~50 bytes and the texts.
pub const DETAILS: Table<u64, Details> = Table::new(0x83);
/// POSITIONS: (account, market) → shares, money and gains held back; removed when claimed. 30 + ~25 bytes.
pub const POSITIONS: Table<(Account, u64), Position> = Table::new(0x84);
/// CONTESTS: market → its newest answer; absent before the first. 9 + ~15 bytes.
pub const CONTESTS: Table<u64, Contest> = Table::new(0x85);
/// BONDS: (market, number from 0) → a bonded answer; written once. 17 + ~65 bytes.
pub const BONDS: Table<(u64, u64), Bond> = Table::new(0x86);
/// RESULTS: market → what is shared out; absent until it is settled. 9 + ~45 bytes.
pub const RESULTS: Table<u64, Settled> = Table::new(0x87);
/// HISTORY: (market, bucket) → what trades did in one part of the trading time. 17 + ~25 bytes.
pub const HISTORY: Table<(u64, u64), Bucket> = Table::new(0x88);

// ---- over all markets ----

/// Token, peers, parameters, switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub l_coin: Account,
    pub staking: Option<Account>,
    pub governance: Option<Account>,
    /// What is paused, each at most once.
    pub paused: Vec<Pausable>,
    pub params: Params,
}

impl Config {
    /// # Errors
    /// If the contract was never instantiated.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        CONFIG
            .may_load(storage, &())?
            .ok_or_else(|| StdError::not_found("config"))
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        CONFIG.save(storage, &(), self);
    }

    /// # Errors
    /// `Paused` while the feature is paused.
    pub fn assert_running(&self, feature: Pausable) -> Result<(), PauseError> {
        match self.paused.contains(&feature) {
            false => Ok(()),
            true => Err(PauseError::Paused {
                feature: name_of(feature),
            }),
        }
    }
}

/// As it stands in refusals and events.
pub const fn name_of(feature: Pausable) -> &'static str {
    match feature {
        Pausable::Propose => "propose",
        Pausable::Buy => "buy",
    }
}

impl Row for Config {
    fn write(&self, to: &mut Writer) {
        to.account(&self.l_coin);
        to.option(&self.staking, Writer::account);
        to.option(&self.governance, Writer::account);
        to.list(&self.paused, |to, feature| to.int(u8::from(*feature == Pausable::Buy)));
        let params = &self.params;
        to.int(params.min_ante);
        to.int(params.min_bet);
        to.int(params.max_probability_bps);
        to.int(params.interest_floor);
        to.int(params.interest_bps);
        write_terms(&params.terms, to);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            l_coin: from.account()?,
            staking: from.option(Reader::account)?,
            governance: from.option(Reader::account)?,
            paused: from.list(|from| Ok(if from.flag()? { Pausable::Buy } else { Pausable::Propose }))?,
            params: Params {
                min_ante: from.amount()?,
                min_bet: from.amount()?,
                max_probability_bps: from.int()?,
                interest_floor: from.amount()?,
                interest_bps: from.int()?,
                terms: read_terms(from)?,
            },
        })
    }
}

fn write_terms(terms: &Terms, to: &mut Writer) {
    to.int(terms.fee_bps);
    to.int(terms.bond_bps);
    to.int(terms.min_bond);
    to.int(terms.liveness);
    to.int(terms.unanswered);
    to.int(terms.vote_patience);
}

fn read_terms(from: &mut Reader) -> StdResult<Terms> {
    Ok(Terms {
        fee_bps: from.int()?,
        bond_bps: from.int()?,
        min_bond: from.amount()?,
        liveness: from.int()?,
        unanswered: from.int()?,
        vote_patience: from.int()?,
    })
}

/// Sums over all markets. What the contract owes is `open_interest + unclaimed + bonds`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Markets ever created.
    pub markets: u64,
    /// Pools of markets that are not settled, and the gains held back in them: what came in and did not go out.
    pub open_interest: Uint128,
    /// Of settled markets, neither claimed nor burned.
    pub unclaimed: Uint128,
    /// Bonds in markets that are not settled.
    pub bonds: Uint128,
    /// Ever burned.
    pub burned: Uint128,
    /// The share of the bonded LCO that open interest could reach at `cap_at`.
    pub cap: Uint128,
    pub cap_at: u64,
}

impl Totals {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(TOTALS.may_load(storage, &())?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        TOTALS.save(storage, &(), self);
    }
}

impl Row for Totals {
    fn write(&self, to: &mut Writer) {
        to.int(self.markets);
        to.int(self.open_interest);
        to.int(self.unclaimed);
        to.int(self.bonds);
        to.int(self.burned);
        to.int(self.cap);
        to.int(self.cap_at);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            markets: from.int()?,
            open_interest: from.amount()?,
            unclaimed: from.amount()?,
            bonds: from.amount()?,
            burned: from.amount()?,
            cap: from.amount()?,
            cap_at: from.int()?,
        })
    }
}

// ---- one market ----

/// What a trade reads and writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolRow {
    /// After settlement as it was at the end.
    pub pool: Pool,
    /// H: gains of those who sold, held back until it is known that the market is not void. All that was paid in and not out is P + H.
    pub held: u128,
    pub created_at: u64,
    pub close_at: u64,
    /// Seconds of one bucket of the history, above 0.
    pub bucket: u64,
}

impl PoolRow {
    /// # Errors
    /// `MarketUnknown`.
    pub fn load(storage: &dyn Storage, market: u64) -> Result<Self, ContractError> {
        POOLS
            .may_load(storage, &market)?
            .ok_or(ContractError::MarketUnknown { market })
    }

    /// P + H: what the accounts put in and did not get back.
    pub fn put_in(&self) -> u128 {
        self.pool.money().saturating_add(self.held)
    }

    /// Which bucket a moment of the trading time falls into.
    pub fn bucket_at(&self, now: u64) -> u64 {
        let elapsed = now.saturating_sub(self.created_at);
        elapsed.checked_div(self.bucket).unwrap_or_default()
    }
}

impl Row for PoolRow {
    fn write(&self, to: &mut Writer) {
        to.int(self.pool.money());
        to.list(self.pool.outcomes(), |to, outcome| {
            to.int(outcome.shares);
            to.signed(outcome.money);
        });
        to.int(self.held);
        to.int(self.created_at);
        to.int(self.close_at);
        to.int(self.bucket);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let money = from.int()?;
        let outcomes = from.list(|from| {
            Ok(Outcome {
                shares: from.int()?,
                money: from.signed()?,
            })
        })?;
        Ok(Self {
            pool: Pool::new(money, outcomes).map_err(|error| StdError::parse_err("pool", error))?,
            held: from.int()?,
            created_at: from.int()?,
            close_at: from.int()?,
            bucket: from.int()?,
        })
    }
}

/// What never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    pub proposer: Account,
    pub ante: u128,
    pub created: Moment,
    pub resolve_after: u64,
    pub terms: Terms,
    pub question: String,
    pub evidence_rule: String,
    pub outcomes: Vec<String>,
}

impl Row for Details {
    fn write(&self, to: &mut Writer) {
        to.account(&self.proposer);
        to.int(self.ante);
        to.int(self.created.height);
        to.int(self.created.time);
        to.int(self.resolve_after);
        write_terms(&self.terms, to);
        to.bytes(self.question.as_bytes());
        to.bytes(self.evidence_rule.as_bytes());
        to.list(&self.outcomes, |to, name| to.bytes(name.as_bytes()));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            proposer: from.account()?,
            ante: from.int()?,
            created: Moment {
                height: from.int()?,
                time: from.int()?,
            },
            resolve_after: from.int()?,
            terms: read_terms(from)?,
            question: from.text()?,
            evidence_rule: from.text()?,
            outcomes: from.list(Reader::text)?,
        })
    }
}

/// Where a contested answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Can be disputed before `until`; stands from then on.
    Live { until: u64 },
    /// The stakers vote; from `until` on the market goes on as if they had not decided.
    Voting { until: u64 },
}

/// The newest answer of a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contest {
    /// Bonds given, at least 1; the newest is number `bonds` − 1.
    pub bonds: u8,
    /// The first bond. Number k is 2^k times as much.
    pub first_bond: u128,
    pub answer: Answer,
    pub phase: Phase,
    /// The stakers were asked. They are asked once.
    pub asked: bool,
}

impl Contest {
    /// The phase at this moment.
    pub fn phase_at(&self, now: u64, liveness: u64) -> Phase {
        match self.phase {
            Phase::Voting { until } if now >= until => Phase::Live {
                until: until.saturating_add(liveness),
            },
            phase => phase,
        }
    }

    /// 2^`number` times the first bond.
    ///
    /// # Errors
    /// If it does not fit 128 bits.
    pub fn bond(&self, number: u8) -> Result<u128, ContractError> {
        let factor = 1u128.checked_shl(number.into()).unwrap_or_default();
        let bond = self.first_bond.checked_mul(factor);
        Ok(bond.filter(|bond| *bond > 0).ok_or(math::MathError::Overflow)?)
    }
}

impl Row for Contest {
    fn write(&self, to: &mut Writer) {
        let (voting, until) = match self.phase {
            Phase::Live { until } => (false, until),
            Phase::Voting { until } => (true, until),
        };
        to.int(self.bonds);
        to.int(self.first_bond);
        to.int(u8::from(self.answer));
        to.int(u8::from(voting));
        to.int(until);
        to.int(u8::from(self.asked));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            bonds: from.int()?,
            first_bond: from.int()?,
            answer: Answer::from(from.int::<u8>()?),
            phase: {
                let (voting, until) = (from.flag()?, from.int()?);
                if voting {
                    Phase::Voting { until }
                } else {
                    Phase::Live { until }
                }
            },
            asked: from.flag()?,
        })
    }
}

/// A bonded answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    pub account: Account,
    pub answer: Answer,
    pub amount: u128,
    pub at: u64,
    pub evidence: Vec<u8>,
}

impl Row for Bond {
    fn write(&self, to: &mut Writer) {
        to.account(&self.account);
        to.int(u8::from(self.answer));
        to.int(self.amount);
        to.int(self.at);
        to.bytes(&self.evidence);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            account: from.account()?,
            answer: Answer::from(from.int::<u8>()?),
            amount: from.int()?,
            at: from.int()?,
            evidence: from.bytes()?.to_vec(),
        })
    }
}

/// What became of a market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub answer: Answer,
    pub at: u64,
    pub payouts: Payouts,
    /// Gains that were held back and not claimed yet; 0 on void, which refunds them to those they would have come from.
    pub held_left: u128,
    /// Fees of those who claimed, not yet burned.
    pub burnable: u128,
}

impl Row for Settled {
    fn write(&self, to: &mut Writer) {
        let payouts = &self.payouts;
        to.int(u8::from(self.answer));
        to.int(self.at);
        to.int(payouts.money);
        to.int(payouts.fee);
        to.int(payouts.weight);
        to.int(payouts.money_left);
        to.int(payouts.fee_left);
        to.int(payouts.weight_left);
        to.int(self.held_left);
        to.int(self.burnable);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            answer: Answer::from(from.int::<u8>()?),
            at: from.int()?,
            payouts: Payouts {
                money: from.int()?,
                fee: from.int()?,
                weight: from.int()?,
                money_left: from.int()?,
                fee_left: from.int()?,
                weight_left: from.int()?,
            },
            held_left: from.int()?,
            burnable: from.int()?,
        })
    }
}

/// What trades did in one part of the trading time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Of each outcome, after the last trade, parts per million.
    pub probabilities: Vec<u32>,
    /// P after the last trade.
    pub pool: u128,
    pub bought: u128,
    pub sold: u128,
    pub trades: u32,
}

impl Row for Bucket {
    fn write(&self, to: &mut Writer) {
        to.list(&self.probabilities, |to, ppm| to.int(*ppm));
        to.int(self.pool);
        to.int(self.bought);
        to.int(self.sold);
        to.int(self.trades);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            probabilities: from.list(Reader::int)?,
            pool: from.int()?,
            bought: from.int()?,
            sold: from.int()?,
            trades: from.int()?,
        })
    }
}

// ---- one account in one market ----

/// What an account holds of one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    pub outcome: u8,
    pub shares: u128,
    /// Money paid for it less what its shares were worth when they were sold. Over all accounts they sum to M_i.
    pub money: i128,
}

/// What an account has in a market.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// By outcome; one that was never traded is absent.
    pub holdings: Vec<Holding>,
    /// What sales brought beyond everything that was put in. Paid with the claim unless the market is void.
    pub held: u128,
    /// Shares of every outcome that cannot be sold: the proposer's ante.
    pub locked: u128,
    /// Height of the newest purchase.
    pub bought_at: u64,
}

impl Position {
    pub fn load(storage: &dyn Storage, key: &(Account, u64)) -> StdResult<Self> {
        Ok(POSITIONS.may_load(storage, key)?.unwrap_or_default())
    }

    /// Shares of an outcome.
    pub fn shares(&self, outcome: u8) -> u128 {
        let holding = self.holdings.iter().find(|holding| holding.outcome == outcome);
        holding.map(|holding| holding.shares).unwrap_or_default()
    }

    /// What was paid in and not paid out, over all outcomes: Σ money + held. Never below 0, because a sale pays out no more than this.
    pub fn net_cost(&self) -> u128 {
        // each is bounded by what was ever traded in a market, far below 2^100
        let costs = self.holdings.iter().map(|holding| holding.money);
        let worth = costs.fold(0, i128::saturating_add);
        worth.saturating_add_unsigned(self.held).max(0).unsigned_abs()
    }

    /// What it counts if the market ends with this answer: winning shares, or the net cost on void.
    pub fn weight(&self, answer: Answer) -> u128 {
        match answer {
            Answer::Outcome(outcome) => self.shares(outcome),
            Answer::Void => self.net_cost(),
        }
    }

    /// What it receives beside its part if the market ends with this answer: the gain that was held back. On void that is the others' money.
    pub fn gain(&self, answer: Answer) -> u128 {
        match answer {
            Answer::Outcome(_) => self.held,
            Answer::Void => 0,
        }
    }

    /// Adds shares that cost `money`.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn add(&mut self, outcome: u8, shares: u128, money: u128) -> Result<(), ContractError> {
        let holding = self.holding(outcome)?;
        holding.shares = checked(holding.shares.checked_add(shares))?;
        holding.money = checked(holding.money.checked_add_unsigned(money))?;
        Ok(())
    }

    /// Takes shares that are worth `refund`; answers what of it is paid at once, at most the net cost. The rest is held back: an account that could take out more
    /// than it put in would take what a void has to refund to others, and who trades with himself has as many gains as he likes.
    ///
    /// # Errors
    /// `NotEnoughShares` for more than what is held and not locked.
    pub fn take(&mut self, outcome: u8, shares: u128, refund: u128) -> Result<u128, ContractError> {
        let available = self.shares(outcome).saturating_sub(self.locked);
        if shares > available {
            return Err(ContractError::NotEnoughShares {
                available: available.into(),
                asked: shares.into(),
            });
        }
        let paid = refund.min(self.net_cost());
        let holding = self.holding(outcome)?;
        holding.shares = checked(holding.shares.checked_sub(shares))?;
        holding.money = checked(holding.money.checked_sub_unsigned(refund))?;
        self.held = checked(self.held.checked_add(refund.saturating_sub(paid)))?;
        Ok(paid)
    }

    /// The holding, made if there is none.
    fn holding(&mut self, outcome: u8) -> Result<&mut Holding, ContractError> {
        let place = self.holdings.partition_point(|holding| holding.outcome < outcome);
        if self.holdings.get(place).map(|holding| holding.outcome) != Some(outcome) {
            let (shares, money) = (0, 0);
            self.holdings.insert(place, Holding { outcome, shares, money });
        }
        checked(self.holdings.get_mut(place))
    }
}

fn checked<T>(value: Option<T>) -> Result<T, ContractError> {
    Ok(value.ok_or(math::MathError::Overflow)?)
}

impl Row for Position {
    fn write(&self, to: &mut Writer) {
        to.list(&self.holdings, |to, holding| {
            to.int(holding.outcome);
            to.int(holding.shares);
            to.signed(holding.money);
        });
        to.int(self.held);
        to.int(self.locked);
        to.int(self.bought_at);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            holdings: from.list(|from| {
                Ok(Holding {
                    outcome: from.int()?,
                    shares: from.int()?,
                    money: from.signed()?,
                })
            })?,
            held: from.int()?,
            locked: from.int()?,
            bought_at: from.int()?,
        })
    }
}
