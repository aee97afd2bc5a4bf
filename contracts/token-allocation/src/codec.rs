//! The compact form of the rows that every claim rewrites: a written byte costs 30 gas, and a grant has a third of the bytes of its JSON here.

use cosmwasm_std::{Addr, StdResult};
use interfaces::token_allocation::{Bucket, VestingKind, VestingSchedule};
use kit::compact::{self, corrupt, Reader, Writer};

use crate::state::{key, Grant, Row};

impl compact::Row for Row {
    fn write(&self, to: &mut Writer) {
        to.ints([self.size, self.granted, self.claimed, self.sent]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            size: from.amount()?,
            granted: from.amount()?,
            claimed: from.amount()?,
            sent: from.amount()?,
        })
    }
}

impl compact::Row for Grant {
    fn write(&self, to: &mut Writer) {
        to.int(key(self.bucket));
        to.text(self.beneficiary.as_str());
        to.option(&self.pending, |to, pending| to.text(pending.as_str()));
        to.ints([self.amount, self.floor, self.claimed]);
        write_schedule(to, &self.schedule);
        to.option(&self.start, |to, start| to.int(*start));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            bucket: bucket(from.int()?)?,
            beneficiary: Addr::unchecked(from.text()?),
            pending: from.option(|from| Ok(Addr::unchecked(from.text()?)))?,
            amount: from.amount()?,
            floor: from.amount()?,
            claimed: from.amount()?,
            schedule: read_schedule(from)?,
            start: from.option(Reader::int)?,
        })
    }
}

fn bucket(number: u8) -> StdResult<Bucket> {
    let mut all = Bucket::GENESIS.into_iter().chain([Bucket::Issued]);
    all.find(|bucket| key(*bucket) == number)
        .ok_or_else(|| corrupt("unknown bucket"))
}

/// A linear schedule is one of no steps.
fn write_schedule(to: &mut Writer, schedule: &VestingSchedule) {
    to.int(schedule.tge_bps());
    to.int(schedule.cliff());
    match schedule.kind() {
        VestingKind::Linear { duration } => to.ints([0, duration]),
        VestingKind::Steps { period, count } => to.ints([count.into(), period]),
    }
}

fn read_schedule(from: &mut Reader) -> StdResult<VestingSchedule> {
    let (tge_bps, cliff) = (from.int()?, from.int()?);
    let (count, seconds): (u32, u64) = (from.int()?, from.int()?);
    let kind = match count {
        0 => VestingKind::Linear { duration: seconds },
        _ => VestingKind::Steps { period: seconds, count },
    };
    VestingSchedule::new(tge_bps, cliff, kind).map_err(|error| corrupt(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use kit::compact::{decode, encode};
    use math::vesting::{MAX_SECONDS, MONTH};
    use proptest::prelude::*;

    use super::*;

    fn schedule() -> impl Strategy<Value = VestingSchedule> {
        let linear = (1..=MAX_SECONDS).prop_map(|duration| VestingKind::Linear { duration });
        let steps = (1..=MONTH, 1..=120u32).prop_map(|(period, count)| VestingKind::Steps { period, count });
        (0..=10_000u16, 0..=MAX_SECONDS, prop_oneof![linear, steps])
            .prop_map(|(tge_bps, cliff, kind)| VestingSchedule::new(tge_bps, cliff, kind).unwrap())
    }

    proptest! {
        #[test]
        fn every_grant_is_read_as_it_was_written(
            number in 1..=9u8, names: (String, Option<String>), sums: [u128; 3], schedule in schedule(), start: Option<u64>, cut in any::<prop::sample::Index>(),
        ) {
            let [amount, floor, claimed] = sums.map(Into::into);
            let grant = Grant {
                bucket: bucket(number).unwrap(),
                beneficiary: Addr::unchecked(names.0),
                pending: names.1.map(Addr::unchecked),
                amount, schedule, start, floor, claimed,
            };
            let bytes = encode(&grant);
            prop_assert_eq!(decode::<Grant>(&bytes).unwrap(), grant);
            // and no part of a row is a row
            prop_assert!(decode::<Grant>(&bytes[..cut.index(bytes.len())]).is_err());
        }

        #[test]
        fn every_bucket_is_read_as_it_was_written(sums: [u128; 4]) {
            let [size, granted, claimed, sent] = sums.map(Into::into);
            let row = Row { size, granted, claimed, sent };
            prop_assert_eq!(decode::<Row>(&encode(&row)).unwrap(), row);
        }
    }

    #[test]
    fn unknown_buckets_are_refused() {
        for number in [0, 10, 255] {
            bucket(number).unwrap_err();
        }
    }
}
