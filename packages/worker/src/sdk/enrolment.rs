//! Enrolling a key with hardware evidence, and doing it again before or after it runs out.
//!
//! A key epoch is used only if this store began it. A store that is new, or restored from a copy, cannot know what was signed under an older epoch, so it
//! starts a new one instead of risking a second statement at the same place.

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
use super::keys::StatementKey;
use super::quote::QuoteProvider;
use super::store::{get_meta, set_meta, Home};
use crate::{Error, Result};

/// An enrolment that is nearer to its end than this is renewed, seconds.
pub const RENEWAL_MARGIN: u64 = 900;

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

/// Enrols one key of one subject.
pub struct Enroller<'a, C> {
    pub conn: &'a Connection,
    pub home: &'a Home,
    pub client: &'a C,
    pub key: &'a StatementKey,
    /// None enrols a worker by its bond alone.
    pub quotes: Option<&'a dyn QuoteProvider>,
    pub role: Role,
    pub hardware: Hardware,
    /// Which of the operator's subjects; found or made if not given.
    pub id: Option<u64>,
}

impl<C: ChainClient> Enroller<'_, C> {
    /// The live enrolment, made or renewed if need be.
    ///
    /// # Errors
    /// [`Error::Quote`], [`Error::Refused`] when the oracle does not accept the evidence, [`Error::Unreachable`].
    pub async fn ensure(&self) -> Result<Enrolment> {
        match self.current().await? {
            Some(enrolment) => Ok(enrolment),
            None => self.enrol().await,
        }
    }

    /// The live enrolment, if it was made with this key by this store and does not end soon.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::Query`].
    pub async fn current(&self) -> Result<Option<Enrolment>> {
        let Some(id) = self.known_id()? else { return Ok(None) };
        let subject = Subject { role: self.role, id };
        let state: SubjectResponse = self
            .client
            .query(self.home.contract(), &QueryMsg::Subject { subject })
            .await?;
        if state.key_epoch == 0 || get_meta(self.conn, &self.epoch_key(id))? != Some(state.key_epoch.to_string()) {
            return Ok(None);
        }
        let key = self.newest_key(subject).await?;
        let now = ChainClock::read(self.client).await?.now();
        let lasts = key.valid_until > now.saturating_add(RENEWAL_MARGIN);
        Ok((key.live && lasts && key.public_key == self.public_key()?).then(|| enrolment(&key)))
    }

    /// Enrols anew: challenge, binding, evidence.
    ///
    /// # Errors
    /// As [`Self::ensure`].
    pub async fn enrol(&self) -> Result<Enrolment> {
        let challenge = self.request().await?;
        let subject = challenge.subject;
        let evidence = self.evidence(&challenge).await?;
        // Recorded before it begins: should the answer be lost, the epoch is still known to be this store's.
        set_meta(self.conn, &self.epoch_key(subject.id), &challenge.key_epoch.to_string())?;
        self.client
            .execute(self.home.contract(), &ExecuteMsg::Enroll { subject, evidence }, vec![])
            .await?;
        Ok(enrolment(&self.newest_key(subject).await?))
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
    async fn request(&self) -> Result<ChallengeResponse> {
        let config: ConfigResponse = self.client.query(self.home.contract(), &QueryMsg::Config {}).await?;
        let known = self.find().await?;
        let funds = missing_bond(self.role, &config, known.as_ref());
        let msg = ExecuteMsg::RequestEnrollment {
            role: self.role,
            id: known.map(|subject| subject.subject.id),
            public_key: self.public_key()?,
            possession: self.possession()?,
            encryption_key: HexBinary::from(self.key.encryption_public()),
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

    async fn evidence(&self, challenge: &ChallengeResponse) -> Result<Evidence> {
        let Some(quotes) = self.quotes else {
            return Ok(Evidence::Bond {});
        };
        let quote = Binary::from(quotes.quote(&report_data(&self.binding(challenge)?))?);
        self.check_quote(quotes, &quote).await?;
        Ok(Evidence::Quote { quote })
    }

    /// Asks the verifier before anything is paid for, and brings collateral that only this process can bring.
    async fn check_quote(&self, quotes: &dyn QuoteProvider, quote: &Binary) -> Result<()> {
        let config: ConfigResponse = self.client.query(self.home.contract(), &QueryMsg::Config {}).await?;
        let query = VerifierQuery::VerifyQuote {
            quote: quote.clone(),
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
            Ok(_) => Ok(()),
            Err(Refusal::MissingCollateral { .. } | Refusal::CollateralExpired { .. }) if quotes.is_synthetic() => {
                self.upload_collateral(quotes, &config).await
            }
            Err(refusal) => Err(Error::Quote(refusal.to_string())),
        }
    }

    async fn upload_collateral(&self, quotes: &dyn QuoteProvider, config: &ConfigResponse) -> Result<()> {
        let now = ChainClock::read(self.client).await?.block().time;
        for upload in quotes.collateral(config.policy.evaluation, now) {
            self.client.execute(&config.verifier, &upload, vec![]).await?;
        }
        Ok(())
    }

    fn binding(&self, challenge: &ChallengeResponse) -> Result<Digest> {
        let nonce: [u8; 32] = challenge
            .challenge
            .as_slice()
            .try_into()
            .map_err(|_| Error::Encoding("a challenge that has not 32 bytes".into()))?;
        let (key, encryption) = (self.key.public()?, self.key.encryption_public());
        binding(
            &self.home.domain()?,
            self.client.sender(),
            &key,
            &encryption,
            challenge.key_epoch,
            &nonce,
        )
        .map_err(Error::encoding)
    }

    fn possession(&self) -> Result<Binary> {
        let role = match self.role {
            Role::Worker => attestation::Role::Worker,
            Role::Gateway => attestation::Role::Gateway,
        };
        let (key, encryption) = (self.key.public()?, self.key.encryption_public());
        let digest = possession(&self.home.domain()?, self.client.sender(), role, &key, &encryption);
        Ok(self.key.sign(&digest.map_err(Error::encoding)?).as_slice().into())
    }

    fn public_key(&self) -> Result<PublicKey> {
        Ok(PublicKey {
            scheme: KeyScheme::Ed25519,
            bytes: HexBinary::from(self.key.public()?.as_bytes()),
        })
    }

    fn id_key(&self) -> String {
        format!("subject/{:?}", self.role)
    }

    fn epoch_key(&self, id: u64) -> String {
        format!("epoch/{:?}/{id}", self.role)
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
