use alloc::format;
use alloc::string::ToString;
use alloc::vec;

use super::super::vectors::{
    ED25519_KEY, P256_SPKI, P384_SPKI, P521_SPKI, RSA2048_PKCS1, RSA2048_SPKI, RSA2049_SPKI, RSA3072_SPKI, unhex,
};
use alloc::string::String;

use der::Encode;
use der::asn1::UintRef;

use super::*;

const ALL: [(&str, KeyKind, Option<u32>); 6] = [
    (P256_SPKI, KeyKind::P256, None),
    (P384_SPKI, KeyKind::P384, None),
    (P521_SPKI, KeyKind::P521, None),
    (RSA2048_SPKI, KeyKind::Rsa, Some(2048)),
    (RSA2049_SPKI, KeyKind::Rsa, Some(2049)),
    (RSA3072_SPKI, KeyKind::Rsa, Some(3072)),
];

fn oid(oid: &ObjectIdentifier) -> Vec<u8> {
    wrap(Tag::ObjectIdentifier, oid.as_bytes()).unwrap()
}

fn read(algorithm: ObjectIdentifier, parameters: &[u8], key: &[u8]) -> Result<PublicKey, KeyError> {
    PublicKey::from_spki_der(&encode_spki(algorithm, parameters, key).unwrap())
}

fn point(spki: &str) -> Vec<u8> {
    super::spki(&unhex(spki)).unwrap().1[1..].to_vec()
}

fn pkcs1(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let integers = [modulus, exponent].map(|bytes| UintRef::new(bytes).unwrap().to_der().unwrap());
    wrap(Tag::Sequence, &integers.concat()).unwrap()
}

/// An odd integer of this many bits.
fn modulus(bits: u32) -> Vec<u8> {
    let mut modulus = vec![0; usize::try_from(bits.div_ceil(8)).unwrap()];
    modulus[0] = 1 << (bits.wrapping_sub(1) % 8);
    *modulus.last_mut().unwrap() |= 1;
    modulus
}

fn pem(label: &str, bytes: &[u8]) -> String {
    let base64 = crate::encoding::base64::encode(bytes);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[test]
fn keys_keep_their_encoding() {
    for (hex, kind, bits) in ALL {
        let bytes = unhex(hex);
        let key = PublicKey::from_spki_der(&bytes).unwrap();
        assert_eq!(key.spki_der(), bytes);
        assert_eq!(key.spki_sha256(), sha256(&bytes));
        assert_eq!((key.kind(), key.rsa_bits()), (kind, bits));
        assert_eq!(key.ed25519_bytes(), None);
        assert_eq!(PublicKey::from_pem(&pem("PUBLIC KEY", &bytes)), Ok(key));
    }
}

#[test]
fn ed25519_bytes_round_trip() {
    let bytes: [u8; 32] = unhex(ED25519_KEY).try_into().unwrap();
    let key = PublicKey::from_ed25519_bytes(&bytes).unwrap();
    assert_eq!(key.ed25519_bytes(), Some(bytes));
    assert_eq!(key.kind(), KeyKind::Ed25519);
    // RFC 8410 §10.1 writes the same header before its example key.
    assert_eq!(key.spki_der(), [&unhex("302a300506032b6570032100"), &bytes[..]].concat());
    assert_eq!(PublicKey::from_spki_der(key.spki_der()), Ok(key));
}

#[test]
fn pkcs1_and_spki_are_one_key() {
    let bytes = unhex(RSA2048_PKCS1);
    let key = PublicKey::from_pkcs1_der(&bytes).unwrap();
    assert_eq!(key.spki_der(), unhex(RSA2048_SPKI));
    assert_eq!(PublicKey::from_pem(&pem("RSA PUBLIC KEY", &bytes)), Ok(key));
}

#[test]
fn bytes_around_a_key_are_refused() {
    for (hex, ..) in ALL {
        let bytes = unhex(hex);
        for length in 0..bytes.len() {
            let error = PublicKey::from_spki_der(&bytes[..length]).unwrap_err();
            assert!(matches!(error, KeyError::Der { .. }), "{error:?}");
        }
        let error = PublicKey::from_spki_der(&[&bytes[..], &[0]].concat()).unwrap_err();
        assert!(matches!(error, KeyError::Der { .. }), "{error:?}");
    }
    let bytes = [&unhex(RSA2048_PKCS1)[..], &[0]].concat();
    let error = PublicKey::from_pkcs1_der(&bytes).unwrap_err();
    assert!(matches!(error, KeyError::Der { structure: "RSAPublicKey", .. }), "{error:?}");
    let error = read(RSA_ENCRYPTION, NULL, &bytes).unwrap_err();
    assert!(matches!(error, KeyError::Der { structure: "RSAPublicKey", .. }), "{error:?}");
}

/// Whatever a changed byte makes of a key, it panics nowhere, and what is read has the one encoding read.
#[test]
fn changed_bytes_never_give_a_second_encoding() {
    for (hex, ..) in ALL {
        let bytes = unhex(hex);
        for position in 0..bytes.len().min(160) {
            for change in [0x01, 0x02, 0x04, 0x20, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[position] ^= change;
                let Ok(key) = PublicKey::from_spki_der(&changed) else {
                    continue;
                };
                assert_eq!(key.spki_der(), changed);
                assert_eq!(key.kind(), KeyKind::Rsa, "a changed point is not on its curve");
            }
        }
    }
}

#[test]
fn ber_is_refused() {
    let p256 = unhex(P256_SPKI);
    let long_length = [&[0x30, 0x81, 0x59], &p256[2..]].concat();
    let indefinite = [&[0x30, 0x80], &p256[2..], &[0, 0]].concat();
    let rsa = unhex(RSA2048_PKCS1);
    let padded = [&[0x30, 0x82, 0x01, 0x0b], &rsa[4..8], &[0], &rsa[8..]].concat();
    let padded = {
        let mut padded = padded;
        padded[7] = 2;
        padded
    };
    for bytes in [&long_length, &indefinite] {
        let error = PublicKey::from_spki_der(bytes).unwrap_err();
        assert!(matches!(error, KeyError::Der { .. }), "{error:?}");
    }
    let error = PublicKey::from_pkcs1_der(&padded).unwrap_err();
    assert!(matches!(error, KeyError::Der { .. }), "{error:?}");
    let error = KeyError::Der { structure: "RSAPublicKey", at: Some(4) };
    assert_eq!(error.to_string(), "not DER of RSAPublicKey: malformed at byte 4");
}

#[test]
fn unused_bits_are_refused() {
    let mut bytes = unhex(P256_SPKI);
    let unused = bytes.len().wrapping_sub(66);
    assert_eq!(bytes[unused], 0);
    bytes[unused] = 1;
    let error = PublicKey::from_spki_der(&bytes).unwrap_err();
    assert_eq!(error, KeyError::UnusedBits { found: 1 });
    assert_eq!(error.to_string(), "expected a whole number of bytes, found 1 unused bits");
}

#[test]
fn other_algorithms_are_refused() {
    let x25519 = ObjectIdentifier::new_unwrap("1.3.101.110");
    let error = read(x25519, &[], &unhex(ED25519_KEY)).unwrap_err();
    assert_eq!(error, KeyError::UnsupportedAlgorithm { oid: x25519 });
    assert_eq!(error.to_string(), "unsupported key algorithm 1.3.101.110");

    let secp256k1 = ObjectIdentifier::new_unwrap("1.3.132.0.10");
    let error = read(EC_PUBLIC_KEY, &oid(&secp256k1), &point(P256_SPKI)).unwrap_err();
    assert_eq!(error, KeyError::UnsupportedCurve { oid: secp256k1 });
    assert_eq!(error.to_string(), "unsupported curve 1.3.132.0.10");
}

#[test]
fn parameters_are_exact() {
    let expected = "the OID of a named curve";
    let error = KeyError::Parameters { algorithm: EC_PUBLIC_KEY, expected };
    for parameters in [&[][..], NULL] {
        assert_eq!(read(EC_PUBLIC_KEY, parameters, &point(P256_SPKI)), Err(error));
    }
    assert_eq!(
        error.to_string(),
        "key algorithm 1.2.840.10045.2.1 takes the OID of a named curve, found other parameters",
    );
    let error = KeyError::Parameters { algorithm: ED25519, expected: "no parameters" };
    assert_eq!(read(ED25519, NULL, &unhex(ED25519_KEY)), Err(error));
    let error = KeyError::Parameters { algorithm: RSA_ENCRYPTION, expected: "NULL" };
    for parameters in [Vec::new(), oid(&SECP256R1)] {
        assert_eq!(read(RSA_ENCRYPTION, &parameters, &unhex(RSA2048_PKCS1)), Err(error));
    }
}

#[test]
fn points_are_uncompressed() {
    for (spki, kind, curve) in [
        (P256_SPKI, KeyKind::P256, SECP256R1),
        (P384_SPKI, KeyKind::P384, SECP384R1),
        (P521_SPKI, KeyKind::P521, SECP521R1),
    ] {
        let point = point(spki);
        let expected = point.len();
        let half = expected.div_ceil(2);
        for found in [0, 2, 3, 5, 6, 7] {
            for length in [1, half, expected] {
                let changed = [&[found], &point[1..length]].concat();
                let error = KeyError::NotUncompressed { kind, found };
                assert_eq!(read(EC_PUBLIC_KEY, &oid(&curve), &changed), Err(error));
            }
        }
        for length in [0, 1, half, expected.wrapping_sub(1)] {
            let error = KeyError::Length { kind, expected, found: length };
            assert_eq!(read(EC_PUBLIC_KEY, &oid(&curve), &point[..length]), Err(error));
        }
        let mut changed = point.clone();
        *changed.last_mut().unwrap() ^= 1;
        let error = KeyError::NotOnCurve { kind };
        assert_eq!(read(EC_PUBLIC_KEY, &oid(&curve), &changed), Err(error));
        changed[1..].fill(0xff);
        assert_eq!(read(EC_PUBLIC_KEY, &oid(&curve), &changed), Err(error));
        changed[1..].fill(0);
        assert_eq!(read(EC_PUBLIC_KEY, &oid(&curve), &changed), Err(error));
    }
    let found = read(EC_PUBLIC_KEY, &oid(&SECP256R1), &point(P384_SPKI));
    let error = KeyError::Length { kind: KeyKind::P256, expected: 65, found: 97 };
    assert_eq!(found, Err(error));
    assert_eq!(error.to_string(), "a p256 key has 65 bytes, found 97");
    let error = KeyError::NotUncompressed { kind: KeyKind::P256, found: 2 };
    let text = "expected an uncompressed p256 point, which begins with 0x04, found 0x02";
    assert_eq!(error.to_string(), text);
    let error = KeyError::NotOnCurve { kind: KeyKind::P256 };
    assert_eq!(error.to_string(), "the p256 key is not a point on its curve");
}

#[test]
fn ed25519_points_are_canonical_and_of_large_order() {
    let kind = KeyKind::Ed25519;
    for length in [0, 31] {
        let error = KeyError::Length { kind, expected: 32, found: length };
        assert_eq!(read(ED25519, &[], &unhex(ED25519_KEY)[..length]), Err(error));
    }
    // y = 2 is on no point; p + 1 is the neutral element again; p + 3 a second name of y = 3.
    for (lowest, rest, highest) in [(2, 0, 0), (0xee, 0xff, 0x7f), (0xf0, 0xff, 0x7f), (0xf0, 0xff, 0xff)] {
        let mut bytes = [rest; 32];
        (bytes[0], bytes[31]) = (lowest, highest);
        assert_eq!(PublicKey::from_ed25519_bytes(&bytes), Err(KeyError::NotOnCurve { kind }));
        assert_eq!(read(ED25519, &[], &bytes), Err(KeyError::NotOnCurve { kind }));
    }
    // The orders 1, 2, 4 and 8.
    for hex in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    ] {
        assert_eq!(read(ED25519, &[], &unhex(hex)), Err(KeyError::SmallOrder));
    }
    assert_eq!(KeyError::SmallOrder.to_string(), "the ed25519 key is a point of small order");
}

#[test]
fn rsa_sizes_are_bounded() {
    for found in [0, 8, 1024, MIN_RSA_BITS.wrapping_sub(1), MAX_RSA_BITS.wrapping_add(1), 16384] {
        let modulus = if found == 0 { vec![0] } else { modulus(found) };
        let error = PublicKey::from_pkcs1_der(&pkcs1(&modulus, &[1, 0, 1])).unwrap_err();
        assert_eq!(error, KeyError::RsaBits { found });
    }
    for bits in [MIN_RSA_BITS, 2049, 2055, 2056, 2057, 4096, MAX_RSA_BITS] {
        let key = PublicKey::from_pkcs1_der(&pkcs1(&modulus(bits), &[1, 0, 1])).unwrap();
        assert_eq!(key.rsa_bits(), Some(bits));
        assert_eq!(PublicKey::from_spki_der(key.spki_der()), Ok(key));
    }
    let mut even = modulus(2048);
    *even.last_mut().unwrap() = 2;
    let error = PublicKey::from_pkcs1_der(&pkcs1(&even, &[1, 0, 1])).unwrap_err();
    assert_eq!(error, KeyError::RsaModulusEven);
    assert_eq!(error.to_string(), "the RSA modulus is even");
    let error = KeyError::RsaBits { found: 1024 };
    assert_eq!(error.to_string(), "expected an RSA modulus of 2048 to 8192 bits, found 1024");
}

#[test]
fn rsa_integers_are_positive() {
    let mut negative = unhex(RSA2048_PKCS1);
    let sign = 8;
    assert_eq!(negative.remove(sign), 0);
    negative[3] = negative[3].wrapping_sub(1);
    negative[7] = negative[7].wrapping_sub(1);
    let error = PublicKey::from_pkcs1_der(&negative).unwrap_err();
    assert!(matches!(error, KeyError::Der { .. }), "{error:?}");
}

#[test]
fn rsa_exponents_are_odd_and_bounded() {
    let largest = MAX_RSA_EXPONENT.to_be_bytes();
    for exponent in [&[3][..], &[1, 0, 1], &largest] {
        assert!(PublicKey::from_pkcs1_der(&pkcs1(&modulus(2048), exponent)).is_ok());
    }
    let large = (1_u64 << 33 | 1).to_be_bytes();
    for (exponent, found) in [
        (&[0][..], Some(0)),
        (&[1], Some(1)),
        (&[2], Some(2)),
        (&[1, 0, 0], Some(65536)),
        (&large, Some(1 << 33 | 1)),
        (&[1, 0, 0, 0, 0, 0, 0, 0, 1], None),
    ] {
        let error = PublicKey::from_pkcs1_der(&pkcs1(&modulus(2048), exponent)).unwrap_err();
        assert_eq!(error, KeyError::RsaExponent { found });
    }
    let text = "expected an odd RSA exponent from 3 to 8589934591, found ";
    assert_eq!(KeyError::RsaExponent { found: Some(1) }.to_string(), format!("{text}1"));
    let none = KeyError::RsaExponent { found: None };
    assert_eq!(none.to_string(), format!("{text}more than 64 bits"));
}

#[test]
fn pem_is_exactly_one_block() {
    let bytes = unhex(P256_SPKI);
    let block = pem("PUBLIC KEY", &bytes);
    let key = PublicKey::from_spki_der(&bytes).unwrap();
    for text in [block.replace('\n', "\r\n"), format!("\n {block}\n\n"), block.trim().to_string()] {
        assert_eq!(PublicKey::from_pem(&text), Ok(key.clone()));
    }
    let end = "-----END PUBLIC KEY-----";
    for (text, error) in [
        (String::new(), PemError::Begin),
        (format!("key\n{block}"), PemError::Begin),
        (pem("CERTIFICATE", &bytes), PemError::Begin),
        (pem("EC PUBLIC KEY", &bytes), PemError::Begin),
        (block.replace("-----BEGIN", "----BEGIN"), PemError::Begin),
        (block.replace(end, ""), PemError::End),
        (block.replace(end, "-----END RSA PUBLIC KEY-----"), PemError::End),
        (block.replace(end, &format!("{end}-")), PemError::End),
        (format!("{block}{block}"), PemError::Trailing),
        (format!("{block}key"), PemError::Trailing),
        (block.replace("MFkw", "MF w"), PemError::Base64),
        (block.replace("MFkw", "Comment: none\n\nMFkw"), PemError::Base64),
        (block.replace("==", "="), PemError::Base64),
        (block.replace("8g==", "8h=="), PemError::Base64),
    ] {
        assert_eq!(PublicKey::from_pem(&text), Err(KeyError::Pem(error)), "{text}");
    }
    for (error, text) in [
        (PemError::Base64, "the PEM block is not canonical base64"),
        (PemError::Begin, "expected PEM that begins with a PUBLIC KEY or RSA PUBLIC KEY line"),
        (PemError::End, "expected a PEM block that ends with the line of its label"),
        (PemError::Trailing, "expected exactly one PEM block, found text after it"),
    ] {
        assert_eq!(KeyError::Pem(error).to_string(), text);
    }
}
