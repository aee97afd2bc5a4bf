//! A pool of which one asset is a hostile token. Whoever holds shares of such a pool has what the token makes of its own side; what must hold is the honest side: its
//! balance covers its reserve after every message (`World::check_laws`), and nobody is paid twice.

use cosmwasm_std::{to_json_binary, Addr, CosmosMsg, WasmMsg};
use interfaces::exchange::*;
use interfaces::l_coin::ExecuteMsg as CoinMsg;

use crate::hostile::HostileMsg;
use crate::world::*;

struct Stage {
    world: World,
    /// The hostile token and its side.
    token: Addr,
    side: Side,
}

fn stages() -> [Stage; 2] {
    [Side::Base, Side::Quote].map(|side| {
        let kinds = match side {
            Side::Base => [Kind::Hostile, Kind::Token],
            Side::Quote => [Kind::Token, Kind::Hostile],
        };
        let world = World::new(kinds, false).filled();
        let Asset::Cw20 { address } = world.asset(side) else {
            unreachable!()
        };
        Stage {
            world,
            token: Addr::unchecked(address),
            side,
        }
    })
}

impl Stage {
    /// A message for the token to send.
    fn to(&self, contract: &str, msg: &impl cosmwasm_schema::serde::Serialize) -> CosmosMsg {
        WasmMsg::Execute {
            contract_addr: contract.into(),
            msg: to_json_binary(msg).unwrap(),
            funds: vec![],
        }
        .into()
    }

    fn to_pool(&self, msg: &ExecuteMsg) -> CosmosMsg {
        self.to(self.world.pool.as_str(), msg)
    }

    fn honest(&self) -> String {
        match self.world.asset(self.side.other()) {
            Asset::Cw20 { address } => address,
            Asset::Native { .. } => unreachable!(),
        }
    }

    /// What the token does the next time it is asked to move something.
    fn arm(&mut self, plan: Vec<CosmosMsg>) {
        let (mallory, token) = (self.world.user("mallory"), self.token.to_string());
        self.world
            .call(&mallory, &token, &HostileMsg::Arm { plans: vec![plan] })
            .unwrap();
    }

    fn run(&mut self, msgs: Vec<CosmosMsg>) -> Result<(), u16> {
        let (mallory, token) = (self.world.user("mallory"), self.token.to_string());
        let outcome = self.world.call(&mallory, &token, &HostileMsg::Do { msgs });
        outcome.map(|_| ()).map_err(|error| code(&error))
    }

    /// The token itself becomes an LP, with tokens of mallory's.
    fn token_becomes_lp(&mut self) -> u128 {
        let (mallory, token, honest) = (self.world.user("mallory"), self.token.to_string(), self.honest());
        let give = CoinMsg::Transfer {
            recipient: token.clone(),
            amount: amount(50_000 * ONE),
        };
        self.world.call(&mallory, &honest, &give).unwrap();
        let mint = HostileMsg::Mint {
            recipient: token.clone(),
            amount: amount(50_000 * ONE),
        };
        self.world.call(&mallory, &token, &mint).unwrap();
        let allow = CoinMsg::IncreaseAllowance {
            spender: self.world.pool.to_string(),
            amount: amount(50_000 * ONE),
            expires: None,
        };
        let allow = self.to(&honest, &allow);
        let provide = self.to_pool(&provide());
        self.run(vec![allow, provide]).unwrap();
        let answer: cw20::BalanceResponse = self.world.query(&QueryMsg::Balance { address: token });
        answer.balance.u128()
    }

    fn honest_of_token(&self) -> u128 {
        self.world.holds(&self.world.asset(self.side.other()), &self.token)
    }
}

fn provide() -> ExecuteMsg {
    ExecuteMsg::Provide {
        amounts: amounts([4_000 * ONE, 1_000 * ONE]),
        min_shares: amount(0),
        deadline: None,
    }
}

fn withdraw(shares: u128) -> ExecuteMsg {
    ExecuteMsg::Withdraw {
        shares: amount(shares),
        min_amounts: amounts([0, 0]),
    }
}

/// While the hostile side of a withdrawal is being paid, the honest side's payment has left the reserves and not the balance: a skim would take it, and the
/// withdrawal would be paid out of what belongs to the others.
#[test]
fn re_entry_by_skim_while_a_payment_is_on_its_way() {
    for mut stage in stages() {
        let skim = stage.to_pool(&ExecuteMsg::Skim {});
        stage.arm(vec![skim]);
        assert_eq!(stage.world.withdraw("alice", 1_000 * ONE), Err(25));
        assert_eq!(stage.world.wealth("treasury"), [0, 0]);
    }
}

#[test]
fn re_entry_by_skim_within_skim() {
    for mut stage in stages() {
        for side in [Side::Base, Side::Quote] {
            stage.world.donate("mallory", side, 500 * ONE);
        }
        let skim = stage.to_pool(&ExecuteMsg::Skim {});
        stage.arm(vec![skim]);
        stage.world.wait(5);
        assert_eq!(stage.world.send("bob", &ExecuteMsg::Skim {}, &[]).unwrap_err(), 25);
        assert_eq!(stage.world.wealth("treasury"), [0, 0]);
        // unarmed it works
        stage.arm(vec![]);
        stage.world.send("bob", &ExecuteMsg::Skim {}, &[]).unwrap();
        assert_eq!(stage.world.wealth("treasury"), [500 * ONE, 500 * ONE]);
    }
}

#[test]
fn re_entry_by_withdraw_within_withdraw_burns_no_share_twice() {
    for mut stage in stages() {
        let shares = stage.token_becomes_lp();
        let again = stage.to_pool(&withdraw(shares));
        stage.arm(vec![again.clone()]);
        assert_eq!(stage.run(vec![again.clone()]), Err(18));
        // half and, while it is paid, the other half: that is merely both halves
        let half = stage.to_pool(&withdraw(shares / 2));
        stage.arm(vec![half.clone()]);
        let before = stage.honest_of_token();
        stage.run(vec![half]).unwrap();
        let fair = [4_000 * ONE, 1_000 * ONE][stage.side.other() as usize];
        assert!(stage.honest_of_token() - before <= fair);
    }
}

/// The shares of liquidity that is not paid yet can be withdrawn in the meantime, and must be paid all the same.
#[test]
fn re_entry_by_withdraw_within_provide_pays_for_what_it_takes() {
    for mut stage in stages() {
        stage.token_becomes_lp();
        let before = stage.honest_of_token();
        let [leave, join] = [stage.to_pool(&withdraw(2_000 * ONE)), stage.to_pool(&provide())];
        stage.arm(vec![leave]);
        stage.run(vec![join]).unwrap();
        assert!(stage.honest_of_token() <= before);
    }
}

/// A swap inside a swap finds closed books: the end is the same as of one after the other.
#[test]
fn re_entry_by_swap_within_swap_is_one_after_the_other() {
    for (mut nested, mut plain) in stages().into_iter().zip(stages()) {
        let honest_side = nested.side.other();
        for stage in [&mut nested, &mut plain] {
            stage.token_becomes_lp();
        }
        let inner = |stage: &Stage| {
            let send = CoinMsg::Send {
                contract: stage.world.pool.to_string(),
                amount: amount(200 * ONE),
                msg: hook(&swap_hook()),
            };
            stage.to(&stage.honest(), &send)
        };
        let plan = inner(&nested);
        nested.arm(vec![plan]);
        nested.world.swap("bob", honest_side, 100 * ONE).unwrap();

        plain.world.swap("bob", honest_side, 100 * ONE).unwrap();
        let second = inner(&plain);
        plain.run(vec![second]).unwrap();
        assert_eq!(nested.world.reserves(), plain.world.reserves());
        assert_eq!(nested.world.wealth("bob"), plain.world.wealth("bob"));
    }
}
