//! Floor 4: several bundles, judged together by a policy.
//!
//! Every bundle is inspected by itself first. Only what passes becomes evidence, and only evidence reaches the requirements: so a
//! bundle more can meet a requirement, and can never stand in the way of one.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::check::artifact::Artifact;
use crate::crypto::{RustCrypto, VerifySignature};
use crate::limits::MAX_BUNDLES;
use crate::policy::document::Policy;
use crate::policy::error::PolicyErrorKind;
use crate::policy::evidence::Evidence;
use crate::policy::options::{Options, UsageError, UsageErrorKind};
use crate::policy::request::Request;
use crate::policy::requirement::{Circumstances, Line, Reason, RequirementError};
use crate::policy::subject::{Pinning, other_package, pinning};
use crate::report::evaluation::{Evaluation, Excepted, Finding};
use crate::report::{Report, Verdict};
use crate::verify::{TrustedRoots, inspect_by};

/// Judges `bundles` together by `policy`.
///
/// # Errors
/// [`UsageError`] when the policy needs what the request does not give: a time, an artifact. Never for anything in a bundle.
pub fn evaluate(
    bundles: &[&[u8]],
    roots: &TrustedRoots,
    policy: &Policy,
    request: &Request<'_>,
) -> Result<Evaluation, UsageError> {
    evaluate_by(bundles, roots, policy, request, &RustCrypto)
}

/// [`evaluate`], with signatures verified by this door.
///
/// # Errors
/// [`UsageError`] as there.
pub fn evaluate_by(
    bundles: &[&[u8]],
    roots: &TrustedRoots,
    policy: &Policy,
    request: &Request<'_>,
    door: &dyn VerifySignature,
) -> Result<Evaluation, UsageError> {
    let refused = |kind| Err(UsageError::new(String::new(), UsageErrorKind::Policy(kind)));
    if bundles.len() > MAX_BUNDLES {
        return refused(PolicyErrorKind::TooManyBundles);
    }
    if request.now.is_none() && policy.needs_now() {
        return refused(PolicyErrorKind::NeedsNow);
    }
    if matches!(request.artifact, Artifact::DangerouslyUnbound) && !policy.subject.dangerously_unbound {
        return refused(PolicyErrorKind::NeedsArtifact);
    }
    let options = Options {
        artifact: request.artifact.clone(),
        signer: policy.all_signers(),
        require: policy.evidence.clone(),
        now: request.now,
        levels: policy.levels.clone(),
        dangerously_unbound_provenance: false,
    };
    let reports = bundles.iter().map(|bundle| inspect_by(bundle, roots, &options, door)).collect();
    Ok(judge(reports, policy, request))
}

/// Judges what inspection found.
fn judge(reports: Vec<Report>, policy: &Policy, request: &Request<'_>) -> Evaluation {
    let reference = request.reference.as_deref();
    let bound = reports.iter().enumerate().filter_map(|(bundle, report)| evidence(bundle, report));
    let (bound, others): (Vec<_>, Vec<_>) = bound.partition(|piece| other_package(piece, reference).is_none());
    let (allowed, refused): (Vec<_>, Vec<_>) =
        bound.into_iter().partition(|piece| policy.subject.allows(piece, &request.artifact));
    let verified_level = policy.verifiers.iter().filter_map(|verifier| verifier.level(&allowed)).max();
    let circumstances = Circumstances { now: request.now, verified_level };

    let other = others.iter().find_map(|piece| other_package(piece, reference)).filter(|_| allowed.is_empty());
    let any_allowed = !allowed.is_empty() || refused.is_empty();
    let mut lines = alloc::vec![
        line("/subject", "subject", policy.subject.unmet(&request.artifact, reference, any_allowed, other)),
        signers(policy, &allowed),
    ];
    lines.extend(policy.require.iter().map(|part| part.evaluate(&allowed, &policy.signers, circumstances)));

    let trusted = || allowed.iter().filter(|piece| policy.signers.trust(piece));
    let level = trusted().filter_map(|piece| piece.level()).map(|level| level.build).chain(verified_level).max();
    let mut findings = Vec::new();
    if let Some(pinned) = policy.subject.unpinned(&request.artifact, reference) {
        findings.push(Finding::TagNotPinned { reference: reference.unwrap_or_default().to_string(), pinned });
    }
    for (bundle, report) in reports.iter().enumerate() {
        if let Some(failure) = report.failures().first() {
            findings.push(Finding::BundleNotVerified { bundle, code: failure.code });
        }
    }
    let is_met = lines.iter().all(|line| line.is_met);
    let earliest = trusted().filter_map(Evidence::earliest).min();
    // An exception excuses missing evidence, not another artifact than the one that was asked for.
    let is_other = reference.is_some_and(|reference| pinning(reference, &request.artifact) == Pinning::Differs);
    let exception = if is_met || is_other { None } else { excepted(policy, request, earliest, &mut findings) };
    Evaluation {
        policy_name: policy.name.clone(),
        policy_sha256: policy.sha256,
        mode: policy.mode,
        lines,
        exception,
        findings,
        level,
        reports,
    }
}

/// The evidence in a report: there is some only when the report passed.
fn evidence(bundle: usize, report: &Report) -> Option<Evidence<'_>> {
    if report.verdict() == Verdict::Failed {
        return None;
    }
    Some(Evidence {
        bundle,
        signature: report.signature.passed()?,
        artifact: report.artifact.passed()?,
        path: report.certificate_path.passed(),
        times: report.signing_time.passed(),
        statement: report.statement.passed(),
        provenance: report.provenance.as_ref(),
        level: report.level.as_ref(),
    })
}

fn line(at: &str, name: &str, errors: Vec<RequirementError>) -> Line {
    Line {
        at: at.to_string(),
        name: name.to_string(),
        met_by: Vec::new(),
        is_met: errors.is_empty(),
        reasons: errors.into_iter().map(|error| Reason { error, bundle: None }).collect(),
        parts: Vec::new(),
    }
}

fn signers(policy: &Policy, allowed: &[Evidence<'_>]) -> Line {
    let (required, found) = (policy.signers.threshold(), policy.signers.count(allowed.iter()));
    let too_few = (found < required).then_some(RequirementError::TooFewSigners { required, found });
    let mut line = line("/signers", "signers", too_few.into_iter().collect());
    if line.is_met {
        line.met_by = allowed.iter().filter(|piece| policy.signers.trust(piece)).map(Evidence::bundle).collect();
    }
    line
}

/// What lets the artifact pass all the same.
fn excepted(
    policy: &Policy,
    request: &Request<'_>,
    earliest: Option<crate::time::UnixTime>,
    findings: &mut Vec<Finding>,
) -> Option<Excepted> {
    for (index, exception) in policy.exceptions.iter().enumerate() {
        if !exception.is_about(&request.artifact, request.reference.as_deref()) {
            continue;
        }
        let (at, expires) = (alloc::format!("/exceptions/{index}"), exception.expires);
        if request.now.is_some_and(|now| now <= expires) {
            return Some(Excepted::Exception { at, reason: exception.reason.clone(), expires });
        }
        findings.push(Finding::ExceptionExpired { at, expires });
    }
    let legacy = policy.legacy.as_ref()?;
    let made = [request.published, earliest].into_iter().flatten().min()?;
    (made < legacy.time).then(|| Excepted::Legacy { reason: legacy.reason.clone(), before: legacy.time })
}
