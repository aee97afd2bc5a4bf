//! Hardware evidence on any chain that runs the shipped Wasm: Intel's own, and the refusals that only a PKI of one's own can show.

use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use cosmwasm_std::{Binary, Timestamp};
use interfaces::tee_verifier::{
    Environment, ExecuteMsg, InstantiateMsg, QueryMsg, Refusal, TeeFamily, VerifiedQuote, VerifyQuoteResponse,
};
use suite::deploy::{part, Artifacts, Part};
use suite::{Account, Chain, ChainError, ChainExt, Msg};
use tee_testkit::report::TD_DEBUG;
use tee_testkit::{Collateral, CollateralSpec, Pki, PlatformSpec, RealQuote, TdReport, EVALUATION};

use crate::stage::{Stage, GATEWAY_BOND, SUBJECTS};

/// How long a block may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Fewer blocks than a second usually has.
const FEW_BLOCKS: u64 = 3;

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

    /// The verifier at an address.
    ///
    /// # Errors
    /// When a development account cannot be derived.
    pub fn at(chain: &'c mut dyn Chain, address: String) -> Result<Self> {
        let sender = Account::dev("deployer")?;
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

    /// Verifies until the moment at which the collateral ends, and is refused from then on; answers how near to it both were seen. `runs` says whether
    /// blocks come by themselves; only of a chain so slow that it makes hardly any is less asked than `within`.
    ///
    /// # Errors
    /// When it is otherwise, or when no block was seen within `within` of the moment on either side.
    pub fn end_of(&mut self, real: &RealQuote, within: Duration, runs: bool) -> Result<(Duration, Duration)> {
        let until = self
            .verify(&real.quote, real.evaluation)?
            .context("before")?
            .valid_until;
        let end = Timestamp::from_seconds(until);
        self.reach(Timestamp::from_nanos(
            end.nanos() - 3 * u64::try_from(within.as_nanos())?,
        ))?;
        let (mut last, mut ended) = (None, None);
        loop {
            // The clock runs on, and a node tells of a block a moment before it has run it: what is said of an answer must be true of all blocks it can be of.
            let block = self.chain.block()?;
            let (before, answer) = (block.time, self.verify(&real.quote, real.evaluation)?);
            let after = self.now()?;
            if before >= end {
                ended.get_or_insert(block.height);
            }
            if after < end {
                ensure!(
                    answer.is_ok(),
                    "refused at {before} .. {after}, valid until {until}: {answer:?}"
                );
                last = Some((block.height, Duration::from_nanos(end.nanos() - before.nanos())));
                self.next_block(runs, within)?;
            } else if answer.is_err() || ended.is_some_and(|height| block.height > height) {
                let Err(refusal @ Refusal::CollateralExpired { until: said, now, .. }) = answer else {
                    bail!("{answer:?} at {before}, after {until}")
                };
                ensure!(said == until && now >= until, "said {said} at {now}, not {until}");
                tell("expired collateral", &coded(&refusal));
                let first = Duration::from_nanos(after.nanos() - end.nanos());
                let (height, last) = last.context("no block before the end")?;
                let slow = self.chain.block()?.height <= height + FEW_BLOCKS;
                ensure!(
                    slow || last <= within && first <= within,
                    "seen {last:?} before and {first:?} after"
                );
                return Ok((last, first));
            }
        }
    }

    /// Waits for the next block where blocks come by themselves, and makes one where not.
    fn next_block(&mut self, runs: bool, by: Duration) -> Result<()> {
        if !runs {
            return self.chain.advance(by);
        }
        let (height, until) = (self.chain.block()?.height, Instant::now() + PATIENCE);
        while self.chain.block()?.height == height {
            ensure!(Instant::now() < until, "no block in {PATIENCE:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
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
    expect("debug TD", &verifier, &platform.tdx_quote(&debug), 50)?;
    let mut forged = quote.clone();
    forged[48 + 520] ^= 1;
    expect("forged report", &verifier, &forged, 43)?;

    // Older collateral, under which a platform found wanting since would pass again.
    let older = pki.collateral_of(&issued(9_000));
    for (name, msg) in [
        ("older TCB info", older.upsert_tcb_info()),
        ("older QE identity", older.upsert_qe_identity()),
        ("older PCK CRL", older.upsert_pck_crl()),
        ("older root CRL", older.upsert_root_crl()),
    ] {
        refused(name, &verifier.upload_one(&msg)?, "tee-verifier:67")?;
    }

    let leaf = CollateralSpec {
        revoked_pck: vec![platform.pck.serial],
        ..issued(4_000)
    };
    verifier.upload(&pki.collateral_of(&leaf))?;
    expect("revoked leaf", &verifier, &quote, 30)?;
    let ca = CollateralSpec {
        revoked_by_root: vec![pki.ca(leaf.ca).serial],
        ..issued(3_000)
    };
    // With it goes everything that the CA signs, its own list included.
    let revoking = pki.collateral_of(&ca);
    let answer = verifier.upload_one(&revoking.upsert_root_crl())?;
    ensure!(answer.is_ok(), "{answer:?}");
    expect("revoked CA", &verifier, &quote, 31)?;
    let answer = verifier.upload_one(&revoking.upsert_pck_crl())?;
    refused("list of a revoked CA", &answer, "tee-verifier:31")
}

/// What the oracle refuses although the verifier is content: another's measurement, another request's quote, another's GPUs.
///
/// # Errors
/// Naming the one that is otherwise.
pub fn enrolments(stage: &mut Stage) -> Result<()> {
    let gateway = SUBJECTS[0];
    stage.begin()?;
    stage.renew_collateral()?;
    let refuse = |name: &str, stage: &mut Stage, report: &TdReport, code: &str| {
        let quote = stage.platform(gateway).tdx_quote(report);
        refused(name, &stage.evidence(gateway, quote)?, code)
    };
    let ask = |stage: &mut Stage, bond: u128| -> Result<TdReport> {
        stage.request(gateway, 1, bond)?.map_err(anyhow::Error::msg)?;
        Ok(TdReport::with_data(stage.report_data(gateway)?))
    };
    let first = ask(stage, GATEWAY_BOND)?;
    let second = ask(stage, 0)?;
    ensure!(first.report_data != second.report_data, "two requests, one challenge");
    refuse("binding of an earlier request", stage, &first, "oracle:24")?;
    refuse(
        "wrong measurement",
        stage,
        &TdReport {
            mr_td: [0xee; 48],
            ..second.clone()
        },
        "oracle:26",
    )?;
    refuse(
        "debug TD at enrolment",
        stage,
        &TdReport {
            td_attributes: second.td_attributes | TD_DEBUG,
            ..second.clone()
        },
        "oracle:23",
    )?;
    let mut named = second.clone();
    named.report_data[40] ^= 1;
    refuse("GPUs that are not there", stage, &named, "oracle:25")?;
    let quote = stage.platform(gateway).tdx_quote(&second);
    stage.evidence(gateway, quote)?.map_err(anyhow::Error::msg)?;
    // The same evidence does not serve twice: there is no request any more, and the next has its own challenge.
    refuse("replayed binding", stage, &second, "oracle:20")
}

fn expect(name: &str, verifier: &Verifier, quote: &[u8], code: u16) -> Result<()> {
    let answer = verifier.verify(quote, EVALUATION)?;
    let answer = answer.map_err(|refusal| coded(&refusal));
    refused(name, &answer, &format!("tee-verifier:{code}"))
}

/// A refusal's code as contracts write it.
fn coded(refusal: &Refusal) -> String {
    format!("tee-verifier:{}", refusal.code())
}

fn refused<T: std::fmt::Debug>(name: &str, answer: &Result<T, String>, code: &str) -> Result<()> {
    match answer {
        Err(actual) if actual == code => tell(name, code),
        other => bail!("{name}: expected {code}, not {other:?}"),
    }
    Ok(())
}

/// What a test shows for who reads along.
fn tell(name: &str, code: &str) {
    eprintln!("{name} -> {code}");
}
