//! `status`: how a gateway or worker stands, for people and for scripts.

use std::collections::BTreeMap;

use serde::Serialize;

use super::moment;
use crate::sdk::chain::ChainClient;
use crate::sdk::statements::{counts, outcomes, Counts};
use crate::sdk::{epochs, ChainClock, Enroller, Enrolment};
use crate::Result;

/// How things stand.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub operator: String,
    pub oracle: String,
    pub chain_height: u64,
    /// Unix seconds.
    pub chain_time: u64,
    /// None while no key of this store is enrolled, or not for long enough.
    pub enrolment: Option<Enrolment>,
    /// Every key epoch this store asked for, oldest first.
    pub key_epochs: Vec<KeyEpoch>,
    pub statements: Counts,
    /// Settled statements by the oracle's outcome.
    pub outcomes: BTreeMap<String, u64>,
}

/// A key epoch.
#[derive(Clone, Debug, Serialize)]
pub struct KeyEpoch {
    pub key_epoch: u32,
    /// Ed25519, hexadecimal.
    pub public_key: String,
    /// Unix seconds; none until it began.
    pub valid_until: Option<u64>,
    pub destroyed: bool,
}

impl Status {
    /// Asks chain and store.
    ///
    /// # Errors
    /// [`crate::Error::Unreachable`], [`crate::Error::Query`], [`crate::Error::Store`].
    pub async fn read<C: ChainClient>(enroller: &Enroller<'_, C>) -> Result<Self> {
        let clock = ChainClock::read(enroller.client).await?;
        Ok(Self {
            operator: enroller.client.sender().to_owned(),
            oracle: enroller.home.contract().to_owned(),
            chain_height: clock.block().height,
            chain_time: clock.block().time,
            enrolment: enroller.current().await?,
            key_epochs: key_epochs(enroller)?,
            statements: counts(enroller.conn)?,
            outcomes: outcomes(enroller.conn)?,
        })
    }

    /// The text for people. `program` names itself in what to do next.
    pub fn describe(&self, program: &str) -> String {
        let mut lines = vec![
            format!("chain       block {}, {}", self.chain_height, moment(self.chain_time)),
            format!("oracle      {}", self.oracle),
            format!("operator    {}", self.operator),
            format!("enrolment   {}", self.describe_enrolment()),
        ];
        lines.extend(self.key_epochs.iter().map(KeyEpoch::describe));
        let Counts {
            reserved,
            signed,
            posted,
            settled,
        } = self.statements;
        lines.push(format!(
            "statements  {reserved} to sign, {signed} to post, {posted} on their way, {settled} settled"
        ));
        lines.extend(
            self.outcomes
                .iter()
                .map(|(outcome, count)| format!("  {count} {outcome}")),
        );
        lines.extend(self.next(program).map(|next| format!("next: {next}")));
        lines.join("\n")
    }

    fn describe_enrolment(&self) -> String {
        match &self.enrolment {
            None => "none that lasts".into(),
            Some(enrolment) => describe(enrolment, self.chain_time),
        }
    }

    fn next(&self, program: &str) -> Option<String> {
        let Counts {
            reserved,
            signed,
            posted,
            ..
        } = self.statements;
        let open = reserved.saturating_add(signed).saturating_add(posted);
        match (&self.enrolment, open) {
            (None, _) => Some(format!(
                "`{program} enroll`; the operator needs gas, and the bond the first time (every other command enrols by itself too)"
            )),
            (Some(_), 0) => None,
            (Some(_), _) => Some(format!("run the last `{program}` command again; it brings the open statements to the chain")),
        }
    }
}

impl KeyEpoch {
    fn describe(&self) -> String {
        let until = self
            .valid_until
            .map_or_else(|| "asked for".into(), |until| format!("until {}", moment(until)));
        let gone = if self.destroyed { ", key destroyed" } else { "" };
        format!("  key epoch {} {until}{gone}, {}", self.key_epoch, self.public_key)
    }
}

fn key_epochs<C: ChainClient>(enroller: &Enroller<'_, C>) -> Result<Vec<KeyEpoch>> {
    let Some(id) = enroller.known_id()? else {
        return Ok(vec![]);
    };
    let subject = interfaces::attestation_oracle::Subject {
        role: enroller.role,
        id,
    };
    let show = |epoch: epochs::Epoch| KeyEpoch {
        key_epoch: epoch.key_epoch,
        public_key: hex::encode(epoch.key),
        valid_until: epoch.valid_until,
        destroyed: epoch.destroyed,
    };
    Ok(epochs::all(enroller.conn, subject)?.into_iter().map(show).collect())
}

/// One line for people. `now` is the chain's time.
pub fn describe(enrolment: &Enrolment, now: u64) -> String {
    let left = std::time::Duration::from_secs(enrolment.valid_until.saturating_sub(now) / 60 * 60);
    format!(
        "{} {}, key epoch {}, level {:?}, until {} ({} left)",
        format!("{:?}", enrolment.subject.role).to_lowercase(),
        enrolment.subject.id,
        enrolment.key_epoch,
        enrolment.level,
        moment(enrolment.valid_until),
        humantime::format_duration(left)
    )
}

#[cfg(test)]
mod tests {
    use interfaces::attestation_oracle::{Level, Role, Subject};

    use super::*;

    fn status(enrolment: Option<Enrolment>, posted: u64) -> Status {
        Status {
            operator: "wasm1operator".into(),
            oracle: "wasm1oracle".into(),
            chain_height: 7,
            chain_time: 1_760_000_000,
            enrolment,
            key_epochs: vec![KeyEpoch {
                key_epoch: 3,
                public_key: "ab".into(),
                valid_until: Some(1_760_600_000),
                destroyed: false,
            }],
            statements: Counts {
                posted,
                ..Counts::default()
            },
            outcomes: [("accepted".to_owned(), 12)].into(),
        }
    }

    const ENROLMENT: Enrolment = Enrolment {
        subject: Subject {
            role: Role::Worker,
            id: 4,
        },
        key_epoch: 3,
        level: Level::A1,
        enrolled_at: 1_760_000_000,
        valid_until: 1_760_600_000,
    };

    #[test]
    fn a_person_reads_times_and_what_to_do_next() {
        let text = status(None, 0).describe("worker");
        assert!(text.contains("2025-10-09T08:53:20Z"), "{text}");
        assert!(text.contains("next: `worker enroll`"), "{text}");
        let text = status(Some(ENROLMENT), 2).describe("gateway");
        assert!(text.contains("worker 4, key epoch 3, level A1"), "{text}");
        assert!(text.contains("6days 22h 40m left"), "{text}");
        assert!(
            text.contains("2 on their way") && text.contains("run the last `gateway`"),
            "{text}"
        );
        assert!(!status(Some(ENROLMENT), 0).describe("worker").contains("next:"));
    }
}
