//! When the signature was there, according to whom; and what a stolen key of long ago is good for.

use admissible_box::bundle::{BundleSpec, Version};
use admissible_box::keys::KeyAlg;
use admissible_box::rekor::{EntrySpec, Kind};
use admissible_box::rekor_v1::PromiseSpec;
use admissible_box::world::{ARTIFACT, REKOR_V2, World};
use serde_json::{Value, json};

use crate::Case;
use crate::edited::{Edit, Reason, SEED, VERSIONS, case, message, message_v2, provenance, provenance_v2};

const MISSING: Reason = ("signing-time", "signing-time-missing");

fn material(bundle: &mut Value) -> &mut Value {
    &mut bundle["verificationMaterial"]
}

fn entry(bundle: &mut Value) -> &mut Value {
    &mut material(bundle)["tlogEntries"][0]
}

/// Row 23: an integrated time without the promise that signs it is no time, however the absence is spelled.
#[test]
fn integrated_time_without_promise() {
    let without: Edit = |_, spec| spec.entry().promise = None;
    for made in [message(without), provenance(without)] {
        made.clone().rejected(&[MISSING]);
        let with = |promise: Value| made.clone().bundle_json(|bundle| entry(bundle)["inclusionPromise"] = promise);
        with(Value::Null).rejected(&[MISSING]);
        with(json!({})).rejected(&[("bundle", "bundle-missing-field")]);
        with(json!({ "signedEntryTimestamp": null })).rejected(&[("bundle", "bundle-missing-field")]);
        with(json!("")).rejected(&[("bundle", "bundle-wrong-type")]);
        with(json!([])).rejected(&[("bundle", "bundle-wrong-type")]);
        with(json!({ "signedEntryTimestamp": "" }))
            .rejected(&[("inclusion-promise", "inclusion-promise-signature-invalid")]);
        with(json!({ "signedEntryTimestamp": "AAAA" }))
            .rejected(&[("inclusion-promise", "inclusion-promise-signature-invalid")]);
    }
}

/// Row 23: timestamps that are none, beside the integrated time.
#[test]
fn integrated_time_beside_empty_timestamps() {
    let made = message(|_, spec| spec.entry().promise = None);
    let with = |data: Value| made.clone().bundle_json(|bundle| material(bundle)["timestampVerificationData"] = data);
    with(Value::Null).rejected(&[MISSING]);
    with(json!({})).rejected(&[MISSING]);
    with(json!({ "rfc3161Timestamps": [] })).rejected(&[MISSING]);
    with(json!({ "rfc3161Timestamps": null })).rejected(&[MISSING]);
    with(json!({ "rfc3161Timestamps": [{}] })).rejected(&[("bundle", "bundle-missing-field")]);
    with(json!({ "rfc3161Timestamps": [null] })).rejected(&[("bundle", "bundle-wrong-type")]);
    with(json!({ "rfc3161Timestamps": {} })).rejected(&[("bundle", "bundle-wrong-type")]);
    with(json!([{}])).rejected(&[("bundle", "bundle-wrong-type")]);
    with(json!({ "rfc3161Timestamps": [{ "signedTimestamp": "" }] })).rejected(&[("timestamp", "timestamp-malformed")]);
}

/// Row 23: in every version. Version 0.1 demands the promise besides.
#[test]
fn integrated_time_without_promise_in_every_version() {
    for version in VERSIONS {
        let made = message(|_, spec| {
            spec.version = version;
            spec.entry().promise = None;
        });
        let no_promise = ("bundle", "bundle-no-promise");
        for case in [made.clone(), made.require(json!({ "promiseOnly": true }))] {
            if version == Version::V01 {
                case.rejected(&[no_promise, MISSING])
            } else {
                case.rejected(&[MISSING])
            };
        }
    }
}

/// Row 24: the timestamp is taken out of a Rekor v2 bundle and an integrated time, which nobody signs, put in.
#[test]
fn rekor_v2_with_an_integrated_time() {
    for made in [message_v2, provenance_v2 as fn(fn(&mut World, &mut BundleSpec)) -> Case] {
        made(|_, spec| spec.timestamps.clear()).rejected(&[MISSING]);
        let bare: Edit = |world, spec| {
            spec.timestamps.clear();
            spec.entry().integrated_time = Some(world.time + 10);
        };
        made(bare).rejected(&[MISSING]);
        // With a promise: bogus, or such as no Rekor v2 makes: by the log's own key.
        let promised: Edit = |world, spec| {
            spec.timestamps.clear();
            spec.entry().integrated_time = Some(world.time + 10);
            spec.entry().promise = Some(PromiseSpec::default());
        };
        let in_v2 = [("inclusion-promise", "inclusion-promise-in-rekor-v2")];
        made(promised).rejected(&in_v2);
        made(promised)
            .bundle_json(|bundle| entry(bundle)["inclusionPromise"]["signedEntryTimestamp"] = json!("AAAA"))
            .rejected(&in_v2);
        // The timestamp does not excuse a promise that cannot be.
        made(|world, spec| {
            spec.entry().integrated_time = Some(world.time + 10);
            spec.entry().promise = Some(PromiseSpec::default());
        })
        .rejected(&in_v2);
        // An integrated time beside the timestamp is not looked at, not even one outside the certificate's validity.
        made(|_, spec| spec.entry().integrated_time = Some(1)).accepted();
    }
}

/// Row 24: relabelled as an entry of Rekor v1, which would have a promise: the body says what it is. The promise here is by
/// the log's own key, so that nothing else is wrong.
#[test]
fn rekor_v2_relabelled() {
    for kind in ["hashedrekord", "dsse", "intoto"] {
        for version in ["0.0.1", "0.0.3", ""] {
            let made = message_v2(|world, spec| {
                spec.timestamps.clear();
                spec.entry().kind_version = Some((kind.into(), version.into()));
                spec.entry().integrated_time = Some(world.time + 10);
                spec.entry().promise = Some(PromiseSpec::default());
            });
            made.rejected(&[("log-binding", "log-binding-kind-differs")]);
        }
    }
    // A bogus promise is a second reason.
    let bogus = message_v2(|world, spec| {
        spec.timestamps.clear();
        spec.entry().kind_version = Some(("hashedrekord".into(), "0.0.1".into()));
        spec.entry().integrated_time = Some(world.time + 10);
        spec.entry().promise = Some(PromiseSpec::default());
        spec.entry().promise.iter_mut().for_each(|promise| promise.alter_signature.set(|bytes| bytes[0] ^= 1));
    });
    bogus.rejected(&[
        ("inclusion-promise", "inclusion-promise-signature-invalid"),
        ("log-binding", "log-binding-kind-differs"),
    ]);
}

/// The certificate must be valid at every attested time, whatever it is attested by.
#[test]
fn every_attested_time_counts() {
    let not_valid = [("certificate-path", "certificate-not-valid-at-signing")];
    for late in [601, 86_400] {
        message(|world, spec| spec.entry().integrated_time = Some(world.time + late)).rejected(&not_valid);
        message_v2(|world, spec| spec.timestamps[0].gen_time = world.time + late).rejected(&not_valid);
        // One good time does not excuse another.
        message(|world, spec| {
            spec.timestamps = vec![world.timestamp()];
            spec.timestamps[0].gen_time = world.time + late;
        })
        .rejected(&not_valid);
        message(|world, spec| {
            spec.timestamps = vec![world.timestamp()];
            spec.entry().integrated_time = Some(world.time + late);
        })
        .rejected(&not_valid);
    }
    message(|world, spec| spec.timestamps = vec![world.timestamp()]).accepted();
}

/// Without `now` no time is too late; with it, times after it (and the usual difference of clocks) are refused.
#[test]
fn now() {
    let before = ["2025-06-15T15:01:50Z", "2025-06-15T15:06:50Z", "2030-01-01T00:00:00Z"];
    let after = ["2025-06-15T15:01:49Z", "2020-01-01T00:00:00Z"];
    for mut made in [message(|_, _| {}), message_v2(|_, _| {})] {
        made.accepted();
        for now in before {
            made.options["now"] = json!(now);
            made.accepted();
        }
        for now in after {
            made.options["now"] = json!(now);
            made.rejected(&[("signing-time", "signing-time-in-future")]);
        }
        for wrong in ["", "yesterday", "2025-06-15", "2025-06-15T15:06:50", "1750000000"] {
            made.options["now"] = json!(wrong);
            made.refused("invalid-time");
        }
    }
}

/// Row 27: a stolen key whose certificate expired long ago signs a new artifact. The genuine evidence of the old artifact is at
/// hand; the labels may say anything.
mod stolen_key {
    use super::*;

    const NEW: &[u8] = b"a new artifact";
    const YEAR: i64 = 365 * 86_400;

    /// The new artifact's bundle, with the thief's edits, in every version, with and without the leniency for old bundles.
    fn in_every_version(edit: impl Fn(&World, &mut BundleSpec), check: impl Fn(Version, Case)) {
        for version in VERSIONS {
            println!("{version:?}");
            let world = World::new(SEED);
            let mut spec = BundleSpec::message(world.leaf(KeyAlg::P256), NEW);
            spec.version = version;
            edit(&world, &mut spec);
            let made = case(&world, &spec).artifact(NEW);
            check(version, made.clone().require(json!({ "promiseOnly": true })));
            check(version, made);
        }
    }

    /// Nothing is logged, nothing stamped.
    #[test]
    fn nothing_logged() {
        let reasons = [MISSING, ("threshold", "threshold-log-entries")];
        in_every_version(|_, _| {}, |_, case| drop(case.rejected(&reasons)));
    }

    /// A timestamp of today: the certificate is long expired, and no log knows the signature.
    #[test]
    fn only_stamped() {
        let reasons =
            [("certificate-path", "certificate-not-valid-at-signing"), ("threshold", "threshold-log-entries")];
        in_every_version(
            |world, spec| {
                spec.timestamps = vec![world.timestamp()];
                spec.timestamps[0].gen_time = world.time + YEAR;
            },
            |_, case| drop(case.rejected(&reasons)),
        );
    }

    /// Really logged and stamped, today.
    #[test]
    fn logged_too_late() {
        let reasons = [("certificate-path", "certificate-not-valid-at-signing")];
        let version_1: fn(&World, &mut BundleSpec) = |world, spec| {
            spec.entries = vec![world.entry_v1(Kind::HashedRekordV1)];
            spec.entry().integrated_time = Some(world.time + YEAR);
        };
        in_every_version(version_1, |_, case| drop(case.rejected(&reasons)));
        let version_2: fn(&World, &mut BundleSpec) = |world, spec| {
            spec.entries = vec![EntrySpec::v2(REKOR_V2, Kind::HashedRekordV2)];
            spec.timestamps = vec![world.timestamp()];
            spec.timestamps[0].gen_time = world.time + YEAR;
        };
        in_every_version(version_2, |version, case| {
            // Version 0.1 demands a promise, which Rekor v2 does not make.
            let no_promise = ("bundle", "bundle-no-promise");
            let all = [no_promise, reasons[0]];
            case.rejected(if version == Version::V01 { &all } else { &reasons });
        });
    }

    /// Logged today, and the integrated time set back in the bundle alone.
    #[test]
    fn integrated_time_set_back() {
        in_every_version(
            |world, spec| {
                let (then, today) = (world.time + 10, world.time + YEAR);
                spec.entries = vec![world.entry_v1(Kind::HashedRekordV1)];
                spec.entry().integrated_time = Some(today);
                spec.entry().alter.set(move |entry| entry["integratedTime"] = json!(then.to_string()));
            },
            |_, case| drop(case.rejected(&[("inclusion-promise", "inclusion-promise-signature-invalid")])),
        );
    }

    /// The old artifact's genuine log entry, and its genuine timestamp.
    #[test]
    fn evidence_of_the_old_artifact() {
        let binding = [("log-binding", "log-binding-signature-differs"), ("log-binding", "log-binding-digest-differs")];
        let transplanted = |spec: &mut BundleSpec| {
            let key = spec.key().clone();
            spec.entry().alter_signed.set(move |signed| {
                signed.signature = key.sign(key.scheme(true), ARTIFACT);
                signed.digest = admissible_box::keys::Hash::Sha256.digest(ARTIFACT);
            });
        };
        in_every_version(
            |world, spec| {
                spec.entries = vec![world.entry_v1(Kind::HashedRekordV1)];
                transplanted(spec);
            },
            |_, case| drop(case.rejected(&binding)),
        );
        in_every_version(
            |world, spec| {
                spec.entries = vec![EntrySpec::v2(REKOR_V2, Kind::HashedRekordV2)];
                spec.timestamps = vec![world.timestamp()];
                spec.timestamps[0].message = Some(spec.key().sign(spec.key().scheme(true), ARTIFACT));
                transplanted(spec);
            },
            |version, case| {
                let mut reasons = vec![binding[0], binding[1], ("timestamp", "timestamp-imprint-differs")];
                if version == Version::V01 {
                    reasons.insert(0, ("bundle", "bundle-no-promise"));
                }
                case.rejected(&reasons);
            },
        );
    }
}
