//! What errors say: what was expected and what was found, with untrusted text in quotes and escaped.

use std::fmt::Display;

use admissible::format::oci::attestation::{AttestationError, AttestedError};
use admissible::format::oci::digest::{ContentDigest, ContentError};
use admissible::format::oci::membership::MembershipError;
use admissible::format::oci::platform::Platform;
use admissible::format::oci::reference::ReferenceError;
use admissible::format::oci::referrer::{BundleLayerError, ReferrerError};
use admissible::format::oci::{DocumentError, DocumentType, OciError, OciErrorKind};

#[test]
fn expected_and_found() {
    let (found, digest) = ("a\nb".to_string(), || ContentDigest::parse("x:0").expect("a digest"));
    let size = || ContentError::Size { expected: 1, found: 2 };
    let no_content = || OciError::new(String::new(), OciErrorKind::NoContent);
    let platform = || Platform::from_name("a\nb/c").expect("a platform");
    let rows: [(&dyn Display, &str); 22] = [
        (&OciErrorKind::TooLarge { found: 9 }, "a manifest or index of at most 4194304 bytes, found 9"),
        (
            &OciErrorKind::UnknownMediaType { found: found.clone() },
            "the media type of a manifest or index of OCI or Docker, found `a\\u{a}b`",
        ),
        (
            &OciErrorKind::LookAlike { field: "size", found: "Size".to_string() },
            "no name that can be taken for `size`, found `Size`",
        ),
        (
            &OciErrorKind::OtherKind { media_type: DocumentType::OciIndex, found: "layers" },
            "what belongs to the media type application/vnd.oci.image.index.v1+json, found `layers`",
        ),
        (&DocumentError::Content(size()), "1 bytes, found 2"),
        (&DocumentError::Document(no_content()), "`layers` or `manifests`, found neither"),
        (
            &ContentError::UnknownAlgorithm { digest: "x:0".to_string() },
            "a digest of sha256 or sha512, by which content can be checked, found `x:0`",
        ),
        (&MembershipError::NotAnIndex { depth: 1 }, "an index, found a manifest at depth 1"),
        (&MembershipError::Content { depth: 1, error: size() }, "1 bytes, found 2, for the index at depth 1"),
        (
            &MembershipError::Document { depth: 0, error: no_content() },
            "`layers` or `manifests`, found neither, in the index at depth 0",
        ),
        (&MembershipError::NotListed { digest: digest() }, "an index that lists x:0, found another"),
        (
            &MembershipError::NoPlatform { wanted: platform(), listed: Vec::new() },
            "an image for `a\\u{a}b/c`, found none",
        ),
        (&MembershipError::NotAtHand { digest: digest() }, "the bytes of the nested index x:0, found none"),
        (&ReferrerError::OtherSubject { expected: digest(), found: digest() }, "the subject x:0, found x:0"),
        (
            &BundleLayerError::ArtifactType { found: found.clone() },
            "the artifact type of a Sigstore bundle, found `a\\u{a}b`",
        ),
        (
            &BundleLayerError::LayerType { found: found.clone() },
            "a layer of the media type of a Sigstore bundle, found `a\\u{a}b`",
        ),
        (&AttestationError::Reference { found: found.clone() }, "the digest of an image, found `a\\u{a}b`"),
        (&AttestationError::NotListed { digest: digest() }, "an image of the same index, found x:0"),
        (&AttestationError::Platform { found: platform() }, "the platform `unknown/unknown`, found `a\\u{a}b/c`"),
        (&AttestedError::NotAbout { image: digest() }, "a statement about x:0, found one about others"),
        (&ReferenceError::Tag { found: found.clone() }, "a tag, found `a\\u{a}b`"),
        (&ReferenceError::ImageId, "the name of a repository, found the id of an image"),
    ];
    for (error, expected) in rows {
        assert_eq!(error.to_string(), format!("expected {expected}"));
    }
}
