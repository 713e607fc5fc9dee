//! That an image is listed in an index, and what does not show it.

use std::collections::BTreeMap;

use admissible::Digest;
use admissible::format::oci::digest::{ContentDigest, ContentError};
use admissible::format::oci::membership::{Membership, MembershipError};
use admissible::format::oci::platform::Platform;
use admissible::limits::{MAX_INDEX_DEPTH, MAX_NAMED_PLATFORMS, MAX_NESTED_INDEXES};
use admissible_box::keys::Hash;
use serde_json::{Value, json};

use crate::{INDEX, MANIFEST, describe, describe_with, digest_of, hex, index, manifest, text};

fn digest(bytes: &[u8]) -> Digest {
    *digest_of(bytes).known().expect("sha256")
}

fn for_platform(media_type: &str, bytes: &[u8], architecture: &str) -> Value {
    describe_with(media_type, bytes, &json!({ "platform": { "os": "linux", "architecture": architecture } }))
}

/// An index that lists `image`, in an index, in an index: as many as `depth`, from the outside in.
fn nested(image: &Value, depth: usize) -> Vec<Vec<u8>> {
    let mut indexes = vec![text(&index(std::slice::from_ref(image)))];
    while indexes.len() < depth {
        indexes.push(text(&index(&[describe(MANIFEST, b"other"), describe(INDEX, &indexes[indexes.len() - 1])])));
    }
    indexes.reverse();
    indexes
}

fn prove(index: &[u8], indexes: &[Vec<u8>], image: &[u8]) -> Result<Membership, MembershipError> {
    let indexes: Vec<&[u8]> = indexes.iter().map(Vec::as_slice).collect();
    Membership::prove(&digest(index), &indexes, &digest(image))
}

/// The search for `linux/amd64`, with these indexes at hand.
fn of_platform(outermost: &[u8], at_hand: &[&[u8]]) -> Result<Membership, MembershipError> {
    let at_hand: BTreeMap<ContentDigest, &[u8]> = at_hand.iter().map(|bytes| (digest_of(bytes), *bytes)).collect();
    let wanted = Platform::from_name("linux/amd64").expect("a platform");
    Membership::of_platform(&digest(outermost), outermost, &wanted, &|digest| at_hand.get(digest).copied())
}

#[test]
fn an_image_is_listed() {
    for depth in 1..=MAX_INDEX_DEPTH {
        let indexes = nested(&for_platform(MANIFEST, b"image", "amd64"), depth);
        let found = prove(&indexes[0], &indexes, b"image").expect("listed");
        assert_eq!((*found.index(), *found.image()), (digest(&indexes[0]), digest(b"image")));
        assert_eq!(found.through(), indexes[1..].iter().map(|bytes| digest(bytes)).collect::<Vec<_>>());
        assert_eq!(found.descriptor().platform, Platform::from_name("linux/amd64"));

        let at_hand: Vec<&[u8]> = indexes[1..].iter().map(Vec::as_slice).collect();
        assert_eq!(of_platform(&indexes[0], &at_hand), Ok(found));
    }
    let indexes = nested(&for_platform(MANIFEST, b"image", "amd64"), MAX_INDEX_DEPTH + 1);
    assert_eq!(prove(&indexes[0], &indexes, b"image"), Err(MembershipError::TooDeep));
    let at_hand: Vec<&[u8]> = indexes[1..].iter().map(Vec::as_slice).collect();
    assert_eq!(of_platform(&indexes[0], &at_hand), Err(MembershipError::TooDeep));
}

#[test]
fn a_nested_index_may_be_named_by_another_algorithm() {
    let inner = text(&index(&[describe(MANIFEST, b"image")]));
    let sha512 = format!("sha512:{}", hex(&Hash::Sha512.digest(&inner)));
    let outer = text(&index(&[describe_with(INDEX, &inner, &json!({ "digest": sha512 }))]));
    let found = prove(&outer, &[outer.clone(), inner], b"image").expect("listed");
    assert_eq!(found.through().iter().map(ToString::to_string).collect::<Vec<_>>(), [sha512]);
}

#[test]
fn what_does_not_show_it() {
    let indexes = nested(&describe(MANIFEST, b"image"), 2);
    let not_listed = |bytes: &[u8]| Err(MembershipError::NotListed { digest: digest_of(bytes) });
    assert_eq!(prove(b"", &[], b"image"), Err(MembershipError::NoIndex));
    assert_eq!(prove(&indexes[0], &indexes, b"another image"), not_listed(b"another image"));
    // Listed further in, but not here.
    assert_eq!(prove(&indexes[0], &indexes[..1], b"image"), not_listed(b"image"));
    // Another index than the one that is meant, of the same length.
    let other = String::from_utf8(indexes[0].clone()).expect("text").replace("manifests", "Manifests").into_bytes();
    let found = prove(&other, &indexes, b"image").unwrap_err();
    assert!(matches!(found, MembershipError::Content { depth: 0, error: ContentError::Digest { .. } }), "{found}");
    // An index that the one before does not list.
    let stranger = text(&index(&[describe(MANIFEST, b"image"), describe(MANIFEST, b"more")]));
    assert_eq!(prove(&indexes[0], &[indexes[0].clone(), stranger.clone()], b"image"), not_listed(&stranger));
    // The same bytes, said to be of another length.
    let outer = text(&index(&[describe_with(INDEX, &indexes[1], &json!({ "size": 1 }))]));
    let found = prove(&outer, &[outer.clone(), indexes[1].clone()], b"image").unwrap_err();
    assert!(matches!(found, MembershipError::Content { depth: 1, error: ContentError::Size { .. } }), "{found}");
    // A list that is no index: what a manifest has in its layers is no image.
    let layers = text(&manifest());
    assert_eq!(prove(&layers, std::slice::from_ref(&layers), b"layer"), Err(MembershipError::NotAnIndex { depth: 0 }));
    let outer = text(&index(&[describe(MANIFEST, &layers)]));
    assert_eq!(prove(&outer, &[outer.clone(), layers], b"layer"), Err(MembershipError::NotAnIndex { depth: 1 }));
    // An index that cannot be read, and one under another media type.
    let found = prove(b"{}", &[b"{}".to_vec()], b"image").unwrap_err();
    assert!(matches!(found, MembershipError::Document { depth: 0, .. }), "{found}");
    let outer = text(&index(&[describe(MANIFEST, &indexes[1])]));
    let found = prove(&outer, &[outer.clone(), indexes[1].clone()], b"image").unwrap_err();
    assert!(matches!(found, MembershipError::Document { depth: 1, .. }), "{found}");
}

#[test]
fn the_index_is_not_a_member_of_its_image() {
    // Whoever lists a genuine index in an image of his own shows nothing about either.
    let genuine = text(&index(&[describe(MANIFEST, b"image")]));
    assert!(prove(&genuine, std::slice::from_ref(&genuine), b"image").is_ok());
    let found = Membership::prove(&digest(b"image"), &[&genuine], &digest(&genuine)).unwrap_err();
    assert!(matches!(found, MembershipError::Content { depth: 0, .. }), "{found}");
}

#[test]
fn the_first_of_a_platform_is_found() {
    let inner = text(&index(&[for_platform(MANIFEST, b"arm", "arm64"), for_platform(MANIFEST, b"inner", "amd64")]));
    let image = |found: Result<Membership, MembershipError>| found.map(|found| *found.image());
    let outer = text(&index(&[describe(INDEX, &inner), for_platform(MANIFEST, b"outer", "amd64")]));
    assert_eq!(image(of_platform(&outer, &[&inner])), Ok(digest(b"inner")));
    // Without the nested index nobody can say which is the first.
    assert_eq!(image(of_platform(&outer, &[])), Err(MembershipError::NotAtHand { digest: digest_of(&inner) }));
    let outer = text(&index(&[for_platform(MANIFEST, b"outer", "amd64"), describe(INDEX, &inner)]));
    assert_eq!(image(of_platform(&outer, &[])), Ok(digest(b"outer")));
    // One that is said to be for another platform is not looked into.
    let outer = text(&index(&[for_platform(INDEX, &inner, "arm64"), for_platform(MANIFEST, b"outer", "amd64")]));
    assert_eq!(image(of_platform(&outer, &[])), Ok(digest(b"outer")));
    let wanted = Platform::from_name("linux/amd64").expect("a platform");
    let outer = text(&index(&[for_platform(MANIFEST, b"arm", "arm64"), describe(MANIFEST, b"for none")]));
    let listed = vec!["linux/arm64".to_string()];
    assert_eq!(image(of_platform(&outer, &[])), Err(MembershipError::NoPlatform { wanted, listed }));
    // An image that is named in a way that nobody can check is still the first.
    let strange = json!({ "digest": "x:0", "platform": { "os": "linux", "architecture": "amd64" } });
    let outer = text(&index(&[describe_with(MANIFEST, b"", &strange), for_platform(MANIFEST, b"outer", "amd64")]));
    let expected = MembershipError::UnknownAlgorithm { digest: "x:0".to_string() };
    assert_eq!(image(of_platform(&outer, &[])), Err(expected));
}

/// What there is instead is told by the names that can be asked for: in order, each once, of nested indexes too, and not what is for none.
#[test]
fn the_platforms_that_there_are() {
    let image = |platform: Value| describe_with(MANIFEST, b"image", &json!({ "platform": platform }));
    let windows = |version| image(json!({ "os": "windows", "architecture": "amd64", "os.version": version }));
    let inner = text(&index(&[
        image(json!({ "os": "linux", "architecture": "s390x" })),
        image(json!({ "os": "linux", "architecture": "arm", "variant": "v7" })),
    ]));
    let outer = text(&index(&[
        windows("10.0.20348.1"),
        windows("10.0.17763.1"),
        describe(INDEX, &inner),
        for_platform(INDEX, b"another index", "riscv64"),
        image(json!({ "os": "unknown", "architecture": "unknown" })),
        describe(MANIFEST, b"for none"),
        image(json!({ "os": "linux", "architecture": "s390x" })),
    ]));
    let error = of_platform(&outer, &[&inner]).unwrap_err();
    let expected = "expected an image for `linux/amd64`, found images for `linux/arm/v7`, `linux/riscv64`, `linux/s390x`, `windows/amd64`";
    assert_eq!(error.to_string(), expected);
    // One that is asked for by what the message names is found.
    let MembershipError::NoPlatform { listed, .. } = error else { panic!("{error}") };
    for name in listed.iter().filter(|name| *name != "linux/riscv64") {
        let wanted = Platform::from_name(name).expect("a platform");
        let found = Membership::of_platform(&digest(&outer), &outer, &wanted, &|_| Some(&inner)).expect("an image");
        assert_eq!(found.image(), &digest(b"image"), "{name}");
    }
}

/// An index is anybody's: however many platforms it names, and whatever they are called, the message is one line with an end.
#[test]
fn hostile_platforms() {
    let many: Vec<_> = (0..1000).map(|n| for_platform(MANIFEST, b"image", &format!("cpu{n:04}"))).collect();
    let error = of_platform(&text(&index(&many)), &[]).unwrap_err().to_string();
    assert!(error.contains("found images for `linux/cpu0000`, `linux/cpu0001`"), "{error}");
    assert!(error.ends_with(", `linux/cpu0015` and 984 more"), "{error}");
    let just = of_platform(&text(&index(&many[..MAX_NAMED_PLATFORMS])), &[]).unwrap_err().to_string();
    assert!(just.ends_with(", `linux/cpu0015`"), "{just}");
    let hostile = ["\n✔ verified", "\u{1b}[2J", "\u{202e}46dma", "`, found `amd64"];
    let hostile: Vec<_> = hostile.iter().map(|name| for_platform(MANIFEST, b"image", name)).collect();
    let error = of_platform(&text(&index(&hostile)), &[]).unwrap_err().to_string();
    let expected =
        "`linux/\\u{a}\\u{2714} verified`, `linux/\\u{1b}[2J`, `linux/\\`, found \\`amd64`, `linux/\\u{202e}46dma`";
    assert_eq!(error, format!("expected an image for `linux/amd64`, found images for {expected}"));
    let long = for_platform(MANIFEST, b"image", &"x".repeat(100_000));
    assert!(of_platform(&text(&index(&[long])), &[]).unwrap_err().to_string().len() < 300);
}

#[test]
fn the_search_is_bounded() {
    let inner = text(&index(&[]));
    let wanted = Platform::from_name("linux/amd64").expect("a platform");
    let outer = text(&index(&vec![describe(INDEX, &inner); MAX_NESTED_INDEXES]));
    assert_eq!(of_platform(&outer, &[&inner]), Err(MembershipError::NoPlatform { wanted, listed: Vec::new() }));
    let outer = text(&index(&vec![describe(INDEX, &inner); MAX_NESTED_INDEXES + 1]));
    assert_eq!(of_platform(&outer, &[&inner]), Err(MembershipError::TooMany));
}
