//! What a document is that holds no evidence, in plain words: so that a person who took the wrong file knows which one it is.

use crate::encoding::json::Node;

/// Members, all of which a document has, and what it is then. The first that fits.
const KNOWN: &[(&[&str], &str)] = &[
    (&["certificateAuthorities"], "a trusted root"),
    (&["signed", "signatures"], "TUF metadata"),
    (&["_type", "predicateType"], "a statement that nobody signed"),
    (&["payload", "payloadType", "signatures"], "a DSSE envelope that nobody signed"),
    (&["dist-tags", "versions"], "npm's description of a package"),
    (&["dist", "version"], "npm's description of a version"),
    (&["meta", "files"], "PyPI's index of a project"),
    (&["schemaVersion", "manifests"], "an image index"),
    (&["schemaVersion", "layers"], "an image manifest"),
    (
        &["image_summary"],
        "gcloud's description of an image, which has its provenance only where --show-provenance asks for it",
    ),
    (&["critical"], "the payload of an image's signature"),
    (&["signers", "version"], "a policy"),
    (&["verdict", "checks"], "a report"),
    (&["verdict", "requirements"], "an evaluation"),
    (&["message", "documentation_url"], "an error of GitHub"),
    (&["error"], "an error"),
];

/// What it is, with its article; `None` for what nobody expected.
pub fn what(root: &Node<'_, '_>) -> Option<&'static str> {
    KNOWN.iter().find(|(members, _)| members.iter().all(|name| root.member(name).is_some())).map(|(_, what)| *what)
}

/// The content type of what a timestamp authority signs, in DER (RFC 3161 §2.4.2).
const TIMESTAMP: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";

/// What begins a file in PEM, and what that is then.
const PEM: &[(&str, &str)] = &[
    ("-----BEGIN CERTIFICATE-----", "a certificate without the signature that goes with it"),
    ("-----BEGIN PUBLIC KEY-----", "a public key"),
];

/// The same of what is no JSON.
pub fn what_else(document: &[u8]) -> Option<&'static str> {
    if document.starts_with(&[0x30]) && document.windows(TIMESTAMP.len()).any(|part| part == TIMESTAMP) {
        return Some("a timestamp without the bundle that goes with it");
    }
    let known = PEM.iter().find(|(label, _)| document.trim_ascii_start().starts_with(label.as_bytes()));
    known.map(|(_, what)| *what)
}
