//! Root, PCK CAs and TCB signer.

use interfaces::tee_verifier::PckCa;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

use crate::der;
use crate::platform::{Platform, PlatformSpec};

/// A P-256 key derived from a seed and a label. Signatures are deterministic (RFC 6979), so all evidence is reproducible.
#[derive(Clone)]
pub struct Key(SigningKey);

impl Key {
    /// The same seed and label give the same key.
    pub fn derive(seed: &str, label: &str) -> Self {
        (0u8..)
            .find_map(|counter| {
                let hash = Sha256::new()
                    .chain_update(seed)
                    .chain_update([0])
                    .chain_update(label)
                    .chain_update([counter]);
                SigningKey::from_bytes(&hash.finalize()).ok()
            })
            .map(Self)
            .expect("a hash below the group order")
    }

    /// r ‖ s over SHA-256 of `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let signature: Signature = self.0.sign(message);
        signature.to_bytes().into()
    }

    /// x ‖ y.
    pub fn public(&self) -> [u8; 64] {
        let point = self.0.verifying_key().to_encoded_point(false);
        point.as_bytes()[1..].try_into().expect("uncompressed point")
    }

    fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        let signature = self.sign(message);
        der::seq(&[der::integer(&signature[..32]), der::integer(&signature[32..])])
    }

    fn spki(&self) -> Vec<u8> {
        let algorithm = der::seq(&[der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")]);
        der::seq(&[algorithm, der::bits(&[&[4], &self.public()[..]].concat(), 0)])
    }
}

/// A certificate with its private key.
#[derive(Clone)]
pub struct Identity {
    pub der: Vec<u8>,
    /// 20 bytes, positive.
    pub serial: [u8; 20],
    pub key: Key,
    name: Vec<u8>,
}

impl Identity {
    pub fn pem(&self) -> String {
        pem::encode_config(
            &pem::Pem::new("CERTIFICATE", self.der.clone()),
            pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF),
        )
    }
}

/// Half-open validity, unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub from: u64,
    pub until: u64,
}

impl Validity {
    pub const fn new(from: u64, until: u64) -> Self {
        Self { from, until }
    }
}

/// What a PKI is made of. `PkiSpec { signer: .., ..PkiSpec::new(seed, validity) }`.
#[derive(Clone, Debug)]
pub struct PkiSpec {
    /// Everything is derived from it.
    pub seed: String,
    /// `O=` of all names. `"Intel Corporation"` makes names indistinguishable from Intel's: what a forger would do.
    pub organisation: String,
    pub root: Validity,
    pub ca: Validity,
    pub signer: Validity,
    /// `CN=` of the TCB signer.
    pub signer_name: String,
}

impl PkiSpec {
    pub fn new(seed: &str, validity: Validity) -> Self {
        Self {
            seed: seed.to_owned(),
            organisation: "Synthetic Test Authority".to_owned(),
            root: validity,
            ca: validity,
            signer: validity,
            signer_name: "Intel SGX TCB Signing".to_owned(),
        }
    }
}

/// A synthetic copy of Intel's provisioning PKI.
#[derive(Clone)]
pub struct Pki {
    pub root: Identity,
    pub processor_ca: Identity,
    pub platform_ca: Identity,
    pub signer: Identity,
    pub(crate) spec: PkiSpec,
}

impl Pki {
    /// A PKI whose certificates are all valid in `[not_before, not_after)`, unix seconds.
    pub fn new(seed: &str, not_before: u64, not_after: u64) -> Self {
        Self::build(PkiSpec::new(seed, Validity::new(not_before, not_after)))
    }

    pub fn build(spec: PkiSpec) -> Self {
        let root = issue(&spec, None, Role::Root, "Intel SGX Root CA", "root", spec.root);
        let under = |role, name: &str, label, validity| issue(&spec, Some(&root), role, name, label, validity);
        Self {
            processor_ca: under(Role::Ca, "Intel SGX PCK Processor CA", "processor-ca", spec.ca),
            platform_ca: under(Role::Ca, "Intel SGX PCK Platform CA", "platform-ca", spec.ca),
            signer: under(Role::Signer, &spec.signer_name, "tcb-signer", spec.signer),
            root,
            spec,
        }
    }

    /// DER of the root certificate: `InstantiateMsg::test_root`.
    pub fn root_der(&self) -> &[u8] {
        &self.root.der
    }

    pub fn ca(&self, ca: PckCa) -> &Identity {
        match ca {
            PckCa::Processor => &self.processor_ca,
            PckCa::Platform => &self.platform_ca,
        }
    }

    /// Signer and root, as Intel's `TCB-Info-Issuer-Chain` header carries them.
    pub fn signer_chain(&self) -> String {
        self.signer.pem() + &self.root.pem()
    }

    /// CA and root, as Intel's `SGX-PCK-CRL-Issuer-Chain` header carries them.
    pub fn ca_chain(&self, ca: PckCa) -> String {
        self.ca(ca).pem() + &self.root.pem()
    }

    /// Mints a machine with its PCK certificate and quoting enclaves.
    pub fn platform(&self, spec: PlatformSpec) -> Platform {
        Platform::mint(self, spec)
    }

    pub(crate) fn issue_pck(&self, ca: PckCa, label: &str, validity: Validity, sgx_extension: Vec<u8>) -> Identity {
        issue(
            &self.spec,
            Some(self.ca(ca)),
            Role::Pck(sgx_extension),
            "Intel SGX PCK Certificate",
            label,
            validity,
        )
    }

    /// A certificate revocation list of `issuer` with the given revoked serials.
    pub fn crl(&self, issuer: &Identity, validity: Validity, revoked: &[[u8; 20]]) -> Vec<u8> {
        let mut fields = vec![
            der::integer(&[1]),
            ecdsa_sha256(),
            issuer.name.clone(),
            der::time(validity.from),
            der::time(validity.until),
        ];
        if !revoked.is_empty() {
            let entries: Vec<_> = revoked
                .iter()
                .map(|serial| revoked_entry(serial, validity.from))
                .collect();
            fields.push(der::seq(&entries));
        }
        let number = extension("2.5.29.20", false, der::integer(&[1]));
        fields.push(der::context(0, der::seq(&[number, authority_key(&issuer.key)])));
        signed(der::seq(&fields), &issuer.key)
    }
}

enum Role {
    Root,
    Ca,
    Signer,
    Pck(Vec<u8>),
}

fn issue(
    spec: &PkiSpec,
    issuer: Option<&Identity>,
    role: Role,
    common_name: &str,
    label: &str,
    validity: Validity,
) -> Identity {
    let key = Key::derive(&spec.seed, label);
    let serial = serial(&spec.seed, label);
    let name = name(common_name, &spec.organisation);
    let (issuer_name, issuer_key) = issuer.map_or((&name, &key), |issuer| (&issuer.name, &issuer.key));
    let mut extensions = vec![authority_key(issuer_key), subject_key(&key)];
    extensions.extend(role_extensions(role));
    let tbs = der::seq(&[
        der::context(0, der::integer(&[2])),
        der::integer(&serial),
        ecdsa_sha256(),
        issuer_name.clone(),
        der::seq(&[der::time(validity.from), der::time(validity.until)]),
        name.clone(),
        key.spki(),
        der::context(3, der::seq(&extensions)),
    ]);
    Identity {
        der: signed(tbs, issuer_key),
        serial,
        key,
        name,
    }
}

fn role_extensions(role: Role) -> Vec<Vec<u8>> {
    // keyCertSign and cRLSign; digitalSignature and nonRepudiation.
    let (authority, signer) = ((0x06, 1), (0xc0, 6));
    let (usage, constraints, rest) = match role {
        Role::Root => (authority, der::seq(&[der::boolean(true), der::integer(&[1])]), None),
        Role::Ca => (authority, der::seq(&[der::boolean(true), der::integer(&[0])]), None),
        Role::Signer => (signer, der::seq(&[]), None),
        Role::Pck(sgx) => (
            signer,
            der::seq(&[]),
            Some(extension("1.2.840.113741.1.13.1", false, sgx)),
        ),
    };
    let mut extensions = vec![
        extension("2.5.29.15", true, der::bits(&[usage.0], usage.1)),
        extension("2.5.29.19", true, constraints),
    ];
    extensions.extend(rest);
    extensions
}

fn extension(oid: &str, critical: bool, value: Vec<u8>) -> Vec<u8> {
    let mut parts = vec![der::oid(oid)];
    if critical {
        parts.push(der::boolean(true));
    }
    parts.push(der::octets(&value));
    der::seq(&parts)
}

fn key_id(key: &Key) -> Vec<u8> {
    Sha256::digest(key.public())[..20].to_vec()
}

fn authority_key(key: &Key) -> Vec<u8> {
    extension("2.5.29.35", false, der::seq(&[der::tlv(0x80, &key_id(key))]))
}

fn subject_key(key: &Key) -> Vec<u8> {
    extension("2.5.29.14", false, der::octets(&key_id(key)))
}

fn revoked_entry(serial: &[u8; 20], at: u64) -> Vec<u8> {
    let key_compromise = extension("2.5.29.21", false, der::enumerated(1));
    der::seq(&[der::integer(serial), der::time(at), der::seq(&[key_compromise])])
}

fn ecdsa_sha256() -> Vec<u8> {
    der::seq(&[der::oid("1.2.840.10045.4.3.2")])
}

fn signed(tbs: Vec<u8>, key: &Key) -> Vec<u8> {
    let signature = der::bits(&key.sign_der(&tbs), 0);
    der::seq(&[tbs, ecdsa_sha256(), signature])
}

/// 20 bytes, the first non-zero and below 0x80, so that it is its own DER content.
fn serial(seed: &str, label: &str) -> [u8; 20] {
    let hash = Sha256::new()
        .chain_update("serial")
        .chain_update(seed)
        .chain_update([0])
        .chain_update(label)
        .finalize();
    let mut serial = [0; 20];
    serial.copy_from_slice(&hash[..20]);
    serial[0] = (serial[0] & 0x7f) | 0x40;
    serial
}

fn name(common_name: &str, organisation: &str) -> Vec<u8> {
    let attributes = [
        ("2.5.4.3", common_name),
        ("2.5.4.10", organisation),
        ("2.5.4.7", "Santa Clara"),
        ("2.5.4.8", "CA"),
        ("2.5.4.6", "US"),
    ];
    let parts: Vec<_> = attributes
        .iter()
        .map(|(oid, text)| der::set(der::seq(&[der::oid(oid), der::printable(text)])))
        .collect();
    der::seq(&parts)
}
