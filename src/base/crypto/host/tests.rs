use alloc::vec;
use core::cell::Cell;

use super::super::memory::Memory;
use super::super::signature::{SignatureError, SignatureForm, VerifySignature as _};
use super::super::vectors::{
    ED25519_EMPTY, ED25519_KEY, MESSAGE, P256_SHA256, P256_SHA256_OTHER_S, P256_SPKI, P384_SHA256, P384_SHA384,
    P384_SPKI, P521_SHA512, P521_SPKI, RSA2048_PKCS1V15_SHA256, RSA2048_PSS_SHA256, RSA2048_SPKI, unhex,
};
use super::*;
use crate::crypto::HashAlgorithm::{Sha256, Sha384, Sha512};
use crate::crypto::{HashedBytes, digest};
use crate::limits::{MAX_DEFERRED_SIGNATURES, MAX_HOST_MESSAGES_BYTES};

type Verdict = Result<(), SignatureError>;

/// A signature, given to a judgement as often as `times`; and how often the host was asked.
fn judged(
    memory: &Memory,
    key: &PublicKey,
    scheme: Scheme,
    message: Message<'_>,
    signature: &[u8],
    times: usize,
) -> (Deferred<Vec<Verdict>>, usize) {
    let asked = Cell::new(0_usize);
    let ask = |question: Question<'_>| {
        assert_eq!(question.point.len(), question.integers.len().saturating_add(1));
        assert_eq!(question.signature, signature);
        asked.set(asked.get().saturating_add(1));
    };
    let deferred = Deferred::judge(memory, &ask, |door| {
        (0..times).map(|_| door.verify(key, scheme, message, signature)).collect()
    });
    (deferred, asked.get())
}

fn spki(hex: &str) -> PublicKey {
    PublicKey::from_spki_der(&unhex(hex)).unwrap()
}

/// The DER of two integers, as long as their bytes are.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| [&[2, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let both = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(both.len()).unwrap()], both.as_slice()].concat()
}

#[test]
fn a_valid_signature_is_asked_about_once_and_then_remembered() {
    for (key, scheme, signature) in [
        (P256_SPKI, Scheme::Ecdsa(Sha256), P256_SHA256),
        (P256_SPKI, Scheme::Ecdsa(Sha256), P256_SHA256_OTHER_S),
        (P384_SPKI, Scheme::Ecdsa(Sha384), P384_SHA384),
        (P384_SPKI, Scheme::Ecdsa(Sha256), P384_SHA256),
    ] {
        let (memory, key, signature) = (Memory::default(), spki(key), unhex(signature));
        let message = Message::Bytes(MESSAGE);
        let (deferred, asked) = judged(&memory, &key, scheme, message, &signature, 3);
        assert_eq!(asked, 1);
        assert_eq!(deferred.settle(&memory, 1), Some(vec![Ok(()); 3]));
        let (again, asked) = judged(&memory, &key, scheme, message, &signature, 3);
        assert_eq!((again.settle(&memory, 0), asked), (Some(vec![Ok(()); 3]), 0));
    }
}

#[test]
fn without_the_hosts_word_there_is_no_judgement_and_nothing_is_remembered() {
    let (memory, key, scheme) = (Memory::default(), spki(P256_SPKI), Scheme::Ecdsa(Sha256));
    let message = Message::Bytes(b"another message");
    for found_valid in [0, 2, usize::MAX] {
        let (deferred, asked) = judged(&memory, &key, scheme, message, &unhex(P256_SHA256), 1);
        assert_eq!((deferred.settle(&memory, found_valid), asked), (None, 1));
    }
    assert_eq!(memory.verify(&key, scheme, message, &unhex(P256_SHA256)), Err(SignatureError::Invalid));
    // It is the host's word that counts: one that says "valid" of everything is believed.
    let (deferred, _) = judged(&memory, &key, scheme, message, &unhex(P256_SHA256), 1);
    assert_eq!(deferred.settle(&memory, 1), Some(vec![Ok(())]));
}

#[test]
fn what_is_not_for_the_host_is_verified_here_before_the_judgement_is_told() {
    let (key, scheme, signature) = (spki(P256_SPKI), Scheme::Ecdsa(Sha256), unhex(P256_SHA256));
    let digest = |message: &[u8]| digest(Sha256, message);
    let (right, wrong) = (digest(MESSAGE), digest(b"another message"));
    for verify_first in [false, true] {
        for (digest, expected) in [(right, Some(vec![Ok(()); 2])), (wrong, None)] {
            let memory = Memory::default();
            let (mut deferred, asked) = judged(&memory, &key, scheme, Message::Digest(&digest), &signature, 2);
            if verify_first {
                deferred.verify_own(&memory);
            }
            assert_eq!((deferred.settle(&memory, 0), asked), (expected, 0));
        }
    }
    // Of a message that was hashed before, the host is asked about the message.
    for (bytes, found_valid) in [(MESSAGE, 1), (b"another message".as_slice(), 0)] {
        let (memory, hashed) = (Memory::default(), HashedBytes::new(bytes));
        let message = Message::Hashed(&hashed);
        let ask = |question: Question<'_>| assert_eq!(question.message, bytes);
        let deferred = Deferred::judge(&memory, &ask, |door| door.verify(&key, scheme, message, &signature));
        assert_eq!(deferred.settle(&memory, found_valid).is_some(), found_valid == 1);
        assert_eq!(memory.verify(&key, scheme, message, &signature).is_ok(), found_valid == 1);
    }
    // Long messages, too.
    let long = vec![0; MAX_HOST_MESSAGE_BYTES + 1];
    let (deferred, asked) = judged(&Memory::default(), &key, scheme, Message::Bytes(&long), &signature, 1);
    assert_eq!((deferred.settle(&Memory::default(), 0), asked), (None, 0));
}

#[test]
fn what_cannot_be_a_valid_signature_is_refused_at_once() {
    let p256 = spki(P256_SPKI);
    let order = unhex("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let valid = unhex(P256_SHA256);
    let long_form = [&[0x30, 0x81, u8::try_from(valid.len() - 2).unwrap()], &valid[2..]].concat();
    let malformed = |form: SignatureForm| Err(SignatureError::Malformed(form));
    for (signature, expected) in [
        (der(&[0], &[1]), malformed(SignatureForm::EcdsaRange)),
        (der(&[1], &[0]), malformed(SignatureForm::EcdsaRange)),
        (der(&order, &[1]), malformed(SignatureForm::EcdsaRange)),
        (der(&[1], &order), malformed(SignatureForm::EcdsaRange)),
        (der(&[0xff], &[1]), malformed(SignatureForm::EcdsaDer)),
        (der(&[0, 1], &[1]), malformed(SignatureForm::EcdsaDer)),
        (long_form, malformed(SignatureForm::EcdsaDer)),
        ([valid.as_slice(), &[0]].concat(), malformed(SignatureForm::EcdsaDer)),
        (vec![1; 64], malformed(SignatureForm::EcdsaDer)),
        (Vec::new(), malformed(SignatureForm::EcdsaDer)),
    ] {
        let memory = Memory::default();
        let (deferred, asked) = judged(&memory, &p256, Scheme::Ecdsa(Sha256), Message::Bytes(MESSAGE), &signature, 1);
        assert_eq!((deferred.settle(&memory, 0), asked), (Some(vec![expected]), 0), "{signature:02x?}");
    }
}

#[test]
fn other_keys_and_schemes_are_verified_here_at_once() {
    let ed25519 = PublicKey::from_ed25519_bytes(&unhex(ED25519_KEY).try_into().unwrap()).unwrap();
    let keys = [spki(P256_SPKI), spki(P384_SPKI), spki(P521_SPKI), spki(RSA2048_SPKI), ed25519];
    let signatures = [P521_SHA512, RSA2048_PKCS1V15_SHA256, RSA2048_PSS_SHA256, ED25519_EMPTY].map(unhex);
    let schemes = [Sha256, Sha384, Sha512].map(Scheme::Ecdsa).into_iter().chain([
        Scheme::Ed25519,
        Scheme::Ed25519ph,
        Scheme::RsaPkcs1(Sha256),
        Scheme::RsaPss(Sha256),
    ]);
    for scheme in schemes {
        for (key, signature) in keys.iter().flat_map(|key| signatures.iter().map(move |signature| (key, signature))) {
            let digest = digest(Sha384, MESSAGE);
            for message in [Message::Bytes(MESSAGE), Message::Bytes(b""), Message::Digest(&digest)] {
                let memory = Memory::default();
                let (deferred, asked) = judged(&memory, key, scheme, message, signature, 1);
                let expected = Memory::default().verify(key, scheme, message, signature);
                let could_be = matches!(scheme, Scheme::Ecdsa(_)) && expected == Err(SignatureError::Invalid);
                if !could_be || key.kind() == KeyKind::P521 {
                    assert_eq!(
                        (deferred.settle(&memory, 0), asked),
                        (Some(vec![expected]), 0),
                        "{} {scheme}",
                        key.kind()
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_deferred_is_bounded() {
    let (memory, key, scheme) = (Memory::default(), spki(P256_SPKI), Scheme::Ecdsa(Sha256));
    let bytes = Cell::new(0_usize);
    let judge = |size: usize, count: usize| {
        let asked = Cell::new(0_usize);
        bytes.set(0);
        let ask = |question: Question<'_>| {
            asked.set(asked.get().saturating_add(1));
            bytes.set(bytes.get().saturating_add(question.message.len()));
        };
        let deferred = Deferred::judge(&memory, &ask, |door| {
            let verify = |at: usize| {
                let mut message = vec![0; size];
                message[..8].copy_from_slice(&at.to_be_bytes());
                door.verify(&key, scheme, Message::Bytes(&message), &unhex(P256_SHA256))
            };
            (0..count).filter(|at| verify(*at).is_ok()).count()
        });
        assert!(deferred.settle(&memory, usize::MAX).is_none());
        asked.get()
    };
    assert_eq!(judge(8, MAX_DEFERRED_SIGNATURES + 3), MAX_DEFERRED_SIGNATURES);
    let fitting = MAX_HOST_MESSAGES_BYTES / MAX_HOST_MESSAGE_BYTES;
    assert_eq!(judge(MAX_HOST_MESSAGE_BYTES, fitting + 3), fitting);
    assert_eq!(bytes.get(), MAX_HOST_MESSAGES_BYTES);
}

/// What a host that answers at once comes to, and how often it was asked.
fn first(
    memory: &Memory,
    answer: bool,
    key: &PublicKey,
    scheme: Scheme,
    message: Message<'_>,
    signature: &[u8],
) -> (Verdict, usize) {
    let asked = Cell::new(0_usize);
    let is_valid = |question: Question<'_>| {
        assert_eq!((Some(question.message), question.signature), (message.bytes(), signature));
        asked.set(asked.get().saturating_add(1));
        answer
    };
    (HostFirst::new(memory, &is_valid).verify(key, scheme, message, signature), asked.get())
}

#[test]
fn a_host_that_answers_at_once_is_believed_when_it_says_valid_and_asked_once() {
    let hashed = HashedBytes::new(MESSAGE);
    for (key, scheme, signature) in [
        (P256_SPKI, Scheme::Ecdsa(Sha256), P256_SHA256),
        (P384_SPKI, Scheme::Ecdsa(Sha384), P384_SHA384),
        (P384_SPKI, Scheme::Ecdsa(Sha256), P384_SHA256),
    ] {
        for message in [Message::Bytes(MESSAGE), Message::Hashed(&hashed), Message::Bytes(b"another message")] {
            let (memory, key, signature) = (Memory::default(), spki(key), unhex(signature));
            assert_eq!(first(&memory, true, &key, scheme, message, &signature), (Ok(()), 1));
            assert_eq!(first(&memory, false, &key, scheme, message, &signature), (Ok(()), 0), "it is remembered");
        }
    }
}

#[test]
fn a_host_that_answers_at_once_refuses_nothing() {
    let (memory, key, scheme, signature) =
        (Memory::default(), spki(P256_SPKI), Scheme::Ecdsa(Sha256), unhex(P256_SHA256));
    let (right, wrong) = (Message::Bytes(MESSAGE), Message::Bytes(b"another message"));
    for _ in 0..2 {
        assert_eq!(first(&memory, false, &key, scheme, wrong, &signature), (Err(SignatureError::Invalid), 1));
    }
    assert_eq!(first(&memory, false, &key, scheme, right, &signature), (Ok(()), 1));
    assert_eq!(first(&memory, false, &key, scheme, right, &signature), (Ok(()), 0), "it is remembered");
}

#[test]
fn a_host_that_answers_at_once_is_asked_about_nothing_else() {
    let p256 = spki(P256_SPKI);
    let ed25519 = PublicKey::from_ed25519_bytes(&unhex(ED25519_KEY).try_into().unwrap()).unwrap();
    let (short, long) = (digest(Sha256, b"another message"), vec![0; MAX_HOST_MESSAGE_BYTES + 1]);
    let ecdsa = Scheme::Ecdsa(Sha256);
    let other = Message::Bytes(b"another message");
    for (key, scheme, message, signature) in [
        (&p256, ecdsa, Message::Digest(&short), unhex(P256_SHA256)),
        (&p256, ecdsa, Message::Bytes(&long), unhex(P256_SHA256)),
        (&p256, ecdsa, other, der(&[1], &[0])),
        (&p256, ecdsa, other, [unhex(P256_SHA256).as_slice(), &[0]].concat()),
        (&p256, Scheme::Ed25519, other, unhex(P256_SHA256)),
        (&spki(P521_SPKI), Scheme::Ecdsa(Sha512), other, unhex(P521_SHA512)),
        (&spki(RSA2048_SPKI), Scheme::RsaPkcs1(Sha256), other, unhex(RSA2048_PKCS1V15_SHA256)),
        (&ed25519, Scheme::Ed25519, other, unhex(ED25519_EMPTY)),
    ] {
        let expected = Memory::default().verify(key, scheme, message, &signature);
        assert!(expected.is_err());
        assert_eq!(first(&Memory::default(), true, key, scheme, message, &signature), (expected, 0), "{scheme}");
    }
}
