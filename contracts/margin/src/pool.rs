//! A lending pool. Its debt grows by an index that is a function of the last change of a balance, so looking at a pool changes nothing.

use cosmwasm_std::{StdError, StdResult, Storage, Uint128};
use interfaces::margin::{Curve, Params, Token};
use kit::compact::{Reader, Row, Writer};
use math::interest::{index_after, supply_shares, supply_value, total_debt, Debt, RateCurve, INDEX_ONE};
use math::{mul_div_floor, Bps, MathError};

use crate::error::ContractError;
use crate::state::pools;

const BPS: u128 = 10_000;

/// A pool as of `since`. [`Pool::at`] says what it is at any later time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Ready to be lent or withdrawn.
    pub cash: Uint128,
    /// Debt shares of all positions.
    pub debt_shares: Uint128,
    /// What a debt share owes at `since`, · 2⁶⁴.
    pub index: Uint128,
    /// Time of the last change of a balance.
    pub since: u64,
    /// Interest a year from then on, · 10¹⁸.
    pub rate: Uint128,
    pub supply_shares: Uint128,
    /// Interest share that is still among cash and debt.
    pub unclaimed: Uint128,
    /// The Risk Reserve; not the lenders'.
    pub reserve: Uint128,
    /// No new loans before this time.
    pub resting_until: u64,
}

/// Who bore a debt that nothing covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// All of it.
    pub total: u128,
    /// By the Risk Reserve.
    pub reserve: u128,
    /// By the interest share that was not collected.
    pub unclaimed: u128,
    /// By the lenders: what every supply share is worth falls.
    pub lenders: u128,
    /// What the lenders owned before.
    pub assets_before: u128,
}

impl Pool {
    /// An empty pool.
    pub fn new(now: u64) -> Self {
        Self {
            cash: Uint128::zero(),
            debt_shares: Uint128::zero(),
            index: Uint128::new(INDEX_ONE),
            since: now,
            rate: Uint128::zero(),
            supply_shares: Uint128::zero(),
            unclaimed: Uint128::zero(),
            reserve: Uint128::zero(),
            resting_until: 0,
        }
    }

    /// As it was stored.
    pub fn stored(storage: &dyn Storage, token: Token) -> StdResult<Self> {
        let row = pools(token).may_load(storage, &())?;
        row.ok_or_else(|| StdError::not_found("pool"))
    }

    /// As it is now.
    pub fn load(storage: &dyn Storage, token: Token, now: u64, params: &Params) -> Result<Self, ContractError> {
        Ok(Self::stored(storage, token)?.at(now, params.interest_share_bps)?)
    }

    /// With interest up to `now`, of which ⌊share⌋ is not the lenders'.
    #[inline(never)]
    pub fn at(self, now: u64, share_bps: u16) -> Result<Self, MathError> {
        // nobody owes, nothing grows
        let seconds = match self.debt_shares.is_zero() {
            true => 0,
            false => now.saturating_sub(self.since),
        };
        let index = index_after(self.index.u128(), self.rate.u128(), seconds);
        let grown = total_debt(self.debt_shares.u128(), index)?;
        let interest = grown.saturating_sub(self.debt()?);
        let share = mul_div_floor(interest, share_bps.into(), BPS)?;
        Ok(Self {
            index: index.into(),
            since: now.max(self.since),
            unclaimed: self.unclaimed.saturating_add(share.into()),
            ..self
        })
    }

    /// After a change of a balance: the rate that holds until the next one.
    #[inline(never)]
    pub fn save(mut self, storage: &mut dyn Storage, token: Token, params: &Params) -> Result<(), ContractError> {
        self.rate = rates(curve(params, token))?
            .rate(self.debt()?, self.cash.u128())?
            .into();
        self.put(storage, token);
        Ok(())
    }

    /// After a change of the Risk Reserve alone, which lends nothing.
    pub fn put(&self, storage: &mut dyn Storage, token: Token) {
        pools(token).save(storage, &(), self);
    }

    /// What all positions owe, rounded down.
    pub fn debt(&self) -> Result<u128, MathError> {
        total_debt(self.debt_shares.u128(), self.index.u128())
    }

    /// What the lenders own.
    pub fn assets(&self) -> Result<u128, MathError> {
        let all = self.debt()?.checked_add(self.cash.u128()).ok_or(MathError::Overflow)?;
        Ok(all.saturating_sub(self.unclaimed.u128()))
    }

    /// What supply shares are worth, rounded down.
    pub fn worth(&self, shares: Uint128) -> Result<u128, MathError> {
        supply_value(shares.u128(), self.assets()?, self.supply_shares.u128())
    }

    /// Takes a lender's money for shares, rounded down.
    pub fn supply(&mut self, amount: Uint128) -> Result<Uint128, ContractError> {
        let shares: Uint128 = supply_shares(amount.u128(), self.assets()?, self.supply_shares.u128())?.into();
        self.supply_shares = self.supply_shares.checked_add(shares)?;
        self.cash = self.cash.checked_add(amount)?;
        Ok(shares)
    }

    /// Gives a lender's money back for shares, rounded down.
    pub fn redeem(&mut self, shares: Uint128) -> Result<Uint128, ContractError> {
        let amount: Uint128 = self.worth(shares)?.into();
        self.pay(amount)?;
        self.supply_shares = self.supply_shares.checked_sub(shares)?;
        Ok(amount)
    }

    /// Lends; refused while resting, beyond the cash and beyond the cap of use.
    #[inline(never)]
    pub fn lend(&mut self, amount: Uint128, curve: &Curve) -> Result<Uint128, ContractError> {
        if self.since < self.resting_until {
            return Err(ContractError::Resting {
                until: self.resting_until,
                now: self.since,
            });
        }
        let shares = Uint128::new(Debt::of_loan(amount.u128(), self.index.u128())?.shares);
        self.pay(amount)?;
        self.debt_shares = self.debt_shares.checked_add(shares)?;
        let debt = Uint128::new(self.debt()?);
        let total = debt.checked_add(self.cash)?;
        match debt.full_mul(BPS) > total.full_mul(curve.cap_bps) {
            true => Err(ContractError::UseCap {
                cap_bps: curve.cap_bps,
                debt,
                total,
            }),
            false => Ok(shares),
        }
    }

    /// Takes a repayment of `amount` for debt shares.
    pub fn repay(&mut self, shares: Uint128, amount: Uint128) -> Result<(), ContractError> {
        self.debt_shares = self.debt_shares.checked_sub(shares)?;
        self.cash = self.cash.checked_add(amount)?;
        Ok(())
    }

    /// Takes `paid` for all `shares` of a position that owes `owed`, more than that, and lets what is missing be borne: by the Risk Reserve, then the interest
    /// share not collected, then the lenders, pro rata, since their shares own what is left.
    #[inline(never)]
    pub fn absorb(&mut self, shares: Uint128, owed: u128, paid: u128) -> Result<Loss, ContractError> {
        let assets_before = self.assets()?;
        self.repay(shares, paid.into())?;
        let total = owed.saturating_sub(paid);
        let reserve = total.min(self.reserve.u128());
        let unclaimed = total.saturating_sub(reserve).min(self.unclaimed.u128());
        self.reserve = self.reserve.checked_sub(reserve.into())?;
        self.cash = self.cash.checked_add(reserve.into())?;
        self.unclaimed = self.unclaimed.checked_sub(unclaimed.into())?;
        Ok(Loss {
            total,
            reserve,
            unclaimed,
            lenders: total.saturating_sub(reserve).saturating_sub(unclaimed),
            assets_before,
        })
    }

    /// Moves the interest share into the Risk Reserve, as far as there is cash.
    pub fn collect(&mut self) -> Result<Uint128, ContractError> {
        let amount = self.unclaimed.min(self.cash);
        self.cash = self.cash.checked_sub(amount)?;
        self.unclaimed = self.unclaimed.checked_sub(amount)?;
        self.reserve = self.reserve.checked_add(amount)?;
        Ok(amount)
    }

    fn pay(&mut self, amount: Uint128) -> Result<(), ContractError> {
        if amount > self.cash {
            return Err(ContractError::PoolShort {
                available: self.cash,
                required: amount,
            });
        }
        self.cash = self.cash.checked_sub(amount)?;
        Ok(())
    }
}

impl Row for Pool {
    fn write(&self, to: &mut Writer) {
        to.ints([
            self.cash,
            self.debt_shares,
            self.index,
            self.rate,
            self.supply_shares,
            self.unclaimed,
            self.reserve,
        ]);
        to.ints([self.since, self.resting_until]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            cash: from.amount()?,
            debt_shares: from.amount()?,
            index: from.amount()?,
            rate: from.amount()?,
            supply_shares: from.amount()?,
            unclaimed: from.amount()?,
            reserve: from.amount()?,
            since: from.int()?,
            resting_until: from.int()?,
        })
    }
}

/// The curve of a pool.
pub const fn curve(params: &Params, token: Token) -> &Curve {
    match token {
        Token::Credit => &params.credit_curve,
        Token::Lco => &params.lco_curve,
    }
}

fn rates(curve: &Curve) -> Result<RateCurve, MathError> {
    Ok(RateCurve {
        base_bps: curve.base_bps,
        slope_bps: curve.slope_bps,
        steep_bps: curve.steep_bps,
        kink: Bps::new(curve.kink_bps)?,
    })
}
