//! Means of the price, against a list of every block.

use cosmwasm_std::{Order, Uint256};
use exchange::history::{RING, SLOT_MS};
use exchange::state::{HOURS, SLOTS};
use interfaces::exchange::*;
use proptest::prelude::*;

use crate::direct::Direct;
use crate::world::{amounts, DAY, HOUR, ONE};

const DEEP: [u128; 2] = [4_000_000 * ONE, 1_000_000 * ONE];

/// Every stretch between two touched blocks, with the price that counts for it; kept for ever and added up one by one.
struct List {
    /// Begin and end (ms), and p̂ · 2⁶⁴.
    stretches: Vec<(u64, u64, Uint256)>,
    counted: Uint256,
    at: u64,
    /// Times at which a slot is due.
    slots: Vec<u64>,
}

impl List {
    fn new(direct: &Direct) -> Self {
        Self {
            stretches: vec![],
            counted: left(direct),
            at: direct.ms(),
            slots: vec![direct.ms()],
        }
    }

    /// The first touch of a block, before it changes anything.
    fn touch(&mut self, direct: &Direct) {
        let stretch = self.stretch_to_now(direct);
        self.counted = stretch.2;
        self.at = direct.ms();
        self.stretches.push(stretch);
        if self.at - self.slots.last().unwrap() >= SLOT_MS {
            self.slots.push(self.at);
        }
    }

    /// What has passed since the last touch: the price left then, at most 0.8 % a second from the one before.
    fn stretch_to_now(&self, direct: &Direct) -> (u64, u64, Uint256) {
        let elapsed = Uint256::from(direct.ms() - self.at);
        let still = Uint256::from(125_000u32);
        let grown = still + elapsed;
        let highest = (self.counted * grown + still - Uint256::one()) / still;
        (
            self.at,
            direct.ms(),
            left(direct).clamp(self.counted * still / grown, highest),
        )
    }

    /// Mean over the window, rounded down, and the range of prices between the two slots around its start.
    fn mean(&self, direct: &Direct, window: u64) -> (Uint256, Uint256) {
        let (now, length) = (direct.ms(), window * 1_000);
        let start = now - length;
        let all: Vec<_> = self
            .stretches
            .iter()
            .copied()
            .chain([self.stretch_to_now(direct)])
            .collect();
        let area = all.iter().fold(Uint256::zero(), |sum, (from, to, price)| {
            let time = to.saturating_sub((*from).max(start));
            sum + *price * Uint256::from(time)
        });
        let before = self
            .slots
            .iter()
            .rev()
            .find(|slot| **slot <= start)
            .copied()
            .unwrap_or_default();
        let after = self
            .slots
            .iter()
            .find(|slot| **slot > start)
            .copied()
            .unwrap_or(self.at);
        let around = || {
            all.iter()
                .filter(|(from, to, _)| *to > before && *from < after)
                .map(|(_, _, price)| *price)
        };
        let range = around().max().unwrap_or_default() - around().min().unwrap_or_default();
        (area / Uint256::from(length), range)
    }
}

/// y/x · 2⁶⁴.
fn left(direct: &Direct) -> Uint256 {
    let [base, quote] = direct.reserves().map(Uint256::from);
    quote * Uint256::from(1u128 << 64) / base
}

fn difference(a: Uint256, b: Uint256) -> Uint256 {
    a.max(b) - a.min(b)
}

/// Swaps a part of a reserve, in thousandths; 0 touches nothing.
fn move_price(direct: &mut Direct, side: Side, part: u128) {
    if part > 0 {
        let reserve = direct.reserves()[side as usize];
        direct.swap(side, reserve * part / 1_000).unwrap();
    }
}

fn steps(gap: std::ops::Range<u64>, count: usize) -> impl Strategy<Value = Vec<(u64, bool, u128)>> {
    prop::collection::vec((gap, any::<bool>(), 0..300_u128), 1..count)
}

fn run(direct: &mut Direct, list: &mut List, steps: Vec<(u64, bool, u128)>) {
    for (gap, up, part) in steps {
        direct.wait(gap);
        if part > 0 {
            list.touch(direct);
        }
        let side = if up { Side::Quote } else { Side::Base };
        move_price(direct, side, part);
    }
    direct.wait(1_000);
}

/// Windows that fit the history.
fn windows(direct: &Direct, list: &List) -> Vec<u64> {
    let history = (direct.ms() - list.slots[0]) / 1_000;
    [15, 60, 300, 1_800, 7_200, history]
        .into_iter()
        .filter(|window| (15..=history).contains(window))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Where touches are 15 s apart or more, every one has its row and the mean is exact.
    #[test]
    fn twap_equals_the_per_block_list(steps in steps(15_000..90_000, 60)) {
        let mut direct = Direct::new(DEEP);
        let mut list = List::new(&direct);
        run(&mut direct, &mut list, steps);
        for window in windows(&direct, &list) {
            let (expected, _) = list.mean(&direct, window);
            let actual = direct.twap(window).unwrap();
            prop_assert!(difference(actual.arithmetic.raw(), expected) <= Uint256::from(1u32), "{} s", window);
            prop_assert!(actual.harmonic <= actual.arithmetic);
        }
    }

    /// With several touches between two rows the start of the window lies on the line between them: at most 15 s of that stretch's range of prices.
    #[test]
    fn twap_is_within_fifteen_seconds_of_the_per_block_list(steps in steps(1..20_000, 150)) {
        let mut direct = Direct::new(DEEP);
        let mut list = List::new(&direct);
        run(&mut direct, &mut list, steps);
        for window in windows(&direct, &list) {
            let (expected, range) = list.mean(&direct, window);
            let bound = range * Uint256::from(SLOT_MS) / Uint256::from(window * 1_000) + Uint256::from(2u32);
            let actual = direct.twap(window).unwrap().arithmetic.raw();
            prop_assert!(difference(actual, expected) <= bound, "{} s: {} {} {}", window, actual, expected, bound);
        }
    }
}

#[test]
fn one_touch_per_block_for_two_hours_and_the_thirty_minute_mean_answers() {
    let mut direct = Direct::new(DEEP);
    let mut list = List::new(&direct);
    for block in 0..14_400_u32 {
        direct.wait(500);
        list.touch(&direct);
        let side = if block % 7 < 3 { Side::Base } else { Side::Quote };
        direct.swap(side, 100 * ONE + u128::from(block)).unwrap();
    }
    let market = direct.market();
    assert!(market.twap_30m.is_some() && market.twap_5m.is_some() && market.mark.is_some());
    for window in [15, 300, 1_800, 3_600, 7_200] {
        let (expected, range) = list.mean(&direct, window);
        let bound = range * Uint256::from(SLOT_MS) / Uint256::from(window * 1_000) + Uint256::from(2u32);
        assert!(
            difference(direct.twap(window).unwrap().arithmetic.raw(), expected) <= bound,
            "{window} s"
        );
    }
    assert_eq!(direct.twap(7_201).unwrap_err().code(), 23);
    assert_eq!(
        rows(&direct),
        (481, 3),
        "a row every 15 s; one for the beginning and one for each hour that is over"
    );
}

fn rows(direct: &Direct) -> (usize, usize) {
    let storage = &direct.deps.storage;
    let slots = SLOTS.range(storage, .., Order::Ascending).count();
    (slots, HOURS.range(storage, .., Order::Ascending).count())
}

#[test]
fn rows_are_bounded_and_a_week_is_answered_for_a_busy_pool() {
    let mut direct = Direct::new(DEEP);
    let mut list = List::new(&direct);
    for step in 0..30 * 24 * 6_u32 {
        direct.wait(600_000);
        list.touch(&direct);
        let side = if step / 500 % 2 == 0 { Side::Base } else { Side::Quote };
        direct.swap(side, 500 * ONE).unwrap();
    }
    assert_eq!(rows(&direct), (usize::from(RING), usize::from(RING)));
    for window in [300, 1_800, DAY, 3 * DAY, 7 * DAY] {
        let (expected, _) = list.mean(&direct, window);
        let actual = direct.twap(window).unwrap().arithmetic.raw();
        // beyond the newest 512 touches, on the line between hours: here within 0.01 %
        assert!(
            difference(actual, expected) * Uint256::from(10_000u32) < expected,
            "{window} s"
        );
    }
}

/// Touched every 15 s, the fine rows reach back two hours; the hourly ones take over.
#[test]
fn hourly_rows_answer_where_the_fine_ones_end() {
    let mut direct = Direct::new(DEEP);
    let mut list = List::new(&direct);
    for step in 0..1_500_u32 {
        direct.wait(15_000);
        list.touch(&direct);
        let side = if step / 200 % 2 == 0 { Side::Base } else { Side::Quote };
        direct.swap(side, 200 * ONE).unwrap();
    }
    for window in [7_000, 9_000, 4 * HOUR, 6 * HOUR] {
        let (expected, _) = list.mean(&direct, window);
        let actual = direct.twap(window).unwrap().arithmetic.raw();
        assert!(
            difference(actual, expected) * Uint256::from(1_000u32) < expected,
            "{window} s"
        );
    }
    assert_eq!(direct.twap(1_500 * 15).map(|_| ()), Ok(()), "back to the first LP");
    assert_eq!(direct.twap(1_500 * 15 + 1).unwrap_err().code(), 23);
}

#[test]
fn short_history_is_an_error_and_never_the_current_price() {
    let mut direct = Direct::new(DEEP);
    let known = |direct: &Direct| {
        let market = direct.market();
        (
            market.previous_close.is_some(),
            market.twap_5m.is_some(),
            market.twap_30m.is_some(),
            market.mark.is_some(),
        )
    };
    assert_eq!(
        known(&direct),
        (false, false, false, false),
        "the first block has no close before it"
    );
    for (pause, expected) in [
        (299_999, (true, false, false, false)),
        (1, (true, true, false, false)),
        (1_499_999, (true, true, false, false)),
        (1, (true, true, true, true)),
    ] {
        direct.wait(pause);
        assert_eq!(known(&direct), expected);
        assert_eq!(direct.twap(300).is_ok(), expected.1);
    }
    assert_eq!(
        direct.twap(1_801).unwrap_err().to_string(),
        "[exchange:23] the pool's history covers 1800 s, 1801 s asked"
    );
    assert_eq!(direct.twap(14).unwrap_err().code(), 11);
    assert_eq!(direct.twap(604_801).unwrap_err().code(), 11);
}

#[test]
fn pool_without_lps_has_no_price() {
    let world = crate::world::World::tokens();
    let market = world.market();
    assert_eq!(
        (market.previous_close, market.twap_5m, market.twap_30m, market.mark),
        (None, None, None, None)
    );
    assert_eq!(
        (market.reserves, market.lowest_reserves_24h),
        (amounts([0, 0]), amounts([0, 0]))
    );
    assert_eq!(world.refused(&QueryMsg::Twap { window: 300 }), 23);
}

/// Nobody trades for hours: the last price stands, and counts.
#[test]
fn quiet_pool_keeps_its_price() {
    let mut direct = Direct::new(DEEP);
    direct.wait(1_000);
    direct.swap(Side::Quote, 400_000 * ONE).unwrap();
    direct.wait(3 * HOUR * 1_000);
    let market = direct.market();
    let price = market.previous_close.unwrap();
    assert_eq!(market.twap_5m.unwrap().arithmetic, price);
    assert_eq!(market.mark.unwrap().short, price);
    // the inverse is rounded up, so its mean is lower by its rounding and no more
    let harmonic = market.mark.unwrap().long;
    assert!(harmonic <= price && difference(harmonic.raw(), price.raw()) <= Uint256::from(1u32));
}

/// The price counted follows a crash by 0.8 % a second, whoever touches the pool how often.
#[test]
fn counted_price_moves_at_most_point_eight_percent_a_second() {
    for gap in [100, 500, 5_000, 60_000] {
        let mut direct = Direct::new(DEEP);
        direct.wait(1_000);
        direct.swap(Side::Quote, 9_000_000 * ONE).unwrap();
        let before = direct.market();
        let quarter = Uint256::from(1u128 << 62);
        assert!(direct.market().reserves[1] > before.previous_close_reserves[1]);
        for _ in 0..(60_000 / gap) {
            direct.wait(gap);
            direct.swap(Side::Quote, ONE).unwrap();
        }
        // e^(0.008 · 60) = 1.616: the mean of the last minute cannot be above
        let mean = direct.twap(60).unwrap().arithmetic.raw();
        assert!(
            mean < quarter * Uint256::from(1_617u32) / Uint256::from(1_000u32),
            "{gap} ms: {mean}"
        );
        assert!(
            mean > quarter * Uint256::from(1_200u32) / Uint256::from(1_000u32),
            "{gap} ms: {mean}"
        );
    }
}

#[test]
fn lowest_reserves_are_those_of_block_ends_in_the_last_day() {
    let mut direct = Direct::new(DEEP);
    direct.wait(1_000);
    let out = direct.swap(Side::Quote, 1_000_000 * ONE).unwrap();
    direct.wait(1_000);
    let low = direct.reserves()[0];
    direct.swap(Side::Base, out).unwrap();
    for hours in 1..=24 {
        direct.wait(HOUR * 1_000);
        direct.swap(Side::Base, ONE).unwrap();
        assert_eq!(direct.market().lowest_reserves_24h[0].u128(), low, "after {hours} h");
    }
    direct.wait(HOUR * 1_000);
    assert!(
        direct.market().lowest_reserves_24h[0].u128() > low,
        "forgotten after a day"
    );
    // in an hour without touches as well
    direct.wait(1_000);
    let low = {
        direct.swap(Side::Quote, 2_000_000 * ONE).unwrap();
        direct.reserves()[0]
    };
    direct.wait(40 * HOUR * 1_000);
    assert_eq!(
        direct.market().lowest_reserves_24h[0].u128(),
        low,
        "what stands now counts now"
    );
}

/// A loan of one block lowers no cap: it is paid back before the block ends.
#[test]
fn dip_within_a_block_is_no_low() {
    let mut direct = Direct::new(DEEP);
    direct.wait(1_000);
    let out = direct.swap(Side::Quote, 900_000 * ONE).unwrap();
    direct.swap(Side::Base, out).unwrap();
    direct.wait(1_000);
    let market = direct.market();
    assert!(market.lowest_reserves_24h[0].u128() >= DEEP[0]);
}
