//! Random launches, subscriptions and claims against a slow shadow; the laws are checked after every step by `World`.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Uint256};
use interfaces::imo_launchpad::*;
use proptest::prelude::*;

use crate::world::*;

#[derive(Clone, Debug)]
enum Step {
    Create {
        quota: u128,
        price: u128,
    },
    Cancel,
    Subscribe(usize),
    /// A part of what is left, in tenths (11 is more than there is), and what is paid too much.
    Claim {
        user: usize,
        tenths: u128,
        extra: u128,
    },
    Close,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (1..5_000u128, prop_oneof![Just(0), 1..5_000_000u128]).prop_map(|(quota, price)| Step::Create { quota, price }),
        1 => Just(Step::Cancel),
        8 => (0..USERS.len()).prop_map(Step::Subscribe),
        8 => (0..USERS.len(), 1..12u128, prop_oneof![4 => Just(0), 1 => Just(1)])
            .prop_map(|(user, tenths, extra)| Step::Claim { user, tenths, extra }),
        1 => Just(Step::Close),
        4 => prop_oneof![Just(HOUR), Just(DAY), Just(3 * DAY)].prop_map(Step::Wait),
    ]
}

/// What should be: everything by counting, nothing by closed form.
#[derive(Default)]
struct Shadow {
    weights: Vec<u128>,
    /// Number, quota, price, subscribe_until, claim_until of the one launch that is not closed.
    live: Option<(u64, u128, u128, u64, u64)>,
    launches: u64,
    /// user → (allocation, claimed) of the live launch
    parts: BTreeMap<usize, (u128, u128)>,
    granted: BTreeMap<usize, u128>,
    paid: BTreeMap<usize, u128>,
}

impl Shadow {
    /// Allocation, and a part of what nobody subscribed.
    fn allotment(&self, quota: u128, own: u128) -> u128 {
        let subscribed: u128 = self.parts.values().map(|part| part.0).sum();
        let rest = Uint256::from(quota - subscribed) * Uint256::from(own) / Uint256::from(subscribed);
        own + cosmwasm_std::Uint128::try_from(rest).unwrap().u128()
    }

    /// The same step on the shadow; the code of the refusal it expects.
    fn apply(&mut self, now: u64, step: &Step) -> Result<(), u16> {
        let total: u128 = self.weights.iter().sum();
        match *step {
            Step::Wait(_) => Ok(()),
            Step::Create { quota, price } => {
                if self.live.is_some_and(|live| now < live.4) {
                    return Err(3);
                }
                self.launches += 1;
                self.live = Some((self.launches, quota, price, now + DAY, now + 8 * DAY));
                self.parts.clear();
                Ok(())
            }
            Step::Cancel => match self.live {
                None => Err(if self.launches == 0 { 6 } else { 7 }),
                Some(live) if now < live.3 => {
                    self.live = None;
                    Ok(())
                }
                Some(_) => Err(7),
            },
            Step::Close => match self.live {
                None => Err(if self.launches == 0 { 6 } else { u16::MAX }),
                Some(live) if now >= live.4 => {
                    self.live = None;
                    Ok(())
                }
                Some(_) => Err(7),
            },
            Step::Subscribe(user) => {
                let Some(live) = self.live else {
                    return Err(if self.launches == 0 { 6 } else { 7 });
                };
                if now >= live.3 {
                    return Err(7);
                }
                if self.parts.contains_key(&user) {
                    return Err(8);
                }
                match live.1 * self.weights[user] / total {
                    0 => Err(9),
                    allocation => {
                        self.parts.insert(user, (allocation, 0));
                        Ok(())
                    }
                }
            }
            Step::Claim { .. } => unreachable!("claims are applied with their units"),
        }
    }

    fn claim(&mut self, now: u64, user: usize, units: u128, extra: u128) -> Result<(), u16> {
        let live = self.live.filter(|live| live.3 <= now && now < live.4).ok_or(7u16)?;
        let part = *self.parts.get(&user).ok_or(11u16)?;
        if part.1 + units > self.allotment(live.1, part.0) {
            return Err(12);
        }
        if extra > 0 {
            return Err(13);
        }
        self.parts.insert(user, (part.0, part.1 + units));
        *self.granted.entry(user).or_default() += units;
        // one µCredit more wherever something is left over
        *self.paid.entry(user).or_default() += (units * live.2).div_ceil(1_000_000);
        Ok(())
    }
}

fn play(world: &mut World, shadow: &mut Shadow, users: &[Addr], step: &Step) -> Result<(), TestCaseError> {
    let (now, launch, owner) = (world.now(), shadow.launches.max(1), world.user("owner"));
    let done = match *step {
        Step::Wait(seconds) => {
            world.wait(seconds);
            return Ok(());
        }
        Step::Create { quota, price } => {
            let change = |terms: &mut NewLaunch| {
                terms.quota = n(quota);
                terms.price_per_unit = n(price);
            };
            world.create(change).map(|_| ())
        }
        Step::Cancel => world.attempt(&owner, ExecuteMsg::CancelLaunch { launch }).map(|_| ()),
        Step::Close => world.attempt(&users[0], ExecuteMsg::CloseLaunch { launch }).map(|_| ()),
        Step::Subscribe(user) => world.subscribe(&users[user], launch).map(|_| ()),
        Step::Claim { user, tenths, extra } => {
            if shadow.launches == 0 {
                return Ok(());
            }
            let claimable = world.allotment(launch, &users[user]).claimable.u128();
            let units = (claimable * tenths).div_ceil(10).max(1);
            let price: cosmwasm_std::Uint128 = world.query(&QueryMsg::Price {
                launch,
                units: n(units),
            });
            let done = world.pay(&users[user], launch, units, price.u128() + extra);
            prop_assert_eq!(done.map(|_| ()), shadow.claim(now, user, units, extra), "{:?}", step);
            return Ok(());
        }
    };
    let expected = shadow.apply(now, step);
    match expected {
        // closed twice, or closed after it was cancelled
        Err(u16::MAX) => prop_assert!(matches!(done, Err(7 | 15)), "{:?}: {:?}", step, done),
        _ => prop_assert_eq!(done, expected, "{:?}", step),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn launches_do_what_the_shadow_does(
        weights in prop::collection::vec(prop_oneof![Just(0), 1..1_000u128], USERS.len()),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        prop_assume!(weights.iter().sum::<u128>() > 0);
        let mut world = World::new();
        let users: Vec<Addr> = USERS.iter().zip(&weights).map(|(name, weight)| world.weigh(name, *weight)).collect();
        let mut shadow = Shadow { weights, ..Shadow::default() };
        for step in &steps {
            play(&mut world, &mut shadow, &users, step)?;
        }
        for (index, user) in users.iter().enumerate() {
            let granted = shadow.granted.get(&index).copied().unwrap_or_default();
            let paid = shadow.paid.get(&index).copied().unwrap_or_default();
            prop_assert_eq!(world.entitled(user, SKU), granted);
            prop_assert_eq!(world.credits(user), WEALTH - paid);
        }
    }
}
