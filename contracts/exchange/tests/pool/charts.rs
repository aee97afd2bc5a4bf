//! Candles, against all swaps grouped one by one.

use exchange::candles::{length, KEPT};
use interfaces::exchange::*;
use proptest::prelude::*;

use crate::direct::Direct;
use crate::world::{amount, amounts, DAY, HOUR, ONE, START};

/// One swap as it was.
struct Deal {
    at: u64,
    before: QuotePerBase,
    after: QuotePerBase,
    volume: [u128; 2],
}

fn price(direct: &Direct) -> QuotePerBase {
    let [base, quote] = direct.reserves();
    QuotePerBase::of_reserves(base, quote).unwrap()
}

fn deal(direct: &mut Direct, side: Side, paid: u128) -> Deal {
    let before = price(direct);
    let out = direct.swap(side, paid).unwrap();
    let volume = match side {
        Side::Base => [paid, out],
        Side::Quote => [out, paid],
    };
    Deal {
        at: direct.ms() / 1_000,
        before,
        after: price(direct),
        volume,
    }
}

/// All candles, newest first.
fn group(deals: &[Deal], interval: Interval) -> Vec<Candle> {
    let mut candles: Vec<Candle> = vec![];
    for deal in deals {
        let start = deal.at / length(interval) * length(interval);
        let (high, low) = (deal.before.max(deal.after), deal.before.min(deal.after));
        match candles.last_mut().filter(|candle| candle.start == start) {
            Some(candle) => {
                candle.high = candle.high.max(high);
                candle.low = candle.low.min(low);
                candle.close = deal.after;
                candle.swaps += 1;
                for (sum, volume) in candle.volume.iter_mut().zip(deal.volume) {
                    *sum += amount(volume);
                }
            }
            None => candles.push(Candle {
                start,
                open: deal.before,
                high,
                low,
                close: deal.after,
                volume: amounts(deal.volume),
                swaps: 1,
            }),
        }
    }
    candles.reverse();
    candles
}

/// Everything the pool shows, page by page.
fn shown(direct: &Direct, interval: Interval, page: u32) -> Vec<Candle> {
    let mut candles: Vec<Candle> = vec![];
    loop {
        let start_before = candles.last().map(|candle| candle.start);
        let question = QueryMsg::Candles {
            interval,
            start_before,
            limit: Some(page),
        };
        let more = direct.ask::<CandlesResponse>(question).unwrap().candles;
        if more.is_empty() {
            return candles;
        }
        candles.extend(more);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn candles_are_the_swaps_grouped(
        steps in prop::collection::vec((prop_oneof![0..50_u64, 0..4_000_u64, 0..200_000_u64], any::<bool>(), 1..100_u128), 1..60), page in 1..30_u32
    ) {
        let mut direct = Direct::new([4_000_000 * ONE, 1_000_000 * ONE]);
        let mut deals = vec![];
        for (pause, up, part) in steps {
            direct.wait(pause * 1_000);
            let side = if up { Side::Quote } else { Side::Base };
            deals.push(deal(&mut direct, side, part * 1_000 * ONE));
        }
        let newest = deals.last().unwrap().at;
        for interval in [Interval::Minute, Interval::Hour, Interval::Day] {
            let mut expected = group(&deals, interval);
            expected.retain(|candle| newest / length(interval) - candle.start / length(interval) < KEPT);
            prop_assert_eq!(shown(&direct, interval, page), expected);
        }
    }
}

#[test]
fn candles_are_bounded_and_old_ones_do_not_come_back() {
    let mut direct = Direct::new([4_000_000 * ONE, 1_000_000 * ONE]);
    let mut deals = vec![];
    // every seven minutes for two weeks: the ring of minutes goes round fourteen times
    for _ in 0..14 * 24 * 60 / 7 {
        direct.wait(7 * 60 * 1_000);
        deals.push(deal(&mut direct, Side::Base, ONE));
    }
    let minutes = shown(&direct, Interval::Minute, 100);
    assert_eq!(minutes.len() as u64, KEPT.div_ceil(7));
    assert_eq!(minutes[..], group(&deals, Interval::Minute)[..minutes.len()]);
    assert_eq!(shown(&direct, Interval::Hour, 100), group(&deals, Interval::Hour));
    let rows = exchange::state::CANDLES
        .range(&direct.deps.storage, .., cosmwasm_std::Order::Ascending)
        .count();
    assert!(rows as u64 <= KEPT + 14 * 24 + 15, "{rows} rows");
}

#[test]
fn volume_of_a_day() {
    let mut direct = Direct::new([4_000_000 * ONE, 1_000_000 * ONE]);
    let overview = |direct: &Direct| {
        direct
            .ask::<OverviewResponse>(QueryMsg::Overview {})
            .unwrap()
            .volume_24h
    };
    assert_eq!(overview(&direct), amounts([0, 0]));
    let first = deal(&mut direct, Side::Base, ONE);
    direct.wait(10 * HOUR * 1_000);
    let second = deal(&mut direct, Side::Quote, ONE);
    let sum = [first.volume[0] + second.volume[0], first.volume[1] + second.volume[1]];
    assert_eq!(overview(&direct), amounts(sum));
    direct.wait((DAY - 9 * HOUR) * 1_000);
    assert_eq!(overview(&direct), amounts(second.volume));
    direct.wait(DAY * 1_000);
    assert_eq!(overview(&direct), amounts([0, 0]));
}

#[test]
fn candles_begin_where_the_clock_does() {
    let mut direct = Direct::new([4_000_000 * ONE, 1_000_000 * ONE]);
    direct.wait(HOUR * 1_000 + 61_000);
    direct.swap(Side::Base, ONE).unwrap();
    let start = |interval| shown(&direct, interval, 9)[0].start - START;
    assert_eq!(
        [Interval::Minute, Interval::Hour, Interval::Day].map(start),
        [HOUR + 60, HOUR, 0]
    );
}
