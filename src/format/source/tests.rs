use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::pypi::Publisher;
use super::*;
use crate::limits::{MAX_ENVELOPE_SIGNATURES, MAX_PUBLISHER_BYTES};

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

/// What `signature`, with what stands beside it, becomes in an envelope of its own.
fn signed(material: &str, signature: &str) -> PieceBundle {
    PieceBundle::Here(format!(
        r#"{{"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.1","verificationMaterial":{{{material},"tlogEntries":[]}},"dsseEnvelope":{{"payload":"e30=","payloadType":"a/b","signatures":[{signature}]}}}}"#
    ))
}

fn envelope(signatures: &str) -> String {
    format!(r#"{{"payload":"e30=","payloadType":"a/b","signatures":[{signatures}]}}"#)
}

#[test]
fn an_envelope_is_a_bundle_for_each_signature() {
    let by_key = |id: &str, sig: &str| {
        let key_id = if id.is_empty() { String::new() } else { format!(r#","keyid":"{id}""#) };
        signed(&format!(r#""publicKey":{{"hint":"{id}"}}"#), &format!(r#"{{"sig":"{sig}"{key_id}}}"#))
    };
    let at = |pointer: &str, bundle: PieceBundle| (pointer.to_string(), bundle);
    let (one, two) = (r#"{"sig":"AAAA"}"#, r#"{"keyid":"two","sig":"BBBB"}"#);
    assert_eq!(found(&envelope(one)), (SourceKind::Envelope, [at("/signatures/0", by_key("", "AAAA"))].into()));
    let both = [at("/signatures/0", by_key("", "AAAA")), at("/signatures/1", by_key("two", "BBBB"))];
    assert_eq!(found(&envelope(&[one, two].join(","))), (SourceKind::Envelope, both.into()));
    let lines = [at("/0/signatures/0", by_key("", "AAAA")), at("/2/signatures/0", by_key("two", "BBBB"))];
    let (first, second) = (envelope(one), envelope(two));
    assert_eq!(found(&format!("{first}\n\n{second}\n")), (SourceKind::Envelopes, lines.into()));
    // Beside bundles, it is one more piece of evidence.
    let mixed = [here("/0"), at("/1/signatures/0", by_key("", "AAAA"))];
    assert_eq!(found(&format!("[{BUNDLE},{first}]")), (SourceKind::Bundles, mixed.clone().into()));
    assert_eq!(found(&format!("{BUNDLE}\n{first}")), (SourceKind::Bundles, mixed.into()));
}

#[test]
fn certificates_stand_beside_a_signature_in_two_ways() {
    let pem = |base64: &str| format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
    let chain = |certificates: &[&str]| {
        let certificates: Vec<_> = certificates.iter().map(|raw| format!(r#"{{"rawBytes":"{raw}"}}"#)).collect();
        let material = format!(r#""x509CertificateChain":{{"certificates":[{}]}}"#, certificates.join(","));
        signed(&material, r#"{"sig":"AAAA","keyid":"k"}"#)
    };
    let beside = |fields: &str| envelope(&format!(r#"{{"sig":"AAAA","keyid":"k",{fields}}}"#));
    let text = |pem: String| pem.replace('\n', "\\n");
    let in_base64 = |pem: String| crate::encoding::base64::encode(pem.as_bytes());
    let slsa = beside(&format!(r#""cert":"{}""#, text(pem("AAAA"))));
    assert_eq!(found(&slsa).1[0].1, chain(&["AAAA"]));
    let leaf = in_base64(pem("AAAA"));
    let witness = beside(&format!(r#""certificate":"{leaf}","intermediates":["{}"]"#, in_base64(pem("BBBB"))));
    assert_eq!(found(&witness).1[0].1, chain(&["AAAA", "BBBB"]));
    for (fields, at) in [
        (r#""cert":"AAAA""#.to_string(), "/signatures/0/cert"),
        (r#""certificate":"AAAA""#.to_string(), "/signatures/0/certificate"),
        (format!(r#""certificate":"{leaf}","intermediates":["AAAA"]"#), "/signatures/0/intermediates/0"),
        (r#""cert":7"#.to_string(), "/signatures/0/cert"),
    ] {
        assert_eq!(refused(&beside(&fields)).0, at, "{fields}");
    }
    // A signature with what is no certificate hides no other, and does not become one by a key.
    let two = envelope(r#"{"sig":"AAAA","cert":"AAAA"},{"sig":"BBBB"}"#);
    assert_eq!(found(&two).1[0].1, PieceBundle::Here(r#"{"sig":"AAAA","cert":"AAAA"}"#.to_string()));
}

#[test]
fn envelopes_are_bounded() {
    let many = alloc::vec![r#"{"sig":"AAAA"}"#; MAX_ENVELOPE_SIGNATURES + 1].join(",");
    assert_eq!(refused(&envelope(&many)).0, "/signatures");
    let large = envelope(r#"{"sig":"AAAA"},{"sig":"AAAA"}"#).replace("e30=", &"A".repeat(MAX_SOURCE_BYTES / 2 + 1));
    // Before anything is made of it.
    let found = (MAX_SOURCE_BYTES / 2 + 1) * 2;
    assert_eq!(read(large.as_bytes()).unwrap_err().kind, SourceErrorKind::TooLarge { found });
    let half = envelope(r#"{"sig":"AAAA"},{"sig":"AAAA"}"#).replace("e30=", &"A".repeat(MAX_SOURCE_BYTES / 6));
    let several = [half.as_str(); 4].join("\n");
    assert!(matches!(read(several.as_bytes()).unwrap_err().kind, SourceErrorKind::TooLarge { .. }));
}

#[test]
fn the_form_of_jsr_is_a_bundle() {
    let pem = |label: &str| format!(r"-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
    let form = |certificate: &str, entries: &str| {
        format!(
            r#"{{"mediaType":"application/vnd.in-toto+json","content":{{"$case":"dsseEnvelope","dsseEnvelope":{{"payload":"e30="}}}},"verificationMaterial":{{"content":{{"$case":"x509CertificateChain","x509CertificateChain":{{"certificates":[{{"rawBytes":"{certificate}"}}]}}}},"tlogEntries":[{entries}]}}}}"#
        )
    };
    let bundle = |version: &str, entries: &str| {
        PieceBundle::Here(format!(
            r#"{{"mediaType":"application/vnd.dev.sigstore.bundle+json;version={version}","verificationMaterial":{{"x509CertificateChain":{{"certificates":[{{"rawBytes":"AAAA"}}]}},"tlogEntries":[{entries}]}},"dsseEnvelope":{{"payload":"e30="}}}}"#
        ))
    };
    let certificate = pem("CERTIFICATE");
    // Deno writes nothing of a log entry but its index.
    let published = form(&certificate, r#"{"logIndex":7}"#);
    assert_eq!(found(&published), (SourceKind::JsrBundle, [(String::new(), bundle("0.1", ""))].into()));
    let labelled =
        published.replace("application/vnd.in-toto+json", "application/vnd.dev.sigstore.bundle+json;version=0.1");
    assert_eq!(found(&labelled), found(&published));
    assert_eq!(found(&format!(r#"{{"bundle":{published}}}"#)).1, [("/bundle".to_string(), bundle("0.1", ""))]);
    let entry = r#"{"logIndex":"7","logId":{"keyId":"AAAA"},"kindVersion":{"kind":"dsse","version":"0.0.1"},"integratedTime":"9","canonicalizedBody":"AAAA"}"#;
    assert_eq!(found(&form(&certificate, entry)).1[0].1, bundle("0.1", entry));
    for (document, at) in [
        (form(&pem("PUBLIC KEY"), ""), "/verificationMaterial/content/x509CertificateChain/certificates/0/rawBytes"),
        (form("AAAA", ""), "/verificationMaterial/content/x509CertificateChain/certificates/0/rawBytes"),
        (form(&certificate, r#"{"canonicalizedBody":"AAAA"}"#), "/verificationMaterial/tlogEntries/0"),
        (form(&certificate, "").replace(r#""dsseEnvelope":{"#, r#""other":{"#), "/content"),
    ] {
        assert_eq!(refused(&document).0, at, "{document}");
    }
}

const LOG_ID: &str = "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d";

/// An answer of Rekor with one entry of this body.
fn answer(body: &str, beside: &str) -> String {
    let body = crate::encoding::base64::encode(body.as_bytes());
    format!(r#"{{"24/6":{{"body":"{body}","integratedTime":7,"logID":"{LOG_ID}","logIndex":1{beside}}}}}"#)
}

fn bundle_of(document: &str) -> crate::format::bundle::Bundle {
    let source = read(document.as_bytes()).unwrap();
    assert_eq!((source.kind, source.pieces[0].at.as_str()), (SourceKind::RekorEntries, "/24~16"));
    let PieceBundle::Here(bundle) = &source.pieces[0].bundle else { panic!("elsewhere") };
    crate::format::bundle::Bundle::from_json(bundle.as_bytes()).unwrap()
}

#[test]
fn a_log_entry_is_a_bundle_where_the_log_holds_what_was_signed() {
    use crate::encoding::base64::encode;
    use crate::format::bundle::{Content, KeyMaterial};
    let key = encode(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
    let certificate = encode(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let hashed = |key: &str| {
        format!(
            r#"{{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{{"data":{{"hash":{{"algorithm":"sha256","value":"{LOG_ID}"}}}},"signature":{{"content":"AAAA","publicKey":{{"content":"{key}"}}}}}}}}"#
        )
    };
    let bundle = bundle_of(&answer(&hashed(&certificate), ""));
    let digest = crate::crypto::Digest::from_hex(crate::HashAlgorithm::Sha256, LOG_ID).ok();
    assert_eq!(bundle.content, Content::MessageSignature { digest, signature: alloc::vec![0; 3] });
    assert_eq!(bundle.key_material.leaf(), Some(&[0; 3][..]));
    assert_eq!((bundle.log_entries.len(), bundle.log_entries[0].log_index), (1, 1));
    let bundle = bundle_of(&answer(&hashed(&key), ""));
    assert!(matches!(bundle.key_material, KeyMaterial::PublicKey { hint } if hint.len() == 44));

    // The payload of an envelope is not logged, only answered with, and its signature not by every kind.
    let signatures = format!(r#"[{{"publicKey":"{certificate}","sig":"{}"}}]"#, encode(b"AAAA"));
    let hash = format!(r#"{{"algorithm":"sha256","value":"{LOG_ID}"}}"#);
    let intoto = format!(
        r#"{{"apiVersion":"0.0.2","kind":"intoto","spec":{{"content":{{"envelope":{{"payloadType":"a/b","signatures":{signatures}}},"hash":{hash},"payloadHash":{hash}}}}}}}"#
    );
    let payload = r#","attestation":{"data":"e30="}"#;
    let bundle = bundle_of(&answer(&intoto, payload));
    let Content::Envelope(envelope) = bundle.content else { panic!("no envelope") };
    assert_eq!((envelope.payload_type.as_str(), envelope.payload.as_slice()), ("a/b", &b"{}"[..]));
    let older = format!(
        r#"{{"apiVersion":"0.0.1","kind":"intoto","spec":{{"content":{{"hash":{hash}}},"publicKey":"{certificate}"}}}}"#
    );
    for (body, beside, what) in [
        (intoto.as_str(), "", "a log entry without the envelope that goes with it"),
        (intoto.as_str(), r#","attestation":{}"#, "a log entry without the envelope that goes with it"),
        (older.as_str(), payload, "a log entry without the envelope that goes with it"),
        (r#"{"apiVersion":"0.0.1","kind":"alpine","spec":{}}"#, "", "a log entry of a kind that no bundle holds"),
    ] {
        let (at, message) = refused(&answer(body, beside));
        assert!(at == "/24~16" && message.ends_with(what), "{at}: {message}");
    }
    let two = format!("[{},{}]", answer(&hashed(&key), ""), answer(&older, ""));
    let (kind, pieces) = found(&two);
    assert_eq!((kind, pieces[0].0.as_str(), pieces[1].0.as_str()), (SourceKind::RekorEntries, "/0/24~16", "/1"));
    assert_eq!(refused(&answer("7", "")).0, "/24~16/body");
    assert_eq!(refused(&answer(&hashed(&key), "").replace(LOG_ID, "7")).0, "/24~16/logID");
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
        (r#"{"payload":"","payloadType":"","signatures":[]}"#, "a DSSE envelope that nobody signed"),
        (r#"{"critical":{},"optional":null}"#, "the payload of an image's signature"),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "a certificate without the signature that goes with it",
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
            format!("expected a bundle, an envelope, or an answer of a registry or log that holds some, found {found}"),
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

#[test]
fn no_more_of_a_list_is_read_than_there_is_room_for() {
    let read = core::cell::Cell::new(0_usize);
    let items = (0..64).map(|_| {
        read.set(read.get() + 1);
        let piece = || Piece::new(String::new(), PieceBundle::Here("x".repeat(MAX_SOURCE_BYTES / 4)));
        (piece, Ok((SourceKind::Envelope, [piece()].into())))
    });
    assert!(matches!(list(items).unwrap_err().kind, SourceErrorKind::TooLarge { .. }));
    assert_eq!(read.get(), 5);
}

/// Each of a publisher's attestations repeats it.
#[test]
fn the_name_of_a_publisher_is_bounded() {
    for (kind, name) in [("GitHub", "repository"), ("GitLab", "workflow_filepath"), ("Google", "email"), ("", "kind")] {
        let read = |length: usize| {
            let members = ["kind", "repository", "workflow", "workflow_filepath", "email"].map(|member| {
                let value = if member == "kind" { kind.to_string() } else { String::new() };
                format!(r#""{member}":"{}""#, if member == name { "x".repeat(length) } else { value })
            });
            let publisher = format!("{{{}}}", members.join(","));
            let bundle = format!(r#"{{"publisher":{publisher},"attestations":[]}}"#);
            super::read(format!(r#"{{"version":1,"attestation_bundles":[{bundle}]}}"#).as_bytes())
        };
        assert!(read(MAX_PUBLISHER_BYTES).is_ok(), "{kind}");
        let error = read(MAX_PUBLISHER_BYTES + 1).unwrap_err();
        assert_eq!(error.at, format!("/attestation_bundles/0/publisher/{name}"));
        assert!(error.to_string().starts_with("expected a publisher's name of a usual length"), "{error}");
    }
}
