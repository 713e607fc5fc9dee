//! When certificates and authorities count: at every attested time, and at no other.

use admissible_box::keys::KeyAlg;
use serde_json::json;

use super::{NOT_VALID, OUTSIDE_WINDOW};
use crate::edited::{Edit, accepted_in_both, message, message_v2, rejected_in_both};

/// Row 18: the CA's window closed before, or opened after, the attested time; its certificates are valid throughout.
#[test]
fn authority_not_trusted_at_signing() {
    rejected_in_both(&[
        ("closed a second before", |w, _| w.cas[0].valid_for.end = Some(w.time + 9), OUTSIDE_WINDOW),
        ("closed long before", |w, _| w.cas[0].valid_for.end = Some(w.time - 86_400), OUTSIDE_WINDOW),
        ("opens a second later", |w, _| w.cas[0].valid_for.start = Some(w.time + 11), OUTSIDE_WINDOW),
        ("opens long after", |w, _| w.cas[0].valid_for.start = Some(w.time + 86_400), OUTSIDE_WINDOW),
    ]);
    // Both ends are inside.
    accepted_in_both(&[
        ("ends now", |w, _| w.cas[0].valid_for.end = Some(w.time + 10)),
        ("starts now", |w, _| w.cas[0].valid_for.start = Some(w.time + 10)),
    ]);
}

/// Row 18: the window of another authority does not help, not even one of the same certificates' names.
#[test]
fn windows_are_not_pooled() {
    rejected_in_both(&[(
        "another authority is open",
        |w, _| {
            w.cas[0].valid_for.end = Some(w.time - 1);
            w.add_ca(KeyAlg::P384, 1);
            let names: Vec<_> = w.cas[0].chain.iter().map(|ca| ca.subject.clone()).collect();
            w.cas[1].chain.iter_mut().zip(names).for_each(|(ca, subject)| ca.subject = subject);
        },
        OUTSIDE_WINDOW,
    )]);
    accepted_in_both(&[("the same authority twice, once open", |w, _| {
        let open = w.cas[0].clone();
        w.cas[0].valid_for.end = Some(w.time - 1);
        w.cas.push(open);
    })]);
}

/// Row 19: a certificate of the way expired before, or becomes valid after, the attested time: intermediate, anchor or leaf
/// (CVE-2026-24122 looked at the leaf alone).
#[test]
fn certificate_not_valid_at_signing() {
    rejected_in_both(&[
        ("intermediate expired", |w, _| w.cas[0].chain[1].not_after = w.time + 9, NOT_VALID),
        ("intermediate not yet valid", |w, _| w.cas[0].chain[1].not_before = w.time + 11, NOT_VALID),
        ("root expired", |w, _| w.cas[0].chain[0].not_after = w.time + 9, NOT_VALID),
        ("root not yet valid", |w, _| w.cas[0].chain[0].not_before = w.time + 11, NOT_VALID),
        ("leaf expired", |w, s| s.leaf().certificate.not_after = w.time + 9, NOT_VALID),
        ("leaf not yet valid", |w, s| s.leaf().certificate.not_before = w.time + 11, NOT_VALID),
    ]);
    // Both ends are inside.
    accepted_in_both(&[
        ("intermediate expires", |w, _| w.cas[0].chain[1].not_after = w.time + 10),
        ("intermediate becomes valid", |w, _| w.cas[0].chain[1].not_before = w.time + 10),
        ("leaf expires", |w, s| s.leaf().certificate.not_after = w.time + 10),
        ("leaf becomes valid", |w, s| s.leaf().certificate.not_before = w.time + 10),
    ]);
}

/// Row 20: whatever closes or expires after signing takes nothing away: a retired instance verifies old artifacts, also when
/// the caller says how late it is.
#[test]
fn closed_after_signing() {
    let rows: [(&str, Edit); 6] = [
        ("CA", |w, _| w.cas[0].valid_for.end = Some(w.time + 10)),
        ("logs", |w, _| w.logs.iter_mut().for_each(|log| log.valid_for.end = Some(w.time + 10))),
        ("CT log", |w, _| w.ct_logs[0].valid_for.end = Some(w.time + 1)),
        ("TSA", |w, _| w.tsas[0].valid_for.end = Some(w.time + 10)),
        ("certificates", |w, _| {
            for certificate in w.cas.iter_mut().chain(&mut w.tsas).flat_map(|authority| &mut authority.chain) {
                certificate.not_after = w.time + 10;
            }
        }),
        ("everything", |w, _| {
            let end = Some(w.time + 10);
            w.cas.iter_mut().chain(&mut w.tsas).for_each(|authority| authority.valid_for.end = end);
            w.logs.iter_mut().for_each(|log| log.valid_for.end = end);
            w.ct_logs.iter_mut().for_each(|log| log.valid_for.end = end);
        }),
    ];
    for (name, edit) in rows {
        println!("{name}");
        for mut case in [message(edit), message_v2(edit)] {
            case.accepted();
            case.options["now"] = json!("2040-01-01T00:00:00Z");
            case.accepted();
        }
    }
}
