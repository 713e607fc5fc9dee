//! The log entries of a bundle: each of a log that the root knows goes through its checks, the others are passed over.

use alloc::vec::Vec;

use super::Inspection;
use crate::check::checkpoint::VerifiedCheckpoint;
use crate::check::inclusion_promise::PromisedEntry;
use crate::check::inclusion_proof::IncludedEntry;
use crate::check::log_binding::{BoundEntry, LogBindingError, Signer};
use crate::check::{Located, checkpoint, inclusion_promise, inclusion_proof, log_binding};
use crate::format::log_body::LogBodyError;
use crate::format::log_entry::LogEntry;
use crate::format::trusted_root::TransparencyLog;
use crate::policy::options::Options;
use crate::report::{CheckId, Note, Outcome};
use crate::time::UnixTime;

/// What became of one log entry of a log that the root knows.
pub(super) struct EntryOutcome<'i> {
    pub(super) entry: &'i LogEntry,
    pub(super) log: &'i TransparencyLog,
    pub(super) checkpoint: Option<Result<VerifiedCheckpoint, checkpoint::CheckpointError>>,
    pub(super) proof: Option<Result<IncludedEntry, inclusion_proof::InclusionProofError>>,
    pub(super) promise: Option<Result<PromisedEntry, inclusion_promise::InclusionPromiseError>>,
    pub(super) binding: Option<Result<BoundEntry, Vec<LogBindingError>>>,
}

impl Inspection<'_> {
    /// Everything about each entry whose log the root knows; the others are passed over. `earliest` is when the first timestamp
    /// authority saw the signature.
    #[inline(never)]
    pub(super) fn entries(
        &self,
        signer: Option<Signer<'_>>,
        earliest: Option<UnixTime>,
        notes: &mut Vec<Note>,
    ) -> Vec<EntryOutcome<'_>> {
        let Options { artifact, require, .. } = self.options;
        let mut outcomes = Vec::new();
        for entry in &self.bundle.log_entries {
            let logs = || self.root.transparency_logs_of(&entry.log_id);
            let covers = |log: &&TransparencyLog| entry.integrated_time.is_some_and(|time| log.window.contains(time));
            let Some(log) = logs().find(covers).or(logs().next()) else {
                notes.push(Note::UnknownLog { at: entry.at.clone(), log_id: entry.log_id.clone() });
                continue;
            };
            let note = entry.proof.as_ref().and_then(|proof| Some((proof, proof.checkpoint.as_deref()?)));
            if entry.proof.is_some() && note.is_none() {
                notes.push(Note::ProofWithoutCheckpoint { at: entry.at.clone() });
            }
            // An entry that brings its log's own time is held against the log's window by its promise.
            let seen = earliest.filter(|_| entry.promise.is_none());
            let checkpoint = note.map(|(_, note)| checkpoint::verify(note, log, seen, &require.witnesses, self.door));
            let proof = match (note, &checkpoint) {
                (Some((proof, _)), Some(Ok(checkpoint))) => Some(inclusion_proof::verify(entry, proof, checkpoint)),
                _ => None,
            };
            let promise =
                entry.promise.as_ref().map(|promise| inclusion_promise::verify(entry, promise, log, self.door));
            let binding = signer.map(|signer| log_binding::verify(entry, log, &self.bundle.content, signer, artifact));
            outcomes.push(EntryOutcome { entry, log, checkpoint, proof, promise, binding });
        }
        outcomes
    }

    /// An entry of a kind that cannot be bound is passed over where another could be; alone, it is the reason to fail.
    #[inline(never)]
    pub(super) fn log_binding(
        &self,
        entries: &[EntryOutcome<'_>],
        without_signer: CheckId,
        notes: &mut Vec<Note>,
    ) -> Outcome<Vec<Located<BoundEntry>>, LogBindingError> {
        let (mut bound, mut errors, mut unsupported) = (Vec::new(), Vec::new(), Vec::new());
        for EntryOutcome { entry, binding, .. } in entries {
            match binding {
                None => return Outcome::Blocked { by: without_signer },
                Some(Ok(proof)) => {
                    if !proof.is_canonical() {
                        notes.push(Note::LogBodyNotCanonical { at: entry.at.clone() });
                    }
                    bound.push(Located::new(&entry.at, proof.clone()));
                }
                Some(Err(reasons)) => {
                    let is_unsupported =
                        |error: &_| matches!(error, LogBindingError::Body(LogBodyError::UnsupportedKind { .. }));
                    let list = if reasons.iter().all(is_unsupported) { &mut unsupported } else { &mut errors };
                    list.extend(reasons.iter().map(|error| Located::new(&entry.at, error.clone())));
                }
            }
        }
        if bound.is_empty() || !errors.is_empty() {
            errors.append(&mut unsupported);
        }
        for Located { at, value } in unsupported {
            if let LogBindingError::Body(LogBodyError::UnsupportedKind { kind, version }) = value {
                notes.push(Note::UnsupportedLogEntry { at, kind: alloc::format!("{kind}/{version}") });
            }
        }
        match (bound.is_empty(), errors.is_empty()) {
            (_, false) => Outcome::Failed(errors),
            (false, true) => Outcome::Passed(bound),
            (true, true) => Outcome::Absent,
        }
    }
}
