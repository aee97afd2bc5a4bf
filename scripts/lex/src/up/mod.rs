//! The main job on real processes: chain, relayer and gateway, each as its operator would run it.

mod demo;
mod programs;
mod summary;
mod users;

use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result};
use interfaces::credit_vault::Params;
use suite::chain::{Chain, Msg};
use suite::deploy::{deploy, Artifacts, Config, State};
use suite::live::Live;
use suite::localnet::{Localnet, Options};
use suite::Account;

pub use programs::Running;
use programs::{Gateway, Programs};
pub use summary::{units, Summary};
use users::Users;

use crate::workspace;

/// The gateway of the local deployment.
const GATEWAY: u64 = 1;
/// Time between the accounts' opening and the first call: longer than opening takes.
const LEAD: Duration = Duration::from_secs(20 * 60);
/// Time from the first call to the last.
const LOG_LENGTH: Duration = Duration::from_secs(3 * 60 * 60);

/// What to run.
pub struct Plan {
    pub home: PathBuf,
    pub calls: u64,
    pub accounts: u32,
    pub credits: u64,
    pub seed: u64,
}

/// Runs everything and leaves chain and relayer up.
///
/// # Errors
/// When a step fails; what it started still runs then.
pub fn run_main_job(plan: &Plan, say: &dyn Fn(&str)) -> Result<(Summary, Running)> {
    Running::stop_all(&plan.home)?;
    remove_home(plan)?;
    let programs = Programs::find()?;
    let (localnet, config, running) = deployed(plan, &programs, say)?;
    let mut live = localnet.live()?;
    let mut gateway = Gateway::init(&programs, &running)?;
    say("enrolling the gateway: challenge, TDX quote, verification on chain");
    gateway.enroll()?;

    say("generating the log and working out, the slow way, what it must come to");
    let start = live.block()?.time.plus_seconds(LEAD.as_secs());
    let log = gateway.generate_log(plan, start.seconds(), LOG_LENGTH.as_secs())?;
    let expected = gateway.expected(&log)?;

    let users = Users::of(&expected, plan.accounts)?;
    say("accounts deposit USDT and promise Credits to the gateway");
    users.deposit_and_open(&live, &running.addresses)?;
    say("the log's three hours pass");
    let end = start.plus_seconds(LOG_LENGTH.as_secs()).plus_seconds(60);
    localnet.advance_to(UNIX_EPOCH + Duration::from_nanos(end.nanos()))?;

    say("reporting the log: leaves, entries, signatures, relayer, settlement");
    let ingested = gateway.ingest(&log)?;
    say("paying out the mined L-Coin");
    users.pay_lco(&mut live, &running.addresses)?;
    say("accounts close, wait out the window and redeem what is left");
    let redeemed = users.leave(&mut live, &running.addresses, &config.credit_vault.params)?;
    let summary = summary::gather(&live, &running, &expected, &ingested, redeemed)?;
    Ok((summary, running))
}

/// Removes what an earlier run left, and only that.
fn remove_home(plan: &Plan) -> Result<()> {
    if !plan.home.exists() {
        return Ok(());
    }
    let ours = plan.home.join(programs::STATE_FILE).exists() || plan.home.join("chain").exists();
    anyhow::ensure!(
        ours,
        "{} holds something else; give another --home",
        plan.home.display()
    );
    std::fs::remove_dir_all(&plan.home).with_context(|| plan.home.display().to_string())
}

fn deployed(plan: &Plan, programs: &Programs, say: &dyn Fn(&str)) -> Result<(Localnet, Config, Running)> {
    std::fs::create_dir_all(&plan.home)?;
    let options = Options::new(plan.home.join("chain"));
    let localnet = Localnet::start(&options, |_| Ok(()), say)?;
    let config = demo::config()?;
    let artifacts = Artifacts::read(&workspace::root()?.join("artifacts"))?;
    let mut live = localnet.live()?;
    let mut state = State::open(&plan.home.join("deployment.json"), &config.chain_id)?;
    let report = deploy(&mut live, &config, &artifacts, &mut state, say)?;
    say("uploading the collateral of the synthetic platform");
    upload_collateral(&mut live, &config, &report.addresses.tee_verifier)?;
    say("starting the relayer");
    let running = Running::start(programs, &plan.home, &localnet, report.addresses)?;
    Ok((localnet, config, running))
}

fn upload_collateral(live: &mut Live, config: &Config, verifier: &str) -> Result<()> {
    // Issued a minute ago: a simulation may still stand at the block before the newest one, and refuses what is valid only from then on.
    let issued = live.block()?.time.minus_seconds(60).seconds();
    let deployer: Account = config.account(&config.deployer)?;
    for upsert in demo::collateral(issued) {
        live.transact(&deployer, &[Msg::execute(verifier, &upsert, &[])?])?;
    }
    Ok(())
}

/// Window after which a closed account is free, with a block's slack.
fn close_window(params: &Params) -> Duration {
    Duration::from_secs(params.close_window.saturating_add(5))
}
