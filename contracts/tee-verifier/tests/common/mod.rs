//! The contract behind its entry points, with a clock.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{from_json, Binary, Env, OwnedDeps, Response, Timestamp};
use interfaces::tee_verifier::*;
use serde::de::DeserializeOwned;
use tee_testkit::{Collateral, CollateralSpec, Pki, PkiSpec, Platform, PlatformSpec, RealQuote, Validity, EVALUATION};
use tee_verifier::{contract, ContractError};

pub const NOW: u64 = 1_752_000_000;
pub const DAY: u64 = 86_400;
pub const YEAR: u64 = 365 * DAY;

pub struct Chain {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub now: u64,
}

impl Chain {
    pub fn try_new(environment: Environment, test_root: Option<&[u8]>) -> Result<Self, ContractError> {
        let mut chain = Self {
            deps: mock_dependencies(),
            now: NOW,
        };
        let msg = InstantiateMsg {
            environment,
            test_root: test_root.map(Binary::from),
        };
        let sender = message_info(&chain.deps.api.addr_make("anyone"), &[]);
        contract::instantiate(chain.deps.as_mut(), mock_env(), sender, msg)?;
        Ok(chain)
    }

    pub fn mainnet() -> Self {
        Self::try_new(Environment::Mainnet, None).unwrap()
    }

    pub fn testnet(pki: &Pki) -> Self {
        Self::try_new(Environment::Testnet, Some(pki.root_der())).unwrap()
    }

    /// A test network that holds this collateral.
    pub fn with(pki: &Pki, spec: &CollateralSpec) -> Self {
        let mut chain = Self::testnet(pki);
        chain.upload(&pki.collateral_of(spec));
        chain
    }

    /// Mainnet that holds a sample's collateral, at a time within its window.
    pub fn with_real(real: &RealQuote) -> Self {
        let mut chain = Self::mainnet();
        chain.now = real.valid_at();
        chain.upload(&real.collateral);
        chain
    }

    pub fn at(mut self, now: u64) -> Self {
        self.now = now;
        self
    }

    pub fn env(&self) -> Env {
        let mut env = mock_env();
        env.block.time = Timestamp::from_seconds(self.now);
        env
    }

    pub fn execute(&mut self, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let (env, sender) = (self.env(), message_info(&self.deps.api.addr_make("anyone"), &[]));
        contract::execute(self.deps.as_mut(), env, sender, msg)
    }

    pub fn upload(&mut self, collateral: &Collateral) {
        for msg in collateral.upserts() {
            self.execute(msg).unwrap();
        }
    }

    pub fn query<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(contract::query(self.deps.as_ref(), self.env(), msg).unwrap()).unwrap()
    }

    pub fn verify_at(&self, quote: &[u8], evaluation: u32) -> Result<VerifiedQuote, Refusal> {
        let msg = QueryMsg::VerifyQuote {
            quote: Binary::from(quote),
            evaluation,
            pck_chain: None,
        };
        self.query::<VerifyQuoteResponse>(msg).into_result()
    }

    pub fn verify(&self, quote: &[u8]) -> Result<VerifiedQuote, Refusal> {
        self.verify_at(quote, EVALUATION)
    }

    pub fn listed(&self) -> Vec<CollateralInfo> {
        self.query::<CollateralResponse>(QueryMsg::Collateral {
            start_after: None,
            limit: Some(MAX_LIMIT),
        })
        .items
    }
}

pub fn pki() -> Pki {
    Pki::new("tests", NOW - YEAR, NOW + YEAR)
}

pub fn pki_with(change: impl FnOnce(&mut PkiSpec)) -> Pki {
    let mut spec = PkiSpec::new("tests", Validity::new(NOW - YEAR, NOW + YEAR));
    change(&mut spec);
    Pki::build(spec)
}

pub fn platform(pki: &Pki) -> Platform {
    pki.platform(PlatformSpec::default())
}

pub fn spec(platform: &Platform, family: TeeFamily) -> CollateralSpec {
    CollateralSpec::new(platform, family, NOW - DAY)
}

pub fn tdx(platform: &Platform) -> CollateralSpec {
    spec(platform, TeeFamily::Tdx)
}

pub fn sgx(platform: &Platform) -> CollateralSpec {
    spec(platform, TeeFamily::Sgx)
}

/// A change of the default collateral.
pub type Change = fn(&mut CollateralSpec);

pub fn changed(mut spec: CollateralSpec, change: impl FnOnce(&mut CollateralSpec)) -> CollateralSpec {
    change(&mut spec);
    spec
}

/// What an upload of a piece of this specification is called.
pub fn ids(spec: &CollateralSpec) -> [CollateralId; 4] {
    let (root, family, evaluation) = (Root::Test, spec.family, spec.evaluation);
    [
        CollateralId::RootCrl { root },
        CollateralId::PckCrl { root, ca: spec.ca },
        CollateralId::QeIdentity {
            root,
            family,
            evaluation,
        },
        CollateralId::TcbInfo {
            root,
            family,
            fmspc: spec.fmspc.into(),
            evaluation,
        },
    ]
}

/// Replaces the certification data at the end of a quote v4, which no signature covers.
pub fn with_chain(quote: &[u8], chain: &str) -> Vec<u8> {
    const AUTH: usize = 48 + 584;
    const QE: usize = AUTH + 4 + 128 + 6;
    const CHAIN: usize = QE + 384 + 64 + 2 + 32 + 2;
    let length = |bytes: usize| u32::try_from(bytes).unwrap().to_le_bytes();
    let tail = [&quote[QE..CHAIN], &length(chain.len()), chain.as_bytes()].concat();
    let auth = [&quote[AUTH + 4..QE - 4], &length(tail.len()), &tail].concat();
    [&quote[..AUTH], &length(auth.len()), &auth].concat()
}
