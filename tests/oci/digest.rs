//! Digests, and content checked by them and by descriptors.

use admissible::crypto::DigestError;
use admissible::format::oci::digest::{ContentDigest, ContentDigestError, ContentError};
use admissible::limits::MAX_CONTENT_DIGEST_BYTES;
use admissible::{Digest, HashAlgorithm};
use admissible_box::keys::Hash;

use crate::{LAYER, descriptor, digest_of, hex, sha256};

#[test]
fn known_algorithms_are_checked() {
    let sha512 = format!("sha512:{}", hex(&Hash::Sha512.digest(b"content")));
    for text in [sha256(b"content"), sha512] {
        let digest = ContentDigest::parse(&text).expect("a digest");
        assert_eq!(digest.to_string(), text);
        assert_eq!(digest.check(b"content").map(|digest| digest.to_string()), Ok(text.clone()));
        let error = digest.check(b"Content").unwrap_err();
        assert!(matches!(error, ContentError::Digest { expected, .. } if expected.to_string() == text), "{error}");
    }
}

#[test]
fn unknown_algorithms_are_read_and_never_checked() {
    let sha384 = format!("sha384:{}", hex(&Hash::Sha384.digest(b"")));
    for text in ["blake3:00", "sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564", "a.b_c-d:x=", &sha384] {
        let digest = ContentDigest::parse(text).expect("a digest");
        assert_eq!(digest.to_string(), text);
        assert_eq!(digest.known(), None);
        assert_eq!(digest.check(b""), Err(ContentError::UnknownAlgorithm { digest: text.to_string() }));
    }
    // One made elsewhere is the same as one read.
    let digest = Digest::new(HashAlgorithm::Sha384, &Hash::Sha384.digest(b"")).expect("a digest");
    assert_eq!(Ok(ContentDigest::from(digest)), ContentDigest::parse(&sha384));
}

#[test]
fn other_texts_are_no_digests() {
    let hex = &sha256(b"")["sha256:".len()..];
    for found in
        ["", ":", "sha256", hex, ":00", "x:", "X:00", "a..b:00", "+a:00", "a-:00", "a:0 0", "a:0:0", "a:é", "a/b:0"]
    {
        let error = ContentDigest::parse(found).unwrap_err();
        assert_eq!(error, ContentDigestError::Grammar { found: found.to_string() }, "{found}");
    }
    let long = |count: usize| format!("x:{}", "0".repeat(count));
    assert!(ContentDigest::parse(&long(MAX_CONTENT_DIGEST_BYTES - 2)).is_ok());
    let error = ContentDigest::parse(&long(MAX_CONTENT_DIGEST_BYTES - 1)).unwrap_err();
    assert_eq!(error, ContentDigestError::TooLong { found: MAX_CONTENT_DIGEST_BYTES + 1 });
    let algorithm = HashAlgorithm::Sha256;
    let encoded = |text: &str| ContentDigest::parse(text).unwrap_err();
    let short = ContentDigestError::Encoded(DigestError::HexLength { algorithm, found: 63 });
    assert_eq!(encoded(&format!("sha256:{}", &hex[1..])), short);
    let upper = ContentDigestError::Encoded(DigestError::HexDigit { at: 0, found: b'E' });
    assert_eq!(encoded(&format!("sha256:E{}", &hex[1..])), upper);
}

#[test]
fn size_comes_before_digest() {
    let layer = descriptor(LAYER, b"layer");
    assert_eq!(layer.check(b"layer").map(ContentDigest::from), Ok(digest_of(b"layer")));
    assert_eq!(layer.check(b"layers"), Err(ContentError::Size { expected: 5, found: 6 }));
    assert!(matches!(layer.check(b"Layer"), Err(ContentError::Digest { .. })));
}
