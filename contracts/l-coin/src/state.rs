//! Storage. Every row is `cw20-base`'s own, so that its code can work on them:
//!
//! - `TOKEN_INFO: () → name, symbol, decimals, present supply in µLCO, minter and what it may still mint in µLCO`
//! - `BALANCES: address → µLCO`
//! - `ALLOWANCES: (owner, spender) → µLCO and expiration`, and `ALLOWANCES_SPENDER`, the same by spender
//! - `MARKETING_INFO: () → what wallets show`, `LOGO: () → embedded logo`
//!
//! The minter's `cap` in `TOKEN_INFO` is, as `cw20-base` documents it, "how many more tokens can be issued". Here that is
//! taken at its word: it starts at [`CAP`] and falls with every mint, never to rise. So the cumulative amount needs no row
//! of its own, minting writes no more than in `cw20-base`, and burning, which leaves it alone, cannot open the cap.

use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint128};
use cw20_base::state::{MinterData, TokenInfo};
pub use cw20_base::state::{ALLOWANCES, BALANCES, TOKEN_INFO};
use interfaces::l_coin::CAP;

/// The token with its minter; every instance has one.
pub struct Token {
    /// Name, symbol, decimals and present supply.
    pub info: TokenInfo,
    /// The only address that can mint.
    pub minter: Addr,
    /// µLCO that may still be minted.
    pub mintable: Uint128,
}

impl Token {
    /// Reads the token's row.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let info = TOKEN_INFO.load(storage)?;
        match info.mint.clone() {
            Some(MinterData {
                minter,
                cap: Some(mintable),
            }) => Ok(Self { info, minter, mintable }),
            _ => Err(StdError::not_found("minter")),
        }
    }

    /// µLCO ever minted.
    pub fn minted(&self) -> StdResult<Uint128> {
        Ok(CAP.checked_sub(self.mintable)?)
    }

    /// µLCO ever burned: what was minted and is no more.
    pub fn burned(&self) -> StdResult<Uint128> {
        Ok(self.minted()?.checked_sub(self.info.total_supply)?)
    }

    /// Counts `amount` µLCO as minted. `None` if the cap does not allow it.
    pub fn issue(&mut self, amount: Uint128) -> Option<()> {
        self.mintable = self.mintable.checked_sub(amount).ok()?;
        self.info.total_supply = self.info.total_supply.checked_add(amount).ok()?;
        Some(())
    }

    /// Writes the token's row.
    pub fn save(self, storage: &mut dyn Storage) -> StdResult<()> {
        let mint = Some(MinterData {
            minter: self.minter,
            cap: Some(self.mintable),
        });
        TOKEN_INFO.save(storage, &TokenInfo { mint, ..self.info })
    }
}
