//! Random traces against a slow, obvious model: what everyone holds adds up to minted less burned, and minted only rises
//! and never passes the cap.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod common;

use std::collections::BTreeMap;

use common::{Coin6, CAP_MICRO};
use cosmwasm_std::Uint128;
use interfaces::l_coin::ExecuteMsg;
use proptest::prelude::*;

const NAMES: [&str; 4] = ["alice", "bob", "carol", "dave"];

#[derive(Clone, Debug)]
enum Op {
    Mint(usize, u128),
    Batch(Vec<(usize, u128)>),
    Burn(usize, u128),
    Transfer(usize, usize, u128),
    Allow(usize, usize, u128),
    TransferFrom(usize, usize, usize, u128),
    BurnFrom(usize, usize, u128),
}

/// Amounts from dust to more than the cap allows.
fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![0..=9u128, 1..=CAP_MICRO / 3, Just(CAP_MICRO)]
}

fn op() -> impl Strategy<Value = Op> {
    let who = || 0..NAMES.len();
    prop_oneof![
        3 => (who(), amount()).prop_map(|(to, n)| Op::Mint(to, n)),
        2 => prop::collection::vec((who(), amount()), 0..4).prop_map(Op::Batch),
        2 => (who(), amount()).prop_map(|(from, n)| Op::Burn(from, n)),
        3 => (who(), who(), amount()).prop_map(|(from, to, n)| Op::Transfer(from, to, n)),
        2 => (who(), who(), amount()).prop_map(|(from, by, n)| Op::Allow(from, by, n)),
        2 => (who(), who(), who(), amount()).prop_map(|(by, from, to, n)| Op::TransferFrom(by, from, to, n)),
        2 => (who(), who(), amount()).prop_map(|(by, from, n)| Op::BurnFrom(by, from, n)),
    ]
}

#[derive(Clone, Default)]
struct Model {
    balances: [u128; NAMES.len()],
    allowances: BTreeMap<(usize, usize), u128>,
    minted: u128,
    burned: u128,
}

impl Model {
    /// Applies the operation to a copy; `None` if it must be refused.
    fn apply(&self, op: &Op) -> Option<Self> {
        let mut next = self.clone();
        match op {
            Op::Mint(to, n) => next.mint(&[(*to, *n)])?,
            Op::Batch(recipients) => next.mint(recipients)?,
            Op::Burn(from, n) => next.burn(*from, *n)?,
            Op::Transfer(from, to, n) => next.pay(*from, *to, *n)?,
            Op::Allow(from, by, n) => {
                (from != by).then_some(())?;
                *next.allowances.entry((*from, *by)).or_default() += n;
            }
            Op::TransferFrom(by, from, to, n) => {
                next.spend(*from, *by, *n)?;
                next.pay(*from, *to, *n)?;
            }
            Op::BurnFrom(by, from, n) => {
                next.spend(*from, *by, *n)?;
                next.burn(*from, *n)?;
            }
        }
        Some(next)
    }

    fn mint(&mut self, recipients: &[(usize, u128)]) -> Option<()> {
        let distinct: std::collections::BTreeSet<_> = recipients.iter().map(|(to, _)| to).collect();
        let good = !recipients.is_empty() && distinct.len() == recipients.len() && recipients.iter().all(|r| r.1 > 0);
        good.then_some(())?;
        for (to, n) in recipients {
            self.balances[*to] += n;
            self.minted += n;
        }
        (self.minted <= CAP_MICRO).then_some(())
    }

    fn burn(&mut self, from: usize, n: u128) -> Option<()> {
        self.balances[from] = self.balances[from].checked_sub(n)?;
        self.burned += n;
        Some(())
    }

    fn pay(&mut self, from: usize, to: usize, n: u128) -> Option<()> {
        self.balances[from] = self.balances[from].checked_sub(n)?;
        self.balances[to] += n;
        Some(())
    }

    fn spend(&mut self, owner: usize, by: usize, n: u128) -> Option<()> {
        let allowed = self.allowances.get_mut(&(owner, by))?;
        *allowed = allowed.checked_sub(n)?;
        Some(())
    }
}

fn run(coin: &mut Coin6, op: &Op) -> bool {
    let name = |who: &usize| coin.name(NAMES[*who]);
    let (sender, msg) = match op {
        Op::Mint(to, n) => return coin.mint(NAMES[*to], *n).is_ok(),
        Op::Batch(recipients) => {
            let recipients: Vec<_> = recipients.iter().map(|(to, n)| (NAMES[*to], *n)).collect();
            return coin.batch("vault", &recipients).is_ok();
        }
        Op::Burn(from, n) => (
            from,
            ExecuteMsg::Burn {
                amount: Uint128::new(*n),
            },
        ),
        Op::Transfer(from, to, n) => (
            from,
            ExecuteMsg::Transfer {
                recipient: name(to),
                amount: Uint128::new(*n),
            },
        ),
        Op::Allow(from, by, n) => (
            from,
            ExecuteMsg::IncreaseAllowance {
                spender: name(by),
                amount: Uint128::new(*n),
                expires: None,
            },
        ),
        Op::TransferFrom(by, from, to, n) => (
            by,
            ExecuteMsg::TransferFrom {
                owner: name(from),
                recipient: name(to),
                amount: Uint128::new(*n),
            },
        ),
        Op::BurnFrom(by, from, n) => (
            by,
            ExecuteMsg::BurnFrom {
                owner: name(from),
                amount: Uint128::new(*n),
            },
        ),
    };
    coin.send(NAMES[*sender], msg).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn balances_add_up_and_minted_stays_below_the_cap(ops in prop::collection::vec(op(), 1..60)) {
        let (mut coin, mut model) = (Coin6::new(), Model::default());
        for op in &ops {
            let expected = model.apply(op);
            prop_assert_eq!(run(&mut coin, op), expected.is_some(), "{:?}", op);
            model = expected.unwrap_or(model);

            prop_assert_eq!(coin.minted(), (model.minted, model.burned));
            let held: Vec<_> = NAMES.iter().map(|name| coin.balance(name)).collect();
            prop_assert_eq!(&held, &model.balances);
            prop_assert_eq!(held.iter().sum::<u128>(), model.minted - model.burned);
        }
    }
}
