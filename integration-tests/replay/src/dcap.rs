//! Hardware evidence on any chain that runs the shipped Wasm: Intel's own, and the refusals that only a PKI of one's own can show.

use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use cosmwasm_std::{Binary, Timestamp};
use interfaces::tee_verifier::{
    Environment, ExecuteMsg, InstantiateMsg, QueryMsg, Refusal, TeeFamily, VerifiedQuote, VerifyQuoteResponse,
};
use suite::deploy::{part, Artifacts, Part};
use suite::{Account, Chain, ChainError, ChainExt, Msg};
use tee_testkit::report::TD_DEBUG;
use tee_testkit::{Collateral, CollateralSpec, Pki, PlatformSpec, RealQuote, TdReport, EVALUATION};

/// A verifier alone.
pub struct Verifier<'c> {
    pub chain: &'c mut dyn Chain,
    pub address: String,
    sender: Account,
}

impl<'c> Verifier<'c> {
    /// # Errors
    /// When the chain refuses it.
    pub fn new(chain: &'c mut dyn Chain, artifacts: &Artifacts, root: Option<&Pki>) -> Result<Self> {
        let sender = Account::dev("deployer")?;
        let code_id = chain.store(&sender, Part::TeeVerifier.name(), artifacts.wasm(Part::TeeVerifier))?;
        let msg = InstantiateMsg {
            environment: if root.is_some() {
                Environment::Testnet
            } else {
                Environment::Mainnet
            },
            test_root: root.map(|pki| Binary::from(pki.root_der())),
        };
        let salt = vec![u8::from(root.is_some()) + 1];
        let address = part::address(sender.address(), &artifacts.checksum(Part::TeeVerifier), &salt)?;
        let instantiate = Msg::Instantiate2 {
            code_id,
            label: "verifier".to_owned(),
            msg: serde_json::to_vec(&msg)?,
            salt,
            admin: None,
            funds: vec![],
        };
        chain.transact(&sender, &[instantiate])?;
        Ok(Self { chain, address, sender })
    }

    /// # Errors
    /// When any piece is refused.
    pub fn upload(&mut self, collateral: &Collateral) -> Result<()> {
        let msgs: Result<Vec<_>> = collateral
            .upserts()
            .iter()
            .map(|msg| Msg::execute(&self.address, msg, &[]))
            .collect();
        self.chain.transact(&self.sender, &msgs?)?;
        Ok(())
    }

    /// One upload; the refusal's code.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub fn upload_one(&mut self, msg: &ExecuteMsg) -> Result<Result<(), String>> {
        match self.chain.execute(&self.sender, &self.address, msg, &[]) {
            Ok(_) => Ok(Ok(())),
            Err(error @ ChainError::Refused { .. }) => Ok(Err(error.contract_code().unwrap_or("none").to_owned())),
            Err(ChainError::Other(error)) => Err(error),
        }
    }

    /// # Errors
    /// When the chain does not answer.
    pub fn verify(&self, quote: &[u8], evaluation: u32) -> Result<Result<VerifiedQuote, Refusal>> {
        let query = QueryMsg::VerifyQuote {
            quote: quote.into(),
            evaluation,
            pck_chain: None,
        };
        Ok(self
            .chain
            .query::<VerifyQuoteResponse>(&self.address, &query)?
            .into_result())
    }

    fn now(&self) -> Result<Timestamp> {
        Ok(self.chain.block()?.time)
    }

    /// Brings the clock to this moment, unless it has passed.
    ///
    /// # Errors
    /// When the chain does not follow.
    pub fn reach(&mut self, moment: Timestamp) -> Result<()> {
        let now = self.now()?;
        if now < moment {
            self.chain.advance(Duration::from_nanos(moment.nanos() - now.nanos()))?;
        }
        Ok(())
    }

    /// Verifies until the moment at which the collateral ends, and is refused from then on; answers how near to it both were seen.
    ///
    /// # Errors
    /// When it is otherwise, or when no block came within `within` of the moment on either side.
    pub fn end_of(&mut self, real: &RealQuote, within: Duration) -> Result<(Duration, Duration)> {
        let until = self
            .verify(&real.quote, real.evaluation)?
            .context("before")?
            .valid_until;
        let end = Timestamp::from_seconds(until);
        self.reach(Timestamp::from_nanos(end.nanos() - u64::try_from(within.as_nanos())?))?;
        let mut last = None;
        loop {
            // The clock runs on: only what is true of both blocks around the answer is known of it.
            let before = self.now()?;
            let answer = self.verify(&real.quote, real.evaluation)?;
            let after = self.now()?;
            if after < end {
                ensure!(
                    answer.is_ok(),
                    "refused at {before} .. {after}, valid until {until}: {answer:?}"
                );
                last = Some(Duration::from_nanos(end.nanos() - before.nanos()));
            } else if before >= end {
                let Err(Refusal::CollateralExpired { until: said, .. }) = answer else {
                    bail!("{answer:?} at {before}, after {until}")
                };
                ensure!(said == until, "said {said}, not {until}");
                let first = Duration::from_nanos(after.nanos() - end.nanos());
                let last = last.context("no block shortly before the end")?;
                ensure!(
                    last <= within && first <= within,
                    "seen {last:?} before and {first:?} after"
                );
                return Ok((last, first));
            }
            // Where nothing moves by itself, the last second and the one after are stepped to.
            if self.now()? == after {
                let left = end.nanos().saturating_sub(after.nanos());
                self.chain.advance(Duration::from_nanos(left.clamp(1, 1_000_000_000)))?;
            }
        }
    }
}

/// Every refusal that needs a PKI of one's own, each by its code. `now` lies shortly before the chain's time.
///
/// # Errors
/// Naming the one that is otherwise.
pub fn refusals(chain: &mut dyn Chain, artifacts: &Artifacts, now: u64) -> Result<()> {
    const YEAR: u64 = 365 * 86_400;
    let pki = Pki::new("dcap", now - YEAR, now + YEAR);
    let platform = pki.platform(PlatformSpec::numbered(1));
    let issued = |ago: u64| CollateralSpec::new(&platform, TeeFamily::Tdx, now - ago);
    let mut verifier = Verifier::new(chain, artifacts, Some(&pki))?;
    verifier.upload(&pki.collateral_of(&issued(5_000)))?;

    let quote = platform.tdx_quote(&TdReport::with_data([7; 64]));
    ensure!(
        verifier.verify(&quote, EVALUATION)?.is_ok(),
        "an honest quote is refused"
    );
    let debug = TdReport {
        td_attributes: TdReport::default().td_attributes | TD_DEBUG,
        ..TdReport::with_data([7; 64])
    };
    expect(&verifier, &platform.tdx_quote(&debug), 50)?;
    let mut forged = quote.clone();
    forged[48 + 520] ^= 1;
    expect(&verifier, &forged, 43)?;

    // Older collateral, under which a platform found wanting since would pass again.
    let older = pki.collateral_of(&issued(9_000));
    for msg in [
        older.upsert_tcb_info(),
        older.upsert_qe_identity(),
        older.upsert_pck_crl(),
        older.upsert_root_crl(),
    ] {
        let answer = verifier.upload_one(&msg)?;
        ensure!(
            answer == Err("tee-verifier:67".to_owned()),
            "older collateral: {answer:?}"
        );
    }

    let leaf = CollateralSpec {
        revoked_pck: vec![platform.pck.serial],
        ..issued(4_000)
    };
    verifier.upload(&pki.collateral_of(&leaf))?;
    expect(&verifier, &quote, 30)?;
    let ca = CollateralSpec {
        revoked_by_root: vec![pki.ca(leaf.ca).serial],
        ..issued(3_000)
    };
    verifier.upload(&pki.collateral_of(&ca))?;
    expect(&verifier, &quote, 31)
}

fn expect(verifier: &Verifier, quote: &[u8], code: u16) -> Result<()> {
    match verifier.verify(quote, EVALUATION)? {
        Err(refusal) if refusal.code() == code => Ok(()),
        other => bail!("expected tee-verifier:{code}, not {other:?}"),
    }
}
