//! Does the operations of the markets. Stakes, swaps, liquidity and grants are predicted to the unit; of the rest the shadow learns what the chain did to those it
//! names as touched, everybody else must be as before, and the laws hold for all.

use anyhow::{ensure, Result};
use cosmwasm_std::{to_json_binary, Binary, CosmosMsg, HexBinary, Uint128, WasmMsg};
use interfaces::{
    compute_wars as wars, credit_vault as vault, ecosystem_fund as fund, exchange, governance, imo_launchpad as imo,
    l_coin, lco_staking as staking, margin, prediction_market as market,
};
use serde::Serialize;
use suite::{laws as suite_laws, Msg};

use crate::deal::{Ballot, Coin, Deal, House, Motion, WHOLE};
use crate::op::{Who, DAY, ONE, USERS};
use crate::play::Play;
use crate::shadow::{users, week_of, Verdict};
use crate::stage::{Sent, SKUS};

/// The outcome of which an operation's `answer` speaks when it is this: none.
const NONE: u8 = 9;

fn part_of(amount: u128, part: u64) -> u128 {
    amount * u128::from(part) / u128::from(WHOLE)
}

fn users_of(all: &[usize]) -> Vec<Who> {
    all.iter().map(|user| Who::User(*user)).collect()
}

fn everybody() -> Vec<Who> {
    (0..USERS).map(Who::User).collect()
}

impl Play<'_> {
    fn house(&self, house: House) -> String {
        self.stage.house(house)
    }

    fn holding(&self, user: usize, coin: Coin) -> u128 {
        match coin {
            Coin::Lco => self.shadow.coins(Who::User(user)),
            Coin::Credit => self.shadow.credits(Who::User(user)),
        }
    }

    /// A `Send` of tokens with a message.
    fn pay(&self, coin: Coin, to: House, amount: u128, hook: &impl Serialize) -> Result<Msg> {
        let (contract, amount, msg) = (self.house(to), amount.into(), to_json_binary(hook)?);
        match coin {
            Coin::Lco => Msg::execute(
                &self.stage.at.l_coin,
                &l_coin::ExecuteMsg::Send { contract, amount, msg },
                &[],
            ),
            Coin::Credit => Msg::execute(
                &self.stage.at.credit_vault,
                &vault::ExecuteMsg::Send { contract, amount, msg },
                &[],
            ),
        }
    }

    fn tell(&self, to: House, msg: &impl Serialize) -> Result<Msg> {
        Msg::execute(&self.house(to), msg, &[])
    }

    /// Counts what became of an operation, and what its contracts told.
    pub(crate) fn count(&mut self, name: &str, sent: &Sent) {
        let label = match sent {
            Ok(_) => "done",
            Err(code) => code.as_str(),
        };
        *self.tally.entry(format!("{name} {label}")).or_default() += 1;
        let events = sent.iter().flat_map(|outcome| &outcome.events);
        for kind in events.filter_map(|event| event.ty.strip_prefix("wasm-")) {
            *self.tally.entry(format!("event {kind}")).or_default() += 1;
        }
    }

    /// What the chain says of those who were touched, if anything happened.
    fn learn(&mut self, name: &str, sent: &Sent, touched: &[Who]) -> Result<bool> {
        self.count(name, sent);
        if sent.is_err() {
            return Ok(false);
        }
        let (l_coin, vault) = (self.stage.at.l_coin.clone(), self.stage.at.credit_vault.clone());
        for who in touched {
            let address = self.stage.address(*who);
            let lco = suite_laws::lco(&*self.stage.chain, &l_coin, &address)?;
            let credits = suite_laws::credits(&*self.stage.chain, &vault, &address)?;
            self.shadow.holds(*who, lco, credits);
        }
        let pool = suite_laws::pool(&*self.stage.chain, &self.house(House::Exchange))?;
        self.shadow.books.pool.reserves = pool.reserves.map(|amount| amount.u128());
        Ok(true)
    }

    /// Sends and learns.
    fn open(&mut self, name: &str, who: Who, msgs: &[Msg], touched: &[Who]) -> Result<bool> {
        let sent = self.stage.transact(who, msgs)?;
        self.learn(name, &sent, touched)
    }

    /// Sends what is predicted.
    pub(crate) fn known(&mut self, name: &str, who: Who, msgs: &[Msg], expected: Verdict) -> Result<()> {
        let sent = self.stage.transact(who, msgs)?;
        self.count(name, &sent);
        self.expect(&sent, expected)
    }

    pub(crate) fn deal(&mut self, deal: &Deal) -> Result<()> {
        let name = format!("{deal:?}");
        let name = name.split([' ', '{', '(']).next().unwrap_or_default().to_owned();
        match deal.clone() {
            Deal::Stake { .. } | Deal::Unstake { .. } | Deal::Unbonded { .. } => self.staking(&name, deal),
            Deal::Provide { .. }
            | Deal::Announce { .. }
            | Deal::Leave { .. }
            | Deal::Swap { .. }
            | Deal::SwapExact { .. }
            | Deal::Skim
            | Deal::Gift { .. } => self.exchange(&name, deal),
            Deal::Lend { .. }
            | Deal::TakeBack { .. }
            | Deal::Enter { .. }
            | Deal::Enlarge { .. }
            | Deal::AddCollateral { .. }
            | Deal::TakeCollateral { .. }
            | Deal::Repay { .. }
            | Deal::Exit { .. }
            | Deal::Liquidate { .. }
            | Deal::Fill { .. }
            | Deal::Collect { .. }
            | Deal::Reserve { .. } => self.margin(&name, deal),
            Deal::Question { .. }
            | Deal::Bet { .. }
            | Deal::Unbet { .. }
            | Deal::Answer { .. }
            | Deal::Settle { .. }
            | Deal::Winnings { .. }
            | Deal::BurnFees { .. } => self.bets(&name, deal),
            Deal::Propose { .. }
            | Deal::Vote { .. }
            | Deal::Enact { .. }
            | Deal::Withdraw { .. }
            | Deal::DepositBack { .. } => self.votes(&name, deal),
            Deal::CloseWeek { .. }
            | Deal::FreeCalls { .. }
            | Deal::Buyback
            | Deal::Finalize { .. }
            | Deal::CollectPrizes
            | Deal::Prize { .. }
            | Deal::Perk { .. } => self.weeks(&name, deal),
            Deal::Launch { .. }
            | Deal::CancelLaunch
            | Deal::Subscribe { .. }
            | Deal::Grant { .. }
            | Deal::CloseLaunch => self.launches(&name, deal),
            // Time passes before the operation begins.
            Deal::Friday { .. } => Ok(()),
        }
    }

    // ---- staking ----

    fn staking(&mut self, name: &str, deal: &Deal) -> Result<()> {
        let now = self.shadow.now;
        match *deal {
            Deal::Stake { user, to, part } => {
                let (user, to) = (user % USERS, to % USERS);
                let amount = part_of(self.holding(user, Coin::Lco), part);
                let r#for = (user != to).then(|| self.stage.address(Who::User(to)));
                let msg = self.pay(Coin::Lco, House::Staking, amount, &staking::Cw20Hook::Stake { r#for })?;
                let expected = self
                    .shadow
                    .has(user, Coin::Lco, amount)
                    .and_then(|()| self.shadow.books.stake(to, amount, now))
                    .map(|()| self.shadow.gives(user, Coin::Lco, amount));
                self.known(name, Who::User(user), &[msg], expected)
            }
            Deal::Unstake { user, part } => {
                let user = user % USERS;
                let stake = self.shadow.books.stakers.get(&user).map_or(0, |staker| staker.stake);
                let amount = part_of(stake, part);
                let expected = self.shadow.books.unstake(user, amount, now);
                let msg = staking::ExecuteMsg::Unstake { amount: amount.into() };
                let msg = self.tell(House::Staking, &msg)?;
                self.known(name, Who::User(user), &[msg], expected)
            }
            Deal::Unbonded { user } => {
                let user = user % USERS;
                let paid = self.shadow.books.unbonded(user, now);
                let expected = paid.map(|paid| self.shadow.gets(user, Coin::Lco, paid));
                let msg = self.tell(House::Staking, &staking::ExecuteMsg::Claim {})?;
                self.known(name, Who::User(user), &[msg], expected)
            }
            _ => Ok(()),
        }
    }

    // ---- exchange ----

    fn exchange(&mut self, name: &str, deal: &Deal) -> Result<()> {
        let now = self.shadow.now;
        match *deal {
            Deal::Provide { user, lco, credits } => self.provide(name, user % USERS, lco, credits),
            Deal::Announce { user, part } => {
                let user = user % USERS;
                let shares = part_of(self.shares(user), part);
                let expected = self.shadow.books.pool.announce(user, shares, now);
                let msg = exchange::ExecuteMsg::AnnounceWithdrawal { shares: shares.into() };
                let msg = self.tell(House::Exchange, &msg)?;
                self.known(name, Who::User(user), &[msg], expected)
            }
            Deal::Leave { user, part } => {
                let user = user % USERS;
                let shares = part_of(self.shares(user), part);
                let paid = self.shadow.books.pool.leave(user, shares, now);
                let expected = paid.map(|[lco, credits]| {
                    self.shadow.gets(user, Coin::Lco, lco);
                    self.shadow.gets(user, Coin::Credit, credits);
                });
                let msg = exchange::ExecuteMsg::Withdraw {
                    shares: shares.into(),
                    min_amounts: [Uint128::zero(); 2],
                };
                let msg = self.tell(House::Exchange, &msg)?;
                self.known(name, Who::User(user), &[msg], expected)
            }
            Deal::Swap { user, pay, part } => {
                let user = user % USERS;
                let amount = part_of(self.holding(user, pay), part);
                let expected = self.swapped(user, pay, amount);
                let msg = self.pay(pay, House::Exchange, amount, &swap())?;
                self.known(name, Who::User(user), &[msg], expected)
            }
            Deal::SwapExact { user, pay, part } => {
                let user = user % USERS;
                let get = other(pay);
                let most = self.holding(user, pay);
                let reserve = self.shadow.books.pool.reserves[usize::from(get == Coin::Credit)];
                let out = part_of(reserve, part);
                let cost = self.shadow.books.pool.swap_exact(pay, out, most);
                let expected = cost.map(|cost| {
                    self.shadow.gives(user, pay, cost);
                    self.shadow.gets(user, get, out);
                });
                let hook = exchange::Cw20Hook::SwapExactOut {
                    out: out.into(),
                    deadline: None,
                    to: None,
                };
                let msg = self.pay(pay, House::Exchange, most, &hook)?;
                self.known(name, Who::User(user), &[msg], expected)
            }
            Deal::Skim => {
                let found = [Coin::Lco, Coin::Credit].map(|coin| self.shadow.books.given(House::Exchange, coin));
                let expected = if found == [0, 0] { Err("exchange:24") } else { Ok(()) };
                let council = Who::Council;
                let (lco, credits) = (
                    self.shadow.coins(council) + found[0],
                    self.shadow.credits(council) + found[1],
                );
                self.shadow.holds(council, lco, credits);
                self.shadow
                    .books
                    .gifts
                    .retain(|(house, _), _| *house != House::Exchange);
                let msg = self.tell(House::Exchange, &exchange::ExecuteMsg::Skim {})?;
                self.known(name, Who::Relayer, &[msg], expected)
            }
            Deal::Gift { user, to, coin, part } => self.gift(name, user % USERS, to, coin, part),
            _ => Ok(()),
        }
    }

    fn shares(&self, user: usize) -> u128 {
        self.shadow
            .books
            .pool
            .providers
            .get(&user)
            .map_or(0, |provider| provider.shares)
    }

    fn swapped(&mut self, user: usize, pay: Coin, amount: u128) -> Verdict {
        self.shadow.has(user, pay, amount)?;
        let out = self.shadow.books.pool.swap(pay, amount)?;
        self.shadow.gives(user, pay, amount);
        self.shadow.gets(user, other(pay), out);
        Ok(())
    }

    fn provide(&mut self, name: &str, user: usize, lco: u64, credits: u64) -> Result<()> {
        let offered = [
            part_of(self.holding(user, Coin::Lco), lco.min(WHOLE)),
            part_of(self.holding(user, Coin::Credit), credits.min(WHOLE)),
        ];
        let taken = self.shadow.books.pool.provide(user, offered);
        let expected = taken.map(|taken| {
            self.shadow.gives(user, Coin::Lco, taken[0]);
            self.shadow.gives(user, Coin::Credit, taken[1]);
        });
        let (spender, at) = (self.house(House::Exchange), &self.stage.at);
        let mut msgs = Vec::new();
        if offered[0] > 0 {
            let allow = l_coin::ExecuteMsg::IncreaseAllowance {
                spender: spender.clone(),
                amount: offered[0].into(),
                expires: None,
            };
            msgs.push(Msg::execute(&at.l_coin, &allow, &[])?);
        }
        if offered[1] > 0 {
            let allow = vault::ExecuteMsg::IncreaseAllowance {
                spender,
                amount: offered[1].into(),
                expires: None,
            };
            msgs.push(Msg::execute(&at.credit_vault, &allow, &[])?);
        }
        let provide = exchange::ExecuteMsg::Provide {
            amounts: offered.map(Uint128::new),
            min_shares: Uint128::zero(),
            deadline: None,
        };
        msgs.push(self.tell(House::Exchange, &provide)?);
        self.known(name, Who::User(user), &msgs, expected)
    }

    fn gift(&mut self, name: &str, user: usize, to: House, coin: Coin, part: u64) -> Result<()> {
        let coin = if to.holds_credits() { coin } else { Coin::Lco };
        let amount = part_of(self.holding(user, coin), part.min(WHOLE));
        let (recipient, at) = (self.house(to), &self.stage.at);
        let msg = match coin {
            Coin::Lco => Msg::execute(
                &at.l_coin,
                &l_coin::ExecuteMsg::Transfer {
                    recipient,
                    amount: amount.into(),
                },
                &[],
            )?,
            Coin::Credit => Msg::execute(
                &at.credit_vault,
                &vault::ExecuteMsg::Transfer {
                    recipient,
                    amount: amount.into(),
                },
                &[],
            )?,
        };
        self.shadow.gives(user, coin, amount);
        *self.shadow.books.gifts.entry((to, coin)).or_default() += amount;
        self.known(name, Who::User(user), &[msg], Ok(()))
    }

    // ---- margin ----

    /// Open positions, oldest first; those of `owner` first of all.
    fn positions(&self, owner: Option<usize>) -> Result<Vec<(u64, margin::Side, u128, bool)>> {
        let margin = self.house(House::Margin);
        let mut all = Vec::new();
        for (user, address) in users().iter().enumerate() {
            for row in suite_laws::positions(&*self.stage.chain, &margin, address)? {
                let order = (owner != Some(user), row.position);
                all.push((
                    order,
                    (row.position, row.side, row.debt_shares.u128(), row.offer.is_some()),
                ));
            }
        }
        all.sort_by_key(|(order, _)| *order);
        Ok(all.into_iter().map(|(_, row)| row).collect())
    }

    /// Tenths of the collateral as a debt: µCredit for a long, µLCO at the pool's price for a short.
    fn borrow(&self, long: bool, collateral: u128, tenths: u64) -> u128 {
        let worth = collateral * u128::from(tenths) / 10;
        let [lco, credits] = self.shadow.books.pool.reserves;
        if long || credits == 0 {
            worth
        } else {
            worth * lco / credits
        }
    }

    #[allow(clippy::too_many_lines)]
    fn margin(&mut self, name: &str, deal: &Deal) -> Result<()> {
        use margin::Cw20Hook as Hook;
        let token = |coin| match coin {
            Coin::Lco => margin::Token::Lco,
            Coin::Credit => margin::Token::Credit,
        };
        let side = |long| if long { margin::Side::Long } else { margin::Side::Short };
        let (user, msgs, touched) = match *deal {
            Deal::Lend { user, coin, part } => {
                let user = user % USERS;
                let amount = part_of(self.holding(user, coin), part);
                let min_shares = Uint128::zero();
                let msg = self.pay(coin, House::Margin, amount, &Hook::Supply { min_shares })?;
                (user, vec![msg], vec![Who::User(user)])
            }
            Deal::TakeBack { user, coin, part } => {
                let user = user % USERS;
                let address = self.stage.address(Who::User(user));
                let query = margin::QueryMsg::Lender { address };
                let lender: margin::LenderResponse = self.stage.query(&self.house(House::Margin), &query)?;
                let shares = match coin {
                    Coin::Lco => lender.lco_shares,
                    Coin::Credit => lender.credit_shares,
                };
                let msg = margin::ExecuteMsg::Withdraw {
                    token: token(coin),
                    shares: part_of(shares.u128(), part).into(),
                };
                // Insolvent positions are liquidated first.
                (user, vec![self.tell(House::Margin, &msg)?], everybody())
            }
            Deal::Enter {
                user,
                long,
                collateral,
                tenths,
            } => {
                let user = user % USERS;
                let hook = Hook::Open {
                    side: side(long),
                    borrow: self.borrow(long, collateral, tenths).into(),
                    min_out: Uint128::zero(),
                    deadline: None,
                    position: None,
                };
                let msg = self.pay(Coin::Credit, House::Margin, collateral, &hook)?;
                (user, vec![msg], vec![Who::User(user)])
            }
            Deal::Enlarge {
                user,
                pick,
                collateral,
                tenths,
            } => {
                let user = user % USERS;
                let Some((position, side, ..)) = self.pick_position(Some(user), pick)? else {
                    return Ok(());
                };
                let hook = Hook::Open {
                    side,
                    borrow: self.borrow(side == margin::Side::Long, collateral, tenths).into(),
                    min_out: Uint128::zero(),
                    deadline: None,
                    position: Some(position),
                };
                let msg = self.pay(Coin::Credit, House::Margin, collateral, &hook)?;
                (user, vec![msg], vec![Who::User(user)])
            }
            Deal::AddCollateral { user, pick, amount } => {
                let Some((position, ..)) = self.pick_position(None, pick)? else {
                    return Ok(());
                };
                let msg = self.pay(Coin::Credit, House::Margin, amount, &Hook::AddCollateral { position })?;
                (user % USERS, vec![msg], everybody())
            }
            Deal::TakeCollateral { user, pick, amount } => {
                let user = user % USERS;
                let Some((position, ..)) = self.pick_position(Some(user), pick)? else {
                    return Ok(());
                };
                let msg = margin::ExecuteMsg::TakeCollateral {
                    position,
                    amount: amount.into(),
                };
                (user, vec![self.tell(House::Margin, &msg)?], vec![Who::User(user)])
            }
            Deal::Repay { user, pick, part } => {
                let Some((position, side, shares, _)) = self.pick_position(None, pick)? else {
                    return Ok(());
                };
                let coin = match side.debt() {
                    margin::Token::Credit => Coin::Credit,
                    margin::Token::Lco => Coin::Lco,
                };
                let msg = self.pay(coin, House::Margin, part_of(shares, part), &Hook::Repay { position })?;
                (user % USERS, vec![msg], everybody())
            }
            Deal::Exit { user, pick } => {
                let user = user % USERS;
                let Some((position, ..)) = self.pick_position(Some(user), pick)? else {
                    return Ok(());
                };
                let msg = margin::ExecuteMsg::Close {
                    position,
                    min_payout: Uint128::zero(),
                    deadline: None,
                };
                (user, vec![self.tell(House::Margin, &msg)?], vec![Who::User(user)])
            }
            Deal::Liquidate { user, pick, push } => {
                let user = user % USERS;
                let Some((position, side, ..)) = self.pick_position(None, pick)? else {
                    return Ok(());
                };
                let mut msgs = Vec::new();
                let coin = if side == margin::Side::Long {
                    Coin::Lco
                } else {
                    Coin::Credit
                };
                let amount = part_of(self.holding(user, coin), push);
                if amount > 0 {
                    msgs.push(self.pay(coin, House::Exchange, amount, &swap())?);
                }
                msgs.push(self.tell(House::Margin, &margin::ExecuteMsg::Liquidate { position })?);
                (user, msgs, everybody())
            }
            Deal::Fill { user, pick } => {
                let user = user % USERS;
                let mut all = self.positions(None)?;
                all.sort_by_key(|(position, _, _, offered)| (!offered, *position));
                let offered = all.iter().filter(|row| row.3).count();
                let of = if offered == 0 { all.len() } else { offered };
                let Some((position, side, ..)) = all.get(pick % of.max(1)).copied() else {
                    return Ok(());
                };
                let coin = if side == margin::Side::Long {
                    Coin::Credit
                } else {
                    Coin::Lco
                };
                // What it does not cost comes back.
                let amount = self.holding(user, coin) / 2;
                let min_out = Uint128::zero();
                let msg = self.pay(coin, House::Margin, amount, &Hook::TakeOffer { position, min_out })?;
                (user, vec![msg], everybody())
            }
            Deal::Collect { coin } => {
                let msg = margin::ExecuteMsg::CollectInterest { token: token(coin) };
                (0, vec![self.tell(House::Margin, &msg)?], vec![])
            }
            Deal::Reserve { user, coin, part } => {
                let user = user % USERS;
                let amount = part_of(self.holding(user, coin), part);
                let msg = self.pay(coin, House::Margin, amount, &Hook::FundReserve {})?;
                (user, vec![msg], vec![Who::User(user)])
            }
            _ => return Ok(()),
        };
        self.open(name, Who::User(user), &msgs, &touched).map(drop)
    }

    fn pick_position(&self, owner: Option<usize>, pick: usize) -> Result<Option<(u64, margin::Side, u128, bool)>> {
        let all = self.positions(owner)?;
        Ok(all.get(pick % all.len().max(1)).copied())
    }

    // ---- bets ----

    /// Newest first.
    fn pick_market(&self, pick: usize) -> Result<Option<market::MarketResponse>> {
        let at = self.house(House::Market);
        let overview: market::OverviewResponse = self.stage.query(&at, &market::QueryMsg::Overview {})?;
        if overview.markets == 0 {
            return Ok(None);
        }
        let market = overview.markets - pick as u64 % overview.markets;
        Ok(Some(self.stage.query(&at, &market::QueryMsg::Market { market })?))
    }

    fn position(&self, market: u64, user: usize) -> Result<market::PositionResponse> {
        let address = self.stage.address(Who::User(user));
        let query = market::QueryMsg::Position { market, address };
        self.stage.query(&self.house(House::Market), &query)
    }

    fn bets(&mut self, name: &str, deal: &Deal) -> Result<()> {
        use market::Cw20Hook as Hook;
        let now = self.shadow.now;
        if let Deal::Question {
            user,
            outcomes,
            ante,
            seconds,
        } = *deal
        {
            let hook = Hook::Propose {
                question: "What will the figure be?".to_owned(),
                outcomes: (0..outcomes).map(|n| format!("range {n}")).collect(),
                close_at: now + seconds,
                resolve_after: now + seconds,
                evidence_rule: "The figure published for that day.".to_owned(),
            };
            let msg = self.pay(Coin::Lco, House::Market, ante, &hook)?;
            let user = Who::User(user % USERS);
            return self.open(name, user, &[msg], &[user]).map(drop);
        }
        let (Deal::Bet { pick, .. }
        | Deal::Unbet { pick, .. }
        | Deal::Answer { pick, .. }
        | Deal::Settle { pick }
        | Deal::Winnings { pick, .. }
        | Deal::BurnFees { pick }) = *deal
        else {
            return Ok(());
        };
        let Some(row) = self.pick_market(pick)? else {
            return Ok(());
        };
        let market = row.market;
        let (user, msg, touched) = match *deal {
            Deal::Bet {
                user, outcome, amount, ..
            } => {
                let min_shares = Uint128::zero();
                let hook = Hook::Buy {
                    market,
                    outcome,
                    min_shares,
                };
                let user = user % USERS;
                (
                    user,
                    self.pay(Coin::Lco, House::Market, amount, &hook)?,
                    users_of(&[user]),
                )
            }
            Deal::Unbet {
                user, outcome, part, ..
            } => {
                let user = user % USERS;
                let position = self.position(market, user)?;
                let held = position.holdings.iter().find(|held| held.outcome == outcome);
                let shares = held.map_or(0, |held| held.shares.u128());
                let msg = market::ExecuteMsg::Sell {
                    market,
                    outcome,
                    shares: part_of(shares, part).into(),
                    min_refund: Uint128::zero(),
                };
                (user, self.tell(House::Market, &msg)?, users_of(&[user]))
            }
            Deal::Answer { user, answer, .. } => {
                let answer = if answer == NONE { market::VOID } else { answer };
                let evidence = HexBinary::from([answer; 32]);
                let bond = row.next_bond.map_or(100 * ONE, |bond| bond.u128());
                let hook = match row.answer {
                    None => Hook::Answer {
                        market,
                        answer,
                        evidence,
                    },
                    Some(_) => Hook::Dispute {
                        market,
                        answer,
                        evidence,
                    },
                };
                let user = user % USERS;
                (
                    user,
                    self.pay(Coin::Lco, House::Market, bond, &hook)?,
                    users_of(&[user]),
                )
            }
            // Bonds go back to whoever gave them.
            Deal::Settle { .. } => (
                0,
                self.tell(House::Market, &market::ExecuteMsg::Settle { market })?,
                everybody(),
            ),
            Deal::BurnFees { .. } => (
                0,
                self.tell(House::Market, &market::ExecuteMsg::BurnFees { market })?,
                vec![],
            ),
            Deal::Winnings { user, waiver, .. } => return self.winnings(name, user % USERS, market, waiver),
            _ => return Ok(()),
        };
        self.open(name, Who::User(user), &[msg], &touched).map(drop)
    }

    /// What was promised for a claim is what is paid.
    fn winnings(&mut self, name: &str, user: usize, market: u64, waiver: bool) -> Result<()> {
        let promised = self.position(market, user)?;
        let before = self.shadow.coins(Who::User(user));
        let msg = self.tell(House::Market, &market::ExecuteMsg::Claim { market, waiver })?;
        let done = self.open(name, Who::User(user), &[msg], &everybody())?;
        if let (true, Some(claimable)) = (done, promised.claimable) {
            let waived = promised.waivable.filter(|_| waiver).unwrap_or_default();
            let paid = self.shadow.coins(Who::User(user)) - before;
            ensure!(
                paid == (claimable + waived).u128(),
                "paid {paid} of {claimable} and {waived} of market {market}"
            );
        }
        Ok(())
    }

    // ---- governance ----

    fn pick_proposal(&self, pick: usize) -> Result<Option<u64>> {
        let query = governance::QueryMsg::Overview {};
        let overview: governance::OverviewResponse = self.stage.query(&self.house(House::Governance), &query)?;
        let all = overview.proposals;
        Ok((all > 0).then(|| all - pick as u64 % all))
    }

    fn motion(&self, motion: Motion, params: &governance::Params) -> Result<governance::Action> {
        let message = |to: House, msg: &staking::ExecuteMsg| -> Result<CosmosMsg> {
            Ok(WasmMsg::Execute {
                contract_addr: self.house(to),
                msg: to_json_binary(msg)?,
                funds: vec![],
            }
            .into())
        };
        Ok(match motion {
            Motion::Deposit(whole) => {
                let params = governance::Params {
                    deposit: (u128::from(whole) * ONE).into(),
                    ..params.clone()
                };
                let msg: Binary = to_json_binary(&governance::ExecuteMsg::SetParams { params })?;
                let contract = self.house(House::Governance);
                governance::Action::Params {
                    calls: vec![governance::ParamsCall { contract, msg }],
                }
            }
            Motion::Mark => governance::Action::Messages {
                msgs: vec![message(House::Staking, &staking::ExecuteMsg::Mark {})?],
            },
            Motion::Refused => governance::Action::Messages {
                msgs: vec![message(House::Staking, &staking::ExecuteMsg::Claim {})?],
            },
        })
    }

    fn votes(&mut self, name: &str, deal: &Deal) -> Result<()> {
        if let Deal::Propose { user, motion } = *deal {
            let query = governance::QueryMsg::Params {};
            let params: governance::Params = self.stage.query(&self.house(House::Governance), &query)?;
            let hook = governance::Cw20Hook::Propose {
                title: format!("{motion:?}"),
                description: String::new(),
                action: self.motion(motion, &params)?,
            };
            let msg = self.pay(Coin::Lco, House::Governance, params.deposit.u128(), &hook)?;
            let user = Who::User(user % USERS);
            return self.open(name, user, &[msg], &[user]).map(drop);
        }
        let (Deal::Vote { pick, .. } | Deal::Enact { pick } | Deal::Withdraw { pick, .. } | Deal::DepositBack { pick }) =
            *deal
        else {
            return Ok(());
        };
        let Some(proposal) = self.pick_proposal(pick)? else {
            return Ok(());
        };
        use governance::ExecuteMsg as G;
        let (who, msg, mut touched) = match *deal {
            Deal::Vote { user, ballot, .. } => {
                let choice = match ballot {
                    Ballot::Yes => governance::Choice::Yes,
                    Ballot::No => governance::Choice::No,
                    Ballot::Answer(answer) => governance::Choice::Answer(answer),
                };
                (user % USERS, G::Vote { proposal, choice }, vec![])
            }
            // A decision settles its market.
            Deal::Enact { .. } => (0, G::Execute { proposal }, everybody()),
            Deal::Withdraw { user, .. } => (user % USERS, G::Withdraw { proposal }, everybody()),
            _ => (0, G::SettleDeposit { proposal }, everybody()),
        };
        touched.push(Who::Council);
        let msg = self.tell(House::Governance, &msg)?;
        self.open(name, Who::User(who), &[msg], &touched).map(drop)
    }

    // ---- fund and contest ----

    fn weeks(&mut self, name: &str, deal: &Deal) -> Result<()> {
        let this = week_of(self.shadow.now);
        let payouts = || vec![Who::Payout(1), Who::Payout(2)];
        let (who, to, msg, touched) = match *deal {
            Deal::CloseWeek { gateway, weeks_ago } => return self.close_week(name, gateway, this - weeks_ago),
            Deal::FreeCalls { gateway, weeks_ago } => {
                let week = this - weeks_ago;
                let msg = fund::ExecuteMsg::PayFreeCalls { week, gateway };
                (Who::Relayer, House::Fund, to_json_binary(&msg)?, payouts())
            }
            Deal::Buyback => {
                let msg = to_json_binary(&fund::ExecuteMsg::Buyback {})?;
                (Who::Relayer, House::Fund, msg, vec![])
            }
            Deal::Finalize { weeks_ago } => {
                let week = this - weeks_ago;
                let msg = to_json_binary(&wars::ExecuteMsg::Finalize { week })?;
                (Who::Relayer, House::Wars, msg, vec![])
            }
            Deal::CollectPrizes => {
                let query = wars::QueryMsg::Overview {};
                let overview: wars::OverviewResponse = self.stage.query(&self.house(House::Wars), &query)?;
                let week = overview.next_collect;
                let msg = to_json_binary(&wars::ExecuteMsg::CollectPrizes { week })?;
                (Who::Relayer, House::Wars, msg, vec![])
            }
            Deal::Prize { user, weeks_ago } => {
                let who = Who::User(user % USERS);
                let week = this - weeks_ago;
                let msg = to_json_binary(&wars::ExecuteMsg::ClaimPrize { week })?;
                (who, House::Wars, msg, vec![who])
            }
            Deal::Perk { user, weeks_ago, free } => {
                return self.perk(name, user % USERS, this - weeks_ago, free);
            }
            _ => return Ok(()),
        };
        let msg = Msg::Execute {
            contract: self.house(to),
            msg: msg.to_vec(),
            funds: vec![],
        };
        self.open(name, who, &[msg], &touched).map(drop)
    }

    fn close_week(&mut self, name: &str, gateway: u64, week: u64) -> Result<()> {
        let gateway = (gateway + 1) % crate::op::GATEWAYS + 1;
        let expected = self.shadow.close_week(gateway, week);
        let touched = self.shadow.pays_free_calls(gateway, week);
        let msg = self.tell(House::Fund, &fund::ExecuteMsg::CloseWeek { week, gateway })?;
        let sent = self.stage.transact(Who::Relayer, &[msg])?;
        self.expect(&sent, expected)?;
        self.learn(name, &sent, &touched).map(drop)
    }

    /// The fund is told what a week cost, by the gateway's payout address.
    pub(crate) fn report_week(&mut self, gateway: u64, week: u64, extra: u128) -> Result<()> {
        let row = self.shadow.weeks.get(&(gateway, week)).cloned().unwrap_or_default();
        let cost = row.cost.saturating_sub(extra);
        let expected = self.shadow.report_week(gateway, week, cost);
        let touched = self.shadow.pays_free_calls(gateway, week);
        let msg = fund::ExecuteMsg::ReportProfit {
            week,
            gateway,
            cost: cost.into(),
            evidence_hash: HexBinary::from([7; 32]),
        };
        let msg = self.tell(House::Fund, &msg)?;
        let sent = self.stage.transact(Who::Payout(gateway), &[msg])?;
        self.expect(&sent, expected)?;
        self.learn("Report", &sent, &touched).map(drop)
    }

    fn perk(&mut self, name: &str, user: usize, week: u64, free: bool) -> Result<()> {
        let perk = if free {
            wars::Perk::FreeCalls
        } else {
            wars::Perk::UnlimitedConcurrency
        };
        let msg = self.tell(House::Wars, &wars::ExecuteMsg::ChoosePerk { week, perk })?;
        let done = self.open(name, Who::User(user), &[msg], &[])?;
        if done && free {
            let next = week + 1;
            let query = vault::QueryMsg::FreeCalls { week: next };
            let answer: Option<vault::FreeCallsResponse> = self.stage.query(&self.stage.at.credit_vault, &query)?;
            if let Some(answer) = answer {
                ensure!(
                    answer.account == self.stage.address(Who::User(user)),
                    "another champion"
                );
                self.shadow.books.free.insert(next, (user, answer.left.u128()));
            }
        }
        Ok(())
    }

    // ---- launches ----

    fn newest_launch(&self) -> Result<Option<imo::LaunchResponse>> {
        let query = imo::QueryMsg::Overview {};
        let overview: imo::OverviewResponse = self.stage.query(&self.house(House::Launchpad), &query)?;
        Ok(overview.newest.into_iter().next())
    }

    fn launches(&mut self, name: &str, deal: &Deal) -> Result<()> {
        let now = self.shadow.now;
        if let Deal::Launch {
            sku,
            quota,
            price,
            exclusive,
        } = *deal
        {
            let (sku, _) = SKUS[2 * usize::from(sku % 2)];
            let terms = imo::NewLaunch {
                sku: sku.to_owned(),
                quota: u128::from(quota).into(),
                price_per_unit: u128::from(price).into(),
                snapshot: now - 1,
                subscribe_until: now + DAY,
                claim_until: now + 3 * DAY,
                exclusive_until: if exclusive { now + 4 * DAY } else { 0 },
            };
            let msg = self.tell(House::Launchpad, &imo::ExecuteMsg::CreateLaunch(terms))?;
            return self.open(name, Who::Council, &[msg], &[]).map(drop);
        }
        let Some(row) = self.newest_launch()? else {
            return Ok(());
        };
        let launch = row.launch;
        use imo::ExecuteMsg as I;
        let (who, msg) = match *deal {
            Deal::CancelLaunch => (Who::Council, I::CancelLaunch { launch }),
            Deal::Subscribe { user } => (Who::User(user % USERS), I::Subscribe { launch }),
            Deal::CloseLaunch => (Who::Relayer, I::CloseLaunch { launch }),
            Deal::Grant { user, part } => return self.grant(name, user % USERS, &row, part),
            _ => return Ok(()),
        };
        let msg = self.tell(House::Launchpad, &msg)?;
        self.open(name, who, &[msg], &[]).map(drop)
    }

    fn grant(&mut self, name: &str, user: usize, row: &imo::LaunchResponse, part: u64) -> Result<()> {
        let (launch, address) = (row.launch, self.stage.address(Who::User(user)));
        let query = imo::QueryMsg::Allotment { launch, address };
        let allotment: imo::AllotmentResponse = self.stage.query(&self.house(House::Launchpad), &query)?;
        let units = part_of(allotment.claimable.u128(), part);
        let per = row.terms.price_per_unit.u128();
        let price = (units * per).div_ceil(ONE);
        let msg = if per == 0 {
            let units = units.into();
            self.tell(House::Launchpad, &imo::ExecuteMsg::Claim { launch, units })?
        } else {
            let units = units.into();
            let hook = imo::Cw20Hook::Claim { launch, units };
            self.pay(Coin::Credit, House::Launchpad, price, &hook)?
        };
        let before = self.shadow.credits(Who::User(user));
        if self.open(name, Who::User(user), &[msg], &[Who::User(user)])? {
            let paid = before - self.shadow.credits(Who::User(user));
            ensure!(paid == price, "{paid} paid for {units} units at {per}");
            self.shadow
                .granted(user, &row.terms.sku, units, price, row.terms.exclusive_until);
        }
        Ok(())
    }
}

fn other(coin: Coin) -> Coin {
    match coin {
        Coin::Lco => Coin::Credit,
        Coin::Credit => Coin::Lco,
    }
}

fn swap() -> exchange::Cw20Hook {
    exchange::Cw20Hook::Swap {
        min_out: Uint128::zero(),
        deadline: None,
        to: None,
    }
}
