use attestation::{Entry, JobKind, Window};
use proptest::prelude::*;

use super::*;

const DOMAIN: (&str, &str) = ("c-1", "wasm1oracle");

fn domain() -> Domain<'static> {
    Domain::new(DOMAIN.0, DOMAIN.1).unwrap()
}

fn job() -> JobStatement {
    JobStatement {
        worker: 3,
        key_epoch: 2,
        job: 9,
        assignment: 1,
        seq: 4,
        kind: JobKind::Progress,
        window: Window::new(10, 20).unwrap(),
        units_cum: 5,
        gpu_slots: 1,
        input_root: [1; 32],
        output_root: [2; 32],
        model_id: [3; 32],
        prev_digest: [4; 32],
        expires_at: 99,
    }
}

fn entries() -> Vec<Entry> {
    let entry = |account: &str| Entry {
        account: account.into(),
        sku: "gpu".into(),
        calls: 2,
        units: 3,
        list: 4,
        cost: 4,
        last: 15,
        leaves_root: [6; 32],
    };
    vec![entry("wasm1a"), entry("wasm1b")]
}

fn usage() -> UsageReport {
    UsageReport {
        gateway: 5,
        key_epoch: 1,
        seq: 1,
        window: Window::new(10, 20).unwrap(),
        calls: 4,
        log_root: attestation::log_root(&entries()).unwrap().hash,
        prev_digest: [4; 32],
        expires_at: 99,
    }
}

fn link() -> ChainLink {
    ChainLink {
        worker: 3,
        key_epoch: 2,
        new_epoch: 3,
        job: 9,
        assignment: 1,
        seq: 5,
        prev_digest: [4; 32],
    }
}

fn envelope(kind: Kind, body: Vec<u8>) -> Envelope {
    Envelope {
        chain_id: DOMAIN.0.into(),
        contract: DOMAIN.1.into(),
        kind,
        body: Binary::new(body),
        entries: (kind == Kind::Usage).then(|| Binary::new(attestation::encode_entries(&entries()).unwrap())),
        signature: Binary::from(&[0; 64]),
        new_signature: (kind == Kind::Link).then(|| Binary::from(&[1; 64])),
    }
}

fn refusal(envelope: &Envelope) -> &'static str {
    Statement::read(envelope, &domain()).unwrap_err().code()
}

#[test]
fn each_kind_is_read_into_its_chain() {
    let read = Statement::read(&envelope(Kind::Job, job().encode()), &domain()).unwrap();
    let chain = ChainId::Job {
        worker: 3,
        key_epoch: 2,
        job: 9,
        assignment: 1,
    };
    assert_eq!(
        (read.chain, read.seq, read.window_end, read.expires_at),
        (chain, 4, 20, 99)
    );
    assert_eq!(read.digest, job().digest(&domain()));

    let read = Statement::read(&envelope(Kind::Usage, usage().encode()), &domain()).unwrap();
    assert_eq!(
        read.chain,
        ChainId::Usage {
            gateway: 5,
            key_epoch: 1
        }
    );
    assert_eq!(subject_name(&read.signer().0), "gateway 5");
    assert!(matches!(read.message(), SignedStatement::Usage { .. }));

    let read = Statement::read(&envelope(Kind::Link, link().encode()), &domain()).unwrap();
    assert_eq!((read.chain, read.seq, read.new_epoch), (chain, 5, Some(3)));
    assert!(matches!(read.message(), SignedStatement::Link { .. }));
}

#[test]
fn a_statement_for_another_chain_or_contract_is_foreign_whatever_else_it_is() {
    let mut foreign = envelope(Kind::Job, vec![]);
    foreign.chain_id = "c-2".into();
    assert_eq!(refusal(&foreign), "foreign_chain");
    let mut foreign = envelope(Kind::Job, job().encode());
    foreign.contract = "wasm1other".into();
    assert_eq!(refusal(&foreign), "foreign_chain");
}

#[test]
fn one_kinds_body_does_not_pass_for_anothers() {
    let bodies = [
        (Kind::Job, job().encode()),
        (Kind::Usage, usage().encode()),
        (Kind::Link, link().encode()),
    ];
    for (kind, body) in &bodies {
        for other in Kind::ALL.into_iter().filter(|other| other != kind) {
            assert_eq!(
                refusal(&envelope(other, body.clone())),
                "malformed",
                "{kind:?} as {other:?}"
            );
        }
    }
}

#[test]
fn what_is_not_signed_over_cannot_be_added() {
    let mut padded = envelope(Kind::Job, job().encode());
    padded.entries = Some(Binary::default());
    assert_eq!(refusal(&padded), "malformed");
    let mut padded = envelope(Kind::Job, job().encode());
    padded.new_signature = Some(Binary::default());
    assert_eq!(refusal(&padded), "malformed");
    let mut bare = envelope(Kind::Usage, usage().encode());
    bare.entries = None;
    assert_eq!(refusal(&bare), "malformed");
}

#[test]
fn entries_must_add_up_to_the_report() {
    let mut wrong = usage();
    wrong.log_root = [9; 32];
    assert_eq!(refusal(&envelope(Kind::Usage, wrong.encode())), "wrong_log_root");
    let mut wrong = usage();
    wrong.calls = 5;
    assert_eq!(refusal(&envelope(Kind::Usage, wrong.encode())), "wrong_log_root");
}

#[test]
fn a_seq_that_no_chain_reaches_is_refused() {
    for seq in [0, u64::MAX, 1 << 63] {
        let body = JobStatement { seq, ..job() };
        assert_eq!(refusal(&envelope(Kind::Job, body.encode())), "malformed");
    }
}

fn signed(scheme: KeyScheme, digest: &Digest) -> (PublicKey, Vec<u8>) {
    use k256::ecdsa::signature::hazmat::PrehashSigner;
    let (bytes, signature): (Vec<u8>, Vec<u8>) = match scheme {
        KeyScheme::Ed25519 => {
            let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
            let signature = ed25519_dalek::Signer::sign(&key, digest).to_bytes().to_vec();
            (key.verifying_key().to_bytes().to_vec(), signature)
        }
        KeyScheme::Secp256k1 => {
            let key = k256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
            let signature: k256::ecdsa::Signature = key.sign_prehash(digest).unwrap();
            (key.verifying_key().to_sec1_bytes().to_vec(), signature.to_vec())
        }
        KeyScheme::P256 => {
            let key = p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
            let signature: p256::ecdsa::Signature = key.sign_prehash(digest).unwrap();
            (
                key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
                signature.to_vec(),
            )
        }
    };
    (
        PublicKey {
            scheme,
            bytes: bytes.into(),
        },
        signature,
    )
}

const SCHEMES: [KeyScheme; 3] = [KeyScheme::Ed25519, KeyScheme::Secp256k1, KeyScheme::P256];

#[test]
fn every_scheme_verifies_its_own_signature_and_no_others() {
    for scheme in SCHEMES {
        let (key, signature) = signed(scheme, &[7; 32]);
        assert!(verify(&key, &[7; 32], &signature), "{scheme:?}");
        assert!(!verify(&key, &[8; 32], &signature), "{scheme:?} of another digest");
        assert!(!verify(&key, &[7; 32], &signature[..63]), "{scheme:?} cut short");
        for other in SCHEMES.into_iter().filter(|other| *other != scheme) {
            let (other_key, _) = signed(other, &[7; 32]);
            assert!(
                !verify(&other_key, &[7; 32], &signature),
                "{scheme:?} under a key of {other:?}"
            );
        }
    }
}

#[test]
fn the_other_form_of_an_ecdsa_signature_is_the_same_statement() {
    let (key, signature) = signed(KeyScheme::Secp256k1, &[7; 32]);
    let low = k256::ecdsa::Signature::from_slice(&signature).unwrap();
    let (r, s) = low.split_scalars();
    let high = k256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    assert_ne!(high.to_vec(), signature);
    assert!(verify(&key, &[7; 32], &high.to_vec()));
}

proptest! {
    #[test]
    fn a_flipped_bit_never_verifies(scheme in 0usize..3, bit in 0usize..512) {
        let (key, mut signature) = signed(SCHEMES[scheme], &[7; 32]);
        signature[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify(&key, &[7; 32], &signature));
    }

    #[test]
    fn no_bytes_make_reading_panic(kind in 0usize..3, body in prop::collection::vec(any::<u8>(), 0..260), entries in prop::collection::vec(any::<u8>(), 0..80)) {
        let mut envelope = envelope(Kind::ALL[kind], body);
        envelope.entries = envelope.entries.map(|_| Binary::new(entries));
        let _ = Statement::read(&envelope, &domain());
    }
}
