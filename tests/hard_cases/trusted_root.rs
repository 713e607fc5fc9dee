//! Trusted roots: each party in its own role, nothing without a window, several roots never pooled.

use admissible_box::certificate::{CODE_SIGNING, TIME_STAMPING};
use admissible_box::der;
use admissible_box::keys::KeyAlg;
use admissible_box::rekor::Generation;
use admissible_box::world::World;
use serde_json::{Value, json};

use crate::Case;
use crate::mint::{at, case, notes, v1, v2, with_root};

const LISTS: [&str; 4] = ["tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"];

/// A message in both Rekors with a timestamp, and its root.
fn both() -> Case {
    v2(|w, s| s.entries.push(w.entry_v1(admissible_box::rekor::Kind::HashedRekordV1)))
}

/// Row 57: the keys of two logs exchanged, or a CT log's key under a log's id, or the reverse.
#[test]
fn keys_of_other_logs() {
    both().accepted();
    let key = |root: &Value, list: &str, index: usize| root[list][index]["publicKey"].clone();
    with_root(both(), |root| {
        let (v1, v2) = (key(root, "tlogs", 0), key(root, "tlogs", 1));
        (root["tlogs"][0]["publicKey"], root["tlogs"][1]["publicKey"]) = (v2, v1);
    })
    .refused("invalid-trusted-root");
    with_root(both(), |root| root["tlogs"][0]["publicKey"] = key(root, "ctlogs", 0)).refused("invalid-trusted-root");
    with_root(both(), |root| root["ctlogs"][0]["publicKey"] = key(root, "tlogs", 0)).refused("invalid-trusted-root");
    // Two keys under one id.
    with_root(both(), |root| {
        let mut twin = root["tlogs"][0].clone();
        twin["publicKey"] = key(root, "ctlogs", 0);
        root["tlogs"].as_array_mut().expect("logs").push(twin);
    })
    .refused("invalid-trusted-root");
    // Key details of another key.
    with_root(both(), |root| root["tlogs"][0]["publicKey"]["keyDetails"] = json!("PKIX_ED25519"))
        .refused("invalid-trusted-root");
    with_root(both(), |root| root["tlogs"][1]["publicKey"]["keyDetails"] = json!("PKIX_ECDSA_P256_SHA_256"))
        .refused("invalid-trusted-root");
}

/// Row 57: a CT log in the list of logs and the reverse, consistently named: each is a stranger in the other role.
#[test]
fn logs_in_another_role() {
    let exchanged = |case: Case| {
        with_root(case, |root| {
            let (logs, ct_logs) = (root["tlogs"].clone(), root["ctlogs"].clone());
            (root["tlogs"], root["ctlogs"]) = (ct_logs, json!([logs[0]]));
        })
    };
    // With a timestamp, so that the certificate can be judged too: neither its SCT nor its entry is by a known log.
    let report = exchanged(v1(|w, s| s.timestamps = vec![w.timestamp()]))
        .rejected(&[("threshold", "threshold-log-entries"), ("threshold", "threshold-scts")]);
    assert_eq!(notes(&report), ["unknown-log", "unknown-ct-log"]);
}

/// Row 57: timestamp authorities as CAs and the reverse.
#[test]
fn authorities_in_another_role() {
    with_root(v1(|_, _| ()), |root| root["certificateAuthorities"] = root["timestampAuthorities"].clone())
        .rejected(&[("certificate-path", "certificate-unknown-issuer")]);
    with_root(v2(|_, _| ()), |root| root["timestampAuthorities"] = root["certificateAuthorities"].clone())
        .rejected(&[("signing-time", "signing-time-missing")]);

    let purpose = |authority: &mut admissible_box::authority::Authority, oid: &str| {
        authority.chain[1].extended_key_usage.iter_mut().for_each(|usage| usage.purposes = vec![oid.to_owned()]);
    };
    // A timestamp authority's intermediate that issued a leaf for code signing.
    v1(|w, _| purpose(&mut w.cas[0], TIME_STAMPING)).rejected(&[("certificate-path", "certificate-issuer-purpose")]);
    // A CA's intermediate that issued a leaf for timestamping.
    v2(|w, _| {
        w.tsas.clear();
        w.add_tsa(KeyAlg::P384, 1);
        purpose(&mut w.tsas[0], CODE_SIGNING);
    })
    .rejected(&[("timestamp", "timestamp-certificate-path")]);
}

/// Row 57: without a start nothing is trusted, whichever list it is in; nor with a window that makes no sense.
#[test]
fn windows_need_a_start() {
    for list in LISTS {
        let window = match list {
            "tlogs" | "ctlogs" => format!("/{list}/0/publicKey/validFor"),
            _ => format!("/{list}/0/validFor"),
        };
        let (parent, _) = window.rsplit_once('/').expect("a path");
        let spoilt = |edit: &dyn Fn(&mut Value)| with_root(both(), |root| edit(at(root, &window)));
        for edit in [
            &(|w: &mut Value| drop(w.as_object_mut().map(|w| w.remove("start")))) as &dyn Fn(&mut Value),
            &|w| w["start"] = json!(null),
            &|w| w["start"] = json!(""),
            &|w| w["start"] = json!("2025-06-15"),
            &|w| w["start"] = json!("2025-06-15T00:00:00"),
            &|w| w["start"] = json!("2025-13-15T00:00:00Z"),
            &|w| w["start"] = json!(1_750_000_000),
            &|w| w["end"] = json!("2020-01-01T00:00:00Z"),
            &|w| w["end"] = json!("never"),
            &|w| *w = json!([]),
        ] {
            spoilt(edit).refused("invalid-trusted-root");
        }
        with_root(both(), |root| drop(at(root, parent).as_object_mut().map(|o| o.remove("validFor"))))
            .refused("invalid-trusted-root");
        spoilt(&|w| w["end"] = json!("2025-12-31T23:59:59.999Z")).accepted();
        spoilt(&|w| w["end"] = json!(null)).accepted();
    }
}

/// Row 57: what else makes a root unusable, rather than less trusting than it says.
#[test]
fn roots_that_cannot_be_read() {
    for edit in [
        (|root| root["mediaType"] = json!("application/vnd.dev.sigstore.trustedroot+json;version=0.9"))
            as fn(&mut Value),
        |root| drop(root.as_object_mut().map(|root| root.remove("mediaType"))),
        |root| root["tlogs"] = json!({}),
        |root| root["tlogs"][0]["hashAlgorithm"] = json!("SHA2_512"),
        |root| root["tlogs"][0]["logId"]["keyId"] = json!("AAAA"),
        |root| root["tlogs"][0]["publicKey"]["rawBytes"] = json!("AAAA"),
        |root| root["tlogs"][0]["baseUrl"] = json!("https://"),
        |root| root["ctlogs"][0]["publicKey"]["rawBytes"] = json!("!"),
        |root| root["certificateAuthorities"][0]["certChain"]["certificates"] = json!([]),
        |root| root["certificateAuthorities"][0]["certChain"]["certificates"][0]["rawBytes"] = json!("AAAA"),
        |root| drop(root["timestampAuthorities"][0].as_object_mut().map(|tsa| tsa.remove("certChain"))),
        |root| *root = json!([root.clone()]),
    ] {
        with_root(both(), edit).refused("invalid-trusted-root");
    }
    for media_type in
        ["application/vnd.dev.sigstore.trustedroot.v0.1+json", "application/vnd.dev.sigstore.trustedroot.v0.2+json"]
    {
        with_root(both(), |root| root["mediaType"] = json!(media_type)).accepted();
    }
}

/// A root that lacks a party lacks it.
#[test]
fn nobody_is_trusted_by_default() {
    let without = |list: &str| with_root(v2(|_, _| ()), |root| root[list] = json!([]));
    without("tlogs").rejected(&[("threshold", "threshold-log-entries")]);
    without("certificateAuthorities").rejected(&[("certificate-path", "certificate-no-authority")]);
    without("ctlogs").rejected(&[("threshold", "threshold-scts")]);
    without("timestampAuthorities").rejected(&[("signing-time", "signing-time-missing")]);
}

/// A key of an unknown algorithm is skipped and noted; only a bundle that needs it fails.
#[test]
fn unknown_key_algorithms() {
    for details in [json!("ML_DSA_65"), json!("A_KEY_OF_TOMORROW"), json!(21), json!(4_000_000_000_u64), json!("")] {
        let added = |mut case: Case, list: &str| {
            case = with_root(case, |root| {
                let mut log = root[list][0].clone();
                log["publicKey"]["keyDetails"] = details.clone();
                log["publicKey"]["rawBytes"] = json!("AAAA");
                log["logId"]["keyId"] = json!("AAAA");
                root[list].as_array_mut().expect("logs").push(log);
            });
            case
        };
        for list in ["tlogs", "ctlogs"] {
            println!("{list} {details}");
            let report = added(both(), list).accepted();
            assert_eq!(notes(&report), ["skipped-authority"]);
            assert!(report.notes[0].at().starts_with(&format!("/{list}/")), "{}", report.notes[0].at());
        }
        let needed = with_root(v2(|_, _| ()), |root| root["tlogs"][1]["publicKey"]["keyDetails"] = details.clone());
        let report = needed.rejected(&[("threshold", "threshold-log-entries")]);
        assert_eq!(notes(&report), ["skipped-authority", "unknown-log"]);
    }
    // An authority one of whose certificates has such a key.
    for list in ["certificateAuthorities", "timestampAuthorities"] {
        let report = v2(|w, _| {
            let mut all = if list == "timestampAuthorities" { w.tsas.clone() } else { w.cas.clone() };
            all[0].chain[0].alter_tbs.set(|tbs| {
                tbs.spki = der::seq(&[der::seq(&[der::oid("2.16.840.1.101.3.4.3.18")]), der::bits(&[7; 1952])]);
            });
            if list == "timestampAuthorities" { w.tsas.append(&mut all) } else { w.cas.append(&mut all) }
        })
        .accepted();
        assert_eq!(notes(&report), ["skipped-authority"]);
        assert_eq!(report.notes[0].at(), format!("/{list}/1"));
    }
}

fn lines(roots: &[&Value]) -> Vec<u8> {
    roots.iter().map(|root| format!("{root}\n")).collect::<String>().into_bytes()
}

/// Several roots in JSON lines judge each on its own: a CA of one never combines with logs of another.
#[test]
fn several_roots_stay_apart() {
    let (mine, other) = (World::new("mine"), World::new("other"));
    for spec in [mine.message(), mine.on_rekor_v2(mine.provenance())] {
        let base = case(&mine, &spec);
        let (mine, other) = (mine.trusted_root(), other.trusted_root());
        let judged = |roots: &[&Value]| Case { root: lines(roots), ..base.clone() };
        assert_eq!(judged(&[&mine, &other]).accepted().trusted_root, 0);
        assert_eq!(judged(&[&other, &mine]).accepted().trusted_root, 1);
        assert_eq!(judged(&[&other, &other, &mine]).accepted().trusted_root, 2);

        // Every list of mine in one of the two roots, but never all of them in one.
        for list in LISTS {
            if list == "timestampAuthorities" && spec.timestamps.is_empty() {
                continue;
            }
            println!("{list}");
            let (mut most, mut least) = (mine.clone(), other.clone());
            (most[list], least[list]) = (other[list].clone(), mine[list].clone());
            for roots in [[&most, &least], [&least, &most]] {
                let report = judged(&roots).inspect();
                assert_eq!(report.verdict(), admissible::Verdict::Failed);
            }
        }
        let (mut logs_of_another, mut logs_alone) = (mine.clone(), other.clone());
        (logs_of_another["tlogs"], logs_alone["tlogs"]) = (other["tlogs"].clone(), mine["tlogs"].clone());
        assert_eq!(judged(&[&logs_alone, &logs_of_another]).inspect().verdict(), admissible::Verdict::Failed);
    }
    // The report is about the root by which most holds: here the logs', whose CA has the same name and another key.
    let base = case(&mine, &mine.message());
    let (root, mut logs) = (mine.trusted_root(), other.trusted_root());
    let mut authorities = root.clone();
    authorities["tlogs"] = json!([]);
    logs["tlogs"] = root["tlogs"].clone();
    let report = Case { root: lines(&[&authorities, &logs]), ..base.clone() }
        .rejected(&[("certificate-path", "certificate-signature-invalid")]);
    assert_eq!(report.trusted_root, 1);

    // A line that cannot be read refuses them all.
    let spoilt = [lines(&[&root]), b"{}\n".to_vec()].concat();
    Case { root: spoilt, ..base.clone() }.refused("invalid-trusted-root");
    Case { root: lines(&[&root; 17]), ..base.clone() }.refused("invalid-trusted-root");
    // A root over several lines is one root.
    let pretty = serde_json::to_vec_pretty(&root).expect("JSON");
    Case { root: pretty, ..base }.accepted();
}

/// Row 44: thresholds count independent parties: logs of one operator are one.
#[test]
fn logs_of_one_operator_count_once() {
    let counted = |operators: [Option<&str>; 2], logs: usize| {
        let mut case = v1(|w, s| {
            let second = w.add_log(Generation::V1, KeyAlg::P256);
            let mut entry = s.entry().clone();
            entry.log = second;
            s.entries.push(entry);
            w.logs[0].operator = operators[0].map(str::to_owned);
            w.logs[second].operator = operators[1].map(str::to_owned);
        });
        case.options["require"] = json!({ "logEntries": logs });
        case
    };
    counted([None, None], 2).accepted();
    counted([Some("a.test"), Some("b.test")], 2).accepted();
    counted([Some("a.test"), None], 2).accepted();
    counted([Some("a.test"), Some("a.test")], 1).accepted();
    counted([Some("a.test"), Some("a.test")], 2).rejected(&[("threshold", "threshold-log-entries")]);
}
