//! What a document is that holds no evidence, in plain words: so that a person who took the wrong file knows which one it is.

use crate::encoding::json::Node;

/// Members, all of which a document has, and what it is then. The first that fits.
const KNOWN: &[(&[&str], &str)] = &[
    (&["certificateAuthorities"], "a trusted root"),
    (&["signed", "signatures"], "TUF metadata"),
    (&["_type", "predicateType"], "a statement that nobody signed"),
    (
        &["payload", "payloadType", "signatures"],
        "a DSSE envelope without the certificate and log entries that go with it",
    ),
    (&["dist-tags", "versions"], "npm's description of a package"),
    (&["dist", "version"], "npm's description of a version"),
    (&["meta", "files"], "PyPI's index of a project"),
    (&["schemaVersion", "manifests"], "an image index"),
    (&["schemaVersion", "layers"], "an image manifest"),
    (&["critical", "optional"], "the payload of an image's signature"),
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
