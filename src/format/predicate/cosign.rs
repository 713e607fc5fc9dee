//! cosign's own predicates: the custom one, which wraps any text (sigstore/cosign `specs/COSIGN_PREDICATE_SPEC.md`), and the one
//! that makes a statement out of an image signature (cosign 3).

use alloc::string::String;

use super::field::{optional, optional_text, required};
use crate::encoding::json::{self, Node, ShapeError, Value};

/// Whatever somebody attested with `cosign attest --type custom`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignCustom {
    /// `Timestamp`: when cosign wrote the statement, as written.
    pub timestamp: Option<String>,
    /// The length of the text in `Data`, in bytes of UTF-8; `None` when `Data` is a JSON value and no text.
    pub data_length: Option<usize>,
    /// Whether `Data` is a JSON value, or a text that reads as one.
    pub data_is_json: bool,
}

impl CosignCustom {
    pub(super) fn read(predicate: &Node<'_, '_>) -> Result<Self, ShapeError> {
        let data = required(predicate, "Data")?;
        let (data_length, data_is_json) = match data.value() {
            Value::String(text) => (Some(text.len()), json::parse(text.as_bytes()).is_ok()),
            _ => (None, true),
        };
        Ok(Self { timestamp: optional_text(predicate, "Timestamp")?, data_length, data_is_json })
    }
}

/// A container image's signature: the statement's subject is the image, its annotations are those of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CosignSignature {
    /// How many annotations the signer gave.
    pub annotations: usize,
}

impl CosignSignature {
    /// Reads the annotations of a statement's subjects; the predicate itself says nothing.
    pub(super) fn read(statement: &Node<'_, '_>) -> Result<Self, ShapeError> {
        let mut annotations = 0_usize;
        for subject in required(statement, "subject")?.items("subjects", usize::MAX)? {
            if let Some(given) = optional(&subject, "annotations")? {
                annotations = annotations.saturating_add(given.members()?.count());
            }
        }
        Ok(Self { annotations })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Predicate;
    use super::super::tests::{each_malformed, read, read_statement, read_without};
    use super::*;

    const CUSTOM: &str = "https://cosign.sigstore.dev/attestation/v1";
    const SIGNATURE: &str = "https://sigstore.dev/cosign/sign/v1";

    #[test]
    fn custom_predicates_wrap_text() {
        for (data, length, is_json) in [
            (r#""foobar test attestation""#, Some(23), false),
            (r#""{\"foo\": \"bar\"}\n""#, Some(15), true),
            (r#""""#, Some(0), false),
            (r#"{"foo":"bar"}"#, None, true),
        ] {
            let text = alloc::format!(r#"{{"Data":{data},"Timestamp":"2022-04-07T19:22:25Z"}}"#);
            for predicate_type in [CUSTOM, "cosign.sigstore.dev/attestation/v1"] {
                let Predicate::CosignCustom(found) = read(predicate_type, &text) else { panic!() };
                assert_eq!((found.data_length, found.data_is_json), (length, is_json), "{data}");
                assert_eq!(found.timestamp.as_deref(), Some("2022-04-07T19:22:25Z"));
            }
        }
        let example = r#"{"Data":"x","Timestamp":"t"}"#;
        each_malformed(
            CUSTOM,
            example,
            &[(r#""Data""#, r#""data""#, "/predicate"), (r#""t""#, "0", "/predicate/Timestamp")],
        );
    }

    #[test]
    fn signatures_have_annotations() {
        assert_eq!(read_without(SIGNATURE), Predicate::CosignSignature(CosignSignature { annotations: 0 }));
        assert_eq!(read(SIGNATURE, "{}"), Predicate::CosignSignature(CosignSignature { annotations: 0 }));
        let statement = |annotations: &str| {
            alloc::format!(
                r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"digest":{{"md5":"0"}},"annotations":{annotations}}}],
                    "predicateType":"{SIGNATURE}","predicate":{{}}}}"#
            )
        };
        let two = read_statement(&statement(r#"{"a":"b","c":{}}"#));
        assert_eq!(two, Predicate::CosignSignature(CosignSignature { annotations: 2 }));
        assert!(
            matches!(read_statement(&statement("[]")), Predicate::Malformed(error) if error.at == "/subject/0/annotations")
        );
    }
}
