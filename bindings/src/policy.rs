//! Several bundles, judged together by a policy.

use admissible::crypto::VerifySignature;
use admissible::{Policy, Request};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::deferred::{Answer, Answered, Deferred};
use crate::host::{Host, PromptHost, first};
use crate::{Verifier, apart, hex, text, thrown_usage};

#[wasm_bindgen]
impl Verifier {
    /// Judges several bundles together by a policy and returns the evaluation, whatever its verdict. `bundles` holds
    /// them one after the other, each as long as `lengths` says; `host` as for `inspect`.
    ///
    /// # Errors
    /// Throws a `"usage"` text when policy or request are wrong; never for anything in a bundle.
    pub fn evaluate(
        &self,
        host: Option<PromptHost>,
        bundles: &[u8],
        lengths: &[u32],
        artifact: Option<Vec<u8>>,
        policy: &[u8],
        request: &str,
    ) -> Result<String, String> {
        let bundles = apart(bundles, lengths);
        self.told(first(host, &self.memory, |door| self.evaluated(&bundles, artifact, policy, request, door)))
    }

    /// `evaluate`, but for the signatures that a host verifies that answers later; nothing while too many such calls wait.
    #[wasm_bindgen(js_name = evaluateDeferred)]
    pub fn evaluate_deferred(
        &self,
        host: &Host,
        bundles: &[u8],
        lengths: &[u32],
        artifact: Option<Vec<u8>>,
        policy: &[u8],
        request: &str,
    ) -> Option<Deferred> {
        let bundles = apart(bundles, lengths);
        Deferred::judge(&self.memory, &self.waiting, host, |door| {
            self.evaluated(&bundles, artifact, policy, request, door)
        })
    }
}

impl Verifier {
    fn evaluated(
        &self,
        bundles: &[&[u8]],
        artifact: Option<Vec<u8>>,
        policy: &[u8],
        request: &str,
        door: &dyn VerifySignature,
    ) -> Answer {
        let policy = Policy::from_json(policy).map_err(|error| thrown_usage(&error))?;
        let request = Request::from_json(request, artifact.as_deref()).map_err(|error| thrown_usage(&error))?;
        let evaluation = admissible::evaluate_by(bundles, &self.roots, &policy, &request, door);
        text(&evaluation.map_err(|error| thrown_usage(&error))?).map(Answered::from)
    }
}

/// Reads a policy and returns `{ name?, sha256, mode, needsNow, hasExceptions }`.
///
/// # Errors
/// Throws a `"usage"` text with a pointer into the policy when it is wrong.
#[wasm_bindgen(js_name = checkPolicy)]
pub fn check_policy(policy: &[u8]) -> Result<String, String> {
    let policy = Policy::from_json(policy).map_err(|error| thrown_usage(&error))?;
    text(&CheckedPolicy {
        name: policy.name(),
        sha256: hex(policy.sha256()),
        mode: policy.mode().name(),
        needs_now: policy.needs_now(),
        has_exceptions: policy.has_exceptions(),
    })
}

/// What `checkPolicy` returns.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CheckedPolicy<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    sha256: String,
    mode: &'a str,
    needs_now: bool,
    has_exceptions: bool,
}
