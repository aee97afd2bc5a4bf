//! The many: handlers called directly, as often as rows are wanted.

use std::collections::HashMap;

use anyhow::{anyhow, bail, Context, Result};
use attestation::{prove_range, Leaf};
use cosmwasm_std::testing::MockQuerier;
use cosmwasm_std::{
    coins, from_json, Addr, Api, Binary, BlockInfo, CanonicalAddr, Coin, ContractInfo, ContractResult, CosmosMsg,
    DepsMut, Env, MemoryStorage, MessageInfo, Order, QuerierResult, QuerierWrapper, RecoverPubkeyError, Response,
    StdResult, Storage, SubMsg, SystemError, SystemResult, TransactionInfo, VerificationError, WasmMsg, WasmQuery,
};
use cw_multi_test::MockApiBech32;
use interfaces::attestation_oracle::{Evidence, ExecuteMsg as OracleMsg, Role, SignedStatement, Subject};
use interfaces::l_coin::MintRecipient;
use interfaces::{credit_vault, l_coin, tee_verifier, timelock as queue};
use serde::de::DeserializeOwned;
use tee_testkit::{CollateralSpec, Pki, PlatformSpec};

use super::signing::{Posted, Signer};
use super::{stranger, user, Filled, Plan, Twins, CAST, CATALOGUE, COINS, DEPOSIT, USER_COINS, WORKER_BOND};
use crate::account::{Account, PREFIX};
use crate::deploy::Addresses;
use crate::in_process::InProcess;
use crate::localnet::USDT_DENOM;

/// µCredit per million units of the SKU that everybody uses, as in the local deployment.
pub const SKU: &str = "example-small:in";
/// Units of a call, and its list price and cost at the rate card.
const CALL: (u128, u128, u128) = (1_000_000, 150_000, 90_000);
/// The account of the cast that came first, and µCredit that it used: 6 of the 10 million LCO are mined.
const PIONEER: u32 = CAST - 1;
const CONSUMED: u128 = 6_400_000_000_000;
/// Entries of a report, messages of a batch.
const REPORT: usize = 200;
const BATCH: usize = 64;

/// Knows no signature: the many are nobody's.
struct Unsigned(MockApiBech32);

impl Api for Unsigned {
    fn addr_validate(&self, human: &str) -> StdResult<Addr> {
        self.0.addr_validate(human)
    }
    fn addr_canonicalize(&self, human: &str) -> StdResult<CanonicalAddr> {
        self.0.addr_canonicalize(human)
    }
    fn addr_humanize(&self, canonical: &CanonicalAddr) -> StdResult<Addr> {
        self.0.addr_humanize(canonical)
    }
    fn secp256k1_verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<bool, VerificationError> {
        Ok(true)
    }
    fn secp256k1_recover_pubkey(
        &self,
        hash: &[u8],
        signature: &[u8],
        param: u8,
    ) -> Result<Vec<u8>, RecoverPubkeyError> {
        self.0.secp256k1_recover_pubkey(hash, signature, param)
    }
    fn ed25519_verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<bool, VerificationError> {
        Ok(true)
    }
    fn ed25519_batch_verify(&self, _: &[&[u8]], _: &[&[u8]], _: &[&[u8]]) -> Result<bool, VerificationError> {
        Ok(true)
    }
    fn debug(&self, _: &str) {}
}

pub(super) struct Bulk<'a> {
    pub(super) chain: &'a mut InProcess,
    pub(super) plan: &'a Plan<'a>,
    pub(super) at: &'a Addresses,
    mint: &'a str,
    /// A contest whose vault is the council.
    pub(super) contest: &'a str,
    pki: &'a Pki,
    pub(super) block: BlockInfo,
    api: Unsigned,
    pub(super) council: String,
    /// What contracts answer to whatever they are asked, by address.
    pub(super) answers: HashMap<String, Binary>,
}

impl<'a> Bulk<'a> {
    pub fn new(
        chain: &'a mut InProcess,
        plan: &'a Plan<'a>,
        at: &'a Addresses,
        twins: &'a Twins,
        pki: &'a Pki,
    ) -> Result<Self> {
        let block = chain.app().block_info();
        Ok(Self {
            chain,
            plan,
            at,
            mint: &twins.mint,
            contest: &twins.contest,
            pki,
            block,
            api: Unsigned(MockApiBech32::new(PREFIX)),
            council: Account::dev("council")?.address().to_owned(),
            answers: HashMap::new(),
        })
    }

    /// Fills every table.
    pub fn fill(&mut self, gateway: &Signer, worker: &Signer, say: &dyn Fn(&str)) -> Result<()> {
        let rows = self.plan.rows;
        say(&format!("{rows} accounts with Credits"));
        self.spenders()?;
        // Calls before an account was opened are not charged, and a report covers 100 seconds.
        self.block.time = self.block.time.plus_seconds(300);
        let mut gateway = gateway.clone();
        self.first_settled(&mut gateway)?;
        self.settled(&mut gateway)?;
        self.credit_allowances()?;
        self.catalogue()?;
        say(&format!("{rows} holders of LCO"));
        self.coins()?;
        say(&format!("{rows} entries in the queue"));
        self.queued()?;
        say(&format!("{rows} workers and as many statements"));
        self.workers(worker)?;
        self.statements(worker)?;
        say("collateral of many platform families");
        self.collateral()?;
        self.markets(say)
    }

    /// Calls a handler of the contract at `address`.
    pub(super) fn call<M, E: std::fmt::Display>(
        &mut self,
        address: &str,
        sender: &str,
        funds: Vec<Coin>,
        msg: M,
        handler: impl Fn(DepsMut, Env, MessageInfo, M) -> Result<Response, E>,
    ) -> Result<Response> {
        let address = Addr::unchecked(address);
        let env = env(&self.block, &address);
        let info = MessageInfo {
            sender: Addr::unchecked(sender),
            funds,
        };
        let mut querier: MockQuerier = MockQuerier::default();
        if !self.answers.is_empty() {
            let answers = self.answers.clone();
            querier.update_wasm(move |question| answer(&answers, question));
        }
        let mut storage = self.chain.app().contract_storage_mut(&address);
        let deps = DepsMut {
            storage: &mut *storage,
            api: &self.api,
            querier: QuerierWrapper::new(&querier),
        };
        handler(deps, env, info, msg).map_err(|error| anyhow!("{error}"))
    }

    pub(super) fn vault(&mut self, sender: &str, funds: Vec<Coin>, msg: credit_vault::ExecuteMsg) -> Result<Response> {
        let address = self.at.credit_vault.clone();
        self.call(&address, sender, funds, msg, ::credit_vault::contract::execute)
    }

    /// Calls the oracle, and the vault with what it is told.
    fn oracle(&mut self, sender: &str, funds: Vec<Coin>, msg: OracleMsg) -> Result<Response> {
        let address = self.at.attestation_oracle.clone();
        let response = self.call(&address, sender, funds, msg, attestation_oracle::contract::execute)?;
        for message in &response.messages {
            if let Some(told) = told::<credit_vault::ExecuteMsg>(message, &self.at.credit_vault)? {
                self.vault(&address, Vec::new(), told)?;
            }
        }
        Ok(response)
    }

    fn strangers(&self) -> Result<Vec<String>> {
        (0..self.plan.rows).map(|i| stranger(CAST + i)).collect()
    }

    /// Deposits and spending accounts of rows and cast.
    fn spenders(&mut self) -> Result<()> {
        for index in 0..CAST + self.plan.rows {
            let account = stranger(index)?;
            let promised = match index == PIONEER {
                true => CONSUMED,
                false => DEPOSIT / 2,
            };
            let deposit = credit_vault::ExecuteMsg::Deposit { to: None };
            self.vault(&account, coins(promised * 2, USDT_DENOM), deposit)?;
            let spend = credit_vault::ExecuteMsg::OpenSpending {
                gateway: 1,
                amount: promised.into(),
                max_per_day: promised.into(),
            };
            self.vault(&account, Vec::new(), spend)?;
        }
        Ok(())
    }

    /// One of the cast uses most of what it promised, which mines more than everybody holds.
    fn first_settled(&mut self, gateway: &mut Signer) -> Result<()> {
        let now = self.block.time.seconds();
        let (units, list, cost) = CALL;
        let calls = CONSUMED / list;
        let call = Leaf {
            units: units * calls,
            list: list * calls,
            cost: cost * calls,
            ..leaf(&stranger(PIONEER)?, SKU, "first", now)
        };
        let (statement, posted) = gateway.report(vec![vec![call]], now)?;
        let statements = vec![statement];
        self.oracle(&self.council.clone(), Vec::new(), OracleMsg::Submit { statements })?;
        self.challenged(&posted)
    }

    /// A call of every account, settled and booked; one entry of each report was challenged and answered.
    fn settled(&mut self, gateway: &mut Signer) -> Result<()> {
        let now = self.block.time.seconds();
        for chunk in self.strangers()?.chunks(REPORT) {
            let call = |(i, account): (usize, &String)| leaf(account, SKU, &format!("call-{i}"), now);
            let logs = chunk.iter().enumerate().map(call).map(|leaf| vec![leaf]).collect();
            let (statement, posted) = gateway.report(logs, now)?;
            let statements = vec![statement];
            self.oracle(&self.council.clone(), Vec::new(), OracleMsg::Submit { statements })?;
            self.challenged(&posted)?;
        }
        Ok(())
    }

    fn challenged(&mut self, posted: &Posted) -> Result<()> {
        let (entry, entry_proof) = posted.entry(0)?;
        let log = posted.logs.first().context("a report without entries")?;
        let first = log.first().context("an entry without calls")?;
        let challenge = OracleMsg::ChallengeUsage {
            report: posted.report,
            entry_index: 0,
            entry,
            entry_proof,
            first_leaf: 0,
            count: 1,
        };
        let bond = coins(1_000_000, USDT_DENOM);
        self.oracle(&first.account.clone(), bond, challenge)?;
        let nodes = log.iter().map(Leaf::node).collect::<Result<Vec<_>, _>>();
        let proof = prove_range(&nodes.map_err(|e| anyhow!("{e}"))?, 0, 1).map_err(|e| anyhow!("{e}"))?;
        let reveal = OracleMsg::RevealLeaves {
            challenge: posted.report.seq,
            leaves: vec![first.encode().map_err(|e| anyhow!("{e}"))?.into()],
            proof: proof.encode().into(),
        };
        self.oracle(&self.council.clone(), Vec::new(), reveal)?;
        Ok(())
    }

    fn credit_allowances(&mut self) -> Result<()> {
        for pair in neighbours(self.strangers()?) {
            let allow = credit_vault::ExecuteMsg::IncreaseAllowance {
                spender: pair.1,
                amount: 1_000_000u128.into(),
                expires: None,
            };
            self.vault(&pair.0, Vec::new(), allow)?;
        }
        Ok(())
    }

    /// SKUs of gateway 2.
    fn catalogue(&mut self) -> Result<()> {
        let rate = |i| credit_vault::Rate {
            sku: format!("catalogue/{i}"),
            gateway: 2,
            list: 150_000u128.into(),
            cost: 90_000u128.into(),
        };
        let rates: Vec<_> = (0..self.plan.rows.min(CATALOGUE)).map(rate).collect();
        for chunk in rates.chunks(BATCH) {
            let rates = chunk.to_vec();
            self.vault(
                &self.council.clone(),
                Vec::new(),
                credit_vault::ExecuteMsg::ProposeRates { rates },
            )?;
        }
        Ok(())
    }

    /// Balances and allowances in both tokens. The users with keys hold some whatever the number of rows.
    fn coins(&mut self) -> Result<()> {
        let tokens = [
            (self.at.l_coin.clone(), self.at.credit_vault.clone()),
            (self.mint.to_owned(), self.council.clone()),
        ];
        let holders = self.holders()?;
        for (token, minter) in tokens {
            for chunk in holders.chunks(l_coin::MAX_BATCH) {
                let recipient = |(address, amount): &(String, u128)| MintRecipient {
                    address: address.clone(),
                    amount: (*amount).into(),
                };
                let recipients = chunk.iter().map(recipient).collect();
                let mint = l_coin::ExecuteMsg::MintBatch { recipients };
                self.call(&token, &minter, Vec::new(), mint, ::l_coin::contract::execute)?;
            }
        }
        for pair in neighbours(self.strangers()?) {
            let allow = l_coin::ExecuteMsg::IncreaseAllowance {
                spender: pair.1,
                amount: 1_000_000u128.into(),
                expires: None,
            };
            let token = self.at.l_coin.clone();
            self.call(&token, &pair.0, Vec::new(), allow, ::l_coin::contract::execute)?;
        }
        Ok(())
    }

    /// Who holds how much µLCO: less altogether than was mined.
    fn holders(&self) -> Result<Vec<(String, u128)>> {
        let mut holders: Vec<_> = self.strangers()?.into_iter().map(|a| (a, COINS)).collect();
        for index in 0..10 {
            holders.push((user(index)?.address().to_owned(), USER_COINS));
        }
        Ok(holders)
    }

    fn queued(&mut self) -> Result<()> {
        let msg = WasmMsg::Execute {
            contract_addr: self.plan.sink.to_owned(),
            msg: b"{}".into(),
            funds: Vec::new(),
        };
        let address = self.at.timelock.clone();
        for index in 0..self.plan.rows {
            let entry = queue::ExecuteMsg::Queue {
                title: format!("entry {index}"),
                description: "one of many".to_owned(),
                msgs: vec![msg.clone().into()],
                delay: None,
            };
            let council = self.council.clone();
            self.call(&address, &council, Vec::new(), entry, ::timelock::contract::execute)?;
        }
        Ok(())
    }

    /// Workers at A0, each bonded and enrolled.
    fn workers(&mut self, like: &Signer) -> Result<()> {
        let operator = Account::dev("worker")?.address().to_owned();
        let request = like.request(&operator, None)?;
        for index in 0..self.plan.rows {
            let bond = coins(WORKER_BOND, USDT_DENOM);
            self.oracle(&operator, bond, request.clone())?;
            let subject = Subject {
                role: Role::Worker,
                id: u64::from(index) + 2,
            };
            let evidence = Evidence::Bond {};
            self.oracle(&operator, Vec::new(), OracleMsg::Enroll { subject, evidence })?;
        }
        Ok(())
    }

    /// Statements of worker 1 for job 1.
    fn statements(&mut self, worker: &Signer) -> Result<()> {
        let now = self.block.time.seconds();
        let mut head = worker.head.clone();
        let mut left = self.plan.rows as usize;
        while left > 0 {
            let batch = (0..left.min(BATCH)).map(|_| worker.job(1, &mut head, now));
            let statements: Vec<SignedStatement> = batch.collect::<Result<_>>()?;
            left -= statements.len();
            self.oracle(&self.council.clone(), Vec::new(), OracleMsg::Submit { statements })?;
        }
        Ok(())
    }

    /// TCB infos of other platform families, verified like every upload.
    fn collateral(&mut self) -> Result<()> {
        let now = self.block.time.seconds();
        let platform = self.pki.platform(PlatformSpec::numbered(1));
        let address = self.at.tee_verifier.clone();
        for index in 0..self.plan.rows.min(CATALOGUE) {
            let [_, _, a, b] = index.to_be_bytes();
            let spec = CollateralSpec {
                fmspc: [0xee, a, b, 0, 0, 0],
                ..CollateralSpec::new(&platform, tee_verifier::TeeFamily::Tdx, now)
            };
            let upload = self.pki.collateral_of(&spec).upsert_tcb_info();
            let council = self.council.clone();
            self.call(
                &address,
                &council,
                Vec::new(),
                upload,
                ::tee_verifier::contract::execute,
            )?;
        }
        Ok(())
    }

    /// A token of `cw20-base` with the same holders.
    pub fn peer(&mut self) -> Result<Filled> {
        let holders = self.holders()?;
        let balance = |(address, amount): (String, u128)| cw20::Cw20Coin {
            address,
            amount: amount.into(),
        };
        let msg = cw20_base::msg::InstantiateMsg {
            name: "L-Coin".to_owned(),
            symbol: "LCO".to_owned(),
            decimals: 6,
            initial_balances: holders.into_iter().map(balance).collect(),
            mint: Some(cw20::MinterResponse {
                minter: self.council.clone(),
                cap: Some(l_coin::CAP),
            }),
            marketing: None,
        };
        let mut storage = MemoryStorage::new();
        let querier: MockQuerier = MockQuerier::default();
        let deps = DepsMut {
            storage: &mut storage,
            api: &self.api,
            querier: QuerierWrapper::new(&querier),
        };
        let address = Addr::unchecked(self.plan.peer);
        let info = MessageInfo {
            sender: Addr::unchecked(&self.council),
            funds: Vec::new(),
        };
        cw20_base::contract::instantiate(deps, env(&self.block, &address), info, msg).map_err(|e| anyhow!("{e}"))?;
        Ok(Filled {
            name: "cw20-base",
            address: self.plan.peer.to_owned(),
            // As in the suite: the chain reads it with every message.
            admin: Some(self.at.timelock.clone()),
            state: storage.range(None, None, Order::Ascending).collect(),
        })
    }
}

/// The same for every question to a contract, unless there is one for the question's name (`<address> <name>`). Of rows each has its own, by its key in hexadecimal.
fn answer(answers: &HashMap<String, Binary>, question: &WasmQuery) -> QuerierResult {
    let found = match question {
        WasmQuery::Raw { contract_addr, key } => answers.get(&format!("{contract_addr} {}", hex::encode(key))),
        WasmQuery::Smart { contract_addr, msg } => {
            let asked = String::from_utf8_lossy(msg);
            let name = asked.split('"').nth(1).unwrap_or_default();
            let own = answers.get(&format!("{contract_addr} {name}"));
            own.or_else(|| answers.get(contract_addr))
        }
        _ => None,
    };
    match found {
        Some(answer) => SystemResult::Ok(ContractResult::Ok(answer.clone())),
        None => SystemResult::Err(SystemError::UnsupportedRequest {
            kind: format!("{question:?}"),
        }),
    }
}

/// A call at the rate card, in the last seconds before `now`.
#[must_use]
pub fn leaf(account: &str, sku: &str, id: &str, now: u64) -> Leaf {
    let (units, list, cost) = CALL;
    Leaf {
        call_id: id.to_owned(),
        account: account.to_owned(),
        sku: sku.to_owned(),
        units,
        list,
        cost,
        time: now - 1,
    }
}

fn env(block: &BlockInfo, address: &Addr) -> Env {
    Env {
        block: block.clone(),
        transaction: Some(TransactionInfo { index: 0 }),
        contract: ContractInfo {
            address: address.clone(),
        },
    }
}

/// Each with the next, the last with the first; a single one with an address of its own.
fn neighbours(accounts: Vec<String>) -> Vec<(String, String)> {
    let last = stranger(u32::MAX).unwrap_or_default();
    let next = accounts.iter().skip(1).cloned().chain([last]);
    accounts.iter().cloned().zip(next).collect()
}

/// The message to `receiver`, if it is one.
pub(super) fn told<M: DeserializeOwned>(message: &SubMsg, receiver: &str) -> Result<Option<M>> {
    match &message.msg {
        CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, msg, .. }) if contract_addr == receiver => {
            Ok(Some(from_json(msg)?))
        }
        CosmosMsg::Bank(_) => Ok(None),
        other => bail!("nobody is expected to send {other:?}"),
    }
}
