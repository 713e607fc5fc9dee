//! Floor 4: the order of the checks, on one screen.

mod entries;
mod outcome;
mod parties;
mod provenance;
#[cfg(feature = "registry")]
mod registry;
mod wanted;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::LazyCell;

use self::outcome::{failed, outcome, requirement};
#[cfg(feature = "registry")]
pub use self::registry::verify_registry_signature;
pub use self::wanted::{claimed_digests, wanted_digests, wants_whole};

use crate::check::log_binding::{BoundEntry, Signer};
use crate::check::signing_time::{SigningTimeError, Skipped};
use crate::check::timestamp::Stamp;
use crate::check::{Located, artifact, certificate_path, sct, signature, signing_time, statement, timestamp};
use crate::crypto::{RustCrypto, VerifySignature, sha256};
use crate::format::bundle::{Bundle, Content, KeyMaterial};
use crate::format::certificate::Certificate;
use crate::format::log_entry::LogEntry;
use crate::format::trusted_root::TrustedRoot;
use crate::policy::level::{LevelRow, built_in};
use crate::policy::options::{Options, UsageError};
use crate::policy::signer::{KeyRule, SignerError};
use crate::policy::threshold::ThresholdError;
use crate::report::{BundleFacts, CheckId, Inputs, KeyMaterialKind, Note, Outcome, Report, Verdict};

/// The trusted roots to judge a bundle by, each on its own.
#[derive(Clone, Debug)]
pub struct TrustedRoots {
    roots: Vec<TrustedRoot>,
    /// The built-in table of build levels, read once.
    levels: Vec<LevelRow>,
}

impl TrustedRoots {
    /// Reads one trusted root, or several in JSON lines.
    ///
    /// # Errors
    /// [`UsageError`] with a pointer into the root: a root that cannot be read completely is not used at all, except for
    /// keys of unknown algorithms, which are skipped and noted in every report.
    pub fn from_json(text: &[u8]) -> Result<Self, UsageError> {
        Ok(Self { roots: TrustedRoot::several_from_json(text)?, levels: built_in()? })
    }

    /// The root of the public-good instance, as embedded in this version ([`crate::roots`]).
    ///
    /// # Errors
    /// Never, as a test shows; the caller sees a [`UsageError`] instead of a panic if the embedded text were damaged.
    pub fn public_good() -> Result<Self, UsageError> {
        Self::from_json(crate::roots::PUBLIC_GOOD.as_bytes())
    }

    /// What tells these roots from others: of one root the SHA-256 of its text, as reports have it; of several that of theirs in order.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let digests: Vec<[u8; 32]> = self.roots.iter().filter_map(|root| root.sha256).collect();
        match digests.as_slice() {
            [only] => *only,
            several => sha256(&several.concat()),
        }
    }
}

/// Verified evidence: the report of a bundle for which every check holds, and the bytes that were signed.
#[derive(Clone, Debug)]
pub struct Verified {
    report: Report,
    envelope: Option<(String, Vec<u8>)>,
}

impl Verified {
    /// What was found; its verdict is [`Verdict::Passed`].
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The signed payload, for bundles with an envelope: exactly the bytes that were verified.
    #[must_use]
    pub fn payload(&self) -> Option<&[u8]> {
        self.envelope.as_ref().map(|(_, payload)| payload.as_slice())
    }

    /// The payload's type.
    #[must_use]
    pub fn payload_type(&self) -> Option<&str> {
        self.envelope.as_ref().map(|(payload_type, _)| payload_type.as_str())
    }
}

/// Inspects `bundle` and tells everything that holds and everything that does not. Total: hostile bytes give a report, never an
/// error or a panic.
///
/// Each root judges on its own; the report is of the first root by which the bundle passes, or of the one by which most checks
/// hold.
#[must_use]
pub fn inspect(bundle: &[u8], roots: &TrustedRoots, options: &Options<'_>) -> Report {
    inspect_by(bundle, roots, options, &RustCrypto)
}

/// [`inspect`], with signatures verified by this door.
#[must_use]
pub fn inspect_by(bundle: &[u8], roots: &TrustedRoots, options: &Options<'_>, door: &dyn VerifySignature) -> Report {
    match Bundle::from_json(bundle) {
        Ok(read) => inspect_by_each(&read, bundle, roots, options, door),
        Err(error) => Report::unreadable(sha256(bundle), &error.at, error.kind.clone()),
    }
}

/// Verifies `bundle`: inspects it and demands that it passes.
///
/// # Errors
/// The report, when the verdict is [`Verdict::Failed`].
pub fn verify(bundle: &[u8], roots: &TrustedRoots, options: &Options<'_>) -> Result<Verified, Box<Report>> {
    verify_by(bundle, roots, options, &RustCrypto)
}

/// [`verify`], with signatures verified by this door.
///
/// # Errors
/// The report, when the verdict is [`Verdict::Failed`].
pub fn verify_by(
    bundle: &[u8],
    roots: &TrustedRoots,
    options: &Options<'_>,
    door: &dyn VerifySignature,
) -> Result<Verified, Box<Report>> {
    let text = bundle;
    let bundle = match Bundle::from_json(text) {
        Ok(bundle) => bundle,
        Err(error) => return Err(Box::new(Report::unreadable(sha256(text), &error.at, error.kind.clone()))),
    };
    let report = inspect_by_each(&bundle, text, roots, options, door);
    if report.verdict() == Verdict::Failed {
        return Err(Box::new(report));
    }
    let envelope = match bundle.content {
        Content::Envelope(envelope) => Some((envelope.payload_type, envelope.payload)),
        Content::MessageSignature { .. } | Content::ImageSignature { .. } => None,
    };
    Ok(Verified { report, envelope })
}

fn inspect_by_each(
    bundle: &Bundle,
    text: &[u8],
    roots: &TrustedRoots,
    options: &Options<'_>,
    door: &dyn VerifySignature,
) -> Report {
    // Made when a host may be at work already.
    let made = LazyCell::new(|| sha256(text));
    let digest = &|| *made;
    let mut best: Option<(usize, Report)> = None;
    for (index, root) in roots.roots.iter().enumerate() {
        let report = Inspection { bundle, digest, root, built_in: &roots.levels, options, door }.report(index);
        if report.verdict() == Verdict::Passed {
            return report;
        }
        let mut held = 0_usize;
        report.each_check(&mut |_, outcome| held = held.saturating_add(usize::from(outcome.status() == "passed")));
        if best.as_ref().is_none_or(|(most, _)| held > *most) {
            best = Some((held, report));
        }
    }
    match best {
        Some((_, report)) => report,
        // No root at all: whatever would be checked is checked against nothing.
        None => {
            let root = &TrustedRoot::empty();
            Inspection { bundle, digest, root, built_in: &roots.levels, options, door }.report(0)
        }
    }
}

struct Inspection<'i> {
    bundle: &'i Bundle,
    digest: &'i dyn Fn() -> [u8; 32],
    root: &'i TrustedRoot,
    built_in: &'i [LevelRow],
    options: &'i Options<'i>,
    door: &'i dyn VerifySignature,
}

impl Inspection<'_> {
    fn report(&self, trusted_root: usize) -> Report {
        let Self { bundle, digest, root, options, door, built_in: _ } = self;
        let Options { artifact, signer: policy, require, now, .. } = options;
        let content = &bundle.content;
        let mut notes: Vec<Note> =
            root.skipped.iter().map(|s| Note::SkippedAuthority { at: s.at.clone(), reason: s.reason }).collect();
        notes.extend(bundle.superfluous_root().map(|at| Note::SuperfluousRoot { at }));

        // Who signed, according to the bundle; nothing of it is believed yet.
        let leaf = bundle.key_material.leaf().map(certificate_path::read_leaf);
        if let Some(Ok(leaf)) = &leaf {
            certificate_path::announce(leaf, root, *door);
        }
        let key_rule = self.key_rule();
        let signer = match (&leaf, key_rule) {
            (Some(Ok(leaf)), _) => Some(Signer::Certificate(leaf)),
            (None, Some(rule)) => Some(Signer::PublicKey(&rule.key)),
            _ => None,
        };
        let without_signer = if leaf.is_some() { CheckId::CertificatePath } else { CheckId::Signer };

        // What timestamp authorities say.
        let unknown = |entry: &LogEntry| root.transparency_logs_of(&entry.log_id).next().is_none();
        let unknown: Vec<_> = bundle.log_entries.iter().filter(|entry| unknown(entry)).collect();
        let claimed = unknown.iter().filter_map(|entry| entry.integrated_time).max();
        let mut skipped = Skipped { timestamps: 0, logs: unknown.len(), claimed };
        let mut stamps = Vec::new();
        for (at, response) in &bundle.timestamps {
            match timestamp::verify(response, content.signature(), root, *door) {
                Ok(Stamp::Verified(timestamp)) => stamps.push((at, Ok(timestamp))),
                Err(error) => stamps.push((at, Err(error))),
                Ok(Stamp::UnknownAuthority { claimed }) => {
                    skipped.timestamps = skipped.timestamps.saturating_add(1);
                    skipped.claimed = skipped.claimed.max(Some(claimed));
                    notes.push(Note::UnknownTimestampAuthority { at: at.clone() });
                }
            }
        }
        let timestamp = outcome(stamps.iter().map(|(at, result)| (*at, result)));
        let stamped: Vec<_> =
            stamps.iter().filter_map(|(at, result)| Some((at.as_str(), result.as_ref().ok()?))).collect();
        let earliest = stamped.iter().map(|(_, timestamp)| timestamp.time()).min();

        // What logs say.
        let entries = self.entries(signer, earliest, &mut notes);
        let log_binding = self.log_binding(&entries, without_signer, &mut notes);
        let inclusion_promise = outcome(entries.iter().filter_map(|e| Some((&e.entry.at, e.promise.as_ref()?))));
        let checkpoint = outcome(entries.iter().filter_map(|e| Some((&e.entry.at, e.checkpoint.as_ref()?))));
        let inclusion_proof = match outcome(entries.iter().filter_map(|e| Some((&e.entry.at, e.proof.as_ref()?)))) {
            Outcome::Passed(_) | Outcome::Absent if checkpoint.is_failed_or_blocked() => {
                Outcome::Blocked { by: CheckId::Checkpoint }
            }
            outcome => outcome,
        };

        // When.
        let promised: Vec<_> = entries
            .iter()
            .filter_map(|e| match (&e.promise, &e.binding) {
                (Some(Ok(promise)), Some(Ok(bound))) => Some((e.entry.at.as_str(), promise, bound)),
                _ => None,
            })
            .collect();
        let signing_time = match signing_time::verify(&promised, &stamped, skipped, root, *now) {
            Ok(times) => Outcome::Passed(times),
            Err(errors) if matches!(errors.as_slice(), [SigningTimeError::Missing { .. }]) => {
                let sources = [
                    (CheckId::InclusionPromise, inclusion_promise.is_failed_or_blocked()),
                    (CheckId::Timestamp, timestamp.is_failed_or_blocked()),
                    (CheckId::LogBinding, inclusion_promise.is_passed() && log_binding.is_failed_or_blocked()),
                ];
                match sources.into_iter().find(|(_, failed)| *failed) {
                    _ if leaf.is_none() => Outcome::Absent,
                    Some((by, _)) => Outcome::Blocked { by },
                    None => failed("", errors),
                }
            }
            Err(errors) => failed("", errors),
        };

        // By whom.
        let certificate_path = match (&leaf, &signing_time) {
            (None, _) => Outcome::Absent,
            (Some(Err(error)), _) => failed("", [error.clone()]),
            (Some(Ok(leaf)), Outcome::Passed(times)) => match certificate_path::verify(leaf, root, times, *door) {
                Ok(path) => Outcome::Passed(path),
                Err(errors) => failed("", errors),
            },
            (Some(Ok(_)), _) => Outcome::Blocked { by: CheckId::SigningTime },
        };
        let sct = match (&leaf, &certificate_path) {
            (Some(Ok(leaf)), Outcome::Passed(path)) => self.sct(leaf, path, &mut notes),
            (None, _) => Outcome::Absent,
            _ => Outcome::Blocked { by: CheckId::CertificatePath },
        };

        // What.
        let hint = artifact::compare_hint(content, artifact);
        let bound: Vec<BoundEntry> =
            entries.iter().filter_map(|e| e.binding.as_ref()?.as_ref().ok()).cloned().collect();
        let signature = match (signer, &hint) {
            (None, _) => Outcome::Blocked { by: without_signer },
            (Some(_), Err(_)) => Outcome::Blocked { by: CheckId::Artifact },
            (Some(signer), Ok(())) => match signature::verify(signer.key(), content, artifact, &bound, *door) {
                Ok(signature) => Outcome::Passed(signature),
                Err(error) => failed("", [error]),
            },
        };
        let statement = match (content, &signature) {
            (Content::MessageSignature { .. } | Content::ImageSignature { .. }, _) => Outcome::Absent,
            (Content::Envelope(envelope), Outcome::Passed(signature)) => match statement::verify(signature, envelope) {
                Ok(statement) => Outcome::Passed(statement),
                Err(error) => failed("/dsseEnvelope/payload", [error]),
            },
            (Content::Envelope(_), _) => Outcome::Blocked { by: CheckId::Signature },
        };
        let (provenance_binding, provenance) = self.provenance(&statement, &certificate_path, leaf.is_some());
        notes.extend(statement.passed().and_then(Note::on_predicate));
        let matched_artifact = match (content, hint, &signature, &statement) {
            (_, Err(error), ..) => failed("/messageSignature/messageDigest", [error]),
            (Content::MessageSignature { .. }, _, Outcome::Passed(signature), _) => {
                Outcome::Passed(artifact::of_message(signature, artifact))
            }
            (Content::Envelope(_), _, _, Outcome::Passed(statement)) => {
                match artifact::of_statement(statement, artifact) {
                    Ok(artifact) => Outcome::Passed(artifact),
                    Err(error) => failed("", [error]),
                }
            }
            (Content::ImageSignature { image, .. }, _, Outcome::Passed(signature), _) => {
                match artifact::of_image(signature, image, artifact) {
                    Ok(artifact) => Outcome::Passed(artifact),
                    Err(error) => failed("/imageSignature/payload", [error]),
                }
            }
            (Content::MessageSignature { .. } | Content::ImageSignature { .. }, ..) => {
                Outcome::Blocked { by: CheckId::Signature }
            }
            (Content::Envelope(_), ..) => Outcome::Blocked { by: CheckId::Statement },
        };
        if let Some(signature) = signature.passed().filter(|signature| signature.is_compatibility_pair()) {
            notes.push(Note::CompatibilityAlgorithm { algorithm: signature.scheme_name() });
        }

        // Is it enough?
        let trusted_signer = match (&leaf, &certificate_path, key_rule, &signature) {
            (Some(_), Outcome::Passed(path), ..) => {
                if !path.identity().value.is_ascii() {
                    notes.push(Note::IdentityNotAscii);
                }
                requirement(policy.evaluate_identity(path))
            }
            (Some(_), ..) if !policy.has_identities() => failed("", [SignerError::KeyExpected]),
            (Some(_), ..) => Outcome::Blocked { by: CheckId::CertificatePath },
            (None, _, None, _) => failed("", [SignerError::CertificateExpected]),
            (None, _, Some(rule), Outcome::Passed(_)) => match &signing_time {
                Outcome::Failed(_) | Outcome::Blocked { .. } => Outcome::Blocked { by: CheckId::SigningTime },
                times => requirement(policy.evaluate_key(&rule.key, times.passed())),
            },
            (None, _, Some(_), _) => Outcome::Blocked { by: CheckId::Signature },
        };
        let counted = self.count(&entries, &sct, &stamped);
        let threshold = match require.evaluate(counted, leaf.is_some()) {
            Ok(counted) => Outcome::Passed(counted),
            Err(errors) => {
                // What failed for another reason is missing for that reason: say it once.
                let stands_in_the_way = |error: &ThresholdError| {
                    let causes: &[(CheckId, bool)] = match error {
                        ThresholdError::Scts { .. } => &[(CheckId::Sct, sct.is_failed_or_blocked())],
                        ThresholdError::SignedTimestamps { .. } => {
                            &[(CheckId::Timestamp, timestamp.is_failed_or_blocked())]
                        }
                        _ => &[
                            (CheckId::Checkpoint, checkpoint.is_failed_or_blocked()),
                            (CheckId::InclusionProof, inclusion_proof.is_failed_or_blocked()),
                            (CheckId::InclusionPromise, inclusion_promise.is_failed_or_blocked()),
                            (CheckId::LogBinding, log_binding.is_failed_or_blocked()),
                        ],
                    };
                    causes.iter().find(|(_, failed)| *failed).map(|(check, _)| *check)
                };
                let by = errors.iter().find_map(stands_in_the_way);
                let own: Vec<_> = errors.into_iter().filter(|error| stands_in_the_way(error).is_none()).collect();
                match by {
                    Some(by) if own.is_empty() => Outcome::Blocked { by },
                    _ => failed("", own),
                }
            }
        };

        let mut report = Report {
            inputs: Inputs { bundle: digest(), trusted_root: root.sha256 },
            bundle: self.bundle(),
            checkpoint,
            inclusion_proof,
            inclusion_promise,
            log_binding,
            timestamp,
            signing_time,
            certificate_path,
            sct,
            signature,
            statement,
            provenance_binding,
            artifact: matched_artifact,
            signer: trusted_signer,
            threshold,
            provenance,
            level: None,
            notes,
            trusted_root,
        };
        report.level = self.level(&report);
        report
    }

    #[inline(never)]
    fn bundle(&self) -> Outcome<BundleFacts, crate::format::bundle::BundleErrorKind> {
        let bundle = self.bundle;
        let violations = bundle.violations();
        if !violations.is_empty() {
            return Outcome::Failed(
                violations
                    .into_iter()
                    .map(|broken| broken.into_parts())
                    .map(|(at, value)| Located { at, value })
                    .collect(),
            );
        }
        Outcome::Passed(BundleFacts {
            media_type: bundle.media_type.clone(),
            version: bundle.version,
            content: bundle.content.name(),
            has_envelope: matches!(bundle.content, Content::Envelope(_)),
            key_material: match bundle.key_material {
                KeyMaterial::Certificate(_) => KeyMaterialKind::Certificate,
                KeyMaterial::CertificateChain(_) => KeyMaterialKind::CertificateChain,
                KeyMaterial::PublicKey { .. } => KeyMaterialKind::PublicKey,
            },
            log_entries: bundle.log_entries.len(),
            timestamps: bundle.timestamps.len(),
            unknown_fields: bundle.unknown_fields.clone(),
        })
    }

    /// The key of the policy that signed, or the first one, where the bundle names no certificate. The bundle's hint is not
    /// needed: the signature itself tells.
    fn key_rule(&self) -> Option<&KeyRule> {
        if self.bundle.key_material.leaf().is_some() {
            return None;
        }
        let Options { artifact, signer, .. } = self.options;
        let signed =
            |rule: &&KeyRule| signature::verify(&rule.key, &self.bundle.content, artifact, &[], self.door).is_ok();
        let mut keys = signer.keys().map(|(_, rule)| rule);
        match signer.keys().count() {
            0 | 1 => keys.next(),
            _ => keys.find(signed).or(signer.keys().map(|(_, rule)| rule).next()),
        }
    }

    #[inline(never)]
    fn sct(
        &self,
        leaf: &Certificate,
        path: &certificate_path::VerifiedPath,
        notes: &mut Vec<Note>,
    ) -> Outcome<sct::VerifiedScts, sct::SctError> {
        match sct::verify(leaf, path, self.root, self.door) {
            Ok(None) => Outcome::Absent,
            Ok(Some(verified)) => {
                notes.extend(verified.unknown_logs().iter().map(|log_id| Note::UnknownCtLog { log_id: *log_id }));
                if verified.scts().is_empty() { Outcome::Absent } else { Outcome::Passed(verified) }
            }
            Err(errors) => failed("", errors),
        }
    }
}
