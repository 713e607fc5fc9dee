//! Policies, construct by construct: of each there is evidence that it accepts and evidence that it must reject, for exactly the
//! stated reason. All bundles are of one world and, but for those that say otherwise, about one artifact.

mod build;
mod documents;
mod evidence;
mod levels;
mod passing;
mod pool;
mod properties;
mod provenance;
mod random;
mod signers;
mod wire;

use std::sync::LazyLock;

use admissible::check::Coded;
use admissible::policy::requirement::Line;
use admissible::{Evaluation, EvaluationVerdict, Policy, Request, TrustedRoots, UsageError, evaluate};
use admissible_box::world::ARTIFACT;
use serde_json::{Value, json};

static ROOTS: LazyLock<TrustedRoots> = LazyLock::new(|| {
    TrustedRoots::from_json(pool::WORLD.trusted_root().to_string().as_bytes()).expect("a usable trusted root")
});

/// The world's moment, and so many seconds after or before it.
pub fn at(seconds: i64) -> String {
    admissible_box::time::rfc3339(pool::WORLD.time + seconds)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bundles and what they are judged by.
#[derive(Clone)]
pub struct Case {
    /// The bundles, in order.
    pub bundles: Vec<&'static [u8]>,
    /// The policy.
    pub policy: Value,
    /// The request.
    pub request: Value,
}

/// These bundles of the pool, judged by a policy that trusts everyone who is known here; `more` are its other keys.
pub fn case(bundles: &[&str], more: Value) -> Case {
    let mut policy = json!({ "version": 1, "signers": pool::everyone_known() });
    let more = more.as_object().expect("an object").clone();
    policy.as_object_mut().expect("an object").extend(more);
    let bundles = bundles.iter().map(|name| pool::bundle(name)).collect();
    Case { bundles, policy, request: json!({ "now": at(60) }) }
}

/// The same for one requirement.
pub fn requiring(bundles: &[&str], requirement: Value) -> Case {
    case(bundles, json!({ "require": [requirement] }))
}

/// The requirement that a policy states of this type with these conditions.
pub fn piece(predicate_type: &str, more: Value) -> Value {
    let mut piece = json!({ "predicateType": predicate_type });
    piece.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    piece
}

/// Every line that is no group, in order.
pub fn leaves(lines: &[Line]) -> Vec<&Line> {
    lines.iter().flat_map(|line| if line.parts.is_empty() { vec![line] } else { leaves(&line.parts) }).collect()
}

/// The unmet lines that are no groups, and the codes of their reasons.
pub fn unmet(evaluation: &Evaluation) -> Vec<(&str, Vec<&'static str>)> {
    let leaves = leaves(&evaluation.lines).into_iter().filter(|line| !line.is_met);
    leaves.map(|line| (line.at.as_str(), line.reasons.iter().map(|reason| reason.error.code()).collect())).collect()
}

/// Lines by place, and what they say: codes of reasons.
pub type Unmet<'a> = &'a [(&'a str, &'a [&'a str])];

impl Case {
    /// With something else in the request.
    pub fn asking(mut self, more: Value) -> Self {
        self.request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self
    }

    /// Judges.
    pub fn try_evaluate(&self) -> Result<Evaluation, UsageError> {
        let policy = Policy::from_json(self.policy.to_string().as_bytes())?;
        let artifact = self.request.get("artifact").is_none().then_some(ARTIFACT);
        let request = Request::from_json(&self.request.to_string(), artifact)?;
        evaluate(&self.bundles, &ROOTS, &policy, &request)
    }

    /// Judges; panics where the policy or request is refused.
    #[track_caller]
    pub fn evaluate(&self) -> Evaluation {
        self.try_evaluate().unwrap_or_else(|error| panic!("{} at {:?} of {}", error, error.at, self.policy))
    }

    /// Verified; and the line at this place is met by these bundles.
    #[track_caller]
    pub fn verified(&self, at: &str, met_by: &[usize]) -> Evaluation {
        let evaluation = self.evaluate();
        let verdict = evaluation.verdict();
        assert_eq!(verdict, EvaluationVerdict::Verified, "{:#?}\n{:?}", unmet(&evaluation), evaluation.findings);
        assert!(evaluation.is_admitted() && unmet(&evaluation).is_empty());
        let found = leaves(&evaluation.lines).into_iter().find(|line| line.at == at);
        assert_eq!(found.unwrap_or_else(|| panic!("no line at {at}")).met_by, met_by, "{at}");
        evaluation
    }

    /// Not verified, by exactly these lines for exactly these reasons.
    #[track_caller]
    pub fn fails(&self, verdict: EvaluationVerdict, expected: Unmet<'_>) -> Evaluation {
        let evaluation = self.evaluate();
        let found = unmet(&evaluation);
        let found: Vec<_> = found.iter().map(|(at, codes)| (*at, codes.as_slice())).collect();
        assert_eq!(found, expected, "{}", evaluation.summary());
        assert_eq!(evaluation.verdict(), verdict);
        assert!(leaves(&evaluation.lines).iter().all(|line| line.is_met || line.met_by.is_empty()));
        evaluation
    }

    /// Rejected, by exactly these lines for exactly these reasons.
    #[track_caller]
    pub fn rejected(&self, expected: Unmet<'_>) -> Evaluation {
        self.fails(EvaluationVerdict::Rejected, expected)
    }

    /// Refused as an error of use.
    #[track_caller]
    pub fn refused(&self, code: &str, at: &str) {
        let error = self.try_evaluate().map(|found| found.summary()).expect_err("accepted");
        assert_eq!((error.code(), error.at.as_str()), (code, at), "{error}");
    }
}

/// What the only requirement lacks, where everything else is met; nothing when it is met, by the first bundle.
pub type Row<'r> = (&'r str, &'r str, Value, &'r [&'r str]);

/// Each row is a bundle of the pool, conditions on its type, and the reasons for which it does not meet them, if any.
#[track_caller]
pub fn each(predicate_type: &str, rows: &[Row<'_>]) {
    for (name, bundle, conditions, reasons) in rows {
        println!("{name}");
        // Another good bundle by a trusted signer is at hand, and never stands in for the one that is asked for.
        let case = requiring(&[bundle, "review by alice"], piece(predicate_type, conditions.clone()));
        match reasons {
            [] => drop(case.verified("/require/0", &[0])),
            _ => drop(case.rejected(&[("/require/0", reasons)])),
        }
    }
}

#[test]
fn every_bundle_of_the_pool_is_what_it_says() {
    let bad = ["about another artifact", "broken", "disagreeing", "foreign", "no bundle", "timeless"];
    let any = json!([
        { "issuer": { "glob": "**" }, "identity": { "glob": "**" } },
        { "publicKey": pool::key("managed").pem() },
        { "publicKey": pool::key("other").pem() },
        { "publicKey": pool::key("npm").pem() },
    ]);
    for name in pool::names() {
        let evaluation = case(&[name], json!({ "signers": any })).evaluate();
        let verdict = evaluation.verdict();
        assert_eq!(verdict == EvaluationVerdict::Verified, !bad.contains(&name), "{name}: {:?}", evaluation.findings);
    }
}
