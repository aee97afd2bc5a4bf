//! What the contract stores. Amounts are base units of VCAI, times unix seconds; "scaled" is by 2^128.

use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint128, Uint256};
use kit::compact::{Account, Reader, Row, Table, Writer};
use math::ve_rewards::Index;
use math::vote_escrow::Line;

use crate::stream::Stream;
use crate::weights::Total;

/// CONFIG: () → peers. 1 + ~195 bytes.
const CONFIG: Table<(), Config> = Table::new(0x80);
/// STREAM: () → the book as of its day. 1 + ~90 bytes.
const STREAM: Table<(), Stream> = Table::new(0x81);
/// EARNERS: account → what it earned and was paid, as of its last claim. 21 + ~35 bytes.
pub const EARNERS: Table<Account, Earner> = Table::new(0x82);
/// CHECKS: day → the accumulators at its 00:00 UTC, where something flowed on the day before. 5 + ~35 bytes.
pub const CHECKS: Table<u32, Check> = Table::new(0x83);
/// FUNDINGS: day → base units funded on it. 5 + ~6 bytes.
pub const FUNDINGS: Table<u32, Uint128> = Table::new(0x84);

/// Peers. They never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub vcai: Addr,
    pub vote_escrow: Addr,
    pub treasury: Addr,
}

impl Config {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let missing = || StdError::not_found("config");
        CONFIG.may_load(storage, &())?.ok_or_else(missing)
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        CONFIG.save(storage, &(), self);
    }
}

impl Row for Config {
    fn write(&self, to: &mut Writer) {
        [&self.vcai, &self.vote_escrow, &self.treasury]
            .into_iter()
            .for_each(|peer| to.text(peer.as_str()));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let peer = |from: &mut Reader| -> StdResult<Addr> { Ok(Addr::unchecked(from.text()?)) };
        Ok(Self {
            vcai: peer(from)?,
            vote_escrow: peer(from)?,
            treasury: peer(from)?,
        })
    }
}

impl Stream {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let missing = || StdError::not_found("stream");
        STREAM.may_load(storage, &())?.ok_or_else(missing)
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        STREAM.save(storage, &(), self);
    }
}

impl Row for Stream {
    fn write(&self, to: &mut Writer) {
        to.ints([self.flowing, self.waiting, self.funded, self.paid]);
        to.ints([self.day, self.total.day]);
        to.ints([self.total.line.bias, self.total.line.slope]);
        write_index(to, &self.index);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let ([flowing, waiting], [funded, paid]) = (from.pair()?, from.pair()?);
        let [day, began] = from.pair()?;
        let [bias, slope] = from.pair()?;
        Ok(Self {
            day,
            flowing,
            waiting,
            index: read_index(from)?,
            total: Total {
                day: began,
                line: Line { bias, slope },
            },
            funded,
            paid,
        })
    }
}

fn write_index(to: &mut Writer, index: &Index) {
    to.wide(index.a);
    to.wide(index.c);
}

fn read_index(from: &mut Reader) -> StdResult<Index> {
    Ok(Index {
        a: from.wide()?,
        c: from.wide()?,
    })
}

/// The accumulators at a midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check(pub Index);

impl Row for Check {
    fn write(&self, to: &mut Writer) {
        write_index(to, &self.0);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        read_index(from).map(Self)
    }
}

/// An account, as of its last claim. The default stands for one that never claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Earner {
    /// The day of that claim: until its midnight everything is in `settled`.
    pub through: u32,
    /// Earned until then, ever, scaled. Fractions are kept, so that it never matters how often something is claimed.
    pub settled: Uint256,
    /// Base units ever paid.
    pub paid: u128,
}

impl Earner {
    pub fn load(storage: &dyn Storage, who: &Account) -> StdResult<Self> {
        Ok(EARNERS.may_load(storage, who)?.unwrap_or_default())
    }
}

impl Row for Earner {
    fn write(&self, to: &mut Writer) {
        to.int(self.through);
        to.wide(self.settled);
        to.int(self.paid);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            through: from.int()?,
            settled: from.wide()?,
            paid: from.int()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use kit::compact::{decode, encode};

    use super::*;

    #[test]
    fn rows_come_back_as_they_were_written() {
        let index = Index {
            a: Uint256::from(u128::MAX),
            c: Uint256::MAX,
        };
        let stream = Stream {
            day: 20_000,
            flowing: 1,
            waiting: 2,
            index,
            total: Total {
                day: 19_999,
                line: Line {
                    bias: 1 << 90,
                    slope: 7,
                },
            },
            funded: u128::MAX,
            paid: 3,
        };
        assert_eq!(decode::<Stream>(&encode(&stream)).unwrap(), stream);
        let earner = Earner {
            through: 20_000,
            settled: Uint256::from(9u8),
            paid: 8,
        };
        assert_eq!(decode::<Earner>(&encode(&earner)).unwrap(), earner);
        assert_eq!(decode::<Check>(&encode(&Check(index))).unwrap(), Check(index));
    }
}
