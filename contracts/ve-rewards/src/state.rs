//! What the contract stores. Amounts are base units of VCAI, times unix seconds; "scaled" is by 2^128.

use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint128, Uint256};
use interfaces::ve_rewards::Decay;
use kit::compact::{corrupt, Account, Reader, Row, Table, Writer};
use math::ve_rewards::Index;
use math::vote_escrow::Line;
use math::Day;

use crate::stream::Stream;

/// CONFIG: () → peers. 1 + ~195 bytes.
const CONFIG: Table<(), Config> = Table::new(0x80);
/// STREAM: () → the book as of its time. 1 + ~150 bytes.
const STREAM: Table<(), Stream> = Table::new(0x81);
/// EARNERS: account → its lock and what it earned; kept when the lock has ended. 21 + ~60 bytes.
pub const EARNERS: Table<Account, Earner> = Table::new(0x82);
/// ENDINGS: day → Σ s that ends at its 00:00 UTC; no row where nothing does. 5 + ~8 bytes.
pub const ENDINGS: Table<u32, Uint128> = Table::new(0x83);
/// CHECKS: day → the accumulators at its 00:00 UTC, where locks ended and the accumulators differ from the row before. 5 + ~35 bytes.
pub const CHECKS: Table<u32, Check> = Table::new(0x84);
/// FUNDINGS: day → base units funded on it. 5 + ~6 bytes.
pub const FUNDINGS: Table<u32, Uint128> = Table::new(0x85);

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
        to.int(self.time);
        to.ints([self.line.bias, self.line.slope, self.funded, self.paid]);
        to.int(self.checked);
        write_index(to, &self.index);
        [self.fading, self.fresh, self.waiting]
            .into_iter()
            .for_each(|value| to.wide(value));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let time = from.int()?;
        let [bias, slope] = from.pair()?;
        let [funded, paid] = from.pair()?;
        Ok(Self {
            time,
            line: Line { bias, slope },
            funded,
            paid,
            checked: from.flag()?,
            index: read_index(from)?,
            fading: from.wide()?,
            fresh: from.wide()?,
            waiting: from.wide()?,
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

/// The accumulators at the end of locks.
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

/// An account and what it earned: `settled` before its lock took its present form, and since then what the accumulators say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Earner {
    /// s.
    pub slope: u128,
    /// e: 00:00 UTC of a day.
    pub end: u64,
    /// The accumulators when the lock took its present form.
    pub since: Index,
    /// Earned before that, ever, scaled. Fractions are kept, so that it never matters how often something is settled or claimed.
    pub settled: Uint256,
    /// Base units ever paid.
    pub paid: u128,
}

impl Earner {
    pub fn load(storage: &dyn Storage, who: &Account) -> StdResult<Self> {
        Ok(EARNERS.may_load(storage, who)?.unwrap_or_default())
    }

    /// What the lock weighs, or weighed.
    pub fn decay(&self) -> Decay {
        Decay {
            slope: self.slope.into(),
            end: self.end,
        }
    }

    /// What the lock weighs at `time`; nothing if it has ended.
    pub fn live(&self, time: u64) -> Decay {
        match self.end > time {
            true => self.decay(),
            false => Decay::default(),
        }
    }
}

impl Row for Earner {
    fn write(&self, to: &mut Writer) {
        to.ints([self.slope, self.paid]);
        to.int(Day::of(self.end).index());
        write_index(to, &self.since);
        to.wide(self.settled);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let [slope, paid] = from.pair()?;
        Ok(Self {
            slope,
            paid,
            end: Day::from_index(from.int()?).start(),
            since: read_index(from)?,
            settled: from.wide()?,
        })
    }
}

/// Day number of a time, as a key.
pub fn day(time: u64) -> StdResult<u32> {
    u32::try_from(Day::of(time).index()).map_err(|_| corrupt("a time beyond all days"))
}

/// 00:00 UTC of a day number.
pub fn midnight(day: u32) -> u64 {
    Day::from_index(day.into()).start()
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
            time: 5,
            line: Line {
                bias: 1 << 90,
                slope: 7,
            },
            index,
            checked: true,
            fading: Uint256::from(1u8),
            fresh: Uint256::zero(),
            waiting: Uint256::MAX,
            funded: u128::MAX,
            paid: 1,
        };
        assert_eq!(decode::<Stream>(&encode(&stream)).unwrap(), stream);
        let earner = Earner {
            slope: 3,
            end: 20_000 * 86_400,
            since: index,
            settled: Uint256::from(9u8),
            paid: 8,
        };
        assert_eq!(decode::<Earner>(&encode(&earner)).unwrap(), earner);
        assert_eq!(decode::<Check>(&encode(&Check(index))).unwrap(), Check(index));
        day(u64::MAX).unwrap_err();
    }

    #[test]
    fn a_lock_weighs_nothing_from_its_end_on() {
        let earner = Earner {
            slope: 3,
            end: 86_400,
            ..Earner::default()
        };
        assert_eq!(earner.live(86_399), earner.decay());
        assert_eq!(earner.live(86_400), Decay::default());
    }
}
