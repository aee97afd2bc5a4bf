//! Collateral, and what a full check of a quote costs.

use anyhow::{anyhow, ensure, Context, Result};
use cosmwasm_std::{Binary, HexBinary};
use interfaces::tee_verifier::{ExecuteMsg, QueryMsg, TeeFamily, VerifyQuoteResponse};
use suite::{Chain, Msg};
use tee_testkit::{Collateral, CollateralSpec, Sample};

use crate::gas::bench::Bench;
use crate::gas::table::Row;

const VERIFIER: &str = "tee-verifier";

pub fn run(bench: &mut Bench) -> Result<()> {
    synthetic(bench)?;
    real(bench)
}

/// Newer documents in slots that are taken, a new family, and the same again.
fn synthetic(bench: &mut Bench) -> Result<()> {
    let platform = bench.set.platform(1);
    let mut spec = CollateralSpec::new(&platform, TeeFamily::Tdx, bench.now()?);
    let newer = bench.set.pki.collateral_of(&spec);
    upload(bench, &newer, "synthetic, newer")?;
    let tcb = newer.upsert_tcb_info();
    let (anyone, verifier) = (bench.by("relayer")?, bench.at.tee_verifier.clone());
    bench.measure(
        Row::new(VERIFIER, "UpsertTcbInfo", "synthetic, unchanged"),
        &anyone,
        &verifier,
        &tcb,
        &[],
    )?;
    spec.fmspc = [0xdd; 6];
    let family = bench.set.pki.collateral_of(&spec).upsert_tcb_info();
    bench.measure(
        Row::new(VERIFIER, "UpsertTcbInfo", "synthetic, new family"),
        &anyone,
        &verifier,
        &family,
        &[],
    )?;
    Ok(())
}

fn upload(bench: &mut Bench, set: &Collateral, case: &str) -> Result<()> {
    let (anyone, verifier) = (bench.by("relayer")?, bench.at.tee_verifier.clone());
    for msg in set.upserts() {
        let handler = match msg {
            ExecuteMsg::UpsertTcbInfo { .. } => "UpsertTcbInfo",
            ExecuteMsg::UpsertQeIdentity { .. } => "UpsertQeIdentity",
            ExecuteMsg::UpsertPckCrl { .. } => "UpsertPckCrl",
            ExecuteMsg::UpsertRootCrl { .. } => "UpsertRootCrl",
        };
        bench.measure(Row::new(VERIFIER, handler, case), &anyone, &verifier, &msg, &[])?;
    }
    Ok(())
}

/// Intel-signed evidence.
fn real(bench: &mut Bench) -> Result<()> {
    for (sample, name) in [(Sample::Tdx, "TDX"), (Sample::Sgx, "SGX")] {
        let real = sample.load().map_err(|e| anyhow!(e))?;
        intel(bench, &real.collateral, name)?;
        let whole = ask(&real.quote, real.evaluation)?;
        let answer: VerifyQuoteResponse = bench.query(&bench.at.tee_verifier, &whole)?;
        let verified = answer
            .into_result()
            .map_err(|e| anyhow!("the real {name} quote is refused: {e}"))?;
        // The same bytes but for the version: refused at the door, after the same transport and decoding.
        let mut altered = real.quote.clone();
        *altered.first_mut().context("an empty quote")? = 9;
        let door = ask(&altered, real.evaluation)?;
        let answer: VerifyQuoteResponse = bench.query(&bench.at.tee_verifier, &door)?;
        ensure!(answer.into_result().is_err(), "a quote of version 9 was accepted");
        measure(bench, &format!("{name}, refused at the door"), &door)?;
        measure(bench, &format!("{name}, checked in full"), &whole)?;
        let family = if name == "TDX" { TeeFamily::Tdx } else { TeeFamily::Sgx };
        let read = read_gas(bench, family, &verified.fmspc, real.evaluation)?;
        bench.note(&format!("collateral read for {name}"), read);
        let carried = [&whole, &door].map(|query| carry(bench, query));
        let [whole, door] = carried;
        bench.note(&format!("answer carried for {name}"), whole?.saturating_sub(door?));
    }
    Ok(())
}

/// The root's list comes with every sample; one that is older than the one there is refused.
fn intel(bench: &mut Bench, set: &Collateral, name: &str) -> Result<()> {
    if !bench.measured(VERIFIER, "VerifyQuote (query)") {
        return upload(bench, set, &format!("Intel's, {name}"));
    }
    let (anyone, verifier) = (bench.by("relayer")?, bench.at.tee_verifier.clone());
    for msg in [set.upsert_pck_crl(), set.upsert_qe_identity(), set.upsert_tcb_info()] {
        bench.run(&anyone, &verifier, &msg, &[])?;
    }
    Ok(())
}

fn ask(quote: &[u8], evaluation: u32) -> Result<QueryMsg> {
    Ok(QueryMsg::VerifyQuote {
        quote: Binary::from(quote),
        evaluation,
        pck_chain: None,
    })
}

/// A contract that does nothing else asks the verifier.
fn measure(bench: &mut Bench, case: &str, query: &QueryMsg) -> Result<()> {
    let question = serde_json::json!({
        "ask": { "contract": bench.at.tee_verifier, "msg": Binary::from(serde_json::to_vec(query)?) },
    });
    let (anyone, sink) = (bench.by("relayer")?, bench.sink.clone());
    let message = Msg::execute(&sink, &question, &[])?;
    bench.measure_all(Row::new(VERIFIER, "VerifyQuote (query)", case), &anyone, &[message])?;
    Ok(())
}

/// Gas of asking for as many bytes as the answer to a query has.
fn carry(bench: &mut Bench, query: &QueryMsg) -> Result<u64> {
    let verifier = bench.at.tee_verifier.clone();
    let answer = bench.live.query_smart(&verifier, &serde_json::to_vec(query)?)?;
    let (anyone, sink) = (bench.by("relayer")?, bench.sink.clone());
    let echo = serde_json::to_vec(&serde_json::json!({ "bytes": answer.len() }))?;
    let question = serde_json::json!({ "ask": { "contract": sink, "msg": Binary::from(echo) } });
    Ok(bench.run(&anyone, &sink, &question, &[])?.gas_used)
}

/// What the chain takes for reading the four pieces: 1,000 each and 3 a byte of key, its prefix of 33 bytes included, and value.
fn read_gas(bench: &Bench, family: TeeFamily, fmspc: &HexBinary, evaluation: u32) -> Result<u64> {
    // The samples' quotes are of a processor CA (0, SGX) and of a platform CA (1, TDX), as the families are numbered.
    let family = match family {
        TeeFamily::Sgx => 0,
        TeeFamily::Tdx => 1,
    };
    let number = evaluation.to_be_bytes();
    let keys = [
        vec![b'#', 0, 0],
        vec![b'#', 1, 0, family],
        [&[b'#', 2, 0, family][..], &number].concat(),
        [&[b'#', 3, 0, family][..], fmspc, &number].concat(),
    ];
    let mut gas = 0;
    for key in keys {
        let value = bench.live.query_raw(&bench.at.tee_verifier, &key)?;
        let value = value.with_context(|| format!("no collateral at {}", hex::encode(&key)))?;
        gas += 1_000 + 3 * (33 + key.len() + value.len()) as u64;
    }
    Ok(gas)
}
