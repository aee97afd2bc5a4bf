//! Messages that only one known address may send.

use cosmwasm_std::Addr;
use thiserror::Error;

/// The sender does not hold the role.
#[derive(Error, Debug, PartialEq, Eq)]
#[error("only the {role} {expected} may do this, not {actual}")]
pub struct Unauthorized {
    /// What the address is to the contract, such as `oracle`.
    pub role: &'static str,
    /// The address that holds the role.
    pub expected: Addr,
    /// The sender.
    pub actual: Addr,
}

impl Unauthorized {
    /// Stable code, see the crate's table.
    pub fn code(&self) -> u16 {
        911
    }
}

/// Refuses any sender but the holder of `role`.
pub fn assert_sender(actual: &Addr, expected: &Addr, role: &'static str) -> Result<(), Unauthorized> {
    if actual == expected {
        return Ok(());
    }
    Err(Unauthorized {
        role,
        expected: expected.clone(),
        actual: actual.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_holder_passes() {
        let (oracle, thief) = (Addr::unchecked("oracle1"), Addr::unchecked("thief1"));
        assert_sender(&oracle, &oracle, "oracle").unwrap();
        let error = assert_sender(&thief, &oracle, "oracle").unwrap_err();
        assert_eq!(error.to_string(), "only the oracle oracle1 may do this, not thief1");
        assert_eq!(error.code(), 911);
    }
}
