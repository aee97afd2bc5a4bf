//! A deployed suite on some chain and its actors.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use attestation::{binding, possession, Digest, Domain, NO_GPUS};
use cosmwasm_std::{coins, Coin, HexBinary, Timestamp};
use interfaces::attestation_oracle::{
    self as oracle, ChallengeResponse, Evidence, Hardware, Role, Subject, SubjectResponse,
};
use interfaces::credit_vault::{self as vault, GatewayAdmission, Rate};
use interfaces::governance::Track;
use interfaces::tee_verifier::{Environment, Measurement, SgxMeasurement, TcbStatus, TdxMeasurement, TeeFamily};
use serde::de::DeserializeOwned;
use serde::Serialize;
use suite::deploy::token::When;
use suite::deploy::{deploy, Addresses, Artifacts, Config, State};
use suite::{Account, Chain, ChainError, ChainExt, Msg, TxOutcome};
use tee_testkit::{CollateralSpec, Pki, Platform, PlatformSpec, SgxReport, TdReport, EVALUATION};

use crate::clock::Clock;
use crate::deal::House;
use crate::keys::secret;
use crate::ledger;
use crate::net::Room;
use crate::op::{Who, DAY, ONE, USERS};

/// When every play begins: Wednesday 2025-10-08 around noon, UTC.
pub const START: u64 = 1_759_924_800;
pub const DENOM: &str = "uusdt";
pub const GATEWAY_BOND: u128 = 10_000 * ONE;
pub const WORKER_BOND: u128 = 100 * ONE;
pub const CHALLENGE_BOND: u128 = ONE;
/// Longer than the timelock, so that a change of peers can be waited out under one key.
pub const TTL: u64 = 20 * DAY;
pub const COLLATERAL: u64 = tee_testkit::VALIDITY;
/// Least µLCO a gateway can mine in a week before the cap is felt: within reach of random operations.
pub const WEEKLY_CAP: u128 = 700_000 * ONE;
pub const SLOTS: u8 = 4;
/// Units per second and slot of the worker.
pub const RATE: u64 = 100;
pub const ENCRYPTION_KEY: [u8; 32] = [9; 32];

/// What can enrol: gateways 1 and 2, worker 1.
pub const SUBJECTS: [Subject; 3] = [
    Subject {
        role: Role::Gateway,
        id: 1,
    },
    Subject {
        role: Role::Gateway,
        id: 2,
    },
    Subject {
        role: Role::Worker,
        id: 1,
    },
];

/// The SKUs with a rate card: two of each gateway.
pub const SKUS: [(&str, u64); 4] = [("one/in", 1), ("one/out", 1), ("two/in", 2), ("two/out", 2)];

/// First prices of a SKU, µCredit per 10⁶ units.
#[must_use]
pub fn first_rate(sku: &str) -> (u128, u128) {
    if sku.ends_with("out") {
        (2_000_000, 1_000_000)
    } else {
        (500_003, 299_999)
    }
}

impl Who {
    /// The development account behind it.
    ///
    /// # Errors
    /// Never for those in traces.
    pub fn account(self) -> Result<Account> {
        let name = match self {
            Self::User(i) => format!("user{}", i % USERS),
            Self::Exchange => "user20".into(),
            Self::Fund => bail!("the fund is a contract"),
            Self::OtherFund => "user22".into(),
            Self::Payout(id) => format!("user{}", 30 + id),
            Self::Host(1) => "gateway".into(),
            Self::Host(id) => format!("user{}", 40 + id),
            Self::Worker => "worker".into(),
            Self::Relayer => "relayer".into(),
            Self::Council => "council".into(),
            Self::Operator => "operator".into(),
            Self::Thief => "user50".into(),
        };
        Account::dev(&name)
    }

    /// Everybody who signs and whose balances are followed.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all: Vec<_> = (0..USERS).map(Self::User).collect();
        all.extend([
            Self::Exchange,
            Self::OtherFund,
            Self::Payout(1),
            Self::Payout(2),
            Self::Host(1),
            Self::Host(2),
        ]);
        all.extend([Self::Worker, Self::Relayer, Self::Council, Self::Operator, Self::Thief]);
        all
    }
}

/// The operator of a subject.
#[must_use]
pub fn host(subject: Subject) -> Who {
    match subject.role {
        Role::Gateway => Who::Host(subject.id),
        Role::Worker => Who::Worker,
    }
}

/// What happened to one transaction.
pub type Sent = Result<TxOutcome, String>;

/// Sends operations to a chain at their nominal times.
pub struct Stage<'c> {
    pub chain: &'c mut dyn Chain,
    pub at: Addresses,
    pub clock: Clock,
    pub chain_id: String,
    pki: Pki,
    platforms: [Platform; 3],
    accounts: BTreeMap<Who, Account>,
    /// When the collateral on the chain was issued.
    pub collateral: u64,
    /// What every transaction of the current operation left behind.
    pub sent: Vec<Sent>,
}

/// The deployment that plays are held on.
///
/// # Errors
/// When a development account cannot be derived.
pub fn config(pki: &Pki) -> Result<Config> {
    let address = |who: Who| Ok::<_, anyhow::Error>(who.account()?.address().to_owned());
    let mut config = Config::local()?;
    config.credit_vault.params.weekly_mint_cap = WEEKLY_CAP.into();
    config.credit_vault.registered = vec![address(Who::Exchange)?];
    config.credit_vault.gateways = [1, 2]
        .map(|gateway| {
            Ok::<_, anyhow::Error>(GatewayAdmission {
                gateway,
                payout: address(Who::Payout(gateway))?,
            })
        })
        .into_iter()
        .collect::<Result<_>>()?;
    config.credit_vault.rates = SKUS
        .map(|(sku, gateway)| {
            let (list, cost) = first_rate(sku);
            Rate {
                sku: sku.to_owned(),
                gateway,
                list: list.into(),
                cost: cost.into(),
            }
        })
        .to_vec();
    // Within reach of what four users can stake and trade.
    config.governance.tracks.floor = (200_000 * ONE).into();
    let margin = &mut config.margin.params;
    margin.min_notional = (25 * ONE).into();
    margin.fixed_bounty = (ONE / 2).into();
    (margin.position_cap_bps, margin.side_cap_bps) = (200, 2_000);
    network(&mut config, &address(Who::Council)?);
    config.tee_verifier.environment = Environment::Testnet;
    config.tee_verifier.test_root = Some(pki.root_der().into());
    let oracle = &mut config.attestation_oracle;
    oracle.params.enrolment_ttl = TTL;
    oracle.params.min_bond_gateway = GATEWAY_BOND.into();
    oracle.params.min_bond_worker = WORKER_BOND.into();
    oracle.params.challenge_bond = CHALLENGE_BOND.into();
    oracle.policy.evaluation = EVALUATION;
    oracle.policy.statuses = vec![TcbStatus::UpToDate];
    oracle.gateways = vec![address(Who::Host(1))?, address(Who::Host(2))?];
    oracle.measurements = vec![listed(Role::Gateway, tdx().id()), listed(Role::Worker, sgx().id())];
    Ok(config)
}

/// Terms of the network's token that four users and a few weeks can reach. Grants, sources and the reporter come later, by the council.
fn network(config: &mut Config, council: &str) {
    let sale = &mut config.genesis_nft.sale;
    (sale.price, sale.per_wallet) = (ledger::PRICE.into(), ledger::PER_WALLET);
    (sale.opens, sale.closes, sale.deadline) = (
        When::At(ledger::OPENS),
        When::At(ledger::CLOSES),
        When::At(ledger::DEADLINE),
    );
    let tge = &mut config.token_allocation.tge;
    (tge.time, tge.price) = (When::At(ledger::TGE_AT), ledger::VCAI_PRICE.into());
    config.token_allocation.grants = Vec::new();
    config.treasury.sources = Vec::new();
    config.incentive_controller.reporter = None;
    let governance = &mut config.vcai_governance;
    governance.params.deposit_recipient = Some(council.to_owned());
    let track = Track {
        discussion: DAY,
        voting: 3 * DAY,
        timelock: DAY,
        window: 14 * DAY,
    };
    (governance.tracks.params, governance.tracks.messages) = (track, track);
}

fn listed(role: Role, id: HexBinary) -> oracle::Measurement {
    oracle::Measurement {
        id,
        role,
        label: "image of the tests".to_owned(),
    }
}

/// What the gateways' TD measures.
#[must_use]
pub fn tdx() -> Measurement {
    let td = TdReport::default();
    let register = |bytes: &[u8]| HexBinary::from(bytes);
    Measurement::Tdx(TdxMeasurement {
        mr_td: register(&td.mr_td),
        mr_config_id: register(&td.mr_config_id),
        mr_owner: register(&td.mr_owner),
        mr_owner_config: register(&td.mr_owner_config),
        rt_mr0: register(&td.rt_mr[0]),
        rt_mr1: register(&td.rt_mr[1]),
        rt_mr2: register(&td.rt_mr[2]),
        rt_mr3: register(&td.rt_mr[3]),
        td_attributes: register(&td.td_attributes.to_le_bytes()),
        xfam: register(&td.xfam.to_le_bytes()),
        mr_seam: register(&td.mr_seam),
        mr_signer_seam: register(&td.mr_signer_seam),
        tee_tcb_svn: register(&td.tee_tcb_svn),
    })
}

/// What the worker's enclave measures.
#[must_use]
pub fn sgx() -> Measurement {
    let enclave = SgxReport::default();
    let bytes = |bytes: &[u8]| HexBinary::from(bytes);
    Measurement::Sgx(SgxMeasurement {
        mr_enclave: bytes(&enclave.mr_enclave),
        mr_signer: bytes(&enclave.mr_signer),
        isv_prod_id: enclave.isv_prod_id,
        isv_svn: enclave.isv_svn,
        misc_select: enclave.misc_select,
        attributes: bytes(&enclave.attributes),
        config_id: bytes(&enclave.config_id),
        config_svn: enclave.config_svn,
        isv_ext_prod_id: bytes(&enclave.isv_ext_prod_id),
        isv_family_id: bytes(&enclave.isv_family_id),
    })
}

/// The PKI behind all synthetic evidence.
#[must_use]
pub fn pki() -> Pki {
    Pki::new("replay", START - 365 * DAY, START + 10 * 365 * DAY)
}

impl<'c> Stage<'c> {
    /// Deploys everything; collateral in force, nothing enrolled.
    ///
    /// # Errors
    /// When the chain refuses any of it.
    pub fn new(chain: &'c mut dyn Chain, artifacts: &Artifacts, clock: Clock) -> Result<Self> {
        let pki = pki();
        let config = config(&pki)?;
        let mut state = State::in_memory(&config.chain_id);
        let report = deploy(chain, &config, artifacts, &mut state, &|_| ())?;
        ensure!(
            report.created == suite::deploy::Part::ALL,
            "the chain held a suite already"
        );
        let platforms = [1, 2, 3].map(|n| pki.platform(PlatformSpec::numbered(n)));
        let accounts = Who::all()
            .into_iter()
            .map(|who| Ok((who, who.account()?)))
            .collect::<Result<_>>()?;
        Ok(Self {
            chain_id: config.chain_id,
            chain,
            at: report.addresses,
            clock,
            pki,
            platforms,
            accounts,
            collateral: 0,
            sent: Vec::new(),
        })
    }

    /// # Panics
    /// For an actor that is not one.
    #[must_use]
    pub fn account(&self, who: Who) -> Account {
        self.accounts[&who].clone()
    }

    #[must_use]
    pub fn address(&self, who: Who) -> String {
        match who {
            Who::Fund => self.at.ecosystem_fund.clone(),
            signer => self.accounts[&signer].address().to_owned(),
        }
    }

    /// Where a market lies.
    #[must_use]
    pub fn house(&self, house: House) -> String {
        let at = &self.at;
        match house {
            House::Staking => &at.lco_staking,
            House::Exchange => &at.exchange,
            House::Margin => &at.margin,
            House::Fund => &at.ecosystem_fund,
            House::Wars => &at.compute_wars,
            House::Launchpad => &at.imo_launchpad,
            House::Market => &at.prediction_market,
            House::Governance => &at.governance,
        }
        .clone()
    }

    /// Where a contract of the network's token lies.
    #[must_use]
    pub fn room(&self, room: Room) -> String {
        let at = &self.at;
        match room {
            Room::Allocation => &at.token_allocation,
            Room::Genesis => &at.genesis_nft,
            Room::Escrow => &at.vote_escrow,
            Room::Rewards => &at.ve_rewards,
            Room::Treasury => &at.treasury,
            Room::Pool => &at.vcai_exchange,
            Room::Incentives => &at.incentive_controller,
            Room::Council => &at.vcai_governance,
        }
        .clone()
    }

    /// Starts the next operation: the chain's clock is brought to its moment.
    ///
    /// # Errors
    /// When the chain is ahead of it by more than the clock allows.
    pub fn begin(&mut self) -> Result<u64> {
        let moment = self.clock.tick();
        let now = self.chain.block()?.time;
        let wanted = Timestamp::from_seconds(moment);
        if now < wanted {
            self.chain.advance(Duration::from_nanos(wanted.nanos() - now.nanos()))?;
        }
        self.on_time()?;
        Ok(moment)
    }

    /// The chain must not run away from the nominal time, or outcomes could differ for no fault of the contracts.
    ///
    /// # Errors
    /// When it did.
    pub fn on_time(&self) -> Result<()> {
        let ahead = self.chain.block()?.time.seconds().saturating_sub(self.clock.now());
        if ahead > self.clock.tolerance() {
            bail!(
                "the chain is {ahead} s ahead of the trace, more than {} s: the machine is too slow for this test",
                self.clock.tolerance()
            );
        }
        Ok(())
    }

    // ---- sending ----

    /// Sends one message as a transaction and keeps what became of it.
    ///
    /// # Errors
    /// When the chain could not be asked.
    pub fn send(&mut self, who: Who, contract: &str, msg: &impl Serialize, funds: &[Coin]) -> Result<Sent> {
        let msg = Msg::execute(contract, msg, funds)?;
        self.transact(who, &[msg])
    }

    /// # Errors
    /// When the chain could not be asked.
    pub fn transact(&mut self, who: Who, msgs: &[Msg]) -> Result<Sent> {
        let account = self.account(who);
        let sent = match self.chain.transact(&account, msgs) {
            Ok(outcome) => Ok(outcome),
            Err(refused @ ChainError::Refused { .. }) => Err(refused.contract_code().unwrap_or("chain").to_owned()),
            Err(ChainError::Other(error)) => return Err(error),
        };
        self.sent.push(sent.clone());
        Ok(sent)
    }

    /// # Errors
    /// When the chain could not be asked.
    pub fn vault(&mut self, who: Who, msg: &vault::ExecuteMsg, funds: u128) -> Result<Sent> {
        let to = self.at.credit_vault.clone();
        self.send(who, &to, msg, &usdt(funds))
    }

    /// # Errors
    /// When the chain could not be asked.
    pub fn oracle(&mut self, who: Who, msg: &oracle::ExecuteMsg, funds: u128) -> Result<Sent> {
        let to = self.at.attestation_oracle.clone();
        self.send(who, &to, msg, &usdt(funds))
    }

    /// # Errors
    /// When the chain refuses the query.
    pub fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        Ok(self.chain.query(contract, msg)?)
    }

    // ---- enrolment ----

    fn domain(&self) -> Result<Domain<'_>> {
        Domain::new(&self.chain_id, &self.at.attestation_oracle).map_err(|e| anyhow::anyhow!("{e}"))
    }

    /// Uploads collateral issued now under which all platforms are up to date.
    ///
    /// # Errors
    /// When the chain refuses it.
    pub fn renew_collateral(&mut self) -> Result<()> {
        let now = self.clock.now();
        let of = |family| {
            self.pki
                .collateral_of(&CollateralSpec::new(&self.platforms[0], family, now))
        };
        let (tdx, sgx) = (of(TeeFamily::Tdx), of(TeeFamily::Sgx));
        let mut uploads = tdx.upserts();
        uploads.extend([sgx.upsert_qe_identity(), sgx.upsert_tcb_info()]);
        let verifier = self.at.tee_verifier.clone();
        let msgs = uploads
            .iter()
            .map(|upload| Msg::execute(&verifier, upload, &[]))
            .collect::<Result<Vec<_>>>()?;
        self.transact(Who::Relayer, &msgs)?
            .map_err(|code| anyhow::anyhow!("collateral: {code}"))?;
        self.collateral = now;
        Ok(())
    }

    /// First step of an enrolment, with `bond` attached.
    ///
    /// # Errors
    /// When the chain could not be asked.
    pub fn request(&mut self, subject: Subject, epoch: u32, bond: u128) -> Result<Sent> {
        let operator = host(subject);
        let key = secret(subject, epoch);
        let (role, hardware) = match subject.role {
            Role::Gateway => (attestation::Role::Gateway, Hardware { slots: 0, rate: 0 }),
            Role::Worker => (
                attestation::Role::Worker,
                Hardware {
                    slots: SLOTS,
                    rate: RATE,
                },
            ),
        };
        let proof = possession(
            &self.domain()?,
            &self.address(operator),
            role,
            &key.parsed()?,
            &ENCRYPTION_KEY,
        );
        let proof = proof.map_err(|e| anyhow::anyhow!("{e}"))?;
        let first_of_worker = subject.role == Role::Worker && epoch == 1;
        let msg = oracle::ExecuteMsg::RequestEnrollment {
            role: subject.role,
            id: (!first_of_worker).then_some(subject.id),
            public_key: key.public(),
            possession: key.sign(&proof).into(),
            encryption_key: ENCRYPTION_KEY.into(),
            hardware,
        };
        self.oracle(operator, &msg, bond)
    }

    /// The challenge that waits for a subject's evidence.
    ///
    /// # Errors
    /// When there is none.
    pub fn challenge(&self, subject: Subject) -> Result<ChallengeResponse> {
        let answer: SubjectResponse =
            self.query(&self.at.attestation_oracle, &oracle::QueryMsg::Subject { subject })?;
        answer.pending.context("no request is pending")
    }

    /// Report data that binds a quote to the subject's next epoch.
    ///
    /// # Errors
    /// When the subject has no request.
    pub fn report_data(&self, subject: Subject) -> Result<[u8; 64]> {
        let pending = self.challenge(subject)?;
        let nonce: Digest = pending.challenge.to_array()?;
        let key = secret(subject, pending.key_epoch).parsed()?;
        let operator = self.address(host(subject));
        let bound = binding(
            &self.domain()?,
            &operator,
            &key,
            &ENCRYPTION_KEY,
            pending.key_epoch,
            &nonce,
        );
        let mut data = [0; 64];
        data[..32].copy_from_slice(&bound.map_err(|e| anyhow::anyhow!("{e}"))?);
        data[32..].copy_from_slice(&NO_GPUS);
        Ok(data)
    }

    /// The platform a subject runs on.
    #[must_use]
    pub fn platform(&self, subject: Subject) -> &Platform {
        match subject.role {
            Role::Gateway if subject.id == 1 => &self.platforms[0],
            Role::Gateway => &self.platforms[1],
            Role::Worker => &self.platforms[2],
        }
    }

    /// Second step: a quote of the subject's own platform, checked by the real verifier.
    ///
    /// # Errors
    /// When the chain could not be asked.
    pub fn enrol(&mut self, subject: Subject) -> Result<Sent> {
        let data = self.report_data(subject)?;
        let quote = match subject.role {
            Role::Gateway => self.platform(subject).tdx_quote(&TdReport::with_data(data)),
            Role::Worker => self.platform(subject).sgx_quote(&SgxReport::with_data(data)),
        };
        self.evidence(subject, quote)
    }

    /// # Errors
    /// When the chain could not be asked.
    pub fn evidence(&mut self, subject: Subject, quote: Vec<u8>) -> Result<Sent> {
        let evidence = Evidence::quote(quote);
        self.oracle(host(subject), &oracle::ExecuteMsg::Enroll { subject, evidence }, 0)
    }
}

fn usdt(amount: u128) -> Vec<Coin> {
    if amount == 0 {
        Vec::new()
    } else {
        coins(amount, DENOM)
    }
}
