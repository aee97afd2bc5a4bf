//! The many in the markets: stakers, LPs, positions, bettors, scores, subscribers, votes.
//!
//! As for the vault, each contract's own handlers write the rows, called directly. The messages they answer with are not sent: what a market's books say it holds is
//! given to it at the end, in one sum. What a handler asks of another contract is answered as if it had been asked at a moment of this population's own choosing.

use anyhow::{Context, Result};
use cosmwasm_std::{coins, to_json_binary, Binary, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::exchange::{MarkPair, MarketResponse, QuotePerBase};
use interfaces::l_coin::MintRecipient;
use interfaces::voting::Power;
use interfaces::{
    compute_wars as wars, credit_vault, exchange, governance, imo_launchpad as launchpad, l_coin,
    lco_staking as staking, margin, prediction_market as market,
};
use serde::Serialize;

use super::bulk::Bulk;
use super::{stranger, user, CAST};
use crate::chain::ChainExt;
use crate::localnet::USDT_DENOM;

/// One LCO or Credit.
const ONE: u128 = 1_000_000;
const DAY: u64 = 86_400;

/// The user who makes the market: first LP, first lender, much of both tokens.
pub const MAKER: u32 = 11;
/// The user whose stake is most of all votes.
pub const WHALE: u32 = 12;
/// The user who proposes markets, and whose fee is waived.
pub const PATRON: u32 = 13;
/// Users with Credits and LCO to trade with.
pub const TRADERS: std::ops::Range<u32> = 14..20;
/// µLCO and µCredit of the first LP: 10 Credits an LCO.
pub const POOL: [u128; 2] = [1_000_000 * ONE, 10_000_000 * ONE];
/// µLCO of everybody's stake.
pub const STAKE: u128 = 20 * ONE;
/// µLCO that the whale and the patron stake.
pub const WHALE_STAKE: u128 = 1_200_000 * ONE;
pub const PATRON_STAKE: u128 = 50_000 * ONE;
/// µLCO of a bet.
pub const BET: u128 = ONE / 5;
/// µLCO of everything else a user of the markets holds.
const PURSE: u128 = 5_000 * ONE;
/// µCredit of the same.
const CREDITS: u128 = 60_000 * ONE;
const MAKER_PURSE: [u128; 2] = [600_000 * ONE, 6_000_000 * ONE];
/// µCredit and µLCO lent.
const LENT: [u128; 2] = [3_000_000 * ONE, 300_000 * ONE];
/// Charges of an account in the running week, µCredit.
const SCORE: u128 = 150_000;
/// Swaps of the past, one a minute: as many as there are candles of a kind.
const SWAPS: u32 = 1_440;
/// Accounts of the cast that have scores: as many as lead.
const LEADERS: u32 = wars::MAX_LEADERS;
/// Scores of one report.
const REPORT: usize = 200;
/// Total power that motions are made under, and what each voter has of it.
const POWER: [u128; 2] = [2_000_000 * ONE, ONE];
/// Weight of every subscriber, of all together, and units that are shared out. LCO for 100,000 stakers with a weight do not exist: these rows are more than there can be.
const WEIGHT: [u128; 2] = [100_000_000_000_000, 100_000_000_000_000_000_000];
pub const QUOTA: u128 = 1_000_000_000_000_000;

/// Ids that follow from the order of creation.
pub mod ids {
    /// Trades on; everybody bet.
    pub const OPEN: u64 = 1;
    /// Can be answered; everybody bet.
    pub const CLOSED: u64 = 2;
    /// Can be answered; few bet. To be settled by a claim, and to be disputed.
    pub const QUIET: u64 = 3;
    pub const DISPUTED: u64 = 4;
    /// A launch that costs something, subscribed by everybody, and a free one.
    pub const LAUNCH: u64 = 1;
    pub const FREE: u64 = 2;
    /// Proposals: parameters of governance itself, on which everybody voted; a message outwards; tracks.
    pub const PARAMS: u64 = 1;
    pub const OUTWARD: u64 = 2;
    pub const TRACKS: u64 = 3;
}

/// SKUs of the two launches.
pub const LAUNCH_SKUS: [&str; 2] = ["example-large:out", "example-large:in"];
/// µCredit per million units of the launch that costs something.
pub const LAUNCH_PRICE: u128 = 3_000_000;

impl<'b> Bulk<'b> {
    /// Fills the markets' tables and gives every market what its books say it holds.
    pub(super) fn markets(&mut self, say: &dyn Fn(&str)) -> Result<()> {
        let rows = self.plan.rows;
        // no block of the chain that starts with these rows has a height as low
        self.block.height = 1;
        let start = self.block.time;
        let steps: [(&str, Step<'b>); 7] = [
            ("stakers", Self::stakers),
            ("LPs", Self::pool),
            ("positions", Self::positions),
            ("bettors", Self::bets),
            ("scores", Self::scores),
            ("subscribers", Self::subscribers),
            ("voters", Self::votes),
        ];
        for (what, step) in steps {
            say(&format!("{rows} {what}"));
            self.block.time = start;
            step(self)?;
            self.answers.clear();
        }
        self.block.time = start.plus_seconds(DAY + DAY / 2);
        self.purses()?;
        self.hold()
    }

    pub(super) fn pass(&mut self, seconds: u64) {
        self.block.time = self.block.time.plus_seconds(seconds);
    }

    fn at(&self, seconds: u64) -> Timestamp {
        self.block.time.plus_seconds(seconds)
    }

    pub(super) fn many(&self) -> impl Iterator<Item = Result<String>> {
        let rows = self.plan.rows;
        (0..rows).map(|i| stranger(CAST + i))
    }

    // ---- lco-staking ----

    /// Every change of the total in a second of its own, so that its history has as many rows.
    fn stakers(&mut self) -> Result<()> {
        let first = [(user(WHALE)?, WHALE_STAKE), (user(PATRON)?, PATRON_STAKE)];
        for (account, amount) in first {
            self.stake(account.address(), amount)?;
        }
        for index in 0..CAST + self.plan.rows {
            self.stake(&stranger(index)?, STAKE)?;
            self.pass(1);
        }
        Ok(())
    }

    fn stake(&mut self, account: &str, amount: u128) -> Result<()> {
        let notice = notice(account, amount, &staking::Cw20Hook::Stake { r#for: None })?;
        let (to, token) = (self.at.lco_staking.clone(), self.at.l_coin.clone());
        let msg = staking::ExecuteMsg::Receive(notice);
        self.call(&to, &token, Vec::new(), msg, ::lco_staking::contract::execute)?;
        Ok(())
    }

    // ---- exchange ----

    fn pool(&mut self) -> Result<()> {
        self.provide(user(MAKER)?.address(), POOL)?;
        for account in self.many() {
            self.provide(&account?, [ONE / 10, ONE])?;
        }
        let trader = stranger(CAST)?;
        for index in 0..self.plan.rows.clamp(2, SWAPS) {
            self.pass(60);
            // another block than the one before, and still none of the chain to come
            self.block.height = u64::from(index % 2 == 1);
            let (token, amount) = match index % 2 {
                0 => (self.at.credit_vault.clone(), ONE),
                _ => (self.at.l_coin.clone(), ONE / 10),
            };
            self.swap(&token, &trader, amount)?;
        }
        self.block.height = 1;
        Ok(())
    }

    fn provide(&mut self, account: &str, amounts: [u128; 2]) -> Result<()> {
        let msg = exchange::ExecuteMsg::Provide {
            amounts: amounts.map(Uint128::new),
            min_shares: Uint128::zero(),
            deadline: None,
        };
        let to = self.at.exchange.clone();
        self.call(&to, account, Vec::new(), msg, ::exchange::contract::execute)?;
        Ok(())
    }

    fn swap(&mut self, token: &str, account: &str, amount: u128) -> Result<()> {
        let hook = exchange::Cw20Hook::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        let msg = exchange::ExecuteMsg::Receive(notice(account, amount, &hook)?);
        let to = self.at.exchange.clone();
        self.call(&to, token, Vec::new(), msg, ::exchange::contract::execute)?;
        Ok(())
    }

    // ---- margin ----

    /// Longs and shorts, healthy at any price that is measured, each at a place of its own in the order of risk.
    fn positions(&mut self) -> Result<()> {
        let maker = user(MAKER)?.address().to_owned();
        let (credit, lco) = (self.at.credit_vault.clone(), self.at.l_coin.clone());
        let supply = margin::Cw20Hook::Supply {
            min_shares: Uint128::zero(),
        };
        for (token, amount) in [&credit, &lco].into_iter().zip(LENT) {
            self.margin(token, &maker, amount, &supply)?;
        }
        self.answers
            .insert(self.at.exchange.clone(), to_json_binary(&quiet_market()?)?);
        for (index, account) in (0u128..).zip(self.many()) {
            let (side, borrow) = match index % 2 {
                0 => (margin::Side::Long, 12 * ONE),
                _ => (margin::Side::Short, 12 * ONE / 10),
            };
            let open = margin::Cw20Hook::Open {
                side,
                borrow: borrow.into(),
                min_out: Uint128::zero(),
                deadline: None,
                position: None,
            };
            self.margin(&credit, &account?, 6 * ONE + index, &open)?;
        }
        Ok(())
    }

    fn margin(&mut self, token: &str, account: &str, amount: u128, hook: &margin::Cw20Hook) -> Result<()> {
        let msg = margin::ExecuteMsg::Receive(notice(account, amount, hook)?);
        let to = self.at.margin.clone();
        self.call(&to, token, Vec::new(), msg, ::margin::contract::execute)?;
        Ok(())
    }

    // ---- prediction-market ----

    fn bets(&mut self) -> Result<()> {
        // Stake of the second before counts in votes on outcomes.
        self.pass(60);
        for open_for in [60 * DAY, 3_600, 3_600, 3_600] {
            let close = self.at(open_for).seconds();
            let propose = market::Cw20Hook::Propose {
                question: "Will the price of an LCO be above 12 Credits at the end of the quarter?".to_owned(),
                outcomes: ["yes", "no"].map(str::to_owned).to_vec(),
                close_at: close,
                resolve_after: close,
                evidence_rule: "the mark of the LCO/Credit pool at 00:00 UTC".to_owned(),
            };
            self.bet(user(PATRON)?.address(), 100 * ONE, &propose)?;
        }
        for id in [ids::OPEN, ids::CLOSED] {
            for (index, account) in self.many().enumerate() {
                self.buy(&account?, id, u8::from(index % 2 == 1), BET)?;
            }
        }
        for id in [ids::CLOSED, ids::QUIET, ids::DISPUTED] {
            self.buy(user(PATRON)?.address(), id, 0, 10 * ONE)?;
            for (index, account) in TRADERS.enumerate() {
                self.buy(user(account)?.address(), id, u8::from(index % 2 == 1), 10 * ONE)?;
            }
        }
        Ok(())
    }

    fn buy(&mut self, account: &str, market: u64, outcome: u8, amount: u128) -> Result<()> {
        let buy = market::Cw20Hook::Buy {
            market,
            outcome,
            min_shares: Uint128::zero(),
        };
        self.bet(account, amount, &buy)
    }

    fn bet(&mut self, account: &str, amount: u128, hook: &market::Cw20Hook) -> Result<()> {
        let msg = market::ExecuteMsg::Receive(notice(account, amount, hook)?);
        let (to, token) = (self.at.prediction_market.clone(), self.at.l_coin.clone());
        self.call(&to, &token, Vec::new(), msg, ::prediction_market::contract::execute)?;
        Ok(())
    }

    // ---- compute-wars ----

    /// The suite's contest, and the one that is measured by itself.
    fn scores(&mut self) -> Result<()> {
        let overview: wars::OverviewResponse = self.chain.query(&self.at.compute_wars, &wars::QueryMsg::Overview {})?;
        // The list of leaders is full whatever the number of rows.
        let cast = (CAST - LEADERS..CAST).map(stranger);
        let accounts = cast.chain(self.many()).collect::<Result<Vec<_>>>()?;
        let contests = [
            (self.at.compute_wars.clone(), self.at.credit_vault.clone()),
            (self.contest.to_owned(), self.council.clone()),
        ];
        for (more, chunk) in (SCORE..).zip(accounts.chunks(REPORT)) {
            let score = |account: &String| wars::Score {
                account: account.clone(),
                charged: more.into(),
            };
            let msg = wars::ExecuteMsg::Record {
                week: overview.week.week,
                scores: chunk.iter().map(score).collect(),
            };
            for (contest, vault) in &contests {
                self.call(
                    contest,
                    vault,
                    Vec::new(),
                    msg.clone(),
                    ::compute_wars::contract::execute,
                )?;
            }
        }
        Ok(())
    }

    // ---- imo-launchpad ----

    fn subscribers(&mut self) -> Result<()> {
        let [account, total] = WEIGHT.map(Uint128::new);
        let weights = to_json_binary(&staking::IntegralResponse { account, total })?;
        self.answers.insert(self.at.lco_staking.clone(), weights);
        self.pass(1_000);
        let now = self.block.time.seconds();
        for (sku, price) in LAUNCH_SKUS.into_iter().zip([LAUNCH_PRICE, 0]) {
            let question = credit_vault::QueryMsg::Rate { sku: sku.to_owned() };
            let rate: credit_vault::RateResponse = self.chain.query(&self.at.credit_vault, &question)?;
            self.answers
                .insert(self.at.credit_vault.clone(), to_json_binary(&rate)?);
            let launch = launchpad::ExecuteMsg::CreateLaunch(launchpad::NewLaunch {
                sku: sku.to_owned(),
                quota: QUOTA.into(),
                price_per_unit: price.into(),
                snapshot: now - 1,
                subscribe_until: now + 3 * DAY,
                claim_until: now + 30 * DAY,
                exclusive_until: 0,
            });
            self.launchpad(&self.council.clone(), launch)?;
        }
        for account in self.many() {
            self.launchpad(&account?, launchpad::ExecuteMsg::Subscribe { launch: ids::LAUNCH })?;
        }
        Ok(())
    }

    fn launchpad(&mut self, account: &str, msg: launchpad::ExecuteMsg) -> Result<()> {
        let to = self.at.imo_launchpad.clone();
        self.call(&to, account, Vec::new(), msg, ::imo_launchpad::contract::execute)?;
        Ok(())
    }

    // ---- governance ----

    fn votes(&mut self) -> Result<()> {
        self.pass(100);
        self.power(POWER[0])?;
        let itself = self.at.governance.clone();
        let params: governance::Params = self.chain.query(&itself, &governance::QueryMsg::Params {})?;
        let tracks: governance::Tracks = self.chain.query(&itself, &governance::QueryMsg::Tracks {})?;
        let deposit = params.deposit.u128();
        let message = |to: &str, msg: Binary| cosmwasm_std::WasmMsg::Execute {
            contract_addr: to.to_owned(),
            msg,
            funds: Vec::new(),
        };
        let calls = vec![governance::ParamsCall {
            contract: itself.clone(),
            msg: to_json_binary(&governance::ExecuteMsg::SetParams { params })?,
        }];
        let outward = message(self.plan.sink, b"{}".into());
        let tracks = message(&itself, to_json_binary(&governance::ExecuteMsg::SetTracks { tracks })?);
        let actions = [
            governance::Action::Params { calls },
            governance::Action::Messages {
                msgs: vec![outward.into()],
            },
            governance::Action::Messages {
                msgs: vec![tracks.into()],
            },
        ];
        for action in actions {
            let propose = governance::Cw20Hook::Propose {
                title: "one of three".to_owned(),
                description: "what it is for, in a line or two, with a link to the discussion".to_owned(),
                action,
            };
            let msg = governance::ExecuteMsg::Receive(notice(user(WHALE)?.address(), deposit, &propose)?);
            self.governance(&self.at.l_coin.clone(), msg)?;
        }
        self.pass(DAY);
        self.power(POWER[1])?;
        let vote = governance::ExecuteMsg::Vote {
            proposal: ids::PARAMS,
            choice: governance::Choice::No,
        };
        for account in self.many() {
            self.governance(&account?, vote.clone())?;
        }
        Ok(())
    }

    /// What the voting module answers from now on.
    fn power(&mut self, power: u128) -> Result<()> {
        let weight = Uint128::new(power);
        let answer = to_json_binary(&Power { weight, linear: weight })?;
        self.answers.insert(self.at.lco_staking.clone(), answer);
        Ok(())
    }

    fn governance(&mut self, sender: &str, msg: governance::ExecuteMsg) -> Result<()> {
        let to = self.at.governance.clone();
        self.call(&to, sender, Vec::new(), msg, ::governance::contract::execute)?;
        Ok(())
    }

    // ---- money ----

    /// What users of the markets have.
    fn purses(&mut self) -> Result<()> {
        let mut purses = vec![(MAKER, MAKER_PURSE)];
        purses.extend(
            [WHALE, PATRON]
                .into_iter()
                .chain(TRADERS)
                .map(|user| (user, [PURSE, CREDITS])),
        );
        for (index, [lco, credits]) in purses {
            let account = user(index)?.address().to_owned();
            self.give(&account, lco, credits)?;
        }
        Ok(())
    }

    /// What the books say that contracts hold.
    fn hold(&mut self) -> Result<()> {
        let now = self.block.time;
        self.chain.app().update_block(|block| block.time = now);
        let at = self.at.clone();
        let pool: MarketResponse = self.chain.query(&at.exchange, &exchange::QueryMsg::Market {})?;
        let [lco, credits] = pool.reserves.map(|amount| amount.u128());
        self.give(&at.exchange, lco, credits)?;
        let lent: margin::OverviewResponse = self.chain.query(&at.margin, &margin::QueryMsg::Overview {})?;
        let [credit, coin] = lent.pools.map(|pool| (pool.cash + pool.reserve).u128());
        let (lco, credits) = (
            coin + lent.long_open_interest.u128(),
            credit + lent.short_collateral.u128(),
        );
        self.give(&at.margin, lco, credits)?;
        let staked: staking::OverviewResponse = self.chain.query(&at.lco_staking, &staking::QueryMsg::Overview {})?;
        self.give(&at.lco_staking, staked.bonded.u128(), 0)?;
        let bets: market::OverviewResponse = self
            .chain
            .query(&at.prediction_market, &market::QueryMsg::Overview {})?;
        self.give(&at.prediction_market, (bets.open_interest + bets.bonds).u128(), 0)?;
        let params: governance::Params = self.chain.query(&at.governance, &governance::QueryMsg::Params {})?;
        self.give(&at.governance, 3 * params.deposit.u128(), 0)
    }

    fn give(&mut self, account: &str, lco: u128, credits: u128) -> Result<()> {
        let recipients = vec![MintRecipient {
            address: account.to_owned(),
            amount: lco.into(),
        }];
        let (token, vault) = (self.at.l_coin.clone(), self.at.credit_vault.clone());
        let mint = l_coin::ExecuteMsg::MintBatch { recipients };
        self.call(&token, &vault, Vec::new(), mint, ::l_coin::contract::execute)
            .with_context(|| account.to_owned())?;
        if credits > 0 {
            let deposit = credit_vault::ExecuteMsg::Deposit {
                to: Some(account.to_owned()),
            };
            self.vault(&self.council.clone(), coins(credits, USDT_DENOM), deposit)?;
        }
        Ok(())
    }
}

type Step<'b> = for<'a> fn(&'a mut Bulk<'b>) -> Result<()>;

/// What a token says when `amount` was sent.
pub(super) fn notice(sender: &str, amount: u128, hook: &impl Serialize) -> Result<Cw20ReceiveMsg> {
    Ok(Cw20ReceiveMsg {
        sender: sender.to_owned(),
        amount: amount.into(),
        msg: to_json_binary(hook)?,
    })
}

/// The pool as its first LP left it, for as long as anybody asks back.
fn quiet_market() -> Result<MarketResponse> {
    let [base, quote] = POOL;
    let price = QuotePerBase::of_reserves(base, quote)?;
    let reserves = POOL.map(Uint128::new);
    Ok(MarketResponse {
        reserves,
        fee_bps: 30,
        total_shares: Uint128::one(),
        announced_shares: Uint128::zero(),
        previous_close: Some(price),
        previous_close_reserves: reserves,
        twap_5m: None,
        twap_30m: None,
        mark: Some(MarkPair {
            long: price,
            short: price,
        }),
        lowest_reserves_24h: reserves,
    })
}
