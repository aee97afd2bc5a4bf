//! Guards on the native coins that arrive with a message. Nothing is ever kept by accident.

use cosmwasm_std::{Coin, MessageInfo, Uint128};
use thiserror::Error;

/// Refusals of this module.
#[derive(Error, Debug, PartialEq, Eq)]
pub enum FundsError {
    /// Nothing, or an amount of zero, was attached.
    #[error("expected an amount of {expected}, but no funds are attached")]
    Missing {
        /// The denom expected.
        expected: String,
    },
    /// Another denom, or several, were attached.
    #[error("expected only {expected}, but {actual} is attached")]
    Wrong {
        /// The denom expected.
        expected: String,
        /// The coins attached.
        actual: String,
    },
    /// Coins were attached to a message that takes none.
    #[error("expected no funds, but {actual} is attached")]
    Unexpected {
        /// The coins attached.
        actual: String,
    },
}

impl FundsError {
    /// Stable code, see the crate's table.
    pub fn code(&self) -> u16 {
        match self {
            Self::Missing { .. } => 930,
            Self::Wrong { .. } => 931,
            Self::Unexpected { .. } => 932,
        }
    }
}

/// The amount attached in base units of `denom`, above zero. Refuses nothing, zero, another denom, and a mix.
pub fn exact_one(info: &MessageInfo, denom: &str) -> Result<Uint128, FundsError> {
    match info.funds.as_slice() {
        [] => Err(FundsError::Missing {
            expected: denom.to_owned(),
        }),
        [coin] if coin.denom == denom && coin.amount.is_zero() => Err(FundsError::Missing {
            expected: denom.to_owned(),
        }),
        [coin] if coin.denom == denom => Ok(coin.amount),
        coins => Err(FundsError::Wrong {
            expected: denom.to_owned(),
            actual: list(coins),
        }),
    }
}

/// Refuses any attached coin, so that none is stranded in a contract without a way to give it back.
pub fn none(info: &MessageInfo) -> Result<(), FundsError> {
    if info.funds.is_empty() {
        return Ok(());
    }
    Err(FundsError::Unexpected {
        actual: list(&info.funds),
    })
}

fn list(coins: &[Coin]) -> String {
    coins.iter().map(Coin::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{coin, Addr};

    use super::*;

    fn with(funds: &[Coin]) -> MessageInfo {
        MessageInfo {
            sender: Addr::unchecked("sender"),
            funds: funds.to_vec(),
        }
    }

    #[test]
    fn one_coin_of_the_denom_is_taken_exactly() {
        for amount in [1, 7, u128::MAX] {
            assert_eq!(
                exact_one(&with(&[coin(amount, "uusdt")]), "uusdt"),
                Ok(Uint128::new(amount))
            );
        }
    }

    #[test]
    fn anything_else_is_refused_naming_the_denom() {
        let missing = |code: u16| {
            (
                code,
                "expected an amount of uusdt, but no funds are attached".to_owned(),
            )
        };
        let wrong = |actual: &str| (931, format!("expected only uusdt, but {actual} is attached"));
        let cases: [(&str, &[Coin], (u16, String)); 5] = [
            ("nothing", &[], missing(930)),
            ("zero", &[coin(0, "uusdt")], missing(930)),
            ("another denom", &[coin(5, "ufake")], wrong("5ufake")),
            ("a mix", &[coin(5, "uusdt"), coin(1, "ufake")], wrong("5uusdt,1ufake")),
            (
                "the same denom twice",
                &[coin(5, "uusdt"), coin(5, "uusdt")],
                wrong("5uusdt,5uusdt"),
            ),
        ];
        for (name, funds, expected) in cases {
            let error = exact_one(&with(funds), "uusdt").unwrap_err();
            assert_eq!((error.code(), error.to_string()), expected, "{name}");
        }
    }

    #[test]
    fn look_alike_denom_is_not_the_denom() {
        for denom in ["uusd", "uusdtt", "UUSDT", "ibc/uusdt"] {
            assert_eq!(
                exact_one(&with(&[coin(5, denom)]), "uusdt").unwrap_err().code(),
                931,
                "{denom}"
            );
        }
    }

    #[test]
    fn a_message_that_takes_nothing_keeps_nothing() {
        none(&with(&[])).unwrap();
        let error = none(&with(&[coin(1, "uusdt")])).unwrap_err();
        assert_eq!(
            error,
            FundsError::Unexpected {
                actual: "1uusdt".into()
            }
        );
        assert_eq!(error.code(), 932);
    }
}
