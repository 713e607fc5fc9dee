//! What the tests of the families share, and the types themselves.

use alloc::format;
use alloc::string::String;

use super::*;
use crate::format::statement::{Statement, StatementFormatError};

fn statement(predicate_type: &str, predicate: &str) -> String {
    format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"digest":{{"md5":"0"}}}}],"predicateType":"{predicate_type}"{predicate}}}"#
    )
}

pub fn read_statement(statement: &str) -> Predicate {
    Statement::from_json(statement.as_bytes()).unwrap().predicate
}

/// The predicate of a statement with this one.
pub fn read(predicate_type: &str, predicate: &str) -> Predicate {
    read_statement(&statement(predicate_type, &format!(r#","predicate":{predicate}"#)))
}

/// The predicate of a statement without any.
pub fn read_without(predicate_type: &str) -> Predicate {
    read_statement(&statement(predicate_type, ""))
}

/// Each edit `(from, to, at)` makes a predicate that is read into one that is malformed there.
#[track_caller]
pub fn each_malformed(predicate_type: &str, example: &str, edits: &[(&str, &str, &str)]) {
    let found = read(predicate_type, example);
    assert!(!matches!(found, Predicate::Malformed(_) | Predicate::Opaque) || example.len() < 20, "{found:?}");
    for (from, to, at) in edits {
        let text = example.replacen(from, to, 1);
        assert_ne!(text, example, "{from}");
        match read(predicate_type, &text) {
            Predicate::Malformed(error) => assert_eq!(error.at, *at, "{error}: {text}"),
            other => panic!("{text} is read as {other:?}"),
        }
    }
}

#[test]
fn types_are_exact() {
    const TYPES: &[&str] = &[
        "https://slsa.dev/provenance/v1",
        "https://slsa.dev/verification_summary/v1",
        "https://in-toto.io/attestation/svr/v0.2",
        "https://docs.pypi.org/attestations/publish/v1",
        "https://schemas.conda.org/attestations-publish-1.schema.json",
        "https://in-toto.io/attestation/release/v0.2",
        "https://in-toto.io/attestation/vulns/v0.2",
        "https://cosign.sigstore.dev/attestation/v1",
        "https://sigstore.dev/cosign/sign/v1",
        "https://in-toto.io/attestation/test-result/v0.1",
        "https://spdx.dev/Document",
        "https://cyclonedx.org/bom/v1.6",
        "https://openvex.dev/ns",
    ];
    for known in TYPES {
        assert_ne!(read_without(known), Predicate::Opaque, "{known}");
        let other = [
            format!("{known}/"),
            format!(" {known}"),
            format!("{known}9"),
            known.to_uppercase(),
            known.replacen("https:", "http:", 1),
            known.replacen("/v", "/V", 1) + "#",
        ];
        for other in other {
            assert_eq!(read_without(&other), Predicate::Opaque, "{other}");
        }
    }
    for opaque in [
        "https://in-toto.io/attestation/scai/v0.3",
        "https://in-toto.io/Link/v1",
        "https://slsa.dev/provenance/v1?draft",
        "https://spdx.dev/Document/v2",
        "https://cyclonedx.org/bom/v1.8",
    ] {
        assert_eq!(read(opaque, "{}"), Predicate::Opaque, "{opaque}");
    }
}

#[test]
fn only_spdx_may_be_text() {
    for predicate_type in ["https://cyclonedx.org/bom", "https://spdx.dev/Document/v2.3", "https://example.com"] {
        let text = statement(predicate_type, r#","predicate":"text""#);
        assert!(matches!(Statement::from_json(text.as_bytes()), Err(StatementFormatError::Shape(_))));
    }
    for other in ["[]", "7", "true"] {
        let text = statement(sbom::SPDX, &format!(r#","predicate":{other}"#));
        assert!(matches!(Statement::from_json(text.as_bytes()), Err(StatementFormatError::Shape(_))));
    }
}
