//! From a build to what a report says of it.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use admissible::report::CheckId;
use admissible::{Options, Report, TrustedRoots, Verdict};
use admissible_box::bundle::{BundleSpec, Signer};
use admissible_box::fulcio::claim;
use admissible_box::provenance::{Build, all};
use admissible_box::world::{ARTIFACT, World};
use serde_json::{Value, json};

/// A report, and its JSON.
pub struct Judged {
    pub report: Report,
    pub json: Value,
    /// How long the judgement took.
    pub took: Duration,
}

/// A fact as a report shows it, with the pointer below the predicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub name: String,
    pub status: String,
    pub pointer: String,
    pub value: String,
    pub certified: Option<String>,
}

/// The world of these tests, made once.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| World::new("provenance"))
}

fn roots() -> &'static TrustedRoots {
    static ROOTS: OnceLock<TrustedRoots> = OnceLock::new();
    ROOTS
        .get_or_init(|| TrustedRoots::from_json(world().trusted_root().to_string().as_bytes()).expect("a trusted root"))
}

/// The box's build of this name.
pub fn build(name: &str) -> Build {
    all().into_iter().find(|(other, _)| *other == name).unwrap_or_else(|| panic!("no build {name}")).1
}

/// The build after an edit of its predicate.
pub fn edited(name: &str, edit: impl FnOnce(&mut Value)) -> Build {
    let mut made = build(name);
    edit(&mut made.predicate);
    made
}

/// The build with this value at this pointer below the predicate.
pub fn with(name: &str, pointer: &str, value: Value) -> Build {
    edited(name, |predicate| *at(predicate, pointer) = value)
}

/// The value at this pointer, to be replaced; a last member that is not there yet is made.
pub fn at<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Value {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = value.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
    match parent {
        Value::Array(items) => &mut items[key.parse::<usize>().expect("an index")],
        _ => &mut parent[key.replace("~1", "/")],
    }
}

/// Certifies something else, in the old form too where there is one and this certificate has it.
pub fn certify(build: &mut Build, number: u8, value: &str) {
    build.claims.insert(number, value.to_owned());
    let (old, value) = match number {
        claim::BUILD_TRIGGER => (claim::WORKFLOW_TRIGGER, value),
        claim::SOURCE_REPOSITORY_DIGEST => (claim::WORKFLOW_SHA, value),
        claim::SOURCE_REPOSITORY_URI => (claim::WORKFLOW_REPOSITORY, value.trim_start_matches("https://github.com/")),
        claim::SOURCE_REPOSITORY_REF => (claim::WORKFLOW_REF, value),
        _ => return,
    };
    build.claims.entry(old).and_modify(|found| *found = value.to_owned());
}

/// Judges a build that its certificate signed.
pub fn judge(build: &Build) -> Judged {
    judge_by(&build.spec(world()), &json!({}))
}

/// Judges a build that a managed key signed.
pub fn judge_managed(build: &Build) -> Judged {
    judge_by(&build.managed(world()), &json!({}))
}

/// Judges a bundle; any signer will do, unless it is a managed key. `more` goes into the options.
pub fn judge_by(spec: &BundleSpec, more: &Value) -> Judged {
    let signer = match &spec.signer {
        Signer::Key(key) => json!({ "publicKey": key.pem() }),
        Signer::Leaf(_) => json!({ "dangerouslyAnySigner": true }),
    };
    let mut options = json!({ "signer": signer });
    for (name, value) in more.as_object().expect("an object") {
        options[name] = value.clone();
    }
    let options = Options::from_json(&options.to_string(), Some(ARTIFACT)).expect("options");
    let bundle = world().bundle(spec).to_string();
    let start = Instant::now();
    let report = admissible::inspect(bundle.as_bytes(), roots(), &options);
    let json = report.to_json();
    let took = start.elapsed();
    Judged { report, json: serde_json::from_str(&json).expect("JSON"), took }
}

/// The code of a fact that disagrees.
pub fn code_of(fact: &str) -> String {
    let kebab: String = fact
        .replace("URI", "Uri")
        .chars()
        .map(|c| if c.is_ascii_uppercase() { format!("-{}", c.to_ascii_lowercase()) } else { c.to_string() })
        .collect();
    format!("provenance-{kebab}-differs")
}

impl Judged {
    /// The facts, in order.
    pub fn facts(&self) -> Vec<Shown> {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let shown = |fact: &Value| Shown {
            name: text(&fact["name"]),
            status: text(&fact["status"]),
            pointer: text(&fact["pointer"])
                .strip_prefix("/predicate")
                .expect("a pointer into the predicate")
                .to_owned(),
            value: text(&fact["value"]),
            certified: fact.get("certified").map(text),
        };
        self.json["provenance"]["facts"].as_array().expect("facts").iter().map(shown).collect()
    }

    /// The facts as `status name pointer`.
    pub fn lines(&self) -> Vec<String> {
        self.facts().into_iter().map(|fact| format!("{} {} {}", fact.status, fact.name, fact.pointer)).collect()
    }

    /// The codes of the failures, each once; all must be about provenance.
    #[track_caller]
    pub fn codes(&self) -> Vec<&'static str> {
        let failures = self.report.failures();
        assert!(failures.iter().all(|failure| failure.check == CheckId::ProvenanceBinding), "{failures:#?}");
        let mut codes: Vec<_> = failures.iter().map(|failure| failure.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// It must pass.
    #[track_caller]
    pub fn passes(&self) -> &Self {
        assert_eq!(self.report.verdict(), Verdict::Passed, "{:#?}", self.report.failures());
        assert_eq!(self.json["checks"]["provenanceBinding"]["status"], "passed");
        assert!(self.json["provenance"]["level"]["build"].is_u64(), "a level");
        assert!(self.facts().iter().all(|fact| fact.status != "disagrees"));
        self
    }

    /// It must fail by the provenance alone, and show neither view nor level.
    #[track_caller]
    pub fn fails(&self, code: &str) -> &Self {
        assert_eq!(self.report.verdict(), Verdict::Failed, "accepted: {:#?}", self.lines());
        assert_eq!(self.codes(), [code], "{:#?}", self.report.failures());
        assert_eq!(self.json["checks"]["provenanceBinding"]["status"], "failed");
        assert!(self.report.level.is_none());
        let shown = self.json["provenance"].as_object();
        let keys: Vec<_> = shown.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        assert!(keys.is_empty() || keys == ["facts", "predicateType"], "shown all the same: {keys:?}");
        self
    }

    /// It must fail because this fact, at exactly these pointers below the predicate, is not what is certified.
    #[track_caller]
    pub fn disagrees(&self, fact: &str, pointers: &[&str]) {
        self.fails(&code_of(fact));
        let failures = self.report.failures();
        assert_eq!(failures.len(), pointers.len(), "{failures:#?}");
        let found: Vec<_> = self.facts().into_iter().filter(|fact| fact.status == "disagrees").collect();
        assert_eq!(found.iter().map(|fact| fact.pointer.as_str()).collect::<Vec<_>>(), pointers);
        for (failure, shown) in failures.iter().zip(&found) {
            assert_eq!(shown.name, fact);
            assert_eq!(failure.at, "/dsseEnvelope/payload");
            let certified = shown.certified.as_deref().expect("what is certified");
            assert_ne!(certified, shown.value);
            // What cannot be printed is escaped.
            let value: String = shown.value.chars().take_while(|c| matches!(c, ' '..='~')).collect();
            for part in [&format!("`/predicate{}`", shown.pointer), &format!("`{certified}`"), &value] {
                assert!(failure.message.contains(part.as_str()), "{part} is not in: {}", failure.message);
            }
        }
    }

    /// The level and its row.
    #[track_caller]
    pub fn level(&self) -> (u64, String) {
        self.passes();
        let level = &self.json["provenance"]["level"];
        (level["build"].as_u64().expect("a level"), level["row"].as_str().expect("a row").to_owned())
    }
}
