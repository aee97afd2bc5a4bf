//! A chain with everything on it, actors, and what they sign.

use attestation::{
    binding, encode_entries, log_root, possession, prove, prove_range, Body, ChainKey, ChainLink, Digest, Domain,
    Entry, JobKind, JobStatement, Leaf, Scheme, UsageReport, Window, NO_GPUS,
};
use attestation_oracle::ContractError;
use cosmwasm_std::{coins, from_json, instantiate2_address, Addr, Api, Binary, Coin, Empty, HexBinary, Timestamp};
use cw_multi_test::{App, AppBuilder, AppResponse, Contract, ContractWrapper, Executor};
use interfaces::attestation_oracle::{
    ChainId, ChallengeResponse, Evidence, ExecuteMsg, Hardware, InstantiateMsg, KeyResponse, KeyScheme, Measurement,
    OverviewResponse, Params, ProvenCall, PublicKey, QueryMsg, ReportResponse, Role, SignedStatement, StatementOutcome,
    StatementResponse, Subject, SubjectResponse, SubmitResponse, TcbPolicy,
};
use interfaces::credit_vault::{self, GatewayAdmission, Rate, ReportRef};
use interfaces::l_coin;
use interfaces::tee_verifier::{self, Environment, SgxMeasurement, TcbStatus, TeeFamily};
use serde::de::DeserializeOwned;
use tee_testkit::{CollateralSpec, Pki, Platform, PlatformSpec, SgxReport, TdReport, EVALUATION};

/// When every test begins, unix seconds.
pub const START: u64 = 1_780_000_000;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 24 * HOUR;
pub const USDT: u128 = 1_000_000;
pub const DENOM: &str = "uusdt";
pub const GATEWAY_BOND: u128 = 10_000 * USDT;
pub const WORKER_BOND: u128 = 100 * USDT;
pub const CHALLENGE_BOND: u128 = USDT;
pub const TTL: u64 = 7 * DAY;
/// Units per second and slot of the tests' workers.
pub const RATE: u64 = 100;
/// The SKU of gateway 1: 2 µCredit a unit at list, 1 at cost.
pub const SKU: &str = "gpt/out";
/// Another SKU of gateway 1, at the same price.
pub const SKU2: &str = "gpt/in";

pub struct World {
    pub app: App,
    pub oracle: Addr,
    pub vault: Addr,
    pub coin: Addr,
    pub verifier: Addr,
    pub owner: Addr,
    pub operator: Addr,
    pub timelock: Addr,
    /// Owns gateway 1 from the start.
    pub host: Addr,
    pub rich: Addr,
    pub pki: Pki,
    pub platform: Platform,
}

/// A private key of any scheme.
#[derive(Clone, Debug)]
pub enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    Secp256k1(k256::ecdsa::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl Secret {
    pub fn new(scheme: KeyScheme, seed: u8) -> Self {
        let bytes = [seed.max(1); 32];
        match scheme {
            KeyScheme::Ed25519 => Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&bytes)),
            KeyScheme::Secp256k1 => Self::Secp256k1(k256::ecdsa::SigningKey::from_slice(&bytes).unwrap()),
            KeyScheme::P256 => Self::P256(p256::ecdsa::SigningKey::from_slice(&bytes).unwrap()),
        }
    }

    pub fn sign(&self, digest: &Digest) -> Binary {
        use k256::ecdsa::signature::hazmat::PrehashSigner;
        use k256::ecdsa::signature::Signer;
        match self {
            Self::Ed25519(key) => key.sign(digest).to_bytes().into(),
            Self::Secp256k1(key) => {
                let signature: k256::ecdsa::Signature = key.sign_prehash(digest).unwrap();
                <[u8; 64]>::from(signature.to_bytes()).into()
            }
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest).unwrap();
                <[u8; 64]>::from(signature.to_bytes()).into()
            }
        }
    }

    pub fn public(&self) -> PublicKey {
        let (scheme, bytes) = match self {
            Self::Ed25519(key) => (KeyScheme::Ed25519, key.verifying_key().to_bytes().to_vec()),
            Self::Secp256k1(key) => (
                KeyScheme::Secp256k1,
                key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
            ),
            Self::P256(key) => (
                KeyScheme::P256,
                key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
            ),
        };
        PublicKey {
            scheme,
            bytes: bytes.into(),
        }
    }

    pub fn parsed(&self) -> attestation::PublicKey {
        let public = self.public();
        let scheme = match public.scheme {
            KeyScheme::Ed25519 => Scheme::Ed25519,
            KeyScheme::Secp256k1 => Scheme::Secp256k1,
            KeyScheme::P256 => Scheme::P256,
        };
        attestation::PublicKey::new(scheme, &public.bytes).unwrap()
    }
}

pub fn ed(seed: u8) -> Secret {
    Secret::new(KeyScheme::Ed25519, seed)
}

/// An enrolled key.
#[derive(Clone, Debug)]
pub struct Enrolled {
    pub subject: Subject,
    pub operator: Addr,
    pub secret: Secret,
    pub epoch: u32,
}

pub const ENCRYPTION_KEY: [u8; 32] = [9; 32];

pub fn gateway(id: u64) -> Subject {
    Subject {
        role: Role::Gateway,
        id,
    }
}

pub fn worker(id: u64) -> Subject {
    Subject { role: Role::Worker, id }
}

pub fn hardware(role: Role) -> Hardware {
    match role {
        Role::Gateway => Hardware { slots: 0, rate: 0 },
        Role::Worker => Hardware { slots: 4, rate: RATE },
    }
}

/// What the default TD of the test kit measures.
pub fn measurement_id() -> HexBinary {
    measured(&TdReport::default())
}

pub fn measured(td: &TdReport) -> HexBinary {
    let register = |bytes: &[u8]| HexBinary::from(bytes);
    tee_verifier::Measurement::Tdx(tee_verifier::TdxMeasurement {
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
    .id()
}

pub fn listed(role: Role, id: HexBinary) -> Measurement {
    Measurement {
        id,
        role,
        label: "test image".to_owned(),
    }
}

pub fn params() -> Params {
    Params {
        min_bond_gateway: GATEWAY_BOND.into(),
        min_bond_worker: WORKER_BOND.into(),
        enrolment_ttl: TTL,
        ppid_quota: 1,
        challenge_bond: CHALLENGE_BOND.into(),
    }
}

pub fn policy() -> TcbPolicy {
    TcbPolicy {
        evaluation: EVALUATION,
        statuses: vec![TcbStatus::UpToDate, TcbStatus::SwHardeningNeeded],
        advisories: vec!["INTEL-SA-00001".to_owned()],
    }
}

fn vault_params() -> credit_vault::Params {
    credit_vault::Params {
        close_window: DAY,
        weekly_mint_cap: (500_000 * USDT).into(),
        fund_floor_bps: 200,
        profit_share_bps: 2_000,
    }
}

fn rate(sku: &str) -> Rate {
    Rate {
        sku: sku.to_owned(),
        gateway: 1,
        list: 2_000_000u128.into(),
        cost: 1_000_000u128.into(),
    }
}

fn oracle_code() -> Box<dyn Contract<Empty>> {
    use attestation_oracle::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

fn vault_code() -> Box<dyn Contract<Empty>> {
    use ::credit_vault::contract::{execute, instantiate, query, reply};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

fn coin_code() -> Box<dyn Contract<Empty>> {
    use ::l_coin::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn verifier_code() -> Box<dyn Contract<Empty>> {
    use ::tee_verifier::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

/// A receiver that refuses everything.
mod refusing {
    use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
    use cw_storage_plus::Item;
    use interfaces::credit_vault::{ExecuteMsg, QueryMsg};

    pub fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }

    /// The name of the SKU it cannot stand; a receiver without one refuses everything.
    const POISON: Item<String> = Item::new("poison");

    pub fn instantiate_picky(deps: DepsMut, _: Env, _: MessageInfo, poison: String) -> StdResult<Response> {
        POISON.save(deps.storage, &poison)?;
        Ok(Response::new())
    }

    pub fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
        match (POISON.may_load(deps.storage)?, msg) {
            (Some(poison), ExecuteMsg::SettleUsage { reports }) => {
                let mut entries = reports.iter().flat_map(|report| &report.entries);
                match entries.any(|entry| entry.sku == poison) {
                    true => Err(StdError::generic_err("poisoned")),
                    false => Ok(Response::new()),
                }
            }
            _ => Err(StdError::generic_err("refused")),
        }
    }

    pub fn query(_: Deps, _: Env, _: QueryMsg) -> StdResult<Binary> {
        Err(StdError::generic_err("refused"))
    }
}

fn refusing_code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(
        refusing::execute,
        refusing::instantiate,
        refusing::query,
    ))
}

impl World {
    /// Everything deployed, gateway 1 owned by `host` and not enrolled, collateral in force.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same with a changed instantiate message.
    pub fn with(change: impl FnOnce(&mut InstantiateMsg)) -> Self {
        let mut app = AppBuilder::new().build(|router, api, storage| {
            let rich = api.addr_make("rich");
            let coins = vec![Coin::new(USDT, "uother"), Coin::new(u128::MAX / 4, DENOM)];
            router.bank.init_balance(storage, &rich, coins).unwrap();
        });
        app.update_block(|block| block.time = Timestamp::from_seconds(START));
        let make = |name: &str| app.api().addr_make(name);
        let (owner, operator, timelock, host, rich) = (
            make("owner"),
            make("operator"),
            make("timelock"),
            make("host"),
            make("rich"),
        );
        let codes = [oracle_code(), vault_code(), coin_code(), verifier_code()].map(|code| app.store_code(code));
        let creator = app.api().addr_canonicalize(owner.as_str()).unwrap();
        let [oracle, vault, coin, verifier] = codes.map(|code| {
            let checksum = app.wrap().query_wasm_code_info(code).unwrap().checksum;
            let address = instantiate2_address(checksum.as_slice(), &creator, b"salt").unwrap();
            app.api().addr_humanize(&address).unwrap()
        });
        let pki = Pki::new("oracle", START - 365 * DAY, START + 3 * 365 * DAY);
        let platform = pki.platform(PlatformSpec::numbered(1));
        let mut world = Self {
            app,
            oracle,
            vault,
            coin,
            verifier,
            owner,
            operator,
            timelock,
            host,
            rich,
            pki,
            platform,
        };
        let mut init = world.init_msg();
        change(&mut init);
        world.deploy(codes, &init);
        world.renew_collateral();
        world
    }

    pub fn init_msg(&self) -> InstantiateMsg {
        InstantiateMsg {
            owner: self.owner.to_string(),
            operator: Some(self.operator.to_string()),
            timelock: self.timelock.to_string(),
            verifier: self.verifier.to_string(),
            vault: self.vault.to_string(),
            denom: DENOM.to_owned(),
            params: params(),
            policy: policy(),
            measurements: vec![
                listed(Role::Gateway, measurement_id()),
                listed(Role::Worker, measurement_id()),
            ],
            gateways: vec![self.host.to_string()],
        }
    }

    fn deploy(&mut self, codes: [u64; 4], oracle: &InstantiateMsg) {
        let vault = credit_vault::InstantiateMsg {
            owner: self.owner.to_string(),
            operator: None,
            timelock: self.timelock.to_string(),
            denom: DENOM.to_owned(),
            l_coin: self.coin.to_string(),
            oracle: self.oracle.to_string(),
            peers: credit_vault::Peers::default(),
            registered: vec![],
            gateways: vec![GatewayAdmission {
                gateway: 1,
                payout: self.host.to_string(),
            }],
            rates: vec![rate(SKU), rate(SKU2)],
            params: vault_params(),
        };
        let coin = l_coin::InstantiateMsg {
            name: "L-Coin".to_owned(),
            symbol: "LCO".to_owned(),
            decimals: 6,
            minter: self.vault.to_string(),
            marketing: None,
        };
        let verifier = tee_verifier::InstantiateMsg {
            environment: Environment::Testnet,
            test_root: Some(self.pki.root_der().into()),
        };
        self.create(codes[0], oracle);
        self.create(codes[1], &vault);
        self.create(codes[2], &coin);
        self.create(codes[3], &verifier);
    }

    fn create(&mut self, code: u64, msg: &impl serde::Serialize) {
        let owner = self.owner.clone();
        let salt = Binary::from(b"salt");
        self.app
            .instantiate2_contract(code, owner, msg, &[], "contract", None, salt)
            .unwrap();
    }

    /// Uploads collateral issued now, valid 30 days, under which the platform is up to date.
    pub fn renew_collateral(&mut self) {
        self.upload(CollateralSpec::new(&self.platform, TeeFamily::Tdx, self.now()));
    }

    pub fn upload(&mut self, spec: CollateralSpec) {
        for msg in self.pki.collateral_of(&spec).upserts() {
            let (sender, verifier) = (self.rich.clone(), self.verifier.clone());
            self.app.execute_contract(sender, verifier, &msg, &[]).unwrap();
        }
    }

    /// Puts a contract that refuses everything in the vault's place.
    pub fn break_vault(&mut self) {
        let code = self.app.store_code(refusing_code());
        let owner = self.owner.clone();
        let msg = Empty {};
        let broken = self
            .app
            .instantiate_contract(code, owner, &msg, &[], "refusing", None)
            .unwrap();
        self.set_vault(&broken);
    }

    /// Puts a contract in the vault's place that fails as a whole when one entry is of this SKU.
    pub fn poison_vault(&mut self, sku: &str) {
        let code = ContractWrapper::new(refusing::execute, refusing::instantiate_picky, refusing::query);
        let code = self.app.store_code(Box::new(code));
        let (owner, sku) = (self.owner.clone(), sku.to_owned());
        let picky = self
            .app
            .instantiate_contract(code, owner, &sku, &[], "picky", None)
            .unwrap();
        self.set_vault(&picky);
    }

    /// Puts the real vault back.
    pub fn repair_vault(&mut self) {
        self.set_vault(&self.vault.clone());
    }

    pub fn set_vault(&mut self, vault: &Addr) {
        let (timelock, vault) = (self.timelock.clone(), vault.to_string());
        self.exec(&timelock, &ExecuteMsg::SetVault { vault }).unwrap();
    }

    // ---- time and money ----

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn pass(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    pub fn actor(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn give(&mut self, to: &Addr, amount: u128) {
        let rich = self.rich.clone();
        self.app.send_tokens(rich, to.clone(), &coins(amount, DENOM)).unwrap();
    }

    pub fn balance(&self, of: &Addr) -> u128 {
        self.app.wrap().query_balance(of, DENOM).unwrap().amount.u128()
    }

    // ---- messages ----

    /// Sends a message to the oracle and checks that every bond is still covered, to the unit.
    pub fn exec(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<AppResponse, ContractError> {
        self.exec_with(sender, msg, &[])
    }

    pub fn exec_with(&mut self, sender: &Addr, msg: &ExecuteMsg, funds: &[Coin]) -> Result<AppResponse, ContractError> {
        let oracle = self.oracle.clone();
        let result = self.app.execute_contract(sender.clone(), oracle, msg, funds);
        self.check_bonds();
        result.map_err(|error| match error.downcast::<ContractError>() {
            Ok(error) => error,
            Err(error) => panic!("not an error of the oracle: {error:#}"),
        })
    }

    /// Like `exec_with`, where another contract's error may surface.
    pub fn exec_any(&mut self, sender: &Addr, msg: &ExecuteMsg, funds: &[Coin]) -> Result<AppResponse, String> {
        let oracle = self.oracle.clone();
        let result = self.app.execute_contract(sender.clone(), oracle, msg, funds);
        self.check_bonds();
        result.map_err(|error| error.root_cause().to_string())
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.oracle, msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn subject(&self, subject: Subject) -> SubjectResponse {
        self.query(&QueryMsg::Subject { subject })
    }

    pub fn key(&self, subject: Subject) -> KeyResponse {
        self.query(&QueryMsg::Key {
            subject,
            key_epoch: None,
        })
    }

    pub fn report(&self, report: ReportRef) -> ReportResponse {
        self.query(&QueryMsg::Report { report })
    }

    pub fn statement(&self, chain: ChainId, seq: u64) -> StatementResponse {
        self.query(&QueryMsg::Statement { chain, seq })
    }

    /// Σ bonds + Σ bonds of open challenges = what the contract says it holds ≤ what it holds.
    pub fn check_bonds(&self) {
        let mut sum = 0;
        for role in [Role::Worker, Role::Gateway] {
            let subjects: Vec<SubjectResponse> = self.query(&QueryMsg::Subjects {
                role,
                start_after: None,
                limit: Some(100),
            });
            sum += subjects.iter().map(|subject| subject.bond.u128()).sum::<u128>();
        }
        let overview = self.overview();
        sum += u128::from(overview.open_challenges) * CHALLENGE_BOND;
        assert_eq!(sum, overview.bonds.u128(), "bonds and their total");
        assert!(self.balance(&self.oracle) >= sum, "bonds are covered");
    }

    // ---- enrolment ----

    pub fn domain(&self) -> (String, String) {
        (self.app.block_info().chain_id, self.oracle.to_string())
    }

    pub fn ask(&self, operator: &Addr, role: Role, id: Option<u64>, secret: &Secret) -> ExecuteMsg {
        let (chain, contract) = self.domain();
        let domain = Domain::new(&chain, &contract).unwrap();
        let signed = match role {
            Role::Worker => attestation::Role::Worker,
            Role::Gateway => attestation::Role::Gateway,
        };
        let proof = possession(&domain, operator.as_str(), signed, &secret.parsed(), &ENCRYPTION_KEY).unwrap();
        ExecuteMsg::RequestEnrollment {
            role,
            id,
            public_key: secret.public(),
            possession: secret.sign(&proof),
            encryption_key: ENCRYPTION_KEY.into(),
            hardware: hardware(role),
        }
    }

    /// First step, with `bond` attached.
    pub fn request(
        &mut self,
        operator: &Addr,
        role: Role,
        id: Option<u64>,
        secret: &Secret,
        bond: u128,
    ) -> Result<ChallengeResponse, ContractError> {
        let msg = self.ask(operator, role, id, secret);
        let funds = if bond == 0 { vec![] } else { coins(bond, DENOM) };
        self.give(operator, bond.max(1));
        let response = self.exec_with(operator, &msg, &funds)?;
        Ok(from_json(response.data.unwrap()).unwrap())
    }

    /// What a quote must carry for this challenge.
    pub fn report_data(&self, operator: &Addr, secret: &Secret, challenge: &ChallengeResponse) -> [u8; 64] {
        let (chain, contract) = self.domain();
        let domain = Domain::new(&chain, &contract).unwrap();
        let nonce: Digest = challenge.challenge.to_array().unwrap();
        let bound = binding(
            &domain,
            operator.as_str(),
            &secret.parsed(),
            &ENCRYPTION_KEY,
            challenge.key_epoch,
            &nonce,
        );
        let mut data = [0; 64];
        data[..32].copy_from_slice(&bound.unwrap());
        data[32..].copy_from_slice(&NO_GPUS);
        data
    }

    pub fn quote(&self, platform: &Platform, report_data: [u8; 64]) -> Evidence {
        Evidence::quote(platform.tdx_quote(&TdReport::with_data(report_data)))
    }

    /// Both steps at A1 on a platform.
    pub fn enrol_on(
        &mut self,
        platform: &Platform,
        operator: &Addr,
        role: Role,
        id: Option<u64>,
        secret: &Secret,
        bond: u128,
    ) -> Result<Enrolled, ContractError> {
        let challenge = self.request(operator, role, id, secret, bond)?;
        let data = self.report_data(operator, secret, &challenge);
        let evidence = self.quote(platform, data);
        self.finish(operator, secret, &challenge, evidence)
    }

    pub fn finish(
        &mut self,
        operator: &Addr,
        secret: &Secret,
        challenge: &ChallengeResponse,
        evidence: Evidence,
    ) -> Result<Enrolled, ContractError> {
        let subject = challenge.subject;
        self.exec(operator, &ExecuteMsg::Enroll { subject, evidence })?;
        Ok(Enrolled {
            subject,
            operator: operator.clone(),
            secret: secret.clone(),
            epoch: challenge.key_epoch,
        })
    }

    /// Gateway 1, bonded and enrolled.
    pub fn gateway(&mut self) -> Enrolled {
        let (platform, host) = (self.platform.clone(), self.host.clone());
        self.enrol_on(&platform, &host, Role::Gateway, Some(1), &ed(1), GATEWAY_BOND)
            .unwrap()
    }

    /// A worker at A0.
    pub fn worker(&mut self, name: &str, secret: &Secret) -> Enrolled {
        let operator = self.actor(name);
        let challenge = self
            .request(&operator, Role::Worker, None, secret, WORKER_BOND)
            .unwrap();
        self.finish(&operator, secret, &challenge, Evidence::Bond {}).unwrap()
    }

    /// The next key epoch at A1 on the world's platform.
    pub fn renew(&mut self, of: &Enrolled, secret: &Secret) -> Enrolled {
        let (platform, subject) = (self.platform.clone(), of.subject);
        self.enrol_on(&platform, &of.operator, subject.role, Some(subject.id), secret, 0)
            .unwrap()
    }

    // ---- statements ----

    pub fn digest(&self, body: &impl Body) -> Digest {
        let (chain, contract) = self.domain();
        body.digest(&Domain::new(&chain, &contract).unwrap())
    }

    pub fn submit(&mut self, statements: Vec<SignedStatement>) -> Vec<StatementOutcome> {
        let anyone = self.rich.clone();
        let response = self.exec(&anyone, &ExecuteMsg::Submit { statements }).unwrap();
        let answer: SubmitResponse = from_json(response.data.unwrap()).unwrap();
        answer.outcomes
    }

    pub fn submit_one(&mut self, statement: SignedStatement) -> StatementOutcome {
        self.submit(vec![statement])[0]
    }

    pub fn sign_job(&self, by: &Enrolled, body: &JobStatement) -> SignedStatement {
        SignedStatement::Job {
            body: body.encode().into(),
            signature: by.secret.sign(&self.digest(body)),
        }
    }

    pub fn sign_usage(&self, by: &Enrolled, body: &UsageReport, entries: &[Entry]) -> SignedStatement {
        SignedStatement::Usage {
            body: body.encode().into(),
            entries: encode_entries(entries).unwrap().into(),
            signature: by.secret.sign(&self.digest(body)),
        }
    }

    pub fn sign_link(&self, old: &Enrolled, new: &Enrolled, body: &ChainLink) -> SignedStatement {
        let digest = self.digest(body);
        SignedStatement::Link {
            body: body.encode().into(),
            old_signature: old.secret.sign(&digest),
            new_signature: new.secret.sign(&digest),
        }
    }

    /// The first statement of a job: the last 100 s on one slot, fully used.
    pub fn first_job(&self, by: &Enrolled, job: u64) -> JobStatement {
        let chain = ChainKey::Job {
            worker: by.subject.id,
            key_epoch: by.epoch,
            job,
            assignment: 0,
        };
        JobStatement {
            worker: by.subject.id,
            key_epoch: by.epoch,
            job,
            assignment: 0,
            seq: 1,
            kind: JobKind::Progress,
            window: Window::new(self.now() - 100, self.now()).unwrap(),
            units_cum: u128::from(100 * RATE),
            gpu_slots: 1,
            input_root: [1; 32],
            output_root: [2; 32],
            model_id: [3; 32],
            prev_digest: chain.first_prev_digest(),
            expires_at: self.now() + HOUR,
        }
    }

    /// The statement after `body`, over the next 100 s.
    pub fn next_job(&self, body: &JobStatement) -> JobStatement {
        let (start, end) = (body.window.end(), body.window.end() + 100);
        JobStatement {
            seq: body.seq + 1,
            window: Window::new(start, end).unwrap(),
            units_cum: body.units_cum + u128::from(100 * RATE),
            prev_digest: self.digest(body),
            expires_at: end + HOUR,
            ..body.clone()
        }
    }

    /// The first report of a gateway, over the last 100 s.
    pub fn first_report(&self, by: &Enrolled, entries: &[Entry]) -> UsageReport {
        let chain = ChainKey::Usage {
            gateway: by.subject.id,
            key_epoch: by.epoch,
        };
        let root = log_root(entries).unwrap();
        UsageReport {
            gateway: by.subject.id,
            key_epoch: by.epoch,
            seq: 1,
            window: Window::new(self.now() - 100, self.now()).unwrap(),
            calls: root.sums.calls,
            log_root: root.hash,
            prev_digest: chain.first_prev_digest(),
            expires_at: self.now() + HOUR,
        }
    }

    /// The report after `body`, over the last 100 s.
    pub fn next_report(&self, body: &UsageReport, entries: &[Entry]) -> UsageReport {
        let root = log_root(entries).unwrap();
        UsageReport {
            seq: body.seq + 1,
            window: Window::new(self.now() - 100, self.now()).unwrap(),
            calls: root.sums.calls,
            log_root: root.hash,
            prev_digest: self.digest(body),
            expires_at: self.now() + HOUR,
            ..body.clone()
        }
    }

    // ---- calls ----

    /// An account with `amount` at gateway 1.
    pub fn customer(&mut self, name: &str, amount: u128) -> Addr {
        let account = self.actor(name);
        self.give(&account, amount);
        self.vault_exec(
            &account,
            &credit_vault::ExecuteMsg::Deposit { to: None },
            &coins(amount, DENOM),
        );
        let open = credit_vault::ExecuteMsg::OpenSpending {
            gateway: 1,
            amount: amount.into(),
            max_per_day: amount.into(),
        };
        self.vault_exec(&account, &open, &[]);
        account
    }

    pub fn vault_exec(&mut self, sender: &Addr, msg: &credit_vault::ExecuteMsg, funds: &[Coin]) {
        let vault = self.vault.clone();
        self.app.execute_contract(sender.clone(), vault, msg, funds).unwrap();
    }

    pub fn free_credits(&self, of: &Addr) -> u128 {
        let query = credit_vault::QueryMsg::Account {
            address: of.to_string(),
            start_after: None,
            limit: None,
        };
        let account: credit_vault::AccountResponse = self.app.wrap().query_wasm_smart(&self.vault, &query).unwrap();
        account.free.u128()
    }

    pub fn settlement(&self, report: ReportRef) -> credit_vault::SettlementResponse {
        let query = credit_vault::QueryMsg::Settlement { report };
        self.app.wrap().query_wasm_smart(&self.vault, &query).unwrap()
    }

    /// A call made a second ago, at the rate card: 1,000 units.
    pub fn call(&self, id: &str, account: &Addr) -> Leaf {
        Leaf {
            call_id: id.to_owned(),
            account: account.to_string(),
            sku: SKU.to_owned(),
            units: 1_000,
            list: 2_000,
            cost: 1_000,
            time: self.now() - 1,
        }
    }

    /// Submits the gateway's next report over these logs, each the calls of one account and SKU.
    pub fn post(&mut self, by: &Enrolled, after: Option<&UsageReport>, logs: &[Vec<Leaf>]) -> Posted {
        let mut logs = logs.to_vec();
        logs.sort_by(|a, b| (&a[0].account, &a[0].sku).cmp(&(&b[0].account, &b[0].sku)));
        let entries: Vec<Entry> = logs.iter().map(|log| Entry::from_leaves(log).unwrap()).collect();
        self.post_entries(by, after, entries, logs)
    }

    /// The same with entries that need not fit their logs.
    pub fn post_entries(
        &mut self,
        by: &Enrolled,
        after: Option<&UsageReport>,
        entries: Vec<Entry>,
        logs: Vec<Vec<Leaf>>,
    ) -> Posted {
        let body = match after {
            Some(before) => self.next_report(before, &entries),
            None => self.first_report(by, &entries),
        };
        let outcome = self.submit_one(self.sign_usage(by, &body, &entries));
        Posted {
            body,
            entries,
            logs,
            outcome,
        }
    }
}

/// A submitted report with what is behind it.
#[derive(Clone, Debug)]
pub struct Posted {
    pub body: UsageReport,
    pub entries: Vec<Entry>,
    pub logs: Vec<Vec<Leaf>>,
    pub outcome: StatementOutcome,
}

impl Posted {
    pub fn report(&self) -> ReportRef {
        ReportRef {
            gateway: self.body.gateway,
            key_epoch: self.body.key_epoch,
            seq: self.body.seq,
        }
    }

    pub fn encoded_entries(&self) -> Binary {
        encode_entries(&self.entries).unwrap().into()
    }

    /// The entry's path to the log root.
    pub fn entry_proof(&self, entry: usize) -> Binary {
        let nodes: Vec<_> = self.entries.iter().map(|entry| entry.node().unwrap()).collect();
        prove(&nodes, entry as u32).unwrap().encode().into()
    }

    pub fn entry(&self, entry: usize) -> Binary {
        self.entries[entry].encode().unwrap().into()
    }

    pub fn proven(&self, entry: usize, leaf: usize) -> ProvenCall {
        let nodes: Vec<_> = self.logs[entry].iter().map(|leaf| leaf.node().unwrap()).collect();
        ProvenCall {
            report: self.report(),
            leaf: self.logs[entry][leaf].encode().unwrap().into(),
            leaf_proof: prove(&nodes, leaf as u32).unwrap().encode().into(),
            entry: self.entry(entry),
            entry_proof: self.entry_proof(entry),
        }
    }

    /// Encoded leaves `first .. first + count` of an entry, and their proof.
    pub fn revealed(&self, entry: usize, first: usize, count: usize) -> (Vec<Binary>, Binary) {
        let log = &self.logs[entry];
        let nodes: Vec<_> = log.iter().map(|leaf| leaf.node().unwrap()).collect();
        let leaves = log[first..first + count]
            .iter()
            .map(|leaf| leaf.encode().unwrap().into());
        let proof = prove_range(&nodes, first as u32, count).unwrap();
        (leaves.collect(), proof.encode().into())
    }
}

pub fn code(error: &ContractError) -> u16 {
    error.code()
}

/// An SGX measurement is another kind of evidence with the same rules.
pub fn sgx_measured(report: &SgxReport) -> SgxMeasurement {
    let bytes = |bytes: &[u8]| HexBinary::from(bytes);
    SgxMeasurement {
        mr_enclave: bytes(&report.mr_enclave),
        mr_signer: bytes(&report.mr_signer),
        isv_prod_id: report.isv_prod_id,
        isv_svn: report.isv_svn,
        misc_select: report.misc_select,
        attributes: bytes(&report.attributes),
        config_id: bytes(&report.config_id),
        config_svn: report.config_svn,
        isv_ext_prod_id: bytes(&report.isv_ext_prod_id),
        isv_family_id: bytes(&report.isv_family_id),
    }
}
