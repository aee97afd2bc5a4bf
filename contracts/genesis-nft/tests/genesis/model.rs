//! Random messages by four people against a shadow of who holds and claimed what.

use std::collections::BTreeMap;

use interfaces::genesis_nft::*;
use proptest::prelude::*;

use crate::world::*;

#[derive(Clone, Debug)]
enum Step {
    Buy(usize, u32),
    Transfer(usize, usize, u32),
    Claim(usize, u32),
    Burn(usize, u32),
    Wait(u64),
    Tge,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, id) = (0..PEOPLE.len(), 1..16u32);
    let step = prop_oneof![
        3 => (who.clone(), 1..5u32).prop_map(|(who, quantity)| Step::Buy(who, quantity)),
        3 => (who.clone(), who.clone(), id.clone()).prop_map(|(from, to, id)| Step::Transfer(from, to, id)),
        4 => (who.clone(), id.clone()).prop_map(|(who, id)| Step::Claim(who, id)),
        2 => (who, id).prop_map(|(who, id)| Step::Burn(who, id)),
        3 => (0..MONTH).prop_map(Step::Wait),
        1 => Just(Step::Tge),
    ];
    prop::collection::vec(step, 1..50)
}

#[derive(Default)]
struct Shadow {
    /// Token → holder, VCAI claimed.
    tokens: BTreeMap<u32, (usize, u128)>,
    sold: u32,
    bought: [u32; 4],
    vcai: [u128; 4],
    /// Stablecoin: refunds, and what a refused purchase left with the buyer.
    usdt: [u128; 4],
    treasury: u128,
    tge: Option<u64>,
}

impl Shadow {
    fn holds(&self, who: usize, id: u32) -> bool {
        self.tokens.get(&id).is_some_and(|token| token.0 == who)
    }

    fn vested(&self, now: u64) -> u128 {
        let months = (now - self.tge.unwrap()) / MONTH;
        2_500 * ONE + 1_250 * ONE * u128::from(months.min(6))
    }

    /// Whether it works; does it if so.
    fn run(&mut self, step: &Step, now: u64) -> bool {
        match *step {
            Step::Wait(_) | Step::Tge => true,
            Step::Buy(who, quantity) => {
                let works = self.tge.is_none() && (OPENS..CLOSES).contains(&now) && self.bought[who] + quantity <= 8;
                if works {
                    self.bought[who] += quantity;
                    for id in self.sold + 1..=self.sold + quantity {
                        self.tokens.insert(id, (who, 0));
                    }
                    self.sold += quantity;
                } else {
                    self.usdt[who] += PRICE * u128::from(quantity);
                }
                works
            }
            Step::Transfer(from, to, id) => {
                let works = self.holds(from, id);
                if works {
                    self.tokens.get_mut(&id).unwrap().0 = to;
                }
                works
            }
            Step::Claim(who, id) => {
                if self.tge.is_none() || !self.holds(who, id) || self.vested(now) == self.tokens[&id].1 {
                    return false;
                }
                let vested = self.vested(now);
                let token = self.tokens.get_mut(&id).unwrap();
                self.vcai[who] += vested - token.1;
                token.1 = vested;
                true
            }
            Step::Burn(who, id) => {
                if !self.holds(who, id) || (self.tge.is_none() && now < DEADLINE) {
                    return false;
                }
                let (_, claimed) = self.tokens.remove(&id).unwrap();
                match self.tge {
                    Some(_) => self.treasury += 10_000 * ONE - claimed,
                    None => self.usdt[who] += PRICE,
                }
                true
            }
        }
    }
}

fn send(world: &mut World, step: &Step) -> bool {
    let outcome = match *step {
        Step::Wait(seconds) => {
            world.wait(seconds);
            return true;
        }
        Step::Tge => {
            world.tge();
            return true;
        }
        Step::Buy(who, quantity) => {
            let price = cosmwasm_std::coins(PRICE * u128::from(quantity), DENOM);
            world.try_buy(PEOPLE[who], quantity, &price)
        }
        Step::Transfer(from, to, id) => {
            let recipient = world.user(PEOPLE[to]).into();
            let token_id = id.to_string();
            world.send(PEOPLE[from], &ExecuteMsg::TransferNft { recipient, token_id })
        }
        Step::Claim(who, id) => world.send(PEOPLE[who], &claim(&[&id.to_string()])),
        Step::Burn(who, id) => world.send(PEOPLE[who], &burn(&id.to_string())),
    };
    outcome.is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_messages_do_what_the_shadow_does(steps in steps()) {
        let mut world = World::with(Sale { per_wallet: 8, ..sale() }).unwrap();
        world.at(OPENS);
        let mut shadow = Shadow::default();
        for step in &steps {
            if matches!(step, Step::Tge) {
                if shadow.tge.is_some() {
                    continue;
                }
                shadow.tge = Some(world.now());
            }
            let expected = shadow.run(step, world.now());
            prop_assert_eq!(send(&mut world, step), expected, "{:?}", step);
            world.check_laws();
        }
        for (who, name) in PEOPLE.iter().enumerate() {
            let user = world.user(name);
            prop_assert_eq!(world.vcai(&user), shadow.vcai[who]);
            prop_assert_eq!(world.usdt(&user), shadow.usdt[who]);
            prop_assert_eq!(world.buyer(name).bought, shadow.bought[who]);
        }
        for (id, (who, claimed)) in &shadow.tokens {
            let row = world.claim_row(&id.to_string());
            prop_assert_eq!(row.owner, world.user(PEOPLE[*who]).into_string());
            prop_assert_eq!(row.claimed.u128(), *claimed);
        }
        prop_assert_eq!(world.vcai(&world.user("treasury")), shadow.treasury);
    }
}
