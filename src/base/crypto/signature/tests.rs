use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::super::vectors::{
    ED25519_EMPTY, ED25519_KEY, ED25519PH_ABC, ED25519PH_KEY, MESSAGE, P256_SHA256, P256_SHA256_OTHER_S, P256_SHA384,
    P256_SHA512, P256_SPKI, P384_SHA256, P384_SHA384, P384_SHA512, P384_SPKI, P521_SHA256, P521_SHA384, P521_SHA512,
    P521_SPKI, RSA2048_PKCS1V15_SHA256, RSA2048_PKCS1V15_SHA384, RSA2048_PKCS1V15_SHA512, RSA2048_PSS_SHA256,
    RSA2048_PSS_SHA384, RSA2048_PSS_SHA512, RSA2048_SPKI, RSA2049_PKCS1V15_SHA256, RSA2049_PSS_SHA256, RSA2049_SPKI,
    unhex,
};
use super::HashAlgorithm::{Sha256, Sha384, Sha512};
use super::*;

const PREHASHED: [(&str, Scheme, &str, &str); 17] = [
    (P256_SPKI, Scheme::Ecdsa(Sha256), P256_SHA256, "ecdsa-p256-sha256"),
    (P256_SPKI, Scheme::Ecdsa(Sha384), P256_SHA384, "ecdsa-p256-sha384"),
    (P256_SPKI, Scheme::Ecdsa(Sha512), P256_SHA512, "ecdsa-p256-sha512"),
    (P384_SPKI, Scheme::Ecdsa(Sha256), P384_SHA256, "ecdsa-p384-sha256"),
    (P384_SPKI, Scheme::Ecdsa(Sha384), P384_SHA384, "ecdsa-p384-sha384"),
    (P384_SPKI, Scheme::Ecdsa(Sha512), P384_SHA512, "ecdsa-p384-sha512"),
    (P521_SPKI, Scheme::Ecdsa(Sha256), P521_SHA256, "ecdsa-p521-sha256"),
    (P521_SPKI, Scheme::Ecdsa(Sha384), P521_SHA384, "ecdsa-p521-sha384"),
    (P521_SPKI, Scheme::Ecdsa(Sha512), P521_SHA512, "ecdsa-p521-sha512"),
    (RSA2048_SPKI, Scheme::RsaPkcs1(Sha256), RSA2048_PKCS1V15_SHA256, "rsa-pkcs1-sha256"),
    (RSA2048_SPKI, Scheme::RsaPkcs1(Sha384), RSA2048_PKCS1V15_SHA384, "rsa-pkcs1-sha384"),
    (RSA2048_SPKI, Scheme::RsaPkcs1(Sha512), RSA2048_PKCS1V15_SHA512, "rsa-pkcs1-sha512"),
    (RSA2048_SPKI, Scheme::RsaPss(Sha256), RSA2048_PSS_SHA256, "rsa-pss-sha256"),
    (RSA2048_SPKI, Scheme::RsaPss(Sha384), RSA2048_PSS_SHA384, "rsa-pss-sha384"),
    (RSA2048_SPKI, Scheme::RsaPss(Sha512), RSA2048_PSS_SHA512, "rsa-pss-sha512"),
    (RSA2049_SPKI, Scheme::RsaPkcs1(Sha256), RSA2049_PKCS1V15_SHA256, "rsa-pkcs1-sha256"),
    (RSA2049_SPKI, Scheme::RsaPss(Sha256), RSA2049_PSS_SHA256, "rsa-pss-sha256"),
];

const SCHEMES: [Scheme; 11] = [
    Scheme::Ecdsa(Sha256),
    Scheme::Ecdsa(Sha384),
    Scheme::Ecdsa(Sha512),
    Scheme::Ed25519,
    Scheme::Ed25519ph,
    Scheme::RsaPkcs1(Sha256),
    Scheme::RsaPkcs1(Sha384),
    Scheme::RsaPkcs1(Sha512),
    Scheme::RsaPss(Sha256),
    Scheme::RsaPss(Sha384),
    Scheme::RsaPss(Sha512),
];

fn spki(hex: &str) -> PublicKey {
    PublicKey::from_spki_der(&unhex(hex)).unwrap()
}

fn ed25519_key(hex: &str) -> PublicKey {
    PublicKey::from_ed25519_bytes(&unhex(hex).try_into().unwrap()).unwrap()
}

fn keys() -> Vec<PublicKey> {
    let mut keys: Vec<_> = [P256_SPKI, P384_SPKI, P521_SPKI, RSA2048_SPKI, RSA2049_SPKI].map(spki).into();
    keys.push(ed25519_key(ED25519_KEY));
    keys
}

#[test]
fn signatures_by_openssl() {
    for (key, scheme, signature, name) in PREHASHED {
        let (key, signature) = (spki(key), unhex(signature));
        assert_eq!(scheme.name(&key), name);
        let verify = |message: Message<'_>| RustCrypto.verify(&key, scheme, message, &signature);
        assert_eq!(verify(Message::Bytes(MESSAGE)), Ok(()), "{name}");
        assert_eq!(verify(Message::Bytes(b"Admissible")), Err(SignatureError::Invalid));
        for hash in [Sha256, Sha384, Sha512] {
            let found = verify(Message::Digest(&digest(hash, MESSAGE)));
            if Some(hash) == scheme.hash() {
                assert_eq!(found, Ok(()));
            } else {
                assert_eq!(found, Err(SignatureError::MessageNeeded { scheme, found: hash }));
            }
        }
    }
    let error = SignatureError::MessageNeeded { scheme: Scheme::Ecdsa(Sha384), found: Sha256 };
    let text = "ecdsa-sha384 needs the message or its sha384 digest, found a sha256 digest";
    assert_eq!(error.to_string(), text);
    let text = "the signature is not by this key over this message";
    assert_eq!(SignatureError::Invalid.to_string(), text);
}

/// A signature that verifies under one scheme verifies under no other.
#[test]
fn schemes_are_apart() {
    for (key, scheme, signature, name) in PREHASHED {
        let key = spki(key);
        for other in SCHEMES.into_iter().filter(|other| *other != scheme) {
            let message = Message::Bytes(MESSAGE);
            let found = RustCrypto.verify(&key, other, message, &unhex(signature));
            assert!(found.is_err(), "{name} as {other}");
        }
    }
}

#[test]
fn a_scheme_needs_its_kind_of_key() {
    for key in keys() {
        for scheme in SCHEMES {
            let fits = match scheme {
                Scheme::Ecdsa(_) => {
                    matches!(key.kind(), KeyKind::P256 | KeyKind::P384 | KeyKind::P521)
                }
                Scheme::Ed25519 | Scheme::Ed25519ph => key.kind() == KeyKind::Ed25519,
                Scheme::RsaPkcs1(_) | Scheme::RsaPss(_) => key.kind() == KeyKind::Rsa,
            };
            let found = RustCrypto.verify(&key, scheme, Message::Bytes(b""), b"");
            let mismatch = Err(SignatureError::SchemeMismatch { key: key.kind(), scheme });
            assert_eq!(found == mismatch, !fits, "{found:?}");
            if !fits {
                assert_eq!(scheme.name(&key), scheme.to_string());
            }
        }
    }
    let error = SignatureError::SchemeMismatch { key: KeyKind::Rsa, scheme: Scheme::Ed25519 };
    assert_eq!(error.to_string(), "expected a key for ed25519, found one for rsa");
}

#[test]
fn high_s_is_accepted() {
    let key = spki(P256_SPKI);
    for signature in [P256_SHA256, P256_SHA256_OTHER_S] {
        let message = Message::Bytes(MESSAGE);
        let scheme = Scheme::Ecdsa(Sha256);
        assert_eq!(RustCrypto.verify(&key, scheme, message, &unhex(signature)), Ok(()));
    }
}

#[test]
fn ecdsa_is_strict_der() {
    let key = spki(P256_SPKI);
    let verify = |signature: &[u8]| RustCrypto.verify(&key, Scheme::Ecdsa(Sha256), Message::Bytes(MESSAGE), signature);
    let valid = unhex(P256_SHA256);
    // 30 44 | 02 20 r | 02 20 s
    assert_eq!((valid.len(), &valid[..4], &valid[36..38]), (70, &[0x30, 0x44, 2, 0x20][..], &[2, 0x20][..]));
    let (r, s) = (&valid[4..36], &valid[38..]);
    for malformed in [
        vec![],
        [r, s].concat(),
        valid[..69].to_vec(),
        [&valid[..], &[0]].concat(),
        [&[0x30, 0x81, 0x44], &valid[2..]].concat(),
        [&[0x30, 0x80], &valid[2..], &[0, 0]].concat(),
        [&[0x31], &valid[1..]].concat(),
        [&[0x30, 0x45, 2, 0x21, 0], r, &valid[36..]].concat(),
        [&[0x30, 0x45], &valid[2..36], &[2, 0x21, 0], s].concat(),
        [&[0x30, 0x47], &valid[2..], &[2, 1, 1]].concat(),
        [&[0x30, 0x22], &valid[2..36]].concat(),
        [&[0x30, 0x25, 2, 1, 0x81], &valid[36..]].concat(),
        [&[0x30, 0x24, 2, 0], &valid[36..]].concat(),
        [&[0x30, 0x44, 3, 0x20], &valid[4..]].concat(),
    ] {
        let error = SignatureError::Malformed(SignatureForm::EcdsaDer);
        assert_eq!(verify(&malformed), Err(error), "{malformed:02x?}");
        let text = "the signature is not DER of two positive integers";
        assert_eq!(error.to_string(), text);
    }
    let order = unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    for out_of_range in [
        [&[0x30, 0x25, 2, 1, 0], &valid[36..]].concat(),
        [&[0x30, 0x25], &valid[2..36], &[2, 1, 0]].concat(),
        [&[0x30, 0x45, 2, 0x21, 0], &order[..], &valid[36..]].concat(),
        [&[0x30, 0x45], &valid[2..36], &[2, 0x21, 0], &order].concat(),
        [&[0x30, 0x45, 2, 0x21, 1], r, &valid[36..]].concat(),
        [&[0x30, 0x46, 2, 0x22, 0, 0xff], r, &valid[36..]].concat(),
    ] {
        let error = SignatureError::Malformed(SignatureForm::EcdsaRange);
        assert_eq!(verify(&out_of_range), Err(error), "{out_of_range:02x?}");
        let text = "the signature's integers are not between zero and the curve's order";
        assert_eq!(error.to_string(), text);
    }
    // Small integers and the largest are in range.
    let mut largest = order.clone();
    largest[31] = 0x50;
    for in_range in [vec![0x30, 6, 2, 1, 1, 2, 1, 1], [&[0x30, 0x45], &valid[2..36], &[2, 0x21, 0], &largest].concat()]
    {
        assert_eq!(verify(&in_range), Err(SignatureError::Invalid));
    }
}

#[test]
fn ed25519_signs_the_message() {
    let (key, signature) = (ed25519_key(ED25519_KEY), unhex(ED25519_EMPTY));
    let scheme = Scheme::Ed25519;
    assert_eq!(scheme.name(&key), "ed25519");
    let verify = |message: Message<'_>, signature: &[u8]| RustCrypto.verify(&key, scheme, message, signature);
    assert_eq!(verify(Message::Bytes(b""), &signature), Ok(()));
    assert_eq!(verify(Message::Bytes(b"\0"), &signature), Err(SignatureError::Invalid));
    let error = SignatureError::MessageNeeded { scheme, found: Sha512 };
    assert_eq!(verify(Message::Digest(&digest(Sha512, b"")), &signature), Err(error));
    let text = "ed25519 needs the message itself, found a sha512 digest";
    assert_eq!(error.to_string(), text);
    for length in [0, 32, 63, 65] {
        let mut changed = signature.clone();
        changed.resize(length, 0);
        let form = SignatureForm::Length { expected: 64, found: length };
        let found = verify(Message::Bytes(b""), &changed);
        assert_eq!(found, Err(SignatureError::Malformed(form)));
    }
    let form = SignatureForm::Length { expected: 64, found: 63 };
    let text = "expected a signature of 64 bytes, found 63";
    assert_eq!(SignatureError::Malformed(form).to_string(), text);
}

/// `s + order` makes the same equation true; RFC 8032 §5.1.7 refuses it.
#[test]
fn ed25519_s_is_reduced() {
    let mut signature = unhex(ED25519_EMPTY);
    let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0_u16;
    for (byte, addend) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte).wrapping_add(addend.into()).wrapping_add(carry);
        *byte = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    let key = ed25519_key(ED25519_KEY);
    let found = RustCrypto.verify(&key, Scheme::Ed25519, Message::Bytes(b""), &signature);
    assert_eq!(found, Err(SignatureError::Invalid));
}

#[test]
fn ed25519ph_signs_a_digest() {
    let (key, signature) = (ed25519_key(ED25519PH_KEY), unhex(ED25519PH_ABC));
    let scheme = Scheme::Ed25519ph;
    let verify = |scheme, message: Message<'_>| RustCrypto.verify(&key, scheme, message, &signature);
    assert_eq!(verify(scheme, Message::Bytes(b"abc")), Ok(()));
    assert_eq!(verify(scheme, Message::Digest(&digest(Sha512, b"abc"))), Ok(()));
    let error = Err(SignatureError::Invalid);
    assert_eq!(verify(scheme, Message::Bytes(b"abd")), error);
    assert_eq!(verify(Scheme::Ed25519, Message::Bytes(b"abc")), error);
    assert_eq!(verify(Scheme::Ed25519, Message::Bytes(digest(Sha512, b"abc").as_bytes())), error);
    let error = SignatureError::MessageNeeded { scheme, found: Sha256 };
    assert_eq!(verify(scheme, Message::Digest(&digest(Sha256, b"abc"))), Err(error));
    let found = RustCrypto.verify(&key, scheme, Message::Bytes(b"abc"), &signature[1..]);
    let form = SignatureForm::Length { expected: 64, found: 63 };
    assert_eq!(found, Err(SignatureError::Malformed(form)));
}

#[test]
fn rsa_signatures_are_as_long_as_the_modulus() {
    for (key, expected) in [(RSA2048_SPKI, 256), (RSA2049_SPKI, 257)] {
        let key = spki(key);
        for scheme in [Scheme::RsaPkcs1(Sha256), Scheme::RsaPss(Sha256)] {
            let verify = |signature: &[u8]| RustCrypto.verify(&key, scheme, Message::Bytes(MESSAGE), signature);
            for found in [0, 1, 255, 258, 512] {
                let form = SignatureForm::Length { expected, found };
                let error = SignatureError::Malformed(form);
                assert_eq!(verify(&vec![0; found]), Err(error));
            }
            for byte in [0, 1, 0xff] {
                assert_eq!(verify(&vec![byte; expected]), Err(SignatureError::Invalid));
            }
        }
    }
}

/// Each number of bits in the modulus' first byte, since PSS sets as many bits of its padding aside, and each place
/// of the signature's highest bit.
#[test]
fn rsa_of_every_size_refuses_small_signatures() {
    for bits in 2048..=2057 {
        let length = usize::try_from(u32::div_ceil(bits, 8)).unwrap();
        let mut modulus = vec![0x55; length];
        modulus[0] = 1 << (bits.wrapping_sub(1) % 8);
        let header = [0x30, 0x82, 1, 0, 2, 0x82, 1, 0];
        let sign = &[0][..usize::from(bits % 8 == 0)];
        let mut der = [&header[..], sign, &modulus, &[2, 3, 1, 0, 1]].concat();
        der[7] = u8::try_from(length.wrapping_add(sign.len()) & 0xff).unwrap();
        der[3] = der[7].wrapping_add(9);
        let key = PublicKey::from_pkcs1_der(&der).unwrap();
        assert_eq!(key.rsa_bits(), Some(bits));
        for scheme in [Scheme::RsaPkcs1(Sha512), Scheme::RsaPss(Sha512)] {
            for position in 0..length {
                let mut signature = vec![0; length];
                signature[position] = 1;
                let message = Message::Bytes(MESSAGE);
                let found = RustCrypto.verify(&key, scheme, message, &signature);
                assert_eq!(found, Err(SignatureError::Invalid));
            }
        }
    }
}

#[test]
fn changed_signatures_are_refused() {
    for (key, scheme, signature, name) in PREHASHED {
        let (key, signature) = (spki(key), unhex(signature));
        for position in (0..signature.len()).step_by(7) {
            let mut changed = signature.clone();
            changed[position] ^= 0x10;
            let found = RustCrypto.verify(&key, scheme, Message::Bytes(MESSAGE), &changed);
            assert!(found.is_err(), "{name}, byte {position}");
        }
    }
}

#[test]
fn the_registry_pairs_keys_with_schemes() {
    let ecdsa256 = [Scheme::Ecdsa(Sha256)];
    for (key, scheme, compatibility) in [
        (spki(P256_SPKI), Scheme::Ecdsa(Sha256), &[][..]),
        (spki(P384_SPKI), Scheme::Ecdsa(Sha384), &ecdsa256),
        (spki(P521_SPKI), Scheme::Ecdsa(Sha512), &ecdsa256),
        (spki(RSA2048_SPKI), Scheme::RsaPkcs1(Sha256), &[]),
        (ed25519_key(ED25519_KEY), Scheme::Ed25519, &[]),
    ] {
        assert_eq!(registry_scheme(&key), scheme);
        assert_eq!(compatibility_schemes(&key), compatibility);
    }
}
