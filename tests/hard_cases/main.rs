//! Rules that a verifier must get right beyond the official cases. In each test exactly one thing is wrong, every other
//! signature and proof holds, and the report must name the check and the code that the test expects, and no other.

mod certificate_path;
mod checkpoint;
mod edited;
mod envelope;
mod hints;
mod inclusion;
mod json;
mod key;
mod limits;
mod log_binding;
mod mint;
mod promise;
mod robustness;
mod sct;
mod signature;
mod signer;
mod signing_time;
mod statement;
mod threshold;
mod timestamp;
mod trusted_root;
mod versions;
mod wanted;

use admissible::crypto::VerifySignature;
use admissible::{Options, Report, TrustedRoots, Verdict};
use serde_json::{Value, json};

/// What a bundle is judged by, ready to have one thing changed.
#[derive(Clone)]
pub struct Case {
    /// The bundle's JSON text.
    pub bundle: Vec<u8>,
    /// The trusted root's JSON text.
    pub root: Vec<u8>,
    /// The artifact's bytes; `None` when `options` has a digest.
    pub artifact: Option<Vec<u8>>,
    /// The options' JSON.
    pub options: Value,
}

impl Case {
    /// A case for the box's usual signer.
    pub fn new(bundle: &Value, root: &Value, artifact: &[u8]) -> Self {
        let signer = json!({ "issuer": admissible_box::fulcio::ISSUER, "identity": admissible_box::fulcio::IDENTITY });
        Self {
            bundle: bundle.to_string().into_bytes(),
            root: root.to_string().into_bytes(),
            artifact: Some(artifact.to_vec()),
            options: json!({ "signer": signer }),
        }
    }

    /// Inspects the case. Panics when options or root are refused.
    pub fn inspect(&self) -> Report {
        let roots = TrustedRoots::from_json(&self.root).expect("a usable trusted root");
        let options = Options::from_json(&self.options.to_string(), self.artifact.as_deref()).expect("usable options");
        let report = admissible::inspect(&self.bundle, &roots, &options);
        let verified = admissible::verify(&self.bundle, &roots, &options);
        assert_eq!(verified.is_ok(), report.verdict() == Verdict::Passed, "verify and inspect disagree");
        report
    }

    /// Inspects the case by another door. Panics when options or root are refused.
    pub fn inspect_by(&self, door: &dyn VerifySignature) -> Report {
        let roots = TrustedRoots::from_json(&self.root).expect("a usable trusted root");
        let options = Options::from_json(&self.options.to_string(), self.artifact.as_deref()).expect("usable options");
        admissible::inspect_by(&self.bundle, &roots, &options, door)
    }

    /// The code of the error of use, when options or root are refused.
    pub fn usage_code(&self) -> Option<&'static str> {
        use admissible::check::Coded;
        let options = Options::from_json(&self.options.to_string(), self.artifact.as_deref());
        let error = TrustedRoots::from_json(&self.root).err().or(options.err())?;
        Some(error.code())
    }

    /// The case must pass.
    #[track_caller]
    pub fn accepted(&self) -> Report {
        let report = self.inspect();
        assert_eq!(report.verdict(), Verdict::Passed, "{:#?}", report.failures());
        report
    }

    /// The case must fail, for exactly these reasons: `(check, code)`.
    #[track_caller]
    pub fn rejected(&self, expected: &[(&str, &str)]) -> Report {
        let report = self.inspect();
        assert_eq!(report.verdict(), Verdict::Failed, "accepted");
        let failures = report.failures();
        let mut found: Vec<_> = failures.iter().map(|failure| (failure.check.name(), failure.code)).collect();
        found.dedup();
        assert_eq!(found, expected, "{failures:#?}");
        report
    }

    /// The case must be refused as an error of use with this code, before anything is verified.
    #[track_caller]
    pub fn refused(&self, code: &str) {
        assert_eq!(self.usage_code(), Some(code));
    }
}
