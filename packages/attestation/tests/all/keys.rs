//! Which keys may be registered, judged against real curve implementations.

use attestation::*;
use ed25519_dalek::{Signature, SigningKey, Verifier, VerifyingKey};
use proptest::prelude::*;
use x25519_dalek::{PublicKey as X25519, StaticSecret};

/// Canonical y of the points of small order; each also with its sign bit set.
const SMALL_ORDER: [&str; 5] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];

fn bytes(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn small_order_points() -> Vec<[u8; 32]> {
    SMALL_ORDER
        .iter()
        .flat_map(|text| {
            let plain = bytes(text);
            let mut signed = plain;
            signed[31] |= 0x80;
            [plain, signed]
        })
        .collect()
}

#[test]
fn small_order_points_are_refused() {
    for point in small_order_points() {
        // Two of the ten set the sign of x = 0, which is no point in a strict decoder; the rest are weak keys.
        if let Ok(key) = VerifyingKey::from_bytes(&point) {
            assert!(key.is_weak(), "{}", hex::encode(point));
        }
        assert_eq!(
            PublicKey::new(Scheme::Ed25519, &point),
            Err(KeyError::SmallOrder),
            "{}",
            hex::encode(point)
        );
    }
}

/// Why: under the neutral element, one signature that nobody had to make verifies for every message.
#[test]
fn a_small_order_key_signs_everything() {
    let neutral = bytes(SMALL_ORDER[0]);
    let key = VerifyingKey::from_bytes(&neutral).unwrap();
    let mut forged = [0; 64];
    forged[..32].copy_from_slice(&neutral);
    for message in [&b"one"[..], b"two", b"three"] {
        key.verify(message, &Signature::from_bytes(&forged)).unwrap();
    }
    assert_eq!(PublicKey::new(Scheme::Ed25519, &neutral), Err(KeyError::SmallOrder));
}

/// Two byte forms of one key would be two registrations of it. p is 2²⁵⁵ − 19, so y from p to 2²⁵⁵ − 1 fits 255 bits.
#[test]
fn non_canonical_ed25519_keys_are_refused() {
    for low in 0xed..=0xff {
        for top in [0x7f, 0xff] {
            let mut key = [0xff; 32];
            (key[0], key[31]) = (low, top);
            assert_eq!(
                PublicKey::new(Scheme::Ed25519, &key),
                Err(KeyError::NonCanonical),
                "{low:x} {top:x}"
            );
        }
    }
    let mut below = [0xff; 32];
    (below[0], below[31]) = (0xeb, 0x7f);
    assert!(PublicKey::new(Scheme::Ed25519, &below).is_ok());
    let mut reduced_but_high = [0xff; 32];
    (reduced_but_high[1], reduced_but_high[31]) = (0xfe, 0x7f);
    assert!(PublicKey::new(Scheme::Ed25519, &reduced_but_high).is_ok());
}

#[test]
fn keys_of_another_length_are_refused() {
    for (scheme, expected) in [(Scheme::Ed25519, 32), (Scheme::Secp256k1, 33), (Scheme::P256, 33)] {
        for actual in (0..70).filter(|len| *len != expected) {
            let key = vec![2; actual];
            assert_eq!(PublicKey::new(scheme, &key), Err(KeyError::Length { expected, actual }));
        }
    }
}

#[test]
fn only_compressed_points_are_accepted() {
    for scheme in [Scheme::Secp256k1, Scheme::P256] {
        for prefix in 0..=u8::MAX {
            let mut key = [0x11; 33];
            key[0] = prefix;
            let expected = match prefix {
                2 | 3 => Ok(key.to_vec()),
                actual => Err(KeyError::Prefix { actual }),
            };
            assert_eq!(
                PublicKey::new(scheme, &key).map(|key| key.as_bytes().to_vec()),
                expected
            );
        }
    }
}

/// The two field primes, against the curve crates: p − 1 is an element, p is not.
#[test]
fn coordinates_are_below_the_field_prime() {
    use k256::elliptic_curve::sec1::FromEncodedPoint;
    let primes = [
        (
            Scheme::Secp256k1,
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        ),
        (
            Scheme::P256,
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        ),
    ];
    for (scheme, prime) in primes {
        let at = [&[2], bytes(prime).as_slice()].concat();
        assert_eq!(PublicKey::new(scheme, &at), Err(KeyError::NonCanonical));
        // No curve crate decodes x = p or more as a point.
        for x in [at.clone(), vec![2; 1].into_iter().chain([0xff; 32]).collect()] {
            assert!(PublicKey::new(scheme, &x).is_err());
            let decoded = match scheme {
                Scheme::Secp256k1 => k256::EncodedPoint::from_bytes(&x)
                    .ok()
                    .and_then(|point| Option::<k256::AffinePoint>::from(k256::AffinePoint::from_encoded_point(&point)))
                    .is_some(),
                _ => p256::EncodedPoint::from_bytes(&x)
                    .ok()
                    .and_then(|point| Option::<p256::AffinePoint>::from(p256::AffinePoint::from_encoded_point(&point)))
                    .is_some(),
            };
            assert!(!decoded);
        }
        let mut below = at;
        below[32] -= 1;
        assert!(PublicKey::new(scheme, &below).is_ok());
    }
}

/// The u-coordinates of small order, by their effect: the shared secret is zero for every secret.
#[test]
fn x25519_keys_of_small_order_are_refused() {
    let weak = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ];
    for key in weak.map(bytes) {
        for secret in [[7; 32], [0xa5; 32]] {
            assert!(!StaticSecret::from(secret)
                .diffie_hellman(&X25519::from(key))
                .was_contributory());
        }
        assert_eq!(validate_x25519(&key), Err(KeyError::SmallOrder), "{}", hex::encode(key));
    }
}

#[test]
fn non_canonical_x25519_keys_are_refused() {
    for low in 0xed..=0xff {
        let mut key = [0xff; 32];
        (key[0], key[31]) = (low, 0x7f);
        assert_eq!(validate_x25519(&key), Err(KeyError::NonCanonical));
    }
    let mut masked = [9; 32];
    masked[31] |= 0x80; // the bit X25519 ignores
    assert_eq!(validate_x25519(&masked), Err(KeyError::NonCanonical));
}

proptest! {
    #[test]
    fn every_generated_key_is_accepted(seed in any::<[u8; 32]>()) {
        let ed25519 = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        prop_assert!(PublicKey::new(Scheme::Ed25519, &ed25519).is_ok());
        if let Ok(secret) = k256::ecdsa::SigningKey::from_slice(&seed) {
            let key = secret.verifying_key().to_encoded_point(true);
            prop_assert!(PublicKey::new(Scheme::Secp256k1, key.as_bytes()).is_ok());
        }
        if let Ok(secret) = p256::ecdsa::SigningKey::from_slice(&seed) {
            let key = secret.verifying_key().to_encoded_point(true);
            prop_assert!(PublicKey::new(Scheme::P256, key.as_bytes()).is_ok());
        }
        let x25519 = X25519::from(&StaticSecret::from(seed)).to_bytes();
        prop_assert!(validate_x25519(&x25519).is_ok());
        prop_assert!(StaticSecret::from([3; 32]).diffie_hellman(&X25519::from(x25519)).was_contributory());
    }
}

struct Request {
    chain: &'static str,
    contract: &'static str,
    operator: &'static str,
    role: Role,
    key: PublicKey,
    x25519: [u8; 32],
    key_epoch: u32,
    challenge: [u8; 32],
}

fn request() -> Request {
    let key = SigningKey::from_bytes(&[1; 32]).verifying_key();
    Request {
        chain: "vcity-1",
        contract: "wasm1oracle",
        operator: "wasm1operator",
        role: Role::Worker,
        key: PublicKey::new(Scheme::Ed25519, key.as_bytes()).unwrap(),
        x25519: [9; 32],
        key_epoch: 1,
        challenge: [5; 32],
    }
}

impl Request {
    fn binding(&self) -> Digest {
        let domain = Domain::new(self.chain, self.contract).unwrap();
        binding(
            &domain,
            self.operator,
            &self.key,
            &self.x25519,
            self.key_epoch,
            &self.challenge,
        )
        .unwrap()
    }

    fn possession(&self) -> Digest {
        let domain = Domain::new(self.chain, self.contract).unwrap();
        possession(&domain, self.operator, self.role, &self.key, &self.x25519).unwrap()
    }
}

/// A quote, or a signature, made for one request must not serve any other.
#[test]
fn binding_and_possession_depend_on_every_part() {
    let other_key = SigningKey::from_bytes(&[2; 32]).verifying_key();
    let other_key = PublicKey::new(Scheme::Ed25519, other_key.as_bytes()).unwrap();
    let (secp, p256) = (vec![2; 33], vec![2; 33]);
    let requests = [
        request(),
        Request {
            chain: "vcity-2",
            ..request()
        },
        Request {
            contract: "wasm1oracl",
            ..request()
        },
        Request {
            operator: "wasm1operatoR",
            ..request()
        },
        // The boundary between contract and operator moved by a byte.
        Request {
            contract: "wasm1oraclew",
            operator: "asm1operator",
            ..request()
        },
        Request {
            key: other_key,
            ..request()
        },
        Request {
            key: PublicKey::new(Scheme::Secp256k1, &secp).unwrap(),
            ..request()
        },
        Request {
            key: PublicKey::new(Scheme::P256, &p256).unwrap(),
            ..request()
        },
        Request {
            x25519: [8; 32],
            ..request()
        },
    ];
    let only_bound = [
        Request {
            key_epoch: 2,
            ..request()
        },
        Request {
            challenge: [6; 32],
            ..request()
        },
    ];
    let only_possessed = [
        Request {
            role: Role::Gateway,
            ..request()
        },
        Request {
            role: Role::Verifier,
            ..request()
        },
    ];
    assert_distinct(requests.iter().chain(&only_bound).map(Request::binding).collect());
    assert_distinct(
        requests
            .iter()
            .chain(&only_possessed)
            .map(Request::possession)
            .collect(),
    );
    assert_ne!(request().binding(), request().possession());
}

fn assert_distinct(digests: Vec<Digest>) {
    for (index, one) in digests.iter().enumerate() {
        assert!(!digests[..index].contains(one), "{index}");
    }
}

#[test]
fn an_operator_has_1_to_255_bytes() {
    let Request {
        key, x25519, challenge, ..
    } = request();
    let domain = Domain::new("c", "d").unwrap();
    let over = "o".repeat(256);
    for (operator, error) in [
        ("", DomainError::Empty),
        (over.as_str(), DomainError::TooLong { actual: 256 }),
    ] {
        assert_eq!(binding(&domain, operator, &key, &x25519, 1, &challenge), Err(error));
        assert_eq!(possession(&domain, operator, Role::Worker, &key, &x25519), Err(error));
    }
    assert!(binding(&domain, &over[1..], &key, &x25519, 1, &challenge).is_ok());
}

#[test]
fn schemes_and_roles_are_numbered_1_to_3() {
    for number in 0..=u8::MAX {
        let known = (1..=3).contains(&number);
        assert_eq!(
            Scheme::try_from(number).map(|scheme| scheme as u8).ok(),
            known.then_some(number)
        );
        assert_eq!(
            Role::try_from(number).map(|role| role as u8).ok(),
            known.then_some(number)
        );
    }
}
