//! Enrolling a key with hardware evidence, and a fresh one before or after it runs out.
//!
//! A key epoch is used only if this store began it. A store that is new, or restored from a copy, cannot know what was signed under an older epoch, so it
//! starts a new one instead of risking a second statement at the same place.
//!
//! Every enrolment brings a key of its own. Whatever a crash interrupts, the next run finds on the disk how far it was: a key that was made is asked for, an
//! epoch that began while nobody was looking is adopted, and links that were reserved are signed.

use std::time::{Duration, Instant};

use attestation::{binding, possession, Digest};
use cosmwasm_std::{Binary, Coin, HexBinary, Uint128};
use interfaces::attestation_oracle::{
    ChallengeResponse, ConfigResponse, Evidence, ExecuteMsg, Hardware, KeyResponse, KeyScheme, Level, PublicKey,
    QueryMsg, Role, Subject, SubjectResponse,
};
use interfaces::tee_verifier::{Environment, QueryMsg as VerifierQuery, Refusal, VerifyQuoteResponse};
use rusqlite::Connection;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::chain::ChainClient;
use super::clock::ChainClock;
use super::epochs::{self, Epoch};
use super::failpoint;
use super::keys::{KeyRing, StatementKey};
use super::quote::QuoteProvider;
use super::statements::{newest_window_end, sign_reserved};
use super::store::{get_meta, set_meta, Home};
use crate::{Error, Result};

/// An enrolment that is nearer to its end than this is renewed, seconds.
pub const RENEWAL_MARGIN: u64 = 900;

/// How long a revocation may go unnoticed.
const RECHECK: Duration = Duration::from_secs(60);

/// Pause between two looks at the chain's clock.
const WINDOW_PAUSE: Duration = Duration::from_millis(200);

/// Challenges asked for in one go.
const ATTEMPTS: u32 = 3;

/// The oracle's refusals of a challenge that ran out, and of a quote that the verifier took a moment before.
const OVERTAKEN: [&str; 2] = ["[oracle:21]", "[oracle:23]"];

/// Page of `Subjects`.
const PAGE: u32 = 100;

/// A live enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Enrolment {
    pub subject: Subject,
    pub key_epoch: u32,
    pub level: Level,
    pub enrolled_at: u64,
    pub valid_until: u64,
}

impl Enrolment {
    /// Whether it is too early to renew it.
    pub fn lasts(&self, now: u64) -> bool {
        self.valid_until > now.saturating_add(RENEWAL_MARGIN)
    }
}

/// An enrolment, and when the chain was last asked about it.
#[derive(Clone, Copy, Debug)]
pub struct Checked {
    pub enrolment: Enrolment,
    at: Instant,
    /// When renewing failed last.
    failed: Option<Instant>,
    stale: bool,
}

impl Checked {
    /// Asked now.
    pub fn new(enrolment: Enrolment) -> Self {
        Self {
            enrolment,
            at: Instant::now(),
            failed: None,
            stale: false,
        }
    }

    /// The chain will be asked at the next occasion.
    pub fn expire(&mut self) {
        self.stale = true;
    }

    /// Whether to ask again: the end is near on the chain's clock, or a revocation may have gone unnoticed.
    pub fn is_due(&self, now: u64) -> bool {
        let resting = self.failed.is_some_and(|at| at.elapsed() < RECHECK) && now < self.enrolment.valid_until;
        self.stale || !resting && (!self.enrolment.lasts(now) || self.at.elapsed() > RECHECK)
    }
}

/// Enrols the keys of one subject, one after the other.
pub struct Enroller<'a, C> {
    pub conn: &'a Connection,
    pub home: &'a Home,
    pub client: &'a C,
    pub keys: &'a KeyRing,
    /// None enrols a worker by its bond alone.
    pub quotes: Option<&'a dyn QuoteProvider>,
    pub role: Role,
    pub hardware: Hardware,
    /// Which of the operator's subjects; found or made if not given.
    pub id: Option<u64>,
}

impl<C: ChainClient> Enroller<'_, C> {
    /// The live enrolment, made or renewed if need be. Open job chains go on under it, and keys of no further use are destroyed.
    ///
    /// # Errors
    /// [`Error::Quote`], [`Error::Refused`] when the oracle does not accept the evidence, [`Error::Unreachable`].
    pub async fn ensure(&self) -> Result<Enrolment> {
        self.renew(false).await
    }

    /// Renews an enrolment if it is time. One that still holds is kept while renewing fails for want of evidence or of an answer.
    ///
    /// # Errors
    /// As [`Self::ensure`].
    pub async fn keep(&self, enrolled: &mut Checked, now: u64) -> Result<()> {
        if !enrolled.is_due(now) {
            return Ok(());
        }
        match self.ensure().await {
            Ok(enrolment) => *enrolled = Checked::new(enrolment),
            Err(error @ (Error::Quote(_) | Error::Unreachable { .. } | Error::NotIncluded { .. }))
                if !enrolled.stale && now < enrolled.enrolment.valid_until =>
            {
                tracing::warn!(%error, until = enrolled.enrolment.valid_until, "not renewed yet");
                enrolled.failed = Some(Instant::now());
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Enrols a fresh key, even though the enrolment may still last.
    ///
    /// # Errors
    /// As [`Self::ensure`].
    pub async fn enrol(&self) -> Result<Enrolment> {
        self.renew(true).await
    }

    /// The live enrolment, if this store began it, still has its key, and it does not end soon.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Query`].
    pub async fn current(&self) -> Result<Option<Enrolment>> {
        let Some(key) = self.own_key().await? else {
            return Ok(None);
        };
        let enrolment = enrolment(&key);
        let now = ChainClock::read(self.client).await?.now();
        Ok((key.live && enrolment.lasts(now)).then_some(enrolment))
    }

    async fn renew(&self, force: bool) -> Result<Enrolment> {
        let lock = self.keys.lock().await?;
        // An epoch of this store, live or over: it must be known to have begun before the next one does.
        if let Some(key) = self.own_key().await? {
            self.adopt(&key)?;
        }
        let enrolment = match self.current().await? {
            Some(enrolment) if !force => enrolment,
            _ => self.begin().await?,
        };
        drop(lock);
        sign_reserved(self.conn, self.home, self.keys)?;
        let now = ChainClock::read(self.client).await?.block().time;
        epochs::destroy_ended(self.conn, self.keys, enrolment.subject, now)?;
        Ok(enrolment)
    }

    /// The newest epoch on the chain, if this store asked for it with a key it has.
    async fn own_key(&self) -> Result<Option<KeyResponse>> {
        let Some(id) = self.known_id()? else { return Ok(None) };
        let subject = Subject { role: self.role, id };
        let state: SubjectResponse = self
            .client
            .query(self.home.contract(), &QueryMsg::Subject { subject })
            .await?;
        let Some(recorded) = epochs::find(self.conn, subject, state.key_epoch)? else {
            return Ok(None);
        };
        let key = self.newest_key(subject).await?;
        Ok(self.is_own(&recorded, &key)?.then_some(key))
    }

    fn is_own(&self, recorded: &Epoch, on_chain: &KeyResponse) -> Result<bool> {
        Ok(recorded.key_epoch == on_chain.key_epoch
            && on_chain.public_key.bytes.as_slice() == recorded.key
            && self.keys.get(&recorded.key)?.is_some())
    }

    fn adopt(&self, key: &KeyResponse) -> Result<()> {
        let links = epochs::adopt(
            self.conn,
            self.home,
            key.subject,
            key.key_epoch,
            key.enrolled_at,
            key.valid_until,
        )?;
        if links > 0 {
            tracing::info!(key_epoch = key.key_epoch, links, "open jobs go on under the new key");
        }
        Ok(())
    }

    /// Begins an epoch. Between challenge and evidence a window may have to end, or the chain may have stood still: what was overtaken is begun again.
    async fn begin(&self) -> Result<Enrolment> {
        for _ in 1..ATTEMPTS {
            match self.attempt().await {
                Err(error) if is_overtaken(&error) => tracing::warn!(%error, "asking for another challenge"),
                done => return done,
            }
        }
        self.attempt().await
    }

    /// Key, challenge, binding, evidence.
    async fn attempt(&self) -> Result<Enrolment> {
        self.check_evidence().await?;
        let key = epochs::next_key(self.conn, self.keys, self.role)?;
        let challenge = self.request(&key).await?;
        failpoint::hit("epoch.requested");
        let subject = challenge.subject;
        let evidence = self.evidence(&challenge, &key).await?;
        // Recorded before it begins: should the answer be lost, the epoch is still known to be this store's.
        epochs::record(self.conn, subject, challenge.key_epoch, &key)?;
        failpoint::hit("epoch.recorded");
        self.wait_for_windows().await?;
        self.client
            .execute(self.home.contract(), &ExecuteMsg::Enroll { subject, evidence }, vec![])
            .await?;
        failpoint::hit("epoch.enrolled");
        let on_chain = self.newest_key(subject).await?;
        if on_chain.public_key.bytes.as_slice() != key.id() {
            return Err(Error::Key(format!(
                "epoch {} began with a key of another process",
                on_chain.key_epoch
            )));
        }
        self.adopt(&on_chain)?;
        Ok(enrolment(&on_chain))
    }

    /// The epoch in force ends with the block of the enrolment; windows that were stated must not end after it.
    async fn wait_for_windows(&self) -> Result<()> {
        let stated = newest_window_end(self.conn)?;
        while ChainClock::read(self.client).await?.block().time < stated {
            tokio::time::sleep(WINDOW_PAUSE).await;
        }
        Ok(())
    }

    async fn newest_key(&self, subject: Subject) -> Result<KeyResponse> {
        self.client
            .query(
                self.home.contract(),
                &QueryMsg::Key {
                    subject,
                    key_epoch: None,
                },
            )
            .await
    }

    /// Asks for a challenge, with whatever is missing of the bond.
    async fn request(&self, key: &StatementKey) -> Result<ChallengeResponse> {
        let config: ConfigResponse = self.client.query(self.home.contract(), &QueryMsg::Config {}).await?;
        let known = self.find().await?;
        let funds = missing_bond(self.role, &config, known.as_ref());
        let msg = ExecuteMsg::RequestEnrollment {
            role: self.role,
            id: known.map(|subject| subject.subject.id),
            public_key: public_key(key),
            possession: self.possession(key)?,
            encryption_key: HexBinary::from(key.encryption_public()),
            hardware: self.hardware,
        };
        let executed = self.client.execute(self.home.contract(), &msg, funds).await?;
        let challenge: ChallengeResponse = serde_json::from_slice(&executed.data)?;
        set_meta(self.conn, &self.id_key(), &challenge.subject.id.to_string())?;
        Ok(challenge)
    }

    /// The subject to enrol: the one named, the one enrolled before, or one of the operator's that never was, as the genesis gives to its gateways.
    async fn find(&self) -> Result<Option<SubjectResponse>> {
        if let Some(id) = self.known_id()? {
            let subject = Subject { role: self.role, id };
            return self
                .client
                .query(self.home.contract(), &QueryMsg::Subject { subject })
                .await
                .map(Some);
        }
        let mut start_after = None;
        loop {
            let query = QueryMsg::Subjects {
                role: self.role,
                start_after,
                limit: Some(PAGE),
            };
            let page: Vec<SubjectResponse> = self.client.query(self.home.contract(), &query).await?;
            let Some(last) = page.last().map(|subject| subject.subject.id) else {
                return Ok(None);
            };
            let unused = |subject: &SubjectResponse| {
                subject.operator == self.client.sender() && subject.key_epoch == 0 && subject.retired_at.is_none()
            };
            if let Some(found) = page.into_iter().find(unused) {
                return Ok(Some(found));
            }
            start_after = Some(last);
        }
    }

    /// Which subject this is, once it is known.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn known_id(&self) -> Result<Option<u64>> {
        let stored = get_meta(self.conn, &self.id_key())?;
        Ok(self.id.or(stored.and_then(|id| id.parse().ok())))
    }

    async fn evidence(&self, challenge: &ChallengeResponse, key: &StatementKey) -> Result<Evidence> {
        let Some(quotes) = self.quotes else {
            return Ok(Evidence::Bond {});
        };
        Ok(Evidence::quote(
            quotes.quote(&report_data(&self.binding(challenge, key)?))?,
        ))
    }

    /// Asks the verifier about a quote that binds nothing before anything is paid for, and brings collateral that only this process can bring.
    async fn check_evidence(&self) -> Result<()> {
        let Some(quotes) = self.quotes else { return Ok(()) };
        let quote = Binary::from(quotes.quote(&[0; 64])?);
        let now = ChainClock::read(self.client).await?.block().time;
        let config: ConfigResponse = self.client.query(self.home.contract(), &QueryMsg::Config {}).await?;
        let query = VerifierQuery::VerifyQuote {
            quote,
            evaluation: config.policy.evaluation,
            pck_chain: None,
        };
        let answer: VerifyQuoteResponse = self.client.query(&config.verifier, &query).await?;
        if quotes.is_synthetic() && answer.environment == Environment::Mainnet {
            // It would only show that the operator has no hardware.
            return Err(Error::Quote(
                "synthetic quotes serve test networks only; this verifier trusts real hardware".into(),
            ));
        }
        match answer.into_result() {
            Ok(verified) if verified.valid_until > now.saturating_add(RENEWAL_MARGIN.saturating_mul(2)) => Ok(()),
            Ok(_) | Err(Refusal::MissingCollateral { .. } | Refusal::CollateralExpired { .. })
                if quotes.is_synthetic() =>
            {
                self.upload_collateral(quotes, &config, now).await
            }
            // An epoch that ends with it would have to be renewed at once, again and again.
            Ok(verified) => Err(Error::Quote(format!(
                "the collateral on the chain ends at {}, now is {now}; an enrolment would end with it",
                verified.valid_until
            ))),
            Err(refusal) => Err(Error::Quote(refusal.to_string())),
        }
    }

    async fn upload_collateral(&self, quotes: &dyn QuoteProvider, config: &ConfigResponse, now: u64) -> Result<()> {
        for upload in quotes.collateral(config.policy.evaluation, now) {
            self.client.execute(&config.verifier, &upload, vec![]).await?;
        }
        Ok(())
    }

    fn binding(&self, challenge: &ChallengeResponse, key: &StatementKey) -> Result<Digest> {
        let nonce: [u8; 32] = challenge
            .challenge
            .as_slice()
            .try_into()
            .map_err(|_| Error::Encoding("a challenge that has not 32 bytes".into()))?;
        binding(
            &self.home.domain()?,
            self.client.sender(),
            &key.public()?,
            &key.encryption_public(),
            challenge.key_epoch,
            &nonce,
        )
        .map_err(Error::encoding)
    }

    fn possession(&self, key: &StatementKey) -> Result<Binary> {
        let role = match self.role {
            Role::Worker => attestation::Role::Worker,
            Role::Gateway => attestation::Role::Gateway,
        };
        let (public, encryption) = (key.public()?, key.encryption_public());
        let digest = possession(&self.home.domain()?, self.client.sender(), role, &public, &encryption);
        Ok(key.sign(&digest.map_err(Error::encoding)?).as_slice().into())
    }

    fn id_key(&self) -> String {
        format!("subject/{:?}", self.role)
    }
}

/// Whether challenge or collateral ended after it was seen to be good.
fn is_overtaken(error: &Error) -> bool {
    matches!(error, Error::Refused { log, .. } if OVERTAKEN.iter().any(|code| log.contains(code)))
}

fn public_key(key: &StatementKey) -> PublicKey {
    PublicKey {
        scheme: KeyScheme::Ed25519,
        bytes: HexBinary::from(key.id()),
    }
}

fn enrolment(key: &KeyResponse) -> Enrolment {
    Enrolment {
        subject: key.subject,
        key_epoch: key.key_epoch,
        level: key.level,
        enrolled_at: key.enrolled_at,
        valid_until: key.valid_until,
    }
}

/// What the bond lacks of the role's minimum.
fn missing_bond(role: Role, config: &ConfigResponse, subject: Option<&SubjectResponse>) -> Vec<Coin> {
    let needed = match role {
        Role::Gateway => config.params.min_bond_gateway,
        Role::Worker => config.params.min_bond_worker,
    };
    let missing = needed.saturating_sub(subject.map_or(Uint128::zero(), |subject| subject.bond));
    match missing.is_zero() {
        true => vec![],
        false => vec![Coin::new(missing, &config.denom)],
    }
}

/// Binding, then the digest of the sorted GPU certificate serials; here there are none.
fn report_data(binding: &Digest) -> [u8; 64] {
    let mut data = [0; 64];
    let (first, second) = data.split_at_mut(32);
    first.copy_from_slice(binding);
    second.copy_from_slice(&Sha256::digest([]));
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked() -> Checked {
        Checked::new(Enrolment {
            subject: Subject {
                role: Role::Worker,
                id: 1,
            },
            key_epoch: 1,
            level: Level::A1,
            enrolled_at: 0,
            valid_until: 10_000,
        })
    }

    #[test]
    fn an_enrolment_is_renewed_ahead_of_its_end_and_after_a_jump_beyond_it() {
        for (now, due) in [
            (0, false),
            (10_000 - RENEWAL_MARGIN - 1, false),
            (10_000 - RENEWAL_MARGIN, true),
            (99_999, true),
        ] {
            assert_eq!(checked().is_due(now), due, "at {now}");
        }
    }

    /// Without a pause every statement would pay for a challenge.
    #[test]
    fn a_renewal_that_failed_is_not_tried_again_at_once_while_the_key_is_good() {
        let mut failed = checked();
        failed.failed = Some(Instant::now());
        assert!(!failed.is_due(9_900));
        assert!(failed.is_due(10_000), "at the end it must succeed");
        failed.expire();
        assert!(failed.is_due(9_900), "another process began a newer epoch");
    }

    #[test]
    fn a_revocation_is_noticed_after_a_while() {
        let mut old = checked();
        if let Some(past) = Instant::now().checked_sub(RECHECK * 2) {
            old.at = past;
            assert!(old.is_due(0));
        }
    }
}
