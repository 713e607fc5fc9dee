//! The trusted roots that ship with the crate: they are read whole, are those of `src/roots/ORIGIN.md`, and trust whom that file
//! says.

use admissible::crypto::digest;
use admissible::encoding::base64;
use admissible::format::registry::RegistryKey;
use admissible::format::trusted_root::{TransparencyLog, TrustedRoot};
use admissible::time::UnixTime;
use admissible::{HashAlgorithm, TrustedRoots, roots};

const ORIGIN: &str = include_str!("../src/roots/ORIGIN.md");

/// Each embedded root by its file's name, with the numbers of its CAs, CT logs, Rekor logs and timestamp authorities.
const EMBEDDED: [(&str, &str, [usize; 4]); 3] = [
    ("public_good.json", roots::PUBLIC_GOOD, [2, 2, 2, 1]),
    ("github.json", roots::GITHUB, [6, 0, 0, 6]),
    ("staging.json", roots::STAGING, [2, 5, 5, 2]),
];

fn read(name: &str) -> TrustedRoot {
    let (_, text, _) = EMBEDDED.into_iter().find(|(other, ..)| *other == name).expect("an embedded root");
    TrustedRoot::from_json(text.as_bytes()).expect(name)
}

fn ids(logs: &[TransparencyLog]) -> Vec<(String, String)> {
    logs.iter().map(|log| (log.host.clone(), base64::encode(&log.log_id))).collect()
}

fn time(text: &str) -> UnixTime {
    UnixTime::from_rfc3339(text).expect("a time")
}

#[test]
fn the_embedded_roots_are_those_of_their_origin_and_are_read_whole() {
    for (name, text, counts) in EMBEDDED {
        let sha256 = digest(HashAlgorithm::Sha256, text.as_bytes()).to_hex();
        let row = ORIGIN.lines().find(|line| line.contains(name) && line.contains(&sha256));
        assert!(row.is_some(), "{name} has SHA-256 {sha256}, which ORIGIN.md does not say");
        assert!(TrustedRoots::from_json(text.as_bytes()).is_ok(), "{name}");
        let root = read(name);
        assert!(root.skipped.is_empty(), "{name}: {:?}", root.skipped);
        let found = [
            root.certificate_authorities.len(),
            root.ct_logs.len(),
            root.transparency_logs.len(),
            root.timestamp_authorities.len(),
        ];
        assert_eq!(found, counts, "{name}");
    }
    assert!(TrustedRoots::public_good().is_ok());
}

#[test]
fn the_keys_of_npm_are_those_of_their_origin() {
    let sha256 = digest(HashAlgorithm::Sha256, roots::NPM_KEYS.as_bytes()).to_hex();
    assert!(ORIGIN.lines().any(|line| line.contains("npm_keys.json") && line.contains(&sha256)), "{sha256}");
    let keys = RegistryKey::list_from_json(roots::NPM_KEYS.as_bytes()).expect("keys");
    let ends: Vec<_> = keys.iter().map(|key| (key.id.get(7..11), key.end)).collect();
    assert_eq!(ends, [(Some("jl3b"), Some(time("2025-01-29T00:00:00Z"))), (Some("DhQ8"), None)]);
}

#[test]
fn log_ids_are_recomputed_from_keys() {
    // Reading has compared them with the text; these are the instances' published ids.
    let id = |host: &str, id: &str| (host.to_string(), id.to_string());
    let public_good = read("public_good.json");
    assert_eq!(
        ids(&public_good.transparency_logs),
        [
            id("rekor.sigstore.dev", "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0="),
            id("log2025-1.rekor.sigstore.dev", "zxGZFVvd0FEmjR8WrFwMdcAJ9vtaY/QXf44Y1wUeP6A="),
        ]
    );
    let ct_logs: Vec<_> = ids(&public_good.ct_logs).into_iter().map(|(_, id)| id).collect();
    assert_eq!(
        ct_logs,
        ["CGCS8ChS/2hF0dFrJ4ScRWcYrBY9wzjSbea8IgY2b3I=", "3T0wasbHETJjGR4cmWc3AqJKXrjePK3/h4pygC8p7o4="]
    );
    let staging: Vec<_> = ids(&read("staging.json").transparency_logs).into_iter().map(|(_, id)| id).collect();
    assert_eq!(
        staging,
        [
            "0y8wo8MtY5wrdiIFohx7sHeI5oKDpK5vQhGHI6G+pJY=",
            "8w1amZ2S5mJIQkQmPxdMuOrL/oJkvFg9MnQXmeOCXck=",
            "KfSiSX2iRLyhK62SUVL47vVcqqRx/RAewpKJm8IdZTo=",
            "09OnDKEw7/hpZiYVPoTRzRbglHk0sylsUovegnRUlJY=",
            "OnJxR1KbhM5Z+X3E97YQ4EV8/8t4W3TvgehmZLwxAkY=",
        ]
    );
    for (name, ..) in EMBEDDED {
        for log in &read(name).transparency_logs {
            assert!(!log.host.is_empty(), "{name}");
            assert_eq!(log.note_key_id, log.log_id.get(..4).expect("an id"), "{name}: {}", log.host);
        }
    }
}

#[test]
fn windows_and_anchors_are_those_of_the_instances() {
    let public_good = read("public_good.json");
    let [first, second] = public_good.certificate_authorities.as_slice() else { panic!("two authorities") };
    assert!(first.window.contains(time("2022-12-31T23:59:59.999Z")));
    assert!(!first.window.contains(time("2023-01-01T00:00:00Z")));
    assert_eq!((first.certificates.len(), second.certificates.len()), (1, 2));
    assert!(second.window.contains(time("2022-04-13T20:06:15Z")));
    assert!(!second.window.contains(time("2022-04-13T20:06:14Z")));
    // One generation of GitHub's authorities or another covers every day since the first.
    let github = read("github.json");
    for day in ["2023-10-28", "2024-05-20", "2024-10-20", "2025-06-10", "2025-12-01", "2026-07-01", "2030-01-01"] {
        let covered = |authorities: &[admissible::format::trusted_root::CertificateAuthority]| {
            authorities.iter().any(|authority| authority.window.contains(time(&format!("{day}T00:00:00Z"))))
        };
        assert!(covered(&github.certificate_authorities) && covered(&github.timestamp_authorities), "{day}");
    }
    for (name, ..) in EMBEDDED {
        let root = read(name);
        for authority in root.certificate_authorities.iter().chain(&root.timestamp_authorities) {
            let anchor = authority.certificates.last().expect("an anchor");
            assert!(anchor.is_self_issued() && anchor.is_ca(), "{name}: {}", anchor.subject());
        }
    }
}
