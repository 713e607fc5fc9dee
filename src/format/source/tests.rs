use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::pypi::Publisher;
use super::*;

const BUNDLE: &str =
    r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":{"payload":"e30="}}"#;

fn found(document: &str) -> (SourceKind, Vec<(String, PieceBundle)>) {
    let source = read(document.as_bytes()).unwrap();
    (source.kind, source.pieces.into_iter().map(|piece| (piece.at, piece.bundle)).collect())
}

fn here(at: &str) -> (String, PieceBundle) {
    (at.to_string(), PieceBundle::Here(BUNDLE.to_string()))
}

fn refused(document: &str) -> (String, String) {
    let error = read(document.as_bytes()).unwrap_err();
    (error.at.clone(), error.to_string())
}

#[test]
fn bundles_are_found_wherever_they_stand() {
    assert_eq!(found(BUNDLE), (SourceKind::Bundle, [here("")].into()));
    let spaced = format!(" {BUNDLE}\n");
    assert_eq!(
        found(&spaced).1,
        [(String::new(), PieceBundle::Here(spaced.clone()))],
        "its digest is that of the file"
    );
    assert_eq!(found(&format!("[{BUNDLE},{BUNDLE}]")), (SourceKind::Bundles, [here("/0"), here("/1")].into()));
    assert_eq!(found(&format!("{BUNDLE}\n\n{BUNDLE}\r\n")), (SourceKind::Bundles, [here("/0"), here("/2")].into()));
    assert_eq!(found("[]"), (SourceKind::Bundles, Vec::new()));
    assert_eq!(found(r#"{"attestations":[]}"#), (SourceKind::NoAttestations, Vec::new()));
}

#[test]
fn npm_names_the_predicate_beside_the_bundle() {
    let document =
        format!(r#"{{"attestations":[{{"predicateType":"https://slsa.dev/provenance/v1","bundle":{BUNDLE}}}]}}"#);
    assert_eq!(found(&document), (SourceKind::NpmAttestations, [here("/attestations/0/bundle")].into()));
    let predicate_type = read(document.as_bytes()).unwrap().pieces[0].predicate_type.clone();
    assert_eq!(predicate_type.as_deref(), Some("https://slsa.dev/provenance/v1"));
}

#[test]
fn what_is_no_bundle_in_a_list_hides_none() {
    let as_it_is = |at: &str, text: &str| (at.to_string(), PieceBundle::Here(text.to_string()));
    for (document, at, text) in [
        (format!("[{BUNDLE},7]"), "/1", "7"),
        (format!("{BUNDLE}\n{{\n"), "/1", "{"),
        (format!("{BUNDLE}\n{{}}"), "/1", "{}"),
        (format!(r#"{{"attestations":[{{"predicateType":"x","bundle":{BUNDLE}}},{{}}]}}"#), "/attestations/1", "{}"),
        (
            format!(r#"{{"attestations":[{{"predicateType":"x","bundle":{BUNDLE}}},{{"bundle":"x"}}]}}"#),
            "/attestations/1/bundle",
            "\"x\"",
        ),
        (
            format!(r#"{{"attestations":[{{"repository_id":7,"bundle":{BUNDLE}}},{{"bundle_url":7}}]}}"#),
            "/attestations/1",
            r#"{"bundle_url":7}"#,
        ),
    ] {
        let (_, pieces) = found(&document);
        assert_eq!(pieces.len(), 2, "{document}");
        assert_eq!(pieces[1], as_it_is(at, text), "{document}");
    }
}

#[test]
fn github_gives_a_bundle_or_where_it_is() {
    let document = format!(
        r#"{{"attestations":[
            {{"bundle":{BUNDLE},"bundle_url":"https://blobs.test/1.json.sn","repository_id":7}},
            {{"bundle":null,"bundle_url":"https://blobs.test/2.json.sn","repository_id":7,"predicate_type":"https://in-toto.io/attestation/release/v0.2"}}
        ]}}"#
    );
    let elsewhere =
        ("/attestations/1/bundle_url".to_string(), PieceBundle::Elsewhere("https://blobs.test/2.json.sn".to_string()));
    assert_eq!(found(&document), (SourceKind::GithubAttestations, [here("/attestations/0/bundle"), elsewhere].into()));
    let types: Vec<_> =
        read(document.as_bytes()).unwrap().pieces.into_iter().map(|piece| piece.predicate_type).collect();
    assert_eq!(types, [None, Some("https://in-toto.io/attestation/release/v0.2".to_string())]);
}

#[test]
fn the_older_form_of_cosign_is_a_bundle() {
    let (kind, pieces) = found(r#"{"base64Signature":"AAAA"}"#);
    let bundle = concat!(
        r#"{"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.1","#,
        r#""verificationMaterial":{"publicKey":{"hint":""},"tlogEntries":[]},"messageSignature":{"signature":"AAAA"}}"#
    );
    assert_eq!(
        (kind, pieces),
        (SourceKind::CosignBlobBundle, [(String::new(), PieceBundle::Here(bundle.into()))].into())
    );
    assert_eq!(refused(r#"{"base64Signature":"?"}"#).0, "/base64Signature");
}

fn attestation_object(version: &str) -> String {
    format!(
        r#"{{"version":{version},"envelope":{{"statement":"e30=","signature":"AAAA"}},"verification_material":{{"certificate":"BBBB","transparency_entries":[{{"logIndex":"1"}}]}}}}"#
    )
}

#[test]
fn pypi_is_put_together_as_a_bundle() {
    let bundle = concat!(
        r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":"BBBB"},"#,
        r#""tlogEntries":[{"logIndex":"1"}]},"dsseEnvelope":{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"AAAA"}]}}"#
    );
    let attestation = attestation_object("1");
    let piece = |at: &str| (at.to_string(), PieceBundle::Here(bundle.to_string()));
    assert_eq!(found(&attestation), (SourceKind::PypiAttestation, [piece("")].into()));
    assert_eq!(found(&attestation.replace("BBBB", "BB\\nBB\\n")).1, [piece("")], "with MIME's line breaks");

    let provenance = |publisher: &str| {
        format!(r#"{{"version":1,"attestation_bundles":[{{"publisher":{publisher},"attestations":[{attestation}]}}]}}"#)
    };
    let published =
        |publisher: &str| read(provenance(publisher).as_bytes()).unwrap().pieces.remove(0).publisher.unwrap();
    let github = r#"{"kind":"GitHub","repository":"acme/app","workflow":"release.yml","environment":null}"#;
    assert_eq!(
        found(&provenance(github)),
        (SourceKind::PypiProvenance, [piece("/attestation_bundles/0/attestations/0")].into())
    );
    let text = ToString::to_string;
    assert_eq!(
        published(github),
        Publisher::GitHub { repository: text("acme/app"), workflow: text("release.yml"), environment: None }
    );
    assert_eq!(
        published(
            r#"{"kind":"GitLab","repository":"acme/app","workflow_filepath":".gitlab-ci.yml","environment":"pypi"}"#
        ),
        Publisher::GitLab {
            repository: text("acme/app"),
            workflow_filepath: text(".gitlab-ci.yml"),
            environment: Some(text("pypi"))
        }
    );
    assert_eq!(published(r#"{"kind":"Google","email":"a@b.test"}"#), Publisher::Google { email: text("a@b.test") });
    assert_eq!(published(r#"{"kind":"CircleCI"}"#), Publisher::Other { kind: text("CircleCI") });

    for (document, at, message) in [
        (attestation_object("2"), "/version", "expected version 1, found `2`"),
        (attestation_object(r#""1""#), "/version", r#"expected version 1, found `"1"`"#),
        (provenance(github).replacen("\"version\":1", "\"version\":2", 1), "/version", "expected version 1, found `2`"),
    ] {
        assert_eq!(refused(&document), (text(at), text(message)), "{document}");
    }
    assert_eq!(
        refused(&provenance(r#"{"kind":"GitHub","workflow":"release.yml"}"#)).0,
        "/attestation_bundles/0/publisher"
    );
    assert_eq!(refused(&attestation.replace("signature", "sig")).0, "/envelope");
}

#[test]
fn snappy_is_decoded_whether_framed_or_not() {
    // A block of one literal, whose length takes one byte more.
    let length = u8::try_from(BUNDLE.len()).unwrap();
    let block = [&[length, 60 << 2, length - 1][..], BUNDLE.as_bytes()].concat();
    assert_eq!(read(&block).unwrap().pieces[0].bundle, here("").1);
    let chunk = u8::try_from(block.len() + 4).unwrap();
    let framed = [b"\xff\x06\x00\x00sNaPpY\x00", &[chunk, 0, 0][..], b"____", &block].concat();
    assert_eq!(read(&framed).unwrap().pieces[0].bundle, here("").1);
    let cut_off = read(&framed[..framed.len() - 1]).unwrap_err();
    assert_eq!(cut_off.kind, SourceErrorKind::Snappy(SnappyError::CutOff));
    let garbage = read(&block[..block.len() - 1]).unwrap_err();
    assert!(is_not_json(&garbage), "{garbage}");
}

#[test]
fn what_holds_no_evidence_is_told_by_its_name() {
    for (document, found) in [
        (r#"{"certificateAuthorities":[]}"#, "a trusted root"),
        (r#"{"_type":"x","predicateType":"y"}"#, "a statement that nobody signed"),
        (
            r#"{"payload":"","payloadType":"","signatures":[]}"#,
            "a DSSE envelope without the certificate and log entries that go with it",
        ),
        (r#"{"schemaVersion":2,"manifests":[]}"#, "an image index"),
        (r#"{"message":"Not Found","documentation_url":"https://docs.test"}"#, "an error of GitHub"),
        ("{}", "something else"),
        ("7", "something else"),
        ("{\"certificateAuthorities\":[]}\n{}", "a trusted root"),
        ("[{\"certificateAuthorities\":[]}]", "a trusted root"),
    ] {
        let (_, message) = refused(document);
        assert_eq!(
            message,
            format!("expected a bundle, or an answer of npm, PyPI or GitHub that holds some, found {found}"),
            "{document}"
        );
    }
    assert_eq!(refused("<!doctype html>").1, "expected JSON, found something else at line 1 column 1");
    assert_eq!(refused("").1, "expected JSON, found something else at line 1 column 0");
}

#[test]
fn sizes_and_numbers_are_bounded() {
    let large = alloc::vec![b' '; MAX_SOURCE_BYTES + 1];
    assert_eq!(read(&large).unwrap_err().kind, SourceErrorKind::TooLarge { found: MAX_SOURCE_BYTES + 1 });
    let many = alloc::vec![BUNDLE; MAX_BUNDLES + 1].join("\n");
    assert!(refused(&many).1.contains("1024"), "{:?}", refused(&many));
    assert_eq!(refused(&format!("[{}]", alloc::vec![BUNDLE; MAX_BUNDLES + 1].join(","))).0, "");
}
