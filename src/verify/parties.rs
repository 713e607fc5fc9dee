//! Counting who vouches.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::Inspection;
use super::entries::EntryOutcome;
use crate::check::{sct, timestamp};
use crate::policy::threshold::Counted;
use crate::report::Outcome;

impl Inspection<'_> {
    /// Counts independent parties: by operator where the root names one, else by log or authority.
    #[inline(never)]
    pub(super) fn count(
        &self,
        entries: &[EntryOutcome<'_>],
        sct: &Outcome<sct::VerifiedScts, sct::SctError>,
        stamped: &[(&str, &timestamp::VerifiedTimestamp)],
    ) -> Counted {
        let party = |operator: Option<&str>, id: &[u8]| {
            (operator.map(ToString::to_string), operator.is_none().then(|| id.to_vec()))
        };
        let mut logs = Vec::new();
        let mut promised_only = Vec::new();
        let mut witnesses = 0;
        for EntryOutcome { log, checkpoint, proof, promise, binding, .. } in entries {
            let Some(Ok(_)) = binding else { continue };
            let log = party(log.operator.as_deref(), &log.log_id);
            match (checkpoint, proof, promise) {
                (Some(Ok(checkpoint)), Some(Ok(_)), _) => {
                    witnesses = witnesses.max(checkpoint.witnesses().len());
                    add(&mut logs, log);
                }
                (None, _, Some(Ok(_))) => add(&mut promised_only, log),
                _ => {}
            }
        }
        promised_only.retain(|log| !logs.contains(log));
        let (log_entries, promised_only) = match self.options.require.promise_only {
            true => (logs.len().saturating_add(promised_only.len()), promised_only.len()),
            false => (logs.len(), promised_only.len()),
        };
        let mut ct_logs = Vec::new();
        for sct in sct.passed().map(sct::VerifiedScts::scts).unwrap_or_default() {
            add(&mut ct_logs, party(sct.operator.as_deref(), &sct.log_id));
        }
        let mut authorities = Vec::new();
        for (_, timestamp) in stamped {
            // A root may list one authority several times, with one window after the other.
            let all = &self.root.timestamp_authorities;
            let certificates = |index: usize| all.get(index).map(|authority| authority.certificates.as_slice());
            let same = |index: &usize| certificates(*index) == certificates(timestamp.authority());
            let first = (0..all.len()).find(same).unwrap_or(timestamp.authority());
            add(&mut authorities, party(timestamp.operator(), &first.to_be_bytes()));
        }
        Counted { log_entries, promised_only, scts: ct_logs.len(), signed_timestamps: authorities.len(), witnesses }
    }
}

/// Adds what is not there yet.
pub(super) fn add<T: PartialEq>(set: &mut Vec<T>, item: T) {
    if !set.contains(&item) {
        set.push(item);
    }
}
