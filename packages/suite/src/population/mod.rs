//! The suite with many rows in every table, for measuring on a chain that starts with them.
//!
//! Every row is written by the contracts' own code. The suite is created and a gateway and a worker are enrolled by transactions on cw-multi-test; then each
//! handler is called directly as often as rows are wanted, in the name of whoever may call it, and what lies in storage afterwards goes into a genesis
//! ([`Populated::place`]) at the same addresses. Signatures of the many are not checked while their rows are written: nobody holds those keys.

mod bulk;
pub mod markets;
pub mod network;
pub mod signing;

pub use bulk::{leaf, SKU};

use anyhow::{anyhow, Context, Result};
use cosmrs::AccountId;
use cosmwasm_std::{coin, Addr, Coin, HexBinary, Timestamp};
use interfaces::attestation_oracle::{
    Evidence, ExecuteMsg, Measurement, OverviewResponse, QueryMsg, Role, Subject, SubjectResponse,
};
use interfaces::tee_verifier::{self, TeeFamily};
use interfaces::{compute_wars, credit_vault, governance, l_coin};
use sha2::{Digest, Sha256};
use tee_testkit::{Pki, Platform, PlatformSpec, TdReport, EVALUATION};

use crate::account::{Account, PREFIX};
use crate::chain::{Chain, ChainExt, Msg};
use crate::deploy::{messages, part, Addresses, Artifacts, Config, Part};
use crate::genesis::{Genesis, PlacedContract};
use crate::in_process::InProcess;
use crate::localnet::USDT_DENOM;
use signing::Signer;

/// Accounts with Credits and a spending account at gateway 1 that exist whatever the number of rows: a report has up to 200 payers even where there is one row.
pub const CAST: u32 = 200;
/// Most pieces of collateral and most SKUs: Intel has made far fewer platform families, and nobody sells more models.
pub const CATALOGUE: u32 = 1_000;
/// µUSDT bonded by gateway 1.
pub const GATEWAY_BOND: u128 = 100_000_000_000;
/// µUSDT bonded by a worker.
pub const WORKER_BOND: u128 = 100_000_000;
/// µUSDT that every account deposits; half is promised to gateway 1.
pub const DEPOSIT: u128 = 1_000_000_000;
/// µLCO that every account holds.
pub const COINS: u128 = 1_000_000;
/// µLCO that each of the users with keys holds.
pub const USER_COINS: u128 = 50_000_000;
/// Slots and units per second and slot of every worker.
pub const HARDWARE: (u8, u64) = (8, 1_000);
/// A worker's or gateway's X25519 key.
pub const ENCRYPTION_KEY: [u8; 32] = [9; 32];

const DAY: u64 = 86_400;

/// What to fill.
pub struct Plan<'a> {
    pub chain_id: &'a str,
    /// Block time of the first row.
    pub time: Timestamp,
    /// Rows of each table that grows with users.
    pub rows: u32,
    pub artifacts: &'a Artifacts,
    /// A contract that takes whatever it is sent: may hold Credits, and is what the queue's entries are about.
    pub sink: &'a str,
    /// A contract of `cw20-base` to fill beside, where it will lie.
    pub peer: &'a str,
    pub tables: Tables,
}

/// Which tables are filled. All contracts are there in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// Of vault, oracle and markets.
    Suite,
    /// Of the network's token.
    Network,
}

/// A contract with its rows.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Crate name of its code.
    pub name: &'static str,
    pub address: String,
    pub admin: Option<String>,
    pub state: Vec<(Vec<u8>, Vec<u8>)>,
}

/// The suite with its rows and those who act in it.
pub struct Populated {
    pub config: Config,
    pub addresses: Addresses,
    /// An L-Coin whose minter is the council, so that minting can be measured by itself.
    pub mint: String,
    /// A contest whose vault is the council and that has no fund, so that scores can be measured by themselves.
    pub contest: String,
    pub contracts: Vec<Filled>,
    /// What contracts hold.
    pub balances: Vec<(String, Coin)>,
    /// Block time of the last row.
    pub time: Timestamp,
    pub pki: Pki,
    /// Gateway 1, enrolled on [`Self::platform`] 1.
    pub gateway: Signer,
    /// Worker 1.
    pub worker: Signer,
}

/// Address number `index` of those whose keys nobody has.
///
/// # Errors
/// Never for the suite's prefix.
pub fn stranger(index: u32) -> Result<String> {
    let hash = Sha256::digest(format!("population {index}"));
    let bytes = hash.get(..20).context("hash")?;
    Ok(AccountId::new(PREFIX, bytes).map_err(|e| anyhow!("{e}"))?.to_string())
}

/// Users with keys: `user0` to `user9`, who hold LCO from the start.
///
/// # Errors
/// Never for a number below the development accounts'.
pub fn user(index: u32) -> Result<Account> {
    Account::dev(&format!("user{index}"))
}

/// Second contracts of a kind.
struct Twins {
    mint: String,
    contest: String,
}

/// Fills everything. `say` hears what is being done.
///
/// # Errors
/// When a contract refuses a row: the plan does not fit its rules.
pub fn populate(plan: &Plan, say: &dyn Fn(&str)) -> Result<Populated> {
    say("creating the suite in process");
    let pki = Pki::new(
        "population",
        plan.time.seconds() - 365 * DAY,
        plan.time.seconds() + 3 * 365 * DAY,
    );
    let config = config(plan, &pki)?;
    let mut chain = InProcess::new(plan.chain_id, plan.time)?;
    let (addresses, twins) = create(&mut chain, &config, plan)?;
    let (gateway, worker) = enrol_both(&mut chain, &addresses, &pki)?;
    let mut bulk = bulk::Bulk::new(&mut chain, plan, &addresses, &twins, &pki)?;
    match plan.tables {
        Tables::Suite => bulk.fill(&gateway, &worker, say)?,
        Tables::Network => bulk.network(say)?,
    }
    let peer = bulk.peer()?;
    let time = chain.block()?.time;
    let mut contracts: Vec<_> = Part::ALL
        .map(|part| filled(&mut chain, part.code(), addresses.of(part), &addresses))
        .into();
    let Twins { mint, contest } = twins;
    contracts.push(filled(&mut chain, Part::LCoin.code(), &mint, &addresses));
    contracts.push(filled(&mut chain, Part::ComputeWars.code(), &contest, &addresses));
    contracts.push(peer);
    Ok(Populated {
        balances: match plan.tables {
            Tables::Suite => balances(&chain, &addresses)?,
            Tables::Network => network::balances(&chain, &addresses)?,
        },
        config,
        addresses,
        mint,
        contest,
        contracts,
        time,
        pki,
        gateway,
        worker,
    })
}

impl Populated {
    /// Puts contracts, rows and what they hold into a genesis. `code` stores a contract's Wasm there and answers its id.
    ///
    /// # Errors
    /// When the genesis has another form, or `code` fails.
    pub fn place(&self, genesis: &mut Genesis, mut code: impl FnMut(&mut Genesis, &str) -> Result<u64>) -> Result<()> {
        let creator = self.config.account(&self.config.deployer)?;
        for contract in &self.contracts {
            let code_id = code(genesis, contract.name)?;
            genesis.add_contract(&PlacedContract {
                address: contract.address.clone(),
                code_id,
                creator: creator.address().to_owned(),
                admin: contract.admin.clone(),
                // As long for everyone: the chain reads it with every message.
                label: "measured".to_owned(),
                state: contract.state.clone(),
            })?;
        }
        for (address, coin) in &self.balances {
            genesis.add_balance(address, std::slice::from_ref(coin))?;
        }
        Ok(())
    }

    /// Rows of all contracts together.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.contracts.iter().map(|contract| contract.state.len()).sum()
    }

    /// A platform of the synthetic makers; gateway 1 runs on number 1.
    #[must_use]
    pub fn platform(&self, number: u64) -> Platform {
        self.pki.platform(PlatformSpec::numbered(number))
    }
}

/// The local deployment with a test root, two gateways and a listed measurement. The council stands in for the timelock in vault and oracle, so that what only
/// the queue may change can be measured without it.
fn config(plan: &Plan, pki: &Pki) -> Result<Config> {
    let mut config = Config::local()?;
    plan.chain_id.clone_into(&mut config.chain_id);
    config.tee_verifier.test_root = Some(pki.root_der().into());
    let gateway = Account::dev("gateway")?.address().to_owned();
    config.attestation_oracle.gateways = vec![gateway.clone(), gateway.clone()];
    config.attestation_oracle.policy.evaluation = EVALUATION;
    config.attestation_oracle.measurements = [Role::Gateway, Role::Worker]
        .map(|role| Measurement {
            id: measured(&TdReport::default()),
            role,
            label: "gateway image".to_owned(),
        })
        .into();
    config.credit_vault.gateways = [1, 2]
        .map(|id| credit_vault::GatewayAdmission {
            gateway: id,
            payout: gateway.clone(),
        })
        .into();
    // Small positions, so that many fit the pool; short tracks, so that votes of the many fall into the two days before the chain starts.
    config.margin.params.min_notional = 10_000_000u128.into();
    config.margin.params.fixed_bounty = 200_000u128.into();
    config.margin.params.side_cap_bps = 2_000;
    let track = governance::Track {
        discussion: DAY,
        voting: 3 * DAY,
        timelock: DAY,
        window: 14 * DAY,
    };
    (config.governance.tracks.params, config.governance.tracks.messages) = (track, track);
    (
        config.vcai_governance.tracks.params,
        config.vcai_governance.tracks.messages,
    ) = (track, track);
    network::terms(&mut config);
    // One account uses millions of Credits in the first week.
    config.credit_vault.params.weekly_mint_cap = l_coin::CAP;
    config.credit_vault.connected = false;
    config.credit_vault.registered = vec![plan.sink.to_owned()];
    config.l_coin.marketing = Some(l_coin::Marketing {
        project: Some("https://example.org".to_owned()),
        description: None,
        marketing: Some(config.council.clone()),
        logo: None,
    });
    Ok(config)
}

fn create(chain: &mut InProcess, config: &Config, plan: &Plan) -> Result<(Addresses, Twins)> {
    let deployer = config.account(&config.deployer)?;
    let place = |part: Part, salt: &[u8]| part::address(deployer.address(), &plan.artifacts.checksum(part), salt);
    let at = Addresses::collect(|part| place(part, &part.salt(&config.instance)))?;
    let seen = Addresses {
        timelock: config.council.clone(),
        ..at.clone()
    };
    let mut config = config.clone();
    let holders = [&at.exchange, &at.margin, &at.ecosystem_fund, &at.imo_launchpad].map(Clone::clone);
    config.credit_vault.registered.extend(holders);
    let now = chain.block()?.time.seconds();
    let mut create = |part: Part, salt: Vec<u8>, msg: Vec<u8>| {
        let code_id = chain.store(&deployer, part.code(), plan.artifacts.wasm(part))?;
        let address = place(part, &salt)?;
        instantiate(chain, &deployer, part, code_id, msg, &at, salt)?;
        anyhow::Ok(address)
    };
    for part in Part::ALL {
        let msg = messages::instantiate(part, &config, &seen, now)?;
        create(part, part.salt(&config.instance), msg)?;
    }
    let minted = Addresses {
        credit_vault: config.council.clone(),
        ..seen
    };
    let mint = messages::instantiate(Part::LCoin, &config, &minted, now)?;
    let contest = serde_json::to_vec(&compute_wars::InstantiateMsg {
        owner: config.council.clone(),
        vault: config.council.clone(),
        l_coin: at.l_coin.clone(),
        fund: None,
        params: config.compute_wars.params.clone(),
    })?;
    let twins = Twins {
        mint: create(Part::LCoin, Part::LCoin.salt("mint"), mint)?,
        contest: create(Part::ComputeWars, Part::ComputeWars.salt("alone"), contest)?,
    };
    Ok((at, twins))
}

fn instantiate(
    chain: &mut InProcess,
    deployer: &Account,
    part: Part,
    code_id: u64,
    msg: Vec<u8>,
    at: &Addresses,
    salt: Vec<u8>,
) -> Result<()> {
    let msg = Msg::Instantiate2 {
        code_id,
        label: part.name().to_owned(),
        msg,
        salt,
        admin: Some(at.timelock.clone()),
        funds: Vec::new(),
    };
    chain.transact(deployer, &[msg])?;
    Ok(())
}

/// Gateway 1 with a quote of platform 1, and worker 1 by its bond, both through the whole protocol.
fn enrol_both(chain: &mut InProcess, at: &Addresses, pki: &Pki) -> Result<(Signer, Signer)> {
    let platform = pki.platform(PlatformSpec::numbered(1));
    let uploads = pki.collateral(&platform, TeeFamily::Tdx, chain.block()?.time.seconds());
    let anyone = Account::dev("relayer")?;
    for msg in uploads.upserts() {
        chain.execute(&anyone, &at.tee_verifier, &msg, &[])?;
    }
    let gateway = Signer::new(
        Subject {
            role: Role::Gateway,
            id: 1,
        },
        1,
        chain.chain_id(),
        &at.attestation_oracle,
    );
    let worker = Signer::new(
        Subject {
            role: Role::Worker,
            id: 1,
        },
        1,
        chain.chain_id(),
        &at.attestation_oracle,
    );
    enrol(
        chain,
        at,
        &gateway,
        Some(1),
        &Account::dev("gateway")?,
        GATEWAY_BOND,
        Some(&platform),
    )?;
    enrol(chain, at, &worker, None, &Account::dev("worker")?, WORKER_BOND, None)?;
    Ok((gateway, worker))
}

fn enrol(
    chain: &mut InProcess,
    at: &Addresses,
    signer: &Signer,
    id: Option<u64>,
    operator: &Account,
    bond: u128,
    platform: Option<&Platform>,
) -> Result<()> {
    let request = signer.request(operator.address(), id)?;
    chain.execute(operator, &at.attestation_oracle, &request, &[coin(bond, USDT_DENOM)])?;
    let subject = signer.subject;
    let answer: SubjectResponse = chain.query(&at.attestation_oracle, &QueryMsg::Subject { subject })?;
    let challenge = answer.pending.context("the request is not kept")?.challenge;
    let evidence = match platform {
        None => Evidence::Bond {},
        Some(platform) => signer.quote(platform, operator.address(), &challenge)?,
    };
    chain.execute(
        operator,
        &at.attestation_oracle,
        &ExecuteMsg::Enroll { subject, evidence },
        &[],
    )?;
    Ok(())
}

/// Id of what a trust domain measures.
#[must_use]
pub fn measured(td: &TdReport) -> HexBinary {
    let register = |bytes: &[u8]| HexBinary::from(bytes);
    let [rt_mr0, rt_mr1, rt_mr2, rt_mr3] = td.rt_mr.map(|bytes| register(&bytes));
    tee_verifier::Measurement::Tdx(tee_verifier::TdxMeasurement {
        mr_td: register(&td.mr_td),
        mr_config_id: register(&td.mr_config_id),
        mr_owner: register(&td.mr_owner),
        mr_owner_config: register(&td.mr_owner_config),
        rt_mr0,
        rt_mr1,
        rt_mr2,
        rt_mr3,
        td_attributes: register(&td.td_attributes.to_le_bytes()),
        xfam: register(&td.xfam.to_le_bytes()),
        mr_seam: register(&td.mr_seam),
        mr_signer_seam: register(&td.mr_signer_seam),
        tee_tcb_svn: register(&td.tee_tcb_svn),
    })
    .id()
}

fn filled(chain: &mut InProcess, name: &'static str, address: &str, at: &Addresses) -> Filled {
    Filled {
        name,
        address: address.to_owned(),
        admin: Some(at.timelock.clone()),
        state: chain.app().dump_wasm_raw(&Addr::unchecked(address)),
    }
}

/// What vault and oracle say they hold.
fn balances(chain: &InProcess, at: &Addresses) -> Result<Vec<(String, Coin)>> {
    let vault: credit_vault::OverviewResponse = chain.query(&at.credit_vault, &credit_vault::QueryMsg::Overview {})?;
    let oracle: OverviewResponse = chain.query(&at.attestation_oracle, &QueryMsg::Overview {})?;
    Ok(vec![
        (at.credit_vault.clone(), coin(vault.reserve.u128(), USDT_DENOM)),
        (at.attestation_oracle.clone(), coin(oracle.bonds.u128(), USDT_DENOM)),
    ])
}
