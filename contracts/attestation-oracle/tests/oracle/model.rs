//! Random batches against an obvious model: a list of what was said per chain, judged by reading the specification aloud.

use attestation::{Digest, Entry, JobStatement, UsageReport, Window};
use cosmwasm_std::Addr;
use interfaces::attestation_oracle::StatementOutcome::{self, *};
use interfaces::attestation_oracle::{ChainId, ChainResponse, ExecuteMsg, QueryMsg, SignedStatement};
use proptest::prelude::*;

use crate::world::*;

/// What a sender does to an honest next statement.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Twist {
    Honest,
    Again,
    Skip,
    OtherAtLast,
    Orphan,
    Forged,
    Expired,
    Future,
    Overlap,
    Fewer,
    TooMany,
    ForeignSlot,
    WrongEntries,
}

#[derive(Clone, Debug)]
enum Step {
    /// Statements as (chain, twist): chains 0 to 3 are jobs, 4 is usage.
    Batch(Vec<(usize, Twist)>),
    Pass(u64),
    /// The vault stops or starts answering.
    Vault(bool),
    /// Tries to deliver what waits.
    Deliver,
}

fn twists() -> impl Strategy<Value = Twist> {
    use Twist::*;
    prop_oneof![
        6 => Just(Honest),
        1 => Just(Again), 1 => Just(Skip), 1 => Just(OtherAtLast), 1 => Just(Orphan), 1 => Just(Forged), 1 => Just(Expired),
        1 => Just(Future), 1 => Just(Overlap), 1 => Just(Fewer), 1 => Just(TooMany), 1 => Just(ForeignSlot),
        1 => Just(WrongEntries),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => prop::collection::vec((0..5usize, twists()), 1..10).prop_map(Step::Batch),
        3 => (1..400u64).prop_map(Step::Pass),
        1 => any::<bool>().prop_map(Step::Vault),
        1 => Just(Step::Deliver),
    ];
    prop::collection::vec(step, 1..12)
}

/// One chain, in full.
#[derive(Default)]
struct Chain {
    said: Vec<(Digest, StatementOutcome)>,
    last_signed: Option<SignedStatement>,
    window: (u64, u64),
    stated: u128,
    credited: u128,
}

struct Model {
    world: World,
    signers: Vec<Enrolled>,
    alice: Addr,
    chains: Vec<Chain>,
    waiting: Vec<Posted>,
    vault_works: bool,
    calls: u64,
    charged: u128,
}

impl Model {
    fn new() -> Self {
        let mut world = World::new();
        let by = world.gateway();
        let workers = [world.worker("one", &ed(5)), world.worker("two", &ed(6))];
        let alice = world.customer("alice", 1_000_000 * USDT);
        world.pass(HOUR);
        let [one, two] = workers;
        Self {
            world,
            signers: vec![one.clone(), one, two.clone(), two, by],
            alice,
            chains: (0..5).map(|_| Chain::default()).collect(),
            waiting: vec![],
            vault_works: true,
            calls: 0,
            charged: 0,
        }
    }

    fn chain_id(&self, chain: usize) -> ChainId {
        let by = &self.signers[chain];
        match chain {
            4 => ChainId::Usage {
                gateway: by.subject.id,
                key_epoch: by.epoch,
            },
            _ => ChainId::Job {
                worker: by.subject.id,
                key_epoch: by.epoch,
                job: chain as u64,
                assignment: 0,
            },
        }
    }

    /// Seq and parent of the next statement.
    fn next(&self, chain: usize, beginning: Digest) -> (u64, Digest) {
        let said = &self.chains[chain].said;
        (
            said.len() as u64 + 1,
            said.last().map_or(beginning, |(digest, _)| *digest),
        )
    }

    /// An honest job statement with one twist, and what must become of it.
    fn job(&mut self, chain: usize, twist: Twist) -> (SignedStatement, StatementOutcome) {
        let by = self.signers[chain].clone();
        let now = self.world.now();
        let mut body = self.world.first_job(&by, chain as u64);
        (body.seq, body.prev_digest) = self.next(chain, body.prev_digest);
        let history = &self.chains[chain];
        // From the end of the last window; a chain that has reached now takes the next seconds, up to the slack.
        let start = history.window.1.max(now - 50);
        body.window = Window::new(start, start + 10).unwrap();
        body.units_cum = history.stated + 7;
        let mut expected = if body.window.end() > now + 60 {
            FutureWindow
        } else {
            Accepted
        };
        match twist {
            Twist::Honest | Twist::WrongEntries => {}
            Twist::Again => {
                if let Some(signed) = history.last_signed.clone() {
                    return (signed, Duplicate);
                }
            }
            Twist::Skip => (body.seq, expected) = (body.seq + 1, Gap),
            Twist::OtherAtLast if !history.said.is_empty() => {
                (body.seq, body.output_root, expected) = (body.seq - 1, [0xee; 32], Conflict);
            }
            Twist::OtherAtLast => {}
            Twist::Orphan => (body.prev_digest, expected) = ([0xdd; 32], WrongParent),
            Twist::Forged => {
                let mut forged = self.world.sign_job(&by, &body);
                if let SignedStatement::Job { signature, .. } = &mut forged {
                    *signature = [&signature[..63], &[signature[63] ^ 1]].concat().into();
                }
                return (forged, BadSignature);
            }
            Twist::Expired => (body.expires_at, expected) = (now - 1, Expired),
            Twist::Future => {
                body.window = Window::new(now, now + 61).unwrap();
                expected = FutureWindow;
            }
            Twist::Overlap if history.window.1 > 0 && history.window.1 <= now + 50 => {
                body.window = Window::new(history.window.1 - 1, history.window.1 + 5).unwrap();
                expected = WindowOverlap;
            }
            Twist::Overlap => {}
            Twist::Fewer if history.stated > 0 && expected == Accepted => {
                (body.units_cum, expected) = (history.stated - 1, UnitsFell);
            }
            Twist::Fewer => {}
            Twist::TooMany if expected == Accepted => {
                (body.units_cum, expected) = (history.stated + u128::from(10 * RATE) + 1, ImpossibleUnits);
            }
            Twist::TooMany => {}
            Twist::ForeignSlot if expected == Accepted => (body.gpu_slots, expected) = (1 << 4, UnknownSlots),
            Twist::ForeignSlot => {}
        }
        let signed = self.world.sign_job(&by, &body);
        self.note_job(chain, &body, &signed, expected);
        (signed, expected)
    }

    fn note_job(&mut self, chain: usize, body: &JobStatement, signed: &SignedStatement, outcome: StatementOutcome) {
        if !outcome.advances() {
            return;
        }
        let digest = self.world.digest(body);
        let history = &mut self.chains[chain];
        if outcome == Accepted {
            history.window = (body.window.start(), body.window.end());
            history.credited += body.units_cum - history.stated;
        }
        history.stated = body.units_cum;
        history.said.push((digest, outcome));
        history.last_signed = Some(signed.clone());
    }

    fn usage(&mut self, twist: Twist) -> (SignedStatement, StatementOutcome) {
        let by = self.signers[4].clone();
        let now = self.world.now();
        let log = vec![self
            .world
            .call(&format!("call-{}", self.chains[4].said.len()), &self.alice)];
        let entries = vec![Entry::from_leaves(&log).unwrap()];
        let mut body = self.world.first_report(&by, &entries);
        (body.seq, body.prev_digest) = self.next(4, body.prev_digest);
        body.window = Window::new(self.chains[4].window.0.max(now - 100), now + 1).unwrap();
        let mut expected = if self.vault_works { Accepted } else { Undelivered };
        let history = &self.chains[4];
        match twist {
            Twist::Again => {
                if let Some(signed) = history.last_signed.clone() {
                    return (signed, Duplicate);
                }
            }
            Twist::Skip => (body.seq, expected) = (body.seq + 1, Gap),
            Twist::OtherAtLast if !history.said.is_empty() => {
                (body.seq, body.expires_at, expected) = (body.seq - 1, now + 12_345, Conflict);
            }
            Twist::Orphan => (body.prev_digest, expected) = ([0xdd; 32], WrongParent),
            Twist::Expired => (body.expires_at, expected) = (now - 1, Expired),
            Twist::Future => {
                body.window = Window::new(body.window.start(), now + 61).unwrap();
                expected = FutureWindow;
            }
            Twist::Overlap if history.window.0 > 0 => {
                body.window = Window::new(history.window.0 - 1, now + 1).unwrap();
                expected = WindowOverlap;
            }
            Twist::TooMany => (body.calls, expected) = (body.calls + 1, WrongLogRoot),
            _ => {}
        }
        let mut signed = self.world.sign_usage(&by, &body, &entries);
        if let SignedStatement::Usage { entries, signature, .. } = &mut signed {
            if twist == Twist::WrongEntries {
                *entries = [&entries[..], &[0]].concat().into();
                return (signed, WrongLogRoot);
            }
            if twist == Twist::Forged {
                *signature = vec![1; 64].into();
                return (signed, BadSignature);
            }
        }
        self.note_usage(&body, &signed, expected, entries, log);
        (signed, expected)
    }

    fn note_usage(
        &mut self,
        body: &UsageReport,
        signed: &SignedStatement,
        outcome: StatementOutcome,
        entries: Vec<Entry>,
        log: Vec<attestation::Leaf>,
    ) {
        if !outcome.advances() {
            return;
        }
        let digest = self.world.digest(body);
        let history = &mut self.chains[4];
        if matches!(outcome, Accepted | Undelivered) {
            history.window = (body.window.start(), body.window.end());
            self.calls += 1;
        }
        if outcome == Accepted {
            self.charged += 2_000;
        }
        if outcome == Undelivered {
            self.waiting.push(Posted {
                body: body.clone(),
                entries,
                logs: vec![log],
                outcome,
            });
        }
        history.said.push((digest, outcome));
        history.last_signed = Some(signed.clone());
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Pass(seconds) => self.world.pass(seconds),
            Step::Vault(works) => {
                self.vault_works = works;
                match works {
                    true => self.world.repair_vault(),
                    false => self.world.break_vault(),
                }
            }
            Step::Deliver => self.deliver(),
            Step::Batch(parts) => {
                let judged: Vec<_> = parts
                    .into_iter()
                    .map(|(chain, twist)| match chain {
                        4 => self.usage(twist),
                        _ => self.job(chain, twist),
                    })
                    .collect();
                let (statements, expected): (Vec<_>, Vec<_>) = judged.into_iter().unzip();
                assert_eq!(self.world.submit(statements), expected);
            }
        }
        self.check();
    }

    fn deliver(&mut self) {
        let anyone = self.world.rich.clone();
        for posted in std::mem::take(&mut self.waiting) {
            let msg = ExecuteMsg::Deliver {
                report: posted.report(),
                entries: posted.encoded_entries(),
            };
            let result = self.world.exec_any(&anyone, &msg, &[]);
            assert_eq!(result.is_ok(), self.vault_works);
            if self.vault_works {
                self.chains[4].said[posted.body.seq as usize - 1].1 = Accepted;
                self.charged += 2_000;
            } else {
                self.waiting.push(posted);
            }
        }
    }

    /// The contract's state is the model's.
    fn check(&self) {
        for (index, chain) in self.chains.iter().enumerate() {
            let id = self.chain_id(index);
            let head: ChainResponse = self.world.query(&QueryMsg::Chain { chain: id });
            assert_eq!(head.last_seq, chain.said.len() as u64);
            assert_eq!((head.last_window_start, head.last_window_end), chain.window);
            assert_eq!(head.units_credited.u128(), chain.credited);
            assert_eq!(head.units_cum.u128(), chain.stated);
            for (seq, (digest, outcome)) in (1..).zip(&chain.said) {
                let row = self.world.statement(id, seq);
                assert_eq!((row.digest.as_slice(), row.outcome), (&digest[..], *outcome));
            }
        }
        let overview = self.world.overview();
        let said: usize = self.chains.iter().map(|chain| chain.said.len()).sum();
        assert_eq!(overview.statements, said as u64);
        assert_eq!(overview.calls, self.calls);
        assert_eq!(overview.undelivered, self.waiting.len() as u64);
        let query = interfaces::credit_vault::QueryMsg::Overview {};
        let vault: interfaces::credit_vault::OverviewResponse = self
            .world
            .app
            .wrap()
            .query_wasm_smart(&self.world.vault, &query)
            .unwrap();
        assert_eq!(
            vault.revenue.u128(),
            self.charged,
            "every accepted report is charged exactly once"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn contract_agrees_with_the_model(steps in steps()) {
        let mut model = Model::new();
        for step in steps {
            model.run(step);
        }
    }
}
